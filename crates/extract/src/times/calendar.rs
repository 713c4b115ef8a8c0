//! Days of the civil calendar, reckoned from an anchor.

use jiff::civil::{Date, Weekday};

/// Moves a day forward, or back if `days` is negative; `None` past the ends of the calendar.
pub(super) fn shifted(day: Date, days: i64) -> Option<Date> {
    day.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// Returns the latest `weekday` in the seven days that end with the anchor: news of a Wednesday that says "on
/// Wednesday" means that same day (standards 7.2).
pub(super) fn latest(weekday: Weekday, anchor: Date) -> Option<Date> {
    shifted(anchor, -i64::from(weekday.until(anchor.weekday())))
}

/// Returns the first `weekday` after the anchor.
pub(super) fn coming(weekday: Weekday, anchor: Date) -> Option<Date> {
    let ahead = match anchor.weekday().until(weekday) {
        0 => 7,
        ahead => ahead,
    };
    shifted(anchor, i64::from(ahead))
}

/// Returns the latest `weekday` strictly before the anchor.
pub(super) fn last(weekday: Weekday, anchor: Date) -> Option<Date> {
    latest(weekday, shifted(anchor, -1)?)
}

/// Returns the Monday of the week that holds the day `weeks` weeks from the anchor.
pub(super) fn week(anchor: Date, weeks: i64) -> Option<Date> {
    latest(Weekday::Monday, shifted(anchor, weeks.checked_mul(7)?)?)
}

/// A day of a month whose year is not stated.
#[derive(Debug, Clone, Copy)]
pub(super) struct Yearless {
    pub(super) month: i8,
    pub(super) day: i8,
    /// The weekday that is stated with it: of two years, it is the one where they agree.
    pub(super) weekday: Option<Weekday>,
}

impl Yearless {
    /// Returns the latest such day that is not after the anchor.
    pub(super) fn latest(self, anchor: Date) -> Option<Date> {
        // Eight years hold a 29 February in any case: 1900 was no leap year.
        self.first_of((0..=8).map(|back| -back), |day| day <= anchor, anchor)
    }

    /// Returns the first such day from the anchor on.
    pub(super) fn coming(self, anchor: Date) -> Option<Date> {
        self.first_of(0..=8, |day| day >= anchor, anchor)
    }

    fn first_of(
        self,
        years: impl Iterator<Item = i16>,
        fits: impl Fn(Date) -> bool,
        anchor: Date,
    ) -> Option<Date> {
        let days: Vec<Date> = years
            .filter_map(|years| Date::new(anchor.year().checked_add(years)?, self.month, self.day).ok())
            .filter(|day| fits(*day))
            .collect();
        let agrees = |day: &&Date| self.weekday.is_none_or(|weekday| day.weekday() == weekday);
        days.iter().take(2).find(agrees).or(days.first()).copied()
    }
}
