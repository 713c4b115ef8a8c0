use expect_test::{Expect, expect};
use model::{Act, Report};
use proptest::prelude::*;

use super::*;
use crate::compare;
use crate::fixture::{Said, allegation, claim, killed, report};

type Telling = (Report, Vec<Claim>);

/// A report of one paragraph and who says in it that the mill was shelled.
fn telling(outlet: &str, day: &str, (words, by): (&str, &[&str])) -> Telling {
    let report = report(outlet, day, words);
    let said = Said { words: sentence(words), by, polarity: Polarity::Asserted };
    let kind = allegation(&report, Act::AttackOnObject, ["", "Zarvo"]);
    let claims = vec![claim(&report, &said, kind)];
    (report, claims)
}

fn sentence(words: &str) -> &str {
    words.split_inclusive('.').next().unwrap_or(words)
}

fn tellings() -> Vec<Telling> {
    let long = "Shells hit a mill in Zarvo before dawn and broke its roof, Ila Brann said. The baker had been \
                kneading dough since three in the morning when the windows fell in on her and on two helpers.";
    vec![
        telling("Post", "2031-03-12", (long, &["Ila Brann"])),
        telling("Echo", "2031-03-13", ("The mill of Zarvo was shelled, according to Brann.", &["Brann"])),
        telling(
            "Herald",
            "2031-03-13",
            (
                "The council of Zarvo says that its mill was shelled. Orrin Tave, a spokesman for the Zarvo town council, gave no more.",
                &["Zarvo town council"],
            ),
        ),
        telling("Wire", "2031-03-14", ("A mill was shelled in Zarvo, Tave told the Wire.", &["Orrin Tave"])),
        telling("Lamp", "2031-03-14", ("Somebody shelled the mill of Zarvo.", &[])),
        telling("Torch", "2031-03-14", ("Zarvo’s mill lies in ruins, officials said.", &["officials"])),
    ]
}

fn weighed(tellings: &[Telling], order: &[usize]) -> Vec<Matter> {
    let reads: Vec<Read<'_>> = order
        .iter()
        .map(|&at| Read { key: ReportKey(at as u64), report: &tellings[at].0, claims: &tellings[at].1 })
        .collect();
    let mut links = Vec::new();
    for (at, one) in reads.iter().enumerate() {
        links.extend(reads[at + 1..].iter().filter_map(|other| compare(one, other)));
    }
    weigh(&reads, &links)
}

fn shown(matters: &[Matter]) -> String {
    let keys = |keys: &[ReportKey]| keys.iter().map(|key| key.0.to_string()).collect::<Vec<_>>().join(" ");
    let mut lines = String::new();
    for matter in matters {
        lines += &format!("{} [{}]\n", matter.title, keys(&matter.reports));
        for origin in &matter.independent {
            lines += &format!(
                "  origin {} {:?} [{}]: {}\n",
                origin.name,
                origin.also,
                keys(&origin.relayed_by),
                origin.reason
            );
        }
        for relay in &matter.dependent {
            lines += &format!("  dependent {}: {}\n", relay.report, relay.reason);
        }
        for unknown in &matter.unknown {
            lines += &format!("  unknown [{}]: {}\n", keys(&unknown.reports), unknown.reason);
        }
        for denial in &matter.denials {
            lines += &format!("  {} by {:?}: {}\n", denial.strength.name(), denial.by, denial.reason);
        }
    }
    lines
}

fn check(tellings: &[Telling], expect: Expect) {
    let order: Vec<usize> = (0..tellings.len()).collect();
    expect.assert_eq(&shown(&weighed(tellings, &order)));
}

#[test]
fn origins_are_counted_and_not_outlets() {
    check(
        &tellings(),
        expect![[r#"
            Alleged attack on a building or other object in Zarvo [0 2 1 5 3 4]
              origin Ila Brann ["Brann"] [0 1]: 2 reports give it as the word of Ila Brann; “Brann” is short for “Ila Brann”, the only such name here
              origin Zarvo town council ["Orrin Tave"] [2 3]: 2 reports give it as the word of Zarvo town council; Orrin Tave speaks for “Zarvo town council”
              dependent 1: it rests on Ila Brann again
              dependent 3: it rests on Zarvo town council again
              unknown [5]: only “officials” stands behind it
              unknown [4]: nobody is named who says so
        "#]],
    );
}

/// A claim of people killed: its words, who says so, the number, who they are and where.
type Toll<'a> = (&'a str, &'a [&'a str], u64, [&'a str; 2]);

fn tolls(outlet: &str, words: &str, tolls: &[Toll<'_>]) -> Telling {
    let report = report(outlet, "2031-03-12", words);
    let said = |&(words, by, number, of): &Toll<'_>| {
        let said = Said { words, by, polarity: Polarity::Asserted };
        claim(&report, &said, killed(&report, number, of))
    };
    let claims = tolls.iter().map(said).collect();
    (report, claims)
}

#[test]
fn a_headline_that_adds_up_rests_on_whose_numbers_it_adds() {
    let words = "Nine men killed in Zarvo. Ila Brann said four men were killed at the mill. Later she said five men \
                 were killed on the road. Seven men were killed before.";
    let by: &[&str] = &["Ila Brann"];
    check(
        &[tolls(
            "Post",
            words,
            &[
                ("Nine men", &[], 9, ["men", "Zarvo"]),
                ("four men", by, 4, ["men", "Zarvo"]),
                ("five men", by, 5, ["men", "Zarvo"]),
                ("Seven men", &[], 7, ["men", "Zarvo"]),
            ],
        )],
        expect![[r#"
            Men killed in Zarvo [0]
              origin Ila Brann [] [0]: one report gives it as the word of Ila Brann
              unknown [0]: nobody is named who says so
        "#]],
    );
}

/// Makes a figure of people killed of one that has other fields.
fn figure(
    report: &Report,
    (number, of): (u64, [&str; 2]),
    change: impl FnOnce(&mut model::Figure),
) -> ClaimKind {
    let mut kind = killed(report, number, of);
    if let ClaimKind::Figure(figure) = &mut kind {
        change(figure);
    }
    kind
}

fn asserted<'s>(words: &'s str, by: &'s [&'s str]) -> Said<'s> {
    Said { words, by, polarity: Polarity::Asserted }
}

#[test]
fn a_known_event_is_that_of_whoever_tells_of_it() {
    let of = |second: &'static [&'static str]| {
        let words = "Nine people died in Zarvo, Ila Brann said. Two were hurt, it was said. The attack on the mill has \
                     drawn protests abroad.";
        let report = report("Post", "2031-03-12", words);
        let mut mention = claim(
            &report,
            &asserted("The attack on the mill", &[]),
            allegation(&report, Act::AttackOnObject, ["", ""]),
        );
        mention.rule = "allegation-noun";
        let by: &[&str] = &["Ila Brann"];
        let claims = vec![
            claim(&report, &asserted("Nine people", by), killed(&report, 9, ["people", "Zarvo"])),
            claim(
                &report,
                &asserted("Two", second),
                figure(&report, (2, ["people", "Zarvo"]), |figure| figure.measure = Measure::Injured),
            ),
            mention,
        ];
        let matters = weighed(&[(report, claims)], &[0]);
        let attack = matters.iter().find(|matter| is_attack(&matter.subject)).unwrap();
        attack.independent.iter().map(|origin| origin.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(of(&[]), ["Ila Brann"]);
    assert_eq!(of(&["Ila Brann"]), ["Ila Brann"]);
    assert_eq!(of(&["Orrin Tave"]), [""; 0]);
}

#[test]
fn who_counts_the_blows_of_an_attack_tells_of_it() {
    let words = "A mill in Zarvo was shelled, Ila Brann said. Orrin Tave counted five explosions. Officials spoke of nine \
                 shells. In Lesk six shells fell, Ede Voss said.";
    let report = report("Post", "2031-03-12", words);
    let blows = |number, place| {
        figure(&report, (number, ["shells", place]), |figure| figure.measure = Measure::Attacks)
    };
    let claims = vec![
        claim(
            &report,
            &asserted("A mill in Zarvo was shelled", &["Ila Brann"]),
            allegation(&report, Act::AttackOnObject, ["", "Zarvo"]),
        ),
        claim(&report, &asserted("five explosions", &["Orrin Tave"]), blows(5, "")),
        claim(&report, &asserted("nine shells", &["Officials"]), blows(9, "")),
        claim(&report, &asserted("six shells", &["Ede Voss"]), blows(6, "Lesk")),
    ];
    let matters = weighed(&[(report.clone(), claims)], &[0]);
    let attack = matters.iter().find(|matter| is_attack(&matter.subject)).unwrap();
    let names: Vec<&str> = attack.independent.iter().map(|origin| origin.name.as_str()).collect();
    assert_eq!((names, attack.unknown.len()), (vec!["Ila Brann", "Orrin Tave"], 0));
}

#[test]
fn figures_of_days_far_apart_are_of_two_events() {
    let words = "Nine people died in Zarvo on Monday, Ila Brann said. Four people died in Zarvo the week before. Six \
                 people died there in August. Five people died, she said.";
    let report = report("Post", "2031-03-12", words);
    let period = |from: &str, to: &str| Some(model::Period { from: from.parse().ok(), to: to.parse().ok() });
    let of = |words, number, period| {
        let kind = figure(&report, (number, ["people", "Zarvo"]), |figure| figure.period = period);
        claim(&report, &asserted(words, &["Ila Brann"]), kind)
    };
    let claims = vec![
        of("Nine people", 9, period("2031-03-10", "2031-03-10")),
        of("Four people", 4, period("2031-03-03", "2031-03-03")),
        of("Six people", 6, period("2030-08-01", "2030-08-31")),
        of("Five people", 5, None),
    ];
    let matters = weighed(&[(report.clone(), claims)], &[0]);
    let mut numbers: Vec<Vec<usize>> =
        matters.iter().map(|matter| matter.claims.iter().map(|at| at.claim).collect()).collect();
    numbers.sort();
    assert_eq!(numbers, [vec![0], vec![1, 3], vec![2]]);
}

#[test]
fn of_several_towns_in_a_sentence_none_is_meant() {
    let words = "Zarvo was shelled, Ila Brann said. Lesk was shelled, Ila Brann said. Nine people died in Zarvo and Lesk. \
                 Four people died in Lesk.";
    let report = report("Post", "2031-03-12", words);
    let by: &[&str] = &["Ila Brann"];
    let shelled = |words, town| {
        claim(&report, &asserted(words, by), allegation(&report, Act::AttackOnCivilians, ["", town]))
    };
    let of = |words, number| claim(&report, &asserted(words, &[]), killed(&report, number, ["people", ""]));
    let claims = vec![
        shelled("Zarvo was shelled", "Zarvo"),
        shelled("Lesk was shelled", "Lesk"),
        of("Nine people", 9),
        of("Four people", 4),
    ];
    let titles: Vec<String> =
        weighed(&[(report.clone(), claims)], &[0]).into_iter().map(|matter| matter.title).collect();
    assert!(titles.contains(&"People killed in Lesk".to_owned()), "{titles:?}");
    assert!(titles.contains(&"People killed".to_owned()), "{titles:?}");
    assert!(!titles.contains(&"People killed in Zarvo".to_owned()), "{titles:?}");
}

#[test]
fn what_is_not_named_yet_is_not_meant() {
    let filler = "The river was high and the road to the hills was closed for most of the week. ".repeat(7);
    let words = format!(
        "The town of Lesk was quiet. {filler}Homes were hit, Orrin Tave said. Far away, Zarvo was shelled, Ila Brann said."
    );
    let report = report("Post", "2031-03-12", &words);
    let hit = |words, by, town| {
        claim(&report, &asserted(words, by), allegation(&report, Act::AttackOnCivilians, ["", town]))
    };
    let claims =
        vec![hit("Homes were hit", &["Orrin Tave"], ""), hit("Zarvo was shelled", &["Ila Brann"], "Zarvo")];
    assert_eq!(weighed(&[(report.clone(), claims)], &[0]).len(), 2);
}

#[test]
fn fighters_and_children_go_by_several_names() {
    let words = "Nine rebels died in Zarvo, Ila Brann said. Nine militants died in Zarvo, Orrin Tave said. Two girls died \
                 in Zarvo. Two children died in Zarvo.";
    check(
        &[tolls(
            "Post",
            words,
            &[
                ("Nine rebels", &["Ila Brann"], 9, ["rebels", "Zarvo"]),
                ("Nine militants", &["Orrin Tave"], 9, ["militants", "Zarvo"]),
                ("Two girls", &["Ila Brann"], 2, ["girls", "Zarvo"]),
                ("Two children", &["Orrin Tave"], 2, ["children", "Zarvo"]),
            ],
        )],
        expect![[r#"
            Children killed in Zarvo [0]
              origin Ila Brann [] [0]: one report gives it as the word of Ila Brann
              origin Orrin Tave [] [0]: one report gives it as the word of Orrin Tave
            Fighters killed in Zarvo [0]
              origin Ila Brann [] [0]: one report gives it as the word of Ila Brann
              origin Orrin Tave [] [0]: one report gives it as the word of Orrin Tave
        "#]],
    );
}

#[test]
fn dozens_in_a_headline_are_those_that_the_text_counts() {
    let of = |number| {
        let words = "Dozens killed in Zarvo. Ila Brann said that people were killed at the mill.";
        let report = report("Post", "2031-03-12", words);
        let dozens = figure(&report, (20, ["people", "Zarvo"]), |figure| {
            (figure.vague, figure.stated, figure.upper) = (true, None, None);
        });
        let counted = killed(&report, number, ["people", "Zarvo"]);
        let claims = vec![
            claim(&report, &asserted("Dozens", &[]), dozens),
            claim(&report, &asserted("people", &["Ila Brann"]), counted),
        ];
        let matters = weighed(&[(report, claims)], &[0]);
        matters.iter().map(|matter| (matter.independent.len(), matter.unknown.len())).collect::<Vec<_>>()
    };
    assert_eq!(of(43), [(1, 0)]);
    assert_eq!(of(9), [(1, 1)]);
}

#[test]
fn the_judges_are_those_of_the_court_that_decided() {
    let words = "A court in Lesk convicted Orrin Tave. He shot two men near Zarvo, the judges found.";
    let report = report("Post", "2031-03-12", words);
    let determination = ClaimKind::Determination(Box::new(model::Determination {
        standard: model::Standard::Convicted,
        authority: Some(model::Speaker {
            name: "court in Lesk".to_owned(),
            mention: None,
            resolution: model::Resolution::Stated,
        }),
        finding: "convicted".to_owned(),
        basis: None,
        said_on: None,
    }));
    let claims = vec![
        claim(&report, &asserted("A court in Lesk convicted Orrin Tave", &[]), determination),
        claim(
            &report,
            &asserted("He shot two men", &["judges"]),
            allegation(&report, Act::Killing, ["", "Zarvo"]),
        ),
    ];
    let matters = weighed(&[(report.clone(), claims)], &[0]);
    assert!(matters.iter().all(|matter| matter.independent.len() == 1 && matter.unknown.is_empty()));
}

#[test]
fn a_short_name_in_several_longer_ones_of_one_speaker_is_that_speaker() {
    check(
        &[
            telling(
                "Post",
                "2031-03-12",
                ("The mill of Zarvo was shelled.", &["Lesk-based Zarvo Mill Watch"]),
            ),
            telling("Echo", "2031-03-13", ("The mill of Zarvo was shelled.", &["Zarvo Mill Watch"])),
            telling("Lamp", "2031-03-14", ("The mill of Zarvo was shelled.", &["Mill Watch"])),
        ],
        expect![[r#"
            Alleged attack on a building or other object in Zarvo [0 1 2]
              origin Lesk-based Zarvo Mill Watch ["Zarvo Mill Watch", "Mill Watch"] [0 1 2]: 3 reports give it as the word of Lesk-based Zarvo Mill Watch; “Mill Watch” is short for “Lesk-based Zarvo Mill Watch”, the only such name here; “Zarvo Mill Watch” is short for “Lesk-based Zarvo Mill Watch”, the only such name here
              dependent 1: it prints the same text
              dependent 2: it prints the same text
        "#]],
    );
}

#[test]
fn a_relay_says_how_it_stands_to_the_report_before() {
    let text = "Shells hit a mill in Zarvo before dawn and broke its roof, Ila Brann told the Wire. The baker had been \
                kneading dough since three in the morning when the windows fell in on her and on two helpers.";
    let tellings = [
        telling("Wire", "2031-03-12", (text, &["Ila Brann"])),
        telling("Echo", "2031-03-12", (text, &["Ila Brann"])),
        telling("Lamp", "2031-03-13", ("Zarvo’s mill was hit, Brann told the Wire.", &["Ila Brann", "Wire"])),
        telling("Post", "2031-03-13", ("A mill fell in Zarvo, Ila Brann said.", &["Ila Brann"])),
        telling("Herald", "2031-03-14", ("In Zarvo a mill was shelled, said Orrin Tave.", &["Orrin Tave"])),
        telling("Torch", "2031-03-14", ("The mill of Zarvo is gone.", &[])),
    ];
    let matters = weighed(&tellings, &[0, 1, 2, 3, 4, 5]);
    let relations: Vec<(u64, &str, u64)> = matters[0]
        .dependent
        .iter()
        .map(|relay| (relay.report.0, relay.relation.name(), relay.of.0))
        .collect();
    let first = matters[0].independent[0].relayed_by[0].0;
    let copy = 1 - first;
    assert_eq!(
        relations,
        [(copy, "identical", first), (2, "cites_other_outlet", 0), (3, "quotes_same_speaker", first)]
    );
    let between = |a, b| relation(&matters[0], &[], (ReportKey(a), ReportKey(b))).name();
    assert_eq!(between(3, 4), "independent_reporting");
    assert_eq!(between(4, 5), "unknown");
    assert_eq!(between(0, 3), "quotes_same_speaker");
}

#[test]
fn a_name_may_come_after_the_description() {
    let words = "A mill was shelled in Zarvo, a monitor said. Its roof fell in, the Lesk Register said.";
    let report = report("Post", "2031-03-12", words);
    let said = |words, by| Said { words, by, polarity: Polarity::Asserted };
    let shelled = || allegation(&report, Act::AttackOnObject, ["", "Zarvo"]);
    let claims = vec![
        claim(&report, &said("A mill was shelled in Zarvo", &["monitor"]), shelled()),
        claim(&report, &said("Its roof fell in", &["Lesk Register"]), shelled()),
    ];
    check(
        &[(report.clone(), claims)],
        expect![[r#"
        Alleged attack on a building or other object in Zarvo [0]
          origin Lesk Register [] [0]: one report gives it as the word of Lesk Register
    "#]],
    );
}

#[test]
fn the_reporters_own_eyes_are_an_origin() {
    check(
        &[
            telling("Post", "2031-03-12", ("This reporter counted nine shells in the mill of Zarvo.", &[])),
            telling("Echo", "2031-03-12", ("Nine shells hit the mill of Zarvo.", &[])),
        ],
        expect![[r#"
            Alleged attack on a building or other object in Zarvo [1 0]
              origin Post [] [0]: one report gives it as the word of Post
              unknown [1]: nobody is named who says so
        "#]],
    );
}

#[test]
fn two_governments_in_one_breath_are_two() {
    check(
        &[
            telling(
                "Post",
                "2031-03-12",
                (
                    "Zarvo was shelled, Sorvenian and Kaldrian officials said.",
                    &["Sorvenian and Kaldrian officials"],
                ),
            ),
            telling("Echo", "2031-03-13", ("Zarvo was shelled, Sorvenia said.", &["Sorvenia"])),
        ],
        expect![[r#"
            Alleged attack on a building or other object in Zarvo [0 1]
              origin Sorvenia [] [0 1]: one report gives it as the word of Sorvenia
              origin Kaldrian officials [] [0]: “Sorvenian and Kaldrian officials” names two sides, and each of them says so
              dependent 1: it rests on Sorvenia again
        "#]],
    );
}

#[test]
fn one_government_in_many_names_is_one_origin() {
    let named = |outlet: &str, words: &str, by: &[&str]| {
        let report = report(outlet, "2031-03-20", words);
        let said = Said { words: sentence(words), by, polarity: Polarity::Asserted };
        let kind = allegation(&report, Act::WarCrimesUnspecified, ["", ""]);
        let claims = vec![claim(&report, &said, kind)];
        (report, claims)
    };
    let tellings = [
        named("Post", "Orlanian troops committed war crimes, Brevania said.", &["Brevania", "Hedda Lorq"]),
        named(
            "Echo",
            "The Brevanian government finds war crimes. Brevania’s foreign minister Hedda Lorq said so.",
            &["Brevanian government"],
        ),
        named("Lamp", "These are war crimes, Mrs Lorq said.", &["Mrs Lorq"]),
    ];
    check(
        &tellings,
        expect![[r#"
            Alleged war crimes, not said which [2 0 1]
              origin Brevanian government ["Hedda Lorq", "Brevania", "Mrs Lorq"] [2 0 1]: 3 reports give it as the word of Brevanian government; Hedda Lorq speaks for “Brevanian government”; “Brevania” is short for “Brevanian government”, the only such name here; “Mrs Lorq” is short for “Hedda Lorq”, the only such name here
              dependent 0: it rests on Brevanian government again
              dependent 1: it rests on Brevanian government again
        "#]],
    );
}

#[test]
fn denials_stand_beside_what_they_answer() {
    let mut tellings = tellings();
    let report = report(
        "Gazette",
        "2031-03-15",
        "Orlania’s army denied that it had shelled Zarvo. Orlania does not attack civilians, it said. Rebels shelled it, the army said.",
    );
    let by: &[&str] = &["Orlania's army"];
    let said = |words, polarity| Said { words, by, polarity };
    let claims = vec![
        claim(
            &report,
            &said("shelled Zarvo", Polarity::Denied),
            allegation(&report, Act::AttackOnObject, ["", "Zarvo"]),
        ),
        claim(
            &report,
            &said("attack civilians", Polarity::Denied),
            allegation(&report, Act::AttackOnCivilians, ["", ""]),
        ),
        claim(
            &report,
            &said("Rebels shelled it", Polarity::CounterVersion),
            allegation(&report, Act::AttackOnObject, ["Rebels", "Zarvo"]),
        ),
    ];
    tellings.truncate(1);
    tellings.push((report, claims));
    let words = "Orlanian troops fired on people in Tarn, Ede Voss said.";
    let report = crate::fixture::report("Post", "2031-03-14", words);
    let said = Said { words, by: &["Ede Voss"], polarity: Polarity::Asserted };
    let kind = allegation(&report, Act::AttackOnCivilians, ["Orlanian troops", "Tarn"]);
    let claims = vec![claim(&report, &said, kind)];
    tellings.push((report, claims));
    check(
        &tellings,
        expect![[r#"
            Attack on civilians in Tarn, said to be by Orlanian troops [2]
              origin Ede Voss [] [2]: one report gives it as the word of Ede Voss
              generic by Some("Orlania's army"): it denies such acts as a whole, without this place or object
            Alleged attack on a building or other object in Zarvo [0]
              origin Ila Brann [] [0]: one report gives it as the word of Ila Brann
              specific by Some("Orlania's army"): it denies this act
              counter_version by Some("Orlania's army"): it gives another version of the same event
            Attack on a building or other object in Zarvo, said to be by Rebels [1]
              origin Orlania's army [] [1]: one report gives it as the word of Orlania's army
        "#]],
    );
}

#[test]
fn titles_accuse_only_where_every_origin_does() {
    let told = |outlet: &str, words: &str, actor: [&str; 2], by: &[&str]| {
        let report = report(outlet, "2031-03-14", words);
        let said = Said { words: sentence(words), by, polarity: Polarity::Asserted };
        let mut kind = allegation(&report, Act::Killing, [actor[0], "Tarn"]);
        if let ClaimKind::Allegation(allegation) = &mut kind
            && let Some(accused) = &mut allegation.actor
        {
            accused.name = actor[1].to_owned();
        }
        let claims = vec![claim(&report, &said, kind)];
        (report, claims)
    };
    let forces = told(
        "Post",
        "Orlanian troops killed people in Tarn, Ede Voss said.",
        ["Orlanian troops", "Orlanian troops"],
        &["Ede Voss"],
    );
    let nobody = told("Echo", "People were killed in Tarn, Ila Brann said.", ["", ""], &["Ila Brann"]);
    let pronoun =
        told("Lamp", "He killed people in Tarn, Ede Voss said.", ["He", "Orrin Tave"], &["Ede Voss"]);
    let named =
        told("Lamp", "Tave killed people in Tarn, Ede Voss said.", ["Tave", "Orrin Tave"], &["Ede Voss"]);
    let title = |tellings: &[Telling]| {
        let order: Vec<usize> = (0..tellings.len()).collect();
        weighed(tellings, &order).into_iter().map(|matter| matter.title).collect::<Vec<_>>()
    };
    assert_eq!(
        title(std::slice::from_ref(&forces)),
        ["Killing of people in Tarn, said to be by Orlanian troops"]
    );
    assert_eq!(title(&[forces, nobody]), ["Alleged killing of people in Tarn"]);
    assert_eq!(title(&[pronoun]), ["Alleged killing of people in Tarn"]);
    assert_eq!(title(&[named]), ["Killing of people in Tarn, said to be by Tave"]);
}

/// What must not depend on order or on the numbers of reports.
fn counts(matters: &[Matter]) -> Vec<(Subject, usize, usize, usize)> {
    let mut counts: Vec<_> = matters
        .iter()
        .map(|matter| {
            (matter.subject.clone(), matter.independent.len(), matter.unknown.len(), matter.denials.len())
        })
        .collect();
    counts.sort();
    counts
}

fn some_tellings() -> impl Strategy<Value = Vec<Telling>> {
    let by = prop::sample::select(vec![
        vec!["Ila Brann"],
        vec!["Brann"],
        vec!["Orrin Tave", "Ila Brann"],
        vec!["officials"],
        vec![],
        vec!["Zarvo town council"],
        vec!["Washington"],
        vec!["US government", "Orrin Tave"],
    ]);
    let act = prop::sample::select(vec![Act::AttackOnObject, Act::Killing]);
    let day = 10..20u8;
    let one = (by, act, day, "[a-f]{3,5}( [a-f]{3,5}){4,30}").prop_map(|(by, act, day, words)| {
        let words = format!("Zarvo {words}.");
        let report = report(&format!("Outlet {day}"), &format!("2031-03-{day}"), &words);
        let said = Said { words: &words, by: &by, polarity: Polarity::Asserted };
        let kind = allegation(&report, act, ["", "Zarvo"]);
        let claims = vec![claim(&report, &said, kind)];
        (report, claims)
    });
    prop::collection::vec(one, 1..7)
}

proptest! {
    #[test]
    fn order_changes_nothing(tellings in some_tellings(), seed in any::<u64>()) {
        let order: Vec<usize> = (0..tellings.len()).collect();
        let mut other = order.clone();
        other.sort_by_key(|&at| crate::words::mix(seed ^ at as u64));
        prop_assert_eq!(weighed(&tellings, &order), weighed(&tellings, &other));
    }

    #[test]
    fn a_copy_raises_no_count(mut tellings in some_tellings(), which in any::<prop::sample::Index>(), day in 10..20u8) {
        let order: Vec<usize> = (0..tellings.len()).collect();
        let before = counts(&weighed(&tellings, &order));
        let (mut copy, claims) = which.get(&tellings).clone();
        copy.metadata.outlet = Some("Copyist".to_owned());
        copy.metadata.published = Some(jiff::civil::date(2031, 3, day as i8));
        tellings.push((copy, claims));
        let after = weighed(&tellings, &(0..tellings.len()).collect::<Vec<_>>());
        prop_assert_eq!(before, counts(&after));
    }

    #[test]
    fn nobody_is_never_independent(tellings in some_tellings()) {
        let order: Vec<usize> = (0..tellings.len()).collect();
        for origin in weighed(&tellings, &order).iter().flat_map(|matter| &matter.independent) {
            prop_assert!(!origin.name.is_empty() && origin.name != "officials");
        }
    }
}

#[test]
fn one_number_of_one_speaker_is_told_again() {
    let told = |outlet: &str, words: &str, scope: model::Scope| {
        let report = report(outlet, "2031-03-12", words);
        let said = Said { words: "a dozen bakers", by: &["Ila Brann"], polarity: Polarity::Asserted };
        let mut kind = killed(&report, 12, ["people", "Zarvo"]);
        if let ClaimKind::Figure(figure) = &mut kind {
            figure.scope = scope;
        }
        let claims = vec![claim(&report, &said, kind)];
        (report, claims)
    };
    let tellings = [
        told("Post", "Ila Brann counted a dozen bakers dead in Zarvo.", model::Scope::Incident),
        told(
            "Echo",
            "In Zarvo a dozen bakers have died this year, Ila Brann said.",
            model::Scope::Cumulative,
        ),
    ];
    let matters = weighed(&tellings, &[0, 1]);
    assert_eq!(matters.len(), 1);
    assert_eq!((matters[0].independent.len(), matters[0].dependent.len()), (1, 1));
}
