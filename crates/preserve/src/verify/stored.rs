use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use model::Digest;
use sha2::{Digest as _, Sha256};

use crate::log::leaves::names;
use crate::log::seal::SealedFile;
use crate::log::{Fault, Wrong};
use crate::reader::length_of;
use crate::verify::leaves::FromLeaves;
use crate::verify::{Depth, Findings, Verification};
use crate::{Error, Position, Reader, Segment};

/// What is to be hashed.
#[derive(Debug)]
enum Task {
    /// Records that follow each other in one segment.
    Records(Vec<(Position, Digest)>),
    /// One file under the seal.
    Sealed(SealedFile),
}

/// All that is to be hashed, on all cores.
#[derive(Debug)]
pub(crate) struct Work {
    record: PathBuf,
    reader: Reader,
    depth: Depth,
    threads: usize,
    tasks: Vec<Task>,
}

/// The bytes of one task: enough that reading is fast, few enough that all cores have some.
const AT_ONCE: u64 = 1 << 22;

impl Work {
    pub(crate) fn new(record: &Path, verification: &Verification) -> Work {
        let threads = verification.threads.or_else(|| thread::available_parallelism().ok());
        Work {
            record: record.to_owned(),
            reader: Reader::new(record.join("originals")),
            depth: verification.depth,
            threads: threads.map_or(1, NonZero::get),
            tasks: Vec::new(),
        }
    }

    /// Checks that records cover their segments from the first byte to the last, and has them hashed.
    ///
    /// Returns how many there are, and how many bytes.
    pub(crate) fn originals(
        &mut self,
        leaves: &FromLeaves,
        findings: &mut Findings,
    ) -> Result<(u64, u64), Error> {
        self.foreign(findings)?;
        let mut segments: BTreeMap<Segment, Vec<(Position, Digest)>> = BTreeMap::new();
        for segment in self.reader.segments()? {
            segments.insert(segment, Vec::new());
        }
        for member in &leaves.members {
            segments.entry(member.0.segment).or_default().push(*member);
        }
        let (mut records, mut bytes) = (0, 0);
        for (segment, mut members) in segments {
            members.sort_unstable_by_key(|(position, _)| *position);
            self.cover(segment, &members, findings)?;
            records += members.len() as u64;
            bytes += members.iter().map(|(position, _)| position.stored_length).sum::<u64>();
        }
        Ok((records, bytes))
    }

    /// Finds files that are no segments, beside those whose names begin with a dot.
    fn foreign(&self, findings: &mut Findings) -> Result<(), Error> {
        let names = names(&self.record.join("originals"))?;
        let foreign =
            names.iter().filter(|name| !name.starts_with('.') && Segment::from_file_name(name).is_none());
        findings.extend(foreign.map(|name| Fault::of(format!("originals/{name}"), Wrong::Foreign)));
        Ok(())
    }

    fn cover(
        &mut self,
        segment: Segment,
        members: &[(Position, Digest)],
        findings: &mut Findings,
    ) -> Result<(), Error> {
        let file = || format!("originals/{}", segment.file_name());
        let Some(length) = length_of(&self.reader.path(segment))? else {
            findings.add(Fault::of(file(), Wrong::Missing));
            return Ok(());
        };
        let mut at = 0;
        let mut task = Vec::new();
        for (position, digest) in members {
            let gap = position.offset.saturating_sub(at);
            if gap > 0 && at < length {
                findings.add(Fault::at(file(), at, Wrong::WithoutLeaf(gap)));
            } else if position.offset < at {
                findings.add(Fault::at(file(), position.offset, Wrong::Overlap));
            }
            at = at.max(position.end());
            if position.end() > length {
                findings.add(Fault::at(file(), position.offset, Wrong::CutShort(position.stored_length)));
            } else {
                task.push((*position, *digest));
            }
            let first = task.first().map_or(at, |(first, _): &(Position, _)| first.offset);
            if at - first >= AT_ONCE {
                self.tasks.push(Task::Records(std::mem::take(&mut task)));
            }
        }
        self.tasks.push(Task::Records(task));
        if at < length {
            findings.add(Fault::at(file(), at, Wrong::WithoutLeaf(length - at)));
        }
        Ok(())
    }

    /// Has files under the seal hashed.
    pub(crate) fn sealed(&mut self, files: Vec<SealedFile>, findings: &mut Findings) -> Result<(), Error> {
        for file in files {
            match length_of(&self.record.join(&file.path))? {
                None => findings.add(Fault::of(file.path, Wrong::Missing)),
                Some(length) if length != file.length => findings.add(Fault::of(file.path, Wrong::Changed)),
                Some(_) => self.tasks.push(Task::Sealed(file)),
            }
        }
        Ok(())
    }

    /// Hashes everything.
    pub(crate) fn hash(&self, findings: &mut Findings) -> Result<(), Error> {
        let next = AtomicUsize::new(0);
        let results: Vec<Result<Findings, Error>> = thread::scope(|scope| {
            let threads = self.threads.min(self.tasks.len());
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| self.worker(&next))).collect();
            workers.into_iter().map(|worker| worker.join().expect("a worker does not panic")).collect()
        });
        for result in results {
            let found = result?;
            findings.more += found.more;
            findings.extend(found.faults);
        }
        Ok(())
    }

    fn worker(&self, next: &AtomicUsize) -> Result<Findings, Error> {
        let mut findings = Findings::default();
        let mut buffer = Vec::new();
        while let Some(task) = self.tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
            match task {
                Task::Records(members) => self.records(members, &mut buffer, &mut findings)?,
                Task::Sealed(file) => {
                    if !file.is_same(&self.record)? {
                        findings.add(Fault::of(file.path.as_str(), Wrong::Changed));
                    }
                }
            }
        }
        Ok(findings)
    }

    fn records(
        &self,
        members: &[(Position, Digest)],
        buffer: &mut Vec<u8>,
        findings: &mut Findings,
    ) -> Result<(), Error> {
        let Some((first, _)) = members.first() else { return Ok(()) };
        let path = self.reader.path(first.segment);
        let mut file = File::open(&path).map_err(Error::io(&path))?;
        for (position, digest) in members {
            let file_name = || format!("originals/{}", position.segment.file_name());
            if hash_range(&mut file, *position, buffer).map_err(Error::io(&path))? != *digest {
                findings.add(Fault::at(file_name(), position.offset, Wrong::Changed));
            } else if self.depth == Depth::Unpacked
                && let Err(unread) = self.reader.stored(*position)?
            {
                findings.add(Fault::at(file_name(), position.offset, Wrong::Unreadable(unread.damage)));
            }
        }
        Ok(())
    }
}

/// Hashes the bytes at a position.
fn hash_range(file: &mut File, position: Position, buffer: &mut Vec<u8>) -> io::Result<Digest> {
    file.seek(SeekFrom::Start(position.offset))?;
    let mut hash = Sha256::new();
    let mut left = position.stored_length;
    while left > 0 {
        buffer.clear();
        let read = file.by_ref().take(left.min(1 << 20)).read_to_end(buffer)?;
        if read == 0 {
            // The file has become shorter since it was looked at; then the digest is not the one that was kept.
            break;
        }
        hash.update(&*buffer);
        left -= read as u64;
    }
    Ok(Digest::from_bytes(hash.finalize().into()))
}
