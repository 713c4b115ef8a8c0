use std::fmt;
use std::path::PathBuf;

use crate::log::{BadCheckpoint, LONGEST_REASON};
use crate::{Damage, Error};

/// Why the log could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// A file could not be read or written.
    #[error(transparent)]
    Files(#[from] Error),
    /// What is kept does not agree with itself. Nothing is added to such a log.
    #[error(transparent)]
    Damaged(#[from] Fault),
    /// What is there is not what the last run sealed. Nothing is added to such a record.
    #[error(
        "this is not what the last run left, so nothing was written: {}. Put the record back from a backup; or move \
         record.db and index/ away, and the next run makes them again from originals/. Whoever takes log/seal away \
         accepts all that is there", first_of(.0)
    )]
    ChangedSinceSealed(Vec<Fault>),
    /// The log has been signed with a key that is not there any more.
    #[error("{}: the key of this log is gone; put it back from a backup, without it nothing can be added", .0.display())]
    KeyGone(PathBuf),
    /// The file is no key, or not the one that this log was begun with.
    #[error("{}: this is not the key that the log was begun with; put the right one back", .0.display())]
    OtherKey(PathBuf),
    /// The name for a new log cannot stand in a key.
    #[error("{0:?} cannot be the name of a log: it is empty, or has a blank or a + in it")]
    BadOrigin(String),
    /// An earlier write failed, so that what is in memory may not be what is on disk.
    #[error("an earlier write to the log failed; close the record and open it again")]
    Unsure,
    /// A leaf is longer than any may be.
    #[error("a leaf of {0} bytes is too long: a leaf holds digests, not documents")]
    TooLong(usize),
    /// The reason of an erasure is longer than may stand in a leaf.
    #[error("a reason of {} bytes is too long: at most {} may be said", .0, LONGEST_REASON)]
    LongReason(usize),
    /// There is no leaf of that number, or none in the tree that is asked about.
    #[error("there is no leaf {0} in this tree")]
    NoSuchLeaf(u64),
    /// No checkpoint has been signed yet.
    #[error("no checkpoint has been signed yet; make one first")]
    NoCheckpoint,
    /// Nothing about that original is kept, or it was erased before.
    #[error("nothing about this original is kept that could be erased")]
    NothingToErase,
    /// A record is so short that no shell fits in its place.
    #[error("the record at byte {offset} of {segment} is too short to be replaced")]
    NoRoomForShell {
        /// The file.
        segment: crate::Segment,
        /// Where in it the record begins.
        offset: u64,
    },
}

/// Says the first of several faults, and how many more there are.
fn first_of(faults: &[Fault]) -> String {
    let first = faults.first().map(Fault::to_string).unwrap_or_default();
    match faults.len().saturating_sub(1) {
        0 => first,
        more => format!("{first}, and {more} more"),
    }
}

/// One thing in a record that is not as it has to be: what, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
#[error("{file}{}: {wrong}", Place(.at))]
pub struct Fault {
    /// The file, as a path relative to the record, with `/`.
    pub file: String,
    /// The byte of the file where it begins, if it is about a part of it.
    pub at: Option<u64>,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What can be wrong with a file of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Wrong {
    /// A file that has to be there is not.
    #[error("it is missing")]
    Missing,
    /// Nobody who keeps this record wrote such a file.
    #[error("it does not belong here")]
    Foreign,
    /// The bytes are not those that were kept.
    #[error("the bytes are not those that were kept")]
    Changed,
    /// A stored record that the log knows nothing of.
    #[error(
        "{0} bytes that no leaf of the log speaks of; a run is still writing, was cut off, or somebody added them"
    )]
    WithoutLeaf(u64),
    /// The file ends before a record that was kept.
    #[error("the file ends before the end of a record of {0} bytes")]
    CutShort(u64),
    /// Two leaves speak of the same bytes.
    #[error("two leaves speak of the same bytes")]
    Overlap,
    /// A stored record that cannot be read, although its bytes are those that were kept.
    #[error("{0}")]
    Unreadable(Damage),
    /// A line that is no leaf, or not the one of its place.
    #[error("leaf {0} is not in its canonical form, or not in its place")]
    NotALeaf(u64),
    /// Leaves are missing in between or at the end.
    #[error("leaves are missing from number {0} on")]
    LeavesMissing(u64),
    /// A leaf is not the one that the tree was made from.
    #[error("leaf {0} is not the one that the tree was made from")]
    OtherLeaf(u64),
    /// A leaf speaks of something in a way that makes no sense.
    #[error("leaf {0} does not say what a leaf of its kind has to say")]
    SenselessLeaf(u64),
    /// A leaf was erased, and no other leaf says so.
    #[error("leaf {0} was taken out, and no leaf says when and why")]
    ErasedUnsaid(u64),
    /// A leaf says that another was erased, which is still there or never was.
    #[error("a leaf says that leaf {0} was erased, but it was not")]
    NotErased(u64),
    /// Leaves that no checkpoint is over.
    #[error("no checkpoint is over the leaves from number {0} on; a run is still writing or was cut off")]
    Unsigned(u64),
    /// A checkpoint is not what it has to be.
    #[error("{0}")]
    Checkpoint(BadCheckpoint),
    /// A checkpoint is of another tree than the leaves are.
    #[error("the checkpoint over {0} leaves is not of the tree that these leaves make")]
    OtherTree(u64),
    /// A checkpoint is over more leaves than there are.
    #[error(
        "the checkpoint is over {signed} leaves, and only {there} are there: the record was rolled back, or lost its end"
    )]
    RolledBack {
        /// The leaves that the checkpoint is over.
        signed: u64,
        /// The leaves that are there.
        there: u64,
    },
    /// The file does not hold the newest checkpoint.
    #[error("it is not the newest of the checkpoints that are kept")]
    NotTheNewest,
    /// The file is no verifier key, or not the one that was expected.
    #[error("it is not the key that was expected")]
    OtherKey,
    /// An erasure was begun and not ended.
    #[error("an erasure was begun and not ended; open the record to end it")]
    ErasureBegun,
    /// A plan of an erasure that is not by this log, or not over its leaves.
    #[error(
        "it is not signed by this log, or not over its leaves: nothing was erased by it; take it away to a safe place"
    )]
    NotOurErasure,
    /// A time stamp does not hold.
    #[error("{0}")]
    Stamp(crate::stamp::Refused),
    /// The seal cannot be read or was not signed by the log.
    #[error("it is not in its form, or not signed by the log")]
    BadSeal,
    /// The seal was written when there were other leaves.
    #[error("it was written over {0} leaves, and there are others now")]
    OldSeal(u64),
}

struct Place<'a>(&'a Option<u64>);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |at| write!(f, " at byte {at}"))
    }
}

impl Fault {
    /// Makes a fault of a whole file.
    pub(crate) fn of(file: impl Into<String>, wrong: Wrong) -> Fault {
        Fault { file: file.into(), at: None, wrong }
    }

    /// Makes a fault of a part of a file.
    pub(crate) fn at(file: impl Into<String>, at: u64, wrong: Wrong) -> Fault {
        Fault { file: file.into(), at: Some(at), wrong }
    }
}
