//! From the claims of a matter to those at their roots.

use std::collections::{BTreeMap, BTreeSet};

use model::{Claim, ClaimKind, Polarity, Span};

use super::{ClaimRef, StoryRead, half_inside, stated};
use crate::families::Joined;
use crate::grouping::Event;
use crate::{Read, ReportKey};

impl StoryRead<'_> {
    /// Finds whom a report has an event from that it mentions in its own voice as known: "The strike on the school has drawn
    /// protests". If one speaker alone tells of that kind of event there, and denies nothing of it, the words are that
    /// speaker's.
    pub(super) fn referring(&self, read: &Read<'_>) -> BTreeMap<ClaimRef, usize> {
        let at = |claim| ClaimRef { report: read.key, claim };
        let mentions = read.claims.iter().enumerate().filter(|(_, claim)| is_mention(read, claim));
        let mut found = BTreeMap::new();
        for (number, mention) in mentions.filter(|&(number, _)| !self.voices.contains_key(&at(number))) {
            let (mut tell, mut answer) = (BTreeSet::new(), BTreeSet::new());
            let event = Event::of_claim(mention);
            for (other, claim) in read.claims.iter().enumerate() {
                if event.is_none() || Event::of_claim(claim) != event {
                    continue;
                }
                let Some(&root) = self.chain(at(other)).first() else { continue };
                let side = if claim.polarity == Polarity::Asserted { &mut tell } else { &mut answer };
                side.insert(root);
            }
            tell.retain(|speaker| !answer.contains(speaker));
            if let Some(speaker) = tell.first().filter(|_| tell.len() == 1) {
                found.insert(at(number), *speaker);
            }
        }
        found
    }

    /// Traces claims to their roots and brings together those that lead to one.
    pub(super) fn traced(&self, claims: &[ClaimRef]) -> Vec<Traced> {
        let chains: Vec<Vec<usize>> = claims.iter().map(|&at| self.chain(at)).collect();
        let mut joined = Joined::new(claims.len());
        let mut first_of_root: BTreeMap<usize, usize> = BTreeMap::new();
        for (at, chain) in chains.iter().enumerate() {
            if let Some(root) = chain.first() {
                joined.join(*first_of_root.entry(*root).or_insert(at), at);
            }
        }
        // A speaker who relays here and is a root there is one origin with what is relayed: the other claim may
        // rest on the same telling.
        for (at, chain) in chains.iter().enumerate() {
            for other in chain.iter().skip(1).filter_map(|relay| first_of_root.get(relay)) {
                joined.join(*other, at);
            }
        }
        self.join_copied(claims, &mut joined);
        self.join_leads((claims, &chains), &mut joined);
        self.join_unknown(claims, &chains, &mut joined);
        let traced = joined.groups().into_iter().map(|group| Traced {
            speakers: group.iter().filter_map(|&at| chains[at].first().copied()).collect(),
            claims: group.iter().map(|&at| claims[at]).collect(),
        });
        traced.collect()
    }

    /// Gives a claim in a copied passage the origin of the same claim in the report that it was copied from.
    fn join_copied(&self, claims: &[ClaimRef], joined: &mut Joined) {
        let mut of_report: BTreeMap<ReportKey, Vec<usize>> = BTreeMap::new();
        for (at, claim) in claims.iter().enumerate() {
            of_report.entry(claim.report).or_default().push(at);
        }
        for link in &self.links {
            let (Some(in_a), Some(in_b)) = (of_report.get(&link.a), of_report.get(&link.b)) else { continue };
            for passage in &link.passages {
                let inside = |at: &&usize, side: Span| half_inside(self.claim(claims[**at]).span, side);
                let a: Vec<usize> = in_a.iter().filter(|at| inside(at, passage.a)).copied().collect();
                let b: Vec<usize> = in_b.iter().filter(|at| inside(at, passage.b)).copied().collect();
                for (one, other) in self.counterparts((&a, &b), claims) {
                    joined.join(one, other);
                }
            }
        }
    }

    /// Gives what a headline or lead says in the reporter's voice to the one whom the same report names for it.
    fn join_leads(&self, (claims, chains): (&[ClaimRef], &[Vec<usize>]), joined: &mut Joined) {
        let mut of_report: BTreeMap<ReportKey, Vec<usize>> = BTreeMap::new();
        for (at, claim) in claims.iter().enumerate() {
            of_report.entry(claim.report).or_default().push(at);
        }
        for (report, of_report) in of_report {
            let named: Vec<usize> = of_report.iter().copied().filter(|&at| !chains[at].is_empty()).collect();
            let roots: BTreeSet<usize> = named.iter().map(|&at| chains[at][0]).collect();
            if roots.len() != 1 {
                continue;
            }
            let lead = self.lead(report);
            let whole = total(named.iter().map(|&at| self.claim(claims[at])));
            for &at in of_report.iter().filter(|&&at| chains[at].is_empty()) {
                let claim = self.claim(claims[at]);
                let said = |&&other: &&usize| same_telling(claim, self.claim(claims[other]));
                let adds_up = whole.is_some() && stated(claim) == whole;
                let other = named.iter().find(said).or_else(|| named.first().filter(|_| adds_up));
                if claim.span.start() < lead[usize::from(matches!(claim.kind, ClaimKind::Figure(_)))]
                    && let Some(&other) = other
                {
                    joined.join(other, at);
                }
            }
        }
    }

    /// Returns where the first and the second sentence of a report end. An equal number in the second is still that of
    /// the lead; what was done may be another deed.
    fn lead(&self, report: ReportKey) -> [usize; 2] {
        let body = &self.reads[self.places[&report]].report.body;
        let mut ends = body.iter().flat_map(|piece| &piece.sentences).map(Span::end);
        let first = ends.next().unwrap_or_default();
        [first, ends.next().unwrap_or(first)]
    }

    /// Pairs the claims of a passage with those of its copy: the same words, or the only one on either side.
    fn counterparts(&self, (a, b): (&[usize], &[usize]), claims: &[ClaimRef]) -> Vec<(usize, usize)> {
        if let ([one], [other]) = (a, b) {
            return vec![(*one, *other)];
        }
        let words: Vec<Vec<u64>> = a.iter().map(|&at| self.words(claims[at])).collect();
        b.iter()
            .filter_map(|&other| {
                let same = words.iter().position(|words| *words == self.words(claims[other]))?;
                Some((a[same], other))
            })
            .collect()
    }

    /// Takes claims that nobody stands behind together, once for each family of copies.
    fn join_unknown(&self, claims: &[ClaimRef], chains: &[Vec<usize>], joined: &mut Joined) {
        let named: BTreeSet<usize> =
            (0..claims.len()).filter(|&at| !chains[at].is_empty()).map(|at| joined.root(at)).collect();
        let mut first: BTreeMap<usize, usize> = BTreeMap::new();
        for (at, claim) in claims.iter().enumerate() {
            let root = joined.root(at);
            if !named.contains(&root) {
                let family = self.family[self.places[&claim.report]];
                joined.join(*first.entry(family).or_insert(at), at);
            }
        }
    }
}

/// Claims that lead back to the same speakers.
pub(super) struct Traced {
    pub(super) speakers: BTreeSet<usize>,
    pub(super) claims: Vec<ClaimRef>,
}

/// Tells whether what a lead says may be what another claim of the report says: a figure has the same bounds, or is a
/// "dozens" that the other tells more closely.
fn same_telling(lead: &Claim, other: &Claim) -> bool {
    match (&lead.kind, &other.kind) {
        (ClaimKind::Figure(one), ClaimKind::Figure(two)) if one.vague && !two.vague => {
            let least = one.lower.zip(two.upper).is_none_or(|(least, most)| least <= most);
            let most = one.upper.zip(two.lower).is_none_or(|(most, least)| least <= most);
            least && most
        }
        (ClaimKind::Figure(one), ClaimKind::Figure(two)) => {
            one.stated == two.stated && one.vague == two.vague
        }
        _ => true,
    }
}

/// What the different numbers of one speaker come to: a headline may add them up. It is compared and never shown.
fn total<'c>(said: impl Iterator<Item = &'c Claim>) -> Option<u64> {
    let numbers: BTreeSet<u64> = said.filter_map(stated).collect();
    let whole = numbers.iter().try_fold(0_u64, |sum, &number| sum.checked_add(number))?;
    (numbers.len() > 1).then_some(whole)
}

/// Tells whether a report mentions an event as known rather than tells it: a noun with its article, and the sentence goes
/// on to say something of it.
fn is_mention(read: &Read<'_>, claim: &Claim) -> bool {
    let words = read.report.text.quote(claim.span);
    let known =
        ["The ", "the ", "This ", "this ", "That ", "that "].iter().any(|word| words.starts_with(word));
    let sentences = read.report.body.iter().flat_map(|piece| &piece.sentences);
    let mut around = sentences.filter(|sentence| sentence.contains(claim.span));
    claim.rule == "allegation-noun"
        && claim.polarity == Polarity::Asserted
        && claim.said_by.is_empty()
        && known
        && around.any(|sentence| sentence.end() > claim.span.end() + 1)
}
