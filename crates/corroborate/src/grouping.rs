use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use model::{Act, Claim, ClaimKind, Measure, Polarity, Scope, Span};

use crate::carried::{Apart, Carried, Spot};
use crate::places;
use crate::{Read, ReportKey, Subject};

/// The matters of a story, and the claims that speak against them.
pub(crate) struct Grouped {
    pub(crate) groups: Vec<Group>,
    pub(crate) denials: Vec<Carried>,
}

/// Claims that are about one matter.
#[derive(Debug)]
pub(crate) struct Group {
    /// What they are about, as closely as any of them says it.
    pub(crate) subject: Subject,
    pub(crate) claims: Vec<Carried>,
    /// The first day that is named.
    pub(crate) day: Option<Date>,
}

/// Days between two tellings of one event, at most. Reports give the day of an attack, of its discovery and of the
/// statement on it without much care.
const DAYS: i32 = 3;

/// Puts claims together that may be about one matter: the same act against the same class of object, or the same
/// measure of the same people, where neither place, nor day, nor accused speaks against it.
///
/// Claims of different towns are never together. A claim that names no town is of one that stands near before it
/// or in the lead of its report, among those in which such a thing is said to have happened.
pub(crate) fn grouped(reads: &[Read<'_>], carried: Vec<Carried>) -> Grouped {
    let points = Points::of(reads, &carried);
    let (mut denials, told): (Vec<_>, Vec<_>) =
        carried.into_iter().partition(|claim| claim.polarity == Polarity::Denied);
    for denial in &mut denials {
        if let Some(town) = points.inside(denial).filter(|_| denial.spot.is_open()) {
            denial.spot = Spot::Point(town);
        }
    }
    Grouped { groups: groups(&points, told), denials }
}

/// Says where the claims of one report are taken to be about.
pub(crate) fn settled(read: &Read<'_>, mut claims: Vec<Carried>) -> Vec<Carried> {
    let points = Points::of(std::slice::from_ref(read), &claims);
    for claim in &mut claims {
        claim.spot = points.settled(claim);
    }
    claims
}

fn groups(points: &Points, carried: Vec<Carried>) -> Vec<Group> {
    let mut alike: BTreeMap<(Subject, Version, Apart), BTreeMap<Spot, Vec<Carried>>> = BTreeMap::new();
    for mut claim in carried {
        claim.spot = points.settled(&claim);
        let key = (alike_in(&claim), Version::of(claim.polarity), claim.apart);
        alike.entry(key).or_default().entry(claim.spot.clone()).or_default().push(claim);
    }
    let mut groups = Vec::new();
    for (_, mut places) in alike {
        points.join_unsaid(&mut places);
        for claims in places.into_values().flat_map(by_day).flat_map(by_accused) {
            groups.extend(Group::of(claims));
        }
    }
    groups
}

/// Whose version of an event a claim belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Version {
    Told,
    Counter,
}

impl Version {
    fn of(polarity: Polarity) -> Version {
        if polarity == Polarity::CounterVersion { Version::Counter } else { Version::Told }
    }
}

impl Group {
    /// Says how its figures differ from the tolls of an event.
    pub(crate) fn remark(&self) -> &'static str {
        match self.claims.first().map(|claim| claim.apart) {
            Some(Apart::Cumulative) => ", over a longer time",
            Some(Apart::More) => ", in addition to another figure",
            Some(Apart::Part) => ", as a part of another figure",
            _ => "",
        }
    }

    pub(crate) fn of(claims: Vec<Carried>) -> Option<Group> {
        let mut subject = claims.first()?.subject.clone();
        let named =
            claims.iter().filter_map(|claim| claim.spot.name().map(|name| (claim.spot.is_open(), name)));
        let name = named.min().map(|(_, name)| name.clone());
        let who = claims.iter().find_map(|claim| claim.subject.accused().map(str::to_owned));
        match &mut subject {
            Subject::Allegation { place, actor, .. } => (*place, *actor) = (name, who),
            Subject::Figure { place, population, .. } => {
                *place = name;
                // Of several names the one that covers all: "children" for boys and girls.
                let is_other = |claim: &Carried| match &claim.subject {
                    Subject::Figure { population: other, .. } => other != population,
                    _ => false,
                };
                if claims.iter().any(is_other)
                    && let Subject::Figure { population: common, .. } = alike_in(claims.first()?)
                {
                    *population = common;
                }
            }
            Subject::Determination { .. } => {}
        }
        let day = claims.iter().filter_map(|claim| claim.day).min();
        Some(Group { subject, claims, day })
    }
}

/// Parts claims whose days lie far apart. Those without a day go with the most, unless they are of a time in which
/// none of these days lies: "another bomb killed ten in August last year".
fn by_day(claims: Vec<Carried>) -> Vec<Vec<Carried>> {
    let (mut dated, undated): (Vec<_>, Vec<_>) = claims.into_iter().partition(|claim| claim.day.is_some());
    dated.sort_by_key(|claim| claim.day);
    let mut parts: Vec<Vec<Carried>> = Vec::new();
    for claim in dated {
        let near = parts.last().and_then(|part| part.first()).and_then(|first| first.day.zip(claim.day));
        match parts.last_mut() {
            Some(part) if near.is_some_and(|(first, day)| days(first, day) <= DAYS) => part.push(claim),
            _ => parts.push(vec![claim]),
        }
    }
    let told: Vec<Date> = parts.iter().filter_map(|part| part.first()?.day).collect();
    let (other, open): (Vec<_>, Vec<_>) = undated
        .into_iter()
        .partition(|claim| claim.stretch.is_some_and(|stretch| is_outside(stretch, &told)));
    parts = add_to_most(parts, open);
    let mut stretches: BTreeMap<Option<(Date, Date)>, Vec<Carried>> = BTreeMap::new();
    other.into_iter().for_each(|claim| stretches.entry(claim.stretch).or_default().push(claim));
    parts.extend(stretches.into_values());
    parts
}

/// Tells whether there are days, and none of them lies in a stretch of time or near it.
fn is_outside((from, to): (Date, Date), told: &[Date]) -> bool {
    let apart = |&day: &Date| (day < from && days(day, from) > DAYS) || (day > to && days(to, day) > DAYS);
    !told.is_empty() && told.iter().all(apart)
}

fn days(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days().abs())
}

/// Parts claims by whom they accuse. Those that accuse nobody go with the only accused.
fn by_accused(claims: Vec<Carried>) -> Vec<Vec<Carried>> {
    let mut parts: BTreeMap<Option<String>, Vec<Carried>> = BTreeMap::new();
    for claim in claims {
        parts.entry(claim.subject.accused().map(str::to_owned)).or_default().push(claim);
    }
    let nobody = parts.remove(&None).unwrap_or_default();
    let mut parts: Vec<Vec<Carried>> = parts.into_values().collect();
    if parts.len() == 1 {
        return add_to_most(parts, nobody);
    }
    parts.push(nobody);
    parts
}

fn add_to_most(mut parts: Vec<Vec<Carried>>, others: Vec<Carried>) -> Vec<Vec<Carried>> {
    if others.is_empty() {
        return parts;
    }
    let most = (0..parts.len()).min_by_key(|&at| (Reverse(parts[at].len()), at));
    match most {
        Some(at) => parts[at].extend(others),
        None => parts.push(others),
    }
    parts
}

/// What a claim is grouped by, but for place and accused. Whom one outlet calls rebels, another calls militants or
/// terrorists, and girls are children.
pub(crate) fn alike_in(claim: &Carried) -> Subject {
    let mut subject = kind(claim.subject.clone());
    if let Subject::Figure { population, .. } = &mut subject
        && let Some(names) =
            [&FIGHTERS[..], &CHILDREN].iter().find(|names| names.contains(&population.as_str()))
    {
        *population = names[0].to_owned();
    }
    subject
}

const CHILDREN: [&str; 3] = ["children", "girls", "boys"];

const FIGHTERS: [&str; 9] = [
    "fighters",
    "militants",
    "rebels",
    "terrorists",
    "jihadists",
    "extremists",
    "insurgents",
    "gunmen",
    "militiamen",
];

/// A subject by act and object, or by measure and population.
pub(crate) fn kind(mut subject: Subject) -> Subject {
    match &mut subject {
        Subject::Allegation { place, actor, .. } => (*place, *actor) = (None, None),
        Subject::Figure { place, .. } => *place = None,
        Subject::Determination { .. } => {}
    }
    subject
}

/// What one event may bring about: its place is the place of all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Event {
    Strike,
    Custody,
    Act(Act),
    Count(Measure),
}

impl Event {
    pub(crate) fn of(subject: &Subject) -> Option<Event> {
        match subject {
            Subject::Allegation { act, .. } => Some(Event::of_act(*act)),
            Subject::Figure { measure, .. } => Some(Event::of_measure(*measure)),
            Subject::Determination { .. } => None,
        }
    }

    /// Returns the event that a claim tells of; `None` for a figure of a longer time and for what is no event.
    pub(crate) fn of_claim(claim: &Claim) -> Option<Event> {
        match &claim.kind {
            ClaimKind::Allegation(allegation) if !allegation.comparison => {
                Some(Event::of_act(allegation.act))
            }
            ClaimKind::Figure(figure) if figure.scope != Scope::Cumulative => {
                Some(Event::of_measure(figure.measure))
            }
            _ => None,
        }
    }

    fn of_act(act: Act) -> Event {
        match act {
            Act::AttackOnCivilians
            | Act::AttackOnObject
            | Act::IndiscriminateAttack
            | Act::Killing
            | Act::ProhibitedWeapon
            | Act::Destruction => Event::Strike,
            Act::Torture | Act::Detention | Act::AbductionOrDeportation | Act::HostageTaking => {
                Event::Custody
            }
            _ => Event::Act(act),
        }
    }

    fn of_measure(measure: Measure) -> Event {
        match measure {
            Measure::Killed
            | Measure::Injured
            | Measure::KilledOrInjured
            | Measure::Missing
            | Measure::Trapped
            | Measure::Attacks
            | Measure::ObjectHits
            | Measure::ObjectsDestroyed => Event::Strike,
            Measure::Detained | Measure::Abducted => Event::Custody,
            _ => Event::Count(measure),
        }
    }
}

/// Towns that are looked for in the reports of one story, those of most claims.
const TOWNS: usize = 64;
/// Bytes between the name of a town and the end of a claim that may be about it: a long sentence.
const NEAR: usize = 240;
/// Bytes of a report that say what all of it is about: two or three sentences.
const LEAD: usize = 500;

/// Where the towns in which something is alleged are mentioned in each report.
struct Points {
    /// The towns of each kind of event.
    of_event: BTreeMap<Event, BTreeSet<String>>,
    /// In each report the mentions by position.
    mentions: BTreeMap<ReportKey, Vec<(usize, String)>>,
    /// Where each report begins.
    leads: BTreeMap<ReportKey, usize>,
    /// Where the sentences end in reports of several towns.
    sentences: BTreeMap<ReportKey, Vec<usize>>,
}

impl Points {
    fn of(reads: &[Read<'_>], carried: &[Carried]) -> Points {
        let mut of_event: BTreeMap<Event, BTreeSet<String>> = BTreeMap::new();
        let mut count: BTreeMap<&String, usize> = BTreeMap::new();
        for claim in carried {
            let Subject::Allegation { .. } = claim.subject else { continue };
            if let (Spot::Point(name), Some(event)) = (&claim.spot, Event::of(&claim.subject)) {
                of_event.entry(event).or_default().insert(name.clone());
                *count.entry(name).or_default() += 1;
            }
        }
        let mut towns: Vec<&String> = count.keys().copied().collect();
        towns.sort_by_key(|&name| (Reverse(count[name]), name));
        towns.truncate(TOWNS);
        let mentions: BTreeMap<ReportKey, Vec<(usize, String)>> =
            reads.iter().map(|read| (read.key, mentions(read, &towns))).collect();
        let several = reads.iter().filter(|read| {
            let named = mentions[&read.key].iter().map(|(_, name)| name.as_str());
            named.chain(places::towns(read.report.text.read())).collect::<BTreeSet<_>>().len() > 1
        });
        let sentences = several.map(|read| (read.key, sentence_ends(read))).collect();
        let start = |read: &Read<'_>| read.report.body.first().map_or(0, |piece| piece.span.start());
        let leads = reads.iter().map(|read| (read.key, start(read))).collect();
        Points { of_event, mentions, leads, sentences }
    }

    /// Adds claims without a place to those of the only place that is named. In a report of several towns another number
    /// is of another one, and so is what stands before the first mention of that place.
    fn join_unsaid(&self, places: &mut BTreeMap<Spot, Vec<Carried>>) {
        if places.len() != 2 {
            return;
        }
        let Some(unsaid) = places.remove(&Spot::Unsaid) else { return };
        let placed: Vec<Carried> = places.values().flatten().cloned().collect();
        let is_other = |claim: &Carried| {
            let beside = || placed.iter().filter(|other| other.at.report == claim.at.report);
            claim.number.is_some()
                && self.sentences.contains_key(&claim.at.report)
                && beside().next().is_some()
                && beside().all(|other| other.number.is_some() && other.number != claim.number)
        };
        let town = places.keys().next().and_then(Spot::name).cloned();
        let is_apart = |claim: &Carried| {
            is_other(claim) || town.as_ref().is_some_and(|town| self.is_named_only_later(claim, town))
        };
        let (apart, joined): (Vec<Carried>, Vec<Carried>) = unsaid.into_iter().partition(is_apart);
        places.values_mut().for_each(|claims| claims.extend(joined.iter().cloned()));
        if !apart.is_empty() {
            places.insert(Spot::Unsaid, apart);
        }
    }

    /// Tells whether a report of several towns names one of them only behind a claim that stands below its lead: what was
    /// not named yet is not meant.
    fn is_named_only_later(&self, claim: &Carried, town: &str) -> bool {
        let report = &claim.at.report;
        let lead = self.leads.get(report).copied().unwrap_or_default() + LEAD;
        let mut named = self.mentions.get(report).into_iter().flatten();
        let first = named.find(|(_, name)| name == town).map(|(at, _)| *at);
        self.sentences.contains_key(report)
            && claim.span.start() > lead
            && first.is_some_and(|first| first > claim.span.end())
    }

    /// Returns where a claim is taken to be about.
    fn settled(&self, claim: &Carried) -> Spot {
        if !claim.spot.is_open() || claim.apart == Apart::Cumulative {
            return claim.spot.clone();
        }
        self.nearest(claim).map_or_else(|| claim.spot.clone(), Spot::Point)
    }

    /// Returns the first town that the words of a claim name.
    fn inside(&self, claim: &Carried) -> Option<String> {
        let mentions = self.mentions.get(&claim.at.report)?;
        let first = mentions.partition_point(|(at, _)| *at < claim.span.start());
        mentions.get(first).filter(|(at, _)| *at < claim.span.end()).map(|(_, name)| name.clone())
    }

    /// Returns the town that stands nearest before the end of a claim or in the lead of its report. In a report of
    /// several towns only the sentence of the claim tells which it is about.
    fn nearest(&self, claim: &Carried) -> Option<String> {
        let towns = self.of_event.get(&Event::of(&claim.subject)?)?;
        let mentions = self.mentions.get(&claim.at.report)?;
        let of_event = |(_, name): &&(usize, String)| towns.contains(name);
        if let Some(ends) = self.sentences.get(&claim.at.report) {
            let own = ends.partition_point(|end| *end <= claim.span.start());
            let start = own.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
            let end = ends.get(own).copied().unwrap_or(usize::MAX);
            let place = |at: usize| mentions.partition_point(|(mention, _)| *mention < at);
            let inside = mentions[place(start)..place(end)].iter().filter(of_event);
            let names: BTreeSet<&String> = inside.map(|(_, name)| name).collect();
            return names.first().filter(|_| names.len() == 1).map(|&name| name.clone());
        }
        let end = claim.span.end();
        let before = mentions.partition_point(|(at, _)| *at < end);
        let near = mentions[..before].iter().rev().take_while(|(at, _)| end - at < NEAR);
        // Far from any town it may be about all of a country, unless the whole report is about one town.
        let lead = self.leads.get(&claim.at.report).copied().unwrap_or_default();
        let in_lead =
            mentions.iter().skip_while(|(at, _)| *at < lead).take_while(|(at, _)| *at < lead + LEAD);
        near.chain(in_lead).find(of_event).map(|(_, name)| name.clone())
    }
}

fn sentence_ends(read: &Read<'_>) -> Vec<usize> {
    read.report.body.iter().flat_map(|piece| &piece.sentences).map(Span::end).collect()
}

fn mentions(read: &Read<'_>, towns: &[&String]) -> Vec<(usize, String)> {
    let text = read.report.text.read();
    let mut found = Vec::new();
    for &town in towns {
        // The town of Bar is not in "Barrow".
        let whole = |at: &usize| {
            let joined = |next: Option<char>| next.is_some_and(char::is_alphanumeric);
            !joined(text[..*at].chars().next_back()) && !joined(text[*at + town.len()..].chars().next())
        };
        let named = text.match_indices(town.as_str()).map(|(at, _)| at).filter(whole);
        found.extend(named.map(|at| (at, town.clone())));
    }
    found.sort_unstable();
    found
}
