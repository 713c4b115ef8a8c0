use std::collections::HashSet;
use std::io::Write as _;

use anyhow::bail;
use collect::web::without_password;
use jiff::Timestamp;
use model::Digest;
use preserve::Reader;
use serde::Serialize;
use similar::{ChangeTag, TextDiff};
use store::Store;

use super::{Desk, Outcome};
use crate::cli::Versions;
use crate::reading::searchable;
use crate::record::{original, originals_folder};
use crate::terminal::plain_piece;

/// One version of a page, in the form of `--json`.
#[derive(Debug, Serialize)]
pub(super) struct Version {
    pub(super) address: String,
    pub(super) seen: Timestamp,
    pub(super) original: String,
    /// What is in this version and was not in the one before, sentence by sentence; nothing for the first.
    pub(super) added: Vec<String>,
    pub(super) removed: Vec<String>,
    /// Whether it says of itself that it is a correction.
    pub(super) correction: bool,
}

/// Shows the versions of a page, and what changed from one to the next.
pub(super) fn run(desk: &Desk, asked: &Versions) -> anyhow::Result<Outcome> {
    let store = desk.store()?;
    let addresses = addresses(&store, &asked.what)?;
    let mut out = desk.out(asked.json);
    let mut any = false;
    for address in &addresses {
        for version in versions(&store, address)? {
            any = true;
            if asked.json {
                writeln!(out, "{}", crate::wire::json(&version))?;
            } else {
                write!(out, "{}", words(&version))?;
            }
        }
        if let Some(gone) = gone(&store, address)? {
            match asked.json {
                true => writeln!(out, "{}", serde_json::json!({ "address": address, "gone": gone }))?,
                false => writeln!(out, "{}: {}", plain_piece(address), plain_piece(&gone))?,
            }
        }
    }
    Ok(Outcome::of(any))
}

/// Returns the addresses that are meant: the one given, or those that a report was collected from.
fn addresses(store: &Store, what: &str) -> anyhow::Result<Vec<String>> {
    if what.starts_with("http://") || what.starts_with("https://") {
        return Ok(vec![without_password(what).unwrap_or_else(|| what.to_owned())]);
    }
    let reports = store.find_reports(what)?;
    let mut addresses = Vec::new();
    for report in &reports {
        let sightings = store.sightings(&report.row.digest)?;
        addresses.extend(sightings.into_iter().map(|row| row.source).filter(|source| source.contains("://")));
    }
    if addresses.is_empty() {
        bail!("{what:?} is no address of the web, and no report of that id was collected from one");
    }
    addresses.sort();
    addresses.dedup();
    Ok(addresses)
}

pub(super) fn versions(store: &Store, address: &str) -> anyhow::Result<Vec<Version>> {
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
pub(super) fn says_corrected(sentence: &str) -> bool {
    let sentence = sentence.to_lowercase();
    ["correction", "corrected", "corrects", "an earlier version", "a previous version", "has been amended"]
        .iter()
        .any(|words| sentence.contains(words))
}

/// Tells whether the page was gone when it was last asked for.
fn gone(store: &Store, address: &str) -> anyhow::Result<Option<String>> {
    for health in store.health()? {
        if let Some(task) = store.task(&health.source, address)?
            && matches!(task.status, Some(404 | 410))
        {
            return Ok(task.fault);
        }
    }
    Ok(None)
}

fn words(version: &Version) -> String {
    let Version { address, seen, original, added, removed, correction } = version;
    let mut words = format!("{} seen {seen} {original}\n", plain_piece(address));
    if *correction {
        words += "  says that it was corrected\n";
    }
    for (mark, sentences) in [('-', removed), ('+', added)] {
        for sentence in sentences {
            words += &format!("  {mark} {}\n", plain_piece(sentence));
        }
    }
    words
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
