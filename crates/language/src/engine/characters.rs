//! The classes of characters that the tokeniser and the shapes of words are built on.

use super::asset::{Asset, BadModel};

/// One class of characters. The first six are spaCy's, the next two are the single characters that its prefix and
/// suffix patterns cut without looking further, the rest are Python's.
#[derive(Clone, Copy)]
pub(super) enum Class {
    Alpha,
    /// Lower-case letters, and the letters of scripts without case.
    Lower,
    /// Upper-case letters, and the letters of scripts without case.
    Upper,
    /// What may stand before a full stop that is cut off.
    BeforeStop,
    Quote,
    Icon,
    Prefix,
    Suffix,
    Letter,
    Capital,
    Digit,
    Space,
    Word,
    Decimal,
}

/// The classes of every character.
pub(super) struct Characters {
    ascii: [u16; 128],
    /// Runs of characters alike, by their first one.
    starts: Vec<u32>,
    bits: Vec<u16>,
}

impl Characters {
    pub(super) fn new(asset: &Asset<'_>) -> Result<Characters, BadModel> {
        let runs = asset.bytes("characters")?.as_chunks::<8>().0;
        let number = |bytes: &[u8]| bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
        let starts: Vec<u32> = runs.iter().map(|run| number(&run[..4])).collect();
        if starts.first() != Some(&0) {
            return Err(BadModel::Part("characters".to_owned()));
        }
        let bits = runs.iter().map(|run| number(&run[4..]) as u16).collect();
        let mut characters = Characters { ascii: [0; 128], starts, bits };
        characters.ascii = std::array::from_fn(|c| characters.find(c as u32));
        Ok(characters)
    }

    fn find(&self, c: u32) -> u16 {
        self.bits[self.starts.partition_point(|start| *start <= c) - 1]
    }

    /// Tells whether a character is in a class.
    pub(super) fn is(&self, c: char, class: Class) -> bool {
        let bits = match self.ascii.get(c as usize) {
            Some(bits) => *bits,
            None => self.find(c as u32),
        };
        bits >> class as u16 & 1 == 1
    }

    /// Tells whether there is a character and it is in a class.
    pub(super) fn has(&self, c: Option<char>, class: Class) -> bool {
        c.is_some_and(|c| self.is(c, class))
    }
}
