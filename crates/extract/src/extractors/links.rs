//! What one claim of a report says of another: a denial, a disclaimer, a correction.
//!
//! The claims stand in the order of their words. A link is drawn only within a report, and only where the words say
//! that there is something to link: a denial without its accusation stays without a link.

use std::ops::Range;
use std::sync::LazyLock;

use language::Doc;
use model::{Act, Allegation, Caveat, Claim, ClaimKind, Figure, Polarity};
use serde::Deserialize;

/// How many claims in front of a denial or a correction are looked at, so that long texts take no longer each.
const BEFORE: usize = 120;

/// How many claims behind it: a denial may be told first.
const BEHIND: usize = 30;

/// How many sentences in front of a disclaimer may hold what it disclaims.
const REACH: usize = 3;

/// How many sentences in front of a denial of "the accusations" one that accuses somebody may stand.
const FURTHEST: usize = 20;

/// How far behind "the reports" the word may stand that calls them untrue, in tokens.
const UNTRUE: usize = 10;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../lexicons/links.json"))
        .expect("the lexicons are part of the program and a test reads them all")
});

#[derive(Deserialize)]
struct Lexicon {
    checking: Vec<String>,
    inability: Vec<String>,
    ability: Vec<String>,
    denying: Vec<String>,
    revising: Vec<String>,
    tallies: Vec<String>,
    versions: Vec<String>,
    earlier: Vec<String>,
    accusing: Vec<String>,
    sayings: Vec<String>,
    untrue: Vec<String>,
}

/// Draws the links between `claims`, which stand in the order of their words.
pub(super) fn add(doc: &Doc<'_>, claims: &mut [Claim]) {
    if claims.is_empty() {
        return;
    }
    let sentences: Vec<usize> = claims.iter().map(|claim| sentence_of(doc, claim)).collect();
    let claims = &mut Linked { doc, claims, sentences };
    for sentence in 0..doc.sentences().len() {
        let tokens = doc.sentences()[sentence].clone();
        if is_disclaimer(doc, tokens.clone()) {
            claims.disclaim(sentence);
        }
        if is_revision(doc, tokens.clone()) {
            claims.revise(sentence);
        }
        if is_correction(doc, tokens) {
            claims.correct(sentence);
        }
    }
    for denial in 0..claims.claims.len() {
        claims.deny(denial);
    }
}

fn sentence_of(doc: &Doc<'_>, claim: &Claim) -> usize {
    let token = doc.token_at(claim.span.start()).min(doc.tokens().len().saturating_sub(1));
    doc.tokens().get(token).map_or(0, |token| token.sentence())
}

/// Claims with the sentences in which they begin.
struct Linked<'a, 'd> {
    doc: &'a Doc<'d>,
    claims: &'a mut [Claim],
    sentences: Vec<usize>,
}

impl Linked<'_, '_> {
    /// Returns the claims that begin in a sentence.
    fn within(&self, sentence: usize) -> Range<usize> {
        let first = self.sentences.partition_point(|&other| other < sentence);
        let last = self.sentences.partition_point(|&other| other <= sentence);
        first..last
    }

    /// Marks the harm told in a sentence, or in the nearest one in front of it that tells any, as not verified.
    fn disclaim(&mut self, sentence: usize) {
        let first = sentence.saturating_sub(REACH);
        let told = (first..=sentence).rev().map(|sentence| self.within(sentence));
        let harm = |range: &Range<usize>| self.claims[range.clone()].iter().any(tells_harm);
        let Some(told) = { told }.find(harm) else { return };
        for claim in &mut self.claims[told] {
            add_caveat(claim, Caveat::Unverified);
        }
    }

    /// Leads the new figure of a revised toll to the one that it replaces.
    fn revise(&mut self, sentence: usize) {
        let figures: Vec<usize> =
            self.within(sentence).filter(|&i| figure(&self.claims[i]).is_some()).collect();
        let behind = |word: &str| figures.iter().copied().find(|&i| self.word_before(i) == word);
        let Some(new) = behind("to").or(figures.last().copied()) else { return };
        let old = behind("from").filter(|&old| old != new).or_else(|| self.earlier_like(new, new));
        self.claims[new].supersedes = old;
    }

    /// Leads a claim to the one that a note of correction takes back: "an earlier version said".
    fn correct(&mut self, sentence: usize) {
        for wrong in self.within(sentence) {
            let right = self.earlier_like(wrong, self.within(sentence).start);
            let after = self.within(sentence + 1).find(|&i| self.is_another(i, wrong));
            if let Some(right) = right.or(after) {
                self.claims[right].supersedes = self.claims[right].supersedes.or(Some(wrong));
            }
        }
    }

    /// Returns the nearest claim in front of the one at `before` that tells the same kind of thing with other values.
    fn earlier_like(&self, claim: usize, before: usize) -> Option<usize> {
        (before.saturating_sub(BEFORE)..before).rev().find(|&i| self.is_another(i, claim))
    }

    /// Tells whether two claims say different things of one matter.
    fn is_another(&self, one: usize, other: usize) -> bool {
        match (&self.claims[one].kind, &self.claims[other].kind) {
            (ClaimKind::Figure(one), ClaimKind::Figure(other)) => counts_alike(one, other),
            (ClaimKind::Allegation(a), ClaimKind::Allegation(b)) => one != other && likeness(a, b) >= ALIKE,
            _ => false,
        }
    }

    /// Returns the lower-case word in front of a claim.
    fn word_before(&self, claim: usize) -> &str {
        let first = self.doc.token_at(self.claims[claim].span.start());
        first.checked_sub(1).map_or("", |before| self.doc.lower(before))
    }

    /// Leads a denial to what it denies.
    fn deny(&mut self, denial: usize) {
        let denied = match &self.claims[denial].kind {
            ClaimKind::Allegation(_) if self.claims[denial].polarity == Polarity::Denied => {
                self.accused(denial)
            }
            ClaimKind::Statement(_) if self.is_bare_denial(denial) => self.last_accusation(denial),
            _ => None,
        };
        let Some(denied) = denied else { return };
        self.claims[denial].denies = Some(denied);
        add_caveat(&mut self.claims[denied], Caveat::Disputed);
    }

    /// Finds the accusation that is most like a denied deed; of equals the nearest, rather in front of it.
    fn accused(&self, denial: usize) -> Option<usize> {
        let ClaimKind::Allegation(denied) = &self.claims[denial].kind else { return None };
        let near = denial.saturating_sub(BEFORE)..(denial + BEHIND).min(self.claims.len());
        let scored = near.filter(|&i| self.accuses(i, denial)).filter_map(|i| match &self.claims[i].kind {
            ClaimKind::Allegation(other) => Some((likeness(denied, other), i < denial, i)),
            _ => None,
        });
        let nearest = |i: usize| std::cmp::Reverse(i.abs_diff(denial));
        let best = scored
            .filter(|(likeness, ..)| *likeness >= ALIKE)
            .max_by_key(|&(likeness, before, i)| (likeness, before, nearest(i)));
        best.map(|(.., i)| i)
    }

    /// Tells whether a claim accuses, in another voice than that of a denial.
    fn accuses(&self, claim: usize, denial: usize) -> bool {
        let said = |claim: usize| self.claims[claim].said_by.first().map(|speaker| &speaker.name);
        let open = matches!(self.claims[claim].polarity, Polarity::Asserted | Polarity::Questioned);
        let told = matches!(&self.claims[claim].kind, ClaimKind::Allegation(told) if !told.comparison);
        open && told && (said(claim) != said(denial) || said(claim).is_none())
    }

    /// Tells whether a statement denies in so many words and names no deed: "the ministry rejected the accusation", "called it a
    /// lie".
    fn is_bare_denial(&self, statement: usize) -> bool {
        let claim = &self.claims[statement];
        let denies = claim.cue.is_some_and(|cue| {
            let word = self.doc.lower(self.doc.token_at(cue.end() - 1));
            begins(&LEXICON.denying, word)
        });
        let near = statement.saturating_sub(2)..(statement + BEHIND).min(self.claims.len());
        let named = |i: usize| {
            matches!(self.claims[i].kind, ClaimKind::Allegation(_))
                && claim.span.contains(self.claims[i].span)
        };
        (denies || self.disowns(statement)) && !near.into_iter().any(named)
    }

    /// Tells whether a statement calls what was said untrue: "called the accusation a lie", "the reports were baseless".
    fn disowns(&self, statement: usize) -> bool {
        let tokens = self.tokens(statement);
        let word = |at: usize| if tokens.contains(&at) { self.doc.lower(at) } else { "" };
        let is_be = |at: usize| matches!(word(at), "is" | "was" | "are" | "were" | "be" | "been");
        let calls = |at: usize| matches!(word(at), "called" | "calls" | "calling" | "branded" | "labelled");
        let says = |untrue: usize| {
            let from = untrue.saturating_sub(UNTRUE).max(tokens.start);
            let said = (from..untrue).rev().find(|&at| any_of(self.doc, at..at + 1, &LEXICON.sayings));
            // "It was a lie", "called this a lie", but not "it was vital to counter lies".
            let bare = |said: usize| {
                !matches!(word(said), "it" | "this") || is_be(said + 1) || calls(said.wrapping_sub(1))
            };
            let mut near = untrue.saturating_sub(3)..untrue;
            let predicate = near.any(|at| is_be(at) || matches!(word(at), "a" | "an" | "as"));
            let negated = (from..untrue).any(|at| matches!(word(at), "no" | "not" | "n't" | "n’t"));
            predicate && !negated && said.is_some_and(bare)
        };
        let mut untrue = tokens.clone().filter(|&at| any_of(self.doc, at..at + 1, &LEXICON.untrue));
        !self.claims[statement].said_by.is_empty() && untrue.any(says)
    }

    /// Returns the last accusation in front of a bare denial; where it speaks of "accusations", rather one that accuses
    /// somebody.
    fn last_accusation(&self, denial: usize) -> Option<usize> {
        let near = denial.saturating_sub(BEFORE)..denial;
        let within = |claim: usize, reach: usize| self.sentences[claim] + reach >= self.sentences[denial];
        let names =
            |claim: &Claim| matches!(&claim.kind, ClaimKind::Allegation(told) if told.actor.is_some());
        let told = || near.clone().rev().filter(|&i| self.accuses(i, denial));
        let named = || told().find(|&i| within(i, FURTHEST) && names(&self.claims[i]));
        let speaks = any_of(self.doc, self.tokens(denial), &LEXICON.accusing);
        speaks.then(named).flatten().or_else(|| told().find(|&i| within(i, REACH)))
    }

    /// Returns the tokens of a claim's words.
    fn tokens(&self, claim: usize) -> Range<usize> {
        let span = self.claims[claim].span;
        let last = self.doc.token_at(span.end().saturating_sub(1));
        self.doc.token_at(span.start())..(last + 1).min(self.doc.tokens().len())
    }
}

/// From this likeness on, two allegations are taken to be about one deed.
const ALIKE: usize = 2;

/// Tells how much two allegations have in common.
fn likeness(one: &Allegation, other: &Allegation) -> usize {
    let class = one.object_class.iter().any(|class| other.object_class.contains(class));
    let apart = !one.object_class.is_empty() && !other.object_class.is_empty() && !class;
    let act = one.act == other.act || is_blow(one.act) && is_blow(other.act);
    let name = |mention: &Option<model::Mention>| {
        mention
            .as_ref()
            .and_then(|mention| mention.name.split_whitespace().next_back().map(str::to_lowercase))
    };
    let same = |one: Option<String>, other: Option<String>| one.is_some() && one == other;
    let place = |allegation: &Allegation| {
        let place = allegation.place.as_ref()?.located.as_ref()?;
        Some(place.geonames)
    };
    let target = same(name(&one.target), name(&other.target));
    if apart || !(class || act || target) {
        return 0;
    }
    2 * usize::from(class)
        + 2 * usize::from(act)
        + 2 * usize::from(target)
        + usize::from(same(name(&one.actor), name(&other.actor)))
        + usize::from(place(one).is_some() && place(one) == place(other))
}

/// Attacks and what they do.
pub(super) fn is_blow(act: Act) -> bool {
    matches!(
        act,
        Act::AttackOnCivilians
            | Act::AttackOnObject
            | Act::IndiscriminateAttack
            | Act::Killing
            | Act::Destruction
    )
}

fn figure(claim: &Claim) -> Option<&Figure> {
    match &claim.kind {
        ClaimKind::Figure(figure) => Some(figure),
        _ => None,
    }
}

/// Tells whether two figures count the same and differ in their bounds.
fn counts_alike(one: &Figure, other: &Figure) -> bool {
    let people = |figure: &Figure| figure.population == "people";
    let population = one.population == other.population || people(one) || people(other);
    one.measure == other.measure && population && (one.lower, one.upper) != (other.lower, other.upper)
}

fn tells_harm(claim: &Claim) -> bool {
    matches!(claim.kind, ClaimKind::Figure(_) | ClaimKind::Allegation(_))
}

fn caveats(kind: &mut ClaimKind) -> Option<&mut Vec<Caveat>> {
    match kind {
        ClaimKind::Figure(figure) => Some(&mut figure.caveats),
        ClaimKind::Allegation(allegation) => Some(&mut allegation.caveats),
        _ => None,
    }
}

fn add_caveat(claim: &mut Claim, caveat: Caveat) {
    if let Some(caveats) = caveats(&mut claim.kind)
        && !caveats.contains(&caveat)
    {
        caveats.push(caveat);
    }
}

fn begins(stems: &[String], word: &str) -> bool {
    stems.iter().any(|stem| word.starts_with(stem.as_str()))
}

fn any_of(doc: &Doc<'_>, mut tokens: Range<usize>, words: &[String]) -> bool {
    tokens.any(|i| words.iter().any(|word| word == doc.lower(i)))
}

/// Tells whether a sentence says that something could not be checked: "could not be independently verified".
fn is_disclaimer(doc: &Doc<'_>, tokens: Range<usize>) -> bool {
    tokens.clone().any(|i| {
        let around = i.saturating_sub(6).max(tokens.start)..(i + 4).min(tokens.end);
        begins(&LEXICON.checking, doc.lower(i))
            && any_of(doc, around.clone(), &LEXICON.inability)
            && any_of(doc, around, &LEXICON.ability)
    })
}

fn is_revision(doc: &Doc<'_>, tokens: Range<usize>) -> bool {
    any_of(doc, tokens.clone(), &LEXICON.revising) && any_of(doc, tokens, &LEXICON.tallies)
}

fn is_correction(doc: &Doc<'_>, tokens: Range<usize>) -> bool {
    any_of(doc, tokens.clone(), &LEXICON.versions) && any_of(doc, tokens, &LEXICON.earlier)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::{Expect, expect};
    use model::{Digest, Kind, Metadata};
    use proptest::prelude::*;

    use super::*;
    use crate::{Reading, Source, read};

    fn reading(text: &str) -> Reading {
        let metadata = Metadata::default();
        let bytes = text.as_bytes();
        read(&Source { bytes, digest: Digest::of(bytes), kind: Kind::PlainText, metadata: &metadata })
    }

    /// Prints each link and caveat beside the words of its claims.
    fn check(text: &str, expected: Expect) {
        let mut reading = reading(text);
        let words: Vec<String> =
            reading.claims.iter().map(|claim| reading.report.text.quote(claim.span).to_owned()).collect();
        let mut shown = String::new();
        for (claim, quote) in reading.claims.iter_mut().zip(&words) {
            let mut line =
                |what: &str| writeln!(shown, "{quote:?} {what}").expect("a string takes every write");
            if let Some(denied) = claim.denies {
                line(&format!("denies {:?}", words[denied]));
            }
            if let Some(earlier) = claim.supersedes {
                line(&format!("supersedes {:?}", words[earlier]));
            }
            for caveat in caveats(&mut claim.kind).into_iter().flatten() {
                line(caveat.name());
            }
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn denials_lead_to_what_they_deny() {
        check(
            "Residents said Vardian troops shelled a clinic in Orsk. A school burned in the fighting. Vardia's army ministry denied that its forces had hit the clinic.",
            expect![[r#"
                "Vardian troops shelled a clinic in Orsk" disputed
                "its forces had hit the clinic" denies "Vardian troops shelled a clinic in Orsk"
            "#]],
        );
        check(
            "The mayor of Älvsjö accused the rebels of killing 12 civilians. The rebels rejected the accusation.",
            expect![[r#"
                "the rebels of killing 12 civilians" disputed
                "rebels rejected the accusation" denies "the rebels of killing 12 civilians"
            "#]],
        );
        check("Vardia denied that its troops had shelled homes.", expect![[""]]);
        let lies = |text: &str| {
            let text = format!("The mayor of Älvsjö accused the rebels of killing 12 civilians. {text}");
            reading(&text).claims.iter().any(|claim| claim.denies.is_some())
        };
        assert!(lies("The rebels called the accusation a lie."));
        assert!(lies("The reports were baseless, the rebels said."));
        assert!(!lies("The rebels said the reports were true."));
        assert!(!lies("The reports were baseless."));
        assert!(!lies("The mayor said it was vital to counter enemy propaganda."));
        assert!(!lies("The mayor said it was no lie."));
    }

    #[test]
    fn disclaimers_are_caveats() {
        check(
            "Troops shelled a market in Orsk, killing nine people, the governor said. The claim could not be independently verified.",
            expect![[r#"
                "Troops shelled a market in Orsk, killing nine people" unverified
                "nine people" unverified
            "#]],
        );
        check(
            "Rebels “burned down a mosque”, a witness said. It rained. The paper was unable to verify this.",
            expect![[r#"
                "Rebels “burned down a mosque" unverified
            "#]],
        );
        check("Troops shelled a market in Orsk. The ministry confirmed the attack.", expect![[""]]);
    }

    #[test]
    fn corrections_supersede() {
        check(
            "At least 12 civilians were killed in Orsk, police said. The ministry later revised the toll to 15 dead.",
            expect![[r#"
                "15 dead" supersedes "At least 12 civilians"
            "#]],
        );
        check(
            "The war killed 300 people in Orsk. Correction: an earlier version of this article said that 500 people were killed.",
            expect![[r#"
                "300 people" supersedes "500 people"
            "#]],
        );
    }

    proptest! {
        #[test]
        fn links_lead_to_other_claims(text in "(at least 12 |civilians |were killed |in Orsk |, |said |“|”|\\. |denied |shelled |the army |a school |not verified |earlier version |revised the toll to |Жё |\n\n){0,60}") {
            let reading = reading(&text);
            for (at, claim) in reading.claims.iter().enumerate() {
                for link in [claim.denies, claim.supersedes].into_iter().flatten() {
                    prop_assert!(link < reading.claims.len() && link != at);
                }
            }
        }
    }
}
