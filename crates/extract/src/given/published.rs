//! Days of publication, as rows, pages and dated texts write them.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

/// Year first: `2022-03-24`, `2022-03-24T10:00:00Z`, `2022/03/24`, `20220324`.
static YEAR_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|(\d{2})(\d{2}))(?:$|[T\s])")
        .expect("the pattern is a constant")
});

/// A day with the month in words: `Thu, 24 Mar 2022`, `March 24, 2022`, `24th of March 2022`.
static IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|\s)(?:(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]{3,9})\.?|([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?),? (\d{4})(?:\D|$)")
        .expect("the pattern is a constant")
});

/// Reads a day of publication. The day is that of the place of publishing: no zone is converted.
///
/// Leaves alone all-figure days with the year last, whose order of day and month nobody can tell.
pub(crate) fn day(text: &str) -> Option<Date> {
    let text = text.trim().get(..60).unwrap_or(text.trim());
    let number = |part: &str| part.parse::<i16>().ok();
    if let Some(found) = YEAR_FIRST.captures(text) {
        let mut parts = found.iter().flatten().skip(1).filter_map(|part| number(part.as_str()));
        return civil([parts.next()?, parts.next()?, parts.next()?]);
    }
    let found = IN_WORDS.captures(text)?;
    let part = |first, second| found.get(first).or(found.get(second)).map(|part| part.as_str());
    civil([number(found.get(5)?.as_str())?, month(part(2, 3)?)?, number(part(1, 4)?)?])
}

fn civil([year, month, day]: [i16; 3]) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The English names of the months; a name may be cut to three letters or more.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Returns the number of a month, from 1, by its English name or the first letters of it.
pub(crate) fn month(name: &str) -> Option<i16> {
    let name = name.trim_end_matches('.').to_lowercase();
    let found = MONTHS.iter().position(|month| name.len() >= 3 && month.starts_with(&name))?;
    i16::try_from(found + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read() {
        for text in [
            "2022-03-24",
            "2022-03-24T23:10:00-05:00",
            "2022-03-24 10:00",
            "2022/3/24",
            "20220324",
            "Thu, 24 Mar 2022 10:00:00 GMT",
            "March 24, 2022",
            "Published Sept. 24 2022",
            "24th of March 2022",
        ] {
            let expected = if text.contains("Sept") { "2022-09-24" } else { "2022-03-24" };
            assert_eq!(day(text).map(|day| day.to_string()).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_text_is_no_day() {
        for text in
            ["", "9999-99-99", "2022-02-30", "3/4/2022", "2022", "tomorrow", "24 Brumaire 2022", "é 2022"]
        {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
