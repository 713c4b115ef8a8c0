//! Dates as feeds write them: RFC 822 and its many variants, W3CDTF (ISO 8601), `asctime`, and months in other tongues.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;

/// A date in a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// As it was written.
    pub written: String,
    /// The day that it names, in its own zone; the first day if it names only a month or a year.
    pub day: Option<Date>,
    /// The instant, if it names a time of day. A time without a zone, or in a zone nobody knows, is taken for UTC.
    pub at: Option<Timestamp>,
}

impl Stamp {
    pub(crate) fn read(written: &str) -> Stamp {
        let written = written.trim();
        let (day, at) = instant(written).map_or((None, None), |(day, at)| (Some(day), at));
        Stamp { written: written.to_owned(), day, at }
    }
}

impl Stamp {
    /// Returns the instant, or the beginning of the day in UTC if that is all that is said.
    pub fn instant(&self) -> Option<Timestamp> {
        let midnight = || Offset::UTC.to_timestamp(self.day?.at(0, 0, 0, 0)).ok();
        self.at.or_else(midnight)
    }
}

/// No date is longer than this; the longest is in words, with its weekday and zone.
const LONGEST: usize = 128;

fn instant(written: &str) -> Option<(Date, Option<Timestamp>)> {
    if written.len() > LONGEST {
        return None;
    }
    iso(written).or_else(|| in_words(written))
}

/// Reads W3CDTF, and ISO 8601 beyond it: `2031`, `2031-03`, `2031-03-12`, `20310312`, `2031-071`, each with a time.
fn iso(written: &str) -> Option<(Date, Option<Timestamp>)> {
    let (day, rest) = iso_day(written)?;
    if rest.trim().is_empty() {
        return Some((day, None));
    }
    let time = rest.strip_prefix(['T', 't', '_', ' '])?;
    let clock = Clock::read(time.trim())?;
    Some((day, clock.on(day)))
}

fn iso_day(written: &str) -> Option<(Date, &str)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let number = |text: &str| text.parse::<i16>().ok();
    let length = digits(written);
    let (year, rest) = match length {
        4 | 8 => (number(&written[..4])?, &written[4..]),
        _ => return None,
    };
    if length == 8 {
        let (month, day) = (number(&rest[..2])?, number(&rest[2..4])?);
        return Some((date(year, month, day)?, &rest[4..]));
    }
    let Some(separator @ ('-' | '/' | '.')) = rest.chars().next() else {
        return Some((date(year, 1, 1)?, rest));
    };
    let rest = &rest[1..];
    match digits(rest) {
        3 => {
            let day = number(&rest[..3])?;
            let first = date(year, 1, 1)?;
            let day = first.checked_add(jiff::Span::new().days(i64::from(day) - 1)).ok()?;
            (day.year() == year).then_some((day, &rest[3..]))
        }
        length @ (1 | 2) => {
            let month = number(&rest[..length])?;
            let Some(after) = rest[length..].strip_prefix(separator) else {
                return Some((date(year, month, 1)?, &rest[length..]));
            };
            let length = digits(after).min(2);
            Some((date(year, month, number(&after[..length])?)?, &after[length..]))
        }
        _ => None,
    }
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// A time of day, and its zone.
struct Clock {
    time: Time,
    /// Whether it is the end of the day, written as 24:00.
    is_midnight_after: bool,
    offset: Offset,
}

impl Clock {
    /// Reads `7:30`, `07:30:00.25`, `073000`, each with `Z`, `+02:00`, `+0200`, `+02` or the name of a zone.
    fn read(text: &str) -> Option<Clock> {
        let end =
            text.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.' | ','))).unwrap_or(text.len());
        let (time, zone) = text.split_at(end);
        let mut clock = Clock::time(time.trim_end_matches([',', '.']))?;
        let mut zone = zone.trim();
        for (half, hours) in [("am", 0), ("a.m.", 0), ("pm", 12), ("p.m.", 12)] {
            let Some(head) = zone.get(..half.len()) else { continue };
            if head.eq_ignore_ascii_case(half) {
                clock.half(hours)?;
                zone = zone[half.len()..].trim();
                break;
            }
        }
        clock.offset = offset(zone).unwrap_or(Offset::UTC);
        Some(clock)
    }

    fn time(text: &str) -> Option<Clock> {
        let (text, _fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
        let parts: Vec<&str> = if text.contains(':') {
            text.split(':').collect()
        } else if matches!(text.len(), 4 | 6) {
            text.as_bytes().chunks(2).filter_map(|two| std::str::from_utf8(two).ok()).collect()
        } else {
            return None;
        };
        let number = |at: usize| parts.get(at).map_or(Some(0), |part| part.parse::<i8>().ok());
        let (hour, minute, second) = (number(0)?, number(1)?, number(2)?);
        let is_midnight_after = (hour, minute, second) == (24, 0, 0);
        // A leap second is read as the one before it.
        let time = Time::new(if is_midnight_after { 0 } else { hour }, minute, second.min(59), 0).ok()?;
        (parts.len() <= 3 && second <= 60).then_some(Clock { time, is_midnight_after, offset: Offset::UTC })
    }

    /// Takes the hour for one of the morning or the afternoon.
    fn half(&mut self, hours: i8) -> Option<()> {
        let hour = self.time.hour();
        if (1..=12).contains(&hour) {
            self.time = Time::new(hour % 12 + hours, self.time.minute(), self.time.second(), 0).ok()?;
        }
        Some(())
    }

    fn on(&self, day: Date) -> Option<Timestamp> {
        let day = if self.is_midnight_after { day.tomorrow().ok()? } else { day };
        self.offset.to_timestamp(day.to_datetime(self.time)).ok()
    }
}

/// Reads a zone: RFC 822's names, a few more that feeds use, and numbers.
fn offset(zone: &str) -> Option<Offset> {
    let zone = zone.trim_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ')'));
    // `GMT+2` and `UTC-05:00` are hours from there.
    let numbers = zone.trim_start_matches("GMT").trim_start_matches("UTC").trim();
    if let Some(sign) = numbers.chars().next().filter(|c| matches!(c, '+' | '-' | '−')) {
        let digits: String = numbers
            .chars()
            .skip(1)
            .take_while(|c| c.is_ascii_digit() || *c == ':')
            .filter(|c| *c != ':')
            .collect();
        let number = |range: std::ops::Range<usize>| {
            digits.get(range).map_or(Some(0), |part| part.parse::<i32>().ok())
        };
        let (hours, minutes) =
            if digits.len() <= 2 { (digits.parse().ok()?, 0) } else { (number(0..2)?, number(2..4)?) };
        let seconds = hours * 3600 + minutes * 60;
        return Offset::from_seconds(if sign == '+' { seconds } else { -seconds }).ok();
    }
    let name = zone.split_whitespace().next()?.to_ascii_uppercase();
    ZONES.iter().find(|(known, _)| *known == name).and_then(|(_, hours)| Offset::from_hours(*hours).ok())
}

/// Zones by name. Those of RFC 822 (5.1) as it has them; its one-letter ones mean nothing, since it got their signs
/// wrong (RFC 5322, 4.3), but for Z.
const ZONES: &[(&str, i8)] = &[
    ("Z", 0),
    ("UT", 0),
    ("UTC", 0),
    ("GMT", 0),
    ("WET", 0),
    ("BST", 1),
    ("WEST", 1),
    ("CET", 1),
    ("MEZ", 1),
    ("CEST", 2),
    ("MESZ", 2),
    ("EET", 2),
    ("EEST", 3),
    ("MSK", 3),
    ("AST", -4),
    ("ADT", -3),
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
];

/// Reads a date with a month in words, or with its parts in the order of the day: whatever holds a day, a month and a
/// year that cannot be mistaken.
fn in_words(written: &str) -> Option<(Date, Option<Timestamp>)> {
    let mut found = Parts::default();
    let words = written.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
    let mut clock: Option<Clock> = None;
    for word in words {
        if clock.is_none() && is_time(word) {
            let start = word.as_ptr() as usize - written.as_ptr() as usize;
            clock = Clock::read(before_year(&written[start..]));
            found.is_behind_time = true;
        } else if !word.starts_with(['+', '-']) {
            found.take(word);
        }
    }
    let day = found.day()?;
    if let Some(clock) = clock.as_mut().filter(|_| found.is_afternoon) {
        clock.half(12)?;
    }
    Some((day, clock.and_then(|clock| clock.on(day))))
}

fn is_time(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) && word.contains(':')
}

/// Leaves out the year that `asctime` writes behind the time.
fn before_year(time: &str) -> &str {
    match time.rsplit_once(' ') {
        Some((time, year)) if year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()) => time,
        _ => time,
    }
}

/// Years that a feed may speak of.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;

/// "Afternoon" where it stands in front of the time.
const AFTERNOON: [&str; 3] = ["오후", "午後", "下午"];

/// The parts of a date, as they are met.
#[derive(Default)]
struct Parts {
    day: Option<i16>,
    month: Option<i16>,
    year: Option<i16>,
    /// Whether the time of day was met: what follows it is a zone or the year.
    is_behind_time: bool,
    is_afternoon: bool,
}

impl Parts {
    fn take(&mut self, word: &str) {
        self.is_afternoon |= AFTERNOON.contains(&word);
        if let [day, month, year] = word.split('.').collect::<Vec<_>>()[..]
            && let (Ok(day), Ok(month), 4, Ok(year)) = (day.parse(), month.parse(), year.len(), year.parse())
        {
            // With dots, the day comes first everywhere.
            (self.day, self.month, self.year) = (Some(day), Some(month), Some(year));
            return;
        }
        let parts = word.split(['-', '.', '/']).filter(|part| !part.is_empty());
        for part in parts {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            match part[..digits].parse::<i16>() {
                Ok(number) => self.number(number, digits, &part[digits..]),
                // The last one counts: weekdays stand in front, and begin like months ("mardi", "середа").
                Err(_) if !self.is_behind_time => self.month = month(part).or(self.month),
                Err(_) => {}
            }
        }
    }

    /// Takes a number: what follows it, as in `12th` or `2031년`, may say what it is.
    fn number(&mut self, number: i16, digits: usize, unit: &str) {
        if digits == 4 && YEARS.contains(&number) {
            self.year.get_or_insert(number);
        } else if digits > 2 {
            // A zone, or nothing that we know.
        } else if unit.starts_with(['월', '月']) {
            self.month.get_or_insert(number);
        } else if self.year.is_some() && self.month.is_none() && self.day.is_none() {
            // Nobody writes the year first and then the day.
            self.month = Some(number);
        } else if self.day.is_none() {
            self.day = Some(number);
        } else if self.year.is_none() && digits == 2 {
            // RFC 5322, 4.3.
            self.year = Some(if number < 50 { 2000 + number } else { 1900 + number });
        }
    }

    fn day(&self) -> Option<Date> {
        date(self.year?, self.month?, self.day?)
    }
}

/// Returns the month that a word begins like, in the tongues that feeds are seen in.
fn month(word: &str) -> Option<i16> {
    let word = word.to_lowercase();
    let begins = |(stem, _): &&(&str, i16)| word.starts_with(stem);
    MONTHS.iter().find(begins).map(|(_, month)| *month)
}

/// Beginnings of the names of months, longer ones before the shorter that they begin with.
const MONTHS: &[(&str, i16)] = &[
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("may", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sep", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
    // German, Dutch, Scandinavian.
    ("jän", 1),
    ("mär", 3),
    ("mrz", 3),
    ("mrt", 3),
    ("maa", 3),
    ("mai", 5),
    ("mei", 5),
    ("maj", 5),
    ("okt", 10),
    ("dez", 12),
    ("des", 12),
    // French, Spanish, Portuguese, Italian.
    ("ene", 1),
    ("gen", 1),
    ("fév", 2),
    ("fev", 2),
    ("avr", 4),
    ("abr", 4),
    ("mag", 5),
    ("juin", 6),
    ("giu", 6),
    ("juil", 7),
    ("lug", 7),
    ("aoû", 8),
    ("aou", 8),
    ("ago", 8),
    ("set", 9),
    ("out", 10),
    ("ott", 10),
    ("déc", 12),
    ("dic", 12),
    // Hungarian.
    ("márc", 3),
    ("ápr", 4),
    ("máj", 5),
    ("jún", 6),
    ("júl", 7),
    ("szept", 9),
    // Turkish.
    ("oca", 1),
    ("şub", 2),
    ("nis", 4),
    ("haz", 6),
    ("tem", 7),
    ("ağu", 8),
    ("eyl", 9),
    ("eki", 10),
    ("kas", 11),
    ("ara", 12),
    // Russian.
    ("янв", 1),
    ("фев", 2),
    ("мар", 3),
    ("апр", 4),
    ("мая", 5),
    ("май", 5),
    ("июн", 6),
    ("июл", 7),
    ("авг", 8),
    ("сен", 9),
    ("окт", 10),
    ("ноя", 11),
    ("дек", 12),
    // Ukrainian.
    ("січ", 1),
    ("лют", 2),
    ("бер", 3),
    ("кві", 4),
    ("тра", 5),
    ("чер", 6),
    ("лип", 7),
    ("сер", 8),
    ("вер", 9),
    ("жов", 10),
    ("лис", 11),
    ("гру", 12),
    // Greek.
    ("ιαν", 1),
    ("φεβ", 2),
    ("μάρ", 3),
    ("μαρ", 3),
    ("μαώ", 3),
    ("απρ", 4),
    ("μάι", 5),
    ("μαϊ", 5),
    ("ιούν", 6),
    ("ιον", 6),
    ("ιούλ", 7),
    ("ιολ", 7),
    ("αύγ", 8),
    ("αυγ", 8),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(written: &str, expected: &str) {
        let Stamp { day, at, .. } = Stamp::read(written);
        let found = match (day, at) {
            (_, Some(at)) => at.to_string(),
            (Some(day), None) => day.to_string(),
            _ => "none".to_owned(),
        };
        assert_eq!(found, expected, "{written}");
    }

    #[test]
    fn w3cdtf() {
        check("2031", "2031-01-01");
        check("2031-03", "2031-03-01");
        check("2031-03-12", "2031-03-12");
        check("2031-03-12T07:30Z", "2031-03-12T07:30:00Z");
        check("2031-03-12T07:30:45.25+02:00", "2031-03-12T05:30:45Z");
        check("2031-03-12 07:30:45", "2031-03-12T07:30:45Z");
        check("2031-03-12T24:00:00Z", "2031-03-13T00:00:00Z");
        check("20310312T073045Z", "2031-03-12T07:30:45Z");
        check("2031-071", "2031-03-12");
        check("2031/03/12 7:30", "2031-03-12T07:30:00Z");
    }

    #[test]
    fn rfc_822_and_what_is_made_of_it() {
        check("Wed, 12 Mar 2031 07:30:45 GMT", "2031-03-12T07:30:45Z");
        check("Wed, 12 Mar 31 07:30 EST", "2031-03-12T12:30:00Z");
        check("12 March 2031 07:30:45 +0200", "2031-03-12T05:30:45Z");
        check("Wed, 12-Mar-2031 07:30:45 UTC+2", "2031-03-12T05:30:45Z");
        check("Wednesday, March 12th, 2031 7:30 pm", "2031-03-12T19:30:00Z");
        check("Wed Mar 12 07:30:45 2031", "2031-03-12T07:30:45Z");
        check("Wed, 12 Mar 2031", "2031-03-12");
        check("Wed, 31 Dec 1998 23:59:60 GMT", "1998-12-31T23:59:59Z");
    }

    #[test]
    fn other_tongues() {
        check("Ср, 12 мар 2031 07:30:45 +0300", "2031-03-12T04:30:45Z");
        check("12 березня 2031, 07:30", "2031-03-12T07:30:00Z");
        check("mer., 12 août 2031 07:30:45 CEST", "2031-08-12T05:30:45Z");
        check("2031년 03월 12일 07:30:45", "2031-03-12T07:30:45Z");
        check("2031-márc-12 07:30", "2031-03-12T07:30:00Z");
        check("2031-03-12 오후 7:30", "2031-03-12T19:30:00Z");
        check("12.03.2031 07:30", "2031-03-12T07:30:00Z");
        check("mar. 12 août 2031", "2031-08-12");
    }

    #[test]
    fn what_may_be_two_days_is_none() {
        check("03/04/2031 07:30", "none");
        check("Thursday", "none");
        check("99 Mar 2031", "none");
        check("12 Mar", "none");
        check("", "none");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(written in "([0-9]{1,9}|-|:|/|T|Z|,| |Mar|мая|年|é|\\+|pm|GMT|\\PC){0,12}") {
            let _ = Stamp::read(&written);
        }
    }
}
