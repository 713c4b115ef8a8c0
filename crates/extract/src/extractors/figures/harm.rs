//! What happened to those counted, told by the words of harm in the same sentence.

use std::ops::Range;

use language::{Doc, TokenKind};
use model::Measure;

use super::counted::Counted;
use super::lexicon::{About, Form, Harm, LEXICON, NounKind};

/// A word of harm where it stands.
struct Word {
    tokens: Range<usize>,
    meanings: Vec<Harm>,
    /// Whether it found those it befalls.
    is_placed: bool,
}

/// Tells of each count what happened to those counted, as far as the sentence says.
pub(super) fn place(doc: &Doc<'_>, sentence: &Range<usize>, counted: &mut [Counted]) {
    if counted.is_empty() {
        return;
    }
    let words = words(doc, sentence, counted);
    let mut placing = Placing { doc, sentence: sentence.clone(), counted, words };
    placing.beside();
    placing.further_left();
    placing.taken_up();
    placing.listed();
    placing.joined();
    placing.tolls();
    placing.by_noun();
    placing.parts();
}

/// Finds the words of harm outside the counts, with "killed or wounded" as one.
fn words(doc: &Doc<'_>, sentence: &Range<usize>, counted: &[Counted]) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    let mut at = sentence.start;
    let mut next_count = 0;
    while at < sentence.end {
        while counted.get(next_count).is_some_and(|counted| counted.tokens.end <= at) {
            next_count += 1;
        }
        let inside = counted.get(next_count).is_some_and(|counted| counted.tokens.contains(&at));
        // "Played dead".
        let played = at > sentence.start && matches!(doc.lower(at - 1), "played" | "playing" | "play");
        let harm = LEXICON.harms.at(doc, at, sentence.end).filter(|_| !inside && !played);
        let Some((meanings, end)) = harm else {
            at += 1;
            continue;
        };
        match found.last_mut().and_then(|last| both(doc, last, meanings, at).map(|both| (last, both))) {
            Some((last, both)) => (last.tokens.end, last.meanings) = (end, both),
            None => found.push(Word { tokens: at..end, meanings: meanings.clone(), is_placed: false }),
        }
        at = end;
    }
    found
}

/// Joins "killed" and "wounded" with "or" or "and" between them: the figure does not tell them apart.
fn both(doc: &Doc<'_>, first: &Word, second: &[Harm], at: usize) -> Option<Vec<Harm>> {
    let gap = first.tokens.end..at;
    let joins = matches!(gap.len(), 1..=2) && matches!(doc.lower(gap.start), "or" | "and");
    let adverb = gap.len() == 1 || LEXICON.auxiliaries.contains(doc.lower(gap.end - 1));
    if !joins || !adverb {
        return None;
    }
    let (one, other) = (first.meanings.first()?, second.first()?);
    let measure = match (one.measure, other.measure) {
        (Measure::Killed, Measure::Injured) | (Measure::Injured, Measure::Killed) => Measure::KilledOrInjured,
        (Measure::KilledOrInjured, Measure::Killed | Measure::Injured) => Measure::KilledOrInjured,
        (Measure::ObjectHits, Measure::ObjectsDestroyed)
        | (Measure::ObjectsDestroyed, Measure::ObjectHits) => Measure::ObjectHits,
        (one, other) if one == other => one,
        _ => return None,
    };
    Some(vec![Harm { measure, ..*one }])
}

struct Placing<'s, 't> {
    doc: &'s Doc<'t>,
    sentence: Range<usize>,
    counted: &'s mut [Counted],
    words: Vec<Word>,
}

/// The auxiliaries in front of a word of harm.
struct VerbGroup {
    start: usize,
    is_passive: bool,
}

/// How far behind "the death toll" its number may stand.
const TOLL_REACH: usize = 60;

/// How far before its verb a subject may stand.
const REACH: usize = 30;

impl Placing<'_, '_> {
    fn lower(&self, at: usize) -> &str {
        if self.sentence.contains(&at) { self.doc.lower(at) } else { "" }
    }

    fn group(&self, word: usize) -> VerbGroup {
        let mut start = self.words[word].tokens.start;
        let first = self.sentence.start.max(start.saturating_sub(7));
        let mut is_passive = false;
        // Quotation marks may stand between: they were “at risk”.
        let is_quote = |at: usize| self.doc.tokens()[at].kind == TokenKind::Quote;
        while start > first && (LEXICON.auxiliaries.contains(self.lower(start - 1)) || is_quote(start - 1)) {
            start -= 1;
            is_passive |= LEXICON.copulas.contains(self.lower(start));
        }
        VerbGroup { start, is_passive }
    }

    fn ending_at(&self, at: usize) -> Option<usize> {
        let found = self.counted.partition_point(|counted| counted.tokens.end < at);
        self.counted.get(found).is_some_and(|counted| counted.tokens.end == at).then_some(found)
    }

    fn starting_from(&self, at: usize) -> Option<usize> {
        let found = self.counted.partition_point(|counted| counted.tokens.start < at);
        (found < self.counted.len()).then_some(found)
    }

    /// Gives the count at `index` the measure of the word, if the word can befall what is counted.
    fn give(&mut self, word: usize, index: usize, forms: &[Form]) -> bool {
        let objects =
            |counted: &Counted| counted.noun.as_ref().is_some_and(|noun| noun.kind == NounKind::Objects);
        // "40 homes were destroyed and 15 damaged".
        let of_objects = index > 0 && objects(&self.counted[index - 1]);
        let counted = &mut self.counted[index];
        let takes =
            |about| counted.suits(about) || (of_objects && counted.noun.is_none() && about == About::Objects);
        let suits = |harm: &&Harm| forms.contains(&harm.form) && takes(harm.about);
        let known = counted.noun.as_ref().is_none_or(|noun| noun.is_known);
        let says = |harm: &&Harm| suits(harm) && (known || harm.measure != Measure::Exposed);
        // "Two missiles hit a school": what flies is what struck, not what was struck.
        let best =
            self.words[word].meanings.iter().filter(says).max_by_key(|harm| harm.about == About::Munitions);
        let Some(harm) = best else { return false };
        if counted.measure.is_none() {
            counted.measure = Some(harm.measure);
            counted.harm = Some(self.words[word].tokens.clone());
            counted.is_part |= self.doc.lower(self.words[word].tokens.start) == "among";
            if harm.about == About::Objects {
                as_objects(counted);
            }
        }
        self.words[word].is_placed = true;
        true
    }

    /// "12 people were killed", "killing 12 people".
    fn beside(&mut self) {
        for word in 0..self.words.len() {
            let group = self.group(word);
            let Range { start, end } = self.words[word].tokens;
            let object = self.object(end);
            let is_bare = group.start == start;
            // "Two gunmen killed 12 people": with an object right behind it, what stands before it acts.
            let acts = !group.is_passive
                && (!is_bare || object.is_some_and(|i| self.counted[i].tokens.start == end));
            let left = self.ending_at(group.start);
            let right_forms = [Form::Acting, Form::Transitive, Form::Present];
            let left_forms: &[Form] = if acts && !is_bare {
                &[Form::Intransitive, Form::State]
            } else {
                &[Form::Transitive, Form::Intransitive, Form::State]
            };
            if acts {
                let taken = object.is_some_and(|object| self.give(word, object, &right_forms));
                if taken {
                    continue;
                }
            }
            if left.is_some_and(|left| self.give(word, left, left_forms)) || group.is_passive {
                continue;
            }
            if let Some(object) = object {
                self.give(word, object, &right_forms);
            }
        }
    }

    /// Returns the count that begins at `at`, or behind one or two words that may come between.
    fn object(&self, at: usize) -> Option<usize> {
        let index = self.starting_from(at)?;
        let gap = at..self.counted[index].tokens.start;
        let between = |at: usize| {
            let word = self.lower(at);
            word.ends_with("ly")
                || matches!(word, "an" | "the" | "as" | "up" | "to" | "instantly" | "his" | "their" | "its")
        };
        (gap.len() <= 2 && gap.clone().all(between)).then_some(index)
    }

    /// "12 people, including 4 children, were killed": past what stands between commas, or a place.
    fn further_left(&mut self) {
        for word in 0..self.words.len() {
            let group = self.group(word);
            let has_group = group.start < self.words[word].tokens.start;
            let intransitive = self.words[word].meanings.iter().any(|harm| harm.form == Form::Intransitive);
            if self.words[word].is_placed || !(has_group || intransitive) {
                continue;
            }
            let forms: &[Form] = if group.is_passive {
                &[Form::Transitive, Form::Intransitive, Form::State]
            } else {
                &[Form::Intransitive, Form::State]
            };
            if let Some(subject) = self.subject_before(group.start) {
                self.give(word, subject, forms);
            }
        }
    }

    /// "I pulled out two girls, and neither of them was breathing": the pronoun takes up those counted before.
    fn taken_up(&mut self) {
        for word in 0..self.words.len() {
            let start = self.words[word].tokens.start;
            if self.words[word].is_placed || !matches!(self.lower(start), "neither" | "none") {
                continue;
            }
            let before = self.counted.partition_point(|counted| counted.tokens.end <= start);
            let open = |&at: &usize| self.counted[at].measure.is_none() && self.counted[at].noun.is_some();
            if let Some(counted) = (0..before).rev().find(open) {
                self.give(word, counted, &[Form::State]);
            }
        }
    }

    fn subject_before(&self, verb: usize) -> Option<usize> {
        let first = self.sentence.start.max(verb.saturating_sub(REACH));
        // A relative pronoun or an aside between commas is passed over.
        let mut end = verb;
        if matches!(self.lower(end.wrapping_sub(1)), "who" | "that" | "which") {
            end -= 1;
            return self.ending_at(end).or_else(|| self.past_place(first, end));
        }
        if end > first && matches!(self.lower(end - 1), "," | "—" | "–" | ")") {
            let opening = |at: &usize| matches!(self.lower(*at), "," | "—" | "–" | "(");
            let mut commas = (first..end - 1).rev().filter(opening);
            return commas.find_map(|comma| {
                let subject = self.ending_at(comma).or_else(|| self.past_place(first, comma));
                subject.filter(|index| !self.counted[*index].is_part)
            });
        }
        self.past_place(first, end)
    }

    /// "12 people in the town were killed": nothing but a phrase of place stands between.
    fn past_place(&self, first: usize, verb: usize) -> Option<usize> {
        let index = self.counted.partition_point(|counted| counted.tokens.end <= verb).checked_sub(1)?;
        let gap = self.counted[index].tokens.end..verb;
        let places = matches!(
            self.lower(gap.start),
            "in" | "at" | "from" | "near" | "on" | "aboard" | "inside" | "of" | "across" | "around"
        );
        // "Three bridges leading out of the town have been destroyed".
        let places = places || (self.lower(gap.start).ends_with("ing") && gap.len() > 1);
        let plain = |at: usize| {
            let word = self.lower(at);
            word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '\'' | '’'))
                && !matches!(word, "and" | "but" | "while" | "said" | "that")
                && !LEXICON.copulas.contains(word)
        };
        (gap.start >= first && gap.len() <= 16 && places && gap.clone().all(plain)).then_some(index)
    }

    /// "12 civilians and three soldiers were killed", "killing 12 civilians and three soldiers".
    fn joined(&mut self) {
        for i in (1..self.counted.len()).rev() {
            self.share(i, i - 1);
        }
        for i in 1..self.counted.len() {
            self.share(i - 1, i);
        }
    }

    /// Leads the measure of one count to its neighbour, if only "and" or a comma stands between the two.
    fn share(&mut self, from: usize, to: usize) {
        let (first, second) = (from.min(to), from.max(to));
        let gap = self.counted[first].tokens.end..self.counted[second].tokens.start;
        let joint = |at: usize| {
            matches!(
                self.lower(at),
                "and"
                    | ","
                    | "as"
                    | "well"
                    | "plus"
                    | "along"
                    | "with"
                    | "but"
                    | "or"
                    | "to"
                    | "possibly"
                    | "potentially"
                    | "perhaps"
                    | "maybe"
                    | "likely"
            )
        };
        let (Some(measure), None) = (self.counted[from].measure, self.counted[to].measure) else { return };
        let about = about(measure);
        let known = self.counted[to].noun.as_ref().is_some_and(|noun| noun.is_known);
        if gap.len() <= 4
            && !self.counted[to].is_part
            && !gap.is_empty()
            && gap.clone().all(joint)
            && known
            && self.counted[to].suits(about)
        {
            self.counted[to].measure = Some(measure);
            self.counted[to].harm = self.counted[from].harm.clone();
            if about == About::Objects {
                as_objects(&mut self.counted[to]);
            }
        }
    }

    /// "The death toll has risen to 13": the number that the toll comes to.
    fn tolls(&mut self) {
        let mut at = self.sentence.start;
        while at < self.sentence.end {
            let Some((&measure, end)) = LEXICON.tolls.at(self.doc, at, self.sentence.end) else {
                at += 1;
                continue;
            };
            let toll = at..end;
            at = end;
            let comes_to = |counted: &&mut Counted| {
                let before = counted.tokens.start.checked_sub(1).map_or("", |at| self.doc.lower(at));
                counted.tokens.start >= end
                    && counted.tokens.start < end + TOLL_REACH
                    && counted.measure.is_none()
                    && counted.suits(About::People)
                    && LEXICON.toll_joints.contains(before)
            };
            if let Some(counted) = self.counted.iter_mut().find(comes_to) {
                counted.measure = Some(measure);
                counted.harm = Some(toll);
            }
        }
    }

    /// "12 deaths", "5 million refugees", "12 wounded soldiers".
    fn by_noun(&mut self) {
        for counted in self.counted.iter_mut().filter(|counted| counted.measure.is_none()) {
            counted.measure = counted.noun.as_ref().and_then(|noun| noun.measure);
        }
    }

    /// "Including four children and two nurses, and nine others were wounded": the list goes on with the nurses, and
    /// ends before those who have a word of harm of their own.
    fn listed(&mut self) {
        for i in 1..self.counted.len() {
            let joined = self.counted[i - 1].is_part && self.is_list(i);
            self.counted[i].is_part |= joined && self.counted[i].measure.is_none();
        }
    }

    /// "Including 4 children": what happened to the whole happened to its part.
    fn parts(&mut self) {
        for i in 1..self.counted.len() {
            if self.counted[i].is_part && self.counted[i].measure.is_none() && !self.is_aside(i) {
                let whole =
                    self.counted[..i].iter().rev().find(|whole| whole.measure.is_some() && !whole.is_part);
                let whole = whole.map(|whole| (whole.measure, whole.harm.clone()));
                (self.counted[i].measure, self.counted[i].harm) = whole.unwrap_or_default();
            }
        }
    }

    /// "One of whom was pregnant" tells about somebody already counted.
    fn is_aside(&self, i: usize) -> bool {
        let counted = &self.counted[i];
        let of_them = matches!(self.lower(counted.tokens.end - 1), "whom" | "them");
        of_them && counted.noun.is_none() && counted.group.is_none()
    }

    fn is_list(&self, i: usize) -> bool {
        let mut gap = self.counted[i - 1].tokens.end..self.counted[i].tokens.start;
        gap.len() <= 2 && gap.all(|at| matches!(self.lower(at), "and" | ","))
    }
}

fn about(measure: Measure) -> About {
    match measure {
        Measure::ObjectHits | Measure::ObjectsDestroyed => About::Objects,
        Measure::Attacks => About::Munitions,
        _ => About::People,
    }
}

/// Takes a noun that the lexicon does not know for objects, since the word of harm befalls objects.
fn as_objects(counted: &mut Counted) {
    if let Some(noun) = counted.noun.as_mut().filter(|noun| !noun.is_known) {
        noun.kind = NounKind::Objects;
    }
}
