use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::vec;

use model::Digest;

use crate::gzip::{self, Stop};
use crate::warc::{self, Unread};
use crate::{Damage, Damaged, Error, Position, Segment, Stored, Torn};

/// Reads originals. Needs no lock: what is kept never changes.
#[derive(Debug, Clone)]
pub struct Reader {
    folder: PathBuf,
}

impl Reader {
    /// Makes a reader of the segments in `folder`.
    pub fn new(folder: impl Into<PathBuf>) -> Reader {
        Reader { folder: folder.into() }
    }

    /// Reads one original again, and checks that it is the one of that digest.
    ///
    /// # Errors
    /// [`Error::Damaged`] if the bytes are gone, or are no longer those that were kept.
    pub fn read(&self, position: Position, digest: Digest) -> Result<Vec<u8>, Error> {
        let damaged =
            |damage| damaged(position.segment, position.offset, Unread { damage, digest: Some(digest) });
        match self.stored(position)? {
            Ok(Some(Stored::Resource(resource))) if resource.digest == digest => Ok(resource.bytes),
            Ok(_) => Err(damaged(Damage::Swapped).into()),
            Err(unread) => Err(damaged(unread.damage).into()),
        }
    }

    /// Reads everything, in order of arrival, one record at a time.
    ///
    /// A damaged record is an item of its own, and the scan goes on behind it.
    pub fn scan(&self) -> Result<Scan, Error> {
        Ok(Scan { reader: self.clone(), segments: self.segments()?.into_iter(), from: 0, walk: None })
    }

    /// Reads everything that arrived after the record at `position`.
    pub fn scan_after(&self, position: Position) -> Result<Scan, Error> {
        let mut segments = self.segments()?;
        segments.retain(|segment| *segment >= position.segment);
        let from = if segments.first() == Some(&position.segment) { position.end() } else { 0 };
        Ok(Scan { reader: self.clone(), segments: segments.into_iter(), from, walk: None })
    }

    /// Lists the segments, oldest first. Other files in the folder are no originals.
    pub fn segments(&self) -> Result<Vec<Segment>, Error> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(Error::io(&self.folder))?,
        };
        let mut segments = Vec::new();
        for entry in entries {
            let name = entry.map_err(Error::io(&self.folder))?.file_name();
            segments.extend(name.to_str().and_then(Segment::from_file_name));
        }
        segments.sort_unstable();
        Ok(segments)
    }

    /// Reads the record at `position`, or says why it is none.
    pub(crate) fn stored(&self, position: Position) -> Result<Result<Option<Stored>, Unread>, Error> {
        let unread = |damage| Ok(Err(Unread { damage, digest: None }));
        let path = self.path(position.segment);
        let file = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return unread(Damage::Missing),
            file => file.map_err(Error::io(&path))?,
        };
        if file.metadata().map_err(Error::io(&path))?.len() < position.end() {
            return unread(Damage::Missing);
        }
        let mut walk = Walk::over(file, position.segment, position.offset).map_err(Error::io(&path))?;
        match walk.step() {
            None => unread(Damage::Missing),
            Some(Step::Refused(error)) => Err(Error::io(&path)(error)),
            Some(Step::Unread(found, unread)) if found == position => Ok(Err(unread)),
            Some(Step::Broken(_, damage)) => unread(damage),
            Some(Step::Record(found, stored)) if found == position => Ok(Ok(stored.map(|stored| *stored))),
            Some(Step::Record(..) | Step::Unread(..)) => unread(Damage::Swapped),
        }
    }

    pub(crate) fn path(&self, segment: Segment) -> PathBuf {
        self.folder.join(segment.file_name())
    }

    pub(crate) fn walk(&self, segment: Segment, from: u64) -> Result<Walk, Error> {
        let path = self.path(segment);
        File::open(&path).and_then(|file| Walk::over(file, segment, from)).map_err(Error::io(&path))
    }

    /// Finds the first whole record after `from`.
    pub(crate) fn next_whole(&self, segment: Segment, from: u64) -> Result<Option<u64>, Error> {
        let path = self.path(segment);
        let mut file = File::open(&path).map_err(Error::io(&path))?;
        next_whole(&mut file, from).map_err(Error::io(&path))
    }

    /// Tells whether everything from `from` on is a write that was cut short: the beginning of one record, and
    /// zeros, which some file systems leave where bytes were on their way when the power went.
    pub(crate) fn torn(&self, segment: Segment, from: u64) -> Result<Option<Torn>, Error> {
        let path = self.path(segment);
        let length = fs::metadata(&path).map_err(Error::io(&path))?.len().saturating_sub(from);
        let torn = File::open(&path).and_then(|mut file| is_cut_short(&mut file, from));
        Ok(torn.map_err(Error::io(&path))?.then_some(Torn { segment, offset: from, length }))
    }
}

pub(crate) fn damaged(segment: Segment, offset: u64, unread: Unread) -> Damaged {
    Damaged { segment, offset, digest: unread.digest, damage: unread.damage }
}

/// Everything that is kept, in order of arrival: see [`Reader::scan`]. Holds one record at a time in memory.
#[derive(Debug)]
pub struct Scan {
    reader: Reader,
    segments: vec::IntoIter<Segment>,
    from: u64,
    walk: Option<Walk>,
}

impl Iterator for Scan {
    type Item = Result<(Position, Stored), Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.walk.is_none() {
                let segment = self.segments.next()?;
                match self.reader.walk(segment, std::mem::take(&mut self.from)) {
                    Ok(walk) => self.walk = Some(walk),
                    Err(error) => return Some(Err(error)),
                }
            }
            let walk = self.walk.as_mut().expect("a segment was opened above");
            let segment = walk.segment;
            match walk.step() {
                None => self.walk = None,
                Some(Step::Record(_, None)) => {}
                Some(Step::Record(position, Some(stored))) => return Some(Ok((position, *stored))),
                Some(Step::Unread(position, unread)) => {
                    return Some(Err(damaged(segment, position.offset, unread).into()));
                }
                Some(Step::Broken(offset, damage)) => return Some(Err(self.go_on(segment, offset, damage))),
                Some(Step::Refused(error)) => {
                    self.walk = None;
                    return Some(Err(Error::io(&self.reader.path(segment))(error)));
                }
            }
        }
    }
}

impl Scan {
    /// Moves behind what cannot be unpacked, and returns what it is.
    fn go_on(&mut self, segment: Segment, offset: u64, damage: Damage) -> Error {
        self.walk = None;
        let damaged = damaged(segment, offset, Unread { damage, digest: None });
        match self.reader.next_whole(segment, offset + 1) {
            Err(error) => return error,
            Ok(Some(next)) => match self.reader.walk(segment, next) {
                Ok(walk) => self.walk = Some(walk),
                Err(error) => return error,
            },
            // Only the last segment can end in a write that was cut short: the others were finished before it.
            Ok(None) if self.segments.as_slice().is_empty() => match self.reader.torn(segment, offset) {
                Ok(Some(torn)) => return torn.into(),
                Ok(None) => {}
                Err(error) => return error,
            },
            Ok(None) => {}
        }
        damaged.into()
    }
}

/// The records of one segment, from some byte on.
#[derive(Debug)]
pub(crate) struct Walk {
    segment: Segment,
    file: Counted<BufReader<File>>,
}

/// What stands at one place of a segment.
pub(crate) enum Step {
    /// A sound record; `None` if it is neither an original nor a sighting.
    Record(Position, Option<Box<Stored>>),
    /// A whole gzip member that is not a sound record.
    Unread(Position, Unread),
    /// No whole gzip member.
    Broken(u64, Damage),
    /// The system refused.
    Refused(io::Error),
}

impl Walk {
    pub(crate) fn segment(&self) -> Segment {
        self.segment
    }

    fn over(mut file: File, segment: Segment, from: u64) -> io::Result<Walk> {
        file.seek(SeekFrom::Start(from))?;
        Ok(Walk { segment, file: Counted { inner: BufReader::with_capacity(1 << 16, file), at: from } })
    }

    /// Reads what stands here and moves behind it; `None` at the end of the file.
    pub(crate) fn step(&mut self) -> Option<Step> {
        Some(match self.unpack()? {
            Ok((position, record)) => match warc::read(record) {
                Ok(stored) => Step::Record(position, stored.map(Box::new)),
                Err(unread) => Step::Unread(position, unread),
            },
            Err(step) => step,
        })
    }

    /// Unpacks what stands here and moves behind it; `None` at the end of the file. What it says is not checked.
    pub(crate) fn unpack(&mut self) -> Option<Result<(Position, Vec<u8>), Step>> {
        let offset = self.file.at;
        match self.file.fill_buf() {
            Err(error) => return Some(Err(Step::Refused(error))),
            Ok([]) => return None,
            Ok(_) => {}
        }
        Some(match gzip::unpack(&mut self.file) {
            Ok(record) => {
                let stored_length = self.file.at - offset;
                Ok((Position { segment: self.segment, offset, stored_length }, record))
            }
            Err(Stop::Io(error)) => Err(Step::Refused(error)),
            Err(Stop::Damage(damage)) => Err(Step::Broken(offset, damage)),
        })
    }
}

/// A reader that knows how far it has come.
#[derive(Debug)]
struct Counted<R> {
    inner: R,
    at: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.at += amount as u64;
        self.inner.consume(amount);
    }
}

fn next_whole(file: &mut File, from: u64) -> io::Result<Option<u64>> {
    let mut at = from;
    let mut window = vec![0; 1 << 16];
    loop {
        file.seek(SeekFrom::Start(at))?;
        let read = fill(file, &mut window)?;
        let headers = window[..read].windows(gzip::HEADER.len()).enumerate();
        for (i, _) in headers.filter(|(_, bytes)| *bytes == gzip::HEADER) {
            file.seek(SeekFrom::Start(at + i as u64))?;
            match gzip::unpack(&mut BufReader::new(&mut *file)) {
                Ok(record) if warc::begins_a_record(&record) => return Ok(Some(at + i as u64)),
                Ok(_) | Err(Stop::Damage(_)) => {}
                Err(Stop::Io(error)) => return Err(error),
            }
        }
        if read < window.len() {
            return Ok(None);
        }
        // A header may lie across the border of two windows.
        at += (read - (gzip::HEADER.len() - 1)) as u64;
    }
}

fn is_cut_short(file: &mut File, from: u64) -> io::Result<bool> {
    file.seek(SeekFrom::Start(from))?;
    let (mut length, mut filled) = (0, 0);
    let mut window = vec![0; 1 << 16];
    loop {
        let read = fill(file, &mut window)?;
        if let Some(last) = window[..read].iter().rposition(|byte| *byte != 0) {
            filled = length + last as u64 + 1;
        }
        length += read as u64;
        if read < window.len() {
            break;
        }
    }
    file.seek(SeekFrom::Start(from))?;
    match gzip::unpack(&mut BufReader::new(file.take(filled))) {
        Err(Stop::Damage(damage)) => Ok(damage == Damage::CutShort),
        Err(Stop::Io(error)) => Err(error),
        Ok(_) => Ok(false),
    }
}

/// Reads until the window is full or the file ends.
fn fill(file: &mut File, window: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < window.len() {
        match file.read(&mut window[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

/// Returns the length of the file at `path`; `None` if there is none.
pub(crate) fn length_of(path: &Path) -> Result<Option<u64>, Error> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(metadata.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(path)(error)),
    }
}
