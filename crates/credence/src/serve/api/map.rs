use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::civil::Date;
use model::Act;
use serde::Deserialize;
use store::{Days, IncidentCounts, IncidentFilter, MapBox, Order, Page, Store};
use utoipa::IntoParams;

use crate::incidents::stored_incident;
use crate::ledger::DeniedClaims;
use crate::serve::asked::{Asked, one_of};
use crate::serve::fault::{Code, Fault};
use crate::serve::packed::Packed;
use crate::serve::site::Site;
use crate::wire::{Feature, Features};

/// Which incidents to show on a map.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MapAsked {
    /// What is alleged to have been done.
    pub(crate) act: Option<String>,
    /// May have been on this day or later.
    pub(crate) from: Option<Date>,
    /// May have been on this day or before.
    pub(crate) to: Option<Date>,
    /// The edges of a part of the map in degrees: all four, or none. West may be greater than east.
    pub(crate) west: Option<f64>,
    /// See `west`.
    pub(crate) south: Option<f64>,
    /// See `west`.
    pub(crate) east: Option<f64>,
    /// See `west`.
    pub(crate) north: Option<f64>,
    /// Which borders pictures draw: `un`, as the General Assembly has them, or `held`, as the ground is held. Points are the
    /// same.
    pub(crate) view: Option<String>,
}

/// Points that are handed out at a time, the newest.
const POINTS: u64 = 5_000;

/// Lists incidents as points in GeoJSON, newest first, 5,000 at most. All are allegations.
#[utoipa::path(get, path = "/map/incidents", tag = "incidents", params(MapAsked), responses((status = 200, body = Features, content_type = "application/geo+json")))]
pub(crate) async fn map_incidents(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    Asked(asked): Asked<MapAsked>,
) -> Result<Response, Fault> {
    let written = site.know_sized(format!("points {asked:?}"), move |store| {
        let written = serde_json::to_string(&features(store, &asked)?)
            .map_err(|_| Fault::new(Code::Internal, "the points could not be written"))?;
        let packed = Packed::of(written);
        Ok((packed.bytes(), packed))
    });
    Ok(written.await?.answer(&headers, "application/geo+json"))
}

/// Draws up the points that are asked for.
pub(crate) fn features(store: &Store, asked: &MapAsked) -> Result<Features, Fault> {
    let filter = filter(asked)?;
    let mut incidents = Vec::new();
    store.placed_incidents(&filter, |row| {
        incidents.push(stored_incident(&row)?);
        Ok::<(), Fault>(())
    })?;
    let denied = DeniedClaims::about(store, incidents.iter().map(|incident| incident.id.as_str()))?;
    let mut features = Vec::new();
    for incident in incidents {
        let is_denied = denied.any_of(store, &incident)?;
        features.extend(Feature::of(incident, is_denied));
    }
    let IncidentCounts { placed, .. } = store.count_incidents(&filter)?;
    let everywhere = store.count_incidents(&IncidentFilter { within: None, ..filter.clone() })?;
    let whenever = IncidentFilter { days: Days::default(), within: None, ..filter };
    let undated = match asked.from.or(asked.to) {
        Some(_) => store.count_incidents(&whenever)?.undated,
        None => 0,
    };
    Ok(Features {
        kind: "FeatureCollection",
        most: POINTS,
        left_out: placed.saturating_sub(features.len() as u64),
        unplaced: everywhere.all.saturating_sub(everywhere.placed),
        undated,
        features,
    })
}

/// Returns what a map asks of the rows.
fn filter(asked: &MapAsked) -> Result<IncidentFilter, Fault> {
    one_of("act", asked.act.as_deref(), &Act::ALL.iter().map(|act| act.name()).collect::<Vec<_>>())?;
    one_of("view", asked.view.as_deref(), &["un", "held"])?;
    Ok(IncidentFilter {
        act: asked.act.clone(),
        days: Days { from: asked.from, to: asked.to },
        within: map_box([asked.west, asked.south, asked.east, asked.north])?,
        order: Order::Newest,
        page: Page { skip: 0, limit: Some(POINTS) },
        ..IncidentFilter::default()
    })
}

/// Reads the west, south, east and north of a part of the map: all, or none.
pub(crate) fn map_box(edges: [Option<f64>; 4]) -> Result<Option<MapBox>, Fault> {
    let refused = |message: &str| Err(Fault::new(Code::BadRequest, message));
    let [Some(west), Some(south), Some(east), Some(north)] = edges else {
        return match edges.iter().any(Option::is_some) {
            true => refused("west, south, east and north are given together"),
            false => Ok(None),
        };
    };
    let is_on_earth = [west, east].iter().all(|edge| (-180.0..=180.0).contains(edge))
        && [south, north].iter().all(|edge| (-90.0..=90.0).contains(edge));
    match is_on_earth && south <= north {
        true => Ok(Some(MapBox { west, south, east, north })),
        false => refused(
            "west and east are from -180 to 180, south and north from -90 to 90, south no more than north",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_map_has_four_edges_on_earth() {
        let is_box = |edges: [f64; 4]| map_box(edges.map(Some)).is_ok();
        assert!(is_box([-10.0, -20.0, 10.0, 20.0]) && is_box([170.0, 0.0, -170.0, 0.0]));
        assert!(!is_box([0.0, 20.0, 10.0, -20.0]) && !is_box([0.0, 0.0, 181.0, 1.0]));
        assert!(!is_box([f64::NAN, 0.0, 1.0, 1.0]) && !is_box([0.0, 0.0, f64::INFINITY, 1.0]));
        assert!(map_box([None; 4]).unwrap().is_none());
        assert!(map_box([Some(1.0), None, None, None]).is_err());
    }
}
