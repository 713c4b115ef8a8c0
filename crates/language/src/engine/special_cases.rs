//! Words that are cut by a list, not by rules: contractions, abbreviations, emoticons.

use std::collections::HashSet;
use std::ops::Range;

use super::strings::{NumberMap, murmur};
use super::tokenizer::Piece;

/// What a special case is cut into.
pub(super) struct Rule {
    pub(super) pieces: Vec<RulePiece>,
}

/// One token of a special case.
pub(super) struct RulePiece {
    pub(super) length: u32,
    pub(super) orth: u64,
    /// Its normal form, or 0 for the one of its word.
    pub(super) norm: u64,
}

impl Rule {
    /// Appends the tokens of a special case that begins at `start`.
    pub(super) fn append(&self, start: usize, pieces: &mut Vec<Piece>) {
        let mut start = start as u32;
        for &RulePiece { length, orth, norm } in &self.pieces {
            let end = start + length;
            pieces.push(Piece { start, end, orth, norm, spaced: false });
            start = end;
        }
    }
}

/// All special cases.
#[derive(Default)]
pub(super) struct SpecialCases {
    rules: NumberMap<Rule>,
    longest: usize,
    /// What the rules would make of special cases that they would cut, by the first token.
    sequences: NumberMap<Vec<Vec<u64>>>,
}

impl SpecialCases {
    pub(super) fn new(rules: Vec<(String, Rule)>, sequences: Vec<Vec<u64>>) -> SpecialCases {
        let longest = rules.iter().map(|(text, _)| text.len()).max().unwrap_or(0);
        let rules = rules.into_iter().map(|(text, rule)| (murmur(text.as_bytes()), rule)).collect();
        let mut special = SpecialCases { rules, longest, ..SpecialCases::default() };
        for sequence in sequences {
            if let Some(&first) = sequence.first() {
                special.sequences.entry(first).or_default().push(sequence);
            }
        }
        special
    }

    /// Returns the special case that `text` is, if it is one.
    pub(super) fn rule(&self, text: &str) -> Option<&Rule> {
        if text.len() > self.longest {
            return None;
        }
        self.rules.get(&murmur(text.as_bytes()))
    }

    /// Puts special cases in the place of tokens that the rules cut them into.
    ///
    /// Of spans that overlap the longest one counts, and of equally long ones the first. A span whose words are no
    /// special case, because white space parts them, still keeps shorter ones away.
    pub(super) fn apply(&self, text: &str, pieces: &mut Vec<Piece>) {
        let mut spans = self.spans(pieces);
        if spans.is_empty() {
            return;
        }
        spans.sort_by_key(|span| (std::cmp::Reverse(span.len()), span.start));
        let mut seen = HashSet::new();
        spans.retain(|span| {
            let is_free = !seen.contains(&span.start) && !seen.contains(&(span.end - 1));
            seen.extend(span.clone());
            is_free
        });
        spans.sort_by_key(|span| span.start);
        *pieces = self.replaced(text, pieces, &spans);
    }

    fn spans(&self, pieces: &[Piece]) -> Vec<Range<usize>> {
        let mut spans = Vec::new();
        for (at, piece) in pieces.iter().enumerate() {
            for sequence in self.sequences.get(&piece.orth).into_iter().flatten() {
                let words = pieces[at..].iter().map(|piece| piece.orth);
                if words.take(sequence.len()).eq(sequence.iter().copied()) {
                    spans.push(at..at + sequence.len());
                }
            }
        }
        spans
    }

    fn replaced(&self, text: &str, pieces: &[Piece], spans: &[Range<usize>]) -> Vec<Piece> {
        let mut replaced = Vec::with_capacity(pieces.len());
        let mut done = 0;
        for span in spans {
            let (first, last) = (pieces[span.start], pieces[span.end - 1]);
            let Some(rule) = self.rule(&text[first.start as usize..last.end as usize]) else { continue };
            replaced.extend_from_slice(&pieces[done..span.start]);
            rule.append(first.start as usize, &mut replaced);
            if let Some(end) = replaced.last_mut() {
                end.spaced = last.spaced;
            }
            done = span.end;
        }
        replaced.extend_from_slice(&pieces[done..]);
        replaced
    }
}
