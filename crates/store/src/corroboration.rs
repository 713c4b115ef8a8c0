//! How far the reports have been compared, and by what the next ones find them.
//!
//! A report waits until it is entered: found by its fingerprints and terms, linked with what it shares text with, in one
//! story. What is asked for in between has answers of bounded size.

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{Batch, Error, SAID_LATER, Store, Writer, lots};

/// What copies and stories of a report are found by; opaque here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sketched {
    /// The report.
    pub report: i64,
    /// The bytes that were put with its reading.
    pub sketch: Vec<u8>,
    /// The bytes as they were entered, if the report was read again since.
    pub entered_as: Option<Vec<u8>>,
}

/// By what a report is found when others come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryRow<'a> {
    /// The report.
    pub report: i64,
    /// The day of its publication.
    pub day: Option<Date>,
    /// Its fingerprints.
    pub prints: &'a [u32],
    /// The terms that it holds.
    pub terms: &'a [u32],
    /// Those of its terms that tell most.
    pub telling: &'a [u32],
}

/// Two reports of which one shares text with the other.
#[derive(Debug, Clone, PartialEq)]
pub struct CopyLinkRow {
    /// The number of the one report.
    pub a: i64,
    /// The number of the other.
    pub b: i64,
    /// How they share it, such as `identical`.
    pub kind: String,
    /// How much of the shorter one stands in the other, 0 to 1.
    pub containment: f64,
}

/// Reports that belong together from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move<'a> {
    /// The group; none if it is new.
    pub to: Option<i64>,
    /// Groups that go into it whole.
    pub absorbed: &'a [i64],
    /// Reports that were in another group or in none.
    pub reports: &'a [i64],
}

/// Counts the reports that are entered.
const ENTERED: &str = "corroboration_entered";

/// Names the rules by which reports were entered.
const RULES: &str = "corroboration_rules";

/// A day that sorts before all others, for reports without one.
const UNDATED: i64 = i32::MIN as i64;

const PRINTED: &str = "SELECT report FROM prints_all WHERE print = ?1 ORDER BY report DESC LIMIT ?2";
// With the day, by which they are in order: without it SQLite would sort all of them anew.
const TOLD_BEFORE: &str = "SELECT report, day FROM telling_all WHERE term = ?1 AND day > ?2 AND day <= ?3
    ORDER BY day DESC, report DESC LIMIT ?4";
const TOLD_AFTER: &str =
    "SELECT report, day FROM telling_all WHERE term = ?1 AND day > ?2 ORDER BY day, report LIMIT ?3";
const TOLD_UNDATED: &str =
    "SELECT report FROM telling_all WHERE term = ?1 AND day = ?2 ORDER BY report DESC LIMIT ?3";

/// What reads the tables that are written in [lots](crate::lots).
#[cfg(test)]
pub(crate) const FOUND_BY: [&str; 4] = [PRINTED, TOLD_BEFORE, TOLD_AFTER, TOLD_UNDATED];

/// Days since 1970-01-01.
pub(crate) fn day_number(day: Option<Date>) -> i64 {
    let since = |day: Date| Date::constant(1970, 1, 1).until(day).ok();
    day.and_then(since).map_or(UNDATED, |span| i64::from(span.get_days()))
}

impl Store {
    /// Tells whether a report came, went or changed that is not in its story yet. What stories say may be older: see
    /// [`due_stories`](Store::due_stories).
    pub fn corroboration_is_stale(&self) -> Result<bool, Error> {
        self.rows(|connection| {
            let sql = "SELECT EXISTS (SELECT 1 FROM sketches WHERE state = 'waiting')
                OR EXISTS (SELECT 1 FROM stories WHERE disturbed)
                OR EXISTS (SELECT 1 FROM revisited)
                OR EXISTS (SELECT 1 FROM decisions WHERE NOT laid AND about = 'story')";
            connection.prepare_cached(sql)?.query_row([], |row| row.get(0))
        })
    }

    /// Returns at most `limit` reports that wait, by day; undated ones first.
    pub fn waiting(&self, limit: usize) -> Result<Vec<Sketched>, Error> {
        self.rows(|connection| {
            let sql = "SELECT report, sketch, entered_as FROM sketches WHERE state = 'waiting'
                ORDER BY day, report LIMIT ?1";
            connection.prepare_cached(sql)?.query_map([limit as i64], sketched)?.collect()
        })
    }

    /// Counts the reports that wait.
    pub fn count_waiting(&self) -> Result<u64, Error> {
        self.rows(|connection| {
            let sql = "SELECT count(*) FROM sketches WHERE state = 'waiting'";
            connection.prepare_cached(sql)?.query_row([], |row| row.get(0))
        })
    }

    /// Returns the name of the rules by which reports were entered.
    pub fn corroboration_rules(&self) -> Result<Option<String>, Error> {
        self.state(RULES)
    }

    /// Counts the reports that are entered.
    pub fn entered(&self) -> Result<u64, Error> {
        Ok(self.state(ENTERED)?.and_then(|count| count.parse().ok()).unwrap_or(0))
    }

    /// Counts the entered reports that hold a term.
    pub fn holding(&self, term: u32) -> Result<u64, Error> {
        self.rows(|connection| {
            let sql = "SELECT reports FROM terms WHERE term = ?1";
            let found = connection.prepare_cached(sql)?.query_row([term], |row| row.get(0)).optional()?;
            Ok(found.unwrap_or(0))
        })
    }

    /// Returns entered reports with a fingerprint, those that came last first.
    pub fn printed(&self, print: u32, most: usize) -> Result<Vec<i64>, Error> {
        self.numbers(PRINTED, [i64::from(print), most as i64])
    }

    /// Returns entered reports that a term tells of: at most `most` up to a day, the last first; as many after it; and
    /// as many without a day.
    pub fn told(&self, term: u32, near: Option<Date>, most: usize) -> Result<Vec<i64>, Error> {
        let (term, most) = (i64::from(term), most as i64);
        let day = near.map_or(i64::MAX, |day| day_number(Some(day)));
        let mut found = self.numbers(TOLD_BEFORE, [term, UNDATED, day, most])?;
        found.extend(self.numbers(TOLD_AFTER, [term, day, most])?);
        found.extend(self.numbers(TOLD_UNDATED, [term, UNDATED, most])?);
        Ok(found)
    }

    /// Returns what a report was entered as; none if it is not entered.
    pub fn sketch(&self, report: i64) -> Result<Option<Vec<u8>>, Error> {
        self.rows(|connection| {
            let sql = "SELECT coalesce(entered_as, sketch) FROM sketches
                WHERE report = ?1 AND (state = 'entered' OR entered_as IS NOT NULL)";
            connection.prepare_cached(sql)?.query_row([report], |row| row.get(0)).optional()
        })
    }

    /// Returns the story that a report is in.
    pub fn story_of(&self, report: i64) -> Result<Option<i64>, Error> {
        Ok(self.numbers("SELECT story FROM story_reports WHERE report = ?1", [report])?.pop())
    }

    /// Returns the number of the story that a report is shown in, after what people decided.
    pub fn shown_story_of(&self, report: i64) -> Result<Option<i64>, Error> {
        let sql = "SELECT coalesce((SELECT story FROM decided_reports WHERE report = ?1),
            (SELECT story FROM story_reports WHERE report = ?1))";
        self.rows(|connection| connection.prepare_cached(sql)?.query_row([report], |row| row.get(0)))
    }

    /// Counts the reports of a story, and returns at most `most` of them, those nearest to a day.
    pub fn members_near(
        &self,
        story: i64,
        near: Option<Date>,
        most: usize,
    ) -> Result<(u64, Vec<i64>), Error> {
        let count = self.rows(|connection| {
            let sql = "SELECT count(*) FROM story_reports WHERE story = ?1";
            connection.prepare_cached(sql)?.query_row([story], |row| row.get(0))
        })?;
        let day = near.map_or(i64::MAX / 2, |day| day_number(Some(day)));
        let sql = "SELECT report FROM (
                SELECT * FROM (SELECT day, report FROM story_reports WHERE story = ?1 AND day <= ?2
                    ORDER BY day DESC, report DESC LIMIT ?3)
                UNION ALL
                SELECT * FROM (SELECT day, report FROM story_reports WHERE story = ?1 AND day > ?2
                    ORDER BY day, report LIMIT ?3))
            ORDER BY abs(day - ?2), report DESC LIMIT ?3";
        Ok((count, self.numbers(sql, [story, day, most as i64])?))
    }

    /// Returns the reports of a story, by day.
    pub fn members_of(&self, story: i64) -> Result<Vec<i64>, Error> {
        self.numbers("SELECT report FROM story_reports WHERE story = ?1 ORDER BY day, report", [story])
    }

    /// Returns at most `limit` reports of a story that deny something or give another version, earliest first.
    pub fn denying(&self, story: i64, limit: usize) -> Result<Vec<i64>, Error> {
        self.rows(|connection| {
            let sql = "SELECT m.report FROM story_reports AS m WHERE m.story = ?1 AND EXISTS (SELECT 1 FROM claims AS c
                WHERE c.report = m.report AND c.polarity IN ('denied', 'counter_version')) ORDER BY m.day, m.report LIMIT ?2";
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            connection.prepare_cached(sql)?.query_map([story, limit], |row| row.get(0))?.collect()
        })
    }

    /// Returns the family of copies that a report is in.
    pub fn family_of(&self, report: i64) -> Result<Option<i64>, Error> {
        Ok(self.numbers("SELECT family FROM family_members WHERE report = ?1", [report])?.pop())
    }

    /// Returns at most `most` reports of the family of copies that a report is in.
    pub fn kin(&self, report: i64, most: usize) -> Result<Vec<i64>, Error> {
        let sql = "SELECT report FROM family_members
            WHERE family = (SELECT family FROM family_members WHERE report = ?1) ORDER BY report LIMIT ?2";
        self.numbers(sql, [report, most as i64])
    }

    /// Returns the reports of a family of copies.
    pub fn members_of_family(&self, family: i64) -> Result<Vec<i64>, Error> {
        self.numbers("SELECT report FROM family_members WHERE family = ?1 ORDER BY report", [family])
    }

    /// Returns the copy links from a report to those with a larger number.
    pub fn links_from(&self, report: i64) -> Result<Vec<CopyLinkRow>, Error> {
        self.rows(|connection| {
            let sql = "SELECT a, b, kind, containment FROM copy_links WHERE a = ?1 AND b > ?1
                UNION ALL SELECT a, b, kind, containment FROM copy_links WHERE b = ?1 AND a > ?1";
            connection.prepare_cached(sql)?.query_map([report], copy_link)?.collect()
        })
    }

    /// Returns at most `limit` stories behind one whose bodies are to be made anew, each with the number of its reports.
    pub fn due_stories(&self, behind: i64, limit: usize) -> Result<Vec<(i64, u64)>, Error> {
        self.rows(|connection| {
            let sql = "SELECT key, (SELECT count(*) FROM story_reports WHERE story = key) FROM stories
                WHERE due AND key > ?1 ORDER BY key LIMIT ?2";
            let row = |row: &Row| Ok((row.get(0)?, row.get(1)?));
            connection.prepare_cached(sql)?.query_map([behind, limit as i64], row)?.collect()
        })
    }

    /// Returns at most `limit` stories.
    pub fn story_keys(&self, limit: usize) -> Result<Vec<i64>, Error> {
        self.numbers("SELECT key FROM stories WHERE NOT decided ORDER BY key LIMIT ?1", [limit as i64])
    }

    /// Returns at most `limit` stories from which reports were taken out.
    pub fn disturbed_stories(&self, limit: usize) -> Result<Vec<i64>, Error> {
        self.numbers("SELECT key FROM stories WHERE disturbed ORDER BY key LIMIT ?1", [limit as i64])
    }

    /// Returns reports that are to be set aside now, and such as no longer are: by what was met at addresses since the
    /// last time.
    pub fn revised(&self) -> Result<Vec<(i64, Version)>, Error> {
        self.rows(|connection| {
            // In this order: there are few addresses, mostly none, and as many sightings as reports.
            let sql = "SELECT DISTINCT r.id, k.state FROM revisited AS v
                CROSS JOIN sightings AS s ON s.source = v.source
                CROSS JOIN reports AS r ON r.digest = s.digest
                CROSS JOIN sketches AS k ON k.report = r.id ORDER BY r.id";
            let mut select = connection.prepare_cached(sql)?;
            let mut superseded = connection.prepare_cached(SUPERSEDED)?;
            let mut found = Vec::new();
            let mut rows = select.query([])?;
            while let Some(row) = rows.next()? {
                let (report, state): (i64, String) = (row.get(0)?, row.get(1)?);
                let earlier: bool = superseded.query_row(params![report, SAID_LATER], |row| row.get(0))?;
                match (earlier, state == ASIDE) {
                    (true, false) => found.push((report, Version::Earlier)),
                    (false, true) => found.push((report, Version::Present)),
                    _ => {}
                }
            }
            Ok(found)
        })
    }

    /// Returns the reports that are set aside, since they show an earlier version of a page.
    pub fn superseded(&self) -> Result<Vec<i64>, Error> {
        self.numbers("SELECT report FROM sketches WHERE state = 'aside' ORDER BY report", [])
    }

    fn numbers<P: rusqlite::Params>(&self, sql: &str, values: P) -> Result<Vec<i64>, Error> {
        self.rows(|connection| connection.prepare_cached(sql)?.query_map(values, |row| row.get(0))?.collect())
    }
}

/// Which version of a page a report shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// One that another took the place of.
    Earlier,
    /// The one that it shows now.
    Present,
}

const ASIDE: &str = "aside";

/// A report shows an earlier version if it was met on the web only, and at each address something else was met later. What was
/// [said later](SAID_LATER), which is `?2`, of it was not met anywhere.
const SUPERSEDED: &str = "SELECT EXISTS (
        SELECT 1 FROM reports AS r JOIN sightings AS s ON s.digest = r.digest
        WHERE r.id = ?1 AND s.source LIKE 'http%://%')
    AND NOT EXISTS (
        SELECT 1 FROM reports AS r JOIN sightings AS s ON s.digest = r.digest
        WHERE r.id = ?1 AND s.source <> ?2 AND NOT (s.source LIKE 'http%://%' AND EXISTS (
            SELECT 1 FROM sightings AS n
            WHERE n.source = s.source AND n.line = s.line AND n.digest <> s.digest
              AND (n.seen_at, n.id) > (s.seen_at, s.id))))";

impl Batch<'_> {
    /// Enters a report: from now on others find it.
    pub fn enter(&mut self, entry: &EntryRow<'_>) -> Result<(), Error> {
        self.change(|connection| {
            let EntryRow { report, day, prints, terms, telling } = *entry;
            let mut insert = connection.prepare_cached("INSERT INTO prints_latest (print, report) VALUES (?1, ?2)")?;
            for print in prints {
                insert.execute(params![print, report])?;
            }
            let mut count = connection.prepare_cached(
                "INSERT INTO terms (term, reports) VALUES (?1, 1) ON CONFLICT (term) DO UPDATE SET reports = reports + 1",
            )?;
            for term in terms {
                count.execute([term])?;
            }
            let mut tell =
                connection.prepare_cached("INSERT INTO telling_latest (term, day, report) VALUES (?1, ?2, ?3)")?;
            for term in telling {
                tell.execute(params![term, day_number(day), report])?;
            }
            connection
                .prepare_cached("UPDATE sketches SET state = 'entered' WHERE report = ?1")?
                .execute([report])?;
            lots::move_on(connection, add_entered(connection, 1)?)
        })
    }

    /// Takes an entered report out: nothing finds it any longer, and it is in no story. It waits, unless it is set
    /// aside.
    pub fn take_out(&mut self, entry: &EntryRow<'_>) -> Result<(), Error> {
        self.change(|connection| {
            let EntryRow { report, day, prints, terms, .. } = *entry;
            for print in prints {
                lots::delete(connection, "prints", ("print = ?1 AND report = ?2", params![print, report]))?;
            }
            let mut count =
                connection.prepare_cached("UPDATE terms SET reports = reports - 1 WHERE term = ?1")?;
            let row = "term = ?1 AND day = ?2 AND report = ?3";
            for term in terms {
                count.execute([term])?;
                lots::delete(connection, "telling", (row, params![term, day_number(day), report]))?;
            }
            connection.prepare_cached("DELETE FROM terms WHERE reports = 0")?.execute([])?;
            // Its words may stand in the title and the body.
            connection.execute(
                "UPDATE stories SET id = '', title = '', body = '', due = 1, disturbed = 1
                 WHERE key = (SELECT story FROM story_reports WHERE report = ?1)",
                [report],
            )?;
            connection.execute(
                "UPDATE stories SET id = '', title = '', body = '', due = 1
                 WHERE key = (SELECT story FROM decided_reports WHERE report = ?1)",
                [report],
            )?;
            connection.execute("DELETE FROM decided_reports WHERE report = ?1", [report])?;
            connection.execute("DELETE FROM story_reports WHERE report = ?1", [report])?;
            connection.execute("DELETE FROM family_members WHERE report = ?1", [report])?;
            connection.execute("DELETE FROM copy_links WHERE a = ?1 OR b = ?1", [report])?;
            connection.execute(
                "UPDATE sketches SET state = 'waiting', entered_as = NULL WHERE report = ?1",
                [report],
            )?;
            add_entered(connection, -1).map(drop)
        })
    }

    /// Sets a report that is not entered aside, or lets it wait again.
    pub fn set_version(&mut self, report: i64, version: Version) -> Result<(), Error> {
        let state = match version {
            Version::Earlier => ASIDE,
            Version::Present => "waiting",
        };
        self.change(|connection| {
            let sql = "UPDATE sketches SET state = ?2 WHERE report = ?1";
            connection.prepare_cached(sql)?.execute(params![report, state]).map(drop)
        })
    }

    /// Notes that all addresses were looked at.
    pub fn clear_revisited(&mut self) -> Result<(), Error> {
        self.change(|connection| connection.execute("DELETE FROM revisited", []).map(drop))
    }

    /// Puts what two reports share.
    pub fn put_copy_link(&mut self, link: &CopyLinkRow) -> Result<(), Error> {
        self.change(|connection| {
            let CopyLinkRow { a, b, kind, containment } = link;
            connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO copy_links (a, b, kind, containment) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute(params![a, b, kind, containment])
                .map(drop)
        })
    }

    /// Puts reports into a family of copies.
    pub fn move_to_family(&mut self, moved: &Move<'_>) -> Result<(), Error> {
        self.change(|connection| {
            let new = || {
                let sql = "SELECT coalesce(max(family), 0) + 1 FROM family_members";
                connection.prepare_cached(sql)?.query_row([], |row| row.get(0))
            };
            let family: i64 = moved.to.map_or_else(new, Ok)?;
            let mut absorb =
                connection.prepare_cached("UPDATE family_members SET family = ?1 WHERE family = ?2")?;
            for other in moved.absorbed {
                absorb.execute([family, *other])?;
            }
            let mut put = connection
                .prepare_cached("INSERT OR REPLACE INTO family_members (report, family) VALUES (?1, ?2)")?;
            moved.reports.iter().try_for_each(|report| put.execute([*report, family]).map(drop))
        })
    }

    /// Takes a family apart.
    pub fn dissolve_family(&mut self, family: i64) -> Result<(), Error> {
        self.change(|connection| {
            let sql = "DELETE FROM family_members WHERE family = ?1";
            connection.prepare_cached(sql)?.execute([family]).map(drop)
        })
    }

    /// Puts entered reports into a story. It is due then, and so are the stories that they were in.
    pub fn move_to_story(&mut self, moved: &Move<'_>) -> Result<(), Error> {
        self.change(|connection| {
            let new = || {
                let sql = "INSERT INTO stories (id, title, body, due, disturbed) VALUES ('', '', '', 1, 0) RETURNING key";
                connection.prepare_cached(sql)?.query_row([], |row| row.get(0))
            };
            let story: i64 = moved.to.map_or_else(new, Ok)?;
            let mut due = connection.prepare_cached("UPDATE stories SET due = 1 WHERE key = ?1")?;
            due.execute([story])?;
            let mut absorb =
                connection.prepare_cached("UPDATE story_reports SET story = ?1 WHERE story = ?2")?;
            for other in moved.absorbed {
                absorb.execute([story, *other])?;
                due.execute([*other])?;
            }
            let mut leave = connection.prepare_cached(
                "UPDATE stories SET due = 1 WHERE key = (SELECT story FROM story_reports WHERE report = ?1)",
            )?;
            let mut put = connection.prepare_cached(
                "INSERT OR REPLACE INTO story_reports (report, story, day)
                 SELECT report, ?2, day FROM sketches WHERE report = ?1",
            )?;
            for report in moved.reports {
                leave.execute([report])?;
                put.execute([*report, story])?;
            }
            Ok(())
        })
    }

    /// Notes that stories from which reports were taken out were looked at.
    pub fn settle(&mut self, stories: &[i64]) -> Result<(), Error> {
        self.change(|connection| {
            let mut settle = connection.prepare_cached("UPDATE stories SET disturbed = 0 WHERE key = ?1")?;
            stories.iter().try_for_each(|story| settle.execute([story]).map(drop))
        })
    }
}

impl Writer {
    /// Lets all reports wait, as if none had been compared, and names the rules that they are entered by from now on.
    pub fn restart_corroboration(&mut self, rules: &str) -> Result<(), Error> {
        self.transaction(|connection| {
            clear(connection)?;
            connection.execute("UPDATE sketches SET state = 'waiting', entered_as = NULL", [])?;
            crate::state::set(connection, RULES, rules)
        })
    }
}

/// Deletes all that was worked out from all reports together.
pub(crate) fn clear(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "DELETE FROM copy_links; DELETE FROM family_members; DELETE FROM decided_reports; DELETE FROM story_reports; DELETE FROM stories;
         DELETE FROM terms;
         INSERT OR IGNORE INTO revisited SELECT DISTINCT source FROM sightings WHERE source LIKE 'http%://%';",
    )?;
    for table in ["prints", "telling"] {
        lots::delete(connection, table, ("true", params![]))?;
    }
    connection.execute("DELETE FROM state WHERE key = ?1", [ENTERED]).map(drop)
}

/// Returns how many there are then.
fn add_entered(connection: &Connection, count: i64) -> rusqlite::Result<u64> {
    let sql =
        "INSERT INTO state (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = value + ?2
        RETURNING CAST(value AS INTEGER)";
    connection.prepare_cached(sql)?.query_row(params![ENTERED, count], |row| row.get(0))
}

/// Lets a report wait that was read, and keeps what stands in the tables of an earlier reading of it.
pub(crate) fn put_sketch(
    connection: &Connection,
    (report, day): (i64, Option<Date>),
    sketch: Option<&[u8]>,
) -> rusqlite::Result<()> {
    let Some(sketch) = sketch else { return Ok(()) };
    connection
        .prepare_cached(
            "INSERT INTO sketches (report, state, day, sketch) VALUES (?1, 'waiting', ?2, ?3)
             ON CONFLICT (report) DO UPDATE SET
                 state = CASE state WHEN 'aside' THEN state ELSE 'waiting' END, day = excluded.day, sketch = excluded.sketch,
                 entered_as = CASE state WHEN 'entered' THEN sketch ELSE entered_as END",
        )?
        .execute(params![report, day_number(day), sketch])
        .map(drop)
}

fn sketched(row: &Row) -> rusqlite::Result<Sketched> {
    Ok(Sketched { report: row.get(0)?, sketch: row.get(1)?, entered_as: row.get(2)? })
}

fn copy_link(row: &Row) -> rusqlite::Result<CopyLinkRow> {
    Ok(CopyLinkRow { a: row.get(0)?, b: row.get(1)?, kind: row.get(2)?, containment: row.get(3)? })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::sample::Record;

    fn entry(report: i64) -> EntryRow<'static> {
        let day = Some(date(2031, 5, 1).checked_add(jiff::Span::new().days(report)).unwrap());
        EntryRow { report, day, prints: &[3, 5], terms: &[7, 8], telling: &[8] }
    }

    fn enter(record: &mut Record, reports: &[i64]) {
        record
            .writer
            .batch(|batch| {
                reports.iter().try_for_each(|report| batch.enter(&entry(*report)))?;
                let alone = Move { to: None, absorbed: &[], reports };
                batch.move_to_family(&alone)?;
                batch.move_to_story(&alone)
            })
            .unwrap();
    }

    #[test]
    fn what_is_entered_is_found() {
        let mut record = Record::with(0..4);
        assert_eq!(record.writer.store().waiting(9).unwrap().len(), 4);
        assert_eq!(record.writer.store().count_waiting().unwrap(), 4);
        enter(&mut record, &[1, 2, 3]);
        let store = record.writer.store();
        assert_eq!(store.waiting(9).unwrap().iter().map(|it| it.report).collect::<Vec<_>>(), [4]);
        assert_eq!(
            (store.entered().unwrap(), store.holding(8).unwrap(), store.holding(9).unwrap()),
            (3, 3, 0)
        );
        assert_eq!(store.printed(5, 2).unwrap(), [3, 2]);
        assert_eq!(store.told(8, Some(date(2031, 5, 3)), 1).unwrap(), [2, 3]);
        assert_eq!(store.told(8, None, 2).unwrap(), [3, 2]);
        assert_eq!(store.told(7, None, 2).unwrap(), [0i64; 0]);
        let story = store.story_of(2).unwrap().unwrap();
        assert_eq!(store.members_near(story, None, 2).unwrap().0, 3);
        assert_eq!(store.due_stories(0, 9).unwrap(), [(story, 3)]);
        assert_eq!(store.due_stories(story, 9).unwrap(), []);
    }

    #[test]
    fn what_is_taken_out_is_not_found() {
        let mut record = Record::with(0..2);
        enter(&mut record, &[1, 2]);
        let link = CopyLinkRow { a: 1, b: 2, kind: "identical".into(), containment: 1.0 };
        record.writer.batch(|batch| batch.put_copy_link(&link)).unwrap();
        assert_eq!(record.writer.store().links_from(1).unwrap(), [link]);
        record.writer.batch(|batch| batch.take_out(&entry(2))).unwrap();
        let store = record.writer.store();
        assert_eq!((store.entered().unwrap(), store.holding(8).unwrap()), (1, 1));
        assert_eq!(store.printed(5, 2).unwrap(), [1]);
        assert_eq!(store.told(8, None, 2).unwrap(), [1]);
        assert_eq!((store.story_of(2).unwrap(), store.family_of(2).unwrap()), (None, None));
        assert_eq!(store.links_from(1).unwrap(), []);
        assert_eq!(store.disturbed_stories(9).unwrap(), [1]);
        assert_eq!(store.waiting(9).unwrap().len(), 1);
        store.check().unwrap();
    }

    #[test]
    fn groups_go_into_one_another() {
        let mut record = Record::with(0..3);
        enter(&mut record, &[1]);
        enter(&mut record, &[2]);
        let moved = Move { to: Some(1), absorbed: &[2], reports: &[3] };
        record
            .writer
            .batch(|batch| {
                batch.enter(&entry(3))?;
                batch.move_to_family(&moved)?;
                batch.move_to_story(&moved)
            })
            .unwrap();
        let store = record.writer.store();
        assert_eq!(store.members_of(1).unwrap(), [1, 2, 3]);
        assert_eq!(store.members_of(2).unwrap(), [0i64; 0]);
        assert_eq!(store.members_of_family(1).unwrap(), [1, 2, 3]);
    }

    #[test]
    fn a_report_that_was_read_again_waits_and_is_still_entered() {
        let mut record = Record::with(0..1);
        enter(&mut record, &[1]);
        record.put(0..1);
        let store = record.writer.store();
        let waiting = store.waiting(9).unwrap();
        assert_eq!(waiting[0].entered_as.as_ref(), Some(&waiting[0].sketch));
        assert_eq!(store.sketch(1).unwrap().as_ref(), Some(&waiting[0].sketch));
        record.writer.restart_corroboration("rules").unwrap();
        let store = record.writer.store();
        assert_eq!(store.waiting(9).unwrap()[0].entered_as, None);
        assert_eq!((store.sketch(1).unwrap(), store.entered().unwrap()), (None, 0));
        assert_eq!(store.corroboration_rules().unwrap().as_deref(), Some("rules"));
    }
}
