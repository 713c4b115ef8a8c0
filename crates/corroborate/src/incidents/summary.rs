use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use model::{Act, ObjectClass};

use super::{Account, Days, Point};
use crate::Subject;

/// What the accounts of one incident say together, for a heading. Nothing is chosen among contradictions: all acts,
/// objects and accused are there, those that most accounts name first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// What is alleged, in a few words.
    pub title: String,
    /// What was done.
    pub acts: Vec<Act>,
    /// What was hit.
    pub objects: Vec<ObjectClass>,
    /// The town.
    pub town: Option<String>,
    /// The region or country.
    pub region: Option<String>,
    /// Where that is: of what the accounts of that place say, what most of them do.
    pub point: Option<Point>,
    /// The closest days that are stated; where none are, those of the reports.
    pub days: Option<Days>,
    /// Who is accused.
    pub actors: Vec<String>,
}

/// Sums up the accounts of one incident.
pub fn summary(accounts: &[Account]) -> Summary {
    // Copies of one text are not more often right.
    let texts: BTreeMap<_, &Account> = accounts.iter().map(|account| (account.content(), account)).collect();
    let texts = || texts.values().copied();
    let acts = by_count(texts().flat_map(|account| account.acts.iter().copied()));
    let objects = by_count(texts().flat_map(|account| account.objects.iter().copied()));
    let town = by_count(accounts.iter().filter_map(|account| account.town.clone())).into_iter().next();
    let region = by_count(accounts.iter().filter_map(|account| account.region.clone())).into_iter().next();
    let place = town.clone().or_else(|| region.clone());
    let title = match acts.first() {
        Some(&act) => {
            let of_act = texts().filter(|account| account.acts.contains(&act));
            let hit = by_count(of_act.flat_map(|account| account.objects.iter().copied()));
            let object = hit.into_iter().next().filter(|_| hits_objects(act));
            Subject::Allegation { act, object, place, actor: None }.title(None)
        }
        None => format!("Harm told of{}", place.map_or(String::new(), |place| format!(" in {place}"))),
    };
    let actors = by_count(accounts.iter().flat_map(|account| account.actors.iter().cloned()));
    let of_place = |account: &&Account| match &town {
        Some(_) => account.town == town,
        None => account.region == region,
    };
    let points = by_count(accounts.iter().filter(of_place).filter_map(|account| account.point));
    let point = points.into_iter().next();
    Summary { title, acts, objects, town, region, point, days: days(accounts), actors }
}

/// Tells whether what was hit is part of an act: who kills people in a school kills people.
fn hits_objects(act: Act) -> bool {
    !matches!(
        act,
        Act::Killing | Act::Torture | Act::SexualViolence | Act::AbductionOrDeportation | Act::Detention
    )
}

/// Returns each thing once, those first that stand there most often.
fn by_count<T: Ord + Clone>(things: impl Iterator<Item = T>) -> Vec<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for thing in things {
        *counts.entry(thing).or_default() += 1;
    }
    let ordered: BTreeSet<(Reverse<usize>, T)> =
        counts.into_iter().map(|(thing, count)| (Reverse(count), thing)).collect();
    ordered.into_iter().map(|(_, thing)| thing).collect()
}

fn days(accounts: &[Account]) -> Option<Days> {
    let all = || accounts.iter().filter_map(|account| account.days);
    let long = |days: &Days| days.first.until(days.last).map_or(i32::MAX, |span| span.get_days());
    let stated = all().filter(|days| days.stated).min_by_key(|days| (long(days), *days));
    stated.or_else(|| {
        let first = all().map(|days| days.first).min()?;
        Some(Days { first, last: all().map(|days| days.last).max()?, stated: false })
    })
}
