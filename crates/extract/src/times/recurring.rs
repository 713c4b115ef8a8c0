//! Times that come again: "Monday", "March", "the 24th", "Easter".

use jiff::civil::{Date, DateTime, Weekday};

use super::holidays::Holiday;
use super::stretch::{Grain, Stretch, midnight};

/// Something of which every year has one or more.
#[derive(Debug, Clone, Copy)]
pub(super) enum Recurring {
    Weekday(Weekday),
    /// From Friday 18:00 on.
    Weekend,
    DayOfMonth(i8),
    /// A month and a day of it.
    Date(i8, i8),
    Month(i8),
    /// 1 to 4.
    Quarter(i8),
    Season(Season),
    Holiday(&'static Holiday),
}

/// A season of the northern hemisphere by the equinoxes and solstices, to the day on which they mostly fall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

/// How many years around the anchor are searched: a 29 February is at most eight years away, since 1900 was no leap
/// year.
const REACH: i16 = 8;

impl Recurring {
    /// Returns all that begin in a year, in order.
    fn in_year(self, year: i16) -> Vec<Stretch> {
        let date = |month: i8, day: i8| Date::new(year, month, day).ok();
        let day = |month, day| date(month, day).and_then(Stretch::day);
        let found = match self {
            Recurring::Weekday(weekday) => return weekly(year, weekday),
            Recurring::Weekend => {
                return weekly(year, Weekday::Friday).into_iter().filter_map(weekend).collect();
            }
            Recurring::DayOfMonth(number) => {
                return (1..=12).filter_map(|month| day(month, number)).collect();
            }
            Recurring::Date(month, number) => day(month, number),
            Recurring::Month(month) => Stretch::month(year, month),
            Recurring::Quarter(quarter) => {
                date(quarter * 3 - 2, 1).and_then(|first| Stretch::of(Grain::Quarter, midnight(first)))
            }
            Recurring::Season(season) => season.of_year(year),
            Recurring::Holiday(holiday) => holiday.of_year(year),
        };
        found.into_iter().collect()
    }

    fn around(self, instant: DateTime) -> impl DoubleEndedIterator<Item = Stretch> {
        let year = instant.year();
        (year.saturating_sub(REACH)..=year.saturating_add(REACH)).flat_map(move |year| self.in_year(year))
    }

    /// Returns the `n`-th, from 0, that begins at an instant or behind it.
    pub(super) fn nth_from(self, instant: DateTime, n: usize) -> Option<Stretch> {
        self.around(instant).filter(|one| one.from >= instant).nth(n)
    }

    /// Returns the `n`-th, from 0, that has ended by an instant, counted back.
    pub(super) fn nth_before(self, instant: DateTime, n: usize) -> Option<Stretch> {
        self.around(instant).rev().filter(|one| one.to <= instant).nth(n)
    }

    /// Returns the one that an instant stands in.
    pub(super) fn holding(self, instant: DateTime) -> Option<Stretch> {
        self.around(instant).find(|one| one.from <= instant && instant < one.to)
    }

    /// Returns the one that lasts, or else the next.
    pub(super) fn coming(self, instant: DateTime) -> Option<Stretch> {
        self.around(instant).find(|one| one.to > instant)
    }

    /// Returns the next day of this that is such a weekday.
    pub(super) fn coming_on(self, weekday: Weekday, instant: DateTime) -> Option<Stretch> {
        self.around(instant).find(|one| one.to > instant && one.first().weekday() == weekday)
    }

    /// Returns the latest that has begun.
    pub(super) fn begun(self, instant: DateTime) -> Option<Stretch> {
        self.around(instant).rev().find(|one| one.from <= instant)
    }

    /// Returns the first that begins within a stretch.
    pub(super) fn within(self, stretch: Stretch) -> Option<Stretch> {
        self.all_within(stretch).into_iter().next()
    }

    /// Returns all that begin within a stretch of at most some years.
    pub(super) fn all_within(self, stretch: Stretch) -> Vec<Stretch> {
        let last = stretch.last().year().min(stretch.first().year().saturating_add(REACH));
        let years = stretch.first().year()..=last;
        years.flat_map(|year| self.in_year(year)).filter(|one| stretch.holds(*one)).collect()
    }

    /// Returns the `n`-th nearest to a stretch, from 0.
    pub(super) fn nearest(self, to: Stretch, n: usize) -> Option<Stretch> {
        let mut all: Vec<Stretch> = self.around(to.from).collect();
        all.sort_by_key(|one| one.distance(to.from));
        all.get(n).copied()
    }
}

fn weekly(year: i16, weekday: Weekday) -> Vec<Stretch> {
    let Ok(first) = Date::new(year, 1, 1) else { return Vec::new() };
    let ahead = i64::from(first.weekday().until(weekday));
    let days = (0..53).filter_map(|week| super::calendar::shifted(first, ahead + 7 * week));
    days.filter(|day| day.year() == year).filter_map(Stretch::day).collect()
}

/// Returns the weekend that begins with a Friday: from 18:00 to the end of Sunday.
fn weekend(friday: Stretch) -> Option<Stretch> {
    Some(Stretch { to: friday.moved(2, Grain::Day)?.to, ..Stretch::hours(friday.first(), 18, 24)? })
}

impl Season {
    pub(super) fn named(word: &str) -> Option<Season> {
        Some(match word {
            "spring" => Season::Spring,
            "summer" => Season::Summer,
            "autumn" | "fall" => Season::Autumn,
            "winter" => Season::Winter,
            _ => return None,
        })
    }

    fn of_year(self, year: i16) -> Option<Stretch> {
        let days = |first: (i8, i8), end_year: i16, last: (i8, i8)| {
            Stretch::days(Date::new(year, first.0, first.1).ok()?, Date::new(end_year, last.0, last.1).ok()?)
        };
        match self {
            Season::Spring => days((3, 20), year, (6, 20)),
            Season::Summer => days((6, 21), year, (9, 23)),
            Season::Autumn => days((9, 23), year, (12, 20)),
            Season::Winter => days((12, 21), year.checked_add(1)?, (3, 20)),
        }
    }
}
