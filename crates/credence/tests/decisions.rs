//! What people decide on incidents and stories, and that it holds.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod common;

use common::{Folder, Ran, copy, holds_nothing, samples};
use expect_test::{Expect, expect};
use serde_json::Value;

const SCHOOL: &str =
    "A missile struck the school of Halvorek on 12 March, killing nine people, mayor Ila Brann said.";
const POLICE: &str = "Kaldrian forces shelled a school in Halvorek on 12 March. At least eleven people were killed, the Orlanian police said.";
const MARKET: &str = "Shells hit the market of Tesmin on 14 March, wounding two people, the governor said.";
const DEPOT: &str = "Drones set a fuel depot in Tesmin on fire on 15 March, the governor said.";

/// A record of a few reports, each a file of its own with the day it appeared.
fn record(reports: &[(&str, &str, &str)]) -> Folder {
    let folder = Folder::new();
    collect(&folder, reports);
    folder
}

fn collect(folder: &Folder, reports: &[(&str, &str, &str)]) {
    for (name, day, text) in reports {
        let path = folder.write(name, format!("date {day} {text}"));
        folder.run(&["collect", path.to_str().unwrap()]).fine();
    }
}

fn few() -> Folder {
    record(&[
        ("a.txt", "2031-03-13", SCHOOL),
        ("b.txt", "2031-03-14", POLICE),
        ("c.txt", "2031-03-15", MARKET),
        ("d.txt", "2031-03-16", DEPOT),
    ])
}

fn decide(folder: &Folder, arguments: &[&str]) -> Ran {
    folder.run(&[arguments, &["--reason", "seen on site", "--by", "Mira Vey"]].concat()).fine()
}

/// Returns the incidents without the names of decisions, which are numbered as they come.
fn incidents(folder: &Folder) -> Vec<Value> {
    let mut incidents = folder.run(&["incidents", "--json"]).fine().json();
    for incident in &mut incidents {
        incident["decisions"] = Value::Null;
        for link in incident["links"].as_array_mut().unwrap() {
            link["confirmed_by"] = Value::Null;
        }
    }
    incidents
}

/// Returns the id of the incident that a report is in.
fn of(folder: &Folder, report: &str) -> String {
    let all = folder.run(&["incidents", "--json"]).fine().json();
    let holds = |incident: &&Value| incident["reports"].as_array().unwrap().iter().any(|name| name == report);
    all.iter().find(holds).unwrap()["id"].as_str().unwrap().to_owned()
}

/// Prints which reports are together.
fn together(folder: &Folder) -> String {
    let names = |incident: &Value| {
        let names: Vec<&str> =
            incident["reports"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        names.join(" ")
    };
    let mut groups: Vec<String> = incidents(folder).iter().map(names).collect();
    groups.sort();
    groups.join(" | ")
}

fn check(folder: &Folder, expected: Expect) {
    expected.assert_eq(&together(folder));
}

fn last(folder: &Folder) -> String {
    let all = folder.run(&["decisions", "--json"]).fine().json();
    all.last().unwrap()["id"].as_str().unwrap().to_owned()
}

#[test]
fn merged_and_taken_back() {
    let folder = few();
    check(&folder, expect!["b.txt a.txt | c.txt | d.txt"]);
    let before = incidents(&folder);
    let (school, market) = (of(&folder, "a.txt"), of(&folder, "c.txt"));
    decide(&folder, &["merge", &school, &market]);
    check(&folder, expect!["b.txt a.txt c.txt | d.txt"]);
    let now = of(&folder, "c.txt");
    // Both are still found by the names that they had.
    for id in [&school, &market] {
        let shown = folder.run(&["incident", id, "--json"]).fine();
        assert_eq!(shown.json()[0]["id"], now.as_str());
        assert_eq!(shown.stderr.contains("is part of"), *id != now);
    }
    decide(&folder, &["undo", &last(&folder)]);
    assert_eq!(incidents(&folder), before);
    // Both stay in the history.
    assert_eq!(folder.run(&["decisions", "--json"]).fine().json().len(), 2);
    folder.run(&["verify"]).fine();
}

#[test]
fn split_and_taken_back() {
    let folder = few();
    let before = incidents(&folder);
    decide(&folder, &["split", &of(&folder, "a.txt"), "b.txt"]);
    check(&folder, expect!["a.txt | b.txt | c.txt | d.txt"]);
    decide(&folder, &["undo", &last(&folder)]);
    assert_eq!(incidents(&folder), before);
    let again = folder.run(&["undo", &last(&folder), "--reason", "no", "--by", "Mira Vey"]);
    assert_eq!(again.code, Some(2), "{}", again.stderr);
}

#[test]
fn what_is_linked_leaves_what_it_was_with() {
    let folder = few();
    decide(&folder, &["link", "b.txt", &of(&folder, "c.txt")]);
    check(&folder, expect!["a.txt | b.txt c.txt | d.txt"]);
    // A claim stands for all that its report tells of the event.
    decide(&folder, &["unlink", "b.txt#1", &of(&folder, "c.txt")]);
    check(&folder, expect!["a.txt | b.txt | c.txt | d.txt"]);
}

#[test]
fn a_link_that_was_suggested_is_confirmed() {
    let folder = few();
    let id = of(&folder, "a.txt");
    decide(&folder, &["link", "b.txt", &id]);
    let shown = folder.run(&["incident", &id]).fine().stdout;
    let head: Vec<&str> = shown.lines().take(12).collect();
    expect![[r#"
        Alleged attack on a school in Halvorek
          i-af0abbbbae37 · 2031-03-12 · Halvorek · 2 reports · decided: d-13
          b.txt, a.txt
          suggested, and confirmed by d-13: a.txt with b.txt: same day; same class of object: school; words
          shared: killing, school
          decided by Mira Vey, 2031-03-27T00:00:00Z, d-13:
            “Kaldrian forces shelled a school in Halvorek on 12 March. At least eleven people were killed,
            the Or…” (reported 2031-03-14) belongs to “Alleged attack on a school in Halvorek” (2031-03-12,
            2 reports)
            b.txt#1 belongs to the incident told of by a.txt#2
            because: seen on site
          Alleged"#]]
    .assert_eq(&head.join("\n"));
}

#[test]
fn a_decision_names_what_it_is_about() {
    let folder = few();
    decide(&folder, &["merge", &of(&folder, "a.txt"), &of(&folder, "c.txt")]);
    decide(&folder, &["unlink", "c.txt", &of(&folder, "c.txt")]);
    decide(&folder, &["split", &of(&folder, "a.txt"), "b.txt"]);
    decide(&folder, &["undo", &last(&folder)]);
    let stories = folder.run(&["stories", "--json"]).fine().json();
    let ids: Vec<&str> = stories.iter().map(|story| story["id"].as_str().unwrap()).collect();
    decide(&folder, &[&["merge"], &ids[..2]].concat());
    let listed = folder.run(&["decisions"]).fine().stdout;
    expect![[r#"
        d-13 · 2031-03-27T00:00:00Z · Mira Vey
          “Alleged attack on a school in Halvorek” (2031-03-12, 2 reports) and “Alleged attack on a market
          or shop in Tesmin” (2031-03-14) are one incident
          one incident: a.txt#2, b.txt#1, c.txt#2
          because: seen on site
        d-17 · 2031-03-27T00:00:00Z · Mira Vey
          “Shells hit the market of Tesmin on 14 March, wounding two people, the governor said.” (reported
          2031-03-15) does not belong to “Alleged attack on a school in Halvorek” (2031-03-12, 2 reports)
          c.txt#2 does not belong to the incident told of by a.txt#2, b.txt#1
          because: seen on site
        d-21 · 2031-03-27T00:00:00Z · Mira Vey
          “Kaldrian forces shelled a school in Halvorek on 12 March. At least eleven people were killed, the
          Or…” (reported 2031-03-14) is an incident apart from “Alleged attack on a school in Halvorek”
          (2031-03-12, 2 reports)
          of one incident: b.txt#1; of another: a.txt#2
          because: seen on site
          taken back by d-24
        d-24 · 2031-03-27T00:00:00Z · Mira Vey
          takes back d-21, which is about “Kaldrian forces shelled a school in Halvorek on 12 March. At
          least eleven people were killed, the Or…” (reported 2031-03-14) and “Alleged attack on a school in
          Halvorek” (2031-03-12, 2 reports)
          because: seen on site
        d-25 · 2031-03-27T00:00:00Z · Mira Vey
          “A missile struck the school of Halvorek on 12 March, killing nine people, mayor Ila Brann said.”
          (reported 2031-03-13 to 2031-03-14, 2 reports) and “Shells hit the market of Tesmin on 14 March,
          wounding two people, the governor said.” (reported 2031-03-15 to 2031-03-16, 2 reports) are one
          story
          one story: a.txt, b.txt, c.txt, d.txt
          because: seen on site
    "#]]
    .assert_eq(&listed);
    let merged = &folder.run(&["decisions", "--json"]).fine().json()[0]["in_words"];
    let titles = |of: &str| -> Vec<&str> {
        merged[of].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect()
    };
    assert_eq!(
        titles("to"),
        ["Alleged attack on a school in Halvorek", "Alleged attack on a market or shop in Tesmin"]
    );
    assert_eq!(merged["to"][0]["reports"], 2);
    // What became of them since is said too.
    assert_eq!(
        titles("now"),
        ["Alleged attack on a school in Halvorek", "Alleged attack on a market or shop in Tesmin"]
    );
    assert!(merged["now"].as_array().unwrap().iter().any(|now| now["id"] == of(&folder, "c.txt").as_str()));
}

#[test]
fn a_copy_goes_where_its_text_was_put() {
    let folder = few();
    decide(&folder, &["split", &of(&folder, "a.txt"), "b.txt"]);
    collect(
        &folder,
        &[("b2.txt", "2031-03-14", &format!("{POLICE} ")), ("a2.txt", "2031-03-13", &format!("{SCHOOL} "))],
    );
    check(&folder, expect!["a2.txt a.txt | b.txt b2.txt | c.txt | d.txt"]);
}

#[test]
fn the_order_of_decisions_on_different_things_changes_nothing() {
    let merge =
        |folder: &Folder| drop(decide(folder, &["merge", &of(folder, "c.txt"), &of(folder, "d.txt")]));
    let split = |folder: &Folder| drop(decide(folder, &["split", &of(folder, "a.txt"), "b.txt"]));
    let (one, other) = (few(), few());
    merge(&one);
    split(&one);
    split(&other);
    merge(&other);
    assert_eq!(incidents(&one), incidents(&other));
}

#[test]
fn the_later_wins_and_says_so() {
    let folder = few();
    decide(&folder, &["split", &of(&folder, "a.txt"), "b.txt"]);
    let split = last(&folder);
    let merged = decide(&folder, &["merge", &of(&folder, "a.txt"), &of(&folder, "b.txt")]);
    assert!(merged.stderr.contains(&format!("overrides {split}")), "{}", merged.stderr);
    check(&folder, expect!["b.txt a.txt | c.txt | d.txt"]);
    decide(&folder, &["undo", &last(&folder)]);
    check(&folder, expect!["a.txt | b.txt | c.txt | d.txt"]);
}

#[test]
fn decisions_are_made_again_from_the_log() {
    let folder = few();
    decide(&folder, &["split", &of(&folder, "a.txt"), "b.txt"]);
    decide(&folder, &["merge", &of(&folder, "c.txt"), &of(&folder, "d.txt")]);
    decide(&folder, &["undo", &last(&folder)]);
    let (listed, before) = (folder.run(&["decisions", "--json"]).fine().stdout, incidents(&folder));
    folder.run(&["reindex"]).fine();
    assert_eq!(folder.run(&["decisions", "--json"]).fine().stdout, listed);
    assert_eq!(incidents(&folder), before);
    for lost in ["record.db", "record.db-wal", "record.db-shm"] {
        let _ = std::fs::remove_file(folder.path().join("record").join(lost));
    }
    std::fs::remove_dir_all(folder.path().join("record/index")).unwrap();
    folder.run(&["collect", "a.txt"]);
    assert_eq!(folder.run(&["decisions", "--json"]).fine().stdout, listed);
    assert_eq!(incidents(&folder), before);
    folder.run(&["verify"]).fine();
}

#[test]
fn of_an_erased_report_nothing_decided_is_shown() {
    let folder = few();
    decide(&folder, &["split", &of(&folder, "a.txt"), "b.txt"]);
    decide(&folder, &["merge", &of(&folder, "c.txt"), &of(&folder, "d.txt")]);
    let digest =
        folder.run(&["show", "b.txt", "--json"]).fine().json()[0]["original"].as_str().unwrap().to_owned();
    std::fs::remove_file(folder.path().join("b.txt")).unwrap();
    folder.run(&["erase", "b.txt", "--reason", "order 7"]).fine();
    let listed = folder.run(&["decisions", "--json"]).fine().json();
    assert_eq!(
        listed.iter().map(|decision| decision["act"].as_str().unwrap()).collect::<Vec<_>>(),
        ["merge"]
    );
    check(&folder, expect!["a.txt | c.txt d.txt"]);
    folder.run(&["verify"]).fine();
    holds_nothing(&folder.path().join("record"), &digest);
    folder.run(&["reindex"]).fine();
    check(&folder, expect!["a.txt | c.txt d.txt"]);
    // That somebody decided something stays in the log.
    let leaves = std::fs::read_to_string(folder.path().join("record/log/leaves/00000.jsonl")).unwrap();
    assert!(leaves.contains("\"act\":\"split\""));
}

#[test]
fn a_row_that_was_changed_or_taken_out_is_found() {
    let folder = few();
    decide(&folder, &["split", &of(&folder, "a.txt"), "b.txt"]);
    for (sql, fault) in [
        ("UPDATE decisions SET reason = 'other'", "is not the one"),
        ("UPDATE decided SET role = 'to'", "is not the one"),
        ("DELETE FROM decided; DELETE FROM decisions", "is missing"),
    ] {
        let other = Folder::new();
        copy(&folder.path().join("record"), &other.path().join("record"));
        std::fs::remove_file(other.path().join("record/log/seal")).unwrap();
        rusqlite::Connection::open(other.path().join("record/record.db"))
            .unwrap()
            .execute_batch(sql)
            .unwrap();
        let verified = other.run(&["verify"]);
        assert_eq!(verified.code, Some(3), "{sql}");
        assert!(verified.stdout.contains(fault), "{sql}: {}", verified.stdout);
    }
}

fn of_samples() -> Folder {
    let folder = Folder::new();
    folder.run(&["collect", samples().join("reports").to_str().unwrap()]).fine();
    folder
}

/// Returns the stories without the names of decisions.
fn stories(folder: &Folder) -> Vec<Value> {
    let mut stories = folder.run(&["stories", "--json"]).fine().json();
    stories.iter_mut().for_each(|story| story["decisions"] = Value::Null);
    stories
}

fn names(story: &Value) -> Vec<&str> {
    story["reports"].as_array().unwrap().iter().map(|report| report["id"].as_str().unwrap()).collect()
}

fn id(story: &Value) -> &str {
    story["id"].as_str().unwrap()
}

#[test]
fn stories_are_merged_and_split_and_taken_back() {
    let folder = of_samples();
    let before = stories(&folder);
    let (one, other) = (&before[0], &before[1]);
    decide(&folder, &["merge", id(one), id(other)]);
    let merged = stories(&folder);
    assert_eq!(merged.len(), before.len() - 1);
    let mut both = [names(one), names(other)].concat();
    both.sort_unstable();
    let mut found = names(&merged[0]);
    found.sort_unstable();
    assert_eq!(found, both);
    // The story is still found by both names, and what is said of it counts all its reports.
    for name in [id(one), id(other)] {
        decide(&folder, &["split", name, names(other)[0]]);
        assert!(stories(&folder).iter().any(|story| names(story) == names(other)[..1]));
        decide(&folder, &["undo", &last(&folder)]);
        assert_eq!(stories(&folder), merged);
    }
    folder.run(&["reindex"]).fine();
    assert_eq!(stories(&folder), merged);
    folder.run(&["verify"]).fine();
    let first = folder.run(&["decisions", "--json"]).fine().json()[0]["id"].as_str().unwrap().to_owned();
    decide(&folder, &["undo", &first]);
    assert_eq!(stories(&folder), before);
}

#[test]
fn a_report_goes_to_another_story() {
    let folder = of_samples();
    let before = stories(&folder);
    let agency = "01-agency-halvorek.txt";
    let home = before.iter().find(|story| names(story).contains(&agency)).unwrap();
    let other = before.iter().find(|story| id(story) != id(home)).unwrap();
    decide(&folder, &["link", agency, id(other)]);
    let holding = |stories: &[Value], report: &str| {
        let found: Vec<&Value> = stories.iter().filter(|story| names(story).contains(&report)).collect();
        assert_eq!(found.len(), 1);
        names(found[0]).into_iter().map(str::to_owned).collect::<Vec<String>>()
    };
    let with = holding(&stories(&folder), agency);
    assert!(with.contains(&names(other)[0].to_owned()), "{with:?}");
    let claim = format!("{agency}#1");
    let of_claim = folder.run(&["link", &claim, id(home), "--reason", "why", "--by", "Mira Vey"]);
    assert_eq!(of_claim.code, Some(2), "{}", of_claim.stderr);
    folder.run(&["verify"]).fine();
}

#[test]
fn what_cannot_be_decided_is_explained() {
    let folder = Folder::new();
    folder.run(&["collect", samples().join("reports").to_str().unwrap()]).fine();
    let all = folder.run(&["incidents", "--json"]).fine().json();
    let ids: Vec<&str> = all.iter().map(|incident| incident["id"].as_str().unwrap()).collect();
    let mut said = String::new();
    for arguments in [
        vec!["merge", ids[0], ids[0]],
        vec!["merge", ids[0], "i-none"],
        vec!["split", ids[0], "none.txt"],
        vec!["split", "i-1e74dd49fc5e", "14-sergeant-convicted.txt"],
        vec!["link", "11-brevania-assessment.txt", "i-1e74dd49fc5e"],
        vec!["link", "06-ministry-denial.txt#1", "i-1e74dd49fc5e"],
        vec!["undo", "d-1"],
    ] {
        let ran = folder.run(&[&arguments[..], &["--reason", "why", "--by", "Mira Vey"]].concat());
        assert_eq!(ran.code, Some(2));
        said += &ran.stderr;
    }
    let ran = folder.run(&["merge", ids[0], ids[1], "--reason", " ", "--by", "Mira Vey"]);
    said += &ran.stderr;
    expect![[r#"
        error: these are one already: i-5591a3d4fe09
        error: no incident is called "i-none"; `credence incidents` lists them
        error: there is no report or claim called "none.txt"
        error: 14-sergeant-convicted.txt is not in i-1e74dd49fc5e
        error: 11-brevania-assessment.txt tells of 3 events; name one by a claim:
         11-brevania-assessment.txt#4
         11-brevania-assessment.txt#6, 11-brevania-assessment.txt#7, 11-brevania-assessment.txt#8, 11-brevania-assessment.txt#9, 11-brevania-assessment.txt#14
         11-brevania-assessment.txt#11
        error: 06-ministry-denial.txt#1 tells of no single event: it cannot be put to an incident or taken from one
        error: no decision is called "d-1"; `credence decisions` lists them
        error: --reason has to say why, on one line
    "#]].assert_eq(&said);
    assert_eq!(folder.run(&["decisions"]).code, Some(1));
}
