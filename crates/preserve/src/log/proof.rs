use std::path::Path;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::Value;
use tlog_tiles::{Hash, check_record, check_tree, prove_record, prove_tree, record_hash};

use crate::log::leaf::{entry_of, hex, unhex};
use crate::log::leaves::LeafFiles;
use crate::log::tree::Tiles;
use crate::log::{Checkpoint, Cosigned, Keys, Leaf, Line, LogError, kept, kept_sizes};

/// How much of a leaf a proof discloses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disclosure {
    /// The leaf with its salt, so that the proof shows by itself what was logged.
    Leaf,
    /// Nothing: the proof is for somebody who has the leaf and its salt.
    Nothing,
}

/// Shows that a leaf is in the tree of a checkpoint (C2SP tlog-proof, `.tlog-proof`).
#[derive(Debug, Clone, PartialEq)]
pub struct InclusionProof {
    /// The number of the leaf.
    pub index: u64,
    /// The leaf, if the proof discloses it. It is proven only when the proof has been checked.
    pub leaf: Option<Line>,
    /// The signed head of the tree.
    pub checkpoint: Checkpoint,
    hashes: Vec<Hash>,
}

/// Shows that the tree of one checkpoint begins with the tree of an older one.
///
/// Written as the body of a request to a witness (C2SP tlog-witness, `add-checkpoint`).
#[derive(Debug, Clone, PartialEq)]
pub struct ConsistencyProof {
    /// The size of the older tree.
    pub old: u64,
    /// The signed head of the newer tree.
    pub checkpoint: Checkpoint,
    hashes: Vec<Hash>,
}

/// Why a proof proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadProof {
    /// Not in the form of a proof.
    #[error("it is not in the form of a proof")]
    Malformed,
    /// The proof discloses no leaf, and none was given.
    #[error("it does not say what was logged; give the leaf and its salt as well")]
    NothingDisclosed,
    /// The checkpoint in it is not signed as it has to be.
    #[error("the checkpoint in it cannot be trusted: {0}")]
    Checkpoint(#[from] super::BadCheckpoint),
    /// The hashes do not lead to the tree that was signed.
    #[error("its hashes do not lead to the tree that was signed")]
    WrongPath,
}

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";
/// A proof is at most 63 hashes, a leaf and a checkpoint.
const LONGEST: usize = 1 << 18;

/// Proves that a leaf is in the newest tree that was signed. Needs no lock and no key.
///
/// # Errors
/// [`LogError::NoSuchLeaf`] if no checkpoint is over that leaf; a [`super::Fault`] if the tiles or the leaf are damaged.
pub fn prove(record: &Path, index: u64, disclosure: Disclosure) -> Result<InclusionProof, LogError> {
    let checkpoint = newest(record)?;
    let tiles = Tiles { folder: record.join("log"), size: checkpoint.size() };
    if index >= checkpoint.size() {
        return Err(LogError::NoSuchLeaf(index));
    }
    let line = line_at(record, index)?;
    let hashes = prove_record(tiles.size, index, &tiles).map_err(|_| tiles.fault())?;
    let root = Hash(*checkpoint.root());
    check_record(&hashes, tiles.size, root, index, record_hash(&line.entry())).map_err(|_| tiles.fault())?;
    let leaf = Some(line).filter(|line| disclosure == Disclosure::Leaf && line.leaf().is_some());
    Ok(InclusionProof { index, leaf, checkpoint, hashes })
}

/// Proves that the newest tree that was signed begins with the tree of the first `old` leaves.
pub fn prove_consistency(record: &Path, old: u64) -> Result<ConsistencyProof, LogError> {
    let checkpoint = newest(record)?;
    let tiles = Tiles { folder: record.join("log"), size: checkpoint.size() };
    if old > tiles.size {
        return Err(LogError::NoSuchLeaf(old));
    }
    // Every tree begins with the empty one, and no proof is needed for that.
    let hashes = if old == 0 { Ok(Vec::new()) } else { prove_tree(tiles.size, old, &tiles) };
    let hashes = hashes.map_err(|_| tiles.fault())?;
    Ok(ConsistencyProof { old, checkpoint, hashes })
}

fn newest(record: &Path) -> Result<Checkpoint, LogError> {
    let folder = record.join("log");
    let size = kept_sizes(&folder)?.pop().ok_or(LogError::NoCheckpoint)?;
    Ok(kept(&folder, size)??)
}

/// Reads one leaf.
fn line_at(record: &Path, index: u64) -> Result<Line, LogError> {
    let found = LeafFiles::of(&record.join("log")).read(index)?.next().transpose()?;
    let found = found.filter(|found| found.index == index).ok_or(LogError::NoSuchLeaf(index))?;
    let fault = found.fault();
    Ok(found.line.ok_or(fault)?)
}

impl InclusionProof {
    /// Writes the proof as a `.tlog-proof`.
    pub fn to_text(&self) -> String {
        let extra = match &self.leaf {
            Some(Line::Live { salt, leaf }) => {
                let leaf = format!("{{\"record\":{},\"salt\":\"{}\"}}", leaf.json(), hex(salt));
                format!("extra {}\n", BASE64_STANDARD.encode(leaf))
            }
            _ => String::new(),
        };
        let first = format!("{FIRST_LINE}\n{extra}index {}", self.index);
        with_hashes(&first, &self.hashes, &self.checkpoint)
    }

    /// Reads a proof. Nothing is shown by it before it is checked.
    pub fn parse(text: &str) -> Result<InclusionProof, BadProof> {
        let rest = text.strip_prefix(FIRST_LINE).and_then(|rest| rest.strip_prefix('\n'));
        let rest = rest.filter(|_| text.len() <= LONGEST).ok_or(BadProof::Malformed)?;
        let (leaf, rest) = match rest.strip_prefix("extra ").and_then(|rest| rest.split_once('\n')) {
            Some((extra, rest)) => (disclosed(extra), rest),
            None => (None, rest),
        };
        let (index, hashes, checkpoint) = numbered(rest, "index ").ok_or(BadProof::Malformed)?;
        Ok(InclusionProof { index, leaf, checkpoint, hashes })
    }

    /// Checks the proof of the leaf that it discloses. Returns who has cosigned, and when.
    pub fn check(&self, keys: &Keys) -> Result<Vec<Cosigned>, BadProof> {
        self.check_entry(&self.leaf.as_ref().ok_or(BadProof::NothingDisclosed)?.entry(), keys)
    }

    /// Checks the proof of a leaf that is known from elsewhere. Returns who has cosigned, and when.
    pub fn check_leaf(&self, salt: &[u8; 32], leaf: &Leaf, keys: &Keys) -> Result<Vec<Cosigned>, BadProof> {
        self.check_entry(&entry_of(salt, leaf), keys)
    }

    fn check_entry(&self, entry: &[u8; 32], keys: &Keys) -> Result<Vec<Cosigned>, BadProof> {
        let cosigned = self.checkpoint.check(keys)?;
        let (size, root) = (self.checkpoint.size(), Hash(*self.checkpoint.root()));
        let checked = check_record(&self.hashes, size, root, self.index, record_hash(entry));
        checked.map(|()| cosigned).map_err(|_| BadProof::WrongPath)
    }
}

impl ConsistencyProof {
    /// Writes the proof, which is what is sent to a witness.
    pub fn to_text(&self) -> String {
        with_hashes(&format!("old {}", self.old), &self.hashes, &self.checkpoint)
    }

    /// Reads a proof. Nothing is shown by it before it is checked.
    pub fn parse(text: &str) -> Result<ConsistencyProof, BadProof> {
        let parsed = Some(text).filter(|text| text.len() <= LONGEST).and_then(|text| numbered(text, "old "));
        let (old, hashes, checkpoint) = parsed.ok_or(BadProof::Malformed)?;
        Ok(ConsistencyProof { old, checkpoint, hashes })
    }

    /// Checks that the tree of the older checkpoint is the beginning of the tree of the newer one.
    pub fn check(&self, older: &Checkpoint, keys: &Keys) -> Result<Vec<Cosigned>, BadProof> {
        older.check(keys)?;
        let cosigned = self.checkpoint.check(keys)?;
        if older.size() != self.old || !self.leads_from(older.root()) {
            return Err(BadProof::WrongPath);
        }
        Ok(cosigned)
    }

    /// Tells whether the hashes lead from the older root to that of the checkpoint.
    pub(crate) fn leads_from(&self, root: &[u8; 32]) -> bool {
        let size = self.checkpoint.size();
        if self.old == 0 {
            return self.hashes.is_empty() && *root == tlog_tiles::EMPTY_HASH.0;
        }
        let (new, old) = (Hash(*self.checkpoint.root()), Hash(*root));
        check_tree(&self.hashes, size, new, self.old, old).is_ok()
    }
}

/// Writes a first line, hashes, an empty line and a checkpoint.
fn with_hashes(first: &str, hashes: &[Hash], checkpoint: &Checkpoint) -> String {
    let mut text = format!("{first}\n");
    hashes.iter().for_each(|hash| text += &format!("{hash}\n"));
    text.push('\n');
    text + std::str::from_utf8(checkpoint.bytes()).expect("a checkpoint was read as text")
}

/// Reads a line with a number, hashes, an empty line and a checkpoint.
fn numbered(text: &str, word: &str) -> Option<(u64, Vec<Hash>, Checkpoint)> {
    let (head, checkpoint) = text.split_once("\n\n")?;
    let mut lines = head.split('\n');
    let digits = lines.next()?.strip_prefix(word)?;
    let number: u64 = digits.parse().ok().filter(|number: &u64| number.to_string() == digits)?;
    let hashes: Vec<Hash> = lines.map(|line| Hash::parse_hash(line).ok()).collect::<Option<_>>()?;
    // A path in a tree of at most 2^63 leaves is no longer; C2SP tlog-witness has the same limit.
    let checkpoint = Checkpoint::parse(checkpoint.as_bytes()).ok()?;
    (hashes.len() <= 63).then_some((number, hashes, checkpoint))
}

/// Reads the leaf that a proof discloses. Anything else may stand there: then there is none.
fn disclosed(extra: &str) -> Option<Line> {
    let json = String::from_utf8(BASE64_STANDARD.decode(extra).ok()?).ok()?;
    let value: Value = serde_json::from_str(&json).ok()?;
    let leaf = Leaf::parse(&value.get("record")?.to_string()).ok()?;
    let salt = unhex(value.get("salt")?.as_str()?)?;
    Some(Line::Live { salt, leaf })
}
