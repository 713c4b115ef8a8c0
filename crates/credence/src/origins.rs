//! The origins of one claim, incident or story, drawn up when they are asked for, from the texts of the originals and the claims in
//! the rows.

use std::collections::{BTreeMap, BTreeSet};

use corroborate::{ClaimRef, CopyLink, Matter, Read, ReportKey};
use store::{IncidentRow, StoredReport, StoryRow};

use crate::incidents::{Held, Shelf, pointed, with_stories};
use crate::ledger::claims_of;
use crate::wire::{self, Names, OriginSheet, Pair, Path};

/// What is asked for the origins of.
pub(crate) enum Asked {
    /// A claim, by its position in the report; without one all that the report claims.
    Claim(StoredReport, Option<usize>),
    Incident(IncidentRow),
    Story(StoryRow),
}

/// Reports of one story that are read together.
const READ: usize = 256;

/// Reports of one matter of which each two are told apart in the JSON: 276 pairs.
const PAIRED: usize = 24;

/// Draws up the matters that are asked for.
pub(crate) fn sheets(shelf: &Shelf<'_>, id: &str, asked: &Asked) -> anyhow::Result<Vec<OriginSheet>> {
    let (keys, left_out) = reports(shelf, asked)?;
    let held = Held::load(shelf, &keys)?;
    let reads: Vec<Read<'_>> = held.reads().collect();
    let links = held.links();
    let matters = match asked {
        Asked::Incident(row) => {
            corroborate::weigh_incident(&reads, &links, &pointed(&claims_of(shelf.store, row)?))
        }
        _ => corroborate::weigh(&reads, &links),
    };
    let drawn = Drawn { id, held: &held, links: &links, left_out };
    Ok(matters.iter().filter(|matter| is_asked(asked, matter)).map(|matter| drawn.sheet(matter)).collect())
}

/// Returns the reports to read, and how many of the same stories are left out.
fn reports(shelf: &Shelf<'_>, asked: &Asked) -> anyhow::Result<(BTreeSet<ReportKey>, usize)> {
    let key = |&report: &i64| ReportKey(report as u64);
    let (own, of_story): (Vec<i64>, Vec<i64>) = match asked {
        Asked::Incident(row) => {
            let keys = row.accounts.iter().map(|(report, _)| key(report)).collect();
            return Ok((with_stories(shelf.store, &keys)?, 0));
        }
        Asked::Story(row) => (Vec::new(), row.reports.clone()),
        Asked::Claim(report, _) => {
            let family = shelf.store.family_of(report.id)?;
            let copies = family.map(|family| shelf.store.members_of_family(family)).transpose()?;
            let stories = shelf.store.stories_of(report.id)?;
            let others = stories.into_iter().flat_map(|story| story.reports).collect();
            (std::iter::once(report.id).chain(copies.unwrap_or_default()).collect(), others)
        }
    };
    let mut keys: Vec<i64> = Vec::new();
    let mut met = BTreeSet::new();
    keys.extend(own.iter().chain(&of_story).copied().filter(|&report| met.insert(report)));
    let left_out = keys.len().saturating_sub(READ);
    Ok((keys.iter().take(READ).map(key).collect(), left_out))
}

fn is_asked(asked: &Asked, matter: &Matter) -> bool {
    let Asked::Claim(report, number) = asked else { return true };
    let is =
        |at: &ClaimRef| at.report.0 as i64 == report.id && number.is_none_or(|number| at.claim == number);
    matter.claims.iter().any(is)
        || number.is_some() && matter.denials.iter().any(|it| it.claims.iter().any(is))
}

struct Drawn<'a> {
    id: &'a str,
    held: &'a Held,
    links: &'a [CopyLink],
    left_out: usize,
}

impl Drawn<'_> {
    fn sheet(&self, matter: &Matter) -> OriginSheet {
        OriginSheet {
            asked: self.id.to_owned(),
            matter: wire::Matter::new(matter, self.held),
            reports: matter.reports.iter().filter_map(|&key| Some(self.held.row(key)?.into())).collect(),
            paths: self.paths(matter),
            pairs: self.pairs(matter),
            left_out: self.left_out,
        }
    }

    fn paths(&self, matter: &Matter) -> Vec<Path> {
        let mut origins = BTreeMap::new();
        for origin in &matter.independent {
            origins.extend(origin.claims.iter().map(|&at| (at, origin)));
        }
        let path = |&at: &ClaimRef| {
            let row = &self.held.row(at.report)?.row;
            let claim = self.held.reading(at.report)?.claims.get(at.claim)?;
            let origin = origins.get(&at);
            Some(Path {
                claim: Names::claim(self.held, at),
                outlet: row.outlet.clone(),
                agency: row.wire.clone(),
                speakers: claim.said_by.iter().rev().map(|speaker| speaker.name.clone()).collect(),
                origin: origin.map(|origin| origin.name.clone()),
                basis: origin.map_or("unspecified", |origin| origin.basis.name()).to_owned(),
            })
        };
        matter.claims.iter().filter_map(path).collect()
    }

    fn pairs(&self, matter: &Matter) -> Vec<Pair> {
        let reports = &matter.reports[..matter.reports.len().min(PAIRED)];
        let mut pairs = Vec::new();
        for (at, &a) in reports.iter().enumerate() {
            for &b in &reports[at + 1..] {
                let relation = corroborate::relation(matter, self.links, (a, b)).name().to_owned();
                pairs.push(Pair { a: self.held.report(a), b: self.held.report(b), relation });
            }
        }
        pairs
    }
}
