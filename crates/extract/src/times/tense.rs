//! Whether a time lies ahead, told by the verb nearest to it.

use std::ops::Range;

use language::Doc;

use super::LEXICON;

/// Whether the words speak of what was or of what is to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tense {
    Past,
    Future,
}

/// How many words away a verb may stand: a bound that keeps the search linear in the text.
const REACH: usize = 14;

/// Tells the tense that governs the time at `mention`: that of the nearest verb before it in the sentence, else of
/// the nearest one after it, else the past, in which news is written.
pub(super) fn around(doc: &Doc<'_>, mention: &Range<usize>) -> Tense {
    let Some(token) = doc.tokens().get(mention.start) else { return Tense::Past };
    let Some(sentence) = doc.sentences().get(token.sentence()) else { return Tense::Past };
    let before = (sentence.start.max(mention.start.saturating_sub(REACH))..mention.start).rev();
    let after = mention.end..sentence.end.min(mention.end + REACH);
    let mut before = before.filter_map(|at| told_by(doc, at, sentence.end));
    before
        .next()
        .or_else(|| after.filter_map(|at| told_by(doc, at, sentence.end)).next())
        .unwrap_or(Tense::Past)
}

fn told_by(doc: &Doc<'_>, at: usize, end: usize) -> Option<Tense> {
    let word = doc.lower(at);
    if LEXICON.future.contains(word) {
        let modal = matches!(word, "will" | "'ll" | "’ll" | "won't" | "shall" | "would" | "upcoming");
        let points_ahead = at + 1 < end && LEXICON.future_after.contains(doc.lower(at + 1));
        return (modal || points_ahead).then_some(Tense::Future);
    }
    // The participle of "will be held" has no tense of its own.
    if at > 0 && doc.lower(at - 1) == "be" {
        return None;
    }
    let regular = word.len() > 4 && word.ends_with("ed") && !LEXICON.not_past.contains(word);
    (regular || LEXICON.past.contains(word)).then_some(Tense::Past)
}
