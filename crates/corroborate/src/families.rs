use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use crate::candidates::common;
use crate::together::{Part, Together, groups_kept};
use crate::{Batch, Candidate, CopyClass, CopyLink, FamilyKey, Past, ReportKey, Sketch, Standing};

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

/// Reports that stand for each side where two families, or a report and a family, may be joined.
const STANDING_FOR_IT: usize = 6;
/// The share of the shorter report's fingerprints that those of the two sides have in common on average, one in so many,
/// for a rewritten text to join them: a chain of rewrites does not join what has nothing in common.
const KIN_ONE_IN: usize = 6;

/// Joins new reports to the families of which they are copies. A report without a copy is in no family.
///
/// `pairs` are those that `links` were found among. The families that are new or hold other reports than before are
/// returned.
pub fn families<P: Past>(
    past: &P,
    batch: &Batch,
    (pairs, links): (&[Candidate], &[CopyLink]),
) -> Result<Vec<Together<FamilyKey>>, P::Error> {
    let mut kin = Kin::of(past, batch, pairs);
    let mut copies: Vec<&CopyLink> = links.iter().filter(|link| link.class.is_copy()).collect();
    // What is the same text first, then the closest of what is told again.
    copies.sort_by(|one, other| {
        let order = |link: &CopyLink| (link.class == CopyClass::Rewritten, link.a, link.b);
        let closer =
            if order(one).0 { other.containment.total_cmp(&one.containment) } else { Ordering::Equal };
        order(one).0.cmp(&order(other).0).then(closer).then(order(one).cmp(&order(other)))
    });
    for link in copies {
        let (a, b) = (kin.place(link.a)?, kin.place(link.b)?);
        if link.class != CopyClass::Rewritten || kin.are_close(a, b)? {
            kin.join(a, b);
        }
    }
    let old = |part: Part<FamilyKey>| match part {
        Part::Whole(family, _) => (part, Some(family)),
        Part::Report(_) => (part, None),
    };
    let groups = kin.groups().into_iter().filter(|parts| parts.len() > 1);
    Ok(groups_kept(groups.map(|parts| parts.into_iter().map(old).collect())))
}

/// Families and new reports on their way to be joined.
struct Kin<'a, P> {
    past: &'a P,
    batch: &'a Batch,
    standing: HashMap<ReportKey, &'a Standing>,
    places: HashMap<Part<FamilyKey>, usize>,
    joined: Joined,
    /// What each set stands for, and a few of its reports.
    sets: Vec<(Vec<Part<FamilyKey>>, Vec<ReportKey>)>,
    prints: HashMap<ReportKey, Arc<[u32]>>,
}

impl<'a, P: Past> Kin<'a, P> {
    fn of(past: &'a P, batch: &'a Batch, pairs: &'a [Candidate]) -> Kin<'a, P> {
        let mut standing: HashMap<ReportKey, &Standing> = HashMap::new();
        for pair in pairs {
            standing.extend([(pair.a, &*pair.standing), (pair.b, &*pair.standing)]);
        }
        Kin {
            past,
            batch,
            standing,
            places: HashMap::new(),
            joined: Joined::new(0),
            sets: Vec::new(),
            prints: HashMap::new(),
        }
    }

    /// Returns the set that a report is in.
    fn place(&mut self, report: ReportKey) -> Result<usize, P::Error> {
        // Families are named by the smallest key, not by their size: one of each is as many as all.
        let part = self.past.family(report)?.map_or(Part::Report(report), |family| Part::Whole(family, 1));
        if let Some(&at) = self.places.get(&part) {
            return Ok(self.joined.root(at));
        }
        let reports = match part {
            Part::Report(report) => vec![report],
            Part::Whole(..) => self.past.kin(report, STANDING_FOR_IT)?,
        };
        let at = self.joined.add();
        self.places.insert(part, at);
        self.sets.push((vec![part], reports));
        Ok(at)
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.joined.root(a), self.joined.root(b));
        if a == b {
            return;
        }
        self.joined.join(a, b);
        let (parts, reports) = std::mem::take(&mut self.sets[a.max(b)]);
        let set = &mut self.sets[a.min(b)];
        set.0.extend(parts);
        set.1.extend(reports);
        // Spread over both.
        let step = set.1.len().div_ceil(STANDING_FOR_IT);
        set.1 = set.1.iter().copied().step_by(step).collect();
    }

    /// Tells whether the reports of two sets share text on average.
    fn are_close(&mut self, a: usize, b: usize) -> Result<bool, P::Error> {
        let (a, b) = (self.joined.root(a), self.joined.root(b));
        let (one, other) = (self.sets[a].1.clone(), self.sets[b].1.clone());
        let mut shares = 0.0;
        for &a in &one {
            for &b in &other {
                shares += self.share(a, b)?;
            }
        }
        Ok(a == b || shares * KIN_ONE_IN as f64 >= (one.len() * other.len()) as f64)
    }

    /// Returns the share of the shorter report's fingerprints that stand in the other, without standing matter.
    fn share(&mut self, a: ReportKey, b: ReportKey) -> Result<f64, P::Error> {
        let (one, other) = (self.prints(a)?, self.prints(b)?);
        let shorter = one.len().min(other.len()).max(1);
        Ok(common(&one, &other) as f64 / shorter as f64)
    }

    fn prints(&mut self, report: ReportKey) -> Result<Arc<[u32]>, P::Error> {
        if let Some(prints) = self.prints.get(&report) {
            return Ok(Arc::clone(prints));
        }
        let sketch = match self.batch.sketch(report) {
            Some(sketch) => Some(sketch),
            None => self.past.sketch(report)?,
        };
        let all = sketch.as_ref().map_or(&[][..], |sketch| sketch.looked_for());
        let standing = self.standing.get(&report);
        let is_own = |print: &&u32| standing.is_none_or(|standing| !standing.0.contains(print));
        let prints: Arc<[u32]> = all.iter().filter(is_own).copied().collect();
        self.prints.insert(report, Arc::clone(&prints));
        Ok(prints)
    }

    fn groups(self) -> Vec<Vec<Part<FamilyKey>>> {
        let parts = self.sets.into_iter().map(|(mut parts, _)| {
            parts.sort_unstable();
            parts
        });
        let mut groups: Vec<Vec<Part<FamilyKey>>> = parts.filter(|parts| !parts.is_empty()).collect();
        groups.sort_unstable();
        groups
    }
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

    /// Adds a position that is joined with none, and returns it.
    pub(crate) fn add(&mut self) -> usize {
        self.0.push(self.0.len());
        self.0.len() - 1
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
