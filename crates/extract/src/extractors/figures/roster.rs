//! Those who are named as dead in lists where no verb stands beside each name.

use std::ops::Range;

use language::{Doc, TokenKind};
use model::{Measure, Polarity, Sex, Victim, Victims};
use rustc_hash::FxHashSet as HashSet;

use super::persons::{self, NOUNS, Noun};
use super::victims::group;
use crate::attribution::Stance;
use crate::context::Context;

/// Finds lists of names of the dead: "The victims were named as Mira Vey (40) and her children Ilya, 9, and Ada, 5."
///
/// A sentence holds such a list if it, or the one before, speaks of names or of the dead. A name counts if an age stands
/// beside it or names are announced. Left alone are names of those who tell or mourn, of homes and of places.
pub(super) fn rosters(context: &Context<'_>) -> Vec<Victims> {
    let mut found = Vec::new();
    for paragraph in context.doc.paragraphs() {
        let mut is_announced = false;
        for sentence in paragraph.clone() {
            let reader = Reader { context, tokens: context.doc.sentences()[sentence].clone() };
            let leads = reader.has(&NOUNS.roster.leads);
            let rule = match () {
                () if leads || is_announced => Rule::Announced,
                () if reader.has(&NOUNS.roster.harms) => Rule::Aged,
                () => {
                    is_announced = false;
                    continue;
                }
            };
            found.extend(reader.list(rule));
            is_announced = leads;
        }
    }
    found
}

/// Which names of a sentence are of victims.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// All, but for those who tell.
    Announced,
    /// Those with an age.
    Aged,
}

/// A name where it stands, with the words between it and the name before.
struct Name {
    tokens: Range<usize>,
    gap: Range<usize>,
    noun: Option<Noun>,
}

struct Reader<'r, 'd> {
    context: &'r Context<'d>,
    tokens: Range<usize>,
}

impl Reader<'_, '_> {
    fn doc(&self) -> &Doc<'_> {
        self.context.doc
    }

    fn lower(&self, at: usize) -> &str {
        if self.tokens.contains(&at) { self.doc().lower(at) } else { "" }
    }

    fn has(&self, words: &HashSet<String>) -> bool {
        self.tokens.clone().any(|at| words.contains(self.lower(at)))
    }

    fn list(&self, rule: Rule) -> Option<Victims> {
        if !self.has(&NOUNS.roster.harms) && self.has(&NOUNS.roster.spared) {
            return None;
        }
        let members: Vec<Victim> = self.names().iter().filter_map(|name| self.victim(name, rule)).collect();
        let (first, last) = (members.first()?, members.last()?);
        let span = self.context.text().span(first.span.start()..last.span.end())?;
        let said = self.context.attributions.governing(span);
        Some(Victims {
            span,
            harm: None,
            measure: Measure::Killed,
            said_by: said.map(|said| said.said_by.clone()).unwrap_or_default(),
            cue: said.and_then(|said| said.cue),
            polarity: match said.map(|said| said.stance) {
                Some(Stance::Denying) => Polarity::Denied,
                _ => Polarity::Asserted,
            },
            members,
            parts: Vec::new(),
        })
    }

    fn victim(&self, name: &Name, rule: Rule) -> Option<Victim> {
        let spared = name.gap.clone().any(|at| NOUNS.roster.spared.contains(self.lower(at)));
        let age = self.age(name);
        let single = name.tokens.len() == 1;
        if spared || (age.is_none() && (single || rule == Rule::Aged || self.is_told_of(name))) {
            return None;
        }
        let sex = name.noun.and_then(Noun::sex).or_else(|| NOUNS.sex_of(self.doc().word(name.tokens.start)));
        Some(Victim {
            span: self.context.span(name.tokens.clone())?,
            population: group(name.noun, age, sex).to_owned(),
            lower: Some(1),
            upper: Some(1),
            sex,
            person: Some(0),
        })
    }

    fn age(&self, name: &Name) -> Option<u64> {
        // The age behind the name before ends at a mark.
        let from = name
            .gap
            .clone()
            .rev()
            .take_while(|&at| self.doc().tokens()[at].kind != TokenKind::Mark || self.lower(at) == "-");
        let from = from.last().unwrap_or(name.tokens.start);
        persons::age(self.doc(), from, name.tokens.end - 1).filter(|age| *age < 120)
    }

    /// Tells whether a name is of somebody who tells, or only says where: "according to", "posted by".
    fn is_told_of(&self, name: &Name) -> bool {
        let before = self.lower(name.tokens.start.wrapping_sub(1));
        let lost = || {
            let from = name.tokens.start.saturating_sub(4);
            (from..name.tokens.start).any(|at| NOUNS.roster.lost.contains(self.lower(at)))
        };
        let tells =
            (name.tokens.end..name.tokens.end + 3).any(|at| NOUNS.roster.tells.contains(self.lower(at)));
        tells || NOUNS.roster.told_by.contains(before) || before == "of" && !lost()
    }

    /// Finds the names of persons, each with the noun that says who it is: "her sons Ilya Vey and Ada Vey".
    fn names(&self) -> Vec<Name> {
        let mut names: Vec<Name> = Vec::new();
        let mut at = self.tokens.start;
        let mut scope = None;
        while at < self.tokens.end {
            let end = self.name_end(at);
            if end == at {
                at += 1;
                continue;
            }
            let start = self.behind_titles(at, end);
            at = end;
            let gap = names.last().map_or(self.tokens.start, |name| name.tokens.end)..start;
            if start == end || !self.is_person(start..end) {
                scope = None;
                continue;
            }
            let noun = self.noun(&gap);
            if let Some((noun_at, noun, _)) = noun
                && matches!(self.lower(noun_at + 1), "of" | "to")
            {
                // "Mira Vey (wife of Ilya Vey)": the noun is said of the one before.
                if let Some(last) = names.last_mut() {
                    last.noun = last.noun.or(Some(noun));
                }
                continue;
            }
            scope = match noun {
                Some((_, noun, is_plural)) => Some((noun, is_plural)),
                None => scope.filter(|(_, is_plural)| *is_plural && self.is_joint(&gap)),
            };
            names.push(Name { tokens: start..end, gap, noun: scope.map(|(noun, _)| noun) });
        }
        names
    }

    /// Returns the token behind the name that starts at `at`; `at` itself if none does.
    fn name_end(&self, at: usize) -> usize {
        let mut end = at;
        while end < self.tokens.end {
            let is_capital = self.doc().word(end).starts_with(char::is_uppercase);
            let particle =
                NOUNS.roster.particles.contains(self.lower(end)) || matches!(self.lower(end), "-" | "–");
            let goes_on = particle
                && end + 1 < self.tokens.end
                && (self.doc().word(end + 1).starts_with(char::is_uppercase)
                    || matches!(self.lower(end + 1), "-" | "–")
                        && end + 2 < self.tokens.end
                        && self.doc().word(end + 2).starts_with(char::is_uppercase));
            let is_mark = self.doc().tokens()[end].kind == TokenKind::Mark;
            if !(is_capital || goes_on && (!is_mark || end > at)) {
                break;
            }
            end += 1;
        }
        end
    }

    fn behind_titles(&self, start: usize, end: usize) -> usize {
        let is_before = |at: usize| {
            NOUNS.roster.titles.contains(self.lower(at))
                || at == self.tokens.start && crate::capitals::is_english(self.lower(at))
        };
        (start..end).find(|&at| !is_before(at)).unwrap_or(end)
    }

    /// Tells whether the words name neither a place nor a body nor the home of a family.
    fn is_person(&self, tokens: Range<usize>) -> bool {
        let body = tokens.clone().any(|at| NOUNS.bodies.contains(self.lower(at)));
        let places = self.context.places;
        let first = places.partition_point(|place| place.tokens.end <= tokens.start);
        let is_place = places
            .get(first)
            .is_some_and(|place| place.tokens.start <= tokens.start && tokens.end <= place.tokens.end);
        let Some(span) = self.context.span(tokens.clone()) else { return false };
        let after = self.context.times.partition_point(|time| time.span.end() <= span.start());
        let is_time = self.context.times.get(after).is_some_and(|time| time.span.overlaps(span));
        let behind = if matches!(self.lower(tokens.end), "'s" | "’s" | "'" | "’") {
            tokens.end + 1
        } else {
            tokens.end
        };
        !(body || is_place || is_time || NOUNS.roster.belongings.contains(self.lower(behind)))
    }

    /// Returns the last noun for persons between two names, and whether it is a plural.
    fn noun(&self, gap: &Range<usize>) -> Option<(usize, Noun, bool)> {
        let near = gap.end.saturating_sub(NEAR).max(gap.start)..gap.end;
        near.rev().find_map(|at| {
            let word = self.lower(at);
            if let Some(noun) = NOUNS.singular.get(word) {
                return Some((at, *noun, false));
            }
            let group = NOUNS.plurals.get(word)?;
            let noun = match group.as_str() {
                "children" => Noun::Child,
                "women" => Noun::Adult(Sex::Female),
                "men" => Noun::Adult(Sex::Male),
                _ => NOUNS.singular.get(word.strip_suffix('s')?).copied().unwrap_or(Noun::Person),
            };
            Some((at, noun, true))
        })
    }

    /// Tells whether nothing but marks, ages and "and" stands between two names.
    fn is_joint(&self, gap: &Range<usize>) -> bool {
        gap.clone().all(|at| {
            self.doc().tokens()[at].kind != TokenKind::Word
                || matches!(
                    self.lower(at),
                    "and" | "aged" | "age" | "old" | "years" | "year" | "months" | "month" | "year-old"
                )
                || crate::numbers::of_word(self.lower(at)).is_some()
        })
    }
}

/// So many words before a name can say who it is: "her two young sons".
const NEAR: usize = 8;
