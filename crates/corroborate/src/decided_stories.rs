use std::collections::{BTreeMap, BTreeSet};

use crate::decisions::{Decided, Decision, decided};
use crate::stories::Standing;
use crate::{Past, ReportKey};

/// Reports of a part that are compared with one of which nobody has decided: spread over all of it.
const COMPARED: usize = 24;

/// Lays what people decided over stories that were found. What no decision names of a torn story goes with the report that
/// it is most like: a copy with the text that it copies.
pub fn decided_stories<P: Past>(
    past: &P,
    found: &[Vec<ReportKey>],
    decisions: &[Decision<ReportKey>],
) -> Result<Decided<ReportKey>, P::Error> {
    let torn: BTreeSet<ReportKey> = decisions.iter().flat_map(|decision| &decision.torn).copied().collect();
    let mut known: BTreeMap<ReportKey, Standing> = BTreeMap::new();
    for group in found.iter().filter(|group| group.len() > 1 && group.iter().any(|it| torn.contains(it))) {
        for &report in group {
            known.extend(Standing::of(past, report)?.map(|standing| (report, standing)));
        }
    }
    let likest = |report: ReportKey, parts: &[Vec<ReportKey>]| {
        let standing = known.get(&report)?;
        let likeness = |part: &Vec<ReportKey>| {
            let compared = part.iter().step_by(part.len().div_ceil(COMPARED).max(1));
            let others = compared.filter_map(|other| known.get(other));
            others.map(|other| standing.likeness(other)).max_by(f64::total_cmp)
        };
        let weighed = parts.iter().enumerate().filter_map(|(at, part)| Some((likeness(part)?, at)));
        weighed.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))).map(|(_, at)| at)
    };
    Ok(decided(found, decisions, likest))
}
