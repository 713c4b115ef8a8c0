use std::collections::HashMap;

use crate::{ReportKey, Sketch};

/// Reports that share one fingerprint and are all paired with one another. Where more share it, each is paired with
/// the next few in time only: enough to join copies into a family, and a form used by thousands costs no more.
const CROWD: usize = 24;
const NEIGHBOURS: usize = 3;
/// Fingerprints that a pair has in common at least: about eight words in a row or two phrases.
const LEAST: u32 = 3;
/// The share of the shorter report's fingerprints that a pair has in common at least, one in so many.
const ONE_IN: usize = 30;

/// Finds the pairs of reports that may share text, for [`compare`](crate::compare) to read.
///
/// The keys of a pair are in order, and so are the pairs. Containment counts, not likeness: a short copy inside a
/// long report is found.
pub fn candidates(sketches: &[(ReportKey, Sketch)]) -> Vec<(ReportKey, ReportKey)> {
    let mut order: Vec<&(ReportKey, Sketch)> = sketches.iter().collect();
    order.sort_by_key(|(key, sketch)| (sketch.order(), *key));
    let mut shared: HashMap<(u32, u32), u32> = HashMap::new();
    for group in postings(&order).chunk_by(|a, b| a.0 == b.0) {
        for (at, &(_, one)) in group.iter().enumerate() {
            let reach = if group.len() <= CROWD { CROWD } else { NEIGHBOURS };
            for &(_, other) in group.iter().skip(at + 1).take(reach) {
                *shared.entry((one, other)).or_default() += 1;
            }
        }
    }
    let prints = |at: u32| order[at as usize].1.own.len() + order[at as usize].1.quoted.len();
    let mut pairs: Vec<(ReportKey, ReportKey)> = shared
        .into_iter()
        .filter(|&((a, b), count)| count >= LEAST && count as usize * ONE_IN >= prints(a).min(prints(b)))
        .map(|((a, b), _)| (order[a as usize].0, order[b as usize].0))
        .map(|(a, b)| (a.min(b), a.max(b)))
        .collect();
    pairs.sort_unstable();
    pairs
}

/// Every fingerprint with the position of each report that has it, in order.
fn postings(order: &[&(ReportKey, Sketch)]) -> Vec<(u32, u32)> {
    let mut postings: Vec<(u32, u32)> = Vec::new();
    for (at, (_, sketch)) in order.iter().enumerate() {
        postings.extend(sketch.own.iter().chain(&sketch.quoted).map(|&print| (print, at as u32)));
    }
    postings.sort_unstable();
    postings.dedup();
    postings
}
