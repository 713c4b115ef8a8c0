//! A record: its originals, its rows, and the order in which the two are written.
//!
//! Originals first, rows after, nothing said before both: `docs/decisions/0004-originals-before-rows.md`.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;
use model::{Digest, Kind};
use preserve::{Originals, Position, Reader, Segment, Sighting, Stored};
use store::{Batch, OriginalRow, Put, Reading, SightingRow, Store, Writer};

use crate::hints;
use crate::parallel;
use crate::reading::{Original, Prepared, searchable};

/// A record, open for writing. One process at a time.
pub(crate) struct Record {
    writer: Writer,
    originals: Originals,
    jobs: usize,
    /// What was mended when the record was opened, in words for the user.
    pub(crate) mended: Vec<String>,
}

/// An original that arrives: its bytes, and the sighting to be written beside it.
pub(crate) struct Arrival {
    pub(crate) bytes: Vec<u8>,
    pub(crate) uri: String,
    pub(crate) sighting: Sighting,
}

/// What became of one arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Bytes that were not in the record.
    New,
    /// Bytes that were there, met at a place that was not.
    SeenAgain,
    /// Nothing new.
    Known,
}

/// The end of what the rows know of the originals.
const KEPT_THROUGH: &str = "kept_through";

/// How many originals are read again in one batch.
const BATCH: usize = 256;

impl Record {
    /// Opens the record in `folder`, or makes an empty one.
    pub(crate) fn create_or_open(folder: &Path, jobs: usize) -> anyhow::Result<Record> {
        let writer = Writer::create_or_open(folder)?;
        Record::with(writer, folder, jobs)
    }

    /// Opens the record in `folder`. If its rows are lost but its originals are not, the rows are made again.
    pub(crate) fn open(folder: &Path, jobs: usize) -> anyhow::Result<Record> {
        let originals_alone = !Reader::new(originals_folder(folder)).segments()?.is_empty();
        let writer = if originals_alone { Writer::create_or_open(folder) } else { Writer::open(folder) }?;
        Record::with(writer, folder, jobs)
    }

    fn with(writer: Writer, folder: &Path, jobs: usize) -> anyhow::Result<Record> {
        let known = kept_through(writer.store())?;
        let (originals, recovery) = Originals::open(&originals_folder(folder), known)?;
        let mut record = Record { writer, originals, jobs, mended: Vec::new() };
        if let Some(damaged) = recovery.damaged {
            return Err(preserve::Error::from(damaged).into());
        }
        if let Some(torn) = recovery.torn {
            record.mended.push(format!("{torn}; cut off, since nobody was told that it was kept"));
        }
        let adopted = record.adopt(known)?;
        if adopted > 0 {
            record.mended.push(format!("{adopted} originals were kept but not yet in the rows; adopted"));
        }
        record.read_unread(|_| {})?;
        let behind = record.catch_up()?;
        if behind > 0 {
            record.mended.push(format!("{behind} reports were missing from the search index; added"));
        }
        Ok(record)
    }

    /// Returns the rows.
    pub(crate) fn store(&self) -> &Store {
        self.writer.store()
    }

    /// Returns how many things may be done at the same time.
    pub(crate) fn jobs(&self) -> usize {
        self.jobs
    }

    /// Returns the rows for changing.
    pub(crate) fn writer(&mut self) -> &mut Writer {
        &mut self.writer
    }

    /// Returns the reader of the originals.
    pub(crate) fn reader(&self) -> &Reader {
        self.originals.reader()
    }

    /// Keeps and reads a batch. When this returns, all of it is durable, and may be reported.
    pub(crate) fn keep(&mut self, arrivals: Vec<Arrival>) -> anyhow::Result<Vec<Kept>> {
        let mut step = Step::default();
        let mut kept = Vec::with_capacity(arrivals.len());
        for arrival in arrivals {
            kept.push(self.append(arrival, &mut step)?);
        }
        self.originals.sync()?;
        // If we stop here, originals and sightings are safe; the next opening adopts them into the rows.
        self.write(step)?;
        Ok(kept)
    }

    /// Appends what is new of one arrival to the originals.
    fn append(&mut self, arrival: Arrival, step: &mut Step) -> anyhow::Result<Kept> {
        let Arrival { bytes, uri, mut sighting } = arrival;
        let digest = sighting.original;
        let known = match step.received(digest) {
            Some(received) => Some(received),
            None => self.store().original(digest.as_bytes())?.map(|row| row.received_at),
        };
        sighting.first_received = known.unwrap_or(sighting.seen);
        let row = hints::sighting_row(&sighting);
        if known.is_some() && self.is_sighted(&row, step)? {
            return Ok(Kept::Known);
        }
        if known.is_none() {
            let (kind, received) = (sighting.kind, sighting.seen);
            let position =
                self.originals.append(&preserve::Original { bytes: &bytes, kind, uri: &uri, received })?;
            step.originals.push(original_row(digest, bytes.len(), kind, received, position));
        }
        step.through = Some(self.originals.append_sighting(&sighting)?);
        step.sightings.push(row);
        step.bytes.insert(digest, bytes);
        Ok(if known.is_none() { Kept::New } else { Kept::SeenAgain })
    }

    fn is_sighted(&self, row: &SightingRow, step: &Step) -> anyhow::Result<bool> {
        let same = |other: &SightingRow| {
            (&other.digest, &other.source, other.line, other.byte_offset)
                == (&row.digest, &row.source, row.line, row.byte_offset)
        };
        Ok(step.sightings.iter().any(same) || self.store().sightings(&row.digest)?.iter().any(same))
    }

    /// Reads what a step brought and writes its rows, all in one transaction.
    fn write(&mut self, step: Step) -> anyhow::Result<()> {
        let to_read = self.to_read(&step)?;
        let readings = parallel::map(&to_read, self.jobs, Original::prepare);
        self.writer.batch(|batch| {
            for row in &step.originals {
                batch.put_original(row)?;
            }
            for row in &step.sightings {
                batch.put_sighting(row)?;
            }
            if let Some(through) = step.through {
                batch.set_state(KEPT_THROUGH, &position_text(through))?;
            }
            put_readings(batch, &readings)
        })?;
        Ok(())
    }

    /// Returns the originals of a step whose reading is new or could be another one than before: a further sighting
    /// can change what is known besides the bytes.
    fn to_read(&self, step: &Step) -> anyhow::Result<Vec<Original>> {
        let mut sightings: BTreeMap<[u8; 32], Vec<SightingRow>> = BTreeMap::new();
        for row in &step.sightings {
            sightings.entry(row.digest).or_default().push(row.clone());
        }
        let mut to_read = Vec::new();
        for (digest, new) in sightings {
            let old = self.store().sightings(&digest)?;
            let known = hints::chosen(&old);
            let all: Vec<SightingRow> = old.iter().cloned().chain(new).collect();
            let Some((kind, metadata)) = hints::chosen(&all) else { continue };
            if known.as_ref() == Some(&(kind, metadata.clone())) {
                continue;
            }
            let digest = Digest::from_bytes(digest);
            let bytes = step.bytes.get(&digest).cloned().unwrap_or_default();
            to_read.push(Original { bytes, digest, kind, metadata });
        }
        Ok(to_read)
    }

    /// Puts originals and sightings into the rows that stand in the segments behind `known`.
    fn adopt(&mut self, known: Option<Position>) -> anyhow::Result<u64> {
        let scan = match known {
            Some(position) => self.reader().scan_after(position)?,
            None => self.reader().scan()?,
        };
        let mut adopted = 0;
        let mut scan = scan.peekable();
        while scan.peek().is_some() {
            let records: Vec<_> = scan.by_ref().take(BATCH).collect::<Result<_, _>>()?;
            adopted += self.writer.batch(|batch| adopt_batch(batch, records))?;
        }
        Ok(adopted)
    }

    /// Reads the originals that have no reading by this version, and tells after each batch how many that were.
    pub(crate) fn read_unread(&mut self, mut progress: impl FnMut(u64)) -> anyhow::Result<u64> {
        let mut unread = Vec::new();
        self.store().unread(extract::VERSION, |row| {
            unread.push(row);
            Ok::<(), store::Error>(())
        })?;
        let mut read = 0;
        for rows in unread.chunks(BATCH) {
            let originals =
                rows.iter().map(|row| self.original(row)).collect::<anyhow::Result<Vec<Original>>>()?;
            let readings = parallel::map(&originals, self.jobs, Original::prepare);
            self.writer.batch(|batch| put_readings(batch, &readings))?;
            read += rows.len() as u64;
            progress(read);
        }
        Ok(read)
    }

    /// Takes the bytes of an original out of its segment, checked against its digest.
    pub(crate) fn original(&self, row: &OriginalRow) -> anyhow::Result<Original> {
        original(self.store(), self.reader(), row)
    }

    fn catch_up(&mut self) -> anyhow::Result<u64> {
        let reader = self.originals.reader().clone();
        let folder = self.writer.store().folder().to_owned();
        if self.writer.behind()? == 0 {
            return Ok(0);
        }
        // A second connection reads while the first one writes the index.
        let rows = Store::open(&folder)?;
        self.writer.catch_up(|report| {
            let row = rows.original(&report.row.digest)?.context("a report without its original")?;
            Ok::<String, anyhow::Error>(searchable(&original(&rows, &reader, &row)?.read().report))
        })
    }

    /// Drops all readings, checks that the rows know every original in the segments, and reads all again.
    pub(crate) fn reindex(&mut self, progress: impl FnMut(u64)) -> anyhow::Result<u64> {
        self.adopt(None)?;
        self.writer.clear_readings()?;
        // If we stop here, the next opening reads what is unread.
        self.read_unread(progress)
    }
}

/// What a batch brings, before it is in the rows.
#[derive(Default)]
struct Step {
    originals: Vec<OriginalRow>,
    sightings: Vec<SightingRow>,
    bytes: HashMap<Digest, Vec<u8>>,
    through: Option<Position>,
}

impl Step {
    fn received(&self, digest: Digest) -> Option<Timestamp> {
        self.bytes.get(&digest)?;
        self.originals.iter().find(|row| row.digest == *digest.as_bytes()).map(|row| row.received_at)
    }
}

/// Takes the bytes of an original out of its segment, with what its sightings say of it.
pub(crate) fn original(store: &Store, reader: &Reader, row: &OriginalRow) -> anyhow::Result<Original> {
    let digest = Digest::from_bytes(row.digest);
    let segment: Segment = row
        .segment
        .parse()
        .with_context(|| format!("the rows name a segment that cannot be: {:?}", row.segment))?;
    let position = Position { segment, offset: row.offset, stored_length: row.stored_length };
    let bytes = reader.read(position, digest)?;
    let (kind, metadata) = hints::chosen(&store.sightings(&row.digest)?)
        .unwrap_or_else(|| (Kind::from_name(&row.kind).unwrap_or(Kind::PlainText), Default::default()));
    Ok(Original { bytes, digest, kind, metadata })
}

/// Returns the folder of the originals of a record.
pub(crate) fn originals_folder(record: &Path) -> PathBuf {
    record.join("originals")
}

fn put_readings(batch: &mut Batch<'_>, readings: &[Prepared]) -> Result<(), store::Error> {
    for reading in readings {
        let Prepared { report, claims, sketch, text } = reading;
        batch.put_reading(Reading { report, sketch: Some(sketch), claims, text })?;
    }
    Ok(())
}

fn adopt_batch(batch: &mut Batch<'_>, records: Vec<(Position, Stored)>) -> anyhow::Result<u64> {
    let mut adopted = 0;
    for (position, stored) in records {
        match stored {
            Stored::Resource(resource) => {
                let row = original_row(
                    resource.digest,
                    resource.bytes.len(),
                    resource.kind,
                    resource.received,
                    position,
                );
                adopted += u64::from(batch.put_original(&row)? == Put::New);
            }
            Stored::Sighting(sighting) => drop(batch.put_sighting(&hints::sighting_row(&sighting))?),
        }
        batch.set_state(KEPT_THROUGH, &position_text(position))?;
    }
    Ok(adopted)
}

fn original_row(
    digest: Digest,
    length: usize,
    kind: Kind,
    received: Timestamp,
    position: Position,
) -> OriginalRow {
    OriginalRow {
        digest: *digest.as_bytes(),
        length: length as u64,
        kind: kind.name().to_owned(),
        segment: position.segment.to_string(),
        offset: position.offset,
        stored_length: position.stored_length,
        received_at: received,
    }
}

fn position_text(position: Position) -> String {
    format!("{} {} {}", position.segment.to_string(), position.offset, position.stored_length)
}

/// Returns where the rows' knowledge of the originals ends; `None` if they know of none.
fn kept_through(store: &Store) -> anyhow::Result<Option<Position>> {
    let Some(text) = store.state(KEPT_THROUGH)? else { return Ok(None) };
    let mut words = text.split(' ');
    let mut next = || words.next();
    let mut position = || {
        let segment = next()?.parse().ok()?;
        Some(Position { segment, offset: next()?.parse().ok()?, stored_length: next()?.parse().ok()? })
    };
    Ok(Some(
        position()
            .with_context(|| format!("the rows say {text:?} where a position in originals/ belongs"))?,
    ))
}
