//! From an original to its rows: read it, put the reading into the format, and fill the columns to filter by.

use std::io;

use anyhow::Context as _;
use corroborate::Sketch;
use extract::Source;
use jiff::civil::Date;
use model::{Claim, Digest, Kind, Metadata, Note, Report, Text};
use store::{ClaimRow, ReportRow, StoredClaim, StoryRow};

use crate::wire::{self, Fields, Origin, Told, Wired};

/// One original with what is known of it besides its bytes.
#[derive(Debug, Clone)]
pub(crate) struct Original {
    pub(crate) bytes: Vec<u8>,
    pub(crate) digest: Digest,
    pub(crate) kind: Kind,
    pub(crate) metadata: Metadata,
}

/// A reading, ready to be stored.
pub(crate) struct Prepared {
    pub(crate) report: ReportRow,
    pub(crate) claims: Vec<ClaimRow>,
    pub(crate) sketch: Vec<u8>,
    /// The words to search.
    pub(crate) text: String,
    /// What it tells of events, as JSON.
    pub(crate) told: String,
}

impl From<collect::Item> for Original {
    fn from(item: collect::Item) -> Original {
        let collect::Item { bytes, digest, kind, metadata, .. } = item;
        Original { bytes, digest, kind, metadata }
    }
}

impl Original {
    /// Reads the original. The same original gives the same reading.
    ///
    /// A bug that a text could trigger must not stop the reading of all others, so a panic ends here: the report
    /// is kept with a note and without claims.
    pub(crate) fn read(&self) -> extract::Reading {
        let source =
            Source { bytes: &self.bytes, digest: self.digest, kind: self.kind, metadata: &self.metadata };
        // Nothing outlives a panic: the source is only borrowed, and reading keeps no state.
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| extract::read(&source)))
            .unwrap_or_else(|_| of_claims(self.unread(), Vec::new()))
    }

    /// Lays the claims that the rows tell over the text of the original: only where a span of theirs is in doubt, the original is
    /// read, for that costs ten times as much. What else reading finds is left out.
    pub(crate) fn read_as_kept(&self, claims: &[String]) -> extract::Reading {
        self.laid(claims).unwrap_or_else(|| self.read())
    }

    /// Lays the claims that the rows hold over the text; `None` where any of them does not fit it.
    pub(crate) fn laid(&self, claims: &[String]) -> Option<extract::Reading> {
        let report = self.article();
        let claims = wire::kept_claims(claims, &report.text)?;
        Some(of_claims(report, claims))
    }

    /// Finds the report in the original, as reading does, and leaves its claims unread.
    pub(crate) fn article(&self) -> Report {
        let source =
            Source { bytes: &self.bytes, digest: self.digest, kind: self.kind, metadata: &self.metadata };
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| extract::article(&source)))
            .unwrap_or_else(|_| self.unread())
    }

    /// Returns the report of an original that could not be read because of a bug.
    fn unread(&self) -> Report {
        let text = Text::verbatim(self.digest, String::from_utf8_lossy(&self.bytes).into_owned());
        let note =
            "the reader has a bug that this text triggers; please report it with the digest of the original";
        Report {
            text,
            metadata: self.metadata.clone(),
            language: None,
            dateline: None,
            wire: None,
            body: Vec::new(),
            boilerplate: Vec::new(),
            notes: vec![Note(note.to_owned())],
        }
    }

    /// Puts a reading of this original into the format.
    pub(crate) fn wire(&self, reading: &extract::Reading) -> Wired {
        wire::wire(reading, self.origin())
    }

    /// Writes a reading of this original as JSON Lines: the report and its claims.
    pub(crate) fn write(&self, reading: &extract::Reading, out: &mut dyn io::Write) -> io::Result<()> {
        wire::write(reading, self.origin(), out)
    }

    fn origin(&self) -> Origin {
        let other_fields = match self.kind {
            Kind::Row => wire::other_fields(&self.bytes),
            Kind::DatedText | Kind::PlainText | Kind::Page => serde_json::Map::new(),
        };
        Origin { digest: self.digest, kind: self.kind, other_fields }
    }

    /// Reads the original and fills its rows.
    pub(crate) fn prepare(&self) -> Prepared {
        let reading = self.read();
        let wired = self.wire(&reading);
        Prepared {
            report: report_row(&reading, &wired),
            claims: wired.claims.iter().map(claim_row).collect(),
            sketch: Sketch::of(&reading.report, &reading.claims).to_bytes(),
            text: searchable(&reading.report),
            told: wire::json(&Told::of(&reading)),
        }
    }
}

/// Puts a report and its claims together, with nothing else that reading finds.
pub(crate) fn of_claims(report: Report, claims: Vec<Claim>) -> extract::Reading {
    extract::Reading {
        report,
        claims,
        victims: Vec::new(),
        times: Vec::new(),
        durations: Vec::new(),
        places: Vec::new(),
        encoding: "UTF-8",
    }
}

/// Returns the words by which a report is searched: its article, without what stands around it.
pub(crate) fn searchable(report: &Report) -> String {
    let paragraphs = report.body.iter().map(|paragraph| report.text.quote(paragraph.span));
    paragraphs.collect::<Vec<_>>().join("\n")
}

/// Reads the JSON of a stored claim back.
pub(crate) fn stored_claim(claim: &StoredClaim) -> anyhow::Result<wire::Claim> {
    serde_json::from_str(&claim.row.body).with_context(|| {
        format!(
            "claim {} of {} was stored by another version; `credence reindex` reads it again",
            claim.number + 1,
            claim.report_name
        )
    })
}

/// Reads the JSON of a story back.
pub(crate) fn stored_story(row: &StoryRow) -> anyhow::Result<wire::Story> {
    serde_json::from_str(&row.body).with_context(|| {
        format!("story {} was stored by another version; `credence reindex` makes it again", row.id)
    })
}

fn report_row(reading: &extract::Reading, wired: &Wired) -> ReportRow {
    let text = &reading.report.text;
    ReportRow {
        digest: *text.original().as_bytes(),
        text_length: text.read().len() as u64,
        reader_version: extract::VERSION.to_owned(),
        body: wire::json(&wired.report),
        ..report_columns(&wired.report)
    }
}

/// Fills the columns of a report that its JSON says as well.
fn report_columns(report: &wire::Report) -> ReportRow {
    ReportRow {
        digest: [0; 32],
        name: report.id.clone(),
        published: report.published,
        outlet: report.outlet.clone(),
        title: report.title.clone(),
        url: report.url.clone(),
        language: report.language.clone(),
        wire: report.wire.clone(),
        dateline_place: report
            .dateline
            .as_ref()
            .and_then(|dateline| Some(dateline.place.as_ref()?.words().to_owned())),
        text_length: 0,
        reader_version: String::new(),
        body: String::new(),
    }
}

/// Tells whether the columns of a report say what its JSON says. `None`: the JSON is by another version.
pub(crate) fn report_agrees(row: &ReportRow) -> Option<bool> {
    let said: wire::Report = serde_json::from_str(&row.body).ok()?;
    let digest = Digest::from_bytes(row.digest).to_string();
    let (text_length, reader_version, body) = (row.text_length, row.reader_version.clone(), row.body.clone());
    let columns =
        ReportRow { digest: row.digest, text_length, reader_version, body, ..report_columns(&said) };
    Some(said.original == digest && columns == *row)
}

/// Tells whether the columns of a claim say what its JSON says. `None`: the JSON is by another version.
pub(crate) fn claim_agrees(row: &ClaimRow) -> Option<bool> {
    let said: wire::Claim = serde_json::from_str(&row.body).ok()?;
    // The rows hold no greater number.
    let held = |number: Option<u64>| number.map(|number| number.min(i64::MAX.unsigned_abs()));
    let columns = claim_row(&said);
    let (lower, upper, stated) = (held(columns.lower), held(columns.upper), held(columns.stated));
    Some(ClaimRow { body: row.body.clone(), lower, upper, stated, ..columns } == *row)
}

fn claim_row(claim: &wire::Claim) -> ClaimRow {
    let (first_day, last_day) = days(claim);
    let place = place(claim);
    let mut row = ClaimRow {
        kind: claim.fields.kind().to_owned(),
        speaker: claim.said_by.first().map(|speaker| speaker.name.clone()),
        speakers: claim.said_by.iter().map(|speaker| speaker.name.clone()).collect(),
        act: None,
        polarity: claim.polarity.clone(),
        place: place.map(|place| match &place.located {
            Some(located) if !place.span.words().contains(&located.name) => {
                format!("{} ({})", place.span.words(), located.name)
            }
            _ => place.span.words().to_owned(),
        }),
        country: place.and_then(|place| Some(place.located.as_ref()?.country.clone())),
        first_day,
        last_day,
        measure: None,
        population: None,
        lower: None,
        upper: None,
        stated: None,
        span_start: claim.span.bytes[0] as u64,
        span_end: claim.span.bytes[1] as u64,
        quote: claim.span.words().to_owned(),
        rule: claim.rule.clone(),
        body: wire::json(claim),
    };
    match &claim.fields {
        Fields::Allegation { act, .. } => row.act = Some(act.clone()),
        Fields::Figure { measure, population, lower, upper, stated, .. } => {
            (row.measure, row.population) = (Some(measure.clone()), Some(population.clone()));
            (row.lower, row.upper, row.stated) = (*lower, *upper, *stated);
        }
        Fields::Statement { .. } | Fields::Determination { .. } => {}
    }
    row
}

/// Returns the place of a claim. A place that the event is only likened to is none.
fn place(claim: &wire::Claim) -> Option<&wire::Place> {
    match &claim.fields {
        Fields::Figure { place, .. } | Fields::Allegation { place, comparison: false, .. } => place.as_ref(),
        _ => None,
    }
}

/// Returns the days to filter a claim by: of the event, else of the saying.
fn days(claim: &wire::Claim) -> (Option<Date>, Option<Date>) {
    match &claim.fields {
        Fields::Statement { said_on, .. } | Fields::Determination { said_on, .. } => (*said_on, *said_on),
        Fields::Figure { period, .. } => {
            period.as_ref().map_or((None, None), |period| (period.from, period.to))
        }
        Fields::Allegation { time, .. } => {
            let when = time.as_ref().and_then(|time| time.iso.parse::<model::When>().ok());
            (when.map(|when| when.first()), when.map(|when| when.last()))
        }
    }
}
