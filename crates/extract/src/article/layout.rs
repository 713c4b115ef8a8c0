//! Tells the article by whole lines: headlines, teasers, and lines that give themselves away.

use model::{BoilerplateReason, Metadata, Text};

use super::cues;
use crate::given::Block;

/// Says of each block why it is not the article, if so, and takes the headline from the text if nobody handed one over.
pub(super) fn sort(text: &Text, metadata: &mut Metadata, blocks: Vec<Block>) -> Vec<Block> {
    let mut lines: Vec<Line> = blocks.into_iter().map(|block| Line::of(text, block)).collect();
    // A text of headlines only is somebody's list, and all that there is to read.
    if lines.iter().any(Line::is_paragraph) {
        below_headers(&mut lines);
        // The lists of a page are told by its markup, and better: what is left of them belongs to the article.
        if text.is_verbatim() {
            at_the_end(&mut lines);
            at_the_start(&mut lines);
        }
    }
    title(&mut lines, metadata);
    lines.into_iter().map(|line| line.block).collect()
}

struct Line<'t> {
    words: &'t str,
    block: Block,
    shape: Shape,
}

#[derive(PartialEq)]
enum Shape {
    /// Short, and without the mark that ends a sentence; or a single question.
    Headline,
    /// Announces other reports.
    Header,
    /// Anything else.
    Prose,
}

impl<'t> Line<'t> {
    fn of(text: &'t Text, mut block: Block) -> Line<'t> {
        let words = &text.read()[block.range.clone()];
        let shape = match () {
            () if cues::is_header(words) => Shape::Header,
            () if is_headline(words) => Shape::Headline,
            () => Shape::Prose,
        };
        block.aside = block.aside.or_else(|| cues::reason(words));
        Line { words, block, shape }
    }

    fn is_open(&self) -> bool {
        self.block.aside.is_none()
    }

    fn is_open_headline(&self) -> bool {
        self.is_open() && self.shape == Shape::Headline
    }

    /// A line of whole sentences that nothing speaks against.
    fn is_paragraph(&self) -> bool {
        self.is_open() && self.shape == Shape::Prose && cues::is_marked(self.words)
    }
}

/// The longest headline, in bytes and words. The longest of those in use are about 110 letters.
const LONGEST_HEADLINE: (usize, usize) = (180, 24);

/// Tells whether a line has the shape of a headline. A line of a list has a bullet or a number, and is none.
fn is_headline(words: &str) -> bool {
    let (bytes, count) = LONGEST_HEADLINE;
    if words.len() > bytes || words.split_whitespace().count() > count || words.ends_with([':', ';', ',']) {
        return false;
    }
    let listed = words.starts_with(['•', '-', '*', '–', '—', '·'])
        || words.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['.', ')']);
    // "'What did we see?' A village remembers" has its mark inside.
    let question = words.ends_with('?') && !words.trim_end_matches('?').contains(['.', '!']);
    !listed && !has_sentence_inside(words) && (!cues::is_marked(words) || question)
}

/// Tells whether a sentence ends before the end: "It is madness. They" does, "U.S. forces" does not.
fn has_sentence_inside(words: &str) -> bool {
    words.match_indices(". ").any(|(at, _)| {
        let before = words[..at].rsplit([' ', '.', '(']).next().unwrap_or_default();
        before.chars().count() > 3 && before.ends_with(char::is_lowercase)
    })
}

/// Sets aside the headlines below "Related stories".
fn below_headers(lines: &mut [Line<'_>]) {
    const AT_MOST: usize = 8;
    let mut left = 0;
    for line in lines {
        left = match line.shape {
            Shape::Header => AT_MOST,
            Shape::Headline if left > 0 => {
                line.block.aside.get_or_insert(BoilerplateReason::Teaser);
                left - 1
            }
            _ => 0,
        };
    }
}

/// Sets aside the headlines below the article: three of them, or one beside a line that gives itself away.
fn at_the_end(lines: &mut [Line<'_>]) {
    let trailing =
        lines.iter().rev().take_while(|line| !line.is_open() || line.shape == Shape::Headline).count();
    let from = lines.len() - trailing;
    // "The dead are:" is followed by names.
    let announced = from > 0 && lines[from - 1].words.ends_with(':');
    let headlines = lines[from..].iter().filter(|line| line.is_open_headline()).count();
    let plugs = lines[from..].iter().filter(|line| line.is_plug()).count();
    if from > 0 && !announced && (headlines >= 3 || headlines > 0 && plugs > 0) {
        for line in &mut lines[from..] {
            line.block.aside.get_or_insert(BoilerplateReason::Teaser);
        }
    }
}

impl Line<'_> {
    /// Whether it is set aside for a reason that only lines outside an article have. Dates, credits and captions
    /// stand inside as well.
    fn is_plug(&self) -> bool {
        use BoilerplateReason::*;
        matches!(self.block.aside, Some(Subscription | Teaser | Share | Navigation | Legal))
    }
}

/// Sets aside the headlines above the article if they are too many to be a headline and its summary in points, which
/// run to six or seven.
fn at_the_start(lines: &mut [Line<'_>]) {
    let leading = lines.iter().take_while(|line| !line.is_open() || line.shape == Shape::Headline).count();
    let headlines = lines[..leading].iter().filter(|line| line.is_open_headline()).count();
    if headlines < 8 {
        return;
    }
    // The nearest two stay: the headline of this article and its summary.
    let open = lines[..leading].iter_mut().filter(|line| line.is_open_headline());
    for line in open.take(headlines - 2) {
        line.block.aside = Some(BoilerplateReason::Teaser);
    }
}

/// Sets the headline above the article aside, if it is known, or if the first line looks like one.
fn title(lines: &mut [Line<'_>], metadata: &mut Metadata) {
    const AMONG: usize = 6;
    let several = lines.iter().filter(|line| line.is_open()).count() > 1;
    let mut open = lines.iter_mut().filter(|line| line.is_open()).take(AMONG);
    if let Some(title) = metadata.title.as_deref().map(folded).filter(|title| !title.is_empty()) {
        if let Some(line) = open.find(|line| is_title(line.words, &title)).filter(|_| several) {
            line.block.aside = Some(BoilerplateReason::Title);
        }
        return;
    }
    let Some(first) = open.next().filter(|line| line.shape == Shape::Headline) else { return };
    if first.words.split_whitespace().count() >= 3 && open.next().is_some_and(|next| next.is_paragraph()) {
        metadata.title = Some(first.words.to_owned());
        first.block.aside = Some(BoilerplateReason::Title);
    }
}

/// Tells whether a line is the headline, which may carry the name of the outlet behind it where it was handed over.
fn is_title(words: &str, title: &str) -> bool {
    if words.len() > 400 {
        return false;
    }
    let line = folded(words);
    line == *title || line.len() * 5 >= title.len() * 3 && line.len() > 15 && title.starts_with(&line)
}

/// Keeps letters and digits only, in lower case.
fn folded(words: &str) -> String {
    words.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
