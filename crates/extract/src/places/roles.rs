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
    if names_treaty(doc, name.tokens.end) {
        return PlaceRole::Part;
    }
    if is_distance_to(doc, name.tokens.start) || leads_office(doc, name.tokens.end) {
        return PlaceRole::Aside;
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

/// Tells whether what ends at a token gives a treaty its name: "the Varden conventions".
fn names_treaty(doc: &Doc<'_>, end: usize) -> bool {
    in_sentence(doc, end) && WORDS.treaties.contains(doc.lower(end))
}

/// Words that may stand between a name and the office: "'s regional military".
const BEFORE_OFFICE: usize = 3;

/// Tells whether those who hold office in a place follow: "Varden's regional prosecutors".
fn leads_office(doc: &Doc<'_>, end: usize) -> bool {
    let at = (end..end + BEFORE_OFFICE)
        .take_while(|&at| in_sentence(doc, at) && WORDS.office_skip.contains(doc.lower(at)))
        .last()
        .map_or(end, |last| last + 1);
    in_sentence(doc, at) && WORDS.offices.contains(doc.lower(at))
}

/// Tells whether another place is told by its distance from this one: "ten miles southwest of Varden".
fn is_distance_to(doc: &Doc<'_>, start: usize) -> bool {
    let Some(of) = start.checked_sub(1).filter(|&of| matches!(doc.lower(of), "of" | "from")) else {
        return false;
    };
    let way = of.checked_sub(1).filter(|&way| WORDS.directions.contains(doc.lower(way))).unwrap_or(of);
    way.checked_sub(1).is_some_and(|unit| WORDS.distances.contains(doc.lower(unit)))
}

/// Tells whether a token is of the sentence of the one before it.
fn in_sentence(doc: &Doc<'_>, at: usize) -> bool {
    let tokens = doc.tokens();
    at > 0 && tokens.get(at).is_some_and(|token| token.sentence() == tokens[at - 1].sentence())
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
        let found = phrase.or_else(|| same_means(doc, at..end));
        if let Some(after) = found.or_else(|| likens(doc, at..(at + WEIGHED).min(sentence.end))) {
            cues.push(after);
        }
    }
    cues
}

/// Tokens in which what is likened stands: "compared the conduct of the army with".
const WEIGHED: usize = 10;

/// Reads "compared the conduct of the army with", "likened this winter to".
fn likens(doc: &Doc<'_>, tokens: Range<usize>) -> Option<usize> {
    let verb = matches!(
        doc.lower(tokens.start),
        "compare" | "compares" | "compared" | "comparing" | "liken" | "likens" | "likened" | "likening"
    );
    let to = || (tokens.start + 2..tokens.end).find(|&at| matches!(doc.lower(at), "with" | "to"));
    let to = verb.then(to).flatten()?;
    // Pictures and notes are compared too.
    let waged = (tokens.start + 1..to).any(|at| WORDS.comparison.waged.contains(doc.lower(at)));
    waged.then_some(to + 1)
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
