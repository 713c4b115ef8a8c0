//! Stories as they are listed.

use jiff::civil::Date;
use rusqlite::{OptionalExtension as _, Row, params};

use crate::conditions::{Conditions, List, Newest};
use crate::days::{day_at, day_text};
use crate::{Batch, Days, Error, Order, Page, Store};

/// Reports of one news development.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryRow {
    /// Its name in commands; the caller makes it, so that the same reports give the same one.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// The day of its first report.
    pub first_day: Option<Date>,
    /// The day of its last report.
    pub last_day: Option<Date>,
    /// The story as JSON.
    pub body: String,
    /// The numbers of its reports, by day.
    pub reports: Vec<i64>,
}

/// Which stories to list. The default is all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoryFilter {
    /// Words in the title, in any case.
    pub title: Option<String>,
    /// Days of which the story covers at least one. If an end is given, undated stories are left out.
    pub days: Days,
    /// Which of them come first.
    pub order: Order,
    /// The name of the story behind which the list begins, in the order of the newest.
    pub behind: Option<String>,
    /// Which stretch of them.
    pub page: Page,
}

const STORY: &str = "SELECT s.key, s.id, s.title, s.first_day, s.last_day, s.body FROM stories AS s";
const IN_ORDER: &str = "coalesce(s.first_day, '~'), s.id";

/// Equal to the index `stories_newest`.
const NEWEST: Newest = Newest {
    day: "coalesce(s.last_day, s.first_day, '')",
    name: "s.id",
    day_of: "SELECT coalesce(last_day, first_day, '') FROM stories WHERE id = ?",
};

/// What the index `stories_denied` holds.
const DENIED: &str = "instr(s.body, '\"denials\":[{') > 0";

/// Reads one story if it is in that index: without looking at what the others say.
fn select_denied() -> String {
    format!("SELECT s.body FROM stories AS s INDEXED BY stories_denied WHERE s.key = ?1 AND {DENIED}")
}

impl Store {
    /// Hands over the stories that fulfil the filter, by their first day, undated ones last.
    pub fn stories<E: From<Error>>(
        &self,
        filter: &StoryFilter,
        mut each: impl FnMut(StoryRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut conditions = Conditions::default();
        conditions.require("s.body <> ''");
        conditions.holds("s.title", filter.title.as_deref());
        conditions.overlap(("s.first_day", "s.last_day"), filter.days);
        conditions.behind(&NEWEST, filter.behind.clone());
        let order = filter.order.of(IN_ORDER, &NEWEST);
        let select = conditions.select(List { rows: STORY, order }, filter.page);
        self.each(&select, story, |(key, story)| each(self.with_reports(key, story)?))
    }

    /// Returns the story of that name.
    pub fn story(&self, id: &str) -> Result<Option<StoryRow>, Error> {
        let mut named = Conditions::default();
        named.equals("s.id", Some(id.to_owned()));
        Ok(self.whole_stories(named)?.pop())
    }

    /// Returns what a story says, as JSON, by its number; nothing if that is not said yet.
    pub fn story_body(&self, key: i64) -> Result<Option<String>, Error> {
        self.rows(|connection| {
            let sql = "SELECT body FROM stories WHERE key = ?1 AND body <> ''";
            connection.prepare_cached(sql)?.query_row([key], |row| row.get(0)).optional()
        })
    }

    /// Returns what a story says, as JSON, if something is denied in it.
    pub fn denied_story(&self, key: i64) -> Result<Option<String>, Error> {
        self.rows(|connection| {
            connection.prepare_cached(&select_denied())?.query_row([key], |row| row.get(0)).optional()
        })
    }

    /// Returns the stories that the reports of an incident are shown in.
    pub fn stories_of_incident(&self, incident: &str) -> Result<Vec<i64>, Error> {
        self.rows(|connection| {
            let sql = "SELECT DISTINCT coalesce(d.story, m.story) FROM accounts AS a
                LEFT JOIN decided_reports AS d ON d.report = a.report JOIN story_reports AS m ON m.report = a.report
                WHERE a.incident = ?1";
            connection.prepare_cached(sql)?.query_map([incident], |row| row.get(0))?.collect()
        })
    }

    /// Returns the reports of that name, each with the story that it is shown in: several can bear one name.
    pub fn shown_named(&self, report: &str) -> Result<Vec<(i64, Option<i64>)>, Error> {
        self.rows(|connection| {
            let sql = "SELECT r.id, coalesce(d.story, m.story) FROM reports AS r
                LEFT JOIN decided_reports AS d ON d.report = r.id LEFT JOIN story_reports AS m ON m.report = r.id
                WHERE r.name = ?1 ORDER BY r.id";
            let mut statement = connection.prepare_cached(sql)?;
            statement.query_map([report], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        })
    }

    /// Returns the story of that name or, if there is none, those whose name begins so, or those that hold the report
    /// that it was named after.
    pub fn find_stories(&self, id_or_prefix: &str) -> Result<Vec<StoryRow>, Error> {
        if let Some(story) = self.story(id_or_prefix)? {
            return Ok(vec![story]);
        }
        let named = self.stories_beginning(id_or_prefix)?;
        if !named.is_empty() {
            return Ok(named);
        }
        let digits = id_or_prefix.strip_prefix("s-").unwrap_or_default();
        let mut holding: Vec<StoryRow> = Vec::new();
        for report in self.find_reports(digits)? {
            for story in self.stories_of(report.id)? {
                if holding.iter().all(|other| other.id != story.id) {
                    holding.push(story);
                }
            }
        }
        Ok(holding)
    }

    fn stories_beginning(&self, id_or_prefix: &str) -> Result<Vec<StoryRow>, Error> {
        let mut begins = Conditions::default();
        begins.equals(
            &format!("substr(s.id, 1, {})", id_or_prefix.chars().count()),
            Some(id_or_prefix.to_owned()),
        );
        self.whole_stories(begins)
    }

    /// Returns the stories that a report belongs to, but those of which is not said yet what they say.
    pub fn stories_of(&self, report: i64) -> Result<Vec<StoryRow>, Error> {
        let mut holding = Conditions::default();
        holding.require("s.body <> ''");
        holding.require(
            "s.key = coalesce((SELECT d.story FROM decided_reports AS d WHERE d.report = ?),
                (SELECT m.story FROM story_reports AS m WHERE m.report = ?))",
        );
        holding.values.extend([report.into(), report.into()]);
        self.whole_stories(holding)
    }

    fn whole_stories(&self, conditions: Conditions) -> Result<Vec<StoryRow>, Error> {
        let select = conditions.select(List { rows: STORY, order: IN_ORDER.to_owned() }, Page::default());
        let found = self.all(&select, story)?;
        found.into_iter().map(|(key, story)| self.with_reports(key, story)).collect()
    }

    fn with_reports(&self, key: i64, story: StoryRow) -> Result<StoryRow, Error> {
        Ok(StoryRow { reports: self.shown_in(key)?, ..story })
    }
}

impl Batch<'_> {
    /// Puts what a story is and says. Its reports are those that were moved to it.
    pub fn put_story(&mut self, key: i64, story: &StoryRow) -> Result<(), Error> {
        self.change(|connection| {
            let StoryRow { id, title, first_day, last_day, body, .. } = story;
            connection
                .prepare_cached(
                    "UPDATE stories SET id = ?2, title = ?3, first_day = ?4, last_day = ?5, body = ?6, due = 0
                     WHERE key = ?1",
                )?
                .execute(params![key, id, title, day_text(*first_day), day_text(*last_day), body])
                .map(drop)
        })
    }

    /// Removes a story that no report is shown in. Reports that were found to be of it keep it, unseen.
    pub fn remove_story(&mut self, key: i64) -> Result<(), Error> {
        self.change(|connection| {
            let unseen = "UPDATE stories SET id = '', title = '', body = '', due = 0 WHERE key = ?1";
            connection.prepare_cached(unseen)?.execute([key])?;
            let remove = "DELETE FROM stories WHERE key = ?1
                AND NOT EXISTS (SELECT 1 FROM story_reports WHERE story = ?1)
                AND NOT EXISTS (SELECT 1 FROM decided_reports WHERE story = ?1)";
            connection.prepare_cached(remove)?.execute([key]).map(drop)
        })
    }
}

fn story(row: &Row) -> rusqlite::Result<(i64, StoryRow)> {
    let story = StoryRow {
        id: row.get("id")?,
        title: row.get("title")?,
        first_day: day_at(row, "first_day")?,
        last_day: day_at(row, "last_day")?,
        body: row.get("body")?,
        reports: Vec::new(),
    };
    Ok((row.get("key")?, story))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::Move;
    use crate::sample::Record;

    /// Puts a story of reports, and one of none; both are called after `id`.
    fn put(record: &mut Record, id: &str, reports: &[i64]) -> [StoryRow; 2] {
        let story = StoryRow {
            id: id.into(),
            title: "Harbour of Orsk".into(),
            first_day: Some(date(2031, 5, 1)),
            last_day: Some(date(2031, 5, 3)),
            body: "{}".into(),
            reports: reports.to_vec(),
        };
        let undated = StoryRow {
            id: format!("{id}-2"),
            first_day: None,
            last_day: None,
            reports: vec![],
            ..story.clone()
        };
        record
            .writer
            .batch(|batch| {
                batch.move_to_story(&Move { to: None, absorbed: &[], reports })?;
                batch.move_to_story(&Move { to: None, absorbed: &[], reports: &[] })?;
                batch.put_story(1, &story)?;
                batch.put_story(2, &undated)
            })
            .unwrap();
        [story, undated]
    }

    #[test]
    fn found_by_name_and_by_report() {
        let mut record = Record::with(0..3);
        let put = put(&mut record, "s-ab_%", &[1, 2]);
        let store = record.writer.store();
        assert_eq!(store.story("s-ab_%").unwrap().as_ref(), Some(&put[0]));
        assert_eq!(store.story("s-a").unwrap(), None);
        assert_eq!(store.find_stories("s-a").unwrap(), put);
        assert_eq!(store.find_stories("s-ab_%").unwrap(), put[..1]);
        assert_eq!(store.find_stories("s-%").unwrap(), []);
        assert_eq!(store.stories_of(2).unwrap(), put[..1]);
        assert_eq!(store.stories_of(3).unwrap(), []);
        store.check().unwrap();
    }

    #[test]
    fn those_in_which_something_is_denied_are_found() {
        let mut record = Record::with(0..3);
        let [one, other] = put(&mut record, "s", &[1, 2]);
        let denied = StoryRow { body: r#"{"matters":[{"denials":[{"by":null}]}]}"#.into(), ..one };
        let told =
            StoryRow { body: r#"{"title":"\"denials\":[{","matters":[{"denials":[]}]}"#.into(), ..other };
        record
            .writer
            .batch(|batch| batch.put_story(1, &denied).and_then(|()| batch.put_story(2, &told)))
            .unwrap();
        let store = record.writer.store();
        assert_eq!(store.denied_story(1).unwrap(), Some(denied.body));
        assert_eq!(store.denied_story(2).unwrap(), None);
        let plan: String = store
            .rows(|connection| {
                let explained = format!("EXPLAIN QUERY PLAN {}", select_denied());
                connection.query_row(&explained, [1], |row| row.get(3))
            })
            .unwrap();
        assert!(plan.contains("stories_denied"), "{plan}");
        let name = store.report(1).unwrap().unwrap().row.name;
        assert_eq!(store.shown_named(&name).unwrap(), [(1, Some(1))]);
        assert!(store.shown_named("nobody").unwrap().is_empty());
    }

    #[test]
    fn filtered() {
        let mut record = Record::with(0..2);
        put(&mut record, "s", &[1, 2]);
        let count = |filter: StoryFilter| {
            let mut count = 0;
            record
                .writer
                .store()
                .stories(&filter, |_| {
                    count += 1;
                    Ok::<(), Error>(())
                })
                .unwrap();
            count
        };
        assert_eq!(count(StoryFilter { title: Some("HARBOUR".into()), ..StoryFilter::default() }), 2);
        assert_eq!(count(StoryFilter { title: Some("%".into()), ..StoryFilter::default() }), 0);
        let days = Days { from: Some(date(2031, 5, 3)), to: None };
        assert_eq!(count(StoryFilter { days, ..StoryFilter::default() }), 1);
        let days = Days { from: Some(date(2031, 5, 4)), to: None };
        assert_eq!(count(StoryFilter { days, ..StoryFilter::default() }), 0);
    }
}
