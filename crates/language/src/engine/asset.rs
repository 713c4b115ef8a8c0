//! The file that holds the model: named parts, each an array of numbers or bytes.

use sha2::{Digest, Sha256};

const MAGIC: &[u8] = b"EN-MD-1\n";

/// A model file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadModel {
    /// The bytes are not the ones whose digest stands beside the file.
    #[error("the model has the digest {found}, not {expected}")]
    OtherDigest {
        /// The SHA-256 of the bytes.
        found: String,
        /// The SHA-256 that they should have.
        expected: String,
    },
    /// The bytes end early, or are not a model file.
    #[error("the model file is cut short or of another kind")]
    Damaged,
    /// A part is missing, or has another shape than the network needs.
    #[error("the model has no fitting part {0:?}")]
    Part(String),
}

/// A model file, opened but not copied.
pub(super) struct Asset<'b> {
    bytes: &'b [u8],
    parts: Vec<Part<'b>>,
}

struct Part<'b> {
    name: &'b str,
    kind: u8,
    shape: Vec<usize>,
    bytes: &'b [u8],
}

/// An array of numbers with its shape.
pub(super) struct Tensor {
    pub(super) values: Vec<f32>,
    pub(super) shape: Vec<usize>,
}

/// Rows of `WIDTH` numbers, kept as narrow as they are stored: they are many, and few of them are asked for.
pub(super) enum Table<const WIDTH: usize> {
    /// Numbers of half precision.
    Half(Vec<[u16; WIDTH]>),
    /// Numbers of single precision.
    Single(Vec<[f32; WIDTH]>),
}

impl<const WIDTH: usize> Table<WIDTH> {
    /// Returns the number of rows.
    pub(super) fn len(&self) -> usize {
        match self {
            Table::Half(rows) => rows.len(),
            Table::Single(rows) => rows.len(),
        }
    }

    /// Adds a row to `sum`.
    ///
    /// # Panics
    /// When there are not so many.
    pub(super) fn add(&self, row: usize, sum: &mut [f32; WIDTH]) {
        match self {
            Table::Half(rows) => sum.iter_mut().zip(&rows[row]).for_each(|(sum, bits)| *sum += half(*bits)),
            Table::Single(rows) => sum.iter_mut().zip(&rows[row]).for_each(|(sum, value)| *sum += value),
        }
    }
}

impl<'b> Asset<'b> {
    /// Opens the file, once its bytes have been found to be the ones with the SHA-256 `expected`, in hexadecimal.
    pub(super) fn verified(bytes: &'b [u8], expected: &str) -> Result<Asset<'b>, BadModel> {
        let found: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let expected = expected.trim().to_owned();
        if found == expected { Asset::open(bytes) } else { Err(BadModel::OtherDigest { found, expected }) }
    }

    /// Opens a file whose bytes are vouched for elsewhere.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Asset<'b>, BadModel> {
        let mut cursor = Cursor { bytes, at: 0 };
        if cursor.take(MAGIC.len())? != MAGIC {
            return Err(BadModel::Damaged);
        }
        let mut asset = Asset { bytes, parts: Vec::new() };
        for _ in 0..cursor.number()? {
            let part = asset.part(&mut cursor)?;
            asset.parts.push(part);
        }
        Ok(asset)
    }

    fn part(&self, cursor: &mut Cursor<'b>) -> Result<Part<'b>, BadModel> {
        let length = cursor.byte()?;
        let name = str::from_utf8(cursor.take(length.into())?).map_err(|_| BadModel::Damaged)?;
        let kind = cursor.byte()?;
        let dimensions = cursor.byte()?;
        let shape = (0..dimensions).map(|_| cursor.number()).collect::<Result<_, _>>()?;
        let (at, length) = (cursor.number()?, cursor.number()?);
        let bytes = self.bytes.get(at..at.saturating_add(length)).ok_or(BadModel::Damaged)?;
        Ok(Part { name, kind, shape, bytes })
    }

    fn find(&self, name: &str) -> Result<&Part<'b>, BadModel> {
        self.parts.iter().find(|part| part.name == name).ok_or_else(|| BadModel::Part(name.to_owned()))
    }

    /// Returns the bytes of a part.
    pub(super) fn bytes(&self, name: &str) -> Result<&'b [u8], BadModel> {
        Ok(self.find(name)?.bytes)
    }

    /// Returns the pairs of a part that holds two numbers a row.
    pub(super) fn pairs(&self, name: &str) -> Result<Vec<(u64, u64)>, BadModel> {
        let rows = self.bytes(name)?.as_chunks::<16>().0.iter();
        let number = |bytes: &[u8]| bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        Ok(rows.map(|row| (number(&row[..8]), number(&row[8..]))).collect())
    }

    /// Returns an array of numbers that has as many as `shape` says.
    pub(super) fn tensor(&self, name: &str) -> Result<Tensor, BadModel> {
        let part = self.find(name)?;
        let values: Vec<f32> = match part.kind {
            b'f' => part.bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect(),
            b'h' => part.bytes.as_chunks().0.iter().map(|bytes| half(u16::from_le_bytes(*bytes))).collect(),
            _ => return Err(BadModel::Part(name.to_owned())),
        };
        let size = part.shape.iter().try_fold(1usize, |size, side| size.checked_mul(*side));
        if size != Some(values.len()) {
            return Err(BadModel::Part(name.to_owned()));
        }
        Ok(Tensor { values, shape: part.shape.clone() })
    }

    /// Returns an array of rows of `WIDTH` numbers, at least one.
    pub(super) fn table<const WIDTH: usize>(&self, name: &str) -> Result<Table<WIDTH>, BadModel> {
        let part = self.find(name)?;
        let table = match part.kind {
            b'h' => Table::Half(rows(part.bytes, u16::from_le_bytes)),
            b'f' => Table::Single(rows(part.bytes, f32::from_le_bytes)),
            _ => return Err(BadModel::Part(name.to_owned())),
        };
        let fits = part.shape == [table.len(), WIDTH] && table.len() > 0;
        if fits { Ok(table) } else { Err(BadModel::Part(name.to_owned())) }
    }

    /// Returns an array of numbers of this shape.
    pub(super) fn shaped(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, BadModel> {
        let tensor = self.tensor(name)?;
        if tensor.shape == shape { Ok(tensor.values) } else { Err(BadModel::Part(name.to_owned())) }
    }
}

/// Reads numbers of `SIZE` bytes in rows; what does not fill a row is left out.
fn rows<T, const SIZE: usize, const WIDTH: usize>(
    bytes: &[u8],
    read: fn([u8; SIZE]) -> T,
) -> Vec<[T; WIDTH]> {
    let (numbers, _) = bytes.as_chunks::<SIZE>();
    let (rows, _) = numbers.as_chunks::<WIDTH>();
    rows.iter().map(|row| row.map(read)).collect()
}

struct Cursor<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Cursor<'b> {
    fn take(&mut self, length: usize) -> Result<&'b [u8], BadModel> {
        let taken = self.bytes.get(self.at..self.at + length).ok_or(BadModel::Damaged)?;
        self.at += length;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, BadModel> {
        Ok(self.take(1)?[0])
    }

    fn number(&mut self) -> Result<usize, BadModel> {
        let bytes = self.take(4)?.try_into().expect("four bytes were taken");
        Ok(u32::from_le_bytes(bytes) as usize)
    }
}

/// Widens a number of half precision (IEEE 754 binary16) without a branch, so that a row is widened at once.
#[inline(always)]
pub(super) fn half(bits: u16) -> f32 {
    let sign = u32::from(bits & 0x8000) << 16;
    let rest = u32::from(bits & 0x7fff) << 13;
    // The exponent moves from bias 15 to bias 127; the multiplication settles numbers below the normal range too.
    let magnitude = f32::from_bits(rest) * f32::from_bits((254 - 15) << 23);
    f32::from_bits(magnitude.to_bits() | sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_widened() {
        let cases =
            [(0x3c00, 1.0), (0xc000, -2.0), (0x0001, 5.960_464_5e-8), (0x3555, 0.333_251_95), (0, 0.0)];
        for (bits, value) in cases {
            assert_eq!(half(bits), value);
        }
    }

    #[test]
    fn damage_is_noticed() {
        let empty = Sha256::digest(b"").iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert!(matches!(Asset::verified(b"EN", &empty), Err(BadModel::OtherDigest { .. })));
        assert!(matches!(Asset::open(b"EN-MD-1\n\x01\0\0\0\x05na"), Err(BadModel::Damaged)));
        assert!(matches!(Asset::open(b"something else entirely"), Err(BadModel::Damaged)));
        assert!(matches!(Asset::open(b"EN-MD-1\n\0\0\0\0").unwrap().tensor("x"), Err(BadModel::Part(_))));
    }
}
