//! Phrases that name a time, with the value that Duckling's own corpus gives them.

use std::path::Path;

use extract::Setting;
use jiff::civil::{Date, DateTime, Time, date};
use model::{Bound, Hours, TimeMention, When};
use serde::Deserialize;

use crate::counts::share;
use crate::rows::rows;
use crate::{Corpus, Error, Measured};

/// Measures the share of phrases that are given the value of Duckling's corpus, exactly.
///
/// The rows are those of the dimension `Time`; English are all locales that begin with `EN`. Each phrase is read on its
/// own with the reference time of that corpus, Tuesday 2013-02-12 at 04:30 (Friday 2013-02-15 in its section
/// `diffCorpus`) and the country of its locale. A phrase is right if
/// all of it is read as one time, and that has the same
/// - days: one day, a month, a year, or the first and last day of a stretch. Weeks, quarters and seasons are stretches;
///   grains under a day are not told apart from each other;
/// - time of day or hours, or none. Where Duckling counts the last minute or hour of a stretch in ("9:30 - 11:00" ends
///   at 11:01), an end without it is right too;
/// - side, for what is open at one end ("since 2014").
///
/// Zones are not converted, and names of holidays are not compared.
pub(crate) const DATES_DUCKLING: Corpus =
    Corpus { name: "dates-duckling", file: "dates-duckling.jsonl", measure };

#[derive(Deserialize)]
struct Row {
    dimension: String,
    locale: String,
    section: String,
    text: String,
    expected: String,
}

fn measure(corpora: &Path) -> Result<Vec<Measured>, Error> {
    let rows: Vec<Row> = rows(&corpora.join(DATES_DUCKLING.file))?;
    let measured = |measure: &'static str, language: &str| {
        let (mut right, mut n) = (0, 0);
        for row in rows.iter().filter(|row| row.dimension == "Time" && row.locale.starts_with(language)) {
            let reference = if row.section == "diffCorpus" { FRIDAY } else { TUESDAY };
            let country = row.locale.split_once('/').map(|(_, country)| country);
            let setting = Setting { now: reference, country };
            right += usize::from(is_right(&row.text, &row.expected, &setting));
            n += 1;
        }
        Measured { measure, value: share(right, n), n }
    };
    Ok(vec![
        measured("english.value_accuracy", "EN"),
        measured("ukrainian.value_accuracy", "UK"),
        measured("russian.value_accuracy", "RU"),
    ])
}

const TUESDAY: DateTime = date(2013, 2, 12).at(4, 30, 0, 0);
const FRIDAY: DateTime = date(2013, 2, 15).at(4, 30, 0, 0);

fn is_right(text: &str, expected: &str, setting: &Setting<'_>) -> bool {
    let found = extract::read_time(text, setting);
    let expected = Value::read(expected);
    found.zip(expected).is_some_and(|(found, expected)| expected.agrees(&found))
}

/// A value as Duckling's corpus writes it.
#[derive(Debug)]
struct Value {
    from: DateTime,
    /// The instant behind the last; a point has none.
    to: Option<DateTime>,
    grain: String,
    bound: Bound,
}

impl Value {
    /// Reads `datetime (2013, 2, 12, 0, 0, 0) Day`, `datetimeInterval ((…), (…)) Hour`,
    /// `datetimeOpenInterval After (…) Year` and the two forms for holidays, which end with a name.
    fn read(text: &str) -> Option<Value> {
        let (kind, rest) = text.split_once(' ')?;
        let bound = match rest.split_once(' ')?.0 {
            "After" => Bound::After,
            "Before" => Bound::Before,
            _ => Bound::Within,
        };
        let last = rest.rfind(')')?;
        let mut numbers =
            rest[..last].split(|c: char| !(c.is_ascii_digit() || c == '-')).filter(|n| !n.is_empty());
        let mut instant = || {
            let mut next = || numbers.next()?.parse::<i16>().ok();
            let (year, month, day) = (next()?, next()?.max(1), next()?.max(1));
            let time: [i8; 3] =
                [next()?.try_into().ok()?, next()?.try_into().ok()?, next()?.try_into().ok()?];
            let date = Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()?;
            Some(date.at(time[0], time[1], time[2], 0))
        };
        let from = instant()?;
        let to = if kind.contains("Interval") && bound == Bound::Within { Some(instant()?) } else { None };
        let grain = rest[last + 1..].split_whitespace().next()?.to_owned();
        Some(Value { from, to, grain, bound })
    }

    fn is_clock(&self) -> bool {
        matches!(self.grain.as_str(), "Second" | "Minute" | "Hour")
    }

    fn agrees(&self, found: &TimeMention) -> bool {
        if self.bound != found.bound {
            return false;
        }
        match found.hours {
            Some(hours) => self.is_clock() && self.clock_agrees(found.when, hours),
            None => !self.is_clock() && Some(found.when) == self.days(),
        }
    }

    fn clock_agrees(&self, when: When, hours: Hours) -> bool {
        let start = when.first().to_datetime(hours.from);
        let end = hours.to.map(|to| {
            let day = if to == Time::midnight() {
                when.last().tomorrow().unwrap_or(Date::MAX)
            } else {
                when.last()
            };
            day.to_datetime(to)
        });
        let counted_in = |to: DateTime| to.checked_sub(self.unit()).ok();
        let ends = end == self.to || self.to.and_then(counted_in).is_some_and(|to| end == Some(to));
        start == self.from && ends
    }

    /// Returns one unit of a grain under a day.
    fn unit(&self) -> jiff::Span {
        match self.grain.as_str() {
            "Second" => jiff::Span::new().seconds(1),
            "Minute" => jiff::Span::new().minutes(1),
            _ => jiff::Span::new().hours(1),
        }
    }

    /// Returns the days of a value that is told in days or longer.
    fn days(&self) -> Option<When> {
        let first = self.from.date();
        let before = |day: Date| day.yesterday().ok();
        if let Some(to) = self.to {
            return Some(When::between(first, before(to.date())?));
        }
        let span = jiff::Span::new();
        let whole = |span: jiff::Span| Some(When::between(first, before(first.checked_add(span).ok()?)?));
        match self.grain.as_str() {
            "Day" => Some(When::Day(first)),
            "Week" => whole(span.days(7)),
            "Month" => Some(When::Month(first.year(), first.month())),
            "Quarter" => whole(span.months(3)),
            "Year" => Some(When::Year(first.year())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTING: Setting<'_> = Setting { now: TUESDAY, country: None };

    #[test]
    fn a_day_is_right_as_a_day() {
        assert!(is_right("yesterday", "datetime (2013, 2, 11, 0, 0, 0) Day", &SETTING));
        assert!(!is_right("yesterday", "datetime (2013, 2, 11, 0, 0, 0) Hour", &SETTING));
        assert!(!is_right("yesterday", "datetime (2013, 2, 10, 0, 0, 0) Day", &SETTING));
    }

    #[test]
    fn a_month_is_no_day() {
        assert!(is_right("July 2014", "datetime (2014, 7, 1, 0, 0, 0) Month", &SETTING));
        assert!(!is_right("July 2014", "datetime (2014, 7, 1, 0, 0, 0) Day", &SETTING));
    }

    #[test]
    fn a_stretch_needs_both_ends() {
        assert!(is_right(
            "July 4 - July 9",
            "datetimeInterval ((2013, 7, 4, 0, 0, 0), (2013, 7, 10, 0, 0, 0)) Day",
            &SETTING
        ));
        assert!(!is_right(
            "July 4 - July 9",
            "datetimeInterval ((2013, 7, 4, 0, 0, 0), (2013, 7, 9, 0, 0, 0)) Day",
            &SETTING
        ));
    }

    #[test]
    fn hours_may_leave_out_the_last_unit() {
        let expected = "datetimeInterval ((2013, 2, 12, 7, 15, 0), (2013, 2, 12, 8, 1, 0)) Minute";
        assert!(is_right("7:15 - 8:00", expected, &SETTING));
        assert!(!is_right("7:15 - 8:10", expected, &SETTING));
    }

    #[test]
    fn an_open_end_is_told_by_its_side() {
        assert!(is_right("since 2011", "datetimeOpenInterval After (2011, 1, 1, 0, 0, 0) Year", &SETTING));
        assert!(!is_right("until 2011", "datetimeOpenInterval After (2011, 1, 1, 0, 0, 0) Year", &SETTING));
    }

    #[test]
    fn words_that_are_no_time_are_wrong() {
        assert!(!is_right("yesterday's bread", "datetime (2013, 2, 11, 0, 0, 0) Day", &SETTING));
    }
}
