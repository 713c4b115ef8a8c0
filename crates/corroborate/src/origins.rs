use crate::{CopyLink, Matter, Read, ReportKey};

/// A claim, by its report and its position in the list of that report's claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimRef {
    /// The report.
    pub report: ReportKey,
    /// The position in [`Read::claims`].
    pub claim: usize,
}

/// Somebody at the root of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The fullest name.
    pub name: String,
    /// Other names that stand for the same origin.
    pub also: Vec<String>,
    /// The claims that lead back here.
    pub claims: Vec<ClaimRef>,
    /// The reports that carry these claims, earliest first.
    pub relayed_by: Vec<ReportKey>,
    /// Why these are one origin, in a sentence.
    pub reason: String,
}

/// A report that relays an origin which is counted already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relay {
    /// The report.
    pub report: ReportKey,
    /// The name of the origin.
    pub origin: String,
    /// Why it adds nothing, in a sentence.
    pub reason: String,
}

/// Claims that nobody stands behind by name: one text, in however many copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The claims.
    pub claims: Vec<ClaimRef>,
    /// The reports that carry them, earliest first.
    pub reports: Vec<ReportKey>,
    /// Why the origin is unknown, in a sentence.
    pub reason: String,
}

/// A claim that speaks against a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// The claims by which it is denied; copies and repetitions of one denier are together.
    pub claims: Vec<ClaimRef>,
    /// Who denies; `None` if nobody is named.
    pub by: Option<String>,
    /// How closely it answers.
    pub strength: DenialStrength,
    /// Why it is held against this matter, in a sentence.
    pub reason: String,
}

/// How closely a denial answers an allegation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DenialStrength {
    /// It names the same act and the same place or object.
    Specific,
    /// It gives another version of the same event.
    CounterVersion,
    /// It denies such acts as a whole.
    Generic,
}

impl DenialStrength {
    /// All strengths, in order.
    pub const ALL: &'static [DenialStrength] =
        &[DenialStrength::Specific, DenialStrength::CounterVersion, DenialStrength::Generic];

    /// Returns the fixed name in formats and filters.
    pub fn name(self) -> &'static str {
        match self {
            DenialStrength::Specific => "specific",
            DenialStrength::CounterVersion => "counter_version",
            DenialStrength::Generic => "generic",
        }
    }
}

/// Counts the origins of everything that the reports of one story allege, count or find.
///
/// `links` are the links between these reports; those to other reports are left out. Matters that more reports
/// carry come first.
pub fn weigh(_reads: &[Read<'_>], _links: &[CopyLink]) -> Vec<Matter> {
    Vec::new()
}
