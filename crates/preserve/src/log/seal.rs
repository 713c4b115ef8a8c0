use std::fs;
use std::io::{self, Read};
use std::path::Path;

use model::Digest;
use sha2::{Digest as _, Sha256};

use crate::durable::write_durably;
use crate::log::leaves::names;
use crate::log::note::LONGEST_TEXT;
use crate::log::tree::read_at_most;
use crate::log::{Fault, Keys, Log, LogError, Wrong};
use crate::{Error, step};

const FIRST_WORD: &str = "credence-seal/v1";
/// A record of a million files has a seal of this size; a longer one is none.
const LONGEST: usize = 1 << 27;

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
}

impl Log {
    /// Ends a run: writes down what the files are that can be rebuilt, so that a change to them is seen.
    ///
    /// Nothing else may have them open for writing any more. A record that is opened to write loses its seal.
    pub fn seal(self) -> Result<(), LogError> {
        let head = format!("{FIRST_WORD} {}\nleaves {}\n", self.key.origin(), self.size());
        let mut files = String::new();
        for path in sealed_paths(&self.record)? {
            let (length, digest) = hash_file(&self.record.join(&path))?;
            files += &format!("{}  {length}  {path}\n", digest.hex());
        }
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

/// Lists the files that a seal is over, in order.
pub(crate) fn sealed_paths(record: &Path) -> Result<Vec<String>, Error> {
    let mut paths = Vec::new();
    if record.join("record.db").is_file() {
        paths.push("record.db".to_owned());
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
pub(crate) fn hash_file(path: &Path) -> Result<(u64, Digest), Error> {
    let mut file = fs::File::open(path).map_err(Error::io(path))?;
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
    let first = lines.next()?.strip_prefix(FIRST_WORD)?.strip_prefix(' ')?;
    let leaves = lines.next().filter(|_| first == origin)?.strip_prefix("leaves ")?.parse().ok()?;
    let files = lines.map(|line| {
        let (hex, rest) = line.split_once("  ")?;
        let (length, path) = rest.split_once("  ")?;
        let digest = format!("sha256:{hex}").parse().ok()?;
        Some(SealedFile { path: path.to_owned(), length: length.parse().ok()?, digest })
    });
    Some(Sealed { leaves, files: files.collect::<Option<_>>()? })
}
