//! Times of day and parts of a day, in words and in digits.

use jiff::civil::Date;

use super::LEXICON;
use super::clock::{self, Clock, Half};
use super::phrase::{Core, Lead, Read, Words};
use super::recurring::Recurring;
use super::stretch::{Grain, Stretch};
use crate::numbers;

impl Words<'_, '_> {
    /// Reads a time of day: "3 p.m.", "half past three", "noon", "nine fifteen".
    pub(super) fn clock(&self, at: usize) -> Read<Clock> {
        if at >= self.end {
            return None;
        }
        let (clock, end) = self
            .noon(at)
            .or_else(|| self.past_or_to(at))
            .or_else(|| self.clock_in_digits(at))
            .or_else(|| self.clock_in_words(at))?;
        Some(self.with_zone(clock, end))
    }

    fn clock_in_digits(&self, at: usize) -> Read<Clock> {
        let start = self.doc.tokens().get(at).filter(|_| at < self.end)?.start();
        let text = self.doc.text();
        if text[..start]
            .chars()
            .next_back()
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '$' | '€' | '£'))
        {
            return None;
        }
        let (clock, length) = clock::in_digits(&text[start..])?;
        let end = self.token_end(start + length)?;
        if let Some(spaced) = self.spaced_minutes(clock, end) {
            return Some(spaced);
        }
        Some((clock, end))
    }

    /// "At 3 15": minutes behind the hour, where words stand alone.
    fn spaced_minutes(&self, hour: Clock, at: usize) -> Read<Clock> {
        let word = self.lower(at);
        let two = word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_digit());
        let fits = self.is_alone() && two && hour.grain == Grain::Hour && !hour.sure && !self.is_joined(at);
        let minute: i8 = if fits { word.parse().ok().filter(|minute| *minute < 60)? } else { return None };
        Some((Clock::new(hour.time.hour(), minute, Grain::Minute)?, at + 1))
    }

    /// Returns the token that begins at a byte or behind it; `None` if the byte is inside a token or past the sentence.
    pub(super) fn token_end(&self, byte: usize) -> Option<usize> {
        let end = self.doc.token_at(byte);
        let inside = self.doc.tokens().get(end).is_some_and(|token| token.start() < byte);
        (!inside && end <= self.end).then_some(end)
    }

    fn noon(&self, at: usize) -> Read<Clock> {
        let at = self.past(at, &["the"]);
        let (hour, end) = match self.lower(at) {
            "noon" | "midday" | "noontime" => (12, at + 1),
            "mid" if self.lower(at + 1) == "day" => (12, at + 2),
            "midnight" => (0, at + 1),
            _ => return None,
        };
        let clock = Clock::new(hour, 0, Grain::Hour)?;
        Some((Clock { half: Half::Whole, sure: true, ..clock }, end))
    }

    /// "A quarter past 3", "20 minutes to noon", "half past three", and British "half three".
    fn past_or_to(&self, at: usize) -> Read<Clock> {
        let at = self.past(at, &["a"]);
        let (minutes, next) = match self.lower(at) {
            "half" => (30, at + 1),
            "quarter" => (15, at + 1),
            _ => {
                let (count, next) =
                    numbers::plain(self.doc, at).filter(|(count, _)| (1..60).contains(count))?;
                (i64::try_from(count).ok()?, self.past(next, &["minutes", "minute", "mins", "min"]))
            }
        };
        let sign = match self.lower(next) {
            "past" | "after" => 1,
            "to" | "before" | "till" => -1,
            _ if self.lower(at) == "half" && self.is_alone() => {
                let (hour, end) = self.hour(next)?;
                return Some((hour.moved(30)?, end));
            }
            _ => return None,
        };
        let (hour, end) = self.hour(next + 1)?;
        // "15 to 20 people" is no time: the hour must be one by itself, or the minutes must be called so.
        let told =
            hour.sure || self.is_alone() || next > at + 1 || matches!(self.lower(at), "half" | "quarter");
        let ranged = self.lower(next) == "to"
            && next == at + 1
            && hour.grain == Grain::Hour
            && hour.half != Half::Whole
            && (!self.is_alone() || self.lower(at).starts_with(|c: char| c.is_ascii_digit()));
        if !told || ranged {
            return None;
        }
        Some((Clock { sure: true, ..hour.moved(sign * minutes)? }, end))
    }

    /// Reads an hour without minutes.
    fn hour(&self, at: usize) -> Read<Clock> {
        self.noon(at)
            .or_else(|| self.clock_in_digits(at))
            .or_else(|| self.clock_in_words(at))
            .filter(|(clock, _)| clock.grain == Grain::Hour)
    }

    /// "Three", "nine fifteen", "twelve oh three", with "a.m." or "o'clock" behind it.
    fn clock_in_words(&self, at: usize) -> Read<Clock> {
        let (hour, next) = self.small(at).filter(|(hour, _)| (1..=12).contains(hour))?;
        let joined = self.past(next, &["-"]);
        let (clock, next) = match self.minutes(joined) {
            Some((minute, end)) if self.is_alone() => (Clock::new(hour, minute, Grain::Minute)?, end),
            _ => (Clock::new(hour, 0, Grain::Hour)?, next),
        };
        if let Some((half, end)) = self.meridian(next) {
            return Some((clock.in_half(half)?, end));
        }
        let told = self.after(next, &[&["o'clock"], &["o’clock"], &["oclock"]]);
        match told {
            Some(end) => match self.meridian(end) {
                Some((half, end)) => Some((clock.in_half(half)?, end)),
                None => Some((Clock { sure: true, ..clock }, end)),
            },
            None => self.is_alone().then_some((clock, next)),
        }
    }

    /// Reads "a.m.", "pm", "p m" behind a word.
    fn meridian(&self, at: usize) -> Read<Half> {
        let half = |letter: &str| if letter.starts_with('a') { Half::Morning } else { Half::Afternoon };
        let word = self.lower(at);
        match word {
            "am" | "a.m." | "a.m" | "pm" | "p.m." | "p.m" => Some((half(word), at + 1)),
            "a" | "p" if self.lower(at + 1) == "m" => Some((half(word), at + 2)),
            _ => None,
        }
    }

    fn minutes(&self, at: usize) -> Read<i8> {
        if matches!(self.lower(at), "zero" | "o" | "oh" | "ou") {
            let next = self.past(at + 1, &["-"]);
            return self.small(next).filter(|(minute, _)| *minute < 10);
        }
        self.small(at).filter(|(minute, _)| (10..60).contains(minute))
    }

    /// Reads a number in words under 60: "fifty nine".
    fn small(&self, at: usize) -> Read<i8> {
        let number = |word: &str| LEXICON.small.get(word).copied();
        let first = number(self.lower(at))?;
        let unit = self.past(at + 1, &["-"]);
        match number(self.lower(unit)) {
            Some(second) if first >= 20 && (1..10).contains(&second) => Some((first + second, unit + 1)),
            _ => Some((first, at + 1)),
        }
    }

    /// Passes the zone that is stated behind a time; nothing is converted.
    fn with_zone(&self, clock: Clock, at: usize) -> (Clock, usize) {
        let open = self.past(at, &["("]);
        if let Some(end) = self.after(open, &[&["local", "time"]]) {
            return (Clock { sure: true, ..clock }, self.past(end, if open > at { &[")"] } else { &[] }));
        }
        if clock.grain == Grain::Hour && !clock.sure && !self.is_alone()
            || !LEXICON.zones.contains(self.lower(open))
        {
            return (clock, at);
        }
        let sign = self.past(open + 1, &["+", "-"]);
        let end = if sign > open + 1 && self.lower(sign).bytes().all(|byte| byte.is_ascii_digit()) {
            sign + 1
        } else {
            open + 1
        };
        let end = if open > at { self.past(end, &[")"]) } else { end };
        (Clock { sure: true, ..clock }, end)
    }

    /// Reads "in the afternoon" behind a time of day.
    pub(super) fn half_behind(&self, at: usize) -> Read<Half> {
        let part_at = self.after(at, &[&["in", "the"], &["at"], &["this"]])?;
        let &(from, _) = LEXICON.parts_of_day.get(self.lower(part_at))?;
        let half = if from >= 12 { Half::Afternoon } else { Half::Morning };
        Some((half, part_at + 1))
    }

    /// Reads the part of a day that stands behind the day: "morning", "in the evening", "at lunch".
    pub(super) fn part_behind(&self, at: usize, day: Date) -> Read<Stretch> {
        let comma = if self.is_alone() { self.past(at, &[","]) } else { at };
        if let Some(end) = self.after(
            comma,
            &[
                &["in", "the", "early", "hours", "of", "the", "morning"],
                &["early", "in", "the", "morning"],
                &["in", "the", "early", "morning"],
                &["early", "morning"],
                &["in", "the", "early", "hours"],
            ],
        ) {
            return Some((Stretch::hours(day, 0, 9)?, end));
        }
        let part_at = self.after(comma, &[&["in", "the"], &["at"], &["during", "the"]]).unwrap_or(comma);
        let part_at = self.past(part_at, &["late"]);
        let &(from, to) = LEXICON.parts_of_day.get(self.lower(part_at))?;
        // "At night" behind a day may be any night; "at noon" is a time.
        if part_at > comma && !self.is_alone() && self.lower(part_at) == "night" || to == from {
            return None;
        }
        Some((Stretch::hours(day, from, to)?, part_at + 1))
    }

    /// Reads a part of the day on its own: "this morning", "tonight", "in the morning", "after lunch".
    pub(super) fn part_of_day(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        if !self.is_alone() {
            return None;
        }
        let today = self.today()?;
        let the = self.past(at, &["the"]);
        if let Some(end) =
            self.after(the, &[&["early", "morning"], &["early", "hours", "of", "the", "morning"]])
        {
            return Some(Core::new(Stretch::hours(today, 0, 9)?, "part-of-day", end));
        }
        let part_at = self.past(the, &["this", "early", "late"]);
        let word = self.lower(part_at);
        if lead.word == "after" && word == "lunch" {
            return Some(Core::new(Stretch::hours(today, 13, 17)?, "part-of-day-after", part_at + 1));
        }
        if lead.word == "after" && word == "work" {
            return Some(Core::new(Stretch::hours(today, 17, 21)?, "part-of-day-after", part_at + 1));
        }
        let &(from, to) = LEXICON.parts_of_day.get(word).filter(|(from, to)| from < to)?;
        // "The morning of 3 March", "morning of the 5th".
        let of = self.past(part_at + 1, &["of", "on"]);
        if of > part_at + 1 {
            let lead = Lead { word: "on", from: at, edge: super::phrase::Edge::None };
            let day =
                self.core(of, lead).filter(|core| core.time.grain == Grain::Day && core.time.is_one())?;
            return Some(Core::new(Stretch::hours(day.time.first(), from, to)?, "part-of-day", day.end));
        }
        if let Some((weekday, end)) = self.weekday_name(part_at + 1) {
            let day = self.chosen(Recurring::Weekday(weekday), at..end)?;
            return Some(Core::new(Stretch::hours(day.first(), from, to)?, "part-of-day", end));
        }
        Some(Core::new(Stretch::hours(today, from, to)?, "part-of-day", part_at + 1))
    }
}
