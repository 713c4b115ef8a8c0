//! The catalogue of rules has every rule that the code can name and no other, and each example shows its rule.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeSet;
use std::path::Path;

use extract::{Family, Reading, Rule, Source, rule, rules};
use model::{BoilerplateReason, Digest, Kind, Metadata, Resolution};

const CATALOGUE: &str = "crates/extract/lexicons/rules.json";

/// Reads an example as a report of Thursday 24 March 2022.
fn reading(rule: &Rule) -> Reading {
    let title = (rule.name == "title").then(|| "Shells fall on Dobrove".to_owned());
    let metadata = Metadata { published: "2022-03-24".parse().ok(), title, ..Metadata::default() };
    let bytes = rule.example.as_bytes();
    let kind = if rule.example.starts_with("date ") { Kind::DatedText } else { Kind::PlainText };
    extract::read(&Source { bytes, digest: Digest::of(bytes), kind, metadata: &metadata })
}

/// Returns the names of the rules of that family that a reading shows.
fn shown(family: Family, reading: &Reading) -> Vec<&'static str> {
    match family {
        Family::Claim => reading.claims.iter().map(|claim| claim.rule).collect(),
        Family::Time => reading.times.iter().map(|time| time.rule).collect(),
        Family::Place => {
            reading.places.iter().filter_map(|place| Some(place.located.as_ref()?.rule)).collect()
        }
        Family::Speaker => {
            let speakers = reading.claims.iter().flat_map(|claim| &claim.said_by);
            speakers.map(|speaker| speaker.resolution.name()).collect()
        }
        Family::Boilerplate => reading.report.boilerplate.iter().map(|aside| aside.reason.name()).collect(),
    }
}

#[test]
fn every_example_shows_its_rule() {
    let mut silent = String::new();
    for rule in rules() {
        let shown = shown(rule.family, &reading(rule));
        if !shown.contains(&rule.name.as_str()) {
            silent += &format!("\n  {:?} {}: {shown:?} <- {:?}", rule.family, rule.name, rule.example);
        }
    }
    assert!(
        silent.is_empty(),
        "in {CATALOGUE}, these examples do not show their rule, but the rules after the colon; write a sentence \
         that does:{silent}"
    );
}

#[test]
fn names_are_told_apart_and_explained() {
    let mut met = BTreeSet::new();
    for rule in rules() {
        assert!(met.insert((rule.family, &rule.name)), "{} stands twice in {CATALOGUE}", rule.name);
        assert!(!rule.words.is_empty() && !rule.not.is_empty(), "{} has an empty field", rule.name);
    }
}

#[test]
fn closed_lists_have_their_entries() {
    let speakers = Resolution::ALL.iter().map(|one| (Family::Speaker, one.name()));
    let reasons = BoilerplateReason::ALL.iter().map(|one| (Family::Boilerplate, one.name()));
    for (family, name) in speakers.chain(reasons) {
        assert!(rule(family, name).is_some(), "add the {family:?} rule {name:?} to {CATALOGUE}");
    }
}

/// Reads the code below a folder of `src`, each file up to its tests.
fn code(folder: &Path) -> String {
    let mut code = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            code += &self::code(&path);
        } else if !path.ends_with("tests.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            code += text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        }
    }
    code
}

/// Returns the words in quotation marks that are made like the name of a rule.
fn literals(code: &str) -> BTreeSet<&str> {
    let named = |word: &&str| {
        word.contains('-')
            && !word.starts_with('-')
            && !word.ends_with('-')
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    };
    code.lines().flat_map(|line| line.split('"').skip(1).step_by(2)).filter(named).collect()
}

/// What no reading shows: rules for a phrase that is read alone, as in a search for a time, and words of the language
/// that are written like the name of a rule.
const NOT_SHOWN: [&str; 12] = [
    "away-from",
    "half-of",
    "nth-after",
    "part-of",
    "part-of-day",
    "part-of-day-after",
    "rest-of",
    "three-quarters",
    "twenty-first",
    "week-end",
    "weekday-and-day",
    "weekdays-away",
];

#[test]
fn every_rule_in_the_code_has_its_entry() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (all, times) = (code(&src), code(&src.join("times")));
    let kinds = ["statement-", "figure-", "allegation-", "determination-"];
    let claims = literals(&all).into_iter().filter(|name| kinds.iter().any(|kind| name.starts_with(kind)));
    let claims = claims.map(|name| (Family::Claim, name));
    let times = literals(&times).into_iter().filter(|name| !NOT_SHOWN.contains(name));
    let times = times.map(|name| (Family::Time, name));
    for (family, name) in claims.chain(times) {
        assert!(
            rule(family, name).is_some(),
            "the code names the {family:?} rule {name:?}, which {CATALOGUE} lacks. Add an entry there: family, name, \
             words (what it does, for a lawyer), example (a sentence of your own to which it applies), not (what \
             does not follow from it), and source where a guide or law says so"
        );
    }
}

#[test]
fn every_entry_is_a_rule_of_the_code() {
    let code = code(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    for rule in rules() {
        let known = match rule.family {
            Family::Speaker => Resolution::from_name(&rule.name).is_some(),
            Family::Boilerplate => BoilerplateReason::from_name(&rule.name).is_some(),
            Family::Claim | Family::Time | Family::Place => code.contains(&format!("{:?}", rule.name)),
        };
        assert!(
            known,
            "no code names the {:?} rule {:?}; take its entry out of {CATALOGUE}",
            rule.family, rule.name
        );
    }
}
