//! Responses over HTTP/1 as they came over the wire (RFC 9112), and the original inside each.
//!
//! What is kept of an exchange are the bytes of the wire. The original that a person reads is what is left when the
//! chunks are joined and the content codings undone; [`Receiver`] does the one while the bytes come in, and
//! [`decode`] the other. Both are used again when an original is read out of its record, years later, so what is
//! accepted here may grow but never change its meaning.
//!
//! No network and no clock: bytes in, bytes out, in linear time. How much is taken in is for the caller to bound, who
//! hands over the bytes; how much comes out is bounded here.

mod chunks;
mod coding;
mod head;
mod receiver;

pub use coding::{Coding, Undecodable, codings, decode};
pub use head::Head;
pub use receiver::{Malformed, Received, Receiver, Truncated};

/// A whole response, taken apart.
#[derive(Debug)]
pub struct Unpacked {
    /// What stands before the body.
    pub head: Head,
    /// The body as it is read: chunks joined, content codings undone.
    pub original: Vec<u8>,
    /// Whether all behind the first head is the payload: there are no interim responses and no chunks.
    pub(crate) is_plain: bool,
}

/// Takes a whole response apart; `None` if it is none, or has no body that can be decoded within `limit` bytes.
pub fn unpack(response: &[u8], limit: u64) -> Option<Unpacked> {
    let mut receiver = Receiver::new(usize::MAX);
    receiver.take(response).ok()?;
    let received = receiver.end().ok()?;
    if received.truncated.is_some() || received.surplus > 0 {
        return None;
    }
    let original = decode(received.payload(), &codings(&received.head).ok()?, limit).ok()?;
    let is_plain = received.head.length() == received.body_at && received.joined.is_none();
    Some(Unpacked { head: received.head, original, is_plain })
}
