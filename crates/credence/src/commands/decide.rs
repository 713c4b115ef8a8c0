//! Decisions of people on incidents and stories.

use std::collections::BTreeSet;
use std::io::Write as _;

use super::{Desk, Outcome, decisions};
use crate::cli::{self, Link, Merge, Split, Undo, Unlink};
use crate::deciding::{Because, Wanted, decide};
use crate::decisions::number;
use crate::output::talk;
use crate::record::Record;
use crate::terminal::{plain, wrapped};
use crate::wire::Made;
use crate::{history, parallel, wire};

/// Decides that a report or claim belongs to an incident or story.
pub(super) fn link(desk: &Desk, asked: &Link) -> anyhow::Result<Outcome> {
    run(desk, &asked.because, Wanted::Link { what: asked.what.clone(), to: asked.to.clone() })
}

/// Decides that a report or claim does not belong to an incident or story.
pub(super) fn unlink(desk: &Desk, asked: &Unlink) -> anyhow::Result<Outcome> {
    run(desk, &asked.because, Wanted::Unlink { what: asked.what.clone(), from: asked.from.clone() })
}

/// Decides that several incidents or stories are one.
pub(super) fn merge(desk: &Desk, asked: &Merge) -> anyhow::Result<Outcome> {
    run(desk, &asked.because, Wanted::Merge { ids: asked.ids.clone() })
}

/// Decides that some reports or claims of an incident or story are one of their own.
pub(super) fn split(desk: &Desk, asked: &Split) -> anyhow::Result<Outcome> {
    run(desk, &asked.because, Wanted::Split { of: asked.of.clone(), parts: asked.parts.clone() })
}

/// Takes a decision back.
pub(super) fn undo(desk: &Desk, asked: &Undo) -> anyhow::Result<Outcome> {
    run(desk, &asked.because, Wanted::Undo { decision: asked.decision.clone() })
}

fn run(desk: &Desk, because: &cli::Because, wanted: Wanted) -> anyhow::Result<Outcome> {
    let mut record = Record::open(&desk.folder, parallel::jobs(None))?;
    let decided = decide(&mut record, &wanted, &why(because));
    let made = match decided {
        Ok(made) => made,
        Err(error) => {
            super::collect::end(record, false)?;
            return Err(error);
        }
    };
    report(desk, (&record, &made), because.json)?;
    super::collect::end(record, true)
}

/// Names who decides: who says so, else the user of the system.
fn why(because: &cli::Because) -> Because {
    let by = because.by.clone().or_else(|| {
        let names = ["USER", "LOGNAME", "USERNAME"].iter();
        names.filter_map(|name| std::env::var(name).ok()).find(|name| !name.is_empty())
    });
    Because { by: by.unwrap_or_default(), reason: because.reason.clone() }
}

/// Says what was decided, and what follows.
fn report(desk: &Desk, (record, made): (&Record, &Made), json: bool) -> anyhow::Result<()> {
    let mut out = desk.out(json);
    if json {
        writeln!(out, "{}", wire::json(made))?;
        return Ok(());
    }
    let Made { decision, overrides } = made;
    write!(out, "{} {}", decision.id, decisions::said(decision, "").trim_start())?;
    for other in overrides {
        talk(&format!("this overrides {other}, which is earlier: where they differ, this one holds"));
    }
    let undone = decision.undoes.as_deref().and_then(number);
    let undone = undone.map(|leaf| record.store().decision(leaf)).transpose()?.flatten();
    let undone = undone.map(|row| history::wired(record.store(), &row)).transpose()?;
    let shown = undone.as_ref().unwrap_or(decision);
    let subjects = shown.moved.iter().chain(&shown.to).chain(&shown.from);
    let now: BTreeSet<&str> = subjects.filter_map(|subject| subject.now_in.as_deref()).collect();
    let now: Vec<String> = now.into_iter().map(plain).collect();
    if !now.is_empty() {
        writeln!(out, "{}", wrapped(&format!("now: {}", now.join(", ")), ""))?;
    }
    Ok(())
}
