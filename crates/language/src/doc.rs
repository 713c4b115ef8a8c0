use std::ops::Range;

use crate::{sentences, tokens};

/// A text with its tokens and sentences.
pub struct Doc<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    /// The lower-case forms of the tokens that are not written so.
    lower: String,
    sentences: Vec<Range<usize>>,
    paragraphs: Vec<Range<usize>>,
}

/// One token: a range of bytes of the text.
///
/// A long text has millions, so that the numbers are no wider than a text of 4 GiB needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    start: u32,
    end: u32,
    sentence: u32,
    /// Where its lower-case form starts.
    lower: u32,
    /// The length of its lower-case form; 0 if the token is written so.
    lower_length: u16,
    /// What it is made of.
    pub kind: TokenKind,
}

impl Token {
    /// Returns the first byte.
    #[inline]
    pub fn start(&self) -> usize {
        self.start as usize
    }

    /// Returns the byte after the last one.
    #[inline]
    pub fn end(&self) -> usize {
        self.end as usize
    }

    /// Returns the position of its sentence in [`Doc::sentences`].
    #[inline]
    pub fn sentence(&self) -> usize {
        self.sentence as usize
    }
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
    /// Reads the paragraphs of `text`, given as ranges of bytes in order. Words outside them get no token, nor do long
    /// stretches without an end of a sentence that are mostly marks, nor what lies beyond 4 GiB.
    pub fn read(text: &'t str, paragraphs: &[Range<usize>]) -> Doc<'t> {
        let text = &text[..text.floor_char_boundary(u32::MAX as usize)];
        let mut doc = Doc {
            text,
            // Room for prose, so that the tokens of a long text are never held twice.
            tokens: Vec::with_capacity(text.len() / 5),
            lower: String::new(),
            sentences: Vec::new(),
            paragraphs: Vec::new(),
        };
        for paragraph in paragraphs {
            let Some(words) = text.get(paragraph.clone()) else { continue };
            let first = doc.sentences.len();
            for sentence in sentences(words).into_iter().flat_map(|sentence| pieces(words, sentence)) {
                doc.push_sentence(paragraph.start + sentence.start..paragraph.start + sentence.end);
            }
            doc.paragraphs.push(first..doc.sentences.len());
        }
        doc.tokens.shrink_to_fit();
        doc.lower.shrink_to_fit();
        doc
    }

    fn push_sentence(&mut self, range: Range<usize>) {
        let first = self.tokens.len();
        let tokens = tokens::split(&self.text[range.clone()]);
        if is_no_language(&self.text[range.clone()], tokens.len()) {
            return;
        }
        for (token, kind) in tokens {
            let (start, end) = ((range.start + token.start) as u32, (range.start + token.end) as u32);
            let (lower, sentence) = (self.lower.len() as u32, self.sentences.len() as u32);
            let lower_length = self.push_lower(range.start + token.start..range.start + token.end);
            self.tokens.push(Token { start, end, sentence, lower, lower_length, kind });
        }
        self.sentences.push(first..self.tokens.len());
    }

    /// Keeps the lower-case form of a word, unless it is written so, and returns the length of what is kept.
    fn push_lower(&mut self, word: Range<usize>) -> u16 {
        let (word, from) = (&self.text[word], self.lower.len());
        self.lower.extend(word.chars().flat_map(char::to_lowercase));
        if self.lower[from..] == *word {
            self.lower.truncate(from);
        }
        // A word is no longer than the longest sentence, and no letter grows by more than half when it is made small.
        (self.lower.len() - from) as u16
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
        &self.text[self.tokens[index].start()..self.tokens[index].end()]
    }

    /// Returns the words of the token at `index` in lower case.
    #[inline]
    pub fn lower(&self, index: usize) -> &str {
        let Token { lower, lower_length, .. } = self.tokens[index];
        match lower_length {
            0 => self.word(index),
            _ => &self.lower[lower as usize..][..usize::from(lower_length)],
        }
    }

    /// Returns the bytes from the first to the last of `tokens`; an empty range has none.
    pub fn bytes(&self, tokens: Range<usize>) -> Option<Range<usize>> {
        let first = self.tokens.get(tokens.start)?;
        let last = self.tokens.get(tokens.end.checked_sub(1)?)?;
        (tokens.start < tokens.end).then_some(first.start()..last.end())
    }

    /// Returns the position of the first token that ends after `byte`.
    pub fn token_at(&self, byte: usize) -> usize {
        self.tokens.partition_point(|token| token.end() <= byte)
    }
}

/// The longest sentence, in bytes. What is longer is a table, a list or no language, and is read in pieces, so that none
/// of it takes memory that grows with the whole.
const LONGEST: usize = 20_000;

/// Cuts a sentence that nobody wrote as one into pieces, at white space where there is any.
fn pieces(words: &str, sentence: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut at = sentence.start;
    std::iter::from_fn(move || {
        if at >= sentence.end {
            return None;
        }
        let start = at;
        at = if sentence.end - start <= LONGEST { sentence.end } else { cut(words, start) };
        Some(start..at)
    })
}

/// Returns where a piece that begins at `start` ends: behind the last white space in reach, or before a character.
fn cut(words: &str, start: usize) -> usize {
    let reach = words.floor_char_boundary(start + LONGEST);
    words[start..reach]
        .rfind(char::is_whitespace)
        .map_or(reach, |at| words.ceil_char_boundary(start + at + 1))
}

/// Tells a long stretch with a token in fewer than three characters: marks, or single letters between marks.
fn is_no_language(words: &str, tokens: usize) -> bool {
    words.len() * 2 > LONGEST && tokens * 3 > words.chars().count()
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;

    #[test]
    fn a_sentence_without_end_is_read_in_pieces() {
        let text = "чайка ".repeat(5000);
        let doc = Doc::read(&text, from_ref(&(0..text.len())));
        assert_eq!(doc.tokens().len(), 5000);
        assert!(doc.sentences().len() > 2);
        assert!((0..5000).all(|token| doc.lower(token) == "чайка"));
    }

    #[test]
    fn marks_alone_are_no_language() {
        for text in ["“".repeat(30_000), "\" ".repeat(30_000), "a,".repeat(30_000)] {
            assert_eq!(Doc::read(&text, from_ref(&(0..text.len()))).tokens().len(), 0);
        }
        assert_eq!(Doc::read("“““", from_ref(&(0..9))).tokens().len(), 3);
    }
}
