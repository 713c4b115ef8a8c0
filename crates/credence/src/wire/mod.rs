//! The JSON that other programs rely on, described in `docs/formats/claims.md`.
//!
//! These types are the format: the model has none. A field is never renamed or dropped without a new format version.

mod change;
mod claim;
mod decision;
mod family;
mod features;
mod incident;
mod kept;
mod ledger;
mod origins;
mod report;
mod span;
mod story;

use std::io;

use extract::Reading;

pub(crate) use change::{
    Change, Correction, NewDenial, PageChanged, Removed, SourceLost, Toll, TollFigure, Touched,
};
pub(crate) use claim::{Claim, Fields, Place, claim_id, claim_number};
pub(crate) use decision::{Called, CalledNow, Decision, InWords, Made, Subject};
pub(crate) use family::{FamilySheet, FamilyTie};
pub(crate) use features::{Feature, Features};
pub(crate) use incident::{
    Account, AccountLink, Incident, IncidentLink, Point, Sheet, Time as IncidentTime, Told,
};
pub(crate) use kept::{kept_claims, kept_figure};
pub(crate) use ledger::{Conflict, Denied, Figures, Ledger, Ledgers, Line, Remark, Situation};
pub(crate) use origins::{OriginSheet, Pair, Path};
pub(crate) use report::{Origin, Report};
pub(crate) use span::{Span, Spans};
pub(crate) use story::{
    Bounds, Denial, Family, Link, Matter, Member, Names, Origin as Root, Relay, Said, Story, Unknown,
    Weighing,
};

/// A reading in the format: its report, and its claims in order.
pub(crate) struct Wired {
    pub(crate) report: Report,
    pub(crate) claims: Vec<Claim>,
}

/// Puts a reading into the format.
pub(crate) fn wire(reading: &Reading, origin: Origin) -> Wired {
    let spans = Spans::new(&reading.report.text);
    let report = Report::new(reading, origin, &spans);
    let claims = claims(reading, &report.id, &spans).collect();
    Wired { report, claims }
}

/// Writes a reading in the format as JSON Lines, with no more than one of its claims in memory.
pub(crate) fn write(reading: &Reading, origin: Origin, out: &mut dyn io::Write) -> io::Result<()> {
    let spans = Spans::new(&reading.report.text);
    let report = Report::new(reading, origin, &spans);
    // A long report is written as it goes, and is out of memory before its claims are put into the format.
    serde_json::to_writer(&mut *out, &report)?;
    writeln!(out)?;
    let Report { id, .. } = report;
    claims(reading, &id, &spans).try_for_each(|claim| writeln!(out, "{}", json(&claim)))
}

/// Puts the claims of a reading into the format, one after the other. `id` is what they call their report.
fn claims<'r>(reading: &'r Reading, id: &'r str, spans: &'r Spans<'r>) -> impl Iterator<Item = Claim> + 'r {
    reading.claims.iter().enumerate().map(move |(number, claim)| Claim::new(claim, number, id, spans))
}

/// Writes a value of the format on one line.
pub(crate) fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("the format has string keys and finite numbers only")
}

/// The fields of a JSON row that are read, under all their names.
const READ_FIELDS: &[&str] = &["id", "url", "outlet", "source", "published", "date", "title", "text"];

/// Returns the fields of a JSON row that have no meaning here; none if the row is no object.
pub(crate) fn other_fields(row: &[u8]) -> serde_json::Map<String, serde_json::Value> {
    let mut fields: serde_json::Map<_, _> = serde_json::from_slice(row).unwrap_or_default();
    fields.retain(|name, _| !READ_FIELDS.contains(&name.as_str()));
    fields
}
