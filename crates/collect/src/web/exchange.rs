use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use data_encoding::BASE64;
use jiff::Timestamp;
use model::Kind;
use preserve::http::Received;

use super::{Tls, read_retry_after};
use crate::{Reason, encoding, sniff};

/// One request and its answer, with exactly what went over the wire.
pub struct Exchange {
    /// The address that was asked for, as it is written in full; without name, password and fragment.
    pub address: String,
    /// How many redirects led here.
    pub hop: usize,
    /// When the request was sent.
    pub sent: Timestamp,
    /// When the answer began to come.
    pub received: Timestamp,
    /// When the answer had come, or was given up.
    pub ended: Timestamp,
    /// The request as it was sent.
    pub request: Vec<u8>,
    /// The answer as it came, and why it is not whole, if it is not.
    pub response: Received,
    /// The original: the body with its chunks joined and its codings undone. Empty where that could not be done.
    pub body: Vec<u8>,
    /// Whether the body could be decoded.
    pub(crate) decoded: bool,
    /// The address of the machine that answered; not known behind a proxy.
    pub machine: Option<IpAddr>,
    /// How the connection was encrypted, if it was.
    pub tls: Option<Tls>,
    /// The proxy it went through, without name and password.
    pub proxy: Option<String>,
    /// Whether the request named what was had before, so that "not modified" is an answer.
    pub(crate) conditional: bool,
}

/// What an answer means for somebody who wants to read a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The page.
    Content,
    /// It is as it was when the [`Validators`] in the request were handed out.
    NotModified,
    /// There is no such page, or no longer.
    Gone,
    /// Not now; perhaps after the time given.
    Later(Option<Duration>),
    /// Another answer: the status.
    Refused(u16),
}

/// What a server hands out with a page to tell later whether it changed (RFC 9110, 8.8).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validators {
    /// The address that they belong to; elsewhere they are not sent.
    pub address: String,
    /// The `ETag`, as it came.
    pub etag: Option<String>,
    /// `Last-Modified`, as it came.
    pub last_modified: Option<String>,
}

impl Exchange {
    /// Returns the status.
    pub fn status(&self) -> u16 {
        self.response.head.status()
    }

    /// Returns the first field of that name in the answer.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.response.head.field(name)
    }

    /// Tells what the answer means.
    pub fn answer(&self) -> Answer {
        match self.status() {
            200..=299 => Answer::Content,
            304 if self.conditional => Answer::NotModified,
            404 | 410 => Answer::Gone,
            408 | 425 | 429 | 500..=599 => Answer::Later(self.retry_after()),
            status => Answer::Refused(status),
        }
    }

    /// Returns how long the server asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.field("retry-after").and_then(|value| read_retry_after(value, self.received))
    }

    /// Returns what to name in the next request; `None` if the server handed out nothing.
    pub fn validators(&self) -> Option<Validators> {
        let usable = |name| {
            // What is no ASCII was not sent so, or cannot be sent back as it was.
            let value = self.field(name).filter(|value| value.len() < 1024);
            value.filter(|value| value.bytes().all(|byte| matches!(byte, b' '..=b'~'))).map(str::to_owned)
        };
        let (etag, last_modified) = (usable("etag"), usable("last-modified"));
        let any = etag.is_some() || last_modified.is_some();
        any.then(|| Validators { address: self.address.clone(), etag, last_modified })
    }

    /// Returns the media type that the server names, such as `text/html`, in small letters.
    pub fn media_type(&self) -> Option<String> {
        let value = self.field("content-type")?.split(';').next()?.trim();
        (!value.is_empty()).then(|| value.to_ascii_lowercase())
    }

    /// Returns the character set that the server names: a hint for whoever decodes the body, and no more.
    pub fn charset(&self) -> Option<&str> {
        encoding::charset(self.field("content-type")?)
    }

    /// Tells as what the body is to be read.
    ///
    /// # Errors
    /// It is empty, or no text.
    pub fn kind(&self) -> Result<Kind, Reason> {
        if self.body.trim_ascii().is_empty() {
            return Err(Reason::Empty);
        }
        if let Some(reason) = sniff::not_text(&self.body) {
            return Err(reason);
        }
        if sniff::is_binary(&self.body) {
            return Err(Reason::Binary);
        }
        match self.media_type().as_deref() {
            Some("text/html" | "application/xhtml+xml") => Ok(Kind::Page),
            // Several rows in one answer are one text: an address is one original.
            _ => {
                sniff::kind("", &self.body).map(|kind| if kind == Kind::Row { Kind::PlainText } else { kind })
            }
        }
    }

    /// Says how it came, in names and values to be kept beside it.
    pub fn notes(&self) -> Vec<(&'static str, String)> {
        let mut notes = vec![
            ("sent", self.sent.to_string()),
            ("received", self.received.to_string()),
            ("ended", self.ended.to_string()),
            ("redirects", self.hop.to_string()),
        ];
        notes.extend(self.proxy.iter().map(|proxy| ("proxy", proxy.clone())));
        if self.response.surplus > 0 {
            notes.push(("surplus-bytes", self.response.surplus.to_string()));
        }
        if let Some(Tls { version, cipher, certificates }) = &self.tls {
            notes.extend([("tls-version", version.clone()), ("tls-cipher", cipher.clone())]);
            notes.extend(certificates.iter().map(|der| ("certificate", BASE64.encode(der))));
        }
        notes
    }

    /// Returns what is to be kept of it: of kind `None`, nothing is read out of it, and of what could not be decoded
    /// never.
    pub fn to_keep<'a>(
        &'a self,
        kind: Option<Kind>,
        notes: &'a [(&'static str, String)],
    ) -> preserve::Exchange<'a> {
        preserve::Exchange {
            uri: &self.address,
            received: self.received,
            address: self.machine,
            request: &self.request,
            answer: preserve::Answer::Response {
                bytes: &self.response.raw,
                kind: kind.filter(|_| self.decoded),
            },
            truncated: self.response.truncated,
            notes,
        }
    }

    /// Returns what is to be kept of an answer that brought nothing new.
    pub fn to_keep_unchanged<'a>(
        &'a self,
        of: preserve::Revisited<'a>,
        notes: &'a [(&'static str, String)],
    ) -> preserve::Exchange<'a> {
        let head = self.response.head_bytes();
        preserve::Exchange { answer: preserve::Answer::Revisit { head, of }, ..self.to_keep(None, notes) }
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the bytes: a debug print may end in a log.
        let truncated = self.response.truncated;
        write!(f, "Exchange({}, {}, {} bytes, {truncated:?})", self.address, self.status(), self.body.len())
    }
}
