//! A record for tests, with rows that follow from their number.

use std::ops::Range;

use jiff::Timestamp;
use jiff::civil::date;
use tempfile::TempDir;

use crate::{
    Batch, ClaimRow, Error, OriginalRow, Put, Reading, ReportFilter, ReportRow, SightingRow, Store, Writer,
};

pub(crate) struct Record {
    pub(crate) writer: Writer,
    pub(crate) folder: TempDir,
}

impl Record {
    pub(crate) fn new() -> Record {
        Record::in_folder(tempfile::tempdir().unwrap())
    }

    pub(crate) fn in_folder(folder: TempDir) -> Record {
        Record { writer: Writer::create_or_open(folder.path()).unwrap(), folder }
    }

    pub(crate) fn with(numbers: Range<u8>) -> Record {
        let mut record = Record::new();
        record.put(numbers);
        record
    }

    pub(crate) fn put(&mut self, mut numbers: Range<u8>) -> Vec<Put> {
        self.writer
            .batch(|batch| {
                numbers.try_fold(Vec::new(), |mut all, number| {
                    all.push(put(batch, number)?);
                    Ok::<_, Error>(all)
                })
            })
            .unwrap()
    }

    /// Ends the writing, and hands over the folder.
    pub(crate) fn closed(self) -> TempDir {
        self.folder
    }

    pub(crate) fn reopened(self) -> Record {
        Record::in_folder(self.closed())
    }
}

/// Puts an original, its sighting and its reading; the answer is that for the original.
pub(crate) fn put(batch: &mut Batch<'_>, number: u8) -> Result<Put, Error> {
    let original = original(number);
    let put = batch.put_original(&original)?;
    assert_eq!(put, batch.put_sighting(&sighting(number))?);
    let claims = [claim("figure", number), claim("statement", number)];
    let (report, text) = (report(number), reading(number));
    batch.put_reading(Reading {
        report: &report,
        sketch: Some(&[number, 1]),
        claims: &claims,
        text: &text,
    })?;
    Ok(put)
}

pub(crate) fn original(number: u8) -> OriginalRow {
    OriginalRow {
        digest: [number; 32],
        length: 40,
        kind: "text".into(),
        segment: "00000.warc.gz".into(),
        offset: 100 * u64::from(number),
        stored_length: 100,
        received_at: Timestamp::from_microsecond(1_900_000_000_000_000 + i64::from(number)).unwrap(),
    }
}

pub(crate) fn sighting(number: u8) -> SightingRow {
    SightingRow {
        digest: [number; 32],
        source: "reports/orsk's.txt".into(),
        line: 1,
        byte_offset: 0,
        hints: "{}".into(),
        seen_at: Timestamp::UNIX_EPOCH,
    }
}

pub(crate) fn report(number: u8) -> ReportRow {
    ReportRow {
        digest: [number; 32],
        name: format!("report {number}"),
        published: Some(date(2031, 5, 1 + number as i8)),
        outlet: Some(if number.is_multiple_of(2) { "The Orsk Post" } else { "Évening Bell" }.into()),
        title: Some(format!("Orsk, day {number}")),
        url: None,
        language: Some("en".into()),
        wire: None,
        dateline_place: Some("ORSK".into()),
        text_length: 40,
        reader_version: "1".into(),
        body: "{}".into(),
    }
}

pub(crate) fn claim(kind: &str, number: u8) -> ClaimRow {
    ClaimRow {
        kind: kind.into(),
        polarity: "asserted".into(),
        quote: format!("{number} people"),
        ..ClaimRow::default()
    }
}

pub(crate) fn reading(number: u8) -> String {
    format!("The harbour of Orsk was shelled {number} times.")
}

pub(crate) fn names(store: &Store) -> Vec<String> {
    let mut names = Vec::new();
    store
        .reports(&ReportFilter::default(), |report| {
            names.push(report.row.name);
            Ok::<(), Error>(())
        })
        .unwrap();
    names
}

impl Store {
    /// Returns how the database would answer.
    pub(crate) fn plan(&self, sql: &str) -> String {
        let plan = self.rows(|connection| {
            let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let mut lines = explain.raw_query();
            let mut plan = Vec::new();
            while let Some(line) = lines.next()? {
                plan.push(line.get::<_, String>(3)?);
            }
            Ok(plan)
        });
        plan.unwrap().join("\n")
    }
}
