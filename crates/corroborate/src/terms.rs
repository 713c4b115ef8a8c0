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
    let (lead, rest) = words[..words.len().min(TOLD)].split_at(LEAD.min(words.len()));
    let title = report.metadata.title.as_deref().unwrap_or("");
    let in_title = words_of(title);
    let mut seen = weighed(text, lead, LEAD_WEIGHT);
    seen.extend(weighed(text, rest, 1));
    seen.extend(weighed(title, &in_title[..in_title.len().min(TOLD)], LEAD_WEIGHT));
    collected(seen)
}

/// A stem, and in the lower half what it counts for where it stands.
type Seen = u64;

fn weighed(text: &str, words: &[Word], weight: u64) -> Vec<Seen> {
    let seen = |word: &Word| {
        let written = text.get(word.range())?;
        if written.chars().nth(2).is_none() && !written.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        // Only what ends in "s" has another stem.
        let hash = if written.ends_with('s') { hash_of(stem(written)) } else { word.hash };
        let name = written.starts_with(char::is_uppercase);
        Some((hash << 32) | (weight * if name { NAME_WEIGHT } else { PLAIN_WEIGHT }))
    };
    words.iter().filter_map(seen).collect()
}

/// What a word in the title or lead counts for, in times; and a name and another word, in halves.
const LEAD_WEIGHT: u64 = 2;
const NAME_WEIGHT: u64 = 3;
const PLAIN_WEIGHT: u64 = 2;

/// Takes the ending of the plural and the possessive off, so that "rockets" and "Russia's" meet their kin.
pub(crate) fn stem(word: &str) -> &str {
    let bare = word.strip_suffix("'s").or(word.strip_suffix("’s")).unwrap_or(word);
    match bare.strip_suffix('s') {
        Some(one) if one.chars().count() > 3 && !one.ends_with('s') => one,
        _ => bare,
    }
}

fn collected(mut seen: Vec<Seen>) -> Vec<Term> {
    seen.sort_unstable();
    seen.chunk_by(|a, b| a >> 32 == b >> 32)
        .map(|same| {
            let halves: u64 = same.iter().map(|&seen| u64::from(seen as u32)).sum();
            Term { hash: (same[0] >> 32) as u32, weight: damped(halves) }
        })
        .collect()
}

/// A word said ten times is not ten times as telling.
fn damped(halves: u64) -> u8 {
    (16.0 * (1.0 + (halves as f64 / 2.0).ln())).clamp(1.0, 255.0) as u8
}
