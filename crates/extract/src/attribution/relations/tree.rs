//! The words of one paragraph with the tree that the engine reads over each sentence.

use std::ops::Range;

use language::Doc;

use crate::syntax::Syntax;

/// One word. Positions are those in [`Paragraph::words`].
pub(super) struct Word<'p> {
    pub(super) lower: String,
    /// Its part of speech in the Penn Treebank.
    pub(super) tag: &'p str,
    /// What it is to its head, in ClearNLP's labels.
    pub(super) label: &'p str,
    /// Its head; a root is its own.
    pub(super) head: usize,
    /// The words that hang on it, from left to right.
    pub(super) children: Vec<usize>,
    /// From the first to the last word under it, itself included.
    pub(super) reach: Range<usize>,
    /// The root above it.
    pub(super) root: usize,
    /// How many heads are above it.
    pub(super) depth: usize,
    /// Its bytes in the text.
    pub(super) bytes: Range<usize>,
}

/// Past so many words it is no sentence but a table or a list without marks, and its tree means nothing.
const LONGEST_SENTENCE: usize = 1000;

/// The words of one paragraph.
#[derive(Default)]
pub(super) struct Paragraph<'p> {
    pub(super) words: Vec<Word<'p>>,
    /// The sentences of the document, in words; the engine may see several in one.
    pub(super) sentences: Vec<Range<usize>>,
}

impl<'p> Paragraph<'p> {
    /// Reads sentences of the document.
    pub(super) fn read(doc: &Doc<'_>, syntax: &'p Syntax<'_>, sentences: Range<usize>) -> Paragraph<'p> {
        let mut paragraph = Paragraph::default();
        for sentence in sentences.filter(|&at| (1..LONGEST_SENTENCE).contains(&doc.sentences()[at].len())) {
            paragraph.push(syntax, sentence);
        }
        paragraph.climb();
        paragraph
    }

    fn push(&mut self, syntax: &'p Syntax<'_>, sentence: usize) {
        let parsed = syntax.sentence(sentence);
        let first = self.words.len();
        for token in parsed.parse().tokens() {
            let at = first + token.index();
            self.words.push(Word {
                lower: token.text().to_lowercase(),
                tag: token.tag(),
                label: token.label(),
                head: first + token.head().index(),
                children: Vec::new(),
                reach: at..at + 1,
                root: at,
                depth: 0,
                bytes: parsed.bytes(token),
            });
        }
        self.sentences.push(first..self.words.len());
    }

    /// Fills what follows from the heads: children, reach, root and depth.
    fn climb(&mut self) {
        let mut order: Vec<usize> = Vec::with_capacity(self.words.len());
        for at in 0..self.words.len() {
            let head = self.words[at].head;
            if head == at {
                order.push(at);
            } else {
                self.words[head].children.push(at);
            }
        }
        let mut next = 0;
        while let Some(&at) = order.get(next) {
            for child in self.words[at].children.clone() {
                (self.words[child].root, self.words[child].depth) =
                    (self.words[at].root, self.words[at].depth + 1);
                order.push(child);
            }
            next += 1;
        }
        for &at in order.iter().rev() {
            let (head, reach) = (self.words[at].head, self.words[at].reach.clone());
            let above = &mut self.words[head].reach;
            *above = above.start.min(reach.start)..above.end.max(reach.end);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// Returns the word in lower case, or "" behind the last.
    pub(super) fn lower(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| &word.lower)
    }

    pub(super) fn tag(&self, at: usize) -> &'p str {
        self.words[at].tag
    }

    pub(super) fn label(&self, at: usize) -> &'p str {
        self.words[at].label
    }

    pub(super) fn reach(&self, at: usize) -> Range<usize> {
        self.words[at].reach.clone()
    }

    pub(super) fn children(&self, at: usize) -> impl DoubleEndedIterator<Item = usize> {
        self.words[at].children.iter().copied()
    }

    /// Returns the children with one of these labels.
    pub(super) fn labelled(&self, at: usize, labels: &[&str]) -> Vec<usize> {
        self.children(at).filter(|&child| labels.contains(&self.label(child))).collect()
    }

    /// Returns the first child with one of these labels.
    pub(super) fn child(&self, at: usize, labels: &[&str]) -> Option<usize> {
        self.children(at).find(|&child| labels.contains(&self.label(child)))
    }

    pub(super) fn is_verb(&self, at: usize) -> bool {
        self.tag(at).starts_with("VB")
    }

    /// Returns a noun in the singular.
    pub(super) fn noun(&self, at: usize) -> &str {
        let lower = self.lower(at);
        lower.strip_suffix('s').filter(|_| self.tag(at) == "NNS").unwrap_or(lower)
    }

    /// Tells whether the word is one of these marks.
    pub(super) fn is_any(&self, at: usize, marks: &[&str]) -> bool {
        marks.contains(&self.lower(at))
    }

    /// Takes the marks and dashes off both ends.
    pub(super) fn bare(&self, mut span: Range<usize>) -> Range<usize> {
        while !span.is_empty() && self.is_any(span.start, MARKS) {
            span.start += 1;
        }
        while !span.is_empty() && (self.is_any(span.end - 1, MARKS) || self.is_any(span.end - 1, &["!", "?"]))
        {
            span.end -= 1;
        }
        span
    }
}

/// The marks between clauses.
pub(super) const MARKS: &[&str] = &[",", ";", ":", "-", "--", "—", "–", "."];
