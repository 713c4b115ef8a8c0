//! News with its times and events, annotated for the NewsReader project.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use extract::{DurationMention, Factuality, Reading};
use jiff::civil::{Date, Time, Weekday};
use model::{BoilerplateReason, Certainty, TimeMention, When};
use serde::Deserialize;

use crate::counts::{Counts, macro_f1};
use crate::points::Points;
use crate::reading::{Article, read};
use crate::rows::rows;
use crate::{Corpus, Error, Measured};

/// Measures times as TempEval-3 does, and how events are stated.
///
/// `timex.value_f1` is the F1 of TempEval-3 (UzZaman et al. 2013, 4.1) for the value on relaxed spans: a labelled time and
/// one found are the same if they share a character, each at most once, and right if their normalised values are equal as
/// written; `timex.relaxed_f1` asks for the spans alone. Only the first six lines of a text (headline, date and four
/// sentences) are annotated, so only times found there count. All TIMEX3 in them count, the date line too: the
/// reader is given the text and nothing else, and must find the day of the report itself. Values are written as TIMEX3
/// has them: a week `2008-W07`, a weekend `2008-W07-WE`, a quarter `2008-Q1`, a part of the day `TMO`, a length of time
/// `P3M`; of a zone nothing is said. A stretch reckoned from the anchor ("the past two years") counts by its length.
///
/// `certainty.macro_f1` and `polarity.macro_f1` are the means of the F1 of each class over the event mentions that carry
/// the attribute (in the same lines): CERTAIN, PROBABLE, POSSIBLE, and POS, NEG, by the guidelines of
/// NewsReader (NWR-2014-2-2, 4.7). The reader is given the text and the words of each event. UNDERSPECIFIED, by which
/// annotators say that they could not tell, is no class of the scale: those mentions are left out, and counted in
/// `certainty.with_underspecified_macro_f1`, where what stands in a condition or an indirect question is taken for it.
pub(crate) const EVENTS_MEANTIME: Corpus =
    Corpus { name: "events-meantime", file: "events-meantime.jsonl", measure };

#[derive(Deserialize)]
struct Row {
    text: String,
    timex: Vec<Timex>,
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Timex {
    // A time that no words name has no span.
    start: Option<usize>,
    end: Option<usize>,
    value: Option<String>,
}

#[derive(Deserialize)]
struct Event {
    start: usize,
    end: usize,
    attrs: Attributes,
}

#[derive(Deserialize)]
struct Attributes {
    certainty: Option<String>,
    polarity: Option<String>,
}

/// For each class how often it was labelled, found, and both.
type Classes<'r> = HashMap<&'r str, Counts>;

fn measure(corpora: &Path) -> Result<Vec<Measured>, Error> {
    let rows: Vec<Row> = rows(&corpora.join(EVENTS_MEANTIME.file))?;
    let (mut spans, mut values) = (Counts::default(), Counts::default());
    let (mut certainty, mut polarity, mut open) = (Classes::new(), Classes::new(), Classes::new());
    for row in &rows {
        let found = timexes(row);
        let (row_spans, row_values) = compared(&row.timex, &found);
        spans.add(row_spans);
        values.add(row_values);
        let bytes: Vec<Range<usize>> = byte_ranges(&row.text, &row.events);
        for (event, told) in row.events.iter().zip(extract::factuality(&row.text, &bytes)) {
            count(&mut certainty, &event.attrs.certainty, certainty_of(told), UNTOLD);
            count(&mut polarity, &event.attrs.polarity, if told.negated { "NEG" } else { "POS" }, UNTOLD);
            let class = if told.open { UNTOLD } else { certainty_of(told) };
            count(&mut open, &event.attrs.certainty, class, "");
        }
    }
    let of = |measure, classes: &Classes<'_>| Measured {
        measure,
        value: macro_f1(classes.values().copied()),
        n: classes.values().map(|counts| counts.labelled).sum(),
    };
    Ok(vec![
        Measured { measure: "timex.value_f1", value: values.f1(), n: values.labelled },
        Measured { measure: "timex.relaxed_f1", value: spans.f1(), n: spans.labelled },
        of("certainty.macro_f1", &certainty),
        of("certainty.with_underspecified_macro_f1", &open),
        of("polarity.macro_f1", &polarity),
    ])
}

const UNTOLD: &str = "UNDERSPECIFIED";

fn certainty_of(told: Factuality) -> &'static str {
    match told.certainty {
        Certainty::Certain => "CERTAIN",
        Certainty::Probable => "PROBABLE",
        Certainty::Possible => "POSSIBLE",
    }
}

/// Counts a mention unless it has no label, or the one that is left out.
fn count<'r>(classes: &mut Classes<'r>, label: &'r Option<String>, found: &'static str, left_out: &str) {
    let Some(label) = label.as_deref().filter(|label| *label != left_out) else { return };
    classes.entry(label).or_default().labelled += 1;
    let counts = classes.entry(found).or_default();
    counts.found += 1;
    counts.right += usize::from(label == found);
}

/// Returns the bytes of ranges of code points.
fn byte_ranges(text: &str, events: &[Event]) -> Vec<Range<usize>> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let byte = |point: usize| starts.get(point).copied().unwrap_or(text.len());
    events.iter().map(|event| byte(event.start)..byte(event.end)).collect()
}

/// A time with its value as TIMEX3 writes it.
#[derive(Debug, PartialEq)]
struct Found {
    points: Range<usize>,
    value: String,
}

/// Returns the times and lengths of time that the reader finds in a text, with the day of the report itself.
fn timexes(row: &Row) -> Vec<Found> {
    let Reading { report, times, durations, .. } = read(&Article { text: &row.text, ..Article::default() });
    let points = Points::of(&row.text);
    let end = annotated(&row.text);
    let mut found: Vec<Found> = Vec::new();
    let mut add =
        |bytes: Range<usize>, value: String| found.push(Found { points: points.of_bytes(bytes), value });
    for line in report.boilerplate.iter().filter(|line| line.reason == BoilerplateReason::Date) {
        if let Some(day) = report.metadata.published {
            add(line.span.range(), day.to_string());
        }
    }
    let within = |time: &TimeMention, duration: &DurationMention| time.span.contains(duration.span);
    for time in &times {
        let stretch = time.rule == "stretch" && durations.iter().any(|duration| within(time, duration));
        if !stretch {
            add(time.span.range(), value(time));
        }
    }
    for duration in &durations {
        if !times.iter().any(|time| time.rule != "stretch" && within(time, duration)) {
            add(duration.span.range(), duration.length.to_string());
        }
    }
    found.retain(|found| found.points.start < end);
    found
}

/// Returns the code point at which the annotated part of a text ends: its first six lines, one sentence each.
fn annotated(text: &str) -> usize {
    text.split_inclusive('\n').take(6).map(|line| line.chars().count()).sum()
}

/// Counts spans that meet, and among them those of equal value.
fn compared(labelled: &[Timex], found: &[Found]) -> (Counts, Counts) {
    let labelled: Vec<(Range<usize>, &str)> = labelled
        .iter()
        .filter_map(|timex| Some((timex.start?..timex.end?, timex.value.as_deref()?)))
        .collect();
    let (mut spans, mut values) = (0, 0);
    let mut used = vec![false; found.len()];
    for (range, value) in &labelled {
        let meets = |found: &Found| found.points.start < range.end && range.start < found.points.end;
        let candidates = || (0..found.len()).filter(|&at| !used[at] && meets(&found[at]));
        let best = candidates().find(|&at| found[at].value == plain(value)).or_else(|| candidates().next());
        if let Some(at) = best {
            spans += 1;
            values += usize::from(found[at].value == plain(value));
            used[at] = true;
        }
    }
    let counts = |right| Counts { right, found: found.len(), labelled: labelled.len() };
    (counts(spans), counts(values))
}

/// Returns a labelled value without its zone.
fn plain(value: &str) -> &str {
    value.strip_suffix('Z').unwrap_or(value)
}

fn value(time: &TimeMention) -> String {
    let days = days(time.when);
    let Some(hours) = time.hours else { return days };
    let hour = |time: Time| time.hour();
    match (hour(hours.from), hours.to.map(hour)) {
        (_, None) => format!("{days}T{}", &hours.from.to_string()[..5]),
        (0, Some(_)) => format!("{days}TMO"),
        (12, Some(_)) => format!("{days}TAF"),
        (18, Some(_)) => format!("{days}TEV"),
        _ => format!("{days}T{hours}"),
    }
}

fn days(when: When) -> String {
    let When::Interval(from, to) = when else { return when.to_string() };
    let week = from.iso_week_date();
    let length = (to - from).get_days() + 1;
    let first = from.day() == 1 && (from.month() - 1) % 3 == 0;
    let months = to.tomorrow().is_ok_and(|next| next.day() == 1 && (next - from).get_days() <= 92);
    match (from.weekday(), length) {
        (Weekday::Monday, 7) => format!("{}-W{:02}", week.year(), week.week()),
        (Weekday::Saturday, 2) => format!("{}-W{:02}-WE", week.year(), week.week()),
        _ if first && months && (89..=92).contains(&days_between(from, to)) => {
            format!("{}-Q{}", from.year(), (from.month() - 1) / 3 + 1)
        }
        _ => when.to_string(),
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str, timex: &str) -> Row {
        serde_json::from_str(&format!(r#"{{"text": {text:?}, "timex": {timex}, "events": []}}"#)).unwrap()
    }

    #[test]
    fn values_are_written_as_timex3_writes_them() {
        let written = |when: &str| days(when.parse().unwrap());
        assert_eq!(written("2022-03-14/2022-03-20"), "2022-W11");
        assert_eq!(written("2022-03-19/2022-03-20"), "2022-W11-WE");
        assert_eq!(written("2022-01-01/2022-03-31"), "2022-Q1");
        assert_eq!(written("2022-03"), "2022-03");
        assert_eq!(written("2022-03-19/2022-03-22"), "2022-03-19/2022-03-22");
    }

    #[test]
    fn spans_that_meet_are_paired_and_values_compared() {
        let row = row(
            "",
            r#"[{"start": 0, "end": 6, "value": "2022-03-21"}, {"start": 9, "end": 12, "value": "P3D"}]"#,
        );
        let found = [
            Found { points: 3..8, value: "2022-03-21".to_owned() },
            Found { points: 10..14, value: "P2D".to_owned() },
            Found { points: 20..24, value: "P2D".to_owned() },
        ];
        let (spans, values) = compared(&row.timex, &found);
        assert_eq!(spans, Counts { right: 2, found: 3, labelled: 2 });
        assert_eq!(values, Counts { right: 1, found: 3, labelled: 2 });
    }

    #[test]
    fn a_text_is_dated_by_itself() {
        let text =
            "Mill burns in Varden\\nMarch 21, 2022\\nA mill burned in Varden on Sunday, its owner said.";
        let text = text.replace("\\n", "\n");
        let row = row(&text, "[]");
        let values: Vec<String> = timexes(&row).into_iter().map(|found| found.value).collect();
        assert_eq!(values, ["2022-03-21", "2022-03-20"]);
    }

    #[test]
    fn a_mention_counts_for_its_label_and_for_what_was_found() {
        let mut classes = Classes::new();
        let (positive, open) = (Some("POS".to_owned()), Some(UNTOLD.to_owned()));
        count(&mut classes, &positive, "NEG", UNTOLD);
        count(&mut classes, &positive, "POS", UNTOLD);
        count(&mut classes, &open, "POS", UNTOLD);
        assert_eq!(classes["POS"], Counts { right: 1, found: 1, labelled: 2 });
        assert_eq!(classes["NEG"], Counts { right: 0, found: 1, labelled: 0 });
    }
}
