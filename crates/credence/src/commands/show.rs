use std::io::Write as _;

use anyhow::bail;
use store::{ClaimFilter, Store, StoredReport};

use super::{Desk, Outcome};
use crate::cli::Show;
use crate::describe;
use crate::record::{original, originals_folder};
use crate::terminal::{FAINT, HEADING, plain, plain_piece, styled, wrapped};
use crate::wire::{self, Claim, Wired};

/// Shows a report with its claims marked in place, or one claim.
pub(super) fn run(desk: &Desk, asked: &Show) -> anyhow::Result<Outcome> {
    let store = desk.store()?;
    let (report, number) = find(&store, &asked.id)?;
    let Some(report) = report else { bail!("there is no report, claim or original called {:?}", asked.id) };
    let claims = claims(&store, &report)?;
    let mut out = desk.out(asked.json);
    match (number, asked.json) {
        (Some(number), _) => {
            let Some(claim) = claims.get(number) else {
                bail!("{} has {} claims", report.row.name, claims.len())
            };
            let text = if asked.json { wire::json(claim) + "\n" } else { describe::claim(claim) };
            write!(out, "{text}")?;
        }
        (None, true) => {
            writeln!(out, "{}", report.row.body)?;
            for claim in &claims {
                writeln!(out, "{}", wire::json(claim))?;
            }
        }
        (None, false) => write!(out, "{}", marked(desk, &store, &report)?)?,
    }
    Ok(Outcome::Found)
}

/// Finds the report called `id`, or the report of the claim `id`. A report's own name may hold a `#`.
pub(crate) fn find(store: &Store, id: &str) -> anyhow::Result<(Option<StoredReport>, Option<usize>)> {
    if !store.find_reports(id)?.is_empty() {
        return Ok((Some(one_report(store, id)?), None));
    }
    let claim = id
        .rsplit_once('#')
        .and_then(|(report, number)| Some((report, number.parse::<usize>().ok()?.checked_sub(1)?)));
    match claim {
        Some((report, number)) => Ok((Some(one_report(store, report)?), Some(number))),
        None => Ok((None, None)),
    }
}

/// Finds the one report of that name or digest.
pub(super) fn one_report(store: &Store, id: &str) -> anyhow::Result<StoredReport> {
    let mut found = store.find_reports(id)?;
    match (found.pop(), found.is_empty()) {
        (Some(report), true) => Ok(report),
        (Some(last), false) => {
            found.push(last);
            let lines: Vec<String> =
                found.iter().map(|report| format!("\n  {}", candidate(report))).collect();
            bail!("{id:?} names {} reports; say which by the digest:{}", found.len(), lines.concat())
        }
        (None, _) => bail!("there is no report called {id:?}, and no original whose digest begins so"),
    }
}

fn candidate(report: &StoredReport) -> String {
    let digest = model::Digest::from_bytes(report.row.digest).hex();
    let day = report.row.published.map_or("undated".to_owned(), |day| day.to_string());
    format!("{}  {day}  {}", &digest[..12], plain(report.row.outlet.as_deref().unwrap_or("?")))
}

pub(super) fn claims(store: &Store, report: &StoredReport) -> anyhow::Result<Vec<Claim>> {
    let mut claims = Vec::new();
    store.claims(&ClaimFilter { report: Some(report.id), ..ClaimFilter::default() }, |claim| {
        claims.push(crate::reading::stored_claim(&claim)?);
        Ok::<(), anyhow::Error>(())
    })?;
    Ok(claims)
}

/// Prints the text with a mark before each claim, and under each paragraph the claims that begin in it.
///
/// The text is taken out of the original, checked against its digest, and read again: what is shown is what is kept.
fn marked(desk: &Desk, store: &Store, report: &StoredReport) -> anyhow::Result<String> {
    let Some(row) = store.original(&report.row.digest)? else {
        bail!("the rows do not know the original of {}; `credence reindex` finds it", report.row.name)
    };
    let original = original(store, &preserve::Reader::new(originals_folder(&desk.folder)), &row)?;
    let reading = original.read();
    let wired = original.wire(&reading);
    let mut text = head(report, &wired);
    let mut blocks: Vec<(model::Span, Option<&str>)> =
        reading.report.body.iter().map(|paragraph| (paragraph.span, None)).collect();
    blocks.extend(reading.report.boilerplate.iter().map(|aside| (aside.span, Some(aside.reason.name()))));
    blocks.sort_by_key(|(span, _)| span.start());
    for (span, aside) in blocks {
        let words = reading.report.text.quote(span);
        text.push('\n');
        match aside {
            Some(reason) => {
                text += &styled(
                    FAINT,
                    &wrapped(&format!("[{}: {}]", describe::spaced(reason), plain(words)), ""),
                );
                text.push('\n');
            }
            None => text += &paragraph(span, words, (&reading, &wired)),
        }
    }
    Ok(text)
}

fn head(report: &StoredReport, wired: &Wired) -> String {
    let row = &report.row;
    let mut parts = vec![row.published.map_or("undated".to_owned(), |day| day.to_string())];
    parts.extend(row.outlet.as_deref().map(plain));
    parts.extend(row.wire.as_deref().map(|wire| format!("agency: {}", plain(wire))));
    parts.extend(row.language.clone());
    parts.push(format!("{} claims", wired.claims.len()));
    parts.push(wired.report.original.clone());
    let title = row.title.as_deref().map_or(String::new(), plain);
    let mut text =
        format!("{}  {title}\n{}\n", styled(HEADING, &plain(&row.name)), wrapped(&parts.join(" · "), ""));
    for note in &wired.report.notes {
        text += &wrapped(&format!("note: {}", plain(note)), "");
        text.push('\n');
    }
    text
}

/// Marks the beginnings of claims in a paragraph as `[1]`, `[2]`, and describes them beneath it.
fn paragraph(span: model::Span, words: &str, (reading, wired): (&extract::Reading, &Wired)) -> String {
    let here: Vec<usize> =
        (0..reading.claims.len()).filter(|&i| span.contains(starts(reading, i, span))).collect();
    let mut marked = String::new();
    let mut at = span.start();
    for &i in &here {
        let start = reading.claims[i].span.start();
        marked += &plain_piece(&words[at - span.start()..start - span.start()]);
        marked += &styled(describe::style(wired.claims[i].fields.kind()), &format!("[{}]", i + 1));
        at = start;
    }
    marked += &plain_piece(&words[at - span.start()..]);
    let mut text = wrapped(marked.trim(), "") + "\n";
    for &i in &here {
        let claim = &wired.claims[i];
        let line = format!(
            "{}, {}: “{}”",
            describe::headline(claim),
            describe::said_by(claim),
            plain(claim.span.words())
        );
        let mark = styled(describe::style(claim.fields.kind()), &format!("  [{}] ", i + 1));
        text += &format!("{mark}{}\n", wrapped(&line, "      ").trim_start());
    }
    text
}

/// Returns the first character of claim `i` as a span if it begins in `paragraph`, else the claim's whole span.
fn starts(reading: &extract::Reading, i: usize, paragraph: model::Span) -> model::Span {
    let claim = reading.claims[i].span;
    let begins_here = paragraph.start() <= claim.start() && claim.start() < paragraph.end();
    if begins_here { reading.report.text.span(claim.start()..claim.start()).unwrap_or(claim) } else { claim }
}
