//! The frames in which a verb attributes: "said that", "accused them of", "called for".

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::tree::Paragraph;

/// How a verb governs what is said, by the labels of its children.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Frame {
    /// A clause: "said that the bridge was gone".
    Clause,
    /// An object and an infinitive: "urged them to leave".
    ObjectTo,
    /// An infinitive: "refused to leave".
    To,
    /// An object and its name: "called the raid a crime".
    Naming,
    /// An object: "denied the report".
    Object,
    /// A predicate: "seemed tired", "was dubbed a hero".
    Predicate,
    /// The passive with a preposition: "was accused of".
    PassiveWith(String),
    /// The passive with its agent: "was confirmed by".
    PassiveBy,
    /// The passive alone.
    Passive,
    /// A preposition: "called for".
    With(String),
    /// An adverbial clause, as which the engine reads some quotations.
    Adverbial,
    /// Nothing.
    Alone,
}

/// A verb with what it governs.
#[derive(Debug, Clone)]
pub(super) struct Governing {
    pub(super) verb: usize,
    pub(super) lemma: String,
    pub(super) frame: Frame,
    /// The heads of what it governs; of a preposition, the preposition.
    pub(super) heads: Vec<usize>,
}

/// The verbs and nouns of attribution. The frames hold lemmas; membership was weighed by how often a verb attributes in
/// news, and widened by the verb classes of Levin (1993): say, talk, declare, judgement, admire, want.
#[derive(Deserialize)]
pub(super) struct Lexicon {
    /// Verbs beside which a quotation is theirs.
    pub(super) speech: HashSet<String>,
    /// Verbs whose clause attributes nothing: "made", "let", "ensured". Every other verb's does.
    not_clause: HashSet<String>,
    to: HashSet<String>,
    object_to: HashSet<String>,
    object: HashSet<String>,
    naming: HashSet<String>,
    predicate: HashSet<String>,
    alone: HashSet<String>,
    adverbial: HashSet<String>,
    preposition: HashMap<String, HashSet<String>>,
    passive_preposition: HashMap<String, HashSet<String>>,
    passive: HashSet<String>,
    passive_agent: HashSet<String>,
    /// Verbs whose subject belongs to what is said: "seems", "is expected".
    pub(super) raising: HashSet<String>,
    /// Verbs whose passive subject hears and does not speak: "was told".
    pub(super) told: HashSet<String>,
    /// Verbs between a subject and its predicate.
    pub(super) linking: HashSet<String>,
    /// Adjectives of feeling and belief: "afraid that", "opposed to".
    pub(super) attitudes: HashSet<String>,
    /// Nouns whose clause is said: "the claim that".
    pub(super) nouns: HashSet<String>,
    pub(super) hedges: HashSet<String>,
    /// Verbs that add little to a noun of saying or attitude: "made", "expressed".
    pub(super) light: HashSet<String>,
    /// The nouns that they are used with: "case", "support".
    pub(super) deeds: HashSet<String>,
    /// Verbs that tell of the phase of another verb: "went on", "tried".
    pub(super) phase: HashSet<String>,
    /// Irregular forms with their lemmas.
    irregular: HashMap<String, String>,
}

/// The lexicon, parsed once.
pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../lexicons/attribution.json"))
        .expect("a test parses the lexicon that is compiled in")
});

impl Lexicon {
    /// Tells whether a verb attributes in its frame.
    pub(super) fn attributes(&self, governing: &Governing) -> bool {
        let lemma = &governing.lemma;
        let with = |table: &HashMap<String, HashSet<String>>, preposition: &str| {
            table.get(preposition).is_some_and(|verbs| verbs.contains(lemma))
        };
        match &governing.frame {
            Frame::Clause => !self.not_clause.contains(lemma),
            Frame::ObjectTo => self.object_to.contains(lemma),
            Frame::To => self.to.contains(lemma),
            Frame::Naming => self.naming.contains(lemma),
            Frame::Object => self.object.contains(lemma),
            Frame::Predicate => self.predicate.contains(lemma),
            Frame::PassiveWith(preposition) => with(&self.passive_preposition, preposition),
            Frame::PassiveBy => self.passive_agent.contains(lemma),
            Frame::Passive => self.passive.contains(lemma),
            Frame::With(preposition) => with(&self.preposition, preposition),
            Frame::Adverbial => self.adverbial.contains(lemma),
            Frame::Alone => self.alone.contains(lemma),
        }
    }

    /// Returns the lemma of a form, as far as the lexicon holds it; else the form.
    pub(super) fn lemma(&self, form: &str, tag: &str) -> String {
        if let Some(lemma) = self.irregular.get(form) {
            return lemma.clone();
        }
        stems(form, tag).into_iter().find(|stem| self.knows(stem)).unwrap_or_else(|| form.to_owned())
    }

    fn knows(&self, lemma: &str) -> bool {
        let tables = self.preposition.values().chain(self.passive_preposition.values());
        let lists = [
            &self.speech,
            &self.not_clause,
            &self.to,
            &self.object_to,
            &self.object,
            &self.naming,
            &self.predicate,
            &self.alone,
            &self.adverbial,
            &self.passive,
            &self.passive_agent,
            &self.raising,
            &self.linking,
            &self.light,
            &self.phase,
        ];
        lists.into_iter().chain(tables).any(|verbs| verbs.contains(lemma))
    }
}

/// Returns what the form may be a form of, the likeliest first: "noted" is of "note" before "not".
fn stems(form: &str, tag: &str) -> Vec<String> {
    let undoubled = |stem: &str| {
        let mut letters = stem.chars().rev();
        let doubled = letters.next().is_some_and(|last| Some(last) == letters.next());
        doubled.then(|| stem[..stem.len() - stem.chars().next_back().map_or(0, char::len_utf8)].to_owned())
    };
    let strip = |ending: &str| form.strip_suffix(ending);
    match tag {
        "VBG" => strip("ing").map_or_else(Vec::new, |stem| {
            [format!("{stem}e"), stem.to_owned()].into_iter().chain(undoubled(stem)).collect()
        }),
        "VBD" | "VBN" => match (strip("ied"), strip("ed")) {
            (Some(stem), _) => vec![format!("{stem}y"), format!("{stem}ie")],
            (None, Some(stem)) => {
                [format!("{stem}e"), stem.to_owned()].into_iter().chain(undoubled(stem)).collect()
            }
            (None, None) => Vec::new(),
        },
        "VBZ" => match (strip("ies"), strip("s")) {
            (Some(stem), _) => vec![format!("{stem}y"), format!("{stem}ie")],
            (None, Some(stem)) => {
                [stem.to_owned()].into_iter().chain(stem.strip_suffix('e').map(str::to_owned)).collect()
            }
            (None, None) => Vec::new(),
        },
        _ => Vec::new(),
    }
}

impl Paragraph<'_> {
    /// Reads the verb at a word with its frame; `None` for an auxiliary or another word.
    pub(super) fn governing(&self, verb: usize) -> Option<Governing> {
        let participle = self.tag(verb) == "VBN" && self.label(verb) == "amod";
        let auxiliary = matches!(self.label(verb), "aux" | "auxpass");
        // "According to" is a preposition in all but name.
        if !self.is_verb(verb) || participle || auxiliary || self.lower(verb) == "according" {
            return None;
        }
        let (frame, heads) = self.frame(verb);
        Some(Governing { verb, lemma: LEXICON.lemma(self.lower(verb), self.tag(verb)), frame, heads })
    }

    fn frame(&self, verb: usize) -> (Frame, Vec<usize>) {
        let clauses = self.labelled(verb, &["ccomp"]);
        if !clauses.is_empty() {
            return (Frame::Clause, clauses);
        }
        let infinitives = self.labelled(verb, &["xcomp"]);
        let objects = self.labelled(verb, &["dobj"]);
        let predicates = self.labelled(verb, &["oprd", "acomp", "attr"]);
        let joined = |more: &[usize]| objects.iter().chain(more).copied().collect();
        match (objects.is_empty(), infinitives.is_empty(), predicates.is_empty()) {
            (false, false, _) => (Frame::ObjectTo, joined(&infinitives)),
            (true, false, _) => (Frame::To, infinitives),
            (false, true, false) => (Frame::Naming, joined(&predicates)),
            (false, true, true) => (Frame::Object, objects),
            (true, true, false) => (Frame::Predicate, predicates),
            (true, true, true) => self.oblique_frame(verb),
        }
    }

    /// Reads the frame of a verb without clause, infinitive, object and predicate.
    fn oblique_frame(&self, verb: usize) -> (Frame, Vec<usize>) {
        let preposition = self.children(verb).find(|&at| {
            at > verb && self.label(at) == "prep" && self.child(at, &["pobj", "pcomp"]).is_some()
        });
        let passive = self.tag(verb) == "VBN" && self.child(verb, &["auxpass"]).is_some();
        let name = |at: usize| self.lower(at).to_owned();
        match (passive, preposition) {
            (true, Some(at)) => (Frame::PassiveWith(name(at)), vec![at]),
            (true, None) => match self.child(verb, &["agent"]) {
                Some(agent) => (Frame::PassiveBy, vec![agent]),
                None => (Frame::Passive, Vec::new()),
            },
            (false, Some(at)) => (Frame::With(name(at)), vec![at]),
            (false, None) => match self.children(verb).find(|&at| at > verb && self.label(at) == "advcl") {
                Some(clause) => (Frame::Adverbial, vec![clause]),
                None => (Frame::Alone, Vec::new()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lexicon_parses() {
        assert!(LEXICON.speech.contains("say"));
    }

    #[test]
    fn forms_lead_to_lemmas() {
        let lemma = |form: &str, tag: &str| LEXICON.lemma(form, tag);
        assert_eq!(lemma("noted", "VBD"), "note");
        assert_eq!(lemma("denies", "VBZ"), "deny");
        assert_eq!(lemma("planning", "VBG"), "plan");
        assert_eq!(lemma("told", "VBD"), "tell");
        assert_eq!(lemma("żed", "VBD"), "żed");
    }
}
