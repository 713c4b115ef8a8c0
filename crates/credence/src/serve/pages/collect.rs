use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::{Frame, Page, fault_page};
use crate::serve::hand::Job;
use crate::serve::site::Site;

#[derive(Template)]
#[template(path = "collect.html")]
pub(super) struct Collect {
    frame: Frame,
    jobs: Vec<Job>,
}

pub(super) async fn page(State(site): State<Arc<Site>>) -> Page<Collect> {
    Page(Ok(Collect { frame: Frame::new("Collect", "/collect"), jobs: of_kind(&site, "collect") }))
}

#[derive(Template)]
#[template(path = "verify.html")]
pub(super) struct Verify {
    frame: Frame,
    jobs: Vec<Job>,
}

pub(super) async fn verify(State(site): State<Arc<Site>>) -> Page<Verify> {
    Page(Ok(Verify { frame: Frame::new("Verify", "/verify"), jobs: of_kind(&site, "verify") }))
}

/// Begins to check everything.
pub(super) async fn begin_verify(State(site): State<Arc<Site>>) -> Response {
    match site.hand.verify(&site) {
        Ok(_) => Redirect::to("/verify").into_response(),
        Err(fault) => fault_page(fault),
    }
}

fn of_kind(site: &Site, kind: &str) -> Vec<Job> {
    let mut jobs = site.hand.jobs();
    jobs.retain(|job| job.kind == kind);
    jobs
}
