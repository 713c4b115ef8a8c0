use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use model::{Digest, Kind, Metadata};

use crate::captures::{self, Capture, Captured, Captures};
use crate::lines::{Line, Lines};
use crate::walk::{STDIN_NAME, Source, Walk, why_lost};
use crate::{Reason, Skipped, dated, encoding, row, sniff, uri};

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
    /// The byte of the source that it begins at; inside an archive that of its record.
    pub byte_offset: u64,
    /// How it was captured, if it came from the web.
    pub capture: Option<Capture>,
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
    /// Who handed the files over, where they lie on this machine only on their way into a record: a source is then called
    /// after this and the name of the file.
    pub handed_over_by: Option<String>,
}

/// 64 MiB: a hundred times the longest article, and little enough to hold in memory.
const MAX_SIZE: u64 = 64 << 20;

impl Default for Options {
    fn default() -> Options {
        Options {
            kind: None,
            outlet: None,
            published: None,
            max_size: MAX_SIZE,
            except: None,
            handed_over_by: None,
        }
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
    Items { walk, options, open: None, other_records: 0 }
}

/// The originals behind some paths: see [`items`].
pub struct Items {
    walk: Walk,
    options: Options,
    open: Option<Open>,
    other_records: u64,
}

/// A source that is being worked through.
enum Open {
    Rows(Rows),
    Texts(Texts),
    Archive(Box<Archive>),
}

impl Items {
    /// Returns how many hidden files and folders were passed over so far.
    pub fn hidden(&self) -> u64 {
        self.walk.hidden()
    }

    /// Returns how many records of archives were passed over so far, since they hold no report.
    pub fn other_records(&self) -> u64 {
        self.other_records
    }

    fn open(&self, source: Source) -> Result<Open, Skipped> {
        match source {
            Source::File(path) => {
                let origin = match &self.options.handed_over_by {
                    Some(by) => Origin::handed_over(&path, by),
                    None => Origin::of_file(&path),
                };
                let file = File::open(&path).and_then(|file| Ok((file.metadata()?, file)));
                match file {
                    // It may have been put in the place of a file since it was looked at.
                    Ok((metadata, _)) if !metadata.is_file() => Err(origin.skipped(Reason::Special)),
                    Ok((metadata, file)) => self.sort(
                        origin,
                        Stream { length: metadata.len(), reader: Box::new(file), path: Some(path) },
                    ),
                    Err(error) => Err(origin.skipped(why_lost(&path, &error))),
                }
            }
            Source::Stdin => {
                self.sort(Origin::stdin(), Stream { length: 0, reader: Box::new(io::stdin()), path: None })
            }
        }
    }

    /// Finds out what kind a stream is, and how to go through it.
    fn sort(&self, origin: Origin, mut stream: Stream) -> Result<Open, Skipped> {
        let mut head = Vec::new();
        let read = stream.reader.by_ref().take(HEAD).read_to_end(&mut head);
        if let Some(form) = captures::form(&origin.name, &head).filter(|_| read.is_ok()) {
            return self
                .archive(origin, Opening { form, head, stream })
                .map(|archive| Open::Archive(Box::new(archive)));
        }
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

    fn archive(&self, origin: Origin, opening: Opening) -> Result<Archive, Skipped> {
        let Opening { form, head, stream } = opening;
        let opened = match (form, stream.path) {
            (captures::Form::Stream, _) => Ok(Captures::stream(head, stream.reader, self.options.max_size)),
            (captures::Form::Wacz, Some(path)) => match File::open(&path) {
                Ok(file) => Captures::wacz(file, self.options.max_size),
                Err(error) => Err(why_lost(&path, &error)),
            },
            (captures::Form::Wacz, None) => Err(Reason::NoFile),
        };
        match opened {
            Ok(captures) => Ok(Archive { origin, captures }),
            Err(reason) => Err(origin.skipped(reason)),
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
        let capture = sighting.capture.as_ref();
        let content_type = capture.and_then(|capture| capture.content_type.as_deref());
        let host = || capture.and_then(|capture| capture.host.clone());
        let metadata = Metadata {
            id,
            outlet: self.options.outlet.clone().or_else(host),
            url: capture.map(|capture| capture.url.clone()).filter(|url| !url.is_empty()),
            published: self.options.published,
            charset: content_type.and_then(encoding::charset).map(str::to_owned),
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
                Some(Open::Archive(archive)) => archive.next(&mut self.other_records),
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
    /// The file that it is of.
    path: Option<PathBuf>,
}

/// An archive that is about to be read, and what was read of it to tell that it is one.
struct Opening {
    form: captures::Form,
    head: Vec<u8>,
    stream: Stream,
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

    fn handed_over(path: &Path, by: &str) -> Origin {
        let name = path.file_name().unwrap_or_default();
        let uri = uri::handed_over(by, Path::new(name));
        let name = name.to_string_lossy().into_owned();
        Origin { source: format!("{by}: {name}"), uri, name }
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
            capture: None,
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
            capture: None,
        };
        let id = if self.count == 1 { name.clone() } else { format!("{name}:{}", self.line) };
        Part { bytes, kind: self.kind, id, sighting }
    }
}

/// The pages of an archive.
struct Archive {
    origin: Origin,
    captures: Captures,
}

impl Archive {
    fn next(&mut self, others: &mut u64) -> Option<Result<Part, Skipped>> {
        let captured = self.captures.next();
        *others += std::mem::take(&mut self.captures.others);
        Some(captured?.map(|captured| self.part(captured)).map_err(|reason| self.origin.skipped(reason)))
    }

    fn part(&self, captured: Captured) -> Part {
        let Captured { bytes, kind, record, capture } = captured;
        let sighting = Sighting {
            source: self.origin.source.clone(),
            uri: uri::of_record(&self.origin.uri, &record),
            line: None,
            byte_offset: record.offset,
            capture: Some(capture),
        };
        let within = record.within.as_deref().map_or(String::new(), |within| format!("{within}@"));
        Part { bytes, kind, id: format!("{}@{within}{}", self.origin.name, record.offset), sighting }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;

    /// Lists what is taken in and what is skipped, one a line, with the folder of the test left out.
    fn list(folder: &Path, items: impl Iterator<Item = Result<Item, Skipped>>) -> String {
        let mut list = String::new();
        for item in items {
            let line = match item {
                Ok(Item { bytes, kind, metadata, sighting, .. }) => {
                    let Sighting { source, uri, line, byte_offset, capture } = sighting;
                    assert!(uri.starts_with("file:///"));
                    let line = line.map_or(String::new(), |line| format!(":{line}"));
                    let length = bytes.len();
                    let capture = capture.map_or(String::new(), |capture| {
                        let at = capture.at.map_or(String::new(), |at| at.to_string());
                        format!(" {} {at} {:?}", capture.url, metadata.outlet.unwrap())
                    });
                    format!("{source}{line} @{byte_offset} {kind} {:?} {length} bytes{capture}", metadata.id)
                }
                Err(skipped) => format!("- {skipped}"),
            };
            list.push_str(&line.replace(&format!("{}/", folder.display()), ""));
            list.push('\n');
        }
        list
    }

    fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        folder
    }

    fn check(files: &[(&str, &[u8])], expected: Expect) {
        let folder = folder(files);
        expected.assert_eq(&list(folder.path(), items([folder.path()], Options::default())));
    }

    #[test]
    fn kinds_in_a_stable_order() {
        check(
            &[
                ("b/2.txt", b"date 2031-03-12 Three people were hurt."),
                ("b/10.html", b"<p>Three"),
                ("a.txt", b"Three people were hurt."),
                ("b.txt", "\u{feff}Троє".as_bytes()),
                ("c.jsonl", b"{\"id\": 7, \"text\": \"x\"}\r\n\n{\"text\": \"y\"}"),
            ],
            expect![[r#"
                a.txt @0 text "a.txt" 23 bytes
                b/10.html @0 page "10.html" 8 bytes
                b/2.txt @0 dated-text "2.txt" 39 bytes
                b.txt @0 text "b.txt" 11 bytes
                c.jsonl:1 @0 row "7" 22 bytes
                c.jsonl:3 @25 row "c.jsonl:3" 13 bytes
            "#]],
        );
    }

    #[test]
    fn archives_are_opened() {
        use crate::archives::tests::{PAGE, gzip, record, wacz};
        let page = record("response", "", PAGE);
        let request = record("request", "", "GET / HTTP/1.1\r\n\r\n");
        let picture = record("response", "", "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\u{89}PNG");
        let document = record("resource", "Content-Type: application/pdf\r\n", "%PDF-1.7");
        let missing =
            record("response", "", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>No");
        let folder = folder(&[
            ("a.warc", &[&request[..], &page, &picture, &document, &missing].concat()),
            ("b.warc.gz", &[gzip(&request), gzip(&page), b"Three".to_vec()].concat()),
            ("c.warc.zst", include_bytes!("archives/dictionary.warc.zst")),
            ("d.wacz", &wacz(&[("archive/e.warc.gz", &gzip(&page))])),
            ("f.wacz", b"PK\x03\x04"),
            ("g.gz", &gzip(b"Three people were hurt.")),
        ]);
        let mut items = items([folder.path()], Options::default());
        expect![[r#"
            a.warc @156 page "a.warc@156" 29 bytes https://tesmin.example/response 2031-03-12T05:30:00Z "tesmin.example"
            - a.warc: the record at byte 573: it is a PDF, not text; convert it to text or HTML first
            b.warc.gz @149 page "b.warc.gz@149" 29 bytes https://tesmin.example/response 2031-03-12T05:30:00Z "tesmin.example"
            - b.warc.gz: byte 359: it cannot be unpacked here: no member begins here
            c.warc.zst @540 page "c.warc.zst@540" 160 bytes https://tesmin.example/3 2031-03-12T05:30:03Z "tesmin.example"
            c.warc.zst @605 page "c.warc.zst@605" 150 bytes https://tesmin.example/4 2031-03-12T05:30:04Z "tesmin.example"
            d.wacz @0 page "d.wacz@archive/e.warc.gz@0" 29 bytes https://tesmin.example/response 2031-03-12T05:30:00Z "tesmin.example"
            - f.wacz: byte 0: it is no WACZ: invalid Zip archive: Could not find EOCD
            - g.gz: it is gzip, not text; unpack it first
        "#]].assert_eq(&list(folder.path(), items.by_ref()));
        assert_eq!(items.other_records(), 4);
    }

    #[test]
    fn several_dated_texts_in_one_file() {
        check(
            &[("a.txt", b"date 2031-03-12 One\nmore.\ndate 9999-99-99 Two.\n")],
            expect![[r#"
            a.txt:1 @0 dated-text "a.txt" 26 bytes
            a.txt:3 @26 dated-text "a.txt:3" 21 bytes
        "#]],
        );
    }

    #[test]
    fn rows_that_are_none() {
        check(
            &[("a.jsonl", b"{\"text\": \"\\ud800\"}\n[1]\n{\"text\": 1}\n{\"te\n{\"id\": \"\\udc00\", \"text\": \"x\"}\n")],
            expect![[r#"
                a.jsonl:1 @0 row "a.jsonl:1" 18 bytes
                - a.jsonl:2: the line is not a JSON object: it does not begin with {
                - a.jsonl:3: the row has no "text" that is a string
                - a.jsonl:4: the line is not a JSON object: EOF while parsing a string at column 4
                a.jsonl:5 @40 row "�" 29 bytes
            "#]],
        );
    }

    #[test]
    fn hostile_files() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let marked = [b"\xff\xfe".to_vec(), utf16("Троє людей")].concat();
        let lines = [b"\xff\xfe".to_vec(), utf16("{\"text\": \"x\"}\n")].concat();
        check(
            &[
                ("binary.txt", &[0, 1, 2, 3, 200, 201, 0, 0]),
                ("blank.jsonl", b"\n\n \n"),
                ("blank.txt", b" \n"),
                ("empty.jsonl", b""),
                ("empty.txt", b""),
                ("latin1.txt", b"Trois bless\xe9s \xe0 Tesmin"),
                ("lines16.jsonl", &lines),
                ("marked16.txt", &marked),
                ("nul.txt", b"Three people\0were hurt in Tesmin."),
                ("one.json", b"{\n\"text\": \"x\"\n}"),
                ("page.pdf", b"%PDF-1.7 ..."),
                ("rows.jsonl.gz", b"\x1f\x8b\x08\0..."),
                ("unmarked16.txt", &utf16("Three people were hurt.")),
            ],
            expect![[r#"
                - binary.txt: it is binary, not text; convert it to text or HTML first
                - blank.jsonl: it is empty
                - blank.txt: it is empty
                - empty.jsonl: it is empty
                - empty.txt: it is empty
                latin1.txt @0 text "latin1.txt" 22 bytes
                - lines16.jsonl: JSON Lines have to be UTF-8 (RFC 8259, 8.1), and this is UTF-16; convert it first
                marked16.txt @0 text "marked16.txt" 22 bytes
                nul.txt @0 text "nul.txt" 33 bytes
                - one.json: it is JSON, but not JSON Lines; write one object a line, or read it as text with --kind text
                - page.pdf: it is a PDF, not text; convert it to text or HTML first
                - rows.jsonl.gz: it is gzip, not text; unpack it first
                unmarked16.txt @0 text "unmarked16.txt" 46 bytes
            "#]],
        );
    }

    #[test]
    fn a_file_of_a_gigabyte_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = File::create(folder.path().join("a.txt")).unwrap();
        file.set_len(1 << 30).unwrap();
        let list = list(folder.path(), items([folder.path()], Options::default()));
        expect![[r#"
            - a.txt: it is larger than 67108864 bytes; to take it in, raise the limit with --max-size
        "#]]
        .assert_eq(&list);
    }

    #[test]
    fn a_line_of_ten_megabytes() {
        let line = "x".repeat(10 << 20);
        let row = format!("{{\"text\": \"{line}\"}}\n");
        let rows = format!("{row}{{\"text\": \"y\"}}\n");
        let folder = folder(&[("a.txt", line.as_bytes()), ("b.jsonl", rows.as_bytes())]);
        let all = items([folder.path()], Options::default()).filter(Result::is_ok).count();
        assert_eq!(all, 3);
        let few = Options { max_size: 1 << 20, ..Options::default() };
        expect![[r#"
            - a.txt: it is larger than 1048576 bytes; to take it in, raise the limit with --max-size
            - b.jsonl:1: it is larger than 1048576 bytes; to take it in, raise the limit with --max-size
            b.jsonl:2 @10485773 row "b.jsonl:2" 13 bytes
        "#]]
        .assert_eq(&list(folder.path(), items([folder.path()], few)));
    }

    #[test]
    fn exactly_at_the_limit() {
        let folder = folder(&[("a.txt", b"12345"), ("b.txt", b"123456")]);
        let options = Options { max_size: 5, ..Options::default() };
        expect![[r#"
            a.txt @0 text "a.txt" 5 bytes
            - b.txt: it is larger than 5 bytes; to take it in, raise the limit with --max-size
        "#]]
        .assert_eq(&list(folder.path(), items([folder.path()], options)));
    }

    #[test]
    fn patterns_and_missing_paths() {
        let folder = folder(&[
            ("a/1.txt", b"x"),
            ("a/.2.txt", b"x"),
            ("b/3.txt", b"x"),
            ("b/[4].txt", b"x"),
            ("c.html", b"x"),
        ]);
        let found = |paths: &[&str]| {
            let paths = paths.iter().map(|path| folder.path().join(path));
            list(folder.path(), items(paths, Options::default()))
        };
        expect![[r#"
            a/1.txt @0 text "1.txt" 1 bytes
            b/3.txt @0 text "3.txt" 1 bytes
            b/[4].txt @0 text "[4].txt" 1 bytes
            b/3.txt @0 text "3.txt" 1 bytes
            b/[4].txt @0 text "[4].txt" 1 bytes
            a/1.txt @0 text "1.txt" 1 bytes
            b/3.txt @0 text "3.txt" 1 bytes
            b/[4].txt @0 text "[4].txt" 1 bytes
            - *.md: no file fits this pattern; check it, and put it in quotes
            - no.txt: there is no such file or folder; check the name
            - a[: the pattern cannot be read: invalid range pattern
            a/.2.txt @0 text ".2.txt" 1 bytes
        "#]]
        .assert_eq(&found(&["*/*.txt", "**/3*", "b/[4].txt", "[ab]", "*.md", "no.txt", "a[", "a/.2.txt"]));
    }

    #[test]
    fn hidden_files_are_counted() {
        let folder = folder(&[(".git/config", b"x"), (".hidden.txt", b"x"), ("a.txt", b"x")]);
        let mut items = items([folder.path()], Options::default());
        assert_eq!(items.by_ref().count(), 1);
        assert_eq!(items.hidden(), 2);
    }

    #[test]
    fn the_record_is_not_collected_into_itself() {
        let folder = folder(&[("a.txt", b"x"), ("record/credence.toml", b"x")]);
        let except = Some(folder.path().join("record"));
        let items = items([folder.path()], Options { except, ..Options::default() });
        assert_eq!(items.count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn links_and_special_files() {
        use std::os::unix::fs::symlink;
        use std::os::unix::net::UnixListener;

        let folder = folder(&[("a/1.txt", b"x")]);
        let at = |name: &str| folder.path().join(name);
        symlink(folder.path(), at("a/loop")).unwrap();
        symlink(at("a/1.txt"), at("a/file")).unwrap();
        symlink(at("nowhere"), at("a/dangling")).unwrap();
        symlink(at("a/itself"), at("a/itself")).unwrap();
        symlink(at("a"), at("linked")).unwrap();
        let _socket = UnixListener::bind(at("a/socket")).unwrap();
        let list =
            list(folder.path(), items([at("a"), at("linked/1.txt"), at("a/dangling")], Options::default()));
        expect![[r#"
            a/1.txt @0 text "1.txt" 1 bytes
            - a/dangling: it is a link that leads nowhere
            a/file @0 text "file" 1 bytes
            - a/itself: it cannot be read: Too many levels of symbolic links (os error 40); check its permissions
            - a/loop: it is a link to a folder, which may lead round in a circle; name the folder itself to read it
            - a/socket: it is a device, pipe or socket, not a file; pass its content on standard input, as -
            linked/1.txt @0 text "1.txt" 1 bytes
            - a/dangling: it is a link that leads nowhere
        "#]].assert_eq(&list);
        let by_link = items([at("linked")], Options::default()).filter(Result::is_ok).count();
        assert_eq!(by_link, 2);
    }

    #[cfg(unix)]
    #[test]
    fn an_unreadable_file_stops_nobody() {
        use std::os::unix::fs::PermissionsExt;

        let folder = folder(&[("a.txt", b"x"), ("b.txt", b"x")]);
        let path = folder.path().join("a.txt");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        let readable = File::open(&path).is_ok();
        let found: Vec<_> = items([folder.path()], Options::default()).collect();
        // Root can read everything.
        assert_eq!(found.iter().filter(|item| item.is_ok()).count(), if readable { 2 } else { 1 });
    }

    #[test]
    fn a_file_that_vanishes() {
        let folder = folder(&[("a.txt", b"x"), ("b.txt", b"x"), ("c.txt", b"x")]);
        let mut items = items([folder.path()], Options::default());
        assert!(items.next().unwrap().is_ok());
        fs::remove_file(folder.path().join("b.txt")).unwrap();
        assert_eq!(items.next().unwrap().unwrap_err().reason, Reason::Vanished);
        assert!(items.next().unwrap().is_ok());
        assert!(items.next().is_none());
    }

    #[test]
    fn what_the_user_says() {
        let folder = folder(&[
            ("a.txt", b"date 2031-03-12 One.\ndate 2031-03-13 Two."),
            ("b.txt", b"{\"text\": \"x\"}"),
        ]);
        let options = Options {
            kind: Some(Kind::PlainText),
            outlet: Some("Quillhaven Post".into()),
            published: Some(jiff::civil::date(2031, 3, 14)),
            ..Options::default()
        };
        let found: Vec<Item> = items([folder.path()], options.clone()).map(Result::unwrap).collect();
        assert_eq!(found.len(), 2);
        for item in found {
            assert_eq!(item.kind, Kind::PlainText);
            assert_eq!(
                (item.metadata.outlet, item.metadata.published),
                (options.outlet.clone(), options.published)
            );
        }
    }

    #[test]
    fn a_hundred_thousand_rows_are_pulled_one_by_one() {
        let rows: String =
            (0..100_000).map(|i| format!("{{\"id\": {i}, \"text\": \"Three were hurt.\"}}\n")).collect();
        let folder = folder(&[("a.jsonl", rows.as_bytes())]);
        let mut offset = 0;
        for (i, item) in items([folder.path()], Options::default()).enumerate() {
            let Item { bytes, digest, metadata, sighting, .. } = item.unwrap();
            assert_eq!(metadata.id, i.to_string());
            assert_eq!((sighting.line, sighting.byte_offset), (Some(i as u64 + 1), offset));
            assert_eq!(digest, Digest::of(&bytes));
            offset += bytes.len() as u64 + 1;
        }
        assert_eq!(offset, rows.len() as u64);
    }

    #[test]
    fn standard_input_is_read_once() {
        let stream = Stream {
            length: 0,
            path: None,
            reader: Box::new(&b"{\"text\": \"x\"}\n{\"text\": \"y\"}\n"[..]),
        };
        let mut reading = items(["-", "-"], Options::default());
        let _ = reading.walk.next();
        reading.open = reading.sort(Origin::stdin(), stream).ok();
        let found: Vec<_> = reading.collect();
        let ids: Vec<_> = found.iter().flatten().map(|item| &item.metadata.id).collect();
        assert_eq!(ids, ["stdin:1", "stdin:2"]);
        assert_eq!(found[1].as_ref().unwrap().sighting.uri, "urn:credence:stdin#line=1,2");
        assert_eq!(found[2].as_ref().unwrap_err().reason, Reason::StdinAgain);
    }

    #[test]
    fn an_error_in_the_middle_ends_the_source() {
        struct Failing;
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the disk is gone"))
            }
        }
        let mut items = items([""; 0], Options::default());
        let row = b"{\"text\": \"x\"}\n".repeat(10_000);
        let reader = Box::new(Cursor::new(row).chain(Failing));
        items.open = items.sort(Origin::stdin(), Stream { length: 0, reader, path: None }).ok();
        let found: Vec<_> = items.collect();
        assert_eq!(found.len(), 10_001);
        assert_eq!(found[10_000].as_ref().unwrap_err().reason, Reason::Unreadable("the disk is gone".into()));
    }

    proptest! {
        #[test]
        fn the_bytes_of_any_file_are_unchanged(bytes: Vec<u8>, name in "[a-z]{1,3}\\.(txt|html|jsonl|json)") {
            let folder = folder(&[(&name, &bytes)]);
            for item in items([folder.path()], Options::default()).flatten() {
                let start = usize::try_from(item.sighting.byte_offset).unwrap();
                prop_assert_eq!(&bytes[start..start + item.bytes.len()], &item.bytes[..]);
                prop_assert_eq!(item.digest, Digest::of(&item.bytes));
            }
        }
    }
}
