use std::ops::Range;

use model::{Span, Text};

use crate::words::{Word, hash_run};

/// A stretch of words that stands in two reports, apart from small gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Where it stands in the first report.
    pub a: Span,
    /// Where it stands in the second.
    pub b: Span,
    /// How many words the two have in common.
    pub words: usize,
    /// Whether most of these words are inside quotation marks: then it is somebody's speech that is shared.
    pub quoted: bool,
}

/// Words in common that are tried as the start of a match.
const SEED: usize = 3;
/// The places in the first text at which one seed is tried: a phrase that recurs more often says little.
const PLACES: usize = 16;
/// Words that may differ between two matches of one passage: a name put in full, "on Wednesday" left out.
const GAP: usize = 4;
/// Words that a passage has in common at least. Fewer are found in any two texts on one subject.
const LEAST: usize = 6;

/// Equal words, word for word, as positions in the two lists of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) a: usize,
    pub(crate) b: usize,
    pub(crate) len: usize,
}

/// Matches that follow one another in both texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Aligned {
    pub(crate) matches: Vec<Match>,
}

impl Aligned {
    pub(crate) fn words(&self) -> usize {
        self.matches.iter().map(|part| part.len).sum()
    }

    fn range(&self, side: impl Fn(&Match) -> usize) -> Option<Range<usize>> {
        let (first, last) = (self.matches.first()?, self.matches.last()?);
        Some(side(first)..side(last) + last.len)
    }

    /// Shows the passage in the two texts. The words are those that were aligned.
    pub(crate) fn passage(&self, a: (&Text, &[Word]), b: (&Text, &[Word])) -> Option<Passage> {
        let in_a = self.range(|part| part.a)?;
        let in_b = self.range(|part| part.b)?;
        Some(Passage {
            a: span(a, in_a.clone())?,
            b: span(b, in_b)?,
            words: self.words(),
            quoted: 2 * a.1[in_a.clone()].iter().filter(|word| word.quoted).count() > in_a.len(),
        })
    }
}

fn span((text, words): (&Text, &[Word]), range: Range<usize>) -> Option<Span> {
    let (first, last) = (words.get(range.start)?, words.get(range.end.checked_sub(1)?)?);
    text.span(first.start as usize..last.end as usize)
}

/// Finds the passages that two texts share, in the order of the second.
///
/// Longest matches first come at each place of `b`, as in greedy string tiling, in time linear in the two texts.
pub(crate) fn align(a: &[Word], b: &[Word]) -> Vec<Aligned> {
    let mut passages: Vec<Aligned> = Vec::new();
    for found in matches(a, b) {
        match passages.last_mut().filter(|passage| follows(passage, found)) {
            Some(passage) => passage.matches.push(found),
            None => passages.push(Aligned { matches: vec![found] }),
        }
    }
    passages.retain(|passage| passage.words() >= LEAST);
    passages
}

fn follows(passage: &Aligned, next: Match) -> bool {
    let near = |from: usize, to: usize| (from..=from + GAP).contains(&to);
    passage
        .matches
        .last()
        .is_some_and(|last| near(last.a + last.len, next.a) && near(last.b + last.len, next.b))
}

fn matches(a: &[Word], b: &[Word]) -> Vec<Match> {
    let seeds = Seeds::of(a);
    let mut found = Vec::new();
    let mut at = 0;
    let mut expected = 0;
    while at + SEED <= b.len() {
        match longest(Sides { a, b: &b[at..] }, seeds.places(&b[at..at + SEED]), expected) {
            Some((place, len)) => {
                found.push(Match { a: place, b: at, len });
                at += len;
                expected = place + len;
            }
            None => at += 1,
        }
    }
    found
}

struct Sides<'a> {
    a: &'a [Word],
    b: &'a [Word],
}

/// Finds the longest match; of equal ones, that which comes soonest after the last match.
fn longest(sides: Sides<'_>, places: &[(u64, u32)], expected: usize) -> Option<(usize, usize)> {
    places
        .iter()
        .map(|&(_, place)| place as usize)
        .map(|place| (place, common(&sides.a[place..], sides.b)))
        .filter(|&(_, len)| len >= SEED)
        .max_by_key(|&(place, len)| (len, std::cmp::Reverse((place < expected, place.abs_diff(expected)))))
}

fn common(a: &[Word], b: &[Word]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a.hash == b.hash).count()
}

/// Where each run of [`SEED`] words stands.
struct Seeds(Vec<(u64, u32)>);

impl Seeds {
    fn of(words: &[Word]) -> Seeds {
        let mut seeds: Vec<(u64, u32)> = words
            .windows(SEED)
            .enumerate()
            .map(|(at, run)| (hash_run(run.iter().map(|w| w.hash)), at as u32))
            .collect();
        seeds.sort_unstable();
        Seeds(seeds)
    }

    fn places(&self, run: &[Word]) -> &[(u64, u32)] {
        let hash = hash_run(run.iter().map(|word| word.hash));
        let from = self.0.partition_point(|&(other, _)| other < hash);
        let rest = &self.0[from..];
        let count = rest.iter().take(PLACES).take_while(|&&(other, _)| other == hash).count();
        &rest[..count]
    }
}
