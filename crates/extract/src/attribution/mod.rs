//! Who says what: speakers, cues, contents, and the names behind "he" and "the ministry".

use jiff::civil::Date;
use language::Doc;
use model::{Form, Report, Span, Speaker, TimeMention};

/// All attributions of a report.
#[derive(Debug, Default)]
pub(crate) struct Attributions {
    /// In the order of their words; an attribution inside another's content follows it.
    pub(crate) all: Vec<Attribution>,
}

/// Somebody says something.
#[derive(Debug, Clone)]
pub(crate) struct Attribution {
    /// The smallest hull of speaker, cue and content.
    pub(crate) span: Span,
    /// Who says it, nearest to the fact first, outermost speaker last. Empty for "is thought to", "reportedly".
    pub(crate) said_by: Vec<Speaker>,
    /// The verb or phrase of attribution.
    pub(crate) cue: Option<Span>,
    /// What is said.
    pub(crate) content: Vec<Span>,
    /// Whether it is quoted.
    pub(crate) form: Form,
    /// The class of the cue: what it does to the proposition it governs.
    pub(crate) stance: Stance,
    /// The day of saying.
    pub(crate) said_on: Option<Date>,
    /// The rule that found it.
    pub(crate) rule: &'static str,
}

/// What a cue does to the proposition that it governs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stance {
    /// "Said", "announced".
    Neutral,
    /// "Claimed", "alleged": keeps its distance.
    Distancing,
    /// "Accused", "blamed".
    Accusing,
    /// "Denied", "rejected": negates what it governs.
    Denying,
    /// "Assessed", "concluded", "found".
    Determining,
    /// "Confirmed", "acknowledged", "admitted".
    Confirming,
    /// "Estimates", "is thought to", "believes".
    Estimating,
    /// "Warned", "vowed", "called for": asserts no fact.
    Directive,
}

impl Attributions {
    /// Returns the innermost attribution whose content holds `span`.
    pub(crate) fn governing(&self, span: Span) -> Option<&Attribution> {
        self.all
            .iter()
            .filter(|attribution| attribution.content.iter().any(|content| content.contains(span)))
            .min_by_key(|attribution| attribution.content.iter().map(Span::len).sum::<usize>())
    }
}

/// Finds who says what in the body.
pub(crate) fn find(_report: &Report, _doc: &Doc<'_>, _times: &[TimeMention]) -> Attributions {
    Attributions::default()
}
