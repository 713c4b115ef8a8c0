//! Times named in a report, resolved by the rules of news text.

mod calendar;
mod phrase;
mod tense;

use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};
use language::Doc;
use model::{Text, TimeMention};
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use serde::Deserialize;

#[derive(Deserialize)]
struct Words {
    months: Vec<Vec<String>>,
    weekdays: Vec<Vec<String>>,
    ordinals: Vec<String>,
    parts_of_day: HashSet<String>,
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
    parts_of_day: HashSet<String>,
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
        parts_of_day: words.parts_of_day,
        leads: words.leads,
        future: words.future,
        future_after: words.future_after,
        past: words.past,
        not_past: words.not_past,
    }
});

/// Finds the times that are named, and resolves them against `anchor`, the day that "today" means.
///
/// Finds dates with and without a year, weekdays, "yesterday", "last week", "three days ago", "in March", "in 2014"
/// and stretches between two of them; the span takes in the preposition that dates with it ("on", "since").
/// Leaves alone clock times, durations, festivals, and what is reckoned from another event ("two days later").
/// Without an anchor only dates with their year are found. A day that no calendar has is no time.
///
/// The day is that of the place the report speaks from: an evening in one country may be the next day in another.
pub(crate) fn find(text: &Text, doc: &Doc<'_>, anchor: Option<Date>) -> Vec<TimeMention> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < doc.tokens().len() {
        let Some(phrase) = phrase::read(doc, at, anchor) else {
            at += 1;
            continue;
        };
        let span = doc.bytes(phrase.tokens.clone()).and_then(|bytes| text.span(bytes));
        at = phrase.tokens.end.max(at + 1);
        found.extend(span.map(|span| TimeMention { span, when: phrase.when, rule: phrase.rule }));
    }
    found
}

#[cfg(test)]
mod tests;
