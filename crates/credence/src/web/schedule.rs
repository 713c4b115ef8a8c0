//! When an address is asked for next: the queue's rules, as pure functions.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use collect::web::{Backoff, Validators};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::{TaskRow, TaskState};

use crate::configuration::Source;

/// What is known of an address besides how its task stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hints {
    /// The day that the list gives, on which the page was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) published: Option<Date>,
    /// Who publishes it, as the list says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) outlet: Option<String>,
    /// Where the address led when it was last answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<String>,
    /// Whether what is there is itself a list of addresses.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_list: bool,
}

/// What came of asking for an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Seen {
    /// It was there.
    Content { validators: Option<Validators> },
    /// It is as it was.
    NotModified,
    /// There is nothing, or nothing any longer.
    Gone(u16),
    /// The server has no time.
    Later { status: u16, wait: Option<Duration> },
    /// Another answer.
    Refused(u16),
    /// No answer, or none that can be used.
    Failed { fault: String, may_pass: bool },
}

impl Hints {
    pub(crate) fn of(task: &TaskRow) -> Hints {
        serde_json::from_str(&task.hints).unwrap_or_default()
    }
}

/// Tells whether the task is the source itself, and not a page that it lists.
pub(crate) fn is_root(source: &Source, task: &TaskRow) -> bool {
    source.address == task.address || Hints::of(task).is_list
}

/// Tells whether the task is asked for as long as its source is in the configuration, whatever comes of it.
///
/// What is given up there would be missed for good by somebody who does not look: an outage of two hours is as many
/// failures in a row as a page is allowed. An address that was given by hand is asked for once.
fn is_watched(source: &Source, task: &TaskRow) -> bool {
    !source.address.is_empty() && is_root(source, task)
}

/// Returns how a task stands after it was asked for. After `attempts` failures in a row it is dead, unless it is a
/// source that is watched: that one is asked for at most once a day or so.
pub(crate) fn after(
    task: &TaskRow,
    source: &Source,
    seen: &Seen,
    (now, attempts): (Timestamp, u32),
) -> TaskRow {
    let mut next = TaskRow { tried_at: Some(now), fault: None, status: None, ..task.clone() };
    match seen {
        Seen::Content { validators } => {
            answered(&mut next, source, now);
            next.status = Some(200);
            next.kept_at = Some(now);
            let (etag, last_modified, at) = match validators.clone() {
                Some(Validators { address, etag, last_modified }) => (etag, last_modified, Some(address)),
                None => (None, None, None),
            };
            (next.etag, next.last_modified) = (etag, last_modified);
            next.hints = crate::wire::json(&Hints { at, ..Hints::of(task) });
        }
        Seen::NotModified => {
            answered(&mut next, source, now);
            next.status = Some(304);
        }
        Seen::Gone(status) => {
            next.status = Some(*status);
            next.fault = Some(format!("gone (status {status})"));
            // A page that was there is looked at again as before: it may come back. One that never was is not.
            match task.kept_at {
                Some(_) => answered(&mut next, source, now),
                None => failed(&mut next, source, (now, Failure::passing(attempts))),
            }
        }
        Seen::Later { status, wait } => {
            next.status = Some(*status);
            next.fault = Some(format!("not now (status {status})"));
            let least = wait.unwrap_or_default();
            failed(&mut next, source, (now, Failure { least, ..Failure::passing(attempts) }));
        }
        Seen::Refused(status) => {
            next.status = Some(*status);
            next.fault = Some(format!("refused (status {status})"));
            failed(&mut next, source, (now, Failure::passing(attempts)));
        }
        Seen::Failed { fault, may_pass } => {
            next.fault = Some(fault.clone());
            let failure = if *may_pass { Failure::passing(attempts) } else { Failure::LASTING };
            failed(&mut next, source, (now, failure));
        }
    }
    next
}

/// How long a failure is waited out.
struct Failure {
    /// The shortest wait.
    least: Duration,
    /// How many in a row are the end.
    attempts: u32,
}

impl Failure {
    /// It will be the same the next time, unless somebody changes something.
    const LASTING: Failure = Failure { least: Duration::from_secs(24 * 60 * 60), attempts: 0 };

    fn passing(attempts: u32) -> Failure {
        Failure { least: Duration::ZERO, attempts }
    }
}

fn answered(task: &mut TaskRow, source: &Source, now: Timestamp) {
    task.attempts = 0;
    let wait = match is_watched(source, task) {
        true => Some(source.every),
        false => source.again.get(task.checks as usize).copied(),
    };
    task.checks = task.checks.saturating_add(1);
    task.state = if wait.is_some() { TaskState::Waiting } else { TaskState::Done };
    task.due_at = later(now, wait.unwrap_or_default());
}

fn failed(task: &mut TaskRow, source: &Source, (now, failure): (Timestamp, Failure)) {
    let Failure { least, attempts } = failure;
    task.attempts = task.attempts.saturating_add(1);
    let goes_on = task.attempts < attempts || is_watched(source, task);
    task.state = if goes_on { TaskState::Failed } else { TaskState::Dead };
    task.due_at = later(now, least.max(Backoff::default().wait(task.attempts, seed(&task.address))));
}

/// The same address waits equally long each time, and two addresses do not.
fn seed(address: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    address.hash(&mut hasher);
    hasher.finish()
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::configuration::SourceKind;

    const FEED: &str = "https://tesmin.example/feed";
    const PAGE: &str = "https://tesmin.example/3";

    fn source() -> Source {
        let again = vec![Duration::from_secs(100), Duration::from_secs(1000)];
        Source { kind: SourceKind::Feed, address: FEED.into(), again, ..Source::once("Тесмин") }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// Says how a task stands after each of the answers, a second apart from when it was due.
    fn check(address: &str, answers: &[Seen], expected: &str) {
        let mut task = TaskRow::new("Тесмин", address, at(0));
        let mut told = Vec::new();
        for seen in answers {
            let now = task.due_at;
            task = after(&task, &source(), seen, (now, 3));
            told.push(format!("{} {}", task.state.name(), task.due_at.as_second() - now.as_second()));
        }
        assert_eq!(told.join(", "), expected);
    }

    const THERE: Seen = Seen::Content { validators: None };

    #[test]
    fn a_feed_is_asked_for_ever() {
        check(FEED, &[THERE, Seen::NotModified, THERE], "waiting 900, waiting 900, waiting 900");
    }

    #[test]
    fn a_page_is_looked_at_again_and_then_left() {
        check(PAGE, &[THERE, Seen::NotModified, THERE], "waiting 100, waiting 1000, done 0");
    }

    #[test]
    fn what_was_there_may_come_back() {
        check(PAGE, &[THERE, Seen::Gone(410), THERE], "waiting 100, waiting 1000, done 0");
    }

    #[test]
    fn a_server_without_time_is_given_it() {
        let wait = Some(Duration::from_secs(5000));
        check(PAGE, &[Seen::Later { status: 503, wait }, THERE], "failed 5000, waiting 100");
    }

    #[test]
    fn a_source_that_is_watched_is_never_given_up() {
        let lasting = Seen::Failed { fault: "it is not public".into(), may_pass: false };
        for seen in [Seen::Refused(403), Seen::Gone(404), Seen::Later { status: 503, wait: None }, lasting] {
            let mut task = TaskRow::new("Тесмин", FEED, at(0));
            let mut waits = Vec::new();
            for _ in 0..20 {
                let now = task.due_at;
                task = after(&task, &source(), &seen, (now, 3));
                assert_eq!(task.state, TaskState::Failed, "{seen:?}");
                waits.push(task.due_at.as_second() - now.as_second());
            }
            let day = 24 * 60 * 60;
            assert!(waits[12..].iter().all(|wait| (day / 2..=day).contains(wait)), "{waits:?}");
            assert_eq!(after(&task, &source(), &THERE, (task.due_at, 3)).state, TaskState::Waiting);
        }
    }

    #[test]
    fn a_list_that_was_given_by_hand_is_asked_for_once() {
        let hints = crate::wire::json(&Hints { is_list: true, ..Hints::default() });
        let task = TaskRow { hints, ..TaskRow::new("by hand", PAGE, at(0)) };
        assert_eq!(after(&task, &Source::once("by hand"), &THERE, (at(9), 3)).state, TaskState::Done);
    }

    #[test]
    fn failures_in_a_row_end_it() {
        let mut task = TaskRow::new("Тесмин", PAGE, at(0));
        for state in [TaskState::Failed, TaskState::Failed, TaskState::Dead] {
            task = after(&task, &source(), &Seen::Refused(403), (at(9), 3));
            assert_eq!(task.state, state);
            assert!(task.due_at > at(9));
        }
        assert_eq!(task.fault.as_deref(), Some("refused (status 403)"));
        let broken = Seen::Failed { fault: "it is not an address".into(), may_pass: false };
        assert_eq!(
            after(&TaskRow::new("a", PAGE, at(0)), &source(), &broken, (at(9), 3)).state,
            TaskState::Dead
        );
    }
}
