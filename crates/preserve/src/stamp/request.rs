use der::asn1::{AnyRef, OctetStringRef};
use der::{Decode, Encode};
use model::Digest;

use super::Refused;
use super::structures::{Algorithm, Imprint, Query, SHA_256};

/// What is asked of an authority: a stamp over one SHA-256, with a nonce, and with its certificate in the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub(super) digest: Digest,
    pub(super) nonce: u64,
}

impl Request {
    /// Makes a request with a nonce that was never used before, by which an old answer is told from the one to this.
    ///
    /// # Errors
    /// The system has no random numbers to give.
    pub fn new(digest: Digest) -> std::io::Result<Request> {
        let nonce = getrandom::u64().map_err(|error| std::io::Error::other(error.to_string()))?;
        Ok(Request { digest, nonce })
    }

    /// Reads back a request as [`to_der`](Request::to_der) wrote it; any other byte is an error.
    pub fn from_der(bytes: &[u8]) -> Result<Request, Refused> {
        let query = Query::from_der(bytes).map_err(|_| Refused::NotOurRequest)?;
        let digest = query.imprint.digest.as_bytes().try_into().map_err(|_| Refused::NotOurRequest)?;
        let request = Request { digest: Digest::from_bytes(digest), nonce: query.nonce };
        (request.to_der() == bytes).then_some(request).ok_or(Refused::NotOurRequest)
    }

    /// Writes the `TimeStampReq` that is sent, as `application/timestamp-query` (RFC 3161, 2.4.1 and 3.4).
    pub fn to_der(&self) -> Vec<u8> {
        let algorithm = Algorithm { name: SHA_256, parameters: Some(AnyRef::NULL) };
        let digest = OctetStringRef::new(self.digest.as_bytes()).expect("32 bytes are not too long");
        let query = Query {
            version: 1,
            imprint: Imprint { algorithm, digest },
            nonce: self.nonce,
            wants_certificate: true,
        };
        query.to_der().expect("a structure of fixed size can be written")
    }

    /// What the stamp is to be over.
    pub fn digest(&self) -> Digest {
        self.digest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_back() {
        let request = Request::new(Digest::of("Звіт".as_bytes())).unwrap();
        assert_eq!(Request::from_der(&request.to_der()), Ok(request));
    }

    #[test]
    fn no_two_requests_are_alike() {
        assert_ne!(Request::new(Digest::of(b"")).unwrap(), Request::new(Digest::of(b"")).unwrap());
    }

    #[test]
    fn every_byte_counts() {
        let request = Request { digest: Digest::of(b""), nonce: 0x0123_4567_89ab_cdef };
        let whole = request.to_der();
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut flipped = whole.clone();
                flipped[at] ^= 1 << bit;
                assert_ne!(Request::from_der(&flipped).as_ref(), Ok(&request), "byte {at}, bit {bit}");
            }
        }
        assert_eq!(Request::from_der(&[&whole[..], b"\0"].concat()), Err(Refused::NotOurRequest));
    }
}
