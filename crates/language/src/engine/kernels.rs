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
        let real = rows.len() / inputs;
        let outputs = real.next_multiple_of(COLUMN);
        let wide = 2 * run(Lanes);
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
