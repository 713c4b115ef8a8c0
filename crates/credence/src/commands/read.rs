use std::io::{self, Write};

use super::Outcome;
use crate::cli::Read;
use crate::inputs::{items, next_batch};
use crate::output::talk;
use crate::parallel;
use crate::reading::Original;

/// From this size on, the claims of a report are many times as large as its text: they are written one by one.
const LARGE: usize = 1 << 20;

/// Reads reports without a record, and prints them as JSON Lines.
pub(super) fn run(asked: &Read) -> anyhow::Result<Outcome> {
    let jobs = parallel::jobs(asked.inputs.jobs);
    let mut items = items(&asked.inputs, None);
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut found = false;
    while let Some(batch) = next_batch(&mut items) {
        for skipped in &batch.skipped {
            talk(&format!("skipped {skipped}"));
        }
        let originals: Vec<Original> = batch.items.into_iter().map(Original::from).collect();
        let is_small = |original: &Original| original.bytes.len() < LARGE;
        for run in originals.chunk_by(|one, next| is_small(one) && is_small(next)) {
            found = true;
            match run {
                [original] => original.write(&original.read(), &mut out)?,
                small => write_all(small, jobs, &mut out)?,
            }
        }
    }
    out.flush()?;
    Ok(Outcome::of(found))
}

/// Reads several reports at once, and writes them in their order.
fn write_all(originals: &[Original], jobs: usize, out: &mut dyn Write) -> io::Result<()> {
    let written = parallel::map(originals, jobs, |original| {
        let mut lines = Vec::new();
        original.write(&original.read(), &mut lines).map(|()| lines)
    });
    written.into_iter().try_for_each(|lines| out.write_all(&lines?))
}
