//! Armed groups that a report names, and what it says of their part.

use std::ops::Range;

use language::Doc;

use super::Confidence;
use super::lexicon::LEXICON;

/// The name of an armed group in the text.
pub(super) struct Named {
    pub(super) sentence: usize,
    pub(super) bytes: Range<usize>,
    /// The first of the group's names.
    pub(super) group: &'static str,
    /// What the sentence says of its part, if it speaks of responsibility.
    pub(super) confidence: Option<Confidence>,
}

/// No name of a group has more tokens, hyphens counted.
const LONGEST: usize = 10;

/// Finds the names of armed groups, in the order of their words.
pub(super) fn named(doc: &Doc<'_>) -> Vec<Named> {
    let mut found = Vec::new();
    for (number, sentence) in doc.sentences().iter().enumerate() {
        let mut at = sentence.start;
        let first = found.len();
        while at < sentence.end {
            match name_at(doc, at..sentence.end.min(at + LONGEST)) {
                Some((end, group)) => {
                    let bytes = doc.bytes(at..end).unwrap_or_default();
                    found.push(Named { sentence: number, bytes, group, confidence: None });
                    at = end;
                }
                None => at += 1,
            }
        }
        if found.len() > first {
            let confidence = responsibility(doc, sentence.clone());
            found[first..].iter_mut().for_each(|named| named.confidence = confidence);
        }
    }
    found
}

fn name_at(doc: &Doc<'_>, tokens: Range<usize>) -> Option<(usize, &'static str)> {
    if !doc.word(tokens.start).starts_with(|c: char| c.is_uppercase() || c.is_numeric()) {
        return None;
    }
    (tokens.start + 1..=tokens.end).rev().find_map(|end| {
        let bytes = doc.bytes(tokens.start..end)?;
        let words = doc.text()[bytes].to_lowercase();
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        LEXICON.group(&words).map(|group| (end, group))
    })
}

/// Reads "claimed responsibility", "was blamed for".
fn responsibility(doc: &Doc<'_>, sentence: Range<usize>) -> Option<Confidence> {
    let words = || sentence.clone().map(|at| doc.lower(at));
    let responsible = words().any(|word| word.starts_with("responsib") || word == "credit");
    match () {
        () if responsible && words().any(|word| LEXICON.is_claiming(word)) => Some(Confidence::Claimed),
        () if words().any(|word| {
            matches!(LEXICON.base(word), "attribute" | "blame" | "accuse" | "suspect" | "implicate")
        }) || responsible =>
        {
            let authority = words().any(|word| LEXICON.is_authority(word));
            Some(if authority { Confidence::AccusedByAuthorities } else { Confidence::Accused })
        }
        () => None,
    }
}
