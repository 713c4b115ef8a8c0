//! Every rule by its name, in words for people who are no programmers.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::Reading;

/// One rule of reading, explained.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What it finds.
    pub family: Family,
    /// Its name, as it stands in claims, times, places, speakers and boilerplate.
    pub name: String,
    /// What it does.
    pub words: String,
    /// A text to which it applies, as a report of Thursday 24 March 2022.
    pub example: String,
    /// What does not follow from it.
    pub not: String,
    /// The guide or law that it comes from, if one does.
    pub source: Option<String>,
}

/// What a rule finds. The same name can stand in two families.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// A claim: the `rule` of a claim.
    Claim,
    /// The time that words stand for: the `rule` of a time.
    Time,
    /// Which of the places of one name is meant: the `rule` of a located place.
    Place,
    /// The name behind a mention: the `resolution` of a speaker.
    Speaker,
    /// Why words are not the article: the `reason` of boilerplate.
    Boilerplate,
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../lexicons/rules.json"))
        .expect("the catalogue is part of the program and a test parses it")
});

/// Returns all rules, family by family.
pub fn rules() -> &'static [Rule] {
    &RULES
}

/// Finds a rule by its name.
pub fn rule(family: Family, name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.family == family && rule.name == name)
}

/// Names a rule of a reading that the catalogue lacks, and what to do about it.
pub(crate) fn unexplained(reading: &Reading) -> Option<String> {
    let claims = reading.claims.iter().map(|claim| (Family::Claim, claim.rule));
    let times = reading.times.iter().map(|time| (Family::Time, time.rule));
    let located = reading.places.iter().filter_map(|place| place.located.as_ref());
    let places = located.map(|located| (Family::Place, located.rule));
    let lacking = claims.chain(times).chain(places).find(|(family, name)| rule(*family, name).is_none());
    lacking.map(|(family, name)| {
        format!(
            "the {family:?} rule {name:?} has no entry: add family, name, words, example and not to \
             crates/extract/lexicons/rules.json"
        )
    })
}
