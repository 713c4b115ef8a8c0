use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};

use super::deciding::{Again, Deciding};
use super::doors::Doors;
use super::told::{self, Grid, Timeline, Told};
use super::{Frame, Page, fault_page, next_page, words};
use crate::picture;
use crate::reading::stored_story;
use crate::serve::api::{StoriesAsked, known_family, story_list};
use crate::serve::asked::Asked;
use crate::serve::fault::{Code, Fault};
use crate::serve::listing::Listing;
use crate::serve::rows::{self, ReportLine, StoryLine};
use crate::serve::site::Site;
use crate::wire::{FamilySheet, FamilyTie, Matter, Story};

#[derive(Template)]
#[template(path = "stories.html")]
pub(super) struct Stories {
    frame: Frame,
    asked: StoriesAsked,
    list: Listing<StoryLine>,
    next: Option<String>,
}

pub(super) async fn list(
    State(site): State<Arc<Site>>,
    asked: Result<Asked<StoriesAsked>, Fault>,
) -> Page<Stories> {
    let page = async {
        let Asked(asked) = asked?;
        let question = asked.clone();
        let list = site.read(move |store| story_list(store, &question)).await?;
        let text = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
        let given = [("title", asked.title.clone()), ("from", text(asked.from)), ("to", text(asked.to))];
        let next = next_page("/stories", &given, list.next.as_deref());
        Ok(Stories { frame: Frame::new("Stories", "/stories"), asked, list, next })
    };
    Page(page.await)
}

/// Matters that a page shows; the JSON has all.
const SHOWN: usize = 60;

#[derive(Template)]
#[template(path = "story.html")]
pub(super) struct StoryPage {
    frame: Frame,
    story: Story,
    matters: Vec<Matter>,
    left: usize,
    timeline: Option<Timeline>,
    grid: Grid,
    told: Vec<Told>,
    doors: Doors,
    deciding: Deciding,
}

/// Shows a story. Where it went into another, and where the id is the beginning of one, its page is gone to.
pub(super) async fn page(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Response {
    let asked = id.clone();
    let found = Arc::clone(&site).read(move |store| Ok(rows::story(store, &asked)?.id)).await;
    match found {
        Ok(now) if now != id => Redirect::to(&words::story(&now)).into_response(),
        Ok(_) => Page(drawn(site, id, None).await).into_response(),
        Err(fault) => fault_page(fault),
    }
}

/// Stories of the same days, and reports of a story, that a decision can be made on without an id.
const OFFERED: u64 = 8;
const OWN: usize = 50;

/// Draws the page of a story, with the form as it was sent if what it asked for could not be done.
pub(super) async fn drawn(site: Arc<Site>, id: String, again: Option<Again>) -> Result<StoryPage, Fault> {
    let story = site.read(move |store| {
        let row = rows::story(store, &id)?;
        let (from, to) = (row.first_day, row.last_day);
        let asked = StoriesAsked { from, to, limit: Some(OFFERED + 1), ..StoriesAsked::default() };
        let mut others = if from.is_some() { story_list(store, &asked)?.items } else { Vec::new() };
        others.retain(|other| other.id != row.id);
        others.truncate(OFFERED as usize);
        let mut own = Vec::new();
        for report in row.reports.iter().take(OWN) {
            own.extend(store.report(*report)?.as_ref().map(ReportLine::from));
        }
        let deciding = Deciding::on_story(&row.id, (&others, &own), again);
        Ok((stored_story(&row)?, Doors::of(store, row.reports)?, deciding))
    });
    let (mut story, doors, deciding) = story.await?;
    let mut matters = std::mem::take(&mut story.matters);
    let left = matters.len().saturating_sub(SHOWN);
    matters.truncate(SHOWN);
    let (timeline, grid) = (told::timeline(&story, &doors), told::grid(&matters));
    let told = told::beside(&story, &matters, &doors);
    let frame = Frame::new(story.title.clone(), "/stories");
    Ok(StoryPage { frame, story, matters, left, timeline, grid, told, doors, deciding })
}

#[derive(Template)]
#[template(path = "family.html")]
pub(super) struct FamilyPage {
    frame: Frame,
    sheet: FamilySheet,
    /// SVG in which words of reports stand as text.
    picture: String,
    ties: Vec<FamilyTie>,
    left: usize,
    doors: Doors,
}

/// Copies that a page lays side by side.
const TIES: usize = 40;

pub(super) async fn family(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Page<FamilyPage> {
    let none = || Fault::new(Code::NotFound, "this report has no copies");
    let sheet = known_family(site, id).await.and_then(|sheet| Option::clone(&sheet).ok_or_else(none));
    Page(sheet.map(|mut sheet| {
        let picture = picture::inline(&picture::family(&sheet));
        let mut ties = std::mem::take(&mut sheet.ties);
        let left = sheet.left_out + ties.len().saturating_sub(TIES);
        ties.truncate(TIES);
        let doors = Doors::of_members(&sheet.members);
        FamilyPage { frame: Frame::new("Copies", "/stories"), sheet, picture, ties, left, doors }
    }))
}
