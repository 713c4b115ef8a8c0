use std::ops::Range;
use std::sync::Arc;

/// The names of tags, arcs and kinds of names.
pub(super) struct Labels {
    pub(super) tags: Vec<String>,
    pub(super) arcs: Vec<String>,
    pub(super) names: Vec<String>,
}

/// A text as the engine read it.
pub struct Parse {
    text: Box<str>,
    labels: Arc<Labels>,
    pub(super) words: Vec<Word>,
    /// First token, token after the last one, label.
    pub(super) names: Vec<(u32, u32, u8)>,
    sentences: Vec<Range<usize>>,
}

pub(super) struct Word {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) head: u32,
    pub(super) tag: u8,
    pub(super) label: u8,
    pub(super) starts_sentence: bool,
}

impl Parse {
    pub(super) fn new(text: &str, labels: Arc<Labels>, room: usize) -> Parse {
        Parse {
            text: text.into(),
            labels,
            words: Vec::with_capacity(room),
            names: Vec::new(),
            sentences: Vec::new(),
        }
    }

    /// Collects the sentences, once all words are there.
    pub(super) fn finish(&mut self) {
        let starts = self.words.iter().enumerate().filter(|(at, word)| *at == 0 || word.starts_sentence);
        let starts: Vec<usize> = starts.map(|(at, _)| at).collect();
        let ends = starts.iter().skip(1).copied().chain([self.words.len()]);
        self.sentences = starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect();
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the number of tokens.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Tells whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Returns the token at `index`.
    ///
    /// # Panics
    /// When there are not so many.
    pub fn token(&self, index: usize) -> Token<'_> {
        assert!(index < self.words.len(), "token {index} of {}", self.words.len());
        Token { parse: self, index }
    }

    /// Returns all tokens, in order.
    pub fn tokens(&self) -> impl DoubleEndedIterator<Item = Token<'_>> + ExactSizeIterator {
        (0..self.words.len()).map(|index| Token { parse: self, index })
    }

    /// Returns the sentences as ranges of tokens, in order.
    pub fn sentences(&self) -> &[Range<usize>] {
        &self.sentences
    }

    /// Returns the names, in order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = Name<'_>> {
        self.names.iter().map(|&(start, end, label)| Name {
            tokens: start as usize..end as usize,
            label: &self.labels.names[usize::from(label)],
        })
    }

    /// Returns the bytes from the first to the last of `tokens`; an empty range has none.
    pub fn bytes(&self, tokens: Range<usize>) -> Option<Range<usize>> {
        let first = self.words.get(tokens.start)?;
        let last = self.words.get(tokens.end.checked_sub(1)?)?;
        (tokens.start < tokens.end).then_some(first.start as usize..last.end as usize)
    }

    /// Returns the position of the first token that ends after `byte`.
    pub fn token_at(&self, byte: usize) -> usize {
        self.words.partition_point(|word| word.end as usize <= byte)
    }
}

/// A name: a person, a place, a figure, a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name<'p> {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// Its kind in OntoNotes: "PERSON", "GPE", "CARDINAL".
    pub label: &'p str,
}

/// One token of a [`Parse`].
#[derive(Clone, Copy)]
pub struct Token<'p> {
    parse: &'p Parse,
    index: usize,
}

impl<'p> Token<'p> {
    fn word(self) -> &'p Word {
        &self.parse.words[self.index]
    }

    /// Returns its position among the tokens.
    pub fn index(self) -> usize {
        self.index
    }

    /// Returns its bytes.
    pub fn range(self) -> Range<usize> {
        self.word().start as usize..self.word().end as usize
    }

    /// Returns its words.
    pub fn text(self) -> &'p str {
        &self.parse.text[self.range()]
    }

    /// Returns its part of speech, as the Penn Treebank names it: "NNP", "VBD".
    pub fn tag(self) -> &'p str {
        &self.parse.labels.tags[usize::from(self.word().tag)]
    }

    /// Returns its head; the root of a sentence is its own.
    pub fn head(self) -> Token<'p> {
        Token { index: self.word().head as usize, ..self }
    }

    /// Returns what it is to its head: "nsubj", "dobj"; "ROOT" for a root.
    pub fn label(self) -> &'p str {
        &self.parse.labels.arcs[usize::from(self.word().label)]
    }

    /// Tells whether a sentence starts with it.
    pub fn starts_sentence(self) -> bool {
        self.word().starts_sentence
    }

    /// Returns the position of its sentence in [`Parse::sentences`].
    pub fn sentence(self) -> usize {
        self.parse.sentences.partition_point(|sentence| sentence.end <= self.index)
    }

    /// Returns its dependents, from left to right.
    ///
    /// The arcs of a sentence stay in it, so that only its tokens are looked at.
    pub fn dependents(self) -> impl Iterator<Item = Token<'p>> {
        let sentence = self.parse.sentences[self.sentence()].clone();
        sentence
            .filter(move |&index| index != self.index && self.parse.words[index].head as usize == self.index)
            .map(move |index| Token { index, ..self })
    }

    /// Returns the name that it is part of, by its position in [`Parse::names`].
    pub fn name(self) -> Option<usize> {
        let at = self.parse.names.partition_point(|(_, end, _)| *end as usize <= self.index);
        self.parse.names.get(at).filter(|(start, ..)| *start as usize <= self.index).map(|_| at)
    }
}
