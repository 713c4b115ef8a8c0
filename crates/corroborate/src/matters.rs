use model::{Act, Measure, ObjectClass, Standard};

use crate::{Answer, ClaimRef, Denial, Origin, Relay, ReportKey, Unknown, Weighing};

/// One thing that the reports of a story allege, count or find, and where that comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Matter {
    /// What it is about.
    pub subject: Subject,
    /// The same in words: "Attack on a school in Halvorek, said to be by Kaldrian forces".
    pub title: String,
    /// Every claim that carries it; denials are apart.
    pub claims: Vec<ClaimRef>,
    /// The reports that carry it, earliest first.
    pub reports: Vec<ReportKey>,
    /// Those behind it who are independent of one another, by how many reports relay them.
    pub independent: Vec<Origin>,
    /// Reports that only relay an origin that is counted already.
    pub dependent: Vec<Relay>,
    /// Claims that nobody stands behind by name, once for each family of copies. Never independent.
    pub unknown: Vec<Unknown>,
    /// Who denies it.
    pub denials: Vec<Denial>,
    /// What else the accused side says in these reports.
    pub answers: Vec<Answer>,
    /// What stands for and against it.
    pub weighing: Weighing,
}

/// What a matter is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// That somebody did harm.
    Allegation {
        /// What was done. Attacks and destruction that hit the same class of object are one act.
        act: Act,
        /// The class of what was hit, if any is named.
        object: Option<ObjectClass>,
        /// Where, if that is said.
        place: Option<String>,
        /// Who is accused, if that is said: a country for its forces and officials, else a name.
        actor: Option<String>,
    },
    /// A quantity.
    Figure {
        /// What happened to those counted.
        measure: Measure,
        /// Those counted.
        population: String,
        /// Where, if that is said.
        place: Option<String>,
    },
    /// A formal act of an authority.
    Determination {
        /// What kind of act.
        standard: Standard,
    },
}

impl Subject {
    /// Returns where it is said to have happened.
    pub(crate) fn place(&self) -> Option<&String> {
        match self {
            Subject::Allegation { place, .. } | Subject::Figure { place, .. } => place.as_ref(),
            Subject::Determination { .. } => None,
        }
    }

    /// Returns the side that is accused.
    pub(crate) fn accused(&self) -> Option<&str> {
        match self {
            Subject::Allegation { actor, .. } => actor.as_deref(),
            _ => None,
        }
    }
}
