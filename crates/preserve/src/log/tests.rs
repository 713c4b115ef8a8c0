use std::fs;

use jiff::Timestamp;
use model::Kind;

use proptest::prelude::*;

use super::*;
use crate::Original;

/// A record folder that is gone when the test ends.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn open(&self) -> (Originals, Log, Mended) {
        let (mut originals, recovery) = Originals::open(&self.path().join("originals"), None).unwrap();
        assert_eq!(recovery.damaged, None);
        let (log, mended) = Log::open(self.path(), &mut originals, Some("credence.example/log")).unwrap();
        (originals, log, mended)
    }
}

fn keep(originals: &mut Originals, text: &str) {
    let received: Timestamp = "2031-03-12T08:00:00Z".parse().unwrap();
    let uri = "file:///cases/a.txt";
    originals.append(&Original { bytes: text.as_bytes(), kind: Kind::PlainText, uri, received }).unwrap();
    originals.sync().unwrap();
}

fn note(number: u64) -> Leaf {
    Leaf::new("note", &[("number", Field::Number(number)), ("words", Field::Text("Тесмин"))])
}

#[test]
fn begun_added_to_and_opened_again() {
    let folder = Folder::new();
    let key = {
        let (mut originals, mut log, mended) = folder.open();
        assert_eq!((mended, log.size()), (Mended::default(), 0));
        keep(&mut originals, "Three people were hurt.");
        assert_eq!(log.follow(originals.reader()).unwrap(), 2);
        assert_eq!(log.append(&[note(1), note(2)]).unwrap(), 2..4);
        let checkpoint = log.checkpoint().unwrap();
        assert_eq!((checkpoint.size(), checkpoint.origin()), (4, "credence.example/log"));
        assert_eq!(log.checkpoint().unwrap(), checkpoint);
        log.key().clone()
    };
    let (mut originals, mut log, mended) = folder.open();
    assert_eq!((mended, log.size(), log.key()), (Mended::default(), 4, &key));
    keep(&mut originals, "Троє людей поранено.");
    assert_eq!(log.follow(originals.reader()).unwrap(), 1);
    assert_eq!(log.checkpoint().unwrap().size(), 5);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(folder.path().join("keys/log")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn records_without_leaves_get_theirs_on_opening() {
    let folder = Folder::new();
    let (mut originals, _) = Originals::open(&folder.path().join("originals"), None).unwrap();
    keep(&mut originals, "Three people were hurt.");
    drop(originals);
    let (_, log, mended) = folder.open();
    assert_eq!((mended.without_leaf, log.size()), (2, 2));
}

#[test]
fn leaves_cut_short_at_every_byte() {
    let folder = Folder::new();
    let (_, mut log, _) = folder.open();
    log.append(&[note(1)]).unwrap();
    log.checkpoint().unwrap();
    log.append(&[note(2), note(3)]).unwrap();
    drop(log);
    let path = folder.path().join("log/leaves/00000.jsonl");
    let whole = fs::read(&path).unwrap();
    let ends: Vec<usize> = (0..whole.len()).filter(|at| whole[*at] == b'\n').map(|at| at + 1).collect();
    for length in ends[0]..whole.len() {
        for zeros in [0, 3] {
            fs::write(&path, [&whole[..length], &vec![0; zeros]].concat()).unwrap();
            let (_, log, mended) = folder.open();
            let kept = ends.iter().filter(|end| **end <= length).count();
            assert_eq!(log.size(), kept as u64);
            assert_eq!(mended.cut_short, (length - ends[kept - 1] + zeros) as u64);
            assert_eq!(fs::read(&path).unwrap(), &whole[..ends[kept - 1]]);
        }
    }
}

#[test]
fn tiles_and_checkpoint_are_made_again() {
    let folder = Folder::new();
    let (_, mut log, _) = folder.open();
    let notes: Vec<Leaf> = (0..700).map(note).collect();
    log.append(&notes[..300]).unwrap();
    log.checkpoint().unwrap();
    log.append(&notes[300..]).unwrap();
    let newest = log.checkpoint().unwrap();
    drop(log);
    let tile = folder.path().join("log/tile");
    let tree = || walk(&tile);
    let before = tree();
    fs::remove_dir_all(&tile).unwrap();
    fs::remove_file(folder.path().join("log/checkpoint")).unwrap();
    let (_, log, mended) = folder.open();
    assert!(mended.tiles);
    assert_eq!(log.newest(), Some(&newest));
    assert_eq!(tree(), before);
    assert_eq!(fs::read(folder.path().join("log/checkpoint")).unwrap(), newest.bytes());
}

fn walk(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(walk(&path))
        } else {
            found.push((path.clone(), fs::read(&path).unwrap()))
        }
    }
    found.sort();
    found
}

#[test]
fn a_log_whose_leaves_are_not_those_signed_is_not_opened() {
    let folder = Folder::new();
    let (_, mut log, _) = folder.open();
    log.append(&[note(1), note(2)]).unwrap();
    log.checkpoint().unwrap();
    drop(log);
    let path = folder.path().join("log/leaves/00000.jsonl");
    let whole = fs::read_to_string(&path).unwrap();
    fs::remove_dir_all(folder.path().join("log/tile")).unwrap();
    let opened = || {
        let (mut originals, _) = Originals::open(&folder.path().join("originals"), None).unwrap();
        Log::open(folder.path(), &mut originals, None).unwrap_err().to_string()
    };
    fs::write(&path, whole.replace("\"number\":2", "\"number\":3")).unwrap();
    assert!(opened().contains("not of the tree"), "{}", opened());
    fs::write(&path, whole.lines().next().unwrap().to_owned() + "\n").unwrap();
    assert!(opened().contains("rolled back"), "{}", opened());
    fs::remove_file(folder.path().join("keys/log")).unwrap();
    assert!(opened().contains("put it back"), "{}", opened());
}

#[test]
fn leaves_over_several_files() {
    let folder = Folder::new();
    let (_, mut log, _) = folder.open();
    let notes: Vec<Leaf> = (0..PER_FILE + 10).map(note).collect();
    log.append(&notes).unwrap();
    log.checkpoint().unwrap();
    drop(log);
    let (_, log, mended) = folder.open();
    assert_eq!((log.size(), mended), (PER_FILE + 10, Mended::default()));
    let from: Vec<u64> = log.leaves.read(PER_FILE - 1).unwrap().map(|found| found.unwrap().index).collect();
    assert_eq!(from, (PER_FILE - 1..PER_FILE + 10).collect::<Vec<_>>());
}

#[test]
fn proofs_of_inclusion() {
    let folder = Folder::new();
    let (_, mut log, _) = folder.open();
    let notes: Vec<Leaf> = (0..300).map(note).collect();
    log.append(&notes).unwrap();
    log.checkpoint().unwrap();
    let keys = Keys { log: log.key().clone(), witnesses: Vec::new() };
    for index in [0, 1, 255, 256, 299] {
        let proof = prove(folder.path(), index, Disclosure::Leaf).unwrap();
        let read = InclusionProof::parse(&proof.to_text()).unwrap();
        assert_eq!(read, proof);
        assert_eq!(read.check(&keys), Ok(Vec::new()));
        let number = read.leaf.as_ref().unwrap().leaf().unwrap().number("number");
        assert_eq!(number, Some(index));
        let moved = proof.to_text().replace(&format!("index {index}\n"), &format!("index {}\n", index + 1));
        assert_eq!(InclusionProof::parse(&moved).unwrap().check(&keys), Err(BadProof::WrongPath));
        let bare = prove(folder.path(), index, Disclosure::Nothing).unwrap();
        let bare = InclusionProof::parse(&bare.to_text()).unwrap();
        assert_eq!(bare.check(&keys), Err(BadProof::NothingDisclosed));
        let Some(Line::Live { salt, leaf }) = &proof.leaf else { panic!("the proof discloses its leaf") };
        assert_eq!(bare.check_leaf(salt, leaf, &keys), Ok(Vec::new()));
        assert_eq!(bare.check_leaf(&[0; 32], leaf, &keys), Err(BadProof::WrongPath));
    }
    assert!(matches!(prove(folder.path(), 300, Disclosure::Leaf), Err(LogError::NoSuchLeaf(300))));
}

#[test]
fn proofs_of_consistency() {
    let folder = Folder::new();
    let (_, mut log, _) = folder.open();
    let notes: Vec<Leaf> = (0..300).map(note).collect();
    let keys = Keys { log: log.key().clone(), witnesses: Vec::new() };
    let mut older = vec![log.checkpoint().unwrap()];
    for some in notes.chunks(70) {
        log.append(some).unwrap();
        older.push(log.checkpoint().unwrap());
        for older in &older {
            let proof = prove_consistency(folder.path(), older.size()).unwrap();
            let read = ConsistencyProof::parse(&proof.to_text()).unwrap();
            assert_eq!(read, proof);
            assert_eq!(read.check(older, &keys), Ok(Vec::new()));
        }
    }
    let other = Folder::new();
    let (_, mut other, _) = other.open();
    other.append(&notes[..70]).unwrap();
    let stranger = other.checkpoint().unwrap();
    let proof = prove_consistency(folder.path(), 70).unwrap();
    assert_eq!(proof.check(&stranger, &keys), Err(BadProof::Checkpoint(BadCheckpoint::BadSignature)));
    let keys = Keys { log: other.key().clone(), witnesses: Vec::new() };
    assert!(proof.check(&stranger, &keys).is_err());
}

/// A witness that is reached without a network.
struct Direct(TestWitness);

impl Post for Direct {
    fn post(&mut self, url: &str, body: &[u8]) -> std::io::Result<Reply> {
        assert_eq!(url, "http://witness.example/add-checkpoint");
        Ok(self.0.add_checkpoint(body, 1_931_000_000))
    }
}

#[test]
fn a_witness_cosigns_and_finds_a_log_that_was_rolled_back() {
    let folder = Folder::new();
    let (_, mut log, _) = folder.open();
    log.append(&[note(1), note(2)]).unwrap();
    log.checkpoint().unwrap();
    let key = SigningWitness::new("witness.example/w1", &[9; 32]).unwrap();
    let witness = Witness { key: key.public().clone(), url: "http://witness.example/".into() };
    let mut direct = Direct(TestWitness::new(key, log.key().clone()));
    let cosigned = log.cosign(&witness, &mut direct).unwrap();
    assert_eq!((cosigned.by.as_str(), cosigned.seconds), ("witness.example/w1", 1_931_000_000));
    log.append(&[note(3)]).unwrap();
    log.checkpoint().unwrap();
    log.cosign(&witness, &mut direct).unwrap();
    log.cosign(&witness, &mut direct).unwrap();
    assert_eq!(crate::verify(folder.path(), &crate::Verification::default()).unwrap().cosigned, [cosigned]);
    drop(log);
    // The same log, with its last leaf taken away and another in its place.
    let checkpoints = folder.path().join("log/checkpoints");
    fs::remove_file(checkpoints.join("3")).unwrap();
    let leaves = folder.path().join("log/leaves/00000.jsonl");
    let lines = fs::read_to_string(&leaves).unwrap();
    fs::write(&leaves, lines.split_inclusive('\n').take(2).collect::<String>()).unwrap();
    let (_, mut log, _) = folder.open();
    let refused = log.cosign(&witness, &mut direct).unwrap_err();
    assert!(matches!(refused, NotCosigned::RolledBack { cosigned: 3, here: 2, .. }), "{refused}");
    log.append(&[note(4)]).unwrap();
    log.checkpoint().unwrap();
    let refused = log.cosign(&witness, &mut direct).unwrap_err();
    assert!(matches!(refused, NotCosigned::OtherTree { .. }), "{refused}");
}

#[test]
fn what_the_witness_answers_is_not_believed() {
    let folder = Folder::new();
    let (_, mut log, _) = folder.open();
    log.append(&[note(1)]).unwrap();
    let before = log.checkpoint().unwrap();
    let key = SigningWitness::new("witness.example/w1", &[9; 32]).unwrap();
    let other = SigningWitness::new("witness.example/w1", &[8; 32]).unwrap();
    let witness = Witness { key: key.public().clone(), url: String::new() };
    struct Says(u16, Vec<u8>);
    impl Post for Says {
        fn post(&mut self, _: &str, _: &[u8]) -> std::io::Result<Reply> {
            Ok(Reply { status: self.0, body: self.1.clone() })
        }
    }
    let by_another = other.cosign(before.text(), 7);
    let answers = [(200, &b""[..]), (200, &by_another), (409, b"0\n"), (409, b"x"), (404, b""), (500, b"")];
    for (status, body) in answers {
        let refused = log.cosign(&witness, &mut Says(status, body.to_owned())).unwrap_err();
        assert!(!matches!(refused, NotCosigned::Log(_)), "{refused}");
    }
    assert_eq!(log.newest(), Some(&before));
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes: Vec<u8>, at: prop::sample::Index, byte: u8) {
        let key = SigningLog::new("credence.example/log", &[7; 32]).unwrap().0;
        let keys = Keys { log: key.public.clone(), witnesses: Vec::new() };
        let checkpoint = Checkpoint::sign(&key, u64::MAX, tlog_tiles::Hash([1; 32]));
        let _ = Checkpoint::parse(&bytes);
        let note = String::from_utf8_lossy(checkpoint.bytes()).into_owned();
        for head in ["c2sp.org/tlog-proof@v1\nextra e30=\nindex 7\n", "old 9\n"] {
            let mut text = format!("{head}{}\n\n{note}", tlog_tiles::Hash([2; 32])).into_bytes();
            let at = at.index(text.len());
            text[at] = byte;
            let text = String::from_utf8_lossy(&text);
            let _ = InclusionProof::parse(&text).map(|proof| proof.check_leaf(&[0; 32], &note_leaf(), &keys));
            let _ = ConsistencyProof::parse(&text).map(|proof| proof.check(&checkpoint, &keys));
        }
    }
}

fn note_leaf() -> Leaf {
    note(1)
}

fn erasure(reason: &str) -> Erasure<'_> {
    let original = model::Digest::of(b"Three people were hurt.");
    Erasure { original, reason, time: "2031-03-12T08:00:00Z".parse().unwrap() }
}

fn faults(folder: &Folder) -> Vec<String> {
    let report = crate::verify(folder.path(), &crate::Verification::default()).unwrap();
    report.faults.iter().map(ToString::to_string).collect()
}

#[test]
fn a_reason_that_no_leaf_can_hold_begins_nothing() {
    let folder = Folder::new();
    let (mut originals, mut log, _) = folder.open();
    keep(&mut originals, "Three people were hurt.");
    let long = "x".repeat(70_000);
    assert!(matches!(log.erase(&mut originals, &erasure(&long)), Err(LogError::LongReason(70_000))));
    log.follow(originals.reader()).unwrap();
    log.checkpoint().unwrap();
    drop((originals, log));
    let (mut originals, mut log, mended) = folder.open();
    assert_eq!((mended.refused, faults(&folder)), (None, vec![]));
    // The longest that may be said, of bytes that take the most room.
    log.erase(&mut originals, &erasure(&"\u{1}".repeat(LONGEST_REASON))).unwrap();
    assert_eq!(faults(&folder), [""; 0]);
}

#[test]
fn an_erasure_that_somebody_else_wrote_is_not_carried_out() {
    let folder = Folder::new();
    let (mut originals, mut log, _) = folder.open();
    keep(&mut originals, "Three people were hurt.");
    log.follow(originals.reader()).unwrap();
    log.checkpoint().unwrap();
    let whole = walk(&folder.path().join("originals"));
    let plan = "{\"kind\":\"plan\",\"reason\":\"order 9\",\"size\":2,\"time\":\"2031-03-12T08:00:00Z\"}\n1 20310312-00001 300 200\n";
    let other = SigningLog::new("credence.example/log", &[7; 32]).unwrap().0;
    let head = "credence-erasing/v1 credence.example/log\n";
    let plans =
        [plan.as_bytes().to_vec(), other.sign_with_body(head, plan), log.key.sign_with_body(head, plan)];
    drop((originals, log));
    for plan in plans {
        let path = folder.path().join("log/erasing");
        fs::write(&path, plan).unwrap();
        let (originals, log, mended) = folder.open();
        assert!(mended.refused.unwrap().to_string().contains("nothing was erased"));
        assert_eq!((log.size(), walk(&folder.path().join("originals"))), (2, whole.clone()));
        drop((originals, log));
        assert_eq!(faults(&folder).len(), 1);
        fs::remove_file(path).unwrap();
    }
    assert_eq!(faults(&folder), [""; 0]);
}

#[test]
fn a_seal_over_ten_thousand_files() {
    let folder = Folder::new();
    fs::create_dir(folder.path().join("index")).unwrap();
    for number in 0..10_000 {
        fs::write(folder.path().join(format!("index/{number:032}.term")), "words").unwrap();
    }
    let (originals, mut log, _) = folder.open();
    log.checkpoint().unwrap();
    log.seal(None).unwrap();
    drop(originals);
    assert_eq!(faults(&folder), [""; 0]);
    fs::write(folder.path().join(format!("index/{:032}.term", 77)), "wards").unwrap();
    assert_eq!(faults(&folder).len(), 1);
    fs::remove_file(folder.path().join(format!("index/{:032}.term", 78))).unwrap();
    assert_eq!(faults(&folder).len(), 2);
}

/// Ends a run that has written these ranges, and returns the line of the seal about the rows, without how they were met.
fn sealed_rows(folder: &Folder, written: Option<&[Range<u64>]>) -> String {
    let (originals, mut log, _) = folder.open();
    log.checkpoint().unwrap();
    log.seal(written).unwrap();
    drop(originals);
    let seal = fs::read_to_string(folder.path().join("log/seal")).unwrap();
    let line = seal.lines().find(|line| line.ends_with("  record.db")).unwrap();
    line.split("  ").take(2).collect::<Vec<_>>().join("  ")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// What was written is hashed anew, and the seal is the one that hashing everything gives.
    #[test]
    fn a_seal_over_what_was_written_is_that_over_all(
        lengths in prop::collection::vec(0_usize..30_000, 4),
        writes in prop::collection::vec((any::<prop::sample::Index>(), 1_usize..5_000, any::<u8>()), 4),
    ) {
        let folder = Folder::new();
        let path = folder.path().join("record.db");
        let mut rows = vec![1; 10_000];
        fs::write(&path, &rows).unwrap();
        sealed_rows(&folder, None);
        for (length, (at, count, byte)) in lengths.into_iter().zip(writes) {
            let before = rows.len();
            rows.resize(length, 2);
            let start = at.index(length + 1);
            let end = length.min(start + count);
            rows[start..end].fill(byte);
            fs::write(&path, &rows).unwrap();
            let written = [start as u64..end as u64, before.min(length) as u64..length as u64];
            let ordered = written.clone();
            let of_parts = sealed_rows(&folder, Some(&ordered));
            prop_assert_eq!(&faults(&folder), &[""; 0]);
            fs::remove_file(folder.path().join("log/.blocks")).unwrap();
            prop_assert_eq!(of_parts, sealed_rows(&folder, Some(&written)));
        }
    }
}

#[test]
fn a_run_does_not_sign_what_somebody_else_wrote() {
    let folder = Folder::new();
    let path = folder.path().join("record.db");
    let mut rows = vec![1; 20_000];
    fs::write(&path, &rows).unwrap();
    sealed_rows(&folder, None);
    rows[9_000] = 7;
    rows[100] = 2;
    fs::write(&path, &rows).unwrap();
    sealed_rows(&folder, Some(std::slice::from_ref(&(0..4096))));
    assert_eq!(faults(&folder).len(), 1, "byte 9,000 was not written by the run");
    rows[9_000] = 1;
    fs::write(&path, &rows).unwrap();
    assert_eq!(faults(&folder), [""; 0]);
    // Digests that somebody else put there are not believed.
    let blocks = folder.path().join("log/.blocks");
    let mut forged = fs::read(&blocks).unwrap();
    forged[40] ^= 1;
    fs::write(&blocks, forged).unwrap();
    sealed_rows(&folder, Some(&[]));
    assert_eq!(faults(&folder), [""; 0]);
}

#[test]
fn a_file_that_nobody_wrote_to_is_not_read() {
    let folder = Folder::new();
    let path = folder.path().join("record.db");
    fs::write(&path, "rows").unwrap();
    let is_untouched = || {
        let keys = key::public(&folder.path().join("log")).unwrap().unwrap();
        let sealed = seal::read(folder.path(), &keys).unwrap().unwrap().unwrap();
        sealed.files[0].is_untouched(folder.path())
    };
    sealed_rows(&folder, None);
    assert_eq!(is_untouched(), cfg!(unix));
    fs::write(&path, "rows").unwrap();
    assert!(!is_untouched(), "the bytes are the same, and yet it was written to");
    assert_eq!(faults(&folder), [""; 0]);
}

#[test]
fn a_seal_of_the_first_version_is_read() {
    let folder = Folder::new();
    fs::write(folder.path().join("record.db"), "rows").unwrap();
    sealed_rows(&folder, None);
    let (originals, log, _) = folder.open();
    let lines = format!("{}  4  record.db\n", Digest::of(b"rows").hex());
    let text = format!("credence-seal/v1 {}\nleaves {}\n{lines}", log.key.origin(), log.size());
    fs::write(folder.path().join("log/seal"), log.key.sign(&text)).unwrap();
    drop((originals, log));
    assert_eq!(faults(&folder), [""; 0]);
    fs::write(folder.path().join("record.db"), "Rows").unwrap();
    assert_eq!(faults(&folder).len(), 1);
    fs::write(folder.path().join("record.db"), "rows").unwrap();
    sealed_rows(&folder, Some(&[]));
    assert_eq!(faults(&folder), [""; 0]);
}
