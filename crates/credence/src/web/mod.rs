//! Asking the web: what is due, by several threads at once, and what is kept of each answer.

mod ask;
mod crew;
mod listed;
mod schedule;

pub(crate) use ask::{Asker, Visited};
pub(crate) use crew::Crew;
pub(crate) use listed::{Listed, listed};
pub(crate) use schedule::{Seen, after, is_root};
