use std::ops::Range;

use language::{Doc, TokenKind};
use model::Measure;

use super::bounds::Bounds;
use super::lexicon::{About, Form, LEXICON, NounKind};
use crate::numbers::{self, Amount, Number};

/// A number in a sentence with the quantifier before it and the noun behind it.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    /// Quantifier, number and noun phrase.
    pub(super) tokens: Range<usize>,
    /// The number alone.
    pub(super) number: Range<usize>,
    pub(super) amount: Amount,
    pub(super) bounds: Bounds,
    pub(super) noun: Option<Noun>,
    /// "Including 4 children", "two of them": part of a figure before it.
    pub(super) is_part: bool,
    /// Who they were, where a verb says it: "of whom four were children".
    pub(super) group: Option<String>,
    /// What happened to them, once that is known.
    pub(super) measure: Option<Measure>,
    /// The word of harm that says so, if one outside these tokens does.
    pub(super) harm: Option<Range<usize>>,
}

/// What is counted.
#[derive(Debug, Clone)]
pub(super) struct Noun {
    pub(super) kind: NounKind,
    /// Those counted, as the claim names them.
    pub(super) name: String,
    /// Whether the lexicon knows the noun; else it is a plural that only a word of harm beside it makes one.
    pub(super) is_known: bool,
    /// What the noun phrase itself says happened: "deaths", "refugees", "wounded soldiers".
    pub(super) measure: Option<Measure>,
}

impl Counted {
    /// Returns quantifier, number, noun phrase and word of harm: all by which the count was read.
    pub(super) fn evidence(&self) -> impl Iterator<Item = Range<usize>> {
        let quantifier = self.tokens.start..self.number.start;
        let noun = self.number.end..self.tokens.end;
        [quantifier, self.number.clone(), noun].into_iter().chain(self.harm.clone())
    }

    /// Tells whether a word of harm that befalls `about` can befall what is counted.
    pub(super) fn suits(&self, about: About) -> bool {
        match (&self.noun, about) {
            (None, About::People) => true,
            (None, _) => false,
            (Some(noun), about) => match (&noun.kind, about) {
                (NounKind::People(_), About::People) => true,
                (NounKind::People(group), About::Unarmed) => noun.is_known && !LEXICON.armed.contains(group),
                (NounKind::People(_), About::Objects) => !noun.is_known,
                (NounKind::Objects, About::Objects) => true,
                (NounKind::Munitions, About::Objects | About::Munitions) => true,
                _ => false,
            },
        }
    }
}

/// Finds the counts of one sentence, in order.
pub(super) fn read(doc: &Doc<'_>, sentence: Range<usize>) -> Vec<Counted> {
    let words = Words { doc, sentence: sentence.clone() };
    let mut found: Vec<Counted> = Vec::new();
    let mut at = sentence.start;
    while at < sentence.end {
        let from = found.last().map_or(sentence.start, |counted| counted.tokens.end);
        if let Some(counted) = words.heavy(at) {
            at = counted.tokens.end;
            found.push(counted);
            continue;
        }
        match numbers::read(doc, at) {
            Some(number) => {
                let counted = words.counted(number.clone(), from);
                at = counted.as_ref().map_or(number.tokens.end, |counted| counted.tokens.end).max(at + 1);
                found.extend(counted);
            }
            // The rest of a number that is no count is no count either.
            None => at = numbers::plain(doc, at).map_or(at + 1, |(_, after)| after.max(at + 1)),
        }
    }
    words.lead_nouns_back(&mut found);
    found
}

struct Words<'d, 't> {
    doc: &'d Doc<'t>,
    sentence: Range<usize>,
}

/// The noun phrase behind a number.
struct Phrase {
    noun: Option<Noun>,
    end: usize,
    is_part: bool,
}

/// How many words may stand between a number and its noun.
const REACH: usize = 7;

impl Words<'_, '_> {
    fn lower(&self, at: usize) -> &str {
        if self.sentence.contains(&at) { self.doc.lower(at) } else { "" }
    }

    fn before(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |at| self.lower(at))
    }

    /// "At least nine and possibly more than 20 miners": the noun is said once.
    fn lead_nouns_back(&self, found: &mut [Counted]) {
        for i in (1..found.len()).rev() {
            let gap = found[i - 1].tokens.end..found[i].tokens.start;
            let joint = |at: usize| {
                matches!(
                    self.lower(at),
                    "and" | "but" | "or" | "to" | "possibly" | "potentially" | "perhaps" | "maybe" | "likely"
                )
            };
            let is_joined = (1..=3).contains(&gap.len()) && gap.clone().all(joint);
            if is_joined && found[i - 1].noun.is_none() && !found[i].is_part {
                found[i - 1].noun = found[i].noun.clone();
                found[i].is_part = found[i - 1].is_part;
            }
        }
    }

    /// Makes a count of a number; `None` if the number stands for somebody named before ("the 13", "no one").
    fn counted(&self, number: Number, from: usize) -> Option<Counted> {
        let quantified = LEXICON.quantifiers.before(self.doc, from, number.tokens.start);
        let (mut quantifier, mut start) = match quantified {
            Some((quantifier, start)) => (Some(quantifier), start),
            None => (None, number.tokens.start),
        };
        // "At least some 40", "nearly all 40": the outer word sets the bounds.
        if let Some((outer, outer_start)) = LEXICON.quantifiers.before(self.doc, from, start) {
            (quantifier, start) = (Some(outer), outer_start);
        }
        if self.is_known_before(&number, start) {
            return None;
        }
        let mut end = number.tokens.end;
        if let Some((after, after_end)) = LEXICON.after.at(self.doc, end, self.sentence.end) {
            (quantifier, end) = (Some(*after), after_end);
        }
        let phrase = self.noun_phrase(end);
        let included = LEXICON.includers.before(self.doc, self.sentence.start, start).is_some();
        let is_part = phrase.is_part || included;
        let group = if is_part && phrase.noun.is_none() { self.predicate(phrase.end) } else { None };
        Some(Counted {
            tokens: start..phrase.end,
            number: number.tokens.clone(),
            amount: number.amount,
            bounds: Bounds::of(number.amount, quantifier),
            is_part,
            group,
            noun: phrase.noun.or_else(|| self.household(start)),
            measure: None,
            harm: None,
        })
    }

    /// "A family of | five": the noun stands in front.
    fn household(&self, start: usize) -> Option<Noun> {
        let family = start.checked_sub(2).map_or("", |at| self.lower(at));
        let is_one = self.before(start) == "of" && matches!(family, "family" | "household" | "crew");
        let kind = NounKind::People("people".into());
        is_one.then(|| Noun { kind, name: "people".into(), is_known: true, measure: None })
    }

    /// "The 13", "no one", "one of the", "one another": no new count.
    fn is_known_before(&self, number: &Number, start: usize) -> bool {
        let Range { start: number_start, end } = number.tokens;
        let definite = matches!(self.before(start), "the" | "these" | "those" | "how");
        // "In the hundreds" states a number; "the hundreds of people" is known.
        let is_plural = matches!(number.amount, Amount::Plural(_));
        if self.before(start) == "how" || (definite && !is_plural) {
            return true;
        }
        let is_one = number.amount == Amount::Exact(1) && self.lower(number_start) == "one";
        let pronoun =
            matches!(self.before(number_start), "no" | "any" | "every" | "which" | "each" | "some" | "this")
                || matches!(self.lower(end), "another" | "day" | "by" | "side" | "time" | "thing")
                || (self.lower(end) == "of" && !matches!(self.lower(end + 1), "them" | "whom"));
        is_one && number.tokens.len() == 1 && pronoun
    }

    /// Reads "heavy casualties": a quantity without any scale.
    fn heavy(&self, at: usize) -> Option<Counted> {
        if !matches!(self.lower(at), "heavy" | "mass" | "massive" | "significant") {
            return None;
        }
        let phrase = self.noun_phrase(at + 1);
        let noun = phrase.noun.filter(|noun| noun.measure == Some(Measure::KilledOrInjured))?;
        Some(Counted {
            tokens: at..phrase.end,
            number: at..at + 1,
            amount: Amount::Indefinite,
            bounds: Bounds::of(Amount::Indefinite, None),
            noun: Some(noun),
            is_part: false,
            group: None,
            measure: None,
            harm: None,
        })
    }

    /// Reads what is counted from the token behind the number.
    fn noun_phrase(&self, number_end: usize) -> Phrase {
        let bare = |end, is_part| Phrase { noun: None, end, is_part };
        let mut at = number_end;
        if self.lower(at) == "of" {
            if matches!(self.lower(at + 1), "them" | "whom") {
                return bare(at + 2, true);
            }
            at += 1;
            if let Some(phrase) = self.of_the_killed(at) {
                return phrase;
            }
            while matches!(
                self.lower(at),
                "the" | "its" | "their" | "our" | "these" | "those" | "his" | "her" | "my"
            ) {
                at += 1;
            }
        }
        match self.head(at) {
            Some((noun, end)) => Phrase { noun: Some(noun), end, is_part: false },
            None => {
                let more = matches!(self.lower(number_end), "more" | "other" | "others");
                bare(if more { number_end + 1 } else { number_end }, false)
            }
        }
    }

    /// "Two of the killed": the noun says what happened.
    fn of_the_killed(&self, at: usize) -> Option<Phrase> {
        let (harms, end) = LEXICON.harms.at(self.doc, at + 1, self.sentence.end)?;
        let harm = harms.iter().find(|harm| harm.about == About::People)?;
        let noun_follows = LEXICON.nouns.at(self.doc, end, self.sentence.end).is_some();
        if !matches!(self.lower(at), "the" | "those") || noun_follows {
            return None;
        }
        let noun = Noun {
            kind: NounKind::People("people".into()),
            name: (end..end + 3).find_map(|at| self.predicate(at)).unwrap_or_else(|| "people".into()),
            is_known: true,
            measure: Some(harm.measure),
        };
        Some(Phrase { noun: Some(noun), end, is_part: true })
    }

    /// Reads adjectives and the noun they belong to.
    fn head(&self, start: usize) -> Option<(Noun, usize)> {
        let mut participle = None;
        let mut at = start;
        while at < self.sentence.end.min(start + REACH) {
            if let Some((_, _)) = LEXICON.nouns.at(self.doc, at, self.sentence.end) {
                return Some(self.known_head(start, at, participle));
            }
            if let Some(measure) = self.participle(at) {
                participle = Some(measure);
            } else if !self.is_adjective(at) {
                break;
            }
            at += 1;
        }
        self.unknown_head(start, at, participle)
    }

    /// "Wounded" in "12 wounded soldiers": a word of harm with its noun behind it.
    fn participle(&self, at: usize) -> Option<Measure> {
        let (harms, end) = LEXICON.harms.at(self.doc, at, self.sentence.end)?;
        let harm = harms.iter().find(|harm| matches!(harm.form, Form::Transitive | Form::State))?;
        let noun = |at| LEXICON.nouns.at(self.doc, at, self.sentence.end).is_some();
        // "Killed four people" is a verb with its object.
        let described = |at| self.is_adjective(at) && numbers::read(self.doc, at).is_none();
        (noun(end) || (described(end) && noun(end + 1))).then_some(harm.measure)
    }

    fn is_adjective(&self, at: usize) -> bool {
        let Some(token) = self.doc.tokens().get(at).filter(|_| at < self.sentence.end) else { return false };
        let word = self.doc.lower(at);
        if token.kind != TokenKind::Word {
            let joins = |at: usize| {
                at > 0
                    && self
                        .doc
                        .tokens()
                        .get(at)
                        .is_some_and(|token| self.doc.tokens()[at - 1].end() == token.start())
            };
            return matches!(word, "-" | "–") && joins(at) && joins(at + 1);
        }
        // "US-made launchers", "US launchers".
        let next = self.doc.tokens().get(at + 1).filter(|next| next.start() == token.end());
        let before = at.checked_sub(1).map(|before| (&self.doc.tokens()[before], self.doc.lower(before)));
        let is_second = before.is_some_and(|(mark, word)| word == "-" && mark.end() == token.start());
        if next.is_some_and(|_| self.doc.lower(at + 1) == "-") || is_second || self.doc.word(at) == "US" {
            return true;
        }
        if matches!(word, "more" | "other" | "additional" | "further" | "such" | "'s" | "’s") {
            return true;
        }
        let closed = LEXICON.stops.contains(word) || LEXICON.auxiliaries.contains(word);
        !closed && LEXICON.harms.at(self.doc, at, self.sentence.end).is_none()
    }

    /// Takes the noun at `at`, the nouns it leads up to ("police officers") and those joined with "and".
    fn known_head(&self, start: usize, at: usize, participle: Option<Measure>) -> (Noun, usize) {
        let sentence_end = self.sentence.end;
        let mut kind = NounKind::Objects;
        let mut head = at;
        let mut end = at;
        while let Some((found, after)) = LEXICON.nouns.at(self.doc, end, sentence_end) {
            (kind, head, end) = (found.clone(), end, after);
        }
        let own = self
            .doc
            .bytes(head..end)
            .and_then(|_| LEXICON.self_measured.get(&self.joined(head..end)).copied());
        let mut name = match &kind {
            // "12 captured fighters" are in somebody's hands, whatever they were before.
            NounKind::People(_) if participle == Some(Measure::Detained) => "prisoners".to_owned(),
            NounKind::People(group) => group.clone(),
            NounKind::Toll(_) => self.adjective_group(start..head).unwrap_or_else(|| self.those_behind(end)),
            _ => self.joined(self.first_word(start, head)..end),
        };
        if name == "others" {
            name = "people".into();
        }
        let mut second = None;
        if let Some((joined, second_name, after)) =
            self.joined_noun(&kind, end).filter(|_| !self.is_other_toll(&kind, end))
        {
            match joined {
                NounKind::People(_) => name = format!("{name} and {second_name}"),
                NounKind::Toll(measure) => second = Some(measure),
                _ => name = second_name,
            }
            end = after;
        }
        if matches!(self.lower(end - 1), "members" | "member") && self.lower(end) == "of" {
            end = self.names_behind(end);
        }
        let measure = match kind {
            NounKind::Toll(measure) => Some(second.map_or(measure, |second| either(measure, second))),
            NounKind::Attacks => Some(Measure::Attacks),
            _ => own.or(participle),
        };
        (Noun { kind, name, is_known: true, measure }, end)
    }

    /// "Eleven deaths and other injuries": the number counts the deaths alone.
    fn is_other_toll(&self, kind: &NounKind, and: usize) -> bool {
        matches!(kind, NounKind::Toll(_)) && self.lower(and + 1) == "other"
    }

    /// "35 members of the Varden Guard": the capital words behind "of", if there are any.
    fn names_behind(&self, of: usize) -> usize {
        let is_capital =
            |at: usize| self.sentence.contains(&at) && self.doc.word(at).starts_with(char::is_uppercase);
        let mut end = of;
        let mut at = of + 1;
        while at < self.sentence.end.min(of + 12) {
            let is_family = end == at && LEXICON.nouns.at(self.doc, at, self.sentence.end).is_some();
            if is_capital(at) || is_family {
                end = at + 1;
            } else if !matches!(self.lower(at), "the" | "and" | "-" | "al" | "an") {
                break;
            }
            at += 1;
        }
        end
    }

    /// Reads who they were behind the count: "of whom four were children".
    fn predicate(&self, at: usize) -> Option<String> {
        // "Two of them children".
        if let Some((NounKind::People(group), _)) = LEXICON.nouns.at(self.doc, at, self.sentence.end) {
            return Some(group.clone());
        }
        let copula = (at..at + 4).find(|at| matches!(self.lower(*at), "were" | "was" | "are"))?;
        (copula + 1..copula + 4).find_map(|at| match LEXICON.nouns.at(self.doc, at, self.sentence.end) {
            Some((NounKind::People(group), _)) => Some(group.clone()),
            _ => None,
        })
    }

    /// "Civilian" in "12 civilian deaths".
    fn adjective_group(&self, tokens: Range<usize>) -> Option<String> {
        tokens.filter_map(|at| LEXICON.adjectives.get(self.lower(at))).next().cloned()
    }

    /// Reads those among whom there are casualties: "12 casualties among the rescuers".
    fn those_behind(&self, at: usize) -> String {
        let people = |at| match LEXICON.nouns.at(self.doc, at, self.sentence.end) {
            Some((NounKind::People(group), _)) => Some(group.clone()),
            _ => None,
        };
        let joint = |at: &usize| matches!(self.lower(*at), "among" | "of" | "on" | "amongst");
        // "Nine bodies, two of them children" are not nine children.
        let mut here = (at..at + 4).take_while(|at| !matches!(self.lower(*at), "," | "–" | "—" | "("));
        let found = here.find(joint).and_then(|joint| (joint + 1..joint + 4).find_map(people));
        found.unwrap_or_else(|| "people".into())
    }

    /// Reads "and civilians", "and other buildings": a second noun of the same kind without a number of its own.
    fn joined_noun(&self, kind: &NounKind, at: usize) -> Option<(NounKind, String, usize)> {
        if !matches!(self.lower(at), "and" | "or") {
            return None;
        }
        let other = if self.lower(at + 1) == "other" { at + 2 } else { at + 1 };
        let (second, end) = LEXICON.nouns.at(self.doc, other, self.sentence.end)?;
        let same = std::mem::discriminant(kind) == std::mem::discriminant(second);
        let plural = self.lower(end - 1).ends_with('s')
            || matches!(self.lower(end - 1), "women" | "children" | "men" | "police");
        let name = match second {
            NounKind::People(group) => group.clone(),
            _ => self.joined(other..end),
        };
        (same && plural).then(|| (second.clone(), name, end))
    }

    /// Takes a plural that the lexicon does not know, if the noun phrase ends with it.
    fn unknown_head(&self, start: usize, end: usize, participle: Option<Measure>) -> Option<(Noun, usize)> {
        let last = end.checked_sub(1).filter(|last| *last >= start)?;
        let word = self.lower(last);
        let plural = word.len() > 3
            && word.ends_with('s')
            && !word.ends_with("ss")
            && !matches!(word, "'s" | "others" | "times" | "this" | "is")
            && !LEXICON.uncounted.contains(word);
        let letters = self.doc.tokens().get(last).is_some_and(|token| token.kind == TokenKind::Word);
        (plural && letters && end < start + REACH).then(|| {
            let name = word.to_owned();
            (Noun { kind: NounKind::People(name.clone()), name, is_known: false, measure: participle }, end)
        })
    }

    /// Leaves out "more" and "other", which belong to no name.
    fn first_word(&self, start: usize, head: usize) -> usize {
        (start..head)
            .find(|at| !matches!(self.lower(*at), "more" | "other" | "additional" | "further"))
            .unwrap_or(head)
    }

    fn joined(&self, tokens: Range<usize>) -> String {
        let bytes = self.doc.bytes(tokens).unwrap_or_default();
        let words = self.doc.text().get(bytes).unwrap_or_default();
        words.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
    }
}

/// "Deaths and injuries" are not told apart.
fn either(one: Measure, other: Measure) -> Measure {
    if one == other { one } else { Measure::KilledOrInjured }
}
