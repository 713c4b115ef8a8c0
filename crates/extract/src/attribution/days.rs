//! The day of saying, which is never the day of the event.

use std::collections::HashMap;
use std::ops::Range;

use jiff::civil::Date;
use model::{TimeMention, When};

use super::chains::Voices;
use super::lexicon::Class;
use super::phrases::PhraseKind;
use super::readings::{Reading, Source};
use super::words::Words;

/// What is known when the days are looked for.
pub(super) struct Saying<'s, 'd> {
    pub(super) words: &'s Words<'d>,
    pub(super) readings: &'s [Reading],
    pub(super) said: &'s [Option<Voices>],
    pub(super) times: &'s [TimeMention],
    pub(super) anchor: Option<Date>,
}

/// Finds the day of each reading: a day that stands beside the cue, else the day that the same speaker's words are
/// given elsewhere in the report.
pub(super) fn of(saying: &Saying<'_, '_>) -> Vec<Option<Date>> {
    let beside: Vec<_> = saying.readings.iter().map(|reading| saying.beside(reading)).collect();
    let mut known: HashMap<&str, Date> = HashMap::new();
    for (at, day) in beside.iter().enumerate() {
        if let (Some(name), Some(day)) = (saying.speaker(at), day) {
            known.entry(name).or_insert(*day);
        }
    }
    // What the outer speaker relays as said on a day, he says on that day, if no other is told.
    for (at, day) in beside.iter().enumerate() {
        let outer =
            saying.said[at].as_ref().and_then(|voices| voices.all.get(1)).map(|voice| voice.name.as_str());
        if let (Some(name), Some(day)) = (outer, day) {
            known.entry(name).or_insert(*day);
        }
    }
    for at in 0..saying.readings.len() {
        if let (Some(name), Some(day)) = (saying.speaker(at), saying.announced(at)) {
            known.entry(name).or_insert(day);
        }
    }
    (0..beside.len())
        .map(|at| beside[at].or_else(|| saying.speaker(at).and_then(|name| known.get(name).copied())))
        .collect()
}

/// Returns the first time inside the bytes, if it is a day.
pub(super) fn in_bytes(times: &[TimeMention], bytes: &Range<usize>) -> Option<Date> {
    let first = times.partition_point(|time| time.span.start() < bytes.start);
    let time = times.get(first).filter(|time| time.span.end() <= bytes.end)?;
    match time.when {
        When::Day(day) => Some(day),
        // "Late on Monday" may run past midnight; the day that is named is the first.
        When::Interval(from, to) if from.tomorrow().is_ok_and(|next| next == to) => Some(from),
        _ => None,
    }
}

impl Saying<'_, '_> {
    fn speaker(&self, at: usize) -> Option<&str> {
        self.said[at].as_ref()?.all.first().map(|voice| voice.name.as_str())
    }

    /// Finds a day beside the cue, and in the adverbial that opens the sentence. A day inside the words that name the
    /// speaker is told of him: "the army, which crossed the river on Monday, says".
    fn beside(&self, reading: &Reading) -> Option<Date> {
        let frame = reading.frame.clone();
        let named = match &reading.source {
            Source::Phrase(phrase) if phrase.kind != PhraseKind::Relative => phrase.all.clone(),
            _ => frame.start..frame.start,
        };
        self.day_in(frame.start..named.start.max(frame.start))
            .or_else(|| self.day_in(named.end.max(frame.start)..frame.end))
            .or_else(|| self.day_in(self.opening(reading)))
    }

    /// Returns the tokens of the adverbial that opens the sentence, if no content stands there.
    fn opening(&self, reading: &Reading) -> Range<usize> {
        let start = reading.line.tokens.start;
        let near = reading.frame.start.saturating_sub(start) < 14;
        let free = reading.content.iter().all(|content| content.start >= reading.frame.start);
        let adverbial = Class::PREPOSITION.or(Class::TIME).or(Class::ADVERB);
        if !near || !free || !self.words.is(start, adverbial) {
            return start..start;
        }
        let end = (start..reading.frame.start).find(|&at| self.words.is_mark(at, ","));
        start..end.unwrap_or(reading.frame.start)
    }

    fn day_in(&self, tokens: Range<usize>) -> Option<Date> {
        in_bytes(self.times, &self.words.doc.bytes(tokens)?)
    }

    /// Reads "Today I can announce" in a quotation: what is announced today is said on the report's day.
    fn announced(&self, at: usize) -> Option<Date> {
        let reading = &self.readings[at];
        let first = reading.content.first()?;
        let opening = first.start..first.end.min(first.start + 6);
        let today = opening.clone().any(|at| self.words.lower(at) == "today");
        let speaks = opening.clone().any(|at| matches!(self.words.lower(at), "i" | "we"));
        let quoted = self.words.is_quote(first.start);
        // The dateline may be of the day after; "today" then is the day before, which the words do not tell.
        (today && speaks && quoted).then_some(self.anchor).flatten()
    }
}
