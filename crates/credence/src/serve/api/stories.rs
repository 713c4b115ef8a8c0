use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use serde::Deserialize;
use store::{Days, Order, Store, StoryFilter};
use utoipa::IntoParams;

use super::{lines, named};
use crate::reading::stored_story;
use crate::serve::asked::Asked;
use crate::serve::fault::Fault;
use crate::serve::listing::{Listing, MOST, page, within};
use crate::serve::rows::{self, StoryLine};
use crate::serve::site::Site;
use crate::wire::Story;

/// Which stories to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct StoriesAsked {
    /// Words in the title.
    pub(crate) title: Option<String>,
    /// With a report on this day or later.
    pub(crate) from: Option<Date>,
    /// With a report on this day or before.
    pub(crate) to: Option<Date>,
    /// Rows of a page, 50 unless given, 500 at most.
    #[param(minimum = 1, maximum = 500)]
    #[serde(default, deserialize_with = "within::<1, MOST, _>")]
    pub(crate) limit: Option<u64>,
    /// The `next` of the page before.
    pub(crate) after: Option<String>,
}

/// Lists the stories, those with the newest reports first.
#[utoipa::path(get, path = "/stories", tag = "stories", params(StoriesAsked), responses((status = 200, body = Listing<StoryLine>)))]
pub(crate) async fn stories(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    Asked(asked): Asked<StoriesAsked>,
) -> Result<Response, Fault> {
    if lines::are_asked(&headers) {
        let filter = Arc::clone(&site).read(move |store| story_filter(store, &asked)).await?;
        return Ok(lines::answer(site, move |store, each| store.stories(&filter, |row| each(&row.body))));
    }
    Ok(Json(site.read(move |store| story_list(store, &asked)).await?).into_response())
}

/// Lists a page of stories.
pub(crate) fn story_list(store: &Store, asked: &StoriesAsked) -> Result<Listing<StoryLine>, Fault> {
    let filter = StoryFilter { page: page(asked.limit), ..story_filter(store, asked)? };
    let mut found = Vec::new();
    store.stories(&filter, |row| {
        found.push(StoryLine::from(row));
        Ok::<(), store::Error>(())
    })?;
    Ok(Listing::of(found, asked.limit, |line| line.id.clone()))
}

fn story_filter(store: &Store, asked: &StoriesAsked) -> Result<StoryFilter, Fault> {
    let behind = asked.after.as_deref().map(|id| rows::story(store, id)).transpose()?;
    Ok(StoryFilter {
        title: asked.title.clone(),
        days: Days { from: asked.from, to: asked.to },
        order: Order::Newest,
        behind: behind.map(|story| story.id),
        ..StoryFilter::default()
    })
}

/// Shows a story: its reports, copies, and what is alleged and counted in it, from which origins.
#[utoipa::path(get, path = "/stories/{id}", tag = "stories", params(("id" = String, description = "The id of a story, or the beginning of it, or the id that one had which went into another")), responses((status = 200, body = Story, headers(("Content-Location", description = "Where it stands by the id that it has now, if it was asked for by another")))))]
pub(crate) async fn story(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Result<Response, Fault> {
    let asked = id.clone();
    let story = site.read(move |store| Ok(stored_story(&rows::story(store, &asked)?)?)).await?;
    let now = story.id.clone();
    Ok(named(Json(story).into_response(), (&id, &now), "stories"))
}
