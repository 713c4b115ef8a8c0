//! Archives of the web with what warcio's own reader makes of them.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use collect::archives::Records;
use serde::Deserialize;

use crate::counts::share;
use crate::rows::rows;
use crate::{Corpus, Error, Measured};

/// Measures archives against what warcio 1.7 reads of them:
/// - `records.read`: the share of the records that warcio reads which are read here too, type by type;
/// - `files.same`: the share of the archives that warcio reads to their end in which the same records are read, type by
///   type, and no others;
/// - `faults.named`: the share of the archives that warcio refuses in the middle in which the place is named here. More
///   may be read there than warcio reads.
pub(crate) const ARCHIVES_WARC: Corpus =
    Corpus { name: "archives-warc", file: "archives/warc_manifest.jsonl", measure };

#[derive(Deserialize)]
struct Row {
    file: String,
    types: BTreeMap<String, usize>,
    warcio_error: Option<String>,
}

/// Larger than any record of the corpus.
const MAX_SIZE: u64 = 64 << 20;

fn measure(corpora: &Path) -> Result<Vec<Measured>, Error> {
    let rows: Vec<Row> = rows(&corpora.join(ARCHIVES_WARC.file))?;
    let (mut read, mut records) = (0, 0);
    let (mut same, mut whole) = (0, 0);
    let (mut named, mut refused) = (0, 0);
    for row in &rows {
        let path = corpora.join("archives").join(&row.file);
        let found = Found::in_file(&path)?;
        records += row.types.values().sum::<usize>();
        read += row.types.iter().map(|(kind, count)| found.of(kind).min(*count)).sum::<usize>();
        if row.warcio_error.is_some() {
            refused += 1;
            named += usize::from(found.faults > 0);
        } else {
            whole += 1;
            same += usize::from(found.types == row.types);
        }
    }
    let measured = |measure, part, n| Measured { measure, value: share(part, n), n };
    Ok(vec![
        measured("records.read", read, records),
        measured("files.same", same, whole),
        measured("faults.named", named, refused),
    ])
}

/// What was read of an archive.
#[derive(Default)]
struct Found {
    types: BTreeMap<String, usize>,
    faults: usize,
}

impl Found {
    fn in_file(path: &Path) -> Result<Found, Error> {
        let file = File::open(path).map_err(|source| Error::File { path: path.to_owned(), source })?;
        let mut found = Found::default();
        for record in Records::read(file, MAX_SIZE) {
            match record {
                Ok(record) => *found.types.entry(record.kind).or_default() += 1,
                Err(_) => found.faults += 1,
            }
        }
        Ok(found)
    }

    fn of(&self, kind: &str) -> usize {
        self.types.get(kind).copied().unwrap_or_default()
    }
}
