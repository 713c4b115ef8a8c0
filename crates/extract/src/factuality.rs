//! How firmly the words state an event: as a fact, as likely, as possible, or as not so.

use std::ops::Range;
use std::sync::LazyLock;

use language::Doc;
use language::engine::Token;
use model::Certainty;
use rustc_hash::FxHashSet as HashSet;
use serde::Deserialize;

use crate::syntax::{Parsed, Syntax};

/// What the words say of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Factuality {
    /// How firmly it is told.
    pub certainty: Certainty,
    /// Whether it is told as something that is not so, or does not come about.
    pub negated: bool,
    /// Whether it is left open: in a condition or an indirect question.
    pub open: bool,
}

#[derive(Deserialize)]
struct Lexicon {
    negators: HashSet<String>,
    /// Verbs and nouns whose object or complement does not come about.
    endings: HashSet<String>,
    denials: HashSet<String>,
    /// Verbs whose object is what they make.
    making: HashSet<String>,
    /// Verbs whose subject is what comes about.
    happening: HashSet<String>,
    /// Acts that come to nothing where they are denied: who did not try did not succeed.
    undertakings: HashSet<String>,
    /// Words that leave it to somebody whether to do what follows.
    permissions: HashSet<String>,
    possible: Degree,
    probable: Degree,
    /// Verbs of saying, which assert what they govern.
    reports: HashSet<String>,
    /// Words that open a condition or an indirect question.
    open: HashSet<String>,
}

#[derive(Deserialize)]
struct Degree {
    modals: HashSet<String>,
    /// Words whose complement is no firmer than this.
    governors: HashSet<String>,
    /// Words that stand beside what they weaken.
    adverbs: HashSet<String>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../lexicons/factuality.json"))
        .expect("the lexicon is part of the program and a test parses it")
});

/// How many heads above an event are asked: a bound that keeps the time linear in a long sentence.
const REACH: usize = 6;

/// Tells for each range of bytes how the text states the event that it names, in the order of the ranges. A range
/// that holds no word is told as certain.
///
/// What is looked at is the grammar of the sentence alone: modal verbs, negation, verbs such as "plan", "appear" or
/// "cancel" above the event, and adverbs beside it. It says nothing of whether the event took place.
pub fn factuality(text: &str, events: &[Range<usize>]) -> Vec<Factuality> {
    let lines = text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some(start..start + line.trim_end().len())
    });
    let doc = Doc::read(text, &lines.collect::<Vec<_>>());
    let syntax = Syntax::of(&doc);
    events.iter().map(|event| stated(&doc, &syntax, event)).collect()
}

fn stated(doc: &Doc<'_>, syntax: &Syntax<'_>, event: &Range<usize>) -> Factuality {
    let plain = Factuality { certainty: Certainty::Certain, negated: false, open: false };
    let Some(first) = doc.tokens().get(doc.token_at(event.start)) else { return plain };
    let parsed = syntax.sentence(first.sentence());
    let Some(head) = head(parsed, event) else { return plain };
    Event { head }.stated()
}

/// Returns the token of an event that governs the others.
fn head<'p>(parsed: &'p Parsed, event: &Range<usize>) -> Option<Token<'p>> {
    let first = parsed.token_at(event.start)?;
    let inside = |token: &Token<'_>| event.contains(&parsed.bytes(*token).start);
    let mut head = first;
    // A name or idiom is short; its head is found from its first word upwards.
    for _ in 0..REACH {
        if head.head().index() == head.index() || !inside(&head.head()) {
            break;
        }
        head = head.head();
    }
    Some(head)
}

struct Event<'p> {
    head: Token<'p>,
}

fn is(token: Token<'_>, words: &HashSet<String>) -> bool {
    words.contains(token.text().to_lowercase().as_str())
}

fn is_verb(token: Token<'_>) -> bool {
    token.tag().starts_with('V')
}

impl Event<'_> {
    fn stated(&self) -> Factuality {
        let mut token = self.head;
        let mut found =
            Factuality { certainty: beside(token), negated: is_negated(token), open: is_open(token) };
        for _ in 0..REACH {
            let above = token.head();
            if above.index() == token.index() || !bears_on(token) || is_given(token) {
                break;
            }
            found.certainty = found.certainty.max(firmness(token));
            // "Never stopped": two that cancel each other.
            found.negated ^= is_ended(token) ^ (shares_negation(token) && is_negated(above));
            found.open |= shares_clause(token) && is_open(above);
            if is(above, &LEXICON.reports) || token.label() == "pobj" {
                break;
            }
            token = above;
        }
        found
    }
}

/// Tells whether the word above a token may bear on how it is stated.
fn bears_on(token: Token<'_>) -> bool {
    match token.label() {
        "xcomp" | "ccomp" | "pcomp" | "conj" | "attr" | "oprd" | "acomp" | "nsubjpass" | "acl" | "csubj" => {
            true
        }
        "nsubj" => happens(token.head()),
        "dobj" => !is_verb(token),
        "pobj" => matches!(token.head().text(), "of" | "in" | "to" | "from"),
        "advcl" => token.tag() == "VB" || is_open(token),
        _ => false,
    }
}

/// Tells whether a token names what is there already, whatever is said of the words above it: "the losses reported", and
/// the reports in "tried to answer the reports".
fn is_given(token: Token<'_>) -> bool {
    let above = token.head();
    let described = token.label() == "acl" && matches!(token.tag(), "VBN" | "VBG");
    let acted_on = token.label() == "dobj" && !is(above, &LEXICON.making);
    let governs = is(above, &LEXICON.possible.governors) || is(above, &LEXICON.probable.governors);
    let ends = is(above, &LEXICON.endings) || is(above, &LEXICON.denials);
    (described || acted_on) && !governs && !ends
}

/// Tells whether a verb says of its subject that it comes about: "took place".
fn happens(verb: Token<'_>) -> bool {
    let place = |below: Token<'_>| below.label() == "dobj" && below.text() == "place";
    is(verb, &LEXICON.happening) || verb.dependents().any(place)
}

/// Tells whether a token stands in the clause of the word above it.
fn shares_clause(token: Token<'_>) -> bool {
    matches!(token.label(), "dobj" | "xcomp" | "conj" | "attr" | "acomp" | "oprd")
}

/// Tells how firmly the adverbs and modal verbs of an event state it.
fn beside(token: Token<'_>) -> Certainty {
    let degree = |below: Token<'_>| match below.label() {
        "aux" if is(below, &LEXICON.possible.modals) && !is_ability(token, below) => Certainty::Possible,
        "advmod" | "amod" if is(below, &LEXICON.possible.adverbs) => Certainty::Possible,
        "advmod" | "amod" if is(below, &LEXICON.probable.adverbs) => Certainty::Probable,
        _ => Certainty::Certain,
    };
    token.dependents().map(degree).max().unwrap_or(Certainty::Certain)
}

/// Tells whether a modal verb says what a thing is made for: "a gun that can fire 20 miles".
fn is_ability(verb: Token<'_>, modal: Token<'_>) -> bool {
    verb.label() == "relcl" && modal.text() == "can"
}

/// Tells how firm a token is under the word above it.
fn firmness(token: Token<'_>) -> Certainty {
    let degree = governed(token);
    // "May have an impact": what is made is as firm as the making.
    let shared = match token.label() {
        "attr" | "nsubj" | "nsubjpass" | "xcomp" | "dobj" => true,
        "conj" => continues(token),
        _ => false,
    };
    if shared { degree.max(beside(token.head())) } else { degree }
}

/// Tells how firm the word that governs a token leaves it.
fn governed(token: Token<'_>) -> Certainty {
    let governor = governor(token);
    let governed = match token.label() {
        "xcomp" | "ccomp" | "acl" | "pcomp" | "oprd" | "pobj" => true,
        // "Expected the talks to fail": what is expected is the failure.
        "dobj" | "nsubjpass" => !governor.dependents().any(is_deed),
        _ => false,
    };
    let dropped = is(governor, &LEXICON.undertakings) && is_negated(governor);
    let left_to = || token.label() == "xcomp" && is(governor, &LEXICON.permissions);
    match () {
        () if !governed || dropped => Certainty::Certain,
        () if is(governor, &LEXICON.possible.governors) || left_to() => Certainty::Possible,
        () if is(governor, &LEXICON.probable.governors) => Certainty::Probable,
        () => Certainty::Certain,
    }
}

/// Tells a clause that says more of its subject than that it comes about: "to fail", not "to be in May".
fn is_deed(clause: Token<'_>) -> bool {
    let told = |below: Token<'_>| matches!(below.label(), "acomp" | "attr");
    let comes = happens(clause) || clause.text() == "be" && !clause.dependents().any(told);
    matches!(clause.label(), "xcomp" | "ccomp") && !comes
}

/// Returns the word that a token completes: the head, or the noun before "of" as in "plans of the army to leave".
fn governor(token: Token<'_>) -> Token<'_> {
    let above = token.head();
    let belongs = |noun: Token<'_>| noun.label() == "pobj" && noun.head().text() == "of";
    match token.label() {
        "pobj" if above.text() == "of" => above.head(),
        "acl" if token.tag() == "VB" && belongs(above) => above.head().head(),
        _ => above,
    }
}

/// Tells whether a word in a row leans on the modal verb of the first: "may hit and destroy", not "may fall and has
/// been left".
fn continues(token: Token<'_>) -> bool {
    let own = |below: Token<'_>| matches!(below.label(), "nsubj" | "nsubjpass" | "aux" | "auxpass");
    !is_verb(token) || token.tag() == token.head().tag() && !token.dependents().any(own)
}

fn is_negated(token: Token<'_>) -> bool {
    let negator = |below: Token<'_>| {
        matches!(below.label(), "neg" | "det" | "preconj" | "advmod") && is(below, &LEXICON.negators)
    };
    let without = matches!(token.label(), "pcomp" | "pobj") && is(token.head(), &LEXICON.negators);
    without || token.dependents().any(negator)
}

/// Tells whether the words around a token say that it is stopped, cancelled or denied.
fn is_ended(token: Token<'_>) -> bool {
    let (label, above) = (token.label(), token.head());
    let denied = matches!(label, "ccomp" | "pcomp" | "dobj") && is(above, &LEXICON.denials);
    let stopped = matches!(label, "xcomp" | "dobj" | "nsubjpass" | "pcomp") && is(above, &LEXICON.endings);
    // "A delay in the delivery".
    let noun = label == "pobj" && is(above.head(), &LEXICON.endings);
    denied || stopped || noun
}

/// Tells whether the "not" of the word above holds for a token too: "not a surprise", "did not try to leave".
fn shares_negation(token: Token<'_>) -> bool {
    match token.label() {
        "attr" | "acomp" | "oprd" => true,
        "xcomp" => !is(token.head(), &LEXICON.reports),
        "conj" => {
            let subject = |below: Token<'_>| matches!(below.label(), "nsubj" | "nsubjpass");
            token.tag() == token.head().tag() && !token.dependents().any(subject)
        }
        _ => false,
    }
}

/// Tells whether a clause is a condition or an indirect question.
fn is_open(token: Token<'_>) -> bool {
    token.dependents().any(|below| matches!(below.label(), "mark" | "advmod") && is(below, &LEXICON.open))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::{Expect, expect};

    use super::*;

    /// Tells of each word in brackets how it is stated.
    fn check(sentences: &[&str], expected: Expect) {
        let mut found = String::new();
        for sentence in sentences {
            let start = sentence.find('[').unwrap();
            let text = sentence.replace(['[', ']'], "");
            let end = sentence.find(']').unwrap() - 1;
            let told = factuality(&text, std::slice::from_ref(&(start..end)))[0];
            let negated = if told.negated { " negated" } else { "" };
            let open = if told.open { " open" } else { "" };
            writeln!(found, "{:?}{negated}{open} <- {sentence}", told.certainty).unwrap();
        }
        expected.assert_eq(&found);
    }

    #[test]
    fn modals_and_governors() {
        check(
            &[
                "Shells [hit] the mill.",
                "Shells may have [hit] the mill.",
                "The raid could cause a [shortage].",
                "The brigade plans to [leave] Śniegów.",
                "The mill appears to be [burning].",
                "He is believed to be [hiding] in the hills.",
                "The envoy said the guns [fell] silent.",
                "The guns will probably [fall] silent.",
            ],
            expect![[r#"
                Certain <- Shells [hit] the mill.
                Possible <- Shells may have [hit] the mill.
                Possible <- The raid could cause a [shortage].
                Probable <- The brigade plans to [leave] Śniegów.
                Possible <- The mill appears to be [burning].
                Probable <- He is believed to be [hiding] in the hills.
                Certain <- The envoy said the guns [fell] silent.
                Probable <- The guns will probably [fall] silent.
            "#]],
        );
    }

    #[test]
    fn what_is_there_already() {
        check(
            &[
                "The brigade tried to answer the [reports].",
                "They expected the convoy to carry the 40 tons [needed].",
                "They expected the [talks] to fail.",
                "They expect a [raid].",
                "The gun may fire tonight and has been [moved] to Śniegów.",
                "The gun may fire and [kill].",
            ],
            expect![[r#"
                Certain <- The brigade tried to answer the [reports].
                Certain <- They expected the convoy to carry the 40 tons [needed].
                Certain <- They expected the [talks] to fail.
                Probable <- They expect a [raid].
                Certain <- The gun may fire tonight and has been [moved] to Śniegów.
                Possible <- The gun may fire and [kill].
            "#]],
        );
    }

    #[test]
    fn permission_and_ability() {
        check(
            &[
                "Families were allowed to [leave].",
                "The pass allows families to [leave].",
                "It is a gun that can [fire] at night.",
                "They were able to [flee].",
                "They were unable to [flee].",
            ],
            expect![[r#"
                Possible <- Families were allowed to [leave].
                Certain <- The pass allows families to [leave].
                Certain <- It is a gun that can [fire] at night.
                Certain <- They were able to [flee].
                Certain negated <- They were unable to [flee].
            "#]],
        );
    }

    #[test]
    fn subjects_that_come_about() {
        check(
            &[
                "The [raid] could begin tonight.",
                "The [siege] may take place.",
                "The [delivery] is scheduled for May.",
                "The [delivery] is expected to be in May.",
                "The [delivery] is expected to fail.",
                "They have plans of the army to [attack].",
            ],
            expect![[r#"
                Possible <- The [raid] could begin tonight.
                Possible <- The [siege] may take place.
                Probable <- The [delivery] is scheduled for May.
                Probable <- The [delivery] is expected to be in May.
                Certain <- The [delivery] is expected to fail.
                Probable <- They have plans of the army to [attack].
            "#]],
        );
    }

    #[test]
    fn undertakings_denied() {
        check(
            &["The brigade did not try to [leave].", "The brigade does not seem to [leave]."],
            expect![[r#"
                Certain negated <- The brigade did not try to [leave].
                Possible negated <- The brigade does not seem to [leave].
            "#]],
        );
    }

    #[test]
    fn negation_and_ending() {
        check(
            &[
                "The guns did not [fire].",
                "There was no [raid] on the mill.",
                "The army stopped [shelling] the mill.",
                "The [convoy] was cancelled.",
                "It was not a [siege].",
                "The ministry denied that it had [fired].",
                "They left without [firing].",
                "They never stopped [firing].",
            ],
            expect![[r#"
                Certain negated <- The guns did not [fire].
                Certain negated <- There was no [raid] on the mill.
                Certain negated <- The army stopped [shelling] the mill.
                Certain negated <- The [convoy] was cancelled.
                Certain negated <- It was not a [siege].
                Certain negated <- The ministry denied that it had [fired].
                Certain negated <- They left without [firing].
                Certain <- They never stopped [firing].
            "#]],
        );
    }

    #[test]
    fn open_clauses() {
        check(
            &["It was not clear whether the gate [fell].", "If the gate [falls], they will leave."],
            expect![[r#"
                Certain open <- It was not clear whether the gate [fell].
                Certain open <- If the gate [falls], they will leave.
            "#]],
        );
    }
}
