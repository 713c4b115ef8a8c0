use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};

use super::saying::Saying;
use super::{Frame, Page, fault_page, words};
use crate::serve::api::{Arrivals, known_arrivals};
use crate::serve::fault::Fault;
use crate::serve::hand::Job;
use crate::serve::site::Site;

/// A job, as pages show it.
struct Shown {
    job: Job,
    /// What came with it; nothing where that is not drawn.
    came: Option<Arc<Arrivals>>,
    /// What was passed over, and why.
    left_out: Vec<String>,
}

/// Lines of what was passed over that are shown of one job.
const LEFT_OUT: usize = 20;

impl Shown {
    fn alone(job: Job) -> Shown {
        Shown { left_out: left_out(&job), job, came: None }
    }

    /// Shows a job with what came, if it is over and brought something.
    async fn with_arrivals(site: &Arc<Site>, job: Job) -> Result<Shown, Fault> {
        let came = match job.brings_reports() && matches!(job.state, "done" | "failed") {
            true => Some(known_arrivals(Arc::clone(site), job.clone()).await?),
            false => None,
        };
        Ok(Shown { came, ..Shown::alone(job) })
    }
}

/// Says what a job passed over, and why.
fn left_out(job: &Job) -> Vec<String> {
    let skipped = job.found.as_ref().and_then(|found| found["skipped"].as_array());
    let line = |one: &serde_json::Value| {
        let (source, reason) = (one["source"].as_str()?, one["reason"].as_str()?);
        Some(match one["line"].as_u64() {
            Some(line) => format!("passed over {source}, line {line}: {reason}"),
            None => format!("passed over {source}: {reason}"),
        })
    };
    skipped.into_iter().flatten().filter_map(line).take(LEFT_OUT).collect()
}

#[derive(Template)]
#[template(path = "collect.html")]
pub(super) struct Collect {
    frame: Frame,
    jobs: Vec<Shown>,
}

/// Jobs whose reports are named on the page; of others a link leads to them.
const NAMED: usize = 20;

pub(super) async fn page(State(site): State<Arc<Site>>) -> Page<Collect> {
    let page = async {
        let mut jobs = Vec::new();
        for (place, job) in jobs_that(&site, Job::brings_reports).into_iter().enumerate() {
            jobs.push(match place < NAMED {
                true => Shown::with_arrivals(&site, job).await?,
                false => Shown::alone(job),
            });
        }
        Ok(Collect { frame: Frame::new("Collect", "/collect"), jobs })
    };
    Page(page.await)
}

#[derive(Template)]
#[template(path = "came.html")]
pub(super) struct OneJob {
    frame: Frame,
    it: Shown,
}

/// Shows what came with one job.
pub(super) async fn job(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Page<OneJob> {
    let page = async {
        let job = id.parse().ok().and_then(|id| site.hand.job(id));
        let job = job.ok_or_else(|| Fault::not_found("job", &id))?;
        let it = Shown::with_arrivals(&site, job).await?;
        Ok(OneJob { frame: Frame::new("What came", "/collect"), it })
    };
    Page(page.await)
}

#[derive(Template)]
#[template(path = "verify.html")]
pub(super) struct Verify {
    frame: Frame,
    jobs: Vec<Shown>,
}

pub(super) async fn verify(State(site): State<Arc<Site>>) -> Page<Verify> {
    let jobs = jobs_that(&site, |job| job.kind == "verify").into_iter().map(Shown::alone).collect();
    Page(Ok(Verify { frame: Frame::new("Verify", "/verify"), jobs }))
}

/// Begins to check everything.
pub(super) async fn begin_verify(State(site): State<Arc<Site>>) -> Response {
    match site.hand.verify(&site) {
        Ok(_) => Redirect::to("/verify").into_response(),
        Err(fault) => fault_page(fault),
    }
}

fn jobs_that(site: &Site, are: impl Fn(&Job) -> bool) -> Vec<Job> {
    site.hand.jobs().into_iter().filter(are).collect()
}
