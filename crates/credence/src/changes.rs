//! What is other than it was at a moment.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use store::{Store, TaskState};

use crate::incidents::stored_incident;
use crate::reading::stored_claim;
use crate::versions::{says_corrected, versions};
use crate::wire::{Change, Correction, NewDenial, PageChanged, Removed, SourceLost, Touched};
use crate::{history, ledger, wire};

/// Gathers what changed, most grave first. Only what came since, and the incidents that it tells of, are looked at.
pub(crate) fn since(store: &Store, since: Timestamp) -> anyhow::Result<Vec<Change>> {
    let came: BTreeSet<i64> =
        store.received_since(since)?.into_iter().map(|received| received.report).collect();
    let mut changes = of_incidents(store, &came)?;
    changes.extend(of_claims(store, &came)?);
    changes.extend(pages(store, since)?);
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
    changes.sort_by_key(gravity);
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

/// Tells which incidents are new or have new reports, and how their tolls moved.
fn of_incidents(store: &Store, came: &BTreeSet<i64>) -> anyhow::Result<Vec<Change>> {
    let mut ids = BTreeSet::new();
    for &report in came {
        ids.extend(store.incidents_of(report)?);
    }
    let mut changes = Vec::new();
    let stories = ledger::Stories::new(store);
    for row in ids.iter().map(|id| store.incident(id)) {
        let Some(row) = row? else { continue };
        let incident = stored_incident(&row)?;
        // A note from which no claim was read alleges nothing by itself.
        if incident.claims.is_empty() {
            continue;
        }
        let reports: BTreeSet<i64> = row.accounts.iter().map(|(report, _)| *report).collect();
        let mut new = Vec::new();
        for report in reports.intersection(came) {
            new.extend(store.report(*report)?.map(|report| report.row.name));
        }
        let (tolls, killed) = ledger::tolls_moved(&stories, &row, came)?;
        let touched = Touched {
            incident: row.id.clone(),
            title: incident.title.clone(),
            first_day: row.first_day,
            last_day: row.last_day,
            reports: new,
            earlier: reports.difference(came).count(),
            killed,
        };
        if touched.earlier == 0 {
            changes.push(Change::NewIncident(touched));
            continue;
        }
        changes.push(Change::NewReports(touched));
        let named = |toll| wire::Toll { incident: row.id.clone(), title: incident.title.clone(), ..toll };
        changes.extend(tolls.into_iter().map(|toll| Change::Toll(named(toll))));
    }
    Ok(changes)
}

/// Tells what the reports that came deny and correct. What several repeat in the same words is told once.
fn of_claims(store: &Store, came: &BTreeSet<i64>) -> anyhow::Result<Vec<Change>> {
    let mut denials: BTreeMap<(Option<String>, String), NewDenial> = BTreeMap::new();
    let mut corrections = Vec::new();
    for &report in came {
        let Some(stored) = store.report(report)? else { continue };
        if let Some(title) = stored.row.title.filter(|title| says_corrected(title)) {
            let report = stored.row.name;
            corrections.push(Correction { report, claim: None, corrects: None, words: title });
        }
        for stored in store.claims_of(report)? {
            let claim = stored_claim(&stored)?;
            let words = stored.row.quote;
            if let Some(corrects) = claim.supersedes {
                let (report, claim) = (claim.report, Some(claim.id));
                corrections.push(Correction { report, claim, corrects: Some(corrects), words });
            } else if matches!(claim.polarity.as_str(), "denied" | "counter_version") {
                let key = (stored.row.speaker.clone(), words.clone());
                if let Some(known) = denials.get_mut(&key) {
                    known.repeated.push(claim.id);
                    continue;
                }
                let (speaker, polarity) = (stored.row.speaker, claim.polarity);
                denials.insert(
                    key,
                    NewDenial { claim: claim.id, speaker, polarity, words, repeated: Vec::new() },
                );
            }
        }
    }
    let mut denials: Vec<NewDenial> = denials.into_values().collect();
    denials.sort_by(|a, b| a.claim.cmp(&b.claim));
    let corrections = corrections.into_iter().map(Change::Correction);
    Ok(denials.into_iter().map(Change::Denial).chain(corrections).collect())
}

/// Tells which pages show something else than before.
fn pages(store: &Store, since: Timestamp) -> anyhow::Result<Vec<Change>> {
    let mut changes = Vec::new();
    for address in store.changed_since(since)? {
        for version in versions(store, &address)?.into_iter().skip(1).filter(|it| it.seen >= since) {
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
