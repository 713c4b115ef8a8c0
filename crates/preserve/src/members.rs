use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::vec;

use model::Digest;
use sha2::{Digest as _, Sha256};

use crate::reader::{Step, Walk, damaged};
use crate::warc::{self, About, Unread};
use crate::{Damage, Error, Position, Reader, Segment};

/// One stored record, as the log speaks of it.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) position: Position,
    /// The digest of the bytes as they are stored, which is that of the whole gzip member.
    pub(crate) stored: Digest,
    pub(crate) about: About,
}

/// The stored records behind some position, in order.
#[derive(Debug)]
pub(crate) struct Members {
    reader: Reader,
    segments: vec::IntoIter<Segment>,
    from: u64,
    current: Option<(Walk, File)>,
}

impl Reader {
    /// Reads the stored records behind `after`. Ends at the first that is damaged.
    pub(crate) fn members_after(&self, after: Option<Position>) -> Result<Members, Error> {
        let mut segments = self.segments()?;
        segments.retain(|segment| after.is_none_or(|after| *segment >= after.segment));
        let first = segments.first().copied();
        let from = after.filter(|after| first == Some(after.segment)).map_or(0, |after| after.end());
        Ok(Members { reader: self.clone(), segments: segments.into_iter(), from, current: None })
    }
}

impl Iterator for Members {
    type Item = Result<Member, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.current.is_none() {
                let segment = self.segments.next()?;
                match self.open(segment) {
                    Ok(current) => self.current = Some(current),
                    Err(error) => return Some(Err(error)),
                }
            }
            let (walk, file) = self.current.as_mut().expect("a segment was opened above");
            let Some(unpacked) = walk.unpack() else {
                self.current = None;
                continue;
            };
            let segment = walk.segment();
            let member = unpacked.map_err(|step| self.reader.stopped(segment, step));
            return Some(member.and_then(|(position, record)| {
                let path = self.reader.path(segment);
                let stored = stored_digest(file, position).map_err(Error::io(&path))?;
                let malformed = Unread { damage: Damage::Malformed, digest: None };
                let about =
                    warc::about(&record).ok_or_else(|| damaged(segment, position.offset, malformed))?;
                Ok(Member { position, stored, about })
            }));
        }
    }
}

impl Members {
    fn open(&mut self, segment: Segment) -> Result<(Walk, File), Error> {
        let path = self.reader.path(segment);
        let walk = self.reader.walk(segment, std::mem::take(&mut self.from))?;
        Ok((walk, File::open(&path).map_err(Error::io(&path))?))
    }
}

impl Reader {
    /// Finds out what the record at a position is; `None` if it is none.
    pub(crate) fn about(&self, position: Position) -> Result<Option<About>, Error> {
        let unpacked = self.walk(position.segment, position.offset)?.unpack();
        Ok(unpacked.and_then(Result::ok).and_then(|(_, record)| warc::about(&record)))
    }

    fn stopped(&self, segment: Segment, step: Step) -> Error {
        match step {
            Step::Refused(error) => Error::io(&self.path(segment))(error),
            Step::Broken(offset, damage) => damaged(segment, offset, Unread { damage, digest: None }).into(),
            Step::Record(position, _) | Step::Unread(position, _) => {
                let malformed = Unread { damage: Damage::Malformed, digest: None };
                damaged(segment, position.offset, malformed).into()
            }
        }
    }
}

/// Hashes the bytes at a position as they are stored.
fn stored_digest(file: &mut File, position: Position) -> io::Result<Digest> {
    file.seek(SeekFrom::Start(position.offset))?;
    let mut hash = Sha256::new();
    let mut left = position.stored_length;
    let mut buffer = vec![0; 1 << 16];
    while left > 0 {
        let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        file.read_exact(&mut buffer[..wanted])?;
        hash.update(&buffer[..wanted]);
        left -= wanted as u64;
    }
    Ok(Digest::from_bytes(hash.finalize().into()))
}
