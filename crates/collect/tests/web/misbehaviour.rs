use std::fmt::Write as _;
use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use collect::web::{Limits, Request, Robots, Settings};
use expect_test::expect;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::server::{Server, fetcher, loopback, outcome, send};

/// A way in which a server can misbehave: its name, what it does at a path, and under which limits it is met.
type Way = (&'static str, fn(&str, &mut TcpStream), fn(&mut Limits));

const WAYS: &[Way] = &[
    ("no answer", |_, _| {}, patient),
    ("no answer, and the line stays open", |_, s| hang(s), hasty),
    ("noise", |_, s| _ = send(s, [0xff, 0, 7, b'\n', b'\r', b'\n', b'\n', 3]), patient),
    ("a page without a head", |_, s| _ = send(s, "<html>\n\n<p>12 were hurt"), patient),
    ("a head that is cut short", |_, s| _ = send(s, "HTTP/1.1 200 OK\r\nContent-"), patient),
    ("a head without end", |_, s| endless(s, "HTTP/1.1 200 OK\r\nX: ", "y"), patient),
    ("more fields than anybody needs", |_, s| many_fields(s), patient),
    ("interim responses without end", |_, s| endless(s, "", "HTTP/1.1 103 Early\r\n\r\n"), patient),
    ("a body without end", |_, s| endless(s, "HTTP/1.1 200 OK\r\n\r\n", "x"), small),
    ("chunks without end", |_, s| endless(s, CHUNKED, "1\r\nx\r\n"), small),
    (
        "a length beyond all bounds",
        |_, s| endless(s, &ok("Content-Length: 18446744073709551615"), "x"),
        small,
    ),
    ("a trailer without end", |_, s| endless(s, &format!("{CHUNKED}0\r\n"), "a: b\r\n"), patient),
    ("a body shorter than announced", |_, s| _ = send(s, ok("Content-Length: 99") + "<p>12"), patient),
    (
        "a body longer than announced",
        |_, s| _ = send(s, ok("Content-Length: 5") + "<p>12 were hurt"),
        patient,
    ),
    ("two lengths", |_, s| _ = send(s, ok("Content-Length: 5\r\nContent-Length: 6") + "<p>12 "), patient),
    (
        "a length and chunks",
        |_, s| _ = send(s, ok("Content-Length: 3\r\nTransfer-Encoding: chunked") + "5\r\n<p>12\r\n0\r\n\r\n"),
        patient,
    ),
    ("chunks that are cut short", |_, s| _ = send(s, CHUNKED.to_owned() + "9\r\n<p>12"), patient),
    ("chunks that are none", |_, s| _ = send(s, CHUNKED.to_owned() + "<p>12 were hurt"), patient),
    ("a head that drips", |_, s| drip(s, "HTTP/1.1 200 OK\r\nX: "), hasty),
    ("a body that drips", |_, s| drip(s, "HTTP/1.1 200 OK\r\n\r\n<p>"), demanding),
    (
        "a body that hangs",
        |_, s| {
            send(s, ok("Content-Length: 99") + "<p>12");
            hang(s);
        },
        attentive,
    ),
    ("a small body that unpacks to a large one", |_, s| packed(s, "gzip", &gzip(&[b'x'; 4 << 20])), patient),
    ("the same, packed twice", |_, s| packed(s, "gzip, gzip", &gzip(&gzip(&[b'x'; 64 << 20]))), patient),
    ("packed three times over", |_, s| packed(s, "gzip, gzip, gzip", &gzip(&gzip(&gzip(b"x")))), patient),
    ("said to be packed, and is not", |_, s| packed(s, "gzip", b"<p>12 were hurt"), patient),
    ("packed, and cut short", |_, s| packed(s, "gzip", &gzip(b"<p>12 were hurt")[..20]), patient),
    ("packed in an unknown way", |_, s| packed(s, "rot13", b"<c>12 jrer uheg"), patient),
    ("leads to itself", |_, s| leads(s, "/here"), patient),
    ("leads round in a circle", |path, s| leads(s, if path == "/a" { "/b" } else { "/a" }), patient),
    ("leads on and on", |path, s| leads(s, &format!("{path}x")), patient),
    (
        "leads on with a body without end",
        |_, s| endless(s, "HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\n", "x"),
        patient,
    ),
    ("leads nowhere", |_, s| _ = send(s, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"), patient),
    ("leads to what is no address", |_, s| leads(s, "http://[::1/"), patient),
    ("leads to a file", |_, s| leads(s, "file:///etc/passwd"), patient),
    (
        "leads on, packed as it is not",
        |path, s| match path {
            "/there" => _ = send(s, ok("Content-Length: 5") + "<p>12"),
            _ => {
                _ = send(
                    s,
                    "HTTP/1.1 301 Moved\r\nContent-Encoding: br\r\nLocation: /there\r\nContent-Length: 1\r\n\r\nx",
                )
            }
        },
        patient,
    ),
    (
        "lines that end in line feeds alone",
        |_, s| _ = send(s, "HTTP/1.1 200 OK\nX : y\nno field\n\n<p>12"),
        patient,
    ),
    (
        "fields in Latin-1",
        |_, s| _ = send(s, b"HTTP/1.1 200 \xe9t\xe9\r\nX: \xe9\r\nContent-Length: 5\r\n\r\n<p>12"),
        patient,
    ),
    (
        "busy",
        |_, s| _ = send(s, "HTTP/1.1 503 Busy\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n"),
        patient,
    ),
    (
        "not modified, though nobody asked",
        |_, s| _ = send(s, "HTTP/1.1 304 Same\r\nContent-Length: 9\r\n\r\n"),
        patient,
    ),
    ("says less than it has to", |_, s| _ = send(s, "HTTP/1.1 404\r\n\r\n<p>12"), patient),
];

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

fn ok(fields: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\n")
}

/// Long enough that no test fails because the machine is busy.
fn patient(limits: &mut Limits) {
    limits.total = Duration::from_secs(300);
    limits.idle = Duration::from_secs(300);
}

fn small(limits: &mut Limits) {
    patient(limits);
    limits.body = 100_000;
}

fn hasty(limits: &mut Limits) {
    limits.total = Duration::from_secs(1);
}

/// What comes comes at once; that nothing more does is what this waits for.
fn attentive(limits: &mut Limits) {
    patient(limits);
    limits.idle = Duration::from_secs(4);
}

fn demanding(limits: &mut Limits) {
    patient(limits);
    limits.slow_after = Duration::from_secs(1);
    limits.least_per_second = 1_000_000;
}

fn hang(stream: &mut TcpStream) {
    // The line closes when the other side has given up.
    let _ = std::io::copy(stream, &mut std::io::sink());
}

fn endless(stream: &mut TcpStream, first: &str, again: &str) {
    let again = again.repeat(1000);
    let mut taken = send(stream, first);
    while taken {
        taken = send(stream, &again);
    }
}

fn drip(stream: &mut TcpStream, first: &str) {
    let mut taken = send(stream, first);
    while taken {
        thread::sleep(Duration::from_millis(20));
        taken = send(stream, "x");
    }
}

fn many_fields(stream: &mut TcpStream) {
    let mut head = "HTTP/1.1 200 OK\r\n".to_owned();
    for number in 0..300 {
        write!(head, "X-{number}: y\r\n").unwrap();
    }
    send(stream, head + "\r\n");
}

fn leads(stream: &mut TcpStream, to: &str) {
    send(stream, format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n"));
}

fn packed(stream: &mut TcpStream, codings: &str, body: &[u8]) {
    let head = ok(&format!("Content-Encoding: {codings}\r\nContent-Length: {}", body.len()));
    send(stream, [head.as_bytes(), body].concat());
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn every_way_has_its_outcome() {
    let mut table = String::new();
    for (name, serve, limit) in WAYS {
        let server = Server::answering(serve);
        let mut limits = Limits::default();
        limit(&mut limits);
        let fetched = fetcher(Settings { limits, ..loopback() }).fetch(&Request::to(server.url("/here")));
        writeln!(table, "{name} -> {}", outcome(&fetched)).unwrap();
    }
    expect![[r#"
        no answer -> the connection ended before the response was whole; 0 kept
        no answer, and the line stays open -> it took too long; 0 kept
        noise -> the answer is no HTTP/1 response; 0 kept
        a page without a head -> the answer is no HTTP/1 response; 0 kept
        a head that is cut short -> the answer is no HTTP/1 response; 0 kept
        a head without end -> the head of the response is too long; 0 kept
        more fields than anybody needs -> the head of the response has too many fields; 0 kept
        interim responses without end -> the head of the response is too long; 0 kept
        a body without end -> the response is larger than 100000 bytes; 1 kept, the last cut by length
        chunks without end -> the response is larger than 100000 bytes; 1 kept, the last cut by length
        a length beyond all bounds -> the response is larger than 100000 bytes; 1 kept, the last cut by length
        a trailer without end -> the head of the response is too long; 1 kept, the last cut by unspecified
        a body shorter than announced -> the connection ended before the response was whole; 1 kept, the last cut by disconnect
        a body longer than announced -> Content, status 200, after 0 redirects: "<p>12"
        two lengths -> the response gives no length that can be relied on; 0 kept
        a length and chunks -> Content, status 200, after 0 redirects: "<p>12"
        chunks that are cut short -> the connection ended before the response was whole; 1 kept, the last cut by disconnect
        chunks that are none -> the connection ended before the response was whole; 1 kept, the last cut by disconnect
        a head that drips -> it took too long; 0 kept
        a body that drips -> it took too long; 1 kept, the last cut by time
        a body that hangs -> it took too long; 1 kept, the last cut by time
        a small body that unpacks to a large one -> unpacked, the body is larger than 1048576 bytes; 1 kept
        the same, packed twice -> unpacked, the body is larger than 1048576 bytes; 1 kept
        packed three times over -> the body is packed more than 2 times over; 1 kept
        said to be packed, and is not -> the body cannot be unpacked; 1 kept
        packed, and cut short -> the body cannot be unpacked; 1 kept
        packed in an unknown way -> the body is packed in a way that is not known here; 1 kept
        leads to itself -> the addresses lead round in a circle; 1 kept
        leads round in a circle -> the addresses lead round in a circle; 3 kept
        leads on and on -> it leads on more than 10 times; 11 kept
        leads on with a body without end -> the response is larger than 1048576 bytes; 1 kept, the last cut by length
        leads nowhere -> the response leads on to what is not an address; 1 kept
        leads to what is no address -> the response leads on to what is not an address; 1 kept
        leads to a file -> only http and https are fetched; 1 kept
        leads on, packed as it is not -> Content, status 200, after 1 redirects: "<p>12"
        lines that end in line feeds alone -> Content, status 200, after 0 redirects: "<p>12"
        fields in Latin-1 -> Content, status 200, after 0 redirects: "<p>12"
        busy -> Later(Some(120s)), status 503, after 0 redirects: ""
        not modified, though nobody asked -> Refused(304), status 304, after 0 redirects: ""
        says less than it has to -> Gone, status 404, after 0 redirects: "<p>12"
    "#]].assert_eq(&table);
}

#[test]
fn a_connection_that_is_reset() {
    // What closes with the request unread is reset by the system.
    let server = Server::at("127.0.0.1", |stream| _ = stream.peek(&mut [0]));
    let fetched = fetcher(loopback()).fetch(&Request::to(server.url("/")));
    expect!["the connection ended before the response was whole; 0 kept"].assert_eq(&outcome(&fetched));
}

#[test]
fn of_rules_without_end_the_beginning_counts() {
    let rules = "User-agent: *\nDisallow: /1\n#";
    let server = Server::answering(move |_, stream| endless(stream, &(ok("X: y") + rules), "x"));
    let request = Request { most: Robots::MOST_BYTES, ..Request::to(server.url("/robots.txt")) };
    let fetched = fetcher(loopback()).fetch(&request);
    let error = fetched.as_ref().unwrap_err();
    assert!(error.exchanges[0].response.raw.len() < 2 * Robots::MOST_BYTES as usize, "{error}");
    let robots = Robots::of(fetched.as_ref(), "a");
    assert!(!robots.decide(&server.url("/1")).permits() && robots.decide(&server.url("/2")).permits());
}
