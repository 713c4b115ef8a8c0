use std::io::Write as _;

use anyhow::{Context as _, bail};
use store::{ClaimFilter, Store, StoredClaim};

use super::claims::{measures, one_of};
use super::incidents::{bring_up_to_date, found, headed};
use super::{Desk, Outcome};
use crate::cli::Figures;
use crate::describe::{self, bounds, spaced};
use crate::incidents::stored_incident;
use crate::ledger::{Stories, incident_ledgers, situations};
use crate::output::talk;
use crate::picture::{Chart, chart};
use crate::places;
use crate::reading::stored_claim;
use crate::terminal::{HEADING, plain, styled, table};
use crate::wire::{self, Fields, Ledgers, Situation};

/// Lists figures by measure and population over time, bounds and speakers side by side. Nothing is summed.
pub(super) fn run(desk: &Desk, asked: &Figures) -> anyhow::Result<Outcome> {
    if let Some(id) = &asked.id {
        return one(desk, (asked, id));
    }
    one_of("--measure", asked.measure.as_deref(), &measures())?;
    let store = desk.store()?;
    let filter = ClaimFilter {
        measure: asked.measure.clone(),
        population: asked.population.clone(),
        speaker: asked.speaker.clone(),
        place: asked.place.as_deref().map(places::asked_for),
        ..ClaimFilter::default()
    };
    let mut out = desk.out(asked.json);
    let mut group: Option<(Option<String>, Option<String>)> = None;
    let mut rows = Vec::new();
    store.figures(&filter, |claim| {
        let key = (claim.row.measure.clone(), claim.row.population.clone());
        if group.as_ref() != Some(&key) && !asked.json {
            write!(out, "{}", table(&std::mem::take(&mut rows)))?;
            let title =
                format!("{} {}", spaced(key.0.as_deref().unwrap_or("?")), key.1.as_deref().unwrap_or("?"));
            writeln!(out, "{}", styled(HEADING, &plain(&title)))?;
        }
        group = Some(key);
        if asked.json {
            writeln!(out, "{}", claim.row.body)?;
        } else {
            rows.push(columns(&claim)?);
        }
        Ok::<(), anyhow::Error>(())
    })?;
    write!(out, "{}", table(&rows))?;
    Ok(Outcome::of(group.is_some()))
}

fn columns(stored: &StoredClaim) -> anyhow::Result<Vec<String>> {
    let claim = stored_claim(stored)?;
    let Fields::Figure { lower, upper, stated, scope, caveats, subset_of, place, .. } = &claim.fields else {
        return Ok(Vec::new());
    };
    let speaker = claim.said_by.first().map_or("unattributed".to_owned(), |speaker| plain(&speaker.name));
    let mut notes = vec![format!("“{}”", plain(claim.span.words()))];
    notes.extend(place.as_ref().map(|place| plain(place.span.words())));
    if scope != "unclear" {
        notes.push(scope.clone());
    }
    notes.extend(subset_of.as_ref().map(|whole| format!("part of {}", plain(whole))));
    notes.extend(caveats.iter().cloned());
    Ok(vec![
        format!("  {}", stored.published.map_or("undated".to_owned(), |day| day.to_string())),
        bounds(*lower, *upper, *stated),
        speaker,
        plain(&claim.id),
        notes.join(" · "),
    ])
}

/// Shows the ledger of one incident or situation.
fn one(desk: &Desk, (asked, id): (&Figures, &str)) -> anyhow::Result<Outcome> {
    // What is denied stands in what the stories say.
    super::stories::bring_up_to_date(desk)?;
    bring_up_to_date(desk)?;
    let store = desk.store()?;
    let drawn = match id.starts_with("t-") {
        true => of_situation(&store, id)?,
        false => of_incident(&store, id)?,
    };
    let Some(Drawn { title, text, json, figures }) = drawn else { return Ok(Outcome::Nothing) };
    if let Some(file) = &asked.svg {
        std::fs::write(file, chart(&title, &figures, Chart::default()))
            .with_context(|| format!("the picture cannot be written to {}", file.display()))?;
    }
    let mut out = desk.out(asked.json);
    match asked.json {
        true => writeln!(out, "{json}")?,
        false => write!(out, "{text}")?,
    }
    Ok(Outcome::Found)
}

/// A ledger in all its forms.
struct Drawn {
    title: String,
    text: String,
    json: String,
    figures: Ledgers,
}

fn of_incident(store: &Store, id: &str) -> anyhow::Result<Option<Drawn>> {
    let Some(row) = found(store, id)? else { return Ok(None) };
    let incident = stored_incident(&row)?;
    let figures = incident_ledgers(&Stories::new(store), (&row, &incident))?;
    let text = headed(&incident) + &describe::ledger::ledgers(&figures);
    let about = wire::Figures { id: incident.id, title: incident.title, figures };
    Ok(Some(Drawn { json: wire::json(&about), title: about.title, text, figures: about.figures }))
}

fn of_situation(store: &Store, id: &str) -> anyhow::Result<Option<Drawn>> {
    let mut found: Vec<Situation> = Vec::new();
    situations(store, id, |situation| {
        found.push(situation);
        Ok(())
    })?;
    // A whole name goes before a longer one that begins with it.
    if found.iter().filter(|situation| situation.id == id).count() == 1 {
        found.retain(|situation| situation.id == id);
    }
    match found.len() {
        0 => talk(&format!(
            "no situation is called {}; `credence incidents --situations` lists them",
            crate::terminal::plain(id)
        )),
        1 => {}
        several => bail!(
            "{several} situations are called so or begin so; give more of the id, or see `credence incidents --situations`"
        ),
    }
    Ok(found.pop().map(|situation| Drawn {
        title: describe::ledger::called(&situation),
        text: describe::ledger::situation(&situation),
        json: wire::json(&situation),
        figures: situation.figures,
    }))
}
