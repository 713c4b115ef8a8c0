//! Chores of the workspace: `cargo xtask model` makes the model of the crate `language` again.

mod model;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask model            makes crates/language/model/en_core_web_md.bin from the pinned package
cargo xtask model --record   records again what spaCy reads, for the parity test";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["model"] => model::make(),
        ["model", "--record"] => model::record(),
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
