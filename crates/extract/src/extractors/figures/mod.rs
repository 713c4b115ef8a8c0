mod bounds;
mod breakdown;
mod counted;
mod frame;
mod harm;
mod heads;
mod lexicon;
mod persons;
mod roster;
mod same;
mod spread;
mod victims;

use std::ops::Range;

use language::TokenKind;
use model::{Claim, ClaimKind, Figure, Measure, Polarity, Scope};

use self::counted::Counted;
use self::frame::{Frame, MANY};
use self::lexicon::{LEXICON, NounKind};
use super::Extractor;
use crate::attribution::Stance;
use crate::context::Context;
use crate::evidence;

pub(super) use self::victims::victims;

/// Finds quantities of people harmed, and of objects or attacks.
///
/// A figure is a number with its quantifier and the noun it counts ("at least 78 children"), or the number alone
/// where the noun stands apart ("the toll has risen to 13"). A word of harm in the same sentence must say what
/// happened to those counted: sums of money, ages, votes, weather and plain crowds are left alone, and so are
/// percentages and a count that is only named again ("the 13").
///
/// The bounds are those of the words (standards 7.5), never a number that nobody said.
pub(super) const FIGURES: Extractor =
    Extractor { name: "figures", example: "More than 950 civilians have been killed.", find };

fn find(context: &Context<'_>, found: &mut Vec<Claim>) {
    let war_began = frame::war_began(context);
    let first = found.len();
    for paragraph in context.doc.paragraphs() {
        let mut whole = None;
        for sentence in paragraph.clone() {
            let tokens = context.doc.sentences()[sentence].clone();
            let mut counted = counts(context, sentence);
            if let Some(earlier) = whole.and_then(|whole: usize| figure_of(found.get(whole)?)) {
                carry_on(context, &tokens, &mut counted, earlier.measure);
            }
            take_up(context, sentence, &mut counted, &found[first..]);
            if counted.iter().any(|counted| counted.measure.is_some()) {
                let frame = Frame::of(context, sentence, war_began);
                Writer { context, frame, found, whole: &mut whole }.write(&counted);
            }
        }
    }
}

fn figure_of(claim: &Claim) -> Option<&Figure> {
    match &claim.kind {
        ClaimKind::Figure(figure) => Some(figure),
        _ => None,
    }
}

/// "Among them were three doctors" counts a part of the figure in the sentence before.
fn carry_on(context: &Context<'_>, sentence: &Range<usize>, counted: &mut [Counted], measure: Measure) {
    let refers =
        sentence.start < sentence.end && matches!(context.doc.lower(sentence.start), "among" | "they");
    for part in counted.iter_mut().filter(|part| refers && part.is_part && part.measure.is_none()) {
        part.measure = Some(measure);
    }
}

/// "Rescuers put it at 17", "the agency has confirmed 122": the number counts the dead or the wounded that the last of the
/// `figures` does, the dead before the wounded, if that stands in this sentence or the one before.
fn take_up(context: &Context<'_>, sentence: usize, counted: &mut [Counted], figures: &[Claim]) {
    let doc = context.doc;
    let sentence_of = |claim: &Claim| doc.tokens()[doc.token_at(claim.span.start())].sentence();
    let Some(last) = figures.last().map(sentence_of).filter(|last| sentence - last <= 1) else { return };
    let told = || figures.iter().rev().take_while(|claim| sentence_of(claim) == last).filter_map(figure_of);
    let dead = told().find(|figure| figure.measure == Measure::Killed);
    let Some(measure) = dead.or_else(|| told().next()).map(|figure| figure.measure) else { return };
    if !matches!(measure, Measure::Killed | Measure::Injured | Measure::Missing) {
        return;
    }
    let word = |at: Option<usize>| at.map_or("", |at| doc.lower(at));
    for one in counted.iter_mut().filter(|one| one.measure.is_none() && one.noun.is_none() && !one.is_part) {
        let [put, it, at] = [3, 2, 1].map(|back| word(one.tokens.start.checked_sub(back)));
        let refers = matches!((put, it, at), ("put" | "puts", "it", "at"))
            || matches!(at, "confirmed" | "verified" | "counted" | "documented");
        let ends = doc.tokens().get(one.tokens.end).is_none_or(|token| token.kind == TokenKind::Mark);
        if refers && ends {
            one.measure = Some(measure);
        }
    }
}

fn counts(context: &Context<'_>, sentence: usize) -> Vec<Counted> {
    let tokens = &context.doc.sentences()[sentence];
    let mut counted = counted::read(context.doc, tokens.clone());
    counted.retain(|counted| !is_in_date(context, counted) && !is_not_one(context, counted));
    harm::place(context.doc, tokens, &mut counted);
    heads::place(context, sentence, &mut counted);
    spread::widen(context.doc, tokens, &mut counted);
    breakdown::close(&mut counted);
    counted
}

/// "October 21": a number that a date is made of counts nothing.
fn is_in_date(context: &Context<'_>, counted: &Counted) -> bool {
    let Some(span) = context.span(counted.tokens.clone()) else { return false };
    let after = context.times.partition_point(|time| time.span.start() <= span.start());
    let in_time = || context.times[..after].last().is_some_and(|time| time.span.overlaps(span));
    counted.noun.is_none() && in_time() || is_year(context, counted)
}

/// "A 2016 strike": a year in front of one blow.
fn is_year(context: &Context<'_>, counted: &Counted) -> bool {
    let doc = context.doc;
    let blow =
        counted.noun.as_ref().filter(|noun| matches!(noun.kind, NounKind::Attacks | NounKind::Munitions));
    let is_one = || blow.is_some() && !doc.lower(counted.tokens.end - 1).ends_with('s');
    let digits =
        counted.number.len() == 1 && doc.word(counted.number.start).bytes().all(|byte| byte.is_ascii_digit());
    digits && counted.bounds.stated.is_some_and(|stated| (1900..2100).contains(&stated)) && is_one()
}

/// "Not one rocket": a number that is denied counts nothing.
fn is_not_one(context: &Context<'_>, counted: &Counted) -> bool {
    let before = counted.tokens.start.checked_sub(1);
    counted.bounds.stated == Some(1) && before.is_some_and(|at| context.doc.lower(at) == "not")
}

/// Writes the figures of one sentence.
struct Writer<'w, 'r> {
    context: &'w Context<'r>,
    frame: Frame,
    found: &'w mut Vec<Claim>,
    /// The latest figure that is no part of another, as its position among the claims.
    whole: &'w mut Option<usize>,
}

impl Writer<'_, '_> {
    fn write(&mut self, counted: &[Counted]) {
        let mut population = None;
        for one in counted {
            let Some(measure) = one.measure else { continue };
            let named = self.population(one, population.as_ref());
            let Some(claim) = self.claim(one, measure, &named) else { continue };
            if !one.is_part {
                *self.whole = Some(self.found.len());
            }
            population = Some(named);
            self.found.push(claim);
        }
    }

    /// "Seven wounded" after "two civilians": those counted are the same kind, unless they are "others".
    fn population(&self, counted: &Counted, before: Option<&String>) -> String {
        if let Some(group) = &counted.group {
            return group.clone();
        }
        match (&counted.noun, before) {
            (Some(noun), _) => noun.name.clone(),
            (None, Some(before)) if !self.is_others(counted) => before.clone(),
            _ => "people".to_owned(),
        }
    }

    /// Tells whether the dead or wounded of an incident were told of just before.
    fn tells_incident(&self, counted: &Counted) -> bool {
        let doc = self.context.doc;
        let sentence = doc.tokens()[counted.tokens.start].sentence();
        let is_of_all = |at: usize| LEXICON.wide.contains(doc.lower(at));
        if counted.bounds.lower.is_some_and(|least| least >= MANY) || self.frame.sentence().any(is_of_all) {
            return false;
        }
        let last = self.found.iter().rev().find_map(|claim| Some((claim.span, figure_of(claim)?)));
        last.is_some_and(|(span, figure)| {
            let before = doc.tokens()[doc.token_at(span.start())].sentence();
            matches!(figure.measure, Measure::Killed | Measure::Injured)
                && figure.scope == Scope::Incident
                && sentence.saturating_sub(before) <= REACH
        })
    }

    /// "Killing four and wounding eleven. Two of the dead were children": the part names what befell its whole.
    fn named_whole(&self, counted: &Counted) -> Option<usize> {
        let doc = self.context.doc;
        let names = counted.tokens.clone().any(|at| at == counted.number.end && doc.lower(at) == "of");
        let measure = counted.noun.as_ref().filter(|_| names)?.measure?;
        let sentence_of = |at: usize| doc.tokens()[at].sentence();
        let sentence = sentence_of(counted.tokens.start);
        let near = |claim: &Claim| sentence - sentence_of(doc.token_at(claim.span.start())) <= REACH;
        let is_whole = |figure: &Figure| {
            figure.measure == measure
                && figure.subset_of.is_none()
                && figure.upper.zip(counted.bounds.lower).is_none_or(|(all, part)| part <= all)
        };
        let behind = self.found.iter().rev().take_while(|claim| figure_of(claim).is_some() && near(claim));
        behind
            .zip(1..)
            .find(|(claim, _)| figure_of(claim).is_some_and(is_whole))
            .map(|(_, back)| self.found.len() - back)
    }

    fn is_others(&self, counted: &Counted) -> bool {
        counted.tokens.clone().any(|at| self.context.doc.lower(at) == "others")
    }

    fn claim(&self, counted: &Counted, measure: Measure, population: &str) -> Option<Claim> {
        let context = self.context;
        let span = context.span(counted.tokens.clone())?;
        let said = context.attributions.governing(span);
        let whole = if counted.is_part { self.named_whole(counted).or(*self.whole) } else { None };
        // A part covers the stretch of time that its whole covers.
        let shared = whole.and_then(|whole| figure_of(self.found.get(whole)?));
        let scope = match shared {
            Some(whole) => whole.scope,
            None => self.frame.scope(context.doc, counted, measure, self.tells_incident(counted)),
        };
        let period = match shared.and_then(|whole| whole.period) {
            Some(period) => Some(period),
            None => self.frame.period(context, span, scope, said),
        };
        let bounds = counted.bounds;
        Some(Claim {
            span,
            said_by: said.map(|said| said.said_by.clone()).unwrap_or_default(),
            cue: said.and_then(|said| said.cue),
            polarity: match said.map(|said| said.stance) {
                Some(Stance::Denying) => Polarity::Denied,
                _ => Polarity::Asserted,
            },
            denies: None,
            supersedes: None,
            rule: rule(counted),
            evidence: evidence::at(context, counted.evidence()),
            kind: ClaimKind::Figure(Box::new(Figure {
                measure,
                population: population.to_owned(),
                lower: bounds.lower,
                upper: bounds.upper,
                stated: bounds.stated,
                approx: bounds.approx,
                vague: bounds.vague,
                scope,
                subset_of: whole,
                place: self.frame.place(context, span),
                period,
                caveats: self.frame.caveats(context.doc, counted, said),
            })),
        })
    }
}

/// Sentences that a toll reaches on: "Six were killed. Eleven were wounded, she said. | Four were missing."
const REACH: usize = 3;

fn rule(counted: &Counted) -> &'static str {
    match counted.noun.as_ref().map(|noun| &noun.kind) {
        Some(NounKind::People(_)) => "figure-counted-people",
        Some(NounKind::Toll(_)) => "figure-counted-toll",
        Some(NounKind::Attacks | NounKind::Munitions) => "figure-counted-attacks",
        Some(NounKind::Objects) => "figure-counted-objects",
        None => "figure-bare-number",
    }
}

#[cfg(test)]
mod tests;
