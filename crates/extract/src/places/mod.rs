//! Places named in a report, located with the gazetteer.

mod gazetteer;
mod locate;
mod names;
mod roles;
mod words;

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
    /// Another event or war is likened to this one: "as it was in Grozny".
    Comparison,
    /// The name stands for a government: "Moscow denied".
    Actor,
}

/// Finds the places that are named in the body, in the order of their words.
///
/// An adjective or name of a people ("Ruritanian") is found too, as a country that acts. A name that the gazetteer
/// lacks is kept without a location where the words around it say that it is a place ("the village of Varden").
/// Organisations, persons and buildings called after places are left alone. That a place is found does not say
/// that anything happened there.
pub(crate) fn find(report: &Report, doc: &Doc<'_>) -> Vec<PlaceMention> {
    let names = names::find(doc);
    let located = locate::locate(&names);
    let roles = roles::roles(doc, &names);
    let mut mentions = Vec::with_capacity(names.len());
    for ((name, located), role) in names.into_iter().zip(located).zip(roles) {
        let span = doc.bytes(name.tokens.clone()).and_then(|bytes| report.text.span(bytes));
        if let Some(span) = span {
            mentions.push(PlaceMention { place: Place { span, located }, tokens: name.tokens, role });
        }
    }
    mentions
}

#[cfg(test)]
mod tests;
