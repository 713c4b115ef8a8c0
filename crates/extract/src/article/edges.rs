//! Cuts boilerplate off the ends of paragraphs: credits, dates and plugs that share a line with the article.

use std::ops::Range;

use model::{BoilerplateReason, Text};

use super::{cues, inside};
use crate::given::Block;

/// Cuts the blocks of the article where boilerplate begins or ends inside them.
pub(super) fn cut(text: &Text, blocks: Vec<Block>) -> Vec<Block> {
    let open = |block: &Block| block.aside.is_none();
    let (first, last) = (blocks.iter().position(open), blocks.iter().rposition(open));
    let mut pieces = Vec::with_capacity(blocks.len());
    for (i, block) in blocks.into_iter().enumerate() {
        if block.aside.is_some() {
            pieces.push(block);
            continue;
        }
        let (before, inside, after) = (Vec::new(), Vec::new(), Vec::new());
        let mut edges = Edges { words: text.read(), body: block.range, before, inside, after };
        if Some(i) == first {
            edges.cut_head();
        }
        if Some(i) == last {
            edges.cut_tails();
        }
        edges.cut_caption();
        edges.cut_sentences();
        edges.cut_inside();
        pieces.extend(edges.pieces());
    }
    pieces
}

struct Edges<'t> {
    words: &'t str,
    body: Range<usize>,
    before: Vec<Block>,
    /// Inside what is left, in order.
    inside: Vec<Block>,
    /// From the end of the paragraph to the front.
    after: Vec<Block>,
}

impl Edges<'_> {
    /// Cuts what precedes the first word, up to three times: "Posted on …", a link.
    fn cut_head(&mut self) {
        for _ in 0..3 {
            let Some((reason, range)) = cues::head_of(&self.words[self.body.clone()]) else { break };
            self.cut_before(self.body.start + range.end, reason);
        }
    }

    /// Cuts what follows the last full stop, up to four times: "(Source: …) Twitter 212".
    fn cut_tails(&mut self) {
        if let Some(at) = inside::below(&self.words[self.body.clone()]) {
            self.cut_after(self.body.start + at, BoilerplateReason::Teaser);
        }
        for _ in 0..4 {
            let words = &self.words[self.body.clone()];
            let found = cues::caption_credit(words).or_else(|| cues::tail_of(words));
            let Some((reason, range)) = found else { break };
            self.cut_after(self.body.start + range.start, reason);
        }
    }

    fn cut_caption(&mut self) {
        if let Some((reason, range)) = cues::caption_credit(&self.words[self.body.clone()]) {
            self.cut_after(self.body.start + range.start, reason);
        }
    }

    /// Cuts whole sentences that give themselves away, from both ends. A paragraph always keeps one.
    fn cut_sentences(&mut self) {
        let start = self.body.start;
        let sentences = language::sentences(&self.words[self.body.clone()]);
        let aside = |sentence: &&Range<usize>| {
            cues::reason(&self.words[start + sentence.start..start + sentence.end])
        };
        let Some((_, but_first)) = sentences.split_first() else { return };
        let behind: Vec<_> =
            but_first.iter().rev().map_while(|s| Some((start + s.start, aside(&s)?))).collect();
        let left = sentences.len() - behind.len();
        let ahead: Vec<_> = sentences[..left.saturating_sub(1)]
            .iter()
            .map_while(|s| Some((start + s.end, aside(&s)?)))
            .collect();
        for (at, reason) in behind {
            self.cut_after(at, reason);
        }
        for (at, reason) in ahead {
            self.cut_before(at, reason);
        }
    }

    fn cut_before(&mut self, at: usize, reason: BoilerplateReason) {
        self.before.push(Block { range: self.body.start..at, aside: Some(reason) });
        self.body.start = at;
        self.trim();
    }

    fn cut_after(&mut self, at: usize, reason: BoilerplateReason) {
        self.after.push(Block { range: at..self.body.end, aside: Some(reason) });
        self.body.end = at;
        self.trim();
    }

    fn trim(&mut self) {
        let words = &self.words[self.body.clone()];
        self.body.start += words.len() - words.trim_start().len();
        self.body.end = self.body.start + words.trim().len();
    }

    fn cut_inside(&mut self) {
        let start = self.body.start;
        self.inside = inside::asides(&self.words[self.body.clone()]);
        for block in &mut self.inside {
            block.range = start + block.range.start..start + block.range.end;
        }
    }

    fn pieces(self) -> impl Iterator<Item = Block> {
        let mut body = Vec::with_capacity(2 * self.inside.len() + 1);
        let mut from = self.body.start;
        for aside in self.inside {
            body.push(Block { range: from..aside.range.start, aside: None });
            from = aside.range.end;
            body.push(aside);
        }
        body.push(Block { range: from..self.body.end, aside: None });
        self.before.into_iter().chain(body).chain(self.after.into_iter().rev())
    }
}
