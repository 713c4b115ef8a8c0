//! What stands around a figure: its scope, place, period and the reservations made about it.

use std::ops::Range;

use jiff::civil::Date;
use language::Doc;
use model::{Bound, Caveat, Measure, Period, Place, Scope, Span, TimeMention, When};

use super::counted::Counted;
use super::lexicon::LEXICON;
use crate::attribution::{Attribution, Stance};
use crate::context::Context;
use crate::numbers::Amount;
use crate::places::{PlaceRole, aside, told_of};

/// What one sentence says about all of its figures.
pub(super) struct Frame {
    sentence: Range<usize>,
    is_cumulative: bool,
    names_event: bool,
    caveats: Vec<Caveat>,
    /// The token "since" and the day it stands for: a date behind it, or the start of the war.
    since: Option<(usize, Date)>,
}

impl Frame {
    /// Reads the frame of a sentence. `war_began` is the day that the report names for the start of the war.
    pub(super) fn of(context: &Context<'_>, sentence: usize, war_began: Option<Date>) -> Frame {
        let doc = context.doc;
        let tokens = doc.sentences()[sentence].clone();
        let mut caveats = caveats(doc, &tokens);
        // "The true toll is likely higher" often has a sentence of its own behind the figures it belongs to.
        if let Some(next) = next_in_paragraph(doc, sentence) {
            caveats.extend(caveats_without_figures(doc, next));
        }
        caveats.sort();
        caveats.dedup();
        let has = |at: usize| LEXICON.cumulative.at(doc, at, tokens.end).is_some();
        let event = |at: usize| LEXICON.event_nouns.contains(doc.lower(at));
        Frame {
            is_cumulative: tokens.clone().any(has),
            names_event: tokens.clone().any(event),
            caveats,
            since: since(context, &tokens, war_began),
            sentence: tokens,
        }
    }

    /// The tokens of the sentence.
    pub(super) fn sentence(&self) -> Range<usize> {
        self.sentence.clone()
    }

    /// Tells what a figure covers. `goes_on` says that the toll of an incident was told just before.
    pub(super) fn scope(&self, doc: &Doc<'_>, counted: &Counted, measure: Measure, goes_on: bool) -> Scope {
        let large = matches!(counted.amount, Amount::Plural(least) if least >= MANY);
        if self.is_cumulative || large || is_of_a_long_time(doc, counted, self.sentence.start) {
            return Scope::Cumulative;
        }
        let behind = counted.tokens.end..self.sentence.end.min(counted.tokens.end + 4);
        let perfect = behind.clone().any(|at| matches!(doc.lower(at), "have" | "has"));
        let state =
            matches!(measure, Measure::Displaced | Measure::Trapped | Measure::Missing | Measure::Exposed);
        let is_of_toll = goes_on && matches!(measure, Measure::Missing | Measure::Trapped);
        match (perfect, self.names_event) {
            (true, false) => Scope::Cumulative,
            (false, false) if state && !is_of_toll => Scope::Cumulative,
            _ => Scope::Incident,
        }
    }

    /// Tells whether bodies are found rather than people killed: who was pulled out overnight died by then.
    fn tells_finding(&self, doc: &Doc<'_>, span: Span) -> bool {
        let first = doc.token_at(span.start());
        let last = doc.token_at(span.end().saturating_sub(1));
        let bodies = (first..=last).any(|at| LEXICON.bodies.contains(doc.lower(at)));
        let found = |at: usize| LEXICON.found.contains(doc.lower(at));
        bodies && (last..self.sentence.end.min(last + FOUND)).any(found)
    }

    pub(super) fn period(
        &self,
        context: &Context<'_>,
        span: Span,
        scope: Scope,
        said: Option<&Attribution>,
    ) -> Option<Period> {
        if let Some(from) = self.since_for(context.doc, span) {
            return (scope == Scope::Cumulative).then_some(Period { from: Some(from), to: None });
        }
        let time = self.nearest_time(context, span, said)?;
        let (from, to) = (time.when.first(), time.when.last());
        if self.tells_finding(context.doc, span) {
            return Some(Period { from: None, to: Some(to) });
        }
        // "Had been recovered by Wednesday" does not say that they died on it.
        Some(match time.bound {
            Bound::Within => Period { from: Some(from), to: Some(to) },
            Bound::Before => Period { from: None, to: Some(to) },
            Bound::After => Period { from: Some(from), to: None },
        })
    }

    /// Returns the day behind "since", if no other clause begins between it and the figure.
    fn since_for(&self, doc: &Doc<'_>, span: Span) -> Option<Date> {
        let (since, day) = self.since?;
        let figure = doc.token_at(span.start());
        let mut between = figure.min(since)..figure.max(since);
        let parted =
            between.any(|at| matches!(doc.lower(at), "while" | "but" | "whereas" | ";" | "although"));
        (!parted).then_some(day)
    }

    /// Returns the time nearest to the figure in its sentence that does not date the saying.
    fn nearest_time<'r>(
        &self,
        context: &Context<'r>,
        span: Span,
        said: Option<&Attribution>,
    ) -> Option<&'r TimeMention> {
        // "On Wednesday he had spoken of nine dead."
        let of_saying = |time: &TimeMention| {
            said.is_some_and(|said| {
                said.said_on.is_some_and(|day| time.when == When::Day(day))
                    && !said.content.iter().any(|content| content.contains(time.span))
            })
        };
        let bytes = context.doc.bytes(self.sentence.clone())?;
        within(context.times, &bytes, |time| time.span)
            .iter()
            .filter(|time| !self.dates_the_saying(context, time) && !of_saying(time))
            .filter(|time| !context.attributions.dates_act(context.doc, time.span))
            .min_by_key(|time| distance(time.span, span))
    }

    /// "Said on Monday": the day of saying is never the day of the event (claims guide, part 2).
    fn dates_the_saying(&self, context: &Context<'_>, time: &TimeMention) -> bool {
        let at = context.doc.token_at(time.span.start());
        at.checked_sub(1).is_some_and(|before| {
            matches!(
                context.doc.lower(before),
                "said" | "told" | "announced" | "reported" | "statement" | "reporters"
            )
        })
    }

    pub(super) fn place(&self, context: &Context<'_>, span: Span) -> Option<Place> {
        let bytes = context.doc.bytes(self.sentence.clone())?;
        let here = within(context.places, &bytes, |mention| mention.place.span);
        here.iter()
            .filter(|mention| mention.role == PlaceRole::Event && !mention.place.span.overlaps(span))
            .min_by_key(|mention| (!mention.is_spot(), distance(mention.place.span, span)))
            .or_else(|| aside(here))
            .or_else(|| told_of(context.places, context.doc, &self.sentence))
            .map(|mention| mention.place.clone())
    }

    pub(super) fn caveats(
        &self,
        doc: &Doc<'_>,
        counted: &Counted,
        said: Option<&Attribution>,
    ) -> Vec<Caveat> {
        let mut caveats = self.caveats.clone();
        let first = self.sentence.start.max(counted.tokens.start.saturating_sub(8));
        let last = self.sentence.end.min(counted.tokens.end + 8);
        let estimated = (first..last).any(|at| LEXICON.estimating.at(doc, at, last).is_some());
        if estimated || said.is_some_and(|said| said.stance == Stance::Estimating) {
            caveats.push(Caveat::Estimate);
        }
        caveats.sort();
        caveats.dedup();
        caveats
    }
}

/// Tokens between a relative pronoun and the figure that stands in its clause.
const IN_CLAUSE: usize = 8;

/// Tells whether the clause of a figure says what happened in all of a war: "the war, in which more than 900 died".
fn is_of_a_long_time(doc: &Doc<'_>, counted: &Counted, first: usize) -> bool {
    let from = first.max(counted.tokens.start.saturating_sub(IN_CLAUSE));
    let Some(which) = (from..counted.tokens.start).rev().find(|&at| doc.lower(at) == "which") else {
        return false;
    };
    let before = which.checked_sub(1).filter(|&at| at >= first && matches!(doc.lower(at), "in" | "during"));
    let noun = before.and_then(|at| at.checked_sub(1)).map(|at| match doc.lower(at) {
        "," => at.saturating_sub(1),
        _ => at,
    });
    noun.is_some_and(|at| at >= first && LEXICON.long_events.contains(doc.lower(at)))
}

fn caveats(doc: &Doc<'_>, tokens: &Range<usize>) -> Vec<Caveat> {
    tokens
        .clone()
        .filter_map(|at| LEXICON.caveats.at(doc, at, tokens.end).map(|(caveat, _)| *caveat))
        .collect()
}

/// Reads the reservations of the next sentence, which are its own if it has figures of its own.
fn caveats_without_figures(doc: &Doc<'_>, tokens: Range<usize>) -> Vec<Caveat> {
    let found = caveats(doc, &tokens);
    let has_digits = |at: usize| doc.word(at).starts_with(|c: char| c.is_ascii_digit());
    if found.is_empty() || tokens.clone().any(has_digits) { Vec::new() } else { found }
}

/// So many are of more than one incident.
pub(super) const MANY: u64 = 2000;

/// Words between bodies and the verb of finding them: "nine bodies | had since been recovered".
const FOUND: usize = 6;

fn next_in_paragraph(doc: &Doc<'_>, sentence: usize) -> Option<Range<usize>> {
    let paragraph = doc.paragraphs().partition_point(|paragraph| paragraph.end <= sentence);
    let paragraph = doc.paragraphs().get(paragraph)?;
    let next = sentence + 1;
    paragraph.contains(&next).then(|| doc.sentences()[next].clone())
}

/// Returns the items that lie in `bytes`; they are in the order of their words.
fn within<'a, T>(items: &'a [T], bytes: &Range<usize>, span: impl Fn(&T) -> Span) -> &'a [T] {
    let first = items.partition_point(|item| span(item).start() < bytes.start);
    let last = items.partition_point(|item| span(item).start() < bytes.end);
    items.get(first..last).unwrap_or_default()
}

fn distance(one: Span, other: Span) -> usize {
    if one.end() <= other.start() {
        other.start() - one.end()
    } else {
        one.start().saturating_sub(other.end())
    }
}

/// Reads "since 24 February", "since the beginning of the invasion", "since the war began".
fn since(context: &Context<'_>, tokens: &Range<usize>, war_began: Option<Date>) -> Option<(usize, Date)> {
    let doc = context.doc;
    let at = tokens.clone().find(|at| doc.lower(*at) == "since")?;
    let bytes = doc.bytes(at..tokens.end)?;
    let dated = within(context.times, &bytes, |time| time.span).first();
    if let Some(time) = dated {
        return Some((at, time.when.first()));
    }
    let names_war = (at + 1..tokens.end.min(at + 10)).any(|at| LEXICON.war_starts.contains(doc.lower(at)));
    if names_war { war_began.map(|day| (at, day)) } else { None }
}

/// Finds the day that the report names for the start of the war: "the invasion that began on Feb. 24".
pub(super) fn war_began(context: &Context<'_>) -> Option<Date> {
    context.times.iter().find_map(|time| {
        let When::Day(day) = time.when else { return None };
        let doc = context.doc;
        let at = doc.token_at(time.span.start());
        let sentence = doc.sentences().get(doc.tokens().get(at)?.sentence())?.start;
        let before = sentence.max(at.saturating_sub(8))..at;
        let names_war = before.clone().any(|at| LEXICON.war_starts.contains(doc.lower(at)));
        let begins = before.clone().any(|at| {
            matches!(
                doc.lower(at),
                "began" | "begun" | "started" | "launched" | "launching" | "invaded" | "invasion" | "since"
            )
        });
        (names_war && begins).then_some(day)
    })
}
