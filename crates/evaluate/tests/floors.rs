//! The figures of quality stay above their floors. Skipped, and said so, where the corpora are absent.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::collections::BTreeMap;
use std::path::Path;

use evaluate::{CORPORA, Corpus};

type Floors = BTreeMap<String, BTreeMap<String, f64>>;

fn floors() -> Floors {
    toml::from_str(include_str!("../../../eval/floors.toml")).unwrap()
}

#[test]
fn every_floor_names_a_corpus() {
    for name in floors().keys() {
        assert!(Corpus::named(name).is_some(), "{name} is no corpus");
    }
}

#[test]
fn no_figure_is_under_its_floor() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let floors = floors();
    let mut under = Vec::new();
    for corpus in CORPORA {
        if !corpus.is_in(&corpora) {
            eprintln!("skipped {}: {} does not hold it", corpus.name, corpora.display());
            continue;
        }
        let floors = &floors[corpus.name];
        let measured = corpus.measure(&corpora).unwrap();
        for (measure, floor) in floors {
            let figure = measured.iter().find(|measured| measured.measure == measure).unwrap();
            if figure.value < *floor {
                under.push(format!("{} {measure}: {:.3} is under {floor}", corpus.name, figure.value));
            }
        }
    }
    assert!(under.is_empty(), "{}", under.join("\n"));
}
