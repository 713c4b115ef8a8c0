use std::ops::Range;

use crate::TokenKind;

/// Splits a sentence into tokens.
pub(crate) fn split(sentence: &str) -> Vec<(Range<usize>, TokenKind)> {
    let mut tokens = Vec::new();
    let mut chars = sentence.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        if first.is_whitespace() {
            continue;
        }
        let mut end = start + first.len_utf8();
        let kind = if first.is_alphanumeric() {
            while let Some((at, next)) = chars.next_if(|(_, next)| next.is_alphanumeric()) {
                end = at + next.len_utf8();
            }
            if first.is_numeric() { TokenKind::Number } else { TokenKind::Word }
        } else if "\"“”„«»'‘’".contains(first) {
            TokenKind::Quote
        } else {
            TokenKind::Mark
        };
        tokens.push((start..end, kind));
    }
    tokens
}
