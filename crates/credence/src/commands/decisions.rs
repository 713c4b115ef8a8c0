use std::io::Write as _;

use super::{Desk, Outcome};
use crate::cli::Decisions;
use crate::decisions::Act;
use crate::describe::decision::{Part, sentence};
use crate::history::{is_shown, wired};
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

/// Describes a decision in a few lines.
fn described(decision: &Decision) -> String {
    let head = format!("{} · {} · {}", decision.id, decision.at, plain(&decision.by));
    format!("{}\n{}", styled(HEADING, &wrapped(&head, "")), said(decision, "  "))
}

/// Says what was decided and why, line by line.
pub(super) fn said(decision: &Decision, indent: &str) -> String {
    let in_words: String = sentence(decision).iter().map(Part::plain).collect();
    let lines = [in_words, what(decision)];
    let mut text = String::new();
    for line in lines.iter().filter(|line| !line.is_empty()) {
        text += &(wrapped(line, indent) + "\n");
    }
    text += &(wrapped(&format!("because: {}", plain(&decision.reason)), indent) + "\n");
    if let Some(undone_by) = &decision.undone_by {
        text += &(styled(FAINT, &wrapped(&format!("taken back by {undone_by}"), indent)) + "\n");
    }
    text
}

/// Says what was decided by the names of reports and claims.
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
        // Said in words.
        Some(Act::Undo) => String::new(),
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
