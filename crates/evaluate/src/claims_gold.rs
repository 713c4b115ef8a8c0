//! Claims of whole reports, annotated after the guide that the model of claims follows.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use extract::Reading;
use jiff::civil::Date;
use model::{Allegation, Claim, ClaimKind, Figure};
use serde::Deserialize;

use crate::counts::{Counts, share};
use crate::overlap::paired;
use crate::points::Points;
use crate::reading::{Article, read};
use crate::rows::rows;
use crate::{Corpus, Error, Measured};

/// Measures claims by the definitions of the guide.
///
/// A claim found and a labelled one of the same kind are the same if their spans overlap by more than one half
/// (shared part in union); each is paired at most once. `span_f1` is the F1 of that. On the pairs, all of these must
/// be right: for `statements.speaker` the name, case and a leading article aside; for `figures.values` lower and upper
/// bound, measure and population; for `allegations.fields` act (one of those that the annotators accept), polarity and
/// class of object. On the same pairs, `figures.place` and `allegations.place` tell whether the place is right: none where
/// none is labelled, else a name of which one holds the other; `allegations.time` whether the days are. `boilerplate.char_f1` is the F1 over characters that are not white space.
pub(crate) const CLAIMS_GOLD: Corpus = Corpus { name: "claims-gold", file: "claims-gold.jsonl", measure };

#[derive(Deserialize)]
struct Row {
    kind: String,
    id: String,
    report: Option<String>,
    // Of a report.
    text: Option<String>,
    published: Option<Date>,
    outlet: Option<String>,
    #[serde(default)]
    boilerplate: Vec<(usize, usize)>,
    // Of a claim.
    span: Option<(usize, usize)>,
    speaker: Option<Named>,
    lower: Option<u64>,
    upper: Option<u64>,
    measure: Option<String>,
    population: Option<String>,
    act: Option<String>,
    #[serde(default)]
    act_alt: Vec<String>,
    polarity: Option<String>,
    object_class: Option<String>,
    place: Option<Quoted>,
    time: Option<Dated>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Quoted {
    quote: String,
}

#[derive(Deserialize)]
struct Dated {
    iso: String,
}

/// What is counted for one kind of claim.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Tally {
    spans: Counts,
    /// Pairs whose fields are right.
    fields: usize,
    /// Pairs whose place is right.
    place: usize,
    /// Pairs whose time is right.
    time: usize,
}

fn measure(corpora: &Path) -> Result<Vec<Measured>, Error> {
    let rows: Vec<Row> = rows(&corpora.join(CLAIMS_GOLD.file))?;
    let mut claims: HashMap<&str, Vec<&Row>> = HashMap::new();
    for row in &rows {
        if let Some(report) = &row.report {
            claims.entry(report).or_default().push(row);
        }
    }
    let mut tallies = [Tally::default(); KINDS.len()];
    let mut boilerplate = Counts::default();
    for report in rows.iter().filter(|row| row.kind == "report") {
        let text = report.text.as_deref().unwrap_or_default();
        let article =
            Article { text, published: report.published, outlet: report.outlet.as_deref(), title: None };
        let found = Found { reading: read(&article), points: Points::of(text) };
        let labelled = claims.remove(report.id.as_str()).unwrap_or_default();
        for (kind, tally) in KINDS.iter().zip(&mut tallies) {
            found.compare(kind, &labelled, tally);
        }
        boilerplate.add(found.boilerplate(report));
    }
    Ok(measured(&tallies, boilerplate))
}

fn measured(tallies: &[Tally], boilerplate: Counts) -> Vec<Measured> {
    let mut measured = Vec::new();
    for (kind, tally) in KINDS.iter().zip(tallies) {
        let spans = tally.spans;
        measured.push(Measured { measure: kind.span_f1, value: spans.f1(), n: spans.labelled });
        if let Some(measure) = kind.fields {
            measured.push(Measured { measure, value: share(tally.fields, spans.right), n: spans.right });
        }
        let circumstances = kind.place.map(|measure| (measure, tally.place));
        for (measure, right) in
            circumstances.into_iter().chain(kind.time.map(|measure| (measure, tally.time)))
        {
            measured.push(Measured { measure, value: share(right, spans.right), n: spans.right });
        }
    }
    measured.push(Measured {
        measure: "boilerplate.char_f1",
        value: boilerplate.f1(),
        n: boilerplate.labelled,
    });
    measured
}

/// A kind of claim, and when a claim of it agrees with its label.
struct Kind {
    name: &'static str,
    span_f1: &'static str,
    fields: Option<&'static str>,
    place: Option<&'static str>,
    time: Option<&'static str>,
    agrees: fn(&Row, &Claim) -> bool,
}

const KINDS: [Kind; 4] = [
    Kind {
        name: "statement",
        span_f1: "statements.span_f1",
        fields: Some("statements.speaker"),
        place: None,
        time: None,
        agrees: |row, claim| {
            let named = claim.said_by.first().map_or("", |speaker| &speaker.name);
            row.speaker.as_ref().is_some_and(|speaker| plain(&speaker.name) == plain(named))
        },
    },
    Kind {
        name: "figure",
        span_f1: "figures.span_f1",
        fields: Some("figures.values"),
        place: Some("figures.place"),
        time: None,
        agrees: |row, claim| matches!(&claim.kind, ClaimKind::Figure(figure) if figure_agrees(row, figure)),
    },
    Kind {
        name: "allegation",
        span_f1: "allegations.span_f1",
        fields: Some("allegations.fields"),
        place: Some("allegations.place"),
        time: Some("allegations.time"),
        agrees: |row, claim| {
            matches!(&claim.kind, ClaimKind::Allegation(allegation) if allegation_agrees(row, allegation))
                && row.polarity.as_deref() == Some(claim.polarity.name())
        },
    },
    Kind {
        name: "determination",
        span_f1: "determinations.span_f1",
        fields: None,
        place: None,
        time: None,
        agrees: |_, _| true,
    },
];

fn figure_agrees(row: &Row, figure: &Figure) -> bool {
    (row.lower, row.upper) == (figure.lower, figure.upper)
        && row.measure.as_deref() == Some(figure.measure.name())
        && row.population.as_deref().map(plain) == Some(plain(&figure.population))
}

fn allegation_agrees(row: &Row, allegation: &Allegation) -> bool {
    let act = allegation.act.name();
    let classes: Vec<&str> = allegation.object_class.iter().map(|class| class.name()).collect();
    (row.act.as_deref() == Some(act) || row.act_alt.iter().any(|other| other == act))
        && row.object_class.as_deref() == classes.first().copied()
}

fn time_agrees(row: &Row, claim: &Claim) -> bool {
    let time = match &claim.kind {
        ClaimKind::Allegation(allegation) => allegation.time.as_ref().map(|time| time.when.to_string()),
        _ => None,
    };
    row.time.as_ref().map(|time| &time.iso) == time.as_ref()
}

/// Returns a name in lower case without a leading article.
fn plain(name: &str) -> String {
    let name = name.to_lowercase().replace('’', "'");
    let name = name.trim();
    let bare = ["the ", "a ", "an "].iter().find_map(|article| name.strip_prefix(article));
    bare.unwrap_or(name).to_owned()
}

/// A report as it was read.
struct Found {
    reading: Reading,
    points: Points,
}

impl Found {
    fn compare(&self, kind: &Kind, labelled: &[&Row], tally: &mut Tally) {
        let rows: Vec<&Row> = labelled.iter().copied().filter(|row| row.kind == kind.name).collect();
        let claims: Vec<&Claim> =
            self.reading.claims.iter().filter(|claim| claim.kind.name() == kind.name).collect();
        let there: Vec<Range<usize>> =
            rows.iter().filter_map(|row| row.span).map(|(start, end)| start..end).collect();
        let here: Vec<Range<usize>> =
            claims.iter().map(|claim| self.points.of_bytes(claim.span.range())).collect();
        let agrees = |i: usize, j: usize| (kind.agrees)(rows[i], claims[j]);
        let pairs = paired(&there, &here, |i, j| usize::from(agrees(i, j)));
        tally.spans.add(Counts { right: pairs.len(), found: here.len(), labelled: there.len() });
        tally.fields += pairs.iter().filter(|&&(i, j)| agrees(i, j)).count();
        tally.place += pairs.iter().filter(|&&(i, j)| self.place_agrees(rows[i], claims[j])).count();
        tally.time += pairs.iter().filter(|&&(i, j)| time_agrees(rows[i], claims[j])).count();
    }

    fn place_agrees(&self, row: &Row, claim: &Claim) -> bool {
        let place = match &claim.kind {
            ClaimKind::Allegation(allegation) => allegation.place.as_ref(),
            ClaimKind::Figure(figure) => figure.place.as_ref(),
            _ => None,
        };
        let found = place.map(|place| plain(self.reading.report.text.quote(place.span)));
        match (row.place.as_ref().map(|place| plain(&place.quote)), found) {
            (Some(there), Some(here)) => there.contains(&here) || here.contains(&there),
            (there, here) => there == here,
        }
    }

    fn boilerplate(&self, report: &Row) -> Counts {
        let inside = |ranges: &[Range<usize>], at: usize| ranges.iter().any(|range| range.contains(&at));
        let there: Vec<Range<usize>> = report.boilerplate.iter().map(|&(start, end)| start..end).collect();
        let here: Vec<Range<usize>> = self
            .reading
            .report
            .boilerplate
            .iter()
            .map(|boilerplate| self.points.of_bytes(boilerplate.span.range()))
            .collect();
        let mut counts = Counts::default();
        let text = report.text.as_deref().unwrap_or_default();
        for (at, _) in text.chars().enumerate().filter(|(_, character)| !character.is_whitespace()) {
            let (labelled, found) = (inside(&there, at), inside(&here, at));
            counts.right += usize::from(labelled && found);
            counts.found += usize::from(found);
            counts.labelled += usize::from(labelled);
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_and_article() {
        assert_eq!(plain("The Ministry’s office "), "ministry's office");
        assert_eq!(plain("Theodor Vey"), "theodor vey");
    }

    fn row(fields: &str) -> Row {
        serde_json::from_str(&format!(r#"{{"id": "r#1", "report": "r", {fields}}}"#)).unwrap()
    }

    fn tallied(text: &str, rows: &[Row]) -> [Tally; KINDS.len()] {
        let found =
            Found { reading: read(&Article { text, ..Article::default() }), points: Points::of(text) };
        let mut tallies = [Tally::default(); KINDS.len()];
        for (kind, tally) in KINDS.iter().zip(&mut tallies) {
            found.compare(kind, &rows.iter().collect::<Vec<_>>(), tally);
        }
        tallies
    }

    const TEXT: &str = "At least 12 civilians were killed in Varden, Mayor Ilya Orlov said.";

    #[test]
    fn a_figure_with_its_values_counts_twice() {
        let figure = r#""kind": "figure", "span": [0, 21], "lower": 12, "upper": null, "measure": "killed", "population": "civilians""#;
        let [_, figures, ..] = tallied(TEXT, &[row(figure)]);
        assert_eq!(figures.spans, Counts { right: 1, found: 1, labelled: 1 });
        assert_eq!(figures.fields, 1);
    }

    #[test]
    fn one_wrong_bound_spoils_the_values_and_not_the_span() {
        let figure = r#""kind": "figure", "span": [0, 21], "lower": 12, "upper": 12, "measure": "killed", "population": "civilians""#;
        let [_, figures, ..] = tallied(TEXT, &[row(figure)]);
        assert_eq!((figures.spans.right, figures.fields), (1, 0));
    }

    #[test]
    fn a_speaker_is_compared_by_name() {
        let statement = r#""kind": "statement", "span": [0, 66], "speaker": {"name": "Ilya Orlov"}"#;
        let [statements, ..] = tallied(TEXT, &[row(statement)]);
        assert_eq!((statements.spans.right, statements.fields), (1, 1));
    }
}
