//! What the desk says of itself while it runs: one JSON object a line on standard error, without a word of any report. A person at a
//! terminal is told of errors alone, in words: lines for programs would push the link away.

use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use crate::output::talk;

/// Writes that something happened that somebody has to know of.
pub(crate) fn say(event: &str, about: &str) {
    match is_for_people() {
        true => talk(&format!("{}: {about}", crate::describe::spaced(event))),
        false => line(serde_json::json!({ "at": crate::clock::or_now(), "event": event, "about": about })),
    }
}

/// Writes that a request was answered. The route stands for the path, which may name a report.
pub(crate) fn answered((method, route): (&str, &str), status: u16, took: Duration) {
    if is_for_people() {
        if status >= 500 {
            talk(&format!("{method} {route} was answered with {status}"));
        }
        return;
    }
    line(serde_json::json!({
        "at": crate::clock::or_now(),
        "event": "answered",
        "method": method,
        "route": route,
        "status": status,
        "ms": took.as_secs_f64() * 1e3,
    }));
}

fn is_for_people() -> bool {
    std::io::stderr().is_terminal()
}

fn line(value: serde_json::Value) {
    // Nobody can be told if it fails.
    let _ = writeln!(std::io::stderr().lock(), "{value}");
}
