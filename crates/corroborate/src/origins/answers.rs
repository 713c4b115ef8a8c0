//! What is said against a matter.

use std::collections::{BTreeMap, BTreeSet};

use model::{Act, Claim, ClaimKind, ObjectClass};

use super::{ClaimRef, StoryRead, is_counter};
use crate::carried::{Carried, Spot};
use crate::grouping::kind;
use crate::speakers::governs;
use crate::{ReportKey, Subject};

/// What the accused side says in the same reports, beside its denials: they are to stand beside the allegation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Who says it.
    pub by: String,
    /// The statements, earliest first.
    pub claims: Vec<ClaimRef>,
    /// The reports that carry them, earliest first.
    pub reports: Vec<ReportKey>,
}

/// A claim that speaks against a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// The claims by which it is denied; copies and repetitions of one denier are together.
    pub claims: Vec<ClaimRef>,
    /// Who denies; `None` if nobody is named.
    pub by: Option<String>,
    /// How closely it answers.
    pub strength: DenialStrength,
    /// Why it is held against this matter, in a sentence.
    pub reason: String,
}

/// How closely a denial answers an allegation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DenialStrength {
    /// It names the same act and the same place or object.
    Specific,
    /// It gives another version of the same event.
    CounterVersion,
    /// It denies such acts as a whole.
    Generic,
}

impl DenialStrength {
    /// All strengths, in order.
    pub const ALL: &'static [DenialStrength] =
        &[DenialStrength::Specific, DenialStrength::CounterVersion, DenialStrength::Generic];

    /// Returns the fixed name in formats and filters.
    pub fn name(self) -> &'static str {
        match self {
            DenialStrength::Specific => "specific",
            DenialStrength::CounterVersion => "counter_version",
            DenialStrength::Generic => "generic",
        }
    }
}

impl StoryRead<'_> {
    /// Gathers what the governments and forces of each side say, by the side: what they answer to a charge.
    pub(super) fn answers(&self) -> BTreeMap<String, Vec<Answer>> {
        let mut said: BTreeMap<usize, Vec<ClaimRef>> = BTreeMap::new();
        for read in self.reads {
            for (claim, _) in read.claims.iter().enumerate().filter(|(_, claim)| is_statement(claim)) {
                let at = ClaimRef { report: read.key, claim };
                if let Some(&root) = self.chain(at).first() {
                    said.entry(root).or_default().push(at);
                }
            }
        }
        let mut answers: BTreeMap<String, Vec<Answer>> = BTreeMap::new();
        for (speaker, claims) in said {
            let names = self.speakers.names(speaker);
            let sides: BTreeSet<String> = names.iter().filter_map(|name| governs(name)).collect();
            let by = names.first().map_or_else(String::new, |name| (*name).to_owned());
            let claims = self.sorted(claims.into_iter());
            let answer = Answer { by, reports: self.reports(&claims), claims };
            sides.into_iter().for_each(|side| answers.entry(side).or_default().push(answer.clone()));
        }
        answers
    }

    pub(super) fn denials<'b>(
        &self,
        subject: &Subject,
        against: impl Iterator<Item = &'b Carried>,
    ) -> Vec<Denial> {
        let mut found: BTreeMap<(DenialStrength, Option<String>), Vec<ClaimRef>> = BTreeMap::new();
        for claim in against {
            let Some(strength) = answers(claim, subject) else { continue };
            let by =
                self.chain(claim.at).first().and_then(|&number| self.speakers.names(number).first().copied());
            found.entry((strength, by.map(str::to_owned))).or_default().push(claim.at);
        }
        found
            .into_iter()
            .map(|((strength, by), claims)| Denial {
                claims: self.sorted(claims.into_iter()),
                by,
                strength,
                reason: strength.reason().to_owned(),
            })
            .collect()
    }
}

fn is_statement(claim: &Claim) -> bool {
    matches!(claim.kind, ClaimKind::Statement(_))
}

impl DenialStrength {
    fn reason(self) -> &'static str {
        match self {
            DenialStrength::Specific => "it denies this act",
            DenialStrength::CounterVersion => "it gives another version of the same event",
            DenialStrength::Generic => "it denies such acts as a whole, without this place or object",
        }
    }
}

/// Tells how a denial or another version answers a subject; `None` if it does not.
fn answers(against: &Carried, subject: &Subject) -> Option<DenialStrength> {
    if is_counter(against) {
        return other_version(against, subject).then_some(DenialStrength::CounterVersion);
    }
    let (
        Subject::Allegation { act, object, place, actor },
        Subject::Allegation { act: no_act, object: no_object, actor: no_actor, .. },
    ) = (subject, &against.subject)
    else {
        let here = subject.place().is_none_or(|place| may_be_in(against, place));
        return (here && kind(subject.clone()) == kind(against.subject.clone()))
            .then_some(DenialStrength::Specific);
    };
    if !may_be(actor, no_actor) || !place.as_ref().is_none_or(|place| may_be_in(against, place)) {
        return None;
    }
    let there = matches!(&against.spot, Spot::Point(_)) && place.is_some();
    let same_object = may_be_object(*object, *no_object);
    let same_act = act == no_act && same_object;
    if same_act && (no_object.is_some() || there) || there && attack(*act) && attack(*no_act) && same_object {
        return Some(DenialStrength::Specific);
    }
    // A denial of all such acts answers those that the same side is accused of.
    let covers = *no_act == Act::WarCrimesUnspecified || attack(*act) && attack(*no_act) || same_act;
    (covers && no_object.is_none() && actor.is_some() && actor == no_actor).then_some(DenialStrength::Generic)
}

/// Tells whether a claim may be about a place: it names the same town, or none.
fn may_be_in(claim: &Carried, place: &str) -> bool {
    !matches!(&claim.spot, Spot::Point(town) if town != place)
}

/// The same kind of act in what may be the same place, by somebody else.
fn other_version(version: &Carried, subject: &Subject) -> bool {
    let (
        Subject::Allegation { act, actor, object, .. },
        Subject::Allegation { act: other, actor: who, place, object: hit },
    ) = (&version.subject, subject)
    else {
        return false;
    };
    let here = place.as_ref().is_none_or(|place| may_be_in(version, place));
    (act == other || attack(*act) && attack(*other)) && here && may_be_object(*object, *hit) && actor != who
}

/// Two classes of what was hit that are equal, or of which one does not say what it was: "the building".
fn may_be_object(one: Option<ObjectClass>, other: Option<ObjectClass>) -> bool {
    let is_said = |class: &ObjectClass| *class != ObjectClass::Other;
    may_be(&one.filter(is_said), &other.filter(is_said))
}

/// Two names that are equal, or of which one is not said.
fn may_be<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
    one.is_none() || other.is_none() || one == other
}

/// Acts that are told apart only by what they hit.
fn attack(act: Act) -> bool {
    matches!(
        act,
        Act::AttackOnCivilians
            | Act::AttackOnObject
            | Act::IndiscriminateAttack
            | Act::Killing
            | Act::Destruction
    )
}
