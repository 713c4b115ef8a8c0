//! Asking the web: what is due, by several threads at once, and what is kept of each answer.

mod ask;
mod crew;
mod gathering;
mod listed;
mod rules;
mod schedule;

pub(crate) use ask::Asker;
pub(crate) use gathering::{Gathered, Gathering, Left, MOST_LISTED};

use ask::Visited;
use crew::Crew;
use listed::{Listed, listed};
use schedule::{Hints, Seen, after, is_root};
