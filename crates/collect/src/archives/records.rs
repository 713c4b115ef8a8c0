use std::collections::VecDeque;
use std::io::{Read, Seek};

use jiff::Timestamp;

use super::digests::Checked;
use super::stream::Stream;
use super::{Cut, Damage, Fault, Record, arc, page, wacz, warc};

/// What stands before a block.
pub(super) struct Head {
    pub(super) version: String,
    pub(super) kind: String,
    pub(super) uri: Option<String>,
    pub(super) captured: Option<Timestamp>,
    pub(super) id: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) length: Option<u64>,
    pub(super) fields: Vec<(String, String)>,
}

/// An archive, or one of several in a WACZ, that is still to be read.
pub(super) struct Part {
    /// Its name in the WACZ.
    pub(super) name: Option<String>,
    pub(super) source: Box<dyn Read>,
}

/// The records of an archive, in its order.
pub struct Records {
    parts: VecDeque<Part>,
    within: Option<String>,
    stream: Option<Stream>,
    limit: u64,
    /// Faults that were met together with a record.
    pending: VecDeque<Fault>,
    state: Place,
    /// Where the record or the line begins that was met last.
    at: u64,
    /// Whether it was said that several records are packed as one.
    is_several_said: bool,
}

/// Where in a member we are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the first record of a member.
    Beginning,
    /// Behind a record.
    Behind,
    /// Where no record is: the next one is searched for.
    Lost,
    /// Behind the end of the member.
    End,
}

/// The longest head: addresses of 64 KiB occur.
const MAX_HEAD: usize = 1 << 20;
const MAX_LINE: usize = 256 << 10;

/// The most that is unpacked behind the records of a member only to be thrown away.
const MAX_PASSED: u64 = 4 << 30;

impl Records {
    /// Reads a WARC or ARC, packed or not; what its first bytes say. Blocks larger than `limit` are left out.
    pub fn read(source: impl Read + 'static, limit: u64) -> Records {
        Records::of(VecDeque::from([Part { name: None, source: Box::new(source) }]), limit)
    }

    /// Reads a WACZ: the archives in its folder `archive`, in the order of their names.
    ///
    /// # Errors
    /// [`Damage::Wacz`] if it is no zip, or holds no archive that can be read.
    pub fn read_wacz(source: impl Read + Seek + 'static, limit: u64) -> Result<Records, Fault> {
        let (parts, faults) = wacz::parts(source)?;
        let mut records = Records::of(parts, limit);
        records.pending = faults;
        Ok(records)
    }

    fn of(parts: VecDeque<Part>, limit: u64) -> Records {
        Records {
            parts,
            within: None,
            stream: None,
            limit,
            pending: VecDeque::new(),
            state: Place::End,
            at: 0,
            is_several_said: false,
        }
    }

    fn fault(&self, offset: u64, damage: Damage) -> Fault {
        Fault { within: self.within.clone(), offset, damage }
    }

    /// Opens the next part; false if there is none.
    fn open_part(&mut self) -> Result<bool, Fault> {
        let Some(Part { name, source }) = self.parts.pop_front() else { return Ok(false) };
        (self.within, self.state, self.is_several_said) = (name, Place::End, false);
        let stream = Stream::new(source);
        self.stream = Some(stream.map_err(|error| self.fault(0, Damage::Unreadable(error.to_string())))?);
        Ok(true)
    }

    /// Goes on by one step: to a record, or only some way towards it.
    fn step(&mut self, stream: &mut Stream) -> Result<Step, Damage> {
        if self.state == Place::End {
            self.state = Place::Beginning;
            return Ok(if stream.open()? { Step::On } else { Step::Ended });
        }
        if !stream.pass_blank()? {
            self.state = Place::End;
            return Ok(Step::On);
        }
        let place = stream.place();
        self.at = place;
        let line = stream.line(MAX_LINE)?;
        let head = if warc::begins(&line) { Some(self.warc_head(stream, line)?) } else { arc::head(&line) };
        let Some(head) = head else {
            return self.lose(stream);
        };
        if stream.is_packed() && self.state != Place::Beginning && !self.is_several_said {
            self.is_several_said = true;
            self.pending.push_back(self.fault(place, Damage::SeveralInOne));
        }
        self.state = Place::Behind;
        let mut record = self.record(stream, head, place)?;
        // Only at the end of a member is it known whether it was unpacked to what was packed.
        if stream.is_packed()
            && let Err(damage) = stream.pass_blank()
        {
            record.cut = record.cut.or(Some(Cut::Damaged));
            self.state = Place::End;
            self.pending.push_back(self.fault(place, damage));
        }
        Ok(Step::Record(Box::new(record)))
    }

    fn warc_head(&mut self, stream: &mut Stream, first: Vec<u8>) -> Result<Head, Damage> {
        let mut length = first.len();
        let mut lines = vec![first];
        loop {
            let line = stream.line(MAX_LINE)?;
            if line.trim_ascii().is_empty() {
                return Ok(warc::head(&lines));
            }
            length += line.len();
            if length > MAX_HEAD {
                self.state = Place::Lost;
                return Err(Damage::HeadTooLong);
            }
            lines.push(line);
        }
    }

    /// Passes over a line that begins no record, and says so the first time.
    fn lose(&mut self, stream: &mut Stream) -> Result<Step, Damage> {
        let said = std::mem::replace(&mut self.state, Place::Lost) == Place::Lost;
        if stream.is_packed() && stream.passed() > MAX_PASSED {
            self.state = Place::End;
            stream.abandon()?;
            return Err(Damage::Endless);
        }
        if said { Ok(Step::On) } else { Err(Damage::NoRecord) }
    }

    fn record(&mut self, stream: &mut Stream, head: Head, offset: u64) -> Result<Record, Damage> {
        let mut block = Vec::new();
        let cut = match head.length {
            Some(length) if length > self.limit => {
                self.pass(stream, length)?;
                return Err(Damage::TooLarge { limit: self.limit });
            }
            Some(length) => {
                let taken = stream.block(length, |bytes| block.extend(bytes))?;
                (taken < length).then_some(Cut::BreaksOff)
            }
            None => {
                // What follows belongs to it, but nobody knows how much of it.
                self.state = Place::Lost;
                Some(Cut::NoLength)
            }
        };
        let Head { version, kind, uri, captured, id, content_type, length: _, fields } = head;
        let within = self.within.clone();
        let mut record = Record {
            version,
            kind,
            uri,
            captured,
            id,
            content_type,
            fields,
            block,
            within,
            offset,
            digests: Vec::new(),
            cut,
        };
        record.digests = digests(&record);
        Ok(record)
    }

    /// Passes over a block that is too large; a packed one not without end.
    fn pass(&mut self, stream: &mut Stream, length: u64) -> Result<(), Damage> {
        if stream.is_packed() && length > MAX_PASSED {
            self.state = Place::End;
            return stream.abandon();
        }
        stream.block(length, |_| {}).map(drop)
    }
}

/// What came of going on.
enum Step {
    Record(Box<Record>),
    On,
    Ended,
}

/// Verifies the digests of a record.
fn digests(record: &Record) -> Vec<Checked> {
    let mut digests = Vec::new();
    if let Some(written) = record.field("WARC-Block-Digest") {
        digests.push(Checked::verify("WARC-Block-Digest", written, [record.block.as_slice()].into_iter()));
    }
    // The payload of a revisit is in another record, and a segment has only part of it.
    let is_whole = !matches!(record.kind.as_str(), "revisit" | "continuation")
        && record.field("WARC-Segment-Number").is_none();
    if let Some(written) = record.field("WARC-Payload-Digest").filter(|_| is_whole) {
        let payloads = page::payloads(record);
        let of = payloads.iter().map(|payload| &payload[..]);
        digests.push(Checked::verify("WARC-Payload-Digest", written, of));
    }
    digests
}

impl Iterator for Records {
    type Item = Result<Record, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(fault) = self.pending.pop_front() {
                return Some(Err(fault));
            }
            let Some(mut stream) = self.stream.take() else {
                match self.open_part() {
                    Ok(true) => continue,
                    Ok(false) => return None,
                    Err(fault) => return Some(Err(fault)),
                }
            };
            let is_at_end = self.state == Place::End;
            let step = self.step(&mut stream);
            let place = if is_at_end { stream.place() } else { self.at };
            if !matches!(step, Ok(Step::Ended) | Err(Damage::Unreadable(_))) {
                self.stream = Some(stream);
            }
            match step {
                Ok(Step::Record(record)) => return Some(Ok(*record)),
                Ok(Step::On | Step::Ended) => {}
                Err(damage) => {
                    if matches!(damage, Damage::Packing(_)) {
                        // The rest of the member is lost; the next one is searched for.
                        self.state = Place::End;
                    }
                    return Some(Err(self.fault(place, damage)));
                }
            }
        }
    }
}
