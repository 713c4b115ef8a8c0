use std::collections::BTreeSet;
use std::io::Write as _;

use model::Digest;
use store::{DecisionRow, Store, SubjectRow};

use super::{Desk, Outcome};
use crate::cli::Decisions;
use crate::decisions::{self, About, Act, Role};
use crate::incidents::account_named;
use crate::terminal::{FAINT, HEADING, plain, styled, wrapped};
use crate::wire::{self, Decision, Subject};

/// Lists what people decided.
pub(super) fn run(desk: &Desk, asked: &Decisions) -> anyhow::Result<Outcome> {
    super::incidents::bring_up_to_date(desk)?;
    let store = desk.store()?;
    let mut out = desk.out(asked.json);
    let mut found = false;
    store.decisions(|row| {
        if !is_shown(&store, &row)? {
            return Ok(());
        }
        found = true;
        let decision = wired(&store, &row)?;
        match asked.json {
            true => writeln!(out, "{}", wire::json(&decision))?,
            false => write!(out, "{}", described(&decision))?,
        }
        Ok::<(), anyhow::Error>(())
    })?;
    Ok(Outcome::of(found))
}

/// Tells whether a decision is shown: what it is about may have been erased.
pub(super) fn is_shown(store: &Store, row: &DecisionRow) -> anyhow::Result<bool> {
    let undone = row.undoes.map(|leaf| store.decision(leaf)).transpose()?.flatten();
    Ok(decisions::is_about_anything(undone.as_ref().unwrap_or(row)))
}

/// Returns the decisions on some reports and accounts, those taken back among them.
pub(super) fn on(store: &Store, about: About, subjects: &[SubjectRow]) -> anyhow::Result<Vec<Decision>> {
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
pub(super) fn wired(store: &Store, row: &DecisionRow) -> anyhow::Result<Decision> {
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

/// Describes a decision in a few lines.
fn described(decision: &Decision) -> String {
    let head = format!("{} · {} · {}", decision.id, decision.at, plain(&decision.by));
    format!("{}\n{}", styled(HEADING, &wrapped(&head, "")), said(decision, "  "))
}

/// Says what was decided and why, line by line.
pub(super) fn said(decision: &Decision, indent: &str) -> String {
    let mut text = wrapped(&what(decision), indent) + "\n";
    text += &(wrapped(&format!("because: {}", plain(&decision.reason)), indent) + "\n");
    if let Some(undone_by) = &decision.undone_by {
        text += &(styled(FAINT, &wrapped(&format!("taken back by {undone_by}"), indent)) + "\n");
    }
    text
}

fn what(decision: &Decision) -> String {
    let Decision { moved, from, to, about, .. } = decision;
    match Act::from_name(&decision.act) {
        Some(Act::Link) => format!("{} belongs to the {about} told of by {}", names(moved), names(to)),
        Some(Act::Unlink) => {
            format!("{} does not belong to the {about} told of by {}", names(moved), names(from))
        }
        Some(Act::Merge) => format!("one {about}: {}", names(to)),
        Some(Act::Split) => {
            format!("of one {about}: {}; of another: {}", names(moved), names(from))
        }
        Some(Act::Undo) => {
            format!("takes back {}", decision.undoes.as_deref().unwrap_or("an earlier decision"))
        }
        None => plain(&decision.act),
    }
}

/// Reports and claims that a line names; `--json` has all.
const NAMED: usize = 5;

fn names(subjects: &[Subject]) -> String {
    let name = |subject: &Subject| {
        let report = plain(subject.report.as_deref().unwrap_or(&subject.original));
        match subject.claims.first() {
            Some(first) => plain(first),
            None => report,
        }
    };
    let shown: Vec<String> = subjects.iter().take(NAMED).map(name).collect();
    match subjects.len().saturating_sub(NAMED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
