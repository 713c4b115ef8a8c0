use jiff::civil::Date;
use model::{Digest, Kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::claim::{Place, Time};
use super::{Span, Spans};

/// One article by one outlet, in the format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Report {
    /// Always `report`.
    pub(crate) kind: String,
    pub(crate) id: String,
    /// The digest of the original.
    pub(crate) original: String,
    /// How the original was read: `dated-text`, `text`, `page` or `row`. It says what the spans count in.
    pub(crate) format: String,
    pub(crate) published: Option<Date>,
    pub(crate) outlet: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) language: Option<String>,
    /// `claims`, or `none` for a report in a language in which no claims are looked for.
    #[serde(default)]
    pub(crate) reading: String,
    /// The agency credited.
    pub(crate) wire: Option<String>,
    pub(crate) wire_credit: Option<Span>,
    pub(crate) dateline: Option<Dateline>,
    pub(crate) body: Vec<Span>,
    pub(crate) boilerplate: Vec<Boilerplate>,
    /// All that the article names, in the order of its words, whether a claim uses it or not.
    #[serde(default)]
    pub(crate) times: Vec<Time>,
    #[serde(default)]
    pub(crate) places: Vec<Place>,
    pub(crate) notes: Vec<String>,
    /// The fields of a JSON row that have no meaning here, kept as they came.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub(crate) other_fields: serde_json::Map<String, serde_json::Value>,
}

/// Where and when the copy says it was filed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Dateline {
    pub(crate) span: Span,
    pub(crate) place: Option<Span>,
    pub(crate) date: Option<Date>,
}

/// A stretch that is not the article, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Boilerplate {
    #[serde(flatten)]
    pub(crate) span: Span,
    pub(crate) reason: String,
}

/// Where a report comes from: what its text does not say.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) digest: Digest,
    pub(crate) kind: Kind,
    pub(crate) other_fields: serde_json::Map<String, serde_json::Value>,
}

impl Report {
    pub(super) fn new(reading: &extract::Reading, origin: Origin, spans: &Spans<'_>) -> Report {
        let report = &reading.report;
        let known = &report.metadata;
        Report {
            kind: "report".to_owned(),
            id: known.id.clone(),
            original: origin.digest.to_string(),
            format: origin.kind.name().to_owned(),
            published: known.published,
            outlet: known.outlet.clone(),
            title: known.title.clone(),
            url: known.url.clone(),
            language: report.language.clone(),
            reading: if report.is_in_english() { "claims" } else { "none" }.to_owned(),
            wire: report.wire.as_ref().map(|wire| wire.agency.clone()),
            wire_credit: report.wire.as_ref().map(|wire| spans.span(wire.span)),
            dateline: report.dateline.as_ref().map(|dateline| Dateline {
                span: spans.span(dateline.span),
                place: dateline.place.map(|place| spans.span(place)),
                date: dateline.date,
            }),
            body: report.body.iter().map(|paragraph| spans.span(paragraph.span)).collect(),
            boilerplate: report
                .boilerplate
                .iter()
                .map(|aside| Boilerplate {
                    span: spans.span(aside.span),
                    reason: aside.reason.name().to_owned(),
                })
                .collect(),
            times: reading.times.iter().map(|time| Time::new(time, spans)).collect(),
            places: reading.places.iter().map(|place| Place::new(place, spans)).collect(),
            notes: report.notes.iter().map(|note| note.0.clone()).collect(),
            other_fields: origin.other_fields,
        }
    }
}
