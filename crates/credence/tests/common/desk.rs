//! A desk that is open on a record, and a client of HTTP/1.1 that sends what it is told to, byte by byte.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Folder;

/// How long anything may take. Nothing does, but machines that do many things at once are slow.
const BOUND: Duration = Duration::from_secs(120);

/// A desk, closed when the test ends.
pub struct Desk {
    child: Child,
    log: std::thread::JoinHandle<String>,
    pub port: u16,
    pub secret: String,
}

impl Desk {
    /// Opens the record of a folder.
    pub fn open(folder: &Folder) -> Desk {
        Desk::open_with(folder, &[])
    }

    /// Opens it with more on the command line.
    pub fn open_with(folder: &Folder, arguments: &[&str]) -> Desk {
        let arguments = [&["serve", "--port", "0"], arguments].concat();
        let mut child = folder.command(&arguments).spawn().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            stderr.read_to_string(&mut log).unwrap();
            log
        });
        let mut link = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut link).unwrap();
        let (address, secret) = link.trim_end().split_once("/enter?secret=").unwrap();
        let port = address.strip_prefix("http://127.0.0.1:").unwrap().parse().unwrap();
        Desk { child, log, port, secret: secret.to_owned() }
    }

    /// Asks as a program does, with the secret.
    pub fn ask(&self, method: &str, target: &str) -> Asking<'_> {
        let headers =
            vec![format!("Host: 127.0.0.1:{}", self.port), format!("Authorization: Bearer {}", self.secret)];
        Asking { desk: self, line: format!("{method} {target} HTTP/1.1"), headers, body: Vec::new() }
    }

    pub fn get(&self, target: &str) -> Answer {
        self.ask("GET", target).send()
    }

    /// Returns the JSON of an answer that has to be 200.
    pub fn json(&self, target: &str) -> Value {
        let answer = self.get(target);
        assert_eq!(answer.status, 200, "{target}: {}", answer.text());
        answer.json()
    }

    /// Sends JSON.
    pub fn post(&self, target: &str, body: &Value) -> Answer {
        self.ask("POST", target).with("Content-Type: application/json").body(body.to_string()).send()
    }

    /// Sends bytes, whatever they are, and returns what comes until the other side closes.
    pub fn raw(&self, bytes: &[u8]) -> Option<Answer> {
        let mut stream = self.connect();
        // The other side may close before it has read everything: that is an answer too.
        let _ = stream.write_all(bytes);
        Answer::read(stream)
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(BOUND)).unwrap();
        stream.set_write_timeout(Some(BOUND)).unwrap();
        stream
    }

    /// Waits until a job is over, and returns it.
    pub fn done(&self, job: &Answer) -> Value {
        assert_eq!(job.status, 202, "{}", job.text());
        let target = format!("/api/v1/jobs/{}", job.json()["id"]);
        let mut job = Value::Null;
        until("the job is over", || {
            job = self.json(&target);
            job["state"] == "done" || job["state"] == "failed"
        });
        job
    }

    /// Hands a file over, and waits until it is in the record.
    pub fn collect(&self, name: &str, bytes: impl Into<Vec<u8>>) -> Value {
        self.done(&self.ask("POST", &format!("/api/v1/collect?name={name}")).body(bytes).send())
    }

    /// Stops the desk as Ctrl-C does, and returns how it ended, and what it wrote to standard error.
    pub fn stop(mut self) -> (ExitStatus, String) {
        #[cfg(unix)]
        assert!(
            std::process::Command::new("kill")
                .args(["-INT", &self.child.id().to_string()])
                .status()
                .unwrap()
                .success()
        );
        #[cfg(not(unix))]
        self.child.kill().unwrap();
        let mut status = None;
        until("the desk is closed", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        let log = std::mem::replace(&mut self.log, std::thread::spawn(String::new));
        (status.unwrap(), log.join().unwrap())
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for something.
pub fn until(what: &str, mut is: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is() {
        assert!(begun.elapsed() < BOUND, "{what}: not within {BOUND:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A request that is being put together.
pub struct Asking<'d> {
    desk: &'d Desk,
    line: String,
    headers: Vec<String>,
    body: Vec<u8>,
}

impl Asking<'_> {
    pub fn with(mut self, header: &str) -> Self {
        self.headers.push(header.to_owned());
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|header| !header.starts_with(&format!("{name}:")));
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        let length = format!("Content-Length: {}", self.body.len());
        self.with(&length)
    }

    /// Returns the bytes of the request.
    pub fn bytes(&self) -> Vec<u8> {
        let head = format!("{}\r\n{}\r\nConnection: close\r\n\r\n", self.line, self.headers.join("\r\n"));
        [head.into_bytes(), self.body.clone()].concat()
    }

    pub fn send(self) -> Answer {
        self.desk.raw(&self.bytes()).unwrap_or_else(|| panic!("{}: no answer", self.line))
    }
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    fn read(mut stream: TcpStream) -> Option<Answer> {
        let mut bytes = Vec::new();
        // A connection that is reset has sent what it has sent.
        let _ = stream.read_to_end(&mut bytes);
        let at = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8(bytes[..at].to_vec()).unwrap();
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let answer = Answer { status, head, body: bytes.split_off(at + 4) };
        Some(match answer.header("transfer-encoding") {
            Some("chunked") => Answer { body: joined(&answer.body), ..answer },
            _ => answer,
        })
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        headers.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// Returns a body of one JSON value a line.
    pub fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// Joins the chunks of a body (RFC 9112, 7.1).
fn joined(mut chunks: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(at) = chunks.windows(2).position(|two| two == b"\r\n") {
        let length = usize::from_str_radix(std::str::from_utf8(&chunks[..at]).unwrap(), 16).unwrap();
        if length == 0 {
            break;
        }
        body.extend_from_slice(&chunks[at + 2..at + 2 + length]);
        chunks = &chunks[at + 4 + length..];
    }
    body
}
