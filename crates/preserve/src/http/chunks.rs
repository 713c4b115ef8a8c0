use super::Malformed;

/// Joins the chunks of a body as they come in (RFC 9112, 7.1).
#[derive(Debug, Default)]
pub(crate) struct Chunks {
    at: At,
    /// The line that is being read: the size of a chunk, or a field behind the last.
    line: Vec<u8>,
    trailer: usize,
}

#[derive(Debug, Default, Clone, Copy, PartialEq)]
enum At {
    #[default]
    Size,
    Bytes(u64),
    EndOfBytes,
    Trailer,
    Done,
}

/// Sizes take up to 16 digits; the rest of the line are extensions, which nobody uses.
const LONGEST_LINE: usize = 4 << 10;
const LONGEST_TRAILER: usize = 64 << 10;

impl Chunks {
    /// Takes in some bytes, adds those of the body to `body`, and returns how many belong to the chunks.
    pub(crate) fn take(&mut self, bytes: &[u8], body: &mut Vec<u8>) -> Result<usize, Malformed> {
        let mut rest = bytes;
        while self.at != At::Done && !rest.is_empty() {
            if let At::Bytes(left) = self.at {
                let taken = usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
                body.extend(&rest[..taken]);
                rest = &rest[taken..];
                let left = left - taken as u64;
                self.at = if left == 0 { At::EndOfBytes } else { At::Bytes(left) };
            } else {
                rest = self.take_line(rest)?;
            }
        }
        Ok(bytes.len() - rest.len())
    }

    /// Tells whether the last chunk and the line behind it have come.
    pub(crate) fn is_done(&self) -> bool {
        self.at == At::Done
    }

    /// Reads on to the end of the line, and returns what stands behind it.
    fn take_line<'a>(&mut self, bytes: &'a [u8]) -> Result<&'a [u8], Malformed> {
        let end = bytes.iter().position(|byte| *byte == b'\n').map(|end| end + 1);
        let (line, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
        if self.line.len() + line.len() > LONGEST_LINE {
            return Err(Malformed::Chunk);
        }
        self.line.extend(line);
        if end.is_some() {
            let line = std::mem::take(&mut self.line);
            self.at = self.after(line.trim_ascii_end())?;
        }
        Ok(rest)
    }

    fn after(&mut self, line: &[u8]) -> Result<At, Malformed> {
        match self.at {
            At::Size => Ok(match size(line)? {
                0 => At::Trailer,
                size => At::Bytes(size),
            }),
            At::EndOfBytes if line.is_empty() => Ok(At::Size),
            At::Trailer if line.is_empty() => Ok(At::Done),
            At::Trailer => {
                self.trailer += line.len();
                if self.trailer > LONGEST_TRAILER { Err(Malformed::HeadTooLong) } else { Ok(At::Trailer) }
            }
            At::EndOfBytes | At::Bytes(_) | At::Done => Err(Malformed::Chunk),
        }
    }
}

fn size(line: &[u8]) -> Result<u64, Malformed> {
    let digits = line.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'));
    digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()).ok_or(Malformed::Chunk)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Joins what comes in pieces of `step` bytes; with how many bytes stand behind the chunks.
    fn join(bytes: &[u8], step: usize) -> Result<Option<(Vec<u8>, usize)>, Malformed> {
        let (mut chunks, mut body, mut taken) = (Chunks::default(), Vec::new(), 0);
        for piece in bytes.chunks(step) {
            taken += chunks.take(piece, &mut body)?;
        }
        Ok(chunks.is_done().then_some((body, bytes.len() - taken)))
    }

    #[test]
    fn however_they_are_cut_they_are_joined_alike() {
        // "Тес" takes six bytes.
        let bytes = "6;a=b\r\nТес\r\n00C \nbehind three\r\n0\r\nX: y\r\n\r\nmore".as_bytes();
        for step in 1..bytes.len() {
            assert_eq!(join(bytes, step), Ok(Some(("Тесbehind three".into(), 4))), "{step}");
        }
    }

    #[test]
    fn chunks_that_are_none() {
        for bytes in ["x\r\n", "-1\r\n", "+1\r\n", "\r\n", "11111111111111111\r\n", "1\r\nab\r\n"] {
            assert_eq!(join(bytes.as_bytes(), 1), Err(Malformed::Chunk), "{bytes}");
        }
        assert_eq!(join(&[b'1'; 5000], 7), Err(Malformed::Chunk));
        assert_eq!(join(b"0\r\n", 1), Ok(None));
        assert_eq!(
            join(format!("0\r\n{}", "a: b\r\n".repeat(20_000)).as_bytes(), 999),
            Err(Malformed::HeadTooLong)
        );
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, step in 1usize..9) {
            let _ = join(&bytes, step);
        }
    }
}
