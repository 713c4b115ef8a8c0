//! Any bytes can be read as a sitemap, and all that it lists can be fetched.
#![no_main]

use collect::sitemaps::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for place in read(bytes, Some("https://tesmin.example/sitemap.xml")).places {
        assert!(place.url.starts_with("http"));
    }
});
