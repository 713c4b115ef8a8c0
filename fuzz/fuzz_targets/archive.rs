//! Any bytes can be read as an archive, plain, packed or a WACZ, and its pages unpacked within the limit.
#![no_main]

use std::io::Cursor;

use collect::archives::Records;
use libfuzzer_sys::fuzz_target;

const LIMIT: u64 = 1 << 20;

fuzz_target!(|bytes: &[u8]| {
    let wacz = Records::read_wacz(Cursor::new(bytes.to_vec()), LIMIT).into_iter().flatten();
    for record in Records::read(Cursor::new(bytes.to_vec()), LIMIT).chain(wacz).flatten() {
        assert!(record.block.len() as u64 <= LIMIT);
        if let Ok(page) = record.page(LIMIT) {
            assert!(page.bytes.len() as u64 <= LIMIT);
        }
    }
});
