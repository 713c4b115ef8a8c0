//! When an address is asked for next: the queue's rules, as pure functions.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use collect::web::{Backoff, Validators};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::{TaskRow, TaskState};

use crate::configuration::{Source, SourceKind};

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

/// Returns how a task stands after it was asked for. After `attempts` failures in a row it is dead.
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
                None => failed(&mut next, now, (Duration::ZERO, attempts)),
            }
        }
        Seen::Later { status, wait } => {
            next.status = Some(*status);
            next.fault = Some(format!("not now (status {status})"));
            failed(&mut next, now, (wait.unwrap_or_default(), attempts));
        }
        Seen::Refused(status) => {
            next.status = Some(*status);
            next.fault = Some(format!("refused (status {status})"));
            failed(&mut next, now, (Duration::ZERO, attempts));
        }
        Seen::Failed { fault, may_pass } => {
            next.fault = Some(fault.clone());
            failed(&mut next, now, (Duration::ZERO, if *may_pass { attempts } else { 0 }));
        }
    }
    next
}

fn answered(task: &mut TaskRow, source: &Source, now: Timestamp) {
    task.attempts = 0;
    let is_kept_on =
        is_root(source, task) || source.kind == SourceKind::Page && source.address == task.address;
    let wait = match is_kept_on {
        true => Some(source.every),
        false => source.again.get(task.checks as usize).copied(),
    };
    task.checks = task.checks.saturating_add(1);
    task.state = if wait.is_some() { TaskState::Waiting } else { TaskState::Done };
    task.due_at = later(now, wait.unwrap_or_default());
}

fn failed(task: &mut TaskRow, now: Timestamp, (least, attempts): (Duration, u32)) {
    task.attempts = task.attempts.saturating_add(1);
    task.state = if task.attempts < attempts { TaskState::Failed } else { TaskState::Dead };
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
