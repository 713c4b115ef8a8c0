use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use model::{Digest, Kind, Metadata};

use crate::exchange::{Answer, Exchange, Revisited};
use crate::fields::{self, Fields};
use crate::{Capture, Damage, Original, Position, Segment, http};

/// One time that an original was met.
///
/// The same bytes met again are one original with another sighting. An original may have none: a run can be stopped
/// between the two writes, and then nobody was told that it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The digest of the original.
    pub original: Digest,
    /// When the original was first received: the time in its own record. Whole seconds are kept.
    pub first_received: Timestamp,
    /// When it was met this time. Whole seconds are kept.
    pub seen: Timestamp,
    /// Where it was met, as the user named it.
    pub source: String,
    /// The line of the source that it begins at, counted from 1, where it is one of several.
    pub line: Option<u64>,
    /// The byte of the source that it begins at.
    pub byte_offset: u64,
    /// As what it was to be read.
    pub kind: Kind,
    /// What was said about it from outside its bytes.
    pub hints: Metadata,
    /// How it came to be in the archive of the web that it was met in, if it was.
    pub capture: Option<Box<Capture>>,
}

/// One original as it is kept, in a `resource` record or in a `response` record.
#[derive(Clone, PartialEq, Eq)]
pub struct Resource {
    /// The digest of the bytes; checked.
    pub digest: Digest,
    /// As what it was first received.
    pub kind: Kind,
    /// Its address, such as a `file:` address that is private to the record, or where it was fetched.
    pub uri: String,
    /// When it was received.
    pub received: Timestamp,
    /// The bytes as received; of a response, its body with the chunks joined and the codings undone.
    pub bytes: Vec<u8>,
}

/// What a stored record holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stored {
    /// An original.
    Resource(Resource),
    /// A sighting of one.
    Sighting(Sighting),
}

impl std::fmt::Debug for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Never the bytes: a debug print may end in a log.
        write!(f, "Resource({} bytes, {}, {}, {})", self.bytes.len(), self.digest, self.kind, self.received)
    }
}

const VERSION: &str = "WARC/1.1\r\n";
/// What stands behind each block (ISO 28500:2017, 4).
pub(crate) const END: &[u8] = b"\r\n\r\n";
/// Our extension fields. Other readers pass over fields that they do not know.
const KIND: &str = "Credence-Kind";
const ORIGINAL_DIGEST: &str = "Credence-Original-Digest";
const ORIGINAL_LENGTH: &str = "Credence-Original-Length";
/// Names the other records of an exchange, and tells its notes from those of a sighting (5.7).
const CONCURRENT: &str = "WARC-Concurrent-To";
/// Marks the shell of a record that was erased.
const ERASED: &str = "Credence-Erased";
/// 1 GiB: far above what is collected, and still within memory.
const LONGEST_ORIGINAL: u64 = 1 << 30;

/// The record in front of each segment: who wrote it, in which format.
pub(crate) fn warcinfo(segment: Segment, written: Timestamp) -> (Vec<u8>, Vec<u8>) {
    let mut fields = Fields::default();
    fields.add("software", "Credence");
    fields.add("format", "WARC File Format 1.1");
    fields
        .add("conformsTo", "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/");
    let block = fields.into_block();
    let (date, digest) = (date(written), Digest::of(&block).to_string());
    let mut head =
        Head::new("warcinfo", &record_id(&["warcinfo", &segment.to_string(), &date, &digest]), &date);
    head.add("WARC-Filename", &segment.file_name());
    head.add("WARC-Block-Digest", &digest);
    (head.finish("application/warc-fields", block.len()), block)
}

/// The head of the record of an original; its block is the bytes themselves.
pub(crate) fn resource_head(original: &Original<'_>, digest: Digest) -> Vec<u8> {
    let mut head = Head::new("resource", &resource_id(digest, original.received), &date(original.received));
    head.add("WARC-Target-URI", &ascii_uri(original.uri));
    head.add("WARC-Block-Digest", &digest.to_string());
    head.add("WARC-Payload-Digest", &digest.to_string());
    head.add(KIND, original.kind.name());
    head.finish(media_type(original.kind), original.bytes.len())
}

/// The head and the block of the record of a sighting.
pub(crate) fn sighting(sighting: &Sighting) -> (Vec<u8>, Vec<u8>) {
    let block = sighting_block(sighting);
    let (date, digest) = (date(sighting.seen), Digest::of(&block).to_string());
    let mut head = Head::new("metadata", &record_id(&["metadata", &date, &digest]), &date);
    let resource = resource_id(sighting.original, sighting.first_received);
    head.add("WARC-Refers-To", &format!("<{resource}>"));
    head.add("WARC-Block-Digest", &digest);
    (head.finish("application/warc-fields", block.len()), block)
}

/// The records of one exchange, each a head and a block.
pub(crate) struct ExchangeRecords<'a> {
    pub(crate) request: (Vec<u8>, Cow<'a, [u8]>),
    pub(crate) notes: (Vec<u8>, Cow<'a, [u8]>),
    pub(crate) answer: (Vec<u8>, Cow<'a, [u8]>),
    /// The original in the answer, if there is one.
    pub(crate) original: Option<Digest>,
}

/// The records of an exchange (ISO 28500:2017, 6.5, 6.6, 6.3 and 6.7). Each names those in front of it, so that none
/// refers to what a write that was cut short may have taken away.
pub(crate) fn exchange<'a>(exchange: &Exchange<'a>) -> ExchangeRecords<'a> {
    let request_id = exchange_id("request", exchange, Digest::of(exchange.request));
    let mut request = beside(exchange, "request", &request_id);
    request.add("WARC-Block-Digest", &Digest::of(exchange.request).to_string());
    let notes = notes_block(exchange);
    let notes_id = exchange_id("metadata", exchange, Digest::of(&notes));
    let mut notes_head = beside(exchange, "metadata", &notes_id);
    notes_head.add(CONCURRENT, &format!("<{request_id}>"));
    notes_head.add("WARC-Block-Digest", &Digest::of(&notes).to_string());
    let answer = match &exchange.answer {
        Answer::Response { bytes, kind } => response(exchange, bytes, *kind),
        Answer::Revisit { head, of } => revisit(exchange, head, of),
    };
    let mut answer_head = answer.head;
    answer_head.add(CONCURRENT, &format!("<{request_id}>"));
    answer_head.add(CONCURRENT, &format!("<{notes_id}>"));
    ExchangeRecords {
        request: (request.finish_message("request", exchange.request.len()), exchange.request.into()),
        notes: (notes_head.finish("application/warc-fields", notes.len()), notes.into()),
        answer: (answer_head.finish_message("response", answer.block.len()), answer.block.into()),
        original: answer.original,
    }
}

fn notes_block(exchange: &Exchange<'_>) -> Vec<u8> {
    let mut notes = Fields::default();
    for (name, value) in exchange.notes {
        notes.add(name, value);
    }
    notes.into_block()
}

struct AnswerRecord<'a> {
    head: Head,
    block: &'a [u8],
    original: Option<Digest>,
}

fn response<'a>(exchange: &Exchange<'a>, bytes: &'a [u8], kind: Option<Kind>) -> AnswerRecord<'a> {
    let block_digest = Digest::of(bytes);
    let unpacked = kind.filter(|_| exchange.truncated.is_none());
    let unpacked = unpacked.and_then(|kind| Some((kind, http::unpack(bytes, LONGEST_ORIGINAL)?)));
    let original = unpacked.as_ref().map(|(_, unpacked)| Digest::of(&unpacked.original));
    let id = match original {
        // Named as a resource is, so that sightings refer to originals alike wherever they lie.
        Some(digest) => resource_id(digest, exchange.received),
        None => exchange_id("response", exchange, block_digest),
    };
    let mut head = answer_head(exchange, ("response", &id));
    head.add("WARC-Block-Digest", &block_digest.to_string());
    if let Some((kind, unpacked)) = &unpacked {
        // The payload is the body without its chunks (6.3.2). Of chunked bodies, and behind interim responses, tools in
        // use take other bytes for the payload, and would report damage: there the digest is left out.
        if unpacked.is_plain {
            let payload = &bytes[unpacked.head.length()..];
            head.add("WARC-Payload-Digest", &Digest::of(payload).to_string());
        }
        head.add(ORIGINAL_DIGEST, &Digest::of(&unpacked.original).to_string());
        head.add(ORIGINAL_LENGTH, &unpacked.original.len().to_string());
        head.add(KIND, kind.name());
    }
    AnswerRecord { head, block: bytes, original }
}

fn revisit<'a>(exchange: &Exchange<'a>, bytes: &'a [u8], of: &Revisited<'_>) -> AnswerRecord<'a> {
    let block_digest = Digest::of(bytes);
    let id = exchange_id("revisit", exchange, block_digest);
    let mut head = answer_head(exchange, ("revisit", &id));
    head.add("WARC-Profile", of.unchanged.profile());
    head.add("WARC-Refers-To", &format!("<{}>", resource_id(of.original, of.first_received)));
    head.add("WARC-Refers-To-Target-URI", &ascii_uri(of.uri));
    head.add("WARC-Refers-To-Date", &date(of.first_received));
    head.add("WARC-Block-Digest", &block_digest.to_string());
    // The digest by which the two were compared (6.7.2).
    head.add("WARC-Payload-Digest", &of.original.to_string());
    AnswerRecord { head, block: bytes, original: None }
}

fn answer_head(exchange: &Exchange<'_>, (record_type, id): (&str, &str)) -> Head {
    let mut head = Head::new(record_type, id, &date(exchange.received));
    head.add("WARC-Target-URI", &ascii_uri(exchange.uri));
    if let Some(address) = exchange.address {
        head.add("WARC-IP-Address", &address.to_string());
    }
    if let Some(truncated) = exchange.truncated {
        head.add("WARC-Truncated", truncated.name());
    }
    head
}

/// The head of a record that is kept beside the answer.
fn beside(exchange: &Exchange<'_>, record_type: &str, id: &str) -> Head {
    let mut head = Head::new(record_type, id, &date(exchange.received));
    head.add("WARC-Target-URI", &ascii_uri(exchange.uri));
    head
}

/// The identifier of a record that nothing refers to by its content: the exact time keeps two of one second apart.
fn exchange_id(record_type: &str, exchange: &Exchange<'_>, block: Digest) -> String {
    record_id(&[record_type, &exchange.received.to_string(), exchange.uri, &block.to_string()])
}

fn sighting_block(sighting: &Sighting) -> Vec<u8> {
    let Sighting { original, first_received, source, line, byte_offset, kind, hints, capture, .. } = sighting;
    let mut fields = Fields::default();
    fields.add("original", &original.to_string());
    fields.add("first-received", &date(*first_received));
    fields.add("source", source);
    fields.add_known("line", *line);
    fields.add("byte-offset", &byte_offset.to_string());
    fields.add("kind", kind.name());
    fields.add("id", &hints.id);
    fields.add_known("outlet", hints.outlet.as_ref());
    fields.add_known("published", hints.published);
    fields.add_known("title", hints.title.as_ref());
    fields.add_known("url", hints.url.as_ref());
    fields.add_known("charset", hints.charset.as_ref());
    if let Some(capture) = capture {
        capture.add_to(&mut fields);
    }
    fields.into_block()
}

/// A record that could not be read, with the original that it says it is about.
#[derive(Debug, PartialEq)]
pub(crate) struct Unread {
    pub(crate) damage: Damage,
    pub(crate) digest: Option<Digest>,
}

/// What the log says about a record.
#[derive(Debug, PartialEq)]
pub(crate) struct About {
    pub(crate) record_type: String,
    pub(crate) original: Option<Digest>,
    /// Its `WARC-Record-ID`.
    pub(crate) id: Option<String>,
    /// The ids of the records of its exchange in front of it.
    pub(crate) beside: Vec<String>,
}

/// Finds out what a record is, and which original it is about. `None`: it is no record.
pub(crate) fn about(record: &[u8]) -> Option<About> {
    let (head, block) = split(record)?;
    let record_type = fields::find(head, "WARC-Type")?;
    let original = fields::find(head, ORIGINAL_DIGEST).or_else(|| match record_type {
        "resource" | "revisit" => fields::find(head, "WARC-Payload-Digest"),
        "metadata" => fields::find(std::str::from_utf8(&record[block]).ok()?, "original"),
        _ => None,
    });
    let original = original.and_then(|digest| digest.parse().ok());
    let id = fields::find(head, "WARC-Record-ID").map(str::to_owned);
    let beside = fields::find_all(head, CONCURRENT).map(str::to_owned).collect();
    Some(About { record_type: record_type.to_owned(), original, id, beside })
}

/// The head of a shell: what is left of a record when it was erased. Its block is blanks, as many as fill its place.
pub(crate) fn shell_head(position: Position, erased: Timestamp, block: u64) -> Vec<u8> {
    let Position { segment, offset, .. } = position;
    let id = record_id(&["erased", &segment.to_string(), &offset.to_string()]);
    let mut head = Head::new("metadata", &id, &date(erased));
    head.add(ERASED, "yes");
    head.add("Content-Length", &block.to_string());
    let mut head = head.0.into_bytes();
    head.extend(b"\r\n");
    head
}

/// Reads one unpacked record. `None`: a sound record that is neither an original nor a sighting.
pub(crate) fn read(mut record: Vec<u8>) -> Result<Option<Stored>, Unread> {
    let unread = |damage, digest| Unread { damage, digest };
    let (head, block) = split(&record).ok_or_else(|| unread(Damage::Malformed, None))?;
    if fields::find(head, ERASED).is_some() {
        // Whether it was right to erase it, the log says.
        return Ok(None);
    }
    let stated = fields::find(head, "WARC-Block-Digest").and_then(|digest| digest.parse().ok());
    let stated: Digest = stated.ok_or_else(|| unread(Damage::Malformed, None))?;
    if Digest::of(&record[block.clone()]) != stated {
        return Err(unread(Damage::DigestMismatch, Some(stated)));
    }
    let malformed = || unread(Damage::Malformed, Some(stated));
    match fields::find(head, "WARC-Type") {
        Some("resource") => {
            let mut resource = read_resource(head, stated).ok_or_else(malformed)?;
            record.truncate(block.end);
            record.drain(..block.start);
            resource.bytes = record;
            Ok(Some(Stored::Resource(resource)))
        }
        Some("response") if fields::find(head, ORIGINAL_DIGEST).is_some() => {
            let (resource, length) = read_response(head).ok_or_else(malformed)?;
            read_original(resource, &record[block], length).map(|resource| Some(Stored::Resource(resource)))
        }
        // Notes on an exchange say nothing that is read again.
        Some("metadata") if fields::find(head, CONCURRENT).is_some() => Ok(None),
        Some("metadata") => {
            let sighting = read_sighting(head, &record[block]).ok_or_else(malformed)?;
            Ok(Some(Stored::Sighting(sighting)))
        }
        Some(_) => Ok(None),
        None => Err(malformed()),
    }
}

/// Tells whether unpacked bytes begin as a record does.
pub(crate) fn begins_a_record(unpacked: &[u8]) -> bool {
    unpacked.starts_with(VERSION.as_bytes())
}

/// Finds the named fields, and the range of the block, which has to fill the record to its end.
fn split(record: &[u8]) -> Option<(&str, std::ops::Range<usize>)> {
    let head_end = record.windows(END.len()).position(|bytes| bytes == END)?;
    let head = std::str::from_utf8(&record[..head_end]).ok()?.strip_prefix(VERSION)?;
    let start = head_end + END.len();
    let length: usize = fields::find(head, "Content-Length")?.parse().ok()?;
    let end = start.checked_add(length)?;
    (record.get(end..)? == END).then_some((head, start..end))
}

fn read_resource(head: &str, digest: Digest) -> Option<Resource> {
    let field = |name| fields::find(head, name);
    let resource = Resource {
        digest: field("WARC-Payload-Digest")?.parse().ok().filter(|payload| *payload == digest)?,
        kind: Kind::from_name(field(KIND)?)?,
        uri: field("WARC-Target-URI")?.to_owned(),
        received: field("WARC-Date")?.parse().ok()?,
        bytes: Vec::new(),
    };
    let id = format!("<{}>", resource_id(digest, resource.received));
    (field("WARC-Record-ID")? == id).then_some(resource)
}

/// Reads the head of a response with an original in it; the bytes are still to come, in the number returned.
fn read_response(head: &str) -> Option<(Resource, u64)> {
    let field = |name| fields::find(head, name);
    let resource = Resource {
        digest: field(ORIGINAL_DIGEST)?.parse().ok()?,
        kind: Kind::from_name(field(KIND)?)?,
        uri: field("WARC-Target-URI")?.to_owned(),
        received: field("WARC-Date")?.parse().ok()?,
        bytes: Vec::new(),
    };
    let id = format!("<{}>", resource_id(resource.digest, resource.received));
    (field("WARC-Record-ID")? == id).then_some((resource, field(ORIGINAL_LENGTH)?.parse().ok()?))
}

/// Takes the original out of a response, and checks that it is the one that was kept.
fn read_original(resource: Resource, response: &[u8], length: u64) -> Result<Resource, Unread> {
    let unread = |damage| Unread { damage, digest: Some(resource.digest) };
    let unpacked = http::unpack(response, length.min(LONGEST_ORIGINAL)).ok_or(unread(Damage::Malformed))?;
    if Digest::of(&unpacked.original) != resource.digest {
        return Err(unread(Damage::DigestMismatch));
    }
    Ok(Resource { bytes: unpacked.original, ..resource })
}

fn read_sighting(head: &str, block: &[u8]) -> Option<Sighting> {
    let block = std::str::from_utf8(block).ok()?;
    let field = |name| fields::find(block, name);
    let words = |name| field(name).map_or(Some(None), |value| fields::unescape(value).map(Some));
    let sighting = Sighting {
        original: field("original")?.parse().ok()?,
        first_received: field("first-received")?.parse().ok()?,
        seen: fields::find(head, "WARC-Date")?.parse().ok()?,
        source: words("source")??,
        line: field("line").map_or(Some(None), |line| line.parse().ok().map(Some))?,
        byte_offset: field("byte-offset")?.parse().ok()?,
        kind: Kind::from_name(field("kind")?)?,
        hints: Metadata {
            id: words("id")??,
            published: field("published").map_or(Some(None), |day| day.parse::<Date>().ok().map(Some))?,
            outlet: words("outlet")?,
            title: words("title")?,
            url: words("url")?,
            charset: words("charset")?,
        },
        capture: Capture::read(block)?.map(Box::new),
    };
    let resource = format!("<{}>", resource_id(sighting.original, sighting.first_received));
    (fields::find(head, "WARC-Refers-To")? == resource).then_some(sighting)
}

/// The named fields of one record, in the order in which they are always written.
struct Head(String);

impl Head {
    fn new(record_type: &str, id: &str, date: &str) -> Head {
        let mut head = Head(VERSION.to_owned());
        head.add("WARC-Type", record_type);
        head.add("WARC-Record-ID", &format!("<{id}>"));
        head.add("WARC-Date", date);
        head
    }

    fn add(&mut self, name: &str, value: &str) {
        for part in [name, ": ", value, "\r\n"] {
            self.0.push_str(part);
        }
    }

    /// Ends the head of a block that is one message over HTTP.
    fn finish_message(self, message: &str, length: usize) -> Vec<u8> {
        self.finish(&format!("application/http;msgtype={message}"), length)
    }

    fn finish(mut self, media_type: &str, length: usize) -> Vec<u8> {
        self.add("Content-Type", media_type);
        self.add("Content-Length", &length.to_string());
        self.0.push_str("\r\n");
        self.0.into_bytes()
    }
}

fn media_type(kind: Kind) -> &'static str {
    match kind {
        Kind::DatedText | Kind::PlainText => "text/plain",
        Kind::Page => "text/html",
        Kind::Row => "application/json",
    }
}

/// The identifier of the record of an original: known from the digest and the time, without looking it up.
fn resource_id(digest: Digest, received: Timestamp) -> String {
    record_id(&["resource", &date(received), &digest.to_string()])
}

/// Names a record after what it holds: a UUID of version 8 from a SHA-256, as in RFC 9562, B.2.
///
/// The same original received at the same second is named alike wherever that happens, so two runs over the same
/// input differ in nothing but their times.
fn record_id(parts: &[&str]) -> String {
    let digest = Digest::of(parts.join("\n").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_bytes()[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let groups = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
    format!("urn:uuid:{}", groups.join("-"))
}

/// Writes a time as WARC-Date wants it (ISO 28500:2017, 5.4), in whole seconds.
fn date(time: Timestamp) -> String {
    whole_second(time).to_string()
}

fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).expect("the whole second of a time is a time")
}

/// The UTC day of a time.
pub(crate) fn day(time: Timestamp) -> Date {
    Offset::UTC.to_datetime(time).date()
}

/// Encodes what may not stand in an address (RFC 3986, 2), so that it cannot break its line.
fn ascii_uri(uri: &str) -> String {
    let mut ascii = String::with_capacity(uri.len());
    for byte in uri.bytes() {
        match byte {
            b'<' | b'>' | b'"' => ascii.push_str(&format!("%{byte:02X}")),
            0x21..=0x7e => ascii.push(char::from(byte)),
            _ => ascii.push_str(&format!("%{byte:02X}")),
        }
    }
    ascii
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn time() -> Timestamp {
        "2031-03-12T08:00:00.75Z".parse().unwrap()
    }

    fn example() -> Sighting {
        Sighting {
            original: Digest::of(b"12 were hurt."),
            first_received: time(),
            seen: "2031-03-13T09:30:00Z".parse().unwrap(),
            source: "/cases/Тесмин/a b.jsonl".into(),
            line: Some(3),
            byte_offset: 812,
            kind: Kind::Row,
            hints: Metadata {
                id: "row-3".into(),
                outlet: Some("Quillhaven\nPost".into()),
                charset: Some("koi8-u".into()),
                ..Default::default()
            },
            capture: None,
        }
    }

    fn check(parts: (Vec<u8>, Vec<u8>), expected: Expect) {
        let record = String::from_utf8([parts.0, parts.1].concat()).unwrap();
        assert_eq!(record.matches('\n').count(), record.matches("\r\n").count());
        expected.assert_eq(&record.replace("\r\n", "\n"));
    }

    #[test]
    fn a_resource() {
        let bytes = b"12 were hurt.";
        let original =
            Original { bytes, kind: Kind::PlainText, uri: "file:///a b\r\n<é>", received: time() };
        check(
            (resource_head(&original, Digest::of(bytes)), bytes.to_vec()),
            expect![[r#"
            WARC/1.1
            WARC-Type: resource
            WARC-Record-ID: <urn:uuid:17bc71dc-b82a-8720-98cc-b7361bfd4726>
            WARC-Date: 2031-03-12T08:00:00Z
            WARC-Target-URI: file:///a%20b%0D%0A%3C%C3%A9%3E
            WARC-Block-Digest: sha256:0c928d2efe26cb7d7e5b7ba1ade493603ea0f525bd0caa0ce8320d40c7c9af81
            WARC-Payload-Digest: sha256:0c928d2efe26cb7d7e5b7ba1ade493603ea0f525bd0caa0ce8320d40c7c9af81
            Credence-Kind: text
            Content-Type: text/plain
            Content-Length: 13

            12 were hurt."#]],
        );
    }

    #[test]
    fn a_sighting() {
        check(
            sighting(&example()),
            expect![[r#"
                WARC/1.1
                WARC-Type: metadata
                WARC-Record-ID: <urn:uuid:e3f567b9-fe15-8de4-aaa0-cada04362c77>
                WARC-Date: 2031-03-13T09:30:00Z
                WARC-Refers-To: <urn:uuid:17bc71dc-b82a-8720-98cc-b7361bfd4726>
                WARC-Block-Digest: sha256:2447c15848e946601dfeb85b2ab631f6fd77ad35ae41a6b8e09942a776bb09fa
                Content-Type: application/warc-fields
                Content-Length: 253

                original: sha256:0c928d2efe26cb7d7e5b7ba1ade493603ea0f525bd0caa0ce8320d40c7c9af81
                first-received: 2031-03-12T08:00:00Z
                source: /cases/Тесмин/a b.jsonl
                line: 3
                byte-offset: 812
                kind: row
                id: row-3
                outlet: Quillhaven%0APost
                charset: koi8-u
            "#]],
        );
    }

    #[test]
    fn a_warcinfo() {
        check(
            warcinfo("20310312-00001".parse().unwrap(), time()),
            expect![[r#"
            WARC/1.1
            WARC-Type: warcinfo
            WARC-Record-ID: <urn:uuid:37d6fb86-224b-87f3-ae59-e01e16d25404>
            WARC-Date: 2031-03-12T08:00:00Z
            WARC-Filename: 20310312-00001.warc.gz
            WARC-Block-Digest: sha256:542c2fee3d83d719f960fbf7e98bc740d1650791e79a43b3ee7fe8c6288c3f34
            Content-Type: application/warc-fields
            Content-Length: 142

            software: Credence
            format: WARC File Format 1.1
            conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/
        "#]],
        );
    }

    #[test]
    fn a_sighting_is_read_back() {
        let (head, block) = sighting(&example());
        let read = read([&head, &block[..], END].concat());
        let kept = Sighting { first_received: whole_second(time()), ..example() };
        assert_eq!(read, Ok(Some(Stored::Sighting(kept))));
    }

    #[test]
    fn other_bytes_than_the_digest_says() {
        let (head, mut block) = sighting(&example());
        let last = block.len() - 3;
        block[last] ^= 1;
        let error = read([&head, &block[..], END].concat()).unwrap_err();
        assert_eq!(error.damage, Damage::DigestMismatch);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = read([VERSION.as_bytes(), &bytes].concat());
        }
    }
}
