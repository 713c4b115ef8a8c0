use model::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A stretch of a report's text as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Span {
    /// First byte and the byte after the last, in the UTF-8 form of the text as given.
    pub(crate) bytes: [usize; 2],
    /// The same in Unicode code points.
    pub(crate) chars: [usize; 2],
    /// The text as given between them.
    pub(crate) quote: String,
    /// What a person reads there, where that differs: a page without its tags.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<String>,
}

impl Span {
    /// Returns the words as a person reads them.
    pub(crate) fn words(&self) -> &str {
        self.text.as_deref().unwrap_or(&self.quote)
    }
}

/// Turns the spans of one text into the format.
pub(crate) struct Spans<'t> {
    text: &'t Text,
    /// The number of code points before each 256th byte; empty where all of the text is ASCII.
    chars_before: Vec<usize>,
}

const STRIDE: usize = 256;

impl<'t> Spans<'t> {
    pub(crate) fn new(text: &'t Text) -> Spans<'t> {
        let given = text.given().as_bytes();
        let mut chars_before = Vec::new();
        if !given.is_ascii() {
            let mut chars = 0;
            for block in given.chunks(STRIDE) {
                chars_before.push(chars);
                chars += starts(block);
            }
            chars_before.push(chars);
        }
        Spans { text, chars_before }
    }

    /// Returns `span` in the format.
    pub(crate) fn span(&self, span: model::Span) -> Span {
        let range = self.text.given_range(span);
        let quote = self.text.given_quote(span).to_owned();
        let read = self.text.quote(span);
        let text = (read != quote).then(|| read.to_owned());
        Span {
            bytes: [range.start, range.end],
            chars: [self.chars(range.start), self.chars(range.end)],
            quote,
            text,
        }
    }

    /// Counts the code points before a byte that starts a character.
    fn chars(&self, byte: usize) -> usize {
        match self.chars_before.get(byte / STRIDE) {
            None => byte,
            Some(before) => {
                let block = byte - byte % STRIDE;
                before + starts(&self.text.given().as_bytes()[block..byte])
            }
        }
    }
}

/// Counts the bytes that start a character: all but the continuation bytes of UTF-8.
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use model::Digest;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn chars_are_code_points(words in "(\\PC|Київ){0,400}", at in 0usize..500, length in 0usize..300) {
            let text = Text::verbatim(Digest::of(words.as_bytes()), words.clone());
            let bounds: Vec<usize> = words.char_indices().map(|(byte, _)| byte).chain([words.len()]).collect();
            let (start, end) = (at.min(bounds.len() - 1), (at + length).min(bounds.len() - 1));
            let span = Spans::new(&text).span(text.span(bounds[start]..bounds[end]).unwrap());
            prop_assert_eq!(span.chars, [start, end]);
            prop_assert_eq!(span.quote, words.chars().skip(start).take(end - start).collect::<String>());
        }
    }
}
