//! Where, when and with what.

use std::ops::Range;

use model::{Span, TimeMention};

use super::acts::Reading;
use super::deeds::Deed;
use super::grammar::Words;
use super::lexicon::LEXICON;
use crate::places::{PlaceMention, PlaceRole, finest, told_of};

/// Returns the places that are named within `tokens`.
pub(super) fn places<'c>(words: &Words<'c>, tokens: Range<usize>) -> &'c [PlaceMention] {
    let all = words.context.places;
    let first = all.partition_point(|mention| mention.tokens.start < tokens.start);
    let last = all.partition_point(|mention| mention.tokens.start < tokens.end);
    &all[first..last.max(first)]
}

/// Returns the place of an act: in its own words, else a town of its sentence, else that of the sentences before.
pub(super) fn place<'c>(words: &Words<'c>, clause: Range<usize>) -> Option<&'c PlaceMention> {
    let town = |mention: &&PlaceMention| mention.role == PlaceRole::Event && mention.is_spot();
    finest(places(words, clause))
        .or_else(|| places(words, words.tokens.clone()).iter().find(town))
        .or_else(|| told_of(words.context.places, words.context.doc, &words.tokens))
}

/// Returns the places in the act's own words that another war is likened to this one by.
pub(super) fn comparisons<'c>(words: &Words<'c>, clause: Range<usize>) -> Vec<&'c PlaceMention> {
    let likened = |mention: &&PlaceMention| mention.role == PlaceRole::Comparison;
    places(words, clause).iter().filter(likened).collect()
}

/// Returns the time of an act: in its own words, else in what is said of it. The day of saying stands outside both.
pub(super) fn time<'c>(words: &Words<'c>, claim: Span, content: Option<Span>) -> Option<&'c TimeMention> {
    within(words, claim).or_else(|| within(words, content?))
}

fn within<'c>(words: &Words<'c>, span: Span) -> Option<&'c TimeMention> {
    let times = words.context.times;
    let first = times.partition_point(|time| time.span.start() < span.start());
    times.get(first).filter(|time| span.contains(time.span))
}

/// Returns the means of attack that the clause of a deed names. A verb such as "to bomb" is none by itself.
pub(super) fn weapon(words: &Words<'_>, deed: &Deed) -> Option<Range<usize>> {
    let doc = words.context.doc;
    let (clause, trigger) = (&deed.tokens, &deed.trigger.tokens);
    let verb = |at: usize| deed.trigger.reading != Reading::Noun && trigger.contains(&at);
    let hit = |at: usize| deed.targets.iter().any(|target| target.tokens.contains(&at));
    clause
        .clone()
        .filter(|&at| !verb(at) && !hit(at))
        .find_map(|at| LEXICON.weapons.at(doc, at, clause.end).map(|(next, ())| at..next))
}
