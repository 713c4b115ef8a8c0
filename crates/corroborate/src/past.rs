use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use crate::{ReportKey, Sketch};

/// The number that the caller knows a story by. It names stories in results and decides nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoryKey(pub u64);

/// The number that the caller knows a family of copies by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FamilyKey(pub u64);

/// What is known of the reports that came before a batch.
///
/// Every question has an answer of bounded size, so that a batch costs the same whether a thousand reports came before
/// it or a million. Questions are asked of reports, prints and terms as they stand in an [`Entry`].
pub trait Past {
    /// Why a question could not be answered.
    type Error;

    /// Counts the reports.
    fn reports(&self) -> Result<u64, Self::Error>;

    /// Counts the reports that hold a term.
    fn holding(&self, term: u32) -> Result<u64, Self::Error>;

    /// Returns reports with a fingerprint, those that came last first, at most `most`.
    fn printed(&self, print: u32, most: usize) -> Result<Vec<ReportKey>, Self::Error>;

    /// Returns reports that a term tells of: at most `most` up to a day, the last first; as many after it, the first
    /// first; and as many without a day. Without a day asked for, those of the last days stand for the first two.
    fn told(&self, term: u32, near: Option<Date>, most: usize) -> Result<Vec<ReportKey>, Self::Error>;

    /// Returns the sketch of a report.
    fn sketch(&self, report: ReportKey) -> Result<Option<Arc<Sketch>>, Self::Error>;

    /// Returns the story that a report is in.
    fn story(&self, report: ReportKey) -> Result<Option<StoryKey>, Self::Error>;

    /// Returns the reports of a story: all, if they are `most` at most, else some of those nearest to a day.
    fn members(&self, story: StoryKey, near: Option<Date>, most: usize) -> Result<Members, Self::Error>;

    /// Returns the family of copies that a report is in.
    fn family(&self, report: ReportKey) -> Result<Option<FamilyKey>, Self::Error>;

    /// Returns at most `most` reports of the family that a report is in: always the same ones.
    fn kin(&self, report: ReportKey, most: usize) -> Result<Vec<ReportKey>, Self::Error>;
}

/// Reports of one story.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Members {
    /// How many the story has.
    pub count: usize,
    /// All of them, or those nearest.
    pub nearest: Vec<ReportKey>,
}

/// By what a report is found later on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its fingerprints to look for copies by.
    pub prints: Vec<u32>,
    /// The terms that it holds.
    pub terms: Vec<u32>,
    /// The day of its publication.
    pub day: Option<Date>,
}

/// Of the fingerprints in a sketch, those below one part in so many of their range are looked for: the same ones in
/// every copy. A copied passage of 40 words has 37 runs of four words, and so four such fingerprints.
const LOOKED_FOR: u32 = u32::MAX / 8;

/// Fingerprints that are looked for of a report that has so few in that part of the range: a note of 30 words may have none.
const FEWEST: usize = 4;

pub(crate) fn is_looked_for(print: u32) -> bool {
    print < LOOKED_FOR
}

impl Sketch {
    /// Returns by what the report is found later on.
    pub fn entry(&self) -> Entry {
        let terms = self.terms.iter().map(|term| term.hash).collect();
        Entry { prints: self.looked_for().to_vec(), terms, day: self.published }
    }

    /// Returns its fingerprints to look for copies by, in order.
    pub(crate) fn looked_for(&self) -> &[u32] {
        let low = self.prints.partition_point(|&print| is_looked_for(print));
        &self.prints[..low.max(FEWEST.min(self.prints.len()))]
    }
}

/// Reports that come together. They are taken in their own order: by day, then by what they say.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    pub(crate) reports: Vec<(ReportKey, Arc<Sketch>)>,
    pub(crate) places: HashMap<ReportKey, usize>,
    /// How many of them hold each term, once that is asked for.
    terms: OnceLock<HashMap<u32, u64>>,
    /// Each fingerprint that is looked for, with the position of a report that has it, in order.
    pub(crate) printed: Vec<(u32, u32)>,
}

impl Batch {
    /// Puts reports together. Each has another key, and none is known to the [`Past`].
    pub fn of(reports: impl IntoIterator<Item = (ReportKey, Arc<Sketch>)>) -> Batch {
        let mut batch = Batch { reports: reports.into_iter().collect(), ..Batch::default() };
        batch.reports.sort_by_key(|(key, sketch)| (sketch.order(), *key));
        for (at, (key, sketch)) in batch.reports.iter().enumerate() {
            batch.places.insert(*key, at);
            batch.printed.extend(sketch.looked_for().iter().map(|&print| (print, at as u32)));
        }
        batch.printed.sort_unstable();
        batch
    }

    /// Counts those that hold a term.
    pub(crate) fn holding(&self, term: u32) -> u64 {
        let counted = || {
            let mut counts = HashMap::new();
            let terms = self.reports.iter().flat_map(|(_, sketch)| &sketch.terms);
            terms.for_each(|term| *counts.entry(term.hash).or_default() += 1);
            counts
        };
        self.terms.get_or_init(counted).get(&term).copied().unwrap_or(0)
    }

    /// Returns the sketch of a report of the batch.
    pub(crate) fn sketch(&self, report: ReportKey) -> Option<Arc<Sketch>> {
        let at = self.places.get(&report)?;
        Some(Arc::clone(&self.reports[*at].1))
    }

    /// Returns the reports in their order.
    pub fn reports(&self) -> &[(ReportKey, Arc<Sketch>)] {
        &self.reports
    }
}
