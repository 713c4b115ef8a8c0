use std::io::Write as _;

use super::collect::collect;
use super::{Desk, Outcome, stories};
use crate::cli::{Collect, Stories};

/// Collects reports, then prints the stories of the record.
pub(super) fn run(desk: &Desk, asked: &Collect) -> anyhow::Result<Outcome> {
    let (summary, outcome) = collect(desk, asked)?;
    if asked.json {
        writeln!(desk.out(asked.json), "{}", crate::wire::json(&summary))?;
    } else {
        writeln!(desk.out(asked.json), "{}", summary.text())?;
    }
    stories::run(desk, &Stories { min_reports: 1, json: asked.json })?;
    Ok(outcome)
}
