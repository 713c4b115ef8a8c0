use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::Reason;

/// Looks at one line of JSON Lines: returns its `id`, if it has one, or why it is no row.
///
/// Bytes that are no UTF-8 and halves of surrogate pairs are put up with: what they mean is for the reader.
pub(crate) fn id(line: &[u8]) -> Result<Option<String>, Reason> {
    let line = String::from_utf8_lossy(line);
    if !line.trim_start().starts_with('{') {
        return Err(Reason::NotAnObject("it does not begin with {".into()));
    }
    if let Ok(row) = fields(&line) {
        return id_of(&row);
    }
    let mended = mended(&line);
    match fields(&mended) {
        Ok(row) => id_of(&row),
        Err(error) => {
            Err(Reason::NotAnObject(error.to_string().replace(" at line 1 column ", " at column ")))
        }
    }
}

/// Tells whether a line is a JSON object.
pub(crate) fn is_object(line: &[u8]) -> bool {
    may_begin_object(line) && fields(&mended(&String::from_utf8_lossy(line))).is_ok()
}

/// Tells whether a line that is cut off could be the beginning of a JSON object.
pub(crate) fn may_begin_object(line: &[u8]) -> bool {
    let Some(rest) = line.trim_ascii_start().strip_prefix(b"{") else { return false };
    matches!(rest.trim_ascii_start(), [b'"' | b'}', ..] | [])
}

/// Reads the names of the fields, and leaves their values as they are written. Of a name given twice the last counts.
fn fields(line: &str) -> serde_json::Result<BTreeMap<String, &RawValue>> {
    serde_json::from_str(line)
}

fn id_of(row: &BTreeMap<String, &RawValue>) -> Result<Option<String>, Reason> {
    if !row.get("text").is_some_and(|text| text.get().starts_with('"')) {
        return Err(Reason::NoText);
    }
    let Some(id) = row.get("id").map(|id| id.get()) else { return Ok(None) };
    let words = match id.as_bytes() {
        [b'"', ..] => {
            serde_json::from_str(id).or_else(|_| serde_json::from_str(&mended(id))).unwrap_or_default()
        }
        // A number is named as it is written: as a number it could lose digits.
        [b'-' | b'0'..=b'9', ..] => id.to_owned(),
        _ => String::new(),
    };
    Ok(Some(words).filter(|words| !words.trim().is_empty()))
}

/// Writes the replacement character for each half of a surrogate pair that stands alone (RFC 8259, 8.2).
fn mended(json: &str) -> Cow<'_, str> {
    if !json.contains("\\u") {
        return json.into();
    }
    let mut mended = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        mended.push_str(&rest[..at]);
        rest = &rest[at..];
        let (taken, escape) = match (surrogate(rest), rest.get(6..).and_then(surrogate)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => (12, &rest[..12]),
            (Some(_), _) => (6, "\\ufffd"),
            // A backslash and what it escapes are one, or the second of two would seem to begin an escape.
            (None, _) => {
                let taken = 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
                (taken, &rest[..taken])
            }
        };
        mended.push_str(escape);
        rest = &rest[taken..];
    }
    mended.push_str(rest);
    mended.into()
}

/// Reads the escape of half a surrogate pair at the start of `json`.
fn surrogate(json: &str) -> Option<u16> {
    let digits = json.strip_prefix("\\u")?.get(..4)?;
    let unit = u16::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))?;
    (0xd800..=0xdfff).contains(&unit).then_some(unit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(line: impl AsRef<[u8]>, expected: &str) {
        let found = match id(line.as_ref()) {
            Ok(id) => id.unwrap_or_else(|| "(none)".into()),
            Err(reason) => reason.to_string(),
        };
        assert_eq!(found, expected, "{:?}", String::from_utf8_lossy(line.as_ref()));
    }

    #[test]
    fn identifiers() {
        check(r#"{"id": "a-1", "text": ""}"#, "a-1");
        check(r#" {"text": "x", "id": 12345678901234567890123}"#, "12345678901234567890123");
        check(r#"{"id": "a", "id": "b", "text": "x"}"#, "b");
        for id in [r#""""#, "null", "[1]", r#"" ""#] {
            check(format!(r#"{{"text": "x", "id": {id}}}"#), "(none)");
        }
        check(r#"{"text": "x"}"#, "(none)");
    }

    #[test]
    fn halves_of_surrogate_pairs() {
        check(r#"{"id": "a\ud83d", "text": "\udc00\ud800x"}"#, "a\u{fffd}");
        check(r#"{"id": "a\uD83D\uDE00", "text": "x", "\ud800": 1}"#, "a😀");
        check(r#"{"id": "a\\ud800", "text": "x", "\ud800": 1}"#, "a\\ud800");
    }

    #[test]
    fn other_encodings() {
        check(b"{\"id\": \"caf\xe9\", \"text\": \"x\"}", "caf\u{fffd}");
    }

    #[test]
    fn no_rows() {
        let no_text = Reason::NoText.to_string();
        check(r#"{"id": 1}"#, &no_text);
        check(r#"{"text": 1}"#, &no_text);
        check(r#"{"text": null}"#, &no_text);
        check(r#""secret""#, "the line is not a JSON object: it does not begin with {");
        check(r#"{"text": "x""#, "the line is not a JSON object: EOF while parsing an object at column 12");
        check(r#"{"text": "x"} {}"#, "the line is not a JSON object: trailing characters at column 15");
    }

    #[test]
    fn deep_nesting() {
        let deep = format!(r#"{{"text": "x", "more": {}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        check(deep, "(none)");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(line: Vec<u8>, words in "[{}\"\\\\ud80:é ]{0,40}") {
            let _ = (id(&line), is_object(&line));
            let _ = (id(words.as_bytes()), mended(&words).len());
        }
    }
}
