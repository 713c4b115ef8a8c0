//! Rows of JSON Lines files.

use model::{Metadata, Note, Text};
use serde_json::{Map, Value};

use super::decode::Decoded;
use super::{Given, lines, published};
use crate::Source;

/// Takes the text out of a row, and what the row says of it.
///
/// A row that is no object, or has no text, gives an empty text and a note.
pub(super) fn take(source: &Source<'_>, decoded: Decoded) -> Given {
    let Decoded { text: row, encoding, mut notes } = decoded;
    let fields = fields(&row, &mut notes);
    let metadata = completed(source.metadata, &fields, &mut notes);
    let text = match fields.get("text") {
        Some(Value::String(text)) => text.clone(),
        _ => {
            notes.push(Note("the row has no `text`".to_owned()));
            String::new()
        }
    };
    let blocks = lines(&text, 0);
    Given { text: Text::verbatim(source.digest, text), encoding, metadata, language: None, blocks, notes }
}

fn fields(row: &str, notes: &mut Vec<Note>) -> Map<String, Value> {
    let (repaired, lone) = repair(row.trim_start_matches('\u{feff}'));
    if lone > 0 {
        notes.push(Note(format!("{lone} halves of surrogate pairs in the row; they are read as U+FFFD")));
    }
    match serde_json::from_str(&repaired) {
        Ok(Value::Object(fields)) => return fields,
        Ok(_) => notes.push(Note("the row is no JSON object".to_owned())),
        Err(error) => notes.push(Note(format!("the row is not JSON: {error}"))),
    }
    Map::new()
}

/// Completes what was handed over with what the row says, which goes first unless it is empty.
fn completed(handed: &Metadata, fields: &Map<String, Value>, notes: &mut Vec<Note>) -> Metadata {
    let first = |names: &[&str]| names.iter().find_map(|name| words(fields.get(*name)?));
    let written = first(&["published", "date"]);
    let published = written.as_deref().and_then(published::day);
    if let (Some(written), None) = (&written, published) {
        let start: String = written.chars().take(40).collect();
        notes.push(Note(format!("{start:?} is not read as a day of publication")));
    }
    Metadata {
        id: first(&["id"]).unwrap_or_else(|| handed.id.clone()),
        published: published.or(handed.published),
        outlet: first(&["outlet", "source"]).or_else(|| handed.outlet.clone()),
        title: first(&["title"]).or_else(|| handed.title.clone()),
        url: first(&["url"]).or_else(|| handed.url.clone()),
        charset: handed.charset.clone(),
    }
}

fn words(value: &Value) -> Option<String> {
    let words = match value {
        Value::String(words) => words.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    (!words.is_empty()).then_some(words)
}

/// Makes strict JSON of the two ways in which common writers break it: escapes of half a surrogate pair, which
/// become U+FFFD and are counted, and `NaN` or `Infinity`, which become `null` (RFC 8259, 6 and 8.2).
fn repair(row: &str) -> (String, usize) {
    let mut repaired = String::with_capacity(row.len());
    let (mut rest, mut quoted, mut lone) = (row, false, 0);
    while let Some(at) = rest.find(['"', '\\', 'N', 'I']) {
        let (before, from) = rest.split_at(at);
        repaired.push_str(before);
        let (taken, put) = match from.as_bytes()[0] {
            b'"' => {
                quoted = !quoted;
                (1, "\"")
            }
            b'\\' if quoted => escape(from),
            _ if !quoted && from.starts_with("NaN") => (3, "null"),
            _ if !quoted && from.starts_with("Infinity") => {
                if repaired.ends_with('-') {
                    repaired.pop();
                }
                (8, "null")
            }
            _ => (1, &from[..1]),
        };
        lone += usize::from(put == LONE);
        repaired.push_str(put);
        rest = &from[taken..];
    }
    repaired.push_str(rest);
    (repaired, lone)
}

const LONE: &str = "\\ufffd";

/// Returns how long the escape at the start of `from` is, and what to write for it.
fn escape(from: &str) -> (usize, &str) {
    match (unit(from), from.get(6..).and_then(unit)) {
        (Some(0xD800..0xDC00), Some(0xDC00..0xE000)) => (12, &from[..12]),
        (Some(0xD800..0xE000), _) => (6, LONE),
        (Some(_), _) => (6, &from[..6]),
        (None, _) => {
            let taken = from.chars().take(2).map(char::len_utf8).sum();
            (taken, &from[..taken])
        }
    }
}

/// Reads the `\uXXXX` at the start of `from`.
fn unit(from: &str) -> Option<u16> {
    let digits = from.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn halves_of_pairs_are_replaced_and_whole_pairs_kept() {
        assert_eq!(
            repair(r#"{"a":"\ud83d\ude00 \ud800 \\ud800"}"#),
            (r#"{"a":"\ud83d\ude00 \ufffd \\ud800"}"#.into(), 1)
        );
    }

    #[test]
    fn numbers_that_json_lacks_become_null() {
        assert_eq!(
            repair(r#"{"a":NaN,"b":-Infinity,"c":"NaN \"NaN"}"#).0,
            r#"{"a":null,"b":null,"c":"NaN \"NaN"}"#
        );
    }

    proptest! {
        #[test]
        fn json_of_a_strict_writer_is_left_as_it_is(words in "\\PC{0,40}") {
            let row = serde_json::to_string(&words).unwrap();
            prop_assert_eq!(repair(&row), (row, 0));
        }

        #[test]
        fn any_row_is_repaired_without_a_panic(row in "[\\\\\"uUdD8cfNaI\\-é{}]{0,40}") {
            repair(&row);
        }
    }
}
