use std::ops::Range;

use language::TokenKind;

use super::lexicon::{LEXICON, VerbForm};
use crate::context::Context;

/// A closed class of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Determiner,
    Possessive,
    Preposition,
    Conjunction,
    Subordinator,
    Relative,
    Be,
    Have,
    Do,
    Modal,
    Subject,
    Negation,
    Adverb,
    Saying,
    Accusing,
    Denying,
    Charge,
    Directive,
    Doubting,
    Blaming,
    Finite,
}

impl Class {
    const ALL: [(&'static str, Class); 21] = [
        ("determiner", Class::Determiner),
        ("possessive", Class::Possessive),
        ("preposition", Class::Preposition),
        ("conjunction", Class::Conjunction),
        ("subordinator", Class::Subordinator),
        ("relative", Class::Relative),
        ("be", Class::Be),
        ("have", Class::Have),
        ("do", Class::Do),
        ("modal", Class::Modal),
        ("subject", Class::Subject),
        ("negation", Class::Negation),
        ("adverb", Class::Adverb),
        ("saying", Class::Saying),
        ("accusing", Class::Accusing),
        ("denying", Class::Denying),
        ("charge", Class::Charge),
        ("directive", Class::Directive),
        ("doubting", Class::Doubting),
        ("blaming", Class::Blaming),
        ("finite", Class::Finite),
    ];

    /// Finds the class of that name in the lexicon.
    pub(super) fn named(name: &str) -> Option<Class> {
        Class::ALL.iter().find(|(known, _)| *known == name).map(|(_, class)| *class)
    }
}

/// The classes that a word belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Classes(u32);

impl Classes {
    pub(super) fn add(&mut self, class: Class) {
        self.0 |= 1 << class as u32;
    }

    fn remove(&mut self, class: Class) {
        self.0 &= !(1 << class as u32);
    }

    fn has(self, class: Class) -> bool {
        self.0 & (1 << class as u32) != 0
    }
}

/// Tells whether a preposition at `at` stands in front of a quantity: "over 130", "at least", "up to 30".
fn quantifies(context: &Context<'_>, at: usize, end: usize) -> bool {
    let next = at + 1;
    next < end
        && (context.doc.tokens()[next].kind == TokenKind::Number
            || matches!(context.doc.lower(next), "least" | "most" | "a" if context.doc.lower(at) != "a" && context.doc.lower(next) != "a"))
}

/// A sentence, or a stretch of one that never ends, with the classes of its words.
pub(super) struct Words<'c> {
    pub(super) context: &'c Context<'c>,
    pub(super) tokens: Range<usize>,
    classes: Vec<Classes>,
}

impl<'c> Words<'c> {
    /// Looks up the words of `tokens`.
    pub(super) fn new(context: &'c Context<'c>, tokens: Range<usize>) -> Words<'c> {
        let class = |i| LEXICON.grammar.get(context.doc.lower(i)).copied().unwrap_or_default();
        let mut classes: Vec<Classes> = tokens.clone().map(class).collect();
        for (at, class) in tokens.clone().zip(&mut classes) {
            if class.has(Class::Determiner)
                && class.has(Class::Preposition)
                && !quantifies(context, at, tokens.end)
            {
                class.remove(Class::Determiner);
            }
        }
        // "Claims" and "reports" are nouns too; here they were read as verbs, and no subject reaches over them.
        for cue in context.attributions.clausal(context.doc.bytes(tokens.clone()).unwrap_or_default()) {
            let verb = context.doc.token_at(cue.start());
            if let Some(class) = verb.checked_sub(tokens.start).and_then(|at| classes.get_mut(at)) {
                class.add(Class::Saying);
            }
        }
        Words { context, tokens, classes }
    }

    /// Tells whether the token at `at` belongs to `class`; one outside the sentence belongs to none.
    pub(super) fn is(&self, at: usize, class: Class) -> bool {
        self.tokens.contains(&at) && self.classes[at - self.tokens.start].has(class)
    }

    /// Tells whether the token at `at` belongs to one of `classes`.
    pub(super) fn is_any(&self, at: usize, classes: &[Class]) -> bool {
        classes.iter().any(|&class| self.is(at, class))
    }

    /// Returns the lower-case word at `at`; nothing outside the sentence.
    pub(super) fn lower(&self, at: usize) -> &str {
        if self.tokens.contains(&at) { self.context.doc.lower(at) } else { "" }
    }

    pub(super) fn kind(&self, at: usize) -> TokenKind {
        if self.tokens.contains(&at) { self.context.doc.tokens()[at].kind } else { TokenKind::Mark }
    }

    pub(super) fn is_word(&self, at: usize) -> bool {
        self.tokens.contains(&at) && self.kind(at) == TokenKind::Word
    }

    pub(super) fn is_quote(&self, at: usize) -> bool {
        self.tokens.contains(&at) && self.kind(at) == TokenKind::Quote
    }

    /// Tells whether the word at `at` begins with a capital letter.
    pub(super) fn is_capital(&self, at: usize) -> bool {
        self.is_word(at) && self.context.doc.word(at).starts_with(char::is_uppercase)
    }

    /// Tells whether a mark at `at` ends a clause by itself.
    pub(super) fn is_stop(&self, at: usize) -> bool {
        !self.tokens.contains(&at)
            || (self.kind(at) == TokenKind::Mark
                && !matches!(
                    self.lower(at),
                    "," | "-" | "[" | "]" | "%" | "$" | "'" | "’" | "/" | "&" | "#" | "№"
                ))
    }

    /// Tells whether the token at `at` is the possessive "'s".
    pub(super) fn is_genitive(&self, at: usize) -> bool {
        matches!(self.lower(at), "'s" | "’s" | "'" | "’")
            || (self.lower(at) == "s" && matches!(self.lower(at.wrapping_sub(1)), "'" | "’"))
    }

    /// Tells whether the word at `at` is, or most likely is, a finite verb or part of one.
    pub(super) fn is_verbish(&self, at: usize) -> bool {
        if !self.tokens.contains(&at) {
            return false;
        }
        let closed = [Class::Be, Class::Have, Class::Do, Class::Modal, Class::Finite, Class::Saying];
        self.is_any(at, &closed) || self.is_likely_past(at) || self.is_harm_verb(at) || self.is_open_verb(at)
    }

    /// Tells whether the word at `at` was read as a verb of saying that a clause follows at once: "claims the army struck".
    pub(super) fn governs_clause(&self, at: usize) -> bool {
        let Some(bytes) = self.context.doc.bytes(at..at + 1) else { return false };
        !self.context.attributions.clausal(bytes).is_empty()
    }

    /// Tells whether a means of attack is named at `at`.
    pub(super) fn is_weapon(&self, at: usize) -> bool {
        LEXICON.weapons.at(self.context.doc, at, self.tokens.end).is_some() || self.is_designation(at)
    }

    /// Tells whether the word at `at` is an index of the GRAU for a rocket or a munition: digits, "M" (rockets) or "N"
    /// (warheads), digits, as "9M27".
    pub(super) fn is_designation(&self, at: usize) -> bool {
        let mut parts = self.lower(at).splitn(2, ['m', 'n', 'м', 'н']);
        let (class, model) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let is_class = matches!(class, "3" | "5" | "8" | "9");
        is_class && model.len() >= 2 && model.starts_with(|c: char| c.is_ascii_digit())
    }

    /// Tells whether the engine reads the word at `at` as a verb: what closed classes leave open is asked of the parse.
    pub(super) fn is_tagged_verb(&self, at: usize) -> bool {
        self.context.syntax.token(at).is_some_and(|(_, token)| token.tag().starts_with("VB"))
    }

    /// Tells whether the engine gives the word at `at` this tag of the Penn Treebank: "VBD", a past tense.
    pub(super) fn is_tagged(&self, at: usize, tag: &str) -> bool {
        self.tokens.contains(&at)
            && self.context.syntax.token(at).is_some_and(|(_, token)| token.tag() == tag)
    }

    /// Tells whether the engine gives the word at `at` this relation to its head, after ClearNLP: "mark", what opens a clause.
    pub(super) fn is_labelled(&self, at: usize, label: &str) -> bool {
        self.tokens.contains(&at)
            && self.context.syntax.token(at).is_some_and(|(_, token)| token.label() == label)
    }

    /// Returns what the engine takes the name for that the word at `at` belongs to: "PERSON", "ORG".
    pub(super) fn name_label(&self, at: usize) -> Option<&str> {
        let (parsed, token) = self.context.syntax.token(at)?;
        parsed.parse().names().nth(token.name()?).map(|name| name.label)
    }

    /// Tells whether an article or a possessor follows the word at `at`, as it follows a verb but hardly a noun.
    fn is_open_verb(&self, at: usize) -> bool {
        let opens = matches!(self.lower(at + 1), "the" | "a" | "an" | "these" | "those")
            || self.is(at + 1, Class::Possessive);
        opens
            && self.is_word(at)
            && !self.is_capital(at)
            && self.classes[at - self.tokens.start] == Classes::default()
            && !self.is_genitive(at)
            && !LEXICON.calendar.contains(self.lower(at))
    }

    /// Tells whether a hyphen joins the word to the one before it: "US-|led".
    pub(super) fn is_compounded(&self, at: usize) -> bool {
        let tokens = self.context.doc.tokens();
        let joins =
            |one: usize| tokens.get(one).zip(tokens.get(one + 1)).is_some_and(|(a, b)| a.end() == b.start());
        at >= 2 && self.lower(at - 1) == "-" && joins(at - 2) && joins(at - 1)
    }

    pub(super) fn is_object_pronoun(&self, at: usize) -> bool {
        matches!(self.lower(at), "him" | "her" | "them" | "us" | "me" | "it")
    }

    fn is_likely_past(&self, at: usize) -> bool {
        let word = self.lower(at);
        let open = [Class::Determiner, Class::Possessive, Class::Preposition, Class::Be, Class::Have];
        word.len() > 4
            && word.ends_with("ed")
            && !self.is_capital(at)
            && !self.is_any(at.wrapping_sub(1), &open)
            && (self.is_any(at + 1, &[Class::Determiner, Class::Possessive, Class::Subject])
                || self.is_object_pronoun(at + 1))
    }

    fn is_harm_verb(&self, at: usize) -> bool {
        let known = |(_, cue): (usize, &super::lexicon::Cue)| match cue.verb {
            Some(VerbForm::Past) => {
                self.starts_phrase(at + 1 + usize::from(self.is(at + 1, Class::Adverb)))
                    && !self.is_any(at - 1, &[Class::Determiner])
            }
            Some(VerbForm::Base | VerbForm::Third) => {
                !cue.noun && self.starts_phrase(at + 1) && self.is_tagged_verb(at)
            }
            _ => false,
        };
        at > self.tokens.start
            && self.tokens.contains(&at)
            && LEXICON.cues.at(self.context.doc, at, self.tokens.end).is_some_and(known)
    }

    /// Tells whether a noun phrase can start at `at`.
    pub(super) fn starts_phrase(&self, at: usize) -> bool {
        let other = [
            Class::Preposition,
            Class::Conjunction,
            Class::Subordinator,
            Class::Be,
            Class::Have,
            Class::Do,
            Class::Modal,
            Class::Saying,
            Class::Adverb,
        ];
        let opens = self.is_any(at, &[Class::Determiner, Class::Possessive]);
        let object = self.is_object_pronoun(at) || self.lower(at) == "[";
        let open_class = (self.is_word(at) || self.kind(at) == TokenKind::Number)
            && self.tokens.contains(&at)
            && !self.is_any(at, &other)
            && !self.is_any(at, &[Class::Subject, Class::Relative, Class::Finite]);
        opens || object || (open_class && !self.is_genitive(at))
    }

    /// Tells whether a clause rather than a noun begins at `at`.
    fn opens_clause(&self, at: usize) -> bool {
        self.is_any(at, &[Class::Determiner, Class::Possessive, Class::Subject])
            || self.is_capital(at)
            || self.lower(at).ends_with("ing")
    }

    /// Returns the bounds of `tokens` without the marks, quotes and joining words at their ends.
    pub(super) fn trim(&self, tokens: Range<usize>) -> Range<usize> {
        let (mut start, mut end) = (tokens.start, tokens.end);
        let joins = [Class::Conjunction, Class::Subordinator];
        while start < end
            && (self.kind(start) == TokenKind::Quote
                || (self.kind(start) == TokenKind::Mark && self.lower(start) != "[")
                || self.is_any(start, &joins)
                || self.lower(start) == "with"
                || self.lower(start) == "that" && self.opens_clause(start + 1))
        {
            start += 1;
        }
        while start < end
            && (matches!(self.kind(end - 1), TokenKind::Quote)
                || (self.kind(end - 1) == TokenKind::Mark && !matches!(self.lower(end - 1), "]" | "%"))
                || self.is_any(end - 1, &joins)
                || self.is_any(end - 1, &[Class::Preposition, Class::Relative]))
        {
            end -= 1;
        }
        start..end
    }
}
