use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use model::{
    Act, Bound, Claim, ClaimKind, Located, ObjectClass, Period, Place, Polarity, Precision, Span, When,
};

use super::telling::{roots, telling};
use crate::carried::{Apart, Carried, Spot, carried, classes};
use crate::families::Joined;
use crate::grouping::{Event, settled};
use crate::identity::Identity;
use crate::{Read, ReportKey, Subject};

/// What one report tells of one event: the claims that are about it, and what it is known by.
///
/// A report has as many of them as it tells of events. One that names no place or no day has none here, and is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The report and the number of the account in it.
    pub name: AccountName,
    /// What puts accounts in order, whatever numbers their reports were given.
    pub identity: [u8; 16],
    /// The byte of the text as read at which the sentence of its first claim begins. It stays when claims are counted
    /// anew: a person's decision finds its account by it.
    pub begins: usize,
    /// The claims that are about it, by their positions in [`Read::claims`]. A short note may tell of something that
    /// no claim was read from.
    pub claims: Vec<usize>,
    /// What was done.
    pub acts: BTreeSet<Act>,
    /// What was hit.
    pub objects: BTreeSet<ObjectClass>,
    /// The town, or another place that holds no other.
    pub town: Option<String>,
    /// The region or country, where no town is named.
    pub region: Option<String>,
    /// Where the town is, or else the region or country, if the gazetteer knows.
    pub point: Option<Point>,
    /// The days on which it may have been.
    pub days: Option<Days>,
    /// Who is accused.
    pub actors: BTreeSet<String>,
    /// The telling words of the sentences, in lower case, by their roots.
    pub words: BTreeMap<String, String>,
}

/// All by which copies of one text are the same.
type Content<'a> =
    (Option<Days>, &'a BTreeMap<String, String>, &'a Option<String>, &'a BTreeSet<ObjectClass>);

impl Account {
    pub(crate) fn content(&self) -> Content<'_> {
        (self.days, &self.words, &self.town, &self.objects)
    }
}

/// What an account is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountName {
    /// The report.
    pub report: ReportKey,
    /// The number of the account among those of the report.
    pub number: usize,
}

/// A point on the ground, and how much of the ground around it is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point {
    /// How much ground the named place covers.
    pub precision: Precision,
    /// Ten-thousandths of a degree north: about eleven metres.
    pub north: i32,
    /// Ten-thousandths of a degree east.
    pub east: i32,
}

impl Point {
    fn of(located: &Located) -> Point {
        let whole = |degrees: f64| (degrees * 10_000.0).round() as i32;
        let Located { latitude, longitude, precision, .. } = located;
        Point { precision: *precision, north: whole(*latitude), east: whole(*longitude) }
    }
}

/// The days on which something may have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Days {
    /// The first.
    pub first: Date,
    /// The last.
    pub last: Date,
    /// Whether words of the report say so. Else both are the day of the report, and it was not later.
    pub stated: bool,
}

/// A figure that counts a stretch of time, and so belongs to a situation and to no incident: "953 since the invasion".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reckoning {
    /// The place that it is about, if any is named.
    pub place: Option<String>,
    /// The first day that it counts, if that is said.
    pub from: Option<Date>,
    /// The figure, by its position in [`Read::claims`].
    pub claim: usize,
}

/// Bytes of a report that is a note or a caption: all of it is about one event.
const NOTE: usize = 400;

/// Finds what a report tells of events, and which of its figures belong to situations. `places` are those that the
/// report names.
///
/// Claims of one sentence are about one event unless their places or days differ. Claims of other sentences are about
/// the same one if they stand near, in the same town or about the same class of object, and neither place, nor day, nor
/// what was hit parts them; who was killed or injured goes with the
/// allegation of the same sentence, or else with the one before. Comparisons with other wars are about nothing here.
pub fn accounts(read: &Read<'_>, places: &[Place]) -> (Vec<Account>, Vec<Reckoning>) {
    let source = Source::of(read, places);
    let claims = settled(read, carried(std::slice::from_ref(read)));
    let (long, claims): (Vec<Carried>, Vec<Carried>) =
        claims.into_iter().partition(|claim| claim.apart == Apart::Cumulative);
    let mut starts: Vec<usize> = long.iter().map(|figure| figure.span.start()).collect();
    starts.sort_unstable();
    // An allegation around such a figure is about the longer time too.
    let counts_longer = |claim: &Carried| {
        let next = starts.partition_point(|start| *start < claim.span.start());
        starts.get(next).is_some_and(|start| *start < claim.span.end())
    };
    let claims = claims.into_iter().filter(|claim| !counts_longer(claim));
    let told: Vec<Told> = claims.filter_map(|claim| Told::of(&source, claim)).collect();
    let groups = if is_note(read) { of_note(&told) } else { groups(&told) };
    let of_group = |group: Vec<usize>| account(&source, group.iter().map(|&at| &told[at]).collect());
    let mut accounts: Vec<Account> = groups.into_iter().filter_map(of_group).collect();
    accounts.sort_by(|a, b| a.claims.cmp(&b.claims));
    for (number, account) in accounts.iter_mut().enumerate() {
        account.name.number = number;
        account.identity = numbered(Identity::of(read.report), number);
    }
    (accounts, long.into_iter().map(|claim| reckoning(read, &claim)).collect())
}

/// Words after which a place is likened to, and how many characters they may stand before it.
const COMPARISONS: [&str; 7] =
    [" as in ", " as at ", " like ", " reminiscent of ", " compared to ", " compared with ", " similar to "];
const LIKENED: usize = 60;

/// A report with what is looked up in it again and again.
struct Source<'r> {
    read: &'r Read<'r>,
    sentences: Vec<Span>,
    /// The towns that are named, with the number of their sentence, in order.
    towns: Vec<(usize, String)>,
    /// Where the names of speakers stand, and the dateline: these tell nothing of an event.
    elsewhere: Vec<Span>,
    /// The countries of the places that are named.
    countries: BTreeMap<&'r str, &'r str>,
    /// Where the places are that are named.
    points: BTreeMap<&'r str, Point>,
    /// Days that are only named as the beginning or the end of a longer time: "since 3 February".
    ends: BTreeSet<Date>,
}

impl<'r> Source<'r> {
    fn of(read: &'r Read<'r>, places: &'r [Place]) -> Source<'r> {
        let sentences = read.report.body.iter().flat_map(|piece| &piece.sentences).copied().collect();
        let dateline = read.report.dateline.iter().map(|line| line.span);
        let speakers =
            read.claims.iter().flat_map(|claim| &claim.said_by).filter_map(|speaker| speaker.mention);
        let mut elsewhere: Vec<Span> = dateline.chain(speakers).collect();
        elsewhere.sort_by_key(|span| (span.start(), span.end()));
        elsewhere.dedup();
        let located = || places.iter().filter_map(|place| place.located.as_ref());
        let points = located().map(|place| (place.name.as_str(), Point::of(place))).collect();
        let countries = located().filter(|place| !place.country.is_empty());
        let countries = countries.map(|place| (place.name.as_str(), place.country.as_str())).collect();
        let mut source =
            Source { read, sentences, towns: Vec::new(), elsewhere, countries, points, ends: ends(read) };
        for place in places {
            let Some(located) = place.located.as_ref().filter(|it| it.precision < Precision::Region) else {
                continue;
            };
            if !source.is_elsewhere(place.span) && !source.is_compared(place.span) {
                source.towns.push((source.sentence(place.span), located.name.clone()));
            }
        }
        source.towns.sort();
        source.towns.dedup();
        source
    }

    /// Tells whether words are part of the name of a speaker or of the dateline.
    fn is_elsewhere(&self, words: Span) -> bool {
        let next = self.elsewhere.partition_point(|span| span.start() < words.end());
        // Mentions seldom lie inside each other: the last few before are enough.
        self.elsewhere[next.saturating_sub(4)..next].iter().any(|span| span.overlaps(words))
    }

    /// Tells whether a place is only likened to: "as in Grozny".
    fn is_compared(&self, place: Span) -> bool {
        let Some(sentence) = self.sentences.get(self.sentence(place)) else { return false };
        let before = self.read.report.text.read().get(sentence.start()..place.start()).unwrap_or_default();
        // Far before, the comparison is over.
        let near = before.char_indices().rev().nth(LIKENED).map_or(0, |(at, _)| at);
        let before = before[near..].to_lowercase();
        COMPARISONS.iter().any(|cue| before.contains(cue))
    }

    /// Returns the number of the sentence in which a span begins.
    fn sentence(&self, span: Span) -> usize {
        self.sentences.partition_point(|sentence| sentence.end() <= span.start())
    }

    /// Returns the town that some sentences name, if they name one only. Of no sentence, that of the report.
    fn only_town(&self, numbers: &BTreeSet<usize>) -> Option<String> {
        let towns: BTreeSet<&String> = match numbers.is_empty() {
            true => self.towns.iter().map(|(_, town)| town).collect(),
            false => numbers.iter().flat_map(|&number| self.towns_of(number)).collect(),
        };
        towns.first().filter(|_| towns.len() == 1).map(|&town| town.clone())
    }

    /// Tells whether a town may lie in a region or country: nothing says that it lies in another.
    fn may_lie_in(&self, town: &str, region: &str) -> bool {
        let country = |place: &str| self.countries.get(place);
        country(town).zip(country(region)).is_none_or(|(one, other)| one == other)
    }

    fn towns_of(&self, number: usize) -> impl Iterator<Item = &String> {
        let from = self.towns.partition_point(|(at, _)| *at < number);
        self.towns[from..].iter().take_while(move |(at, _)| *at == number).map(|(_, town)| town)
    }
}

fn ends(read: &Read<'_>) -> BTreeSet<Date> {
    let (mut ends, mut within) = (BTreeSet::new(), BTreeSet::new());
    for claim in read.claims {
        if let ClaimKind::Allegation(allegation) = &claim.kind
            && let Some(time) = &allegation.time
            && let When::Day(day) = time.when
        {
            if time.bound == Bound::Within { &mut within } else { &mut ends }.insert(day);
        }
    }
    ends.difference(&within).copied().collect()
}

fn is_note(read: &Read<'_>) -> bool {
    read.report.body.iter().map(|piece| piece.span.range().len()).sum::<usize>() <= NOTE
}

fn numbered(identity: Identity, number: usize) -> [u8; 16] {
    let mut bytes = identity.0;
    let number = (number as u16).to_be_bytes();
    (bytes[14], bytes[15]) = (number[0], number[1]);
    bytes
}

fn reckoning(read: &Read<'_>, claim: &Carried) -> Reckoning {
    let from = match &read.claims[claim.at.claim].kind {
        ClaimKind::Figure(figure) => figure.period.and_then(|period| period.from),
        _ => None,
    };
    Reckoning { place: claim.spot.name().cloned(), from, claim: claim.at.claim }
}

/// A claim with what tells its event from others.
struct Told {
    claim: Carried,
    event: Event,
    object: Option<ObjectClass>,
    /// The country of its place, if that is known.
    country: Option<String>,
    days: Option<Days>,
    sentence: usize,
    /// The claim that it denies.
    denies: Option<usize>,
}

impl Told {
    fn of(source: &Source<'_>, claim: Carried) -> Option<Told> {
        let event = Event::of(&claim.subject)?;
        let object = match &claim.subject {
            Subject::Allegation { object, .. } => *object,
            _ => None,
        };
        // "Denied having hit any civilian target" is about what others say was hit.
        let object = object.filter(|_| !denies_any(&source.read.claims[claim.at.claim]));
        let days = claim.day.filter(|day| !source.ends.contains(day)).map(Days::one);
        let days = days.or_else(|| stretch(&source.read.claims[claim.at.claim]));
        let sentence = source.sentence(claim.span);
        let country = claim.spot.name().and_then(|name| source.countries.get(name.as_str()));
        let country = country.map(|&country| country.to_owned());
        let denies = source.read.claims[claim.at.claim].denies;
        Some(Told { claim, event, object, country, days, sentence, denies })
    }

    fn is_figure(&self) -> bool {
        matches!(self.claim.subject, Subject::Figure { .. })
    }

    /// Tells whether place and day allow that both are about one event.
    fn agrees(&self, other: &Told) -> bool {
        let places = match (&self.claim.spot, &other.claim.spot) {
            (Spot::Point(one), Spot::Point(two)) => one == two,
            // "In the Lesk region" and "in Asterholm", which lies in another country.
            _ => self.country.is_none() || other.country.is_none() || self.country == other.country,
        };
        places && self.days.is_none_or(|days| other.days.is_none_or(|others| days.meet(others)))
    }

    /// Tells whether another claim denies this one, and place and day allow it.
    fn is_denied_by(&self, other: &Told) -> bool {
        other.denies == Some(self.claim.at.claim) && self.agrees(other)
    }

    /// Tells whether an allegation is about the event of an earlier one.
    fn is_of_event(&self, other: &Told) -> bool {
        let near = self.sentence.abs_diff(other.sentence);
        let objects = self.object.zip(other.object);
        let differs = objects.is_some_and(|(one, two)| one != two);
        // "The school" further down is the one of the lead, as long as place and day do not part them.
        let shares_object = objects.is_some_and(|(one, two)| one == two && one != ObjectClass::Other);
        let same = near == 0 || !differs && (near <= BACK || shares_object || self.shares_town(other));
        self.event == other.event && same && self.agrees(other)
    }

    fn shares_town(&self, other: &Told) -> bool {
        matches!((&self.claim.spot, &other.claim.spot), (Spot::Point(one), Spot::Point(two)) if one == two)
    }
}

impl Days {
    fn one(day: Date) -> Days {
        Days { first: day, last: day, stated: true }
    }

    /// Tells whether one day may be a day of both.
    pub(crate) fn meet(self, other: Days) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

/// Tells whether a claim denies all of a kind: "any civilian target".
fn denies_any(claim: &Claim) -> bool {
    let target = match &claim.kind {
        ClaimKind::Allegation(allegation) => allegation.target.as_ref(),
        _ => None,
    };
    claim.polarity == Polarity::Denied
        && target.is_some_and(|target| target.name.to_lowercase().starts_with("any "))
}

/// Days in a stretch that may still be the time of one event: a week.
const STRETCH: i32 = 7;

/// Returns the days between which an event is said to have been.
fn stretch(claim: &Claim) -> Option<Days> {
    let (first, last) = match &claim.kind {
        ClaimKind::Allegation(allegation) => {
            let time = allegation.time.as_ref().filter(|time| time.bound == Bound::Within)?;
            if matches!(time.when, When::Year(_)) {
                return None;
            }
            (time.when.first(), time.when.last())
        }
        ClaimKind::Figure(figure) => match figure.period {
            Some(Period { from: Some(from), to: Some(to) }) => (from, to),
            _ => return None,
        },
        _ => return None,
    };
    let long = first.until(last).map_or(i32::MAX, |span| span.get_days());
    (long <= STRETCH || matches!(&claim.kind, ClaimKind::Allegation(_))).then_some(Days {
        first,
        last,
        stated: true,
    })
}

/// Sentences back to the one that a claim may go on from.
const BACK: usize = 2;
/// Allegations back to which a claim may belong: a report of more events than this is a list.
const BEFORE: usize = 64;

/// Brings the claims of a report together that are about one event.
fn groups(told: &[Told]) -> Vec<Vec<usize>> {
    let mut joined = Joined::new(told.len());
    // The allegations so far. The nearest that fits is enough: those before it were joined to it in their turn.
    let mut before: Vec<usize> = Vec::new();
    for (at, one) in told.iter().enumerate().filter(|(_, one)| !one.is_figure()) {
        let near = || before.iter().rev().take(BEFORE).copied();
        let mut found = near().find(|&other| told[other].is_denied_by(one));
        for other in near().filter(|&other| one.is_of_event(&told[other])) {
            if found.is_some() {
                break;
            }
            // One that names no town is of the nearest event, and brings no two towns together.
            let event = joined.root(other);
            let agrees = near().all(|third| joined.root(third) != event || one.agrees(&told[third]));
            found = agrees.then_some(other);
        }
        if let Some(other) = found {
            joined.join(other, at);
        }
        before.push(at);
    }
    for (at, figure) in told.iter().enumerate().filter(|(_, one)| one.is_figure()) {
        let next = before.partition_point(|&other| told[other].sentence <= figure.sentence);
        let near =
            || before[..next].iter().rev().take(BEFORE).copied().filter(|&other| figure.agrees(&told[other]));
        let own = near().find(|&other| figure.sentence - told[other].sentence <= BACK);
        if let Some(other) = own.or_else(|| near().find(|&other| figure.shares_town(&told[other]))) {
            joined.join(other, at);
        }
    }
    joined.groups()
}

/// Brings the claims of a note together: all that one event can hold.
fn of_note(told: &[Told]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (at, one) in told.iter().enumerate() {
        match groups.iter_mut().find(|group| group.iter().all(|&other| one.agrees(&told[other]))) {
            Some(group) => group.push(at),
            None => groups.push(vec![at]),
        }
    }
    if groups.is_empty() { vec![Vec::new()] } else { groups }
}

fn account(source: &Source<'_>, told: Vec<&Told>) -> Option<Account> {
    let read = source.read;
    let note = is_note(read);
    let alleges = told.iter().any(|one| !one.is_figure());
    let placed = told.iter().any(|one| !one.claim.spot.is_open() && one.days.is_some());
    // A figure alone, without a place and a day of its own, tells of no event that could be found again.
    if !note && !alleges && !placed {
        return None;
    }
    let numbers: BTreeSet<usize> = told.iter().map(|one| one.sentence).collect();
    let pieces: Vec<Span> = match note {
        true => read.report.body.iter().map(|piece| piece.span).collect(),
        false => numbers.iter().filter_map(|&number| source.sentences.get(number)).copied().collect(),
    };
    let mut words = telling(read, &pieces, |words| source.is_elsewhere(words));
    let mut claims: Vec<usize> = told.iter().map(|one| one.claim.at.claim).collect();
    claims.sort_unstable();
    claims.dedup();
    let spot = |point: bool| {
        let spots = told.iter().map(|one| &one.claim.spot).filter(|spot| spot.is_open() != point);
        spots.filter_map(Spot::name).min().cloned()
    };
    let region = spot(false);
    // A minister in one country speaks of what was done in another.
    let is_there = |town: &String| region.as_ref().is_none_or(|region| source.may_lie_in(town, region));
    let town = spot(true).or_else(|| source.only_town(&numbers).filter(is_there));
    // What is shared in the place weighs once.
    for root in town.iter().flat_map(|town| roots(town)) {
        words.remove(&root);
    }
    if told.is_empty() && words.is_empty() {
        return None;
    }
    let objects = told.iter().filter_map(|one| match &read.claims[one.claim.at.claim].kind {
        ClaimKind::Allegation(allegation) => Some(classes(allegation)),
        _ => None,
    });
    let asserted = || told.iter().filter(|one| one.claim.polarity == Polarity::Asserted);
    let point = |name: &Option<String>| source.points.get(name.as_deref()?).copied();
    Some(Account {
        point: point(&town).or_else(|| point(&region)),
        name: AccountName { report: read.key, number: 0 },
        identity: [0; 16],
        begins: numbers
            .first()
            .and_then(|&number| source.sentences.get(number))
            .map_or(0, |sentence| sentence.start()),
        claims,
        acts: told.iter().filter_map(|one| act(&one.claim.subject)).collect(),
        objects: objects.flatten().collect(),
        town,
        region,
        days: days(read, &told),
        actors: asserted().filter_map(|one| one.claim.subject.accused()).map(str::to_owned).collect(),
        words,
    })
}

fn act(subject: &Subject) -> Option<Act> {
    match subject {
        Subject::Allegation { act, .. } => Some(*act),
        _ => None,
    }
}

fn days(read: &Read<'_>, told: &[&Told]) -> Option<Days> {
    // The closest time that is named; of equal ones the first.
    let stated = told.iter().filter_map(|one| one.days).min_by_key(|days| {
        (days.first.until(days.last).map_or(i32::MAX, |span| span.get_days()), days.first)
    });
    stated.or_else(|| read.published().map(|day| Days { first: day, last: day, stated: false }))
}
