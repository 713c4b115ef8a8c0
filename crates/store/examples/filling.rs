//! Measures how many readings of 20 claims are kept a second, and what lists and searches of them take.
//!
//! `cargo run -p store --example filling -- READINGS [BATCH]`

use std::time::Instant;

use jiff::Timestamp;
use jiff::civil::date;
use store::{ClaimFilter, ClaimRow, Error, OriginalRow, Page, Reading, ReportRow, Search, Writer};

const CLAIMS: u64 = 20;

#[expect(clippy::print_stdout, reason = "its figures are what this program is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut numbers = std::env::args().skip(1).map(|number| number.parse::<u64>());
    let readings = numbers.next().transpose()?.unwrap_or(5_000);
    let batch = numbers.next().transpose()?.unwrap_or(500).max(1);
    let folder = tempfile::tempdir()?;
    let mut writer = Writer::create_or_open(folder.path())?;
    let timed = |what: &str, since: Instant| println!("{what}: {:.2} s", since.elapsed().as_secs_f64());

    let since = Instant::now();
    for first in (0..readings).step_by(batch as usize) {
        put(&mut writer, first..readings.min(first + batch))?;
    }
    timed(&format!("{readings} readings, {batch} a batch"), since);

    let since = Instant::now();
    let mut count = 0;
    writer.store().claims(&ClaimFilter::default(), |_| {
        count += 1;
        Ok::<(), Error>(())
    })?;
    timed(&format!("{count} claims listed"), since);

    let since = Instant::now();
    let page = Page { skip: 0, limit: Some(50) };
    let speaker = ClaimFilter { speaker: Some("port authority".into()), page, ..ClaimFilter::default() };
    writer.store().claims(&speaker, |_| Ok::<(), Error>(()))?;
    timed("first 50 claims of a speaker", since);

    let since = Instant::now();
    let mut count = 0;
    writer.store().figures(&ClaimFilter::default(), |_| {
        count += 1;
        Ok::<(), Error>(())
    })?;
    timed(&format!("{count} figures sorted"), since);

    let since = Instant::now();
    let found = writer.store().search(&Search::of("harbour \"number 17\""))?;
    timed(&format!("{} reports found", found.total), since);

    let since = Instant::now();
    writer.rebuild_index(|report| Ok::<_, Error>(text(u64::try_from(report.id).unwrap_or(0))))?;
    timed("index rebuilt", since);
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default());
    }
    Ok(())
}

fn put(writer: &mut Writer, numbers: std::ops::Range<u64>) -> Result<(), Error> {
    writer.batch(|batch| {
        for number in numbers {
            let report = report(number);
            let claims: Vec<ClaimRow> = (0..CLAIMS).map(claim).collect();
            batch.put_original(&original(&report, number))?;
            let text = text(number);
            batch.put_reading(Reading {
                report: &report,
                sketch: Some(&[0; 512]),
                claims: &claims,
                text: &text,
            })?;
        }
        Ok(())
    })
}

/// About as long as a news report.
fn text(number: u64) -> String {
    let sentence =
        "Officials of the port said that the harbour was shelled again on the third day of the siege. ";
    format!("{} This is number {number}.", sentence.repeat(32))
}

fn digest(number: u64) -> [u8; 32] {
    let mut digest = [0; 32];
    // Spread like real digests, so that the rows do not come in the order of their keys.
    digest[..8].copy_from_slice(&number.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes());
    digest
}

fn original(report: &ReportRow, number: u64) -> OriginalRow {
    OriginalRow {
        digest: report.digest,
        length: report.text_length,
        kind: "row".into(),
        segment: "00000.warc.gz".into(),
        offset: number * 1_000,
        stored_length: 1_000,
        received_at: Timestamp::UNIX_EPOCH,
    }
}

fn report(number: u64) -> ReportRow {
    ReportRow {
        digest: digest(number),
        name: format!("row-{number}"),
        published: Some(date(2031, 1 + (number % 12) as i8, 1 + (number % 28) as i8)),
        outlet: Some("Orsk Post".into()),
        title: Some(format!("Harbour shelled, {number}")),
        url: None,
        language: Some("en".into()),
        wire: None,
        dateline_place: None,
        text_length: 3_000,
        reader_version: "1".into(),
        body: format!("{{\"paragraphs\":[{}0]}}", "12345,".repeat(100)),
    }
}

fn claim(number: u64) -> ClaimRow {
    ClaimRow {
        kind: if number.is_multiple_of(4) { "figure" } else { "statement" }.into(),
        speaker: Some("Port Authority".into()),
        speakers: vec!["Port Authority".into()],
        polarity: "asserted".into(),
        measure: number.is_multiple_of(4).then(|| "killed".into()),
        population: number.is_multiple_of(4).then(|| "civilians".into()),
        lower: Some(number),
        span_start: number * 100,
        span_end: number * 100 + 90,
        quote: "the harbour was shelled again on the third day of the siege, officials of the port said"
            .into(),
        rule: "statement-reported".into(),
        body: format!("{{\"content\":[{}0]}}", "12345,".repeat(60)),
        ..ClaimRow::default()
    }
}
