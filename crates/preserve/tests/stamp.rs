//! Stamps by authorities that the `openssl` program plays: one with an RSA key under an intermediate, one with P-256.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

mod authority;

use std::fs;
use std::io;
use std::path::Path;

use authority::{Local, openssl, place};
use model::Digest;
use preserve::stamp::{Authority, Error, Refused, Request, Roots, Stamp, StampName, Stamps, Trust, check};
use tempfile::TempDir;

/// The text that a log signs.
const CHECKPOINT: &[u8] = "северный.example/журнал\n3\nAAAA=\n".as_bytes();

/// A log with that checkpoint in it.
fn log() -> TempDir {
    let log = tempfile::tempdir().unwrap();
    fs::create_dir(log.path().join("checkpoints")).unwrap();
    let note = [CHECKPOINT, "\n— северный.example/журнал AAAA=\n".as_bytes()].concat();
    fs::write(log.path().join("checkpoints/3"), note).unwrap();
    log
}

fn roots(at: &Path, name: &str) -> Roots {
    Roots::from_pem(&fs::read(at.join(format!("{name}.crt"))).unwrap()).unwrap()
}

/// A request over the checkpoint, and the answer of an authority.
fn exchange(at: &Path, authority: &str) -> (Request, Vec<u8>) {
    let request = Request::new(Digest::of(CHECKPOINT)).unwrap();
    let answer = Local(at, authority).answer(&request.to_der()).unwrap();
    (request, answer)
}

/// An answer whose statement has this time and this key for its signature: what no honest program would sign.
fn answer_at(at: &Path, request: &Request, signer: &str, time: &str) -> Vec<u8> {
    let asked = request.to_der();
    // The imprint is 51 bytes behind the version, and the nonce stands between it and the wish for a certificate.
    let (imprint, nonce) = (&asked[5..56], &asked[56..asked.len() - 3]);
    let policy = [0x2b, 6, 1, 4, 1, 0x86, 0x8d, 0x1f, 1];
    let fields =
        [&[2, 1, 1][..], &tlv(6, &policy), imprint, &[2, 1, 7], &tlv(0x18, time.as_bytes()), nonce].concat();
    let exchange = tempfile::tempdir().unwrap();
    fs::write(exchange.path().join("statement"), tlv(0x30, &fields)).unwrap();
    for ending in ["crt", "key"] {
        let name = format!("{signer}.{ending}");
        fs::copy(at.join(&name), exchange.path().join(&name)).unwrap();
    }
    openssl(
        exchange.path(),
        &format!(
            "cms -sign -binary -nodetach -cades -md sha256 -econtent_type 1.2.840.113549.1.9.16.1.4 \
             -in statement -signer {signer}.crt -inkey {signer}.key -outform DER -out token"
        ),
    );
    let token = fs::read(exchange.path().join("token")).unwrap();
    tlv(0x30, &[&tlv(0x30, &[2, 1, 0]), &token[..]].concat())
}

/// A day on which the certificates of the tests are valid.
fn tomorrow() -> String {
    let tomorrow = jiff::Timestamp::now() + std::time::Duration::from_secs(24 * 60 * 60);
    tomorrow.to_string()[..10].replace('-', "")
}

fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).unwrap().to_be_bytes();
    match value.len() {
        short @ 0..128 => [&[tag, u8::try_from(short).unwrap()], value].concat(),
        128..256 => [&[tag, 0x81, length[1]], value].concat(),
        _ => [&[tag, 0x82, length[0], length[1]], value].concat(),
    }
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Refused {
    match outcome {
        Err(Error::Refused { refused, .. }) => refused,
        other => panic!("{other:?}"),
    }
}

#[test]
fn sound_answers_of_both_kinds_of_keys() {
    let Some(at) = place() else { return };
    for signer in ["rsa", "p256"] {
        let (request, answer) = exchange(at, signer);
        let stamp = check(&request, &answer, &Roots::default()).unwrap();
        assert_eq!(stamp.digest, Digest::of(CHECKPOINT));
        assert_eq!(stamp.signer, format!("CN={signer}"));
        assert_eq!(stamp.trust.to_string(), "signature sound, authority not checked");
        assert!(stamp.certificate_ends > stamp.time);
        let trusted = check(&request, &answer, &roots(at, "root")).unwrap();
        assert_eq!(trusted.trust, Trust::Root("CN=root".into()));
        let length = if signer == "rsa" { 3 } else { 2 };
        assert_eq!(trusted.chain.matches("BEGIN CERTIFICATE").count(), length);
        let by_itself = check(&request, &answer, &roots(at, signer)).unwrap();
        assert_eq!(by_itself.trust, Trust::Root(format!("CN={signer}")));
        let stranger = check(&request, &answer, &roots(at, "stranger"));
        assert!(matches!(stranger, Err(Refused::NotTrusted(_))), "{stranger:?}");
    }
}

#[test]
fn an_answer_to_another_request() {
    let Some(at) = place() else { return };
    let (_, answer) = exchange(at, "p256");
    let again = Request::new(Digest::of(CHECKPOINT)).unwrap();
    assert_eq!(check(&again, &answer, &Roots::default()), Err(Refused::OtherNonce));
    let other = Request::new(Digest::of(b"another checkpoint")).unwrap();
    assert_eq!(check(&other, &answer, &Roots::default()), Err(Refused::OtherDigest));
}

#[test]
fn an_authority_that_does_not_grant_it() {
    let Some(at) = place() else { return };
    let (request, answer) = exchange(at, "picky");
    let refused = check(&request, &answer, &Roots::default()).unwrap_err();
    let words =
        "the authority did not grant a stamp (status 2: unknown algorithm); ask another one, or later";
    assert_eq!(refused.to_string(), words);
}

#[test]
fn a_flipped_bit_changes_nothing_or_is_refused() {
    let Some(at) = place() else { return };
    for signer in ["rsa", "p256"] {
        let (request, answer) = exchange(at, signer);
        let roots = roots(at, "root");
        let sound = check(&request, &answer, &roots).unwrap();
        for bit in 0..answer.len() * 8 {
            let mut flipped = answer.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            if let Ok(stamp) = check(&request, &flipped, &roots) {
                // Nobody signed these bits: whether it was granted plainly, versions, who the signer is said to be.
                assert_eq!(stamp, sound, "bit {bit} of {signer}");
            }
        }
        for length in 0..answer.len() {
            check(&request, &answer[..length], &roots).unwrap_err();
        }
    }
}

#[test]
fn certificates_that_are_not_for_stamps_alone() {
    let Some(at) = place() else { return };
    let request = Request::new(Digest::of(CHECKPOINT)).unwrap();
    for (signer, outcome) in [
        ("p256", None),
        ("mail", Some(Refused::Usage)),
        ("casual", Some(Refused::Usage)),
        ("plain", Some(Refused::Usage)),
    ] {
        let answer = answer_at(at, &request, signer, &format!("{}080000Z", tomorrow()));
        assert_eq!(check(&request, &answer, &roots(at, "root")).err(), outcome, "{signer}");
    }
}

#[test]
fn times_as_authorities_write_them() {
    let Some(at) = place() else { return };
    let request = Request::new(Digest::of(CHECKPOINT)).unwrap();
    let time = |text: &str| {
        let answer = answer_at(at, &request, "p256", text);
        check(&request, &answer, &Roots::default()).map(|stamp: Stamp| stamp.time.to_string())
    };
    let malformed = Err(Refused::Malformed("its time"));
    let day = tomorrow();
    let written = format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]);
    assert_eq!(time(&format!("{day}080000Z")), Ok(format!("{written}T08:00:00Z")));
    assert_eq!(time(&format!("{day}080000.25Z")), Ok(format!("{written}T08:00:00.25Z")));
    assert_eq!(time("20010312080000Z"), Err(Refused::NotValidThen));
    assert_eq!(time("99980312080000Z"), Err(Refused::NotValidThen));
    assert_eq!(time(&format!("{day}080000")), malformed);
    assert_eq!(time(&format!("{day}080000.Z")), malformed);
    assert_eq!(time(&format!("{day}250000Z")), malformed);
    assert_eq!(time(&format!("{day}08000٠Z")), malformed);
}

#[test]
fn kept_beside_the_log_and_checked_again() {
    let Some(at) = place() else { return };
    let log = log();
    let stamps = Stamps::new(log.path());
    assert_eq!(stamps.names().unwrap(), []);
    let made = stamps.stamp(3, &mut Local(at, "rsa"), &roots(at, "root")).unwrap();
    let name: StampName = "3-rsa".parse().unwrap();
    assert_eq!(stamps.check(&name, &roots(at, "root")).unwrap(), made);
    assert_eq!(fs::read_to_string(log.path().join("stamps/3-rsa.pem")).unwrap(), made.chain);
    let again = stamps.stamp(3, &mut Local(at, "rsa"), &roots(at, "root"));
    assert!(matches!(again, Err(Error::Exists(_))), "{again:?}");

    // The program that played the authority agrees, with what lies there and the root alone.
    fs::copy(at.join("root.crt"), log.path().join("root.crt")).unwrap();
    fs::write(log.path().join("text"), CHECKPOINT).unwrap();
    openssl(
        log.path(),
        "ts -verify -data text -in stamps/3-rsa.tsr -CAfile root.crt -untrusted stamps/3-rsa.pem",
    );
    openssl(log.path(), "ts -verify -queryfile stamps/3-rsa.tsq -in stamps/3-rsa.tsr -CAfile root.crt");

    let mut note = fs::read(log.path().join("checkpoints/3")).unwrap();
    note.extend("— свідок.example BBBB=\n".as_bytes());
    fs::write(log.path().join("checkpoints/3"), &note).unwrap();
    assert_eq!(stamps.check(&name, &roots(at, "root")).unwrap(), made);
    note[0] ^= 1;
    fs::write(log.path().join("checkpoints/3"), &note).unwrap();
    assert_eq!(refused(stamps.check(&name, &Roots::default())), Refused::OtherDigest);
    fs::write(log.path().join("checkpoints/3"), CHECKPOINT).unwrap();
    assert_eq!(refused(stamps.check(&name, &Roots::default())), Refused::NotACheckpoint);
    fs::write(log.path().join("checkpoints/3"), &note).unwrap();
    fs::write(log.path().join("stamps/3-rsa.tsq"), b"0").unwrap();
    assert_eq!(refused(stamps.check(&name, &Roots::default())), Refused::NotOurRequest);
}

#[test]
fn an_answer_that_does_not_hold_is_not_kept() {
    struct Stale(Vec<u8>);
    impl Authority for Stale {
        fn name(&self) -> &str {
            "stale"
        }
        fn answer(&mut self, _: &[u8]) -> io::Result<Vec<u8>> {
            Ok(self.0.clone())
        }
    }
    let Some(at) = place() else { return };
    let log = log();
    let stamps = Stamps::new(log.path());
    let (_, answer) = exchange(at, "p256");
    assert_eq!(refused(stamps.stamp(3, &mut Stale(answer), &Roots::default())), Refused::OtherNonce);
    assert!(!log.path().join("stamps").exists());
}

#[test]
fn a_stamp_over_a_stamp_before_its_certificate_ends() {
    let Some(at) = place() else { return };
    let log = log();
    let stamps = Stamps::new(log.path());
    let first = stamps.stamp(3, &mut Local(at, "p256"), &Roots::default()).unwrap();
    let name = &stamps.names().unwrap()[0];
    assert_eq!(stamps.due(first.certificate_ends).unwrap(), []);
    let later = "9998-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(stamps.due(later).unwrap(), std::slice::from_ref(name));

    stamps.stamp_over(name, &mut Local(at, "rsa"), &roots(at, "root")).unwrap();
    let over: StampName = "3-p256.rsa".parse().unwrap();
    assert_eq!(over.over().as_ref(), Some(name));
    assert_eq!(stamps.names().unwrap(), [name.clone(), over.clone()]);
    assert_eq!(stamps.due(later).unwrap(), std::slice::from_ref(&over));
    stamps.check(&over, &roots(at, "root")).unwrap();

    let answer = log.path().join("stamps/3-p256.tsr");
    let mut bytes = fs::read(&answer).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&answer, bytes).unwrap();
    assert_eq!(refused(stamps.check(name, &Roots::default())), Refused::Signature);
    assert_eq!(refused(stamps.check(&over, &Roots::default())), Refused::OtherDigest);
}

#[test]
fn names() {
    for name in ["0-a", "4096-northern", "4096-northern.eastern-2.northern"] {
        assert_eq!(name.parse::<StampName>().unwrap().to_string(), name);
    }
    for not in
        ["", "-a", "4096", "4096-", "04096-a", "+1-a", "1-a..b", "1-A", "1-../../a", "1-північ", "1-a/b"]
    {
        assert!(not.parse::<StampName>().is_err(), "{not}");
    }
}

#[test]
fn roots_that_are_none() {
    assert!(Roots::from_pem(b"").is_err());
    assert!(Roots::from_pem(b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n").is_err());
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_refused(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
        let request = Request::new(Digest::of(CHECKPOINT)).unwrap();
        check(&request, &bytes, &Roots::default()).unwrap_err();
        assert!(Request::from_der(&bytes).is_err());
        let _ = Roots::from_pem(&bytes);
    }
}
