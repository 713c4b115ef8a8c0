//! The queue of what is asked for over the web.

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use crate::conditions::Select;
use crate::days::{moment, moment_at};
use crate::{Batch, Error, Put, Store};

/// One address of one source: when it is asked for next, and what became of it the last time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRow {
    /// The name of the source.
    pub source: String,
    /// The address.
    pub address: String,
    /// Whether it is asked for again.
    pub state: TaskState,
    /// How often it failed in a row.
    pub attempts: u32,
    /// How often it was answered.
    pub checks: u32,
    /// When it is to be asked for next.
    pub due_at: Timestamp,
    /// When it was last asked for.
    pub tried_at: Option<Timestamp>,
    /// When something was last kept of it.
    pub kept_at: Option<Timestamp>,
    /// The mark of the last version, as the server gave it.
    pub etag: Option<String>,
    /// The time of the last version, as the server gave it.
    pub last_modified: Option<String>,
    /// The last status of HTTP.
    pub status: Option<u16>,
    /// Why it failed the last time.
    pub fault: Option<String>,
    /// The original that was last found there.
    pub digest: Option<[u8; 32]>,
    /// What is known of it besides: a JSON object.
    pub hints: String,
}

/// Whether an address is asked for again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskState {
    /// It will be, when it is due.
    Waiting,
    /// It failed, and will be tried again when it is due.
    Failed,
    /// It was answered for the last time.
    Done,
    /// It failed too often, or for good: a person decides.
    Dead,
}

/// How the addresses of one source stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceHealth {
    /// The name of the source.
    pub source: String,
    /// How many addresses wait, failed, are done, are dead.
    pub waiting: u64,
    /// See above.
    pub failed: u64,
    /// See above.
    pub done: u64,
    /// See above.
    pub dead: u64,
    /// When one was last asked for.
    pub tried_at: Option<Timestamp>,
    /// When something was last kept.
    pub kept_at: Option<Timestamp>,
    /// When the next is due.
    pub due_at: Option<Timestamp>,
}

/// Which tasks are asked for that are due.
#[derive(Debug, Clone, Copy)]
pub struct Due<'a> {
    /// The time at which they are due.
    pub at: Timestamp,
    /// The names of their sources.
    pub sources: &'a [&'a str],
    /// How many at most of one host.
    pub per_host: usize,
    /// How many at most.
    pub limit: usize,
}

/// How many addresses a source has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SourceSize {
    /// All of them.
    pub addresses: u64,
    /// Those that are lists of further addresses: their hints have a true `is_list`.
    pub lists: u64,
}

impl SourceHealth {
    /// Returns how a source stands that was never asked.
    pub fn unasked(source: &str) -> SourceHealth {
        SourceHealth {
            source: source.to_owned(),
            waiting: 0,
            failed: 0,
            done: 0,
            dead: 0,
            tried_at: None,
            kept_at: None,
            due_at: None,
        }
    }
}

impl TaskState {
    const ALL: [TaskState; 4] = [TaskState::Waiting, TaskState::Failed, TaskState::Done, TaskState::Dead];

    /// Returns the fixed name of the state.
    pub fn name(self) -> &'static str {
        match self {
            TaskState::Waiting => "waiting",
            TaskState::Failed => "failed",
            TaskState::Done => "done",
            TaskState::Dead => "dead",
        }
    }

    /// Finds the state of that name.
    pub fn from_name(name: &str) -> Option<TaskState> {
        TaskState::ALL.into_iter().find(|state| state.name() == name)
    }
}

impl TaskRow {
    /// Makes a task that was never tried.
    pub fn new(source: &str, address: &str, due_at: Timestamp) -> TaskRow {
        TaskRow {
            source: source.to_owned(),
            address: address.to_owned(),
            state: TaskState::Waiting,
            attempts: 0,
            checks: 0,
            due_at,
            tried_at: None,
            kept_at: None,
            etag: None,
            last_modified: None,
            status: None,
            fault: None,
            digest: None,
            hints: "{}".to_owned(),
        }
    }
}

impl TaskRow {
    /// Tells whether an original that it showed was lawfully removed, so that it is not to be had again.
    pub fn is_erased(&self) -> bool {
        self.fault.as_deref() == Some(ERASED)
    }
}

/// The fault of a task that shows an original that was lawfully removed: it is not to be had again.
pub(crate) const ERASED: &str = "erased";

pub(crate) const TASK: &str = "source, address, state, attempts, checks, due_at, tried_at, kept_at, etag, last_modified, status, \
     fault, digest, hints";

impl Store {
    /// Returns the task of that source and address.
    pub fn task(&self, source: &str, address: &str) -> Result<Option<TaskRow>, Error> {
        self.rows(|connection| {
            let sql = format!("SELECT {TASK} FROM tasks WHERE source = ?1 AND address = ?2");
            connection.prepare_cached(&sql)?.query_row([source, address], task).optional()
        })
    }

    /// Returns the tasks of some sources that are due at a time, the longest due first of each host, the hosts in turns.
    pub fn due(&self, due: &Due<'_>) -> Result<Vec<TaskRow>, Error> {
        let Due { at, sources, per_host, limit } = due;
        self.rows(|connection| {
            let names = vec!["?"; sources.len()].join(", ");
            let open = "state IN ('waiting', 'failed')";
            // One step in the index for each host, however many of its tasks are due.
            let sql = format!(
                "WITH RECURSIVE hosts (name) AS (
                    SELECT min(host) FROM tasks WHERE {open}
                    UNION ALL
                    SELECT (SELECT min(host) FROM tasks WHERE {open} AND host > name) FROM hosts
                    WHERE name IS NOT NULL
                 ), turns AS (
                    SELECT id, row_number() OVER (PARTITION BY host ORDER BY due_at, id) AS turn
                    FROM hosts JOIN tasks ON id IN (
                        SELECT id FROM tasks WHERE host = name AND {open} AND due_at <= ? AND source IN ({names})
                        ORDER BY due_at, id LIMIT ?
                    )
                 )
                 SELECT {TASK} FROM turns JOIN tasks USING (id) ORDER BY turn, due_at, id LIMIT ?"
            );
            let count = |count: usize| Value::from(i64::try_from(count).unwrap_or(i64::MAX));
            let mut values = vec![Value::from(at.as_microsecond())];
            values.extend(sources.iter().map(|source| Value::from((*source).to_owned())));
            values.extend([count(*per_host), count(*limit)]);
            connection.prepare_cached(&sql)?.query_map(params_from_iter(values), task)?.collect()
        })
    }

    /// Tells how many addresses a source has.
    pub fn source_size(&self, source: &str) -> Result<SourceSize, Error> {
        self.rows(|connection| {
            let sql =
                "SELECT count(*), count(*) FILTER (WHERE hints ->> 'is_list') FROM tasks WHERE source = ?1";
            connection
                .prepare_cached(sql)?
                .query_row([source], |row| Ok(SourceSize { addresses: row.get(0)?, lists: row.get(1)? }))
        })
    }

    /// Hands over the tasks in that state, by source and address.
    pub fn tasks<E: From<Error>>(
        &self,
        state: TaskState,
        each: impl FnMut(TaskRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = format!("SELECT {TASK} FROM tasks WHERE state = ? ORDER BY source, address");
        self.each(&Select { sql, values: vec![Value::from(state.name().to_owned())] }, task, each)
    }

    /// Tells how the addresses of each source stand, by the name of the source.
    pub fn health(&self) -> Result<Vec<SourceHealth>, Error> {
        self.rows(|connection| {
            let count = |state: TaskState| format!("count(*) FILTER (WHERE state = '{}')", state.name());
            let counts = TaskState::ALL.map(count).join(", ");
            let sql = format!(
                "SELECT source, {counts}, max(tried_at) AS tried_at, max(kept_at) AS kept_at,
                    min(due_at) FILTER (WHERE state IN ('waiting', 'failed')) AS due_at
                 FROM tasks GROUP BY source ORDER BY source"
            );
            connection.prepare(&sql)?.query_map([], health)?.collect()
        })
    }
}

impl Batch<'_> {
    /// Puts a task. One of the same source and address stays as it is.
    pub fn put_task(&mut self, row: &TaskRow) -> Result<Put, Error> {
        self.change(|connection| write(connection, row, "ON CONFLICT (source, address) DO NOTHING"))
            .map(Put::of)
    }

    /// Writes down how a task stands now.
    pub fn set_task(&mut self, row: &TaskRow) -> Result<(), Error> {
        let replace = "ON CONFLICT (source, address) DO UPDATE SET
            state = excluded.state, attempts = excluded.attempts, checks = excluded.checks,
            due_at = excluded.due_at, tried_at = excluded.tried_at, kept_at = excluded.kept_at,
            etag = excluded.etag, last_modified = excluded.last_modified, status = excluded.status,
            fault = excluded.fault, digest = excluded.digest, hints = excluded.hints";
        self.change(|connection| write(connection, row, replace)).map(drop)
    }

    /// Makes what failed due at once, the dead among it, and returns how many that were. What shows an original that
    /// was erased is left alone.
    pub fn retry_failed(&mut self, at: Timestamp) -> Result<u64, Error> {
        let changed = self.change(|connection| {
            connection.execute(
                "UPDATE tasks SET state = 'waiting', attempts = 0, due_at = ?1
                 WHERE state IN ('failed', 'dead') AND fault IS NOT ?2",
                params![at.as_microsecond(), ERASED],
            )
        })?;
        Ok(changed as u64)
    }
}

fn write(connection: &Connection, row: &TaskRow, conflict: &str) -> rusqlite::Result<usize> {
    let values = "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14";
    let sql = format!("INSERT INTO tasks ({TASK}) VALUES ({values}) {conflict}");
    let micros = |time: Option<Timestamp>| time.map(Timestamp::as_microsecond);
    connection.prepare_cached(&sql)?.execute(params![
        row.source,
        row.address,
        row.state.name(),
        row.attempts,
        row.checks,
        row.due_at.as_microsecond(),
        micros(row.tried_at),
        micros(row.kept_at),
        row.etag,
        row.last_modified,
        row.status,
        row.fault,
        row.digest,
        row.hints,
    ])
}

pub(crate) fn task(row: &Row) -> rusqlite::Result<TaskRow> {
    Ok(TaskRow {
        source: row.get("source")?,
        address: row.get("address")?,
        // A state that nobody knows is one for a person to look at.
        state: TaskState::from_name(&row.get::<_, String>("state")?).unwrap_or(TaskState::Dead),
        attempts: row.get("attempts")?,
        checks: row.get("checks")?,
        due_at: moment_at(row, "due_at")?,
        tried_at: moment(row, "tried_at")?,
        kept_at: moment(row, "kept_at")?,
        etag: row.get("etag")?,
        last_modified: row.get("last_modified")?,
        status: row.get("status")?,
        fault: row.get("fault")?,
        digest: row.get("digest")?,
        hints: row.get("hints")?,
    })
}

fn health(row: &Row) -> rusqlite::Result<SourceHealth> {
    Ok(SourceHealth {
        source: row.get("source")?,
        waiting: row.get(1)?,
        failed: row.get(2)?,
        done: row.get(3)?,
        dead: row.get(4)?,
        tried_at: moment(row, "tried_at")?,
        kept_at: moment(row, "kept_at")?,
        due_at: moment(row, "due_at")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Record;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn record() -> Record {
        let mut record = Record::new();
        let put = record.writer.batch(|batch| {
            let first = batch.put_task(&TaskRow::new("Тесмин", "https://tesmin.example/2", at(20)))?;
            let second = batch.put_task(&TaskRow::new("Тесмин", "https://tesmin.example/1", at(10)))?;
            batch.put_task(&TaskRow::new("Orsk", "https://orsk.example/", at(30)))?;
            Ok::<_, Error>([first, second])
        });
        assert_eq!(put.unwrap(), [Put::New, Put::New]);
        record
    }

    fn addresses(tasks: &[TaskRow]) -> Vec<&str> {
        tasks.iter().map(|task| task.address.as_str()).collect()
    }

    fn due(store: &Store, second: i64, limit: usize) -> Vec<TaskRow> {
        store.due(&Due { at: at(second), sources: &["Тесмин", "Orsk"], per_host: 9, limit }).unwrap()
    }

    #[test]
    fn a_host_with_many_pages_leaves_the_others_their_turn() {
        let mut record = record();
        let put = record.writer.batch(|batch| {
            (0..100).try_for_each(|number| {
                let address = format!("https://TESMIN.example/old/{number}");
                batch.put_task(&TaskRow::new("Тесмин", &address, at(1))).map(drop)
            })
        });
        put.unwrap();
        let due = due(record.writer.store(), 30, 4);
        let hosts = due.iter().map(|task| task.address.split('/').nth(2).unwrap());
        assert_eq!(
            hosts.collect::<Vec<_>>(),
            ["TESMIN.example", "orsk.example", "TESMIN.example", "TESMIN.example"]
        );
    }

    #[test]
    fn what_is_due_comes_in_order() {
        let record = record();
        let store = record.writer.store();
        assert_eq!(addresses(&due(store, 20, 9)), ["https://tesmin.example/1", "https://tesmin.example/2"]);
        assert_eq!(due(store, 30, 1).len(), 1);
        let none = Due { at: at(30), sources: &[], per_host: 9, limit: 9 };
        assert!(store.due(&none).unwrap().is_empty());
    }

    #[test]
    fn a_task_stays_as_it_is_until_it_is_set() {
        let mut record = record();
        let dead = TaskRow {
            state: TaskState::Dead,
            attempts: 3,
            tried_at: Some(at(40)),
            status: Some(410),
            fault: Some("gone".into()),
            digest: Some([7; 32]),
            ..TaskRow::new("Orsk", "https://orsk.example/", at(50))
        };
        let put = record.writer.batch(|batch| {
            batch.set_task(&dead)?;
            batch.put_task(&TaskRow::new("Orsk", "https://orsk.example/", at(1)))
        });
        assert_eq!(put.unwrap(), Put::Known);
        let store = record.writer.store();
        assert_eq!(store.task("Orsk", "https://orsk.example/").unwrap(), Some(dead));
        assert_eq!(due(store, 60, 9).len(), 2);
        assert_eq!(record.writer.batch(|batch| batch.retry_failed(at(60))).unwrap(), 1);
        assert_eq!(due(record.writer.store(), 60, 9).len(), 3);
    }

    #[test]
    fn the_size_of_a_source() {
        let mut record = record();
        let list = TaskRow {
            hints: "{\"is_list\":true}".to_owned(),
            ..TaskRow::new("Тесмин", "https://tesmin.example/sitemap", at(10))
        };
        record.writer.batch(|batch| batch.put_task(&list)).unwrap();
        let store = record.writer.store();
        assert_eq!(store.source_size("Тесмин").unwrap(), SourceSize { addresses: 3, lists: 1 });
        assert_eq!(store.source_size("none").unwrap(), SourceSize::default());
    }

    #[test]
    fn how_the_sources_stand() {
        let record = record();
        let health = record.writer.store().health().unwrap();
        let counts: Vec<_> =
            health.iter().map(|one| (one.source.as_str(), one.waiting, one.due_at)).collect();
        assert_eq!(counts, [("Orsk", 1, Some(at(30))), ("Тесмин", 2, Some(at(10)))]);
    }
}
