//! The origins of what the reports of one story say.

mod answers;
mod relays;
#[cfg(test)]
mod tests;
mod tracing;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use model::{Act, Claim, ClaimKind, Measure, Mention, Polarity, Span};

use crate::basis::Basis;
use crate::carried::{Apart, Carried, carried};
use crate::families::{Joined, groups};
use crate::grouping::{Group, Grouped, alike_in, grouped};
use crate::identity::Identity;
use crate::kinds::{OriginKind, Placing};
use crate::relation::Relation;
use crate::speakers::{Speakers, chain, countries, forces, governs, is_country, joint, shown, side, tokens};
use crate::voice::voices;
use crate::words::words_of;
use crate::{CopyLink, Matter, Read, ReportKey, Subject, Weighing};
use tracing::Traced;

pub use answers::{Answer, Denial, DenialStrength};
pub use relays::{Relay, relation};

/// A claim, by its report and its position in the list of that report's claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimRef {
    /// The report.
    pub report: ReportKey,
    /// The position in [`Read::claims`].
    pub claim: usize,
}

/// Somebody at the root of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The fullest name.
    pub name: String,
    /// Other names that stand for the same origin.
    pub also: Vec<String>,
    /// Whom this origin names as the one who did it, in the words of a report; `None` if nobody.
    pub accuses: Option<String>,
    /// The claims that lead back here.
    pub claims: Vec<ClaimRef>,
    /// The reports that carry these claims, earliest first.
    pub relayed_by: Vec<ReportKey>,
    /// Why these are one origin, in a sentence.
    pub reason: String,
    /// What it is to the event.
    pub kind: OriginKind,
    /// What it says that the claim rests on.
    pub basis: Basis,
}

impl Origin {
    fn is_called(&self, name: &String) -> bool {
        self.name == *name || self.also.contains(name)
    }
}

/// Claims that nobody stands behind by name: one text, in however many copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The claims.
    pub claims: Vec<ClaimRef>,
    /// The reports that carry them, earliest first.
    pub reports: Vec<ReportKey>,
    /// Why the origin is unknown, in a sentence.
    pub reason: String,
}

/// Counts the origins of everything that the reports of one story allege, count or find.
///
/// `links` are the links between these reports; those to other reports are left out. Matters with a known origin come
/// first, and of these the ones that more reports carry.
pub fn weigh(reads: &[Read<'_>], links: &[CopyLink]) -> Vec<Matter> {
    weigh_carried(reads, links, |_| true)
}

/// Counts the origins of what the reports say of one incident: the same of some of their claims. Denials and other
/// versions of all the reports are held against these.
pub fn weigh_incident(reads: &[Read<'_>], links: &[CopyLink], claims: &BTreeSet<ClaimRef>) -> Vec<Matter> {
    let answers = |claim: &Carried| matches!(claim.polarity, Polarity::Denied | Polarity::CounterVersion);
    let belongs = |claim: &Carried| claims.contains(&claim.at) || answers(claim);
    let mut matters = weigh_carried(reads, links, belongs);
    matters.retain(|matter| matter.claims.iter().any(|at| claims.contains(at)));
    matters
}

fn weigh_carried(reads: &[Read<'_>], links: &[CopyLink], belongs: impl Fn(&Carried) -> bool) -> Vec<Matter> {
    let reads = ordered(reads);
    let mut carried = carried(&reads);
    carried.retain(belongs);
    let Grouped { mut groups, denials } = grouped(&reads, carried);
    let story = StoryRead::of(&reads, links);
    groups = story
        .with_counts_of_blows(story.as_said_again(story.as_copied(groups)))
        .into_iter()
        .flat_map(|group| story.by_authority(group))
        .collect();
    groups.sort_by_cached_key(|group| (group.subject.clone(), group.day));
    let counter: Vec<Carried> =
        groups.iter().flat_map(|group| &group.claims).filter(|claim| is_counter(claim)).cloned().collect();
    let mut weighed: Vec<Matter> = groups.iter().map(|group| story.matter(group)).collect();
    let answers = story.answers();
    for matter in &mut weighed {
        matter.answers =
            matter.subject.accused().and_then(|side| answers.get(side)).cloned().unwrap_or_default();
        matter.denials = story.denials(&matter.subject, denials.iter().chain(&counter));
        if matter.claims.iter().all(|&at| story.claim(at).polarity == Polarity::CounterVersion) {
            // What the accused denies is the accusation, not their own version.
            let own = |by: &String| matter.independent.iter().any(|origin| origin.is_called(by));
            matter.denials.retain(|denial| !denial.by.as_ref().is_some_and(own));
            matter.answers.clear();
        }
        matter.weighing = Weighing::of(matter, |at| story.claim(at));
    }
    // The sort is stable: what is equal here stays in the order of subject and day.
    weighed.sort_by_key(|matter| {
        (matter.independent.is_empty(), Reverse(matter.reports.len()), Reverse(matter.claims.len()))
    });
    weighed
}

fn is_counter(claim: &Carried) -> bool {
    claim.polarity == Polarity::CounterVersion
}

fn ordered<'a>(reads: &[Read<'a>]) -> Vec<Read<'a>> {
    let mut reads = reads.to_vec();
    reads.sort_by_cached_key(|read| {
        (
            read.published().is_none(),
            read.published(),
            !is_own_text(read),
            Identity::of(read.report),
            read.key,
        )
    });
    reads.dedup_by_key(|read| read.key);
    reads
}

/// Tells whether an agency published a text that credits that agency: of one day it was there before its copies.
fn is_own_text(read: &Read<'_>) -> bool {
    let wire = read.report.wire.as_ref();
    wire.is_some_and(|wire| wire.agency.to_lowercase() == read.outlet().to_lowercase())
}

/// The reports of one story with what holds for all its matters.
struct StoryRead<'a> {
    /// In order of day and identity.
    reads: &'a [Read<'a>],
    places: BTreeMap<ReportKey, usize>,
    links: Vec<&'a CopyLink>,
    /// For each report those of which it is a copy or that are copies of it.
    copies: BTreeMap<ReportKey, Vec<(ReportKey, Relation)>>,
    /// For each report the first of its copy family.
    family: Vec<usize>,
    speakers: Speakers,
    /// Who stands behind claims that name no speaker.
    voices: BTreeMap<ClaimRef, &'a str>,
    /// The speakers behind what reports mention as known.
    referring: BTreeMap<ClaimRef, usize>,
}

impl<'a> StoryRead<'a> {
    fn of(reads: &'a [Read<'a>], links: &'a [CopyLink]) -> StoryRead<'a> {
        let places: BTreeMap<ReportKey, usize> =
            reads.iter().enumerate().map(|(at, read)| (read.key, at)).collect();
        let here = |link: &&CopyLink| {
            link.class.is_copy() && places.contains_key(&link.a) && places.contains_key(&link.b)
        };
        let links: Vec<&CopyLink> = links.iter().filter(here).collect();
        let keys: Vec<ReportKey> = reads.iter().map(|read| read.key).collect();
        let mut family = vec![0; reads.len()];
        for members in groups(&keys, links.iter().map(|link| (link.a, link.b))) {
            members.iter().for_each(|&at| family[at] = members[0]);
        }
        let mut copies: BTreeMap<ReportKey, Vec<(ReportKey, Relation)>> = BTreeMap::new();
        for link in &links {
            let Some(relation) = Relation::of_copy(link.class) else { continue };
            copies.entry(link.a).or_default().push((link.b, relation));
            copies.entry(link.b).or_default().push((link.a, relation));
        }
        let told = |read: &'a Read<'a>| {
            let report = read.key;
            voices(read).into_iter().map(move |(claim, name)| (ClaimRef { report, claim }, name))
        };
        let voices = reads.iter().flat_map(told).collect();
        let (speakers, referring) = (Speakers::of(reads), BTreeMap::new());
        let mut story = StoryRead { reads, places, links, copies, family, speakers, voices, referring };
        story.referring = reads.iter().flat_map(|read| story.referring(read)).collect();
        story
    }

    fn claim(&self, at: ClaimRef) -> &'a Claim {
        &self.reads[self.places[&at.report]].claims[at.claim]
    }

    fn words(&self, at: ClaimRef) -> Vec<u64> {
        let text = &self.reads[self.places[&at.report]].report.text;
        words_of(text.quote(self.claim(at).span)).iter().map(|word| word.hash).collect()
    }

    /// Returns the speakers of a claim, nearest to the fact first, without those who are nobody in particular.
    fn chain(&self, at: ClaimRef) -> Vec<usize> {
        let own = self.voices.get(&at).copied();
        let mut chain: Vec<usize> = (chain(self.claim(at)).chain(own))
            .filter_map(|name| self.speakers.number_in(at.report, name))
            .collect();
        chain.extend(self.referring.get(&at).filter(|_| own.is_none()));
        chain
    }

    /// Puts those who count the shells or blasts of an attack to the attack that their report told of last before: who says
    /// that five shells fell there says that it was shelled.
    fn with_counts_of_blows(&self, mut groups: Vec<Group>) -> Vec<Group> {
        let blows =
            |group: &&Group| matches!(group.subject, Subject::Figure { measure: Measure::Attacks, .. });
        let counts: Vec<Carried> = (groups.iter().filter(blows).flat_map(|group| &group.claims))
            .filter(|claim| claim.polarity == Polarity::Asserted && claim.apart == Apart::No)
            .filter(|claim| !self.claim(claim.at).said_by.is_empty() && !self.chain(claim.at).is_empty())
            .cloned()
            .collect();
        for count in counts {
            let before = |told: &Carried| {
                told.at.report == count.at.report
                    && told.polarity == Polarity::Asserted
                    && told.span.end() <= count.span.start()
                    && (told.spot.is_open() || count.spot.is_open() || told.spot == count.spot)
            };
            let told =
                groups.iter().filter(|group| is_attack(&group.subject)).flat_map(|group| &group.claims);
            let Some(last) = told.filter(|told| before(told)).map(|told| told.span).max_by_key(Span::start)
            else {
                continue;
            };
            for group in groups.iter_mut().filter(|group| is_attack(&group.subject)) {
                if group.claims.iter().any(|told| told.at.report == count.at.report && told.span == last) {
                    group.claims.push(count.clone());
                }
            }
        }
        groups
    }

    fn matter(&self, group: &Group) -> Matter {
        let claims: Vec<ClaimRef> = self.sorted(group.claims.iter().map(|claim| claim.at));
        let (mut independent, mut unknown) = (Vec::new(), Vec::new());
        let harmed = self.harmed(&claims, group.subject.accused());
        let placing = Placing {
            reads: self.reads,
            accused: group.subject.accused(),
            is_counter: group.claims.iter().all(is_counter),
            harmed: &harmed,
        };
        for traced in self.traced(&claims) {
            match traced.speakers.is_empty() {
                false => independent.push(self.origin(traced, &placing)),
                true => unknown.push(self.unknown(traced.claims)),
            }
        }
        self.part_joint(&mut independent, &placing);
        independent.sort_by_cached_key(|origin| (Reverse(origin.relayed_by.len()), origin.name.clone()));
        let dependent = independent.iter().flat_map(|origin| self.relays(origin)).collect();
        let reports = self.reports(&claims);
        let said = match independent.is_empty() {
            true => unknown.iter().map(|unknown: &Unknown| unknown.claims.as_slice()).collect(),
            false => independent.iter().map(|origin| origin.claims.as_slice()).collect::<Vec<_>>(),
        };
        let accused = group.subject.accused().and_then(|side| self.accused(side, &said));
        let authority = match (&group.subject, &independent[..]) {
            (Subject::Determination { .. }, [origin]) => format!(" by {}", origin.name),
            _ => String::new(),
        };
        Matter {
            subject: group.subject.clone(),
            title: group.subject.title(accused.as_deref()) + &authority + group.remark(),
            claims,
            reports,
            independent,
            dependent,
            unknown,
            denials: Vec::new(),
            answers: Vec::new(),
            weighing: Weighing::default(),
        }
    }

    /// Takes "Sorvenian and Kaldrian officials" for two origins: each of the two governments says so.
    fn part_joint(&self, origins: &mut Vec<Origin>, placing: &Placing<'_>) {
        let (joint_ones, mut single): (Vec<Origin>, Vec<Origin>) =
            std::mem::take(origins).into_iter().partition(|origin| joint(&origin.name).is_some());
        for origin in joint_ones {
            for name in joint(&origin.name).into_iter().flatten() {
                // A country that no list knows governs only together with a word such as "officials".
                let country = governs(&name);
                let is_it = |known: &String| {
                    governs(known) == country
                        || country.as_ref().is_some_and(|it| tokens(known) == [it.as_str()])
                };
                let same = |other: &&mut Origin| other.also.iter().chain([&other.name]).any(is_it);
                match single.iter_mut().find(same) {
                    Some(other) => {
                        other.claims = self.sorted(other.claims.iter().chain(&origin.claims).copied());
                        other.relayed_by = self.reports(&other.claims);
                    }
                    None => single.push(Origin {
                        kind: placing.kind(&[&name]),
                        reason: format!("“{}” names two sides, and each of them says so", origin.name),
                        also: Vec::new(),
                        name,
                        ..origin.clone()
                    }),
                }
            }
        }
        *origins = single;
    }

    /// Puts groups together that a passage and its copy both carry. A place can be read otherwise in the copy, but what
    /// was copied is told of the same event.
    fn as_copied(&self, groups: Vec<Group>) -> Vec<Group> {
        let mut of_report: BTreeMap<ReportKey, Vec<(usize, &Carried)>> = BTreeMap::new();
        for (at, group) in groups.iter().enumerate() {
            for claim in group.claims.iter().filter(|claim| claim.number.is_some()) {
                of_report.entry(claim.at.report).or_default().push((at, claim));
            }
        }
        let mut joined = Joined::new(groups.len());
        for link in &self.links {
            let (Some(in_a), Some(in_b)) = (of_report.get(&link.a), of_report.get(&link.b)) else { continue };
            for passage in &link.passages {
                let (a, b) = (told_in(in_a, passage.a), told_in(in_b, passage.b));
                for (key, one) in &a {
                    let other = b.get(key).and_then(only);
                    if let (Some(one), Some(other)) = (only(one), other) {
                        joined.join(one, other);
                    }
                }
            }
        }
        together(groups, joined)
    }

    /// Puts figures together that one speaker gives in two reports: the same number of the same people. One report can
    /// leave out the place, or tell the time in words that another reader takes for all of a war.
    fn as_said_again(&self, groups: Vec<Group>) -> Vec<Group> {
        let mut said: BTreeMap<(Subject, u64, usize), Vec<Placed<'_>>> = BTreeMap::new();
        for (at, group) in groups.iter().enumerate() {
            let whole = |claim: &&Carried| matches!(claim.apart, Apart::No | Apart::Cumulative);
            for claim in group.claims.iter().filter(whole) {
                if let (Some(number), Some(&root)) = (claim.number, self.chain(claim.at).first()) {
                    said.entry((alike_in(claim), number, root)).or_default().push((at, claim));
                }
            }
        }
        let mut joined = Joined::new(groups.len());
        for tellings in said.values() {
            for (place, (one, first)) in tellings.iter().enumerate() {
                let again = |(_, other): &&Placed<'_>| {
                    first.at.report != other.at.report
                        && (first.spot.is_open() || other.spot.is_open() || first.spot == other.spot)
                        && first.day.zip(other.day).is_none_or(|(one, other)| one == other)
                };
                tellings[place + 1..].iter().filter(again).for_each(|(other, _)| joined.join(*one, *other));
            }
        }
        together(groups, joined)
    }

    /// Takes the acts of one kind apart by the authority: two courts that convict give two judgments.
    fn by_authority(&self, group: Group) -> Vec<Group> {
        if !matches!(group.subject, Subject::Determination { .. }) {
            return vec![group];
        }
        let claims = self.sorted(group.claims.iter().map(|claim| claim.at));
        let part = |traced: Traced| {
            let own: BTreeSet<ClaimRef> = traced.claims.into_iter().collect();
            let claims = group.claims.iter().filter(|claim| own.contains(&claim.at)).cloned().collect();
            Group { subject: group.subject.clone(), claims, day: group.day }
        };
        self.traced(&claims).into_iter().map(part).collect()
    }

    /// Returns the countries that the claims name as where it was or whom it hit.
    fn harmed(&self, claims: &[ClaimRef], accused: Option<&str>) -> BTreeSet<String> {
        let named = claims.iter().filter(|&&at| !matches!(self.claim(at).kind, ClaimKind::Determination(_)));
        let words =
            named.map(|&at| self.reads[self.places[&at.report]].report.text.quote(self.claim(at).span));
        words.flat_map(countries).filter(|country| Some(country.as_str()) != accused).collect()
    }

    /// Says who is accused if each of those who tell of the matter accuses that side, in the words that most claims
    /// use for its forces. A title must not put an accusation into a mouth that did not make it.
    fn accused(&self, side: &str, said: &[&[ClaimRef]]) -> Option<String> {
        if !said.iter().all(|claims| claims.iter().any(|&at| self.names_accused(at, side))) {
            return None;
        }
        let mut words: BTreeMap<&str, usize> = BTreeMap::new();
        for name in said.iter().copied().flatten().filter_map(|&at| actor(self.claim(at))) {
            if forces(name, side) && name.contains(char::is_uppercase) {
                *words.entry(without_article(name)).or_default() += 1;
            }
        }
        let most = words.into_iter().max_by_key(|&(name, count)| (count, name.len(), Reverse(name)));
        Some(most.map_or_else(|| shown(side), |(name, _)| as_noun(name)))
    }

    /// Tells whether a claim accuses a side by name. A pronoun may stand for forces or a country, but for a person it
    /// is no more than a guess.
    fn names_accused(&self, at: ClaimRef, accused: &str) -> bool {
        let Some(actor) = named_actor(self.claim(at)) else { return false };
        let text = &self.reads[self.places[&at.report]].report.text;
        let written = || side(text.quote(actor.span)).is_some_and(|side| side == accused);
        side(&actor.name).is_some_and(|side| side == accused)
            && (forces(&actor.name, accused) && !person_alone(&actor.name, accused) || written())
    }

    /// Puts claims into the order of their reports, each once.
    fn sorted(&self, claims: impl Iterator<Item = ClaimRef>) -> Vec<ClaimRef> {
        let sorted: BTreeSet<(usize, ClaimRef)> = claims.map(|at| (self.places[&at.report], at)).collect();
        sorted.into_iter().map(|(_, at)| at).collect()
    }

    fn reports(&self, claims: &[ClaimRef]) -> Vec<ReportKey> {
        let places: BTreeSet<usize> = claims.iter().map(|at| self.places[&at.report]).collect();
        places.into_iter().map(|at| self.reads[at].key).collect()
    }

    fn origin(&self, traced: Traced, placing: &Placing<'_>) -> Origin {
        let mut names: Vec<&str> =
            traced.speakers.iter().flat_map(|&number| self.speakers.names(number)).collect();
        names.dedup();
        let name = names.first().map_or_else(String::new, |name| (*name).to_owned());
        let mut reasons: Vec<String> = traced
            .speakers
            .iter()
            .flat_map(|&number| self.speakers.reasons(number))
            .map(str::to_owned)
            .collect();
        if traced.speakers.len() > 1 {
            reasons.push(
                "one of them is named as relaying the other, or both stand in one copied passage".to_owned(),
            );
        }
        let relayed_by = self.reports(&traced.claims);
        let accuses = traced.claims.iter().find_map(|&at| accused(self.claim(at))).map(as_noun);
        reasons.insert(
            0,
            match relayed_by.len() {
                1 => format!("one report gives it as the word of {name}"),
                count => format!("{count} reports give it as the word of {name}"),
            },
        );
        let basis = |&at: &ClaimRef| Basis::of(&self.reads[self.places[&at.report]], self.claim(at));
        Origin {
            kind: placing.kind(&names),
            basis: traced.claims.iter().map(basis).min().unwrap_or(Basis::Unspecified),
            also: names.iter().skip(1).map(|name| (*name).to_owned()).collect(),
            name,
            accuses,
            claims: traced.claims,
            relayed_by,
            reason: reasons.join("; "),
        }
    }

    fn unknown(&self, claims: Vec<ClaimRef>) -> Unknown {
        let reports = self.reports(&claims);
        let named = claims.iter().find_map(|&at| chain(self.claim(at)).next());
        let reason = match named {
            Some(name) => format!("only “{name}” stands behind it"),
            None => "nobody is named who says so".to_owned(),
        };
        let reason = match reports.len() {
            1 => reason,
            count => format!("{reason}; {count} reports carry it in one text and are counted once"),
        };
        Unknown { claims, reports, reason }
    }
}

/// A claim, and the group that it is in.
type Placed<'c> = (usize, &'c Carried);

/// Makes one group of those that are joined.
fn together(groups: Vec<Group>, joined: Joined) -> Vec<Group> {
    let parts = joined.groups();
    let mut groups: Vec<Option<Group>> = groups.into_iter().map(Some).collect();
    let mut whole = |part: &Vec<usize>| {
        let claims = part.iter().filter_map(|&at| groups[at].take()).flat_map(|group| group.claims);
        Group::of(claims.collect())
    };
    parts.iter().filter_map(&mut whole).collect()
}

fn stated(claim: &Claim) -> Option<u64> {
    match &claim.kind {
        ClaimKind::Figure(figure) => figure.stated,
        _ => None,
    }
}

/// The groups that tell a number inside a passage, by what is counted and the number.
fn told_in(claims: &[(usize, &Carried)], passage: Span) -> BTreeMap<(Subject, Apart, u64), BTreeSet<usize>> {
    let mut told: BTreeMap<(Subject, Apart, u64), BTreeSet<usize>> = BTreeMap::new();
    for (group, claim) in claims.iter().filter(|(_, claim)| half_inside(claim.span, passage)) {
        if let Some(number) = claim.number {
            told.entry((alike_in(claim), claim.apart, number)).or_default().insert(*group);
        }
    }
    told
}

fn only(groups: &BTreeSet<usize>) -> Option<usize> {
    groups.first().copied().filter(|_| groups.len() == 1)
}

fn half_inside(claim: Span, passage: Span) -> bool {
    let common = claim.end().min(passage.end()).saturating_sub(claim.start().max(passage.start()));
    2 * common >= claim.end() - claim.start()
}

pub(crate) fn actor(claim: &Claim) -> Option<&str> {
    named_actor(claim).map(|actor| actor.name.as_str())
}

/// Returns who is said to have done it. Words that also name what was hit are no accusation.
fn named_actor(claim: &Claim) -> Option<&Mention> {
    let ClaimKind::Allegation(allegation) = &claim.kind else { return None };
    let hit =
        |actor: &&Mention| allegation.target.as_ref().is_some_and(|target| target.span.overlaps(actor.span));
    allegation.actor.as_ref().filter(|actor| !hit(actor))
}

/// Returns the country for a single word, which may be an adjective that was cut from its noun: "Sorvenia" for
/// "Sorvenian". More words stay as they are.
fn as_noun(words: &str) -> String {
    let country = if words.contains(' ') { None } else { side(words) };
    country.map_or_else(|| words.to_owned(), |country| shown(&country))
}

/// Returns the words for whom a claim accuses. "They" and "people" accuse nobody.
fn accused(claim: &Claim) -> Option<&str> {
    actor(claim).filter(|name| side(name).is_some())
}

/// Tells whether a name is that of the side alone and the side is no country, so that it may be a person.
fn person_alone(name: &str, side: &str) -> bool {
    !is_country(side) && tokens(name).iter().all(|token| token == side)
}

fn without_article(name: &str) -> &str {
    name.strip_prefix("the ").or(name.strip_prefix("The ")).unwrap_or(name)
}

/// Tells whether a subject is a blow against people or things, with a weapon of war.
fn is_attack(subject: &Subject) -> bool {
    let attacks = [Act::AttackOnCivilians, Act::AttackOnObject, Act::IndiscriminateAttack];
    matches!(subject, Subject::Allegation { act, .. } if attacks.contains(act))
}
