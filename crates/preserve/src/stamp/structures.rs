//! The ASN.1 structures of a time stamp (RFC 3161, 2.4; RFC 5652; RFC 5816), as far as they are read.
//!
//! What is only passed over is kept as its bytes. Signed parts are kept as their bytes too, since a signature covers
//! these and not what they were read as.

use der::asn1::{AnyRef, BitStringRef, IntRef, ObjectIdentifier, OctetStringRef};
use der::{
    Decode, DecodeValue, EncodeValue, Error, Header, Length, Reader, Sequence, SliceReader, Tag, Writer,
};
use jiff::Timestamp;
use x509_cert::ext::Extension;

pub(super) const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
pub(super) const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
pub(super) const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
/// `id-signedData` (RFC 5652, 5.1).
pub(super) const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
/// `id-ct-TSTInfo` (RFC 3161, 2.4.2).
pub(super) const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
/// `id-contentType` and `id-messageDigest` (RFC 5652, 11).
pub(super) const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
pub(super) const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
/// `id-aa-signingCertificateV2` (RFC 5035, 3).
pub(super) const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
/// `id-ce-extKeyUsage` and `id-kp-timeStamping` (RFC 5280, 4.2.1.12).
pub(super) const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
pub(super) const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
/// `rsaEncryption`, which may stand for the signature too; the digest then says which (RFC 3370, 3.2).
pub(super) const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// A sequence, or a set or sequence under another tag, that is kept as the bytes in it.
#[derive(Clone, Copy)]
pub(super) struct Body<'a>(pub(super) &'a [u8]);

impl<'a> Sequence<'a> for Body<'a> {}

impl<'a> DecodeValue<'a> for Body<'a> {
    type Error = Error;

    fn decode_value<R: Reader<'a>>(reader: &mut R, header: Header) -> der::Result<Body<'a>> {
        reader.read_slice(header.length()).map(Body)
    }
}

impl EncodeValue for Body<'_> {
    fn value_len(&self) -> der::Result<Length> {
        Length::try_from(self.0.len())
    }

    fn encode_value(&self, writer: &mut impl Writer) -> der::Result<()> {
        writer.write(self.0)
    }
}

#[derive(Sequence)]
pub(super) struct Algorithm<'a> {
    pub(super) name: ObjectIdentifier,
    #[asn1(optional = "true")]
    pub(super) parameters: Option<AnyRef<'a>>,
}

#[derive(Sequence)]
pub(super) struct Imprint<'a> {
    pub(super) algorithm: Algorithm<'a>,
    pub(super) digest: &'a OctetStringRef,
}

/// `TimeStampReq`, with the fields that we send.
#[derive(Sequence)]
pub(super) struct Query<'a> {
    pub(super) version: u8,
    pub(super) imprint: Imprint<'a>,
    pub(super) nonce: u64,
    pub(super) wants_certificate: bool,
}

/// `TimeStampResp`.
#[derive(Sequence)]
pub(super) struct Response<'a> {
    pub(super) status: Status<'a>,
    #[asn1(optional = "true")]
    pub(super) token: Option<Token<'a>>,
}

/// `PKIStatusInfo`.
#[derive(Sequence)]
pub(super) struct Status<'a> {
    pub(super) status: u8,
    #[asn1(optional = "true")]
    pub(super) words: Option<Body<'a>>,
    #[asn1(optional = "true")]
    pub(super) failure: Option<BitStringRef<'a>>,
}

/// `ContentInfo`.
#[derive(Sequence)]
pub(super) struct Token<'a> {
    pub(super) content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) content: AnyRef<'a>,
}

/// `SignedData`. Sets are read as they stand: whether they are sorted changes nothing here.
#[derive(Sequence)]
pub(super) struct SignedData<'a> {
    pub(super) version: u8,
    pub(super) digest_algorithms: AnyRef<'a>,
    pub(super) content: Content<'a>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) certificates: Option<Vec<AnyRef<'a>>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) revocations: Option<Body<'a>>,
    /// A set of `SignerInfo`.
    pub(super) signers: AnyRef<'a>,
}

/// `EncapsulatedContentInfo`.
#[derive(Sequence)]
pub(super) struct Content<'a> {
    pub(super) content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) bytes: &'a OctetStringRef,
}

/// `SignerInfo`. Who signed is taken from the signed attributes, not from the identifier here, which nobody signed.
#[derive(Sequence)]
pub(super) struct Signer<'a> {
    pub(super) version: u8,
    pub(super) identifier: AnyRef<'a>,
    pub(super) digest_algorithm: Algorithm<'a>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    pub(super) attributes: Body<'a>,
    pub(super) signature_algorithm: Body<'a>,
    pub(super) signature: &'a OctetStringRef,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) unsigned: Option<Body<'a>>,
}

#[derive(Sequence)]
pub(super) struct Attribute<'a> {
    pub(super) name: ObjectIdentifier,
    /// A set.
    pub(super) values: AnyRef<'a>,
}

/// `SigningCertificateV2`.
#[derive(Sequence)]
pub(super) struct SigningCertificate<'a> {
    pub(super) certificates: Vec<CertificateId<'a>>,
    #[asn1(optional = "true")]
    pub(super) policies: Option<Body<'a>>,
}

/// `ESSCertIDv2`. Without an algorithm it is SHA-256.
#[derive(Sequence)]
pub(super) struct CertificateId<'a> {
    #[asn1(optional = "true")]
    pub(super) algorithm: Option<Algorithm<'a>>,
    pub(super) digest: &'a OctetStringRef,
    /// Says less than the digest does.
    #[asn1(optional = "true")]
    pub(super) issuer_and_serial: Option<Body<'a>>,
}

/// `TSTInfo`.
#[derive(Sequence)]
pub(super) struct Statement<'a> {
    pub(super) version: u8,
    pub(super) policy: ObjectIdentifier,
    pub(super) imprint: Imprint<'a>,
    pub(super) serial: IntRef<'a>,
    pub(super) time: AnyRef<'a>,
    #[asn1(optional = "true")]
    pub(super) accuracy: Option<Body<'a>>,
    #[asn1(default = "Default::default")]
    pub(super) ordering: bool,
    #[asn1(optional = "true")]
    pub(super) nonce: Option<u64>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) authority: Option<AnyRef<'a>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) extensions: Option<Vec<Extension>>,
}

impl Statement<'_> {
    /// Reads `genTime`: `20310312080000Z`, with a fraction of a second or without (RFC 3161, 2.4.2).
    pub(super) fn time(&self) -> Option<Timestamp> {
        let text = std::str::from_utf8(self.time.value()).ok()?;
        let at = |range| text.get(range).filter(|digits: &&str| digits.bytes().all(|b| b.is_ascii_digit()));
        let fraction = text.get(14..)?.strip_suffix('Z')?;
        let digits = fraction.strip_prefix('.').unwrap_or("0");
        if self.time.header().tag() != Tag::GeneralizedTime
            || (!fraction.is_empty() && !fraction.starts_with('.'))
            || !(1..=9).contains(&digits.len())
            || !digits.bytes().all(|b| b.is_ascii_digit())
        {
            return None;
        }
        let (year, month, day) = (at(0..4)?, at(4..6)?, at(6..8)?);
        let (hour, minute, second) = (at(8..10)?, at(10..12)?, at(12..14)?);
        format!("{year}-{month}-{day}T{hour}:{minute}:{second}.{digits}Z").parse().ok()
    }
}

/// Finds the one value of a signed attribute that has to be there once (RFC 5652, 11).
pub(super) fn attribute<'a, T: Decode<'a>>(attributes: &'a [u8], name: ObjectIdentifier) -> Option<T> {
    let mut reader = SliceReader::new(attributes).ok()?;
    let mut found = None;
    while !reader.is_finished() {
        let attribute = Attribute::decode(&mut reader).ok()?;
        if attribute.name == name && found.replace(attribute.values).is_some() {
            return None;
        }
    }
    let values = found.filter(|values| values.header().tag() == Tag::Set)?;
    T::from_der(values.value()).ok()
}
