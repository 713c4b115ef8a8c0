use std::collections::{BTreeSet, HashMap};

use corroborate::{Read, ReportKey};
use store::StoredReport;

use crate::parallel;
use crate::reading::Original;
use crate::record::{Record, sound};
use crate::wire::Names;

/// Reports that were read again from their originals, the last ones asked for.
///
/// When the texts of the newer half are too long, the older half is forgotten.
#[derive(Default)]
pub(super) struct Readings {
    newer: HashMap<ReportKey, Held>,
    older: HashMap<ReportKey, Held>,
    /// Bytes of the texts of the newer ones.
    bytes: usize,
}

type Held = (StoredReport, extract::Reading);

/// Bytes of text that are kept in either half. A reading takes some ten times its text.
const KEPT: usize = 8 << 20;

impl Readings {
    /// Reads what is not at hand. Reports whose originals are damaged are left out.
    pub(super) fn load(
        &mut self,
        (record, damaged): (&Record, &mut BTreeSet<String>),
        keys: impl IntoIterator<Item = ReportKey>,
    ) -> anyhow::Result<()> {
        if self.bytes > KEPT {
            self.older = std::mem::take(&mut self.newer);
            self.bytes = 0;
        }
        let mut originals = Vec::new();
        for key in keys.into_iter().collect::<BTreeSet<_>>() {
            if self.newer.contains_key(&key) {
                continue;
            }
            if let Some(held) = self.older.remove(&key) {
                self.hold(key, held);
                continue;
            }
            let Some(report) = record.store().report(key.0 as i64)? else { continue };
            let Some(row) = record.store().original(&report.row.digest)? else { continue };
            let original = sound(record.original(&row), damaged)?;
            originals.extend(original.map(|original| (key, report, original)));
        }
        let readings = parallel::map(&originals, record.jobs(), |(_, _, original)| Original::read(original));
        for ((key, report, _), reading) in originals.into_iter().zip(readings) {
            self.hold(key, (report, reading));
        }
        Ok(())
    }

    fn hold(&mut self, key: ReportKey, held: Held) {
        self.bytes += held.1.report.text.read().len();
        self.newer.insert(key, held);
    }

    fn held(&self, key: ReportKey) -> Option<&Held> {
        self.newer.get(&key).or_else(|| self.older.get(&key))
    }

    pub(super) fn read(&self, key: ReportKey) -> Option<Read<'_>> {
        let (_, reading) = self.held(key)?;
        Some(Read { key, report: &reading.report, claims: &reading.claims })
    }

    pub(super) fn report(&self, key: ReportKey) -> Option<&StoredReport> {
        self.held(key).map(|(report, _)| report)
    }

    /// Names a group after its first report: it keeps its name while it grows.
    pub(super) fn id(&self, prefix: char, members: &[ReportKey]) -> String {
        let first = members.iter().find_map(|&key| Some(self.report(key)?.row.digest));
        let digest = model::Digest::from_bytes(first.unwrap_or_default());
        format!("{prefix}-{}", &digest.hex()[..DIGITS])
    }
}

/// Of a million stories, two have the same name in one record of five hundred.
const DIGITS: usize = 12;

impl Names for Readings {
    fn report(&self, key: ReportKey) -> String {
        self.report(key).map(|report| report.row.name.clone()).unwrap_or_default()
    }

    fn reading(&self, key: ReportKey) -> Option<&extract::Reading> {
        self.held(key).map(|(_, reading)| reading)
    }
}
