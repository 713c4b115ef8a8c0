//! Whether a deed is asserted, denied, asked or only imagined, and how firmly it is said.

use std::ops::Range;

use model::{Certainty, Polarity};

use super::acts::Reading;
use super::clauses;
use super::deeds::Deed;
use super::grammar::{Class, Words};
use super::lexicon::LEXICON;
use crate::attribution::{Attribution, Stance};

/// Tells whether a deed is asserted.
pub(super) fn polarity(words: &Words<'_>, deed: &Deed, said: Option<&Attribution>) -> Polarity {
    // The order matters: a denied threat is a denial.
    if is_under_denial(words, deed)
        || disclaimer(words, deed).is_some()
        || said.is_some_and(|said| said.stance == Stance::Denying)
            && !is_told_after_denial(words, deed.trigger.tokens.start)
        || is_negated(words, deed) != is_called_false(words, deed)
    {
        Polarity::Denied
    } else if is_asked(words, deed) || is_unproven(words, deed) {
        Polarity::Questioned
    } else if is_imagined(words, deed) {
        Polarity::Hypothetical
    } else {
        Polarity::Asserted
    }
}

/// Returns the verb of denying that governs a deed by its words.
pub(super) fn denial(words: &Words<'_>, deed: &Deed) -> Option<usize> {
    denial_before(words, deed.trigger.tokens.start)
}

/// Returns the verb of denying that governs the words at `trigger`.
pub(super) fn denial_before(words: &Words<'_>, trigger: usize) -> Option<usize> {
    let from = trigger.saturating_sub(30).max(words.tokens.start);
    let verb = (from..trigger).rev().find(|&i| words.is(i, Class::Denying))?;
    // "Has never denied that".
    let not = (verb.saturating_sub(3).max(words.tokens.start)..verb).any(|i| is_negation(words, i));
    if not && words.lower(verb).starts_with("den") {
        return None;
    }
    let ends = |i: usize| {
        words.is_stop(i)
            || turns_to_saying(words, i)
            || words.is(i, Class::Subordinator) && !matches!(words.lower(i), "as" | "whether" | "when")
    };
    // One rejects an accusation; who rejects a murder condemns it.
    let denies = words.lower(verb).starts_with("den") || (verb..trigger).any(|i| words.is(i, Class::Charge));
    (denies && !(verb..trigger).any(ends)).then_some(verb)
}

/// Tells whether the speaker goes on to assert at `at`: "denied it and said".
fn turns_to_saying(words: &Words<'_>, at: usize) -> bool {
    words.is(at, Class::Conjunction) && words.is(at + 1, Class::Saying)
}

/// Tells whether the words between a verb of denying and the deed at `trigger` go on to assert.
pub(super) fn is_told_after_denial(words: &Words<'_>, trigger: usize) -> bool {
    let from = trigger.saturating_sub(40).max(words.tokens.start);
    let denying = (from..trigger).rev().find(|&i| words.is(i, Class::Denying));
    denying.is_some_and(|verb| (verb..trigger).any(|i| turns_to_saying(words, i)))
}

/// Returns the subject of a verb of denying.
pub(super) fn denier(words: &Words<'_>, verb: usize) -> Option<Range<usize>> {
    let group = clauses::group_start(words, verb);
    let subject = words.trim(clauses::subject_start(words, group)..group);
    (!subject.is_empty()).then_some(subject)
}

fn is_under_denial(words: &Words<'_>, deed: &Deed) -> bool {
    denial(words, deed).is_some()
}

/// Finds "did not", "never", "no" in the deed's own words.
fn is_negated(words: &Words<'_>, deed: &Deed) -> bool {
    let trigger = deed.trigger.tokens.start;
    let start = match deed.trigger.reading {
        Reading::Noun => clauses::premodifiers(words, trigger),
        _ => clauses::group_start(words, trigger),
    };
    let own = (start..trigger)
        .any(|i| words.is(i, Class::Negation) && !matches!(words.lower(i + 1), "only" | "to"));
    let first = deed.tokens.start;
    // "No fewer than 12" is a bound.
    let bound =
        matches!(words.lower(first + 1), "fewer" | "less" | "more") && words.lower(first + 2) == "than";
    let subject = words.is(first, Class::Negation) && !bound && deed.trigger.reading != Reading::Noun;
    own || subject
}

/// Finds who is said to have no part in a deed that a noun names: "NP had nothing to do with", "NP played no part in", "NP was
/// not involved in".
pub(super) fn disclaimer(words: &Words<'_>, deed: &Deed) -> Option<Range<usize>> {
    if deed.trigger.reading != Reading::Noun {
        return None;
    }
    let first = clauses::premodifiers(words, deed.trigger.tokens.start);
    let word = |by: usize| first.checked_sub(by).map_or("", |at| words.lower(at));
    let back = match [word(4), word(3), word(2), word(1)] {
        ["nothing", "to", "do", "with"] => 4,
        [_, "no", "part" | "role" | "hand" | "share" | "involvement" | "responsibility", "in" | "for"]
        | [_, "not" | "n't" | "n’t" | "never", "involved" | "responsible", "in" | "for"] => 3,
        [_, "not", "guilty", "of"] => 3,
        [_, _, "not" | "n't" | "n’t" | "never", "behind"] => 2,
        _ => return None,
    };
    let group = clauses::group_start(words, first.checked_sub(back)?);
    let verb = (group.saturating_sub(1)..first).find(|&i| words.is_verbish(i))?;
    let group = clauses::group_start(words, verb);
    let subject = words.trim(clauses::subject_start(words, group)..group);
    (!subject.is_empty()).then_some(subject)
}

/// Words between the start of a clause and the "that" which opens it: "that, on Monday, soldiers shelled".
const OPENING: usize = 6;

/// Returns the "that", or the "of" behind a word such as "claims", which opens the clause of a deed.
fn opening(words: &Words<'_>, deed: &Deed) -> Option<usize> {
    let first = deed.tokens.start.min(deed.trigger.tokens.start);
    let from = first.saturating_sub(OPENING).max(words.tokens.start);
    let opens = |i: &usize| {
        words.lower(*i) == "that" || words.lower(*i) == "of" && *i > from && words.is(*i - 1, Class::Charge)
    };
    // "That shelling killed three" may be a shelling, or what is claimed.
    let own = (first..deed.trigger.tokens.start).find(|&i| words.lower(i) == "that");
    own.or_else(|| (from..first).rev().take_while(|&i| !words.is_stop(i)).find(opens))
}

/// Tells whether a deed is said to be a lie: "it is not true that", "no truth in reports that", "claims that … are baseless".
fn is_called_false(words: &Words<'_>, deed: &Deed) -> bool {
    let Some(link) = opening(words, deed) else { return false };
    let charged = link.checked_sub(1).filter(|&at| at >= words.tokens.start && words.is(at, Class::Charge));
    let end = charged.unwrap_or(link);
    let start = end.saturating_sub(OPENING).max(words.tokens.start);
    let start = (start..end).rev().find(|&i| words.is_stop(i)).map_or(start, |i| i + 1);
    let before = start..end;
    let told = match charged {
        // "No truth in the reports that", "false claims that".
        Some(_) => {
            before.clone().any(|i| words.lower(i) == "truth" && is_negation(words, i.wrapping_sub(1)))
                || before.clone().any(|i| is_false(words, i) && !is_negation(words, i.wrapping_sub(1)))
        }
        None => before.clone().next_back().is_some_and(|last| is_false_predicate(words, start, last)),
    };
    told || charged.is_some_and(|charge| {
        let calls = before.clone().any(|i| calls_names(words.lower(i)));
        let behind = deed.trigger.tokens.end..words.tokens.end.min(deed.trigger.tokens.end + BEHIND);
        let mut behind = behind.take_while(|&i| !words.is_stop(i));
        behind.any(|i| {
            let be = (i.saturating_sub(3).max(charge)..i).any(|at| words.is(at, Class::Be));
            (be || calls) && is_false_predicate(words, charge, i)
        })
    })
}

/// Words behind a deed in which the claim of it may be called false.
const BEHIND: usize = 30;

fn is_negation(words: &Words<'_>, at: usize) -> bool {
    words.is(at, Class::Negation)
}

/// Tells whether a word says that what was claimed is not so.
fn is_false(words: &Words<'_>, at: usize) -> bool {
    matches!(
        words.lower(at),
        "untrue"
            | "false"
            | "incorrect"
            | "inaccurate"
            | "baseless"
            | "unfounded"
            | "groundless"
            | "nonsense"
            | "fabricated"
            | "fake"
            | "bogus"
            | "invented"
            | "absurd"
    )
}

/// Tells whether the predicate that ends at `last` and begins at `from` or later says that something is not so: "not true", "a
/// lie", "not the case".
fn is_false_predicate(words: &Words<'_>, from: usize, last: usize) -> bool {
    let before = last.saturating_sub(3).max(from)..last;
    // "Anything but false", "far from true".
    let hardly = |i: usize| matches!(words.lower(i), "anything" | "far" | "hardly" | "scarcely");
    let negated = before.clone().any(|i| is_negation(words, i) || hardly(i));
    match words.lower(last) {
        "true" | "case" | "correct" => negated,
        "lie" | "lies" | "fabrication" | "fabrications" | "invention" | "falsehood" | "falsehoods"
        | "hoax" | "slander" | "libel" | "myth" | "propaganda" | "disinformation" => !negated,
        _ => is_false(words, last) && !negated,
    }
}

/// Tells whether a verb gives what follows it a name: "called the claim a lie".
fn calls_names(word: &str) -> bool {
    let stems = ["call", "brand", "describ", "dismiss", "label", "term", "denounc", "declar"];
    stems.iter().any(|stem| word.starts_with(stem))
}

/// Tells whether the words in front of a deed say that nobody has shown it: "no evidence that", "could not verify reports that".
fn is_unproven(words: &Words<'_>, deed: &Deed) -> bool {
    let first = deed.tokens.start.min(deed.trigger.tokens.start);
    // "It is not clear if".
    let asks = |at: usize| {
        matches!(
            words.lower(at),
            "clear"
                | "unclear"
                | "know"
                | "known"
                | "unknown"
                | "sure"
                | "certain"
                | "ask"
                | "asked"
                | "determine"
        )
    };
    if first >= words.tokens.start + 2 && words.lower(first - 1) == "if" && asks(first - 2) {
        return true;
    }
    let Some(link) = opening(words, deed) else { return false };
    let from = link.saturating_sub(OPENING).max(words.tokens.start);
    let from = (from..link).rev().find(|&i| words.is_stop(i)).map_or(from, |i| i + 1);
    // "No lack of evidence", "not only confirmed".
    let turns = |at: usize| {
        matches!(
            words.lower(at),
            "lack" | "shortage" | "only" | "fail" | "failed" | "doubt" | "doubts" | "doubted"
        )
    };
    let not = |i: usize| {
        let nearest = (from..i).rev().find(|&at| is_negation(words, at));
        nearest.is_some_and(|at| !(at..i).any(turns))
    };
    let none = |i: usize| {
        matches!(
            words.lower(i),
            "evidence" | "proof" | "indication" | "indications" | "sign" | "confirmation"
        ) && not(i)
    };
    let fails = |i: usize| {
        matches!(words.lower(i), "confirm" | "verify" | "establish" | "substantiate" | "corroborate")
            && (not(i) || (from..i).any(|at| matches!(words.lower(at), "unable" | "cannot")))
    };
    let nobody = |at: usize| {
        matches!(words.lower(at), "nobody" | "none")
            || words.lower(at) == "no" && words.lower(at + 1) == "one"
    };
    let shown = |i: usize| {
        matches!(
            words.lower(i),
            "shown" | "showed" | "proven" | "proved" | "demonstrated" | "confirmed" | "verified"
        ) && (from..i).any(|at| nobody(at) || is_negation(words, at))
    };
    (from..link).any(|i| none(i) || fails(i) || shown(i))
}

fn is_asked(words: &Words<'_>, deed: &Deed) -> bool {
    let from = deed.trigger.tokens.start.saturating_sub(20).max(words.tokens.start);
    let question = words.lower(words.tokens.end.wrapping_sub(1)) == "?";
    question || (from..deed.trigger.tokens.start).any(|i| words.is(i, Class::Doubting))
}

/// Tells whether a deed is only an aim: "trying to attack", with nobody who warns or threatens.
pub(super) fn is_aim(words: &Words<'_>, deed: &Deed) -> bool {
    let trigger = deed.trigger.tokens.start;
    let from = clauses::group_start(words, trigger).saturating_sub(3).max(words.tokens.start);
    let verbal = matches!(deed.trigger.reading, Reading::Active | Reading::Passive);
    let directive = (from..trigger).any(|i| is_directive(words, i));
    verbal && is_infinitive(words, trigger) && !directive && denial(words, deed).is_none()
}

/// Tells whether the verb at `trigger` is an infinitive of something that was not done.
fn is_infinitive(words: &Words<'_>, trigger: usize) -> bool {
    let group = clauses::group_start(words, trigger);
    let Some(to) = (group..trigger).find(|&i| words.lower(i) == "to") else { return false };
    // "Used rockets to strike it" was done; "plans to use rockets to strike it" was not, and has another "to" before.
    clauses::means(words, to).is_none()
        && !matches!(
            words.lower(to.wrapping_sub(1)),
            "continue"
                | "continues"
                | "continued"
                | "continuing"
                | "began"
                | "used"
                | "managed"
                | "going"
                | "begun"
        )
}

/// Finds conditions, modal verbs and infinitives of purpose, but not "may have".
fn is_imagined(words: &Words<'_>, deed: &Deed) -> bool {
    let trigger = deed.trigger.tokens.start;
    let start = match deed.trigger.reading {
        Reading::Noun | Reading::Adjectival | Reading::Phrase => deed.tokens.start.min(trigger),
        _ => clauses::group_start(words, trigger),
    };
    let real = |i: usize| {
        matches!(words.lower(i), "may" | "might" | "could" | "must")
            && (words.lower(i + 1) == "have"
                || words.lower(i + 2) == "have"
                || deed.trigger.reading == Reading::Noun)
    };
    let prevented = is_prevented(words, start.min(trigger));
    let modal = (start..trigger).any(|i| words.is(i, Class::Modal) && !real(i));
    let infinitive = is_infinitive(words, trigger);
    let verbal = deed.trigger.reading != Reading::Noun && deed.trigger.reading != Reading::Adjectival;
    let condition = deed.tokens.start > words.tokens.start
        && matches!(words.lower(deed.tokens.start - 1), "if" | "unless" | "lest");
    let from = deed.tokens.start.saturating_sub(4).max(words.tokens.start);
    let directive = (from..trigger).any(|i| is_directive(words, i))
        && !words.is(deed.trigger.tokens.start, Class::Saying);
    let threatened = directive
        && (infinitive || deed.trigger.reading == Reading::Noun || deed.trigger.reading == Reading::Gerund);
    modal || verbal && infinitive || condition || threatened || prevented
}

/// Tells whether somebody was kept from the deed whose verb begins at `at`: "stopped rebels from | shelling", but not "failed to
/// stop rebels from shelling".
fn is_prevented(words: &Words<'_>, at: usize) -> bool {
    let Some(from) =
        at.checked_sub(1).filter(|&from| from > words.tokens.start && words.lower(from) == "from")
    else {
        return false;
    };
    let stems = ["stop", "prevent", "deter", "keep", "kept", "hinder"];
    let near = from.saturating_sub(OPENING).max(words.tokens.start)..from;
    let Some(verb) = near.rev().find(|&i| stems.iter().any(|stem| words.lower(i).starts_with(stem))) else {
        return false;
    };
    let before = verb.saturating_sub(4).max(words.tokens.start)..verb;
    !{ before }
        .any(|i| is_negation(words, i) || words.lower(i).starts_with("fail") || words.lower(i) == "unable")
}

/// Tells whether the verb at `at` speaks of what may come: "warned", "plans", but "called" only before "for" or "on".
fn is_directive(words: &Words<'_>, at: usize) -> bool {
    let call = words.lower(at).starts_with("call");
    words.is(at, Class::Directive) && (!call || matches!(words.lower(at + 1), "for" | "on"))
}

/// Tells how firmly a clause is said.
pub(super) fn certainty(words: &Words<'_>, clause: &Range<usize>, said: Option<&Attribution>) -> Certainty {
    let from = clause.start.saturating_sub(18).max(words.tokens.start);
    let near = clause.start.saturating_sub(4);
    let mut firmest = Certainty::Certain;
    for at in from..clause.end {
        let Some((next, &hedge)) = LEXICON.hedges.at(words.context.doc, at, words.tokens.end) else {
            continue;
        };
        let reaches = at >= near
            || words.lower(next - 1) == "of"
                && !(next..clause.start).any(|i| words.is_stop(i) || words.is_verbish(i));
        if reaches {
            firmest = firmest.max(hedge);
        }
    }
    let estimated = said.is_some_and(|said| said.stance == Stance::Estimating);
    if estimated { firmest.max(Certainty::Probable) } else { firmest }
}

/// Tells whether the words in front of a deed lay it at another's door.
pub(super) fn is_blaming(words: &Words<'_>, deed: &Deed) -> bool {
    let from = deed.tokens.start.saturating_sub(8).max(words.tokens.start);
    (from..deed.trigger.tokens.start).any(|i| words.is(i, Class::Blaming))
}

/// Tells whether the actor of a denied deed is named through the denier: "its forces".
pub(super) fn own_forces(words: &Words<'_>, actor: &Range<usize>) -> bool {
    words.is(actor.start, Class::Possessive)
}
