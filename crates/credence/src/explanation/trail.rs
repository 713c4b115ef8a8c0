//! From a claim back to the bytes that were received.

use model::Digest;
use serde_json::{Value, json};

use super::Explanation;
use crate::terminal::{plain, wrapped};

impl Explanation<'_> {
    /// Says where the words stand and how to get the bytes, with programs that are not ours.
    pub(crate) fn trail(&self) -> String {
        let (claim, report) = (&self.wired.claims[self.number], &self.wired.report);
        let row = &self.kept.row;
        let [start, end] = claim.span.bytes;
        let mut text = String::new();
        let title = report.title.as_deref().map_or(String::new(), |title| format!(", {title}"));
        let url = report.url.as_deref().map_or(String::new(), |url| format!(", {url}"));
        for line in [
            format!("Report: {}{title}{url}.", report.id),
            format!(
                "Words: bytes {start} to {end} of {}, counted from 0, the last one not included.",
                self.counted_in(&report.format)
            ),
            format!(
                "Original: {} bytes, received {}. It was checked just now against its SHA-256 digest, a number that \
                 no other bytes are known to have:",
                row.length, row.received_at
            ),
        ] {
            text += &wrapped(&plain(&line), "  ");
            text.push('\n');
        }
        // Not wrapped: these are to be copied.
        text += &format!("    {}\n", report.original);
        text +=
            &wrapped("This command takes the bytes out of the record and works out the digest again:", "  ");
        text + &format!("\n    {}\n", self.command())
    }

    /// The command of a shell that prints the digest of the original.
    fn command(&self) -> String {
        let row = &self.kept.row;
        let file = self.kept.file.display().to_string().replace('\'', r"'\''");
        format!(
            r"tail -c +{} '{}' | head -c {} | gunzip | sed '1,/^\r$/d' | head -c {} | sha256sum",
            row.offset + 1,
            plain(&file),
            row.stored_length,
            row.length
        )
    }

    /// Says what the bytes of a span are counted in.
    fn counted_in(&self, format: &str) -> String {
        let what = match format {
            "row" => return "the field `text` of the original, which is one row of JSON".to_owned(),
            "page" => "the source of the page, which is the original",
            _ => "the original",
        };
        match self.reading.encoding {
            "UTF-8" => what.to_owned(),
            other => format!("{what}, put from the encoding {other} into UTF-8"),
        }
    }

    pub(super) fn trail_as_json(&self) -> Value {
        let row = &self.kept.row;
        json!({
            "report": self.wired.report.id,
            "original": Digest::from_bytes(row.digest).to_string(),
            "format": self.wired.report.format,
            "span": self.wired.claims[self.number].span,
            "received_at": row.received_at.to_string(),
            "length": row.length,
            "segment": row.segment,
            "offset": row.offset,
            "stored_length": row.stored_length,
            "command": self.command(),
        })
    }
}
