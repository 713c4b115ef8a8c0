//! The one thread of the desk that writes to the record: one piece of work after the other.

use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::oneshot;
use utoipa::ToSchema;

use super::fault::{Code, Fault};
use super::incoming::Incoming;
use super::site::Site;
use crate::commands::{Hears, Summary, keep_inputs, verified};
use crate::corroborating::{Stories, corroborate};
use crate::deciding::{Because, Wanted, decide};
use crate::record::Record;
use crate::wire::Made;
use crate::{clock, incidents, parallel};

/// A piece of work that takes longer than an answer.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Job {
    pub(crate) id: u64,
    /// `collect` or `verify`.
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
}

/// What is to be done.
enum Work {
    CatchUp,
    Collect(u64, Given),
    Verify(u64),
    Decide(Wanted, Because, oneshot::Sender<Result<Made, Fault>>),
    Stop,
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
}

/// The last jobs.
#[derive(Default)]
pub(crate) struct Jobs(Mutex<VecDeque<Job>>);

/// Jobs that are over and remembered.
const KNOWN: usize = 100;

impl Hand {
    /// Makes a hand, and what the thread that writes takes its work from.
    pub(crate) fn new() -> (Hand, Worker) {
        let (work, taken) = channel();
        let jobs = Arc::new(Jobs::default());
        (Hand { work, jobs: Arc::clone(&jobs) }, Worker { taken, jobs })
    }

    pub(crate) fn jobs(&self) -> Vec<Job> {
        self.jobs.lock().iter().rev().cloned().collect()
    }

    pub(crate) fn job(&self, id: u64) -> Option<Job> {
        self.jobs.lock().iter().find(|job| job.id == id).cloned()
    }

    pub(crate) fn collect(&self, given: Given) -> Result<Job, Fault> {
        let job = self.jobs.begin("collect")?;
        self.hand_over(Work::Collect(job.id, given))?;
        Ok(job)
    }

    pub(crate) fn verify(&self) -> Result<Job, Fault> {
        let job = self.jobs.begin("verify")?;
        self.hand_over(Work::Verify(job.id))?;
        Ok(job)
    }

    /// Decides, and waits until it is in effect.
    pub(crate) async fn decide(&self, wanted: Wanted, because: Because) -> Result<Made, Fault> {
        let (to, made) = oneshot::channel();
        self.hand_over(Work::Decide(wanted, because, to))?;
        made.await.unwrap_or_else(|_| Err(stopping()))
    }

    /// Has the record brought up to what others wrote to it.
    pub(crate) fn catch_up(&self) -> Result<(), Fault> {
        self.hand_over(Work::CatchUp)
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
        let job = Job { id, kind, state: "waiting", says: "waiting".to_owned(), asked_at, found: None };
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

    /// Ends what was running.
    fn broke_off(&self) {
        for job in self.lock().iter_mut().filter(|job| job.state == "running") {
            (job.state, job.says) = ("failed", "it met a bug of the program, and broke off".to_owned());
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
}

impl Worker {
    /// Does what is handed over until it is stopped.
    pub(crate) fn run(self, site: &Weak<Site>) {
        while let Ok(work) = self.taken.recv() {
            if matches!(work, Work::Stop) {
                return;
            }
            let Some(site) = site.upgrade() else { return };
            // A bug that one piece of work meets must not stop all others; what was written stands, and the next goes on.
            let done =
                std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.work(&site.folder, work)));
            if done.is_err() {
                self.jobs.broke_off();
            }
            site.tell_of_change();
        }
    }

    fn work(&self, folder: &Path, work: Work) {
        match work {
            Work::CatchUp => {
                if let Err(error) = with_record(folder, |_| Ok(())) {
                    super::log::say("catch_up_failed", Fault::from(error).code.name());
                }
            }
            Work::Collect(id, given) => self.jobs.ended(id, self.collect(folder, (id, given))),
            Work::Verify(id) => {
                self.jobs.says(id, "checking every stored byte".to_owned());
                self.jobs.ended(id, verified(folder));
            }
            // Taken out before.
            Work::Stop => {}
            Work::Decide(wanted, because, to) => {
                let refused = |error: anyhow::Error| {
                    let is_ours =
                        error.chain().any(|cause| cause.is::<store::Error>() || cause.is::<io::Error>());
                    match Fault::from(error) {
                        fault if fault.code == Code::Internal && !is_ours => {
                            Fault::new(Code::Refused, fault.message)
                        }
                        fault => fault,
                    }
                };
                let made = with_record(folder, |record| decide(record, &wanted, &because));
                // Who asked may have gone away; the decision stands.
                let _ = to.send(made.map_err(refused));
            }
        }
    }

    fn collect(
        &self,
        folder: &Path,
        (id, given): (u64, Given),
    ) -> anyhow::Result<(String, serde_json::Value)> {
        let mut summary = Summary::default();
        let kept = with_record(folder, |record| {
            let inputs = crate::cli::Inputs {
                paths: given.paths.clone(),
                kind: None,
                outlet: given.outlet.clone(),
                published: given.published,
                max_size: collect::Options::default().max_size,
                jobs: None,
                handed_over_by: Some("desk".to_owned()),
            };
            keep_inputs(record, &inputs, (&mut summary, &Running { jobs: &self.jobs, id }))?;
            self.jobs.says(id, "comparing with what is there".to_owned());
            Ok(())
        });
        drop(given.folder);
        kept?;
        Ok((summary.text(), serde_json::to_value(&summary)?))
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

/// Opens the record for writing, does something, brings all that follows from it up to date, and seals it.
fn with_record<T>(folder: &Path, work: impl FnOnce(&mut Record) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let mut record = Record::create_or_open(folder, parallel::jobs(None))?;
    let done = work(&mut record).and_then(|done| {
        corroborate(&mut record, Stories::All)?;
        incidents::catch_up(&mut record)?;
        Ok(done)
    });
    // Whatever became of it: what is written is sealed.
    record.close()?;
    done
}
