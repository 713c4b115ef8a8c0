use std::net::IpAddr;

use jiff::Timestamp;
use model::{Digest, Kind};

use crate::Position;
use crate::http::Truncated;

/// One request over HTTP and what came back, with exactly the bytes on the wire.
#[derive(Clone, Copy)]
pub struct Exchange<'a> {
    /// What was asked for. What may not stand in an address is percent-encoded.
    pub uri: &'a str,
    /// When the answer came. Whole seconds are kept.
    pub received: Timestamp,
    /// The address of the machine that answered, where it is known: not behind a proxy.
    pub address: Option<IpAddr>,
    /// The request as it was sent.
    pub request: &'a [u8],
    /// What came back.
    pub answer: Answer<'a>,
    /// Why the answer is not whole, if it is not. Nothing is read out of such an answer.
    pub truncated: Option<Truncated>,
    /// Names and values that say how it came: times, the encryption, the redirect it followed.
    pub notes: &'a [(&'a str, String)],
}

/// What came back.
#[derive(Clone, Copy)]
pub enum Answer<'a> {
    /// A response, as it came.
    Response {
        /// Exactly what was received.
        bytes: &'a [u8],
        /// As what its body is to be read, if it is.
        kind: Option<Kind>,
    },
    /// An answer that brought nothing new.
    Revisit {
        /// What stood before its body, as it came.
        head: &'a [u8],
        /// What was kept before.
        of: Revisited<'a>,
    },
}

/// An original that was kept before and is still what is given out.
#[derive(Clone, Copy)]
pub struct Revisited<'a> {
    /// Its digest.
    pub original: Digest,
    /// When it was first received: the time in its own record.
    pub first_received: Timestamp,
    /// The address in its own record.
    pub uri: &'a str,
    /// How it is known that nothing changed.
    pub unchanged: Unchanged,
}

/// How it is known that an original has not changed (ISO 28500:2017, 6.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unchanged {
    /// The body was sent again, and was the same once decoded.
    SameDigest,
    /// The server said so: status 304.
    SaidByServer,
}

impl Unchanged {
    pub(crate) fn profile(self) -> &'static str {
        match self {
            Unchanged::SameDigest => "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
            Unchanged::SaidByServer => "http://netpreserve.org/warc/1.1/revisit/server-not-modified",
        }
    }
}

/// Where the records of an exchange lie, in the order in which they were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptExchange {
    /// The `request` record.
    pub request: Position,
    /// The `metadata` record that says how it came.
    pub notes: Position,
    /// The `response` or `revisit` record. An original in it is read from here.
    pub answer: Position,
    /// The original in the answer; none if it is not read as anything, is not whole, or cannot be decoded.
    pub original: Option<Digest>,
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use expect_test::{Expect, expect};
    use flate2::read::MultiGzDecoder;

    use super::*;
    use crate::log::{Erasure, Log};
    use crate::{Damage, Error, Original, Originals, Reader, Resource, Sighting, Stored};

    const CHUNKED: &[u8] =
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n<p>12 \r\n9\r\nwere hurt\r\n0\r\n\r\n";
    const PLAIN: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n<p>12 were hurt";
    const ORIGINAL: &[u8] = b"<p>12 were hurt";

    fn exchange(response: &[u8]) -> Exchange<'_> {
        Exchange {
            uri: "https://quillhaven.example/Тесмин?a=b c",
            received: "2031-03-12T08:00:00.25Z".parse().unwrap(),
            address: Some("192.0.2.7".parse().unwrap()),
            request: b"GET /%D0%A2 HTTP/1.1\r\nHost: quillhaven.example\r\n\r\n",
            answer: Answer::Response { bytes: response, kind: Some(Kind::Page) },
            truncated: None,
            notes: &[],
        }
    }

    fn revisit(unchanged: Unchanged) -> Exchange<'static> {
        let kept = exchange(&[]);
        let of = Revisited {
            original: Digest::of(ORIGINAL),
            first_received: kept.received,
            uri: kept.uri,
            unchanged,
        };
        let head = b"HTTP/1.1 304 Not Modified\r\n\r\n";
        Exchange { answer: Answer::Revisit { head, of }, ..kept }
    }

    struct Desk {
        folder: tempfile::TempDir,
        originals: Originals,
    }

    fn desk() -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let originals = Originals::open(folder.path(), None).unwrap().0;
        Desk { folder, originals }
    }

    /// Unpacks everything that one exchange writes.
    fn check(exchange: &Exchange<'_>, expected: Expect) {
        let mut desk = desk();
        let kept = desk.originals.append_exchange(exchange).unwrap();
        let segment = std::fs::read(desk.folder.path().join(kept.request.segment.file_name())).unwrap();
        let from = usize::try_from(kept.request.offset).unwrap();
        let mut text = String::new();
        MultiGzDecoder::new(&segment[from..]).read_to_string(&mut text).unwrap();
        expected.assert_eq(&text.replace("\r\n", "\n"));
    }

    #[test]
    fn a_response() {
        let notes = [("redirect", "1 of 2".to_owned()), ("certificate", "a\r\nb".to_owned())];
        check(
            &Exchange { notes: &notes, ..exchange(PLAIN) },
            expect![[r#"
                WARC/1.1
                WARC-Type: request
                WARC-Record-ID: <urn:uuid:35b71bd4-7ef3-888d-ab28-8856ae6b6611>
                WARC-Date: 2031-03-12T08:00:00Z
                WARC-Target-URI: https://quillhaven.example/%D0%A2%D0%B5%D1%81%D0%BC%D0%B8%D0%BD?a=b%20c
                WARC-Block-Digest: sha256:a0de9cb3a485508d60684cff07daaa423244296ac57042f402f697c66685bd16
                Content-Type: application/http;msgtype=request
                Content-Length: 50

                GET /%D0%A2 HTTP/1.1
                Host: quillhaven.example



                WARC/1.1
                WARC-Type: metadata
                WARC-Record-ID: <urn:uuid:daf3604a-1344-89bb-b907-8325317c9546>
                WARC-Date: 2031-03-12T08:00:00Z
                WARC-Target-URI: https://quillhaven.example/%D0%A2%D0%B5%D1%81%D0%BC%D0%B8%D0%BD?a=b%20c
                WARC-Concurrent-To: <urn:uuid:35b71bd4-7ef3-888d-ab28-8856ae6b6611>
                WARC-Block-Digest: sha256:a73350360a8174779e7f6363164e0352668301d34f977a6afedaf8eee2e05712
                Content-Type: application/warc-fields
                Content-Length: 41

                redirect: 1 of 2
                certificate: a%0D%0Ab


                WARC/1.1
                WARC-Type: response
                WARC-Record-ID: <urn:uuid:bdb6dd35-7bd6-8248-8abf-cf7135afdfa9>
                WARC-Date: 2031-03-12T08:00:00Z
                WARC-Target-URI: https://quillhaven.example/%D0%A2%D0%B5%D1%81%D0%BC%D0%B8%D0%BD?a=b%20c
                WARC-IP-Address: 192.0.2.7
                WARC-Block-Digest: sha256:f69e7eab887d27d0b50e11743fe80b4f341f34e6bc1968bed58f42d7eac7a6ab
                WARC-Payload-Digest: sha256:ec504b4a4ca1755f2ad25202fea4465920739acaba85d5d9cafe533c5f10148b
                Credence-Original-Digest: sha256:ec504b4a4ca1755f2ad25202fea4465920739acaba85d5d9cafe533c5f10148b
                Credence-Original-Length: 15
                Credence-Kind: page
                WARC-Concurrent-To: <urn:uuid:35b71bd4-7ef3-888d-ab28-8856ae6b6611>
                WARC-Concurrent-To: <urn:uuid:daf3604a-1344-89bb-b907-8325317c9546>
                Content-Type: application/http;msgtype=response
                Content-Length: 54

                HTTP/1.1 200 OK
                Content-Length: 15

                <p>12 were hurt

            "#]],
        );
    }

    #[test]
    fn a_response_that_is_not_whole() {
        let truncated = Some(Truncated::Disconnect);
        check(
            &Exchange { truncated, ..exchange(&PLAIN[..50]) },
            expect![[r#"
                WARC/1.1
                WARC-Type: request
                WARC-Record-ID: <urn:uuid:35b71bd4-7ef3-888d-ab28-8856ae6b6611>
                WARC-Date: 2031-03-12T08:00:00Z
                WARC-Target-URI: https://quillhaven.example/%D0%A2%D0%B5%D1%81%D0%BC%D0%B8%D0%BD?a=b%20c
                WARC-Block-Digest: sha256:a0de9cb3a485508d60684cff07daaa423244296ac57042f402f697c66685bd16
                Content-Type: application/http;msgtype=request
                Content-Length: 50

                GET /%D0%A2 HTTP/1.1
                Host: quillhaven.example



                WARC/1.1
                WARC-Type: metadata
                WARC-Record-ID: <urn:uuid:e37baf7e-ccdd-8553-ac2d-6b9494cdef35>
                WARC-Date: 2031-03-12T08:00:00Z
                WARC-Target-URI: https://quillhaven.example/%D0%A2%D0%B5%D1%81%D0%BC%D0%B8%D0%BD?a=b%20c
                WARC-Concurrent-To: <urn:uuid:35b71bd4-7ef3-888d-ab28-8856ae6b6611>
                WARC-Block-Digest: sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                Content-Type: application/warc-fields
                Content-Length: 0



                WARC/1.1
                WARC-Type: response
                WARC-Record-ID: <urn:uuid:51aa06bd-06cd-855a-82de-ffa1381ff287>
                WARC-Date: 2031-03-12T08:00:00Z
                WARC-Target-URI: https://quillhaven.example/%D0%A2%D0%B5%D1%81%D0%BC%D0%B8%D0%BD?a=b%20c
                WARC-IP-Address: 192.0.2.7
                WARC-Truncated: disconnect
                WARC-Block-Digest: sha256:5fb1da338bacb3c805d989191025ac9365009cc5d9780672fa0a3370c7771261
                WARC-Concurrent-To: <urn:uuid:35b71bd4-7ef3-888d-ab28-8856ae6b6611>
                WARC-Concurrent-To: <urn:uuid:e37baf7e-ccdd-8553-ac2d-6b9494cdef35>
                Content-Type: application/http;msgtype=response
                Content-Length: 50

                HTTP/1.1 200 OK
                Content-Length: 15

                <p>12 were 

            "#]],
        );
    }

    #[test]
    fn a_revisit() {
        check(
            &revisit(Unchanged::SaidByServer),
            expect![[r#"
                WARC/1.1
                WARC-Type: request
                WARC-Record-ID: <urn:uuid:35b71bd4-7ef3-888d-ab28-8856ae6b6611>
                WARC-Date: 2031-03-12T08:00:00Z
                WARC-Target-URI: https://quillhaven.example/%D0%A2%D0%B5%D1%81%D0%BC%D0%B8%D0%BD?a=b%20c
                WARC-Block-Digest: sha256:a0de9cb3a485508d60684cff07daaa423244296ac57042f402f697c66685bd16
                Content-Type: application/http;msgtype=request
                Content-Length: 50

                GET /%D0%A2 HTTP/1.1
                Host: quillhaven.example



                WARC/1.1
                WARC-Type: metadata
                WARC-Record-ID: <urn:uuid:e37baf7e-ccdd-8553-ac2d-6b9494cdef35>
                WARC-Date: 2031-03-12T08:00:00Z
                WARC-Target-URI: https://quillhaven.example/%D0%A2%D0%B5%D1%81%D0%BC%D0%B8%D0%BD?a=b%20c
                WARC-Concurrent-To: <urn:uuid:35b71bd4-7ef3-888d-ab28-8856ae6b6611>
                WARC-Block-Digest: sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                Content-Type: application/warc-fields
                Content-Length: 0



                WARC/1.1
                WARC-Type: revisit
                WARC-Record-ID: <urn:uuid:1746f278-67c9-8bc6-af30-e4e96de96e92>
                WARC-Date: 2031-03-12T08:00:00Z
                WARC-Target-URI: https://quillhaven.example/%D0%A2%D0%B5%D1%81%D0%BC%D0%B8%D0%BD?a=b%20c
                WARC-IP-Address: 192.0.2.7
                WARC-Profile: http://netpreserve.org/warc/1.1/revisit/server-not-modified
                WARC-Refers-To: <urn:uuid:bdb6dd35-7bd6-8248-8abf-cf7135afdfa9>
                WARC-Refers-To-Target-URI: https://quillhaven.example/%D0%A2%D0%B5%D1%81%D0%BC%D0%B8%D0%BD?a=b%20c
                WARC-Refers-To-Date: 2031-03-12T08:00:00Z
                WARC-Block-Digest: sha256:6776c9aefb8ec0dce7333482416d20e3df3210d78d2512da3b44101f5f27556c
                WARC-Payload-Digest: sha256:ec504b4a4ca1755f2ad25202fea4465920739acaba85d5d9cafe533c5f10148b
                WARC-Concurrent-To: <urn:uuid:35b71bd4-7ef3-888d-ab28-8856ae6b6611>
                WARC-Concurrent-To: <urn:uuid:e37baf7e-ccdd-8553-ac2d-6b9494cdef35>
                Content-Type: application/http;msgtype=response
                Content-Length: 29

                HTTP/1.1 304 Not Modified



            "#]],
        );
    }

    #[test]
    fn an_original_in_a_response_is_read_and_sighted_as_any_other() {
        let mut desk = desk();
        let kept = desk.originals.append_exchange(&exchange(CHUNKED)).unwrap();
        let digest = Digest::of(ORIGINAL);
        assert_eq!(kept.original, Some(digest));
        let Exchange { received, .. } = exchange(CHUNKED);
        let sighting = Sighting {
            original: digest,
            first_received: received,
            seen: "2031-03-12T08:00:00Z".parse().unwrap(),
            source: exchange(CHUNKED).uri.into(),
            line: None,
            byte_offset: 0,
            kind: Kind::Page,
            hints: model::Metadata::default(),
            capture: None,
        };
        desk.originals.append_sighting(&sighting).unwrap();
        desk.originals.append_exchange(&revisit(Unchanged::SameDigest)).unwrap();
        desk.originals.sync().unwrap();

        let reader = Reader::new(desk.folder.path());
        assert_eq!(reader.read(kept.answer, digest).unwrap(), ORIGINAL);
        let found: Vec<_> = reader.scan().unwrap().map(|item| item.unwrap().1).collect();
        let resource = Resource {
            digest,
            kind: Kind::Page,
            uri: "https://quillhaven.example/%D0%A2%D0%B5%D1%81%D0%BC%D0%B8%D0%BD?a=b%20c".into(),
            received: "2031-03-12T08:00:00Z".parse().unwrap(),
            bytes: ORIGINAL.into(),
        };
        let seen = Sighting { first_received: resource.received, ..sighting };
        assert_eq!(found, [Stored::Resource(resource), Stored::Sighting(seen)]);
    }

    #[test]
    fn an_answer_without_an_original() {
        let mut desk = desk();
        let undecodable = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n<p>";
        for exchange in [
            exchange(undecodable),
            exchange(&PLAIN[..50]),
            Exchange { truncated: Some(Truncated::Length), ..exchange(PLAIN) },
            Exchange { answer: Answer::Response { bytes: PLAIN, kind: None }, ..exchange(PLAIN) },
        ] {
            assert_eq!(desk.originals.append_exchange(&exchange).unwrap().original, None);
        }
        assert_eq!(desk.originals.reader().scan().unwrap().count(), 0);
    }

    #[test]
    fn a_response_with_another_original_in_it_is_damaged() {
        let mut desk = desk();
        let records = crate::warc::exchange(&exchange(PLAIN));
        let head = String::from_utf8(records.answer.0).unwrap();
        let other = String::from_utf8(PLAIN.into()).unwrap().replace("12", "13");
        let head = head.replace(&Digest::of(PLAIN).to_string(), &Digest::of(other.as_bytes()).to_string());
        let record = [head.as_bytes(), other.as_bytes(), crate::warc::END].concat();
        let unread = crate::warc::read(record).unwrap_err();
        assert_eq!((unread.damage, unread.digest), (Damage::DigestMismatch, Some(Digest::of(ORIGINAL))));
        let kept = desk.originals.append_exchange(&exchange(PLAIN)).unwrap();
        let asked = desk.originals.reader().read(kept.notes, Digest::of(ORIGINAL));
        assert!(matches!(asked, Err(Error::Damaged(damaged)) if damaged.damage == Damage::Swapped));
    }

    #[test]
    fn cut_short_anywhere_in_the_exchange() {
        let mut desk = desk();
        let first = Original {
            bytes: b"x",
            kind: Kind::PlainText,
            uri: "file:///x",
            received: exchange(PLAIN).received,
        };
        desk.originals.append(&first).unwrap();
        let kept = desk.originals.append_exchange(&exchange(CHUNKED)).unwrap();
        drop(desk.originals);
        let path = desk.folder.path().join(kept.answer.segment.file_name());
        let undisturbed = std::fs::read(&path).unwrap();
        for length in (kept.request.offset..kept.answer.end()).step_by(5) {
            std::fs::write(&path, &undisturbed[..usize::try_from(length).unwrap()]).unwrap();
            let (mut originals, recovery) = Originals::open(desk.folder.path(), None).unwrap();
            assert_eq!(recovery.damaged, None);
            let scanned: Result<Vec<_>, _> = originals.reader().scan().unwrap().collect();
            assert_eq!(scanned.unwrap().len(), 1, "the answer comes last, so there is no original yet");
            let again = originals.append_exchange(&exchange(CHUNKED)).unwrap();
            assert_eq!(originals.reader().read(again.answer, Digest::of(ORIGINAL)).unwrap(), ORIGINAL);
        }
    }

    #[test]
    fn erasing_an_original_takes_its_exchange_with_it_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let (mut originals, _) = Originals::open(&folder.path().join("originals"), None).unwrap();
        let (mut log, _) = Log::open(folder.path(), &mut originals, Some("credence.example/log")).unwrap();
        let answer = Answer::Response { bytes: b"HTTP/1.1 302 Found\r\n\r\n", kind: None };
        let leads_on = Exchange { uri: "https://quillhaven.example/old", answer, ..exchange(&[]) };
        originals.append_exchange(&leads_on).unwrap();
        let page = originals.append_exchange(&exchange(CHUNKED)).unwrap();
        let again = originals.append_exchange(&revisit(Unchanged::SaidByServer)).unwrap();
        originals.sync().unwrap();
        log.follow(originals.reader()).unwrap();
        let original = Digest::of(ORIGINAL);
        let erasure = Erasure { original, reason: "order 7", time: leads_on.received };
        let erased = log.erase(&mut originals, &erasure).unwrap();
        let gone = [page.request, page.notes, page.answer, again.request, again.notes, again.answer];
        assert_eq!(erased.records, gone);
        assert_eq!(originals.reader().scan().unwrap().count(), 0);
    }
}
