//! Where claims come from, as it is shown: origins, copies, families and their picture.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it has to be")]

mod common;

use common::{Folder, samples};
use expect_test::expect;

fn collected() -> Folder {
    let folder = Folder::new();
    folder.run(&["collect", samples().join("reports").to_str().unwrap()]).fine();
    folder
}

/// Thirty outlets that print one text of an agency, a report that quotes the same speaker, and a witness.
fn copied() -> Folder {
    let folder = Folder::new();
    let text = "LESK, Vorland, May 3 (Tavra News) - Shells hit a hospital in Lesk on Monday, killing six people, the \
                town council said. The council spokesman, Oren Tuvik, told reporters that all six had been patients \
                of one ward, and that the roof had come down on the beds before anybody could carry them out.";
    let mut rows = Vec::new();
    for number in 1..=30 {
        let outlet = if number == 1 { "Tavra News".to_owned() } else { format!("Paper {number:02}") };
        let day = if number < 10 { "2031-05-03" } else { "2031-05-04" };
        rows.push(row((&format!("copy-{number:02}"), &outlet, day), text));
    }
    let own = "Tuvik, the spokesman of Lesk town council, said on Monday that six people were killed when a hospital in Lesk was shelled.";
    rows.push(row(("quotes", "Evening Mail", "2031-05-04"), own));
    let witness = "Six people were killed when shells hit the hospital in Lesk on Monday, said Mira Vey, a nurse who survived. \
                   She had been changing a bandage, she said, and had not heard the shells coming.";
    rows.push(row(("witness", "Harbour Post", "2031-05-05"), witness));
    std::fs::write(folder.path().join("rows.jsonl"), rows.join("\n")).unwrap();
    folder.run(&["collect", "rows.jsonl"]).fine();
    folder
}

fn row((id, outlet, day): (&str, &str, &str), text: &str) -> String {
    serde_json::json!({ "id": id, "outlet": outlet, "published": day, "text": text }).to_string()
}

/// The claim of a report whose words begin so.
fn claim(folder: &Folder, report: &str, kind: &str) -> String {
    let claims = folder.run(&["claims", "--report", report, "--kind", kind, "--json"]).fine().json();
    claims[0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn thirty_copies_are_one_line() {
    let folder = copied();
    let claim = claim(&folder, "copy-07", "figure");
    let shown = folder.run(&["origins", &claim]).fine().stdout;
    expect![[r#"
        People killed in Lesk
          1 independent origin, 30 dependent (reports that only pass one on), 0 unknown — from 31 reports
          The claim asked for: “six people” copy-07#3
          1. town council — the side that was harmed
             first in copy-01 (Tavra News, 2031-05-03): “six people” copy-01#3
             one origin because Oren Tuvik speaks for “town council”; “Tuvik” is short for “Oren Tuvik”, the
             only such name here
             – 29 more reports print one text of Tavra News and add no origin: copy-08 (Paper 08,
               2031-05-03), copy-04 (Paper 04, 2031-05-03), copy-02 (Paper 02, 2031-05-03) and 26 more
               (--all)
             – 1 more report quotes the same speaker in its own text: quotes (Evening Mail, 2031-05-04)
          Kinds of origin: 1 × the side that was harmed
          Stated: place, day, number
          Suggested grade F3 (a suggestion by rules; the analyst's own grade decides): no grade of this
          source is on record, and a new source starts at F: it cannot be judged yet; a single origin says
          it and there is nothing else to judge it by; however many copies, that is at best 3

    "#]]
    .assert_eq(&shown);
    let page = include_str!("../../../docs/formats/origins.md");
    assert!(page.contains(shown.trim_end()), "docs/formats/origins.md shows another output");
    let all = folder.run(&["origins", &claim, "--all"]).fine().stdout;
    for number in 2..=30 {
        assert!(all.contains(&format!("copy-{number:02}")), "{number}");
    }
}

#[test]
fn a_copy_more_changes_no_independent_count() {
    let folder = copied();
    let claim = claim(&folder, "copy-07", "figure");
    let counts = |folder: &Folder| {
        let sheets = folder.run(&["origins", &claim, "--json"]).fine().json();
        let count = |field: &str| sheets[0][field].as_array().unwrap().len();
        (count("independent"), count("unknown"), count("dependent"))
    };
    let before = counts(&folder);
    let rows = std::fs::read_to_string(folder.path().join("rows.jsonl")).unwrap();
    let first = rows.lines().next().unwrap();
    let more = first.replace("copy-01", "copy-99").replace("\"Tavra News\"", "\"Last Paper\"");
    std::fs::write(folder.path().join("more.jsonl"), more).unwrap();
    folder.run(&["collect", "more.jsonl"]).fine();
    assert_eq!(counts(&folder), (before.0, before.1, before.2 + 1));
    folder.run(&["reindex"]).fine();
    assert_eq!(counts(&folder), (before.0, before.1, before.2 + 1));
}

#[test]
fn the_origins_of_a_sample_claim() {
    let folder = collected();
    let shown = folder.run(&["origins", "01-agency-halvorek.txt#2"]).fine().stdout;
    expect![[r#"
        Alleged attack on a school in Halvorek
          2 independent origins, 6 dependent (reports that only pass one on), 0 unknown — from 8 reports
          The claim asked for: “Rockets fired by Kaldrian forces hit a school used as a shelter in the
          eastern Sorvenian town of Halvorek on Tuesday evening, killing at least nine people”
          01-agency-halvorek.txt#2
          1. administration of the Ludrava region — the side that was harmed
             first in 02-courier-agency-copy.txt (2031-03-12): “Rockets fired by Kaldrian forces hit a
             school used as a shelter in the eastern Sorvenian town of Halvorek on Tuesday evening, killing
             at least nine people” 02-courier-agency-copy.txt#2
             one origin because Dorel Havik speaks for “Ludrava regional administration”; Dorel Havik speaks
             for “administration of the Ludrava region”
             – 2 more reports print one text of Norvane Press and add no origin: 01-agency-halvorek.txt
               (2031-03-12), 03-lantern-agency-short.txt (2031-03-13)
             – 1 more report prints the text of 04-observer-rewrite.txt and adds no origin:
               07-observer-correction.txt (2031-03-14)
             – 3 more reports quote the same speaker in their own texts: 04-observer-rewrite.txt
               (2031-03-13), 06-ministry-denial.txt (2031-03-14), 09-toll-rises.txt (2031-03-16)
          2. Nela Torvik — not said what it is to the event
             first in 05-halvorek-witnesses.html (Quillhaven Post, 2031-03-13): “the first rocket came down
             on Halvorek’s School No. 3 on Tuesday” 05-halvorek-witnesses.html#1
          ≠ Kaldria’s government denies it: 06-ministry-denial.txt#2
          ≠ Kaldria’s government tells it otherwise: 06-ministry-denial.txt#4, 09-toll-rises.txt#16
          ≠ Kaldria’s government denies such acts in general: 06-ministry-denial.txt#25,
            09-toll-rises.txt#15
          ≠ Kaldria’s government, of the accused side, also speaks here: 02-courier-agency-copy.txt#12,
            01-agency-halvorek.txt#12, 03-lantern-agency-short.txt#13 and 16 more (--all)
          Kinds of origin: 1 × the side that was harmed, 1 × not said what it is to the event
          Stated: place, day, weapon
          Suggested grade F2 (a suggestion by rules; the analyst's own grade decides): no grade of this
          source is on record, and a new source starts at F: it cannot be judged yet; two or more
          independent origins say it, but none of them is known to have been there

    "#]]
    .assert_eq(&shown);
}

#[test]
fn incidents_and_stories_can_be_asked_for() {
    let folder = collected();
    for list in ["incidents", "stories"] {
        let found = folder.run(&[list, "--json"]).fine().json();
        let id = found[0]["id"].as_str().unwrap();
        let sheets = folder.run(&["origins", id, "--json"]).fine().json();
        assert!(sheets.iter().all(|sheet| sheet["asked"] == id && sheet["weighing"].is_object()), "{list}");
    }
}

#[test]
fn what_has_no_origins_says_so() {
    let folder = collected();
    assert_eq!(folder.run(&["origins", "nothing-of-this-name"]).code, Some(1));
    let statement = claim(&folder, "01-agency-halvorek.txt", "statement");
    let asked = folder.run(&["origins", &statement]);
    assert_eq!(asked.code, Some(1));
    assert!(asked.stderr.contains("nothing here has origins to count"), "{}", asked.stderr);
}

#[test]
fn a_family_is_shown_and_drawn() {
    let folder = copied();
    let shown = folder.run(&["family", "copy-07", "--svg", "family.svg"]).fine().stdout;
    assert!(shown.starts_with("30 reports of one text"), "{shown}");
    assert!(shown.contains("likely origin: copy-01"), "{shown}");
    let svg = std::fs::read_to_string(folder.path().join("family.svg")).unwrap();
    assert!(svg.contains("<title>Copies of one text: 30 reports</title>"));
    let json = folder.run(&["family", "copy-30", "--json"]).fine().json();
    let id = json[0]["id"].as_str().unwrap();
    assert_eq!(folder.run(&["family", id, "--json"]).fine().json(), json);
    assert_eq!(json[0]["ties"].as_array().unwrap().len(), 29);
    assert_eq!(folder.run(&["family", "witness"]).code, Some(1));
}
