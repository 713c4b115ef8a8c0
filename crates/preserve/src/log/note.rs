use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use model::Digest;
use signed_note::{Note, Signature, StandardSigner, StandardVerifier, Verifier, VerifierList};
use tlog_tiles::Hash;

/// The verifier key of a log or of a witness (C2SP signed-note, verifier keys).
#[derive(Clone)]
pub struct VerifierKey {
    text: String,
    kind: KeyKind,
}

#[derive(Clone)]
enum KeyKind {
    Log(StandardVerifier),
    Witness(WitnessVerifier),
}

/// The text is no verifier key that is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a verifier key: expected NAME+ID+KEY, of the type 01 (Ed25519) or 04 (Ed25519 cosignature)")]
pub struct NotAKey;

/// Checks cosignatures (C2SP tlog-cosignature). `signed_note` knows no keys of the type 04.
#[derive(Clone)]
struct WitnessVerifier {
    name: String,
    id: u32,
    key: VerifyingKey,
}

const LOG: u8 = 1;
const WITNESS: u8 = 4;

impl VerifierKey {
    /// Reads a key as it is handed out. Only the one spelling of a key is read.
    pub fn parse(text: &str) -> Result<VerifierKey, NotAKey> {
        let (name, rest) = text.split_once('+').ok_or(NotAKey)?;
        let (_, key) = rest.split_once('+').ok_or(NotAKey)?;
        let raw = BASE64_STANDARD.decode(key).map_err(|_| NotAKey)?;
        let id = signed_note::key_id(name, &raw);
        // The number of the key could be written in capitals as well.
        if !signed_note::is_key_name_valid(name) || spelled(name, id, &raw) != text {
            return Err(NotAKey);
        }
        let kind = match raw.split_first() {
            Some((&LOG, _)) => KeyKind::Log(StandardVerifier::new(text).map_err(|_| NotAKey)?),
            Some((&WITNESS, key)) => {
                let key = VerifyingKey::try_from(key).map_err(|_| NotAKey)?;
                KeyKind::Witness(WitnessVerifier { name: name.to_owned(), id, key })
            }
            _ => return Err(NotAKey),
        };
        Ok(VerifierKey { text: text.to_owned(), kind })
    }

    /// Returns the key as it is handed out.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the name in it: of a log, its origin.
    pub fn name(&self) -> &str {
        self.verifier().name()
    }

    /// Tells whether it is the key of a witness.
    pub fn is_of_a_witness(&self) -> bool {
        matches!(self.kind, KeyKind::Witness(_))
    }

    fn verifier(&self) -> &dyn Verifier {
        match &self.kind {
            KeyKind::Log(verifier) => verifier,
            KeyKind::Witness(verifier) => verifier,
        }
    }

    fn boxed(&self) -> Box<dyn Verifier> {
        match &self.kind {
            KeyKind::Log(verifier) => Box::new(verifier.clone()),
            KeyKind::Witness(verifier) => Box::new(verifier.clone()),
        }
    }

    /// Tells whether a signature claims to be by this key.
    fn is_named_by(&self, signature: &Signature) -> bool {
        (signature.name(), signature.id()) == (self.name(), self.verifier().key_id())
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({})", self.text)
    }
}

impl PartialEq for VerifierKey {
    fn eq(&self, other: &VerifierKey) -> bool {
        self.text == other.text
    }
}

impl Verifier for WitnessVerifier {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> u32 {
        self.id
    }

    fn verify(&self, text: &[u8], signature: &[u8]) -> bool {
        let Some((time, signature)) = signature.split_at_checked(8) else { return false };
        let Ok(signature) = ed25519_dalek::Signature::from_slice(signature) else { return false };
        let Some(time) = seconds(time) else { return false };
        self.key.verify_strict(&cosigned_message(time, text), &signature).is_ok()
    }
}

/// What a witness signs: that at this time this was the greatest tree it had seen of the log.
fn cosigned_message(time: u64, text: &[u8]) -> Vec<u8> {
    [format!("cosignature/v1\ntime {time}\n").as_bytes(), text].concat()
}

/// Reads the time of a cosignature, which is at most 2^63 - 1.
fn seconds(bytes: &[u8]) -> Option<u64> {
    let time = u64::from_be_bytes(bytes.try_into().ok()?);
    (time <= i64::MAX.unsigned_abs()).then_some(time)
}

/// Spells a key as `NAME+ID+KEY`.
fn spelled(name: &str, id: u32, raw: &[u8]) -> String {
    format!("{name}+{id:08x}+{}", BASE64_STANDARD.encode(raw))
}

/// A private key that signs for a log.
#[derive(Clone)]
pub(crate) struct SigningLog {
    signer: StandardSigner,
    pub(crate) public: VerifierKey,
}

impl SigningLog {
    /// Makes a key from 32 random bytes. Returns it with the text that it is kept as, which is secret.
    pub(crate) fn new(origin: &str, seed: &[u8; 32]) -> Option<(SigningLog, String)> {
        let public = public_of(LOG, seed);
        let id = signed_note::key_id(origin, &public);
        let secret = format!("PRIVATE+KEY+{}", spelled(origin, id, &[&[LOG], seed.as_slice()].concat()));
        SigningLog::parse(&secret).map(|signing| (signing, secret))
    }

    /// Reads a key as it is kept.
    pub(crate) fn parse(secret: &str) -> Option<SigningLog> {
        let signer = StandardSigner::new(secret).ok()?;
        let (name, rest) = secret.strip_prefix("PRIVATE+KEY+")?.split_once('+')?;
        let raw = BASE64_STANDARD.decode(rest.split_once('+')?.1).ok()?;
        let public = public_of(LOG, raw.get(1..)?.try_into().ok()?);
        let text = spelled(name, signed_note::key_id(name, &public), &public);
        Some(SigningLog { signer, public: VerifierKey::parse(&text).ok()? })
    }

    pub(crate) fn origin(&self) -> &str {
        self.public.name()
    }

    /// Signs a text that ends its last line, has no control characters in its lines and at most [`LONGEST_TEXT`] bytes.
    pub(crate) fn sign(&self, text: &str) -> Vec<u8> {
        let mut note =
            Note::new(text.as_bytes(), &[]).expect("our texts are short lines without control characters");
        note.add_sigs(&[&self.signer]).expect("the name in the key was checked when the key was read");
        note.to_bytes()
    }
}

/// A signed text may have 1,000,000 bytes with its signatures, by the limit of `signed_note`.
pub(crate) const LONGEST_TEXT: usize = 900_000;

/// What stands in the last line of a text that is signed for a body behind it.
fn body_line(body: &str) -> String {
    format!("body {}  {}\n", Digest::of(body.as_bytes()).hex(), body.len())
}

impl SigningLog {
    /// Signs a text, and a body of any length that stands behind the note: the note says its digest.
    pub(crate) fn sign_with_body(&self, text: &str, body: &str) -> Vec<u8> {
        [self.sign(&(text.to_owned() + &body_line(body))), body.as_bytes().to_owned()].concat()
    }
}

impl fmt::Debug for SigningLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the private part.
        write!(f, "SigningLog({})", self.public.text)
    }
}

/// Signs checkpoints as a witness does; for tests and for whoever runs a witness.
#[derive(Clone)]
pub struct SigningWitness {
    key: SigningKey,
    public: VerifierKey,
}

impl SigningWitness {
    /// Makes the key of a witness from 32 random bytes; `None` if the name may not stand in a key.
    pub fn new(name: &str, seed: &[u8; 32]) -> Option<SigningWitness> {
        let raw = public_of(WITNESS, seed);
        let text = spelled(name, signed_note::key_id(name, &raw), &raw);
        Some(SigningWitness { key: SigningKey::from_bytes(seed), public: VerifierKey::parse(&text).ok()? })
    }

    /// Returns the key that others check its cosignatures with.
    pub fn public(&self) -> &VerifierKey {
        &self.public
    }

    /// Signs the text of a checkpoint, and returns the line that is added to it.
    pub fn cosign(&self, text: &[u8], seconds: u64) -> Vec<u8> {
        let signature = self.key.sign(&cosigned_message(seconds, text));
        let bytes = [&seconds.to_be_bytes()[..], &signature.to_bytes()].concat();
        let verifier = self.public.verifier();
        let line = Signature::new(verifier.name().to_owned(), verifier.key_id(), bytes);
        line.expect("the name was checked when the key was made").to_bytes()
    }
}

impl fmt::Debug for SigningWitness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningWitness({})", self.public.text)
    }
}

/// Returns the type and the public part of the key that those 32 bytes are the private part of.
fn public_of(kind: u8, seed: &[u8; 32]) -> Vec<u8> {
    [&[kind], SigningKey::from_bytes(seed).verifying_key().as_bytes().as_slice()].concat()
}

/// A signed tree head (C2SP tlog-checkpoint): the hash of all leaves up to some number, as a log has signed it.
#[derive(Clone, PartialEq, Eq)]
pub struct Checkpoint {
    bytes: Vec<u8>,
    text: Vec<u8>,
    origin: String,
    size: u64,
    root: [u8; 32],
}

/// The bytes are not a checkpoint, or not one that the given keys have signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum BadCheckpoint {
    /// Not in the form of a checkpoint.
    #[error("it is not in the form of a signed checkpoint")]
    Malformed,
    /// By another log.
    #[error("it is of another log")]
    OtherLog,
    /// Not signed by the key, or the signature is wrong.
    #[error("its signature is wrong")]
    BadSignature,
    /// A line that none of the known keys has signed.
    #[error("it carries a signature by a key that is not known here")]
    UnknownSigner,
}

/// A checkpoint is three lines and at most 16 signatures or so.
pub(crate) const LONGEST_CHECKPOINT: usize = 1 << 16;

impl Checkpoint {
    /// Reads a checkpoint, without looking at its signatures.
    pub fn parse(bytes: &[u8]) -> Result<Checkpoint, BadCheckpoint> {
        let malformed = |_| BadCheckpoint::Malformed;
        if bytes.len() > LONGEST_CHECKPOINT {
            return Err(BadCheckpoint::Malformed);
        }
        let note = Note::from_bytes(bytes).map_err(|_| BadCheckpoint::Malformed)?;
        let head = tlog_tiles::Checkpoint::from_bytes(note.text()).map_err(malformed)?;
        // A number could be written with zeros in front, and a signature in more than one base64.
        if head.to_bytes() != note.text() || note.to_bytes() != bytes {
            return Err(BadCheckpoint::Malformed);
        }
        Ok(Checkpoint {
            bytes: bytes.to_owned(),
            text: note.text().to_owned(),
            origin: head.origin().to_owned(),
            size: head.size(),
            root: head.hash().0,
        })
    }

    /// Makes and signs a checkpoint.
    pub(crate) fn sign(log: &SigningLog, size: u64, root: Hash) -> Checkpoint {
        let text = format!("{}\n{size}\n{root}\n", log.origin());
        Checkpoint::parse(&log.sign(&text)).expect("what was just written is in the right form")
    }

    /// Returns the checkpoint as it is stored and handed out.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns what is signed.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Returns the name of the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Returns how many leaves it is over.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Returns the hash of the tree.
    pub fn root(&self) -> &[u8; 32] {
        &self.root
    }

    /// Checks the signature of the log, and the cosignatures of those witnesses whose keys are given.
    ///
    /// Lines by other keys are passed over, as C2SP signed-note wants it. Returns who cosigned, and when.
    pub fn check(&self, keys: &Keys) -> Result<Vec<Cosigned>, BadCheckpoint> {
        if self.origin != keys.log.name() {
            return Err(BadCheckpoint::OtherLog);
        }
        let note = Note::from_bytes(&self.bytes).map_err(|_| BadCheckpoint::Malformed)?;
        let (verified, _) = note.verify(&keys.list()).map_err(|_| BadCheckpoint::BadSignature)?;
        if !verified.iter().any(|signature| keys.log.is_named_by(signature)) {
            return Err(BadCheckpoint::BadSignature);
        }
        Ok(verified.iter().filter_map(|signature| keys.cosigned(signature)).collect())
    }

    /// As [`check`](Checkpoint::check), but every line has to be by one of the keys.
    pub(crate) fn check_all(&self, keys: &Keys) -> Result<Vec<Cosigned>, BadCheckpoint> {
        let cosigned = self.check(keys)?;
        let lines = self.bytes[self.text.len()..].iter().filter(|byte| **byte == b'\n').count() - 1;
        if lines != cosigned.len() + 1 { Err(BadCheckpoint::UnknownSigner) } else { Ok(cosigned) }
    }

    /// Adds the line of a witness. An earlier line by the same witness goes.
    pub(crate) fn with_cosignature(&self, line: &[u8], witness: &VerifierKey) -> Option<Checkpoint> {
        let signature = Signature::from_bytes(line.strip_suffix(b"\n")?).ok()?;
        if !witness.is_named_by(&signature) || !witness.verifier().verify(&self.text, signature.signature()) {
            return None;
        }
        let signatures = self.bytes[self.text.len() + 1..].split_inclusive(|byte| *byte == b'\n');
        let others = signatures.filter(|line| {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            !Signature::from_bytes(line).is_ok_and(|signature| witness.is_named_by(&signature))
        });
        let mut bytes = [&self.text[..], b"\n"].concat();
        others.for_each(|line| bytes.extend(line));
        bytes.extend(line);
        Checkpoint::parse(&bytes).ok()
    }
}

impl fmt::Debug for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Checkpoint({}, {})", self.origin, self.size)
    }
}

/// A witness has seen a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigned {
    /// The name of the witness.
    pub by: String,
    /// When, in seconds since 1970, by the clock of the witness.
    pub seconds: u64,
}

/// The keys that a checkpoint is checked with: that of the log, and those of witnesses.
#[derive(Debug, Clone, PartialEq)]
pub struct Keys {
    /// The key of the log.
    pub log: VerifierKey,
    /// The keys of witnesses that are trusted.
    pub witnesses: Vec<VerifierKey>,
}

impl Keys {
    /// Checks a note by the log itself with a body behind it, and returns the text and the body.
    pub(crate) fn text_and_body_of<'a>(&self, bytes: &'a [u8]) -> Option<(&'a str, &'a str)> {
        let line_end =
            |from: usize| Some(from + bytes.get(from..)?.iter().position(|byte| *byte == b'\n')? + 1);
        let blank = bytes.windows(2).position(|pair| pair == b"\n\n")? + 2;
        // The only signature is that of the log.
        let (note, body) = bytes.split_at(line_end(blank)?);
        let body = std::str::from_utf8(body).ok()?;
        Some((self.text_of(note)?.strip_suffix(body_line(body).as_str())?, body))
    }

    fn list(&self) -> VerifierList {
        VerifierList::new(self.witnesses.iter().chain([&self.log]).map(VerifierKey::boxed).collect())
    }

    fn cosigned(&self, signature: &Signature) -> Option<Cosigned> {
        let witness =
            self.witnesses.iter().find(|key| key.is_of_a_witness() && key.is_named_by(signature))?;
        let seconds = seconds(signature.signature().get(..8)?)?;
        Some(Cosigned { by: witness.name().to_owned(), seconds })
    }

    /// Checks a note by the log itself that is no checkpoint, and returns its text.
    pub(crate) fn text_of<'a>(&self, bytes: &'a [u8]) -> Option<&'a str> {
        let note = Note::from_bytes(bytes).ok()?;
        let keys = VerifierList::new(vec![self.log.boxed()]);
        let (_, unknown) = note.verify(&keys).ok()?;
        let sound = unknown.is_empty() && note.to_bytes() == bytes;
        std::str::from_utf8(&bytes[..note.text().len()]).ok().filter(|_| sound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> SigningLog {
        SigningLog::new("credence.example/log", &[7; 32]).unwrap().0
    }

    fn keys(witnesses: &[&SigningWitness]) -> Keys {
        Keys {
            log: log().public,
            witnesses: witnesses.iter().map(|witness| witness.public().clone()).collect(),
        }
    }

    #[test]
    fn the_vector_of_signed_note() {
        let note = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
        let key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
        let keys = Keys { log: VerifierKey::parse(key).unwrap(), witnesses: Vec::new() };
        assert_eq!(keys.text_of(note.as_bytes()), Some("This is an example message.\n"));
        assert_eq!(keys.text_of(note.replace("This", "that").as_bytes()), None);
        assert_eq!(VerifierKey::parse(&key.replace("530d", "530D")), Err(NotAKey));
    }

    #[test]
    fn a_key_is_read_back_and_never_shown() {
        let (made, secret) = SigningLog::new("credence.example/log", &[7; 32]).unwrap();
        let read = SigningLog::parse(&secret).unwrap();
        assert_eq!((read.public, made.origin()), (made.public.clone(), "credence.example/log"));
        assert!(!format!("{made:?}").contains(secret.rsplit('+').next().unwrap()));
        assert!(SigningLog::new("two words", &[7; 32]).is_none());
    }

    #[test]
    fn signed_cosigned_and_checked() {
        let (w1, w2) = (
            SigningWitness::new("witness.example/w1", &[1; 32]).unwrap(),
            SigningWitness::new("witness.example/w2", &[2; 32]).unwrap(),
        );
        let bare = Checkpoint::sign(&log(), 0, tlog_tiles::EMPTY_HASH);
        assert_eq!(bare.check_all(&keys(&[])), Ok(Vec::new()));
        let line = w1.cosign(bare.text(), 1_900_000_000);
        let once = bare.with_cosignature(&line, w1.public()).unwrap();
        assert!(bare.with_cosignature(&line, w2.public()).is_none());
        let again = once.with_cosignature(&w1.cosign(bare.text(), 1_900_000_009), w1.public()).unwrap();
        let both = again.with_cosignature(&w2.cosign(bare.text(), 5), w2.public()).unwrap();
        let by = |name: &str, seconds| Cosigned { by: name.into(), seconds };
        let expected = vec![by("witness.example/w1", 1_900_000_009), by("witness.example/w2", 5)];
        assert_eq!(both.check_all(&keys(&[&w1, &w2])), Ok(expected.clone()));
        assert_eq!(both.check(&keys(&[&w2])), Ok(expected[1..].to_vec()));
        assert_eq!(both.check_all(&keys(&[&w2])), Err(BadCheckpoint::UnknownSigner));
    }

    #[test]
    fn a_body_behind_a_note_is_signed_for() {
        let bytes = log().sign_with_body("first\n", "some\n\nbody\n");
        assert_eq!(keys(&[]).text_and_body_of(&bytes), Some(("first\n", "some\n\nbody\n")));
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            assert_eq!(keys(&[]).text_and_body_of(&flipped), None, "{at}");
            assert_eq!(keys(&[]).text_and_body_of(&bytes[..at]), None, "{at}");
        }
        assert_eq!(keys(&[]).text_and_body_of(&[&bytes[..], b"x"].concat()), None);
        assert_eq!(keys(&[]).text_and_body_of(&log().sign("first\n")), None);
    }

    #[test]
    fn every_flipped_byte_is_seen() {
        let witness = SigningWitness::new("witness.example/w1", &[1; 32]).unwrap();
        let bare = Checkpoint::sign(&log(), 1000, Hash([3; 32]));
        let signed = bare.with_cosignature(&witness.cosign(bare.text(), 12), witness.public()).unwrap();
        let keys = keys(&[&witness]);
        assert!(signed.check_all(&keys).is_ok());
        for at in 0..signed.bytes().len() {
            for bit in 0..8 {
                let mut bytes = signed.bytes().to_owned();
                bytes[at] ^= 1 << bit;
                let checked = Checkpoint::parse(&bytes).and_then(|checkpoint| checkpoint.check_all(&keys));
                assert!(checked.is_err(), "{at} {bit}");
            }
        }
    }
}
