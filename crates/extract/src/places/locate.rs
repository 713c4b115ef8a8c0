//! Which of the places of one name is meant.

use std::collections::HashMap;

use model::{Located, Precision};

use super::gazetteer::{Candidate, Entry, EntryKind, Meaning};
use super::names::Name;

/// What the other names of a report say about where it plays.
struct Setting {
    /// How often each country is named, directly or by a place that can only lie there.
    countries: HashMap<&'static str, u32>,
    /// Places that can only be meant once.
    anchors: Vec<(f64, f64)>,
}

/// So many places are compared with each candidate; more would make a long list of places slow.
const ANCHORS: usize = 32;
/// Kilometres within which one place makes another likely.
const NEARBY: f64 = 150.0;

/// Locates every name; `None` for those that the gazetteer lacks.
pub(super) fn locate(names: &[Name]) -> Vec<Option<Located>> {
    let setting = Setting::read(names);
    names.iter().map(|name| setting.locate(name)).collect()
}

impl Setting {
    fn read(names: &[Name]) -> Setting {
        let mut setting = Setting { countries: HashMap::new(), anchors: Vec::new() };
        for name in names {
            if let Some(within) = name.within.and_then(Candidate::place) {
                *setting.countries.entry(within.country).or_default() += 2;
                setting.anchor(&within);
            }
            let places: Vec<_> = name.candidates.iter().filter_map(|c| c.place()).collect();
            let Some(first) = places.first() else { continue };
            if first.kind == EntryKind::Country && places.len() == 1 {
                *setting.countries.entry(first.country).or_default() += 2;
            } else if places.iter().all(|place| place.country == first.country) {
                *setting.countries.entry(first.country).or_default() += 1;
                if places.len() == 1 {
                    setting.anchor(first);
                }
            }
        }
        setting
    }

    fn anchor(&mut self, place: &Entry<'_>) {
        if self.anchors.len() < ANCHORS && place.kind != EntryKind::Country {
            self.anchors.push((place.latitude, place.longitude));
        }
    }

    fn locate(&self, name: &Name) -> Option<Located> {
        let (candidate, rule) = self.choose(name)?;
        let place = candidate.place()?;
        let precision = match candidate.precision() {
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

    /// Chooses among the candidates, and names the rule that did.
    fn choose(&self, name: &Name) -> Option<(Candidate, &'static str)> {
        if let Some(within) = name.within.and_then(Candidate::place) {
            let inside = |c: &&Candidate| {
                c.place().is_some_and(|p| p.country == within.country && p.kind != EntryKind::Country)
            };
            let chosen = if within.kind == EntryKind::Country {
                name.candidates.iter().find(inside)
            } else {
                let far = |c: &Candidate| {
                    c.place().map_or(f64::MAX, |p| distance(&p, (within.latitude, within.longitude)))
                };
                name.candidates.iter().filter(inside).min_by(|a, b| far(a).total_cmp(&far(b)))
            };
            return chosen.map(|candidate| (*candidate, "stated"));
        }
        let mut scored: Vec<_> = name.candidates.iter().map(|c| (self.score(c), *c)).collect();
        scored.sort_by(|a, b| b.0.0.total_cmp(&a.0.0));
        let ((_, rule), candidate) = *scored.first()?;
        Some((candidate, if scored.len() == 1 { "only-one" } else { rule }))
    }

    /// Weighs a candidate: the logarithm of its people, and what speaks for it besides.
    fn score(&self, candidate: &Candidate) -> (f64, &'static str) {
        let Some(place) = candidate.place() else { return (0.0, "largest") };
        let mut score = f64::from(place.people + 1).ln();
        score += match (place.kind, candidate.meaning) {
            (_, Meaning::Demonym) => 20.0,
            (EntryKind::Country, _) => 6.0,
            (EntryKind::Region, _) | (_, Meaning::Region) => 3.0,
            (EntryKind::Capital, Meaning::Main) => 4.0,
            (_, Meaning::Other) => -2.0,
            _ => 0.0,
        };
        let mut rule = "largest";
        if let Some(times) = self.countries.get(place.country) {
            score += 2.0 + f64::from(*times).ln();
            rule = "country-named";
        }
        if self.anchors.iter().any(|anchor| distance(&place, *anchor) < NEARBY) {
            score += 4.0;
            rule = "nearby";
        }
        (score, rule)
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
