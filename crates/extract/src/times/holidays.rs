//! Feasts and observances, and the days on which they fall.

use std::borrow::Cow;
use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};
use rustc_hash::FxHashMap as HashMap;
use serde::Deserialize;

use super::calendar::shifted;
use super::stretch::Stretch;

/// A feast or observance.
#[derive(Debug, Deserialize)]
pub(super) struct Holiday {
    names: Vec<String>,
    day: Rule,
    /// Whether it is the same day in every country, and called so nowhere but there.
    #[serde(default)]
    sure: bool,
    /// The countries that keep it on this day, by their ISO 3166-1 codes; the others, if there are none.
    #[serde(default, rename = "in")]
    countries: Vec<String>,
    /// How many days it lasts.
    #[serde(default = "one")]
    days: i64,
}

fn one() -> i64 {
    1
}

/// How the day of a year is found.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Rule {
    /// Month and day.
    Fixed(i8, i8),
    /// Month, which one of the weekday (from the end if negative), weekday from Monday as 1, days added.
    Weekday(i8, i8, i8, i64),
    /// The nearest weekday before a month and day: the last one that is not after it.
    UpTo(i8, i8, i8),
    /// The working day nearest to a month and day: Friday for a Saturday, Monday for a Sunday.
    Working(i8, i8),
    /// Days from Easter Sunday of the Gregorian calendar.
    Easter(i64),
    /// Days from Easter Sunday of the Julian calendar.
    OrthodoxEaster(i64),
    /// Month and day of the tabular Islamic calendar; the day on which the moon is seen may be one off.
    Islamic(i64, i64),
    /// Days from the first day of Tishri.
    Tishri(i64),
    /// Days from the first day of Passover.
    Passover(i64),
    /// Days from another holiday.
    From(String, i64),
    /// Month and day of each year, as they were proclaimed or reckoned.
    Table(HashMap<i16, (i8, i8)>),
}

struct Calendar {
    holidays: Vec<Holiday>,
    /// The holidays by the first word of a name, each with the words of that name, longest first.
    by_word: HashMap<String, Vec<(Vec<String>, usize)>>,
}

static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| {
    let holidays: Vec<Holiday> = serde_json::from_str(include_str!("../../lexicons/holidays.json"))
        .expect("the lexicon is part of the program and a test parses it");
    let mut by_word: HashMap<String, Vec<(Vec<String>, usize)>> = HashMap::default();
    for (at, holiday) in holidays.iter().enumerate() {
        for name in &holiday.names {
            let words: Vec<String> = name.split(' ').map(str::to_owned).collect();
            by_word.entry(words[0].clone()).or_default().push((words, at));
        }
    }
    for names in by_word.values_mut() {
        names.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    }
    Calendar { holidays, by_word }
});

/// Finds the holiday whose name begins with the word `at`, and the word after it. Apostrophes and hyphens of a name
/// are not written in the list: "New Year's Eve" is "new years eve" there. Where countries keep it on different days, it
/// is that of `country`.
pub(super) fn named<'w>(
    word: impl Fn(usize) -> &'w str,
    at: usize,
    country: Option<[u8; 2]>,
) -> Option<(&'static Holiday, usize)> {
    let first = bare(word(at));
    let plural = matches!(word(at + 1), "'s" | "’s");
    let names = if plural { CALENDAR.by_word.get(&format!("{first}s")) } else { None };
    let found = names.into_iter().chain(CALENDAR.by_word.get(first.as_ref())).flatten();
    found
        .filter_map(|(words, holiday)| {
            let end = words.iter().try_fold(at, |at, name| eaten(&word, at, name))?;
            Some((&CALENDAR.holidays[*holiday], end))
        })
        .max_by_key(|(holiday, end)| (*end, holiday.is_of(country), holiday.countries.is_empty()))
}

/// Returns the token after the word `name` of a holiday, if it stands at `at`.
fn eaten<'w>(word: impl Fn(usize) -> &'w str, at: usize, name: &str) -> Option<usize> {
    let at = if matches!(word(at), "-" | "'" | "’") { at + 1 } else { at };
    let first = bare(word(at));
    let owned =
        name.strip_suffix('s').is_some_and(|owner| owner == first) && matches!(word(at + 1), "'s" | "’s");
    match owned {
        true => Some(at + 2),
        false if first == name => Some(if matches!(word(at + 1), "'" | "’") { at + 2 } else { at + 1 }),
        false => None,
    }
}

/// Returns a word without its inner apostrophes.
fn bare(word: &str) -> Cow<'_, str> {
    if word.contains(['\'', '’']) {
        Cow::Owned(word.replace(['\'', '’'], ""))
    } else {
        Cow::Borrowed(word)
    }
}

impl Holiday {
    /// Tells whether a report from anywhere means one and the same day by its name.
    pub(super) fn is_sure(&self) -> bool {
        self.sure
    }

    fn is_of(&self, country: Option<[u8; 2]>) -> bool {
        country.is_some_and(|country| self.countries.iter().any(|code| code.as_bytes() == country))
    }

    /// Returns its days in a year.
    pub(super) fn of_year(&self, year: i16) -> Option<Stretch> {
        let first = self.day.of_year(year)?;
        Stretch::days(first, shifted(first, self.days - 1)?)
    }
}

impl Rule {
    fn of_year(&self, year: i16) -> Option<Date> {
        match self {
            Rule::Fixed(month, day) => Date::new(year, *month, *day).ok(),
            Rule::Weekday(month, nth, weekday, added) => {
                let first = Date::new(year, *month, 1).ok()?;
                let weekday = Weekday::from_monday_one_offset(*weekday).ok()?;
                shifted(first.nth_weekday_of_month(*nth, weekday).ok()?, *added)
            }
            Rule::UpTo(month, day, weekday) => {
                let weekday = Weekday::from_monday_one_offset(*weekday).ok()?;
                super::calendar::latest(weekday, Date::new(year, *month, *day).ok()?)
            }
            Rule::Working(month, day) => {
                let day = Date::new(year, *month, *day).ok()?;
                match day.weekday() {
                    Weekday::Saturday => shifted(day, -1),
                    Weekday::Sunday => shifted(day, 1),
                    _ => Some(day),
                }
            }
            Rule::Easter(days) => shifted(easter(year)?, *days),
            Rule::OrthodoxEaster(days) => shifted(orthodox_easter(year)?, *days),
            Rule::Islamic(month, day) => islamic(year, *month, *day),
            Rule::Tishri(days) => shifted(tishri(i64::from(year) + 3761)?, *days),
            Rule::Passover(days) => shifted(tishri(i64::from(year) + 3761)?, days - 163),
            Rule::From(name, days) => {
                let mut all = CALENDAR.holidays.iter();
                let other = all
                    .find(|holiday| holiday.names.contains(name) && !matches!(holiday.day, Rule::From(..)))?;
                shifted(other.day.of_year(year)?, *days)
            }
            Rule::Table(days) => {
                let &(month, day) = days.get(&year)?;
                Date::new(year, month, day).ok()
            }
        }
    }
}

/// Returns Easter Sunday by the anonymous Gregorian computus (Meeus, Astronomical Algorithms, 2nd ed., chapter 8).
fn easter(year: i16) -> Option<Date> {
    let year = i32::from(year);
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Returns Easter Sunday of the Julian calendar as a Gregorian day (Meeus, as above). The two calendars are 13 days
/// apart from 1900 to 2099; years outside are left out.
fn orthodox_easter(year: i16) -> Option<Date> {
    if !(1900..2100).contains(&year) {
        return None;
    }
    let (a, b, c) = (year % 4, year % 7, year % 19);
    let d = (19 * c + 15) % 30;
    let e = (2 * a + 4 * b - d + 34) % 7;
    let (month, day) = ((d + e + 114) / 31, (d + e + 114) % 31 + 1);
    shifted(Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?, 13)
}

/// Days from 1 January 1970 to the given day, and back.
fn from_epoch(days: i64) -> Option<Date> {
    shifted(Date::new(1970, 1, 1).ok()?, days)
}

/// Returns a day of the tabular Islamic calendar that falls in a Gregorian year, the first if there are two
/// (Reingold and Dershowitz, Calendrical Calculations, chapter 7).
fn islamic(year: i16, month: i64, day: i64) -> Option<Date> {
    let fixed = |hijri: i64| {
        // By the astronomers' epoch, 15 July 622 of the Julian calendar, 492,149 days before 1970.
        day + 29 * (month - 1)
            + (6 * month - 1).div_euclid(11)
            + (hijri - 1) * 354
            + (3 + 11 * hijri).div_euclid(30)
            - 492_150
    };
    let near = (i64::from(year) - 622) * 33 / 32;
    (near - 1..=near + 2).filter_map(|hijri| from_epoch(fixed(hijri))).find(|day| day.year() == year)
}

/// Returns the first day of Tishri of a Hebrew year (Reingold and Dershowitz, as above, chapter 8).
fn tishri(hebrew: i64) -> Option<Date> {
    let elapsed = |year: i64| {
        let months = (235 * year - 234).div_euclid(19);
        let parts = 12084 + 13753 * months;
        let day = 29 * months + parts.div_euclid(25920);
        if (3 * (day + 1)).rem_euclid(7) < 3 { day + 1 } else { day }
    };
    let (before, this, next) = (elapsed(hebrew - 1), elapsed(hebrew), elapsed(hebrew + 1));
    let delay = if next - this == 356 {
        2
    } else if this - before == 382 {
        1
    } else {
        0
    };
    // The Hebrew epoch, 7 September -3760 of the Gregorian calendar, is 2,092,590 days before 1970.
    from_epoch(this + delay - 2_092_590)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day_of(name: &str, year: i16) -> String {
        let doc = language::Doc::read(name, std::slice::from_ref(&(0..name.len())));
        let words: Vec<&str> = (0..doc.tokens().len()).map(|at| doc.lower(at)).collect();
        let (holiday, _) = named(|at| words.get(at).copied().unwrap_or(""), 0, None).unwrap();
        holiday.of_year(year).unwrap().first().to_string()
    }

    #[test]
    fn known_days() {
        // Western and Orthodox Easter, as the churches announced them.
        assert_eq!(day_of("easter", 2022), "2022-04-17");
        assert_eq!(day_of("orthodox easter", 2022), "2022-04-24");
        assert_eq!(day_of("good friday", 2024), "2024-03-29");
        assert_eq!(day_of("thanksgiving", 2022), "2022-11-24");
        assert_eq!(day_of("rosh hashanah", 2023), "2023-09-16");
        assert_eq!(day_of("yom kippur", 2023), "2023-09-25");
        assert_eq!(day_of("passover", 2024), "2024-04-23");
        assert_eq!(day_of("eid al-fitr", 2023), "2023-04-21");
    }
}
