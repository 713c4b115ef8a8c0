use std::io::Write as _;

use serde::Serialize;
use store::{Days, Hit};

use super::{Desk, Outcome};
use crate::cli::Search;
use crate::output::talk;
use crate::terminal::{FAINT, HEADING, MATCH, plain, plain_piece, styled, wrapped};

#[derive(Serialize)]
struct Line<'a> {
    report: &'a str,
    original: String,
    published: Option<jiff::civil::Date>,
    outlet: Option<&'a str>,
    title: Option<&'a str>,
    score: f32,
    snippet: &'a str,
    /// Bytes of the snippet.
    matches: Vec<[usize; 2]>,
}

/// Searches the words of all reports.
pub(super) fn run(desk: &Desk, asked: &Search) -> anyhow::Result<Outcome> {
    let kinds = super::claims::names(model::Kind::ALL, model::Kind::name);
    super::claims::one_of("--kind", asked.kind.as_deref(), &kinds)?;
    let store = desk.store()?;
    let found = store.search(&store::Search {
        query: asked.query.join(" "),
        outlet: asked.published.outlet.clone(),
        kind: asked.kind.clone(),
        published: Days { from: asked.published.from, to: asked.published.to },
        skip: 0,
        limit: asked.limit,
    })?;
    for note in &found.notes {
        talk(note);
    }
    if found.missing > 0 {
        talk(&format!(
            "{} reports are not in the search index yet; `credence reindex` adds them",
            found.missing
        ));
    }
    let mut out = desk.out(asked.json);
    for hit in &found.hits {
        if asked.json {
            writeln!(out, "{}", crate::wire::json(&line(hit)))?;
        } else {
            write!(out, "{}", text(hit))?;
        }
    }
    if !asked.json && found.total > found.hits.len() as u64 {
        writeln!(out, "{} of {} hits; --limit shows more", found.hits.len(), found.total)?;
    }
    Ok(Outcome::of(!found.hits.is_empty()))
}

fn line(hit: &Hit) -> Line<'_> {
    let row = &hit.report.row;
    Line {
        report: &row.name,
        original: model::Digest::from_bytes(row.digest).to_string(),
        published: row.published,
        outlet: row.outlet.as_deref(),
        title: row.title.as_deref(),
        score: hit.score,
        snippet: &hit.snippet.text,
        matches: hit.snippet.matches.iter().map(|range| [range.start, range.end]).collect(),
    }
}

fn text(hit: &Hit) -> String {
    let row = &hit.report.row;
    let day = row.published.map_or("undated".to_owned(), |day| day.to_string());
    let outlet = row.outlet.as_deref().map_or(String::new(), |outlet| format!("  {}", plain(outlet)));
    let head =
        format!("{}  {}", styled(HEADING, &plain(&row.name)), styled(FAINT, &format!("{day}{outlet}")));
    let mut marked = String::new();
    let mut at = 0;
    let snippet = &hit.snippet.text;
    for range in &hit.snippet.matches {
        let (Some(before), Some(words)) = (snippet.get(at..range.start), snippet.get(range.clone())) else {
            continue;
        };
        marked += &plain_piece(before);
        marked += &styled(MATCH, &plain_piece(words));
        at = range.end;
    }
    marked += &plain_piece(snippet.get(at..).unwrap_or_default());
    format!("{head}\n{}\n", wrapped(marked.trim(), "  "))
}
