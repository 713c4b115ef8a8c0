//! A claim explained to somebody who knows the law and not this program: every term is said in words.

mod sentences;
mod story;
mod terms;
mod trail;

use std::path::PathBuf;

use extract::{Family, Reading, Rule, rule};
use serde_json::{Value, json};
use store::OriginalRow;

use crate::describe;
use crate::terminal::{HEADING, plain, styled, wrapped};
use crate::wire::Wired;

/// Where an original is kept.
pub(crate) struct Kept {
    pub(crate) row: OriginalRow,
    /// The file of the record that holds it.
    pub(crate) file: PathBuf,
}

/// All that is needed to explain one claim.
pub(crate) struct Explanation<'a> {
    pub(crate) reading: &'a Reading,
    pub(crate) wired: &'a Wired,
    /// The position of the claim, from 0.
    pub(crate) number: usize,
    pub(crate) kept: &'a Kept,
}

impl Explanation<'_> {
    fn claim(&self) -> &model::Claim {
        &self.reading.claims[self.number]
    }

    fn rule(&self) -> Option<&'static Rule> {
        rule(Family::Claim, self.claim().rule)
    }

    /// Writes the explanation for people.
    pub(crate) fn to_text(&self) -> String {
        let claim = &self.wired.claims[self.number];
        let kind = claim.fields.kind();
        let title = styled(describe::style(kind), &format!("{}: {kind}", plain(&claim.id)));
        let sections = [
            ("What the report says", paragraphs(&self.story())),
            ("How this was read", list(&self.facts())),
            ("The words", self.marked_sentences()),
            ("The grammar of the words", self.grammar_tables()),
            ("The rule", list(&self.rule_in_words())),
            ("The way back to the bytes", self.trail()),
        ];
        let shown = sections.iter().filter(|(_, text)| !text.is_empty());
        let body: String =
            shown.map(|(heading, text)| format!("\n{}\n{text}", styled(HEADING, heading))).collect();
        format!("{title}\n{body}")
    }

    /// Writes the explanation for programs.
    pub(crate) fn to_json(&self) -> Value {
        let plain_all = |words: Vec<String>| words.iter().map(|one| plain(one)).collect::<Vec<_>>();
        json!({
            "kind": "explanation",
            "claim": self.wired.claims[self.number],
            "says": plain_all(self.story()),
            "read_by": plain_all(self.facts()),
            "sentences": self.sentences_as_json(),
            "rule": self.rule().map(|rule| json!({
                "name": rule.name, "words": rule.words, "example": rule.example, "not": rule.not,
                "source": rule.source,
            })),
            "way_back": self.trail_as_json(),
        })
    }

    /// Returns what is said of the claim, under its headings.
    pub(crate) fn parts(&self) -> Vec<(&'static str, Vec<String>)> {
        vec![
            ("What the report says", self.story()),
            ("How this was read", self.facts()),
            ("The rule", self.rule_in_words()),
        ]
    }

    fn rule_in_words(&self) -> Vec<String> {
        let Some(rule) = self.rule() else { return Vec::new() };
        let mut lines = vec![
            format!("{}: {}", rule.name, rule.words),
            format!("For example: {}", plain(&rule.example)),
            format!("What does not follow: {}", rule.not),
        ];
        lines.extend(rule.source.as_ref().map(|source| format!("Taken from: {source}")));
        lines
    }
}

fn paragraphs(all: &[String]) -> String {
    all.iter().map(|words| wrapped(&plain(words), "  ") + "\n").collect()
}

fn list(all: &[String]) -> String {
    let item = |words: &String| format!("  - {}\n", wrapped(&plain(words), "    ").trim_start());
    all.iter().map(item).collect()
}
