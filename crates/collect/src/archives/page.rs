//! The page inside a record.

use std::borrow::Cow;

use preserve::http::{self, Receiver};

use super::Record;
use crate::encoding;

/// What a browser would show of a record.
#[derive(Clone, PartialEq, Eq)]
pub struct Page {
    /// The body: chunks joined, and unpacked.
    pub bytes: Vec<u8>,
    /// The status, if it came over HTTP.
    pub status: Option<u16>,
    /// `Content-Type`, as the server said.
    pub content_type: Option<String>,
    /// The encoding, as the server said.
    pub charset: Option<String>,
}

/// Why there is no page in a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoPage {
    /// A record that never holds one: a request, notes, what was captured before.
    #[error("the record holds no page")]
    OtherKind,
    /// A body that cannot be unpacked.
    #[error(transparent)]
    Undecodable(#[from] http::Undecodable),
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Page({:?} {:?}, {} bytes)", self.status, self.content_type, self.bytes.len())
    }
}

impl Record {
    /// Unpacks the page of a `response` or `resource`, of at most `limit` bytes.
    ///
    /// # Errors
    /// It is a record of another kind, or its body is not what its codings say.
    pub fn page(&self, limit: u64) -> Result<Page, NoPage> {
        match self.kind.as_str() {
            "response" if self.is_http() => response(&self.block, limit),
            "response" | "resource" => Ok(Page {
                bytes: self.block.clone(),
                status: None,
                charset: self.content_type.as_deref().and_then(encoding::charset).map(str::to_owned),
                content_type: self.content_type.clone(),
            }),
            _ => Err(NoPage::OtherKind),
        }
    }

    fn is_http(&self) -> bool {
        self.block.starts_with(b"HTTP/")
    }
}

fn response(block: &[u8], limit: u64) -> Result<Page, NoPage> {
    let Some(received) = receive(block) else {
        // No head that anybody could read: all behind it is the body.
        let bytes = block[body_at(block)..].to_vec();
        return Ok(Page { bytes, status: None, content_type: None, charset: None });
    };
    let payload = received.payload();
    let bytes = match http::decode(payload, &http::codings(&received.head)?, limit) {
        // Many crawlers unpack the body and leave the field that says that it is packed.
        Err(http::Undecodable::Broken) if !is_packed(payload) => payload.to_vec(),
        decoded => decoded?,
    };
    let content_type = received.head.field("content-type").map(str::to_owned);
    let charset = content_type.as_deref().and_then(encoding::charset).map(str::to_owned);
    Ok(Page { bytes, status: Some(received.head.status()), content_type, charset })
}

/// Takes a response apart. Where its chunks or its length are not what is there, as in many archives, the rest of the
/// block is its body.
fn receive(block: &[u8]) -> Option<http::Received> {
    let take = |bytes: &[u8]| {
        let mut receiver = Receiver::new(usize::MAX);
        receiver.take(bytes).ok()?;
        receiver.end().ok()
    };
    match take(block) {
        Some(received) if received.truncated.is_none() && received.surplus == 0 => Some(received),
        Some(received) if received.surplus == 0 && is_cut_in_chunks(&received, block) => Some(received),
        _ => take(&without_framing(block)),
    }
}

/// Tells whether a response breaks off in the middle of chunks that were good so far.
fn is_cut_in_chunks(received: &http::Received, block: &[u8]) -> bool {
    let body = &block[body_at(block)..];
    received.head.field("transfer-encoding").is_some()
        && !received.payload().is_empty()
        && received.payload() != body
}

/// Leaves out the fields that say where the body ends.
fn without_framing(block: &[u8]) -> Cow<'_, [u8]> {
    let (head, body) = block.split_at(body_at(block));
    let mut kept = Vec::with_capacity(block.len());
    for line in head.split_inclusive(|byte| *byte == b'\n') {
        let name =
            line.split(|byte| *byte == b':').next().unwrap_or_default().trim_ascii().to_ascii_lowercase();
        if name != b"transfer-encoding" && name != b"content-length" {
            kept.extend(line);
        }
    }
    kept.extend(body);
    kept.into()
}

/// Returns where the body begins: behind the first empty line.
fn body_at(block: &[u8]) -> usize {
    let mut at = 0;
    while let Some(end) = memchr::memchr(b'\n', &block[at..]) {
        let line = &block[at..at + end];
        at += end + 1;
        if line.trim_ascii_end().is_empty() {
            return at;
        }
    }
    block.len()
}

/// Tells gzip and zstd by their first bytes.
fn is_packed(payload: &[u8]) -> bool {
    payload.starts_with(b"\x1f\x8b") || payload.starts_with(b"\x28\xb5\x2f\xfd")
}

/// Returns what a payload digest may be of: the body as sent, or with its chunks joined (ISO 28500:2017, 6.3.2 leaves
/// that to the protocol, and writers differ).
pub(super) fn payloads(record: &Record) -> Vec<Cow<'_, [u8]>> {
    let is_message = record
        .content_type
        .as_deref()
        .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/http"));
    if !is_message && !record.is_http() {
        return vec![record.block.as_slice().into()];
    }
    let mut payloads: Vec<Cow<'_, [u8]>> = vec![record.block[body_at(&record.block)..].into()];
    if record.kind == "response"
        && let Some(received) = receive(&record.block)
        && received.head.field("transfer-encoding").is_some()
    {
        payloads.push(received.payload().to_vec().into());
    }
    payloads
}
