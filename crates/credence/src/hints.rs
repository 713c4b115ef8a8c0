//! What is known of an original besides its bytes: the JSON of a sighting, and the choice among several sightings.

use jiff::Timestamp;
use jiff::civil::Date;
use model::{Kind, Metadata};
use preserve::{Capture, Sighting};
use serde::{Deserialize, Serialize};
pub(crate) use store::SAID_LATER;
use store::SightingRow;

#[derive(Debug, Serialize, Deserialize)]
struct Hints {
    kind: String,
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    published: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    outlet: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    charset: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    captured: Option<Captured>,
}

/// How an archive of the web says that it captured the original. Nothing is read by it.
#[derive(Debug, Serialize, Deserialize)]
struct Captured {
    url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    record: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    digest_notes: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cut: Option<String>,
}

impl From<Capture> for Captured {
    fn from(capture: Capture) -> Captured {
        let Capture { url, at, record, content_type, digest_notes, cut } = capture;
        Captured { url, at, record, content_type, digest_notes, cut }
    }
}

/// Returns the row of a sighting.
pub(crate) fn sighting_row(sighting: &Sighting) -> SightingRow {
    let known = sighting.hints.clone();
    let hints = Hints {
        kind: sighting.kind.name().to_owned(),
        id: known.id,
        published: known.published,
        outlet: known.outlet,
        title: known.title,
        url: known.url,
        charset: known.charset,
        captured: sighting.capture.as_deref().cloned().map(Captured::from),
    };
    SightingRow {
        digest: *sighting.original.as_bytes(),
        source: sighting.source.clone(),
        line: sighting.line.unwrap_or(0),
        byte_offset: sighting.byte_offset,
        hints: crate::wire::json(&hints),
        seen_at: sighting.seen,
    }
}

/// Returns the kind and the hints that an original is read by: those of the first of its sightings by source, line
/// and offset, and where it says no day or outlet, those of the first that does. So the order in which they were met changes
/// nothing. What was said later counts after all places where it was met, the last of it first: who mistyped a day says it again.
pub(crate) fn chosen(sightings: &[SightingRow]) -> Option<(Kind, Metadata)> {
    let mut ordered: Vec<&SightingRow> = sightings.iter().collect();
    ordered.sort_by_key(|row| {
        let (said, at) = (row.source == SAID_LATER, row.seen_at.as_microsecond());
        (said, &row.source, row.line, row.byte_offset, if said { -at } else { at })
    });
    let (first, others) = ordered.split_first()?;
    let hints: Hints = serde_json::from_str(&first.hints).ok()?;
    let kind = Kind::from_name(&hints.kind)?;
    let Hints { id, mut published, mut outlet, title, url, charset, .. } = hints;
    for other in others {
        if published.is_some() && outlet.is_some() {
            break;
        }
        let Ok(other) = serde_json::from_str::<Hints>(&other.hints) else { continue };
        published = published.or(other.published);
        outlet = outlet.or(other.outlet);
    }
    Some((kind, Metadata { id, published, outlet, title, url, charset }))
}

/// Tells whether a further sighting says a day or an outlet that the others lack.
pub(crate) fn says_more(known: &[SightingRow], further: &SightingRow) -> bool {
    let said = |rows: &[SightingRow]| chosen(rows).map(|(_, hints)| (hints.published, hints.outlet));
    said(known) != said(&[known, std::slice::from_ref(further)].concat())
}

/// Returns the day and the outlet that were said later; nothing of a place where an original was met.
pub(crate) fn said(row: &SightingRow) -> Option<(Option<Date>, Option<String>)> {
    let hints: Hints = serde_json::from_str(&row.hints).ok().filter(|_| row.source == SAID_LATER)?;
    Some((hints.published, hints.outlet))
}

/// What may be said of a report later: what nobody has said of it, and what was said later before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Sayable {
    pub(crate) published: bool,
    pub(crate) outlet: bool,
}

/// Returns what may be said later of a report, by what it says now.
pub(crate) fn sayable(
    sightings: &[SightingRow],
    (published, outlet): (Option<Date>, Option<&str>),
) -> Sayable {
    let (said, met): (Vec<SightingRow>, Vec<SightingRow>) =
        sightings.iter().cloned().partition(|row| row.source == SAID_LATER);
    let of = |rows: &[SightingRow]| chosen(rows).map(|(_, hints)| hints).unwrap_or_default();
    let (said, met) = (of(&said), of(&met));
    Sayable {
        published: published.is_none() || met.published.is_none() && published == said.published,
        outlet: outlet.is_none() || met.outlet.is_none() && outlet == said.outlet.as_deref(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(source: &str, at: i64, published: Option<&str>) -> SightingRow {
        let hints = Hints {
            kind: "text".to_owned(),
            id: source.to_owned(),
            published: published.map(|day| day.parse().unwrap()),
            outlet: None,
            title: None,
            url: None,
            charset: None,
            captured: None,
        };
        SightingRow {
            digest: [1; 32],
            source: source.to_owned(),
            line: 0,
            byte_offset: 0,
            hints: crate::wire::json(&hints),
            seen_at: Timestamp::from_second(at).unwrap(),
        }
    }

    fn day(rows: &[SightingRow]) -> Option<String> {
        Some(chosen(rows)?.1.published?.to_string())
    }

    #[test]
    fn what_is_said_later_fills_what_is_lacking() {
        let (bare, said) = (met("/a", 1, None), met(SAID_LATER, 2, Some("2031-03-31")));
        assert_eq!(day(&[bare.clone(), said.clone()]).unwrap(), "2031-03-31");
        assert_eq!(chosen(&[said.clone(), bare.clone()]).unwrap().1.id, "/a");
        // Said again, the last counts; a place where it was met goes before all that was said later.
        let again = met(SAID_LATER, 3, Some("2031-03-13"));
        assert_eq!(day(&[bare.clone(), said.clone(), again.clone()]).unwrap(), "2031-03-13");
        let dated = met("http://z.example/", 9, Some("2031-03-01"));
        assert_eq!(day(&[said.clone(), again.clone(), dated]).unwrap(), "2031-03-01");
        assert!(
            says_more(std::slice::from_ref(&bare), &said)
                && !says_more(&[bare.clone(), again.clone()], &said)
        );
        let sayable = |rows: &[SightingRow], day: Option<&str>| {
            sayable(rows, (day.map(|day| day.parse().unwrap()), Some("Norvane Press"))).published
        };
        assert!(
            sayable(std::slice::from_ref(&bare), None) && sayable(&[bare.clone(), again], Some("2031-03-13"))
        );
        assert!(!sayable(&[bare], Some("2031-03-13")));
    }
}
