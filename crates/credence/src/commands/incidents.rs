use std::io::Write as _;

use anyhow::bail;
use model::Act;
use preserve::Reader;
use store::{Days, IncidentFilter, IncidentRow, Store};

use super::claims::one_of;
use super::origins::weighed;
use super::stories::described;
use super::{Desk, Outcome};
use crate::cli::{Incident as One, Incidents};
use crate::corroborating::{Stories, corroborate};
use crate::deciding;
use crate::decisions::About;
use crate::describe;
use crate::incidents::{Shelf, catch_up, is_behind, sheet, stored_incident};
use crate::ledger::situations;
use crate::output::talk;
use crate::record::{Record, originals_folder};
use crate::terminal::{ALLEGATION, FAINT, FIGURE, HEADING, plain, styled, wrapped};
use crate::wire::{Incident, Sheet};
use crate::{history, parallel, places, wire};

/// Lists the incidents.
pub(super) fn run(desk: &Desk, asked: &Incidents) -> anyhow::Result<Outcome> {
    let acts: Vec<&str> = Act::ALL.iter().map(|act| act.name()).collect();
    one_of("--act", asked.act.as_deref(), &acts)?;
    bring_up_to_date(desk)?;
    if asked.situations {
        return longer(desk, asked.json);
    }
    let store = desk.store()?;
    let filter = IncidentFilter {
        place: asked.place.as_deref().map(places::asked_for),
        act: asked.act.clone(),
        days: Days { from: asked.from, to: asked.to },
        ..IncidentFilter::default()
    };
    let mut out = desk.out(asked.json);
    let mut found = false;
    store.incidents(&filter, |row| {
        let incident = stored_incident(&row)?;
        // A note from which no claim was read alleges nothing by itself.
        if incident.claims.is_empty() {
            return Ok(());
        }
        found = true;
        match asked.json {
            true => writeln!(out, "{}", row.body)?,
            false => write!(out, "{}", headed(&incident))?,
        }
        Ok::<(), anyhow::Error>(())
    })?;
    Ok(Outcome::of(found))
}

/// Shows all that is said of one incident.
pub(super) fn one(desk: &Desk, asked: &One) -> anyhow::Result<Outcome> {
    bring_up_to_date(desk)?;
    let store = desk.store()?;
    let Some(row) = found(&store, &asked.id)? else { return Ok(Outcome::Nothing) };
    let reader = Reader::new(originals_folder(&desk.folder));
    let mut sheet = sheet(&Shelf { store: &store, reader: &reader }, &row)?;
    sheet.decided = history::on(&store, About::Incident, &deciding::group(&store, &row.id)?.named(&store)?)?;
    let mut out = desk.out(asked.json);
    match asked.json {
        true => writeln!(out, "{}", wire::json(&sheet))?,
        false => write!(out, "{}", text(&sheet))?,
    }
    Ok(Outcome::Found)
}

/// Finds the one incident whose id begins so; says so if there is none.
pub(super) fn found(store: &Store, id: &str) -> anyhow::Result<Option<IncidentRow>> {
    match &store.find_incidents(id)?[..] {
        [] => {
            talk(&format!("no incident is called {}; `credence incidents` lists them", plain(id)));
            Ok(None)
        }
        [row] => {
            if !row.id.starts_with(id) {
                talk(&format!("{} is part of {} now", plain(id), row.id));
            }
            Ok(Some(row.clone()))
        }
        several => bail!("{} incidents begin so; give more of the id", several.len()),
    }
}

/// Puts what came since the last time to incidents.
pub(super) fn bring_up_to_date(desk: &Desk) -> anyhow::Result<()> {
    let store = desk.store()?;
    if !store.corroboration_is_stale()? && !is_behind(&store)? {
        return Ok(());
    }
    drop(store);
    let caught_up = Record::open(&desk.folder, parallel::jobs(None)).and_then(|mut record| {
        corroborate(&mut record, Stories::Small)?;
        catch_up(&mut record)?;
        record.close()
    });
    if let Err(error) = caught_up {
        talk(&format!("these incidents do not cover all reports yet: {error:#}"));
    }
    Ok(())
}

fn longer(desk: &Desk, json: bool) -> anyhow::Result<Outcome> {
    let store = desk.store()?;
    let mut out = desk.out(json);
    let mut found = false;
    situations(&store, "", |situation| {
        found = true;
        match json {
            true => writeln!(out, "{}", wire::json(&situation))?,
            false => write!(out, "{}", describe::ledger::situation(&situation))?,
        }
        Ok(())
    })?;
    Ok(Outcome::of(found))
}

/// Describes an incident in a few lines: what, when, where, and in which reports.
pub(super) fn headed(incident: &Incident) -> String {
    let mut text = format!("{}\n", styled(HEADING, &wrapped(&plain(&incident.title), "")));
    let place = match (&incident.place, incident.place_precision.as_deref()) {
        (Some(place), Some("settlement")) => plain(place),
        (Some(place), _) => format!("somewhere in {}", plain(place)),
        (None, _) => "place not said".to_owned(),
    };
    let reports = match incident.reports.len() {
        1 => "1 report".to_owned(),
        many => format!("{many} reports"),
    };
    let decided = match incident.decisions.is_empty() {
        true => String::new(),
        false => format!(" · decided: {}", incident.decisions.join(", ")),
    };
    let head = format!("{} · {} · {place} · {reports}{decided}", incident.id, day(incident));
    text += &(styled(FAINT, &wrapped(&head, "  ")) + "\n");
    let ids: Vec<String> = incident.reports.iter().map(|id| plain(id)).collect();
    text += &(wrapped(&ids.join(", "), "  ") + "\n");
    text
}

fn day(incident: &Incident) -> String {
    match incident.time {
        None => "undated".to_owned(),
        Some(time) if !time.stated && time.first == time.last => {
            format!("day not said, reported on {}", time.first)
        }
        Some(time) if !time.stated => format!("day not said, reported from {} to {}", time.first, time.last),
        Some(time) if time.first == time.last => time.first.to_string(),
        Some(time) => format!("between {} and {}", time.first, time.last),
    }
}

fn text(sheet: &Sheet) -> String {
    let incident = &sheet.incident;
    let mut text = headed(incident);
    for link in &incident.links {
        let line = format!(
            "{} with {}: {}",
            plain(&link.report),
            plain(link.with()),
            plain(&link.reasons.join("; "))
        );
        let by = match &link.confirmed_by {
            Some(decision) => format!("suggested, and confirmed by {decision}"),
            None => "suggested".to_owned(),
        };
        text += &styled(FAINT, &wrapped(&format!("{by}: {line}"), "  "));
        text.push('\n');
    }
    for decision in &sheet.decided {
        let head = format!("decided by {}, {}, {}:", plain(&decision.by), decision.at, decision.id);
        text += &(wrapped(&head, "  ") + "\n");
        text += &super::decisions::said(decision, "    ");
    }
    let alleged: Vec<_> = sheet.matters.iter().filter(|matter| matter.kind == "allegation").collect();
    if !alleged.is_empty() {
        text += &format!("  {}\n", styled(ALLEGATION, "Alleged"));
        for matter in alleged {
            text += &described(matter);
            text += &weighed(&matter.weighing, "      ");
        }
    }
    if !sheet.figures.ledger.is_empty() {
        text += &format!("  {}\n", styled(FIGURE, "Figures, beside each other and never added up"));
        text += &describe::ledger::ledgers(&sheet.figures);
    }
    let counted: Vec<_> = sheet.matters.iter().filter(|matter| matter.kind == "figure").collect();
    if !counted.is_empty() {
        text += &format!("  {}\n", styled(FIGURE, "Where the figures come from"));
        counted.iter().for_each(|matter| text += &described(matter));
    }
    text
}
