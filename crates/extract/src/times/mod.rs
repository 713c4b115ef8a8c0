//! Times named in a report, resolved by the rules of news text.

mod phrase;

mod dates;
mod hours;
mod months;
mod parts;
mod relative;
mod weekdays;

mod calendar;
mod clock;
mod durations;
mod holidays;
mod recurring;
mod stretch;
mod tense;

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Weekday};
use language::{Doc, TokenKind};
use model::{Digest, Text, TimeMention};
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use serde::Deserialize;

pub(crate) use durations::find as durations;
pub use durations::{DurationMention, Length, Unit};
use phrase::{Anchor, Manner, Phrase};

#[derive(Deserialize)]
struct Words {
    months: Vec<Vec<String>>,
    weekdays: Vec<Vec<String>>,
    ordinals: Vec<String>,
    small: HashMap<String, i8>,
    parts_of_day: HashMap<String, (i8, i8)>,
    zones: HashSet<String>,
    leads: HashSet<String>,
    future: HashSet<String>,
    future_after: HashSet<String>,
    past: HashSet<String>,
    not_past: HashSet<String>,
}

struct Lexicon {
    /// Names and short names, 1 to 12.
    months: HashMap<String, i8>,
    weekdays: HashMap<String, Weekday>,
    ordinals: HashMap<String, i8>,
    /// Numbers under 60 in one word.
    small: HashMap<String, i8>,
    /// The hours from which to which each lasts; the same hour twice where the words do not tell.
    parts_of_day: HashMap<String, (i8, i8)>,
    zones: HashSet<String>,
    leads: HashSet<String>,
    future: HashSet<String>,
    future_after: HashSet<String>,
    past: HashSet<String>,
    not_past: HashSet<String>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let words: Words = serde_json::from_str(include_str!("../../lexicons/times.json"))
        .expect("the lexicon is part of the program and a test parses it");
    let months = (1..).zip(words.months).flat_map(|(i, names)| names.into_iter().map(move |name| (name, i)));
    let weekdays = Weekday::Monday.cycle_forward().zip(words.weekdays);
    let weekdays = weekdays.flat_map(|(day, names)| names.into_iter().map(move |name| (name, day)));
    Lexicon {
        months: months.collect(),
        weekdays: weekdays.collect(),
        ordinals: words.ordinals.into_iter().zip(1..).collect(),
        small: words.small,
        parts_of_day: words.parts_of_day,
        zones: words.zones,
        leads: words.leads,
        future: words.future,
        future_after: words.future_after,
        past: words.past,
        not_past: words.not_past,
    }
});

/// Finds the times that are named, and resolves them against `anchor`, the day that "today" means.
///
/// Finds dates with and without a year, weekdays, "yesterday", "last week", "three days ago", "in March", "in 2014",
/// feasts that are the same day everywhere, stretches between two of them, and the time of day that stands beside a
/// day; the span takes in the preposition that dates with it ("on", "since").
/// Leaves alone times of day without a day, durations, feasts that differ between countries, and what is reckoned from
/// another event ("two days later"). Without an anchor only dates with their year are found. A day that no calendar
/// has is no time.
///
/// The day is that of the place the report speaks from: an evening in one country may be the next day in another.
pub(crate) fn find(text: &Text, doc: &Doc<'_>, anchor: Option<Date>) -> Vec<TimeMention> {
    let anchor =
        anchor.map(|day| Anchor { now: stretch::midnight(day), country: None, manner: Manner::Prose });
    let mut found = Vec::new();
    let mut at = 0;
    while at < doc.tokens().len() {
        let Some(phrase) = phrase::read(doc, at, anchor) else {
            at += 1;
            continue;
        };
        at = phrase.tokens.end.max(at + 1);
        found.extend(mention(text, doc, phrase));
    }
    found
}

/// When and where somebody names a time.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// What "now" means.
    pub now: DateTime,
    /// The country by its ISO 3166-1 code, if it is known: it decides feasts such as Labour Day, and whether 3/4 is in
    /// March. Without one both are read as in the United States.
    pub country: Option<&'a str>,
}

impl Setting<'_> {
    fn anchor(&self) -> Anchor {
        let country = self.country.and_then(|country| country.as_bytes().try_into().ok());
        Anchor { now: self.now, country, manner: Manner::Alone }
    }
}

/// Reads words that name a time and nothing else, as a person types them: "last Friday at 3", "end of March".
///
/// All of the words must belong to it. What they leave open lies ahead of `now`: "Monday" is the coming one. Parts of a
/// day, seasons and weekends have the hours and days that Duckling gives them, so that a range can be searched.
pub fn read_time(words: &str, setting: &Setting<'_>) -> Option<TimeMention> {
    let text = Text::verbatim(Digest::of(words.as_bytes()), words.to_owned());
    let doc = Doc::read(words, std::slice::from_ref(&(0..words.len())));
    let phrase = phrase::read(&doc, 0, Some(setting.anchor()))?;
    let rest = phrase.tokens.end..doc.tokens().len();
    let whole = rest.clone().all(|at| doc.tokens()[at].kind == TokenKind::Mark);
    if whole { mention(&text, &doc, phrase) } else { None }
}

fn mention(text: &Text, doc: &Doc<'_>, phrase: Phrase) -> Option<TimeMention> {
    let Phrase { tokens, time, bound, rule } = phrase;
    let span = text.span(doc.bytes(tokens)?)?;
    Some(TimeMention { span, when: time.when(), hours: time.clock(), bound, rule })
}

#[cfg(test)]
mod tests;
