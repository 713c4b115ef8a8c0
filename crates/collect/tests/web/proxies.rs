use std::fmt::Write as _;
use std::io::{self, Read};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use collect::web::{Fetcher, Request, Settings};
use expect_test::expect;

use crate::server::{Server, outcome, read_head, send};

/// Joins two lines until both have ended.
fn join(one: TcpStream, other: TcpStream) {
    let (mut from, mut to) = (one.try_clone().unwrap(), other.try_clone().unwrap());
    thread::spawn(move || _ = io::copy(&mut from, &mut to));
    let (mut from, mut to) = (other, one);
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(std::net::Shutdown::Both);
}

/// A proxy over HTTP that leads every name to `target`, for those who know the password.
fn connect_proxy(target: u16) -> Server {
    Server::at("127.0.0.1", move |mut stream| {
        let head = read_head(&mut stream);
        assert!(head.starts_with("CONNECT quillhaven.example:80 HTTP/1.1\r\n"), "{head}");
        if !head.contains("Proxy-Authorization: Basic YW5hOnB3\r\n") {
            send(&mut stream, "HTTP/1.1 407 Who?\r\n\r\n");
            return;
        }
        send(&mut stream, "HTTP/1.1 200 Go on\r\n\r\n");
        join(stream, TcpStream::connect(("127.0.0.1", target)).unwrap());
    })
}

/// The same over SOCKS.
fn socks_proxy(target: u16) -> Server {
    Server::at("127.0.0.1", move |mut stream| {
        let mut read = |length: usize| {
            let mut bytes = vec![0; length];
            stream.read_exact(&mut bytes).map(|()| bytes)
        };
        let methods = read(2).unwrap()[1];
        if !read(methods.into()).unwrap().contains(&2) {
            send(&mut stream, [5, 0xff]);
            return;
        }
        send(&mut stream, [5, 2]);
        let mut read = |length: usize| {
            let mut bytes = vec![0; length];
            stream.read_exact(&mut bytes).map(|()| bytes)
        };
        let known = read(8).unwrap() == b"\x01\x03ana\x02pw";
        send(&mut stream, [1, u8::from(!known)]);
        if !known {
            return;
        }
        let mut asked = vec![0; 25];
        stream.read_exact(&mut asked).unwrap();
        assert_eq!(asked, b"\x05\x01\x00\x03\x12quillhaven.example\x00\x50");
        send(&mut stream, [5, 0, 0, 3, 1, b'x', 0, 0]);
        join(stream, TcpStream::connect(("127.0.0.1", target)).unwrap());
    })
}

#[test]
fn everything_goes_through_the_proxy() {
    let page = Server::answering(|path, stream| {
        let body = format!("<p>12 {path}");
        send(stream, format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()));
    });
    let (connect, socks) = (connect_proxy(page.address.port()), socks_proxy(page.address.port()));
    let mut table = String::new();
    for proxy in [
        format!("http://ana:pw@{}", connect.address),
        format!("http://{}", connect.address),
        format!("socks5://ana:pw@{}", socks.address),
        format!("socks5://ana:no@{}", socks.address),
        format!("socks5://{}", socks.address),
    ] {
        let asked = std::sync::Arc::new(AtomicUsize::new(0));
        let counted = std::sync::Arc::clone(&asked);
        let settings = Settings { proxy: Some(proxy.parse().unwrap()), ..Settings::default() };
        let fetcher = Fetcher::new(settings).unwrap().with_resolver(move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
            Err(io::Error::other("nobody is to be asked"))
        });
        let fetched = fetcher.fetch(&Request::to("http://quillhaven.example/news"));
        if let Ok(visit) = &fetched {
            let notes = visit.last().notes();
            assert!(
                notes.iter().all(|(_, value)| !value.contains("ana") && !value.contains("pw")),
                "{notes:?}"
            );
            assert_eq!(visit.last().machine, None);
        }
        assert_eq!(asked.load(Ordering::SeqCst), 0, "the proxy asks for names");
        let proxy = proxy.split(':').next().unwrap();
        writeln!(table, "{proxy} -> {}", outcome(&fetched)).unwrap();
    }
    expect![[r#"
        http -> Content, status 200, after 0 redirects: "<p>12 /news"
        http -> the proxy refuses the name and password, or wants some; 0 kept
        socks5 -> Content, status 200, after 0 redirects: "<p>12 /news"
        socks5 -> the proxy refuses the name and password, or wants some; 0 kept
        socks5 -> the proxy refuses the name and password, or wants some; 0 kept
    "#]]
    .assert_eq(&table);
}

#[test]
fn what_can_be_seen_to_be_local_is_refused_before_the_proxy_is_asked() {
    let proxy = Server::at("127.0.0.1", drop);
    let settings = Settings {
        proxy: Some(format!("socks5://{}", proxy.address).parse().unwrap()),
        ..Settings::default()
    };
    let fetcher = Fetcher::new(settings).unwrap();
    let mut table = String::new();
    for address in [
        "http://127.0.0.1/",
        "http://[::ffff:10.0.0.1]/",
        "http://localhost/",
        "http://printer/",
        "http://router.lan./",
        "http://quillhaven.example:22/",
    ] {
        writeln!(table, "{address} -> {}", outcome(&fetcher.fetch(&Request::to(address)))).unwrap();
    }
    assert_eq!(proxy.connections(), 0);
    expect![[r#"
        http://127.0.0.1/ -> the address 127.0.0.1 is of this machine; list it as allowed in the configuration if it is meant; 0 kept
        http://[::ffff:10.0.0.1]/ -> the address 10.0.0.1 is private; list it as allowed in the configuration if it is meant; 0 kept
        http://localhost/ -> the name is not one of the public web; 0 kept
        http://printer/ -> the name is not one of the public web; 0 kept
        http://router.lan./ -> the name is not one of the public web; 0 kept
        http://quillhaven.example:22/ -> another protocol than that of the web is spoken on port 22; 0 kept
    "#]].assert_eq(&table);
}
