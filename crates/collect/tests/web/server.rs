use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use collect::web::{FetchError, Fetcher, Settings, Visit};

/// A server on this machine: each connection is given to one function.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// How many connections were made to it.
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// Listens at an address of this machine, for as long as the test runs.
    pub(crate) fn at(address: &str, serve: impl Fn(TcpStream) + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind((address, 0)).unwrap();
        let (address, connections) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
        let (counted, serve) = (Arc::clone(&connections), Arc::new(serve));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                counted.fetch_add(1, Ordering::SeqCst);
                let serve = Arc::clone(&serve);
                thread::spawn(move || serve(stream));
            }
        });
        Server { address, connections }
    }

    /// Listens, reads the head of each request, and answers as `answer` says, given the path.
    pub(crate) fn answering(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> Server {
        Server::at("127.0.0.1", move |mut stream| {
            let head = read_head(&mut stream);
            let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
            answer(&path, &mut stream);
        })
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

/// Reads up to the empty line.
pub(crate) fn read_head(stream: &mut impl Read) -> String {
    let mut head = String::new();
    let mut lines = BufReader::with_capacity(1, stream);
    while let Ok(read) = lines.read_line(&mut head) {
        if read == 0 || head.ends_with("\r\n\r\n") {
            break;
        }
    }
    head
}

/// Writes, and tells whether anybody still takes it.
pub(crate) fn send(stream: &mut impl Write, bytes: impl AsRef<[u8]>) -> bool {
    stream.write_all(bytes.as_ref()).is_ok() && stream.flush().is_ok()
}

/// Settings under which only the machine's own first address may be fetched from.
pub(crate) fn loopback() -> Settings {
    Settings { allowed: vec!["127.0.0.1".parse().unwrap()], ..Settings::default() }
}

pub(crate) fn fetcher(settings: Settings) -> Fetcher {
    Fetcher::new(settings).unwrap().with_resolver(|name| {
        let found: &[&str] = match name {
            "quillhaven.example" | "localhost" => &["127.0.0.1"],
            _ => return Err(std::io::Error::other("no such name")),
        };
        Ok(addresses(found))
    })
}

pub(crate) fn addresses(written: &[&str]) -> Vec<IpAddr> {
    written.iter().map(|address| address.parse().unwrap()).collect()
}

/// Says in one line what came of a visit.
pub(crate) fn outcome(result: &Result<Visit, FetchError>) -> String {
    match result {
        Ok(visit) => {
            let last = visit.last();
            let body = String::from_utf8_lossy(&last.body);
            let redirects = visit.redirects().len();
            format!("{:?}, status {}, after {redirects} redirects: {body:?}", last.answer(), last.status())
        }
        Err(error) => {
            let kept = error.exchanges.len();
            let cut = error.exchanges.last().and_then(|exchange| exchange.response.truncated);
            let cut = cut.map(|cut| format!(", the last cut by {}", cut.name())).unwrap_or_default();
            format!("{}; {kept} kept{cut}", error.fault)
        }
    }
}
