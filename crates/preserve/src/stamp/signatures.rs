use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Encode, SliceReader, Tag};
use rustls_pki_types::alg_id;
use webpki::ALL_VERIFICATION_ALGS;

use super::Refused;
use super::chain::Certificate;
use super::structures::{RSA_ENCRYPTION, SHA_256, SHA_384, SHA_512, Signer};

/// Checks the signature over the signed attributes, by the key of the certificate (RFC 5652, 5.4 and 5.6).
pub(super) fn check(certificate: &Certificate, signer: &Signer<'_>) -> Result<(), Refused> {
    // What is signed are the attributes as a set, not under the tag that they are sent with.
    let attributes = AnyRef::new(Tag::Set, signer.attributes.0)
        .and_then(|set| set.to_der())
        .map_err(|_| Refused::Malformed("the signed attributes"))?;
    let stated = algorithm_of(signer).ok_or(Refused::Algorithm("signature"))?;
    // One name of a signature stands for keys on several curves: the first that fits the key decides.
    for known in ALL_VERIFICATION_ALGS.iter().filter(|known| known.signature_alg_id().as_ref() == stated) {
        match certificate.verify_signature(*known, &attributes, signer.signature.as_bytes()) {
            Ok(()) => return Ok(()),
            Err(webpki::Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_)) => {}
            Err(_) => return Err(Refused::Signature),
        }
    }
    Err(Refused::Algorithm("signature"))
}

/// Returns the `AlgorithmIdentifier` of the signature without its outer tag.
fn algorithm_of(signer: &Signer<'_>) -> Option<Vec<u8>> {
    let stated = signer.signature_algorithm.0;
    let name = ObjectIdentifier::decode(&mut SliceReader::new(stated).ok()?).ok()?;
    let with_digest = match signer.digest_algorithm.name {
        _ if name != RSA_ENCRYPTION => return Some(stated.to_vec()),
        SHA_256 => alg_id::RSA_PKCS1_SHA256,
        SHA_384 => alg_id::RSA_PKCS1_SHA384,
        SHA_512 => alg_id::RSA_PKCS1_SHA512,
        _ => return None,
    };
    Some(with_digest.to_vec())
}
