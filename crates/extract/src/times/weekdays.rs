//! Weekdays and weekends.

use std::ops::Range;

use jiff::civil::{Date, Weekday};

use super::LEXICON;
use super::calendar;
use super::phrase::{Core, Lead, Read, Words};
use super::recurring::Recurring;
use super::stretch::{Stretch, midnight};
use super::tense::{self, Tense};

impl Words<'_, '_> {
    pub(super) fn weekday_name(&self, at: usize) -> Read<Weekday> {
        let word = self.lower(at);
        let name = word.strip_suffix('.').unwrap_or(word);
        let weekday = *LEXICON.weekdays.get(name).filter(|_| name.ends_with("day") || self.is_capital(at))?;
        // "Sun" and "Sat" are words of their own; without a full stop and a date they are no days.
        let short = !name.ends_with("day");
        if !short {
            return Some((weekday, at + 1));
        }
        let dotted = if self.lower(at + 1) == "." && self.is_joined(at + 1) { at + 2 } else { at + 1 };
        let comma = self.past(dotted, &[","]);
        let dated = self.is_alone()
            || self.month(comma).is_some()
            || self.day_number(comma).is_some_and(|(_, next)| self.month(next).is_some());
        dated.then_some((weekday, dotted))
    }

    pub(super) fn weekday(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        let anchor = self.today()?;
        if let Some(core) = self.week_and_weekday(at) {
            return Some(core);
        }
        let (modifier, name_at) = match self.lower(at) {
            word @ ("last" | "next" | "this" | "coming" | "past" | "previous" | "upcoming") => (word, at + 1),
            "the" if matches!(self.lower(at + 1), "coming" | "previous" | "following" | "next" | "last") => {
                if !self.is_alone() {
                    return None;
                }
                (self.lower(at + 1), at + 2)
            }
            _ => ("", at),
        };
        let (weekday, name_end) = self.weekday_name(name_at)?;
        if self.is_alone() {
            return self.weekday_alone(weekday, modifier, name_end);
        }
        let end = name_end;
        let (day, rule, end) = match modifier {
            "last" | "past" => (calendar::last(weekday, anchor)?, "weekday-last", end),
            "next" | "coming" => (calendar::coming(weekday, anchor)?, "weekday-next", end),
            "previous" | "upcoming" => return None,
            _ => match self.week_behind(end) {
                Some((weeks, end)) => (self.weekday_of_week(weekday, weeks)?, "weekday-of-week", end),
                None => {
                    let (day, rule) = self.by_tense(weekday, lead.from..end)?;
                    (day, rule, end)
                }
            },
        };
        Core::day(day, rule, end)
    }

    /// A weekday that stands alone lies ahead; "next Wednesday" is that of next week, "Friday after next" the second.
    fn weekday_alone(&self, weekday: Weekday, modifier: &str, end: usize) -> Option<Core> {
        let anchor = self.today()?;
        if self.are(end, &["after", "next"]) {
            let tomorrow = midnight(anchor.tomorrow().ok()?);
            return Some(Core::new(
                Recurring::Weekday(weekday).nth_from(tomorrow, 1)?,
                "weekday-next",
                end + 2,
            ));
        }
        // "Friday the 13th": the next day of that number which is one.
        let the = self.past(end, &["the"]);
        if let Some((number, end)) = self.ordinal(the) {
            let day = Recurring::DayOfMonth(number).coming_on(weekday, midnight(anchor))?;
            return Some(Core::new(day, "weekday-and-day", end));
        }
        let (day, rule) = match modifier {
            "last" | "past" | "previous" => (calendar::last(weekday, anchor)?, "weekday-last"),
            "next" | "following" => (self.weekday_of_week(weekday, 1)?, "weekday-next"),
            _ => match self.week_behind(end) {
                Some((weeks, end)) => {
                    return Core::day(self.weekday_of_week(weekday, weeks)?, "weekday-of-week", end);
                }
                None => (calendar::coming(weekday, anchor)?, "weekday-future"),
            },
        };
        Core::day(day, rule, end)
    }

    /// "Last week's Sunday".
    fn week_and_weekday(&self, at: usize) -> Option<Core> {
        let weeks = weeks_by(self.lower(at))?;
        if self.lower(at + 1) != "week" || !self.is_possessive(at + 2) {
            return None;
        }
        let (weekday, end) = self.weekday_name(at + 3)?;
        Core::day(self.weekday_of_week(weekday, weeks)?, "weekday-of-week", end)
    }

    pub(super) fn is_possessive(&self, at: usize) -> bool {
        matches!(self.lower(at), "'s" | "’s")
    }

    fn by_tense(&self, weekday: Weekday, tokens: Range<usize>) -> Option<(Date, &'static str)> {
        let anchor = self.today()?;
        match tense::around(self.doc, &tokens) {
            Tense::Past => Some((calendar::latest(weekday, anchor)?, "weekday-past")),
            // "Later on Wednesday" may still be today.
            Tense::Future if self.lower(tokens.start) == "later" => {
                Some((calendar::coming(weekday, calendar::shifted(anchor, -1)?)?, "weekday-future"))
            }
            Tense::Future => Some((calendar::coming(weekday, anchor)?, "weekday-future")),
        }
    }

    /// "Of last week", "next week" behind a weekday.
    fn week_behind(&self, at: usize) -> Read<i64> {
        let of = if self.is_alone() { &["of", "from", "-", "in"][..] } else { &["of"] };
        let at = self.past(at, of);
        let weeks = weeks_by(self.lower(at))
            .filter(|_| self.is_alone() || !matches!(self.lower(at), "previous" | "coming"))?;
        (self.lower(at + 1) == "week").then_some((weeks, at + 2))
    }

    fn weekday_of_week(&self, weekday: Weekday, weeks: i64) -> Option<Date> {
        let monday = calendar::week(self.today()?, weeks)?;
        calendar::shifted(monday, i64::from(Weekday::Monday.until(weekday)))
    }

    /// Reads "weekend", "week-end", "week end".
    pub(super) fn weekend_word(&self, at: usize) -> Option<usize> {
        self.after(at, &[&["weekend"], &["week-end"], &["week", "-", "end"], &["week", "end"]])
    }

    /// The latest Saturday and Sunday, or the coming ones if the words point ahead. Where words stand alone a weekend
    /// begins on Friday at 18:00.
    pub(super) fn weekend(&self, tokens: Range<usize>, by: i64) -> Option<Stretch> {
        let anchor = self.today()?;
        if self.is_alone() {
            let monday = midnight(calendar::week(anchor, by)?);
            return Recurring::Weekend.nth_from(monday, 0);
        }
        let saturday = match tense::around(self.doc, &tokens) {
            _ if by < 0 => calendar::last(Weekday::Saturday, calendar::shifted(anchor, -1)?)?,
            Tense::Past => calendar::latest(Weekday::Saturday, anchor)?,
            Tense::Future => calendar::coming(Weekday::Saturday, anchor)?,
        };
        Stretch::days(saturday, calendar::shifted(saturday, 1)?)
    }
}

fn weeks_by(word: &str) -> Option<i64> {
    match word {
        "last" | "previous" => Some(-1),
        "this" => Some(0),
        "next" | "coming" => Some(1),
        _ => None,
    }
}
