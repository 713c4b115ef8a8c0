use crate::{Passage, Read, ReportKey};

/// What two reports share, and what that says of where they come from.
#[derive(Debug, Clone, PartialEq)]
pub struct CopyLink {
    /// The one that was published earlier; of the same day, the one with the smaller identity.
    pub a: ReportKey,
    /// The other.
    pub b: ReportKey,
    /// What the shared words amount to.
    pub class: CopyClass,
    /// Share of the own words of the shorter report that stand in the other, quoted speech left out: 0 to 1.
    pub containment: f32,
    /// The passages that stand in both, in the order of `a`.
    pub passages: Vec<Passage>,
    /// Why the class was chosen, a sentence each.
    pub reasons: Vec<String>,
}

/// What shared words amount to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CopyClass {
    /// The same text but for the frame around it.
    Identical,
    /// The same text cut, joined or with another lead.
    Syndicated,
    /// The same source told partly in other words.
    Rewritten,
    /// Only the words of somebody whom both quote.
    QuotesSameSpeaker,
    /// Only standing matter, such as a paragraph of background or a form that recurs.
    Template,
}

impl CopyClass {
    /// All classes, in order.
    pub const ALL: &'static [CopyClass] = &[
        CopyClass::Identical,
        CopyClass::Syndicated,
        CopyClass::Rewritten,
        CopyClass::QuotesSameSpeaker,
        CopyClass::Template,
    ];

    /// Tells whether one report was made from the other or both from a third: then they are one origin.
    pub fn is_copy(self) -> bool {
        matches!(self, CopyClass::Identical | CopyClass::Syndicated | CopyClass::Rewritten)
    }

    /// Returns the fixed name of the class in formats and filters.
    pub fn name(self) -> &'static str {
        match self {
            CopyClass::Identical => "identical",
            CopyClass::Syndicated => "syndicated",
            CopyClass::Rewritten => "rewritten",
            CopyClass::QuotesSameSpeaker => "quotes_same_speaker",
            CopyClass::Template => "template",
        }
    }

    /// Finds the class of that name.
    pub fn from_name(name: &str) -> Option<CopyClass> {
        CopyClass::ALL.iter().copied().find(|class| class.name() == name)
    }
}

/// Reads two reports side by side; `None` if they share nothing worth showing.
pub fn compare(_a: &Read<'_>, _b: &Read<'_>) -> Option<CopyLink> {
    None
}
