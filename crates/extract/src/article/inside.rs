//! Finds boilerplate in the middle of a text that was saved as one line: what stood between its paragraphs on the page.

use std::ops::Range;

use model::BoilerplateReason;

use super::cues;
use crate::given::Block;

/// How many sentences a line has at least that was not one paragraph.
const PARAGRAPHS: usize = 6;

/// Returns what is set aside inside one line of the article, in order; ranges count from its start.
///
/// A sentence inside a quotation stays whatever it says: somebody said it.
pub(super) fn asides(line: &str) -> Vec<Block> {
    let sentences = language::sentences(line);
    if sentences.len() < PARAGRAPHS {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut quoted = Quoted::default();
    for (at, range) in sentences.iter().enumerate() {
        let words = &line[range.clone()];
        if !quoted.is_open() {
            // The first sentence is rarely anything else, and the headline is often glued to it.
            let aside = if at > 0 { aside(words) } else { cues::stamp_of(words) };
            found.extend(aside.map(|(reason, aside)| Block {
                range: range.start + aside.start..range.start + aside.end,
                aside: Some(reason),
            }));
        }
        quoted.pass(words);
    }
    found
}

/// Finds what of a sentence is not the article: all of it, or what stands before its first word.
fn aside(sentence: &str) -> Option<(BoilerplateReason, Range<usize>)> {
    let whole = || cues::reason_inside(sentence).map(|reason| (reason, 0..sentence.len()));
    furniture(sentence).or_else(whole)
}

/// How far in front of the plugs below an article the head of a list of other reports is looked for, in bytes.
const LISTED: usize = 2500;

/// Finds where the article ends on one line with all that stood below it on the page: two plugs or more near the end, and
/// the list of other reports before them.
pub(super) fn below(line: &str) -> Option<usize> {
    let sentences = language::sentences(line);
    let is_plug = |sentence: &Range<usize>| {
        use BoilerplateReason::*;
        matches!(cues::reason(&line[sentence.clone()]), Some(Subscription | Share | Legal | Navigation))
    };
    let (mut plugs, mut between) = (Vec::new(), 0);
    for sentence in sentences.iter().skip(PARAGRAPHS).rev() {
        between += 1;
        if is_plug(sentence) {
            plugs.push(sentence.start);
            between = 0;
        }
        // One sentence between two plugs is likely another that has no cue.
        if between > 1 {
            break;
        }
    }
    let first = *plugs.last().filter(|_| plugs.len() > 1)?;
    let from = line.floor_char_boundary(first.saturating_sub(LISTED));
    Some(cues::head_below(&line[from..first]).map_or(first, |at| from + at))
}

/// Whether a quotation is open.
#[derive(Default)]
struct Quoted {
    curly: usize,
    straight: bool,
}

impl Quoted {
    fn is_open(&self) -> bool {
        self.curly > 0 || self.straight
    }

    fn pass(&mut self, words: &str) {
        for c in words.chars() {
            match c {
                '“' | '«' | '„' => self.curly += 1,
                '”' | '»' => self.curly = self.curly.saturating_sub(1),
                '"' => self.straight = !self.straight,
                _ => {}
            }
        }
    }
}

/// How far into a sentence its first word can stand, in bytes.
const WITHIN: usize = 400;

/// Finds what stands before the first word of a sentence because its line break was lost: keywords, or the headline of
/// another report, written with capitals.
fn furniture(sentence: &str) -> Option<(BoilerplateReason, Range<usize>)> {
    if let Some(found) = cues::stamp_of(sentence) {
        return Some(found);
    }
    let listed = cues::is_list_head(sentence.split(' ').next()?);
    let (mut capitals, mut at) = (0, 0);
    let mut words = sentence[..sentence.floor_char_boundary(WITHIN)].split(' ').peekable();
    while let Some(word) = words.next() {
        let before = listed && at > 0 || capitals >= HEADLINE;
        if before && is_opening(word) && words.peek().is_some_and(|next| is_small(next)) {
            let reason = if listed { BoilerplateReason::Navigation } else { BoilerplateReason::Teaser };
            return Some((reason, 0..at));
        }
        // Keywords are words of any kind; a headline has small letters only in its particles.
        if word.ends_with(STOPS) || !(listed || is_capital(word) || cues::is_particle(word)) {
            return None;
        }
        capitals += usize::from(is_capital(word));
        at += word.len() + 1;
    }
    None
}

fn is_capital(word: &str) -> bool {
    word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
}

/// Tells a word of a sentence from one of a headline.
fn is_small(word: &str) -> bool {
    word.starts_with(char::is_lowercase) && !cues::is_particle(word)
}

/// The words with a capital that a headline in a line has at least; names of people and bodies have fewer.
const HEADLINE: usize = 8;

const STOPS: [char; 8] = ['.', ',', ';', ':', '!', '?', '"', ')'];

/// Tells a word that opens a sentence and is no name: "The", "At".
fn is_opening(word: &str) -> bool {
    word.starts_with(char::is_uppercase) && cues::is_opening(&word.to_lowercase())
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    /// Five sentences, so that the line is long enough.
    const BEFORE: &str = "Shells fell on Dobrove. Three were hurt. A school burned. He left. She stayed. ";

    fn check(rest: &str, expected: Expect) {
        let line = format!("{BEFORE}{rest}");
        let shown: Vec<String> = asides(&line)
            .iter()
            .map(|block| {
                format!("{}: {}", block.aside.map_or("-", |reason| reason.name()), &line[block.range.clone()])
            })
            .collect();
        expected.assert_eq(&shown.join("\n"));
    }

    #[test]
    fn headlines_and_keywords_before_a_sentence() {
        check(
            "NORTHWIRE Old Bridge Reopens After Flood in Tarsk and Šedov, The mayor spoke. NORTHWIRE Old Bridge of \
             Tarsk Reopens After Long Flood The bridge was closed. Tags Dobrove shelling school Old Quay At least three \
             were hurt.",
            expect![[r#"
                teaser: NORTHWIRE Old Bridge of Tarsk Reopens After Long Flood 
                navigation: Tags Dobrove shelling school Old Quay "#]],
        );
    }

    #[test]
    fn a_stamp_before_a_sentence() {
        check(
            "Old Quay 1015 04.05.2031(updated 1130 04.05.2031) Get short URL 12 A ship was hit near the port.",
            expect!["share: 1015 04.05.2031(updated 1130 04.05.2031) Get short URL 12"],
        );
    }

    #[test]
    fn whole_sentences() {
        check(
            "Read more: Old bridge reopens. “Leave at once. Join us in the cellar. Go,” he said. The General Staff of \
             the Armed Forces of Vesk Major General Ilya Orlov The Elder spoke.",
            expect!["teaser: Read more: Old bridge reopens."],
        );
    }

    #[test]
    fn a_short_line_is_one_paragraph() {
        assert_eq!(asides("He left. Read more: Old bridge reopens. She stayed."), []);
    }
}
