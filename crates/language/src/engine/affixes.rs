//! What is cut from the front, the end and the middle of a word.
//!
//! These are the prefix, suffix and infix patterns of spaCy's English tokeniser, written out as scanners. A pattern
//! that looks at a neighbour sees no further than the word that is left, as the patterns do.

use std::collections::HashSet;
use std::ops::Range;

use super::characters::{Characters, Class};

/// Finds what is to be cut from a word.
pub(super) struct Affixes {
    pub(super) characters: Characters,
    /// Units and currencies that are cut when they follow a digit.
    after_digit: HashSet<Box<str>>,
    longest_after_digit: usize,
}

impl Affixes {
    pub(super) fn new(characters: Characters, after_digit: &[String]) -> Affixes {
        let longest_after_digit = after_digit.iter().map(String::len).max().unwrap_or(0);
        let after_digit = after_digit.iter().map(|unit| unit.as_str().into()).collect();
        Affixes { characters, after_digit, longest_after_digit }
    }

    fn is(&self, c: Option<char>, class: Class) -> bool {
        self.characters.has(c, class)
    }

    /// Returns the length of what is cut from the front, or 0.
    pub(super) fn prefix(&self, word: &str) -> usize {
        let Some(first) = word.chars().next() else { return 0 };
        let rest = &word[first.len_utf8()..];
        match first {
            '+' if !starts_with_digit(rest) => 1,
            '.' if rest.starts_with('.') => run_of_stops(word),
            'U' if rest.starts_with("S$") => 3,
            'C' | 'A' if rest.starts_with('$') => 2,
            _ if self.characters.is(first, Class::Prefix) => first.len_utf8(),
            _ => 0,
        }
    }

    /// Returns the length of what is cut from the end, or 0. Where several rules fit, the longest one counts.
    pub(super) fn suffix(&self, word: &str) -> usize {
        let Some(last) = word.chars().next_back() else { return 0 };
        let before = &word[..word.len() - last.len_utf8()];
        let one = match last {
            '.' if before.ends_with('.') => run_of_stops_at_end(word),
            '.' => usize::from(self.is_cut_stop(before)),
            's' | 'S' if before.ends_with('\'') => 2,
            's' | 'S' if before.ends_with('’') => 1 + '’'.len_utf8(),
            '…' if before.ends_with('…') => 2 * '…'.len_utf8(),
            _ if self.characters.is(last, Class::Suffix) => last.len_utf8(),
            _ => 0,
        };
        one.max(self.after_digit(word))
    }

    /// Tells whether a single full stop is cut off after `before`.
    fn is_cut_stop(&self, before: &str) -> bool {
        let mut back = before.chars().rev();
        let (last, second) = (back.next(), back.next());
        let is_degree = matches!(last, Some('F' | 'f' | 'C' | 'c' | 'K' | 'k')) && second == Some('°');
        is_degree
            || self.is(last, Class::BeforeStop)
            || (self.is(last, Class::Upper) && self.is(second, Class::Upper))
    }

    /// Returns the length of the plus sign, unit or currency that follows the last digit, or 0.
    fn after_digit(&self, word: &str) -> usize {
        let tail = word.bytes().rev().take(self.longest_after_digit + 1);
        let Some(length) = tail.into_iter().position(|byte| byte.is_ascii_digit()) else { return 0 };
        let unit = &word[word.len() - length..];
        if unit == "+" || self.after_digit.contains(unit) { length } else { 0 }
    }

    /// Calls `cut` with each range that stands for itself inside a word.
    pub(super) fn infixes(&self, word: &str, mut cut: impl FnMut(Range<usize>)) {
        let mut before = None;
        let mut at = 0;
        while let Some(here) = word[at..].chars().next() {
            let length = self.infix(before, here, &word[at..]);
            if length > 0 {
                cut(at..at + length);
            }
            let step = length.max(here.len_utf8());
            before = word[at..at + step].chars().next_back();
            at += step;
        }
    }

    /// Returns the length of the infix at the start of `rest`, or 0.
    fn infix(&self, before: Option<char>, here: char, rest: &str) -> usize {
        if here.is_ascii_alphanumeric() {
            return 0;
        }
        let after = rest[here.len_utf8()..].chars().next();
        let is_digit = before.is_some_and(|c| c.is_ascii_digit());
        let is_alpha = self.is(before, Class::Alpha);
        match here {
            '.' if after == Some('.') => run_of_stops(rest),
            '…' => '…'.len_utf8(),
            '+' | '-' | '*' | '^' if is_digit && after.is_some_and(|c| c.is_ascii_digit() || c == '-') => 1,
            '.' => usize::from(self.parts_sentence(before, after)),
            ',' => usize::from(is_alpha && self.is(after, Class::Alpha)),
            '-' | '–' | '—' | '~' if is_digit || is_alpha => self.hyphen(rest),
            ':' | '<' | '>' | '=' | '/' => {
                usize::from((is_alpha || is_digit) && self.is(after, Class::Alpha))
            }
            _ if self.characters.is(here, Class::Icon) => here.len_utf8(),
            _ => 0,
        }
    }

    /// Tells whether a full stop parts a word in small letters from one in capitals.
    fn parts_sentence(&self, before: Option<char>, after: Option<char>) -> bool {
        let is_end = self.is(before, Class::Lower) || self.is(before, Class::Quote);
        is_end && (self.is(after, Class::Upper) || self.is(after, Class::Quote))
    }

    /// Returns the length of the hyphen or dash that stands before a letter at the start of `rest`, or 0.
    fn hyphen(&self, rest: &str) -> usize {
        let fits = |hyphen: &str| {
            rest.strip_prefix(hyphen).is_some_and(|after| self.is(after.chars().next(), Class::Alpha))
        };
        let hyphens = ["-", "–", "—", "--", "---", "——", "~"];
        hyphens.into_iter().find(|hyphen| fits(hyphen)).map_or(0, str::len)
    }
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

fn run_of_stops(text: &str) -> usize {
    text.len() - text.trim_start_matches('.').len()
}

fn run_of_stops_at_end(text: &str) -> usize {
    text.len() - text.trim_end_matches('.').len()
}
