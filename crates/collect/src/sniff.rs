use std::borrow::Cow;
use std::path::Path;

use model::Kind;

use crate::lines::BYTE_ORDER_MARK;
use crate::{Reason, dated, row};

/// Tells from the name and the first bytes what a source is.
pub(crate) fn kind(name: &str, head: &[u8]) -> Result<Kind, Reason> {
    let extension = Path::new(name).extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    if matches!(&*extension, "jsonl" | "ndjson") {
        return Ok(Kind::Row);
    }
    let head = ascii_view(head);
    let head = head.trim_ascii_start();
    if dated::begins_dated(head) {
        return Ok(Kind::DatedText);
    }
    if matches!(&*extension, "html" | "htm" | "xhtml") || begins_as_page(head) {
        return Ok(Kind::Page);
    }
    if begins_with_object(head) {
        return Ok(Kind::Row);
    }
    if extension == "json" { Err(Reason::NotJsonLines) } else { Ok(Kind::PlainText) }
}

/// Returns the bytes without the mark of their encoding, and UTF-16 without its zero bytes: enough to see ASCII in.
fn ascii_view(head: &[u8]) -> Cow<'_, [u8]> {
    if is_marked_utf16(head) {
        return head[2..].iter().copied().filter(|byte| *byte != 0).collect();
    }
    head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head).into()
}

/// Tells whether the bytes begin with the byte order mark of UTF-16, in either order.
pub(crate) fn is_marked_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff")
}

/// Tags of which one stands near the beginning of every page.
const PAGE_TAGS: [&str; 12] = [
    "<!doctype html",
    "<html",
    "<head",
    "<body",
    "<title",
    "<meta",
    "<article",
    "<main",
    "<section",
    "<div",
    "<p>",
    "<p ",
];

fn begins_as_page(head: &[u8]) -> bool {
    // A page may begin with comments and a declaration of XML.
    const FAR_ENOUGH: usize = 4096;
    if !head.starts_with(b"<") {
        return false;
    }
    let head = String::from_utf8_lossy(&head[..head.len().min(FAR_ENOUGH)]).to_ascii_lowercase();
    PAGE_TAGS.iter().any(|tag| head.contains(tag))
}

fn begins_with_object(head: &[u8]) -> bool {
    match head.iter().position(|byte| *byte == b'\n') {
        Some(end) => row::is_object(&head[..end]),
        // The first line is longer than what was looked at, or the only one.
        None => row::is_object(head) || (head.len() >= ROW_BEYOND_HEAD && row::may_begin_object(head)),
    }
}

/// Of a longer first line, only the beginning can be looked at. Just below the 64 KiB that are, since white space and a
/// byte order mark in front are already taken off.
const ROW_BEYOND_HEAD: usize = 60 << 10;

/// First bytes of common files that are no text, what they are, and what can be done with them.
const NO_TEXT: [(&[u8], &str, &str); 17] = [
    (b"%PDF-", "a PDF", CONVERT),
    (b"PK\x03\x04", "a zip archive or an office document", "unpack it, or save it as text or HTML"),
    (b"PK\x05\x06", "an empty zip archive", UNPACK),
    (b"\x1f\x8b", "gzip", UNPACK),
    (b"BZh91AY&SY", "bzip2", UNPACK),
    (b"\xfd7zXZ\0", "xz", UNPACK),
    (b"\x28\xb5\x2f\xfd", "zstd", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (b"Rar!\x1a\x07", "a rar archive", UNPACK),
    (b"\x89PNG\r\n\x1a\n", "a picture", CONVERT),
    (b"\xff\xd8\xff", "a picture", CONVERT),
    (b"GIF87a", "a picture", CONVERT),
    (b"GIF89a", "a picture", CONVERT),
    (b"\x7fELF", "a program", "there is nothing in it to read"),
    (b"SQLite format 3\0", "a database", "export its rows as JSON Lines"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document", CONVERT),
    (b"{\\rtf", "rich text", CONVERT),
];

const UNPACK: &str = "unpack it first";
const CONVERT: &str = "convert it to text or HTML first";

/// Recognises files that are no text by their first bytes.
pub(crate) fn not_text(head: &[u8]) -> Option<Reason> {
    let (_, what, advice) = NO_TEXT.iter().find(|(magic, ..)| head.starts_with(magic))?;
    Some(Reason::NotText(what, advice))
}

/// Tells whether bytes of unknown form are no text: too many of them are control characters.
///
/// Text with a few stray zero bytes is text, and so is every usual encoding: none but UTF-16 uses the bytes of
/// control characters for anything else.
pub(crate) fn is_binary(bytes: &[u8]) -> bool {
    if bytes.is_empty() || is_marked_utf16(bytes) || is_unmarked_utf16(bytes) {
        return false;
    }
    let controls = bytes.iter().filter(|byte| is_control(**byte)).count();
    // Of random bytes a tenth are control characters. UTF-8 is never random.
    let allowed = if std::str::from_utf8(bytes).is_ok() { bytes.len() / 4 } else { bytes.len() / 20 };
    controls > allowed
}

fn is_control(byte: u8) -> bool {
    // Tabs, line ends and form feeds are of text; escape switches the character sets of ISO 2022.
    byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0b | 0x0c | 0x1b) || byte == 0x7f
}

/// Tells UTF-16 without a mark by its spaces and line ends: of a text in words, at least one character in forty.
fn is_unmarked_utf16(bytes: &[u8]) -> bool {
    is_spaced(bytes, u16::from_le_bytes) || is_spaced(bytes, u16::from_be_bytes)
}

fn is_spaced(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> bool {
    let units = || bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let spaces = units().filter(|unit| matches!(unit, 0x20 | 0x0a)).count();
    let controls = units().filter(|unit| *unit < 0x20 && !matches!(unit, 0x09 | 0x0a | 0x0d)).count();
    spaces * 40 >= bytes.len() / 2 && spaces > 0 && controls * 20 <= spaces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(name: &str, head: impl AsRef<[u8]>, expected: &str) {
        let found =
            kind(name, head.as_ref()).map_or_else(|reason| reason.to_string(), |kind| kind.to_string());
        assert_eq!(found, expected, "{name}: {:?}", String::from_utf8_lossy(head.as_ref()));
    }

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn dated_text() {
        for head in [
            "date 2031-03-12 Three",
            " \n date 2031-03-12\tThree",
            "\u{feff}date 9999-99-99 Three",
            "date 2031-03-12",
        ] {
            check("a.txt", head, "dated-text");
        }
        check("a", [b"\xff\xfe".to_vec(), utf16("date 2031-03-12 Три")].concat(), "dated-text");
        for head in [
            "date 2031-3-12 Three",
            "dated 2031-03-12 x",
            "The date 2031-03-12 is",
            "date 2031-03-123",
            "date",
        ] {
            check("a.txt", head, "text");
        }
    }

    #[test]
    fn pages() {
        for head in [
            "<!DOCTYPE html><p>",
            "<HTML>",
            "<!-- a --> <html lang=en>",
            "<?xml version='1.0'?>\n<html",
            "<p>Three",
        ] {
            check("a.txt", head, "page");
        }
        check("a.HTM", "Three people", "page");
        check("a.txt", "<Three people> were hurt", "text");
    }

    #[test]
    fn rows() {
        check("a.JSONL", "Three people", "row");
        check("-", "\n\n {\"text\": \"Three\"}\n{", "row");
        check("a.txt", "{\"text\": \"\\ud800\"}", "row");
        check("a.txt", format!("{{\"text\": \"{}", "a".repeat(70_000)), "row");
        check("a.txt", "{Three people}\nwere hurt", "text");
        check("a.json", "{\"text\": \"Three\"}\n", "row");
        let no_lines = Reason::NotJsonLines.to_string();
        check("a.json", "{\n  \"text\": \"Three\"\n}", &no_lines);
        check("a.json", "[{\"text\": \"Three\"}]", &no_lines);
    }

    #[test]
    fn text_in_any_encoding_is_no_binary() {
        let ukrainian = "Троє людей поранено, повідомила мерія Тесміна.";
        assert!(!is_binary(ukrainian.as_bytes()));
        assert!(!is_binary(&utf16("Three people were hurt.")));
        assert!(!is_binary(&utf16(ukrainian)));
        assert!(!is_binary(b"Caf\xe9 touch\xe9: trois bless\xe9s"));
        assert!(!is_binary(b"Three people\0were hurt.\0"));
        assert!(!is_binary("三人受伤，市长说。".as_bytes()));
    }

    #[test]
    fn binary() {
        assert!(is_binary(&[0; 100]));
        let noise: Vec<u8> =
            (0..10_000u64).map(|i| (i.wrapping_mul(6_364_136_223_846_793_005) >> 37) as u8).collect();
        assert!(is_binary(&noise));
        assert!(not_text(b"PK\x03\x04...").is_some());
        assert!(not_text(b"Three people").is_none());
    }

    proptest! {
        #[test]
        fn any_words_are_text_in_utf8(words in "[\\PC\n\t]{1,200}") {
            prop_assert!(!is_binary(words.as_bytes()));
        }

        #[test]
        fn no_bytes_make_it_panic(name in "\\PC{0,10}", head: Vec<u8>) {
            let _ = (kind(&name, &head), not_text(&head), is_binary(&head));
        }
    }
}
