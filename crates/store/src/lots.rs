//! What new reports are found by, written in lots.
//!
//! Fingerprints and terms are hashes: those of one report stand all over their table, and in a large table each would be
//! written into a page of its own. So what is new stands in a small table. From there it moves on in lots, one stretch of
//! hashes after the other, to a larger one, and from that to the one that holds nearly all: a log-structured merge tree
//! (O'Neil, Cheng, Gawlick and O'Neil, Acta Informatica 33, 1996) that is merged a stretch at a time, so that no report
//! has to wait for a large one. `prints_all` and `telling_all` show the three tables as one.

use rusqlite::{Connection, ToSql, params};

/// Reports after which a stretch of each table moves on.
const EVERY: u64 = 256;

/// The stretches that the latest rows and the later ones are cut into.
const LATEST: u64 = 16;
const LATER: u64 = 256;

/// The table that holds nearly all rows, its column of hashes, and the number of these. Fingerprints that are looked for lie
/// in the lowest eighth of their range, but for the few of very short notes, which all count for the last stretch.
const TABLES: [(&str, &str, u64); 2] = [("prints", "print", 1 << 29), ("telling", "term", 1 << 32)];

/// Moves on what is due after a report; `entered`: how many there are with it.
pub(crate) fn move_on(connection: &Connection, entered: u64) -> rusqlite::Result<()> {
    if !entered.is_multiple_of(EVERY) {
        return Ok(());
    }
    let step = entered / EVERY;
    for (table, column, hashes) in TABLES {
        for (from, to, stretches) in [("_latest", "_later", LATEST), ("_later", "", LATER)] {
            let (first, behind) = stretch(step % stretches, stretches, hashes);
            let within = format!("FROM {table}{from} WHERE {column} >= ?1 AND {column} < ?2");
            let copy = format!("INSERT OR IGNORE INTO {table}{to} SELECT * {within}");
            connection.prepare_cached(&copy)?.execute(params![first, behind])?;
            connection.prepare_cached(&format!("DELETE {within}"))?.execute(params![first, behind])?;
        }
    }
    Ok(())
}

/// Deletes rows from the three tables as from one.
pub(crate) fn delete(
    connection: &Connection,
    table: &str,
    (which, values): (&str, &[&dyn ToSql]),
) -> rusqlite::Result<()> {
    ["", "_later", "_latest"].iter().try_for_each(|part| {
        let sql = format!("DELETE FROM {table}{part} WHERE {which}");
        connection.prepare_cached(&sql)?.execute(values).map(drop)
    })
}

/// The hashes of one stretch of so many: the first, and the first behind it.
fn stretch(at: u64, stretches: u64, hashes: u64) -> (i64, i64) {
    let width = hashes / stretches;
    let behind = if at + 1 == stretches { 1 << 32 } else { (at + 1) * width };
    ((at * width).cast_signed(), behind.cast_signed())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::sample::Record;

    #[test]
    fn stretches_hold_every_hash_once() {
        for (_, _, hashes) in TABLES {
            for stretches in [LATEST, LATER] {
                let mut next = 0;
                for at in 0..stretches {
                    let (first, behind) = stretch(at, stretches, hashes);
                    assert_eq!(first, next);
                    next = behind;
                }
                assert_eq!(next, i64::from(u32::MAX) + 1);
            }
        }
    }

    #[test]
    fn the_three_tables_are_read_in_order() {
        let record = Record::new();
        let plan = |sql: &str| -> Vec<String> {
            let explain = format!("EXPLAIN QUERY PLAN {sql}");
            record
                .writer
                .store()
                .rows(|connection| connection.prepare(&explain)?.query_map([], |row| row.get(3))?.collect())
                .unwrap()
        };
        for sql in crate::corroboration::FOUND_BY {
            let sql = (1..5).fold(sql.to_owned(), |sql, n| sql.replace(&format!("?{n}"), &n.to_string()));
            let steps = plan(&sql);
            assert!(steps.iter().any(|step| step.contains("MERGE")), "{sql}: {steps:?}");
            assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{sql}: {steps:?}");
        }
    }

    proptest! {
        #[test]
        fn what_moves_on_is_still_there(
            prints in prop::collection::vec((any::<u32>(), 0..9i64), 0..60),
            steps in prop::collection::vec(0..300u64, 0..9),
        ) {
            let mut record = Record::new();
            let put: BTreeSet<(u32, i64)> = prints.into_iter().collect();
            let (mut left, mut kept) = (Vec::new(), 0);
            record.writer.transaction(|connection| {
                for (at, (print, report)) in put.iter().enumerate() {
                    connection.execute("INSERT INTO prints_latest VALUES (?1, ?2)", params![print, report])?;
                    if let Some(step) = steps.get(at) {
                        move_on(connection, step * EVERY)?;
                    }
                }
                // All of them reach the last table in the end.
                (0..LATER).try_for_each(|step| move_on(connection, step * EVERY))?;
                (0..LATER).try_for_each(|step| move_on(connection, step * EVERY))?;
                for table in ["prints_all", "prints"] {
                    let sql = format!("SELECT print, report FROM {table} ORDER BY 1, 2");
                    let rows: rusqlite::Result<Vec<(u32, i64)>> = connection
                        .prepare(&sql)?
                        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                        .collect();
                    left.push(rows?);
                }
                for (print, report) in put.iter().step_by(2) {
                    delete(connection, "prints", ("print = ?1 AND report = ?2", params![print, report]))?;
                }
                connection.query_row("SELECT count(*) FROM prints_all", [], |row| row.get(0)).map(|rows| kept = rows)
            }).unwrap();
            prop_assert_eq!(kept, put.len() / 2);
            let put: Vec<(u32, i64)> = put.into_iter().collect();
            prop_assert_eq!(left, [put.clone(), put]);
        }
    }
}
