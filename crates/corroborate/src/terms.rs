use model::Report;

use crate::words::{Word, hash_of, words_of};

/// A word that a report uses, and how much it stands out there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Term {
    pub(crate) hash: u32,
    /// Weight in the report: 16 for a word that stands there once.
    pub(crate) weight: u8,
}

/// Words of a report, and of its title, that are looked at: the news is told first, and further down stands the background
/// that look-alike events share.
const TOLD: usize = 200;
/// Words that carry the news.
const LEAD: usize = 40;

/// Finds what a report is about. Words of the title and lead weigh more, and so do names and numbers; how rare a
/// word is among all reports is for the reader of sketches to know.
pub(crate) fn terms(report: &Report, words: &[Word]) -> Vec<Term> {
    let text = report.text.read();
    let mut seen: Vec<(u32, f64)> = Vec::new();
    for (at, word) in words.iter().take(TOLD).enumerate() {
        let Some(written) = text.get(word.range()) else { continue };
        seen.extend(weigh(written, at < LEAD));
    }
    let title = report.metadata.title.as_deref().unwrap_or("");
    let in_title = words_of(title);
    seen.extend(in_title.iter().take(TOLD).filter_map(|word| weigh(title.get(word.range())?, true)));
    collected(seen)
}

fn weigh(written: &str, lead: bool) -> Option<(u32, f64)> {
    let chars = written.chars().count();
    if chars < 3 && !written.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let name = written.starts_with(char::is_uppercase);
    let weight = if lead { LEAD_WEIGHT } else { 1.0 } * if name { NAME_WEIGHT } else { 1.0 };
    Some((hash_of(stem(written)) as u32, weight))
}

const LEAD_WEIGHT: f64 = 2.0;
const NAME_WEIGHT: f64 = 1.5;

/// Takes the ending of the plural and the possessive off, so that "rockets" and "Russia's" meet their kin.
pub(crate) fn stem(word: &str) -> &str {
    let bare = word.strip_suffix("'s").or(word.strip_suffix("’s")).unwrap_or(word);
    match bare.strip_suffix('s') {
        Some(one) if one.chars().count() > 3 && !one.ends_with('s') => one,
        _ => bare,
    }
}

fn collected(mut seen: Vec<(u32, f64)>) -> Vec<Term> {
    seen.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    seen.chunk_by(|a, b| a.0 == b.0)
        .map(|same| Term { hash: same[0].0, weight: damped(same.iter().map(|(_, weight)| weight).sum()) })
        .collect()
}

/// A word said ten times is not ten times as telling.
fn damped(weight: f64) -> u8 {
    (16.0 * (1.0 + weight.ln())).clamp(1.0, 255.0) as u8
}
