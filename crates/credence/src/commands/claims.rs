use std::io::Write as _;

use anyhow::bail;
use model::{Act, Measure, Polarity};
use store::{ClaimFilter, Days, Store};

use super::{Desk, Outcome};
use crate::cli::Claims;
use crate::describe;
use crate::places;
use crate::reading::stored_claim;

const KINDS: &[&str] = &["statement", "figure", "allegation", "determination"];

/// Lists claims.
pub(super) fn run(desk: &Desk, asked: &Claims) -> anyhow::Result<Outcome> {
    let store = desk.store()?;
    let filter = filter(asked, &store)?;
    let mut out = desk.out(asked.json);
    let mut found = false;
    store.claims(&filter, |claim| {
        found = true;
        if asked.json {
            writeln!(out, "{}", claim.row.body)?;
        } else {
            write!(out, "{}", describe::claim(&stored_claim(&claim)?))?;
        }
        Ok::<(), anyhow::Error>(())
    })?;
    Ok(Outcome::of(found))
}

fn filter(asked: &Claims, store: &Store) -> anyhow::Result<ClaimFilter> {
    one_of("--kind", asked.kind.as_deref(), KINDS)?;
    one_of("--act", asked.act.as_deref(), &names(Act::ALL, Act::name))?;
    one_of("--polarity", asked.polarity.as_deref(), &names(Polarity::ALL, Polarity::name))?;
    let report = asked.report.as_deref().map(|id| super::show::one_report(store, id)).transpose()?;
    Ok(ClaimFilter {
        kind: asked.kind.clone(),
        speaker: asked.speaker.clone(),
        act: asked.act.clone(),
        place: asked.place.as_deref().map(places::asked_for),
        days: Days { from: asked.from, to: asked.to },
        polarity: asked.polarity.clone(),
        text: asked.text.clone(),
        report: report.map(|report| report.id),
        ..ClaimFilter::default()
    })
}

/// Returns the fixed names of a closed list of meanings.
pub(super) fn names<T: Copy>(all: &[T], name: fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|&one| name(one)).collect()
}

/// Refuses a filter that could match nothing, and says what would.
pub(super) fn one_of(option: &str, asked: Option<&str>, names: &[&str]) -> anyhow::Result<()> {
    match asked {
        Some(name) if !names.contains(&name) => {
            bail!("{option} {name}: no such name; it can be {}", names.join(", "))
        }
        _ => Ok(()),
    }
}

/// Measures, for filters.
pub(super) fn measures() -> Vec<&'static str> {
    names(Measure::ALL, Measure::name)
}
