//! Datelines: `DOBROVE, March 14 (Northwire) -`.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::{Captures, Regex};

use super::{agencies, patterns};
use crate::given::published::month;

/// A dateline in a stretch of text; ranges count from the start of the stretch.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// From the place to the dash.
    pub(super) whole: Range<usize>,
    pub(super) place: Option<Range<usize>>,
    pub(super) date: Option<Filed>,
    pub(super) agency: Option<Range<usize>>,
}

impl Found {
    /// Counts the ranges from a place `bytes` further to the front.
    pub(super) fn moved_by(self, bytes: usize) -> Found {
        let moved = |range: Range<usize>| range.start + bytes..range.end + bytes;
        Found {
            whole: moved(self.whole),
            place: self.place.map(moved),
            date: self.date,
            agency: self.agency.map(moved),
        }
    }
}

/// The day of filing, as far as it is written.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(super) struct Filed {
    month: i16,
    day: i16,
    year: Option<i16>,
}

/// A city, perhaps with its country behind a comma or in brackets, or two cities with a slash. Names of up to six
/// words; one without a capital is
/// short ("of", "sur"), and none has a full stop inside but "ST.".
const PLACE: &str = r"(?P<place>(?:ST\. |St\. )?\p{Lu}[\p{L}'’\-]*(?:[ /](?:\p{Lu}[\p{L}'’\-]*|\p{Ll}{1,3}(?:-\p{Lu}[\p{L}'’\-]*)?)){0,5}(?:, \p{Lu}[\p{L}.]*(?: [\p{L}.]+){0,3}?){0,2}(?: \(\p{Lu}[\p{L}. ]{1,30}\))?)";
const DAY: &str = r"(?P<date>\p{L}{3,9}\.? \d{1,2}(?:, \d{4})?|\d{1,2} \p{L}{3,9}\.?(?: \d{2,4})?)";
const DASH: &str = r"(?P<dash>--|[-–—:])";

/// The shapes of agency copy, after the style of the agencies that use them.
static SHAPES: LazyLock<[Regex; 4]> = LazyLock::new(|| {
    [
        // KYIV, March 23 (Reuters) - ; KYIV, Ukraine (AP) — ; MOSCOW. March 23 (Interfax) - ; (CNN) --
        format!(r"^(?:{PLACE}(?:[,.]? {DAY})?,? ?)?\((?P<agency>[^()\n]{{2,40}})\)\s*{DASH}{{0,2}}\s*"),
        // MOSCOW, March 23. /TASS/.
        format!(r"^{PLACE}[,.] {DAY}\.? ?/(?P<agency>[^/\n]{{2,30}})/\.?\s*{DASH}?\s*"),
        // DOBROVE, 7 JUN 88 --
        format!(r"^{PLACE}[,.] {DAY}\.? ?{DASH}\s+"),
        // KYIV, Ukraine —
        format!(r"^{PLACE} ?{DASH}\s+"),
    ]
    .map(|shape| patterns::exact(&shape))
});

/// How much of a paragraph's start may hold a dateline, in bytes.
const WITHIN: usize = 200;

/// Finds the dateline at the start of `words`.
pub(super) fn at_start(words: &str) -> Option<Found> {
    let window = &words[..words.floor_char_boundary(WITHIN)];
    SHAPES.iter().filter_map(|shape| shape.captures(window)).find_map(|captures| read(&captures))
}

fn read(captures: &Captures<'_>) -> Option<Found> {
    let group = |name| captures.name(name);
    let date = match group("date") {
        Some(date) => Some(filed(date.as_str())?),
        None => None,
    };
    let in_capitals = group("place").is_some_and(|place| is_in_capitals(place.as_str()));
    let dashed = group("dash").is_some();
    let holds = match group("agency").map(|agency| agency.as_str()) {
        Some(agency) if agencies::usual_name(agency).is_some() => dashed || in_capitals || date.is_some(),
        // A name in brackets after a person's name is no agency: a day or capitals must bear the shape out.
        Some(agency) => dashed && agencies::may_be_one(agency) && (in_capitals || date.is_some()),
        None => dashed && in_capitals && group("dash").is_some_and(|dash| dash.as_str() != ":"),
    };
    if !holds {
        return None;
    }
    let whole = captures.get(0)?;
    Some(Found {
        whole: whole.start()..whole.start() + whole.as_str().trim_end().len(),
        place: group("place").map(|place| city(place.as_str(), place.start())),
        date,
        agency: group("agency").map(|agency| agency.range()),
    })
}

/// Cuts the city off its region and country.
fn city(place: &str, at: usize) -> Range<usize> {
    let city = &place[..place.find([',', '(']).unwrap_or(place.len())];
    at..at + city.trim_end_matches(['.', ' ']).len()
}

/// Tells whether the first word is a place in capitals. Three letters at least, since "A" and "US" begin sentences.
fn is_in_capitals(place: &str) -> bool {
    let city = &place[city(place, 0)];
    city.chars().filter(|c| c.is_alphabetic()).count() >= 3 && !city.chars().any(char::is_lowercase)
}

fn filed(written: &str) -> Option<Filed> {
    let parts: Vec<&str> = written.split([' ', ',', '.']).filter(|part| !part.is_empty()).collect();
    let number = |part: &str| part.parse::<i16>().ok();
    let (name, day) = if number(parts.first()?).is_some() { (1, 0) } else { (0, 1) };
    let year = parts.get(2).and_then(|year| number(year));
    let filed = Filed { month: month(parts.get(name)?)?, day: number(parts.get(day)?)?, year };
    (1..=31).contains(&filed.day).then_some(filed)
}

impl Filed {
    /// Resolves the day: without a year it is the latest one not after the day of publication.
    pub(super) fn on(self, published: Option<Date>) -> Option<Date> {
        let civil = |year| Date::new(year, i8::try_from(self.month).ok()?, i8::try_from(self.day).ok()?).ok();
        match self.year {
            Some(short @ 0..100) => {
                // The century is the latest that the report can speak from.
                let newest = published.map_or(2049, |day| day.year());
                civil([2000, 1900].map(|century| century + short).into_iter().find(|year| *year <= newest)?)
            }
            Some(year) => civil(year),
            None => {
                let published = published?;
                // Copy filed east of the date line can be a day ahead of its publication.
                let latest = published.tomorrow().unwrap_or(published);
                [published.year(), published.year() - 1]
                    .into_iter()
                    .filter_map(civil)
                    .find(|day| *day <= latest)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(words: &str, expected: Expect) {
        let published = Date::new(2031, 3, 15).ok();
        let shown = at_start(words).map_or("none".to_owned(), |found| {
            let cut = |range: Option<Range<usize>>| range.map(|range| words[range].to_owned());
            format!(
                "{} | {:?} | {:?} | {:?}",
                &words[found.whole.clone()],
                cut(found.place),
                found.date.and_then(|date| date.on(published)).map(|date| date.to_string()),
                cut(found.agency)
            )
        });
        expected.assert_eq(&shown);
    }

    #[test]
    fn agency_copy() {
        check(
            "DOBROVE, March 14 (Northwire) - Shells fell.",
            expect![[
                r#"DOBROVE, March 14 (Northwire) - | Some("DOBROVE") | Some("2031-03-14") | Some("Northwire")"#
            ]],
        );
        check(
            "DOBROVE/OLD QUAY, Dec 31 (Reuters) – Shells fell.",
            expect![[
                r#"DOBROVE/OLD QUAY, Dec 31 (Reuters) – | Some("DOBROVE/OLD QUAY") | Some("2030-12-31") | Some("Reuters")"#
            ]],
        );
        check(
            "Dobrove, Estmark (AP) — Shells fell.",
            expect![[r#"Dobrove, Estmark (AP) — | Some("Dobrove") | None | Some("AP")"#]],
        );
        check(
            "DOBROVE. March 14 (Interfax) - Shells fell.",
            expect![[
                r#"DOBROVE. March 14 (Interfax) - | Some("DOBROVE") | Some("2031-03-14") | Some("Interfax")"#
            ]],
        );
        check(
            "DOBROVE, March 14. /TASS/. Shells fell.",
            expect![[r#"DOBROVE, March 14. /TASS/. | Some("DOBROVE") | Some("2031-03-14") | Some("TASS")"#]],
        );
        check(
            "SAN DOBRO, 7 JUN 88 (DPA) -- [TEXT] SHELLS FELL.",
            expect![[
                r#"SAN DOBRO, 7 JUN 88 (DPA) -- | Some("SAN DOBRO") | Some("1988-06-07") | Some("DPA")"#
            ]],
        );
        check(
            "DOBROVE (ESTMARK), 7 JUN 88 (CANAL 9) -- SHELLS FELL.",
            expect![[
                r#"DOBROVE (ESTMARK), 7 JUN 88 (CANAL 9) -- | Some("DOBROVE") | Some("1988-06-07") | Some("CANAL 9")"#
            ]],
        );
        check("(CNN) -- Shells fell.", expect![[r#"(CNN) -- | None | None | Some("CNN")"#]]);
    }

    #[test]
    fn without_an_agency() {
        check(
            "DOBROVE, Estmark — Shells fell.",
            expect![[r#"DOBROVE, Estmark — | Some("DOBROVE") | None | None"#]],
        );
        check(
            "DOBROVE, 3 Jan 2031 - Shells fell.",
            expect![[r#"DOBROVE, 3 Jan 2031 - | Some("DOBROVE") | Some("2031-01-03") | None"#]],
        );
    }

    #[test]
    fn ordinary_sentences() {
        check("Mira Orlova (Labour) - she resigned - spoke.", expect!["none"]);
        check("The army — what is left of it — withdrew.", expect!["none"]);
        check("The UN (which has no access) said so.", expect!["none"]);
        check("Київ — місто.", expect!["none"]);
        check("US - Estmark talks ended.", expect!["none"]);
    }
}
