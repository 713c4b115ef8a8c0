//! Measures readings against labelled corpora.
//!
//! A [`Corpus`] knows its files, reads them with the crates under test, and compares the result with the labels.
//! Each scorer states the published definition that it follows, or its own where there is none, and is tested on small
//! cases with known answers. Only numbers leave this crate: no words of a corpus stand in a row or an error.

mod archives_feeds;
mod archives_warc;
mod claims_gold;
mod copies_gold;
mod coreference;
mod counts;
mod dates_duckling;
mod events_ecbplus;
mod events_meantime;
mod incidents_airwars;
mod incidents_bellingcat;
mod incidents_muc4;
mod incidents_sources;
mod origins;
mod overlap;
mod pages_scrapinghub;
mod places_pragmatic;
mod points;
mod quotes_polnear;
mod reading;
mod rows;
mod stories;
mod stream;

use std::path::{Path, PathBuf};

pub use counts::Counts;
pub use incidents_sources::{OverMerge, over_merges};
pub use origins::{Judged, judged};

/// One figure of quality.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// What was measured, such as `figures.span_f1`.
    pub measure: &'static str,
    /// The figure, from 0 to 1 unless the measure says otherwise.
    pub value: f64,
    /// How many labelled things it rests on.
    pub n: usize,
}

/// A labelled corpus and its scorer.
pub struct Corpus {
    /// The name in tables: that of its file, without the ending.
    pub name: &'static str,
    /// Its file or folder; the corpus is absent where this is.
    file: &'static str,
    /// Reads the corpus in the folder and measures.
    measure: fn(&Path) -> Result<Vec<Measured>, Error>,
}

/// All corpora that can be measured.
pub const CORPORA: &[Corpus] = &[
    claims_gold::CLAIMS_GOLD,
    incidents_airwars::INCIDENTS_AIRWARS,
    incidents_bellingcat::INCIDENTS_BELLINGCAT,
    incidents_sources::INCIDENTS_SOURCES,
    incidents_muc4::INCIDENTS_MUC4,
    copies_gold::COPIES_GOLD,
    pages_scrapinghub::PAGES_SCRAPINGHUB,
    dates_duckling::DATES_DUCKLING,
    places_pragmatic::PLACES_PRAGMATIC,
    quotes_polnear::QUOTES_POLNEAR,
    events_meantime::EVENTS_MEANTIME,
    stories::BASIL,
    stories::ECB_PLUS,
    stories::NEWS_WCL50,
    origins::ORIGINS,
    archives_feeds::ARCHIVES_FEEDS,
    archives_warc::ARCHIVES_WARC,
];

impl Corpus {
    /// Finds the corpus of that name.
    pub fn named(name: &str) -> Option<&'static Corpus> {
        CORPORA.iter().find(|corpus| corpus.name == name)
    }

    /// Tells whether the folder of corpora holds this one.
    pub fn is_in(&self, corpora: &Path) -> bool {
        corpora.join(self.file).exists()
    }

    /// Reads the corpus with the reader of this program, and compares.
    ///
    /// # Errors
    /// Returns an error if a file cannot be read, or a row is not what the corpus promises.
    pub fn measure(&self, corpora: &Path) -> Result<Vec<Measured>, Error> {
        (self.measure)(corpora)
    }
}

/// Why a corpus could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A row is not what the corpus promises.
    #[error("{}, line {line}: {reason}", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it, without its words.
        reason: String,
    },
}
