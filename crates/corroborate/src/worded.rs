use std::ops::Range;
use std::sync::OnceLock;

use model::Report;

use crate::identity::Identity;
use crate::likeness::{Terms, lead_terms};
use crate::passages::Runs;
use crate::words::{Word, words};
use crate::{Read, ReportKey, Sketch};

/// A report and the words of its article, cut once for all that it is compared with.
#[derive(Debug)]
pub struct Worded<'a> {
    pub(crate) read: Read<'a>,
    pub(crate) identity: Identity,
    pub(crate) words: Vec<Word>,
    /// What only comparing asks for: most reports have nothing to be compared with.
    ordered: OnceLock<Ordered>,
}

/// The words of an article put in order, to be met by those of another.
#[derive(Debug)]
pub(crate) struct Ordered {
    pub(crate) runs: Runs,
    /// The content words and their positions.
    pub(crate) content: Vec<(u32, u32)>,
    pub(crate) lead: Terms,
    /// The words of each sentence, as positions.
    pub(crate) sentences: Vec<Range<usize>>,
}

impl<'a> Worded<'a> {
    /// Cuts a report into words.
    pub fn of(read: Read<'a>) -> Worded<'a> {
        let words = words(read.report);
        Worded { read, identity: Identity::of(read.report), words, ordered: OnceLock::new() }
    }

    /// Returns what the caller calls the report.
    pub fn key(&self) -> ReportKey {
        self.read.key
    }

    /// Sketches the report and its claims.
    pub fn sketch(&self) -> Sketch {
        Sketch::of_worded(self)
    }

    pub(crate) fn ordered(&self) -> &Ordered {
        self.ordered.get_or_init(|| Ordered::of(self.read.report, &self.words))
    }
}

impl Ordered {
    fn of(report: &Report, words: &[Word]) -> Ordered {
        let content = words.iter().enumerate().filter(|(_, word)| word.content);
        let mut content: Vec<(u32, u32)> = content.map(|(at, word)| (word.hash as u32, at as u32)).collect();
        content.sort_unstable();
        let sentences = sentences(report, words);
        Ordered { runs: Runs::of(words), lead: lead_terms(&content), content, sentences }
    }
}

/// Finds the words of each sentence of an article.
fn sentences(report: &Report, words: &[Word]) -> Vec<Range<usize>> {
    let ends = report.body.iter().flat_map(|paragraph| &paragraph.sentences).map(|sentence| sentence.end());
    let mut from = 0;
    ends.map(|end| {
        let count = words[from..].iter().take_while(|word| (word.start as usize) < end).count();
        from += count;
        from - count..from
    })
    .collect()
}
