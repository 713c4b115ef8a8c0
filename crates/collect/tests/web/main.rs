//! Fetching from servers on this machine that misbehave, pretend and refuse. Nothing else is connected to.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod conditional;
mod misbehaviour;
mod proxies;
mod reach;
mod secure;
mod server;
