//! The one thread of the desk that writes to the record: one piece of work after the other.

use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use jiff::Timestamp;
use model::Digest;
use serde::Serialize;
use tokio::sync::oneshot;
use utoipa::ToSchema;

use super::fault::{Code, Fault};
use super::incoming::Incoming;
use super::site::Site;
use crate::came::Came;
use crate::commands::{Hears, Summary, Watching, gathered_in_words, keep_inputs, verified};
use crate::configuration::Configuration;
use crate::corroborating::{Stories, corroborate};
use crate::deciding::{Because, Unknown, Wanted, decide};
use crate::output::talk;
use crate::record::{Kept, Record, Said};
use crate::web::Gathered;
use crate::wire::Made;
use crate::{clock, incidents, parallel};

/// A piece of work that takes longer than an answer.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Job {
    pub(crate) id: u64,
    /// `collect`, `say` or `verify`.
    pub(crate) kind: &'static str,
    /// `waiting`, `running`, `done` or `failed`.
    pub(crate) state: &'static str,
    /// What it is doing, or what became of it, in words.
    pub(crate) says: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) asked_at: Timestamp,
    /// What it found, as the command of that name prints it with `--json`.
    #[schema(value_type = Option<Object>)]
    pub(crate) found: Option<serde_json::Value>,
    /// Which originals came; what they are called is asked of the rows.
    #[serde(skip)]
    #[schema(ignore)]
    pub(crate) came: Came,
}

impl Job {
    /// Tells whether reports come with it, or what is said of them.
    pub(crate) fn brings_reports(&self) -> bool {
        matches!(self.kind, "collect" | "say")
    }
}

/// What is to be done.
enum Work {
    CatchUp,
    Collect(u64, Given),
    Say(u64, Digest, Said),
    Decide(Box<Deciding>),
    Stop,
}

/// A decision that somebody waits for.
struct Deciding {
    wanted: Wanted,
    because: Because,
    /// Set by whoever comes first: the thread that begins to decide, or the one who asked and gives up waiting.
    is_settled: Arc<AtomicBool>,
    to: oneshot::Sender<Result<Made, Fault>>,
}

/// What somebody gives to be collected.
pub(crate) struct Given {
    /// Files on their way into the record, or addresses of the web.
    pub(crate) paths: Vec<String>,
    /// The folder that they lie in on their way.
    pub(crate) folder: Option<Incoming>,
    pub(crate) outlet: Option<String>,
    pub(crate) published: Option<jiff::civil::Date>,
}

/// Hands work to the thread that writes, and knows what became of it.
pub(crate) struct Hand {
    work: Sender<Work>,
    jobs: Arc<Jobs>,
    /// Whether the record is to be brought up to what others wrote, and that is not done yet.
    is_catching_up: Arc<AtomicBool>,
    /// The check that is being done.
    checking: Mutex<Option<JoinHandle<()>>>,
}

/// The last jobs.
#[derive(Default)]
pub(crate) struct Jobs(Mutex<VecDeque<Job>>);

/// Jobs that are over and remembered.
const KNOWN: usize = 100;

/// Jobs that may wait. What they were given lies on the disk.
const WAITING: usize = 64;

/// How long a job waits for another run that writes.
const PATIENCE: Duration = Duration::from_secs(600);

/// How long a decision waits, first for its turn and then for another run: somebody looks at the page meanwhile.
const PATIENCE_OF_PEOPLE: Duration = Duration::from_secs(10);

/// How often it is tried whether the other run has ended.
const AGAIN: Duration = Duration::from_millis(200);

impl Hand {
    /// Makes a hand, and what the thread that writes takes its work from.
    pub(crate) fn new() -> (Hand, Worker) {
        let (work, taken) = channel();
        let (jobs, is_catching_up) = (Arc::new(Jobs::default()), Arc::new(AtomicBool::new(false)));
        let worker = Worker { taken, jobs: Arc::clone(&jobs), is_catching_up: Arc::clone(&is_catching_up) };
        (Hand { work, jobs, is_catching_up, checking: Mutex::default() }, worker)
    }

    pub(crate) fn jobs(&self) -> Vec<Job> {
        self.jobs.lock().iter().rev().cloned().collect()
    }

    pub(crate) fn job(&self, id: u64) -> Option<Job> {
        self.jobs.lock().iter().find(|job| job.id == id).cloned()
    }

    pub(crate) fn collect(&self, given: Given) -> Result<Job, Fault> {
        self.has_room()?;
        let job = self.jobs.begin("collect")?;
        self.hand_over(Work::Collect(job.id, given))?;
        Ok(job)
    }

    /// Keeps what is said later of a report, as it keeps what is collected.
    pub(crate) fn say(&self, original: Digest, said: Said) -> Result<Job, Fault> {
        self.has_room()?;
        let job = self.jobs.begin("say")?;
        self.hand_over(Work::Say(job.id, original, said))?;
        Ok(job)
    }

    /// Tells whether one more may wait to be collected.
    pub(crate) fn has_room(&self) -> Result<(), Fault> {
        let waiting = self.jobs.lock().iter().filter(|job| job.state == "waiting").count();
        match waiting < WAITING {
            true => Ok(()),
            false => Err(Fault::new(Code::Busy, format!("{waiting} jobs are waiting already"))),
        }
    }

    /// Checks every stored byte, beside what is written: nothing waits for it but another check.
    pub(crate) fn verify(&self, site: &Arc<Site>) -> Result<Job, Fault> {
        self.has_room()?;
        let job = self.jobs.begin("verify")?;
        let (jobs, id, site) = (Arc::clone(&self.jobs), job.id, Arc::downgrade(site));
        let mut checking = self.checking.lock().unwrap_or_else(PoisonError::into_inner);
        let before = checking.take();
        *checking = Some(std::thread::spawn(move || {
            if let Some(before) = before {
                // What became of it stands with its job.
                let _ = before.join();
            }
            let Some(folder) = site.upgrade().map(|site| site.folder.clone()) else { return };
            jobs.says(id, "checking every stored byte".to_owned());
            let checked = std::panic::catch_unwind(|| verified(&folder));
            jobs.ended(id, checked.unwrap_or_else(|_| Err(anyhow::anyhow!(BUG))));
            if let Some(site) = site.upgrade() {
                site.tell_of_change();
            }
        }));
        Ok(job)
    }

    /// Waits until what is being checked is checked to its end.
    pub(crate) fn checked(&self) {
        let checking = self.checking.lock().unwrap_or_else(PoisonError::into_inner).take();
        // What became of it stands with its job.
        let _ = checking.map(JoinHandle::join);
    }

    /// Decides, and waits until it is in effect. Nothing is decided any more after this has said `busy`.
    pub(crate) async fn decide(&self, wanted: Wanted, because: Because) -> Result<Made, Fault> {
        let (to, mut made) = oneshot::channel();
        let is_settled = Arc::new(AtomicBool::new(false));
        let deciding = Deciding { wanted, because, is_settled: Arc::clone(&is_settled), to };
        self.hand_over(Work::Decide(Box::new(deciding)))?;
        let in_time = tokio::time::timeout(PATIENCE_OF_PEOPLE, &mut made).await;
        if in_time.is_err() && !is_settled.swap(true, Ordering::AcqRel) {
            return Err(Fault::new(Code::Busy, "other work takes long; nothing was decided"));
        }
        match in_time {
            Ok(made) => made,
            Err(_) => made.await,
        }
        .unwrap_or_else(|_| Err(stopping()))
    }

    /// Has the record brought up to what others wrote to it. Does nothing if that is waiting to be done.
    pub(crate) fn catch_up(&self) -> Result<(), Fault> {
        match self.is_catching_up.swap(true, Ordering::AcqRel) {
            true => Ok(()),
            false => self.hand_over(Work::CatchUp),
        }
    }

    /// Takes no more work; what was handed over before is done to its end.
    pub(crate) fn stop(&self) {
        // It may have stopped by itself.
        let _ = self.work.send(Work::Stop);
    }

    fn hand_over(&self, work: Work) -> Result<(), Fault> {
        self.work.send(work).map_err(|_| stopping())
    }
}

/// What a job says that met a panic.
const BUG: &str = "it met a bug of the program, and broke off";

fn stopping() -> Fault {
    Fault::new(Code::Busy, "the desk is being stopped")
}

impl Jobs {
    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Job>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, kind: &'static str) -> Result<Job, Fault> {
        let mut jobs = self.lock();
        let id = jobs.back().map_or(1, |job| job.id + 1);
        let asked_at = clock::now()?;
        let job = Job {
            id,
            kind,
            state: "waiting",
            says: "waiting".to_owned(),
            asked_at,
            found: None,
            came: Came::default(),
        };
        jobs.push_back(job.clone());
        // Whoever handed over what is not done yet still asks for it.
        while jobs.len() > KNOWN && jobs.front().is_some_and(|job| matches!(job.state, "done" | "failed")) {
            jobs.pop_front();
        }
        Ok(job)
    }

    fn set(&self, id: u64, change: impl FnOnce(&mut Job)) {
        if let Some(job) = self.lock().iter_mut().find(|job| job.id == id) {
            change(job);
        }
    }

    fn says(&self, id: u64, words: String) {
        self.set(id, |job| (job.state, job.says) = ("running", words));
    }

    /// Ends what was being written.
    fn broke_off(&self) {
        let is_it = |job: &&mut Job| job.state == "running" && job.brings_reports();
        for job in self.lock().iter_mut().filter(is_it) {
            (job.state, job.says) = ("failed", BUG.to_owned());
        }
    }

    fn ended(&self, id: u64, outcome: anyhow::Result<(String, serde_json::Value)>) {
        self.set(id, |job| match outcome {
            Ok((says, found)) => {
                (job.state, job.says, job.found) = ("done", says.trim_end().to_owned(), Some(found));
            }
            Err(error) => (job.state, job.says) = ("failed", format!("{error:#}")),
        });
    }
}

/// The other end of a [`Hand`].
pub(crate) struct Worker {
    taken: Receiver<Work>,
    jobs: Arc<Jobs>,
    is_catching_up: Arc<AtomicBool>,
}

/// How long a round of watching is: work that is handed over waits no longer for its end.
const ROUND: Duration = Duration::from_secs(1);

/// How long it is waited until watching goes on after an error.
const AFTER_ERROR: Duration = Duration::from_secs(10);

/// The record that is written to: opened for each piece of work, and held while sources are watched, as `watch` holds it.
struct Held {
    record: Option<Record>,
    is_watching: bool,
}

impl Held {
    fn open(&mut self, open: impl FnOnce() -> anyhow::Result<Record>) -> anyhow::Result<&mut Record> {
        if self.record.is_none() {
            self.record = Some(open()?);
        }
        self.record.as_mut().context("it was opened just above")
    }

    /// Closes the record when a piece of work is done, unless it is held.
    fn let_go(&mut self) -> anyhow::Result<()> {
        if self.is_watching { Ok(()) } else { self.close() }
    }

    fn close(&mut self) -> anyhow::Result<()> {
        self.record.take().map_or(Ok(()), Record::close)
    }
}

impl Worker {
    /// Watches the sources of a record between what is handed over, until it is stopped. `ready` is told whether there is
    /// anything to watch.
    pub(crate) fn watch(self, site: &Weak<Site>, (folder, ready): (&Path, &Sender<anyhow::Result<()>>)) {
        let configuration = match Configuration::of(folder) {
            Ok(configuration) => configuration,
            Err(error) => return drop(ready.send(Err(error))),
        };
        match Watching::new(folder, &configuration) {
            Ok(watching) => {
                // Whoever started this waits for it.
                let _ = ready.send(Ok(()));
                self.run(site, Some(watching.in_rounds_of(ROUND)));
            }
            Err(error) => drop(ready.send(Err(error))),
        }
    }

    /// Does what is handed over until it is stopped, and between that watches, if there is something to watch.
    pub(crate) fn run(self, site: &Weak<Site>, mut watching: Option<Watching<'_>>) {
        let mut held = Held { record: None, is_watching: watching.is_some() };
        let mut pause = Duration::ZERO;
        loop {
            let work = match &watching {
                None => self.taken.recv().map_or(Some(Work::Stop), Some),
                Some(_) => match self.taken.recv_timeout(pause) {
                    Ok(work) => Some(work),
                    Err(RecvTimeoutError::Timeout) => None,
                    Err(RecvTimeoutError::Disconnected) => Some(Work::Stop),
                },
            };
            let Some(site) = site.upgrade().filter(|_| !matches!(work, Some(Work::Stop))) else { break };
            // A bug that one piece of work meets must not stop all others; what was written stands, and the next goes on.
            let is_work = work.is_some();
            let done =
                std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| match (work, &mut watching) {
                    (Some(work), _) => self.work(&site, &mut held, work),
                    (None, Some(watching)) => pause = watch_a_round(&site, &mut held, watching),
                    (None, None) => {}
                }));
            if done.is_err() {
                self.jobs.broke_off();
                held.record = None;
                pause = AFTER_ERROR;
            }
            if is_work {
                site.tell_of_change();
            }
        }
        say_failed(held.close());
    }

    fn work(&self, site: &Site, held: &mut Held, work: Work) {
        let folder = &site.folder;
        match work {
            Work::CatchUp => {
                let caught = held.open(|| opened(folder)).and_then(follow);
                // What comes from now on has to be asked for anew.
                self.is_catching_up.store(false, Ordering::Release);
                say_failed(caught);
                say_failed(held.let_go());
            }
            Work::Collect(id, given) => self.jobs.ended(id, self.collect((site, held), (id, given))),
            Work::Say(id, original, said) => {
                self.jobs.ended(id, self.say((site, held), (id, original, said)));
            }
            // Taken out before.
            Work::Stop => {}
            Work::Decide(deciding) => {
                let Deciding { wanted, because, is_settled, to } = *deciding;
                if is_settled.swap(true, Ordering::AcqRel) {
                    return;
                }
                let begun = Instant::now();
                let is_over = || begun.elapsed() > PATIENCE_OF_PEOPLE;
                let made = held.open(|| opened_in_turn(folder, (is_over, || {}))).and_then(|record| {
                    let made = decide(record, &wanted, &because);
                    // What was decided stands in the log, whatever becomes of what follows: that is tried again.
                    say_failed(follow(record));
                    made
                });
                say_failed(held.let_go());
                // Who asked may have gone away; the decision stands.
                let _ = to.send(made.map_err(refused));
            }
        }
    }

    fn collect(
        &self,
        (site, held): (&Site, &mut Held),
        (id, given): (u64, Given),
    ) -> anyhow::Result<(String, serde_json::Value)> {
        let record = self.in_turn((site, &mut *held), id)?;
        let mut summary = Summary::default();
        let inputs = crate::cli::Inputs {
            paths: given.paths.clone(),
            kind: None,
            outlet: given.outlet.clone(),
            published: given.published,
            max_size: collect::Options::default().max_size,
            jobs: None,
            handed_over_by: Some("desk".to_owned()),
        };
        let kept = keep_inputs(record, &inputs, (&mut summary, &Running { jobs: &self.jobs, id })).map(drop);
        self.jobs.says(id, "comparing with what is there".to_owned());
        let followed = kept.and_then(|()| follow(record));
        drop(given.folder);
        // Whatever becomes of it: what is written is named, and sealed.
        self.came(id, &mut summary);
        held.let_go().and(followed)?;
        Ok((summary.text(), serde_json::to_value(&summary)?))
    }

    /// Keeps what is said later of a report.
    fn say(
        &self,
        (site, held): (&Site, &mut Held),
        (id, original, said): (u64, Digest, Said),
    ) -> anyhow::Result<(String, serde_json::Value)> {
        let record = self.in_turn((site, &mut *held), id)?;
        self.jobs.says(id, "reading it again".to_owned());
        let kept = record.say_later(original, said);
        let followed = if kept.is_ok() { follow(record) } else { Ok(()) };
        let mut summary = Summary::default();
        if let Ok(kept) = &kept {
            summary.count(original, *kept);
        }
        self.came(id, &mut summary);
        held.let_go().and(followed)?;
        let kept = kept?;
        let says = match kept {
            Kept::Known => "that was known already; nothing was added",
            _ => "kept beside the original, which is as it was; the report was read again",
        };
        Ok((says.to_owned(), serde_json::to_value(&summary)?))
    }

    /// Opens the record for a job when no other run writes to it.
    fn in_turn<'h>(&self, (site, held): (&Site, &'h mut Held), id: u64) -> anyhow::Result<&'h mut Record> {
        let begun = Instant::now();
        // A desk that is being stopped waits no longer than people do.
        let is_over = || {
            let patience = if *site.stopped.borrow() { PATIENCE_OF_PEOPLE } else { PATIENCE };
            begun.elapsed() > patience
        };
        let waiting = || self.jobs.set(id, |job| job.says = "waiting for another run to end".to_owned());
        held.open(|| opened_in_turn(&site.folder, (is_over, waiting)))
    }

    fn came(&self, id: u64, summary: &mut Summary) {
        let came = std::mem::take(&mut summary.came);
        self.jobs.set(id, |job| job.came = came);
    }
}

/// Asks the sources for what is due, for a second at most, and brings up to date what follows from what came.
/// Returns how long to do nothing then.
fn watch_a_round(site: &Site, held: &mut Held, watching: &mut Watching<'_>) -> Duration {
    let mut gathered = Gathered::default();
    let stop = AtomicBool::new(*site.stopped.borrow());
    let watched = held.open(|| opened(&site.folder)).and_then(|record| {
        watching.begin()?;
        watching.round(record, (&mut gathered, &stop))?;
        if gathered.is_worth_telling() { follow(record) } else { Ok(()) }
    });
    if gathered.is_worth_telling() {
        talk(&gathered_in_words(&gathered));
        site.tell_of_change();
    }
    // Another run may be writing, or the disk be full.
    let pause = if watched.is_err() { AFTER_ERROR } else { AGAIN };
    say_failed(watched);
    pause
}

/// Puts what a decision was refused for in a form for whoever asked.
fn refused(error: anyhow::Error) -> Fault {
    let error = match error.downcast() {
        Ok(Unknown { message, hint }) => {
            return Fault { hint: hint.to_owned(), ..Fault::new(Code::Refused, message) };
        }
        Err(error) => error,
    };
    let is_ours = error.chain().any(|cause| cause.is::<store::Error>() || cause.is::<io::Error>());
    match Fault::from(error) {
        fault if fault.code == Code::Internal && !is_ours => Fault::new(Code::Refused, fault.message),
        fault => fault,
    }
}

/// Writes down that something failed that nobody waits for. It is tried again when the record is looked at.
fn say_failed(done: anyhow::Result<()>) {
    if let Err(error) = done {
        super::log::say("catch_up_failed", Fault::from(error).code.name());
    }
}

/// A job that is being done.
struct Running<'j> {
    jobs: &'j Jobs,
    id: u64,
}

impl Hears for Running<'_> {
    // The summary lists it.
    fn skipped(&self, _: &str) {}

    fn kept(&self, summary: &Summary) {
        self.jobs.says(self.id, summary.so_far());
    }
}

/// Opens the record for writing.
fn opened(folder: &Path) -> anyhow::Result<Record> {
    Record::create_or_open(folder, parallel::jobs(None))
}

/// Opens the record for writing when no other run writes to it, or gives up when `is_over` says so. `waiting` is called while
/// it is waited.
fn opened_in_turn(
    folder: &Path,
    (is_over, waiting): (impl Fn() -> bool, impl Fn()),
) -> anyhow::Result<Record> {
    let is_locked = |error: &anyhow::Error| {
        let is_lock = |error: &store::Error| matches!(error, store::Error::Locked { .. });
        error.chain().any(|cause| cause.downcast_ref().is_some_and(is_lock))
    };
    loop {
        // Opening a large record takes seconds, in vain if it is locked.
        if !store::is_being_written(folder) || is_over() {
            match opened(folder) {
                Err(error) if is_locked(&error) && !is_over() => {}
                opened => return opened,
            }
        }
        waiting();
        std::thread::sleep(AGAIN);
    }
}

/// Brings all up to date that follows from what was written.
fn follow(record: &mut Record) -> anyhow::Result<()> {
    corroborate(record, Stories::All)?;
    incidents::catch_up(record)
}
