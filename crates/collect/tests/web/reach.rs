use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use collect::web::{Fetcher, Request, Settings};
use expect_test::expect;

use crate::server::{Server, addresses, loopback, outcome, read_head, send};

/// Ways to make a fetcher knock where it must not, each with the address that it is given. `PORT` is that of a trap that
/// listens on this machine, `OPEN` that of a server that may be fetched from, at 127.0.0.2.
const TRICKS: &[(&str, &str)] = &[
    ("loopback, written out", "http://127.0.0.1:PORT/"),
    ("loopback by its usual name", "http://localhost:PORT/"),
    ("as one number", "http://2130706433:PORT/"),
    ("in octal", "http://0177.0.0.1:PORT/"),
    ("in hexadecimal", "http://0x7f.0x0.0x0.0x1:PORT/"),
    ("in short", "http://127.1:PORT/"),
    ("in digits of another script", "http://１２７.０.０.１:PORT/"),
    ("another address of this machine", "http://127.8.8.8:PORT/"),
    ("no address at all", "http://0.0.0.0:PORT/"),
    ("loopback of version 6", "http://[::1]:PORT/"),
    ("mapped into version 6", "http://[::ffff:127.0.0.1]:PORT/"),
    ("translated by NAT64", "http://[64:ff9b::7f00:1]:PORT/"),
    ("carried by 6to4", "http://[2002:7f00:1::]:PORT/"),
    ("a private address", "http://10.0.0.1/"),
    ("what a data centre tells its machines", "http://169.254.169.254/latest/meta-data/"),
    ("the same in version 6", "http://[fd00:ec2::254]/latest/meta-data/"),
    ("a link-local address", "http://[fe80::1]:PORT/"),
    ("a provider's own network", "http://100.100.100.200/latest/meta-data/"),
    ("a name that leads to a private address", "http://inside.example:PORT/"),
    ("a name that leads to loopback in version 6", "http://mapped.example:PORT/"),
    ("behind what looks like another name", "http://quillhaven.example@127.0.0.1:PORT/"),
    ("a redirect to loopback", "http://open.example:OPEN/to-loopback"),
    ("a redirect to a name that leads to loopback", "http://open.example:OPEN/to-name"),
    ("a name that leads elsewhere when it is asked for again", "http://turning.example:OPEN/to-turning"),
    ("a mail server", "http://open.example:25/"),
    ("a file", "file:///etc/passwd"),
    ("another protocol", "gopher://127.0.0.1:PORT/_x"),
    ("a redirect to another protocol", "http://open.example:OPEN/to-gopher"),
    ("a name of Tor's, without Tor", "http://abcdefghijklmnop.onion:PORT/"),
];

fn names(name: &str, turn: usize) -> Vec<&'static str> {
    match name {
        "inside.example" => vec!["192.168.1.1", "127.0.0.1"],
        "mapped.example" => vec!["::1", "::ffff:127.0.0.1"],
        "turning.example" if turn > 0 => vec!["127.0.0.1"],
        "open.example" | "turning.example" => vec!["127.0.0.2"],
        "both.example" => vec!["127.0.0.1", "127.0.0.2"],
        _ => vec!["127.0.0.1"],
    }
}

/// A fetcher that may go to 127.0.0.2, and a name service that changes its mind about one name.
fn cautious() -> Fetcher {
    let turn = AtomicUsize::new(0);
    let settings = Settings { allowed: vec!["127.0.0.2".parse().unwrap()], ..Settings::default() };
    Fetcher::new(settings).unwrap().with_resolver(move |name| {
        let turn = if name == "turning.example" { turn.fetch_add(1, Ordering::SeqCst) } else { 0 };
        Ok(addresses(&names(name, turn)))
    })
}

/// A server at 127.0.0.2 that leads on to a trap.
fn open(trap: u16) -> Server {
    Server::at("127.0.0.2", move |mut stream| {
        let own = stream.local_addr().unwrap().port();
        let head = read_head(&mut stream);
        let to = match head.split(' ').nth(1).unwrap_or_default() {
            "/to-loopback" => format!("http://127.0.0.1:{trap}/"),
            "/to-name" => format!("http://inside.example:{trap}/"),
            "/to-turning" => format!("http://turning.example:{own}/again"),
            "/to-gopher" => format!("gopher://127.0.0.1:{trap}/"),
            _ => {
                send(&mut stream, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<p>12");
                return;
            }
        };
        send(&mut stream, format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n"));
    })
}

#[test]
fn no_trick_gets_anywhere() {
    let trap = Server::at("127.0.0.1", drop);
    let open = open(trap.address.port());
    let mut table = String::new();
    for (trick, address) in TRICKS {
        let address = address.replace("PORT", &trap.address.port().to_string());
        let address = address.replace("OPEN", &open.address.port().to_string());
        let fetched = cautious().fetch(&Request::to(address));
        assert!(fetched.is_err(), "{trick}");
        writeln!(table, "{trick} -> {}", outcome(&fetched)).unwrap();
    }
    assert_eq!(trap.connections(), 0);
    expect![[r#"
        loopback, written out -> the address 127.0.0.1 is of this machine; list it as allowed in the configuration if it is meant; 0 kept
        loopback by its usual name -> the address 127.0.0.1 is of this machine; list it as allowed in the configuration if it is meant; 0 kept
        as one number -> the address 127.0.0.1 is of this machine; list it as allowed in the configuration if it is meant; 0 kept
        in octal -> the address 127.0.0.1 is of this machine; list it as allowed in the configuration if it is meant; 0 kept
        in hexadecimal -> the address 127.0.0.1 is of this machine; list it as allowed in the configuration if it is meant; 0 kept
        in short -> the address 127.0.0.1 is of this machine; list it as allowed in the configuration if it is meant; 0 kept
        in digits of another script -> the address 127.0.0.1 is of this machine; list it as allowed in the configuration if it is meant; 0 kept
        another address of this machine -> the address 127.8.8.8 is of this machine; list it as allowed in the configuration if it is meant; 0 kept
        no address at all -> the address 0.0.0.0 is of this machine; list it as allowed in the configuration if it is meant; 0 kept
        loopback of version 6 -> the address ::1 is of this machine; list it as allowed in the configuration if it is meant; 0 kept
        mapped into version 6 -> the address 127.0.0.1 is of this machine; list it as allowed in the configuration if it is meant; 0 kept
        translated by NAT64 -> the address 64:ff9b::7f00:1 is of this machine; list it as allowed in the configuration if it is meant; 0 kept
        carried by 6to4 -> the address 2002:7f00:1:: is of this machine; list it as allowed in the configuration if it is meant; 0 kept
        a private address -> the address 10.0.0.1 is private; list it as allowed in the configuration if it is meant; 0 kept
        what a data centre tells its machines -> the address 169.254.169.254 is link-local; list it as allowed in the configuration if it is meant; 0 kept
        the same in version 6 -> the address fd00:ec2::254 is private; list it as allowed in the configuration if it is meant; 0 kept
        a link-local address -> the address fe80::1 is link-local; list it as allowed in the configuration if it is meant; 0 kept
        a provider's own network -> the address 100.100.100.200 is shared by a provider's customers; list it as allowed in the configuration if it is meant; 0 kept
        a name that leads to a private address -> the address 127.0.0.1 is of this machine; list it as allowed in the configuration if it is meant; 0 kept
        a name that leads to loopback in version 6 -> the address 127.0.0.1 is of this machine; list it as allowed in the configuration if it is meant; 0 kept
        behind what looks like another name -> the address 127.0.0.1 is of this machine; list it as allowed in the configuration if it is meant; 0 kept
        a redirect to loopback -> the address 127.0.0.1 is of this machine; list it as allowed in the configuration if it is meant; 1 kept
        a redirect to a name that leads to loopback -> the address 127.0.0.1 is of this machine; list it as allowed in the configuration if it is meant; 1 kept
        a name that leads elsewhere when it is asked for again -> the address 127.0.0.1 is of this machine; list it as allowed in the configuration if it is meant; 1 kept
        a mail server -> another protocol than that of the web is spoken on port 25; 0 kept
        a file -> only http and https are fetched; 0 kept
        another protocol -> only http and https are fetched; 0 kept
        a redirect to another protocol -> only http and https are fetched; 1 kept
        a name of Tor's, without Tor -> the name is not one of the public web; 0 kept
    "#]].assert_eq(&table);
}

#[test]
fn of_several_addresses_only_those_are_tried_that_may_be() {
    let trap = Server::at("127.0.0.1", drop);
    let open = open(trap.address.port());
    let fetched = cautious().fetch(&Request::to(format!("http://both.example:{}/", open.address.port())));
    assert_eq!(fetched.unwrap().last().machine, Some("127.0.0.2".parse().unwrap()));
    assert_eq!(trap.connections(), 0);
}

#[test]
fn what_is_listed_is_fetched_also_in_its_longer_form() {
    let server = Server::answering(|_, stream| {
        send(stream, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<p>12");
    });
    let mapped = format!("http://[::ffff:127.0.0.1]:{}/", server.address.port());
    let visit = Fetcher::new(loopback()).unwrap().fetch(&Request::to(mapped)).unwrap();
    assert_eq!(visit.last().machine, Some("127.0.0.1".parse().unwrap()));
}
