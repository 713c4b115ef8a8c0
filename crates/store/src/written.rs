use std::fs::File;
use std::io::{self, BufReader, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

/// The parts of `record.db` that a run has written, for whoever keeps digests of its parts.
///
/// Rows go to a log beside the file first, frame after frame, and move into the file at a checkpoint (SQLite, "WAL-mode
/// File Format", section 4). So this looks at the new frames after each transaction and before each checkpoint, and the
/// connection makes none by itself. If frames are missing, because somebody else moved them in between, the answer is
/// unknown, never too small.
#[derive(Debug)]
pub(crate) struct Written {
    /// Where rows stand before they move.
    log: PathBuf,
    /// One bit for each page that was in a frame.
    pages: Vec<u64>,
    page_size: u64,
    /// What tells frames of the present log from those that it is written over.
    salts: [u8; 8],
    /// The frames that were looked at, up to the last that ends a transaction.
    frames: u64,
    /// How many rows the connection had changed when it was looked at last.
    changes: u64,
    is_unknown: bool,
}

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// From this number of frames on, rows are moved into the file: 64 MB. What new reports are found by stands all over the
/// file, so that one batch writes to much the same pages as the next, and each is moved once for several of them. What SQLite
/// does by itself, a thousand, moved each page after every batch.
const FRAMES: u64 = 16_384;

impl Written {
    /// Begins to look, before anything is written. `is_new`: the file itself was only now made.
    pub(crate) fn new(database: &Path, is_new: bool) -> Written {
        let mut log = database.as_os_str().to_owned();
        log.push("-wal");
        let log = PathBuf::from(log);
        let holds_rows = log.metadata().is_ok_and(|log| log.len() > 0);
        Written {
            log,
            pages: Vec::new(),
            page_size: 0,
            salts: [0; 8],
            frames: 0,
            changes: 0,
            is_unknown: is_new || holds_rows,
        }
    }

    /// Looks at the frames since the last look, after a transaction. Returns whether there are so many that they should move.
    pub(crate) fn look(&mut self, connection: &Connection) -> bool {
        let changes = connection.total_changes();
        let found = self.new_frames().unwrap_or(0);
        self.is_unknown |= found == 0 && changes != self.changes;
        self.changes = changes;
        self.frames >= FRAMES
    }

    /// Looks at new frames, and returns their number.
    fn new_frames(&mut self) -> io::Result<u64> {
        let mut log = BufReader::with_capacity(1 << 16, File::open(&self.log)?);
        let mut header = [0; HEADER];
        if !fill(&mut log, &mut header)? {
            return Ok(0);
        }
        self.page_size = number(&header[8..12]).into();
        if header[16..24] != self.salts {
            self.salts.copy_from_slice(&header[16..24]);
            self.frames = 0;
        }
        let mut at = self.frames;
        log.seek_relative((at * (FRAME_HEADER as u64 + self.page_size)).cast_signed())?;
        let mut frame = [0; FRAME_HEADER];
        let mut found = 0;
        while fill(&mut log, &mut frame)? && frame[8..16] == self.salts {
            let page = number(&frame[..4]) as usize;
            if self.pages.len() <= page / 64 {
                self.pages.resize(page / 64 + 1, 0);
            }
            self.pages[page / 64] |= 1 << (page % 64);
            (at, found) = (at + 1, found + 1);
            // Frames behind the last that ends a transaction are of one that was given up, and are written over.
            if number(&frame[4..8]) > 0 {
                self.frames = at;
            }
            log.seek_relative(self.page_size.cast_signed())?;
        }
        Ok(found)
    }

    /// Looks at what there is, then moves rows into the file: as many as those who read allow, or, with `TRUNCATE`, all.
    /// Returns whether nobody was in the way.
    pub(crate) fn checkpoint(&mut self, connection: &Connection, mode: &str) -> rusqlite::Result<bool> {
        self.look(connection);
        connection
            .query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| Ok(row.get::<_, i64>(0)? == 0))
    }

    /// Returns the ranges of bytes of the file that may be other than they were. `None`: it is not known.
    pub(crate) fn ranges(&self) -> Option<Vec<Range<u64>>> {
        if self.is_unknown {
            return None;
        }
        let mut ranges: Vec<Range<u64>> = Vec::new();
        // The first page has the number 1.
        let is_written = |page: &u64| self.pages[*page as usize / 64] >> (page % 64) & 1 == 1;
        for page in (1..self.pages.len() as u64 * 64).filter(is_written) {
            let (start, end) = ((page - 1) * self.page_size, page * self.page_size);
            match ranges.last_mut() {
                Some(last) if last.end == start => last.end = end,
                _ => ranges.push(start..end),
            }
        }
        Some(ranges)
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// Reads until the buffer is full. `false`: the file ends before.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match file.read_exact(buffer) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        read => read.map(|()| true),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rusqlite::Connection;
    use tempfile::TempDir;

    use super::*;
    use crate::sample::{Record, put};
    use crate::{Closed, Error, Store};

    fn rows(folder: &TempDir) -> Vec<u8> {
        fs::read(folder.path().join("record.db")).unwrap()
    }

    /// Ends the writing, and returns what it says was written after checking that all else is as it was.
    fn closed(record: Record, before: &[u8]) -> Option<Vec<Range<u64>>> {
        left(record, before).1
    }

    /// The same, with the folder.
    fn left(record: Record, before: &[u8]) -> (TempDir, Option<Vec<Range<u64>>>) {
        let Record { writer, folder } = record;
        let Closed::Whole { written } = writer.close(Ok::<_, crate::Error>).unwrap() else {
            panic!("nobody reads")
        };
        let after = rows(&folder);
        let is_told = |at: usize| written.iter().flatten().any(|range| range.contains(&(at as u64)));
        for (at, byte) in after.iter().enumerate() {
            assert!(written.is_none() || before.get(at) == Some(byte) || is_told(at), "byte {at}");
        }
        (folder, written)
    }

    /// A record that a run has ended, and its rows as they are.
    fn ended() -> (TempDir, Vec<u8>) {
        let Record { writer, folder } = Record::with(0..20);
        let closed = writer.close(Ok::<_, crate::Error>).unwrap();
        assert_eq!(closed, Closed::Whole { written: None }, "the file is new");
        let before = rows(&folder);
        (folder, before)
    }

    #[test]
    fn whatever_changed_is_told() {
        let (folder, before) = ended();
        let mut record = Record::in_folder(folder);
        record.put(20..23);
        let ranges = closed(record, &before).unwrap();
        let told: u64 = ranges.iter().map(|range| range.end - range.start).sum();
        assert!(told > 0 && ranges.is_sorted_by(|a, b| a.end < b.start), "{ranges:?}");
    }

    #[test]
    fn a_run_that_writes_nothing_has_written_nothing() {
        let (folder, before) = ended();
        assert_eq!(closed(Record::in_folder(folder), &before), Some(Vec::new()));
    }

    #[test]
    fn a_batch_that_was_given_up_hides_nothing() {
        let (folder, before) = ended();
        let mut record = Record::in_folder(folder);
        // So small a cache that pages go to the log before the transaction ends.
        record.writer.store().connection.pragma_update(None, "cache_size", 1).unwrap();
        for round in 0..6 {
            let given_up = record.writer.batch(|batch| {
                (20..29).try_for_each(|number| put(batch, number).map(drop))?;
                Err::<(), _>(Error::NoRecord { folder: "given up".into() })
            });
            assert!(given_up.is_err());
            record.put(20 + round..21 + round);
        }
        assert!(closed(record, &before).is_some());
    }

    #[test]
    fn rows_written_anew_are_told() {
        let (folder, before) = ended();
        let mut record = Record::in_folder(folder);
        record.writer.clear_readings().unwrap();
        record.writer.scour().unwrap();
        assert!(closed(record, &before).is_some());
    }

    #[test]
    fn somebody_who_reads_holds_up_nothing() {
        let (folder, before) = ended();
        let reader = Store::open(folder.path()).unwrap();
        let mut record = Record::in_folder(folder);
        reader.connection.execute_batch("BEGIN; SELECT count(*) FROM reports").unwrap();
        let looking =
            || reader.connection.query_row("SELECT count(*) FROM reports", [], |row| row.get::<_, i64>(0));
        assert_eq!(looking().unwrap(), 20);
        for number in 20..29 {
            record.put(number..number + 1);
        }
        assert_eq!(looking().unwrap(), 20);
        reader.connection.execute_batch("COMMIT").unwrap();
        record.put(29..30);
        let (folder, written) = left(record, &before);
        assert!(written.is_some());
        // The next run begins while the reader still has the files open.
        let before = rows(&folder);
        let mut record = Record::in_folder(folder);
        record.put(1..2);
        record.writer.clear_readings().unwrap();
        assert!(closed(record, &before).is_some());
        drop(reader);
    }

    #[test]
    fn a_stranger_who_moves_rows_makes_it_unknown() {
        let (folder, before) = ended();
        let stranger = Connection::open(folder.path().join("record.db")).unwrap();
        let record = Record::in_folder(folder);
        let sql = "INSERT INTO state (key, value) VALUES ('a', 'x')";
        record.writer.store().connection.execute_batch(sql).unwrap();
        // Before it is looked at.
        stranger.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        drop(stranger);
        assert_eq!(closed(record, &before), None);
    }
}
