use expect_test::{Expect, expect};
use model::{Digest, Metadata, Report, Text};
use proptest::prelude::*;

use super::*;

fn report(text: &str) -> Report {
    Report {
        text: Text::verbatim(Digest::of(text.as_bytes()), text.to_owned()),
        metadata: Metadata::default(),
        language: None,
        dateline: None,
        wire: None,
        body: Vec::new(),
        boilerplate: Vec::new(),
        notes: Vec::new(),
    }
}

fn check(text: &str, expected: Expect) {
    let report = report(text);
    let doc = Doc::read(report.text.read(), std::slice::from_ref(&(0..text.len())));
    let mut lines = String::new();
    for mention in find(&report, &doc, &Syntax::of(&doc)).mentions {
        let at = match &mention.place.located {
            Some(located) => {
                format!(
                    "{}, {} ({}, {})",
                    located.name,
                    located.country,
                    located.precision.name(),
                    located.rule
                )
            }
            None => "unlocated".to_owned(),
        };
        lines.push_str(&format!("{:?} {at} <- {:?}\n", mention.role, report.text.quote(mention.place.span)));
    }
    expected.assert_eq(&lines);
}

#[test]
fn a_region_or_country_behind_the_comma_belongs_to_the_name() {
    check(
        "Troops shelled Grozny, Chechnya, and hit Tripoli, Lebanon.",
        expect![[r#"
        Event Grozny, RU (settlement, stated) <- "Grozny, Chechnya"
        Event Tripoli, LB (settlement, stated) <- "Tripoli, Lebanon"
    "#]],
    );
    check(
        "They fled Kharkiv region for Sumy Oblast.",
        expect![[r#"
            Event Kharkiv Oblast, UA (region, only-one) <- "Kharkiv region"
            Event Sumy Oblast, UA (region, only-one) <- "Sumy Oblast"
        "#]],
    );
}

#[test]
fn likened_places_are_comparisons() {
    check(
        "The army relied on the same methods in Gori, Georgia, and Sirte, Libya, years before.",
        expect![[r#"
            Comparison Gori, GE (settlement, stated) <- "Gori, Georgia"
            Comparison Sirte, LY (settlement, stated) <- "Sirte, Libya"
        "#]],
    );
    check(
        "It was reminiscent of Vukovar and Sarajevo. Shells fell in Lviv.",
        expect![[r#"
            Comparison Vukovar, HR (settlement, only-one) <- "Vukovar"
            Comparison Sarajevo, BA (settlement, only-one) <- "Sarajevo"
            Event Lviv, UA (settlement, only-one) <- "Lviv"
        "#]],
    );
    check(
        "They used the same tactics in Kherson as in Homs.",
        expect![[r#"
            Event Kherson, UA (settlement, only-one) <- "Kherson"
            Comparison Homs, SY (settlement, largest) <- "Homs"
        "#]],
    );
    check(
        "Cities like Kharkiv suffer.",
        expect![[r#"
            Event Kharkiv, UA (settlement, only-one) <- "Kharkiv"
        "#]],
    );
}

#[test]
fn capitals_and_countries_that_act_are_actors() {
    check(
        "Moscow denied the strike. Russia’s forces shelled Bucha. Ukrainian officials accused Minsk.",
        expect![[r#"
            Actor Moscow, RU (settlement, largest) <- "Moscow"
            Actor Russia, RU (country, only-one) <- "Russia"
            Demonym Ukraine, UA (country, only-one) <- "Ukrainian"
            Actor Minsk, BY (settlement, largest) <- "Minsk"
        "#]],
    );
    check(
        "Shells hit Moscow. He lives in Ukraine.",
        expect![[r#"
        Event Moscow, RU (settlement, largest) <- "Moscow"
        Event Ukraine, UA (country, only-one) <- "Ukraine"
    "#]],
    );
}

#[test]
fn what_a_report_compares_with_is_no_place_of_its_events() {
    check(
        "The envoy compared the conduct of the army with the siege of Grozny, and the winter in Kharkiv was cold.",
        expect![[r#"
            Comparison Grozny, RU (settlement, only-one) <- "Grozny"
            Event Kharkiv, UA (settlement, only-one) <- "Kharkiv"
        "#]],
    );
}

#[test]
fn a_place_of_an_office_and_one_that_a_distance_is_told_from_are_aside() {
    check(
        "Kharkiv regional prosecutors drove to Izium, 90 km south of Kyiv, to speak of the Geneva conventions.",
        expect![[r#"
            Aside Kharkiv, UA (settlement, only-one) <- "Kharkiv"
            Event Izyum, UA (settlement, only-one) <- "Izium"
            Aside Kyiv, UA (near, largest) <- "Kyiv"
            Part Geneva, CH (settlement, largest) <- "Geneva"
        "#]],
    );
}

#[test]
fn persons_and_organisations_are_left_alone() {
    check(
        "Mr Lincoln met Paris Olgrave of Moscow State University and the Kyiv Independent.",
        expect![[r#"
        Part Moscow, RU (settlement, largest) <- "Moscow"
        Part Kyiv, UA (settlement, largest) <- "Kyiv"
    "#]],
    );
    check(
        "Nice people read books. He lives in Nice. Jordan Smith left Jordan.",
        expect![[r#"
        Event Nice, FR (settlement, largest) <- "Nice"
        Event Jordan, JO (country, largest) <- "Jordan"
    "#]],
    );
}

#[test]
fn unknown_names_are_kept_without_a_location() {
    check(
        "Shells fell in Vardenka and on the village of Oromirske, north of Izium.",
        expect![[r#"
        Event unlocated <- "Vardenka"
        Event unlocated <- "Oromirske"
        Event Izyum, UA (near, only-one) <- "Izium"
    "#]],
    );
    check(
        "He said in English in March that Parliament met.",
        expect![[r#"
        Demonym England, GB (region, only-one) <- "English"
    "#]],
    );
}

proptest! {
    #[test]
    fn any_text_can_be_read(text in "(\\PC|[ .,'’-]|Kyiv|Paris|Region|in |of ){0,40}") {
        let report = report(&text);
        let doc = Doc::read(report.text.read(), std::slice::from_ref(&(0..text.len())));
        let mut end = 0;
        for mention in find(&report, &doc, &Syntax::of(&doc)).mentions {
            prop_assert!(mention.tokens.start >= end && mention.tokens.start < mention.tokens.end);
            end = mention.tokens.end;
        }
    }
}
