//! Verbs, nouns and phrases that attribute: where they stand, and what stands around the verb.

use std::ops::Range;

use super::Stance;
use super::lexicon::{Class, Frame, LEXICON, Shape, Verb};
use super::words::{Line, Words};

/// A word or phrase that attributes.
#[derive(Debug, Clone)]
pub(super) struct Cue {
    pub(super) tokens: Range<usize>,
    pub(super) stance: Stance,
    pub(super) kind: CueKind,
    pub(super) line: Line,
}

/// How a cue takes its speaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CueKind {
    /// A verb in the active voice.
    Verb { frame: Frame, shape: Shape, lead: Lead },
    /// "According to": the speaker follows.
    According,
    /// "By some estimates": the speaker follows, and the content stands before.
    By,
    /// "The claim that": a noun governs the clause.
    Noun,
    /// "Is thought to", "reportedly": nobody says it.
    Hearsay,
    /// "Is considered … by": a verb in the passive voice with its agent.
    Passive {
        /// Where the subject ends.
        subject_end: usize,
        /// The token after "by".
        agent: usize,
        /// Whether the verb tells who counted harm.
        counts: bool,
    },
}

/// What stands between the subject and its verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lead {
    /// The token after the subject.
    pub(super) end: usize,
    /// "Did not say", "could say", "to say": nothing is reported.
    unreal: bool,
    /// "Was said".
    passive: bool,
    /// "To say".
    infinitive: bool,
}

impl Lead {
    /// Tells whether the verb is negated, or under a modal verb.
    pub(super) fn is_unreal(self) -> bool {
        self.unreal
    }
}

/// How far behind a verb the word may stand that it needs, in tokens: "held the head of the police responsible".
const BESIDE: usize = 10;

impl Words<'_> {
    /// Finds the cues, in order; no two share a token.
    pub(super) fn cues(&self) -> Vec<Cue> {
        let mut found: Vec<Cue> = Vec::new();
        let mut at = 0;
        while at < self.len() {
            let cue = self.cue_at(at);
            at = cue.as_ref().map_or(at + 1, |cue| cue.tokens.end);
            found.extend(cue);
        }
        found
    }

    fn cue_at(&self, at: usize) -> Option<Cue> {
        if !self.kind_is_word(at) {
            return None;
        }
        self.according_at(at)
            .or_else(|| self.by_source_at(at))
            .or_else(|| self.hearsay_at(at))
            .or_else(|| self.verb_at(at))
            .or_else(|| self.noun_at(at))
    }

    fn kind_is_word(&self, at: usize) -> bool {
        self.kind(at) == language::TokenKind::Word
    }

    fn matches(&self, at: usize, words: &[String]) -> bool {
        words.iter().enumerate().all(|(i, word)| self.lower(at + i) == word)
    }

    fn according_at(&self, at: usize) -> Option<Cue> {
        let words = LEXICON.according.iter().find(|words| self.matches(at, words))?;
        let tokens = at..at + words.len();
        Some(Cue { tokens, stance: Stance::Neutral, kind: CueKind::According, line: self.line(at) })
    }

    fn by_source_at(&self, at: usize) -> Option<Cue> {
        let line = self.line(at);
        let near = at + 1..(at + 4).min(line.tokens.end);
        let plain = |at| self.is_open_word(at) || self.is(at, Class::DETERMINER);
        let source = near.clone().find(|&at| LEXICON.is_by_source(self.lower(at)));
        // "Killed by officials." names who did it.
        let closes = |source: usize| {
            self.lower(source) != "officials"
                && (source + 1 >= line.tokens.end || self.is_mark(source + 1, ",.;"))
        };
        let names_source = self.lower(at) == "by"
            && source.is_some_and(|source| {
                near.clone().all(plain) || closes(source) && (near.start..source).all(plain)
            });
        names_source.then(|| Cue { tokens: at..at + 1, stance: Stance::Estimating, kind: CueKind::By, line })
    }

    fn hearsay_at(&self, at: usize) -> Option<Cue> {
        let line = self.line(at);
        let adverb = LEXICON.is_hedge(self.lower(at));
        let thought = LEXICON.is_thought_to(self.lower(at)) && {
            let lead = self.lead(at, &line);
            lead.passive && !lead.unreal && matches!(self.lower(at + 1), "to" | "that")
        };
        let stance = if adverb { Stance::Distancing } else { Stance::Estimating };
        (adverb || thought).then(|| Cue { tokens: at..at + 1, stance, kind: CueKind::Hearsay, line })
    }

    fn verb_at(&self, at: usize) -> Option<Cue> {
        let line = self.line(at);
        let ends = |at: usize| {
            self.is(at, Class::CONJUNCTION.or(Class::AUXILIARY))
                || self.is_mark(at, ",;:")
                || matches!(self.lower(at), "who" | "which")
        };
        let is_beside = |verb: &Verb| {
            let mut near = (at + 1..(at + 1 + BESIDE).min(line.tokens.end)).take_while(|&at| !ends(at));
            verb.beside.is_empty() || near.any(|at| verb.beside.iter().any(|word| word == self.lower(at)))
        };
        let mut verbs = LEXICON
            .verbs(self.lower(at))
            .iter()
            .filter(|verb| self.matches(at + 1, &verb.after) && is_beside(verb))
            .peekable();
        let &first = verbs.peek()?;
        if self.is(at, Class::NAME) && at != line.tokens.start {
            return None;
        }
        let lead = self.lead(at, &line);
        let tokens = at..at + 1 + first.after.len();
        let is_counted = first.frame == Frame::Count && self.lower(tokens.end) == "by";
        if (lead.passive || is_counted) && first.shape == Shape::Past {
            return self.passive_at(tokens, first, &lead, line);
        }
        // "Put" is its own past.
        let verb = verbs
            .filter(|verb| verb.after == first.after)
            .find(|verb| self.reads_as_verb(at, verb, &lead))?;
        let tokens = at..at + 1 + verb.after.len();
        let kind = CueKind::Verb { frame: verb.frame, shape: verb.shape, lead };
        Some(Cue { tokens, stance: verb.stance, kind, line })
    }

    /// Reads "was condemned by": the agent is the speaker. Without an agent nobody speaks.
    fn passive_at(&self, tokens: Range<usize>, verb: &Verb, lead: &Lead, line: Line) -> Option<Cue> {
        let reach = tokens.end..(tokens.end + 16).min(line.tokens.end);
        let by = reach.clone().find(|&at| self.lower(at) == "by")?;
        let stopped = (tokens.end..by).any(|at| self.is_mark(at, ",;:") || self.is_quote(at));
        let counts = verb.frame == Frame::Count;
        let speaks = match counts {
            // "Recorded in areas held by the army": whoever holds them counted nobody.
            true => by == tokens.end,
            false => matches!(verb.frame, Frame::Object | Frame::As) && !stopped,
        };
        // "Quoted by the agency as saying" is read at "saying".
        let relays = matches!(self.lower(tokens.start), "quoted" | "cited");
        let kind = CueKind::Passive { subject_end: lead.end, agent: by + 1, counts };
        // "Is seen in pictures released by": nobody says what they see.
        (speaks && !lead.unreal && !relays && verb.by.is_empty()).then_some(Cue {
            tokens,
            stance: verb.stance,
            kind,
            line,
        })
    }

    /// Tells a verb from a noun or an adjective of the same form.
    fn reads_as_verb(&self, at: usize, verb: &Verb, lead: &Lead) -> bool {
        if lead.unreal && verb.frame != Frame::Told && !self.quotes_beside(at) {
            return false;
        }
        let Some(before) = lead.end.checked_sub(1) else {
            return matches!(verb.shape, Shape::Past | Shape::Participle);
        };
        // "Would investigate reports that": an infinitive is no subject.
        let infinitive = before.checked_sub(1).is_some_and(|at| {
            self.is(at, Class::MODAL) || self.lower(at) == "to" && self.is_open_word(before)
        });
        if lead.end == at && self.is(at, Class::NOUN_TOO) && infinitive && !self.is(before, Class::NAME) {
            return false;
        }
        if !verb.by.is_empty() && !verb.by.iter().any(|word| word == self.lower(before)) {
            return false;
        }
        let direct = lead.end == at;
        // "A man suspected of giving": others suspect him.
        if direct
            && verb.shape == Shape::Past
            && verb.frame == Frame::Object
            && verb.after.is_empty()
            && self.lower(at + 1) == "of"
        {
            return false;
        }
        match verb.shape {
            Shape::Base | Shape::Present if self.is(at, Class::NOUN_TOO) => {
                let subject =
                    Class::NAME.or(Class::PRONOUN).or(Class::PLURAL).or(Class::BODY).or(Class::OFFICE);
                // "State media": a base form needs a plural subject.
                let plural =
                    self.is(before, Class::PLURAL.or(Class::PRONOUN)) || self.lower(before).ends_with('s');
                if verb.shape == Shape::Base && direct && !plural && !lead.infinitive {
                    return false;
                }
                // "Dismissed as lies reports that": of several, nobody "reports".
                let word = self.lower(before);
                let several = self.doc.word(before) == word
                    && self.is_open_word(before)
                    && word.ends_with('s')
                    && !word.ends_with("ss")
                    && !word.ends_with("us")
                    && word != "news";
                if verb.shape == Shape::Present && direct && several {
                    return false;
                }
                // "The fighter claims some of them": after a noun, an article cannot follow another noun.
                let governs = verb.shape == Shape::Present
                    && self.is_open_word(before)
                    && self.is(at + 1, Class::DETERMINER)
                    && !self.is(at + 1, Class::PREPOSITION);
                let verbal = !direct
                    || self.is(before, subject)
                    || self.is_mark(before, ",")
                    || self.is_quote(before)
                    || governs;
                verbal && !self.is_after_noun(at + 1)
            }
            Shape::Base => lead.infinitive || self.is_plural_subject(before) || !direct,
            Shape::Past if direct && self.lower(before).ends_with("ing") && self.is_open_word(at + 1) => {
                false
            }
            Shape::Past => {
                !(direct
                    && self.is(before, Class::DETERMINER.or(Class::PREPOSITION))
                    && self.is_open_word(at + 1))
            }
            Shape::Participle => !(direct && self.is(before, Class::DETERMINER)),
            Shape::Present => true,
        }
    }

    fn is_plural_subject(&self, at: usize) -> bool {
        self.is(at, Class::PRONOUN.or(Class::PLURAL).or(Class::NAME))
            || self.lower(at).ends_with('s')
            || self.is_quote(at)
    }

    /// Tells whether what follows shows that the word before it was a noun.
    fn is_after_noun(&self, at: usize) -> bool {
        matches!(self.lower(at), "of" | "from" | "by")
            || self.is(at, Class::AUXILIARY)
            || self.is_mark(at, ".;")
    }

    fn quotes_beside(&self, at: usize) -> bool {
        at > 0 && self.is_quote(at - 1) || self.is_quote(at + 1) || self.is_mark(at + 1, ":")
    }

    fn noun_at(&self, at: usize) -> Option<Cue> {
        let stance = LEXICON.noun(self.lower(at))?;
        let line = self.line(at);
        let governs = self.lower(at + 1) == "that"
            || matches!(self.lower(at + 1), "of" | "for")
                && at > line.tokens.start
                && self.is_possessive(at - 1);
        // "Said in a statement that": the verb governs, and the noun is its occasion.
        let occasion = self.is(at, Class::OCCASION)
            && (at.saturating_sub(3)..at).any(|at| matches!(self.lower(at), "in" | "via" | "through"));
        (governs && !occasion && at + 2 < line.tokens.end).then(|| Cue {
            tokens: at..at + 1,
            stance,
            kind: CueKind::Noun,
            line,
        })
    }

    /// Walks left from a verb over auxiliaries, adverbs and days.
    pub(super) fn lead(&self, verb: usize, line: &Line) -> Lead {
        let mut lead = Lead { end: verb, unreal: false, passive: false, infinitive: false };
        let mut auxiliaries = 0;
        while lead.end > line.tokens.start && verb - lead.end < 12 {
            let at = lead.end - 1;
            if self.is_quote(at) || !self.is_lead(at, verb, lead.end) {
                break;
            }
            lead.passive |= self.is_be(at) && auxiliaries == 0;
            auxiliaries += usize::from(self.is(at, Class::AUXILIARY));
            lead.infinitive |= self.lower(at) == "to";
            let unreal = Class::MODAL.or(Class::NEGATION);
            lead.unreal |= self.is(at, unreal) && !self.is_past_cause(at) && !self.is(at, Class::TIME);
            lead.end = at;
        }
        lead
    }

    /// Tells whether the "to" at the token follows a verb that makes the saying real: "prompted X to warn".
    fn is_past_cause(&self, at: usize) -> bool {
        self.lower(at) == "to"
            && (1..6).any(|back| {
                at.checked_sub(back).is_some_and(|verb| {
                    matches!(
                        self.lower(verb),
                        "prompted"
                            | "prompting"
                            | "led"
                            | "leading"
                            | "caused"
                            | "went"
                            | "goes"
                            | "continued"
                            | "forced"
                    )
                })
            })
    }

    fn is_lead(&self, at: usize, verb: usize, end: usize) -> bool {
        if self.is(at, Class::NAME) {
            return false;
        }
        let lower = self.lower(at);
        let named = self.is(at, Class::AUXILIARY.or(Class::NEGATION).or(Class::ADVERB).or(Class::MODAL));
        let adverb = lower.ends_with("ly") && lower.len() > 4 && !self.is(at, Class::BODY);
        let day = self.is(at, Class::TIME)
            || self.is(at, Class::PREPOSITION) && end < verb && self.is(end, Class::TIME)
            || self.kind(at) == language::TokenKind::Number && end < verb && self.is(end, Class::TIME);
        // "'s" after a noun is a genitive, not "has" or "is".
        let genitive = self.is_possessive(at) && end < verb && self.is_open_word(end);
        (named || adverb || day) && !genitive && !self.is(at, Class::PRONOUN)
    }
}
