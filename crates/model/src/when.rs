use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time};

use crate::Span;

/// A time as precisely as it is known: a day, a month, a year, or a stretch from one day to another.
///
/// Written as in the Extended Date/Time Format (ISO 8601-2:2019): `2022-03-23`, `2022-03`, `2022`,
/// `2022-03-21/2022-03-23`. Days are those of the place that the report speaks from; no zone is converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum When {
    /// One day.
    Day(Date),
    /// Some day of a month; the month is 1 to 12.
    Month(i16, i8),
    /// Some day of a year.
    Year(i16),
    /// From the first day to the second, both included; the first is not after the second.
    Interval(Date, Date),
}

/// The text given is not a day, month, year or interval.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a date: expected YYYY-MM-DD, YYYY-MM, YYYY or two days with a slash between them")]
pub struct NotADate(pub String);

/// A stretch of time that may be open at either end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Period {
    /// The first day, if it is known.
    pub from: Option<Date>,
    /// The last day, if it is known.
    pub to: Option<Date>,
}

/// A time of day, or hours of a day: "at 3 p.m.", "between 9:30 and 11", "in the morning".
///
/// Written as in ISO 8601-1: `15:00`, `09:30/11:00`; the end of a day is `24:00`. The clock is that of the place that the
/// words speak of; a zone that is stated is not converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hours {
    /// The time, or when the hours begin. Of more than one day, this is on the first.
    pub from: Time,
    /// When the hours end, on the last day; midnight is the end of that day. A point in time has none.
    pub to: Option<Time>,
}

/// Whether something is told to lie at a time, or only on one side of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Bound {
    /// In the time itself: "on Monday".
    #[default]
    Within,
    /// From it on: "since Monday", "after Monday".
    After,
    /// Up to it: "until Monday", "before Monday".
    Before,
}

/// A time named in a report, and what it was resolved to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeMention {
    /// The words, such as "on Wednesday".
    pub span: Span,
    /// The days they stand for.
    pub when: When,
    /// The time of day, if the words tell it.
    pub hours: Option<Hours>,
    /// The side of the time that the words speak of.
    pub bound: Bound,
    /// The rule that resolved them, such as `weekday-past`.
    pub rule: &'static str,
}

impl When {
    /// Makes an interval, with the two days put in order.
    pub fn between(one: Date, other: Date) -> When {
        if one == other { When::Day(one) } else { When::Interval(one.min(other), one.max(other)) }
    }

    /// Returns the first day it may be.
    pub fn first(&self) -> Date {
        match *self {
            When::Day(day) | When::Interval(day, _) => day,
            When::Month(year, month) => Date::new(year, month, 1).unwrap_or(Date::MIN),
            When::Year(year) => Date::new(year, 1, 1).unwrap_or(Date::MIN),
        }
    }

    /// Returns the last day it may be.
    pub fn last(&self) -> Date {
        match *self {
            When::Day(day) | When::Interval(_, day) => day,
            When::Month(..) => self.first().last_of_month(),
            When::Year(year) => Date::new(year, 12, 31).unwrap_or(Date::MAX),
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            When::Day(day) => write!(f, "{day}"),
            When::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            When::Year(year) => write!(f, "{year:04}"),
            When::Interval(from, to) => write!(f, "{from}/{to}"),
        }
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let write = |f: &mut fmt::Formatter<'_>, time: Time| match time.second() {
            0 => write!(f, "{:02}:{:02}", time.hour(), time.minute()),
            second => write!(f, "{:02}:{:02}:{second:02}", time.hour(), time.minute()),
        };
        write(f, self.from)?;
        match self.to {
            None => Ok(()),
            Some(to) if to == Time::midnight() => f.write_str("/24:00"),
            Some(to) => {
                f.write_str("/")?;
                write(f, to)
            }
        }
    }
}

impl Bound {
    /// Returns the name that formats use.
    pub fn name(self) -> &'static str {
        match self {
            Bound::Within => "within",
            Bound::After => "after",
            Bound::Before => "before",
        }
    }

    /// Finds the bound of that name.
    pub fn from_name(name: &str) -> Option<Bound> {
        [Bound::Within, Bound::After, Bound::Before].into_iter().find(|bound| bound.name() == name)
    }
}

impl FromStr for When {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<When, NotADate> {
        let not = || NotADate(text.to_owned());
        if let Some((from, to)) = text.split_once('/') {
            return Ok(When::between(day(from).ok_or_else(not)?, day(to).ok_or_else(not)?));
        }
        let digits = |part: &str, n| part.len() == n && part.bytes().all(|byte| byte.is_ascii_digit());
        match text.split('-').collect::<Vec<_>>()[..] {
            [year] if digits(year, 4) => Ok(When::Year(year.parse().map_err(|_| not())?)),
            [year, month] if digits(year, 4) && digits(month, 2) => {
                let (year, month) = (year.parse().map_err(|_| not())?, month.parse().map_err(|_| not())?);
                Date::new(year, month, 1).map_err(|_| not())?;
                Ok(When::Month(year, month))
            }
            _ => Ok(When::Day(day(text).ok_or_else(not)?)),
        }
    }
}

/// Reads `YYYY-MM-DD` and nothing else.
fn day(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(i, byte)| if i == 4 || i == 7 { *byte == b'-' } else { byte.is_ascii_digit() });
    if !shaped {
        return None;
    }
    Date::new(text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_and_read_back() {
        for text in ["2022-03-23", "2022-03", "2022", "2022-03-21/2022-03-23"] {
            assert_eq!(text.parse::<When>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in ["9999-99-99", "2022-02-30", "2022-13", "22-03-01", "", "2022-03-2x", "2022-03-21/"] {
            assert!(text.parse::<When>().is_err(), "{text}");
        }
    }

    #[test]
    fn hours_are_written_as_times_of_day() {
        let time = |hour, minute| Time::new(hour, minute, 0, 0).unwrap();
        let written = |from, to| Hours { from, to }.to_string();
        assert_eq!(written(time(15, 0), None), "15:00");
        assert_eq!(written(time(9, 30), Some(time(11, 0))), "09:30/11:00");
        assert_eq!(written(time(18, 0), Some(time(0, 0))), "18:00/24:00");
    }

    #[test]
    fn first_and_last_day() {
        let february: When = "2024-02".parse().unwrap();
        assert_eq!(
            (february.first().to_string(), february.last().to_string()),
            ("2024-02-01".into(), "2024-02-29".into())
        );
    }
}
