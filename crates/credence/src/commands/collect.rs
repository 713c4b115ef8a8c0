use std::io::{IsTerminal as _, Write as _};

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::{Desk, Outcome};
use crate::cli::Collect;
use crate::corroborating::corroborate;
use crate::inputs::{items, next_batch};
use crate::output::talk;
use crate::record::{Arrival, Kept, Record};
use crate::{clock, parallel};

/// What a run of `collect` did.
#[derive(Debug, Default, Serialize)]
pub(super) struct Summary {
    /// Originals that were not in the record.
    kept: u64,
    /// Originals that were in the record, met at a place that was not.
    seen_again: u64,
    /// Originals that were in the record, met at the same place.
    known: u64,
    skipped: Vec<Skipped>,
    /// Files and folders whose names begin with a dot.
    hidden: u64,
}

#[derive(Debug, Serialize)]
struct Skipped {
    source: String,
    line: Option<u64>,
    reason: String,
}

/// Collects reports into the record and prints a summary.
pub(super) fn run(desk: &Desk, asked: &Collect) -> anyhow::Result<Outcome> {
    let (summary, outcome) = collect(desk, asked)?;
    let mut out = desk.out(asked.json);
    if asked.json {
        writeln!(out, "{}", crate::wire::json(&summary))?;
    } else {
        write!(out, "{}", summary.text())?;
    }
    Ok(outcome)
}

/// Keeps and reads the inputs, then works out what all reports say together.
pub(super) fn collect(desk: &Desk, asked: &Collect) -> anyhow::Result<(Summary, Outcome)> {
    let mut record = Record::create_or_open(&desk.folder, parallel::jobs(asked.inputs.jobs))?;
    for mended in &record.mended {
        talk(mended);
    }
    let mut summary = Summary::default();
    let progress = Progress::new();
    let mut items = items(&asked.inputs, Some(&desk.folder));
    while let Some(batch) = next_batch(&mut items) {
        for skipped in batch.skipped {
            progress.say(&format!("skipped {skipped}"));
            summary.skip(skipped);
        }
        let seen = clock::now()?;
        let arrivals = batch.items.into_iter().map(|item| arrival(item, seen)).collect();
        for kept in record.keep(arrivals)? {
            summary.count(kept);
        }
        progress.kept(&summary);
    }
    summary.hidden = items.hidden();
    progress.say_waiting("comparing reports");
    corroborate(&mut record)?;
    progress.end();
    let outcome = outcome_of(&record, summary.kept + summary.seen_again + summary.known > 0);
    Ok((summary, outcome))
}

/// Names the damage that was met; everything else was done.
pub(super) fn outcome_of(record: &Record, found: bool) -> Outcome {
    for damaged in &record.damaged {
        talk(damaged);
    }
    if record.damaged.is_empty() { Outcome::of(found) } else { Outcome::Damaged }
}

fn arrival(item: collect::Item, seen: jiff::Timestamp) -> Arrival {
    let sighting = preserve::Sighting {
        original: item.digest,
        first_received: seen,
        seen,
        source: item.sighting.source,
        line: item.sighting.line,
        byte_offset: item.sighting.byte_offset,
        kind: item.kind,
        hints: item.metadata,
    };
    Arrival { bytes: item.bytes, uri: item.sighting.uri, sighting }
}

impl Summary {
    fn count(&mut self, kept: Kept) {
        match kept {
            Kept::New => self.kept += 1,
            Kept::SeenAgain => self.seen_again += 1,
            Kept::Known => self.known += 1,
        }
    }

    fn skip(&mut self, skipped: collect::Skipped) {
        let reason = skipped.reason.to_string();
        self.skipped.push(Skipped { source: skipped.source, line: skipped.line, reason });
    }

    pub(super) fn text(&self) -> String {
        let Summary { kept, seen_again, known, .. } = self;
        let skipped = self.skipped.len();
        let mut text =
            format!("kept {kept} new, {seen_again} seen again elsewhere, {known} known; skipped {skipped}\n");
        if self.hidden > 0 {
            text += &format!("passed over {} whose names begin with a dot\n", self.hidden);
        }
        text
    }
}

/// How far a run is: a bar on a terminal, plain lines in a pipe.
struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    fn new() -> Progress {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})");
            let bar = ProgressBar::new_spinner();
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar
        });
        Progress { bar }
    }

    fn say(&self, words: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| talk(words)),
            None => talk(words),
        }
    }

    fn say_waiting(&self, words: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(words.to_owned());
            bar.tick();
        }
    }

    /// Reports what is kept. Called only when it is durable.
    fn kept(&self, summary: &Summary) {
        let words = format!("kept {}, known {}", summary.kept, summary.known + summary.seen_again);
        match &self.bar {
            Some(_) => self.say_waiting(&words),
            None => talk(&words),
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
