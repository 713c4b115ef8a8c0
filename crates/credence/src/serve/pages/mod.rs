//! The pages: what the API answers, as a person reads it.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use axum::routing::Router;

use super::fault::Fault;
use super::site::Site;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
}

/// Answers a request that is refused, in the form that it asks for.
pub(super) fn refusal(_: &Request, fault: Fault) -> Response {
    fault.into_response()
}
