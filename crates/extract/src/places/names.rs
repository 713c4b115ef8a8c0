//! Which words of a report name places.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use language::{Doc, TokenKind};

use super::gazetteer::{Candidate, EntryKind, GAZETTEER, Meaning, fold};
use super::words::WORDS;

/// A name of a place, and what it may stand for.
pub(super) struct Name {
    /// The tokens of the name, with its kind ("Region") and the region or country added to it.
    pub(super) tokens: Range<usize>,
    /// What it may stand for; empty if the gazetteer lacks it.
    pub(super) candidates: Vec<Candidate>,
    /// The region or country that is added: the "Chechnya" of "Grozny, Chechnya".
    pub(super) within: Option<Candidate>,
    /// "Near", "north of": the place is only by the name.
    pub(super) is_near: bool,
    /// "Region", "oblast": the name covers more than its city.
    pub(super) is_region: bool,
}

/// No name of the gazetteer that reports use has more tokens; hyphens count.
const LONGEST: usize = 6;
/// From this many thousand people on, a settlement is believed without words of place around its name.
const WELL_KNOWN: u32 = 100;

/// Finds the names of places.
pub(super) fn find(doc: &Doc<'_>) -> Vec<Name> {
    let mut finder = Finder { doc, names: Vec::new(), accepted: HashSet::new(), persons: HashSet::new() };
    let mut at = 0;
    while at < doc.tokens().len() {
        let run = finder.run(at);
        if run.tokens.is_empty() {
            at += 1;
        } else {
            at = finder.read_run(run);
        }
    }
    finder.names
}

/// The folded short names of states, which are other words without their full stop.
static ABBREVIATED: LazyLock<HashSet<String>> =
    LazyLock::new(|| WORDS.state_abbreviations.keys().map(|name| fold(name)).collect());

struct Finder<'d, 't> {
    doc: &'d Doc<'t>,
    names: Vec<Name>,
    /// The folded names that were believed once; they are believed from then on.
    accepted: HashSet<String>,
    /// Folded names that stood behind a given name or title.
    persons: HashSet<String>,
}

/// Capitalised words that follow each other.
struct Run {
    tokens: Range<usize>,
    /// The last word that makes what stands before it an organisation or a building.
    organisation: Option<usize>,
}

/// A name looked up in the gazetteer, where it stands.
struct Found {
    tokens: Range<usize>,
    key: String,
    candidates: Vec<Candidate>,
}

impl Run {
    /// Tells whether what follows `end` in the run makes the name before it an organisation or a building.
    fn names_organisation(&self, end: usize) -> bool {
        self.organisation.is_some_and(|at| at >= end)
    }
}

impl Finder<'_, '_> {
    fn word(&self, at: usize) -> &str {
        if at < self.doc.tokens().len() { self.doc.word(at) } else { "" }
    }

    fn lower(&self, at: usize) -> &str {
        if at < self.doc.tokens().len() { self.doc.lower(at) } else { "" }
    }

    /// Returns the word before `at` in its sentence, in small letters.
    fn before(&self, at: usize) -> &str {
        let first = |at: usize| self.doc.sentences()[self.doc.tokens()[at].sentence].start == at;
        if at == 0 || first(at) { "" } else { self.lower(at - 1) }
    }

    fn is_capital(&self, at: usize) -> bool {
        self.doc.tokens().get(at).is_some_and(|token| token.kind == TokenKind::Word)
            && self.word(at).starts_with(char::is_uppercase)
            && !is_function_word(self.lower(at))
    }

    /// Returns the capitalised words that follow each other from `at` on, hyphens between them included.
    fn run(&self, at: usize) -> Run {
        let tokens = self.capitals(at);
        // Looked for once: every name of the run asks for it, and a run may be as long as the text.
        let organisation = tokens.clone().rev().find(|&at| WORDS.organisation.contains(self.word(at)));
        Run { tokens, organisation }
    }

    fn capitals(&self, at: usize) -> Range<usize> {
        let mut end = at;
        while self.is_capital(end) && self.same_sentence(at, end) {
            end += 1;
            if self.word(end) == "-" && self.is_capital(end + 1) && self.touches(end) && self.touches(end + 1)
            {
                end += 1;
            }
        }
        at..end
    }

    fn same_sentence(&self, a: usize, b: usize) -> bool {
        let tokens = self.doc.tokens();
        tokens.get(a).zip(tokens.get(b)).is_some_and(|(a, b)| a.sentence == b.sentence)
    }

    fn touches(&self, at: usize) -> bool {
        self.doc.tokens()[at - 1].end == self.doc.tokens()[at].start
    }

    /// Reads the names of one run; returns where to go on.
    fn read_run(&mut self, capitals: Run) -> usize {
        let run = capitals.tokens.clone();
        let mut at = run.start;
        let mut any = false;
        while at < run.end {
            let found = self.look_up(at);
            let Some(found) = found.filter(|found| self.is_place(found, &capitals)) else {
                self.note_person(at, &run);
                at += 1;
                continue;
            };
            any = true;
            at = self.push(found);
        }
        if !any && self.is_unknown_place(&run) {
            let end = if self.is_suffix(run.end) { run.end + 1 } else { run.end };
            let start = run.start;
            let is_region = self.is_suffix(end - 1);
            let is_near = self.is_near(start);
            self.names.push(Name {
                tokens: start..end,
                candidates: Vec::new(),
                within: None,
                is_near,
                is_region,
            });
            return end;
        }
        at.max(run.end)
    }

    /// Keeps the surname of a person, so that it is not taken for a place later.
    fn note_person(&mut self, at: usize, run: &Range<usize>) {
        let named =
            |at: usize| WORDS.given_names.contains(self.word(at)) || WORDS.titles.contains(self.word(at));
        if at > run.start && named(at - 1) {
            self.persons.insert(fold(self.word(at)));
        }
    }

    /// Looks for the longest name that begins at `at`.
    fn look_up(&self, at: usize) -> Option<Found> {
        if !self.is_capital(at) {
            return None;
        }
        let longest = (at..at + LONGEST).take_while(|end| self.same_sentence(at, *end)).last()?;
        for last in (at..=longest).rev() {
            if !self.is_capital(last) || (last + 1 < self.doc.tokens().len() && self.joins_on(last)) {
                continue;
            }
            let bytes = self.doc.bytes(at..last + 1)?;
            let key = fold(&self.doc.text()[bytes]);
            let candidates = GAZETTEER.find(&key);
            let short = key.chars().count() < 3 && !matches!(key.as_str(), "us" | "uk");
            let word = self.word(at);
            let has_stop = word.contains('.');
            let is_pronoun = key == "us" && !has_stop && word != "US";
            let lacks_stop = !has_stop && ABBREVIATED.contains(&key);
            if !candidates.is_empty() && (!short || has_stop) && !is_pronoun && !lacks_stop {
                return Some(Found { tokens: at..last + 1, key, candidates });
            }
        }
        None
    }

    /// Tells whether a hyphen ties the word at `last` to another capitalised one.
    fn joins_on(&self, last: usize) -> bool {
        self.word(last + 1) == "-"
            && self.touches(last + 1)
            && self.is_capital(last + 2)
            && self.touches(last + 2)
            && GAZETTEER.find(&fold(self.word(last))).iter().all(|c| c.meaning != Meaning::Demonym)
    }

    fn is_suffix(&self, at: usize) -> bool {
        WORDS.suffix_kinds.contains(self.word(at)) || WORDS.suffix_kinds_lower.contains(self.word(at))
    }

    fn is_near(&self, start: usize) -> bool {
        let before = self.before(start);
        let direction = start >= 2 && before == "of" && WORDS.directions.contains(self.lower(start - 2));
        WORDS.near.contains(before) || direction
    }

    /// Tells whether words of place stand before `start`: "in", "the city of", "southern".
    fn locative(&self, start: usize) -> Locative {
        let mut at = start;
        for _ in 0..3 {
            let before = self.before(at);
            if WORDS.strong_locative.contains(before) || WORDS.near.contains(before) {
                return Locative::Strong;
            }
            if before == "of"
                && at >= 2
                && (WORDS.kinds.contains(self.lower(at - 2)) || WORDS.directions.contains(self.lower(at - 2)))
            {
                return Locative::Strong;
            }
            if WORDS.locative.contains(before) {
                return Locative::Weak;
            }
            let skipped =
                before == "the" || WORDS.directions.contains(before) || WORDS.kinds.contains(before);
            if !skipped || at == 0 {
                return Locative::None;
            }
            at -= 1;
        }
        Locative::None
    }

    fn is_place(&self, found: &Found, capitals: &Run) -> bool {
        let run = &capitals.tokens;
        let Range { start, end } = found.tokens;
        let strength = strength(&found.candidates);
        if found.candidates.iter().any(|c| c.meaning == Meaning::Demonym) {
            return !capitals.names_organisation(end) || start == run.start;
        }
        if capitals.names_organisation(end) {
            return false;
        }
        let single = end - start == 1;
        let key = found.key.as_str();
        let is_given = single && WORDS.given_names.contains(&capitalised(key));
        let is_word = WORDS.common_words.contains(key);
        let within = self.within(end).is_some();
        let locative = self.locative(start);
        let is_month = single && WORDS.not_places.contains(self.word(start));
        let is_direction = is_word && self.before(start) == "the";
        if (is_month || is_direction) && !within {
            return false;
        }
        if start > run.start && !self.may_follow(start, strength) {
            return false;
        }
        if WORDS.titles.contains(self.word(start.wrapping_sub(1)))
            && start > 0
            && strength < Strength::Country
        {
            return false;
        }
        let name_goes_on = end < run.end
            && !self.is_suffix(end)
            && !WORDS.titles.contains(self.word(end))
            && self.word(end) != "-";
        if name_goes_on
            && GAZETTEER.find(&fold(self.word(end))).is_empty()
            && (is_given || is_word || strength < Strength::WellKnown)
        {
            return false;
        }
        if name_goes_on && is_given {
            return false;
        }
        if within || (end < run.end && self.is_suffix(end)) {
            return !is_word || within;
        }
        match (is_given || is_word, strength) {
            (true, Strength::Country) if !is_word => true,
            (true, Strength::WellKnown) if !is_word => {
                !name_goes_on && (locative != Locative::None || self.accepted.contains(key))
            }
            (true, _) => locative == Locative::Strong && !name_goes_on,
            (false, Strength::Weak)
                if self.persons.contains(key) || is_acronym(self.word(start)) && key.len() < 5 =>
            {
                false
            }
            (false, Strength::Weak) => {
                locative == Locative::Strong
                    || (matches!(self.before(start), "from" | "to") && start == run.start && end == run.end)
                    || self.accepted.contains(key)
                    || self.continues_list(start)
                    || self.is_suffix(end)
            }
            (false, _) => true,
        }
    }

    /// Tells whether the capitalised word before `start` leaves the name a place.
    fn may_follow(&self, start: usize, strength: Strength) -> bool {
        let before = self.word(start - 1);
        if before == "-" || self.names.last().is_some_and(|name| name.tokens.end == start) {
            return true;
        }
        if WORDS.given_names.contains(before) || WORDS.titles.contains(before) {
            return false;
        }
        WORDS.directions.contains(self.lower(start - 1))
            || (strength >= Strength::WellKnown && self.before(start - 1).is_empty())
            || strength == Strength::Country
    }

    /// Tells whether the name goes on a list of places: "Varden, Oro and".
    fn continues_list(&self, start: usize) -> bool {
        self.names.last().is_some_and(|name| {
            let between = name.tokens.end..start;
            (1..=2).contains(&between.len())
                && between.into_iter().all(|at| matches!(self.lower(at), "," | "and" | "or"))
        })
    }

    /// Finds the region or country added behind a comma; returns it with the token after it.
    fn within(&self, end: usize) -> Option<(Candidate, usize)> {
        let end = if self.is_suffix(end) { end + 1 } else { end };
        if self.word(end) != "," || !self.is_capital(end + 1) || !self.same_sentence(end, end + 1) {
            return None;
        }
        let found = self.look_up(end + 1)?;
        let region = found.candidates.iter().find(|c| {
            let kind = c.place().map(|entry| entry.kind);
            c.meaning != Meaning::Demonym
                && (c.meaning == Meaning::Region
                    || matches!(kind, Some(EntryKind::Country | EntryKind::Region)))
                && c.entry.is_some()
        })?;
        Some((*region, found.tokens.end))
    }

    /// Keeps a name; returns the token after it.
    fn push(&mut self, found: Found) -> usize {
        let Range { start, mut end } = found.tokens;
        let is_settlement = strength(&found.candidates) < Strength::Country;
        let demonym = found.candidates.iter().any(|c| c.meaning == Meaning::Demonym);
        let is_region = !demonym && self.is_suffix(end);
        if is_region {
            end += 1;
        }
        let mut within = None;
        let state = |c: &Candidate| c.place().is_some_and(|entry| entry.kind == EntryKind::Settlement);
        let added = if demonym { None } else { self.within(found.tokens.end) };
        if let Some((candidate, after)) = added {
            // "Georgia, Russia and" lists countries; a settlement of the name must lie in what is added.
            let country = candidate.place().map(|entry| entry.country);
            let inside = |c: &Candidate| state(c) && c.place().map(|entry| entry.country) == country;
            if is_settlement || found.candidates.iter().any(inside) {
                within = Some(candidate);
                end = after;
            }
        }
        let is_near = self.is_near(start);
        self.accepted.insert(found.key);
        self.names.push(Name {
            tokens: start..end,
            candidates: found.candidates,
            within,
            is_near,
            is_region,
        });
        end
    }

    /// Tells whether a run that the gazetteer lacks is a place by the words around it: "in Varden", "the village of
    /// Oro", "Varden Province".
    fn is_unknown_place(&self, run: &Range<usize>) -> bool {
        let words = || run.clone().map(|at| self.word(at));
        let short = run.len() <= 3 && words().all(|word| word.chars().count() > 2);
        let other = words().any(|word| {
            WORDS.not_places.contains(word)
                || WORDS.organisation.contains(word)
                || WORDS.titles.contains(word)
                || WORDS.common_words.contains(&fold(word))
                || WORDS.given_names.contains(word)
                || is_acronym(word)
        });
        let suffix = run.len() >= 2 && WORDS.suffix_kinds.contains(self.word(run.end - 1));
        let kind_of = run.start >= 2
            && self.before(run.start) == "of"
            && WORDS.kinds.contains(self.lower(run.start - 2));
        let strong =
            self.locative(run.start) == Locative::Strong && !matches!(self.lower(run.end), "'s" | "’s");
        short && ((suffix && run.len() >= 2) || (!other && (kind_of || strong || self.is_suffix(run.end))))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Locative {
    None,
    Weak,
    Strong,
}

/// How likely a name is that of a place without words of place around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Weak,
    WellKnown,
    Country,
}

fn strength(candidates: &[Candidate]) -> Strength {
    candidates
        .iter()
        .map(|candidate| match candidate.place() {
            _ if candidate.meaning == Meaning::Region || candidate.meaning == Meaning::Demonym => {
                Strength::Country
            }
            Some(entry) => match entry.kind {
                EntryKind::Country | EntryKind::Region => Strength::Country,
                EntryKind::Capital => Strength::WellKnown,
                EntryKind::Settlement if entry.people >= WELL_KNOWN && candidate.meaning == Meaning::Main => {
                    Strength::WellKnown
                }
                EntryKind::Settlement if entry.people >= 5 * WELL_KNOWN => Strength::WellKnown,
                EntryKind::Settlement => Strength::Weak,
            },
            None => Strength::Weak,
        })
        .max()
        .unwrap_or(Strength::Weak)
}

fn capitalised(key: &str) -> String {
    let mut chars = key.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn is_acronym(word: &str) -> bool {
    word.chars().filter(|c| c.is_uppercase()).count() > 1 && !word.chars().any(char::is_lowercase)
}

/// Tells whether a capital here only opens a sentence.
fn is_function_word(lower: &str) -> bool {
    matches!(
        lower,
        "the"
            | "a"
            | "an"
            | "in"
            | "on"
            | "at"
            | "of"
            | "for"
            | "to"
            | "from"
            | "by"
            | "with"
            | "as"
            | "and"
            | "but"
            | "or"
            | "he"
            | "she"
            | "it"
            | "they"
            | "we"
            | "i"
            | "you"
            | "his"
            | "her"
            | "its"
            | "their"
            | "our"
            | "this"
            | "that"
            | "these"
            | "those"
            | "after"
            | "before"
            | "when"
            | "while"
            | "if"
            | "since"
            | "near"
            | "outside"
            | "across"
            | "around"
            | "inside"
            | "there"
            | "here"
            | "what"
            | "who"
            | "how"
            | "why"
            | "where"
            | "not"
            | "no"
            | "all"
            | "many"
            | "some"
            | "one"
            | "meanwhile"
            | "however"
            | "over"
            | "under"
            | "into"
            | "about"
            | "against"
            | "like"
    )
}
