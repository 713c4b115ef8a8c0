use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tlog_tiles::{EMPTY_HASH, Error as TreeError, Hash, HashReader, node_hash, record_hash};

use crate::Error;
use crate::durable::sync_folder;
use crate::log::{Fault, Wrong};

/// The hashes in one full tile.
pub(crate) const WIDTH: u64 = 256;

/// One file of the tree: `tile/L/N`, `tile/entries/N`, or a part of one (C2SP tlog-tiles).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tile {
    pub(crate) row: Row,
    pub(crate) number: u64,
    /// 1 to 256.
    pub(crate) width: u64,
    pub(crate) bytes: Vec<u8>,
}

/// What the files of one row hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Row {
    /// Entries of leaves.
    Entries,
    /// Hashes, at a level of the tiles.
    Hashes(usize),
}

/// The right edge of a tree: all that is needed to add leaves to it.
#[derive(Debug, Default)]
pub(crate) struct Frontier {
    size: u64,
    /// The hashes of the last tile of each level, as long as it is not full.
    levels: Vec<Vec<Hash>>,
    /// The entries of the last bundle, as long as it is not full.
    entries: Vec<[u8; 32]>,
    /// Tiles that have become full since they were last taken.
    full: Vec<Tile>,
}

impl Frontier {
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Adds the entry of the next leaf.
    pub(crate) fn push(&mut self, entry: [u8; 32]) {
        self.size += 1;
        self.entries.push(entry);
        self.add(0, record_hash(&entry));
        if self.entries.len() as u64 == WIDTH {
            let number = self.size / WIDTH - 1;
            self.full.push(Tile::new(Row::Entries, number, bundle(&self.entries)));
            self.entries.clear();
        }
    }

    fn add(&mut self, level: usize, hash: Hash) {
        if self.levels.len() == level {
            self.levels.push(Vec::new());
        }
        let row = &mut self.levels[level];
        row.push(hash);
        if (row.len() as u64) < WIDTH {
            return;
        }
        let up = subtree(row);
        let tile = Tile::new(Row::Hashes(level), tiles_at(self.size, level) - 1, concat(row));
        row.clear();
        self.full.push(tile);
        self.add(level + 1, up);
    }

    /// Takes the tiles that have become full.
    pub(crate) fn take_full(&mut self) -> Vec<Tile> {
        std::mem::take(&mut self.full)
    }

    /// Makes the tiles that are not full.
    pub(crate) fn partial(&self) -> Vec<Tile> {
        let entries = (Row::Entries, 0, bundle(&self.entries));
        let hashes =
            self.levels.iter().enumerate().map(|(level, row)| (Row::Hashes(level), level, concat(row)));
        hashes
            .chain([entries])
            .filter(|(_, _, bytes)| !bytes.is_empty())
            .map(|(row, level, bytes)| Tile::new(row, tiles_at(self.size, level), bytes))
            .collect()
    }

    /// Computes the hash of the tree.
    pub(crate) fn root(&self) -> Hash {
        let pieces = self.levels.iter().rev().flat_map(|row| whole_subtrees(row));
        let pieces: Vec<Hash> = pieces.collect();
        pieces.into_iter().rev().reduce(|right, left| node_hash(left, right)).unwrap_or(EMPTY_HASH)
    }

    /// Reads the right edge of the tree of that size; `None` if a tile is not there or not of its length.
    ///
    /// Whether they are the right tiles is for the caller to see from [`root`](Frontier::root).
    pub(crate) fn read(folder: &Path, size: u64) -> Result<Option<Frontier>, Error> {
        let mut frontier = Frontier { size, ..Frontier::default() };
        for level in 0.. {
            let Some(width) = width_at(size, level) else { break };
            let wanted = Tile::wanted(Row::Hashes(level), tiles_at(size, level), width);
            let Some(bytes) = wanted.read(folder)? else { return Ok(None) };
            frontier.levels.push(bytes.chunks_exact(32).map(hash).collect());
        }
        let wanted = Tile::wanted(Row::Entries, size / WIDTH, size % WIDTH);
        let Some(bytes) = wanted.read(folder)? else { return Ok(None) };
        frontier.entries = bytes.chunks_exact(34).map(|entry| hash(&entry[2..]).0).collect();
        Ok(Some(frontier))
    }
}

impl Tile {
    fn new(row: Row, number: u64, bytes: Vec<u8>) -> Tile {
        Tile { row, number, width: bytes.len() as u64 / row.item(), bytes }
    }

    /// Names a tile without its bytes.
    pub(crate) fn wanted(row: Row, number: u64, width: u64) -> Tile {
        Tile { row, number, width, bytes: Vec::new() }
    }

    /// Returns the number of the first leaf behind those that this tile is over, if it is full.
    pub(crate) fn end(&self) -> Option<u64> {
        let levels = match self.row {
            Row::Entries => 1,
            Row::Hashes(level) => level + 1,
        };
        self.number.checked_add(1)?.checked_mul(WIDTH.checked_pow(u32::try_from(levels).ok()?)?)
    }

    /// Returns the path below the folder of the log. `tlog_tiles` has an older form, with the height in it.
    pub(crate) fn path(&self) -> String {
        let whole = self.whole_path();
        if self.width == WIDTH { whole } else { format!("{whole}.p/{}", self.width) }
    }

    fn whole_path(&self) -> String {
        let mut number = format!("{:03}", self.number % 1000);
        let mut rest = self.number / 1000;
        while rest > 0 {
            number = format!("x{:03}/{number}", rest % 1000);
            rest /= 1000;
        }
        match self.row {
            Row::Entries => format!("tile/entries/{number}"),
            Row::Hashes(level) => format!("tile/{level}/{number}"),
        }
    }

    /// Reads the bytes of this tile, or the beginning of the full tile that took its place.
    ///
    /// `None` if neither is there, or it is too short. No more is read than a full tile has.
    pub(crate) fn read(&self, folder: &Path) -> Result<Option<Vec<u8>>, Error> {
        let length = usize::try_from(self.width * self.row.item()).expect("a tile has at most 8,704 bytes");
        if length == 0 {
            return Ok(Some(Vec::new()));
        }
        let full = usize::try_from(WIDTH * self.row.item()).expect("a tile has at most 8,704 bytes");
        if let Some(bytes) = read_at_most(&folder.join(self.path()), length)?
            && bytes.len() == length
        {
            return Ok(Some(bytes));
        }
        let whole = read_at_most(&folder.join(self.whole_path()), full)?;
        Ok(whole.filter(|bytes| bytes.len() == full).map(|mut bytes| {
            bytes.truncate(length);
            bytes
        }))
    }

    fn write(&self, folder: &Path) -> Result<(), Error> {
        let path = folder.join(self.path());
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(Error::io(parent))?;
        }
        // Not under another name first: nothing is read of a tile before a checkpoint asks for it, and until then
        // opening writes it again.
        let written = fs::File::create(&path).and_then(|mut file| {
            file.write_all(&self.bytes)?;
            file.sync_all()
        });
        written.map_err(Error::io(&path))
    }

    /// Takes away the parts of a tile that has become full.
    fn drop_parts(&self, folder: &Path) -> Result<(), Error> {
        let parts = folder.join(format!("{}.p", self.whole_path()));
        match fs::remove_dir_all(&parts) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io(&parts)(error)),
            _ => Ok(()),
        }
    }
}

impl Row {
    /// The bytes of one item of the row.
    fn item(self) -> u64 {
        match self {
            Row::Entries => 34,
            Row::Hashes(_) => 32,
        }
    }
}

/// Writes tiles so that they are there when a checkpoint is signed over them.
pub(crate) fn write_tiles(folder: &Path, tiles: &[Tile]) -> Result<(), Error> {
    let mut folders = std::collections::BTreeSet::new();
    for tile in tiles {
        tile.write(folder)?;
        folders.extend(Path::new(&tile.path()).ancestors().skip(1).map(|part| folder.join(part)));
    }
    // If we stop here, tiles may have no names yet. No checkpoint asks for them.
    folders.iter().try_for_each(|folder| sync_folder(folder))
}

/// Takes away the parts of those tiles that are full.
pub(crate) fn drop_parts(folder: &Path, tiles: &[Tile]) -> Result<(), Error> {
    tiles.iter().filter(|tile| tile.width == WIDTH).try_for_each(|tile| tile.drop_parts(folder))
}

/// The hashes of the tree of some size, read from its tiles as they are asked for.
#[derive(Debug)]
pub(crate) struct Tiles {
    pub(crate) folder: PathBuf,
    pub(crate) size: u64,
}

impl HashReader for Tiles {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, TreeError> {
        indexes.iter().map(|index| self.hash_at(*index)).collect()
    }
}

impl Tiles {
    /// Makes the fault that the tiles are if no proof can be made from them.
    pub(crate) fn fault(&self) -> Fault {
        Fault::of("log/tile", Wrong::OtherTree(self.size))
    }

    fn hash_at(&self, index: u64) -> Result<Hash, TreeError> {
        let (level, n) = tlog_tiles::split_stored_hash_index(index);
        // Of the eight levels that a tile spans only the lowest is stored; the others follow from it.
        let (row, above) = (usize::from(level / 8), level % 8);
        let start = n << above;
        let (number, first) = (start / WIDTH, start % WIDTH);
        let width = ((self.size >> (8 * row)) - number * WIDTH).min(WIDTH);
        let missing = || TreeError::InvalidInput(format!("no tile {number} at level {row}"));
        let bytes = Tile::wanted(Row::Hashes(row), number, width).read(&self.folder);
        let bytes = bytes.map_err(|error| TreeError::InvalidInput(error.to_string()))?.ok_or_else(missing)?;
        let range = usize::try_from(first * 32).expect("within a tile")..;
        let length = 32usize << above;
        let bytes = bytes.get(range).and_then(|bytes| bytes.get(..length)).ok_or_else(missing)?;
        Ok(subtree(&bytes.chunks_exact(32).map(hash).collect::<Vec<_>>()))
    }
}

/// Returns how many full tiles a level has in a tree of that size.
fn tiles_at(size: u64, level: usize) -> u64 {
    u32::try_from(8 * (level + 1)).ok().and_then(|bits| size.checked_shr(bits)).unwrap_or(0)
}

/// Returns how many hashes stand in the last, partial tile of a level; `None` if the tree has no such level.
fn width_at(size: u64, level: usize) -> Option<u64> {
    let hashes = u32::try_from(8 * level).ok().and_then(|bits| size.checked_shr(bits)).unwrap_or(0);
    (hashes > 0).then_some(hashes % WIDTH)
}

/// Hashes what fills a part of the tree: the number of hashes is a power of two.
fn subtree(hashes: &[Hash]) -> Hash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = row.chunks_exact(2).map(|pair| node_hash(pair[0], pair[1])).collect();
    }
    row.first().copied().unwrap_or(EMPTY_HASH)
}

/// Hashes the greatest whole parts of the tree that a row of hashes is made of, from left to right.
fn whole_subtrees(mut row: &[Hash]) -> Vec<Hash> {
    let mut parts = Vec::new();
    while !row.is_empty() {
        let (part, rest) = row.split_at(1 << row.len().ilog2());
        parts.push(subtree(part));
        row = rest;
    }
    parts
}

fn hash(bytes: &[u8]) -> Hash {
    let mut hash = [0; 32];
    hash.copy_from_slice(bytes);
    Hash(hash)
}

fn concat(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

fn bundle(entries: &[[u8; 32]]) -> Vec<u8> {
    entries.iter().flat_map(|entry| [0, 32].into_iter().chain(*entry)).collect()
}

/// Reads a file of a known length; `None` if there is none. One byte more shows that it is longer.
pub(crate) fn read_at_most(path: &Path, length: usize) -> Result<Option<Vec<u8>>, Error> {
    use std::io::Read as _;
    let file = match fs::File::open(path) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        file => file.map_err(Error::io(path))?,
    };
    let mut bytes = Vec::with_capacity(length.min(1 << 20));
    file.take(length as u64 + 1).read_to_end(&mut bytes).map_err(Error::io(path))?;
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(i: u64) -> [u8; 32] {
        *model::Digest::of(&i.to_be_bytes()).as_bytes()
    }

    /// The tree hash by the definition of RFC 6962, section 2.1.
    fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => EMPTY_HASH,
            [leaf] => *leaf,
            _ => {
                let left = 1 << (leaves.len() - 1).ilog2();
                node_hash(by_definition(&leaves[..left]), by_definition(&leaves[left..]))
            }
        }
    }

    #[test]
    fn the_vectors_of_the_specification() {
        // The root over "entry 0" to "entry 999", and the root of the empty tree.
        let leaves: Vec<Hash> = (0..1000).map(|i| record_hash(format!("entry {i}").as_bytes())).collect();
        let mut frontier = Frontier::default();
        assert_eq!(frontier.root().to_string(), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        for leaf in &leaves {
            frontier.size += 1;
            frontier.add(0, *leaf);
        }
        assert_eq!(frontier.root().to_string(), "NGxrnLicS3b6ydyyDNqG46AcCldBfBOQKOrNRTj96Vs=");
    }

    #[test]
    fn the_root_is_that_of_the_definition() {
        let (mut frontier, mut leaves) = (Frontier::default(), Vec::new());
        for i in 0..600 {
            assert_eq!(frontier.root(), by_definition(&leaves), "{i}");
            frontier.push(entry(i));
            leaves.push(record_hash(&entry(i)));
        }
    }

    #[test]
    fn paths_as_in_the_specification() {
        let path = |row, number, width| Tile::wanted(row, number, width).path();
        assert_eq!(path(Row::Hashes(0), 1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(path(Row::Hashes(1), 1, 17), "tile/1/001.p/17");
        assert_eq!(path(Row::Entries, 273, 112), "tile/entries/273.p/112");
    }

    #[test]
    fn the_tiles_of_70_000_leaves() {
        let mut frontier = Frontier::default();
        for i in 0..70_000 {
            frontier.push(entry(i));
        }
        let (full, partial) = (frontier.take_full(), frontier.partial());
        let count = |tiles: &[Tile], row| tiles.iter().filter(|tile| tile.row == row).count();
        assert_eq!(count(&full, Row::Hashes(0)), 273);
        assert_eq!(count(&full, Row::Entries), 273);
        assert_eq!(count(&full, Row::Hashes(1)), 1);
        let paths: Vec<String> = partial.iter().map(Tile::path).collect();
        assert_eq!(
            paths,
            ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1", "tile/entries/273.p/112"]
        );
    }

    #[test]
    fn read_back_and_proved_from_tiles() {
        let folder = tempfile::tempdir().unwrap();
        let mut frontier = Frontier::default();
        let mut roots = vec![frontier.root()];
        for size in 1..=700u64 {
            frontier.push(entry(size - 1));
            roots.push(frontier.root());
            if size % 50 == 0 || size % 256 < 2 {
                let full = frontier.take_full();
                write_tiles(folder.path(), &[full.as_slice(), &frontier.partial()].concat()).unwrap();
                drop_parts(folder.path(), &full).unwrap();
                let read = Frontier::read(folder.path(), size).unwrap().unwrap();
                assert_eq!((read.root(), read.partial()), (frontier.root(), frontier.partial()), "{size}");
                let tiles = Tiles { folder: folder.path().to_owned(), size };
                assert_eq!(tlog_tiles::tree_hash(size, &tiles).unwrap(), roots[size as usize]);
                for index in (0..size).step_by(37) {
                    let proof = tlog_tiles::prove_record(size, index, &tiles).unwrap();
                    let leaf = record_hash(&entry(index));
                    tlog_tiles::check_record(&proof, size, frontier.root(), index, leaf).unwrap();
                }
                for old in (1..=size).step_by(41) {
                    let proof = tlog_tiles::prove_tree(size, old, &tiles).unwrap();
                    let (new, then) = (frontier.root(), roots[old as usize]);
                    tlog_tiles::check_tree(&proof, size, new, old, then).unwrap();
                    assert!(tlog_tiles::check_tree(&proof, size, new, old, roots[old as usize - 1]).is_err());
                }
            }
        }
        assert!(Frontier::read(folder.path(), 701).unwrap().is_none());
    }
}
