//! Heads of ARC records: one line each (Internet Archive, "Arc File Format", 1996).

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use super::records::Head;

/// Reads `URL IP-address Archive-date Content-type Archive-length`, or the ten parts of version 2. Addresses and types
/// may have blanks in them, so the parts are counted from the address of the server and the date behind it.
pub(super) fn head(line: &[u8]) -> Option<Head> {
    const LONGEST: usize = 16 << 10;
    if line.len() > LONGEST {
        return None;
    }
    let line = String::from_utf8_lossy(line);
    let parts: Vec<&str> = line.trim_end().split(' ').collect();
    let server = (1..parts.len())
        .find(|at| is_server(parts[*at]) && parts.get(at + 1).is_some_and(|date| is_date(date)))?;
    let uri = parts[..server].join(" ");
    if !uri.contains(':') || parts.len() < server + 4 {
        return None;
    }
    let length = parts.last()?;
    let is_first = uri.starts_with("filedesc:");
    Some(Head {
        version: "ARC".to_owned(),
        kind: if is_first { "warcinfo" } else { "response" }.to_owned(),
        uri: Some(uri),
        captured: instant(parts[server + 1]),
        id: None,
        content_type: Some(parts[server + 2].trim_end_matches(';').to_owned()),
        length: length.parse().ok(),
        fields: Vec::new(),
    })
}

fn is_server(part: &str) -> bool {
    let is_of_address = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':');
    part.contains(['.', ':']) && part.bytes().all(is_of_address)
}

fn is_date(part: &str) -> bool {
    part.len() >= 12 && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads `YYYYMMDDhhmm` with or without seconds.
fn instant(digits: &str) -> Option<Timestamp> {
    let two = |at: usize| digits.get(at..at + 2).map_or(Some(0), |two| two.parse::<i8>().ok());
    let date = Date::new(digits.get(..4)?.parse().ok()?, two(4)?, two(6)?).ok()?;
    let time = jiff::civil::Time::new(two(8)?, two(10)?, two(12)?, 0).ok()?;
    Offset::UTC.to_timestamp(date.to_datetime(time)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Option<(&str, &str, Option<u64>)>) {
        let found = head(line.as_bytes());
        let found = found
            .as_ref()
            .map(|head| (head.uri.as_deref().unwrap(), head.content_type.as_deref().unwrap(), head.length));
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn heads() {
        check(
            "http://tesmin.example/a b 192.0.2.7 20310312053000 text/html 54\n",
            Some(("http://tesmin.example/a b", "text/html", Some(54))),
        );
        check(
            "http://tesmin.example/ 192.0.2.7 20310312053000 text/html; charset=utf-8 54",
            Some(("http://tesmin.example/", "text/html", Some(54))),
        );
        check(
            "http://tesmin.example/ 192.0.2.7 20310312053000 text/html -1",
            Some(("http://tesmin.example/", "text/html", None)),
        );
        check("URL IP-address Archive-date Content-type Archive-length", None);
        check("", None);
    }
}
