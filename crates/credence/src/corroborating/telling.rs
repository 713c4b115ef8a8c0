use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use corroborate::{CopyLink, Read, ReportKey, Sketch};
use store::StoryRow;

use super::readings::Readings;
use super::{is_copy, laying};
use crate::parallel;
use crate::record::Record;
use crate::wire::{self, Family, Link, Matter, Names, Story};

/// How many stories are committed together.
const STORIES: usize = 64;

/// Which of the stories are worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stories {
    /// Those of not too many reports: a story of thousands would be read again whole for each one that comes.
    Small,
    /// All: somebody asks for them.
    All,
}

/// Reports of a story that is worked out whenever one comes.
const SMALL: u64 = 64;

/// Works out what the stories say of which that is due.
pub(super) fn tell(
    (record, damaged): (&mut Record, &mut BTreeSet<String>),
    which: Stories,
    readings: &mut Readings,
) -> anyhow::Result<()> {
    let mut last = 0;
    loop {
        let due = record.store().due_stories(last, STORIES)?;
        let Some(&(latest, _)) = due.last() else { return Ok(()) };
        last = latest;
        let due = due.into_iter().filter(|(_, reports)| which == Stories::All || *reports <= SMALL);
        let told = record.store().at_one_moment(|| {
            due.map(|(key, _)| Ok((key, told_by((&*record, &mut *damaged), key, readings)?)))
                .collect::<anyhow::Result<Vec<_>>>()
        })?;
        record.writer().batch(|batch| {
            told.iter().try_for_each(|(key, story)| match story {
                Some(story) => batch.put_story(*key, story),
                None => batch.remove_story(*key),
            })
        })?;
    }
}

/// Reads what a story says; `None` if no report is in it any longer.
fn told_by(
    (record, damaged): (&Record, &mut BTreeSet<String>),
    key: i64,
    readings: &mut Readings,
) -> anyhow::Result<Option<StoryRow>> {
    let inside = Inside::of(record, key)?;
    if inside.sketches.is_empty() {
        return Ok(None);
    }
    let story = corroborate::Story::of(&inside.sketches);
    readings.load_claims((record, damaged), &story.reports)?;
    let links = inside.links(record.jobs(), (&*readings, &story.reports[..]));
    let mut row = story_row(&story, readings, (&inside.families[..], &links[..]));
    row.decisions = laying::standing_on(record.store(), &story.reports)?;
    Ok(Some(stored(&story, &row)))
}

/// What the rows hold of one story.
struct Inside {
    sketches: Vec<(ReportKey, Arc<Sketch>)>,
    families: Vec<corroborate::Family>,
    /// Pairs that were found to be copies when the later one came.
    found: Vec<(ReportKey, ReportKey)>,
}

impl Inside {
    fn of(record: &Record, story: i64) -> anyhow::Result<Inside> {
        let store = record.store();
        let (mut sketches, mut found) = (Vec::new(), Vec::new());
        let mut families: BTreeMap<i64, Vec<(ReportKey, Arc<Sketch>)>> = BTreeMap::new();
        for report in store.shown_in(story)? {
            let Some(sketch) = store.sketch(report)?.and_then(|bytes| Sketch::from_bytes(&bytes).ok()) else {
                continue;
            };
            let sketched = (ReportKey(report as u64), Arc::new(sketch));
            if let Some(family) = store.family_of(report)? {
                families.entry(family).or_default().push(sketched.clone());
            }
            sketches.push(sketched);
            let links = store.links_from(report)?;
            let copies = links.iter().filter(|link| is_copy(link));
            found.extend(copies.map(|link| (ReportKey(link.a as u64), ReportKey(link.b as u64))));
        }
        let families = families.into_values().map(|members| corroborate::Family::of(&members)).collect();
        Ok(Inside { sketches, families, found })
    }

    /// Reads copies side by side once more, for the passages that they share. In the order of the reports: their numbers
    /// depend on which came first.
    fn links(&self, jobs: usize, (readings, order): (&Readings, &[ReportKey])) -> Vec<CopyLink> {
        let mut links = Vec::new();
        for family in &self.families {
            let mut of_family = compared(jobs, readings, &pairs(&family.members));
            let copies = of_family.iter().filter(|link| link.class.is_copy()).map(|link| (link.a, link.b));
            let parts = corroborate::joined(&family.members, &copies.collect::<Vec<_>>());
            if parts.len() > 1 {
                // They hang together by others than these.
                let members: BTreeSet<ReportKey> = family.members.iter().copied().collect();
                let known: BTreeSet<(ReportKey, ReportKey)> =
                    of_family.iter().flat_map(|link| [(link.a, link.b), (link.b, link.a)]).collect();
                let within =
                    |pair: &&(ReportKey, ReportKey)| members.contains(&pair.0) && !known.contains(pair);
                let others: Vec<_> = self.found.iter().filter(within).copied().collect();
                of_family.extend(compared(jobs, readings, &others));
            }
            links.extend(of_family.into_iter().filter(|link| link.class.is_copy()));
        }
        let place: HashMap<ReportKey, usize> = order.iter().enumerate().map(|(at, key)| (*key, at)).collect();
        links.sort_by_key(|link| (place.get(&link.a).copied(), place.get(&link.b).copied()));
        links
    }
}

/// Reads pairs side by side.
fn compared(jobs: usize, readings: &Readings, pairs: &[(ReportKey, ReportKey)]) -> Vec<CopyLink> {
    let links =
        parallel::map(pairs, jobs, |&(a, b)| corroborate::compare(&readings.read(a)?, &readings.read(b)?));
    links.into_iter().flatten().collect()
}

/// Members of a family up to which each is shown beside each. In a larger one, it is the first and the one before: which
/// ones were compared as they came is chance.
const ALL_PAIRS: usize = 8;

fn pairs(members: &[ReportKey]) -> Vec<(ReportKey, ReportKey)> {
    let mut pairs = Vec::new();
    for (at, &member) in members.iter().enumerate() {
        let earlier = &members[..at];
        match earlier {
            [first, .., last] if members.len() > ALL_PAIRS => {
                pairs.extend([(*first, member), (*last, member)])
            }
            _ => pairs.extend(earlier.iter().map(|&other| (other, member))),
        }
    }
    pairs
}

fn story_row(
    story: &corroborate::Story,
    readings: &Readings,
    (families, links): (&[corroborate::Family], &[CopyLink]),
) -> Story {
    let reads: Vec<Read<'_>> = story.reports.iter().filter_map(|&key| readings.read(key)).collect();
    let matters = corroborate::weigh(&reads, links);
    let mut families: Vec<&corroborate::Family> = families.iter().collect();
    families.sort_by_key(|family| story.reports.iter().position(|key| Some(key) == family.members.first()));
    Story {
        id: readings.id('s', &story.reports),
        title: story.title.clone(),
        first_day: story.first,
        last_day: story.last,
        reports: story.reports.iter().filter_map(|&key| Some(readings.report(key)?.into())).collect(),
        families: families.into_iter().map(|family| wire_family(family, readings, links)).collect(),
        matters: matters.iter().map(|matter| Matter::new(matter, readings)).collect(),
        speakers: corroborate::names_of_speakers(&reads),
        decisions: Vec::new(),
    }
}

fn stored(story: &corroborate::Story, wired: &Story) -> StoryRow {
    StoryRow {
        id: wired.id.clone(),
        title: story.title.clone(),
        first_day: story.first,
        last_day: story.last,
        body: wire::json(wired),
        reports: story.reports.iter().map(|key| key.0 as i64).collect(),
    }
}

fn wire_family(family: &corroborate::Family, readings: &Readings, links: &[CopyLink]) -> Family {
    let name = |key: ReportKey| Names::report(readings, key);
    let members: BTreeSet<ReportKey> = family.members.iter().copied().collect();
    let within = links.iter().filter(|link| members.contains(&link.a) && members.contains(&link.b));
    let origin = match &family.origin {
        corroborate::FamilyOrigin::Member(key) => Some(name(*key)),
        corroborate::FamilyOrigin::Agency(agency) => Some(agency.clone()),
        corroborate::FamilyOrigin::Unknown => None,
    };
    Family {
        members: family.members.iter().map(|&key| name(key)).collect(),
        origin,
        reason: family.reason.clone(),
        links: within.map(|link| Link::new(link, readings)).collect(),
    }
}
