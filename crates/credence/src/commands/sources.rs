use std::io::Write as _;

use jiff::Timestamp;
use serde::Serialize;
use store::{SourceHealth, TaskRow, TaskState};

use super::{Desk, Outcome};
use crate::cli::Sources;
use crate::clock;
use crate::configuration::Configuration;
use crate::parallel;
use crate::record::Record;
use crate::terminal::plain_piece;

/// How a source stands, in the form of `--json`.
#[derive(Serialize)]
struct Health<'a> {
    source: &'a str,
    kind: Option<&'static str>,
    address: Option<&'a str>,
    handling: Option<&'static str>,
    marking: Option<&'static str>,
    waiting: u64,
    failed: u64,
    done: u64,
    dead: u64,
    tried_at: Option<Timestamp>,
    kept_at: Option<Timestamp>,
    due_at: Option<Timestamp>,
}

/// An address that failed, in the form of `--json`.
#[derive(Serialize)]
struct Failed<'a> {
    source: &'a str,
    address: &'a str,
    state: &'static str,
    attempts: u32,
    status: Option<u16>,
    fault: Option<&'a str>,
    tried_at: Option<Timestamp>,
    due_at: Timestamp,
}

/// Shows how the sources stand, or what failed; makes what failed due again.
pub(super) fn run(desk: &Desk, asked: &Sources) -> anyhow::Result<Outcome> {
    if asked.retry {
        return retry(desk, asked);
    }
    if asked.failed { list_failed(desk, asked) } else { list(desk, asked) }
}

/// What became due again, in the form of `--json`.
#[derive(Serialize)]
struct Retried {
    due_again: u64,
}

/// Makes what failed due again.
fn retry(desk: &Desk, asked: &Sources) -> anyhow::Result<Outcome> {
    let now = clock::now()?;
    let mut record = Record::open(&desk.folder, parallel::jobs(None))?;
    let due_again = record.writer().batch(|batch| batch.retry_failed(now))?;
    let outcome = super::collect::end(record, due_again > 0)?;
    let mut out = desk.out(asked.json);
    match asked.json {
        true => writeln!(out, "{}", crate::wire::json(&Retried { due_again }))?,
        false => writeln!(out, "{due_again} addresses are due again")?,
    }
    Ok(outcome)
}

fn list(desk: &Desk, asked: &Sources) -> anyhow::Result<Outcome> {
    let configuration = Configuration::of(&desk.folder)?;
    let health = desk.store()?.health()?;
    let mut out = desk.out(asked.json);
    let unasked =
        configuration.sources.iter().filter(|source| !health.iter().any(|one| one.source == source.name));
    let unasked = unasked.map(|source| SourceHealth::unasked(&source.name));
    let mut all: Vec<SourceHealth> = health.iter().cloned().chain(unasked).collect();
    all.sort_by(|one, other| one.source.cmp(&other.source));
    for one in &all {
        let source = configuration.source(&one.source);
        if asked.json {
            let row = Health {
                source: &one.source,
                kind: source.map(|source| source.kind.name()),
                address: source.map(|source| source.address.as_str()),
                handling: source.map(|source| source.handling.name()),
                marking: source.and_then(|source| Some(source.marking?.label())),
                waiting: one.waiting,
                failed: one.failed,
                done: one.done,
                dead: one.dead,
                tried_at: one.tried_at,
                kept_at: one.kept_at,
                due_at: one.due_at,
            };
            writeln!(out, "{}", crate::wire::json(&row))?;
        } else {
            write!(out, "{}", words(one))?;
        }
    }
    Ok(Outcome::of(!all.is_empty()))
}

fn words(one: &SourceHealth) -> String {
    let SourceHealth { source, waiting, failed, done, dead, tried_at, kept_at, due_at } = one;
    let time = |time: &Option<Timestamp>| time.map_or("never".to_owned(), |time| time.to_string());
    format!(
        "{}\n  {waiting} waiting, {failed} failed, {done} done, {dead} given up\n  last asked {}, last kept {}, next {}\n",
        plain_piece(source),
        time(tried_at),
        time(kept_at),
        time(due_at)
    )
}

fn list_failed(desk: &Desk, asked: &Sources) -> anyhow::Result<Outcome> {
    let store = desk.store()?;
    let mut out = desk.out(asked.json);
    let mut any = false;
    for state in [TaskState::Failed, TaskState::Dead] {
        store.tasks(state, |task| {
            any = true;
            if asked.json {
                writeln!(out, "{}", crate::wire::json(&failed(&task)))?;
            } else {
                let fault = task.fault.as_deref().unwrap_or("unknown");
                let next = match state {
                    TaskState::Dead => "given up".to_owned(),
                    _ => format!("next try {}", task.due_at),
                };
                let (source, address) = (plain_piece(&task.source), plain_piece(&task.address));
                writeln!(out, "{source}: {address}: {} ({next})", plain_piece(fault))?;
            }
            Ok::<(), anyhow::Error>(())
        })?;
    }
    Ok(Outcome::of(any))
}

fn failed(task: &TaskRow) -> Failed<'_> {
    Failed {
        source: &task.source,
        address: &task.address,
        state: task.state.name(),
        attempts: task.attempts,
        status: task.status,
        fault: task.fault.as_deref(),
        tried_at: task.tried_at,
        due_at: task.due_at,
    }
}
