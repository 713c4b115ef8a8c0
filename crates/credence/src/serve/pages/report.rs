use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Response};
use model::Span;
use store::{Store, StoredReport};

use super::saying::{Said, Saying};
use super::{Frame, Page, fault_page, rendered, words};
use crate::describe;
use crate::hints;
use crate::ledger::Stories;
use crate::reading::stored_story;
use crate::serve::api::{claims_of, opened, sayable_of, wired};
use crate::serve::fault::Fault;
use crate::serve::rows::{self, IncidentLine, StoryLine};
use crate::serve::site::Site;
use crate::wire::{Claim, Fields, Report, Wired};

#[derive(Template)]
#[template(path = "report.html")]
pub(super) struct ReportPage {
    frame: Frame,
    title: String,
    report: Report,
    claims: usize,
    blocks: Vec<Block>,
    stories: Vec<StoryLine>,
    incidents: Vec<IncidentLine>,
    /// How many reports are of this text.
    copies: usize,
    kept: Kept,
    saying: Saying,
}

/// A paragraph, or what is not the article.
struct Block {
    aside: Option<String>,
    pieces: Vec<Piece>,
    /// The claims that begin in it.
    cards: Vec<Card>,
}

/// Words between two places where a claim begins or ends.
#[derive(Default)]
struct Piece {
    words: String,
    /// The kinds of claims that these words are of, as names of looks.
    kinds: String,
    /// The claims whose words begin here, by their numbers.
    begins: Vec<usize>,
    /// The claims whose words end here.
    ends: Vec<Pin>,
}

/// Points from the words of a claim to its card.
struct Pin {
    number: usize,
    kind: &'static str,
    letter: char,
}

/// What is known of a claim.
struct Card {
    number: usize,
    kind: &'static str,
    letter: char,
    headline: String,
    chain: String,
    facts: Vec<(&'static str, String)>,
    path: String,
    origins: String,
    has_origins: bool,
}

/// Where the original is kept, and how it came.
struct Kept {
    length: u64,
    received: String,
    segment: String,
    offset: u64,
    stored_length: u64,
    sightings: Vec<Met>,
}

/// Where it was met, or what was said of it later.
struct Met {
    how: &'static str,
    /// What is said before the name.
    words: String,
    /// The place where it was met, or the outlet.
    name: Option<String>,
    at: String,
}

/// Sightings that are shown.
const SIGHTINGS: usize = 20;

pub(super) async fn page(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Page<ReportPage> {
    Page(site.read(move |store| drawn(store, &rows::report(store, &id)?)).await)
}

/// Shows the page of a report with the form by which something is said of it, as it was sent, and what was wrong.
pub(super) async fn asked_again((site, id): (Arc<Site>, String), sent: Said, fault: Fault) -> Response {
    let page = site.read(move |store| drawn(store, &rows::report(store, &id)?)).await;
    let Some(page) = page.ok().filter(|page| page.saying.is_needed()) else { return fault_page(fault) };
    match rendered(&ReportPage { saying: page.saying.again(sent, &fault), ..page }) {
        Ok(page) => (fault.code.status(), Html(page)).into_response(),
        Err(_) => fault_page(fault),
    }
}

fn drawn(store: &Store, stored: &StoredReport) -> Result<ReportPage, Fault> {
    let original = opened(store, stored)?;
    let (reading, wired) = match original.laid(&store.claim_bodies(stored.id)?) {
        Some(reading) => (reading, Wired { report: wired(stored)?, claims: claims_of(store, stored)? }),
        // What the rows say does not fit the text: it is read again, and they say nothing here.
        None => {
            let reading = original.read();
            let wired = original.wire(&reading);
            (reading, wired)
        }
    };
    let blocks = blocks(&reading, &wired);
    let denials = Stories::new(store);
    let mut incidents = Vec::new();
    for id in store.incidents_of(stored.id)? {
        let row = store.incident(&id)?;
        incidents.extend(row.map(|row| IncidentLine::of(&denials, &row)).transpose()?.flatten());
    }
    let mut stories = Vec::new();
    for row in store.stories_of(stored.id)? {
        stored_story(&row)?;
        stories.push(StoryLine::from(row));
    }
    let family = store.family_of(stored.id)?;
    let saying = Saying::of(&wired.report.original, &sayable_of(store, stored)?);
    let title = describe::title(stored);
    Ok(ReportPage {
        frame: Frame::new(title.clone(), "/reports"),
        title,
        claims: wired.claims.len(),
        report: wired.report,
        blocks,
        stories,
        incidents,
        copies: family.map(|family| store.members_of_family(family)).transpose()?.map_or(1, |all| all.len()),
        kept: kept(store, stored)?,
        saying,
    })
}

fn kept(store: &Store, stored: &StoredReport) -> Result<Kept, Fault> {
    let digest = &stored.row.digest;
    let row = store.original(digest)?.ok_or_else(|| Fault::not_found("original", &stored.row.name))?;
    let sightings = store.sightings(digest)?;
    let met = sightings.iter().take(SIGHTINGS).map(|met| {
        let at = met.seen_at.to_string();
        match hints::said(met) {
            Some((day, name)) => {
                let day = day.map(|day| format!("published {day}"));
                let by = name.as_ref().map(|_| "by ".to_owned());
                let words = day.into_iter().chain(by).collect::<Vec<_>>().join(" ");
                Met { how: "Said later", words, name, at }
            }
            None => Met { how: "Met", words: String::new(), name: Some(met.source.clone()), at },
        }
    });
    Ok(Kept {
        length: row.length,
        received: row.received_at.to_string(),
        segment: row.segment,
        offset: row.offset,
        stored_length: row.stored_length,
        sightings: met.collect(),
    })
}

/// Lays out the text with its claims.
fn blocks(reading: &extract::Reading, wired: &Wired) -> Vec<Block> {
    let report = &reading.report;
    let mut stretches: Vec<(Span, Option<&str>)> =
        report.body.iter().map(|piece| (piece.span, None)).collect();
    stretches.extend(report.boilerplate.iter().map(|aside| (aside.span, Some(aside.reason.name()))));
    stretches.sort_by_key(|(span, _)| span.start());
    let marks = Marks::of(reading, wired);
    stretches
        .into_iter()
        .map(|(span, aside)| Block {
            aside: aside.map(describe::spaced),
            pieces: marks.pieces(&report.text, span),
            cards: marks.beginning_in(span).map(|number| card(&wired.claims[number], number)).collect(),
        })
        .collect()
}

/// Where claims begin and end.
struct Marks {
    /// The place, whether a claim begins there, its position and its kind.
    turns: Vec<(usize, bool, usize, usize)>,
    /// How many claims of each kind are open before each turn, and after the last.
    open: Vec<[usize; KINDS.len()]>,
}

/// The kinds of claims: name and letter.
const KINDS: [(&str, char); 4] =
    [("allegation", 'A'), ("figure", 'F'), ("determination", 'D'), ("statement", 'S')];

fn kind_of(claim: &Claim) -> usize {
    KINDS.iter().position(|(name, _)| *name == claim.fields.kind()).unwrap_or(KINDS.len() - 1)
}

impl Marks {
    fn of(reading: &extract::Reading, wired: &Wired) -> Marks {
        let mut turns = Vec::new();
        for (number, (claim, wired)) in reading.claims.iter().zip(&wired.claims).enumerate() {
            turns.push((claim.span.start(), true, number, kind_of(wired)));
            turns.push((claim.span.end(), false, number, kind_of(wired)));
        }
        // At one place, what ends goes before what begins.
        turns.sort_unstable();
        let mut open = vec![[0_usize; KINDS.len()]];
        for &(_, begins, _, kind) in &turns {
            let mut then = open[open.len() - 1];
            then[kind] = if begins { then[kind] + 1 } else { then[kind].saturating_sub(1) };
            open.push(then);
        }
        Marks { turns, open }
    }

    fn beginning_in(&self, span: Span) -> impl Iterator<Item = usize> + '_ {
        let from = self.turns.partition_point(|turn| turn.0 < span.start());
        let within = self.turns[from..].iter().take_while(move |turn| turn.0 < span.end());
        within.filter(|turn| turn.1).map(|turn| turn.2)
    }

    /// Cuts a stretch of text where claims begin and end.
    fn pieces(&self, text: &model::Text, span: Span) -> Vec<Piece> {
        let before = self.turns.partition_point(|turn| turn.0 < span.start());
        let mut open = self.open[before];
        let mut begun = Vec::new();
        let mut pieces = Vec::new();
        let mut at = span.start();
        for &(place, begins, number, kind) in
            self.turns[before..].iter().take_while(|turn| turn.0 <= span.end())
        {
            pieces.extend(piece(text, (at, place), (&open, &mut begun)));
            at = at.max(place);
            match begins {
                true if place < span.end() => {
                    open[kind] += 1;
                    begun.push(number + 1);
                }
                true => {}
                false => {
                    open[kind] = open[kind].saturating_sub(1);
                    let (name, letter) = KINDS[kind];
                    let pin = Pin { number: number + 1, kind: name, letter };
                    match pieces.last_mut() {
                        Some(last) => last.ends.push(pin),
                        None => pieces.push(Piece { ends: vec![pin], ..Piece::default() }),
                    }
                }
            }
        }
        pieces.extend(piece(text, (at, span.end()), (&open, &mut begun)));
        pieces
    }
}

/// Cuts a piece, if it has any words: then what has begun begins with it.
fn piece(
    text: &model::Text,
    (start, end): (usize, usize),
    (open, begun): (&[usize; KINDS.len()], &mut Vec<usize>),
) -> Option<Piece> {
    let span = text.span(start..end).filter(|_| start < end)?;
    let kinds: Vec<&str> =
        KINDS.iter().zip(open).filter(|(_, count)| **count > 0).map(|((name, _), _)| *name).collect();
    let begins = std::mem::take(begun);
    Some(Piece { words: text.quote(span).to_owned(), kinds: kinds.join(" "), begins, ends: Vec::new() })
}

fn card(claim: &Claim, number: usize) -> Card {
    let (kind, letter) = KINDS[kind_of(claim)];
    Card {
        number: number + 1,
        kind,
        letter,
        headline: describe::headline(claim),
        chain: describe::said_by(claim),
        facts: facts(claim),
        path: words::claim(&claim.id),
        origins: words::origins(&claim.id),
        has_origins: kind != "statement",
    }
}

fn facts(claim: &Claim) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    let mut add = |name, value: Option<String>| facts.extend(value.map(|value| (name, value)));
    match &claim.fields {
        Fields::Statement { said_on, .. } | Fields::Determination { said_on, .. } => {
            add("Said on", said_on.map(|day| day.to_string()));
        }
        Fields::Figure { place, scope, caveats, subset_of, .. } => {
            add("Counts", Some(describe::spaced(scope)));
            add("Place", place.as_ref().map(|place| place.span.words().to_owned()));
            add("Part of", subset_of.clone());
            add("Caveats", Some(caveats.join(", ")).filter(|all| !all.is_empty()));
        }
        Fields::Allegation { actor, target, weapon, place, time, certainty, .. } => {
            add("Accused", actor.as_ref().map(|actor| actor.name.clone()));
            add("Target", target.as_ref().map(|target| target.name.clone()));
            add("Weapon", weapon.as_ref().map(|weapon| weapon.name.clone()));
            add("Place", place.as_ref().map(|place| place.span.words().to_owned()));
            add("Time", time.as_ref().map(|time| time.iso.clone()));
            add("Certainty", Some(certainty.clone()));
        }
    }
    add("Denies", claim.denies.clone());
    add("Corrects", claim.supersedes.clone());
    facts
}
