//! Stretches of time, reckoned in civil days and hours without a zone.

use jiff::Span;
use jiff::civil::{Date, DateTime, Time, Weekday};
use model::{Hours, When};

use super::calendar;

/// The unit in which a time is told: "on Monday" is told in days, "in March" in months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grain {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Grain {
    /// Returns the next finer unit.
    pub(super) fn finer(self) -> Grain {
        match self {
            Grain::Second | Grain::Minute => Grain::Second,
            Grain::Hour => Grain::Minute,
            Grain::Day => Grain::Hour,
            Grain::Week | Grain::Month => Grain::Day,
            Grain::Quarter | Grain::Year => Grain::Month,
        }
    }

    fn span(self, count: i64) -> Option<Span> {
        let span = Span::new();
        match self {
            Grain::Second => span.try_seconds(count),
            Grain::Minute => span.try_minutes(count),
            Grain::Hour => span.try_hours(count),
            Grain::Day => span.try_days(count),
            Grain::Week => span.try_weeks(count),
            Grain::Month => span.try_months(count),
            Grain::Quarter => span.try_months(count.checked_mul(3)?),
            Grain::Year => span.try_years(count),
        }
        .ok()
    }

    /// Returns the start of the unit that holds an instant. Weeks begin on Monday (ISO 8601-1, 3.1.1.23).
    fn floor(self, instant: DateTime) -> Option<DateTime> {
        let day = instant.date();
        let (hour, minute, second) = (instant.hour(), instant.minute(), instant.second());
        Some(match self {
            Grain::Second => day.at(hour, minute, second, 0),
            Grain::Minute => day.at(hour, minute, 0, 0),
            Grain::Hour => day.at(hour, 0, 0, 0),
            Grain::Day => midnight(day),
            Grain::Week => midnight(calendar::latest(Weekday::Monday, day)?),
            Grain::Month => midnight(day.first_of_month()),
            Grain::Quarter => midnight(Date::new(day.year(), (day.month() - 1) / 3 * 3 + 1, 1).ok()?),
            Grain::Year => midnight(day.first_of_year()),
        })
    }
}

/// Returns the first instant of a day.
pub(super) fn midnight(day: Date) -> DateTime {
    day.to_datetime(Time::midnight())
}

/// Moves an instant by a number of units, back if it is negative; `None` past the ends of the calendar.
pub(super) fn moved(instant: DateTime, count: i64, unit: Grain) -> Option<DateTime> {
    instant.checked_add(unit.span(count)?).ok()
}

/// A stretch of time, told in units of `grain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Its first instant.
    pub(super) from: DateTime,
    /// The instant behind its last.
    pub(super) to: DateTime,
    pub(super) grain: Grain,
}

impl Stretch {
    /// Returns the unit that holds an instant.
    pub(super) fn of(grain: Grain, instant: DateTime) -> Option<Stretch> {
        Stretch::units(grain, grain.floor(instant)?, 1)
    }

    /// Returns `count` units from an instant on.
    pub(super) fn units(grain: Grain, from: DateTime, count: i64) -> Option<Stretch> {
        Some(Stretch { from, to: moved(from, count, grain)?, grain })
    }

    pub(super) fn day(day: Date) -> Option<Stretch> {
        Stretch::of(Grain::Day, midnight(day))
    }

    /// Returns the days from the first to the last, both included.
    pub(super) fn days(first: Date, last: Date) -> Option<Stretch> {
        Some(Stretch { from: midnight(first), to: midnight(calendar::shifted(last, 1)?), grain: Grain::Day })
    }

    pub(super) fn month(year: i16, month: i8) -> Option<Stretch> {
        Stretch::of(Grain::Month, midnight(Date::new(year, month, 1).ok()?))
    }

    pub(super) fn year(year: i16) -> Option<Stretch> {
        Stretch::of(Grain::Year, midnight(Date::new(year, 1, 1).ok()?))
    }

    /// Returns the hours of a day from one to another; 24 ends the day.
    pub(super) fn hours(day: Date, from: i8, to: i8) -> Option<Stretch> {
        let end = moved(midnight(day), i64::from(to), Grain::Hour)?;
        Some(Stretch { from: day.at(from, 0, 0, 0), to: end, grain: Grain::Hour })
    }

    /// Moves both ends by a number of units.
    pub(super) fn moved(self, count: i64, unit: Grain) -> Option<Stretch> {
        Some(Stretch { from: moved(self.from, count, unit)?, to: moved(self.to, count, unit)?, ..self })
    }

    /// Returns the one unit that begins where this begins: months and years differ in length.
    pub(super) fn again(self, grain: Grain) -> Option<Stretch> {
        Stretch::units(grain, self.from, 1)
    }

    /// Returns the first day.
    pub(super) fn first(self) -> Date {
        self.from.date()
    }

    /// Returns the last day.
    pub(super) fn last(self) -> Date {
        let ends_a_day = self.to.time() == Time::midnight() && self.to > self.from;
        let day = self.to.date();
        if ends_a_day { day.yesterday().unwrap_or(day) } else { day }
    }

    /// Returns the days of this stretch, in the precision in which they are told.
    pub(super) fn when(self) -> When {
        let first = self.first();
        match self.grain {
            Grain::Month if self.is_one() => When::Month(first.year(), first.month()),
            Grain::Year if self.is_one() => When::Year(first.year()),
            _ => When::between(first, self.last()),
        }
    }

    /// Returns the time of day, if this is told in hours or finer.
    pub(super) fn clock(self) -> Option<Hours> {
        if self.grain >= Grain::Day {
            return None;
        }
        let to = (!self.is_one()).then_some(self.to.time());
        Some(Hours { from: self.from.time(), to })
    }

    /// Tells whether this is one unit long.
    pub(super) fn is_one(self) -> bool {
        moved(self.from, 1, self.grain) == Some(self.to)
    }

    /// Returns how far an instant is from this stretch, in seconds.
    pub(super) fn distance(self, instant: DateTime) -> i64 {
        let seconds = |from: DateTime, to: DateTime| (to.duration_since(from)).as_secs();
        if instant < self.from {
            seconds(instant, self.from)
        } else if instant >= self.to {
            seconds(self.to, instant) + 1
        } else {
            0
        }
    }

    /// Tells whether another stretch begins in this one.
    pub(super) fn holds(self, other: Stretch) -> bool {
        self.from <= other.from && other.from < self.to
    }
}

/// Returns the stretch from the same day `months` months ago to the anchor.
pub(super) fn months_up_to(anchor: Date, months: i64) -> Option<Stretch> {
    let from = anchor.checked_sub(Span::new().try_months(months).ok()?).ok()?;
    Stretch::days(from, anchor)
}
