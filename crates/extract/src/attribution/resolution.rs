//! The names behind "Orlova", "he" and "the ministry".

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use model::Resolution;

use super::lexicon::{Class, Gender, LEXICON};
use super::phrases::{Phrase, PhraseKind};
use super::words::Words;

/// What a name stands for, as far as pronouns care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Being {
    Person(Option<Gender>),
    Body,
    Group,
}

/// A name and how it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Resolved {
    pub(super) name: String,
    pub(super) being: Being,
    pub(super) how: Resolution,
}

/// Offices of which nobody is taken to hold two.
const HIGH: [&str; 7] =
    ["spokesman", "spokeswoman", "spokesperson", "minister", "president", "governor", "mayor"];

/// A personal name in full, where it stands.
#[derive(Debug, Clone)]
struct Person {
    at: usize,
    name: String,
    gender: Option<Gender>,
}

/// A noun with what describes it: "Russian foreign ministry", by its last word.
#[derive(Debug, Clone)]
struct Described {
    at: usize,
    mention: Range<usize>,
}

/// All names of a report, and who spoke last.
pub(super) struct Names<'w, 'd> {
    words: &'w Words<'d>,
    /// By surname in lower case, in the order of the text.
    persons: HashMap<String, Vec<Person>>,
    /// All full names in the order of the text, for "he" in a sentence that names somebody.
    in_order: Vec<Person>,
    /// By the noun, in the order of the text.
    described: HashMap<String, Vec<Described>>,
    /// Who holds an office by the words beside the name, by the office, in the order of the text.
    holders: HashMap<String, Vec<Person>>,
    /// The high offices that somebody is named in, by the name.
    offices: HashMap<String, HashSet<&'static str>>,
    /// Surnames whose gender a form of address tells.
    addressed: HashMap<String, Gender>,
    /// The last speakers, the latest last.
    spoken: Vec<Resolved>,
    /// Where the words stand that named the last speaker.
    spoken_at: usize,
}

/// How many speakers back a pronoun may reach.
const MEMORY: usize = 6;

/// Past this many surnames a text is no report but a collection, in which likeness of names means nothing, and
/// comparing each with all would take the square of their number.
const MOST_NAMES: usize = 500;

impl<'w, 'd> Names<'w, 'd> {
    /// Collects the names of the report.
    pub(super) fn collect(words: &'w Words<'d>) -> Names<'w, 'd> {
        let mut names = Names {
            words,
            persons: HashMap::new(),
            in_order: Vec::new(),
            described: HashMap::new(),
            holders: HashMap::new(),
            offices: HashMap::new(),
            addressed: HashMap::new(),
            spoken: Vec::new(),
            spoken_at: 0,
        };
        names.collect_addressed();
        names.collect_persons();
        names.collect_described();
        names
    }

    /// Notes "Mr Venn", "Ms Orlova".
    fn collect_addressed(&mut self) {
        for at in 1..self.words.len() {
            let before = if self.words.is_mark(at - 1, ".") { at.saturating_sub(2) } else { at - 1 };
            let gender = matches!(
                self.words.lower(before).trim_end_matches('.'),
                "mr" | "mrs" | "ms" | "miss" | "sir" | "lady" | "lord"
            )
            .then(|| LEXICON.gender(self.words.lower(before)))
            .flatten();
            if let Some(gender) = gender.filter(|_| self.words.may_be_name(at)) {
                self.addressed.insert(self.words.lower(at).to_owned(), gender);
            }
        }
    }

    /// Notes every run of two to four capitals that no office, body or state is part of.
    fn collect_persons(&mut self) {
        let mut at = 0;
        while at < self.words.len() {
            let end = self.capitals_end(at);
            if end > at + 1 {
                self.note_person(at..end);
            }
            at = end.max(at + 1);
        }
    }

    fn capitals_end(&self, start: usize) -> usize {
        let mut at = start;
        let sentence = self.words.doc.tokens()[start].sentence();
        while at < self.words.len() && at - start < 12 && self.words.doc.tokens()[at].sentence() == sentence {
            let inner = at > start
                && (self.words.is(at, Class::PARTICLE)
                    || self.words.is_mark(at, "-") && self.words.joined_left(at)
                    || self.titled_stop(at));
            if !self.words.may_be_name(at) && !inner {
                break;
            }
            at += 1;
        }
        while at > start && !self.words.may_be_name(at - 1) {
            at -= 1;
        }
        at
    }

    fn titled_stop(&self, at: usize) -> bool {
        self.words.is_mark(at, ".") && self.words.joined_left(at) && self.words.is(at - 1, Class::TITLE)
    }

    fn note_person(&mut self, run: Range<usize>) {
        let words = self.words;
        // "For Civic Rights Omar Vey": the body's name goes before the person's.
        let governed = run.start > 0 && words.is(run.start - 1, Class::PREPOSITION);
        let named = words
            .person_by_given_name(run.clone())
            .filter(|_| governed)
            .or_else(|| words.person_in(run.clone()))
            .or_else(|| words.person_before_office(run.clone()));
        let Some(name) = named else { return };
        let count = name.clone().filter(|&at| self.words.is(at, Class::NAME)).count();
        let articled =
            run.start > 0 && self.words.is(run.start - 1, Class::DETERMINER) && name.start == run.start;
        if count < 2 || articled {
            return;
        }
        let surname = bare_surname(self.words.lower(name.end - 1)).to_owned();
        let gender = self.gender_of(name.clone(), run.start);
        let name_end = name.end;
        let person = Person { at: name.start, name: self.words.text(name).to_owned(), gender };
        self.note_offices(run.start..name_end, &person);
        self.in_order.push(person.clone());
        self.persons.entry(surname).or_default().push(person);
    }

    /// Notes the offices beside a name: "mayor Ada Venn", "Ada Venn, the mayor of Tesmin,", "the mayor, Ada Venn,".
    fn note_offices(&mut self, run: Range<usize>, person: &Person) {
        let words = self.words;
        let after = words.is_mark(run.end, ",").then(|| {
            (run.end + 1..(run.end + 10).min(words.len()))
                .take_while(|&at| !words.is_mark(at, ",.;") && !words.is_quote(at))
        });
        let comma = run.start > 0 && words.is_mark(run.start - 1, ",");
        let before_end = run.start - usize::from(comma);
        let before = (before_end.saturating_sub(8)..before_end).rev().take_while(|&at| {
            words.is_open_word(at)
                || words.is(at, Class::DETERMINER.or(Class::JOINER))
                || words.is_possessive(at)
        });
        let offices: Vec<String> = after
            .into_iter()
            .flatten()
            .chain(before)
            .chain(run.start..person.at)
            .filter(|&at| words.is(at, Class::OFFICE))
            .map(|at| words.lower(at).to_owned())
            .collect();
        for office in offices {
            if let Some(high) = HIGH.iter().find(|high| **high == office) {
                self.offices.entry(person.name.clone()).or_default().insert(high);
            }
            self.holders.entry(office).or_default().push(person.clone());
        }
    }

    /// Finds who holds the office of "the governor": the nearest named before, else the first after.
    fn holder(&self, phrase: &Phrase) -> Option<Resolved> {
        let known = self.holders.get(self.words.lower(phrase.mention.end - 1))?;
        let before = known.partition_point(|person| person.at < phrase.mention.start);
        let person = before.checked_sub(1).map_or(&known[0], |at| &known[at]);
        let nation = phrase.mention.clone().any(|at| self.words.is(at, Class::NATION));
        (!nation).then(|| Resolved { how: Resolution::Description, ..person.resolved() })
    }

    fn gender_of(&self, name: Range<usize>, run_start: usize) -> Option<Gender> {
        let surname = self.words.lower(name.end - 1);
        let role = (run_start.saturating_sub(3)..name.start).rev().find_map(|at| {
            self.words
                .is(at, Class::OFFICE.or(Class::TITLE))
                .then(|| LEXICON.gender(self.words.lower(at)))
                .flatten()
        });
        self.addressed.get(surname).copied().or(role).or_else(|| LEXICON.gender(self.words.lower(name.start)))
    }

    /// Notes every noun phrase that ends with an office or a body.
    fn collect_described(&mut self) {
        let heads = Class::OFFICE.or(Class::BODY).or(Class::PLURAL);
        for at in 0..self.words.len() {
            let head = self.words.is(at, heads)
                || matches!(self.words.lower(at), "source" | "group" | "witness" | "spokesman");
            if !head || self.words.is(at + 1, Class::NAME.or(Class::BODY)) && self.words.is(at, Class::NAME) {
                continue;
            }
            let line = self.words.line(at);
            // "Government helicopters" are no government.
            let other = self.words.is(at, Class::BODY)
                && self.words.is_open_word(at + 1)
                && !self.words.is(at + 1, Class::NAME);
            let owner = self.words.is_possessive(at + 1) || other;
            let after = self
                .words
                .phrase_after(at, &line)
                .filter(|_| !owner)
                .map_or(at + 1, |phrase| self.without_aside(phrase.all));
            let Some(before) = self.words.phrase_before(at + 1, &line) else { continue };
            let from = before.mention.start.min(at);
            let from = (from..at)
                .rev()
                .find(|&at| {
                    self.words.is(at, Class::PREPOSITION.or(Class::CONJUNCTION).or(Class::DETERMINER))
                })
                .map_or(from, |at| at + 1);
            let mention = from..after.max(at + 1);
            if mention.len() > 1 {
                let found = Described { at, mention };
                self.described.entry(self.words.lower(at).to_owned()).or_default().push(found);
            }
        }
    }

    fn without_aside(&self, tokens: Range<usize>) -> usize {
        tokens.clone().find(|&at| self.words.is_mark(at, ",")).unwrap_or(tokens.end)
    }

    /// Finds the name behind a phrase, and remembers who spoke.
    pub(super) fn resolve(&mut self, phrase: &Phrase) -> Resolved {
        let mut resolved = self.look_up(phrase);
        // "He" tells the gender of a name that does not tell it.
        if let (PhraseKind::Pronoun, Being::Person(None)) = (phrase.kind, resolved.being) {
            resolved.being = Being::Person(match self.words.lower(phrase.mention.start) {
                "she" => Some(Gender::Female),
                "he" => Some(Gender::Male),
                _ => None,
            });
        }
        self.remember(&resolved);
        self.spoken_at = self.spoken_at.max(phrase.mention.start);
        resolved
    }

    /// Notes that somebody speaks, without a phrase of their own.
    pub(super) fn remember(&mut self, resolved: &Resolved) {
        self.spoken.push(resolved.clone());
        if self.spoken.len() > MEMORY {
            self.spoken.remove(0);
        }
    }

    fn look_up(&self, phrase: &Phrase) -> Resolved {
        match phrase.kind {
            PhraseKind::Pronoun => self.pronoun(phrase.mention.start),
            PhraseKind::Relative => {
                let inner = self.words.phrase(phrase.all.clone());
                let named = inner.map(|inner| self.look_up(&inner));
                let named = named.unwrap_or_else(|| self.as_it_stands(phrase.all.clone()));
                Resolved { how: Resolution::Relative, ..named }
            }
            PhraseKind::Person => self.person(phrase.mention.clone()),
            PhraseKind::Definite | PhraseKind::Other => self.description(phrase),
        }
    }

    fn as_it_stands(&self, mention: Range<usize>) -> Resolved {
        // "One of the men" is one.
        let one = self.words.lower(mention.start) == "one";
        let plural = !one && mention.clone().any(|at| self.words.is(at, Class::PLURAL));
        // "The president's office" is no president.
        let owned =
            mention.clone().rev().find(|&at| self.words.is_possessive(at)).map_or(mention.start, |at| at + 1);
        let office = (owned..mention.end).any(|at| self.words.is(at, Class::OFFICE)) && !plural;
        let last = self.words.lower(mention.end.saturating_sub(1));
        let person = office || one || matches!(last, "source" | "witness");
        let gender = mention.clone().find_map(|at| LEXICON.gender(self.words.lower(at)));
        let being = match (plural, person) {
            (true, _) => Being::Group,
            (_, true) => Being::Person(gender),
            _ => Being::Body,
        };
        Resolved { name: self.words.text(mention).to_owned(), being, how: Resolution::Stated }
    }

    /// Finds the fullest form of a personal name: the nearest before it, else the first after it.
    fn person(&self, mention: Range<usize>) -> Resolved {
        let surname = bare_surname(self.words.lower(mention.end - 1));
        let stated = self.words.text(mention.clone());
        let count = mention.clone().filter(|&at| self.words.is(at, Class::NAME)).count();
        let known = self.persons.get(surname).or_else(|| self.misspelt(surname));
        if let Some(known) = known {
            let before = known.partition_point(|person| person.at <= mention.start);
            let person = before.checked_sub(1).map_or(&known[0], |at| &known[at]);
            if count == 1 || person.name.len() > stated.len() && person.name.contains(stated) {
                let how = if person.name == stated { Resolution::Stated } else { Resolution::ShortForm };
                return Resolved { name: person.name.clone(), being: Being::Person(person.gender), how };
            }
        }
        let gender = self.gender_of(mention.clone(), mention.start);
        let body = count == 1
            && (self.words.is(mention.start, Class::BODY)
                || known.is_none() && gender.is_none() && !self.is_titled(mention.start));
        let being = if body { Being::Body } else { Being::Person(gender) };
        Resolved { name: stated.to_owned(), being, how: Resolution::Stated }
    }

    fn is_titled(&self, at: usize) -> bool {
        at > 0 && self.words.is(at - 1, Class::TITLE.or(Class::OFFICE))
    }

    /// Finds a surname that differs in one letter; only long ones, for short ones are too close to each other.
    fn misspelt(&self, surname: &str) -> Option<&Vec<Person>> {
        if surname.chars().count() < 6 || self.persons.len() > MOST_NAMES {
            return None;
        }
        let mut near: Vec<_> = self.persons.keys().filter(|known| one_letter_apart(known, surname)).collect();
        near.sort();
        near.first().and_then(|known| self.persons.get(*known))
    }

    /// Finds the fuller form of "the ministry"; a body without a state takes that of the last speaker.
    fn description(&self, phrase: &Phrase) -> Resolved {
        let stated = self.as_it_stands(phrase.mention.clone());
        let complement = phrase.mention.clone().any(|at| self.words.is(at, Class::PREPOSITION));
        if phrase.kind != PhraseKind::Definite || complement || phrase.mention.len() > 3 {
            return stated;
        }
        if let Some(holder) = self.holder(phrase) {
            return holder;
        }
        if let Some(name) = self.owned(phrase) {
            return Resolved { name, how: Resolution::Description, ..stated };
        }
        if let Some(fuller) = self.fuller(phrase) {
            return Resolved { how: Resolution::Description, ..self.as_it_stands(fuller) };
        }
        let national = matches!(
            self.words.lower(phrase.mention.end - 1),
            "ministry" | "army" | "military" | "parliament" | "government" | "presidency" | "embassy"
        );
        let bare = !phrase
            .mention
            .clone()
            .any(|at| self.words.is(at, Class::NATION.or(Class::NAME)) || self.words.is_possessive(at));
        match self.last_nation().filter(|_| national && bare) {
            Some(adjective) => Resolved {
                name: format!("{adjective} {}", stated.name),
                how: Resolution::Description,
                ..stated
            },
            None => self.last_of_kind(phrase).unwrap_or(stated),
        }
    }

    /// Names the owner in "its government": the state, or other single name, with which the sentence before begins.
    fn owned(&self, phrase: &Phrase) -> Option<String> {
        let doc = self.words.doc;
        let start = phrase.mention.start;
        let sentence = doc.tokens()[start].sentence();
        let opens = doc.sentences()[sentence].start == start && self.words.lower(start) == "its";
        let before = sentence.checked_sub(1).filter(|_| opens)?;
        let paragraph = |sentence| doc.paragraphs().partition_point(|range| range.end <= sentence);
        let owner = doc.sentences()[before].start;
        let single = self.words.may_be_name(owner) && !self.words.is(owner + 1, Class::NAME);
        let subject = self.words.is(owner + 1, Class::AUXILIARY) || self.words.is_mark(owner + 1, ",");
        (paragraph(before) == paragraph(sentence) && single && subject)
            .then(|| format!("{}’s {}", doc.word(owner), self.words.text(start + 1..phrase.mention.end)))
    }

    /// Finds an earlier phrase with the same noun, all the words of this one, and more.
    fn fuller(&self, phrase: &Phrase) -> Option<Range<usize>> {
        let head = self.words.lower(phrase.mention.end - 1);
        let known = self.described.get(head)?;
        let before = known.partition_point(|found| found.at < phrase.mention.start);
        let holds_all = |found: &&Described| {
            let own = |at: usize| {
                found.mention.clone().any(|other| self.words.lower(other) == self.words.lower(at))
            };
            found.mention.len() > phrase.mention.len() && phrase.mention.clone().all(own)
        };
        let nearest = known[..before].iter().rev().take(24).find(holds_all);
        nearest.map(|found| found.mention.clone()).or_else(|| self.fuller_after(phrase, &known[before..]))
    }

    /// Finds a later phrase that is this one with a name before it: "the regional council", later "the Tesmin
    /// regional council". One noun alone is too little to tell two bodies of a kind apart.
    fn fuller_after(&self, phrase: &Phrase, known: &[Described]) -> Option<Range<usize>> {
        let own = phrase.mention.clone();
        let named = |found: &&Described| {
            let added = found.mention.start..found.mention.end.saturating_sub(own.len());
            let same = (added.end..found.mention.end)
                .zip(own.clone())
                .all(|(other, at)| self.words.lower(other) == self.words.lower(at));
            same && !added.is_empty() && added.clone().all(|at| self.words.is(at, Class::NAME))
        };
        (own.len() > 1)
            .then(|| known.iter().take(24).find(named))
            .flatten()
            .map(|found| found.mention.clone())
    }

    /// Returns the adjective of the state that spoke last.
    fn last_nation(&self) -> Option<&'static str> {
        self.spoken.iter().rev().find_map(|spoken| {
            let name = spoken.name.as_str();
            let first = name.split_whitespace().next().unwrap_or(name);
            LEXICON.nation(name).or_else(|| LEXICON.nation(first)).map(|nation| nation.adjective.as_str())
        })
    }

    /// Finds the last speaker of the same kind for "the official", "the group".
    fn last_of_kind(&self, phrase: &Phrase) -> Option<Resolved> {
        if phrase.mention.len() != 1 {
            return None;
        }
        let lower = self.words.lower(phrase.mention.start);
        let fits = |spoken: &&Resolved| match lower {
            // "Rescuers" are no agency.
            "group" | "organisation" | "organization" | "agency" | "body" => {
                let plural = LEXICON.class(&spoken.name.to_lowercase()).any(Class::PLURAL);
                spoken.being == Being::Body && !plural
            }
            "official" | "diplomat" | "officer" => matches!(spoken.being, Being::Person(_)),
            office if HIGH.contains(&office) => {
                matches!(spoken.being, Being::Person(_)) && !self.holds_another(&spoken.name, office)
            }
            _ => false,
        };
        self.spoken
            .iter()
            .rev()
            .find(fits)
            .map(|spoken| Resolved { how: Resolution::Description, ..spoken.clone() })
    }

    /// Tells whether somebody is named in an office that is not this one: "the president" is no mayor.
    fn holds_another(&self, name: &str, office: &str) -> bool {
        self.offices.get(name).is_some_and(|held| held.iter().any(|held| *held != office))
    }

    /// Finds whom a pronoun means: somebody named earlier in the sentence, else who spoke last and fits.
    fn pronoun(&self, at: usize) -> Resolved {
        let wanted = match self.words.lower(at) {
            "he" => Wanted::Person(Gender::Male),
            "she" => Wanted::Person(Gender::Female),
            "they" => Wanted::Group,
            _ => Wanted::Body,
        };
        let quoted = self.words.quotes.around(at).is_some();
        self.in_sentence(at, wanted)
            .or_else(|| self.named_since(at, wanted))
            .or_else(|| self.spoken.iter().rev().find(|spoken| wanted.fits(spoken.being)).cloned())
            .or_else(|| self.last_person(at, wanted))
            .or_else(|| (wanted == Wanted::Group && !quoted).then(|| self.spoken.last().cloned()).flatten())
            .map(|found| Resolved { how: Resolution::Pronoun, ..found })
            .unwrap_or_else(|| self.as_it_stands(at..at + 1))
    }

    /// Finds the first person named before the pronoun in its sentence, if the pronoun's clause follows.
    fn in_sentence(&self, at: usize, wanted: Wanted) -> Option<Resolved> {
        let line = self.words.line(at);
        let from = self.in_order.partition_point(|person| person.at < line.tokens.start);
        let to = self.in_order.partition_point(|person| person.at < at);
        let level = self.words.quotes.around(at);
        self.in_order[from..to.max(from)]
            .iter()
            .find(|person| {
                self.words.quotes.around(person.at) == level && wanted.fits(Being::Person(person.gender))
            })
            .map(Person::resolved)
    }

    /// Finds the person with whom a sentence between the last speaker and the pronoun begins, in the pronoun's
    /// paragraph: "The guard, Ada Venn, read out a list. … she said".
    fn named_since(&self, at: usize, wanted: Wanted) -> Option<Resolved> {
        let doc = self.words.doc;
        let sentence = doc.tokens()[at].sentence();
        let paragraph = doc.paragraphs().partition_point(|sentences| sentences.end <= sentence);
        let first = doc.paragraphs().get(paragraph)?.start;
        let from = doc.sentences()[first].start.max(self.spoken_at);
        let before = self.in_order.partition_point(|person| person.at < at);
        self.in_order[..before]
            .iter()
            .rev()
            .take_while(|person| person.at > from)
            .take(8)
            .find(|person| {
                let opening = doc.sentences()[doc.tokens()[person.at].sentence()].start;
                person.at - opening < 6
                    && (opening..person.at).all(|at| !self.words.is(at, Class::PREPOSITION))
                    && self.words.quotes.around(person.at).is_none()
                    && wanted.fits(Being::Person(person.gender))
            })
            .map(Person::resolved)
    }

    fn last_person(&self, at: usize, wanted: Wanted) -> Option<Resolved> {
        let before = self.in_order.partition_point(|person| person.at < at);
        self.in_order[..before]
            .iter()
            .rev()
            .take(24)
            .find(|person| wanted.fits(Being::Person(person.gender)))
            .map(Person::resolved)
    }
}

impl Person {
    fn resolved(&self) -> Resolved {
        Resolved { name: self.name.clone(), being: Being::Person(self.gender), how: Resolution::Pronoun }
    }
}

/// What a pronoun asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Person(Gender),
    Body,
    Group,
}

impl Wanted {
    fn fits(self, being: Being) -> bool {
        match (self, being) {
            (Wanted::Person(wanted), Being::Person(gender)) => gender.is_none_or(|gender| gender == wanted),
            (Wanted::Body, Being::Body) | (Wanted::Group, Being::Group) => true,
            _ => false,
        }
    }
}

/// Leaves the Arabic article off: "al-Hadar" is also called "Hadar".
fn bare_surname(lower: &str) -> &str {
    let bare = lower.strip_prefix("al-").or_else(|| lower.strip_prefix("el-")).unwrap_or(lower);
    if bare.is_empty() { lower } else { bare }
}

/// Tells whether one letter was added, left out or changed.
fn one_letter_apart(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let (long, short) = if one.len() >= other.len() { (one, other) } else { (other, one) };
    let same = long.iter().zip(&short).take_while(|(a, b)| a == b).count();
    match long.len() - short.len() {
        0 => same < long.len() && long[same + 1..] == short[same + 1..],
        1 => long[same + 1..] == short[same..],
        _ => false,
    }
}
