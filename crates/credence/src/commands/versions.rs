use std::io::Write as _;

use anyhow::bail;
use collect::web::without_password;
use store::Store;

use super::{Desk, Outcome};
use crate::cli::Versions;
use crate::terminal::plain_piece;
use crate::versions::{Version, versions};

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
