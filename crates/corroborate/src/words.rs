use std::ops::Range;

use model::Report;

/// One word of an article, folded for comparison, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// Hash of the word in lower case, without apostrophes.
    pub(crate) hash: u64,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Inside quotation marks.
    pub(crate) quoted: bool,
    /// Position of its paragraph in the body.
    pub(crate) paragraph: u32,
}

impl Word {
    pub(crate) fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Cuts the body of a report into words. The dateline is left out: it is evidence of origin and no wording.
pub(crate) fn words(report: &Report) -> Vec<Word> {
    let mut words = Vec::new();
    let dateline = report.dateline.as_ref().map(|dateline| dateline.span.range());
    for (paragraph, piece) in report.body.iter().enumerate() {
        let mut range = piece.span.range();
        if let Some(line) = dateline.clone().filter(|line| range.start <= line.start && line.end <= range.end)
        {
            range.start = line.end;
        }
        if let Some(text) = report.text.read().get(range.clone()) {
            Cutter { text, base: range.start, paragraph: paragraph as u32 }.cut(&mut words);
        }
    }
    words
}

/// Cuts text that belongs to no report, such as a headline.
pub(crate) fn words_of(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    Cutter { text, base: 0, paragraph: 0 }.cut(&mut words);
    words
}

struct Cutter<'a> {
    text: &'a str,
    base: usize,
    paragraph: u32,
}

impl Cutter<'_> {
    fn cut(&self, words: &mut Vec<Word>) {
        let quotes = quotes(self.text);
        let mut next_quote = 0;
        let mut open: Option<(usize, Fold)> = None;
        let mut finish = |open: &mut Option<(usize, Fold)>, end: usize| {
            let Some((start, fold)) = open.take() else { return };
            while quotes.get(next_quote).is_some_and(|quote| quote.end <= start) {
                next_quote += 1;
            }
            words.push(Word {
                hash: fold.done(),
                start: (self.base + start) as u32,
                end: (self.base + end) as u32,
                quoted: quotes.get(next_quote).is_some_and(|quote| quote.start <= start),
                paragraph: self.paragraph,
            });
        };
        for (at, c) in self.text.char_indices() {
            if stands_alone(c) {
                finish(&mut open, at);
                open = Some((at, Fold::new().with(c)));
                finish(&mut open, at + c.len_utf8());
            } else if c.is_alphanumeric() {
                let (start, fold) = open.take().unwrap_or((at, Fold::new()));
                open = Some((start, fold.with(c)));
            } else if !is_apostrophe(c) {
                finish(&mut open, at);
            }
        }
        finish(&mut open, self.text.len());
    }
}

/// Tells whether a character is a word by itself: Han and kana, which are written without spaces.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{2ffff}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '\u{ad}')
}

/// An FNV-1a hash over folded characters, mixed at the end. Fixed here because sketches are kept on disk.
#[derive(Clone, Copy)]
struct Fold(u64);

impl Fold {
    fn new() -> Fold {
        Fold(0xcbf2_9ce4_8422_2325)
    }

    fn with(self, c: char) -> Fold {
        let mut hash = self.0;
        for lower in c.to_lowercase() {
            hash = (hash ^ u64::from(lower as u32)).wrapping_mul(0x0100_0000_01b3);
        }
        Fold(hash)
    }

    fn done(self) -> u64 {
        mix(self.0)
    }
}

/// Spreads the bits of a hash (the finaliser of MurmurHash3).
pub(crate) fn mix(mut hash: u64) -> u64 {
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

/// Hashes one folded word as [`words`] does.
pub(crate) fn hash_of(word: &str) -> u64 {
    word.chars().filter(|&c| !is_apostrophe(c)).fold(Fold::new(), Fold::with).done()
}

/// Hashes a run of word hashes, in order.
pub(crate) fn hash_run(run: impl Iterator<Item = u64>) -> u64 {
    run.fold(0x9e37_79b9_7f4a_7c15, |hash, word| mix(hash.rotate_left(5) ^ word))
}

/// Finds the stretches in quotation marks of one paragraph.
///
/// A double mark that is never closed quotes to the end of the paragraph, as in a quotation that goes on in the
/// next; a single one is taken for an apostrophe.
fn quotes(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<(usize, char)> = None;
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map_or(' ', |&(_, c)| c);
        match open {
            None if opens(before, c, after) => open = Some((at, c)),
            Some((start, mark)) if closes(mark, c, after) => {
                found.push(start..at);
                open = None;
            }
            _ => {}
        }
        before = c;
    }
    if let Some((start, mark)) = open.filter(|&(_, mark)| !is_single(mark)) {
        let _ = mark;
        found.push(start..text.len());
    }
    found
}

fn is_single(mark: char) -> bool {
    matches!(mark, '\'' | '‘' | '‚')
}

fn opens(before: char, c: char, after: char) -> bool {
    match c {
        '“' | '„' | '«' => true,
        '"' => true,
        '‘' | '\'' | '‚' => !before.is_alphanumeric() && after.is_alphanumeric(),
        _ => false,
    }
}

fn closes(mark: char, c: char, after: char) -> bool {
    match mark {
        '“' => matches!(c, '”' | '"'),
        '„' => matches!(c, '“' | '”' | '"'),
        '«' => c == '»',
        '"' => matches!(c, '"' | '”'),
        _ => matches!(c, '’' | '\'' | '‘') && !after.is_alphanumeric(),
    }
}
