use std::collections::BTreeMap;

use model::{Act, Claim, ClaimKind, Figure};

use crate::speakers::side;
use crate::{Basis, Denial, DenialStrength, Matter, Origin, OriginKind, Subject};

/// An account of what stands for and against a matter, for a person to weigh. No score.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Weighing {
    /// How many independent origins there are of each kind.
    pub kinds: Vec<(OriginKind, usize)>,
    /// Where origins disagree, a sentence each.
    pub contradictions: Vec<String>,
    /// What the claims state.
    pub specificity: Specificity,
    /// The pair that the rules lead to.
    pub suggestion: Suggestion,
}

/// Which particulars the claims state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Specificity {
    /// A place.
    pub place: bool,
    /// A day.
    pub day: bool,
    /// A number.
    pub number: bool,
    /// A weapon.
    pub weapon: bool,
}

/// A suggested pair of the Admiralty code: how far the source is to be trusted, and how far the information. The two are
/// judged apart and are never averaged; F and 6 mean that it cannot be judged. The analyst's own grade comes before it.
#[derive(Debug, Clone, Copy)]
pub struct Suggestion {
    /// The rule for the source.
    pub source: &'static SourceRule,
    /// The rule for the information.
    pub information: &'static InformationRule,
}

impl PartialEq for Suggestion {
    /// Rules are told apart by their names.
    fn eq(&self, other: &Suggestion) -> bool {
        (self.source.name, self.information.name) == (other.source.name, other.information.name)
    }
}

impl Eq for Suggestion {}

impl Default for Suggestion {
    fn default() -> Suggestion {
        Suggestion { source: &SOURCE_RULES[0], information: &INFORMATION_RULES[0] }
    }
}

/// What the rules look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// Independent origins.
    pub independent: usize,
    /// Those of them who were there, saw it, or looked into it.
    pub close: usize,
    /// Those of them who say what they rest on.
    pub with_basis: usize,
    /// Others than the accused who deny it or tell it otherwise.
    pub otherwise: usize,
    /// The numbers of two origins do not meet.
    pub numbers_apart: bool,
    /// Place and day are stated.
    pub place_and_day: bool,
}

/// One rule that leads to a grade of the source, A to F.
#[derive(Debug)]
pub struct SourceRule {
    /// Its fixed name.
    pub name: &'static str,
    /// The grade.
    pub grade: char,
    /// The rule in a sentence.
    pub sentence: &'static str,
    applies: fn(&Facts) -> bool,
}

/// One rule that leads to a grade of the information, 1 to 6.
#[derive(Debug)]
pub struct InformationRule {
    /// Its fixed name.
    pub name: &'static str,
    /// The grade.
    pub grade: u8,
    /// The rule in a sentence.
    pub sentence: &'static str,
    applies: fn(&Facts) -> bool,
}

/// The first rule that applies gives the grade of the source. What a source was worth before is not recorded here, so
/// none is graded better.
pub const SOURCE_RULES: &[SourceRule] = &[
    SourceRule {
        name: "nobody-named",
        grade: 'F',
        sentence: "nobody is named who says so, so the source cannot be judged",
        applies: |facts| facts.independent == 0,
    },
    SourceRule {
        name: "new-source",
        grade: 'F',
        sentence: "no grade of this source is on record, and a new source starts at F: it cannot be judged yet",
        applies: |_| true,
    },
];

/// The first rule that applies gives the grade of the information. 1 needs two independent origins; a single origin,
/// however many copies, is at best 2, and without any other basis at best 3. A denial by the accused is shown and
/// lowers nothing: it is to be expected.
pub const INFORMATION_RULES: &[InformationRule] = &[
    InformationRule {
        name: "nobody-named",
        grade: 6,
        sentence: "nobody stands behind it by name, so it cannot be judged; copies add nothing",
        applies: |facts| facts.independent == 0,
    },
    InformationRule {
        name: "outweighed",
        grade: 5,
        sentence: "a single origin says it, and two or more who are not accused say otherwise",
        applies: |facts| facts.independent == 1 && facts.otherwise >= 2,
    },
    InformationRule {
        name: "contradicted",
        grade: 4,
        sentence: "a single origin says it, and somebody who is not accused says otherwise",
        applies: |facts| facts.independent == 1 && facts.otherwise == 1,
    },
    InformationRule {
        name: "disputed",
        grade: 3,
        sentence: "two or more independent origins say it, but somebody who is not accused says otherwise",
        applies: |facts| facts.independent >= 2 && facts.otherwise > 0,
    },
    InformationRule {
        name: "numbers-apart",
        grade: 3,
        sentence: "two or more independent origins tell of it, but their numbers do not meet",
        applies: |facts| facts.independent >= 2 && facts.numbers_apart,
    },
    InformationRule {
        name: "confirmed",
        grade: 1,
        sentence: "two or more independent origins say it, and at least one of them was there or looked into it",
        applies: |facts| facts.independent >= 2 && facts.close > 0,
    },
    InformationRule {
        name: "agreed",
        grade: 2,
        sentence: "two or more independent origins say it, but none of them is known to have been there",
        applies: |facts| facts.independent >= 2,
    },
    InformationRule {
        name: "single-with-basis",
        grade: 2,
        sentence: "a single origin says it, names place and day, and says what it rests on; a single origin is never above 2",
        applies: |facts| facts.with_basis > 0 && facts.place_and_day,
    },
    InformationRule {
        name: "single",
        grade: 3,
        sentence: "a single origin says it and there is nothing else to judge it by; however many copies, that is at best 3",
        applies: |_| true,
    },
];

impl Suggestion {
    /// Applies the rules.
    pub fn of(facts: &Facts) -> Suggestion {
        let source = SOURCE_RULES.iter().find(|rule| (rule.applies)(facts));
        let information = INFORMATION_RULES.iter().find(|rule| (rule.applies)(facts));
        Suggestion {
            source: source.expect("the last rule always applies"),
            information: information.expect("the last rule always applies"),
        }
    }

    /// Returns the pair as it is written, such as "F3".
    pub fn pair(&self) -> String {
        format!("{}{}", self.source.grade, self.information.grade)
    }
}

impl Weighing {
    /// Weighs a matter whose origins and denials are known. `claim` gives the claims it points at.
    pub(crate) fn of<'c>(matter: &Matter, claim: impl Fn(crate::ClaimRef) -> &'c Claim) -> Weighing {
        let mut kinds: BTreeMap<OriginKind, usize> = BTreeMap::new();
        matter.independent.iter().for_each(|origin| *kinds.entry(origin.kind).or_default() += 1);
        let claims: Vec<&Claim> = matter.claims.iter().map(|&at| claim(at)).collect();
        let specificity = Specificity::of(&matter.subject, &claims);
        let apart = numbers_apart(&matter.independent, &claim);
        let close = |origin: &&Origin| origin.kind.is_close() || origin.basis == Basis::Saw;
        let facts = Facts {
            independent: matter.independent.len(),
            close: matter.independent.iter().filter(close).count(),
            with_basis: matter.independent.iter().filter(|origin| origin.basis != Basis::Unspecified).count(),
            otherwise: matter.denials.iter().filter(|denial| is_by_another(denial, &matter.subject)).count(),
            numbers_apart: apart.is_some(),
            place_and_day: specificity.place && specificity.day,
        };
        Weighing {
            kinds: kinds.into_iter().collect(),
            contradictions: apart.into_iter().collect(),
            specificity,
            suggestion: Suggestion::of(&facts),
        }
    }
}

/// Tells whether a denial answers this very matter and is not that of the accused.
fn is_by_another(denial: &Denial, subject: &Subject) -> bool {
    let by = denial.by.as_deref().and_then(side);
    denial.strength != DenialStrength::Generic
        && by.is_some()
        && subject.accused().is_some_and(|accused| by.as_deref() != Some(accused))
}

impl Specificity {
    fn of(subject: &Subject, claims: &[&Claim]) -> Specificity {
        let mut found = Specificity { place: subject.place().is_some(), ..Specificity::default() };
        for claim in claims {
            match &claim.kind {
                ClaimKind::Allegation(allegation) => {
                    found.day |= allegation.time.is_some();
                    found.weapon |= allegation.weapon.is_some() || allegation.act == Act::ProhibitedWeapon;
                }
                ClaimKind::Figure(figure) => {
                    found.day |= figure.period.is_some();
                    found.number |= figure.stated.is_some();
                }
                ClaimKind::Determination(determination) => found.day |= determination.said_on.is_some(),
                ClaimKind::Statement(_) => {}
            }
        }
        found
    }
}

/// Says which two origins give numbers that do not meet, if any do: the widest bounds of each are compared.
fn numbers_apart<'c>(origins: &[Origin], claim: &impl Fn(crate::ClaimRef) -> &'c Claim) -> Option<String> {
    let bounds = |origin: &Origin| {
        let figures = origin.claims.iter().filter_map(|&at| match &claim(at).kind {
            ClaimKind::Figure(figure) => bounded(figure),
            _ => None,
        });
        figures.reduce(|one, two| (one.0.min(two.0), one.1.max(two.1)))
    };
    let all: Vec<(&str, (u64, u64))> =
        origins.iter().filter_map(|origin| Some((origin.name.as_str(), bounds(origin)?))).collect();
    let low = all.iter().min_by_key(|(name, (_, most))| (*most, *name))?;
    let high = all.iter().max_by_key(|(name, (least, _))| (*least, *name))?;
    (low.1.1 < high.1.0).then(|| {
        let ((least, most), (low, high)) = ((low.1.1, high.1.0), (low.0, high.0));
        format!("{low} says no more than {least}, {high} at least {most}")
    })
}

/// The bounds of a figure that sets any. "About 50" sets none, and disagrees with nothing.
fn bounded(figure: &Figure) -> Option<(u64, u64)> {
    let open = figure.lower.is_none() && figure.upper.is_none() || figure.vague || figure.approx;
    (!open).then(|| (figure.lower.unwrap_or(0), figure.upper.unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(facts: Facts) -> (String, &'static str) {
        let suggestion = Suggestion::of(&facts);
        (suggestion.pair(), suggestion.information.name)
    }

    #[test]
    fn each_rule_has_a_case() {
        let one = Facts { independent: 1, ..Facts::default() };
        let two = Facts { independent: 2, ..Facts::default() };
        for (facts, pair, rule) in [
            (Facts::default(), "F6", "nobody-named"),
            (Facts { otherwise: 2, ..one }, "F5", "outweighed"),
            (Facts { otherwise: 1, ..one }, "F4", "contradicted"),
            (Facts { otherwise: 1, close: 1, ..two }, "F3", "disputed"),
            (Facts { numbers_apart: true, close: 1, ..two }, "F3", "numbers-apart"),
            (Facts { close: 1, ..two }, "F1", "confirmed"),
            (two, "F2", "agreed"),
            (Facts { with_basis: 1, place_and_day: true, ..one }, "F2", "single-with-basis"),
            (Facts { with_basis: 1, ..one }, "F3", "single"),
            (one, "F3", "single"),
        ] {
            assert_eq!(check(facts), (pair.to_owned(), rule));
        }
        let nobody = Suggestion::of(&Facts::default());
        assert_eq!((nobody.source.name, Suggestion::of(&one).source.name), ("nobody-named", "new-source"));
    }

    #[test]
    fn names_of_rules_are_unique() {
        let mut names: Vec<&str> = INFORMATION_RULES.iter().map(|rule| rule.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), INFORMATION_RULES.len());
    }

    proptest! {
        #[test]
        fn caps_hold(
            (independent, close, with_basis) in (0..4usize, 0..4usize, 0..4usize),
            otherwise in 0..3usize,
            (numbers_apart, place_and_day) in any::<(bool, bool)>(),
        ) {
            let facts = Facts { independent, close, with_basis, otherwise, numbers_apart, place_and_day };
            let grade = Suggestion::of(&facts).information.grade;
            prop_assert!(grade != 1 || independent >= 2);
            prop_assert!(independent != 1 || grade >= 2);
            prop_assert!(independent != 1 || with_basis > 0 || grade >= 3);
            prop_assert_eq!(independent == 0, grade == 6);
        }
    }
}
