use std::io::Write as _;

use store::{Days, IncidentFilter, IncidentRow, Store};

use super::incidents::{bring_up_to_date, headed, read};
use super::{Desk, Outcome};
use crate::cli::Contradictions;
use crate::describe;
use crate::ledger::{claims_of, ledgers, situations};
use crate::reading::stored_story;
use crate::terminal::{FAINT, HEADING, plain, styled, wrapped};
use crate::wire::{self, Conflict, Denied, Remark};

/// Lists where figures do not fit together, and what is denied.
pub(super) fn run(desk: &Desk, asked: &Contradictions) -> anyhow::Result<Outcome> {
    bring_up_to_date(desk)?;
    let store = desk.store()?;
    let mut out = desk.out(asked.json);
    let mut found = false;
    let mut show = |head: String, conflict: Conflict| -> anyhow::Result<()> {
        if conflict.remarks.is_empty() && conflict.denials.is_empty() {
            return Ok(());
        }
        found = true;
        match asked.json {
            true => writeln!(out, "{}", wire::json(&conflict))?,
            false => write!(out, "{head}{}", text(&conflict))?,
        }
        Ok(())
    };
    let filter = IncidentFilter {
        place: asked.place.clone(),
        days: Days { from: asked.from, to: asked.to },
        ..IncidentFilter::default()
    };
    store.incidents(&filter, |row| {
        let incident = read(&row)?;
        show(headed(&incident), of_incident(&store, &row)?)
    })?;
    if asked.place.is_none() && asked.from.is_none() && asked.to.is_none() {
        situations(&store, "", |situation| {
            let called = describe::ledger::called(&situation);
            let head = format!("{}\n", styled(HEADING, &wrapped(&called, "")))
                + &styled(FAINT, &wrapped(&plain(&situation.id), "  "))
                + "\n";
            let remarks = conflicts(situation.figures.remarks);
            show(
                head,
                Conflict { kind: "situation", id: situation.id, title: called, remarks, denials: Vec::new() },
            )
        })?;
    }
    Ok(Outcome::of(found))
}

fn conflicts(remarks: Vec<Remark>) -> Vec<Remark> {
    remarks.into_iter().filter(|remark| remark.is_conflict).collect()
}

fn of_incident(store: &Store, row: &IncidentRow) -> anyhow::Result<Conflict> {
    let incident = read(row)?;
    let figures = ledgers(store, &claims_of(store, row)?)?;
    Ok(Conflict {
        kind: "incident",
        remarks: conflicts(figures.remarks),
        denials: denials(store, (row, &incident.claims))?,
        id: incident.id,
        title: incident.title,
    })
}

/// Finds what the stories of an incident say against its claims.
fn denials(store: &Store, (row, claims): (&IncidentRow, &[String])) -> anyhow::Result<Vec<Denied>> {
    let mut denied: Vec<Denied> = Vec::new();
    let mut seen = Vec::new();
    for (report, _) in &row.accounts {
        for story in store.stories_of(*report)? {
            if seen.contains(&story.id) {
                continue;
            }
            let told = stored_story(&story)?;
            let about = |matter: &&wire::Matter| {
                !matter.denials.is_empty() && matter.claims.iter().any(|said| claims.contains(&said.claim))
            };
            let of_story = told
                .matters
                .iter()
                .filter(about)
                .map(|matter| Denied { what: matter.title.clone(), denials: matter.denials.clone() });
            denied.extend(of_story);
            seen.push(story.id);
        }
    }
    denied.dedup();
    Ok(denied)
}

fn text(conflict: &Conflict) -> String {
    let mut text = String::new();
    if !conflict.remarks.is_empty() {
        text += &format!("    {}\n", styled(HEADING, "do not fit together"));
        conflict.remarks.iter().for_each(|remark| text += &describe::ledger::remark(remark));
    }
    if !conflict.denials.is_empty() {
        text += &format!("    {}\n", styled(HEADING, "denied"));
    }
    for denied in &conflict.denials {
        text += &(wrapped(&plain(&denied.what), "      ") + "\n");
        for denial in &denied.denials {
            let by = denial.by.as_deref().map_or("somebody who is not named".to_owned(), plain);
            let claims: Vec<String> = denial.claims.iter().map(|claim| plain(claim)).collect();
            let line = format!("by {by}: {} ({})", plain(&denial.reason), claims.join(", "));
            text += &(wrapped(&line, "        ") + "\n");
        }
    }
    text
}
