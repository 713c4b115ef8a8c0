//! Incidents as people's decisions leave them, over what was found.

use std::collections::{BTreeMap, BTreeSet};

use corroborate::{Account, AccountName, Decision, Link, ReportKey};
use store::{DecisionRow, IncidentRow, KeptAccount, Store, SubjectRow, TakenReports};

use super::{NamesOf, Past, account, accounts_told, incident_row};
use crate::decisions::{self, About};
use crate::record::Record;
use crate::wire;

/// Accounts that were found to be of one event, and why.
pub(super) struct Found {
    pub(super) accounts: Vec<Account>,
    pub(super) links: Vec<Link>,
}

/// Incidents as they are with what people decided.
pub(super) struct Laid {
    pub(super) incidents: Vec<Decided>,
    /// Decisions of which something does not hold, since a later one says otherwise.
    overridden: BTreeSet<u64>,
}

/// One incident, with what people decided of it.
pub(super) struct Decided {
    /// Its accounts, earliest first.
    pub(super) accounts: Vec<Account>,
    /// Why accounts were found to be of it; each with the decision that confirms it, if there is one.
    pub(super) links: Vec<(Link, Option<u64>)>,
    /// The decisions that name one of its accounts.
    pub(super) decisions: Vec<u64>,
}

/// Lays all decisions over what was found that name any account of it. Incidents that hang together with them by
/// decisions are among those returned.
pub(super) fn lay(store: &Store, found: Vec<Found>) -> anyhow::Result<Laid> {
    let mut scope = Scope { store, found, home: BTreeMap::new(), rows: BTreeMap::new() };
    (0..scope.found.len()).for_each(|at| scope.settle(at));
    if store.has_decisions()? {
        scope.widen()?;
    }
    scope.laid()
}

/// Puts decisions into effect that are not yet.
pub(super) fn lay_open(record: &mut Record) -> anyhow::Result<()> {
    loop {
        let open = record.store().decisions_to_lay(About::Incident.name(), 1)?;
        let Some(row) = open.first().map(|&leaf| record.store().decision(leaf)).transpose()?.flatten() else {
            return Ok(());
        };
        let incidents = rows(record.store(), lay(record.store(), named(record.store(), &row.subjects)?)?)?;
        let taken = TakenReports { laid: vec![row.leaf], incidents, ..TakenReports::default() };
        record.writer().put_incidents(&taken)?;
    }
}

/// Returns the decisions of which something does not hold, among those that have to do with some accounts.
pub(crate) fn overridden(store: &Store, subjects: &[SubjectRow]) -> anyhow::Result<BTreeSet<u64>> {
    Ok(lay(store, named(store, subjects)?)?.overridden)
}

/// Writes incidents for the rows.
pub(super) fn rows(store: &Store, laid: Laid) -> anyhow::Result<Vec<IncidentRow>> {
    let mut names = NamesOf::new(store);
    laid.incidents.iter().map(|incident| incident_row(incident, &mut names)).collect()
}

/// Returns what was found of the events that some accounts tell of.
fn named(store: &Store, subjects: &[SubjectRow]) -> anyhow::Result<Vec<Found>> {
    let mut scope = Scope { store, found: Vec::new(), home: BTreeMap::new(), rows: BTreeMap::new() };
    for subject in subjects {
        if let Some(name) = scope.name(subject)? {
            scope.take(name)?;
        }
    }
    Ok(scope.found)
}

/// What was found, as far as decisions make it hang together.
struct Scope<'s> {
    store: &'s Store,
    found: Vec<Found>,
    /// Where each account is among what was found.
    home: BTreeMap<AccountName, usize>,
    rows: BTreeMap<u64, DecisionRow>,
}

impl Scope<'_> {
    fn settle(&mut self, at: usize) {
        self.home.extend(self.found[at].accounts.iter().map(|account| (account.name, at)));
    }

    /// Takes in, again and again, what decisions name that name what is here.
    fn widen(&mut self) -> anyhow::Result<()> {
        let mut at = 0;
        let mut asked = BTreeSet::new();
        while let Some(found) = self.found.get(at) {
            let reports: BTreeSet<ReportKey> =
                found.accounts.iter().map(|account| account.name.report).collect();
            for report in reports {
                if asked.insert(report) {
                    self.take_decisions_on(report)?;
                }
            }
            at += 1;
        }
        Ok(())
    }

    fn take_decisions_on(&mut self, report: ReportKey) -> anyhow::Result<()> {
        let Some(stored) = self.store.report(report.0 as i64)? else { return Ok(()) };
        for leaf in self.store.decisions_on(&stored.row.digest)? {
            if self.rows.contains_key(&leaf) {
                continue;
            }
            let Some(row) = self.store.decision(leaf)? else { continue };
            if row.about != About::Incident.name() || !decisions::stands(&row) {
                continue;
            }
            for subject in &row.subjects {
                if let Some(name) = self.name(subject)? {
                    self.take(name)?;
                }
            }
            self.rows.insert(leaf, row);
        }
        Ok(())
    }

    /// Takes in what was found of the event of an account.
    fn take(&mut self, name: AccountName) -> anyhow::Result<()> {
        if self.home.contains_key(&name) {
            return Ok(());
        }
        let kept = self.store.accounts_found_with((name.report.0 as i64, name.number as u64))?;
        if !kept.is_empty() {
            self.found.push(kept_found(&kept)?);
            self.settle(self.found.len() - 1);
        }
        Ok(())
    }

    /// Finds the account that a decision names.
    fn name(&self, subject: &SubjectRow) -> anyhow::Result<Option<AccountName>> {
        let (Some((begins, number)), Some(report)) =
            (subject.account, self.store.report_of(&subject.digest)?)
        else {
            return Ok(None);
        };
        let told = accounts_told(self.store, report.id)?;
        let mut begun: BTreeMap<AccountName, u64> =
            told.iter().map(|account| (account.name, account.begins as u64)).collect();
        let key = |number| AccountName { report: ReportKey(report.id as u64), number };
        for (name, &at) in self.home.range(key(0)..=key(usize::MAX)) {
            let here = self.found[at].accounts.iter().find(|account| account.name == *name);
            begun.extend(here.map(|account| (*name, account.begins as u64)));
        }
        Ok(meant(&begun, (begins, number)))
    }

    fn laid(self) -> anyhow::Result<Laid> {
        let mut decisions = Vec::new();
        for row in self.rows.values() {
            decisions.push(decisions::laid(row, |subject| self.name(subject))?);
        }
        let groups: Vec<Vec<Account>> = self.found.iter().map(|found| found.accounts.clone()).collect();
        let decided = corroborate::decided_incidents(&groups, &decisions, &Past(self.store))?;
        let mut accounts: BTreeMap<AccountName, Account> =
            groups.into_iter().flatten().map(|account| (account.name, account)).collect();
        let links: BTreeMap<AccountName, &Link> =
            self.found.iter().flat_map(|found| &found.links).map(|link| (link.account, link)).collect();
        let holding: Vec<&Decision<AccountName>> =
            decisions.iter().filter(|decision| !decided.overridden.contains(&decision.number)).collect();
        let incident = |names: Vec<AccountName>| {
            let members: BTreeSet<AccountName> = names.iter().copied().collect();
            let links =
                names.iter().filter_map(|name| links.get(name)).filter(|link| members.contains(&link.to));
            Decided {
                links: links.map(|&link| (link.clone(), confirmed(link, &holding))).collect(),
                decisions: decisions
                    .iter()
                    .filter(|it| names_any(it, &members))
                    .map(|it| it.number)
                    .collect(),
                accounts: names.iter().filter_map(|name| accounts.remove(name)).collect(),
            }
        };
        Ok(Laid {
            incidents: decided.groups.into_iter().map(incident).collect(),
            overridden: decided.overridden,
        })
    }
}

/// Returns the account that a decision names, as it stands in the rows.
pub(crate) fn account_named(store: &Store, subject: &SubjectRow) -> anyhow::Result<Option<Account>> {
    let (Some(account), Some(report)) = (subject.account, store.report_of(&subject.digest)?) else {
        return Ok(None);
    };
    let mut told = accounts_told(store, report.id)?;
    let begun = told.iter().map(|account| (account.name, account.begins as u64)).collect();
    let name = meant(&begun, account);
    Ok(name.and_then(|name| told.iter().position(|it| it.name == name)).map(|at| told.swap_remove(at)))
}

/// Chooses among the accounts of a report that which begins where one began that was decided on. Of several that begin
/// there, it is the one of the same number.
fn meant(begun: &BTreeMap<AccountName, u64>, (begins, number): (u64, u64)) -> Option<AccountName> {
    let same = || begun.iter().filter(|(_, at)| **at == begins).map(|(name, _)| *name);
    same().find(|name| name.number as u64 == number).or_else(|| same().next())
}

fn kept_found(kept: &[KeptAccount]) -> anyhow::Result<Found> {
    let mut found = Found { accounts: Vec::new(), links: Vec::new() };
    for KeptAccount { body, link } in kept {
        let account = account(body)?;
        let link = link.as_ref().and_then(|link| wire::AccountLink::read(link));
        found.links.extend(link.map(|link| link.of(account.name)));
        found.accounts.push(account);
    }
    Ok(found)
}

/// Returns the first decision that says of both ends of a link that they are of one incident.
fn confirmed(link: &Link, decisions: &[&Decision<AccountName>]) -> Option<u64> {
    let says = |decision: &&&Decision<AccountName>| {
        let has = |name: &AccountName| {
            decision.together.contains(name)
                || !decision.to.is_empty() && (decision.to.contains(name) || decision.torn.contains(name))
        };
        has(&link.account) && has(&link.to)
    };
    decisions.iter().find(says).map(|decision| decision.number)
}

fn names_any(decision: &Decision<AccountName>, members: &BTreeSet<AccountName>) -> bool {
    let Decision { together, torn, from, to, .. } = decision;
    [together, torn, from, to].into_iter().flatten().any(|name| members.contains(name))
}
