//! Chooses the article among the parts of a page.

use std::ops::Range;

use model::BoilerplateReason;

use super::cards;
use super::view::{Block, View};
use crate::given;

/// Returns the blocks of a page, with what speaks against those that are not the article.
pub(super) fn article(view: &View, read: &str) -> Vec<given::Block> {
    let cards = cards::of(view);
    let weights = Weights::of(view, &cards);
    let main = weights.main(view);
    let inside = inside(view, main);
    let run = run(view, &inside);
    let against = weights.against(view, main, &cards);
    let mut blocks: Vec<given::Block> = view
        .blocks
        .iter()
        .enumerate()
        .map(|(i, block)| {
            let aside = match () {
                () if !inside[block.node] || !run.contains(&i) => {
                    Some(against[block.node].unwrap_or(BoilerplateReason::Navigation))
                }
                () => against[block.node]
                    .or_else(|| linked(view, block))
                    .or_else(|| odd(view, block, &read[block.range.clone()])),
            };
            given::Block { range: block.range.clone(), aside }
        })
        .collect();
    loose_headings(view, &mut blocks);
    blocks
}

/// Where the sentences of a page stand.
struct Weights {
    /// The weight of the sentences in each part, those in its own parts included.
    of: Vec<usize>,
}

/// A line shorter than this is rarely a paragraph, whatever its mark.
const PARAGRAPH: usize = 40;

/// How much a line speaks for the part that holds it: its characters outside links, if it reads like prose.
fn weight(view: &View, block: &Block) -> usize {
    let tag = view.nodes[block.node].tag.as_str();
    // Some scripts, such as Thai, do not mark the ends of sentences.
    let prose = block.marked || block.chars >= 120 && block.commas > 0 || block.chars >= 200;
    let shaped = !["button", "figcaption", "th", "label", "option"].contains(&tag);
    if prose && shaped && block.chars >= PARAGRAPH && block.linked * 2 < block.chars {
        let free = block.chars - block.linked;
        if tag == "p" { free * 3 / 2 } else { free }
    } else {
        0
    }
}

impl Weights {
    fn of(view: &View, cards: &[bool]) -> Weights {
        let mut of = vec![0; view.nodes.len()];
        for (block, share) in view.blocks.iter().zip(shares(view)) {
            of[block.node] += weight(view, block) * share / WHOLE;
        }
        let all = {
            let mut sums = of.clone();
            sum_up(view, &mut sums);
            sums
        };
        // A part that the markup speaks against counts for nothing, unless most of the page stands in it.
        let total = all[0];
        for (i, node) in view.nodes.iter().enumerate().skip(1) {
            let against = node.against.filter(|reason| fits(*reason, all[i]));
            let off = against.is_some() && all[i] * 2 < total || cards[i];
            if off || of[node.parent] == OFF {
                of[i] = OFF;
            }
        }
        for weight in &mut of {
            if *weight == OFF {
                *weight = 0;
            }
        }
        sum_up(view, &mut of);
        Weights { of }
    }

    /// Finds the smallest part that holds the bulk of the sentences.
    fn main(&self, view: &View) -> usize {
        let mut heaviest = vec![0; view.nodes.len()];
        for i in (1..view.nodes.len()).rev() {
            let parent = view.nodes[i].parent;
            let held = heaviest[parent];
            if held == 0 || self.of[i] > self.of[held] {
                heaviest[parent] = i;
            }
        }
        let named = (1..view.nodes.len())
            .filter(|&i| view.nodes[i].article && self.of[i] * 5 >= self.of[0] * 2)
            .max_by_key(|&i| (self.of[i], i));
        let mut main = self.below_headline(view).or(named).unwrap_or(0);
        let bulk = |part: usize, of: usize| self.of[part] * 100 >= self.of[of] * BULK;
        loop {
            let next = heaviest[main];
            if next == 0 || !bulk(next, main) || LEAVES.contains(&view.nodes[next].tag.as_str()) {
                return main;
            }
            main = next;
        }
    }

    /// Finds the `<article>` that the headline stands in, of several on the page, unless it holds little else.
    fn below_headline(&self, view: &View) -> Option<usize> {
        let headline = &view.blocks[view.headline?];
        let article = view.holders(headline.node).find(|&node| view.nodes[node].tag == "article")?;
        (self.of[article] * 8 >= self.of[0] && self.of[article] > 0).then_some(article)
    }

    /// Returns what speaks against each part. Inside the article a part must be small for its name to count.
    fn against(&self, view: &View, main: usize, cards: &[bool]) -> Vec<Option<BoilerplateReason>> {
        let mut against: Vec<Option<BoilerplateReason>> = vec![None; view.nodes.len()];
        let mut all = vec![0; view.nodes.len()];
        for block in &view.blocks {
            all[block.node] += weight(view, block);
        }
        sum_up(view, &mut all);
        let holds = holders(view, main);
        for (i, node) in view.nodes.iter().enumerate().skip(1) {
            let own = node.against.filter(|reason| fits(*reason, all[i]));
            let own = own.filter(|_| !holds[i] && all[i] * 5 < all[main].max(1) * 2);
            let own = own.filter(|_| node.tag != "header" || all[i] == 0);
            let card = cards[i].then_some(BoilerplateReason::Teaser);
            against[i] = if holds[i] { None } else { against[node.parent].or(own).or(card) };
        }
        against
    }
}

/// Tells whether a part with so much prose can be what its name says. Sites also mark by name what paying readers get.
fn fits(reason: BoilerplateReason, weight: usize) -> bool {
    use BoilerplateReason::*;
    const LONGEST_BOX: usize = 1200;
    weight < LONGEST_BOX || !matches!(reason, Share | Subscription | Credit)
}

/// What a block counts for in full.
const WHOLE: usize = 8;

/// Returns what each block counts for by where it stands: in full from the headline down to the first long stretch
/// without sentences, and little elsewhere. Pages without a headline count in full.
fn shares(view: &View) -> impl Iterator<Item = usize> {
    const ABOVE: usize = 1;
    const BELOW: usize = 3;
    let headline =
        view.blocks.iter().position(|block| view.nodes[block.node].tag == "h1" && block.chars >= 20);
    let (mut between, mut begun, mut ended) = (0, false, false);
    view.blocks.iter().enumerate().map(move |(i, block)| {
        if headline.is_none() {
            return WHOLE;
        }
        if headline.is_some_and(|headline| i <= headline) {
            return ABOVE;
        }
        let prose = weight(view, block) > 0;
        between = if prose { 0 } else { between + block.linked };
        begun |= prose;
        ended |= begun && between > STRETCH;
        if ended { BELOW } else { WHOLE }
    })
}

/// The characters of links, as menus and lists have them, that end a run of sentences.
const STRETCH: usize = 200;

/// What follows the end of the run belongs to the article if it is more than one part in so many.
const TAIL: usize = 6;

const OFF: usize = usize::MAX;

/// How many in a hundred of the sentences a part must keep for the search to go on inside it.
const BULK: usize = 92;

/// Elements that hold single paragraphs.
const LEAVES: [&str; 9] = ["p", "li", "ul", "ol", "blockquote", "pre", "td", "tr", "tbody"];

/// Adds the value of each part to all that hold it; a part stands after the one that holds it.
fn sum_up(view: &View, of: &mut [usize]) {
    for i in (1..of.len()).rev() {
        of[view.nodes[i].parent] += of[i];
    }
}

/// Marks the parts that `main` stands in, and `main` itself.
fn holders(view: &View, main: usize) -> Vec<bool> {
    let mut holds = vec![false; view.nodes.len()];
    let mut at = main;
    while !holds[at] {
        holds[at] = true;
        at = view.nodes[at].parent;
    }
    holds
}

/// Marks `main` and the parts that stand in it.
fn inside(view: &View, main: usize) -> Vec<bool> {
    let mut inside = vec![false; view.nodes.len()];
    inside[main] = true;
    for (i, node) in view.nodes.iter().enumerate().skip(1) {
        inside[i] |= inside[node.parent];
    }
    inside
}

/// Returns the blocks from the headline inside the article to the last long stretch without sentences, if little
/// follows that.
fn run(view: &View, inside: &[bool]) -> Range<usize> {
    let within = |i: &usize| inside[view.blocks[*i].node];
    let all: usize = (0..view.blocks.len()).filter(within).map(|i| weight(view, &view.blocks[i])).sum();
    let headline = view.headline.filter(within);
    let named = inside.iter().position(|&inside| inside).is_some_and(|main| view.nodes[main].is_body);
    let start = headline.unwrap_or(0);
    let (mut between, mut gone, mut end) = (0, 0, start);
    for i in (start..view.blocks.len()).filter(within) {
        let weight = weight(view, &view.blocks[i]);
        between = if weight > 0 { 0 } else { between + view.blocks[i].linked };
        gone += weight;
        end = i + 1;
        // The bounds of an article that names itself so are known.
        if between > STRETCH && !named && (all - gone.min(all)) * TAIL < all && gone > 0 {
            break;
        }
    }
    start..end
}

/// Tells lines of links from lines with links.
fn linked(view: &View, block: &Block) -> Option<BoilerplateReason> {
    let tag = view.nodes[block.node].tag.as_str();
    let most = block.linked * 3 > block.chars * 2;
    let list = ["li", "td", "ul", "div", "section"].contains(&tag);
    (most && (list || !block.marked) && block.chars < 300).then_some(BoilerplateReason::Teaser)
}

/// Tells the words below a picture, and numbers that stand alone: of comments, of pictures.
fn odd(view: &View, block: &Block, words: &str) -> Option<BoilerplateReason> {
    let own_words = ["p", "li", "td", "blockquote"].contains(&view.tag(block)) || view.is_heading(block);
    let short = !block.marked && block.linked == 0 && words.split(' ').take(CAPTION + 1).count() <= CAPTION;
    let caption = block.below_picture && short && !own_words;
    let number = !words.contains(char::is_alphabetic);
    match () {
        () if number => Some(BoilerplateReason::Navigation),
        () => caption.then_some(BoilerplateReason::Credit),
    }
}

/// The longest caption that is no sentence, in words.
const CAPTION: usize = 10;

/// Sets aside the headings inside the article that nothing of it follows. The headline is told from the title.
fn loose_headings(view: &View, blocks: &mut [given::Block]) {
    let is_heading = |block: &Block| view.is_heading(block) && view.tag(block) != "h1";
    let mut followed = false;
    for (block, seen) in blocks.iter_mut().zip(&view.blocks).rev() {
        if block.aside == Some(BoilerplateReason::Credit) {
            // A caption may stand between a heading and its words.
        } else if block.aside.is_some() {
            followed &= is_heading(seen);
        } else if !is_heading(seen) {
            followed = true;
        } else if !followed {
            block.aside = Some(BoilerplateReason::Teaser);
        }
    }
}
