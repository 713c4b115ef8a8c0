use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use store::{TaskRow, TaskState};

use super::collect::{end, given, left_out_of_lists};
use super::{Desk, Outcome};
use crate::cli::Watch;
use crate::configuration::{BY_HAND, Configuration, Source, SourceKind};
use crate::corroborating::{Stories, corroborate};
use crate::output::talk;
use crate::record::{Arrival, Record};
use crate::web::{Asker, Gathered, Gathering, Left};
use crate::{clock, parallel};

/// How long nothing is done when nothing is due. Stopping takes no longer than that.
const NAP: Duration = Duration::from_millis(200);

/// Asks the sources in the configuration again and again, until stopped.
pub(super) fn run(desk: &Desk, asked: &Watch) -> anyhow::Result<Outcome> {
    let configuration = Configuration::of(&desk.folder)?;
    let mut watching = Watching::new(&desk.folder, &configuration)?;
    let mut record = Record::create_or_open(&desk.folder, parallel::jobs(asked.jobs))?;
    record.mended.iter().for_each(|mended| talk(mended));
    let stop = stop_on_signal()?;
    let mut gathered = Gathered::default();
    watching.begin()?;
    while !stop.load(Ordering::Relaxed) {
        let left = watching.round(&mut record, (&mut gathered, &stop))?;
        if !asked.once {
            report(desk, asked, &mut gathered)?;
            std::thread::sleep(NAP);
            watching.begin()?;
        } else if left == Left::Nothing {
            break;
        }
    }
    if asked.once && asked.json {
        writeln!(desk.out(true), "{}", crate::wire::json(&gathered))?;
    } else if asked.once {
        write!(desk.out(false), "{}", gathered_in_words(&gathered))?;
    }
    end(record, true)
}

/// The sources of a record, and how far each was asked.
pub(crate) struct Watching<'c> {
    configuration: &'c Configuration,
    gathering: Gathering<'c>,
    folders: Folders,
}

impl<'c> Watching<'c> {
    /// Makes ready to watch what the configuration names, which has to be something.
    pub(crate) fn new(folder: &Path, configuration: &'c Configuration) -> anyhow::Result<Watching<'c>> {
        if configuration.sources.is_empty() {
            let file = folder.join("credence.toml");
            bail!(
                "there is nothing to watch: {} has no [[source]]; docs/watching.md shows one",
                file.display()
            );
        }
        let settings = configuration.fetcher(folder)?;
        let by_hand = Source::once(BY_HAND);
        let web = configuration.sources.iter().filter(|source| source.kind != SourceKind::Folder).cloned();
        let gathering = Gathering::new(Asker::new(settings)?, web.chain([by_hand]), configuration);
        Ok(Watching { configuration, gathering, folders: Folders::default() })
    }

    /// Has rounds end after so long, whatever is still being asked for.
    pub(crate) fn in_rounds_of(mut self, longest: Duration) -> Watching<'c> {
        self.gathering.in_rounds_of(longest);
        self
    }

    /// From now on, everything that is due is asked for once.
    pub(crate) fn begin(&mut self) -> anyhow::Result<()> {
        self.gathering.begin()
    }

    /// Asks for what is due, keeps what comes, and compares it with what is there.
    pub(crate) fn round(
        &mut self,
        record: &mut Record,
        (gathered, stop): (&mut Gathered, &AtomicBool),
    ) -> anyhow::Result<Left> {
        begin(record, self.configuration)?;
        self.folders.collect(record, (self.configuration, &mut *gathered))?;
        let left = self.gathering.round(record, (gathered, stop))?;
        corroborate(record, Stories::Small)?;
        Ok(left)
    }
}

/// Sets a flag when the user or the system wants this to end. What is being kept is kept to its end.
fn stop_on_signal() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            // Asked twice: nothing that was reported is lost.
            std::process::exit(2);
        }
        talk("stopping when what was received is kept; once more to stop at once");
    })
    .context("cannot listen for the signal to stop")?;
    Ok(stop)
}

/// Puts the sources themselves into the queue, each once, and those that were given up as well: somebody wants them.
fn begin(record: &mut Record, configuration: &Configuration) -> anyhow::Result<()> {
    let now = clock::now()?;
    let web = configuration.sources.iter().filter(|source| source.kind != SourceKind::Folder);
    let mut new = Vec::new();
    for source in web {
        match record.store().task(&source.name, &source.address)? {
            None => new.push(TaskRow::new(&source.name, &source.address, now)),
            Some(task) if task.state == TaskState::Dead && !task.is_erased() => {
                new.push(TaskRow { state: TaskState::Waiting, due_at: now, ..task });
            }
            Some(_) => {}
        }
    }
    if !new.is_empty() {
        record.writer().batch(|batch| new.iter().try_for_each(|task| batch.set_task(task)))?;
    }
    Ok(())
}

/// The folders that are watched, and when each was last looked at.
#[derive(Default)]
struct Folders {
    looked: BTreeMap<String, Instant>,
}

impl Folders {
    /// Keeps what is new in the folders that are due.
    fn collect(
        &mut self,
        record: &mut Record,
        (configuration, gathered): (&Configuration, &mut Gathered),
    ) -> anyhow::Result<()> {
        for source in configuration.sources.iter().filter(|source| source.kind == SourceKind::Folder) {
            if self.looked.get(&source.name).is_some_and(|looked| looked.elapsed() < source.every) {
                continue;
            }
            keep_folder(record, source, gathered)?;
            self.looked.insert(source.name.clone(), Instant::now());
        }
        Ok(())
    }
}

const BATCH: usize = 256;

fn keep_folder(record: &mut Record, source: &Source, gathered: &mut Gathered) -> anyhow::Result<()> {
    let folder = record.store().folder().to_owned();
    let options = collect::Options {
        outlet: source.outlet.clone(),
        except: Some(folder.clone()),
        ..collect::Options::default()
    };
    let mut items = collect::items([folder.join(&source.address)], options).peekable();
    while items.peek().is_some() {
        let seen = clock::now()?;
        let mut arrivals: Vec<Arrival> = Vec::new();
        for item in items.by_ref().take(BATCH) {
            match item {
                Ok(item) => arrivals.push(Arrival::Given(given(item, seen))),
                Err(skipped) => gathered.fail(&source.name, &skipped.to_string()),
            }
        }
        for kept in record.keep(arrivals)? {
            gathered.count_file(kept);
        }
    }
    Ok(())
}

/// Says what was gathered since the last time, if anything was.
fn report(desk: &Desk, asked: &Watch, gathered: &mut Gathered) -> anyhow::Result<()> {
    let gathered = std::mem::take(gathered);
    if gathered.is_worth_telling() && asked.json {
        let mut out = desk.out(true);
        writeln!(out, "{}", crate::wire::json(&gathered))?;
        out.flush()?;
    } else if gathered.is_worth_telling() {
        talk(&gathered_in_words(&gathered));
    }
    Ok(())
}

/// Says what was gathered.
pub(crate) fn gathered_in_words(gathered: &Gathered) -> String {
    let Gathered { kept, seen_again, known, changed, gone, left_out, failed, more_failed, .. } = gathered;
    let mut words = format!(
        "kept {kept} new ({changed} of them changed pages), {seen_again} seen again elsewhere, {known} as they were, \
         {gone} gone; failed {}\n",
        failed.len() as u64 + more_failed
    );
    if *left_out > 0 {
        words += &left_out_of_lists(*left_out);
    }
    for failed in failed {
        words += &format!("failed: {}: {}\n", failed.address, failed.fault);
    }
    if *more_failed > 0 {
        words += &format!("and {more_failed} more; `credence sources --failed` lists what failed\n");
    }
    words
}
