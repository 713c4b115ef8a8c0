//! What was worked out from all reports together: stories, copy families, copy links.

use jiff::civil::Date;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params};

use crate::conditions::{Conditions, List, Select};
use crate::days::{day_at, day_text};
use crate::state::mark_fresh;
use crate::{Days, Error, Page, Store, Writer};

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
    /// The numbers of its reports, in the order in which they were put.
    pub reports: Vec<i64>,
}

/// Reports that share text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FamilyRow {
    /// Its name; the caller makes it.
    pub id: String,
    /// The family as JSON.
    pub body: String,
    /// The numbers of its reports, in the order in which they were put.
    pub reports: Vec<i64>,
}

/// Two reports of which one shares text with the other.
#[derive(Debug, Clone, PartialEq)]
pub struct CopyLinkRow {
    /// The number of the one report.
    pub a: i64,
    /// The number of the other.
    pub b: i64,
    /// How they share it, such as `copy` or `rewrite`.
    pub kind: String,
    /// How much of the shorter one stands in the other, 0 to 1.
    pub containment: f64,
    /// The shared passages as JSON.
    pub body: String,
}

/// All that was worked out from all reports together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Corroboration {
    /// The stories.
    pub stories: Vec<StoryRow>,
    /// The copy families.
    pub families: Vec<FamilyRow>,
    /// The copy links.
    pub copy_links: Vec<CopyLinkRow>,
}

/// Which stories to list. The default is all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoryFilter {
    /// Words in the title, in any case.
    pub title: Option<String>,
    /// Days of which the story covers at least one. If an end is given, undated stories are left out.
    pub days: Days,
    /// Which stretch of them.
    pub page: Page,
}

const STORY: &str = "SELECT s.id, s.title, s.first_day, s.last_day, s.body FROM stories AS s";
const IN_ORDER: &str = "coalesce(s.first_day, '~'), s.id";

impl Store {
    /// Hands over the stories that fulfil the filter, by their first day, undated ones last.
    pub fn stories<E: From<Error>>(
        &self,
        filter: &StoryFilter,
        mut each: impl FnMut(StoryRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut conditions = Conditions::default();
        conditions.holds("s.title", filter.title.as_deref());
        conditions.overlap(("s.first_day", "s.last_day"), filter.days);
        let select = conditions.select(List { rows: STORY, order: IN_ORDER }, filter.page);
        self.each(&select, story, |story| each(self.with_reports(story)?))
    }

    /// Returns the story of that name.
    pub fn story(&self, id: &str) -> Result<Option<StoryRow>, Error> {
        let mut named = Conditions::default();
        named.equals("s.id", Some(id.to_owned()));
        Ok(self.whole_stories(named)?.pop())
    }

    /// Returns the story of that name or, if there is none, those whose name begins so.
    pub fn find_stories(&self, id_or_prefix: &str) -> Result<Vec<StoryRow>, Error> {
        if let Some(story) = self.story(id_or_prefix)? {
            return Ok(vec![story]);
        }
        let mut begins = Conditions::default();
        begins.equals(
            &format!("substr(s.id, 1, {})", id_or_prefix.chars().count()),
            Some(id_or_prefix.to_owned()),
        );
        self.whole_stories(begins)
    }

    /// Returns the stories that a report belongs to.
    pub fn stories_of(&self, report: i64) -> Result<Vec<StoryRow>, Error> {
        let mut holding = Conditions::default();
        holding.require("s.id IN (SELECT m.story FROM story_reports AS m WHERE m.report = ?)");
        holding.values.push(report.into());
        self.whole_stories(holding)
    }

    fn whole_stories(&self, conditions: Conditions) -> Result<Vec<StoryRow>, Error> {
        let select = conditions.select(List { rows: STORY, order: IN_ORDER }, Page::default());
        let found = self.all(&select, story)?;
        found.into_iter().map(|story| self.with_reports(story)).collect()
    }

    fn with_reports(&self, story: StoryRow) -> Result<StoryRow, Error> {
        let sql = "SELECT report FROM story_reports WHERE story = ? ORDER BY position";
        Ok(StoryRow { reports: self.members(sql, &story.id)?, ..story })
    }

    /// Hands over all copy families, by name.
    pub fn families<E: From<Error>>(
        &self,
        mut each: impl FnMut(FamilyRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = "SELECT id, body FROM families ORDER BY id".to_owned();
        self.each(&Select { sql, values: Vec::new() }, family, |family| each(self.with_members(family)?))
    }

    /// Returns the copy families that a report belongs to.
    pub fn families_of(&self, report: i64) -> Result<Vec<FamilyRow>, Error> {
        let sql = "SELECT f.id, f.body FROM families AS f
            WHERE f.id IN (SELECT m.family FROM family_members AS m WHERE m.report = ?) ORDER BY f.id";
        let found = self.all(&Select { sql: sql.to_owned(), values: vec![report.into()] }, family)?;
        found.into_iter().map(|family| self.with_members(family)).collect()
    }

    fn with_members(&self, family: FamilyRow) -> Result<FamilyRow, Error> {
        let sql = "SELECT report FROM family_members WHERE family = ? ORDER BY position";
        Ok(FamilyRow { reports: self.members(sql, &family.id)?, ..family })
    }

    fn members(&self, sql: &str, of: &str) -> Result<Vec<i64>, Error> {
        self.rows(|connection| connection.prepare_cached(sql)?.query_map([of], |row| row.get(0))?.collect())
    }

    /// Hands over all copy links, by the numbers of their reports.
    pub fn copy_links<E: From<Error>>(
        &self,
        each: impl FnMut(CopyLinkRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = "SELECT a, b, kind, containment, body FROM copy_links ORDER BY a, b".to_owned();
        self.each(&Select { sql, values: Vec::new() }, copy_link, each)
    }

    /// Returns the copy links on either side of which a report stands.
    pub fn copy_links_of(&self, report: i64) -> Result<Vec<CopyLinkRow>, Error> {
        let sql = "SELECT a, b, kind, containment, body FROM copy_links WHERE a = ? OR b = ? ORDER BY a, b";
        let values = vec![Value::from(report), Value::from(report)];
        self.all(&Select { sql: sql.to_owned(), values }, copy_link)
    }
}

impl Writer {
    /// Puts what was worked out from all reports together in place of what was there: all of it, or nothing.
    pub fn replace_corroboration(&mut self, corroboration: &Corroboration) -> Result<(), Error> {
        self.transaction(|connection| {
            connection.execute_batch(
                "DELETE FROM copy_links; DELETE FROM family_members; DELETE FROM families;
                 DELETE FROM story_reports; DELETE FROM stories;",
            )?;
            insert_stories(connection, &corroboration.stories)?;
            insert_families(connection, &corroboration.families)?;
            insert_copy_links(connection, &corroboration.copy_links)?;
            mark_fresh(connection)
        })
    }
}

fn insert_stories(connection: &Connection, stories: &[StoryRow]) -> rusqlite::Result<()> {
    let mut insert = connection
        .prepare("INSERT INTO stories (id, title, first_day, last_day, body) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    let mut insert_report =
        connection.prepare("INSERT INTO story_reports (story, position, report) VALUES (?1, ?2, ?3)")?;
    for story in stories {
        let StoryRow { id, title, first_day, last_day, body, reports } = story;
        insert.execute(params![id, title, day_text(*first_day), day_text(*last_day), body])?;
        for (position, report) in reports.iter().enumerate() {
            insert_report.execute(params![id, position as u64, report])?;
        }
    }
    Ok(())
}

fn insert_families(connection: &Connection, families: &[FamilyRow]) -> rusqlite::Result<()> {
    let mut insert = connection.prepare("INSERT INTO families (id, body) VALUES (?1, ?2)")?;
    let mut insert_member =
        connection.prepare("INSERT INTO family_members (family, position, report) VALUES (?1, ?2, ?3)")?;
    for FamilyRow { id, body, reports } in families {
        insert.execute(params![id, body])?;
        for (position, report) in reports.iter().enumerate() {
            insert_member.execute(params![id, position as u64, report])?;
        }
    }
    Ok(())
}

fn insert_copy_links(connection: &Connection, links: &[CopyLinkRow]) -> rusqlite::Result<()> {
    let mut insert = connection
        .prepare("INSERT INTO copy_links (a, b, kind, containment, body) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for CopyLinkRow { a, b, kind, containment, body } in links {
        insert.execute(params![a, b, kind, containment, body])?;
    }
    Ok(())
}

fn story(row: &Row) -> rusqlite::Result<StoryRow> {
    Ok(StoryRow {
        id: row.get("id")?,
        title: row.get("title")?,
        first_day: day_at(row, "first_day")?,
        last_day: day_at(row, "last_day")?,
        body: row.get("body")?,
        reports: Vec::new(),
    })
}

fn family(row: &Row) -> rusqlite::Result<FamilyRow> {
    Ok(FamilyRow { id: row.get("id")?, body: row.get("body")?, reports: Vec::new() })
}

fn copy_link(row: &Row) -> rusqlite::Result<CopyLinkRow> {
    Ok(CopyLinkRow {
        a: row.get("a")?,
        b: row.get("b")?,
        kind: row.get("kind")?,
        containment: row.get("containment")?,
        body: row.get("body")?,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::sample::Record;

    fn worked_out(id: &str, reports: &[i64]) -> Corroboration {
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
        let family = FamilyRow { id: id.into(), body: "{}".into(), reports: reports.to_vec() };
        let (a, b) = (reports[0], reports[1]);
        let link = CopyLinkRow { a, b, kind: "copy".into(), containment: 0.75, body: "[]".into() };
        Corroboration { stories: vec![story, undated], families: vec![family], copy_links: vec![link] }
    }

    fn all(store: &Store) -> Corroboration {
        let mut all = Corroboration::default();
        store
            .stories(&StoryFilter::default(), |story| {
                all.stories.push(story);
                Ok::<(), Error>(())
            })
            .unwrap();
        store
            .families(|family| {
                all.families.push(family);
                Ok::<(), Error>(())
            })
            .unwrap();
        store
            .copy_links(|link| {
                all.copy_links.push(link);
                Ok::<(), Error>(())
            })
            .unwrap();
        all
    }

    #[test]
    fn replaced_whole_or_not_at_all() {
        let mut record = Record::with(0..3);
        let (first, second) = (worked_out("s-ab", &[3, 1]), worked_out("s-cd", &[1, 2]));
        record.writer.replace_corroboration(&first).unwrap();
        assert_eq!(all(record.writer.store()), first);
        record.writer.replace_corroboration(&second).unwrap();
        assert_eq!(all(record.writer.store()), second);
        let of_nobody = worked_out("s-ef", &[1, 99]);
        assert!(record.writer.replace_corroboration(&of_nobody).is_err());
        assert_eq!(all(record.writer.store()), second);
        record.writer.store().check().unwrap();
    }

    #[test]
    fn found_by_name_and_by_report() {
        let mut record = Record::with(0..3);
        let put = worked_out("s-ab_%", &[1, 2]);
        record.writer.replace_corroboration(&put).unwrap();
        let store = record.writer.store();
        assert_eq!(store.story("s-ab_%").unwrap().as_ref(), Some(&put.stories[0]));
        assert_eq!(store.story("s-a").unwrap(), None);
        assert_eq!(store.find_stories("s-a").unwrap(), put.stories);
        assert_eq!(store.find_stories("s-ab_%").unwrap(), put.stories[..1]);
        assert_eq!(store.find_stories("s-%").unwrap(), []);
        assert_eq!(store.stories_of(2).unwrap(), put.stories[..1]);
        assert_eq!(store.stories_of(3).unwrap(), []);
        assert_eq!(store.families_of(1).unwrap(), put.families);
        assert_eq!(store.copy_links_of(2).unwrap(), put.copy_links);
        assert_eq!(store.copy_links_of(3).unwrap(), []);
    }

    #[test]
    fn filtered() {
        let mut record = Record::with(0..2);
        record.writer.replace_corroboration(&worked_out("s", &[1, 2])).unwrap();
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
