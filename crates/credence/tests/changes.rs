//! What changed in a record since a moment.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod common;

use common::{Folder, Ran};
use expect_test::expect;

/// 2031-03-14T00:00:00Z, in seconds since 1970.
const FIRST: u64 = 1_931_212_800;
const DAY: u64 = 86_400;

/// Runs the program so many days after the first.
fn run(folder: &Folder, day: u64, arguments: &[&str]) -> Ran {
    let mut command = folder.command(arguments);
    command.env("SOURCE_DATE_EPOCH", (FIRST + day * DAY).to_string());
    Ran::of(command.output().unwrap())
}

fn collect(folder: &Folder, day: u64, reports: &[(&str, &str)]) {
    for (name, text) in reports {
        let path = folder.write(name, text);
        run(folder, day, &["collect", path.to_str().unwrap()]).fine();
    }
}

fn few() -> Folder {
    let folder = Folder::new();
    let school = "date 2031-03-13 A missile struck the school of Halvorek on 12 March, killing nine people, mayor Ila Brann said.";
    collect(&folder, 0, &[("a.txt", school)]);
    let police = "date 2031-03-14 Kaldrian forces shelled a school in Halvorek on 12 March. At least eleven people were killed, the Orlanian police said. \
        Kaldria's government denied that its forces had shelled the school.";
    let market = "date 2031-03-15 Shells hit the market of Tesmin on 14 March, wounding two people, the governor said.";
    collect(&folder, 3, &[("b.txt", police), ("c.txt", market)]);
    folder
}

#[test]
fn what_is_new_and_what_rose() {
    let folder = few();
    let told = run(&folder, 4, &["changes", "--since", "2d"]).fine().stdout;
    expect![[r#"
        New incidents
          i-ebab0bf734aa Alleged attack on a market or shop in Tesmin, 2031-03-14: c.txt
        Tolls that rose
          i-36b8f287e6da Alleged attack on a school in Halvorek: killed people: from 9 (Ila Brann, a.txt#3)
          to 11 or more (Orlanian police, b.txt#3)
        Denials
          b.txt#5 Kaldria's government denies: “its forces had shelled the school”
            answers i-36b8f287e6da
        More reports of known incidents
          i-36b8f287e6da Alleged attack on a school in Halvorek, 2031-03-12, at least 11 killed by the
          highest figure: b.txt (1 before)
    "#]]
    .assert_eq(&told);
    let json = run(&folder, 4, &["changes", "--since", "2031-03-16T00:00:00Z", "--json"]).fine().json();
    let kinds: Vec<&str> = json.iter().map(|change| change["change"].as_str().unwrap()).collect();
    expect!["new_incident toll denial new_reports"].assert_eq(&kinds.join(" "));
    let toll = json.iter().find(|change| change["change"] == "toll").unwrap();
    assert_eq!(
        (&toll["before"]["bounds"]["lower"], &toll["after"]["bounds"]["lower"]),
        (&9.into(), &11.into())
    );
}

#[test]
fn from_the_beginning_everything_is_new_and_later_nothing() {
    let folder = few();
    let all = run(&folder, 4, &["changes", "--since", "2031-03-01", "--json"]).fine().json();
    assert!(all.iter().all(|change| change["change"] != "new_reports" && change["change"] != "toll"));
    let none = run(&folder, 9, &["changes", "--since", "24h"]);
    assert_eq!((none.code, none.stdout.as_str()), (Some(1), ""));
    let bad = run(&folder, 9, &["changes", "--since", "yesterday"]);
    assert_eq!(bad.code, Some(2));
    assert!(bad.stderr.contains("--since \"yesterday\": give a day"), "{}", bad.stderr);
}

#[test]
fn what_was_derived_is_the_same_after_reindexing() {
    let folder = few();
    let since = ["changes", "--since", "2d", "--json"];
    let before = run(&folder, 4, &since).fine().stdout;
    run(&folder, 4, &["reindex"]).fine();
    assert_eq!(run(&folder, 4, &since).fine().stdout, before);
}

#[test]
fn decisions_and_removals_are_told() {
    let folder = few();
    let ids: Vec<String> = run(&folder, 4, &["incidents", "--json"])
        .fine()
        .json()
        .iter()
        .map(|incident| incident["id"].as_str().unwrap().to_owned())
        .collect();
    let merge = ["merge", &ids[0], &ids[1], "--reason", "one attack", "--by", "Mira Vey"];
    run(&folder, 6, &merge).fine();
    run(&folder, 6, &["erase", "c.txt", "--reason", "order 7"]).fine();
    let told = run(&folder, 7, &["changes", "--since", "2d"]).fine().stdout;
    expect![[r#"
        Decided by people
          d-11 merge (incident) by Mira Vey: one attack
        Removed by law
          2031-03-20T00:00:00Z: order 7
    "#]]
    .assert_eq(&told);
}
