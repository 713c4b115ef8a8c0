//! The arithmetic of the network: products of matrices, the best of several pieces, normal rows.
//!
//! Each kernel is written once and compiled for the instruction sets that `pulp` knows; the best one that the
//! machine has is taken when the program runs. Machines differ in the last bit of a sum and in nothing else.

use std::sync::LazyLock;

use pulp::{Arch, Scalar256b, Simd, WithSimd};

/// The width of a token's encoding.
pub(super) const WIDTH: usize = 96;
/// The pieces of a layer, of which the greatest counts, lie one after the other.
pub(super) const PIECES: usize = 3 * WIDTH;
/// The hidden width of the two transition systems, and its two pieces.
pub(super) const HIDDEN: usize = 64;
/// See [`HIDDEN`].
pub(super) const HIDDEN_PIECES: usize = 2 * HIDDEN;

/// Outputs are padded to a whole number of the widest column that a kernel writes at once.
const COLUMN: usize = 32;

static ARCH: LazyLock<Arch> = LazyLock::new(Arch::new);

#[inline(always)]
fn run<Op: WithSimd>(op: Op) -> Op::Output {
    match *ARCH {
        Arch::Scalar => op.with_simd(Scalar256b),
        arch => arch.dispatch(op),
    }
}

struct Lanes;

impl WithSimd for Lanes {
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> usize {
        S::F32_LANES
    }
}

/// A layer of weights and biases, laid out in columns as the kernel of this machine reads them.
pub(super) struct Layer {
    inputs: usize,
    /// The outputs, padded.
    pub(super) outputs: usize,
    columns: Vec<f32>,
    bias: Vec<f32>,
}

impl Layer {
    /// Lays out weights given as one row of inputs for each output.
    pub(super) fn new(inputs: usize, rows: &[f32], bias: &[f32]) -> Layer {
        Layer::for_lanes(run(Lanes), Weights { inputs, rows, bias })
    }

    fn for_lanes(lanes: usize, weights: Weights<'_>) -> Layer {
        let Weights { inputs, rows, bias } = weights;
        let real = rows.len() / inputs;
        let outputs = real.next_multiple_of(COLUMN);
        let wide = 2 * lanes;
        let mut columns = vec![0.0; inputs * outputs];
        for output in 0..real {
            let column = &mut columns[output / wide * wide * inputs..];
            for input in 0..inputs {
                column[input * wide + output % wide] = rows[output * inputs + input];
            }
        }
        let mut bias = bias.to_vec();
        bias.resize(outputs, 0.0);
        Layer { inputs, outputs, columns, bias }
    }

    /// Applies the layer to `rows` rows of input.
    ///
    /// A row of input begins `stride` numbers after the one before, so that windows over a text may overlap.
    pub(super) fn apply(&self, input: Rows<'_>, output: &mut [f32]) {
        let Rows { values, stride, rows } = input;
        run(Product { layer: self, values, stride, rows, output });
    }
}

/// The weights of a layer before they are laid out.
struct Weights<'a> {
    inputs: usize,
    rows: &'a [f32],
    bias: &'a [f32],
}

/// Rows of input to a layer.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) values: &'a [f32],
    pub(super) stride: usize,
    pub(super) rows: usize,
}

struct Product<'a> {
    layer: &'a Layer,
    values: &'a [f32],
    stride: usize,
    rows: usize,
    output: &'a mut [f32],
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let wide = 2 * S::F32_LANES;
        for column in 0..self.layer.outputs / wide {
            let mut row = 0;
            // Sums stay in registers: twelve rows by two vectors where there are 32 of them, six by two elsewhere.
            if S::REGISTER_COUNT >= 32 {
                while row + 12 <= self.rows {
                    self.tile::<S, 12>(simd, row, column);
                    row += 12;
                }
            }
            while row + 6 <= self.rows {
                self.tile::<S, 6>(simd, row, column);
                row += 6;
            }
            while row + 2 <= self.rows {
                self.tile::<S, 2>(simd, row, column);
                row += 2;
            }
            if row < self.rows {
                self.tile::<S, 1>(simd, row, column);
            }
        }
    }
}

impl Product<'_> {
    #[inline(always)]
    fn tile<S: Simd, const ROWS: usize>(&mut self, simd: S, first: usize, column: usize) {
        let wide = 2 * S::F32_LANES;
        let inputs = self.layer.inputs;
        let weights = &self.layer.columns[column * wide * inputs..(column + 1) * wide * inputs];
        let weights = &S::as_simd_f32s(weights).0.as_chunks::<2>().0[..inputs];
        let bias = S::as_simd_f32s(&self.layer.bias[column * wide..(column + 1) * wide]).0;
        let rows: [&[f32]; ROWS] = std::array::from_fn(|row| {
            let start = (first + row) * self.stride;
            &self.values[start..start + inputs]
        });
        let mut sums = [[bias[0], bias[1]]; ROWS];
        for input in 0..inputs {
            let [low, high] = weights[input];
            for row in 0..ROWS {
                let value = simd.splat_f32s(rows[row][input]);
                sums[row][0] = simd.mul_add_e_f32s(value, low, sums[row][0]);
                sums[row][1] = simd.mul_add_e_f32s(value, high, sums[row][1]);
            }
        }
        for (row, sum) in sums.iter().enumerate() {
            let start = (first + row) * self.layer.outputs + column * wide;
            let output = S::as_mut_simd_f32s(&mut self.output[start..start + wide]).0;
            output.copy_from_slice(sum);
        }
    }
}

/// The gain and bias that follow the levelling of a row.
pub(super) struct Norm {
    pub(super) gain: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

/// Takes the greatest of the three pieces of each row and levels what is left to mean 0 and variance 1, then adds
/// it to the row of `onto` with the same number.
pub(super) fn add_maxout_norm(pieces: &[f32], norm: &Norm, onto: &mut [f32]) {
    run(AddMaxoutNorm { pieces, norm, onto });
}

struct AddMaxoutNorm<'a> {
    pieces: &'a [f32],
    norm: &'a Norm,
    onto: &'a mut [f32],
}

impl WithSimd for AddMaxoutNorm<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let gain: &[f32; WIDTH] = self.norm.gain[..].try_into().expect("the asset checks shapes");
        let bias: &[f32; WIDTH] = self.norm.bias[..].try_into().expect("the asset checks shapes");
        let rows = self.pieces.as_chunks::<PIECES>().0;
        for (pieces, onto) in rows.iter().zip(self.onto.as_chunks_mut::<WIDTH>().0) {
            let mut best = [0.0f32; WIDTH];
            for i in 0..WIDTH {
                let first = greater(pieces[i], pieces[WIDTH + i]);
                best[i] = greater(first, pieces[2 * WIDTH + i]);
            }
            let mean = sum(&best) / WIDTH as f32;
            for value in &mut best {
                *value -= mean;
            }
            let scale = 1.0 / (sum_of_squares(&best) / WIDTH as f32 + 1e-8).sqrt();
            for i in 0..WIDTH {
                onto[i] += best[i] * scale * gain[i] + bias[i];
            }
        }
    }
}

#[inline(always)]
fn greater(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

#[inline(always)]
fn sum(values: &[f32; WIDTH]) -> f32 {
    let mut sums = [0.0f32; 16];
    for chunk in values.as_chunks::<16>().0 {
        for i in 0..16 {
            sums[i] += chunk[i];
        }
    }
    sums.iter().sum()
}

#[inline(always)]
fn sum_of_squares(values: &[f32; WIDTH]) -> f32 {
    let mut sums = [0.0f32; 16];
    for chunk in values.as_chunks::<16>().0 {
        for i in 0..16 {
            sums[i] += chunk[i] * chunk[i];
        }
    }
    sums.iter().sum()
}

/// Adds three rows of pieces: what the token before, the token itself and the token after bring to a layer.
pub(super) fn add_three(taps: [&[f32]; 3], sum: &mut [f32]) {
    run(AddThree { taps, sum });
}

struct AddThree<'a> {
    taps: [&'a [f32]; 3],
    sum: &'a mut [f32],
}

impl WithSimd for AddThree<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let [before, here, after] = self.taps.map(|tap| &tap[..PIECES]);
        let sum = &mut self.sum[..PIECES];
        for i in 0..PIECES {
            sum[i] = before[i] + here[i] + after[i];
        }
    }
}

/// The last layer of a transition system: what a hidden state says for each move.
pub(super) struct Moves {
    /// The number of moves, padded to whole vectors.
    pub(super) padded: usize,
    weights: Vec<f32>,
    bias: Vec<f32>,
}

/// The most moves that a transition system may have.
pub(super) const MOST_MOVES: usize = 112;

impl Moves {
    /// Lays out weights given as one row of hidden values for each move.
    pub(super) fn new(rows: &[f32], bias: &[f32]) -> Moves {
        let real = rows.len() / HIDDEN;
        let padded = real.next_multiple_of(16);
        let mut weights = vec![0.0; HIDDEN * padded];
        for number in 0..real {
            for i in 0..HIDDEN {
                weights[i * padded + number] = rows[number * HIDDEN + i];
            }
        }
        let mut bias = bias.to_vec();
        bias.resize(padded, 0.0);
        Moves { padded, weights, bias }
    }

    /// Scores every move from the rows of pieces that the features of a state add up to.
    pub(super) fn score(&self, features: &[&[f32]], hidden_bias: &[f32], scores: &mut [f32; MOST_MOVES]) {
        run(Score { moves: self, features, hidden_bias, scores });
    }
}

struct Score<'a> {
    moves: &'a Moves,
    features: &'a [&'a [f32]],
    hidden_bias: &'a [f32],
    scores: &'a mut [f32; MOST_MOVES],
}

impl WithSimd for Score<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let mut pieces = [0.0f32; HIDDEN_PIECES];
        pieces.copy_from_slice(self.hidden_bias);
        for feature in self.features {
            let feature = &feature[..HIDDEN_PIECES];
            for i in 0..HIDDEN_PIECES {
                pieces[i] += feature[i];
            }
        }
        let mut hidden = [0.0f32; HIDDEN];
        for i in 0..HIDDEN {
            hidden[i] = greater(pieces[i], pieces[HIDDEN + i]);
        }
        // The sums of all moves stay in registers at once for the two systems of the model.
        match self.moves.padded / S::F32_LANES {
            5 => self.sums::<S, 5>(simd, &hidden),
            7 => self.sums::<S, 7>(simd, &hidden),
            10 => self.sums::<S, 10>(simd, &hidden),
            14 => self.sums::<S, 14>(simd, &hidden),
            20 => self.sums::<S, 20>(simd, &hidden),
            28 => self.sums::<S, 28>(simd, &hidden),
            _ => unreachable!("the number of moves is checked when the model is read"),
        }
    }
}

impl Score<'_> {
    #[inline(always)]
    fn sums<S: Simd, const VECTORS: usize>(self, simd: S, hidden: &[f32; HIDDEN]) {
        let weights = S::as_simd_f32s(&self.moves.weights).0.as_chunks::<VECTORS>().0;
        let bias = S::as_simd_f32s(&self.moves.bias).0;
        let mut sums: [S::f32s; VECTORS] = std::array::from_fn(|vector| bias[vector]);
        for (value, row) in hidden.iter().zip(weights) {
            let value = simd.splat_f32s(*value);
            for vector in 0..VECTORS {
                sums[vector] = simd.mul_add_e_f32s(value, row[vector], sums[vector]);
            }
        }
        S::as_mut_simd_f32s(self.scores).0[..VECTORS].copy_from_slice(&sums);
    }
}

/// Returns the position of the greatest of `scores`, the first one if several are equal.
pub(super) fn position_of_greatest(scores: &[f32]) -> usize {
    let mut best = 0;
    for (at, score) in scores.iter().enumerate() {
        if *score > scores[best] {
            best = at;
        }
    }
    best
}
#[cfg(test)]
mod tests {
    use super::*;

    /// Returns numbers that look like weights and are the same every time.
    fn numbers(count: usize, seed: u32) -> Vec<f32> {
        let mut state = seed;
        let next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 24) as f32 - 0.5
        };
        std::iter::repeat_with(next).take(count).collect()
    }

    fn assert_close(found: &[f32], expected: &[f32]) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-4, "{found} is not {expected}");
        }
    }

    fn dot(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    }

    /// Applies a layer to overlapping windows with the kernel of `lanes` lanes, as `run` compiles it.
    fn check_product(lanes: usize, run: impl Fn(Product<'_>)) {
        let (inputs, outputs, stride) = (24, 40, 8);
        let (weights, bias) = (numbers(inputs * outputs, 1), numbers(outputs, 2));
        let layer = Layer::for_lanes(lanes, Weights { inputs, rows: &weights, bias: &bias });
        for rows in 0..32 {
            let values = numbers(rows * stride + inputs, 3);
            let mut output = vec![0.0; rows * layer.outputs];
            run(Product { layer: &layer, values: &values, stride, rows, output: &mut output });
            for (row, output) in output.chunks_exact(layer.outputs).enumerate() {
                let window = &values[row * stride..][..inputs];
                let sum = |i: usize| bias[i] + dot(window, &weights[i * inputs..][..inputs]);
                assert_close(&output[..outputs], &(0..outputs).map(sum).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn products_are_the_same_on_every_machine() {
        check_product(run(Lanes), |product| run(product));
        check_product(8, |product| product.with_simd(Scalar256b));
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = pulp::x86::V3::try_new() {
            check_product(8, |product| Simd::vectorize(simd, product));
        }
    }

    #[test]
    fn the_best_pieces_are_levelled_and_added() {
        let (pieces, before) = (numbers(2 * PIECES, 4), numbers(2 * WIDTH, 5));
        let norm = Norm { gain: numbers(WIDTH, 6), bias: numbers(WIDTH, 7) };
        let mut onto = before.clone();
        add_maxout_norm(&pieces, &norm, &mut onto);
        for row in 0..2 {
            let piece = |i: usize, piece: usize| pieces[row * PIECES + piece * WIDTH + i];
            let best: Vec<f32> = (0..WIDTH).map(|i| piece(i, 0).max(piece(i, 1)).max(piece(i, 2))).collect();
            let mean = best.iter().sum::<f32>() / WIDTH as f32;
            let variance = best.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / WIDTH as f32;
            let level = |i: usize| (best[i] - mean) / variance.sqrt() * norm.gain[i] + norm.bias[i];
            let expected: Vec<f32> = (0..WIDTH).map(|i| before[row * WIDTH + i] + level(i)).collect();
            assert_close(&onto[row * WIDTH..][..WIDTH], &expected);
        }
    }

    #[test]
    fn moves_are_scored_from_what_the_features_bring() {
        for count in [74, 106] {
            let (weights, bias) = (numbers(count * HIDDEN, 8), numbers(count, 9));
            let moves = Moves::new(&weights, &bias);
            let (a, b, start) = (numbers(128, 10), numbers(128, 11), numbers(128, 12));
            let mut scores = [0.0; MOST_MOVES];
            moves.score(&[&a, &b], &start, &mut scores);
            let sum = |i: usize| a[i] + b[i] + start[i];
            let hidden: Vec<f32> = (0..HIDDEN).map(|i| sum(i).max(sum(HIDDEN + i))).collect();
            let score = |i: usize| bias[i] + dot(&hidden, &weights[i * HIDDEN..][..HIDDEN]);
            assert_close(&scores[..count], &(0..count).map(score).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_first_of_equals_is_the_greatest() {
        assert_eq!(position_of_greatest(&[0.0, 2.0, 1.0, 2.0]), 1);
    }
}
