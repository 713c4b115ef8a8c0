//! Those who are said to have been harmed one by one, read from the heads of a sentence.

use std::ops::Range;

use language::engine::Token;
use model::{Claim, ClaimKind, Figure, Measure, Polarity, Sex, Span, Victim, Victims};

use super::heads::{self, Heads, people};
use super::persons::{self, NOUNS, Noun};
use super::{roster, same};
use crate::attribution::Stance;
use crate::context::Context;
use crate::syntax::Parsed;

/// The fewest that a plural without a number can mean.
const PLURAL: u64 = 2;

/// From this age on nobody is a child (Convention on the Rights of the Child, article 1).
const ADULT: u64 = 18;

/// Finds the people that the words of harm of each sentence are said of.
///
/// A person is a name, or a noun for one person ("a baker", "his wife"); a number beside the noun is that of the figure
/// which is found there. Pronouns are left alone: they stand for somebody who is named elsewhere.
pub(in crate::extractors) fn victims(context: &Context<'_>, claims: &[Claim]) -> Vec<Victims> {
    let mut figures: Vec<(Span, &Figure)> = claims.iter().filter_map(figure).collect();
    figures.sort_by_key(|(span, _)| span.start());
    let mut found = Vec::new();
    for sentence in 0..context.doc.sentences().len() {
        let Some(heads) = Heads::of(context, sentence) else { continue };
        let reader = Reader { context, parsed: heads.parsed, figures: &figures };
        let lists = heads.harms.iter().filter_map(|harm| reader.list(heads.word(harm)?, harm.measure));
        found.extend(lists);
    }
    found.extend(roster::rosters(context));
    found.sort_by_key(|list| list.span.start());
    same::number(context.text(), &mut found);
    found
}

fn figure(claim: &Claim) -> Option<(Span, &Figure)> {
    match &claim.kind {
        ClaimKind::Figure(figure) => Some((claim.span, figure)),
        _ => None,
    }
}

/// Tells which of children, women and men a person is of; "people" if the words do not tell.
pub(super) fn group(noun: Option<Noun>, age: Option<u64>, sex: Option<Sex>) -> &'static str {
    let is_adult = age.is_some() || matches!(noun, Some(Noun::Adult(_) | Noun::Person));
    match (noun, age, sex) {
        (_, Some(age), _) if age < ADULT => "children",
        (Some(Noun::Child), None, _) => "children",
        (_, _, Some(sex)) if is_adult => persons::adults(sex),
        _ => "people",
    }
}

struct Reader<'r, 'd> {
    context: &'r Context<'d>,
    parsed: &'r Parsed,
    figures: &'r [(Span, &'r Figure)],
}

impl<'r> Reader<'r, '_> {
    fn list(&self, word: Token<'r>, measure: Measure) -> Option<Victims> {
        let people = people(word);
        let mut members: Vec<Victim> = Vec::new();
        let mut parts: Vec<Victim> = Vec::new();
        for token in &people {
            let Some(victim) = self.victim(*token) else { continue };
            if self.is_part(victim.span) {
                parts.push(victim);
            } else if members.last().is_none_or(|last| self.are_apart(last.span, victim.span)) {
                members.push(victim);
            }
        }
        close(&mut members, &mut parts);
        let (first, last) = (members.first()?, members.last()?);
        let span = self.context.text().span(first.span.start()..last.span.end())?;
        parts.extend(
            people.iter().flat_map(|token| heads::parts(*token)).filter_map(|token| self.victim(token)),
        );
        // A long text has many lists of one, and room for four would be kept for each.
        members.shrink_to_fit();
        let said = self.context.attributions.governing(span);
        Some(Victims {
            span,
            harm: Some(self.context.text().span(self.parsed.bytes(word))?),
            measure,
            said_by: said.map(|said| said.said_by.clone()).unwrap_or_default(),
            cue: said.and_then(|said| said.cue),
            polarity: match said.map(|said| said.stance) {
                Some(Stance::Denying) => Polarity::Denied,
                _ => Polarity::Asserted,
            },
            members,
            parts,
        })
    }

    /// Tells whether the words are a figure that is part of another.
    fn is_part(&self, span: Span) -> bool {
        let at = self.figures.partition_point(|(other, _)| other.start() < span.start());
        self.figures.get(at).is_some_and(|(other, figure)| *other == span && figure.subset_of.is_some())
    }

    /// Tells whether a comma or an "and" stands between two: else they are one name that was taken apart.
    fn are_apart(&self, first: Span, second: Span) -> bool {
        let between = self.context.text().read().get(first.end()..second.start()).unwrap_or_default();
        first != second
            && between.split_whitespace().any(|word| {
                word.ends_with([',', ';', ')', '–', '—', '/'])
                    || JOINTS.contains(&word.to_lowercase().as_str())
            })
    }

    /// Reads one item of the list; `None` if the words are no person.
    fn victim(&self, head: Token<'r>) -> Option<Victim> {
        if let Some((span, figure)) = self.figure_at(&self.parsed.bytes(head)) {
            let is_bare = figure.vague && figure.lower.is_none() && figure.upper.is_none();
            return Some(Victim {
                span,
                population: figure.population.clone(),
                lower: if is_bare { Some(PLURAL) } else { figure.lower },
                upper: figure.upper,
                sex: None,
                person: None,
            });
        }
        let span = self.context.text().span(self.phrase(head))?;
        let word = head.text().to_lowercase();
        if let Some(group) = NOUNS.plurals.get(&word) {
            let lower = if head.tag() == "NNS" { PLURAL } else { 1 };
            let population = group.clone();
            return Some(Victim {
                span,
                population,
                lower: Some(lower),
                upper: None,
                sex: None,
                person: None,
            });
        }
        let noun = NOUNS.singular.get(&word).copied();
        let is_named = self.is_person(head);
        if noun.is_none() && !is_named {
            return None;
        }
        let sex = noun.and_then(Noun::sex).or_else(|| self.sex(head));
        let population = self.population(head, noun).to_owned();
        // The persons are numbered when all of them are known.
        let person = is_named.then_some(0);
        Some(Victim { span, population, lower: Some(1), upper: Some(1), sex, person })
    }

    /// Tells children, women and men apart by noun, age and given name. A name alone, and a son or a niece, can be of
    /// any age.
    fn population(&self, head: Token<'r>, noun: Option<Noun>) -> &'static str {
        let doc = self.context.doc;
        let age_of = |person: Token<'r>| {
            let at = |byte: usize| doc.token_at(byte);
            persons::age(doc, at(self.phrase(person).start), at(self.parsed.bytes(person).start))
        };
        // "Her brother Ilya Vey, 31": the age stands behind the name.
        let name = head.dependents().find(|token| token.label() == "appos");
        let age = age_of(head).or_else(|| name.and_then(age_of));
        let sex = noun.and_then(Noun::sex).or_else(|| self.sex(head));
        group(noun, age, sex)
    }

    fn figure_at(&self, bytes: &Range<usize>) -> Option<(Span, &'r Figure)> {
        let at = self.figures.partition_point(|(span, _)| span.end() < bytes.end);
        let (span, figure) = self.figures.get(at)?;
        (span.start() <= bytes.start).then_some((*span, *figure))
    }

    /// Returns the bytes from the first word before the noun to the noun.
    fn phrase(&self, head: Token<'r>) -> Range<usize> {
        let first = head.dependents().take_while(|token| token.index() < head.index()).next().unwrap_or(head);
        self.parsed.bytes(first).start..self.parsed.bytes(head).end
    }

    /// Tells whether a token is the head of a person's name. What is killed and has a name of two words is a person,
    /// whatever kind of name the engine takes it for.
    fn is_person(&self, head: Token<'r>) -> bool {
        if !matches!(head.tag(), "NNP" | "NNPS") {
            return false;
        }
        let name = head.name().and_then(|at| self.parsed.parse().names().nth(at));
        let label = name.map_or("", |name| name.label);
        label == "PERSON"
            || (matches!(label, "" | "ORG" | "GPE" | "FAC" | "LOC" | "PRODUCT" | "WORK_OF_ART")
                && head.dependents().any(|token| token.label() == "compound" && token.tag() == "NNP"))
    }

    /// Tells the sex from a given name, a title or an adjective in the phrase.
    fn sex(&self, head: Token<'r>) -> Option<Sex> {
        let bytes = self.phrase(head);
        let words = self.context.text().read().get(bytes)?;
        words.split_whitespace().find_map(|word| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            NOUNS.sex_of(&word).or_else(|| NOUNS.singular.get(&word).copied().and_then(Noun::sex))
        })
    }
}

/// Words that part two items of a list.
const JOINTS: [&str; 10] = ["and", "with", "alongside", "or", "plus", "-", "were", "was", "killed", "also"];

/// "Two bakers, Mira Vey and her son": a list that comes to its first item says who those are.
fn close(members: &mut Vec<Victim>, parts: &mut Vec<Victim>) {
    let Some((first, rest)) = members.split_first().filter(|(_, rest)| rest.len() > 1) else { return };
    let sum = rest.iter().try_fold(0u64, |sum, member| sum.checked_add(member.lower?));
    if first.lower.is_some_and(|lower| lower > 1) && first.lower == sum {
        parts.extend(members.drain(1..));
    }
}
