//! The sentences of a claim, with the words that made its rule fire marked, and their grammar.

use extract::{Word, grammar};
use model::Span;
use serde_json::{Value, json};

use super::Explanation;
use crate::terminal::{MATCH, plain, plain_piece, styled, table, wrapped};
use crate::wire::Spans;

/// No more sentences are shown: a quotation can run over many.
const MOST: usize = 6;

/// A sentence that never ends is shown up to here, in bytes.
const LONGEST: usize = 4000;

/// So many sentences are taken apart; the others can be read.
const MOST_TABLES: usize = 2;

impl Explanation<'_> {
    /// Returns the sentences in which the claim or its evidence stands.
    fn sentences(&self) -> Vec<Span> {
        let claim = self.claim();
        let holds = |sentence: &Span| {
            sentence.overlaps(claim.span) || claim.evidence.iter().any(|words| sentence.overlaps(*words))
        };
        let all = self.reading.report.body.iter().flat_map(|paragraph| &paragraph.sentences);
        all.copied().filter(holds).take(MOST).map(|sentence| self.shortened(sentence)).collect()
    }

    /// Cuts a very long sentence to a stretch from the beginning of the claim on.
    fn shortened(&self, sentence: Span) -> Span {
        if sentence.len() <= LONGEST {
            return sentence;
        }
        let text = &self.reading.report.text;
        let start = sentence.start().max(self.claim().span.start());
        let end = text.read().floor_char_boundary((start + LONGEST).min(sentence.end()));
        text.span(start..end).unwrap_or(sentence)
    }

    /// Returns the evidence within a sentence, with what overlaps joined.
    fn evidence_in(&self, sentence: Span) -> Vec<Span> {
        let mut joined: Vec<Span> = Vec::new();
        for &words in self.claim().evidence.iter().filter(|words| sentence.contains(**words)) {
            match joined.last_mut().filter(|last| last.overlaps(words)) {
                Some(last) => *last = last.hull(words),
                None => joined.push(words),
            }
        }
        joined
    }

    /// Prints the sentences with ‹ › around the evidence.
    pub(super) fn marked_sentences(&self) -> String {
        let mut text = String::new();
        for sentence in self.sentences() {
            text += &wrapped(&self.marked(sentence), "  ");
            text.push('\n');
        }
        if !text.is_empty() {
            text += &wrapped("The words between ‹ and › are those by which the rule applied.", "  ");
            text.push('\n');
        }
        text
    }

    fn marked(&self, sentence: Span) -> String {
        let read = self.reading.report.text.read();
        let mut marked = String::new();
        let mut at = sentence.start();
        for words in self.evidence_in(sentence) {
            marked += &plain_piece(&read[at..words.start()]);
            marked += &styled(MATCH, &format!("‹{}›", plain(&read[words.range()])));
            at = words.end();
        }
        marked + &plain_piece(&read[at..sentence.end()])
    }

    /// Prints the words of the sentences with evidence, each with what it is and which word it belongs to.
    pub(super) fn grammar_tables(&self) -> String {
        let mut text = String::new();
        let sentences = self.sentences();
        let evident = sentences.iter().filter(|sentence| !self.evidence_in(**sentence).is_empty());
        for &sentence in evident.take(MOST_TABLES) {
            let words = self.reading.report.text.quote(sentence);
            text += &table(&rows(words, &grammar(words)));
            text.push('\n');
        }
        if text.is_empty() {
            return text;
        }
        let note = "Each word belongs to the word that the fourth column names, as what the last column says. A \
                    statistical model finds this and can be wrong; it shows how the program took the sentence.";
        text + &wrapped(note, "  ") + "\n"
    }

    pub(super) fn sentences_as_json(&self) -> Vec<Value> {
        let (text, spans) = (&self.reading.report.text, Spans::new(&self.reading.report.text));
        let sentence = |sentence: Span| {
            let words = text.quote(sentence);
            let token = |word: &Word| {
                let span = text.span(sentence.start() + word.range.start..sentence.start() + word.range.end);
                json!({
                    "span": span.map(|span| spans.span(span)), "tag": word.tag, "kind": word.kind,
                    "head": word.head, "label": word.label, "relation": word.relation,
                })
            };
            let tokens: Vec<Value> = grammar(words).iter().map(token).collect();
            json!({ "span": spans.span(sentence), "words": tokens })
        };
        self.sentences().into_iter().map(sentence).collect()
    }
}

/// Lays out the words: number, word, kind, what it belongs to and how.
fn rows(sentence: &str, words: &[Word]) -> Vec<Vec<String>> {
    let shown = |word: &Word| plain(&sentence[word.range.clone()]);
    let heading = ["", "word", "what it is", "belongs to", "as"].map(str::to_owned).to_vec();
    let row = |(at, word): (usize, &Word)| {
        let head = word.head.map_or(String::new(), |head| format!("{} {}", head + 1, shown(&words[head])));
        vec![format!("  {}", at + 1), shown(word), word.kind.to_owned(), head, word.relation.to_owned()]
    };
    std::iter::once(heading).chain(words.iter().enumerate().map(row)).collect()
}
