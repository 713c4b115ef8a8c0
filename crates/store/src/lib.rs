//! The rows of a record and its search index.
//!
//! A [`Writer`] is the right to change a record; one process at a time has it. It keeps rows in batches: originals,
//! where they were seen, what was read from them, and what was worked out from all reports together. A [`Store`]
//! reads: any number of them, also while somebody writes. Lists hand over row after row, so that a million rows
//! take the memory of one.
//!
//! ```
//! use store::{ClaimFilter, ClaimRow, OriginalRow, Put, Reading, ReportRow, Search, Store, Writer};
//!
//! # let folder = tempfile::tempdir().unwrap();
//! # let folder = folder.path();
//! let mut writer = Writer::create_or_open(folder)?;
//! let original = OriginalRow {
//!     digest: [7; 32],
//!     length: 34,
//!     kind: "text".into(),
//!     segment: "00000.warc.gz".into(),
//!     offset: 0,
//!     stored_length: 120,
//!     received_at: jiff::Timestamp::UNIX_EPOCH,
//! };
//! let report = ReportRow {
//!     digest: [7; 32],
//!     name: "a.txt".into(),
//!     published: None,
//!     outlet: None,
//!     title: None,
//!     url: None,
//!     language: Some("en".into()),
//!     wire: None,
//!     dateline_place: None,
//!     text_length: 34,
//!     reader_version: "1".into(),
//!     body: "{}".into(),
//! };
//! let claim = ClaimRow { kind: "figure".into(), quote: "Nine people".into(), ..ClaimRow::default() };
//! let text = "Nine people were hurt, Orsk said.";
//! let put = writer.batch(|batch| {
//!     let put = batch.put_original(&original)?;
//!     batch.put_reading(Reading { report: &report, sketch: None, claims: &[claim], text })?;
//!     Ok::<_, store::Error>(put)
//! })?;
//! assert_eq!(put, Put::New);
//!
//! let store = Store::open(folder)?;
//! store.claims(&ClaimFilter::default(), |claim| {
//!     assert_eq!((claim.report_name.as_str(), claim.row.quote.as_str()), ("a.txt", "Nine people"));
//!     Ok::<_, store::Error>(())
//! })?;
//! let found = store.search(&Search { query: "person OR hurt".into(), limit: 10, ..Search::default() })?;
//! assert_eq!(found.hits[0].report.row.name, "a.txt");
//! # Ok::<_, store::Error>(())
//! ```
//!
//! It speaks SQL and knows no meaning: it reads no JSON of a `body`, no text and no original. All that is in it can
//! be rebuilt from originals and the log, so a power cut may take the last batches, and the index may be behind
//! the rows, which [`Writer::behind`] tells and [`Writer::catch_up`] mends.

mod changes;
mod claims;
mod conditions;
mod corroboration;
mod days;
mod decided_stories;
mod decisions;
mod error;
mod incidents;
mod index;
mod lock;
mod logged;
mod lots;
mod originals;
mod query;
mod reports;
#[cfg(test)]
mod sample;
mod schema;
mod search;
mod state;
mod store;
mod stories;
mod tasks;
mod writer;
mod written;

pub use changes::Received;
pub use claims::{ClaimFilter, ClaimRow, StoredClaim};
pub use conditions::{Days, Order, Page, PlaceNamed};
pub use corroboration::{CopyLinkRow, EntryRow, Move, Sketched, Version};
pub use decided_stories::LaidStories;
pub use decisions::{DecisionRow, SubjectRow};
pub use error::Error;
pub use incidents::{
    AccountRow, FoundRow, IncidentCounts, IncidentFilter, IncidentPlace, IncidentRow, KeptAccount, MapBox,
    ReckoningRow, TakenReports,
};
pub use lock::is_being_written;
pub use logged::{ErasureRow, LoggedReading};
pub use originals::{OriginalRow, SAID_LATER, SightingRow};
pub use reports::{Reading, ReportFilter, ReportRow, StoredReport};
pub use search::{Facet, Folded, Found, Hit, Narrowed, PublishedDays, Saying, Search, Snippet};
pub use store::{Counts, SharedIndex, Store};
pub use stories::{StoryFilter, StoryRow};
pub use tasks::{Due, SourceHealth, SourceSize, TaskRow, TaskState};
pub use writer::{Batch, Closed, Put, Writer};
