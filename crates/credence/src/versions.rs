//! What an address showed over time.

use std::collections::HashSet;

use jiff::Timestamp;
use model::Digest;
use preserve::Reader;
use serde::Serialize;
use similar::{ChangeTag, TextDiff};
use store::Store;

use crate::reading::searchable;
use crate::record::{original, originals_folder};

/// One version of a page, in the form of `--json`.
#[derive(Debug, Serialize)]
pub(crate) struct Version {
    pub(crate) address: String,
    pub(crate) seen: Timestamp,
    pub(crate) original: String,
    /// What is in this version and was not in the one before, sentence by sentence; nothing for the first.
    pub(crate) added: Vec<String>,
    pub(crate) removed: Vec<String>,
    /// Whether it says of itself that it is a correction.
    pub(crate) correction: bool,
}

/// Returns what an address showed, oldest first.
pub(crate) fn versions(store: &Store, address: &str) -> anyhow::Result<Vec<Version>> {
    let reader = Reader::new(originals_folder(store.folder()));
    let mut before: Option<String> = None;
    let mut versions = Vec::new();
    for (digest, seen) in store.versions(address)? {
        let Some(row) = store.original(&digest)? else { continue };
        let text = searchable(&original(store, &reader, &row)?.read().report);
        let (added, removed) = before.as_deref().map(|before| changes(before, &text)).unwrap_or_default();
        let correction = added.iter().any(|sentence| says_corrected(sentence));
        let original = Digest::from_bytes(digest).to_string();
        versions.push(Version { address: address.to_owned(), seen, original, added, removed, correction });
        before = Some(text);
    }
    Ok(versions)
}

/// More sentences than these are not compared in their order, which takes time that grows with their square.
const MOST_IN_ORDER: usize = 4000;

/// Returns the sentences that are new and those that are gone.
///
/// Where very much changed in a very long page, a sentence that only moved is neither.
fn changes(before: &str, after: &str) -> (Vec<String>, Vec<String>) {
    let (before, after) = (sentences(before), sentences(after));
    let (before, after) = differing(&before, &after);
    if before.len() + after.len() > MOST_IN_ORDER {
        return (missing(after, before), missing(before, after));
    }
    let diff = TextDiff::from_slices(before, after);
    let of = |tag: ChangeTag| {
        let changes = diff.iter_all_changes().filter(|change| change.tag() == tag);
        changes.map(|change| change.value().to_owned()).collect()
    };
    (of(ChangeTag::Insert), of(ChangeTag::Delete))
}

/// Leaves off what is the same at the beginning and at the end.
fn differing<'s, 't>(before: &'s [&'t str], after: &'s [&'t str]) -> (&'s [&'t str], &'s [&'t str]) {
    let same = before.iter().zip(after).take_while(|(one, other)| one == other).count();
    let (before, after) = (&before[same..], &after[same..]);
    let same = before.iter().rev().zip(after.iter().rev()).take_while(|(one, other)| one == other).count();
    (&before[..before.len() - same], &after[..after.len() - same])
}

/// Returns the sentences that are not among others.
fn missing(sentences: &[&str], others: &[&str]) -> Vec<String> {
    let others: HashSet<&str> = others.iter().copied().collect();
    sentences
        .iter()
        .filter(|sentence| !others.contains(**sentence))
        .map(|sentence| (*sentence).to_owned())
        .collect()
}

fn sentences(text: &str) -> Vec<&str> {
    text.lines()
        .flat_map(|line| language::sentences(line).into_iter().map(|range| line[range].trim()))
        .filter(|sentence| !sentence.is_empty())
        .collect()
}

/// Tells whether a sentence announces a correction, as outlets word it.
pub(crate) fn says_corrected(sentence: &str) -> bool {
    let sentence = sentence.to_lowercase();
    ["correction", "corrected", "corrects", "an earlier version", "a previous version", "has been amended"]
        .iter()
        .any(|words| sentence.contains(words))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn said(numbers: impl Iterator<Item = usize>) -> String {
        numbers.map(|number| format!("The mayor of Lesk said this {number} times.\n")).collect()
    }

    #[test]
    fn what_changed() {
        let (added, removed) = changes(&said([1, 2, 3, 4].into_iter()), &said([1, 3, 5, 4].into_iter()));
        assert_eq!((added.len(), removed.len()), (1, 1));
        assert!(added[0].contains("this 5 times") && removed[0].contains("this 2 times"));
    }

    #[test]
    fn long_pages_are_compared_in_short_time() {
        let (before, after) = (said(0..6_000), said((0..6_000).rev().chain([9_000]).map(|n| n * 2)));
        let begun = Instant::now();
        let (added, removed) = changes(&before, &after);
        assert_eq!((added.len(), removed.len()), (3_001, 3_000));
        assert!(begun.elapsed() < Duration::from_secs(20));
    }
}
