//! Where what is said ends, by the tree over its sentence.
//!
//! From the words alone, what a verb governs runs to the end of its sentence, and takes in what only tells when or how
//! it was said: "called for calm | by
//! naming a day", "assumed that he was dead | and posted a notice".

use super::lexicon::LEXICON;
use super::readings::Reading;
use super::relations;
use super::words::Words;
use crate::syntax::Syntax;

/// Ends contents where the clause or phrase ends that their verb governs.
pub(super) fn cut(words: &Words<'_>, syntax: &Syntax<'_>, readings: &mut [Reading]) {
    for reading in readings.iter_mut() {
        let Some(end) = end(words, syntax, reading) else { continue };
        let cue = reading.cue.end;
        for content in reading.content.iter_mut().filter(|content| content.start >= cue) {
            if content.start < end {
                content.end = content.end.min(end);
            }
        }
    }
}

/// Returns the token at which the words that a verb governs end, if a word that may open another clause is among what
/// was read as said: only then is the tree asked for.
fn end(words: &Words<'_>, syntax: &Syntax<'_>, reading: &Reading) -> Option<usize> {
    let said = reading.content.iter().find(|content| content.start >= reading.cue.end)?;
    let goes_on = (said.start + 1..said.end).any(|at| opens_more(words, at));
    if !goes_on || !RULES.contains(&reading.rule) || words.quotes.around(said.start).is_some() {
        return None;
    }
    let byte = reading.cue.clone().find_map(|verb| relations::end_of_content(words.doc, syntax, verb))?;
    let end = words.doc.token_at(byte);
    let next = end + usize::from(words.is_mark(end, ",–—"));
    let is_cut = said.start + 1 < end && end < said.end && opens_more(words, next);
    (is_cut && !goes_on_saying(words, next)).then_some(end)
}

/// Tells whether the same speaker says more by another verb: "accused …, and say that". It is not read apart, and cut
/// off it would be nobody's.
fn goes_on_saying(words: &Words<'_>, at: usize) -> bool {
    words.lower(at) == "and"
        && !LEXICON.verbs(words.lower(at + 1)).is_empty()
        && words.lower(at + 2) == "that"
}

/// The rules by which a verb governs what follows it.
const RULES: &[&str] =
    &["statement-subject-verb", "statement-joined-verb", "statement-participle", "statement-quoted-as"];

/// Tells whether the word may open a clause or phrase that is no more said.
fn opens_more(words: &Words<'_>, at: usize) -> bool {
    matches!(
        words.lower(at),
        "after"
            | "amid"
            | "and"
            | "as"
            | "before"
            | "by"
            | "despite"
            | "during"
            | "following"
            | "since"
            | "until"
            | "when"
            | "while"
    )
}
