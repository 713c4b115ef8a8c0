use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::past::looked_for;
use crate::{Batch, FamilyKey, Past, ReportKey, Sketch};

/// Reports that share one fingerprint and are all looked at. Where more share it, only the last few are: a form used by
/// thousands costs no more.
const CROWD: usize = 24;
const LAST: usize = 3;
/// Reports of which the sketches are looked at for one report.
const LOOKED_AT: usize = 64;
/// Fingerprints that a pair has in common at least: about eight words in a row or two phrases.
const LEAST: usize = 3;
/// The share of the shorter report's fingerprints that a pair has in common at least, one in so many.
const ONE_IN: usize = 30;
/// Reports that one is compared with at most, and of these how many of one family. Copies of one text are one family
/// through any of them; the nearest ones tell best what was done to it.
const COMPARED: usize = 32;
const OF_ONE_FAMILY: usize = 8;

/// Unrelated reports that share a fingerprint, from which on it is one of standing matter: a paragraph of background or
/// a form, that no report has from another.
const UNRELATED: usize = 5;
/// The share of the shorter report's fingerprints that unrelated reports have in common at most, one in so many.
const MOST_ONE_IN: usize = 3;

/// Two reports that may share text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// The one with the smaller key.
    pub a: ReportKey,
    /// The other.
    pub b: ReportKey,
    /// What of the new one of the two is standing matter.
    pub standing: Arc<Standing>,
}

/// Fingerprints of standing matter: such as several reports share that share little else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Standing(pub(crate) BTreeSet<u32>);

/// Finds the pairs of a new report and an earlier or another new one that may share text, for
/// [`compare`](crate::compare) to read.
///
/// The keys of a pair are in order, and so are the pairs. Containment counts, not likeness: a short copy inside a
/// long report is found. Of thousands of copies of one text, a new one is paired with a few. Reports that share standing
/// matter alone are no pair.
pub fn candidates<P: Past>(past: &P, batch: &Batch) -> Result<Vec<Candidate>, P::Error> {
    let mut search = Search { past, batch, prints: HashMap::new() };
    let mut pairs = Vec::new();
    for (at, (key, sketch)) in batch.reports.iter().enumerate() {
        let (near, standing) = search.near(at, sketch)?;
        let standing = Arc::new(standing);
        let pair = |other: ReportKey| Candidate {
            a: other.min(*key),
            b: other.max(*key),
            standing: Arc::clone(&standing),
        };
        pairs.extend(near.into_iter().map(pair));
    }
    pairs.sort_unstable();
    Ok(pairs)
}

struct Search<'a, P> {
    past: &'a P,
    batch: &'a Batch,
    /// All fingerprints of reports that were looked at.
    prints: HashMap<ReportKey, Arc<Vec<u32>>>,
}

/// The earlier reports with each fingerprint that is looked for.
type Holders = Vec<(u32, Vec<ReportKey>)>;

impl<P: Past> Search<'_, P> {
    /// Finds the reports before one that share most with it, and what of it is standing matter.
    fn near(&mut self, at: usize, sketch: &Sketch) -> Result<(Vec<ReportKey>, Standing), P::Error> {
        let own = sketch.prints();
        let holders = self.holders(at, sketch)?;
        let standing = self.standing(looked_for(&own), &holders)?;
        let mut near = Vec::new();
        for other in ranked(holders, &standing) {
            let Some(prints) = self.prints_of(other)? else { continue };
            let common = common(&own, &prints);
            if common >= LEAST && common * ONE_IN >= own.len().min(prints.len()) {
                near.push((common, other));
            }
        }
        near.sort_unstable_by(|a, b| b.cmp(a));
        Ok((self.spread(near)?, standing))
    }

    fn holders(&self, at: usize, sketch: &Sketch) -> Result<Holders, P::Error> {
        let mut all = Vec::new();
        for print in sketch.entry().prints {
            let mut holders = self.batch.before(at, print);
            holders.extend(self.past.printed(print, CROWD + 1)?);
            all.push((print, holders));
        }
        Ok(all)
    }

    /// Finds the fingerprints that several reports share of which no two share much.
    fn standing(&mut self, own: &[u32], holders: &Holders) -> Result<Standing, P::Error> {
        let mut standing = Standing::default();
        for (print, holders) in holders.iter().filter(|(_, holders)| holders.len() >= UNRELATED) {
            let mut unrelated: Vec<Arc<Vec<u32>>> = Vec::new();
            for &holder in holders {
                let Some(prints) = self.prints_of(holder)? else { continue };
                let is_alike = |one: &[u32]| share_much(one, looked_for(&prints));
                if !is_alike(own) && !unrelated.iter().any(|other| is_alike(looked_for(other))) {
                    unrelated.push(prints);
                }
                if unrelated.len() == UNRELATED {
                    standing.0.insert(*print);
                    break;
                }
            }
        }
        Ok(standing)
    }

    fn prints_of(&mut self, report: ReportKey) -> Result<Option<Arc<Vec<u32>>>, P::Error> {
        if let Some(prints) = self.prints.get(&report) {
            return Ok(Some(Arc::clone(prints)));
        }
        let sketch = match self.batch.sketch(report) {
            Some(sketch) => Some(sketch),
            None => self.past.sketch(report)?,
        };
        let prints = sketch.map(|sketch| Arc::new(sketch.prints()));
        self.prints.extend(prints.clone().map(|prints| (report, prints)));
        Ok(prints)
    }

    /// Takes the first of each family.
    fn spread(&self, near: Vec<(usize, ReportKey)>) -> Result<Vec<ReportKey>, P::Error> {
        let mut taken: HashMap<FamilyKey, usize> = HashMap::new();
        let mut kept = Vec::new();
        for (_, other) in near {
            if let Some(family) = self.past.family(other)? {
                let count = taken.entry(family).or_default();
                *count += 1;
                if *count > OF_ONE_FAMILY {
                    continue;
                }
            }
            kept.push(other);
            if kept.len() == COMPARED {
                break;
            }
        }
        Ok(kept)
    }
}

impl Batch {
    /// Returns the reports with a fingerprint before one of the batch, the last first.
    fn before(&self, at: usize, print: u32) -> Vec<ReportKey> {
        let all = self.printed.get(&print).map_or(&[][..], |all| all);
        let before = &all[..all.partition_point(|&other| other < at)];
        before.iter().rev().take(CROWD + 1).map(|&other| self.reports[other].0).collect()
    }
}

/// Returns reports that share fingerprints with one, those with most of them first.
fn ranked(holders: Holders, standing: &Standing) -> Vec<ReportKey> {
    let mut shared: HashMap<ReportKey, u32> = HashMap::new();
    for (_, holders) in holders.into_iter().filter(|(print, _)| !standing.0.contains(print)) {
        let reach = if holders.len() > CROWD { LAST } else { CROWD };
        holders.iter().take(reach).for_each(|&other| *shared.entry(other).or_default() += 1);
    }
    let mut ranked: Vec<(u32, ReportKey)> = shared.into_iter().map(|(key, count)| (count, key)).collect();
    ranked.sort_unstable_by(|a, b| b.cmp(a));
    ranked.into_iter().take(LOOKED_AT).map(|(_, key)| key).collect()
}

fn share_much(one: &[u32], other: &[u32]) -> bool {
    common(one, other) * MOST_ONE_IN >= one.len().min(other.len())
}

/// Counts what stands in both of two lists in order.
pub(crate) fn common(one: &[u32], other: &[u32]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while let (Some(a), Some(b)) = (one.get(i), other.get(j)) {
        count += usize::from(a == b);
        i += usize::from(a <= b);
        j += usize::from(b <= a);
    }
    count
}
