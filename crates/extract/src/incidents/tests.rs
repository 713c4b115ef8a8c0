use expect_test::{Expect, expect};
use model::{Digest, Kind, Metadata, Span};
use proptest::prelude::*;

use super::*;
use crate::{Source, read};

fn found(text: &str) -> (Reading, Vec<Incident>) {
    let metadata = Metadata { published: "2031-03-15".parse().ok(), ..Metadata::default() };
    let source = Source {
        bytes: text.as_bytes(),
        digest: Digest::of(text.as_bytes()),
        kind: Kind::PlainText,
        metadata: &metadata,
    };
    let reading = read(&source);
    let incidents = incidents(&reading);
    (reading, incidents)
}

/// Prints each incident beside the words that its spans cut.
fn check(text: &str, expected: Expect) {
    let (reading, incidents) = found(text);
    let quote = |span: Span| reading.report.text.quote(span);
    let mut lines = String::new();
    for incident in &incidents {
        let told: Vec<_> = incident.told_at.iter().map(|span| quote(*span)).collect();
        let when = incident.when.map(|when| format!(", {when}")).unwrap_or_default();
        lines += &format!("{:?} {:?}{when} <- {told:?}\n", incident.stage, incident.deed);
        for target in &incident.targets {
            let name = target.name.map(|name| format!("{:?} ", quote(name))).unwrap_or_default();
            let words = target.description.map(|words| format!("{:?} ", quote(words))).unwrap_or_default();
            lines += &format!("  {name}{words}{:?} {:?} {:?}\n", target.class, target.count, target.effect);
        }
        for weapon in &incident.weapons {
            lines += &format!("  with {:?} {:?}\n", weapon.words.map(quote), weapon.kind);
        }
        for party in incident.individuals.iter().chain(&incident.organisations) {
            lines += &format!("  by {:?} {:?}\n", quote(party.words), party.confidence);
        }
        for place in &incident.places {
            lines += &format!("  in {:?}\n", quote(place.span));
        }
    }
    expected.assert_eq(&lines);
}

#[test]
fn who_did_what_to_whom() {
    check(
        "Gunmen killed Judge Mira Orlova and two bodyguards in Tarsk on Friday.",
        expect![[r#"
        Accomplished Attack, 2031-03-14 <- ["killed"]
          "Mira Orlova" "Judge" Person(Judicial) Exact(1) Some(Killed)
          "bodyguards" Person(Guard) Exact(2) Some(Killed)
          by "Gunmen" Stated
          in "Tarsk"
    "#]],
    );
    check(
        "Three farmers were kidnapped by rebels of the Shining Path near the village of Oro.",
        expect![[r#"
            Accomplished Kidnapping <- ["kidnapped"]
              "farmers" Person(Civilian) Exact(3) None
              by "rebels" Stated
              by "Shining Path" Stated
        "#]],
    );
}

#[test]
fn tellings_of_one_incident_are_joined() {
    check(
        "A car bomb exploded outside the town hall on Tuesday. The blast wounded six pedestrians. The attack destroyed \
         two shops.",
        expect![[r#"
            Accomplished Bombing, 2031-03-11 <- ["exploded", "blast", "wounded", "attack", "destroyed"]
              "town hall" Object(Government) Exact(1) None
              "pedestrians" Person(Civilian) Exact(6) Some(Injured)
              "shops" Object(Commercial) Exact(2) Some(Destroyed)
              with Some("car bomb") VehicleBomb
        "#]],
    );
}

#[test]
fn reports_in_capitals() {
    check(
        "UNIDENTIFIED MEN HURLED DYNAMITE AT THE EMBASSY IN ŚNIEGÓW ON 14 MARCH. THE REBELS MURDERED SENATOR LUKAS OROVA, \
         WHOSE CAR THEY HAD AMBUSHED.",
        expect![[r#"
            Accomplished Bombing, 2031-03-14 <- ["HURLED", "MURDERED", "AMBUSHED"]
              "EMBASSY" Object(Diplomatic) Exact(1) None
              "LUKAS OROVA" "SENATOR" Person(Official) Exact(1) Some(Killed)
              "CAR" Object(Vehicle) Exact(1) None
              with Some("DYNAMITE") Dynamite
              by "UNIDENTIFIED MEN" Stated
              by "REBELS" Stated
              in "ŚNIEGÓW"
        "#]],
    );
}

#[test]
fn threats_attempts_and_what_never_happened() {
    check(
        "The guerrillas threatened to kill Mayor Ilya Vey. Gunmen tried to kidnap a teacher.",
        expect![[r#"
            Threatened Attack <- ["kill"]
              "Ilya Vey" "Mayor" Person(Official) Exact(1) None
              by "guerrillas" Stated
            Attempted Kidnapping <- ["kidnap"]
              "teacher" Person(Civilian) Exact(1) None
              by "Gunmen" Stated
        "#]],
    );
    check("They would kill farmers, he said. No soldiers killed any farmers.", expect![""]);
}

#[test]
fn those_who_died_of_an_explosion() {
    check(
        "Ten workers died when a bomb exploded in a mill in Tarsk.",
        expect![[r#"
            Accomplished Bombing <- ["died", "exploded"]
              "mill" Object(Commercial) Exact(1) None
              "workers" Person(Civilian) Exact(10) Some(Killed)
              with Some("bomb") Bomb
              in "Tarsk"
        "#]],
    );
    check(
        "A bomb exploded in Varden. Gunmen shot dead a priest in Oro on Tuesday.",
        expect![[r#"
        Accomplished Attack, 2031-03-11 <- ["shot"]
          "priest" Person(Civilian) Exact(1) Some(Killed)
          with None Gun
          by "Gunmen" Stated
    "#]],
    );
}

#[test]
fn victims_who_are_named_later() {
    check(
        "Gunmen attacked a bus in Tarsk and killed six passengers. Among the dead was the nurse Mira Ślązak. The victims \
         were identified as Ilya Orov and Lukas Vey.",
        expect![[r#"
            Accomplished Attack <- ["attacked", "killed", "was", "identified"]
              "bus" Object(Vehicle) Exact(1) None
              "passengers" Person(Civilian) Exact(6) Some(Killed)
              "Mira Ślązak" "nurse" Person(Civilian) Exact(1) Some(Killed)
              "Ilya Orov" Person(Civilian) Exact(1) None
              "Lukas Vey" Person(Civilian) Exact(1) None
              by "Gunmen" Stated
              in "Tarsk"
        "#]],
    );
}

#[test]
fn a_number_alone_counts_what_stands_before() {
    check(
        "Six teachers were killed and five wounded in an attack on a school.",
        expect![[r#"
        Accomplished Attack <- ["killed", "wounded", "attack"]
          "teachers" Person(Civilian) Exact(6) Some(Killed)
          "teachers" Person(Civilian) Exact(5) Some(Injured)
          "school" Object(Other) Exact(1) None
    "#]],
    );
}

#[test]
fn who_took_part() {
    check(
        "Soldiers of the national guard are responsible for the murder of two nuns.",
        expect![[r#"
        Accomplished Attack <- ["murder"]
          "nuns" Person(Civilian) Exact(2) Some(Killed)
          by "Soldiers" Stated
          by "national guard" Stated
    "#]],
    );
    check(
        "Three policemen participated in the murder of a clerk.",
        expect![[r#"
        Accomplished Attack <- ["murder"]
          "clerk" Person(Civilian) Exact(1) Some(Killed)
          by "policemen" Stated
    "#]],
    );
    check(
        "Army members burned a chapel.",
        expect![[r#"
        Accomplished Arson <- ["burned"]
          "chapel" Object(Other) Exact(1) Some(Damaged)
          by "Army members" Stated
          by "Army" Stated
    "#]],
    );
}

#[test]
fn claims_of_responsibility() {
    check(
        "A bomb destroyed a power station in Varden on Monday. The Red Army Faction claimed responsibility.",
        expect![[r#"
            Accomplished Bombing, 2031-03-10 <- ["destroyed"]
              "power station" Object(Energy) Exact(1) Some(Destroyed)
              with Some("bomb") Bomb
              by "Red Army Faction" Claimed
              in "Varden"
        "#]],
    );
}

#[test]
fn the_lexicons_parse() {
    assert!(lexicon::LEXICON.cues.contains("killed"));
}

const PIECES: &str = "(Gunmen |killed |two |farmers |and |Judge Mira Orlova |in Tarsk |on Friday |\\. |A bomb |exploded |\"|\
    THE REBELS |ATTACKED |ŚNIEGÓW |he |was shot |, |claimed responsibility |the Taliban |\n){0,40}";

proptest! {
    #[test]
    fn any_text_is_read(text in PIECES) {
        let (reading, incidents) = found(&text);
        for incident in &incidents {
            for span in &incident.told_at {
                prop_assert!(reading.report.text.read().get(span.range()).is_some());
            }
        }
    }

    #[test]
    fn any_characters_are_read(text in "\\PC{0,80}") {
        found(&text);
    }
}
