//! The encoding of a document of XML or JSON: what it says itself, what the server said, and what the bytes allow.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A text, and the encoding it was read in.
pub(crate) struct Decoded {
    pub(crate) text: String,
    /// The name of the encoding, as the Encoding Standard writes it, or `UTF-32LE` or `UTF-32BE`.
    pub(crate) encoding: &'static str,
    /// Whether it is another one than was said.
    pub(crate) differs: bool,
}

/// Decodes a document, whose server said `content_type`.
///
/// A byte order mark wins; then what the server said, then what the document says, as RFC 7303 (3) has it; then UTF-8;
/// then a guess by the letters. An encoding that does not fit the bytes is passed over for the next one.
pub(crate) fn decode(bytes: &[u8], content_type: Option<&str>) -> Decoded {
    if let Some(decoded) = decode_utf32(bytes) {
        return decoded;
    }
    if let Some((marked, length)) = Encoding::for_bom(bytes) {
        let (text, malformed) = marked.decode_without_bom_handling(&bytes[length..]);
        return Decoded { text: text.into_owned(), encoding: marked.name(), differs: malformed };
    }
    if let Some(wide) = unmarked_utf16(bytes) {
        let (text, malformed) = wide.decode_without_bom_handling(bytes);
        return Decoded { text: text.into_owned(), encoding: wide.name(), differs: malformed };
    }
    let said: Vec<Option<&'static Encoding>> = [content_type.and_then(charset), declared(bytes)]
        .into_iter()
        .flatten()
        .map(|label| Encoding::for_label(label.as_bytes()).map(ascii_wide))
        .collect();
    // What the document says of itself counts where the server said nothing or nonsense.
    for (rank, encoding) in said.iter().chain([&Some(UTF_8)]).enumerate() {
        let decoded = encoding.and_then(|encoding| {
            let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
            Some((text.into_owned(), encoding.name()))
        });
        if let Some((text, encoding)) = decoded {
            return Decoded { text, encoding, differs: rank > 0 && !said.is_empty() };
        }
    }
    let guessed = guess(bytes);
    let (text, _) = guessed.decode_without_bom_handling(bytes);
    Decoded { text: text.into_owned(), encoding: guessed.name(), differs: true }
}

/// A document that could be read so far as to find a declaration of UTF-16 is not UTF-16.
fn ascii_wide(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding }
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let guessed = detector.guess(None, chardetng::Utf8Detection::Allow);
    if guessed == UTF_8 { WINDOWS_1252 } else { guessed }
}

/// Returns the `charset` of a `Content-Type` (RFC 9110, 8.3), careless ones too.
pub(crate) fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then_some(value)
    })
}

/// Returns what a declaration of XML near the beginning says (XML 1.0, 4.3.3).
fn declared(bytes: &[u8]) -> Option<&str> {
    const FAR_ENOUGH: usize = 4096;
    let head = &bytes[..bytes.len().min(FAR_ENOUGH)];
    let start = memchr::memmem::find(head, b"<?xml")?;
    let declaration = &head[start..];
    let declaration = &declaration[..memchr::memchr(b'>', declaration)?];
    let at = memchr::memmem::find(declaration, b"encoding")? + b"encoding".len();
    let value = declaration[at..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, value) = value.split_first()?;
    let value = &value[..memchr::memchr(*quote, value)?];
    std::str::from_utf8(value).ok()
}

/// Tells UTF-16 without a mark by the bracket it begins with (XML 1.0, appendix F.1).
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [b'<' | b'{', 0, second, 0, ..] if *second != 0 => Some(UTF_16LE),
        [0, b'<' | b'{', 0, second, ..] if *second != 0 => Some(UTF_16BE),
        _ => None,
    }
}

/// Decodes UTF-32, which the Encoding Standard leaves out, by its mark or the bracket it begins with.
fn decode_utf32(bytes: &[u8]) -> Option<Decoded> {
    let (encoding, unit): (_, fn([u8; 4]) -> u32) = match bytes {
        [0xff, 0xfe, 0, 0, ..] | [b'<', 0, 0, 0, ..] => ("UTF-32LE", u32::from_le_bytes),
        [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, b'<', ..] => ("UTF-32BE", u32::from_be_bytes),
        _ => return None,
    };
    let units = bytes.chunks_exact(4).map(|four| unit([four[0], four[1], four[2], four[3]]));
    let mut differs = !bytes.len().is_multiple_of(4);
    let mut text = String::with_capacity(bytes.len() / 4);
    for (at, unit) in units.enumerate() {
        let c = char::from_u32(unit);
        differs |= c.is_none();
        if at > 0 || c != Some('\u{feff}') {
            text.push(c.unwrap_or(char::REPLACEMENT_CHARACTER));
        }
    }
    Some(Decoded { text, encoding, differs })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(bytes: &[u8], content_type: Option<&str>, expected: (&str, &str, bool)) {
        let Decoded { text, encoding, differs } = decode(bytes, content_type);
        assert_eq!((text.as_str(), encoding, differs), expected);
    }

    #[test]
    fn what_the_server_says_comes_before_what_the_document_says() {
        let koi = b"<?xml version='1.0' encoding='windows-1251'?><a>\xf4\xd2\xcf\xc5</a>";
        let text = "<?xml version='1.0' encoding='windows-1251'?><a>Трое</a>";
        check(koi, Some("text/xml; charset=KOI8-R"), (text, "KOI8-R", false));
        let cyrillic = b"<?xml version=\"1.0\" encoding = \"windows-1251\"?><a>\xd2\xf0\xee\xe5</a>";
        let text = "<?xml version=\"1.0\" encoding = \"windows-1251\"?><a>Трое</a>";
        check(cyrillic, Some("text/xml"), (text, "windows-1251", false));
        check(cyrillic, Some("text/xml; charset=utf-8"), (text, "windows-1251", true));
        check(cyrillic, Some("text/xml; charset=tesmin"), (text, "windows-1251", true));
    }

    #[test]
    fn marks() {
        check("\u{feff}<a>Т</a>".as_bytes(), Some("text/xml; charset=koi8-r"), ("<a>Т</a>", "UTF-8", false));
        let utf16: Vec<u8> = "<a>Т</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&utf16, None, ("<a>Т</a>", "UTF-16LE", false));
        let utf32: Vec<u8> = "\u{feff}<a>Т</a>".chars().flat_map(|c| (c as u32).to_be_bytes()).collect();
        check(&utf32, None, ("<a>Т</a>", "UTF-32BE", false));
    }

    #[test]
    fn letters_tell_where_nobody_says() {
        let (bytes, ..) =
            encoding_rs::WINDOWS_1251.encode("<a>Троє людей поранено, повідомила мерія Тесміна</a>");
        assert_eq!(decode(&bytes, None).encoding, "windows-1251");
        check(b"<a/>", Some("text/xml; charset=us-ascii"), ("<a/>", "windows-1252", false));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, content_type in "\\PC{0,30}") {
            let _ = decode(&bytes, Some(&content_type));
        }
    }
}
