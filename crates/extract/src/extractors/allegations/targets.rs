//! What an act hit: persons, protected and civilian objects, populated places, or fighters and their things.

use std::ops::Range;

use language::TokenKind;
use model::ObjectClass;

use super::grammar::{Class, Words};
use super::lexicon::{LEXICON, Thing};
use crate::places::PlaceRole;

/// Words that are hit, and what they are.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Target {
    pub(super) tokens: Range<usize>,
    pub(super) kind: TargetKind,
}

/// What is hit.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TargetKind {
    Object(Vec<ObjectClass>),
    Populated,
    Person,
    Combatant,
    /// A name that is neither a known place nor a known thing.
    Named,
    /// Only a number: "12", "dozens".
    Counted,
    Unknown,
}

impl TargetKind {
    /// Tells whether it is, or may well be, people out of the fight.
    pub(super) fn is_people(&self) -> bool {
        matches!(self, TargetKind::Person | TargetKind::Named | TargetKind::Counted)
    }
}

/// Tells what the noun phrase at `tokens` is.
pub(super) fn classify(words: &Words<'_>, tokens: Range<usize>) -> Target {
    let tokens = words.trim(tokens);
    let of = tokens.clone().find(|&i| words.lower(i) == "of").unwrap_or(tokens.end);
    let kind = known(words, tokens.start..of).or_else(|| known(words, of..tokens.end));
    let kind = kind.unwrap_or_else(|| unknown(words, &tokens));
    let disarmed = tokens.clone().any(|i| is_disarming(words.lower(i)));
    let kind = if kind == TargetKind::Combatant && disarmed { TargetKind::Person } else { kind };
    Target { tokens, kind }
}

/// Tells whether a word says that a fighter is out of the fight (Rome Statute Article 8(2)(b)(vi)).
pub(super) fn is_disarming(word: &str) -> bool {
    matches!(
        word,
        "captured"
            | "wounded"
            | "surrendering"
            | "surrendered"
            | "captive"
            | "disarmed"
            | "unarmed"
            | "downed"
    )
}

/// Returns what the last known noun of a phrase stands for: its head.
fn known(words: &Words<'_>, tokens: Range<usize>) -> Option<TargetKind> {
    let mut kind = None;
    let mut at = tokens.start;
    while at < tokens.end {
        match LEXICON.things.at(words.context.doc, at, tokens.end) {
            Some((next, thing)) => {
                let attribute = words.is_genitive(next);
                if !attribute {
                    kind = Some(meant(thing));
                }
                at = next;
            }
            None => at += 1,
        }
    }
    kind
}

fn meant(thing: &Thing) -> TargetKind {
    match thing {
        Thing::Object(classes) => TargetKind::Object(classes.clone()),
        Thing::Populated => TargetKind::Populated,
        Thing::Person => TargetKind::Person,
        Thing::Combatant => TargetKind::Combatant,
    }
}

fn unknown(words: &Words<'_>, tokens: &Range<usize>) -> TargetKind {
    let place = |role: PlaceRole| matches!(role, PlaceRole::Event | PlaceRole::Comparison);
    if tokens.clone().any(|i| matches!(words.lower(i), "them" | "him" | "us" | "me" | "her")) {
        return TargetKind::Person;
    }
    if super::circumstances::places(words, tokens.clone()).iter().any(|mention| place(mention.role)) {
        return TargetKind::Populated;
    }
    let last = tokens.end.wrapping_sub(1);
    if tokens.is_empty() || LEXICON.calendar.contains(words.lower(last)) || words.lower(last) == "other" {
        TargetKind::Unknown
    } else if words.is_capital(last) {
        TargetKind::Named
    } else if words.kind(last) == TokenKind::Number || words.is(last, Class::Determiner) {
        TargetKind::Counted
    } else {
        TargetKind::Unknown
    }
}
