//! Archives of the web as input: how each page was captured is kept with it.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod common;

use std::io::Read as _;
use std::path::Path;

use common::Folder;
use expect_test::expect;
use flate2::read::MultiGzDecoder;
use model::Kind;
use preserve::{Answer, Exchange, Originals};

const PAGE: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 93\r\n\r\n\
    <html><body><p>Three people were hurt in Tesmin, Mayor Ilya Orlov said on Tuesday.</p></body>";

/// Writes an archive with two exchanges, a page and a redirect, and returns its bytes.
fn archive() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let (mut originals, _) = Originals::open(folder.path(), None).unwrap();
    let moved = b"HTTP/1.1 301 Moved Permanently\r\nLocation: /2\r\nContent-Length: 0\r\n\r\n";
    for (bytes, kind) in [(&moved[..], None), (PAGE, Some(Kind::Page))] {
        let exchange = Exchange {
            uri: "https://www.quillhaven.example/тесмин",
            received: "2031-03-12T08:00:00Z".parse().unwrap(),
            address: None,
            request: b"GET / HTTP/1.1\r\nHost: quillhaven.example\r\n\r\n",
            answer: Answer::Response { bytes, kind },
            truncated: None,
            notes: &[],
        };
        originals.append_exchange(&exchange).unwrap();
    }
    originals.sync().unwrap();
    let segment = std::fs::read_dir(folder.path()).unwrap().flatten().map(|entry| entry.path());
    std::fs::read(segment.filter(|path| path.extension().is_some_and(|end| end == "gz")).last().unwrap())
        .unwrap()
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(bytes).read_to_end(&mut unpacked).unwrap();
    unpacked
}

/// Lists the lines of all kept sightings that say how the original was captured.
fn captured(record: &Path) -> String {
    let mut lines = String::new();
    for segment in std::fs::read_dir(record.join("originals")).unwrap().flatten() {
        let path = segment.path();
        if path.extension().is_none_or(|extension| extension != "gz") {
            continue;
        }
        let records = unpacked(&std::fs::read(path).unwrap());
        let records = String::from_utf8_lossy(&records).into_owned();
        let is_told =
            |line: &&str| ["captured-", "digest-note", "cut"].iter().any(|name| line.starts_with(name));
        for line in records.lines().filter(is_told) {
            lines += line;
            lines.push('\n');
        }
    }
    lines
}

/// Reads what the rows say of the sightings.
fn hints(record: &Path) -> Vec<serde_json::Value> {
    let rows = rusqlite::Connection::open(record.join("record.db")).unwrap();
    let mut asked = rows.prepare("SELECT hints FROM sightings").unwrap();
    let found = asked.query_map([], |row| row.get::<_, String>(0)).unwrap();
    found.map(|hints| serde_json::from_str(&hints.unwrap()).unwrap()).collect()
}

#[test]
fn a_capture_is_kept_and_can_be_read_from_the_originals_alone() {
    let folder = Folder::new();
    folder.write("x.warc.gz", archive());
    let ran = folder.run(&["collect", "x.warc.gz"]).fine();
    expect![[r#"
        kept 1 new, 0 seen again elsewhere, 0 known; skipped 0
        passed over 6 records of archives that hold no report
    "#]]
    .assert_eq(&ran.stdout);
    let record = folder.path().join("record");
    expect![[r#"
        captured-url: https://www.quillhaven.example/%25D1%2582%25D0%25B5%25D1%2581%25D0%25BC%25D0%25B8%25D0%25BD
        captured-at: 2031-03-12T08:00:00Z
        captured-record: urn:uuid:3b6d5eea-ea48-8190-86bd-5f240c473f66
        captured-type: text/html; charset=utf-8
    "#]].assert_eq(&captured(&record));
    let before = hints(&record);
    assert_eq!(before[0]["captured"]["at"], "2031-03-12T08:00:00Z");
    assert_eq!(before[0]["captured"]["content_type"], "text/html; charset=utf-8");
    folder.run(&["verify", "--deep"]).fine();
    std::fs::remove_file(record.join("record.db")).unwrap();
    assert_eq!(folder.run(&["collect", "--json", "x.warc.gz"]).fine().json()[0]["other_records"], 6);
    assert_eq!(hints(&record), before);
}

#[test]
fn what_an_archive_says_against_its_own_page_is_kept_too() {
    let folder = Folder::new();
    let mut bytes = unpacked(&archive());
    let at = bytes.windows(5).rposition(|words| words == b"Three").unwrap();
    bytes[at..at + 5].copy_from_slice(b"Seven");
    folder.write("changed.warc", &bytes);
    folder.write("short.warc", &bytes[..at + 60]);
    let ran = folder.run(&["collect", "--json", "changed.warc", "short.warc"]);
    let summary = &ran.json()[0];
    assert_eq!((&summary["kept"], &summary["doubtful"]), (&2.into(), &2.into()), "{}", ran.stdout);
    expect![[r#"
        captured-url: https://www.quillhaven.example/%25D1%2582%25D0%25B5%25D1%2581%25D0%25BC%25D0%25B8%25D0%25BD
        captured-at: 2031-03-12T08:00:00Z
        captured-record: urn:uuid:3b6d5eea-ea48-8190-86bd-5f240c473f66
        captured-type: text/html; charset=utf-8
        digest-note: differs WARC-Block-Digest sha256:70e94d75aaf033ac90d9db08d2fdcd6c71b931be4b313a1f974a3c0869479f26
        digest-note: differs WARC-Payload-Digest sha256:1de06d43d2a49815927799c947df6bfd1b825747d504e25e77ecdb553684fefa
        captured-url: https://www.quillhaven.example/%25D1%2582%25D0%25B5%25D1%2581%25D0%25BC%25D0%25B8%25D0%25BD
        captured-at: 2031-03-12T08:00:00Z
        captured-record: urn:uuid:3b6d5eea-ea48-8190-86bd-5f240c473f66
        captured-type: text/html; charset=utf-8
        digest-note: differs WARC-Block-Digest sha256:70e94d75aaf033ac90d9db08d2fdcd6c71b931be4b313a1f974a3c0869479f26
        digest-note: differs WARC-Payload-Digest sha256:1de06d43d2a49815927799c947df6bfd1b825747d504e25e77ecdb553684fefa
        cut: its archive breaks off inside it
    "#]].assert_eq(&captured(&folder.path().join("record")));
    folder.run(&["verify", "--deep"]).fine();
}
