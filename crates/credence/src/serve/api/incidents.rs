use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use model::Act;
use preserve::Reader;
use serde::Deserialize;
use store::{Days, IncidentFilter, Order, Store};
use utoipa::IntoParams;

use super::{Answer, lines, map_box, svg};
use crate::deciding;
use crate::decisions::About;
use crate::incidents::{Shelf, sheet, stored_incident};
use crate::ledger::{conflict_of, conflict_of_situation, incident_ledgers, situations as all_situations};
use crate::origins::{Asked as Of, sheets};
use crate::picture::{self, Chart};
use crate::record::originals_folder;
use crate::serve::asked::{Asked, one_of};
use crate::serve::fault::{Code, Fault};
use crate::serve::listing::{Listing, MOST, page, within};
use crate::serve::pages::claim_path;
use crate::serve::rows::{self, IncidentLine};
use crate::serve::site::Site;
use crate::wire::{Conflict, Figures, OriginSheet, Sheet, Situation};
use crate::{describe, history};

/// Which incidents to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct IncidentsAsked {
    /// Words in the name of the place.
    pub(crate) place: Option<String>,
    /// What is alleged to have been done.
    pub(crate) act: Option<String>,
    /// May have been on this day or later.
    pub(crate) from: Option<Date>,
    /// May have been on this day or before.
    pub(crate) to: Option<Date>,
    /// The edges of a part of the map in degrees, in which the incident's place is: all four, or none. West may be greater than
    /// east.
    pub(crate) west: Option<f64>,
    /// See `west`.
    pub(crate) south: Option<f64>,
    /// See `west`.
    pub(crate) east: Option<f64>,
    /// See `west`.
    pub(crate) north: Option<f64>,
    /// Rows of a page, 50 unless given, 500 at most.
    #[param(minimum = 1, maximum = 500)]
    #[serde(default, deserialize_with = "within::<1, MOST, _>")]
    pub(crate) limit: Option<u64>,
    /// The `next` of the page before.
    pub(crate) after: Option<String>,
}

/// Lists the incidents, newest first, undated ones last. All are allegations.
#[utoipa::path(get, path = "/incidents", tag = "incidents", params(IncidentsAsked), responses((status = 200, body = Listing<IncidentLine>)))]
pub(crate) async fn incidents(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    Asked(asked): Asked<IncidentsAsked>,
) -> Result<Response, Fault> {
    if lines::are_asked(&headers) {
        let filter = Arc::clone(&site).read(move |store| incident_filter(store, &asked)).await?;
        return Ok(lines::answer(site, move |store, each| {
            store.incidents(&filter, |row| match IncidentLine::of(&row)? {
                Some(_) => each(&row.body),
                None => Ok(()),
            })
        }));
    }
    Ok(Json(site.read(move |store| incident_list(store, &asked)).await?).into_response())
}

/// Lists a page of incidents.
pub(crate) fn incident_list(store: &Store, asked: &IncidentsAsked) -> Result<Listing<IncidentLine>, Fault> {
    let filter = IncidentFilter { page: page(asked.limit), ..incident_filter(store, asked)? };
    let mut found = Vec::new();
    store.incidents(&filter, |row| {
        found.push((row.id.clone(), IncidentLine::of(&row)?));
        Ok::<(), Fault>(())
    })?;
    let Listing { items, next } = Listing::of(found, asked.limit, |(id, _)| id.clone());
    Ok(Listing { items: items.into_iter().filter_map(|(_, line)| line).collect(), next })
}

fn incident_filter(store: &Store, asked: &IncidentsAsked) -> Result<IncidentFilter, Fault> {
    one_of("act", asked.act.as_deref(), &Act::ALL.iter().map(|act| act.name()).collect::<Vec<_>>())?;
    let behind = asked.after.as_deref().map(|id| rows::incident(store, id)).transpose()?;
    Ok(IncidentFilter {
        place: asked.place.clone(),
        act: asked.act.clone(),
        days: Days { from: asked.from, to: asked.to },
        within: map_box([asked.west, asked.south, asked.east, asked.north])?,
        order: Order::Newest,
        behind: behind.map(|row| row.id),
        ..IncidentFilter::default()
    })
}

/// Shows an incident: what is alleged, its figures side by side, its origins, denials and decisions.
#[utoipa::path(get, path = "/incidents/{id}", tag = "incidents", params(("id" = String, description = "The id of an incident, or the beginning of it")), responses((status = 200, body = Sheet)))]
pub(crate) async fn incident(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Answer<Sheet> {
    site.read(move |store| incident_sheet(store, &id)).await.map(Json)
}

/// Draws up all that is said of an incident.
pub(crate) fn incident_sheet(store: &Store, id: &str) -> Result<Sheet, Fault> {
    let row = rows::incident(store, id)?;
    let reader = Reader::new(originals_folder(store.folder()));
    let mut sheet = sheet(&Shelf { store, reader: &reader }, &row)?;
    let members = deciding::group(store, &row.id)?.named(store)?;
    sheet.decided = history::on(store, About::Incident, &members)?;
    Ok(sheet)
}

/// Shows the ledger of an incident.
#[utoipa::path(get, path = "/incidents/{id}/figures", tag = "incidents", params(("id" = String, description = "As above")), responses((status = 200, body = Figures)))]
pub(crate) async fn figures(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Answer<Figures> {
    site.read(move |store| figures_of(store, &id)).await.map(Json)
}

/// Draws up the ledger of an incident or a situation.
pub(crate) fn figures_of(store: &Store, id: &str) -> Result<Figures, Fault> {
    if id.starts_with("t-") {
        let situation = situation_of(store, id)?;
        let title = describe::ledger::called(&situation);
        return Ok(Figures { id: situation.id, title, figures: situation.figures });
    }
    let row = rows::incident(store, id)?;
    let incident = stored_incident(&row)?;
    let figures = incident_ledgers(store, (&row, &incident))?;
    Ok(Figures { id: incident.id, title: incident.title, figures })
}

/// Which days of a ledger to draw.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChartAsked {
    /// Figures of this day or later.
    pub(crate) from: Option<Date>,
    /// Figures of this day or before.
    pub(crate) to: Option<Date>,
}

/// Draws the ledger of an incident or a situation over time.
#[utoipa::path(get, path = "/incidents/{id}/figures.svg", tag = "incidents", params(("id" = String, description = "As above, or the id of a situation"), ChartAsked), responses((status = 200, body = String, content_type = "image/svg+xml")))]
pub(crate) async fn chart(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    Asked(asked): Asked<ChartAsked>,
) -> Result<Response, Fault> {
    let drawn = site.read(move |store| {
        let Figures { title, figures, .. } = figures_of(store, &id)?;
        let days = Days { from: asked.from, to: asked.to };
        Ok(picture::chart(&title, &figures, Chart { link: Some(claim_path), days }))
    });
    Ok(svg(drawn.await?))
}

/// Lists the situations: figures of a longer time, which belong to no incident.
#[utoipa::path(get, path = "/situations", tag = "incidents", responses((status = 200, body = [Situation])))]
pub(crate) async fn situations(State(site): State<Arc<Site>>) -> Answer<Vec<Situation>> {
    site.read(situation_list).await.map(Json)
}

/// Draws up all situations.
pub(crate) fn situation_list(store: &Store) -> Result<Vec<Situation>, Fault> {
    let mut found = Vec::new();
    all_situations(store, "", |situation| {
        found.push(situation);
        Ok(())
    })?;
    Ok(found)
}

/// Shows a situation.
#[utoipa::path(get, path = "/situations/{id}", tag = "incidents", params(("id" = String, description = "The id of a situation")), responses((status = 200, body = Situation)))]
pub(crate) async fn situation(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Answer<Situation> {
    site.read(move |store| situation_of(store, &id)).await.map(Json)
}

fn situation_of(store: &Store, id: &str) -> Result<Situation, Fault> {
    let mut found = None;
    all_situations(store, id, |situation| {
        if situation.id == id {
            found = Some(situation);
        }
        Ok(())
    })?;
    found.ok_or_else(|| Fault::not_found("situation", id))
}

/// Which contradictions to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ContradictionsAsked {
    /// Incidents that are looked at, 50 unless given, 500 at most.
    #[param(minimum = 1, maximum = 500)]
    #[serde(default, deserialize_with = "within::<1, MOST, _>")]
    pub(crate) limit: Option<u64>,
    /// The `next` of the page before.
    pub(crate) after: Option<String>,
}

/// Lists where figures do not fit together and what is denied, by incident, newest first; situations on the first page.
#[utoipa::path(get, path = "/contradictions", tag = "incidents", params(ContradictionsAsked), responses((status = 200, body = Listing<Conflict>)))]
pub(crate) async fn contradictions(
    State(site): State<Arc<Site>>,
    Asked(asked): Asked<ContradictionsAsked>,
) -> Answer<Listing<Conflict>> {
    site.read(move |store| conflict_list(store, &asked)).await.map(Json)
}

/// Lists a page of contradictions.
pub(crate) fn conflict_list(store: &Store, asked: &ContradictionsAsked) -> Result<Listing<Conflict>, Fault> {
    let ContradictionsAsked { limit, after } = asked.clone();
    let incidents = IncidentsAsked { limit, after, ..IncidentsAsked::default() };
    let filter = IncidentFilter { page: page(limit), ..incident_filter(store, &incidents)? };
    let mut found = Vec::new();
    store.incidents(&filter, |row| {
        found.push((row.id.clone(), conflict_of(store, &row)?));
        Ok::<(), Fault>(())
    })?;
    let Listing { items, next } = Listing::of(found, limit, |(id, _)| id.clone());
    let mut conflicts: Vec<Conflict> = items.into_iter().map(|(_, conflict)| conflict).collect();
    if asked.after.is_none() {
        conflicts.extend(situation_list(store)?.into_iter().map(conflict_of_situation));
    }
    conflicts.retain(|conflict| !conflict.remarks.is_empty() || !conflict.denials.is_empty());
    Ok(Listing { items: conflicts, next })
}

/// Shows where a claim, an incident or a story comes from: how many independent origins, with the proof.
#[utoipa::path(get, path = "/origins/{id}", tag = "incidents", params(("id" = String, description = "The id of a claim, a report, an incident or a story")), responses((status = 200, body = [OriginSheet])))]
pub(crate) async fn origins(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
) -> Answer<Vec<OriginSheet>> {
    site.read(move |store| origin_sheets(store, &id)).await.map(Json)
}

/// Draws up the origins of what is called so.
pub(crate) fn origin_sheets(store: &Store, id: &str) -> Result<Vec<OriginSheet>, Fault> {
    let of = match id {
        _ if id.starts_with("i-") => Of::Incident(rows::incident(store, id)?),
        _ if id.starts_with("s-") => Of::Story(rows::story(store, id)?),
        _ => match rows::report(store, id) {
            Err(fault) if fault.code == Code::NotFound => {
                let (report, number) = rows::claim(store, id)?;
                Of::Claim(report, Some(number))
            }
            report => Of::Claim(report?, None),
        },
    };
    let reader = Reader::new(originals_folder(store.folder()));
    Ok(sheets(&Shelf { store, reader: &reader }, id, &of)?)
}
