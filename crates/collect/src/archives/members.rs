//! The members that an archive is packed in, each unpacked by itself.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;
use ruzstd::decoding::{BlockDecodingStrategy, Dictionary, FrameDecoder};

use super::Damage;

/// Bytes as they lie in the archive, with a count of how many were passed.
pub(super) struct Raw {
    source: Box<dyn Read>,
    buffer: Vec<u8>,
    at: usize,
    passed: u64,
}

const CHUNK: usize = 64 << 10;

impl Raw {
    fn new(source: Box<dyn Read>) -> Raw {
        Raw { source, buffer: Vec::new(), at: 0, passed: 0 }
    }

    /// Returns at least `count` bytes that come next, fewer only at the end.
    fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.buffer.len() - self.at < count {
            self.buffer.drain(..self.at);
            self.at = 0;
            let length = self.buffer.len();
            self.buffer.resize(length + CHUNK, 0);
            let read = loop {
                match self.source.read(&mut self.buffer[length..]) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    read => break read,
                }
            };
            self.buffer.truncate(length + read.as_ref().map_or(0, |read| *read));
            if read? == 0 {
                break;
            }
        }
        Ok(&self.buffer[self.at..])
    }

    /// Goes on to the next place where a member may begin, one byte on at least.
    fn search(&mut self, magic: &[u8]) -> io::Result<()> {
        self.consume(1);
        loop {
            let next = self.peek(magic.len())?;
            if next.len() < magic.len() {
                let rest = next.len();
                self.consume(rest);
                return Ok(());
            }
            match memchr::memmem::find(next, magic) {
                Some(at) => {
                    self.consume(at);
                    return Ok(());
                }
                None => {
                    let searched = next.len() - magic.len() + 1;
                    self.consume(searched);
                }
            }
        }
    }
}

impl Read for Raw {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let next = self.fill_buf()?;
        let count = next.len().min(into.len());
        into[..count].copy_from_slice(&next[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Raw {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.peek(1)
    }

    fn consume(&mut self, count: usize) {
        let count = count.min(self.buffer.len() - self.at);
        self.at += count;
        self.passed += count as u64;
    }
}

/// How an archive is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Plain,
    Gzip,
    Zstd,
}

impl Packing {
    fn of(head: &[u8]) -> Packing {
        match head {
            [0x1f, 0x8b, ..] => Packing::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd] => Packing::Zstd,
            [0x50..=0x5f, 0x2a, 0x4d, 0x18] => Packing::Zstd,
            _ => Packing::Plain,
        }
    }

    /// What a member begins with.
    fn magic(self) -> &'static [u8] {
        match self {
            Packing::Plain => b"",
            Packing::Gzip => b"\x1f\x8b\x08",
            Packing::Zstd => b"\x28\xb5\x2f\xfd",
        }
    }
}

/// The members of an archive, one after the other. A plain archive is one member.
pub(super) struct Members {
    pub(super) packing: Packing,
    state: State,
    /// Knows the archive's dictionary, once it was met.
    decoder: Option<Box<FrameDecoder>>,
    /// Where the open member begins.
    pub(super) begins: u64,
}

enum State {
    Between(Raw),
    Plain(Raw),
    Gzip(Box<GzDecoder<Raw>>),
    Zstd(Raw),
    Ended,
}

/// The largest window of zstd that is unpacked: what its command line allows without being asked (128 MiB).
const MAX_WINDOW: u64 = 128 << 20;

/// The largest dictionary that is read: ten times what is usual.
const MAX_DICTIONARY: u64 = 4 << 20;

impl Members {
    pub(super) fn new(source: Box<dyn Read>) -> io::Result<Members> {
        let mut raw = Raw::new(source);
        let head = raw.peek(4)?;
        let packing = Packing::of(&head[..head.len().min(4)]);
        Ok(Members { packing, state: State::Between(raw), decoder: None, begins: 0 })
    }

    /// Opens the next member; false at the end of the archive. After damage the next one is searched for.
    pub(super) fn open(&mut self) -> Result<bool, Damage> {
        let State::Between(mut raw) = std::mem::replace(&mut self.state, State::Ended) else {
            return Ok(false);
        };
        self.begins = raw.passed;
        let opened = self.open_in(&mut raw);
        if opened.is_err() {
            raw.search(self.packing.magic()).map_err(unreadable)?;
            self.state = State::Between(raw);
            return opened;
        }
        if matches!(opened, Ok(true)) {
            self.state = match self.packing {
                Packing::Plain => State::Plain(raw),
                Packing::Gzip => State::Gzip(Box::new(GzDecoder::new(raw))),
                Packing::Zstd => State::Zstd(raw),
            };
        }
        opened
    }

    fn open_in(&mut self, raw: &mut Raw) -> Result<bool, Damage> {
        if self.packing == Packing::Zstd {
            return self.open_frame(raw);
        }
        // Some writers fill up the last block of a tape.
        while self.packing == Packing::Gzip && raw.peek(1).map_err(unreadable)?.first() == Some(&0) {
            raw.consume(1);
        }
        self.begins = raw.passed;
        let magic = self.packing.magic();
        let next = raw.peek(magic.len().max(1)).map_err(unreadable)?;
        if next.is_empty() {
            return Ok(false);
        }
        if next.starts_with(magic) {
            Ok(true)
        } else {
            Err(Damage::Packing("no member begins here".to_owned()))
        }
    }

    /// Opens the next frame of zstd, taking in the dictionary if one is in front (IIPC draft, WARC with zstd, 3).
    fn open_frame(&mut self, raw: &mut Raw) -> Result<bool, Damage> {
        loop {
            let next = raw.peek(8).map_err(unreadable)?;
            match *next {
                [] => return Ok(false),
                [kind @ 0x50..=0x5f, 0x2a, 0x4d, 0x18, a, b, c, d, ..] => {
                    raw.consume(8);
                    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
                    let is_dictionary = kind == 0x5d && self.begins == 0 && self.decoder.is_none();
                    if is_dictionary && length <= MAX_DICTIONARY {
                        self.take_dictionary(raw, length)?;
                    } else {
                        io::copy(&mut raw.take(length), &mut io::sink()).map_err(unreadable)?;
                    }
                    self.begins = raw.passed;
                }
                _ => break,
            }
        }
        let decoder = self.decoder.get_or_insert_with(|| Box::new(bounded()));
        decoder.reset(&mut *raw).map_err(|error| Damage::Packing(error.to_string()))?;
        Ok(true)
    }

    fn take_dictionary(&mut self, raw: &mut Raw, length: u64) -> Result<(), Damage> {
        let mut bytes = Vec::new();
        raw.take(length).read_to_end(&mut bytes).map_err(unreadable)?;
        if Packing::of(&bytes[..bytes.len().min(4)]) == Packing::Zstd {
            let frame = ruzstd::decoding::StreamingDecoder::new_with_max_window_size(&bytes[..], MAX_WINDOW);
            let mut unpacked = Vec::new();
            frame
                .map_err(|error| Damage::Packing(error.to_string()))?
                .take(MAX_DICTIONARY)
                .read_to_end(&mut unpacked)
                .map_err(|error| Damage::Packing(error.to_string()))?;
            bytes = unpacked;
        }
        let mut decoder = bounded();
        let dictionary = Dictionary::decode_dict(&bytes);
        let dictionary = dictionary.map_err(|error| Damage::Packing(error.to_string()))?;
        decoder.add_dict(dictionary).map_err(|error| Damage::Packing(error.to_string()))?;
        self.decoder = Some(Box::new(decoder));
        Ok(())
    }

    /// Reads on in the open member; 0 where it ends.
    pub(super) fn read(&mut self, into: &mut [u8]) -> Result<usize, Damage> {
        let read = match &mut self.state {
            State::Plain(raw) => raw.read(into).map_err(unreadable),
            State::Gzip(decoder) => decoder.read(into).map_err(|error| Damage::Packing(error.to_string())),
            State::Zstd(raw) => {
                let decoder = self.decoder.as_mut().expect("a frame was opened with it");
                read_frame(decoder, raw, into)
            }
            State::Between(_) | State::Ended => Ok(0),
        };
        if !matches!(read, Ok(1..)) {
            self.leave();
        }
        read
    }

    /// Leaves the open member before its end, and searches for the next one.
    pub(super) fn abandon(&mut self) -> Result<(), Damage> {
        self.leave();
        match &mut self.state {
            State::Between(raw) => raw.search(self.packing.magic()).map_err(unreadable),
            _ => Ok(()),
        }
    }

    fn leave(&mut self) {
        self.state = match std::mem::replace(&mut self.state, State::Ended) {
            State::Gzip(decoder) => State::Between(decoder.into_inner()),
            State::Zstd(raw) | State::Between(raw) => State::Between(raw),
            State::Plain(_) | State::Ended => State::Ended,
        };
    }
}

fn bounded() -> FrameDecoder {
    let mut decoder = FrameDecoder::new();
    decoder.set_max_window_size(MAX_WINDOW);
    decoder
}

fn read_frame(decoder: &mut FrameDecoder, raw: &mut Raw, into: &mut [u8]) -> Result<usize, Damage> {
    loop {
        if decoder.can_collect() > 0 {
            return Read::read(decoder, into).map_err(|error| Damage::Packing(error.to_string()));
        }
        if decoder.is_finished() {
            return Ok(0);
        }
        let decoded = decoder.decode_blocks(&mut *raw, BlockDecodingStrategy::UptoBlocks(1));
        decoded.map_err(|error| Damage::Packing(error.to_string()))?;
    }
}

fn unreadable(error: io::Error) -> Damage {
    Damage::Unreadable(error.to_string())
}
