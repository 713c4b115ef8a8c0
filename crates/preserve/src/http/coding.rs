use std::io::{self, Read};

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use ruzstd::decoding::StreamingDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};

use super::Head;

/// How a body was packed for the way (RFC 9110, 8.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Coding {
    /// RFC 1952; several members one behind the other count as one.
    Gzip,
    /// RFC 1950; servers that send RFC 1951 under this name are understood too, as by browsers.
    Deflate,
    /// RFC 7932.
    Brotli,
    /// RFC 8878; several frames one behind the other count as one.
    Zstd,
}

/// Why a body could not be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Undecodable {
    /// A coding that is not in [`Coding`].
    #[error("the body is packed in a way that is not known here")]
    UnknownCoding,
    /// More codings, one over the other, than anybody uses.
    #[error("the body is packed more than {MOST_CODINGS} times over")]
    TooManyCodings,
    /// The body is not what its coding says, or ends too early.
    #[error("the body cannot be unpacked")]
    Broken,
    /// Unpacked, it is larger than was allowed.
    #[error("unpacked, the body is larger than {limit} bytes")]
    TooLarge {
        /// What was allowed.
        limit: u64,
    },
}

const MOST_CODINGS: usize = 2;

/// Reads how the body behind `head` was packed, in the order in which it was done.
///
/// # Errors
/// A coding that is not known, or more than two.
pub fn codings(head: &Head) -> Result<Vec<Coding>, Undecodable> {
    let mut codings = Vec::new();
    for name in head.list("content-encoding") {
        codings.push(match &*name.to_ascii_lowercase() {
            "identity" => continue,
            "gzip" | "x-gzip" => Coding::Gzip,
            "deflate" => Coding::Deflate,
            "br" => Coding::Brotli,
            "zstd" => Coding::Zstd,
            _ => return Err(Undecodable::UnknownCoding),
        });
        if codings.len() > MOST_CODINGS {
            return Err(Undecodable::TooManyCodings);
        }
    }
    Ok(codings)
}

/// Undoes the codings, the last first. No step may give more than `limit` bytes.
///
/// # Errors
/// [`Undecodable::Broken`] or [`Undecodable::TooLarge`]; an empty body is an empty original in every coding.
pub fn decode(payload: &[u8], codings: &[Coding], limit: u64) -> Result<Vec<u8>, Undecodable> {
    let Some((last, before)) = codings.split_last().filter(|_| !payload.is_empty()) else {
        return if payload.len() as u64 > limit {
            Err(Undecodable::TooLarge { limit })
        } else {
            Ok(payload.to_vec())
        };
    };
    decode(&undo(*last, payload, limit)?, before, limit)
}

fn undo(coding: Coding, packed: &[u8], limit: u64) -> Result<Vec<u8>, Undecodable> {
    match coding {
        Coding::Gzip => read(MultiGzDecoder::new(packed), limit),
        Coding::Deflate if begins_zlib(packed) => read(ZlibDecoder::new(packed), limit),
        Coding::Deflate => read(DeflateDecoder::new(packed), limit),
        Coding::Brotli => read(brotli_decompressor::Decompressor::new(packed, 1 << 12), limit),
        Coding::Zstd => frames(packed, limit),
    }
}

/// Tells the two bytes in front of zlib: method 8, and a check that makes them a multiple of 31 (RFC 1950, 2.2).
fn begins_zlib(packed: &[u8]) -> bool {
    matches!(packed, [first, second, ..]
        if first & 0x0f == 8 && u16::from_be_bytes([*first, *second]).is_multiple_of(31))
}

fn read(source: impl Read, limit: u64) -> Result<Vec<u8>, Undecodable> {
    let mut body = Vec::new();
    read_into(source, limit, &mut body)?;
    Ok(body)
}

fn read_into(source: impl Read, limit: u64, body: &mut Vec<u8>) -> Result<(), Undecodable> {
    let left = limit.saturating_sub(body.len() as u64);
    let read = source.take(left.saturating_add(1)).read_to_end(body);
    if body.len() as u64 > limit {
        return Err(Undecodable::TooLarge { limit });
    }
    read.map(drop).map_err(|_: io::Error| Undecodable::Broken)
}

/// What a receiver has to hold of a frame at most (RFC 9659, 3).
const MOST_WINDOW: u64 = 8 << 20;

/// Reads how much of a frame has to be held to go on in it (RFC 8878, 3.1.1.1); `None` if it does not say here.
///
/// A frame in one piece has no window of its own: its size is bounded by what may come out of it.
fn window(packed: &[u8]) -> Option<u64> {
    const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
    const IN_ONE_PIECE: u8 = 0x20;
    let [descriptor, window] = *packed.strip_prefix(&MAGIC)?.first_chunk()?;
    let base = 1_u64 << (10 + (window >> 3));
    (descriptor & IN_ONE_PIECE == 0).then_some(base + base / 8 * u64::from(window & 7))
}

fn frames(mut packed: &[u8], limit: u64) -> Result<Vec<u8>, Undecodable> {
    let mut body = Vec::new();
    while !packed.is_empty() {
        if window(packed).is_some_and(|window| window > MOST_WINDOW) {
            return Err(Undecodable::TooLarge { limit });
        }
        match StreamingDecoder::new(&mut packed) {
            Ok(frame) => read_into(frame, limit, &mut body)?,
            // The eight bytes in front of it are read already.
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length, ..
            })) => {
                let length = usize::try_from(length).map_err(|_| Undecodable::Broken)?;
                packed = packed.get(length..).ok_or(Undecodable::Broken)?;
            }
            Err(_) => return Err(Undecodable::Broken),
        }
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use proptest::prelude::*;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

    const TEXT: &str = "Троє людей поранено в Тесміні. Троє людей поранено в Тесміні.";
    /// "Троє" in brotli: one block that is not compressed (RFC 7932, 9.2).
    const BROTLI: &[u8] = b"\x8b\x03\x80\xd0\xa2\xd1\x80\xd0\xbe\xd1\x94\x03";

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn deflate(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        compress_to_vec(bytes, CompressionLevel::Fastest)
    }

    fn check(packed: &[u8], codings: &[Coding], text: &str) {
        assert_eq!(
            decode(packed, codings, 1000).map(|body| String::from_utf8(body).unwrap()),
            Ok(text.into())
        );
    }

    #[test]
    fn every_coding() {
        let text = TEXT.as_bytes();
        check(text, &[], TEXT);
        check(&gzip(text), &[Coding::Gzip], TEXT);
        check(&zlib(text), &[Coding::Deflate], TEXT);
        check(&deflate(text), &[Coding::Deflate], TEXT);
        check(&zstd(text), &[Coding::Zstd], TEXT);
        check(BROTLI, &[Coding::Brotli], "Троє");
        check(b"", &[Coding::Gzip], "");
    }

    #[test]
    fn one_over_the_other_and_one_behind_the_other() {
        let text = TEXT.as_bytes();
        check(&zstd(&gzip(text)), &[Coding::Gzip, Coding::Zstd], TEXT);
        check(&[gzip(b"a"), gzip(b"b")].concat(), &[Coding::Gzip], "ab");
        let skipped = b"\x50\x2a\x4d\x18\x02\x00\x00\x00xy";
        check(&[zstd(b"a"), skipped.to_vec(), zstd(b"b")].concat(), &[Coding::Zstd], "ab");
    }

    #[test]
    fn broken_bodies() {
        for (packed, coding) in
            [(gzip(b"abc"), Coding::Gzip), (zlib(b"abc"), Coding::Deflate), (zstd(b"abc"), Coding::Zstd)]
        {
            let cut = &packed[..packed.len() - 1];
            assert_eq!(decode(cut, &[coding], 1000), Err(Undecodable::Broken), "{coding:?}");
            assert_eq!(decode(b"<html>", &[coding], 1000), Err(Undecodable::Broken), "{coding:?}");
        }
        assert_eq!(decode(&BROTLI[..9], &[Coding::Brotli], 1000), Err(Undecodable::Broken));
    }

    #[test]
    fn no_step_may_grow_beyond_the_limit() {
        let zeros = vec![0; 2_000_000];
        let bombs = [
            (gzip(&zeros), vec![Coding::Gzip]),
            (zlib(&zeros), vec![Coding::Deflate]),
            (zstd(&zeros), vec![Coding::Zstd]),
            // The outer one is small, and so is what is in the middle.
            (gzip(&gzip(&zeros)), vec![Coding::Gzip, Coding::Gzip]),
            (zeros.clone(), vec![]),
        ];
        for (packed, codings) in bombs {
            let limit = 100_000;
            assert_eq!(decode(&packed, &codings, limit), Err(Undecodable::TooLarge { limit }), "{codings:?}");
        }
    }

    #[test]
    fn a_frame_that_wants_too_much_memory() {
        let limit = 64 << 20;
        // A window of 1 GiB, and no more.
        let frame = b"\x28\xb5\x2f\xfd\x00\xa0\x01\x00\x00";
        assert_eq!(decode(frame, &[Coding::Zstd], limit), Err(Undecodable::TooLarge { limit }));
        // The same with 1 MiB: an empty block that is the last.
        let frame = b"\x28\xb5\x2f\xfd\x00\x50\x01\x00\x00";
        assert_eq!(decode(frame, &[Coding::Zstd], limit), Ok(Vec::new()));
    }

    #[test]
    fn names_of_codings() {
        let named = |value: &str| {
            let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {value}\r\n\r\n");
            codings(&Head::parse(head.as_bytes()).unwrap())
        };
        assert_eq!(named("X-GZIP, identity"), Ok(vec![Coding::Gzip]));
        assert_eq!(named("br\r\nContent-Encoding: zstd"), Ok(vec![Coding::Brotli, Coding::Zstd]));
        assert_eq!(named("compress"), Err(Undecodable::UnknownCoding));
        assert_eq!(named("gzip, gzip, gzip"), Err(Undecodable::TooManyCodings));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            for coding in [Coding::Gzip, Coding::Deflate, Coding::Brotli, Coding::Zstd] {
                let _ = decode(&bytes, &[coding], 1000);
            }
        }
    }
}
