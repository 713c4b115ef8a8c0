use std::collections::HashMap;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use model::Digest;
use sha2::{Digest as _, Sha256};

use crate::durable::write_durably;
use crate::log::leaves::names;
use crate::log::note::LONGEST_TEXT;
use crate::log::tree::read_at_most;
use crate::log::{Fault, Keys, Log, LogError, Wrong};
use crate::{Error, step};

const FIRST_WORD: &str = "credence-seal/v2";
/// In these seals every digest is of a file as a whole, and no line says how the file was met.
const FIRST_WORD_BEFORE: &str = "credence-seal/v1";
/// A record of a million files has a seal of this size; a longer one is none.
const LONGEST: usize = 1 << 27;

/// The file whose digest is made from those of its blocks, so that a run hashes only what it wrote.
pub(crate) const ROWS: &str = "record.db";
/// The bytes of a block.
const BLOCK: u64 = 4096;
/// The digests of the blocks of `record.db`, one after the other. It may be absent, and is believed only where the seal
/// says the same of it.
const BLOCKS: &str = ".blocks";

/// What a seal says.
#[derive(Debug, PartialEq)]
pub(crate) struct Sealed {
    /// The number of leaves when it was written.
    pub(crate) leaves: u64,
    pub(crate) files: Vec<SealedFile>,
}

/// What a seal says of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SealedFile {
    /// Relative to the record, with `/`.
    pub(crate) path: String,
    pub(crate) length: u64,
    pub(crate) digest: Digest,
    pub(crate) way: Way,
    /// How the file was met when it was sealed; `None`: the system does not tell, or the seal is an older one.
    met: Option<Met>,
}

/// What a digest in a seal is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// The bytes.
    Whole,
    /// The digests of the blocks, one after the other.
    Blocks,
}

/// What a system says of a file that changes with each write to it, and that nobody sets at will.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Met {
    /// When its bytes or its names last changed, in nanoseconds since 1970.
    changed: i128,
    /// What tells it from other files.
    inode: u64,
}

impl Met {
    #[cfg(unix)]
    fn of(file: &Metadata) -> Option<Met> {
        use std::os::unix::fs::MetadataExt;
        let changed = i128::from(file.ctime()) * 1_000_000_000 + i128::from(file.ctime_nsec());
        Some(Met { changed, inode: file.ino() })
    }

    #[cfg(not(unix))]
    fn of(_: &Metadata) -> Option<Met> {
        None
    }

    fn text(met: Option<Met>) -> String {
        met.map_or("-".to_owned(), |met| format!("{}-{}", met.changed, met.inode))
    }

    fn parse(text: &str) -> Option<Option<Met>> {
        if text == "-" {
            return Some(None);
        }
        let (changed, inode) = text.split_once('-')?;
        Some(Some(Met { changed: changed.parse().ok()?, inode: inode.parse().ok()? }))
    }
}

impl SealedFile {
    /// Tells whether the file is the one that was sealed, as far as the system says: nobody wrote to it since.
    ///
    /// Whoever rules over the clock or the disk of the machine can make it say so of another one.
    pub(crate) fn is_untouched(&self, record: &Path) -> bool {
        let there = fs::symlink_metadata(record.join(&self.path));
        there.is_ok_and(|there| {
            self.met.is_some() && there.len() == self.length && Met::of(&there) == self.met
        })
    }

    /// Tells whether the file is the one that was sealed, by its bytes.
    pub(crate) fn is_same(&self, record: &Path) -> Result<bool, Error> {
        let path = record.join(&self.path);
        let (length, digest) = match self.way {
            Way::Whole => hash_file(&path)?,
            Way::Blocks => {
                let (length, blocks) = hash_blocks(&path)?;
                (length, Digest::of(blocks.as_flattened()))
            }
        };
        Ok((length, digest) == (self.length, self.digest))
    }
}

impl Log {
    /// Ends a run: writes down what the files are that can be rebuilt, so that a change to them is seen.
    ///
    /// Nothing else may have them open for writing any more. A record that is opened to write loses its seal.
    ///
    /// `written` are the ranges of bytes of `record.db` that may be other than when the log was opened. Of its other bytes
    /// the new seal says what the last one said, unseen; so what somebody else changed there still shows. `None`: it is not
    /// known, and all of them are read.
    pub fn seal(self, written: Option<&[Range<u64>]>) -> Result<(), LogError> {
        let head = format!("{FIRST_WORD} {}\nleaves {}\n", self.key.origin(), self.size());
        let before: HashMap<&str, &SealedFile> = self
            .sealed
            .iter()
            .flat_map(|sealed| &sealed.files)
            .map(|file| (file.path.as_str(), file))
            .collect();
        let mut files = Vec::new();
        for path in sealed_paths(&self.record)? {
            let before = before.get(path.as_str()).copied();
            let whole = self.record.join(&path);
            // Before its bytes are read, so that a later change is not taken for this state.
            let met = Met::of(&fs::symlink_metadata(&whole).map_err(Error::io(&whole))?);
            let (length, digest) = match before {
                _ if path == ROWS => seal_rows(&whole, &self.folder.join(BLOCKS), before.zip(written))?,
                Some(before) if before.is_untouched(&self.record) => (before.length, before.digest),
                _ => hash_file(&whole)?,
            };
            files.push((path, length, digest, met));
        }
        let is_past = wait_for_tick(files.iter().filter_map(|(_, _, _, met)| *met));
        let line = |(path, length, digest, met): &(String, u64, Digest, Option<Met>)| {
            let met = Met::text(met.filter(|met| is_past(*met)));
            format!("{}  {length}  {met}  {path}\n", digest.hex())
        };
        let files: String = files.iter().map(line).collect();
        let seal = match head.len() + files.len() <= LONGEST_TEXT {
            true => self.key.sign(&(head + &files)),
            // A note takes no more, so the list stands behind it.
            false => self.key.sign_with_body(&head, &files),
        };
        write_durably(&self.folder.join("seal"), &seal)?;
        step::done("seal-written");
        Ok(())
    }
}

/// How coarse the clock of a file system can be: two changes within a tick have the same time.
const TICK: Duration = Duration::from_millis(20);

/// Waits until a change to any of these files would be seen by its time. The answer tells of which that is so: a file from
/// the future is none.
fn wait_for_tick(met: impl Iterator<Item = Met>) -> impl Fn(Met) -> bool {
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_nanos().cast_signed());
    let tick = TICK.as_nanos().cast_signed();
    let began = now();
    if let Some(last) = met.map(|met| met.changed).filter(|changed| *changed <= began).max() {
        let left = last + tick - began;
        thread::sleep(Duration::from_nanos(u64::try_from(left).unwrap_or(0)));
    }
    let ended = now();
    move |met| met.changed + tick <= ended
}

/// Hashes the rows, or only what was written of them if the digests of all other blocks are known, and keeps the digests.
fn seal_rows(
    path: &Path,
    kept: &Path,
    known: Option<(&SealedFile, &[Range<u64>])>,
) -> Result<(u64, Digest), Error> {
    let io = Error::io(kept);
    let Some((mut blocks, written)) =
        known.and_then(|(before, written)| Some((known_blocks(kept, before)?, written)))
    else {
        let (length, blocks) = hash_blocks(path)?;
        fs::write(kept, blocks.as_flattened()).map_err(io)?;
        return Ok((length, Digest::of(blocks.as_flattened())));
    };
    let mut rows = File::open(path).map_err(Error::io(path))?;
    let length = rows.metadata().map_err(Error::io(path))?.len();
    let sealed = blocks.len() as u64;
    let count = length.div_ceil(BLOCK);
    blocks.resize(count as usize, [0; 32]);
    let cut = (sealed * BLOCK).saturating_sub(BLOCK).min(length)..length;
    let mut list = OpenOptions::new().write(true).open(kept).map_err(Error::io(kept))?;
    list.set_len(count * 32).map_err(Error::io(kept))?;
    for range in written.iter().chain([&cut]) {
        let range = range.start / BLOCK..range.end.div_ceil(BLOCK).min(count);
        if range.is_empty() {
            continue;
        }
        rows.seek(SeekFrom::Start(range.start * BLOCK)).map_err(Error::io(path))?;
        let there = &mut blocks[range.start as usize..range.end as usize];
        hash_into(&mut rows, there).map_err(Error::io(path))?;
        list.seek(SeekFrom::Start(range.start * 32)).map_err(Error::io(kept))?;
        list.write_all(there.as_flattened()).map_err(Error::io(kept))?;
    }
    Ok((length, Digest::of(blocks.as_flattened())))
}

/// Reads the digests of the blocks that the last seal was made from.
fn known_blocks(kept: &Path, before: &SealedFile) -> Option<Vec<[u8; 32]>> {
    if before.way != Way::Blocks {
        return None;
    }
    let mut list = File::open(kept).ok()?;
    let count = before.length.div_ceil(BLOCK);
    // A list of another length is none, and may be of any length.
    if list.metadata().ok()?.len() != count * 32 {
        return None;
    }
    let mut blocks = vec![[0; 32]; usize::try_from(count).ok()?];
    list.read_exact(blocks.as_flattened_mut()).ok()?;
    (Digest::of(blocks.as_flattened()) == before.digest).then_some(blocks)
}

/// Hashes the blocks of a file of any length.
fn hash_blocks(path: &Path) -> Result<(u64, Vec<[u8; 32]>), Error> {
    let file = File::open(path).map_err(Error::io(path))?;
    let length = file.metadata().map_err(Error::io(path))?.len();
    let mut blocks = vec![[0; 32]; length.div_ceil(BLOCK) as usize];
    hash_into(&mut BufReader::with_capacity(1 << 18, file), &mut blocks).map_err(Error::io(path))?;
    Ok((length, blocks))
}

fn hash_into(file: &mut impl Read, blocks: &mut [[u8; 32]]) -> io::Result<()> {
    let mut buffer = Vec::with_capacity(BLOCK as usize);
    for block in blocks {
        buffer.clear();
        file.by_ref().take(BLOCK).read_to_end(&mut buffer)?;
        *block = Sha256::digest(&buffer).into();
    }
    Ok(())
}

/// Lists the files that a seal is over, in order.
pub(crate) fn sealed_paths(record: &Path) -> Result<Vec<String>, Error> {
    let mut paths = Vec::new();
    if record.join(ROWS).is_file() {
        paths.push(ROWS.to_owned());
    }
    let mut folders = vec!["index".to_owned(), "log/stamps".to_owned()];
    while let Some(folder) = folders.pop() {
        for name in names(&record.join(&folder))? {
            let path = format!("{folder}/{name}");
            if record.join(&path).is_dir() {
                folders.push(path);
            } else if name.chars().any(char::is_control) {
                let refused = io::Error::new(io::ErrorKind::InvalidInput, "a control character in a name");
                return Err(Error::io(&record.join(&folder))(refused));
            } else if !name.ends_with(".lock") {
                paths.push(path);
            }
        }
    }
    paths.sort_unstable();
    Ok(paths)
}

/// Hashes a file of any length.
fn hash_file(path: &Path) -> Result<(u64, Digest), Error> {
    let mut file = File::open(path).map_err(Error::io(path))?;
    let (mut hash, mut length) = (Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 18];
    loop {
        match file.read(&mut buffer).map_err(Error::io(path))? {
            0 => break,
            read => {
                hash.update(&buffer[..read]);
                length += read as u64;
            }
        }
    }
    Ok((length, Digest::from_bytes(hash.finalize().into())))
}

/// Reads the seal and checks its signature. `None`: the record has none.
pub(crate) fn read(record: &Path, keys: &Keys) -> Result<Option<Result<Sealed, Fault>>, Error> {
    let Some(bytes) = read_at_most(&record.join("log/seal"), LONGEST)? else { return Ok(None) };
    let in_one = || keys.text_of(&bytes).and_then(|text| parse((text, ""), keys.log.name()));
    let parsed = keys.text_and_body_of(&bytes).map_or_else(in_one, |parts| parse(parts, keys.log.name()));
    Ok(Some(parsed.ok_or_else(|| Fault::of("log/seal", Wrong::BadSeal))))
}

fn parse((text, body): (&str, &str), origin: &str) -> Option<Sealed> {
    let mut lines = text.lines().chain(body.lines());
    let (version, name) = lines.next()?.split_once(' ')?;
    let leaves = lines.next().filter(|_| name == origin)?.strip_prefix("leaves ")?.parse().ok()?;
    let is_older = version == FIRST_WORD_BEFORE;
    if !is_older && version != FIRST_WORD {
        return None;
    }
    let files = lines.map(|line| {
        let (hex, rest) = line.split_once("  ")?;
        let (length, rest) = rest.split_once("  ")?;
        let (met, path) = if is_older { ("-", rest) } else { rest.split_once("  ")? };
        Some(SealedFile {
            path: path.to_owned(),
            length: length.parse().ok()?,
            digest: format!("sha256:{hex}").parse().ok()?,
            way: if path == ROWS && !is_older { Way::Blocks } else { Way::Whole },
            met: Met::parse(met)?,
        })
    });
    Some(Sealed { leaves, files: files.collect::<Option<_>>()? })
}
