//! The pages: what the API answers, as a person reads it. They work without scripts, and ask for nothing from outside.

mod assets;
mod claim;
mod collect;
mod deciding;
mod doors;
mod incidents;
mod lists;
mod map;
mod overview;
mod report;
mod saying;
mod search;
mod stories;
mod tiles;
mod told;
mod words;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{from_fn, map_response};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{Router, get, post};
use serde::Deserialize;

use super::api::tagged;
use super::fault::{Code, Fault};
use super::guard::cookie_name;
use super::site::Site;

pub(super) use overview::warm;

pub(super) fn routes() -> Router<Arc<Site>> {
    let pages = Router::new()
        .route("/", get(overview::page))
        .route("/reports", get(lists::reports))
        .route("/reports/{id}", get(report::page))
        .route("/reports/{id}/family", get(stories::family))
        .route("/claims/{id}", get(claim::page))
        .route("/origins/{id}", get(claim::origins))
        .route("/stories", get(stories::list))
        .route("/stories/{id}", get(stories::page))
        .route("/incidents", get(incidents::list))
        .route("/incidents/{id}", get(incidents::page))
        .route("/map", get(map::page))
        .route("/map.svg", get(map::picture))
        .route("/map-night.svg", get(map::picture_at_night))
        .route("/situations", get(incidents::situations))
        .route("/situations/{id}", get(incidents::situation))
        .route("/contradictions", get(incidents::contradictions))
        .route("/decisions", get(incidents::decisions))
        .route("/figures", get(lists::figures))
        .route("/search", get(search::page))
        .route("/sources", get(lists::sources))
        .route("/collect", get(collect::page))
        .route("/collect/{id}", get(collect::job))
        .route("/verify", get(collect::verify))
        .route(
            "/licences",
            get(async || {
                Page(Ok(Licences { frame: Frame::new("Licences", "/help"), notices: assets::notices() }))
            }),
        )
        .route("/help", get(async || Page(Ok(Help { frame: Frame::new("Keys and words", "/help") }))))
        .layer(from_fn(tagged));
    Router::new()
        .merge(pages)
        .route("/decide", post(deciding::decide))
        .route("/verify", post(collect::begin_verify))
        .route("/reports/{id}/said", post(saying::say))
        .route("/enter", get(enter))
        .route("/assets/{name}", get(assets::asset))
        .route(tiles::PATH, get(tiles::part))
        .layer(map_response(in_words))
        .fallback(async || -> Page<Help> { Page(Err(Fault::new(Code::NotFound, "there is no such page"))) })
}

/// Turns what was refused before a page was asked, such as a form that cannot be read, into a page.
async fn in_words(response: Response) -> Response {
    match super::fault::plain(response).await {
        Ok(fault) => fault_page(fault),
        Err(response) => response,
    }
}

/// What stands around every page.
pub(super) struct Frame {
    title: String,
    here: &'static str,
    query: String,
    /// The island of this page: a script for what is panned, zoomed or brushed on it.
    island: Option<&'static str>,
}

/// The pages that can be gone to from everywhere.
const PLACES: [(&str, &str); 11] = [
    ("/", "Overview"),
    ("/reports", "Reports"),
    ("/stories", "Stories"),
    ("/incidents", "Incidents"),
    ("/map", "Map"),
    ("/figures", "Figures"),
    ("/contradictions", "Contradictions"),
    ("/decisions", "Decisions"),
    ("/sources", "Sources"),
    ("/verify", "Verify"),
    ("/collect", "Collect"),
];

impl Frame {
    fn new(title: impl Into<String>, here: &'static str) -> Frame {
        Frame { title: title.into(), here, query: String::new(), island: None }
    }

    fn with_island(self, stem: &'static str) -> Frame {
        Frame { island: Some(stem), ..self }
    }

    /// Returns where the script of the island is; none where the page has no island, or the program was built without.
    fn island(&self) -> Option<&'static str> {
        self.island.and_then(assets::island)
    }

    fn lacks_island(&self) -> bool {
        self.island.is_some() && self.island().is_none()
    }

    fn places(&self) -> [(&'static str, &'static str); PLACES.len()] {
        PLACES
    }

    fn is_here(&self, path: &str) -> bool {
        self.here == path
    }

    fn style(&self) -> &'static str {
        &assets::STYLE.path
    }

    fn script(&self) -> &'static str {
        &assets::SCRIPT.path
    }

    fn icon(&self) -> &'static str {
        &assets::ICON.path
    }
}

/// A page, or why there is none.
pub(super) struct Page<T>(Result<T, Fault>);

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.0.and_then(|page| rendered(&page)) {
            Ok(page) => Html(page).into_response(),
            Err(fault) => fault_page(fault),
        }
    }
}

fn rendered(page: &impl Template) -> Result<String, Fault> {
    page.render().map_err(|_| Fault::new(Code::Internal, "the page could not be written"))
}

#[derive(Template)]
#[template(path = "help.html")]
struct Help {
    frame: Frame,
}

/// What others made that is in the program and runs in the browser.
#[derive(Template)]
#[template(path = "licences.html")]
struct Licences {
    frame: Frame,
    notices: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "fault.html")]
struct FaultPage<'a> {
    frame: Frame,
    heading: &'static str,
    fault: &'a Fault,
    /// What may be meant: an address, an id and words.
    choices: Vec<(String, String, String)>,
}

fn fault_page(fault: Fault) -> Response {
    let heading = match fault.code {
        Code::NotFound => "Not found",
        Code::NoSecret => "This desk is closed to you",
        Code::ForeignHost | Code::ForeignOrigin => "Refused",
        Code::Internal => "Something went wrong",
        Code::Damaged => "Stored bytes are not what they were",
        Code::Ambiguous => "Several are called so",
        _ => "That cannot be done",
    };
    let status = fault.code.status();
    let choice = |(id, words): &'_ (String, String)| (words::of(id), id.clone(), words.clone());
    let choices = fault.choices.iter().map(choice).collect();
    match rendered(&FaultPage { frame: Frame::new(heading, ""), heading, fault: &fault, choices }) {
        Ok(page) => (status, Html(page)).into_response(),
        Err(_) => fault.into_response(),
    }
}

/// Answers a request that is refused, in the form that it asks for.
pub(super) fn refusal(request: &Request, fault: Fault) -> Response {
    let wants_page = request
        .headers()
        .get(header::ACCEPT)
        .is_some_and(|types| types.to_str().is_ok_and(|types| types.contains("text/html")));
    if wants_page { fault_page(fault) } else { fault.into_response() }
}

/// What the start link carries.
#[derive(Deserialize)]
struct Entrance {
    #[serde(default)]
    secret: String,
}

#[derive(Template)]
#[template(path = "entered.html")]
struct Entered;

/// Lets the person in who has the secret: it goes from the address into a cookie that no script sees.
///
/// Not a redirect: a browser that came here from another program would leave the cookie out of the request that follows.
async fn enter(State(site): State<Arc<Site>>, Query(entrance): Query<Entrance>) -> Response {
    if !site.secret.is(&entrance.secret) {
        return fault_page(Fault::new(Code::NoSecret, "this is not the link of this start of the desk"));
    }
    let cookie =
        format!("{}={}; Path=/; HttpOnly; SameSite=Strict", cookie_name(site.port), site.secret.reveal());
    match rendered(&Entered) {
        Ok(page) => (StatusCode::OK, [(header::SET_COOKIE, cookie)], Html(page)).into_response(),
        Err(fault) => fault.into_response(),
    }
}

/// Returns the address of the page of a claim.
pub(super) fn claim_path(id: &str) -> String {
    words::claim(id)
}

/// Returns the address of the next page of a list: as it was asked for, from another row on.
fn next_page(path: &str, asked: &[(&str, Option<String>)], after: Option<&str>) -> Option<String> {
    let after = after?;
    let mut query: Vec<String> = Vec::new();
    for (name, value) in asked {
        query.extend(value.as_ref().map(|value| format!("{name}={}", words::encoded(value))));
    }
    query.push(format!("after={}", words::encoded(after)));
    Some(format!("{path}?{}", query.join("&")))
}
