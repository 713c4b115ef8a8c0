use std::io::Write as _;

use store::{Days, ReportFilter, StoredReport};

use super::{Desk, Outcome};
use crate::cli::{Published, Reports};
use crate::describe::title;
use crate::terminal::{plain, table};

/// How many rows are laid out together: columns align within them, and memory stays bounded.
const ROWS: usize = 1000;

/// Lists the reports.
pub(super) fn run(desk: &Desk, asked: &Reports) -> anyhow::Result<Outcome> {
    let store = desk.store()?;
    let mut out = desk.out(asked.json);
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut found = false;
    store.reports(&filter(&asked.published), |report| {
        found = true;
        if asked.json {
            writeln!(out, "{}", report.row.body)?;
        } else {
            rows.push(columns(&report));
            if rows.len() == ROWS {
                write!(out, "{}", table(&rows))?;
                rows.clear();
            }
        }
        Ok::<(), anyhow::Error>(())
    })?;
    write!(out, "{}", table(&rows))?;
    Ok(Outcome::of(found))
}

fn filter(published: &Published) -> ReportFilter {
    let Published { from, to, outlet } = published;
    ReportFilter {
        outlet: outlet.clone(),
        published: Days { from: *from, to: *to },
        ..ReportFilter::default()
    }
}

fn columns(report: &StoredReport) -> Vec<String> {
    let row = &report.row;
    let outlet = match (&row.outlet, &row.wire) {
        (Some(outlet), Some(wire)) if outlet != wire => format!("{outlet} ({wire})"),
        (Some(name), _) => name.clone(),
        (None, Some(wire)) => format!("? ({wire})"),
        (None, None) => "?".to_owned(),
    };
    vec![
        row.published.map_or("undated".to_owned(), |day| day.to_string()),
        plain(&row.name),
        plain(&outlet),
        format!("{} claims", report.claim_count),
        plain(&title(report)),
    ]
}
