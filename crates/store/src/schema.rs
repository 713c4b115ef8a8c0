//! The shape of the rows, and how an older one becomes the present one.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::Error;

/// Each brings the rows from the schema before to its own. What is released is never changed; only new ones follow.
const MIGRATIONS: [&str; 1] = [include_str!("../migrations/0001-first-rows.sql")];

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
