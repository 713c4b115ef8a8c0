//! What many reports say together: copies, stories, and the origins of what is said.
//!
//! Forty outlets that relay one spokesman are one origin. This crate tells them apart from forty witnesses, in
//! stages that never need all texts at once:
//!
//! 1. [`Sketch::of`] reduces a report to a few hundred bytes up to 16 KB, to be kept beside it.
//! 2. [`candidates`] finds pairs of sketches that may share text, and [`compare`] reads such a pair: which passages
//!    stand in both, and whether that makes one a copy of the other. [`families`] joins copies.
//! 3. [`stories`] groups sketches into reports of one news development.
//! 4. [`weigh`] takes the reports of one story and counts the origins of each thing that is alleged or counted in
//!    it: so many independent, so many that only relay, so many unknown, and who denies it. Beside the counts stands an
//!    account for a person to weigh, with the grades of the Admiralty code that its rules suggest ([`Weighing`]).
//! 5. [`accounts`] finds what each report tells of single events, and [`resolve`] puts the accounts of many reports
//!    together that are of one incident, with the reasons; figures of a longer time are kept apart from them.
//!
//! What people decide on stories and incidents is laid over what was found, by [`decided`]: it holds for whatever comes.
//!
//! Beside these, [`ledgers`] sets the figures of one incident or situation beside each other, and [`remarks`] says where
//! two of them do not fit together. [`tolls`] draws up how many were killed, injured or driven out in one incident: from the least to the
//! most that is said, with the words that set each end.
//!
//! Every result carries its reason in words. The order of the input changes nothing: ties are broken by what a
//! report says, never by the number it was given. Nothing here touches a disk, a clock or a network, and nothing
//! averages a figure or sums what nobody put into one list.

mod basis;
mod bytes;
mod candidates;
mod carried;
mod clusters;
mod copies;
mod decided_stories;
mod decisions;
mod families;
#[cfg(test)]
mod fixture;
mod grouping;
mod identity;
mod incidents;
mod kinds;
mod known;
mod ledger;
mod likeness;
mod matters;
mod named;
mod origins;
mod passages;
mod past;
mod places;
mod read;
mod relation;
mod sketch;
mod speakers;
mod stories;
mod terms;
mod titles;
mod together;
mod toll;
mod vectors;
mod voice;
mod weighing;
mod worded;
mod words;

pub use basis::Basis;
pub use candidates::{Candidate, Standing, candidates};
pub use copies::{CopyClass, CopyLink, compare, compare_apart_from};
pub use decided_stories::decided_stories;
pub use decisions::{Decided, Decision, decided};
pub use families::{Family, FamilyOrigin, families, joined};
pub use incidents::{
    Account, AccountName, Days, Gathered, Key, Link, Mark, PastAccounts, Point, Reckoning, Remembered,
    Resolved, Summary, accounts, decided_incidents, resolve, summary,
};
pub use kinds::OriginKind;
pub use known::Known;
pub use ledger::{
    Direction, Ledger, Line, Moved, Remark, RemarkKind, Share, Stated, ledgers, moved, remarks,
};
pub use matters::{Matter, Subject};
pub use origins::{
    Answer, ClaimRef, Denial, DenialStrength, Origin, Relay, Unknown, relation, weigh, weigh_incident,
};
pub use passages::Passage;
pub use past::{Batch, Entry, FamilyKey, Members, Past, StoryKey};
pub use read::{Read, ReportKey};
pub use relation::Relation;
pub use sketch::{NotASketch, Sketch};
pub use speakers::names_of_speakers;
pub use stories::{Regrouped, Story, stories};
pub use together::Together;
pub use toll::{Bound, Counted, Envelope, Group, Told, Toll, tolls};
pub use weighing::{
    Facts, INFORMATION_RULES, InformationRule, SOURCE_RULES, SourceRule, Specificity, Suggestion, Weighing,
};
pub use worded::Worded;
