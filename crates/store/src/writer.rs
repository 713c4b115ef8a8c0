use std::fs::create_dir_all;
use std::ops::Range;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::index::{Document, IndexChange, Mark};
use crate::lock::Lock;
use crate::store::database;
use crate::written::Written;
use crate::{Error, Store, StoredReport};

/// The rows and the search index of a record, for writing. One process at a time holds it.
pub struct Writer {
    store: Store,
    index: IndexChange,
    written: Written,
    _lock: Lock,
}

/// How the rows stand when the writing has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closed {
    /// All are in `record.db`.
    Whole {
        /// The ranges of its bytes, in order, that may be other than when it was opened. `None`: it is not known.
        written: Option<Vec<Range<u64>>>,
    },
    /// While somebody else reads, some stand in a second file.
    Parted,
}

/// Whether a row was new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It was not there.
    New,
    /// It was there, and stays as it was.
    Known,
}

impl Put {
    pub(crate) fn of(changed: usize) -> Put {
        if changed == 0 { Put::Known } else { Put::New }
    }
}

/// Changes to the rows that are kept together, or not at all.
///
/// After an error of any of them the rest makes no sense: return it from the work, and nothing is kept.
pub struct Batch<'a> {
    path: &'a Path,
    transaction: Transaction<'a>,
    /// The last reading; its number counts all readings of the record since they were last cleared.
    revision: i64,
    documents: Vec<Document>,
}

/// KiB of pages that are held while new reports are put beside those before: the tables that they are found by.
const CACHE: i64 = 192 << 10;

/// A process that stops here loses no more than this many reports of a rebuilt index.
const REPORTS_A_COMMIT: usize = 2_000;

/// Documents wait in memory until they are committed, so their number alone is no bound.
const BYTES_A_COMMIT: usize = 32 << 20;

impl Writer {
    /// Opens the record in `folder` for writing.
    pub fn open(folder: &Path) -> Result<Writer, Error> {
        if !database(folder).is_file() {
            return Err(Error::NoRecord { folder: folder.to_owned() });
        }
        Writer::create_or_open(folder)
    }

    /// Opens the record in `folder` for writing, and makes the folder and an empty record if there is none.
    pub fn create_or_open(folder: &Path) -> Result<Writer, Error> {
        create_dir_all(folder).map_err(Error::io(folder))?;
        let lock = Lock::take(folder)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let is_new = !database(folder).is_file();
        let mut store = Store::connect(folder, flags)?;
        let written = Written::new(&store.path, is_new);
        store.rows(|connection| {
            connection.pragma_update(None, "wal_autocheckpoint", 0)?;
            connection.pragma_update(None, "cache_size", -CACHE)
        })?;
        store.prepare(&lock)?;
        let index = IndexChange::create_or_open(&store.index_folder())?;
        Ok(Writer { store, index, written, _lock: lock })
    }

    /// Ends the writing. `then` is told how the rows stand; until it has returned, nobody else may write, nor bring the rows
    /// to a newer schema.
    pub fn close<T, E: From<Error>>(self, then: impl FnOnce(Closed) -> Result<T, E>) -> Result<T, E> {
        let Writer { store, index, mut written, _lock } = self;
        index.close()?;
        let closed = match store.rows(|connection| written.checkpoint(connection, "TRUNCATE"))? {
            true => Closed::Whole { written: written.ranges() },
            false => Closed::Parted,
        };
        drop(store);
        then(closed)
    }

    /// Makes durable what was kept so far: a power cut may take the last batches otherwise.
    pub fn make_durable(&mut self) -> Result<(), Error> {
        // Else a power cut could also leave the index ahead of the rows, and the readings put next would count as indexed.
        let Writer { store, written, .. } = self;
        store.rows(|connection| written.checkpoint(connection, "PASSIVE")).map(drop)
    }

    /// Writes the rows anew, so that no word that was deleted is left between them in the file.
    ///
    /// The database moves rows from page to page and leaves what stood there; overwriting what is deleted does not
    /// reach it.
    pub fn scour(&mut self) -> Result<(), Error> {
        self.store.rows(|connection| connection.execute_batch("VACUUM"))?;
        self.make_durable()
    }

    /// Returns the rows for reading.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Keeps all that `work` puts, or nothing if it returns an error; then brings the search index up to it.
    ///
    /// An error of the index alone comes after the rows are kept; [`Writer::catch_up`] mends it.
    pub fn batch<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&mut Batch<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let before = self.store.mark()?;
        let path = self.store.path.clone();
        let mut batch = Batch {
            path: &path,
            transaction: begin(&mut self.store)?,
            revision: before.revision,
            documents: Vec::new(),
        };
        let result = work(&mut batch)?;
        let (revision, documents) = batch.commit()?;
        // If we stop here, the index is behind the rows, and says so by its mark.
        if documents.is_empty() {
            self.has_committed()?;
        } else {
            self.make_durable()?;
            self.index.follow(&before, Mark { revision, ..before.clone() }, documents)?;
        }
        Ok(result)
    }

    /// Counts the reports that searches cannot find because the index is behind the rows.
    ///
    /// It is behind after a crash between the two, or if it was lost or made by another version.
    pub fn behind(&self) -> Result<u64, Error> {
        self.store.reports_missing_from(self.index.state()?)
    }

    /// Adds what is missing to the search index, and returns how many reports that were.
    ///
    /// `text_of` returns the same words that were put with the reading.
    pub fn catch_up<E: From<Error>>(
        &mut self,
        text_of: impl FnMut(&StoredReport) -> Result<String, E>,
    ) -> Result<u64, E> {
        let from = self.store.last_indexed(self.index.state()?)?;
        self.index_from(from, text_of)
    }

    /// Makes the search index anew, and returns how many reports it holds.
    pub fn rebuild_index<E: From<Error>>(
        &mut self,
        text_of: impl FnMut(&StoredReport) -> Result<String, E>,
    ) -> Result<u64, E> {
        self.index_from(None, text_of)
    }

    /// Adds all readings after a revision to the index; `None` starts it afresh.
    fn index_from<E: From<Error>>(
        &mut self,
        from: Option<i64>,
        mut text_of: impl FnMut(&StoredReport) -> Result<String, E>,
    ) -> Result<u64, E> {
        if from.is_none() {
            self.restart_index()?;
        }
        let Writer { store, index, .. } = self;
        let mut mark = store.mark()?;
        let (last, mut added, mut bytes) = (mark.revision, 0, 0);
        let mut waiting = Vec::new();
        store.reports_since(from.unwrap_or(0), |revised| {
            let text = text_of(&revised.report)?;
            bytes += text.len();
            added += 1;
            waiting.push(Document::new(&revised.report.row, revised.report.kind, text));
            if waiting.len() >= REPORTS_A_COMMIT || bytes >= BYTES_A_COMMIT || revised.revision == last {
                mark.revision = revised.revision;
                index.commit(std::mem::take(&mut waiting), &mark)?;
                bytes = 0;
            }
            Ok::<(), E>(())
        })?;
        Ok(added)
    }

    /// Empties the index, and ties it to the present readings.
    pub(crate) fn restart_index(&mut self) -> Result<(), Error> {
        let mark = Mark { revision: 0, ..self.store.mark()? };
        self.index.restart(&mark)
    }

    /// Changes the rows in one transaction, apart from readings.
    pub(crate) fn transaction(
        &mut self,
        change: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<(), Error> {
        let path = self.store.path.clone();
        let transaction = begin(&mut self.store)?;
        change(&transaction).and_then(|()| transaction.commit()).map_err(Error::database(&path))?;
        self.has_committed()
    }

    /// Moves rows from their log into the file when there are many.
    fn has_committed(&mut self) -> Result<(), Error> {
        if self.written.look(&self.store.connection) { self.make_durable() } else { Ok(()) }
    }
}

fn begin(store: &mut Store) -> Result<Transaction<'_>, Error> {
    let Store { connection, path, .. } = store;
    connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Error::database(path))
}

impl Batch<'_> {
    pub(crate) fn change<T>(
        &mut self,
        change: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        change(&self.transaction).map_err(Error::database(self.path))
    }

    pub(crate) fn next_revision(&mut self) -> i64 {
        self.revision += 1;
        self.revision
    }

    pub(crate) fn has_read(&mut self, document: Document) {
        self.documents.push(document);
    }

    fn commit(self) -> Result<(i64, Vec<Document>), Error> {
        let Batch { path, transaction, revision, documents } = self;
        transaction.commit().map_err(Error::database(path))?;
        Ok((revision, documents))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::sample::{Record, names, original, put, reading, report};
    use crate::{Counts, Put, Reading, Search};

    /// Keeps rows and stops before the index, as a crash between the two would.
    fn put_and_stop(record: &mut Record, numbers: std::ops::Range<u8>) {
        let writer = &mut record.writer;
        let before = writer.store.mark().unwrap();
        let path = writer.store.path.clone();
        let transaction = begin(&mut writer.store).unwrap();
        let mut batch = Batch { path: &path, transaction, revision: before.revision, documents: Vec::new() };
        for number in numbers {
            put(&mut batch, number).unwrap();
        }
        batch.commit().unwrap();
    }

    fn found(record: &Record, query: &str) -> Vec<String> {
        let search = Search { query: query.into(), limit: 100, ..Search::default() };
        let mut names: Vec<String> = record
            .writer
            .store()
            .search(&search)
            .unwrap()
            .hits
            .into_iter()
            .map(|hit| hit.report.row.name)
            .collect();
        names.sort();
        names
    }

    fn text_of(report: &StoredReport) -> Result<String, Error> {
        Ok(reading(report.row.digest[0]))
    }

    #[test]
    fn the_same_again_changes_nothing() {
        let mut record = Record::with(0..3);
        let before = record.writer.store().counts().unwrap();
        assert_eq!(record.put(0..3), [Put::Known; 3]);
        assert_eq!(record.writer.store().counts().unwrap(), before);
        assert_eq!(record.writer.behind().unwrap(), 0);
        assert_eq!(found(&record, "harbour"), ["report 0", "report 1", "report 2"]);
    }

    #[test]
    fn kept_over_a_reopening() {
        let record = Record::with(0..3);
        let counts = record.writer.store().counts().unwrap();
        let record = record.reopened();
        assert_eq!(record.writer.store().counts().unwrap(), counts);
        expect![[r#"
            Counts {
                originals: 3,
                sightings: 3,
                reports: 3,
                claims: 6,
                stories: 0,
                families: 0,
                copy_links: 0,
            }
        "#]]
        .assert_debug_eq(&counts);
    }

    #[test]
    fn lists_do_not_depend_on_the_order_of_putting() {
        let (mut forwards, mut backwards) = (Record::new(), Record::new());
        (0..5).for_each(|number| drop(forwards.put(number..number + 1)));
        (0..5).rev().for_each(|number| drop(backwards.put(number..number + 1)));
        assert_eq!(names(forwards.writer.store()), names(backwards.writer.store()));
    }

    #[test]
    fn a_batch_is_kept_whole_or_not_at_all() {
        let mut record = Record::new();
        let result = record.writer.batch(|batch| {
            put(batch, 1)?;
            Err::<(), Error>(Error::NoRecord { folder: "elsewhere".into() })
        });
        assert!(matches!(result, Err(Error::NoRecord { .. })));
        assert_eq!(record.writer.store().counts().unwrap(), Counts::default());
        assert_eq!(found(&record, "harbour"), [""; 0]);
        record.put(2..3);
        assert_eq!(found(&record, "harbour"), ["report 2"]);
    }

    #[test]
    fn a_reading_needs_its_original() {
        let mut record = Record::new();
        let reading = Reading { report: &report(1), sketch: None, claims: &[], text: "" };
        let result = record.writer.batch(|batch| batch.put_reading(reading));
        assert!(matches!(result, Err(Error::Database { .. })));
    }

    #[test]
    fn one_writer_at_a_time() {
        let record = Record::with(0..1);
        let second = Writer::open(record.folder.path());
        let message =
            second.err().unwrap().to_string().replace(record.folder.path().to_str().unwrap(), "record");
        expect![
            "another process is writing to the record record: wait until it ends; reading works meanwhile"
        ]
        .assert_eq(&message);
        assert_eq!(names(&Store::open(record.folder.path()).unwrap()), ["report 0"]);
        let folder = record.closed();
        Writer::open(folder.path()).unwrap();
    }

    #[test]
    fn a_reader_cannot_write() {
        let record = Record::with(0..1);
        let reader = Store::open(record.folder.path()).unwrap();
        assert!(reader.rows(|connection| connection.execute("DELETE FROM claims", [])).is_err());
    }

    #[test]
    fn an_index_behind_the_rows_catches_up() {
        let mut record = Record::with(0..2);
        put_and_stop(&mut record, 2..5);
        let mut record = record.reopened();
        assert_eq!(record.writer.behind().unwrap(), 3);
        assert_eq!(record.writer.store().search(&Search::of("harbour")).unwrap().missing, 3);
        assert_eq!(found(&record, "harbour"), ["report 0", "report 1"]);
        assert_eq!(record.writer.catch_up(text_of).unwrap(), 3);
        assert_eq!(record.writer.behind().unwrap(), 0);
        assert_eq!(found(&record, "harbour"), ["report 0", "report 1", "report 2", "report 3", "report 4"]);
        assert_eq!(record.writer.catch_up(text_of).unwrap(), 0);
    }

    #[test]
    fn a_batch_after_a_crash_leaves_no_hole() {
        let mut record = Record::with(0..2);
        put_and_stop(&mut record, 2..3);
        let mut record = record.reopened();
        record.put(3..4);
        assert_eq!(record.writer.behind().unwrap(), 2);
        assert_eq!(record.writer.catch_up(text_of).unwrap(), 2);
        assert_eq!(found(&record, "harbour").len(), 4);
    }

    #[test]
    fn an_older_reading_is_replaced_in_the_index() {
        let mut record = Record::with(0..2);
        let mut row = report(1);
        row.reader_version = "2".into();
        let reading = Reading { report: &row, sketch: None, claims: &[], text: "Quite other words." };
        let id = record.writer.store().report_of(&row.digest).unwrap().unwrap().id;
        assert_eq!(record.writer.batch(|batch| batch.put_reading(reading)).unwrap(), id);
        assert_eq!(found(&record, "harbour"), ["report 0"]);
        assert_eq!(found(&record, "other"), ["report 1"]);
        let store = record.writer.store();
        assert_eq!(store.counts().unwrap().claims, 2);
        assert_eq!(store.count_unread("2").unwrap(), 1);
        assert_eq!(store.unread("2", None, (9, 1 << 20)).unwrap(), [original(0)]);
    }

    #[test]
    fn what_is_unread_comes_in_parts() {
        let record = Record::with(0..5);
        let store = record.writer.store();
        let mut parts = Vec::new();
        while let part = store.unread("2", parts.last(), (2, 1 << 20)).unwrap()
            && !part.is_empty()
        {
            assert!(part.len() <= 2);
            parts.extend(part);
        }
        assert_eq!(parts, (0..5).map(original).collect::<Vec<_>>());
        assert_eq!(
            store.unread("2", None, (9, 1)).unwrap(),
            [original(0)],
            "one that is too long comes alone"
        );
        assert_eq!(store.unread("1", None, (9, 1 << 20)).unwrap(), []);
        assert_eq!((store.count_unread("2").unwrap(), store.count_unread("1").unwrap()), (5, 0));
    }

    #[test]
    fn a_rebuilt_index_finds_the_same() {
        let mut record = Record::with(0..9);
        let search =
            |record: &Record| record.writer.store().search(&Search::of("harbour 4 OR shelled")).unwrap();
        let before = search(&record);
        assert_eq!(record.writer.rebuild_index(text_of).unwrap(), 9);
        let after = search(&record);
        assert_eq!(before.hits.len(), 9);
        assert_eq!(before, after);
    }

    #[test]
    fn a_lost_or_damaged_index_is_made_anew() {
        let mut record = Record::with(0..3);
        for damage in [
            |index: &Path| std::fs::remove_dir_all(index).unwrap(),
            |index: &Path| {
                std::fs::write(index.join("meta.json"), "nonsense").unwrap();
            },
        ] {
            let folder = record.closed();
            damage(&folder.path().join("index"));
            let error = Store::open(folder.path()).unwrap().search(&Search::of("harbour")).unwrap_err();
            assert!(matches!(error, Error::IndexDamaged { .. }), "{error:?}");
            record = Record::in_folder(folder);
            assert_eq!(record.writer.behind().unwrap(), 3);
            assert_eq!(record.writer.catch_up(text_of).unwrap(), 3);
            assert_eq!(found(&record, "harbour").len(), 3);
        }
    }

    #[test]
    fn an_index_of_other_readings_starts_afresh() {
        let record = Record::with(0..3);
        let folder = record.closed();
        for name in ["record.db", "record.db-wal", "record.db-shm"] {
            drop(std::fs::remove_file(folder.path().join(name)));
        }
        let mut record = Record::in_folder(folder);
        record.put(7..8);
        assert_eq!(record.writer.behind().unwrap(), 1);
        assert_eq!(record.writer.catch_up(text_of).unwrap(), 1);
        assert_eq!(found(&record, "harbour"), ["report 7"]);
    }

    #[test]
    fn cleared_readings_leave_the_originals() {
        let mut record = Record::with(0..3);
        record.writer.clear_readings().unwrap();
        let counts = Counts { originals: 3, sightings: 3, ..Counts::default() };
        assert_eq!(record.writer.store().counts().unwrap(), counts);
        assert_eq!(found(&record, "harbour"), [""; 0]);
        record.put(0..3);
        assert_eq!(record.writer.behind().unwrap(), 0);
        assert_eq!(found(&record, "harbour").len(), 3);
        assert_eq!(record.writer.store().report(1).unwrap().unwrap().row, report(0));
    }
}
