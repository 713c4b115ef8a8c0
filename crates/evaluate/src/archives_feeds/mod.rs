//! Feeds with what feedparser's own tests expect of them.

mod expected;
mod expression;
mod markup;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use collect::feeds::{self, Feed, Hints};
pub(crate) use expected::Outcome;
use expected::outcome;
use serde::Deserialize;

use crate::counts::share;
use crate::rows::rows;
use crate::{Corpus, Error, Measured};

/// Measures the share of feedparser's expectations that are met, where they touch what is used here: entries, links,
/// titles, dates, languages, authors, summaries, content, encodings, and whether a feed is broken.
///
/// An expectation is met if all of it is. It is an expression over feedparser's names, which are mapped to ours: markup
/// is compared by its tags, attributes and words; a map by what is asked of it; a date by its instant; two encodings are the same if they decode the feed to the same
/// text. Files named `http_…` are taken as served from the address that the tests serve them from, with their headers.
///
/// Left out, and counted by reason: what concerns other fields (`left_out.fields`); markup after cleaning or with its
/// links made absolute, since markup is kept as it was written (`left_out.markup`); expectations that ask nothing, are
/// not there, or are more of Python than is understood (`left_out.other`).
///
/// One feed in three, by a hash of its name, was not looked at while the reader was made: `unseen.met`.
pub(crate) const ARCHIVES_FEEDS: Corpus =
    Corpus { name: "archives-feeds", file: "archives/feed_manifest.jsonl", measure };

/// One feed of the manifest.
#[derive(Deserialize)]
pub(crate) struct Row {
    pub(crate) file: String,
    expect: Option<String>,
    headers: Vec<String>,
}

/// Where the tests serve their feeds.
const SERVER: &str = "http://127.0.0.1:8097/";

fn measure(corpora: &Path) -> Result<Vec<Measured>, Error> {
    let folder = corpora.join("archives");
    let rows: Vec<Row> = rows(&corpora.join(ARCHIVES_FEEDS.file))?;
    let mut tally: BTreeMap<(Outcome, bool), usize> = BTreeMap::new();
    for row in &rows {
        *tally.entry((row.outcome(&folder)?, row.is_unseen())).or_default() += 1;
    }
    let count = |outcome, unseen: &[bool]| -> usize {
        unseen.iter().filter_map(|unseen| tally.get(&(outcome, *unseen))).sum()
    };
    let met = |measure, unseen: &[bool]| {
        let (met, missed) = (count(Outcome::Met, unseen), count(Outcome::Missed, unseen));
        Measured { measure, value: share(met, met + missed), n: met + missed }
    };
    let left_out = |measure, outcome| {
        let n = count(outcome, &[false, true]);
        Measured { measure, value: share(n, rows.len()), n }
    };
    Ok(vec![
        met("expectations.met", &[false, true]),
        met("seen.met", &[false]),
        met("unseen.met", &[true]),
        left_out("left_out.fields", Outcome::OtherFields),
        left_out("left_out.markup", Outcome::Markup),
        left_out("left_out.other", Outcome::NothingAsked),
    ])
}

impl Row {
    pub(crate) fn outcome(&self, folder: &Path) -> Result<Outcome, Error> {
        let path = folder.join(&self.file);
        let bytes = fs::read(&path).map_err(|source| Error::File { path, source })?;
        let feed = self.read(&bytes);
        Ok(outcome(&self.file, self.expect.as_deref(), &expected::Found { feed: &feed, bytes: &bytes }))
    }

    pub(crate) fn read(&self, bytes: &[u8]) -> Feed {
        let name = self.file.rsplit('/').next().unwrap_or_default();
        let is_served = name.starts_with("http_") || self.file.contains("/http/");
        let address = format!("{SERVER}{}", self.file);
        let header = |wanted: &str| {
            let mut pairs = self.headers.iter().filter_map(|header| header.split_once(':'));
            pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim())
        };
        let hints = Hints {
            address: is_served.then_some(&address),
            content_type: header("content-type"),
            content_location: header("content-location"),
            content_language: header("content-language"),
        };
        feeds::read(bytes, &hints)
    }

    /// Tells whether the feed is of the third that was kept back (FNV-1a of its name).
    pub(crate) fn is_unseen(&self) -> bool {
        let step = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        self.file.bytes().fold(0x811c_9dc5, step) % 3 == 2
    }
}
