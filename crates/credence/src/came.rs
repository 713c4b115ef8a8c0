//! Which originals came in a run, as far as they are named.

use model::Digest;

use crate::record::Kept;

/// So many originals are named; of more, the number is enough, and lists have them all.
const NAMED: usize = 20;

/// The originals that came in a run: the first of them, each named once, and how often others came. Which these were is not
/// remembered: there may be millions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Came {
    pub(crate) named: Vec<(Digest, Kept)>,
    pub(crate) more: u64,
}

impl Came {
    /// Writes down what became of an original. One that is named is passed over when it comes again.
    pub(crate) fn add(&mut self, original: Digest, kept: Kept) {
        if self.named.iter().any(|(known, _)| *known == original) {
            return;
        }
        match self.named.len() < NAMED {
            true => self.named.push((original, kept)),
            false => self.more += 1,
        }
    }

    /// Adds what came in another way.
    pub(crate) fn extend(&mut self, other: Came) {
        other.named.into_iter().for_each(|(original, kept)| self.add(original, kept));
        self.more += other.more;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_named_and_the_others_counted() {
        let mut came = Came::default();
        for number in 0..NAMED + 5 {
            came.add(Digest::of(number.to_string().as_bytes()), Kept::New);
        }
        came.add(Digest::of(b"0"), Kept::Known);
        assert_eq!((came.named.len(), came.more), (NAMED, 5));
        assert_eq!(came.named[0], (Digest::of(b"0"), Kept::New));
    }
}
