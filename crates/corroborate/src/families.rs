use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::together::{Part, Together, groups_kept};
use crate::{CopyLink, FamilyKey, Past, ReportKey, Sketch};

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

/// Joins new reports to the families of which they are copies. A report without a copy is in no family.
///
/// The families that are new or hold other reports than before are returned.
pub fn families<P: Past>(past: &P, links: &[CopyLink]) -> Result<Vec<Together<FamilyKey>>, P::Error> {
    let mut places: BTreeMap<Part<FamilyKey>, usize> = BTreeMap::new();
    let mut pairs = Vec::new();
    for link in links.iter().filter(|link| link.class.is_copy()) {
        let mut place = |key| -> Result<usize, P::Error> {
            // Families are named by the smallest key, not by their size: one of each is as many as all.
            let part = past.family(key)?.map_or(Part::Report(key), |family| Part::Whole(family, 1));
            let next = places.len();
            Ok(*places.entry(part).or_insert(next))
        };
        pairs.push((place(link.a)?, place(link.b)?));
    }
    let mut joined = Joined::new(places.len());
    pairs.into_iter().for_each(|(a, b)| joined.join(a, b));
    let mut parts: Vec<Option<Part<FamilyKey>>> = vec![None; places.len()];
    places.into_iter().for_each(|(part, at)| parts[at] = Some(part));
    let old = |part: Part<FamilyKey>| match part {
        Part::Whole(family, _) => (part, Some(family)),
        Part::Report(_) => (part, None),
    };
    let groups = joined.groups().into_iter();
    Ok(groups_kept(groups.map(|group| group.into_iter().filter_map(|at| parts[at].map(old)).collect())))
}

impl Family {
    /// Describes the family that some reports are.
    pub fn of(members: &[(ReportKey, Arc<Sketch>)]) -> Family {
        let mut members: Vec<&(ReportKey, Arc<Sketch>)> = members.iter().collect();
        members.sort_by_key(|(key, sketch)| (sketch.order(), *key));
        let (origin, reason) = origin(&members);
        Family { members: members.iter().map(|(key, _)| *key).collect(), origin, reason }
    }
}

/// Joins reports by pairs of them. Groups and their members are in the order of `reports`; pairs with others are left out.
pub fn joined(reports: &[ReportKey], pairs: &[(ReportKey, ReportKey)]) -> Vec<Vec<ReportKey>> {
    let groups = groups(reports, pairs.iter().copied()).into_iter();
    groups.map(|group| group.into_iter().map(|at| reports[at]).collect()).collect()
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

fn origin(members: &[&(ReportKey, Arc<Sketch>)]) -> (FamilyOrigin, String) {
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
    let first = members.first().and_then(|(_, sketch)| sketch.published());
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
