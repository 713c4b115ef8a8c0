//! Words that name a harmful act, and how each is to be read where it stands.

use std::ops::Range;

use super::clauses;
use super::grammar::{Class, Words};
use super::lexicon::{Cue, Entry, LEXICON, VerbForm};
use super::phrases;

/// A word or phrase that names a harmful act.
#[derive(Debug, Clone)]
pub(super) struct Trigger {
    pub(super) tokens: Range<usize>,
    pub(super) entry: usize,
    pub(super) reading: Reading,
}

/// How a trigger is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// "Troops shelled the town."
    Active,
    /// "The town was shelled", "civilians killed in the attack".
    Passive,
    /// "Shelling the town".
    Gerund,
    /// "A destroyed school".
    Adjectival,
    /// "The shelling of the town".
    Noun,
    /// A fixed phrase, read like a passive after "to be" and like an active verb else.
    Phrase,
}

impl Trigger {
    pub(super) fn entry(&self) -> &'static Entry {
        &LEXICON.entries[self.entry]
    }
}

/// Finds the triggers among `words`, in order; figurative uses are left out.
pub(super) fn triggers(words: &Words<'_>) -> Vec<Trigger> {
    let mut found = Vec::new();
    let end = words.tokens.end;
    let mut at = words.tokens.start;
    while at < end {
        let doc = words.context.doc;
        if let Some((next, ())) = LEXICON.figurative.at(doc, at, end) {
            at = next;
        } else if let Some((next, cue)) = LEXICON.cues.at(doc, at, end) {
            let cue = cue.among(words);
            let reading = reading(words, at..next, cue).filter(|_| !is_saying(words, at..next, cue));
            found.extend(reading.map(|reading| Trigger { tokens: at..next, entry: cue.entry, reading }));
            at = next;
        } else {
            found.extend(apart(words, at));
            at += 1;
        }
    }
    found
}

/// Reads "took her husband away": the object stands between the two words of the verb.
fn apart(words: &Words<'_>, at: usize) -> Option<Trigger> {
    let (particle, cue) = LEXICON.cues.apart(words.context.doc, at, words.tokens.end)?;
    let cue = cue.among(words);
    // "Took cover as villagers ran away": the particle is another verb's.
    let object = matches!(cue.verb, Some(form) if form != VerbForm::Participle)
        && words.starts_phrase(at + 1)
        && phrases::noun_phrase(words, at + 1, particle).end == particle;
    let reading = reading(words, at..at + 1, cue).filter(|_| object)?;
    Some(Trigger { tokens: at..at + 1, entry: cue.entry, reading })
}

/// Tells whether words name a harmful act by a verb or a fixed phrase.
pub(super) fn are_named(words: &Words<'_>, mut within: Range<usize>) -> bool {
    let end = within.end;
    let names = |at: usize| LEXICON.cues.at(words.context.doc, at, end).is_some_and(|(_, cue)| !cue.noun);
    // "Denied" aid is one, "denied that" is not.
    within.any(|at| names(at) && !words.is(at, Class::Denying))
}

/// Tells whether a verb of harm is one of saying here: "claims the army struck", but not "claimed the lives of".
fn is_saying(words: &Words<'_>, at: Range<usize>, cue: Cue) -> bool {
    let with = &LEXICON.entries[cue.entry].with;
    words.governs_clause(at.start) && !(at.end..at.end + COMPANY).any(|i| with.contains(words.lower(i)))
}

/// Words between a verb of harm and the one that it needs beside it: "claimed the young lives".
const COMPANY: usize = 4;

/// Tells how the words at `at` are to be read; `None` if they name no act here.
fn reading(words: &Words<'_>, at: Range<usize>, cue: Cue) -> Option<Reading> {
    if cue.noun && LEXICON.institutions.contains(words.lower(at.end)) && at.end < words.tokens.end {
        return None;
    }
    let entry = &LEXICON.entries[cue.entry];
    match cue.verb {
        None if cue.noun => Some(Reading::Noun),
        None => Some(Reading::Phrase),
        Some(VerbForm::Base | VerbForm::Third) => base(words, at, cue),
        Some(_) if entry.landing && words.lower(at.end) != "by" => Some(Reading::Active),
        Some(_) if entry.ergative && !words.starts_phrase(at.end) => Some(Reading::Passive),
        Some(VerbForm::Ing) => Some(ing(words, at, cue)),
        Some(VerbForm::Past) => past(words, at, cue),
        Some(VerbForm::Participle) => Some(participle(words, at)),
    }
}

fn ing(words: &Words<'_>, at: Range<usize>, cue: Cue) -> Reading {
    let group = clauses::group_start(words, at.start);
    let auxiliary = (group..at.start).any(|i| words.is(i, Class::Be));
    let owned = words.is_any(at.start.wrapping_sub(1), &[Class::Determiner, Class::Possessive])
        || words.is_genitive(at.start.wrapping_sub(1));
    // "Shelling killed two farmers": the verb of another word of harm is no object.
    let is_past = |cue: &Cue| cue.verb == Some(VerbForm::Past);
    let told = LEXICON.cues.at(words.context.doc, at.end, words.tokens.end);
    let is_subject = cue.noun && told.is_some_and(|(next, cue)| is_past(cue) && words.starts_phrase(next));
    let takes_object = words.starts_phrase(at.end) && !words.is_genitive(at.end) && !is_subject;
    match () {
        () if auxiliary && (takes_object || !cue.noun) => Reading::Active,
        () if cue.noun && (owned || !takes_object) => Reading::Noun,
        () => Reading::Gerund,
    }
}

fn past(words: &Words<'_>, at: Range<usize>, cue: Cue) -> Option<Reading> {
    if LEXICON.entries[cue.entry].intransitive {
        return Some(Reading::Passive);
    }
    let before = at.start.wrapping_sub(1);
    let group = clauses::group_start(words, at.start);
    let has = |class| (group..at.start).any(|i| words.is(i, class));
    let next = skip_adverbs(words, at.end);
    let object = words.starts_phrase(next);
    let owned = words.is_any(before, &[Class::Determiner, Class::Possessive]) || words.is_genitive(before);
    let reading = match () {
        () if has(Class::Be) => Reading::Passive,
        () if has(Class::Have) || has(Class::Do) || has(Class::Modal) => Reading::Active,
        () if words.lower(next) == "by" || is_beside(words, next) => Reading::Passive,
        () if coordinate(words, at.end).is_some_and(|next| words.starts_phrase(next)) => Reading::Active,
        () if shares_object(words, at.end).is_some() => Reading::Active,
        () if cue.noun && words.is_any(before, &[Class::Determiner, Class::Possessive]) => Reading::Noun,
        () if owned && !object => return None,
        () if object && at.start == words.tokens.start => Reading::Adjectival,
        () if object && is_in_front_of_noun(words, before) && !words.is(next, Class::Determiner) => {
            Reading::Adjectival
        }
        () if object => Reading::Active,
        () if matches!(words.lower(next), "into" | "on" | "at" | "onto" | "near" | "through") => {
            Reading::Active
        }
        () => Reading::Passive,
    };
    Some(reading)
}

fn participle(words: &Words<'_>, at: Range<usize>) -> Reading {
    let group = clauses::group_start(words, at.start);
    let has = |class| (group..at.start).any(|i| words.is(i, class));
    let before = at.start.wrapping_sub(1);
    match () {
        () if has(Class::Be) => Reading::Passive,
        () if has(Class::Have) => Reading::Active,
        () if words.starts_phrase(at.end) && is_in_front_of_noun(words, before) => Reading::Adjectival,
        () => Reading::Passive,
    }
}

fn base(words: &Words<'_>, at: Range<usize>, cue: Cue) -> Option<Reading> {
    let before = at.start.wrapping_sub(1);
    let group = clauses::group_start(words, at.start);
    let auxiliary =
        (group..at.start).any(|i| words.is_any(i, &[Class::Modal, Class::Do]) || words.lower(i) == "to");
    let next = skip_adverbs(words, at.end);
    let object = words.starts_phrase(next);
    let subject = words.is(before, Class::Subject) || words.is(before, Class::Relative);
    if auxiliary || subject {
        return Some(Reading::Active);
    }
    // "Bombs killed nine people": of two verbs without a joint, the first is the subject.
    let is_past = |cue: &Cue| cue.verb == Some(VerbForm::Past);
    let opens = !words.is_word(before);
    if opens
        && LEXICON.cues.at(words.context.doc, next, words.tokens.end).is_some_and(|(_, cue)| is_past(cue))
    {
        return cue.noun.then_some(Reading::Noun);
    }
    let opens_object = words.is_any(next, &[Class::Determiner, Class::Possessive]) || words.is_capital(next);
    let verbal = object && words.is_word(before) && !is_in_front_of_noun(words, before);
    let nominal = words.is_any(before, &[Class::Determiner, Class::Possessive, Class::Preposition])
        || words.is_genitive(before);
    match cue.noun {
        false if nominal => None,
        true if verbal && opens_object && !words.is(before, Class::Saying) => Some(Reading::Active),
        true if verbal && words.is_tagged_verb(at.start) => Some(Reading::Active),
        true => Some(Reading::Noun),
        false => (object || words.is_word(before) && is_aimed(words.lower(next))).then_some(Reading::Active),
    }
}

/// Tells whether "next to" starts at `at`: "next" opens a phrase elsewhere.
fn is_beside(words: &Words<'_>, at: usize) -> bool {
    words.lower(at) == "next" && words.lower(at + 1) == "to"
}

/// Tells whether a preposition leads from a verb of attack to what it hits: "opens fire on".
fn is_aimed(word: &str) -> bool {
    matches!(word, "on" | "at" | "upon" | "into" | "against")
}

/// Tells whether the token at `before` stands where a noun must follow: a determiner, a possessor, a preposition.
fn is_in_front_of_noun(words: &Words<'_>, before: usize) -> bool {
    let opening = [Class::Determiner, Class::Possessive, Class::Preposition];
    words.is_any(before, &opening)
        || words.is_genitive(before)
        || words.is(before, Class::Adverb)
        || words.lower(before) == ","
}

fn skip_adverbs(words: &Words<'_>, from: usize) -> usize {
    (from..words.tokens.end)
        .find(|&i| !words.is(i, Class::Adverb) && !words.is_quote(i))
        .unwrap_or(words.tokens.end)
}

/// Returns the token after any other verb that shares its object with the one before `end`: "beat and robbed two doctors".
pub(super) fn shares_object(words: &Words<'_>, end: usize) -> Option<usize> {
    let other = end + 1;
    let shares = words.is(end, Class::Conjunction)
        && words.is_word(other)
        && words.lower(other).ends_with("ed")
        && words.starts_phrase(other + 1)
        && words.is_tagged(other, "VBD");
    shares.then_some(other + 1)
}

/// Returns the token after a second verb of harm that shares its object with the one before `end`: "raped and killed".
pub(super) fn coordinate(words: &Words<'_>, end: usize) -> Option<usize> {
    if !words.is(end, Class::Conjunction) || end + 1 >= words.tokens.end {
        return None;
    }
    let (next, cue) = LEXICON.cues.at(words.context.doc, end + 1, words.tokens.end)?;
    (cue.verb.is_some() && !cue.noun).then_some(next)
}
