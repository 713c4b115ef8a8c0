//! The claims format: every line of it fits the schema, every span quotes the text as given, and nothing depends on how
//! it is asked for.

mod common;

use std::path::Path;

use common::{Folder, corpora, samples};
use serde_json::Value;

fn schema() -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats/claims.schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn fits(schema: &jsonschema::Validator, line: &Value) {
    if let Some(error) = schema.iter_errors(line).next() {
        panic!("{error} at {} in {line}", error.instance_path());
    }
}

/// Visits every object with `bytes`, `chars` and `quote`, at any depth.
fn spans(value: &Value, visit: &mut dyn FnMut(&Value)) {
    match value {
        Value::Object(fields) => {
            if fields.contains_key("chars") {
                visit(value);
            }
            fields.values().for_each(|field| spans(field, visit));
        }
        Value::Array(items) => items.iter().for_each(|item| spans(item, visit)),
        _ => {}
    }
}

fn quotes_fit(text: &str, line: &Value) {
    let chars: Vec<char> = text.chars().collect();
    spans(line, &mut |span| {
        let at = |name: &str, i: usize| span[name][i].as_u64().unwrap() as usize;
        let quote = span["quote"].as_str().unwrap();
        assert_eq!(&text[at("bytes", 0)..at("bytes", 1)], quote);
        assert_eq!(chars[at("chars", 0)..at("chars", 1)].iter().collect::<String>(), quote);
    });
}

#[test]
fn samples_fit_the_schema_and_their_quotes_the_files() {
    let schema = schema();
    let folder = Folder::new();
    let mut kinds = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(samples().join("reports")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        for line in folder.run(&["read", path.to_str().unwrap()]).fine().json() {
            fits(&schema, &line);
            quotes_fit(&text, &line);
            kinds.insert(line["kind"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(
        kinds.into_iter().collect::<Vec<_>>(),
        ["allegation", "determination", "figure", "report", "statement"]
    );
}

#[test]
fn rows_count_in_their_text_and_keep_other_fields() {
    let folder = Folder::new();
    let text = "Київ: “At least 12 people were killed”, the mayor said on Tuesday.\u{1f54a} Nine others are missing.";
    let row = serde_json::json!({
        "id": 17, "outlet": "Quillhaven Post", "published": "2031-03-12T08:00:00Z", "url": "https://example.invalid/1",
        "title": "Twelve dead", "text": text, "desk": {"name": "night"},
    });
    let ran = folder.run_on(format!("{row}\n").as_bytes(), &["read", "-"]).fine();
    let lines = ran.json();
    let schema = schema();
    lines.iter().for_each(|line| {
        fits(&schema, line);
        quotes_fit(text, line);
    });
    assert_eq!(lines[0]["id"], "17");
    assert_eq!(lines[0]["published"], "2031-03-12");
    assert_eq!(lines[0]["other_fields"], serde_json::json!({"desk": {"name": "night"}}));
    assert!(lines[1..].iter().all(|claim| claim["report"] == "17"));
    assert!(lines.len() > 2, "{}", ran.stdout);
}

#[test]
fn the_number_of_jobs_changes_nothing() {
    let folder = Folder::new();
    let path = samples().join("reports");
    let one = folder.run(&["read", "--jobs", "1", path.to_str().unwrap()]).fine().stdout;
    let four = folder.run(&["read", "--jobs", "4", path.to_str().unwrap()]).fine().stdout;
    assert!(one == four);
}

#[test]
fn a_record_prints_the_same_claims_as_reading_without_one() {
    let folder = Folder::new();
    let path = samples().join("reports/01-agency-halvorek.txt");
    let path = path.to_str().unwrap();
    let read = folder.run(&["read", path]).fine().stdout;
    folder.run(&["collect", path]).fine();
    assert_eq!(folder.run(&["show", "--json", "01-agency-halvorek.txt"]).fine().stdout, read);
}

#[test]
fn whole_corpora_are_read_and_collected() {
    let Some(corpora) = corpora() else { return };
    let folder = Folder::new();
    for name in ["ukraine-news-2022.jsonl", "syria-news-fakes.jsonl"] {
        let path = corpora.join(name);
        let rows = std::fs::read_to_string(&path).unwrap().lines().count();
        let ran = folder.run(&["collect", "--json", path.to_str().unwrap(), "--record", name]).fine();
        let summary = &ran.json()[0];
        assert_eq!(summary["skipped"], serde_json::json!([]), "{name}");
        let taken: u64 =
            ["kept", "seen_again", "known"].iter().map(|field| summary[field].as_u64().unwrap()).sum();
        assert_eq!(taken as usize, rows, "{name}");
        assert!(!ran.stderr.contains("panic"), "{}", ran.stderr);
    }
}
