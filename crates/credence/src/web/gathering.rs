//! Asking for what is due and keeping what comes.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use collect::web::Exchange;
use jiff::Timestamp;
use model::Digest;
use serde::Serialize;
use store::{Due, SourceSize, TaskRow};

use super::{Asker, Crew, Hints, Listed, Seen, Visited, after, is_root, listed};
use crate::came::Came;
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
    /// Addresses that lists name and that were left out: more than a source may have, or lists below lists.
    pub(crate) left_out: u64,
    /// What was asked for in vain, and why.
    pub(crate) failed: Vec<Failed>,
    /// How many more failed than are listed.
    pub(crate) more_failed: u64,
    /// Which originals came.
    #[serde(skip)]
    pub(crate) came: Came,
}

/// So many failures are listed by a run; of more, the number is enough to see that something is wrong.
pub(crate) const MOST_LISTED: usize = 1000;

/// An address that was asked for in vain.
#[derive(Debug, Serialize)]
pub(crate) struct Failed {
    pub(crate) address: String,
    pub(crate) fault: String,
}

/// Whether something is left to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    Nothing,
    Something,
}

/// Asks the web for what is due, and keeps it in a record.
pub(crate) struct Gathering<'c> {
    sources: BTreeMap<String, Source>,
    crew: Crew,
    configuration: &'c Configuration,
    /// What was asked for since is not asked for again.
    begun: Timestamp,
    /// How long a round is.
    longest: Duration,
    /// How many addresses each source has.
    sizes: BTreeMap<String, SourceSize>,
    /// What came and is not kept yet, and since when.
    waiting: Vec<Visited>,
    since: Instant,
}

/// What came is compared with all else after each round, and every source has its turn in each.
const ROUND: Duration = Duration::from_secs(60);

/// So many answers are kept together, or as many as come within the time: keeping takes a few waits for the disk.
const TOGETHER: usize = 128;
const SOON: Duration = Duration::from_millis(500);

/// What waits is in memory: as many large pages are not kept together.
const BYTES_TOGETHER: usize = 32 << 20;

/// How many tasks are looked at to find some whose hosts are free.
const LOOK: usize = 1024;

/// The addresses of one source, and the sitemaps among them, which are asked for again and again: more than any outlet
/// has, and little enough for a list that never ends to fill no disk.
const MOST_ADDRESSES: u64 = 1_000_000;
const MOST_LISTS: u64 = 10_000;

impl<'c> Gathering<'c> {
    /// Makes ready to ask for the addresses of some sources.
    pub(crate) fn new(
        asker: Asker,
        sources: impl IntoIterator<Item = Source>,
        configuration: &'c Configuration,
    ) -> Gathering<'c> {
        Gathering {
            sources: sources.into_iter().map(|source| (source.name.clone(), source)).collect(),
            crew: Crew::new(move |source, task| asker.ask(source, task), &configuration.fetch),
            configuration,
            begun: Timestamp::MIN,
            longest: ROUND,
            sizes: BTreeMap::new(),
            waiting: Vec::new(),
            since: Instant::now(),
        }
    }

    /// Has rounds end after so long, whatever is still being asked for.
    pub(crate) fn in_rounds_of(&mut self, longest: Duration) {
        self.longest = longest;
    }

    /// From now on, everything that is due is asked for once.
    pub(crate) fn begin(&mut self) -> anyhow::Result<()> {
        self.begun = clock::now()?;
        Ok(())
    }

    /// Asks for what is due, and for what that leads to, until nothing is left, the time of a round is over, or `stop` is
    /// set. A site that is slow is waited for in the next round.
    pub(crate) fn round(
        &mut self,
        record: &mut Record,
        (gathered, stop): (&mut Gathered, &AtomicBool),
    ) -> anyhow::Result<Left> {
        let round = Instant::now();
        loop {
            let is_over = round.elapsed() >= self.longest;
            let held_back = match is_over || stop.load(Ordering::Relaxed) {
                true => Left::Nothing,
                false => self.send(record)?,
            };
            let is_idle = !self.crew.is_busy();
            if is_idle && held_back == Left::Something && self.waiting.is_empty() {
                std::thread::sleep(Duration::from_millis(50));
                continue;
            }
            if !is_idle {
                let visits = self.crew.visits(Duration::from_millis(50))?;
                if self.waiting.is_empty() {
                    self.since = Instant::now();
                }
                self.waiting.extend(visits);
            }
            if (is_idle || is_over) && self.waiting.is_empty() {
                return Ok(if is_idle && !is_over { Left::Nothing } else { Left::Something });
            }
            let bytes: usize = self.waiting.iter().map(Visited::size).sum();
            let is_much = self.waiting.len() >= TOGETHER || bytes >= BYTES_TOGETHER;
            if is_idle || is_over || is_much || self.since.elapsed() >= SOON {
                self.settle(record, gathered)?;
            }
        }
    }

    /// Sends somebody to ask for what is due and was not asked for since this began, and tells whether something of it has
    /// to wait because its host wants a pause.
    fn send(&mut self, record: &Record) -> anyhow::Result<Left> {
        let mut left = Left::Nothing;
        if !self.crew.has_room() {
            return Ok(left);
        }
        let sources: Vec<&str> = self.sources.keys().map(String::as_str).collect();
        // What is being asked for, or waits to be kept, is still due in the rows.
        let per_host = TOGETHER + self.configuration.fetch.connections_per_host;
        let due = Due { at: clock::now()?, sources: &sources, per_host, limit: LOOK };
        for task in record.store().due(&due)? {
            let is_new = task.tried_at.is_none_or(|tried| tried < self.begun);
            let Some(source) = self.sources.get(&task.source).filter(|_| is_new) else { continue };
            if self.crew.is_pausing(&task) {
                left = Left::Something;
            } else {
                self.crew.send(source, &task);
            }
        }
        Ok(left)
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
            gathered.left_out += read.listed.left_out as u64;
            let before = visited.task.digest;
            let fetched = visited.into_fetched(source, read.kind);
            let digest = fetched.sighting.as_ref().map(|sighting| *sighting.original.as_bytes());
            arrivals.push(Arrival::Fetched(fetched));
            tasks.push((TaskRow { digest: digest.or(next.digest), ..next }, before, read.seen));
        }
        let kept = record.keep(arrivals)?;
        let found = self.within_bounds(record, (found, &mut *gathered))?;
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

impl Gathering<'_> {
    /// Returns those of the found addresses that are new, as far as their sources may have more.
    fn within_bounds(
        &mut self,
        record: &Record,
        (found, gathered): (Vec<TaskRow>, &mut Gathered),
    ) -> anyhow::Result<Vec<TaskRow>> {
        let mut new = Vec::new();
        let mut met = BTreeSet::new();
        for task in found {
            let key = (task.source.clone(), task.address.clone());
            if record.store().task(&task.source, &task.address)?.is_some() || !met.insert(key) {
                continue;
            }
            let size = match self.sizes.entry(task.source.clone()) {
                Entry::Occupied(size) => size.into_mut(),
                Entry::Vacant(size) => size.insert(record.store().source_size(&task.source)?),
            };
            let is_list = Hints::of(&task).is_list;
            if size.addresses >= MOST_ADDRESSES || is_list && size.lists >= MOST_LISTS {
                gathered.left_out += 1;
                continue;
            }
            size.addresses += 1;
            size.lists += u64::from(is_list);
            new.push(task);
        }
        Ok(new)
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
        && (is_list || !is_served_as_page(answer))
        && let Some(listed) = listed(answer, &visited.task, now)
    {
        return Read { seen, kind: None, listed };
    }
    match kind {
        Some(Ok(kind)) => Read { seen, kind: Some(kind), listed: Listed::default() },
        // A server that is in trouble answers with nothing.
        Some(Err(reason)) => {
            nothing(Seen::Failed { fault: reason.to_string(), may_pass: reason == collect::Reason::Empty })
        }
        None if is_list => nothing(Seen::Failed {
            fault: "it is neither a feed nor a sitemap; check the kind of the source".to_owned(),
            may_pass: true,
        }),
        None => nothing(seen),
    }
}

/// Tells whether the server says that it is a page; what a feed looks like, titles among it, does not tell them apart.
fn is_served_as_page(answer: &Exchange) -> bool {
    matches!(answer.media_type().as_deref(), Some("text/html" | "application/xhtml+xml"))
}

impl Gathered {
    /// Writes down what could not be had.
    pub(crate) fn fail(&mut self, address: &str, fault: &str) {
        if self.failed.len() >= MOST_LISTED {
            self.more_failed += 1;
            return;
        }
        self.failed.push(Failed { address: address.to_owned(), fault: fault.to_owned() });
    }

    /// Tells whether something happened besides that all is as it was.
    pub(crate) fn is_worth_telling(&self) -> bool {
        self.kept + self.seen_again + self.changed + self.gone + self.left_out > 0 || !self.failed.is_empty()
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
        let shown = task.digest.map(Digest::from_bytes);
        match (shown, kept) {
            // The server says that the page is as it was.
            (Some(digest), Kept::Answer) if *seen == Seen::NotModified => self.came.add(digest, Kept::Known),
            (None, _) | (_, Kept::Answer) => {}
            (Some(digest), kept) => self.came.add(digest, kept),
        }
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

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_site_that_does_not_answer_holds_up_nobody() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("credence.toml"), "[fetch]\nallow = [\"127.0.0.1\"]").unwrap();
        let configuration = Configuration::of(folder.path()).unwrap();
        let mut record = Record::create_or_open(folder.path(), crate::parallel::jobs(None)).unwrap();
        // It takes connections, and never says a word.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/", silent.local_addr().unwrap());
        let task = TaskRow::new("a", &address, Timestamp::UNIX_EPOCH);
        record.writer().batch(|batch| batch.put_task(&task)).unwrap();
        let asker = Asker::new(configuration.fetcher(folder.path()).unwrap()).unwrap();
        let mut gathering = Gathering::new(asker, [Source::once("a")], &configuration);
        (gathering.begun, gathering.longest) = (Timestamp::MAX, Duration::from_millis(200));
        let round = Instant::now();
        let gathered = (&mut Gathered::default(), &AtomicBool::new(false));
        assert_eq!(gathering.round(&mut record, gathered).unwrap(), Left::Something);
        assert!(gathering.crew.is_busy() && round.elapsed() < Duration::from_secs(20));
    }
}
