//! Detached signatures that `ssh-keygen -Y verify` checks: SSHSIG, as OpenSSH's `PROTOCOL.sshsig` says, by Ed25519.
//!
//! OpenSSH is on nearly every machine, so whoever is handed a file needs nothing of ours to check who signed it:
//!
//! ```text
//! ssh-keygen -Y verify -f allowed_signers -I NAME -n credence@v1 -s FILE.sig < FILE
//! ```
//!
//! where `allowed_signers` is the line of [`allowed_signer`], which has to come from somewhere else than the file. The
//! namespace keeps a signature over a file from being taken for one over anything else, such as a login.

use std::io::{self, Read};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha512};

use crate::Error;
use crate::durable::{make_folder, write_secret};
use crate::log::leaf::{hex, unhex};
use crate::log::tree::read_at_most;

/// What these signatures are for, which is signed with the file.
pub const NAMESPACE: &str = "credence@v1";

const MAGIC: &[u8] = b"SSHSIG";
const KEY_TYPE: &[u8] = b"ssh-ed25519";
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----\n";
const END: &str = "-----END SSH SIGNATURE-----\n";

/// The file was not signed by this key, or it is not the file that was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature is not by this key over these bytes")]
pub struct NotSigned;

/// Reads the key that a record signs files with, and makes it if there is none: `keys/signing`, 32 bytes in hexadecimal.
///
/// # Errors
/// The file cannot be read or written, or holds no key.
pub fn key_of(record: &Path) -> Result<SigningKey, Error> {
    let path = record.join("keys/signing");
    if let Some(text) = read_at_most(&path, 4096)? {
        let wrong = "it is not a key: expected 64 small hexadecimal digits; put the right one back";
        let seed = std::str::from_utf8(&text).ok().and_then(|text| unhex(text.trim_end()));
        let seed = seed.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, wrong));
        return Ok(SigningKey::from_bytes(&seed.map_err(Error::io(&path))?));
    }
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| Error::io(&path)(io::Error::other(error)))?;
    make_folder(path.parent().expect("the path of a key names a folder"))?;
    write_secret(&path, format!("{}\n", hex(&seed)).as_bytes())?;
    // If we stop here, there is a key and nothing signed with it.
    Ok(SigningKey::from_bytes(&seed))
}

/// Signs everything that `file` holds, and returns the text of the signature file.
pub fn sign(key: &SigningKey, file: &mut impl Read) -> io::Result<String> {
    let signature = key.sign(&to_be_signed(&digest(file)?));
    Ok(armored(&blob(&key.verifying_key(), &signature)))
}

/// Checks a signature file that [`sign`] made with the key that belongs to `key`.
///
/// # Errors
/// Outside, that `file` cannot be read; inside, that it was not signed so.
pub fn verify(key: &VerifyingKey, file: &mut impl Read, text: &str) -> io::Result<Result<(), NotSigned>> {
    let digest = digest(file)?;
    Ok(signature_in(key, text)
        .and_then(|signature| key.verify_strict(&to_be_signed(&digest), &signature).ok())
        .ok_or(NotSigned))
}

/// Writes the line of an `allowed_signers` file (`ssh-keygen(1)`) by which others know the key.
///
/// `name` is what they give as `-I`: an address such as `record@example.org`. What may not stand there is left out.
pub fn allowed_signer(key: &VerifyingKey, name: &str) -> String {
    let name: String = name.chars().filter(|c| c.is_alphanumeric() || "@._-+".contains(*c)).collect();
    let key = STANDARD.encode(public_key(key));
    format!("{name} namespaces=\"{NAMESPACE}\" ssh-ed25519 {key}\n")
}

/// Hashes the file as it is read, so that its size does not matter.
fn digest(file: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut hasher = Sha512::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finalize().to_vec()),
            Ok(length) => hasher.update(&buffer[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The signed data: magic, namespace, nothing, the name of the digest, the digest.
fn to_be_signed(digest: &[u8]) -> Vec<u8> {
    let mut message = MAGIC.to_vec();
    for part in [NAMESPACE.as_bytes(), b"", b"sha512", digest] {
        push(&mut message, part);
    }
    message
}

/// The blob of the signature: magic, version 1, key, namespace, nothing, the name of the digest, the signature.
fn blob(key: &VerifyingKey, signature: &Signature) -> Vec<u8> {
    let mut signed = Vec::new();
    push(&mut signed, KEY_TYPE);
    push(&mut signed, &signature.to_bytes());
    let mut blob = [MAGIC, &1u32.to_be_bytes()].concat();
    for part in [&public_key(key)[..], NAMESPACE.as_bytes(), b"", b"sha512", &signed] {
        push(&mut blob, part);
    }
    blob
}

fn public_key(key: &VerifyingKey) -> Vec<u8> {
    let mut blob = Vec::new();
    push(&mut blob, KEY_TYPE);
    push(&mut blob, key.as_bytes());
    blob
}

/// Appends a `string` of RFC 4251, 5: its length, then its bytes.
fn push(blob: &mut Vec<u8>, part: &[u8]) {
    let length = u32::try_from(part.len()).expect("keys, names and digests are short");
    blob.extend(length.to_be_bytes());
    blob.extend(part);
}

/// Takes the signature out of a file that was written for this key; everything else in it can be only one way.
fn signature_in(key: &VerifyingKey, text: &str) -> Option<Signature> {
    let base64 = text.strip_prefix(BEGIN)?.strip_suffix(END)?.replace('\n', "");
    let blob = STANDARD.decode(base64).ok()?;
    let bytes = blob.last_chunk::<{ Signature::BYTE_SIZE }>()?;
    let signature = Signature::from_bytes(bytes);
    (blob == self::blob(key, &signature)).then_some(signature)
}

fn armored(blob: &[u8]) -> String {
    let base64 = STANDARD.encode(blob);
    let mut text = BEGIN.to_owned();
    // OpenSSH breaks the lines after 70 characters.
    for line in base64.as_bytes().chunks(70) {
        text.extend(line.iter().map(|byte| char::from(*byte)));
        text.push('\n');
    }
    text.push_str(END);
    text
}
