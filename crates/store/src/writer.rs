use std::fs::create_dir_all;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::index::{Document, IndexChange, Mark};
use crate::lock::Lock;
use crate::state::mark_stale;
use crate::store::database;
use crate::{Error, Store, StoredReport};

/// The rows and the search index of a record, for writing. One process at a time holds it.
pub struct Writer {
    store: Store,
    index: IndexChange,
    _lock: Lock,
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
pub struct Batch<'a> {
    path: &'a Path,
    transaction: Transaction<'a>,
    /// The last reading; its number counts all readings of the record since they were last cleared.
    revision: i64,
    documents: Vec<Document>,
}

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
        let mut store = Store::connect(folder, flags)?;
        store.prepare(&lock)?;
        let index = IndexChange::create_or_open(&store.index_folder())?;
        Ok(Writer { store, index, _lock: lock })
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
        self.store.make_durable()?;
        self.index.follow(&before, Mark { revision, ..before.clone() }, documents)?;
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
        change(&transaction).and_then(|()| transaction.commit()).map_err(Error::database(&path))
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
        let stale = if documents.is_empty() { Ok(()) } else { mark_stale(&transaction) };
        stale.and_then(|()| transaction.commit()).map_err(Error::database(path))?;
        Ok((revision, documents))
    }
}
