//! Signatures that `ssh-keygen` checks.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use ed25519_dalek::SigningKey;
use preserve::signature::{self, NAMESPACE, NotSigned};

const REPORT: &[u8] = "Троє людей поранено в Світлогір'ї.".as_bytes();

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// Whether `ssh-keygen` says that the file is signed; nothing where it is not installed.
fn ssh_keygen_accepts(folder: &Path, bytes: &[u8], namespace: &str) -> Option<bool> {
    fs::write(folder.join("report.txt"), bytes).unwrap();
    let run = Command::new("ssh-keygen")
        .args(["-Y", "verify", "-f", "allowed", "-I", "record@example.org", "-n", namespace, "-s", "sig"])
        .current_dir(folder)
        .stdin(File::open(folder.join("report.txt")).unwrap())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match run {
        Ok(status) => Some(status.success()),
        Err(_) => {
            eprintln!("skipped: the program ssh-keygen is not installed");
            None
        }
    }
}

#[test]
fn ssh_keygen_agrees() {
    let folder = tempfile::tempdir().unwrap();
    let text = signature::sign(&key(), &mut &REPORT[..]).unwrap();
    fs::write(folder.path().join("sig"), text).unwrap();
    let allowed = signature::allowed_signer(&key().verifying_key(), "record@example.org");
    fs::write(folder.path().join("allowed"), allowed).unwrap();
    let Some(accepted) = ssh_keygen_accepts(folder.path(), REPORT, NAMESPACE) else { return };
    assert!(accepted);
    assert_eq!(ssh_keygen_accepts(folder.path(), REPORT, "file"), Some(false));
    let mut tampered = REPORT.to_vec();
    tampered[0] ^= 1;
    assert_eq!(ssh_keygen_accepts(folder.path(), &tampered, NAMESPACE), Some(false));
}

#[test]
fn a_long_file_is_read_piece_by_piece() {
    let long = vec![b'x'; 300_000];
    let text = signature::sign(&key(), &mut &long[..]).unwrap();
    let public = key().verifying_key();
    assert_eq!(signature::verify(&public, &mut &long[..], &text).unwrap(), Ok(()));
    assert_eq!(signature::verify(&public, &mut &long[1..], &text).unwrap(), Err(NotSigned));
}

#[test]
fn every_byte_of_a_signature_counts() {
    let text = signature::sign(&key(), &mut &REPORT[..]).unwrap();
    let public = key().verifying_key();
    let verify = |text: &str| signature::verify(&public, &mut &REPORT[..], text).unwrap();
    assert_eq!(verify(&text), Ok(()));
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1;
        assert_eq!(verify(&String::from_utf8(bytes).unwrap()), Err(NotSigned), "byte {at}");
    }
    let other = SigningKey::from_bytes(&[8; 32]).verifying_key();
    assert_eq!(signature::verify(&other, &mut &REPORT[..], &text).unwrap(), Err(NotSigned));
}

#[test]
fn the_line_of_the_signer_is_one_line() {
    let line = signature::allowed_signer(&key().verifying_key(), "record \"x\"\n* ssh-rsa@example.org");
    assert_eq!(line.matches('\n').count(), 1);
    assert!(
        line.starts_with("recordxssh-rsa@example.org namespaces=\"credence@v1\" ssh-ed25519 AAAA"),
        "{line}"
    );
}
