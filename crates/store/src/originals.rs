//! Originals and where they were seen.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::conditions::Select;
use crate::days::moment_at;
use crate::{Batch, Error, Put, Store};

/// The bytes received, by their digest, and where they are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginalRow {
    /// The SHA-256 of the bytes.
    pub digest: [u8; 32],
    /// How many bytes there are.
    pub length: u64,
    /// The kind of original, such as `dated-text`.
    pub kind: String,
    /// The name of the file in `originals/` that keeps them.
    pub segment: String,
    /// Where they begin in that file.
    pub offset: u64,
    /// How many bytes they take there.
    pub stored_length: u64,
    /// When they were received, to the microsecond; finer parts are cut off.
    pub received_at: Timestamp,
}

/// One place where the bytes of an original were met. The same bytes may be met in many places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SightingRow {
    /// The original.
    pub digest: [u8; 32],
    /// The path it was read from; `-` for the standard input.
    pub source: String,
    /// The line it stands on there, from 1; 0 if the whole file is the original.
    pub line: u64,
    /// Where it begins there.
    pub byte_offset: u64,
    /// What was said of it when it was handed over: a JSON object.
    pub hints: String,
    /// When it was met, to the microsecond; finer parts are cut off.
    pub seen_at: Timestamp,
}

const ORIGINAL: &str = "digest, length, kind, segment, \"offset\", stored_length, received_at";

/// The source of a sighting that is none: somebody said more of an original that was in the record already.
pub const SAID_LATER: &str = "said later";

impl Store {
    /// Tells whether an original with that digest is there.
    pub fn known(&self, digest: &[u8; 32]) -> Result<bool, Error> {
        self.rows(|connection| {
            let mut found = connection.prepare_cached("SELECT 1 FROM originals WHERE digest = ?1")?;
            found.exists([digest])
        })
    }

    /// Returns the original with that digest.
    pub fn original(&self, digest: &[u8; 32]) -> Result<Option<OriginalRow>, Error> {
        self.rows(|connection| {
            let sql = format!("SELECT {ORIGINAL} FROM originals WHERE digest = ?1");
            connection.prepare_cached(&sql)?.query_row([digest], original).optional()
        })
    }

    /// Hands over all originals in the order in which they are kept.
    pub fn originals<E: From<Error>>(&self, each: impl FnMut(OriginalRow) -> Result<(), E>) -> Result<(), E> {
        let sql = format!("SELECT {ORIGINAL} FROM originals ORDER BY segment, \"offset\", digest");
        self.each(&Select { sql, values: Vec::new() }, original, each)
    }

    /// Tells whether each original has a reading by `reader_version`, and no other reading is there.
    pub fn are_all_read(&self, reader_version: &str) -> Result<bool, Error> {
        self.rows(|connection| {
            let sql = "SELECT (SELECT count(*) FROM originals) = (SELECT count(*) FROM reports)
                AND NOT EXISTS (SELECT 1 FROM reports WHERE reader_version < ?1)
                AND NOT EXISTS (SELECT 1 FROM reports WHERE reader_version > ?1)";
            connection.prepare_cached(sql)?.query_row([reader_version], |row| row.get(0))
        })
    }

    /// Counts the originals without a reading by `reader_version`.
    pub fn count_unread(&self, reader_version: &str) -> Result<u64, Error> {
        self.rows(|connection| {
            let sql = "SELECT (SELECT count(*) FROM originals)
                - (SELECT count(*) FROM reports WHERE reader_version = ?1)";
            let count: i64 = connection.prepare_cached(sql)?.query_row([reader_version], |row| row.get(0))?;
            Ok(count.max(0).unsigned_abs())
        })
    }

    /// Returns originals without a reading by `reader_version`, in the order in which they are kept: those behind one, so
    /// many, or fewer if they have so many bytes.
    pub fn unread(
        &self,
        reader_version: &str,
        behind: Option<&OriginalRow>,
        (most, bytes): (usize, u64),
    ) -> Result<Vec<OriginalRow>, Error> {
        self.rows(|connection| {
            let sql = format!(
                "SELECT {ORIGINAL} FROM originals AS o WHERE (segment, \"offset\", digest) > (?1, ?2, ?3)
                 AND NOT EXISTS (SELECT 1 FROM reports AS r WHERE r.digest = o.digest AND r.reader_version = ?4)
                 ORDER BY segment, \"offset\", digest"
            );
            let (segment, offset, digest) =
                behind.map_or(("", 0, &[][..]), |row| (&row.segment, row.offset, &row.digest));
            let mut select = connection.prepare_cached(&sql)?;
            let mut rows = select.query(params![segment, offset, digest, reader_version])?;
            let (mut found, mut length) = (Vec::new(), 0);
            while found.len() < most && length < bytes {
                let Some(row) = rows.next()? else { break };
                let row = original(row)?;
                length += row.length;
                found.push(row);
            }
            Ok(found)
        })
    }

    /// Returns where the part of a segment ends whose originals are in the rows; what follows has yet to be put.
    pub fn segment_end(&self, segment: &str) -> Result<u64, Error> {
        self.rows(|connection| {
            connection
                .prepare_cached(
                    "SELECT \"offset\" + stored_length FROM originals WHERE segment = ?1
                     ORDER BY \"offset\" DESC LIMIT 1",
                )?
                .query_row([segment], |row| row.get(0))
                .optional()
                .map(|end| end.unwrap_or(0))
        })
    }

    /// Returns the places where an original was met, in the order in which they were put.
    pub fn sightings(&self, digest: &[u8; 32]) -> Result<Vec<SightingRow>, Error> {
        self.rows(|connection| {
            connection
                .prepare_cached(
                    "SELECT digest, source, line, byte_offset, hints, seen_at FROM sightings
                     WHERE digest = ?1 ORDER BY id",
                )?
                .query_map([digest], sighting)?
                .collect()
        })
    }
}

impl Batch<'_> {
    /// Puts an original. One that is known stays as it is.
    pub fn put_original(&mut self, row: &OriginalRow) -> Result<Put, Error> {
        self.change(|connection| insert_original(connection, row))
    }

    /// Puts a sighting of an original that was put before. One that is known stays as it is.
    pub fn put_sighting(&mut self, row: &SightingRow) -> Result<Put, Error> {
        self.change(|connection| {
            let put = insert_sighting(connection, row)?;
            // A page may have gone back to what it said before, or it was met elsewhere as well: which version is the
            // present one is to be told again.
            if put == Put::New {
                let sql = "INSERT OR IGNORE INTO revisited
                    SELECT source FROM sightings WHERE digest = ?1 AND source LIKE 'http%://%'";
                connection.prepare_cached(sql)?.execute([row.digest])?;
            }
            Ok(put)
        })
    }
}

fn insert_original(connection: &Connection, row: &OriginalRow) -> rusqlite::Result<Put> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO originals (digest, length, kind, segment, \"offset\", stored_length, received_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (digest) DO NOTHING",
    )?;
    let OriginalRow { digest, length, kind, segment, offset, stored_length, received_at } = row;
    let received_at = received_at.as_microsecond();
    let changed =
        insert.execute(params![digest, length, kind, segment, offset, stored_length, received_at])?;
    Ok(Put::of(changed))
}

fn insert_sighting(connection: &Connection, row: &SightingRow) -> rusqlite::Result<Put> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO sightings (digest, source, line, byte_offset, hints, seen_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (digest, source, line, byte_offset, seen_at) DO NOTHING",
    )?;
    let SightingRow { digest, source, line, byte_offset, hints, seen_at } = row;
    let changed =
        insert.execute(params![digest, source, line, byte_offset, hints, seen_at.as_microsecond()])?;
    Ok(Put::of(changed))
}

fn original(row: &Row) -> rusqlite::Result<OriginalRow> {
    Ok(OriginalRow {
        digest: row.get("digest")?,
        length: row.get("length")?,
        kind: row.get("kind")?,
        segment: row.get("segment")?,
        offset: row.get("offset")?,
        stored_length: row.get("stored_length")?,
        received_at: moment_at(row, "received_at")?,
    })
}

fn sighting(row: &Row) -> rusqlite::Result<SightingRow> {
    Ok(SightingRow {
        digest: row.get("digest")?,
        source: row.get("source")?,
        line: row.get("line")?,
        byte_offset: row.get("byte_offset")?,
        hints: row.get("hints")?,
        seen_at: moment_at(row, "seen_at")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Record, original, sighting};

    fn originals(store: &Store) -> Vec<OriginalRow> {
        let mut found = Vec::new();
        store
            .originals(|original| {
                found.push(original);
                Ok::<(), Error>(())
            })
            .unwrap();
        found
    }

    #[test]
    fn the_same_bytes_again_are_one_original_with_another_sighting() {
        let mut record = Record::with(1..2);
        let elsewhere = SightingRow { source: "-".into(), line: 9, byte_offset: 700, ..sighting(1) };
        let moved = OriginalRow { segment: "00009.warc.gz".into(), ..original(1) };
        let same = SightingRow { hints: "[]".into(), ..elsewhere.clone() };
        let put = record.writer.batch(|batch| {
            let original = batch.put_original(&moved)?;
            Ok::<_, Error>([original, batch.put_sighting(&elsewhere)?, batch.put_sighting(&same)?])
        });
        assert_eq!(put.unwrap(), [Put::Known, Put::New, Put::Known]);
        let store = record.writer.store();
        assert!(store.known(&[1; 32]).unwrap());
        assert!(!store.known(&[2; 32]).unwrap());
        assert_eq!(store.original(&[1; 32]).unwrap(), Some(original(1)));
        assert_eq!(store.sightings(&[1; 32]).unwrap(), [sighting(1), elsewhere]);
    }

    #[test]
    fn listed_as_they_are_kept() {
        let mut record = Record::new();
        for number in [4, 0, 2] {
            record.put(number..number + 1);
        }
        let first =
            OriginalRow { digest: [9; 32], segment: "00001.warc.gz".into(), offset: 0, ..original(9) };
        record.writer.batch(|batch| batch.put_original(&first)).unwrap();
        let store = record.writer.store();
        assert_eq!(originals(store), [original(0), original(2), original(4), first]);
        assert_eq!(store.segment_end("00000.warc.gz").unwrap(), 500);
        assert_eq!(store.segment_end("00001.warc.gz").unwrap(), 100);
        assert_eq!(store.segment_end("00002.warc.gz").unwrap(), 0);
    }
}
