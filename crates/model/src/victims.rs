use crate::{Measure, Polarity, Span, Speaker};

/// People whom a report says were harmed, one by one: "killing a baker, Mira Vey (9) and two of their guests".
///
/// One list is what one word of harm is said of. Where the list is all that is said, its people together are a count
/// that the words state, though no number stands in them.
#[derive(Debug, Clone, PartialEq)]
pub struct Victims {
    /// From the first to the last of them.
    pub span: Span,
    /// The word of harm: "killed", "deaths"; `None` where names are announced as those of the dead, which seldom are all.
    pub harm: Option<Span>,
    /// What happened to them.
    pub measure: Measure,
    /// Who says it, nearest to the fact first. Empty: the outlet itself.
    pub said_by: Vec<Speaker>,
    /// The verb or phrase of attribution.
    pub cue: Option<Span>,
    /// Whether it is asserted, denied or left open.
    pub polarity: Polarity,
    /// Those listed, in the order of their words.
    pub members: Vec<Victim>,
    /// Those named as a part of somebody listed: "including a child".
    pub parts: Vec<Victim>,
}

/// One item of a list of victims: a person, or several under one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Victim {
    /// The words: "a baker", "Mira Vey", "two of their guests".
    pub span: Span,
    /// Who they are: a lower-case plural noun as in a figure; "people" if no more is said.
    pub population: String,
    /// The fewest they can be; `None` if the words set no lower bound.
    pub lower: Option<u64>,
    /// The most they can be; `None` if the words set no upper bound.
    pub upper: Option<u64>,
    /// The sex that a noun, a title or a given name tells, where the words stand for one person.
    pub sex: Option<Sex>,
    /// Which of the persons that the report names as victims it is; `None` if the words do not name one.
    pub person: Option<usize>,
}

/// The sex of a person, as far as words tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// "His wife", "Mrs".
    Female,
    /// "Her brother", "Mr".
    Male,
}
