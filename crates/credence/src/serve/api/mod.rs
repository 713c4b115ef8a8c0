//! The API: one function for each thing that can be asked, described by `/api/v1/openapi.json`.

mod described;
mod incidents;
mod lines;
mod map;
mod record;
mod reports;
mod stories;
mod work;

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, HttpBody as _};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::Router;
use http_body_util::BodyExt as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::fault::{Code, Fault};
use super::packed::{Packed, tag_of};
use super::site::Site;

pub(crate) use incidents::*;
pub(crate) use map::*;
pub(crate) use record::*;
pub(crate) use reports::*;
pub(crate) use stories::*;
pub(crate) use work::{Arrivals, SaidAsked, known_arrivals, said_of, sayable_of};

/// An answer as JSON.
pub(crate) type Answer<T> = Result<Json<T>, Fault>;

/// All that can be asked: each route once, with the function that answers it and its description.
fn described_routes() -> OpenApiRouter<Arc<Site>> {
    let api = OpenApiRouter::new()
        .routes(routes!(record::overview))
        .routes(routes!(described::openapi))
        .routes(routes!(reports::reports))
        .routes(routes!(reports::report))
        .routes(routes!(reports::report_claims))
        .routes(routes!(reports::text))
        .routes(routes!(reports::original))
        .routes(routes!(reports::warc))
        .routes(routes!(reports::proof))
        .routes(routes!(reports::family))
        .routes(routes!(reports::family_picture))
        .routes(routes!(reports::claims))
        .routes(routes!(reports::claim))
        .routes(routes!(reports::explanation))
        .routes(routes!(stories::stories))
        .routes(routes!(stories::story))
        .routes(routes!(incidents::incidents))
        .routes(routes!(incidents::incident))
        .routes(routes!(incidents::near))
        .routes(routes!(incidents::figures))
        .routes(routes!(incidents::chart))
        .routes(routes!(incidents::situations))
        .routes(routes!(incidents::situation))
        .routes(routes!(incidents::contradictions))
        .routes(routes!(incidents::origins))
        .routes(routes!(map::map_incidents))
        .routes(routes!(record::search))
        .routes(routes!(record::search_days))
        .routes(routes!(record::changes))
        .routes(routes!(record::decisions, work::decide))
        .routes(routes!(record::sources))
        .routes(routes!(work::collect))
        .routes(routes!(work::collect_links))
        .routes(routes!(work::verify))
        .routes(routes!(work::jobs))
        .routes(routes!(work::job))
        .routes(routes!(work::job_reports))
        .routes(routes!(work::say))
        .layer(from_fn(tagged))
        .routes(routes!(record::events))
        .fallback(async || Fault::new(Code::NotFound, "there is nothing at this address"));
    OpenApiRouter::new()
        .nest("/api/v1", api)
        .routes(routes!(record::healthy))
        .routes(routes!(record::metrics))
}

pub(super) fn routes() -> Router<Arc<Site>> {
    described_routes().into()
}

/// Bytes of an answer that is tagged, at most: it has to be held for that.
const TAGGED: u64 = 8 << 20;

/// Gives an answer a tag made of its bytes, and answers no more than "not modified" to whoever has them (RFC 9110, 8.8.3).
pub(super) async fn tagged(request: Request, next: Next) -> Response {
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    // An answer to HEAD has no bytes to make a tag of.
    let is_get = request.method() == Method::GET;
    let response = next.run(request).await;
    // One that is kept packed has its tag with it.
    let ready = response.headers().get(header::ETAG).cloned();
    let is_small = response.body().size_hint().exact().is_some_and(|length| length <= TAGGED);
    if !is_get || response.status() != StatusCode::OK || !is_small {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = body.collect().await.map(http_body_util::Collected::to_bytes) else {
        return Fault::new(Code::Internal, "the answer broke off").into_response();
    };
    let ready = ready.and_then(|tag| Some(tag.to_str().ok()?.to_owned()));
    let tag = ready.unwrap_or_else(|| tag_of(&bytes));
    let is_known = known.is_some_and(|known| known.to_str().is_ok_and(|known| known.contains(&tag)));
    if let Ok(value) = tag.parse() {
        parts.headers.insert(header::ETAG, value);
    }
    if is_known {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_LENGTH);
        parts.headers.remove(header::CONTENT_ENCODING);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// Answers with what is known already.
fn shown<T: serde::Serialize>(known: &Arc<T>) -> Response {
    Json(&**known).into_response()
}

/// Says under which address an answer stands that was asked for by another name (RFC 9110, 8.7).
fn named(mut answer: Response, (asked, now): (&str, &str), of: &str) -> Response {
    if asked != now
        && let Ok(address) = format!("/api/v1/{of}/{now}").parse()
    {
        answer.headers_mut().insert(header::CONTENT_LOCATION, address);
    }
    answer
}

/// Answers with a picture that is kept packed.
pub(super) fn packed_svg(picture: &Packed, asked: &HeaderMap) -> Response {
    let mut answer = picture.answer(asked, SVG);
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(SVG_POLICY));
    answer
}

/// The type of pictures.
const SVG: &str = "image/svg+xml";

/// Their looks stand in them, and nothing else may be in them that does anything.
const SVG_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// Answers with a picture.
pub(super) fn svg(picture: String) -> Response {
    ([(header::CONTENT_TYPE, SVG), (header::CONTENT_SECURITY_POLICY, SVG_POLICY)], picture).into_response()
}
