//! `tools/verify.py`, which shares no code with us, comes to the same verdict.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

mod authority;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use authority::{Local, place};
use jiff::Timestamp;
use model::{Digest, Kind};
use preserve::log::{Erasure, Field, Leaf, Log};
use preserve::stamp::{Roots, Stamps};
use preserve::{Error, Original, Originals, Verification, verify};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tools/verify.py");

/// The Python that `PYTHON` names, which then has to have what the script needs; else the one of this machine.
fn python() -> Command {
    Command::new(std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into()))
}

/// Runs the script, or says why not.
fn second_verifier(arguments: &[&Path]) -> Option<(Option<i32>, String)> {
    let has_parts = python().args(["-c", "import cryptography.hazmat.primitives.asymmetric.ec"]).output();
    if !has_parts.is_ok_and(|run| run.status.success()) {
        assert!(std::env::var_os("PYTHON").is_none(), "PYTHON names one without the package `cryptography`");
        eprintln!("skipped: there is no python3 with the package `cryptography`");
        return None;
    }
    let run = python().arg(SCRIPT).args(arguments).output().unwrap();
    Some((run.status.code(), String::from_utf8(run.stdout).unwrap()))
}

/// For each record, whether the script finds damage. One run for all: starting it takes longer than a small record.
fn second_verdicts(records: &[PathBuf]) -> Vec<bool> {
    let tools = Path::new(SCRIPT).parent().unwrap();
    let program = "import sys, verify\nfrom pathlib import Path\nfor record in map(Path, sys.argv[1:]):\n    \
                   verify.damages.clear()\n    verify.each('record', [record], lambda record: verify.verify(record, []))\n    \
                   print('damaged' if verify.damages else 'sound')";
    let run = python().args(["-B", "-c", program]).args(records).env("PYTHONPATH", tools).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap().lines().map(|line| line == "damaged").collect()
}

/// Opens a record. A program that another test starts just now holds what is locked here until it runs, so it is tried again.
fn open(record: &Path) -> (Originals, Log) {
    let begun = Instant::now();
    let (mut originals, _) = loop {
        match Originals::open(&record.join("originals"), None) {
            Err(Error::InUse(_)) if begun.elapsed() < Duration::from_secs(10) => {
                std::thread::sleep(Duration::from_millis(10));
            }
            opened => break opened.unwrap(),
        }
    };
    let (log, _) = Log::open(record, &mut originals, Some("credence.example/log")).unwrap();
    (originals, log)
}

fn time() -> Timestamp {
    "2031-03-12T08:00:00Z".parse().unwrap()
}

fn keep(originals: &mut Originals, text: &str) {
    let uri = "file:///cases/a.txt";
    originals
        .append(&Original { bytes: text.as_bytes(), kind: Kind::PlainText, uri, received: time() })
        .unwrap();
    originals.sync().unwrap();
}

/// A record with some of everything, sealed: erased leaves, trees of two heights, stamps where there is an authority.
fn example() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path();
    fs::create_dir(record.join("index")).unwrap();
    fs::write(record.join("record.db"), "rows of Тесмин").unwrap();
    fs::write(record.join("index/meta.json"), "{}").unwrap();
    let (mut originals, mut log) = open(record);
    keep(&mut originals, "Three people were hurt.");
    keep(&mut originals, "Троє людей поранено.");
    log.follow(originals.reader()).unwrap();
    let first = log.checkpoint().unwrap();
    stamp(record, first.size());
    let reason = "order 7 of the court of Тесмин, \"urgent\"\n\u{1}";
    let original = Digest::of(b"Three people were hurt.");
    log.erase(&mut originals, &Erasure { original, reason, time: time() }).unwrap();
    let notes = (0..300)
        .map(|number| Leaf::new("note", &[("number", Field::Number(number)), ("by", Field::Text("Ї"))]));
    log.append(&notes.collect::<Vec<_>>()).unwrap();
    log.checkpoint().unwrap();
    log.seal(None).unwrap();
    folder
}

fn stamp(record: &Path, size: u64) {
    let Some(at) = place() else { return };
    let stamps = Stamps::new(&record.join("log"));
    stamps.stamp(size, &mut Local(at, "rsa"), &Roots::default()).unwrap();
    let name = stamps.names().unwrap().remove(0);
    stamps.stamp_over(&name, &mut Local(at, "p256"), &Roots::default()).unwrap();
}

fn all_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> =
        entries.flat_map(|path| if path.is_dir() { all_files(&path) } else { vec![path] }).collect();
    found.sort();
    found
}

fn copy(record: &Path, to: &Path) {
    for path in all_files(record) {
        let copy = to.join(path.strip_prefix(record).unwrap());
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(&path, &copy).unwrap();
    }
}

#[test]
fn a_sound_record() {
    let folder = example();
    let Some(verdict) = second_verifier(&[folder.path()]) else { return };
    assert_eq!(verdict, (Some(0), String::new()));
    assert_eq!(verify(folder.path(), &Verification::default()).unwrap().faults, []);
    assert_eq!(second_verifier(&[&folder.path().join("index")]).unwrap().0, Some(2));
}

#[test]
fn rolled_back_to_an_older_copy() {
    let folder = example();
    let older = tempfile::tempdir().unwrap();
    copy(folder.path(), older.path());
    let (originals, mut log) = open(folder.path());
    log.append(&[Leaf::new("note", &[])]).unwrap();
    let handed_out = older.path().join("index/handed-out.lock");
    fs::write(&handed_out, log.checkpoint().unwrap().bytes()).unwrap();
    drop((originals, log));
    let Some((code, said)) = second_verifier(&[older.path(), &handed_out]) else { return };
    assert!(code == Some(3) && said.contains("rolled back"), "{said}");
    assert_eq!(second_verifier(&[older.path()]).unwrap().0, Some(0));
    assert_eq!(second_verifier(&[folder.path(), &handed_out]).unwrap().0, Some(0));
}

#[test]
fn the_same_verdict_on_every_damage() {
    let folder = example();
    if second_verifier(&[folder.path()]).is_none() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let files: Vec<PathBuf> = all_files(folder.path())
        .into_iter()
        .filter(|path| !path.to_string_lossy().contains("/keys/") && !path.ends_with(".lock"))
        .filter(|path| fs::metadata(path).unwrap().len() > 0)
        .collect();
    let mut twins = Vec::new();
    let mut twin = |change: &dyn Fn(&Path)| {
        let twin = place.path().join(twins.len().to_string());
        copy(folder.path(), &twin);
        change(&twin);
        twins.push(twin);
    };
    for (number, path) in files.iter().enumerate() {
        let inside = path.strip_prefix(folder.path()).unwrap();
        twin(&|twin| fs::remove_file(twin.join(inside)).unwrap());
        twin(&|twin| fs::write(twin.join(inside).with_file_name("another"), b"x").unwrap());
        twin(&|twin| {
            fs::write(twin.join(inside), [fs::read(path).unwrap(), b"\n".to_vec()].concat()).unwrap()
        });
        for step in 1..5 {
            let mut bytes = fs::read(path).unwrap();
            // Any spread over the file will do, as long as it is the same each time.
            let at = (number * 7919 + step * 104_729) % bytes.len();
            bytes[at] ^= 1 << (step * 2 - 1);
            twin(&|twin| fs::write(twin.join(inside), &bytes).unwrap());
        }
    }
    let first: Vec<bool> =
        twins.iter().map(|twin| !verify(twin, &Verification::default()).unwrap().faults.is_empty()).collect();
    let second = second_verdicts(&twins);
    assert_eq!(second.len(), twins.len());
    for ((first, second), number) in first.iter().zip(&second).zip(0..) {
        let path = files[number / 7].strip_prefix(folder.path()).unwrap();
        assert_eq!(first, second, "{}, change {}", path.display(), number % 7);
    }
    let missed = first.iter().filter(|found| !**found).count();
    eprintln!("{} changes, {missed} of them no damage", first.len());
}
