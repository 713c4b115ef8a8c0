use std::fmt::Write as _;

use expect_test::{Expect, expect};
use model::{Allegation, Claim, ClaimKind, Digest, Kind, Metadata, Text};
use proptest::prelude::*;

use crate::{Reading, Source, read};

fn reading(text: &str) -> Reading {
    let metadata = Metadata::default();
    let bytes = text.as_bytes();
    read(&Source { bytes, digest: Digest::of(bytes), kind: Kind::PlainText, metadata: &metadata })
}

/// Prints each allegation beside the words that its spans cut.
fn check(text: &str, expected: Expect) {
    let reading = reading(text);
    let mut shown = String::new();
    for claim in &reading.claims {
        if let ClaimKind::Allegation(allegation) = &claim.kind {
            show(&reading.report.text, claim, allegation, &mut shown);
        }
    }
    expected.assert_eq(&shown);
}

fn show(text: &Text, claim: &Claim, allegation: &Allegation, shown: &mut String) {
    let quote = |span| text.quote(span).replace('\n', " ");
    let classes: Vec<_> = allegation.object_class.iter().map(|class| class.name()).collect();
    let mut line = format!("{} {} {}", allegation.act, claim.polarity, allegation.certainty);
    let mut field = |name: &str, words: Option<String>| {
        if let Some(words) = words.filter(|words| !words.is_empty()) {
            write!(line, " | {name} {words:?}").expect("a string takes every write");
        }
    };
    field("by", allegation.actor.as_ref().map(|actor| quote(actor.span)));
    field("hit", allegation.target.as_ref().map(|target| quote(target.span)));
    field("class", Some(classes.join("+")));
    field("with", allegation.weapon.as_ref().map(|weapon| quote(weapon.span)));
    writeln!(shown, "{line}\n  {:?} <- {:?}", quote(allegation.trigger), quote(claim.span))
        .expect("a string takes every write");
}

#[test]
fn the_act_follows_from_what_is_hit() {
    check(
        "Vardian troops shelled a hospital in Orsk.",
        expect![[r#"
        attack_on_object asserted certain | by "Vardian troops" | hit "a hospital" | class "hospital"
          "shelled" <- "Vardian troops shelled a hospital in Orsk"
    "#]],
    );
    check(
        "Vardian troops shelled the village of Älvsjö.",
        expect![[r#"
        attack_on_civilians asserted certain | by "Vardian troops" | hit "the village of Älvsjö"
          "shelled" <- "Vardian troops shelled the village of Älvsjö"
    "#]],
    );
    check("Rebel fighters bombed a column of tanks near Orsk.", expect![""]);
    check(
        "Rockets fired by rebels hit a crowded market, killing nine people.",
        expect![[r#"
        attack_on_object asserted certain | by "rebels" | hit "a crowded market" | class "market"
          "fired" <- "Rockets fired by rebels hit a crowded market, killing nine people"
    "#]],
    );
    check(
        "The army fired cluster munitions into a residential district.",
        expect![[r#"
        prohibited_weapon asserted certain | by "army" | hit "a residential district" | class "residential" | with "cluster munitions"
          "cluster munitions" <- "The army fired cluster munitions into a residential district"
    "#]],
    );
    check(
        "The indiscriminate shelling of Orsk went on.",
        expect![[r#"
        indiscriminate_attack asserted certain | hit "Orsk"
          "shelling" <- "The indiscriminate shelling of Orsk"
    "#]],
    );
}

#[test]
fn each_class_of_a_list_is_an_allegation() {
    check(
        "Soldiers destroyed schools, two clinics, a church and homes.",
        expect![[r#"
        destruction asserted certain | by "Soldiers" | hit "schools" | class "school"
          "destroyed" <- "Soldiers destroyed schools, two clinics, a church and homes"
        destruction asserted certain | by "Soldiers" | hit "two clinics" | class "hospital"
          "destroyed" <- "Soldiers destroyed schools, two clinics, a church and homes"
        destruction asserted certain | by "Soldiers" | hit "a church" | class "religious"
          "destroyed" <- "Soldiers destroyed schools, two clinics, a church and homes"
        destruction asserted certain | by "Soldiers" | hit "homes" | class "residential"
          "destroyed" <- "Soldiers destroyed schools, two clinics, a church and homes"
    "#]],
    );
    check(
        "They attacked civilian buildings, such as a theatre and a school, with missiles.",
        expect![[r#"
        attack_on_object asserted certain | by "They" | hit "civilian buildings" | class "other"
          "attacked" <- "They attacked civilian buildings, such as a theatre and a school"
        attack_on_object asserted certain | by "They" | hit "a theatre" | class "cultural"
          "attacked" <- "They attacked civilian buildings, such as a theatre and a school"
        attack_on_object asserted certain | by "They" | hit "a school" | class "school"
          "attacked" <- "They attacked civilian buildings, such as a theatre and a school"
    "#]],
    );
}

#[test]
fn harm_to_persons() {
    check(
        "At least 12 civilians were killed in Vardian air strikes on Orsk.",
        expect![[r#"
        attack_on_civilians asserted certain | by "Vardian" | hit "At least 12 civilians"
          "air strikes" <- "At least 12 civilians were killed in Vardian air strikes on Orsk"
    "#]],
    );
    check(
        "Militants executed three captured soldiers.",
        expect![[r#"
        killing asserted certain | by "Militants" | hit "three captured soldiers"
          "executed" <- "Militants executed three captured soldiers"
    "#]],
    );
    check(
        "Soldiers raped and tortured women in the village.",
        expect![[r#"
        sexual_violence asserted certain | by "Soldiers" | hit "women"
          "raped" <- "Soldiers raped and tortured women in the village"
        torture asserted certain | by "Soldiers" | hit "women"
          "tortured" <- "Soldiers raped and tortured women in the village"
    "#]],
    );
    check(
        "About 400 children were forcibly deported by the occupying troops.",
        expect![[r#"
        abduction_or_deportation asserted certain | by "the occupying troops" | hit "About 400 children"
          "forcibly deported" <- "About 400 children were forcibly deported by the occupying troops"
    "#]],
    );
    check(
        "The militia is using villagers as human shields.",
        expect![[r#"
        human_shields asserted certain | by "The militia" | hit "villagers"
          "human shields" <- "The militia is using villagers as human shields"
    "#]],
    );
}

#[test]
fn siege_aid_and_property() {
    check(
        "Rebel forces blocked an aid convoy from reaching the besieged town.",
        expect![[r#"
        siege_or_starvation asserted certain | by "Rebel forces" | hit "an aid convoy" | class "humanitarian"
          "blocked" <- "Rebel forces blocked an aid convoy from reaching the besieged town"
    "#]],
    );
    check(
        "Troops looted shops and burned down houses in Älvsjö.",
        expect![[r#"
            pillage asserted certain | by "Troops" | hit "shops" | class "market"
              "looted" <- "Troops looted shops"
            destruction asserted certain | by "Troops" | hit "houses" | class "residential"
              "burned down" <- "burned down houses in Älvsjö"
        "#]],
    );
}

#[test]
fn accusations_name_their_actor() {
    check(
        "The minister accused Vardia of committing war crimes in Orsk.",
        expect![[r#"
        war_crimes_unspecified asserted certain | by "Vardia"
          "war crimes" <- "Vardia of committing war crimes in Orsk"
    "#]],
    );
    check(
        "She blamed the rebels for the massacre of villagers.",
        expect![[r#"
        killing asserted certain | by "the rebels" | hit "villagers"
          "massacre" <- "the rebels for the massacre of villagers"
    "#]],
    );
    check(
        "Ilan Drost called General Varga a war criminal.",
        expect![[r#"
        war_crimes_unspecified asserted certain | by "General Varga"
          "war criminal" <- "General Varga a war criminal"
    "#]],
    );
    check(
        "Members of Vardia’s forces have committed atrocities.",
        expect![[r#"
        war_crimes_unspecified asserted certain | by "Members of Vardia’s forces"
          "atrocities" <- "Members of Vardia’s forces have committed atrocities"
    "#]],
    );
}

#[test]
fn denials_questions_and_cases_only_imagined() {
    check(
        "Vardia denies targeting civilians in the war.",
        expect![[r#"
        attack_on_civilians denied certain | by "Vardia" | hit "civilians"
          "targeting" <- "Vardia denies targeting civilians in the war"
    "#]],
    );
    check(
        "The army rejected the accusation that its forces shelled the hospital.",
        expect![[r#"
        attack_on_object denied certain | by "The army" | hit "the hospital" | class "hospital"
          "shelled" <- "its forces shelled the hospital"
    "#]],
    );
    check(
        "Our troops did not attack the school, he said.",
        expect![[r#"
        attack_on_object denied certain | by "Our troops" | hit "the school" | class "school"
          "attack" <- "Our troops did not attack the school"
    "#]],
    );
    check(
        "Did the army bomb the hospital?",
        expect![[r#"
        attack_on_object questioned certain | by "the army" | hit "the hospital" | class "hospital"
          "bomb" <- "the army bomb the hospital"
    "#]],
    );
    check(
        "The mayor warned that troops could shell the hospital.",
        expect![[r#"
        attack_on_object hypothetical certain | by "troops" | hit "the hospital" | class "hospital"
          "shell" <- "troops could shell the hospital"
    "#]],
    );
    check(
        "Vardia denied its forces shelled the school. It blamed rebels for shelling the school.",
        expect![[r#"
        attack_on_object denied certain | by "Vardia" | hit "the school" | class "school"
          "shelled" <- "its forces shelled the school"
        attack_on_object counter_version certain | by "rebels" | hit "the school" | class "school"
          "shelling" <- "rebels for shelling the school"
    "#]],
    );
}

#[test]
fn how_firmly_it_is_said() {
    check(
        "Rebels reportedly shelled a school.",
        expect![[r#"
        attack_on_object asserted possible | by "Rebels" | hit "a school" | class "school"
          "shelled" <- "Rebels reportedly shelled a school"
    "#]],
    );
    check(
        "The army may have used chemical weapons against the town.",
        expect![[r#"
        prohibited_weapon asserted possible | by "The army" | hit "the town" | with "chemical weapons"
          "chemical weapons" <- "The army may have used chemical weapons against the town"
    "#]],
    );
    check(
        "There are credible reports of indiscriminate attacks by Vardian forces.",
        expect![[r#"
        indiscriminate_attack asserted probable | by "Vardian forces"
          "attacks" <- "indiscriminate attacks by Vardian forces"
    "#]],
    );
}

#[test]
fn quotations_in_any_state() {
    check(
        "“Vardian forces “shelled homes, he said, “and a school”",
        expect![[r#"
        attack_on_object asserted certain | by "Vardian forces" | hit "homes" | class "residential"
          "shelled" <- "Vardian forces “shelled homes"
    "#]],
    );
    check(
        "Troops had “destroyed homes” in Orsk.",
        expect![[r#"
        destruction asserted certain | by "Troops" | hit "homes" | class "residential"
          "destroyed" <- "Troops had “destroyed homes” in Orsk"
    "#]],
    );
}

#[test]
fn left_alone() {
    for text in [
        "The earthquake killed 40 people and destroyed hundreds of homes.",
        "The opposition attacked the proposal.",
        "He struck a deal with the army.",
        "Our striker hit the post twice and the attack looked sharp.",
        "Rebels killed six soldiers and destroyed two tanks.",
        "The invasion began in March.",
        "She had a heart attack during the war.",
        "The war crimes tribunal sits in Orsk.",
        "Artillery hit an ammunition depot.",
        "Two people died when their car crashed near the army base.",
    ] {
        check(text, expect![[""]]);
    }
}

#[test]
fn a_sentence_without_end_is_read_in_stretches() {
    let text = "troops shelled a hospital and ".repeat(4000);
    assert!(!reading(&text).claims.is_empty());
}

const WORDS: &[&str] = &[
    "troops",
    "shelled",
    "the",
    "hospital",
    ",",
    "and",
    "of",
    "accused",
    "“",
    "”",
    "'s",
    "killed",
    "by",
    "civilians",
    ".",
    "not",
    "denied",
    "that",
    "Orsk",
    "war",
    "crimes",
    "were",
    "12",
    "to",
    "who",
    "attacks",
    "on",
    "killing",
    "as",
    "-",
    "é",
];

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC{0,200}") {
        reading(&text);
    }

    #[test]
    fn any_order_of_telling_words_is_read(words in prop::collection::vec(prop::sample::select(WORDS), 0..40)) {
        let reading = reading(&words.join(" "));
        for claim in &reading.claims {
            if let ClaimKind::Allegation(allegation) = &claim.kind {
                prop_assert!(!claim.span.is_empty());
                prop_assert!(!reading.report.text.quote(allegation.trigger).is_empty());
            }
        }
    }
}

#[test]
fn people_led_away() {
    check(
        "Soldiers of the Vardian army took away 14 men after a search of Orsk.",
        expect![[r#"
        abduction_or_deportation asserted certain | by "Soldiers of the Vardian army" | hit "14 men"
          "took away" <- "Soldiers of the Vardian army took away 14 men"
    "#]],
    );
    check(
        "Two teachers were led away by rebel fighters, a neighbour said. The rebels took away the litter.",
        expect![[r#"
            abduction_or_deportation asserted certain | by "rebel fighters" | hit "Two teachers"
              "led away" <- "Two teachers were led away by rebel fighters"
        "#]],
    );
}

#[test]
fn cluster_warheads() {
    check(
        "The rockets fired at the clinic carried cluster warheads, the panel concluded.",
        expect![[r#"
            attack_on_object asserted certain | hit "the clinic" | class "hospital" | with "rockets"
              "fired" <- "The rockets fired at the clinic carried cluster warheads"
            prohibited_weapon asserted certain | with "rockets"
              "cluster warheads" <- "The rockets fired at the clinic carried cluster warheads"
        "#]],
    );
}

#[test]
fn a_denier_tells_another_version() {
    check(
        "Vardia's army ministry denied that its forces had hit a clinic in Orsk, and said the building was destroyed by a Nordish missile.",
        expect![[r#"
            attack_on_object denied certain | by "Vardia's army ministry" | hit "a clinic" | class "hospital"
              "hit" <- "its forces had hit a clinic in Orsk"
            destruction counter_version certain | by "Nordish" | hit "the building" | class "other" | with "missile"
              "destroyed" <- "the building was destroyed by a Nordish missile"
        "#]],
    );
    check(
        "Vardia's army ministry denies firing on the town and says that a Nordish missile hit the clinic.",
        expect![[r#"
            attack_on_civilians denied certain | by "Vardia's army ministry" | hit "the town"
              "firing" <- "Vardia's army ministry denies firing on the town"
            attack_on_object counter_version certain | by "Nordish" | hit "the clinic" | class "hospital" | with "missile"
              "hit" <- "a Nordish missile hit the clinic"
        "#]],
    );
}

#[test]
fn notes_without_a_verb() {
    check(
        "Damage to a kindergarten in Älvsjö.",
        expect![[r#"
        attack_on_object asserted certain | hit "a kindergarten" | class "school"
          "Damage" <- "Damage to a kindergarten in Älvsjö"
    "#]],
    );
    check(
        "Apartment block on fire after shelling.",
        expect![[r#"
            destruction asserted certain | hit "Apartment block" | class "residential"
              "on fire" <- "Apartment block on fire"
        "#]],
    );
    check(
        "Heavy damage to what appears to be a pumping station.",
        expect![[r#"
        attack_on_object asserted probable | hit "a pumping station" | class "infrastructure"
          "damage" <- "Heavy damage to what appears to be a pumping station"
    "#]],
    );
    check(
        "Destruction caused to a reported market in Varden.",
        expect![[r#"
        destruction asserted certain | hit "a reported market" | class "market"
          "Destruction" <- "Destruction caused to a reported market in Varden"
    "#]],
    );
    check(
        "Rocket motor embedded in the yard of a monastery.",
        expect![[r#"
            attack_on_object asserted certain | hit "the yard of a monastery" | class "religious" | with "Rocket motor"
              "embedded" <- "Rocket motor embedded in the yard of a monastery"
        "#]],
    );
    check(
        "Granary and bus depot burning.",
        expect![[r#"
            destruction asserted certain | hit "Granary" | class "infrastructure+agriculture"
              "burning" <- "Granary and bus depot burning"
            destruction asserted certain | hit "bus depot" | class "other+industrial"
              "burning" <- "Granary and bus depot burning"
        "#]],
    );
    check(
        "Explosion in a library of Varden.",
        expect![[r#"
        attack_on_object asserted certain | hit "a library of Varden" | class "cultural"
          "Explosion" <- "Explosion in a library of Varden"
    "#]],
    );
    check(
        "Culture house “Mir” (Orsk district) burned out.",
        expect![[r#"
        destruction asserted certain | hit "Culture house" | class "cultural"
          "burned out" <- "Culture house “Mir” (Orsk district) burned out"
    "#]],
    );
    check(
        "Clinic come under small arms fire.",
        expect![[r#"
            attack_on_object asserted certain | hit "Clinic" | class "hospital"
              "under small arms fire" <- "Clinic come under small arms fire"
        "#]],
    );
    check("Three reported hurt in a gas leak. Damage to a proposal. Talks collapsed.", expect![""]);
}

#[test]
fn what_a_blow_fell_near_was_not_hit() {
    check(
        "Missiles struck a house opposite the Blue Mosque in Varden.",
        expect![[r#"
            attack_on_object asserted certain | hit "a house" | class "residential" | with "Missiles"
              "struck" <- "Missiles struck a house opposite the Blue Mosque in Varden"
        "#]],
    );
    check(
        "Two people died in an airstrike near a school.",
        expect![[r#"
        attack_on_civilians asserted certain | hit "Two people"
          "airstrike" <- "Two people died in an airstrike near a school"
    "#]],
    );
    check("Victims of the airstrike arrived at the hospital.", expect![[""]]);
    check(
        "The hospital bombing shocked Varden.",
        expect![[r#"
        attack_on_object asserted certain | hit "The hospital" | class "hospital"
          "bombing" <- "The hospital bombing shocked Varden"
    "#]],
    );
    check(
        "A car bombing shook Varden, and the army fired at the town.",
        expect![[r#"
        attack_on_civilians asserted certain | hit "the town"
          "car bombing" <- "A car bombing shook Varden, and the army fired at the town"
    "#]],
    );
}

#[test]
fn closer_classes_stand_behind_those_of_the_guide() {
    check(
        "Troops destroyed a bridge, two power stations and the town hall.",
        expect![[r#"
        destruction asserted certain | by "Troops" | hit "a bridge" | class "infrastructure+transport"
          "destroyed" <- "Troops destroyed a bridge, two power stations and the town hall"
        destruction asserted certain | by "Troops" | hit "the town hall" | class "other+administrative"
          "destroyed" <- "Troops destroyed a bridge, two power stations and the town hall"
    "#]],
    );
}

#[test]
fn lists_and_places_in_notes() {
    check(
        "Kindergarten, residential buildings damaged in explosion.",
        expect![[r#"
        attack_on_object asserted certain | hit "Kindergarten" | class "school"
          "explosion" <- "Kindergarten, residential buildings damaged in explosion"
        attack_on_object asserted certain | hit "residential buildings" | class "residential"
          "explosion" <- "Kindergarten, residential buildings damaged in explosion"
    "#]],
    );
    check(
        "A reported clinic and playground damaged in shelling.",
        expect![[r#"
        attack_on_object asserted certain | hit "A reported clinic" | class "hospital"
          "shelling" <- "A reported clinic and playground damaged in shelling"
        attack_on_object asserted certain | hit "playground" | class "other"
          "shelling" <- "A reported clinic and playground damaged in shelling"
    "#]],
    );
    check(
        "Destruction to buildings, one reportedly a hospital.",
        expect![[r#"
        destruction asserted possible | hit "buildings" | class "other"
          "Destruction" <- "Destruction to buildings, one reportedly a hospital"
        destruction asserted possible | hit "a hospital" | class "hospital"
          "Destruction" <- "Destruction to buildings, one reportedly a hospital"
    "#]],
    );
    check(
        "Bridge destroyed next to a church.",
        expect![[r#"
        destruction asserted certain | hit "Bridge" | class "infrastructure+transport"
          "destroyed" <- "Bridge destroyed next to a church"
    "#]],
    );
    check(
        "Missile attack in a residential area of Varden near to the airport.",
        expect![[r#"
        attack_on_object asserted certain | hit "a residential area of Varden" | class "residential" | with "Missile"
          "Missile attack" <- "Missile attack in a residential area of Varden near to the airport"
    "#]],
    );
    check(
        "Rocket motor impacted into garden area of clinic.",
        expect![[r#"
        attack_on_object asserted certain | hit "garden area of clinic" | class "hospital" | with "Rocket motor"
          "impacted" <- "Rocket motor impacted into garden area of clinic"
    "#]],
    );
}

#[test]
fn words_beside_a_plain_noun_tell_its_class() {
    check(
        "Shelling damaged a hospital building in Orsk.",
        expect![[r#"
        attack_on_object asserted certain | hit "a hospital building" | class "hospital"
          "Shelling" <- "Shelling damaged a hospital building in Orsk"
    "#]],
    );
    check(
        "The school’s roof was destroyed by a missile.",
        expect![[r#"
        destruction asserted certain | hit "The school’s roof" | class "school" | with "missile"
          "destroyed" <- "The school’s roof was destroyed by a missile"
    "#]],
    );
    check(
        "Retail premises destroyed by missiles.",
        expect![[r#"
        destruction asserted certain | hit "Retail premises" | class "market" | with "missiles"
          "destroyed" <- "Retail premises destroyed by missiles"
    "#]],
    );
    check(
        "Damage to residential and industrial areas after shelling.",
        expect![[r#"
            attack_on_object asserted certain | hit "residential" | class "residential"
              "Damage" <- "Damage to residential and industrial areas"
            attack_on_object asserted certain | hit "industrial areas" | class "infrastructure+industrial"
              "Damage" <- "Damage to residential and industrial areas"
        "#]],
    );
    check(
        "Administrative/commercial building damaged by a rocket.",
        expect![[r#"
        attack_on_object asserted certain | hit "Administrative" | class "other+administrative" | with "rocket"
          "damaged" <- "Administrative/commercial building damaged by a rocket"
        attack_on_object asserted certain | hit "commercial building" | class "market" | with "rocket"
          "damaged" <- "Administrative/commercial building damaged by a rocket"
    "#]],
    );
}

#[test]
fn beside_a_road_stands_what_was_hit() {
    check(
        "Crater in road in front of the clinic.",
        expect![[r#"
        attack_on_civilians asserted certain | hit "the clinic" | class "hospital"
          "Crater" <- "Crater in road in front of the clinic"
    "#]],
    );
    check(
        "A 9M27 landed on the road outside a café.",
        expect![[r#"
        attack_on_civilians asserted certain | hit "a café" | class "market"
          "landed" <- "A 9M27 landed on the road outside a café"
    "#]],
    );
    check(
        "Crater in the road near Älvsjö.",
        expect![[r#"
        attack_on_object asserted certain | hit "the road" | class "infrastructure+transport"
          "Crater" <- "Crater in the road near Älvsjö"
    "#]],
    );
}

#[test]
fn harm_is_seen_without_an_agent() {
    check(
        "Smoke rising from a factory in Orsk.",
        expect![[r#"
        destruction asserted certain | hit "a factory" | class "infrastructure+industrial"
          "Smoke rising from" <- "Smoke rising from a factory in Orsk"
    "#]],
    );
    check("Smoke rising from a chimney in Orsk.", expect![""]);
    check(
        "Fire in an apartment building.",
        expect![[r#"
        destruction asserted certain | hit "an apartment building" | class "residential"
          "Fire in" <- "Fire in an apartment building"
    "#]],
    );
    check(
        "School showing signs of blast damage.",
        expect![[r#"
        attack_on_object asserted certain | hit "School" | class "school"
          "blast" <- "School showing signs of blast damage"
    "#]],
    );
    check(
        "Widespread damage caused to the village.",
        expect![[r#"
        attack_on_civilians asserted certain | hit "the village"
          "damage" <- "Widespread damage caused to the village"
    "#]],
    );
    check(
        "Aftermath of a strike in the Lesk district.",
        expect![[r#"
        attack_on_civilians asserted certain | hit "the Lesk district"
          "strike" <- "a strike in the Lesk district"
    "#]],
    );
    check("Strike in the Lesk district over pay.", expect![""]);
}

#[test]
fn a_building_put_to_military_use() {
    check(
        "Sorvenian troops had used the school as a barracks, the ministry said.",
        expect![[r#"
        human_shields asserted certain | by "Sorvenian troops" | hit "the school" | class "school"
          "barracks" <- "Sorvenian troops had used the school as a barracks"
    "#]],
    );
    check(
        "The clinic was turned into a firing position by Kaldrian soldiers.",
        expect![[r#"
            human_shields asserted certain | by "Kaldrian soldiers" | hit "The clinic" | class "hospital"
              "firing position" <- "The clinic was turned into a firing position by Kaldrian soldiers"
        "#]],
    );
    check(
        "Soldiers converted two schools into command posts.",
        expect![[r#"
        human_shields asserted certain | by "Soldiers" | hit "two schools" | class "school"
          "command posts" <- "Soldiers converted two schools into command posts"
    "#]],
    );
    check("The troops left their barracks and went on to a military base.", expect![[""]]);
}

#[test]
fn what_comes_down_on_something_hits_it() {
    check(
        "She was at the stove when the first rocket came down on School No. 3 in Zarvo.",
        expect![[r#"
        attack_on_object asserted certain | hit "School No. 3" | class "school" | with "rocket"
          "came down" <- "the first rocket came down on School No. 3 in Zarvo"
    "#]],
    );
}

#[test]
fn prisoners_of_war_are_of_a_war() {
    check(
        "The judges heard the case of two prisoners of war on Friday and on Monday, as they had been asked to by relatives. \
         It was told in the papers of Lesk for weeks, and on most days the benches were full before the doors were open \
         to the street.\n\nOrrin Tave shot the two men in a quarry near Lesk, the judges found.",
        expect![[r#"
            killing asserted certain | by "Orrin Tave" | hit "the two men"
              "shot" <- "Orrin Tave shot the two men in a quarry near Lesk"
        "#]],
    );
}

/// Prints where and when each allegation is said to have been.
fn check_circumstances(text: &str, expected: Expect) {
    let reading = reading(text);
    let quote = |span| reading.report.text.quote(span);
    let mut shown = String::new();
    for claim in &reading.claims {
        if let ClaimKind::Allegation(allegation) = &claim.kind {
            let place = allegation.place.as_ref().map_or("nowhere", |place| quote(place.span));
            let time = allegation.time.as_ref().map_or("no time", |time| quote(time.span));
            writeln!(shown, "{}: {place}, {time}", quote(allegation.trigger))
                .expect("a string takes every write");
        }
    }
    expected.assert_eq(&shown);
}

#[test]
fn the_nearest_place_behind_the_act_is_its_place() {
    check_circumstances(
        "An inquiry was opened into the rocket strike on a school in the town of Lysychansk and the disappearance of \
         men from the village of Bakhmut.",
        expect![[r#"
            rocket strike: Lysychansk, no time
        "#]],
    );
    check_circumstances(
        "Rockets hit a clinic in the Kharkiv region town of Izium, killing four.",
        expect![[r#"
            hit: Izium, no time
        "#]],
    );
}

#[test]
fn a_place_that_is_named_aside_is_not_where_it_was() {
    check_circumstances(
        "Kharkiv regional prosecutors said that shells killed two civilians in the village of Izium.",
        expect![[r#"
            shells: Izium, no time
        "#]],
    );
    check_circumstances(
        "Missiles struck the town of Izium, some 75 miles southeast of Kharkiv, and killed six people.",
        expect![[r#"
            struck: Izium, no time
            killed: Izium, no time
        "#]],
    );
    check_circumstances(
        "Deputies who back the government in Minsk said a strike in Izium had damaged a hospital.",
        expect![[r#"
            strike: Izium, no time
        "#]],
    );
    check_circumstances(
        "The shelling of the clinic broke the Geneva conventions.",
        expect![[r#"
        shelling: nowhere, no time
    "#]],
    );
    check_circumstances(
        "Troops shelled 12 clinics and schools, the minister told lawmakers in Minsk.",
        expect![[r#"
            shelled: nowhere, no time
            shelled: nowhere, no time
        "#]],
    );
    // Where no other is named, it is the best there is.
    check_circumstances(
        "The Kharkiv governor said that shells had killed two civilians.",
        expect![[r#"
        shells: Kharkiv, no time
    "#]],
    );
}

#[test]
fn the_nearest_time_is_that_of_the_act() {
    check_circumstances(
        "Burials were held on 15 March 2031 for six people killed in the shelling of a market in Izium on 13 March 2031.",
        expect![[r#"
            shelling: Izium, on 13 March 2031
        "#]],
    );
    check_circumstances(
        "A court on 4 April 2031 convicted a soldier of murdering two prisoners of war in Izium.",
        expect![[r#"
            murdering: Izium, no time
        "#]],
    );
    check_circumstances(
        "Troops have shelled clinics in Izium since they crossed the border on 3 March 2031.",
        expect![[r#"
            shelled: Izium, no time
        "#]],
    );
}

#[test]
fn what_was_used_to_do_it() {
    let acts = |text: &str| {
        let claims = reading(text).claims;
        let asserted = claims.iter().filter(|claim| claim.polarity == model::Polarity::Asserted);
        asserted.filter(|claim| matches!(claim.kind, ClaimKind::Allegation(_))).count()
    };
    assert_eq!(acts("Vardian forces used heavy rockets to strike a hospital in Orsk."), 1);
    assert_eq!(acts("Vardian forces are using new long-range guns to shell a school in Orsk."), 1);
    assert_eq!(acts("Vardian forces plan to use heavy rockets to strike a hospital in Orsk."), 0);
    assert_eq!(acts("Vardian forces tried to strike a hospital in Orsk."), 0);
}

#[test]
fn who_is_held_responsible() {
    let actors = |text: &str| -> Vec<String> {
        let claims = reading(text).claims;
        let named = claims.iter().filter_map(|claim| match &claim.kind {
            ClaimKind::Allegation(allegation) => Some(allegation.actor.as_ref()?.name.clone()),
            _ => None,
        });
        named.collect()
    };
    assert_eq!(
        actors("The Red Column was responsible for the massacre of civilians in Orsk."),
        ["The Red Column"]
    );
    assert_eq!(
        actors("The council said Vardian forces were behind the attack on a school in Orsk."),
        ["Vardian forces"]
    );
    assert_eq!(
        actors("The attack on a clinic in Orsk, which the council blamed on Vardia, went on for an hour."),
        ["Vardia"]
    );
    // Who claims something about another's deed did not do it, and neither did a weapon.
    assert_eq!(
        actors("Vardia's ministry claims the Nordish army struck a prison in Orsk."),
        ["the Nordish army"]
    );
    assert_eq!(actors("A Vardian missile hit a clinic in Orsk."), ["Vardian"]);
    assert_eq!(actors("Bombs killed nine people in Orsk in the war."), [""; 0]);
    assert_eq!(actors("The war has claimed the lives of nine civilians in Orsk."), [""; 0]);
    assert_eq!(actors("Houthi missiles hit a school in Orsk."), ["Houthi"]);
    assert_eq!(actors("Snipers killed nine civilians in Orsk."), ["Snipers"]);
    // A model is called after its maker, who need not have fired it.
    assert_eq!(actors("Nordish Lancet drones struck a school in Orsk."), ["Nordish Lancet drones"]);
    assert_eq!(
        actors("Vardian soldiers with rifles killed nine civilians in Orsk."),
        ["Vardian soldiers with rifles"]
    );
    assert_eq!(
        actors("The rebels said they had nothing to do with the attack on the mosque in Orsk."),
        ["rebels"]
    );
    // Nobody is accused.
    assert_eq!(actors("No group has claimed responsibility for the attack on a clinic in Orsk."), [""; 0]);
    assert_eq!(actors("It is unclear who was behind the shelling of a school in Orsk."), [""; 0]);
    assert_eq!(actors("The massacre of civilians in Orsk should not be blamed on Vardia."), [""; 0]);
    assert_eq!(actors("The massacre of civilians in Orsk was falsely blamed on Vardia."), [""; 0]);
    let raid =
        actors("The shelling of a school in Orsk by the Nordish army prompted a raid blamed on rebels.");
    assert_eq!(raid[0], "the Nordish army");
}

#[test]
fn who_is_blamed_for_what_was_told_before() {
    // What these words say of a deed that the sentence before them tells.
    let blames = |text: &str| -> Vec<String> {
        let claims = reading(&format!("A rocket hit a clinic in Orsk on Monday. {text}")).claims;
        let told =
            claims.iter().filter(|claim| claim.rule == "allegation-blame").map(|claim| match &claim.kind {
                ClaimKind::Allegation(told) => {
                    let name = |mention: &Option<model::Mention>| {
                        mention.as_ref().map_or("", |mention| &mention.name).to_owned()
                    };
                    assert_eq!(
                        (told.act, name(&told.target).as_str()),
                        (model::Act::AttackOnObject, "a clinic")
                    );
                    let speaker = claim.said_by.first().map_or("nobody", |speaker| &speaker.name);
                    format!("{speaker}: {} ({})", name(&told.actor), claim.polarity)
                }
                _ => String::new(),
            });
        told.collect()
    };
    for (text, told) in [
        ("The mayor blamed Vardian troops.", "mayor: Vardian troops (asserted)"),
        (
            "The mayor, Dora Hale, said the Red Column was responsible.",
            "Dora Hale: the Red Column (asserted)",
        ),
        ("The Red Column was behind the strike, the mayor said.", "mayor: The Red Column (asserted)"),
        ("Relatives held the Red Column responsible.", "Relatives: the Red Column (asserted)"),
        (
            "The attack was carried out by Vardian soldiers, police said.",
            "police: Vardian soldiers (asserted)",
        ),
        ("It was the work of Vardian soldiers, police said.", "police: Vardian soldiers (asserted)"),
        ("The mayor blamed the attack on Vardian soldiers.", "mayor: Vardian soldiers (asserted)"),
        ("The report attributed the attack to Vardian soldiers.", "nobody: Vardian soldiers (asserted)"),
        ("The Red Column was to blame, the mayor said.", "mayor: The Red Column (asserted)"),
        ("The Red Column did this, the mayor said.", "mayor: The Red Column (asserted)"),
        ("The Red Column claimed responsibility on Tuesday.", "Red Column: The Red Column (asserted)"),
        // Who speaks of themselves is named.
        ("The rebels said they had carried out the attack.", "rebels: rebels (asserted)"),
        ("Turkey said it had nothing to do with it.", "Turkey: Turkey (denied)"),
        ("Vardian troops were not involved, the ministry said.", "ministry: Vardian troops (denied)"),
        ("The army denied that it was responsible.", "army: army (denied)"),
        ("Nordia rejected suggestions that Vardia was behind the attack.", "Nordia: Vardia (denied)"),
        (
            "The raid was carried out by either the army or the rebels.",
            "nobody: either the army or the rebels (asserted)",
        ),
    ] {
        assert_eq!(blames(text), [told], "{text}");
    }
    for text in [
        "It is not clear who was responsible.",
        "Nobody claimed responsibility.",
        "Those responsible will be punished, the mayor said.",
        "The ministry responsible for health sent two doctors.",
        "The two sides blamed each other for the attack.",
        "The Red Column was falsely blamed, its leader said.",
        "The court should hold the Red Column responsible, he said.",
        "A gas leak was to blame, the army said.",
        "The opposition blamed the government for rising prices.",
        "A witness said they did it.",
        "The army denied it had fired on the convoy and said rebels did it.",
        "Was the Red Column responsible?",
        "It was not clear whether Vardia or the Red Column was responsible.",
        "Investigators are examining whether rebels or government forces were responsible.",
        "There was no indication that Vardia was involved in the attack.",
        "The Interior Ministry is responsible for the fight against crime.",
        "The opposition blamed the government and the army for rising prices.",
        "The Red Cross did it overnight.",
        "An army barracks was behind it, residents said.",
        "The UN said they were responsible.",
        "General Hale accepted responsibility and resigned.",
        "A UN inquiry cleared the army of carrying out the attack.",
        "A court refused to hold the army responsible.",
        "The mayor blamed the attack on Tuesday.",
        "The shop was shut. It rained all day. The mayor blamed Vardian troops.",
    ] {
        assert_eq!(blames(text), [""; 0], "{text}");
    }
    check("Nine people killed at a hospital in Orsk were buried on Monday in the war.", expect![""]);
    check("Soldiers took cover as villagers ran away in the war.", expect![""]);
    check(
        "Shells hit a hospital in Orsk on Monday, and the army denied it was responsible.",
        expect![[r#"
            attack_on_object asserted certain | hit "a hospital" | class "hospital" | with "Shells"
              "hit" <- "Shells hit a hospital in Orsk on Monday"
            attack_on_object denied certain | by "it" | hit "a hospital" | class "hospital" | with "Shells"
              "responsible" <- "it was responsible"
        "#]],
    );
    check(
        "Turkish jets bombed a hospital on Sunday and Vardia said the Red Column was behind the attack.",
        expect![[r#"
            attack_on_object asserted certain | by "Turkish jets" | hit "a hospital" | class "hospital"
              "bombed" <- "Turkish jets bombed a hospital on Sunday"
        "#]],
    );
    let accused = "Vardia has said that it had no part in the massacre of villagers in Orsk and that a militia was \
        responsible.";
    check(
        accused,
        expect![[r#"
            killing denied certain | by "it" | hit "villagers"
              "massacre" <- "the massacre of villagers in Orsk"
            killing counter_version certain | by "a militia" | hit "villagers"
              "responsible" <- "a militia was responsible"
        "#]],
    );
}

#[test]
fn a_drone_needs_no_word_of_war_beside_it() {
    let text = "A drone struck a bakery in the old district of Orsk early on Sunday, killing at least four people and wounding \
        eleven, the deputy mayor, Dora Hale, told reporters. Two of the dead were children who had been queuing with their \
        mother, she said. Hale blamed Vardia for the strike. Vardia's ministry denied it. A doctor at the university hospital \
        said that thirteen people had come in with burns.";
    let told: Vec<_> = reading(text)
        .claims
        .into_iter()
        .filter(|claim| matches!(claim.kind, ClaimKind::Allegation(_)))
        .collect();
    assert_eq!(told.len(), 2);
    assert_eq!(told[1].rule, "allegation-blame");
}

#[test]
fn who_does_harm_in_joined_clauses() {
    let told = |text: &str| -> Vec<[String; 2]> {
        let text =
            format!("The war went on at the front, where the army used artillery and missiles. {text}");
        let claims = reading(&text).claims;
        let told = claims.iter().filter_map(|claim| match &claim.kind {
            ClaimKind::Allegation(told) => {
                let name = |mention: &Option<model::Mention>| {
                    mention.as_ref().map_or("", |mention| &mention.name).to_owned()
                };
                Some([name(&told.actor), name(&told.target)])
            }
            _ => None,
        });
        told.collect()
    };
    for (text, actor, target) in [
        (
            "Relatives held the police responsible for the deaths of three students.",
            "the police",
            "three students",
        ),
        (
            "The massacre of villagers in Orsk was carried out by the Red Column.",
            "the Red Column",
            "villagers",
        ),
        ("The mayor blamed the attack on the clinic on Vardian troops.", "Vardian troops", "the clinic"),
        ("Militia fighters beat and robbed two doctors in Orsk.", "Militia fighters", "two doctors"),
        ("Prisoners were beaten with cables and given electric shocks.", "", "Prisoners"),
        ("Women told investigators they had been raped by soldiers in Orsk.", "soldiers", "they"),
        ("Bombs laid by retreating Vardian troops killed a farmer.", "retreating Vardian troops", "a farmer"),
        (
            "Two priests were shot dead in Orsk by men in Vardian uniforms.",
            "men in Vardian uniforms",
            "Two priests",
        ),
        ("Vardian soldiers shot dead two priests in Orsk.", "Vardian soldiers", "two priests"),
        ("Vardian soldiers shot at ambulances in Orsk.", "Vardian soldiers", "ambulances"),
        (
            "Three journalists were taken by soldiers and have not been heard of since.",
            "",
            "Three journalists",
        ),
        ("Aid trucks were turned back at the checkpoint.", "", "Aid trucks"),
        ("Soldiers took her husband away on 3 May.", "Soldiers", "her husband"),
        (
            "Medics recorded rape by members of both armed forces since January.",
            "members of both armed forces",
            "",
        ),
        (
            "A court in Varden sentenced three Vardian soldiers to 15 years for the murder of a civilian.",
            "three Vardian soldiers",
            "a civilian",
        ),
        (
            "According to the council of Orsk, Vardian troops shot three brothers.",
            "Vardian troops",
            "three brothers",
        ),
        (
            "The panel said that both the army and the rebels had executed prisoners.",
            "both the army and the rebels",
            "prisoners",
        ),
        ("The killing by police of a boy of nine led to a riot.", "police", "a boy of nine"),
        ("Drones supplied by Nordia killed 12 people in Orsk.", "", "12 people"),
        ("A court jailed a journalist for reporting on the massacre of villagers.", "", "villagers"),
        ("A court refused to hold the army responsible for the massacre of villagers.", "", "villagers"),
        (
            "The mayor blamed the attack on the clinic on Vardian troops on Monday.",
            "Vardian troops",
            "the clinic",
        ),
        ("The two sides accused each other of shelling a school in Orsk.", "", "a school"),
    ] {
        assert_eq!(told(text), [[actor.to_owned(), target.to_owned()]], "{text}");
    }
}

#[test]
fn a_report_that_never_says_war() {
    let text = "Shells hit a clinic in Orsk on Tuesday evening, killing at least six people, the mayor, Dora Hale, said \
        on Wednesday.\n\nEleven were wounded, she said. Four were missing.\n\nTwo more bodies were pulled out of the rubble \
        overnight, the head of the rescue service, Marek Voll, said. The toll rose to eight.\n\nA nurse, Lena Orst, said \
        she heard two explosions and saw smoke over the clinic.\n\n“The windows came in on us,” she said. “A Vardian \
        missile did this.”";
    let claims = reading(text).claims;
    let objects = claims.iter().filter_map(|claim| match &claim.kind {
        ClaimKind::Allegation(allegation) => Some(allegation.act),
        _ => None,
    });
    assert!(objects.into_iter().any(|act| act == model::Act::AttackOnObject));
}

#[test]
fn who_speaks_was_not_hit() {
    let text = "A missile struck a five-storey apartment building in the war, the head of the city's military \
        administration, Taras Velk, said.";
    let claims = reading(text).claims;
    let hit = claims.iter().filter_map(|claim| match &claim.kind {
        ClaimKind::Allegation(allegation) => Some(allegation.object_class.clone()),
        _ => None,
    });
    assert_eq!(hit.collect::<Vec<_>>(), [vec![model::ObjectClass::Residential]]);
}

#[test]
fn who_is_under_fire_is_hit() {
    check(
        "An ambulance came under fire from Vardian soldiers in Orsk, medics said.",
        expect![[r#"
            attack_on_object asserted certain | by "Vardian soldiers" | hit "An ambulance" | class "vehicle+hospital"
              "under fire" <- "An ambulance came under fire from Vardian soldiers in Orsk"
        "#]],
    );
    check("The convoy came under attack near a bridge in the war.", expect![[r#""#]]);
    check(
        "Food in the city under siege by rebels is running out.",
        expect![[r#"
        siege_or_starvation asserted certain | by "rebels" | hit "city"
          "under siege" <- "city under siege by rebels is running out"
    "#]],
    );
    check(
        "The town is currently under siege by rebels.",
        expect![[r#"
            siege_or_starvation asserted certain | by "rebels" | hit "The town"
              "under siege" <- "The town is currently under siege by rebels"
        "#]],
    );
    check(
        "A blast claimed by the rebels killed nine civilians in Orsk.",
        expect![[r#"
        attack_on_civilians asserted certain | by "the rebels" | hit "nine civilians"
          "blast" <- "A blast claimed by the rebels killed nine civilians in Orsk"
    "#]],
    );
    check(
        "An ambulance came under fire in Orsk, killing its driver.",
        expect![[r#"
        attack_on_object asserted certain | hit "An ambulance" | class "vehicle+hospital"
          "under fire" <- "An ambulance came under fire in Orsk, killing its driver"
    "#]],
    );
    check(
        "A raid which Vardia said took place on 29 July killed four people in the war.",
        expect![[r#"
        killing asserted certain | hit "four people"
          "killed" <- "place on 29 July killed four people in the war"
    "#]],
    );
    check(
        "The blast, which Vardia said had damaged a hospital, shook Orsk in the war.",
        expect![[r#"
        attack_on_object asserted certain | hit "a hospital" | class "hospital"
          "damaged" <- "had damaged a hospital, shook Orsk in the war"
    "#]],
    );
    check(
        "The town of Orsk remains under siege.",
        expect![[r#"
        siege_or_starvation asserted certain | hit "The town of Orsk"
          "under siege" <- "The town of Orsk remains under siege"
    "#]],
    );
}

#[test]
fn a_speaker_within_a_relative_clause() {
    check(
        "The army showed five prisoners who the ministry said had been tortured in Orsk.",
        expect![[r#"
            torture asserted certain | hit "five prisoners"
              "tortured" <- "had been tortured in Orsk"
        "#]],
    );
    check(
        "A bus that witnesses said was hit by a Vardian drone burned out.",
        expect![[r#"
        attack_on_object asserted certain | by "Vardian" | hit "A bus" | class "vehicle" | with "drone"
          "hit" <- "was hit by a Vardian drone burned out"
    "#]],
    );
    check(
        "The rebels, whom the army accuses of killing nine villagers, denied it.",
        expect![[r#"
        killing asserted certain | by "The rebels" | hit "nine villagers"
          "killing" <- "of killing nine villagers"
    "#]],
    );
}

#[test]
fn who_had_nothing_to_do_with_it() {
    check(
        "The rebels said they had nothing to do with the attack on the mosque in Orsk.",
        expect![[r#"
            attack_on_object denied certain | by "they" | hit "the mosque" | class "religious"
              "attack" <- "the attack on the mosque in Orsk"
        "#]],
    );
    check(
        "Vardia played no part in the massacre of civilians, its ministry said.",
        expect![[r#"
        killing denied certain | by "Vardia" | hit "civilians"
          "massacre" <- "the massacre of civilians"
    "#]],
    );
    check(
        "Vardian troops were not behind the shelling of a school in Orsk.",
        expect![[r#"
        attack_on_object denied certain | by "Vardian troops" | hit "a school" | class "school"
          "shelling" <- "the shelling of a school in Orsk"
    "#]],
    );
    // A bound is no denial.
    check(
        "No fewer than 12 civilians were killed by Vardian troops.",
        expect![[r#"
        killing asserted certain | by "Vardian troops" | hit "No fewer than 12 civilians"
          "killed" <- "No fewer than 12 civilians were killed by Vardian troops"
    "#]],
    );
}

#[test]
fn those_who_bear_arms_need_no_word_of_war() {
    check(
        "Gunmen killed four farmers near the village of Lesk.",
        expect![[r#"
        killing asserted certain | by "Gunmen" | hit "four farmers"
          "killed" <- "Gunmen killed four farmers near the village of Lesk"
    "#]],
    );
    check(
        "Vardian police tortured three students, their lawyer said.",
        expect![[r#"
        torture asserted certain | by "Vardian police" | hit "three students"
          "tortured" <- "Vardian police tortured three students"
    "#]],
    );
    check(
        "Vardian forces raped women in Orsk.",
        expect![[r#"
        sexual_violence asserted certain | by "Vardian forces" | hit "women"
          "raped" <- "Vardian forces raped women in Orsk"
    "#]],
    );
    // Policemen shoot in peace too.
    check("Police shot a man in Orsk on Sunday.", expect![[r#""#]]);
}

#[test]
fn charges_and_verdicts_name_who_is_accused() {
    check(
        "Prosecutors have charged two officers with the murder of six villagers.",
        expect![[r#"
        killing asserted certain | by "two officers" | hit "six villagers"
          "murder" <- "two officers with the murder of six villagers"
    "#]],
    );
    check(
        "After the war a court found Colonel Dorn guilty of torture on Monday.",
        expect![[r#"
        torture asserted certain | by "Colonel Dorn"
          "torture" <- "Colonel Dorn guilty of torture on Monday"
    "#]],
    );
    check(
        "Colonel Dorn was found not guilty of torture in the war.",
        expect![[r#"
            torture denied certain | by "Colonel Dorn"
              "torture" <- "torture in the war"
        "#]],
    );
}

#[test]
fn children_under_arms_and_what_is_dropped() {
    check(
        "The militia has recruited boys of 14, a rights group said.",
        expect![[r#"
        other asserted certain | by "The militia" | hit "boys of 14"
          "recruited" <- "The militia has recruited boys of 14"
    "#]],
    );
    check(
        "Drones dropped grenades on farmers in their fields.",
        expect![[r#"
            attack_on_civilians asserted certain | hit "farmers" | with "Drones"
              "dropped" <- "Drones dropped grenades on farmers in their fields"
        "#]],
    );
    check("He threw a party in Orsk.", expect![[r#""#]]);
}

#[test]
fn what_names_nobody_and_what_cannot_do_harm() {
    check(
        "Vardia and Tavra blamed each other for the shelling of a school in the war.",
        expect![[r#"
            attack_on_object asserted certain | hit "a school" | class "school"
              "shelling" <- "the shelling of a school in the war"
        "#]],
    );
    check(
        "It was not clear who fired the rockets that hit a market in Orsk.",
        expect![[r#"
        attack_on_object asserted certain | hit "a market" | class "market" | with "rockets"
          "fired" <- "who fired the rockets that hit a market in Orsk"
    "#]],
    );
    check(
        "No one has claimed the attack on the mosque in the war, which killed 12 worshippers.",
        expect![[r#"
            attack_on_object asserted certain | hit "the mosque" | class "religious"
              "attack" <- "No one has claimed the attack on the mosque in the war, which killed 12 worshippers"
        "#]],
    );
    check(
        "A school was hit by shelling in Orsk, wounding three teachers.",
        expect![[r#"
        attack_on_object asserted certain | hit "A school" | class "school"
          "shelling" <- "A school was hit by shelling in Orsk, wounding three teachers"
    "#]],
    );
    check(
        "The council called on Vardia to stop bombing hospitals.",
        expect![[r#"
        attack_on_object hypothetical certain | hit "hospitals" | class "hospital"
          "bombing" <- "bombing hospitals"
    "#]],
    );
    check(
        "Their commander ordered them to shoot prisoners in the war.",
        expect![[r#"
        killing hypothetical certain | hit "prisoners"
          "shoot" <- "them to shoot prisoners in the war"
    "#]],
    );
    check("The army struck a military depot in Orsk.", expect![[r#""#]]);
    check(
        "The army cut off water to the town in the war.",
        expect![[r#"
        siege_or_starvation asserted certain | by "The army" | hit "water"
          "cut off" <- "The army cut off water to the town in the war"
    "#]],
    );
    check(
        "Three journalists were beaten by the security forces in the war.",
        expect![[r#"
        torture asserted certain | by "the security forces" | hit "Three journalists"
          "beaten" <- "Three journalists were beaten by the security forces in the war"
    "#]],
    );
}

#[test]
fn acts_in_the_words_of_those_who_document_them() {
    let mut shown = String::new();
    for text in [
        "Soldiers decapitated two prisoners in Orsk.",
        "Militants slit the throats of six villagers.",
        "Gunmen snatched two aid workers in Orsk during the war.",
        "Soldiers bundled three students into a van.",
        "Soldiers seized two aid workers in Orsk.",
        "Soldiers seized grain in Orsk.",
        "The militia enslaved hundreds of women.",
        "The militia forced villagers to dig trenches.",
        "The army forced 40 families out of their homes in Orsk.",
        "Guards whipped the prisoners.",
        "Soldiers gang-raped two women in Orsk.",
        "Soldiers sexually abused detainees in Orsk.",
        "The army gassed villagers in Orsk.",
        "An attacker blew himself up inside the mosque of Orsk.",
        "Soldiers shot at an ambulance in Orsk, wounding the driver.",
        "The army turned the school of Orsk into a barracks.",
        "Rebels hid ammunition in a hospital in Orsk.",
        "The army is endangering civilians by basing themselves in schools.",
        "A truck drove into a crowd in Orsk during the war.",
        "A missile slammed into a school in Orsk.",
        "The mosque was full of people when it was hit by a missile.",
    ] {
        let reading = reading(text);
        for claim in &reading.claims {
            if let ClaimKind::Allegation(allegation) = &claim.kind {
                show(&reading.report.text, claim, allegation, &mut shown);
            }
        }
    }
    expect![[r#"
        killing asserted certain | by "Soldiers" | hit "two prisoners"
          "decapitated" <- "Soldiers decapitated two prisoners in Orsk"
        killing asserted certain | by "Militants" | hit "six villagers"
          "slit the throats of" <- "Militants slit the throats of six villagers"
        abduction_or_deportation asserted certain | by "Gunmen" | hit "two aid workers"
          "snatched" <- "Gunmen snatched two aid workers in Orsk during the war"
        abduction_or_deportation asserted certain | by "Soldiers" | hit "three students"
          "bundled" <- "Soldiers bundled three students into a van"
        abduction_or_deportation asserted certain | by "Soldiers" | hit "two aid workers"
          "seized" <- "Soldiers seized two aid workers in Orsk"
        pillage asserted certain | by "Soldiers" | hit "grain"
          "seized" <- "Soldiers seized grain in Orsk"
        other asserted certain | by "The militia" | hit "hundreds of women"
          "enslaved" <- "The militia enslaved hundreds of women"
        other asserted certain | by "The militia" | hit "villagers"
          "forced" <- "The militia forced villagers to dig trenches"
        forced_displacement asserted certain | by "The army" | hit "40 families out of their homes"
          "forced" <- "The army forced 40 families out of their homes in Orsk"
        torture asserted certain | by "Guards" | hit "the prisoners"
          "whipped" <- "Guards whipped the prisoners"
        sexual_violence asserted certain | by "Soldiers" | hit "two women"
          "gang-raped" <- "Soldiers gang-raped two women in Orsk"
        sexual_violence asserted certain | by "Soldiers" | hit "detainees"
          "sexually abused" <- "Soldiers sexually abused detainees in Orsk"
        prohibited_weapon asserted certain | by "The army" | hit "villagers"
          "gassed" <- "The army gassed villagers in Orsk"
        attack_on_object asserted certain | by "An attacker" | hit "the mosque of Orsk" | class "religious"
          "blew himself up inside" <- "An attacker blew himself up inside the mosque of Orsk"
        attack_on_object asserted certain | by "Soldiers" | hit "an ambulance" | class "vehicle+hospital"
          "shot" <- "Soldiers shot at an ambulance in Orsk, wounding the driver"
        human_shields asserted certain | by "The army" | hit "the school of Orsk" | class "school"
          "barracks" <- "The army turned the school of Orsk into a barracks"
        human_shields asserted certain | by "Rebels" | hit "a hospital" | class "hospital"
          "hid" <- "Rebels hid ammunition in a hospital in Orsk"
        human_shields asserted certain | hit "schools" | class "school"
          "basing" <- "basing themselves in schools"
        attack_on_civilians asserted certain | by "A truck" | hit "a crowd"
          "drove into" <- "A truck drove into a crowd in Orsk during the war"
        attack_on_object asserted certain | hit "The mosque" | class "religious" | with "missile"
          "hit" <- "it was hit by a missile"
    "#]]
    .assert_eq(&shown);
}

#[test]
fn those_who_tell_of_their_own_deeds() {
    for (text, actor) in [
        ("The rebel group said it carried out the bombing of a mosque in Orsk.", "rebel group"),
        ("The rebels said they killed 14 farmers in Orsk.", "rebels"),
        ("The army said it had shelled a school in Orsk.", "army"),
        ("\u{201c}We shelled the town of Orsk,\u{201d} said the rebel commander, Dora Hale.", "Dora Hale"),
        ("The Red Cross said it had launched a raid on a school in Orsk during the war.", ""),
        // A missile hits, and the speaker is not accused of it.
        ("A mortar shell came down in Orsk. The army said it hit a school.", ""),
        ("The council said it was a massacre of civilians.", ""),
        ("Rebels said it amounts to forced displacement of civilians.", ""),
        (
            "\u{201c}We ask that whoever committed the murder of civilians be tried,\u{201d} said Dora Hale of the army.",
            "whoever",
        ),
    ] {
        let reading = reading(text);
        let mut actors = reading.claims.iter().filter_map(|claim| match &claim.kind {
            ClaimKind::Allegation(allegation) => allegation.actor.as_ref().map(|actor| actor.name.as_str()),
            _ => None,
        });
        assert_eq!(actors.next_back().unwrap_or_default(), actor, "{text}");
    }
}

#[test]
fn what_harms_nobody_in_the_words_of_harm() {
    for text in [
        "A raid freed a hostage in Orsk during the war.",
        "A raid to rescue him failed in Orsk during the war.",
        "The army stripped him of his rank.",
        "The army seized its eastern half.",
        "The army stored ammunition in a bunker near the river.",
        "Soldiers took cover as residents ran.",
        "Rebels seized a tank in Orsk.",
        "During the war children hid in a school from rockets.",
        "The army drove families to their homes after the war.",
        "The rebels used chlorine to clean the water.",
        "During the war the mines laid off workers.",
        "The Red Cross turned the school into its headquarters during the war.",
        "The soldiers paraded through the town and children waved.",
    ] {
        let reading = reading(text);
        let found = reading.claims.iter().filter(|claim| matches!(claim.kind, ClaimKind::Allegation(_)));
        assert_eq!(found.map(|claim| claim.span).collect::<Vec<_>>(), [], "{text}");
    }
}

/// What was done, and who did it.
const DEEDS: [(&str, &str); 9] = [
    ("Vardian forces shelled a school in Orsk", "Vardian forces"),
    ("soldiers killed 14 farmers in Orsk", "soldiers"),
    ("Vardian troops have abducted 40 villagers", "Vardian troops"),
    ("a school in Orsk was shelled by Vardian forces", "Vardian forces"),
    ("14 farmers were killed by gunmen in Orsk", "gunmen"),
    ("Vardia bombed the maternity hospital in Orsk", "Vardia"),
    ("shelling by Vardian forces killed 14 people in Orsk", "Vardian forces"),
    ("Vardian shelling of Orsk killed 14 people", "Vardian"),
    ("rebels took 12 teachers hostage in Orsk", "rebels"),
];

/// Reads each deed in each frame, "*" of which stands for it, and compares polarity, accused and speaker.
fn same_in_all_frames(frames: &[(&str, &str)], polarity: &str) {
    for (frame, speaker) in frames {
        for (deed, actor) in DEEDS {
            let first = deed.chars().next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
            let deed = match frame.starts_with('*') || frame.starts_with("\u{201c}*") {
                true => format!("{first}{}", deed.chars().skip(1).collect::<String>()),
                false => deed.to_owned(),
            };
            let text = format!("The war between Vardia and Nordia goes on.\n\n{}", frame.replace('*', &deed));
            let reading = reading(&text);
            let mut found = 0;
            for claim in &reading.claims {
                let ClaimKind::Allegation(allegation) = &claim.kind else { continue };
                let accused = allegation.actor.as_ref().map_or("", |actor| actor.name.as_str());
                assert_eq!(claim.polarity.name(), polarity, "{text}");
                assert_eq!(accused.to_lowercase(), actor.to_lowercase(), "{text}");
                let said_by: Vec<_> = claim.said_by.iter().map(|speaker| speaker.name.as_str()).collect();
                assert_eq!(said_by.join(" < "), *speaker, "{text}");
                found += 1;
            }
            assert!(found > 0, "{text}");
        }
    }
}

#[test]
fn whoever_tells_of_it_the_same_are_accused() {
    same_in_all_frames(
        &[
            ("*.", ""),
            ("*, said the mayor, Dora Hale.", "Dora Hale"),
            ("*, the mayor, Dora Hale, said on Monday.", "Dora Hale"),
            ("*, according to Dora Hale, the mayor of Orsk.", "Dora Hale"),
            ("According to the governor, Dora Hale, *.", "Dora Hale"),
            ("According to Dora Hale, governor of Nordia, *.", "Dora Hale"),
            ("According to Nordia's military governor, General Dora Hale, * on Monday.", "Dora Hale"),
            ("According to police, *.", "police"),
            ("The head of the regional police, Omar Vey, said that *.", "Omar Vey"),
            ("General Omar Vey, who commands the army, told reporters that *.", "Omar Vey"),
            ("In a statement, the army said *.", "army"),
            ("Dora Hale, 54, a teacher who fled Orsk with soldiers at her heels, said *.", "Dora Hale"),
            ("The police accuse nobody, but the mayor said *.", "mayor"),
            ("Mira Olan, whose brother serves in the army, said that *.", "Mira Olan"),
            ("\u{201c}*,\u{201d} said Omar Vey, a police officer.", "Omar Vey"),
            ("The Orsk Courier, citing an army officer, reported that *.", "army officer < Orsk Courier"),
            ("As the army withdrew, *, the mayor said.", "mayor"),
            ("Two days after rebels took the town, *, the mayor said.", "mayor"),
            ("Asked by a police officer, a witness said *.", "witness"),
            ("A spokesman for the rebels, Omar Vey, said * and that talks would go on.", "Omar Vey"),
            ("Late on Monday *, the mayor said.", "mayor"),
            ("On 3 May 2031, *, the mayor said.", "mayor"),
            ("* hours after the police had left, the mayor said.", "mayor"),
            ("With the help of the police, *, the mayor said.", "mayor"),
            ("A girl who hid from the police saw how *, the mayor said.", "mayor"),
            ("Police arrested a man in Varden as *, the mayor said.", "mayor"),
        ],
        "asserted",
    );
}

#[test]
fn what_is_called_a_lie_is_denied() {
    same_in_all_frames(
        &[
            ("The army denied that *.", "army"),
            ("It is not true that *, the army said.", "army"),
            ("The army said it was a lie that *.", "army"),
            ("There was no truth in reports that *, the army said.", "army"),
            ("\u{201c}It is false that *,\u{201d} General Omar Vey said.", "Omar Vey"),
            ("The claim that * is untrue, the ministry said.", "ministry"),
            ("The ministry said that it is not the case that *.", "ministry"),
            ("The army dismissed as lies reports that *.", "army"),
            ("\u{201c}There is no truth in the claim that *,\u{201d} General Omar Vey said.", "Omar Vey"),
        ],
        "denied",
    );
    same_in_all_frames(
        &[
            ("It is not false that *, the mayor said.", "mayor"),
            ("The claim that * is anything but baseless, the mayor said.", "mayor"),
            ("There is no lack of evidence that *, the mayor said.", "mayor"),
        ],
        "asserted",
    );
}

#[test]
fn what_nobody_has_shown_is_questioned() {
    same_in_all_frames(
        &[
            ("There is no evidence that *, the police said.", "police"),
            ("Investigators found no proof that *.", ""),
            ("It is not clear if *, the mayor said.", "mayor"),
            ("Nobody has shown that *, the mayor said.", "mayor"),
        ],
        "questioned",
    );
}

#[test]
fn who_stands_beside_the_accused_is_not_accused() {
    for (text, actor, polarity) in [
        (
            "Soldiers fighting the rebels shelled a school in Orsk.",
            "Soldiers fighting the rebels",
            "asserted",
        ),
        ("It was the rebels, not the army, who shelled the school in Orsk.", "the rebels", "asserted"),
        ("It was not the army but the rebels who shelled the school in Orsk.", "the rebels", "asserted"),
        (
            "The general, under whose command soldiers shelled a school in Orsk, has fled.",
            "soldiers",
            "asserted",
        ),
        ("The army will punish soldiers who shelled a school in Orsk.", "soldiers", "asserted"),
        ("The army buried 14 farmers killed by rebels in Orsk.", "rebels", "asserted"),
        ("The army stopped rebels from shelling a school in Orsk.", "", "hypothetical"),
        ("Dozens of people were killed by US-led air strikes in Orsk during the war.", "US-led", "asserted"),
    ] {
        let reading = reading(text);
        let mut told = reading.claims.iter().filter_map(|claim| match &claim.kind {
            ClaimKind::Allegation(allegation) => {
                let actor = allegation.actor.as_ref().map_or("", |actor| actor.name.as_str());
                Some((actor.to_owned(), claim.polarity.name()))
            }
            _ => None,
        });
        assert_eq!(told.next(), Some((actor.to_owned(), polarity)), "{text}");
        assert_eq!(told.next(), None, "{text}");
    }
}
