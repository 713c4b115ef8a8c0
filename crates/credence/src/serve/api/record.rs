use std::convert::Infallible;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse as _;
use axum::response::Response;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use jiff::Timestamp;
use jiff::civil::Date;
use model::Act;
use serde::{Deserialize, Serialize};
use store::{Days, Folded, Hit, Narrowed, Saying, Store};
use utoipa::{IntoParams, ToSchema};

use super::{Answer, KINDS, lines, map_box, shown};
use crate::changes::Behind;
use crate::configuration::Configuration;
use crate::serve::asked::{Asked, one_of};
use crate::serve::fault::{Code, Fault};
use crate::serve::listing::{Listing, MOST, ROWS, page, within};
use crate::serve::site::Site;
use crate::wire::{Change, Decision};
use crate::{decisions, history, places};

/// What there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Overview {
    /// The version of the program.
    pub(crate) version: String,
    pub(crate) reports: u64,
    pub(crate) claims: u64,
    pub(crate) stories: u64,
    pub(crate) families: u64,
    pub(crate) originals: u64,
}

/// Counts what there is.
#[utoipa::path(get, path = "/", tag = "record", responses((status = 200, body = Overview)))]
pub(crate) async fn overview(State(site): State<Arc<Site>>) -> Result<Response, Fault> {
    Ok(shown(&site.know("counts".to_owned(), counted).await?))
}

/// Counts what there is.
pub(crate) fn counted(store: &Store) -> Result<Overview, Fault> {
    let counts = store.counts()?;
    Ok(Overview {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        reports: counts.reports,
        claims: counts.claims,
        stories: counts.stories,
        families: counts.families,
        originals: counts.originals,
    })
}

/// What to search for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchAsked {
    /// Words, a "phrase", and OR, NOT or parentheses between them.
    #[param(min_length = 1)]
    #[serde(default)]
    pub(crate) q: String,
    /// Words in the name of the outlet.
    pub(crate) outlet: Option<String>,
    /// Published on this day or later.
    pub(crate) from: Option<Date>,
    /// Published on this day or before.
    pub(crate) to: Option<Date>,
    /// `statement`, `figure`, `allegation` or `determination`: reports with such a claim.
    pub(crate) kind: Option<String>,
    /// What is alleged to have been done: reports that allege it.
    pub(crate) act: Option<String>,
    /// Words in the name of a place, or another spelling of the whole name that the gazetteer has: reports with a claim about it.
    pub(crate) place: Option<String>,
    /// The edges of a part of the map in degrees, in which an incident is that a report tells of: all four, or none. West may be
    /// greater than east.
    pub(crate) west: Option<f64>,
    /// See `west`.
    pub(crate) south: Option<f64>,
    /// See `west`.
    pub(crate) east: Option<f64>,
    /// See `west`.
    pub(crate) north: Option<f64>,
    /// Hits that are passed over first, 10,000 at most.
    #[param(maximum = 10_000)]
    #[serde(default, deserialize_with = "within::<0, 10_000, _>")]
    pub(crate) skip: Option<u64>,
    /// Hits of a page, 20 unless given, 100 at most.
    #[param(minimum = 1, maximum = 100)]
    #[serde(default, deserialize_with = "within::<1, 100, _>")]
    pub(crate) limit: Option<u64>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Hits {
    /// All reports that were found. Where a kind, an act, a place or a part of the map is asked for: those among the best thousand.
    pub(crate) total: u64,
    /// How many hits `facets` counts: the best 200 at most, or the best thousand where the search is narrowed so.
    pub(crate) counted: u64,
    /// What these hits can be narrowed by: `outlet`, `month`, `kind`, `act` and `place`.
    pub(crate) facets: Vec<Facet>,
    pub(crate) hits: Vec<HitLine>,
    /// Parts of the question that were passed over.
    pub(crate) notes: Vec<String>,
    /// Reports that are not in the search index yet.
    pub(crate) missing: u64,
}

/// The values of one kind that most hits have.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Facet {
    /// `outlet`, `month`, `kind`, `act` or `place`.
    pub(crate) name: &'static str,
    /// The ten that most have, most first.
    pub(crate) values: Vec<FacetValue>,
}

/// A value and how many hits have it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct FacetValue {
    pub(crate) value: String,
    pub(crate) reports: u64,
}

/// A report that was found.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct HitLine {
    pub(crate) report: String,
    pub(crate) original: String,
    pub(crate) published: Option<Date>,
    pub(crate) outlet: Option<String>,
    pub(crate) title: Option<String>,
    /// The title, or how the text begins.
    pub(crate) headline: String,
    pub(crate) snippet: String,
    /// Bytes of the snippet.
    pub(crate) matches: Vec<[usize; 2]>,
    /// The copy family it is of: hits of one family are one text.
    pub(crate) family: Option<i64>,
    /// The digest of the best hit of that family, if that is another one; looked for among the best thousand.
    pub(crate) best: Option<String>,
}

/// Searches the words of all reports, best first.
#[utoipa::path(get, path = "/search", tag = "record", params(SearchAsked), responses((status = 200, body = Hits)))]
pub(crate) async fn search(
    State(site): State<Arc<Site>>,
    Asked(asked): Asked<SearchAsked>,
) -> Result<Response, Fault> {
    Ok(shown(&known_hits(site, asked).await?))
}

/// Searches the words of all reports, once for as long as the record is the same.
pub(crate) async fn known_hits(site: Arc<Site>, asked: SearchAsked) -> Result<Arc<Hits>, Fault> {
    let question = asked.clone();
    let search = format!("search {asked:?}");
    let known = Arc::clone(&site).know(search, move |store| hits(store, &question)).await?;
    // An index that is behind the rows catches up without a change of these.
    match known.missing {
        0 => Ok(known),
        _ => site.read_long(move |store| hits(store, &asked)).await.map(Arc::new),
    }
}

/// Searches the words of all reports.
fn hits(store: &Store, asked: &SearchAsked) -> Result<Hits, Fault> {
    let search = searched(asked);
    one_of("kind", asked.kind.as_deref(), &KINDS)?;
    one_of("act", asked.act.as_deref(), &Act::ALL.iter().map(|act| act.name()).collect::<Vec<_>>())?;
    let saying = Saying {
        kind: asked.kind.clone(),
        act: asked.act.clone(),
        place: asked.place.as_deref().map(places::asked_for),
        within: map_box([asked.west, asked.south, asked.east, asked.north])?,
    };
    let Narrowed { found, counted, facets, folded } = store.search_narrowed(&search, &saying)?;
    let lines: Result<Vec<HitLine>, store::Error> =
        found.hits.iter().zip(folded).map(|(hit, folded)| hit_line(store, hit, folded)).collect();
    let value = |(value, reports)| FacetValue { value, reports };
    let facet = |(name, values): (_, Vec<_>)| Facet { name, values: values.into_iter().map(value).collect() };
    Ok(Hits {
        total: found.total,
        counted,
        facets: facets.into_iter().map(facet).collect(),
        hits: lines?,
        notes: found.notes,
        missing: found.missing,
    })
}

fn searched(asked: &SearchAsked) -> store::Search {
    store::Search {
        query: asked.q.clone(),
        outlet: asked.outlet.clone(),
        kind: None,
        published: Days { from: asked.from, to: asked.to },
        skip: asked.skip.unwrap_or(0) as usize,
        limit: asked.limit.unwrap_or(20) as usize,
    }
}

fn hit_line(store: &Store, hit: &Hit, Folded { family, best }: Folded) -> Result<HitLine, store::Error> {
    let row = &hit.report.row;
    let best = best.map(|best| store.report(best)).transpose()?.flatten();
    Ok(HitLine {
        report: row.name.clone(),
        original: model::Digest::from_bytes(row.digest).to_string(),
        published: row.published,
        outlet: row.outlet.clone(),
        title: row.title.clone(),
        headline: crate::describe::title(&hit.report),
        snippet: hit.snippet.text.clone(),
        matches: hit.snippet.matches.iter().map(|range| [range.start, range.end]).collect(),
        family,
        best: best.map(|best| model::Digest::from_bytes(best.row.digest).to_string()),
    })
}

/// Reports that were found, by the day of publication.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct FoundDays {
    /// Days of which at least one report was found, the first one first.
    pub(crate) days: Vec<FoundDay>,
    /// Reports without a day of publication that were found.
    pub(crate) undated: u64,
}

/// How many reports of a day were found.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct FoundDay {
    pub(crate) day: Date,
    pub(crate) reports: u64,
}

/// Counts what a search finds by the day of publication, all hits of it.
#[utoipa::path(get, path = "/search/days", tag = "record", params(SearchAsked), responses((status = 200, body = FoundDays)))]
pub(crate) async fn search_days(
    State(site): State<Arc<Site>>,
    Asked(asked): Asked<SearchAsked>,
) -> Answer<FoundDays> {
    let found = site.read(move |store| {
        let store::PublishedDays { days, undated } = store.published_days(&searched(&asked))?;
        let days = days.into_iter().map(|(day, reports)| FoundDay { day, reports }).collect();
        Ok(FoundDays { days, undated })
    });
    found.await.map(Json)
}

/// Since when.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChangesAsked {
    /// A moment, in UTC (RFC 3339).
    #[param(value_type = String, format = DateTime)]
    pub(crate) since: Timestamp,
    /// Reports that came and are looked at for a page, 50 unless given, 500 at most.
    #[param(minimum = 1, maximum = 500)]
    #[serde(default, deserialize_with = "within::<1, MOST, _>")]
    pub(crate) limit: Option<u64>,
    /// The `next` of the page before.
    pub(crate) after: Option<String>,
}

/// Tells what is other than it was at a moment: as the reports came, and most grave first within a page. Each incident is told
/// of once, with the first of its reports that came.
#[utoipa::path(get, path = "/changes", tag = "record", params(ChangesAsked), responses((status = 200, body = Listing<Change>)))]
pub(crate) async fn changes(
    State(site): State<Arc<Site>>,
    Asked(asked): Asked<ChangesAsked>,
) -> Result<Response, Fault> {
    let listed = site.know(format!("changes {asked:?}"), move |store| change_list(store, &asked));
    Ok(shown(&listed.await?))
}

/// Gathers a page of what changed.
fn change_list(store: &Store, asked: &ChangesAsked) -> Result<Listing<Change>, Fault> {
    let read = |after: &String| {
        let bad = || Fault::new(Code::BadRequest, "after has to be the `next` of the page before");
        Behind::read(after).ok_or_else(bad)
    };
    let behind = asked.after.as_ref().map(read).transpose()?;
    let limit = asked.limit.unwrap_or(ROWS) as usize;
    let (items, next) = crate::changes::page(store, (asked.since, behind.as_ref()), limit)?;
    Ok(Listing { items, next: next.as_ref().map(Behind::text) })
}

/// Which decisions to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DecisionsAsked {
    /// Rows of a page, 50 unless given, 500 at most.
    #[param(minimum = 1, maximum = 500)]
    #[serde(default, deserialize_with = "within::<1, MOST, _>")]
    pub(crate) limit: Option<u64>,
    /// The `next` of the page before.
    pub(crate) after: Option<String>,
}

/// Lists what people decided, newest first; as a whole list, oldest first.
#[utoipa::path(get, path = "/decisions", tag = "decisions", params(DecisionsAsked), responses((status = 200, body = Listing<Decision>)))]
pub(crate) async fn decisions(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    Asked(asked): Asked<DecisionsAsked>,
) -> Result<Response, Fault> {
    if lines::are_asked(&headers) {
        return Ok(lines::answer(site, |store, each| {
            store.decisions(|row| match history::is_shown(store, &row)? {
                true => each(&crate::wire::json(&history::wired(store, &row)?)),
                false => Ok(()),
            })
        }));
    }
    Ok(Json(site.read(move |store| decided(store, &asked)).await?).into_response())
}

/// Lists a page of what people decided.
pub(crate) fn decided(store: &Store, asked: &DecisionsAsked) -> Result<Listing<Decision>, Fault> {
    let number = |id: &String| decisions::number(id).ok_or_else(|| Fault::not_found("decision", id));
    let before = asked.after.as_ref().map(number).transpose()?;
    let leaves = store.decisions_before(before, page(asked.limit).limit.unwrap_or(MOST))?;
    let Listing { items, next } = Listing::of(leaves, asked.limit, |leaf| decisions::id(*leaf));
    let mut found = Vec::new();
    for leaf in items {
        if let Some(row) = store.decision(leaf)?
            && history::is_shown(store, &row)?
        {
            found.push(history::wired(store, &row)?);
        }
    }
    Ok(Listing { items: found, next })
}

/// How a watched source stands.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct SourceLine {
    pub(crate) source: String,
    pub(crate) address: Option<String>,
    pub(crate) waiting: u64,
    pub(crate) failed: u64,
    pub(crate) done: u64,
    /// Given up.
    pub(crate) dead: u64,
    pub(crate) tried_at: Option<Timestamp>,
    pub(crate) kept_at: Option<Timestamp>,
    pub(crate) due_at: Option<Timestamp>,
}

/// Lists how the watched sources stand.
#[utoipa::path(get, path = "/sources", tag = "record", responses((status = 200, body = [SourceLine])))]
pub(crate) async fn sources(State(site): State<Arc<Site>>) -> Answer<Vec<SourceLine>> {
    site.read(source_list).await.map(Json)
}

/// Lists how the watched sources stand.
pub(crate) fn source_list(store: &Store) -> Result<Vec<SourceLine>, Fault> {
    let configuration = Configuration::of(store.folder())?;
    let health = store.health()?;
    let unasked =
        configuration.sources.iter().filter(|source| health.iter().all(|one| one.source != source.name));
    let unasked: Vec<_> = unasked.map(|source| store::SourceHealth::unasked(&source.name)).collect();
    let line = |one: store::SourceHealth| {
        let source = configuration.source(&one.source);
        let store::SourceHealth { source: name, waiting, failed, done, dead, tried_at, kept_at, due_at } =
            one;
        let address = source.map(|source| source.address.clone());
        SourceLine { source: name, address, waiting, failed, done, dead, tried_at, kept_at, due_at }
    };
    let mut all: Vec<SourceLine> = health.into_iter().chain(unasked).map(line).collect();
    all.sort_by(|one, other| one.source.cmp(&other.source));
    Ok(all)
}

/// Tells of changes as they come: an event `changed` each time the record is another one.
#[utoipa::path(get, path = "/events", tag = "record", responses((status = 200, body = String, content_type = "text/event-stream")))]
pub(crate) async fn events(
    State(site): State<Arc<Site>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let (changed, stopped) = (site.changed.subscribe(), site.stopped.clone());
    let events = stream::unfold((changed, stopped), async |(mut changed, mut stopped)| {
        tokio::select! {
            change = changed.changed() => change.ok()?,
            _ = stopped.changed() => return None,
        }
        let count = *changed.borrow_and_update();
        Some((Ok(Event::default().event("changed").data(count.to_string())), (changed, stopped)))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

/// Says that the desk is open.
#[utoipa::path(get, path = "/healthz", tag = "desk", responses((status = 200, body = String, content_type = "text/plain")))]
pub(crate) async fn healthy() -> &'static str {
    "ok\n"
}

/// Writes what the desk counts of itself, for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "desk", responses((status = 200, body = String, content_type = "text/plain")))]
pub(crate) async fn metrics(State(site): State<Arc<Site>>) -> Response {
    ([(axum::http::header::CONTENT_TYPE, "text/plain; version=0.0.4")], site.metrics.text()).into_response()
}
