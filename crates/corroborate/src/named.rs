//! Those who are named as victims, each counted once.

use std::collections::BTreeMap;

use model::{Measure, Polarity, Sex, Victim};

use crate::toll::{Bound, Counted, Envelope, Group, Told};

/// Men, women and children among those whom one report names.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// How many of each population, with the first list that names one of them.
    counts: BTreeMap<&'static str, (u64, Option<Counted>)>,
    /// Persons of whom no words tell which they are.
    untold: u64,
}

impl Named {
    /// Counts the persons in all lists of one measure.
    pub(crate) fn of(told: &Told<'_>, measure: Measure) -> Named {
        let mut persons: BTreeMap<usize, Person> = BTreeMap::new();
        for (list, victims) in told.victims.iter().enumerate() {
            if victims.measure != measure || victims.polarity != Polarity::Asserted {
                continue;
            }
            let by = Counted::List { report: told.read.key, list };
            for victim in victims.members.iter().chain(&victims.parts) {
                let Some(person) = victim.person else { continue };
                persons.entry(person).or_insert(Person { group: None, sex: None, by }).learn(victim);
            }
        }
        let mut named = Named::default();
        for person in persons.values() {
            match person.group() {
                Some(group) => {
                    let (count, by) = named.counts.entry(group).or_default();
                    *count += 1;
                    by.get_or_insert(person.by);
                }
                None => named.untold += 1,
            }
        }
        named
    }

    /// Corrects groups that no figure states by those who are named.
    ///
    /// Where as many are named as were harmed, and the stated groups agree, the names are the groups.
    pub(crate) fn join(&self, groups: Vec<Group>, whole: &Envelope) -> Vec<Group> {
        let is_whole = self.untold == 0 && self.fits(whole) && self.agrees(&groups);
        let mut joined: Vec<Group> = match is_whole {
            true => groups.into_iter().filter(|group| !GROUPS.contains(&&*group.population)).collect(),
            false => groups,
        };
        for (population, (count, by)) in &self.counts {
            if let Some(by) = *by {
                raise(&mut joined, Group::named(population, *count, by), whole);
            }
        }
        joined.sort_by(|a, b| a.population.cmp(&b.population));
        joined
    }

    fn fits(&self, whole: &Envelope) -> bool {
        let count = self.untold + self.counts.values().map(|(count, _)| count).sum::<u64>();
        whole.least.is_some_and(|least| least.number <= count) && count <= whole.most.number
    }

    fn agrees(&self, groups: &[Group]) -> bool {
        let stated = groups.iter().filter(|group| group.is_stated() && GROUPS.contains(&&*group.population));
        let count = |population: &str| self.counts.get(population).map_or(0, |(count, _)| *count);
        stated.into_iter().all(|group| count(&group.population) == group.envelope.most.number)
    }
}

/// The populations that names are counted for.
const GROUPS: [&str; 3] = ["children", "men", "women"];

/// What all mentions of one person tell.
struct Person {
    group: Option<&'static str>,
    sex: Option<Sex>,
    by: Counted,
}

impl Person {
    fn learn(&mut self, victim: &Victim) {
        let group = match victim.population.as_str() {
            "children" | "boys" | "girls" => Some("children"),
            "women" => Some("women"),
            "men" => Some("men"),
            _ => None,
        };
        self.group = self.group.or(group);
        self.sex = self.sex.or(victim.sex);
    }

    fn group(&self) -> Option<&'static str> {
        let adults = self.sex.map(|sex| match sex {
            Sex::Female => "women",
            Sex::Male => "men",
        });
        self.group.or(adults)
    }
}

/// Puts in a group of those named where it is larger than what other lists give, no figure states it, and the groups
/// still fit into the whole.
fn raise(groups: &mut Vec<Group>, named: Group, whole: &Envelope) {
    let others = groups
        .iter()
        .filter(|group| GROUPS.contains(&&*group.population) && group.population != named.population);
    let sum =
        others.map(|group| group.envelope.most.number).fold(named.envelope.most.number, u64::saturating_add);
    if sum > whole.most.number && !whole.is_open {
        return;
    }
    match groups.iter_mut().find(|group| group.population == named.population) {
        Some(group) if group.is_stated() || group.envelope.most.number >= named.envelope.most.number => {}
        Some(group) => *group = named,
        None => groups.push(named),
    }
}

impl Group {
    fn named(population: &str, count: u64, by: Counted) -> Group {
        let bound = Bound { number: count, is_vague: false, by };
        let envelope = Envelope { least: Some(bound), most: bound, is_open: false };
        Group { population: population.to_owned(), envelope }
    }

    /// Tells whether a figure states the most of it.
    pub fn is_stated(&self) -> bool {
        matches!(self.envelope.most.by, Counted::Figure(_))
    }
}
