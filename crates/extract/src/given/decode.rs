//! From bytes to characters.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use model::{Kind, Note};

use crate::Source;

/// The characters of an original, and how they were read out of its bytes.
pub(super) struct Decoded {
    pub(super) text: String,
    /// The name of the encoding, after the Encoding Standard.
    pub(super) encoding: &'static str,
    pub(super) notes: Vec<Note>,
}

/// The byte order mark of UTF-8. It stays in the text as U+FEFF, so that positions equal those of a plain UTF-8
/// reader; the marks of UTF-16 belong to the encoding (RFC 2781, 3.2) and are left out.
const UTF_8_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// How far into a page its declaration is looked for. The HTML standard (13.2.3.2) asks for 1,024 bytes; scripts
/// often push it further.
const DECLARATION_WITHIN: usize = 4096;

/// Reads the bytes of an original as characters. What cannot be read becomes U+FFFD, and a note says so.
pub(super) fn decode(source: &Source<'_>) -> Decoded {
    let bytes = source.bytes;
    if let Some((encoding, mark)) = Encoding::for_bom(bytes).filter(|(encoding, _)| *encoding != UTF_8) {
        return with(&bytes[mark..], encoding, Vec::new());
    }
    if let Some(encoding) = utf_16_without_mark(bytes) {
        let note = format!("no byte order mark; read as {}", encoding.name());
        return with(bytes, encoding, vec![Note(note)]);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Decoded {
            text: text.to_owned(),
            encoding: UTF_8.name(),
            notes: nul_note(text).into_iter().collect(),
        },
        Err(error) => not_utf_8(source, error.valid_up_to()),
    }
}

fn not_utf_8(source: &Source<'_>, at: usize) -> Decoded {
    let bytes = source.bytes;
    let declared = || if source.kind == Kind::Page { declared(bytes) } else { None };
    // What the server says goes before what the page says (HTML standard, 13.2.3.2).
    let said = source.metadata.charset.as_deref().and_then(|label| Encoding::for_label(label.as_bytes()));
    let other = |encoding: &&'static Encoding| *encoding != UTF_8;
    let encoding = said.filter(other).or_else(|| declared().filter(other)).unwrap_or_else(|| guessed(bytes));
    let note = if encoding == UTF_8 {
        format!("the bytes at {at} are not UTF-8; each such place is read as U+FFFD")
    } else {
        format!("the bytes at {at} are not UTF-8; read as {}", encoding.name())
    };
    with(bytes, encoding, vec![Note(note)])
}

fn with(bytes: &[u8], encoding: &'static Encoding, mut notes: Vec<Note>) -> Decoded {
    if encoding == UTF_8 {
        // Not the decoder of encoding_rs, which would swallow the mark.
        let text = String::from_utf8_lossy(bytes).into_owned();
        notes.extend(nul_note(&text));
        return Decoded { text, encoding: UTF_8.name(), notes };
    }
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    if damaged {
        notes.push(Note(format!("some bytes are not {}; they are read as U+FFFD", encoding.name())));
    }
    notes.extend(nul_note(&text));
    Decoded { text: text.into_owned(), encoding: encoding.name(), notes }
}

fn nul_note(text: &str) -> Option<Note> {
    let count = text.bytes().filter(|&byte| byte == 0).count();
    (count > 0).then(|| Note(format!("{count} NUL characters in the text; it may not be text at all")))
}

/// Tells UTF-16 by the zero bytes that every Latin letter brings with it.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let pairs = bytes.len().min(DECLARATION_WITHIN) / 2;
    let zeros =
        |from: usize| bytes.iter().skip(from).step_by(2).take(pairs).filter(|&&byte| byte == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    // Two fifths of all characters are below U+0100 in any text with spaces and figures; a stray NUL is not that.
    match () {
        () if pairs < 2 => None,
        () if second * 5 >= pairs * 2 && first * 20 < pairs => Some(UTF_16LE),
        () if first * 5 >= pairs * 2 && second * 20 < pairs => Some(UTF_16BE),
        () => None,
    }
}

/// Returns the encoding that a page names: `<meta charset=…>`, `content="…; charset=…"` or `<?xml encoding="…"`.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(DECLARATION_WITHIN)].to_ascii_lowercase();
    ["charset", "encoding"].iter().find_map(|key| {
        let found = head.windows(key.len()).position(|window| window == key.as_bytes())?;
        let value = head[found + key.len()..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
        let value = value.strip_prefix(b"\"").or(value.strip_prefix(b"'")).unwrap_or(value);
        let ends = |byte: &u8| byte.is_ascii_whitespace() || b"\"'>;/?".contains(byte);
        Encoding::for_label(&value[..value.iter().position(ends).unwrap_or(value.len())])
    })
}

/// Chooses between damaged UTF-8 and Windows-1252, by whether more of the bytes above 127 form UTF-8 than not.
fn guessed(bytes: &[u8]) -> &'static Encoding {
    let (mut good, mut bad) = (usize::from(bytes.starts_with(UTF_8_MARK)), 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    if good > bad { UTF_8 } else { WINDOWS_1252 }
}

#[cfg(test)]
mod tests {
    use model::{Digest, Metadata};

    use super::*;

    fn read(bytes: &[u8], kind: Kind) -> (String, &'static str, usize) {
        served(bytes, kind, None)
    }

    fn served(bytes: &[u8], kind: Kind, charset: Option<&str>) -> (String, &'static str, usize) {
        let metadata = Metadata { charset: charset.map(str::to_owned), ..Metadata::default() };
        let decoded = decode(&Source { bytes, digest: Digest::of(bytes), kind, metadata: &metadata });
        (decoded.text, decoded.encoding, decoded.notes.len())
    }

    #[test]
    fn utf_8_keeps_its_mark() {
        assert_eq!(read("\u{feff}Київ".as_bytes(), Kind::PlainText), ("\u{feff}Київ".into(), "UTF-8", 0));
    }

    #[test]
    fn utf_16_with_and_without_a_mark() {
        let little: Vec<u8> = "Shelling hit Доброве.".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "\u{feff}Доброве".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&little, Kind::PlainText), ("Shelling hit Доброве.".into(), "UTF-16LE", 1));
        assert_eq!(read(&big, Kind::PlainText), ("Доброве".into(), "UTF-16BE", 0));
    }

    #[test]
    fn latin_letters_are_windows_1252() {
        assert_eq!(read(b"Caf\xe9 \x93hit\x94", Kind::PlainText), ("Café “hit”".into(), "windows-1252", 1));
    }

    #[test]
    fn a_page_names_its_encoding() {
        let page = b"<meta charset=\"koi8-u\"><p>\xeb\xc9\xa7\xd7";
        assert_eq!(read(page, Kind::Page), ("<meta charset=\"koi8-u\"><p>Київ".into(), "KOI8-U", 1));
    }

    #[test]
    fn the_server_names_the_encoding() {
        let page = b"<p>\xca\xe8\xbf\xe2";
        let kyiv = || "<p>Київ".to_owned();
        assert_eq!(served(page, Kind::Page, Some("Windows-1251")), (kyiv(), "windows-1251", 1));
        // UTF-8 cannot be there by chance, whatever a server says.
        assert_eq!(served("<p>Київ".as_bytes(), Kind::Page, Some("windows-1251")), (kyiv(), "UTF-8", 0));
        let both = b"<meta charset=windows-1251><p>\xca\xe8\xbf\xe2";
        for wrong in ["utf-8", "tesmin"] {
            assert_eq!(served(both, Kind::Page, Some(wrong)).1, "windows-1251");
        }
    }

    #[test]
    fn damaged_utf_8_stays_utf_8() {
        let bytes = [&"Доброве".as_bytes()[..13], b" burned"].concat();
        assert_eq!(read(&bytes, Kind::PlainText), ("Добров\u{fffd} burned".into(), "UTF-8", 1));
    }

    #[test]
    fn nul_characters_are_kept_and_told() {
        assert_eq!(read(b"A\0quiet day", Kind::PlainText), ("A\0quiet day".into(), "UTF-8", 1));
    }
}
