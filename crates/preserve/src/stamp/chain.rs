use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use der::Decode as _;
use jiff::Timestamp;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, VerifiedPath, anchor_from_trusted_cert};
use x509_cert::ext::pkix::ExtendedKeyUsage;

use super::Refused;
use super::structures::{EXTENDED_KEY_USAGE, TIME_STAMPING};

/// The purpose of [`TIME_STAMPING`] as it is encoded, without tag and length.
const TIME_STAMPING_VALUE: &[u8] = TIME_STAMPING.as_bytes();

/// How far a signer's certificate was followed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// It leads up to a certificate that the user gave, with this name.
    Root(String),
    /// The user gave none.
    NotChecked,
}

impl fmt::Display for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trust::Root(name) => write!(f, "signature sound, authority under {name}"),
            Trust::NotChecked => f.write_str("signature sound, authority not checked"),
        }
    }
}

/// The certificates that the user trusts to name time stamping authorities. There may be none.
#[derive(Debug, Clone, Default)]
pub struct Roots(Vec<Certificate>);

/// A file that was to hold certificates does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no certificate in PEM (-----BEGIN CERTIFICATE-----), or one that cannot be read")]
pub struct NotCertificates;

impl Roots {
    /// Reads the certificates of a PEM file; what stands around them is passed over.
    pub fn from_pem(pem: &[u8]) -> Result<Roots, NotCertificates> {
        let found = CertificateDer::pem_slice_iter(pem).map(|der| Certificate::from_der(der.ok()?.to_vec()));
        let found: Option<Vec<_>> = found.collect();
        found.filter(|found| !found.is_empty()).map(Roots).ok_or(NotCertificates)
    }

    /// Follows a signer's certificate up to a root, at the time of the stamp, and returns the path in PEM.
    pub(super) fn path_from(
        &self,
        signer: &Certificate,
        enclosed: &[Certificate],
        time: Timestamp,
    ) -> Result<(Trust, String), Refused> {
        if self.0.is_empty() {
            let others = enclosed.iter().filter(|other| *other != signer);
            return Ok((Trust::NotChecked, pem([signer].into_iter().chain(others))));
        }
        // Who trusts the very certificate that signed needs no path.
        if self.0.contains(signer) {
            return Ok((Trust::Root(signer.subject()), pem([signer])));
        }
        let path = self.verified_path(signer, enclosed, time);
        let path = path.map_err(|error| Refused::NotTrusted(why_not(&error)))?;
        let root = path.last().map(Certificate::subject).unwrap_or_default();
        Ok((Trust::Root(root), pem(&path)))
    }

    fn verified_path(
        &self,
        signer: &Certificate,
        enclosed: &[Certificate],
        time: Timestamp,
    ) -> Result<Vec<Certificate>, webpki::Error> {
        let (roots, between) = (ders(&self.0), ders(enclosed));
        let anchors = roots.iter().map(anchor_from_trusted_cert).collect::<Result<Vec<_>, _>>()?;
        let der = CertificateDer::from(signer.der());
        let end = EndEntityCert::try_from(&der)?;
        // Times before 1970 are before every certificate.
        let since_1970 = Duration::from_secs(u64::try_from(time.as_second()).unwrap_or(0));
        let path = end.verify_for_usage(
            ALL_VERIFICATION_ALGS,
            &anchors,
            &between,
            UnixTime::since_unix_epoch(since_1970),
            // An authority in between may be for everything; the purpose of the signer's own was looked at before.
            KeyUsage::required_if_present(TIME_STAMPING_VALUE),
            None,
            None,
        )?;
        let root = anchors.iter().position(|anchor| anchor == path.anchor());
        let root = root.map(|at| self.0[at].clone());
        Ok([signer.clone()].into_iter().chain(intermediates(&path)).chain(root).collect())
    }
}

fn why_not(error: &webpki::Error) -> &'static str {
    use webpki::Error::{CertExpired, CertNotValidYet, UnknownIssuer};
    match error {
        UnknownIssuer => "no path of certificates leads there",
        CertExpired { .. } | CertNotValidYet { .. } => "a certificate on the way was not valid then",
        _ => "a certificate on the way cannot be accepted",
    }
}

fn ders(certificates: &[Certificate]) -> Vec<CertificateDer<'_>> {
    certificates.iter().map(|certificate| CertificateDer::from(certificate.der())).collect()
}

fn intermediates(path: &VerifiedPath<'_>) -> Vec<Certificate> {
    path.intermediate_certificates().filter_map(|found| Certificate::from_der(found.der().to_vec())).collect()
}

/// One certificate (RFC 5280), with the bytes that it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Certificate {
    der: Vec<u8>,
    read: x509_cert::Certificate,
}

impl Certificate {
    pub(super) fn from_der(der: Vec<u8>) -> Option<Certificate> {
        let read = x509_cert::Certificate::from_der(&der).ok()?;
        Some(Certificate { der, read })
    }

    pub(super) fn der(&self) -> &[u8] {
        &self.der
    }

    pub(super) fn subject(&self) -> String {
        self.read.tbs_certificate().subject().to_string()
    }

    /// The last second of its validity.
    pub(super) fn ends(&self) -> Timestamp {
        timestamp(self.read.tbs_certificate().validity().not_after)
    }

    pub(super) fn is_valid_at(&self, time: Timestamp) -> Result<(), Refused> {
        let begins = timestamp(self.read.tbs_certificate().validity().not_before);
        // The last second counts in full, whatever fraction of it the stamp says.
        let valid = begins <= time && time.as_second() <= self.ends().as_second();
        valid.then_some(()).ok_or(Refused::NotValidThen)
    }

    /// Checks that the one purpose of the key is time stamping, and that this is critical (RFC 3161, 2.3).
    pub(super) fn is_for_time_stamping_alone(&self) -> Result<(), Refused> {
        let extensions = self.read.tbs_certificate().extensions().into_iter().flatten();
        let mut usages = extensions.filter(|extension| extension.extn_id == EXTENDED_KEY_USAGE);
        let (usage, None) = (usages.next().ok_or(Refused::Usage)?, usages.next()) else {
            return Err(Refused::Usage);
        };
        let purposes = ExtendedKeyUsage::from_der(usage.extn_value.as_bytes()).map_err(|_| Refused::Usage)?;
        let alone = usage.critical && purposes.0 == [TIME_STAMPING];
        alone.then_some(()).ok_or(Refused::Usage)
    }

    pub(super) fn verify_signature(
        &self,
        algorithm: &dyn SignatureVerificationAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), webpki::Error> {
        let der = CertificateDer::from(self.der());
        EndEntityCert::try_from(&der)?.verify_signature(algorithm, message, signature)
    }
}

/// A time of a certificate has the years 1970 to 9999, which a [`Timestamp`] has too.
fn timestamp(time: x509_cert::time::Time) -> Timestamp {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}

/// Writes certificates in PEM (RFC 7468), one behind the other.
fn pem<'a>(certificates: impl IntoIterator<Item = &'a Certificate>) -> String {
    let mut text = String::new();
    for certificate in certificates {
        text.push_str("-----BEGIN CERTIFICATE-----\n");
        let base64 = STANDARD.encode(certificate.der());
        for line in base64.as_bytes().chunks(64) {
            text.extend(line.iter().map(|byte| char::from(*byte)));
            text.push('\n');
        }
        text.push_str("-----END CERTIFICATE-----\n");
    }
    text
}
