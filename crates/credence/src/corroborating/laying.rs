//! Stories as people's decisions leave them, over what was found.

use std::collections::{BTreeMap, BTreeSet};

use corroborate::{Decision, ReportKey};
use store::{LaidStories, Store, SubjectRow};

use super::past::{Cache, Rows};
use crate::decisions::{self, About};
use crate::record::Record;

/// Lays decisions over the stories that changed and that people decided something of.
pub(super) fn lay_open(record: &mut Record) -> anyhow::Result<()> {
    let found = record.store().stories_to_lay()?;
    let open = record.store().decisions_to_lay(About::Story.name(), usize::MAX)?;
    if found.is_empty() && open.is_empty() {
        return Ok(());
    }
    let mut laid = lay(record.store(), found)?.rows;
    laid.decisions = open;
    Ok(record.writer().lay_stories(&laid)?)
}

/// Returns the decisions of which something does not hold, among those that have to do with some reports.
pub(crate) fn overridden(store: &Store, subjects: &[SubjectRow]) -> anyhow::Result<BTreeSet<u64>> {
    let mut found = Vec::new();
    for subject in subjects {
        let Some(report) = store.report_of(&subject.digest)? else { continue };
        found.extend(store.story_of(report.id)?);
    }
    Ok(lay(store, found)?.overridden)
}

/// Returns the decisions that stand and name one of some reports.
pub(super) fn standing_on(store: &Store, reports: &[ReportKey]) -> anyhow::Result<Vec<String>> {
    if !store.has_decisions()? {
        return Ok(Vec::new());
    }
    let mut leaves = BTreeSet::new();
    for report in reports {
        let Some(stored) = store.report(report.0 as i64)? else { continue };
        leaves.extend(store.decisions_on(&stored.row.digest)?);
    }
    let mut standing = Vec::new();
    for leaf in leaves {
        let row = store.decision(leaf)?;
        let row = row.filter(|row| row.about == About::Story.name() && decisions::stands(row));
        standing.extend(row.map(|row| decisions::id(row.leaf)));
    }
    Ok(standing)
}

struct Laid {
    rows: LaidStories,
    overridden: BTreeSet<u64>,
}

fn lay(store: &Store, found: Vec<i64>) -> anyhow::Result<Laid> {
    let mut scope = Scope { store, found: Vec::new(), known: BTreeSet::new(), decisions: BTreeMap::new() };
    for story in found {
        scope.take(story)?;
    }
    scope.widen()?;
    let groups: Vec<Vec<ReportKey>> = scope.found.iter().map(|(_, reports)| reports.clone()).collect();
    let decisions: Vec<Decision<ReportKey>> = scope.decisions.into_values().flatten().collect();
    let mut cache = Cache::default();
    let decided = corroborate::decided_stories(&Rows::new(store, &mut cache), &groups, &decisions)?;
    let home: BTreeMap<ReportKey, i64> = scope
        .found
        .iter()
        .flat_map(|(story, reports)| reports.iter().map(|report| (*report, *story)))
        .collect();
    let moved = moved(&decided.groups, &home);
    let rows = LaidStories {
        found: scope.found.iter().map(|(story, _)| *story).collect(),
        moved,
        decisions: Vec::new(),
    };
    Ok(Laid { rows, overridden: decided.overridden })
}

/// Says which reports are shown elsewhere than where they were found. The largest part of a story keeps its name; of
/// equal ones the first.
fn moved(groups: &[Vec<ReportKey>], home: &BTreeMap<ReportKey, i64>) -> Vec<(Option<i64>, Vec<i64>)> {
    let mut shares: Vec<(std::cmp::Reverse<usize>, usize, i64)> = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
        group.iter().filter_map(|report| home.get(report)).for_each(|&story| {
            *counts.entry(story).or_default() += 1;
        });
        shares.extend(counts.into_iter().map(|(story, count)| (std::cmp::Reverse(count), at, story)));
    }
    shares.sort_unstable();
    let mut names: BTreeMap<usize, i64> = BTreeMap::new();
    let mut given = BTreeSet::new();
    for (_, at, story) in shares {
        if !names.contains_key(&at) && given.insert(story) {
            names.insert(at, story);
        }
    }
    let elsewhere = |(at, group): (usize, &Vec<ReportKey>)| {
        let name = names.get(&at).copied();
        let reports = group.iter().filter(|report| name.is_none() || home.get(report).copied() != name);
        (name, reports.map(|report| report.0 as i64).collect::<Vec<i64>>())
    };
    groups.iter().enumerate().map(elsewhere).filter(|(_, reports)| !reports.is_empty()).collect()
}

/// Stories as they were found, as far as decisions make them hang together.
struct Scope<'s> {
    store: &'s Store,
    found: Vec<(i64, Vec<ReportKey>)>,
    known: BTreeSet<i64>,
    decisions: BTreeMap<u64, Option<Decision<ReportKey>>>,
}

impl Scope<'_> {
    fn take(&mut self, story: i64) -> anyhow::Result<()> {
        if self.known.insert(story) {
            let reports = self.store.members_of(story)?;
            self.found.push((story, reports.into_iter().map(|report| ReportKey(report as u64)).collect()));
        }
        Ok(())
    }

    /// Takes in, again and again, what decisions name that name what is here.
    fn widen(&mut self) -> anyhow::Result<()> {
        let mut at = 0;
        while let Some((_, reports)) = self.found.get(at).cloned() {
            for report in reports {
                self.take_decisions_on(report)?;
            }
            at += 1;
        }
        Ok(())
    }

    fn take_decisions_on(&mut self, report: ReportKey) -> anyhow::Result<()> {
        let Some(stored) = self.store.report(report.0 as i64)? else { return Ok(()) };
        for leaf in self.store.decisions_on(&stored.row.digest)? {
            if self.decisions.contains_key(&leaf) {
                continue;
            }
            let row = self.store.decision(leaf)?;
            let row = row.filter(|row| row.about == About::Story.name() && decisions::stands(row));
            let mut named = Vec::new();
            let decision = row.map(|row| {
                decisions::laid(&row, |subject| {
                    let report = self.store.report_of(&subject.digest)?;
                    named.extend(report.as_ref().map(|report| report.id));
                    Ok(report.map(|report| ReportKey(report.id as u64)))
                })
            });
            self.decisions.insert(leaf, decision.transpose()?);
            for report in named {
                if let Some(story) = self.store.story_of(report)? {
                    self.take(story)?;
                }
            }
        }
        Ok(())
    }
}
