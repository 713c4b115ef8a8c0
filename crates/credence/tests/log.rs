//! What vouches for the log: witnesses, authorities of time, signatures. All of them run on this machine.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

#[path = "../../preserve/tests/authority/mod.rs"]
mod authority;
mod common;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};

use authority::{Local, place};
use common::{Folder, copy};
use preserve::log::{SigningWitness, TestWitness, VerifierKey};
use preserve::stamp::Authority as _;

/// Answers each POST on a port of its own, and returns the port.
fn service(mut answer: impl FnMut(&str, &[u8]) -> (u16, Vec<u8>) + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // It ends with the test.
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(&stream);
            let mut head = Vec::new();
            for line in reader.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()) {
                head.push(line);
            }
            let Some(path) = head.first().and_then(|line| line.strip_prefix("POST ")?.split(' ').next())
            else {
                continue;
            };
            let length = head.iter().find_map(|line| line.strip_prefix("Content-Length: ")?.parse().ok());
            let mut body = vec![0; length.unwrap_or(0)];
            reader.read_exact(&mut body).unwrap();
            let (status, bytes) = answer(path, &body);
            let _ = write!(&stream, "HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n", bytes.len());
            let _ = (&stream).write_all(&bytes);
        }
    });
    port
}

fn record() -> Folder {
    let folder = Folder::new();
    folder.write("in/a.txt", "date 2031-03-12 Three people were hurt in Tesmin, Mayor Ilya Orlov said.");
    assert_eq!(folder.run(&["collect", "in/a.txt"]).code, Some(0));
    folder
}

fn configure(folder: &Folder, more: &str) {
    folder.write("record/credence.toml", format!("[fetch]\nallow = [\"127.0.0.1\"]\n{more}"));
}

#[test]
fn a_witness_cosigns_and_finds_a_rollback() {
    let folder = record();
    let key = folder.run(&["log", "key"]).stdout;
    let log = VerifierKey::parse(key.lines().next().unwrap()).unwrap();
    let signing = SigningWitness::new("witness.example", &[7; 32]).unwrap();
    let public = signing.public().text().to_owned();
    let mut witness = TestWitness::new(signing, log);
    let port = service(move |path, body| {
        assert_eq!(path, "/w/add-checkpoint");
        let reply = witness.add_checkpoint(body, 1_932_336_000);
        (reply.status, reply.body)
    });
    configure(
        &folder,
        &format!("[[witness]]\naddress = \"http://127.0.0.1:{port}/w\"\nkey = \"{public}\"\n"),
    );
    let ran = folder.run(&["log", "witness"]);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (Some(0), "cosigned by witness.example at 2031-03-27T00:00:00Z\n")
    );
    assert!(folder.run(&["verify"]).stdout.contains("cosigned by witness.example"));

    // The whole record is put back to an earlier day: nothing in it tells, the witness does.
    let before = folder.path().join("before");
    copy(&folder.path().join("record"), &before);
    folder.write("in/b.txt", "date 2031-03-13 Rockets hit a school in Varden, the ministry said.");
    folder.run(&["collect", "in"]);
    assert_eq!(folder.run(&["log", "witness"]).code, Some(0));
    fs::remove_dir_all(folder.path().join("record")).unwrap();
    copy(&before, &folder.path().join("record"));
    assert_eq!(folder.run(&["verify"]).code, Some(0));
    let ran = folder.run(&["log", "witness"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("it was rolled back"), "{}", ran.stderr);
}

#[test]
fn an_authority_stamps_the_newest_checkpoint() {
    let Some(at) = place() else { return };
    let port = service(|_, request| (200, Local(at, "p256").answer(request).unwrap()));
    let folder = record();
    fs::copy(at.join("root.crt"), folder.path().join("record/root.crt")).unwrap();
    configure(
        &folder,
        &format!(
            "[[authority]]\nname = \"tsa\"\naddress = \"http://127.0.0.1:{port}/\"\nroots = \"root.crt\"\n"
        ),
    );
    let ran = folder.run(&["log", "stamp"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.starts_with("stamped by tsa at "), "{}", ran.stdout);
    let again = folder.run(&["log", "stamp"]);
    assert!(again.stderr.contains("is there already"), "{}", again.stderr);
    let verified = folder.run(&["verify", "--roots", "record/root.crt"]);
    assert_eq!(verified.code, Some(0), "{}", verified.stdout);
    assert!(
        verified.stdout.contains("stamp ") && !verified.stdout.contains("not checked"),
        "{}",
        verified.stdout
    );

    // A stamp that was changed is damage.
    let stamps = fs::read_dir(folder.path().join("record/log/stamps")).unwrap().flatten();
    let answer =
        stamps.map(|entry| entry.path()).find(|path| path.extension().is_some_and(|tsr| tsr == "tsr"));
    let mut bytes = fs::read(answer.as_ref().unwrap()).unwrap();
    let last = bytes.len() - 5;
    bytes[last] ^= 1;
    fs::write(answer.unwrap(), bytes).unwrap();
    assert_eq!(folder.run(&["verify"]).code, Some(3));
}

#[test]
fn a_signed_file_is_checked_by_ssh_keygen() {
    let folder = record();
    let shown = folder.run(&["sign", "in/a.txt"]);
    assert_eq!(shown.code, Some(0), "{}", shown.stderr);
    folder.write("allowed", shown.stdout.lines().last().unwrap());
    let check = |file: &str| {
        let mut ssh = Command::new("ssh-keygen");
        ssh.args([
            "-Y",
            "verify",
            "-f",
            "allowed",
            "-I",
            "credence",
            "-n",
            "credence@v1",
            "-s",
            "in/a.txt.sig",
        ]);
        ssh.current_dir(folder.path()).stdin(fs::File::open(folder.path().join(file)).unwrap());
        ssh.stdout(Stdio::null()).stderr(Stdio::null()).status()
    };
    let Ok(status) = check("in/a.txt") else {
        eprintln!("skipped: there is no ssh-keygen on this machine");
        return;
    };
    assert!(status.success());
    folder.write("other", "date 2031-03-12 Four people were hurt.");
    assert!(!check("other").unwrap().success());
}
