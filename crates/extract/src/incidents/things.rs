//! Persons, objects and weapons as noun phrases name them.

use std::ops::Range;

use language::engine::Token;

use super::Count;
use super::lexicon::{Class, LEXICON};
use super::sentence::Sentence;

/// Somebody or something that is named in a sentence.
#[derive(Debug, Clone)]
pub(super) struct Thing {
    pub(super) sentence: usize,
    /// The noun that the others describe, as a range of bytes.
    pub(super) head: Range<usize>,
    /// The noun with what describes it in front, without articles and numbers.
    pub(super) words: Range<usize>,
    /// The same in small letters.
    pub(super) lower: String,
    /// A person's name.
    pub(super) name: Option<Range<usize>>,
    /// What a named person is called beside the name.
    pub(super) title: Option<Range<usize>>,
    /// The title in small letters.
    pub(super) title_lower: Option<String>,
    pub(super) count: Count,
    pub(super) class: Option<Class>,
    /// Whether an armed group or force of the state is meant, rather than people.
    pub(super) is_group: bool,
    pub(super) is_state: bool,
    /// "He", "them": somebody who was named before.
    pub(super) is_pronoun: bool,
}

/// Reads the noun phrase around a noun, and those coordinated with it.
pub(super) fn things(sentence: &Sentence<'_>, head: Token<'_>) -> Vec<Thing> {
    let mut found = Vec::new();
    let mut heads = vec![head];
    while let Some(head) = heads.pop() {
        match thing(sentence, head) {
            Some(group) if group.name.is_none() && group.count != Count::Exact(1) => {
                let members = members(sentence, head, &group);
                if members.is_empty() { found.push(group) } else { found.extend(members) }
            }
            thing => found.extend(thing),
        }
        if found.len() < MOST {
            heads.extend(head.dependents().filter(|token| token.label() == "conj"));
        }
    }
    share_title(&mut found);
    found
}

/// Gives the title in front of the first name of a list to the others: "engineers Vey, Oro and Mill".
fn share_title(things: &mut [Thing]) {
    let Some((first, rest)) = things.split_first_mut() else { return };
    let Some(title) = first.title.clone().filter(|_| first.name.is_some()) else { return };
    if !first.lower.split(' ').any(|word| word.ends_with('s') && LEXICON.class(word).is_some()) {
        return;
    }
    for thing in rest.iter_mut().filter(|thing| thing.name.is_some() && thing.title.is_none()) {
        thing.title = Some(title.clone());
    }
}

/// Returns those whom a list beside a plural names: "two engineers, Vey and Oro".
fn members(sentence: &Sentence<'_>, head: Token<'_>, group: &Thing) -> Vec<Thing> {
    let mut heads: Vec<Token<'_>> = head.dependents().filter(|token| token.label() == "appos").collect();
    let mut found = Vec::new();
    while let Some(head) = heads.pop() {
        if let Some(mut member) = thing(sentence, head).filter(|member| member.name.is_some()) {
            member.title = member.title.or(Some(group.words.clone()));
            found.push(member);
        }
        if found.len() < MOST {
            heads.extend(head.dependents().filter(|token| token.label() == "conj"));
        }
    }
    if matches!(group.class, Some(Class::Person(_))) { found } else { Vec::new() }
}

/// No list of those who were hit is read further.
const MOST: usize = 40;

/// Reads one noun phrase; what is no noun names nothing.
pub(super) fn thing(sentence: &Sentence<'_>, head: Token<'_>) -> Option<Thing> {
    let head = meant(sentence, head)?;
    if head.tag() == "PRP" {
        return pronoun(sentence, head);
    }
    if !head.tag().starts_with('N') {
        return None;
    }
    let first = first_word(head);
    let bytes = |range: Range<usize>| sentence.bytes(range);
    let words = bytes(first..head.index() + 1)?;
    let lower = sentence.lower(words.clone());
    let wide = wide(sentence, first, head);
    let class = LEXICON.class(&lower).map(|class| LEXICON.refined(class, &wide));
    let mut thing = Thing {
        sentence: sentence.number,
        head: bytes(head.index()..head.index() + 1)?,
        words,
        count: count(sentence, head),
        class,
        name: None,
        title: None,
        title_lower: None,
        is_group: is_group(&lower),
        is_state: LEXICON.is_state(&lower),
        is_pronoun: false,
        lower,
    };
    let named_from = name_start(sentence, first..head.index() + 1);
    let is_name = named_from.is_some_and(|from| is_person(sentence, from..head.index() + 1));
    if let Some(from) = named_from.filter(|_| is_name && class.is_none() && !thing.is_group) {
        thing.name = bytes(from..head.index() + 1);
        thing.title = if from > first { bytes(first..from) } else { None };
        thing.count = Count::Exact(1);
    }
    // An age stands between commas too: "Mira Vey, 45, a teacher".
    let is_beside = |token: &Token<'_>| token.label() == "appos" && token.tag().starts_with('N');
    if let Some(apposed) = head.dependents().find(is_beside) {
        beside(sentence, &mut thing, apposed);
    }
    thing.title_lower = thing.title.clone().map(|title| sentence.lower(title));
    Some(thing)
}

/// Returns a noun phrase in small letters with what "of" and an owner add to it.
fn wide(sentence: &Sentence<'_>, first: usize, head: Token<'_>) -> String {
    const REACH: usize = 8;
    let owner = head
        .dependents()
        .find(|token| token.label() == "poss")
        .map_or(first, |token| leftmost_compound(token).min(first));
    let of = head
        .dependents()
        .find(|token| token.label() == "prep" && matches!(token.text(), "of" | "from" | "for"));
    let end = of.map_or(head.index() + 1, |of| {
        let object = of.dependents().find(|token| token.label() == "pobj");
        object.map_or(head.index() + 1, |object| object.index() + 1).min(head.index() + REACH)
    });
    sentence.bytes(owner..end.max(head.index() + 1)).map(|bytes| sentence.lower(bytes)).unwrap_or_default()
}

fn pronoun(sentence: &Sentence<'_>, token: Token<'_>) -> Option<Thing> {
    let lower = sentence.lower_token(token);
    let count = match lower.as_str() {
        "he" | "she" | "him" | "her" => Count::Exact(1),
        "they" | "them" => Count::Many,
        _ => return None,
    };
    let head = sentence.bytes(token.index()..token.index() + 1)?;
    Some(Thing {
        sentence: sentence.number,
        words: head.clone(),
        head,
        lower,
        name: None,
        title: None,
        title_lower: None,
        count,
        class: Some(Class::Person(super::PersonClass::Civilian)),
        is_group: false,
        is_state: false,
        is_pronoun: true,
    })
}

/// Joins a name with what stands beside it between commas.
fn beside(sentence: &Sentence<'_>, thing: &mut Thing, apposed: Token<'_>) {
    let first = first_word(apposed);
    let tokens = first..apposed.index() + 1;
    let from = name_start(sentence, tokens.clone());
    let named = from.is_some_and(|from| is_person(sentence, from..tokens.end));
    if thing.name.is_some() {
        if !named && apposed.tag().starts_with('N') && thing.title.is_none() {
            thing.title = sentence.bytes(tokens);
        }
    } else if named && matches!(thing.class, Some(Class::Person(_)) | None) && thing.count == Count::Exact(1)
    {
        thing.title = Some(thing.words.clone());
        thing.name = from.and_then(|from| sentence.bytes(from..tokens.end));
    }
}

/// Follows "who" to its noun, and "two of the miners" to the miners.
fn meant<'p>(sentence: &Sentence<'p>, token: Token<'p>) -> Option<Token<'p>> {
    if matches!(token.tag(), "WP" | "WDT") {
        let mut verb = token.head();
        for _ in 0..4 {
            if matches!(verb.label(), "relcl") {
                return Some(verb.head());
            }
            verb = verb.head();
        }
        return None;
    }
    let of = |token: Token<'p>| {
        let prep =
            token.dependents().find(|dependent| dependent.label() == "prep" && dependent.text() == "of")?;
        prep.dependents().find(|dependent| dependent.label() == "pobj")
    };
    let counts = token.tag() == "CD"
        || matches!(
            sentence.lower_token(token).as_str(),
            "some"
                | "many"
                | "most"
                | "all"
                | "several"
                | "number"
                | "dozens"
                | "hundreds"
                | "thousands"
                | "scores"
                | "series"
                | "couple"
                | "one"
                | "each"
        );
    if counts { of(token).or(Some(token)) } else { Some(token) }
}

/// Returns the first token of the words that describe a noun from the front.
fn first_word(head: Token<'_>) -> usize {
    let describes = |token: &Token<'_>| {
        token.index() < head.index()
            && !is_time(&token.text().to_lowercase())
            && (matches!(token.label(), "compound" | "amod" | "nmod"))
    };
    let mut first = head.index();
    for token in head.dependents().filter(describes) {
        first = first.min(leftmost_compound(token));
    }
    first
}

/// Tells whether a word in front of a noun is a slip of the parse from a date: "on 3 March gunmen".
fn is_time(small: &str) -> bool {
    matches!(
        small,
        "january"
            | "february"
            | "march"
            | "april"
            | "may"
            | "june"
            | "july"
            | "august"
            | "september"
            | "october"
            | "november"
            | "december"
            | "morning"
            | "afternoon"
            | "evening"
            | "night"
            | "today"
            | "yesterday"
            | "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
    )
}

fn leftmost_compound(token: Token<'_>) -> usize {
    token
        .dependents()
        .filter(|dependent| {
            dependent.index() < token.index()
                && matches!(dependent.label(), "compound" | "amod" | "nmod" | "advmod" | "npadvmod")
        })
        .map(|dependent| dependent.index())
        .min()
        .unwrap_or(token.index())
}

/// Returns where the run of capital words begins that ends a phrase.
fn name_start(sentence: &Sentence<'_>, tokens: Range<usize>) -> Option<usize> {
    let parse = sentence.parse();
    let capital = |at: &usize| {
        let token = parse.token(*at);
        let text = token.text();
        let title = LEXICON.class(&text.to_lowercase()).is_some() && tokens.len() > 1;
        text.starts_with(char::is_uppercase) && token.tag().starts_with("NNP") && !title
    };
    let from = tokens.clone().rev().take_while(capital).last()?;
    Some(from)
}

/// Tells whether a run of capital words is a person: the engine says so, or a title stands in front.
fn is_person(sentence: &Sentence<'_>, tokens: Range<usize>) -> bool {
    let parse = sentence.parse();
    let last = parse.token(tokens.end - 1);
    let label = last.name().and_then(|at| parse.names().nth(at)).map(|name| name.label.to_owned());
    let titled = tokens.start > 0 && {
        let before = parse.token(tokens.start - 1).text().to_lowercase();
        matches!(LEXICON.class(&before), Some(Class::Person(_)))
            || matches!(before.as_str(), "mr" | "mr." | "mrs" | "dr" | "dr." | "msgr")
    };
    match label.as_deref() {
        Some("PERSON") => true,
        Some("GPE" | "NORP" | "DATE" | "LOC" | "FAC") => titled,
        _ => {
            titled
                || tokens.len() >= 2
                    && tokens
                        .clone()
                        .all(|at| !crate::capitals::is_english(&parse.token(at).text().to_lowercase()))
        }
    }
}

fn is_group(lower: &str) -> bool {
    LEXICON.group(lower).is_some()
        || LEXICON.is_state_force(lower)
        || lower.split(' ').next_back().is_some_and(|last| LEXICON.group(last).is_some())
}

/// Reads how many are meant.
fn count(sentence: &Sentence<'_>, head: Token<'_>) -> Count {
    let number = head.dependents().find(|token| token.label() == "nummod" && token.index() < head.index());
    let outer = head.head();
    let number = number.or_else(|| {
        // "Two of the miners": the number is the head of "of".
        let counted = head.label() == "pobj" && outer.text() == "of" && outer.head().tag() == "CD";
        counted.then(|| outer.head())
    });
    let plural = matches!(head.tag(), "NNS" | "NNPS") || matches!(head.text(), "people" | "police");
    let Some(number) = number else {
        return if plural { Count::Many } else { Count::Exact(1) };
    };
    let Some(value) = sentence.number_at(number) else { return Count::Many };
    let before: Vec<String> = number
        .dependents()
        .chain(head.dependents())
        .filter(|token| token.index() < number.index() && number.index() - token.index() < 4)
        .map(|token| token.text().to_lowercase())
        .collect();
    let says = |words: &[&str]| before.iter().any(|word| words.contains(&word.as_str()));
    match () {
        () if says(&["least", "over"]) || says(&["more"]) => Count::AtLeast(value),
        () if says(&["about", "approximately", "some", "around", "nearly", "almost"]) => Count::About(value),
        () => Count::Exact(value),
    }
}
