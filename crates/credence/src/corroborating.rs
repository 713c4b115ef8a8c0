//! All reports together: copies, families, stories, and what each story says.
//!
//! Reports that wait are compared batch by batch with those that came before, and each batch is committed with all that
//! came of it: a run that stops is gone on with. What a story says is worked out once its reports are settled, from
//! their originals.

mod laying;
mod past;
mod readings;
mod telling;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use corroborate::{Batch, Candidate, CopyLink, Entry, ReportKey, Sketch, StoryKey, Together, Worded};
use store::{CopyLinkRow, EntryRow, Move, Sketched, Store, Version, Writer};

use crate::output::Far;
use crate::parallel;
use crate::record::Record;
pub(crate) use laying::overridden;
use past::Rows;
use readings::Readings;
pub(crate) use telling::Stories;

/// How many reports are compared and committed together.
const BATCH: usize = 256;

/// How many pairs are compared between two readings of originals: few enough to hold their texts in memory.
const PAIRS: usize = 256;

/// Changes with anything that changes what becomes of a report.
fn rules() -> String {
    format!("5 {}", extract::VERSION)
}

/// Takes in the reports that wait, and works out again what those of the stories say that changed.
pub(crate) fn corroborate(record: &mut Record, which: Stories) -> anyhow::Result<()> {
    if record.store().corroboration_rules()?.as_deref() != Some(&rules()) {
        record.writer().restart_corroboration(&rules())?;
    }
    if !is_due(record.store())? {
        return Ok(());
    }
    let mut damaged = std::mem::take(&mut record.damaged);
    let done = go_on(record, which, &mut damaged);
    record.damaged = damaged;
    done
}

/// Tells whether reports are not in their stories yet, or stories do not say what their reports do.
pub(crate) fn is_due(store: &Store) -> Result<bool, store::Error> {
    Ok(store.corroboration_is_stale()? || !store.due_stories(0, 1)?.is_empty())
}

fn go_on(record: &mut Record, which: Stories, damaged: &mut BTreeSet<String>) -> anyhow::Result<()> {
    tell_versions(record)?;
    let mut rows = past::Cache::default();
    let mut readings = Readings::default();
    let mut far = Far::new();
    while take_in(record, (&mut rows, &mut readings), damaged)? {
        let store = record.store();
        far.say(|| -> Result<_, store::Error> {
            let (done, wait) = (store.entered()?, store.count_waiting()?);
            Ok(format!("comparing reports: {done} are compared, {wait} wait"))
        })?;
    }
    laying::lay_open(record)?;
    telling::tell((record, damaged), which, &mut readings)
}

/// Sets aside reports that show an earlier version of a page, and lets those wait that show the present one again: a
/// page says what it says now.
fn tell_versions(record: &mut Record) -> anyhow::Result<()> {
    let revised = record.store().revised()?;
    for (report, version) in &revised {
        if *version == Version::Earlier {
            withdraw(record.writer(), *report)?;
        }
    }
    Ok(record.writer().batch(|batch| {
        revised.iter().try_for_each(|(report, version)| batch.set_version(*report, *version))?;
        batch.clear_revisited()
    })?)
}

/// Takes one batch in, and tells whether there was any.
fn take_in(
    record: &mut Record,
    (cache, readings): (&mut past::Cache, &mut Readings),
    damaged: &mut BTreeSet<String>,
) -> anyhow::Result<bool> {
    let waiting = record.store().waiting(BATCH)?;
    for again in waiting.iter().filter(|waiting| waiting.entered_as.is_some()) {
        withdraw(record.writer(), again.report)?;
        cache.clear();
    }
    let (known, unknown) = sketches(waiting);
    let disturbed = record.store().disturbed_stories(BATCH)?;
    if known.is_empty() && unknown.is_empty() && disturbed.is_empty() {
        return Ok(false);
    }
    let batch = Batch::of(known);
    let found = record
        .store()
        .at_one_moment(|| found((&*record, damaged), &batch, &disturbed, (&mut *cache, readings)))?;
    record.writer().batch(|rows| {
        // A sketch of another version is made again by `reindex`; until then its report stands aside.
        unknown.iter().try_for_each(|&report| rows.set_version(report, Version::Earlier))?;
        rows.settle(&disturbed)?;
        found.put(&batch, rows)
    })?;
    // If we stop here, the next run goes on with the reports that still wait.
    preserve::step::done("batch-compared");
    cache.entered(&batch);
    Ok(true)
}

/// Finds what becomes of a batch.
fn found(
    (record, damaged): (&Record, &mut BTreeSet<String>),
    batch: &Batch,
    disturbed: &[i64],
    (cache, readings): (&mut past::Cache, &mut Readings),
) -> anyhow::Result<Found> {
    let rows = Rows::new(record.store(), cache);
    let pairs = corroborate::candidates(&rows, batch)?;
    let mut links = Vec::new();
    for pairs in pairs.chunks(PAIRS) {
        readings.load((record, &mut *damaged), pairs.iter().flat_map(|pair| [pair.a, pair.b]))?;
        links.extend(compared(record.jobs(), readings, pairs));
    }
    // A record that is no larger than a batch is grouped as one: the order in which its reports came changes nothing.
    let is_small = record.store().entered()? <= BATCH as u64;
    let looked_at = if is_small { record.store().story_keys(BATCH)? } else { disturbed.to_vec() };
    let keys: Vec<StoryKey> = looked_at.iter().map(|&key| StoryKey(key as u64)).collect();
    Ok(Found {
        families: moves(&corroborate::families(&rows, batch, (&pairs, &links))?, |key| key.0),
        stories: corroborate::stories(&rows, batch, &links, &keys)?,
        links,
    })
}

/// Reads the sketches of reports that wait; those of another version are named apart.
fn sketches(waiting: Vec<Sketched>) -> (Vec<(ReportKey, Arc<Sketch>)>, Vec<i64>) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for Sketched { report, sketch, .. } in waiting {
        match Sketch::from_bytes(&sketch) {
            Ok(sketch) => known.push((ReportKey(report as u64), Arc::new(sketch))),
            Err(_) => unknown.push(report),
        }
    }
    (known, unknown)
}

/// Reads pairs side by side. Each report is cut into words once.
fn compared(jobs: usize, readings: &Readings, pairs: &[Candidate]) -> Vec<CopyLink> {
    let keys: BTreeSet<ReportKey> = pairs.iter().flat_map(|pair| [pair.a, pair.b]).collect();
    let keys: Vec<ReportKey> = keys.into_iter().collect();
    let worded = parallel::map(&keys, jobs, |&key| Some((key, Worded::of(readings.read(key)?))));
    let worded: HashMap<ReportKey, Worded<'_>> = worded.into_iter().flatten().collect();
    let links = parallel::map(pairs, jobs, |pair| {
        corroborate::compare_apart_from(&pair.standing, (worded.get(&pair.a)?, worded.get(&pair.b)?))
    });
    links.into_iter().flatten().collect()
}

/// What came of a batch.
struct Found {
    links: Vec<CopyLink>,
    families: Vec<Moved>,
    stories: corroborate::Regrouped,
}

impl Found {
    fn put(&self, batch: &Batch, rows: &mut store::Batch<'_>) -> Result<(), store::Error> {
        for ((key, sketch), telling) in batch.reports().iter().zip(&self.stories.telling) {
            rows.enter(&entry(key.0 as i64, &sketch.entry(), telling))?;
        }
        for link in &self.links {
            rows.put_copy_link(&CopyLinkRow {
                a: link.a.0 as i64,
                b: link.b.0 as i64,
                kind: link.class.name().to_owned(),
                containment: f64::from(link.containment),
            })?;
        }
        self.families.iter().try_for_each(|family| rows.move_to_family(&family.as_ref()))?;
        moves(&self.stories.stories, |key| key.0)
            .iter()
            .try_for_each(|story| rows.move_to_story(&story.as_ref()))
    }
}

fn entry<'a>(report: i64, entry: &'a Entry, telling: &'a [u32]) -> EntryRow<'a> {
    let Entry { prints, terms, day } = entry;
    EntryRow { report, day: *day, prints, terms, telling }
}

/// Reports that go together, by their numbers in the rows.
struct Moved {
    to: Option<i64>,
    absorbed: Vec<i64>,
    reports: Vec<i64>,
}

impl Moved {
    fn as_ref(&self) -> Move<'_> {
        Move { to: self.to, absorbed: &self.absorbed, reports: &self.reports }
    }
}

fn moves<Key: Copy>(groups: &[Together<Key>], number: impl Fn(Key) -> u64) -> Vec<Moved> {
    let row = |key: Key| number(key) as i64;
    let moved = |group: &Together<Key>| Moved {
        to: group.key.map(row),
        absorbed: group.absorbed.iter().copied().map(row).collect(),
        reports: group.reports.iter().map(|report| report.0 as i64).collect(),
    };
    groups.iter().map(moved).collect()
}

/// Takes a report out of what all reports say together, as if it had not come. What was with it is put together anew by
/// the next [`corroborate()`].
pub(crate) fn withdraw(writer: &mut Writer, report: i64) -> anyhow::Result<()> {
    let Some(entered) = writer.store().sketch(report)? else { return Ok(()) };
    let Ok(sketch) = Sketch::from_bytes(&entered) else {
        // What stands in the rows was made by other rules, and cannot be found there by these.
        return Ok(writer.restart_corroboration(&rules())?);
    };
    let family = writer.store().family_of(report)?;
    let parts = family.map(|family| parted(writer.store(), family, report)).transpose()?;
    writer.batch(|batch| {
        batch.take_out(&entry(report, &sketch.entry(), &[]))?;
        family.iter().try_for_each(|&family| batch.dissolve_family(family))?;
        let mut parts = parts.iter().flatten().filter(|part| part.len() > 1);
        // One after the other: each takes a number that is not in use.
        parts.try_for_each(|part| batch.move_to_family(&Move { to: None, absorbed: &[], reports: part }))
    })?;
    Ok(())
}

/// Returns what a family falls into without one of its reports.
fn parted(store: &Store, family: i64, without: i64) -> anyhow::Result<Vec<Vec<i64>>> {
    let members = store.members_of_family(family)?;
    let keys: Vec<ReportKey> =
        members.iter().filter(|&&report| report != without).map(|&report| ReportKey(report as u64)).collect();
    let mut pairs = Vec::new();
    for &key in &keys {
        let links = store.links_from(key.0 as i64)?;
        let copies = links.iter().filter(|link| is_copy(link));
        pairs.extend(copies.map(|link| (ReportKey(link.a as u64), ReportKey(link.b as u64))));
    }
    let parts = corroborate::joined(&keys, &pairs);
    Ok(parts.into_iter().map(|part| part.into_iter().map(|key| key.0 as i64).collect()).collect())
}

fn is_copy(link: &CopyLinkRow) -> bool {
    corroborate::CopyClass::from_name(&link.kind).is_some_and(corroborate::CopyClass::is_copy)
}
