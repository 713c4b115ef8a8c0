//! Heads of WARC records (ISO 28500:2017, 4 and 5).

use super::records::Head;
use crate::feeds::Stamp;

/// Tells whether a line begins a record.
pub(super) fn begins(line: &[u8]) -> bool {
    line.starts_with(b"WARC/") && line.len() < 32
}

/// Puts a head together from its lines, the first with the version.
pub(super) fn head(lines: &[Vec<u8>]) -> Head {
    let mut fields: Vec<(String, String)> = Vec::new();
    let version = lines.first().map(|line| text(line)).unwrap_or_default();
    for line in lines.iter().skip(1) {
        let continues = line.starts_with(b" ") || line.starts_with(b"\t");
        let line = text(line);
        match (continues, fields.last_mut(), line.split_once(':')) {
            (true, Some((_, value)), _) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            (_, _, Some((name, value))) => fields.push((name.trim().to_owned(), value.trim().to_owned())),
            _ => {}
        }
    }
    let field = |name: &str| {
        let (_, value) = fields.iter().find(|(found, _)| found.eq_ignore_ascii_case(name))?;
        Some(value.clone())
    };
    Head {
        version,
        kind: field("WARC-Type").unwrap_or_default().to_ascii_lowercase(),
        // Version 1.0 was read by some as asking for angle brackets.
        uri: field("WARC-Target-URI").map(|uri| uri.trim_matches(['<', '>']).trim().to_owned()),
        captured: field("WARC-Date").and_then(|written| Stamp::read(&written).instant()),
        id: field("WARC-Record-ID").map(|id| id.trim_matches(['<', '>']).to_owned()),
        content_type: field("Content-Type"),
        length: field("Content-Length").and_then(|length| length.parse().ok()),
        fields,
    }
}

fn text(line: &[u8]) -> String {
    String::from_utf8_lossy(line).trim().to_owned()
}
