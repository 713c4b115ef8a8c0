use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};

use super::{Frame, Page, next_page, words};
use crate::picture;
use crate::reading::stored_story;
use crate::serve::api::{StoriesAsked, family_of, story_list};
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
}

pub(super) async fn page(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Page<StoryPage> {
    let story = site.read(move |store| Ok(stored_story(&rows::story(store, &id)?)?)).await;
    Page(story.map(|mut story| {
        let mut matters = std::mem::take(&mut story.matters);
        let left = matters.len().saturating_sub(SHOWN);
        matters.truncate(SHOWN);
        StoryPage { frame: Frame::new(story.title.clone(), "/stories"), story, matters, left }
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
}

/// Copies that a page lays side by side.
const TIES: usize = 40;

pub(super) async fn family(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Page<FamilyPage> {
    let sheet = site.read(move |store| {
        let report = rows::report(store, &id)?;
        family_of(store, &report)?.ok_or_else(|| Fault::new(Code::NotFound, "this report has no copies"))
    });
    Page(sheet.await.map(|mut sheet| {
        let picture = picture::inline(&picture::family(&sheet));
        let mut ties = std::mem::take(&mut sheet.ties);
        let left = sheet.left_out + ties.len().saturating_sub(TIES);
        ties.truncate(TIES);
        FamilyPage { frame: Frame::new("Copies", "/stories"), sheet, picture, ties, left }
    }))
}
