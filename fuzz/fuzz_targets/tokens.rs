//! Any text gets tokens that cover its words in order, from both tokenisers.
#![no_main]

use std::cell::RefCell;

use language::Doc;
use language::engine::{Engine, Reader};
use libfuzzer_sys::fuzz_target;

thread_local! {
    static READER: RefCell<Reader<'static>> = RefCell::new(Engine::shipped().reader());
}

fuzz_target!(|text: &str| {
    let doc = Doc::read(text, &[0..text.len()]);
    let mut end = 0;
    for token in doc.tokens() {
        assert!(end <= token.start() && token.start() < token.end());
        end = token.end();
        assert!(text.get(token.start()..token.end()).is_some());
    }
    READER.with_borrow_mut(|reader| {
        let parse = reader.parse(text);
        let mut end = 0;
        for token in parse.tokens() {
            assert!(end <= token.range().start && token.range().start < token.range().end);
            end = token.range().end;
            assert!(text.get(token.range()).is_some());
            assert_eq!(token.head().sentence(), token.sentence());
        }
    });
});
