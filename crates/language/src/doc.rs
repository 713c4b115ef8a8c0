use std::ops::Range;

use crate::{sentences, tokens};

/// A text with its tokens and sentences.
pub struct Doc<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    /// The lower-case form of every token, one after the other.
    lower: String,
    sentences: Vec<Range<usize>>,
    paragraphs: Vec<Range<usize>>,
}

/// One token: a range of bytes of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
    /// What it is made of.
    pub kind: TokenKind,
    /// The position of its sentence in [`Doc::sentences`].
    pub sentence: usize,
    lower: (u32, u32),
}

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenKind {
    /// Letters, perhaps with digits, inner full stops or apostrophes: "U.S.", "T-72", "'s".
    Word,
    /// Digits with the marks that group them: "1,200", "3.5".
    Number,
    /// A quotation mark of any shape, not an apostrophe.
    Quote,
    /// Any other mark.
    Mark,
}

impl<'t> Doc<'t> {
    /// Reads the paragraphs of `text`, given as ranges of bytes in order. Words outside them get no token.
    pub fn read(text: &'t str, paragraphs: &[Range<usize>]) -> Doc<'t> {
        let mut doc = Doc {
            text,
            // Room for prose, so that the tokens of a long text are never held twice.
            tokens: Vec::with_capacity(text.len() / 5),
            lower: String::with_capacity(text.len()),
            sentences: Vec::new(),
            paragraphs: Vec::new(),
        };
        for paragraph in paragraphs {
            let Some(words) = text.get(paragraph.clone()) else { continue };
            let first = doc.sentences.len();
            for sentence in sentences(words) {
                doc.push_sentence(paragraph.start + sentence.start..paragraph.start + sentence.end);
            }
            doc.paragraphs.push(first..doc.sentences.len());
        }
        doc
    }

    fn push_sentence(&mut self, range: Range<usize>) {
        let first = self.tokens.len();
        for (token, kind) in tokens::split(&self.text[range.clone()]) {
            let (start, end) = (range.start + token.start, range.start + token.end);
            let lower_at = self.lower.len() as u32;
            self.lower.extend(self.text[start..end].chars().flat_map(char::to_lowercase));
            let lower = (lower_at, self.lower.len() as u32);
            self.tokens.push(Token { start, end, kind, sentence: self.sentences.len(), lower });
        }
        self.sentences.push(first..self.tokens.len());
    }

    /// Returns the text.
    #[inline]
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Returns all tokens, in order.
    #[inline]
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Returns the sentences as ranges of tokens, in order.
    #[inline]
    pub fn sentences(&self) -> &[Range<usize>] {
        &self.sentences
    }

    /// Returns the paragraphs as ranges of sentences, in order.
    #[inline]
    pub fn paragraphs(&self) -> &[Range<usize>] {
        &self.paragraphs
    }

    /// Returns the words of the token at `index`.
    #[inline]
    pub fn word(&self, index: usize) -> &'t str {
        &self.text[self.tokens[index].start..self.tokens[index].end]
    }

    /// Returns the words of the token at `index` in lower case.
    #[inline]
    pub fn lower(&self, index: usize) -> &str {
        let (start, end) = self.tokens[index].lower;
        &self.lower[start as usize..end as usize]
    }

    /// Returns the bytes from the first to the last of `tokens`; an empty range has none.
    pub fn bytes(&self, tokens: Range<usize>) -> Option<Range<usize>> {
        let first = self.tokens.get(tokens.start)?;
        let last = self.tokens.get(tokens.end.checked_sub(1)?)?;
        (tokens.start < tokens.end).then_some(first.start..last.end)
    }

    /// Returns the position of the first token that ends after `byte`.
    pub fn token_at(&self, byte: usize) -> usize {
        self.tokens.partition_point(|token| token.end <= byte)
    }
}
