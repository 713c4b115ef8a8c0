//! The part of speech of each token.

use super::asset::{Asset, BadModel};
use super::kernels::{Layer, Rows, WIDTH, position_of_greatest};

/// Picks the best tag of each token from its encoding.
pub(super) struct Tagger {
    layer: Layer,
    tags: usize,
}

impl Tagger {
    pub(super) fn new(asset: &Asset<'_>, tags: usize) -> Result<Tagger, BadModel> {
        let weights = asset.shaped("tagger.weights", &[tags, WIDTH])?;
        let bias = asset.shaped("tagger.bias", &[tags])?;
        Ok(Tagger { layer: Layer::new(WIDTH, &weights, &bias), tags })
    }

    /// Appends the number of the best tag of each row.
    pub(super) fn tag(&self, rows: &[f32], scores: &mut Vec<f32>, tags: &mut Vec<u8>) {
        let count = rows.len() / WIDTH;
        scores.resize(count * self.layer.outputs, 0.0);
        self.layer.apply(Rows { values: rows, stride: WIDTH, rows: count }, scores);
        let rows = scores.chunks_exact(self.layer.outputs);
        tags.extend(rows.map(|row| position_of_greatest(&row[..self.tags]) as u8));
    }
}
