//! Claims, and figures as one kind of them.

use jiff::civil::Date;
use rusqlite::{Connection, Row, params};

use crate::conditions::{Conditions, List};
use crate::days::{Columns, day_text};
use crate::reports::NEWEST;
use crate::{Days, Error, Order, Page, PlaceNamed, Store};

/// One thing that somebody says in a report. What it says in full is in `body`; the rest is to filter and sort by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClaimRow {
    /// The kind, such as `figure`.
    pub kind: String,
    /// The speaker to show; `None` if the outlet itself says it.
    pub speaker: Option<String>,
    /// The names of all who say it or relay it; filters by speaker look through all of them.
    pub speakers: Vec<String>,
    /// The act that is alleged.
    pub act: Option<String>,
    /// Whether it is asserted, denied or left open.
    pub polarity: String,
    /// The name of the place.
    pub place: Option<String>,
    /// The country of the place, two letters after ISO 3166-1.
    pub country: Option<String>,
    /// The first day that it speaks of.
    pub first_day: Option<Date>,
    /// The last day that it speaks of.
    pub last_day: Option<Date>,
    /// What a figure counts: killed, displaced.
    pub measure: Option<String>,
    /// Whom a figure counts: civilians, children.
    pub population: Option<String>,
    /// The lowest number that the words allow. What no `i64` holds is kept as the largest one.
    pub lower: Option<u64>,
    /// The highest number that the words allow.
    pub upper: Option<u64>,
    /// The number in the words.
    pub stated: Option<u64>,
    /// The first byte of its words, in the text that is read.
    pub span_start: u64,
    /// The byte after the last one.
    pub span_end: u64,
    /// Its words.
    pub quote: String,
    /// The rule that found it.
    pub rule: String,
    /// The claim as JSON.
    pub body: String,
}

/// A claim as it is kept, with what a list of claims shows of its report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredClaim {
    /// The number of the report.
    pub report: i64,
    /// The number of the claim within the report, from 0.
    pub number: u64,
    /// The original that the report was read from.
    pub digest: [u8; 32],
    /// The name of the report.
    pub report_name: String,
    /// Who published the report.
    pub outlet: Option<String>,
    /// The day of publication of the report.
    pub published: Option<Date>,
    /// What was put.
    pub row: ClaimRow,
}

/// Which claims to list. The default is all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClaimFilter {
    /// The kind.
    pub kind: Option<String>,
    /// Words in the name of a speaker, in any case.
    pub speaker: Option<String>,
    /// The act.
    pub act: Option<String>,
    /// The place.
    pub place: Option<PlaceNamed>,
    /// The country.
    pub country: Option<String>,
    /// Days that the claim speaks of in part or whole. If an end is given, undated claims are left out.
    pub days: Days,
    /// The polarity.
    pub polarity: Option<String>,
    /// Words of the claim, in any case.
    pub text: Option<String>,
    /// The number of the report.
    pub report: Option<i64>,
    /// The measure.
    pub measure: Option<String>,
    /// The population.
    pub population: Option<String>,
    /// Which of them come first, by the day of publication of their reports.
    pub order: Order,
    /// The report and the number in it of the claim behind which the list begins, in the order of the newest.
    pub behind: Option<(i64, u64)>,
    /// Which stretch of them.
    pub page: Page,
}

/// The kind that [`Store::figures`] lists.
const FIGURE: &str = "figure";

/// Separates the names of speakers in their column: no name holds a line break.
const BETWEEN_NAMES: &str = "\n";

/// The columns of a [`StoredClaim`], in the order of its fields.
macro_rules! columns {
    () => {
        "SELECT c.report, c.number, r.digest, r.name, r.outlet, r.published, c.kind, c.speaker, c.speakers, c.act,
         c.polarity, c.place, c.country, c.first_day, c.last_day, c.measure, c.population, c.lower, c.upper,
         c.stated, c.span_start, c.span_end, c.quote, c.rule, c.body "
    };
}

/// Goes through the reports and, in each, through its claims: lists begin at once, however long they are.
const BY_REPORT: &str = concat!(columns!(), "FROM reports AS r CROSS JOIN claims AS c");

/// Leaves the order to the database, which may find the claims by an index and sort them.
const BY_INDEX: &str = concat!(columns!(), "FROM reports AS r JOIN claims AS c ON true");

/// As reports are listed; within a report, as the claims stand in it.
const IN_ORDER: &str = "coalesce(r.published, '~'), r.name, r.digest, c.number";

impl Store {
    /// Hands over the claims that fulfil the filter: by day of publication of the report, undated reports last,
    /// and as they stand in the report.
    pub fn claims<E: From<Error>>(
        &self,
        filter: &ClaimFilter,
        each: impl FnMut(StoredClaim) -> Result<(), E>,
    ) -> Result<(), E> {
        // A list of the newest is looked at page by page: nothing is sorted for it.
        let is_indexed = filter.order == Order::Oldest && (filter.act.is_some() || filter.measure.is_some());
        let rows = if is_indexed { BY_INDEX } else { BY_REPORT };
        let mut conditions = conditions(filter);
        if let Some((report, number)) = filter.behind {
            conditions.behind_or(&NEWEST, report, ("c.number > ?", number as i64));
        }
        let order = match filter.order {
            Order::Oldest => IN_ORDER.to_owned(),
            Order::Newest => format!("{}, c.number", NEWEST.order()),
        };
        let select = conditions.select(List { rows, order }, filter.page);
        self.each(&select, claim, each)
    }

    /// Returns the claims of a report, as they stand in it.
    pub fn claims_of(&self, report: i64) -> Result<Vec<StoredClaim>, Error> {
        let mut claims = Vec::new();
        self.claims(&ClaimFilter { report: Some(report), ..ClaimFilter::default() }, |claim| {
            claims.push(claim);
            Ok::<(), Error>(())
        })?;
        Ok(claims)
    }

    /// Returns the claims of one kind of a report, as they stand in it.
    pub fn claims_of_kind(&self, report: i64, kind: &str) -> Result<Vec<StoredClaim>, Error> {
        self.rows(|connection| {
            let sql = concat!(
                columns!(),
                "FROM claims AS c JOIN reports AS r ON r.id = c.report
                 WHERE c.report = ?1 AND c.kind = ?2 ORDER BY c.number"
            );
            connection.prepare_cached(sql)?.query_map(params![report, kind], claim)?.collect()
        })
    }

    /// Hands over the figures that fulfil the filter: by measure, population and day, then as [`Store::claims`].
    ///
    /// The day is the last one that the figure speaks of, else that of publication; undated figures come last.
    pub fn figures<E: From<Error>>(
        &self,
        filter: &ClaimFilter,
        each: impl FnMut(StoredClaim) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut conditions = conditions(filter);
        conditions.equals("c.kind", Some(FIGURE.to_owned()));
        let order = "coalesce(c.measure, '~'), coalesce(c.population, '~'),
            coalesce(c.last_day, c.first_day, r.published, '~'), coalesce(r.published, '~'),
            r.name, r.digest, c.number";
        let select = conditions.select(List { rows: BY_INDEX, order: order.to_owned() }, filter.page);
        self.each(&select, claim, each)
    }
}

fn conditions(filter: &ClaimFilter) -> Conditions {
    let mut conditions = Conditions::default();
    conditions.require("c.report = r.id");
    conditions.equals("r.id", filter.report);
    conditions.equals("c.kind", filter.kind.clone());
    conditions.equals("c.act", filter.act.clone());
    conditions.equals("c.polarity", filter.polarity.clone());
    conditions.equals("c.country", filter.country.clone());
    conditions.equals("c.measure", filter.measure.clone());
    conditions.equals("c.population", filter.population.clone());
    conditions.overlap(("c.first_day", "c.last_day"), filter.days);
    conditions.holds("c.speakers", filter.speaker.as_deref());
    conditions.names("c.place", filter.place.as_ref());
    conditions.holds("c.quote", filter.text.as_deref());
    conditions
}

pub(crate) fn delete_claims(connection: &Connection, report: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM claims WHERE report = ?1")?.execute([report])?;
    Ok(())
}

pub(crate) fn insert_claims(
    connection: &Connection,
    report: i64,
    claims: &[ClaimRow],
) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO claims (report, number, kind, speaker, speakers, act, polarity, place, country, first_day,
             last_day, measure, population, lower, upper, stated, span_start, span_end, quote, rule, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
    )?;
    for (number, claim) in claims.iter().enumerate() {
        insert.execute(params![
            report,
            number as u64,
            claim.kind,
            claim.speaker,
            joined(&claim.speakers),
            claim.act,
            claim.polarity,
            claim.place,
            claim.country,
            day_text(claim.first_day),
            day_text(claim.last_day),
            claim.measure,
            claim.population,
            bounded(claim.lower),
            bounded(claim.upper),
            bounded(claim.stated),
            claim.span_start,
            claim.span_end,
            claim.quote,
            claim.rule,
            claim.body,
        ])?;
    }
    Ok(())
}

/// Keeps a number that no column holds as the largest one: a misprint must not stop a batch.
fn bounded(number: Option<u64>) -> Option<i64> {
    number.map(|number| i64::try_from(number).unwrap_or(i64::MAX))
}

fn joined(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| name.replace(BETWEEN_NAMES, " ")).collect();
    names.join(BETWEEN_NAMES)
}

fn claim(row: &Row) -> rusqlite::Result<StoredClaim> {
    let mut columns = Columns::of(row);
    Ok(StoredClaim {
        report: columns.next()?,
        number: columns.next()?,
        digest: columns.next()?,
        report_name: columns.next()?,
        outlet: columns.next()?,
        published: columns.next_day()?,
        row: claim_row(&mut columns)?,
    })
}

fn claim_row(columns: &mut Columns) -> rusqlite::Result<ClaimRow> {
    Ok(ClaimRow {
        kind: columns.next()?,
        speaker: columns.next()?,
        speakers: names(columns.next()?),
        act: columns.next()?,
        polarity: columns.next()?,
        place: columns.next()?,
        country: columns.next()?,
        first_day: columns.next_day()?,
        last_day: columns.next_day()?,
        measure: columns.next()?,
        population: columns.next()?,
        lower: columns.next()?,
        upper: columns.next()?,
        stated: columns.next()?,
        span_start: columns.next()?,
        span_end: columns.next()?,
        quote: columns.next()?,
        rule: columns.next()?,
        body: columns.next()?,
    })
}

fn names(joined: String) -> Vec<String> {
    joined.split_terminator(BETWEEN_NAMES).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use expect_test::expect;
    use jiff::civil::date;
    use proptest::collection::vec;
    use proptest::option::of;
    use proptest::prelude::*;
    use proptest::test_runner::{Config, TestRunner};

    use super::*;
    use crate::Reading;
    use crate::conditions::Select;
    use crate::sample::{Record, claim as sample, report};

    fn listed(store: &Store, filter: &ClaimFilter) -> Vec<ClaimRow> {
        let mut rows = Vec::new();
        store
            .claims(filter, |claim| {
                rows.push(claim.row);
                Ok::<(), Error>(())
            })
            .unwrap();
        rows
    }

    fn with_claims(record: &mut Record, claims: &[ClaimRow]) {
        let reading = Reading { report: &report(0), sketch: None, claims, text: "" };
        record.writer.batch(|batch| batch.put_reading(reading)).unwrap();
    }

    #[test]
    fn the_newest_page_by_page() {
        let mut record = Record::with(0..3);
        with_claims(&mut record, &["a", "b", "c"].map(|kind| sample(kind, 1)));
        let store = record.writer.store();
        let mut filter = ClaimFilter {
            order: Order::Newest,
            page: Page { skip: 0, limit: Some(2) },
            ..ClaimFilter::default()
        };
        let (mut paged, mut whole) = (Vec::new(), Vec::new());
        let everything = ClaimFilter { page: Page::default(), ..filter.clone() };
        let mut each = |claim: StoredClaim| {
            whole.push((claim.report, claim.number));
            Ok::<(), Error>(())
        };
        store.claims(&everything, &mut each).unwrap();
        loop {
            let before = paged.len();
            let each = |claim: StoredClaim| {
                paged.push((claim.report, claim.number));
                Ok::<(), Error>(())
            };
            store.claims(&filter, each).unwrap();
            if paged.len() == before {
                break;
            }
            filter.behind = paged.last().copied();
        }
        assert!(whole.len() > 4, "{whole:?}");
        assert_eq!(paged, whole);
    }

    #[test]
    fn kept_whole() {
        let claim = ClaimRow {
            kind: "figure".into(),
            speaker: Some("Ministry of Ports".into()),
            speakers: vec!["Ada Orlo".into(), "Ministry\nof Ports".into()],
            act: Some("killing".into()),
            polarity: "denied".into(),
            place: Some("Orsk".into()),
            country: Some("XO".into()),
            first_day: Some(date(2031, 5, 1)),
            last_day: Some(date(2031, 5, 9)),
            measure: Some("killed".into()),
            population: Some("sailors".into()),
            lower: Some(12),
            upper: Some(u64::MAX),
            stated: Some(0),
            span_start: 3,
            span_end: 14,
            quote: "12 'sailors'".into(),
            rule: "figure".into(),
            body: "{}".into(),
        };
        let mut record = Record::with(0..1);
        with_claims(&mut record, std::slice::from_ref(&claim));
        let speakers = vec!["Ada Orlo".to_owned(), "Ministry of Ports".to_owned()];
        let kept = ClaimRow { upper: Some(i64::MAX as u64), speakers, ..claim };
        assert_eq!(listed(record.writer.store(), &ClaimFilter::default()), [kept]);
    }

    #[test]
    fn days_that_overlap() {
        let day = |day| Some(date(2031, 5, day));
        let spans = [(None, None), (day(3), day(5)), (day(4), None), (None, day(6)), (day(8), day(9))];
        let claims: Vec<ClaimRow> = (0..)
            .zip(spans)
            .map(|(number, (first_day, last_day))| ClaimRow { first_day, last_day, ..sample("x", number) })
            .collect();
        let mut record = Record::with(0..1);
        with_claims(&mut record, &claims);
        let quotes = |from, to| -> Vec<String> {
            let filter = ClaimFilter { days: Days { from, to }, ..ClaimFilter::default() };
            listed(record.writer.store(), &filter).into_iter().map(|claim| claim.quote).collect()
        };
        assert_eq!(quotes(None, None).len(), 5);
        assert_eq!(quotes(day(5), None), ["1 people", "3 people", "4 people"]);
        assert_eq!(quotes(None, day(4)), ["1 people", "2 people"]);
        assert_eq!(quotes(day(6), day(8)), ["3 people", "4 people"]);
        assert_eq!(quotes(day(7), day(7)), [""; 0]);
    }

    #[test]
    fn figures_side_by_side() {
        let mut record = Record::with(0..2);
        let figure = |(measure, population, day): (&str, &str, Option<i8>)| ClaimRow {
            measure: Some(measure.into()),
            population: Some(population.into()),
            last_day: day.map(|day| date(2031, 4, day)),
            ..sample("figure", 0)
        };
        let second =
            [("killed", "civilians", Some(7)), ("displaced", "people", None), ("killed", "civilians", None)];
        let first =
            [("killed", "civilians", Some(9)), ("killed", "children", Some(9)), ("injured", "people", None)];
        for (number, figures) in [(0, first), (1, second)] {
            let claims: Vec<ClaimRow> =
                figures.into_iter().map(figure).chain([sample("statement", 1)]).collect();
            let reading = Reading { report: &report(number), sketch: None, claims: &claims, text: "" };
            record.writer.batch(|batch| batch.put_reading(reading)).unwrap();
        }
        let mut shown = String::new();
        let show = |claim: StoredClaim| {
            let ClaimRow { measure, population, last_day, .. } = &claim.row;
            let day = last_day.or(claim.published).unwrap();
            let words = [measure, population].map(|word| word.as_deref().unwrap());
            shown += &format!("{} {day} {}\n", words.join(" "), claim.report_name);
            Ok::<(), Error>(())
        };
        record.writer.store().figures(&ClaimFilter::default(), show).unwrap();
        expect![[r#"
            displaced people 2031-05-02 report 1
            injured people 2031-05-01 report 0
            killed children 2031-04-09 report 0
            killed civilians 2031-04-07 report 1
            killed civilians 2031-04-09 report 0
            killed civilians 2031-05-02 report 1
        "#]]
        .assert_eq(&shown);
    }

    #[test]
    fn long_lists_are_not_sorted_as_a_whole() {
        let record = Record::new();
        let plan = |filter: ClaimFilter, rows| {
            let Select { sql, .. } =
                conditions(&filter).select(List { rows, order: IN_ORDER.to_owned() }, filter.page);
            record.writer.store().plan(&sql)
        };
        let act = ClaimFilter { act: Some(String::new()), ..ClaimFilter::default() };
        let report = ClaimFilter { report: Some(1), ..ClaimFilter::default() };
        let plans = [plan(ClaimFilter::default(), BY_REPORT), plan(report, BY_REPORT), plan(act, BY_INDEX)];
        expect![[r#"
            SCAN r USING INDEX reports_in_order
            SEARCH c USING INDEX sqlite_autoindex_claims_1 (report=?)
            USE TEMP B-TREE FOR LAST TERM OF ORDER BY

            SEARCH r USING INTEGER PRIMARY KEY (rowid=?)
            SEARCH c USING INDEX sqlite_autoindex_claims_1 (report=?)

            SEARCH c USING INDEX claims_by_act (act=?)
            SEARCH r USING INTEGER PRIMARY KEY (rowid=?)
            USE TEMP B-TREE FOR ORDER BY"#]]
        .assert_eq(&plans.join("\n\n"));
    }

    /// Words that could break out of a statement or a pattern.
    fn hostile() -> impl Strategy<Value = String> {
        prop_oneof![
            "['\"%_\\\\;?*a-bA-BéÉßİ -]{0,4}",
            any::<String>().prop_map(|words| words.replace('\n', ""))
        ]
    }

    fn claims() -> impl Strategy<Value = Vec<ClaimRow>> {
        let words = (hostile(), vec(hostile(), 0..3), of(hostile()), of(hostile()), hostile());
        vec(words, 0..6).prop_map(|claims| {
            let claim = |(quote, speakers, place, act, polarity)| ClaimRow {
                quote,
                speakers,
                place,
                act,
                polarity,
                ..ClaimRow::default()
            };
            claims.into_iter().map(claim).collect()
        })
    }

    fn filter() -> impl Strategy<Value = ClaimFilter> {
        (of(hostile()), of(hostile()), of(hostile()), of(hostile()), of(hostile())).prop_map(
            |(text, speaker, place, act, polarity)| ClaimFilter {
                text,
                speaker,
                place: place.as_deref().map(PlaceNamed::from),
                act,
                polarity,
                ..ClaimFilter::default()
            },
        )
    }

    /// What the filter means, without a database.
    fn fulfils(claim: &ClaimRow, filter: &ClaimFilter) -> bool {
        let holds = |words: &str, wanted: &str| words.to_lowercase().contains(&wanted.to_lowercase());
        filter.text.as_deref().is_none_or(|wanted| holds(&claim.quote, wanted))
            && filter.speaker.as_deref().is_none_or(|wanted| {
                wanted.is_empty() || claim.speakers.iter().any(|speaker| holds(speaker, wanted))
            })
            && filter
                .place
                .as_ref()
                .is_none_or(|wanted| claim.place.as_deref().is_some_and(|place| holds(place, &wanted.words)))
            && (filter.act.is_none() || filter.act == claim.act)
            && filter.polarity.as_deref().is_none_or(|wanted| claim.polarity == wanted)
    }

    #[test]
    fn filters_take_any_words_as_they_are() {
        // The runner calls what cannot change anything.
        let record = RefCell::new(Record::with(0..1));
        let cases = (claims(), vec(filter(), 24));
        let held = TestRunner::new(Config::with_cases(24)).run(&cases, |(claims, filters)| {
            with_claims(&mut record.borrow_mut(), &claims);
            let record = record.borrow();
            for filter in filters {
                let quotes = |rows: &[ClaimRow]| rows.iter().map(|row| row.quote.clone()).collect::<Vec<_>>();
                let wanted: Vec<ClaimRow> =
                    claims.iter().filter(|claim| fulfils(claim, &filter)).cloned().collect();
                prop_assert_eq!(quotes(&listed(record.writer.store(), &filter)), quotes(&wanted));
            }
            Ok(())
        });
        held.unwrap();
    }
}
