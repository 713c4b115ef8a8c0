use std::io::{BufRead, BufReader};
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::Error;

/// Reads all rows of a JSON Lines file.
pub(crate) fn rows<Row: DeserializeOwned>(path: &Path) -> Result<Vec<Row>, Error> {
    let file = std::fs::File::open(path).map_err(|source| Error::File { path: path.to_owned(), source })?;
    let mut rows = Vec::new();
    // Only a line feed ends a row: other line breaks of Unicode may stand inside a string.
    for (at, line) in BufReader::new(file).split(b'\n').enumerate() {
        let line = line.map_err(|source| Error::File { path: path.to_owned(), source })?;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let row = serde_json::from_slice(&line).map_err(|error| Error::Row {
            path: path.to_owned(),
            line: at + 1,
            // The words of the error could quote the row; its class and column cannot.
            reason: format!("{:?} at column {}", error.classify(), error.column()),
        })?;
        rows.push(row);
    }
    Ok(rows)
}
