//! Incidents of civilian harm as Airwars' analysts recorded them.

mod infrastructure;
mod toll;

use std::path::Path;

use serde::Deserialize;

use crate::reading::{Article, read};
use crate::rows::rows;
use crate::{Corpus, Error, Measured};
use infrastructure::Infrastructure;
use toll::{Recorded, Tolls};

/// Measures what the narrative of an incident says against the analysts' record of it.
pub(crate) const INCIDENTS_AIRWARS: Corpus =
    Corpus { name: "incidents-airwars", file: "incidents-airwars.jsonl", measure };

#[derive(Deserialize)]
struct Row {
    text: String,
    infrastructure: Option<String>,
    #[serde(flatten)]
    toll: Recorded,
}

fn measure(corpora: &Path) -> Result<Vec<Measured>, Error> {
    let rows: Vec<Row> = rows(&corpora.join(INCIDENTS_AIRWARS.file))?;
    let (mut tolls, mut infrastructure) = (Tolls::default(), Infrastructure::default());
    for row in &rows {
        let reading = read(&Article { text: &row.text, ..Article::default() });
        tolls.add(&row.toll, &reading);
        infrastructure.add(row.infrastructure.as_deref().unwrap_or_default(), &reading);
    }
    let mut measured = tolls.measured();
    measured.push(infrastructure.measured());
    Ok(measured)
}
