//! The unpacked bytes of an archive, by lines and blocks.

use std::io::{self, Read};

use super::Damage;
use super::members::{Members, Packing};

pub(super) struct Stream {
    members: Members,
    buffer: Vec<u8>,
    at: usize,
    /// How many bytes of the open member were passed.
    passed: u64,
    is_open: bool,
}

const CHUNK: usize = 64 << 10;

impl Stream {
    pub(super) fn new(source: Box<dyn Read>) -> io::Result<Stream> {
        let members = Members::new(source)?;
        Ok(Stream { members, buffer: Vec::new(), at: 0, passed: 0, is_open: false })
    }

    /// Opens the next member; false at the end of the archive.
    pub(super) fn open(&mut self) -> Result<bool, Damage> {
        self.buffer.clear();
        (self.at, self.passed) = (0, 0);
        self.is_open = self.members.open()?;
        Ok(self.is_open)
    }

    /// Returns the place of what comes next: in a packed archive that of its member.
    pub(super) fn place(&self) -> u64 {
        if self.members.packing == Packing::Plain { self.passed } else { self.members.begins }
    }

    pub(super) fn is_packed(&self) -> bool {
        self.members.packing != Packing::Plain
    }

    /// Returns what comes next; nothing where the member ends.
    fn next(&mut self) -> Result<&[u8], Damage> {
        if self.at == self.buffer.len() && self.is_open {
            self.buffer.resize(CHUNK, 0);
            self.at = 0;
            let read = self.members.read(&mut self.buffer);
            self.buffer.truncate(*read.as_ref().unwrap_or(&0));
            self.is_open = !self.buffer.is_empty();
            read?;
        }
        Ok(&self.buffer[self.at..])
    }

    fn pass(&mut self, count: usize) {
        self.at += count;
        self.passed += count as u64;
    }

    /// Passes over the line ends between records; false where the member ends.
    pub(super) fn pass_blank(&mut self) -> Result<bool, Damage> {
        loop {
            let next = self.next()?;
            if next.is_empty() {
                return Ok(false);
            }
            let blank = next.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let all = blank == next.len();
            self.pass(blank);
            if !all {
                return Ok(true);
            }
        }
    }

    /// Reads a line with its end, up to `limit` bytes of it. Nothing where the member ends.
    pub(super) fn line(&mut self, limit: usize) -> Result<Vec<u8>, Damage> {
        let mut line = Vec::new();
        loop {
            let left = limit - line.len();
            let next = self.next()?;
            let next = &next[..next.len().min(left)];
            let end = memchr::memchr(b'\n', next).map(|end| end + 1);
            let count = end.unwrap_or(next.len());
            line.extend(&next[..count]);
            self.pass(count);
            if end.is_some() || count == 0 {
                return Ok(line);
            }
        }
    }

    /// Hands `count` bytes to `take`, fewer if the member ends, and returns how many.
    pub(super) fn block(&mut self, count: u64, mut take: impl FnMut(&[u8])) -> Result<u64, Damage> {
        let mut left = count;
        while left > 0 {
            let next = match self.next() {
                // The block breaks off: what came before is still worth having.
                Err(_) if left < count => break,
                next => next?,
            };
            let length = usize::try_from(left).unwrap_or(usize::MAX).min(next.len());
            if length == 0 {
                break;
            }
            take(&next[..length]);
            self.pass(length);
            left -= length as u64;
        }
        Ok(count - left)
    }

    /// Returns how much of the open member was passed.
    pub(super) fn passed(&self) -> u64 {
        self.passed
    }

    /// Leaves the open member.
    pub(super) fn abandon(&mut self) -> Result<(), Damage> {
        self.buffer.clear();
        self.at = 0;
        self.is_open = false;
        self.members.abandon()
    }
}
