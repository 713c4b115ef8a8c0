use std::io;
use std::path::Path;

use crate::durable::write_durably;
use crate::log::proof::prove_consistency;
use crate::log::tree::read_at_most;
use crate::log::{Checkpoint, Cosigned, Keys, Log, LogError, VerifierKey, kept, kept_sizes};

/// Carries a request to a witness. The one who opens the network implements it; nothing here does.
pub trait Post {
    /// Sends `body` to `url` by HTTP POST and returns the answer, whatever its status.
    ///
    /// Of the body of the answer no more than 64 KiB are needed.
    fn post(&mut self, url: &str, body: &[u8]) -> io::Result<Reply>;
}

/// What a witness has answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status of HTTP.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// A witness that is asked to cosign: its key, and where it takes requests.
#[derive(Debug, Clone, PartialEq)]
pub struct Witness {
    /// Its key, of the type 04.
    pub key: VerifierKey,
    /// Its submission prefix, without `/add-checkpoint`.
    pub url: String,
}

/// Why a witness did not cosign.
#[derive(Debug, thiserror::Error)]
pub enum NotCosigned {
    /// The log itself could not be read or written.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The key is not that of a witness.
    #[error("the key of {0} is not one for cosignatures (type 04)")]
    NoWitnessKey(String),
    /// The request did not reach the witness, or no answer came.
    #[error("{url}: {source}")]
    Unreachable {
        /// Where it was sent.
        url: String,
        /// What the system said.
        source: io::Error,
    },
    /// The witness has cosigned more leaves than there are: this log was rolled back.
    #[error(
        "{name} has cosigned a tree of {cosigned} leaves, and this log has only {here}: it was rolled back"
    )]
    RolledBack {
        /// The witness.
        name: String,
        /// The leaves that it has cosigned.
        cosigned: u64,
        /// The leaves of the newest checkpoint.
        here: u64,
    },
    /// The witness has cosigned another tree: there are two logs with this key.
    #[error("{name} has cosigned another tree of this log; one of the two is not the true one")]
    OtherTree {
        /// The witness.
        name: String,
    },
    /// The witness does not know this log.
    #[error("{0} does not know this log; give it the verifier key of the log")]
    UnknownLog(String),
    /// Some other status, or a body that is no answer.
    #[error("{name} answered with status {status}, which is no cosignature")]
    Refused {
        /// The witness.
        name: String,
        /// The status of HTTP.
        status: u16,
    },
    /// The answer has no line that the key of the witness has signed.
    #[error("the answer of {0} carries no cosignature by the key that is configured for it")]
    NotItsKey(String),
}

impl Log {
    /// Asks a witness to cosign the newest checkpoint, and writes the cosignature into it.
    ///
    /// The witness keeps the greatest tree that it has seen. So this finds out as well whether the log was rolled
    /// back or split since the witness was last asked.
    pub fn cosign(&mut self, witness: &Witness, post: &mut impl Post) -> Result<Cosigned, NotCosigned> {
        let name = || witness.key.name().to_owned();
        if !witness.key.is_of_a_witness() {
            return Err(NotCosigned::NoWitnessKey(name()));
        }
        let newest = self.newest().cloned().ok_or(LogError::NoCheckpoint)?;
        let old = last_cosigned(&self.folder, &witness.key)?;
        let mut reply = self.ask(witness, old, post)?;
        if reply.status == 409 {
            // The witness says which tree it knows; it may have been asked by another copy of this log.
            let known = size_in(&reply.body).filter(|known| *known != old);
            let known = known.ok_or_else(|| NotCosigned::OtherTree { name: name() })?;
            if known > newest.size() {
                return Err(NotCosigned::RolledBack { name: name(), cosigned: known, here: newest.size() });
            }
            reply = self.ask(witness, known, post)?;
        }
        match reply.status {
            200 => self.add_cosignature(&newest, witness, &reply.body),
            404 => Err(NotCosigned::UnknownLog(name())),
            409 | 422 => Err(NotCosigned::OtherTree { name: name() }),
            status => Err(NotCosigned::Refused { name: name(), status }),
        }
    }

    fn ask(&self, witness: &Witness, old: u64, post: &mut impl Post) -> Result<Reply, NotCosigned> {
        let proof = prove_consistency(&self.record, old)?;
        let url = format!("{}/add-checkpoint", witness.url.trim_end_matches('/'));
        post.post(&url, proof.to_text().as_bytes()).map_err(|source| NotCosigned::Unreachable { url, source })
    }

    fn add_cosignature(
        &mut self,
        newest: &Checkpoint,
        witness: &Witness,
        body: &[u8],
    ) -> Result<Cosigned, NotCosigned> {
        let not_its_key = || NotCosigned::NotItsKey(witness.key.name().to_owned());
        let mut lines = body.split_inclusive(|byte| *byte == b'\n').take(16);
        let signed = lines.find_map(|line| newest.with_cosignature(line, &witness.key));
        let signed = signed.ok_or_else(not_its_key)?;
        self.trusting(|log| {
            log.know(&witness.key)?;
            log.keep(&signed)
        })?;
        let keys = Keys { log: self.key().clone(), witnesses: vec![witness.key.clone()] };
        signed.check(&keys).ok().and_then(|mut cosigned| cosigned.pop()).ok_or_else(not_its_key)
    }

    /// Writes down the key of a witness before the first line of it stands in a checkpoint.
    fn know(&self, witness: &VerifierKey) -> Result<(), LogError> {
        let path = self.folder.join("witnesses");
        let known = read_at_most(&path, 1 << 20)?.unwrap_or_default();
        let line = format!("{}\n", witness.text());
        if known.split_inclusive(|byte| *byte == b'\n').any(|known| known == line.as_bytes()) {
            return Ok(());
        }
        // If we stop behind this step, a key is known that nothing was signed with.
        Ok(write_durably(&path, &[known, line.into_bytes()].concat())?)
    }
}

/// Finds the greatest tree that a witness has cosigned; 0 if none.
fn last_cosigned(folder: &Path, witness: &VerifierKey) -> Result<u64, LogError> {
    let mark = format!("— {} ", witness.name());
    for size in kept_sizes(folder)?.into_iter().rev() {
        let kept = kept(folder, size)??;
        if String::from_utf8_lossy(kept.bytes()).lines().any(|line| line.starts_with(&mark)) {
            return Ok(size);
        }
    }
    Ok(0)
}

/// Reads the size in an answer with status 409: a number and LF.
fn size_in(body: &[u8]) -> Option<u64> {
    std::str::from_utf8(body).ok()?.strip_suffix('\n')?.parse().ok()
}

/// A witness by the book (C2SP tlog-witness), without network and clock: for tests, and to be put behind a server.
#[cfg(any(test, feature = "testing"))]
#[derive(Debug)]
pub struct TestWitness {
    key: super::SigningWitness,
    log: VerifierKey,
    /// The greatest tree that was cosigned.
    seen: (u64, [u8; 32]),
}

#[cfg(any(test, feature = "testing"))]
impl TestWitness {
    /// Makes a witness of one log.
    pub fn new(key: super::SigningWitness, log: VerifierKey) -> TestWitness {
        TestWitness { key, log, seen: (0, tlog_tiles::EMPTY_HASH.0) }
    }

    /// Answers a request to `add-checkpoint`. `seconds` is the time of the cosignature.
    pub fn add_checkpoint(&mut self, body: &[u8], seconds: u64) -> Reply {
        let reply = |status, body: &[u8]| Reply { status, body: body.to_owned() };
        let Some(proof) =
            std::str::from_utf8(body).ok().and_then(|text| super::ConsistencyProof::parse(text).ok())
        else {
            return reply(400, b"");
        };
        let checkpoint = &proof.checkpoint;
        if checkpoint.origin() != self.log.name() {
            return reply(404, b"");
        }
        let keys = Keys { log: self.log.clone(), witnesses: Vec::new() };
        if checkpoint.check(&keys).is_err() {
            return reply(403, b"");
        }
        let (size, root) = self.seen;
        match () {
            () if proof.old > checkpoint.size() => reply(400, b""),
            () if proof.old != size => reply(409, format!("{size}\n").as_bytes()),
            () if size == checkpoint.size() && root != *checkpoint.root() => {
                reply(409, format!("{size}\n").as_bytes())
            }
            () if !proof.leads_from(&root) => reply(422, b""),
            () => {
                self.seen = (checkpoint.size(), *checkpoint.root());
                reply(200, &self.key.cosign(checkpoint.text(), seconds))
            }
        }
    }
}
