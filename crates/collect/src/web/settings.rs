use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::{Network, Proxy};

/// How everything is fetched. The defaults are for the public web.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What is said to be asking. Nothing else in a request tells who or what asks.
    pub user_agent: String,
    /// Through whom everything goes.
    pub proxy: Option<Proxy>,
    /// Addresses that are not public and may be fetched from all the same.
    pub allowed: Vec<Network>,
    /// Certificates in PEM of authorities that are trusted beside those that browsers trust.
    pub extra_roots: String,
    /// How much and how long.
    pub limits: Limits,
    /// Tells the time of requests and answers.
    pub clock: fn() -> Timestamp,
}

/// How much is taken of the other side, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the head, and of what may come in front of it.
    pub head: usize,
    /// Bytes of the body, as it is sent.
    pub body: u64,
    /// Bytes of the body, unpacked.
    pub original: u64,
    /// How many times larger unpacking may make a body. The first MiB is free: small pages pack well.
    pub ratio: u64,
    /// How often it may lead on.
    pub redirects: usize,
    /// The time for everything, redirects among it; a day at most.
    pub total: Duration,
    /// The time for one connection.
    pub connect: Duration,
    /// The time in which something has to come.
    pub idle: Duration,
    /// From this time on, a response has to have come at `least_per_second` on average.
    pub slow_after: Duration,
    /// Bytes.
    pub least_per_second: u64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            user_agent: "Mozilla/5.0 (compatible; Credence)".to_owned(),
            proxy: None,
            allowed: Vec::new(),
            extra_roots: String::new(),
            limits: Limits::default(),
            clock: Timestamp::now,
        }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            // Eight times what servers themselves allow for.
            head: 64 << 10,
            body: 64 << 20,
            original: 64 << 20,
            // Pages pack to a fifth or a tenth; gzip cannot pack to less than a thousandth, other codings can.
            ratio: 200,
            redirects: 10,
            total: Duration::from_secs(120),
            connect: Duration::from_secs(15),
            idle: Duration::from_secs(30),
            slow_after: Duration::from_secs(20),
            least_per_second: 256,
        }
    }
}

impl Limits {
    /// Returns when all has to be over that begins now.
    pub(crate) fn end(&self) -> Instant {
        const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
        // A clock has an end, and not all that can be set is before it.
        Instant::now() + self.total.min(LONGEST)
    }

    /// Returns how large a body of that many bytes may become.
    pub(crate) fn unpacked(&self, packed: usize) -> u64 {
        const FREE: u64 = 1 << 20;
        self.original.min(FREE.max(self.ratio.saturating_mul(packed as u64)))
    }

    /// Returns how large the body of an answer of that status may be, as it is sent.
    ///
    /// Nothing is read out of redirects and errors; a chain of them could fill the memory.
    pub(crate) fn body_of(&self, status: Option<u16>) -> u64 {
        const ASIDE: u64 = 1 << 20;
        match status {
            Some(200..=299) => self.body,
            _ => self.body.min(ASIDE),
        }
    }
}

/// Why nothing can be fetched with these settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// A user agent that would break the request.
    #[error("the user agent has to be one line of ASCII, and not empty")]
    UserAgent,
    /// A text among the extra roots that is no certificate.
    #[error("the extra roots are not certificates in PEM of authorities")]
    ExtraRoots,
    /// A proxy that is not known here. Never with its text, which may hold a password.
    #[error(
        "the proxy is not understood: expected http://HOST:PORT or socks5://HOST:PORT, with or without NAME:PASSWORD@ before the host"
    )]
    Proxy,
}
