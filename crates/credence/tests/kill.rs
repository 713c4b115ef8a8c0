//! `kill -9` at any moment of a collect, and then again: the same record as an undisturbed run.

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
        let said = String::from_utf8(output.stderr).unwrap();
        let reported = said.lines().rev().find_map(kept).unwrap_or(0);
        if reported > 0 {
            let reports = folder.run(&["reports", "--json", "--record", record]).fine().json().len();
            assert!(reports >= reported, "{reported} were reported as kept, {reports} are there");
        }
        folder.run(&["collect", "rows.jsonl", "--record", record]).fine();
        for (found, expected) in all(&folder, record).iter().zip(&expected) {
            assert!(found == expected, "killed after {moment:?}: the record differs");
        }
        std::fs::remove_dir_all(folder.path().join(record)).unwrap();
    }
}

/// Reads "kept 256, known 0".
fn kept(line: &str) -> Option<usize> {
    line.strip_prefix("kept ")?.split(',').next()?.parse().ok()
}
