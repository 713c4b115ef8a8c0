use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// What a person decided, described in `docs/formats/decisions.md`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Decision {
    pub(crate) id: String,
    /// `link`, `unlink`, `merge`, `split` or `undo`.
    pub(crate) act: String,
    /// `incident` or `story`.
    pub(crate) about: String,
    pub(crate) at: Timestamp,
    pub(crate) by: String,
    pub(crate) reason: String,
    /// What is linked, unlinked or split off.
    pub(crate) moved: Vec<Subject>,
    /// What it was with, and is kept away from.
    pub(crate) from: Vec<Subject>,
    /// What it goes to; in a merge, all that is one.
    pub(crate) to: Vec<Subject>,
    /// The decision that this one takes back.
    pub(crate) undoes: Option<String>,
    /// The decision that takes this one back.
    pub(crate) undone_by: Option<String>,
}

/// A report, or what it tells of one event.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Subject {
    /// The id of the report; nothing if it has not been read yet.
    pub(crate) report: Option<String>,
    pub(crate) original: String,
    /// The claims that are meant; all of the report where none is named.
    pub(crate) claims: Vec<String>,
    /// The incident or story that it is in now.
    pub(crate) now_in: Option<String>,
}

/// A decision that was made just now.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Made {
    #[serde(flatten)]
    pub(crate) decision: Decision,
    /// Earlier decisions of which something does not hold any longer.
    pub(crate) overrides: Vec<String>,
}
