//! Reports for tests, put together by hand.

use model::{Digest, Metadata, Paragraph, Report, Text};

/// Makes a report of `outlet` on `day` (empty: not dated), one paragraph a line and one sentence a full stop.
pub(crate) fn report(outlet: &str, day: &str, words: &str) -> Report {
    let text = Text::verbatim(Digest::of(words.as_bytes()), words.to_owned());
    let mut body = Vec::new();
    let mut at = 0;
    for line in words.split_inclusive('\n') {
        if let Some(span) = text.trimmed(at..at + line.len()) {
            body.push(Paragraph { span, sentences: sentences(&text, span.range()) });
        }
        at += line.len();
    }
    let named = |name: &str| if name.is_empty() { None } else { Some(name.to_owned()) };
    let metadata = Metadata { published: day.parse().ok(), outlet: named(outlet), ..Metadata::default() };
    let (dateline, wire, language) = (None, None, None);
    Report { text, metadata, language, dateline, wire, body, boilerplate: Vec::new(), notes: Vec::new() }
}

fn sentences(text: &Text, range: std::ops::Range<usize>) -> Vec<model::Span> {
    let mut at = range.start;
    let mut found = Vec::new();
    for piece in text.read()[range].split_inclusive(". ") {
        found.extend(text.trimmed(at..at + piece.len()));
        at += piece.len();
    }
    found
}
