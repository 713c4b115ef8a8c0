//! Compares the rows of readings with the JSON in them, and with what is read from the originals.

use std::collections::{BTreeSet, HashMap};

use model::Digest;
use preserve::Reader;
use preserve::log::Leaf;
use store::{ClaimFilter, ReportFilter, Store};

use crate::reading::{claim_agrees, report_agrees};
use crate::record::{original, originals_folder, sound};

/// Finds columns that do not say what the JSON beside them says: only the JSON is under a leaf, and lists and filters
/// go by the columns.
pub(super) fn columns(store: &Store) -> anyhow::Result<Vec<String>> {
    let mut faults = Vec::new();
    let other = |what: String| format!("record.db: the columns of {what} do not say what its JSON says");
    store.reports(&ReportFilter::default(), |report| {
        if report_agrees(&report.row) == Some(false) {
            faults.push(other(format!("the report {}", Digest::from_bytes(report.row.digest))));
        }
        Ok::<(), store::Error>(())
    })?;
    store.claims(&ClaimFilter::default(), |claim| {
        if claim_agrees(&claim.row) == Some(false) {
            faults.push(other(format!("claim {} of {}", claim.number + 1, Digest::from_bytes(claim.digest))));
        }
        Ok::<(), store::Error>(())
    })?;
    Ok(faults)
}

/// Finds the originals of which the log says two different readings by one version of the reader.
///
/// A further sighting can change what is known of an original besides its bytes, and with it the reading; so can
/// somebody who writes into the rows and has the next run log that.
pub(super) fn doubtful(logged: &HashMap<u64, Leaf>) -> BTreeSet<Digest> {
    let mut first = HashMap::new();
    let mut doubtful = BTreeSet::new();
    for leaf in logged.values() {
        let (Some(original), Some(claims)) = (leaf.digest("original"), leaf.digest("claims")) else {
            continue;
        };
        if *first.entry((original, leaf.text("reader"))).or_insert(claims) != claims {
            doubtful.insert(original);
        }
    }
    doubtful
}

/// Reads the doubtful originals once more, and finds rows that do not say what is read.
/// What another version has read cannot be read again, and what is damaged is found elsewhere.
pub(super) fn read_again(store: &Store, doubtful: &BTreeSet<Digest>) -> anyhow::Result<Vec<String>> {
    let reader = Reader::new(originals_folder(store.folder()));
    let mut faults = Vec::new();
    store.originals(|row| {
        let digest = Digest::from_bytes(row.digest);
        if !doubtful.contains(&digest) {
            return Ok(());
        }
        let Some(report) = store.report_of(&row.digest)? else { return Ok(()) };
        let by_this_version = report.row.reader_version == extract::VERSION;
        let found =
            if by_this_version { sound(original(store, &reader, &row), &mut BTreeSet::new())? } else { None };
        let Some(found) = found else { return Ok(()) };
        let read = found.prepare();
        let mut kept = Vec::new();
        store.bodies(report.id, |body| kept.push(body.to_owned()))?;
        let now = [read.report.body].into_iter().chain(read.claims.into_iter().map(|claim| claim.body));
        if !now.eq(kept) {
            faults.push(format!(
                "record.db: of {digest} the log knows two readings by one version, and the rows hold one that the \
                 original does not give; `credence reindex` reads it again"
            ));
        }
        Ok::<(), anyhow::Error>(())
    })?;
    Ok(faults)
}
