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
    common::holds_nothing(&folder.path().join("record"), "Orlov");
    let reindexed = folder.run(&["reindex"]);
    assert_eq!(reindexed.code, Some(0), "{}", reindexed.stderr);
    assert_eq!(folder.run(&["reports"]).stdout.lines().count(), 1);
    assert_eq!(folder.run(&["erase", "a.txt", "--reason", "again"]).code, Some(2));
}

/// Any byte of any file of the record, but for keys, locks and what a run believes only where the seal agrees.
#[test]
fn a_flipped_byte_anywhere_is_found() {
    let folder = record();
    let record = folder.path().join("record");
    let mut files = Vec::new();
    collect_files(&record, &mut files);
    files.retain(|path| {
        let name = path.strip_prefix(&record).unwrap().to_string_lossy().into_owned();
        !name.starts_with("keys/")
            && !name.ends_with(".lock")
            && name != "log/.blocks"
            && fs::metadata(path).unwrap().len() > 0
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

#[test]
fn an_erasure_for_too_long_a_reason_begins_nothing() {
    let folder = record();
    let ran = folder.run(&["erase", "a.txt", "--reason", &"x".repeat(70_000)]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("at most 4096"), "{}", ran.stderr);
    folder.run(&["collect", "in"]).fine();
    folder.run(&["verify", "--deep"]).fine();
}

#[test]
fn rows_that_somebody_wrote_erase_nothing() {
    let folder = record();
    let reports = folder.run(&["reports", "--json"]).json();
    let digest = reports[0]["original"].as_str().unwrap().trim_start_matches("sha256:");
    in_rows(
        &folder,
        &format!("INSERT OR REPLACE INTO state VALUES ('erasing', '{digest} 1 1932336000 order 9')"),
    );
    fs::remove_file(folder.path().join("record/log/seal")).unwrap();
    let ran = folder.run(&["log", "checkpoint"]);
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    assert!(ran.stderr.contains("nothing was erased"), "{}", ran.stderr);
    assert_eq!(folder.run(&["reports"]).fine().stdout.lines().count(), 2);
    folder.run(&["verify", "--deep"]).fine();
}

/// A record whose file at `path` somebody has added to, without taking the seal away.
fn added_to(path: &str, more: &[u8]) -> Folder {
    let folder = record();
    let path = folder.path().join("record").join(path);
    let whole = fs::read(&path).unwrap();
    fs::write(&path, [&whole, more].concat()).unwrap();
    folder
}

/// What somebody changed under the seal is found, and no run signs it.
fn is_refused(folder: &Folder, named: &str) {
    for arguments in [&["collect", "in"][..], &["log", "checkpoint"], &["reindex"], &["sources", "--retry"]] {
        let ran = folder.run(arguments);
        assert_eq!(ran.code, Some(3), "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(named) && ran.stderr.contains("Put the record back"), "{}", ran.stderr);
    }
    assert_eq!(folder.run(&["verify"]).code, Some(3));
    assert!(folder.path().join("record/log/seal").is_file());
}

#[test]
fn no_run_signs_what_was_changed_under_the_seal() {
    let leaf = format!("{{\"index\":7,\"record\":{{\"kind\":\"note\"}},\"salt\":\"{}\"}}\n", "0".repeat(64));
    is_refused(&added_to("log/leaves/00000.jsonl", leaf.as_bytes()), "log/seal");
    let segment = "originals/20310327-00001.warc.gz";
    let twin = fs::read(record().path().join("record").join(segment)).unwrap();
    is_refused(&added_to(segment, &twin), segment);
    let folder = record();
    in_rows(
        &folder,
        "UPDATE claims SET body = replace(body, 'Orlov', 'Orlof'); UPDATE reports SET leaf = NULL",
    );
    is_refused(&folder, "record.db");
}

#[test]
fn a_forged_reading_that_a_run_has_logged_is_found() {
    let folder = record();
    in_rows(&folder, "UPDATE claims SET body = replace(body, 'Orlov', 'Orlof'), speaker = replace(speaker, 'Orlov', 'Orlof'),
        speakers = replace(speakers, 'Orlov', 'Orlof'), quote = replace(quote, 'Orlov', 'Orlof'); UPDATE reports SET leaf = NULL");
    fs::remove_file(folder.path().join("record/log/seal")).unwrap();
    folder.run(&["collect", "in"]).fine();
    let ran = folder.run(&["verify"]);
    assert_eq!(ran.code, Some(3), "{}", ran.stdout);
    assert!(ran.stdout.contains("two readings by one version"), "{}", ran.stdout);
    folder.run(&["reindex"]).fine();
    folder.run(&["verify"]).fine();
}

#[test]
fn columns_that_do_not_say_what_was_read_are_found() {
    for sql in [
        "UPDATE claims SET measure = 'killed' WHERE measure IS NOT NULL",
        "UPDATE claims SET quote = 'nobody'",
        "UPDATE reports SET outlet = 'Lesk Herald'",
        "UPDATE reports SET title = 'Nothing happened', published = '2030-01-01'",
    ] {
        let folder = record();
        in_rows(&folder, sql);
        fs::remove_file(folder.path().join("record/log/seal")).unwrap();
        folder.run(&["collect", "in"]).fine();
        let ran = folder.run(&["verify"]);
        assert_eq!(ran.code, Some(3), "{sql}: {}", ran.stdout);
        assert!(ran.stdout.contains("do not say what its JSON says"), "{sql}: {}", ran.stdout);
        folder.run(&["reindex"]).fine();
        folder.run(&["verify"]).fine();
    }
}

#[test]
fn rows_that_were_dropped_are_missed() {
    let folder = record();
    in_rows(
        &folder,
        "PRAGMA foreign_keys = on; DELETE FROM reports; DELETE FROM sightings; DELETE FROM originals;",
    );
    fs::remove_file(folder.path().join("record/log/seal")).unwrap();
    folder.run(&["log", "checkpoint"]).fine();
    let ran = folder.run(&["verify"]);
    assert_eq!(ran.code, Some(3), "{}", ran.stdout);
    assert!(ran.stdout.contains("is missing; `credence reindex` takes it"), "{}", ran.stdout);
    folder.run(&["reindex"]).fine();
    folder.run(&["verify"]).fine();
    assert_eq!(folder.run(&["reports"]).stdout.lines().count(), 2);
}

#[test]
fn a_closed_pipe_leaves_a_sealed_record() {
    let folder = record();
    for arguments in [&["log", "checkpoint"][..], &["log", "key"], &["erase", "a.txt", "--reason", "order 7"]]
    {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let status = folder.command(arguments).stdout(writer).status().unwrap();
        assert_eq!(status.code(), Some(0), "{arguments:?}");
        assert!(folder.path().join("record/log/seal").is_file(), "{arguments:?}");
    }
    assert_eq!(folder.run(&["reports"]).stdout.lines().count(), 1);
}
