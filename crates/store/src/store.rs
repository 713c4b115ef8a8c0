use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Row, params_from_iter};

use crate::Error;
use crate::conditions::{Select, add_holds};
use crate::index::SearchIndex;
use crate::lock::Lock;
use crate::schema::{Schema, migrate, schema};
use crate::state::{are_readings_named, name_readings};

/// The rows of a record, for reading. Any number of processes may read while one writes.
pub struct Store {
    folder: PathBuf,
    pub(crate) path: PathBuf,
    pub(crate) connection: Connection,
    pub(crate) index: SharedIndex,
    /// When what is asked is given up.
    until: Option<Instant>,
}

/// The search index of a record, opened once for all who read the record in one process: what each has of it in memory is the
/// same.
#[derive(Clone, Default)]
pub struct SharedIndex(pub(crate) Arc<OnceLock<SearchIndex>>);

/// How many rows of each kind there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Originals.
    pub originals: u64,
    /// Sightings of originals.
    pub sightings: u64,
    /// Reports.
    pub reports: u64,
    /// Claims.
    pub claims: u64,
    /// Stories.
    pub stories: u64,
    /// Copy families.
    pub families: u64,
    /// Copy links.
    pub copy_links: u64,
}

/// How long a statement waits for another process: longer than any batch takes, shorter than patience.
const BUSY: Duration = Duration::from_secs(10);

/// KiB of pages that are held: those above the leaves of the tables that reports are found by, up to some millions of
/// reports.
const CACHE: i64 = 64 << 10;

/// Statements that are kept ready: all that are asked for again and again.
const STATEMENTS: usize = 128;

/// Steps of the database between two looks at the clock: less than a millisecond.
const STEPS: i32 = 10_000;

impl Store {
    /// Opens the rows of the record in `folder` for reading.
    ///
    /// Rows of an older version are brought to the present schema first, for which nobody else may be writing.
    pub fn open(folder: &Path) -> Result<Store, Error> {
        let path = database(folder);
        if !path.is_file() {
            return Err(Error::NoRecord { folder: folder.to_owned() });
        }
        let looked_at = |store: Store| Ok((schema(&store.connection, &path)?, store));
        let opened = Store::connect(folder, OpenFlags::SQLITE_OPEN_READ_WRITE).and_then(looked_at);
        let (found, mut store) = match opened {
            Err(error) if error.is_read_only() => {
                Store::connect_unchanging(folder)?.map_or(Err(error), looked_at)?
            }
            opened => opened?,
        };
        if found == Schema::Older {
            let lock = Lock::take(folder)?;
            store.prepare(&lock)?;
        }
        store.connection.pragma_update(None, "query_only", true).map_err(Error::database(&path))?;
        Ok(store)
    }

    /// Opens the rows as [`Store::open`] does, for one of several who read them at the same time: with the search index
    /// that all share, and at most so many KiB of pages held.
    pub fn open_beside(folder: &Path, index: &SharedIndex, held: u32) -> Result<Store, Error> {
        let store = Store { index: index.clone(), ..Store::open(folder)? };
        store.rows(|connection| connection.pragma_update(None, "cache_size", -i64::from(held)))?;
        Ok(store)
    }

    /// Opens the database, or makes an empty one if the flags say so.
    pub(crate) fn connect(folder: &Path, flags: OpenFlags) -> Result<Store, Error> {
        let path = database(folder);
        Store::connect_to((folder, &path), flags)
    }

    /// Opens the database where nothing can be written, as on a medium kept as evidence. `None`: some of its rows
    /// stand in a second file, which cannot be read without writing.
    fn connect_unchanging(folder: &Path) -> Result<Option<Store>, Error> {
        let is_whole = !folder.join("record.db-wal").metadata().is_ok_and(|waiting| waiting.len() > 0);
        let path = database(folder);
        let Some(text) = path.to_str().filter(|_| is_whole) else { return Ok(None) };
        // SQLite, "Uniform Resource Identifiers": these three mean something in a file name there.
        let name = text.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        Store::connect_to((folder, Path::new(&format!("file:{name}?immutable=1"))), flags).map(Some)
    }

    fn connect_to((folder, name): (&Path, &Path), flags: OpenFlags) -> Result<Store, Error> {
        let path = database(folder);
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connect = || {
            let connection = Connection::open_with_flags(name, flags)?;
            connection.busy_timeout(BUSY)?;
            connection.pragma_update(None, "foreign_keys", true)?;
            // A power cut may take the last batches, never the order among them: originals and log hold them still.
            connection.pragma_update(None, "synchronous", "normal")?;
            connection.pragma_update(None, "cache_size", -CACHE)?;
            connection.set_prepared_statement_cache_capacity(STATEMENTS);
            // Else the plan of a statement depends on its values, and it is planned anew each time these are others.
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
            add_holds(&connection)?;
            Ok(connection)
        };
        let connection = connect().map_err(Error::database(&path))?;
        Ok(Store { folder: folder.to_owned(), path, connection, index: SharedIndex::default(), until: None })
    }

    /// Brings the rows to the present schema, which only the holder of the lock may do.
    pub(crate) fn prepare(&mut self, _lock: &Lock) -> Result<(), Error> {
        if schema(&self.connection, &self.path)? == Schema::Older {
            // A seal speaks of the file as it was: whoever verifies must not take what is done here for damage.
            let seal = self.folder.join("log/seal");
            match std::fs::remove_file(&seal) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Error::io(&seal)(error));
                }
                _ => migrate(&mut self.connection, &self.path)?,
            }
        }
        let name = || match are_readings_named(&self.connection)? {
            true => Ok(()),
            false => name_readings(&self.connection),
        };
        name().map_err(Error::database(&self.path))
    }

    /// Returns the folder of the record.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the folder of the search index.
    pub(crate) fn index_folder(&self) -> PathBuf {
        self.folder.join("index")
    }

    /// Returns a number that is another one when another process, or another connection, has changed a row since.
    pub fn version(&self) -> Result<u64, Error> {
        // SQLite, "PRAGMA data_version".
        self.rows(|connection| connection.pragma_query_value(None, "data_version", |row| row.get(0)))
    }

    /// Gives up on what is asked of the rows after this moment, with [`Error::TooLong`].
    ///
    /// Some lists are looked through row by row. Whoever asks for one over a network must not hold up the others.
    pub fn answer_until(&mut self, moment: Instant) -> Result<(), Error> {
        self.until = Some(moment);
        let is_over = move || Instant::now() > moment;
        self.connection.progress_handler(STEPS, Some(is_over)).map_err(Error::database(&self.path))
    }

    /// Tells whoever works out something from many rows whether the moment of [`Store::answer_until`] has passed.
    ///
    /// # Errors
    /// [`Error::TooLong`] if it has.
    pub fn in_time(&self) -> Result<(), Error> {
        match self.until.is_some_and(|moment| Instant::now() > moment) {
            true => Err(Error::TooLong),
            false => Ok(()),
        }
    }

    /// Counts the rows.
    pub fn counts(&self) -> Result<Counts, Error> {
        self.rows(|connection| {
            let count =
                |table| connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0));
            Ok(Counts {
                originals: count("originals")?,
                sightings: count("sightings")?,
                reports: count("reports")?,
                claims: count("claims")?,
                // The column behind the large bodies is not looked at where the name says enough.
                stories: count("stories WHERE id <> ''")? + count("stories WHERE due AND id = ''")?,
                families: count("(SELECT DISTINCT family FROM family_members)")?,
                copy_links: count("copy_links")?,
            })
        })
    }

    /// Checks the whole database for damage, which reads all of it.
    pub fn check(&self) -> Result<(), Error> {
        let found = self.rows(|connection| {
            let mut check = connection.prepare("PRAGMA integrity_check(10)")?;
            let lines = check.query_map([], |row| row.get::<_, String>(0))?;
            let mut found: Vec<String> = lines.collect::<Result<_, _>>()?;
            found.retain(|line| line != "ok");
            let mut orphans = connection.prepare("PRAGMA foreign_key_check")?;
            if orphans.exists([])? {
                found.push("a row belongs to one that is not there".to_owned());
            }
            Ok(found)
        })?;
        match found.is_empty() {
            true => Ok(()),
            false => Err(Error::Damaged { path: self.path.clone(), what: found.join("; ") }),
        }
    }

    /// Asks many things of the rows as they stand at one moment.
    ///
    /// One by one each would lock the file and unlock it again, which takes longer than most answers.
    pub fn at_one_moment<T, E: From<Error>>(&self, ask: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let begin = || self.connection.unchecked_transaction().map_err(Error::database(&self.path));
        // Whoever asks within such a moment asks at that moment.
        let _moment = if self.connection.is_autocommit() { Some(begin()?) } else { None };
        ask()
    }

    /// Asks the database, and tells damage from other errors.
    pub(crate) fn rows<T>(&self, ask: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        ask(&self.connection).map_err(Error::database(&self.path))
    }

    /// Hands over row after row, so that any number of them takes the memory of one.
    pub(crate) fn each<T, E: From<Error>>(
        &self,
        select: &Select,
        make: impl Fn(&Row) -> rusqlite::Result<T>,
        mut each: impl FnMut(T) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut statement =
            self.connection.prepare_cached(&select.sql).map_err(Error::database(&self.path))?;
        let values = params_from_iter(&select.values);
        let mut rows = statement.query(values).map_err(Error::database(&self.path))?;
        while let Some(row) = rows.next().map_err(Error::database(&self.path))? {
            each(make(row).map_err(Error::database(&self.path))?)?;
        }
        Ok(())
    }

    /// Returns rows of which there are few.
    pub(crate) fn all<T>(
        &self,
        select: &Select,
        make: impl Fn(&Row) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let mut found = Vec::new();
        self.each(select, make, |row| {
            found.push(row);
            Ok::<(), Error>(())
        })?;
        Ok(found)
    }
}

/// Returns the database of the record in `folder`.
pub(crate) fn database(folder: &Path) -> PathBuf {
    folder.join("record.db")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Record;

    #[test]
    fn gives_up_on_what_takes_too_long() {
        let record = Record::with(0..25).closed();
        let mut store = Store::open(record.path()).unwrap();
        store.answer_until(Instant::now()).unwrap();
        let pairs = "SELECT count(*) FROM reports AS a, reports AS b, reports AS c, reports AS d WHERE a.id + b.id = c.id + d.id";
        let count = |connection: &Connection| connection.query_row(pairs, [], |row| row.get::<_, i64>(0));
        assert!(matches!(store.rows(count), Err(Error::TooLong)));
        assert!(matches!(store.in_time(), Err(Error::TooLong)));
        store.answer_until(Instant::now() + Duration::from_secs(600)).unwrap();
        assert!(store.rows(count).is_ok());
    }

    #[test]
    fn what_is_asked_at_one_moment_is_of_that_moment() {
        let mut record = Record::with(0..1);
        let store = Store::open(record.writer.store().folder()).unwrap();
        let counts = || Ok::<_, Error>(store.counts()?.originals);
        let found = store.at_one_moment(|| {
            let before = store.at_one_moment(counts)?;
            record.put(1..3);
            Ok::<_, Error>((before, counts()?))
        });
        assert_eq!(found.unwrap(), (1, 1));
        assert_eq!(counts().unwrap(), 3);
        let failed: Result<(), Error> =
            store.at_one_moment(|| Err(Error::NoRecord { folder: "elsewhere".into() }));
        assert!(failed.is_err());
        record.put(3..4);
        assert_eq!(counts().unwrap(), 4);
    }

    #[test]
    fn a_change_by_another_is_seen() {
        let mut record = Record::with(0..1);
        let store = Store::open(record.writer.store().folder()).unwrap();
        let before = store.version().unwrap();
        assert_eq!(store.version().unwrap(), before);
        record.writer.batch(|batch| batch.set_state("mark", "1")).unwrap();
        assert_ne!(store.version().unwrap(), before);
    }

    #[test]
    fn rows_that_nobody_may_write_to_are_read() {
        let folder = Record::with(1..4).closed();
        let odd = folder.path().join("Тесмин 50%?a=b#c");
        std::fs::create_dir(&odd).unwrap();
        std::fs::copy(database(folder.path()), database(&odd)).unwrap();
        let store = Store::connect_unchanging(&odd).unwrap().unwrap();
        assert_eq!(store.counts().unwrap().originals, 3);
        // Rows in the second file would be passed over.
        std::fs::write(odd.join("record.db-wal"), "rows").unwrap();
        assert!(Store::connect_unchanging(&odd).unwrap().is_none());
    }
}
