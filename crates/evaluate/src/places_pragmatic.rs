//! Toponyms of news, with coordinates: GeoWebNews and the Local-Global Lexicon corpus.

use std::ops::Range;
use std::path::Path;

use extract::Reading;
use model::Place;
use serde::Deserialize;

use crate::counts::{Counts, share};
use crate::points::Points;
use crate::reading::{Article, read};
use crate::rows::rows;
use crate::{Corpus, Error, Measured};

/// Measures places by Gritta, Pilehvar and Collier, "A pragmatic guide to geoparsing evaluation" (Language Resources and
/// Evaluation 54, 2020).
///
/// `toponym.span_f1` is the guide's F1 of recognition with inexact matching on its own corpus, GeoWebNews: a labelled
/// toponym and a found place are the same if they share a character; each counts once. It covers all types of the
/// guide's taxonomy, the literal ones (literal, coerced, mixed, embedded and modifying) and the associative ones
/// (metonyms, demonyms, languages, homonyms, embedded and modifying names), so adjectives such as "Ruritanian" count. Not
/// covered are the other annotations of that corpus: names that are no toponyms, and common nouns ("the street").
/// `toponym.exact_f1` asks for the same characters. `local.span_f1` is the same on the Local-Global Lexicon corpus
/// (Lieberman, Samet and Sankaranarayanan 2010), news of small towns, labelled without such a taxonomy.
///
/// `located.within_161km` is the guide's accuracy@161km (100 miles) on both corpora: of the labelled toponyms that have
/// coordinates and were recognised, the share whose place lies no further away than that on a sphere. A name that is
/// recognised and not located counts as wrong.
pub(crate) const PLACES_PRAGMATIC: Corpus =
    Corpus { name: "places-pragmatic", file: "places-pragmatic.jsonl", measure };

/// The radius within which a place counts as located, in kilometres.
const RADIUS: f64 = 161.0;

#[derive(Deserialize)]
struct Row {
    corpus: String,
    title: Option<String>,
    text: String,
    toponyms: Vec<Toponym>,
}

#[derive(Deserialize)]
struct Toponym {
    start: usize,
    end: usize,
    /// The type in GeoWebNews.
    kind: Option<String>,
    lat: Option<f64>,
    lon: Option<f64>,
}

impl Toponym {
    fn is_covered(&self) -> bool {
        !matches!(self.kind.as_deref(), Some("Non_Toponym" | "Literal_Expression" | "Non_Lit_Expression"))
    }
}

/// What is counted in one of the corpora.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Tally {
    inexact: Counts,
    exact: Counts,
    /// Recognised toponyms with coordinates, and those that were located within the radius.
    known: usize,
    near: usize,
}

fn measure(corpora: &Path) -> Result<Vec<Measured>, Error> {
    let rows: Vec<Row> = rows(&corpora.join(PLACES_PRAGMATIC.file))?;
    let (mut news, mut local) = (Tally::default(), Tally::default());
    for row in &rows {
        let article = Article { text: &row.text, title: row.title.as_deref(), ..Article::default() };
        let tally = if row.corpus == "GeoWebNews" { &mut news } else { &mut local };
        tally.add(row, &read(&article));
    }
    let known = news.known + local.known;
    Ok(vec![
        Measured { measure: "toponym.span_f1", value: news.inexact.f1(), n: news.inexact.labelled },
        Measured { measure: "toponym.exact_f1", value: news.exact.f1(), n: news.exact.labelled },
        Measured { measure: "local.span_f1", value: local.inexact.f1(), n: local.inexact.labelled },
        Measured { measure: "located.within_161km", value: share(news.near + local.near, known), n: known },
    ])
}

impl Tally {
    fn add(&mut self, row: &Row, reading: &Reading) {
        let points = Points::of(&row.text);
        let labelled: Vec<&Toponym> = row.toponyms.iter().filter(|toponym| toponym.is_covered()).collect();
        let found: Vec<Range<usize>> =
            reading.places.iter().map(|place| points.of_bytes(place.span.range())).collect();
        let overlap = |a: &Range<usize>, b: &Range<usize>| a.start < b.end && b.start < a.end;
        self.inexact.add(matched(&labelled, &found, overlap));
        self.exact.add(matched(&labelled, &found, |a, b| a == b));
        for toponym in labelled {
            let (Some(lat), Some(lon)) = (toponym.lat, toponym.lon) else { continue };
            let span = toponym.start..toponym.end;
            let Some(number) = best(&span, &found) else { continue };
            self.known += 1;
            self.near += usize::from(kilometres(&reading.places[number], (lat, lon)) <= RADIUS);
        }
    }
}

/// Counts the labelled toponyms that are the same as a found place, each found place being used once.
fn matched(
    labelled: &[&Toponym],
    found: &[Range<usize>],
    same: impl Fn(&Range<usize>, &Range<usize>) -> bool,
) -> Counts {
    let mut used = vec![false; found.len()];
    let mut right = 0;
    for toponym in labelled {
        let span = toponym.start..toponym.end;
        let free = (0..found.len()).find(|&number| !used[number] && same(&span, &found[number]));
        if let Some(number) = free {
            used[number] = true;
            right += 1;
        }
    }
    Counts { right, found: found.len(), labelled: labelled.len() }
}

/// Returns the found place that shares most characters with a toponym, the first among equals.
fn best(span: &Range<usize>, found: &[Range<usize>]) -> Option<usize> {
    let shared = |range: &Range<usize>| range.end.min(span.end).saturating_sub(range.start.max(span.start));
    (0..found.len())
        .rev()
        .max_by_key(|&number| shared(&found[number]))
        .filter(|&number| shared(&found[number]) > 0)
}

/// Returns the great-circle distance to a place (haversine, on a sphere of 6,371 km); a place without a location is
/// infinitely far.
fn kilometres(place: &Place, (lat, lon): (f64, f64)) -> f64 {
    let Some(located) = &place.located else { return f64::INFINITY };
    let half = |a: f64, b: f64| ((a - b).to_radians() / 2.0).sin().powi(2);
    let along = located.latitude.to_radians().cos() * lat.to_radians().cos() * half(located.longitude, lon);
    2.0 * 6371.0 * (half(located.latitude, lat) + along).sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Shells fell in Kharkiv and on Vardenka Street, the Ukrainian army said.";

    fn tally(toponyms: &str) -> Tally {
        let row = format!(r#"{{"corpus": "GeoWebNews", "text": "{TEXT}", "toponyms": [{toponyms}]}}"#);
        let row: Row = serde_json::from_str(&row).unwrap();
        let mut tally = Tally::default();
        tally.add(&row, &read(&Article { text: TEXT, ..Article::default() }));
        tally
    }

    #[test]
    fn one_shared_character_is_an_inexact_match_and_common_nouns_are_not_covered() {
        let tally = tally(
            r#"{"start": 16, "end": 22, "kind": "Literal"}, {"start": 39, "end": 45, "kind": "Literal_Expression"}"#,
        );
        assert_eq!(tally.inexact, Counts { right: 1, found: 3, labelled: 1 });
        assert_eq!(tally.exact, Counts { right: 0, found: 3, labelled: 1 });
    }

    #[test]
    fn a_demonym_counts_and_lies_in_its_country() {
        let tally = tally(r#"{"start": 51, "end": 60, "kind": "Demonym", "lat": 49.0, "lon": 32.0}"#);
        assert_eq!((tally.exact.right, tally.known, tally.near), (1, 1, 1));
    }

    #[test]
    fn a_place_too_far_away_and_one_without_a_location_are_wrong() {
        let far = r#"{"start": 15, "end": 22, "kind": "Literal", "lat": 50.45, "lon": 30.52}"#;
        let unlocated = r#"{"start": 30, "end": 45, "kind": "Literal", "lat": 50.0, "lon": 36.2}"#;
        let near = r#"{"start": 15, "end": 22, "kind": "Literal", "lat": 49.0, "lon": 36.2}"#;
        let counted = |toponyms: &str| {
            let tally = tally(toponyms);
            (tally.known, tally.near)
        };
        assert_eq!((counted(far), counted(unlocated), counted(near)), ((1, 0), (1, 0), (1, 1)));
    }
}
