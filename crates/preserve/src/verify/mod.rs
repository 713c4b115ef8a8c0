mod files;
mod leaves;
mod stamps;
mod stored;

use std::collections::HashSet;
use std::num::NonZero;
use std::path::Path;

use crate::log::leaves::{LeafFiles, PER_FILE};
use crate::log::seal::SealedFile;
use crate::log::tree::read_at_most;
use crate::log::{
    BadCheckpoint, Checkpoint, Cosigned, Fault, Keys, LONGEST_CHECKPOINT, VerifierKey, Wrong, is_begun, kept,
    kept_sizes, key, last_stored, seal,
};
use crate::reader::length_of;
use crate::stamp::{Roots, Stamp, StampName};
use crate::{Error, Reader};
use leaves::Tree;
use stored::Work;

/// What is to be verified beside the record itself.
#[derive(Debug, Clone, Default)]
pub struct Verification {
    /// How far to look into the stored records.
    pub depth: Depth,
    /// Checkpoints from earlier days that were kept elsewhere.
    pub older: Vec<Vec<u8>>,
    /// The verifier key that the log has to have. Without it, the one in the record is believed.
    pub key: Option<VerifierKey>,
    /// The certificates by which authorities of time stamps are trusted. Without any, none is checked.
    pub roots: Roots,
    /// How many threads hash. Without it, as many as there are cores.
    pub threads: Option<NonZero<usize>>,
}

/// How far stored records are looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Depth {
    /// Their stored bytes are those that the log speaks of.
    #[default]
    Stored,
    /// Each is unpacked as well, and read.
    Unpacked,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// What is damaged, in order of files. Empty: all is as it was kept.
    pub faults: Vec<Fault>,
    /// How many more there are than are listed.
    pub more: u64,
    /// The leaves of the log.
    pub leaves: u64,
    /// Those of them that were erased.
    pub erased: u64,
    /// The stored records that were checked, and the bytes of them.
    pub records: u64,
    /// See `records`.
    pub bytes: u64,
    /// The checkpoints of the record that were checked.
    pub checkpoints: u64,
    /// The newest checkpoint, if it can be read.
    pub newest: Option<Checkpoint>,
    /// Who has cosigned the newest checkpoint.
    pub cosigned: Vec<Cosigned>,
    /// The time stamps that hold.
    pub stamps: Vec<(StampName, Stamp)>,
    /// Whether rows, search index and time stamps are as the last run left them.
    pub seal: Seal,
}

/// Whether a record is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Seal {
    /// The last run has not ended, or was cut off. Rows and search index were not checked.
    #[default]
    Absent,
    /// There is a seal, and what is wrong with it or with what is under it is among the faults.
    Checked,
}

/// The name under which an older checkpoint stands in a fault.
fn older_name(number: usize) -> String {
    format!("(older checkpoint {})", number + 1)
}

/// Faults beyond this number are counted only: a record that is all wrong must not fill the memory.
const LISTED: usize = 10_000;

/// Collects what is wrong.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    faults: Vec<Fault>,
    more: u64,
}

impl Findings {
    pub(crate) fn add(&mut self, fault: Fault) {
        if self.faults.len() < LISTED { self.faults.push(fault) } else { self.more += 1 }
    }

    pub(crate) fn extend(&mut self, faults: impl IntoIterator<Item = Fault>) {
        faults.into_iter().for_each(|fault| self.add(fault));
    }
}

/// Verifies a record: that what is there is what was kept, no more and no less.
///
/// Needs nothing but the folder: no configuration, no private key, no lock. It reads all leaves, makes the tree from
/// them and compares it with tiles and checkpoints, and hashes all stored records on all cores. What `docs/formats/record.md`
/// says under "What a verifier does" is what is done. A record that a run is writing to at this moment is not found whole.
///
/// # Errors
/// Only if the system refuses to read. Damage is in the [`Report`].
pub fn verify(record: &Path, verification: &Verification) -> Result<Report, Error> {
    let folder = record.join("log");
    let mut findings = Findings::default();
    let mut report = Report::default();
    let keys = keys(&folder, verification, &mut findings)?;
    let mut tree = Tree::default();
    checkpoints(&folder, keys.as_ref(), (&mut tree, &mut report, &mut findings))?;
    for (number, older) in verification.older.iter().enumerate() {
        let fault = |bad| Fault::of(older_name(number), Wrong::Checkpoint(bad));
        match Checkpoint::parse(older).and_then(|older| signed(&older, keys.as_ref()).map(|_| older)) {
            Ok(older) => tree.expect(older_name(number), &older),
            Err(bad) => findings.add(fault(bad)),
        }
    }
    if is_begun(&folder) {
        findings.add(Fault::of("log/erasing", Wrong::ErasureBegun));
    }
    let leaves = tree.read(&folder, report.newest.as_ref(), &mut findings)?;
    report.leaves = leaves.count;
    report.erased = leaves.erased;
    files::check(&folder, &leaves, &mut findings)?;
    report.stamps = stamps::check(&folder, &verification.roots, &mut findings)?;
    let mut work = Work::new(record, verification);
    (report.records, report.bytes) = work.originals(&leaves, &mut findings)?;
    if let Some(keys) = &keys {
        report.seal = sealed(record, (keys, leaves.count), |_| false, (&mut work, &mut findings))?;
    }
    work.hash(&mut findings)?;
    findings.faults.sort_unstable();
    findings.faults.dedup();
    (report.faults, report.more) = (findings.faults, findings.more);
    Ok(report)
}

fn keys(folder: &Path, verification: &Verification, findings: &mut Findings) -> Result<Option<Keys>, Error> {
    let keys = key::public(folder)?;
    let own = keys.as_ref().map(|keys| &keys.log);
    if own.is_none() || verification.key.as_ref().is_some_and(|key| Some(key) != own) {
        findings.add(Fault::of("log/key", Wrong::OtherKey));
    }
    Ok(match (&verification.key, keys) {
        (Some(key), keys) => {
            let witnesses = keys.map_or_else(Vec::new, |keys| keys.witnesses);
            Some(Keys { log: key.clone(), witnesses })
        }
        (None, keys) => keys,
    })
}

fn signed(checkpoint: &Checkpoint, keys: Option<&Keys>) -> Result<Vec<Cosigned>, BadCheckpoint> {
    keys.map_or(Err(BadCheckpoint::BadSignature), |keys| checkpoint.check(keys))
}

/// Checks the signatures of all checkpoints that are kept, and has their trees checked.
fn checkpoints(
    folder: &Path,
    keys: Option<&Keys>,
    (tree, report, findings): (&mut Tree, &mut Report, &mut Findings),
) -> Result<(), Error> {
    for size in kept_sizes(folder)? {
        let file = format!("log/checkpoints/{size}");
        let checkpoint = match kept(folder, size)? {
            Ok(checkpoint) => checkpoint,
            Err(fault) => {
                findings.add(fault);
                continue;
            }
        };
        report.checkpoints += 1;
        let checked = keys.map_or(Err(BadCheckpoint::BadSignature), |keys| checkpoint.check_all(keys));
        match checked {
            Ok(cosigned) => report.cosigned = cosigned,
            Err(bad) => findings.add(Fault::of(file.as_str(), Wrong::Checkpoint(bad))),
        }
        tree.expect(file, &checkpoint);
        report.newest = Some(checkpoint);
    }
    let newest = read_at_most(&folder.join("checkpoint"), LONGEST_CHECKPOINT)?;
    match (newest, &report.newest) {
        (None, _) => findings.add(Fault::of("log/checkpoint", Wrong::Missing)),
        (Some(bytes), Some(newest)) if bytes == newest.bytes() => {}
        (Some(_), _) => findings.add(Fault::of("log/checkpoint", Wrong::NotTheNewest)),
    }
    Ok(())
}

/// Finds what is not as the last run sealed it, before a run goes on from there: no faults if there is no seal.
///
/// Looks at the files under the seal, at the number of leaves, and for bytes in `originals/` that no leaf speaks of:
/// the three places from which a run takes over what it finds. A run removes the seal before it changes any of them,
/// so a crash leaves no such difference. Rows and index that are gone altogether are no fault: they are made again.
/// A file that the system says nobody wrote to since is not read; [`verify`] reads it.
///
/// # Errors
/// Only if the system refuses to read.
pub fn changed_since_sealed(record: &Path) -> Result<Vec<Fault>, Error> {
    let folder = record.join("log");
    if !folder.join("seal").exists() {
        return Ok(Vec::new());
    }
    let mut findings = Findings::default();
    let Some(keys) = key::public(&folder)? else {
        return Ok(vec![Fault::of("log/key", Wrong::OtherKey)]);
    };
    let mut work = Work::new(record, &Verification::default());
    let is_untouched = |file: &SealedFile| file.is_untouched(record);
    sealed(record, (&keys, count_leaves(&folder)?), is_untouched, (&mut work, &mut findings))?;
    behind_leaves(record, &mut findings)?;
    work.hash(&mut findings)?;
    let is_made_again = |fault: &Fault| match fault.wrong {
        Wrong::Missing => fault.file == "record.db" || fault.file.starts_with("index/"),
        Wrong::Foreign => fault.file.starts_with("index/"),
        _ => false,
    };
    findings.faults.retain(|fault| !is_made_again(fault));
    findings.faults.sort_unstable();
    Ok(findings.faults)
}

/// Counts the lines in the files of leaves, in which only the last may hold fewer than fit.
fn count_leaves(folder: &Path) -> Result<u64, Error> {
    let leaves = LeafFiles::of(folder);
    let Some(last) = leaves.files()?.pop() else { return Ok(0) };
    let mut count = last * PER_FILE;
    for found in leaves.read_file(last) {
        found?;
        count += 1;
    }
    Ok(count)
}

/// Finds bytes behind the last stored record that a leaf speaks of.
fn behind_leaves(record: &Path, findings: &mut Findings) -> Result<(), Error> {
    let last = last_stored(&LeafFiles::of(&record.join("log")))?;
    let reader = Reader::new(record.join("originals"));
    for segment in reader.segments()? {
        let end = match last {
            Some(last) if segment < last.segment => continue,
            Some(last) if segment == last.segment => last.end(),
            _ => 0,
        };
        let length = length_of(&reader.path(segment))?.unwrap_or(0);
        if length > end {
            let file = format!("originals/{}", segment.file_name());
            findings.add(Fault::at(file, end, Wrong::WithoutLeaf(length - end)));
        }
    }
    Ok(())
}

/// Checks the seal, and has the files under it hashed, but for those that are `taken_for_same`.
fn sealed(
    record: &Path,
    (keys, leaves): (&Keys, u64),
    taken_for_same: impl Fn(&SealedFile) -> bool,
    (work, findings): (&mut Work, &mut Findings),
) -> Result<Seal, Error> {
    let Some(seal) = seal::read(record, keys)? else { return Ok(Seal::Absent) };
    match seal {
        Err(fault) => findings.add(fault),
        Ok(sealed) => {
            let mut files = sealed.files;
            if sealed.leaves != leaves {
                findings.add(Fault::of("log/seal", Wrong::OldSeal(sealed.leaves)));
            }
            let there = seal::sealed_paths(record)?;
            let known: HashSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
            let foreign = there.iter().filter(|path| !known.contains(path.as_str()));
            findings.extend(foreign.map(|path| Fault::of(path.as_str(), Wrong::Foreign)));
            // What SQLite finds in this file it takes for rows.
            let log_of_rows = record.join("record.db-wal");
            if log_of_rows.metadata().is_ok_and(|wal| wal.len() > 0) {
                findings.add(Fault::of("record.db-wal", Wrong::Foreign));
            }
            files.retain(|file| !taken_for_same(file));
            work.sealed(files, findings)?;
        }
    }
    Ok(Seal::Checked)
}

#[cfg(test)]
mod tests;
