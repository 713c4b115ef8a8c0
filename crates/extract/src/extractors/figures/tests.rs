use crate::syntax::Syntax;
use std::fmt::Write as _;

use expect_test::{Expect, expect};
use language::Doc;
use model::{Digest, Metadata, Report, Text};
use proptest::prelude::*;

use super::*;
use crate::attribution::{Attribution, Attributions};
use crate::times;

fn report(words: &str) -> Report {
    let text = Text::verbatim(Digest::of(words.as_bytes()), words.to_owned());
    Report {
        metadata: Metadata { published: "2022-03-24".parse().ok(), ..Metadata::default() },
        language: None,
        dateline: None,
        wire: None,
        body: Vec::new(),
        boilerplate: Vec::new(),
        notes: Vec::new(),
        text,
    }
}

/// Reads `words` as one paragraph of a report of Thursday 24 March 2022, with the attributions that `said` makes.
fn read(words: &str, said: impl FnOnce(&Text) -> Vec<Attribution>) -> (Report, Vec<Claim>) {
    let report = report(words);
    let doc = Doc::read(words, std::slice::from_ref(&(0..words.len())));
    let times = times::find(&report.text, &doc, report.anchor());
    let attributions = Attributions::new(said(&report.text));
    let context = Context {
        report: &report,
        doc: &doc,
        syntax: &Syntax::of(&doc),
        times: &times,
        places: &[],
        attributions: &attributions,
    };
    let mut found = Vec::new();
    find(&context, &mut found);
    (report, found)
}

fn figure(claim: &Claim) -> &Figure {
    let ClaimKind::Figure(figure) = &claim.kind else { panic!("the extractor writes figures only") };
    figure
}

fn check(words: &str, expected: Expect) {
    let (report, found) = read(words, |_| Vec::new());
    let mut lines = String::new();
    for claim in &found {
        let figure = figure(claim);
        let bound = |bound: Option<u64>| bound.map_or("?".to_owned(), |bound| bound.to_string());
        let bounds = format!("{}..{}", bound(figure.lower), bound(figure.upper));
        write!(lines, "{} {} {bounds}", figure.measure, figure.population).unwrap();
        if let Some(stated) = figure.stated.filter(|_| figure.approx) {
            write!(lines, " ~{stated}").unwrap();
        }
        if figure.vague {
            lines.push_str(" vague");
        }
        write!(lines, " {}", figure.scope).unwrap();
        if let Some(whole) = figure.subset_of {
            write!(lines, " part of {:?}", report.text.quote(found[whole].span)).unwrap();
        }
        for caveat in &figure.caveats {
            write!(lines, " {caveat}").unwrap();
        }
        if let Some(period) = figure.period {
            let day = |day: Option<jiff::civil::Date>| day.map_or("..".to_owned(), |day| day.to_string());
            write!(lines, " {}/{}", day(period.from), day(period.to)).unwrap();
        }
        writeln!(lines, " <- {:?}", report.text.quote(claim.span)).unwrap();
    }
    expected.assert_eq(&lines);
}

#[test]
fn what_a_war_took_is_no_toll_of_one_event() {
    check(
        "It was the first trial of the Dessin war, in which more than 900 people were killed.",
        expect![[r#"
            killed people 901..? cumulative <- "more than 900 people"
        "#]],
    );
    check(
        "They spoke of a raid in which 12 people were killed.",
        expect![[r#"
        killed people 12..12 incident <- "12 people"
    "#]],
    );
}

#[test]
fn quantifiers_set_bounds() {
    check(
        "At least 40 civilians were killed. More than 50 residents died. Nearly 60 people were wounded. \
         About 70 people were hurt. Up to 80 soldiers were captured. Fewer than a dozen people were injured. \
         Between 90 and 100 villagers are missing. Exactly 12 people died.",
        expect![[r#"
            killed civilians 40..? incident <- "At least 40 civilians"
            killed residents 51..? incident <- "More than 50 residents"
            injured people ?..59 ~60 incident <- "Nearly 60 people"
            injured people ?..? ~70 incident <- "About 70 people"
            detained soldiers ?..80 incident <- "Up to 80 soldiers"
            injured people ?..11 incident <- "Fewer than a dozen people"
            missing villagers 90..100 incident <- "Between 90 and 100 villagers"
            killed people 12..12 incident <- "Exactly 12 people"
        "#]],
    );
}

#[test]
fn plurals_without_a_number() {
    check(
        "Dozens of people were killed and scores wounded. Hundreds of women were detained. \
         Tens of thousands of people have fled. Several medics were hurt, killing many civilians.",
        expect![[r#"
            killed people 20..? vague incident <- "Dozens of people"
            injured people 40..? vague incident <- "scores"
            detained women 200..? vague incident <- "Hundreds of women"
            displaced people 20000..? vague cumulative <- "Tens of thousands of people"
            injured medical_personnel ?..? vague incident <- "Several medics"
            killed civilians ?..? vague incident <- "many civilians"
        "#]],
    );
}

#[test]
fn a_part_points_at_its_whole() {
    check(
        "More than 900 civilians, including at least 70 children and two nurses, have been killed since 24 February. \
         The true toll is likely to be higher.",
        expect![[r#"
            killed civilians 901..? cumulative undercount 2022-02-24/.. <- "More than 900 civilians"
            killed children 70..? cumulative part of "More than 900 civilians" undercount 2022-02-24/.. <- "at least 70 children"
            killed medical_personnel 2..2 cumulative part of "More than 900 civilians" undercount 2022-02-24/.. <- "two nurses"
        "#]],
    );
    check(
        "Twelve people, of whom four were children, were killed on Monday.",
        expect![[r#"
        killed people 12..12 incident 2022-03-21/2022-03-21 <- "Twelve people"
        killed children 4..4 incident part of "Twelve people" 2022-03-21/2022-03-21 <- "four"
    "#]],
    );
    check(
        "A shell killed nine people. Among them were three doctors.",
        expect![[r#"
        killed people 9..9 incident <- "nine people"
        killed medical_personnel 3..3 incident part of "nine people" <- "three doctors"
    "#]],
    );
    check(
        "A drone killed at least four people and wounded eleven. Two of the dead were children. One of the wounded has died. \
         Twelve of the dead were miners.",
        expect![[r#"
            killed people 4..? incident <- "at least four people"
            injured people 11..11 incident <- "eleven"
            killed children 2..2 incident part of "at least four people" <- "Two of the dead"
            killed people 12..12 incident part of "at least four people" <- "Twelve of the dead"
        "#]],
    );
}

#[test]
fn who_is_treated_for_wounds_is_wounded() {
    check(
        "Thirteen people were being treated for burns and shrapnel wounds. Forty people were treated for cholera. Six are in \
         intensive care.",
        expect![[r#"
            injured people 13..13 incident <- "Thirteen people"
            injured people 6..6 incident <- "Six"
        "#]],
    );
}

#[test]
fn one_sentence_with_several_harms() {
    check(
        "A strike on Varden killed 12 people and wounded 30 others, two of them seriously.",
        expect![[r#"
            killed people 12..12 incident <- "12 people"
            injured people 30..30 incident <- "30 others"
        "#]],
    );
    check(
        "Two civilians were killed and seven wounded in Lesk.",
        expect![[r#"
        killed civilians 2..2 incident <- "Two civilians"
        injured civilians 7..7 incident <- "seven"
    "#]],
    );
    check(
        "Shelling left five dead and 17 injured.",
        expect![[r#"
        killed people 5..5 incident <- "five dead"
        injured people 17..17 incident <- "17 injured"
    "#]],
    );
    check(
        "Rockets fell on Orda, leaving thousands of innocent residents killed or wounded.",
        expect![[r#"
            killed_or_injured residents 2000..? vague cumulative <- "thousands of innocent residents"
        "#]],
    );
}

#[test]
fn tolls() {
    check(
        "The death toll from Monday's strike on the market rose from 9 to 13.",
        expect![[r#"
            killed people 13..13 incident 2022-03-21/2022-03-21 <- "13"
        "#]],
    );
    check(
        "Civilian casualties are thought to be in the thousands.",
        expect![[r#"
        killed_or_injured civilians 2000..? vague cumulative estimate <- "Civilian casualties are thought to be in the thousands"
    "#]],
    );
    check(
        "Doctors counted 14 deaths and more than 20 injuries.",
        expect![[r#"
        killed people 14..14 incident <- "14 deaths"
        injured people 21..? incident <- "more than 20 injuries"
    "#]],
    );
}

#[test]
fn objects_and_attacks() {
    check(
        "At least 40 homes were destroyed and another 15 damaged. Troops fired 30 rockets. \
         The town was hit by nine air strikes. Gunners shot down three drones. \
         Two missiles hit a school and damaged as many as 20 shops.",
        expect![[r#"
            objects_destroyed homes 40..? incident <- "At least 40 homes"
            object_hits homes 15..15 incident <- "another 15"
            attacks rockets 30..30 incident <- "30 rockets"
            attacks air strikes 9..9 incident <- "nine air strikes"
            objects_destroyed drones 3..3 incident <- "three drones"
            attacks missiles 2..2 incident <- "Two missiles"
            object_hits shops ?..20 incident <- "as many as 20 shops"
        "#]],
    );
}

#[test]
fn people_displaced_detained_trapped() {
    check(
        "The invasion began on Feb. 24. Some 3.5 million people have fled since the beginning of the invasion. \
         Police arrested 30 students. Gunmen kidnapped two journalists. 200 miners are trapped under the rubble. \
         18,000 families are without water. Nine miners remain missing.",
        expect![[r#"
            displaced people ?..? ~3500000 cumulative 2022-02-24/.. <- "Some 3.5 million people"
            detained students 30..30 incident <- "30 students"
            abducted journalists 2..2 incident <- "two journalists"
            trapped miners 200..200 cumulative <- "200 miners"
            people_exposed families 18000..18000 cumulative <- "18,000 families"
            missing miners 9..9 cumulative <- "Nine miners"
        "#]],
    );
}

#[test]
fn numbers_that_are_no_figures() {
    check(
        "The party won 12 seats. It rained for three days. Mira Orlova, 28, was killed. A 12-year-old girl was wounded. \
         The talks cost $30 million. Two countries signed. The 13 were buried. Nobody killed a man. \
         A T-72 was seen. Some 80% of homes were destroyed. No one died. 12 points and 30 goals.",
        expect![[r#""#]],
    );
}

#[test]
fn other_letters_and_broken_quotes() {
    check(
        "“At least 12 people were “killed” in Žilina, мэр said. «Ще 5 людей», and 7 residents died.",
        expect![[r#"
            killed people 12..? incident <- "At least 12 people"
            killed residents 7..7 incident <- "7 residents"
        "#]],
    );
}

#[test]
fn a_denying_speaker_denies_the_figure() {
    let words = "The mayor denied that 12 civilians had died.";
    let (_, found) = read(words, |text| {
        vec![Attribution {
            span: text.span(0..words.len()).unwrap(),
            said_by: vec![model::Speaker {
                name: "mayor".into(),
                mention: text.span(0..9),
                resolution: model::Resolution::Description,
            }],
            cue: text.span(10..16),
            content: vec![text.span(17..words.len() - 1).unwrap()],
            form: model::Form::Indirect,
            stance: Stance::Denying,
            said_on: None,
            rule: "test",
            restates: false,
        }]
    });
    let [claim] = &found[..] else { panic!("one figure: {found:?}") };
    assert_eq!(claim.polarity, Polarity::Denied);
    assert_eq!(claim.said_by[0].name, "mayor");
}

/// Prints each list of victims: what happened, the items with population and number, and the parts of one of them.
fn check_victims(words: &str, expected: Expect) {
    let report = report(words);
    let doc = Doc::read(words, std::slice::from_ref(&(0..words.len())));
    let times = times::find(&report.text, &doc, report.anchor());
    let attributions = Attributions::new(Vec::new());
    let context = Context {
        report: &report,
        doc: &doc,
        syntax: &Syntax::of(&doc),
        times: &times,
        places: &[],
        attributions: &attributions,
    };
    let mut claims = Vec::new();
    find(&context, &mut claims);
    let item = |victim: &model::Victim| {
        let number = |number: Option<u64>| number.map_or("?".to_owned(), |number| number.to_string());
        let span = report.text.quote(victim.span);
        format!("{span:?} {} {}..{}", victim.population, number(victim.lower), number(victim.upper))
    };
    let mut lines = String::new();
    for list in victims(&context, &claims) {
        let members: Vec<String> = list.members.iter().map(item).collect();
        let parts: Vec<String> = list.parts.iter().map(item).collect();
        write!(
            lines,
            "{} by {:?}: {}",
            list.measure,
            list.harm.map_or("names", |harm| report.text.quote(harm)),
            members.join("; ")
        )
        .unwrap();
        if !parts.is_empty() {
            write!(lines, " (of them {})", parts.join("; ")).unwrap();
        }
        lines.push('\n');
    }
    expected.assert_eq(&lines);
}

#[test]
fn victims_are_listed_one_by_one() {
    check_victims(
        "Shelling killed a baker, her husband and a guest in Lesk.",
        expect![[r#"
        killed by "killed": "a baker" people 1..1; "her husband" men 1..1; "a guest" people 1..1
    "#]],
    );
    check_victims(
        "Mira Vey (9) and her brother Ilya Vey, 31, were killed along with their mother.",
        expect![[r#"
            killed by "killed": "Mira Vey" children 1..1; "her brother" men 1..1; "their mother" women 1..1
            killed by "names": "Mira Vey" children 1..1; "Ilya Vey" men 1..1
        "#]],
    );
    check_victims(
        "A six-year-old girl died and a man was wounded.",
        expect![[r#"
        killed by "died": "A six-year-old girl" children 1..1
        injured by "wounded": "a man" men 1..1
    "#]],
    );
    check_victims(
        "The strike led to the deaths of a nurse and an infant.",
        expect![[r#"
        killed by "deaths": "a nurse" people 1..1; "an infant" children 1..1
    "#]],
    );
    check_victims(
        "A drone killed a woman, Žofia Nováková, and her three sons.",
        expect![[r#"
        killed by "killed": "a woman" women 1..1; "her three sons" people 2..?
    "#]],
    );
}

#[test]
fn one_person_in_several_words() {
    check_victims(
        "A poet and teacher was killed.",
        expect![[r#"
        killed by "killed": "A poet" people 1..1
    "#]],
    );
    check_victims(
        "Two bakers, Mira Vey and Oleh Brandt, were killed.",
        expect![[r#"
        killed by "killed": "Two bakers" bakers 2..2
    "#]],
    );
}

#[test]
fn nobody_is_listed() {
    check_victims(
        "He was killed. The law would kill a bill. The army was not killed. No one died. A farmer was not killed.",
        expect![[""]],
    );
}

#[test]
fn a_whole_apart_from_its_word_of_harm() {
    check(
        "20 people, including eight women, two of whom were pregnant, and four men were killed.",
        expect![[r#"
            killed people 20..20 incident <- "20 people"
            killed women 8..8 incident part of "20 people" <- "eight women"
            killed men 4..4 incident <- "four men"
        "#]],
    );
    check(
        "Six miners, four men and two women, were killed.",
        expect![[r#"
        killed miners 6..6 incident <- "Six miners"
        killed men 4..4 incident part of "Six miners" <- "four men"
        killed women 2..2 incident part of "Six miners" <- "two women"
    "#]],
    );
    check(
        "Nine bodies, two of them children, were found in Lesk.",
        expect![[r#"
        killed people 9..9 incident <- "Nine bodies"
        killed children 2..2 incident part of "Nine bodies" <- "two of them"
    "#]],
    );
    check(
        "A family of five was killed in Lesk.",
        expect![[r#"
        killed people 5..5 incident <- "five"
    "#]],
    );
    check(
        "At least 11 people were killed, including five boys and two women, and nine others were wounded.",
        expect![[r#"
            killed people 11..? incident <- "At least 11 people"
            killed boys 5..5 incident part of "At least 11 people" <- "five boys"
            killed women 2..2 incident part of "At least 11 people" <- "two women"
            injured people 9..9 incident <- "nine others"
        "#]],
    );
    check(
        "Shelling caused eleven civilian deaths and other injuries.",
        expect![[r#"
        killed civilians 11..11 incident <- "eleven civilian deaths"
    "#]],
    );
}

#[test]
fn a_range_whose_noun_is_said_once() {
    check(
        "At least nine but possibly more than 20 people were killed.",
        expect![[r#"
        killed people 9..? incident <- "At least nine"
        killed people 21..? incident <- "more than 20 people"
    "#]],
    );
    check(
        "Between 10 to 12 miners died.",
        expect![[r#"
        killed miners 10..12 incident <- "Between 10 to 12 miners"
    "#]],
    );
}

#[test]
fn days_are_no_counts() {
    check("On the evening of Saturday, October 21, 2023, a man was killed.", expect![[""]]);
}

proptest! {
    #[test]
    fn any_text_is_read(
        words in "(\\PC{0,4}|[0-9.,-]{0,6}| (at least|more than|killed|wounded|people|children|including|and|of whom|were|the death toll|rose to|dozens|thousands|of|one|fired|rockets|homes|destroyed|[.,;“”]|99999999999999999999) ){0,24}",
    ) {
        let (report, found) = read(&words, |_| Vec::new());
        for (i, claim) in found.iter().enumerate() {
            prop_assert!(report.text.read().get(claim.span.range()).is_some());
            let figure = figure(claim);
            if let (Some(lower), Some(upper)) = (figure.lower, figure.upper) {
                prop_assert!(lower <= upper);
            }
            if let Some(whole) = figure.subset_of {
                prop_assert!(whole < i);
            }
        }
    }
}

#[test]
fn names_are_listed() {
    check_victims(
        "The victims were named as Mira Orlov (40), her sons Ilya Orlov, 9, and Pavel Orlov, 21, and her mother Ada Vey. Boris Kern posted the names.",
        expect![[r#"
            killed by "names": "Mira Orlov" women 1..1; "Ilya Orlov" children 1..1; "Pavel Orlov" men 1..1; "Ada Vey" women 1..1
        "#]],
    );
    check_victims(
        "Four people died. Their names are: Khaled al-Vardi (35 years old), his wife Fatima Lesk – 30 – and their children Youssef and Maryam al-Vardi.",
        expect![[r#"
            killed by "died": "Four people" people 4..4
            killed by "names": "Khaled al-Vardi" men 1..1; "Fatima Lesk" women 1..1; "Maryam al-Vardi" children 1..1
        "#]],
    );
    check_victims("The wounded were named as Mira Orlov (40) and Ilya Orlov (9).", expect![[""]]);
    check_victims("“The Śniegów family home was hit”, said Mira Vey, 40.", expect![[""]]);
    check_victims(
        "Ilya Vey (wife of Boris Kern, 32) was killed, as was Ada Kern (18 months).",
        expect![[r#"
            killed by "killed": "Ilya Vey" people 1..1
            killed by "names": "Ada Kern" children 1..1
        "#]],
    );
}

#[test]
fn whom_a_surgeon_operates_on_was_injured() {
    check(
        "Surgeons in Lesk had operated on 31 people by dawn.",
        expect![[r#"
        injured people 31..31 incident <- "31 people"
    "#]],
    );
}

#[test]
fn a_pronoun_takes_up_those_counted_before() {
    check(
        "I carried down two girls that noon, and neither of them was breathing.",
        expect![[r#"
        killed girls 2..2 incident <- "two girls"
    "#]],
    );
    check(
        "They dug out four men on Monday, but none of them survived.",
        expect![[r#"
        killed men 4..4 incident 2022-03-21/2022-03-21 <- "four men"
    "#]],
    );
    check("He met three women, and none of them was at home.", expect![[""]]);
}

#[test]
fn a_number_that_is_denied_counts_nothing() {
    check("Not one rocket was fired at Zarvo.", expect![[""]]);
    check(
        "Not fewer than nine rockets were fired at Zarvo.",
        expect![[r#"
            attacks rockets 9..? incident <- "Not fewer than nine rockets"
        "#]],
    );
}

#[test]
fn those_who_stay_or_depend_on_something_are_counted() {
    check(
        "About 12,000 civilians remain in Lesk.",
        expect![[r#"
        other civilians ?..? ~12000 incident <- "About 12,000 civilians"
    "#]],
    );
    check(
        "Four million people in the region depend on grain from Sorvenia.",
        expect![[r#"
        other people 4000000..4000000 incident <- "Four million people"
    "#]],
    );
    check(
        "Six people remain in hospital. Nine people remain missing.",
        expect![[r#"
            injured people 6..6 incident <- "Six people"
            missing people 9..9 incident <- "Nine people"
        "#]],
    );
    check(
        "Two men sentenced to death were moved to Lesk.",
        expect![[r#"
        other men 2..2 incident <- "Two men"
    "#]],
    );
}

#[test]
fn bodies_of_a_kind_are_a_part() {
    check(
        "Nine bodies, including those of two children, were recovered by Wednesday.",
        expect![[r#"
            killed people 9..9 incident ../2022-03-23 <- "Nine bodies"
            killed children 2..2 incident part of "Nine bodies" ../2022-03-23 <- "two children"
        "#]],
    );
}

#[test]
fn the_missing_of_an_incident() {
    check(
        "Shells killed six people in Lesk. Eleven were wounded, she said. Four were missing.",
        expect![[r#"
            killed people 6..6 incident <- "six people"
            injured people 11..11 incident <- "Eleven"
            missing people 4..4 incident <- "Four"
        "#]],
    );
    check(
        "Four people are missing in Lesk.",
        expect![[r#"
        missing people 4..4 cumulative <- "Four people"
    "#]],
    );
    check(
        "More than 900 people have been killed in Lesk. Four are missing.",
        expect![[r#"
        killed people 901..? cumulative <- "More than 900 people"
        missing people 4..4 cumulative <- "Four"
    "#]],
    );
}

#[test]
fn who_was_found_died_by_then() {
    check(
        "Two more bodies were pulled out overnight.",
        expect![[r#"
        killed people 2..2 incident ../2022-03-24 <- "Two more bodies"
    "#]],
    );
    check(
        "Two more men were killed overnight.",
        expect![[r#"
        killed men 2..2 incident 2022-03-23/2022-03-24 <- "Two more men"
    "#]],
    );
}

#[test]
fn the_missing_of_a_war() {
    check(
        "Six people were killed in a blast in Lesk. In the war as a whole, 300 people are missing.",
        expect![[r#"
            killed people 6..6 incident <- "Six people"
            missing people 300..300 cumulative <- "300 people"
        "#]],
    );
}

#[test]
fn a_family_is_counted_and_a_day_is_not() {
    check(
        "The strike killed a family of five.",
        expect![[r#"
        killed people 5..5 incident <- "five"
    "#]],
    );
    check(
        "A raid which Vardia said took place on 29 July killed four people.",
        expect![[r#"
        killed people 4..4 incident 2021-07-29/2021-07-29 <- "four people"
    "#]],
    );
}

#[test]
fn a_number_takes_up_what_was_counted_before() {
    let told = |text: &str| -> Vec<String> {
        let metadata = model::Metadata::default();
        let (bytes, kind) = (text.as_bytes(), model::Kind::PlainText);
        let source = crate::Source { bytes, digest: model::Digest::of(bytes), kind, metadata: &metadata };
        let claims = crate::read(&source).claims;
        let told = claims.iter().filter_map(|claim| {
            let ClaimKind::Figure(figure) = &claim.kind else { return None };
            let speaker = claim.said_by.first().map_or("nobody", |speaker| &speaker.name);
            Some(format!("{speaker}: {} {}", figure.measure, figure.stated?))
        });
        told.collect()
    };
    assert_eq!(
        told(
            "The strike killed 19 people, the mayor said.\n\nRescuers put it at 17.\n\nThe agency has confirmed 12."
        ),
        ["mayor: killed 19", "Rescuers: killed 17", "agency: killed 12"]
    );
    // Nothing was counted, or something else is.
    assert_eq!(told("The strike hit a bridge, the mayor said. The agency has confirmed 12."), [""; 0]);
    assert_eq!(told("The strike killed 19 people. The agency has confirmed 12 flights.").len(), 1);
    assert_eq!(
        told("The strike killed 19 people. A reporter for the paper who is 40 came."),
        ["nobody: killed 19"]
    );
    assert_eq!(
        told(
            "The strike killed 19 people, the mayor said. An agency reporter saw nine bodies at the morgue."
        ),
        ["mayor: killed 19", "agency reporter: killed 9"]
    );
}

#[test]
fn compounds_and_years_before_what_is_counted() {
    check(
        "The army destroyed six US-made launchers and four well-known mosques. A 2016 strike killed 12 farmers.",
        expect![[r#"
            objects_destroyed us-made launchers 6..6 incident <- "six US-made launchers"
            objects_destroyed well-known mosques 4..4 incident <- "four well-known mosques"
            killed farmers 12..12 incident <- "12 farmers"
        "#]],
    );
}
