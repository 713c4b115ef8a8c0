//! Figures whose words reach further than number and noun: "200 dead", "casualties are thought to be in thousands".

use std::ops::Range;

use language::Doc;
use model::Measure;

use super::counted::{Counted, Noun};
use super::lexicon::{LEXICON, NounKind};
use crate::numbers::Amount;

/// Widens the counts of a sentence to all of their words.
pub(super) fn widen(doc: &Doc<'_>, sentence: &Range<usize>, counted: &mut [Counted]) {
    let mut has_noun = false;
    for one in counted.iter_mut() {
        if one.noun.is_none() && one.measure.is_some() {
            take_state_along(doc, sentence, one, has_noun);
        }
        if one.measure.is_none() && one.noun.is_none() {
            in_the_thousands(doc, sentence, one);
        }
        has_noun |= one.noun.is_some() && one.measure.is_some();
    }
}

/// "200 dead" is a noun phrase; "seven wounded" behind "two civilians were killed and" is half a sentence.
fn take_state_along(doc: &Doc<'_>, sentence: &Range<usize>, one: &mut Counted, has_noun: bool) {
    let next = one.tokens.end;
    if next >= sentence.end {
        return;
    }
    let is_noun = match doc.lower(next) {
        "dead" | "missing" => true,
        "injured" | "wounded" => !has_noun,
        _ => false,
    };
    if is_noun {
        one.tokens.end += 1;
    }
}

/// How many words may stand between "casualties" and "in the thousands".
const REACH: usize = 12;

/// "Casualties are thought to be in the thousands": the figure runs from the noun to the number.
fn in_the_thousands(doc: &Doc<'_>, sentence: &Range<usize>, one: &mut Counted) {
    let Amount::Plural(_) = one.amount else { return };
    let first = sentence.start.max(one.tokens.start.saturating_sub(REACH));
    let mut at = one.tokens.start;
    if at > first && doc.lower(at - 1) == "the" {
        at -= 1;
    }
    if at <= first || !matches!(doc.lower(at - 1), "in" | "into" | "number" | "numbered" | "numbering") {
        return;
    }
    let Some((noun_at, measure)) = toll_before(doc, first, at - 1) else { return };
    let adjective = noun_at.checked_sub(1).filter(|before| *before >= sentence.start);
    let group = adjective.and_then(|before| LEXICON.adjectives.get(doc.lower(before)));
    let start = if group.is_some() { noun_at - 1 } else { noun_at };
    let name = group.cloned().unwrap_or_else(|| "people".to_owned());
    one.tokens.start = start;
    one.measure = Some(measure);
    one.noun = Some(Noun { kind: NounKind::Toll(measure), name, is_known: true, measure: Some(measure) });
}

/// Finds "casualties", "death toll", "the dead" in the tokens before `end`.
fn toll_before(doc: &Doc<'_>, first: usize, end: usize) -> Option<(usize, Measure)> {
    (first..end).rev().find_map(|at| {
        if let Some((NounKind::Toll(measure), _)) = LEXICON.nouns.at(doc, at, end) {
            return Some((at, *measure));
        }
        LEXICON.tolls.at(doc, at, end).map(|(measure, _)| (at, *measure))
    })
}
