//! What ties the rows to the log: which leaf a reading has, and what is left of an original that was removed.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use crate::conditions::Select;
use crate::days::moment_at;
use crate::incidents::count_moved;
use crate::tasks::ERASED;
use crate::{Batch, Error, Store};

/// One reading, and the leaf that it has in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedReading {
    /// The number of the report in this record.
    pub report: i64,
    /// The SHA-256 of its original.
    pub digest: [u8; 32],
    /// The version that read it.
    pub reader_version: String,
    /// The number of its leaf; none if it was not logged yet.
    pub leaf: Option<u64>,
}

/// What is left of an original that was lawfully removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasureRow {
    /// The number of the leaf of its record, which stays.
    pub leaf: u64,
    /// When it was removed.
    pub erased_at: Timestamp,
    /// Why.
    pub reason: String,
}

impl Store {
    /// Hands over all readings in the order of their numbers, with their leaves.
    pub fn logged_readings<E: From<Error>>(
        &self,
        each: impl FnMut(LoggedReading) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = "SELECT id, digest, reader_version, leaf FROM reports ORDER BY id".to_owned();
        self.each(&Select { sql, values: Vec::new() }, reading, each)
    }

    /// Returns the leaf of the reading of a report, if it was logged.
    pub fn leaf_of_reading(&self, report: i64) -> Result<Option<u64>, Error> {
        self.rows(|connection| {
            let sql = "SELECT leaf FROM reports WHERE id = ?1";
            Ok(connection.prepare_cached(sql)?.query_row([report], |row| row.get(0)).optional()?.flatten())
        })
    }

    /// Returns at most `limit` readings that have no leaf yet.
    pub fn unlogged_readings(&self, limit: usize) -> Result<Vec<LoggedReading>, Error> {
        self.rows(|connection| {
            let sql = "SELECT id, digest, reader_version, leaf FROM reports WHERE leaf IS NULL ORDER BY id LIMIT ?1";
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            connection.prepare_cached(sql)?.query_map([limit], reading)?.collect()
        })
    }

    /// Returns the bodies of the claims of a report, in order.
    pub fn claim_bodies(&self, report: i64) -> Result<Vec<String>, Error> {
        self.rows(|connection| {
            let sql = "SELECT body FROM claims WHERE report = ?1 ORDER BY number";
            connection.prepare_cached(sql)?.query_map([report], |row| row.get(0))?.collect()
        })
    }

    /// Hands over the body of a report, then those of its claims in order: all that the reading says.
    pub fn bodies(&self, report: i64, mut each: impl FnMut(&str)) -> Result<(), Error> {
        self.rows(|connection| {
            let mut of_report = connection.prepare_cached("SELECT body FROM reports WHERE id = ?1")?;
            let body: Option<String> = of_report.query_row([report], |row| row.get(0)).optional()?;
            body.iter().for_each(|body| each(body));
            let mut of_claims =
                connection.prepare_cached("SELECT body FROM claims WHERE report = ?1 ORDER BY number")?;
            let mut rows = of_claims.query([report])?;
            while let Some(row) = rows.next()? {
                each(&row.get::<_, String>(0)?);
            }
            Ok(())
        })
    }

    /// Returns the digests of what was met at an address, the first first.
    pub fn versions(&self, source: &str) -> Result<Vec<([u8; 32], Timestamp)>, Error> {
        self.rows(|connection| {
            connection
                .prepare_cached(
                    "SELECT digest, seen_at FROM sightings WHERE source = ?1 ORDER BY seen_at, id",
                )?
                .query_map([source], |row| Ok((row.get("digest")?, moment_at(row, "seen_at")?)))?
                .collect()
        })
    }

    /// Returns what is left of the originals that were removed, in the order of their leaves.
    pub fn erasures(&self) -> Result<Vec<ErasureRow>, Error> {
        self.rows(|connection| {
            let mut select =
                connection.prepare("SELECT leaf, erased_at, reason FROM erasures ORDER BY leaf")?;
            select.query_map([], erasure)?.collect()
        })
    }
}

impl Batch<'_> {
    /// Writes down the leaf of a reading.
    pub fn set_leaf(&mut self, report: i64, leaf: u64) -> Result<(), Error> {
        self.change(|connection| {
            connection
                .prepare_cached("UPDATE reports SET leaf = ?2 WHERE id = ?1")?
                .execute(params![report, leaf])
                .map(drop)
        })
    }

    /// Forgets an original and all that was read from it, and keeps only that something was removed.
    ///
    /// The index forgets it when it is made anew. It was taken out of what all reports say together before.
    pub fn forget(&mut self, digest: &[u8; 32], erasure: &ErasureRow) -> Result<(), Error> {
        self.change(|connection| {
            // What is deleted is overwritten, so that it is not left in free pages of the file.
            connection.pragma_update(None, "secure_delete", true)?;
            connection.execute("DELETE FROM reports WHERE digest = ?1", [digest])?;
            connection.execute("DELETE FROM sightings WHERE digest = ?1", [digest])?;
            connection.execute("DELETE FROM originals WHERE digest = ?1", [digest])?;
            connection.execute("DELETE FROM decided WHERE digest = ?1", [digest])?;
            connection.execute(
                "UPDATE tasks SET state = 'dead', fault = ?2, digest = NULL, etag = NULL, last_modified = NULL,
                    hints = '{}' WHERE digest = ?1",
                params![digest, ERASED],
            )?;
            // Incidents hold words of their reports; they are worked out again.
            count_moved(connection)?;
            connection.execute_batch(
                "DELETE FROM incidents; DELETE FROM told_reports; DELETE FROM accounts; DELETE FROM account_words;
                 DELETE FROM reckonings;",
            )?;
            let ErasureRow { leaf, erased_at, reason } = erasure;
            connection.execute(
                "INSERT INTO erasures (leaf, erased_at, reason) VALUES (?1, ?2, ?3) ON CONFLICT (leaf) DO NOTHING",
                params![leaf, erased_at.as_microsecond(), reason],
            )?;
            Ok(())
        })
    }
}

fn reading(row: &Row) -> rusqlite::Result<LoggedReading> {
    Ok(LoggedReading {
        report: row.get("id")?,
        digest: row.get("digest")?,
        reader_version: row.get("reader_version")?,
        leaf: row.get("leaf")?,
    })
}

fn erasure(row: &Row) -> rusqlite::Result<ErasureRow> {
    Ok(ErasureRow {
        leaf: row.get("leaf")?,
        erased_at: moment_at(row, "erased_at")?,
        reason: row.get("reason")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Record, put, sighting};
    use crate::{SightingRow, Version};

    fn unlogged(record: &Record) -> Vec<i64> {
        let found = record.writer.store().unlogged_readings(9).unwrap();
        found.into_iter().map(|reading| reading.report).collect()
    }

    #[test]
    fn a_reading_has_no_leaf_until_it_is_logged_and_none_when_it_is_read_again() {
        let mut record = Record::with(1..4);
        assert_eq!(unlogged(&record), [1, 2, 3]);
        record.writer.batch(|batch| batch.set_leaf(2, 70)).unwrap();
        assert_eq!(unlogged(&record), [1, 3]);
        let mut leaves = Vec::new();
        let each = |reading: LoggedReading| {
            leaves.push(reading.leaf);
            Ok::<_, Error>(())
        };
        record.writer.store().logged_readings(each).unwrap();
        assert_eq!(leaves, [None, Some(70), None]);
        record
            .writer
            .batch(|batch| {
                batch.put_reading(crate::Reading {
                    report: &crate::sample::report(2),
                    sketch: None,
                    claims: &[],
                    text: "",
                })
            })
            .unwrap();
        assert_eq!(unlogged(&record), [1, 2, 3]);
    }

    #[test]
    fn the_bodies_of_a_reading() {
        let record = Record::with(1..2);
        let mut bodies = Vec::new();
        record.writer.store().bodies(1, |body| bodies.push(body.to_owned())).unwrap();
        assert_eq!(bodies.len(), 3);
    }

    #[test]
    fn a_later_version_of_a_page_takes_the_place_of_the_earlier() {
        let mut record = Record::new();
        let at_page = |number: u8, second: i64| SightingRow {
            source: "https://tesmin.example/3".into(),
            seen_at: Timestamp::from_second(second).unwrap(),
            line: 0,
            ..sighting(number)
        };
        record
            .writer
            .batch(|batch| {
                for number in [1, 2, 3] {
                    put(batch, number)?;
                }
                batch.change(|connection| connection.execute("DELETE FROM sightings", []))?;
                batch.put_sighting(&at_page(1, 10))?;
                batch.put_sighting(&at_page(2, 20))?;
                batch.put_sighting(&sighting(3)).map(drop)
            })
            .unwrap();
        let revised = |record: &mut Record| {
            let revised = record.writer.store().revised().unwrap();
            record
                .writer
                .batch(|batch| {
                    revised.iter().try_for_each(|(report, version)| batch.set_version(*report, *version))?;
                    batch.clear_revisited()
                })
                .unwrap();
            revised
        };
        use Version::{Earlier, Present};
        assert_eq!(revised(&mut record), [(1, Earlier)]);
        let store = record.writer.store();
        let versions: Vec<u8> =
            store.versions("https://tesmin.example/3").unwrap().iter().map(|(digest, _)| digest[0]).collect();
        assert_eq!(versions, [1, 2]);
        record.writer.batch(|batch| batch.put_sighting(&at_page(1, 30))).unwrap();
        assert_eq!(revised(&mut record), [(1, Present), (2, Earlier)]);
        assert_eq!(record.writer.store().versions("https://tesmin.example/3").unwrap().len(), 3);
        record.writer.batch(|batch| batch.put_sighting(&at_page(2, 40))).unwrap();
        assert_eq!(revised(&mut record), [(1, Earlier), (2, Present)]);
        record.writer.batch(|batch| batch.put_sighting(&sighting(1))).unwrap();
        assert_eq!(revised(&mut record), [(1, Present)]);
        assert_eq!(revised(&mut record), []);
    }

    #[test]
    fn nothing_of_an_original_is_left_but_that_it_was_there() {
        let mut record = Record::with(1..3);
        let erasure =
            ErasureRow { leaf: 5, erased_at: Timestamp::from_second(9).unwrap(), reason: "order 7".into() };
        record.writer.batch(|batch| batch.forget(&[1; 32], &erasure)).unwrap();
        let store = record.writer.store();
        assert!(!store.known(&[1; 32]).unwrap());
        assert_eq!(store.erasures().unwrap(), [erasure]);
        assert_eq!(store.counts().unwrap().reports, 1);
        store.check().unwrap();
    }

    #[test]
    fn no_word_of_it_is_left_in_the_file() {
        let mut record = Record::new();
        let word = "Тесмин-Zelmark";
        let put = |record: &mut Record, number: u8| {
            let source = format!("{word} {number}");
            record.put(number..number + 1);
            record.writer.batch(|batch| batch.put_sighting(&SightingRow { source, ..sighting(number) }))
        };
        for number in 0..20 {
            put(&mut record, number).unwrap();
        }
        for number in 0..20 {
            let erasure =
                ErasureRow { leaf: number.into(), erased_at: Timestamp::UNIX_EPOCH, reason: "7".into() };
            record.writer.batch(|batch| batch.forget(&[number; 32], &erasure)).unwrap();
        }
        record.writer.scour().unwrap();
        let folder = record.closed();
        for file in ["record.db", "record.db-wal"] {
            let bytes = std::fs::read(folder.path().join(file)).unwrap_or_default();
            assert!(!bytes.windows(word.len()).any(|bytes| bytes == word.as_bytes()), "{file}");
        }
    }
}
