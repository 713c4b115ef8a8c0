//! Who is said to be behind a deed that was told before: "the rebels were responsible", "the mayor blamed the army for it".

use std::ops::Range;

use model::{Act, Span};

use super::actors;
use super::clauses;
use super::grammar::{Class, Words};
use super::lexicon::LEXICON;
use super::phrases;
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
    deed: Named,
}

/// What such words call the deed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    /// Nothing, "it", "this".
    Nothing,
    /// "The attack": a blow.
    Blow,
    /// "The crime": any deed.
    Any,
}

impl Blame {
    /// Tells how many sentences before these words the deed may be told: who is "blamed" may be for something else.
    pub(super) fn reach(&self) -> usize {
        if self.deed == Named::Nothing { 1 } else { 3 }
    }

    /// Returns what stands in front of these words in their sentence.
    pub(super) fn before(&self, words: &Words<'_>) -> Range<usize> {
        words.tokens.start..self.tokens.start.min(self.trigger.start)
    }

    /// Tells whether the words can speak of such a deed.
    pub(super) fn can_mean(&self, act: Act) -> bool {
        self.deed != Named::Blow || is_blow(act)
    }

    /// Returns the words that somebody says where these are said: of "blamed the army" the army, else the words themselves.
    pub(super) fn said(&self) -> Range<usize> {
        if self.trigger.end <= self.actor.start { self.actor.clone() } else { self.trigger.clone() }
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
        "behind" => state(words, at..at + 1, told(words, at + 1)?),
        "involved" => {
            let deed = charge(words, at + 1, "in")?;
            // Who "was involved" had a part in something.
            state(words, at..at + 1, deed).filter(|blame| blame.denied || deed.is_named)
        }
        "responsibility" => {
            let verb = matches!(before, "claimed" | "claims" | "admitted" | "accepted" | "claiming");
            let deed = charge(words, at + 1, "for")?;
            // Who has not claimed it has not denied it.
            verb.then(|| by_subject(words, at - 1, at..at + 1, deed))?.filter(|blame| !blame.denied)
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
        "out" if matches!(before, "carry" | "carried" | "carries" | "carrying") => carried_out(words, at - 1),
        "work" if words.lower(at + 1) == "of" => work_of(words, at),
        "blamed" | "blames" | "blaming" => blamed(words, at),
        "attributed" | "attributes" => attributed(words, at),
        "finger" if words.lower(at + 1) == "at" => {
            let actor = object(words, at + 2);
            let deed = charge(words, actor.end, "for")?;
            Some(Blame { trigger: at..at + 1, tokens: at..deed.end, actor, denied: false, deed: deed.named })
        }
        _ => None,
    }
}

/// A deed as such words call it, and the token after it.
#[derive(Clone, Copy)]
struct Told {
    named: Named,
    /// Whether any words stand for it.
    is_named: bool,
    end: usize,
}

/// Reads what ends the clause at `at`, or names a deed told before behind `link`: "for it", "for the attack".
fn charge(words: &Words<'_>, at: usize, link: &str) -> Option<Told> {
    if words.lower(at) == link {
        return told(words, at + 1);
    }
    closes(words, at).then_some(Told { named: Named::Nothing, is_named: false, end: at })
}

/// Reads a deed told before that ends the clause: "it", "the attack", "those deadly strikes".
fn told(words: &Words<'_>, at: usize) -> Option<Told> {
    let found = reference(words, at)?;
    closes(words, found.end).then_some(found)
}

/// Reads words for a deed told before.
fn reference(words: &Words<'_>, at: usize) -> Option<Told> {
    let of = |named, end: usize| Told { named, is_named: true, end };
    if matches!(words.lower(at), "it" | "this" | "that" | "them") && !words.starts_phrase(at + 1) {
        return Some(of(Named::Nothing, at + 1));
    }
    if !matches!(words.lower(at), "the" | "this" | "that" | "these" | "those" | "both") {
        return None;
    }
    (at + 1..at + 4).find_map(|at| match words.lower(at) {
        noun if LEXICON.blows.contains(noun) => Some(of(Named::Blow, at + 1)),
        noun if LEXICON.deeds.contains(noun) => Some(of(Named::Any, at + 1)),
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
fn state(words: &Words<'_>, trigger: Range<usize>, deed: Told) -> Option<Blame> {
    let is_aside =
        |at: usize| words.is_any(at, &[Class::Adverb, Class::Negation]) || words.lower(at).ends_with("ly");
    let last = (words.tokens.start..trigger.start).rev().find(|&at| !is_aside(at))?;
    // "Was held responsible".
    let be = if words.lower(last) == "held" { last.checked_sub(1)? } else { last };
    words.is(be, Class::Be).then(|| by_subject(words, be, trigger, deed))?
}

/// Reads the subject of the verb at `verb` as whoever did it.
fn by_subject(words: &Words<'_>, verb: usize, trigger: Range<usize>, deed: Told) -> Option<Blame> {
    let group = clauses::group_start(words, verb);
    let start = clauses::subject_start(words, group);
    let pronoun = group - start == 1 && words.is(start, Class::Subject);
    let actor = if pronoun { start..group } else { actors::of_subject(words, start..group)? };
    is_told(words, start, group..trigger.start).then(|| Blame {
        tokens: start..deed.end,
        denied: (group..trigger.start).any(|at| words.is(at, Class::Negation)),
        actor,
        trigger,
        deed: deed.named,
    })
}

/// Tells whether a clause says that something is or is not so: not "no group was", "who was", "if they were", "should be".
fn is_told(words: &Words<'_>, subject: usize, mut group: Range<usize>) -> bool {
    let before = subject.saturating_sub(2).max(words.tokens.start);
    let is_unreal = |at| words.is(at, Class::Modal) || actors::is_undeserved(words, at);
    !(before..group.start).any(|at| actors::is_open(words, at)) && !group.any(is_unreal)
}

/// Reads "NP had nothing to do with it", "NP played no part in the attack".
fn none_of(words: &Words<'_>, at: usize, deed: Told) -> Option<Blame> {
    let verb = (at.saturating_sub(4).max(words.tokens.start)..at).rev().find(|&at| words.is_verbish(at))?;
    let blame = by_subject(words, verb, at..deed.end, deed)?;
    Some(Blame { denied: true, ..blame })
}

/// Reads "held NP responsible".
fn held(words: &Words<'_>, at: usize, deed: Told) -> Option<Blame> {
    let near = at.saturating_sub(HELD).max(words.tokens.start)..at;
    let verb = near.rev().find(|&at| matches!(words.lower(at), "hold" | "holds" | "held" | "holding"))?;
    let actor = words.trim(phrases::noun_phrase(words, verb + 1, at));
    let group = clauses::group_start(words, verb);
    let is_unreal = |at| words.is_any(at, &[Class::Modal, Class::Negation]) || words.lower(at) == "to";
    let is_aside = |at: usize| words.lower(at).ends_with("ly");
    let end = (actor.start..at).rev().find(|&at| !is_aside(at))? + 1;
    let whole = end <= actor.end && !(group..verb).any(is_unreal);
    whole.then_some(Blame {
        trigger: at..at + 1,
        tokens: verb..deed.end,
        actor: actor.start..end,
        denied: false,
        deed: deed.named,
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
        denied: (group..trigger.start).any(|at| words.is(at, Class::Negation)),
        tokens: start..actor.end,
        actor,
        trigger,
        deed: deed.named,
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
    let is_unreal =
        |at| words.is_any(at, &[Class::Modal, Class::Negation]) || actors::is_undeserved(words, at);
    if (group..verb).any(is_unreal) {
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
    Some(Blame { trigger, tokens: verb..actor.end.max(deed.end), actor, denied: false, deed: deed.named })
}

/// Reads "attributed the attack to NP".
fn attributed(words: &Words<'_>, verb: usize) -> Option<Blame> {
    let deed = reference(words, verb + 1).filter(|deed| words.lower(deed.end) == "to")?;
    let actor = object(words, deed.end + 1);
    let group = clauses::group_start(words, verb);
    let start = clauses::subject_start(words, group);
    let whole = closes(words, actor.end) && is_told(words, start, group..verb);
    let denied = (group..verb).any(|at| words.is(at, Class::Negation));
    (whole && !denied).then(|| Blame {
        trigger: verb..verb + 1,
        tokens: verb..actor.end,
        actor,
        denied,
        deed: deed.named,
    })
}

/// Returns the noun phrase at `at`, with the other one of "either NP or NP".
fn object(words: &Words<'_>, at: usize) -> Range<usize> {
    let found = words.trim(phrases::noun_phrase(words, at, words.tokens.end));
    if found.is_empty() {
        return at..at;
    }
    let either = words.lower(at) == "either" && words.lower(found.end) == "or";
    let other = either.then(|| phrases::noun_phrase(words, found.end + 1, words.tokens.end));
    found.start..other.map_or(found.end, |other| other.end)
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

/// Tells whether a speaker's words in this sentence name a group or a state, which "it" and "they" can stand for.
pub(super) fn is_body(words: &Words<'_>, mention: Span) -> bool {
    let doc = words.context.doc;
    let tokens = doc.token_at(mention.start())..doc.token_at(mention.end().saturating_sub(1)) + 1;
    let is_person = tokens.clone().any(|at| words.name_label(at) == Some("PERSON"));
    !is_person && (is_group(words, tokens.clone()) || tokens.clone().any(|at| is_armed(words, at)))
}

fn is_group(words: &Words<'_>, mut tokens: Range<usize>) -> bool {
    tokens.any(|at| matches!(words.name_label(at), Some("ORG" | "NORP" | "GPE")))
}

fn is_armed(words: &Words<'_>, at: usize) -> bool {
    let lower = words.lower(at);
    actors::is_party(words, at)
        || [&LEXICON.forces, &LEXICON.shooters, &LEXICON.guards].iter().any(|list| list.contains(lower))
}
