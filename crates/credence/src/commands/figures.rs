use std::io::Write as _;

use store::{ClaimFilter, StoredClaim};

use super::claims::{measures, one_of, read};
use super::{Desk, Outcome};
use crate::cli::Figures;
use crate::describe::{bounds, spaced};
use crate::terminal::{HEADING, plain, styled, table};
use crate::wire::Fields;

/// Lists figures by measure and population over time, bounds and speakers side by side. Nothing is summed.
pub(super) fn run(desk: &Desk, asked: &Figures) -> anyhow::Result<Outcome> {
    one_of("--measure", asked.measure.as_deref(), &measures())?;
    let store = desk.store()?;
    let filter = ClaimFilter {
        measure: asked.measure.clone(),
        population: asked.population.clone(),
        speaker: asked.speaker.clone(),
        place: asked.place.clone(),
        ..ClaimFilter::default()
    };
    let mut out = desk.out();
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
    let claim = read(stored)?;
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
