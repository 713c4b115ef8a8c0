use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::AtomicBool;

use anyhow::Context as _;
use collect::archives::{Checked, Verdict};
use collect::web::without_password;
use indicatif::{ProgressBar, ProgressStyle};
use model::Digest;
use preserve::Capture;
use serde::Serialize;
use store::{TaskRow, TaskState};

use super::{Desk, Outcome};
use crate::came::Came;
use crate::cli::{Collect, Inputs};
use crate::configuration::{BY_HAND, Configuration, Source};
use crate::corroborating::{Stories, corroborate};
use crate::inputs::{items, next_batch};
use crate::output::talk;
use crate::record::{Arrival, Given, Kept, Record, Unwritten};
use crate::terminal::plain_piece;
use crate::web::{Asker, Gathered, Gathering, Left, MOST_LISTED};
use crate::{clock, parallel};

/// What a run of `collect` did.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Summary {
    /// Originals that were not in the record.
    kept: u64,
    /// Originals that were in the record, met at a place that was not.
    seen_again: u64,
    /// Originals that were in the record, met at the same place.
    known: u64,
    skipped: Vec<Skipped>,
    /// How many more were skipped than are listed.
    more_skipped: u64,
    /// Addresses that lists name and that were left out: more than are taken, or lists below lists.
    left_out: u64,
    /// Files and folders whose names begin with a dot.
    hidden: u64,
    /// Records of archives that hold no report: requests, redirects, errors, pictures, scripts.
    other_records: u64,
    /// Originals out of archives whose digests differ, or that are not whole.
    doubtful: u64,
    /// Which came: their names are for whoever looks on.
    #[serde(skip)]
    pub(crate) came: Came,
}

#[derive(Debug, Serialize)]
struct Skipped {
    source: String,
    line: Option<u64>,
    reason: String,
}

/// Collects reports into the record and prints a summary.
pub(super) fn run(desk: &Desk, asked: &Collect) -> anyhow::Result<Outcome> {
    let (summary, outcome) = collect(desk, asked)?;
    let mut out = desk.out(asked.json);
    if asked.json {
        writeln!(out, "{}", crate::wire::json(&summary))?;
    } else {
        write!(out, "{}", summary.text())?;
    }
    Ok(outcome)
}

/// Keeps and reads the inputs, then works out what all reports say together.
pub(super) fn collect(desk: &Desk, asked: &Collect) -> anyhow::Result<(Summary, Outcome)> {
    let mut record = Record::create_or_open(&desk.folder, parallel::jobs(asked.inputs.jobs))?;
    for mended in &record.mended {
        talk(mended);
    }
    let mut summary = Summary::default();
    let progress = Progress::new();
    keep_inputs(&mut record, &asked.inputs, (&mut summary, &progress))?;
    progress.say_waiting("comparing reports");
    corroborate(&mut record, Stories::Small)?;
    progress.end();
    let found = summary.kept + summary.seen_again + summary.known > 0;
    Ok((summary, end(record, found)?))
}

/// Hears how far a run is.
pub(crate) trait Hears {
    /// Something was left out.
    fn skipped(&self, words: &str);
    /// Something is kept, and durable.
    fn kept(&self, summary: &Summary);
}

/// Keeps and reads what lies in files and at addresses of the web.
pub(crate) fn keep_inputs(
    record: &mut Record,
    inputs: &Inputs,
    (summary, hears): (&mut Summary, &dyn Hears),
) -> anyhow::Result<()> {
    let (addresses, files) = addresses_among(inputs)?;
    keep_files(record, &Inputs { paths: files, ..inputs.clone() }, (summary, hears))?;
    if !addresses.is_empty() {
        let gathered = fetch(record, (&addresses, inputs))?;
        summary.add(gathered);
        hears.kept(summary);
    }
    Ok(())
}

/// Keeps what lies in files.
fn keep_files(
    record: &mut Record,
    inputs: &Inputs,
    (summary, hears): (&mut Summary, &dyn Hears),
) -> anyhow::Result<()> {
    let folder = record.store().folder().to_owned();
    let mut items = items(inputs, Some(&folder));
    let (mut unwritten, mut before) = (Unwritten::default(), Vec::new());
    loop {
        let batch = next_batch(&mut items);
        let is_over = batch.is_none();
        let batch = batch.unwrap_or_default();
        for skipped in batch.skipped {
            hears.skipped(&format!("skipped {skipped}"));
            summary.skip(skipped);
        }
        let seen = clock::now()?;
        summary.doubtful += batch.items.iter().filter(|item| is_doubtful(item)).count() as u64;
        let digests: Vec<_> = batch.items.iter().map(|item| item.digest).collect();
        let arrivals = batch.items.into_iter().map(|item| Arrival::Given(given(item, seen))).collect();
        let kept;
        (kept, unwritten) = record.keep_on(arrivals, unwritten)?;
        let is_any = !kept.is_empty();
        for (digest, kept) in std::mem::replace(&mut before, digests).into_iter().zip(kept) {
            summary.count(digest, kept);
        }
        if is_any {
            hears.kept(summary);
        }
        if is_over {
            break;
        }
    }
    summary.hidden += items.hidden();
    summary.other_records += items.other_records();
    Ok(())
}

/// Takes the addresses of the web out of the inputs, those in lists among them.
fn addresses_among(inputs: &Inputs) -> anyhow::Result<(Vec<String>, Vec<String>)> {
    let (mut addresses, mut files) = (Vec::new(), Vec::new());
    for path in &inputs.paths {
        if is_address(path) {
            addresses.push(path.clone());
        } else if let Some(list) = path.strip_prefix('@') {
            let text = std::fs::read_to_string(list)
                .with_context(|| format!("cannot read the list of addresses {list:?}"))?;
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
            addresses.extend(lines.map(str::to_owned));
        } else {
            files.push(path.clone());
        }
    }
    Ok((addresses.into_iter().map(cleaned).collect(), files))
}

fn is_address(path: &str) -> bool {
    path.split_once("://").is_some_and(|(scheme, _)| {
        scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
    })
}

/// Leaves off a name and a password: nobody logs in anywhere, and an address is kept and shown.
fn cleaned(address: String) -> String {
    let Some(without) = without_password(&address) else { return address };
    talk(&format!(
        "left off the name and password in an address, which are not used: {}",
        plain_piece(&without)
    ));
    without
}

/// Asks for addresses that were given by hand, and for the pages of those that are lists.
fn fetch(record: &mut Record, (addresses, inputs): (&[String], &Inputs)) -> anyhow::Result<Gathered> {
    let folder = record.store().folder().to_owned();
    let configuration = Configuration::of(&folder)?;
    let now = clock::now()?;
    let mut due = Vec::new();
    for address in addresses {
        let known = record.store().task(BY_HAND, address)?;
        let task = known.unwrap_or_else(|| TaskRow::new(BY_HAND, address, now));
        // It is asked for however short a time ago it was: a clock of whole seconds would not tell.
        due.push(TaskRow { state: TaskState::Waiting, attempts: 0, due_at: now, tried_at: None, ..task });
    }
    record.writer().batch(|batch| due.iter().try_for_each(|task| batch.set_task(task)))?;
    let source = Source { outlet: inputs.outlet.clone(), ..Source::once(BY_HAND) };
    let asker = Asker::new(configuration.fetcher(&folder)?)?;
    let mut gathered = Gathered::default();
    let mut gathering = Gathering::new(asker, [source], &configuration);
    gathering.begin()?;
    while gathering.round(record, (&mut gathered, &AtomicBool::new(false)))? == Left::Something {}
    Ok(gathered)
}

/// Ends a run: seals the record, and names the damage that was met; everything else was done.
pub(super) fn end(record: Record, found: bool) -> anyhow::Result<Outcome> {
    for damaged in &record.damaged {
        talk(damaged);
    }
    let outcome = if record.damaged.is_empty() { Outcome::of(found) } else { Outcome::Damaged };
    record.close()?;
    Ok(outcome)
}

pub(super) fn given(item: collect::Item, seen: jiff::Timestamp) -> Given {
    let sighting = preserve::Sighting {
        original: item.digest,
        first_received: seen,
        seen,
        source: item.sighting.source,
        line: item.sighting.line,
        byte_offset: item.sighting.byte_offset,
        kind: item.kind,
        hints: item.metadata,
        capture: item.sighting.capture.map(captured).map(Box::new),
    };
    Given { bytes: item.bytes, uri: item.sighting.uri, sighting }
}

/// Says in the words of the record how an archive captured an original.
fn captured(capture: collect::Capture) -> Capture {
    let collect::Capture { url, at, record, content_type, digests, cut, .. } = capture;
    let digest_notes = digests.iter().filter_map(digest_note).collect();
    Capture { url, at, record, content_type, digest_notes, cut: cut.map(|cut| cut.to_string()) }
}

/// Says what is wrong with a digest of an archive; nothing, if it agrees.
fn digest_note(digest: &Checked) -> Option<String> {
    let verdict = match digest.verdict {
        Verdict::Agrees => return None,
        Verdict::Differs => "differs",
        Verdict::Unknown => "unchecked",
    };
    Some(format!("{verdict} {} {}", digest.field, digest.written))
}

/// Tells whether an archive itself says that this is not what it captured, or not all of it.
fn is_doubtful(item: &collect::Item) -> bool {
    let differs = |digest: &Checked| digest.verdict == Verdict::Differs;
    let of = |capture: &collect::Capture| capture.cut.is_some() || capture.digests.iter().any(differs);
    item.sighting.capture.as_ref().is_some_and(of)
}

impl Summary {
    /// Counts an original, and what became of it.
    pub(crate) fn count(&mut self, original: Digest, kept: Kept) {
        self.came.add(original, kept);
        match kept {
            Kept::New => self.kept += 1,
            Kept::SeenAgain => self.seen_again += 1,
            Kept::Known => self.known += 1,
            Kept::Answer => {}
        }
    }

    /// Adds what came over the web.
    fn add(&mut self, gathered: Gathered) {
        self.kept += gathered.kept;
        self.seen_again += gathered.seen_again;
        self.known += gathered.known;
        self.came.extend(gathered.came);
        for failed in gathered.failed {
            talk(&format!("not collected: {}: {}", failed.address, failed.fault));
            self.list(Skipped { source: failed.address, line: None, reason: failed.fault });
        }
        self.more_skipped += gathered.more_failed;
        self.left_out += gathered.left_out;
    }

    fn skip(&mut self, skipped: collect::Skipped) {
        let reason = skipped.reason.to_string();
        self.list(Skipped { source: skipped.source, line: skipped.line, reason });
    }

    fn list(&mut self, skipped: Skipped) {
        if self.skipped.len() < MOST_LISTED {
            self.skipped.push(skipped);
        } else {
            self.more_skipped += 1;
        }
    }

    /// Says what is kept while more comes.
    pub(crate) fn so_far(&self) -> String {
        format!("kept {}, known {}", self.kept, self.known + self.seen_again)
    }

    pub(crate) fn text(&self) -> String {
        let Summary { kept, seen_again, known, .. } = self;
        let skipped = self.skipped.len() as u64 + self.more_skipped;
        let mut text =
            format!("kept {kept} new, {seen_again} seen again elsewhere, {known} known; skipped {skipped}\n");
        if self.hidden > 0 {
            text += &format!("passed over {} whose names begin with a dot\n", self.hidden);
        }
        if self.other_records > 0 {
            text += &format!("passed over {} records of archives that hold no report\n", self.other_records);
        }
        if self.left_out > 0 {
            text += &left_out_of_lists(self.left_out);
        }
        if self.doubtful > 0 {
            text += &format!("{} do not agree with their archive's digests, or are cut off\n", self.doubtful);
        }
        text
    }
}

/// Says how much of what lists name is not asked for.
pub(super) fn left_out_of_lists(count: u64) -> String {
    format!("left out {count} addresses that lists name: too many, or lists of lists (docs/watching.md)\n")
}

/// How far a run is: a bar on a terminal, plain lines in a pipe.
struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    fn new() -> Progress {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})");
            let bar = ProgressBar::new_spinner();
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar
        });
        Progress { bar }
    }

    fn say_waiting(&self, words: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(words.to_owned());
            bar.tick();
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Hears for Progress {
    fn skipped(&self, words: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| talk(words)),
            None => talk(words),
        }
    }

    fn kept(&self, summary: &Summary) {
        match &self.bar {
            Some(_) => self.say_waiting(&summary.so_far()),
            None => talk(&summary.so_far()),
        }
    }
}
