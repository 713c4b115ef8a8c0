//! Looks for copies among the texts of a file of JSON lines, and prints how long that took and which pairs it found.
//!
//! Reading the reports is not counted; all that comes after it is: words, fingerprints, candidates, reading pairs side
//! by side, and the families. Stories, which the same step groups, are counted too.
//! `tools/compare-copies.py` runs this beside other tools.
#![allow(clippy::print_stdout, reason = "the figures are what it is for")]

use std::time::Instant;

use corroborate::{Known, Read, ReportKey, Sketch, compare_apart_from};
use extract::{Reading, Source};
use model::{Digest, Kind, Metadata};

/// How many reports come together.
const BATCH: usize = 256;

fn main() {
    let path = std::env::args().nth(1).expect("a file of JSON lines");
    let file = std::fs::read_to_string(&path).expect("the file can be read");
    let readings: Vec<Reading> = file.split('\n').filter(|line| !line.is_empty()).map(read).collect();
    let read = |key: ReportKey| {
        let reading = &readings[key.0 as usize];
        Read { key, report: &reading.report, claims: &reading.claims }
    };
    let start = Instant::now();
    let mut known = Known::default();
    let keys: Vec<u64> = (0..readings.len() as u64).collect();
    for batch in keys.chunks(BATCH) {
        let sketch = |&key: &u64| {
            let Reading { report, claims, .. } = &readings[key as usize];
            (ReportKey(key), Sketch::of(report, claims))
        };
        known.take_in(batch.iter().map(sketch), |pair| {
            compare_apart_from(&pair.standing, (&read(pair.a), &read(pair.b)))
        });
    }
    let families: Vec<Vec<u64>> =
        known.families().iter().map(|family| family.members.iter().map(|key| key.0).collect()).collect();
    let seconds = start.elapsed().as_secs_f64();
    let pairs: Vec<(u64, u64)> =
        known.links().iter().filter(|link| link.class.is_copy()).map(|link| (link.a.0, link.b.0)).collect();
    let json = serde_json::json!({ "seconds": seconds, "pairs": pairs, "families": families });
    println!("{json}");
}

fn read(line: &str) -> Reading {
    let bytes = line.as_bytes();
    let metadata = Metadata::default();
    extract::read(&Source { bytes, digest: Digest::of(bytes), kind: Kind::Row, metadata: &metadata })
}
