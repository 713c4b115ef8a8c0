use std::collections::{BTreeMap, BTreeSet};

use super::alike::{Rarity, alike, weighed};
use super::past::PastAccounts;
use super::{Account, AccountName};
use crate::decisions::{Decided, Decision, decided};

/// Accounts of a part that are compared with one of which nobody has decided: spread over all of it.
const COMPARED: usize = 24;

/// Lays what people decided over incidents that were found.
///
/// A copy of a text goes where that text was put; what else was found to be of a torn incident goes with the accounts
/// that it is most like. The accounts of each incident are in order, earliest first.
pub fn decided_incidents<P: PastAccounts>(
    found: &[Vec<Account>],
    decisions: &[Decision<AccountName>],
    past: &P,
) -> Result<Decided<AccountName>, P::Error> {
    let accounts: BTreeMap<AccountName, &Account> =
        found.iter().flatten().map(|account| (account.name, account)).collect();
    let rarity = rarity(found, decisions, past)?;
    let names: Vec<Vec<AccountName>> =
        found.iter().map(|group| group.iter().map(|account| account.name).collect()).collect();
    let likest = |name: AccountName, parts: &[Vec<AccountName>]| {
        let account = accounts.get(&name)?;
        let parts: Vec<Vec<&Account>> = parts
            .iter()
            .map(|part| part.iter().filter_map(|name| accounts.get(name).copied()).collect())
            .collect();
        likest(account, &parts, &rarity)
    };
    let mut decided = decided(&names, decisions, likest);
    let order = |name: &AccountName| accounts.get(name).map(|it| (it.days, it.identity, it.name));
    decided.groups.iter_mut().for_each(|group| group.sort_by_cached_key(order));
    Ok(decided)
}

fn likest(account: &Account, parts: &[Vec<&Account>], rarity: &Rarity) -> Option<usize> {
    let copied = |part: &Vec<&Account>| part.iter().any(|other| other.content() == account.content());
    if let Some(at) = parts.iter().position(copied) {
        return Some(at);
    }
    let weight = |part: &Vec<&Account>| {
        let compared = part.iter().step_by(part.len().div_ceil(COMPARED).max(1)).copied();
        let all: Vec<&Account> = std::iter::once(account).chain(compared).collect();
        let all = weighed(&all, rarity);
        let (own, others) = all.split_first()?;
        others.iter().filter_map(|other| alike(own, other)).max_by(f64::total_cmp)
    };
    let weighed = parts.iter().enumerate().filter_map(|(at, part)| Some((weight(part)?, at)));
    weighed.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))).map(|(_, at)| at)
}

/// Asks how rare the words are of those incidents that a decision may tear.
fn rarity<P: PastAccounts>(
    found: &[Vec<Account>],
    decisions: &[Decision<AccountName>],
    past: &P,
) -> Result<Rarity, P::Error> {
    let torn: BTreeSet<AccountName> = decisions.iter().flat_map(|decision| &decision.torn).copied().collect();
    let mut rarity = Rarity { accounts: past.count()?, holding: BTreeMap::new() };
    let groups = found.iter().filter(|group| group.len() > 1);
    for group in groups.filter(|group| group.iter().any(|account| torn.contains(&account.name))) {
        for word in group.iter().flat_map(|account| account.words.keys()) {
            if !rarity.holding.contains_key(word) {
                rarity.holding.insert(word.clone(), past.holding(word)?);
            }
        }
    }
    Ok(rarity)
}
