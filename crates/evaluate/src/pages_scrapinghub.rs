//! The articles of pages, annotated for a public benchmark of extractors.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use extract::Source;
use flate2::read::GzDecoder;
use model::{Digest, Kind, Metadata, Report};
use serde::Deserialize;

use crate::counts::share;
use crate::rows::rows;
use crate::{Corpus, Error, Measured};

/// Measures the body of pages as <https://github.com/scrapinghub/article-extraction-benchmark> does (`evaluate.py`).
///
/// A token is a run of letters, digits and `_`; white space and marks count for nothing. A text is the multiset of its
/// runs of four tokens; one of fewer tokens is a single run. Of each page, runs in both texts, runs in the body only and
/// runs in the label only are divided by their sum, so that long pages weigh no more than short ones. Precision is the
/// mean over the pages in which anything was found, recall over those in which anything is labelled, and
/// `body.shingle_f1` the harmonic mean of these two means, not the mean of the F1 of pages. `body.accuracy` is the share
/// of pages on which both texts have the same runs.
///
/// The title is no part of the label, and none of the body.
pub(crate) const PAGES_SCRAPINGHUB: Corpus =
    Corpus { name: "pages-scrapinghub", file: "pages-scrapinghub", measure };

#[derive(Deserialize)]
struct Row {
    html_gz: String,
    body: String,
}

fn measure(corpora: &Path) -> Result<Vec<Measured>, Error> {
    let folder = corpora.join(PAGES_SCRAPINGHUB.file);
    let rows: Vec<Row> = rows(&folder.join("data.jsonl"))?;
    let pages: Result<Vec<Page>, Error> = rows.iter().map(|row| compared(&folder, row)).collect();
    let pages = pages?;
    let n = pages.len();
    Ok(vec![
        Measured { measure: "body.shingle_f1", value: f1(&pages), n },
        Measured {
            measure: "body.accuracy",
            value: share(pages.iter().filter(|page| page.is_exact()).count(), n),
            n,
        },
    ])
}

fn compared(folder: &Path, row: &Row) -> Result<Page, Error> {
    let path = folder.join(&row.html_gz);
    let mut bytes = Vec::new();
    let read = File::open(&path).and_then(|file| GzDecoder::new(file).read_to_end(&mut bytes));
    read.map_err(|source| Error::File { path, source })?;
    Ok(Page::of(&row.body, &body(&bytes)))
}

/// Reads the article of a page.
fn body(page: &[u8]) -> String {
    let metadata = Metadata::default();
    let digest = Digest::of(page);
    let Report { text, body, .. } =
        extract::article(&Source { bytes: page, digest, kind: Kind::Page, metadata: &metadata });
    let paragraphs: Vec<&str> = body.iter().map(|paragraph| text.quote(paragraph.span)).collect();
    paragraphs.join("\n")
}

/// How many runs of tokens a page's body and its label share, and have alone.
#[derive(Debug, Default, PartialEq, Eq)]
struct Page {
    both: usize,
    found_only: usize,
    labelled_only: usize,
}

impl Page {
    fn of(label: &str, body: &str) -> Page {
        let (label_tokens, body_tokens) = (tokens(label), tokens(body));
        let (labelled, found) = (runs(&label_tokens), runs(&body_tokens));
        let total = |runs: &HashMap<&[&str], usize>| runs.values().sum::<usize>();
        let times = |run| found.get(run).copied().unwrap_or_default();
        let both = labelled.iter().map(|(run, &count)| count.min(times(*run))).sum();
        Page { both, found_only: total(&found) - both, labelled_only: total(&labelled) - both }
    }

    fn is_exact(&self) -> bool {
        self.found_only == 0 && self.labelled_only == 0
    }

    /// Returns the precision; `None` for a page in which nothing was found.
    fn precision(&self) -> Option<f64> {
        let found = self.both + self.found_only;
        (found > 0).then(|| share(self.both, found))
    }

    /// Returns the recall; `None` for a page in which nothing is labelled.
    fn recall(&self) -> Option<f64> {
        let labelled = self.both + self.labelled_only;
        (labelled > 0).then(|| share(self.both, labelled))
    }
}

fn tokens(text: &str) -> Vec<&str> {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    text.split(|c| !inside(c)).filter(|token| !token.is_empty()).collect()
}

fn runs<'a, 't>(tokens: &'a [&'t str]) -> HashMap<&'a [&'t str], usize> {
    let mut runs = HashMap::new();
    let whole = (!tokens.is_empty() && tokens.len() < LENGTH).then_some(tokens);
    for run in tokens.windows(LENGTH).chain(whole) {
        *runs.entry(run).or_default() += 1;
    }
    runs
}

/// The tokens of a run.
const LENGTH: usize = 4;

fn f1(pages: &[Page]) -> f64 {
    let precision = mean(pages.iter().filter_map(Page::precision));
    let recall = mean(pages.iter().filter_map(Page::recall));
    if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.collect();
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_four_tokens_are_counted_as_often_as_they_stand_there() {
        let page = Page::of("one two three four five", "One two three four five! one, two three four");
        assert_eq!(page, Page { both: 2, found_only: 4, labelled_only: 0 });
        assert_eq!((page.precision(), page.recall()), (Some(2.0 / 6.0), Some(1.0)));
    }

    #[test]
    fn a_short_text_is_one_run() {
        assert_eq!(Page::of("Šedý most", "“Šedý most”"), Page { both: 1, found_only: 0, labelled_only: 0 });
        assert!(Page::of("Šedý most", "“Šedý most”").is_exact());
    }

    #[test]
    fn means_are_taken_before_they_are_joined() {
        let exact = Page { both: 5, found_only: 0, labelled_only: 0 };
        let nothing_found = Page { both: 0, found_only: 0, labelled_only: 7 };
        assert_eq!(f1(&[exact, nothing_found]), 2.0 * 1.0 * 0.5 / 1.5);
        assert_eq!(f1(&[]), 0.0);
    }

    #[test]
    fn the_title_is_no_part_of_the_body() {
        let page = "<title>Shells fall on Dobrove</title><body><h1>Shells fall on Dobrove</h1>\
                    <p>Shells fell on Dobrove on Friday, the mayor said.<p>Three people were hurt, police said later.";
        assert_eq!(
            body(page.as_bytes()),
            "Shells fell on Dobrove on Friday, the mayor said.\nThree people were hurt, police said later."
        );
    }
}
