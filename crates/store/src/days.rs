//! Columns as they are read: days, moments, and one after the other.

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Row;
use rusqlite::types::{FromSql, Type};

/// Returns the day as text. Days of the years 0 to 9999 sort as text; news has no others.
pub(crate) fn day_text(day: Option<Date>) -> Option<String> {
    day.map(|day| day.to_string())
}

pub(crate) fn day_at(row: &Row, column: &str) -> rusqlite::Result<Option<Date>> {
    row.get::<_, Option<String>>(column)?.map(day).transpose()
}

pub(crate) fn moment_at(row: &Row, column: &str) -> rusqlite::Result<Timestamp> {
    Timestamp::from_microsecond(row.get(column)?).map_err(|error| foreign(Type::Integer, error))
}

/// Returns the moment in a column that may be empty.
pub(crate) fn moment(row: &Row, column: &str) -> rusqlite::Result<Option<Timestamp>> {
    let micros: Option<i64> = row.get(column)?;
    let moment = |micros| Timestamp::from_microsecond(micros).map_err(|error| foreign(Type::Integer, error));
    micros.map(moment).transpose()
}

/// Reads the columns of a row in the order in which they were asked for.
///
/// Looking each up by its name takes longer than all else where a list has a million rows.
pub(crate) struct Columns<'a> {
    row: &'a Row<'a>,
    at: usize,
}

impl<'a> Columns<'a> {
    pub(crate) fn of(row: &'a Row<'a>) -> Columns<'a> {
        Columns { row, at: 0 }
    }

    pub(crate) fn next<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        self.at += 1;
        self.row.get(self.at - 1)
    }

    pub(crate) fn next_day(&mut self) -> rusqlite::Result<Option<Date>> {
        self.next::<Option<String>>()?.map(day).transpose()
    }
}

fn day(text: String) -> rusqlite::Result<Date> {
    text.parse().map_err(|error| foreign(Type::Text, error))
}

fn foreign(kind: Type, error: jiff::Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, kind, Box::new(error))
}
