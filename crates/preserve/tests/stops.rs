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
    for number in 0..2 {
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
    log.seal(None).unwrap();
}

#[test]
fn stopped_at_every_step() {
    for step in STEPS {
        let times = (1..).find(|times| !is_stopped(&format!("{step}:{times}")));
        assert!(times > Some(1), "{step} was not reached");
    }
}

/// Keeps another original as a run does whose rows have lost that a leaf was set: it logs the same once more.
fn keep_more(record: &Path) {
    let (mut originals, mut log) = open(record);
    log.append(&[note(0)]).unwrap();
    keep(&mut originals, "Seven were hurt.");
    log.follow(originals.reader()).unwrap();
    log.checkpoint().unwrap();
}

/// Has a run stopped, opens its record again and looks whether all is well. Tells whether the run came so far.
fn is_stopped(stop: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let mut run = std::process::Command::new(std::env::current_exe().unwrap());
    run.args(["--exact", "run_that_is_stopped"]);
    run.env("CREDENCE_STOPPED_RECORD", folder.path()).env("CREDENCE_STOP_AT", stop);
    let stopped = !run.output().unwrap().status.success();
    let told = fs::read_to_string(folder.path().join("told")).unwrap_or_default();
    let _ = fs::remove_file(folder.path().join("told"));
    // A log that is opened behind a stop may go on at once, without a checkpoint in between.
    let (originals, mut log) = open(folder.path());
    log.append(&[note(7)]).unwrap();
    log.checkpoint().unwrap();
    drop((originals, log));
    let report = verify(folder.path(), &Verification::default()).unwrap();
    assert_eq!(report.faults, [], "{stop}");
    keep_more(folder.path());
    let originals = open(folder.path()).0;
    let report = verify(folder.path(), &Verification::default()).unwrap();
    assert_eq!(report.faults, [], "{stop}, and more was kept");
    assert!(report.erased > 0 || !told.contains("erased"), "{stop}");
    let found = originals.reader().scan().unwrap().filter_map(|found| match found.unwrap() {
        (_, Stored::Resource(resource)) => Some(resource.digest),
        _ => None,
    });
    let kept: Vec<Digest> = found.collect();
    for text in told.lines().filter(|told| *told != "erased") {
        let erased = report.erased > 0 && text.starts_with('1');
        assert_eq!(kept.contains(&Digest::of(text.as_bytes())), !erased, "{stop}: {text}");
    }
    stopped
}
