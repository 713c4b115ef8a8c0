//! Digests of records, by whatever name and in whatever letters.

use data_encoding::{BASE32, BASE32_NOPAD, BASE64, BASE64_NOPAD, HEXLOWER_PERMISSIVE};
use sha2::Digest as _;

/// A digest that stands with a record, and what came of verifying it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The field it is in.
    pub field: &'static str,
    /// As it is written.
    pub written: String,
    /// What came of it.
    pub verdict: Verdict,
}

/// What came of verifying a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is that of what is there.
    Agrees,
    /// It is not.
    Differs,
    /// It is of a kind that is not known here, or is of something that is not in the record.
    Unknown,
}

impl Checked {
    /// Verifies a digest against what it may be of: writers disagree about what a payload is.
    pub(super) fn verify<'a>(
        field: &'static str,
        written: &str,
        mut of: impl Iterator<Item = &'a [u8]>,
    ) -> Checked {
        let verdict = match Sum::read(written) {
            None => Verdict::Unknown,
            Some(sum) if of.any(|bytes| sum.is_of(bytes)) => Verdict::Agrees,
            Some(_) => Verdict::Differs,
        };
        Checked { field, written: written.to_owned(), verdict }
    }
}

enum Algorithm {
    Md5,
    Sha1,
    Sha256,
}

struct Sum {
    algorithm: Algorithm,
    value: Vec<u8>,
}

impl Sum {
    /// Reads `sha1:BASE32`, `sha256:hex` and the like (WARC 1.1, 5.8).
    fn read(written: &str) -> Option<Sum> {
        let (label, value) = written.trim().split_once(':')?;
        let (algorithm, length) = match label.trim().to_ascii_lowercase().as_str() {
            "md5" => (Algorithm::Md5, 16),
            "sha1" | "sha-1" => (Algorithm::Sha1, 20),
            "sha256" | "sha-256" => (Algorithm::Sha256, 32),
            _ => return None,
        };
        let value = value.trim().as_bytes();
        let upper = value.to_ascii_uppercase();
        let decoded = [
            HEXLOWER_PERMISSIVE.decode(value),
            BASE32.decode(&upper),
            BASE32_NOPAD.decode(&upper),
            BASE64.decode(value),
            BASE64_NOPAD.decode(value),
        ];
        let value = decoded.into_iter().flatten().find(|value| value.len() == length)?;
        Some(Sum { algorithm, value })
    }

    fn is_of(&self, bytes: &[u8]) -> bool {
        match self.algorithm {
            Algorithm::Md5 => md5::Md5::digest(bytes)[..] == self.value,
            Algorithm::Sha1 => sha1::Sha1::digest(bytes)[..] == self.value,
            Algorithm::Sha256 => sha2::Sha256::digest(bytes)[..] == self.value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(written: &str, bytes: &[u8], verdict: Verdict) {
        let found = Checked::verify("WARC-Block-Digest", written, [bytes].into_iter());
        assert_eq!(found.verdict, verdict, "{written}");
    }

    #[test]
    fn algorithms_and_letters() {
        check("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", b"", Verdict::Agrees);
        check("SHA-1:da39a3ee5e6b4b0d3255bfef95601890afd80709", b"", Verdict::Agrees);
        check("md5:D41D8CD98F00B204E9800998ECF8427E", b"", Verdict::Agrees);
        check("sha256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", b"", Verdict::Agrees);
        check("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", b"Three", Verdict::Differs);
        check("blake3:00", b"", Verdict::Unknown);
        check("sha1:Тесмін", b"", Verdict::Unknown);
        check("sha1", b"", Verdict::Unknown);
    }
}
