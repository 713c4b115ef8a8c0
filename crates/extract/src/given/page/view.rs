//! What a reader sees of a page: its words in blocks, each led back to the source.

use std::collections::HashMap;
use std::ops::Range;

use model::{BoilerplateReason, Piece};

use super::hints::{self, Role};
use super::meta::Head;
use super::references;
use super::scan::{Tag, Token, Tokens};

/// The words of a page.
pub(super) struct View {
    pub(super) pieces: Vec<Piece>,
    /// In the order of the words.
    pub(super) blocks: Vec<Block>,
    /// The block elements, each after the one that holds it; the first is the page.
    pub(super) nodes: Vec<Node>,
    /// The block that is the headline.
    pub(super) headline: Option<usize>,
}

/// A line of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// Bytes of what is read.
    pub(super) range: Range<usize>,
    /// The element that holds it.
    pub(super) node: usize,
    /// The number of characters.
    pub(super) chars: usize,
    /// Those of them inside links.
    pub(super) linked: usize,
    /// Whether it ends as a sentence does.
    pub(super) marked: bool,
    pub(super) commas: usize,
    /// Whether a picture stands between it and the line above.
    pub(super) below_picture: bool,
}

/// A block element.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) parent: usize,
    pub(super) tag: String,
    /// Stands for its tag and its classes, if it has any: parts of one list share it.
    pub(super) shape: Option<u64>,
    pub(super) against: Option<BoilerplateReason>,
    /// Whether it says that it is the article.
    pub(super) article: bool,
    /// Whether it says that it is the body of the article (`articleBody` of schema.org).
    pub(super) is_body: bool,
}

/// An element that is not closed yet.
struct Opened {
    name: String,
    node: usize,
    unseen: bool,
    link: bool,
}

impl View {
    /// Reads a page; what its head says goes into `head`.
    pub(super) fn of(page: &str, head: &mut Head) -> View {
        let mut walk = Walk {
            page,
            view: View { pieces: Vec::new(), blocks: Vec::new(), nodes: Vec::new(), headline: None },
            opened: Vec::new(),
            names: HashMap::new(),
            read: 0,
            given: 0,
            block: None,
            gap: None,
            picture: false,
        };
        walk.view.nodes.push(Node::default());
        for token in Tokens::of(page) {
            head.take_in(&token, page);
            match token {
                Token::Text(range) => walk.text(range),
                Token::Open(tag) => walk.open(&tag, head),
                Token::Close(tag) => walk.close(&tag, head),
                Token::Raw(_) => {}
            }
        }
        walk.end_block();
        walk.view
    }
}

impl View {
    /// Finds the headline: a line that says what the page calls itself, best one that is marked up as a heading.
    pub(super) fn find_headline(&mut self, read: &str, title: Option<&str>) {
        let Some(title) = title.map(folded).filter(|title| !title.is_empty()) else { return };
        let says = |block: &&Block| {
            let words = if block.chars <= 400 { folded(&read[block.range.clone()]) } else { String::new() };
            let long =
                words.len() >= SHORTEST || self.nodes[block.node].tag == "h1" && self.is_in_article(block);
            long && !words.is_empty() && (title.starts_with(&words) || words.starts_with(&title))
        };
        let rank = |tag: &str| match tag {
            "h1" => 0,
            "h2" | "h3" => 1,
            _ => 2,
        };
        let lines = self.blocks.iter().enumerate().filter(|(_, block)| says(block));
        self.headline = lines.min_by_key(|(_, block)| rank(&self.nodes[block.node].tag)).map(|(i, _)| i);
    }
}

impl View {
    fn is_in_article(&self, block: &Block) -> bool {
        self.holders(block.node).any(|node| self.nodes[node].tag == "article")
    }

    /// Returns the element that holds a line.
    pub(super) fn tag(&self, block: &Block) -> &str {
        &self.nodes[block.node].tag
    }

    pub(super) fn is_heading(&self, block: &Block) -> bool {
        matches!(self.tag(block), "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
    }

    /// Returns a part and all that hold it, from the inside out, without the page.
    pub(super) fn holders(&self, node: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(node), |&node| Some(self.nodes[node].parent)).take_while(|&node| node > 0)
    }
}

/// The letters and digits that a headline has at least; the name of an outlet has fewer.
const SHORTEST: usize = 15;

/// Keeps letters and digits only, in lower case.
fn folded(words: &str) -> String {
    words.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

struct Walk<'p> {
    page: &'p str,
    view: View,
    opened: Vec<Opened>,
    /// How many elements of each name are open, so that an end tag without a start costs nothing.
    names: HashMap<String, usize>,
    /// The length of what is read so far.
    read: usize,
    /// The byte of the page up to which it was read.
    given: usize,
    block: Option<Block>,
    /// White space inside a block that was passed over.
    gap: Option<Range<usize>>,
    /// Whether a picture was passed since the last line began.
    picture: bool,
}

/// Elements that an element of the same kind ends, where their end tags are left out (HTML standard, 13.1.2.4).
const ENDED_BY_THEIR_LIKE: [&str; 6] = ["li", "option", "tr", "td", "dd", "dt"];

/// What may stand in the head of a page. Anything else ends it.
const IN_HEAD: [&str; 9] =
    ["base", "link", "meta", "noscript", "script", "style", "template", "title", "head"];

impl Walk<'_> {
    fn open(&mut self, tag: &Tag<'_>, head: &mut Head) {
        let role = hints::role(&tag.name);
        if !IN_HEAD.contains(&tag.name.as_str()) && self.is_open("head") {
            self.pop("head", head);
        }
        if role == Role::Block || ["br", "hr"].contains(&tag.name.as_str()) {
            self.end_line(&tag.name);
        }
        self.picture |= hints::is_picture(&tag.name) && !self.is_unseen();
        if role == Role::Void {
            return;
        }
        self.end_implied(tag, role, head);
        let popup = role == Role::Inline && hints::is_popup(tag);
        let unseen = self.is_unseen() || role == Role::Unseen || popup;
        let link = self.opened.last().is_some_and(|opened| opened.link) || tag.name == "a";
        let node = if role == Role::Block && !unseen { self.node(tag) } else { self.current() };
        *self.names.entry(tag.name.clone()).or_default() += 1;
        self.opened.push(Opened { name: tag.name.clone(), node, unseen, link });
    }

    fn node(&mut self, tag: &Tag<'_>) -> usize {
        let parent = self.current();
        let (against, article) = (hints::against(tag), hints::is_article(tag));
        let shape = hints::shape(tag);
        let is_body = hints::is_body(tag);
        self.view.nodes.push(Node { parent, tag: tag.name.clone(), shape, against, article, is_body });
        self.view.nodes.len() - 1
    }

    /// Ends the elements that a start tag ends.
    fn end_implied(&mut self, tag: &Tag<'_>, role: Role, head: &mut Head) {
        let innermost =
            |names: &[&str]| self.opened.last().is_some_and(|opened| names.contains(&opened.name.as_str()));
        if innermost(&["p"]) && role == Role::Block {
            self.pop("p", head);
        } else if ENDED_BY_THEIR_LIKE.contains(&tag.name.as_str()) && innermost(&[&tag.name]) {
            self.pop(&tag.name, head);
        }
        // Links do not nest: a second one ends the first.
        if tag.name == "a" && self.is_open("a") {
            self.pop("a", head);
        }
    }

    fn close(&mut self, tag: &Tag<'_>, head: &mut Head) {
        if hints::role(&tag.name) == Role::Block {
            self.end_line(&tag.name);
        }
        if self.is_open(&tag.name) {
            self.pop(&tag.name, head);
        }
    }

    /// Closes the innermost element of that name, and all inside it.
    fn pop(&mut self, name: &str, head: &mut Head) {
        while let Some(opened) = self.opened.pop() {
            if let Some(count) = self.names.get_mut(&opened.name) {
                *count -= 1;
            }
            if opened.name == "h1" {
                head.end_heading();
            }
            if opened.name == name {
                break;
            }
        }
    }

    fn is_open(&self, name: &str) -> bool {
        self.names.get(name).is_some_and(|&count| count > 0)
    }

    fn is_unseen(&self) -> bool {
        self.opened.last().is_some_and(|opened| opened.unseen)
    }

    fn current(&self) -> usize {
        self.opened.last().map_or(0, |opened| opened.node)
    }

    fn text(&mut self, range: Range<usize>) {
        if self.is_unseen() {
            return;
        }
        let mut at = range.start;
        while at < range.end {
            at = self.step(at, range.end);
        }
    }

    /// Reads a run of white space, a run of words or one reference at `at`; returns where it ends.
    fn step(&mut self, at: usize, end: usize) -> usize {
        let rest = &self.page[at..end];
        if let Some((taken, words)) = rest.starts_with('&').then(|| references::read(rest)).flatten() {
            let range = at..at + taken;
            if words.chars().all(char::is_whitespace) {
                self.blank(range);
            } else if !words.chars().all(is_without_width) {
                self.words(&words);
                self.put(Piece::Instead(range, words));
            }
            return at + taken;
        }
        let first = rest.chars().next().map_or(0, char::len_utf8);
        if rest.starts_with(is_without_width) {
            return at + first;
        }
        let blank = rest.starts_with(char::is_whitespace);
        let stops = |c: char| c.is_whitespace() != blank || c == '&' || is_without_width(c);
        let len = first + rest[first..].find(stops).unwrap_or(rest.len() - first);
        let range = at..at + len;
        if blank {
            self.blank(range);
        } else {
            self.words(&rest[..len]);
            self.put(Piece::Verbatim(range));
        }
        at + len
    }

    fn blank(&mut self, range: Range<usize>) {
        if self.block.is_some() {
            self.gap.get_or_insert(range);
        }
    }

    /// Makes ready for words: closes the gap before them, and counts them.
    fn words(&mut self, words: &str) {
        if self.block.is_none() {
            self.begin_block();
        }
        let gap = self.gap.take();
        if let Some(gap) = &gap {
            let verbatim = &self.page[gap.clone()] == " ";
            self.put(if verbatim {
                Piece::Verbatim(gap.clone())
            } else {
                Piece::Instead(gap.clone(), " ".into())
            });
        }
        let linked = self.opened.last().is_some_and(|opened| opened.link);
        let chars = words.chars().count() + usize::from(gap.is_some());
        let Some(block) = &mut self.block else { return };
        block.chars += chars;
        block.linked += if linked { chars } else { 0 };
        block.commas += words.matches([',', '，', '、', ';']).count();
        block.marked =
            crate::article::is_marked(words) || block.marked && words.chars().all(|c| !c.is_alphanumeric());
    }

    fn begin_block(&mut self) {
        if self.read > 0 {
            let at = self.given;
            self.put(Piece::Instead(at..at, "\n".into()));
        }
        let node = self.current();
        let range = self.read..self.read;
        let below_picture = std::mem::take(&mut self.picture);
        self.block =
            Some(Block { range, node, chars: 0, linked: 0, marked: false, commas: 0, below_picture });
    }

    fn put(&mut self, piece: Piece) {
        let (given, len) = match &piece {
            Piece::Verbatim(range) => (range.end, range.len()),
            Piece::Instead(range, words) => (range.end, words.len()),
        };
        self.read += len;
        self.given = given;
        match (self.view.pieces.last_mut(), piece) {
            (Some(Piece::Verbatim(last)), Piece::Verbatim(next)) if last.end == next.start => {
                last.end = next.end
            }
            (_, piece) => self.view.pieces.push(piece),
        }
    }

    /// Ends the line at an element that breaks it. The cells of a table stand side by side.
    fn end_line(&mut self, tag: &str) {
        if !["td", "th"].contains(&tag) {
            self.end_block();
        } else if self.block.is_some() {
            self.gap.get_or_insert(self.given..self.given);
        }
    }

    fn end_block(&mut self) {
        self.gap = None;
        let Some(mut block) = self.block.take() else { return };
        block.range.end = self.read;
        self.view.blocks.push(block);
    }
}

/// Tells the characters that only say where a word may be broken, and the byte order mark.
fn is_without_width(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{feff}' | '\u{ad}' | '\u{2060}')
}
