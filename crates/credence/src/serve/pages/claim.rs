use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};

use super::doors::Doors;
use super::{Frame, Page, words};
use crate::describe;
use crate::serve::api::{explained, known_origins};
use crate::serve::site::Site;
use crate::wire::OriginSheet;

#[derive(Template)]
#[template(path = "claim.html")]
pub(super) struct ClaimPage {
    frame: Frame,
    id: String,
    report: String,
    report_id: String,
    number: usize,
    headline: String,
    quote: String,
    /// What the explanation says, under its headings.
    parts: Vec<(&'static str, Vec<String>)>,
    trail: String,
    origins: String,
}

pub(super) async fn page(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Page<ClaimPage> {
    let page = site.read(move |store| {
        explained(store, &id, |explanation| {
            let claim = &explanation.wired.claims[explanation.number];
            let headline = describe::headline(claim);
            ClaimPage {
                frame: Frame::new(headline.clone(), "/reports"),
                id: claim.id.clone(),
                report: words::report(&explanation.wired.report.original),
                report_id: claim.report.clone(),
                number: explanation.number + 1,
                headline,
                quote: claim.span.words().to_owned(),
                parts: parted(explanation.parts(), explanation.wired.report.outlet.as_deref()),
                trail: explanation.trail(),
                origins: words::origins(&claim.id),
            }
        })
    });
    Page(page.await)
}

/// Keeps the outlet apart from the words of the sentence that names it.
fn parted(
    mut parts: Vec<(&'static str, Vec<String>)>,
    outlet: Option<&str>,
) -> Vec<(&'static str, Vec<String>)> {
    if let Some(outlet) = outlet {
        let (named, apart) = (format!(" of {outlet}"), format!(" of {}", words::apart(outlet)));
        let lines = parts.iter_mut().flat_map(|(_, lines)| lines);
        lines.for_each(|line| *line = line.replacen(&named, &apart, 1));
    }
    parts
}

#[derive(Template)]
#[template(path = "origins.html")]
pub(super) struct Origins {
    frame: Frame,
    id: String,
    sheets: Arc<Vec<OriginSheet>>,
    doors: Doors,
}

pub(super) async fn origins(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Page<Origins> {
    let sheets = known_origins(site, id.clone()).await;
    Page(sheets.map(|sheets| {
        let doors = Doors::of_members(sheets.iter().flat_map(|sheet| &sheet.reports));
        Origins { frame: Frame::new("Origins", "/incidents"), id, sheets, doors }
    }))
}
