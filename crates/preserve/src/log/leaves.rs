use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::Error;
use crate::log::leaf::{LONGEST, Line};
use crate::log::{Fault, Wrong};

/// The leaves in one file: `leaves/NNNNN.jsonl` holds those from `NNNNN * 4096` on.
///
/// A few megabytes a file: an erasure rewrites one, and opening the log reads the last.
pub(crate) const PER_FILE: u64 = 4096;
/// A leaf, its salt and what stands around them.
const LONGEST_LINE: usize = LONGEST + 256;

/// The files that the leaves are in.
#[derive(Debug, Clone)]
pub(crate) struct LeafFiles {
    folder: PathBuf,
}

/// What stands in one line.
#[derive(Debug)]
pub(crate) struct FoundLine {
    pub(crate) index: u64,
    /// The number of the file.
    pub(crate) file: u64,
    /// The byte of the file that the line begins at.
    pub(crate) at: u64,
    /// The leaf; `None` if the line cannot be read as the leaf of its place.
    pub(crate) line: Option<Line>,
}

impl FoundLine {
    /// Makes the fault that this line would be if it cannot be read.
    pub(crate) fn fault(&self) -> Fault {
        self.wrong(Wrong::NotALeaf(self.index))
    }

    /// Makes a fault of this line.
    pub(crate) fn wrong(&self, wrong: Wrong) -> Fault {
        Fault::at(format!("log/leaves/{}", file_name(self.file)), self.at, wrong)
    }
}

impl LeafFiles {
    /// Takes the leaves of the log in `folder`.
    pub(crate) fn of(log: &Path) -> LeafFiles {
        LeafFiles { folder: log.join("leaves") }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn path(&self, file: u64) -> PathBuf {
        self.folder.join(file_name(file))
    }

    /// Lists the numbers of the files in order. Other files are no leaves.
    pub(crate) fn files(&self) -> Result<Vec<u64>, Error> {
        let mut files: Vec<u64> = names(&self.folder)?.iter().filter_map(|name| number_of(name)).collect();
        files.sort_unstable();
        Ok(files)
    }

    /// Reads the leaves from a number on, one after the other.
    pub(crate) fn read(&self, from: u64) -> Result<Lines, Error> {
        let mut files = self.files()?;
        files.retain(|file| *file >= from / PER_FILE);
        files.reverse();
        Ok(Lines { leaves: self.clone(), files, from, current: None })
    }

    /// Reads the leaves of one file.
    pub(crate) fn read_file(&self, file: u64) -> Lines {
        Lines { leaves: self.clone(), files: vec![file], from: 0, current: None }
    }
}

/// Leaves, read one at a time.
#[derive(Debug)]
pub(crate) struct Lines {
    leaves: LeafFiles,
    /// The files that are still to be read, the next one last.
    files: Vec<u64>,
    from: u64,
    current: Option<Current>,
}

#[derive(Debug)]
struct Current {
    number: u64,
    file: BufReader<File>,
    line: u64,
    at: u64,
}

impl Iterator for Lines {
    type Item = Result<FoundLine, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.current.is_none() {
                let number = self.files.pop()?;
                let path = self.leaves.path(number);
                match File::open(&path) {
                    Ok(file) => {
                        let file = BufReader::with_capacity(1 << 16, file);
                        self.current = Some(Current { number, file, line: 0, at: 0 });
                    }
                    Err(error) => return Some(Err(Error::io(&path)(error))),
                }
            }
            let current = self.current.as_mut().expect("a file was opened above");
            match current.next(self.from) {
                Ok(Some(found)) if found.index >= self.from => return Some(Ok(found)),
                Ok(Some(_)) => {}
                Ok(None) => self.current = None,
                Err(error) => {
                    let path = self.leaves.path(current.number);
                    self.current = None;
                    return Some(Err(Error::io(&path)(error)));
                }
            }
        }
    }
}

impl Current {
    /// Reads the next leaf; what is before `from` is passed over unread.
    fn next(&mut self, from: u64) -> io::Result<Option<FoundLine>> {
        let mut bytes = Vec::new();
        let limit = LONGEST_LINE as u64;
        let mut length = self.file.by_ref().take(limit).read_until(b'\n', &mut bytes)? as u64;
        if length == 0 {
            return Ok(None);
        }
        if length == limit && !bytes.ends_with(b"\n") {
            length += skip_line(&mut self.file)?;
            bytes.clear();
        }
        let (index, at) = (self.number * PER_FILE + self.line, self.at);
        self.line += 1;
        self.at += length;
        let is_asked = index >= from && self.line <= PER_FILE;
        let text = is_asked.then(|| std::str::from_utf8(&bytes).ok()).flatten();
        let line = text.and_then(|text| Line::parse(index, text));
        Ok(Some(FoundLine { index, file: self.number, at, line }))
    }
}

/// Passes over the rest of a line that is too long to be one of ours, and returns its length.
fn skip_line(file: &mut impl BufRead) -> io::Result<u64> {
    let mut skipped = 0;
    loop {
        let buffer = file.fill_buf()?;
        let end = buffer.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
        let (taken, done) = (end.unwrap_or(buffer.len()), end.is_some() || buffer.is_empty());
        file.consume(taken);
        skipped += taken as u64;
        if done {
            return Ok(skipped);
        }
    }
}

/// Returns the name of a file of leaves.
pub(crate) fn file_name(file: u64) -> String {
    format!("{file:05}.jsonl")
}

/// Reads the name of a file of leaves. The number of its first leaf has to be one.
pub(crate) fn number_of(name: &str) -> Option<u64> {
    let number: u64 = name.strip_suffix(".jsonl")?.parse().ok()?;
    (file_name(number) == name && number < u64::MAX / PER_FILE).then_some(number)
}

/// Lists the names in a folder; none if there is no such folder.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>, Error> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(Error::io(folder))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(Error::io(folder))?.file_name();
        names.push(name.to_string_lossy().into_owned());
    }
    Ok(names)
}
