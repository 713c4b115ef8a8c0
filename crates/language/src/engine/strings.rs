//! Words as numbers: the 64-bit names that the network's tables are addressed by.

use rustc_hash::FxHashMap;

use super::asset::{Asset, BadModel};

/// Tables by number. The numbers are hashes already, so that little more need be done to them.
pub(super) type NumberMap<V> = FxHashMap<u64, V>;

/// The words that have small numbers of their own; all others are named by their hash.
pub(super) struct Strings {
    symbols: NumberMap<u64>,
}

impl Strings {
    pub(super) fn new(asset: &Asset<'_>) -> Result<Strings, BadModel> {
        Ok(Strings { symbols: asset.pairs("symbols")?.into_iter().collect() })
    }

    /// Returns the number of a word; the empty word has 0.
    pub(super) fn number(&self, word: &str) -> u64 {
        if word.is_empty() {
            return 0;
        }
        let hash = murmur(word.as_bytes());
        self.symbols.get(&hash).copied().unwrap_or(hash)
    }
}

/// MurmurHash64A by Austin Appleby, with seed 1.
pub(super) fn murmur(bytes: &[u8]) -> u64 {
    const MULTIPLIER: u64 = 0xc6a4_a793_5bd1_e995;
    let mut hash = 1 ^ (bytes.len() as u64).wrapping_mul(MULTIPLIER);
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        let mut word = u64::from_le_bytes(*word).wrapping_mul(MULTIPLIER);
        word = (word ^ (word >> 47)).wrapping_mul(MULTIPLIER);
        hash = (hash ^ word).wrapping_mul(MULTIPLIER);
    }
    if !rest.is_empty() {
        let last = rest.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        hash = (hash ^ last).wrapping_mul(MULTIPLIER);
    }
    hash = (hash ^ (hash >> 47)).wrapping_mul(MULTIPLIER);
    hash ^ (hash >> 47)
}

/// MurmurHash3_x86_128 of a number, as four row numbers of a table of embeddings.
pub(super) fn rows(number: u64, seed: u32) -> [u32; 4] {
    let mixed =
        number.wrapping_mul(0x87c3_7b91_1142_53d5).rotate_left(31).wrapping_mul(0x4cf5_ad43_2745_937f);
    let length = 8;
    let mut first = mixed ^ u64::from(seed) ^ length;
    let mut second = u64::from(seed) ^ length;
    first = first.wrapping_add(second);
    second = second.wrapping_add(first);
    (first, second) = (finish(first), finish(second));
    first = first.wrapping_add(second);
    second = second.wrapping_add(first);
    [first as u32, (first >> 32) as u32, second as u32, (second >> 32) as u32]
}

fn finish(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_the_published_hashes() {
        // The example of spaCy's documentation of `StringStore`.
        assert_eq!(murmur(b"coffee"), 3197928453018144401);
        assert_eq!(murmur(b"apple"), 8566208034543834098);
    }
}
