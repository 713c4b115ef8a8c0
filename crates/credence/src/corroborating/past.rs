use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use corroborate::{Batch, FamilyKey, Members, Past, ReportKey, Sketch, StoryKey};
use jiff::civil::Date;
use store::Store;

/// The rows as what is known of the reports before a batch.
pub(super) struct Rows<'a> {
    store: &'a Store,
    cache: RefCell<&'a mut Cache>,
    /// Which reports a term tells of near a day: those of one batch share terms and days.
    told: RefCell<HashMap<Near, Vec<ReportKey>>>,
    /// Which reports have a fingerprint: copies come together.
    printed: RefCell<HashMap<(u32, usize), Vec<ReportKey>>>,
}

/// A term, the day near which it is told of, and how many reports are asked for.
type Near = (u32, Option<Date>, usize);

/// What was asked for before and has not changed since.
#[derive(Default)]
pub(super) struct Cache {
    holding: HashMap<u32, u64>,
    /// Those asked for lately; when there are many, those that were not asked for since the last time are forgotten.
    sketches: HashMap<ReportKey, Arc<Sketch>>,
    older: HashMap<ReportKey, Arc<Sketch>>,
}

/// Terms and sketches that are kept, these up to twice as many: some dozen megabytes of either.
const TERMS: usize = 2_000_000;
const SKETCHES: usize = 12_000;

impl Cache {
    /// Forgets all, since reports were taken out.
    pub(super) fn clear(&mut self) {
        *self = Cache::default();
    }

    /// Counts a batch in.
    pub(super) fn entered(&mut self, batch: &Batch) {
        if self.holding.len() > TERMS {
            self.holding.clear();
        }
        for (key, sketch) in batch.reports() {
            for term in sketch.entry().terms {
                self.holding.entry(term).and_modify(|count| *count += 1);
            }
            self.keep(*key, Arc::clone(sketch));
        }
    }

    fn sketch(&mut self, report: ReportKey) -> Option<Arc<Sketch>> {
        if let Some(sketch) = self.sketches.get(&report) {
            return Some(Arc::clone(sketch));
        }
        let sketch = self.older.remove(&report)?;
        self.keep(report, Arc::clone(&sketch));
        Some(sketch)
    }

    fn keep(&mut self, report: ReportKey, sketch: Arc<Sketch>) {
        if self.sketches.len() >= SKETCHES {
            self.older = std::mem::take(&mut self.sketches);
        }
        self.sketches.insert(report, sketch);
    }
}

impl<'a> Rows<'a> {
    pub(super) fn new(store: &'a Store, cache: &'a mut Cache) -> Rows<'a> {
        Rows { store, cache: RefCell::new(cache), told: RefCell::default(), printed: RefCell::default() }
    }
}

fn keys(numbers: Vec<i64>) -> Vec<ReportKey> {
    numbers.into_iter().map(|number| ReportKey(number as u64)).collect()
}

impl Past for Rows<'_> {
    type Error = store::Error;

    fn reports(&self) -> Result<u64, store::Error> {
        self.store.entered()
    }

    fn holding(&self, term: u32) -> Result<u64, store::Error> {
        if let Some(&count) = self.cache.borrow().holding.get(&term) {
            return Ok(count);
        }
        let count = self.store.holding(term)?;
        self.cache.borrow_mut().holding.insert(term, count);
        Ok(count)
    }

    fn printed(&self, print: u32, most: usize) -> Result<Vec<ReportKey>, store::Error> {
        if let Some(found) = self.printed.borrow().get(&(print, most)) {
            return Ok(found.clone());
        }
        let found = self.store.printed(print, most).map(keys)?;
        self.printed.borrow_mut().insert((print, most), found.clone());
        Ok(found)
    }

    fn told(&self, term: u32, near: Option<Date>, most: usize) -> Result<Vec<ReportKey>, store::Error> {
        if let Some(found) = self.told.borrow().get(&(term, near, most)) {
            return Ok(found.clone());
        }
        let found = self.store.told(term, near, most).map(keys)?;
        self.told.borrow_mut().insert((term, near, most), found.clone());
        Ok(found)
    }

    fn sketch(&self, report: ReportKey) -> Result<Option<Arc<Sketch>>, store::Error> {
        let mut cache = self.cache.borrow_mut();
        if let Some(sketch) = cache.sketch(report) {
            return Ok(Some(sketch));
        }
        let bytes = self.store.sketch(report.0 as i64)?;
        let sketch = bytes.and_then(|bytes| Sketch::from_bytes(&bytes).ok()).map(Arc::new);
        if let Some(sketch) = &sketch {
            cache.keep(report, Arc::clone(sketch));
        }
        Ok(sketch)
    }

    fn story(&self, report: ReportKey) -> Result<Option<StoryKey>, store::Error> {
        Ok(self.store.story_of(report.0 as i64)?.map(|key| StoryKey(key as u64)))
    }

    fn members(&self, story: StoryKey, near: Option<Date>, most: usize) -> Result<Members, store::Error> {
        let (count, nearest) = self.store.members_near(story.0 as i64, near, most)?;
        Ok(Members { count: count as usize, nearest: keys(nearest) })
    }

    fn family(&self, report: ReportKey) -> Result<Option<FamilyKey>, store::Error> {
        Ok(self.store.family_of(report.0 as i64)?.map(|key| FamilyKey(key as u64)))
    }

    fn kin(&self, report: ReportKey, most: usize) -> Result<Vec<ReportKey>, store::Error> {
        self.store.kin(report.0 as i64, most).map(keys)
    }
}
