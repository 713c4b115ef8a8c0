use std::io::Write;

use anyhow::{anyhow, bail};
use evaluate::{CORPORA, Corpus, Measured};
use serde::Serialize;

use super::{Desk, Outcome};
use crate::cli::Eval;
use crate::output::talk;
use crate::parallel;

/// One row of the table, in the form of `--json`.
#[derive(Serialize)]
struct Row<'a> {
    corpus: &'a str,
    measure: &'a str,
    value: f64,
    n: usize,
}

/// Measures each corpus that is there, and prints one table.
pub(super) fn run(desk: &Desk, asked: &Eval) -> anyhow::Result<Outcome> {
    if asked.errors {
        return match asked.only.iter().any(|name| name == "origins") {
            true => wrong_origins(desk, asked),
            false => over_merges(desk, asked),
        };
    }
    let (there, absent): (Vec<&Corpus>, Vec<&Corpus>) =
        chosen(&asked.only)?.into_iter().partition(|corpus| corpus.is_in(&asked.corpora));
    for corpus in &absent {
        talk(&format!("{} is not in {} and is left out", corpus.name, asked.corpora.display()));
    }
    let measured = parallel::map(&there, parallel::jobs(None), |corpus| corpus.measure(&asked.corpora));
    let mut out = desk.out(asked.json);
    if !asked.json && !there.is_empty() {
        writeln!(out, "{:<24} {:<28} {:>6} {:>7}", "corpus", "measure", "value", "n")?;
    }
    let mut broken = Vec::new();
    for (corpus, measured) in there.iter().zip(measured) {
        match measured {
            Ok(measured) => print(&mut out, asked.json, (corpus, &measured))?,
            // The other corpora are measured all the same.
            Err(error) => broken.push(format!("{}: {error}", corpus.name)),
        }
    }
    out.flush()?;
    if !broken.is_empty() {
        bail!("not measured: {}", broken.join("; "));
    }
    Ok(Outcome::of(!there.is_empty()))
}

/// Names the incidents that were taken for one: their labels with the numbers of rows, and the kind of mistake.
fn over_merges(desk: &Desk, asked: &Eval) -> anyhow::Result<Outcome> {
    let merges = evaluate::over_merges(&asked.corpora)?;
    let mut out = desk.out(asked.json);
    for merge in &merges {
        let incidents: Vec<String> =
            merge.incidents.iter().map(|(id, rows)| format!("{id} ({rows})")).collect();
        match asked.json {
            true => {
                let row = serde_json::json!({ "kind": merge.kind, "incidents": merge.incidents });
                writeln!(out, "{row}")?;
            }
            false => writeln!(out, "{}: {}", merge.kind, incidents.join(", "))?,
        }
    }
    Ok(Outcome::of(!merges.is_empty()))
}

/// Names the matters whose origins are counted wrongly: independent, dependent and unknown, as labelled and as found.
/// Those that are kept back to check are left out: rules would come to be made on them.
fn wrong_origins(desk: &Desk, asked: &Eval) -> anyhow::Result<Outcome> {
    let judged = evaluate::judged(&asked.corpora)?;
    let mut out = desk.out(asked.json);
    let mut found = false;
    for one in judged.iter().filter(|one| !one.is_check && (!one.counts() || !one.roots)) {
        found = true;
        let shown = one.found.map_or("not read".to_owned(), |counts| format!("{counts:?}"));
        let names = if one.roots { "" } else { ", other names" };
        match asked.json {
            true => {
                let row = serde_json::json!({
                    "matter": one.id, "labelled": one.labelled, "found": one.found, "roots": one.roots
                });
                writeln!(out, "{row}")?;
            }
            false => writeln!(out, "{}: {:?}, found {shown}{names}", one.id, one.labelled)?,
        }
    }
    Ok(Outcome::of(found))
}

fn chosen(only: &[String]) -> anyhow::Result<Vec<&'static Corpus>> {
    if only.is_empty() {
        return Ok(CORPORA.iter().collect());
    }
    let named = |name: &String| {
        let names: Vec<&str> = CORPORA.iter().map(|corpus| corpus.name).collect();
        let known = names.join(", ");
        Corpus::named(name).ok_or_else(|| anyhow!("no corpus is called {name:?}; those known are {known}"))
    };
    only.iter().map(named).collect()
}

fn print(out: &mut dyn Write, json: bool, (corpus, measured): (&Corpus, &[Measured])) -> anyhow::Result<()> {
    for &Measured { measure, value, n } in measured {
        if json {
            let row = Row { corpus: corpus.name, measure, value, n };
            writeln!(out, "{}", serde_json::to_string(&row)?)?;
        } else {
            writeln!(out, "{:<24} {measure:<28} {value:>6.3} {n:>7}", corpus.name)?;
        }
    }
    Ok(())
}
