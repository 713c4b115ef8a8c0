//! A record over time: again, elsewhere, in another order, read anew.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it has to be")]

mod common;

use common::{Folder, Ran, samples};

fn everything(folder: &Folder, record: &str) -> Vec<String> {
    ["reports", "claims", "figures", "stories"]
        .iter()
        .map(|command| folder.run(&[command, "--json", "--record", record]).fine().stdout)
        .collect()
}

/// The reports that a search finds; their scores also depend on how the index came about.
fn hits(folder: &Folder, words: &str) -> Vec<String> {
    let found = folder.run(&["search", "--json", words]).fine();
    let mut hits: Vec<String> = found.json().iter().map(|hit| hit["original"].to_string()).collect();
    hits.sort();
    hits
}

/// Like `assert_eq`, without printing whole records.
fn assert_same(found: &[String], expected: &[String]) {
    for (found, expected) in
        found.iter().flat_map(|list| list.lines()).zip(expected.iter().flat_map(|list| list.lines()))
    {
        let at = found.bytes().zip(expected.bytes()).take_while(|(one, other)| one == other).count();
        let near = |line: &str| line.chars().skip(at.saturating_sub(60)).take(160).collect::<String>();
        assert!(found == expected, "…{}…\nis not\n…{}…", near(found), near(expected));
    }
    assert!(found == expected, "one record has more lines than the other");
}

#[test]
fn the_same_bytes_are_one_original_with_another_sighting() {
    let folder = Folder::new();
    folder.write("a/one.txt", "date 2031-03-12 Nine people were killed in Halvorek, the mayor said.");
    folder.write("b/two.txt", "date 2031-03-12 Nine people were killed in Halvorek, the mayor said.");
    assert_eq!(
        folder.run(&["collect", "a"]).fine().stdout,
        "kept 1 new, 0 seen again elsewhere, 0 known; skipped 0\n"
    );
    assert_eq!(
        folder.run(&["collect", "b"]).fine().stdout,
        "kept 0 new, 1 seen again elsewhere, 0 known; skipped 0\n"
    );
    assert_eq!(
        folder.run(&["collect", "a", "b"]).fine().stdout,
        "kept 0 new, 0 seen again elsewhere, 2 known; skipped 0\n"
    );
    assert_eq!(folder.run(&["reports", "--json"]).fine().json().len(), 1);
}

#[test]
fn reindexing_gives_the_same_claims_and_stories() {
    let folder = Folder::new();
    folder.run(&["collect", samples().join("reports").to_str().unwrap()]).fine();
    let before = everything(&folder, "record");
    let before_search = hits(&folder, "school");
    folder.run(&["reindex"]).fine();
    assert_same(&everything(&folder, "record"), &before);
    assert_eq!(hits(&folder, "school"), before_search);
}

#[test]
fn lost_rows_and_a_lost_index_are_made_again_from_the_originals() {
    let folder = Folder::new();
    folder.run(&["collect", samples().join("reports").to_str().unwrap()]).fine();
    let before = everything(&folder, "record");
    for name in ["record.db", "record.db-wal", "record.db-shm"] {
        let _ = std::fs::remove_file(folder.path().join("record").join(name));
    }
    std::fs::remove_dir_all(folder.path().join("record/index")).unwrap();
    folder.run(&["reindex"]).fine();
    assert_same(&everything(&folder, "record"), &before);
}

#[test]
fn the_order_of_arrival_changes_nothing() {
    let folder = Folder::new();
    let mut paths: Vec<String> = std::fs::read_dir(samples().join("reports"))
        .unwrap()
        .map(|entry| entry.unwrap().path().to_str().unwrap().to_owned())
        .collect();
    paths.sort();
    for path in &paths {
        folder.run(&["collect", path, "--record", "forwards"]).fine();
    }
    for path in paths.iter().rev() {
        folder.run(&["collect", path, "--record", "backwards"]).fine();
    }
    assert_same(&everything(&folder, "backwards"), &everything(&folder, "forwards"));
}

#[test]
fn filters_and_exit_codes() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["claims"]).code, Some(2), "there is no record");
    folder.run(&["collect", samples().join("reports").to_str().unwrap()]).fine();
    let count = |arguments: &[&str]| folder.run(arguments).json().len();
    let all = count(&["claims", "--json"]);
    let kinds = ["statement", "figure", "allegation", "determination"];
    let by_kind: usize = kinds.iter().map(|kind| count(&["claims", "--json", "--kind", kind])).sum();
    assert_eq!(by_kind, all);
    assert!(count(&["claims", "--json", "--speaker", "HAVIK"]) > 3);
    assert!(count(&["claims", "--json", "--polarity", "denied"]) > 0);
    assert!(count(&["claims", "--json", "--act", "attack_on_object", "--place", "halvorek"]) > 0);
    assert!(count(&["claims", "--json", "--from", "2031-03-11", "--to", "2031-03-12"]) < all);
    assert!(count(&["reports", "--json", "--from", "2031-03-20"]) < 14);
    assert_eq!(folder.run(&["claims", "--speaker", "nobody of that name"]).code, Some(1));
    let refused = folder.run(&["claims", "--act", "bombing"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("attack_on_object"), "{}", refused.stderr);
    assert_eq!(folder.run(&["show", "no-such-report"]).code, Some(2));
    assert_eq!(folder.run(&["search", "zebra"]).code, Some(1));
    assert_eq!(folder.run(&["collect", "nothing-here"]).code, Some(1));
    assert!(folder.run(&["show", "01-agency-halvorek.txt"]).fine().stdout.contains("[1]"));
    assert!(folder.run(&["show", "01-agency-halvorek.txt#1"]).fine().stdout.contains("rule:"));
}

#[test]
fn reading_goes_on_while_somebody_writes() {
    let folder = Folder::new();
    folder.run(&["collect", samples().join("reports").to_str().unwrap()]).fine();
    let lock = std::fs::File::open(folder.path().join("record/.lock")).unwrap();
    lock.lock().unwrap();
    for command in ["reports", "claims", "figures", "stories"] {
        folder.run(&[command]).fine();
    }
    folder.run(&["search", "school"]).fine();
    let refused = folder.run(&["collect", samples().join("reports").to_str().unwrap()]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("another process"), "{}", refused.stderr);
}

#[test]
fn the_day_of_known_bytes_can_be_given_later() {
    let folder = Folder::new();
    folder.write(
        "a.txt",
        "Shells hit a clinic in Lesk on Monday, killing three people, the mayor, Mira Vey, said.",
    );
    let at = |second: &str, arguments: &[&str]| {
        let mut command = folder.command(arguments);
        Ran::of(command.env("SOURCE_DATE_EPOCH", second).output().unwrap()).fine()
    };
    let published = || folder.run(&["reports", "--json"]).fine().json()[0]["published"].clone();
    at("1932336000", &["collect", "a.txt"]);
    assert_eq!(published(), serde_json::Value::Null);
    let given = at("1932336060", &["collect", "a.txt", "--published", "2031-04-02"]).stdout;
    assert!(given.starts_with("kept 0 new, 1 seen again"), "{given}");
    assert_eq!(published(), "2031-04-02");
    // What was given stays, and is not taken back by who gives nothing, or another day.
    let known = at("1932336120", &["collect", "a.txt"]).stdout;
    assert!(known.contains("1 known"), "{known}");
    at("1932336180", &["collect", "a.txt", "--published", "2031-05-02"]);
    assert_eq!(published(), "2031-04-02");
    folder.run(&["verify"]).fine();
    folder.run(&["reindex"]).fine();
    assert_eq!(published(), "2031-04-02");
    folder.run(&["verify"]).fine();
}
