//! Who is said to be behind a deed that was told before: "the rebels were responsible", "the mayor blamed the army".

use std::ops::Range;

use model::{Act, Span};

use super::actors;
use super::clauses;
use super::grammar::{Class, Words};
use super::lexicon::LEXICON;
use super::phrases;
use crate::attribution::FORMAL;
use crate::extractors::links::is_blow;

/// Words that lay a deed at somebody's door which other words tell.
pub(super) struct Blame {
    /// The words that do so: "responsible", "blamed".
    pub(super) trigger: Range<usize>,
    /// Who is said to have done it, or a pronoun.
    pub(super) actor: Range<usize>,
    /// The clause.
    pub(super) tokens: Range<usize>,
    /// Whether the words say that it was not so: "were not responsible".
    pub(super) denied: bool,
    deed: Reference,
}

/// What such words call the deed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// "It", "this", or nothing.
    Unsaid,
    /// "The attack": a blow.
    Blow,
    /// "The crime": any deed.
    Any,
}

/// A deed told before, as such words call it.
#[derive(Clone, Copy)]
struct Reference {
    kind: Kind,
    /// Whether any words stand for it.
    is_named: bool,
    /// The token after it.
    end: usize,
}

impl Blame {
    /// Tells how many sentences before these words the deed may be told: who is "blamed" may be for something else.
    pub(super) fn reach(&self) -> usize {
        if self.deed.kind == Kind::Unsaid { 1 } else { 3 }
    }

    /// Tells whether nothing calls the deed anything, and nobody who bears arms is named: only the words of a speaker make
    /// that an accusation.
    pub(super) fn needs_voice(&self, words: &Words<'_>) -> bool {
        self.deed.kind == Kind::Unsaid && !self.actor.clone().any(|at| is_armed(words, at))
    }

    /// Returns what stands in front of these words in their sentence.
    pub(super) fn before(&self, words: &Words<'_>) -> Range<usize> {
        words.tokens.start..self.tokens.start.min(self.trigger.start)
    }

    /// Tells whether the words can speak of such a deed.
    pub(super) fn can_mean(&self, act: Act) -> bool {
        self.deed.kind != Kind::Blow || is_blow(act)
    }

    /// Tells whether the words themselves are those of a speaker: "blamed the army".
    pub(super) fn is_speech(&self) -> bool {
        self.trigger.end <= self.actor.start
    }

    /// Returns the words that somebody says: of "blamed the army" the army, else these themselves.
    pub(super) fn said(&self) -> Range<usize> {
        if self.is_speech() { self.actor.clone() } else { self.trigger.clone() }
    }
}

/// Finds such words among `words`, in order.
pub(super) fn blames(words: &Words<'_>) -> Vec<Blame> {
    if words.lower(words.tokens.end.saturating_sub(1)) == "?" {
        return Vec::new();
    }
    let named = |blame: &Blame| is_somebody(words, blame.actor.clone());
    words.tokens.clone().filter_map(|at| blame_at(words, at)).filter(named).collect()
}

fn blame_at(words: &Words<'_>, at: usize) -> Option<Blame> {
    let before = words.lower(at.wrapping_sub(1));
    match words.lower(at) {
        "responsible" | "accountable" => {
            let deed = charge(words, at + 1, "for")?;
            held(words, at, deed).or_else(|| state(words, at..at + 1, deed))
        }
        "blame" if before == "to" => state(words, at - 1..at + 1, charge(words, at + 1, "for")?),
        "behind" => {
            let deed = told(words, at + 1)?;
            // "The soldiers were behind it" can be a place.
            let blame = state(words, at..at + 1, deed)?;
            (deed.kind != Kind::Unsaid || words.is_capital(blame.actor.end - 1)).then_some(blame)
        }
        "involved" => {
            let deed = charge(words, at + 1, "in")?;
            // Who "was involved" had a part in something.
            state(words, at..at + 1, deed).filter(|blame| blame.denied || deed.is_named)
        }
        "responsibility" => {
            let deed = charge(words, at + 1, "for")?;
            let claims = matches!(before, "claimed" | "claims" | "claiming");
            // Generals accept responsibility for much.
            let admits = matches!(before, "admitted" | "accepted") && deed.is_named;
            let blame = (claims || admits).then(|| by_subject(words, at - 1, at..at + 1, deed))?;
            // Who has not claimed it has not denied it.
            blame.filter(|blame| !blame.denied)
        }
        "nothing" if words.lower(at + 1) == "to" && words.lower(at + 3) == "with" => {
            none_of(words, at, told(words, at + 4)?)
        }
        "part" | "role" | "hand" | "involvement" if before == "no" && words.lower(at + 1) == "in" => {
            none_of(words, at, told(words, at + 2)?)
        }
        "did" | "done" => match words.lower(at + 1) {
            "it" | "this" | "that" => by_subject(words, at, at..at + 2, told(words, at + 1)?),
            _ => None,
        },
        "out" if matches!(before, "carry" | "carried" | "carries") => carried_out(words, at - 1),
        "work" if words.lower(at + 1) == "of" => work_of(words, at),
        "blamed" | "blames" | "blaming" => blamed(words, at),
        "attributed" | "attributes" => attributed(words, at),
        "finger" if words.lower(at + 1) == "at" => {
            let actor = object(words, at + 2);
            let deed = charge(words, actor.end, "for")?;
            let done = actors::is_done(words, at.saturating_sub(2).max(words.tokens.start));
            done.then_some(Blame { trigger: at..at + 1, tokens: at..deed.end, actor, denied: false, deed })
        }
        _ => None,
    }
}

/// Reads what ends the clause at `at`, or names a deed told before behind `link`: "for it", "for the attack".
fn charge(words: &Words<'_>, at: usize, link: &str) -> Option<Reference> {
    if words.lower(at) == link {
        return told(words, at + 1);
    }
    // "Blamed the government and the army for rising prices": of something else.
    let ahead = (at..words.tokens.end).take_while(|&at| !words.is_stop(at) && !words.is_verbish(at));
    let other = ahead.into_iter().any(|at| words.lower(at) == link);
    (closes(words, at) && !other).then_some(Reference { kind: Kind::Unsaid, is_named: false, end: at })
}

/// Reads a deed told before that ends the clause: "it", "the attack", "those deadly strikes".
fn told(words: &Words<'_>, at: usize) -> Option<Reference> {
    let found = reference(words, at)?;
    closes(words, found.end).then_some(found)
}

/// Reads words for a deed told before.
fn reference(words: &Words<'_>, at: usize) -> Option<Reference> {
    let of = |kind, end: usize| Reference { kind, is_named: true, end };
    if matches!(words.lower(at), "it" | "this" | "that") && !words.starts_phrase(at + 1) {
        return Some(of(Kind::Unsaid, at + 1));
    }
    if !matches!(words.lower(at), "the" | "this" | "that" | "these" | "those" | "both") {
        return None;
    }
    // "The fight against crime" is no crime.
    let joints = [Class::Preposition, Class::Conjunction, Class::Subordinator];
    let near = (at + 1..at + 4).take_while(|&at| words.is_word(at) && !words.is_any(at, &joints));
    near.into_iter().find_map(|at| match words.lower(at) {
        noun if LEXICON.blows.contains(noun) => Some(of(Kind::Blow, at + 1)),
        noun if LEXICON.deeds.contains(noun) => Some(of(Kind::Any, at + 1)),
        _ => None,
    })
}

/// Tells whether a clause can end in front of `at`: what follows tells nothing more of a deed, but perhaps a day.
fn closes(words: &Words<'_>, at: usize) -> bool {
    let ends = [Class::Conjunction, Class::Subordinator, Class::Saying, Class::Adverb];
    let is_day = |at: usize| LEXICON.calendar.contains(words.lower(at));
    words.is_stop(at)
        || words.is_quote(at)
        || words.lower(at) == ","
        || words.is_any(at, &ends)
        || is_day(at)
        || words.lower(at) == "on" && is_day(at + 1)
}

/// Reads "NP was responsible", "NP were not behind it".
fn state(words: &Words<'_>, trigger: Range<usize>, deed: Reference) -> Option<Blame> {
    let is_aside =
        |at: usize| words.is_any(at, &[Class::Adverb, Class::Negation]) || words.lower(at).ends_with("ly");
    let last = (words.tokens.start..trigger.start).rev().find(|&at| !is_aside(at))?;
    // "Was held responsible".
    let be = if words.lower(last) == "held" { last.checked_sub(1)? } else { last };
    words.is(be, Class::Be).then(|| by_subject(words, be, trigger, deed))?
}

/// Reads the subject of the verb at `verb` as whoever did it.
fn by_subject(words: &Words<'_>, verb: usize, trigger: Range<usize>, deed: Reference) -> Option<Blame> {
    let group = clauses::group_start(words, verb);
    let start = clauses::subject_start(words, group);
    let pronoun = group - start == 1 && words.is(start, Class::Subject);
    let actor = if pronoun { start..group } else { actors::of_subject(words, start..group)? };
    is_told(words, start, group..trigger.start).then(|| Blame {
        tokens: start..deed.end,
        denied: is_negated(words, group..trigger.start),
        actor,
        trigger,
        deed,
    })
}

/// Tells whether a verb is negated: "was not", but not "was not only".
fn is_negated(words: &Words<'_>, mut group: Range<usize>) -> bool {
    let widens = |at: usize| matches!(words.lower(at), "only" | "solely" | "just" | "alone");
    group.any(|at| words.is(at, Class::Negation) && !widens(at + 1))
}

/// Tells whether a clause says that something is or is not so: not "no group was", "who was", "should be".
fn is_told(words: &Words<'_>, subject: usize, mut group: Range<usize>) -> bool {
    let is_unreal = |at| words.is(at, Class::Modal) || actors::is_undeserved(words, at);
    !actors::is_left_open(words, subject, group.start) && !group.any(is_unreal)
}

/// Reads "NP had nothing to do with it", "NP played no part in the attack".
fn none_of(words: &Words<'_>, at: usize, deed: Reference) -> Option<Blame> {
    let verb = (at.saturating_sub(4).max(words.tokens.start)..at).rev().find(|&at| words.is_verbish(at))?;
    let blame = by_subject(words, verb, at..deed.end, deed)?;
    Some(Blame { denied: true, ..blame })
}

/// Reads "held NP responsible".
fn held(words: &Words<'_>, at: usize, deed: Reference) -> Option<Blame> {
    let mut near = (at.saturating_sub(HELD).max(words.tokens.start)..at).rev();
    let verb = near.find(|&at| actors::holds(words, at))?;
    let actor = words.trim(phrases::noun_phrase(words, verb + 1, at));
    let end = (actor.start..at).rev().find(|&at| !words.lower(at).ends_with("ly"))? + 1;
    (end <= actor.end && actors::is_done(words, verb)).then_some(Blame {
        trigger: at..at + 1,
        tokens: verb..deed.end,
        actor: actor.start..end,
        denied: false,
        deed,
    })
}

/// Words between "held" and "responsible".
const HELD: usize = 12;

/// Reads "the attack was carried out by NP" and "NP carried out the attack".
fn carried_out(words: &Words<'_>, verb: usize) -> Option<Blame> {
    let trigger = verb..verb + 2;
    if words.lower(verb + 2) != "by" {
        return by_subject(words, verb, trigger, told(words, verb + 2)?);
    }
    passive(words, verb, trigger, verb + 3)
}

/// Reads "it was the work of NP".
fn work_of(words: &Words<'_>, at: usize) -> Option<Blame> {
    let be = (at.saturating_sub(3).max(words.tokens.start)..at).rev().find(|&at| words.is(at, Class::Be))?;
    passive(words, be, at..at + 1, at + 2)
}

/// Reads a clause whose subject is a deed told before, and that names at `by` who did it.
fn passive(words: &Words<'_>, verb: usize, trigger: Range<usize>, by: usize) -> Option<Blame> {
    let group = clauses::group_start(words, verb);
    let start = clauses::subject_start(words, group);
    let deed = reference(words, start).filter(|deed| deed.end == group)?;
    let actor = object(words, by);
    is_told(words, start, group..trigger.start).then(|| Blame {
        denied: is_negated(words, group..trigger.start),
        tokens: start..actor.end,
        actor,
        trigger,
        deed,
    })
}

/// Reads "blamed NP", "blamed NP for it", "blamed it on NP" and "NP was blamed".
fn blamed(words: &Words<'_>, verb: usize) -> Option<Blame> {
    let trigger = verb..verb + 1;
    let group = clauses::group_start(words, verb);
    if (group..verb).any(|at| words.is(at, Class::Be)) && words.lower(verb) == "blamed" {
        let deed = charge(words, verb + 1, "for")?;
        return by_subject(words, verb, trigger, deed).filter(|blame| !blame.denied);
    }
    if !actors::is_done(words, verb) {
        return None;
    }
    let (actor, deed) = match reference(words, verb + 1) {
        Some(deed) if words.lower(deed.end) == "on" => {
            let actor = object(words, deed.end + 1);
            closes(words, actor.end).then_some((actor, deed))?
        }
        _ => {
            let actor = object(words, verb + 1);
            let deed = charge(words, actor.end, "for")?;
            (actor, deed)
        }
    };
    Some(Blame { trigger, tokens: verb..actor.end.max(deed.end), actor, denied: false, deed })
}

/// Reads "attributed the attack to NP".
fn attributed(words: &Words<'_>, verb: usize) -> Option<Blame> {
    let deed = reference(words, verb + 1).filter(|deed| words.lower(deed.end) == "to")?;
    let actor = object(words, deed.end + 1);
    let whole = closes(words, actor.end) && actors::is_done(words, verb);
    whole.then(|| Blame { trigger: verb..verb + 1, tokens: verb..actor.end, actor, denied: false, deed })
}

/// Returns the noun phrase at `at`, with the other one of "either NP or NP". A day is none.
fn object(words: &Words<'_>, at: usize) -> Range<usize> {
    let either = words.lower(at) == "either";
    let phrase = |at| phrases::noun_phrase(words, at, words.tokens.end);
    let first = phrase(at + usize::from(either));
    let other = (either && words.lower(first.end) == "or").then(|| phrase(first.end + 1));
    let found = words.trim(at..other.unwrap_or(first).end);
    if found.is_empty() || LEXICON.calendar.contains(words.lower(at)) { at..at } else { found }
}

/// Tells whether words name somebody who can have done harm, or stand for somebody: not "a gas leak", not "each other".
fn is_somebody(words: &Words<'_>, tokens: Range<usize>) -> bool {
    if matches!(words.lower(tokens.start), "each" | "one" | "themselves") {
        return false;
    }
    let is_person = |at| words.name_label(at) == Some("PERSON");
    let named =
        |at: usize| is_armed(words, at) || words.is_capital(at) && (at > words.tokens.start || is_person(at));
    tokens.len() == 1 && words.is(tokens.start, Class::Subject)
        || tokens.clone().any(named)
        || is_group(words, tokens)
}

/// Tells whether a speaker's words name a group or a state, which "it" can stand for.
pub(super) fn is_body(words: &Words<'_>, mention: Span) -> bool {
    let doc = words.context.doc;
    let tokens = doc.token_at(mention.start())..doc.token_at(mention.end().saturating_sub(1)) + 1;
    let is_person = tokens.clone().any(|at| words.name_label(at) == Some("PERSON"));
    let is_state = || FORMAL.is_authority(words.context.text().quote(mention));
    let is_named = || tokens.len() > 1 && is_group(words, tokens.clone());
    !is_person && (tokens.clone().any(|at| is_armed(words, at)) || is_state() || is_named())
}

/// Tells whether a speaker's words name those who bear arms, or a state: a charity that speaks of what "it" did struck nobody.
pub(super) fn can_strike(words: &Words<'_>, mention: Span) -> bool {
    let doc = words.context.doc;
    let mut tokens = doc.token_at(mention.start())..doc.token_at(mention.end().saturating_sub(1)) + 1;
    FORMAL.is_authority(words.context.text().quote(mention)) || tokens.any(|at| is_armed(words, at))
}

fn is_group(words: &Words<'_>, mut tokens: Range<usize>) -> bool {
    tokens.any(|at| matches!(words.name_label(at), Some("ORG" | "NORP" | "GPE")))
}

/// Tells whether the word at `at` is one for those who bear arms or guard others.
pub(super) fn is_armed(words: &Words<'_>, at: usize) -> bool {
    let lower = words.lower(at);
    actors::is_party(words, at)
        || [&LEXICON.forces, &LEXICON.shooters, &LEXICON.guards].iter().any(|list| list.contains(lower))
}
