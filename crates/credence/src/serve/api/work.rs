use std::path::Path as FilePath;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use futures_util::StreamExt as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::{Store, StoredReport};
use tokio::io::AsyncWriteExt as _;
use utoipa::{IntoParams, ToSchema};

use super::{Answer, shown};
use crate::came::Came;
use crate::deciding::{Because, Wanted};
use crate::hints::{self, Sayable};
use crate::record::{Kept, Said};
use crate::serve::asked::Asked;
use crate::serve::fault::{Code, Fault};
use crate::serve::hand::{Given, Job};
use crate::serve::incoming::Incoming;
use crate::serve::rows::{self, IncidentNamed, ReportLine};
use crate::serve::site::Site;
use crate::terminal::is_unseen;
use crate::wire::Made;

/// A decision, with who makes it and why.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(crate) struct DecisionAsked {
    #[serde(flatten)]
    pub(crate) wanted: Wanted,
    #[serde(flatten)]
    pub(crate) because: Because,
}

/// Decides what is one incident or story and what is not. It goes into the log, and can be taken back.
#[utoipa::path(post, path = "/decisions", tag = "decisions", request_body = DecisionAsked, responses((status = 200, body = Made)))]
pub(crate) async fn decide(State(site): State<Arc<Site>>, headers: HeaderMap, body: String) -> Answer<Made> {
    let asked: DecisionAsked = read(&headers, &body)?;
    site.hand.decide(asked.wanted, asked.because).await.map(Json)
}

/// Reads a body of JSON, and nothing that a form of another page could send.
fn read<T: serde::de::DeserializeOwned>(headers: &HeaderMap, body: &str) -> Result<T, Fault> {
    let is_json = headers
        .get(axum::http::header::CONTENT_TYPE)
        .is_some_and(|kind| kind.to_str().is_ok_and(|kind| kind.starts_with("application/json")));
    if !is_json {
        return Err(Fault::new(Code::BadRequest, "the body has to be of type application/json"));
    }
    serde_json::from_str(body).map_err(|error| Fault::new(Code::BadRequest, format!("the body: {error}")))
}

/// What is known of a file that is handed over.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FileAsked {
    /// The name of the file, without a path. Its ending helps to tell what it is.
    #[param(
        min_length = 1,
        max_length = 200,
        pattern = r"^[^./\\*?\[:@\-\x00-\x1F\x7F-\x9F][^/\\*?\[:\x00-\x1F\x7F-\x9F]*$"
    )]
    pub(crate) name: String,
    /// The outlet, where the file does not say.
    #[param(
        max_length = 200,
        pattern = r"^[^\x00-\x1F\x7F-\x9F\u061C\u200B\u200E\u200F\u2028-\u202E\u2060\u2066-\u2069\uFEFF]*$"
    )]
    pub(crate) outlet: Option<String>,
    /// The day of publication, where the file does not say.
    pub(crate) published: Option<Date>,
}

/// Collects a file: its bytes are the body.
#[utoipa::path(post, path = "/collect", tag = "work", params(FileAsked), request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 202, body = Job)))]
pub(crate) async fn collect(
    State(site): State<Arc<Site>>,
    Asked(asked): Asked<FileAsked>,
    request: Request,
) -> Result<(StatusCode, Json<Job>), Fault> {
    let name = plain_name(&asked.name)?;
    let outlet = named_outlet(asked.outlet)?;
    site.hand.has_room()?;
    let folder = Incoming::inside(&site.folder).map_err(anyhow::Error::from)?;
    let path = folder.path().join(name);
    take_in(&path, request).await?;
    let given = Given {
        paths: vec![path.to_string_lossy().into_owned()],
        folder: Some(folder),
        outlet,
        published: asked.published,
    };
    Ok((StatusCode::ACCEPTED, Json(site.hand.collect(given)?)))
}

/// Refuses a name that leads elsewhere, or that would be passed over or taken for a pattern or an address.
fn plain_name(name: &str) -> Result<&str, Fault> {
    let is_plain = !name.is_empty()
        && name.chars().count() <= 200
        && !name.starts_with(['.', '@', '-'])
        && !name.contains(['/', '\\', '*', '?', '[', ':'])
        && !name.chars().any(char::is_control);
    match is_plain {
        true => Ok(name),
        false => Err(Fault::new(Code::BadRequest, "name has to be the name of a file, without a path")),
    }
}

/// Reads the name of an outlet, which goes into a log that cannot be changed: one line of what can be seen. Nothing if it is
/// empty.
fn named_outlet(outlet: Option<String>) -> Result<Option<String>, Fault> {
    let is_line = |outlet: &String| outlet.chars().count() <= 200 && !outlet.chars().any(is_unseen);
    match outlet.as_ref().is_none_or(is_line) {
        true => Ok(outlet.map(|outlet| outlet.trim().to_owned()).filter(|outlet| !outlet.is_empty())),
        false => Err(Fault::new(
            Code::BadRequest,
            "outlet has to be one line of 200 characters at most, without marks of direction or of no width",
        )),
    }
}

async fn take_in(path: &FilePath, request: Request) -> Result<(), Fault> {
    let failed = |error: std::io::Error| Fault::from(anyhow::Error::from(error));
    let mut file = tokio::fs::File::create_new(path).await.map_err(failed)?;
    let mut body = request.into_body().into_data_stream();
    while let Some(chunk) = body.next().await {
        let chunk =
            chunk.map_err(|_| Fault::new(Code::TooLarge, "the file broke off, or is larger than 256 MB"))?;
        file.write_all(&chunk).await.map_err(failed)?;
    }
    file.flush().await.map_err(failed)
}

/// Addresses of the web to be collected.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinksAsked {
    pub(crate) addresses: Vec<String>,
    /// The outlet, where the pages do not say.
    #[schema(
        max_length = 200,
        pattern = r"^[^\x00-\x1F\x7F-\x9F\u061C\u200B\u200E\u200F\u2028-\u202E\u2060\u2066-\u2069\uFEFF]*$"
    )]
    pub(crate) outlet: Option<String>,
}

/// Collects pages from the web: the desk asks for nothing from outside but this.
#[utoipa::path(post, path = "/collect/links", tag = "work", request_body = LinksAsked, responses((status = 202, body = Job)))]
pub(crate) async fn collect_links(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    body: String,
) -> Result<(StatusCode, Json<Job>), Fault> {
    let asked: LinksAsked = read(&headers, &body)?;
    let is_address = |address: &String| address.starts_with("http://") || address.starts_with("https://");
    if asked.addresses.is_empty() || !asked.addresses.iter().all(is_address) {
        return Err(Fault::new(
            Code::BadRequest,
            "addresses has to list addresses that begin with http:// or https://",
        ));
    }
    let outlet = named_outlet(asked.outlet)?;
    let given = Given { paths: asked.addresses, folder: None, outlet, published: None };
    Ok((StatusCode::ACCEPTED, Json(site.hand.collect(given)?)))
}

/// Checks every stored byte.
#[utoipa::path(post, path = "/verify", tag = "work", responses((status = 202, body = Job)))]
pub(crate) async fn verify(State(site): State<Arc<Site>>) -> Result<(StatusCode, Json<Job>), Fault> {
    Ok((StatusCode::ACCEPTED, Json(site.hand.verify(&site)?)))
}

/// Lists the last jobs, newest first.
#[utoipa::path(get, path = "/jobs", tag = "work", responses((status = 200, body = [Job])))]
pub(crate) async fn jobs(State(site): State<Arc<Site>>) -> Json<Vec<Job>> {
    Json(site.hand.jobs())
}

/// What came with a job, as it stands in the record now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Arrivals {
    /// The first of them, 20 at most.
    pub(crate) reports: Vec<Arrived>,
    /// How many more came; one that came several times counts each time.
    pub(crate) more: u64,
}

/// A report that came, or came again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Arrived {
    /// `new`, `seen_again` (the bytes were known, the place or what was said of them was not) or `known`.
    pub(crate) came: &'static str,
    #[serde(flatten)]
    pub(crate) report: ReportLine,
    /// The incidents that it tells of, 8 at most.
    pub(crate) incidents: Vec<IncidentNamed>,
    pub(crate) more_incidents: usize,
    /// What may be said of it later, which it does not say.
    #[serde(skip)]
    #[schema(ignore)]
    pub(crate) sayable: Sayable,
}

/// Incidents that are named of one report.
const INCIDENTS: usize = 8;

/// Lists the reports that came with a job, and the incidents that each tells of.
#[utoipa::path(get, path = "/jobs/{id}/reports", tag = "work", params(("id" = u64, description = "As above")), responses((status = 200, body = Arrivals)))]
pub(crate) async fn job_reports(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let job = id.parse().ok().and_then(|id| site.hand.job(id));
    let job = job.ok_or_else(|| Fault::not_found("job", &id))?;
    Ok(shown(&known_arrivals(site, job).await?))
}

/// Names what came with a job, once for as long as the record is the same.
pub(crate) async fn known_arrivals(site: Arc<Site>, job: Job) -> Result<Arc<Arrivals>, Fault> {
    let question = format!("arrivals {} {}", job.id, job.state);
    site.know(question, move |store| arrivals(store, &job.came)).await
}

fn arrivals(store: &Store, came: &Came) -> Result<Arrivals, Fault> {
    let mut reports = Vec::new();
    for (digest, kept) in &came.named {
        // What was erased since is not named.
        let Some(report) = store.report_of(digest.as_bytes())? else { continue };
        let mut incidents = Vec::new();
        let ids = store.incidents_of(report.id)?;
        for id in ids.iter().take(INCIDENTS) {
            let row = store.incident(id)?;
            incidents.extend(row.map(|row| IncidentNamed::of(&row)).transpose()?.flatten());
        }
        let came = match kept {
            Kept::New => "new",
            Kept::SeenAgain => "seen_again",
            Kept::Known | Kept::Answer => "known",
        };
        let more_incidents = ids.len().saturating_sub(INCIDENTS);
        let sayable = sayable_of(store, &report)?;
        reports.push(Arrived { came, report: ReportLine::from(&report), incidents, more_incidents, sayable });
    }
    Ok(Arrivals { reports, more: came.more })
}

/// Returns what may be said of a report later.
pub(crate) fn sayable_of(store: &Store, report: &StoredReport) -> Result<Sayable, Fault> {
    let row = &report.row;
    Ok(hints::sayable(&store.sightings(&row.digest)?, (row.published, row.outlet.as_deref())))
}

/// What somebody says of a report that does not say it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SaidAsked {
    /// The day of publication.
    pub(crate) published: Option<Date>,
    /// The outlet.
    #[schema(
        max_length = 200,
        pattern = r"^[^\x00-\x1F\x7F-\x9F\u061C\u200B\u200E\u200F\u2028-\u202E\u2060\u2066-\u2069\uFEFF]*$"
    )]
    pub(crate) outlet: Option<String>,
}

/// Says by which outlet or on which day a report was published that does not say it itself. It is kept beside the original,
/// which stays as it is, and the report is read again.
#[utoipa::path(post, path = "/reports/{id}/said", tag = "work", params(("id" = String, description = "The id of a report, or the digest of its original or the beginning of it")), request_body = SaidAsked, responses((status = 202, body = Job)))]
pub(crate) async fn say(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Result<(StatusCode, Json<Job>), Fault> {
    let asked: SaidAsked = read(&headers, &body)?;
    Ok((StatusCode::ACCEPTED, Json(said_of(site, (id, asked)).await?)))
}

/// Hands over what is said of a report, if it is something that may be said of it.
pub(crate) async fn said_of(site: Arc<Site>, (id, asked): (String, SaidAsked)) -> Result<Job, Fault> {
    let said = Said { published: asked.published, outlet: named_outlet(asked.outlet)? };
    if said.published.is_none() && said.outlet.is_none() {
        return Err(Fault::new(Code::BadRequest, "say the day of publication, the outlet, or both"));
    }
    let (is_day, is_outlet) = (said.published.is_some(), said.outlet.is_some());
    let original = Arc::clone(&site).read(move |store| {
        let report = rows::report(store, &id)?;
        let may = sayable_of(store, &report)?;
        // What was given with the report stays.
        if is_day && !may.published || is_outlet && !may.outlet {
            let what = if is_day && !may.published { "day of publication" } else { "outlet" };
            return Err(Fault::new(Code::Refused, format!("this report has a {what} already, which stays")));
        }
        Ok(model::Digest::from_bytes(report.row.digest))
    });
    let original = original.await?;
    site.hand.say(original, said)
}

/// Shows how a job stands.
#[utoipa::path(get, path = "/jobs/{id}", tag = "work", params(("id" = u64, description = "The number of a job")), responses((status = 200, body = Job)))]
pub(crate) async fn job(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Answer<Job> {
    let found = id.parse().ok().and_then(|id| site.hand.job(id));
    found.map(Json).ok_or_else(|| Fault::not_found("job", &id))
}
