//! What reports tell of single events, and the incidents that these accounts are put to.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::conditions::{Conditions, Days, List, Newest, Order, Page, PlaceNamed, Select};
use crate::days::{day_at, day_text};
use crate::{Batch, Error, Store, Writer};

/// What one report tells of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// The number of its report.
    pub report: i64,
    /// Its number among the accounts of that report.
    pub number: u64,
    /// Its telling words.
    pub words: Vec<String>,
    /// What it is found by, and on which day.
    pub keys: Vec<(String, Option<Date>)>,
    /// What an incident that is named after it is called.
    pub id: String,
    /// The account as JSON.
    pub body: String,
}

/// Accounts that were found to be of one event, before what people decided is laid over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRow {
    /// What tells it from others; the caller makes it, so that the same accounts give the same one.
    pub id: String,
    /// Its accounts by report and number, each with why it is here, as JSON.
    pub accounts: Vec<((i64, u64), Option<String>)>,
}

/// An account as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAccount {
    /// The account as JSON.
    pub body: String,
    /// Why it was found to be of one event with others, as JSON.
    pub link: Option<String>,
}

/// Accounts that are taken to be of one event in the world.
#[derive(Debug, Clone, PartialEq)]
pub struct IncidentRow {
    /// Its name in commands; the caller makes it, so that the same accounts give the same one.
    pub id: String,
    /// The first day on which it may have been.
    pub first_day: Option<Date>,
    /// The last such day.
    pub last_day: Option<Date>,
    /// Where, if that is said.
    pub place: Option<String>,
    /// Degrees north and east of that place, if they are known.
    pub point: Option<(f64, f64)>,
    /// How many claims are about it. One without any alleges nothing by itself.
    pub claims: u64,
    /// What was done: names of acts, with spaces between and around them.
    pub acts: String,
    /// The incident as JSON.
    pub body: String,
    /// Its accounts by report and number.
    pub accounts: Vec<(i64, u64)>,
}

/// A figure that counts a longer time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReckoningRow {
    /// The number of its report.
    pub report: i64,
    /// The position of the figure among the claims of the report.
    pub claim: u64,
    /// The place that it is about.
    pub place: Option<String>,
    /// The first day that it counts.
    pub from_day: Option<Date>,
}

/// What some reports add to the incidents.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TakenReports {
    /// The numbers of these reports.
    pub reports: Vec<i64>,
    /// What they tell. An account that is there already is left as it is.
    pub accounts: Vec<AccountRow>,
    /// What was found anew to be of one event.
    pub found: Vec<FoundRow>,
    /// Decisions that are laid over what was found by this.
    pub laid: Vec<u64>,
    /// Every incident that is other than before.
    pub incidents: Vec<IncidentRow>,
    /// Their figures of a longer time.
    pub reckonings: Vec<ReckoningRow>,
}

/// Which incidents to list. The default is all of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct IncidentFilter {
    /// The place.
    pub place: Option<PlaceNamed>,
    /// The place, as it stands with the incident.
    pub at: Option<String>,
    /// The name of an act that is alleged.
    pub act: Option<String>,
    /// Days of which the incident may have been on one. If an end is given, undated incidents are left out.
    pub days: Days,
    /// A part of the map in which the point of the incident lies. If it is given, those without a point are left out.
    pub within: Option<MapBox>,
    /// Which of them come first.
    pub order: Order,
    /// Behind which incident the list begins, in the order of the newest. It need not be there any more.
    pub behind: Option<IncidentPlace>,
    /// Which stretch of them.
    pub page: Page,
}

/// The place of an incident among the newest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentPlace {
    /// The last day on which it may have been, or the first if there is no last.
    pub day: Option<Date>,
    /// Its name.
    pub id: String,
}

impl IncidentRow {
    /// Returns its place among the newest.
    pub fn place_among_newest(&self) -> IncidentPlace {
        IncidentPlace { day: self.last_day.or(self.first_day), id: self.id.clone() }
    }
}

/// A part of the map, in degrees. Where `west` is greater than `east`, it holds the date line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MapBox {
    /// The longitude of its left edge.
    pub west: f64,
    /// The latitude of its lower edge.
    pub south: f64,
    /// The longitude of its right edge.
    pub east: f64,
    /// The latitude of its upper edge.
    pub north: f64,
}

/// How many incidents there are of a kind, those without a claim left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IncidentCounts {
    /// All of them.
    pub all: u64,
    /// Those with a point.
    pub placed: u64,
    /// Those without a day, among all.
    pub undated: u64,
}

/// Counts how often incidents moved in their lists.
const MOVED: &str = "incidents_moved";

const INCIDENT: &str = "SELECT i.id, i.first_day, i.last_day, i.place, i.latitude, i.longitude, i.claims, i.acts, i.body FROM incidents AS i";
const IN_ORDER: &str = "coalesce(i.first_day, '~'), coalesce(i.place, '~'), i.id";

/// Equal to the index `incidents_newest`.
const NEWEST: Newest = Newest {
    day: "coalesce(i.last_day, i.first_day, '')",
    name: "i.id",
    day_of: "SELECT coalesce(last_day, first_day, '') FROM incidents WHERE id = ?",
};

impl Store {
    /// Returns at most `limit` reports behind one whose accounts are not put to incidents yet, by their numbers.
    pub fn untold_reports(&self, behind: i64, limit: usize) -> Result<Vec<i64>, Error> {
        self.rows(|connection| {
            let sql = "SELECT id FROM reports WHERE id > ?1 AND id NOT IN (SELECT report FROM told_reports)
                ORDER BY id LIMIT ?2";
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            connection.prepare_cached(sql)?.query_map([behind, limit], |row| row.get(0))?.collect()
        })
    }

    /// Counts the reports whose accounts are not put to incidents yet.
    pub fn count_untold(&self) -> Result<u64, Error> {
        self.rows(|connection| {
            let sql = "SELECT (SELECT count(*) FROM reports) - (SELECT count(*) FROM told_reports)";
            Ok(connection.query_row(sql, [], |row| row.get::<_, i64>(0))?.max(0) as u64)
        })
    }

    /// Returns what was put with the reading of a report of what it tells, if that is not put to incidents yet.
    pub fn told_by(&self, report: i64) -> Result<Option<String>, Error> {
        self.rows(|connection| {
            let sql = "SELECT told FROM untold_reports WHERE report = ?1";
            connection.prepare_cached(sql)?.query_row([report], |row| row.get(0)).optional()
        })
    }

    /// Returns how many accounts there are.
    pub fn account_count(&self) -> Result<u64, Error> {
        self.rows(|connection| connection.query_row("SELECT count(*) FROM accounts", [], |row| row.get(0)))
    }

    /// Returns in how many accounts a word was met.
    pub fn accounts_holding(&self, word: &str) -> Result<u64, Error> {
        self.rows(|connection| {
            let sql = "SELECT accounts FROM account_words WHERE word = ?1";
            Ok(connection.prepare_cached(sql)?.query_row([word], |row| row.get(0)).optional()?.unwrap_or(0))
        })
    }

    /// Returns the latest `limit` accounts that are found by `mark` on `day`, by report and number.
    pub fn accounts_found_by(
        &self,
        (mark, day): (&str, Option<Date>),
        limit: u32,
    ) -> Result<Vec<(i64, u64)>, Error> {
        self.rows(|connection| {
            let sql =
                "SELECT a.report, a.number FROM account_keys AS k JOIN accounts AS a ON a.id = k.account
                WHERE k.mark = ?1 AND k.day = ?2 ORDER BY k.account DESC LIMIT ?3";
            let values = params![mark, day_text(day).unwrap_or_default(), limit];
            connection.prepare_cached(sql)?.query_map(values, |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        })
    }

    /// Returns all accounts that were found to be of one event with this one, whatever people decided.
    pub fn accounts_found_with(&self, (report, number): (i64, u64)) -> Result<Vec<KeptAccount>, Error> {
        self.rows(|connection| {
            let sql = "SELECT a.body, a.link FROM accounts AS a WHERE a.found =
                (SELECT o.found FROM accounts AS o WHERE o.report = ?1 AND o.number = ?2) ORDER BY a.id";
            let kept = |row: &Row| Ok(KeptAccount { body: row.get(0)?, link: row.get(1)? });
            connection.prepare_cached(sql)?.query_map(params![report, number], kept)?.collect()
        })
    }

    /// Returns the name of the incident that an account is put to, by the name that an incident named after that account
    /// has: incidents that were joined or parted are still found by the names that they had.
    fn incident_holding(&self, id: &str) -> Result<Option<String>, Error> {
        self.rows(|connection| {
            let sql = "SELECT incident FROM accounts WHERE own_id = ?1 AND incident IS NOT NULL ORDER BY id";
            connection.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()
        })
    }

    /// Returns the name of the incident that an account is put to.
    pub fn incident_of(&self, (report, number): (i64, u64)) -> Result<Option<String>, Error> {
        self.rows(|connection| {
            let sql = "SELECT incident FROM accounts WHERE report = ?1 AND number = ?2";
            let found = connection.prepare_cached(sql)?.query_row(params![report, number], |row| row.get(0));
            Ok(found.optional()?.flatten())
        })
    }

    /// Returns the bodies of the accounts of a report.
    pub fn accounts_of(&self, report: i64) -> Result<Vec<String>, Error> {
        self.rows(|connection| {
            let sql = "SELECT body FROM accounts WHERE report = ?1 ORDER BY number";
            connection.prepare_cached(sql)?.query_map([report], |row| row.get(0))?.collect()
        })
    }

    /// Hands over the incidents that fulfil the filter, by their first day, undated ones last.
    pub fn incidents<E: From<Error>>(
        &self,
        filter: &IncidentFilter,
        mut each: impl FnMut(IncidentRow) -> Result<(), E>,
    ) -> Result<(), E> {
        self.each(&filter.listed(filter.conditions()), incident, |row| each(self.with_accounts(row)?))
    }

    /// Hands over the incidents that fulfil the filter, have a point, and have claims about them; their accounts are left
    /// out.
    pub fn placed_incidents<E: From<Error>>(
        &self,
        filter: &IncidentFilter,
        each: impl FnMut(IncidentRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut conditions = filter.conditions();
        conditions.require("i.latitude IS NOT NULL AND i.claims > 0");
        self.each(&filter.listed(conditions), incident, each)
    }

    /// Counts the incidents that fulfil the filter and have claims about them.
    pub fn count_incidents(&self, filter: &IncidentFilter) -> Result<IncidentCounts, Error> {
        let mut conditions = filter.conditions();
        conditions.require("i.claims > 0");
        let rows = "SELECT count(*) AS every, count(i.latitude) AS placed,
            count(*) - count(coalesce(i.first_day, i.last_day)) AS undated FROM incidents AS i";
        let select = conditions.select(List { rows, order: "1".to_owned() }, Page::default());
        let counted = self.all(&select, |row| {
            let (all, placed) = (row.get("every")?, row.get("placed")?);
            Ok(IncidentCounts { all, placed, undated: row.get("undated")? })
        })?;
        Ok(counted.into_iter().next().unwrap_or_default())
    }

    /// Returns the incident of that name.
    pub fn incident(&self, id: &str) -> Result<Option<IncidentRow>, Error> {
        let mut named = Conditions::default();
        named.equals("i.id", Some(id.to_owned()));
        let select = named.select(List { rows: INCIDENT, order: IN_ORDER.to_owned() }, Page::default());
        self.all(&select, incident)?.pop().map(|row| self.with_accounts(row)).transpose()
    }

    /// Returns the incident of that name or, if there is none, the one that it went into, or those whose name begins so.
    pub fn find_incidents(&self, id_or_prefix: &str) -> Result<Vec<IncidentRow>, Error> {
        let held = self.incident_holding(id_or_prefix)?;
        let is_there = |id: &str| -> Result<bool, Error> {
            self.rows(|connection| {
                let sql = "SELECT EXISTS (SELECT 1 FROM incidents WHERE id = ?1)";
                connection.prepare_cached(sql)?.query_row([id], |row| row.get(0))
            })
        };
        let id_or_prefix = match &held {
            Some(held) if !is_there(id_or_prefix)? => held,
            _ => id_or_prefix,
        };
        let begins = format!("substr(i.id, 1, {})", id_or_prefix.chars().count());
        for column in ["i.id", &begins] {
            let mut named = Conditions::default();
            named.equals(column, Some(id_or_prefix.to_owned()));
            let found = self.all(
                &named.select(List { rows: INCIDENT, order: IN_ORDER.to_owned() }, Page::default()),
                incident,
            )?;
            if !found.is_empty() {
                return found.into_iter().map(|row| self.with_accounts(row)).collect();
            }
        }
        Ok(Vec::new())
    }

    fn with_accounts(&self, row: IncidentRow) -> Result<IncidentRow, Error> {
        let sql = "SELECT report, number FROM accounts WHERE incident = ?1 ORDER BY report, number";
        let accounts = self.rows(|connection| {
            let mut select = connection.prepare_cached(sql)?;
            select.query_map([&row.id], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        })?;
        Ok(IncidentRow { accounts, ..row })
    }

    /// Returns a number that is another one when an incident went, or has another name or day: whoever goes through a list of
    /// the newest page by page could else be shown one twice.
    pub fn incidents_moved(&self) -> Result<u64, Error> {
        Ok(self.state(MOVED)?.and_then(|count| count.parse().ok()).unwrap_or(0))
    }

    /// Returns all figures of a longer time, by place, first day and report.
    pub fn reckonings(&self) -> Result<Vec<ReckoningRow>, Error> {
        let sql = "SELECT report, claim, place, from_day FROM reckonings
            ORDER BY coalesce(place, '~'), coalesce(from_day, '~'), report, claim";
        self.all(&Select { sql: sql.to_owned(), values: Vec::new() }, |row| {
            Ok(ReckoningRow {
                report: row.get("report")?,
                claim: row.get("claim")?,
                place: row.get("place")?,
                from_day: day_at(row, "from_day")?,
            })
        })
    }
}

impl IncidentFilter {
    fn conditions(&self) -> Conditions {
        let mut conditions = Conditions::default();
        conditions.names("i.place", self.place.as_ref());
        conditions.equals("i.place", self.at.clone());
        conditions.holds("i.acts", self.act.as_ref().map(|act| format!(" {act} ")).as_deref());
        conditions.overlap(("i.first_day", "i.last_day"), self.days);
        if let Some(MapBox { west, south, east, north }) = self.within {
            let meets = if west <= east { "AND" } else { "OR" };
            conditions.require("i.latitude BETWEEN ? AND ?");
            conditions.require(&format!("(i.longitude >= ? {meets} i.longitude <= ?)"));
            conditions.values.extend([south, north, west, east].map(Into::into));
        }
        if let Some(IncidentPlace { day, id }) = &self.behind {
            conditions.behind_key(&NEWEST, (day_text(*day).unwrap_or_default(), id.clone()));
        }
        conditions
    }

    fn listed(&self, conditions: Conditions) -> Select {
        let order = self.order.of(IN_ORDER, &NEWEST);
        conditions.select(List { rows: INCIDENT, order }, self.page)
    }
}

fn incident(row: &Row) -> rusqlite::Result<IncidentRow> {
    let point: (Option<f64>, Option<f64>) = (row.get("latitude")?, row.get("longitude")?);
    Ok(IncidentRow {
        id: row.get("id")?,
        first_day: day_at(row, "first_day")?,
        last_day: day_at(row, "last_day")?,
        place: row.get("place")?,
        point: point.0.zip(point.1),
        claims: row.get("claims")?,
        acts: row.get("acts")?,
        body: row.get("body")?,
        accounts: Vec::new(),
    })
}

impl Batch<'_> {
    /// Puts what a report tells of events, until it is put to incidents.
    pub fn put_told(&mut self, report: i64, told: &str) -> Result<(), Error> {
        self.change(|connection| {
            let sql = "INSERT OR REPLACE INTO untold_reports (report, told) VALUES (?1, ?2)";
            connection.prepare_cached(sql)?.execute(params![report, told]).map(drop)
        })
    }
}

impl Writer {
    /// Puts what some reports add to the incidents: all of it, or nothing.
    pub fn put_incidents(&mut self, taken: &TakenReports) -> Result<(), Error> {
        self.transaction(|connection| {
            taken.accounts.iter().try_for_each(|account| insert_account(connection, account))?;
            taken.found.iter().try_for_each(|found| put_found(connection, found))?;
            put_incidents(connection, &taken.incidents)?;
            let mut lay = connection.prepare_cached("UPDATE decisions SET laid = 1 WHERE leaf = ?1")?;
            taken.laid.iter().try_for_each(|leaf| lay.execute([leaf]).map(drop))?;
            let mut insert = connection.prepare_cached(
                "INSERT OR REPLACE INTO reckonings (report, claim, place, from_day) VALUES (?1, ?2, ?3, ?4)",
            )?;
            for ReckoningRow { report, claim, place, from_day } in &taken.reckonings {
                insert.execute(params![report, claim, place, day_text(*from_day)])?;
            }
            let mut told = connection
                .prepare_cached("INSERT OR REPLACE INTO told_reports (report, withdrawn) VALUES (?1, 0)")?;
            let mut put = connection.prepare_cached("DELETE FROM untold_reports WHERE report = ?1")?;
            taken.reports.iter().try_for_each(|report| {
                told.execute([report])?;
                put.execute([report]).map(drop)
            })
        })
    }

    /// Takes out what these reports tell, and lets those that were taken out before and are not named tell again.
    pub fn withdraw_reports(&mut self, withdrawn: &[i64]) -> Result<(), Error> {
        self.transaction(|connection| {
            let mut select = connection.prepare("SELECT report FROM told_reports WHERE withdrawn = 1")?;
            let before: BTreeSet<i64> =
                select.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            let now: BTreeSet<i64> = withdrawn.iter().copied().collect();
            for report in now.difference(&before) {
                connection.execute(
                    "INSERT OR REPLACE INTO told_reports (report, withdrawn) VALUES (?1, 1)",
                    [report],
                )?;
                connection.execute("DELETE FROM accounts WHERE report = ?1", [report])?;
                connection.execute("DELETE FROM reckonings WHERE report = ?1", [report])?;
            }
            if now.difference(&before).next().is_some() {
                count_moved(connection)?;
            }
            for report in before.difference(&now) {
                connection.execute("DELETE FROM told_reports WHERE report = ?1", [report])?;
            }
            Ok(())
        })
    }
}

fn insert_account(connection: &Connection, account: &AccountRow) -> rusqlite::Result<()> {
    let AccountRow { report, number, words, keys, id, body } = account;
    let mut insert = connection.prepare_cached(
        "INSERT INTO accounts (report, number, own_id, body) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO NOTHING RETURNING id",
    )?;
    let id: Option<i64> = insert.query_row(params![report, number, id, body], |row| row.get(0)).optional()?;
    let Some(id) = id else { return Ok(()) };
    let mut count = connection.prepare_cached(
        "INSERT INTO account_words (word, accounts) VALUES (?1, 1) ON CONFLICT (word) DO UPDATE SET accounts = accounts + 1",
    )?;
    words.iter().try_for_each(|word| count.execute([word]).map(drop))?;
    let mut key = connection
        .prepare_cached("INSERT OR IGNORE INTO account_keys (mark, day, account) VALUES (?1, ?2, ?3)")?;
    keys.iter().try_for_each(|(mark, day)| {
        key.execute(params![mark, day_text(*day).unwrap_or_default(), id]).map(drop)
    })
}

fn put_found(connection: &Connection, found: &FoundRow) -> rusqlite::Result<()> {
    let mut put = connection
        .prepare_cached("UPDATE accounts SET found = ?1, link = ?2 WHERE report = ?3 AND number = ?4")?;
    found.accounts.iter().try_for_each(|((report, number), link)| {
        put.execute(params![found.id, link, report, number]).map(drop)
    })
}

/// Notes that incidents were put together anew: whoever goes through them begins again.
pub(crate) fn count_moved(connection: &Connection) -> rusqlite::Result<()> {
    let sql = "INSERT INTO state (key, value) VALUES (?1, '1')
        ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1";
    connection.prepare_cached(sql)?.execute([MOVED]).map(drop)
}

/// Puts incidents in place of those that held any of their accounts.
fn put_incidents(connection: &Connection, incidents: &[IncidentRow]) -> rusqlite::Result<()> {
    let mut old = connection.prepare_cached(
        "SELECT incident FROM accounts WHERE report = ?1 AND number = ?2 AND incident IS NOT NULL",
    )?;
    let mut place = connection.prepare_cached(
        "SELECT coalesce(last_day, first_day, ''), id FROM incidents WHERE id = ?1 AND claims > 0",
    )?;
    let mut delete = connection.prepare_cached("DELETE FROM incidents WHERE id = ?1")?;
    let mut moved: BTreeSet<(String, String)> = BTreeSet::new();
    for (report, number) in incidents.iter().flat_map(|incident| &incident.accounts) {
        let id: Option<String> = old.query_row(params![report, number], |row| row.get(0)).optional()?;
        let Some(id) = id else { continue };
        moved.extend(place.query_row([&id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?);
        delete.execute([id])?;
    }
    for incident in incidents {
        let IncidentPlace { day, id } = incident.place_among_newest();
        moved.remove(&(day_text(day).unwrap_or_default(), id));
    }
    if !moved.is_empty() {
        count_moved(connection)?;
    }
    let mut insert = connection.prepare_cached(
        "INSERT OR REPLACE INTO incidents (id, first_day, last_day, place, latitude, longitude, claims, acts, body)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    let mut put =
        connection.prepare_cached("UPDATE accounts SET incident = ?1 WHERE report = ?2 AND number = ?3")?;
    for IncidentRow { id, first_day, last_day, place, point, claims, acts, body, accounts } in incidents {
        let (latitude, longitude) = point.unzip();
        let days = (day_text(*first_day), day_text(*last_day));
        insert.execute(params![id, days.0, days.1, place, latitude, longitude, claims, acts, body])?;
        for (report, number) in accounts {
            put.execute(params![id, report, number])?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::sample::Record;

    fn account(report: i64, number: u64) -> AccountRow {
        AccountRow {
            report,
            number,
            words: vec!["halvorek".into(), "school".into()],
            keys: vec![("t Halvorek".into(), Some(date(2031, 3, 12))), ("w school".into(), None)],
            id: format!("i-{report}"),
            body: format!("{{\"report\":{report}}}"),
        }
    }

    fn incident_of(id: &str, accounts: &[(i64, u64)]) -> IncidentRow {
        IncidentRow {
            id: id.into(),
            first_day: Some(date(2031, 3, 12)),
            last_day: Some(date(2031, 3, 13)),
            place: Some("Halvorek".into()),
            point: None,
            claims: 1,
            acts: " attack_on_object killing ".into(),
            body: "{}".into(),
            accounts: accounts.to_vec(),
        }
    }

    fn taken(reports: &[i64], incidents: Vec<IncidentRow>) -> TakenReports {
        let accounts = reports.iter().map(|&report| account(report, 0)).collect();
        let of = |incident: &IncidentRow| FoundRow {
            id: incident.id.clone(),
            accounts: incident.accounts.iter().map(|&name| (name, None)).collect(),
        };
        let found = incidents.iter().map(of).collect();
        TakenReports { reports: reports.to_vec(), accounts, found, incidents, ..TakenReports::default() }
    }

    fn ids(store: &Store, filter: &IncidentFilter) -> Vec<String> {
        let mut ids = Vec::new();
        let each = |row: IncidentRow| {
            ids.push(format!("{} {:?}", row.id, row.accounts));
            Ok::<(), Error>(())
        };
        store.incidents(filter, each).unwrap();
        ids
    }

    #[test]
    fn incidents_are_joined_and_parted() {
        let mut record = Record::with(0..3);
        let all = IncidentFilter::default();
        record
            .writer
            .put_incidents(&taken(
                &[1, 2],
                vec![incident_of("i-a", &[(1, 0)]), incident_of("i-b", &[(2, 0)])],
            ))
            .unwrap();
        assert_eq!(ids(record.writer.store(), &all), ["i-a [(1, 0)]", "i-b [(2, 0)]"]);
        assert_eq!(record.writer.store().untold_reports(0, 9).unwrap(), [3]);
        assert_eq!(record.writer.store().count_untold().unwrap(), 1);
        assert_eq!(record.writer.store().untold_reports(3, 9).unwrap(), [0i64; 0]);
        record
            .writer
            .put_incidents(&taken(&[3], vec![incident_of("i-a", &[(1, 0), (2, 0), (3, 0)])]))
            .unwrap();
        assert_eq!(ids(record.writer.store(), &all), ["i-a [(1, 0), (2, 0), (3, 0)]"]);
        record
            .writer
            .put_incidents(&taken(
                &[],
                vec![incident_of("i-b", &[(2, 0)]), incident_of("i-a", &[(1, 0), (3, 0)])],
            ))
            .unwrap();
        assert_eq!(ids(record.writer.store(), &all), ["i-a [(1, 0), (3, 0)]", "i-b [(2, 0)]"]);
        let store = record.writer.store();
        assert_eq!(store.accounts_holding("school").unwrap(), 3);
        assert_eq!(
            store.accounts_found_by(("t Halvorek", Some(date(2031, 3, 12))), 2).unwrap(),
            [(3, 0), (2, 0)]
        );
        let together: Vec<String> =
            store.accounts_found_with((3, 0)).unwrap().into_iter().map(|kept| kept.body).collect();
        assert_eq!(together, ["{\"report\":1}", "{\"report\":3}"]);
        assert_eq!(store.incident_holding("i-2").unwrap().as_deref(), Some("i-b"));
        assert_eq!(store.incident_of((3, 0)).unwrap().as_deref(), Some("i-a"));
        store.check().unwrap();
    }

    #[test]
    fn what_a_report_tells_is_kept_until_it_is_put_to_incidents() {
        let mut record = Record::with(0..2);
        record.writer.batch(|batch| batch.put_told(1, "a shell")).unwrap();
        assert_eq!(record.writer.store().told_by(1).unwrap().as_deref(), Some("a shell"));
        record.writer.put_incidents(&taken(&[1], vec![incident_of("i-a", &[(1, 0)])])).unwrap();
        assert_eq!(record.writer.store().told_by(1).unwrap(), None);
    }

    #[test]
    fn filtered_and_found_by_name() {
        let mut record = Record::with(0..2);
        record.writer.put_incidents(&taken(&[1], vec![incident_of("i-ab", &[(1, 0)])])).unwrap();
        let store = record.writer.store();
        let count = |filter: IncidentFilter| ids(store, &filter).len();
        assert_eq!(count(IncidentFilter { place: Some("HALV".into()), ..IncidentFilter::default() }), 1);
        // Another name is one in whole words, or none.
        let named = |name: &str| PlaceNamed { words: "Old Town".to_owned(), names: vec![name.to_owned()] };
        for (name, found) in [("Halvorek", 1), ("Halv", 0)] {
            assert_eq!(
                count(IncidentFilter { place: Some(named(name)), ..IncidentFilter::default() }),
                found
            );
        }
        assert_eq!(count(IncidentFilter { act: Some("killing".into()), ..IncidentFilter::default() }), 1);
        assert_eq!(count(IncidentFilter { act: Some("kill".into()), ..IncidentFilter::default() }), 0);
        let days = Days { from: Some(date(2031, 3, 14)), to: None };
        assert_eq!(count(IncidentFilter { days, ..IncidentFilter::default() }), 0);
        assert_eq!(store.find_incidents("i-").unwrap().len(), 1);
        assert_eq!(store.find_incidents("i-%").unwrap().len(), 0);
    }

    #[test]
    fn incidents_are_listed_by_a_part_of_the_map() {
        let mut record = Record::with(0..4);
        let at = |id: &str, report: i64, point| IncidentRow { point, ..incident_of(id, &[(report, 0)]) };
        let told = IncidentRow { claims: 0, ..at("i-d", 4, Some((1.0, 1.0))) };
        let all = vec![
            at("i-a", 1, Some((50.0, 179.5))),
            at("i-b", 2, Some((50.0, -179.5))),
            at("i-c", 3, None),
            told,
        ];
        record.writer.put_incidents(&taken(&[1, 2, 3, 4], all)).unwrap();
        let store = record.writer.store();
        let placed = |(west, east)| {
            let within = Some(MapBox { west, south: 40.0, east, north: 60.0 });
            let filter = IncidentFilter { within, ..IncidentFilter::default() };
            let mut found = Vec::new();
            let each = |row: IncidentRow| {
                found.push(row.id);
                Ok::<(), Error>(())
            };
            store.placed_incidents(&filter, each).unwrap();
            assert_eq!(store.count_incidents(&filter).unwrap().placed, found.len() as u64);
            assert_eq!(ids(store, &filter).len(), found.len());
            found
        };
        assert_eq!(placed((170.0, -170.0)), ["i-a", "i-b"]);
        assert_eq!(placed((170.0, 180.0)), ["i-a"]);
        assert_eq!(placed((-170.0, 170.0)), [""; 0]);
        let counts = store.count_incidents(&IncidentFilter::default()).unwrap();
        assert_eq!(counts, IncidentCounts { all: 3, placed: 2, undated: 0 });
    }

    #[test]
    fn it_is_counted_when_incidents_move() {
        let mut record = Record::with(0..4);
        let moved = |record: &Record| record.writer.store().incidents_moved().unwrap();
        let before = moved(&record);
        let one = incident_of("i-a", &[(1, 0)]);
        record.writer.put_incidents(&taken(&[1], vec![one.clone()])).unwrap();
        // One more report of the same incident, and one of a new one: nobody who read on is shown one twice.
        let more = IncidentRow { accounts: vec![(1, 0), (2, 0)], ..one.clone() };
        record.writer.put_incidents(&taken(&[2], vec![more])).unwrap();
        record.writer.put_incidents(&taken(&[3], vec![incident_of("i-c", &[(3, 0)])])).unwrap();
        assert_eq!(moved(&record), before);
        let other = IncidentRow { id: "i-0".into(), accounts: vec![(1, 0), (2, 0), (4, 0)], ..one };
        record.writer.put_incidents(&taken(&[4], vec![other.clone()])).unwrap();
        assert_eq!(moved(&record), before + 1);
        record.writer.withdraw_reports(&[3]).unwrap();
        assert_eq!(moved(&record), before + 2);
        // Where it was is behind nothing that is there now, and the list goes on.
        let behind = Some(IncidentPlace { id: "i-a".into(), ..other.place_among_newest() });
        let filter = IncidentFilter { behind, order: Order::Newest, ..IncidentFilter::default() };
        assert_eq!(ids(record.writer.store(), &filter).len(), 1);
    }

    #[test]
    fn no_word_of_an_erased_report_is_left() {
        let mut record = Record::with(0..3);
        record.writer.put_incidents(&taken(&[1, 2], vec![incident_of("i-a", &[(1, 0), (2, 0)])])).unwrap();
        let digest = record.writer.store().report(1).unwrap().unwrap().row.digest;
        let erasure =
            crate::ErasureRow { leaf: 1, erased_at: jiff::Timestamp::UNIX_EPOCH, reason: "order 7".into() };
        record.writer.batch(|batch| batch.forget(&digest, &erasure)).unwrap();
        let store = record.writer.store();
        assert_eq!(ids(store, &IncidentFilter::default()), [""; 0]);
        assert_eq!(store.accounts_holding("school").unwrap(), 0);
        assert_eq!(store.untold_reports(0, 9).unwrap(), [2, 3]);
    }

    #[test]
    fn what_is_withdrawn_leaves_its_incident_to_be_worked_out_again() {
        let mut record = Record::with(0..3);
        record
            .writer
            .put_incidents(&taken(
                &[1, 2, 3],
                vec![incident_of("i-a", &[(1, 0), (2, 0)]), incident_of("i-c", &[(3, 0)])],
            ))
            .unwrap();
        record.writer.withdraw_reports(&[1]).unwrap();
        assert_eq!(ids(record.writer.store(), &IncidentFilter::default()), ["i-c [(3, 0)]"]);
        assert_eq!(record.writer.store().untold_reports(0, 9).unwrap(), [2]);
        assert_eq!(record.writer.store().accounts_of(2).unwrap().len(), 1);
        record.writer.withdraw_reports(&[1]).unwrap();
        record.writer.withdraw_reports(&[]).unwrap();
        assert_eq!(record.writer.store().untold_reports(0, 9).unwrap(), [1, 2]);
        record.writer.clear_readings().unwrap();
        assert_eq!(record.writer.store().account_count().unwrap(), 0);
    }
}
