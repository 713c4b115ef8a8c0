use std::collections::HashMap;
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

/// Finds the pairs of a new report and an earlier or another new one that may share text, for
/// [`compare`](crate::compare) to read.
///
/// The keys of a pair are in order, and so are the pairs. Containment counts, not likeness: a short copy inside a
/// long report is found. Of thousands of copies of one text, a new one is paired with a few.
pub fn candidates<P: Past>(past: &P, batch: &Batch) -> Result<Vec<(ReportKey, ReportKey)>, P::Error> {
    let mut search = Search { past, batch, prints: HashMap::new() };
    let mut pairs = Vec::new();
    for (at, (key, sketch)) in batch.reports.iter().enumerate() {
        let near = search.near(at, sketch)?;
        pairs.extend(near.into_iter().map(|other| (other.min(*key), other.max(*key))));
    }
    pairs.sort_unstable();
    pairs.dedup();
    Ok(pairs)
}

struct Search<'a, P> {
    past: &'a P,
    batch: &'a Batch,
    /// All fingerprints of reports that were looked at.
    prints: HashMap<ReportKey, Arc<Vec<u32>>>,
}

impl<P: Past> Search<'_, P> {
    /// Finds the reports before one that share most with it.
    fn near(&mut self, at: usize, sketch: &Sketch) -> Result<Vec<ReportKey>, P::Error> {
        let own = sketch.prints();
        let mut near = Vec::new();
        for other in self.holders(at, sketch)? {
            let Some(prints) = self.prints_of(other)? else { continue };
            let common = common(&own, &prints);
            if common >= LEAST && common * ONE_IN >= own.len().min(prints.len()) {
                near.push((common, other));
            }
        }
        near.sort_unstable_by(|a, b| b.cmp(a));
        self.spread(near)
    }

    /// Returns reports that share fingerprints that are looked for, those with most of them first.
    fn holders(&self, at: usize, sketch: &Sketch) -> Result<Vec<ReportKey>, P::Error> {
        let mut shared: HashMap<ReportKey, u32> = HashMap::new();
        for print in sketch.entry().prints {
            let mut holders = self.batch.before(at, print);
            holders.extend(self.past.printed(print, CROWD + 1)?);
            let reach = if holders.len() > CROWD { LAST } else { CROWD };
            holders.iter().take(reach).for_each(|&other| *shared.entry(other).or_default() += 1);
        }
        let mut ranked: Vec<(u32, ReportKey)> = shared.into_iter().map(|(key, count)| (count, key)).collect();
        ranked.sort_unstable_by(|a, b| b.cmp(a));
        Ok(ranked.into_iter().take(LOOKED_AT).map(|(_, key)| key).collect())
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

/// Counts what stands in both of two lists in order.
fn common(one: &[u32], other: &[u32]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while let (Some(a), Some(b)) = (one.get(i), other.get(j)) {
        count += usize::from(a == b);
        i += usize::from(a <= b);
        j += usize::from(b <= a);
    }
    count
}
