//! What came into the record since a moment, by the times at which it came.

use jiff::Timestamp;
use rusqlite::{Row, params};

use crate::days::moment_at;
use crate::tasks::{TASK, task};
use crate::{Error, Store, TaskRow};

/// A report, and when its original came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// The number of the report.
    pub report: i64,
    /// When its original was received.
    pub at: Timestamp,
    /// The number of the original: of those that came at one moment, the smaller one goes first.
    pub original: i64,
}

impl Store {
    /// Returns the reports whose originals came at a moment or later, as they came: at most `limit` of them, behind an original
    /// that came at some moment and has some number.
    pub fn received_since(
        &self,
        at: Timestamp,
        behind: Option<(Timestamp, i64)>,
        limit: usize,
    ) -> Result<Vec<Received>, Error> {
        // The first moment of all stands in the way of none.
        let (after, original) = behind.unwrap_or((Timestamp::MIN, 0));
        self.rows(|connection| {
            let sql = "SELECT r.id, o.received_at, o.rowid AS original
                FROM originals AS o CROSS JOIN reports AS r ON r.digest = o.digest
                WHERE o.received_at >= ?1 AND (o.received_at, o.rowid) > (?2, ?3)
                ORDER BY o.received_at, o.rowid LIMIT ?4";
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let values = params![at.max(after).as_microsecond(), after.as_microsecond(), original, limit];
            connection.prepare_cached(sql)?.query_map(values, received)?.collect()
        })
    }

    /// Returns the reports of an incident whose originals came at a moment or later, as they came.
    pub fn received_of(&self, incident: &str, at: Timestamp) -> Result<Vec<Received>, Error> {
        self.rows(|connection| {
            let sql = "SELECT DISTINCT r.id, o.received_at, o.rowid AS original FROM accounts AS a
                CROSS JOIN reports AS r ON r.id = a.report CROSS JOIN originals AS o ON o.digest = r.digest
                WHERE a.incident = ?1 AND o.received_at >= ?2 ORDER BY o.received_at, o.rowid";
            connection
                .prepare_cached(sql)?
                .query_map(params![incident, at.as_microsecond()], received)?
                .collect()
        })
    }

    /// Counts the originals that came at a moment or later. Nearly all of them are one report each.
    pub fn count_received_since(&self, at: Timestamp) -> Result<u64, Error> {
        self.rows(|connection| {
            let sql = "SELECT count(*) FROM originals WHERE received_at >= ?1";
            connection.prepare_cached(sql)?.query_row([at.as_microsecond()], |row| row.get(0))
        })
    }

    /// Returns the addresses of the web at which, at a moment or later, something else was met than before: at most `limit`
    /// of them, in order behind one.
    pub fn changed_since(&self, at: Timestamp, behind: &str, limit: usize) -> Result<Vec<String>, Error> {
        self.rows(|connection| {
            let sql = "SELECT DISTINCT s.source FROM sightings AS s
                WHERE s.seen_at >= ?1 AND s.source > ?2 AND s.source LIKE 'http%://%' AND EXISTS (
                    SELECT 1 FROM sightings AS e WHERE e.source = s.source AND e.line = s.line
                    AND e.digest <> s.digest AND (e.seen_at, e.id) < (s.seen_at, s.id))
                ORDER BY s.source LIMIT ?3";
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let values = params![at.as_microsecond(), behind, limit];
            connection.prepare_cached(sql)?.query_map(values, |row| row.get(0))?.collect()
        })
    }

    /// Returns the addresses that were asked for at a moment or later and failed, or are gone.
    pub fn failed_since(&self, at: Timestamp) -> Result<Vec<TaskRow>, Error> {
        self.rows(|connection| {
            let sql = format!(
                "SELECT {TASK} FROM tasks WHERE tried_at >= ?1
                     AND (state IN ('failed', 'dead') OR status IN (404, 410))
                 ORDER BY source, address"
            );
            connection.prepare_cached(&sql)?.query_map(params![at.as_microsecond()], task)?.collect()
        })
    }

    /// Returns the numbers of the decisions that were made at a moment or later.
    pub fn decided_since(&self, at: Timestamp) -> Result<Vec<u64>, Error> {
        self.rows(|connection| {
            let sql = "SELECT leaf FROM decisions WHERE decided_at >= ?1 ORDER BY leaf";
            connection.prepare_cached(sql)?.query_map([at.as_microsecond()], |row| row.get(0))?.collect()
        })
    }

    /// Returns the incidents that a report tells of.
    pub fn incidents_of(&self, report: i64) -> Result<Vec<String>, Error> {
        self.rows(|connection| {
            let sql = "SELECT DISTINCT incident FROM accounts WHERE report = ?1 AND incident IS NOT NULL ORDER BY 1";
            connection.prepare_cached(sql)?.query_map([report], |row| row.get(0))?.collect()
        })
    }
}

fn received(row: &Row) -> rusqlite::Result<Received> {
    Ok(Received {
        report: row.get("id")?,
        at: moment_at(row, "received_at")?,
        original: row.get("original")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Record, original, sighting};
    use crate::{SightingRow, TaskState};

    #[test]
    fn what_came_since() {
        let mut record = Record::with(0..4);
        let third = original(2).received_at;
        let met = |number: u8, second: i64| SightingRow {
            source: "https://tesmin.example/3".into(),
            seen_at: Timestamp::from_second(second).unwrap(),
            ..sighting(number)
        };
        let lost = TaskRow {
            state: TaskState::Dead,
            tried_at: Some(third),
            status: Some(410),
            ..TaskRow::new("tesmin", "https://tesmin.example/4", third)
        };
        record
            .writer
            .batch(|batch| {
                batch.put_sighting(&met(0, 10))?;
                batch.put_sighting(&met(1, 20))?;
                batch.set_task(&lost)
            })
            .unwrap();
        let store = record.writer.store();
        let came = store.received_since(third, None, 9).unwrap();
        let reports = |came: &[Received]| came.iter().map(|it| it.report).collect::<Vec<_>>();
        assert_eq!(reports(&came), [3, 4]);
        assert_eq!(reports(&store.received_since(third, None, 1).unwrap()), [3]);
        let behind = Some((came[0].at, came[0].original));
        assert_eq!(reports(&store.received_since(third, behind, 9).unwrap()), [4]);
        assert_eq!(reports(&store.received_since(came[1].at, behind, 9).unwrap()), [4]);
        assert_eq!(store.received_of("i-a", third).unwrap(), []);
        assert_eq!(store.count_received_since(third).unwrap(), 2);
        let second = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(store.changed_since(second(15), "", 9).unwrap(), ["https://tesmin.example/3"]);
        assert_eq!(store.changed_since(second(15), "https://tesmin.example/3", 9).unwrap(), [""; 0]);
        assert_eq!(store.changed_since(second(21), "", 9).unwrap(), [""; 0]);
        assert_eq!(store.failed_since(third).unwrap(), [lost]);
        assert_eq!(store.decided_since(third).unwrap(), [0; 0]);
        assert_eq!(store.incidents_of(1).unwrap(), [""; 0]);
    }

    #[test]
    fn nothing_else_is_looked_at() {
        let record = Record::with(0..1);
        for sql in [
            "SELECT r.id FROM originals AS o CROSS JOIN reports AS r ON r.digest = o.digest
             WHERE o.received_at >= 1 AND (o.received_at, o.rowid) > (1, 2) ORDER BY o.received_at, o.rowid LIMIT 3",
            "SELECT s.source FROM sightings AS s WHERE s.seen_at >= 1",
            "SELECT source FROM tasks WHERE tried_at >= 1",
        ] {
            let plan = record.writer.store().plan(sql);
            assert!(!plan.contains("SCAN") && !plan.contains("B-TREE"), "{plan}");
        }
    }
}
