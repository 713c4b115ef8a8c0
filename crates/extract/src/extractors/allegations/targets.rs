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
    /// An object that a blow fell near, and did not hit.
    Beside(Vec<ObjectClass>),
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
    let tokens = words.trim(behind_time(words, tokens));
    let whole = tokens.clone();
    let tokens = tokens.start..head_end(words, &tokens);
    // A word of place with nothing behind it belongs to what follows the phrase.
    let whole = if tokens.end + 1 == whole.end { tokens.clone() } else { whole };
    let of = tokens.clone().find(|&i| words.lower(i) == "of").unwrap_or(tokens.end);
    let owner = || known(words, of..tokens.end, tokens.end);
    let kind = match known(words, tokens.start..of, tokens.end) {
        Some(part) if is_part(&part) => {
            owner().filter(|kind| matches!(kind, TargetKind::Object(_))).or(Some(part))
        }
        head => head.or_else(owner),
    };
    let kind = kind.or_else(|| shared(words, &tokens)).unwrap_or_else(|| unknown(words, &tokens));
    let disarmed = tokens.clone().any(|i| is_disarming(words.lower(i)));
    let military = tokens.clone().any(|i| words.lower(i) == "military");
    let kind = match kind {
        TargetKind::Combatant if disarmed => TargetKind::Person,
        TargetKind::Object(classes) if military && !classes.contains(&ObjectClass::Hospital) => {
            TargetKind::Combatant
        }
        kind => kind,
    };
    Target { tokens: words.trim(whole), kind }
}

/// Tells whether a thing is of no class by itself: "the yard of a school", "the garden area of a clinic".
fn is_part(kind: &TargetKind) -> bool {
    is_plain(kind) || *kind == TargetKind::Populated
}

fn is_plain(kind: &TargetKind) -> bool {
    matches!(kind, TargetKind::Object(classes) if classes[..] == [ObjectClass::Other])
}

/// Returns the phrase behind the time that it begins with: "on 9 March the home of".
pub(super) fn behind_time(words: &Words<'_>, tokens: Range<usize>) -> Range<usize> {
    let lead = |&i: &usize| {
        words.is(i, Class::Preposition)
            || matches!(words.lower(i), "late" | "early" | "only" | "just" | "shortly")
    };
    // "On Monday", "late on Monday", also where nothing tells which Monday.
    let first = tokens.clone().take(2).take_while(lead).last().map_or(tokens.start, |last| last + 1);
    if first > tokens.start && first + 1 < tokens.end && LEXICON.calendar.contains(words.lower(first)) {
        let part = matches!(words.lower(first + 1), "night" | "morning" | "afternoon" | "evening");
        return (first + 1 + usize::from(part)).min(tokens.end)..tokens.end;
    }
    let Some(bytes) = words.context.doc.bytes(tokens.clone()) else { return tokens };
    let times = words.context.times;
    let first = times.partition_point(|time| time.span.end() <= bytes.start);
    let Some(time) = times.get(first) else { return tokens };
    let (from, to) =
        (words.context.doc.token_at(time.span.start()), words.context.doc.token_at(time.span.end() - 1));
    let mut before = tokens.start..from.max(tokens.start);
    let leads = before.len() <= 2 && before.all(|i| lead(&i));
    // "This week's attack".
    if leads && to + 1 < tokens.end && !words.is_genitive(to + 1) { to + 1..tokens.end } else { tokens }
}

/// Returns where the words end that say what a thing is; behind them stands where it is or whose: "a house opposite
/// the mosque".
fn head_end(words: &Words<'_>, tokens: &Range<usize>) -> usize {
    let told = |&i: &usize| {
        matches!(
            words.lower(i),
            "opposite"
                | "alongside"
                | "adjacent"
                | "near"
                | "next"
                | "facing"
                | "beside"
                | "close"
                | "located"
                | "belonging"
                | "occupied"
                | "containing"
                | "named"
                | "known"
                | "housing"
                | "sheltering"
                | "used"
                | "behind"
                | "overlooking"
                | "owned"
        )
    };
    // "A well-known mosque".
    let joined = |&i: &usize| words.lower(i - 1) == "-";
    (tokens.start + 1..tokens.end).find(|i| told(i) && !joined(i)).unwrap_or(tokens.end)
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

/// Returns what the last known noun that starts within `tokens` stands for: the head. A noun can be longer: "block of
/// flats".
fn known(words: &Words<'_>, tokens: Range<usize>, end: usize) -> Option<TargetKind> {
    let mut kind = None;
    let mut closer = None;
    let mut at = tokens.start;
    while at < tokens.end {
        match LEXICON.things.at(words.context.doc, at, end) {
            Some((next, thing)) => {
                let thing = told_by(meant(thing), closer.take());
                closer = Some(thing.clone()).filter(|thing| matches!(thing, TargetKind::Object(_)));
                kind = if words.is_genitive(next) { kind } else { Some(thing) };
                at = next;
            }
            None => {
                closer = adjective(words, at).or(closer);
                at += 1;
            }
        }
    }
    kind
}

/// Gives a thing that is of no class by itself the class of the words in front of it: "a hospital building", "the
/// school's roof".
fn told_by(thing: TargetKind, closer: Option<TargetKind>) -> TargetKind {
    if is_plain(&thing) { closer.unwrap_or(thing) } else { thing }
}

/// Returns the class that the adjective at `at` tells: "retail" of "retail premises".
fn adjective(words: &Words<'_>, at: usize) -> Option<TargetKind> {
    LEXICON.adjectives.get(words.lower(at)).cloned().map(TargetKind::Object)
}

/// Returns the class of a phrase that shares its noun with the next one: "residential" of "residential and industrial
/// areas".
fn shared(words: &Words<'_>, tokens: &Range<usize>) -> Option<TargetKind> {
    let joined = words.is(tokens.end, Class::Conjunction) || matches!(words.lower(tokens.end), "," | "/");
    let told = adjective(words, tokens.end.checked_sub(1).filter(|_| joined)?)?;
    let behind = tokens.end + 1..words.tokens.end.min(tokens.end + MOST_SHARING);
    let thing = |i| LEXICON.things.at(words.context.doc, i, words.tokens.end);
    behind.filter_map(thing).any(|(_, thing)| matches!(thing, Thing::Object(_))).then_some(told)
}

/// Adjectives that share a noun stand no further from it than this.
const MOST_SHARING: usize = 6;

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
