//! Attribution relations in political news.

use std::ops::Range;
use std::path::Path;

use extract::Attributed;
use serde::Deserialize;

use crate::counts::Counts;
use crate::points::Points;
use crate::reading::{Article, read};
use crate::rows::rows;
use crate::{Corpus, Error, Measured};

/// Measures source, cue and content of attribution relations on PolNeAR (Newell, Margolin and Ruths 2018).
///
/// The measures are those of Citron (Newell, Cowlishaw and Man 2018), as in its published program. `overlap_f1`: the
/// tokens that are found and labelled, in those found and in those labelled, over all texts. PolNeAR is univocal: a
/// token bears at most one of the three labels, so that a token counts once for each kind, in however many relations it
/// was found; a token is a run of letters and digits, or any other character that is not white space. `exact_f1`: a cue
/// is right if its bounds are those of a labelled cue; a source or a content, if the cue overlaps a labelled one and its
/// spans are those of the labelled one, white space at their ends aside.
pub(crate) const QUOTES_POLNEAR: Corpus =
    Corpus { name: "quotes-polnear", file: "quotes-polnear.jsonl", measure };

#[derive(Deserialize)]
struct Row {
    text: String,
    title: Option<String>,
    attributions: Vec<Relation>,
}

/// The spans of one relation, in code points.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
struct Relation {
    source: Vec<(usize, usize)>,
    cue: Vec<(usize, usize)>,
    content: Vec<(usize, usize)>,
}

/// One kind of span.
struct Kind {
    overlap_f1: &'static str,
    exact_f1: &'static str,
    spans: fn(&Relation) -> &[(usize, usize)],
}

const KINDS: [Kind; 3] = [
    Kind { overlap_f1: "source.overlap_f1", exact_f1: "source.exact_f1", spans: |relation| &relation.source },
    Kind { overlap_f1: "cue.overlap_f1", exact_f1: "cue.exact_f1", spans: |relation| &relation.cue },
    Kind {
        overlap_f1: "content.overlap_f1",
        exact_f1: "content.exact_f1",
        spans: |relation| &relation.content,
    },
];

fn measure(corpora: &Path) -> Result<Vec<Measured>, Error> {
    let rows: Vec<Row> = rows(&corpora.join(QUOTES_POLNEAR.file))?;
    let mut overlaps = [Counts::default(); KINDS.len()];
    let mut exact = [Counts::default(); KINDS.len()];
    for row in &rows {
        let article = Article { text: &row.text, title: row.title.as_deref(), ..Article::default() };
        let points = Points::of(&row.text);
        let found: Vec<Relation> =
            read(&article).attributions().iter().map(|said| relation(said, &points)).collect();
        let pair = Pair { labelled: &row.attributions, found: &found };
        for (at, kind) in KINDS.iter().enumerate() {
            overlaps[at].add(pair.overlap(kind, &row.text));
            exact[at].add(pair.exact(kind));
        }
    }
    let overlap = |at: usize| Measured {
        measure: KINDS[at].overlap_f1,
        value: overlaps[at].f1(),
        n: overlaps[at].labelled,
    };
    let exact =
        |at: usize| Measured { measure: KINDS[at].exact_f1, value: exact[at].f1(), n: exact[at].labelled };
    Ok((0..KINDS.len()).map(overlap).chain((0..KINDS.len()).map(exact)).collect())
}

fn relation(said: &Attributed, points: &Points) -> Relation {
    let span = |span: &model::Span| {
        let range = points.of_bytes(span.range());
        (range.start, range.end)
    };
    Relation {
        source: said.source.iter().map(span).collect(),
        cue: said.cue.iter().map(span).collect(),
        content: said.content.iter().map(span).collect(),
    }
}

/// The relations of one text.
struct Pair<'a> {
    labelled: &'a [Relation],
    found: &'a [Relation],
}

impl Pair<'_> {
    /// Counts the tokens that bear a label.
    fn overlap(&self, kind: &Kind, text: &str) -> Counts {
        let tokens = tokens(text);
        let marked = |relations: &[Relation]| {
            let mut marked = vec![false; tokens.len()];
            for &(start, end) in relations.iter().flat_map(|relation| (kind.spans)(relation)) {
                let first = tokens.partition_point(|token| token.end <= start);
                let last = tokens.partition_point(|token| token.start < end);
                marked[first.min(last)..last].fill(true);
            }
            marked
        };
        let (labelled, found) = (marked(self.labelled), marked(self.found));
        let count = |marks: &[bool]| marks.iter().filter(|&&mark| mark).count();
        let right = labelled.iter().zip(&found).filter(|&(&labelled, &found)| labelled && found).count();
        Counts { right, found: count(&found), labelled: count(&labelled) }
    }

    /// Counts the relations whose spans are the same. As published, one that repeats another is counted again.
    fn exact(&self, kind: &Kind) -> Counts {
        let same = |a: &Relation, b: &Relation| {
            (kind.spans)(a) == (kind.spans)(b)
                && a.cue.iter().any(|a| b.cue.iter().any(|b| a.0 < b.1 && b.0 < a.1))
        };
        let met = |these: &[Relation], others: &[Relation]| {
            these.iter().filter(|this| others.iter().any(|other| same(this, other))).count()
        };
        Counts {
            right: met(self.found, self.labelled),
            found: self.found.len(),
            labelled: self.labelled.len(),
        }
    }
}

/// Splits a text into runs of letters and digits and other characters, as ranges of code points.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut tokens: Vec<Range<usize>> = Vec::new();
    let mut in_word = false;
    for (at, character) in text.chars().enumerate() {
        let word = character.is_alphanumeric();
        match tokens.last_mut() {
            Some(token) if word && in_word => token.end = at + 1,
            _ if !character.is_whitespace() => tokens.push(at..at + 1),
            _ => {}
        }
        in_word = word;
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Mayor Anna Żuk said the bridge was gone.";

    fn relation(source: (usize, usize), content: (usize, usize)) -> Relation {
        Relation { source: vec![source], cue: vec![(15, 19)], content: vec![content] }
    }

    fn counts(found: &[Relation], kind: usize) -> (Counts, Counts) {
        let labelled = [relation((0, 14), (20, 39))];
        let pair = Pair { labelled: &labelled, found };
        (pair.overlap(&KINDS[kind], TEXT), pair.exact(&KINDS[kind]))
    }

    #[test]
    fn tokens_are_words_and_marks() {
        let words: Vec<usize> = tokens("a-Żb 12.").into_iter().map(|token| token.len()).collect();
        assert_eq!(words, [1, 1, 2, 2, 1]);
    }

    #[test]
    fn a_name_without_its_title_is_two_tokens_of_three_and_not_exact() {
        let (overlap, exact) = counts(&[relation((6, 14), (20, 39))], 0);
        assert_eq!(overlap, Counts { right: 2, found: 2, labelled: 3 });
        assert_eq!(exact, Counts { right: 0, found: 1, labelled: 1 });
    }

    #[test]
    fn a_token_found_twice_counts_once() {
        let twice = [relation((0, 14), (20, 39)), relation((0, 14), (24, 39))];
        let (overlap, exact) = counts(&twice, 2);
        assert_eq!(overlap, Counts { right: 4, found: 4, labelled: 4 });
        assert_eq!(exact, Counts { right: 1, found: 2, labelled: 1 });
    }

    #[test]
    fn the_same_spans_beside_another_cue_are_another_relation() {
        let mut other = relation((0, 14), (20, 39));
        other.cue = vec![(30, 34)];
        assert_eq!(counts(&[other], 0).1.right, 0);
    }
}
