//! Ledgers of the samples: figures beside each other, and where they do not fit together.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod common;

use common::{Folder, samples};
use expect_test::expect;

fn collected() -> Folder {
    let folder = Folder::new();
    folder.run(&["collect", samples().join("reports").to_str().unwrap()]).fine();
    folder
}

fn strike(folder: &Folder) -> String {
    let asked = ["incidents", "--place", "halvorek", "--act", "attack_on_object", "--json"];
    let found = folder.run(&asked).fine().json();
    let most = found.iter().max_by_key(|incident| incident["reports"].as_array().unwrap().len()).unwrap();
    most["id"].as_str().unwrap().to_owned()
}

#[test]
fn the_ledger_of_one_strike() {
    let folder = collected();
    let printed = folder.run(&["figures", &strike(&folder)]).fine().stdout;
    expect![[r#"
        Alleged attack on a school in Halvorek
          i-1e74dd49fc5e · 2031-03-11 · Halvorek · 8 reports
          09-toll-rises.txt, 03-lantern-agency-short.txt, 02-courier-agency-copy.txt,
          04-observer-rewrite.txt, 13-commission-findings.html, 07-observer-correction.txt,
          01-agency-halvorek.txt, 06-ministry-denial.txt
            killed children: from the least to the most that is said: 2 or more: no upper bound is said
              2031-03-12  2, repeated 2 times: “Two of the dead” Dorel Havik, 02-courier-agency-copy.txt#5
              2031-03-12  2, repeated once: “two children” Officials in the east of Sorvenia,
              04-observer-rewrite.txt#4
              2031-03-13 to 2031-03-15  4 or more, undercount, repeated once: “at least four children” Dorel
              Havik, 06-ministry-denial.txt#17
              2031-03-27  6: “Six of the dead” Commission on Harm to Civilians in Sorvenia,
              13-commission-findings.html#6
            killed people: from the least to the most that is said: 9 or more: no upper bound is said
              2031-03-12  9 or more, repeated 2 times: “at least nine people” Ludrava regional
              administration, 02-courier-agency-copy.txt#3
              2031-03-12  9: “nine dead” Dorel Havik, 06-ministry-denial.txt#21
              2031-03-12  9, repeated once: “nine bodies” Officials in the east of Sorvenia,
              04-observer-rewrite.txt#3
              2031-03-13  2, in addition to others: “two more bodies” Dorel Havik, 06-ministry-denial.txt#19
              2031-03-13  3, a part of another figure: “three of the wounded” Dorel Havik,
              06-ministry-denial.txt#18
              2031-03-13  14, repeated once: “14” Dorel Havik, 06-ministry-denial.txt#16
              2031-03-15  21 or more, undercount: “More than 20 people” Ludrava regional administration,
              09-toll-rises.txt#3
              2031-03-27  23: “23 people” independent commission, 13-commission-findings.html#4
            injured people: from the least to the most that is said: 27 to 72
              2031-03-12  27, repeated 2 times: “27 people” Dorel Havik, 02-courier-agency-copy.txt#7
              2031-03-13  72: “72 more people” Dorel Havik, 04-observer-rewrite.txt#7
              2031-03-14  27: “27 more people” Dorel Havik, 07-observer-correction.txt#7
            missing people: from the least to the most that is said: 6
              2031-03-16  6: “six people” Dorel Havik, 09-toll-rises.txt#8
            do not fit together
              killed people: Officials in the east of Sorvenia gives 9, and Dorel Havik gives 14: no number
              fits both; both in one report
                contradiction: 04-observer-rewrite.txt#3 and 06-ministry-denial.txt#16
              injured people: Dorel Havik goes down from 72 to 27, for 2031-03-14
                drop: 04-observer-rewrite.txt#7 and 07-observer-correction.txt#7
            went on
              killed children: Dorel Havik goes from 2 to 4 or more, for 2031-03-13
                rise: 02-courier-agency-copy.txt#5 and 06-ministry-denial.txt#17
              injured people: Dorel Havik goes from 27 to 72, for 2031-03-13
                rise: 02-courier-agency-copy.txt#7 and 04-observer-rewrite.txt#7
              killed people: Ludrava regional administration goes from 14 to 21 or more, for 2031-03-15
                rise: 06-ministry-denial.txt#16 and 09-toll-rises.txt#3
              killed people: Dorel Havik goes from 9 to 14, for 2031-03-13
                rise: 06-ministry-denial.txt#21 and 06-ministry-denial.txt#16
            denied
              Alleged attack on a school in Halvorek
                by Kaldria’s government: it denies this act (06-ministry-denial.txt#2)
                by Kaldria’s government: it gives another version of the same event
                (06-ministry-denial.txt#4, 09-toll-rises.txt#16)
                by Kaldria’s government: it denies such acts as a whole, without this place or object
                (06-ministry-denial.txt#25, 09-toll-rises.txt#15)
              Alleged attack on civilians in Halvorek
                by Kaldria’s government: it denies this act (06-ministry-denial.txt#2)
                by Kaldria’s government: it gives another version of the same event
                (06-ministry-denial.txt#4, 09-toll-rises.txt#16)
              Alleged killing of people in Halvorek
                by Kaldria’s government: it denies this act (06-ministry-denial.txt#2)
                by Kaldria’s government: it gives another version of the same event
                (06-ministry-denial.txt#4, 09-toll-rises.txt#16)
    "#]]
    .assert_eq(&printed);
}

#[test]
fn a_situation_has_a_ledger_of_its_own() {
    let folder = collected();
    let printed = folder.run(&["figures", "t-place-not-said-2031-02-03"]).fine().stdout;
    expect![[r#"
        place not said, since 2031-02-03
          t-place-not-said-2031-02-03 · 2 reports
            displaced people: from the least to the most that is said: 640,001 or more: no upper bound is
            said
              2031-03-16  640,001 or more, estimate: “more than 640,000 people” United Nations,
              09-toll-rises.txt#18
              2031-03-20  8,999 or fewer: “nearly 9,000 people” refugee council,
              11-brevania-assessment.txt#20
    "#]]
    .assert_eq(&printed);
    let missed = folder.run(&["figures", "t-nowhere"]);
    assert_eq!(missed.code, Some(1));
    assert!(missed.stderr.contains("credence incidents --situations"));
}

#[test]
fn what_contradicts_and_what_is_denied() {
    let folder = collected();
    let printed = folder.run(&["contradictions", "--place", "Halvorek"]).fine().stdout;
    expect![[r#"
        Alleged attack on homes in Halvorek
          i-378a9cd5125f.1 · between 2031-02-01 and 2031-02-28 · Halvorek · 3 reports
          03-lantern-agency-short.txt, 02-courier-agency-copy.txt, 01-agency-halvorek.txt
            denied
              Alleged attack on homes in Halvorek
                by Kaldria’s government: it gives another version of the same event
                (06-ministry-denial.txt#4, 09-toll-rises.txt#16)
        Alleged attack on a school in Halvorek
          i-1e74dd49fc5e · 2031-03-11 · Halvorek · 8 reports
          09-toll-rises.txt, 03-lantern-agency-short.txt, 02-courier-agency-copy.txt,
          04-observer-rewrite.txt, 13-commission-findings.html, 07-observer-correction.txt,
          01-agency-halvorek.txt, 06-ministry-denial.txt
            do not fit together
              killed people: Officials in the east of Sorvenia gives 9, and Dorel Havik gives 14: no number
              fits both; both in one report
                contradiction: 04-observer-rewrite.txt#3 and 06-ministry-denial.txt#16
              injured people: Dorel Havik goes down from 72 to 27, for 2031-03-14
                drop: 04-observer-rewrite.txt#7 and 07-observer-correction.txt#7
            denied
              Alleged attack on a school in Halvorek
                by Kaldria’s government: it denies this act (06-ministry-denial.txt#2)
                by Kaldria’s government: it gives another version of the same event
                (06-ministry-denial.txt#4, 09-toll-rises.txt#16)
                by Kaldria’s government: it denies such acts as a whole, without this place or object
                (06-ministry-denial.txt#25, 09-toll-rises.txt#15)
              Alleged attack on civilians in Halvorek
                by Kaldria’s government: it denies this act (06-ministry-denial.txt#2)
                by Kaldria’s government: it gives another version of the same event
                (06-ministry-denial.txt#4, 09-toll-rises.txt#16)
              Alleged killing of people in Halvorek
                by Kaldria’s government: it denies this act (06-ministry-denial.txt#2)
                by Kaldria’s government: it gives another version of the same event
                (06-ministry-denial.txt#4, 09-toll-rises.txt#16)
    "#]]
    .assert_eq(&printed);
}

#[test]
fn the_chart_is_the_same_each_time_and_holds_no_markup_of_reports() {
    let folder = collected();
    let id = strike(&folder);
    let draw = |name: &str| {
        let file = folder.path().join(name);
        folder.run(&["figures", &id, "--svg", file.to_str().unwrap()]).fine();
        std::fs::read_to_string(file).unwrap()
    };
    let picture = draw("one.svg");
    assert_eq!(picture, draw("two.svg"));
    assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"));
    assert!(picture.contains(">Alleged attack on a school in Halvorek</title>"));
}
