//! Claims, and figures as one kind of them.

use jiff::civil::Date;
use rusqlite::{Connection, Row, params};

use crate::conditions::{Conditions, List};
use crate::days::{day_at, day_text};
use crate::{Days, Error, Page, Store};

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
    /// Words in the name of the place, in any case.
    pub place: Option<String>,
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
    /// Which stretch of them.
    pub page: Page,
}

/// The kind that [`Store::figures`] lists.
const FIGURE: &str = "figure";

/// Separates the names of speakers in their column: no name holds a line break.
const BETWEEN_NAMES: &str = "\n";

const CLAIM: &str = "SELECT c.*, r.digest, r.name, r.outlet, r.published
    FROM claims AS c JOIN reports AS r ON r.id = c.report";

impl Store {
    /// Hands over the claims that fulfil the filter: by day of publication of the report, undated reports last,
    /// and as they stand in the report.
    pub fn claims<E: From<Error>>(
        &self,
        filter: &ClaimFilter,
        each: impl FnMut(StoredClaim) -> Result<(), E>,
    ) -> Result<(), E> {
        let order = "coalesce(r.published, '~'), r.name, r.digest, c.number";
        let select = conditions(filter).select(List { rows: CLAIM, order }, filter.page);
        self.each(&select, claim, each)
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
        let select = conditions.select(List { rows: CLAIM, order }, filter.page);
        self.each(&select, claim, each)
    }
}

fn conditions(filter: &ClaimFilter) -> Conditions {
    let mut conditions = Conditions::default();
    conditions.equals("c.report", filter.report);
    conditions.equals("c.kind", filter.kind.clone());
    conditions.equals("c.act", filter.act.clone());
    conditions.equals("c.polarity", filter.polarity.clone());
    conditions.equals("c.country", filter.country.clone());
    conditions.equals("c.measure", filter.measure.clone());
    conditions.equals("c.population", filter.population.clone());
    conditions.overlap(("c.first_day", "c.last_day"), filter.days);
    conditions.holds("c.speakers", filter.speaker.as_deref());
    conditions.holds("c.place", filter.place.as_deref());
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
    Ok(StoredClaim {
        report: row.get("report")?,
        number: row.get("number")?,
        digest: row.get("digest")?,
        report_name: row.get("name")?,
        outlet: row.get("outlet")?,
        published: day_at(row, "published")?,
        row: claim_row(row)?,
    })
}

fn claim_row(row: &Row) -> rusqlite::Result<ClaimRow> {
    let speakers: String = row.get("speakers")?;
    Ok(ClaimRow {
        kind: row.get("kind")?,
        speaker: row.get("speaker")?,
        speakers: speakers.split_terminator(BETWEEN_NAMES).map(str::to_owned).collect(),
        act: row.get("act")?,
        polarity: row.get("polarity")?,
        place: row.get("place")?,
        country: row.get("country")?,
        first_day: day_at(row, "first_day")?,
        last_day: day_at(row, "last_day")?,
        measure: row.get("measure")?,
        population: row.get("population")?,
        lower: row.get("lower")?,
        upper: row.get("upper")?,
        stated: row.get("stated")?,
        span_start: row.get("span_start")?,
        span_end: row.get("span_end")?,
        quote: row.get("quote")?,
        rule: row.get("rule")?,
        body: row.get("body")?,
    })
}
