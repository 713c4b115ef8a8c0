//! What people decided, in words.

use super::{clipped, grouped};
use crate::decisions::Act;
use crate::terminal::plain;
use crate::wire::{Called, Decision, InWords, IncidentTime};

/// A part of a sentence: words of ours, or a name that comes from reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Words(String),
    Name(String),
}

impl Part {
    /// Returns it for a terminal.
    pub(crate) fn plain(&self) -> String {
        match self {
            Part::Words(words) => words.clone(),
            Part::Name(name) => plain(name),
        }
    }
}

/// Incidents, stories or reports that a sentence names.
const NAMED: usize = 5;

/// Characters of a name in a sentence, at most.
const LONGEST: usize = 100;

/// Says what was decided, by the names that people have for it; nothing where none is left.
pub(crate) fn sentence(decision: &Decision) -> Vec<Part> {
    let InWords { moved, from, to, .. } = &decision.in_words;
    let about = &decision.about;
    let verb = |one: &str, many: &str| words(format!(" {} ", if moved.len() == 1 { one } else { many }));
    match Act::from_name(&decision.act) {
        Some(Act::Merge) if !to.is_empty() => {
            let are = if to.len() == 1 { "is" } else { "are" };
            [list(to), vec![words(format!(" {are} one {about}"))]].concat()
        }
        Some(Act::Link) if !moved.is_empty() && !to.is_empty() => {
            [list(moved), vec![verb("belongs to", "belong to")], list(to)].concat()
        }
        Some(Act::Unlink) if !moved.is_empty() && !from.is_empty() => {
            [list(moved), vec![verb("does not belong to", "do not belong to")], list(from)].concat()
        }
        Some(Act::Split) if !moved.is_empty() && !from.is_empty() => {
            let own = if about == "story" { "a story" } else { "an incident" };
            let verb = verb(&format!("is {own} apart from"), &format!("are {own} apart from"));
            [list(moved), vec![verb], list(from)].concat()
        }
        Some(Act::Undo) => {
            let undone = decision.undoes.as_deref().unwrap_or("an earlier decision");
            let all: Vec<Called> = [moved, to, from].into_iter().flatten().cloned().collect();
            let on = if all.is_empty() { "" } else { ", which is about " };
            [vec![words(format!("takes back {undone}{on}"))], list(&all)].concat()
        }
        _ => Vec::new(),
    }
}

fn words(words: impl Into<String>) -> Part {
    Part::Words(words.into())
}

fn list(all: &[Called]) -> Vec<Part> {
    let more = all.len().saturating_sub(NAMED);
    let mut parts = Vec::new();
    for (at, called) in all.iter().take(NAMED).enumerate() {
        let is_last = at > 0 && at + 1 == all.len();
        let before = if is_last { " and " } else { ", " };
        parts.push(words(format!("{}“", if at == 0 { "" } else { before })));
        parts.push(Part::Name(clipped(&called.title, LONGEST)));
        parts.push(words(format!("”{}", known(called))));
    }
    if more > 0 {
        parts.push(words(format!(" and {} more", grouped(more as u64))));
    }
    parts
}

/// Says when it was and of how many reports it is, in parentheses.
fn known(called: &Called) -> String {
    let reports = match called.reports {
        0 | 1 => None,
        many => Some(format!("{} reports", grouped(many as u64))),
    };
    let known: Vec<String> = called.time.as_ref().map(when).into_iter().chain(reports).collect();
    if known.is_empty() { String::new() } else { format!(" ({})", known.join(", ")) }
}

/// Says when something may have been, or was reported.
pub(crate) fn when(time: &IncidentTime) -> String {
    let IncidentTime { first, last, stated } = time;
    let days = if first == last { first.to_string() } else { format!("{first} to {last}") };
    if *stated { days } else { format!("reported {days}") }
}
