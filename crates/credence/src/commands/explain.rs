use std::io::Write as _;

use anyhow::{Context as _, bail};

use super::{Desk, Outcome, show};
use crate::cli::Explain;
use crate::explanation::{Explanation, Kept};
use crate::record::{original, originals_folder};
use crate::wire;

/// Explains one claim: what it says, how it was read, and the way back to the bytes.
///
/// The original is taken out of the record, checked against its digest, and read again.
pub(super) fn run(desk: &Desk, asked: &Explain) -> anyhow::Result<Outcome> {
    let store = desk.store()?;
    let (report, number) = show::find(&store, &asked.claim)?;
    let Some(report) = report else { bail!("there is no claim called {:?}", asked.claim) };
    let Some(number) = number else {
        bail!("{:?} is a report; its claims are called {0}#1, {0}#2 and so on", report.row.name)
    };
    let row = store.original(&report.row.digest)?.with_context(|| {
        format!("the rows do not know the original of {}; `credence reindex` finds it", report.row.name)
    })?;
    let folder = originals_folder(&desk.folder);
    let original = original(&store, &preserve::Reader::new(folder.clone()), &row)?;
    let reading = original.read();
    let wired = original.wire(&reading);
    if wired.claims.get(number).is_none() {
        bail!("{} has {} claims", report.row.name, wired.claims.len());
    }
    if show::claims(&store, &report)?.get(number) != wired.claims.get(number) {
        bail!(
            "claim {} of {} was read by another version; `credence reindex` reads it again",
            number + 1,
            report.row.name
        );
    }
    let segment: preserve::Segment = row.segment.parse()?;
    let kept = Kept { file: folder.join(segment.file_name()), row };
    let explanation = Explanation { reading: &reading, wired: &wired, number, kept: &kept };
    let mut out = desk.out(asked.json);
    let text = if asked.json { wire::json(&explanation.to_json()) + "\n" } else { explanation.to_text() };
    write!(out, "{text}")?;
    Ok(Outcome::Found)
}
