use std::io::{self, BufRead};

/// One line of a source, without its line break.
pub(crate) struct Line {
    /// Counted from 1.
    pub(crate) number: u64,
    /// The byte that it begins at.
    pub(crate) offset: u64,
    /// Its bytes; `None` if it is longer than the limit: it was then passed over without being held in memory.
    pub(crate) bytes: Option<Vec<u8>>,
}

/// The lines of a source, none of them held in memory beyond a limit.
///
/// A line ends at a line feed, or a carriage return and a line feed. A mark of the byte order in front of the first
/// belongs to the source, not to the line.
pub(crate) struct Lines<R> {
    reader: R,
    limit: usize,
    number: u64,
    offset: u64,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(reader: R, limit: u64) -> Lines<R> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Lines { reader, limit, number: 0, offset: 0 }
    }

    /// Returns the length of the longest line that is handed out.
    pub(crate) fn limit(&self) -> u64 {
        self.limit as u64
    }

    /// Reads the next line; `None` at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line>> {
        self.number += 1;
        let mut offset = self.offset;
        let mut bytes = Vec::new();
        let length = self.fill(&mut bytes)?;
        if length == 0 {
            return Ok(None);
        }
        self.offset += length;
        let breaks =
            [b"\r\n", &b"\n"[..]].iter().find(|ending| bytes.ends_with(ending)).map_or(0, |e| e.len());
        bytes.truncate(bytes.len() - breaks);
        if self.number == 1 && bytes.starts_with(BYTE_ORDER_MARK) {
            bytes.drain(..BYTE_ORDER_MARK.len());
            offset = BYTE_ORDER_MARK.len() as u64;
        }
        let bytes = (bytes.len() <= self.limit).then_some(bytes);
        Ok(Some(Line { number: self.number, offset, bytes }))
    }

    /// Reads up to and including the next line feed, keeps no more than is needed to see that the limit is passed,
    /// and returns how many bytes there were.
    fn fill(&mut self, bytes: &mut Vec<u8>) -> io::Result<u64> {
        // Room for what does not count: the byte order mark and the line break.
        let most = self.limit.saturating_add(BYTE_ORDER_MARK.len() + 2 + 1);
        let mut length = 0;
        loop {
            let available = match self.reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                available => available?,
            };
            let end = available.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
            let taken = end.unwrap_or(available.len());
            let kept = taken.min(most - bytes.len());
            bytes.extend_from_slice(&available[..kept]);
            self.reader.consume(taken);
            length += taken as u64;
            if end.is_some() || taken == 0 {
                return Ok(length);
            }
        }
    }
}

pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, expected: Expect) {
        // A buffer of three bytes puts a border at every place of a line.
        let mut lines = Lines::new(BufReader::with_capacity(3, text.as_bytes()), 5);
        let mut found = String::new();
        while let Some(line) = lines.next().unwrap() {
            let words = line
                .bytes
                .map_or("too long".into(), |bytes| format!("{:?}", String::from_utf8(bytes).unwrap()));
            found.push_str(&format!("{}@{} {words}\n", line.number, line.offset));
        }
        expected.assert_eq(&found);
    }

    #[test]
    fn line_breaks() {
        check(
            "a\nb\r\n\n\r\nc\rd",
            expect![[r#"
            1@0 "a"
            2@2 "b"
            3@5 ""
            4@6 ""
            5@8 "c\rd"
        "#]],
        );
    }

    #[test]
    fn the_limit_counts_neither_mark_nor_break() {
        check(
            "\u{feff}12345\r\n123456\n12345\n1234567890123",
            expect![[r#"
            1@3 "12345"
            2@10 too long
            3@17 "12345"
            4@23 too long
        "#]],
        );
    }

    #[test]
    fn nothing() {
        check("", expect![[""]]);
    }
}
