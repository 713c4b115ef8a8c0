//! Looks for copies among the texts of a file of JSON lines, and prints how long that took and which pairs it found.
//!
//! Reading the reports is not counted. What comes after it is, in three steps, each with those before it:
//!
//! 1. `candidates`: words, fingerprints, and the pairs that share enough of these. That is what other tools do.
//! 2. `copies`: each such pair read side by side: which passages they share and what that amounts to; and the families.
//! 3. `stories`: the stories that the copies are in.
//!
//! Each step is run in several rounds from the texts on; the mean of the time of the processor is told.
//! `tools/compare-copies.py` runs this beside other tools.
#![allow(clippy::print_stdout, reason = "the figures are what it is for")]

use std::cell::RefCell;
use std::time::{Duration, Instant};

use corroborate::{Candidate, CopyLink, Known, Read, ReportKey, Sketch, Worded, compare_apart_from};
use extract::{Reading, Source};
use model::{Digest, Kind, Metadata};
use serde_json::{Value, json};

/// How many reports come together.
const BATCH: usize = 256;
const ROUNDS: u32 = 20;

fn main() {
    let path = std::env::args().nth(1).expect("a file of JSON lines");
    let file = std::fs::read_to_string(&path).expect("the file can be read");
    let readings: Vec<Reading> = file.split('\n').filter(|line| !line.is_empty()).map(read).collect();
    let json = json!({
        "candidates": timed(|| candidates(&readings)),
        "copies": timed(|| found(&copies(&readings))),
        "stories": timed(|| found(&stories(&readings))),
    });
    println!("{json}");
}

/// Runs a step several times, and adds its seconds to what it found.
fn timed(step: impl Fn() -> Value) -> Value {
    let start = Clock::start();
    let mut found = Value::Null;
    (0..ROUNDS).for_each(|_| found = step());
    found["seconds"] = (start.passed() / ROUNDS).as_secs_f64().into();
    found
}

/// The time that this thread has had a processor, where the system tells it, or else what the clock on the wall says.
struct Clock {
    had: Option<Duration>,
    wall: Instant,
}

impl Clock {
    fn start() -> Clock {
        Clock { had: had(), wall: Instant::now() }
    }

    fn passed(&self) -> Duration {
        self.had.zip(had()).map_or_else(|| self.wall.elapsed(), |(before, now)| now - before)
    }
}

/// Reads the nanoseconds on a processor (proc_pid_schedstat(5) of Linux).
fn had() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    stat.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

fn found(known: &Known) -> Value {
    let copies = known.links().iter().filter(|link| link.class.is_copy());
    let pairs: Vec<(u64, u64)> = copies.map(|link| (link.a.0, link.b.0)).collect();
    let families = known.families();
    let keys = |family: &corroborate::Family| family.members.iter().map(|key| key.0).collect();
    let families: Vec<Vec<u64>> = families.iter().map(keys).collect();
    json!({ "pairs": pairs, "families": families })
}

fn candidates(readings: &[Reading]) -> Value {
    let pairs = RefCell::new(Vec::new());
    let mut known = Known::default();
    for batch in worded(readings).chunks(BATCH) {
        known.take_in_copies(batch.iter().map(sketched), |pair| {
            pairs.borrow_mut().push((pair.a.0, pair.b.0));
            None
        });
    }
    json!({ "pairs": pairs.into_inner() })
}

fn copies(readings: &[Reading]) -> Known {
    let worded = worded(readings);
    let mut known = Known::default();
    for batch in worded.chunks(BATCH) {
        known.take_in_copies(batch.iter().map(sketched), |pair| compared(&worded, pair));
    }
    known
}

fn stories(readings: &[Reading]) -> Known {
    let worded = worded(readings);
    let mut known = Known::default();
    for batch in worded.chunks(BATCH) {
        known.take_in(batch.iter().map(sketched), |pair| compared(&worded, pair));
    }
    known
}

fn worded(readings: &[Reading]) -> Vec<Worded<'_>> {
    let readings = (0..).map(ReportKey).zip(readings);
    readings.map(|(key, Reading { report, claims, .. })| Worded::of(Read { key, report, claims })).collect()
}

fn sketched(worded: &Worded<'_>) -> (ReportKey, Sketch) {
    (worded.key(), worded.sketch())
}

fn compared(worded: &[Worded<'_>], pair: &Candidate) -> Option<CopyLink> {
    let [a, b] = [pair.a, pair.b].map(|key| &worded[key.0 as usize]);
    compare_apart_from(&pair.standing, (a, b))
}

fn read(line: &str) -> Reading {
    let bytes = line.as_bytes();
    let metadata = Metadata::default();
    extract::read(&Source { bytes, digest: Digest::of(bytes), kind: Kind::Row, metadata: &metadata })
}
