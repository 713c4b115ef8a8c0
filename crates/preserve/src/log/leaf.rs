use std::collections::BTreeMap;

use model::Digest;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// What one leaf of the log says, as canonical JSON (RFC 8785): a `kind` and what belongs to it.
///
/// The log does not look further: what a kind means is for those who make it. Of JSON only objects, strings and
/// integers up to 2^53 - 1 occur, so that every program reads and writes the same bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Leaf {
    json: String,
    fields: BTreeMap<String, Value>,
}

/// The value of one field of a [`Leaf`].
#[derive(Debug, Clone, Copy)]
pub enum Field<'a> {
    /// Words.
    Text(&'a str),
    /// A number. What is above 2^53 - 1 is written as that, since it is no number to many readers of JSON.
    Number(u64),
}

/// One line of a file of leaves.
#[derive(Clone, PartialEq, Eq)]
pub enum Line {
    /// A leaf with its salt.
    Live {
        /// 32 random bytes, in no other place.
        salt: [u8; 32],
        /// What it says.
        leaf: Leaf,
    },
    /// A leaf that was erased: only its commitment is left.
    Erased {
        /// The SHA-256 over salt and leaf, as it was.
        entry: [u8; 32],
    },
}

/// The text is not a leaf in canonical JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not canonical JSON of an object with a kind, of strings and whole numbers only")]
pub struct NotALeaf;

/// The greatest number that every reader of JSON reads exactly (RFC 8785, section 3.2.2.3).
const GREATEST: u64 = (1 << 53) - 1;
/// A leaf holds digests, not documents.
pub(crate) const LONGEST: usize = 1 << 16;

impl Leaf {
    /// Makes a leaf of a kind. A field that is named twice has its last value.
    ///
    /// ```
    /// use preserve::log::{Field, Leaf};
    ///
    /// let leaf = Leaf::new("review", &[("report", Field::Number(7)), ("by", Field::Text("К. Левко"))]);
    /// assert_eq!(leaf.json(), r#"{"by":"К. Левко","kind":"review","report":7}"#);
    /// ```
    pub fn new(kind: &str, fields: &[(&str, Field<'_>)]) -> Leaf {
        let kind = ("kind", Field::Text(kind));
        let fields: BTreeMap<String, Value> =
            fields.iter().chain([&kind]).map(|(name, field)| ((*name).to_owned(), field.value())).collect();
        let json = serde_json::to_string(&fields).expect("strings and numbers are JSON");
        Leaf { json, fields }
    }

    /// Reads a leaf from its canonical JSON.
    pub fn parse(json: &str) -> Result<Leaf, NotALeaf> {
        let value: Value = serde_json::from_str(json).map_err(|_| NotALeaf)?;
        Leaf::from_value(value).filter(|leaf| leaf.json == json).ok_or(NotALeaf)
    }

    fn from_value(value: Value) -> Option<Leaf> {
        let mut json = String::new();
        canonical(&value, &mut json)?;
        let Value::Object(fields) = value else { return None };
        fields.get("kind")?.as_str()?;
        Some(Leaf { json, fields: fields.into_iter().collect() })
    }

    /// Returns the canonical JSON.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Returns what kind of leaf it is.
    pub fn kind(&self) -> &str {
        self.text("kind").unwrap_or_default()
    }

    /// Returns a field that is words.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name)?.as_str()
    }

    /// Returns a field that is a number.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.fields.get(name)?.as_u64()
    }

    /// Returns a field that is a digest.
    pub fn digest(&self, name: &str) -> Option<Digest> {
        self.text(name)?.parse().ok()
    }
}

impl std::fmt::Debug for Leaf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Never what it says: a debug print may end in a file of messages.
        write!(f, "Leaf({}, {} bytes)", self.kind(), self.json.len())
    }
}

impl Field<'_> {
    fn value(self) -> Value {
        match self {
            Field::Text(text) => text.into(),
            Field::Number(number) => number.min(GREATEST).into(),
        }
    }
}

impl Line {
    /// Salts a leaf with random bytes of the system.
    pub(crate) fn salted(leaf: Leaf) -> std::io::Result<Line> {
        let mut salt = [0; 32];
        getrandom::fill(&mut salt).map_err(std::io::Error::other)?;
        Ok(Line::Live { salt, leaf })
    }

    /// Returns the entry of the tree: the SHA-256 over salt and leaf.
    pub fn entry(&self) -> [u8; 32] {
        match self {
            Line::Live { salt, leaf } => entry_of(salt, leaf),
            Line::Erased { entry } => *entry,
        }
    }

    /// Returns what the leaf says, unless it was erased.
    pub fn leaf(&self) -> Option<&Leaf> {
        match self {
            Line::Live { leaf, .. } => Some(leaf),
            Line::Erased { .. } => None,
        }
    }

    /// Writes the line that stands at `index`, with its end.
    pub(crate) fn write(&self, index: u64) -> String {
        match self {
            Line::Live { salt, leaf } => {
                format!("{{\"index\":{index},\"record\":{},\"salt\":\"{}\"}}\n", leaf.json, hex(salt))
            }
            Line::Erased { entry } => {
                format!("{{\"entry\":\"{}\",\"index\":{index},\"state\":\"erased\"}}\n", hex(entry))
            }
        }
    }

    /// Reads the line that stands at `index`, with its end. Only its one canonical form is read.
    pub(crate) fn parse(index: u64, text: &str) -> Option<Line> {
        let Value::Object(mut fields) = serde_json::from_str(text).ok()? else { return None };
        let line = match fields.remove("record") {
            Some(record) => {
                Line::Live { salt: unhex(fields.get("salt")?.as_str()?)?, leaf: Leaf::from_value(record)? }
            }
            None => Line::Erased { entry: unhex(fields.get("entry")?.as_str()?)? },
        };
        // Whatever else could differ (the index, the order of keys, blanks, the case of digits) differs here.
        (line.write(index) == text).then_some(line)
    }
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Never the salt: who has it can guess what the leaf says.
        write!(f, "Line({:?})", self.leaf())
    }
}

/// Computes the commitment to a leaf.
pub(crate) fn entry_of(salt: &[u8; 32], leaf: &Leaf) -> [u8; 32] {
    Sha256::new().chain_update(salt).chain_update(leaf.json()).finalize().into()
}

/// Writes a value in its canonical form; `None` if it holds what no leaf may.
fn canonical(value: &Value, out: &mut String) -> Option<()> {
    match value {
        Value::String(text) => *out += &serde_json::to_string(text).ok()?,
        Value::Number(number) => *out += &number.as_u64().filter(|n| *n <= GREATEST)?.to_string(),
        Value::Object(fields) => {
            let mut keys: Vec<&String> = fields.keys().collect();
            keys.sort_unstable();
            for (i, key) in keys.into_iter().enumerate() {
                out.push(if i == 0 { '{' } else { ',' });
                // The order of keys is that of UTF-16 in the RFC; for ASCII it is that of bytes.
                *out += &serde_json::to_string(key).ok().filter(|_| key.is_ascii())?;
                out.push(':');
                canonical(&fields[key], out)?;
            }
            *out += if fields.is_empty() { "{}" } else { "}" };
        }
        Value::Null | Value::Bool(_) | Value::Array(_) => return None,
    }
    Some(())
}

/// Writes bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8; 32]) -> String {
    Digest::from_bytes(*bytes).hex()
}

/// Reads 64 lower-case hexadecimal digits.
pub(crate) fn unhex(text: &str) -> Option<[u8; 32]> {
    format!("sha256:{text}").parse().ok().map(|digest: Digest| *digest.as_bytes())
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;

    fn check(line: &Line, expected: Expect) {
        let text = line.write(7);
        expected.assert_eq(&text);
        assert_eq!(Line::parse(7, &text).as_ref(), Some(line));
        assert_eq!(Line::parse(8, &text), None);
    }

    fn example() -> Line {
        let leaf = Leaf::new("review", &[("words", Field::Text("Тесмин \"\\\n\u{1}\u{7f}€\u{1F600}"))]);
        Line::Live { salt: [0xab; 32], leaf }
    }

    #[test]
    fn a_leaf_and_an_erased_one() {
        check(
            &example(),
            expect![[r#"
                {"index":7,"record":{"kind":"review","words":"Тесмин \"\\\n\u0001€😀"},"salt":"abababababababababababababababababababababababababababababababab"}
            "#]],
        );
        check(
            &Line::Erased { entry: example().entry() },
            expect![[r#"
                {"entry":"60769de020f31feeab873d71a50522075aafdff3b0ba3c410361c88bd63486c2","index":7,"state":"erased"}
            "#]],
        );
    }

    #[test]
    fn only_the_canonical_form_is_read() {
        assert!(Leaf::parse(r#"{"a":{"b":1,"c":"x"},"kind":"k"}"#).is_ok());
        for json in [
            r#"{"kind":"k","a":1}"#,
            r#"{"a":1, "kind":"k"}"#,
            r#"{"a":1}"#,
            r#"{"kind":7}"#,
            r#"{"a":1.0,"kind":"k"}"#,
            r#"{"a":-1,"kind":"k"}"#,
            r#"{"a":9007199254740992,"kind":"k"}"#,
            r#"{"a":[],"kind":"k"}"#,
            r#"{"a":null,"kind":"k"}"#,
            r#"{"a":true,"kind":"k"}"#,
            r#"{"a":1,"a":1,"kind":"k"}"#,
            r#"{"a":"\u0041","kind":"k"}"#,
            r#"{"kind":"k","é":1}"#,
            r#"{"kind":"k"} "#,
            "[]",
            "",
        ] {
            assert_eq!(Leaf::parse(json), Err(NotALeaf), "{json}");
        }
    }

    #[test]
    fn every_flipped_byte_of_a_line_is_another_line_or_none() {
        let text = example().write(7);
        for at in 0..text.len() {
            for mask in 1..=255u8 {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= mask;
                let read = String::from_utf8(bytes).ok().and_then(|text| Line::parse(7, &text));
                assert!(read.is_none_or(|line| line.entry() != example().entry()), "{at} {mask}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*") {
            let _ = Leaf::parse(&text);
            let _ = Line::parse(0, &text);
        }

        #[test]
        fn what_is_written_is_read(words: String, number: u64) {
            let leaf = Leaf::new("k", &[("words", Field::Text(&words)), ("number", Field::Number(number))]);
            prop_assert_eq!(Leaf::parse(leaf.json()), Ok(leaf));
        }
    }
}
