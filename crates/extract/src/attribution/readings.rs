//! From a cue to its speaker's words and the words that it governs.

use std::ops::Range;

use super::Stance;
use super::cues::{Cue, CueKind, Lead};
use super::lexicon::{Class, Frame, LEXICON, Shape};
use super::phrases::{Phrase, PhraseKind};
use super::words::{Line, Words};
use crate::numbers;

/// Who speaks at a cue, by the words around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// These words.
    Phrase(Phrase),
    /// The speaker of the reading at this position of the list, who goes on.
    Same(usize),
    /// Nobody is named.
    Nobody,
}

/// One cue with its words.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub(super) cue: Range<usize>,
    pub(super) line: Line,
    pub(super) stance: Stance,
    pub(super) rule: &'static str,
    pub(super) source: Source,
    /// Who relays it: "was quoted by state media as saying".
    pub(super) relay: Option<Phrase>,
    /// What is said; tokens, in order.
    pub(super) content: Vec<Range<usize>>,
    /// The tokens around the cue that hold neither content nor a clause of their own: where a day of saying stands.
    pub(super) frame: Range<usize>,
    /// The speaker stands in the clause before, which is not part of the statement: ", adding that".
    pub(super) speaks_before: bool,
    /// A colon ends the sentence: what is said stands in the next paragraph.
    pub(super) awaits_quote: bool,
}

/// Where the content of a cue stands.
#[derive(Debug, Clone, Copy)]
enum Side {
    /// From this token on.
    Right(usize),
    /// Up to this token, not included.
    Left(usize),
    /// Both: "A," he said, "B".
    Both(usize, usize),
    /// In the next paragraph.
    Next,
    /// With the reading before, whose speaker cites another.
    Cites,
}

/// A cue whose speaker is found, before its content is cut.
struct Placed {
    cue: Cue,
    source: Source,
    relay: Option<Phrase>,
    side: Side,
    rule: &'static str,
    /// The first token of speaker and cue.
    head: usize,
    /// The token after the words of speaker, cue and occasion.
    tail: usize,
}

/// Reads all cues.
pub(super) fn read(words: &Words<'_>) -> Vec<Reading> {
    let mut placed: Vec<Placed> = Vec::new();
    for cue in words.cues() {
        if let Some(found) = words.place(cue, &placed) {
            placed.push(found);
        }
    }
    let barriers = barriers(words, &placed);
    let cited: Vec<_> = placed.iter().map(cites).collect();
    let mut readings: Vec<Reading> = placed.into_iter().map(|placed| words.cut(placed, &barriers)).collect();
    close_asides(&mut readings);
    for (last, phrase) in cited.into_iter().flatten() {
        let reading = &mut readings[last];
        if let Source::Phrase(relay) = std::mem::replace(&mut reading.source, Source::Nobody) {
            reading.source = Source::Phrase(phrase);
            reading.relay = Some(relay);
        }
    }
    readings
}

/// Ends what is said inside the words that name a later speaker with those words: in "the army, which claimed the
/// town, said" the claim ends at the second comma.
fn close_asides(readings: &mut [Reading]) {
    for at in 0..readings.len() {
        let cue = readings[at].cue.start;
        let aside = readings[at + 1..].iter().take(3).find_map(|later| match &later.source {
            Source::Phrase(phrase) if phrase.all.contains(&cue) => Some(phrase.all.end - 1),
            _ => None,
        });
        let Some(close) = aside else { continue };
        for content in readings[at].content.iter_mut().filter(|content| content.start < close) {
            content.end = content.end.min(close);
        }
    }
}

/// Returns the reading whose speaker cites another, and the one cited.
fn cites(placed: &Placed) -> Option<(usize, Phrase)> {
    match (placed.side, &placed.source, &placed.relay) {
        (Side::Cites, Source::Same(last), Some(phrase)) => Some((*last, phrase.clone())),
        _ => None,
    }
}

/// Marks the tokens at which the content of an earlier cue stops, because another attribution begins there.
fn barriers(words: &Words<'_>, placed: &[Placed]) -> Vec<bool> {
    let mut barriers = vec![false; words.len()];
    for found in placed {
        let start = found.cue.line.tokens.start;
        let mut head = found.head;
        let joined = Class::CONJUNCTION.or(Class::SUBORDINATOR).or(Class::DETERMINER);
        while head > start && words.is(head - 1, joined) && words.lower(head - 1) != "that" {
            head -= 1;
        }
        let comma = head > start && words.is_mark(head - 1, ",;–—");
        let trails = matches!(found.side, Side::Left(_))
            && !matches!(found.cue.kind, CueKind::Passive { .. } | CueKind::Hearsay);
        let shared = matches!(found.source, Source::Same(_));
        let joins = comma && words.is(head, Class::CONJUNCTION.or(Class::SUBORDINATOR));
        if trails || shared || joins {
            let at = if comma { head - 1 } else { head };
            barriers[at] = true;
        }
        // "Saying that shells hit a school, | the mayor called".
        if let Source::Phrase(phrase) = &found.source
            && phrase.all.start > found.cue.tokens.end
            && found.rule == "statement-participle"
        {
            barriers[phrase.all.start - 1] = true;
        }
        if matches!(found.side, Side::Cites) {
            barriers[found.head.saturating_sub(1)] = true;
        }
    }
    barriers
}

/// Words between a number and the verb that says who counted: "14 deaths of farmers in Tesmin documented by".
const COUNTED: usize = 12;

/// Words that a participle of saying which opens a sentence may say, before its subject.
const FRONTED: usize = 40;

impl Words<'_> {
    /// Finds the speaker of a cue, and on which side its content stands.
    fn place(&self, cue: Cue, before: &[Placed]) -> Option<Placed> {
        match cue.kind.clone() {
            CueKind::Verb { frame, shape, lead } => self.place_verb(cue, (frame, shape, lead), before),
            CueKind::According => self.place_according(cue),
            CueKind::By => self.place_by(cue),
            CueKind::Noun => self.place_noun(cue),
            CueKind::Hearsay => Some(self.place_hearsay(cue)),
            CueKind::Passive { subject_end, agent, .. } => self.place_passive(cue, subject_end, agent),
        }
    }

    fn place_verb(&self, cue: Cue, verb: (Frame, Shape, Lead), before: &[Placed]) -> Option<Placed> {
        let (frame, shape, lead) = verb;
        if let Some(found) = self.place_quoted_as(&cue, before) {
            return Some(found);
        }
        if self.lower(cue.tokens.start) == "citing" {
            return self.place_citing(cue, before);
        }
        if matches!(self.lower(cue.tokens.start), "quoted" | "quoting" | "quotes") && self.says_as(&cue) {
            return None;
        }
        // "Troops continued “to destroy settlements”": they did it.
        let after = cue.tokens.end;
        if frame == Frame::Quote && self.is_quote(after) && self.lower(after + 1) == "to" {
            return None;
        }
        if shape == Shape::Participle && !self.is_finite_participle(&cue, lead) {
            return self.place_participle(cue, frame, before);
        }
        if frame != Frame::Told && self.is_inverted(&cue, lead) {
            return self.place_inverted(cue, frame);
        }
        let shared = self.shares_subject(&cue, lead, before);
        let mut relay = None;
        let (source, head) = match shared {
            Some(source) => (source, lead.end),
            None => {
                let phrase = self.without_place(self.phrase_before(lead.end, &cue.line)?);
                // "Everyone knew", "nobody said": nobody stands behind it.
                if self.is(phrase.mention.start, Class::INDEFINITE) {
                    return None;
                }
                let head = phrase.all.start.min(phrase.mention.start);
                let cited = self.cited_aside(&phrase, &cue.line);
                relay = cited.is_some().then(|| phrase.clone());
                (Source::Phrase(cited.unwrap_or(phrase)), head)
            }
        };
        let (side, tail) = self.side(&cue, frame, head)?;
        let rule = if matches!(source, Source::Same(_)) {
            "statement-joined-verb"
        } else {
            "statement-subject-verb"
        };
        Some(Placed { cue, source, relay, side, rule, head, tail })
    }

    /// Returns whom a speaker cites in an aside: "the paper, citing | police, reported".
    fn cited_aside(&self, phrase: &Phrase, line: &Line) -> Option<Phrase> {
        let citing = (phrase.mention.end..phrase.all.end).find(|&at| self.lower(at) == "citing")?;
        self.phrase_after(citing + 1, line).filter(|cited| self.looks_like_speaker(cited))
    }

    /// Tells whether a participle is the verb of its clause: "is saying".
    fn is_finite_participle(&self, cue: &Cue, lead: Lead) -> bool {
        (lead.end..cue.tokens.start).any(|at| self.is_be(at))
    }

    /// Tells whether the speaker follows the verb: `…,” said the mayor`.
    fn is_inverted(&self, cue: &Cue, lead: Lead) -> bool {
        let before = lead.end;
        let after = cue.tokens.end;
        if lead.end != cue.tokens.start || before <= cue.line.tokens.start {
            return false;
        }
        let open = self.is_mark(before - 1, ",–—?!") || self.ends_quote(before, &cue.line);
        let clause =
            self.lower(after) == "that" || self.opens_quote(after, &cue.line) || self.is_mark(after, ":,.");
        if !open || clause || self.is(after, Class::PREPOSITION.or(Class::TIME)) {
            return false;
        }
        let Some(phrase) = self.phrase_after(after, &cue.line) else { return false };
        let end = phrase.all.end;
        let closes = end >= cue.line.tokens.end
            || self.is_mark(end, ",.;:–—)")
            || self.is(
                end,
                Class::PREPOSITION
                    .or(Class::TIME)
                    .or(Class::SUBORDINATOR)
                    .or(Class::CONJUNCTION)
                    .or(Class::ADVERB),
            )
            || self.lower(end).ends_with("ing")
            || self.is_quote(end);
        let after_quote = self.ends_quote(before, &cue.line)
            || self.is_mark(before - 1, ",") && self.ends_quote(before - 1, &cue.line);
        closes
            && (after_quote
                || self.phrase_before(before, &cue.line).is_none_or(|aside| !self.looks_like_speaker(&aside)))
    }

    fn looks_like_speaker(&self, phrase: &Phrase) -> bool {
        let people = Class::NAME.or(Class::OFFICE).or(Class::BODY).or(Class::PLURAL);
        let named = |range: Range<usize>| range.clone().any(|at| self.is(at, people));
        named(phrase.mention.clone()) && phrase.mention.len() < 16 && phrase.all.len() < 30
    }

    fn place_inverted(&self, cue: Cue, frame: Frame) -> Option<Placed> {
        let phrase = self.phrase_after(cue.tokens.end, &cue.line)?;
        let head = cue.tokens.start;
        let tail = self.after_occasion(phrase.all.end, &cue.line);
        let left = self.left_edge(head, &cue.line)?;
        let quoted = self.ends_quote(left, &cue.line) || self.ends_quote(head, &cue.line);
        if !quoted && !matches!(frame, Frame::Clause | Frame::Told) {
            return None;
        }
        let right = self.after_comma(tail);
        let side =
            if self.opens_quote(right, &cue.line) { Side::Both(left, right) } else { Side::Left(left) };
        Some(Placed {
            cue,
            source: Source::Phrase(phrase),
            relay: None,
            side,
            rule: "statement-verb-subject",
            head,
            tail,
        })
    }

    /// Reads a second verb of the same subject: "and added that".
    fn shares_subject(&self, cue: &Cue, lead: Lead, before: &[Placed]) -> Option<Source> {
        let joint = lead.end.checked_sub(1).filter(|&at| at >= cue.line.tokens.start)?;
        if !matches!(self.lower(joint), "and" | "but" | "then") {
            return None;
        }
        self.last_in_sentence(cue, before)
            .map(Source::Same)
            .or_else(|| self.sentence_subject(&cue.line).map(Source::Phrase))
    }

    /// Returns the last reading before the cue in its sentence and quotation.
    fn last_in_sentence(&self, cue: &Cue, before: &[Placed]) -> Option<usize> {
        let last = before.len().checked_sub(1)?;
        (0..=last).rev().take(6).find(|&at| {
            let line = &before[at].cue.line;
            let same = self.doc.tokens()[before[at].cue.tokens.start].sentence() == self.doc.tokens()[cue.tokens.start].sentence();
            let speaks = matches!(before[at].cue.kind, CueKind::Verb { shape, .. } if shape != Shape::Participle) || matches!(before[at].cue.kind, CueKind::According);
            line.level == cue.line.level && same && speaks
        })
    }

    /// Returns the phrase that the sentence begins with.
    fn sentence_subject(&self, line: &Line) -> Option<Phrase> {
        let mut start = line.tokens.start;
        if self.is(start, Class::PREPOSITION.or(Class::ADVERB).or(Class::TIME).or(Class::SUBORDINATOR)) {
            let comma = (start..(start + 12).min(line.tokens.end)).find(|&at| self.is_mark(at, ","))?;
            start = comma + 1;
        }
        let phrase = self.phrase_after(start, line)?;
        (phrase.kind == PhraseKind::Pronoun || self.looks_like_speaker(&phrase)).then_some(phrase)
    }

    /// Returns who speaks in a participle that opens the sentence: "Saying that shells hit a school, | the mayor called".
    fn fronted_subject(&self, cue: &Cue) -> Option<Phrase> {
        let line = &cue.line;
        let near = cue.tokens.end..line.tokens.end.min(cue.tokens.end + FRONTED);
        near.filter(|&at| self.is_mark(at, ","))
            .filter_map(|comma| self.phrase_after(comma + 1, line))
            .find(|phrase| phrase.kind == PhraseKind::Pronoun || self.looks_like_speaker(phrase))
    }

    /// Reads ", adding that …": the speaker of the sentence goes on, or the noun before speaks.
    fn place_participle(&self, cue: Cue, frame: Frame, before: &[Placed]) -> Option<Placed> {
        let head = cue.tokens.start;
        let apart = head > cue.line.tokens.start
            && (self.is_mark(head - 1, ",–—")
                || matches!(self.lower(head - 1), "and" | "before" | "while" | "after" | "by" | "in"));
        let opens = head - cue.line.tokens.start <= usize::from(apart);
        let fronted = opens && self.lower(cue.tokens.end) == "that";
        let source = if fronted {
            self.fronted_subject(&cue).map(Source::Phrase)
        } else if apart {
            self.last_in_sentence(&cue, before)
                .map(Source::Same)
                .or_else(|| self.sentence_subject(&cue.line).map(Source::Phrase))
        } else {
            self.phrase_before(head, &cue.line)
                .filter(|phrase| self.looks_like_speaker(phrase) || self.lower(phrase.all.start) == "each")
                .map(Source::Phrase)
        }?;
        let head = match &source {
            Source::Phrase(phrase) if !apart && !fronted => phrase.all.start,
            _ => head,
        };
        let (side, tail) = self.side(&cue, frame, head)?;
        Some(Placed { cue, source, relay: None, side, rule: "statement-participle", head, tail })
    }

    /// Reads "quoted X as saying" and "X was quoted by Y as saying", at "saying".
    fn place_quoted_as(&self, cue: &Cue, before: &[Placed]) -> Option<Placed> {
        let as_at = cue.tokens.start.checked_sub(1).filter(|&at| self.lower(at) == "as")?;
        let floor = cue.line.tokens.start.max(as_at.saturating_sub(24));
        let quoted = (floor..as_at)
            .rev()
            .find(|&at| matches!(self.lower(at), "quoted" | "cited" | "quotes" | "quoting"))?;
        let lead = self.lead(quoted, &cue.line);
        let passive = (lead.end..quoted).any(|at| self.is_be(at));
        let (speaker, relay) = if passive {
            let by = (quoted + 1..as_at).find(|&at| self.lower(at) == "by");
            (self.phrase_before(lead.end, &cue.line)?, by.and_then(|by| self.phrase(by + 1..as_at)))
        } else {
            let relay = self.phrase_before(lead.end, &cue.line).or_else(|| match &before.last()?.source {
                Source::Phrase(phrase) => Some(phrase.clone()),
                _ => None,
            });
            let end = (quoted + 2..as_at)
                .find(|&at| self.is(at, Class::PREPOSITION) && self.is(at + 1, Class::TIME))
                .unwrap_or(as_at);
            (self.phrase(quoted + 1..end)?, relay)
        };
        let head = speaker.all.start.min(quoted);
        let (side, tail) = self.side(cue, Frame::Clause, head)?;
        let source = Source::Phrase(speaker);
        Some(Placed { cue: cue.clone(), source, relay, side, rule: "statement-quoted-as", head, tail })
    }

    /// Tells whether "as saying" follows: then the statement is read there.
    fn says_as(&self, cue: &Cue) -> bool {
        let near = cue.tokens.end..cue.line.tokens.end.min(cue.tokens.end + 24);
        near.clone().any(|at| self.lower(at) == "as" && self.lower(at + 1) == "saying")
    }

    /// Reads "X reported, citing Y": Y says it, and X relays it. What is no speaker is what is said.
    fn place_citing(&self, cue: Cue, before: &[Placed]) -> Option<Placed> {
        let last = self.last_in_sentence(&cue, before)?;
        let line = cue.line.clone();
        let (head, tail) = (cue.tokens.start, cue.tokens.end);
        let source = Source::Same(last);
        let cited = self.phrase_after(tail, &line).filter(|phrase| self.looks_like_speaker(phrase));
        match cited {
            Some(phrase) => {
                let side = Side::Cites;
                Some(Placed { cue, source, relay: Some(phrase), side, rule: "citing", head, tail })
            }
            None => {
                let side = Side::Right(self.right_start(tail, Frame::Object, &line)?);
                Some(Placed { cue, source, relay: None, side, rule: "statement-participle", head, tail })
            }
        }
    }

    fn place_according(&self, cue: Cue) -> Option<Placed> {
        let phrase = self.phrase_after(cue.tokens.end, &cue.line)?;
        let phrase = self.author(&phrase, &cue.line).unwrap_or(phrase);
        let (head, end) = (cue.tokens.start, self.after_relative(phrase.all.end, &cue.line));
        let first = self.first_of(&cue.line);
        let comma = self.is_mark(end, ",");
        // "It gave another account: according to the agency, |".
        let opens = head <= first || self.is_mark(head - 1, ":;");
        let side = if opens {
            Side::Right(if comma { end + 1 } else { end })
        } else {
            self.according_side(&cue, end)
        };
        Some(Placed {
            cue,
            source: Source::Phrase(phrase),
            relay: None,
            side,
            rule: "statement-according-to",
            head,
            tail: end,
        })
    }

    /// Finds whose statement it is that something is known from: "a statement by the council", "on the website of".
    fn author(&self, document: &Phrase, line: &Line) -> Option<Phrase> {
        let end = document.all.end;
        let written = self.is_document(end.checked_sub(1)?);
        let link = end + usize::from(self.is_made(end));
        let from = match self.lower(link) {
            "by" | "from" => link + 1,
            "on" if self.lower(link + 2) == "website" && self.lower(link + 3) == "of" => link + 4,
            _ => return None,
        };
        // "A report from the town": where, not who.
        let named = |phrase: &Phrase| {
            self.lower(link) != "from"
                || phrase.all.clone().any(|at| self.is(at, Class::BODY.or(Class::OFFICE)))
        };
        let author = self.phrase_after(from, line).filter(|author| written && named(author))?;
        Some(Phrase { all: document.all.start..author.all.end, ..author })
    }

    /// Moves past "that could not be verified" after a source.
    fn after_relative(&self, end: usize, line: &Line) -> usize {
        if !matches!(self.lower(end), "that" | "which" | "who") {
            return end;
        }
        (end..line.tokens.end.min(end + 24)).find(|&at| self.is_mark(at, ",.")).unwrap_or(end)
    }

    /// Tells where the content of "according to X" stands that does not open its sentence.
    fn according_side(&self, cue: &Cue, end: usize) -> Side {
        let head = cue.tokens.start;
        let left = self.left_edge(head, &cue.line).unwrap_or(head);
        let goes_on = self.is_mark(end, ",") && end + 2 < cue.line.tokens.end;
        let start = self.clause_start(left, &cue.line);
        let adverbial = self.is(start, Class::PREPOSITION.or(Class::ADVERB).or(Class::TIME))
            && left.checked_sub(start).is_some_and(|words| words < 8)
            || left > 0 && self.lower(left - 1) == "that";
        let elsewhere = self.is(end + 1, Class::PRONOUN.or(Class::CONJUNCTION).or(Class::SUBORDINATOR))
            || self.lower(end + 1).ends_with("ing");
        match (goes_on && !elsewhere, adverbial) {
            (true, true) => Side::Right(end + 1),
            (true, false) => Side::Both(left, end + 1),
            _ => Side::Left(left),
        }
    }

    fn place_by(&self, cue: Cue) -> Option<Placed> {
        let phrase = self.phrase_after(cue.tokens.end, &cue.line)?;
        let (head, end) = (cue.tokens.start, phrase.all.end);
        let side = if head <= self.first_of(&cue.line) || self.is_mark(end, ",") {
            Side::Right(end + usize::from(self.is_mark(end, ",")))
        } else if self.is(end, Class::PREPOSITION) || self.is_open_word(end) {
            Side::Right(end)
        } else {
            Side::Left(head)
        };
        Some(Placed {
            cue,
            source: Source::Phrase(phrase),
            relay: None,
            side,
            rule: "statement-by-source",
            head,
            tail: end,
        })
    }

    /// Reads "X's claim that …" and "the claim that …".
    fn place_noun(&self, cue: Cue) -> Option<Placed> {
        let at = cue.tokens.start;
        let owner =
            at.checked_sub(1).filter(|&owner| owner > cue.line.tokens.start && self.is_possessive(owner));
        let phrase = owner
            .and_then(|owner| self.phrase_before(owner, &cue.line))
            .filter(|phrase| self.looks_like_speaker(phrase));
        if phrase.is_none() && self.lower(at + 1) != "that" {
            return None;
        }
        let start = at + 1 + usize::from(self.lower(at + 1) == "that");
        let head = phrase.as_ref().map_or(at, |phrase| phrase.all.start);
        let source = phrase.map_or(Source::Nobody, Source::Phrase);
        Some(Placed {
            cue,
            source,
            relay: None,
            side: Side::Right(start),
            rule: "statement-noun-of-speech",
            head,
            tail: start,
        })
    }

    fn place_hearsay(&self, cue: Cue) -> Placed {
        let head = cue.tokens.start;
        let start = self.clause_start(head, &cue.line);
        let side = if start < head { Side::Both(head, cue.tokens.end) } else { Side::Right(cue.tokens.end) };
        let tail = cue.tokens.end;
        Placed { cue, source: Source::Nobody, relay: None, side, rule: "hearsay", head, tail }
    }

    fn place_passive(&self, cue: Cue, subject_end: usize, agent: usize) -> Option<Placed> {
        let phrase = self.phrase_after(agent, &cue.line).filter(|phrase| self.looks_like_speaker(phrase))?;
        let between = cue.tokens.end..agent - 1;
        let side = if between.is_empty() {
            Side::Left(subject_end)
        } else {
            Side::Both(subject_end, cue.tokens.end)
        };
        let (head, tail) = (cue.tokens.start, phrase.all.end);
        Some(Placed {
            cue,
            source: Source::Phrase(phrase),
            relay: None,
            side,
            rule: "statement-passive",
            head,
            tail,
        })
    }

    /// Tells on which side of a verb with its subject before it the content stands, and where its frame ends.
    fn side(&self, cue: &Cue, frame: Frame, head: usize) -> Option<(Side, usize)> {
        let line = &cue.line;
        let after = match frame {
            Frame::Told => self.after_addressee(cue.tokens.end, line),
            _ => cue.tokens.end,
        };
        let tail = match frame {
            Frame::Object | Frame::As => after,
            _ => self.after_occasion(after, line),
        };
        let right = self.right_start(tail, frame, line);
        let left =
            self.left_edge(head, line).or_else(|| self.bare_edge(head, line).filter(|_| right.is_none()));
        let left = left.filter(|&left| left > self.first_of(line));
        let left_quote = left.is_some_and(|left| self.ends_quote(left, line));
        let side = match (right, left) {
            (Some(right), Some(left)) if left_quote && self.opens_quote(right, line) => {
                Side::Both(left, right)
            }
            // "The army shelled the town, Venn said in a report that drew on 40 interviews."
            (Some(_), Some(left))
                if frame == Frame::Clause
                    && self.is_clause(left, line)
                    && self.lower(tail) == "that"
                    && tail > after =>
            {
                Side::Left(left)
            }
            // "The toll will rise, Venn told a meeting of the league's ministers."
            (_, Some(left))
                if frame == Frame::Told && self.is_clause(left, line) && self.tells_nothing(after, line) =>
            {
                Side::Left(left)
            }
            (None, Some(left))
                if matches!(frame, Frame::Clause | Frame::That | Frame::Count)
                    && !left_quote
                    && self.is_parenthetical(tail, line) =>
            {
                let adds = self.adds_clause(tail + 1);
                let start = tail + 1 + usize::from(adds);
                if adds || self.is_clause(left, line) { Side::Both(left, start) } else { Side::Right(start) }
            }
            // A quotation before the verb is what is said; what follows is something else.
            (_, Some(left))
                if left_quote
                    && !self.explicit(tail, line)
                    && !matches!(frame, Frame::Object | Frame::As) =>
            {
                Side::Left(left)
            }
            (Some(right), _) => Side::Right(right),
            (None, Some(left))
                if left_quote
                    || matches!(frame, Frame::Clause | Frame::Told) && self.ends_clause(tail, line) =>
            {
                Side::Left(left)
            }
            // "The shells came from the east, the panel found."
            (None, Some(left))
                if matches!(frame, Frame::That | Frame::Count)
                    && self.is_clause(left, line)
                    && self.closes(tail, line) =>
            {
                Side::Left(left)
            }
            // "As the paper reports, shells hit the mill."
            (None, None)
                if frame == Frame::Clause
                    && self.is_mark(tail, ",")
                    && head == line.tokens.start + 1
                    && self.lower(line.tokens.start) == "as"
                    && tail + 4 < line.tokens.end =>
            {
                Side::Right(tail + 1)
            }
            (None, _) if self.is_mark(tail, ":") && self.ends_clause(tail + 1, line) => Side::Next,
            _ => return None,
        };
        Some((side, tail))
    }

    /// Tells whether the words before `end` are a clause rather than an adverbial such as "On Monday,".
    fn is_clause(&self, end: usize, line: &Line) -> bool {
        let start = self.first_of(line);
        let adverbial = Class::PREPOSITION.or(Class::ADVERB).or(Class::TIME).or(Class::SUBORDINATOR);
        // "At least three houses", "about 40 men": a bound or an estimate opens a subject.
        let counted = self.opens_count(start)
            || self.lower(start + 1) == "than"
            || self.is_number(start + 1) && self.lower(start) != "in";
        let opens =
            !self.is(start, adverbial) || counted || self.is(start, Class::NAME.or(Class::DETERMINER));
        end > start + 4 && opens || end > start + 14
    }

    /// Tells whether no clause follows "told" up to the end of the sentence, only those who are told.
    fn tells_nothing(&self, start: usize, line: &Line) -> bool {
        (start..line.tokens.end).all(|at| {
            let verbal = self.is(at, Class::AUXILIARY.or(Class::PRONOUN)) || self.lower(at) == "that";
            !verbal && !self.is_quote(at) && !self.is_mark(at, ":")
        })
    }

    /// Tells whether a clause that was broken off for the speaker goes on: "The bridge, he said, was gone".
    fn is_parenthetical(&self, tail: usize, line: &Line) -> bool {
        let next = tail + 1;
        let joins = self.is(next, Class::CONJUNCTION)
            && !(self.lower(next) == "and" && self.is(next + 1, Class::AUXILIARY));
        let aside =
            self.is(next, Class::SUBORDINATOR.or(Class::PRONOUN)) || self.lower(next).ends_with("ing");
        let goes_on = !aside && !joins || self.adds_clause(next);
        self.is_mark(tail, ",") && next + 2 < line.tokens.end && !self.is_quote(next) && goes_on
    }

    /// Tells whether a clause with a subject of its own is added at the token, which the speaker before it goes on to
    /// say: "Shells hit the mill, the mayor said, | and two people were killed", "| as were the men at the gate".
    fn adds_clause(&self, at: usize) -> bool {
        let subject = at + 1;
        let near = subject..(subject + 10).min(self.len());
        // "And two reporters for the agency saw": what the outlet's own people saw is theirs.
        if near.clone().any(|at| LEXICON.is_not_said_on(self.lower(at))) {
            return false;
        }
        let counted = self.opens_count(subject) || self.counts(subject);
        // "The toll", "the shelling": other subjects may as well tell what the outlet knows.
        let harm = self.is(subject, Class::DETERMINER)
            && near.take(8).any(|at| LEXICON.is_harm(self.lower(at)) || self.lower(at) == "toll");
        self.lower(at) == "and" && (counted || harm) || self.lower(at) == "as" && self.is_be(subject)
    }

    /// Tells whether "that" or a colon announces the content.
    fn explicit(&self, tail: usize, line: &Line) -> bool {
        tail < line.tokens.end && (self.lower(tail) == "that" || self.is_mark(tail, ":"))
    }

    /// Tells whether the sentence ends at the token.
    fn closes(&self, at: usize, line: &Line) -> bool {
        at >= line.tokens.end || self.is_mark(at, ".;!?")
    }

    fn ends_clause(&self, at: usize, line: &Line) -> bool {
        at >= line.tokens.end
            || self.is_mark(at, ",.;:!?–—)")
            || self.is_quote(at)
            || self.is(
                at,
                Class::SUBORDINATOR
                    .or(Class::CONJUNCTION)
                    .or(Class::PREPOSITION)
                    .or(Class::TIME)
                    .or(Class::ADVERB),
            )
            || self.lower(at).ends_with("ing")
            || self.lower(at).ends_with("ly")
    }

    /// Returns the first token of what a verb governs, or `None` if it governs nothing to its right.
    fn right_start(&self, tail: usize, frame: Frame, line: &Line) -> Option<usize> {
        if tail >= line.tokens.end {
            return None;
        }
        let quote = self.after_comma(tail);
        if self.opens_quote(quote, line) {
            return Some(quote);
        }
        // "Called that claim a lie": here "that" points.
        if self.explicit(tail, line) && (frame != Frame::As || self.is_mark(tail, ":")) {
            return Some(tail + 1).filter(|&start| start < line.tokens.end);
        }
        let free = !self.is_mark(tail, ",.;:!?–—)") && !self.is_quote(tail);
        let starts_clause = !self.is(tail, Class::SUBORDINATOR.or(Class::CONJUNCTION))
            || matches!(self.lower(tail), "how" | "why" | "what" | "whether" | "if");
        let fits = match frame {
            Frame::Clause => {
                starts_clause && !self.is(tail, Class::PREPOSITION)
                    || self.opens_count(tail)
                    || self.claims_deed(tail)
                    || self.is(tail, Class::PREPOSITION) && self.has_quote(tail, line)
            }
            Frame::Told => starts_clause,
            Frame::Object => true,
            Frame::As => self.names_as(tail, line) || self.names_what(tail, line),
            Frame::That | Frame::Quote => self.quote_soon(tail, line),
            Frame::Count => self.counts_harm(tail, line) || self.quote_soon(tail, line),
        };
        (free && fits && tail + 1 < line.tokens.end).then_some(tail)
    }

    /// Tells whether a preposition is the bound of a number: "said at least nine people were killed".
    fn opens_count(&self, at: usize) -> bool {
        match self.lower(at) {
            "at" => matches!(self.lower(at + 1), "least" | "most"),
            "up" => self.lower(at + 1) == "to" && self.is_number(at + 2),
            "about" | "around" | "over" | "under" | "between" => self.is_number(at + 1),
            _ => false,
        }
    }

    /// Tells whether a number stands at the token, in digits or in words: "one" is often nobody's number.
    fn counts(&self, at: usize) -> bool {
        self.is_number(at) || numbers::of_word(self.lower(at)).is_some_and(|number| number > 1)
    }

    /// Tells whether somebody claims what he did or what befell him: "claimed | to have killed".
    fn claims_deed(&self, to: usize) -> bool {
        let claims = to.checked_sub(1).is_some_and(|verb| self.lower(verb).starts_with("claim"));
        claims && self.lower(to) == "to" && self.lower(to + 1) == "have"
    }

    /// Tells whether a number of people or harm to them follows: "14 deaths", "the killing of two men".
    fn counts_harm(&self, at: usize, line: &Line) -> bool {
        let is_counted = self.opens_count(at) || self.lower(at + 1) == "than" && self.is_number(at + 2);
        let near = at..line.tokens.end.min(at + if is_counted { 8 } else { 5 });
        let plain = |at: usize| {
            self.is_number(at)
                || self.is(at, Class::DETERMINER)
                || self.is_open_word(at)
                || is_counted && !self.is_mark(at, ",;:") && !self.is(at, Class::SUBORDINATOR)
        };
        near.clone().any(|at| LEXICON.is_harm(self.lower(at)))
            && near.take_while(|&at| !LEXICON.is_harm(self.lower(at))).all(plain)
    }

    fn has_quote(&self, start: usize, line: &Line) -> bool {
        (start..line.tokens.end).any(|at| self.opens_quote(at, line))
    }

    fn quote_soon(&self, start: usize, line: &Line) -> bool {
        (start..(start + 4).min(line.tokens.end)).any(|at| self.opens_quote(at, line))
    }

    /// Tells whether the words before are called what follows: "in what the mayor called | a crime".
    fn names_what(&self, start: usize, line: &Line) -> bool {
        let near = (line.tokens.start + 1).max(start.saturating_sub(9))..start;
        let ends = (start..line.tokens.end).all(|at| !self.is_mark(at, ",;:–—"));
        let named = near
            .rev()
            .take_while(|&at| !self.is_mark(at, ",;:"))
            .any(|at| self.lower(at) == "what" && self.lower(at - 1) == "in");
        self.is(start, Class::DETERMINER) && ends && named
    }

    /// Tells whether a thing is called something: "the raid a crime", "him as a hero".
    fn names_as(&self, start: usize, line: &Line) -> bool {
        let near = start + 1..(start + 14).min(line.tokens.end);
        self.quote_soon(start, line)
            || near.clone().any(|at| self.lower(at) == "as" || self.opens_quote(at, line))
            || near
                .take(6)
                .any(|at| matches!(self.lower(at), "a" | "an") && !self.is(at - 1, Class::PREPOSITION))
    }

    fn after_comma(&self, at: usize) -> usize {
        at + usize::from(self.is_mark(at, ",:"))
    }

    /// Moves past the person who is told.
    fn after_addressee(&self, start: usize, line: &Line) -> usize {
        if self.is(start, Class::OBJECT_PRONOUN.or(Class::PRONOUN))
            || self.is(start, Class::DETERMINER) && !self.is_open_word(start + 1)
        {
            return start + 1;
        }
        let limit = line.tokens.end.min(start + 10);
        let stop = (start..limit).find(|&at| {
            matches!(self.lower(at), "that" | "how" | "why" | "what")
                || self.is_mark(at, ":,.")
                || self.is_quote(at)
        });
        match stop {
            Some(stop)
                if (start..stop).all(|at| {
                    !self.is(at, Class::AUXILIARY.or(Class::PRONOUN)) || self.is(at, Class::NAME)
                }) =>
            {
                stop
            }
            _ => self.addressee_end(start, line),
        }
    }

    /// Guesses where the person told ends and the clause begins: after a run of names, or after one noun.
    fn addressee_end(&self, start: usize, line: &Line) -> usize {
        let mut at = start + usize::from(self.is(start, Class::DETERMINER));
        let named = self.is(at, Class::NAME);
        while at < line.tokens.end && self.is_open_word(at) && self.is(at, Class::NAME) == named {
            at += 1;
            if !named {
                break;
            }
        }
        while at < line.tokens.end
            && self.is(at, Class::OFFICE.or(Class::PLURAL))
            && !self.is(at, Class::NAME)
        {
            at += 1;
        }
        at
    }

    /// Moves past where, when and to whom something is said: "in a statement on Monday".
    fn after_occasion(&self, start: usize, line: &Line) -> usize {
        let mut at = start;
        for _ in 0..5 {
            let next = self.after_one_occasion(at, line);
            if next == at {
                break;
            }
            at = next;
        }
        at
    }

    fn after_one_occasion(&self, start: usize, line: &Line) -> usize {
        if start >= line.tokens.end || self.is_quote(start) {
            return start;
        }
        // "It stressed, however: …"
        if self.is_mark(start, ",") && self.is(start + 1, Class::ADVERB) && self.is_mark(start + 2, ",:") {
            return start + 2;
        }
        let lower = self.lower(start);
        if lower == "this" && self.is(start + 1, Class::TIME) {
            return start + 2;
        }
        if self.is(start, Class::TIME)
            || lower.ends_with("ly")
                && lower.len() > 4
                && !self.is_quote(start + 1)
                && self.is_after_adverb(start + 1, line)
        {
            return start + 1;
        }
        if matches!(lower, "late" | "early") && self.is(start + 1, Class::TIME.or(Class::PREPOSITION)) {
            return start + 1;
        }
        if !self.is(start, Class::PREPOSITION) && lower != "last" || self.opens_count(start) {
            return start;
        }
        let limit = line.tokens.end.min(start + 14);
        let stop = (start + 1..limit)
            .find(|&at| {
                self.lower(at) == "that"
                    || self.is_mark(at, ",.:;–—")
                    || self.is_quote(at)
                    || self.is(at, Class::PRONOUN.or(Class::AUXILIARY)) && !self.is(at, Class::TIME)
            })
            .unwrap_or(limit);
        let occasion = (start + 1..stop).rev().find(|&at| self.is(at, Class::OCCASION.or(Class::TIME)));
        let clean = stop >= line.tokens.end
            || self.lower(stop) == "that"
            || self.is_mark(stop, ",.:")
            || self.is_quote(stop);
        match occasion {
            Some(last) if clean && stop - last < 8 => self.occasion_end(last, stop),
            Some(_) => (start + 1..stop)
                .find(|&at| self.is(at, Class::OCCASION.or(Class::TIME)))
                .filter(|at| at - start < 6)
                .map_or(start, |at| at + 1),
            None if clean && stop < limit && self.lower(stop) == "that" => stop,
            None => start,
        }
    }

    /// After the last word of an occasion the phrase may go on to a mark or "that"; a clause may as well begin.
    fn occasion_end(&self, last: usize, stop: usize) -> usize {
        let rest = last + 1..stop;
        if self.is_mark(stop, ".")
            || rest.is_empty()
            || self.lower(stop) == "that"
            || self.is(last + 1, Class::PREPOSITION)
        {
            stop
        } else {
            last + 1
        }
    }

    fn is_after_adverb(&self, at: usize, line: &Line) -> bool {
        at >= line.tokens.end
            || self.lower(at) == "that"
            || self.is_mark(at, ",.:")
            || self.is(at, Class::PREPOSITION.or(Class::TIME))
    }

    /// Returns the end of what stands before a speaker or cue, without the comma between them.
    fn left_edge(&self, head: usize, line: &Line) -> Option<usize> {
        if head <= line.tokens.start {
            return None;
        }
        let mut end = head;
        while end > line.tokens.start && self.is(end - 1, Class::DETERMINER) {
            end -= 1;
        }
        if end > line.tokens.start && self.is_mark(end - 1, ",–—-") && !self.ends_quote(end, line) {
            return Some(end - 1).filter(|&end| end > line.tokens.start);
        }
        let direct = self.ends_quote(end, line);
        let according = LEXICON.according.iter().any(|words| self.lower(head) == words[0]);
        (direct || according).then_some(end)
    }

    /// Returns the end of the clause before a speaker in a text that came without commas: "Shells hit a mill | the mayor
    /// said".
    fn bare_edge(&self, head: usize, line: &Line) -> Option<usize> {
        let mut end = head;
        while end > line.tokens.start && self.is(end - 1, Class::DETERMINER) {
            end -= 1;
        }
        // "What the mayor said", "than the mayor said", "on what the mayor said".
        let governs = Class::PREPOSITION
            .or(Class::SUBORDINATOR)
            .or(Class::CONJUNCTION)
            .or(Class::PRONOUN)
            .or(Class::AUXILIARY);
        let is_governed =
            end > line.tokens.start && self.is(end - 1, governs) && !self.is(end - 1, Class::NAME);
        let open = end > line.tokens.start && !is_governed;
        (self.is_bare && open && self.is_clause(end, line)).then_some(end)
    }

    /// Cuts the end of the clause before off a speaker in a text that came without commas: "in Lesk | state media said".
    fn without_place(&self, phrase: Phrase) -> Phrase {
        let opens = |&at: &usize| {
            let nation = self.is(at, Class::NATION) && self.is(at - 1, Class::NAME);
            let state = self.lower(at) == "state" && self.is_open_word(at + 1) && !self.is(at, Class::NAME);
            (nation || state) && self.is_open_word(at - 1) && !self.is(at - 1, Class::NATION)
        };
        let at = (phrase.all.start + 1..phrase.all.end).find(opens);
        match at.filter(|_| self.is_bare) {
            Some(at) => self.phrase(at..phrase.all.end).unwrap_or(phrase),
            None => phrase,
        }
    }

    /// Returns the first token of the line that is no mark and no conjunction.
    fn first_of(&self, line: &Line) -> usize {
        let mut start = self.after_dateline(line);
        while start + 1 < line.tokens.end
            && (self.is(start, Class::CONJUNCTION) || self.is_mark(start, ",–—-:.…"))
        {
            start += 1;
        }
        start
    }

    /// Moves past "TESMIN, March 12 (Agency) -": a place in capitals before a dash that stands apart.
    fn after_dateline(&self, line: &Line) -> usize {
        let start = line.tokens.start;
        let place = self.doc.word(start);
        let capitals = place.chars().count() > 2 && place.chars().all(char::is_uppercase);
        let dash = (start + 1..line.tokens.end.min(start + 20))
            .find(|&at| self.is_mark(at, "-–—") && !self.joined_left(at) && !self.joined_left(at + 1));
        dash.filter(|_| capitals).map_or(start, |dash| dash + 1)
    }

    /// Returns the first token of the clause that ends at `end`.
    fn clause_start(&self, end: usize, line: &Line) -> usize {
        let mut start = self.first_of(line).min(end);
        let mut at = start;
        while at < end {
            if self.is_mark(at, ";") {
                start = at + 1;
            }
            at = self.next(at, line);
        }
        start
    }

    /// Cuts the content of a placed cue.
    fn cut(&self, placed: Placed, barriers: &[bool]) -> Reading {
        let line = placed.cue.line.clone();
        let mut content = Vec::new();
        let (mut left_end, mut right_start) = (None, None);
        match placed.side {
            Side::Left(end) => left_end = Some(end),
            Side::Right(start) => right_start = Some(start),
            // ", the mayor said, | and the army denied it": what is added is another's.
            Side::Both(end, start)
                if start > end + 2 && barriers[start - 2] && self.adds_clause(start - 1) =>
            {
                left_end = Some(end);
            }
            Side::Both(end, start) => (left_end, right_start) = (Some(end), Some(start)),
            Side::Next | Side::Cites => {}
        }
        if let Some(end) = left_end {
            content.extend(self.left_content(end, &line));
        }
        if let Some(start) = right_start {
            content.extend(self.right_content(start, &line, barriers));
        }
        // "Rebels reportedly shelled a school" is one proposition, with the adverb in its middle.
        if let (CueKind::Hearsay, [left, right]) = (&placed.cue.kind, &content[..]) {
            let whole = left.start..right.end.max(left.end);
            content.clear();
            content.push(whole);
        }
        if matches!(placed.cue.kind, CueKind::By)
            && let Some(first) = content.first_mut()
        {
            let comma = (first.start..first.end).rev().find(|&at| self.is_mark(at, ",–—"));
            first.start = comma.map_or(first.start, |comma| comma + 1);
        }
        // "The list has 14 deaths | documented by the panel": the number is the panel's, the rest is not.
        if let (CueKind::Passive { counts: true, .. }, Some(first)) = (&placed.cue.kind, content.first_mut())
        {
            let near = first.start.max(first.end.saturating_sub(COUNTED))..first.end;
            let number = near.clone().rev().find(|&at| self.counts(at) || self.opens_count(at));
            match (number, near.rev().find(|&at| LEXICON.is_harm(self.lower(at)))) {
                // "The killing of two men".
                (Some(number), Some(harm)) if harm < number => {
                    first.start = harm - usize::from(self.is(harm - 1, Class::DETERMINER));
                }
                (Some(number), Some(_)) => first.start = number,
                _ => content.clear(),
            }
        }
        let speaks_before = placed.rule == "statement-participle" && placed.head == placed.cue.tokens.start;
        let frame = placed.head.min(placed.cue.tokens.start)..placed.tail.max(placed.cue.tokens.end);
        Reading {
            cue: placed.cue.tokens,
            stance: placed.cue.stance,
            rule: placed.rule,
            source: placed.source,
            relay: placed.relay,
            awaits_quote: matches!(placed.side, Side::Next),
            speaks_before,
            content,
            frame,
            line,
        }
    }

    /// Cuts what stands before the speaker: a quotation alone, or the clause with what it quotes.
    fn left_content(&self, end: usize, line: &Line) -> Option<Range<usize>> {
        if self.ends_quote(end, line) {
            let open = self.prev(end, line);
            let start = self.first_of(line);
            // Words before the quotation belong to what is said: `The raid was "a crime", she said`.
            let from = if open > start && !self.is_mark(open - 1, ":") {
                self.clause_start(open, line)
            } else {
                open
            };
            return Some(from..end);
        }
        let start = self.clause_start(end, line);
        (start < end).then_some(start..end)
    }

    /// Cuts what follows: up to the next attribution or the end of the sentence, and to the end of a quotation
    /// that runs on.
    fn right_content(&self, start: usize, line: &Line, barriers: &[bool]) -> Option<Range<usize>> {
        let mut at = start;
        while at < line.tokens.end && (at == start || !barriers[at]) {
            let aside = at > start + 3 || at > start && self.lower(at + 1) == "which";
            if self.is_mark(at, ";") || aside && self.is_aside_by_reporter(at) {
                break;
            }
            let next = self.next(at, line);
            at = if next > at + 1 { next } else { at + 1 };
        }
        let mut end = at;
        while end > start
            && !self.ends_quote(end, line)
            && self.is_mark(end - 1, ".,;:!?–—")
            && !self.joined_abbreviation(end - 1)
        {
            end -= 1;
        }
        (start < end).then_some(start..end)
    }

    /// Tells whether the comma or dash at the token opens what a reporter adds: ", which …", ", the latest in …".
    fn is_aside_by_reporter(&self, at: usize) -> bool {
        let word = self.lower(at + 1);
        let added = matches!(
            word,
            "which" | "amid" | "prompting" | "raising" | "sparking" | "triggering" | "drawing"
        ) || word == "the" && self.lower(at + 2) == "latest"
            || word == "a"
                && matches!(
                    self.lower(at + 2),
                    "claim" | "charge" | "statement" | "figure" | "sign" | "move" | "reference" | "day"
                );
        self.is_mark(at, ",–—") && added
    }

    fn joined_abbreviation(&self, at: usize) -> bool {
        self.doc.word(at).len() > 1 && self.doc.word(at) != "..."
    }
}
