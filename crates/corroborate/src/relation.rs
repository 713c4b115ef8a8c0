use crate::CopyClass;

/// How two reports that carry one matter stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// The same text but for the frame around it.
    Identical,
    /// The same text cut, joined or with another lead.
    Syndicated,
    /// The same source told partly in other words.
    Rewritten,
    /// Both quote one speaker, each in its own text.
    QuotesSameSpeaker,
    /// One names the other's outlet or agency as where it has it from.
    CitesOtherOutlet,
    /// Each rests on origins that the other does not have.
    IndependentReporting,
    /// Nobody is named in one of them, so nothing can be said.
    Unknown,
}

impl Relation {
    /// All relations, in order.
    pub const ALL: &'static [Relation] = &[
        Relation::Identical,
        Relation::Syndicated,
        Relation::Rewritten,
        Relation::QuotesSameSpeaker,
        Relation::CitesOtherOutlet,
        Relation::IndependentReporting,
        Relation::Unknown,
    ];

    /// Returns the fixed name in formats and filters.
    pub fn name(self) -> &'static str {
        match self {
            Relation::Identical => "identical",
            Relation::Syndicated => "syndicated",
            Relation::Rewritten => "rewritten",
            Relation::QuotesSameSpeaker => "quotes_same_speaker",
            Relation::CitesOtherOutlet => "cites_other_outlet",
            Relation::IndependentReporting => "independent_reporting",
            Relation::Unknown => "unknown",
        }
    }

    /// Returns the relation that a copy is; `None` for what is no copy.
    pub(crate) fn of_copy(class: CopyClass) -> Option<Relation> {
        match class {
            CopyClass::Identical => Some(Relation::Identical),
            CopyClass::Syndicated => Some(Relation::Syndicated),
            CopyClass::Rewritten => Some(Relation::Rewritten),
            CopyClass::QuotesSameSpeaker | CopyClass::Template => None,
        }
    }

    /// Tells whether the two share a text.
    pub fn is_copy(self) -> bool {
        matches!(self, Relation::Identical | Relation::Syndicated | Relation::Rewritten)
    }
}
