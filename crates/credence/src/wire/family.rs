use serde::Serialize;
use utoipa::ToSchema;

use super::{Link, Member};

/// A copy family: reports that come from one text.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct FamilySheet {
    pub(crate) id: String,
    /// Earliest first.
    pub(crate) members: Vec<Member>,
    /// The likely origin: the id of a member, the name of an agency, or nothing where it is unknown.
    pub(crate) origin: Option<String>,
    /// Why that is thought.
    pub(crate) reason: String,
    /// From each member to the earlier one that it is most like.
    pub(crate) ties: Vec<FamilyTie>,
    /// Members that were not compared, for there were too many.
    pub(crate) left_out: usize,
}

/// A member and an earlier one of which it has its text.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct FamilyTie {
    pub(crate) report: String,
    pub(crate) of: String,
    #[serde(flatten)]
    pub(crate) link: Link,
    /// The words of each passage, in `a` and in `b`.
    pub(crate) words: Vec<[String; 2]>,
}
