//! The words of speech: verbs and nouns of saying, closed classes, offices, bodies and states.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use serde::Deserialize;

use super::Stance;

/// What may follow a verb of saying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Frame {
    /// A clause or a quotation: "said the bridge was gone".
    Clause,
    /// Somebody is told first: "told reporters the bridge was gone".
    Told,
    /// Speech only before "that", a colon or a quotation: "wrote that".
    That,
    /// Speech only beside a quotation: "he went on".
    Quote,
    /// All that follows: "accused the army of looting".
    Object,
    /// A thing and what it is called: "called the raid a crime".
    As,
    /// As [`Frame::That`], or harm that is counted: "documented 14 deaths", "recorded the shelling of two towns".
    Count,
}

/// The form in which a verb stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// "Say".
    Base,
    /// "Says".
    Present,
    /// "Said".
    Past,
    /// "Saying".
    Participle,
}

/// One form of one verb of saying.
#[derive(Debug)]
pub(super) struct Verb {
    pub(super) stance: Stance,
    pub(super) frame: Frame,
    pub(super) shape: Shape,
    /// Words that must follow the verb: "out" in "point out".
    pub(super) after: Vec<String>,
    /// Words of which one must stand behind the verb in its line: "responsible" in "hold them responsible".
    pub(super) beside: Vec<String>,
    /// Words of which one must end the subject: "reporter" in "an agency's reporter saw".
    pub(super) by: Vec<String>,
}

/// A set of classes that a word belongs to, by its form alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Class(u32);

macro_rules! classes {
    ($($name:ident = $bit:literal),+ $(,)?) => { $(pub(super) const $name: Class = Class(1 << $bit);)+ };
}

impl Class {
    classes! {
        DETERMINER = 0, PRONOUN = 1, PREPOSITION = 2, JOINER = 3, CONJUNCTION = 4, SUBORDINATOR = 5,
        AUXILIARY = 6, MODAL = 7, NEGATION = 8, ADVERB = 9, TIME = 10, OCCASION = 11, BODY = 12, OFFICE = 13,
        TITLE = 14, PLURAL = 15, PARTICLE = 16, OBJECT_PRONOUN = 17, NATION = 18, NAME = 19, NOUN_TOO = 20,
        INDEFINITE = 21,
    }

    /// Returns both sets together.
    pub(super) const fn or(self, other: Class) -> Class {
        Class(self.0 | other.0)
    }

    /// Tells whether the sets share a class.
    pub(super) fn any(self, other: Class) -> bool {
        self.0 & other.0 != 0
    }
}

/// Whether a name or an office is a man's or a woman's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gender {
    Female,
    Male,
}

/// A state, with the words that stand for it.
#[derive(Debug, Deserialize)]
pub(super) struct Nation {
    pub(super) name: String,
    pub(super) adjective: String,
    pub(super) seats: Vec<String>,
}

/// All lexicons that attribution reads.
pub(super) struct Lexicon {
    verbs: HashMap<String, Vec<Verb>>,
    classes: HashMap<String, Class>,
    nouns: HashMap<String, Stance>,
    genders: HashMap<String, Gender>,
    thought_to: HashSet<String>,
    hedges: HashSet<String>,
    harms: HashSet<String>,
    not_said_on: HashSet<String>,
    by_source: HashSet<String>,
    pub(super) according: Vec<Vec<String>>,
    nations: Vec<Nation>,
    nation_of: HashMap<String, usize>,
}

/// The lexicons, parsed once.
pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::read(&Sources::bundled()).expect("a test parses the lexicons that are compiled in")
});

struct Sources {
    news: &'static str,
    speech: &'static str,
    grammar: &'static str,
    people: &'static str,
    nations: &'static str,
}

impl Sources {
    fn bundled() -> Sources {
        Sources {
            news: include_str!("../../lexicons/news.json"),
            speech: include_str!("../../lexicons/speech.json"),
            grammar: include_str!("../../lexicons/grammar.json"),
            people: include_str!("../../lexicons/people.json"),
            nations: include_str!("../../lexicons/nations.json"),
        }
    }
}

#[derive(Deserialize)]
struct News {
    attribution_verbs: Vec<NewsVerb>,
}

#[derive(Deserialize)]
struct NewsVerb {
    class: String,
    forms: Vec<String>,
}

#[derive(Deserialize)]
struct Speech {
    verbs: Vec<SpeechVerb>,
    also_nouns: Vec<String>,
    according: Vec<String>,
    by_source: Vec<String>,
    nouns: Vec<SpeechNouns>,
    thought_to: Vec<String>,
    hedging_adverbs: Vec<String>,
    harms: Vec<String>,
    not_said_on: Vec<String>,
    occasions: Vec<String>,
    times: Vec<String>,
}

#[derive(Deserialize)]
struct SpeechVerb {
    stance: String,
    frame: Frame,
    forms: Vec<String>,
    #[serde(default)]
    after: String,
    #[serde(default)]
    beside: Vec<String>,
    #[serde(default)]
    by: Vec<String>,
}

#[derive(Deserialize)]
struct SpeechNouns {
    stance: String,
    words: Vec<String>,
}

#[derive(Deserialize)]
struct Grammar {
    determiners: Vec<String>,
    pronouns: Vec<String>,
    object_pronouns: Vec<String>,
    prepositions: Vec<String>,
    joiners: Vec<String>,
    conjunctions: Vec<String>,
    subordinators: Vec<String>,
    auxiliaries: Vec<String>,
    modals: Vec<String>,
    negations: Vec<String>,
    particles: Vec<String>,
    adverbs: Vec<String>,
    indefinites: Vec<String>,
}

#[derive(Deserialize)]
struct People {
    honorifics: Honorifics,
    offices: Vec<String>,
    bodies: Vec<String>,
    plural_people: Vec<String>,
    female_roles: Vec<String>,
    male_roles: Vec<String>,
    given_names: GivenNames,
}

#[derive(Deserialize)]
struct Honorifics {
    male: Vec<String>,
    female: Vec<String>,
    any: Vec<String>,
}

#[derive(Deserialize)]
struct GivenNames {
    female: Vec<String>,
    male: Vec<String>,
}

#[derive(Deserialize)]
struct Nations {
    nations: Vec<Nation>,
}

impl Lexicon {
    fn read(sources: &Sources) -> serde_json::Result<Lexicon> {
        let news: News = serde_json::from_str(sources.news)?;
        let speech: Speech = serde_json::from_str(sources.speech)?;
        let grammar: Grammar = serde_json::from_str(sources.grammar)?;
        let people: People = serde_json::from_str(sources.people)?;
        let nations: Nations = serde_json::from_str(sources.nations)?;
        let mut lexicon = Lexicon {
            verbs: HashMap::default(),
            classes: HashMap::default(),
            nouns: HashMap::default(),
            genders: HashMap::default(),
            thought_to: speech.thought_to.iter().cloned().collect(),
            hedges: speech.hedging_adverbs.iter().cloned().collect(),
            harms: speech.harms.iter().cloned().collect(),
            not_said_on: speech.not_said_on.iter().cloned().collect(),
            by_source: speech.by_source.iter().cloned().collect(),
            according: speech.according.iter().map(|words| split(words)).collect(),
            nations: nations.nations,
            nation_of: HashMap::default(),
        };
        lexicon.add_verbs(&speech, &news);
        lexicon.add_speech_classes(&speech);
        lexicon.add_grammar(&grammar);
        lexicon.add_people(&people);
        lexicon.add_nations();
        Ok(lexicon)
    }

    fn add_verbs(&mut self, speech: &Speech, news: &News) {
        for verb in &speech.verbs {
            for (at, form) in verb.forms.iter().enumerate() {
                let shape = shape_at(at, verb.forms.len());
                let after = split(&verb.after);
                let (stance, beside, by) = (stance(&verb.stance), verb.beside.clone(), verb.by.clone());
                let entry = Verb { stance, frame: verb.frame, shape, after, beside, by };
                self.verbs.entry(form.clone()).or_default().push(entry);
            }
        }
        for verb in &news.attribution_verbs {
            for form in verb.forms.iter().filter(|form| !form.contains(' ')) {
                self.add_news_form(form, stance(&verb.class));
            }
        }
        for forms in self.verbs.values_mut() {
            forms.sort_by_key(|verb| std::cmp::Reverse(verb.after.len()));
        }
    }

    /// Adds a form of the seed lexicon that is not yet known; it has no frame, so the careful one is taken.
    fn add_news_form(&mut self, form: &str, stance: Stance) {
        let shape = match form {
            _ if form.ends_with("ing") => Shape::Participle,
            _ if form.ends_with("ed") => Shape::Past,
            _ if form.ends_with('s') => Shape::Present,
            _ => return,
        };
        let known = self.verbs.entry(form.to_owned()).or_default();
        if known.is_empty() {
            let (after, beside, by) = Default::default();
            known.push(Verb { stance, frame: Frame::That, shape, after, beside, by });
        }
    }

    fn add_speech_classes(&mut self, speech: &Speech) {
        self.add(&speech.also_nouns, Class::NOUN_TOO);
        self.add(&speech.occasions, Class::OCCASION);
        self.add(&speech.times, Class::TIME);
        for nouns in &speech.nouns {
            for word in &nouns.words {
                self.nouns.insert(word.clone(), stance(&nouns.stance));
            }
        }
    }

    fn add_grammar(&mut self, grammar: &Grammar) {
        self.add(&grammar.determiners, Class::DETERMINER);
        self.add(&grammar.pronouns, Class::PRONOUN);
        self.add(&grammar.object_pronouns, Class::OBJECT_PRONOUN);
        self.add(&grammar.prepositions, Class::PREPOSITION);
        self.add(&grammar.joiners, Class::JOINER);
        self.add(&grammar.conjunctions, Class::CONJUNCTION);
        self.add(&grammar.subordinators, Class::SUBORDINATOR);
        self.add(&grammar.auxiliaries, Class::AUXILIARY);
        self.add(&grammar.modals, Class::MODAL);
        self.add(&grammar.negations, Class::NEGATION);
        self.add(&grammar.particles, Class::PARTICLE);
        self.add(&grammar.adverbs, Class::ADVERB);
        self.add(&grammar.indefinites, Class::INDEFINITE);
    }

    fn add_people(&mut self, people: &People) {
        self.add(&people.honorifics.male, Class::TITLE);
        self.add(&people.honorifics.female, Class::TITLE);
        self.add(&people.honorifics.any, Class::TITLE);
        self.add(&people.offices, Class::OFFICE);
        self.add(&people.bodies, Class::BODY);
        self.add(&people.plural_people, Class::PLURAL);
        let female = [&people.honorifics.female, &people.female_roles, &people.given_names.female];
        let male = [&people.honorifics.male, &people.male_roles, &people.given_names.male];
        for (lists, gender) in [(female, Gender::Female), (male, Gender::Male)] {
            for word in lists.into_iter().flatten() {
                self.genders.insert(word.to_lowercase(), gender);
            }
        }
    }

    fn add_nations(&mut self) {
        for (at, nation) in self.nations.iter().enumerate() {
            for words in [&nation.name, &nation.adjective].into_iter().chain(&nation.seats) {
                self.nation_of.insert(words.to_lowercase(), at);
            }
        }
        let single: Vec<_> = self.nation_of.keys().filter(|words| !words.contains(' ')).cloned().collect();
        self.add(&single, Class::NATION);
    }

    fn add(&mut self, words: &[String], class: Class) {
        for word in words {
            let classes = self.classes.entry(word.clone()).or_default();
            *classes = classes.or(class);
        }
    }

    /// Returns the readings of a lower-case word as a verb of saying, those with most words first.
    pub(super) fn verbs(&self, lower: &str) -> &[Verb] {
        self.verbs.get(lower).map_or(&[], Vec::as_slice)
    }

    /// Returns the classes of a lower-case word.
    pub(super) fn class(&self, lower: &str) -> Class {
        self.classes.get(lower).copied().unwrap_or_default()
    }

    /// Returns what a noun such as "claim" does to the clause that it governs.
    pub(super) fn noun(&self, lower: &str) -> Option<Stance> {
        self.nouns.get(lower).copied()
    }

    /// Tells whether "is … to" with this word is belief without a believer.
    pub(super) fn is_thought_to(&self, lower: &str) -> bool {
        self.thought_to.contains(lower)
    }

    /// Tells whether a noun names harm that can be counted: "deaths", "shelling".
    pub(super) fn is_harm(&self, lower: &str) -> bool {
        self.harms.contains(lower)
    }

    /// Tells whether a word shows that an added clause is not said on by the speaker before it: what the outlet's own people
    /// saw, who was asked in vain.
    pub(super) fn is_not_said_on(&self, lower: &str) -> bool {
        self.not_said_on.contains(lower)
    }

    /// Tells whether the adverb marks hearsay without a speaker.
    pub(super) fn is_hedge(&self, lower: &str) -> bool {
        self.hedges.contains(lower)
    }

    /// Tells whether "by …" with this noun names a source: "by some estimates".
    pub(super) fn is_by_source(&self, lower: &str) -> bool {
        self.by_source.contains(lower)
    }

    /// Returns the gender that a given name, office or form of address tells.
    pub(super) fn gender(&self, lower: &str) -> Option<Gender> {
        self.genders.get(lower).copied()
    }

    /// Returns the state that a name, adjective or seat of government stands for.
    pub(super) fn nation(&self, words: &str) -> Option<&Nation> {
        self.nation_of.get(&words.to_lowercase()).map(|&at| &self.nations[at])
    }
}

fn split(words: &str) -> Vec<String> {
    words.split_whitespace().map(str::to_owned).collect()
}

/// Tells the form by its place in the list of forms: base, present, one or two pasts, participle.
fn shape_at(at: usize, forms: usize) -> Shape {
    match at {
        0 => Shape::Base,
        1 => Shape::Present,
        _ if at + 1 == forms => Shape::Participle,
        _ => Shape::Past,
    }
}

/// Reads a stance by its name in either lexicon.
fn stance(name: &str) -> Stance {
    match name {
        "distancing" | "assertive-distancing" => Stance::Distancing,
        "accusing" | "accusation" => Stance::Accusing,
        "denying" | "denial" => Stance::Denying,
        "determining" | "determination" => Stance::Determining,
        "confirming" | "confirmation" | "admission" => Stance::Confirming,
        "estimating" | "estimate" => Stance::Estimating,
        "directive" | "future-or-directive" => Stance::Directive,
        _ => Stance::Neutral,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lexicons_parse() {
        let lexicon = Lexicon::read(&Sources::bundled()).unwrap();
        assert!(lexicon.verbs.len() > 300);
        assert!(lexicon.verbs("said").iter().any(|verb| verb.shape == Shape::Past));
        assert!(lexicon.verbs("pointed").iter().any(|verb| verb.after == ["out"]));
        assert!(lexicon.class("the").any(Class::DETERMINER));
    }

    #[test]
    fn a_seat_of_government_stands_for_its_state() {
        assert_eq!(LEXICON.nation("Damascus").unwrap().adjective, "Syrian");
        assert!(LEXICON.nation("Varden").is_none());
    }
}
