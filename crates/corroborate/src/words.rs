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
    /// Of more than three letters. Shorter words are mostly grammar, in every language that is written with spaces.
    pub(crate) content: bool,
}

impl Word {
    pub(crate) fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Cuts the body of a report into words. The dateline is left out: it is evidence of origin and no wording.
pub(crate) fn words(report: &Report) -> Vec<Word> {
    let mut words = Vec::with_capacity(report.text.read().len() / LETTERS);
    let dateline = report.dateline.as_ref().map(|dateline| dateline.span.range());
    for piece in &report.body {
        let mut range = piece.span.range();
        if let Some(line) = dateline.clone().filter(|line| range.start <= line.start && line.end <= range.end)
        {
            range.start = line.end;
        }
        if let Some(text) = report.text.read().get(range.clone()) {
            Cutter { text, base: range.start }.cut(&mut words);
        }
    }
    words
}

/// Bytes of a word and the space after it, about.
const LETTERS: usize = 6;

/// Cuts text that belongs to no report, such as a headline.
pub(crate) fn words_of(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    Cutter { text, base: 0 }.cut(&mut words);
    words
}

struct Cutter<'a> {
    text: &'a str,
    base: usize,
}

impl Cutter<'_> {
    fn cut(&self, words: &mut Vec<Word>) {
        let quotes = quotes(self.text);
        let mut next_quote = 0;
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
                content: end - start > 3 && self.text[start..end].chars().nth(3).is_some(),
            });
        };
        let mut open: Option<(usize, Fold)> = None;
        let mut at = 0;
        while let Some(c) = self.text[at..].chars().next() {
            let start = at;
            if c.is_ascii_alphanumeric() {
                // Most letters are plain ones, which need no tables.
                let (start, mut fold) = open.unwrap_or((start, Fold::new()));
                for letter in
                    self.text.as_bytes()[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric())
                {
                    fold = fold.and(u32::from(letter.to_ascii_lowercase()));
                    at += 1;
                }
                open = Some((start, fold));
                continue;
            }
            at += c.len_utf8();
            if stands_alone(c) {
                finish(&mut open, start);
                open = Some((start, Fold::new().with(c)));
                finish(&mut open, at);
            } else if c.is_alphanumeric() {
                let (start, fold) = open.unwrap_or((start, Fold::new()));
                open = Some((start, fold.with(c)));
            } else if !is_apostrophe(c) {
                finish(&mut open, start);
            }
        }
        finish(&mut open, at);
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
        if c.is_ascii() {
            return self.and(u32::from(c.to_ascii_lowercase()));
        }
        c.to_lowercase().fold(self, |fold, lower| fold.and(u32::from(lower)))
    }

    fn and(self, lower: u32) -> Fold {
        Fold((self.0 ^ u64::from(lower)).wrapping_mul(0x0100_0000_01b3))
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
    for at in text.bytes().enumerate().filter(|(_, byte)| may_be_mark(*byte)).map(|(at, _)| at) {
        let (before, rest) = text.split_at(at);
        let mut rest = rest.chars();
        let (Some(c), after) = (rest.next(), rest.next().unwrap_or(' ')) else { continue };
        match open {
            None if opens(before.chars().next_back().unwrap_or(' '), c, after) => open = Some((at, c)),
            Some((start, mark)) if closes(mark, c, after) => {
                found.push(start..at);
                open = None;
            }
            _ => {}
        }
    }
    if let Some((start, _)) = open.filter(|&(_, mark)| !is_single(mark)) {
        found.push(start..text.len());
    }
    found
}

/// Tells whether a quotation mark may begin with a byte: all but the plain ones are of U+00AB, U+00BB or U+2018 to
/// U+201E.
fn may_be_mark(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | 0xc2 | 0xe2)
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
