//! The log: what was kept, read and decided, so that nothing can be slipped in, changed or dropped unseen.
//!
//! Each stored record, each reading and each act of a person is a [`Leaf`]. Leaves are appended to files of lines and
//! never change; a tree of hashes is made over them (C2SP tlog-tiles), and its head is signed: a [`Checkpoint`]. Who
//! has a checkpoint from some day can see for ever after whether all that was there on that day still is. Into the
//! tree goes only a salted digest of a leaf, so that a leaf can be erased and the tree stays as it is.
//!
//! [`Log`] is opened together with the [`Originals`] of a record, by one run at a time. What is on disk is described
//! in `docs/formats/record.md`.
//!
//! # Order
//! Originals are synced first; then the caller commits its rows; then the leaves are synced; then the tiles, then the
//! checkpoint. Only then may anything be reported as kept. Whatever lies between two of these when a run is cut off
//! is made good when the record is opened, by the same steps that a run takes.

mod erase;
mod fault;
pub(crate) mod key;
pub(crate) mod leaf;
pub(crate) mod leaves;
mod note;
mod proof;
pub(crate) mod seal;
pub(crate) mod tree;
mod witness;

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};

use model::Digest;

use crate::durable::{make_folder, remove_durably, sync_folder, write_durably};
use crate::members::Member;
use crate::originals::lock;
use crate::{Error, Originals, Position, Reader, step};
use key::Begun;
use leaf::LONGEST;
use leaves::{LeafFiles, Lines, PER_FILE, names};
pub(crate) use note::LONGEST_CHECKPOINT;
use note::SigningLog;
use seal::Sealed;
use tree::{Frontier, drop_parts, read_at_most, write_tiles};

pub(crate) use erase::is_begun;
pub use erase::{Erased, Erasure, LONGEST_REASON, check_reason};
pub use fault::{Fault, LogError, Wrong};
pub use leaf::{Field, Leaf, Line, NotALeaf};
pub use note::{BadCheckpoint, Checkpoint, Cosigned, Keys, NotAKey, SigningWitness, VerifierKey};
pub use proof::{BadProof, ConsistencyProof, Disclosure, InclusionProof, prove, prove_consistency};
#[cfg(any(test, feature = "testing"))]
pub use witness::TestWitness;
pub use witness::{NotCosigned, Post, Reply, Witness};

/// The log of one record, open to be added to.
#[derive(Debug)]
pub struct Log {
    record: PathBuf,
    folder: PathBuf,
    leaves: LeafFiles,
    key: SigningLog,
    /// The tree over all leaves that are synced.
    tree: Frontier,
    /// The newest checkpoint.
    newest: Option<Checkpoint>,
    /// The last stored record that a leaf speaks of.
    last: Option<Position>,
    /// What the last run sealed, if it ended.
    sealed: Option<Sealed>,
    /// Whether a write failed, so that what is on disk is not known for certain.
    unsure: bool,
    /// Held while this value lives.
    _lock: File,
}

/// What was made good when a log was opened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mended {
    /// The number of bytes of leaves that had been cut short, and were taken away. Nobody was told of them.
    pub cut_short: u64,
    /// The number of stored records that had no leaf, and now have one.
    pub without_leaf: u64,
    /// Whether the tiles were made anew from the leaves.
    pub tiles: bool,
    /// An erasure that was not ended, since this log has not begun it.
    pub refused: Option<Fault>,
}

const LEAVES_AT_ONCE: usize = 1024;

impl Log {
    /// Opens the log of the record folder, and makes it if there is none.
    ///
    /// Makes good whatever an earlier run left undone: afterwards every stored record has its leaf. The new leaves
    /// are under no checkpoint before [`checkpoint`](Log::checkpoint) is called. `origin` names a new log; without
    /// one it gets a random name.
    ///
    /// # Errors
    /// [`LogError::Damaged`] if the leaves are not those that were signed. Such a log is not added to.
    pub fn open(
        record: &Path,
        originals: &mut Originals,
        origin: Option<&str>,
    ) -> Result<(Log, Mended), LogError> {
        let folder = record.join("log");
        let leaves = LeafFiles::of(&folder);
        make_folder(leaves.folder())?;
        make_folder(&folder.join("checkpoints"))?;
        let lock = lock(&folder)?;
        let newest = newest_checkpoint(&folder)?;
        let begun = if newest.is_none() && leaves.files()?.is_empty() { Begun::No } else { Begun::Yes };
        let key = key::open(record, begun, origin)?;
        let keys = key::public(&folder)?;
        let sealed = keys.map(|keys| seal::read(record, &keys)).transpose()?.flatten().and_then(Result::ok);
        remove_durably(&folder.join("seal"))?;
        // If we stop here, the record has no seal, as if the last run had not ended.
        step::done("seal-removed");
        let mut mended = Mended::default();
        let tree = signed_tree(&folder, newest.as_ref(), &key, &mut mended)?;
        let record = record.to_owned();
        let mut log =
            Log { record, folder, leaves, key, tree, newest, last: None, sealed, unsure: false, _lock: lock };
        log.take_up(&mut mended)?;
        if log.newest.as_ref().map_or(0, Checkpoint::size) < log.size() {
            // Tiles of this tree may be there already, and belong there only if it was signed.
            log.checkpoint()?;
        }
        mended.refused = log.end_erasure(originals)?;
        log.last = last_stored(&log.leaves)?;
        mended.without_leaf = log.follow(originals.reader())?;
        Ok((log, mended))
    }

    /// Returns the key that others check this log with.
    pub fn key(&self) -> &VerifierKey {
        &self.key.public
    }

    /// Signs words that are kept outside of the log, so that it is seen later whether this log's keeper wrote them.
    pub fn sign(&self, words: &str) -> String {
        let signed = self.key.sign_with_body(&self.words_head(), words);
        String::from_utf8(signed).expect("a note is text, and so are the words")
    }

    /// Returns words that [`sign`](Log::sign) has signed; `None` if it has not.
    pub fn signed<'a>(&self, signed: &'a str) -> Option<&'a str> {
        let keys = Keys { log: self.key.public.clone(), witnesses: Vec::new() };
        let (head, words) = keys.text_and_body_of(signed.as_bytes())?;
        (head == self.words_head()).then_some(words)
    }

    fn words_head(&self) -> String {
        format!("credence-words/v1 {}\n", self.key.origin())
    }

    /// Returns the number of leaves.
    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    /// Returns the newest checkpoint.
    pub fn newest(&self) -> Option<&Checkpoint> {
        self.newest.as_ref()
    }

    /// Adds leaves, and returns their numbers. They are synced when this returns, but under no checkpoint yet.
    pub fn append(&mut self, leaves: &[Leaf]) -> Result<Range<u64>, LogError> {
        if let Some(leaf) = leaves.iter().find(|leaf| leaf.json().len() > LONGEST) {
            return Err(LogError::TooLong(leaf.json().len()));
        }
        self.trusting(|log| {
            let first = log.size();
            for some in leaves.chunks(LEAVES_AT_ONCE) {
                log.write(some)?;
            }
            Ok(first..log.size())
        })
    }

    /// Adds a leaf for each stored record that has none, and returns how many.
    ///
    /// This is how leaves of records are made, in a run and after one that was cut off alike: what the leaf says is
    /// what is found on disk.
    pub fn follow(&mut self, originals: &Reader) -> Result<u64, LogError> {
        let mut added = 0;
        let mut some = Vec::new();
        for member in originals.members_after(self.last)? {
            let member = member?;
            some.push(leaf_of(&member));
            self.last = Some(member.position);
            if some.len() == LEAVES_AT_ONCE {
                added += self.append(&some)?.count() as u64;
                some.clear();
            }
        }
        Ok(added + self.append(&some)?.count() as u64)
    }

    /// Signs the tree over all leaves, and returns the checkpoint when it is on disk. Now it may be reported.
    pub fn checkpoint(&mut self) -> Result<Checkpoint, LogError> {
        if let Some(newest) = self.newest.as_ref().filter(|newest| newest.size() == self.size()) {
            return Ok(newest.clone());
        }
        self.trusting(|log| {
            let full = log.tree.take_full();
            write_tiles(&log.folder, &full)?;
            write_tiles(&log.folder, &log.tree.partial())?;
            // If we stop here, there are tiles that no checkpoint asks for. They are made again, and come out alike.
            step::done("tiles-written");
            let checkpoint = Checkpoint::sign(&log.key, log.size(), log.tree.root());
            log.keep(&checkpoint)?;
            drop_parts(&log.folder, &full)?;
            Ok(checkpoint)
        })
    }

    /// Writes a checkpoint among those that are kept, and as the newest.
    fn keep(&mut self, checkpoint: &Checkpoint) -> Result<(), LogError> {
        let kept = self.folder.join("checkpoints").join(checkpoint.size().to_string());
        write_durably(&kept, checkpoint.bytes())?;
        // If we stop here, the checkpoint is kept. Opening makes it the newest; nobody was told of it.
        step::done("checkpoint-kept");
        write_durably(&self.folder.join("checkpoint"), checkpoint.bytes())?;
        // From here on all leaves are signed for.
        step::done("checkpoint-published");
        self.newest = Some(checkpoint.clone());
        Ok(())
    }

    /// Does something that writes. When it fails, nothing more is written before the log is opened again.
    fn trusting<T>(&mut self, act: impl FnOnce(&mut Log) -> Result<T, LogError>) -> Result<T, LogError> {
        if self.unsure {
            return Err(LogError::Unsure);
        }
        let done = act(self);
        self.unsure = done.is_err();
        done
    }

    /// Writes leaves behind the last one, and adds them to the tree when they are synced.
    fn write(&mut self, leaves: &[Leaf]) -> Result<(), LogError> {
        let mut lines = Vec::with_capacity(leaves.len());
        for leaf in leaves {
            lines.push(Line::salted(leaf.clone()).map_err(Error::io(self.leaves.folder()))?);
        }
        let mut written = 0;
        while written < lines.len() {
            let next = self.size() + written as u64;
            let room = usize::try_from(PER_FILE - next % PER_FILE).expect("a file has a few thousand lines");
            let some = &lines[written..lines.len().min(written + room)];
            self.write_to(next, some)?;
            written += some.len();
        }
        // If we stop here, the leaves are on disk and under no checkpoint. Opening takes them up.
        step::done("leaves-synced");
        lines.iter().for_each(|line| self.tree.push(line.entry()));
        Ok(())
    }

    /// Writes lines into the file that the leaf `next` belongs to, and syncs it.
    fn write_to(&self, next: u64, lines: &[Line]) -> Result<(), LogError> {
        let path = self.leaves.path(next / PER_FILE);
        let text: String = lines.iter().zip(next..).map(|(line, index)| line.write(index)).collect();
        let file = OpenOptions::new().append(true).create(true).open(&path);
        let mut file = file.map_err(Error::io(&path))?;
        file.write_all(text.as_bytes()).map_err(Error::io(&path))?;
        // If we stop here, some of the lines may be there, and one in part. Opening cuts that one off.
        step::done("leaves-written");
        file.sync_all().map_err(Error::io(&path))?;
        if next.is_multiple_of(PER_FILE) {
            sync_folder(self.leaves.folder())?;
        }
        Ok(())
    }

    /// Takes up the leaves that no checkpoint is over, and cuts off what is no leaf behind them.
    fn take_up(&mut self, mended: &mut Mended) -> Result<(), LogError> {
        for found in self.leaves.read(self.size())? {
            let found = found?;
            match found.line.filter(|_| found.index == self.size()) {
                Some(line) => self.tree.push(line.entry()),
                // Everything reported is under a checkpoint, and this is not.
                None => {
                    mended.cut_short = self.cut_off(found.file, found.at)?;
                    break;
                }
            }
        }
        Ok(())
    }

    /// Takes away what stands in a file of leaves from a byte on, and all files behind it.
    fn cut_off(&self, file: u64, at: u64) -> Result<u64, LogError> {
        let mut lost = 0;
        for later in self.leaves.files()?.into_iter().filter(|later| *later >= file) {
            let path = self.leaves.path(later);
            let keep = if later == file { at } else { 0 };
            let file = OpenOptions::new().write(true).open(&path).map_err(Error::io(&path))?;
            lost += file.metadata().map_err(Error::io(&path))?.len().saturating_sub(keep);
            // If we stop before or after this step, every leaf in front of the one that was cut short is whole.
            file.set_len(keep).and_then(|()| file.sync_all()).map_err(Error::io(&path))?;
            if later > 0 && keep == 0 {
                remove_durably(&path)?;
            }
        }
        Ok(lost)
    }
}

/// Finds the last stored record that the log of a record folder speaks of: up to here everything may have been
/// reported as kept, and nothing behind it was. Needs no lock and no key.
pub fn last_kept(record: &Path) -> Result<Option<Position>, Error> {
    last_stored(&LeafFiles::of(&record.join("log")))
}

/// Finds the last stored record that a leaf speaks of.
///
/// A leaf of a record may have been erased; then the leaf about its erasure, which is further on, says where it
/// stood. So the last one is found in front of the first leaf of a record that is met from the end.
pub(crate) fn last_stored(leaves: &LeafFiles) -> Result<Option<Position>, Error> {
    let mut last = None;
    for file in leaves.files()?.into_iter().rev() {
        let mut found_record = false;
        for found in leaves.read_file(file) {
            let Some(line) = found?.line else { continue };
            let Some(leaf) = line.leaf() else { continue };
            last = last.max(stored(leaf).map(|(position, _)| position));
            found_record |= leaf.kind() == RECORD;
        }
        if found_record {
            break;
        }
    }
    Ok(last)
}

/// The kind of the leaf of a stored record.
pub(crate) const RECORD: &str = "record";
/// The kind of the leaf that says of another that it was erased.
pub(crate) const ERASURE: &str = "erasure";

/// Makes the leaf of a stored record.
fn leaf_of(member: &Member) -> Leaf {
    let Position { segment, offset, stored_length } = member.position;
    let (segment, digest) = (segment.to_string(), member.stored.to_string());
    let original = member.about.original.map(|original| original.to_string());
    let mut fields = vec![
        ("segment", Field::Text(&segment)),
        ("offset", Field::Number(offset)),
        ("stored_length", Field::Number(stored_length)),
        ("stored_digest", Field::Text(&digest)),
        ("type", Field::Text(&member.about.record_type)),
    ];
    fields.extend(original.iter().map(|original| ("original", Field::Text(original))));
    Leaf::new(RECORD, &fields)
}

/// Reads from a leaf where a stored record lies, and the digest of its stored bytes.
pub(crate) fn stored(leaf: &Leaf) -> Option<(Position, Digest)> {
    if !matches!(leaf.kind(), RECORD | ERASURE) {
        return None;
    }
    let segment = leaf.text("segment")?.parse().ok()?;
    let (offset, stored_length) = (leaf.number("offset")?, leaf.number("stored_length")?);
    Some((Position { segment, offset, stored_length }, leaf.digest("stored_digest")?))
}

/// Lists the sizes of the checkpoints that are kept, in order. Other files are none.
pub(crate) fn kept_sizes(folder: &Path) -> Result<Vec<u64>, Error> {
    let sizes = names(&folder.join("checkpoints"))?;
    let mut sizes: Vec<u64> = sizes.iter().filter_map(|name| size_of(name)).collect();
    sizes.sort_unstable();
    Ok(sizes)
}

/// Reads the name of a kept checkpoint.
pub(crate) fn size_of(name: &str) -> Option<u64> {
    name.parse().ok().filter(|size: &u64| size.to_string() == name)
}

/// Reads the kept checkpoint of that size.
pub(crate) fn kept(folder: &Path, size: u64) -> Result<Result<Checkpoint, Fault>, Error> {
    let bytes = read_at_most(&folder.join("checkpoints").join(size.to_string()), LONGEST_CHECKPOINT)?;
    let fault = |wrong| Fault::of(format!("log/checkpoints/{size}"), wrong);
    Ok(match bytes.map(|bytes| Checkpoint::parse(&bytes)) {
        None => Err(fault(Wrong::Missing)),
        Some(Ok(checkpoint)) if checkpoint.size() == size => Ok(checkpoint),
        Some(Ok(_)) => Err(fault(Wrong::Checkpoint(BadCheckpoint::Malformed))),
        Some(Err(bad)) => Err(fault(Wrong::Checkpoint(bad))),
    })
}

/// Reads the newest of the kept checkpoints, and sees to it that `checkpoint` is the same.
fn newest_checkpoint(folder: &Path) -> Result<Option<Checkpoint>, LogError> {
    let Some(size) = kept_sizes(folder)?.pop() else { return Ok(None) };
    let newest = kept(folder, size)??;
    let path = folder.join("checkpoint");
    if read_at_most(&path, LONGEST_CHECKPOINT)?.as_deref() != Some(newest.bytes()) {
        write_durably(&path, newest.bytes())?;
    }
    Ok(Some(newest))
}

/// Reads the right edge of the tree that was signed, from tiles or, if they are not whole, from the leaves.
fn signed_tree(
    folder: &Path,
    newest: Option<&Checkpoint>,
    key: &SigningLog,
    mended: &mut Mended,
) -> Result<Frontier, LogError> {
    let Some(newest) = newest else { return Ok(Frontier::default()) };
    let file = format!("log/checkpoints/{}", newest.size());
    let keys = Keys { log: key.public.clone(), witnesses: Vec::new() };
    newest.check(&keys).map_err(|bad| Fault::of(file.as_str(), Wrong::Checkpoint(bad)))?;
    let is_signed = |tree: &Frontier| tree.root().0 == *newest.root();
    if let Some(tree) = Frontier::read(folder, newest.size())?.filter(is_signed) {
        return Ok(tree);
    }
    let tree = tree_of_leaves(folder, newest.size())?;
    if !is_signed(&tree) {
        return Err(Fault::of(file, Wrong::OtherTree(newest.size())).into());
    }
    mended.tiles = true;
    Ok(tree)
}

/// Makes the tree of the first leaves anew, and writes its tiles.
fn tree_of_leaves(folder: &Path, size: u64) -> Result<Frontier, LogError> {
    let signed = kept_sizes(folder)?;
    let mut tree = Frontier::default();
    let count = usize::try_from(size).unwrap_or(usize::MAX);
    for found in LeafFiles::of(folder).read(0)?.take(count) {
        let found = found?;
        let fault = found.fault();
        let line = found.line.filter(|_| found.index == tree.size()).ok_or(fault)?;
        tree.push(line.entry());
        let is_signed = signed.binary_search(&tree.size()).is_ok();
        if is_signed || tree.size().is_multiple_of(PER_FILE) {
            let full = tree.take_full();
            write_tiles(folder, &full)?;
            drop_parts(folder, &full)?;
        }
        if is_signed {
            // Each tree that was signed keeps the tiles that a proof in it needs.
            write_tiles(folder, &tree.partial())?;
        }
    }
    if tree.size() < size {
        let wrong = Wrong::RolledBack { signed: size, there: tree.size() };
        return Err(Fault::of("log/checkpoint", wrong).into());
    }
    Ok(tree)
}

/// The leaves of a record, in order: for comparing rows with what the log says of them.
///
/// Needs no lock and no key, and does not check that the leaves are those that were signed: [`verify`](crate::verify)
/// does.
#[derive(Debug)]
pub struct Leaves(Lines);

/// Reads the leaves of a record, each with its number.
pub fn leaves(record: &Path) -> Result<Leaves, LogError> {
    leaves_from(record, 0)
}

/// Reads the leaves of a record from the one with the number `first` on.
pub fn leaves_from(record: &Path, first: u64) -> Result<Leaves, LogError> {
    Ok(Leaves(LeafFiles::of(&record.join("log")).read(first)?))
}

impl Iterator for Leaves {
    type Item = Result<(u64, Line), LogError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.0.next()?.map_err(LogError::from).and_then(|found| {
            let fault = found.fault();
            Ok((found.index, found.line.ok_or(fault)?))
        }))
    }
}

#[cfg(test)]
mod tests;
