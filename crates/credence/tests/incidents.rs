//! Incidents of the samples, and how they stand when reports come, go and are read again.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it has to be")]

mod common;

use common::{Folder, samples};
use expect_test::expect;

fn collected() -> Folder {
    let folder = Folder::new();
    folder.run(&["collect", samples().join("reports").to_str().unwrap()]).fine();
    folder
}

#[test]
fn the_incidents_of_the_samples() {
    let folder = collected();
    let printed = folder.run(&["incidents"]).fine().stdout;
    expect![[r#"
        Alleged killing of people in Marnava
          i-5591a3d4fe09 · between 2026-10-01 and 2026-10-31 · Marnava · 1 report
          14-sergeant-convicted.txt
        Alleged attack on homes in Halvorek
          i-378a9cd5125f.1 · between 2031-02-01 and 2031-02-28 · Halvorek · 3 reports
          03-lantern-agency-short.txt, 02-courier-agency-copy.txt, 01-agency-halvorek.txt
        Alleged abduction or deportation in Sorvenia
          i-64e370c780b8 · 2031-02-27 · somewhere in Sorvenia · 1 report
          10-ruvany-detained.txt
        Alleged attack on a school in Halvorek
          i-1e74dd49fc5e · 2031-03-11 · Halvorek · 8 reports
          09-toll-rises.txt, 03-lantern-agency-short.txt, 02-courier-agency-copy.txt,
          04-observer-rewrite.txt, 13-commission-findings.html, 07-observer-correction.txt,
          01-agency-halvorek.txt, 06-ministry-denial.txt
        Alleged killing of people in Ludrava Region
          i-087184302407.1 · 2031-03-11 · somewhere in Ludrava Region · 1 report
          12-court-inquiry.txt
        Alleged attack on a school
          i-2a52fec712c0 · 2031-03-11 · place not said · 1 report
          05-halvorek-witnesses.html
        Alleged attack on civilians
          i-2a52fec712c0.1 · 2031-03-12 · place not said · 1 report
          05-halvorek-witnesses.html
        Alleged attack on a market or shop in Tesmin
          i-1e74dd49fc5e.1 · 2031-03-13 · Tesmin · 3 reports
          09-toll-rises.txt, 13-commission-findings.html, 08-tesmin-market.txt
        Alleged attack on a school in Halvorek
          i-a82955c339c0.1 · day not said, reported on 2031-03-14 · Halvorek · 1 report
          08-tesmin-market.txt
        Alleged military use of a school
          i-fc5ffe4655b7.1 · day not said, reported on 2031-03-14 · place not said · 1 report
          06-ministry-denial.txt
        Alleged attack on a hospital or clinic in Asterholm
          i-4b6cf718df1e.1 · day not said, reported on 2031-03-20 · Asterholm · 1 report
          11-brevania-assessment.txt
        Alleged attack on civilians in Halvorek
          i-4b6cf718df1e.2 · day not said, reported on 2031-03-20 · Halvorek · 1 report
          11-brevania-assessment.txt
        Alleged war crimes, not said which in Sorvenia
          i-4b6cf718df1e · day not said, reported on 2031-03-20 · somewhere in Sorvenia · 1 report
          11-brevania-assessment.txt
        Alleged attack on a school in Halvorek
          i-087184302407 · day not said, reported on 2031-03-25 · Halvorek · 1 report
          12-court-inquiry.txt
        Alleged war crimes, not said which in Halvorek
          i-a6ceac5e2554.1 · day not said, reported on 2031-03-27 · Halvorek · 1 report
          13-commission-findings.html
        Alleged use of a prohibited weapon
          i-a6ceac5e2554.2 · day not said, reported on 2031-03-27 · place not said · 1 report
          13-commission-findings.html
    "#]]
    .assert_eq(&printed);
}

#[test]
fn one_strike_with_all_that_is_said_of_it() {
    let folder = collected();
    let found = folder
        .run(&["incidents", "--place", "halvorek", "--act", "attack_on_object", "--json"])
        .fine()
        .json();
    let most = found.iter().max_by_key(|incident| incident["reports"].as_array().unwrap().len()).unwrap();
    let printed = folder.run(&["incident", most["id"].as_str().unwrap()]).fine().stdout;
    expect![[r#"
        Alleged attack on a school in Halvorek
          i-1e74dd49fc5e · 2031-03-11 · Halvorek · 8 reports
          09-toll-rises.txt, 03-lantern-agency-short.txt, 02-courier-agency-copy.txt,
          04-observer-rewrite.txt, 13-commission-findings.html, 07-observer-correction.txt,
          01-agency-halvorek.txt, 06-ministry-denial.txt
          suggested: 03-lantern-agency-short.txt with 09-toll-rises.txt: same place: Halvorek; same day;
          same class of object: school; words shared: eastern, regional, administration, ludrava, killed
          suggested: 02-courier-agency-copy.txt with 03-lantern-agency-short.txt: same place: Halvorek; same
          day; same class of object: school; words shared: eastern, evening, regional, wounded,
          administration
          suggested: 04-observer-rewrite.txt with 03-lantern-agency-short.txt: same day; same class of
          object: school; words shared: administration, ludrava, shelter, children, rockets
          suggested: 13-commission-findings.html with 02-courier-agency-copy.txt: same place: Halvorek; same
          day; same class of object: school; words shared: dead, fired, killed, children, sorvenian
          suggested: 07-observer-correction.txt with 04-observer-rewrite.txt: same day; same class of
          object: school; words shared: injured, recovered, region, speaks, townspeople
          suggested: 01-agency-halvorek.txt with 02-courier-agency-copy.txt: same place: Halvorek; same day;
          same class of object: school; words shared: dead, eastern, evening, regional, fired
          suggested: 06-ministry-denial.txt with 09-toll-rises.txt: same place: Halvorek; reported 3 days
          after; same class of object: school; words shared: air, basement, defence, missile, building
          Alleged
            Attack on a school in Halvorek, said to be by Kaldrian forces: 1 independent origin, relayed by
            6 reports more, 1 unknown, denied
              – administration of the Ludrava region (in 02-courier-agency-copy.txt, 01-agency-halvorek.txt,
                03-lantern-agency-short.txt, 04-observer-rewrite.txt, 07-observer-correction.txt,
                06-ministry-denial.txt, 09-toll-rises.txt; says it was Kaldrian forces)
              ≠ denied by Kaldria’s government: 06-ministry-denial.txt#2
              ≠ told otherwise by Kaldria’s government: 06-ministry-denial.txt#4, 09-toll-rises.txt#16
              ≠ denied in general by Kaldria’s government: 06-ministry-denial.txt#25, 09-toll-rises.txt#15
                “Rockets fired by Kaldrian forces hit a school used as a shelter in the eastern Sorvenian
                town of Halvorek on Tuesday evening, killing at least nine people” Ludrava regional
                administration, 02-courier-agency-copy.txt#2
              Kinds of origin: 1 × the side that was harmed
              Stated: place, day, weapon
              Suggested grade F3 (a suggestion by rules; the analyst's own grade decides): no grade of this
              source is on record, and a new source starts at F: it cannot be judged yet; a single origin
              says it and there is nothing else to judge it by; however many copies, that is at best 3
            Alleged attack on civilians in Halvorek: 1 independent origin, relayed by 4 reports more, denied
              – administration of the Ludrava region (in 02-courier-agency-copy.txt, 01-agency-halvorek.txt,
                03-lantern-agency-short.txt, 04-observer-rewrite.txt, 07-observer-correction.txt)
              ≠ denied by Kaldria’s government: 06-ministry-denial.txt#2
              ≠ told otherwise by Kaldria’s government: 06-ministry-denial.txt#4, 09-toll-rises.txt#16
                “27 people were wounded” Dorel Havik, 02-courier-agency-copy.txt#6
              Kinds of origin: 1 × the side that was harmed
              Stated: place, day
              Suggested grade F3 (a suggestion by rules; the analyst's own grade decides): no grade of this
              source is on record, and a new source starts at F: it cannot be judged yet; a single origin
              says it and there is nothing else to judge it by; however many copies, that is at best 3
            Alleged killing of people in Halvorek: 2 independent origins, relayed by 1 report more, denied
              – administration of the Ludrava region (in 03-lantern-agency-short.txt, 09-toll-rises.txt)
              – independent commission (in 13-commission-findings.html)
              ≠ denied by Kaldria’s government: 06-ministry-denial.txt#2
              ≠ told otherwise by Kaldria’s government: 06-ministry-denial.txt#4, 09-toll-rises.txt#16
                “At least nine people, two of them children, were killed” Ludrava regional administration,
                03-lantern-agency-short.txt#2
              Kinds of origin: 1 × the side that was harmed, 1 × a monitor, such as the UN, an inquiry or a
              charity
              Stated: place, day
              Suggested grade F1 (a suggestion by rules; the analyst's own grade decides): no grade of this
              source is on record, and a new source starts at F: it cannot be judged yet; two or more
              independent origins say it, and at least one of them was there or looked into it
            Attack on a building or other object in Halvorek, said to be by Sorvenia: 1 independent origin,
            relayed by 1 report more
              – Kaldria’s government (in 06-ministry-denial.txt, 09-toll-rises.txt; says it was Sorvenia)
                “the building was destroyed by a Sorvenian air-defence missile” Kaldria's defence ministry,
                06-ministry-denial.txt#4
              Kinds of origin: 1 × the accused side, in its own version
              Stated: place, weapon
              Suggested grade F3 (a suggestion by rules; the analyst's own grade decides): no grade of this
              source is on record, and a new source starts at F: it cannot be judged yet; a single origin
              says it and there is nothing else to judge it by; however many copies, that is at best 3
          Figures, beside each other and never added up
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
          Where the figures come from
            People killed in Halvorek: 2 independent origins, relayed by 6 reports more
              – administration of the Ludrava region (in 02-courier-agency-copy.txt, 01-agency-halvorek.txt,
                03-lantern-agency-short.txt, 04-observer-rewrite.txt, 07-observer-correction.txt,
                06-ministry-denial.txt, 09-toll-rises.txt)
              – independent commission (in 13-commission-findings.html)
                9 or more: “at least nine people” Ludrava regional administration,
                02-courier-agency-copy.txt#3
                9 or more: “at least nine people” Ludrava regional administration, 01-agency-halvorek.txt#3
                9 or more: “At least nine people” Ludrava regional administration,
                03-lantern-agency-short.txt#3
                9: “nine bodies” Officials in the east of Sorvenia, 04-observer-rewrite.txt#3
                9: “nine bodies” Officials in the east of Sorvenia, 07-observer-correction.txt#3
                14: “14” administration of the Ludrava region, 07-observer-correction.txt#9
                14: “14” Dorel Havik, 06-ministry-denial.txt#16
                9: “nine dead” Dorel Havik, 06-ministry-denial.txt#21
                21 or more, undercount: “More than 20 people” Ludrava regional administration,
                09-toll-rises.txt#3
                23: “23 people” independent commission, 13-commission-findings.html#4
            Children killed in Halvorek: 2 independent origins, relayed by 6 reports more
              – administration of the Ludrava region (in 02-courier-agency-copy.txt, 01-agency-halvorek.txt,
                03-lantern-agency-short.txt, 04-observer-rewrite.txt, 07-observer-correction.txt,
                06-ministry-denial.txt, 09-toll-rises.txt)
              – Commission on Harm to Civilians in Sorvenia (in 13-commission-findings.html)
                2: “Two of the dead” Dorel Havik, 02-courier-agency-copy.txt#5
                2: “Two of the dead” Dorel Havik, 01-agency-halvorek.txt#5
                2: “two of them” Ludrava regional administration, 03-lantern-agency-short.txt#4
                2: “two children” Officials in the east of Sorvenia, 04-observer-rewrite.txt#4
                2: “two children” Officials in the east of Sorvenia, 07-observer-correction.txt#4
                4 or more: “at least four children” Dorel Havik, 06-ministry-denial.txt#17
                4 or more, undercount: “at least four children” Ludrava regional administration,
                09-toll-rises.txt#4
                6: “Six of the dead” Commission on Harm to Civilians in Sorvenia,
                13-commission-findings.html#6
            People injured in Halvorek: 1 independent origin, relayed by 4 reports more
              – administration of the Ludrava region (in 02-courier-agency-copy.txt, 01-agency-halvorek.txt,
                03-lantern-agency-short.txt, 04-observer-rewrite.txt, 07-observer-correction.txt)
                27: “27 people” Dorel Havik, 02-courier-agency-copy.txt#7
                27: “27 people” Dorel Havik, 01-agency-halvorek.txt#7
                27: “Another 27 people” Dorel Havik, 03-lantern-agency-short.txt#8
                72: “72 more people” Dorel Havik, 04-observer-rewrite.txt#7
                27: “27 more people” Dorel Havik, 07-observer-correction.txt#7
            People killed in Halvorek, as a part of another figure: 1 independent origin
              – administration of the Ludrava region (in 06-ministry-denial.txt)
                3: “three of the wounded” Dorel Havik, 06-ministry-denial.txt#18
            People killed in Halvorek, in addition to another figure: 1 independent origin
              – administration of the Ludrava region (in 06-ministry-denial.txt)
                2: “two more bodies” Dorel Havik, 06-ministry-denial.txt#19
            People missing in Halvorek: 1 independent origin
              – administration of the Ludrava region (in 09-toll-rises.txt)
                6: “six people” Dorel Havik, 09-toll-rises.txt#8
    "#]]
    .assert_eq(&printed);
}

#[test]
fn figures_of_a_longer_time_are_of_situations() {
    let folder = collected();
    let printed = folder.run(&["incidents", "--situations"]).fine().stdout;
    expect![[r#"
        Dessin, for a time whose beginning is not said
          t-dessin-open · 1 report
            killed people
              2031-03-29  11,001 or more: “more than 11,000 people” nobody by name,
              14-sergeant-convicted.txt#11
        place not said, since 2031-02-01
          t-place-not-said-2031-02-01 · 1 report
            abducted men: from the least to the most that is said: 200 or more: no upper bound is said
              2031-03-18  200 or more, unverified, estimate: “Several hundred men” nobody by name,
              10-ruvany-detained.txt#10
        place not said, since 2031-02-03
          t-place-not-said-2031-02-03 · 2 reports
            displaced people: from the least to the most that is said: 640,001 or more: no upper bound is
            said
              2031-03-16  640,001 or more, estimate: “more than 640,000 people” United Nations,
              09-toll-rises.txt#18
              2031-03-20  8,999 or fewer: “nearly 9,000 people” refugee council,
              11-brevania-assessment.txt#20
        place not said, for a time whose beginning is not said
          t-place-not-said-open · 2 reports
            killed civilians
              2031-03-16  200 or more, estimate: “Hundreds of civilians” nobody by name,
              09-toll-rises.txt#19
            displaced people
              2031-03-18  20,000 or more: “Tens of thousands of people” nobody by name,
              10-ruvany-detained.txt#13
    "#]]
    .assert_eq(&printed);
}

#[test]
fn filters_and_unknown_names() {
    let folder = collected();
    assert_eq!(folder.run(&["incidents", "--from", "2035-01-01", "--json"]).stdout, "");
    assert_eq!(folder.run(&["incident", "i-nothing"]).stdout, "");
    let all = folder.run(&["incidents", "--json"]).fine().stdout;
    assert_eq!(folder.run(&["incidents", "--json"]).fine().stdout, all);
    folder.run(&["reindex"]).fine();
    assert_eq!(folder.run(&["incidents", "--json"]).fine().stdout, all);
    folder.run(&["verify"]).fine();
}
