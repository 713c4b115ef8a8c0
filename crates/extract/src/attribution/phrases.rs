//! Noun phrases that name speakers, read from their edges without a parser.

use std::ops::Range;

use language::TokenKind;

use super::lexicon::{Class, LEXICON};
use super::words::{CLOSED, Line, Words};

/// A phrase that names a speaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase {
    /// The whole phrase, with article, title and apposition.
    pub(super) all: Range<usize>,
    /// The words that govern: a personal name if there is one, else the phrase without its article.
    pub(super) mention: Range<usize>,
    /// What kind of words they are.
    pub(super) kind: PhraseKind,
}

/// What kind of words name a speaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PhraseKind {
    /// A personal name, without titles.
    Person,
    /// "He", "it", "they".
    Pronoun,
    /// "Who", "which": the phrase before it is meant.
    Relative,
    /// A noun with "the", which may stand for a fuller form elsewhere.
    Definite,
    /// Any other noun phrase.
    Other,
}

/// The most words of a noun phrase; what is longer was misread.
const LONGEST: usize = 24;

impl Words<'_> {
    /// Reads the noun phrase that ends just before `end`.
    pub(super) fn phrase_before(&self, end: usize, line: &Line) -> Option<Phrase> {
        if end <= line.tokens.start {
            return None;
        }
        let last = end - 1;
        if self.is(last, Class::PRONOUN) {
            return self.pronoun(last, line);
        }
        if self.is_mark(last, ",–—-)") {
            return self.phrase_with_aside(last, line);
        }
        let near = self.without_lead(self.phrase_start(end, line)..end);
        if let Some(antecedent) = self.antecedent(near, line) {
            return Some(antecedent);
        }
        let start = self.subject_start(near, line).unwrap_or(near);
        let author = (start < end).then(|| self.phrase(start..end)).flatten()?;
        let first = self.document_of(start, line).unwrap_or(author.all.start);
        Some(Phrase { all: first..author.all.end, ..author })
    }

    /// Returns where the phrase begins of the document whose author starts at `author`: "a report by | Tavra Watch".
    fn document_of(&self, author: usize, line: &Line) -> Option<usize> {
        let link = author.checked_sub(1).filter(|&at| at > line.tokens.start && self.lower(at) == "by")?;
        let made = usize::from(self.is_made(link - 1));
        let end = link.checked_sub(made).filter(|&end| end > line.tokens.start)?;
        self.is_document(end - 1).then(|| self.without_lead(self.phrase_start(end, line)..end))
    }

    /// Tells whether a participle says who made a document: "a statement issued | by".
    pub(super) fn is_made(&self, at: usize) -> bool {
        matches!(
            self.lower(at),
            "issued" | "released" | "published" | "posted" | "compiled" | "made" | "commissioned" | "written"
        )
    }

    /// Tells whether a word is one for what an author puts in writing.
    pub(super) fn is_document(&self, at: usize) -> bool {
        matches!(
            self.lower(at),
            "statement"
                | "report"
                | "release"
                | "post"
                | "letter"
                | "communique"
                | "bulletin"
                | "study"
                | "survey"
                | "investigation"
                | "analysis"
        )
    }

    /// Returns the start of the clause, if nothing stands between it and `near` that a subject cannot hold: then
    /// "officials loyal to the council in Varden" is one phrase.
    fn subject_start(&self, near: usize, line: &Line) -> Option<usize> {
        let mut start = near;
        while start > line.tokens.start && near - start < LONGEST {
            let at = start - 1;
            if let Some(open) = self.opening_of_short_name(at, line) {
                start = open;
                continue;
            }
            let nominal = self.is_open_word(at) && !self.is_finite_speech(at)
                || self.is(at, Class::DETERMINER.or(Class::JOINER)) && self.lower(at) != "that"
                || self.is_possessive(at)
                || self.is_reached_by(at, line)
                || self.is_mark(at, "-") && self.joined_left(at);
            if !nominal || self.is_quote(at) {
                break;
            }
            start = at;
        }
        let opens = start == line.tokens.start
            || self.is_mark(start - 1, ",;:–—-")
            || self.lower(start - 1) == "that";
        let subject = start < near && opens && !self.is(start, Class::PREPOSITION.or(Class::TIME));
        // A preposition must lead on to the noun; a verb in between would make it another clause.
        (subject && self.is(near - 1, Class::PREPOSITION)).then_some(start)
    }

    /// Tells whether "by" at `at` only tells more of the noun in front of its participle: "residents reached | by telephone".
    fn is_reached_by(&self, at: usize, line: &Line) -> bool {
        let noun = at.checked_sub(2).filter(|&noun| noun >= line.tokens.start && self.lower(at) == "by");
        noun.is_some_and(|noun| self.is_open_word(noun) && self.lower(at - 1).ends_with("ed"))
    }

    /// Reads the subject before a relative clause that ends at the verb: "a man | who sold shoes said".
    fn antecedent(&self, near: usize, line: &Line) -> Option<Phrase> {
        let floor = line.tokens.start.max(near.saturating_sub(12)) + 1;
        let who = (floor..=near)
            .rev()
            .take_while(|&at| !self.is_mark(at - 1, ",;:–—") && !self.is_quote(at - 1))
            .map(|at| at - 1)
            .find(|&at| self.lower(at) == "who")?;
        let subject = Class::DETERMINER.or(Class::PRONOUN).or(Class::NAME);
        // "Five men | who fighters said were shot".
        let told = near == who + 1 && self.is(near, Class::PLURAL.or(Class::BODY).or(Class::OFFICE));
        let doing =
            !told && !self.is(who + 1, subject) && (who + 1..near).all(|at| !self.is_finite_speech(at));
        (doing && who > line.tokens.start).then(|| self.phrase_before(who, line)).flatten()
    }

    fn pronoun(&self, at: usize, line: &Line) -> Option<Phrase> {
        match self.lower(at) {
            "who" | "which" => self.relative(at, line),
            "i" | "we" | "you" => None,
            _ => Some(Phrase { all: at..at + 1, mention: at..at + 1, kind: PhraseKind::Pronoun }),
        }
    }

    /// Reads "NP, which": the phrase is the noun before, the mention is "which".
    fn relative(&self, at: usize, line: &Line) -> Option<Phrase> {
        let mut end = at;
        if end > line.tokens.start && self.is_mark(end - 1, ",–—") {
            end -= 1;
            let named = self.phrase_with_aside(end, line).filter(|phrase| phrase.kind == PhraseKind::Person);
            if let Some(named) = named {
                return Some(Phrase { all: named.mention, mention: at..at + 1, kind: PhraseKind::Relative });
            }
        }
        let start = self.without_lead(self.phrase_start(end, line)..end);
        (start < end).then_some(Phrase { all: start..end, mention: at..at + 1, kind: PhraseKind::Relative })
    }

    /// Reads "NAME, governor of the region," with its closing comma at `comma`.
    fn phrase_with_aside(&self, comma: usize, line: &Line) -> Option<Phrase> {
        let open = self.aside_start(comma, line)?;
        let start = self.without_lead(self.phrase_start(open, line)..open);
        let outer = if start < open { self.phrase(start..open) } else { None };
        let office = outer
            .as_ref()
            .is_some_and(|outer| outer.all.clone().any(|at| self.is(at, Class::OFFICE.or(Class::TITLE))));
        let inner = open + 1 + usize::from(self.is(open + 1, Class::DETERMINER));
        // "The mayor, Ada Venn," is a person; "a court in the capital, Varden," is none.
        let aside_named = (office
            && inner < comma
            && outer.as_ref().is_some_and(|outer| outer.kind != PhraseKind::Person)
            && !self.is(inner, Class::PREPOSITION))
        .then(|| self.phrase(open + 1..comma))
        .flatten()
        .filter(|phrase| phrase.kind == PhraseKind::Person);
        if aside_named.is_none()
            && outer.as_ref().is_none_or(|outer| outer.kind != PhraseKind::Person)
            && let Some(named) = self.person_further_left(start, line)
        {
            return Some(Phrase { all: named.all.start..comma + 1, ..named });
        }
        let chosen = aside_named.or(outer)?;
        Some(Phrase { all: start..comma + 1, ..chosen })
    }

    /// Finds the name before an aside with an aside: "Ada Venn, 54, a farmer from Tesmin, said".
    fn person_further_left(&self, start: usize, line: &Line) -> Option<Phrase> {
        let end = start.checked_sub(1).filter(|&at| at > line.tokens.start && self.is_mark(at, ","))?;
        let first = self.without_lead(self.phrase_start(end, line)..end);
        let named = if first < end { self.phrase(first..end) } else { None };
        let governed = first > line.tokens.start && self.is(first - 1, Class::PREPOSITION);
        named.filter(|named| named.kind == PhraseKind::Person && !governed)
    }

    /// Finds the mark that opens the aside which the mark at `close` ends.
    fn aside_start(&self, close: usize, line: &Line) -> Option<usize> {
        let opening = match self.doc.word(close) {
            ")" => "(",
            "," => ",",
            _ => "–—-",
        };
        let mut at = close;
        for _ in 0..LONGEST {
            if at <= line.tokens.start + 1 {
                return None;
            }
            at = self.prev(at, line);
            if self.is_mark(at, opening) {
                return Some(at);
            }
            if self.is_mark(at, ";:") {
                return None;
            }
        }
        None
    }

    /// Walks left from `end` over what can belong to one noun phrase.
    fn phrase_start(&self, end: usize, line: &Line) -> usize {
        let mut start = end;
        while start > line.tokens.start && end - start < LONGEST {
            let at = start - 1;
            if let Some(open) =
                self.opening_of_name(at, line).or_else(|| self.opening_of_short_name(at, line))
            {
                start = open;
                continue;
            }
            if self.is_quote(at) || !self.belongs_to_phrase(at, start, line) {
                break;
            }
            start = at;
            let coordinated =
                at > line.tokens.start && self.lower(at - 1) == "and" && self.joins_names(at - 1, at, line);
            if self.is(at, Class::DETERMINER) && !coordinated && !self.joins_left(at, line) {
                break;
            }
        }
        start
    }

    /// Returns the mark that opens a part of a name which the mark at the token closes: marks of what is said are those of
    /// quotations.
    fn opening_of_name(&self, close: usize, line: &Line) -> Option<usize> {
        let free = |at: usize| self.is_quote(at) && self.quotes.around(at) == line.level;
        let floor = line.tokens.start.max(close.saturating_sub(4)) + 1;
        let open =
            (floor..close).rev().find(|&at| self.is_quote(at)).filter(|&open| free(open) && free(close))?;
        (open + 1..close).all(|at| self.is(at, Class::NAME)).then_some(open)
    }

    /// Returns the bracket that opens a short name which the bracket at the token closes: "the Coordination Centre | (JCC)".
    fn opening_of_short_name(&self, close: usize, line: &Line) -> Option<usize> {
        let open = close.checked_sub(2).filter(|&open| open > line.tokens.start)?;
        let name = self.doc.word(close - 1);
        let short = name.len() > 1 && name.chars().all(|letter| letter.is_uppercase() || letter.is_numeric());
        (self.is_mark(close, ")")
            && self.is_mark(open, "(")
            && short
            && self.is(open - 1, Class::NAME.or(Class::BODY)))
        .then_some(open)
    }

    /// Tells whether the token before `start` goes on a phrase to the left.
    fn belongs_to_phrase(&self, at: usize, start: usize, line: &Line) -> bool {
        if self.is_open_word(at) {
            return !self.is_finite_speech(at);
        }
        if self.is(at, Class::DETERMINER) || self.is_possessive(at) || self.kind(at) == TokenKind::Number {
            return true;
        }
        if self.is_mark(at, "-–/&.") {
            return self.joined_left(at) && self.joined_left(start);
        }
        if self.is(at, Class::JOINER) {
            return self.joins_left(start, line);
        }
        if self.lower(at) == "and" {
            return self.joins_names(at, start, line);
        }
        self.is(at, Class::PARTICLE) && self.is(start, Class::NAME)
    }

    /// Tells whether a preposition stands before the token and a noun before that: "governor | of the".
    fn joins_left(&self, at: usize, line: &Line) -> bool {
        let Some(preposition) = at.checked_sub(1).filter(|&at| at > line.tokens.start) else { return false };
        let noun = preposition - 1;
        let noun = self.opening_of_short_name(noun, line).map_or(noun, |open| open - 1);
        self.is(preposition, Class::JOINER)
            && self.is_open_word(noun)
            && !self.is_finite_speech(noun)
            && (self.lower(preposition) == "of"
                || self.is(noun, Class::OFFICE.or(Class::BODY).or(Class::PLURAL))
                || self.lower(noun).ends_with("man")
                || self.lower(noun).ends_with("person"))
    }

    /// Tells whether "and" joins two halves of one speaker rather than two clauses.
    fn joins_names(&self, and: usize, start: usize, line: &Line) -> bool {
        let people = Class::NAME.or(Class::PLURAL).or(Class::BODY).or(Class::OFFICE);
        and > line.tokens.start
            && self.is(and - 1, people)
            && (self.is(start, people) || self.is(start, Class::DETERMINER))
    }

    /// Tells whether the token is a verb of saying in a form that no noun or adjective has here.
    fn is_finite_speech(&self, at: usize) -> bool {
        let determined = at > 0 && self.is(at - 1, Class::DETERMINER.or(Class::PREPOSITION));
        let causes = matches!(
            self.lower(at),
            "prompted" | "led" | "caused" | "forced" | "pushed" | "allowed" | "prompting" | "leading"
        );
        causes
            || !determined
                && !self.is(at, Class::NAME)
                && !self.is(at, Class::NOUN_TOO.or(Class::PLURAL).or(Class::BODY).or(Class::OFFICE))
                && !LEXICON.verbs(self.lower(at)).is_empty()
    }

    /// Moves the start of a phrase past words that cannot begin it.
    fn without_lead(&self, tokens: Range<usize>) -> usize {
        let mut start = tokens.start;
        let lead = Class::PREPOSITION.or(Class::CONJUNCTION).or(Class::TIME).or(Class::SUBORDINATOR);
        while start < tokens.end
            && ((self.is(start, lead) && !self.is(start, Class::NAME.or(Class::DETERMINER)))
                || self.is_possessive(start)
                || matches!(self.lower(start), "both" | "that") && start + 1 < tokens.end
                || self.is_mark(start, "-–/&.,"))
        {
            start += 1;
        }
        start
    }

    /// Reads the noun phrase that begins at `start`, with an apposition after it.
    pub(super) fn phrase_after(&self, start: usize, line: &Line) -> Option<Phrase> {
        if self.is(start, Class::PRONOUN) && start < line.tokens.end {
            return self.pronoun(start, line).filter(|phrase| phrase.kind == PhraseKind::Pronoun);
        }
        let end = self.phrase_end(start, line);
        if end == start {
            return None;
        }
        let first = self.phrase(start..end)?;
        Some(self.with_apposition(first, end, line))
    }

    /// Adds "the mayor" in "Ada Venn, the mayor" and takes the name of the two.
    fn with_apposition(&self, first: Phrase, end: usize, line: &Line) -> Phrase {
        if !self.is_mark(end, ",") || end + 1 >= line.tokens.end {
            return first;
        }
        let stop = self.phrase_end(end + 1, line);
        let closes = stop >= line.tokens.end || self.is_mark(stop, ",.;:") || self.is_quote(stop);
        let second = if stop > end + 1 && closes { self.phrase(end + 1..stop) } else { None };
        match second {
            Some(second) if self.names_people(stop, end + 1) => {
                let all = first.all.start..stop;
                let named = second.kind == PhraseKind::Person && first.kind != PhraseKind::Person;
                Phrase { all, ..if named { second } else { first } }
            }
            _ => first,
        }
    }

    fn names_people(&self, end: usize, start: usize) -> bool {
        let people = Class::NAME.or(Class::OFFICE).or(Class::TITLE);
        (start..end).any(|at| self.is(at, people))
    }

    /// Walks right from `start` over what can belong to one noun phrase.
    fn phrase_end(&self, start: usize, line: &Line) -> usize {
        let mut at = start;
        let mut noun = false;
        while at < line.tokens.end && at - start < LONGEST {
            let takes = if self.is_open_word(at) {
                !(noun && self.ends_forward(at))
            } else if self.is(at, Class::DETERMINER) {
                !noun || self.is(at - 1, Class::PREPOSITION)
            } else if self.is(at, Class::JOINER) {
                noun && self.opens_complement(at, line)
            } else if self.lower(at) == "and" {
                noun && self.joins_names(at, at + 1, line)
            } else {
                self.is_possessive(at)
                    || self.kind(at) == TokenKind::Number && !noun
                    || self.is(at, Class::PARTICLE)
                    || self.is_mark(at, "-–/&.") && self.joined_left(at) && self.joined_left(at + 1)
            };
            if !takes {
                break;
            }
            noun |= self.is_open_word(at);
            at += 1;
        }
        while at > start
            && (self.is(at - 1, Class::PREPOSITION.or(Class::CONJUNCTION)) || self.is_mark(at - 1, "-–/&"))
        {
            at -= 1;
        }
        at
    }

    /// Tells whether an open word after a noun begins something else: a verb, most of the time.
    fn ends_forward(&self, at: usize) -> bool {
        let lower = self.lower(at);
        // "The Brevanian capital": after an article the capital is that of an adjective.
        let adjective = self.is(at - 1, Class::NATION) || at > 1 && self.is(at - 2, Class::DETERMINER);
        let after_name = self.is(at - 1, Class::NAME) && !adjective;
        let of_people = Class::OFFICE.or(Class::BODY).or(Class::PLURAL);
        let role_soon = (at..at + 3).take_while(|&at| self.is_open_word(at)).any(|at| self.is(at, of_people));
        let hyphened = self.is_mark(at - 1, "-") && self.joined_left(at);
        let goes_on = self.is(at, Class::NAME) || self.ends_phrase(at) || hyphened;
        !goes_on
            && (lower.ends_with("ed")
                || lower.ends_with("ing")
                || self.is_finite_speech(at)
                || after_name && !role_soon && !self.is_possessive(at - 1))
    }

    /// Tells whether a verb of saying or a mark follows, so that the word is a noun: "the Varden morgue said".
    fn ends_phrase(&self, at: usize) -> bool {
        !self.lower(at).ends_with("ed")
            && !self.lower(at).ends_with("ing")
            && !self.is_finite_speech(at)
            && at + 1 < self.len()
            && self.is_finite_speech(at + 1)
    }

    /// Tells whether the preposition goes on a phrase to the right: "mayor of", "a spokesman for", not "on Monday".
    fn opens_complement(&self, at: usize, line: &Line) -> bool {
        let next = at + 1;
        let inner = next + usize::from(self.is(next, Class::DETERMINER));
        let meets = self.is(inner, Class::OCCASION) || self.is(inner + 1, Class::OCCASION);
        let free = !self.is(inner, Class::TIME) && (self.lower(at) == "of" || !meets);
        let fits = self.lower(at) == "of"
            || self.is(at - 1, Class::OFFICE.or(Class::PLURAL).or(Class::BODY).or(Class::NOUN_TOO))
            || matches!(self.lower(at), "for" | "at" | "in") && self.lower(at - 1).ends_with("man");
        next < line.tokens.end
            && fits
            && free
            && (self.is_open_word(inner) || self.is(next, Class::DETERMINER))
    }

    /// Makes a phrase of the tokens: finds the personal name in it, or leaves the article off.
    pub(super) fn phrase(&self, tokens: Range<usize>) -> Option<Phrase> {
        if !tokens.clone().any(|at| self.is_open_word(at)) {
            return None;
        }
        let named = self.person_in(tokens.clone()).or_else(|| self.person_before_office(tokens.clone()));
        if let Some(mention) = named {
            return Some(Phrase { all: tokens, mention, kind: PhraseKind::Person });
        }
        if let Some(mention) = self.person_behind_body(tokens.clone()) {
            return Some(Phrase { all: tokens, mention, kind: PhraseKind::Person });
        }
        if let Some(mention) = self.outlet_in(tokens.clone()) {
            return Some(Phrase { all: tokens, mention, kind: PhraseKind::Other });
        }
        let from = self.nation_after_place(tokens.clone()) + usize::from(self.lower(tokens.start) == "both");
        let tokens = from..self.before_participle(from..tokens.end);
        let definite =
            matches!(self.lower(tokens.start), "the" | "that" | "this" | "its" | "his" | "her" | "their");
        let article = matches!(self.lower(tokens.start), "the" | "a" | "an");
        let mention = tokens.start + usize::from(article)..tokens.end;
        let kind = if definite { PhraseKind::Definite } else { PhraseKind::Other };
        (mention.start < mention.end).then_some(Phrase { all: tokens, mention, kind })
    }

    /// Finds the person in "head of the League for Civic Rights Omar Vey", where no comma parts the name of the body from
    /// the person's, by the given name.
    fn person_behind_body(&self, tokens: Range<usize>) -> Option<Range<usize>> {
        let capitals = self.trailing_capitals(tokens.clone());
        let office = (tokens.start..capitals.start).any(|at| self.is(at, Class::OFFICE));
        self.person_by_given_name(capitals).filter(|_| office)
    }

    /// Cuts what stands before a given name off a run of capitals that does not begin with it.
    pub(super) fn person_by_given_name(&self, capitals: Range<usize>) -> Option<Range<usize>> {
        let impersonal = Class::TITLE.or(Class::OFFICE).or(Class::BODY).or(Class::NATION).or(Class::PLURAL);
        let given = (capitals.start + 1..capitals.end)
            .find(|&at| self.is(at, Class::NAME) && LEXICON.gender(self.lower(at)).is_some())?;
        let name = given..capitals.end;
        let person = (2..=4).contains(&name.len()) && !name.clone().any(|at| self.is(at, impersonal));
        person.then_some(name)
    }

    /// Finds the name that stands behind what it is the name of: "the state news agency | Sorva".
    fn outlet_in(&self, tokens: Range<usize>) -> Option<Range<usize>> {
        let name = self.trailing_capitals(tokens.clone());
        let before = name.start.checked_sub(1).filter(|&at| at >= tokens.start && !name.is_empty())?;
        let kind = matches!(
            self.lower(before),
            "agency" | "broadcaster" | "channel" | "newspaper" | "outlet" | "website"
        );
        (kind && !self.is(before, Class::NAME)).then_some(name)
    }

    /// Ends a speaker before what it does: "troops | fighting in the south".
    fn before_participle(&self, tokens: Range<usize>) -> usize {
        let doing = tokens.clone().skip(1).find(|&at| {
            let people = self.is(at - 1, Class::PLURAL.or(Class::OFFICE));
            people && self.lower(at).ends_with("ing") && !self.is(at, Class::NAME)
        });
        doing.unwrap_or(tokens.end)
    }

    /// Reads "Ada Venn Secretary General of the league" and "Ada Venn of the league": a name and no comma.
    pub(super) fn person_before_office(&self, tokens: Range<usize>) -> Option<Range<usize>> {
        let impersonal = Class::TITLE.or(Class::OFFICE).or(Class::BODY).or(Class::NATION).or(Class::PLURAL);
        let name = tokens.clone().take_while(|&at| {
            self.is(at, Class::NAME) && !self.is(at, impersonal)
                || self.is(at, Class::PARTICLE)
                || self.is_mark(at, "-") && self.joined_left(at)
        });
        let end = tokens.start + name.count();
        let office = self.is(end, Class::TITLE.or(Class::OFFICE)) && self.is(end, Class::NAME);
        let belongs = matches!(self.lower(end), "of" | "from" | "at" | "with");
        let named = (tokens.start..end).filter(|&at| self.is(at, Class::NAME)).count() > 1;
        (named && end < tokens.end && (office || belongs)).then_some(tokens.start..end)
    }

    /// In "about the incident Brevanian officials said" the state begins the speaker, not the noun before it.
    fn nation_after_place(&self, tokens: Range<usize>) -> usize {
        let governed = tokens.start > 0 && self.is(tokens.start - 1, Class::PREPOSITION);
        let nation =
            tokens.clone().skip(1).find(|&at| self.is(at, Class::NATION) && self.is(at, Class::NAME));
        let after_noun = nation.filter(|&at| self.is_open_word(at - 1) && !self.is(at - 1, Class::NAME));
        after_noun.filter(|_| governed).unwrap_or(tokens.start)
    }

    /// Finds the personal name that a phrase ends with, without titles: "secretary of state | Mira Orlova".
    pub(super) fn person_in(&self, tokens: Range<usize>) -> Option<Range<usize>> {
        let capitals = self.trailing_capitals(tokens.clone());
        let impersonal = Class::TITLE.or(Class::OFFICE).or(Class::BODY).or(Class::NATION).or(Class::PLURAL);
        let name =
            capitals.clone().rev().find(|&at| self.is(at, impersonal)).map_or(capitals.start, |at| at + 1)
                ..capitals.end;
        let words = name.clone().filter(|&at| self.is(at, Class::NAME)).count();
        if words == 0 || words > 4 || LEXICON.nation(self.text(name.clone())).is_some() {
            return None;
        }
        let before = name.start.checked_sub(1).filter(|&at| at >= tokens.start);
        let titled =
            before.is_some_and(|at| self.is(at, Class::TITLE.or(Class::OFFICE)) || self.is_title_stop(at));
        let governed = self.is_governed(tokens.start..name.start);
        // "The Guardian" is no person, and "governor of Varden" is not called Varden.
        let articled = before.is_some_and(|at| self.is(at, Class::DETERMINER));
        let alone = before.is_none();
        let after_noun = before
            .is_some_and(|at| self.is_open_word(at) || self.is_possessive(at) || self.is_mark(at, ",-"));
        let fits = !governed && !articled && (titled || alone || after_noun && words >= 2);
        fits.then_some(name)
    }

    fn is_title_stop(&self, at: usize) -> bool {
        self.is_mark(at, ".") && at > 0 && self.is(at - 1, Class::TITLE)
    }

    /// Tells whether a preposition, with at most articles and titles after it, stands before a name.
    fn is_governed(&self, before: Range<usize>) -> bool {
        let light = Class::TITLE.or(Class::DETERMINER);
        before
            .clone()
            .rev()
            .find(|&at| !self.is(at, light) && !self.is_mark(at, "."))
            .is_some_and(|at| self.is(at, Class::PREPOSITION.or(Class::CONJUNCTION)))
    }

    /// Returns the capitalised words at the end of a phrase, with small particles between them.
    fn trailing_capitals(&self, tokens: Range<usize>) -> Range<usize> {
        let mut start = tokens.end;
        while start > tokens.start {
            let at = start - 1;
            let inner = start < tokens.end;
            let joins = inner
                && (self.is(at, Class::PARTICLE) && at > tokens.start && self.is(at - 1, Class::NAME)
                    || self.is_mark(at, "-.") && self.joined_left(at));
            if !self.is(at, Class::NAME) && !joins {
                break;
            }
            start = at;
        }
        while start < tokens.end && !self.is(start, Class::NAME) {
            start += 1;
        }
        start..tokens.end
    }

    /// Tells whether no class forbids the token in a name.
    pub(super) fn may_be_name(&self, at: usize) -> bool {
        self.is(at, Class::NAME) && !self.is(at, CLOSED)
    }
}
