//! Lengths of time: "three months", "two and a half years", "a 27-year history".

use std::fmt;

use language::Doc;
use model::{Span, Text};

use crate::numbers;

/// A length of time that a text names. It says nothing of when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DurationMention {
    /// The words, such as "three months".
    pub span: Span,
    /// What they say.
    pub length: Length,
}

/// A number of units of time, written as in ISO 8601-1: `P3M`, `PT30M`, `P2.5Y`; `PXY` for "several years", as TimeML
/// writes a number that is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// The number, counted in halves.
    pub halves: Option<u64>,
    /// The unit.
    pub unit: Unit,
}

/// A unit in which lengths of time are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// 60 seconds.
    Minute,
    /// 60 minutes.
    Hour,
    /// A civil day.
    Day,
    /// Seven days.
    Week,
    /// A civil month.
    Month,
    /// A civil year.
    Year,
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (lead, letter) = match self.unit {
            Unit::Minute => ("PT", 'M'),
            Unit::Hour => ("PT", 'H'),
            Unit::Day => ("P", 'D'),
            Unit::Week => ("P", 'W'),
            Unit::Month => ("P", 'M'),
            Unit::Year => ("P", 'Y'),
        };
        match self.halves {
            None => write!(f, "{lead}X{letter}"),
            Some(halves) if halves % 2 == 0 => write!(f, "{lead}{}{letter}", halves / 2),
            Some(halves) => write!(f, "{lead}{}.5{letter}", halves / 2),
        }
    }
}

/// Finds the lengths of time that are named.
///
/// Finds a number with a unit ("three months", "a 27-year history", "a week-long siege") and "several years". Leaves
/// alone ages ("a 30-year-old"), rates ("twice a year"), and a bare "a day", which may be any day.
pub(crate) fn find(text: &Text, doc: &Doc<'_>) -> Vec<DurationMention> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < doc.tokens().len() {
        let Some((length, end)) = (Words { doc }).length(at) else {
            at += 1;
            continue;
        };
        let span = doc.bytes(at..end).and_then(|bytes| text.span(bytes));
        found.extend(span.map(|span| DurationMention { span, length }));
        at = end;
    }
    found
}

struct Words<'d, 't> {
    doc: &'d Doc<'t>,
}

impl Words<'_, '_> {
    fn lower(&self, at: usize) -> &str {
        if at < self.doc.tokens().len() { self.doc.lower(at) } else { "" }
    }

    fn before(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |before| self.lower(before))
    }

    fn length(&self, at: usize) -> Option<(Length, usize)> {
        let (halves, unit_at) = self.number(at)?;
        let unit_at = if matches!(self.lower(unit_at), "-" | "–") { unit_at + 1 } else { unit_at };
        let (unit, times) = unit(self.lower(unit_at))?;
        let end = unit_at + 1;
        let aged = matches!(self.lower(end), "old" | "-" | "of")
            && matches!(self.lower(end + 1), "old" | "age")
            || self.lower(end) == "old";
        let ago = matches!(self.lower(end), "ago" | "earlier" | "later");
        (!aged && !ago)
            .then_some((Length { halves: halves.map(|halves| halves.saturating_mul(times)), unit }, end))
    }

    /// Reads the number of units in halves: "three", "two and a half", "several"; "a" only where a length is meant.
    fn number(&self, at: usize) -> Option<(Option<u64>, usize)> {
        match self.lower(at) {
            "several" | "many" | "few" => return Some((None, at + 1)),
            "a" if self.lower(at + 1) == "few" => return Some((None, at + 2)),
            "a" | "an" => {
                let long = self.lower(at + 2) == "-" && self.lower(at + 3) == "long";
                let led = matches!(
                    self.before(at),
                    "for"
                        | "within"
                        | "after"
                        | "than"
                        | "about"
                        | "nearly"
                        | "almost"
                        | "over"
                        | "lasted"
                        | "took"
                        | "takes"
                        | "take"
                );
                return (long || led).then_some((Some(2), at + 1));
            }
            "past" | "last" if matches!(self.lower(at + 1), "decade" | "century") => {
                return Some((Some(2), at + 1));
            }
            "half" if matches!(self.lower(at + 1), "a" | "an") => return Some((Some(1), at + 2)),
            _ => {}
        }
        let (count, next) = numbers::plain(self.doc, at)?;
        // "One day he left" tells no length.
        if self.lower(at) == "one" && self.lower(next) == "day" {
            return None;
        }
        let dated = self.before(at).parse::<u32>().is_ok();
        let doubled = count.checked_mul(2).filter(|_| !dated)?;
        let half = self.lower(next) == "and" && self.lower(next + 1) == "a" && self.lower(next + 2) == "half";
        Some(if half { (Some(doubled + 1), next + 3) } else { (Some(doubled), next) })
    }
}

/// Reads a unit, and how many of its kind it is: a decade is ten years.
fn unit(word: &str) -> Option<(Unit, u64)> {
    Some(match word {
        "minute" | "minutes" => (Unit::Minute, 1),
        "hour" | "hours" => (Unit::Hour, 1),
        "day" | "days" => (Unit::Day, 1),
        "week" | "weeks" => (Unit::Week, 1),
        "fortnight" => (Unit::Week, 2),
        "month" | "months" => (Unit::Month, 1),
        "year" | "years" => (Unit::Year, 1),
        "decade" | "decades" => (Unit::Year, 10),
        "century" | "centuries" => (Unit::Year, 100),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::{Expect, expect};
    use model::Digest;
    use proptest::prelude::*;

    use super::*;

    fn all(words: &str) -> String {
        let text = Text::verbatim(Digest::of(words.as_bytes()), words.to_owned());
        let doc = Doc::read(words, std::slice::from_ref(&(0..words.len())));
        let mut found = String::new();
        for mention in find(&text, &doc) {
            writeln!(found, "{} <- {:?}", mention.length, text.quote(mention.span)).unwrap();
        }
        found
    }

    fn check(words: &str, expected: Expect) {
        expected.assert_eq(&all(words));
    }

    #[test]
    fn lengths() {
        check(
            "The siege of Śniegów lasted three months. After two and a half years and 40 minutes he came home. \
             A 12-day truce. It took several weeks, more than a decade, and half an hour. They held out for a week.",
            expect![[r#"
                P3M <- "three months"
                P2.5Y <- "two and a half years"
                PT40M <- "40 minutes"
                P12D <- "12-day"
                PXW <- "several weeks"
                P10Y <- "a decade"
                PT0.5H <- "half an hour"
                P1W <- "a week"
            "#]],
        );
    }

    #[test]
    fn what_is_no_length() {
        check(
            "A 30-year-old driver, 12 years old, was hit three days ago. Twice a year. One day he left. On 12 May 3 people left.",
            expect![""],
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read(words in "(\\PC{0,5}| (a|half|an|and|several|few|two|99999999999999999999|years|day|-|old|ago|for|decades) ){0,12}") {
            all(&words);
        }
    }
}
