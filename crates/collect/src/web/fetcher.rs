use std::io::{self, Read, Write};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use preserve::http::{Malformed, Received, Receiver, Truncated, codings, decode};
use url::{Position, Url};

use super::connect::{Connector, Reached};
use super::fault::one_line;
use super::{Exchange, Fault, FetchError, Limits, Settings, SettingsError, Validators};

/// Fetches from the web, and only from there. Can be shared by threads; each call makes its own connections.
pub struct Fetcher {
    connector: Connector,
}

/// What is to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The address. Name, password and fragment are left off.
    pub address: String,
    /// What was handed out when it was fetched before.
    pub validators: Option<Validators>,
    /// The largest body of an answer that is taken, in bytes, where that is less than [`Limits`] allow for.
    pub most: u64,
}

/// What is sent to a service: a time stamp authority, a witness.
#[derive(Debug, Clone, Copy)]
pub struct Content<'a> {
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// The exchanges that led to an answer.
#[derive(Debug)]
pub struct Visit {
    exchanges: Vec<Exchange>,
    last: Exchange,
}

impl Request {
    /// Asks for an address as if for the first time.
    pub fn to(address: impl Into<String>) -> Request {
        Request { address: address.into(), validators: None, most: u64::MAX }
    }
}

impl Visit {
    /// Returns the answer: what is at the address, or at the one it led on to.
    pub fn last(&self) -> &Exchange {
        &self.last
    }

    /// Returns the redirects in front of the answer.
    pub fn redirects(&self) -> &[Exchange] {
        &self.exchanges
    }

    /// Returns all exchanges in their order.
    pub fn into_exchanges(mut self) -> Vec<Exchange> {
        self.exchanges.push(self.last);
        self.exchanges
    }
}

impl Fetcher {
    /// Makes one.
    ///
    /// # Errors
    /// The settings cannot be followed.
    pub fn new(settings: Settings) -> Result<Fetcher, SettingsError> {
        let agent = &settings.user_agent;
        if agent.trim().is_empty() || !agent.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err(SettingsError::UserAgent);
        }
        Ok(Fetcher { connector: Connector::new(settings)? })
    }

    /// Asks `resolver` for the addresses of names, instead of the system.
    #[must_use]
    pub fn with_resolver<R>(self, resolver: R) -> Fetcher
    where
        R: Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync + 'static,
    {
        Fetcher { connector: self.connector.with_resolver(Arc::new(resolver)) }
    }

    /// Fetches what is at an address, and where that leads on, what is there.
    ///
    /// Any status is an answer, errors of the server among them: [`Exchange::answer`] tells them apart.
    ///
    /// # Errors
    /// There was no answer, it is not whole, or it cannot be decoded.
    pub fn fetch(&self, request: &Request) -> Result<Visit, FetchError> {
        let limits = &self.connector.settings().limits;
        let until = limits.end();
        let failed =
            |address: &str, fault, exchanges| FetchError { address: address.to_owned(), fault, exchanges };
        let mut exchanges: Vec<Exchange> = Vec::new();
        let mut url = match address(&request.address) {
            Ok(url) => url,
            Err(fault) => return Err(failed(&shown(&request.address), fault, exchanges)),
        };
        loop {
            let step = Step {
                url: &url,
                hop: exchanges.len(),
                until,
                validators: request.validators.as_ref(),
                most: request.most,
                content: None,
            };
            let (exchange, fault) = match self.exchange(&step) {
                Ok(exchange) => (exchange, None),
                Err(Broken { fault, exchange: Some(exchange) }) => (*exchange, Some(fault)),
                Err(Broken { fault, exchange: None }) => return Err(failed(url.as_str(), fault, exchanges)),
            };
            if let Some(fault) = fault {
                exchanges.push(exchange);
                return Err(failed(url.as_str(), fault, exchanges));
            }
            match leads_to(&url, &exchange) {
                None => return Ok(Visit { exchanges, last: exchange }),
                Some(next) => {
                    exchanges.push(exchange);
                    let next = next.and_then(|next| may_follow(next, &exchanges, limits));
                    match next {
                        Ok(next) => url = next,
                        Err((to, fault)) => return Err(failed(&to, fault, exchanges)),
                    }
                }
            }
        }
    }

    /// Sends bytes to a service, and returns its answer whatever its status. No redirect is followed.
    ///
    /// # Errors
    /// There was no answer, it is not whole, or it cannot be decoded.
    pub fn post(&self, address_of_service: &str, content: &Content<'_>) -> Result<Exchange, FetchError> {
        let failed =
            |address: &str, fault, exchanges| FetchError { address: address.to_owned(), fault, exchanges };
        let url = address(address_of_service)
            .map_err(|fault| failed(&shown(address_of_service), fault, Vec::new()))?;
        let until = self.connector.settings().limits.end();
        let step =
            Step { url: &url, hop: 0, until, validators: None, most: u64::MAX, content: Some(content) };
        self.exchange(&step).map_err(|broken| {
            failed(
                url.as_str(),
                broken.fault,
                broken.exchange.map(|exchange| *exchange).into_iter().collect(),
            )
        })
    }

    /// Asks one question on a connection of its own.
    fn exchange(&self, step: &Step<'_>) -> Result<Exchange, Broken> {
        let settings = self.connector.settings();
        let mut reached = self.connector.reach(step.url, step.until)?;
        let validators = step.validators.filter(|validators| validators.address == step.url.as_str());
        let request = match step.content {
            None => request_bytes(step.url, &settings.user_agent, validators),
            Some(content) => post_bytes(step.url, &settings.user_agent, content),
        };
        let sent = (settings.clock)();
        reached
            .line
            .write_all(&request)
            .and_then(|()| reached.line.flush())
            .map_err(|error| Fault::io(&error))?;
        let answered = self.receive(&mut reached, step.most)?;
        let Reached { address: machine, tls, .. } = reached;
        let Answered { received, began, mut fault } = answered;
        let mut body = None;
        if fault.is_none() {
            match self.unpack(&received) {
                Ok(unpacked) => body = Some(unpacked),
                // What an error page is packed like is of no interest, and a redirect leads on all the same.
                Err(undecodable) if (200..=299).contains(&received.head.status()) => {
                    fault = Some(undecodable)
                }
                Err(_) => {}
            }
        }
        let exchange = Exchange {
            address: step.url.as_str().to_owned(),
            hop: step.hop,
            sent,
            received: began,
            ended: (settings.clock)(),
            request,
            response: received,
            decoded: body.is_some(),
            body: body.unwrap_or_default(),
            machine,
            tls,
            proxy: settings.proxy.as_ref().map(ToString::to_string),
            conditional: validators.is_some(),
        };
        match fault {
            None => Ok(exchange),
            Some(fault) => Err(Broken { fault, exchange: Some(Box::new(exchange)) }),
        }
    }

    fn unpack(&self, received: &Received) -> Result<Vec<u8>, Fault> {
        let codings = codings(&received.head).map_err(Fault::Undecodable)?;
        let payload = received.payload();
        let limit = self.connector.settings().limits.unpacked(payload.len());
        decode(payload, &codings, if codings.is_empty() { u64::MAX } else { limit })
            .map_err(Fault::Undecodable)
    }

    /// Takes in the answer until it is whole, or until something is wrong with it.
    fn receive(&self, reached: &mut Reached, most: u64) -> Result<Answered, Fault> {
        let settings = self.connector.settings();
        let limits = &settings.limits;
        let mut receiver = Receiver::new(limits.head);
        let (mut buffer, start, mut began) = (vec![0; 16 << 10], Instant::now(), None);
        let stop = loop {
            let read = match reached.line.read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => break Stop::Fault(Fault::io(&error)),
                Ok(0) => break Stop::End,
                Ok(read) => read,
            };
            began.get_or_insert_with(settings.clock);
            match receiver.take(&buffer[..read]) {
                Err(malformed) => break Stop::Fault(Fault::Malformed(malformed)),
                Ok(_) if receiver.body_length() > limits.body_of(receiver.status()).min(most) => {
                    let limit = limits.body_of(receiver.status()).min(most);
                    break Stop::Fault(Fault::TooLarge { limit });
                }
                Ok(true) => break Stop::End,
                Ok(false) if is_too_slow(limits, start, receiver.received()) => {
                    break Stop::Fault(Fault::TooSlow);
                }
                Ok(false) => {}
            }
        };
        let began = began.unwrap_or_else(settings.clock);
        let nothing = receiver.received() == 0;
        match stop {
            Stop::End => {
                let received = receiver.end().map_err(|_| no_response(nothing))?;
                let fault = received.truncated.map(|_| Fault::CutShort);
                Ok(Answered { received, began, fault })
            }
            Stop::Fault(fault) => match receiver.abandon(truncation(&fault)) {
                Ok(received) => Ok(Answered { received, began, fault: Some(fault) }),
                Err(_) => Err(fault),
            },
        }
    }
}

/// One question, and when it has to be answered by.
struct Step<'a> {
    url: &'a Url,
    hop: usize,
    until: Instant,
    validators: Option<&'a Validators>,
    /// The largest body that is taken.
    most: u64,
    /// What is sent; none where something is asked for.
    content: Option<&'a Content<'a>>,
}

/// An answer, and what is wrong with it.
struct Answered {
    received: Received,
    began: jiff::Timestamp,
    fault: Option<Fault>,
}

enum Stop {
    End,
    Fault(Fault),
}

/// Why an exchange is of no use, and what there is of it.
struct Broken {
    fault: Fault,
    exchange: Option<Box<Exchange>>,
}

impl From<Fault> for Broken {
    fn from(fault: Fault) -> Broken {
        Broken { fault, exchange: None }
    }
}

fn no_response(nothing: bool) -> Fault {
    if nothing { Fault::CutShort } else { Fault::Malformed(Malformed::NoResponse) }
}

fn truncation(fault: &Fault) -> Truncated {
    match fault {
        Fault::TooSlow => Truncated::Time,
        Fault::TooLarge { .. } => Truncated::Length,
        Fault::CutShort => Truncated::Disconnect,
        _ => Truncated::Unspecified,
    }
}

fn is_too_slow(limits: &Limits, start: Instant, received: u64) -> bool {
    let taken = start.elapsed();
    taken >= limits.slow_after && received < limits.least_per_second.saturating_mul(taken.as_secs())
}

/// Reads an address, and leaves off what is not sent.
fn address(text: &str) -> Result<Url, Fault> {
    let url = Url::parse(text.trim()).map_err(|_| Fault::NotAnAddress)?;
    clean(url)
}

fn clean(mut url: Url) -> Result<Url, Fault> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Fault::Scheme);
    }
    // Nobody is logged in anywhere: a name and a password in a link are bait, or a mistake.
    url.set_username("").and_then(|()| url.set_password(None)).map_err(|()| Fault::NotAnAddress)?;
    url.set_fragment(None);
    Ok(url)
}

/// Returns an address without the name and password in it; `None` if there are none.
///
/// Of a text that is no address, what stands before its last `@` may be some.
pub fn without_password(address: &str) -> Option<String> {
    match Url::parse(address.trim()) {
        Ok(url) if url.username().is_empty() && url.password().is_none() => None,
        Ok(mut url) => match url.set_username("").and_then(|()| url.set_password(None)) {
            Ok(()) => Some(url.into()),
            Err(()) => Some(shown(address)),
        },
        Err(_) => address.contains('@').then(|| shown(address)),
    }
}

/// Shows something that is no address: without what may be a name and a password, in one line and not endlessly.
fn shown(text: &str) -> String {
    const LONGEST: usize = 300;
    let shown = match text.rsplit_once('@') {
        Some((before, after)) => {
            let scheme = before.split_once("://").map_or(String::new(), |(scheme, _)| format!("{scheme}://"));
            scheme + after
        }
        None => text.to_owned(),
    };
    one_line(shown.chars().take(LONGEST))
}

/// Where an answer leads on to, if it does (RFC 9110, 15.4).
fn leads_to(url: &Url, exchange: &Exchange) -> Option<Result<Url, (String, Fault)>> {
    if !matches!(exchange.status(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let here = |fault| (url.as_str().to_owned(), fault);
    let Some(location) = exchange.field("location") else { return Some(Err(here(Fault::NowhereToGo))) };
    let next = match url.join(location) {
        Err(_) => Err(here(Fault::NowhereToGo)),
        Ok(next) => clean(next).map_err(|fault| (shown(location), fault)),
    };
    Some(next)
}

fn may_follow(next: Url, exchanges: &[Exchange], limits: &Limits) -> Result<Url, (String, Fault)> {
    let fault = if exchanges.iter().any(|exchange| exchange.address == next.as_str()) {
        Fault::Circle
    } else if exchanges.len() > limits.redirects {
        Fault::TooManyRedirects(limits.redirects)
    } else {
        return Ok(next);
    };
    Err((next.into(), fault))
}

/// The whole request. What is not here is not told.
fn request_bytes(url: &Url, user_agent: &str, validators: Option<&Validators>) -> Vec<u8> {
    let target = &url[Position::BeforePath..Position::AfterQuery];
    let host = &url[Position::BeforeHost..Position::AfterPort];
    let mut request = format!(
        "GET {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {user_agent}\r\n\
         Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n\
         Accept-Encoding: gzip, deflate, br, zstd\r\nConnection: close\r\n"
    );
    let mut add = |name: &str, value: Option<&String>| {
        // They come back out of a record; what would break the request is left out.
        if let Some(value) = value.filter(|value| value.bytes().all(|byte| matches!(byte, b' '..=b'~'))) {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
    };
    if let Some(Validators { etag, last_modified, .. }) = validators {
        add("If-None-Match", etag.as_ref());
        add("If-Modified-Since", last_modified.as_ref());
    }
    request.push_str("\r\n");
    request.into_bytes()
}

fn post_bytes(url: &Url, user_agent: &str, content: &Content<'_>) -> Vec<u8> {
    let target = &url[Position::BeforePath..Position::AfterQuery];
    let host = &url[Position::BeforeHost..Position::AfterPort];
    let Content { media_type, bytes } = content;
    let length = bytes.len();
    let mut request = format!(
        "POST {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {user_agent}\r\nContent-Type: {media_type}\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n"
    )
    .into_bytes();
    request.extend_from_slice(bytes);
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_tells_nothing_of_who_asks() {
        let url = address(" https://ana:pw@Quillhaven.example:8443/a b?c=Тес#d ").unwrap();
        let validators = Validators {
            address: url.as_str().to_owned(),
            etag: Some("\"x\"".into()),
            last_modified: Some("Wed\r\nCookie: a".into()),
        };
        let request = String::from_utf8(request_bytes(&url, "Agent", Some(&validators))).unwrap();
        assert_eq!(
            request,
            "GET /a%20b?c=%D0%A2%D0%B5%D1%81 HTTP/1.1\r\nHost: quillhaven.example:8443\r\nUser-Agent: Agent\r\n\
             Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n\
             Accept-Encoding: gzip, deflate, br, zstd\r\nConnection: close\r\nIf-None-Match: \"x\"\r\n\r\n"
        );
    }

    #[test]
    fn what_is_no_address_is_shown_without_its_password() {
        assert_eq!(shown("https://ana:pw@[/x"), "https://[/x");
        assert_eq!(shown("ana:pw@x"), "x");
        assert_eq!(shown("quillhaven\u{9b}2J\n"), "quillhaven\\u{9b}2J\\n");
        assert_eq!(shown(&"é".repeat(1000)).chars().count(), 300);
    }

    #[test]
    fn a_name_and_a_password_are_left_off() {
        for (address, without) in [
            ("https://ana:pw@quillhaven.example/a?b=c@d#e", Some("https://quillhaven.example/a?b=c@d#e")),
            ("http://ana@[::1]:8443", Some("http://[::1]:8443/")),
            ("HTTP://:pw@quillhaven.example", Some("http://quillhaven.example/")),
            ("https://ana:p@w@[/x", Some("https://[/x")),
            ("https://quillhaven.example/@ana", None),
            ("quillhaven", None),
        ] {
            assert_eq!(without_password(address).as_deref(), without, "{address}");
        }
    }

    #[test]
    fn settings_that_would_break_a_request() {
        for agent in ["", " ", "a\r\nCookie: b", "é"] {
            let settings = Settings { user_agent: agent.into(), ..Settings::default() };
            assert_eq!(Fetcher::new(settings).err(), Some(SettingsError::UserAgent), "{agent:?}");
        }
        for roots in ["x", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            let settings = Settings { extra_roots: roots.into(), ..Settings::default() };
            assert_eq!(Fetcher::new(settings).err(), Some(SettingsError::ExtraRoots), "{roots:?}");
        }
    }
}
