//! Tags, heads and names of the sentences in which an extractor asks for them.

use std::cell::{OnceCell, RefCell};
use std::ops::Range;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use language::Doc;
use language::engine::{Engine, Parse, Reader, Token};
use rustc_hash::FxHashMap;

thread_local! {
    // What a reader remembers of the words it has met makes it fast, and changes nothing in what it finds.
    static READER: RefCell<Reader<'static>> = RefCell::new(Engine::shipped().reader());
}

/// Sentences that were read lately, for all threads: of forty reprints of one dispatch, each is read once.
static LATELY: LazyLock<Mutex<Lately>> = LazyLock::new(Mutex::default);

/// The sentences of the last two spells, by their words. A spell ends when it holds [`SPELL`] of them; what is asked for
/// again comes along into the next.
#[derive(Default)]
struct Lately {
    this: FxHashMap<Box<str>, Arc<Parse>>,
    last: FxHashMap<Box<str>, Arc<Parse>>,
}

/// Sentences of one spell; 1 kB each, more or less.
const SPELL: usize = 4096;

/// The longest sentence that is kept, in bytes.
const LONGEST: usize = 1000;

impl Lately {
    fn find(&mut self, words: &str) -> Option<Arc<Parse>> {
        if let Some(parse) = self.this.get(words) {
            return Some(Arc::clone(parse));
        }
        let (words, parse) = self.last.remove_entry(words)?;
        self.keep(words, Arc::clone(&parse));
        Some(parse)
    }

    fn keep(&mut self, words: Box<str>, parse: Arc<Parse>) {
        if self.this.len() >= SPELL {
            self.last = std::mem::take(&mut self.this);
        }
        self.this.insert(words, parse);
    }
}

/// Reads one sentence, or tells how it was read before.
fn parsed(words: &str) -> Arc<Parse> {
    let lately = || LATELY.lock().unwrap_or_else(PoisonError::into_inner);
    let is_kept = words.len() <= LONGEST;
    if let Some(parse) = is_kept.then(|| lately().find(words)).flatten() {
        return parse;
    }
    let parse = Arc::new(READER.with_borrow_mut(|reader| reader.parse(words)));
    if is_kept {
        lately().keep(words.into(), Arc::clone(&parse));
    }
    parse
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
    parse: Arc<Parse>,
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
            Box::new(Parsed { parse: parsed(words), start: bytes.start })
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
    fn what_was_read_lately_is_not_read_again() {
        let again = "The last convoy of the spring never came to Tesmin.";
        let first = parsed(again);
        assert!(Arc::ptr_eq(&first, &parsed(again)));
        let mut lately = Lately::default();
        lately.keep(again.into(), Arc::clone(&first));
        for number in 0..2 * SPELL {
            lately.keep(number.to_string().into(), Arc::clone(&first));
            if number == SPELL {
                assert!(lately.find(again).is_some(), "what is asked for comes along");
            }
        }
        assert!(lately.find("1").is_none() && lately.this.len() + lately.last.len() <= 2 * SPELL);
    }

    #[test]
    fn a_byte_outside_the_sentence_has_no_token() {
        let doc = Doc::read(TEXT, from_ref(&(0..TEXT.len())));
        let syntax = Syntax::of(&doc);
        assert!(syntax.sentence(1).token_at(0).is_none());
        assert!(syntax.sentence(0).token_at(TEXT.len()).is_none());
    }
}
