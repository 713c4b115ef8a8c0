use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use model::Digest;

use crate::Segment;

/// Why originals could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another run is appending to the same folder.
    #[error("{}: another run is writing to this record; wait until it has ended", .0.display())]
    InUse(PathBuf),
    /// Something kept is no longer what it was. Never to be retried or passed over.
    #[error(transparent)]
    Damaged(#[from] Damaged),
    /// A write that was cut short, or one that another run is making at this moment.
    #[error(transparent)]
    Torn(#[from] Torn),
}

/// Stored bytes that do not agree with their own digest, or are no longer there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("damaged original in {segment}.warc.gz at byte {offset}: {damage}{}", Named(.digest))]
pub struct Damaged {
    /// The file.
    pub segment: Segment,
    /// Where in it the record begins.
    pub offset: u64,
    /// The original, where the record still says which.
    pub digest: Option<Digest>,
    /// What does not fit.
    pub damage: Damage,
}

/// What does not fit in a damaged record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Damage {
    /// The bytes are no gzip member, or their checksum is wrong.
    #[error("the record cannot be unpacked")]
    Unpackable,
    /// The file ends inside a record.
    #[error("the file ends inside the record")]
    CutShort,
    /// The file is shorter than what was kept in it, or gone.
    #[error("the file is gone or shorter than what was kept in it")]
    Missing,
    /// What was unpacked is not laid out as a record.
    #[error("the record is not in the form it was written in")]
    Malformed,
    /// The block or the payload has another digest than the record says.
    #[error("the bytes have another digest than the record says")]
    DigestMismatch,
    /// A sound record of another original stands where this one was kept.
    #[error("another original stands in its place")]
    Swapped,
}

/// What is left of a write that was cut short at the end of the last segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a write to {segment}.warc.gz was cut short: {length} bytes from byte {offset}")]
pub struct Torn {
    /// The file.
    pub segment: Segment,
    /// Where the write began.
    pub offset: u64,
    /// How many bytes of it are there.
    pub length: u64,
}

impl Error {
    pub(crate) fn io(path: &Path) -> impl Fn(io::Error) -> Error {
        move |source| Error::Io { path: path.to_owned(), source }
    }
}

struct Named<'a>(&'a Option<Digest>);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |digest| write!(f, " ({digest})"))
    }
}
