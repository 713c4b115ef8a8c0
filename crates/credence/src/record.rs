//! A record: its originals, its rows and its log, and the order in which the three are written.
//!
//! Originals first, rows after, then the log, nothing said before all three:
//! `docs/decisions/0004-originals-before-rows.md`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use collect::web::Exchange;
use jiff::Timestamp;
use jiff::civil::Date;
use model::{Digest, Kind, Metadata};
use preserve::log::{Erasure, Field, Leaf, Log, LogError, check_reason, last_kept};
use preserve::{KeptExchange, Originals, Position, Reader, Revisited, Segment, Sighting, Stored, Unchanged};
use sha2::{Digest as _, Sha256};
use store::{
    Batch, Closed, DecisionRow, ErasureRow, LoggedReading, OriginalRow, Put, Reading, SightingRow, Store,
    StoredReport, Writer,
};

use crate::clock;
use crate::corroborating::withdraw;
use crate::decisions;
use crate::hints::{self, SAID_LATER};
use crate::output::Far;
use crate::parallel;
use crate::reading::{Original, Prepared, searchable};

/// A record, open for writing. One process at a time.
pub(crate) struct Record {
    writer: Writer,
    originals: Originals,
    log: Log,
    jobs: usize,
    /// What was mended when the record was opened, in words for the user.
    pub(crate) mended: Vec<String>,
    /// Originals that are no longer what they were. They are left out, and everything else goes on.
    pub(crate) damaged: BTreeSet<String>,
}

/// Something that arrives, to be kept.
pub(crate) enum Arrival {
    /// An original that lay in a file.
    Given(Given),
    /// What came over the web, with an original in it or not.
    Fetched(Fetched),
}

/// An original that lay in a file: its bytes, and the sighting to be written beside it.
pub(crate) struct Given {
    pub(crate) bytes: Vec<u8>,
    pub(crate) uri: String,
    pub(crate) sighting: Sighting,
}

/// What somebody says of an original that is in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) published: Option<Date>,
    pub(crate) outlet: Option<String>,
}

/// A name and a value that are kept beside an exchange.
pub(crate) type Note = (&'static str, String);

/// What came over the web.
pub(crate) struct Fetched {
    /// What was asked for first: the rules of the site.
    pub(crate) before: Vec<Exchange>,
    /// What was asked for, redirects first.
    pub(crate) exchanges: Vec<Exchange>,
    /// What is to be said of them besides what they say themselves.
    pub(crate) notes: Vec<Note>,
    /// The sighting of the original in the last exchange; none if nothing is read out of it.
    pub(crate) sighting: Option<Sighting>,
    /// The original that the server says is unchanged.
    pub(crate) unchanged: Option<Digest>,
}

/// What became of one arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Bytes that were not in the record.
    New,
    /// Bytes that were there, met at a place that was not, or that shows them again after others.
    SeenAgain,
    /// Nothing new.
    Known,
    /// An answer without an original in it.
    Answer,
}

/// What is read of a batch that is kept, but not in the rows yet.
#[derive(Default)]
pub(crate) struct Unwritten {
    kept: Vec<Kept>,
    readings: Vec<Prepared>,
}

/// The end of what the rows know of the originals.
const KEPT_THROUGH: &str = "kept_through";

/// The number of leaves of the log whose decisions the rows know.
const DECISIONS_THROUGH: &str = "decisions_through";

/// The original whose erasure was begun.
const ERASING: &str = "erasing";

/// How many originals, and how many bytes of them, are read again in one batch.
const BATCH: usize = 256;
const BATCH_BYTES: u64 = 32 << 20;

impl Record {
    /// Opens the record in `folder`, or makes an empty one.
    pub(crate) fn create_or_open(folder: &Path, jobs: usize) -> anyhow::Result<Record> {
        Record::refuse_changes(folder)?;
        let writer = Writer::create_or_open(folder)?;
        Record::with(writer, folder, jobs)
    }

    /// Opens the record in `folder`. If its rows are lost but its originals are not, the rows are made again.
    pub(crate) fn open(folder: &Path, jobs: usize) -> anyhow::Result<Record> {
        Record::refuse_changes(folder)?;
        let originals_alone = !Reader::new(originals_folder(folder)).segments()?.is_empty();
        let writer = if originals_alone { Writer::create_or_open(folder) } else { Writer::open(folder) }?;
        Record::with(writer, folder, jobs)
    }

    /// Refuses a record whose rows, log or originals are not those that the last run sealed: what this run adds would be
    /// signed together with what somebody else has changed.
    fn refuse_changes(folder: &Path) -> anyhow::Result<()> {
        let changed = preserve::changed_since_sealed(folder)?;
        if changed.is_empty() || store::is_being_written(folder) {
            return Ok(());
        }
        // A run that ended just now has sealed what it left.
        let again = preserve::changed_since_sealed(folder)?;
        match changed.into_iter().filter(|fault| again.contains(fault)).collect::<Vec<_>>() {
            still if still.is_empty() => Ok(()),
            still => Err(LogError::ChangedSinceSealed(still).into()),
        }
    }

    fn with(writer: Writer, folder: &Path, jobs: usize) -> anyhow::Result<Record> {
        let known = kept_through(writer.store())?;
        // A power cut may have taken the last rows, never a leaf that something was reported by.
        let kept = known.max(last_kept(folder)?);
        let (mut originals, recovery) = Originals::open(&originals_folder(folder), kept)?;
        let (log, mended) = Log::open(folder, &mut originals, None)?;
        let mut record =
            Record { writer, originals, log, jobs, mended: Vec::new(), damaged: BTreeSet::new() };
        record.damaged.extend(mended.refused.map(|fault| fault.to_string()));
        record.end_erasure()?;
        record.follow_decisions()?;
        record.damaged.extend(recovery.damaged.map(|damaged| damaged.to_string()));
        if let Some(torn) = recovery.torn {
            record.mended.push(format!("{torn}; cut off, since nobody was told that it was kept"));
        }
        let adopted = record.adopt(known)?;
        if adopted > 0 {
            record.mended.push(format!("{adopted} originals were kept but not yet in the rows; adopted"));
        }
        let (all, mut far) = (record.store().count_unread(extract::VERSION)?, Far::new());
        record.read_unread(|read| {
            let words = format!("reading anew what another version read: {read} of {all} originals");
            let Ok(()) = far.say(|| Ok::<_, Infallible>(words));
        })?;
        let behind = record.catch_up()?;
        if behind > 0 {
            record.mended.push(format!("{behind} reports were missing from the search index; added"));
        }
        record.sign()?;
        Ok(record)
    }

    /// Ends the writing: from now on a change to rows or index is seen by whoever verifies.
    pub(crate) fn close(self) -> anyhow::Result<()> {
        let Record { writer, log, .. } = self;
        writer.close(|closed| match closed {
            Closed::Whole { written } => Ok(log.seal(written.as_deref())?),
            // While somebody else reads, rows may move between two files, and the next run seals them.
            Closed::Parted => Ok(()),
        })
    }

    /// Returns the log.
    pub(crate) fn log(&mut self) -> &mut Log {
        &mut self.log
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
        let (_, unwritten) = self.keep_on(arrivals, Unwritten::default())?;
        Ok(self.keep_on(Vec::new(), unwritten)?.0)
    }

    /// Keeps and reads a batch, and writes meanwhile what was read of the one before. When this returns, all of the one before
    /// is durable, and may be reported as returned. The last batch is followed by an empty one.
    pub(crate) fn keep_on(
        &mut self,
        arrivals: Vec<Arrival>,
        before: Unwritten,
    ) -> anyhow::Result<(Vec<Kept>, Unwritten)> {
        let mut step = Step::default();
        let mut kept = Vec::with_capacity(arrivals.len());
        for arrival in arrivals {
            kept.push(self.append(arrival, &mut step)?);
        }
        self.originals.sync()?;
        // If we stop here, originals and sightings are safe; the next opening adopts them into the rows and reads them.
        let to_read = self.to_read(&step)?;
        let readings = self.read_while(&to_read, |writer| {
            writer.batch(|batch| {
                step.put(batch)?;
                put_readings(batch, &before.readings)?;
                to_read.iter().try_for_each(|original| batch.set_unread(original.digest.as_bytes()))
            })
        })?;
        // If we stop here, rows know what the log does not; the next opening logs it.
        if !before.kept.is_empty() {
            self.sign()?;
        }
        Ok((before.kept, Unwritten { kept, readings }))
    }

    /// Reads originals while something else is written.
    fn read_while(
        &mut self,
        originals: &[Original],
        write: impl FnOnce(&mut Writer) -> Result<(), store::Error>,
    ) -> anyhow::Result<Vec<Prepared>> {
        let Record { writer, jobs, .. } = self;
        let (read, written) = std::thread::scope(|scope| {
            let read = scope.spawn(|| parallel::map(originals, *jobs, Original::prepare));
            let written = write(writer);
            (read.join(), written)
        });
        written?;
        Ok(read.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    }

    /// Gives a leaf to whatever has none, and signs the tree.
    fn sign(&mut self) -> anyhow::Result<()> {
        let before = self.log.size();
        self.log.follow(self.originals.reader())?;
        loop {
            let unlogged = self.store().unlogged_readings(BATCH)?;
            if unlogged.is_empty() {
                break;
            }
            let leaves = unlogged.iter().map(|reading| reading_leaf(self.store(), reading));
            let numbers = self.log.append(&leaves.collect::<Result<Vec<_>, _>>()?)?;
            // If we stop here, there are leaves that the rows do not know of; further ones will say the same.
            self.writer.batch(|batch| {
                let mut rows = unlogged.iter().zip(numbers);
                rows.try_for_each(|(reading, leaf)| batch.set_leaf(reading.report, leaf))
            })?;
        }
        self.log.checkpoint()?;
        // None of these leaves is a decision, and the next opening need not look for one in them.
        if self.log.size() > before && decisions_through(self.store())? == before {
            let through = self.log.size().to_string();
            self.writer.batch(|batch| batch.set_state(DECISIONS_THROUGH, &through))?;
        }
        Ok(())
    }

    /// Writes what a person decided into the log, takes it into the rows, and returns the number of its first leaf.
    pub(crate) fn decide(&mut self, decision: &DecisionRow) -> anyhow::Result<u64> {
        self.sign()?;
        let number = self.log.size();
        self.log.append(&decisions::leaves(number, decision))?;
        self.log.checkpoint()?;
        // If we stop here, the next opening takes it from the log.
        self.follow_decisions()?;
        Ok(number)
    }

    /// Takes decisions from the log that the rows do not know.
    fn follow_decisions(&mut self) -> anyhow::Result<()> {
        let known = decisions_through(self.store())?;
        if known >= self.log.size() {
            return Ok(());
        }
        let mut reader = decisions::Reader::default();
        let mut made = Vec::new();
        for leaf in preserve::log::leaves_from(self.store().folder(), known)? {
            let (number, line) = leaf?;
            made.extend(reader.take(number, &line));
        }
        let through = self.log.size().to_string();
        self.writer.batch(|batch| {
            made.iter().try_for_each(|row| batch.put_decision(row))?;
            batch.set_state(DECISIONS_THROUGH, &through)
        })?;
        Ok(())
    }

    fn append(&mut self, arrival: Arrival, step: &mut Step) -> anyhow::Result<Kept> {
        match arrival {
            Arrival::Given(given) => self.append_given(given, step),
            Arrival::Fetched(fetched) => self.append_fetched(fetched, step),
        }
    }

    /// Appends what is new of a file to the originals.
    fn append_given(&mut self, given: Given, step: &mut Step) -> anyhow::Result<Kept> {
        let Given { bytes, uri, mut sighting } = given;
        let digest = sighting.original;
        let known = self.first_received(digest, step)?;
        sighting.first_received = known.unwrap_or(sighting.seen);
        if known.is_some() {
            sighting.seen = self.after_the_last(&sighting, step)?;
            let row = hints::sighting_row(&sighting);
            let is_met = sighting.source == SAID_LATER || self.is_sighted(&row, step)?;
            if is_met && !self.says_more(&row, step)? {
                return Ok(Kept::Known);
            }
        }
        if known.is_none() {
            let (kind, received) = (sighting.kind, sighting.seen);
            let position =
                self.originals.append(&preserve::Original { bytes: &bytes, kind, uri: &uri, received })?;
            step.originals.push(original_row((digest, bytes.len()), kind, received, position));
        }
        self.append_sighting(&sighting, bytes, step)?;
        Ok(if known.is_none() { Kept::New } else { Kept::SeenAgain })
    }

    /// Appends exchanges as they were, and the original in the last of them if it is new.
    fn append_fetched(&mut self, fetched: Fetched, step: &mut Step) -> anyhow::Result<Kept> {
        let Fetched { before, mut exchanges, notes, sighting, unchanged } = fetched;
        let last = exchanges.pop();
        for exchange in before.iter().chain(&exchanges) {
            let notes: Vec<_> = exchange.notes().into_iter().chain(notes.iter().cloned()).collect();
            self.append_exchange(&exchange.to_keep(None, &notes), step)?;
        }
        let Some(last) = last else { return Ok(Kept::Answer) };
        let notes: Vec<_> = last.notes().into_iter().chain(notes).collect();
        match sighting {
            Some(sighting) => self.append_page((last, &notes), sighting, step),
            None => {
                let unchanged = unchanged.map(|digest| (digest, Unchanged::SaidByServer));
                self.append_answer((&last, None, &notes), unchanged, step)?;
                Ok(Kept::Answer)
            }
        }
    }

    /// Appends an answer with an original in it, and its sighting.
    fn append_page(
        &mut self,
        (last, notes): (Exchange, &[Note]),
        mut sighting: Sighting,
        step: &mut Step,
    ) -> anyhow::Result<Kept> {
        let digest = sighting.original;
        if let Some(received) = self.first_received(digest, step)? {
            let again = Some((digest, Unchanged::SameDigest));
            self.append_answer((&last, Some(sighting.kind), notes), again, step)?;
            sighting.first_received = received;
            sighting.seen = self.after_the_last(&sighting, step)?;
            let row = hints::sighting_row(&sighting);
            let is_met = self.is_sighted(&row, step)? && self.is_shown(&row, step)?;
            if is_met && !self.says_more(&row, step)? {
                return Ok(Kept::Known);
            }
            self.append_sighting(&sighting, last.body, step)?;
            return Ok(Kept::SeenAgain);
        }
        let kept = self.append_exchange(&last.to_keep(Some(sighting.kind), notes), step)?;
        if kept.original != Some(digest) {
            return Ok(Kept::Answer);
        }
        let length = last.body.len();
        step.originals.push(original_row((digest, length), sighting.kind, sighting.seen, kept.answer));
        self.append_sighting(&sighting, last.body, step)?;
        Ok(Kept::New)
    }

    /// Appends an answer that brought no new original: as a revisit of what it brought again, if that came over the
    /// web as well. The record of a file is not one that an answer can be a revisit of: such an answer names the
    /// original that it holds once more, so that whoever erases the one finds the other.
    fn append_answer(
        &mut self,
        (last, kind, notes): (&Exchange, Option<Kind>, &[Note]),
        again: Option<(Digest, Unchanged)>,
        step: &mut Step,
    ) -> anyhow::Result<()> {
        let again = match again {
            Some(again) => self.revisited(again, step)?,
            None => None,
        };
        let keep = match &again {
            Some(of) => last.to_keep_unchanged(of.as_ref(), notes),
            None => last.to_keep(kind, notes),
        };
        self.append_exchange(&keep, step).map(drop)
    }

    fn append_exchange(
        &mut self,
        exchange: &preserve::Exchange<'_>,
        step: &mut Step,
    ) -> anyhow::Result<KeptExchange> {
        let kept = self.originals.append_exchange(exchange)?;
        step.through = Some(kept.answer);
        Ok(kept)
    }

    fn append_sighting(
        &mut self,
        sighting: &Sighting,
        bytes: Vec<u8>,
        step: &mut Step,
    ) -> anyhow::Result<()> {
        step.through = Some(self.originals.append_sighting(sighting)?);
        step.sightings.push(hints::sighting_row(sighting));
        step.bytes.insert(sighting.original, bytes);
        Ok(())
    }

    /// Returns when an original was first received, if it is known.
    fn first_received(&self, digest: Digest, step: &Step) -> anyhow::Result<Option<Timestamp>> {
        Ok(match step.received(digest) {
            Some(received) => Some(received),
            None => self.store().original(digest.as_bytes())?.map(|row| row.received_at),
        })
    }

    /// Returns what a further answer refers to that brought an original again; `None` if it was not met on the web.
    fn revisited(
        &self,
        (digest, unchanged): (Digest, Unchanged),
        step: &Step,
    ) -> anyhow::Result<Option<Again>> {
        let Some(first_received) = self.first_received(digest, step)? else { return Ok(None) };
        let old = self.store().sightings(digest.as_bytes())?;
        let new = step.sightings.iter().filter(|row| row.digest == *digest.as_bytes());
        let first = old.iter().chain(new).next().map(|row| row.source.clone());
        let is_web = |source: &String| source.starts_with("http://") || source.starts_with("https://");
        Ok(first.filter(is_web).map(|uri| Again { original: digest, first_received, uri, unchanged }))
    }

    /// Erases an original: its bytes, what was read from it, and what the log says of it.
    pub(crate) fn erase(&mut self, digest: Digest, reason: &str, time: Timestamp) -> anyhow::Result<()> {
        check_reason(reason)?;
        let leaf = leaf_of(self.store().folder(), digest)?;
        let begun = format!("{digest} {leaf} {} {reason}", time.as_second());
        // Signed: rows that somebody else has written must not have anything erased.
        let begun = self.log.sign(&begun);
        self.writer.batch(|batch| batch.set_state(ERASING, &begun))?;
        // Before anything is gone: rows that a power cut takes back would still know what the originals do not.
        self.writer.make_durable()?;
        // If we stop here, or anywhere below, the next opening ends it.
        self.end_erasure()
    }

    /// Ends an erasure that was begun.
    fn end_erasure(&mut self) -> anyhow::Result<()> {
        let Some(begun) = self.store().state(ERASING)?.filter(|begun| !begun.is_empty()) else {
            return Ok(());
        };
        let Some((original, row)) = self.log.signed(&begun).and_then(erasure_in) else {
            return self.refuse_erasure("an erasure is named in the rows that this log has not signed");
        };
        match leaf_of(self.store().folder(), original) {
            Ok(leaf) if leaf != row.leaf => {
                return self.refuse_erasure("an erasure that was ended long ago is named in the rows again");
            }
            // Without a leaf it was done before we stopped.
            Ok(_) | Err(LogError::NothingToErase) => {}
            Err(error) => return Err(error.into()),
        }
        let erasure = Erasure { original, reason: &row.reason, time: row.erased_at };
        match self.log.erase(&mut self.originals, &erasure) {
            Ok(_) | Err(LogError::NothingToErase) => {}
            Err(error @ (LogError::LongReason(_) | LogError::NoRoomForShell { .. })) => {
                // Nothing was begun, and trying again would stop every opening.
                self.writer.batch(|batch| batch.set_state(ERASING, ""))?;
                return Err(error.into());
            }
            Err(error) => return Err(error.into()),
        }
        if let Some(report) = self.store().report_of(original.as_bytes())? {
            withdraw(&mut self.writer, report.id)?;
        }
        self.writer.batch(|batch| batch.forget(original.as_bytes(), &row))?;
        let (store, reader) = (Store::open(self.store().folder())?, self.reader().clone());
        // An index only marks what is deleted; made anew, it holds no word of it.
        self.writer.rebuild_index(|report| indexed(&store, &reader, report))?;
        drop(store);
        self.writer.scour()?;
        // If we stop here, everything is forgotten, and the next opening does the last steps once more.
        self.writer.batch(|batch| batch.set_state(ERASING, "")).map_err(anyhow::Error::from)
    }

    /// Drops an erasure that the rows name and nobody here has begun.
    fn refuse_erasure(&mut self, why: &str) -> anyhow::Result<()> {
        self.damaged.insert(format!("record.db: {why}; nothing was erased by it"));
        self.writer.batch(|batch| batch.set_state(ERASING, "")).map_err(anyhow::Error::from)
    }

    fn is_sighted(&self, row: &SightingRow, step: &Step) -> anyhow::Result<bool> {
        let same = |other: &SightingRow| {
            (&other.digest, &other.source, other.line, other.byte_offset)
                == (&row.digest, &row.source, row.line, row.byte_offset)
        };
        Ok(step.sightings.iter().any(same) || self.store().sightings(&row.digest)?.iter().any(same))
    }

    /// Returns when an original was seen at a place, but at least a second after it was seen there last: rows tell two
    /// sightings at one place apart by their seconds, and what was given first stays first also where a clock was set back.
    fn after_the_last(&self, sighting: &Sighting, step: &Step) -> anyhow::Result<Timestamp> {
        let row = hints::sighting_row(sighting);
        let old = self.store().sightings(&row.digest)?;
        let new = step.sightings.iter().filter(|other| other.digest == row.digest);
        let here = old.iter().chain(new).filter(|other| {
            (&other.source, other.line, other.byte_offset) == (&row.source, row.line, row.byte_offset)
        });
        let next =
            here.filter_map(|other| other.seen_at.checked_add(jiff::SignedDuration::from_secs(1)).ok());
        Ok(next.max().map_or(sighting.seen, |next| next.max(sighting.seen)))
    }

    /// Tells whether a sighting of a known original says a day or an outlet that nothing before has said: then it is worth
    /// keeping though the place is known.
    fn says_more(&self, row: &SightingRow, step: &Step) -> anyhow::Result<bool> {
        let mut known = self.store().sightings(&row.digest)?;
        known.extend(step.sightings.iter().filter(|other| other.digest == row.digest).cloned());
        Ok(hints::says_more(&known, row))
    }

    /// Keeps what somebody says later of an original, and reads it again by that.
    pub(crate) fn say_later(&mut self, original: Digest, said: Said) -> anyhow::Result<Kept> {
        let row = self.store().original(original.as_bytes())?;
        let row = row.context("this original is not in the record any more")?;
        let Original { bytes, kind, metadata, .. } = self.original(&row)?;
        let Said { published, outlet } = said;
        let sighting = Sighting {
            original,
            first_received: row.received_at,
            seen: clock::now()?,
            source: SAID_LATER.to_owned(),
            line: None,
            byte_offset: 0,
            kind,
            hints: Metadata { id: metadata.id, published, outlet, ..Metadata::default() },
            capture: None,
        };
        let given = Given { bytes, uri: String::new(), sighting };
        let kept = self.keep(vec![Arrival::Given(given)])?;
        Ok(kept.first().copied().unwrap_or(Kept::Known))
    }

    /// Tells whether an original is the last that was met at its address: a page may go back to an earlier version.
    fn is_shown(&self, row: &SightingRow, step: &Step) -> anyhow::Result<bool> {
        let new = step.sightings.iter().rfind(|other| other.source == row.source).map(|other| other.digest);
        let last = match new {
            Some(digest) => Some(digest),
            None => self.store().versions(&row.source)?.pop().map(|(digest, _)| digest),
        };
        Ok(last == Some(row.digest))
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
            let mut records = Vec::new();
            for record in scan.by_ref().take(BATCH) {
                records.extend(sound(record.map_err(anyhow::Error::from), &mut self.damaged)?);
            }
            adopted += self.writer.batch(|batch| adopt_batch(batch, records))?;
        }
        Ok(adopted)
    }

    /// Reads the originals that have no reading by this version, and tells after each batch how many that were.
    ///
    /// While one batch is written the next is read: a run that stops loses these two, and the next one goes on with them.
    pub(crate) fn read_unread(&mut self, mut progress: impl FnMut(u64)) -> anyhow::Result<u64> {
        let (mut read, mut waiting) = (0, 0);
        let mut readings: Vec<Prepared> = Vec::new();
        let mut last: Option<OriginalRow> = None;
        // Mostly all are read, and then the originals are counted and not gone through.
        let mut are_more = !self.store().are_all_read(extract::VERSION)?;
        while are_more || waiting > 0 {
            let mut rows = match are_more {
                true => self.store().unread(extract::VERSION, last.as_ref(), (BATCH, BATCH_BYTES))?,
                false => Vec::new(),
            };
            let mut originals = Vec::new();
            for row in &rows {
                let original = self.original(row);
                originals.extend(sound(original, &mut self.damaged)?);
            }
            readings = self.read_while(&originals, |writer| match readings.is_empty() {
                true => Ok(()),
                false => writer.batch(|batch| put_readings(batch, &readings)),
            })?;
            read += waiting;
            if waiting > 0 {
                // If we stop here, the next opening reads the others.
                preserve::step::done("batch-read");
                progress(read);
            }
            (waiting, are_more) = (rows.len() as u64, !rows.is_empty());
            last = rows.pop();
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
        self.writer.catch_up(|report| indexed(&rows, &reader, report))
    }

    /// Drops all readings, checks that the rows know every original in the segments, and reads all again.
    pub(crate) fn reindex(&mut self, progress: impl FnMut(u64)) -> anyhow::Result<u64> {
        self.adopt(None)?;
        self.writer.batch(|batch| {
            batch.clear_decisions()?;
            batch.set_state(DECISIONS_THROUGH, "0")
        })?;
        // If we stop here, the next opening takes the decisions from the log.
        self.follow_decisions()?;
        self.writer.clear_readings()?;
        // If we stop here, the next opening reads what is unread.
        self.read_unread(progress)
    }
}

/// Returns the number of leaves of the log whose decisions the rows know.
pub(crate) fn decisions_through(store: &Store) -> Result<u64, store::Error> {
    Ok(store.state(DECISIONS_THROUGH)?.and_then(|count| count.parse().ok()).unwrap_or(0))
}

/// Takes a result apart: damage is written down and stops only the original that it befell, other errors stop all.
pub(crate) fn sound<T>(
    found: anyhow::Result<T>,
    damaged: &mut BTreeSet<String>,
) -> anyhow::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) => match error.downcast_ref::<preserve::Error>() {
            Some(preserve::Error::Damaged(damage)) => {
                damaged.insert(damage.to_string());
                Ok(None)
            }
            _ => Err(error),
        },
    }
}

/// Returns the words by which a report is found.
fn indexed(rows: &Store, reader: &Reader, report: &StoredReport) -> anyhow::Result<String> {
    let row = rows.original(&report.row.digest)?.context("a report without its original")?;
    Ok(searchable(&original(rows, reader, &row)?.read().report))
}

/// Makes the leaf of a reading: which original, which reader, and the digest of all that it found, line by line.
pub(crate) fn reading_leaf(store: &Store, reading: &LoggedReading) -> Result<Leaf, store::Error> {
    let mut claims = Sha256::new();
    store.bodies(reading.report, |body| {
        claims.update(body);
        claims.update("\n");
    })?;
    let claims = Digest::from_bytes(claims.finalize().into()).to_string();
    let original = Digest::from_bytes(reading.digest).to_string();
    let fields = [("original", &original), ("reader", &reading.reader_version), ("claims", &claims)];
    Ok(Leaf::new("reading", &fields.map(|(name, value)| (name, Field::Text(value)))))
}

/// Reads which erasure was begun.
fn erasure_in(begun: &str) -> Option<(Digest, ErasureRow)> {
    let mut parts = begun.splitn(4, ' ');
    let digest = parts.next()?.parse().ok()?;
    let leaf = parts.next()?.parse().ok()?;
    let erased_at = Timestamp::from_second(parts.next()?.parse().ok()?).ok()?;
    Some((digest, ErasureRow { leaf, erased_at, reason: parts.next()?.to_owned() }))
}

/// Finds the leaf of the record that an original stands in.
pub(crate) fn leaf_of(record: &Path, original: Digest) -> Result<u64, LogError> {
    leaf_among(preserve::log::leaves(record)?, original)
}

fn leaf_among(
    leaves: impl Iterator<Item = Result<(u64, preserve::log::Line), LogError>>,
    original: Digest,
) -> Result<u64, LogError> {
    for leaf in leaves {
        let (number, line) = leaf?;
        let is_it = |leaf: &Leaf| leaf.kind() == "record" && leaf.digest("original") == Some(original);
        if line.leaf().is_some_and(is_it) {
            return Ok(number);
        }
    }
    Err(LogError::NothingToErase)
}

/// Leaves that lie between that of an original and that of its reading, at most, where it was read as it came: some of each
/// original, sighting and exchange of its batch and of the next.
const BETWEEN: u64 = 8_192;

/// The same where the batches are of 256 reports that were each met in one place.
const USUALLY_BETWEEN: u64 = 1_300;

/// Finds the leaf of the record that an original stands in, near the leaf of its reading if there is one: the log of a
/// large record takes a second to go through.
pub(crate) fn leaf_near(record: &Path, original: Digest, reading: Option<u64>) -> Result<u64, LogError> {
    if let Some(reading) = reading {
        for between in [USUALLY_BETWEEN, BETWEEN] {
            let first = reading.saturating_sub(between);
            let near = preserve::log::leaves_from(record, first)?.take(between as usize);
            if let Ok(number) = leaf_among(near, original) {
                return Ok(number);
            }
        }
    }
    leaf_of(record, original)
}

/// An original that an answer brought again.
struct Again {
    original: Digest,
    first_received: Timestamp,
    uri: String,
    unchanged: Unchanged,
}

impl Again {
    fn as_ref(&self) -> Revisited<'_> {
        let Again { original, first_received, uri, unchanged } = self;
        Revisited { original: *original, first_received: *first_received, uri, unchanged: *unchanged }
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

    fn put(&self, batch: &mut Batch<'_>) -> Result<(), store::Error> {
        for row in &self.originals {
            batch.put_original(row)?;
        }
        for row in &self.sightings {
            batch.put_sighting(row)?;
        }
        if let Some(through) = self.through {
            batch.set_state(KEPT_THROUGH, &position_text(through))?;
        }
        Ok(())
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
        let Prepared { report, claims, sketch, text, told } = reading;
        let report = batch.put_reading(Reading { report, sketch: Some(sketch), claims, text })?;
        batch.put_told(report, told)?;
    }
    Ok(())
}

fn adopt_batch(batch: &mut Batch<'_>, records: Vec<(Position, Stored)>) -> anyhow::Result<u64> {
    let mut adopted = 0;
    for (position, stored) in records {
        match stored {
            Stored::Resource(resource) => {
                let (digest, length) = (resource.digest, resource.bytes.len());
                let row = original_row((digest, length), resource.kind, resource.received, position);
                adopted += u64::from(batch.put_original(&row)? == Put::New);
            }
            Stored::Sighting(sighting) => {
                let row = hints::sighting_row(&sighting);
                // It may say what the reading does not know.
                if batch.put_sighting(&row)? == Put::New {
                    batch.set_unread(&row.digest)?;
                }
            }
        }
        batch.set_state(KEPT_THROUGH, &position_text(position))?;
    }
    Ok(adopted)
}

fn original_row(
    (digest, length): (Digest, usize),
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
    format!("{} {} {}", position.segment, position.offset, position.stored_length)
}

/// Returns where the rows' knowledge of the originals ends; `None` if they know of none.
pub(crate) fn kept_through(store: &Store) -> anyhow::Result<Option<Position>> {
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
