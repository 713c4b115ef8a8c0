use std::io::Write as _;

use store::StoryFilter;

use super::{Desk, Outcome};
use crate::cli::Stories;
use crate::corroborating::{self, corroborate};
use crate::describe::bounds;
use crate::output::talk;
use crate::reading::stored_story;
use crate::record::Record;
use crate::terminal::{
    ALLEGATION, DETERMINATION, FAINT, FIGURE, HEADING, one_line, plain, styled, width, wrapped,
};
use crate::wire::{Family, Matter, Story};
use crate::{parallel, wire};

/// How many matters of each kind a story shows; `--json` has them all.
const SHOWN: usize = 6;

/// Lists the stories.
pub(super) fn run(desk: &Desk, asked: &Stories) -> anyhow::Result<Outcome> {
    bring_up_to_date(desk)?;
    let store = desk.store()?;
    let mut out = desk.out(asked.json);
    let mut found = false;
    store.stories(&StoryFilter::default(), |row| {
        if row.reports.len() < asked.min_reports {
            return Ok(());
        }
        found = true;
        match asked.json {
            true => writeln!(out, "{}", row.body)?,
            false => write!(out, "{}", text(&stored_story(&row)?))?,
        }
        Ok::<(), anyhow::Error>(())
    })?;
    Ok(Outcome::of(found))
}

/// Compares the reports that wait, where a run was cut off before it had compared all.
pub(super) fn bring_up_to_date(desk: &Desk) -> anyhow::Result<()> {
    if !corroborating::is_due(&desk.store()?)? {
        return Ok(());
    }
    let caught_up = Record::open(&desk.folder, parallel::jobs(None)).and_then(|mut record| {
        corroborate(&mut record, corroborating::Stories::All)?;
        record.close()
    });
    if let Err(error) = caught_up {
        talk(&format!("these stories do not cover all reports yet: {error:#}"));
    }
    Ok(())
}

fn text(story: &Story) -> String {
    let mut text = format!("{}\n", styled(HEADING, &one_line(&story.title, width())));
    text += &styled(FAINT, &wrapped(&counts(story), "  "));
    text.push('\n');
    text += &wrapped(&members(story), "  ");
    text.push('\n');
    for family in &story.families {
        text += &wrapped(&copies(family), "  ");
        text.push('\n');
    }
    for (kind, title, style) in [
        ("allegation", "Alleged", ALLEGATION),
        ("determination", "Determined", DETERMINATION),
        ("figure", "Figures", FIGURE),
    ] {
        let matters: Vec<&Matter> = story.matters.iter().filter(|matter| matter.kind == kind).collect();
        if matters.is_empty() {
            continue;
        }
        text += &format!("  {}\n", styled(style, title));
        for matter in matters.iter().take(SHOWN) {
            text += &described(matter);
        }
        if matters.len() > SHOWN {
            text += &format!("    and {} more: credence stories --json\n", matters.len() - SHOWN);
        }
    }
    text.push('\n');
    text
}

fn counts(story: &Story) -> String {
    let days = match (story.first_day, story.last_day) {
        (Some(first), Some(last)) if first == last => first.to_string(),
        (Some(first), Some(last)) => format!("{first} to {last}"),
        _ => "undated".to_owned(),
    };
    let mut outlets: Vec<&str> = story.reports.iter().filter_map(|report| report.outlet.as_deref()).collect();
    outlets.sort_unstable();
    outlets.dedup();
    let unnamed = story.reports.iter().filter(|report| report.outlet.is_none()).count();
    let outlets = match (outlets.len(), unnamed) {
        (known, 0) => counted(known, "outlet"),
        (0, _) => "outlets unknown".to_owned(),
        (known, unnamed) => format!("{}, {unnamed} of unknown outlet", counted(known, "outlet")),
    };
    let decided = match story.decisions.is_empty() {
        true => String::new(),
        false => format!(" · decided: {}", story.decisions.join(", ")),
    };
    format!("{} · {days} · {} · {outlets}{decided}", story.id, counted(story.reports.len(), "report"))
}

fn members(story: &Story) -> String {
    story.reports.iter().map(|report| plain(&report.id)).collect::<Vec<_>>().join(", ")
}

fn copies(family: &Family) -> String {
    let origin = match &family.origin {
        Some(origin) => format!("origin: {}", plain(origin)),
        None => "origin unknown".to_owned(),
    };
    let links: Vec<String> = family
        .links
        .iter()
        .map(|link| format!("{} = {} {}", plain(&link.a), plain(&link.b), link.kind))
        .collect();
    format!(
        "copies: {} ({origin}; {})",
        family.members.iter().map(|id| plain(id)).collect::<Vec<_>>().join(", "),
        links.join(", ")
    )
}

pub(super) fn described(matter: &Matter) -> String {
    let head = format!("{}: {}", plain(&matter.title), origins(matter));
    let mut text = wrapped(&head, "    ") + "\n";
    for origin in &matter.independent {
        let relayed = origin.relayed_by.iter().map(|id| plain(id)).collect::<Vec<_>>().join(", ");
        // An origin that says what happened, but not by whom, must not be read as an accuser.
        let accuses = match &origin.accuses {
            Some(accused) if matter.accused => format!("; says it was {}", plain(accused)),
            None if matter.accused => "; does not say by whom".to_owned(),
            _ => String::new(),
        };
        text += &item('–', &format!("{} (in {relayed}{accuses})", plain(&origin.name)));
        text.push('\n');
    }
    for denial in &matter.denials {
        let by = denial.by.as_deref().map_or("an unnamed source".to_owned(), plain);
        let line =
            format!("{} by {by}: {}", wire_strength(&denial.strength), plain(&denial.claims.join(", ")));
        text += &item('≠', &line);
        text.push('\n');
    }
    for said in shown(matter) {
        let bounds = said.bounds.as_ref().map_or(String::new(), |it| {
            let caveats = it.caveats.iter().map(|caveat| format!(", {caveat}")).collect::<String>();
            format!("{}{caveats}: ", bounds(it.lower, it.upper, it.stated))
        });
        let by = said.said_by.first().map_or("unattributed".to_owned(), |name| plain(name));
        let line = format!("{bounds}“{}” {by}, {}", plain(&said.words), plain(&said.claim));
        text += &styled(FAINT, &wrapped(&line, "        "));
        text.push('\n');
    }
    text
}

/// Sets words behind a mark, with their further lines below the words.
fn item(mark: char, words: &str) -> String {
    let indented = wrapped(words, "        ");
    format!("      {mark} {}", indented.trim_start())
}

/// Returns the claims to show: the first in words for an allegation, all for a figure, since none stands for another.
fn shown(matter: &Matter) -> &[wire::Said] {
    let count = if matter.kind == "figure" { matter.claims.len() } else { 1 };
    &matter.claims[..count.min(matter.claims.len())]
}

fn origins(matter: &Matter) -> String {
    let mut parts = vec![counted(matter.independent.len(), "independent origin")];
    if !matter.dependent.is_empty() {
        parts.push(format!("relayed by {} more", counted(matter.dependent.len(), "report")));
    }
    if !matter.unknown.is_empty() {
        parts.push(format!("{} unknown", matter.unknown.len()));
    }
    if !matter.denials.is_empty() {
        parts.push("denied".to_owned());
    }
    parts.join(", ")
}

fn wire_strength(strength: &str) -> &'static str {
    match strength {
        "specific" => "denied",
        "counter_version" => "told otherwise",
        _ => "denied in general",
    }
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
