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
/// `head` is asked for the head of a block of some length. `None` if even an empty block does not fit. All of it
/// stands in stored blocks (RFC 1951, 3.2.4), where each byte is one byte: how well a head packs depends on the digits
/// in it, and would leave lengths that nothing fits.
pub(crate) fn shell(head: impl Fn(u64) -> Vec<u8>, length: u64) -> Option<Vec<u8>> {
    // A longer block can need another digit in the head or another stored block, so that a length is stepped over:
    // empty blocks in front make up for that.
    (0..8).find_map(|empty| {
        let length_with = |block: u64| {
            let content = head(block).len() as u64 + block + END.len() as u64;
            (HEADER.len() + 8) as u64 + content + STORED * (empty + content.div_ceil(LONGEST_STORED))
        };
        // What is around the block grows with it: the longest that fits is less than what is around the shortest.
        let most = length.checked_sub(length_with(0))?;
        let least = most.saturating_sub(length_with(most) - length);
        let block = (least..=most).find(|block| length_with(*block) == length)?;
        let content = [head(block), vec![b' '; usize::try_from(block).ok()?], END.to_vec()].concat();
        Some(stored_member(empty, &content))
    })
}

/// The bytes in front of a stored block.
const STORED: u64 = 5;
/// The bytes that a stored block can hold.
const LONGEST_STORED: u64 = 0xffff;

/// Makes a member of content that is not packed, with some empty blocks in front of it.
fn stored_member(empty: u64, content: &[u8]) -> Vec<u8> {
    let mut member = Vec::from(HEADER);
    (0..empty).for_each(|_| member.extend([0, 0, 0, 0xff, 0xff]));
    let mut parts = content.chunks(LONGEST_STORED as usize).peekable();
    while let Some(part) = parts.next() {
        let length = u16::try_from(part.len()).expect("a part has at most 65,535 bytes");
        member.push(u8::from(parts.peek().is_none()));
        member.extend(length.to_le_bytes());
        member.extend((!length).to_le_bytes());
        member.extend(part);
    }
    let mut crc = Crc::new();
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
    fn a_shell_fits_every_length_from_the_shortest_on() {
        let head = |block: u64| format!("Length: {block}\r\n\r\n").into_bytes();
        let shortest = (HEADER.len() + 8 + head(0).len() + END.len()) as u64 + STORED;
        assert_eq!(shell(head, shortest - 1), None);
        let lengths = (shortest..2000).chain(9_900..10_200).chain(65_400..65_700).chain(99_900..100_200);
        for length in lengths.chain(131_000..131_200) {
            let shell = shell(head, length).unwrap_or_else(|| panic!("{length}"));
            assert_eq!(shell.len() as u64, length);
            let record = unpack(&mut &shell[..]).ok().unwrap();
            let block = record.iter().filter(|byte| **byte == b' ').count() as u64 - 1;
            assert!(record.starts_with(&head(block)) && record.ends_with(END), "{length}");
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
