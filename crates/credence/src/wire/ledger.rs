use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::story::{Bounds, Denial};

/// The figures of one measure and population, beside each other.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Ledger {
    pub(crate) measure: String,
    pub(crate) population: String,
    /// The least that any figure gives; nothing if none sets a least.
    pub(crate) least: Option<u64>,
    /// The most that any figure gives; nothing where a figure sets no upper bound, or is said to be too low.
    pub(crate) most: Option<u64>,
    /// The highest number of those that figures of the whole set as the least. For people alone.
    #[serde(skip)]
    #[schema(ignore)]
    pub(crate) highest: Option<u64>,
    pub(crate) figures: Vec<Line>,
}

/// A figure of a ledger. Whoever repeats it adds no other.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Line {
    /// The claim that states it first.
    pub(crate) claim: String,
    /// Its words.
    pub(crate) words: String,
    /// Who says it; nothing if that is nobody in particular.
    pub(crate) speaker: Option<String>,
    /// Who says it in the words of its report, nearest to the fact first.
    pub(crate) said_by: Vec<String>,
    /// The day for which it stands: the last that it counts, else that of saying it, else that of the report.
    pub(crate) day: Option<Date>,
    /// The last day for which it is repeated.
    pub(crate) last_day: Option<Date>,
    pub(crate) bounds: Bounds,
    /// `whole`, or `part` or `addition` where it counts only some of those that the ledger counts.
    pub(crate) counts: &'static str,
    /// Whether a report says that it was wrong.
    pub(crate) withdrawn: bool,
    /// Other claims that repeat it.
    pub(crate) repeated: Vec<String>,
}

impl Line {
    /// Names who says it, in the words of the report if that is nobody in particular.
    pub(crate) fn by(&self) -> &str {
        let named = self.speaker.as_deref().or(self.said_by.first().map(String::as_str));
        named.unwrap_or("nobody by name")
    }
}

/// What strikes the eye where two figures are laid beside each other.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Remark {
    /// `contradiction`, `drop`, `correction`, `part_above_whole`, `part_for_whole` or `rise`.
    pub(crate) kind: &'static str,
    /// Whether both figures cannot stand as they are.
    pub(crate) is_conflict: bool,
    /// The claims.
    pub(crate) one: String,
    pub(crate) other: String,
    pub(crate) reason: String,
}

/// All figures of an incident or a situation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub(crate) struct Ledgers {
    pub(crate) ledger: Vec<Ledger>,
    pub(crate) remarks: Vec<Remark>,
    /// What is denied of it, and by whom.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) denied: Vec<Denied>,
}

impl Ledger {
    /// Tells whether there is more than one figure, and so something to see over time.
    pub(crate) fn moves(&self) -> bool {
        self.figures.len() > 1
    }
}

impl Ledgers {
    /// Tells whether any ledger has more than one figure.
    pub(crate) fn moves(&self) -> bool {
        self.ledger.iter().any(Ledger::moves)
    }
}

/// The ledger of an incident.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Figures {
    pub(crate) id: String,
    pub(crate) title: String,
    #[serde(flatten)]
    pub(crate) figures: Ledgers,
}

/// A situation: figures of a longer time, which belong to no incident.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Situation {
    pub(crate) id: String,
    pub(crate) place: Option<String>,
    pub(crate) from: Option<Date>,
    /// The reports that state a figure of it.
    pub(crate) reports: usize,
    #[serde(flatten)]
    pub(crate) figures: Ledgers,
}

/// Where figures of an incident or a situation do not fit together, and what is denied of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Conflict {
    /// `incident` or `situation`.
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) remarks: Vec<Remark>,
    pub(crate) denials: Vec<Denied>,
}

/// A matter of an incident with the denials that answer it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Denied {
    pub(crate) what: String,
    pub(crate) denials: Vec<Denial>,
}
