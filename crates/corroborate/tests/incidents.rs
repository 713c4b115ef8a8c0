//! Reports that were read, put to incidents.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use corroborate::{Account, AccountName, Read, Remembered, ReportKey, accounts};
use expect_test::{Expect, expect};
use extract::{Reading, Source};
use model::{Digest, Kind, Metadata};
use proptest::prelude::*;

fn reading(day: &str, text: &str) -> Reading {
    let bytes = format!("{day} {text}").into_bytes();
    let metadata = Metadata { published: day.parse().ok(), ..Metadata::default() };
    extract::read(&Source {
        bytes: text.as_bytes(),
        digest: Digest::of(&bytes),
        kind: Kind::PlainText,
        metadata: &metadata,
    })
}

fn told(key: usize, reading: &Reading) -> (Vec<Account>, Vec<usize>) {
    let read = Read { key: ReportKey(key as u64), report: &reading.report, claims: &reading.claims };
    let (accounts, reckonings) = accounts(&read, &reading.places);
    (accounts, reckonings.into_iter().map(|reckoning| reckoning.claim).collect())
}

fn check(reports: &[(&str, &str)], expected: Expect) {
    let readings: Vec<Reading> = reports.iter().map(|(day, text)| reading(day, text)).collect();
    let mut remembered = Remembered::default();
    let mut shown = String::new();
    let mut all = Vec::new();
    for (key, reading) in readings.iter().enumerate() {
        let (accounts, reckonings) = told(key, reading);
        for claim in reckonings {
            let words = reading.report.text.quote(reading.claims[claim].span);
            writeln!(shown, "situation: {key} “{words}”").unwrap();
        }
        all.extend(accounts);
    }
    let resolved = corroborate::resolve(&all, &remembered).unwrap();
    remembered.take(&all);
    for incident in resolved.incidents {
        writeln!(shown, "incident").unwrap();
        for name in &incident.accounts {
            let account = all.iter().find(|account| account.name == *name).unwrap();
            let words: Vec<&str> = account
                .claims
                .iter()
                .map(|&claim| readings[name.report.0 as usize].claims[claim].span)
                .map(|span| readings[name.report.0 as usize].report.text.quote(span))
                .collect();
            let days = account.days.map_or("undated".to_owned(), |days| {
                let stated = if days.stated { "" } else { " or before" };
                if days.first == days.last {
                    format!("{}{stated}", days.first)
                } else {
                    format!("{}/{}{stated}", days.first, days.last)
                }
            });
            let place = account.town.as_deref().or(account.region.as_deref()).unwrap_or("no place");
            writeln!(shown, "  {}.{} {place}, {days}: {words:?}", name.report, name.number).unwrap();
            if let Some(link) = incident.links.iter().find(|link| link.account == *name) {
                writeln!(
                    shown,
                    "    with {}.{}: {}",
                    link.to.report,
                    link.to.number,
                    link.reasons.join("; ")
                )
                .unwrap();
            }
        }
    }
    expected.assert_eq(&shown);
}

#[test]
fn where_it_is_said_is_not_where_it_was() {
    check(
        &[(
            "2031-03-14",
            "The foreign minister said in Lisbon on Monday that soldiers had committed war crimes in Moldova. \
             She spoke to reporters for an hour, and took no questions on the budget that was passed in April.",
        )],
        expect![[r#"
            incident
              0.0 Moldova, 2031-03-14 or before: ["soldiers had committed war crimes in Moldova"]
        "#]],
    );
}

#[test]
fn one_strike_told_by_two() {
    check(
        &[
            (
                "2031-03-13",
                "A missile struck the school of Halvorek on 12 March, killing nine people, mayor Ila Brann said.",
            ),
            (
                "2031-03-14",
                "Kaldrian forces shelled a school in Halvorek on 12 March. At least eleven people were killed, the Orlanian police said.",
            ),
        ],
        expect![[r#"
            incident
              0.0 no place, 2031-03-12: ["A missile struck the school of Halvorek on 12 March, killing nine people", "nine people"]
              1.0 Halvorek, 2031-03-12: ["Kaldrian forces shelled a school in Halvorek on 12 March", "At least eleven people"]
                with 0.0: same day; same class of object: school; words shared: killed, school
        "#]],
    );
}

#[test]
fn look_alikes_stay_apart() {
    check(
        &[
            ("2031-03-12", "Shells hit a hospital in Tesmin on 12 March, the governor said."),
            ("2031-03-12", "A market in Tesmin was bombed on 12 March, the governor said."),
            ("2031-03-19", "Shells hit a hospital in Tesmin on 19 March, the governor said."),
            ("2031-03-12", "Shells hit a hospital in Orsova on 12 March, the governor said."),
        ],
        expect![[r#"
            incident
              1.0 Tesmin, 2031-03-12: ["A market in Tesmin was bombed on 12 March"]
            incident
              0.0 Tesmin, 2031-03-12: ["Shells hit a hospital in Tesmin on 12 March"]
            incident
              3.0 Orşova, 2031-03-12: ["Shells hit a hospital in Orsova on 12 March"]
            incident
              2.0 Tesmin, 2031-03-19: ["Shells hit a hospital in Tesmin on 19 March"]
        "#]],
    );
}

#[test]
fn tolls_of_a_war_and_comparisons_make_no_incident() {
    check(
        &[(
            "2031-03-20",
            "More than 953 civilians have been killed in Orlania since the invasion, the United Nations says. \
             The shelling of Tesmin killed four people on 18 March, as in Grozny, where thousands died.",
        )],
        expect![[r#"
            situation: 0 “More than 953 civilians”
            situation: 0 “thousands”
            incident
              0.0 Orlania, 2031-03-18: ["The shelling of Tesmin killed four people on 18 March", "four people"]
        "#]],
    );
}

#[test]
fn what_has_no_day_and_no_place_is_kept() {
    check(
        &[("", "Soldiers looted homes and shot a teacher, villagers said.")],
        expect![[r#"
        incident
          0.0 no place, undated: ["Soldiers looted homes", "shot a teacher"]
    "#]],
    );
}

#[test]
fn notes_of_few_words() {
    check(
        &[
            ("2031-03-12", "[Graphic] Damaged glass footbridge after a strike – „Ярна“ park"),
            ("2031-03-12", "Crater near the glass footbridge, Ярна"),
            ("2031-03-12", "Source hidden"),
            ("2031-03-12", "Source hidden"),
        ],
        expect![[r#"
            incident
              2.0 no place, 2031-03-12 or before: []
            incident
              3.0 no place, 2031-03-12 or before: []
            incident
              1.0 no place, 2031-03-12 or before: []
              0.0 no place, 2031-03-12 or before: ["[Graphic] Damaged glass footbridge"]
                with 1.0: reported on one day; words shared: footbridge, glass, ярна
        "#]],
    );
}

/// Reports of a few towns, objects and days, some of them the same.
fn some_reports() -> impl Strategy<Value = Vec<(String, String)>> {
    let town = prop::sample::select(vec!["Halvorek", "Tesmin", "Orsova"]);
    let object = prop::sample::select(vec!["a school", "a hospital", "the market", "an apartment block"]);
    let act = prop::sample::select(vec!["Shells hit", "A missile destroyed", "Kaldrian troops shelled"]);
    let day = 11..14_u8;
    let one = (act, object, town, day).prop_map(|(act, object, town, day)| {
        (format!("2031-03-{day}"), format!("{act} {object} in {town} on {day} March, the mayor said."))
    });
    prop::collection::vec(one, 1..9)
}

/// Which reports are together, by their words and days: the numbers that they were given play no part.
fn together(reports: &[(String, String)], order: &[usize], batch: usize) -> BTreeSet<Vec<(String, usize)>> {
    let mut remembered = Remembered::default();
    for part in order.chunks(batch) {
        let all: Vec<Account> =
            part.iter().flat_map(|&at| told(at, &reading(&reports[at].0, &reports[at].1)).0).collect();
        remembered.take(&all);
    }
    let named = |name: &AccountName| {
        let (day, text) = &reports[name.report.0 as usize];
        (format!("{day} {text}"), name.number)
    };
    let mut groups = BTreeSet::new();
    for incident in remembered.incidents() {
        let mut group: Vec<(String, usize)> = incident.iter().map(named).collect();
        group.sort();
        groups.insert(group);
    }
    groups
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_within_a_batch_changes_nothing(reports in some_reports(), seed in any::<u64>()) {
        let order: Vec<usize> = (0..reports.len()).collect();
        let mut other = order.clone();
        other.sort_by_key(|&at| (at as u64 + 1).wrapping_mul(seed | 1));
        prop_assert_eq!(together(&reports, &order, 99), together(&reports, &other, 99));
    }

    #[test]
    fn a_copy_makes_no_incident(mut reports in some_reports(), which in any::<prop::sample::Index>()) {
        let order: Vec<usize> = (0..reports.len()).collect();
        let before = together(&reports, &order, 99).len();
        reports.push(which.get(&reports).clone());
        let order: Vec<usize> = (0..reports.len()).collect();
        prop_assert_eq!(before, together(&reports, &order, 99).len());
    }

    #[test]
    fn every_account_is_in_one_incident(reports in some_reports(), batch in 1..4_usize) {
        let order: Vec<usize> = (0..reports.len()).collect();
        let groups = together(&reports, &order, batch);
        let all: usize = reports.iter().enumerate().map(|(at, (day, text))| told(at, &reading(day, text)).0.len()).sum();
        prop_assert_eq!(groups.iter().map(Vec::len).sum::<usize>(), all);
    }

    #[test]
    fn any_text_is_taken(text in "\\PC{0,300}") {
        told(0, &reading("2031-03-12", &text));
    }
}

#[test]
fn what_a_report_says_of_one_event_further_down_is_of_it() {
    check(
        &[
            (
                "2031-03-14",
                "Shells hit a school in the town of Zarvo on 12 March 2031. Trains were late all week. Farmers met the \
                 minister. Bread was short. The school was shelled by the army, teachers said.",
            ),
            (
                "2031-03-14",
                "Rockets were fired at a clinic. Some 40 people were injured on 12 March 2031 in Zarvo.",
            ),
            (
                "2031-03-14",
                "Shells hit a school in the town of Zarvo. Shells hit a school in the town of Merrin.",
            ),
        ],
        expect![[r#"
            incident
              0.0 Zarvo, 2031-03-12: ["Shells hit a school in the town of Zarvo on 12 March 2031", "The school was shelled by the army"]
              2.0 Zarvo, 2031-03-14 or before: ["Shells hit a school in the town of Zarvo"]
                with 0.0: same place: Zarvo; reported 2 days after; same class of object: school; words shared: school, shells
            incident
              1.0 Zarvo, 2031-03-12: ["Rockets were fired at a clinic", "Some 40 people"]
            incident
              2.1 Merrin, 2031-03-14 or before: ["Shells hit a school in the town of Merrin"]
        "#]],
    );
}

#[test]
fn a_day_by_which_bodies_were_found_is_not_that_of_the_attack() {
    check(
        &[(
            "2031-03-14",
            "Rockets hit a school in the town of Zarvo. Nine bodies had been recovered by 13 March 2031.",
        )],
        expect![[r#"
            incident
              0.0 Zarvo, 2031-03-14 or before: ["Rockets hit a school in the town of Zarvo", "Nine bodies"]
        "#]],
    );
}

#[test]
fn what_denies_a_claim_is_of_its_event() {
    check(
        &[(
            "2031-03-14",
            "Kaldrian rockets hit a school in the town of Zarvo on 12 March 2031. Trains were late all week. Farmers met \
             the minister. Bread was short. Kaldria denied that its forces had struck the school.",
        )],
        expect![[r#"
            incident
              0.0 Zarvo, 2031-03-12: ["Kaldrian rockets hit a school in the town of Zarvo on 12 March 2031", "its forces had struck the school"]
        "#]],
    );
}

#[test]
fn what_denies_all_of_a_kind_is_no_event_of_its_own() {
    let text = "A drone struck a bakery in Geneva on Sunday, killing four people, the mayor, Mira Vey, said on Monday. Nordia's \
        defence ministry denied having hit any civilian target. The army called the report of the council and of the reporters a \
        provocation, and spoke of a store of arms near the river. A doctor, Ila Brann, said that 13 people were being treated for burns \
        in the two hospitals of the town, and that more were brought in from the villages around it by boat and by cart all night long.";
    let reading = reading("2030-09-09", text);
    let (accounts, _) = told(0, &reading);
    assert_eq!(accounts.len(), 1);
}

#[test]
fn a_claim_without_a_town_brings_no_two_towns_together() {
    check(
        &[(
            "2031-03-14",
            "Shells hit a school in the town of Zarvo. A school was shelled by the army. Shells hit a school in the town \
             of Merrin.",
        )],
        expect![[r#"
            incident
              0.0 Zarvo, 2031-03-14 or before: ["Shells hit a school in the town of Zarvo", "A school was shelled by the army"]
            incident
              0.1 Merrin, 2031-03-14 or before: ["Shells hit a school in the town of Merrin"]
        "#]],
    );
}
