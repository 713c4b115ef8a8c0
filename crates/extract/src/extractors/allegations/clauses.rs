//! Where the clause around a verb begins and ends, told from marks and closed-class words alone.

use std::ops::Range;

use super::actors;
use super::grammar::{Class, Words};
use super::lexicon::LEXICON;
use super::phrases;

/// How far a comma is looked past for a verb.
const LOOK_AHEAD: usize = 16;

/// Returns the first token of the verb group whose main verb stands at `verb`: "had been", "did not".
pub(super) fn group_start(words: &Words<'_>, verb: usize) -> usize {
    let parts = [Class::Be, Class::Have, Class::Do, Class::Modal, Class::Adverb, Class::Negation];
    let mut start = verb;
    while start > words.tokens.start {
        let before = start - 1;
        let determiner = words.is(before, Class::Determiner);
        let continues = matches!(
            words.lower(before),
            "continue" | "continues" | "continued" | "continuing" | "began" | "kept" | "to"
        );
        if let Some(first) = coordinated(words, before).or_else(|| means(words, before)) {
            start = first;
            continue;
        }
        let found = words.lower(before) == "found" && words.lower(start) == "guilty";
        let part = words.is_any(before, &parts) && !determiner || is_raising(words, before) || found;
        if !(part || words.is_quote(before) || continues) {
            break;
        }
        start = before;
    }
    while start < verb && words.is_quote(start) {
        start += 1;
    }
    start
}

/// Tells whether the word at `at` is a pronoun that can only be a subject, and that nothing joins to others.
fn is_whole_subject(words: &Words<'_>, at: usize) -> bool {
    let pronoun = matches!(words.lower(at), "he" | "she" | "they" | "we" | "i");
    pronoun && !words.is_any(at.wrapping_sub(1), &[Class::Conjunction, Class::Relative])
}

/// Tells whether a participle at `at` only says how the infinitive behind it is known: "reported to have been".
fn is_raising(words: &Words<'_>, at: usize) -> bool {
    let known = matches!(
        words.lower(at),
        "reported" | "said" | "believed" | "thought" | "alleged" | "known" | "understood" | "presumed"
    );
    known && words.lower(at + 1) == "to" && !words.is(at + 2, Class::Determiner)
}

/// Returns the verb in front of an infinitive that says with what it was done: "used rockets | to strike".
pub(super) fn means(words: &Words<'_>, to: usize) -> Option<usize> {
    let first = to.saturating_sub(MEANS).max(words.tokens.start);
    let using = (first..to.saturating_sub(1))
        .rev()
        .find(|&at| matches!(words.lower(at), "use" | "uses" | "used" | "using"))?;
    let finite = [Class::Be, Class::Have, Class::Do, Class::Modal, Class::Finite, Class::Saying];
    let plain = |at: usize| {
        !words.is_stop(at)
            && !words.is_any(at, &finite)
            && !matches!(words.lower(at), "," | "by" | "and" | "that" | "which" | "who")
    };
    (words.lower(to) == "to" && (using + 1..to).all(plain)).then_some(using)
}

/// Words between "used" and the infinitive: "used powerful new long-range rockets to strike".
const MEANS: usize = 8;

/// Returns the first verb of harm of two that are joined at `conjunction`: "raped and killed".
fn coordinated(words: &Words<'_>, conjunction: usize) -> Option<usize> {
    let first = conjunction.checked_sub(1).filter(|_| words.is(conjunction, Class::Conjunction))?;
    if !words.tokens.contains(&first) {
        return None;
    }
    let (next, cue) = LEXICON.cues.at(words.context.doc, first, words.tokens.end)?;
    (next == conjunction && cue.verb.is_some() && !cue.noun).then_some(first)
}

/// Returns the first token of the subject in front of the verb group that starts at `group`.
pub(super) fn subject_start(words: &Words<'_>, group: usize) -> usize {
    let mut start = group;
    while start > words.tokens.start && words.is_quote(start - 1) {
        start -= 1;
    }
    let group = start;
    // "Told investigators | they had been beaten": a pronoun is a subject by itself.
    if let Some(pronoun) = group.checked_sub(1).filter(|&at| is_whole_subject(words, at)) {
        return pronoun;
    }
    while start > words.tokens.start {
        let before = start - 1;
        if start == group && words.is(before, Class::Conjunction) {
            break;
        }
        if let Some(opening) = insertion_start(words, before) {
            start = opening;
            continue;
        }
        // "The worst attack on the city since | the truce collapsed".
        if words.lower(before) == "since" && words.is_labelled(before, "mark") {
            break;
        }
        if words.lower(before) == "," {
            match past_comma(words, before, group) {
                Some(further) => start = further,
                None => break,
            }
        } else if let Some(head) = reduced_clause(words, before) {
            return head;
        } else if words.is(before, Class::Relative) && (start == group || words.lower(before) != "that") {
            return antecedent(words, before);
        } else if is_left_edge(words, before) {
            break;
        } else {
            start = before;
        }
    }
    start
}

/// Returns the first token of those of whom a participle at `at` tells more: "| soldiers fighting the rebels".
fn reduced_clause(words: &Words<'_>, at: usize) -> Option<usize> {
    let noun = at.checked_sub(1).filter(|&noun| noun >= words.tokens.start)?;
    let told =
        words.lower(at).ends_with("ing") && words.is_tagged(at, "VBG") && actors::is_party(words, noun);
    told.then(|| phrases::noun_phrase_before(words, at).start).filter(|&start| start < at)
}

/// Returns the first token of the subject of a verb group that somebody tells of it in a relative clause: "| five men who
/// witnesses said | were shot".
pub(super) fn told_subject(words: &Words<'_>, group: usize) -> Option<usize> {
    let saying = group.checked_sub(1).filter(|&at| words.is(at, Class::Saying))?;
    let from = saying.saturating_sub(SPEAKER).max(words.tokens.start);
    let relative = (from..saying)
        .rev()
        .take_while(|&i| !words.is_stop(i) && words.lower(i) != ",")
        .take_while(|&i| !words.is_verbish(i) || words.is(i, Class::Relative))
        .find(|&i| words.is(i, Class::Relative))?;
    (relative + 1 < saying).then(|| antecedent(words, relative))
}

/// Words of a speaker in a relative clause: "who | the ministry of health of Vardia | said".
const SPEAKER: usize = 8;

/// Returns the mark that opens what is closed at `closing`, if it is an insertion into a noun phrase: an explanation
/// in brackets, or a name in quotation marks.
fn insertion_start(words: &Words<'_>, closing: usize) -> Option<usize> {
    let from = closing.saturating_sub(LOOK_AHEAD).max(words.tokens.start + 1);
    if words.lower(closing) == ")" {
        return (from..closing).rev().find(|&i| words.lower(i) == "(");
    }
    let opening = (from..closing).rev().find(|&i| words.is_quote(i)).filter(|_| words.is_quote(closing))?;
    let name = opening + 1 < closing && (opening + 1..closing).all(|i| words.is_capital(i));
    (name && words.is_word(opening - 1) && !words.is_verbish(opening - 1)).then_some(opening)
}

/// Tells whether a subject cannot reach over the token at `at`.
fn is_left_edge(words: &Words<'_>, at: usize) -> bool {
    let edges = [Class::Saying, Class::Subordinator, Class::Relative];
    // "On Friday and Saturday | nine people died".
    let of_days = words.is(at, Class::Conjunction) && LEXICON.calendar.contains(words.lower(at + 1));
    let joined = of_days || words.is(at, Class::Conjunction) && has_verb_before(words, at);
    if phrases::is_hedging_adjective(words, at) {
        return false;
    }
    // One or two words in square brackets stand for a name; more are a remark.
    let remark = words.lower(at) == "]" && (at.saturating_sub(3)..at).all(|i| words.lower(i) != "[");
    remark
        || words.is_stop(at)
        || words.is_quote(at)
        || words.is_any(at, &edges)
        || joined
        || is_finite(words, at)
}

/// Tells whether the token at `at` is a finite verb that a subject does not reach over.
fn is_finite(words: &Words<'_>, at: usize) -> bool {
    let participle =
        matches!(words.lower(at), "used" | "led" | "held" | "left" | "forced" | "committed" | "lost");
    words.is_verbish(at) && !participle
}

/// Tells whether a verb stands between the token at `at` and the clause edge in front of it.
fn has_verb_before(words: &Words<'_>, at: usize) -> bool {
    let from = at.saturating_sub(LOOK_AHEAD).max(words.tokens.start);
    // "Said that both the army and the rebels": the verb of saying is another clause's.
    let that = (from..at).rev().find(|&i| words.lower(i) == "that");
    let is_finite = |i| ["VBD", "VBZ", "VBP", "MD"].iter().any(|tag| words.is_tagged(i, tag));
    if that.is_some_and(|that| !(that + 1..at).any(is_finite)) {
        return false;
    }
    (from..at)
        .rev()
        .take_while(|&i| !words.is_stop(i) && words.lower(i) != ",")
        .filter(|&i| !phrases::is_hedging_adjective(words, i))
        .any(|i| words.is_verbish(i) || LEXICON.light_verbs.contains_key(words.lower(i)))
}

/// Returns where a subject goes on in front of a comma: behind an insertion, or in a list.
fn past_comma(words: &Words<'_>, comma: usize, group: usize) -> Option<usize> {
    let from = comma.saturating_sub(LOOK_AHEAD).max(words.tokens.start);
    if comma + 1 == group {
        let other = (from..comma).rev().find(|&i| words.lower(i) == ",")?;
        let empty = (other + 1..comma).all(|i| !words.is_verbish(i) || words.is_compounded(i));
        return empty.then_some(other);
    }
    let listed = (comma + 1..group).any(|i| words.is(i, Class::Conjunction));
    let item = from..comma;
    let edge = item.rev().find(|&i| is_left_edge(words, i) || words.lower(i) == ",").map_or(from, |i| i + 1);
    // "No one has claimed responsibility, and | Vardia denies": what a verb before it has for an object is no subject.
    let verb = edge.checked_sub(1).is_some_and(|at| words.is_any(at, &[Class::Saying, Class::Finite]));
    if verb && words.is(comma + 1, Class::Conjunction) {
        return None;
    }
    let is_adverbial = |at: usize| words.is(at, Class::Preposition) || words.lower(at) == "according";
    let short = comma - edge <= 6 && edge < comma && !is_adverbial(edge);
    // "According to the governor, Ila Brann, | Vardian forces", "in Orsk, Vardia, | Nordian forces".
    let further = edge.checked_sub(1).filter(|&at| at > words.tokens.start && words.lower(at) == ",");
    let opening = further.map(|at| {
        let item = at.saturating_sub(LOOK_AHEAD).max(words.tokens.start)..at;
        item.rev().find(|&i| words.is_stop(i) || words.lower(i) == ",").map_or(words.tokens.start, |i| i + 1)
    });
    let is_person = (edge..comma).any(|i| words.name_label(i) == Some("PERSON"));
    let speaks = is_person && actors::is_party(words, group - 1);
    let dated = (edge..comma).all(|i| words.kind(i) == language::TokenKind::Number);
    let appositive = words.is_capital(comma + 1)
        && words.is_capital(comma.wrapping_sub(1))
        && comma - edge <= 6
        && !opening.is_some_and(is_adverbial);
    let joined = listed || appositive || is_thing(words, edge..comma) && is_thing(words, comma + 1..group);
    let short = short && !speaks && !dated;
    (short && joined).then_some(edge)
}

/// Tells whether `tokens` are the words for one thing that can be hit: "school, residential buildings damaged" leaves
/// out the "and" as headlines and notes do.
fn is_thing(words: &Words<'_>, tokens: Range<usize>) -> bool {
    let thing = LEXICON.things.at(words.context.doc, tokens.start, tokens.end);
    thing.is_some_and(|(end, _)| end == tokens.end)
}

/// Returns the first token of the noun phrase that a relative pronoun at `relative` belongs to.
pub(super) fn antecedent(words: &Words<'_>, relative: usize) -> usize {
    let mut start = relative;
    // "It was the rebels, not the army, | who".
    if let Some(contrast) = contrast_before(words, relative) {
        start = contrast;
    }
    // "It is not clear who": here it asks.
    let asks = matches!(
        words.lower(relative.wrapping_sub(1)),
        "clear" | "unclear" | "known" | "unknown" | "sure" | "certain" | "obvious" | "decide" | "tell"
    );
    if asks {
        return relative;
    }
    if words.lower(start.wrapping_sub(1)) == "," && start > words.tokens.start {
        start -= 1;
    }
    let last = start;
    let edges =
        [Class::Saying, Class::Subordinator, Class::Relative, Class::Conjunction, Class::Be, Class::Have];
    while start > words.tokens.start {
        let before = start - 1;
        let preposition = words.is(before, Class::Preposition) && !matches!(words.lower(before), "of" | "at");
        if words.is_stop(before)
            || words.is_quote(before)
            || words.lower(before) == ","
            || preposition
            || words.is_any(before, &edges)
            || last - before > 10
            || is_finite(words, before)
            || words.is_tagged(before, "VB") && words.is(before.wrapping_sub(1), Class::Modal)
        {
            break;
        }
        start = before;
    }
    if start == last { relative } else { start }
}

/// Returns the comma in front of whom a sentence contrasts with those it is about: "the rebels | , not the army, who".
fn contrast_before(words: &Words<'_>, relative: usize) -> Option<usize> {
    let close = relative.checked_sub(1).filter(|&at| at > words.tokens.start && words.lower(at) == ",")?;
    let from = close.saturating_sub(LOOK_AHEAD).max(words.tokens.start + 1);
    let open = (from..close).rev().find(|&i| words.lower(i) == ",")?;
    let is_not =
        |at: usize| words.lower(at) == "not" || words.lower(at) == "rather" && words.lower(at + 1) == "than";
    (is_not(open + 1) || words.lower(open + 1) == "and" && is_not(open + 2)).then_some(open)
}

/// Returns the token after the last argument of the verb before `from`.
pub(super) fn clause_end(words: &Words<'_>, from: usize) -> usize {
    let from = from.min(words.tokens.end);
    let mut end = from;
    while end < words.tokens.end && !is_right_edge(words, from, end) {
        end += 1;
    }
    end
}

/// Tells whether a clause that goes on since `from` ends at the token at `at`.
fn is_right_edge(words: &Words<'_>, from: usize, at: usize) -> bool {
    if words.is_stop(at) || words.is(at, Class::Saying) && at > from && !is_adjectival(words, at) {
        return true;
    }
    if words.is_quote(at) {
        return at > from && matches!(words.lower(at.wrapping_sub(1)), "," | "." | "?" | "!");
    }
    match words.lower(at) {
        "," => is_end_at_comma(words, at),
        "as" => {
            !matches!(words.lower(at + 1), "many" | "well" | "much" | "part" | "a" | "an")
                && words.lower(at.wrapping_sub(1)) != "such"
                && next_verb(words, at + 1, 6).is_some()
        }
        "once" | "yet" | "so" | "than" => false,
        "who" | "which" | "whom" => true,
        "that" => next_verb(words, at + 1, 8).is_some() && !words.is(at + 1, Class::Be),
        _ if words.is(at, Class::Conjunction) => at > from && is_end_at_conjunction(words, at),
        _ if words.is(at, Class::Subordinator) => true,
        _ => false,
    }
}

/// Tells whether a word that can be a verb of saying stands between determiner and noun: "the reported attack".
fn is_adjectival(words: &Words<'_>, at: usize) -> bool {
    words.is_any(
        at.wrapping_sub(1),
        &[Class::Determiner, Class::Possessive, Class::Adverb, Class::Preposition],
    )
}

/// Returns the first verb from `from` on, before the next comma, stop or joining word.
fn next_verb(words: &Words<'_>, from: usize, within: usize) -> Option<usize> {
    (from..from + within)
        .take_while(|&i| !words.is_stop(i) && words.lower(i) != "," && !words.is(i, Class::Relative))
        .find(|&i| words.is_verbish(i) || words.is(i, Class::Subject))
}

fn is_end_at_comma(words: &Words<'_>, comma: usize) -> bool {
    let next = if words.is_quote(comma + 1) { comma + 2 } else { comma + 1 };
    if matches!(words.lower(next), "including" | "such" | "among") {
        return false;
    }
    let starters = [Class::Relative, Class::Subordinator, Class::Subject, Class::Saying, Class::Adverb];
    let thing =
        LEXICON.things.at(words.context.doc, next.min(words.tokens.end - 1), words.tokens.end).is_some();
    let participle = words.lower(next).ends_with("ing") && !words.is(next, Class::Preposition) && !thing;
    if matches!(words.lower(next), "a" | "an" | "the")
        && words.is_capital(comma.wrapping_sub(1))
        && is_apposition(words, next)
    {
        return true;
    }
    matches!(
        words.lower(next),
        "according" | "citing" | "with" | "amid" | "leaving" | "despite" | "following"
    ) || words.is_any(next, &starters)
        || participle
        || next_verb(words, next, LOOK_AHEAD).is_some()
}

/// Tells whether what follows a comma explains the name in front of it instead of going on with a list.
fn is_apposition(words: &Words<'_>, from: usize) -> bool {
    !(from..from + LOOK_AHEAD)
        .take_while(|&i| !words.is_stop(i) && words.lower(i) != ",")
        .any(|i| words.is(i, Class::Conjunction))
}

fn is_end_at_conjunction(words: &Words<'_>, at: usize) -> bool {
    let next = at + 1;
    if words.is_any(next, &[Class::Subject, Class::Subordinator, Class::Relative, Class::Modal]) {
        return true;
    }
    let light = |i: usize| LEXICON.light_verbs.contains_key(words.lower(i));
    let article =
        matches!(words.lower(next + 1), "the" | "a" | "an" | "to") || words.is(next + 1, Class::Possessive);
    let open_verb = article
        && words.is_word(next)
        && !words.is_any(next, &[Class::Determiner, Class::Preposition, Class::Adverb])
        && !words.is_capital(next);
    open_verb || light(next) || next_verb(words, next, 10).is_some()
}

/// Returns the bounds of the noun phrase around an event noun at `noun`, with the phrases that belong to it.
pub(super) fn event_phrase(words: &Words<'_>, noun: Range<usize>) -> Range<usize> {
    premodifiers(words, noun.start)..postmodifiers(words, noun.end)
}

/// Returns the first token of the words in front of a noun: determiner, possessor, adjectives.
pub(super) fn premodifiers(words: &Words<'_>, noun: usize) -> usize {
    let edges = [
        Class::Preposition,
        Class::Conjunction,
        Class::Subordinator,
        Class::Relative,
        Class::Be,
        Class::Have,
        Class::Do,
        Class::Modal,
        Class::Saying,
        Class::Subject,
        Class::Finite,
    ];
    let mut start = noun;
    while start > words.tokens.start && noun - start < 8 {
        let before = start - 1;
        let participle = words.lower(before).ends_with("ing") && words.is_word(before) && start < noun + 1;
        let light = LEXICON.light_verbs.contains_key(words.lower(before)) || participle;
        let light = light || words.lower(before) == "well";
        let mark = words.is_stop(before) || words.is_quote(before) || words.lower(before) == ",";
        let is_edge = mark || light || words.is_any(before, &edges) && !words.is(before, Class::Determiner);
        if is_edge && !words.is_compounded(before) {
            break;
        }
        start = before;
        if words.is_any(before, &[Class::Determiner, Class::Possessive])
            && !words.is(before - usize::from(before > words.tokens.start), Class::Determiner)
        {
            break;
        }
    }
    start
}

/// Tells whether the word at `at` belongs to a noun phrase although it looks like a verb: "a reported school", and
/// the participle right behind an event at `from`: "damage caused to".
fn is_adjectival_in(words: &Words<'_>, at: usize, from: usize) -> bool {
    let done =
        at == from && matches!(words.lower(at), "caused" | "done" | "inflicted" | "dealt" | "sustained");
    done && words.lower(at + 1) == "to" || phrases::is_hedging_adjective(words, at)
}

/// Tells whether an event noun or a verb of harm starts within a few tokens.
fn has_event(words: &Words<'_>, from: usize) -> bool {
    (from..(from + 5).min(words.tokens.end))
        .take_while(|&i| !words.is_stop(i) && words.lower(i) != ",")
        .take_while(|&i| !words.is_any(i, &[Class::Preposition, Class::Subordinator]))
        .any(|i| LEXICON.cues.at(words.context.doc, i, words.tokens.end).is_some_and(|(_, cue)| cue.noun))
}

/// Returns the token after the phrases that follow a noun: "of cities in the north by rebels".
fn postmodifiers(words: &Words<'_>, from: usize) -> usize {
    let mut end = from;
    let limit = clause_end(words, from);
    while end < limit {
        let identified = phrases::behind_identification(words, end, words.tokens.end);
        if identified > end {
            return postmodifiers(words, identified);
        }
        let verb = words.is_verbish(end) && words.lower(end) != "led" && !is_adjectival_in(words, end, from);
        let event = words.is(end, Class::Conjunction) && has_event(words, end + 1);
        if verb || event || words.lower(end) == "to" && words.is_verbish(end + 1) {
            break;
        }
        end += 1;
    }
    end
}
