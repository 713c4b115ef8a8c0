use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};

use super::doors::Doors;
use super::told::{self, Grid, Timeline, Told};
use super::{Frame, Page, next_page, words};
use crate::picture;
use crate::reading::stored_story;
use crate::serve::api::{StoriesAsked, known_family, story_list};
use crate::serve::asked::Asked;
use crate::serve::fault::{Code, Fault};
use crate::serve::listing::Listing;
use crate::serve::rows::{self, StoryLine};
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
}

pub(super) async fn page(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Page<StoryPage> {
    let story = site.read(move |store| {
        let row = rows::story(store, &id)?;
        Ok((stored_story(&row)?, Doors::of(store, row.reports)?))
    });
    Page(story.await.map(|(mut story, doors)| {
        let mut matters = std::mem::take(&mut story.matters);
        let left = matters.len().saturating_sub(SHOWN);
        matters.truncate(SHOWN);
        let (timeline, grid) = (told::timeline(&story, &doors), told::grid(&matters));
        let told = told::beside(&story, &matters, &doors);
        let frame = Frame::new(story.title.clone(), "/stories");
        StoryPage { frame, story, matters, left, timeline, grid, told, doors }
    }))
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
