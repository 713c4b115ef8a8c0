//! Collections of reports, labelled by the news development that each belongs to.

use std::collections::HashMap;
use std::hash::Hash;
use std::path::Path;

use extract::Reading;
use jiff::civil::Date;
use serde::Deserialize;

use crate::events_ecbplus::{self, Mention};
use crate::reading::{Article, read};
use crate::rows::rows;
use crate::stream::stream;
use crate::{Corpus, Error, Measured};

/// Measures the grouping of reports into stories, one event as three outlets tell it.
///
/// `bcubed_f1` is the harmonic mean of B-cubed precision and recall (Bagga and Baldwin 1998): for each report, the
/// share of its group that belongs to its labelled story, and the share of its labelled story that is in its group,
/// each averaged over all reports. The same setting serves every collection.
pub(crate) const BASIL: Corpus = Corpus {
    name: "stories-basil",
    file: "stories-basil.jsonl",
    measure: |corpora| measure(&corpora.join(BASIL.file)),
};

/// The same, on pairs of topics that look alike; and [events](events_ecbplus::measure) across these reports.
pub(crate) const ECB_PLUS: Corpus = Corpus {
    name: "stories-ecbplus",
    file: "stories-ecbplus.jsonl",
    measure: |corpora| {
        let rows: Vec<Row> = rows(&corpora.join(ECB_PLUS.file))?;
        let readings: Vec<Reading> = rows.iter().map(reading).collect();
        let texts: Vec<(&str, &[Mention])> = rows.iter().map(|row| (&*row.text, &*row.mentions)).collect();
        let mut measured = vec![stories(&rows, &readings)];
        measured.extend(events_ecbplus::measure(&texts, &readings));
        Ok(measured)
    },
};

/// The same, one event as five outlets tell it.
pub(crate) const NEWS_WCL50: Corpus = Corpus {
    name: "stories-newswcl50",
    file: "stories-newswcl50.jsonl",
    measure: |corpora| measure(&corpora.join(NEWS_WCL50.file)),
};

#[derive(Deserialize)]
struct Row {
    text: String,
    story: Option<serde_json::Value>,
    topic: Option<serde_json::Value>,
    subtopic: Option<serde_json::Value>,
    date: Option<String>,
    source: Option<String>,
    title: Option<String>,
    #[serde(default)]
    mentions: Vec<Mention>,
}

impl Row {
    /// The labelled story: `story`, or `topic` with `subtopic`.
    fn story(&self) -> String {
        let parts = [&self.story, &self.topic, &self.subtopic];
        parts.map(|part| part.as_ref().map(|part| part.to_string()).unwrap_or_default()).join("/")
    }
}

fn measure(path: &Path) -> Result<Vec<Measured>, Error> {
    let rows: Vec<Row> = rows(path)?;
    let readings: Vec<Reading> = rows.iter().map(reading).collect();
    Ok(vec![stories(&rows, &readings)])
}

fn stories(rows: &[Row], readings: &[Reading]) -> Measured {
    let labelled: Vec<String> = rows.iter().map(Row::story).collect();
    Measured { measure: "bcubed_f1", value: bcubed_f1(&labelled, &grouped(readings)), n: rows.len() }
}

fn reading(row: &Row) -> Reading {
    read(&Article {
        text: &row.text,
        published: row.date.as_deref().and_then(|date| date.parse::<Date>().ok()),
        outlet: row.source.as_deref(),
        title: row.title.as_deref(),
    })
}

/// Returns the number of the story that each report is put into.
fn grouped(readings: &[Reading]) -> Vec<usize> {
    let mut story_of = vec![usize::MAX; readings.len()];
    for (number, story) in stream(readings).stories().iter().enumerate() {
        for key in &story.reports {
            story_of[key.0 as usize] = number;
        }
    }
    story_of
}

/// Returns the B-cubed F1 of a grouping against the labelled one; 0 for nothing.
fn bcubed_f1<A: Eq + Hash, B: Eq + Hash>(labelled: &[A], found: &[B]) -> f64 {
    let (mut there, mut here, mut both) = (HashMap::new(), HashMap::new(), HashMap::new());
    for (a, b) in labelled.iter().zip(found) {
        *there.entry(a).or_insert(0_usize) += 1;
        *here.entry(b).or_insert(0_usize) += 1;
        *both.entry((a, b)).or_insert(0_usize) += 1;
    }
    let (mut precision, mut recall) = (0.0, 0.0);
    for (a, b) in labelled.iter().zip(found) {
        let shared = both[&(a, b)] as f64;
        precision += shared / here[b] as f64;
        recall += shared / there[a] as f64;
    }
    // The number of reports cancels out of the harmonic mean but for one factor.
    let sum = precision + recall;
    if sum == 0.0 { 0.0 } else { 2.0 * precision * recall / sum / labelled.len() as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_labelled_grouping_is_perfect() {
        assert_eq!(bcubed_f1(&["a", "a", "b"], &[7, 7, 9]), 1.0);
    }

    #[test]
    fn one_group_for_all_has_full_recall_and_half_precision() {
        // Precision (3 * 3/4 + 1/4) / 4 = 5/8, recall 1.
        let f1 = bcubed_f1(&["a", "a", "a", "b"], &[0, 0, 0, 0]);
        assert!((f1 - 2.0 * 0.625 / 1.625).abs() < 1e-12);
    }

    #[test]
    fn groups_of_one_have_full_precision() {
        // Precision 1, recall (1/2 + 1/2 + 1) / 3 = 2/3.
        let f1 = bcubed_f1(&["a", "a", "b"], &[0, 1, 2]);
        assert!((f1 - 0.8).abs() < 1e-12);
    }
}
