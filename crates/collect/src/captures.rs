use std::fs::File;
use std::io::{Cursor, Read};

use jiff::Timestamp;
use model::Kind;

use crate::archives::{Checked, Cut, NoPage, Page, Record, Records};
use crate::{Reason, sniff};

/// How a page came that was captured from the web.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// The address.
    pub url: String,
    /// The host of the address: whose page it is, unless the page says otherwise.
    pub host: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
    /// The name of the record.
    pub record: Option<String>,
    /// What the server said it is, with its encoding.
    pub content_type: Option<String>,
    /// The digests that stand with it, verified.
    pub digests: Vec<Checked>,
    /// Why it is not whole, if it is not.
    pub cut: Option<Cut>,
}

/// The pages of an archive.
pub(crate) struct Captures {
    records: Records,
    max_size: u64,
    /// How many records were passed over that hold no report.
    pub(crate) others: u64,
}

/// A page of an archive, and the record around it.
pub(crate) struct Captured {
    pub(crate) bytes: Vec<u8>,
    pub(crate) kind: Kind,
    pub(crate) record: Record,
    pub(crate) capture: Capture,
}

/// How an archive is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// From its beginning to its end.
    Stream,
    /// From its end.
    Wacz,
}

/// Tells an archive by its first bytes; a WACZ, which is a zip like many others, by its name.
pub(crate) fn form(name: &str, head: &[u8]) -> Option<Form> {
    if head.starts_with(b"PK\x03\x04") {
        let is_named = name.to_ascii_lowercase().ends_with(".wacz");
        return is_named.then_some(Form::Wacz);
    }
    // The dictionary that stands in front of archives packed with zstd.
    const DICTIONARY: &[u8] = b"\x5d\x2a\x4d\x18";
    (head.starts_with(DICTIONARY) || begins(&unpacked(head))).then_some(Form::Stream)
}

fn begins(head: &[u8]) -> bool {
    head.starts_with(b"WARC/") || head.starts_with(b"filedesc:")
}

/// Unpacks as much as is needed to see what a packed file begins with.
fn unpacked(head: &[u8]) -> Vec<u8> {
    let mut begin = Vec::new();
    let source: Box<dyn Read> = match head {
        [0x1f, 0x8b, ..] => Box::new(flate2::read::GzDecoder::new(head)),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            match ruzstd::decoding::StreamingDecoder::new_with_max_window_size(head, 8 << 20) {
                Ok(frame) => Box::new(frame),
                Err(_) => return begin,
            }
        }
        _ => Box::new(head),
    };
    // An error means that it is not packed as it seems: then it is no archive.
    let _ = source.take(16).read_to_end(&mut begin);
    begin
}

impl Captures {
    /// Opens an archive whose `head` was read already.
    pub(crate) fn stream(head: Vec<u8>, rest: Box<dyn Read>, max_size: u64) -> Captures {
        Captures { records: Records::read(Cursor::new(head).chain(rest), max_size), max_size, others: 0 }
    }

    pub(crate) fn wacz(file: File, max_size: u64) -> Result<Captures, Reason> {
        let records = Records::read_wacz(file, max_size).map_err(Reason::Archive)?;
        Ok(Captures { records, max_size, others: 0 })
    }

    fn captured(&self, mut record: Record) -> Result<Option<Captured>, Reason> {
        let wrong = |why: String| Reason::Record { offset: record.offset, why };
        let page = match record.page(self.max_size) {
            Err(NoPage::OtherKind) => return Ok(None),
            page => page.map_err(|error| wrong(error.to_string()))?,
        };
        if page.status.is_some_and(|status| !(200..300).contains(&status)) {
            return Ok(None);
        }
        let Some(kind) = kind(&page) else {
            return match sniff::not_text(&page.bytes) {
                Some(Reason::NotText(what, advice)) if is_document(&page) => {
                    Err(wrong(format!("it is {what}, not text; {advice}")))
                }
                _ => Ok(None),
            };
        };
        let url = record.uri.clone().unwrap_or_default();
        let host = url::Url::parse(&url).ok().and_then(|url| url.host_str().map(str::to_owned));
        let capture = Capture {
            host: host.map(|host| host.trim_start_matches("www.").to_owned()),
            url,
            at: record.captured,
            record: record.id.clone(),
            content_type: page.content_type,
            digests: std::mem::take(&mut record.digests),
            cut: record.cut,
        };
        record.block.clear();
        Ok(Some(Captured { bytes: page.bytes, kind, record, capture }))
    }
}

impl Iterator for Captures {
    type Item = Result<Captured, Reason>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let captured = match self.records.next()? {
                Ok(record) => self.captured(record),
                Err(fault) => Err(Reason::Archive(fault)),
            };
            match captured.transpose() {
                Some(captured) => return Some(captured),
                None => self.others += 1,
            }
        }
    }
}

/// Tells what kind of report a page is, by what its server says and by its bytes; none for what is no report.
fn kind(page: &Page) -> Option<Kind> {
    let said = page.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
    let said = said.split(';').next().unwrap_or_default().trim();
    let bytes = &page.bytes;
    if bytes.trim_ascii().is_empty() || sniff::not_text(bytes).is_some() || sniff::is_binary(bytes) {
        return None;
    }
    let seems = || sniff::kind("", &bytes[..bytes.len().min(64 << 10)]).ok();
    match said {
        "text/html" | "application/xhtml+xml" => Some(Kind::Page),
        // Servers call pages plain text, and some call nothing anything.
        "text/plain" => Some(if seems() == Some(Kind::Page) { Kind::Page } else { Kind::PlainText }),
        "" | "no-type" | "unknown" | "application/octet-stream" => seems().filter(|kind| *kind == Kind::Page),
        _ => None,
    }
}

/// Tells a document that people read, which should not go unmentioned.
fn is_document(page: &Page) -> bool {
    page.bytes.starts_with(b"%PDF-")
        || page
            .content_type
            .as_deref()
            .is_some_and(|said| said.contains("word") || said.contains("opendocument"))
}
