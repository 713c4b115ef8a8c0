use std::sync::LazyLock;

use language::Doc;
use model::{Act, Certainty, ObjectClass};
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use serde::Deserialize;

use super::grammar::{Class, Classes, Words};

/// All word lists of the allegations, parsed once.
pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::load);

/// The word lists, ready for looking up.
pub(super) struct Lexicon {
    pub(super) grammar: HashMap<String, Classes>,
    pub(super) entries: Vec<Entry>,
    pub(super) cues: Phrases<Cue>,
    pub(super) light_verbs: HashMap<String, VerbForm>,
    pub(super) figurative: Phrases<()>,
    pub(super) institutions: HashSet<String>,
    /// Words that news uses of wars, with their weight: those of fighting itself count twice.
    pub(super) war_words: HashMap<String, usize>,
    pub(super) not_war: HashSet<String>,
    pub(super) things: Phrases<Thing>,
    /// Adjectives that tell what a thing is where its noun does not: "a retail building".
    pub(super) adjectives: HashMap<String, Vec<ObjectClass>>,
    pub(super) parties: HashSet<String>,
    /// Names of states' people and of groups that bear arms, of one word each: "Emirati", "Houthi".
    pub(super) named_parties: HashSet<String>,
    /// Words that leave open who did something.
    pub(super) unknown: HashSet<String>,
    /// Words for blame that is not deserved: "falsely blamed".
    pub(super) unjustly: HashSet<String>,
    /// Words for an attack that was told before: "the strike", "the blast".
    pub(super) blows: HashSet<String>,
    /// Words for any deed that was told before: "the crime", "the incident".
    pub(super) deeds: HashSet<String>,
    /// Participles of what is done with a weapon: "laid", "fired".
    pub(super) using: HashSet<String>,
    /// What people do who tell of a deed or protest against it: "reporting", "filming".
    pub(super) telling: HashSet<String>,
    /// Words for those who bear arms, in any war.
    pub(super) forces: HashSet<String>,
    /// Words for persons that are words for weapons too: "snipers", "a bomber".
    pub(super) shooters: HashSet<String>,
    /// Words for those who guard and police, and can torture in peace too.
    pub(super) guards: HashSet<String>,
    pub(super) demonym_endings: Vec<String>,
    /// Capitalised words that name nobody.
    pub(super) calendar: HashSet<String>,
    pub(super) weapons: Phrases<()>,
    pub(super) hedges: Phrases<Certainty>,
}

/// One group of words for an act.
pub(super) struct Entry {
    pub(super) harm: Harm,
    pub(super) needs: Needs,
    /// The subject of its verbs is whoever is harmed: "died".
    pub(super) intransitive: bool,
    /// Without an object, the subject of its verbs is what is hit: "the school burned".
    pub(super) ergative: bool,
    /// The subject of its verbs is the weapon, and what is hit stands behind a preposition: "landed in the yard".
    pub(super) landing: bool,
    /// Its nouns name an act only where a civilian object is put to that use: "used the school as a barracks".
    pub(super) turned: bool,
    /// The subject of its verbs is an event, and nobody who did it: "the blast claimed nine lives".
    pub(super) impersonal: bool,
    /// It names an act only where people suffer it: "snatched two nurses".
    pub(super) people: bool,
    /// Its object is put where a civilian object is, behind a preposition: "hid rockets in a school".
    pub(super) placing: bool,
    /// Words of which one must stand in the clause; empty if none need.
    pub(super) with: HashSet<String>,
}

/// What a word says was done, before it is known what was hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Harm {
    /// An attack: the act depends on what it hits.
    Attack,
    /// People were hurt.
    Wounding,
    /// The word alone says which act it is.
    Done(Act),
}

/// What must stand beside a word before it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Needs {
    Nothing,
    /// The report or the sentence speaks of a war.
    War,
    /// The same; but the act is one whoever its victim is.
    Crime,
    /// What is hit is recognised.
    Target,
}

/// How a surface form can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cue {
    /// The position in [`Lexicon::entries`].
    pub(super) entry: usize,
    pub(super) verb: Option<VerbForm>,
    pub(super) noun: bool,
    /// The entry that is meant where none of the words stands in its sentence that the first one needs.
    other: Option<usize>,
}

impl Cue {
    /// Returns the cue with the entry that is meant among `words`.
    pub(super) fn among(self, words: &Words<'_>) -> Cue {
        let with = &LEXICON.entries[self.entry].with;
        // "Seized two aid workers" is no theft of aid.
        let is_person = |i: usize| words.lower(i + 1).starts_with("worker");
        let stands = || words.tokens.clone().any(|i| with.contains(words.lower(i)) && !is_person(i));
        match self.other {
            Some(entry) if !stands() => Cue { entry, ..self },
            _ => self,
        }
    }
}

/// The form of a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum VerbForm {
    Base,
    Third,
    /// The past, or a past that is the participle too.
    Past,
    Participle,
    Ing,
}

/// What a noun stands for as a thing that can be hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Thing {
    Object(Vec<ObjectClass>),
    Populated,
    Person,
    Combatant,
}

/// Phrases found by their first word; the longest that fits counts.
pub(super) struct Phrases<T>(HashMap<String, Vec<(Vec<String>, T)>>);

/// So near behind its verb a particle stands, in tokens: "took her elder brother away".
const OBJECT: usize = 7;

impl<T> Phrases<T> {
    fn new() -> Phrases<T> {
        Phrases(HashMap::default())
    }

    fn add(&mut self, phrase: &str, meaning: T) {
        let mut words = words_of(phrase);
        if words.is_empty() {
            return;
        }
        let rest = words.split_off(1);
        let known = self.0.entry(words.remove(0)).or_default();
        let at = known.partition_point(|(other, _)| other.len() >= rest.len());
        known.insert(at, (rest, meaning));
    }

    fn get_mut(&mut self, phrase: &str) -> Option<&mut T> {
        let words = words_of(phrase);
        let known = self.0.get_mut(words.first()?)?;
        known.iter_mut().find(|(rest, _)| rest[..] == words[1..]).map(|(_, meaning)| meaning)
    }

    /// Returns the particle and the meaning of a verb at token `at` whose object stands between: "took her husband away".
    pub(super) fn apart(&self, doc: &Doc<'_>, at: usize, end: usize) -> Option<(usize, &T)> {
        let known = self.0.get(doc.lower(at))?;
        let is_particle = |&at: &usize| matches!(doc.lower(at), "away" | "off" | "back" | "captive");
        let particle = (at + 2..end.min(at + OBJECT)).find(is_particle)?;
        let is_verb = |rest: &[String]| matches!(rest, [word] if word == doc.lower(particle));
        known.iter().find(|(rest, _)| is_verb(rest)).map(|(_, cue)| (particle, cue))
    }

    /// Returns the longest phrase that starts at token `at` and ends by `end`: the token after it, and its meaning.
    pub(super) fn at(&self, doc: &Doc<'_>, at: usize, end: usize) -> Option<(usize, &T)> {
        if at >= end || end > doc.tokens().len() {
            return None;
        }
        let known = self.0.get(doc.lower(at))?;
        known.iter().find_map(|(rest, meaning)| {
            let mut next = at + 1;
            for word in rest {
                while next < end && doc.lower(next) == "-" {
                    next += 1;
                }
                if next >= end || doc.lower(next) != word {
                    return None;
                }
                next += 1;
            }
            Some((next, meaning))
        })
    }
}

/// Splits a phrase as a text is split, so that a lexicon never disagrees with the tokens; hyphens are left out.
fn words_of(phrase: &str) -> Vec<String> {
    let range = 0..phrase.len();
    let doc = Doc::read(phrase, std::slice::from_ref(&range));
    (0..doc.tokens().len()).map(|i| doc.lower(i).to_owned()).filter(|word| word != "-").collect()
}

#[derive(Deserialize)]
struct ActsFile {
    acts: Vec<ActRow>,
    light_verbs: Vec<String>,
    figurative: Vec<String>,
    institutions: HashSet<String>,
    war_words: HashSet<String>,
    arms_words: HashSet<String>,
    not_war: HashSet<String>,
}

#[derive(Deserialize)]
struct ActRow {
    act: String,
    needs: Needs,
    #[serde(default)]
    intransitive: bool,
    #[serde(default)]
    ergative: bool,
    #[serde(default)]
    landing: bool,
    #[serde(default)]
    turned: bool,
    #[serde(default)]
    impersonal: bool,
    #[serde(default)]
    people: bool,
    #[serde(default)]
    placing: bool,
    #[serde(default)]
    verbs: Vec<String>,
    #[serde(default)]
    nouns: Vec<String>,
    #[serde(default)]
    phrases: Vec<String>,
    #[serde(default)]
    with: HashSet<String>,
}

#[derive(Deserialize)]
struct ObjectsFile {
    classes: Vec<ObjectRow>,
    populated: Vec<String>,
    persons: Vec<String>,
    combatants: Vec<String>,
}

#[derive(Deserialize)]
struct ObjectRow {
    classes: Vec<String>,
    nouns: Vec<String>,
    #[serde(default)]
    adjectives: Vec<String>,
}

#[derive(Deserialize)]
struct ActorsFile {
    parties: HashSet<String>,
    demonym_endings: Vec<String>,
    calendar: HashSet<String>,
    unknown: HashSet<String>,
    unjustly: HashSet<String>,
    blows: HashSet<String>,
    deeds: HashSet<String>,
    using: HashSet<String>,
    telling: HashSet<String>,
    forces: HashSet<String>,
    shooters: HashSet<String>,
    guards: HashSet<String>,
}

#[derive(Deserialize)]
struct GroupsFile {
    groups: Vec<Vec<String>>,
}

#[derive(Deserialize)]
struct NationsFile {
    nations: Vec<NationRow>,
}

#[derive(Deserialize)]
struct NationRow {
    adjective: String,
}

#[derive(Deserialize)]
struct WeaponsFile {
    weapons: Vec<String>,
}

#[derive(Deserialize)]
struct CertaintyFile {
    probable: Vec<String>,
    possible: Vec<String>,
}

#[derive(Deserialize)]
struct GrammarFile {
    classes: HashMap<String, Vec<String>>,
}

impl Lexicon {
    fn load() -> Lexicon {
        let acts: ActsFile = parse(include_str!("../../../lexicons/acts.json"));
        let objects: ObjectsFile = parse(include_str!("../../../lexicons/objects.json"));
        let actors: ActorsFile = parse(include_str!("../../../lexicons/actors.json"));
        let weapons: WeaponsFile = parse(include_str!("../../../lexicons/weapons.json"));
        let certainty: CertaintyFile = parse(include_str!("../../../lexicons/certainty.json"));
        let grammar: GrammarFile = parse(include_str!("../../../lexicons/clauses.json"));
        let mut light_verbs = HashMap::default();
        for (word, form) in acts.light_verbs.iter().flat_map(|verb| forms(verb)) {
            light_verbs.entry(word).or_insert(form);
        }
        let (entries, cues) = acts_by_word(acts.acts);
        Lexicon {
            grammar: classes_by_word(grammar),
            entries,
            cues,
            light_verbs,
            figurative: phrases(acts.figurative.iter().map(|phrase| (phrase, ()))),
            institutions: acts.institutions,
            war_words: (acts.war_words.into_iter().map(|word| (word, 1)))
                .chain(acts.arms_words.into_iter().map(|word| (word, 2)))
                .collect(),
            not_war: acts.not_war,
            things: things(&objects),
            adjectives: adjectives(&objects),
            parties: actors.parties,
            named_parties: named_parties(),
            unknown: actors.unknown,
            unjustly: actors.unjustly,
            blows: actors.blows,
            using: actors.using,
            telling: actors.telling,
            deeds: actors.deeds,
            forces: actors.forces,
            shooters: actors.shooters,
            guards: actors.guards,
            demonym_endings: actors.demonym_endings,
            calendar: actors.calendar,
            weapons: nouns(weapons.weapons.iter().map(|weapon| (weapon, ()))),
            hedges: phrases(
                (certainty.probable.iter().map(|hedge| (hedge, Certainty::Probable)))
                    .chain(certainty.possible.iter().map(|hedge| (hedge, Certainty::Possible))),
            ),
        }
    }
}

/// Reads the names of groups, and the adjectives of states, that are one word.
fn named_parties() -> HashSet<String> {
    let groups: GroupsFile = parse(include_str!("../../../lexicons/armed-groups.json"));
    let nations: NationsFile = parse(include_str!("../../../lexicons/nations.json"));
    let adjectives = nations.nations.into_iter().map(|nation| nation.adjective);
    let names = groups.groups.into_iter().flatten().chain(adjectives).filter(|name| !name.contains(' '));
    names.map(|name| name.to_lowercase()).collect()
}

fn parse<'a, T: Deserialize<'a>>(json: &'a str) -> T {
    serde_json::from_str(json).expect("the lexicons are part of the program and a test reads them all")
}

fn classes_by_word(file: GrammarFile) -> HashMap<String, Classes> {
    let mut grammar: HashMap<String, Classes> = HashMap::default();
    for (name, words) in file.classes {
        let class = Class::named(&name).expect("a test checks the names of all classes");
        for word in words {
            grammar.entry(word).or_default().add(class);
        }
    }
    grammar
}

fn acts_by_word(rows: Vec<ActRow>) -> (Vec<Entry>, Phrases<Cue>) {
    let mut entries: Vec<Entry> = Vec::new();
    let mut cues = Phrases::new();
    for row in rows {
        let entry = entries.len();
        let verbs = row.verbs.iter().flat_map(|verb| forms(verb));
        for (word, form) in verbs {
            merge(&mut cues, &entries, &word, Cue { entry, verb: Some(form), noun: false, other: None });
        }
        for noun in &row.nouns {
            merge(&mut cues, &entries, noun, Cue { entry, verb: None, noun: true, other: None });
        }
        for phrase in &row.phrases {
            merge(&mut cues, &entries, phrase, Cue { entry, verb: None, noun: false, other: None });
        }
        let harm = match row.act.as_str() {
            "attack" => Harm::Attack,
            "wounding" => Harm::Wounding,
            act => Harm::Done(Act::from_name(act).expect("a test reads the names of all acts")),
        };
        entries.push(Entry {
            harm,
            needs: row.needs,
            intransitive: row.intransitive,
            ergative: row.ergative,
            landing: row.landing,
            turned: row.turned,
            impersonal: row.impersonal,
            people: row.people,
            placing: row.placing,
            with: row.with,
        });
    }
    (entries, cues)
}

/// Adds a reading of a word; the entry that has it first keeps it, where what it needs beside it is there.
fn merge(cues: &mut Phrases<Cue>, entries: &[Entry], word: &str, cue: Cue) {
    let needs = |known: &Cue| entries.get(known.entry).is_some_and(|entry| !entry.with.is_empty());
    match cues.get_mut(word) {
        Some(known) if known.entry != cue.entry && needs(known) => {
            known.other = known.other.or(Some(cue.entry))
        }
        Some(known) => {
            known.noun |= cue.noun;
            known.verb = match (known.verb, cue.verb) {
                (Some(VerbForm::Base | VerbForm::Participle), Some(VerbForm::Past)) => Some(VerbForm::Past),
                (known, new) => known.or(new),
            };
        }
        None => cues.add(word, cue),
    }
}

/// Returns the five forms of a verb, with its particle: base, third person, past, participle, -ing.
fn forms(verb: &str) -> impl Iterator<Item = (String, VerbForm)> {
    let order = [VerbForm::Base, VerbForm::Third, VerbForm::Past, VerbForm::Participle, VerbForm::Ing];
    verb.split(' ').map(|form| form.replace('_', " ")).zip(order)
}

impl ObjectRow {
    fn classes(&self) -> Vec<ObjectClass> {
        let known =
            |name: &String| ObjectClass::from_name(name).expect("a test reads the names of all classes");
        self.classes.iter().map(known).collect()
    }
}

fn adjectives(file: &ObjectsFile) -> HashMap<String, Vec<ObjectClass>> {
    let rows = file.classes.iter();
    rows.flat_map(|row| row.adjectives.iter().map(|word| (word.clone(), row.classes()))).collect()
}

fn things(file: &ObjectsFile) -> Phrases<Thing> {
    let objects = file.classes.iter().flat_map(|row| {
        let classes = row.classes();
        row.nouns.iter().map(move |noun| (noun, Thing::Object(classes.clone())))
    });
    let populated = file.populated.iter().map(|noun| (noun, Thing::Populated));
    let persons = file.persons.iter().map(|noun| (noun, Thing::Person));
    let combatants = file.combatants.iter().map(|noun| (noun, Thing::Combatant));
    nouns(objects.chain(populated).chain(persons).chain(combatants))
}

fn phrases<'a, T>(rows: impl Iterator<Item = (&'a String, T)>) -> Phrases<T> {
    let mut phrases = Phrases::new();
    for (phrase, meaning) in rows {
        phrases.add(phrase, meaning);
    }
    phrases
}

/// Reads nouns with their regular plurals.
fn nouns<'a, T: Clone>(rows: impl Iterator<Item = (&'a String, T)>) -> Phrases<T> {
    let mut phrases = Phrases::new();
    for (noun, meaning) in rows {
        phrases.add(noun, meaning.clone());
        phrases.add(&plural(noun), meaning);
    }
    phrases
}

/// Makes the regular plural of a noun.
fn plural(noun: &str) -> String {
    let vowel_before_y = ["ay", "ey", "oy", "uy"].iter().any(|end| noun.ends_with(end));
    match noun.strip_suffix('y') {
        Some(stem) if !vowel_before_y => format!("{stem}ies"),
        _ if ["s", "x", "ch", "sh"].iter().any(|end| noun.ends_with(end)) => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lexicons_parse_and_are_not_empty() {
        let lexicon = Lexicon::load();
        assert!(lexicon.entries.len() > 20);
        assert!(lexicon.grammar.len() > 200);
    }

    #[test]
    fn the_longest_phrase_counts() {
        let range = 0..16;
        let doc = Doc::read("a car-bomb blast", std::slice::from_ref(&range));
        let end = doc.tokens().len();
        assert!(LEXICON.cues.at(&doc, 1, end).is_some_and(|(next, _)| next == end - 1));
    }

    #[test]
    fn plurals() {
        let of = ["city", "church", "convoy", "house"].map(plural);
        assert_eq!(of, ["cities", "churches", "convoys", "houses"]);
    }
}
