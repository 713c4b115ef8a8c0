//! Noun phrases, told from closed-class words alone.

use std::ops::Range;

use super::grammar::{Class, Words};
use super::lexicon::LEXICON;

/// How many things a list may name.
const MOST_ITEMS: usize = 24;

/// Returns the noun phrases of the list that starts at `at`: "schools, two clinics and a bridge".
pub(super) fn list(words: &Words<'_>, at: usize, end: usize) -> Vec<Range<usize>> {
    let mut items = Vec::new();
    let mut next = at;
    while items.len() < MOST_ITEMS {
        while next < end && (words.is(next, Class::Adverb) || words.is_quote(next)) {
            next += 1;
        }
        next = behind_identification(words, next, end);
        let item = noun_phrase(words, next, end);
        let slash = item.clone().find(|&i| words.lower(i) == "/");
        let item = item.start..slash.unwrap_or(item.end);
        if item.is_empty() {
            break;
        }
        next = item.end;
        items.push(item);
        let from = next;
        while next < end
            && (matches!(words.lower(next), "," | "/")
                || words.is(next, Class::Conjunction)
                || words.is_quote(next)
                || words.lower(next) == "as" && words.lower(next + 1) == "well"
                || words.lower(next) == "well"
                || words.lower(next) == "as" && words.lower(next.wrapping_sub(1)) == "well")
        {
            next += 1;
        }
        if next == from || matches!(words.lower(next), "such" | "including") {
            break;
        }
    }
    items
}

/// Returns the token behind "what appears to be", "what was reportedly": words of care in front of what was hit.
pub(super) fn behind_identification(words: &Words<'_>, at: usize, end: usize) -> usize {
    if words.lower(at) != "what" {
        return at;
    }
    let near = at + 1..end.min(at + 7);
    let be = near.rev().find(|&i| words.is(i, Class::Be) || words.lower(i) == "like");
    let next = be.map_or(at, |be| be + 1);
    (next..end).find(|&i| !words.is(i, Class::Adverb)).unwrap_or(next)
}

/// Returns the noun phrase that starts at `at`; empty if none does.
pub(super) fn noun_phrase(words: &Words<'_>, at: usize, end: usize) -> Range<usize> {
    let mut next = at;
    while next < end && continues(words, at, next) {
        next += 1;
    }
    at..next
}

/// Tells whether the noun phrase that started at `first` goes on with the token at `at`.
fn continues(words: &Words<'_>, first: usize, at: usize) -> bool {
    // "Took her husband | away", "five civilians | according to".
    let according = words.lower(at) == "according" && words.lower(at + 1) == "to";
    if words.is_stop(at) || matches!(words.lower(at), "," | "away") || according {
        return false;
    }
    if words.is_quote(at) {
        return words.is_genitive(at);
    }
    // "German-made homes".
    if at > first + 1 && words.is_compounded(at) {
        return true;
    }
    let ends = [
        Class::Conjunction,
        Class::Subordinator,
        Class::Relative,
        Class::Be,
        Class::Have,
        Class::Do,
        Class::Modal,
        Class::Subject,
        Class::Finite,
    ];
    let lower = words.lower(at);
    let quantity = words.is(at, Class::Determiner);
    let preposition = words.is(at, Class::Preposition) && !quantity && (lower != "of" || at == first);
    let many = |at: usize| matches!(words.lower(at), "many" | "few");
    let as_many = lower == "as" && (many(at + 1) || many(at.wrapping_sub(1)));
    let again = quantity
        && at > first
        && (matches!(lower, "the" | "a" | "an") && words.lower(at - 1) != "of")
        && !words.is(at - 1, Class::Determiner);
    let at_place = lower == "at" && words.lower(at + 1) != "least";
    let aside = words.is(at, Class::Adverb) && (lower == "also" || words.is_verbish(at + 1)) && at > first;
    let plain = !aside && !words.is_any(at, &ends) && !preposition && !again && !at_place;
    let spoken = words.is(at, Class::Saying) && at != first && !is_hedging_adjective(words, at);
    plain && !spoken || as_many
}

/// Tells whether a word that can be a verb of saying stands between determiner and noun: "a reported school".
pub(super) fn is_hedging_adjective(words: &Words<'_>, at: usize) -> bool {
    let hedge = matches!(words.lower(at), "reported" | "alleged" | "claimed" | "suspected");
    hedge && (at == words.tokens.start || words.is_any(at - 1, &[Class::Determiner, Class::Possessive]))
}

/// Returns the noun phrase that ends just before `end`.
pub(super) fn noun_phrase_before(words: &Words<'_>, end: usize) -> Range<usize> {
    let mut start = end;
    while start > words.tokens.start && end - start < 12 && continues(words, words.tokens.start, start - 1) {
        start -= 1;
    }
    while start < end && words.is_any(start, &[Class::Preposition, Class::Adverb]) {
        start += 1;
    }
    start..end
}

/// Returns the noun phrase between `at` and the "of" or "for" that links it to what it is accused of.
pub(super) fn noun_phrase_to_link(words: &Words<'_>, at: usize, before: usize) -> Option<Range<usize>> {
    // "Of" also joins names ("the army of Varden"): the link is the last one in front of the charge.
    let charge = |i: &usize| {
        let next = *i + 1;
        let event = || (next..next + 3).any(|i| is_event(words, i));
        let verb =
            words.lower(next).ends_with("ing") || next == before || words.is(next, Class::Adverb) || event();
        let with = words.lower(*i) == "with"
            && (words.lower(next).ends_with("ing") || (next..next + 2).any(|i| is_event(words, i)));
        matches!(words.lower(*i), "of" | "for") && verb || with
    };
    let link = (at..before)
        .find(charge)
        .or_else(|| (at..before).find(|&i| matches!(words.lower(i), "of" | "for")))?;
    (at < link && link - at < 16).then_some(at..link)
}

/// Tells whether a word for a harmful act starts at `at`.
fn is_event(words: &Words<'_>, at: usize) -> bool {
    words.tokens.contains(&at) && LEXICON.cues.at(words.context.doc, at, words.tokens.end).is_some()
}
