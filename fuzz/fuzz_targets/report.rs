//! Any bytes are read as any kind of original without a panic, and every claim stands in the text.
#![no_main]

use extract::Source;
use libfuzzer_sys::fuzz_target;
use model::{Digest, Kind, Metadata};

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let kind = [Kind::DatedText, Kind::PlainText, Kind::Row][usize::from(*kind) % 3];
    // The day that "today" means; without it most times are left alone.
    let published = "2031-05-04".parse().ok();
    let metadata = Metadata { published, ..Metadata::default() };
    let reading = extract::read(&Source { bytes, digest: Digest::of(bytes), kind, metadata: &metadata });
    for claim in &reading.claims {
        assert!(!reading.report.text.quote(claim.span).is_empty());
    }
});
