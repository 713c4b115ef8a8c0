use std::sync::LazyLock;

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use serde::Deserialize;

/// The words that tell names of places from other names, and what part a place plays.
#[derive(Deserialize)]
pub(super) struct Words {
    /// Country code to the adjectives and names of its people.
    pub(super) demonyms: HashMap<String, Vec<String>>,
    /// Country code to other names of the country.
    pub(super) countries: HashMap<String, Vec<String>>,
    /// Regions, each with the city that it is located at.
    pub(super) regions: Vec<Region>,
    /// "Ohio" by "O.": the short names of the states of the USA.
    pub(super) state_abbreviations: HashMap<String, String>,
    /// Continent to other names that stand for it.
    pub(super) continents: HashMap<String, Vec<String>>,
    /// Continent, region or city to the adjectives and names of its people.
    pub(super) regional_demonyms: HashMap<String, Vec<String>>,
    /// Adjectives and names of peoples without one country or region.
    pub(super) unlocated_demonyms: Vec<String>,
    /// Seas, rivers and other parts of the world that are no states or divisions of states.
    pub(super) parts_of_the_world: Vec<Part>,
    pub(super) locative: HashSet<String>,
    pub(super) strong_locative: HashSet<String>,
    pub(super) near: HashSet<String>,
    pub(super) directions: HashSet<String>,
    /// "City", "village": what stands before "of" and a name.
    pub(super) kinds: HashSet<String>,
    /// "Region", "County": what stands after a name and belongs to it.
    pub(super) suffix_kinds: HashSet<String>,
    pub(super) suffix_kinds_lower: HashSet<String>,
    /// "University": what makes the name before it that of an organisation or a building.
    pub(super) organisation: HashSet<String>,
    /// "River": the last word of the name of a feature of the land, a way or a public place.
    pub(super) features: HashSet<String>,
    /// "Lake": the first word of one.
    pub(super) feature_starts: HashSet<String>,
    pub(super) titles: HashSet<String>,
    pub(super) given_names: HashSet<String>,
    /// Names of places that are more often ordinary words.
    pub(super) common_words: HashSet<String>,
    /// Capitalised words that are never an unknown place.
    pub(super) not_places: HashSet<String>,
    pub(super) actor_after: HashSet<String>,
    pub(super) actor_before: HashSet<String>,
    /// Words that may stand between a government and its verb.
    pub(super) speech_skip: HashSet<String>,
    /// Words that may stand between a place and its office: "Varden's regional prosecutors".
    pub(super) office_skip: HashSet<String>,
    /// "Governor": who holds an office of a place.
    pub(super) offices: HashSet<String>,
    /// "Convention": what is called after the place where it was made.
    pub(super) treaties: HashSet<String>,
    /// "Miles": what a distance is told in.
    pub(super) distances: HashSet<String>,
    pub(super) comparison: Comparison,
}

/// A region and the city that stands for it.
#[derive(Deserialize)]
pub(super) struct Region {
    pub(super) name: String,
    pub(super) seat: String,
    pub(super) country: String,
}

/// A part of the world, and a point about its middle.
#[derive(Deserialize)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
}

/// How a report likens what it tells to another war.
#[derive(Deserialize)]
pub(super) struct Comparison {
    /// "reminiscent of"
    pub(super) phrases: Vec<String>,
    /// The "same" of "the same tactics in".
    pub(super) determiners: HashSet<String>,
    /// The "tactics" of "the same tactics in".
    pub(super) nouns: HashSet<String>,
    /// The "conduct" of "compared the conduct of the army with".
    pub(super) waged: HashSet<String>,
    /// The "in" of "the same tactics in".
    pub(super) prepositions: HashSet<String>,
    /// Words at which the likening ends.
    pub(super) ends: HashSet<String>,
}

pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../lexicons/places.json")).expect("a test reads the lexicon")
});

#[cfg(test)]
mod tests {
    #[test]
    fn the_lexicon_can_be_read() {
        assert!(super::WORDS.kinds.contains("village"));
    }
}
