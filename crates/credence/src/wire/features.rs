use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::Incident;

/// Incidents as points, in GeoJSON (RFC 7946).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Features {
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "FeatureCollection")]
    pub(crate) kind: &'static str,
    /// Newest first.
    pub(crate) features: Vec<Feature>,
    /// How many points are handed out at a time at most: the newest.
    pub(crate) most: u64,
    /// How many more have a point and were left out.
    pub(crate) left_out: u64,
    /// How many fit and have no point: no place is named, or none that the gazetteer knows.
    pub(crate) unplaced: u64,
    /// Where days are asked for: how many have no day, and are left out for that.
    pub(crate) undated: u64,
}

/// An incident as a point.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Feature {
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "Feature")]
    kind: &'static str,
    pub(crate) id: String,
    pub(crate) geometry: Geometry,
    pub(crate) properties: Properties,
}

/// Where a point is: degrees east, then north.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Geometry {
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "Point")]
    kind: &'static str,
    pub(crate) coordinates: [f64; 2],
}

/// What is said of an incident at its point. All of it is alleged.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Properties {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) acts: Vec<String>,
    pub(crate) place: Option<String>,
    /// `settlement`, `near`, `region`, `country` or `part-of-the-world`: the point is about the middle of it.
    pub(crate) precision: String,
    pub(crate) first_day: Option<Date>,
    pub(crate) last_day: Option<Date>,
    /// Whether a day is stated; else the days are those of the reports.
    pub(crate) stated: bool,
    /// How many reports tell of it.
    pub(crate) reports: usize,
    /// Whether anybody denies it or tells it otherwise in the stories of its reports.
    pub(crate) denied: bool,
}

impl Feature {
    /// Returns an incident as a point, if it has one.
    pub(crate) fn of(incident: Incident, denied: bool) -> Option<Feature> {
        let Incident { id, title, acts, place, point, time, reports, .. } = incident;
        let point = point?;
        Some(Feature {
            kind: "Feature",
            id: id.clone(),
            geometry: Geometry { kind: "Point", coordinates: [point.longitude, point.latitude] },
            properties: Properties {
                id,
                title,
                acts,
                place,
                precision: point.precision,
                first_day: time.map(|time| time.first),
                last_day: time.map(|time| time.last),
                stated: time.is_some_and(|time| time.stated),
                reports: reports.len(),
                denied,
            },
        })
    }
}
