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
          i-1e74dd49fc5e · 2031-03-11 · Halvorek · 6 reports
          09-toll-rises.txt, 05-halvorek-witnesses.html, 03-lantern-agency-short.txt,
          02-courier-agency-copy.txt, 13-commission-findings.html, 01-agency-halvorek.txt
            killed children: from the least to the most that is said: 2 or more: no upper bound is said
              2031-03-12  2, repeated 2 times: “Two of the dead” Dorel Havik, 02-courier-agency-copy.txt#5
              2031-03-15  4 or more, undercount: “at least four children” Ludrava regional administration,
              09-toll-rises.txt#4
              2031-03-27  6: “Six of the dead” Commission on Harm to Civilians in Sorvenia,
              13-commission-findings.html#6
            killed people: from the least to the most that is said: 9 or more: no upper bound is said
              2031-03-12  9 or more, repeated 2 times: “at least nine people” Ludrava regional
              administration, 02-courier-agency-copy.txt#3
              2031-03-15  21 or more, undercount: “More than 20 people” Ludrava regional administration,
              09-toll-rises.txt#3
              2031-03-27  23: “23 people” independent commission, 13-commission-findings.html#4
            injured people: from the least to the most that is said: 27
              2031-03-12  27, repeated 2 times: “27 people” Dorel Havik, 02-courier-agency-copy.txt#7
            went on
              killed people: Ludrava regional administration goes from 9 or more to 21 or more, for
              2031-03-15
                rise: 02-courier-agency-copy.txt#3 and 09-toll-rises.txt#3
              killed children: Ludrava regional administration goes from 2 to 4 or more, for 2031-03-15
                rise: 02-courier-agency-copy.txt#5 and 09-toll-rises.txt#4
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
        Alleged attack on civilians: a school in Halvorek
          i-fc5ffe4655b7 · 2031-02-03 · Halvorek · 1 report
          06-ministry-denial.txt
            denied
              Alleged attack on a school in Halvorek
                by Kaldria’s government: it denies this act (06-ministry-denial.txt#2)
                by Kaldria’s government: it gives another version of the same event
                (06-ministry-denial.txt#4, 09-toll-rises.txt#16)
                by Kaldria’s government: it denies such acts as a whole, without this place or object
                (06-ministry-denial.txt#25, 09-toll-rises.txt#15)
        Alleged attack on a school in Halvorek
          i-1e74dd49fc5e · 2031-03-11 · Halvorek · 6 reports
          09-toll-rises.txt, 05-halvorek-witnesses.html, 03-lantern-agency-short.txt,
          02-courier-agency-copy.txt, 13-commission-findings.html, 01-agency-halvorek.txt
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
