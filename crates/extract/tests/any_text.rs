//! Reads texts that nobody would write, and holds each reading to what every reading promises.

use std::sync::LazyLock;

use extract::{Reading, Source, read};
use model::{Allegation, Claim, ClaimKind, Digest, Figure, Kind, Metadata, Span, Text};
use proptest::prelude::*;
use serde_json::Value;

/// Marks and words that the lexicons lack, or that matter too much to be left to chance.
const TELLING: &str = include_str!("any_text/fragments.txt");

/// All words and phrases of the lexicons.
static LISTED: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/lexicons")).expect("a folder");
    let mut files: Vec<_> = folder.flatten().map(|file| file.path()).collect();
    files.sort();
    let mut words = Vec::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|kind| kind == "json")) {
        let lexicon = std::fs::read(file).expect("a file of the folder");
        gather(&serde_json::from_slice(&lexicon).expect("a lexicon"), &mut words);
    }
    words
});

static TELLING_FRAGMENTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let written = |line: &str| serde_json::from_str(&format!("\"{line}\"")).expect("an escaped line");
    TELLING.lines().filter(|line| !line.is_empty()).map(written).collect()
});

/// Gathers the strings of a lexicon; what is longer is a note on the list or a pattern.
fn gather(value: &Value, words: &mut Vec<String>) {
    match value {
        Value::String(word) if word.len() < 40 => words.push(word.clone()),
        Value::Array(values) => values.iter().for_each(|value| gather(value, words)),
        Value::Object(fields) => {
            words.extend(fields.keys().cloned());
            fields.values().for_each(|value| gather(value, words));
        }
        _ => {}
    }
}

/// One fragment, perhaps with its first letter in upper case.
fn fragment() -> impl Strategy<Value = String> {
    let telling = (0..TELLING_FRAGMENTS.len()).prop_map(|at| TELLING_FRAGMENTS[at].clone());
    let listed = (0..LISTED.len(), any::<bool>())
        .prop_map(|(at, large)| if large { capitalised(&LISTED[at]) } else { LISTED[at].clone() });
    prop_oneof![5 => telling, 3 => listed, 1 => "\\PC{0,3}"]
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Fragments glued together, mostly with a space.
fn any_text() -> impl Strategy<Value = String> {
    let glue =
        prop_oneof![9 => Just(" "), 2 => Just(""), 1 => Just("\n\n"), 1 => Just(". "), 1 => Just(", ")];
    prop::collection::vec((fragment(), glue), 0..80)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, glue)| [piece, glue.to_owned()]).collect())
}

/// The bytes of an original of any kind that holds the text.
fn original(text: &str, kind: Kind) -> Vec<u8> {
    match kind {
        Kind::DatedText => format!("date 2031-03-14\n\n{text}").into_bytes(),
        Kind::Row => {
            let row =
                serde_json::json!({"id": "1", "date": "2031-03-14", "title": "Shells fall", "text": text});
            row.to_string().into_bytes()
        }
        Kind::PlainText | Kind::Page => text.as_bytes().to_vec(),
    }
}

fn reading_of(bytes: &[u8], kind: Kind) -> Reading {
    let metadata = Metadata { id: "1".into(), published: "2031-03-15".parse().ok(), ..Metadata::default() };
    read(&Source { bytes, digest: Digest::of(bytes), kind, metadata: &metadata })
}

/// Holds a reading to what the documentation of the model promises.
fn hold(reading: &Reading) {
    let report = &reading.report;
    let text = &report.text;
    for paragraph in &report.body {
        assert!(!text.quote(paragraph.span).trim().is_empty());
        assert!(paragraph.sentences.iter().all(|sentence| paragraph.span.contains(*sentence)));
        assert!(paragraph.sentences.is_sorted_by(|one, next| one.end() <= next.start()));
    }
    assert!(report.body.is_sorted_by(|one, next| one.span.end() <= next.span.start()));
    report.boilerplate.iter().for_each(|aside| quoted(text, aside.span));
    report.dateline.iter().for_each(|dateline| quoted(text, dateline.span));
    report.dateline.iter().filter_map(|dateline| dateline.place).for_each(|place| quoted(text, place));
    report.wire.iter().for_each(|wire| quoted(text, wire.span));
    assert!(reading.claims.is_sorted_by_key(|claim| claim.span.start()));
    for claim in &reading.claims {
        quoted(text, claim.span);
        spans(claim).into_iter().for_each(|span| quoted(text, span));
        hold_claim(claim, &reading.claims);
    }
}

/// Quoting a span that cuts a character, or lies outside, would be a panic.
fn quoted(text: &Text, span: Span) {
    assert!(!text.quote(span).is_empty(), "an empty span {span:?}");
    assert!(!text.given_quote(span).is_empty());
}

fn spans(claim: &Claim) -> Vec<Span> {
    let voices = claim.said_by.iter().filter_map(|speaker| speaker.mention).chain(claim.cue);
    let own = match &claim.kind {
        ClaimKind::Statement(statement) => statement.content.clone(),
        ClaimKind::Figure(figure) => figure.place.iter().map(|place| place.span).collect(),
        ClaimKind::Allegation(allegation) => spans_of(allegation),
        ClaimKind::Determination(determination) => {
            let authority = determination.authority.iter().filter_map(|speaker| speaker.mention);
            authority.chain(determination.basis).collect()
        }
    };
    voices.chain(own).collect()
}

fn spans_of(allegation: &Allegation) -> Vec<Span> {
    let Allegation { trigger, actor, target, weapon, place, time, .. } = allegation;
    let mentions = [actor, target, weapon].into_iter().flatten().map(|mention| mention.span);
    let place = place.iter().map(|place| place.span);
    let time = time.iter().map(|time| time.span);
    mentions.chain([*trigger]).chain(place).chain(time).collect()
}

fn hold_claim(claim: &Claim, all: &[Claim]) {
    assert!(!claim.rule.is_empty());
    assert!(claim.said_by.iter().all(|speaker| !speaker.name.trim().is_empty()), "a speaker without a name");
    match &claim.kind {
        ClaimKind::Statement(statement) => {
            assert!(!statement.content.is_empty());
            assert!(statement.content.iter().all(|content| claim.span.contains(*content)));
        }
        ClaimKind::Figure(figure) => hold_figure(figure, all),
        ClaimKind::Allegation(_) => {}
        ClaimKind::Determination(determination) => assert!(!determination.finding.is_empty()),
    }
}

fn hold_figure(figure: &Figure, all: &[Claim]) {
    let (lower, upper) = (figure.lower.unwrap_or(0), figure.upper.unwrap_or(u64::MAX));
    assert!(lower <= upper, "{lower} to {upper}");
    assert!(!figure.population.is_empty());
    if let Some(period) = &figure.period {
        assert!(period.from.is_none_or(|from| period.to.is_none_or(|to| from <= to)));
    }
    let mut whole = figure.subset_of;
    for _ in 0..all.len() {
        let Some(at) = whole else { return };
        let ClaimKind::Figure(of) = &all[at].kind else { panic!("a part of something that is no figure") };
        whole = of.subset_of;
    }
    assert!(whole.is_none(), "figures are parts of each other");
}

proptest! {
    #[test]
    fn any_text_is_read(text in any_text()) {
        for &kind in Kind::ALL {
            let bytes = original(&text, kind);
            let reading = reading_of(&bytes, kind);
            hold(&reading);
            prop_assert_eq!(&reading_of(&bytes, kind), &reading);
        }
    }

    #[test]
    fn any_bytes_are_read(text in any_text(), cut in any::<prop::sample::Index>(), byte in any::<u8>()) {
        for &kind in Kind::ALL {
            let mut bytes = original(&text, kind);
            let at = cut.index(bytes.len() + 1);
            bytes.insert(at, byte);
            hold(&reading_of(&bytes, kind));
            hold(&reading_of(&bytes[..at], kind));
        }
    }
}
