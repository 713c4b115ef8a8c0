//! Time stamps (RFC 3161) of what was kept: an authority that is not us signs that it existed at a time.
//!
//! A [`Request`] is made over the digest of a checkpoint of the log. Whatever [`Authority`] it is handed to, the answer
//! is [checked](check) in full, and becomes a [`Stamp`]. [`Stamps`] keeps requests, answers and certificates, and makes
//! stamps over stamps, since a certificate ends and an algorithm weakens.
//!
//! # Absences
//! No network: an [`Authority`] is for the caller to reach. No clock. No lists of revoked certificates: what is known
//! of those when a stamp is made is for the person who chooses the authority. A SHA-1 names no certificate here
//! (RFC 3161 before RFC 5816), and answers in BER that is not DER are not read.

mod answer;
mod chain;
mod request;
mod signatures;
mod stored;
mod structures;

pub use answer::{Refused, Stamp, check};
pub use chain::{NotCertificates, Roots, Trust};
pub use request::Request;
pub use stored::{Error, NotAName, StampName, Stamps};

/// A time stamping authority, wherever it is.
pub trait Authority {
    /// What it is called in the record: 1 to 32 lower-case letters, digits and hyphens.
    fn name(&self) -> &str;

    /// Sends a request to it, as `application/timestamp-query`, and returns the body of its answer.
    ///
    /// How much is read has to be bounded: more than 1 MiB is refused anyway.
    fn answer(&mut self, request: &[u8]) -> std::io::Result<Vec<u8>>;
}
