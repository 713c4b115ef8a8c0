//! The words that tell of incidents.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use serde::Deserialize;

use super::{Effect, ObjectClass, PersonClass, Stage, WeaponKind};

pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::read);

/// What a verb or noun tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Told {
    Attack,
    Bombing,
    Arson,
    Kidnapping,
    Robbery,
    /// Damage, by whatever means.
    Damage,
    /// Death, by whatever means.
    Harm,
}

impl Told {
    /// Ranks what is told, from what names the deed to what only names its outcome.
    pub(super) fn generality(self) -> usize {
        match self {
            Told::Bombing => 0,
            Told::Arson | Told::Kidnapping | Told::Robbery => 1,
            Told::Attack => 2,
            Told::Damage => 3,
            Told::Harm => 4,
        }
    }
}

/// Where a verb or noun has those whom it befalls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Frame {
    /// The object is a person.
    Person,
    /// The object is a person or thing.
    Target,
    /// The subject is what explodes; those hit stand behind a preposition.
    Blast,
    /// The object is an explosive, else nothing is told.
    Explosive,
    /// The object is a weapon, or those hit stand behind "at" and "on".
    Shot,
    /// "Open fire on".
    Fire,
    /// The subject is who suffers.
    Sufferer,
    /// The object is who is threatened.
    Threat,
}

/// One verb or noun.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) told: Told,
    pub(super) effect: Option<Effect>,
    pub(super) stage: Option<Stage>,
    pub(super) frame: Frame,
}

/// What a noun names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Person(PersonClass),
    Fighter,
    Object(ObjectClass),
    Weapon(WeaponKind),
    Place,
}

#[derive(Deserialize)]
struct Words {
    verbs: Vec<Verbs>,
    irregular: HashMap<String, String>,
    nouns: Vec<Nouns>,
    persons: HashMap<PersonClass, Vec<String>>,
    person_context: HashMap<PersonClass, Vec<String>>,
    object_context: HashMap<ObjectClass, Vec<String>>,
    fighters: Vec<String>,
    state_actors: Vec<String>,
    objects: HashMap<ObjectClass, Vec<String>>,
    places: Vec<String>,
    weapons: HashMap<WeaponKind, Vec<String>>,
    suspecting: Vec<String>,
    authorities: Vec<String>,
    claiming: Vec<String>,
    speaking: Vec<String>,
    hedges: HashSet<String>,
    unreal: HashSet<String>,
    failing: Vec<String>,
    outcomes: Vec<Outcome>,
    quarters: HashSet<String>,
}

/// Words for people whom a deed left in one state: "the wounded".
#[derive(Deserialize)]
struct Outcome {
    words: Vec<String>,
    effect: Option<Effect>,
}

#[derive(Deserialize)]
struct Verbs {
    verbs: Vec<String>,
    act: Told,
    effect: Option<Effect>,
    stage: Option<Stage>,
    frame: Frame,
}

#[derive(Deserialize)]
struct Nouns {
    nouns: Vec<String>,
    act: Told,
    effect: Option<Effect>,
    frame: Frame,
}

#[derive(Deserialize)]
struct Groups {
    groups: Vec<Vec<String>>,
    state_forces: Vec<String>,
}

/// The lexicons, turned into tables for looking up one word or phrase.
pub(super) struct Lexicon {
    /// Base forms of verbs by all their forms.
    bases: HashMap<String, String>,
    verbs: HashMap<String, Entry>,
    nouns: HashMap<String, Entry>,
    classes: HashMap<String, Class>,
    person_context: HashMap<String, PersonClass>,
    object_context: HashMap<String, ObjectClass>,
    state_actors: HashSet<String>,
    authorities: HashSet<String>,
    suspecting: HashSet<String>,
    claiming: HashSet<String>,
    speaking: HashSet<String>,
    failing: HashSet<String>,
    outcomes: HashMap<String, Option<Effect>>,
    pub(super) hedges: HashSet<String>,
    /// Words for parts of towns.
    pub(super) quarters: HashSet<String>,
    pub(super) unreal: HashSet<String>,
    /// The first names of groups by all their names in small letters.
    groups: HashMap<String, String>,
    state_forces: HashSet<String>,
    /// First words of all verbs and nouns, to pass over sentences without any.
    pub(super) cues: HashSet<String>,
}

impl Lexicon {
    fn read() -> Lexicon {
        let words: Words = serde_json::from_str(include_str!("../../lexicons/incidents.json"))
            .expect("the lexicon is part of the program and a test parses it");
        let groups: Groups = serde_json::from_str(include_str!("../../lexicons/armed-groups.json"))
            .expect("the lexicon is part of the program and a test parses it");
        let mut lexicon = Lexicon {
            bases: words.irregular,
            verbs: HashMap::default(),
            nouns: HashMap::default(),
            classes: HashMap::default(),
            person_context: by_word(words.person_context),
            object_context: by_word(words.object_context),
            state_actors: numbered(&words.state_actors),
            authorities: numbered(&words.authorities),
            suspecting: words.suspecting.iter().cloned().collect(),
            claiming: words.claiming.iter().cloned().collect(),
            failing: words.failing.iter().cloned().collect(),
            speaking: words.speaking.iter().cloned().collect(),
            outcomes: HashMap::default(),
            hedges: words.hedges,
            quarters: words.quarters,
            unreal: words.unreal,
            groups: HashMap::default(),
            state_forces: groups.state_forces.iter().cloned().collect(),
            cues: HashSet::default(),
        };
        for verbs in &words.verbs {
            let entry =
                Entry { told: verbs.act, effect: verbs.effect, stage: verbs.stage, frame: verbs.frame };
            verbs.verbs.iter().for_each(|verb| lexicon.add_verb(verb, Some(entry)));
        }
        for verb in
            words.suspecting.iter().chain(&words.claiming).chain(&words.failing).chain(&words.speaking)
        {
            lexicon.add_verb(verb, None);
        }
        [
            "carry",
            "stage",
            "commit",
            "perpetrate",
            "launch",
            "conduct",
            "make",
            "mount",
            "take",
            "leave",
            "cause",
            "deal",
        ]
        .iter()
        .for_each(|verb| lexicon.add_verb(verb, None));
        for outcome in words.outcomes {
            lexicon.cues.extend(outcome.words.iter().cloned());
            lexicon.outcomes.extend(outcome.words.into_iter().map(|word| (word, outcome.effect)));
        }
        ["participate", "mastermind"].iter().for_each(|verb| lexicon.add_verb(verb, None));
        for nouns in &words.nouns {
            let entry = Entry { told: nouns.act, effect: nouns.effect, stage: None, frame: nouns.frame };
            for noun in &nouns.nouns {
                for form in [noun.clone(), plural(noun)] {
                    lexicon.cues.insert(form.clone());
                    lexicon.nouns.insert(form, entry);
                }
            }
        }
        lexicon.add_classes(words.persons, Class::Person);
        lexicon.add_classes(words.objects, Class::Object);
        lexicon.add_classes(words.weapons, Class::Weapon);
        lexicon.add_classes(HashMap::from_iter([((), words.fighters)]), |()| Class::Fighter);
        lexicon.add_classes(HashMap::from_iter([((), words.places)]), |()| Class::Place);
        for names in &groups.groups {
            for name in names {
                lexicon.groups.insert(name.to_lowercase(), names[0].clone());
            }
        }
        lexicon
    }

    fn add_verb(&mut self, verb: &str, entry: Option<Entry>) {
        let first = verb.split(' ').next().unwrap_or(verb);
        for form in forms(first) {
            self.bases.entry(form).or_insert_with(|| first.to_owned());
        }
        let Some(entry) = entry else { return };
        self.verbs.insert(verb.to_owned(), entry);
        let forms: Vec<String> =
            self.bases.iter().filter(|(_, base)| *base == first).map(|(form, _)| form.clone()).collect();
        self.cues.extend(forms);
    }

    fn add_classes<Kind: Copy>(&mut self, classes: HashMap<Kind, Vec<String>>, class: fn(Kind) -> Class) {
        for (kind, nouns) in classes {
            for noun in nouns {
                self.classes.entry(plural(&noun)).or_insert(class(kind));
                self.classes.insert(noun, class(kind));
            }
        }
    }

    /// Returns the base form of a verb of the lexicon.
    pub(super) fn base<'l>(&'l self, form: &'l str) -> &'l str {
        self.bases.get(form).map_or(form, String::as_str)
    }

    /// Looks up a verb by its base form, with its particle if it has one.
    pub(super) fn verb(&self, base: &str) -> Option<Entry> {
        self.verbs.get(base).copied()
    }

    pub(super) fn noun(&self, form: &str) -> Option<Entry> {
        self.nouns.get(form).copied()
    }

    /// Tells whether a word is one for those whom a deed left in some state, and in which if it says so.
    pub(super) fn outcome(&self, form: &str) -> Option<Option<Effect>> {
        self.outcomes.get(form).copied()
    }

    /// Returns the class of the longest ending of a phrase in small letters that has one.
    pub(super) fn class(&self, phrase: &str) -> Option<Class> {
        endings(phrase).find_map(|ending| self.classes.get(ending).copied())
    }

    /// Refines a class that says little, by the words around the noun: "members of the court", "radio offices".
    pub(super) fn refined(&self, class: Class, words: &str) -> Class {
        let mut around = words.split(' ');
        match class {
            Class::Person(PersonClass::Civilian | PersonClass::Official) => {
                let former = words
                    .split(' ')
                    .any(|word| matches!(word, "former" | "retired" | "ex-president" | "ex-minister"));
                let found = around.find_map(|word| self.person_context.get(word).copied());
                match (class, found) {
                    (Class::Person(PersonClass::Official), _) if former => {
                        Class::Person(PersonClass::FormerOfficial)
                    }
                    (Class::Person(PersonClass::Civilian), Some(found)) => Class::Person(found),
                    _ => class,
                }
            }
            Class::Person(PersonClass::Military) if words.contains("police") => {
                Class::Person(PersonClass::Police)
            }
            Class::Person(PersonClass::Military) if words.contains("former") || words.contains("retired") => {
                Class::Person(PersonClass::FormerMilitary)
            }
            Class::Object(
                ObjectClass::Organization
                | ObjectClass::Other
                | ObjectClass::Residence
                | ObjectClass::Commercial,
            ) => {
                let last = words.split(' ').collect::<Vec<_>>();
                let context = last.iter().find_map(|word| self.object_context.get(*word).copied());
                match (class, context) {
                    (
                        Class::Object(ObjectClass::Residence | ObjectClass::Commercial),
                        Some(
                            ObjectClass::Organization
                            | ObjectClass::Commercial
                            | ObjectClass::Energy
                            | ObjectClass::Communication,
                        ),
                    ) => class,
                    (_, Some(found)) => Class::Object(found),
                    _ => class,
                }
            }
            _ => class,
        }
    }

    pub(super) fn is_state(&self, phrase: &str) -> bool {
        endings(phrase).any(|ending| self.state_actors.contains(ending) || self.state_forces.contains(ending))
    }

    pub(super) fn is_state_force(&self, phrase: &str) -> bool {
        endings(phrase).any(|ending| self.state_forces.contains(ending))
    }

    pub(super) fn is_authority(&self, phrase: &str) -> bool {
        endings(phrase).any(|ending| self.authorities.contains(ending) || self.state_actors.contains(ending))
    }

    pub(super) fn is_suspecting(&self, form: &str) -> bool {
        self.suspecting.contains(self.base(form))
    }

    pub(super) fn is_claiming(&self, form: &str) -> bool {
        self.claiming.contains(self.base(form))
    }

    pub(super) fn is_speaking(&self, form: &str) -> bool {
        self.speaking.contains(self.base(form))
    }

    pub(super) fn is_failing(&self, form: &str) -> bool {
        self.failing.contains(self.base(form))
    }

    /// Returns the first name of the armed group that has this name, in small letters.
    pub(super) fn group(&'static self, name: &str) -> Option<&'static str> {
        self.groups.get(name).map(String::as_str)
    }
}

/// Returns a phrase, the phrase without its first word, and so on.
fn endings(phrase: &str) -> impl Iterator<Item = &str> {
    let starts = std::iter::once(0).chain(phrase.match_indices(' ').map(|(at, _)| at + 1));
    starts.map(|at| &phrase[at..])
}

fn by_word<Kind: Copy>(lists: HashMap<Kind, Vec<String>>) -> HashMap<String, Kind> {
    lists.into_iter().flat_map(|(kind, words)| words.into_iter().map(move |word| (word, kind))).collect()
}

fn numbered(nouns: &[String]) -> HashSet<String> {
    nouns.iter().cloned().chain(nouns.iter().map(|noun| plural(noun))).collect()
}

/// Returns the plural of a noun phrase: of its last word.
fn plural(noun: &str) -> String {
    let changed = |end: &str, with: &str| noun.strip_suffix(end).map(|stem| format!("{stem}{with}"));
    changed("man", "men")
        .filter(|_| !noun.ends_with("human"))
        .or_else(|| changed("child", "children"))
        .or_else(|| changed("wife", "wives"))
        .or_else(|| changed("person", "persons"))
        .or_else(|| {
            changed("y", "ies").filter(|_| {
                !noun.ends_with(['a', 'e', 'o', 'u']) && !noun.ends_with("ay") && !noun.ends_with("ey")
            })
        })
        .or_else(|| ["s", "x", "ch", "sh"].iter().any(|end| noun.ends_with(end)).then(|| format!("{noun}es")))
        .unwrap_or_else(|| format!("{noun}s"))
}

/// Returns the regular forms of a verb.
fn forms(base: &str) -> Vec<String> {
    let stem = base.strip_suffix('e').unwrap_or(base);
    let mut forms = vec![base.to_owned()];
    let consonant_y = base.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']));
    match consonant_y {
        Some(stem) => forms.extend([format!("{stem}ies"), format!("{stem}ied"), format!("{base}ing")]),
        None => {
            let hissing = ["s", "sh", "ch", "x", "z"].iter().any(|end| base.ends_with(end));
            forms.push(format!("{base}{}", if hissing { "es" } else { "s" }));
            forms.extend([format!("{stem}ed"), format!("{stem}ing")]);
            // "Robbed", "kidnapping": the last letter may be doubled.
            if let Some(last) = base.chars().last().filter(|last| "bglnpt".contains(*last)) {
                forms.extend([format!("{base}{last}ed"), format!("{base}{last}ing")]);
            }
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_to_their_base() {
        for (form, base) in [("kidnapped", "kidnap"), ("robbing", "rob"), ("dies", "die"), ("shot", "shoot")]
        {
            assert_eq!(LEXICON.base(form), base);
        }
    }

    #[test]
    fn the_longest_ending_tells_the_class() {
        assert_eq!(LEXICON.class("white car bombs"), Some(Class::Weapon(WeaponKind::VehicleBomb)));
        assert_eq!(LEXICON.class("rural policemen"), Some(Class::Person(PersonClass::Police)));
        assert_eq!(LEXICON.class("idea"), None);
    }
}
