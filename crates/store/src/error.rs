use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use tantivy::TantivyError;

/// Why the rows or the index of a record could not be read or written.
///
/// Damage stands apart, as [`Error::Damaged`] and [`Error::IndexDamaged`]: it is never worth another try.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder holds no record.
    #[error("there is no record in {}", folder.display())]
    NoRecord {
        /// The folder that was asked for.
        folder: PathBuf,
    },
    /// The file is a sound database of another program.
    #[error("{} is a database, but not that of a record", path.display())]
    NotARecord {
        /// The database.
        path: PathBuf,
    },
    /// The rows have a shape that only a later version knows.
    #[error(
        "{} was made by a newer version (schema {found}; this one knows {known}): use that version",
        path.display()
    )]
    Newer {
        /// The database.
        path: PathBuf,
        /// The schema of the database.
        found: i64,
        /// The last schema that this version knows.
        known: i64,
    },
    /// Another process writes to the record.
    #[error(
        "another process is writing to the record {}: wait until it ends; reading works meanwhile",
        folder.display()
    )]
    Locked {
        /// The folder of the record.
        folder: PathBuf,
    },
    /// The database is not what was written.
    #[error("{} is damaged ({what}): move it away and rebuild it from the originals", path.display())]
    Damaged {
        /// The database.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// The search index is not what was written. The rows are sound, and it can be rebuilt from what they name.
    #[error("the search index {} is damaged ({what}): rebuild it", path.display())]
    IndexDamaged {
        /// The folder of the index.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// A query that finds nothing whatever the record holds, or that cannot be read.
    #[error("cannot search for {query:?}: {problem}; {hint}")]
    Query {
        /// What was asked.
        query: String,
        /// Why that does not work.
        problem: String,
        /// What does.
        hint: &'static str,
    },
    /// The answer was not found in the time that was given for it.
    #[error("this takes too long to find: ask for less, such as a kind, a report or some days")]
    TooLong,
    /// The operating system refused.
    #[error("{}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The database refused.
    #[error("{}", path.display())]
    Database {
        /// The database.
        path: PathBuf,
        /// Why.
        #[source]
        source: rusqlite::Error,
    },
    /// The search index refused.
    #[error("{}", path.display())]
    Index {
        /// The folder of the index.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<TantivyError>,
    },
}

impl Error {
    /// Tells whether something on the disk is not what was written.
    pub fn is_damage(&self) -> bool {
        matches!(self, Error::Damaged { .. } | Error::IndexDamaged { .. })
    }

    /// Tells whether the system or another process is in the way, so that nothing is known of the record itself.
    pub fn is_of_the_system(&self) -> bool {
        use ErrorCode::{CannotOpen, DatabaseBusy, DatabaseLocked, PermissionDenied};
        let of_system = [CannotOpen, DatabaseBusy, DatabaseLocked, PermissionDenied];
        let is_among = |code: Option<ErrorCode>| code.is_some_and(|code| of_system.contains(&code));
        match self {
            Error::Locked { .. } | Error::Io { .. } => true,
            Error::Database { source, .. } => is_among(source.sqlite_error_code()) || self.is_read_only(),
            _ => false,
        }
    }

    /// Tells whether the disk took no more: it is full, worn out, or not to be written to.
    pub fn is_of_the_disk(&self) -> bool {
        use ErrorCode::{DiskFull, ReadOnly, SystemIoFailure};
        let Error::Database { source, .. } = self else { return false };
        matches!(source.sqlite_error_code(), Some(DiskFull | ReadOnly | SystemIoFailure))
    }

    /// Tells whether the database cannot be opened for writing.
    pub(crate) fn is_read_only(&self) -> bool {
        let Error::Database { source, .. } = self else { return false };
        matches!(source.sqlite_error_code(), Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen))
    }

    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Error {
        move |source| Error::Io { path: path.to_owned(), source }
    }

    pub(crate) fn database(path: &Path) -> impl FnOnce(rusqlite::Error) -> Error {
        move |source| match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Error::Damaged { path: path.to_owned(), what: source.to_string() }
            }
            Some(ErrorCode::OperationInterrupted) => Error::TooLong,
            _ if is_foreign_value(&source) => {
                Error::Damaged { path: path.to_owned(), what: source.to_string() }
            }
            _ => Error::Database { path: path.to_owned(), source },
        }
    }

    pub(crate) fn index(path: &Path) -> impl FnOnce(TantivyError) -> Error {
        move |source| {
            use TantivyError as E;
            match source {
                E::DataCorruption(_)
                | E::OpenReadError(_)
                | E::OpenDirectoryError(_)
                | E::IncompatibleIndex(_)
                | E::DeserializeError(_)
                | E::FieldNotFound(_)
                | E::SchemaError(_) => {
                    Error::IndexDamaged { path: path.to_owned(), what: source.to_string() }
                }
                _ => Error::Index { path: path.to_owned(), source: Box::new(source) },
            }
        }
    }
}

/// Tells whether a column held what this crate never writes there.
fn is_foreign_value(error: &rusqlite::Error) -> bool {
    use rusqlite::Error as E;
    matches!(
        error,
        E::FromSqlConversionFailure(..) | E::IntegralValueOutOfRange(..) | E::InvalidColumnType(..)
    )
}
