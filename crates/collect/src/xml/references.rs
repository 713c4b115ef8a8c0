//! Character references: `&#233;`, `&eacute;`, and what a document declares itself.

use std::borrow::Cow;
use std::collections::HashMap;

/// The longest text that a document may declare a name for: abbreviations, not chapters.
const MAX_VALUE: usize = 1024;

/// The most bytes that all declared names may stand for, beyond the length of the document.
const ALLOWANCE: usize = 1 << 20;

/// The longest name of a character in HTML has 31 letters.
const LONGEST: usize = 40;

/// The names that a document declares, and how much they may still be used.
pub(super) struct Declared {
    values: HashMap<String, String>,
    left: usize,
}

impl Declared {
    pub(super) fn new(length: usize) -> Declared {
        Declared { values: HashMap::new(), left: length.saturating_add(ALLOWANCE) }
    }

    /// Takes over a declaration. Names inside the value are not expanded: that way lies the billion laughs.
    pub(super) fn declare(&mut self, name: &str, value: &str) {
        if value.len() <= MAX_VALUE {
            let value = decode(value, &mut Declared::new(0)).0.into_owned();
            // The first declaration binds (XML 1.0, 4.2).
            self.values.entry(name.to_owned()).or_insert(value);
        }
    }

    fn value(&mut self, name: &str) -> Option<String> {
        let value = self.values.get(name)?;
        self.left = self.left.checked_sub(value.len())?;
        Some(value.clone())
    }
}

/// Replaces references, and tells whether all of them stood for something.
pub(super) fn decode<'a>(text: &'a str, declared: &mut Declared) -> (Cow<'a, str>, bool) {
    let Some(mut at) = memchr::memchr(b'&', text.as_bytes()) else { return (text.into(), true) };
    let (mut decoded, mut copied, mut all_known) = (String::with_capacity(text.len()), 0, true);
    loop {
        decoded.push_str(&text[copied..at]);
        let rest = &text[at..];
        match reference(rest, declared) {
            Some((length, meaning)) => {
                decoded.push_str(&meaning);
                copied = at + length;
            }
            None => {
                all_known = false;
                decoded.push('&');
                copied = at + 1;
            }
        }
        let Some(next) = memchr::memchr(b'&', &text.as_bytes()[copied..]) else { break };
        at = copied + next;
    }
    decoded.push_str(&text[copied..]);
    (decoded.into(), all_known)
}

/// Reads the reference at the start of `text`: its length, and what it stands for. It has to end with a semicolon:
/// addresses hold `&copy=2`.
fn reference(text: &str, declared: &mut Declared) -> Option<(usize, String)> {
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let meaning = match name.strip_prefix('#') {
        Some(digits) => numeric(digits)?.to_string(),
        None => named(name, &text[..=end], declared)?,
    };
    Some((end + 1, meaning))
}

fn named(name: &str, reference: &str, declared: &mut Declared) -> Option<String> {
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte)) {
        return None;
    }
    if let Some(value) = declared.value(name) {
        return Some(value);
    }
    match htmlize::unescape(reference) {
        meaning if meaning.starts_with('&') && name != "amp" && name != "AMP" => None,
        meaning => Some(meaning.into_owned()),
    }
}

fn numeric(digits: &str) -> Option<char> {
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => digits.parse(),
    };
    match code.ok()? {
        0 => None,
        code @ 0x80..=0x9f => Some(windows_1252(code as u8)),
        code => char::from_u32(code),
    }
}

/// Returns the character of a byte. Programs that take the bytes of Windows-1252 for characters write numbers that
/// stand for none (HTML standard, 13.2.5.84).
pub(super) fn windows_1252(byte: u8) -> char {
    let bytes = [byte];
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
    text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
}

pub(super) fn escape(text: &str, markup: &mut String) {
    for c in text.chars() {
        match c {
            '&' => markup.push_str("&amp;"),
            '<' => markup.push_str("&lt;"),
            '>' => markup.push_str("&gt;"),
            c => markup.push(c),
        }
    }
}

pub(super) fn escape_attribute(text: &str, markup: &mut String) {
    for c in text.chars() {
        match c {
            '&' => markup.push_str("&amp;"),
            '<' => markup.push_str("&lt;"),
            '>' => markup.push_str("&gt;"),
            '"' => markup.push_str("&quot;"),
            c => markup.push(c),
        }
    }
}

/// Returns the words of a piece of HTML in one line, for titles: tags are left out and references replaced.
pub(crate) fn plain(markup: &str) -> String {
    let mut words = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        words.push_str(&rest[..at]);
        let tag = &rest[at..];
        let is_tag = tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        match memchr::memchr(b'>', tag.as_bytes()).filter(|_| is_tag) {
            Some(end) => rest = &tag[end + 1..],
            None => {
                words.push('<');
                rest = &tag[1..];
                if is_tag {
                    break;
                }
            }
        }
    }
    words.push_str(rest);
    htmlize::unescape(words).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(decode(text, &mut Declared::new(0)).0, expected);
    }

    #[test]
    fn references_with_a_semicolon() {
        check("&lt;&amp;&#1058;&#x435;&eacute;&amp;lt;", "<&Теé&lt;");
        check("don&#146;t", "don’t");
    }

    #[test]
    fn anything_else_stays() {
        check("?a=1&copy=2&b", "?a=1&copy=2&b");
        check("&; &#; &#xd800; &#0; &tesmin; &é;", "&; &#; &#xd800; &#0; &tesmin; &é;");
    }

    #[test]
    fn titles_in_markup() {
        assert_eq!(plain("<b>Three</b> &amp; more\n<br/>in Тесмін, 1 < 2"), "Three & more in Тесмін, 1 < 2");
        assert_eq!(plain("a <b"), "a <b");
    }
}
