//! What the two transition systems share: the score of each move in a state.

use super::asset::{Asset, BadModel};
use super::kernels::{HIDDEN, HIDDEN_PIECES, Layer, MOST_MOVES, Moves, Rows, WIDTH};

/// The layers that score moves. What a token brings as each feature of a state is worked out beforehand.
pub(super) struct Scorer {
    features: usize,
    linear: Layer,
    lower: Layer,
    hidden_bias: Vec<f32>,
    /// What each feature brings when there is no such token.
    none: Vec<f32>,
    moves: Moves,
}

/// Room for what the tokens of a block bring.
#[derive(Default)]
pub(super) struct Brought {
    hidden: Vec<f32>,
    rows: Vec<f32>,
}

impl Scorer {
    pub(super) fn new(asset: &Asset<'_>, name: &str, sizes: (usize, usize)) -> Result<Scorer, BadModel> {
        let (features, moves) = sizes;
        if moves > MOST_MOVES {
            return Err(BadModel::Part(format!("{name}.upper")));
        }
        let part = |part: &str, shape: &[usize]| asset.shaped(&format!("{name}.{part}"), shape);
        let weights = part("linear.weights", &[HIDDEN, WIDTH])?;
        let linear = Layer::new(WIDTH, &weights, &part("linear.bias", &[HIDDEN])?);
        let stored = part("lower.weights", &[features, HIDDEN, 2, HIDDEN])?;
        let rows: Vec<&[f32]> = stored.chunks_exact(HIDDEN).collect();
        let lower = by_piece(&rows).concat();
        let lower = Layer::new(HIDDEN, &lower, &vec![0.0; features * HIDDEN_PIECES]);
        let hidden_bias = by_piece(&part("lower.bias", &[HIDDEN, 2])?);
        let none = by_piece(&part("lower.pad", &[1, features, HIDDEN, 2])?);
        let weights = part("upper.weights", &[moves, HIDDEN])?;
        let moves = Moves::new(&weights, &part("upper.bias", &[moves])?);
        if !matches!(moves.padded, 80 | 112) {
            return Err(BadModel::Part(format!("{name}.upper")));
        }
        Ok(Scorer { features, linear, lower, hidden_bias, none, moves })
    }

    /// Works out what each token brings as each feature.
    pub(super) fn prepare(&self, rows: &[f32], brought: &mut Brought) {
        let count = rows.len() / WIDTH;
        brought.hidden.resize(count * HIDDEN, 0.0);
        brought.rows.resize(count * self.features * HIDDEN_PIECES, 0.0);
        self.linear.apply(Rows { values: rows, stride: WIDTH, rows: count }, &mut brought.hidden);
        let hidden = Rows { values: &brought.hidden, stride: HIDDEN, rows: count };
        self.lower.apply(hidden, &mut brought.rows);
    }

    /// Scores every move in a state whose features are these tokens.
    pub(super) fn score<const FEATURES: usize>(
        &self,
        brought: &Brought,
        state: [Option<u32>; FEATURES],
        scores: &mut [f32; MOST_MOVES],
    ) {
        let features: [&[f32]; FEATURES] = std::array::from_fn(|feature| {
            let (rows, token) = match state[feature] {
                Some(token) => (&brought.rows, token as usize),
                None => (&self.none, 0),
            };
            &rows[(token * FEATURES + feature) * HIDDEN_PIECES..][..HIDDEN_PIECES]
        });
        self.moves.score(&features, &self.hidden_bias, scores);
    }
}

/// Puts values that are stored piece beside piece into two runs, for every 64 hidden values.
fn by_piece<T: Copy>(stored: &[T]) -> Vec<T> {
    let runs = stored.chunks_exact(HIDDEN_PIECES);
    runs.flat_map(|run| (0..2).flat_map(|piece| run[piece..].iter().step_by(2).copied())).collect()
}
