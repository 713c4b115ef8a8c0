//! Which of the places of one name is meant.
//!
//! Every name of a report votes for the countries, first-level regions and neighbourhoods of the places that it may
//! stand for, each with the share that it has by itself; then each is weighed anew in the light of the others' votes.

use rustc_hash::FxHashMap as HashMap;

use model::{Located, Precision};

use super::gazetteer::{Candidate, Entry, EntryKind, Meaning};
use super::names::{Form, Name};

/// So many places are compared with each candidate; more would make a long list of places slow.
const ANCHORS: usize = 32;
/// So many places of one name are compared; the others are small.
const CANDIDATES: usize = 32;
/// Kilometres within which one place makes another likely.
const NEARBY: f64 = 200.0;
/// A reason of less weight does not tell places apart.
const TELLING: f64 = 0.5;
/// How often all names are weighed in the light of the others.
const ROUNDS: usize = 2;

/// What speaks for a place, in units of the logarithm of its thousands of people.
mod weights {
    /// A country is meant rather than a town of its name.
    pub(super) const COUNTRY: f64 = 7.0;
    pub(super) const PART_OF_THE_WORLD: f64 = 6.0;
    pub(super) const CAPITAL: f64 = 3.0;
    pub(super) const REGION: f64 = 0.5;
    pub(super) const DISTRICT: f64 = -0.5;
    pub(super) const OTHER_NAME: f64 = -2.4;
    pub(super) const DEMONYM: f64 = 20.0;
    /// "Varden" is the city rather than the region around it.
    pub(super) const NAMED_AFTER_SEAT: f64 = -5.0;
    /// The votes for its country, its region, and for places near it.
    pub(super) const SAME_COUNTRY: f64 = 3.9;
    pub(super) const SAME_REGION: f64 = 10.0;
    pub(super) const NEAR: f64 = 4.2;
    /// Elsewhere in the report the name stands with that region or country added.
    pub(super) const STATED: f64 = 15.0;
}

/// Locates every name; `None` for those that the gazetteer lacks.
pub(super) fn locate(names: &[Name]) -> Vec<Option<Located>> {
    let (mut groups, group_of) = groups(names);
    for _ in 0..ROUNDS {
        let votes = Votes::count(&groups);
        groups.iter_mut().for_each(|group| group.weigh(&votes));
    }
    let mut located: Vec<Option<Located>> = Vec::with_capacity(names.len());
    for (name, group) in names.iter().zip(group_of) {
        let outer = match name.form {
            // The region behind the comma is the one in which the place before it lies.
            Form::Added => {
                located.last().and_then(Option::as_ref).map(|inner: &Located| inner.country.clone())
            }
            _ => None,
        };
        let chosen = groups[group].choose(name, outer.as_deref());
        located.push(chosen.and_then(|(candidate, rule)| describe(name, candidate, rule)));
    }
    located
}

fn describe(name: &Name, candidate: &Weighed<'_>, rule: &'static str) -> Option<Located> {
    let place = candidate.place?;
    let precision = match candidate.candidate.precision() {
        Precision::Settlement if name.is_region => Precision::Region,
        Precision::Settlement if name.is_near => Precision::Near,
        precision => precision,
    };
    Some(Located {
        name: place.name.to_owned(),
        geonames: place.geonames,
        country: place.country.to_owned(),
        latitude: place.latitude,
        longitude: place.longitude,
        precision,
        rule,
    })
}

/// All uses of one name, since a report means one place by it.
struct Group<'n> {
    candidates: Vec<Weighed<'n>>,
    /// What each use adds behind a comma.
    stated: Vec<&'n [Candidate]>,
}

/// One place that a name may stand for.
struct Weighed<'n> {
    candidate: Candidate,
    place: Option<Entry<'n>>,
    /// The weight that it has by itself.
    alone: f64,
    weight: f64,
    /// The share among the places of the name.
    share: f64,
    rule: &'static str,
}

/// Returns the names that stand for the same, and the group of each name.
fn groups(names: &[Name]) -> (Vec<Group<'_>>, Vec<usize>) {
    let mut by_key: HashMap<(&str, bool), usize> = HashMap::default();
    let mut groups: Vec<Group<'_>> = Vec::new();
    let group_of = names
        .iter()
        .map(|name| {
            let group = *by_key.entry((&name.key, name.is_region)).or_insert_with(|| {
                groups.push(Group::of(name));
                groups.len() - 1
            });
            if !name.within.is_empty() {
                groups[group].stated.push(&name.within);
            }
            group
        })
        .collect();
    groups.iter_mut().for_each(Group::share);
    (groups, group_of)
}

impl<'n> Group<'n> {
    fn of(name: &Name) -> Group<'n> {
        let regions = |c: &&Candidate| c.place().is_some_and(|place| place.is_region());
        let only_regions = name.is_region && name.candidates.iter().any(|c| regions(&c));
        let mut candidates: Vec<Weighed<'n>> =
            name.candidates.iter().filter(|c| !only_regions || regions(c)).map(|c| Weighed::of(*c)).collect();
        if !name.is_region {
            prefer_seats(&mut candidates);
        }
        candidates.sort_by(|a, b| b.alone.total_cmp(&a.alone));
        candidates.truncate(CANDIDATES);
        Group { candidates, stated: Vec::new() }
    }

    /// Turns weights into shares of one vote.
    fn share(&mut self) {
        let most = self.candidates.iter().map(|c| c.weight).fold(f64::MIN, f64::max);
        let sum: f64 = self.candidates.iter().map(|c| (c.weight - most).exp()).sum();
        for candidate in &mut self.candidates {
            candidate.share = (candidate.weight - most).exp() / sum;
        }
    }

    fn weigh(&mut self, votes: &Votes<'_>) {
        let own = Votes::of(&self.candidates);
        let stated = &self.stated;
        for candidate in &mut self.candidates {
            let Some(place) = candidate.place else { continue };
            // The most telling first.
            let reasons = [
                ("nearby", weights::NEAR * votes.near(place, &own).ln_1p()),
                ("region-named", weights::SAME_REGION * votes.region(place, &own).ln_1p()),
                ("country-named", weights::SAME_COUNTRY * (2.0 * votes.country(place, &own)).ln_1p()),
            ];
            let times = stated.iter().filter(|within| lies_within(place, within)).count();
            let stated = weights::STATED * times as f64 / stated.len().max(1) as f64;
            candidate.weight =
                candidate.alone + stated + reasons.iter().map(|(_, weight)| weight).sum::<f64>();
            let telling =
                reasons.iter().find(|(_, weight)| *weight > TELLING).map_or("largest", |(rule, _)| rule);
            candidate.rule = if stated > 0.0 { "stated-elsewhere" } else { telling };
        }
        self.share();
    }

    /// Chooses the place that one use of the name means, and names the rule that did.
    fn choose(&self, name: &Name, country: Option<&str>) -> Option<(&Weighed<'n>, &'static str)> {
        let allowed = |c: &&Weighed<'_>| {
            country.is_none_or(|country| c.place.is_some_and(|place| place.country == country))
        };
        let best = |stated: bool| {
            self.candidates
                .iter()
                .filter(|c| !stated || c.place.is_some_and(|place| lies_within(place, &name.within)))
                .filter(allowed)
                .max_by(|a, b| a.weight.total_cmp(&b.weight))
        };
        if !name.within.is_empty()
            && let Some(chosen) = best(true)
        {
            return Some((chosen, "stated"));
        }
        let chosen = best(false)?;
        let largest = std::ptr::eq(chosen, self.candidates.first()?);
        // A town and the region around it are not two places to choose between.
        let region = chosen.place.and_then(|place| place.region());
        let same = |c: &Weighed<'_>| region.is_some() && c.place.and_then(|place| place.region()) == region;
        let rule = match largest {
            _ if self.candidates.len() == 1 || self.candidates.iter().all(same) => "only-one",
            true => "largest",
            false => chosen.rule,
        };
        Some((chosen, rule))
    }
}

impl Weighed<'_> {
    fn of(candidate: Candidate) -> Self {
        let place = candidate.place();
        let mut alone = f64::from(place.map_or(0, |place| place.people) + 1).ln();
        alone += match (place.map(|place| place.kind), candidate.meaning) {
            (_, Meaning::Demonym) => weights::DEMONYM,
            (Some(EntryKind::Country), _) => weights::COUNTRY,
            (Some(EntryKind::PartOfTheWorld), _) => weights::PART_OF_THE_WORLD,
            (Some(EntryKind::Region), _) | (_, Meaning::Region) => weights::REGION,
            (Some(EntryKind::District), _) => weights::DISTRICT,
            (Some(EntryKind::Capital), Meaning::Main) => weights::CAPITAL,
            _ => 0.0,
        };
        if candidate.meaning == Meaning::Other {
            alone += weights::OTHER_NAME;
        }
        Weighed { candidate, place, alone, weight: alone, share: 0.0, rule: "largest" }
    }
}

/// Lets the seat go before the region that is called after it.
fn prefer_seats(candidates: &mut [Weighed<'_>]) {
    // A village that shares the name of its region is not its seat.
    const SEAT: u32 = 50;
    let seats: Vec<usize> = candidates
        .iter()
        .filter_map(|c| c.place.filter(|place| place.is_settlement() && place.people >= SEAT)?.region())
        .collect();
    for candidate in candidates {
        let region = candidate.place.filter(|place| place.is_region()).and_then(|place| place.region());
        if region.is_some_and(|region| seats.contains(&region)) {
            candidate.alone += weights::NAMED_AFTER_SEAT;
            candidate.weight = candidate.alone;
        }
    }
}

/// Tells whether a place lies in one of the regions or countries that are added to its name.
fn lies_within(place: Entry<'_>, within: &[Candidate]) -> bool {
    within.iter().any(|outer| {
        outer.place().is_some_and(|region| match region.kind {
            EntryKind::Country => region.country == place.country && place.kind != EntryKind::Country,
            // A region that is located at its seat holds what is near.
            _ if outer.meaning == Meaning::Region => region.country == place.country,
            _ => {
                place.number != region.number && place.region().is_some() && place.region() == region.region()
            }
        })
    })
}

/// The shares of all names, by what they speak for.
#[derive(Default)]
struct Votes<'n> {
    countries: HashMap<&'n str, f64>,
    regions: HashMap<usize, f64>,
    /// Points with their shares.
    anchors: Vec<(f64, f64, f64)>,
}

impl<'n> Votes<'n> {
    fn count(groups: &[Group<'n>]) -> Votes<'n> {
        let mut votes = Votes::default();
        groups.iter().for_each(|group| votes.add(&group.candidates));
        votes
    }

    fn of(candidates: &[Weighed<'n>]) -> Votes<'n> {
        let mut votes = Votes::default();
        votes.add(candidates);
        votes
    }

    fn add(&mut self, candidates: &[Weighed<'n>]) {
        for candidate in candidates {
            let Some(place) = candidate.place else { continue };
            *self.countries.entry(place.country).or_default() += candidate.share;
            if let Some(region) = place.region() {
                *self.regions.entry(region).or_default() += candidate.share;
            }
            if place.is_settlement() && candidate.share > 0.5 && self.anchors.len() < ANCHORS {
                self.anchors.push((place.latitude, place.longitude, candidate.share));
            }
        }
    }

    /// The votes of the others for the country of a place.
    fn country(&self, place: Entry<'_>, own: &Votes<'_>) -> f64 {
        let votes = |votes: &Votes<'_>| votes.countries.get(place.country).copied().unwrap_or_default();
        if place.country.is_empty() { 0.0 } else { (votes(self) - votes(own)).max(0.0) }
    }

    fn region(&self, place: Entry<'_>, own: &Votes<'_>) -> f64 {
        let Some(region) = place.region() else { return 0.0 };
        let votes = |votes: &Votes<'_>| votes.regions.get(&region).copied().unwrap_or_default();
        (votes(self) - votes(own)).max(0.0)
    }

    fn near(&self, place: Entry<'_>, own: &Votes<'_>) -> f64 {
        let votes = |votes: &Votes<'_>| -> f64 {
            let near =
                votes.anchors.iter().filter(|(north, east, _)| distance(&place, (*north, *east)) < NEARBY);
            near.map(|(.., share)| share).sum()
        };
        if place.is_settlement() { (votes(self) - votes(own)).max(0.0) } else { 0.0 }
    }
}

/// Returns the kilometres between two places, on a plane that is bent only between east and west; at the distances
/// that matter here the error is below one in a hundred.
fn distance(place: &Entry<'_>, (latitude, longitude): (f64, f64)) -> f64 {
    // One degree of a meridian is 40,008 km / 360.
    const DEGREE: f64 = 111.13;
    let north = place.latitude - latitude;
    let east = (place.longitude - longitude) * ((place.latitude + latitude) / 2.0).to_radians().cos();
    DEGREE * north.hypot(east)
}
