//! Tokens to vectors: embeddings by hash, word vectors, and four layers that each look one token to either side.

use super::asset::{Asset, BadModel, Table};
use super::kernels::{Layer, Norm, PIECES, Rows, WIDTH, add_maxout_norm, add_three};
use super::lexeme::Fresh;
use super::strings::rows;

/// The layers after the first one.
const DEPTH: usize = 4;
/// A text is read between this many empty rows on either side, one for each layer.
pub(super) const PAD: usize = DEPTH;
/// What a token kind brings to the token after it, to itself and to the one before it in the first layer.
const TAPS: usize = 3 * PIECES;
/// Rows that go through a layer at once: their pieces stay in the nearest caches.
const ROWS_AT_ONCE: usize = 48;

/// An encoder of tokens.
pub(super) struct Encoder {
    /// One table for each of the first features.
    tables: Vec<Table<WIDTH>>,
    /// Word vectors, already carried through the projection of this encoder.
    vectors: Table<WIDTH>,
    embed: (Layer, Norm),
    /// The first layer over windows, by what each token of the window brings: it depends on the token kind alone.
    taps: Layer,
    /// The bias of the first layer, which an empty row brings to itself.
    empty: Vec<f32>,
    first: Norm,
    deep: Vec<(Layer, Norm)>,
}

/// What an encoder remembers of token kinds, by slot.
#[derive(Default)]
pub(super) struct Memory {
    embeddings: Vec<f32>,
    taps: Vec<f32>,
}

/// Room that an encoder works in.
#[derive(Default)]
pub(super) struct Scratch {
    rows: Vec<f32>,
    next: Vec<f32>,
    input: Vec<f32>,
    pieces: Vec<f32>,
}

impl Encoder {
    pub(super) fn new(asset: &Asset<'_>, name: &str, features: usize) -> Result<Encoder, BadModel> {
        let tables =
            (0..features).map(|i| asset.table(&format!("{name}.table{i}"))).collect::<Result<_, _>>()?;
        let vectors = asset.table(&format!("{name}.vectors"))?;
        let embed = layer(asset, name, 0, (features + 1) * WIDTH)?;
        let window = pieces(asset, name, 1, PIECES)?;
        let taps = Layer::new(WIDTH, &window.by_tap(), &window.centre_bias());
        let deep = (2..=DEPTH).map(|i| layer(asset, name, i, PIECES)).collect::<Result<_, _>>()?;
        Ok(Encoder { tables, vectors, embed, taps, empty: window.bias, first: norm(asset, name, 1)?, deep })
    }

    /// Encodes token kinds that are new, each into its slot.
    pub(super) fn learn(&self, fresh: &[Fresh], memory: &mut Memory, scratch: &mut Scratch) {
        let slots = fresh.iter().map(|fresh| fresh.slot as usize + 1).max().unwrap_or(0);
        if memory.embeddings.len() < slots * WIDTH {
            memory.embeddings.resize(slots * WIDTH, 0.0);
            memory.taps.resize(slots * TAPS, 0.0);
        }
        for fresh in fresh.chunks(ROWS_AT_ONCE) {
            self.learn_some(fresh, memory, scratch);
        }
    }

    fn learn_some(&self, fresh: &[Fresh], memory: &mut Memory, scratch: &mut Scratch) {
        let Scratch { rows, input, pieces, .. } = scratch;
        let width = (self.tables.len() + 1) * WIDTH;
        input.clear();
        input.resize(fresh.len() * width, 0.0);
        for (fresh, input) in fresh.iter().zip(input.chunks_exact_mut(width)) {
            self.embed_one(fresh, input);
        }
        let (layer, norm) = &self.embed;
        pieces.resize(ROWS_AT_ONCE * TAPS, 0.0);
        layer.apply(Rows { values: input, stride: width, rows: fresh.len() }, pieces);
        rows.clear();
        rows.resize(fresh.len() * WIDTH, 0.0);
        add_maxout_norm(&pieces[..fresh.len() * PIECES], norm, rows);
        self.taps.apply(Rows { values: rows, stride: WIDTH, rows: fresh.len() }, pieces);
        for (i, fresh) in fresh.iter().enumerate() {
            let slot = fresh.slot as usize;
            memory.embeddings[slot * WIDTH..][..WIDTH].copy_from_slice(&rows[i * WIDTH..][..WIDTH]);
            memory.taps[slot * TAPS..][..TAPS].copy_from_slice(&pieces[i * TAPS..][..TAPS]);
        }
    }

    fn embed_one(&self, fresh: &Fresh, input: &mut [f32]) {
        let parts = input.as_chunks_mut::<WIDTH>().0;
        for (feature, table) in self.tables.iter().enumerate() {
            // The seeds of the tables count up from 8.
            for row in rows(fresh.features[feature], 8 + feature as u32) {
                table.add(row as usize % table.len(), &mut parts[feature]);
            }
        }
        if let Some(row) = fresh.vector.map(usize::from).filter(|row| *row < self.vectors.len()) {
            self.vectors.add(row, &mut parts[self.tables.len()]);
        }
    }

    /// Encodes the tokens in `slots`; the result is one row a token.
    pub(super) fn encode<'s>(&self, slots: &[u32], memory: &Memory, scratch: &'s mut Scratch) -> &'s [f32] {
        let total = slots.len() + 2 * PAD;
        let Scratch { rows, next, pieces, .. } = scratch;
        for buffer in [&mut *rows, &mut *next] {
            buffer.clear();
            buffer.resize(total * WIDTH, 0.0);
        }
        pieces.resize(ROWS_AT_ONCE * TAPS, 0.0);
        self.first_layer(slots, memory, rows, &mut pieces[..PIECES]);
        // Each layer leaves out one more empty row on either side: the layers above do not look further.
        for (depth, (layer, norm)) in self.deep.iter().enumerate() {
            let (mut row, end) = (depth + 2, total - depth - 2);
            while row < end {
                let count = ROWS_AT_ONCE.min(end - row);
                let window = &rows[(row - 1) * WIDTH..(row + count + 1) * WIDTH];
                layer.apply(Rows { values: window, stride: WIDTH, rows: count }, pieces);
                let onto = &mut next[row * WIDTH..(row + count) * WIDTH];
                onto.copy_from_slice(&rows[row * WIDTH..(row + count) * WIDTH]);
                add_maxout_norm(&pieces[..count * PIECES], norm, onto);
                row += count;
            }
            std::mem::swap(rows, next);
        }
        &rows[PAD * WIDTH..(total - PAD) * WIDTH]
    }

    fn first_layer(&self, slots: &[u32], memory: &Memory, rows: &mut [f32], sum: &mut [f32]) {
        let nothing = [0.0; PIECES];
        let tap = |row: usize, number: usize| -> &[f32] {
            match row.checked_sub(PAD).and_then(|token| slots.get(token)) {
                Some(slot) => &memory.taps[*slot as usize * TAPS + number * PIECES..][..PIECES],
                None if number == 1 => &self.empty,
                None => &nothing,
            }
        };
        for row in 1..slots.len() + 2 * PAD - 1 {
            let onto = &mut rows[row * WIDTH..][..WIDTH];
            if let Some(slot) = row.checked_sub(PAD).and_then(|token| slots.get(token)) {
                onto.copy_from_slice(&memory.embeddings[*slot as usize * WIDTH..][..WIDTH]);
            }
            add_three([tap(row - 1, 0), tap(row, 1), tap(row + 1, 2)], sum);
            add_maxout_norm(sum, &self.first, onto);
        }
    }
}

/// The weights of a layer of three pieces, piece after piece, each a row of inputs for every output.
struct Pieces {
    inputs: usize,
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl Pieces {
    /// Returns the weights with one row for what a token brings to each of the three places of the window.
    fn by_tap(&self) -> Vec<f32> {
        let mut weights = Vec::with_capacity(self.weights.len());
        for tap in 0..3 {
            for row in self.weights.chunks_exact(self.inputs) {
                weights.extend_from_slice(&row[tap * WIDTH..(tap + 1) * WIDTH]);
            }
        }
        weights
    }

    fn centre_bias(&self) -> Vec<f32> {
        let mut bias = vec![0.0; TAPS];
        bias[PIECES..2 * PIECES].copy_from_slice(&self.bias);
        bias
    }
}

fn pieces(asset: &Asset<'_>, name: &str, number: usize, inputs: usize) -> Result<Pieces, BadModel> {
    let stored = asset.shaped(&format!("{name}.maxout{number}.weights"), &[WIDTH, 3, inputs])?;
    let stored_bias = asset.shaped(&format!("{name}.maxout{number}.bias"), &[WIDTH, 3])?;
    let mut pieces = Pieces { inputs, weights: Vec::with_capacity(stored.len()), bias: Vec::new() };
    for piece in 0..3 {
        for output in 0..WIDTH {
            let row = output * 3 + piece;
            pieces.weights.extend_from_slice(&stored[row * inputs..(row + 1) * inputs]);
            pieces.bias.push(stored_bias[row]);
        }
    }
    Ok(pieces)
}

fn norm(asset: &Asset<'_>, name: &str, number: usize) -> Result<Norm, BadModel> {
    let gain = asset.shaped(&format!("{name}.norm{number}.gain"), &[WIDTH])?;
    Ok(Norm { gain, bias: asset.shaped(&format!("{name}.norm{number}.bias"), &[WIDTH])? })
}

fn layer(asset: &Asset<'_>, name: &str, number: usize, inputs: usize) -> Result<(Layer, Norm), BadModel> {
    let pieces = pieces(asset, name, number, inputs)?;
    Ok((Layer::new(inputs, &pieces.weights, &pieces.bias), norm(asset, name, number)?))
}

/// Which of the word vectors a word has.
pub(super) struct VectorKeys {
    /// Where the keys of each bucket begin.
    buckets: Vec<u32>,
    /// The bits that tell the keys of a bucket apart.
    keys: Vec<[u8; 3]>,
    rows: Vec<u16>,
}

impl VectorKeys {
    pub(super) fn new(asset: &Asset<'_>) -> Result<VectorKeys, BadModel> {
        let buckets =
            asset.bytes("vectors.buckets")?.as_chunks().0.iter().map(|bytes| u32::from_le_bytes(*bytes));
        let rows = asset.bytes("vectors.rows")?.as_chunks().0.iter().map(|bytes| u16::from_le_bytes(*bytes));
        let keys = asset.bytes("vectors.keys")?.as_chunks().0.iter().map(|&[a, b, c]| [c, b, a]).collect();
        Ok(VectorKeys { buckets: buckets.collect(), keys, rows: rows.collect() })
    }

    /// Returns the row of a word's vector. Keys are told apart by forty bits of their product with this number.
    pub(super) fn row(&self, orth: u64) -> Option<u16> {
        let spread = orth.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let bucket = (spread >> 48) as usize;
        let key = [(spread >> 40) as u8, (spread >> 32) as u8, (spread >> 24) as u8];
        let range = *self.buckets.get(bucket)? as usize..*self.buckets.get(bucket + 1)? as usize;
        let at = range.start + self.keys.get(range)?.binary_search(&key).ok()?;
        self.rows.get(at).copied()
    }
}
