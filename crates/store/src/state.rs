//! Facts about the whole record, by name.

use rusqlite::{Connection, OptionalExtension};

use crate::{Batch, Error, Store, Writer, corroboration, incidents};

/// Names the present set of readings. A new name means that the search index starts afresh.
const READINGS: &str = "readings";

impl Store {
    /// Returns what was set under that name.
    pub fn state(&self, key: &str) -> Result<Option<String>, Error> {
        self.rows(|connection| value(connection, key))
    }

    /// Returns the name of the present set of readings.
    pub(crate) fn readings_name(&self) -> Result<String, Error> {
        Ok(self.state(READINGS)?.unwrap_or_default())
    }
}

impl Batch<'_> {
    /// Sets a fact under a name. Names that begin with `corroboration` or `readings` belong to this crate.
    pub fn set_state(&mut self, key: &str, value: &str) -> Result<(), Error> {
        self.change(|connection| set(connection, key, value))
    }
}

impl Writer {
    /// Removes all reports, claims and what was worked out from them; originals and sightings stay.
    ///
    /// If the process stops before all originals are read again, [`Store::unread`] names those that are left.
    pub fn clear_readings(&mut self) -> Result<(), Error> {
        self.transaction(|connection| {
            corroboration::clear(connection)?;
            incidents::count_moved(connection)?;
            connection.execute_batch(
                "DELETE FROM sketches; DELETE FROM claims; DELETE FROM incidents; DELETE FROM account_words;
                 DELETE FROM reports;",
            )?;
            name_readings(connection)
        })?;
        self.restart_index()
    }
}

/// Gives the set of readings a name that no other has, so that an index of an earlier set is recognised.
pub(crate) fn name_readings(connection: &Connection) -> rusqlite::Result<()> {
    let name: String = connection.query_row("SELECT lower(hex(randomblob(8)))", [], |row| row.get(0))?;
    set(connection, READINGS, &name)
}

pub(crate) fn are_readings_named(connection: &Connection) -> rusqlite::Result<bool> {
    Ok(value(connection, READINGS)?.is_some())
}

fn value(connection: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    let mut select = connection.prepare_cached("SELECT value FROM state WHERE key = ?1")?;
    select.query_row([key], |row| row.get(0)).optional()
}

pub(crate) fn set(connection: &Connection, key: &str, value: &str) -> rusqlite::Result<()> {
    let mut upsert = connection.prepare_cached(
        "INSERT INTO state (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )?;
    upsert.execute([key, value]).map(drop)
}
