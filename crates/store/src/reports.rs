//! Reports and their readings.

use jiff::civil::Date;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::claims::{delete_claims, insert_claims};
use crate::conditions::{Conditions, List, Newest, Select};
use crate::corroboration::put_sketch;
use crate::days::{Columns, day_text};
use crate::index::Document;
use crate::{Batch, ClaimRow, Days, Error, Order, Page, Store};

/// One article, as it was read from an original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRow {
    /// The original it was read from.
    pub digest: [u8; 32],
    /// The identifier of the row, or the name of the file. Several reports may have the same.
    pub name: String,
    /// The day of publication.
    pub published: Option<Date>,
    /// Who published it.
    pub outlet: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// The address it was published at.
    pub url: Option<String>,
    /// The language, two letters after ISO 639-1.
    pub language: Option<String>,
    /// The agency that is credited.
    pub wire: Option<String>,
    /// The city of the dateline.
    pub dateline_place: Option<String>,
    /// How many bytes the text has.
    pub text_length: u64,
    /// The version of the rules that read it.
    pub reader_version: String,
    /// The report as JSON.
    pub body: String,
}

/// A report as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReport {
    /// Its number in this record. It stays when the report is read again, but not when all readings are cleared.
    pub id: i64,
    /// The kind of its original.
    pub kind: String,
    /// How many claims it holds.
    pub claim_count: u64,
    /// What was put.
    pub row: ReportRow,
}

/// All that reading an original gave.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The report.
    pub report: &'a ReportRow,
    /// What copies are found by; opaque here.
    pub sketch: Option<&'a [u8]>,
    /// Its claims, in the order in which they are numbered.
    pub claims: &'a [ClaimRow],
    /// The words that searches look through: the article without what surrounds it.
    pub text: &'a str,
}

/// Which reports to list. The default is all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReportFilter {
    /// Words in the name of the outlet, in any case.
    pub outlet: Option<String>,
    /// Words in the title, in any case.
    pub title: Option<String>,
    /// Words in the name of the credited agency, in any case.
    pub wire: Option<String>,
    /// The language.
    pub language: Option<String>,
    /// The kind of the original.
    pub kind: Option<String>,
    /// Days of publication. If an end is given, undated reports are left out.
    pub published: Days,
    /// Which of them come first.
    pub order: Order,
    /// The number of the report behind which the list begins, in the order of the newest.
    pub behind: Option<i64>,
    /// Which stretch of them.
    pub page: Page,
}

/// The columns of a [`StoredReport`], in the order of its fields, and of its reading.
const REPORT: &str =
    "SELECT r.id, o.kind, r.claim_count, r.digest, r.name, r.published, r.outlet, r.title, r.url,
    r.language, r.wire, r.dateline_place, r.text_length, r.reader_version, r.body, r.revision
    FROM reports AS r JOIN originals AS o ON o.digest = r.digest";

/// By day of publication, undated ones last. Equal to the index `reports_in_order`, so that no sorting is needed.
const IN_ORDER: &str = "coalesce(r.published, '~'), r.name, r.digest";

/// Equal to the index `reports_newest`.
pub(crate) const NEWEST: Newest = Newest {
    day: "coalesce(r.published, '')",
    name: "r.id",
    day_of: "SELECT coalesce(published, '') FROM reports WHERE id = ?",
};

/// Fewer hexadecimal digits than this are more likely a short name than the beginning of a digest.
const SHORTEST_PREFIX: usize = 4;

/// More candidates than this help nobody to choose.
const MOST_CANDIDATES: u64 = 100;

impl Store {
    /// Hands over the reports that fulfil the filter, by day of publication, undated ones last.
    pub fn reports<E: From<Error>>(
        &self,
        filter: &ReportFilter,
        each: impl FnMut(StoredReport) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut conditions = Conditions::default();
        conditions.holds("r.outlet", filter.outlet.as_deref());
        conditions.holds("r.title", filter.title.as_deref());
        conditions.holds("r.wire", filter.wire.as_deref());
        conditions.equals("r.language", filter.language.clone());
        conditions.equals("o.kind", filter.kind.clone());
        conditions.overlap(("r.published", "r.published"), filter.published);
        conditions.behind(&NEWEST, filter.behind);
        let list = List { rows: REPORT, order: filter.order.of(IN_ORDER, &NEWEST) };
        self.each(&conditions.select(list, filter.page), report, each)
    }

    /// Returns the report with that number.
    pub fn report(&self, id: i64) -> Result<Option<StoredReport>, Error> {
        self.one_report("r.id = ?1", Value::from(id))
    }

    /// Returns the report that was read from that original.
    pub fn report_of(&self, digest: &[u8; 32]) -> Result<Option<StoredReport>, Error> {
        self.one_report("r.digest = ?1", Value::from(digest.to_vec()))
    }

    fn one_report(&self, condition: &str, value: Value) -> Result<Option<StoredReport>, Error> {
        self.rows(|connection| {
            let sql = format!("{REPORT} WHERE {condition}");
            connection.prepare_cached(&sql)?.query_row([value], report).optional()
        })
    }

    /// Returns the report of that whole digest, else the reports of that name or, if there are none, those whose digest
    /// begins so. A name comes out of a report, and must not stand in the place of another.
    ///
    /// A digest is written in hexadecimal, with or without `sha256:`, at least four digits. More than one report
    /// means that the user has to say more; at most a hundred are returned.
    pub fn find_reports(&self, name_or_digest: &str) -> Result<Vec<StoredReport>, Error> {
        if let Some((whole, _)) = digests_from(name_or_digest).filter(|(first, last)| first == last)
            && let Some(report) = self.report_of(&whole)?
        {
            return Ok(vec![report]);
        }
        let mut named = Conditions::default();
        named.equals("r.name", Some(name_or_digest.to_owned()));
        let found = self.candidates(named)?;
        match digests_from(name_or_digest) {
            Some((first, last)) if found.is_empty() => {
                let mut between = Conditions::default();
                between.require("r.digest BETWEEN ? AND ?");
                between.values.extend([Value::from(first.to_vec()), Value::from(last.to_vec())]);
                self.candidates(between)
            }
            _ => Ok(found),
        }
    }

    /// Returns those of some reports whose name others have too.
    pub fn sharing_names(&self, reports: impl IntoIterator<Item = i64>) -> Result<Vec<i64>, Error> {
        self.rows(|connection| {
            let sql = "SELECT r.id FROM reports AS r WHERE r.id = ?1 AND EXISTS
                (SELECT 1 FROM reports AS o WHERE o.name = r.name AND o.id <> r.id)";
            let mut select = connection.prepare_cached(sql)?;
            let mut sharing = Vec::new();
            for report in reports {
                sharing.extend(select.query_row([report], |row| row.get::<_, i64>(0)).optional()?);
            }
            Ok(sharing)
        })
    }

    fn candidates(&self, conditions: Conditions) -> Result<Vec<StoredReport>, Error> {
        let page = Page { skip: 0, limit: Some(MOST_CANDIDATES) };
        self.all(&conditions.select(List { rows: REPORT, order: IN_ORDER.to_owned() }, page), report)
    }

    /// Hands over the reports put or read again after a revision, in that order.
    pub(crate) fn reports_since<E: From<Error>>(
        &self,
        revision: i64,
        each: impl FnMut(Revised) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = format!("{REPORT} WHERE r.revision > ? ORDER BY r.revision");
        let revised = |row: &Row| Ok(Revised { revision: row.get("revision")?, report: report(row)? });
        self.each(&Select { sql, values: vec![revision.into()] }, revised, each)
    }
}

/// A report and the place of its reading among all readings.
pub(crate) struct Revised {
    pub(crate) revision: i64,
    pub(crate) report: StoredReport,
}

impl Batch<'_> {
    /// Puts what reading an original gave, instead of any older reading of it, and returns the report's number.
    ///
    /// The original has been put before. It waits to be compared with other reports from now on.
    pub fn put_reading(&mut self, reading: Reading<'_>) -> Result<i64, Error> {
        let revision = self.next_revision();
        let (id, kind) = self.change(|connection| {
            let (id, kind) = upsert_report(connection, &reading, revision)?;
            put_sketch(connection, (id, reading.report.published), reading.sketch)?;
            delete_claims(connection, id)?;
            insert_claims(connection, id, reading.claims)?;
            Ok((id, kind))
        })?;
        self.has_read(Document::new(reading.report, kind, reading.text.to_owned()));
        Ok(id)
    }

    /// Marks what was read of an original as out of date: it is unread from now on, by whatever version.
    pub fn set_unread(&mut self, digest: &[u8; 32]) -> Result<(), Error> {
        self.change(|connection| {
            let sql = "UPDATE reports SET reader_version = '' WHERE digest = ?1";
            connection.prepare_cached(sql)?.execute([digest]).map(drop)
        })
    }
}

/// Inserts or replaces the row. An older one is updated, so that its number stays.
fn upsert_report(
    connection: &Connection,
    reading: &Reading,
    revision: i64,
) -> rusqlite::Result<(i64, String)> {
    let mut upsert = connection.prepare_cached(
        "INSERT INTO reports (digest, revision, name, published, outlet, title, url, language, wire,
             dateline_place, text_length, claim_count, reader_version, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
         ON CONFLICT (digest) DO UPDATE SET revision = excluded.revision, name = excluded.name,
             published = excluded.published, outlet = excluded.outlet, title = excluded.title,
             url = excluded.url, language = excluded.language, wire = excluded.wire,
             dateline_place = excluded.dateline_place, text_length = excluded.text_length,
             claim_count = excluded.claim_count, reader_version = excluded.reader_version,
             body = excluded.body, leaf = NULL
         RETURNING id, (SELECT kind FROM originals WHERE originals.digest = ?1)",
    )?;
    let row = reading.report;
    upsert.query_row(
        params![
            row.digest,
            revision,
            row.name,
            day_text(row.published),
            row.outlet,
            row.title,
            row.url,
            row.language,
            row.wire,
            row.dateline_place,
            row.text_length,
            reading.claims.len() as u64,
            row.reader_version,
            row.body,
        ],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

fn report(row: &Row) -> rusqlite::Result<StoredReport> {
    let mut columns = Columns::of(row);
    Ok(StoredReport {
        id: columns.next()?,
        kind: columns.next()?,
        claim_count: columns.next()?,
        row: ReportRow {
            digest: columns.next()?,
            name: columns.next()?,
            published: columns.next_day()?,
            outlet: columns.next()?,
            title: columns.next()?,
            url: columns.next()?,
            language: columns.next()?,
            wire: columns.next()?,
            dateline_place: columns.next()?,
            text_length: columns.next()?,
            reader_version: columns.next()?,
            body: columns.next()?,
        },
    })
}

/// Returns the first and the last digest that begin with the hexadecimal digits given.
fn digests_from(written: &str) -> Option<([u8; 32], [u8; 32])> {
    let digits = written.strip_prefix("sha256:").unwrap_or(written);
    let is_prefix = (SHORTEST_PREFIX..=64).contains(&digits.len());
    if !is_prefix || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    Some((filled(digits, '0'), filled(digits, 'f')))
}

/// Returns the digest whose missing digits are all `rest`.
fn filled(digits: &str, rest: char) -> [u8; 32] {
    let nibbles: Vec<u8> = digits
        .chars()
        .chain(std::iter::repeat(rest))
        .take(64)
        .map(|digit| digit.to_digit(16).expect("only hexadecimal digits come here") as u8)
        .collect();
    std::array::from_fn(|at| nibbles[2 * at] << 4 | nibbles[2 * at + 1])
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::sample::{Record, original, report as sample};

    fn names(store: &Store, filter: &ReportFilter) -> Vec<String> {
        let mut names = Vec::new();
        store
            .reports(filter, |report| {
                names.push(report.row.name);
                Ok::<(), Error>(())
            })
            .unwrap();
        names
    }

    /// Five reports, of which the last one lacks whatever may be lacking.
    fn record() -> Record {
        let mut record = Record::with(0..4);
        let bare = ReportRow {
            published: None,
            outlet: None,
            title: None,
            language: None,
            dateline_place: None,
            name: "Bare".into(),
            ..sample(9)
        };
        let put = record.writer.batch(|batch| {
            batch.put_original(&original(9))?;
            batch.put_reading(Reading { report: &bare, sketch: None, claims: &[], text: "" })
        });
        put.unwrap();
        assert_eq!(record.writer.store().report_of(&[9; 32]).unwrap().unwrap().row, bare);
        record
    }

    #[test]
    fn filtered() {
        let record = record();
        let store = record.writer.store();
        let all = ReportFilter::default();
        assert_eq!(names(store, &all), ["report 0", "report 1", "report 2", "report 3", "Bare"]);
        let evening = ReportFilter { outlet: Some("éVENING".into()), ..all.clone() };
        assert_eq!(names(store, &evening), ["report 1", "report 3"]);
        let titled = ReportFilter { title: Some("DAY 2".into()), ..all.clone() };
        assert_eq!(names(store, &titled), ["report 2"]);
        let days = Days { from: Some(date(2031, 5, 2)), to: Some(date(2031, 5, 3)) };
        let dated = ReportFilter { published: days, ..all.clone() };
        assert_eq!(names(store, &dated), ["report 1", "report 2"]);
        let page = Page { skip: 1, limit: Some(2) };
        assert_eq!(names(store, &ReportFilter { page, ..all.clone() }), ["report 1", "report 2"]);
        assert_eq!(names(store, &ReportFilter { kind: Some("page".into()), ..all.clone() }), [""; 0]);
        assert_eq!(names(store, &ReportFilter { language: Some("en".into()), ..all }).len(), 4);
    }

    #[test]
    fn the_newest_page_by_page() {
        let record = record();
        let store = record.writer.store();
        let mut filter = ReportFilter {
            order: Order::Newest,
            page: Page { skip: 0, limit: Some(2) },
            ..ReportFilter::default()
        };
        let mut pages = Vec::new();
        loop {
            let mut page = Vec::new();
            store
                .reports(&filter, |report| {
                    page.push((report.id, report.row.name));
                    Ok::<(), Error>(())
                })
                .unwrap();
            let Some((id, _)) = page.last() else { break };
            filter.behind = Some(*id);
            pages.push(page.into_iter().map(|(_, name)| name).collect::<Vec<_>>().join(", "));
        }
        assert_eq!(pages, ["report 3, report 2", "report 1, report 0", "Bare"]);
        let newest = "SELECT r.id FROM reports AS r
            WHERE coalesce(r.published, '') <= (SELECT coalesce(published, '') FROM reports WHERE id = 3)
            ORDER BY coalesce(r.published, '') DESC, r.id DESC LIMIT 2";
        let plan = store.plan(newest);
        assert!(plan.contains("SEARCH r USING") && plan.contains("reports_newest"), "{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }

    #[test]
    fn no_name_stands_in_the_place_of_a_digest() {
        let mut record = record();
        let digest = format!("sha256:{}", "01".repeat(32));
        let liar = ReportRow { name: digest.clone(), ..sample(7) };
        let put = record.writer.batch(|batch| {
            batch.put_original(&original(7))?;
            batch.put_reading(Reading { report: &liar, sketch: None, claims: &[], text: "" })
        });
        put.unwrap();
        let found = record.writer.store().find_reports(&digest).unwrap();
        assert_eq!(found.iter().map(|report| report.row.digest[0]).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn found_by_name_or_beginning_of_the_digest() {
        let mut record = record();
        let mut near = ReportRow { name: "report 2".into(), ..sample(7) };
        near.digest = [2; 32];
        near.digest[31] = 3;
        let other = crate::OriginalRow { digest: near.digest, ..original(7) };
        let put = record.writer.batch(|batch| {
            batch.put_original(&other)?;
            batch.put_reading(Reading { report: &near, sketch: None, claims: &[], text: "" })
        });
        put.unwrap();
        let store = record.writer.store();
        let found = |wanted: &str| -> Vec<(String, u8)> {
            let found = store.find_reports(wanted).unwrap();
            found.into_iter().map(|report| (report.row.name, report.row.digest[31])).collect()
        };
        let named = |name: &str, last| (name.to_owned(), last);
        assert_eq!(found("report 1"), [named("report 1", 1)]);
        assert_eq!(found("report 2"), [named("report 2", 2), named("report 2", 3)]);
        assert_eq!(found("0101"), [named("report 1", 1)]);
        assert_eq!(found("sha256:01010"), [named("report 1", 1)]);
        assert_eq!(found("02020202"), [named("report 2", 2), named("report 2", 3)]);
        assert_eq!(found(&"03".repeat(32)), [named("report 3", 3)]);
        for nothing in ["", "010", "sha256:", "0101é", "report", &"03".repeat(33)] {
            assert_eq!(found(nothing), [], "{nothing}");
        }
    }

    #[test]
    fn the_whole_list_needs_no_sorting() {
        let record = Record::new();
        let plan = record.writer.store().plan(&format!("{REPORT} ORDER BY {IN_ORDER}"));
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }
}
