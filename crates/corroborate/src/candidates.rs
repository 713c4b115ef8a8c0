use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

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
    let mut search = Search { past, batch, sketches: HashMap::new() };
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
    /// The reports that were looked at.
    sketches: HashMap<ReportKey, Arc<Sketch>>,
}

/// The earlier reports with each fingerprint that is looked for.
type Holders = Vec<(u32, Vec<ReportKey>)>;

impl<P: Past> Search<'_, P> {
    /// Finds the reports before one that share most with it, and what of it is standing matter.
    fn near(&mut self, at: usize, sketch: &Sketch) -> Result<(Vec<ReportKey>, Standing), P::Error> {
        let holders = self.holders(at, sketch)?;
        let standing = self.standing(sketch, &holders)?;
        let own = &sketch.prints;
        let mut near = Vec::new();
        for other in ranked(holders, &standing) {
            let Some(sketch) = self.sketch(other)? else { continue };
            let common = common(own, &sketch.prints);
            if common >= LEAST && common * ONE_IN >= own.len().min(sketch.prints.len()) {
                near.push((common, other));
            }
        }
        near.sort_unstable_by(|a, b| b.cmp(a));
        Ok((self.spread(near)?, standing))
    }

    fn holders(&self, at: usize, sketch: &Sketch) -> Result<Holders, P::Error> {
        let mut all = Vec::new();
        for &print in sketch.looked_for() {
            let mut holders = self.batch.before(at, print);
            holders.extend(self.past.printed(print, CROWD + 1)?);
            if !holders.is_empty() {
                all.push((print, holders));
            }
        }
        Ok(all)
    }

    /// Finds the fingerprints that several reports share of which no two share much.
    fn standing(&mut self, own: &Sketch, holders: &Holders) -> Result<Standing, P::Error> {
        let mut standing = Standing::default();
        let mut kinship = Kinship::default();
        for (print, holders) in holders.iter().filter(|(_, holders)| holders.len() >= UNRELATED) {
            let mut unrelated: Vec<(ReportKey, Arc<Sketch>)> = Vec::new();
            for &holder in holders {
                let Some(sketch) = self.sketch(holder)? else { continue };
                let is_own = kinship.shares_much((None, own), (holder, &sketch));
                let is_alike = |(key, other): &(ReportKey, Arc<Sketch>)| {
                    kinship.shares_much((Some(*key), other), (holder, &sketch))
                };
                if !is_own && !unrelated.iter().any(is_alike) {
                    unrelated.push((holder, sketch));
                }
                if unrelated.len() == UNRELATED {
                    standing.0.insert(*print);
                    break;
                }
            }
        }
        Ok(standing)
    }

    fn sketch(&mut self, report: ReportKey) -> Result<Option<Arc<Sketch>>, P::Error> {
        if let Some(sketch) = self.sketches.get(&report) {
            return Ok(Some(Arc::clone(sketch)));
        }
        let sketch = match self.batch.sketch(report) {
            Some(sketch) => Some(sketch),
            None => self.past.sketch(report)?,
        };
        self.sketches.extend(sketch.clone().map(|sketch| (report, sketch)));
        Ok(sketch)
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
        let before = &self.printed[..self.printed.partition_point(|&held| held < (print, at as u32))];
        let with_print = before.iter().rev().take_while(|(other, _)| *other == print);
        with_print.take(CROWD + 1).map(|(_, other)| self.reports[*other as usize].0).collect()
    }
}

/// Returns reports that share fingerprints with one, those with most of them first.
fn ranked(holders: Holders, standing: &Standing) -> Vec<ReportKey> {
    let mut sharing = Vec::new();
    for (_, holders) in holders.into_iter().filter(|(print, _)| !standing.0.contains(print)) {
        let reach = if holders.len() > CROWD { LAST } else { CROWD };
        sharing.extend(holders.into_iter().take(reach));
    }
    sharing.sort_unstable();
    let mut ranked: Vec<(usize, ReportKey)> =
        sharing.chunk_by(|one, other| one == other).map(|same| (same.len(), same[0])).collect();
    ranked.sort_unstable_by(|a, b| b.cmp(a));
    ranked.into_iter().take(LOOKED_AT).map(|(_, key)| key).collect()
}

/// Which reports share much, found out once for all fingerprints of a report.
#[derive(Default)]
struct Kinship(HashMap<(Option<ReportKey>, ReportKey), bool>);

impl Kinship {
    /// Tells whether two reports share much; that without a key is the one that is looked at.
    fn shares_much(&mut self, one: (Option<ReportKey>, &Sketch), other: (ReportKey, &Sketch)) -> bool {
        *self.0.entry((one.0, other.0)).or_insert_with(|| {
            let (one, other) = (one.1.looked_for(), other.1.looked_for());
            common(one, other) * MOST_ONE_IN >= one.len().min(other.len())
        })
    }
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
