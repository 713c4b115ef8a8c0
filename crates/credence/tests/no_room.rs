//! A disk that is full or cannot be written: a clear message, exit code 2, and nothing that was kept is lost.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod common;

use std::process::{Command, Stdio};

use common::{Folder, Ran};

/// Rows of an invented newsroom, long enough to fill what is allowed.
fn rows() -> String {
    let row = |number: u32| {
        let text = format!(
            "At least {number} people were killed when shells hit a school in Halvorek, the mayor said. Рядок {number}. "
        );
        let text = text.repeat(3);
        serde_json::json!({"id": format!("row-{number}"), "published": "2031-03-12", "text": text})
            .to_string()
            + "\n"
    };
    (0..40).map(row).collect()
}

/// Runs the program where no file may grow past `blocks` of 512 bytes: a write past them fails as on a full disk.
fn run_in(folder: &Folder, blocks: u32, arguments: &[&str]) -> Ran {
    let plain = folder.command(arguments);
    let mut command = Command::new("sh");
    // The signal that goes with the limit is ignored, so that the write itself fails.
    command.args(["-c", r#"trap '' XFSZ; ulimit -f "$0"; exec "$@""#, &blocks.to_string()]);
    command.arg(plain.get_program()).args(plain.get_args()).current_dir(folder.path());
    command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.stdin(Stdio::null());
    Ran::of(command.output().unwrap())
}

fn fails_clearly(ran: &Ran, at: &str) {
    assert_eq!(ran.code, Some(2), "{at}: {}", ran.stderr);
    let error = ran.stderr.lines().find(|line| line.starts_with("error: "));
    assert!(error.is_some_and(|error| error.len() > "error: ".len()), "{at}: {}", ran.stderr);
    assert!(!ran.stderr.contains("panic"), "{at}: {}", ran.stderr);
    assert!(!ran.stderr.contains("Halvorek"), "no words of a report: {}", ran.stderr);
}

fn says_that_the_disk_is_full(ran: &Ran, at: &str) {
    fails_clearly(ran, at);
    assert!(ran.stderr.contains("the disk is full or cannot be written"), "{at}: {}", ran.stderr);
}

#[test]
fn a_full_disk() {
    // Each limit is met by another file first.
    for blocks in [0, 8, 64, 256] {
        let folder = Folder::new();
        folder.write("first.txt", "date 2031-03-12 Three people were hurt in Tesmin, Mayor Ilya Orlov said.");
        folder.run(&["collect", "first.txt"]).fine();
        folder.write("rows.jsonl", rows());
        let at = format!("{blocks} blocks");
        says_that_the_disk_is_full(&run_in(&folder, blocks, &["collect", "rows.jsonl"]), &at);
        let reports = folder.run(&["reports", "--json"]).fine().json();
        assert!(!reports.is_empty(), "{at}: what was kept before is lost");
        folder.run(&["collect", "rows.jsonl"]).fine();
        let verified = folder.run(&["verify", "--deep"]);
        assert_eq!(verified.code, Some(0), "{at}: {}", verified.stdout);
        assert_eq!(folder.run(&["reports", "--json"]).fine().json().len(), 41, "{at}");
    }
}

#[test]
fn a_disk_that_is_full_from_the_start() {
    let folder = Folder::new();
    folder.write("rows.jsonl", rows());
    for blocks in [0, 8, 64] {
        let ran = run_in(&folder, blocks, &["collect", "rows.jsonl"]);
        says_that_the_disk_is_full(&ran, &format!("{blocks} blocks"));
    }
    folder.run(&["collect", "rows.jsonl"]).fine();
    folder.run(&["verify"]).fine();
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    folder.write("a.txt", "date 2031-03-12 Three people were hurt in Tesmin, Mayor Ilya Orlov said.");
    let locked = folder.path().join("locked");
    std::fs::create_dir(&locked).unwrap();
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o555)).unwrap();
    if std::fs::write(locked.join("probe"), "").is_ok() {
        skipped("this user may write to any folder");
        return;
    }
    let ran = folder.run(&["collect", "a.txt", "--record", "locked/record"]);
    fails_clearly(&ran, "a locked folder");
    assert!(ran.stderr.contains("locked"), "{}", ran.stderr);
}

#[allow(clippy::print_stdout, reason = "a skipped test says why")]
fn skipped(why: &str) {
    println!("skipped: {why}");
}

#[test]
fn a_file_where_the_record_should_be() {
    let folder = Folder::new();
    folder.write("a.txt", "date 2031-03-12 Three people were hurt in Tesmin, Mayor Ilya Orlov said.");
    for record in ["a.txt", "a.txt/record"] {
        let ran = folder.run(&["collect", "a.txt", "--record", record]);
        fails_clearly(&ran, record);
        assert!(ran.stderr.contains(record), "it says where: {}", ran.stderr);
    }
}
