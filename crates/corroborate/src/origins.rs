use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use model::{Act, Claim, ClaimKind, Measure, Mention, Polarity, Span};

use crate::basis::Basis;
use crate::carried::{Apart, Carried, Spot, carried};
use crate::families::{Joined, groups};
use crate::grouping::{Event, Group, Grouped, alike_in, grouped, kind};
use crate::identity::Identity;
use crate::kinds::{OriginKind, Placing};
use crate::relation::Relation;
use crate::speakers::{Speakers, chain, countries, forces, governs, is_country, joint, shown, side, tokens};
use crate::voice::voices;
use crate::words::words_of;
use crate::{CopyLink, Matter, Read, ReportKey, Subject, Weighing};

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

/// A report that relays an origin which is counted already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relay {
    /// The report.
    pub report: ReportKey,
    /// The name of the origin.
    pub origin: String,
    /// How it stands to the report that it is nearest to.
    pub relation: Relation,
    /// That report, which carries the same origin and is earlier.
    pub of: ReportKey,
    /// Why it adds nothing, in a sentence.
    pub reason: String,
}

/// What the accused side says in the same reports, beside its denials: they are to stand beside the allegation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Who says it.
    pub by: String,
    /// The statements, earliest first.
    pub claims: Vec<ClaimRef>,
    /// The reports that carry them, earliest first.
    pub reports: Vec<ReportKey>,
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

/// A claim that speaks against a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// The claims by which it is denied; copies and repetitions of one denier are together.
    pub claims: Vec<ClaimRef>,
    /// Who denies; `None` if nobody is named.
    pub by: Option<String>,
    /// How closely it answers.
    pub strength: DenialStrength,
    /// Why it is held against this matter, in a sentence.
    pub reason: String,
}

/// How closely a denial answers an allegation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DenialStrength {
    /// It names the same act and the same place or object.
    Specific,
    /// It gives another version of the same event.
    CounterVersion,
    /// It denies such acts as a whole.
    Generic,
}

impl DenialStrength {
    /// All strengths, in order.
    pub const ALL: &'static [DenialStrength] =
        &[DenialStrength::Specific, DenialStrength::CounterVersion, DenialStrength::Generic];

    /// Returns the fixed name in formats and filters.
    pub fn name(self) -> &'static str {
        match self {
            DenialStrength::Specific => "specific",
            DenialStrength::CounterVersion => "counter_version",
            DenialStrength::Generic => "generic",
        }
    }
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
        .with_counts_of_blows(story.as_copied(groups))
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

/// Says how two of the reports stand to each other that carry a matter.
///
/// Independent are only two whose origins are all known, and different.
pub fn relation(matter: &Matter, links: &[CopyLink], (a, b): (ReportKey, ReportKey)) -> Relation {
    let joins = |link: &&CopyLink| (link.a, link.b) == (a, b) || (link.a, link.b) == (b, a);
    if let Some(copy) = links.iter().find(joins).and_then(|link| Relation::of_copy(link.class)) {
        return copy;
    }
    let cites = |relay: &&Relay| {
        relay.relation == Relation::CitesOtherOutlet && [(a, b), (b, a)].contains(&(relay.report, relay.of))
    };
    if matter.dependent.iter().any(|relay| cites(&relay)) {
        return Relation::CitesOtherOutlet;
    }
    let carries = |origin: &Origin, report: ReportKey| origin.relayed_by.contains(&report);
    if matter.independent.iter().any(|origin| carries(origin, a) && carries(origin, b)) {
        return Relation::QuotesSameSpeaker;
    }
    let is_unknown = |report| matter.unknown.iter().any(|unknown| unknown.reports.contains(&report));
    let is_known = |report| matter.independent.iter().any(|origin| carries(origin, report));
    match [a, b].into_iter().all(|report| is_known(report) && !is_unknown(report)) {
        true => Relation::IndependentReporting,
        false => Relation::Unknown,
    }
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

    /// Gathers what the governments and forces of each side say, by the side: what they answer to a charge.
    fn answers(&self) -> BTreeMap<String, Vec<Answer>> {
        let mut said: BTreeMap<usize, Vec<ClaimRef>> = BTreeMap::new();
        for read in self.reads {
            for (claim, _) in read.claims.iter().enumerate().filter(|(_, claim)| is_statement(claim)) {
                let at = ClaimRef { report: read.key, claim };
                if let Some(&root) = self.chain(at).first() {
                    said.entry(root).or_default().push(at);
                }
            }
        }
        let mut answers: BTreeMap<String, Vec<Answer>> = BTreeMap::new();
        for (speaker, claims) in said {
            let names = self.speakers.names(speaker);
            let sides: BTreeSet<String> = names.iter().filter_map(|name| governs(name)).collect();
            let by = names.first().map_or_else(String::new, |name| (*name).to_owned());
            let claims = self.sorted(claims.into_iter());
            let answer = Answer { by, reports: self.reports(&claims), claims };
            sides.into_iter().for_each(|side| answers.entry(side).or_default().push(answer.clone()));
        }
        answers
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

    /// Finds whom a report has an event from that it mentions in its own voice as known: "The strike on the school has drawn
    /// protests". If one speaker alone tells of that kind of event there, and denies nothing of it, the words are that
    /// speaker's.
    fn referring(&self, read: &Read<'_>) -> BTreeMap<ClaimRef, usize> {
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
        let parts = joined.groups();
        let mut groups: Vec<Option<Group>> = groups.into_iter().map(Some).collect();
        let mut whole = |part: &Vec<usize>| {
            let claims = part.iter().filter_map(|&at| groups[at].take()).flat_map(|group| group.claims);
            Group::of(claims.collect())
        };
        parts.iter().filter_map(&mut whole).collect()
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

    /// Traces claims to their roots and brings together those that lead to one.
    fn traced(&self, claims: &[ClaimRef]) -> Vec<Traced> {
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

    fn relays(&self, origin: &Origin) -> Vec<Relay> {
        let carriers = Carriers::of(self, origin);
        let relay = |(at, report): (usize, &ReportKey)| {
            let (of, relation) = self.relayed(&carriers, at);
            let reason = relay_reason(relation, &origin.name);
            Relay { report: *report, origin: origin.name.clone(), relation, of, reason }
        };
        origin.relayed_by.iter().enumerate().skip(1).map(relay).collect()
    }

    /// Finds the earlier report from which a report has an origin, and how: by its text, by naming it, or not at all but
    /// by the same speaker.
    fn relayed(&self, carriers: &Carriers<'_>, at: usize) -> (ReportKey, Relation) {
        let carried = &carriers.origin.relayed_by;
        let copies = self.copies.get(&carried[at]).into_iter().flatten();
        let place = |&(other, relation): &(ReportKey, Relation)| {
            carriers.places.get(&other).filter(|&&place| place < at).map(|&place| (place, relation))
        };
        if let Some((place, relation)) = copies.clone().filter_map(place).min() {
            return (carried[place], relation);
        }
        let first = carriers.families.get(&self.family[self.places[&carried[at]]]);
        if let Some(&first) = first.filter(|&&first| first < at) {
            return (
                carried[first],
                copies.map(|&(_, relation)| relation).max().unwrap_or(Relation::Rewritten),
            );
        }
        let cited = self.cited(carriers, carried[at]);
        let cited = cited.iter().filter_map(|outlet| carriers.outlets.get(outlet)).min();
        match cited.filter(|&&place| place < at) {
            Some(&place) => (carried[place], Relation::CitesOtherOutlet),
            None => (carried[0], Relation::QuotesSameSpeaker),
        }
    }

    /// Returns the names that a report gives as those it has an origin from: its agency and all who relay.
    fn cited(&self, carriers: &Carriers<'_>, report: ReportKey) -> BTreeSet<Vec<String>> {
        let own = carriers.claims.get(&report).into_iter().flatten();
        let relaying = own.flat_map(|&at| chain(self.claim(at)).skip(1));
        let wire = self.reads[self.places[&report]].report.wire.as_ref();
        relaying.chain(wire.map(|wire| wire.agency.as_str())).map(tokens).collect()
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

    fn denials<'b>(&self, subject: &Subject, against: impl Iterator<Item = &'b Carried>) -> Vec<Denial> {
        let mut found: BTreeMap<(DenialStrength, Option<String>), Vec<ClaimRef>> = BTreeMap::new();
        for claim in against {
            let Some(strength) = answers(claim, subject) else { continue };
            let by =
                self.chain(claim.at).first().and_then(|&number| self.speakers.names(number).first().copied());
            found.entry((strength, by.map(str::to_owned))).or_default().push(claim.at);
        }
        found
            .into_iter()
            .map(|((strength, by), claims)| Denial {
                claims: self.sorted(claims.into_iter()),
                by,
                strength,
                reason: strength.reason().to_owned(),
            })
            .collect()
    }
}

fn is_statement(claim: &Claim) -> bool {
    matches!(claim.kind, ClaimKind::Statement(_))
}

fn relay_reason(relation: Relation, origin: &str) -> String {
    match relation {
        Relation::Identical => "it prints the same text".to_owned(),
        Relation::Syndicated => "it prints the same text, cut or with another lead".to_owned(),
        Relation::Rewritten => "it tells the same text partly in other words".to_owned(),
        Relation::CitesOtherOutlet => "it says that it has it from there".to_owned(),
        _ => format!("it rests on {origin} again"),
    }
}

/// The reports that carry an origin, by what a later one may have it from.
struct Carriers<'o> {
    origin: &'o Origin,
    /// The position of each report.
    places: BTreeMap<ReportKey, usize>,
    /// The first report of each copy family.
    families: BTreeMap<usize, usize>,
    /// The first report of each outlet.
    outlets: BTreeMap<Vec<String>, usize>,
    /// The claims of each report.
    claims: BTreeMap<ReportKey, Vec<ClaimRef>>,
}

impl<'o> Carriers<'o> {
    fn of(story: &StoryRead<'_>, origin: &'o Origin) -> Carriers<'o> {
        let (mut families, mut outlets) = (BTreeMap::new(), BTreeMap::new());
        for (at, report) in origin.relayed_by.iter().enumerate() {
            let place = story.places[report];
            families.entry(story.family[place]).or_insert(at);
            let outlet = story.reads[place].outlet();
            if !outlet.is_empty() {
                outlets.entry(tokens(outlet)).or_insert(at);
            }
        }
        let places = origin.relayed_by.iter().enumerate().map(|(at, &report)| (report, at)).collect();
        let mut claims: BTreeMap<ReportKey, Vec<ClaimRef>> = BTreeMap::new();
        origin.claims.iter().for_each(|&at| claims.entry(at.report).or_default().push(at));
        Carriers { origin, places, families, outlets, claims }
    }
}

/// Claims that lead back to the same speakers.
struct Traced {
    speakers: BTreeSet<usize>,
    claims: Vec<ClaimRef>,
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

fn stated(claim: &Claim) -> Option<u64> {
    match &claim.kind {
        ClaimKind::Figure(figure) => figure.stated,
        _ => None,
    }
}

/// What the different numbers of one speaker come to: a headline may add them up. It is compared and never shown.
fn total<'c>(said: impl Iterator<Item = &'c Claim>) -> Option<u64> {
    let numbers: BTreeSet<u64> = said.filter_map(stated).collect();
    let whole = numbers.iter().try_fold(0_u64, |sum, &number| sum.checked_add(number))?;
    (numbers.len() > 1).then_some(whole)
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

impl DenialStrength {
    fn reason(self) -> &'static str {
        match self {
            DenialStrength::Specific => "it denies this act",
            DenialStrength::CounterVersion => "it gives another version of the same event",
            DenialStrength::Generic => "it denies such acts as a whole, without this place or object",
        }
    }
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

/// Tells how a denial or another version answers a subject; `None` if it does not.
fn answers(against: &Carried, subject: &Subject) -> Option<DenialStrength> {
    if is_counter(against) {
        return other_version(against, subject).then_some(DenialStrength::CounterVersion);
    }
    let (
        Subject::Allegation { act, object, place, actor },
        Subject::Allegation { act: no_act, object: no_object, actor: no_actor, .. },
    ) = (subject, &against.subject)
    else {
        let here = subject.place().is_none_or(|place| may_be_in(against, place));
        return (here && kind(subject.clone()) == kind(against.subject.clone()))
            .then_some(DenialStrength::Specific);
    };
    if !may_be(actor, no_actor) || !place.as_ref().is_none_or(|place| may_be_in(against, place)) {
        return None;
    }
    let there = matches!(&against.spot, Spot::Point(_)) && place.is_some();
    let same_act = act == no_act && may_be(object, no_object);
    if same_act && (no_object.is_some() || there) || there && attack(*act) && attack(*no_act) {
        return Some(DenialStrength::Specific);
    }
    // A denial of all such acts answers those that the same side is accused of.
    let covers = *no_act == Act::WarCrimesUnspecified || attack(*act) && attack(*no_act) || same_act;
    (covers && no_object.is_none() && actor.is_some() && actor == no_actor).then_some(DenialStrength::Generic)
}

/// Tells whether a claim may be about a place: it names the same town, or none.
fn may_be_in(claim: &Carried, place: &str) -> bool {
    !matches!(&claim.spot, Spot::Point(town) if town != place)
}

/// The same kind of act in what may be the same place, by somebody else.
fn other_version(version: &Carried, subject: &Subject) -> bool {
    let (Subject::Allegation { act, actor, .. }, Subject::Allegation { act: other, actor: who, place, .. }) =
        (&version.subject, subject)
    else {
        return false;
    };
    let here = place.as_ref().is_none_or(|place| may_be_in(version, place));
    (act == other || attack(*act) && attack(*other)) && here && actor != who
}

/// Two names that are equal, or of which one is not said.
fn may_be<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
    one.is_none() || other.is_none() || one == other
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

/// Tells whether a subject is a blow against people or things, with a weapon of war.
fn is_attack(subject: &Subject) -> bool {
    let attacks = [Act::AttackOnCivilians, Act::AttackOnObject, Act::IndiscriminateAttack];
    matches!(subject, Subject::Allegation { act, .. } if attacks.contains(act))
}

/// Acts that are told apart only by what they hit.
fn attack(act: Act) -> bool {
    matches!(
        act,
        Act::AttackOnCivilians
            | Act::AttackOnObject
            | Act::IndiscriminateAttack
            | Act::Killing
            | Act::Destruction
    )
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use model::{Act, Report};
    use proptest::prelude::*;

    use super::*;
    use crate::compare;
    use crate::fixture::{Said, allegation, claim, killed, report};

    type Telling = (Report, Vec<Claim>);

    /// A report of one paragraph and who says in it that the mill was shelled.
    fn telling(outlet: &str, day: &str, (words, by): (&str, &[&str])) -> Telling {
        let report = report(outlet, day, words);
        let said = Said { words: sentence(words), by, polarity: Polarity::Asserted };
        let kind = allegation(&report, Act::AttackOnObject, ["", "Zarvo"]);
        let claims = vec![claim(&report, &said, kind)];
        (report, claims)
    }

    fn sentence(words: &str) -> &str {
        words.split_inclusive('.').next().unwrap_or(words)
    }

    fn tellings() -> Vec<Telling> {
        let long = "Shells hit a mill in Zarvo before dawn and broke its roof, Ila Brann said. The baker had been \
                    kneading dough since three in the morning when the windows fell in on her and on two helpers.";
        vec![
            telling("Post", "2031-03-12", (long, &["Ila Brann"])),
            telling("Echo", "2031-03-13", ("The mill of Zarvo was shelled, according to Brann.", &["Brann"])),
            telling(
                "Herald",
                "2031-03-13",
                (
                    "The council of Zarvo says that its mill was shelled. Orrin Tave, a spokesman for the Zarvo town council, gave no more.",
                    &["Zarvo town council"],
                ),
            ),
            telling(
                "Wire",
                "2031-03-14",
                ("A mill was shelled in Zarvo, Tave told the Wire.", &["Orrin Tave"]),
            ),
            telling("Lamp", "2031-03-14", ("Somebody shelled the mill of Zarvo.", &[])),
            telling("Torch", "2031-03-14", ("Zarvo’s mill lies in ruins, officials said.", &["officials"])),
        ]
    }

    fn weighed(tellings: &[Telling], order: &[usize]) -> Vec<Matter> {
        let reads: Vec<Read<'_>> = order
            .iter()
            .map(|&at| Read { key: ReportKey(at as u64), report: &tellings[at].0, claims: &tellings[at].1 })
            .collect();
        let mut links = Vec::new();
        for (at, one) in reads.iter().enumerate() {
            links.extend(reads[at + 1..].iter().filter_map(|other| compare(one, other)));
        }
        weigh(&reads, &links)
    }

    fn shown(matters: &[Matter]) -> String {
        let keys =
            |keys: &[ReportKey]| keys.iter().map(|key| key.0.to_string()).collect::<Vec<_>>().join(" ");
        let mut lines = String::new();
        for matter in matters {
            lines += &format!("{} [{}]\n", matter.title, keys(&matter.reports));
            for origin in &matter.independent {
                lines += &format!(
                    "  origin {} {:?} [{}]: {}\n",
                    origin.name,
                    origin.also,
                    keys(&origin.relayed_by),
                    origin.reason
                );
            }
            for relay in &matter.dependent {
                lines += &format!("  dependent {}: {}\n", relay.report, relay.reason);
            }
            for unknown in &matter.unknown {
                lines += &format!("  unknown [{}]: {}\n", keys(&unknown.reports), unknown.reason);
            }
            for denial in &matter.denials {
                lines += &format!("  {} by {:?}: {}\n", denial.strength.name(), denial.by, denial.reason);
            }
        }
        lines
    }

    fn check(tellings: &[Telling], expect: Expect) {
        let order: Vec<usize> = (0..tellings.len()).collect();
        expect.assert_eq(&shown(&weighed(tellings, &order)));
    }

    #[test]
    fn origins_are_counted_and_not_outlets() {
        check(
            &tellings(),
            expect![[r#"
                Alleged attack on a building or other object in Zarvo [0 2 1 5 3 4]
                  origin Ila Brann ["Brann"] [0 1]: 2 reports give it as the word of Ila Brann; “Brann” is short for “Ila Brann”, the only such name here
                  origin Zarvo town council ["Orrin Tave"] [2 3]: 2 reports give it as the word of Zarvo town council; Orrin Tave speaks for “Zarvo town council”
                  dependent 1: it rests on Ila Brann again
                  dependent 3: it rests on Zarvo town council again
                  unknown [5]: only “officials” stands behind it
                  unknown [4]: nobody is named who says so
            "#]],
        );
    }

    /// A claim of people killed: its words, who says so, the number, who they are and where.
    type Toll<'a> = (&'a str, &'a [&'a str], u64, [&'a str; 2]);

    fn tolls(outlet: &str, words: &str, tolls: &[Toll<'_>]) -> Telling {
        let report = report(outlet, "2031-03-12", words);
        let said = |&(words, by, number, of): &Toll<'_>| {
            let said = Said { words, by, polarity: Polarity::Asserted };
            claim(&report, &said, killed(&report, number, of))
        };
        let claims = tolls.iter().map(said).collect();
        (report, claims)
    }

    #[test]
    fn a_headline_that_adds_up_rests_on_whose_numbers_it_adds() {
        let words = "Nine men killed in Zarvo. Ila Brann said four men were killed at the mill. Later she said five men \
                     were killed on the road. Seven men were killed before.";
        let by: &[&str] = &["Ila Brann"];
        check(
            &[tolls(
                "Post",
                words,
                &[
                    ("Nine men", &[], 9, ["men", "Zarvo"]),
                    ("four men", by, 4, ["men", "Zarvo"]),
                    ("five men", by, 5, ["men", "Zarvo"]),
                    ("Seven men", &[], 7, ["men", "Zarvo"]),
                ],
            )],
            expect![[r#"
                Men killed in Zarvo [0]
                  origin Ila Brann [] [0]: one report gives it as the word of Ila Brann
                  unknown [0]: nobody is named who says so
            "#]],
        );
    }

    /// Makes a figure of people killed of one that has other fields.
    fn figure(
        report: &Report,
        (number, of): (u64, [&str; 2]),
        change: impl FnOnce(&mut model::Figure),
    ) -> ClaimKind {
        let mut kind = killed(report, number, of);
        if let ClaimKind::Figure(figure) = &mut kind {
            change(figure);
        }
        kind
    }

    fn asserted<'s>(words: &'s str, by: &'s [&'s str]) -> Said<'s> {
        Said { words, by, polarity: Polarity::Asserted }
    }

    #[test]
    fn a_known_event_is_that_of_whoever_tells_of_it() {
        let of = |second: &'static [&'static str]| {
            let words = "Nine people died in Zarvo, Ila Brann said. Two were hurt, it was said. The attack on the mill has \
                         drawn protests abroad.";
            let report = report("Post", "2031-03-12", words);
            let mut mention = claim(
                &report,
                &asserted("The attack on the mill", &[]),
                allegation(&report, Act::AttackOnObject, ["", ""]),
            );
            mention.rule = "allegation-noun";
            let by: &[&str] = &["Ila Brann"];
            let claims = vec![
                claim(&report, &asserted("Nine people", by), killed(&report, 9, ["people", "Zarvo"])),
                claim(
                    &report,
                    &asserted("Two", second),
                    figure(&report, (2, ["people", "Zarvo"]), |figure| figure.measure = Measure::Injured),
                ),
                mention,
            ];
            let matters = weighed(&[(report, claims)], &[0]);
            let attack = matters.iter().find(|matter| is_attack(&matter.subject)).unwrap();
            attack.independent.iter().map(|origin| origin.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(of(&[]), ["Ila Brann"]);
        assert_eq!(of(&["Ila Brann"]), ["Ila Brann"]);
        assert_eq!(of(&["Orrin Tave"]), [""; 0]);
    }

    #[test]
    fn who_counts_the_blows_of_an_attack_tells_of_it() {
        let words = "A mill in Zarvo was shelled, Ila Brann said. Orrin Tave counted five explosions. Officials spoke of nine \
                     shells. In Lesk six shells fell, Ede Voss said.";
        let report = report("Post", "2031-03-12", words);
        let blows = |number, place| {
            figure(&report, (number, ["shells", place]), |figure| figure.measure = Measure::Attacks)
        };
        let claims = vec![
            claim(
                &report,
                &asserted("A mill in Zarvo was shelled", &["Ila Brann"]),
                allegation(&report, Act::AttackOnObject, ["", "Zarvo"]),
            ),
            claim(&report, &asserted("five explosions", &["Orrin Tave"]), blows(5, "")),
            claim(&report, &asserted("nine shells", &["Officials"]), blows(9, "")),
            claim(&report, &asserted("six shells", &["Ede Voss"]), blows(6, "Lesk")),
        ];
        let matters = weighed(&[(report.clone(), claims)], &[0]);
        let attack = matters.iter().find(|matter| is_attack(&matter.subject)).unwrap();
        let names: Vec<&str> = attack.independent.iter().map(|origin| origin.name.as_str()).collect();
        assert_eq!((names, attack.unknown.len()), (vec!["Ila Brann", "Orrin Tave"], 0));
    }

    #[test]
    fn figures_of_days_far_apart_are_of_two_events() {
        let words = "Nine people died in Zarvo on Monday, Ila Brann said. Four people died in Zarvo the week before. Six \
                     people died there in August. Five people died, she said.";
        let report = report("Post", "2031-03-12", words);
        let period =
            |from: &str, to: &str| Some(model::Period { from: from.parse().ok(), to: to.parse().ok() });
        let of = |words, number, period| {
            let kind = figure(&report, (number, ["people", "Zarvo"]), |figure| figure.period = period);
            claim(&report, &asserted(words, &["Ila Brann"]), kind)
        };
        let claims = vec![
            of("Nine people", 9, period("2031-03-10", "2031-03-10")),
            of("Four people", 4, period("2031-03-03", "2031-03-03")),
            of("Six people", 6, period("2030-08-01", "2030-08-31")),
            of("Five people", 5, None),
        ];
        let matters = weighed(&[(report.clone(), claims)], &[0]);
        let mut numbers: Vec<Vec<usize>> =
            matters.iter().map(|matter| matter.claims.iter().map(|at| at.claim).collect()).collect();
        numbers.sort();
        assert_eq!(numbers, [vec![0], vec![1, 3], vec![2]]);
    }

    #[test]
    fn of_several_towns_in_a_sentence_none_is_meant() {
        let words = "Zarvo was shelled, Ila Brann said. Lesk was shelled, Ila Brann said. Nine people died in Zarvo and Lesk. \
                     Four people died in Lesk.";
        let report = report("Post", "2031-03-12", words);
        let by: &[&str] = &["Ila Brann"];
        let shelled = |words, town| {
            claim(&report, &asserted(words, by), allegation(&report, Act::AttackOnCivilians, ["", town]))
        };
        let of =
            |words, number| claim(&report, &asserted(words, &[]), killed(&report, number, ["people", ""]));
        let claims = vec![
            shelled("Zarvo was shelled", "Zarvo"),
            shelled("Lesk was shelled", "Lesk"),
            of("Nine people", 9),
            of("Four people", 4),
        ];
        let titles: Vec<String> =
            weighed(&[(report.clone(), claims)], &[0]).into_iter().map(|matter| matter.title).collect();
        assert!(titles.contains(&"People killed in Lesk".to_owned()), "{titles:?}");
        assert!(titles.contains(&"People killed".to_owned()), "{titles:?}");
        assert!(!titles.contains(&"People killed in Zarvo".to_owned()), "{titles:?}");
    }

    #[test]
    fn what_is_not_named_yet_is_not_meant() {
        let filler =
            "The river was high and the road to the hills was closed for most of the week. ".repeat(7);
        let words = format!(
            "The town of Lesk was quiet. {filler}Homes were hit, Orrin Tave said. Far away, Zarvo was shelled, Ila Brann said."
        );
        let report = report("Post", "2031-03-12", &words);
        let hit = |words, by, town| {
            claim(&report, &asserted(words, by), allegation(&report, Act::AttackOnCivilians, ["", town]))
        };
        let claims = vec![
            hit("Homes were hit", &["Orrin Tave"], ""),
            hit("Zarvo was shelled", &["Ila Brann"], "Zarvo"),
        ];
        assert_eq!(weighed(&[(report.clone(), claims)], &[0]).len(), 2);
    }

    #[test]
    fn fighters_and_children_go_by_several_names() {
        let words = "Nine rebels died in Zarvo, Ila Brann said. Nine militants died in Zarvo, Orrin Tave said. Two girls died \
                     in Zarvo. Two children died in Zarvo.";
        check(
            &[tolls(
                "Post",
                words,
                &[
                    ("Nine rebels", &["Ila Brann"], 9, ["rebels", "Zarvo"]),
                    ("Nine militants", &["Orrin Tave"], 9, ["militants", "Zarvo"]),
                    ("Two girls", &["Ila Brann"], 2, ["girls", "Zarvo"]),
                    ("Two children", &["Orrin Tave"], 2, ["children", "Zarvo"]),
                ],
            )],
            expect![[r#"
                Children killed in Zarvo [0]
                  origin Ila Brann [] [0]: one report gives it as the word of Ila Brann
                  origin Orrin Tave [] [0]: one report gives it as the word of Orrin Tave
                Fighters killed in Zarvo [0]
                  origin Ila Brann [] [0]: one report gives it as the word of Ila Brann
                  origin Orrin Tave [] [0]: one report gives it as the word of Orrin Tave
            "#]],
        );
    }

    #[test]
    fn dozens_in_a_headline_are_those_that_the_text_counts() {
        let of = |number| {
            let words = "Dozens killed in Zarvo. Ila Brann said that people were killed at the mill.";
            let report = report("Post", "2031-03-12", words);
            let dozens = figure(&report, (20, ["people", "Zarvo"]), |figure| {
                (figure.vague, figure.stated, figure.upper) = (true, None, None);
            });
            let counted = killed(&report, number, ["people", "Zarvo"]);
            let claims = vec![
                claim(&report, &asserted("Dozens", &[]), dozens),
                claim(&report, &asserted("people", &["Ila Brann"]), counted),
            ];
            let matters = weighed(&[(report, claims)], &[0]);
            matters.iter().map(|matter| (matter.independent.len(), matter.unknown.len())).collect::<Vec<_>>()
        };
        assert_eq!(of(43), [(1, 0)]);
        assert_eq!(of(9), [(1, 1)]);
    }

    #[test]
    fn the_judges_are_those_of_the_court_that_decided() {
        let words = "A court in Lesk convicted Orrin Tave. He shot two men near Zarvo, the judges found.";
        let report = report("Post", "2031-03-12", words);
        let determination = ClaimKind::Determination(Box::new(model::Determination {
            standard: model::Standard::Convicted,
            authority: Some(model::Speaker {
                name: "court in Lesk".to_owned(),
                mention: None,
                resolution: model::Resolution::Stated,
            }),
            finding: "convicted".to_owned(),
            basis: None,
            said_on: None,
        }));
        let claims = vec![
            claim(&report, &asserted("A court in Lesk convicted Orrin Tave", &[]), determination),
            claim(
                &report,
                &asserted("He shot two men", &["judges"]),
                allegation(&report, Act::Killing, ["", "Zarvo"]),
            ),
        ];
        let matters = weighed(&[(report.clone(), claims)], &[0]);
        assert!(matters.iter().all(|matter| matter.independent.len() == 1 && matter.unknown.is_empty()));
    }

    #[test]
    fn a_short_name_in_several_longer_ones_of_one_speaker_is_that_speaker() {
        check(
            &[
                telling(
                    "Post",
                    "2031-03-12",
                    ("The mill of Zarvo was shelled.", &["Lesk-based Zarvo Mill Watch"]),
                ),
                telling("Echo", "2031-03-13", ("The mill of Zarvo was shelled.", &["Zarvo Mill Watch"])),
                telling("Lamp", "2031-03-14", ("The mill of Zarvo was shelled.", &["Mill Watch"])),
            ],
            expect![[r#"
                Alleged attack on a building or other object in Zarvo [0 1 2]
                  origin Lesk-based Zarvo Mill Watch ["Zarvo Mill Watch", "Mill Watch"] [0 1 2]: 3 reports give it as the word of Lesk-based Zarvo Mill Watch; “Mill Watch” is short for “Lesk-based Zarvo Mill Watch”, the only such name here; “Zarvo Mill Watch” is short for “Lesk-based Zarvo Mill Watch”, the only such name here
                  dependent 1: it prints the same text
                  dependent 2: it prints the same text
            "#]],
        );
    }

    #[test]
    fn a_relay_says_how_it_stands_to_the_report_before() {
        let text = "Shells hit a mill in Zarvo before dawn and broke its roof, Ila Brann told the Wire. The baker had been \
                    kneading dough since three in the morning when the windows fell in on her and on two helpers.";
        let tellings = [
            telling("Wire", "2031-03-12", (text, &["Ila Brann"])),
            telling("Echo", "2031-03-12", (text, &["Ila Brann"])),
            telling(
                "Lamp",
                "2031-03-13",
                ("Zarvo’s mill was hit, Brann told the Wire.", &["Ila Brann", "Wire"]),
            ),
            telling("Post", "2031-03-13", ("A mill fell in Zarvo, Ila Brann said.", &["Ila Brann"])),
            telling(
                "Herald",
                "2031-03-14",
                ("In Zarvo a mill was shelled, said Orrin Tave.", &["Orrin Tave"]),
            ),
            telling("Torch", "2031-03-14", ("The mill of Zarvo is gone.", &[])),
        ];
        let matters = weighed(&tellings, &[0, 1, 2, 3, 4, 5]);
        let relations: Vec<(u64, &str, u64)> = matters[0]
            .dependent
            .iter()
            .map(|relay| (relay.report.0, relay.relation.name(), relay.of.0))
            .collect();
        let first = matters[0].independent[0].relayed_by[0].0;
        let copy = 1 - first;
        assert_eq!(
            relations,
            [(copy, "identical", first), (2, "cites_other_outlet", 0), (3, "quotes_same_speaker", first)]
        );
        let between = |a, b| relation(&matters[0], &[], (ReportKey(a), ReportKey(b))).name();
        assert_eq!(between(3, 4), "independent_reporting");
        assert_eq!(between(4, 5), "unknown");
        assert_eq!(between(0, 3), "quotes_same_speaker");
    }

    #[test]
    fn a_name_may_come_after_the_description() {
        let words = "A mill was shelled in Zarvo, a monitor said. Its roof fell in, the Lesk Register said.";
        let report = report("Post", "2031-03-12", words);
        let said = |words, by| Said { words, by, polarity: Polarity::Asserted };
        let shelled = || allegation(&report, Act::AttackOnObject, ["", "Zarvo"]);
        let claims = vec![
            claim(&report, &said("A mill was shelled in Zarvo", &["monitor"]), shelled()),
            claim(&report, &said("Its roof fell in", &["Lesk Register"]), shelled()),
        ];
        check(
            &[(report.clone(), claims)],
            expect![[r#"
            Alleged attack on a building or other object in Zarvo [0]
              origin Lesk Register [] [0]: one report gives it as the word of Lesk Register
        "#]],
        );
    }

    #[test]
    fn the_reporters_own_eyes_are_an_origin() {
        check(
            &[
                telling(
                    "Post",
                    "2031-03-12",
                    ("This reporter counted nine shells in the mill of Zarvo.", &[]),
                ),
                telling("Echo", "2031-03-12", ("Nine shells hit the mill of Zarvo.", &[])),
            ],
            expect![[r#"
                Alleged attack on a building or other object in Zarvo [1 0]
                  origin Post [] [0]: one report gives it as the word of Post
                  unknown [1]: nobody is named who says so
            "#]],
        );
    }

    #[test]
    fn two_governments_in_one_breath_are_two() {
        check(
            &[
                telling(
                    "Post",
                    "2031-03-12",
                    (
                        "Zarvo was shelled, Sorvenian and Kaldrian officials said.",
                        &["Sorvenian and Kaldrian officials"],
                    ),
                ),
                telling("Echo", "2031-03-13", ("Zarvo was shelled, Sorvenia said.", &["Sorvenia"])),
            ],
            expect![[r#"
                Alleged attack on a building or other object in Zarvo [0 1]
                  origin Sorvenia [] [0 1]: one report gives it as the word of Sorvenia
                  origin Kaldrian officials [] [0]: “Sorvenian and Kaldrian officials” names two sides, and each of them says so
                  dependent 1: it rests on Sorvenia again
            "#]],
        );
    }

    #[test]
    fn one_government_in_many_names_is_one_origin() {
        let named = |outlet: &str, words: &str, by: &[&str]| {
            let report = report(outlet, "2031-03-20", words);
            let said = Said { words: sentence(words), by, polarity: Polarity::Asserted };
            let kind = allegation(&report, Act::WarCrimesUnspecified, ["", ""]);
            let claims = vec![claim(&report, &said, kind)];
            (report, claims)
        };
        let tellings = [
            named(
                "Post",
                "Orlanian troops committed war crimes, Brevania said.",
                &["Brevania", "Hedda Lorq"],
            ),
            named(
                "Echo",
                "The Brevanian government finds war crimes. Brevania’s foreign minister Hedda Lorq said so.",
                &["Brevanian government"],
            ),
            named("Lamp", "These are war crimes, Mrs Lorq said.", &["Mrs Lorq"]),
        ];
        check(
            &tellings,
            expect![[r#"
                Alleged war crimes, not said which [2 0 1]
                  origin Brevanian government ["Hedda Lorq", "Brevania", "Mrs Lorq"] [2 0 1]: 3 reports give it as the word of Brevanian government; Hedda Lorq speaks for “Brevanian government”; “Brevania” is short for “Brevanian government”, the only such name here; “Mrs Lorq” is short for “Hedda Lorq”, the only such name here
                  dependent 0: it rests on Brevanian government again
                  dependent 1: it rests on Brevanian government again
            "#]],
        );
    }

    #[test]
    fn denials_stand_beside_what_they_answer() {
        let mut tellings = tellings();
        let report = report(
            "Gazette",
            "2031-03-15",
            "Orlania’s army denied that it had shelled Zarvo. Orlania does not attack civilians, it said. Rebels shelled it, the army said.",
        );
        let by: &[&str] = &["Orlania's army"];
        let said = |words, polarity| Said { words, by, polarity };
        let claims = vec![
            claim(
                &report,
                &said("shelled Zarvo", Polarity::Denied),
                allegation(&report, Act::AttackOnObject, ["", "Zarvo"]),
            ),
            claim(
                &report,
                &said("attack civilians", Polarity::Denied),
                allegation(&report, Act::AttackOnCivilians, ["", ""]),
            ),
            claim(
                &report,
                &said("Rebels shelled it", Polarity::CounterVersion),
                allegation(&report, Act::AttackOnObject, ["Rebels", "Zarvo"]),
            ),
        ];
        tellings.truncate(1);
        tellings.push((report, claims));
        let words = "Orlanian troops fired on people in Tarn, Ede Voss said.";
        let report = crate::fixture::report("Post", "2031-03-14", words);
        let said = Said { words, by: &["Ede Voss"], polarity: Polarity::Asserted };
        let kind = allegation(&report, Act::AttackOnCivilians, ["Orlanian troops", "Tarn"]);
        let claims = vec![claim(&report, &said, kind)];
        tellings.push((report, claims));
        check(
            &tellings,
            expect![[r#"
                Attack on civilians in Tarn, said to be by Orlanian troops [2]
                  origin Ede Voss [] [2]: one report gives it as the word of Ede Voss
                  generic by Some("Orlania's army"): it denies such acts as a whole, without this place or object
                Alleged attack on a building or other object in Zarvo [0]
                  origin Ila Brann [] [0]: one report gives it as the word of Ila Brann
                  specific by Some("Orlania's army"): it denies this act
                  counter_version by Some("Orlania's army"): it gives another version of the same event
                Attack on a building or other object in Zarvo, said to be by Rebels [1]
                  origin Orlania's army [] [1]: one report gives it as the word of Orlania's army
            "#]],
        );
    }

    #[test]
    fn titles_accuse_only_where_every_origin_does() {
        let told = |outlet: &str, words: &str, actor: [&str; 2], by: &[&str]| {
            let report = report(outlet, "2031-03-14", words);
            let said = Said { words: sentence(words), by, polarity: Polarity::Asserted };
            let mut kind = allegation(&report, Act::Killing, [actor[0], "Tarn"]);
            if let ClaimKind::Allegation(allegation) = &mut kind
                && let Some(accused) = &mut allegation.actor
            {
                accused.name = actor[1].to_owned();
            }
            let claims = vec![claim(&report, &said, kind)];
            (report, claims)
        };
        let forces = told(
            "Post",
            "Orlanian troops killed people in Tarn, Ede Voss said.",
            ["Orlanian troops", "Orlanian troops"],
            &["Ede Voss"],
        );
        let nobody = told("Echo", "People were killed in Tarn, Ila Brann said.", ["", ""], &["Ila Brann"]);
        let pronoun =
            told("Lamp", "He killed people in Tarn, Ede Voss said.", ["He", "Orrin Tave"], &["Ede Voss"]);
        let named =
            told("Lamp", "Tave killed people in Tarn, Ede Voss said.", ["Tave", "Orrin Tave"], &["Ede Voss"]);
        let title = |tellings: &[Telling]| {
            let order: Vec<usize> = (0..tellings.len()).collect();
            weighed(tellings, &order).into_iter().map(|matter| matter.title).collect::<Vec<_>>()
        };
        assert_eq!(
            title(std::slice::from_ref(&forces)),
            ["Killing of people in Tarn, said to be by Orlanian troops"]
        );
        assert_eq!(title(&[forces, nobody]), ["Alleged killing of people in Tarn"]);
        assert_eq!(title(&[pronoun]), ["Alleged killing of people in Tarn"]);
        assert_eq!(title(&[named]), ["Killing of people in Tarn, said to be by Tave"]);
    }

    /// What must not depend on order or on the numbers of reports.
    fn counts(matters: &[Matter]) -> Vec<(Subject, usize, usize, usize)> {
        let mut counts: Vec<_> = matters
            .iter()
            .map(|matter| {
                (matter.subject.clone(), matter.independent.len(), matter.unknown.len(), matter.denials.len())
            })
            .collect();
        counts.sort();
        counts
    }

    fn some_tellings() -> impl Strategy<Value = Vec<Telling>> {
        let by = prop::sample::select(vec![
            vec!["Ila Brann"],
            vec!["Brann"],
            vec!["Orrin Tave", "Ila Brann"],
            vec!["officials"],
            vec![],
            vec!["Zarvo town council"],
            vec!["Washington"],
            vec!["US government", "Orrin Tave"],
        ]);
        let act = prop::sample::select(vec![Act::AttackOnObject, Act::Killing]);
        let day = 10..20u8;
        let one = (by, act, day, "[a-f]{3,5}( [a-f]{3,5}){4,30}").prop_map(|(by, act, day, words)| {
            let words = format!("Zarvo {words}.");
            let report = report(&format!("Outlet {day}"), &format!("2031-03-{day}"), &words);
            let said = Said { words: &words, by: &by, polarity: Polarity::Asserted };
            let kind = allegation(&report, act, ["", "Zarvo"]);
            let claims = vec![claim(&report, &said, kind)];
            (report, claims)
        });
        prop::collection::vec(one, 1..7)
    }

    proptest! {
        #[test]
        fn order_changes_nothing(tellings in some_tellings(), seed in any::<u64>()) {
            let order: Vec<usize> = (0..tellings.len()).collect();
            let mut other = order.clone();
            other.sort_by_key(|&at| crate::words::mix(seed ^ at as u64));
            prop_assert_eq!(weighed(&tellings, &order), weighed(&tellings, &other));
        }

        #[test]
        fn a_copy_raises_no_count(mut tellings in some_tellings(), which in any::<prop::sample::Index>(), day in 10..20u8) {
            let order: Vec<usize> = (0..tellings.len()).collect();
            let before = counts(&weighed(&tellings, &order));
            let (mut copy, claims) = which.get(&tellings).clone();
            copy.metadata.outlet = Some("Copyist".to_owned());
            copy.metadata.published = Some(jiff::civil::date(2031, 3, day as i8));
            tellings.push((copy, claims));
            let after = weighed(&tellings, &(0..tellings.len()).collect::<Vec<_>>());
            prop_assert_eq!(before, counts(&after));
        }

        #[test]
        fn nobody_is_never_independent(tellings in some_tellings()) {
            let order: Vec<usize> = (0..tellings.len()).collect();
            for origin in weighed(&tellings, &order).iter().flat_map(|matter| &matter.independent) {
                prop_assert!(!origin.name.is_empty() && origin.name != "officials");
            }
        }
    }
}
