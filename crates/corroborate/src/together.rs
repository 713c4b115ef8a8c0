use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::ReportKey;

/// Reports that belong together from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Together<Key> {
    /// The name that it keeps: that of the earlier group of which it holds most. None: it is new.
    pub key: Option<Key>,
    /// Earlier groups that go into it whole.
    pub absorbed: Vec<Key>,
    /// Reports that were in another group or in none.
    pub reports: Vec<ReportKey>,
}

/// What is moved in one piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Part<Key> {
    Report(ReportKey),
    /// A group of so many reports.
    Whole(Key, usize),
}

impl<Key> Part<Key> {
    fn count(&self) -> usize {
        match self {
            Part::Report(_) => 1,
            Part::Whole(_, count) => *count,
        }
    }
}

/// Parts with the group that each was in.
pub(crate) type Parts<Key> = Vec<(Part<Key>, Option<Key>)>;

/// Gives the names of earlier groups to new ones: to that which holds most of the earlier one, and each once. Returns
/// those groups alone that differ from what they were.
pub(crate) fn groups_kept<Key: Copy + Ord>(groups: impl Iterator<Item = Parts<Key>>) -> Vec<Together<Key>> {
    let groups: Vec<Parts<Key>> = groups.collect();
    let mut claims: Vec<(Reverse<usize>, Key, usize)> = Vec::new();
    for (at, parts) in groups.iter().enumerate() {
        let mut counts: BTreeMap<Key, usize> = BTreeMap::new();
        for (part, old) in parts {
            old.iter().for_each(|old| *counts.entry(*old).or_default() += part.count());
        }
        claims.extend(counts.into_iter().map(|(old, count)| (Reverse(count), old, at)));
    }
    claims.sort_unstable();
    let mut named: Vec<Option<Key>> = vec![None; groups.len()];
    let mut given: BTreeSet<Key> = BTreeSet::new();
    for (_, old, at) in claims {
        if named[at].is_none() && given.insert(old) {
            named[at] = Some(old);
        }
    }
    let changed = |(parts, key): (Parts<Key>, Option<Key>)| {
        let mut group = Together { key, absorbed: Vec::new(), reports: Vec::new() };
        for (part, old) in parts {
            match part {
                Part::Whole(story, _) if Some(story) != key => group.absorbed.push(story),
                Part::Report(report) if old.is_none() || old != key => group.reports.push(report),
                _ => {}
            }
        }
        let is_new = key.is_none() || !group.absorbed.is_empty() || !group.reports.is_empty();
        is_new.then_some(group)
    };
    groups.into_iter().zip(named).filter_map(changed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(number: u64) -> Part<u8> {
        Part::Report(ReportKey(number))
    }

    fn kept(groups: &[Parts<u8>]) -> Vec<Together<u8>> {
        groups_kept(groups.iter().cloned())
    }

    fn group(key: Option<u8>, absorbed: &[u8], reports: &[u64]) -> Together<u8> {
        Together {
            key,
            absorbed: absorbed.to_vec(),
            reports: reports.iter().copied().map(ReportKey).collect(),
        }
    }

    #[test]
    fn the_larger_part_keeps_the_name() {
        let one = vec![(report(1), Some(7))];
        let other = vec![(report(2), Some(7)), (report(3), Some(7)), (report(4), None)];
        assert_eq!(kept(&[one, other]), [group(None, &[], &[1]), group(Some(7), &[], &[4])]);
    }

    #[test]
    fn what_stays_as_it_was_is_left_out() {
        assert_eq!(kept(&[vec![(report(1), Some(7)), (report(2), Some(7))]]), []);
    }

    #[test]
    fn the_smaller_goes_into_the_larger() {
        let whole = |key, count| (Part::Whole(key, count), Some(key));
        assert_eq!(
            kept(&[vec![whole(3, 70), whole(5, 90), (report(9), Some(6))]]),
            [group(Some(5), &[3], &[9])]
        );
    }
}
