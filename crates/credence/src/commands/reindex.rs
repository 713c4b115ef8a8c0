use std::io::Write as _;

use serde::Serialize;

use super::{Desk, Outcome};
use crate::cli::Reindex;
use crate::corroborating::{Stories, corroborate};
use crate::output::talk;
use crate::parallel;
use crate::record::Record;

#[derive(Serialize)]
struct Summary {
    read: u64,
    claims: u64,
    stories: u64,
}

/// Reads everything again from the originals.
pub(super) fn run(desk: &Desk, asked: &Reindex) -> anyhow::Result<Outcome> {
    let mut record = Record::open(&desk.folder, parallel::jobs(asked.jobs))?;
    for mended in &record.mended {
        talk(mended);
    }
    let read = record.reindex(|read| talk(&format!("read {read}")))?;
    corroborate(&mut record, Stories::All)?;
    let counts = record.store().counts()?;
    let summary = Summary { read, claims: counts.claims, stories: counts.stories };
    let mut out = desk.out(asked.json);
    if asked.json {
        writeln!(out, "{}", crate::wire::json(&summary))?;
    } else {
        writeln!(out, "read {read} originals again: {} claims, {} stories", summary.claims, summary.stories)?;
    }
    super::collect::end(record, read > 0)
}
