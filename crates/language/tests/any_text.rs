//! Any text can be read, and what is read of it holds together.

use language::Doc;
use language::engine::{Engine, Parse};
use proptest::prelude::*;

/// Tokens follow each other, only single spaces and nothing else stand between them, and no arc leaves its sentence.
fn holds_together(parse: &Parse) {
    let mut end = 0;
    for token in parse.tokens() {
        let gap = &parse.text()[end..token.range().start];
        assert!(gap.is_empty() || gap == " ", "{gap:?} before {:?}", token.text());
        end = token.range().end;
        assert!(!token.text().is_empty());
        assert_eq!(token.head().sentence(), token.sentence(), "{:?}", token.text());
        if token.head().index() != token.index() {
            assert!(token.head().dependents().any(|other| other.index() == token.index()));
        }
    }
    assert!(["", " "].contains(&&parse.text()[end..]));
    let covered: usize = parse.sentences().iter().map(|sentence| sentence.len()).sum();
    assert_eq!(covered, parse.len());
    for name in parse.names() {
        assert!(name.tokens.start < name.tokens.end && name.tokens.end <= parse.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text(text in any::<String>()) {
        holds_together(&Engine::shipped().reader().parse(&text));
    }

    #[test]
    fn words_and_marks(text in "([a-zA-ZéЖ]{1,7}|[0-9.,]{1,4}|[\"'“”‘’(){}.,:;!?…/@-]|https?://|n't|\\.com|[ \n\t\u{a0}]){0,60}") {
        holds_together(&Engine::shipped().reader().parse(&text));
    }

    /// Some of these letters take more bytes, or fewer, when they are made small.
    #[test]
    fn every_token_has_its_small_letters(text in "[A-Za-zİȺẞЖж0-9.' ]{0,60}") {
        let doc = Doc::read(&text, std::slice::from_ref(&(0..text.len())));
        for token in 0..doc.tokens().len() {
            let small: String = doc.word(token).chars().flat_map(char::to_lowercase).collect();
            prop_assert_eq!(doc.lower(token), small);
        }
    }
}

#[test]
fn a_long_line_is_read_in_time_that_grows_with_it() {
    let mut reader = Engine::shipped().reader();
    for unit in ["(", "a@b.", ":", "n't", "x.Y", "…", "'", " \t", "5km", "://"] {
        let text = unit.repeat(20_000 / unit.len());
        holds_together_but_for_sentences(&reader.parse(&text));
    }
}

/// As above, for lines of marks that make sentences of thousands of tokens.
fn holds_together_but_for_sentences(parse: &Parse) {
    assert!(parse.tokens().all(|token| token.head().index() < parse.len()));
}

#[test]
fn nothing_is_read_of_an_empty_text() {
    let mut reader = Engine::shipped().reader();
    let parse = reader.parse("");
    assert!(parse.is_empty() && parse.sentences().is_empty() && parse.names().len() == 0);
    assert_eq!(parse.bytes(0..0), None);
}
