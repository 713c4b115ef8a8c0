//! Whom a word of harm befalls, by the heads of its sentence.

use std::ops::Range;

use language::engine::Token;
use model::Measure;

use super::counted::Counted;
use super::lexicon::{About, LEXICON, NounKind};
use crate::context::Context;
use crate::syntax::Parsed;

/// How many tokens a sentence may have to be read: a list of names is shorter, and heads are found by looking at each.
const LONGEST: usize = 300;

/// How many words of harm of one sentence are followed.
const MOST_HARMS: usize = 20;

/// A sentence with its words of harm to the body and its heads.
pub(super) struct Heads<'h> {
    pub(super) harms: Vec<Harm>,
    pub(super) parsed: &'h Parsed,
}

impl<'h> Heads<'h> {
    /// Reads a sentence; `None` if it names no harm to the body, or is too long to be one.
    pub(super) fn of(context: &'h Context<'_>, sentence: usize) -> Option<Heads<'h>> {
        let tokens = &context.doc.sentences()[sentence];
        if tokens.len() > LONGEST {
            return None;
        }
        let harms = harms(context, tokens);
        (!harms.is_empty()).then(|| Heads { harms, parsed: context.syntax.sentence(sentence) })
    }

    /// Returns the word of harm, if what it says is asserted.
    pub(super) fn word(&self, harm: &Harm) -> Option<Token<'h>> {
        self.parsed.token_at(harm.byte).filter(|word| !is_imagined(*word))
    }
}

/// Tells of counts that stand apart from their word of harm what happened: "17 civilians – of one family, among them
/// five women – were killed".
pub(super) fn place(context: &Context<'_>, sentence: usize, counted: &mut [Counted]) {
    if !counted.iter().any(is_open) {
        return;
    }
    let Some(heads) = Heads::of(context, sentence) else { return };
    place_each(context, &heads, counted);
    wholes(counted);
}

/// "20 miners, including eight women, two of them pregnant, and four men were killed": what the parts suffered, the
/// whole did, and so the rest of the parts do not stand beside it.
fn wholes(counted: &mut [Counted]) {
    for whole in 0..counted.len().saturating_sub(1) {
        let (before, parts) = counted.split_at_mut(whole + 1);
        let whole = &mut before[whole];
        let leads = parts[0].is_part && parts[0].tokens.start < whole.tokens.end + PART_REACH;
        let harmed = parts.iter().find_map(|part| Some((part.measure?, part.harm.clone())));
        let Some((measure, harm)) = harmed.filter(|_| is_open(whole) && !whole.is_part && leads) else {
            continue;
        };
        (whole.measure, whole.harm) = (Some(measure), harm.clone());
        let total = whole.bounds.upper.or(whole.bounds.lower).unwrap_or(u64::MAX);
        for part in parts.iter_mut().filter(|part| part.measure.is_none_or(|own| own == measure)) {
            part.is_part |= part.bounds.lower.is_some_and(|lower| lower <= total) && part.measure.is_some();
            if part.is_part {
                (part.measure, part.harm) = (Some(measure), harm.clone());
            }
        }
    }
}

/// How far behind a whole its first part may start, in tokens.
const PART_REACH: usize = 14;

fn is_open(counted: &Counted) -> bool {
    counted.measure.is_none()
        && counted.noun.as_ref().is_some_and(|noun| noun.is_known && matches!(noun.kind, NounKind::People(_)))
}

fn place_each(context: &Context<'_>, heads: &Heads<'_>, counted: &mut [Counted]) {
    for harm in &heads.harms {
        let Some(word) = heads.word(harm) else { continue };
        let people = people(word);
        for part in people.iter().flat_map(|token| parts(*token)) {
            let count = count_at(context, counted, heads.parsed.bytes(part).start);
            if let Some(count) = count.filter(|count| is_open(count)) {
                (count.measure, count.harm) = (Some(harm.measure), Some(harm.tokens.clone()));
                count.is_part = true;
            }
        }
        for token in people {
            let count = count_at(context, counted, heads.parsed.bytes(head_count(token)).start);
            if let Some(count) = count.filter(|count| is_open(count)) {
                (count.measure, count.harm) = (Some(harm.measure), Some(harm.tokens.clone()));
            }
        }
    }
}

/// "A family of five", "the bodies of five miners": the number stands behind the noun.
fn head_count(head: Token<'_>) -> Token<'_> {
    let is_group =
        matches!(head.text().to_lowercase().as_str(), "family" | "group" | "household" | "crew" | "bodies");
    let of = head.dependents().find(|token| token.text() == "of").filter(|_| is_group);
    of.and_then(|of| objects(of).next()).unwrap_or(head)
}

fn count_at<'c>(context: &Context<'_>, counted: &'c mut [Counted], byte: usize) -> Option<&'c mut Counted> {
    let token = context.doc.token_at(byte);
    counted.iter_mut().find(|counted| counted.tokens.contains(&token))
}

/// Returns all whom a word of harm befalls, in the order of their words.
pub(super) fn people(word: Token<'_>) -> Vec<Token<'_>> {
    let mut people = Vec::new();
    for head in harmed(word).into_iter().chain(beside(word)) {
        collect(head, &mut people);
    }
    people.sort_by_key(|token| token.index());
    people
}

/// A word of harm: its tokens, its first byte, and what it says.
pub(super) struct Harm {
    tokens: Range<usize>,
    byte: usize,
    pub(super) measure: Measure,
}

fn harms(context: &Context<'_>, sentence: &Range<usize>) -> Vec<Harm> {
    let doc = context.doc;
    let bodily = |measure| matches!(measure, Measure::Killed | Measure::Injured);
    let mut found = Vec::new();
    for at in sentence.clone() {
        let meanings = LEXICON.harms.at(doc, at, sentence.end);
        let tokens = at..meanings.map_or(at + 1, |(_, end)| end);
        let harm = meanings.and_then(|(list, _)| {
            list.iter().find(|harm| harm.about == About::People && bodily(harm.measure)).copied()
        });
        let noun = LEXICON.harm_nouns.get(doc.lower(at)).copied();
        if let Some(measure) = harm.map(|harm| harm.measure).or(noun).filter(|_| found.len() < MOST_HARMS) {
            found.push(Harm { tokens, byte: doc.tokens()[at].start(), measure });
        }
    }
    found
}

/// Returns those that a word of harm befalls.
fn harmed(word: Token<'_>) -> Vec<Token<'_>> {
    let with = |label: &'static str| word.dependents().filter(move |token| token.label() == label);
    if word.tag().starts_with('N') {
        return with("prep").filter(|prep| prep.text() == "of").flat_map(objects).collect();
    }
    let passive: Vec<_> = with("nsubjpass").map(antecedent).collect();
    if !passive.is_empty() {
        return passive.into_iter().chain(first_of_two(word)).collect();
    }
    let is_passive = with("auxpass").next().is_some();
    let objects: Vec<_> = with("dobj").collect();
    if !objects.is_empty() && !is_passive {
        return objects;
    }
    if !is_passive && INTRANSITIVE.contains(&word.text().to_lowercase().as_str()) {
        return subjects(word);
    }
    if let Some(listed) = among(word) {
        return listed;
    }
    if word.tag() == "VBN" || is_passive {
        return match word.label() {
            "acl" => vec![word.head()],
            "relcl" => vec![word.head()],
            "conj" | "xcomp" | "ccomp" | "advcl" | "oprd" => subjects(word),
            _ => Vec::new(),
        };
    }
    Vec::new()
}

/// "Among the dead were two bakers", "among those killed was Mira Vey".
fn among(word: Token<'_>) -> Option<Vec<Token<'_>>> {
    let group = if word.label() == "acl" { word.head() } else { word };
    let preposition = Some(group.head())
        .filter(|head| matches!(head.text().to_lowercase().as_str(), "among" | "amongst"))?;
    let verb =
        Some(preposition.head()).filter(|verb| matches!(verb.text(), "were" | "was" | "are" | "is"))?;
    Some(verb.dependents().filter(|token| matches!(token.label(), "nsubj" | "attr")).collect())
}

const INTRANSITIVE: [&str; 6] = ["died", "die", "dies", "perished", "dead", "dying"];

/// "Mira Vey and her son were killed": the parser at times takes the first for a sentence of its own, to which the rest
/// is joined.
fn first_of_two(verb: Token<'_>) -> Option<Token<'_>> {
    (verb.label() == "conj").then(|| verb.head()).filter(|head| head.tag().starts_with('N'))
}

/// Returns the subjects of a verb, or of the verb that it is joined to.
fn subjects(word: Token<'_>) -> Vec<Token<'_>> {
    let mut verb = word;
    for _ in 0..4 {
        let own: Vec<_> = verb
            .dependents()
            .filter(|token| matches!(token.label(), "nsubj" | "nsubjpass"))
            .map(antecedent)
            .collect();
        if !own.is_empty() {
            return own.into_iter().chain(first_of_two(verb)).collect();
        }
        if !matches!(verb.label(), "conj" | "xcomp" | "oprd" | "acomp") {
            break;
        }
        verb = verb.head();
    }
    Vec::new()
}

/// "Who was killed": those the clause belongs to.
fn antecedent(subject: Token<'_>) -> Token<'_> {
    let verb = subject.head();
    if subject.tag().starts_with('W') && verb.label() == "relcl" { verb.head() } else { subject }
}

fn objects<'t>(preposition: Token<'t>) -> impl Iterator<Item = Token<'t>> {
    preposition.dependents().filter(|token| token.label() == "pobj")
}

/// "Along with his wife", "alongside two others": those harmed besides.
fn beside(word: Token<'_>) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    for near in word.dependents() {
        match near.text().to_lowercase().as_str() {
            "alongside" => found.extend(objects(near)),
            "along" | "together" => {
                found.extend(near.dependents().filter(|token| token.text() == "with").flat_map(objects));
            }
            "with" => {
                let is_added = near
                    .dependents()
                    .any(|token| matches!(token.text(), "along" | "together" | "Together" | "Along"));
                found.extend(objects(near).filter(|_| is_added));
            }
            _ => {}
        }
    }
    found
}

/// How many people one word of harm is taken to befall at most, so that no list costs the square of its length.
const MOST: usize = 100;

/// Adds a noun with all that is joined to it.
fn collect<'t>(head: Token<'t>, found: &mut Vec<Token<'t>>) {
    if found.len() > MOST || found.iter().any(|token| token.index() == head.index()) {
        return;
    }
    let names: Vec<_> = head.dependents().filter(|token| token.label() == "appos").collect();
    let is_counted = head.dependents().any(|token| token.label() == "nummod");
    let is_plural = matches!(head.tag(), "NNS" | "NNPS");
    if is_plural && !is_counted && names.iter().any(|name| name.tag().starts_with("NNP")) {
        // "Members of the family: Mira Vey and her sons": the list says who they are.
        names.iter().for_each(|name| collect(*name, found));
    } else {
        found.push(head);
    }
    for token in head.dependents().filter(|token| token.label() == "conj" && !is_same_person(head, *token)) {
        collect(token, found);
    }
    for token in beside(head) {
        collect(token, found);
    }
    // "A baker, Mira Vey, and her sons": the sons are joined to the name. "Two bakers, Mira Vey and her son" are two.
    if is_plural || is_counted {
        return;
    }
    for name in names {
        // "A baker, her husband and two guests" is a list of three.
        let joins = name.dependents().any(|token| token.label() == "conj");
        if joins && name.dependents().any(|token| token.label() == "poss") {
            collect(name, found);
        } else {
            joined_to(name, found);
        }
    }
}

/// Adds what is joined to the name of somebody found already.
fn joined_to<'t>(name: Token<'t>, found: &mut Vec<Token<'t>>) {
    for token in name.dependents() {
        match token.label() {
            "conj" if !is_same_person(name, token) => collect(token, found),
            "appos" => joined_to(token, found),
            _ => {}
        }
    }
}

/// "A poet and teacher", "a citizen and wife of a baker": one person in two words.
fn is_same_person(head: Token<'_>, joined: Token<'_>) -> bool {
    let opens =
        |token: Token<'_>| token.dependents().any(|word| matches!(word.label(), "det" | "poss" | "nummod"));
    let article = head.dependents().any(|word| {
        word.label() == "det" && matches!(word.text().to_lowercase().as_str(), "a" | "an" | "the")
    });
    let is_title = head.tag() == "NN" && article;
    joined.tag() == "NN"
        && !opens(joined)
        && (is_title
            || head.label() == "appos"
            || head.label() == "conj" && head.tag() == "NN" && !opens(head))
}

/// "Including a child and two nurses".
pub(super) fn parts<'t>(whole: Token<'t>) -> Vec<Token<'t>> {
    let mut found = Vec::new();
    for near in whole.dependents().filter(|token| token.text().eq_ignore_ascii_case("including")) {
        for object in objects(near) {
            collect(object, &mut found);
        }
    }
    found
}

/// "Would be killed", "was not killed".
fn is_imagined(word: Token<'_>) -> bool {
    word.dependents().any(|token| {
        token.label() == "neg"
            || (token.label() == "aux"
                && matches!(
                    token.text().to_lowercase().as_str(),
                    "would" | "could" | "will" | "might" | "should" | "can"
                ))
    })
}
