use std::fmt;
use std::io::{self, Read, Write};
use std::net::Ipv6Addr;
use std::str::FromStr;

use data_encoding::BASE64;
use url::{Host, Url};

use super::{Fault, ProxyFault, SettingsError};

/// Through whom everything goes: `http://HOST:PORT`, `socks5://HOST:PORT`, with `NAME:PASSWORD@` before the host if it
/// wants them.
///
/// Names are handed to the proxy as they are: asking the name service ourselves would tell others what is being read.
/// So what they lead to cannot be checked here; addresses written out and names of local networks still are refused,
/// and what else the proxy can reach is for whoever runs it to bar.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    protocol: Protocol,
    host: Host,
    port: u16,
    credentials: Option<Credentials>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    /// RFC 9110, 9.3.6.
    Connect,
    /// RFC 1928.
    Socks5,
}

#[derive(Clone, PartialEq, Eq)]
struct Credentials {
    name: Vec<u8>,
    password: Vec<u8>,
}

impl FromStr for Proxy {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Proxy, SettingsError> {
        let url = Url::parse(text).map_err(|_| SettingsError::Proxy)?;
        let protocol = match url.scheme() {
            "http" => Protocol::Connect,
            "socks5" | "socks5h" => Protocol::Socks5,
            _ => return Err(SettingsError::Proxy),
        };
        let host = url.host_str().and_then(|host| Host::parse(host).ok()).ok_or(SettingsError::Proxy)?;
        let port = url.port_or_known_default().or((protocol == Protocol::Socks5).then_some(1080));
        let name = unescape(url.username());
        let password = unescape(url.password().unwrap_or_default());
        // RFC 1929 has one byte for each length.
        if name.len() > 255 || password.len() > 255 || name.contains(&b':') {
            return Err(SettingsError::Proxy);
        }
        let credentials =
            (!name.is_empty() || !password.is_empty()).then_some(Credentials { name, password });
        Ok(Proxy { protocol, host, port: port.ok_or(SettingsError::Proxy)?, credentials })
    }
}

fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => (bytes.push(byte), rest = &after[2..]).1,
            None => (bytes.push(*first), rest = after).1,
        }
    }
    bytes
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.protocol {
            Protocol::Connect => "http",
            Protocol::Socks5 => "socks5",
        };
        // Never the name and password: this may end in a log.
        write!(f, "{scheme}://{}:{}", self.host, self.port)
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

/// Where a proxy is asked to connect to.
pub(crate) struct Target<'a> {
    pub(crate) host: Host<&'a str>,
    pub(crate) port: u16,
}

impl Proxy {
    pub(crate) fn host(&self) -> &Host {
        &self.host
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Asks the proxy at the other end of `line` to connect; what follows on the line is with the target.
    pub(crate) fn open(&self, line: &mut (impl Read + Write), target: &Target<'_>) -> Result<(), Fault> {
        match self.protocol {
            Protocol::Connect => self.connect(line, target),
            Protocol::Socks5 => self.socks5(line, target),
        }
    }

    fn connect(&self, line: &mut (impl Read + Write), target: &Target<'_>) -> Result<(), Fault> {
        let Target { host, port } = target;
        let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n");
        if let Some(Credentials { name, password }) = &self.credentials {
            let credentials = BASE64.encode(&[name, &b":"[..], password].concat());
            request.push_str(&format!("Proxy-Authorization: Basic {credentials}\r\n"));
        }
        request.push_str("\r\n");
        line.write_all(request.as_bytes()).map_err(|error| Fault::io(&error))?;
        match read_status(line)? {
            200..=299 => Ok(()),
            407 => Err(Fault::Proxy(ProxyFault::Credentials)),
            status => Err(Fault::Proxy(ProxyFault::Refused(status))),
        }
    }

    fn socks5(&self, line: &mut (impl Read + Write), target: &Target<'_>) -> Result<(), Fault> {
        let methods: &[u8] = if self.credentials.is_some() { &[5, 2, 0, 2] } else { &[5, 1, 0] };
        send(line, methods)?;
        match (read_array(line)?, &self.credentials) {
            ([5, 0], _) => {}
            ([5, 2], Some(Credentials { name, password })) => {
                let length =
                    |text: &[u8]| u8::try_from(text.len()).expect("the length was checked when it was read");
                let words = [&[1, length(name)][..], name, &[length(password)], password].concat();
                send(line, &words)?;
                if read_array(line)? != [1, 0] {
                    return Err(Fault::Proxy(ProxyFault::Credentials));
                }
            }
            ([5, _], _) => return Err(Fault::Proxy(ProxyFault::Credentials)),
            _ => return Err(Fault::Proxy(ProxyFault::NotAProxy)),
        }
        send(line, &socks5_request(target)?)?;
        read_socks5_reply(line)
    }
}

/// RFC 1928, 4.
fn socks5_request(target: &Target<'_>) -> Result<Vec<u8>, Fault> {
    let mut request = vec![5, 1, 0];
    match target.host {
        Host::Ipv4(address) => {
            request.push(1);
            request.extend(address.octets());
        }
        Host::Ipv6(address) => {
            request.push(4);
            request.extend(address.octets());
        }
        Host::Domain(name) => {
            request.extend([3, u8::try_from(name.len()).map_err(|_| Fault::NotAnAddress)?]);
            request.extend(name.as_bytes());
        }
    }
    request.extend(target.port.to_be_bytes());
    Ok(request)
}

/// RFC 1928, 6. The address in it is one of the proxy's own, and tells nothing of the target.
fn read_socks5_reply(line: &mut impl Read) -> Result<(), Fault> {
    let [version, code, _, kind] = read_array(line)?;
    if version != 5 {
        return Err(Fault::Proxy(ProxyFault::NotAProxy));
    }
    if code != 0 {
        return Err(Fault::Proxy(ProxyFault::Refused(code.into())));
    }
    let length = match kind {
        1 => 4,
        4 => size_of::<Ipv6Addr>(),
        3 => read_array::<1>(line)?[0].into(),
        _ => return Err(Fault::Proxy(ProxyFault::NotAProxy)),
    };
    let mut rest = vec![0; length + 2];
    line.read_exact(&mut rest).map_err(|error| Fault::io(&error))
}

/// Reads the head of a proxy's answer, and not a byte more: what follows is with the target.
fn read_status(line: &mut impl Read) -> Result<u16, Fault> {
    const LONGEST: usize = 16 << 10;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && !head.ends_with(b"\n\n") {
        if head.len() == LONGEST {
            return Err(Fault::Proxy(ProxyFault::NotAProxy));
        }
        head.extend(read_array::<1>(line)?);
    }
    let line = String::from_utf8_lossy(&head);
    let status = line.strip_prefix("HTTP/1.").and_then(|rest| rest.split(' ').nth(1)?.get(..3)?.parse().ok());
    status.ok_or(Fault::Proxy(ProxyFault::NotAProxy))
}

fn send(line: &mut impl Write, bytes: &[u8]) -> Result<(), Fault> {
    line.write_all(bytes).map_err(|error| Fault::io(&error))
}

fn read_array<const N: usize>(line: &mut impl Read) -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    line.read_exact(&mut bytes).map_err(|error: io::Error| Fault::io(&error))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A proxy that says what it was given, and remembers what it was told.
    struct Line {
        says: io::Cursor<Vec<u8>>,
        heard: Vec<u8>,
    }

    impl Read for Line {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.says.read(buffer)
        }
    }

    impl Write for Line {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.heard.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn open(proxy: &str, says: &[u8]) -> (Result<(), Fault>, Vec<u8>) {
        let mut line = Line { says: io::Cursor::new(says.to_vec()), heard: Vec::new() };
        let target = Target { host: Host::Domain("quillhaven.example"), port: 443 };
        let opened = proxy.parse::<Proxy>().unwrap().open(&mut line, &target);
        (opened, line.heard)
    }

    #[test]
    fn connect() {
        let (opened, heard) = open("http://ana:p%40ss@127.0.0.1:3128", b"HTTP/1.1 200 Go on\r\nX: y\r\n\r\n");
        assert_eq!(opened, Ok(()));
        let heard = String::from_utf8(heard).unwrap();
        assert_eq!(
            heard,
            "CONNECT quillhaven.example:443 HTTP/1.1\r\nHost: quillhaven.example:443\r\n\
             Proxy-Authorization: Basic YW5hOnBAc3M=\r\n\r\n"
        );
        let refused = |says: &str| open("http://127.0.0.1:3128", says.as_bytes()).0.unwrap_err();
        assert_eq!(refused("HTTP/1.1 407 Who?\r\n\r\n"), Fault::Proxy(ProxyFault::Credentials));
        assert_eq!(refused("HTTP/1.1 403 No\r\n\r\n"), Fault::Proxy(ProxyFault::Refused(403)));
        assert_eq!(refused("SSH-2.0-x\r\n\r\n"), Fault::Proxy(ProxyFault::NotAProxy));
        assert_eq!(refused(&"x".repeat(20_000)), Fault::Proxy(ProxyFault::NotAProxy));
        assert_eq!(refused("HTTP/1.1 200"), Fault::CutShort);
    }

    #[test]
    fn socks5() {
        let yes = b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00";
        let (opened, heard) = open("socks5://127.0.0.1", &[b"\x05\x00", &yes[..]].concat());
        assert_eq!(
            (opened, &heard[..]),
            (Ok(()), &b"\x05\x01\x00\x05\x01\x00\x03\x12quillhaven.example\x01\xbb"[..])
        );
        let (opened, heard) = open("socks5h://ana:pass@127.0.0.1", &[b"\x05\x02\x01\x00", &yes[..]].concat());
        assert_eq!((opened, &heard[..15]), (Ok(()), &b"\x05\x02\x00\x02\x01\x03ana\x04pass\x05"[..15]));
        let refused = |says: &[u8]| open("socks5://127.0.0.1", says).0.unwrap_err();
        assert_eq!(refused(b"\x05\xff"), Fault::Proxy(ProxyFault::Credentials));
        assert_eq!(refused(b"\x05\x00\x05\x02\x00\x01"), Fault::Proxy(ProxyFault::Refused(2)));
        assert_eq!(refused(b"HTTP/1.1 400"), Fault::Proxy(ProxyFault::NotAProxy));
        assert_eq!(refused(b"\x05"), Fault::CutShort);
    }

    #[test]
    fn a_name_and_password_are_never_shown() {
        let proxy: Proxy = "socks5://ana:secret@proxy.example:9050".parse().unwrap();
        assert_eq!(
            format!("{proxy} {proxy:?}"),
            "socks5://proxy.example:9050 Proxy(socks5://proxy.example:9050)"
        );
        let error = "ftp://ana:secret@proxy.example".parse::<Proxy>().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret"));
    }

    proptest! {
        #[test]
        fn no_answer_makes_it_panic(says: Vec<u8>) {
            let _ = (open("http://127.0.0.1:1", &says), open("socks5://a:b@127.0.0.1:1", &says));
        }
    }
}
