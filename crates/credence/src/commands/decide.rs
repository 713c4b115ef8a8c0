//! Decisions of people on incidents and stories.

use std::collections::BTreeSet;
use std::io::Write as _;

use anyhow::bail;
use store::{DecisionRow, Store, SubjectRow};

use super::{Desk, Outcome, decisions as history};
use crate::cli::{Because, Link, Merge, Split, Undo, Unlink};
use crate::decisions::{self, About, Act, Role};
use crate::output::talk;
use crate::record::Record;
use crate::terminal::{plain, wrapped};
use crate::wire::Made;
use crate::{clock, deciding, parallel, wire};

/// Decides that a report or claim belongs to an incident or story.
pub(super) fn link(desk: &Desk, asked: &Link) -> anyhow::Result<Outcome> {
    let choose = |store: &Store| {
        let to = deciding::group(store, &asked.to)?;
        let moved = to.linked(store, &asked.what)?;
        let mut from = to.others_with(store, &moved)?;
        from.retain(|member| !to.members.contains(member));
        let to_others = to.without(&moved);
        if to_others.is_empty() {
            bail!("{} is all that {} has: there is nothing to link it to", asked.what, to.id);
        }
        to.subjects(store, &[(Role::Moved, &moved), (Role::From, &from), (Role::To, &to_others)])
    };
    decide(desk, (Act::Link, &asked.to), &asked.because, choose)
}

/// Decides that a report or claim does not belong to an incident or story.
pub(super) fn unlink(desk: &Desk, asked: &Unlink) -> anyhow::Result<Outcome> {
    let choose = |store: &Store| {
        let from = deciding::group(store, &asked.from)?;
        let moved = from.meant(store, &asked.what)?;
        let others = from.without(&moved);
        if others.is_empty() {
            bail!("{} is all that {} has: there is nothing to keep it away from", asked.what, from.id);
        }
        from.subjects(store, &[(Role::Moved, &moved), (Role::From, &others)])
    };
    decide(desk, (Act::Unlink, &asked.from), &asked.because, choose)
}

/// Decides that several incidents or stories are one.
pub(super) fn merge(desk: &Desk, asked: &Merge) -> anyhow::Result<Outcome> {
    let choose = |store: &Store| {
        let groups =
            asked.ids.iter().map(|id| deciding::group(store, id)).collect::<anyhow::Result<Vec<_>>>()?;
        let ids: BTreeSet<&str> = groups.iter().map(|group| group.id.as_str()).collect();
        let [first, ..] = &groups[..] else { bail!("name two or more") };
        if ids.len() < 2 {
            bail!("these are one already: {}", first.id);
        }
        if groups.iter().any(|group| group.about != first.about) {
            bail!("an incident and a story cannot be one: a story is news, an incident an event");
        }
        let members: BTreeSet<_> = groups.iter().flat_map(|group| &group.members).copied().collect();
        first.subjects(store, &[(Role::To, &members)])
    };
    decide(desk, (Act::Merge, &asked.ids[0]), &asked.because, choose)
}

/// Decides that some reports or claims of an incident or story are one of their own.
pub(super) fn split(desk: &Desk, asked: &Split) -> anyhow::Result<Outcome> {
    let choose = |store: &Store| {
        let from = deciding::group(store, &asked.of)?;
        let mut moved = BTreeSet::new();
        for part in &asked.parts {
            let meant = from.meant(store, part)?;
            if !meant.is_subset(&from.members) {
                bail!("{part} is not in {}", from.id);
            }
            moved.extend(meant);
        }
        let others = from.without(&moved);
        if others.is_empty() {
            bail!("these are all that {} has: nothing would be left of it", from.id);
        }
        from.subjects(store, &[(Role::Moved, &moved), (Role::From, &others)])
    };
    decide(desk, (Act::Split, &asked.of), &asked.because, choose)
}

/// Takes a decision back.
pub(super) fn undo(desk: &Desk, asked: &Undo) -> anyhow::Result<Outcome> {
    let mut record = Record::open(&desk.folder, parallel::jobs(None))?;
    let chosen = because(&asked.because).and_then(|row| undone(record.store(), row, &asked.decision));
    let (row, about) = match chosen {
        Ok(chosen) => chosen,
        Err(error) => {
            super::collect::end(record, false)?;
            return Err(error);
        }
    };
    let leaf = record.decide(&row)?;
    deciding::catch_up(&mut record, about)?;
    report(desk, &record, (leaf, BTreeSet::new()), asked.because.json)?;
    super::collect::end(record, true)
}

/// Finds the decision that is to be taken back, and makes the one that does it.
fn undone(store: &Store, row: DecisionRow, id: &str) -> anyhow::Result<(DecisionRow, About)> {
    let found = decisions::number(id).map(|leaf| store.decision(leaf)).transpose()?.flatten();
    let Some(found) = found else { bail!("no decision is called {id:?}; `credence decisions` lists them") };
    if let Some(by) = found.undone_by {
        bail!("{id} was taken back already, by {}", decisions::id(by));
    }
    if found.act == Act::Undo.name() {
        bail!("{id} takes back another decision: to have that one again, decide it again");
    }
    let about = if found.about == About::Story.name() { About::Story } else { About::Incident };
    let row = DecisionRow {
        act: Act::Undo.name().to_owned(),
        about: found.about.clone(),
        undoes: Some(found.leaf),
        ..row
    };
    Ok((row, about))
}

/// Bytes of a reason or a name, at most: it becomes part of a leaf of the log.
const LONGEST: usize = 4_096;

/// Makes a decision without its content: who, when and why.
fn because(because: &Because) -> anyhow::Result<DecisionRow> {
    let by = match &because.by {
        Some(by) => by.trim().to_owned(),
        None => ["USER", "LOGNAME", "USERNAME"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|name| !name.is_empty()))
            .unwrap_or_default(),
    };
    if is_no_line(&by) {
        bail!("say who decides: --by NAME, on one line");
    }
    let reason = because.reason.trim();
    if is_no_line(reason) {
        bail!("--reason has to say why, on one line");
    }
    Ok(DecisionRow {
        leaf: 0,
        act: String::new(),
        about: String::new(),
        decided_at: clock::now()?,
        decided_by: by,
        reason: reason.to_owned(),
        undoes: None,
        undone_by: None,
        subjects: Vec::new(),
    })
}

fn is_no_line(text: &str) -> bool {
    text.is_empty() || text.len() > LONGEST || text.chars().any(char::is_control)
}

/// Makes a decision: on the newest state of things, into the log, then into effect.
fn decide(
    desk: &Desk,
    (act, target): (Act, &str),
    reason: &Because,
    choose: impl FnOnce(&Store) -> anyhow::Result<Vec<SubjectRow>>,
) -> anyhow::Result<Outcome> {
    let row = because(reason)?;
    let about = deciding::about(target);
    let mut record = Record::open(&desk.folder, parallel::jobs(None))?;
    deciding::catch_up(&mut record, about)?;
    // Only now: what is decided on has to be what is there.
    let subjects = match choose(record.store()) {
        Ok(subjects) => subjects,
        Err(error) => {
            super::collect::end(record, false)?;
            return Err(error);
        }
    };
    let before = deciding::overridden(record.store(), about, &subjects)?;
    let row = DecisionRow { act: act.name().to_owned(), about: about.name().to_owned(), subjects, ..row };
    let leaf = record.decide(&row)?;
    deciding::catch_up(&mut record, about)?;
    let after = deciding::overridden(record.store(), about, &row.subjects)?;
    report(desk, &record, (leaf, after.difference(&before).copied().collect()), reason.json)?;
    super::collect::end(record, true)
}

/// Says what was decided, and what follows.
fn report(
    desk: &Desk,
    record: &Record,
    (leaf, overrides): (u64, BTreeSet<u64>),
    json: bool,
) -> anyhow::Result<()> {
    let Some(row) = record.store().decision(leaf)? else { return Ok(()) };
    let decision = history::wired(record.store(), &row)?;
    let overrides: Vec<String> = overrides.into_iter().map(decisions::id).collect();
    let mut out = desk.out(json);
    if json {
        writeln!(out, "{}", wire::json(&Made { decision, overrides }))?;
        return Ok(());
    }
    write!(out, "{} {}", decision.id, history::said(&decision, "").trim_start())?;
    for other in overrides {
        talk(&format!("this overrides {other}, which is earlier: where they differ, this one holds"));
    }
    let shown = row.undoes.map(|undone| record.store().decision(undone)).transpose()?.flatten();
    let shown = history::wired(record.store(), shown.as_ref().unwrap_or(&row))?;
    let subjects = shown.moved.iter().chain(&shown.to).chain(&shown.from);
    let now: BTreeSet<&str> = subjects.filter_map(|subject| subject.now_in.as_deref()).collect();
    let now: Vec<String> = now.into_iter().map(plain).collect();
    if !now.is_empty() {
        writeln!(out, "{}", wrapped(&format!("now: {}", now.join(", ")), ""))?;
    }
    Ok(())
}
