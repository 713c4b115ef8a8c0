//! Places named in a report, located with the gazetteer.

use std::ops::Range;

use language::Doc;
use model::{Place, Report};

/// A place that is named, and what part it plays.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PlaceMention {
    /// The place: the span covers the name, with its region or country if that is added ("Grozny, Chechnya").
    pub(crate) place: Place,
    /// The tokens of the span.
    pub(crate) tokens: Range<usize>,
    /// What part the place plays.
    pub(crate) role: PlaceRole,
}

/// What part a named place plays in its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlaceRole {
    /// Something may have happened there.
    Event,
    /// Another event or war is likened to this one: "the same tactics in Grozny".
    Comparison,
    /// The name stands for a government: "Moscow denied".
    Actor,
}

/// Finds the places that are named in the body.
pub(crate) fn find(_report: &Report, _doc: &Doc<'_>) -> Vec<PlaceMention> {
    Vec::new()
}
