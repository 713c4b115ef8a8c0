//! Formal acts that are no speech: verdicts, charges, inquiries.

use std::ops::Range;
use std::sync::LazyLock;

use model::Standard;
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use serde::Deserialize;

use super::lexicon::{Class, LEXICON};
use super::words::{Line, Words};

/// A formal act, at the tokens of its clause.
#[derive(Debug, Clone)]
pub(super) struct Act {
    pub(super) clause: Range<usize>,
    pub(super) verb: Range<usize>,
    /// Who decided, if the clause says so.
    pub(super) authority: Option<Range<usize>>,
    pub(super) standard: Standard,
    /// The tokens beside the verb where its day may stand: "on Friday convicted", "opened an inquiry on Monday into".
    pub(super) occasion: Range<usize>,
    /// Whether "we" or "I" decide: then the speaker of the quotation does.
    pub(super) own_words: bool,
}

/// The words of formal acts.
#[derive(Deserialize)]
pub(crate) struct Formal {
    authorities: HashSet<String>,
    monitors: HashSet<String>,
    concluding: HashMap<String, HashSet<String>>,
    verdicts: HashMap<String, HashSet<String>>,
    inquiries: HashSet<String>,
    opening: HashSet<String>,
    calling: HashSet<String>,
    declining: HashSet<String>,
    bench: HashSet<String>,
    grave: HashSet<String>,
}

/// The lexicon of formal acts, parsed once.
pub(crate) static FORMAL: LazyLock<Formal> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../lexicons/determinations.json"))
        .expect("a test parses the lexicon that is compiled in")
});

impl Formal {
    /// Tells whether words name somebody who can decide: a state, a court, a body of inquiry.
    pub(crate) fn is_authority(&self, name: &str) -> bool {
        LEXICON.nation(name).is_some() || any_word(name, &self.authorities)
    }

    /// Tells whether the words are no more than "judges" or "court", which a fuller name stands behind.
    pub(crate) fn is_bench(&self, name: &str) -> bool {
        self.bench.contains(name)
    }

    /// Tells whether words name a body that watches over the law and publishes what it finds.
    pub(crate) fn is_monitor(&self, name: &str) -> bool {
        any_word(name, &self.monitors)
    }

    /// Tells whether words are about harm, law or responsibility.
    pub(crate) fn is_grave(&self, words: &str) -> bool {
        any_word(words, &self.grave)
    }

    /// Returns the standard of a verb of judgement: "assessed", "found".
    pub(crate) fn concluding(&self, verb: &str) -> Option<Standard> {
        standard_of(&self.concluding, &verb.to_lowercase())
    }
}

fn any_word(words: &str, list: &HashSet<String>) -> bool {
    words.split(|c: char| !c.is_alphanumeric() && c != '.').any(|word| {
        let lower = word.to_lowercase();
        list.contains(&lower) || list.contains(lower.trim_end_matches('.'))
    })
}

fn standard_of(table: &HashMap<String, HashSet<String>>, verb: &str) -> Option<Standard> {
    table.iter().find(|(_, verbs)| verbs.contains(verb)).and_then(|(name, _)| Standard::from_name(name))
}

/// How many grave words make a report one on harm: then a verdict in it need not name the crime again.
const GRAVE_REPORT: usize = 4;

impl Words<'_> {
    /// Finds verdicts, charges and inquiries on grave matters.
    pub(super) fn formal_acts(&self) -> Vec<Act> {
        let grave =
            (0..self.len()).filter(|&at| FORMAL.grave.contains(self.lower(at))).take(GRAVE_REPORT).count();
        let whole = grave == GRAVE_REPORT;
        (0..self.len())
            .filter_map(|at| {
                self.verdict_at(at, whole).or_else(|| self.inquiry_at(at)).or_else(|| self.own_finding_at(at))
            })
            .collect()
    }

    /// Reads "was convicted of", "sentenced two soldiers for", "charged with".
    fn verdict_at(&self, at: usize, grave_report: bool) -> Option<Act> {
        let standard = standard_of(&FORMAL.verdicts, self.lower(at))?;
        let line = self.line(at);
        let lead = self.lead(at, &line);
        let passive = (lead.end..at).any(|at| self.is_be(at));
        let charged = standard != Standard::Charged
            || matches!(self.lower(at), "indicted" | "arraigned")
            || (at..line.tokens.end.min(at + 12)).any(|at| self.lower(at) == "with");
        let clause = self.act_clause(lead.end, at, &line);
        if !charged || !grave_report && !FORMAL.is_grave(self.text(line.tokens.clone())) {
            return None;
        }
        let authority = if passive { self.agent(at, &line) } else { self.deciding_subject(lead.end, &line) };
        // Two courses are open to a verb in the active voice: its subject decides, or it is an adjective.
        (passive || authority.is_some()).then(|| Act {
            clause,
            verb: at..at + 1,
            authority,
            standard,
            occasion: lead.end..at,
            own_words: false,
        })
    }

    /// Reads "we have verified that" in a quotation. "We found" is left alone: it may be of a thing in the rubble.
    fn own_finding_at(&self, at: usize) -> Option<Act> {
        let standard = FORMAL.concluding(self.lower(at))?;
        let line = self.line(at);
        line.level?;
        let lead = self.lead(at, &line);
        let own = self.is_own(lead.end.checked_sub(1)?, &line);
        let near = at + 1..line.tokens.end.min(at + 10);
        let stated = near.clone().any(|at| self.lower(at) == "that");
        let grave = FORMAL.is_grave(self.text(at..line.tokens.end));
        let firm = !matches!(self.lower(at), "find" | "found" | "rule" | "ruled");
        (own && stated && grave && firm && !lead.is_unreal()).then(|| Act {
            clause: self.act_clause(lead.end, at, &line),
            verb: at..at + 1,
            authority: None,
            standard,
            occasion: lead.end..at,
            own_words: true,
        })
    }

    /// Tells whether the token is "we" or "I", inside a quotation.
    fn is_own(&self, at: usize, line: &Line) -> bool {
        line.level.is_some() && line.tokens.contains(&at) && matches!(self.lower(at), "we" | "i")
    }

    /// Reads "opened an inquiry into", "called for an investigation", "declined to prosecute".
    fn inquiry_at(&self, at: usize) -> Option<Act> {
        let lower = self.lower(at);
        let standard = if FORMAL.opening.contains(lower) {
            Standard::InquiryOpened
        } else if FORMAL.calling.contains(lower) {
            Standard::CalledFor
        } else if FORMAL.declining.contains(lower) {
            Standard::Declined
        } else {
            return None;
        };
        let line = self.line(at);
        let near = at + 1..line.tokens.end.min(at + 8);
        let inquiry = near.clone().find(|&at| FORMAL.inquiries.contains(self.lower(at)))?;
        let direct = (at + 1..inquiry).all(|at| {
            let light = Class::DETERMINER.or(Class::PREPOSITION).or(Class::CONJUNCTION).or(Class::ADVERB);
            self.is(at, light)
                || self.is_open_word(at) && !FORMAL.grave.contains(self.lower(at))
                || self.is_mark(at, "-")
        });
        let lead = self.lead(at, &line);
        let authority = self.deciding_subject(lead.end, &line);
        let grave = FORMAL.is_grave(self.text(line.tokens.clone()));
        let clause = self.act_clause(lead.end, at, &line);
        let joined = matches!(self.lower(lead.end.saturating_sub(1)), "and" | "but");
        let subject = if joined { line.tokens.start } else { lead.end.saturating_sub(1) };
        let own_words = authority.is_none() && self.is_own(subject, &line);
        let into = (inquiry..line.tokens.end.min(inquiry + 8))
            .find(|&at| matches!(self.lower(at), "into" | "of" | "over" | "for"))
            .unwrap_or(inquiry);
        (direct && grave && (authority.is_some() || own_words)).then_some(Act {
            clause,
            verb: at..at + 1,
            authority,
            standard,
            occasion: lead.end..into,
            own_words,
        })
    }

    fn deciding_subject(&self, end: usize, line: &Line) -> Option<Range<usize>> {
        let phrase = self.phrase_before(end, line)?;
        FORMAL.is_authority(self.text(phrase.all.clone())).then_some(phrase.mention)
    }

    /// Finds "by the tribunal", "at a court in Varden" after a verb in the passive voice.
    fn agent(&self, verb: usize, line: &Line) -> Option<Range<usize>> {
        let near = verb + 1..line.tokens.end.min(verb + 40);
        near.filter(|&at| matches!(self.lower(at), "by" | "at" | "in" | "before")).find_map(|at| {
            let phrase = self.phrase_after(at + 1, line)?;
            let decides = (phrase.all.clone()).take(6).any(|at| FORMAL.authorities.contains(self.lower(at)));
            decides.then_some(phrase.mention)
        })
    }

    fn act_clause(&self, subject_end: usize, verb: usize, line: &Line) -> Range<usize> {
        let phrase = self.phrase_before(subject_end, line);
        let own = subject_end > line.tokens.start && self.is_own(subject_end - 1, line);
        let start = match phrase {
            _ if own => subject_end - 1,
            Some(phrase) => phrase.all.start,
            None => subject_end.min(verb),
        };
        let mut end = line.tokens.end;
        while end > verb + 1 && self.is_mark(end - 1, ".,;:!?") {
            end -= 1;
        }
        start.max(line.tokens.start)..end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lexicon_parses() {
        assert!(FORMAL.is_authority("the Varden district court"));
        assert!(!FORMAL.is_authority("Ada Venn"));
        assert_eq!(FORMAL.concluding("assessed"), Some(Standard::Assessed));
    }
}
