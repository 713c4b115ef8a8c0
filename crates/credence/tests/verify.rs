//! What was kept can be checked, and what was changed since is found.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod common;

use std::fs;
use std::path::Path;

use common::{Folder, copy};

fn record() -> Folder {
    let folder = Folder::new();
    folder.write("in/a.txt", "date 2031-03-12 Three people were hurt in Tesmin, Mayor Ilya Orlov said.");
    folder.write(
        "in/b.txt",
        "date 2031-03-13 Rockets hit a school in Varden, the ministry said. Nobody was hurt.",
    );
    let ran = folder.run(&["collect", "in"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    folder
}

fn in_rows(folder: &Folder, sql: &str) {
    let rows = rusqlite::Connection::open(folder.path().join("record/record.db")).unwrap();
    rows.execute_batch(sql).unwrap();
}

#[test]
fn a_sound_record() {
    let folder = record();
    let ran = folder.run(&["verify", "--deep"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert!(ran.stdout.starts_with("sound: "), "{}", ran.stdout);
    let file = folder.run(&["verify", "in/a.txt"]);
    assert!(file.stdout.contains("kept as sha256:"), "{}", file.stdout);
    folder.write("other.txt", "Nobody was hurt.");
    assert_eq!(folder.run(&["verify", "other.txt"]).code, Some(1));
}

#[test]
fn an_older_record_without_a_log_gets_one() {
    let folder = record();
    fs::remove_dir_all(folder.path().join("record/log")).unwrap();
    fs::remove_dir_all(folder.path().join("record/keys")).unwrap();
    in_rows(&folder, "UPDATE reports SET leaf = NULL");
    assert_eq!(folder.run(&["log", "checkpoint"]).code, Some(0));
    let ran = folder.run(&["verify"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
}

#[test]
fn a_claim_changed_in_the_rows_is_found() {
    let folder = record();
    in_rows(&folder, "UPDATE claims SET body = replace(body, 'Orlov', 'Orlof') WHERE body LIKE '%Orlov%'");
    let ran = folder.run(&["verify"]);
    assert_eq!(ran.code, Some(3), "{}", ran.stdout);
    assert!(ran.stdout.contains("is not the one that leaf"), "{}", ran.stdout);
    assert!(ran.stdout.contains("DAMAGED record.db"), "{}", ran.stdout);
}

#[test]
fn a_record_rolled_back_is_found_by_an_older_checkpoint() {
    let folder = record();
    copy(&folder.path().join("record"), &folder.path().join("yesterday"));
    folder.write("in/c.txt", "date 2031-03-14 The bridge at Ostrin was destroyed, the army said.");
    folder.run(&["collect", "in"]);
    let checkpoint = folder.run(&["log", "checkpoint"]);
    folder.write("checkpoint", checkpoint.stdout);
    assert_eq!(folder.run(&["verify", "--checkpoint", "checkpoint"]).code, Some(0));
    let ran = folder.run(&["verify", "yesterday", "--checkpoint", "checkpoint"]);
    assert_eq!(ran.code, Some(3), "{}", ran.stdout);
    assert_eq!(folder.run(&["verify", "yesterday"]).code, Some(0), "alone, nobody can tell");
}

#[test]
fn a_proof_is_checked_by_the_key_alone() {
    let folder = record();
    let proof = folder.run(&["log", "prove", "a.txt", "--disclose"]).stdout;
    folder.write("a.tlog-proof", &proof);
    let key = folder.run(&["log", "key"]).stdout;
    let key = key.lines().next().unwrap().to_owned();
    fs::rename(folder.path().join("record"), folder.path().join("away")).unwrap();
    let ran = folder.run(&["verify", "a.tlog-proof", "--key", &key]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    folder.write("b.tlog-proof", proof.replace("index ", "index 1"));
    assert_eq!(folder.run(&["verify", "b.tlog-proof", "--key", &key]).code, Some(3));
}

#[test]
fn an_erased_original_is_nowhere() {
    let folder = record();
    let ran = folder.run(&["erase", "a.txt", "--reason", "order 7 of the court of Varden"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let ran = folder.run(&["verify", "--deep"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert_eq!(folder.run(&["search", "Tesmin"]).code, Some(1));
    assert_eq!(folder.run(&["claims", "--report", "a.txt"]).code, Some(2), "there is no such report");
    holds_nothing(&folder.path().join("record"), "Orlov");
    let reindexed = folder.run(&["reindex"]);
    assert_eq!(reindexed.code, Some(0), "{}", reindexed.stderr);
    assert_eq!(folder.run(&["reports"]).stdout.lines().count(), 1);
    assert_eq!(folder.run(&["erase", "a.txt", "--reason", "again"]).code, Some(2));
}

/// Looks for words in all files of a folder, as they are and unpacked.
fn holds_nothing(folder: &Path, words: &str) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            holds_nothing(&path, words);
            continue;
        }
        let mut bytes = fs::read(&path).unwrap();
        if path.extension().is_some_and(|extension| extension == "gz") {
            let mut unpacked = Vec::new();
            std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(&bytes[..]), &mut unpacked)
                .unwrap();
            bytes.extend(unpacked);
        }
        let found = bytes.windows(words.len()).any(|window| window == words.as_bytes());
        assert!(!found, "{} still holds the words", path.display());
    }
}

/// Any byte of any file of the record, but for keys and what says itself that it may change.
#[test]
fn a_flipped_byte_anywhere_is_found() {
    let folder = record();
    let record = folder.path().join("record");
    let mut files = Vec::new();
    collect_files(&record, &mut files);
    files.retain(|path| {
        let name = path.strip_prefix(&record).unwrap().to_string_lossy().into_owned();
        !name.starts_with("keys/") && !name.ends_with(".lock") && fs::metadata(path).unwrap().len() > 0
    });
    assert!(files.len() > 12, "{files:?}");
    // Three bytes of each file, by a fixed rule, so that a failure can be repeated.
    for (number, path) in files.iter().enumerate() {
        let bytes = fs::read(path).unwrap();
        for turn in 0..3_usize {
            let at = (number * 7919 + turn * 104_729) % bytes.len();
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (turn * 3 % 8);
            fs::write(path, &flipped).unwrap();
            let ran = folder.run(&["verify"]);
            assert_eq!(ran.code, Some(3), "byte {at} of {}: {}", path.display(), ran.stdout);
            fs::write(path, &bytes).unwrap();
        }
    }
    assert_eq!(folder.run(&["verify"]).code, Some(0));
}

fn collect_files(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { collect_files(&path, files) } else { files.push(path) }
    }
}
