//! The words that an allegation was read from.

use std::ops::Range;

use model::{Allegation, Certainty, Polarity, Span};

use super::deeds::Deed;
use super::grammar::{Class, Words};
use super::lexicon::LEXICON;
use crate::attribution::{Attribution, Stance};
use crate::evidence;

/// What is known of an allegation when its evidence is collected.
pub(super) struct Told<'a> {
    pub(super) words: &'a Words<'a>,
    pub(super) deed: &'a Deed,
    pub(super) allegation: &'a Allegation,
    pub(super) polarity: Polarity,
    pub(super) said: Option<&'a Attribution>,
}

/// Returns the words of act, actor, target and weapon, and those that deny, ask, imagine or hedge.
pub(super) fn of(told: &Told<'_>) -> Vec<Span> {
    let allegation = told.allegation;
    let mentions = [&allegation.actor, &allegation.target, &allegation.weapon];
    let named = mentions.into_iter().flatten().map(|mention| mention.span);
    let denied = told.said.filter(|said| said.stance == Stance::Denying && told.polarity == Polarity::Denied);
    let cue = denied.and_then(|said| said.cue);
    let marks = polarity_words(told).chain(hedges(told));
    let marks = marks.filter_map(|tokens| told.words.context.span(tokens));
    evidence::in_order(named.chain([allegation.trigger]).chain(cue).chain(marks))
}

/// How far before the act a word may stand that denies it or doubts it, in tokens.
const REACH: usize = 30;

/// How far before the clause of the act a word may stand that hedges it, in tokens.
const NEAR: usize = 4;

/// Finds the words of the class that made the polarity what it is.
fn polarity_words<'w>(told: &Told<'w>) -> impl Iterator<Item = Range<usize>> + 'w {
    let (words, polarity) = (told.words, told.polarity);
    let trigger = told.deed.trigger.tokens.start;
    let from = trigger.saturating_sub(REACH).max(words.tokens.start);
    let own = told.deed.tokens.start.saturating_sub(NEAR).max(from);
    let marks = move |at: usize| match polarity {
        Polarity::Asserted => false,
        Polarity::Denied => words.is(at, Class::Denying) || at >= own && words.is(at, Class::Negation),
        Polarity::Questioned => words.is(at, Class::Doubting),
        Polarity::Hypothetical => {
            let condition = matches!(words.lower(at), "if" | "unless" | "lest");
            at >= own && (condition || words.is_any(at, &[Class::Modal, Class::Directive]))
        }
        Polarity::CounterVersion => words.is(at, Class::Blaming),
    };
    (from..trigger).filter(move |&at| marks(at)).map(|at| at..at + 1)
}

/// Finds "reportedly", "suspected", "appears to" around an act that is not told as certain.
fn hedges<'w>(told: &Told<'w>) -> impl Iterator<Item = Range<usize>> + 'w {
    let (words, deed) = (told.words, told.deed);
    let from = deed.tokens.start.saturating_sub(NEAR).max(words.tokens.start);
    let reach = match told.allegation.certainty {
        Certainty::Certain => from..from,
        _ => from..deed.tokens.end,
    };
    reach
        .filter_map(|at| LEXICON.hedges.at(words.context.doc, at, words.tokens.end).map(|(next, _)| at..next))
}
