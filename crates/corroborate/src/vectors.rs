use std::sync::LazyLock;

use crate::Sketch;
use crate::words::hash_of;

/// Terms with weights, in order of term.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Vector(Vec<(u32, f32)>);

/// Terms kept of a sum: the heaviest. What a hundred reports name once each tells nothing of their story.
const MOST: usize = 600;

impl Vector {
    pub(crate) fn dot(&self, other: &Vector) -> f64 {
        let (mut i, mut j, mut dot) = (0, 0, 0.0);
        while let (Some(&(one, a)), Some(&(two, b))) = (self.0.get(i), other.0.get(j)) {
            if one == two {
                dot += f64::from(a) * f64::from(b);
            }
            i += usize::from(one <= two);
            j += usize::from(two <= one);
        }
        dot
    }

    pub(crate) fn plus(&self, other: &Vector) -> Vector {
        let mut terms: Vec<(u32, f32)> = self.0.iter().chain(&other.0).copied().collect();
        terms.sort_by_key(|&(term, _)| term);
        terms.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            kept.1 += if same { later.1 } else { 0.0 };
            same
        });
        if terms.len() > MOST {
            terms.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            terms.truncate(MOST);
            terms.sort_unstable_by_key(|&(term, _)| term);
        }
        Vector(terms)
    }

    /// Returns the heaviest terms, heaviest first.
    pub(crate) fn heaviest(&self, count: usize) -> Vec<(u32, f32)> {
        let mut terms = self.0.clone();
        terms.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        terms.truncate(count);
        terms
    }
}

/// Reports that are thought to stand beside those given, so that a word in both of two reports is not taken for a
/// word in all reports.
const BACKGROUND: f64 = 100.0;
/// The share of these in which each common word stands.
const COMMON_IN: f64 = 0.5;

/// Returns how telling a term is that so many of all reports hold: more, the rarer it is.
pub(crate) fn rarity(term: u32, holding: u64, all: u64) -> f64 {
    let common = if COMMON.binary_search(&term).is_ok() { BACKGROUND * COMMON_IN } else { 0.0 };
    ((all as f64 + BACKGROUND) / (holding as f64 + common + 0.5)).ln().max(0.0)
}

/// Weighs the terms of a sketch by how rare each is, to length 1.
pub(crate) fn weighed(sketch: &Sketch, rarity: impl Fn(u32) -> f64) -> Vector {
    let mut terms: Vec<(u32, f32)> = sketch
        .terms
        .iter()
        .map(|term| (term.hash, (f64::from(term.weight) * rarity(term.hash)) as f32))
        .collect();
    let length = terms.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
    if length > 0.0 {
        terms.iter_mut().for_each(|(_, weight)| *weight /= length);
    }
    Vector(terms)
}

/// Hashes of words that stand in most reports, in order.
static COMMON: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let lines = include_str!("../lexicons/common.txt").lines().filter(|line| !line.starts_with('#'));
    let words = lines.flat_map(str::split_whitespace);
    let mut hashes: Vec<u32> = words.map(|word| hash_of(crate::terms::stem(word)) as u32).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
});
