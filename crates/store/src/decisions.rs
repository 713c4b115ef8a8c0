//! What people decided on incidents and stories, as the log tells it.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::conditions::Select;
use crate::days::moment_at;
use crate::{Batch, Error, Store};

/// A decision of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionRow {
    /// The number of its first leaf in the log, by which it is called.
    pub leaf: u64,
    /// What was done, such as `merge`.
    pub act: String,
    /// On what it is decided: `incident` or `story`.
    pub about: String,
    /// When.
    pub decided_at: Timestamp,
    /// By whom.
    pub decided_by: String,
    /// Why.
    pub reason: String,
    /// The decision that this one takes back.
    pub undoes: Option<u64>,
    /// The decision that takes this one back.
    pub undone_by: Option<u64>,
    /// What it is about.
    pub subjects: Vec<SubjectRow>,
}

/// A report, or one account of it, that a decision is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectRow {
    /// What part it plays, such as `moved`.
    pub role: String,
    /// The SHA-256 of its original.
    pub digest: [u8; 32],
    /// The byte at which the account begins, and its number; none for the report as a whole.
    pub account: Option<(u64, u64)>,
}

const DECISION: &str =
    "SELECT leaf, act, about, decided_at, decided_by, reason, undoes, undone_by FROM decisions";

impl Store {
    /// Hands over all decisions in the order in which they were made.
    pub fn decisions<E: From<Error>>(
        &self,
        mut each: impl FnMut(DecisionRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let select = Select { sql: format!("{DECISION} ORDER BY leaf"), values: Vec::new() };
        self.each(&select, decision, |row| each(self.with_subjects(row)?))
    }

    /// Returns a decision.
    pub fn decision(&self, leaf: u64) -> Result<Option<DecisionRow>, Error> {
        let found = self.rows(|connection| {
            let sql = format!("{DECISION} WHERE leaf = ?1");
            connection.prepare_cached(&sql)?.query_row([leaf], decision).optional()
        })?;
        found.map(|row| self.with_subjects(row)).transpose()
    }

    /// Returns the numbers of at most `limit` decisions, the latest first, from before one of them on if that is given.
    pub fn decisions_before(&self, leaf: Option<u64>, limit: u64) -> Result<Vec<u64>, Error> {
        self.rows(|connection| {
            let sql = "SELECT leaf FROM decisions WHERE leaf < ?1 ORDER BY leaf DESC LIMIT ?2";
            let before = leaf.and_then(|leaf| i64::try_from(leaf).ok()).unwrap_or(i64::MAX);
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            connection.prepare_cached(sql)?.query_map(params![before, limit], |row| row.get(0))?.collect()
        })
    }

    /// Returns the numbers of the decisions that are about an original, those taken back among them.
    pub fn decisions_on(&self, digest: &[u8; 32]) -> Result<Vec<u64>, Error> {
        self.rows(|connection| {
            let sql = "SELECT DISTINCT decision FROM decided WHERE digest = ?1 ORDER BY decision";
            connection.prepare_cached(sql)?.query_map([digest], |row| row.get(0))?.collect()
        })
    }

    /// Returns the numbers of at most `limit` decisions on incidents or stories that are not as they say yet.
    pub fn decisions_to_lay(&self, about: &str, limit: usize) -> Result<Vec<u64>, Error> {
        self.rows(|connection| {
            let sql = "SELECT leaf FROM decisions WHERE NOT laid AND about = ?1 ORDER BY leaf LIMIT ?2";
            connection
                .prepare_cached(sql)?
                .query_map(params![about, limit as i64], |row| row.get(0))?
                .collect()
        })
    }

    /// Tells whether anybody has decided anything.
    pub fn has_decisions(&self) -> Result<bool, Error> {
        self.rows(|connection| {
            connection
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM decisions)")?
                .query_row([], |row| row.get(0))
        })
    }

    fn with_subjects(&self, row: DecisionRow) -> Result<DecisionRow, Error> {
        let subjects = self.rows(|connection| {
            let sql = "SELECT role, digest, begins, number FROM decided WHERE decision = ?1
                ORDER BY role, digest, number";
            connection.prepare_cached(sql)?.query_map([row.leaf], subject)?.collect()
        })?;
        Ok(DecisionRow { subjects, ..row })
    }
}

impl Batch<'_> {
    /// Puts a decision, and takes back the one that it undoes. What it is about is not as it says yet.
    pub fn put_decision(&mut self, row: &DecisionRow) -> Result<(), Error> {
        self.change(|connection| insert(connection, row))
    }

    /// Forgets all decisions, so that they are taken from the log again.
    pub fn clear_decisions(&mut self) -> Result<(), Error> {
        self.change(|connection| connection.execute_batch("DELETE FROM decided; DELETE FROM decisions"))
    }
}

fn insert(connection: &Connection, row: &DecisionRow) -> rusqlite::Result<()> {
    let DecisionRow { leaf, act, about, decided_at, decided_by, reason, undoes, subjects, .. } = row;
    let at = decided_at.as_microsecond();
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO decisions (leaf, act, about, decided_at, decided_by, reason, undoes, laid)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7 IS NOT NULL)",
        )?
        .execute(params![leaf, act, about, at, decided_by, reason, undoes])?;
    let mut put = connection.prepare_cached(
        "INSERT OR IGNORE INTO decided (decision, role, digest, begins, number) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for SubjectRow { role, digest, account } in subjects {
        let (begins, number) = match account {
            Some((begins, number)) => (*begins as i64, *number as i64),
            None => (WHOLE, WHOLE),
        };
        put.execute(params![leaf, role, digest, begins, number])?;
    }
    connection
        .prepare_cached(
            "UPDATE decisions SET undone_by = ?1, laid = 0 WHERE leaf = ?2 AND undone_by IS NULL",
        )?
        .execute(params![leaf, undoes])
        .map(drop)
}

/// Stands for the report as a whole.
const WHOLE: i64 = -1;

fn decision(row: &Row) -> rusqlite::Result<DecisionRow> {
    Ok(DecisionRow {
        leaf: row.get("leaf")?,
        act: row.get("act")?,
        about: row.get("about")?,
        decided_at: moment_at(row, "decided_at")?,
        decided_by: row.get("decided_by")?,
        reason: row.get("reason")?,
        undoes: row.get("undoes")?,
        undone_by: row.get("undone_by")?,
        subjects: Vec::new(),
    })
}

fn subject(row: &Row) -> rusqlite::Result<SubjectRow> {
    let account: (i64, i64) = (row.get("begins")?, row.get("number")?);
    Ok(SubjectRow {
        role: row.get("role")?,
        digest: row.get("digest")?,
        account: (account.1 != WHOLE).then_some((account.0 as u64, account.1 as u64)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Record;

    fn row(leaf: u64, undoes: Option<u64>) -> DecisionRow {
        let subject = |number: u8, account| SubjectRow { role: "to".into(), digest: [number; 32], account };
        DecisionRow {
            leaf,
            act: if undoes.is_some() { "undo" } else { "merge" }.into(),
            about: "incident".into(),
            decided_at: Timestamp::from_second(9).unwrap(),
            decided_by: "Mira Vey".into(),
            reason: "one strike".into(),
            undoes,
            undone_by: None,
            subjects: match undoes {
                None => vec![subject(1, Some((0, 2))), subject(2, None)],
                Some(_) => Vec::new(),
            },
        }
    }

    #[test]
    fn kept_and_taken_back() {
        let mut record = Record::with(0..3);
        let kept = row(7, None);
        // What the log says twice is there once.
        for _ in 0..2 {
            record.writer.batch(|batch| batch.put_decision(&kept)).unwrap();
        }
        let store = record.writer.store();
        assert_eq!(store.decision(7).unwrap(), Some(kept.clone()));
        assert_eq!(store.decisions_on(&[1; 32]).unwrap(), [7]);
        assert_eq!(store.decisions_to_lay("incident", 9).unwrap(), [7]);
        assert_eq!(store.decisions_to_lay("story", 9).unwrap(), [0; 0]);
        record
            .writer
            .put_incidents(&crate::TakenReports { laid: vec![7], ..crate::TakenReports::default() })
            .unwrap();
        assert_eq!(record.writer.store().decisions_to_lay("incident", 9).unwrap(), [0; 0]);
        record.writer.batch(|batch| batch.put_decision(&row(9, Some(7)))).unwrap();
        let store = record.writer.store();
        assert_eq!(store.decisions_to_lay("incident", 9).unwrap(), [7]);
        assert_eq!(store.decision(7).unwrap().unwrap().undone_by, Some(9));
        assert!(store.has_decisions().unwrap());
        record.writer.batch(|batch| batch.clear_decisions()).unwrap();
        assert!(!record.writer.store().has_decisions().unwrap());
    }
}
