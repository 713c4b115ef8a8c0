//! Tags, heads and names of the sentences in which an extractor asks for them.

use std::cell::{OnceCell, RefCell};
use std::ops::Range;

use language::Doc;
use language::engine::{Engine, Parse, Reader, Token};

thread_local! {
    // What a reader remembers of the words it has met makes it fast, and changes nothing in what it finds.
    static READER: RefCell<Reader<'static>> = RefCell::new(Engine::shipped().reader());
}

/// The sentences of a report as the language engine reads them, each on its own and only when it is first asked for.
pub(crate) struct Syntax<'d> {
    doc: &'d Doc<'d>,
    sentences: Vec<OnceCell<Box<Parsed>>>,
}

/// One sentence with its tags, heads and names. Its tokens are those of the engine, not of the [`Doc`]; bytes lead from
/// one to the other.
pub(crate) struct Parsed {
    /// The sentence alone: its bytes count from `start`.
    parse: Parse,
    /// The byte of the text at which the sentence starts.
    start: usize,
}

impl<'d> Syntax<'d> {
    pub(crate) fn of(doc: &'d Doc<'d>) -> Syntax<'d> {
        Syntax { doc, sentences: (0..doc.sentences().len()).map(|_| OnceCell::new()).collect() }
    }

    /// Reads the sentence at this position of [`Doc::sentences`], unless that is done.
    pub(crate) fn sentence(&self, sentence: usize) -> &Parsed {
        self.sentences[sentence].get_or_init(|| {
            let bytes = self.doc.bytes(self.doc.sentences()[sentence].clone()).unwrap_or_default();
            let words = &self.doc.text()[bytes.clone()];
            let parse = READER.with_borrow_mut(|reader| reader.parse(words));
            Box::new(Parsed { parse, start: bytes.start })
        })
    }

    /// Returns the sentence of a token of the [`Doc`], and the engine's token in which that token ends.
    pub(crate) fn token(&self, token: usize) -> Option<(&Parsed, Token<'_>)> {
        let token = self.doc.tokens().get(token)?;
        let parsed = self.sentence(token.sentence());
        Some((parsed, parsed.token_at(token.end() - 1)?))
    }
}

impl Parsed {
    /// Returns what the engine found.
    pub(crate) fn parse(&self) -> &Parse {
        &self.parse
    }

    /// Returns the engine's token that covers a byte of the text, or the next one.
    pub(crate) fn token_at(&self, byte: usize) -> Option<Token<'_>> {
        let index = self.parse.token_at(byte.checked_sub(self.start)?);
        (index < self.parse.len()).then(|| self.parse.token(index))
    }

    /// Returns where a token of the engine stands in the text.
    pub(crate) fn bytes(&self, token: Token<'_>) -> Range<usize> {
        let range = token.range();
        range.start + self.start..range.end + self.start
    }
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;

    const TEXT: &str = "Śniegów burned. The ministry denied the report.";

    #[test]
    fn bytes_lead_from_the_text_to_the_parse_and_back() {
        let doc = Doc::read(TEXT, from_ref(&(0..TEXT.len())));
        let syntax = Syntax::of(&doc);
        let denied = doc.token_at(TEXT.find("denied").unwrap());
        let (parsed, token) = syntax.token(denied).unwrap();
        assert_eq!(token.text(), "denied");
        let subject = token.dependents().find(|token| token.label() == "nsubj").unwrap();
        assert_eq!(&TEXT[parsed.bytes(subject)], "ministry");
        assert_eq!(parsed.parse().len(), 6);
    }

    #[test]
    fn a_byte_outside_the_sentence_has_no_token() {
        let doc = Doc::read(TEXT, from_ref(&(0..TEXT.len())));
        let syntax = Syntax::of(&doc);
        assert!(syntax.sentence(1).token_at(0).is_none());
        assert!(syntax.sentence(0).token_at(TEXT.len()).is_none());
    }
}
