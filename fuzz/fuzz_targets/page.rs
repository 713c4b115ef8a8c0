//! Any bytes are read as a page without a panic, and what is read leads back to its source.
#![no_main]

use extract::Source;
use libfuzzer_sys::fuzz_target;
use model::{Digest, Kind, Metadata};

fuzz_target!(|bytes: &[u8]| {
    let metadata = Metadata::default();
    let source = Source { bytes, digest: Digest::of(bytes), kind: Kind::Page, metadata: &metadata };
    let report = extract::read(&source).report;
    for paragraph in &report.body {
        assert!(!report.text.quote(paragraph.span).is_empty());
        assert!(!report.text.given_quote(paragraph.span).is_empty());
    }
});
