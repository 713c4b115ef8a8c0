use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Bounds, Decision};

/// One thing that is other than it was, described in `docs/formats/changes.md`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(tag = "change", rename_all = "snake_case")]
pub(crate) enum Change {
    NewIncident(Touched),
    Toll(Toll),
    Denial(NewDenial),
    NewReports(Touched),
    Correction(Correction),
    PageChanged(PageChanged),
    Decided(Decision),
    SourceLost(SourceLost),
    Removed(Removed),
}

/// An incident of which reports came.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Touched {
    pub(crate) incident: String,
    pub(crate) title: String,
    pub(crate) first_day: Option<Date>,
    pub(crate) last_day: Option<Date>,
    /// The reports that came.
    pub(crate) reports: Vec<String>,
    /// How many there were before.
    pub(crate) earlier: usize,
    /// The highest of what figures of the dead set as the least; parts of others and such as were withdrawn are left out.
    pub(crate) killed: Option<u64>,
}

/// A figure that is other than what was said before it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Toll {
    pub(crate) incident: String,
    pub(crate) title: String,
    /// `rose`, `fell` or `first`.
    pub(crate) direction: &'static str,
    pub(crate) measure: String,
    pub(crate) population: String,
    pub(crate) before: Option<TollFigure>,
    pub(crate) after: TollFigure,
}

/// A figure, by whom, and in which claim.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct TollFigure {
    pub(crate) claim: String,
    pub(crate) speaker: Option<String>,
    pub(crate) bounds: Bounds,
}

/// A claim that denies something.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct NewDenial {
    pub(crate) claim: String,
    /// The incident that it answers, where that is known.
    pub(crate) incident: Option<String>,
    pub(crate) speaker: Option<String>,
    /// `denied` or `counter_version`.
    pub(crate) polarity: String,
    pub(crate) words: String,
    /// Other claims of the same words by the same speaker.
    pub(crate) repeated: Vec<String>,
}

/// A claim that corrects another of its report, or a report that calls itself a correction.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Correction {
    pub(crate) report: String,
    pub(crate) claim: Option<String>,
    /// The claim that is corrected.
    pub(crate) corrects: Option<String>,
    pub(crate) words: String,
}

/// A page that shows something else than before.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct PageChanged {
    pub(crate) address: String,
    pub(crate) seen: Timestamp,
    /// The digest of what it showed then.
    pub(crate) original: String,
    /// How many sentences are new, and how many are gone.
    pub(crate) added: usize,
    pub(crate) removed: usize,
    /// Whether it says of itself that it was corrected.
    pub(crate) correction: bool,
}

/// An address that could not be read.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct SourceLost {
    pub(crate) source: String,
    pub(crate) address: String,
    pub(crate) fault: Option<String>,
    pub(crate) tried_at: Option<Timestamp>,
    /// Whether it is not asked for again.
    pub(crate) given_up: bool,
}

/// An original that was removed by law.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Removed {
    pub(crate) at: Timestamp,
    pub(crate) reason: String,
}
