//! Small letters for text that is all in capitals, as wire copy and intercepted messages often are.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use serde::Deserialize;

#[derive(Deserialize)]
struct Words {
    phrases: Vec<String>,
    titles: HashSet<String>,
    given_names: HashSet<String>,
    openers: HashSet<String>,
    spoken_acronyms: HashSet<String>,
    notes: HashSet<String>,
    months_that_are_words: HashSet<String>,
}

struct Lexicon {
    words: Words,
    /// Phrases by their first words, each as its words.
    phrases: HashMap<String, Vec<Vec<String>>>,
    /// English words that are no names.
    english: HashSet<&'static str>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let words: Words = serde_json::from_str(include_str!("../lexicons/capitals.json"))
        .expect("the lexicon is part of the program and a test parses it");
    let mut phrases: HashMap<String, Vec<Vec<String>>> = HashMap::default();
    for phrase in &words.phrases {
        let phrase: Vec<String> = phrase.split(' ').map(str::to_owned).collect();
        phrases.entry(phrase[0].clone()).or_default().push(phrase);
    }
    Lexicon { words, phrases, english: include_str!("../lexicons/english-words.txt").lines().collect() }
});

/// Gives paragraphs that are all in capitals their small letters back; other text is returned as it is.
///
/// Every byte stays where it is, so that spans found in the result hold in the original. A word that English does not
/// know is a name and keeps its first capital, or all of them if nobody could speak it. Square brackets, in which
/// monitoring services add their notes, become round ones, and line ends inside a paragraph become blanks: this is how
/// the language engine has seen such things.
pub(crate) fn restored<'t>(text: &'t str, paragraphs: &[Range<usize>]) -> Cow<'t, str> {
    let capital = |range: &&Range<usize>| text.get((*range).clone()).is_some_and(is_in_capitals);
    if !paragraphs.iter().any(|range| capital(&range)) {
        return Cow::Borrowed(text);
    }
    let mut restored = String::with_capacity(text.len());
    for range in paragraphs.iter().filter(capital) {
        if range.start < restored.len() {
            continue;
        }
        restored.push_str(&text[restored.len()..range.start]);
        let words = without_notes(&text[range.clone()]);
        lower(&words, &mut restored);
    }
    restored.push_str(&text[restored.len()..]);
    Cow::Owned(restored)
}

/// Tells whether a word in small letters is one of English that is no name.
pub(crate) fn is_english(small: &str) -> bool {
    LEXICON.english.contains(small)
}

/// Tells whether nearly all letters are capitals, and enough of them to tell.
fn is_in_capitals(words: &str) -> bool {
    const ENOUGH: usize = 20;
    let small = words.bytes().filter(u8::is_ascii_lowercase).count();
    let capital = words.bytes().filter(u8::is_ascii_uppercase).count();
    capital >= ENOUGH && small * 20 < capital
}

/// Puts blanks in place of the notes of a monitoring service: "[TEXT]", "[WORDS INDISTINCT]", and all brackets at the start.
fn without_notes(words: &str) -> Cow<'_, str> {
    let mut bare: Option<String> = None;
    let mut at_start = true;
    let mut done = 0;
    while let Some(open) = words[done..].find('[').map(|at| done + at) {
        at_start &= words[done..open].trim().is_empty();
        let Some(close) = words[open..].find(']').map(|at| open + at + 1) else { break };
        let note = words[open + 1..close - 1].to_lowercase();
        if at_start || LEXICON.words.notes.contains(note.trim()) {
            let bare = bare.get_or_insert_with(|| words.to_owned());
            bare.replace_range(open..close, &words[open..close].chars().map(blank).collect::<String>());
        }
        done = close;
    }
    bare.map_or(Cow::Borrowed(words), Cow::Owned)
}

/// Returns a blank of as many bytes, so that every character keeps its place; there is none of four.
fn blank(c: char) -> char {
    match c.len_utf8() {
        1 => ' ',
        2 => '\u{a0}',
        3 => '\u{2003}',
        _ => c,
    }
}

/// A word of a paragraph: letters, with nothing between them.
struct Word<'t> {
    range: Range<usize>,
    small: String,
    text: &'t str,
}

impl Word<'_> {
    fn is_english(&self) -> bool {
        is_english(&self.small)
    }

    fn capitals(&self) -> &str {
        &self.text[self.range.clone()]
    }

    fn before(&self) -> &str {
        self.text[..self.range.start].trim_end_matches([' ', '\n', '\r'])
    }

    fn touches_before(&self, mark: char) -> bool {
        self.text[..self.range.start].ends_with(mark)
    }

    fn touches_after(&self, mark: char) -> bool {
        self.text[self.range.end..].starts_with(mark)
    }
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphabetic(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                start = None;
                let small = text[from..at].to_lowercase();
                words.push(Word { range: from..at, small, text });
            }
            _ => {}
        }
    }
    words
}

fn lower(text: &str, into: &mut String) {
    let words = words(text);
    let mut done = 0;
    let mut named_until = 0;
    for (at, word) in words.iter().enumerate() {
        push_between(&text[done..word.range.start], into);
        if let Some(length) = phrase_at(&words, at) {
            named_until = named_until.max(at + length);
        }
        into.push_str(&cased(&words, at, at < named_until));
        done = word.range.end;
    }
    push_between(&text[done..], into);
}

fn push_between(between: &str, into: &mut String) {
    into.extend(between.chars().map(|c| match c {
        '[' => '(',
        ']' => ')',
        '\n' | '\r' => ' ',
        c => c,
    }));
}

/// Returns how many words the phrase at this word has, if one begins here.
fn phrase_at(words: &[Word<'_>], at: usize) -> Option<usize> {
    let phrases = LEXICON.phrases.get(&words[at].small)?;
    let fits = |phrase: &&Vec<String>| {
        phrase.iter().enumerate().all(|(i, word)| words.get(at + i).is_some_and(|w| w.small == *word))
    };
    phrases.iter().filter(fits).map(Vec::len).max()
}

/// Returns a word with the capitals that it should have; of the same length, or untouched.
fn cased(words: &[Word<'_>], at: usize, is_named: bool) -> String {
    let word = &words[at];
    let text = match () {
        () if !keeps_its_bytes(word) => return word.capitals().to_owned(),
        () if is_tail(words, at) => word.small.clone(),
        () if is_named => capitalised(&word.small),
        () if is_acronym(word) => return word.capitals().to_owned(),
        () if !word.is_english() || opens_name(words, at) || is_month(word) || is_among_names(words, at) => {
            capitalised(&word.small)
        }
        () => word.small.clone(),
    };
    if opens_sentence(word) { capitalised(&text) } else { text }
}

/// Tells whether each letter has a small one of as many bytes.
fn keeps_its_bytes(word: &Word<'_>) -> bool {
    let alike = |(capital, small): (char, char)| capital.len_utf8() == small.len_utf8();
    word.small.len() == word.range.len()
        && word.small.chars().count() == word.capitals().chars().count()
        && word.capitals().chars().zip(word.small.chars()).all(alike)
}

fn capitalised(small: &str) -> String {
    let mut chars = small.chars();
    let Some(first) = chars.next() else { return String::new() };
    let capital: String = first.to_uppercase().collect();
    // A letter whose capital is another number of letters or bytes stays small: bytes must stay where they are.
    let alike = capital.chars().count() == 1 && capital.len() == first.len_utf8();
    if alike { capital + chars.as_str() } else { small.to_owned() }
}

/// Tells whether a word is what an apostrophe leaves: the "S" of "ARMY'S", not the "AUBUISSON" of "D'AUBUISSON".
fn is_tail(words: &[Word<'_>], at: usize) -> bool {
    let word = &words[at];
    let joined = word.touches_before('\'') || word.touches_before('’');
    joined && at > 0 && words[at - 1].small.len() > 1 && word.small.len() < 3
}

/// Tells whether a word is written in capitals anywhere: letters with full stops, in brackets, or unspeakable.
fn is_acronym(word: &Word<'_>) -> bool {
    let letters = word.small.len();
    if letters == 1 {
        return !matches!(word.small.as_str(), "a" | "s" | "y" | "e") || word.touches_after('.');
    }
    if word.is_english() {
        return false;
    }
    let bracketed = (word.touches_before('[') || word.touches_before('('))
        && (word.touches_after(']') || word.touches_after(')'));
    let vowels = word.small.bytes().filter(|byte| b"aeiouy".contains(byte)).count();
    LEXICON.words.spoken_acronyms.contains(&word.small)
        || letters <= 6 && bracketed
        || letters <= 5 && vowels == 0 && !matches!(word.small.as_str(), "mr" | "mrs" | "dr" | "st" | "msgr")
        || letters == 3 && vowels == 1 && is_cluster(&word.small)
}

/// Tells whether three letters end or begin like no spoken word: "ELN", "DPA".
fn is_cluster(small: &str) -> bool {
    let consonant = |byte: &u8| !b"aeiouy".contains(byte);
    let bytes = small.as_bytes();
    let pair = |pair: &[u8]| pair.iter().all(consonant);
    bytes.len() == 3
        && (pair(&bytes[..2]) && !matches!(bytes[1], b'l' | b'r')
            || pair(&bytes[1..]) && !matches!(bytes[1], b'l' | b'r' | b'n'))
}

/// Tells whether a title or particle stands in front of a name: "GENERAL OROVA", "LA OROVA".
fn opens_name(words: &[Word<'_>], at: usize) -> bool {
    let word = &words[at];
    let next = words.get(at + 1).filter(|next| &word.text[word.range.end..next.range.start] == " ");
    let Some(next) = next else { return false };
    let lexicon = &LEXICON.words;
    let named = !next.is_english() && !is_acronym(next);
    named && (lexicon.titles.contains(&word.small) || lexicon.openers.contains(&word.small))
}

/// Tells whether a word that is also a name stands beside a name: "ROSE OROVA", "OROVA ROSE".
fn is_among_names(words: &[Word<'_>], at: usize) -> bool {
    let word = &words[at];
    let named = |other: &Word<'_>| !other.is_english() && other.small.len() > 2 && !is_acronym(other);
    let beside = |from: usize, to: usize| matches!(&word.text[from..to], " " | "\n");
    LEXICON.words.given_names.contains(&word.small)
        && (words.get(at + 1).is_some_and(|next| beside(word.range.end, next.range.start) && named(next))
            || at > 0 && beside(words[at - 1].range.end, word.range.start) && named(&words[at - 1]))
}

/// Tells whether "MARCH" or "MAY" stands beside a number.
fn is_month(word: &Word<'_>) -> bool {
    if !LEXICON.words.months_that_are_words.contains(&word.small) {
        return false;
    }
    let digit = |c: char| c.is_ascii_digit();
    let after = word.text[word.range.end..].trim_start_matches([' ', '\n', '\r']);
    word.before().ends_with(digit) || after.starts_with(digit)
}

fn opens_sentence(word: &Word<'_>) -> bool {
    let before = word.before().trim_end_matches(['"', '\'', '(', '[', '“', ')', ']', '-', ' ', '\n']);
    let quoted = word.touches_before('"') && word.before().trim_end_matches('"').trim_end().ends_with(',');
    before.is_empty()
        || before.ends_with(['!', '?', ':'])
        || before.ends_with('.') && !ends_abbreviation(before)
        || quoted
}

/// Tells whether the full stop belongs to a single letter: "U.S. EMBASSY".
fn ends_abbreviation(before: &str) -> bool {
    let mut back = before.chars().rev().skip(1);
    back.next().is_some_and(char::is_alphabetic) && !back.next().is_some_and(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: Expect) {
        let whole = 0..text.len();
        expected.assert_eq(&restored(text, &[whole]));
    }

    #[test]
    fn names_keep_their_capitals() {
        check(
            "GENERAL OROVA'S TROOPS ENTERED THE VILLAGE OF LA VARDENA ON 3 MARCH.  \"WE MARCH,\" HE SAID.",
            expect![[
                "General Orova's troops entered the village of La Vardena on 3 March.  \"We march,\" he said."
            ]],
        );
    }

    #[test]
    fn acronyms_and_notes() {
        check(
            "THE VARDENIAN LIBERATION FRONT [VLF] AND THE U.S. EMBASSY IN THE UNITED STATES\nSAID SO. I AGREE, A BKR MAN SAID.",
            expect![[
                "The Vardenian liberation front (VLF) and the U.S. embassy in the United States said so. I agree, a BKR man said."
            ]],
        );
    }

    #[test]
    fn other_text_is_left_alone() {
        check("The VLF said so. Nobody else did.", expect!["The VLF said so. Nobody else did."]);
        check("NO.", expect!["NO."]);
    }

    #[test]
    fn letters_beyond_ascii() {
        check(
            "THE MAYOR OF ŚNIEGÓW DENIED THAT ŁUKASZ D'OROVÁ WAS THERE.",
            expect![["The mayor of Śniegów denied that Łukasz D'Orová was there."]],
        );
    }

    proptest! {
        #[test]
        fn no_byte_moves(text in "(([A-ZŚİßÉ'’\\[\\] .\n-]|THE|SAN ){0,60}|\\PC{0,40})", cut in 0usize..40) {
            let at = text.floor_char_boundary(cut.min(text.len()));
            let whole = restored(&text, &[0..at, at..text.len()]).into_owned();
            prop_assert_eq!(whole.len(), text.len());
            for at in 0..text.len() {
                prop_assert_eq!(whole.is_char_boundary(at), text.is_char_boundary(at));
            }
        }
    }
}
