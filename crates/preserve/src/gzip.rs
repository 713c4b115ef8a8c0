use std::io::{self, BufRead, Read};

use flate2::bufread::DeflateDecoder;
use flate2::{Compress, Compression, Crc, FlushCompress, Status};

use crate::Damage;
use crate::warc::END;

/// The first ten bytes of every member (RFC 1952, 2.3): deflate, no flags, no time, no operating system.
///
/// They are checked when a member is read: the checksum of the member does not cover them.
pub(crate) const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// Packs blocks, each into a gzip member of its own.
///
/// One compressor is used again and again: making one costs more than packing a short report.
#[derive(Debug)]
pub(crate) struct Packer(Compress);

impl Packer {
    pub(crate) fn new() -> Packer {
        Packer(Compress::new(Compression::default(), false))
    }

    /// Packs `parts`, one after the other, into one member.
    pub(crate) fn pack(&mut self, parts: &[&[u8]]) -> Vec<u8> {
        self.0.reset();
        let mut crc = Crc::new();
        let mut member = Vec::from(HEADER);
        for part in parts {
            crc.update(part);
            self.deflate(part, FlushCompress::None, &mut member);
        }
        self.deflate(&[], FlushCompress::Finish, &mut member);
        member.extend(crc.sum().to_le_bytes());
        member.extend(crc.amount().to_le_bytes());
        member
    }

    /// Packs `part` so that stored blocks can follow it.
    fn flushed(&mut self, part: &[u8]) -> Vec<u8> {
        self.0.reset();
        let mut out = Vec::with_capacity(part.len() * 2 + 1024);
        self.0.compress_vec(part, &mut out, FlushCompress::Sync).expect("the compressor is not misused");
        out
    }

    fn deflate(&mut self, mut part: &[u8], flush: FlushCompress, out: &mut Vec<u8>) {
        loop {
            out.reserve(1024.max(part.len() / 4));
            let before = self.0.total_in();
            let status = self
                .0
                .compress_vec(part, out, flush)
                .expect("the compressor is neither finished nor misused");
            let taken =
                usize::try_from(self.0.total_in() - before).expect("no more was taken than was given");
            part = &part[taken..];
            let done = match flush {
                FlushCompress::Finish => status == Status::StreamEnd,
                _ => part.is_empty(),
            };
            if done {
                return;
            }
        }
    }
}

/// Makes a member of exactly `length` bytes: a head, a block of blanks, and the end of a record.
///
/// `head` is asked for the head of a block of some length. `None` if even an empty block does not fit. The blanks
/// stand in stored blocks (RFC 1951, 3.2.4), where each is one byte.
pub(crate) fn shell(head: impl Fn(u64) -> Vec<u8>, length: u64) -> Option<Vec<u8>> {
    let mut packer = Packer::new();
    // A longer block can need another digit in the head, so that a length is stepped over: empty blocks in front make
    // up for that.
    for empty in 0..8 {
        let mut block = 0;
        for _ in 0..8 {
            let packed = packer.flushed(&head(block));
            let stored = block + END.len() as u64;
            let around = (HEADER.len() + 8 + packed.len()) as u64 + 5 * (empty + stored.div_ceil(0xffff));
            let fitting = length.checked_sub(around + END.len() as u64)?;
            if fitting == block {
                let content = [vec![b' '; usize::try_from(block).ok()?], END.to_vec()].concat();
                return Some(stored_member(&head(block), &packed, empty, &content));
            }
            block = fitting;
        }
    }
    None
}

/// Puts a member together from a packed head and what follows it unpacked.
fn stored_member(head: &[u8], packed: &[u8], empty: u64, content: &[u8]) -> Vec<u8> {
    let mut member = [&HEADER, packed].concat();
    (0..empty).for_each(|_| member.extend([0, 0, 0, 0xff, 0xff]));
    let mut parts = content.chunks(0xffff).peekable();
    while let Some(part) = parts.next() {
        let length = u16::try_from(part.len()).expect("a part has at most 65,535 bytes");
        member.push(u8::from(parts.peek().is_none()));
        member.extend(length.to_le_bytes());
        member.extend((!length).to_le_bytes());
        member.extend(part);
    }
    let mut crc = Crc::new();
    crc.update(head);
    crc.update(content);
    member.extend(crc.sum().to_le_bytes());
    member.extend(crc.amount().to_le_bytes());
    member
}

/// What stops a member from being read.
pub(crate) enum Stop {
    /// The system refused.
    Io(io::Error),
    /// The bytes are not a whole member.
    Damage(Damage),
}

/// Reads one whole member from where `source` stands, and leaves it standing behind the member.
pub(crate) fn unpack(source: &mut impl BufRead) -> Result<Vec<u8>, Stop> {
    if read_array(source)? != HEADER {
        return Err(Stop::Damage(Damage::Unpackable));
    }
    let mut block = Vec::new();
    DeflateDecoder::new(&mut *source).read_to_end(&mut block).map_err(stop)?;
    let mut crc = Crc::new();
    crc.update(&block);
    // A stream that was cut short ends without an error, but then its checksum cannot follow.
    let sum = u32::from_le_bytes(read_array(source)?);
    let amount = u32::from_le_bytes(read_array(source)?);
    if (sum, amount) != (crc.sum(), crc.amount()) {
        return Err(Stop::Damage(Damage::Unpackable));
    }
    Ok(block)
}

fn read_array<const N: usize>(source: &mut impl BufRead) -> Result<[u8; N], Stop> {
    let mut bytes = [0; N];
    source.read_exact(&mut bytes).map_err(stop)?;
    Ok(bytes)
}

fn stop(error: io::Error) -> Stop {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Stop::Damage(Damage::CutShort),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => Stop::Damage(Damage::Unpackable),
        _ => Stop::Io(error),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn damage(bytes: &[u8]) -> Option<Damage> {
        match unpack(&mut &bytes[..]) {
            Ok(_) => None,
            Err(Stop::Damage(damage)) => Some(damage),
            Err(Stop::Io(error)) => panic!("memory does not refuse: {error}"),
        }
    }

    #[test]
    fn cut_short_at_every_byte() {
        let member = Packer::new().pack(&[b"Three people were ", b"hurt in Tesmin."]);
        for length in 0..member.len() {
            assert_eq!(damage(&member[..length]), Some(Damage::CutShort), "{length}");
        }
        assert_eq!(damage(&member), None);
    }

    proptest! {
        #[test]
        fn unpacked_as_packed(blocks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..5000), 1..4)) {
            let mut packer = Packer::new();
            let members: Vec<u8> = blocks.iter().flat_map(|block| packer.pack(&[block])).collect();
            let mut source = &members[..];
            for block in &blocks {
                prop_assert_eq!(&unpack(&mut source).ok().unwrap(), block);
            }
            prop_assert!(source.is_empty());
        }
    }
}
