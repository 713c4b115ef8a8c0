//! One sentence of a report with its heads and names.

use std::ops::Range;

use language::Doc;
use language::engine::{Parse, Token};

use crate::numbers;
use crate::syntax::{Parsed, Syntax};

/// A sentence that was read whole.
pub(super) struct Sentence<'c> {
    pub(super) number: usize,
    doc: &'c Doc<'c>,
    parsed: &'c Parsed,
}

impl<'c> Sentence<'c> {
    pub(super) fn new(doc: &'c Doc<'c>, syntax: &'c Syntax<'c>, number: usize) -> Sentence<'c> {
        Sentence { number, doc, parsed: syntax.sentence(number) }
    }

    pub(super) fn parse(&self) -> &'c Parse {
        self.parsed.parse()
    }

    /// Returns where tokens stand in the text.
    pub(super) fn bytes(&self, tokens: Range<usize>) -> Option<Range<usize>> {
        let first = self.parsed.bytes(self.parse().token(tokens.start));
        let last = self.parsed.bytes(self.parse().token(tokens.end.checked_sub(1)?));
        Some(first.start..last.end)
    }

    /// Returns words of the text in small letters, one blank between them.
    pub(super) fn lower(&self, bytes: Range<usize>) -> String {
        let words = self.doc.text().get(bytes).unwrap_or_default().to_lowercase();
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub(super) fn lower_token(&self, token: Token<'_>) -> String {
        token.text().to_lowercase()
    }

    /// Returns the token that covers a byte.
    pub(super) fn token_at(&self, byte: usize) -> Option<Token<'c>> {
        self.parsed.token_at(byte)
    }

    /// Returns the verb that the words at a byte belong to, and the noun if one stands between.
    pub(super) fn governors(&self, byte: usize) -> Vec<Token<'c>> {
        const FAR: usize = 8;
        let mut found = Vec::new();
        let Some(mut at) = self.token_at(byte) else { return found };
        for _ in 0..FAR {
            let head = at.head();
            if head.index() == at.index() {
                break;
            }
            at = head;
            if at.tag().starts_with(['V', 'N']) {
                found.push(at);
            }
            if at.tag().starts_with('V') {
                break;
            }
        }
        found
    }

    /// Returns the value of a number.
    pub(super) fn number_at(&self, token: Token<'_>) -> Option<u64> {
        let at = self.doc.token_at(self.parsed.bytes(token).start);
        numbers::plain(self.doc, at).map(|(value, _)| value)
    }
}
