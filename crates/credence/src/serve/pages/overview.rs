use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use store::{IncidentFilter, Store};

use super::{Frame, Page, words};
use crate::describe::changes::lines;
use crate::serve::api::{
    IncidentsAsked, Overview, StoriesAsked, conflicts_of_incidents, counted, incident_list,
    largest_situations, source_list, story_list,
};
use crate::serve::asked::Asked;
use crate::serve::fault::Fault;
use crate::serve::guard::cookie;
use crate::serve::known::Lately;
use crate::serve::rows::{IncidentLine, StoryLine};
use crate::serve::site::Site;
use crate::wire::Conflict;
use crate::{changes, clock, picture};

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    frame: Frame,
    standing: Arc<Standing>,
    told: Arc<Told>,
    /// When this was worked out, if the record has changed since.
    as_of: Option<String>,
    since_words: String,
    since_choice: String,
    choices: [(&'static str, &'static str); 4],
    sources: String,
}

/// A change in words, and where to look further.
#[derive(Serialize)]
struct Line {
    words: String,
    path: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OverviewAsked {
    since: Option<String>,
}

/// Since when changes are told.
const CHOICES: [(&str, &str); 4] =
    [("visit", "the last visit"), ("24h", "a day ago"), ("7d", "a week ago"), ("all", "the beginning")];

/// Reports that came since, from which on they are not gone through one by one.
const TOO_MANY: u64 = 500;

/// Lines that are shown of each kind of change.
const LINES: usize = 12;

pub(super) async fn page(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    asked: Result<Asked<OverviewAsked>, Fault>,
) -> Response {
    let name = format!("credence-visits-{}", site.port);
    let visits = Visits::read(cookie(&headers, &name).unwrap_or_default(), clock::or_now());
    let page = async {
        let Asked(asked) = asked?;
        let choice = asked.since.unwrap_or_else(|| "visit".to_owned());
        drawn(site, choice, visits).await
    };
    let response = Page(page.await).into_response();
    let cookie = format!("{name}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000", visits.written());
    ([(axum::http::header::SET_COOKIE, cookie)], response).into_response()
}

/// What stands on the page whenever changes are told from.
#[derive(Serialize)]
struct Standing {
    counts: Overview,
    stories: Vec<StoryLine>,
    incidents: Vec<IncidentLine>,
    tolls: Vec<(String, String, String)>,
    conflicts: Vec<Conflict>,
    has_map: bool,
    /// Reports that are not put to incidents yet.
    untold: u64,
}

impl Standing {
    fn of(store: &Store) -> Result<Standing, Fault> {
        let some = |limit| IncidentsAsked { limit: Some(limit), ..IncidentsAsked::default() };
        let conflicts = conflicts_of_incidents(store, (Some(20), None))?;
        Ok(Standing {
            counts: counted(store)?,
            stories: story_list(store, &StoriesAsked { limit: Some(8), ..StoriesAsked::default() })?.items,
            incidents: incident_list(store, &some(8))?.items,
            tolls: tolls(store)?,
            conflicts: conflicts.items.into_iter().take(6).collect(),
            untold: store.count_untold()?,
            has_map: has_map(store)?,
        })
    }
}

/// Tells whether any incident has a point.
fn has_map(store: &Store) -> Result<bool, Fault> {
    let mut any = false;
    let page = store::Page { skip: 0, limit: Some(1) };
    store.placed_incidents(&IncidentFilter { page, ..IncidentFilter::default() }, |_| {
        any = true;
        Ok::<(), Fault>(())
    })?;
    Ok(any)
}

/// What came since a moment.
#[derive(Serialize)]
struct Told {
    too_many: Option<u64>,
    changes: Vec<(&'static str, Vec<Line>)>,
}

impl Told {
    fn since(store: &Store, since: Timestamp) -> Result<Told, Fault> {
        let came = store.count_received_since(since)?;
        // A page ends early where much is told of: then it is not all that changed.
        let (changes, next) = match came > TOO_MANY {
            true => (Vec::new(), None),
            false => changes::page(store, (since, None), TOO_MANY as usize)?,
        };
        let too_many = (came > TOO_MANY || next.is_some()).then_some(came);
        Ok(Told { too_many, changes: grouped(lines(&changes)) })
    }
}

async fn stands(site: Arc<Site>) -> Result<Lately<Standing>, Fault> {
    let name = "overview".to_owned();
    site.know_lately((name.clone(), name), Standing::of).await
}

/// Works out what stands on the page before somebody looks: it takes seconds of a large record.
pub(in crate::serve) async fn warm(site: Arc<Site>) {
    // Whoever looks is told what is wrong.
    let _ = stands(Arc::clone(&site)).await;
    super::map::warm(site).await;
}

async fn drawn(site: Arc<Site>, choice: String, visits: Visits) -> Result<OverviewPage, Fault> {
    // To the minute, so that whoever looks again is told what is known already.
    let now = clock::or_now();
    let now = now.round(jiff::Unit::Minute).unwrap_or(now);
    let since = match choice.as_str() {
        "24h" => now - Span::new().hours(24),
        "7d" => now - Span::new().hours(7 * 24),
        "all" => Timestamp::UNIX_EPOCH,
        _ => visits.before,
    };
    let standing = stands(Arc::clone(&site)).await?;
    // A visit begins at one moment; a day and a week ago are other moments each time.
    let name = match choice.as_str() {
        "24h" | "7d" | "all" => format!("told since {choice}"),
        _ => format!("told since {since}"),
    };
    let question = format!("overview since {since}");
    let told =
        Arc::clone(&site).know_lately((name, question), move |store| Told::since(store, since)).await?;
    let as_of = [standing.as_of, told.as_of].into_iter().flatten().min();
    let words_of =
        CHOICES.iter().find(|(value, _)| *value == choice).map_or("the last visit", |(_, words)| words);
    Ok(OverviewPage {
        frame: Frame::new("Overview", "/"),
        standing: standing.answer,
        told: told.answer,
        as_of: as_of.map(|moment| format!("{:.0}", moment)),
        since_words: format!("since {words_of}"),
        since_choice: choice,
        choices: CHOICES,
        sources: site.read(sources).await?,
    })
}

fn grouped(lines: Vec<(&'static str, String, String)>) -> Vec<(&'static str, Vec<Line>)> {
    let mut groups: Vec<(&'static str, Vec<Line>)> = Vec::new();
    for (heading, said, id) in lines {
        let line =
            Line { words: said, path: if id.is_empty() { "/sources".to_owned() } else { words::of(&id) } };
        match groups.last_mut() {
            Some((last, lines)) if *last == heading => lines.push(line),
            _ => groups.push((heading, vec![line])),
        }
    }
    groups.iter_mut().for_each(|(_, lines)| lines.truncate(LINES));
    groups
}

/// Situations that are shown.
const SITUATIONS: usize = 4;

fn tolls(store: &Store) -> Result<Vec<(String, String, String)>, Fault> {
    let mut tolls = Vec::new();
    for situation in largest_situations(store, SITUATIONS)? {
        let Some(ledger) = situation.figures.ledger.iter().find(|ledger| ledger.measure == "killed") else {
            continue;
        };
        let toll = format!("{}: {}", words::of_ledger(ledger), words::envelope(ledger));
        tolls.push((words::situation_page(&situation.id), words::situation(&situation), toll));
    }
    Ok(tolls)
}

fn sources(store: &Store) -> Result<String, Fault> {
    let all = source_list(store)?;
    let failing = all.iter().filter(|source| source.failed + source.dead > 0).count();
    Ok(match (all.len(), failing) {
        (0, _) => "Nothing is watched yet.".to_owned(),
        (all, 0) => format!("{} watched, none failing.", words::counted(all, "source")),
        (all, failing) => {
            format!("{} watched, {failing} with addresses that failed.", words::counted(all, "source"))
        }
    })
}

/// When the desk was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Visits {
    /// The beginning of the visit before this one.
    before: Timestamp,
    /// The beginning of this visit.
    this: Timestamp,
    /// The last look.
    last: Timestamp,
}

/// Minutes without a look, after which the next look begins another visit.
const PAUSE: i64 = 30;

impl Visits {
    fn read(cookie: &str, now: Timestamp) -> Visits {
        let mut moments =
            cookie.split('.').map_while(|second| Timestamp::from_second(second.parse().ok()?).ok());
        let (Some(before), Some(this), Some(last)) = (moments.next(), moments.next(), moments.next()) else {
            return Visits { before: Timestamp::UNIX_EPOCH, this: now, last: now };
        };
        match now.duration_since(last).as_mins() < PAUSE {
            true => Visits { before, this, last: now },
            false => Visits { before: this, this: now, last: now },
        }
    }

    fn written(self) -> String {
        let Visits { before, this, last } = self;
        format!("{}.{}.{}", before.as_second(), this.as_second(), last.as_second())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_900_000_000 + minute * 60).unwrap()
    }

    #[test]
    fn looking_again_soon_is_the_same_visit() {
        let first = Visits::read("", at(0));
        assert_eq!(first.before, Timestamp::UNIX_EPOCH);
        let again = Visits::read(&first.written(), at(20));
        assert_eq!((again.before, again.this), (Timestamp::UNIX_EPOCH, at(0)));
        let later = Visits::read(&again.written(), at(60));
        assert_eq!((later.before, later.this), (at(0), at(60)));
        assert_eq!(Visits::read("1.x", at(0)), first);
    }
}
