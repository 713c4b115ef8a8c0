//! Reads the texts of a file once, from a cold start, and prints how fast.
//!
//! The file holds one text a line; of a file of JSON lines the member "text" is read. `tools/compare-with-spacy.py`
//! runs this beside spaCy.
#![allow(clippy::print_stdout, reason = "the figures are what it is for")]

use std::time::Instant;

use language::engine::Engine;

fn main() {
    let path = std::env::args().nth(1).expect("a file of texts");
    let file = std::fs::read_to_string(&path).expect("the file can be read");
    let texts: Vec<String> = file.lines().map(|line| text(line, path.ends_with(".jsonl"))).collect();
    let start = Instant::now();
    let mut reader = Engine::shipped().reader();
    let loaded = start.elapsed();
    let rounds = std::env::args().nth(2).map_or(1, |rounds| rounds.parse().expect("a number of rounds"));
    for _ in 0..rounds {
        let start = seconds();
        let tokens: usize = texts.iter().map(|text| reader.parse(text).len()).sum();
        let seconds = seconds() - start;
        println!(
            "{{\"load_ms\":{},\"tokens\":{tokens},\"seconds\":{seconds:.4},\"tokens_per_second\":{:.0}}}",
            loaded.as_millis(),
            tokens as f64 / seconds
        );
    }
}

/// Returns the processor time of this thread, which other work on the machine does not add to; where the system does
/// not tell it, the time on the wall.
fn seconds() -> f64 {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let start = *START;
    let schedule = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = schedule.split(' ').next().and_then(|first| first.parse::<f64>().ok());
    nanoseconds.map_or_else(|| start.elapsed().as_secs_f64(), |time| time / 1e9)
}

fn text(line: &str, is_json: bool) -> String {
    if !is_json {
        return line.to_owned();
    }
    let row: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
    row["text"].as_str().unwrap_or_default().to_owned()
}
