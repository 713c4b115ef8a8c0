use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::path::Path;

use crate::archives::Record;

/// The address of what comes on standard input: it has no place of its own.
pub(crate) const STDIN: &str = "urn:credence:stdin";

/// Writes the path of a file as a `file:` address (RFC 8089), its bytes percent-encoded where they have to be.
///
/// Two paths never have the same address, even where they are no valid text.
pub(crate) fn of_file(path: &Path) -> String {
    let mut uri = String::from("file://");
    for &byte in path.as_os_str().as_encoded_bytes() {
        // What RFC 3986 allows in a path: unreserved characters, sub-delimiters, `:`, `@` and the slash.
        if byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            write!(uri, "%{byte:02X}").expect("a string takes all that is written to it");
        }
    }
    uri
}

/// Names a file that somebody handed over: where it came from is not known here.
pub(crate) fn handed_over(by: &str, name: &Path) -> String {
    format!("urn:credence:{by}:{}", of_file(name).trim_start_matches("file://"))
}

/// Points to some lines of an address, counted from 1: RFC 5147 counts the gaps between lines, from 0.
pub(crate) fn of_lines(uri: &str, lines: RangeInclusive<u64>) -> String {
    format!("{uri}#line={},{}", lines.start().saturating_sub(1), lines.end())
}

/// Points to a record of an archive by its byte, and for one inside another by its name: there is no standard for it.
pub(crate) fn of_record(uri: &str, record: &Record) -> String {
    let within = record.within.as_deref().map_or(String::new(), |within| {
        format!("{},", of_file(Path::new(within)).trim_start_matches("file://"))
    });
    format!("{uri}#{within}byte={}", record.offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        assert_eq!(of_file(Path::new("/cases/a b#1?.txt")), "file:///cases/a%20b%231%3F.txt");
        assert_eq!(of_file(Path::new("/Тес")), "file:///%D0%A2%D0%B5%D1%81");
        assert_eq!(of_file(Path::new("/100%")), "file:///100%25");
    }

    #[test]
    fn handed_over_by_somebody() {
        assert_eq!(handed_over("desk", Path::new("a b.txt")), "urn:credence:desk:a%20b.txt");
    }

    #[cfg(unix)]
    #[test]
    fn paths_that_are_no_text() {
        use std::os::unix::ffi::OsStrExt;
        let path = std::ffi::OsStr::from_bytes(b"/caf\xe9");
        assert_eq!(of_file(Path::new(path)), "file:///caf%E9");
    }

    #[test]
    fn lines() {
        assert_eq!(of_lines(STDIN, 3..=3), "urn:credence:stdin#line=2,3");
    }
}
