//! The shape of the rows, and how an older one becomes the present one.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::Error;

/// Each brings the rows from the schema before to its own. What is released is never changed; only new ones follow.
const MIGRATIONS: [&str; 15] = [
    include_str!("../migrations/0001-first-rows.sql"),
    include_str!("../migrations/0002-web-and-log.sql"),
    include_str!("../migrations/0003-pages-that-go-back.sql"),
    include_str!("../migrations/0004-incidents.sql"),
    include_str!("../migrations/0005-corroboration-goes-on.sql"),
    include_str!("../migrations/0006-decisions.sql"),
    include_str!("../migrations/0007-hosts-of-tasks.sql"),
    include_str!("../migrations/0008-untold-reports.sql"),
    include_str!("../migrations/0009-decided-stories.sql"),
    include_str!("../migrations/0010-changes.sql"),
    include_str!("../migrations/0011-newest.sql"),
    include_str!("../migrations/0012-points.sql"),
    include_str!("../migrations/0013-denied-stories.sql"),
    include_str!("../migrations/0014-lots.sql"),
    include_str!("../migrations/0015-counted-incidents.sql"),
];

/// Marks a database as that of a record: "CRED" in ASCII.
const APPLICATION: i64 = 0x4352_4544;

/// What has to be done before the rows can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Schema {
    Present,
    /// Older than this version, or empty.
    Older,
}

/// Reads the schema of a database, and refuses what this version cannot use.
pub(crate) fn schema(connection: &Connection, path: &Path) -> Result<Schema, Error> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let read = || Ok((pragma("application_id")?, pragma("user_version")?, pragma("schema_version")?));
    let (application, found, changes) = read().map_err(Error::database(path))?;
    let known = MIGRATIONS.len() as i64;
    match (application, found) {
        // A crash between creating the file and its first migration leaves a database without anything in it.
        (0, 0) if changes == 0 => Ok(Schema::Older),
        (APPLICATION, found) if found > known => Err(Error::Newer { path: path.to_owned(), found, known }),
        (APPLICATION, found) if found == known => Ok(Schema::Present),
        (APPLICATION, found) if found > 0 => Ok(Schema::Older),
        _ => Err(Error::NotARecord { path: path.to_owned() }),
    }
}

/// Brings the rows to the present schema, each step in one transaction: a crash leaves the one or the other.
pub(crate) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), Error> {
    // Outside of any transaction, as SQLite demands. It is kept in the file.
    connection.pragma_update(None, "journal_mode", "wal").map_err(Error::database(path))?;
    let done: i64 = connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(Error::database(path))?;
    let done = usize::try_from(done).unwrap_or(MIGRATIONS.len());
    for (number, script) in MIGRATIONS.iter().enumerate().skip(done) {
        step(connection, script, number as i64 + 1).map_err(Error::database(path))?;
    }
    Ok(())
}

fn step(connection: &mut Connection, script: &str, number: i64) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(script)?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", number)?;
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::sample::{Record, names};
    use crate::{Store, Writer};

    fn in_database(folder: &Path, sql: &str) {
        Connection::open(folder.join("record.db")).unwrap().execute_batch(sql).unwrap();
    }

    #[test]
    fn an_empty_file_becomes_a_record() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("record.db"), "").unwrap();
        assert_eq!(names(&Store::open(folder.path()).unwrap()), [""; 0]);
        let mode: String = Store::open(folder.path())
            .unwrap()
            .rows(|connection| connection.pragma_query_value(None, "journal_mode", |row| row.get(0)))
            .unwrap();
        assert_eq!(mode, "wal");
    }

    #[test]
    fn a_record_stays_as_it_is_when_opened_again() {
        let record = Record::with(0..2);
        let all = |record: &Record| -> Vec<(String, Option<String>)> {
            record
                .writer
                .store()
                .rows(|connection| {
                    let mut select =
                        connection.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name")?;
                    select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
                })
                .unwrap()
        };
        let before = all(&record);
        let record = record.reopened();
        assert_eq!(all(&record), before);
        record.writer.store().check().unwrap();
    }

    #[test]
    fn no_folder_is_no_record() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Store::open(folder.path()), Err(Error::NoRecord { .. })));
        assert!(matches!(Writer::open(folder.path()), Err(Error::NoRecord { .. })));
        assert!(!folder.path().join("record.db").exists());
    }

    #[test]
    fn an_older_record_loses_the_seal_that_its_rows_had() {
        let folder = tempfile::tempdir().unwrap();
        in_database(folder.path(), &format!("{}; PRAGMA user_version = 1", MIGRATIONS[0]));
        in_database(folder.path(), &format!("PRAGMA application_id = {APPLICATION}"));
        let seal = folder.path().join("log/seal");
        fs::create_dir(folder.path().join("log")).unwrap();
        fs::write(&seal, "").unwrap();
        Store::open(folder.path()).unwrap().check().unwrap();
        assert!(!seal.exists());
        fs::write(&seal, "").unwrap();
        Store::open(folder.path()).unwrap();
        assert!(seal.exists());
    }

    #[test]
    fn a_newer_record_is_left_alone() {
        let folder = Record::with(0..1).closed();
        in_database(folder.path(), "PRAGMA user_version = 99");
        assert!(matches!(Store::open(folder.path()), Err(Error::Newer { found: 99, .. })));
        assert!(matches!(Writer::open(folder.path()), Err(Error::Newer { found: 99, .. })));
    }

    #[test]
    fn the_database_of_another_program_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        in_database(folder.path(), "CREATE TABLE recipes (name TEXT)");
        assert!(matches!(Store::open(folder.path()), Err(Error::NotARecord { .. })));
        assert!(matches!(Writer::create_or_open(folder.path()), Err(Error::NotARecord { .. })));
    }

    #[test]
    fn garbage_is_damage() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("record.db"), "no database at all, ".repeat(400)).unwrap();
        for error in [Store::open(folder.path()).err().unwrap(), Writer::open(folder.path()).err().unwrap()] {
            assert!(error.is_damage(), "{error:?}");
        }
    }

    #[test]
    fn damage_inside_is_found() {
        let folder = Record::with(0..20).closed();
        let path = folder.path().join("record.db");
        in_database(folder.path(), "PRAGMA wal_checkpoint(TRUNCATE)");
        let mut bytes = fs::read(&path).unwrap();
        bytes[8192..].fill(0xA5);
        fs::write(&path, bytes).unwrap();
        let store = Store::open(folder.path());
        let error = store.and_then(|store| store.check()).unwrap_err();
        assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
    }
}
