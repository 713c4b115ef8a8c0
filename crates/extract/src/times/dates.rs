//! Dates in digits and in words.

use std::ops::Range;

use jiff::civil::{Date, Weekday};
use model::When;

use super::LEXICON;
use super::calendar::Yearless;
use super::phrase::{Core, Lead, Read, Words};
use super::recurring::Recurring;
use super::stretch::Stretch;
use super::tense::{self, Tense};
use crate::numbers;

/// A day of a month, or two days of it.
struct Dated {
    day: i8,
    to: Option<i8>,
    month: i8,
    end: usize,
}

impl Words<'_, '_> {
    /// Reads "2022-02-24", "24.02.2022", "24/02/2022".
    pub(super) fn numeric(&self, at: usize) -> Option<Core> {
        let start = self.doc.tokens().get(at).filter(|_| at < self.end)?.start();
        let text = self.doc.text();
        if text[..start]
            .chars()
            .next_back()
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '/' | '.'))
        {
            return None;
        }
        if let Some((parts, length)) = numeric_parts(&text[start..], &['-', '.', '/'])
            && let Some(day) = self.day_of_parts(parts)
        {
            return Core::day(day, "date-in-digits", self.token_end(start + length)?);
        }
        if self.is_alone() { self.short_numeric(&text[start..], start) } else { None }
    }

    /// Where words stand alone: "31 10 1974", "2014-10", "2/15", "2 - 15".
    fn short_numeric(&self, text: &str, start: usize) -> Option<Core> {
        if let Some((parts, length)) = numeric_parts(text, &[' '])
            && parts[2].1 == 4
        {
            return Core::day(self.day_of_parts(parts)?, "date-in-digits", self.token_end(start + length)?);
        }
        let ([(one, first), (other, second)], length) = two_parts(text)?;
        let end = self.token_end(start + length)?;
        let small = |number: u32| i8::try_from(number).ok();
        if first == 4 && second <= 2 {
            let month = Stretch::month(i16::try_from(one).ok()?, small(other)?)?;
            return Some(Core::new(month, "month-full", end));
        }
        if second == 4 && first <= 2 {
            let month = Stretch::month(i16::try_from(other).ok()?, small(one)?)?;
            return Some(Core::new(month, "month-full", end));
        }
        if first > 2 || second > 2 || self.lower(end).starts_with([':', 'h']) {
            return None;
        }
        let month_first = if self.is_month_first() { one <= 12 } else { other > 12 };
        let (month, day) = if month_first { (one, other) } else { (other, one) };
        let day = self.chosen(Recurring::Date(small(month)?, small(day)?), end..end)?;
        Some(Core::new(day, "date-future", end))
    }

    /// Takes the parts in the one order that makes a date. Where day and month could be exchanged, there is no date in
    /// running text; words that stand alone are read as their country writes them.
    fn day_of_parts(&self, parts: [(u32, usize); 3]) -> Option<Date> {
        let date = |year: u32, month: u32, day: u32| {
            Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
        };
        match parts {
            [(year, 4), (month, months), (day, days)] if self.is_alone() || (months, days) == (2, 2) => {
                date(year, month, day)
            }
            [(one, 1..=2), (other, 1..=2), (year, 4)] => {
                let day_first = date(year, other, one);
                let month_first = date(year, one, other);
                match (day_first, month_first) {
                    (Some(day_first), Some(month_first)) if self.is_alone() => {
                        Some(if self.is_month_first() { month_first } else { day_first })
                    }
                    (Some(one), Some(other)) => (one == other).then_some(one),
                    (one, other) => one.or(other),
                }
            }
            [(one, 1..=2), (other, 1..=2), (year, 2)] if self.is_alone() => {
                self.day_of_parts([(one, 2), (other, 2), (century(year), 4)])
            }
            _ => None,
        }
    }

    /// Reads a date with a day and a month, with its weekday and year if they are stated.
    pub(super) fn date(&self, at: usize) -> Option<Core> {
        let (weekday, day_at) = match self.weekday_name(at) {
            Some((weekday, next)) if self.lower(next) == "," => (Some(weekday), next + 1),
            Some((weekday, next)) => (Some(weekday), next),
            None => (None, at),
        };
        let day_at = if self.is_alone() { self.past(day_at, &["the"]) } else { day_at };
        let dated = self.day_and_month(day_at).or_else(|| self.month_and_day(day_at))?;
        let (year, end) = self.year_behind(dated.end);
        let (year, end) = match year {
            None if self.is_alone() => {
                self.short_year(end).map_or((None, end), |(year, end)| (Some(year), end))
            }
            year => (year, end),
        };
        let (weekday, end) = match self.weekday_behind(end) {
            Some((behind, end)) if year.is_none() => (weekday.or(Some(behind)), end),
            _ => (weekday, end),
        };
        // "24-26 February" has its own second day.
        let resolve = |day: i8| self.resolve(Yearless { month: dated.month, day, weekday }, year, at..end);
        let (first, rule) = resolve(dated.day)?;
        match dated.to {
            Some(to) => {
                let (last, _) = resolve(to)?;
                (first < last).then_some(Core::new(Stretch::days(first, last)?, "from-to", end))
            }
            None => Core::day(first, rule, end),
        }
    }

    fn resolve(
        &self,
        day: Yearless,
        year: Option<i16>,
        tokens: Range<usize>,
    ) -> Option<(Date, &'static str)> {
        if let Some(year) = year {
            return Some((Date::new(year, day.month, day.day).ok()?, "date-full"));
        }
        let anchor = self.today()?;
        let past = (day.latest(anchor)?, "date-past");
        let future = (day.coming(anchor)?, "date-future");
        let (first, second) = match tense::around(self.doc, &tokens) {
            _ if self.is_alone() => (future, past),
            Tense::Past => (past, future),
            Tense::Future => (future, past),
        };
        // A stated weekday outweighs the tense where only one of the two years agrees with it.
        let agrees = |date: Date| day.weekday.is_none_or(|weekday| date.weekday() == weekday);
        Some(if !agrees(first.0) && agrees(second.0) { second } else { first })
    }

    /// "24 February", "the 24th of February", "3-5 March", "3 to 5 March".
    fn day_and_month(&self, at: usize) -> Option<Dated> {
        let at = self.past(at, &["the"]);
        if self.is_alone() && self.are(at, &["ides", "of"]) {
            let (month, end) = self.month(at + 2)?;
            // The Roman ides are the 15th of March, May, July and October, and the 13th of the other months.
            let day = if matches!(month, 3 | 5 | 7 | 10) { 15 } else { 13 };
            return Some(Dated { day, to: None, month, end });
        }
        let (day, next) = self.day_number(at)?;
        let (to, next) = match self.second_day(next) {
            Some((to, next)) => (Some(to), next),
            None => (None, next),
        };
        let next = self.past(next, &["of"]);
        let (month, end) = self.month(next)?;
        Some(Dated { day, to, month, end })
    }

    /// "February 24", "Feb. 24th", "March 3-5", "March 3 to 5".
    fn month_and_day(&self, at: usize) -> Option<Dated> {
        let (month, next) = self.month(at)?;
        let next = self.past(next, &["the"]);
        let (day, end) = self.day_number(next)?;
        match self.second_day(end) {
            // "March 3 to April 5" is two dates.
            Some((to, after)) if to > day && self.month(after).is_none() => {
                Some(Dated { day, to: Some(to), month, end: after })
            }
            _ => Some(Dated { day, to: None, month, end }),
        }
    }

    fn second_day(&self, at: usize) -> Read<i8> {
        let joins = matches!(self.lower(at), "-" | "–" | "—" | "to");
        joins.then(|| self.day_number(at + 1)).flatten()
    }

    /// Reads 1 to 31, also as "24th" or "first".
    pub(super) fn day_number(&self, at: usize) -> Read<i8> {
        let word = self.lower(at);
        if let Some((day, end)) = self.ordinal(at) {
            return Some((day, end));
        }
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let number: i8 = word[..digits].parse().ok().filter(|day| (1..=31).contains(day))?;
        (digits == word.len()).then_some((number, at + 1))
    }

    /// Reads "third", "24th", "twenty-first".
    pub(super) fn ordinal(&self, at: usize) -> Read<i8> {
        let word = self.lower(at);
        if let Some(ordinal) = LEXICON.ordinals.get(word) {
            return Some((*ordinal, at + 1));
        }
        if let Some(&tens) = LEXICON.small.get(word).filter(|tens| matches!(tens, 20 | 30)) {
            let unit_at = self.past(at + 1, &["-"]);
            let unit = *LEXICON.ordinals.get(self.lower(unit_at)).filter(|unit| **unit < 10)?;
            return Some((tens + unit, unit_at + 1)).filter(|(day, _)| *day <= 31);
        }
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let number: i8 = word[..digits].parse().ok().filter(|day| (1..=31).contains(day))?;
        matches!(&word[digits..], "st" | "nd" | "rd" | "th").then_some((number, at + 1))
    }

    /// Reads the name of a month. "May", "March" and short forms must be capital; a full stop may follow.
    pub(super) fn month(&self, at: usize) -> Read<i8> {
        let word = self.lower(at);
        let name = word.strip_suffix('.').unwrap_or(word);
        let is_plain = name.len() > 3 && !matches!(name, "march" | "sept");
        let month = *LEXICON.months.get(name).filter(|_| is_plain || self.is_capital(at))?;
        let stop =
            !word.ends_with('.') && name.len() < 5 && self.lower(at + 1) == "." && self.is_joined(at + 1);
        let next = if stop && at + 2 < self.end { at + 2 } else { at + 1 };
        Some((month, next))
    }

    /// "24 February, a Thursday" is rare; "July 18, Friday" is not.
    fn weekday_behind(&self, at: usize) -> Read<Weekday> {
        let comma =
            if self.lower(at) == "," || self.is_alone() { self.past(at, &[","]) } else { return None };
        let found = self.weekday_name(comma)?;
        matches!(self.lower(found.1), "" | "," | ".").then_some(found)
    }

    /// Reads ", 2022" or "2022" behind a day and a month.
    pub(super) fn year_behind(&self, at: usize) -> (Option<i16>, usize) {
        let comma = self.past(at, &[","]);
        let comma = self.past(comma, &["of"]);
        match self.year_number(comma) {
            Some((year, next)) => (Some(year), next),
            None => (None, at),
        }
    }

    pub(super) fn year_number(&self, at: usize) -> Read<i16> {
        let word = self.lower(at);
        let shaped = word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
        if !shaped {
            return self.year_in_words(at);
        }
        let year: i16 = word.parse().ok()?;
        (1800..2100).contains(&year).then_some((year, at + 1))
    }

    /// "Two thousand ten", where words stand alone.
    fn year_in_words(&self, at: usize) -> Read<i16> {
        if !self.is_alone() || self.lower(at + 1) != "thousand" {
            return None;
        }
        let (year, end) = numbers::plain(self.doc, at)?;
        let year = i16::try_from(year).ok().filter(|year| (1800..2100).contains(year))?;
        Some((year, end))
    }

    /// "14th April 15": a year without its century.
    fn short_year(&self, at: usize) -> Read<i16> {
        let word = self.lower(at).trim_start_matches(['\'', '’']);
        let shaped = word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_digit());
        let free = matches!(self.lower(at + 1), "" | ",");
        if !(shaped && free) {
            return None;
        }
        Some((i16::try_from(century(word.parse().ok()?)).ok()?, at + 1))
    }

    /// Reads "on the 24th", and where words stand alone "the 24".
    pub(super) fn day_of_month(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        let the = self.past(at, &["the"]);
        let (day, end) = if self.is_alone() && the > at { self.day_number(the)? } else { self.ordinal(the)? };
        let end = if self.lower(end) == "day" { end + 1 } else { end };
        let of = self.past(end, &["of"]);
        if let Some(month) = self.month_told(of) {
            let found = Recurring::DayOfMonth(day).within(month.time)?;
            return Some(Core::new(found, "day-of-month", month.end));
        }
        let in_digits = self.lower(the).starts_with(|c: char| c.is_ascii_digit());
        let closed =
            self.lower(end).starts_with(|c: char| !c.is_alphanumeric()) || self.lower(end).is_empty();
        let led = the > at && matches!(lead.word, "on" | "since" | "until" | "by") && in_digits && closed;
        if !(led || self.is_alone() && (the > at || !lead.word.is_empty())) {
            return None;
        }
        Some(Core::new(self.chosen(Recurring::DayOfMonth(day), lead.from..end)?, "day-of-month", end))
    }

    /// Reads "this month", "the next month", "the current month".
    pub(super) fn month_told(&self, at: usize) -> Option<Core> {
        let core = self.unit(self.past(at, &["the"]))?;
        matches!(core.time.when(), When::Month(..)).then_some(core)
    }
}

/// Returns the year with the century in which it is most likely meant: from 1950 to 2049.
fn century(year: u32) -> u32 {
    if year < 50 { 2000 + year } else { 1900 + year }
}

/// Reads three numbers with the same mark between them: their values and lengths, and the length of it all.
fn numeric_parts(text: &str, marks: &[char]) -> Option<([(u32, usize); 3], usize)> {
    let mut parts = [(0, 0); 3];
    let mut at = 0;
    let mut mark = None;
    for (i, part) in parts.iter_mut().enumerate() {
        let digits = text[at..].bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > 4 {
            return None;
        }
        *part = (text[at..at + digits].parse().ok()?, digits);
        at += digits;
        if i < 2 {
            let next = text[at..].chars().next().filter(|c| marks.contains(c))?;
            if *mark.get_or_insert(next) != next {
                return None;
            }
            at += 1;
        }
    }
    let goes_on = text[at..].starts_with(|c: char| c.is_alphanumeric());
    (!goes_on).then_some((parts, at))
}

/// Reads two numbers with a hyphen or slash between them, and perhaps a space on each side of it.
fn two_parts(text: &str) -> Option<([(u32, usize); 2], usize)> {
    let digits = |at: usize| text[at..].bytes().take_while(u8::is_ascii_digit).count();
    let space = |at: usize| usize::from(text[at..].starts_with(' '));
    let first = digits(0);
    let mark = first + space(first);
    if !(text[mark..].starts_with('-') || text[mark..].starts_with('/')) {
        return None;
    }
    let other = mark + 1 + space(mark + 1);
    let second = digits(other);
    if !((1..=4).contains(&first) && (1..=4).contains(&second)) {
        return None;
    }
    let end = other + second;
    let goes_on = text[end..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '-' | ':'))
        || text[end..]
            .trim_start()
            .starts_with(|c: char| c.is_alphabetic() && !text[end..].trim_start().starts_with("at"));
    (!goes_on)
        .then_some(([(text[..first].parse().ok()?, first), (text[other..end].parse().ok()?, second)], end))
}
