use std::collections::{BTreeSet, HashMap};

use corroborate::{Read, ReportKey};
use store::StoredReport;

use crate::parallel;
use crate::reading::of_claims;
use crate::record::{Record, sound};
use crate::wire::{Names, kept_claims};

/// Reports that were read again from their originals, the last ones asked for: their texts, and, where these are asked
/// for too, their claims as the rows tell them.
///
/// When the texts of the newer half are too long, the older half is forgotten.
#[derive(Default)]
pub(super) struct Readings {
    newer: HashMap<ReportKey, Held>,
    older: HashMap<ReportKey, Held>,
    /// Bytes of the texts of the newer ones.
    bytes: usize,
}

struct Held {
    report: StoredReport,
    reading: extract::Reading,
    /// Whether the claims are there too.
    claimed: bool,
}

/// Bytes of text that are kept in either half.
const KEPT: usize = 8 << 20;

/// Where reports are read from, and the damage that is met there.
type Source<'a> = (&'a Record, &'a mut BTreeSet<String>);

impl Readings {
    /// Reads the texts that are not at hand. Reports whose originals are damaged are left out.
    pub(super) fn load(
        &mut self,
        (record, damaged): Source<'_>,
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
        let texts = parallel::map(&originals, record.jobs(), |(_, _, original)| original.article());
        for ((key, report, _), text) in originals.into_iter().zip(texts) {
            self.hold(key, Held { report, reading: of_claims(text, Vec::new()), claimed: false });
        }
        Ok(())
    }

    /// Loads texts with the claims in them.
    pub(super) fn load_claims(
        &mut self,
        (record, damaged): Source<'_>,
        keys: &[ReportKey],
    ) -> anyhow::Result<()> {
        self.load((record, &mut *damaged), keys.iter().copied())?;
        for key in keys {
            let Some(held) = self.newer.get_mut(key).filter(|held| !held.claimed) else { continue };
            let bodies = record.store().claim_bodies(key.0 as i64)?;
            held.claimed = true;
            if let Some(claims) = kept_claims(&bodies, &held.reading.report.text) {
                held.reading.claims = claims;
                continue;
            }
            // A page whose spans are in doubt is read as if it came anew.
            let Some(row) = record.store().original(&held.report.row.digest)? else { continue };
            if let Some(original) = sound(record.original(&row), damaged)? {
                held.reading = original.read();
            }
        }
        Ok(())
    }

    fn hold(&mut self, key: ReportKey, held: Held) {
        self.bytes += held.reading.report.text.read().len();
        self.newer.insert(key, held);
    }

    fn held(&self, key: ReportKey) -> Option<&Held> {
        self.newer.get(&key).or_else(|| self.older.get(&key))
    }

    pub(super) fn read(&self, key: ReportKey) -> Option<Read<'_>> {
        let reading = &self.held(key)?.reading;
        Some(Read { key, report: &reading.report, claims: &reading.claims })
    }

    pub(super) fn report(&self, key: ReportKey) -> Option<&StoredReport> {
        self.held(key).map(|held| &held.report)
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
        self.held(key).map(|held| &held.reading)
    }
}
