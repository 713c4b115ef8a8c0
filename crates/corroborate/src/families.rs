use crate::{CopyLink, ReportKey, Sketch};

/// Reports that come from one text, directly or one through another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// The members, earliest first.
    pub members: Vec<ReportKey>,
    /// Where the text likely comes from.
    pub origin: FamilyOrigin,
    /// Why that is thought, in a sentence.
    pub reason: String,
}

/// Where the text of a family likely comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FamilyOrigin {
    /// An agency's own report is among the members.
    Member(ReportKey),
    /// An agency is credited, and its own report is not among the members.
    Agency(String),
    /// Nothing tells.
    Unknown,
}

/// Joins reports that are linked as copies. Reports without a copy are in no family.
///
/// `sketches` must hold every report that `links` name; links to others are left out.
pub fn families(_sketches: &[(ReportKey, Sketch)], _links: &[CopyLink]) -> Vec<Family> {
    Vec::new()
}
