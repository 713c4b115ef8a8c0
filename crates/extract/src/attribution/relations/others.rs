//! Attribution without a verb: "according to", "the claim that", "reportedly", "Orlova: …", quotations that go on.

use super::Relation;
use super::frames::LEXICON;
use super::marks::is_mark;
use super::verbs::Page;

impl Page<'_, '_> {
    /// Reads "according to": the phrase behind it speaks, the sentence around it is said.
    pub(super) fn according(&self, at: usize) -> Option<Relation> {
        let paragraph = self.paragraph;
        if paragraph.lower(at) != "according" || paragraph.lower(at + 1) != "to" {
            return None;
        }
        let source = paragraph.child(at + 1, &["pobj"]).or_else(|| paragraph.child(at, &["pobj"]))?;
        let source = paragraph.reach(source);
        let sentence =
            &paragraph.sentences[paragraph.sentences.partition_point(|sentence| sentence.end <= at)];
        let start = paragraph.reach(paragraph.words[at].root).start.max(sentence.start);
        let before = paragraph.bare(start..at);
        let comma = source.end < sentence.end && paragraph.lower(source.end) == ",";
        let after = comma.then(|| paragraph.bare(source.end..sentence.end)).filter(|after| after.len() > 2);
        let content = Some(before).filter(|before| !before.is_empty()).into_iter().chain(after).collect();
        Some(Relation { source: Some(paragraph.bare(source)), cue: Some(at..at + 2), content })
    }

    /// Reads `“…” — Anna Żuk` at the dash: the name behind a quotation signs it.
    pub(super) fn signed(&self, at: usize) -> Option<Relation> {
        let paragraph = self.paragraph;
        let quotation = at.checked_sub(1).and_then(|last| self.marks.around(last))?;
        let name = paragraph.bare(at + 1..paragraph.len());
        let dash = matches!(paragraph.lower(at), "―" | "—" | "–" | "-" | "--");
        let named = (1..LONGEST_NAME).contains(&name.len()) && paragraph.tag(name.start).starts_with("NNP");
        let closed = quotation.end == at && quotation.len() > SHORTEST_SPEECH;
        (dash && named && closed).then(|| Relation {
            source: Some(name),
            cue: Some(at..at + 1),
            content: vec![quotation],
        })
    }

    /// Reads "the claim that …", "their refusal to …".
    pub(super) fn noun(&self, at: usize) -> Option<Relation> {
        let paragraph = self.paragraph;
        if !matches!(paragraph.tag(at), "NN" | "NNS") || !LEXICON.nouns.contains(paragraph.noun(at)) {
            return None;
        }
        let clauses = paragraph.labelled(at, &["acl", "ccomp"]);
        let clause = clauses.into_iter().find(|&clause| clause > at)?;
        let stated =
            paragraph.labelled(clause, &["mark"]).into_iter().any(|mark| paragraph.lower(mark) == "that");
        let owner = paragraph.child(at, &["poss"]);
        if !stated && (owner.is_none() || paragraph.tag(clause) != "VB") {
            return None;
        }
        let content = vec![self.with_quotations(paragraph.reach(clause), None)];
        Some(Relation { source: owner.map(|owner| paragraph.reach(owner)), cue: Some(at..at + 1), content })
    }

    /// Reads "reportedly": nobody is named, and the clause around it is said.
    pub(super) fn hedge(&self, at: usize) -> Option<Relation> {
        let paragraph = self.paragraph;
        if !LEXICON.hedges.contains(paragraph.lower(at)) || self.marks.around(at).is_some() {
            return None;
        }
        let clause = paragraph.reach(paragraph.words[at].head);
        let parts = [clause.start..at.max(clause.start), (at + 1).min(clause.end)..clause.end];
        let content =
            parts.into_iter().map(|part| paragraph.bare(part)).filter(|part| !part.is_empty()).collect();
        Some(Relation { source: None, cue: Some(at..at + 1), content })
    }

    /// Reads a name and a colon at the front, as transcripts and headlines have them.
    pub(super) fn announced(&self) -> Option<Relation> {
        let paragraph = self.paragraph;
        let colon = (1..paragraph.len().min(LONGEST_NAME)).find(|&at| paragraph.lower(at) == ":")?;
        let named = (0..colon).all(|at| matches!(paragraph.tag(at), "NNP" | "NNPS" | "."));
        let apart = paragraph.words.get(colon + 1)?.bytes.start > paragraph.words[colon].bytes.end;
        let mut content = colon + 1..paragraph.len();
        while !content.is_empty() && paragraph.lower(content.end - 1) == "." {
            content.end -= 1;
        }
        let found = named && apart && content.len() > 2;
        found.then(|| Relation {
            source: Some(0..colon),
            cue: Some(colon..colon + 1),
            content: vec![content],
        })
    }

    /// Finds the quotations of whole sentences in which `covered` knows no word: what was quoted before goes on.
    pub(super) fn carried_on(&self, covered: &[bool]) -> Vec<std::ops::Range<usize>> {
        let paragraph = self.paragraph;
        let ends_before = |at: usize| {
            at == 0 || paragraph.is_any(at - 1, &[".", "!", "?", ":"]) || is_mark(paragraph.lower(at - 1))
        };
        let ends =
            |end: usize| end == paragraph.len() || end > 1 && paragraph.is_any(end - 2, &[".", "!", "?"]);
        let free =
            self.marks.all.iter().filter(|span| {
                !covered[span.start] && !covered[span.end - 1] && span.len() > SHORTEST_SPEECH
            });
        free.filter(|span| ends_before(span.start) && ends(span.end)).cloned().collect()
    }
}

/// The most words of a name before a colon.
const LONGEST_NAME: usize = 7;

/// A quotation with fewer words, marks included, is a term.
const SHORTEST_SPEECH: usize = 4;
