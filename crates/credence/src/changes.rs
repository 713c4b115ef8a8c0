//! What is other than it was at a moment.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use jiff::Timestamp;
use serde::Deserialize;
use store::{IncidentRow, Received, Store, TaskState};

use crate::incidents::stored_incident;
use crate::versions::{says_corrected, versions};
use crate::wire::{Change, Correction, NewDenial, PageChanged, Removed, SourceLost, Touched};
use crate::{history, ledger, wire};

/// Gathers all that changed, most grave first. Only what came since, and the incidents that it tells of, are looked at.
pub(crate) fn since(store: &Store, since: Timestamp) -> anyhow::Result<Vec<Change>> {
    let came = store.received_since(since, None, usize::MAX)?;
    let (mut changes, _) = of_reports((store, since), &came, usize::MAX)?;
    changes.extend(pages((store, since), &store.changed_since(since, "", usize::MAX)?)?);
    changes.extend(of_others(store, since)?);
    changes.sort_by_key(gravity);
    Ok(changes)
}

/// Where a page of changes begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Behind {
    /// Behind an original that came at this moment and has this number.
    Original(Timestamp, i64),
    /// Behind this address, all originals being told of.
    Address(String),
}

impl Behind {
    /// Reads what [`Behind::text`] wrote.
    pub(crate) fn read(text: &str) -> Option<Behind> {
        if let Some(address) = text.strip_prefix("page ") {
            return Some(Behind::Address(address.to_owned()));
        }
        let (moment, original) = text.strip_prefix("came ")?.split_once(' ')?;
        let moment = Timestamp::from_microsecond(moment.parse().ok()?).ok()?;
        Some(Behind::Original(moment, original.parse().ok()?))
    }

    pub(crate) fn text(&self) -> String {
        match self {
            Behind::Original(moment, original) => format!("came {} {original}", moment.as_microsecond()),
            Behind::Address(address) => format!("page {address}"),
        }
    }
}

/// Accounts of incidents and reports that are looked at for one page, about: the page ends with the report that reaches it.
const WORK: usize = 600;

/// Gathers a page of what changed, most grave first within the page: what the reports tell that came, `limit` of them and as
/// they came, each incident with the first of its reports; behind these, the pages of the web that changed, and all else.
/// Returns where the next page begins, if there is one.
pub(crate) fn page(
    store: &Store,
    (since, behind): (Timestamp, Option<&Behind>),
    limit: usize,
) -> anyhow::Result<(Vec<Change>, Option<Behind>)> {
    let mut changes = Vec::new();
    let (mut left, mut address) = (limit, "");
    match behind {
        Some(Behind::Address(behind)) => address = behind,
        behind => {
            let behind = behind.and_then(|behind| match behind {
                Behind::Original(moment, original) => Some((*moment, *original)),
                Behind::Address(_) => None,
            });
            let mut came = store.received_since(since, behind, limit.saturating_add(1))?;
            let is_last = came.len() <= limit;
            came.truncate(limit);
            let (told, looked_at) = of_reports((store, since), &came, WORK)?;
            changes = told;
            if let Some(last) = came[..looked_at].last().filter(|_| !is_last || looked_at < came.len()) {
                changes.sort_by_key(gravity);
                return Ok((changes, Some(Behind::Original(last.at, last.original))));
            }
            left -= came.len();
        }
    }
    let mut changed = store.changed_since(since, address, left.saturating_add(1))?;
    let more = changed.len() > left;
    changed.truncate(left);
    changes.extend(pages((store, since), &changed)?);
    if !more {
        changes.extend(of_others(store, since)?);
    }
    changes.sort_by_key(gravity);
    let last = changed.pop().unwrap_or_else(|| address.to_owned());
    Ok((changes, more.then_some(Behind::Address(last))))
}

/// Tells what people decided, what was lost and what was removed.
fn of_others(store: &Store, since: Timestamp) -> anyhow::Result<Vec<Change>> {
    let mut changes = Vec::new();
    for leaf in store.decided_since(since)? {
        if let Some(row) = store.decision(leaf)?
            && history::is_shown(store, &row)?
        {
            changes.push(Change::Decided(history::wired(store, &row)?));
        }
    }
    changes.extend(lost(store, since)?);
    let erased = store.erasures()?.into_iter().filter(|erasure| erasure.erased_at >= since);
    changes.extend(erased.map(|it| Change::Removed(Removed { at: it.erased_at, reason: it.reason })));
    Ok(changes)
}

/// The order in which changes are told, and within a kind the larger toll first.
fn gravity(change: &Change) -> (u8, Reverse<u64>) {
    let size = |bounds: &wire::Bounds| Reverse(bounds.lower.or(bounds.upper).unwrap_or_default());
    match change {
        Change::NewIncident(new) => (0, Reverse(new.killed.unwrap_or_default())),
        Change::Toll(toll) => match toll.direction {
            "rose" => (1, size(&toll.after.bounds)),
            "fell" => (2, size(&toll.after.bounds)),
            _ => (3, size(&toll.after.bounds)),
        },
        Change::Denial(_) => (4, Reverse(0)),
        Change::NewReports(touched) => (5, Reverse(touched.reports.len() as u64)),
        Change::Correction(_) => (6, Reverse(0)),
        Change::PageChanged(page) => (7, Reverse(u64::from(page.correction))),
        Change::Decided(_) => (8, Reverse(0)),
        Change::SourceLost(lost) => (9, Reverse(u64::from(lost.given_up))),
        Change::Removed(_) => (10, Reverse(0)),
    }
}

/// Tells what reports changed that came: which incidents are new or have new reports, how their tolls moved, and what is denied
/// and corrected. Ends when so much was looked at; returns of how many reports it is.
fn of_reports(
    (store, since): (&Store, Timestamp),
    came: &[Received],
    work: usize,
) -> anyhow::Result<(Vec<Change>, usize)> {
    let stories = ledger::Stories::new(store);
    let (mut changes, mut answers) = (Vec::new(), Answers::default());
    let (mut met, mut done, mut looked_at) = (BTreeSet::new(), 0, 0);
    for received in came {
        store.in_time()?;
        for id in store.incidents_of(received.report)? {
            if !met.insert(id.clone()) {
                continue;
            }
            let new = store.received_of(&id, since)?;
            // Each incident is told of once, with the first of its reports that came.
            if new.first().is_none_or(|first| first.report != received.report) {
                continue;
            }
            let Some(row) = store.incident(&id)? else { continue };
            let new = new.iter().map(|received| received.report).collect();
            changes.extend(of_incident(&stories, &row, &new)?);
            done += row.accounts.len();
        }
        answers.add(&stories, received.report)?;
        (done, looked_at) = (done + 1, looked_at + 1);
        if done >= work {
            break;
        }
    }
    changes.extend(answers.told());
    Ok((changes, looked_at))
}

/// Tells what is new of an incident.
fn of_incident(
    stories: &ledger::Stories<'_>,
    row: &IncidentRow,
    came: &BTreeSet<i64>,
) -> anyhow::Result<Vec<Change>> {
    let store = stories.store();
    let incident = stored_incident(row)?;
    // A note from which no claim was read alleges nothing by itself.
    if incident.claims.is_empty() {
        return Ok(Vec::new());
    }
    let reports: BTreeSet<i64> = row.accounts.iter().map(|(report, _)| *report).collect();
    let mut new = Vec::new();
    for report in reports.intersection(came) {
        new.extend(store.report(*report)?.map(|report| report.row.name));
    }
    let touched = Touched {
        incident: row.id.clone(),
        title: incident.title.clone(),
        first_day: row.first_day,
        last_day: row.last_day,
        reports: new,
        earlier: reports.difference(came).count(),
        killed: None,
    };
    if touched.earlier == 0 {
        // No toll of it moved: there was none.
        let killed = ledger::most_killed(stories, row)?;
        return Ok(vec![Change::NewIncident(Touched { killed, ..touched })]);
    }
    let (tolls, killed) = ledger::tolls_moved(stories, row, came)?;
    let named = |toll| wire::Toll { incident: row.id.clone(), title: incident.title.clone(), ..toll };
    let tolls = tolls.into_iter().map(|toll| Change::Toll(named(toll)));
    Ok(std::iter::once(Change::NewReports(Touched { killed, ..touched })).chain(tolls).collect())
}

/// What reports deny and correct. What several repeat in the same words is told once.
#[derive(Default)]
struct Answers {
    denials: BTreeMap<(Option<String>, String), NewDenial>,
    corrections: Vec<Correction>,
}

/// What is asked of the JSON of a claim; the rest of it is passed over.
#[derive(Deserialize)]
struct Answering {
    id: String,
    report: String,
    supersedes: Option<String>,
}

impl Answers {
    fn add(&mut self, stories: &ledger::Stories<'_>, report: i64) -> anyhow::Result<()> {
        let store = stories.store();
        let Some(stored) = store.report(report)? else { return Ok(()) };
        if let Some(title) = stored.row.title.filter(|title| says_corrected(title)) {
            let report = stored.row.name;
            self.corrections.push(Correction { report, claim: None, corrects: None, words: title });
        }
        for stored in store.claims_of(report)? {
            let claim: Answering = serde_json::from_str(&stored.row.body).with_context(|| {
                format!(
                    "a claim of {} was stored by another version; `credence reindex` reads it again",
                    stored.report_name
                )
            })?;
            let words = stored.row.quote;
            if let Some(corrects) = claim.supersedes {
                let (report, claim) = (claim.report, Some(claim.id));
                self.corrections.push(Correction { report, claim, corrects: Some(corrects), words });
            } else if matches!(stored.row.polarity.as_str(), "denied" | "counter_version") {
                let key = (stored.row.speaker.clone(), words.clone());
                if let Some(known) = self.denials.get_mut(&key) {
                    known.repeated.push(claim.id);
                    continue;
                }
                let (speaker, polarity) = (stored.row.speaker, stored.row.polarity);
                let incident = ledger::answered(stories, (report, stored.number), &claim.id)?;
                let (claim, repeated) = (claim.id, Vec::new());
                self.denials.insert(key, NewDenial { claim, incident, speaker, polarity, words, repeated });
            }
        }
        Ok(())
    }

    fn told(self) -> impl Iterator<Item = Change> {
        let mut denials: Vec<NewDenial> = self.denials.into_values().collect();
        denials.sort_by(|a, b| a.claim.cmp(&b.claim));
        let corrections = self.corrections.into_iter().map(Change::Correction);
        denials.into_iter().map(Change::Denial).chain(corrections)
    }
}

/// Tells which pages show something else than before.
fn pages((store, since): (&Store, Timestamp), addresses: &[String]) -> anyhow::Result<Vec<Change>> {
    let mut changes = Vec::new();
    for address in addresses {
        for version in versions(store, address)?.into_iter().skip(1).filter(|it| it.seen >= since) {
            changes.push(Change::PageChanged(PageChanged {
                address: version.address,
                seen: version.seen,
                original: version.original,
                added: version.added.len(),
                removed: version.removed.len(),
                correction: version.correction,
            }));
        }
    }
    Ok(changes)
}

/// Tells which addresses failed or are gone.
fn lost(store: &Store, since: Timestamp) -> anyhow::Result<Vec<Change>> {
    let lost = store.failed_since(since)?.into_iter().map(|task| {
        Change::SourceLost(SourceLost {
            given_up: matches!(task.state, TaskState::Dead | TaskState::Done),
            source: task.source,
            address: task.address,
            fault: task.fault,
            tried_at: task.tried_at,
        })
    });
    Ok(lost.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_page_begins_is_read_back() {
        let moment = Timestamp::from_microsecond(1_900_000_000_000_001).unwrap();
        for behind in [
            Behind::Original(moment, 7),
            Behind::Address(String::new()),
            Behind::Address("https://tesmin.example/a b".into()),
        ] {
            assert_eq!(Behind::read(&behind.text()), Some(behind));
        }
        for text in ["", "came", "came 1", "came x 1", "came 99999999999999999999 1", "1 2"] {
            assert_eq!(Behind::read(text), None, "{text}");
        }
    }
}
