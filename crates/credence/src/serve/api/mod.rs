//! The API: one function for each thing that can be asked, described by `/api/v1/openapi.json`.

mod incidents;
mod lines;
mod map;
mod record;
mod reports;
mod stories;
mod work;

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{Router, get, post};
use http_body_util::BodyExt as _;
use sha2::{Digest as _, Sha256};
use utoipa::OpenApi;

use super::fault::{Code, Fault};
use super::site::Site;

pub(crate) use incidents::*;
pub(crate) use map::*;
pub(crate) use record::*;
pub(crate) use reports::*;
pub(crate) use stories::*;
pub(crate) use work::*;

/// An answer as JSON.
pub(crate) type Answer<T> = Result<Json<T>, Fault>;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Credence",
        description = "The desk's API over one record. See docs/api.md.",
        license(name = "Apache-2.0")
    ),
    paths(
        incidents::incidents,
        incidents::incident,
        incidents::figures,
        incidents::chart,
        incidents::situations,
        incidents::situation,
        incidents::contradictions,
        incidents::origins,
        map::map_incidents,
        record::overview,
        record::search,
        record::changes,
        record::decisions,
        record::sources,
        record::events,
        reports::reports,
        reports::report,
        reports::report_claims,
        reports::text,
        reports::original,
        reports::warc,
        reports::proof,
        reports::family,
        reports::family_picture,
        reports::claims,
        reports::claim,
        reports::explanation,
        stories::stories,
        stories::story,
        work::decide,
        work::collect,
        work::collect_links,
        work::verify,
        work::jobs,
        work::job,
    ),
    components(schemas(Fault))
)]
struct Document;

/// Writes the description of the API, as OpenAPI 3.1.
pub(crate) fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

pub(super) fn routes() -> Router<Arc<Site>> {
    let api = Router::new()
        .route("/", get(overview))
        .route("/openapi.json", get(async || Json(document())))
        .route("/reports", get(reports))
        .route("/reports/{id}", get(report))
        .route("/reports/{id}/claims", get(report_claims))
        .route("/reports/{id}/text", get(text))
        .route("/reports/{id}/original", get(original))
        .route("/reports/{id}/warc", get(warc))
        .route("/reports/{id}/proof", get(proof))
        .route("/reports/{id}/family", get(family))
        .route("/reports/{id}/family.svg", get(family_picture))
        .route("/claims", get(claims))
        .route("/claims/{id}", get(claim))
        .route("/claims/{id}/explanation", get(explanation))
        .route("/stories", get(stories))
        .route("/stories/{id}", get(story))
        .route("/incidents", get(incidents))
        .route("/incidents/{id}", get(incident))
        .route("/incidents/{id}/figures", get(figures))
        .route("/incidents/{id}/figures.svg", get(chart))
        .route("/situations", get(situations))
        .route("/situations/{id}", get(situation))
        .route("/contradictions", get(contradictions))
        .route("/origins/{id}", get(origins))
        .route("/map/incidents", get(map_incidents))
        .route("/search", get(search))
        .route("/changes", get(changes))
        .route("/decisions", get(decisions).post(decide))
        .route("/sources", get(sources))
        .route("/collect", post(collect))
        .route("/collect/links", post(collect_links))
        .route("/verify", post(verify))
        .route("/jobs", get(jobs))
        .route("/jobs/{id}", get(job))
        .layer(from_fn(tagged))
        .route("/events", get(events))
        .method_not_allowed_fallback(async || Fault::new(Code::NotAllowed, "this cannot be done here"))
        .fallback(async || Fault::new(Code::NotFound, "there is nothing at this address"));
    Router::new().nest("/api/v1", api).route("/healthz", get(async || "ok\n")).route("/metrics", get(metrics))
}

/// Bytes of an answer that is tagged, at most: it has to be held for that.
const TAGGED: usize = 8 << 20;

/// Gives an answer a tag made of its bytes, and answers no more than "not modified" to whoever has them (RFC 9110, 8.8.3).
pub(super) async fn tagged(request: Request, next: Next) -> Response {
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    let is_small = response.headers().get(header::CONTENT_LENGTH).is_some_and(|length| {
        length
            .to_str()
            .ok()
            .and_then(|length| length.parse::<usize>().ok())
            .is_some_and(|length| length <= TAGGED)
    });
    if response.status() != StatusCode::OK || !is_small {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = body.collect().await.map(http_body_util::Collected::to_bytes) else {
        return Fault::new(Code::Internal, "the answer broke off").into_response();
    };
    let digest = Sha256::digest(&bytes);
    let tag: String = digest[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let is_known = known.is_some_and(|known| known.to_str().is_ok_and(|known| known.contains(&tag)));
    if let Ok(value) = tag.parse() {
        parts.headers.insert(header::ETAG, value);
    }
    if is_known {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// Answers with a picture. Its looks stand in it, and nothing else may be in it that does anything.
pub(super) fn svg(picture: String) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'";
    ([(header::CONTENT_TYPE, "image/svg+xml"), (header::CONTENT_SECURITY_POLICY, policy)], picture)
        .into_response()
}
