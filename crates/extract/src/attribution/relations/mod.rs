//! Every attribution relation of a report, on the parse: source, cue and content.
//!
//! A relation is wider than a statement: it may be a belief, a wish, an intention or a feeling, of whatever matter.
//! The scheme is that of the attribution corpora after Prasad et al. (2007) and Pareti (2012): the source is the whole
//! phrase that names who speaks, with titles and appositions; the cue is the verb with its auxiliaries, or the noun or
//! phrase that attributes; a word belongs to one relation, so that what is said inside a content is not read again.

mod frames;
mod marks;
mod others;
mod tree;
mod verbs;

#[cfg(test)]
mod tests;

use std::ops::Range;

use language::Doc;
use model::{Report, Span};

use crate::syntax::Syntax;

use marks::Marks;
use tree::Paragraph;
use verbs::Page;

/// Somebody says, thinks, feels or wants something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributed {
    /// The whole phrase that names who does. `None` where nobody is named.
    pub source: Option<Span>,
    /// The verb, noun or phrase that tells it. `None` for a quotation that stands alone.
    pub cue: Option<Span>,
    /// What is said, in the order of its words.
    pub content: Vec<Span>,
}

/// A relation in the words of one paragraph.
#[derive(Debug)]
struct Relation {
    source: Option<Range<usize>>,
    cue: Option<Range<usize>>,
    content: Vec<Range<usize>>,
}

/// Finds the relations of a report in the order of its paragraphs.
pub(crate) fn find(report: &Report, doc: &Doc<'_>, syntax: &Syntax<'_>) -> Vec<Attributed> {
    let mut found: Vec<Attributed> = Vec::new();
    for sentences in doc.paragraphs() {
        let paragraph = Paragraph::read(doc, syntax, sentences.clone());
        let marks = Marks::read(&paragraph);
        let mut reading = Reading::of(Page { paragraph: &paragraph, marks: &marks });
        reading.run();
        let cut = |span: &Range<usize>| reading.cut(report, span);
        let first = found.len();
        let mut relations: Vec<&Relation> = reading.found.iter().collect();
        relations.sort_by_key(|relation| relation.cue.as_ref().map(|cue| cue.start));
        found.extend(relations.iter().map(|relation| Attributed {
            source: relation.source.as_ref().and_then(cut),
            cue: relation.cue.as_ref().and_then(cut),
            content: relation.content.iter().filter_map(cut).collect(),
        }));
        let free = reading.page.carried_on(&reading.taken);
        carry_on(&mut found, (first, free.iter().filter_map(cut).collect()));
    }
    found
}

/// Returns the byte at which the words end that the verb at a token governs, as the tree over its sentence has them.
/// `None` where the verb attributes nothing behind it.
pub(super) fn end_of_content(doc: &Doc<'_>, syntax: &Syntax<'_>, verb: usize) -> Option<usize> {
    let token = doc.tokens().get(verb)?;
    let paragraph = Paragraph::read(doc, syntax, token.sentence()..token.sentence() + 1);
    let marks = Marks::read(&paragraph);
    let at = paragraph.words.partition_point(|word| word.bytes.end <= token.start());
    let governing = (at < paragraph.len()).then(|| paragraph.governing(at))??;
    let relation = Page { paragraph: &paragraph, marks: &marks }.relation(&governing)?;
    let content = relation.content.last().filter(|content| content.start > at)?;
    Some(paragraph.words[content.end - 1].bytes.end)
}

/// Gives each quotation that stands alone to the relation before it: `first` is the first of its paragraph. A quotation
/// before which nobody spoke stands for itself.
fn carry_on(found: &mut Vec<Attributed>, (first, free): (usize, Vec<Span>)) {
    let mut next = first;
    let mut alone = Vec::new();
    for span in free {
        while found.get(next).is_some_and(|said| said.cue.is_some_and(|cue| cue.start() < span.start())) {
            next += 1;
        }
        match next.checked_sub(1).and_then(|before| found.get_mut(before)) {
            Some(said) => said.content.push(span),
            None => alone.push(Attributed { source: None, cue: None, content: vec![span] }),
        }
    }
    found.extend(alone);
}

/// The reading of one paragraph.
struct Reading<'a, 'p> {
    page: Page<'a, 'p>,
    found: Vec<Relation>,
    /// The words that are cue or content of a relation already.
    taken: Vec<bool>,
}

impl<'a, 'p> Reading<'a, 'p> {
    fn of(page: Page<'a, 'p>) -> Reading<'a, 'p> {
        let taken = vec![false; page.paragraph.len()];
        Reading { page, found: Vec::new(), taken }
    }

    fn run(&mut self) {
        self.verbs();
        for at in 0..self.page.paragraph.len() {
            self.add(at, |page| page.signed(at));
            self.cite(at);
        }
        for at in 0..self.page.paragraph.len() {
            self.add(at, |page| page.noun(at));
            self.add(at, |page| page.hedge(at));
        }
        if self.taken.first() == Some(&false) {
            self.add(0, Page::announced);
        }
    }

    /// Reads verbs, the outer ones of a sentence first: what they say holds the inner ones.
    fn verbs(&mut self) {
        let paragraph = self.page.paragraph;
        let mut verbs: Vec<_> = (0..paragraph.len())
            .filter(|&at| !self.page.marks.is_speech(at))
            .filter_map(|at| paragraph.governing(at))
            .collect();
        let sentence = |at: usize| paragraph.sentences.partition_point(|sentence| sentence.end <= at);
        verbs.sort_by_key(|governing| {
            (sentence(governing.verb), paragraph.words[governing.verb].depth, governing.verb)
        });
        for governing in &verbs {
            self.add(governing.verb, |page| page.relation(governing));
        }
    }

    /// Adds "according to" with whom it names, though what is said is somebody's already: "…, he said, according to the
    /// paper".
    fn cite(&mut self, at: usize) {
        let free = !self.taken[at] && !self.page.marks.is_speech(at);
        let Some(relation) = self.page.according(at).filter(|_| free) else { return };
        if relation.content.iter().all(|span| self.taken[span.start] && self.taken[span.end - 1]) {
            for at in relation.cue.iter().flat_map(Clone::clone) {
                self.taken[at] = true;
            }
            self.found.push(relation);
        } else {
            self.add(at, |_| Some(relation));
        }
    }

    /// Adds what is read at a word, unless a word of its cue or nothing else is left of it.
    fn add(&mut self, at: usize, read: impl FnOnce(&Page<'a, 'p>) -> Option<Relation>) {
        if self.taken[at] || self.page.marks.is_speech(at) {
            return;
        }
        let Some(mut relation) = read(&self.page) else { return };
        relation.content.retain(|span| !self.taken[span.start] || !self.taken[span.end - 1]);
        let cue_is_free = relation.cue.iter().flat_map(Clone::clone).all(|at| !self.taken[at]);
        if cue_is_free && !relation.content.is_empty() {
            for at in relation.content.iter().chain(&relation.cue).flat_map(Clone::clone) {
                self.taken[at] = true;
            }
            self.found.push(relation);
        }
    }

    fn cut(&self, report: &Report, span: &Range<usize>) -> Option<Span> {
        let words = self.page.paragraph.words.get(span.clone())?;
        report.text.span(words.first()?.bytes.start..words.last()?.bytes.end)
    }
}
