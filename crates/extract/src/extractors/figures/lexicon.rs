use std::sync::LazyLock;

use language::Doc;
use model::{Caveat, Measure};
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use serde::Deserialize;

#[derive(Deserialize)]
struct Words {
    quantifiers: HashMap<Quantifier, Vec<String>>,
    after: HashMap<Quantifier, Vec<String>>,
    persons: HashMap<String, Vec<String>>,
    adjectives: HashMap<String, String>,
    self_measured: HashMap<String, Vec<String>>,
    attacks: Vec<String>,
    munitions: Vec<String>,
    objects: Vec<String>,
    harms: Vec<HarmWords>,
    harm_nouns: HashMap<String, Vec<String>>,
    uncounted: HashSet<String>,
    tolls: HashMap<String, Vec<String>>,
    toll_joints: HashSet<String>,
    includers: Vec<String>,
    stops: HashSet<String>,
    auxiliaries: HashSet<String>,
    copulas: HashSet<String>,
    armed: HashSet<String>,
    cumulative: Vec<String>,
    caveats: HashMap<String, Vec<String>>,
    estimating: Vec<String>,
    war_starts: HashSet<String>,
    event_nouns: HashSet<String>,
    wide: HashSet<String>,
    bodies: HashSet<String>,
    found: HashSet<String>,
    long_events: HashSet<String>,
}

#[derive(Deserialize)]
struct HarmWords {
    measure: String,
    about: About,
    transitive: Vec<String>,
    acting: Vec<String>,
    present: Vec<String>,
    intransitive: Vec<String>,
    state: Vec<String>,
}

/// What the words around a number do to its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Quantifier {
    AtLeast,
    MoreThan,
    UpTo,
    FewerThan,
    Nearly,
    About,
    Exactly,
}

/// What a harm befalls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum About {
    People,
    /// People other than those under arms, who "arrive" and "leave" without being driven out.
    Unarmed,
    Objects,
    Munitions,
}

/// How a word of harm takes those it befalls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// "Killed": object behind it, or subject before it in the passive.
    Transitive,
    /// "Killing": object behind it.
    Acting,
    /// "Kills", "claimed the lives of": object behind it.
    Present,
    /// "Died", "fled": subject before it.
    Intransitive,
    /// "Dead", "missing": behind those it is said of.
    State,
}

/// A word of harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Harm {
    pub(super) measure: Measure,
    pub(super) about: About,
    pub(super) form: Form,
}

/// What a counted noun is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NounKind {
    /// People, with the name of their group.
    People(String),
    /// "Casualties", "deaths": the noun says what happened.
    Toll(Measure),
    /// "Strikes".
    Attacks,
    /// "Missiles": attacks if somebody fires them, objects if they are shot down.
    Munitions,
    /// "Homes".
    Objects,
}

/// Phrases by their first word, the longest first.
pub(super) struct Phrases<T>(HashMap<String, Vec<(Vec<String>, T)>>);

impl<T: Clone> Phrases<T> {
    fn new(phrases: impl IntoIterator<Item = (String, T)>) -> Phrases<T> {
        let mut by_first: HashMap<String, Vec<(Vec<String>, T)>> = HashMap::default();
        for (phrase, meaning) in phrases {
            let words: Vec<String> = phrase.split(' ').map(str::to_owned).collect();
            by_first.entry(words[0].clone()).or_default().push((words, meaning));
        }
        by_first.values_mut().for_each(|list| list.sort_by_key(|(words, _)| std::cmp::Reverse(words.len())));
        Phrases(by_first)
    }

    /// Returns the longest phrase that begins at `at` and ends by `end`, with the token after it.
    pub(super) fn at(&self, doc: &Doc<'_>, at: usize, end: usize) -> Option<(&T, usize)> {
        if at >= end {
            return None;
        }
        let list = self.0.get(doc.lower(at))?;
        let fits = |words: &[String]| {
            at + words.len() <= end && (at..).zip(words).all(|(at, word)| doc.lower(at) == word)
        };
        list.iter().find(|(words, _)| fits(words)).map(|(words, meaning)| (meaning, at + words.len()))
    }
}

/// Phrases by their last word, the longest first: for reading backwards.
pub(super) struct Endings<T>(HashMap<String, Vec<(Vec<String>, T)>>);

impl<T: Copy> Endings<T> {
    fn new(phrases: impl IntoIterator<Item = (String, T)>) -> Endings<T> {
        let reversed = |phrase: String| phrase.split(' ').rev().collect::<Vec<_>>().join(" ");
        Endings(Phrases::new(phrases.into_iter().map(|(phrase, meaning)| (reversed(phrase), meaning))).0)
    }

    /// Returns the longest phrase that ends before `end` and begins at `start` or later, with its first token.
    pub(super) fn before(&self, doc: &Doc<'_>, start: usize, end: usize) -> Option<(T, usize)> {
        if end <= start {
            return None;
        }
        let list = self.0.get(doc.lower(end - 1))?;
        let fits = |words: &[String]| {
            words.len() <= end - start && (1..).zip(words).all(|(i, word)| doc.lower(end - i) == word)
        };
        list.iter().find(|(words, _)| fits(words)).map(|(words, meaning)| (*meaning, end - words.len()))
    }
}

pub(super) struct Lexicon {
    pub(super) quantifiers: Endings<Quantifier>,
    pub(super) after: Phrases<Quantifier>,
    pub(super) nouns: Phrases<NounKind>,
    /// Nouns that say by themselves what happened: "deaths", "refugees".
    pub(super) self_measured: HashMap<String, Measure>,
    pub(super) adjectives: HashMap<String, String>,
    pub(super) harms: Phrases<Vec<Harm>>,
    /// "Deaths" in "the deaths of two bakers".
    pub(super) harm_nouns: HashMap<String, Measure>,
    /// Plurals that are never people or objects hit: "generations", "photos".
    pub(super) uncounted: HashSet<String>,
    pub(super) tolls: Phrases<Measure>,
    pub(super) toll_joints: HashSet<String>,
    pub(super) includers: Endings<()>,
    pub(super) stops: HashSet<String>,
    pub(super) auxiliaries: HashSet<String>,
    pub(super) copulas: HashSet<String>,
    pub(super) armed: HashSet<String>,
    pub(super) cumulative: Phrases<()>,
    pub(super) caveats: Phrases<Caveat>,
    pub(super) estimating: Phrases<()>,
    pub(super) war_starts: HashSet<String>,
    pub(super) event_nouns: HashSet<String>,
    /// Words for a whole war or country.
    pub(super) wide: HashSet<String>,
    /// Words for the dead as they are found.
    pub(super) bodies: HashSet<String>,
    /// Participles of finding the dead.
    pub(super) found: HashSet<String>,
    /// What goes on for months or years, so that a figure of all of it is no toll of one event.
    pub(super) long_events: HashSet<String>,
}

pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let words: Words = serde_json::from_str(include_str!("../../../lexicons/figures.json"))
        .expect("the lexicon is part of the program and a test parses it");
    let none = |phrases: Vec<String>| phrases.into_iter().map(|phrase| (phrase, ()));
    Lexicon {
        quantifiers: Endings::new(flat(words.quantifiers)),
        after: Phrases::new(flat(words.after)),
        self_measured: flat(words.self_measured.clone()).map(|(noun, name)| (noun, measure(&name))).collect(),
        nouns: Phrases::new(nouns(
            words.persons,
            words.self_measured,
            [words.attacks, words.munitions, words.objects],
        )),
        adjectives: words.adjectives,
        harms: harms(words.harms),
        harm_nouns: flat(words.harm_nouns).map(|(noun, name)| (noun, measure(&name))).collect(),
        uncounted: words.uncounted,
        tolls: Phrases::new(flat(words.tolls).map(|(phrase, name)| (phrase, measure(&name)))),
        toll_joints: words.toll_joints,
        includers: Endings::new(none(words.includers)),
        stops: words.stops,
        auxiliaries: words.auxiliaries,
        copulas: words.copulas,
        armed: words.armed,
        cumulative: Phrases::new(none(words.cumulative)),
        caveats: Phrases::new(flat(words.caveats).map(|(phrase, name)| (phrase, caveat(&name)))),
        estimating: Phrases::new(none(words.estimating)),
        war_starts: words.war_starts,
        event_nouns: words.event_nouns,
        wide: words.wide,
        bodies: words.bodies,
        found: words.found,
        long_events: words.long_events,
    }
});

fn flat<K: Clone>(lists: HashMap<K, Vec<String>>) -> impl Iterator<Item = (String, K)> {
    lists.into_iter().flat_map(|(key, list)| list.into_iter().map(move |phrase| (phrase, key.clone())))
}

fn measure(name: &str) -> Measure {
    Measure::from_name(name).expect("the lexicon is part of the program and a test parses it")
}

fn caveat(name: &str) -> Caveat {
    Caveat::from_name(name).expect("the lexicon is part of the program and a test parses it")
}

fn nouns(
    persons: HashMap<String, Vec<String>>,
    tolls: HashMap<String, Vec<String>>,
    [attacks, munitions, objects]: [Vec<String>; 3],
) -> Vec<(String, NounKind)> {
    let named = |list: Vec<String>, kind: NounKind| list.into_iter().map(move |noun| (noun, kind.clone()));
    // The first meaning of a noun wins: "refugees" are people, and say besides that they fled.
    let mut nouns: Vec<(String, NounKind)> =
        flat(persons).map(|(noun, group)| (noun, NounKind::People(group))).collect();
    nouns.extend(flat(tolls).map(|(noun, name)| (noun, NounKind::Toll(measure(&name)))));
    nouns.extend(named(attacks, NounKind::Attacks));
    nouns.extend(named(munitions, NounKind::Munitions));
    nouns.extend(named(objects, NounKind::Objects));
    nouns
}

fn harms(list: Vec<HarmWords>) -> Phrases<Vec<Harm>> {
    let mut meanings: HashMap<String, Vec<Harm>> = HashMap::default();
    for words in list {
        let measure = measure(&words.measure);
        let forms = [
            (Form::Transitive, words.transitive),
            (Form::Acting, words.acting),
            (Form::Present, words.present),
            (Form::Intransitive, words.intransitive),
            (Form::State, words.state),
        ];
        for (form, phrases) in forms {
            for phrase in phrases {
                meanings.entry(phrase).or_default().push(Harm { measure, about: words.about, form });
            }
        }
    }
    Phrases::new(meanings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lexicon_parses() {
        assert!(LEXICON.stops.contains("the"));
    }
}
