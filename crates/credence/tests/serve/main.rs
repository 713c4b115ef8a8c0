//! The desk: what it answers, to whom, and what it does to the record.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "../common/mod.rs"]
mod common;

mod answers;
mod contract;
mod guarded;
mod hostile;
mod islands;
mod work;

use common::desk::Desk;
use common::{Folder, samples};

/// A record of the sample reports, and a desk that is open on it.
fn of_samples() -> (Folder, Desk) {
    let folder = Folder::new();
    folder.run(&["collect", samples().join("reports").to_str().unwrap()]).fine();
    // Reading brings stories and incidents up to date.
    folder.run(&["incidents"]).fine();
    let desk = Desk::open(&folder);
    (folder, desk)
}

/// Writes an id as a part of a path.
fn escaped(id: &str) -> String {
    id.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}
