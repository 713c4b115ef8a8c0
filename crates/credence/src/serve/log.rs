//! What the desk says of itself while it runs: one JSON object a line on standard error, without a word of any report.

use std::io::Write as _;
use std::time::Duration;

/// Writes that something happened.
pub(crate) fn say(event: &str, about: &str) {
    line(serde_json::json!({ "at": crate::clock::or_now(), "event": event, "about": about }));
}

/// Writes that a request was answered. The route stands for the path, which may name a report.
pub(crate) fn answered((method, route): (&str, &str), status: u16, took: Duration) {
    line(serde_json::json!({
        "at": crate::clock::or_now(),
        "event": "answered",
        "method": method,
        "route": route,
        "status": status,
        "ms": took.as_secs_f64() * 1e3,
    }));
}

fn line(value: serde_json::Value) {
    // Nobody can be told if it fails.
    let _ = writeln!(std::io::stderr().lock(), "{value}");
}
