//! Where, when and with what.

use std::ops::Range;

use model::{Bound, Span, TimeMention};

use super::acts::Reading;
use super::deeds::Deed;
use super::grammar::Words;
use super::lexicon::LEXICON;
use crate::attribution::Attribution;
use crate::places::{PlaceMention, PlaceRole, aside, finest, told_of};

/// Returns the places that are named within `tokens`.
pub(super) fn places<'c>(words: &Words<'c>, tokens: Range<usize>) -> &'c [PlaceMention] {
    let all = words.context.places;
    let first = all.partition_point(|mention| mention.tokens.start < tokens.start);
    let last = all.partition_point(|mention| mention.tokens.start < tokens.end);
    &all[first..last.max(first)]
}

/// Returns the place of an act: in its own words, else a town of its sentence, else that of the sentences before. One
/// in the name of the speaker is taken where there is no other, and never the one where it was said.
pub(super) fn place<'c>(
    words: &Words<'c>,
    deed: &Deed,
    said: Option<&Attribution>,
) -> Option<&'c PlaceMention> {
    let of_saying = |mention: &PlaceMention| said.is_some_and(|said| said.is_of_saying(mention.place.span));
    let names_speaker =
        |mention: &PlaceMention| said.is_some_and(|said| said.is_in_speaker(mention.place.span));
    let town = |mention: &&PlaceMention| mention.role == PlaceRole::Event && mention.is_spot();
    let sentence = places(words, words.tokens.clone());
    own(words, deed)
        .or_else(|| sentence.iter().filter(town).find(|&mention| !of_saying(mention)))
        .or_else(|| told_of(words.context.places, words.context.doc, &words.tokens))
        .or_else(|| aside(sentence))
        .or_else(|| sentence.iter().filter(town).find(|&mention| names_speaker(mention)))
}

/// Tokens between a place and the closer one that it holds: "in the Varden region town of".
const HOLDING: usize = 4;

/// Returns the place that the clause of an act names: the nearest behind it, or else before it.
fn own<'c>(words: &Words<'c>, deed: &Deed) -> Option<&'c PlaceMention> {
    let all = places(words, deed.tokens.clone());
    let behind = all.partition_point(|mention| mention.tokens.start < deed.trigger.tokens.start);
    let mut near = all[behind..].iter().filter(|mention| mention.role == PlaceRole::Event);
    let Some(mut place) = near.next() else { return finest(&all[..behind]) };
    for next in near {
        let between = place.tokens.end..next.tokens.start;
        let parts = |at| matches!(words.lower(at), "," | ";" | "and" | "or" | "to" | "from");
        if between.len() > HOLDING || between.clone().any(parts) || !next.is_spot() {
            break;
        }
        place = next;
    }
    Some(place)
}

/// Returns the places in the act's own words that another war is likened to this one by.
pub(super) fn comparisons<'c>(words: &Words<'c>, clause: Range<usize>) -> Vec<&'c PlaceMention> {
    let likened = |mention: &&PlaceMention| mention.role == PlaceRole::Comparison;
    places(words, clause).iter().filter(likened).collect()
}

/// Returns the time of an act: the nearest in its own words, else in what is said of it. The day of saying stands outside
/// both.
pub(super) fn time<'c>(
    words: &Words<'c>,
    trigger: Span,
    claim: Span,
    content: Option<Span>,
) -> Option<&'c TimeMention> {
    within(words, trigger, claim).or_else(|| within(words, trigger, content?))
}

fn within<'c>(words: &Words<'c>, trigger: Span, span: Span) -> Option<&'c TimeMention> {
    let (times, attributions) = (words.context.times, words.context.attributions);
    let first = times.partition_point(|time| time.span.start() < span.start());
    times[first..]
        .iter()
        .take_while(|time| span.contains(time.span))
        .filter(|time| !is_since(words, span, time) && !attributions.dates_act(words.context.doc, time.span))
        .min_by_key(|time| time.span.start().abs_diff(trigger.start()))
}

/// Tells whether a clause with "since" holds the time: "has shelled towns since it sent troops in on Monday".
fn is_since(words: &Words<'_>, span: Span, time: &TimeMention) -> bool {
    let doc = words.context.doc;
    let between = doc.token_at(span.start())..doc.token_at(time.span.start());
    time.bound == Bound::Within && between.into_iter().any(|at| doc.lower(at) == "since")
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
