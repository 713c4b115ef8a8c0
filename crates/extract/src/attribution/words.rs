//! The tokens of a report as the rules of speech see them: what class each word is of, and what is quoted.

use std::ops::Range;

use language::{Doc, TokenKind};

use super::lexicon::{Class, LEXICON};
use super::quotes::Quotes;

/// How many tokens a rule looks to either side. A clause is shorter; a text without sentences is not.
pub(super) const REACH: usize = 160;

/// The tokens with their classes and quotations.
pub(super) struct Words<'d> {
    pub(super) doc: &'d Doc<'d>,
    pub(super) quotes: Quotes,
    classes: Vec<Class>,
    /// The text holds no comma: it came without them, and they part nothing.
    pub(super) is_bare: bool,
}

/// Where a rule reads: one sentence, outside quotations or inside one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// The tokens of the sentence that belong to the level.
    pub(super) tokens: Range<usize>,
    /// The quotation that is read inside; what it quotes in turn is skipped.
    pub(super) level: Option<usize>,
}

impl<'d> Words<'d> {
    pub(super) fn read(doc: &'d Doc<'d>) -> Words<'d> {
        let mut words = Words { doc, quotes: Quotes::find(doc), classes: Vec::new(), is_bare: false };
        words.classes = (0..doc.tokens().len()).map(|at| words.classify(at)).collect();
        words.is_bare = !(0..words.len()).any(|at| words.is_mark(at, ","));
        words
    }

    fn classify(&self, at: usize) -> Class {
        let lower = self.lower(at);
        let class = LEXICON.class(lower);
        let capital = self.doc.word(at).chars().next().is_some_and(char::is_uppercase);
        // "US" is no pronoun and "WHO" no relative: capitals throughout make a name of any word.
        if lower.len() > 1
            && self.kind(at) == TokenKind::Word
            && !self.doc.word(at).contains(char::is_lowercase)
        {
            let kept = [Class::NATION, Class::BODY, Class::TITLE].into_iter().filter(|&kept| class.any(kept));
            return kept.fold(Class::NAME, Class::or);
        }
        if capital && !class.any(CLOSED) && self.kind(at) == TokenKind::Word {
            return class.or(Class::NAME);
        }
        class
    }

    pub(super) fn len(&self) -> usize {
        self.classes.len()
    }

    pub(super) fn lower(&self, at: usize) -> &str {
        if at < self.doc.tokens().len() { self.doc.lower(at) } else { "" }
    }

    pub(super) fn kind(&self, at: usize) -> TokenKind {
        self.doc.tokens()[at].kind
    }

    /// Tells whether the token is of one of the classes.
    pub(super) fn is(&self, at: usize, class: Class) -> bool {
        self.classes.get(at).is_some_and(|own| own.any(class))
    }

    pub(super) fn is_mark(&self, at: usize, marks: &str) -> bool {
        at < self.len() && self.kind(at) == TokenKind::Mark && marks.contains(self.doc.word(at))
    }

    pub(super) fn is_number(&self, at: usize) -> bool {
        at < self.len() && self.kind(at) == TokenKind::Number
    }

    pub(super) fn is_quote(&self, at: usize) -> bool {
        at < self.len() && self.kind(at) == TokenKind::Quote
    }

    /// Tells whether the token is a word that no closed class claims: a noun, a verb, an adjective, a name.
    pub(super) fn is_open_word(&self, at: usize) -> bool {
        at < self.len()
            && self.kind(at) == TokenKind::Word
            && (!self.is(at, CLOSED) || self.is(at, Class::NAME))
            && !is_possessive(self.lower(at))
    }

    /// Tells whether the token is `'s` or `’`.
    pub(super) fn is_possessive(&self, at: usize) -> bool {
        at < self.len() && is_possessive(self.lower(at)) && self.joined_left(at)
    }

    /// Tells whether no white space stands before the token.
    pub(super) fn joined_left(&self, at: usize) -> bool {
        let tokens = self.doc.tokens();
        at > 0 && at < tokens.len() && tokens[at - 1].end() == tokens[at].start()
    }

    /// Tells whether the token is a form of "be".
    pub(super) fn is_be(&self, at: usize) -> bool {
        matches!(self.lower(at), "is" | "are" | "was" | "were" | "be" | "been" | "being")
    }

    /// Returns the line that the token stands in.
    pub(super) fn line(&self, at: usize) -> Line {
        let sentence = self.doc.sentences()[self.doc.tokens()[at].sentence()].clone();
        let level = self.quotes.around(at);
        let mut tokens = sentence;
        if let Some(quote) = level.map(|quote| self.quotes.all[quote]) {
            let inner_end =
                if quote.closed && self.is_quote(quote.end - 1) { quote.end - 1 } else { quote.end };
            tokens = tokens.start.max(quote.open + 1)..tokens.end.min(inner_end);
        }
        tokens.start = tokens.start.max(at.saturating_sub(REACH));
        tokens.end = tokens.end.min(at + REACH).max(at + 1);
        Line { tokens, level }
    }

    /// Returns the token after `at`, or after the quotation that opens there.
    pub(super) fn next(&self, at: usize, line: &Line) -> usize {
        match self.quotes.under(line.level, at) {
            Some(quote) => self.quotes.all[quote].end.max(at + 1),
            None => at + 1,
        }
    }

    /// Returns the token before the position `end`, or the first token of the quotation that ends there.
    pub(super) fn prev(&self, end: usize, line: &Line) -> usize {
        let at = end - 1;
        match self.quotes.under(line.level, at) {
            Some(quote) => self.quotes.all[quote].open.min(at),
            None => at,
        }
    }

    /// Tells whether a quotation of the line's next level opens at the token.
    pub(super) fn opens_quote(&self, at: usize, line: &Line) -> bool {
        at < line.tokens.end
            && self.is_quote(at)
            && self.quotes.opening_at(at).is_some()
            && self.quotes.under(line.level, at).is_some()
    }

    /// Tells whether a quotation of the line's next level ends just before the position.
    pub(super) fn ends_quote(&self, end: usize, line: &Line) -> bool {
        end > 0
            && self.quotes.under(line.level, end - 1).is_some_and(|quote| self.quotes.all[quote].end == end)
    }

    /// Returns the words of the tokens, as they stand in the text.
    pub(super) fn text(&self, tokens: Range<usize>) -> &'d str {
        self.doc.bytes(tokens).map_or("", |bytes| &self.doc.text()[bytes])
    }
}

/// The classes whose words are never names, nouns or main verbs.
pub(super) const CLOSED: Class = Class::DETERMINER
    .or(Class::PRONOUN)
    .or(Class::OBJECT_PRONOUN)
    .or(Class::PREPOSITION)
    .or(Class::CONJUNCTION)
    .or(Class::SUBORDINATOR)
    .or(Class::AUXILIARY)
    .or(Class::ADVERB)
    .or(Class::TIME);

fn is_possessive(lower: &str) -> bool {
    matches!(lower, "'s" | "’s" | "'" | "’")
}
