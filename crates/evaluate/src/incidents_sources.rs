//! Posts and notes on civilian harm, labelled by the incident that each is a source of.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use corroborate::{Account, Read, Remembered, ReportKey, accounts};
use jiff::civil::Date;
use model::Digest;
use serde::Deserialize;

use crate::counts::Counts;
use crate::reading::{Article, read};
use crate::rows::rows;
use crate::{Corpus, Error, Measured};

/// Measures how the source rows of Bellingcat's researchers are put to incidents.
///
/// No definition was published. `sources.pair_f1` is the harmonic mean of `sources.pair_precision`, the share of the
/// pairs of rows put to one incident that carry the same `incident`, and `sources.pair_recall`, the share of the pairs
/// with the same `incident` that are put to one. The reader gets the description as text and the date as day of
/// publication, and nothing else of the row: titles and ids name the incident, and so does the order of the file. Rows
/// come in batches by their day and the digest of their words. A row is put to the incident of its first account; one
/// of which nothing is read stays alone, and so forms no pair.
pub(crate) const INCIDENTS_SOURCES: Corpus = Corpus {
    name: "incidents-bellingcat-sources",
    file: "incidents-bellingcat-sources.jsonl",
    measure: |corpora| Ok(measured(&Pairs::of(&put(corpora)?))),
};

#[derive(Deserialize)]
struct Row {
    incident: String,
    description: String,
    date: Option<Date>,
}

/// Incidents that were taken for one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OverMerge {
    /// Their labels, with how many rows of each were put together.
    pub incidents: Vec<(String, usize)>,
    /// What kind of mistake it is.
    pub kind: &'static str,
}

/// Names the incidents that the corpus tells apart and that were taken for one, by their labels.
///
/// # Errors
/// Returns an error if the file cannot be read, or a row is not what the corpus promises.
pub fn over_merges(corpora: &Path) -> Result<Vec<OverMerge>, Error> {
    let mut groups: BTreeMap<usize, Vec<Put>> = BTreeMap::new();
    for put in put(corpora)? {
        groups.entry(put.found).or_default().push(put);
    }
    let mut merges: Vec<OverMerge> = groups.values().filter_map(|group| OverMerge::of(group)).collect();
    merges.sort();
    Ok(merges)
}

impl OverMerge {
    fn of(group: &[Put]) -> Option<OverMerge> {
        let mut incidents: BTreeMap<&str, usize> = BTreeMap::new();
        for put in group {
            *incidents.entry(&put.labelled).or_default() += 1;
        }
        if incidents.len() < 2 {
            return None;
        }
        let words: BTreeSet<&str> = group.iter().map(|put| put.words.trim()).collect();
        let days: BTreeSet<Option<Date>> = group.iter().map(|put| put.day).collect();
        let kind = match (words.len(), days.len()) {
            (1, 1) => "the same words on the same day",
            (1, _) => "the same words on different days",
            (_, 1) => "like words on the same day",
            _ => "like words on different days",
        };
        Some(OverMerge { incidents: incidents.into_iter().map(|(id, n)| (id.to_owned(), n)).collect(), kind })
    }
}

/// A row with its label and the number of the incident that it was put to.
struct Put {
    labelled: String,
    found: usize,
    words: String,
    day: Option<Date>,
}

/// Rows that arrive together.
const BATCH: usize = 256;

fn put(corpora: &Path) -> Result<Vec<Put>, Error> {
    let mut rows: Vec<Row> = rows(&corpora.join(INCIDENTS_SOURCES.file))?;
    rows.sort_by_cached_key(|row| (row.date, *Digest::of(row.description.as_bytes()).as_bytes()));
    let mut remembered = Remembered::default();
    for (number, batch) in rows.chunks(BATCH).enumerate() {
        let told = (number * BATCH..).zip(batch).flat_map(|(at, row)| told(at, row));
        remembered.take(&told.collect::<Vec<Account>>());
    }
    let mut found: Vec<usize> = (rows.len()..2 * rows.len()).collect();
    for (number, incident) in remembered.incidents().into_iter().enumerate() {
        for name in incident.iter().filter(|name| name.number == 0) {
            found[name.report.0 as usize] = number;
        }
    }
    let put = rows.into_iter().zip(found).map(|(row, found)| Put {
        labelled: row.incident,
        found,
        words: row.description,
        day: row.date,
    });
    Ok(put.collect())
}

fn told(at: usize, row: &Row) -> Vec<Account> {
    let reading = read(&Article { text: &row.description, published: row.date, ..Article::default() });
    let read = Read { key: ReportKey(at as u64), report: &reading.report, claims: &reading.claims };
    accounts(&read, &reading.places).0
}

/// How many pairs of rows are together, by the labels, by what was found, and by both.
struct Pairs(Counts);

impl Pairs {
    fn of(put: &[Put]) -> Pairs {
        let (mut labels, mut found, mut both) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for put in put {
            *labels.entry(&put.labelled).or_insert(0_usize) += 1;
            *found.entry(put.found).or_insert(0_usize) += 1;
            *both.entry((&put.labelled, put.found)).or_insert(0_usize) += 1;
        }
        let pairs = |sizes: Vec<usize>| sizes.into_iter().map(|size| size * (size - 1) / 2).sum();
        Pairs(Counts {
            right: pairs(both.into_values().collect()),
            found: pairs(found.into_values().collect()),
            labelled: pairs(labels.into_values().collect()),
        })
    }
}

fn measured(pairs: &Pairs) -> Vec<Measured> {
    let Pairs(counts) = pairs;
    vec![
        Measured { measure: "sources.pair_f1", value: counts.f1(), n: counts.labelled },
        Measured { measure: "sources.pair_precision", value: counts.precision(), n: counts.found },
        Measured { measure: "sources.pair_recall", value: counts.recall(), n: counts.labelled },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(labelled: &str, found: usize, words: &str) -> Put {
        Put { labelled: labelled.to_owned(), found, words: words.to_owned(), day: None }
    }

    #[test]
    fn pairs_by_label_and_by_what_was_found() {
        // Labelled a-a, a-a, a-a, b-b; found a-a, a-b, a-b, b-b is parted.
        let rows = [put("a", 1, ""), put("a", 1, ""), put("a", 2, ""), put("b", 1, ""), put("b", 3, "")];
        let counts = Counts { right: 1, found: 3, labelled: 4 };
        assert_eq!(Pairs::of(&rows).0, counts);
        assert_eq!(measured(&Pairs::of(&rows))[0].value, 2.0 / 7.0);
    }

    #[test]
    fn an_over_merge_is_named_by_its_labels() {
        let group = [put("a", 1, "Shop hit"), put("a", 1, "Shop hit"), put("b", 1, "A shop was hit")];
        let merge = OverMerge::of(&group).unwrap();
        assert_eq!(merge.incidents, [("a".to_owned(), 2), ("b".to_owned(), 1)]);
        assert_eq!(merge.kind, "like words on the same day");
        assert_eq!(OverMerge::of(&group[..2]), None);
    }
}
