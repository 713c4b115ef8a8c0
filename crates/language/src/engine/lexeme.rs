//! What the network sees of a word, and where its encoding is kept.

use rustc_hash::FxHashMap;

use super::asset::{Asset, BadModel};
use super::characters::{Characters, Class};
use super::strings::{NumberMap, Strings};
use super::tokenizer::{Piece, Tokenizer};

/// The numbers that a token is embedded by: normal form, first letter, last three letters, shape, whether a space
/// follows, whether it is white space.
pub(super) type Features = [u64; 6];

/// A token kind that has not been encoded yet.
pub(super) struct Fresh {
    pub(super) slot: u32,
    pub(super) features: Features,
    /// The row of its word's vector.
    pub(super) vector: Option<u16>,
}

/// The normal forms of words.
pub(super) struct Norms {
    norms: NumberMap<u64>,
}

impl Norms {
    pub(super) fn new(asset: &Asset<'_>) -> Result<Norms, BadModel> {
        Ok(Norms { norms: asset.pairs("norms")?.into_iter().collect() })
    }

    /// Works out the features of a token.
    pub(super) fn features(&self, word: &str, piece: &Piece, tokenizer: &Tokenizer) -> Features {
        let (strings, characters) = (&tokenizer.strings, &tokenizer.affixes.characters);
        let norm = match (piece.norm, self.norms.get(&piece.orth)) {
            (0, Some(norm)) => *norm,
            (0, None) => strings.number(&word.to_lowercase()),
            (norm, _) => norm,
        };
        let first = word.chars().next().map_or(0, char::len_utf8);
        let last = word.char_indices().rev().nth(2).map_or(0, |(at, _)| at);
        let shape = shape(word, characters, strings);
        let is_space = word.chars().all(|c| characters.is(c, Class::Space));
        [
            norm,
            strings.number(&word[..first]),
            strings.number(&word[last..]),
            shape,
            u64::from(piece.spaced),
            u64::from(is_space),
        ]
    }
}

/// Returns the number of a word's shape: "Xxxxx" for "Ruritania", "dd" for "72", at most four of a kind in a row.
fn shape(word: &str, characters: &Characters, strings: &Strings) -> u64 {
    // Words of a hundred characters and more all have the shape "LONG".
    if word.chars().nth(99).is_some() {
        return strings.number("LONG");
    }
    let (mut shape, mut last, mut run) = (String::new(), None, 0);
    for c in word.chars() {
        let sign = sign(c, characters);
        run = if last == Some(sign) { run + 1 } else { 0 };
        last = Some(sign);
        if run < 4 {
            shape.push(sign);
        }
    }
    strings.number(&shape)
}

fn sign(c: char, characters: &Characters) -> char {
    match c {
        _ if characters.is(c, Class::Letter) && characters.is(c, Class::Capital) => 'X',
        _ if characters.is(c, Class::Letter) => 'x',
        _ if characters.is(c, Class::Digit) => 'd',
        _ => c,
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    orth: u64,
    norm: u64,
    spaced: bool,
}

impl Key {
    fn of(piece: &Piece) -> Key {
        Key { orth: piece.orth, norm: piece.norm, spaced: piece.spaced }
    }
}

/// Which token kinds have been encoded, and in which slot.
///
/// Room is bounded: when every slot is taken, the one that has gone longest without use, roughly, is used again.
/// A slot that the present block needs is never taken from it, since a block has fewer tokens than there are slots.
pub(super) struct Slots {
    room: usize,
    known: FxHashMap<Key, u32>,
    slots: Vec<Slot>,
    hand: usize,
    block: u32,
}

struct Slot {
    key: Key,
    /// The block that used it last.
    block: u32,
    /// Whether it was used since the hand went by.
    is_warm: bool,
}

impl Slots {
    /// Makes room for `room` kinds of tokens.
    pub(super) fn new(room: usize) -> Slots {
        Slots { room, known: FxHashMap::default(), slots: Vec::new(), hand: 0, block: 0 }
    }

    /// Begins a block of fewer tokens than there is room for.
    pub(super) fn begin_block(&mut self) {
        self.block = self.block.wrapping_add(1);
    }

    /// Returns the slot of a token kind, and whether it has to be encoded into it first.
    pub(super) fn slot(&mut self, piece: &Piece) -> (u32, bool) {
        let key = Key::of(piece);
        if let Some(&at) = self.known.get(&key) {
            let slot = &mut self.slots[at as usize];
            (slot.block, slot.is_warm) = (self.block, true);
            return (at, false);
        }
        let slot = Slot { key, block: self.block, is_warm: false };
        let at = if self.slots.len() < self.room {
            self.slots.push(slot);
            self.slots.len() - 1
        } else {
            let at = self.coldest();
            self.known.remove(&self.slots[at].key);
            self.slots[at] = slot;
            at
        };
        self.known.insert(key, at as u32);
        (at as u32, true)
    }

    /// Moves the hand on to a slot that was not used since it went by last, and returns it.
    fn coldest(&mut self) -> usize {
        loop {
            self.hand = (self.hand + 1) % self.slots.len();
            let slot = &mut self.slots[self.hand];
            if slot.block == self.block {
                continue;
            }
            if !slot.is_warm {
                return self.hand;
            }
            slot.is_warm = false;
        }
    }
}
