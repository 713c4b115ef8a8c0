use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::Span;
use jiff::civil::Date;
use model::Act;
use preserve::Reader;
use serde::{Deserialize, Serialize};
use store::{Days, IncidentFilter, IncidentPlace, Order, Store};
use utoipa::{IntoParams, ToSchema};

use super::{lines, map_box, named, shown, svg};
use crate::deciding;
use crate::decisions::About;
use crate::incidents::{Shelf, accounts_told, sheet, stored_incident};
use crate::ledger::{Outline, Stories, conflict_of, conflict_of_situation, incident_ledgers, outlines};
use crate::origins::{Asked as Of, sheets};
use crate::picture::{self, Chart};
use crate::record::originals_folder;
use crate::serve::asked::{Asked, one_of};
use crate::serve::fault::{Code, Fault};
use crate::serve::listing::{Listing, MOST, page, within};
use crate::serve::pages::claim_path;
use crate::serve::rows::{self, IncidentLine, IncidentNamed, ReportLine};
use crate::serve::site::Site;
use crate::wire::{Conflict, Figures, OriginSheet, Sheet, Situation, claim_id};
use crate::{describe, history, places};

/// Which incidents to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct IncidentsAsked {
    /// Words in the name of the place, or another spelling of the whole name that the gazetteer has: `Kyiv` is found by `Kiev`.
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
        let filter = incident_filter(&asked)?;
        return Ok(lines::answer(site, move |store, each| {
            // A note from which no claim was read alleges nothing by itself.
            store.incidents(&filter, |row| if row.claims > 0 { each(&row.body) } else { Ok(()) })
        }));
    }
    Ok(shown(&known_incidents(site, asked).await?))
}

/// Lists a page of incidents, once for as long as the record is the same: who denies each stands in whole stories.
pub(crate) async fn known_incidents(
    site: Arc<Site>,
    asked: IncidentsAsked,
) -> Result<Arc<Listing<IncidentLine>>, Fault> {
    site.know(format!("incidents {asked:?}"), move |store| incident_list(store, &asked)).await
}

/// Lists a page of incidents.
pub(crate) fn incident_list(store: &Store, asked: &IncidentsAsked) -> Result<Listing<IncidentLine>, Fault> {
    let stories = Stories::new(store);
    let Listing { items, next } = incident_rows(store, asked)?;
    let lines: anyhow::Result<Vec<Option<IncidentLine>>> =
        items.iter().map(|row| IncidentLine::of(&stories, row)).collect();
    Ok(Listing { items: lines?.into_iter().flatten().collect(), next })
}

/// Finds the incidents of a page.
///
/// # Errors
/// [`Code::Changed`] where incidents moved since the page before: one could be shown twice.
fn incident_rows(store: &Store, asked: &IncidentsAsked) -> Result<Listing<store::IncidentRow>, Fault> {
    let moved = store.incidents_moved()?;
    let mut found = Vec::new();
    store.incidents(&IncidentFilter { page: page(asked.limit), ..incident_filter(asked)? }, |row| {
        found.push(row);
        Ok::<(), Fault>(())
    })?;
    let before = asked.after.as_deref().map(Behind::read).transpose()?.and_then(|behind| behind.moved);
    if before.is_some_and(|before| before != moved) || store.incidents_moved()? != moved {
        return Err(Fault::new(
            Code::Changed,
            "incidents were put together anew since the page before, and one could be shown twice",
        ));
    }
    let behind = |row: &store::IncidentRow| Behind { place: row.place_among_newest(), moved: Some(moved) };
    Ok(Listing::of(found, asked.limit, |row| behind(row).text()))
}

/// Where a page of incidents begins: behind a place, and how often incidents had moved when the page before was drawn up.
#[derive(Debug, PartialEq, Eq)]
struct Behind {
    place: IncidentPlace,
    /// Nothing for people who read on whatever moved.
    moved: Option<u64>,
}

/// What stands for a day that is not known.
const UNDATED: &str = "undated";

impl Behind {
    fn text(&self) -> String {
        let day = self.place.day.map_or(UNDATED.to_owned(), |day| day.to_string());
        let moved = self.moved.map_or(String::new(), |moved| format!(" {moved}"));
        format!("{day} {}{moved}", self.place.id)
    }

    fn read(text: &str) -> Result<Behind, Fault> {
        let read = || {
            let mut parts = text.split(' ');
            let (day, id) = (parts.next()?, parts.next()?.to_owned());
            let day = if day == UNDATED { None } else { Some(day.parse().ok()?) };
            let moved = parts.next().map(str::parse).transpose().ok()?;
            Some(Behind { place: IncidentPlace { day, id }, moved }).filter(|_| parts.next().is_none())
        };
        read().ok_or_else(|| Fault::new(Code::BadRequest, "after has to be the `next` of the page before"))
    }
}

/// Returns where the next page begins for a person, who reads on whatever moved.
pub(crate) fn read_on(next: &str) -> Option<String> {
    Some(Behind { moved: None, ..Behind::read(next).ok()? }.text())
}

fn incident_filter(asked: &IncidentsAsked) -> Result<IncidentFilter, Fault> {
    one_of("act", asked.act.as_deref(), &Act::ALL.iter().map(|act| act.name()).collect::<Vec<_>>())?;
    let behind = asked.after.as_deref().map(Behind::read).transpose()?;
    Ok(IncidentFilter {
        place: asked.place.as_deref().map(places::asked_for),
        act: asked.act.clone(),
        days: Days { from: asked.from, to: asked.to },
        within: map_box([asked.west, asked.south, asked.east, asked.north])?,
        order: Order::Newest,
        behind: behind.map(|behind| behind.place),
        ..IncidentFilter::default()
    })
}

/// Shows an incident: what is alleged, its figures side by side, its origins, denials and decisions.
#[utoipa::path(get, path = "/incidents/{id}", tag = "incidents", params(("id" = String, description = "The id of an incident, or the beginning of it, or the id that one had which went into another")), responses((status = 200, body = Sheet, headers(("Content-Location", description = "Where it stands by the id that it has now, if it was asked for by another")))))]
pub(crate) async fn incident(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let sheet = known_incident(site, id.clone()).await?;
    Ok(named(shown(&sheet), (&id, &sheet.incident.id), "incidents"))
}

/// Draws up all that is said of an incident, once for as long as the record is the same.
pub(crate) async fn known_incident(site: Arc<Site>, id: String) -> Result<Arc<Sheet>, Fault> {
    site.know(format!("incident {id}"), move |store| incident_sheet(store, &id)).await
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

/// What may belong together with an incident, for people to choose from. Nothing is suggested by it.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Near {
    /// Incidents at its place within three days of it, and such as reports of its stories tell of: 8 at most.
    pub(crate) incidents: Vec<IncidentNamed>,
    /// What other reports of its stories tell of other events: 8 at most.
    pub(crate) accounts: Vec<AccountNamed>,
    /// Its own reports, 50 at most.
    pub(crate) reports: Vec<ReportLine>,
}

/// What a report tells of an event.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AccountNamed {
    /// The first of its claims.
    pub(crate) claim: String,
    /// The words of that claim.
    pub(crate) words: String,
    pub(crate) published: Option<Date>,
    /// The title of the report, or how the text begins.
    pub(crate) headline: String,
}

/// Incidents and accounts that are offered.
const OFFERED: usize = 8;

/// Reports of an incident that are offered to be taken out.
const OWN: usize = 50;

/// Reports of an incident whose stories are looked into, and reports of such a story.
const LOOKED_AT: usize = 8;
const OF_A_STORY: usize = 64;

/// Days before and after an incident.
const AROUND: i64 = 3;

/// Lists what may belong together with an incident: others near it, and what else its stories tell of.
#[utoipa::path(get, path = "/incidents/{id}/near", tag = "incidents", params(("id" = String, description = "As above")), responses((status = 200, body = Near)))]
pub(crate) async fn near(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Result<Response, Fault> {
    Ok(shown(&known_near(site, id).await?))
}

/// Finds what may belong together with an incident, once for as long as the record is the same.
pub(crate) async fn known_near(site: Arc<Site>, id: String) -> Result<Arc<Near>, Fault> {
    site.know(format!("near {id}"), move |store| near_to(store, &rows::incident(store, &id)?)).await
}

fn near_to(store: &Store, row: &store::IncidentRow) -> Result<Near, Fault> {
    let here: BTreeSet<i64> = row.accounts.iter().map(|(report, _)| *report).collect();
    let (mut near, mut met) = (Near::default(), BTreeSet::from([row.id.clone()]));
    if let (Some(place), Some(first), Some(last)) = (&row.place, row.first_day, row.last_day) {
        let around = Span::new().days(AROUND);
        let days = Days { from: first.checked_sub(around).ok(), to: last.checked_add(around).ok() };
        let page = store::Page { skip: 0, limit: Some(OFFERED as u64 + 1) };
        let at = Some(place.clone());
        let filter = IncidentFilter { at, days, order: Order::Newest, page, ..IncidentFilter::default() };
        store.incidents(&filter, |other| near.add(&other, &mut met))?;
    }
    let mut stories = BTreeSet::new();
    for report in here.iter().take(LOOKED_AT) {
        // All reports of a story lead to the same.
        if !store.shown_story_of(*report)?.is_some_and(|story| stories.insert(story)) {
            continue;
        }
        let of_it = store.stories_of(*report)?.into_iter().flat_map(|story| story.reports);
        for other in of_it.take(OF_A_STORY) {
            if near.incidents.len() < OFFERED {
                for id in
                    store.incidents_of(other)?.into_iter().filter(|id| !met.contains(id)).collect::<Vec<_>>()
                {
                    if let Some(row) = store.incident(&id)? {
                        near.add(&row, &mut met)?;
                    }
                }
            }
            if !here.contains(&other) && near.accounts.len() < OFFERED {
                near.add_accounts(store, other)?;
            }
        }
    }
    for report in here.iter().take(OWN) {
        near.reports.extend(store.report(*report)?.as_ref().map(ReportLine::from));
    }
    Ok(near)
}

impl Near {
    fn add(&mut self, row: &store::IncidentRow, met: &mut BTreeSet<String>) -> Result<(), Fault> {
        if self.incidents.len() < OFFERED && met.insert(row.id.clone()) {
            self.incidents.extend(IncidentNamed::of(row)?);
        }
        Ok(())
    }

    fn add_accounts(&mut self, store: &Store, report: i64) -> Result<(), Fault> {
        let Some(stored) = store.report(report)? else { return Ok(()) };
        let told = accounts_told(store, report)?;
        if told.is_empty() {
            return Ok(());
        }
        let claims = store.claims_of(report)?;
        let line = ReportLine::from(&stored);
        for account in told {
            let Some(&first) = account.claims.first() else { continue };
            let Some(claim) = claims.get(first).filter(|_| self.accounts.len() < OFFERED) else { continue };
            self.accounts.push(AccountNamed {
                claim: claim_id(&line.original, first),
                words: claim.row.quote.clone(),
                published: line.published,
                headline: line.headline.clone(),
            });
        }
        Ok(())
    }
}

/// Shows the ledger of an incident.
#[utoipa::path(get, path = "/incidents/{id}/figures", tag = "incidents", params(("id" = String, description = "As above")), responses((status = 200, body = Figures)))]
pub(crate) async fn figures(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    Ok(shown(&known_figures(site, id).await?))
}

/// Draws up the ledger of an incident or a situation, once for as long as the record is the same.
async fn known_figures(site: Arc<Site>, id: String) -> Result<Arc<Figures>, Fault> {
    if id.starts_with("t-") {
        let situation = known_situation(Arc::clone(&site), id.clone()).await?;
        let figures = move |_: &Store| {
            let title = describe::ledger::called(&situation);
            Ok(Figures { id: situation.id.clone(), title, figures: situation.figures.clone() })
        };
        return site.know(format!("figures {id}"), figures).await;
    }
    site.know(format!("figures {id}"), move |store| figures_of(store, &id)).await
}

fn figures_of(store: &Store, id: &str) -> Result<Figures, Fault> {
    let row = rows::incident(store, id)?;
    let incident = stored_incident(&row)?;
    let figures = incident_ledgers(&Stories::new(store), (&row, &incident))?;
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
    let figures = known_figures(Arc::clone(&site), id.clone()).await?;
    let drawn = site.know(format!("chart {id} {asked:?}"), move |_| {
        let days = Days { from: asked.from, to: asked.to };
        Ok(picture::chart(&figures.title, &figures.figures, Chart { link: Some(&claim_path), days }))
    });
    Ok(svg(String::clone(&*drawn.await?)))
}

/// Which situations to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SituationsAsked {
    /// Rows of a page, 10 unless given, 50 at most: each has all of its figures.
    #[param(minimum = 1, maximum = 50)]
    #[serde(default, deserialize_with = "within::<1, 50, _>")]
    pub(crate) limit: Option<u64>,
    /// The `next` of the page before.
    pub(crate) after: Option<String>,
}

/// Situations of a page, unless `limit` says otherwise.
const SITUATIONS: u64 = 10;

/// Lists the situations, figures of a longer time, which belong to no incident: by place and first day.
#[utoipa::path(get, path = "/situations", tag = "incidents", params(SituationsAsked), responses((status = 200, body = Listing<Situation>)))]
pub(crate) async fn situations(
    State(site): State<Arc<Site>>,
    Asked(asked): Asked<SituationsAsked>,
) -> Result<Response, Fault> {
    Ok(shown(&known_situations(site, asked).await?))
}

/// Draws up a page of situations, once for as long as the record is the same.
pub(crate) async fn known_situations(
    site: Arc<Site>,
    asked: SituationsAsked,
) -> Result<Arc<Listing<Situation>>, Fault> {
    let all = known_outlines(Arc::clone(&site)).await?;
    site.know(format!("situations {asked:?}"), move |store| situation_list(store, &all, &asked)).await
}

/// Bytes that the outline of a situation takes, and those for each report in it, about.
const OUTLINE: (usize, usize) = (200, 150);

/// Returns all situations before their ledgers are drawn up, once for as long as the record is the same.
pub(crate) async fn known_outlines(site: Arc<Site>) -> Result<Arc<Vec<Outline>>, Fault> {
    let outlined = |store: &Store| {
        let all = outlines(store)?;
        let bytes = all.iter().map(|outline| OUTLINE.0 + outline.reports() * OUTLINE.1).sum();
        Ok((bytes, all))
    };
    site.know_sized("outlines".to_owned(), outlined).await
}

fn situation_list(
    store: &Store,
    all: &[Outline],
    asked: &SituationsAsked,
) -> Result<Listing<Situation>, Fault> {
    let limit = Some(asked.limit.unwrap_or(SITUATIONS));
    let stories = Stories::new(store);
    let behind = match &asked.after {
        Some(after) => {
            let at = all.iter().position(|outline| outline.id == *after);
            at.ok_or_else(|| Fault::not_found("situation", after))? + 1
        }
        None => 0,
    };
    // Drawing one up more than is shown would cost as much as those that are.
    let listing = Listing::of(all[behind..].iter().collect(), limit, |outline| outline.id.clone());
    let drawn: anyhow::Result<Vec<Situation>> =
        listing.items.into_iter().map(|outline| outline.drawn(&stories)).collect();
    Ok(Listing { items: drawn?, next: listing.next })
}

/// Draws up the situations that most reports speak of, but those without a first day, whose figures have no bounds in common.
pub(crate) fn largest_situations(store: &Store, most: usize) -> Result<Vec<Situation>, Fault> {
    let mut all = outlines(store)?;
    all.retain(Outline::has_bounds);
    all.sort_by_key(|outline| std::cmp::Reverse(outline.reports()));
    let stories = Stories::new(store);
    let drawn: anyhow::Result<Vec<Situation>> =
        all.iter().take(most).map(|outline| outline.drawn(&stories)).collect();
    Ok(drawn?)
}

/// Shows a situation.
#[utoipa::path(get, path = "/situations/{id}", tag = "incidents", params(("id" = String, description = "The id of a situation")), responses((status = 200, body = Situation)))]
pub(crate) async fn situation(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    Ok(shown(&known_situation(site, id).await?))
}

/// Draws up a situation, once for as long as the record is the same.
pub(crate) async fn known_situation(site: Arc<Site>, id: String) -> Result<Arc<Situation>, Fault> {
    let all = known_outlines(Arc::clone(&site)).await?;
    let question = format!("situation {id}");
    let drawn = move |store: &Store| {
        let found = all.iter().find(|outline| outline.id == id);
        let found = found.ok_or_else(|| Fault::not_found("situation", &id))?;
        Ok(found.drawn(&Stories::new(store))?)
    };
    site.know(question, drawn).await
}

/// Which contradictions to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ContradictionsAsked {
    /// `incident` or `situation`; incidents unless given.
    pub(crate) kind: Option<String>,
    /// Incidents that are looked at, 50 unless given, 500 at most; of situations 10 unless given, 50 at most.
    #[param(minimum = 1, maximum = 500)]
    #[serde(default, deserialize_with = "within::<1, MOST, _>")]
    pub(crate) limit: Option<u64>,
    /// The `next` of the page before.
    pub(crate) after: Option<String>,
}

/// Lists where figures do not fit together and what is denied: by incident, newest first, or by situation.
#[utoipa::path(get, path = "/contradictions", tag = "incidents", params(ContradictionsAsked), responses((status = 200, body = Listing<Conflict>)))]
pub(crate) async fn contradictions(
    State(site): State<Arc<Site>>,
    Asked(asked): Asked<ContradictionsAsked>,
) -> Result<Response, Fault> {
    Ok(shown(&known_conflicts(site, asked).await?))
}

/// Lists a page of contradictions, once for as long as the record is the same.
pub(crate) async fn known_conflicts(
    site: Arc<Site>,
    asked: ContradictionsAsked,
) -> Result<Arc<Listing<Conflict>>, Fault> {
    one_of("kind", asked.kind.as_deref(), &["incident", "situation"])?;
    let question = format!("contradictions {asked:?}");
    let ContradictionsAsked { kind, limit, after } = asked;
    if kind.as_deref() != Some("situation") {
        return site.know(question, move |store| conflicts_of_incidents(store, (limit, after))).await;
    }
    let all = known_outlines(Arc::clone(&site)).await?;
    let listed = move |store: &Store| {
        let asked = SituationsAsked { limit: limit.map(|limit| limit.min(50)), after };
        let Listing { items, next } = situation_list(store, &all, &asked)?;
        let items = items.into_iter().map(conflict_of_situation).collect();
        Ok(Listing { items: told_of(items), next })
    };
    site.know(question, listed).await
}

/// Leaves out those of which nothing is to be told.
fn told_of(mut conflicts: Vec<Conflict>) -> Vec<Conflict> {
    conflicts.retain(|conflict| !conflict.remarks.is_empty() || !conflict.denials.is_empty());
    conflicts
}

/// Lists where the figures of the newest incidents do not fit together and what is denied of them.
pub(crate) fn conflicts_of_incidents(
    store: &Store,
    (limit, after): (Option<u64>, Option<String>),
) -> Result<Listing<Conflict>, Fault> {
    let asked = IncidentsAsked { limit, after, ..IncidentsAsked::default() };
    let Listing { items, next } = incident_rows(store, &asked)?;
    let stories = Stories::new(store);
    let conflicts: anyhow::Result<Vec<Conflict>> =
        items.iter().map(|row| conflict_of(&stories, row)).collect();
    Ok(Listing { items: told_of(conflicts?), next })
}

/// Shows where a claim, an incident or a story comes from: how many independent origins, with the proof.
#[utoipa::path(get, path = "/origins/{id}", tag = "incidents", params(("id" = String, description = "The id of a claim, a report, an incident or a story")), responses((status = 200, body = [OriginSheet])))]
pub(crate) async fn origins(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    Ok(shown(&known_origins(site, id).await?))
}

/// Draws up the origins of what is called so, once for as long as the record is the same.
pub(crate) async fn known_origins(site: Arc<Site>, id: String) -> Result<Arc<Vec<OriginSheet>>, Fault> {
    site.know(format!("origins {id}"), move |store| origin_sheets(store, &id)).await
}

fn origin_sheets(store: &Store, id: &str) -> Result<Vec<OriginSheet>, Fault> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_page_begins_is_read_back() {
        let behind = |text: &str| Behind::read(text).map(|behind| behind.text());
        for text in ["2031-03-12 i-ab 7", "undated i-ab.2 0", "2031-03-12 i-ab"] {
            assert_eq!(behind(text).unwrap(), text);
        }
        for text in ["", "i-ab", "2031-03-12 i-ab 7 8", "2031-03-12 i-ab x", "2031-13-12 i-ab 7"] {
            assert_eq!(behind(text).unwrap_err().code, Code::BadRequest, "{text}");
        }
        assert_eq!(read_on("2031-03-12 i-ab 7").unwrap(), "2031-03-12 i-ab");
    }
}
