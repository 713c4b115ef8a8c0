use std::io::Write;
use std::net::TcpStream;

use collect::web::{Answer, Decision, Request, Robots, Validators};
use flate2::Compression;
use flate2::write::GzEncoder;
use model::{Digest, Kind};
use preserve::{Originals, Revisited, Unchanged};

use crate::server::{Server, fetcher, loopback, read_head, send};

const PAGE: &str = "<!doctype html><title>Тесмин</title><p>12 were hurt";

/// A site with one page that moved, which knows when it changed, and with rules.
fn site() -> Server {
    Server::at("127.0.0.1", |mut stream| serve(&mut stream))
}

fn serve(stream: &mut TcpStream) {
    let head = read_head(stream);
    let path = head.split(' ').nth(1).unwrap_or_default();
    if path == "/old" {
        send(stream, "HTTP/1.1 301 Moved\r\nLocation: /news?Тесмин\r\nContent-Length: 0\r\n\r\n");
    } else if path == "/robots.txt" {
        send(stream, "HTTP/1.1 200 OK\r\nContent-Length: 29\r\n\r\nUser-agent: *\nDisallow: /old\n");
    } else if head.contains("If-None-Match: \"v1\"\r\nIf-Modified-Since: Wed, 12 Mar 2031 08:00:00 GMT\r\n") {
        send(stream, "HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n");
    } else {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(PAGE.as_bytes()).unwrap();
        let body = gzip.finish().unwrap();
        let head = "HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; charset=\"windows-1251\"\r\nETag: \"v1\"\r\n\
                    Last-Modified: Wed, 12 Mar 2031 08:00:00 GMT\r\nContent-Encoding: gzip\r\n\
                    Transfer-Encoding: chunked\r\n\r\n";
        let (first, rest) = body.split_at(9);
        let chunk = |part: &[u8]| [format!("{:x}\r\n", part.len()).as_bytes(), part, b"\r\n"].concat();
        send(stream, [head.as_bytes(), &chunk(first), &chunk(rest), b"0\r\n\r\n"].concat());
    }
}

#[test]
fn a_page_is_kept_and_found_unchanged() {
    let (server, fetcher) = (site(), fetcher(loopback()));
    let visit = fetcher.fetch(&Request::to(server.url("/old"))).unwrap();
    let page = visit.last();
    assert_eq!(
        (page.answer(), page.kind().ok(), &page.body[..]),
        (Answer::Content, Some(Kind::Page), PAGE.as_bytes())
    );
    assert_eq!((page.media_type().as_deref(), page.charset()), (Some("text/html"), Some("windows-1251")));
    assert_eq!(page.address, server.url("/news?%D0%A2%D0%B5%D1%81%D0%BC%D0%B8%D0%BD"));

    let folder = tempfile::tempdir().unwrap();
    let mut originals = Originals::open(folder.path(), None).unwrap().0;
    let redirect = &visit.redirects()[0];
    let kept = originals.append_exchange(&redirect.to_keep(None, &redirect.notes())).unwrap();
    assert_eq!(kept.original, None);
    let kept = originals.append_exchange(&page.to_keep(page.kind().ok(), &page.notes())).unwrap();
    let digest = Digest::of(PAGE.as_bytes());
    assert_eq!(kept.original, Some(digest));
    assert_eq!(originals.reader().read(kept.answer, digest).unwrap(), PAGE.as_bytes());

    let validators = page.validators();
    let again = Request { validators, ..Request::to(server.url("/old")) };
    let again = fetcher.fetch(&again).unwrap();
    assert_eq!((again.last().answer(), again.redirects().len()), (Answer::NotModified, 1));
    let unchanged = Unchanged::SaidByServer;
    let of = Revisited { original: digest, first_received: page.received, uri: &page.address, unchanged };
    let kept = originals.append_exchange(&again.last().to_keep_unchanged(of, &again.last().notes())).unwrap();
    assert_eq!(kept.original, None);
    assert_eq!(originals.reader().scan().unwrap().count(), 1);
}

#[test]
fn validators_are_sent_where_they_belong_and_nowhere_else() {
    let (server, fetcher) = (site(), fetcher(loopback()));
    let validators = Validators {
        address: server.url("/elsewhere"),
        etag: Some("\"v1\"".into()),
        last_modified: Some("Wed, 12 Mar 2031 08:00:00 GMT".into()),
    };
    let visit =
        fetcher.fetch(&Request { validators: Some(validators), ..Request::to(server.url("/news")) }).unwrap();
    assert_eq!(visit.last().answer(), Answer::Content);
    assert!(!String::from_utf8_lossy(&visit.last().request).contains("If-"));
}

#[test]
fn what_a_site_wants_left_alone() {
    let (server, fetcher) = (site(), fetcher(loopback()));
    let page = server.url("/old");
    let fetched = fetcher.fetch(&Request::to(Robots::address_for(&page).unwrap()));
    let robots = Robots::of(fetched.as_ref(), "Credence");
    assert_eq!(robots.decide(&page), Decision::Disallowed { rule: "line 2: disallow /old".into() });
    assert!(robots.decide(&server.url("/news")).permits());

    for (status, permits) in [("404 None", true), ("403 No", true), ("500 Oh", false), ("429 Wait", false)] {
        let server = Server::answering(move |_, stream| {
            send(stream, format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n"));
        });
        let fetched = fetcher.fetch(&Request::to(server.url("/robots.txt")));
        let robots = Robots::of(fetched.as_ref(), "Credence");
        assert_eq!(robots.decide(&server.url("/news")).permits(), permits, "{status}");
    }
    let fetched = fetcher.fetch(&Request::to("http://nowhere.example/robots.txt"));
    assert!(!Robots::of(fetched.as_ref(), "Credence").decide("http://nowhere.example/").permits());
}
