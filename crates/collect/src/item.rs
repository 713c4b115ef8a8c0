use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use model::{Digest, Kind, Metadata};

use crate::lines::{Line, Lines};
use crate::walk::{STDIN_NAME, Source, Walk, why_lost};
use crate::{Reason, Skipped, dated, row, sniff, uri};

/// One original: the bytes that were received, and how they came.
#[derive(Clone, PartialEq, Eq)]
pub struct Item {
    /// The bytes, unchanged.
    pub bytes: Vec<u8>,
    /// Their digest.
    pub digest: Digest,
    /// What they are to be read as.
    pub kind: Kind,
    /// Their name, and the outlet and day that the user gave. What the bytes say themselves is for the reader to find.
    pub metadata: Metadata,
    /// Where they were met.
    pub sighting: Sighting,
}

/// Where an original was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The file, as the user named it, made absolute; or `standard input`.
    pub source: String,
    /// The address of the source: `file:` or `urn:credence:stdin`, with the lines if it is one of several originals.
    ///
    /// It says where things lie on this machine, and is not meant for outsiders.
    pub uri: String,
    /// The line it begins at, counted from 1, if it is one of several originals in its source.
    pub line: Option<u64>,
    /// The byte of the source that it begins at.
    pub byte_offset: u64,
}

/// What the user says about the sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// What all of them are, whatever they look like.
    pub kind: Option<Kind>,
    /// Who published them.
    pub outlet: Option<String>,
    /// The day they were published.
    pub published: Option<Date>,
    /// The size of the largest original that is taken in, in bytes.
    pub max_size: u64,
    /// A folder that is not entered: the record itself, where it lies inside a source.
    pub except: Option<PathBuf>,
}

/// 64 MiB: a hundred times the longest article, and little enough to hold in memory.
const MAX_SIZE: u64 = 64 << 20;

impl Default for Options {
    fn default() -> Options {
        Options { kind: None, outlet: None, published: None, max_size: MAX_SIZE, except: None }
    }
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the bytes: a debug print may end in a log.
        let Item { bytes, digest, kind, metadata, sighting } = self;
        write!(f, "Item({:?}, {} bytes, {digest}, {kind}, {sighting:?})", metadata.id, bytes.len())
    }
}

/// Takes in the originals behind `paths`, one after the other. See the crate's description for what paths can be.
///
/// Everything is read when it is asked for, and no more than one original is held in memory, or one file if it holds
/// several dated texts.
pub fn items(paths: impl IntoIterator<Item = impl Into<OsString>>, options: Options) -> Items {
    let arguments = paths.into_iter().map(Into::into).collect();
    let walk = Walk::new(arguments, options.except.as_deref());
    Items { walk, options, open: None }
}

/// The originals behind some paths: see [`items`].
pub struct Items {
    walk: Walk,
    options: Options,
    open: Option<Open>,
}

/// A source that is being worked through.
enum Open {
    Rows(Rows),
    Texts(Texts),
}

impl Items {
    /// Returns how many hidden files and folders were passed over so far.
    pub fn hidden(&self) -> u64 {
        self.walk.hidden()
    }

    fn open(&self, source: Source) -> Result<Open, Skipped> {
        match source {
            Source::File(path) => {
                let origin = Origin::of_file(&path);
                let file = File::open(&path).and_then(|file| Ok((file.metadata()?, file)));
                match file {
                    // It may have been put in the place of a file since it was looked at.
                    Ok((metadata, _)) if !metadata.is_file() => Err(origin.skipped(Reason::Special)),
                    Ok((metadata, file)) => {
                        self.sort(origin, Stream { length: metadata.len(), reader: Box::new(file) })
                    }
                    Err(error) => Err(origin.skipped(why_lost(&path, &error))),
                }
            }
            Source::Stdin => self.sort(Origin::stdin(), Stream { length: 0, reader: Box::new(io::stdin()) }),
        }
    }

    /// Finds out what kind a stream is, and how to go through it.
    fn sort(&self, origin: Origin, mut stream: Stream) -> Result<Open, Skipped> {
        let mut head = Vec::new();
        let read = stream.reader.by_ref().take(HEAD).read_to_end(&mut head);
        let sorted = read.map_err(unreadable).and_then(|_| {
            if let Some(reason) = sniff::not_text(&head) {
                return Err(reason);
            }
            self.options.kind.map_or_else(|| sniff::kind(&origin.name, &head), Ok)
        });
        match sorted {
            Err(reason) => Err(origin.skipped(reason)),
            Ok(_) if head.is_empty() => Err(origin.skipped(Reason::Empty)),
            Ok(Kind::Row) => self.rows(origin, head, stream).map(Open::Rows),
            Ok(kind) => match self.read_whole(head, stream) {
                Ok(bytes) => Ok(Open::Texts(Texts { origin, kind, bytes, at: 0, line: 1, count: 0 })),
                Err(reason) => Err(origin.skipped(reason)),
            },
        }
    }

    fn rows(&self, origin: Origin, head: Vec<u8>, stream: Stream) -> Result<Rows, Skipped> {
        if sniff::is_marked_utf16(&head) {
            return Err(origin.skipped(Reason::Utf16Lines));
        }
        if sniff::is_binary(&head) {
            return Err(origin.skipped(Reason::Binary));
        }
        let reader: Box<dyn BufRead> =
            Box::new(BufReader::with_capacity(1 << 16, Cursor::new(head).chain(stream.reader)));
        Ok(Rows { origin, lines: Lines::new(reader, self.options.max_size), any: false })
    }

    fn read_whole(&self, mut bytes: Vec<u8>, stream: Stream) -> Result<Vec<u8>, Reason> {
        let limit = self.options.max_size;
        if stream.length > limit {
            return Err(Reason::TooLarge { limit });
        }
        // The file may have grown since its length was asked, and a stream has none.
        let more = limit.saturating_add(1).saturating_sub(bytes.len() as u64);
        stream.reader.take(more).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > limit {
            return Err(Reason::TooLarge { limit });
        }
        if bytes.trim_ascii().is_empty() {
            return Err(Reason::Empty);
        }
        if sniff::is_binary(&bytes) { Err(Reason::Binary) } else { Ok(bytes) }
    }

    /// Makes an item of one part of a source.
    fn item(&self, part: Part) -> Item {
        let Part { bytes, kind, id, sighting } = part;
        let metadata = Metadata {
            id,
            outlet: self.options.outlet.clone(),
            published: self.options.published,
            ..Metadata::default()
        };
        Item { digest: Digest::of(&bytes), bytes, kind, metadata, sighting }
    }
}

impl Iterator for Items {
    type Item = Result<Item, Skipped>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let part = match &mut self.open {
                Some(Open::Rows(rows)) => rows.next(),
                Some(Open::Texts(texts)) => texts.next().map(Ok),
                None => None,
            };
            match part {
                Some(part) => return Some(part.map(|part| self.item(part))),
                None => self.open = None,
            }
            match self.walk.next()?.and_then(|source| self.open(source)) {
                Ok(open) => self.open = Some(open),
                Err(skipped) => return Some(Err(skipped)),
            }
        }
    }
}

/// How much is read to find out what a source is.
const HEAD: u64 = 64 << 10;

/// Bytes that are still to be read, and how many they were said to be; none, if nobody said.
struct Stream {
    length: u64,
    reader: Box<dyn Read>,
}

fn unreadable(error: io::Error) -> Reason {
    Reason::Unreadable(error.to_string())
}

/// What a source is called.
struct Origin {
    source: String,
    uri: String,
    name: String,
}

impl Origin {
    fn of_file(path: &Path) -> Origin {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Origin { source: path.to_string_lossy().into_owned(), uri: uri::of_file(path), name }
    }

    fn stdin() -> Origin {
        Origin { source: STDIN_NAME.into(), uri: uri::STDIN.into(), name: "stdin".into() }
    }

    fn skipped(&self, reason: Reason) -> Skipped {
        Skipped { source: self.source.clone(), line: None, reason }
    }
}

/// One original inside a source.
struct Part {
    bytes: Vec<u8>,
    kind: Kind,
    id: String,
    sighting: Sighting,
}

/// The rows of a JSON Lines source.
struct Rows {
    origin: Origin,
    lines: Lines<Box<dyn BufRead>>,
    /// Whether there was anything but blank lines.
    any: bool,
}

impl Rows {
    fn next(&mut self) -> Option<Result<Part, Skipped>> {
        loop {
            let line = match self.lines.next() {
                Ok(Some(line)) => line,
                Ok(None) if self.any => return None,
                Ok(None) => {
                    self.any = true;
                    return Some(Err(self.origin.skipped(Reason::Empty)));
                }
                Err(error) => {
                    // Reading it again would meet the same error without end.
                    self.lines = Lines::new(Box::new(io::empty()), 0);
                    self.any = true;
                    return Some(Err(self.origin.skipped(unreadable(error))));
                }
            };
            if line.bytes.as_ref().is_none_or(|bytes| !bytes.trim_ascii().is_empty()) {
                self.any = true;
                return Some(self.row(line));
            }
        }
    }

    fn row(&self, line: Line) -> Result<Part, Skipped> {
        let Line { number, offset, bytes } = line;
        let skipped = |reason| Skipped { line: Some(number), ..self.origin.skipped(reason) };
        let bytes = bytes.ok_or_else(|| skipped(Reason::TooLarge { limit: self.lines.limit() }))?;
        let id = row::id(&bytes).map_err(skipped)?;
        let sighting = Sighting {
            source: self.origin.source.clone(),
            uri: uri::of_lines(&self.origin.uri, number..=number),
            line: Some(number),
            byte_offset: offset,
        };
        let id = id.unwrap_or_else(|| format!("{}:{number}", self.origin.name));
        Ok(Part { bytes, kind: Kind::Row, id, sighting })
    }
}

/// The texts of a source that was read whole: one, or several that are each dated.
struct Texts {
    origin: Origin,
    kind: Kind,
    bytes: Vec<u8>,
    at: usize,
    line: u64,
    count: u64,
}

impl Texts {
    fn next(&mut self) -> Option<Part> {
        let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = if self.kind == Kind::DatedText { dated::end_of_report(rest) } else { rest.len() };
        self.count += 1;
        if length == self.bytes.len() {
            let bytes = std::mem::take(&mut self.bytes);
            return Some(self.part(bytes, None));
        }
        let bytes = rest[..length].to_vec();
        let breaks = bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        let last = if bytes.ends_with(b"\n") { self.line + breaks - 1 } else { self.line + breaks };
        let part = self.part(bytes, Some((self.line, last)));
        self.at += length;
        self.line += breaks;
        Some(part)
    }

    fn part(&self, bytes: Vec<u8>, lines: Option<(u64, u64)>) -> Part {
        let Origin { source, uri, name } = &self.origin;
        let sighting = Sighting {
            source: source.clone(),
            uri: lines.map_or_else(|| uri.clone(), |(first, last)| uri::of_lines(uri, first..=last)),
            line: lines.map(|(first, _)| first),
            byte_offset: self.at as u64,
        };
        let id = if self.count == 1 { name.clone() } else { format!("{name}#{}", self.count) };
        Part { bytes, kind: self.kind, id, sighting }
    }
}
