use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::Path;

use jiff::Timestamp;
use model::{Digest, Kind};

use crate::durable::sync_folder;
use crate::gzip::Packer;
use crate::reader::{Step, damaged, length_of};
use crate::warc::{self, END, Unread};
use crate::{Damaged, Error, Position, Reader, Segment, Sighting, Torn};

/// Bytes as they were received, and how they came.
#[derive(Clone, Copy)]
pub struct Original<'a> {
    /// The bytes, unchanged.
    pub bytes: &'a [u8],
    /// As what they are to be read.
    pub kind: Kind,
    /// Their address. What may not stand in an address is percent-encoded.
    pub uri: &'a str,
    /// When they were received. Whole seconds are kept.
    pub received: Timestamp,
}

/// What was found at the end of the originals when they were opened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recovery {
    /// A write that had been cut short, and was now taken away. Nobody had been told that it was kept.
    pub torn: Option<Torn>,
    /// Damage in the segment that was last written to. It is left as it is; what is appended goes to a new segment.
    pub damaged: Option<Damaged>,
}

/// Appends originals and sightings to the segments of one folder. One run at a time can.
#[derive(Debug)]
pub struct Originals {
    reader: Reader,
    packer: Packer,
    limit: u64,
    /// The newest segment that there is.
    newest: Option<Segment>,
    /// The segment that is appended to.
    current: Option<Current>,
    /// Whether a file was made whose name could still be lost.
    unsynced_name: bool,
    folder: std::path::PathBuf,
    /// Held while this value lives.
    _lock: File,
}

#[derive(Debug)]
struct Current {
    segment: Segment,
    file: File,
    /// Where the last whole record ends.
    length: u64,
    /// Whether a write failed, so that bytes of it may lie behind the last whole record.
    unsure: bool,
}

/// A segment is closed when it has reached this size: 1 GiB is what the annex of the standard advises.
const SEGMENT_LIMIT: u64 = 1 << 30;

impl Originals {
    /// Opens a folder of originals to append to it, and makes it if there is none.
    ///
    /// If the last run was stopped in the middle of a write, what is left of that write is cut off. `known` is the
    /// last position that was written down elsewhere after [`sync`](Originals::sync): nothing up to its end is ever
    /// cut off, and only what lies behind it is read through. Without it, the whole last segment is. Records behind
    /// `known` that are whole are kept; [`Reader::scan_after`] returns them.
    ///
    /// # Errors
    /// [`Error::InUse`] if another run has the folder open. Damage is no error here, but part of the [`Recovery`].
    pub fn open(folder: &Path, known: Option<Position>) -> Result<(Originals, Recovery), Error> {
        make_folder(folder)?;
        let lock = lock(folder)?;
        let reader = Reader::new(folder);
        let newest = reader.segments()?.pop();
        let mut originals = Originals {
            reader,
            packer: Packer::new(),
            limit: SEGMENT_LIMIT,
            newest,
            current: None,
            unsynced_name: false,
            folder: folder.to_owned(),
            _lock: lock,
        };
        let recovery = originals.recover(known)?;
        Ok((originals, recovery))
    }

    /// Sets the size at which a segment is closed and the next one begun.
    #[must_use]
    pub fn with_segment_limit(mut self, bytes: u64) -> Originals {
        self.limit = bytes;
        self
    }

    /// Returns a reader of the same folder.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Appends an original. It is not kept for certain before [`sync`](Originals::sync) has returned.
    ///
    /// Whether the same bytes are there already is for the caller to know.
    pub fn append(&mut self, original: &Original<'_>) -> Result<Position, Error> {
        let head = warc::resource_head(original, Digest::of(original.bytes));
        let member = self.packer.pack(&[&head, original.bytes, END]);
        self.write(original.received, &member)
    }

    /// Appends a sighting of an original that was appended before.
    pub fn append_sighting(&mut self, sighting: &Sighting) -> Result<Position, Error> {
        let (head, block) = warc::sighting(sighting);
        let member = self.packer.pack(&[&head, &block, END]);
        self.write(sighting.seen, &member)
    }

    /// Makes everything durable that was appended: after this it may be reported as kept.
    pub fn sync(&mut self) -> Result<(), Error> {
        if let Some(current) = &self.current {
            // The length of a file is among what is made durable with its bytes.
            current.file.sync_data().map_err(Error::io(&self.reader.path(current.segment)))?;
        }
        // If we stop here, the bytes are safe, but a new file may have no name yet. Nothing was reported.
        if self.unsynced_name {
            sync_folder(&self.folder)?;
            self.unsynced_name = false;
        }
        Ok(())
    }

    fn write(&mut self, time: Timestamp, member: &[u8]) -> Result<Position, Error> {
        self.make_room(time)?;
        self.write_member(member)
    }

    /// Sees to it that there is a segment that takes another record of that time.
    fn make_room(&mut self, time: Timestamp) -> Result<(), Error> {
        let day = warc::day(time);
        if self.current.as_ref().is_some_and(|at| at.length < self.limit && at.segment.day >= day) {
            return Ok(());
        }
        // A segment is finished before the next is begun, so that only the last one can end in a torn write.
        self.sync()?;
        let first = Segment { day, number: 1 };
        let segment = self.newest.map_or(first, |newest| newest.next(day));
        let path = self.reader.path(segment);
        let file = OpenOptions::new().append(true).create_new(true).open(&path).map_err(Error::io(&path))?;
        self.unsynced_name = true;
        let before = self.newest.replace(segment);
        self.current = Some(Current { segment, file, length: 0, unsure: false });
        // If we stop here, the segment is empty; opening takes it away.
        let (head, block) = warc::warcinfo(segment, time);
        let member = self.packer.pack(&[&head, &block, END]);
        if let Err(error) = self.write_member(&member) {
            // A segment without its first record would not be one. What cannot be removed now, opening clears away.
            self.current = None;
            if fs::remove_file(&path).is_ok() {
                self.newest = before;
            }
            return Err(error);
        }
        Ok(())
    }

    fn write_member(&mut self, member: &[u8]) -> Result<Position, Error> {
        let current = self.current.as_mut().expect("a segment was made ready for this record");
        let path = self.reader.path(current.segment);
        if current.unsure {
            current.file.set_len(current.length).map_err(Error::io(&path))?;
            current.unsure = false;
        }
        if let Err(error) = current.file.write_all(member) {
            // The disk may be full. What was written of the record is taken back, now or before the next one.
            current.unsure = current.file.set_len(current.length).is_err();
            return Err(Error::io(&path)(error));
        }
        // If we stop here, the record is whole, or torn if the power goes: opening tells the two apart.
        let (offset, stored_length) = (current.length, member.len() as u64);
        current.length += stored_length;
        Ok(Position { segment: current.segment, offset, stored_length })
    }

    /// Looks at the end of the newest segment and makes it ready to be appended to.
    fn recover(&mut self, known: Option<Position>) -> Result<Recovery, Error> {
        let mut recovery = Recovery { damaged: self.missing(known)?, ..Recovery::default() };
        let Some(newest) = self.newest else { return Ok(recovery) };
        let safe = known.filter(|known| known.segment == newest).map_or(0, |known| known.end());
        match self.end_of(newest, safe)? {
            End::Whole => {}
            End::Torn(torn) => recovery.torn = Some(self.cut_off(torn)?),
            End::Damaged(damaged) => recovery.damaged = recovery.damaged.or(Some(damaged)),
        }
        if recovery.damaged.is_none() {
            self.take_up()?;
        }
        Ok(recovery)
    }

    /// Finds out whether what was last known to be kept is still there.
    fn missing(&self, known: Option<Position>) -> Result<Option<Damaged>, Error> {
        let Some(known) = known else { return Ok(None) };
        let found = self.reader.stored(known)?;
        Ok(found.err().map(|unread| damaged(known.segment, known.offset, unread)))
    }

    fn end_of(&self, segment: Segment, from: u64) -> Result<End, Error> {
        let mut walk = self.reader.walk(segment, from)?;
        while let Some(step) = walk.step() {
            let (offset, unread) = match step {
                Step::Record(..) => continue,
                Step::Refused(error) => return Err(Error::io(&self.reader.path(segment))(error)),
                Step::Unread(position, unread) => (position.offset, unread),
                Step::Broken(offset, damage) => match self.torn_end(segment, offset)? {
                    Some(torn) => return Ok(End::Torn(torn)),
                    None => (offset, Unread { damage, digest: None }),
                },
            };
            return Ok(End::Damaged(damaged(segment, offset, unread)));
        }
        Ok(End::Whole)
    }

    /// Tells whether a torn write begins at `offset`: one that no whole record follows.
    fn torn_end(&self, segment: Segment, offset: u64) -> Result<Option<Torn>, Error> {
        match self.reader.next_whole(segment, offset + 1)? {
            Some(_) => Ok(None),
            None => self.reader.torn(segment, offset),
        }
    }

    fn cut_off(&self, torn: Torn) -> Result<Torn, Error> {
        let path = self.reader.path(torn.segment);
        let file = OpenOptions::new().write(true).open(&path).map_err(Error::io(&path))?;
        // If we stop before or after this step, every record in front of the torn one is whole.
        file.set_len(torn.offset).and_then(|()| file.sync_all()).map_err(Error::io(&path))?;
        Ok(torn)
    }

    /// Opens the newest segment for appending; one that was only just begun is taken away and begun anew.
    fn take_up(&mut self) -> Result<(), Error> {
        while let Some(segment) = self.newest {
            let path = self.reader.path(segment);
            let length = length_of(&path)?.unwrap_or(0);
            if length > 0 {
                let file = OpenOptions::new().append(true).open(&path).map_err(Error::io(&path))?;
                self.current = Some(Current { segment, file, length, unsure: false });
                return Ok(());
            }
            fs::remove_file(&path).map_err(Error::io(&path))?;
            self.newest = self.reader.segments()?.pop();
        }
        Ok(())
    }
}

/// How the newest segment ends.
enum End {
    Whole,
    Torn(Torn),
    Damaged(Damaged),
}

fn make_folder(folder: &Path) -> Result<(), Error> {
    if length_of(folder)?.is_some() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(Error::io(folder))?;
    // If we stop here, the folder may be gone after a power cut, and with it nothing.
    folder.parent().filter(|parent| !parent.as_os_str().is_empty()).map_or(Ok(()), sync_folder)
}

fn lock(folder: &Path) -> Result<File, Error> {
    let path = folder.join(".lock");
    let file =
        OpenOptions::new().write(true).create(true).truncate(false).open(&path).map_err(Error::io(&path))?;
    // The system lets go of the lock when the run ends, in whatever way.
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::InUse(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(Error::io(&path)(error)),
    }
}
