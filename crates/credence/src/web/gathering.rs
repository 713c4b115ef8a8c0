//! Asking for what is due and keeping what comes.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::Serialize;
use store::TaskRow;

use super::{Asker, Crew, Listed, Seen, Visited, after, is_root, listed};
use crate::clock;
use crate::configuration::{Configuration, Source, SourceKind};
use crate::record::{Arrival, Kept, Record};

/// What a run has gathered.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Gathered {
    /// Originals that were not in the record.
    pub(crate) kept: u64,
    /// Originals that were in the record, met at an address that was not.
    pub(crate) seen_again: u64,
    /// Pages that are as they were.
    pub(crate) known: u64,
    /// Pages that show something else than before: a new original at a known address.
    pub(crate) changed: u64,
    /// Pages that are no longer there.
    pub(crate) gone: u64,
    /// What was asked for in vain, and why.
    pub(crate) failed: Vec<Failed>,
}

/// An address that was asked for in vain.
#[derive(Debug, Serialize)]
pub(crate) struct Failed {
    pub(crate) address: String,
    pub(crate) fault: String,
}

/// Asks the web for what is due, and keeps it in a record.
pub(crate) struct Gathering<'c> {
    sources: BTreeMap<String, Source>,
    crew: Crew,
    configuration: &'c Configuration,
    /// What came and is not kept yet, and since when.
    waiting: Vec<Visited>,
    since: Instant,
}

/// So many answers are kept together, or as many as come within the time: keeping takes a few waits for the disk.
const TOGETHER: usize = 128;
const SOON: Duration = Duration::from_millis(500);

/// What waits is in memory: as many large pages are not kept together.
const BYTES_TOGETHER: usize = 32 << 20;

/// How many tasks are looked at to find some whose hosts are free.
const LOOK: usize = 1024;

impl<'c> Gathering<'c> {
    /// Makes ready to ask for the addresses of some sources.
    pub(crate) fn new(
        asker: Asker,
        sources: impl IntoIterator<Item = Source>,
        configuration: &'c Configuration,
    ) -> Gathering<'c> {
        Gathering {
            sources: sources.into_iter().map(|source| (source.name.clone(), source)).collect(),
            crew: Crew::new(asker, &configuration.fetch),
            configuration,
            waiting: Vec::new(),
            since: Instant::now(),
        }
    }

    /// Asks for everything that is due, and for what that leads to, each once, until nothing is left or `stop` is set.
    pub(crate) fn until_idle(
        &mut self,
        record: &mut Record,
        (gathered, stop): (&mut Gathered, &AtomicBool),
    ) -> anyhow::Result<()> {
        let start = clock::now()?;
        loop {
            if !stop.load(Ordering::Relaxed) {
                self.send(record, start)?;
            }
            let is_last = !self.crew.is_busy();
            if !is_last {
                let visits = self.crew.visits(Duration::from_millis(50));
                if self.waiting.is_empty() {
                    self.since = Instant::now();
                }
                self.waiting.extend(visits);
            }
            if is_last && self.waiting.is_empty() {
                return Ok(());
            }
            let bytes: usize = self.waiting.iter().map(Visited::size).sum();
            let is_much = self.waiting.len() >= TOGETHER || bytes >= BYTES_TOGETHER;
            if is_last || is_much || self.since.elapsed() >= SOON {
                self.settle(record, gathered)?;
            }
        }
    }

    /// Sends somebody to ask for what is due and was not asked for since `start`.
    fn send(&mut self, record: &Record, start: Timestamp) -> anyhow::Result<()> {
        if !self.crew.has_room() {
            return Ok(());
        }
        let names: Vec<&str> = self.sources.keys().map(String::as_str).collect();
        for task in record.store().due((clock::now()?, LOOK), &names)? {
            let is_new = task.tried_at.is_none_or(|tried| tried < start);
            if let Some(source) = self.sources.get(&task.source).filter(|_| is_new) {
                self.crew.send(source, &task);
            }
        }
        Ok(())
    }

    /// Keeps what came, and writes down how its tasks stand now.
    fn settle(&mut self, record: &mut Record, gathered: &mut Gathered) -> anyhow::Result<()> {
        let now = clock::now()?;
        let mut arrivals = Vec::new();
        let mut tasks = Vec::new();
        let mut found = Vec::new();
        for visited in std::mem::take(&mut self.waiting) {
            self.crew.release(&visited.task);
            let Some(source) = self.sources.get(&visited.task.source) else { continue };
            let read = read(source, &visited, now);
            let next = after(&visited.task, source, &read.seen, (now, self.configuration.fetch.attempts));
            found.extend(read.listed.tasks);
            let before = visited.task.digest;
            let fetched = visited.into_fetched(source, read.kind);
            let digest = fetched.sighting.as_ref().map(|sighting| *sighting.original.as_bytes());
            arrivals.push(Arrival::Fetched(fetched));
            tasks.push((TaskRow { digest: digest.or(next.digest), ..next }, before, read.seen));
        }
        let kept = record.keep(arrivals)?;
        record.writer().batch(|batch| {
            tasks.iter().try_for_each(|(task, ..)| batch.set_task(task))?;
            found.iter().try_for_each(|task| batch.put_task(task).map(drop))
        })?;
        for ((task, before, seen), kept) in tasks.iter().zip(kept) {
            gathered.count((task, *before), seen, kept);
        }
        Ok(())
    }
}

/// What an answer means for its task and for the record.
struct Read {
    seen: Seen,
    kind: Option<model::Kind>,
    listed: Listed,
}

fn read(source: &Source, visited: &Visited, now: Timestamp) -> Read {
    let seen = visited.seen();
    let nothing = |seen| Read { seen, kind: None, listed: Listed::default() };
    let Some(answer) = visited.answer().filter(|_| matches!(seen, Seen::Content { .. })) else {
        return nothing(seen);
    };
    let is_root = is_root(source, &visited.task);
    let is_list = is_root && matches!(source.kind, SourceKind::Feed | SourceKind::Sitemap);
    let kind = visited.kind(source);
    // An address that was given alone may be that of a list.
    let may_be_list = is_root || source.address.is_empty();
    if may_be_list
        && !matches!(kind, Some(Ok(model::Kind::Page)))
        && let Some(listed) = listed(answer, &source.name, now)
    {
        return Read { seen, kind: None, listed };
    }
    match kind {
        Some(Ok(kind)) => Read { seen, kind: Some(kind), listed: Listed::default() },
        Some(Err(reason)) => nothing(Seen::Failed { fault: reason.to_string(), may_pass: false }),
        None if is_list => nothing(Seen::Failed {
            fault: "it is neither a feed nor a sitemap; check the kind of the source".to_owned(),
            may_pass: true,
        }),
        None => nothing(seen),
    }
}

impl Gathered {
    /// Writes down what could not be had.
    pub(crate) fn fail(&mut self, address: &str, fault: &str) {
        self.failed.push(Failed { address: address.to_owned(), fault: fault.to_owned() });
    }

    /// Counts what became of a file in a watched folder.
    pub(crate) fn count_file(&mut self, kept: Kept) {
        match kept {
            Kept::New => self.kept += 1,
            Kept::SeenAgain => self.seen_again += 1,
            Kept::Known => self.known += 1,
            Kept::Answer => {}
        }
    }

    fn count(&mut self, (task, before): (&TaskRow, Option<[u8; 32]>), seen: &Seen, kept: Kept) {
        self.count_file(kept);
        if kept != Kept::Answer && before.is_some() && before != task.digest {
            self.changed += 1;
        }
        match seen {
            Seen::NotModified => self.known += 1,
            Seen::Gone(_) if before.is_some() => self.gone += 1,
            _ => {}
        }
        if let Some(fault) = &task.fault {
            self.fail(&task.address, fault);
        }
    }
}
