//! One file for each command.

mod changes;
mod claims;
mod collect;
mod contradictions;
mod decide;
mod decisions;
mod erase;
mod eval;
mod explain;
mod family;
mod figures;
mod incidents;
mod log;
mod origins;
mod read;
mod reindex;
mod reports;
mod rows;
mod search;
mod serve;
mod show;
mod sign;
mod sources;
mod stories;
mod track;
mod verify;
mod versions;
mod watch;

pub(crate) use collect::{Hears, Summary, keep_inputs};
pub(crate) use show::find;
pub(crate) use verify::verified;
pub(crate) use watch::{Watching, gathered_in_words};

use std::io::Write;
use std::path::PathBuf;

use anyhow::anyhow;
use store::Store;

use crate::cli::{Cli, Colour, Command};
use crate::output::text;

/// Whether a command found anything; the exit code follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Found,
    Nothing,
    /// Stored bytes are no longer what they were; all else was done.
    Damaged,
}

impl Outcome {
    fn of(found: bool) -> Outcome {
        if found { Outcome::Found } else { Outcome::Nothing }
    }
}

/// What all commands share.
struct Desk {
    folder: PathBuf,
    colour: Colour,
}

impl Desk {
    /// Opens standard output: as it is for JSON, which is for programs, else with or without colour.
    fn out(&self, json: bool) -> Box<dyn Write> {
        if json { Box::new(std::io::stdout().lock()) } else { Box::new(text(self.colour)) }
    }

    /// Opens the rows for reading.
    fn store(&self) -> anyhow::Result<Store> {
        Store::open(&self.folder).map_err(|error| match error {
            store::Error::NoRecord { folder } => anyhow!(
                "there is no record in {}; `credence collect` makes one, --record names another",
                folder.display()
            ),
            error => error.into(),
        })
    }
}

/// Does what the command line asks for.
pub(crate) fn run(cli: Cli) -> anyhow::Result<Outcome> {
    let desk = Desk { folder: cli.record, colour: cli.color };
    match cli.command {
        Command::Track(asked) => track::run(&desk, &asked),
        Command::Collect(asked) => collect::run(&desk, &asked),
        Command::Watch(asked) => watch::run(&desk, &asked),
        Command::Sources(asked) => sources::run(&desk, &asked),
        Command::Versions(asked) => versions::run(&desk, &asked),
        Command::Verify(asked) => verify::run(&desk, &asked),
        Command::Log(asked) => log::run(&desk, &asked),
        Command::Erase(asked) => erase::run(&desk, &asked),
        Command::Sign(asked) => sign::run(&desk, &asked),
        Command::Read(asked) => read::run(&asked),
        Command::Reindex(asked) => reindex::run(&desk, &asked),
        Command::Reports(asked) => reports::run(&desk, &asked),
        Command::Stories(asked) => stories::run(&desk, &asked),
        Command::Incidents(asked) => incidents::run(&desk, &asked),
        Command::Incident(asked) => incidents::one(&desk, &asked),
        Command::Origins(asked) => origins::run(&desk, &asked),
        Command::Family(asked) => family::run(&desk, &asked),
        Command::Link(asked) => decide::link(&desk, &asked),
        Command::Unlink(asked) => decide::unlink(&desk, &asked),
        Command::Merge(asked) => decide::merge(&desk, &asked),
        Command::Split(asked) => decide::split(&desk, &asked),
        Command::Undo(asked) => decide::undo(&desk, &asked),
        Command::Changes(asked) => changes::run(&desk, &asked),
        Command::Decisions(asked) => decisions::run(&desk, &asked),
        Command::Claims(asked) => claims::run(&desk, &asked),
        Command::Figures(asked) => figures::run(&desk, &asked),
        Command::Contradictions(asked) => contradictions::run(&desk, &asked),
        Command::Show(asked) => show::run(&desk, &asked),
        Command::Explain(asked) => explain::run(&desk, &asked),
        Command::Search(asked) => search::run(&desk, &asked),
        Command::Serve(asked) => serve::run(&desk, &asked),
        Command::Eval(asked) => eval::run(&desk, &asked),
    }
}
