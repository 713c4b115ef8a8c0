//! Finds the article, the dates, the places and the claims in a report.
//!
//! [`read`] takes the bytes of one original with what is known of it, and returns a [`Reading`]: the report, and
//! the claims in the order of their words. It has no clock, file or network; the same bytes give the same reading.
//! Bad text is not an error: what can be read is read, and the rest is told in the report's notes.
//!
//! It does not know other reports, and it does not decide whether a claim is true.

mod article;
mod attribution;
mod capitals;
mod context;
mod evidence;
mod extractors;
mod factuality;
mod given;
mod grammar;
mod incidents;
mod numbers;
mod places;
mod rules;
mod syntax;
mod times;

use model::{Claim, Digest, Kind, Metadata, Place, Report, TimeMention, Victims};

use extractors::Found;

pub use attribution::relations::Attributed;
pub use extractors::EXTRACTORS;
pub use factuality::{Factuality, factuality};
pub use grammar::{Word, grammar};
pub use incidents::{
    Confidence, Count, Effect, Incident, IncidentDeed, ObjectClass, Party, PersonClass, Stage, Target,
    TargetClass, Weapon, WeaponKind, incidents,
};
pub use places::place_names;
pub use rules::{Family, Rule, rule, rules};
pub use times::{DurationMention, Length, Setting, Unit, read_time};

/// Names what reading finds. It changes whenever the same bytes could give another reading.
pub const VERSION: &str = "9";

/// The bytes of one original, and what is known of it besides.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The bytes as they were received.
    pub bytes: &'a [u8],
    /// Their digest.
    pub digest: Digest,
    /// How to read them.
    pub kind: Kind,
    /// What was said of the report when it was handed over. What the original itself says goes first.
    pub metadata: &'a Metadata,
}

/// What was read out of one original.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The encoding that the bytes were read in, by its name in the Encoding Standard.
    pub encoding: &'static str,
    /// The report.
    pub report: Report,
    /// Its claims, in the order of their words; a claim's position in this list is its number, from 0.
    pub claims: Vec<Claim>,
    /// Those who are said to have been harmed one by one, in the order of their words.
    pub victims: Vec<Victims>,
    /// The times that the article names, in the order of their words.
    pub times: Vec<TimeMention>,
    /// The lengths of time that the article names, in the order of their words.
    pub durations: Vec<DurationMention>,
    /// The places that the article names, in the order of their words. That a place is named does not say that
    /// anything happened there.
    pub places: Vec<Place>,
}

impl Reading {
    /// Reads every attribution relation of the report: reported speech and belief of whatever matter, each with the whole
    /// phrase that names its source. The statements among the claims are those of them that bear on the conflict.
    ///
    /// It reads the tree over each sentence, which takes longer than the claims, and is therefore done when asked for.
    pub fn attributions(&self) -> Vec<Attributed> {
        extractors::attributions(&self.report)
    }
}

/// Reads one original.
pub fn read(source: &Source<'_>) -> Reading {
    let given = given::take(source);
    let encoding = given.encoding;
    let report = article::find(given);
    let Found { claims, victims, times, durations, places } = extractors::run(&report);
    let reading = Reading { encoding, report, claims, victims, times, durations, places };
    debug_assert_eq!(rules::unexplained(&reading), None);
    reading
}

/// Finds the report in one original, and leaves its claims unread.
pub fn article(source: &Source<'_>) -> Report {
    article::find(given::take(source))
}
