use std::io;
use std::net::IpAddr;

use preserve::http::{Malformed, Undecodable};

use super::Exchange;

/// Why nothing that can be read was fetched: where, why, and what was exchanged up to then.
#[derive(Debug, thiserror::Error)]
#[error("{address}: {fault}")]
pub struct FetchError {
    /// The address that was being asked, which may be one that the first led on to.
    pub address: String,
    /// Why.
    pub fault: Fault,
    /// What was exchanged, the last perhaps not whole. It is worth keeping: it shows what the other side did.
    pub exchanges: Vec<Exchange>,
}

/// Why something could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The text is no address of the web.
    #[error("it is not an address of the web; check how it is written")]
    NotAnAddress,
    /// Another scheme than `http` or `https`.
    #[error("only http and https are fetched")]
    Scheme,
    /// A port of another protocol.
    #[error("another protocol than that of the web is spoken on port {0}")]
    Port(u16),
    /// A name leads to, or is, an address that is not public.
    #[error("the address {address} is {what}; list it as allowed in the configuration if it is meant")]
    NotPublic {
        /// The address.
        address: IpAddr,
        /// What kind of address it is.
        what: &'static str,
    },
    /// A name that only a local network knows, or one of Tor's without a proxy.
    #[error("the name is not one of the public web")]
    LocalName,
    /// The name is not known, or the name service does not answer.
    #[error("the name cannot be found: {0}")]
    Unresolved(String),
    /// No connection.
    #[error("no connection: {0}")]
    Connect(io::ErrorKind),
    /// The proxy does not connect.
    #[error("the proxy {0}")]
    Proxy(ProxyFault),
    /// No encrypted connection that can be trusted.
    #[error("no secure connection: {0}")]
    Tls(String),
    /// It took too long, all in all or without anything coming.
    #[error("it took too long")]
    TooSlow,
    /// The connection ended before the response did, or before there was any.
    #[error("the connection ended before the response was whole")]
    CutShort,
    /// The body goes on and on.
    #[error("the response is larger than {limit} bytes")]
    TooLarge {
        /// What was allowed.
        limit: u64,
    },
    /// What came is not a response.
    #[error(transparent)]
    Malformed(Malformed),
    /// The body cannot be decoded.
    #[error(transparent)]
    Undecodable(Undecodable),
    /// The response leads on, but not to an address.
    #[error("the response leads on to what is not an address")]
    NowhereToGo,
    /// The addresses lead back to one that was asked before.
    #[error("the addresses lead round in a circle")]
    Circle,
    /// More redirects than are followed.
    #[error("it leads on more than {0} times")]
    TooManyRedirects(usize),
}

/// What a proxy did not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProxyFault {
    /// It answered, but not as a proxy of its kind.
    #[error("does not speak as expected; check its kind and port")]
    NotAProxy,
    /// It wants a name and password, or others.
    #[error("refuses the name and password, or wants some")]
    Credentials,
    /// It answered that it does not connect.
    #[error("refuses the connection (code {0})")]
    Refused(u16),
}

impl Fault {
    /// Tells whether the same may go well at another time, without anything being changed on this side.
    pub fn may_pass(&self) -> bool {
        match self {
            Fault::Unresolved(_)
            | Fault::Connect(_)
            // A name service, or a proxy that is starting, may say anything for a while.
            | Fault::NotPublic { .. }
            | Fault::Proxy(_)
            | Fault::Tls(_)
            | Fault::TooSlow
            | Fault::CutShort
            | Fault::Malformed(_)
            | Fault::Undecodable(Undecodable::Broken)
            | Fault::Circle => true,
            Fault::NotAnAddress
            | Fault::Scheme
            | Fault::Port(_)
            | Fault::LocalName
            | Fault::TooLarge { .. }
            | Fault::Undecodable(_)
            | Fault::NowhereToGo
            | Fault::TooManyRedirects(_) => false,
        }
    }

    pub(crate) fn io(error: &io::Error) -> Fault {
        match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Fault::TooSlow,
            _ => Fault::CutShort,
        }
    }
}

/// Writes what others wrote so that it stays in its line and does not command the terminal.
pub(crate) fn one_line(text: impl Iterator<Item = char>) -> String {
    let mut line = String::new();
    for c in text {
        if c.is_control() { line.extend(c.escape_default()) } else { line.push(c) }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_say_once_may_pass() {
        let address = IpAddr::from([0, 0, 0, 0]);
        for fault in [
            Fault::NotPublic { address, what: "of this machine" },
            Fault::Proxy(ProxyFault::NotAProxy),
            Fault::Proxy(ProxyFault::Credentials),
        ] {
            assert!(fault.may_pass(), "{fault}");
        }
        assert!(!Fault::LocalName.may_pass());
    }
}
