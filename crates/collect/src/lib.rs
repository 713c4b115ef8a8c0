//! Takes in reports from where they lie: files, folders, patterns, standard input and the web, to bytes and how they
//! came.
//!
//! [`items`] walks the sources one after the other and hands out each original as an [`Item`]: its bytes, unchanged,
//! with their digest, the [`Kind`](model::Kind) they look like, and a [`Sighting`] that says where they were met.
//! What cannot be taken in is a [`Skipped`], with the place and the reason, and the rest goes on.
//!
//! ```
//! use collect::{Options, items};
//!
//! let folder = tempfile::tempdir()?;
//! std::fs::write(folder.path().join("tesmin.txt"), "date 2031-03-12 Three people were hurt.")?;
//! let found: Vec<_> = items([folder.path().as_os_str()], Options::default()).collect();
//! let item = found[0].as_ref().unwrap();
//! assert_eq!(item.kind, model::Kind::DatedText);
//! assert_eq!(item.metadata.id, "tesmin.txt");
//! assert_eq!(item.bytes, b"date 2031-03-12 Three people were hurt.");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Sources
//! - A file, by its path. A link to a file is read like the file.
//! - A folder: all files in it and below it, sorted by name, so that the order is the same each time. Files and folders
//!   whose names begin with a dot are passed over and counted ([`Items::hidden`]); they are read if they are named
//!   themselves. A link to a folder inside a folder is not followed, since it may lead round in a circle.
//! - A pattern with `*`, `?` or `[…]`, if there is no file of that very name: `**` stands for any depth.
//! - `-`: standard input, as one source.
//!
//! # Kinds
//! The name and the first 64 KiB decide, unless [`Options::kind`] does:
//! - `row`, JSON Lines: the name ends in `.jsonl` or `.ndjson`, or the first line that is not blank is a JSON object. Each
//!   line is an original of its own, without its line break; it has to be an object with a string `text`. It is named
//!   after its `id`, a string or a number, else `FILE:LINE`. A file of any length is read in little memory.
//! - `dated-text`: it begins with `date YYYY-MM-DD`, whether or not there is such a day; white space in front is allowed.
//!   Further lines that begin so begin further originals, named `FILE:LINE`. Laid end to end,
//!   the originals are the file; so a file with one report is taken as it is.
//! - `page`: the name ends in `.html`, `.htm` or `.xhtml`, or it begins with a tag of HTML.
//! - `text`: all other text.
//!
//! Bytes are handed on as they are, in any encoding: decoding is for those who read them.
//!
//! # Archives
//! WARC and ARC files, plain or packed with gzip or zstd, and WACZ are told by their first bytes and opened: each page and
//! text that was captured is an item, named `FILE@BYTE`, with the address it was captured from and, in
//! [`Sighting::capture`], when, and whether its digests agree. What is damaged is skipped with its place, and what follows
//! it is read. Records that are no reports (requests, redirects, errors, pictures, styles, scripts) are passed over and
//! counted ([`Items::other_records`]). One record is in memory at a time. [`archives`] reads all of them.
//!
//! # Feeds
//! [`feeds::read`] takes the bytes of a feed and gives its entries with their links and dates; it opens nothing itself.
//! [`sitemaps::read`] does the same for sitemaps and lists of addresses.
//!
//! # Limits
//! An original larger than [`Options::max_size`] (64 MiB) is skipped, and never held in memory. Files that are no text
//! (other archives, pictures, programs, PDF) and empty files are skipped. Devices, pipes and sockets are never opened.
//! Nothing is written, and only [`web`] opens the network.

pub mod archives;
mod captures;
mod dated;
mod encoding;
pub mod feeds;
mod item;
mod lines;
mod row;
pub mod sitemaps;
mod skipped;
mod sniff;
mod uri;
mod walk;
pub mod web;
mod xml;

pub use captures::Capture;
pub use item::{Item, Items, Options, Sighting, items};
pub use skipped::{Reason, Skipped};
