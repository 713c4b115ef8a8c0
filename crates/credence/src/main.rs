//! Credence: tracks reports of war crimes, weighs how credible they are, and keeps the proof.
//!
//! This crate is the command line. It knows the order of the steps, the JSON that others rely on and how text looks;
//! it decides nothing about a claim.

mod came;
mod changes;
mod cli;
mod clock;
mod commands;
mod configuration;
mod corroborating;
mod deciding;
mod decisions;
mod describe;
mod explanation;
mod family;
mod hints;
mod history;
mod incidents;
mod inputs;
mod ledger;
mod origins;
mod output;
mod parallel;
mod picture;
mod places;
mod reading;
mod record;
mod serve;
mod terminal;
mod versions;
mod web;
mod wire;

use std::process::ExitCode;

use clap::Parser as _;
use preserve::log::LogError;

use crate::commands::Outcome;

/// Damage was found: stored bytes are no longer what they were.
const DAMAGED: u8 = 3;

fn main() -> ExitCode {
    // The message of a panic can quote the text it stumbled over, and standard error may be a log: say where, not what.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or("an unknown place".to_owned(), ToString::to_string);
        output::talk(&format!("bug: a panic at {place}"));
    }));
    let cli = cli::Cli::parse();
    match commands::run(cli) {
        Ok(Outcome::Found) => ExitCode::SUCCESS,
        Ok(Outcome::Nothing) => ExitCode::from(1),
        Ok(Outcome::Damaged) => ExitCode::from(DAMAGED),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::talk(&format!("error: {error:#}"));
            if is_damaged_row(&error) {
                output::talk(
                    "`credence reindex` makes the rows and the search index again from the originals",
                );
            }
            if is_of_the_disk(&error) {
                output::talk(
                    "the disk is full or cannot be written: make room or give leave to write, then run it again; \
                     what was reported as kept is kept",
                );
            }
            ExitCode::from(if is_damage(&error) { DAMAGED } else { 2 })
        }
    }
}

/// Tells whether whoever read the output has stopped reading, as `head` does.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    })
}

/// Tells whether the disk took no more.
fn is_of_the_disk(error: &anyhow::Error) -> bool {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    let kinds = [FileTooLarge, QuotaExceeded, ReadOnlyFilesystem, StorageFull];
    error.chain().any(|cause| {
        cause.downcast_ref::<store::Error>().is_some_and(store::Error::is_of_the_disk)
            || cause.downcast_ref::<std::io::Error>().is_some_and(|error| kinds.contains(&error.kind()))
    })
}

fn is_damaged_row(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.downcast_ref::<store::Error>().is_some_and(store::Error::is_damage))
}

/// Tells whether stored bytes are no longer what they were.
pub(crate) fn is_damage(error: &anyhow::Error) -> bool {
    let is_of_originals = |error: &preserve::Error| matches!(error, preserve::Error::Damaged(_));
    let is_of_log = |error: &LogError| match error {
        LogError::Damaged(_) | LogError::ChangedSinceSealed(_) => true,
        LogError::Files(error) => is_of_originals(error),
        _ => false,
    };
    is_damaged_row(error)
        || error.chain().any(|cause| {
            cause.downcast_ref().is_some_and(is_of_originals) || cause.downcast_ref().is_some_and(is_of_log)
        })
}
