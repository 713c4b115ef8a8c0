use std::borrow::Cow;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use model::{Digest, Kind};

use crate::durable::{beside, make_folder, sync_folder};
use crate::gzip::Packer;
use crate::reader::{Step, damaged, length_of};
use crate::warc::{self, END, Unread};
use crate::{Damaged, Error, Exchange, KeptExchange, Position, Reader, Segment, Sighting, Torn, step};

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
    folder: PathBuf,
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
    /// last position that was written down elsewhere after [`sync`](Originals::sync), and before anybody was told:
    /// nothing up to its end is ever cut off, and only what lies behind it is read through. Without it, the whole
    /// last segment is. Records behind `known` that are whole are kept up to the first that is not, and
    /// [`Reader::scan_after`] returns them.
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

    /// Appends an exchange: its request, how it came, and last its answer.
    ///
    /// If the answer is a response that is read as some kind, the original is what is left when its chunks are joined
    /// and its codings undone; it is read back, scanned and sighted as any other. An answer that was given before
    /// ([`Answer::Revisit`](crate::Answer::Revisit)) holds no body.
    pub fn append_exchange(&mut self, exchange: &Exchange<'_>) -> Result<KeptExchange, Error> {
        let records = warc::exchange(exchange);
        let mut put = |(head, block): &(Vec<u8>, Cow<'_, [u8]>)| {
            let member = self.packer.pack(&[head, block, END]);
            self.write(exchange.received, &member)
        };
        let request = put(&records.request)?;
        // If we stop here, there is a request without an answer. Nobody was told of it, and nothing is read out of it.
        let notes = put(&records.notes)?;
        let answer = put(&records.answer)?;
        Ok(KeptExchange { request, notes, answer, original: records.original })
    }

    /// Makes everything durable that was appended: after this it may be reported as kept.
    pub fn sync(&mut self) -> Result<(), Error> {
        if let Some(current) = &self.current {
            // The length of a file is among what is made durable with its bytes.
            current.file.sync_data().map_err(Error::io(&self.reader.path(current.segment)))?;
        }
        // If we stop here, the bytes are safe, but a new file may have no name yet. Nothing was reported.
        step::done("originals-written");
        if self.unsynced_name {
            sync_folder(&self.folder)?;
            self.unsynced_name = false;
        }
        // If we stop here, the originals are kept, and no leaf speaks of them. Opening the log adds the leaves.
        step::done("originals-synced");
        Ok(())
    }

    /// Puts shells in the place of records that are erased, each of the length of what stood there.
    ///
    /// The shells are in the order of their positions, and all in that segment.
    pub(crate) fn replace(&mut self, segment: Segment, shells: &[(Position, Vec<u8>)]) -> Result<(), Error> {
        self.sync()?;
        let path = self.reader.path(segment);
        let new = beside(&path);
        let copied = File::create(&new).and_then(|file| copy_with(&path, file, shells));
        copied.map_err(Error::io(&new))?;
        // If we stop here, the segment is as it was, and a whole or a part of the new one lies beside it.
        step::done("segment-copied");
        fs::rename(&new, &path).map_err(Error::io(&path))?;
        sync_folder(&self.folder)?;
        // If we stop here, the segment has its shells. Doing all of it again changes nothing.
        step::done("segment-replaced");
        if let Some(current) = self.current.as_mut().filter(|current| current.segment == segment) {
            // What was open is the file without a name.
            current.file = OpenOptions::new().append(true).open(&path).map_err(Error::io(&path))?;
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
        let behind = if known.is_some() { Behind::NothingReported } else { Behind::Unknown };
        match self.end_of((newest, safe), behind)? {
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

    fn end_of(&self, (segment, from): (Segment, u64), behind: Behind) -> Result<End, Error> {
        let mut walk = self.reader.walk(segment, from)?;
        while let Some(step) = walk.step() {
            let (offset, unread) = match step {
                Step::Record(..) => continue,
                Step::Refused(error) => return Err(Error::io(&self.reader.path(segment))(error)),
                Step::Unread(position, unread) => (position.offset, unread),
                Step::Broken(offset, damage) => match self.torn_end(segment, offset, behind)? {
                    Some(torn) => return Ok(End::Torn(torn)),
                    None => (offset, Unread { damage, digest: None }),
                },
            };
            return Ok(End::Damaged(damaged(segment, offset, unread)));
        }
        Ok(End::Whole)
    }

    /// Tells whether a torn write begins at `offset`.
    ///
    /// When the power goes, bytes that were not synced reach the disk in any order, so whole records can lie behind
    /// a hole. They were reported to nobody if what is known to be kept ends in front of it. Where that is not known,
    /// only what no whole record follows is a torn write.
    fn torn_end(&self, segment: Segment, offset: u64, behind: Behind) -> Result<Option<Torn>, Error> {
        if behind == Behind::NothingReported {
            let path = self.reader.path(segment);
            let length = length_of(&path)?.unwrap_or(0).saturating_sub(offset);
            return Ok(Some(Torn { segment, offset, length }));
        }
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

/// What may have been reported of the records behind the last that is known to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Behind {
    NothingReported,
    Unknown,
}

/// How the newest segment ends.
enum End {
    Whole,
    Torn(Torn),
    Damaged(Damaged),
}

/// Copies a segment, with shells in place of some of its records.
fn copy_with(from: &Path, mut to: File, shells: &[(Position, Vec<u8>)]) -> io::Result<()> {
    let mut from = File::open(from)?;
    let mut at = 0;
    for (position, shell) in shells {
        let refused = || io::Error::new(io::ErrorKind::InvalidInput, "a shell that does not fit its place");
        let between = position.offset.checked_sub(at).ok_or_else(refused)?;
        at = position.offset.checked_add(shell.len() as u64).ok_or_else(refused)?;
        if shell.len() as u64 != position.stored_length || at > from.metadata()?.len() {
            return Err(refused());
        }
        io::copy(&mut (&from).take(between), &mut to)?;
        to.write_all(shell)?;
        from.seek(SeekFrom::Start(at))?;
    }
    io::copy(&mut from, &mut to)?;
    to.sync_all()
}

pub(crate) fn lock(folder: &Path) -> Result<File, Error> {
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

#[cfg(test)]
mod tests {
    use model::Metadata;
    use proptest::prelude::*;

    use super::*;
    use crate::{Damage, Stored};

    const TEXTS: [&str; 3] = ["Three people were hurt.", "Троє людей поранено.", ""];

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn original(text: &str) -> Original<'_> {
        let received = time("2031-03-12T08:00:00Z");
        Original { bytes: text.as_bytes(), kind: Kind::PlainText, uri: "file:///cases/a.txt", received }
    }

    fn sighting(text: &str) -> Sighting {
        Sighting {
            original: Digest::of(text.as_bytes()),
            first_received: original(text).received,
            seen: time("2031-03-12T09:00:00Z"),
            source: "/cases/a.txt".into(),
            line: None,
            byte_offset: 0,
            kind: Kind::PlainText,
            hints: Metadata { id: "a.txt".into(), ..Metadata::default() },
            capture: None,
        }
    }

    fn open(folder: &Path) -> (Originals, Recovery) {
        Originals::open(folder, None).unwrap()
    }

    /// Keeps each text with a sighting, and returns where they lie: original, sighting, original and so on.
    fn keep(folder: &Path) -> Vec<Position> {
        let (mut originals, recovery) = open(folder);
        assert_eq!(recovery, Recovery::default());
        let positions = TEXTS.iter().flat_map(|text| {
            [originals.append(&original(text)).unwrap(), originals.append_sighting(&sighting(text)).unwrap()]
        });
        let positions = positions.collect();
        originals.sync().unwrap();
        positions
    }

    fn file_of(folder: &Path, position: Position) -> PathBuf {
        folder.join(position.segment.file_name())
    }

    /// Everything that a scan finds: the records, and what is wrong with the others.
    fn scan(folder: &Path) -> (Vec<(Position, Stored)>, Vec<Error>) {
        let (found, faults): (Vec<_>, Vec<_>) =
            Reader::new(folder).scan().unwrap().partition(|item| item.is_ok());
        (found.into_iter().flatten().collect(), faults.into_iter().filter_map(Result::err).collect())
    }

    #[test]
    fn everything_is_read_back_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let positions = keep(folder.path());
        let (found, faults) = scan(folder.path());
        assert!(faults.is_empty(), "{faults:?}");
        let expected = TEXTS.iter().flat_map(|text| {
            let Original { bytes, kind, uri, received } = original(text);
            let digest = Digest::of(bytes);
            let resource = crate::Resource { digest, kind, uri: uri.into(), received, bytes: bytes.into() };
            [Stored::Resource(resource), Stored::Sighting(sighting(text))]
        });
        assert_eq!(found, positions.iter().copied().zip(expected).collect::<Vec<_>>());
        let reader = Reader::new(folder.path());
        assert_eq!(reader.scan_after(positions[3]).unwrap().count(), 2);
        assert_eq!(reader.scan_after(positions[5]).unwrap().count(), 0);
        assert_eq!(reader.read(positions[2], Digest::of(TEXTS[1].as_bytes())).unwrap(), TEXTS[1].as_bytes());
    }

    #[test]
    fn the_same_input_gives_the_same_bytes() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let position = keep(one.path())[0];
        keep(other.path());
        let bytes = |folder: &tempfile::TempDir| fs::read(file_of(folder.path(), position)).unwrap();
        assert_eq!(bytes(&one), bytes(&other));
    }

    #[test]
    fn a_segment_ends_at_its_limit_and_with_its_day() {
        let folder = tempfile::tempdir().unwrap();
        let (originals, _) = open(folder.path());
        let mut originals = originals.with_segment_limit(1);
        let mut keep_at = |received: &str| {
            let received = time(received);
            originals.append(&Original { received, ..original("x") }).unwrap().segment.to_string()
        };
        assert_eq!(keep_at("2031-03-12T23:59:59Z"), "20310312-00001");
        assert_eq!(keep_at("2031-03-12T23:59:59Z"), "20310312-00002");
        assert_eq!(keep_at("2031-03-13T00:00:00Z"), "20310313-00001");
        assert_eq!(keep_at("2031-03-12T00:00:00Z"), "20310313-00002");
        let (mut originals, _) = {
            drop(originals);
            open(folder.path())
        };
        assert_eq!(originals.append(&original("y")).unwrap().segment.to_string(), "20310313-00002");
        let (found, faults) = scan(folder.path());
        assert_eq!((found.len(), faults.len()), (5, 0));
    }

    #[test]
    fn one_run_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let first = open(folder.path());
        assert!(matches!(Originals::open(folder.path(), None), Err(Error::InUse(_))));
        drop(first);
        open(folder.path());
    }

    #[test]
    fn cut_short_at_every_byte_of_the_last_record() {
        let folder = tempfile::tempdir().unwrap();
        let positions = keep(folder.path());
        let last = positions[5];
        let path = file_of(folder.path(), last);
        let undisturbed = fs::read(&path).unwrap();
        for length in last.offset..last.end() {
            let left = usize::try_from(length).unwrap();
            fs::write(&path, &undisturbed[..left]).unwrap();
            let (found, faults) = scan(folder.path());
            assert_eq!((found.len(), faults.len()), (5, usize::from(length > last.offset)));
            let known = (length % 2 == 0).then_some(positions[2]);
            let (mut originals, recovery) = Originals::open(folder.path(), known).unwrap();
            assert_eq!(recovery.damaged, None);
            let torn = recovery.torn.map(|torn| (torn.offset, torn.length));
            assert_eq!(torn, (length > last.offset).then_some((last.offset, length - last.offset)));
            originals.append_sighting(&sighting(TEXTS[2])).unwrap();
            assert_eq!(fs::read(&path).unwrap(), undisturbed);
        }
    }

    #[test]
    fn zeros_behind_the_last_record_were_on_their_way() {
        let folder = tempfile::tempdir().unwrap();
        let last = keep(folder.path())[5];
        let path = file_of(folder.path(), last);
        let undisturbed = fs::read(&path).unwrap();
        let (end, within) = (last.end(), last.offset + 20);
        for (kept, zeros, torn_at) in
            [(end, 4096, end), (within, 4096, last.offset), (within, 1, last.offset)]
        {
            let left = usize::try_from(kept).unwrap();
            fs::write(&path, [&undisturbed[..left], &vec![0; zeros]].concat()).unwrap();
            let (_, recovery) = open(folder.path());
            assert_eq!(recovery.torn.map(|torn| torn.offset), Some(torn_at));
            assert_eq!(recovery.damaged, None);
        }
    }

    #[test]
    fn a_segment_that_was_only_just_begun_is_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let last = keep(folder.path())[5];
        let next = folder.path().join("20310313-00001.warc.gz");
        for begun in [&b""[..], &crate::gzip::HEADER[..7]] {
            fs::write(&next, begun).unwrap();
            let (mut originals, recovery) = open(folder.path());
            assert_eq!((recovery.damaged, recovery.torn.is_some()), (None, !begun.is_empty()));
            assert!(!next.exists());
            assert_eq!(originals.append(&original("x")).unwrap().segment, last.segment);
        }
    }

    #[test]
    fn damage_is_left_as_it_is_and_nothing_is_added_behind_it() {
        let folder = tempfile::tempdir().unwrap();
        let positions = keep(folder.path());
        let path = file_of(folder.path(), positions[2]);
        let mut bytes = fs::read(&path).unwrap();
        bytes[usize::try_from(positions[2].offset).unwrap() + 40] ^= 0xff;
        fs::write(&path, &bytes).unwrap();

        let (mut originals, recovery) = open(folder.path());
        let damaged = recovery.damaged.unwrap();
        assert_eq!((damaged.offset, damaged.damage), (positions[2].offset, Damage::Unpackable));
        assert_eq!(originals.append(&original("x")).unwrap().segment.number, 2);
        assert_eq!(fs::read(&path).unwrap(), bytes);
        let (found, faults) = scan(folder.path());
        assert_eq!(found.len(), 6);
        assert!(matches!(&faults[..], [Error::Damaged(found)] if *found == damaged), "{faults:?}");
    }

    #[test]
    fn a_hole_with_whole_records_behind_it_was_told_to_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let positions = keep(folder.path());
        let path = file_of(folder.path(), positions[0]);
        let mut bytes = fs::read(&path).unwrap();
        let (start, end) = (positions[2].offset as usize, positions[2].end() as usize);
        bytes[start..end].fill(0);
        fs::write(&path, &bytes).unwrap();
        // Where it is not known what was reported, nothing is taken away.
        let (_, recovery) = open(folder.path());
        assert!(recovery.damaged.is_some() && recovery.torn.is_none());
        let (mut originals, recovery) = Originals::open(folder.path(), Some(positions[1])).unwrap();
        assert_eq!(
            (recovery.damaged, recovery.torn.map(|torn| torn.offset)),
            (None, Some(positions[2].offset))
        );
        originals.append(&original("x")).unwrap();
        drop(originals);
        let (found, faults) = scan(folder.path());
        assert_eq!((found.len(), faults.len()), (3, 0));
    }

    #[test]
    fn what_was_known_to_be_kept_is_missed() {
        let folder = tempfile::tempdir().unwrap();
        let positions = keep(folder.path());
        let path = file_of(folder.path(), positions[5]);
        let cut = OpenOptions::new().write(true).open(&path).unwrap();
        cut.set_len(positions[5].end() - 1).unwrap();
        let (_, recovery) = Originals::open(folder.path(), Some(positions[5])).unwrap();
        assert_eq!(recovery.damaged.map(|damaged| damaged.damage), Some(Damage::Missing));
        assert_eq!(fs::metadata(&path).unwrap().len(), positions[5].end() - 1);
        fs::remove_file(&path).unwrap();
        let (_, recovery) = Originals::open(folder.path(), Some(positions[5])).unwrap();
        assert_eq!(recovery.damaged.map(|damaged| damaged.damage), Some(Damage::Missing));
    }

    #[test]
    fn another_original_in_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let positions = keep(folder.path());
        let damage =
            |position| match Reader::new(folder.path()).read(position, Digest::of(TEXTS[0].as_bytes())) {
                Err(Error::Damaged(damaged)) => Some(damaged.damage),
                _ => None,
            };
        assert_eq!(damage(positions[0]), None);
        assert_eq!(damage(positions[1]), Some(Damage::Swapped));
        assert_eq!(damage(positions[2]), Some(Damage::Swapped));
        assert_eq!(damage(Position { stored_length: 9, ..positions[0] }), Some(Damage::Swapped));
        assert_eq!(damage(Position { offset: 1, ..positions[0] }), Some(Damage::Unpackable));
        assert_eq!(damage(Position { offset: u64::MAX, ..positions[0] }), Some(Damage::Missing));
    }

    proptest! {
        #[test]
        fn whichever_bits_are_flipped_it_is_seen(at in any::<prop::sample::Index>(), mask in 1u8..) {
            let folder = tempfile::tempdir().unwrap();
            let positions = keep(folder.path());
            let path = file_of(folder.path(), positions[0]);
            let (before, _) = scan(folder.path());
            let mut bytes = fs::read(&path).unwrap();
            let at = at.index(bytes.len());
            bytes[at] ^= mask;
            fs::write(&path, &bytes).unwrap();

            let (after, faults) = scan(folder.path());
            if faults.is_empty() {
                // Up to seven bits behind the end of a deflate stream fill its last byte, and mean nothing.
                prop_assert_eq!(&before, &after);
            } else {
                prop_assert!(faults.iter().all(|fault| matches!(fault, Error::Damaged(_) | Error::Torn(_))));
                prop_assert!(before.len() - after.len() <= 1);
            }
            prop_assert!(after.iter().all(|record| before.contains(record)));
            // What is known to be kept is not taken for a torn write.
            let _ = Originals::open(folder.path(), positions.last().copied()).unwrap();
            prop_assert_eq!(fs::read(&path).unwrap(), bytes);
        }
    }
}
