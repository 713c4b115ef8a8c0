use serde::Serialize;
use utoipa::ToSchema;

use super::{Matter, Member};

/// One matter with the proof of its origins: which report has it from where.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct OriginSheet {
    /// The id that was asked for.
    pub(crate) asked: String,
    #[serde(flatten)]
    pub(crate) matter: Matter,
    /// The reports that carry it, earliest first.
    pub(crate) reports: Vec<Member>,
    /// The way of each claim: outlet, agency, speakers, basis.
    pub(crate) paths: Vec<Path>,
    /// How each two of the first reports stand to each other.
    pub(crate) pairs: Vec<Pair>,
    /// Reports of the same story that were not looked at, for there were too many.
    pub(crate) left_out: usize,
}

/// The way of one claim from the outlet back to what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Path {
    pub(crate) claim: String,
    pub(crate) outlet: Option<String>,
    pub(crate) agency: Option<String>,
    /// Outermost first: the last is the nearest to the fact.
    pub(crate) speakers: Vec<String>,
    /// The name of the origin that it is counted for; nothing where that is unknown.
    pub(crate) origin: Option<String>,
    /// What that origin says that it rests on.
    pub(crate) basis: String,
}

/// How two reports of one matter stand to each other.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Pair {
    pub(crate) a: String,
    pub(crate) b: String,
    pub(crate) relation: String,
}
