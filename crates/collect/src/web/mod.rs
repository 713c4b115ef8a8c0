//! The web: one address in, exactly what was said and answered out.
//!
//! A [`Fetcher`] asks for a [`Request`] and hands back a [`Visit`]: an [`Exchange`] for each step, redirects first, the
//! answer last, with the exact bytes of both directions. It speaks HTTP/1.1 over one connection for each exchange, so
//! that what is kept is what one machine sent to one question. Where nothing that can be read was had, a [`FetchError`]
//! says where and why, and hands over what was exchanged all the same, to be kept.
//!
//! ```no_run
//! use collect::web::{Answer, Fetcher, Request, Settings};
//!
//! let fetcher = Fetcher::new(Settings::default())?;
//! match fetcher.fetch(&Request::to("https://quillhaven.example/news")) {
//!     Ok(visit) => match visit.last().answer() {
//!         Answer::Content => println!("{} bytes", visit.last().body.len()),
//!         Answer::NotModified => println!("nothing new"),
//!         Answer::Later(wait) => println!("busy; again in {wait:?}"),
//!         Answer::Gone | Answer::Refused(_) => println!("status {}", visit.last().status()),
//!     },
//!     Err(error) => println!("{error}; {} exchanges to keep", error.exchanges.len()),
//! }
//! # Ok::<(), collect::web::SettingsError>(())
//! ```
//!
//! To keep an exchange, hand [`Exchange::notes`] and [`Exchange::to_keep`] to `preserve::Originals::append_exchange`;
//! to ask again later, keep [`Exchange::validators`] and put them into the next request. [`Robots`] says what a site
//! wants left alone, [`Backoff`] how long to wait after a failure. What stands in a [`FetchError`] is kept as of no kind:
//! nothing is read out of it.
//!
//! # What it cannot be made to do
//! - Speak to anything but web servers: only `http` and `https`, no port of another protocol, only GET (and POST to the
//!   services that the caller names), and nothing of
//!   the address but its path, query and host is sent.
//! - Reach what is not public: private, loopback, link-local, shared, documentation, multicast and reserved addresses of
//!   both versions, and addresses of version 6 that stand for such of version 4, are refused unless
//!   [`Settings::allowed`] lists them. Every step is checked, after every redirect: the name is asked for once, each
//!   answer is checked, and the connection is made to a checked address and no other.
//! - Go on for ever: head, body, unpacked body, how densely it is packed, redirects, time and pace are bounded
//!   ([`Limits`]).
//! - Tell who asks: no language, cookie, referrer or name of a machine is sent, no session of TLS is taken up again, and
//!   name and password in an address are dropped. The user agent is all that is said.
//!
//! Behind a proxy, names are not resolved here, so that addresses written out and names of local networks are all that
//! can be refused: see [`Proxy`].

mod addresses;
mod connect;
mod exchange;
mod fault;
mod fetcher;
mod line;
mod patience;
mod proxy;
mod robots;
mod settings;

pub use addresses::{Network, NotANetwork};
pub use connect::Tls;
pub use exchange::{Answer, Exchange, Validators};
pub use fault::{Fault, FetchError, ProxyFault};
pub use fetcher::{Content, Fetcher, Request, Visit, without_password};
pub use patience::{Backoff, read_http_date, read_retry_after};
pub use proxy::Proxy;
pub use robots::{Decision, NoReason, Robots};
pub use settings::{Limits, Settings, SettingsError};
