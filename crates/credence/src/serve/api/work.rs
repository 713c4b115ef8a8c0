use std::path::Path as FilePath;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use futures_util::StreamExt as _;
use jiff::civil::Date;
use serde::Deserialize;
use tokio::io::AsyncWriteExt as _;
use utoipa::{IntoParams, ToSchema};

use super::Answer;
use crate::deciding::{Because, Wanted};
use crate::serve::asked::Asked;
use crate::serve::fault::{Code, Fault};
use crate::serve::hand::{Given, Job};
use crate::serve::incoming::Incoming;
use crate::serve::site::Site;
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
    site.hand.has_room()?;
    let folder = Incoming::inside(&site.folder).map_err(anyhow::Error::from)?;
    let path = folder.path().join(name);
    take_in(&path, request).await?;
    let given = Given {
        paths: vec![path.to_string_lossy().into_owned()],
        folder: Some(folder),
        outlet: asked.outlet,
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
    let given = Given { paths: asked.addresses, folder: None, outlet: asked.outlet, published: None };
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

/// Shows how a job stands.
#[utoipa::path(get, path = "/jobs/{id}", tag = "work", params(("id" = u64, description = "The number of a job")), responses((status = 200, body = Job)))]
pub(crate) async fn job(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Answer<Job> {
    let found = id.parse().ok().and_then(|id| site.hand.job(id));
    found.map(Json).ok_or_else(|| Fault::not_found("job", &id))
}
