use der::asn1::{ObjectIdentifier, OctetStringRef};
use der::{Decode, Encode, Tag};
use jiff::Timestamp;
use model::Digest;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::chain::{Certificate, Roots, Trust};
use super::structures::{
    Algorithm, CONTENT_TYPE, Imprint, MESSAGE_DIGEST, Response, SHA_256, SHA_384, SHA_512, SIGNED_DATA,
    SIGNING_CERTIFICATE_V2, SignedData, Signer, SigningCertificate, Statement, TST_INFO, attribute,
};
use super::{Request, signatures};

/// What a sound answer says: that the bytes with the digest asked about existed at this time.
///
/// It does not say that they are true, who wrote them, or that nobody had them earlier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The digest that is stamped.
    pub digest: Digest,
    /// When the authority says that it saw it.
    pub time: Timestamp,
    /// The name in the certificate that signed, as RFC 4514 writes it. Words from outside.
    pub signer: String,
    /// When that certificate ends. A stamp is to be stamped over before that.
    pub certificate_ends: Timestamp,
    /// Whether the certificate leads up to one that the user trusts.
    pub trust: Trust,
    /// The certificates, PEM, from the one that signed upwards, as far as they are known.
    pub chain: String,
}

/// Why an answer is not a sound stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Refused {
    /// The request is not as we write them.
    #[error("the request is not in the form it was written in")]
    NotOurRequest,
    /// What was to be stamped is no checkpoint.
    #[error("the checkpoint has no signed text")]
    NotACheckpoint,
    /// The authority did not grant it.
    #[error("the authority did not grant a stamp (status {status}: {failure}); ask another one, or later")]
    NotGranted {
        /// `PKIStatus`.
        status: u8,
        /// `PKIFailureInfo`, in words.
        failure: &'static str,
    },
    /// The bytes are no answer in DER.
    #[error("the answer is not a time stamp response of RFC 3161: {0}")]
    Malformed(&'static str),
    /// It stamps something else.
    #[error("the stamp is over other bytes")]
    OtherDigest,
    /// It answers another request.
    #[error("the stamp answers another request: its nonce differs")]
    OtherNonce,
    /// What was signed is not what is enclosed.
    #[error("the signed digest is not that of the enclosed statement")]
    OtherStatement,
    /// The certificate that the signature names is not enclosed, or another one is.
    #[error("the certificate that the signature names (ESSCertIDv2, RFC 5816) is not enclosed")]
    NoCertificate,
    /// An algorithm that is not known here, or too weak.
    #[error("the {0} uses an algorithm that is not accepted here")]
    Algorithm(&'static str),
    /// The certificate is for something else.
    #[error("the certificate is not for time stamping alone (RFC 3161, 2.3)")]
    Usage,
    /// The certificate was not valid when the stamp was made.
    #[error("the certificate was not valid at the time of the stamp")]
    NotValidThen,
    /// The signature is wrong.
    #[error("the signature is wrong")]
    Signature,
    /// No path to a trusted certificate.
    #[error("the certificate does not lead up to one of the given roots: {0}")]
    NotTrusted(&'static str),
}

/// The answers seen in the field have 2 to 8 KiB; a long chain with revocation lists has some hundred.
pub(super) const MOST_BYTES: usize = 1 << 20;

/// Checks an answer in full, with nothing but the request, the answer and the roots that are trusted.
///
/// Status, digest, nonce, the digest and the certificate that are signed over, the purpose of the certificate and its
/// validity at the time of the stamp, and the signature. With roots, also the path up to one of them at that time.
/// Whether a certificate was revoked is not known here.
pub fn check(request: &Request, answer: &[u8], roots: &Roots) -> Result<Stamp, Refused> {
    if answer.len() > MOST_BYTES {
        return Err(Refused::Malformed("it is longer than 1 MiB"));
    }
    let response = Response::from_der(answer).map_err(|_| Refused::Malformed("not DER of that form"))?;
    let signed = signed_data(&response)?;
    let signer = only_signer(&signed)?;
    let statement = statement(&signed)?;
    answers(&statement, request)?;
    let time = statement.time().ok_or(Refused::Malformed("its time"))?;
    let enclosed = enclosed_certificates(&signed);
    let certificate = find_signer(&signer, &signed, &enclosed)?;
    certificate.is_for_time_stamping_alone()?;
    certificate.is_valid_at(time)?;
    signatures::check(&certificate, &signer)?;
    let (trust, chain) = roots.path_from(&certificate, &enclosed, time)?;
    let (digest, signer, certificate_ends) = (request.digest, certificate.subject(), certificate.ends());
    Ok(Stamp { digest, time, signer, certificate_ends, trust, chain })
}

/// Takes the signed part out of an answer that was granted.
fn signed_data<'a>(response: &Response<'a>) -> Result<SignedData<'a>, Refused> {
    let status = response.status.status;
    // 0 is granted, 1 granted with modifications; whether these matter, the checks that follow find out.
    if status > 1 {
        let bits = response.status.failure.map(|bits| bits.raw_bytes()).unwrap_or_default();
        return Err(Refused::NotGranted { status, failure: failure(bits) });
    }
    let token = response.token.as_ref().ok_or(Refused::Malformed("there is no token"))?;
    if token.content_type != SIGNED_DATA {
        return Err(Refused::Malformed("the token is not signed data"));
    }
    token.content.decode_as().map_err(|_| Refused::Malformed("the signed data"))
}

/// Puts the first bit of `PKIFailureInfo` into words (RFC 3161, 2.4.2).
fn failure(bits: &[u8]) -> &'static str {
    const WORDS: &[(usize, &str)] = &[
        (0, "unknown algorithm"),
        (2, "bad request"),
        (5, "bad data format"),
        (14, "the time source is not available"),
        (15, "policy not accepted"),
        (16, "extension not accepted"),
        (17, "additional information not available"),
        (25, "system failure"),
    ];
    let set = |bit: usize| bits.get(bit / 8).is_some_and(|byte| byte >> (7 - bit % 8) & 1 == 1);
    WORDS.iter().find(|(bit, _)| set(*bit)).map_or("no reason given", |(_, words)| words)
}

/// A token has the signature of the authority and no other (RFC 3161, 2.4.2).
fn only_signer<'a>(signed: &SignedData<'a>) -> Result<Signer<'a>, Refused> {
    let one = Refused::Malformed("it is not signed exactly once, with signed attributes");
    if signed.signers.header().tag() != Tag::Set {
        return Err(one);
    }
    Signer::from_der(signed.signers.value()).map_err(|_| one)
}

fn statement<'a>(signed: &SignedData<'a>) -> Result<Statement<'a>, Refused> {
    if signed.content.content_type != TST_INFO {
        return Err(Refused::Malformed("what is signed is not a time stamp"));
    }
    let statement = Statement::from_der(signed.content.bytes.as_bytes())
        .map_err(|_| Refused::Malformed("the statement of the time"))?;
    if statement.version != 1 || statement.extensions.iter().flatten().any(|extension| extension.critical) {
        return Err(Refused::Malformed("a version or a critical extension that is not known here"));
    }
    Ok(statement)
}

fn answers(statement: &Statement<'_>, request: &Request) -> Result<(), Refused> {
    let Imprint { algorithm, digest } = &statement.imprint;
    if algorithm.name != SHA_256 || digest.as_bytes() != request.digest.as_bytes() {
        return Err(Refused::OtherDigest);
    }
    (statement.nonce == Some(request.nonce)).then_some(()).ok_or(Refused::OtherNonce)
}

/// The certificates in the answer. What is not one, such as an attribute certificate, is passed over.
fn enclosed_certificates(signed: &SignedData<'_>) -> Vec<Certificate> {
    let enclosed = signed.certificates.iter().flatten();
    enclosed.filter_map(|value| Certificate::from_der(value.to_der().ok()?)).collect()
}

/// Checks what the signed attributes bind, and finds the certificate that they name.
fn find_signer(
    signer: &Signer<'_>,
    signed: &SignedData<'_>,
    enclosed: &[Certificate],
) -> Result<Certificate, Refused> {
    let attributes = signer.attributes.0;
    let content_type: Option<ObjectIdentifier> = attribute(attributes, CONTENT_TYPE);
    let stated: Option<&OctetStringRef> = attribute(attributes, MESSAGE_DIGEST);
    let digest = digest(&signer.digest_algorithm, signed.content.bytes.as_bytes())?;
    if content_type != Some(TST_INFO) || stated.map(OctetStringRef::as_bytes) != Some(&digest[..]) {
        return Err(Refused::OtherStatement);
    }
    let named: SigningCertificate<'_> =
        attribute(attributes, SIGNING_CERTIFICATE_V2).ok_or(Refused::NoCertificate)?;
    // The first one is the signer's (RFC 5035, 3); the others, if any, say what path was meant.
    let named = named.certificates.first().ok_or(Refused::NoCertificate)?;
    let sha_256 = Algorithm { name: SHA_256, parameters: None };
    let algorithm = named.algorithm.as_ref().unwrap_or(&sha_256);
    for certificate in enclosed {
        if self::digest(algorithm, certificate.der())? == named.digest.as_bytes() {
            return Ok(certificate.clone());
        }
    }
    Err(Refused::NoCertificate)
}

fn digest(algorithm: &Algorithm<'_>, bytes: &[u8]) -> Result<Vec<u8>, Refused> {
    match algorithm.name {
        SHA_256 => Ok(Sha256::digest(bytes).to_vec()),
        SHA_384 => Ok(Sha384::digest(bytes).to_vec()),
        SHA_512 => Ok(Sha512::digest(bytes).to_vec()),
        _ => Err(Refused::Algorithm("digest")),
    }
}
