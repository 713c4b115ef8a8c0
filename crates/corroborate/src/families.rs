use std::collections::HashMap;

use crate::{CopyLink, ReportKey, Sketch};

/// Reports that come from one text, directly or one through another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// The members, earliest first.
    pub members: Vec<ReportKey>,
    /// Where the text likely comes from.
    pub origin: FamilyOrigin,
    /// Why that is thought, in a sentence.
    pub reason: String,
}

/// Where the text of a family likely comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FamilyOrigin {
    /// This member: an agency's own report, or the only one of the first day.
    Member(ReportKey),
    /// An agency is credited, and its own report is not among the members.
    Agency(String),
    /// Nothing tells.
    Unknown,
}

/// Joins reports that are linked as copies. Reports without a copy are in no family.
///
/// `sketches` must hold every report that `links` name; links to others are left out. The family of the earliest
/// report comes first.
pub fn families(sketches: &[(ReportKey, Sketch)], links: &[CopyLink]) -> Vec<Family> {
    let mut order: Vec<&(ReportKey, Sketch)> = sketches.iter().collect();
    order.sort_by_key(|(key, sketch)| (sketch.order(), *key));
    let keys: Vec<ReportKey> = order.iter().map(|(key, _)| *key).collect();
    let copies = links.iter().filter(|link| link.class.is_copy()).map(|link| (link.a, link.b));
    groups(&keys, copies)
        .into_iter()
        .filter(|members| members.len() > 1)
        .map(|members| {
            let (origin, reason) = origin(&members.iter().map(|&at| order[at]).collect::<Vec<_>>());
            Family { members: members.into_iter().map(|at| keys[at]).collect(), origin, reason }
        })
        .collect()
}

/// Joins positions in `keys` by pairs of keys. Groups and their members are in the order of `keys`.
pub(crate) fn groups(
    keys: &[ReportKey],
    pairs: impl Iterator<Item = (ReportKey, ReportKey)>,
) -> Vec<Vec<usize>> {
    let places: HashMap<ReportKey, usize> = keys.iter().enumerate().map(|(at, key)| (*key, at)).collect();
    let mut joined = Joined::new(keys.len());
    for (a, b) in pairs {
        if let (Some(&a), Some(&b)) = (places.get(&a), places.get(&b)) {
            joined.join(a, b);
        }
    }
    joined.groups()
}

/// Sets of positions that can be joined and never parted.
pub(crate) struct Joined(Vec<usize>);

impl Joined {
    pub(crate) fn new(len: usize) -> Joined {
        Joined((0..len).collect())
    }

    /// Returns the first position of the set.
    pub(crate) fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    pub(crate) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }

    pub(crate) fn groups(mut self) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = vec![Vec::new(); self.0.len()];
        for at in 0..self.0.len() {
            let root = self.root(at);
            groups[root].push(at);
        }
        groups.retain(|group| !group.is_empty());
        groups
    }
}

fn origin(members: &[&(ReportKey, Sketch)]) -> (FamilyOrigin, String) {
    let credited = members.iter().find_map(|(_, sketch)| sketch.wire());
    if let Some(agency) = credited {
        let own = members.iter().find(|(_, sketch)| sketch.outlet().to_lowercase() == agency.to_lowercase());
        return match own {
            Some((key, _)) => {
                (FamilyOrigin::Member(*key), format!("{agency} is credited, and this is its own report"))
            }
            None => (FamilyOrigin::Agency(agency.to_owned()), format!("{agency} is credited")),
        };
    }
    let first = members[0].1.published();
    let alone = members.iter().filter(|(_, sketch)| sketch.published() == first).count() == 1;
    match first {
        Some(day) if alone && members.iter().all(|(_, sketch)| sketch.published().is_some()) => (
            FamilyOrigin::Member(members[0].0),
            format!("no agency is credited, and only this one appeared by {day}"),
        ),
        Some(_) => (FamilyOrigin::Unknown, "no agency is credited, and none is clearly the first".to_owned()),
        None => (FamilyOrigin::Unknown, "no agency is credited, and no day is known".to_owned()),
    }
}
