use std::io::Write as _;

use super::Outcome;
use crate::cli::Read;
use crate::inputs::{items, next_batch};
use crate::output::talk;
use crate::parallel;
use crate::reading::Original;

/// Reads reports without a record, and prints them as JSON Lines.
pub(super) fn run(asked: &Read) -> anyhow::Result<Outcome> {
    let jobs = parallel::jobs(asked.inputs.jobs);
    let mut items = items(&asked.inputs, None);
    let mut out = std::io::stdout().lock();
    let mut found = false;
    while let Some(batch) = next_batch(&mut items) {
        for skipped in &batch.skipped {
            talk(&format!("skipped {skipped}"));
        }
        let lines = parallel::map(&batch.items, jobs, |item| {
            let original = Original {
                bytes: item.bytes.clone(),
                digest: item.digest,
                kind: item.kind,
                metadata: item.metadata.clone(),
            };
            original.wire(&original.read()).lines()
        });
        for lines in lines {
            out.write_all(lines.as_bytes())?;
            found = true;
        }
    }
    out.flush()?;
    Ok(Outcome::of(found))
}
