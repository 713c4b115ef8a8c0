use std::fs;
use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use jiff::Timestamp;
use model::{Digest, Kind, Metadata};

use super::*;
use crate::log::{Erasure, Field, Leaf, Log};
use crate::{Answer, Exchange, Original, Originals, Sighting};

/// A record with some of everything, sealed.
fn example() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("index")).unwrap();
    fs::write(folder.path().join("record.db"), "rows of Тесмин").unwrap();
    fs::write(folder.path().join("index/meta.json"), "{}").unwrap();
    let (mut originals, mut log) = open(folder.path());
    keep(&mut originals, "Three people were hurt.");
    log.follow(originals.reader()).unwrap();
    log.checkpoint().unwrap();
    keep(&mut originals, "Троє людей поранено.");
    log.follow(originals.reader()).unwrap();
    log.append(&[Leaf::new("reading", &[("reader", Field::Text("1")), ("original", Field::Text("?"))])])
        .unwrap();
    log.checkpoint().unwrap();
    log.seal(None).unwrap();
    folder
}

fn open(record: &Path) -> (Originals, Log) {
    let (mut originals, _) = Originals::open(&record.join("originals"), None).unwrap();
    let (log, _) = Log::open(record, &mut originals, Some("credence.example/log")).unwrap();
    (originals, log)
}

fn time() -> Timestamp {
    "2031-03-12T08:00:00Z".parse().unwrap()
}

fn keep(originals: &mut Originals, text: &str) {
    let uri = "file:///cases/a.txt";
    let original = Original { bytes: text.as_bytes(), kind: Kind::PlainText, uri, received: time() };
    originals.append(&original).unwrap();
    let sighting = Sighting {
        original: Digest::of(text.as_bytes()),
        first_received: time(),
        seen: time(),
        source: "/cases/a.txt".into(),
        line: None,
        byte_offset: 0,
        kind: Kind::PlainText,
        hints: Metadata { id: "a.txt".into(), ..Metadata::default() },
        capture: None,
    };
    originals.append_sighting(&sighting).unwrap();
    originals.sync().unwrap();
}

fn faults(record: &Path, verification: &Verification) -> Vec<String> {
    verify(record, verification).unwrap().faults.iter().map(ToString::to_string).collect()
}

#[test]
fn a_sound_record() {
    let folder = example();
    let deep = Verification { depth: Depth::Unpacked, ..Verification::default() };
    let report = verify(folder.path(), &deep).unwrap();
    assert_eq!(report.faults, []);
    assert_eq!((report.leaves, report.records, report.checkpoints), (6, 5, 2));
    assert_eq!((report.seal, report.erased), (Seal::Checked, 0));
}

#[test]
fn erased_and_still_sound() {
    let folder = example();
    let (mut originals, mut log) = open(folder.path());
    let original = Digest::of("Three people were hurt.".as_bytes());
    let erasure = Erasure { original, reason: "order 7 of the court of Tesmin", time: time() };
    let before: u64 = segment_lengths(folder.path());
    let erased = log.erase(&mut originals, &erasure).unwrap();
    assert_eq!((erased.leaves.as_slice(), erased.records.len()), (&[1, 2][..], 2));
    assert!(log.erase(&mut originals, &erasure).is_err());
    assert_eq!(segment_lengths(folder.path()), before);
    keep(&mut originals, "Another two were hurt.");
    log.follow(originals.reader()).unwrap();
    log.checkpoint().unwrap();
    drop((originals, log));
    let deep = Verification { depth: Depth::Unpacked, ..Verification::default() };
    let report = verify(folder.path(), &deep).unwrap();
    assert_eq!(report.faults, []);
    assert_eq!((report.erased, report.leaves, report.records), (2, 10, 7));
    for path in all_files(folder.path()) {
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        assert!(!text.contains(&original.hex()) && !text.contains("Three people"), "{}", path.display());
    }
    // The log goes on behind the last record, although the leaves about it could be erased too.
    let (mut originals, mut log) = open(folder.path());
    let last = Digest::of("Another two were hurt.".as_bytes());
    log.erase(&mut originals, &Erasure { original: last, ..erasure }).unwrap();
    drop((originals, log));
    let (_, log) = open(folder.path());
    assert_eq!(log.size(), 12);
}

#[test]
fn an_exchange_is_erased_with_its_request_and_notes() {
    let folder = example();
    let (mut originals, mut log) = open(folder.path());
    let response = b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n<p>12 were hurt";
    let exchange = |uri| Exchange {
        uri,
        received: time(),
        address: None,
        request: b"GET / HTTP/1.1\r\nHost: quillhaven.example\r\n\r\n",
        answer: Answer::Response { bytes: response, kind: Some(Kind::Page) },
        truncated: None,
        notes: &[],
    };
    originals.append_exchange(&exchange("https://quillhaven.example/a")).unwrap();
    originals.sync().unwrap();
    let original = Digest::of(b"<p>12 were hurt");
    let erased = log.erase(&mut originals, &Erasure { original, reason: "order 8", time: time() }).unwrap();
    assert_eq!((erased.leaves.as_slice(), erased.records.len()), (&[6, 7, 8][..], 3));
    drop((originals, log));
    assert_eq!(faults(folder.path(), &Verification::default()), [""; 0]);
    let files = all_files(&folder.path().join("originals"));
    for path in files.iter().filter(|path| path.extension().is_some()) {
        let mut text = String::new();
        MultiGzDecoder::new(fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
        assert!(!text.contains("quillhaven") && !text.contains("12 were hurt"), "{text}");
    }
}

fn segment_lengths(record: &Path) -> u64 {
    let files = all_files(&record.join("originals"));
    files.iter().map(|path| fs::metadata(path).unwrap().len()).sum()
}

fn all_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(all_files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[test]
fn rolled_back_to_yesterdays_copy() {
    let folder = example();
    let yesterday = tempfile::tempdir().unwrap();
    for path in all_files(folder.path()) {
        let copy = yesterday.path().join(path.strip_prefix(folder.path()).unwrap());
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(&path, copy).unwrap();
    }
    let (mut originals, mut log) = open(folder.path());
    keep(&mut originals, "Another two were hurt.");
    log.follow(originals.reader()).unwrap();
    let today = log.checkpoint().unwrap();
    drop((originals, log));
    let older = |checkpoint: &Checkpoint| Verification {
        older: vec![checkpoint.bytes().to_owned()],
        ..Verification::default()
    };
    assert_eq!(faults(yesterday.path(), &Verification::default()), [""; 0]);
    assert_eq!(
        faults(yesterday.path(), &older(&today)),
        [
            "(older checkpoint 1): the checkpoint is over 8 leaves, and only 6 are there: the record was rolled back, or lost its end"
        ]
    );
    let then = verify(yesterday.path(), &Verification::default()).unwrap().newest.unwrap();
    assert_eq!(faults(folder.path(), &older(&then)), [""; 0]);
    // A record that went another way from yesterday on.
    let (mut originals, mut log) = open(yesterday.path());
    keep(&mut originals, "Nobody was hurt.");
    log.follow(originals.reader()).unwrap();
    log.checkpoint().unwrap();
    drop((originals, log));
    assert_eq!(
        faults(yesterday.path(), &older(&today)),
        ["(older checkpoint 1): the checkpoint over 8 leaves is not of the tree that these leaves make"]
    );
}

/// A generator of numbers that is the same in every run (xorshift, Marsaglia 2003).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }
}

/// How many bytes are flipped. `PRESERVE_FLIPS=10000` is the full run.
const FLIPS: usize = 3_000;

#[test]
fn any_flipped_byte_is_found() {
    let folder = example();
    let record = folder.path();
    let (mut originals, mut log) = open(record);
    let original = Digest::of("Three people were hurt.".as_bytes());
    log.erase(&mut originals, &Erasure { original, reason: "order 7", time: time() }).unwrap();
    log.seal(None).unwrap();
    drop(originals);
    assert_eq!(faults(record, &Verification::default()), [""; 0]);
    let mut files: Vec<_> =
        all_files(record).into_iter().filter(|path| !path.starts_with(record.join("keys"))).collect();
    files.retain(|path| fs::metadata(path).unwrap().len() > 0 && !path.ends_with("log/.blocks"));
    let contents: Vec<Vec<u8>> = files.iter().map(|path| fs::read(path).unwrap()).collect();
    let length: usize = contents.iter().map(Vec::len).sum();
    let flips = std::env::var("PRESERVE_FLIPS").ok().and_then(|flips| flips.parse().ok()).unwrap_or(FLIPS);
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for _ in 0..flips {
        let (mut at, mask) = (numbers.below(length), u8::try_from(numbers.below(255)).unwrap() + 1);
        let file = contents.iter().position(|bytes| {
            let here = at < bytes.len();
            at -= if here { 0 } else { bytes.len() };
            here
        });
        let file = file.unwrap();
        let mut bytes = contents[file].clone();
        bytes[at] ^= mask;
        fs::write(&files[file], &bytes).unwrap();
        let found = faults(record, &Verification::default());
        assert!(!found.is_empty(), "{} byte {at} mask {mask}", files[file].display());
        fs::write(&files[file], &contents[file]).unwrap();
    }
    assert_eq!(faults(record, &Verification::default()), [""; 0]);
}

#[test]
fn a_file_gone_added_or_cut_short_is_found() {
    let folder = example();
    let files = all_files(folder.path());
    let checked = files.iter().filter(|path| {
        !path.starts_with(folder.path().join("keys"))
            && !path.ends_with(".lock")
            && !path.ends_with("log/seal")
            && !path.ends_with("log/.blocks")
    });
    for path in checked {
        let bytes = fs::read(path).unwrap();
        fs::remove_file(path).unwrap();
        assert_ne!(faults(folder.path(), &Verification::default()), [""; 0], "{} gone", path.display());
        fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        assert_ne!(faults(folder.path(), &Verification::default()), [""; 0], "{} cut", path.display());
        fs::write(path, [&bytes[..], b"x"].concat()).unwrap();
        assert_ne!(faults(folder.path(), &Verification::default()), [""; 0], "{} longer", path.display());
        fs::write(path, bytes).unwrap();
        let beside = path.with_extension("added");
        fs::write(&beside, "x").unwrap();
        let found = faults(folder.path(), &Verification::default());
        // Only rows have neighbours that are nobody's business.
        let free = path.ends_with("record.db") || path.ends_with("originals/.lock");
        assert!(free || !found.is_empty(), "{}", beside.display());
        fs::remove_file(beside).unwrap();
    }
    assert_eq!(faults(folder.path(), &Verification::default()), [""; 0]);
}

#[test]
fn what_was_changed_under_the_seal_is_named_before_a_run_goes_on() {
    let folder = example();
    let changed = || -> Vec<String> {
        changed_since_sealed(folder.path()).unwrap().iter().map(ToString::to_string).collect()
    };
    assert_eq!(changed(), [""; 0]);
    let segment = Reader::new(folder.path().join("originals")).segments().unwrap()[0].file_name();
    for (file, said) in [
        ("record.db", "the bytes are not those"),
        ("index/meta.json", "the bytes are not those"),
        ("log/leaves/00000.jsonl", "there are others now"),
        ("log/seal", "not signed by the log"),
        (&format!("originals/{segment}"), "no leaf of the log speaks of"),
    ] {
        let path = folder.path().join(file);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, [&whole[..], b"x\n"].concat()).unwrap();
        let found = changed();
        assert!(found.len() == 1 && found[0].contains(said), "{file}: {found:?}");
        fs::write(&path, whole).unwrap();
    }
    // What is gone is made again from the originals.
    fs::remove_file(folder.path().join("record.db")).unwrap();
    fs::remove_dir_all(folder.path().join("index")).unwrap();
    assert_eq!(changed(), [""; 0]);
    fs::write(folder.path().join("record.db"), "rows of somebody").unwrap();
    assert_eq!(changed().len(), 1);
    fs::remove_file(folder.path().join("log/seal")).unwrap();
    assert_eq!(changed(), [""; 0]);
}
