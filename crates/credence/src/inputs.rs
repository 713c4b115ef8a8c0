//! What the command line says of the inputs, for `collect::items`.

use std::path::Path;

use collect::{Items, Options};
use model::Kind;

use crate::cli::{InputKind, Inputs};

/// How many reports, and how many bytes of them, are worked on at a time: enough to keep all cores busy, little enough to
/// hold in memory.
const BATCH: usize = 256;
const BATCH_BYTES: usize = 32 << 20;

/// Walks the inputs, all but the folder of the record itself.
pub(crate) fn items(inputs: &Inputs, record: Option<&Path>) -> Items {
    let kind = inputs.kind.map(|kind| match kind {
        InputKind::DatedText => Kind::DatedText,
        InputKind::Text => Kind::PlainText,
        InputKind::Page => Kind::Page,
        InputKind::Jsonl => Kind::Row,
    });
    let options = Options {
        kind,
        outlet: inputs.outlet.clone(),
        published: inputs.published,
        max_size: inputs.max_size,
        except: record.map(Path::to_owned),
        handed_over_by: inputs.handed_over_by.clone(),
    };
    collect::items(&inputs.paths, options)
}

/// A batch of items, and what was skipped on the way to them.
#[derive(Default)]
pub(crate) struct Batch {
    pub(crate) items: Vec<collect::Item>,
    pub(crate) skipped: Vec<collect::Skipped>,
}

/// Takes the next batch; `None` at the end.
pub(crate) fn next_batch(items: &mut Items) -> Option<Batch> {
    let mut batch = Batch::default();
    let mut bytes = 0;
    while batch.items.len() + batch.skipped.len() < BATCH && bytes < BATCH_BYTES {
        match items.next() {
            Some(Ok(item)) => {
                bytes += item.bytes.len();
                batch.items.push(item);
            }
            Some(Err(skipped)) => batch.skipped.push(skipped),
            None if batch.items.is_empty() && batch.skipped.is_empty() => return None,
            None => break,
        }
    }
    Some(batch)
}
