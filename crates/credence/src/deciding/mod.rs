//! What decisions are about: incidents with the accounts that are put to them, and stories with their reports.

mod making;

use std::collections::BTreeSet;

use anyhow::{Context as _, bail};
use store::{Store, StoredReport, SubjectRow};

use crate::corroborating;
use crate::decisions::{About, Role};
use crate::incidents::{self, accounts_told};
use crate::record::Record;
use crate::wire;

pub(crate) use making::{Because, Wanted, decide};

/// A report in a story, or an account of it in an incident, by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Member {
    report: i64,
    account: Option<u64>,
}

/// An incident or a story, with what is in it.
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) about: About,
    pub(crate) members: BTreeSet<Member>,
}

/// Tells by its id whether an incident or a story is meant.
pub(crate) fn about(id: &str) -> About {
    if id.starts_with("s-") { About::Story } else { About::Incident }
}

/// Brings incidents or stories up to all reports and decisions.
pub(crate) fn catch_up(record: &mut Record, about: About) -> anyhow::Result<()> {
    match about {
        About::Incident => incidents::catch_up(record),
        About::Story => corroborating::corroborate(record, corroborating::Stories::Small),
    }
}

/// Returns the decisions of which something does not hold, among those that have to do with some reports.
pub(crate) fn overridden(
    store: &Store,
    about: About,
    subjects: &[SubjectRow],
) -> anyhow::Result<BTreeSet<u64>> {
    match about {
        About::Incident => incidents::overridden(store, subjects),
        About::Story => corroborating::overridden(store, subjects),
    }
}

/// Finds an incident or a story.
pub(crate) fn group(store: &Store, id: &str) -> anyhow::Result<Group> {
    match about(id) {
        About::Incident => {
            let mut found = store.find_incidents(id)?;
            let row = one(&mut found, id, "incident")?;
            let member = |(report, account): (i64, u64)| Member { report, account: Some(account) };
            Ok(Group {
                id: row.id,
                about: About::Incident,
                members: row.accounts.into_iter().map(member).collect(),
            })
        }
        About::Story => {
            let mut found = store.find_stories(id)?;
            let row = one(&mut found, id, "story")?;
            let member = |report: i64| Member { report, account: None };
            Ok(Group {
                id: row.id,
                about: About::Story,
                members: row.reports.into_iter().map(member).collect(),
            })
        }
    }
}

/// Why something cannot be decided on, and what helps whoever sits at a terminal.
#[derive(Debug)]
pub(crate) struct Unknown {
    pub(crate) message: String,
    pub(crate) hint: &'static str,
}

impl std::fmt::Display for Unknown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}; {}", self.message, self.hint)
    }
}

impl std::error::Error for Unknown {}

fn one<T>(found: &mut Vec<T>, id: &str, kind: &str) -> anyhow::Result<T> {
    if found.len() > 1 {
        bail!("{} of the ids begin with {id:?}; give more of it", found.len());
    }
    let hint = match kind {
        "story" => "`credence stories` lists them",
        _ => "`credence incidents` lists them",
    };
    let unknown = || Unknown { message: format!("no {kind} is called {id:?}"), hint };
    Ok(found.pop().ok_or_else(unknown)?)
}

impl Group {
    /// Returns all of it, as decisions name it.
    pub(crate) fn named(&self, store: &Store) -> anyhow::Result<Vec<SubjectRow>> {
        self.subjects(store, &[(Role::To, &self.members)])
    }

    /// Returns what is left of it without some members.
    pub(crate) fn without(&self, members: &BTreeSet<Member>) -> BTreeSet<Member> {
        self.members.difference(members).copied().collect()
    }

    /// Returns what a report or claim stands for here: of a report what is in this group, or else all of it.
    pub(crate) fn meant(&self, store: &Store, what: &str) -> anyhow::Result<BTreeSet<Member>> {
        let all = self.told(store, what)?;
        let here: BTreeSet<Member> = all.intersection(&self.members).copied().collect();
        Ok(if here.is_empty() { all } else { here })
    }

    /// Returns what a report or claim stands for that is put here: a report that tells of several events has to be named
    /// by a claim.
    pub(crate) fn linked(&self, store: &Store, what: &str) -> anyhow::Result<BTreeSet<Member>> {
        let meant = self.meant(store, what)?;
        if meant.len() > 1 && !meant.is_subset(&self.members) {
            let (report, _) = named(store, what)?;
            let mut lines = String::new();
            for account in accounts_told(store, report.id)? {
                let claims: Vec<String> =
                    account.claims.iter().map(|&claim| wire::claim_id(&report.row.name, claim)).collect();
                lines += &format!("\n  {}", claims.join(", "));
            }
            bail!("{what} tells of {} events; name one by a claim:{lines}", meant.len());
        }
        Ok(meant)
    }

    /// Returns the members of the groups that some are in, without these.
    pub(crate) fn others_with(
        &self,
        store: &Store,
        members: &BTreeSet<Member>,
    ) -> anyhow::Result<BTreeSet<Member>> {
        let mut others = BTreeSet::new();
        for member in members {
            let id = match member.account {
                Some(account) => store.incident_of((member.report, account))?,
                None => store.stories_of(member.report)?.into_iter().map(|story| story.id).next(),
            };
            if let Some(id) = id.filter(|id| *id != self.id) {
                others.extend(group(store, &id)?.without(members));
            }
        }
        Ok(others)
    }

    /// Writes down members so that they are found again however rows are numbered.
    pub(crate) fn subjects(
        &self,
        store: &Store,
        parts: &[(Role, &BTreeSet<Member>)],
    ) -> anyhow::Result<Vec<SubjectRow>> {
        let mut subjects = Vec::new();
        for (role, members) in parts {
            for member in *members {
                let report = store.report(member.report)?.context("a report went away meanwhile")?;
                let account = match member.account {
                    Some(number) => {
                        let told = accounts_told(store, member.report)?;
                        let account = told.iter().find(|account| account.name.number as u64 == number);
                        Some((account.context("an account went away meanwhile")?.begins as u64, number))
                    }
                    None => None,
                };
                subjects.push(SubjectRow {
                    role: role.name().to_owned(),
                    digest: report.row.digest,
                    account,
                });
            }
        }
        Ok(subjects)
    }

    /// Returns what a report or claim stands for.
    fn told(&self, store: &Store, what: &str) -> anyhow::Result<BTreeSet<Member>> {
        let (report, claim) = named(store, what)?;
        if self.about == About::Story {
            if claim.is_some() {
                bail!("{what} is a claim; a story has whole reports");
            }
            return Ok(BTreeSet::from([Member { report: report.id, account: None }]));
        }
        let mut told = accounts_told(store, report.id)?;
        told.retain(|account| claim.is_none_or(|claim| account.claims.contains(&claim)));
        if told.is_empty() {
            bail!("{what} tells of no single event: it cannot be put to an incident or taken from one");
        }
        let member = |account: corroborate::Account| Member {
            report: report.id,
            account: Some(account.name.number as u64),
        };
        Ok(told.into_iter().map(member).collect())
    }
}

/// Finds a report, or a claim by its position in its report.
fn named(store: &Store, what: &str) -> anyhow::Result<(StoredReport, Option<usize>)> {
    match crate::commands::find(store, what)? {
        (Some(report), claim) => Ok((report, claim)),
        (None, _) => bail!("there is no report or claim called {what:?}"),
    }
}
