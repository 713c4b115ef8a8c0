use std::fmt;
use std::ops::Range;

use crate::Digest;

/// The wording of one report: what was given, what is read, and the original that both came from.
///
/// *Given* is the text as it was handed over: a text file, the `text` field of a JSON row, the source of a page.
/// *Read* is what a person would see of it. For plain text the two are the same; for a page, tags are left out
/// and character references are resolved, and a map leads every position back. All extraction works on what is
/// read; everything shown to others points into what was given.
#[derive(Clone, PartialEq, Eq)]
pub struct Text {
    original: Digest,
    given: String,
    view: Option<View>,
}

#[derive(Clone, PartialEq, Eq)]
struct View {
    read: String,
    /// In order of `read_at`; the first piece starts at 0.
    pieces: Vec<Mapped>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Mapped {
    read_at: u32,
    given: (u32, u32),
    verbatim: bool,
}

/// One stretch of what is read, and where it stands in what was given. See [`Text::viewed`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// These bytes of the given text, as they are.
    Verbatim(Range<usize>),
    /// Words that stand for these bytes of the given text: `é` for `&eacute;`, a line break for `</p>`.
    Instead(Range<usize>, String),
}

/// A stretch of what is read of one text: a half-open range of bytes that begins and ends between characters.
///
/// Only [`Text::span`] makes one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    start: u32,
    end: u32,
    text: u32,
}

impl Span {
    /// Returns the first byte, counted in what is read.
    #[inline]
    pub fn start(&self) -> usize {
        self.start as usize
    }

    /// Returns the byte after the last one.
    #[inline]
    pub fn end(&self) -> usize {
        self.end as usize
    }

    /// Returns the range of bytes, counted in what is read.
    #[inline]
    pub fn range(&self) -> Range<usize> {
        self.start()..self.end()
    }

    /// Returns the number of bytes.
    pub fn len(&self) -> usize {
        self.end() - self.start()
    }

    /// Tells whether the span covers nothing.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Tells whether `other` lies within this span.
    #[inline]
    pub fn contains(&self, other: Span) -> bool {
        self.text == other.text && self.start <= other.start && other.end <= self.end
    }

    /// Tells whether the two spans share at least one byte.
    pub fn overlaps(&self, other: Span) -> bool {
        self.text == other.text && self.start < other.end && other.start < self.end
    }

    /// Returns the smallest span that holds both. Spans of different texts have none; the first is returned.
    pub fn hull(self, other: Span) -> Span {
        if self.text != other.text {
            return self;
        }
        Span { start: self.start.min(other.start), end: self.end.max(other.end), text: self.text }
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

impl Text {
    /// Makes a text that is read just as it was given.
    ///
    /// # Panics
    /// Panics if the text is 4 GiB or longer; what is collected is limited far below that.
    pub fn verbatim(original: Digest, given: String) -> Text {
        assert!(u32::try_from(given.len()).is_ok(), "a text is shorter than 4 GiB");
        Text { original, given, view: None }
    }

    /// Makes a text that is read differently from how it was given, piece by piece.
    ///
    /// A piece that lies outside the given text, or cuts a character, is left out.
    ///
    /// ```
    /// use model::{Digest, Piece, Text};
    ///
    /// let page = "<p>Caf&eacute; hit</p>";
    /// let pieces = [Piece::Verbatim(3..6), Piece::Instead(6..14, "é".into()), Piece::Verbatim(14..18)];
    /// let text = Text::viewed(Digest::of(page.as_bytes()), page.to_owned(), pieces);
    /// assert_eq!(text.read(), "Café hit");
    /// let place = text.span(0..5).unwrap();
    /// assert_eq!(text.quote(place), "Café");
    /// assert_eq!(text.given_quote(place), "Caf&eacute;");
    /// ```
    ///
    /// # Panics
    /// Panics if the text is 4 GiB or longer.
    pub fn viewed(original: Digest, given: String, pieces: impl IntoIterator<Item = Piece>) -> Text {
        assert!(u32::try_from(given.len()).is_ok(), "a text is shorter than 4 GiB");
        let mut read = String::new();
        let mut mapped = Vec::new();
        for piece in pieces {
            let (range, words, verbatim) = match &piece {
                Piece::Verbatim(range) => (range, given.get(range.clone()), true),
                Piece::Instead(range, words) => {
                    (range, given.get(range.clone()).map(|_| words.as_str()), false)
                }
            };
            let Some(words) = words.filter(|words| !words.is_empty()) else { continue };
            if u32::try_from(read.len() + words.len()).is_err() {
                break;
            }
            let given = (range.start as u32, range.end as u32);
            mapped.push(Mapped { read_at: read.len() as u32, given, verbatim });
            read.push_str(words);
        }
        Text { original, given, view: Some(View { read, pieces: mapped }) }
    }

    /// Returns the digest of the original that the text was read from.
    pub fn original(&self) -> Digest {
        self.original
    }

    /// Returns the text as it was handed over.
    pub fn given(&self) -> &str {
        &self.given
    }

    /// Returns the words that are read: what every span counts in.
    pub fn read(&self) -> &str {
        self.view.as_ref().map_or(&self.given, |view| &view.read)
    }

    /// Tells whether what is read is what was given, byte for byte.
    pub fn is_verbatim(&self) -> bool {
        self.view.is_none()
    }

    /// Cuts a span, or returns `None` if the range lies outside the text or cuts a character.
    pub fn span(&self, range: Range<usize>) -> Option<Span> {
        self.read().get(range.clone())?;
        Some(Span { start: range.start as u32, end: range.end as u32, text: self.mark() })
    }

    /// Cuts a span without the white space at its ends; `None` if nothing else is in it.
    pub fn trimmed(&self, range: Range<usize>) -> Option<Span> {
        let words = self.read().get(range.clone())?;
        let start = range.start + (words.len() - words.trim_start().len());
        let end = start + words.trim().len();
        if start == end { None } else { self.span(start..end) }
    }

    /// Returns the words at `span`, as they are read.
    ///
    /// # Panics
    /// Panics if the span was cut from another text: quoting it here would put words into somebody's mouth.
    pub fn quote(&self, span: Span) -> &str {
        assert_eq!(span.text, self.mark(), "a span is quoted only from the text that cut it");
        &self.read()[span.range()]
    }

    /// Returns the range of bytes of the given text that `span` stands for.
    ///
    /// # Panics
    /// Panics if the span was cut from another text.
    pub fn given_range(&self, span: Span) -> Range<usize> {
        assert_eq!(span.text, self.mark(), "a span is mapped only by the text that cut it");
        let Some(view) = &self.view else { return span.range() };
        let start = view.given_at(span.start, Side::Start);
        let end = if span.is_empty() { start } else { view.given_at(span.end - 1, Side::End) };
        start..end.max(start)
    }

    /// Returns a span that stands for just this range of the given text; `None` if none is found.
    pub fn span_of_given(&self, range: Range<usize>) -> Option<Span> {
        let Some(view) = &self.view else { return self.span(range) };
        let start = view.read_at(range.start, Side::Start)?;
        let end = view.read_at(range.end, Side::End)?;
        let span = if start < end { self.span(start..end)? } else { return None };
        (self.given_range(span) == range).then_some(span)
    }

    /// Returns the given text that `span` stands for, markup included.
    pub fn given_quote(&self, span: Span) -> &str {
        &self.given[self.given_range(span)]
    }

    fn mark(&self) -> u32 {
        self.original.mark()
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Start,
    End,
}

impl View {
    /// Maps a place in the given text, at which a piece of it starts or ends or within which it goes on, to what is read.
    fn read_at(&self, given_at: usize, side: Side) -> Option<usize> {
        let at = u32::try_from(given_at).ok()?;
        let holds = |piece: &&Mapped| match side {
            Side::Start => (piece.given.0..piece.given.1).contains(&at),
            Side::End => piece.given.0 < at && at <= piece.given.1,
        };
        let number = self.pieces.iter().position(|piece| holds(&piece))?;
        let piece = &self.pieces[number];
        let next = self.pieces.get(number + 1).map_or(self.read.len(), |next| next.read_at as usize);
        Some(match (piece.verbatim, side) {
            (true, _) => (piece.read_at + (at - piece.given.0)) as usize,
            (false, Side::Start) => piece.read_at as usize,
            (false, Side::End) => next,
        })
    }

    /// Maps the byte at `read_at` to the place in the given text where it starts, or where it ends.
    fn given_at(&self, read_at: u32, side: Side) -> usize {
        let after = self.pieces.partition_point(|piece| piece.read_at <= read_at);
        let Some(piece) = after.checked_sub(1).map(|i| self.pieces[i]) else { return 0 };
        let at = match (piece.verbatim, side) {
            (true, Side::Start) => piece.given.0 + (read_at - piece.read_at),
            (true, Side::End) => piece.given.0 + (read_at - piece.read_at) + 1,
            (false, Side::Start) => piece.given.0,
            (false, Side::End) => piece.given.1,
        };
        at as usize
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the words: a debug print may end in a log.
        write!(f, "Text({} bytes of {})", self.read().len(), self.original)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(words: &str) -> Text {
        Text::verbatim(Digest::of(words.as_bytes()), words.to_owned())
    }

    #[test]
    fn a_span_cannot_cut_a_character_or_leave_the_text() {
        let text = plain("Київ");
        assert!(text.span(0..1).is_none());
        assert!(text.span(0..9).is_none());
        assert_eq!(text.quote(text.span(0..2).unwrap()), "К");
    }

    #[test]
    #[should_panic(expected = "only from the text that cut it")]
    fn a_span_cannot_quote_another_text() {
        let span = plain("one").span(0..3).unwrap();
        plain("two").quote(span);
    }

    #[test]
    fn a_view_leads_back() {
        let page = "<p>A&amp;B</p> <p>C</p>";
        let pieces = [
            Piece::Verbatim(3..4),
            Piece::Instead(4..9, "&".into()),
            Piece::Verbatim(9..10),
            Piece::Instead(10..18, "\n".into()),
            Piece::Verbatim(18..19),
        ];
        let text = Text::viewed(Digest::of(page.as_bytes()), page.to_owned(), pieces);
        assert_eq!(text.read(), "A&B\nC");
        assert_eq!(text.given_quote(text.span(0..3).unwrap()), "A&amp;B");
        assert_eq!(text.given_quote(text.span(1..2).unwrap()), "&amp;");
        assert_eq!(text.given_quote(text.span(2..5).unwrap()), "B</p> <p>C");
        for range in [0..3, 1..2, 2..5, 4..5] {
            let span = text.span(range).unwrap();
            assert_eq!(text.span_of_given(text.given_range(span)), Some(span));
        }
        assert_eq!(text.span_of_given(5..8), None);
        assert_eq!(text.span_of_given(0..2), None);
    }

    proptest! {
        #[test]
        fn whatever_is_read_stands_in_what_was_given(page in "\\PC{0,60}", cuts in prop::collection::vec(0usize..80, 0..12)) {
            let mut cuts: Vec<usize> = cuts.into_iter().filter(|&at| page.is_char_boundary(at) && at <= page.len()).collect();
            cuts.sort_unstable();
            let pieces = cuts.windows(2).enumerate().map(|(i, cut)| match i % 3 {
                0 => Piece::Verbatim(cut[0]..cut[1]),
                1 => Piece::Instead(cut[0]..cut[1], "ж".into()),
                _ => Piece::Instead(cut[0]..cut[1], String::new()),
            });
            let text = Text::viewed(Digest::of(page.as_bytes()), page.clone(), pieces);
            let bounds: Vec<usize> = (0..=text.read().len()).filter(|&at| text.read().is_char_boundary(at)).collect();
            for &start in &bounds {
                for &end in bounds.iter().filter(|&&end| end >= start) {
                    let span = text.span(start..end).unwrap();
                    let range = text.given_range(span);
                    prop_assert!(page.get(range.clone()).is_some());
                    let back = text.span_of_given(range.clone());
                    prop_assert!(back.is_none_or(|back| text.given_range(back) == range));
                }
            }
        }
    }
}
