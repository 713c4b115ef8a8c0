//! Which stories reports are shown in, where people decided otherwise than was found.

use rusqlite::{Connection, params};

use crate::{Error, Store, Writer};

/// Reports as people's decisions leave them in stories.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LaidStories {
    /// Stories as they were found that decisions were laid over.
    pub found: Vec<i64>,
    /// Reports that are shown elsewhere than where they were found: those of each story, and which it is; none for a new
    /// one.
    pub moved: Vec<(Option<i64>, Vec<i64>)>,
    /// The decisions that are in effect by this.
    pub decisions: Vec<u64>,
}

impl Store {
    /// Returns the stories, as they were found, that changed and that people decided something of.
    pub fn stories_to_lay(&self) -> Result<Vec<i64>, Error> {
        self.rows(|connection| {
            let sql = "SELECT m.story FROM decisions AS c CROSS JOIN decided AS d ON d.decision = c.leaf
                    JOIN reports AS r ON r.digest = d.digest JOIN story_reports AS m ON m.report = r.id
                    JOIN stories AS s ON s.key = m.story
                    WHERE c.about = 'story' AND (s.due OR NOT c.laid)
                UNION SELECT m.story FROM decided_reports AS d JOIN story_reports AS m ON m.report = d.report
                    JOIN stories AS s ON s.key = m.story WHERE s.due
                ORDER BY 1";
            connection.prepare_cached(sql)?.query_map([], |row| row.get(0))?.collect()
        })
    }

    /// Returns the reports that are shown in a story, by day.
    pub fn shown_in(&self, story: i64) -> Result<Vec<i64>, Error> {
        self.rows(|connection| {
            let sql = "SELECT m.report, m.day FROM story_reports AS m
                    WHERE m.story = ?1 AND m.report NOT IN (SELECT report FROM decided_reports)
                UNION ALL SELECT m.report, m.day FROM decided_reports AS d
                    JOIN story_reports AS m ON m.report = d.report WHERE d.story = ?1
                ORDER BY 2, 1";
            connection.prepare_cached(sql)?.query_map([story], |row| row.get(0))?.collect()
        })
    }
}

impl Writer {
    /// Shows reports as people decided. Stories that change are due.
    pub fn lay_stories(&mut self, laid: &LaidStories) -> Result<(), Error> {
        self.transaction(|connection| {
            let mut before = connection.prepare(
                "SELECT DISTINCT d.story FROM decided_reports AS d JOIN story_reports AS m ON m.report = d.report
                 WHERE m.story = ?1",
            )?;
            let mut due = connection.prepare("UPDATE stories SET due = 1 WHERE key = ?1")?;
            for story in &laid.found {
                due.execute([story])?;
                let shown: Vec<i64> =
                    before.query_map([story], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
                shown.iter().try_for_each(|story| due.execute([story]).map(drop))?;
            }
            let mut clear = connection.prepare(
                "DELETE FROM decided_reports
                 WHERE report IN (SELECT report FROM story_reports WHERE story = ?1)",
            )?;
            laid.found.iter().try_for_each(|story| clear.execute([story]).map(drop))?;
            laid.moved.iter().try_for_each(|(story, reports)| show(connection, *story, reports))?;
            let mut lay = connection.prepare("UPDATE decisions SET laid = 1 WHERE leaf = ?1")?;
            laid.decisions.iter().try_for_each(|leaf| lay.execute([leaf]).map(drop))
        })
    }
}

/// Shows reports in a story, or in a new one.
fn show(connection: &Connection, story: Option<i64>, reports: &[i64]) -> rusqlite::Result<()> {
    let new = || {
        let sql =
            "INSERT INTO stories (id, title, body, due, disturbed, decided) VALUES ('', '', '', 1, 0, 1)
            RETURNING key";
        connection.prepare_cached(sql)?.query_row([], |row| row.get(0))
    };
    let story: i64 = story.map_or_else(new, Ok)?;
    let mut put = connection
        .prepare_cached("INSERT OR REPLACE INTO decided_reports (report, story) VALUES (?1, ?2)")?;
    reports.iter().try_for_each(|report| put.execute(params![report, story]).map(drop))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Move;
    use crate::sample::{Record, report};
    use crate::{DecisionRow, SubjectRow};

    fn record() -> Record {
        let mut record = Record::with(1..4);
        record
            .writer
            .batch(|batch| {
                batch.move_to_story(&Move { to: None, absorbed: &[], reports: &[1, 2] })?;
                batch.move_to_story(&Move { to: None, absorbed: &[], reports: &[3] })
            })
            .unwrap();
        record
    }

    #[test]
    fn reports_are_shown_as_people_decided_and_as_they_were_found() {
        let mut record = record();
        let subject = SubjectRow { role: "moved".into(), digest: report(1).digest, account: None };
        let decision = DecisionRow {
            leaf: 5,
            act: "split".into(),
            about: "story".into(),
            decided_at: jiff::Timestamp::UNIX_EPOCH,
            decided_by: "Mira Vey".into(),
            reason: "another day".into(),
            undoes: None,
            undone_by: None,
            subjects: vec![subject],
        };
        assert_eq!(record.writer.store().stories_to_lay().unwrap(), [0; 0]);
        record.writer.batch(|batch| batch.put_decision(&decision)).unwrap();
        assert_eq!(record.writer.store().stories_to_lay().unwrap(), [1]);
        let laid = LaidStories { found: vec![1], moved: vec![(None, vec![1])], decisions: vec![5] };
        record.writer.lay_stories(&laid).unwrap();
        let store = record.writer.store();
        assert_eq!([1, 2, 3].map(|story| store.shown_in(story).unwrap()), [vec![2], vec![3], vec![1]]);
        assert_eq!(store.story_of(1).unwrap(), Some(1));
        let laid = LaidStories { found: vec![1], ..LaidStories::default() };
        record.writer.lay_stories(&laid).unwrap();
        let store = record.writer.store();
        assert_eq!([1, 2, 3].map(|story| store.shown_in(story).unwrap()), [vec![1, 2], vec![3], vec![]]);
        record.writer.batch(|batch| batch.remove_story(3)).unwrap();
        record.writer.store().check().unwrap();
    }
}
