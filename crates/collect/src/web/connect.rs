use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Instant;

use rustls::client::Resumption;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use url::{Host, Url};

use super::fault::one_line;
use super::line::{Line, Timed};
use super::proxy::Target;
use super::{Fault, Proxy, Settings, SettingsError, addresses};

/// Finds the addresses of a name.
pub(crate) type Resolver = Arc<dyn Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync>;

/// Makes connections, and only to where they may be made.
pub(crate) struct Connector {
    settings: Settings,
    resolver: Resolver,
    tls: Arc<ClientConfig>,
}

/// A connection that was made.
pub(crate) struct Reached {
    pub(crate) line: Line,
    /// The address of the machine at the other end; not known behind a proxy.
    pub(crate) address: Option<IpAddr>,
    pub(crate) tls: Option<Tls>,
}

/// How a connection is encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// The version of the protocol, as IANA registers it.
    pub version: String,
    /// The cipher suite, as IANA registers it.
    pub cipher: String,
    /// The certificates that the other side showed, in DER, its own first.
    pub certificates: Vec<Vec<u8>>,
}

/// An address of each kind that a name has may be tried; more are not, so that no name can make us knock everywhere.
const MOST_TRIED: usize = 4;

impl Connector {
    pub(crate) fn new(settings: Settings) -> Result<Connector, SettingsError> {
        let tls = Arc::new(tls_config(&settings.extra_roots)?);
        Ok(Connector { settings, resolver: Arc::new(ask_system), tls })
    }

    pub(crate) fn with_resolver(self, resolver: Resolver) -> Connector {
        Connector { resolver, ..self }
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Connects to the machine that `url` names.
    pub(crate) fn reach(&self, url: &Url, until: Instant) -> Result<Reached, Fault> {
        let host = url.host().ok_or(Fault::NotAnAddress)?;
        let port = url.port_or_known_default().ok_or(Fault::NotAnAddress)?;
        if addresses::is_of_another_protocol(port) {
            return Err(Fault::Port(port));
        }
        let target = Target { host, port };
        let (line, address) = match &self.settings.proxy {
            Some(proxy) => (self.through(proxy, &target, until)?, None),
            None => {
                let tcp = self.directly(&target, until)?;
                let peer = tcp.peer_addr().map_err(|error| Fault::Connect(error.kind()))?.ip();
                // What was checked is what was connected to; this holds it, whatever the system does between.
                self.check(peer)?;
                (self.timed(tcp, until), Some(peer.to_canonical()))
            }
        };
        if url.scheme() != "https" {
            return Ok(Reached { line: Line::Plain(line), address, tls: None });
        }
        let (line, tls) = self.encrypt(line, &target)?;
        Ok(Reached { line, address, tls: Some(tls) })
    }

    fn timed(&self, tcp: TcpStream, until: Instant) -> Timed {
        Timed { tcp, until, idle: self.settings.limits.idle }
    }

    fn check(&self, address: IpAddr) -> Result<(), Fault> {
        let address = address.to_canonical();
        match addresses::special(address) {
            Some(what) if !self.settings.allowed.iter().any(|network| network.contains(address)) => {
                Err(Fault::NotPublic { address, what })
            }
            _ => Ok(()),
        }
    }

    fn directly(&self, target: &Target<'_>, until: Instant) -> Result<TcpStream, Fault> {
        let found = match target.host {
            Host::Ipv4(address) => vec![address.into()],
            Host::Ipv6(address) => vec![address.into()],
            Host::Domain(name) if addresses::is_onion(name) => return Err(Fault::LocalName),
            Host::Domain(name) => self.resolve(name, until)?,
        };
        let mut fault = Fault::Unresolved("it has no address".to_owned());
        let mut open = Vec::new();
        for address in found {
            match self.check(address) {
                Ok(()) => open.push(SocketAddr::new(address, target.port)),
                Err(not_public) => fault = not_public,
            }
        }
        if open.is_empty() { Err(fault) } else { self.first_of(&open, until) }
    }

    /// Asks the name service once: what it says is checked, and connected to as it was checked.
    fn resolve(&self, name: &str, until: Instant) -> Result<Vec<IpAddr>, Fault> {
        let (answer, answered) = mpsc::channel();
        let (resolver, name) = (Arc::clone(&self.resolver), name.to_owned());
        // The system's own call cannot be given a time, and ends by itself after some.
        let asking = thread::Builder::new().spawn(move || drop(answer.send(resolver(&name))));
        asking.map_err(|error| Fault::Connect(error.kind()))?;
        let left = until.saturating_duration_since(Instant::now()).min(self.settings.limits.connect);
        match answered.recv_timeout(left) {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(error)) => Err(Fault::Unresolved(error.to_string())),
            Err(_) => Err(Fault::TooSlow),
        }
    }

    /// Connects to the first that answers.
    fn first_of(&self, open: &[SocketAddr], until: Instant) -> Result<TcpStream, Fault> {
        let mut fault = Fault::TooSlow;
        for address in open.iter().take(MOST_TRIED) {
            let left = until.saturating_duration_since(Instant::now()).min(self.settings.limits.connect);
            if left.is_zero() {
                return Err(Fault::TooSlow);
            }
            match TcpStream::connect_timeout(address, left) {
                Ok(tcp) => {
                    // A request goes out whole; waiting for more of it would only cost time.
                    let _ = tcp.set_nodelay(true);
                    return Ok(tcp);
                }
                Err(error) if error.kind() == io::ErrorKind::TimedOut => fault = Fault::TooSlow,
                Err(error) => fault = Fault::Connect(error.kind()),
            }
        }
        Err(fault)
    }

    fn through(&self, proxy: &Proxy, target: &Target<'_>, until: Instant) -> Result<Timed, Fault> {
        match target.host {
            Host::Ipv4(address) => self.check(address.into())?,
            Host::Ipv6(address) => self.check(address.into())?,
            Host::Domain(name) if addresses::is_local_name(name) => return Err(Fault::LocalName),
            Host::Domain(_) => {}
        }
        // The proxy itself may be anywhere: whoever configured it knows where it is.
        let found = match proxy.host() {
            Host::Ipv4(address) => vec![(*address).into()],
            Host::Ipv6(address) => vec![(*address).into()],
            Host::Domain(name) => self.resolve(name, until)?,
        };
        let found: Vec<_> = found.into_iter().map(|address| SocketAddr::new(address, proxy.port())).collect();
        let mut line = self.timed(self.first_of(&found, until)?, until);
        proxy.open(&mut line, target)?;
        Ok(line)
    }

    fn encrypt(&self, mut line: Timed, target: &Target<'_>) -> Result<(Line, Tls), Fault> {
        let name = match target.host {
            Host::Domain(name) => ServerName::try_from(name.trim_end_matches('.').to_owned()),
            Host::Ipv4(address) => Ok(IpAddr::from(address).into()),
            Host::Ipv6(address) => Ok(IpAddr::from(address).into()),
        };
        let name = name.map_err(|_| Fault::NotAnAddress)?;
        let connection = ClientConnection::new(Arc::clone(&self.tls), name);
        let mut connection = connection.map_err(|error| Fault::Tls(error.to_string()))?;
        while connection.is_handshaking() {
            connection.complete_io(&mut line).map_err(|error| tls_fault(&error))?;
        }
        let tls = Tls {
            version: connection.protocol_version().map(|version| format!("{version:?}")).unwrap_or_default(),
            cipher: connection
                .negotiated_cipher_suite()
                .map(|suite| format!("{:?}", suite.suite()))
                .unwrap_or_default(),
            certificates: connection
                .peer_certificates()
                .unwrap_or_default()
                .iter()
                .map(|certificate| certificate.to_vec())
                .collect(),
        };
        Ok((Line::Tls(Box::new(StreamOwned::new(connection, line))), tls))
    }
}

fn tls_fault(error: &io::Error) -> Fault {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        // The names in a certificate are the other side's words.
        Some(error) => Fault::Tls(one_line(error.to_string().chars().take(300))),
        None => Fault::io(error),
    }
}

fn ask_system(name: &str) -> io::Result<Vec<IpAddr>> {
    use std::net::ToSocketAddrs as _;
    Ok((name, 0).to_socket_addrs()?.map(|found| found.ip()).collect())
}

fn tls_config(extra_roots: &str) -> Result<ClientConfig, SettingsError> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for certificate in CertificateDer::pem_slice_iter(extra_roots.as_bytes()) {
        let certificate = certificate.map_err(|_| SettingsError::ExtraRoots)?;
        roots.add(certificate).map_err(|_| SettingsError::ExtraRoots)?;
    }
    if roots.len() == webpki_roots::TLS_SERVER_ROOTS.len() && !extra_roots.trim().is_empty() {
        return Err(SettingsError::ExtraRoots);
    }
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has the suites of the versions that are on by default")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // A session that is taken up again would tie one visit to the one before, and show no certificates.
    config.resumption = Resumption::disabled();
    Ok(config)
}
