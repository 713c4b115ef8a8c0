use std::ffi::{OsStr, OsString};
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};
use std::vec;

use crate::{Reason, Skipped};

/// Something that can be opened and read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A file, by its absolute path.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

/// The sources behind the arguments, in a stable order.
pub(crate) struct Walk {
    arguments: vec::IntoIter<OsString>,
    /// What a pattern stands for, while it is worked through.
    matches: vec::IntoIter<PathBuf>,
    /// What is left of each folder that we are in, the innermost last.
    folders: Vec<vec::IntoIter<PathBuf>>,
    /// A folder that is not entered, with links resolved.
    except: Option<PathBuf>,
    stdin_taken: bool,
    hidden: u64,
}

impl Walk {
    pub(crate) fn new(arguments: Vec<OsString>, except: Option<&Path>) -> Walk {
        Walk {
            arguments: arguments.into_iter(),
            matches: Vec::new().into_iter(),
            folders: Vec::new(),
            except: except.and_then(|folder| folder.canonicalize().ok()),
            stdin_taken: false,
            hidden: 0,
        }
    }

    /// Returns how many hidden files and folders were passed over so far.
    pub(crate) fn hidden(&self) -> u64 {
        self.hidden
    }

    /// Looks at one of the arguments; `None` if it only led to others.
    fn argument(&mut self, argument: &OsStr) -> Option<Result<Source, Skipped>> {
        if argument == "-" {
            let again = std::mem::replace(&mut self.stdin_taken, true);
            return Some(if again { Err(skipped_stdin()) } else { Ok(Source::Stdin) });
        }
        let path = absolute(Path::new(argument));
        match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.missing(argument, &path),
            _ => self.named(path),
        }
    }

    /// Looks at the name of no file: it may be a pattern that the shell did not expand.
    fn missing(&mut self, argument: &OsStr, path: &Path) -> Option<Result<Source, Skipped>> {
        match argument.to_str().filter(|argument| argument.contains(['*', '?', '['])) {
            Some(pattern) => self.expand(pattern).err().map(|reason| Err(skipped(path, reason))),
            None => Some(Err(skipped(path, Reason::Missing))),
        }
    }

    fn expand(&mut self, pattern: &str) -> Result<(), Reason> {
        let hidden_apart =
            glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::default() };
        let matches = glob::glob_with(pattern, hidden_apart)
            .map_err(|error| Reason::BadPattern(error.msg.to_owned()))?;
        // A match that cannot be looked at is still a path; it is skipped with its reason when it is opened.
        let mut matches: Vec<PathBuf> =
            matches.map(|found| absolute(&found.unwrap_or_else(|error| error.path().to_owned()))).collect();
        matches.sort_unstable();
        self.matches = matches.into_iter();
        if self.matches.as_slice().is_empty() { Err(Reason::NoMatch) } else { Ok(()) }
    }

    /// Looks at a path that the user named, or that a pattern stands for: links to folders are followed.
    fn named(&mut self, path: PathBuf) -> Option<Result<Source, Skipped>> {
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => self.enter(path),
            Ok(metadata) => Some(file(path, metadata.file_type())),
            Err(error) => Some(Err(skipped(&path, why_lost(&path, &error)))),
        }
    }

    /// Looks at an entry of a folder: links to folders are not followed.
    fn entry(&mut self, path: PathBuf) -> Option<Result<Source, Skipped>> {
        if path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) {
            self.hidden += 1;
            return None;
        }
        let is_link = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink());
        if is_link && path.is_dir() {
            return Some(Err(skipped(&path, Reason::LinkedFolder)));
        }
        self.named(path)
    }

    fn enter(&mut self, folder: PathBuf) -> Option<Result<Source, Skipped>> {
        if self.except.is_some() && folder.canonicalize().ok() == self.except {
            return None;
        }
        let entries = fs::read_dir(&folder).and_then(|entries| {
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()
        });
        match entries {
            Ok(mut entries) => {
                entries.sort_unstable();
                self.folders.push(entries.into_iter());
                None
            }
            Err(error) => Some(Err(skipped(&folder, why_lost(&folder, &error)))),
        }
    }

    /// Returns the next entry of the innermost folder that has one left.
    fn next_entry(&mut self) -> Option<PathBuf> {
        while let Some(folder) = self.folders.last_mut() {
            match folder.next() {
                Some(entry) => return Some(entry),
                None => self.folders.pop(),
            };
        }
        None
    }
}

impl Iterator for Walk {
    type Item = Result<Source, Skipped>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let found = if let Some(entry) = self.next_entry() {
                self.entry(entry)
            } else if let Some(path) = self.matches.next() {
                self.named(path)
            } else {
                let argument = self.arguments.next()?;
                self.argument(&argument)
            };
            if found.is_some() {
                return found;
            }
        }
    }
}

fn file(path: PathBuf, file_type: FileType) -> Result<Source, Skipped> {
    if file_type.is_file() { Ok(Source::File(path)) } else { Err(skipped(&path, Reason::Special)) }
}

/// Makes a path absolute without following links: it stays what the user named.
fn absolute(path: &Path) -> PathBuf {
    // Only an empty path cannot be made absolute, or one in a working folder that is gone: it is then missing.
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Says why a path that was there a moment ago cannot be looked at.
pub(crate) fn why_lost(path: &Path, error: &io::Error) -> Reason {
    if error.kind() != io::ErrorKind::NotFound {
        return Reason::Unreadable(error.to_string());
    }
    let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
    if is_link { Reason::DanglingLink } else { Reason::Vanished }
}

pub(crate) fn skipped(path: &Path, reason: Reason) -> Skipped {
    Skipped { source: path.to_string_lossy().into_owned(), line: None, reason }
}

/// What standard input is called where files go by their paths.
pub(crate) const STDIN_NAME: &str = "standard input";

fn skipped_stdin() -> Skipped {
    Skipped { source: STDIN_NAME.to_owned(), line: None, reason: Reason::StdinAgain }
}
