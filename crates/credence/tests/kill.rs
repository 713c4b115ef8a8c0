//! `kill -9` at any moment of a collect, and then again: the same record as an undisturbed run.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it has to be")]

mod common;

use std::time::{Duration, Instant};

use common::Folder;

const ROWS: usize = 600;

/// Rows of an invented newsroom, each a little different.
fn rows() -> String {
    (0..ROWS)
        .map(|i| {
            let text = format!(
                "At least {i} people were killed when shells hit a school in Halvorek on Tuesday, the mayor said. \
                 Row number {i} was filed from the town of Tesmin."
            );
            serde_json::json!({"id": format!("row-{i}"), "outlet": "Quillhaven Post", "published": "2031-03-12", "text": text})
                .to_string()
                + "\n"
        })
        .collect()
}

/// Everything that can be asked of a record, in a form to compare.
fn all(folder: &Folder, record: &str) -> Vec<String> {
    let lists = ["reports", "claims", "stories"]
        .iter()
        .map(|command| folder.run(&[command, "--json", "--record", record]).fine().stdout);
    // Hits of the same score come in any order: which they are is what counts.
    let found = folder.run(&["search", "--json", "--record", record, "--limit", "1000", "halvorek"]).fine();
    let mut found: Vec<String> = found.json().iter().map(|hit| hit["original"].to_string()).collect();
    found.sort();
    lists.chain([found.join("\n")]).collect()
}

#[test]
fn a_killed_run_loses_nothing_and_the_next_one_goes_on() {
    let folder = Folder::new();
    folder.write("rows.jsonl", rows());
    let started = Instant::now();
    folder.run(&["collect", "rows.jsonl", "--record", "undisturbed"]).fine();
    let whole = started.elapsed();
    let expected = all(&folder, "undisturbed");

    for i in 0..20u32 {
        // Moments spread over the whole run; a fixed list, so that a failure can be repeated.
        let moment = whole * ((i * 7) % 20) / 20 + Duration::from_millis(3);
        let record = "killed";
        let mut child = folder.command(&["collect", "rows.jsonl", "--record", record]).spawn().unwrap();
        std::thread::sleep(moment);
        // `kill` sends SIGKILL; a run that has ended already is fine too.
        let _ = child.kill();
        let output = child.wait_with_output().unwrap();
        let reported = reported(&String::from_utf8(output.stderr).unwrap());
        if reported > 0 {
            let reports = reports(&folder, record).len();
            assert!(reports >= reported, "{reported} were reported as kept, {reports} are there");
        }
        folder.run(&["collect", "rows.jsonl", "--record", record]).fine();
        folder.run(&["verify", record]).fine();
        for (found, expected) in all(&folder, record).iter().zip(&expected) {
            assert!(found == expected, "killed after {moment:?}: the record differs");
        }
        std::fs::remove_dir_all(folder.path().join(record)).unwrap();
    }
}

/// Runs the program so that it ends, as if killed, when a batch is done for the second time; and tells whether it did.
fn stopped_at_second(folder: &Folder, step: &str, arguments: &[&str]) -> bool {
    let output = folder.command(arguments).env("CREDENCE_STOP_AT", format!("{step}:2")).output().unwrap();
    common::Ran::of(output).code.is_none()
}

#[test]
fn what_was_compared_is_not_compared_again() {
    let folder = Folder::new();
    folder.write("rows.jsonl", rows());
    folder.run(&["collect", "rows.jsonl", "--record", "undisturbed"]).fine();
    let incidents = |record: &str| folder.run(&["incidents", "--json", "--record", record]).fine().stdout;
    let expected = (all(&folder, "undisturbed"), incidents("undisturbed"));

    // Of three batches two are done when it stops: one is left, and there is no second one to stop at.
    let collect = ["collect", "rows.jsonl", "--record", "stopped"];
    assert!(stopped_at_second(&folder, "batch-compared", &collect));
    assert!(!stopped_at_second(&folder, "batch-compared", &collect));
    let list = ["incidents", "--record", "stopped"];
    assert!(stopped_at_second(&folder, "batch-told", &list));
    assert!(!stopped_at_second(&folder, "batch-told", &list));
    assert!((all(&folder, "stopped"), incidents("stopped")) == expected, "the record differs");
}

#[test]
fn what_was_read_anew_is_not_read_again() {
    let folder = Folder::new();
    folder.write("rows.jsonl", rows());
    let incidents = |record: &str| folder.run(&["incidents", "--json", "--record", record]).fine().stdout;
    for record in ["undisturbed", "updated"] {
        folder.run(&["collect", "rows.jsonl", "--record", record]).fine();
        incidents(record);
    }
    let expected = (all(&folder, "undisturbed"), incidents("undisturbed"));

    // As another version would have left it.
    let updated = folder.path().join("updated");
    let rows = rusqlite::Connection::open(updated.join("record.db")).unwrap();
    rows.execute_batch(
        "UPDATE reports SET reader_version = '0'; UPDATE state SET value = '0' WHERE key = 'corroboration_rules'",
    )
    .unwrap();
    drop(rows);
    std::fs::remove_file(updated.join("log/seal")).unwrap();
    let collect = ["collect", "rows.jsonl", "--record", "updated"];
    assert!(stopped_at_second(&folder, "batch-read", &collect));
    assert!(!stopped_at_second(&folder, "batch-read", &collect));
    assert!((all(&folder, "updated"), incidents("updated")) == expected, "the record differs");
    folder.run(&["verify", "updated"]).fine();
}

/// Reads how many were reported as kept last: "kept 256, known 0".
fn reported(said: &str) -> usize {
    let kept = |line: &str| line.strip_prefix("kept ")?.split(',').next()?.parse().ok();
    said.lines().rev().find_map(kept).unwrap_or(0)
}

fn reports(folder: &Folder, record: &str) -> Vec<serde_json::Value> {
    folder.run(&["reports", "--json", "--record", record]).fine().json()
}

/// The durable steps of a collect into a record that was closed before.
const KEEPING: &[&str] = &[
    "seal-removed",
    "originals-written",
    "originals-synced",
    "leaves-written",
    "leaves-synced",
    "new-file-written",
    "tiles-written",
    "checkpoint-kept",
    "checkpoint-published",
    "seal-written",
];

/// The durable steps of an erasure, besides those that keep what it says.
const ERASING: &[&str] =
    &["erasure-planned", "segment-copied", "segment-replaced", "leaves-erased", "erasure-ended"];

/// A record with one report, and a second one that is not collected yet.
fn begun() -> Folder {
    let folder = Folder::new();
    folder.write("in/a.txt", "date 2031-03-12 Three people were hurt in Tesmin, Mayor Ilya Orlov said.");
    folder.run(&["collect", "in"]).fine();
    folder.write("in/b.txt", "date 2031-03-13 Ракети. Rockets hit a school in Varden, the ministry said.");
    folder
}

/// Runs the program so that it ends, as if killed, when a step is done for the `N`th time: for N = 1, 2, 4 and so on,
/// as long as it comes so far. Each time in a record made by `begun`, which `look` then finds sound.
fn stopped_at(step: &str, arguments: &[&str], look: impl Fn(&Folder, &common::Ran)) {
    for turn in 0.. {
        let folder = begun();
        let stop = format!("{step}:{}", 1_u32 << turn);
        let output = folder.command(arguments).env("CREDENCE_STOP_AT", &stop).output().unwrap();
        let ran = common::Ran::of(output);
        // Opening the record mends it.
        folder.run(&["log", "checkpoint"]).fine();
        let verified = folder.run(&["verify", "--deep"]);
        assert_eq!(verified.code, Some(0), "stopped at {stop}: {}", verified.stdout);
        look(&folder, &ran);
        if ran.code.is_some() {
            assert_eq!(ran.code, Some(0), "{}", ran.stderr);
            assert!(turn > 0, "{step} was not reached");
            return;
        }
    }
}

#[test]
fn a_collect_stopped_at_any_durable_step() {
    for step in KEEPING {
        stopped_at(step, &["collect", "in"], |folder, ran| {
            let found = reports(folder, "record").len();
            assert!(found > reported(&ran.stderr), "one was there before, {found} are there now");
            folder.run(&["collect", "in"]).fine();
            folder.run(&["verify"]).fine();
            assert_eq!(reports(folder, "record").len(), 2);
        });
    }
}

#[test]
fn a_day_that_is_given_later_is_read_by_wherever_the_run_stopped() {
    for step in KEEPING {
        let folder = Folder::new();
        folder.write("in/a.txt", "Three people were hurt in Tesmin on Tuesday, Mayor Ilya Orlov said.");
        folder.run(&["collect", "in"]).fine();
        let again = ["collect", "in", "--published", "2031-03-12"];
        for turn in 1..5 {
            let stop = format!("{step}:{turn}");
            folder.command(&again).env("CREDENCE_STOP_AT", stop).output().unwrap();
        }
        folder.run(&again).fine();
        assert_eq!(reports(&folder, "record")[0]["published"], "2031-03-12", "{step}");
        folder.run(&["verify", "--deep"]).fine();
    }
}

#[test]
fn an_erasure_stopped_at_any_durable_step() {
    for step in ERASING {
        stopped_at(step, &["erase", "a.txt", "--reason", "order 7"], |folder, _| {
            // The rows knew of it first, so whatever was begun is ended.
            assert_eq!(folder.run(&["search", "Orlov"]).code, Some(1), "{step}");
        });
    }
}
