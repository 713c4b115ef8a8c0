//! The JSON that other programs rely on, described in `docs/formats/claims.md`.
//!
//! These types are the format: the model has none. A field is never renamed or dropped without a new format version.

mod claim;
mod report;
mod span;

use std::fmt::Write as _;

use extract::Reading;

pub(crate) use claim::{Claim, Fields, Place, Speaker};
pub(crate) use report::{Origin, Report};
pub(crate) use span::{Span, Spans};

/// A reading in the format: its report, and its claims in order.
pub(crate) struct Wired {
    pub(crate) report: Report,
    pub(crate) claims: Vec<Claim>,
}

/// Puts a reading into the format. `key` is what claims call their report.
pub(crate) fn wire(reading: &Reading, origin: Origin) -> Wired {
    let spans = Spans::new(&reading.report.text);
    let report = Report::new(&reading.report, origin, &spans);
    let id = report.id.clone();
    let claims =
        reading.claims.iter().enumerate().map(|(number, claim)| Claim::new(claim, number, &id, &spans)).collect();
    Wired { report, claims }
}

impl Wired {
    /// Writes the report and its claims as JSON Lines.
    pub(crate) fn lines(&self) -> String {
        let mut lines = String::new();
        line(&mut lines, &self.report);
        for claim in &self.claims {
            line(&mut lines, claim);
        }
        lines
    }
}

fn line(lines: &mut String, value: &impl serde::Serialize) {
    let json = serde_json::to_string(value).expect("the format has string keys and finite numbers only");
    // Writing to a string cannot fail.
    let _ = writeln!(lines, "{json}");
}
