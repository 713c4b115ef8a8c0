use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::IncidentTime;

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
    /// All that it is about, in words; of one that takes back, what the other is about.
    pub(crate) in_words: InWords,
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

/// What a decision is about, as people call it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, ToSchema)]
pub(crate) struct InWords {
    /// The reports of what is linked, unlinked or split off.
    pub(crate) moved: Vec<Called>,
    /// The incidents or stories that it was with, each as it was found, whatever people decided.
    pub(crate) from: Vec<Called>,
    /// The incidents or stories that it goes to, in the same way; in a merge, all that is one.
    pub(crate) to: Vec<Called>,
    /// The incidents or stories that all of it is in now.
    pub(crate) now: Vec<CalledNow>,
}

/// A report, an incident or a story.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Called {
    /// Its title. A story is called by the title of its first report.
    pub(crate) title: String,
    /// When it was; of a report or a story, when it was published.
    pub(crate) time: Option<IncidentTime>,
    pub(crate) reports: usize,
}

/// An incident or a story as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct CalledNow {
    pub(crate) id: String,
    pub(crate) title: String,
}

/// A decision that was made just now.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Made {
    #[serde(flatten)]
    pub(crate) decision: Decision,
    /// Earlier decisions of which something does not hold any longer.
    pub(crate) overrides: Vec<String>,
}
