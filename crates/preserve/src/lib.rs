//! Keeps the bytes that were received, unchanged, so that a crash loses nothing that was reported as kept.
//!
//! An [`Original`] is written once, as one `resource` record of a WARC 1.1 file (ISO 28500:2017), each record
//! its own gzip member. Each time the same bytes are met, a [`Sighting`] is written beside it, as a `metadata`
//! record: where, when, as which kind. From the two, everything else of a record folder can be rebuilt.
//! [`Originals`] appends them, one run at a time; a [`Reader`] reads one, or all in the order of arrival, at any
//! time. What came over the web is an [`Exchange`]: the request, the response and how they came, byte for byte, with
//! the original inside the response. Whatever does not agree with its own digest is [`Damaged`], a thing apart from every other error.
//!
//! The [`log`] makes all of it something that others can check, and [`verify`] checks it.
//!
//! ```
//! use model::{Digest, Kind};
//! use preserve::{Original, Originals};
//!
//! let folder = tempfile::tempdir()?;
//! let (mut originals, _) = Originals::open(folder.path(), None)?;
//! let received = "2031-03-12T08:00:00Z".parse()?;
//! let original = Original { bytes: b"12 were hurt.", kind: Kind::PlainText, uri: "urn:credence:stdin", received };
//! let position = originals.append(&original)?;
//! originals.sync()?; // Only now may anybody be told that it is kept.
//! assert_eq!(originals.reader().read(position, Digest::of(b"12 were hurt."))?, b"12 were hurt.");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # On disk
//! `originals/YYYYMMDD-NNNNN.warc.gz`, named by the UTC day of the first record in it; a new file begins with a new
//! day, or when the last one has reached its size limit. Any WARC tool reads them. Times are whole seconds, UTC.
//! The address of an original may be a path on the machine of the person who collected it: the files are the
//! private store of one record folder, and nothing is handed to outsiders by copying them.
//!
//! # Absences
//! No clock: times come from the caller. No network: [`log::Post`] and [`stamp::Authority`] are for the caller to
//! implement. No parsing of what the originals say. Nothing is ever written over but what is erased by law
//! ([`log::Log::erase`]); the only other bytes taken away are a write that was cut short before anybody was told that it
//! was kept.

mod capture;
mod durable;
mod exchange;
mod fault;
mod fields;
mod gzip;
pub mod http;
pub mod log;
mod members;
mod originals;
mod reader;
mod segment;
pub mod signature;
pub mod stamp;
pub mod step;
mod verify;
mod warc;

pub use capture::Capture;
pub use durable::write_durably;
pub use exchange::{Answer, Exchange, KeptExchange, Revisited, Unchanged};
pub use fault::{Damage, Damaged, Error, Torn};
pub use originals::{Original, Originals, Recovery};
pub use reader::{Reader, Scan};
pub use segment::{NotASegment, Position, Segment};
pub use verify::{Depth, Report, Seal, Verification, changed_since_sealed, verify};
pub use warc::{Resource, Sighting, Stored};
