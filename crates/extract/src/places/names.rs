//! Which words of a report name places.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use language::{Doc, TokenKind};

use super::gazetteer::{Candidate, EntryKind, GAZETTEER, Meaning, fold};
use super::words::WORDS;
use crate::syntax::Syntax;

/// A name of a place, and what it may stand for.
pub(super) struct Name {
    /// The tokens of the name, with its kind ("Region") and the region or country added to it.
    pub(super) tokens: Range<usize>,
    /// The tokens without what is added.
    pub(super) own: Range<usize>,
    /// The name, folded, without its kind.
    pub(super) key: String,
    /// What it may stand for; empty if the gazetteer lacks it.
    pub(super) candidates: Vec<Candidate>,
    /// The region or country that is added, or what it may be: the "Chechnya" of "Grozny, Chechnya".
    pub(super) within: Vec<Candidate>,
    /// "Near", "north of": the place is only by the name.
    pub(super) is_near: bool,
    /// "Region", "oblast": the name covers more than its city.
    pub(super) is_region: bool,
    pub(super) form: Form,
}

/// How a name stands for its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// By itself.
    Place,
    /// As an adjective or a people.
    Demonym,
    /// As a part of the name of something else: "the Varden Gazette".
    Part,
    /// As the region or country that is added to the name before it.
    Added,
}

/// What a name lacks to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doubt {
    None,
    /// The name is that of a small place: it must be named as a place elsewhere in the report, or be one to the
    /// language engine.
    Small,
    /// The name may be that of a person: only the language engine is believed.
    Person,
}

/// No name of the gazetteer that reports use has more tokens; hyphens count.
const LONGEST: usize = 6;
/// From this many thousand people on, a settlement is believed without words of place around its name.
const WELL_KNOWN: u32 = 100;

/// A sentence of more tokens is a table or a list without full stops, which the language engine does not read well.
const LONG_SENTENCE: usize = 300;

/// Finds the names of places.
///
/// The rules decide by the gazetteer and the words around a name. Only where they cannot, the language engine is asked
/// what it takes the name for: it knows fewer places of war than the gazetteer, but more of sentences.
pub(super) fn find(doc: &Doc<'_>, syntax: Option<&Syntax<'_>>) -> Vec<Name> {
    let mut finder = Finder::new(doc, syntax);
    let mut at = 0;
    while at < doc.tokens().len() {
        let run = finder.run(at);
        if run.tokens.is_empty() {
            at += 1;
        } else {
            at = finder.read_run(run);
        }
    }
    finder.believed()
}

/// Finds the names of a dateline, in which every name up to the agency is that of a place.
pub(super) fn of_dateline(doc: &Doc<'_>) -> Vec<Name> {
    let mut finder = Finder::new(doc, None);
    let end = (0..doc.tokens().len()).find(|&at| doc.word(at) == "(").unwrap_or(doc.tokens().len());
    let mut at = 0;
    while at < end {
        at = match finder.look_up(at) {
            Some(found) => finder.push(found, (Form::Place, Doubt::None)),
            None => at + 1,
        };
    }
    finder.believed()
}

/// The folded short names of states, which are other words without their full stop.
static ABBREVIATED: LazyLock<HashSet<String>> =
    LazyLock::new(|| WORDS.state_abbreviations.keys().map(|name| fold(name)).collect());

struct Finder<'d, 't> {
    doc: &'d Doc<'t>,
    /// Absent where the report is in a language that the engine does not read.
    syntax: Option<&'d Syntax<'t>>,
    names: Vec<(Name, Doubt)>,
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

impl<'d, 't> Finder<'d, 't> {
    fn new(doc: &'d Doc<'t>, syntax: Option<&'d Syntax<'t>>) -> Self {
        Finder { doc, syntax, names: Vec::new(), accepted: HashSet::new(), persons: HashSet::new() }
    }

    /// Returns the names without those whose doubts were not removed.
    fn believed(mut self) -> Vec<Name> {
        let names = std::mem::take(&mut self.names);
        names
            .into_iter()
            .filter(|(name, doubt)| self.is_believed(name, *doubt))
            .map(|(name, _)| name)
            .collect()
    }

    fn is_believed(&self, name: &Name, doubt: Doubt) -> bool {
        if doubt == Doubt::None {
            return true;
        }
        if self.persons.contains(&name.key) {
            return false;
        }
        let repeated = doubt == Doubt::Small && self.accepted.contains(&name.key);
        repeated || self.engine_believes(name)
    }

    /// Tells whether the language engine takes a name for that of a place.
    fn engine_believes(&self, name: &Name) -> bool {
        let label = self.label(name.own.start);
        match name.form {
            Form::Part => matches!(label, Some("GPE" | "LOC" | "FAC")),
            _ => matches!(label, Some("GPE" | "LOC")),
        }
    }

    /// Returns the kind of name that the language engine finds at a token.
    fn label(&self, at: usize) -> Option<&'d str> {
        let sentence = self.doc.tokens().get(at)?.sentence();
        if self.doc.sentences()[sentence].len() > LONG_SENTENCE {
            return None;
        }
        let (parsed, token) = self.syntax?.token(at)?;
        parsed.parse().names().nth(token.name()?).map(|name| name.label)
    }

    fn word(&self, at: usize) -> &str {
        if at < self.doc.tokens().len() { self.doc.word(at) } else { "" }
    }

    fn lower(&self, at: usize) -> &str {
        if at < self.doc.tokens().len() { self.doc.lower(at) } else { "" }
    }

    /// Returns the word before `at` in its sentence, in small letters.
    fn before(&self, at: usize) -> &str {
        let first = |at: usize| self.doc.sentences()[self.doc.tokens()[at].sentence()].start == at;
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
        tokens.get(a).zip(tokens.get(b)).is_some_and(|(a, b)| a.sentence() == b.sentence())
    }

    fn touches(&self, at: usize) -> bool {
        self.doc.tokens()[at - 1].end() == self.doc.tokens()[at].start()
    }

    /// Reads the names of one run; returns where to go on.
    fn read_run(&mut self, capitals: Run) -> usize {
        let run = capitals.tokens.clone();
        let before = self.names.len();
        let mut at = run.start;
        let mut any = false;
        while at < run.end {
            let found = self.look_up(at);
            if let Some(end) = self.feature(at, &capitals)
                && found.as_ref().is_none_or(|found| found.tokens.end < end)
            {
                self.push_unknown(at..end);
                any = true;
                at = end;
                continue;
            }
            let Some((found, verdict)) =
                found.and_then(|found| self.judge(&found, &capitals).map(|v| (found, v)))
            else {
                self.note_person(at, &run);
                at += 1;
                continue;
            };
            any |= verdict.1 == Doubt::None;
            at = self.push(found, verdict);
        }
        if !any && self.is_unknown_place(&run) {
            if let Some(known) = self.names[before..].iter_mut().find(|(name, _)| name.tokens == run) {
                known.1 = Doubt::None;
                return run.end;
            }
            self.names.truncate(before);
            let end = if self.is_suffix(run.end) { run.end + 1 } else { run.end };
            self.push_unknown(run.start..end);
            return end;
        }
        at.max(run.end)
    }

    /// Keeps a name that the gazetteer lacks.
    fn push_unknown(&mut self, tokens: Range<usize>) {
        let is_region = tokens.len() > 1 && self.is_suffix(tokens.end - 1);
        let is_near = self.is_near(tokens.start);
        let key =
            self.doc.bytes(tokens.clone()).map(|bytes| fold(&self.doc.text()[bytes])).unwrap_or_default();
        let name = Name {
            own: tokens.clone(),
            tokens,
            key,
            candidates: Vec::new(),
            within: Vec::new(),
            is_near,
            is_region,
            form: Form::Place,
        };
        self.names.push((name, Doubt::None));
    }

    /// Returns where the name of a river, a street or a square ends that begins at `at`: "Oro River", "Lake Oro".
    fn feature(&self, at: usize, capitals: &Run) -> Option<usize> {
        const LONGEST: usize = 4;
        let run = &capitals.tokens;
        let last = run.end.min(at + LONGEST);
        let is_feature = |&at: &usize| WORDS.features.contains(self.word(at));
        let is_person =
            |at: usize| WORDS.titles.contains(self.word(at)) || WORDS.given_names.contains(self.word(at));
        let begins = WORDS.feature_starts.contains(self.word(at));
        let end = match (at + 1..last).rfind(is_feature) {
            Some(feature) => feature + 1,
            None if begins && at + 1 < run.end => at + 2,
            None => return None,
        };
        let person = is_person(at) && end - at < 3 && !begins || at > run.start && is_person(at - 1);
        let demonym = GAZETTEER.find(&fold(self.word(at))).iter().any(|c| c.meaning == Meaning::Demonym);
        let other = person || capitals.names_organisation(end) || demonym && end - at > 2;
        (!other).then_some(end)
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
            let short = key.chars().count() < 3 && !matches!(key.as_str(), "us" | "uk" | "eu");
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

    /// Tells how a name stands for its place and what speaks against that; `None` if it stands for none.
    fn judge(&self, found: &Found, capitals: &Run) -> Option<(Form, Doubt)> {
        let run = &capitals.tokens;
        let Range { start, end } = found.tokens;
        let strength = strength(&found.candidates);
        let named_before = start > run.start && WORDS.given_names.contains(self.word(start - 1));
        if found.candidates.iter().any(|c| c.meaning == Meaning::Demonym) {
            return (!named_before).then_some((Form::Demonym, Doubt::None));
        }
        let single = end - start == 1;
        let key = found.key.as_str();
        let is_given = single && WORDS.given_names.contains(&capitalised(key));
        let is_word = WORDS.common_words.contains(key);
        let believed = if strength >= Strength::WellKnown { Doubt::None } else { Doubt::Small };
        if capitals.names_organisation(end) {
            return (!is_given && !is_word && !named_before).then_some((Form::Part, believed));
        }
        let within = !self.within(end).is_empty();
        let locative = self.locative(start);
        let is_month = single && WORDS.not_places.contains(self.word(start));
        let is_direction = is_word && self.before(start) == "the";
        if (is_month || is_direction) && !within {
            return None;
        }
        let after_title = start > 0 && WORDS.titles.contains(self.word(start - 1));
        if after_title && strength < Strength::Country {
            return None;
        }
        if start > run.start && !self.may_follow(start, strength) {
            return (!is_given && !is_word && !named_before).then_some((Form::Part, Doubt::Person));
        }
        let name_goes_on = end < run.end
            && !self.is_suffix(end)
            && !WORDS.titles.contains(self.word(end))
            && self.word(end) != "-";
        if name_goes_on
            && GAZETTEER.find(&fold(self.word(end))).is_empty()
            && (is_given || is_word || strength < Strength::WellKnown)
        {
            return (!is_given && !is_word).then_some((Form::Part, Doubt::Small));
        }
        if name_goes_on && is_given {
            return None;
        }
        if within || (end < run.end && self.is_suffix(end)) {
            return (!is_word || within).then_some((Form::Place, Doubt::None));
        }
        let doubt = match (is_given || is_word, strength) {
            (true, Strength::Country) if !is_word => Doubt::None,
            (true, Strength::WellKnown) if !is_word => {
                if name_goes_on {
                    return None;
                }
                let sure = locative != Locative::None || self.accepted.contains(key);
                if sure { Doubt::None } else { Doubt::Person }
            }
            (true, _) => {
                if locative != Locative::Strong || name_goes_on {
                    return None;
                }
                Doubt::None
            }
            (false, Strength::Weak) => self.doubt_of_small(found, run)?,
            (false, _) => Doubt::None,
        };
        Some((Form::Place, doubt))
    }

    /// Tells what speaks against the name of a small place that stands by itself.
    fn doubt_of_small(&self, found: &Found, run: &Range<usize>) -> Option<Doubt> {
        let Range { start, end } = found.tokens;
        let key = found.key.as_str();
        if self.persons.contains(key) || is_acronym(self.word(start)) && key.len() < 5 {
            return None;
        }
        let owns = matches!(self.lower(end), "'s" | "’s");
        let sure = self.locative(start) == Locative::Strong && !owns
            || (matches!(self.before(start), "from" | "to") && start == run.start && end == run.end)
            || self.accepted.contains(key)
            || self.continues_list(start)
            || self.is_suffix(end);
        Some(if sure { Doubt::None } else { Doubt::Small })
    }

    /// Tells whether the capitalised word before `start` leaves the name a place.
    fn may_follow(&self, start: usize, strength: Strength) -> bool {
        let before = self.word(start - 1);
        if before == "-" || self.names.last().is_some_and(|(name, _)| name.tokens.end == start) {
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
        self.names.last().is_some_and(|(name, _)| {
            let between = name.tokens.end..start;
            (1..=2).contains(&between.len())
                && between.into_iter().all(|at| matches!(self.lower(at), "," | "and" | "or"))
        })
    }

    /// Finds the region or country added behind a comma: what it may be, and its tokens.
    fn added(&self, end: usize) -> Option<(Vec<Candidate>, Found)> {
        let end = if self.is_suffix(end) { end + 1 } else { end };
        if self.word(end) != "," || !self.is_capital(end + 1) || !self.same_sentence(end, end + 1) {
            return None;
        }
        let found = self.look_up(end + 1)?;
        let holds = |c: &&Candidate| {
            let holder = c.place().is_some_and(|place| place.kind == EntryKind::Country || place.is_region());
            c.meaning != Meaning::Demonym && holder || c.meaning == Meaning::Region && c.entry.is_some()
        };
        let within: Vec<Candidate> = found.candidates.iter().filter(holds).copied().collect();
        (!within.is_empty()).then_some((within, found))
    }

    fn within(&self, end: usize) -> Vec<Candidate> {
        self.added(end).map(|(within, _)| within).unwrap_or_default()
    }

    /// Keeps a name; returns the token after it.
    fn push(&mut self, found: Found, (form, doubt): (Form, Doubt)) -> usize {
        let Range { start, mut end } = found.tokens;
        let form_of_place = form == Form::Place;
        let is_region = form_of_place && self.is_suffix(end);
        if is_region {
            end += 1;
        }
        let own = start..end;
        let added = if form_of_place { self.added(found.tokens.end) } else { None };
        // "Georgia, Russia and" lists countries; a settlement of the name must lie in what is added.
        let added =
            added.filter(|(within, _)| found.candidates.iter().any(|c| is_settlement_within(*c, within)));
        if let Some((_, region)) = &added {
            end = region.tokens.end;
        }
        let is_near = self.is_near(start);
        if doubt == Doubt::None && form != Form::Part {
            self.accepted.insert(found.key.clone());
        }
        let within = added.as_ref().map(|(within, _)| within.clone()).unwrap_or_default();
        self.names.push((
            Name {
                tokens: start..end,
                own,
                key: found.key,
                candidates: found.candidates,
                within,
                is_near,
                is_region,
                form,
            },
            doubt,
        ));
        if let Some((within, region)) = added {
            let name = Name {
                own: region.tokens.clone(),
                tokens: region.tokens,
                key: region.key,
                candidates: within,
                within: Vec::new(),
                is_near: false,
                is_region: false,
                form: Form::Added,
            };
            self.names.push((name, doubt));
        }
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
        let suffix = run.len() >= 2
            && WORDS.suffix_kinds.contains(self.word(run.end - 1))
            && !WORDS.common_words.contains(self.lower(run.start));
        let kind_of = run.start >= 2
            && self.before(run.start) == "of"
            && WORDS.kinds.contains(self.lower(run.start - 2));
        let strong =
            self.locative(run.start) == Locative::Strong && !matches!(self.lower(run.end), "'s" | "’s");
        if !short || other && !suffix {
            return false;
        }
        if suffix || kind_of || strong || self.is_suffix(run.end) {
            return true;
        }
        self.locative(run.start) == Locative::Weak && matches!(self.label(run.start), Some("GPE" | "LOC"))
    }
}

fn is_settlement_within(candidate: Candidate, within: &[Candidate]) -> bool {
    candidate.place().is_some_and(|place| {
        let holds = |c: &Candidate| c.place().is_some_and(|outer| outer.country == place.country);
        place.is_settlement() && within.iter().any(holds)
    })
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
                EntryKind::Country | EntryKind::PartOfTheWorld => Strength::Country,
                // The bare name of a small region may be anything.
                EntryKind::Region if entry.people >= WELL_KNOWN => Strength::Country,
                EntryKind::Region => Strength::WellKnown,
                EntryKind::District if candidate.meaning == Meaning::Main => Strength::WellKnown,
                EntryKind::District => Strength::Weak,
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
pub(super) fn is_function_word(lower: &str) -> bool {
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
