use std::collections::BTreeSet;

use anyhow::bail;
use serde::Deserialize;
use store::{DecisionRow, Store, SubjectRow};
use utoipa::ToSchema;

use super::{Unknown, about, catch_up, group, overridden};
use crate::decisions::{self, About, Act, Role};
use crate::record::Record;
use crate::wire::Made;
use crate::{clock, history};

/// What a person decides, in the ids that they see.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "snake_case")]
pub(crate) enum Wanted {
    /// A report or claim belongs to an incident or story.
    Link { what: String, to: String },
    /// It does not.
    Unlink { what: String, from: String },
    /// Several incidents or stories are one.
    Merge { ids: Vec<String> },
    /// Some reports or claims of one are one of their own.
    Split { of: String, parts: Vec<String> },
    /// An earlier decision is taken back.
    Undo { decision: String },
}

/// Who decides, and why.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
pub(crate) struct Because {
    pub(crate) by: String,
    pub(crate) reason: String,
}

/// Decides: on the newest state of things, into the log, then into effect.
pub(crate) fn decide(record: &mut Record, wanted: &Wanted, because: &Because) -> anyhow::Result<Made> {
    let row = because.row()?;
    if let Wanted::Undo { decision } = wanted {
        let (row, about) = undone(record.store(), row, decision)?;
        let leaf = record.decide(&row)?;
        catch_up(record, about)?;
        return made(record.store(), leaf, BTreeSet::new());
    }
    let about = about(wanted.target());
    catch_up(record, about)?;
    // Only now: what is decided on has to be what is there.
    let subjects = wanted.subjects(record.store())?;
    let before = overridden(record.store(), about, &subjects)?;
    let (act, about_name) = (wanted.act().name().to_owned(), about.name().to_owned());
    let row = DecisionRow { act, about: about_name, subjects, ..row };
    let leaf = record.decide(&row)?;
    catch_up(record, about)?;
    let after = overridden(record.store(), about, &row.subjects)?;
    made(record.store(), leaf, after.difference(&before).copied().collect())
}

fn made(store: &Store, leaf: u64, overrides: BTreeSet<u64>) -> anyhow::Result<Made> {
    let Some(row) = store.decision(leaf)? else { bail!("the decision is in the log, and not in the rows") };
    let overrides = overrides.into_iter().map(decisions::id).collect();
    Ok(Made { decision: history::wired(store, &row)?, overrides })
}

impl Wanted {
    fn act(&self) -> Act {
        match self {
            Wanted::Link { .. } => Act::Link,
            Wanted::Unlink { .. } => Act::Unlink,
            Wanted::Merge { .. } => Act::Merge,
            Wanted::Split { .. } => Act::Split,
            Wanted::Undo { .. } => Act::Undo,
        }
    }

    /// Returns the id by which it is told whether this is about an incident or a story.
    fn target(&self) -> &str {
        match self {
            Wanted::Link { to, .. } => to,
            Wanted::Unlink { from, .. } => from,
            Wanted::Merge { ids } => ids.first().map_or("", String::as_str),
            Wanted::Split { of, .. } => of,
            Wanted::Undo { decision } => decision,
        }
    }

    fn subjects(&self, store: &Store) -> anyhow::Result<Vec<SubjectRow>> {
        match self {
            Wanted::Link { what, to } => linked(store, (what, to)),
            Wanted::Unlink { what, from } => unlinked(store, (what, from)),
            Wanted::Merge { ids } => merged(store, ids),
            Wanted::Split { parts, .. } if parts.is_empty() => bail!("name what is to be split off"),
            Wanted::Split { of, parts } => parted(store, (of, parts)),
            Wanted::Undo { .. } => Ok(Vec::new()),
        }
    }
}

fn linked(store: &Store, (what, to): (&str, &str)) -> anyhow::Result<Vec<SubjectRow>> {
    let to = group(store, to)?;
    let moved = to.linked(store, what)?;
    let mut from = to.others_with(store, &moved)?;
    from.retain(|member| !to.members.contains(member));
    let to_others = to.without(&moved);
    if to_others.is_empty() {
        bail!("{what} is all that {} has: there is nothing to link it to", to.id);
    }
    to.subjects(store, &[(Role::Moved, &moved), (Role::From, &from), (Role::To, &to_others)])
}

fn unlinked(store: &Store, (what, from): (&str, &str)) -> anyhow::Result<Vec<SubjectRow>> {
    let from = group(store, from)?;
    let moved = from.meant(store, what)?;
    let others = from.without(&moved);
    if others.is_empty() {
        bail!("{what} is all that {} has: there is nothing to keep it away from", from.id);
    }
    from.subjects(store, &[(Role::Moved, &moved), (Role::From, &others)])
}

fn merged(store: &Store, ids: &[String]) -> anyhow::Result<Vec<SubjectRow>> {
    let groups = ids.iter().map(|id| group(store, id)).collect::<anyhow::Result<Vec<_>>>()?;
    let known: BTreeSet<&str> = groups.iter().map(|group| group.id.as_str()).collect();
    let [first, ..] = &groups[..] else { bail!("name two or more") };
    if known.len() < 2 {
        bail!("these are one already: {}", first.id);
    }
    if groups.iter().any(|group| group.about != first.about) {
        bail!("an incident and a story cannot be one: a story is news, an incident an event");
    }
    let members: BTreeSet<_> = groups.iter().flat_map(|group| &group.members).copied().collect();
    first.subjects(store, &[(Role::To, &members)])
}

fn parted(store: &Store, (of, parts): (&str, &[String])) -> anyhow::Result<Vec<SubjectRow>> {
    let from = group(store, of)?;
    let mut moved = BTreeSet::new();
    for part in parts {
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
}

/// Finds the decision that is to be taken back, and makes the one that does it.
fn undone(store: &Store, row: DecisionRow, id: &str) -> anyhow::Result<(DecisionRow, About)> {
    let found = decisions::number(id).map(|leaf| store.decision(leaf)).transpose()?.flatten();
    let hint = "`credence decisions` lists them";
    let found = found.ok_or_else(|| Unknown { message: format!("no decision is called {id:?}"), hint })?;
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

impl Because {
    /// Makes a decision without its content: who, when and why.
    fn row(&self) -> anyhow::Result<DecisionRow> {
        let (by, reason) = (self.by.trim(), self.reason.trim());
        if is_no_line(by) {
            bail!("say who decides: --by NAME, on one line");
        }
        if is_no_line(reason) {
            bail!("--reason has to say why, on one line");
        }
        Ok(DecisionRow {
            leaf: 0,
            act: String::new(),
            about: String::new(),
            decided_at: clock::now()?,
            decided_by: by.to_owned(),
            reason: reason.to_owned(),
            undoes: None,
            undone_by: None,
            subjects: Vec::new(),
        })
    }
}

fn is_no_line(text: &str) -> bool {
    text.is_empty() || text.len() > LONGEST || text.chars().any(char::is_control)
}
