use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};

use super::alike::{ONE_EVENT, Rarity, Weighed, alike, alike_because, weighed};
use super::past::keys;
use super::{Account, AccountName, Key};

/// Accounts that are taken to be of one event, earliest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathered {
    /// Their names.
    pub accounts: Vec<AccountName>,
    /// Why each but the first is here.
    pub links: Vec<Link>,
}

/// Why an account is put to an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The account.
    pub account: AccountName,
    /// The earlier one that it is most like.
    pub to: AccountName,
    /// What speaks for it, in words.
    pub reasons: Vec<String>,
}

/// Accounts that are tried for each key, the nearest in order.
const TRIED: usize = 64;
/// Accounts of one group that stand for all of them in a comparison.
const COMPARED: usize = 24;

/// Gathers accounts by event: the two groups that are most alike on average are joined, again and again.
pub(super) fn gathered(accounts: &[Account], rarity: &Rarity) -> Vec<Gathered> {
    let mut order: Vec<&Account> = accounts.iter().collect();
    order.sort_by_key(|account| (account.days, account.identity, account.name));
    order.dedup_by_key(|account| account.name);
    let order = weighed(&order, rarity);
    let same = same(&order);
    let first: Vec<&Weighed<'_>> = same.iter().map(|block| &order[block[0]]).collect();
    let mut groups: Vec<Vec<usize>> = Groups::start(&first, rarity)
        .merged()
        .into_iter()
        .map(|group| {
            let mut members: Vec<usize> = group.into_iter().flat_map(|block| same[block].clone()).collect();
            members.sort_unstable();
            members
        })
        .collect();
    groups.sort_unstable();
    groups.iter().map(|group| gathered_of(group, &order)).collect()
}

/// Takes accounts together that say the same of the same days: copies, which weigh no more than one.
fn same(order: &[Weighed<'_>]) -> Vec<Vec<usize>> {
    let mut same: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (at, account) in order.iter().enumerate() {
        // What tells too little is no more alike for being the same.
        let alone = alike(account, account).is_none_or(|own| own < ONE_EVENT).then_some(at);
        same.entry((account.account.content(), alone)).or_default().push(at);
    }
    let mut blocks: Vec<Vec<usize>> = same.into_values().collect();
    blocks.sort_unstable();
    blocks
}

fn gathered_of(group: &[usize], order: &[Weighed<'_>]) -> Gathered {
    let name = |at: usize| order[at].account.name;
    let links = group.iter().enumerate().skip(1).filter_map(|(at, &member)| {
        let before = group[..at].iter().take(COMPARED);
        let likest = before
            .filter_map(|&other| Some((alike(&order[member], &order[other])?, other)))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let (_, to) = likest?;
        let (_, reasons) = alike_because(&order[member], &order[to])?;
        Some(Link { account: name(member), to: name(to), reasons })
    });
    Gathered { accounts: group.iter().map(|&at| name(at)).collect(), links: links.collect() }
}

/// A pair of groups that may be joined: the most alike first, then the earliest.
type Pair = (u32, Reverse<(usize, usize)>);

struct Groups<'a> {
    order: &'a [&'a Weighed<'a>],
    members: Vec<Vec<usize>>,
    near: Vec<BTreeSet<usize>>,
    gone: Vec<bool>,
    weights: HashMap<(usize, usize), f64>,
    queue: BinaryHeap<Pair>,
}

impl<'a> Groups<'a> {
    /// Begins with one group for each account.
    fn start(order: &'a [&'a Weighed<'a>], rarity: &Rarity) -> Groups<'a> {
        let members: Vec<Vec<usize>> = (0..order.len()).map(|at| vec![at]).collect();
        let count = members.len();
        let mut groups = Groups {
            order,
            members,
            near: vec![BTreeSet::new(); count],
            gone: vec![false; count],
            weights: HashMap::new(),
            queue: BinaryHeap::new(),
        };
        for (a, b) in groups.candidates(rarity) {
            groups.near[a].insert(b);
            groups.near[b].insert(a);
            groups.offer(a, b);
        }
        groups
    }

    /// Pairs of groups that share a key.
    fn candidates(&self, rarity: &Rarity) -> BTreeSet<(usize, usize)> {
        let mut holding: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
        let mut pairs = BTreeSet::new();
        for (group, members) in self.members.iter().enumerate() {
            for key in keys(self.order[members[0]].account, rarity) {
                let before = holding.entry(key).or_default();
                pairs.extend(before.iter().rev().take(TRIED).map(|&other| (other, group)));
                before.push(group);
            }
        }
        pairs
    }

    fn offer(&mut self, a: usize, b: usize) {
        if let Some(weight) = self.average(a, b).filter(|weight| *weight >= ONE_EVENT) {
            // Whole steps of a millionth: a fixed order of pairs on every machine.
            self.queue.push(((weight * 1e6) as u32, Reverse((a.min(b), a.max(b)))));
        }
    }

    /// Returns how alike the accounts of two groups are on average; `None` if any two of them exclude each other.
    fn average(&mut self, a: usize, b: usize) -> Option<f64> {
        let (one, other) = (self.standing(a), self.standing(b));
        let mut sum = 0.0;
        for &a in &one {
            for &b in &other {
                sum += self.weight(a.min(b), a.max(b))?;
            }
        }
        Some(sum / (one.len() * other.len()) as f64)
    }

    /// Returns those that stand for a group: spread over all of it if it is large.
    fn standing(&self, group: usize) -> Vec<usize> {
        let members = &self.members[group];
        members.iter().step_by(members.len().div_ceil(COMPARED)).copied().collect()
    }

    fn weight(&mut self, a: usize, b: usize) -> Option<f64> {
        let order = self.order;
        let weight = *self
            .weights
            .entry((a, b))
            .or_insert_with(|| alike(order[a], order[b]).unwrap_or(f64::NEG_INFINITY));
        weight.is_finite().then_some(weight)
    }

    fn merged(mut self) -> Vec<Vec<usize>> {
        while let Some((_, Reverse((a, b)))) = self.queue.pop() {
            if !self.gone[a] && !self.gone[b] {
                self.merge(a, b);
            }
        }
        let groups = self.members.into_iter().zip(self.gone).filter(|(_, gone)| !gone);
        groups.map(|(members, _)| members).collect()
    }

    fn merge(&mut self, a: usize, b: usize) {
        (self.gone[a], self.gone[b]) = (true, true);
        let mut members = std::mem::take(&mut self.members[a]);
        members.append(&mut self.members[b]);
        members.sort_unstable();
        let mut near = std::mem::take(&mut self.near[a]);
        near.append(&mut self.near[b]);
        let gone = &self.gone;
        near.retain(|&other| !gone[other]);
        let number = self.members.len();
        self.members.push(members);
        self.near.push(near.clone());
        self.gone.push(false);
        for other in near {
            self.near[other].insert(number);
            self.offer(other, number);
        }
    }
}
