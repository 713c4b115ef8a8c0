use std::io::Write as _;

use store::{Days, IncidentFilter};

use super::incidents::{bring_up_to_date, headed};
use super::{Desk, Outcome};
use crate::cli::Contradictions;
use crate::describe;
use crate::incidents::stored_incident;
use crate::ledger::{Stories, conflict_of, conflict_of_situation, situations};
use crate::places;
use crate::terminal::{FAINT, HEADING, plain, styled, wrapped};
use crate::wire::{self, Conflict};

/// Lists where figures do not fit together, and what is denied.
pub(super) fn run(desk: &Desk, asked: &Contradictions) -> anyhow::Result<Outcome> {
    // What is denied stands in what the stories say.
    super::stories::bring_up_to_date(desk)?;
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
        place: asked.place.as_deref().map(places::asked_for),
        days: Days { from: asked.from, to: asked.to },
        ..IncidentFilter::default()
    };
    let stories = Stories::new(&store);
    store.incidents(&filter, |row| {
        let incident = stored_incident(&row)?;
        show(headed(&incident), conflict_of(&stories, &row)?)
    })?;
    if asked.place.is_none() && asked.from.is_none() && asked.to.is_none() {
        situations(&store, "", |situation| {
            let called = describe::ledger::called(&situation);
            let head = format!("{}\n", styled(HEADING, &wrapped(&called, "")))
                + &styled(FAINT, &wrapped(&plain(&situation.id), "  "))
                + "\n";
            show(head, conflict_of_situation(situation))
        })?;
    }
    Ok(Outcome::of(found))
}

fn text(conflict: &Conflict) -> String {
    let mut text = String::new();
    if !conflict.remarks.is_empty() {
        text += &format!("    {}\n", styled(HEADING, "do not fit together"));
        conflict.remarks.iter().for_each(|remark| text += &describe::ledger::remark(remark));
    }
    text + &describe::ledger::denied(&conflict.denials)
}
