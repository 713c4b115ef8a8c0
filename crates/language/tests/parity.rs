//! The engine reads as spaCy does: recorded texts, token by token.
//!
//! `parity.json` is made from `parity.txt` by `tools/language-model.py record`. Other recordings, and weights at
//! full precision, are measured with
//!
//! ```sh
//! PARITY_RECORDING=other.json PARITY_MODEL=full.bin cargo test --release -p language --test parity -- --nocapture
//! ```

#![allow(clippy::print_stdout, reason = "figures are printed for the one who measures")]

use language::engine::{Engine, Parse};
use serde_json::Value;

/// Agreements, out of all tokens.
#[derive(Default, Debug)]
struct Agreement {
    tokens: usize,
    cut: usize,
    tag: usize,
    head: usize,
    label: usize,
    sentence: usize,
    name: usize,
}

impl Agreement {
    fn add(&mut self, parse: &Parse, recorded: &[Value]) {
        self.tokens += recorded.len();
        // Texts that are cut otherwise are counted as wrong from there on.
        for (token, recorded) in parse.tokens().zip(recorded) {
            let start = parse.text()[..token.range().start].chars().count();
            if recorded[0] != start || recorded[1] != token.text() {
                println!("cut: {recorded} but {:?}", token.text());
                return;
            }
            self.cut += 1;
            self.tag += usize::from(recorded[2] == token.tag());
            self.head += usize::from(recorded[3] == token.head().index());
            self.label += usize::from(recorded[4] == token.label());
            self.sentence += usize::from((recorded[5] == 1) == token.starts_sentence());
            self.name += usize::from(recorded[6].as_str() == Some(&name(parse, token.index())));
        }
    }

    fn least(&self) -> usize {
        [self.cut, self.tag, self.head, self.label, self.sentence, self.name].into_iter().min().unwrap_or(0)
    }
}

/// Returns where in a name a token stands, as spaCy writes it: "B-GPE", "I-GPE", "O-".
fn name(parse: &Parse, index: usize) -> String {
    let Some(name) = parse.token(index).name().and_then(|name| parse.names().nth(name)) else {
        return "O-".to_owned();
    };
    let place = if name.tokens.start == index { 'B' } else { 'I' };
    format!("{place}-{}", name.label)
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn reads_as_spacy_does() {
    let recording = match std::env::var("PARITY_RECORDING") {
        Ok(path) => String::from_utf8(read(&path)).unwrap(),
        Err(_) => include_str!("parity.json").to_owned(),
    };
    let own = std::env::var("PARITY_MODEL").ok().map(|path| Engine::load(&read(&path)).unwrap());
    let mut reader = own.as_ref().unwrap_or_else(|| Engine::shipped()).reader();
    let texts: Vec<Value> = serde_json::from_str(&recording).unwrap();
    let mut agreement = Agreement::default();
    for text in &texts {
        let parse = reader.parse(text["text"].as_str().unwrap());
        agreement.add(&parse, text["tokens"].as_array().unwrap());
    }
    println!("{} texts: {agreement:?}", texts.len());
    assert!(agreement.least() * 1000 >= agreement.tokens * 999, "{agreement:?}");
}
