//! Names: a transition system that begins, goes on with, ends or skips a name at each token.

use super::asset::{Asset, BadModel};
use super::kernels::{MOST_MOVES, position_of_greatest};
use super::transitions::{Brought, Scorer};

/// Finds names in blocks of tokens.
pub(super) struct Recogniser {
    pub(super) scorer: Scorer,
    pub(super) labels: Vec<String>,
}

/// What the recogniser has to know of a block.
pub(super) struct Block<'b> {
    pub(super) starts_sentence: &'b [bool],
    pub(super) is_space: &'b [bool],
}

/// A name: its first token, the token after its last one, and its label.
pub(super) type Found = (u32, u32, u8);

impl Recogniser {
    /// The moves stand in this order: begin, inside, last and alone, each with all labels; nothing; outside.
    pub(super) fn new(asset: &Asset<'_>, names: &[String]) -> Result<Recogniser, BadModel> {
        let bad = || BadModel::Part("moves of the recogniser".to_owned());
        let labels: Vec<String> =
            names.iter().filter_map(|name| name.strip_prefix("B-")).map(str::to_owned).collect();
        let expected =
            ["B", "I", "L", "U"].iter().flat_map(|kind| labels.iter().map(move |label| (kind, label)));
        let expected = expected.map(|(kind, label)| format!("{kind}-{label}"));
        if !names.iter().take(4 * labels.len()).cloned().eq(expected) || names.len() != 4 * labels.len() + 2 {
            return Err(bad());
        }
        let scorer = Scorer::new(asset, "ner", (3, names.len()))?;
        Ok(Recogniser { scorer, labels })
    }

    /// Appends the names of a block.
    pub(super) fn find(&self, block: &Block<'_>, brought: &Brought, found: &mut Vec<Found>) {
        let mut open: Option<(u32, usize)> = None;
        let mut scores = [0.0; MOST_MOVES];
        for token in 0..block.is_space.len() {
            let at = token as u32;
            let state = match open {
                Some((start, _)) => [Some(at), Some(start), at.checked_sub(1)],
                None => [Some(at), None, None],
            };
            self.scorer.score(brought, state, &mut scores);
            let goes_on = block.starts_sentence.get(token + 1) == Some(&false);
            open = match open {
                Some((start, label)) if goes_on && self.is_inside(&scores, label) => Some((start, label)),
                Some((start, label)) => {
                    found.push((start, at + 1, label as u8));
                    None
                }
                None if block.is_space[token] => None,
                None => self.begin(&scores, goes_on, at, found),
            };
        }
    }

    fn is_inside(&self, scores: &[f32], label: usize) -> bool {
        let count = self.labels.len();
        scores[count + label] >= scores[2 * count + label]
    }

    /// Takes the best of beginning a name, a name of one token, and none.
    fn begin(&self, scores: &[f32], goes_on: bool, at: u32, found: &mut Vec<Found>) -> Option<(u32, usize)> {
        let count = self.labels.len();
        let outside = scores[4 * count + 1];
        let begin = position_of_greatest(&scores[..count]);
        let alone = position_of_greatest(&scores[3 * count..4 * count]);
        let best_alone = scores[3 * count + alone];
        if goes_on && scores[begin] >= best_alone && scores[begin] >= outside {
            return Some((at, begin));
        }
        if best_alone >= outside {
            found.push((at, at + 1, alone as u8));
        }
        None
    }
}
