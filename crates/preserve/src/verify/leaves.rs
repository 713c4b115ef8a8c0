use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use model::Digest;
use tlog_tiles::record_hash;

use crate::log::leaves::{FoundLine, LeafFiles};
use crate::log::tree::{Frontier, Row, Tile, WIDTH, read_at_most};
use crate::log::{Checkpoint, ERASURE, Fault, Leaf, Line, RECORD, Wrong, stored};
use crate::verify::Findings;
use crate::{Error, Position};

/// The tree that the leaves make, compared with what was signed and with the tiles on the way.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    tree: Frontier,
    /// The trees that were signed, by size: where that stands, and the hash.
    signed: BTreeMap<u64, Vec<(String, [u8; 32])>>,
    /// The size of the newest tree that was signed in the record: tiles are there up to it.
    tiled: u64,
    /// The tiles of the 256 leaves that are read at the moment.
    bundle: Option<Bundle>,
    found: FromLeaves,
}

/// What the leaves say.
#[derive(Debug, Default)]
pub(crate) struct FromLeaves {
    /// How many there are.
    pub(crate) count: u64,
    /// How many of them are erased.
    pub(crate) erased: u64,
    /// The records and shells that have to be stored, with the digests of their stored bytes.
    pub(crate) members: Vec<(Position, Digest)>,
    /// The tiles that were compared, by path.
    pub(crate) tiles: BTreeSet<String>,
}

/// The entries and leaf hashes of 256 leaves, as the tiles have them.
#[derive(Debug)]
struct Bundle {
    number: u64,
    entries: Vec<u8>,
    hashes: Vec<u8>,
}

impl Tree {
    /// Has the tree of a checkpoint compared.
    pub(crate) fn expect(&mut self, name: String, checkpoint: &Checkpoint) {
        self.signed.entry(checkpoint.size()).or_default().push((name, *checkpoint.root()));
    }

    /// Reads all leaves and compares.
    pub(crate) fn read(
        mut self,
        folder: &Path,
        newest: Option<&Checkpoint>,
        findings: &mut Findings,
    ) -> Result<FromLeaves, Error> {
        self.tiled = newest.map_or(0, Checkpoint::size);
        let mut erasures = Erasures::default();
        self.compare_signed(folder, findings)?;
        for found in LeafFiles::of(folder).read(0)? {
            let found = found?;
            if found.index != self.tree.size() {
                // Nothing can be said of the tree from here on, nor of what stands where a leaf is missing.
                findings.add(found.wrong(Wrong::LeavesMissing(self.tree.size())));
                break;
            }
            let entry = self.entry(folder, &found, findings)?;
            match &found.line {
                Some(Line::Erased { .. }) => erasures.erased(&found),
                Some(Line::Live { leaf, .. }) => self.take(leaf, &found, (&mut erasures, findings)),
                None => {}
            }
            self.tree.push(entry);
            self.compare_tiles(folder, findings)?;
            self.compare_signed(folder, findings)?;
        }
        let there = self.tree.size();
        let beyond = self.signed.iter().filter(|(size, _)| **size > there);
        for (signed, names) in beyond {
            let wrong = Wrong::RolledBack { signed: *signed, there };
            findings.extend(names.iter().map(|(name, _)| Fault::of(name.as_str(), wrong)));
        }
        if there > self.tiled {
            findings.add(Fault::of("log/checkpoint", Wrong::Unsigned(self.tiled)));
        }
        self.found.count = there;
        self.found.erased = erasures.erased.len() as u64;
        erasures.pair(findings);
        Ok(self.found)
    }

    /// Returns the entry of a leaf. Where the leaf is not the one of the tiles, it is the leaf that is at fault, if
    /// the tiles agree among themselves; then theirs is taken, so that one wrong leaf is one finding.
    fn entry(
        &mut self,
        folder: &Path,
        found: &FoundLine,
        findings: &mut Findings,
    ) -> Result<[u8; 32], Error> {
        let own = found.line.as_ref().map(Line::entry);
        let number = found.index / WIDTH;
        if self.bundle.as_ref().is_none_or(|bundle| bundle.number != number) {
            self.bundle = Some(Bundle::read(folder, number, self.tiled)?);
        }
        let tiled = self.bundle.as_ref().and_then(|bundle| bundle.entry(found.index));
        if own.is_none() {
            findings.add(found.fault());
        } else if tiled.is_some() && tiled != own {
            findings.add(found.wrong(Wrong::OtherLeaf(found.index)));
        }
        Ok(tiled.or(own).unwrap_or_default())
    }

    fn take(&mut self, leaf: &Leaf, found: &FoundLine, (erasures, findings): (&mut Erasures, &mut Findings)) {
        let senseless = found.wrong(Wrong::SenselessLeaf(found.index));
        match leaf.kind() {
            RECORD => match stored(leaf) {
                Some(member) => self.found.members.push(member),
                None => findings.add(senseless),
            },
            ERASURE => match leaf.number("leaf") {
                Some(target) => {
                    erasures.said(target, found);
                    self.found.members.extend(stored(leaf));
                }
                None => findings.add(senseless),
            },
            _ => {}
        }
    }

    /// Compares the tiles that have become full.
    fn compare_tiles(&mut self, folder: &Path, findings: &mut Findings) -> Result<(), Error> {
        for tile in self.tree.take_full() {
            let needed = tile.end().is_some_and(|end| end <= self.tiled);
            self.compare(folder, &tile, needed, findings)?;
        }
        Ok(())
    }

    /// Compares the tree and the partial tiles, if a tree of this size was signed.
    fn compare_signed(&mut self, folder: &Path, findings: &mut Findings) -> Result<(), Error> {
        let size = self.tree.size();
        let Some(names) = self.signed.get(&size) else { return Ok(()) };
        let root = self.tree.root().0;
        let other = names.iter().filter(|(_, signed)| *signed != root);
        findings.extend(other.map(|(name, _)| Fault::of(name.as_str(), Wrong::OtherTree(size))));
        if names.iter().all(|(name, _)| name.starts_with('(')) {
            return Ok(());
        }
        for tile in self.tree.partial() {
            // A tile that has become full since may have taken the place of this part.
            let replaced =
                Tile::wanted(tile.row, tile.number, WIDTH).end().is_some_and(|end| end <= self.tiled);
            self.compare(folder, &tile, !replaced, findings)?;
        }
        Ok(())
    }

    fn compare(
        &mut self,
        folder: &Path,
        tile: &Tile,
        needed: bool,
        findings: &mut Findings,
    ) -> Result<(), Error> {
        let path = tile.path();
        let file = format!("log/{path}");
        match read_at_most(&folder.join(&path), tile.bytes.len())? {
            None if needed => findings.add(Fault::of(file, Wrong::Missing)),
            None => {}
            Some(bytes) if bytes == tile.bytes => {}
            Some(bytes) => {
                let same = bytes.iter().zip(&tile.bytes).take_while(|(a, b)| a == b).count();
                findings.add(Fault::at(file, same as u64, Wrong::Changed));
            }
        }
        self.found.tiles.insert(path);
        Ok(())
    }
}

impl Bundle {
    fn read(folder: &Path, number: u64, tiled: u64) -> Result<Bundle, Error> {
        let width = tiled.saturating_sub(number * WIDTH).min(WIDTH);
        let read = |row| Tile::wanted(row, number, width).read(folder).map(Option::unwrap_or_default);
        Ok(Bundle { number, entries: read(Row::Entries)?, hashes: read(Row::Hashes(0))? })
    }

    /// Returns the entry of a leaf, if entries and hashes agree on it.
    fn entry(&self, index: u64) -> Option<[u8; 32]> {
        let at = usize::try_from(index % WIDTH).ok()?;
        let entry: [u8; 32] = self.entries.get(at * 34..)?.get(2..34)?.try_into().ok()?;
        let hash = self.hashes.get(at * 32..)?.get(..32)?;
        (record_hash(&entry).0 == hash).then_some(entry)
    }
}

/// Pairs erased leaves with the leaves that speak of it.
#[derive(Debug, Default)]
struct Erasures {
    erased: BTreeMap<u64, Fault>,
    said: BTreeMap<u64, Fault>,
}

impl Erasures {
    fn erased(&mut self, found: &FoundLine) {
        self.erased.insert(found.index, found.wrong(Wrong::ErasedUnsaid(found.index)));
    }

    fn said(&mut self, target: u64, found: &FoundLine) {
        self.said.insert(target, found.wrong(Wrong::NotErased(target)));
    }

    fn pair(self, findings: &mut Findings) {
        let unsaid = self.erased.iter().filter(|(index, _)| !self.said.contains_key(index));
        findings.extend(unsaid.map(|(_, fault)| fault.clone()));
        let not_done = self.said.iter().filter(|(index, _)| !self.erased.contains_key(index));
        findings.extend(not_done.map(|(_, fault)| fault.clone()));
    }
}
