//! Decisions with what they are about now.

use std::collections::BTreeSet;

use jiff::civil::Date;
use model::Digest;
use store::{DecisionRow, Store, StoredReport, SubjectRow};

use crate::decisions::{self, About, Role};
use crate::incidents::{account_named, found_with, stored_incident};
use crate::wire::{self, Called, CalledNow, Decision, InWords, IncidentTime, Subject};
use crate::{deciding, describe};

/// Tells whether a decision is shown: what it is about may have been erased.
pub(crate) fn is_shown(store: &Store, row: &DecisionRow) -> anyhow::Result<bool> {
    let undone = row.undoes.map(|leaf| store.decision(leaf)).transpose()?.flatten();
    Ok(decisions::is_about_anything(undone.as_ref().unwrap_or(row)))
}

/// Returns the decisions on some reports and accounts, those taken back among them.
pub(crate) fn on(store: &Store, about: About, subjects: &[SubjectRow]) -> anyhow::Result<Vec<Decision>> {
    let mut leaves = BTreeSet::new();
    let name = |subject: &SubjectRow| (subject.digest, subject.account);
    let named: BTreeSet<_> = subjects.iter().map(name).collect();
    for digest in subjects.iter().map(|subject| &subject.digest).collect::<BTreeSet<_>>() {
        leaves.extend(store.decisions_on(digest)?);
    }
    let mut found = Vec::new();
    for leaf in leaves {
        let Some(row) = store.decision(leaf)? else { continue };
        let is_on = row.subjects.iter().any(|subject| named.contains(&name(subject)));
        if is_on && row.about == about.name() && decisions::is_about_anything(&row) {
            found.push(wired(store, &row)?);
        }
    }
    Ok(found)
}

/// Puts a decision into the format.
pub(crate) fn wired(store: &Store, row: &DecisionRow) -> anyhow::Result<Decision> {
    let subjects = subjects(store, row)?;
    let undone = row.undoes.map(|leaf| store.decision(leaf)).transpose()?.flatten();
    let in_words = match undone {
        Some(undone) => in_words(store, &undone, &self::subjects(store, &undone)?)?,
        None => in_words(store, row, &subjects)?,
    };
    let [moved, from, to] = subjects;
    Ok(Decision {
        id: decisions::id(row.leaf),
        act: row.act.clone(),
        about: row.about.clone(),
        at: row.decided_at,
        by: row.decided_by.clone(),
        reason: row.reason.clone(),
        moved,
        from,
        to,
        in_words,
        undoes: row.undoes.map(decisions::id),
        undone_by: row.undone_by.map(decisions::id),
    })
}

/// Returns what is moved, what it was with, and what it goes to.
fn subjects(store: &Store, row: &DecisionRow) -> anyhow::Result<[Vec<Subject>; 3]> {
    let of = |role: Role| -> anyhow::Result<Vec<Subject>> {
        let subjects = row.subjects.iter().filter(|subject| subject.role == role.name());
        let mut subjects: Vec<Subject> =
            subjects.map(|subject| wired_subject(store, subject)).collect::<anyhow::Result<_>>()?;
        subjects.sort_by(|a, b| (&a.report, &a.claims).cmp(&(&b.report, &b.claims)));
        Ok(subjects)
    };
    Ok([of(Role::Moved)?, of(Role::From)?, of(Role::To)?])
}

fn wired_subject(store: &Store, subject: &SubjectRow) -> anyhow::Result<Subject> {
    let report = store.report_of(&subject.digest)?;
    let mut claims = Vec::new();
    let mut now_in = None;
    if let (Some(report), Some(_)) = (&report, subject.account) {
        if let Some(account) = account_named(store, subject)? {
            claims.extend(account.claims.iter().map(|&claim| wire::claim_id(&report.row.name, claim)));
            now_in = store.incident_of((report.id, account.name.number as u64))?;
        }
    } else if let Some(report) = &report {
        now_in = store.stories_of(report.id)?.into_iter().map(|story| story.id).next();
    }
    Ok(Subject {
        report: report.map(|report| report.row.name),
        original: Digest::from_bytes(subject.digest).to_string(),
        claims,
        now_in,
    })
}

/// Says what a decision is about as people call it.
fn in_words(store: &Store, row: &DecisionRow, subjects: &[Vec<Subject>; 3]) -> anyhow::Result<InWords> {
    let of = |role: Role| row.subjects.iter().filter(move |subject| subject.role == role.name());
    Ok(InWords {
        moved: reports_called(store, of(Role::Moved))?,
        from: found_called(store, of(Role::From))?,
        to: found_called(store, of(Role::To))?,
        now: called_now(store, subjects.iter().flatten())?,
    })
}

fn reports_called<'s>(
    store: &Store,
    subjects: impl Iterator<Item = &'s SubjectRow>,
) -> anyhow::Result<Vec<Called>> {
    let mut called = Vec::new();
    for digest in subjects.map(|subject| &subject.digest).collect::<BTreeSet<_>>() {
        let report = store.report_of(digest)?;
        called.extend(report.map(|report| {
            let time = published([report.row.published, report.row.published]);
            Called { title: title(&report), time, reports: 1 }
        }));
    }
    Ok(called)
}

/// Calls the incidents or stories in which subjects were found, each once.
fn found_called<'s>(
    store: &Store,
    subjects: impl Iterator<Item = &'s SubjectRow>,
) -> anyhow::Result<Vec<Called>> {
    let (mut accounts, mut stories) = (BTreeSet::new(), BTreeSet::new());
    let mut called = Vec::new();
    for subject in subjects {
        if subject.account.is_some() {
            let Some(account) = account_named(store, subject)? else { continue };
            if !accounts.contains(&account.name) {
                let found = found_with(store, account.name)?;
                accounts.extend(found.iter().map(|account| account.name));
                called.push(incident_called(&found));
            }
        } else if let Some(report) = store.report_of(&subject.digest)?
            && let Some(story) = store.story_of(report.id)?
            && stories.insert(story)
        {
            called.push(story_called(store, story)?);
        }
    }
    Ok(called)
}

fn incident_called(accounts: &[corroborate::Account]) -> Called {
    let corroborate::Summary { title, days, .. } = corroborate::summary(accounts);
    let reports: BTreeSet<_> = accounts.iter().map(|account| account.name.report).collect();
    Called { title, time: days.map(Into::into), reports: reports.len() }
}

/// Calls a story by its first report: of what was found, whatever people decided, no title is kept.
fn story_called(store: &Store, story: i64) -> anyhow::Result<Called> {
    let members = store.members_of(story)?;
    let of = |report: Option<&i64>| report.map(|&report| store.report(report)).transpose();
    let (first, last) = (of(members.first())?.flatten(), of(members.last())?.flatten());
    let day = |report: &Option<StoredReport>| report.as_ref().and_then(|report| report.row.published);
    let time = published([day(&first), day(&last)]);
    Ok(Called { title: first.as_ref().map(title).unwrap_or_default(), time, reports: members.len() })
}

fn published([first, last]: [Option<Date>; 2]) -> Option<IncidentTime> {
    Some(IncidentTime { first: first.or(last)?, last: last.or(first)?, stated: false })
}

/// Returns the title of a report, or how it begins; its name where it has no words.
fn title(report: &StoredReport) -> String {
    Some(describe::title(report)).filter(|title| !title.is_empty()).unwrap_or_else(|| report.row.name.clone())
}

fn called_now<'s>(
    store: &Store,
    subjects: impl Iterator<Item = &'s Subject>,
) -> anyhow::Result<Vec<CalledNow>> {
    let mut now = Vec::new();
    for id in subjects.filter_map(|subject| subject.now_in.as_deref()).collect::<BTreeSet<_>>() {
        let title = match deciding::about(id) {
            About::Incident => {
                store.incident(id)?.map(|row| stored_incident(&row)).transpose()?.map(|it| it.title)
            }
            About::Story => store.story(id)?.map(|row| row.title),
        };
        now.extend(title.map(|title| CalledNow { id: id.to_owned(), title }));
    }
    Ok(now)
}
