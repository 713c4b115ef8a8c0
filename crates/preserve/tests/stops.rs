//! A run is stopped at every step that may leave something on disk, and the record is sound when it is opened again.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use model::{Digest, Kind};
use preserve::log::{Erasure, Field, Leaf, Log};
use preserve::{Original, Originals, Stored, Verification, verify};

fn open(record: &Path) -> (Originals, Log) {
    let (mut originals, recovery) = Originals::open(&record.join("originals"), None).unwrap();
    assert_eq!(recovery.damaged, None);
    let (log, _) = Log::open(record, &mut originals, Some("credence.example/log")).unwrap();
    (originals, log)
}

fn keep(originals: &mut Originals, text: &str) {
    let received: Timestamp = "2031-03-12T08:00:00Z".parse().unwrap();
    let uri = "file:///cases/a.txt";
    originals.append(&Original { bytes: text.as_bytes(), kind: Kind::PlainText, uri, received }).unwrap();
    originals.sync().unwrap();
}

fn note(number: u64) -> Leaf {
    Leaf::new("note", &[("number", Field::Number(number)), ("words", Field::Text("Тесмин"))])
}

/// The steps at which a run can be stopped, in the order of a run that keeps, logs, erases and seals.
const STEPS: &[&str] = &[
    "key-made",
    "new-file-written",
    "seal-removed",
    "originals-written",
    "originals-synced",
    "leaves-written",
    "leaves-synced",
    "tiles-written",
    "checkpoint-kept",
    "checkpoint-published",
    "erasure-planned",
    "segment-copied",
    "segment-replaced",
    "leaves-erased",
    "erasure-ended",
    "seal-written",
];

/// What a run does that is stopped: see [`stopped_at_every_step`]. As a test of its own it does nothing.
#[test]
fn run_that_is_stopped() {
    let Ok(record) = std::env::var("CREDENCE_STOPPED_RECORD") else { return };
    let record = Path::new(&record);
    let told = |what: &str| {
        let path = record.join("told");
        let before = fs::read_to_string(&path).unwrap_or_default();
        fs::write(&path, format!("{before}{what}\n")).unwrap();
    };
    let (mut originals, mut log) = open(record);
    log.checkpoint().unwrap();
    for number in 0..3 {
        let text = format!("{number} were hurt.");
        keep(&mut originals, &text);
        log.follow(originals.reader()).unwrap();
        log.append(&[note(number)]).unwrap();
        log.checkpoint().unwrap();
        told(&text);
    }
    let original = Digest::of(b"1 were hurt.");
    let time = "2031-03-12T08:00:00Z".parse().unwrap();
    log.erase(&mut originals, &Erasure { original, reason: "order 7", time }).unwrap();
    told("erased");
    log.seal().unwrap();
}

#[test]
fn stopped_at_every_step() {
    for step in STEPS {
        let folder = tempfile::tempdir().unwrap();
        let mut run = std::process::Command::new(std::env::current_exe().unwrap());
        run.args(["--exact", "run_that_is_stopped"]);
        run.env("CREDENCE_STOPPED_RECORD", folder.path()).env("CREDENCE_STOP_AT", step);
        let output = run.output().unwrap();
        assert!(!output.status.success(), "{step} was not reached");
        let told = fs::read_to_string(folder.path().join("told")).unwrap_or_default();
        let _ = fs::remove_file(folder.path().join("told"));
        let (originals, mut log) = open(folder.path());
        log.checkpoint().unwrap();
        drop(log);
        let report = verify(folder.path(), &Verification::default()).unwrap();
        assert_eq!(report.faults, [], "{step}");
        let erasing = told.contains("erased") || step.starts_with("erasure") || step.starts_with("segment");
        let kept: Vec<Digest> = originals
            .reader()
            .scan()
            .unwrap()
            .filter_map(|found| match found.unwrap() {
                (_, Stored::Resource(resource)) => Some(resource.digest),
                _ => None,
            })
            .collect();
        for text in told.lines().filter(|told| *told != "erased") {
            let there = kept.contains(&Digest::of(text.as_bytes()));
            let erased =
                text.starts_with('1') && (erasing || *step == "leaves-erased" || *step == "seal-written");
            assert_eq!(there, !erased, "{step}: {text}");
        }
    }
}
