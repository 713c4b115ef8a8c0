//! What is known of an original besides its bytes: the JSON of a sighting, and the choice among several sightings.

use jiff::Timestamp;
use jiff::civil::Date;
use model::{Kind, Metadata};
use preserve::{Capture, Sighting};
use serde::{Deserialize, Serialize};
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
/// and offset. So the order in which they were met changes nothing.
pub(crate) fn chosen(sightings: &[SightingRow]) -> Option<(Kind, Metadata)> {
    let first = sightings.iter().min_by_key(|row| (&row.source, row.line, row.byte_offset))?;
    let hints: Hints = serde_json::from_str(&first.hints).ok()?;
    let kind = Kind::from_name(&hints.kind)?;
    let Hints { id, published, outlet, title, url, charset, .. } = hints;
    Some((kind, Metadata { id, published, outlet, title, url, charset }))
}
