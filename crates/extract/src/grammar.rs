//! The grammar of a sentence in plain words, to be shown to people.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use language::engine::{Engine, Token};
use serde::Deserialize;

/// One word of a sentence, with what it is and which word it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its bytes in the sentence.
    pub range: Range<usize>,
    /// Its part of speech as the Penn Treebank names it: "VBD".
    pub tag: &'static str,
    /// The same in plain words: "verb, past".
    pub kind: &'static str,
    /// The position of the word that it belongs to; `None` for the core of the sentence.
    pub head: Option<usize>,
    /// What it is to that word, as ClearNLP names it: "nsubj".
    pub label: &'static str,
    /// The same in plain words: "its subject".
    pub relation: &'static str,
}

#[derive(Deserialize)]
struct Words {
    kinds: HashMap<String, String>,
    relations: HashMap<String, String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../lexicons/parts_of_speech.json"))
        .expect("the lexicon is part of the program and a test parses it")
});

/// Reads the grammar of a sentence.
///
/// A statistical model finds it ([`language::engine`]), so it can be wrong; it is what the rules that use grammar saw.
pub fn grammar(sentence: &str) -> Vec<Word> {
    let parse = Engine::shipped().reader().parse(sentence);
    parse.tokens().map(word).collect()
}

fn word(token: Token<'_>) -> Word {
    let (tag, kind) = explained(&WORDS.kinds, token.tag());
    let (label, relation) = explained(&WORDS.relations, token.label());
    let head = Some(token.head().index()).filter(|&head| head != token.index());
    Word { range: token.range(), tag, kind, head, label, relation }
}

/// Returns a name of the model with its plain words. A test holds that none is missing.
fn explained(words: &'static HashMap<String, String>, name: &str) -> (&'static str, &'static str) {
    words.get_key_value(name).map_or(("", ""), |(name, words)| (name, words))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::expect;

    use super::*;

    #[test]
    fn every_name_of_the_model_has_its_plain_words() {
        let engine = Engine::shipped();
        for tag in engine.tags() {
            assert!(WORDS.kinds.contains_key(tag), "add {tag:?} to kinds in parts_of_speech.json");
        }
        for relation in engine.relations() {
            assert!(
                WORDS.relations.contains_key(relation),
                "add {relation:?} to relations in parts_of_speech.json"
            );
        }
    }

    #[test]
    fn a_sentence_in_plain_words() {
        let sentence = "Troops shelled a hospital in Śniegów.";
        let words = grammar(sentence);
        let mut shown = String::new();
        for word in &words {
            let head = word.head.map_or("", |head| &sentence[words[head].range.clone()]);
            writeln!(shown, "{}: {}; {} {head}", &sentence[word.range.clone()], word.kind, word.relation)
                .expect("a string takes every write");
        }
        expect![[r#"
            Troops: noun, plural; its subject shelled
            shelled: verb, past; the core of the sentence 
            a: article or determiner; its article or determiner hospital
            hospital: noun; its object shelled
            in: preposition or conjunction; a preposition to it shelled
            Śniegów: proper name; what the preposition governs in
            .: end of sentence; punctuation shelled
        "#]]
        .assert_eq(&shown);
    }
}
