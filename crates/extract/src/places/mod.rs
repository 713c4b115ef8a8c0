//! Places named in a report, located with the gazetteer.

mod gazetteer;
mod locate;
mod names;
mod roles;
mod words;

use std::collections::BTreeSet;
use std::ops::Range;

use language::Doc;
use model::{Place, Precision, Report};

use self::gazetteer::{GAZETTEER, Meaning, fold};
use self::names::Form;
use self::words::WORDS;
use crate::syntax::Syntax;

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
    /// It says where somebody holds office or how far off another place is: "Varden prosecutors", "ten miles from Varden".
    Aside,
    /// Another event or war is likened to this one: "as it was in Grozny".
    Comparison,
    /// The name stands for a government: "Moscow denied".
    Actor,
    /// The adjective or the people of a place is named: "Ruritanian".
    Demonym,
    /// The name is part of another one: "the Varden Gazette".
    Part,
}

impl PlaceMention {
    /// Returns how much ground the name covers; a name that the gazetteer lacks is mostly that of a small place.
    fn precision(&self) -> Precision {
        self.place.located.as_ref().map_or(Precision::Settlement, |located| located.precision)
    }

    /// Tells whether the place is no larger than a town with what is around it.
    pub(crate) fn is_spot(&self) -> bool {
        self.precision() <= Precision::Near
    }
}

/// Returns the place among `mentions` that says best where something happened: the smallest, the last of several.
pub(crate) fn finest(mentions: &[PlaceMention]) -> Option<&PlaceMention> {
    let events = mentions.iter().rev().filter(|mention| mention.role == PlaceRole::Event);
    events.min_by_key(|mention| mention.precision())
}

/// Returns the town that a sentence names only aside, the first.
pub(crate) fn aside(mentions: &[PlaceMention]) -> Option<&PlaceMention> {
    mentions.iter().find(|mention| mention.role == PlaceRole::Aside && mention.is_spot())
}

/// Returns the town that the sentence before `sentence` tells of; where that speaks of "the town", one of the three
/// before.
pub(crate) fn told_of<'m>(
    mentions: &'m [PlaceMention],
    doc: &Doc<'_>,
    sentence: &Range<usize>,
) -> Option<&'m PlaceMention> {
    let sentences = if points_back(doc, sentence) { 3 } else { 1 };
    let number = doc.tokens().get(sentence.start)?.sentence();
    let from = doc.sentences()[number.saturating_sub(sentences)].start;
    let before = &mentions[..mentions.partition_point(|mention| mention.tokens.start < sentence.start)];
    before
        .iter()
        .rev()
        .take_while(|mention| mention.tokens.start >= from)
        .find(|mention| mention.role == PlaceRole::Event && mention.is_spot())
}

/// Tells whether a sentence speaks of a place that was named before: "the town", "there".
fn points_back(doc: &Doc<'_>, sentence: &Range<usize>) -> bool {
    sentence.clone().any(|at| {
        let named = WORDS.kinds.contains(doc.lower(at));
        doc.lower(at) == "there" || named && at > 0 && matches!(doc.lower(at - 1), "the" | "this" | "that")
    })
}

/// The places of a report.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// Those of the body with the parts they play, a place and the region added to it as one.
    pub(crate) mentions: Vec<PlaceMention>,
    /// All that are named, the dateline among them and each by itself, in the order of their words.
    pub(crate) named: Vec<Place>,
}

/// Finds the places that are named in the body and the dateline.
///
/// An adjective or name of a people ("Ruritanian") is found too, and the place in the name of an organisation. A name
/// that the gazetteer lacks is kept without a location where its words or those around it say that it is a place
/// ("the village of Varden", "Varden River"). Persons called after places are left alone. That a place is found does
/// not say that anything happened there.
pub(crate) fn find(report: &Report, doc: &Doc<'_>, syntax: &Syntax<'_>) -> Places {
    let dateline: Vec<_> = report.dateline.iter().map(|dateline| dateline.span.range()).collect();
    let line = Doc::read(doc.text(), &dateline);
    let mut names = names::of_dateline(&line);
    let of_body = names.len();
    names.extend(names::find(doc, report.is_in_english().then_some(syntax)));
    let located = locate::locate(&names);
    let span = |tokens: &Range<usize>, doc: &Doc<'_>| {
        doc.bytes(tokens.clone()).and_then(|bytes| report.text.span(bytes))
    };
    let mut places = Places::default();
    for (number, (name, located)) in names.iter().zip(&located).enumerate() {
        let doc = if number < of_body { &line } else { doc };
        places.named.extend(span(&name.own, doc).map(|span| Place { span, located: located.clone() }));
    }
    places.named.sort_by_key(|place| place.span.start());
    let body = names.into_iter().zip(located).skip(of_body);
    let (names, located): (Vec<_>, Vec<_>) = body.filter(|(name, _)| name.form != Form::Added).unzip();
    let roles = roles::roles(doc, &names);
    for ((name, located), role) in names.into_iter().zip(located).zip(roles) {
        if let Some(span) = span(&name.tokens, doc) {
            places.mentions.push(PlaceMention { place: Place { span, located }, tokens: name.tokens, role });
        }
    }
    places
}

/// Returns the main names of all places that the gazetteer knows by a name or spelling: "Kyiv" for "Kiev".
///
/// Nothing is chosen among them, and of a name that the gazetteer lacks there are none.
pub fn place_names(spelling: &str) -> BTreeSet<String> {
    let found = GAZETTEER.find(&fold(spelling)).into_iter();
    let named = found.filter(|candidate| matches!(candidate.meaning, Meaning::Main | Meaning::Other));
    named.filter_map(gazetteer::Candidate::place).map(|entry| entry.name.to_owned()).collect()
}

#[cfg(test)]
mod tests;
