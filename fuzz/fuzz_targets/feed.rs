//! Any bytes with any content type can be read as a feed, and its titles as words.
#![no_main]

use collect::feeds::{Hints, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &[u8])| {
    let (content_type, bytes) = input;
    let hints = Hints { address: Some("https://tesmin.example/a/b"), content_type: Some(content_type), ..Hints::default() };
    let feed = read(bytes, &hints);
    for entry in &feed.entries {
        entry.title.as_ref().map(|title| title.plain());
    }
});
