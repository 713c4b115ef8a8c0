//! What part a place plays in its sentence.

use std::ops::Range;
use std::sync::LazyLock;

use language::Doc;
use rustc_hash::FxHashMap as HashMap;

use super::PlaceRole;
use super::gazetteer::EntryKind;
use super::names::{Form, Name, is_function_word};
use super::words::WORDS;

/// No cue of a comparison has more tokens.
const LONGEST: usize = 5;

/// Tells the part that each name plays.
pub(super) fn roles(doc: &Doc<'_>, names: &[Name]) -> Vec<PlaceRole> {
    let mut roles: Vec<PlaceRole> = names.iter().map(|name| alone(doc, name)).collect();
    let mut next = 0;
    for sentence in doc.sentences() {
        let inside = next..next + names[next..].partition_point(|name| name.tokens.start < sentence.end);
        next = inside.end;
        for cue in comparisons(doc, sentence) {
            likened(&Likening { doc, names, cue, sentence, inside: inside.clone() }, &mut roles);
        }
    }
    roles
}

/// Tells whether a government is meant, by the words beside the name.
fn alone(doc: &Doc<'_>, name: &Name) -> PlaceRole {
    match name.form {
        Form::Demonym => return PlaceRole::Demonym,
        Form::Part => return PlaceRole::Part,
        Form::Place | Form::Added => {}
    }
    if leads_adjective(doc, name.tokens.end) {
        return PlaceRole::Actor;
    }
    let governs = |kind| matches!(kind, EntryKind::PartOfTheWorld | EntryKind::Country | EntryKind::Capital);
    if !name.candidates.iter().any(|c| c.place().is_some_and(|entry| governs(entry.kind)))
        || !name.within.is_empty()
    {
        return PlaceRole::Event;
    }
    let lower = |at: usize| if at < doc.tokens().len() { doc.lower(at) } else { "" };
    let mut before = name.tokens.start;
    while before > 0 && matches!(lower(before - 1), "the") {
        before -= 1;
    }
    let before = if before > 0 { lower(before - 1) } else { "" };
    if WORDS.actor_before.contains(before) || is_short_name_of_state(doc, name) {
        return PlaceRole::Actor;
    }
    let possessive = matches!(lower(name.tokens.end), "'s" | "’s");
    let locative = if possessive { &WORDS.strong_locative } else { &WORDS.locative };
    if locative.contains(before) || WORDS.near.contains(before) {
        return PlaceRole::Event;
    }
    let after =
        (name.tokens.end..).find(|at| !WORDS.speech_skip.contains(lower(*at))).unwrap_or(name.tokens.end);
    let acts = WORDS.actor_after.contains(lower(after))
        || WORDS.actor_after.contains(lower(name.tokens.end)) && after - name.tokens.end < 4;
    if acts || possessive || is_day_before_verb(&lower, after) { PlaceRole::Actor } else { PlaceRole::Event }
}

/// Tells whether a name is the first part of an adjective: "Varden-backed", "Varden-led".
fn leads_adjective(doc: &Doc<'_>, end: usize) -> bool {
    let tokens = doc.tokens();
    let Some([last, hyphen, next]) = tokens.get(end - 1..end + 2) else { return false };
    let tied =
        last.end() == hyphen.start() && hyphen.end() == next.start() && last.sentence() == next.sentence();
    tied && doc.word(end) == "-" && doc.word(end + 1).starts_with(char::is_lowercase)
}

/// Tells whether a short name of a state stands before a noun that belongs to it or a verb of which it is the subject:
/// "the US ambassador".
fn is_short_name_of_state(doc: &Doc<'_>, name: &Name) -> bool {
    let next = name.tokens.end;
    let inside =
        doc.tokens().get(next).is_some_and(|token| token.sentence() == doc.tokens()[next - 1].sentence());
    matches!(name.key.as_str(), "us" | "uk" | "eu" | "usa")
        && inside
        && doc.word(next).starts_with(char::is_alphabetic)
        && !is_function_word(doc.lower(next))
}

/// Tells whether "on Wednesday" and a verb of speech follow: "Ruritania on Wednesday said".
fn is_day_before_verb<'d>(lower: &impl Fn(usize) -> &'d str, after: usize) -> bool {
    lower(after) == "on" && WORDS.actor_after.contains(lower(after + 2))
}

/// Finds the cues of comparisons in a sentence; returns the token after each.
fn comparisons(doc: &Doc<'_>, sentence: &Range<usize>) -> Vec<usize> {
    let mut cues = Vec::new();
    for at in sentence.clone() {
        let end = (at + LONGEST).min(sentence.end);
        let phrases = COMPARISONS.get(doc.lower(at)).map_or(&[][..], Vec::as_slice);
        let phrase = phrases.iter().find_map(|phrase| starts_with(doc, at..end, phrase));
        if let Some(after) = phrase.or_else(|| same_means(doc, at..end)) {
            cues.push(after);
        }
    }
    cues
}

/// The phrases of comparison by their first words.
static COMPARISONS: LazyLock<HashMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let mut phrases: HashMap<&str, Vec<&str>> = HashMap::default();
    for phrase in &WORDS.comparison.phrases {
        phrases.entry(phrase.split(' ').next().unwrap_or_default()).or_default().push(phrase);
    }
    phrases
});

fn starts_with(doc: &Doc<'_>, tokens: Range<usize>, phrase: &str) -> Option<usize> {
    let mut at = tokens.start;
    for word in phrase.split(' ') {
        if at >= tokens.end || doc.lower(at) != word {
            return None;
        }
        at += 1;
    }
    Some(at)
}

/// Reads "same tactics in", "these brutal methods against".
fn same_means(doc: &Doc<'_>, tokens: Range<usize>) -> Option<usize> {
    let words = &WORDS.comparison;
    if !words.determiners.contains(doc.lower(tokens.start)) {
        return None;
    }
    let noun = (tokens.start + 1..tokens.end).take(3).find(|at| words.nouns.contains(doc.lower(*at)))?;
    let preposition = (noun + 1..tokens.end).find(|at| words.prepositions.contains(doc.lower(*at)))?;
    Some(preposition + 1)
}

/// One cue of a comparison, and the names of its sentence.
struct Likening<'a, 'd, 't> {
    doc: &'d Doc<'t>,
    names: &'a [Name],
    cue: usize,
    sentence: &'a Range<usize>,
    inside: Range<usize>,
}

/// Tells whether `tokens` only coordinate two names: ", and in", "as well as in".
fn is_coordination(doc: &Doc<'_>, tokens: Range<usize>) -> bool {
    let well = tokens.clone().any(|at| doc.lower(at) == "well");
    tokens.into_iter().all(|at| match doc.lower(at) {
        "," | "and" | "or" | "in" | "the" | "then" | "city" | "of" | "well" => true,
        word => word == "as" && well,
    })
}

/// Marks the names that the cue governs: the first within a few words, and those coordinated with it.
fn likened(likening: &Likening<'_, '_, '_>, roles: &mut [PlaceRole]) {
    const REACH: usize = 6;
    let names = &likening.names[likening.inside.clone()];
    let skipped = names.partition_point(|name| name.tokens.start < likening.cue);
    let mut at = likening.cue;
    let mut group = Vec::new();
    for (number, name) in names.iter().enumerate().skip(skipped) {
        let between = at..name.tokens.start;
        let lower = |at: usize| likening.doc.lower(at);
        let reached = if group.is_empty() {
            between.len() <= REACH
                && !between.clone().any(|at| WORDS.comparison.ends.contains(lower(at)) || lower(at) == ";")
        } else {
            between.len() <= 4 && is_coordination(likening.doc, between.clone())
        };
        if !reached {
            break;
        }
        group.push(likening.inside.start + number);
        at = name.tokens.end;
    }
    // "the same tactics in Varden as in Oro": the second is the comparison.
    let turned = at < likening.sentence.end
        && likening.doc.lower(at) == "as"
        && at + 1 < likening.sentence.end
        && matches!(likening.doc.lower(at + 1), "in" | "it" | "they" | "he");
    if !turned {
        group.into_iter().for_each(|number| roles[number] = PlaceRole::Comparison);
    }
}
