use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use jiff::civil::Date;
use model::ObjectClass;

use super::alike::{LATE, Rarity};
use super::gathering::gathered;
use super::{Account, AccountName, Days, Gathered};

/// Something that an account is found by, on one day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// A day on which it may have been; `None` for what has no day, or one that is not known closely.
    pub day: Option<Date>,
    /// What it is found by.
    pub mark: Mark,
}

/// What accounts of one event are likely to share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// The town.
    Town(String),
    /// A telling word.
    Word(String),
    /// The class of what was hit.
    Object(ObjectClass),
}

/// Telling words by which an account is found: the rarest.
const TELLING: usize = 12;
/// Days from the first to the last by which an account is found: a week. What is less closely dated is found as undated.
const WINDOW: usize = 8;

/// Returns what an account is found by.
pub(super) fn keys(account: &Account, rarity: &Rarity) -> Vec<Key> {
    let mut words: Vec<(f64, &String)> =
        account.words.keys().map(|word| (rarity.weight(word), word)).collect();
    words.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let words = words.into_iter().take(TELLING).map(|(_, word)| Mark::Word(word.clone()));
    let marks: Vec<Mark> = (account.town.iter().cloned().map(Mark::Town))
        .chain(words)
        .chain(account.objects.iter().copied().map(Mark::Object))
        .collect();
    let days = window(account.days);
    marks.into_iter().flat_map(|mark| days.iter().map(move |&day| Key { day, mark: mark.clone() })).collect()
}

/// Returns the days under which an account is put and looked for. A report that states no day tells of the days before it.
fn window(days: Option<Days>) -> Vec<Option<Date>> {
    let Some(days) = days else { return vec![None] };
    let back = if days.stated { 1 } else { LATE };
    let first = days.first.checked_sub(jiff::Span::new().days(back)).unwrap_or(days.first);
    let window: Vec<Option<Date>> = first
        .series(jiff::Span::new().days(1))
        .take_while(|day| *day <= days.last)
        .take(WINDOW + 1)
        .map(Some)
        .collect();
    if window.len() > WINDOW { vec![None] } else { window }
}

/// Accounts that are known already, and the incidents that they are put to.
pub trait PastAccounts {
    /// Why the past could not be asked.
    type Error;

    /// Returns how many accounts there are, copies of one text counted once.
    fn count(&self) -> Result<usize, Self::Error>;

    /// Returns how many accounts hold a word. A word of thousands may be counted short.
    fn holding(&self, word: &str) -> Result<usize, Self::Error>;

    /// Returns accounts with that key: some of the latest, and never more than a few dozen.
    fn found_by(&self, key: &Key) -> Result<Vec<AccountName>, Self::Error>;

    /// Returns all accounts that are put to one incident with this one.
    fn together_with(&self, account: AccountName) -> Result<Vec<Account>, Self::Error>;
}

/// What a batch of new accounts changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Resolved {
    /// All accounts of the incidents that are worked out again, new ones included, with their keys for the next time.
    pub incidents: Vec<Gathered>,
    /// What each new account is found by.
    pub keys: Vec<(AccountName, Vec<Key>)>,
    /// New accounts that repeat another: their words are counted already.
    pub repeats: BTreeSet<AccountName>,
}

/// Puts new accounts to incidents: the incidents that hold an account with a key of theirs are gathered again together
/// with them, and so may be joined or parted. All others are not looked at.
pub fn resolve<P: PastAccounts>(batch: &[Account], past: &P) -> Result<Resolved, P::Error> {
    let mut all: BTreeMap<AccountName, Account> =
        batch.iter().map(|account| (account.name, account.clone())).collect();
    let words: BTreeSet<&String> = batch.iter().flat_map(|account| account.words.keys()).collect();
    let mut rarity = Rarity { accounts: past.count()?, holding: BTreeMap::new() };
    for word in words {
        rarity.holding.insert(word.clone(), past.holding(word)?);
    }
    add(&mut rarity, batch);
    let mut keyed = Vec::new();
    for account in batch {
        let keys = keys(account, &rarity);
        for key in &keys {
            for name in past.found_by(key)? {
                if !all.contains_key(&name) {
                    all.extend(past.together_with(name)?.into_iter().map(|other| (other.name, other)));
                }
            }
        }
        keyed.push((account.name, keys));
    }
    let old: BTreeSet<&String> = all.values().flat_map(|account| account.words.keys()).collect();
    for word in old {
        if !rarity.holding.contains_key(word) {
            rarity.holding.insert(word.clone(), past.holding(word)?);
        }
    }
    let repeats = repeats(batch, &all);
    let all: Vec<Account> = all.into_values().collect();
    Ok(Resolved { incidents: gathered(&all, &rarity), keys: keyed, repeats })
}

/// Finds those of a batch that say the same as another of it or of the past.
fn repeats(batch: &[Account], all: &BTreeMap<AccountName, Account>) -> BTreeSet<AccountName> {
    let new: BTreeSet<AccountName> = batch.iter().map(|account| account.name).collect();
    let old = all.values().filter(|account| !new.contains(&account.name));
    let mut told: BTreeSet<_> = old.map(Account::content).collect();
    batch.iter().filter(|account| !told.insert(account.content())).map(|account| account.name).collect()
}

fn add(rarity: &mut Rarity, batch: &[Account]) {
    let texts: BTreeSet<_> = batch.iter().map(Account::content).collect();
    rarity.accounts += texts.len();
    for word in texts.into_iter().flat_map(|(_, words, ..)| words.keys()) {
        *rarity.holding.entry(word.clone()).or_default() += 1;
    }
}

/// Accounts held in memory.
#[derive(Debug, Default)]
pub struct Remembered {
    accounts: BTreeMap<AccountName, Account>,
    incidents: BTreeMap<AccountName, Vec<AccountName>>,
    keys: BTreeMap<Key, Vec<AccountName>>,
    words: BTreeMap<String, usize>,
    /// How many texts there are, copies counted once.
    texts: usize,
}

/// Accounts that one key gives.
const LATEST: usize = 48;

impl Remembered {
    /// Takes a batch in.
    pub fn take(&mut self, batch: &[Account]) {
        let Ok(resolved) = resolve(batch, self);
        for account in batch {
            self.accounts.insert(account.name, account.clone());
            if !resolved.repeats.contains(&account.name) {
                self.texts += 1;
                for word in account.words.keys() {
                    *self.words.entry(word.clone()).or_default() += 1;
                }
            }
        }
        for (name, keys) in resolved.keys {
            for key in keys {
                self.keys.entry(key).or_default().push(name);
            }
        }
        for incident in resolved.incidents {
            for &name in &incident.accounts {
                self.incidents.insert(name, incident.accounts.clone());
            }
        }
    }

    /// Returns the accounts of each incident, earliest first.
    pub fn incidents(&self) -> BTreeSet<&[AccountName]> {
        self.incidents.values().map(Vec::as_slice).collect()
    }
}

impl PastAccounts for Remembered {
    type Error = Infallible;

    fn count(&self) -> Result<usize, Infallible> {
        Ok(self.texts)
    }

    fn holding(&self, word: &str) -> Result<usize, Infallible> {
        Ok(self.words.get(word).copied().unwrap_or_default())
    }

    fn found_by(&self, key: &Key) -> Result<Vec<AccountName>, Infallible> {
        let names = self.keys.get(key).map_or(&[][..], Vec::as_slice);
        Ok(names[names.len().saturating_sub(LATEST)..].to_vec())
    }

    fn together_with(&self, account: AccountName) -> Result<Vec<Account>, Infallible> {
        let together = self.incidents.get(&account).into_iter().flatten();
        Ok(together.filter_map(|name| self.accounts.get(name).cloned()).collect())
    }
}
