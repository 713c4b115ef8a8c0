//! The quotations of one paragraph.

use std::ops::Range;

use super::tree::Paragraph;

/// The quotations of one paragraph, marks included. They do not nest: inner marks belong to the outer quotation.
pub(super) struct Marks {
    pub(super) all: Vec<Range<usize>>,
    /// For each word, the quotation that it stands in.
    of: Vec<Option<usize>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Opens,
    Closes,
    Either,
}

/// Returns on which side of a quotation a mark stands; `None` for any other word.
fn side(word: &str) -> Option<Side> {
    match word {
        "“" | "``" | "„" | "«" => Some(Side::Opens),
        "”" | "»" => Some(Side::Closes),
        "\"" | "''" | "‘‘" | "’’" => Some(Side::Either),
        _ => None,
    }
}

impl Marks {
    /// Pairs the marks. A quotation that is not closed runs to the end of the paragraph, as newspapers print long ones.
    pub(super) fn read(paragraph: &Paragraph<'_>) -> Marks {
        let mut marks = Marks { all: Vec::new(), of: vec![None; paragraph.len()] };
        let mut open = None;
        for at in 0..paragraph.len() {
            match (side(paragraph.lower(at)), open) {
                (Some(Side::Opens | Side::Either), None) => open = Some(at),
                (Some(Side::Closes), Some(start)) => {
                    marks.push(start..at + 1);
                    open = None;
                }
                // A straight mark that leans on the next word alone opens a quotation though none was closed.
                (Some(Side::Either), Some(start)) if !opens_by_spacing(paragraph, at) => {
                    marks.push(start..at + 1);
                    open = None;
                }
                _ => {}
            }
        }
        if let Some(start) = open {
            marks.push(start..paragraph.len());
        }
        marks
    }

    fn push(&mut self, quotation: Range<usize>) {
        for at in quotation.clone() {
            self.of[at] = Some(self.all.len());
        }
        self.all.push(quotation);
    }

    /// Returns the quotation that the word stands in.
    pub(super) fn around(&self, at: usize) -> Option<Range<usize>> {
        self.of.get(at).copied().flatten().map(|quotation| self.all[quotation].clone())
    }

    /// Tells whether the word stands in a quotation of more than a few words, which is speech and no more a term.
    pub(super) fn is_speech(&self, at: usize) -> bool {
        self.around(at).is_some_and(|quotation| quotation.len() > TERM)
    }
}

/// The most words, marks included, that a quoted term has.
const TERM: usize = 7;

fn opens_by_spacing(paragraph: &Paragraph<'_>, at: usize) -> bool {
    let word = &paragraph.words[at].bytes;
    let leans_on = |other: Option<&super::tree::Word<'_>>, before: bool| {
        other.is_some_and(
            |other| if before { other.bytes.end == word.start } else { other.bytes.start == word.end },
        )
    };
    let before = at.checked_sub(1).and_then(|before| paragraph.words.get(before));
    leans_on(paragraph.words.get(at + 1), false) && !leans_on(before, true)
}

/// Tells whether the word is a quotation mark.
pub(super) fn is_mark(word: &str) -> bool {
    side(word).is_some()
}
