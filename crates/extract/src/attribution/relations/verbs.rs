//! The source, the cue and the content of a verb.

use std::ops::Range;

use super::Relation;
use super::frames::{Frame, Governing, LEXICON};
use super::marks::{Marks, is_mark};
use super::tree::{MARKS, Paragraph};
use crate::attribution::lexicon::{Class, LEXICON as WORDS};

/// A paragraph with its quotations.
pub(super) struct Page<'a, 'p> {
    pub(super) paragraph: &'a Paragraph<'p>,
    pub(super) marks: &'a Marks,
}

/// A relation that is being read.
struct Draft<'g> {
    governing: &'g Governing,
    source: Option<Range<usize>>,
    /// Whether the source is the verb's own subject, and none that it shares with another verb.
    own: bool,
    cue: Range<usize>,
    /// What is said before and after source and cue.
    left: Option<Range<usize>>,
    right: Option<Range<usize>>,
    /// The quotation around the verb, which no content leaves.
    quotation: Option<Range<usize>>,
}

impl Draft<'_> {
    /// Returns where source and cue begin, as far as they stand together.
    fn start(&self) -> usize {
        let before = self.source.as_ref().filter(|source| self.own && source.end <= self.cue.start + 1);
        before.map_or(self.cue.start, |source| source.start.min(self.cue.start))
    }

    /// Returns where source and cue end, as far as they stand together.
    fn end(&self) -> usize {
        let after = self.source.as_ref().filter(|source| self.own && source.start + 1 >= self.cue.end);
        after.map_or(self.cue.end, |source| source.end.max(self.cue.end))
    }
}

/// The labels of a subject.
const SUBJECT: &[&str] = &["nsubj", "nsubjpass"];

/// How far a subject is looked for up the tree: through joined verbs, participles and infinitives.
const CLIMB: usize = 6;

/// The most words between a verb and the noun of its occasion.
const LONGEST_OCCASION: usize = 5;

/// The longest way from a verb up to the noun that it describes.
const DESCENT: usize = 32;

impl Paragraph<'_> {
    /// Finds the subject of a verb, also where another verb's serves it.
    fn subject(&self, verb: usize) -> Option<usize> {
        let mut at = verb;
        for _ in 0..CLIMB {
            if let Some(subject) = self.child(at, SUBJECT) {
                return Some(subject);
            }
            let head = self.words[at].head;
            at = match self.label(at) {
                _ if head == at => return None,
                "conj" | "advcl" | "acomp" => head,
                // "Urged them to say": they say; "promised them to say": who promises says.
                "xcomp" => match self.child(head, &["dobj"]) {
                    Some(object) if !matches!(self.lower(head), "promise" | "promised" | "vowed") => {
                        return Some(object);
                    }
                    _ => head,
                },
                "pcomp" if self.is_verb(self.words[head].head) => self.words[head].head,
                "acl" => return Some(head),
                _ => return None,
            };
        }
        None
    }

    /// Cuts the whole phrase of a verb's subject, with titles and appositions.
    fn source(&self, verb: usize) -> Option<Range<usize>> {
        let subject = self.subject(verb)?;
        let mut span = self.reach(subject);
        if span.contains(&verb) && subject < verb {
            span.end = verb.min(self.branch(subject, verb));
        } else if span.contains(&verb) {
            span.start = verb + 1;
        }
        span.end = self.aside(subject).map_or(span.end, |aside| span.end.min(aside).max(span.start));
        while !span.is_empty() && self.opens_no_phrase(span.start, subject) {
            span.start += 1;
        }
        let described = self.child(subject, &["appos", "relcl"]).is_some();
        while !span.is_empty() && self.label(span.end - 1) == "punct" && self.lower(span.end - 1) != ")" {
            // The comma behind an apposition belongs to it.
            if described && self.lower(span.end - 1) == "," && span.len() > 1 {
                break;
            }
            span.end -= 1;
        }
        (!span.is_empty()).then_some(span)
    }

    /// Cuts the phrase of who acts in a passive: "was asked by the host".
    fn agent(&self, verb: usize) -> Option<Range<usize>> {
        self.child(verb, &["auxpass"])?;
        let by = self.labelled(verb, &["agent", "prep"]).into_iter().find(|&at| self.lower(at) == "by")?;
        let agent = self.child(by, &["pobj"])?;
        Some(self.bare(self.reach(agent)))
    }

    /// Returns where an aside behind a subject begins that tells what it did and not what it is: ", facing a challenge".
    fn aside(&self, subject: usize) -> Option<usize> {
        let asides = self.children(subject).filter(|&at| {
            at > subject
                && match self.label(at) {
                    "acl" | "advcl" => true,
                    "prep" => self.lower(at) != "of",
                    _ => false,
                }
        });
        let starts = asides.map(|at| self.reach(at).start);
        starts.filter(|&start| start > subject && self.lower(start - 1) == ",").min()
    }

    fn opens_no_phrase(&self, at: usize, subject: usize) -> bool {
        match self.label(at) {
            "punct" => self.lower(at) != "(",
            "cc" => at < subject,
            _ => false,
        }
    }

    /// Returns where the branch of the subject begins that holds the verb.
    fn branch(&self, subject: usize, verb: usize) -> usize {
        let mut at = verb;
        for _ in 0..DESCENT {
            let head = self.words[at].head;
            if head == subject || head == at {
                break;
            }
            at = head;
        }
        let start = self.reach(at).start;
        if start > subject { start } else { verb }
    }

    /// Cuts the cue: the verb with its auxiliaries, negation, adverbs and particle.
    fn cue(&self, verb: usize) -> Range<usize> {
        let mut start = self.first_auxiliary(verb).unwrap_or(verb);
        let opening = self.words[verb].root;
        let first = self.reach(opening).start;
        while start > first && self.is_adverb_of(start - 1, verb) {
            start -= 1;
        }
        if self.label(verb) == "xcomp" && start > first && self.lower(start - 1) == "to" {
            start -= 1;
        }
        let particle = self.children(verb).any(|at| self.label(at) == "prt" && at == verb + 1);
        let end = verb + 1 + usize::from(particle);
        self.phase(verb, start)..self.occasion(verb, end)
    }

    /// Begins a cue at the verb of phase before it: "went on to say", "tried to argue".
    fn phase(&self, verb: usize, start: usize) -> usize {
        let outer = self.words[verb].head;
        let phase = matches!(self.label(verb), "xcomp" | "advcl" | "pcomp")
            && outer < start
            && self.is_verb(outer)
            && LEXICON.phase.contains(&LEXICON.lemma(self.lower(outer), self.tag(outer)))
            && (outer + 1..start).all(|at| self.is_any(at, &["on", "out", "to", "by"]));
        if !phase {
            return start;
        }
        let mut start = self.first_auxiliary(outer).unwrap_or(outer).min(outer);
        while start > 0 && self.is_adverb_of(start - 1, outer) {
            start -= 1;
        }
        start
    }

    /// Ends a cue behind the words that tell on what occasion: "said in a statement".
    fn occasion(&self, verb: usize, end: usize) -> usize {
        let preposition = self.children(verb).find(|&at| at == end && self.label(at) == "prep");
        let object = preposition
            .filter(|&at| self.is_any(at, &["in", "on", "at", "during", "via", "through"]))
            .and_then(|at| self.child(at, &["pobj"]));
        let medium = object.filter(|&object| {
            (end + 1..=end + LONGEST_OCCASION).contains(&object)
                && WORDS.class(self.lower(object)).any(Class::OCCASION)
        });
        medium.map_or(end, |object| object + 1)
    }

    fn first_auxiliary(&self, verb: usize) -> Option<usize> {
        let auxiliary = self.child(verb, &["aux", "auxpass", "neg"]).filter(|&at| at < verb)?;
        // "Has the ministry denied": the subject stands inside.
        let inside = self
            .children(verb)
            .rfind(|&at| SUBJECT.contains(&self.label(at)) && (auxiliary..verb).contains(&at));
        Some(inside.map_or(auxiliary, |subject| self.reach(subject).end.min(verb)))
    }

    fn is_adverb_of(&self, at: usize, verb: usize) -> bool {
        self.tag(at) == "RB" && self.words[at].head == verb && self.reach(at).len() == 1
    }
}

impl Page<'_, '_> {
    /// Reads the relation of a verb, if it attributes.
    pub(super) fn relation(&self, governing: &Governing) -> Option<Relation> {
        let verb = governing.verb;
        let mut draft = Draft {
            governing,
            source: self.paragraph.source(verb),
            own: self.paragraph.child(verb, SUBJECT).is_some(),
            cue: self.paragraph.cue(verb),
            left: None,
            right: None,
            quotation: self.marks.around(verb),
        };
        let speech = LEXICON.speech.contains(&governing.lemma);
        let broken = speech && self.paragraph.label(verb) == "parataxis";
        let attributes = LEXICON.attributes(governing);
        draft.left = self.quotation_before(&draft).filter(|_| speech);
        draft.right = self.quotation_after(&draft).filter(|_| speech || attributes);
        let quoted = draft.left.is_some() || draft.right.is_some();
        if !quoted && let Some(attitude) = self.attitude(&draft) {
            return Some(attitude);
        }
        if !quoted && let Some(light) = self.light(&draft) {
            return Some(light);
        }
        if !quoted && !attributes && !broken {
            return None;
        }
        if broken && draft.left.is_none() && governing.frame != Frame::Clause {
            self.take_broken(&mut draft);
        } else if governing.frame == Frame::Clause {
            self.take_clauses(&mut draft);
        } else if !(quoted && speech) {
            self.take_phrase(&mut draft);
        }
        if speech && governing.frame == Frame::Alone && draft.left.is_none() && draft.right.is_none() {
            self.take_around(&mut draft);
        }
        draft.cue.end += usize::from(self.paragraph.lower(draft.cue.end) == ":");
        draft.right = draft.right.take().map(|right| self.whole(right, &draft));
        self.turn_passive(&mut draft);
        if draft.source.is_none() {
            draft.source = self.paragraph.agent(verb);
        }
        if draft.source.is_none() && speech && governing.frame != Frame::To {
            self.invert(&mut draft);
        }
        let content = draft.left.into_iter().chain(draft.right).filter(|span| !span.is_empty()).collect();
        Some(Relation { source: draft.source, cue: Some(draft.cue), content })
    }

    /// Finds the quotation that ends before source and cue, with the words of its clause before it.
    fn quotation_before(&self, draft: &Draft<'_>) -> Option<Range<usize>> {
        let paragraph = self.paragraph;
        let verb = draft.governing.verb;
        let close =
            (0..draft.start()).rev().find(|&at| !paragraph.is_any(at, &[",", "—", "–", "--", "-"]))?;
        let quotation =
            self.marks.around(close).filter(|found| found.end == close + 1 && draft.quotation.is_none())?;
        if !is_mark(paragraph.lower(close)) {
            return None;
        }
        let start = paragraph.reach(paragraph.words[verb].root).start;
        let clause_follows = draft.governing.frame == Frame::Clause
            && draft.governing.heads.iter().all(|&head| head > verb)
            && draft.source.as_ref().is_some_and(|source| source.end <= draft.cue.start);
        // `At the "Open Forum", the mayor said that …`: the quotation is no part of what is said.
        if clause_follows && self.sentence(verb).start < quotation.start {
            return None;
        }
        let whole = start < quotation.start && (start..quotation.start).all(|at| paragraph.lower(at) != ".");
        Some(if whole { start } else { quotation.start }..close + 1)
    }

    fn sentence(&self, at: usize) -> Range<usize> {
        let after = self.paragraph.sentences.partition_point(|sentence| sentence.start <= at);
        after.checked_sub(1).map_or(0..0, |sentence| self.paragraph.sentences[sentence].clone())
    }

    /// Finds the quotation that begins behind source and cue.
    fn quotation_after(&self, draft: &Draft<'_>) -> Option<Range<usize>> {
        let end = draft.end();
        let near = (end..end + 4).find(|&at| !matches!(self.paragraph.lower(at), "," | ":" | "that"))?;
        let quotation = self.marks.around(near)?;
        (quotation.start == near && draft.quotation.is_none()).then_some(quotation)
    }

    /// Takes the clauses that the verb governs, on either side.
    fn take_clauses(&self, draft: &mut Draft<'_>) {
        let paragraph = self.paragraph;
        let verb = draft.governing.verb;
        let (start, end) = (draft.start(), draft.end());
        for &head in &draft.governing.heads {
            let clause = paragraph.reach(head);
            if clause.end > start + 1 && head > verb {
                let known = draft.right.take().unwrap_or(clause.start.max(end)..clause.end);
                draft.right = Some(known.start..known.end.max(clause.end));
                continue;
            }
            if draft.left.is_none() {
                let joined = paragraph.label(verb) == "conj";
                let from =
                    if joined { clause.start } else { paragraph.reach(paragraph.words[verb].root).start };
                draft.left = Some(self.whole_before(from..start, draft));
            }
            if clause.end > end && draft.right.is_none() {
                draft.right = Some(self.whole_before(end..clause.end, draft));
            }
        }
    }

    /// Takes the clause that is broken off for the verb: "The bridge, the mayor said, was gone".
    fn take_broken(&self, draft: &mut Draft<'_>) {
        let verb = draft.governing.verb;
        let clause = self.paragraph.reach(self.paragraph.words[verb].head);
        let aside = self.paragraph.reach(verb);
        draft.left = Some(self.whole_before(clause.start..draft.start().max(clause.start), draft));
        let right = aside.end.min(clause.end)..clause.end;
        draft.right = draft.right.take().or_else(|| Some(self.whole_before(right, draft)));
    }

    /// Reads "was afraid that", "is opposed to": an adjective of feeling or belief with what it is about.
    fn attitude(&self, draft: &Draft<'_>) -> Option<Relation> {
        let paragraph = self.paragraph;
        let Governing { verb, lemma, frame, heads } = draft.governing;
        let adjective =
            *heads.first().filter(|_| *frame == Frame::Predicate && LEXICON.linking.contains(lemma))?;
        let feels =
            paragraph.label(adjective) == "acomp" && LEXICON.attitudes.contains(paragraph.lower(adjective));
        let source = draft
            .source
            .clone()
            .filter(|source| feels && *verb < adjective && source.end <= draft.cue.start)?;
        let about: Vec<usize> = paragraph.labelled(adjective, &["ccomp", "xcomp", "prep"]);
        let first = *about.iter().find(|&&at| at > adjective)?;
        let inner = paragraph.child(first, &["pobj", "pcomp"]).filter(|_| paragraph.label(first) == "prep");
        let end = about.iter().map(|&at| paragraph.reach(at).end).max()?;
        let content = self.whole(paragraph.reach(inner.unwrap_or(first)).start..end, draft);
        let cue = draft.cue.start..inner.map_or(adjective, |_| first) + 1;
        Some(Relation { source: Some(source), cue: Some(cue), content: vec![content] })
    }

    /// Reads "made the case that", "expressed support for": a light verb, and a noun that says what is done.
    fn light(&self, draft: &Draft<'_>) -> Option<Relation> {
        let paragraph = self.paragraph;
        let Governing { verb, lemma, .. } = draft.governing;
        let object = paragraph.child(*verb, &["dobj"]).filter(|object| object > verb)?;
        let source = draft.source.clone().filter(|source| source.end <= draft.cue.start)?;
        if !LEXICON.light.contains(lemma) || !LEXICON.deeds.contains(paragraph.noun(object)) {
            return None;
        }
        let clause = paragraph.labelled(*verb, &["ccomp"]);
        let about = paragraph.labelled(object, &["prep", "acl", "ccomp"]).into_iter().chain(clause);
        let first = about.filter(|&at| at > object).min()?;
        let preposition = paragraph.label(first) == "prep";
        let inner = paragraph.child(first, &["pobj", "pcomp"]).filter(|_| preposition);
        if preposition && (inner.is_none() || !paragraph.is_any(first, DONE_TO)) {
            return None;
        }
        let reach = paragraph.reach(first);
        let content =
            self.whole(inner.map_or(reach.start, |inner| paragraph.reach(inner).start)..reach.end, draft);
        let cue = draft.cue.start..inner.map_or(object, |_| first) + 1;
        (cue.end <= content.start).then(|| Relation {
            source: Some(source),
            cue: Some(cue),
            content: vec![content],
        })
    }

    /// Takes what stands around a verb of saying that the engine left alone: the clause that "as the mayor said" is put
    /// into, else the words of the sentence behind it or before it that the engine took for another sentence.
    fn take_around(&self, draft: &mut Draft<'_>) {
        let paragraph = self.paragraph;
        let verb = draft.governing.verb;
        let head = paragraph.words[verb].head;
        let as_said =
            paragraph.labelled(verb, &["mark"]).into_iter().any(|mark| paragraph.lower(mark) == "as");
        if paragraph.label(verb) == "advcl" && as_said {
            let (aside, clause) = (paragraph.reach(verb), paragraph.reach(head));
            let before = self.whole_before(clause.start..aside.start.max(clause.start), draft);
            draft.left = Some(before).filter(|before| !before.is_empty());
            draft.right = Some(self.whole_before(aside.end.min(clause.end)..clause.end, draft));
            return;
        }
        let sentence = self.sentence(verb);
        let behind = self.whole_before(draft.end().min(sentence.end)..sentence.end, draft);
        let before = self.whole_before(sentence.start..draft.start().max(sentence.start), draft);
        let apart = |at: usize| paragraph.words[at].root != paragraph.words[verb].root;
        if behind.len() > 2 && apart(behind.start) {
            draft.right = Some(behind);
        } else if before.len() > 2 && apart(before.end - 1) {
            draft.left = Some(before);
        }
    }

    /// Takes the phrase that the verb governs.
    fn take_phrase(&self, draft: &mut Draft<'_>) {
        let paragraph = self.paragraph;
        let Governing { verb, lemma, frame, heads } = draft.governing;
        let reach = heads
            .iter()
            .map(|&head| paragraph.reach(head))
            .reduce(|a, b| a.start.min(b.start)..a.end.max(b.end));
        let raises = LEXICON.raising.contains(lemma);
        match frame {
            Frame::Object => draft.right = heads.first().map(|&object| self.object(*verb, object)),
            Frame::With(_) => {
                let Some(&preposition) = heads.first() else { return };
                let inner = paragraph.child(preposition, &["pobj", "pcomp"]);
                draft.right =
                    inner.map(|inner| paragraph.reach(inner).start..paragraph.reach(preposition).end);
                if preposition - verb <= NEAR {
                    draft.cue.end = draft.cue.end.max(preposition + 1);
                }
            }
            Frame::PassiveWith(_) => {
                draft.left = draft.source.take();
                draft.right = reach;
                let preposition = heads.first().filter(|&&at| at == draft.cue.end && at == verb + 1);
                if let (Some(&preposition), Some(right)) = (preposition, &mut draft.right) {
                    draft.cue.end = preposition + 1;
                    right.start = right.start.max(draft.cue.end);
                }
            }
            Frame::PassiveBy | Frame::Passive => {
                draft.left = draft.source.take();
                let agent = heads.first().and_then(|&agent| paragraph.child(agent, &["pobj"]));
                draft.source = agent.map(|agent| paragraph.reach(agent));
            }
            Frame::To | Frame::Predicate => {
                draft.right = reach;
                if raises {
                    draft.left = draft.source.take();
                }
            }
            _ => draft.right = reach,
        }
    }

    /// Cuts an object with the phrases that say what of it: "accused them of theft".
    fn object(&self, verb: usize, object: usize) -> Range<usize> {
        let paragraph = self.paragraph;
        let mut span = paragraph.reach(object);
        for at in paragraph.children(verb).filter(|&at| at > object && object > verb) {
            let more = match paragraph.label(at) {
                "prep" => WHAT_OF.contains(&paragraph.lower(at)) && !self.is_occasion(at),
                label => label == "xcomp",
            };
            if more {
                span.end = span.end.max(paragraph.reach(at).end);
            }
        }
        span
    }

    /// Tells whether a prepositional phrase says when or where something is said.
    fn is_occasion(&self, preposition: usize) -> bool {
        let object = self.paragraph.child(preposition, &["pobj"]);
        object.is_some_and(|object| {
            let word = self.paragraph.lower(object);
            WORDS.class(word).any(Class::OCCASION.or(Class::TIME))
        })
    }

    /// Gives the subject of a passive its part: it is told, or it belongs to what is said.
    fn turn_passive(&self, draft: &mut Draft<'_>) {
        let Governing { verb, lemma, frame, .. } = draft.governing;
        let turns = matches!(frame, Frame::Clause | Frame::To | Frame::ObjectTo | Frame::Predicate);
        // "Asked whether it was true, the mayor …": a participle alone is in the passive as well.
        if self.paragraph.tag(*verb) == "VBN"
            && self.paragraph.child(*verb, &["aux", "nsubj"]).is_none()
            && LEXICON.told.contains(lemma)
        {
            draft.source = None;
        }
        if !turns || self.paragraph.child(*verb, &["auxpass"]).is_none() {
            return;
        }
        if LEXICON.told.contains(lemma) {
            draft.source = None;
        } else if matches!(frame, Frame::To | Frame::Predicate) && draft.source.is_some() {
            draft.left = draft.source.take();
        }
    }

    /// Takes the noun phrase behind the verb as the speaker of what stands before it: `"…," said the mayor`.
    fn invert(&self, draft: &mut Draft<'_>) {
        if draft.left.as_ref().is_none_or(|left| left.end > draft.cue.start) {
            return;
        }
        let paragraph = self.paragraph;
        let verb = draft.governing.verb;
        let speaker = paragraph.children(verb).find(|&at| {
            at > verb
                && SPEAKER_MISREAD.contains(&paragraph.label(at))
                && (paragraph.tag(at).starts_with("NN") || paragraph.tag(at).starts_with("PR"))
                && paragraph.reach(at).start == draft.cue.end
        });
        let Some(speaker) = speaker.map(|at| paragraph.reach(at)) else { return };
        let same = draft.right.as_ref().is_none_or(|right| right.start >= speaker.end || *right == speaker);
        if same {
            draft.right = draft.right.take().filter(|right| right.start >= speaker.end);
            draft.source = Some(speaker);
        }
    }

    /// Like [`Page::whole`], with no mark at the front, and none but that of a quotation at the end.
    fn whole_before(&self, mut span: Range<usize>, draft: &Draft<'_>) -> Range<usize> {
        while !span.is_empty() && self.paragraph.is_any(span.start, MARKS) {
            span.start += 1;
        }
        self.whole(span, draft)
    }

    fn whole(&self, span: Range<usize>, draft: &Draft<'_>) -> Range<usize> {
        self.with_quotations(span, draft.quotation.as_ref())
    }

    /// Lets a content run on to the ends of the quotations that it cuts, other than the one `around` it; then takes
    /// marks off its end. Where marks and parse disagree, the marks are right.
    pub(super) fn with_quotations(
        &self,
        mut span: Range<usize>,
        around: Option<&Range<usize>>,
    ) -> Range<usize> {
        for at in [span.end.saturating_sub(1), span.end] {
            let cut =
                self.marks.around(at).filter(|found| Some(found) != around && span.contains(&found.start));
            span.end = cut.map_or(span.end, |found| span.end.max(found.end));
        }
        let opened = self.marks.around(span.start).filter(|found| Some(found) != around);
        if let Some(found) = opened.filter(|found| found.start < span.start && found.end <= span.end) {
            span.start = found.start;
        }
        while !span.is_empty() && self.paragraph.is_any(span.end - 1, ENDS) {
            span.end -= 1;
        }
        span
    }
}

/// The marks that end no content.
const ENDS: &[&str] = &[",", ".", ";", ":", "-", "--", "—", "–", "!", "?"];

/// How far behind its verb a preposition still belongs to the cue: "called again for".
const NEAR: usize = 3;

/// Prepositions that say more of an object: "blamed them for", "compared it with".
const WHAT_OF: &[&str] = &["for", "as", "of", "over", "to", "on", "in", "with", "from", "about"];

/// Prepositions behind which stands whom or what a deed is about: "support for", "criticism of". "Criticism from" is
/// somebody else's.
const DONE_TO: &[&str] = &["about", "against", "for", "of", "on", "over", "to", "with"];

/// What the engine takes an inverted speaker for.
const SPEAKER_MISREAD: &[&str] = &["dobj", "npadvmod", "attr", "oprd", "dative", "dep", "appos"];
