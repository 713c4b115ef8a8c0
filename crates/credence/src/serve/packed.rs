use std::io::Write as _;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

/// A large answer that is packed and tagged once for all who ask.
pub(crate) struct Packed {
    plain: Bytes,
    gzip: Bytes,
    tag: String,
}

impl Packed {
    pub(crate) fn of(plain: String) -> Packed {
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        // Nothing goes wrong in memory.
        let gzip = packer.write_all(plain.as_bytes()).and_then(|()| packer.finish()).unwrap_or_default();
        Packed { tag: tag_of(plain.as_bytes()), plain: plain.into(), gzip: gzip.into() }
    }

    /// Returns how many bytes of memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.plain.len() + self.gzip.len()
    }

    /// Answers in the form that is asked for.
    pub(crate) fn answer(&self, asked: &HeaderMap, kind: &'static str) -> Response {
        let accepted = asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
        let is_packed = accepted.is_some_and(takes_gzip) && !self.gzip.is_empty();
        let body = if is_packed { &self.gzip } else { &self.plain };
        let mut answer = body.clone().into_response();
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if is_packed {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        if let Ok(tag) = self.tag.parse() {
            headers.insert(header::ETAG, tag);
        }
        answer
    }
}

/// Makes a tag of the bytes of an answer (RFC 9110, 8.8.3). It is weak: packed and as it is, the answer is the same.
pub(crate) fn tag_of(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let tag: String = digest[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("W/\"{tag}\"")
}

/// Tells whether an answer may be packed (RFC 9110, 12.5.3); of weights, none alone is looked at.
fn takes_gzip(accepted: &str) -> bool {
    accepted.split(',').any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        name.trim() == "gzip" && !matches!(weight.trim(), "q=0" | "q=0.0")
    })
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn the_same_packed_and_plain() {
        let packed = Packed::of("a shell hit a school ".repeat(100));
        let mut unpacked = String::new();
        flate2::read::GzDecoder::new(&packed.gzip[..]).read_to_string(&mut unpacked).unwrap();
        assert_eq!(unpacked.as_bytes(), packed.plain);
        let asked = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static("br, gzip"))]);
        let (one, other) = (packed.answer(&asked, "a/b"), packed.answer(&HeaderMap::new(), "a/b"));
        assert_eq!(one.headers()[header::CONTENT_ENCODING], "gzip");
        assert!(!other.headers().contains_key(header::CONTENT_ENCODING));
        assert_eq!(one.headers()[header::ETAG], other.headers()[header::ETAG]);
    }

    #[test]
    fn gzip_is_taken_where_it_is_asked_for() {
        assert!(takes_gzip("gzip") && takes_gzip("deflate, gzip;q=0.5"));
        assert!(!takes_gzip("") && !takes_gzip("br") && !takes_gzip("gzip;q=0") && !takes_gzip("xgzip"));
    }
}
