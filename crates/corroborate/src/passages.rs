use std::ops::Range;

use model::Span;

use crate::Worded;
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
    pub(crate) fn passage(&self, a: &Worded<'_>, b: &Worded<'_>) -> Option<Passage> {
        let in_a = self.range(|part| part.a)?;
        let in_b = self.range(|part| part.b)?;
        Some(Passage {
            a: span(a, in_a.clone())?,
            b: span(b, in_b)?,
            words: self.words(),
            quoted: 2 * a.words[in_a.clone()].iter().filter(|word| word.quoted).count() > in_a.len(),
        })
    }
}

fn span(worded: &Worded<'_>, range: Range<usize>) -> Option<Span> {
    let words = worded.words.get(range)?;
    worded.read.report.text.span(words.first()?.start as usize..words.last()?.end as usize)
}

/// Finds the passages that two texts share, in the order of the second.
///
/// Longest matches first come at each place of `b`, as in greedy string tiling, in time linear in the two texts.
pub(crate) fn align(a: &Worded<'_>, b: &Worded<'_>) -> Vec<Aligned> {
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

fn matches(a: &Worded<'_>, b: &Worded<'_>) -> Vec<Match> {
    let runs = &a.ordered().runs;
    let met = runs.met(&b.ordered().runs);
    let mut found = Vec::new();
    let mut at = 0;
    let mut expected = 0;
    for meeting in met {
        // What a longer match took is gone.
        if meeting.at < at {
            continue;
        }
        let sides = Sides { a: &a.words, b: &b.words[meeting.at..] };
        if let Some((place, len)) = longest(sides, &runs.0[meeting.places], expected) {
            found.push(Match { a: place, b: meeting.at, len });
            at = meeting.at + len;
            expected = place + len;
        }
    }
    found
}

struct Sides<'a> {
    a: &'a [Word],
    b: &'a [Word],
}

/// Finds the longest match; of equal ones, that which comes soonest after the last match.
fn longest(sides: Sides<'_>, places: &[u64], expected: usize) -> Option<(usize, usize)> {
    places
        .iter()
        .map(|&run| place(run))
        .map(|place| (place, common(&sides.a[place..], sides.b)))
        .filter(|&(_, len)| len >= SEED)
        .max_by_key(|&(place, len)| (len, std::cmp::Reverse((place < expected, place.abs_diff(expected)))))
}

fn common(a: &[Word], b: &[Word]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a.hash == b.hash).count()
}

/// Each run of [`SEED`] words: a hash of it and, in the lower half, the position of its first word, in order.
#[derive(Debug)]
pub(crate) struct Runs(Vec<u64>);

/// A run of words that stands in another text too.
struct Meeting {
    at: usize,
    /// Where in the runs of the other text.
    places: Range<usize>,
}

fn place(run: u64) -> usize {
    run as u32 as usize
}

fn hash(run: u64) -> u32 {
    (run >> 32) as u32
}

impl Runs {
    pub(crate) fn of(words: &[Word]) -> Runs {
        let hash = |run: &[Word]| hash_run(run.iter().map(|word| word.hash)) & !u64::from(u32::MAX);
        let mut runs: Vec<u64> =
            words.windows(SEED).enumerate().map(|(at, run)| hash(run) | at as u64).collect();
        runs.sort_unstable();
        Runs(runs)
    }

    /// Finds the runs of another text that stand here, in the order of that text.
    fn met(&self, other: &Runs) -> Vec<Meeting> {
        let (mut i, mut j) = (0, 0);
        let mut met = Vec::new();
        while let (Some(&here), Some(&there)) = (self.0.get(i), other.0.get(j)) {
            if hash(here) == hash(there) {
                let count =
                    self.0[i..].iter().take(PLACES).take_while(|&&run| hash(run) == hash(here)).count();
                met.push(Meeting { at: place(there), places: i..i + count });
                j += 1;
            } else {
                i += usize::from(hash(here) < hash(there));
                j += usize::from(hash(there) < hash(here));
            }
        }
        met.sort_unstable_by_key(|meeting| meeting.at);
        met
    }
}
