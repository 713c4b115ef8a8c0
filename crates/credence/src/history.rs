//! Decisions with what they are about now.

use std::collections::BTreeSet;

use model::Digest;
use store::{DecisionRow, Store, SubjectRow};

use crate::decisions::{self, About, Role};
use crate::incidents::account_named;
use crate::wire::{self, Decision, Subject};

/// Tells whether a decision is shown: what it is about may have been erased.
pub(crate) fn is_shown(store: &Store, row: &DecisionRow) -> anyhow::Result<bool> {
    let undone = row.undoes.map(|leaf| store.decision(leaf)).transpose()?.flatten();
    Ok(decisions::is_about_anything(undone.as_ref().unwrap_or(row)))
}

/// Returns the decisions on some reports and accounts, those taken back among them.
pub(crate) fn on(store: &Store, about: About, subjects: &[SubjectRow]) -> anyhow::Result<Vec<Decision>> {
    let mut leaves = BTreeSet::new();
    let name = |subject: &SubjectRow| (subject.digest, subject.account);
    let named: BTreeSet<_> = subjects.iter().map(name).collect();
    for digest in subjects.iter().map(|subject| &subject.digest).collect::<BTreeSet<_>>() {
        leaves.extend(store.decisions_on(digest)?);
    }
    let mut found = Vec::new();
    for leaf in leaves {
        let Some(row) = store.decision(leaf)? else { continue };
        let is_on = row.subjects.iter().any(|subject| named.contains(&name(subject)));
        if is_on && row.about == about.name() && decisions::is_about_anything(&row) {
            found.push(wired(store, &row)?);
        }
    }
    Ok(found)
}

/// Puts a decision into the format.
pub(crate) fn wired(store: &Store, row: &DecisionRow) -> anyhow::Result<Decision> {
    let of = |role: Role| -> anyhow::Result<Vec<Subject>> {
        let subjects = row.subjects.iter().filter(|subject| subject.role == role.name());
        let mut subjects: Vec<Subject> =
            subjects.map(|subject| wired_subject(store, subject)).collect::<anyhow::Result<_>>()?;
        subjects.sort_by(|a, b| (&a.report, &a.claims).cmp(&(&b.report, &b.claims)));
        Ok(subjects)
    };
    Ok(Decision {
        id: decisions::id(row.leaf),
        act: row.act.clone(),
        about: row.about.clone(),
        at: row.decided_at,
        by: row.decided_by.clone(),
        reason: row.reason.clone(),
        moved: of(Role::Moved)?,
        from: of(Role::From)?,
        to: of(Role::To)?,
        undoes: row.undoes.map(decisions::id),
        undone_by: row.undone_by.map(decisions::id),
    })
}

fn wired_subject(store: &Store, subject: &SubjectRow) -> anyhow::Result<Subject> {
    let report = store.report_of(&subject.digest)?;
    let mut claims = Vec::new();
    let mut now_in = None;
    if let (Some(report), Some(_)) = (&report, subject.account) {
        if let Some(account) = account_named(store, subject)? {
            claims.extend(account.claims.iter().map(|&claim| wire::claim_id(&report.row.name, claim)));
            now_in = store.incident_of((report.id, account.name.number as u64))?;
        }
    } else if let Some(report) = &report {
        now_in = store.stories_of(report.id)?.into_iter().map(|story| story.id).next();
    }
    Ok(Subject {
        report: report.map(|report| report.row.name),
        original: Digest::from_bytes(subject.digest).to_string(),
        claims,
        now_in,
    })
}
