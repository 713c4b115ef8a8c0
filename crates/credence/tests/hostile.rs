//! Inputs that are wrong, huge or malicious: a clear line each, and the rest goes on.

mod common;

use common::Folder;

fn folder_of_trouble() -> Folder {
    let folder = Folder::new();
    folder.write("in/empty.txt", "");
    folder.write("in/binary.bin", [0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 0, 0, 0xff, 0xfe, 0, 1, 2, 3]);
    let utf16: Vec<u8> = "\u{feff}date 2031-03-12 At least 12 people were killed, the mayor said."
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    folder.write("in/utf16.txt", utf16);
    folder.write("in/latin1.txt", b"date 2031-03-12 The caf\xe9 in Halvorek was hit, the mayor said.");
    folder.write("in/nul.txt", b"date 2031-03-12 Twelve people\0 were killed, the mayor said.");
    folder.write(
        "in/surrogate.jsonl",
        br#"{"id":"lone","text":"Nine \ud800 people were killed, the mayor said."}"#,
    );
    let line =
        "The mayor said “at least 9 people were killed in the attack on the hospital”. ".repeat(130_000);
    folder.write("in/long-line.txt", format!("date 2031-03-12 {line}"));
    folder.write("in/impossible.txt", "date 9999-99-99 At least 9 people were killed, the mayor said.");
    folder.write("in/fine.txt", "date 2031-03-12 At least 9 people were killed in Halvorek, the mayor said.");
    let huge = std::fs::File::create(folder.path().join("in/huge.txt")).unwrap();
    huge.set_len(1 << 30).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.path().join("in"), folder.path().join("in/loop")).unwrap();
        std::os::unix::fs::symlink("nowhere.txt", folder.path().join("in/dangling.txt")).unwrap();
    }
    folder
}

#[test]
fn each_gets_a_clear_line_and_the_rest_goes_on() {
    let folder = folder_of_trouble();
    let ran = folder.run(&["collect", "in", "missing.txt"]).fine();
    assert_eq!(ran.stdout, "kept 7 new, 0 seen again elsewhere, 0 known; skipped 6\n", "{}", ran.stderr);
    let here = folder.path().canonicalize().unwrap();
    let mut lines: Vec<String> = ran
        .stderr
        .lines()
        .filter(|line| line.starts_with("skipped "))
        .map(|line| {
            line.replace(here.to_str().unwrap(), "HERE").replace(folder.path().to_str().unwrap(), "HERE")
        })
        .collect();
    lines.sort();
    expect_test::expect![[r#"
        skipped HERE/in/binary.bin: it is a program, not text; there is nothing in it to read
        skipped HERE/in/dangling.txt: it is a link that leads nowhere
        skipped HERE/in/empty.txt: it is empty
        skipped HERE/in/huge.txt: it is larger than 67108864 bytes; to take it in, raise the limit with --max-size
        skipped HERE/in/loop: it is a link to a folder, which may lead round in a circle; name the folder itself to read it
        skipped HERE/missing.txt: there is no such file or folder; check the name"#]].assert_eq(&lines.join("\n"));

    let reports = folder.run(&["reports", "--json"]).fine();
    let notes: Vec<String> = reports
        .json()
        .iter()
        .flat_map(|report| {
            let id = report["id"].as_str().unwrap().to_owned();
            report["notes"]
                .as_array()
                .unwrap()
                .iter()
                .map(move |note| format!("{id}: {}", note.as_str().unwrap()))
                .collect::<Vec<_>>()
        })
        .collect();
    expect_test::expect![[r#"
        latin1.txt: the bytes at 23 are not UTF-8; read as windows-1252
        nul.txt: 1 NUL characters in the text; it may not be text at all
        impossible.txt: 9999-99-99 is no day of the calendar; the day of publication is unknown
        lone: 1 halves of surrogate pairs in the row; they are read as U+FFFD"#]]
    .assert_eq(&notes.join("\n"));
}

#[test]
fn a_report_cannot_steer_the_terminal() {
    let folder = Folder::new();
    let row = serde_json::json!({"id": "x\u{1b}]0;owned\u{7}", "title": "\u{1b}[2J", "text": "\u{1b}[31mNine people were killed\u{1b}[0m, the mayor said."});
    folder.write("rows.jsonl", row.to_string());
    folder.run(&["collect", "rows.jsonl"]).fine();
    for arguments in [&["reports"][..], &["claims"], &["stories"], &["figures"], &["search", "killed"]] {
        let ran = folder.run(arguments);
        assert!(matches!(ran.code, Some(0 | 1)), "{arguments:?}: {}", ran.stderr);
        assert!(
            !ran.stdout.contains('\u{1b}') && !ran.stdout.contains('\u{7}'),
            "{arguments:?}: {:?}",
            ran.stdout
        );
    }
}

#[test]
fn a_flipped_byte_of_an_original_is_damage() {
    let folder = Folder::new();
    folder.write("a.txt", "date 2031-03-12 At least 9 people were killed in Halvorek, the mayor said.");
    folder.run(&["collect", "a.txt"]).fine();
    let originals = folder.path().join("record/originals");
    let segment = std::fs::read_dir(originals).unwrap().find_map(|entry| {
        let path = entry.unwrap().path();
        path.to_str().unwrap().ends_with(".warc.gz").then_some(path)
    });
    let segment = segment.unwrap();
    let mut bytes = std::fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    let ran = folder.run(&["reindex"]);
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    assert!(ran.stderr.contains("damaged"), "{}", ran.stderr);
}
