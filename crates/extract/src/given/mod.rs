//! From bytes to a text: encodings, dated texts, JSON rows and pages.

mod dated;
mod decode;
mod page;
pub(crate) mod published;
mod row;

use std::ops::Range;

use model::{BoilerplateReason, Kind, Metadata, Note, Text};

use crate::Source;

/// A text with what came along with it, before the article is looked for.
pub(crate) struct Given {
    pub(crate) text: Text,
    /// The encoding that the bytes were read in, by its name in the Encoding Standard.
    pub(crate) encoding: &'static str,
    pub(crate) metadata: Metadata,
    /// The language that the original names, two letters after ISO 639-1.
    pub(crate) language: Option<String>,
    /// The blocks of what is read, in order: lines of a text, block elements of a page.
    pub(crate) blocks: Vec<Block>,
    pub(crate) notes: Vec<Note>,
}

/// One block of what is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// Bytes of what is read, without the white space around them.
    pub(crate) range: Range<usize>,
    /// What the page's own markup, or the format, says against it.
    pub(crate) aside: Option<BoilerplateReason>,
}

/// Makes a text of the bytes of an original.
pub(crate) fn take(source: &Source<'_>) -> Given {
    let decoded = decode::decode(source);
    match source.kind {
        Kind::DatedText => dated::take(source, decoded),
        Kind::PlainText => plain(source, decoded),
        Kind::Row => row::take(source, decoded),
        Kind::Page => page::take(source, decoded),
    }
}

fn plain(source: &Source<'_>, decoded: decode::Decoded) -> Given {
    let blocks = lines(&decoded.text, 0);
    Given {
        text: Text::verbatim(source.digest, decoded.text),
        encoding: decoded.encoding,
        metadata: source.metadata.clone(),
        language: None,
        blocks,
        notes: decoded.notes,
    }
}

/// Returns the lines of `text` after the byte `from`, without the empty ones. CR, LF and CR LF end a line, as do the
/// separators U+2028 and U+2029. The lines of a text that was filled to a width are joined to paragraphs.
fn lines(text: &str, from: usize) -> Vec<Block> {
    let lines = Lines::of(text, from);
    let width = lines.width();
    let mut blocks: Vec<Block> = Vec::new();
    for line in lines.0 {
        match blocks.last_mut() {
            Some(block) if width.is_some_and(|width| line.goes_on(width)) => block.range.end = line.range.end,
            _ => blocks.push(Block { range: line.range, aside: None }),
        }
    }
    blocks
}

struct Lines(Vec<Line>);

struct Line {
    range: Range<usize>,
    chars: usize,
    /// The number of characters of the line above, if no empty line stands between and this one is not indented.
    below: Option<usize>,
}

impl Lines {
    fn of(text: &str, from: usize) -> Lines {
        let mut lines: Vec<Line> = Vec::new();
        let (mut start, mut blank) = (from, true);
        for line in text[from..].split_inclusive(['\n', '\r', '\u{2028}', '\u{2029}']) {
            let end = start + line.len();
            // The empty line between the two characters of CR LF is none.
            let inside = line == "\n" && text[..start].ends_with('\r');
            match trimmed(text, start..end) {
                Some(range) => {
                    let chars = text[range.clone()].chars().count();
                    let above =
                        lines.last().filter(|_| !blank && range.start == start).map(|line| line.chars);
                    lines.push(Line { range, chars, below: above });
                    blank = false;
                }
                None => blank |= !inside,
            }
            start = end;
        }
        Lines(lines)
    }

    /// Returns the width that the text was filled to, if it was: no line is longer than 100 characters, and of those
    /// with another line below, four in five reach three quarters of the longest.
    fn width(&self) -> Option<usize> {
        const WIDEST: usize = 100;
        let longest = self.0.iter().map(|line| line.chars).max()?;
        let above = || self.0.iter().filter_map(|line| line.below);
        let full = above().filter(|chars| chars * 4 >= longest * 3).count();
        (longest <= WIDEST && full >= 4 && full * 5 >= above().count() * 4).then_some(longest)
    }
}

impl Line {
    /// Tells whether the line above was full, so that its paragraph goes on here.
    fn goes_on(&self, width: usize) -> bool {
        self.below.is_some_and(|above| above * 3 >= width * 2)
    }
}

/// Takes the white space off both ends, and the byte order mark, which is white space here; `None` if that is all.
fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    let words = &text[range.clone()];
    let start = range.start + (words.len() - words.trim_start_matches(blank).len());
    let end = start + words.trim_matches(blank).len();
    (start < end).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use model::Digest;

    use super::*;

    fn check(row: &str, expected: Expect) {
        let metadata =
            Metadata { id: "rows.jsonl:1".into(), outlet: Some("handed over".into()), ..Metadata::default() };
        let bytes = row.as_bytes();
        let given = take(&Source { bytes, digest: Digest::of(bytes), kind: Kind::Row, metadata: &metadata });
        let Metadata { id, published, outlet, title, url, .. } = given.metadata;
        let published = published.map(|day| day.to_string());
        let notes: Vec<_> = given.notes.iter().map(|note| &note.0).collect();
        expected.assert_eq(&format!(
            "{:?} {id:?} {published:?} {outlet:?} {title:?} {url:?}\n{notes:?}",
            given.text.read()
        ));
    }

    #[test]
    fn rows() {
        check(
            r#"{"id": 7, "url": "https://times.example/7", "outlet": "Dobrove Times", "source": "other",
                "date": "2031-03-15T10:00:00Z", "title": "Shells \u201cfall\u201d", "text": "Shells\nfell.", "score": NaN}"#,
            expect![[r#"
                "Shells\nfell." "7" Some("2031-03-15") Some("Dobrove Times") Some("Shells “fall”") Some("https://times.example/7")
                []"#]],
        );
        check(
            r#"{"source": "", "published": "some day", "text": "Half \ud83d a face"}"#,
            expect![[r#"
            "Half � a face" "rows.jsonl:1" None Some("handed over") None None
            ["1 halves of surrogate pairs in the row; they are read as U+FFFD", "\"some day\" is not read as a day of publication"]"#]],
        );
        check(
            r#"{"id": "a", "text": null}"#,
            expect![[r#"
            "" "a" None Some("handed over") None None
            ["the row has no `text`"]"#]],
        );
        check(
            r#"["text"]"#,
            expect![[r#"
            "" "rows.jsonl:1" None Some("handed over") None None
            ["the row is no JSON object", "the row has no `text`"]"#]],
        );
        check(
            "{",
            expect![[r#"
            "" "rows.jsonl:1" None Some("handed over") None None
            ["the row is not JSON: EOF while parsing an object at line 1 column 1", "the row has no `text`"]"#]],
        );
    }
}
