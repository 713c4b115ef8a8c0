//! Days and moments as they stand in a column.

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Row;
use rusqlite::types::Type;

/// Returns the day as text. Days of the years 0 to 9999 sort as text; news has no others.
pub(crate) fn day_text(day: Option<Date>) -> Option<String> {
    day.map(|day| day.to_string())
}

pub(crate) fn day_at(row: &Row, column: &str) -> rusqlite::Result<Option<Date>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| text.parse().map_err(|error| foreign(Type::Text, error))).transpose()
}

pub(crate) fn moment_at(row: &Row, column: &str) -> rusqlite::Result<Timestamp> {
    Timestamp::from_microsecond(row.get(column)?).map_err(|error| foreign(Type::Integer, error))
}

fn foreign(kind: Type, error: jiff::Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, kind, Box::new(error))
}
