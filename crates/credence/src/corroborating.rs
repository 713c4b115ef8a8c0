//! All reports together: copies, families, stories, and what each story says. Works from the sketches in the rows, and
//! takes originals out again only where two reports may share text, and once more for one story at a time.

use std::collections::{BTreeSet, HashMap};

use corroborate::{CopyLink, Read, ReportKey, Sketch};
use store::{CopyLinkRow, Corroboration, FamilyRow, StoredReport, StoryRow};

use crate::parallel;
use crate::reading::Original;
use crate::record::{Record, sound};
use crate::wire::{self, Family, Link, Matter, Member, Names, Story};

/// Works out copies, families and stories again, if a report came since the last time.
pub(crate) fn corroborate(record: &mut Record) -> anyhow::Result<()> {
    if !record.store().corroboration_is_stale()? {
        return Ok(());
    }
    let mut damaged = std::mem::take(&mut record.damaged);
    let found = all_together(record, &mut damaged)?;
    record.damaged = damaged;
    record.writer().replace_corroboration(&found)?;
    Ok(())
}

/// Works out copies, families and stories. Reports whose originals are damaged are left out.
fn all_together(record: &Record, damaged: &mut BTreeSet<String>) -> anyhow::Result<Corroboration> {
    let sketches = sketches(record)?;
    let mut found = Corroboration::default();
    let links = links((record, &mut *damaged), &sketches, &mut found.copy_links)?;
    let families = corroborate::families(&sketches, &links);
    let stories = corroborate::stories(&sketches, &links);
    for (story, inside) in stories.iter().zip(insides(&stories, families, links)) {
        let readings = Readings::load((record, &mut *damaged), story.reports.iter().copied())?;
        found.families.extend(inside.families.iter().map(|family| family_row(family, &readings, &inside)));
        found.stories.push(story_row(story, &readings, &inside));
    }
    Ok(found)
}

/// What lies inside one story. Copies are always in one story; other links may lead from one to another.
#[derive(Default)]
struct Inside {
    families: Vec<corroborate::Family>,
    links: Vec<CopyLink>,
}

fn insides(
    stories: &[corroborate::Story],
    families: Vec<corroborate::Family>,
    links: Vec<CopyLink>,
) -> Vec<Inside> {
    let numbered = stories.iter().enumerate();
    let story: HashMap<ReportKey, usize> =
        numbered.flat_map(|(at, story)| story.reports.iter().map(move |&key| (key, at))).collect();
    let mut insides: Vec<Inside> = stories.iter().map(|_| Inside::default()).collect();
    for family in families {
        if let Some(&at) = family.members.first().and_then(|key| story.get(key)) {
            insides[at].families.push(family);
        }
    }
    for link in links {
        if let (Some(&a), Some(b)) = (story.get(&link.a), story.get(&link.b))
            && a == *b
        {
            insides[a].links.push(link);
        }
    }
    insides
}

/// Returns the sketches of all reports but those that show an earlier version of a page: a page says what it says now.
fn sketches(record: &Record) -> anyhow::Result<Vec<(ReportKey, Sketch)>> {
    let superseded: BTreeSet<i64> = record.store().superseded()?.into_iter().collect();
    let mut sketches = Vec::new();
    record.store().sketches(|row| {
        // A sketch of another version is made again by `reindex`; until then its report stands alone.
        if let Ok(sketch) = Sketch::from_bytes(&row.sketch)
            && !superseded.contains(&row.report)
        {
            sketches.push((ReportKey(row.report as u64), sketch));
        }
        Ok::<(), store::Error>(())
    })?;
    Ok(sketches)
}

/// How many pairs are compared between two readings of originals: few enough to hold their texts in memory.
const PAIRS: usize = 256;

/// Compares the pairs that may share text, and fills their rows while the texts are at hand.
fn links(
    (record, damaged): (&Record, &mut BTreeSet<String>),
    sketches: &[(ReportKey, Sketch)],
    rows: &mut Vec<CopyLinkRow>,
) -> anyhow::Result<Vec<CopyLink>> {
    let mut links = Vec::new();
    for pairs in corroborate::candidates(sketches).chunks(PAIRS) {
        let readings =
            Readings::load((record, &mut *damaged), pairs.iter().flat_map(|pair| [pair.0, pair.1]))?;
        let compared = parallel::map(pairs, record.jobs(), |&(a, b)| {
            corroborate::compare(&readings.read(a)?, &readings.read(b)?)
        });
        for link in compared.into_iter().flatten() {
            rows.push(link_row(&link, &readings));
            links.push(link);
        }
    }
    // In the order of the sketches, by day, name and digest: the numbers of reports depend on which came first.
    let place: HashMap<ReportKey, usize> =
        sketches.iter().enumerate().map(|(at, (key, _))| (*key, at)).collect();
    links.sort_by_key(|link| (place.get(&link.a).copied(), place.get(&link.b).copied()));
    Ok(links)
}

fn link_row(link: &CopyLink, readings: &Readings) -> CopyLinkRow {
    CopyLinkRow {
        a: link.a.0 as i64,
        b: link.b.0 as i64,
        kind: link.class.name().to_owned(),
        containment: f64::from(link.containment),
        body: wire::json(&Link::new(link, readings)),
    }
}

fn family_row(family: &corroborate::Family, readings: &Readings, inside: &Inside) -> FamilyRow {
    FamilyRow {
        id: readings.id('f', &family.members),
        body: wire::json(&wire_family(family, readings, &inside.links)),
        reports: family.members.iter().map(|key| key.0 as i64).collect(),
    }
}

/// Some reports, read again from their originals.
struct Readings {
    held: HashMap<ReportKey, (StoredReport, extract::Reading)>,
}

impl Readings {
    fn load(
        (record, damaged): (&Record, &mut BTreeSet<String>),
        keys: impl IntoIterator<Item = ReportKey>,
    ) -> anyhow::Result<Readings> {
        let keys: BTreeSet<ReportKey> = keys.into_iter().collect();
        let mut originals = Vec::new();
        for key in keys {
            let Some(report) = record.store().report(key.0 as i64)? else { continue };
            let Some(row) = record.store().original(&report.row.digest)? else { continue };
            let original = sound(record.original(&row), damaged)?;
            originals.extend(original.map(|original| (key, report, original)));
        }
        let readings = parallel::map(&originals, record.jobs(), |(_, _, original)| Original::read(original));
        let held =
            originals.into_iter().zip(readings).map(|((key, report, _), reading)| (key, (report, reading)));
        Ok(Readings { held: held.collect() })
    }

    fn read(&self, key: ReportKey) -> Option<Read<'_>> {
        let (_, reading) = self.held.get(&key)?;
        Some(Read { key, report: &reading.report, claims: &reading.claims })
    }

    /// Names a group after the smallest digest in it: the order in which reports came changes nothing.
    fn id(&self, prefix: char, members: &[ReportKey]) -> String {
        let smallest = members.iter().filter_map(|key| Some(self.held.get(key)?.0.row.digest)).min();
        let digest = model::Digest::from_bytes(smallest.unwrap_or_default());
        format!("{prefix}-{}", &digest.hex()[..8])
    }
}

impl Names for Readings {
    fn report(&self, key: ReportKey) -> String {
        self.held.get(&key).map(|(report, _)| report.row.name.clone()).unwrap_or_default()
    }

    fn reading(&self, key: ReportKey) -> Option<&extract::Reading> {
        self.held.get(&key).map(|(_, reading)| reading)
    }
}

fn story_row(story: &corroborate::Story, readings: &Readings, inside: &Inside) -> StoryRow {
    let reads: Vec<Read<'_>> = story.reports.iter().filter_map(|&key| readings.read(key)).collect();
    let matters = corroborate::weigh(&reads, &inside.links);
    let wired = Story {
        id: readings.id('s', &story.reports),
        title: story.title.clone(),
        first_day: story.first,
        last_day: story.last,
        reports: story.reports.iter().filter_map(|key| Some(member(&readings.held.get(key)?.0))).collect(),
        families: inside.families.iter().map(|family| wire_family(family, readings, &inside.links)).collect(),
        matters: matters.iter().map(|matter| Matter::new(matter, readings)).collect(),
    };
    StoryRow {
        id: wired.id.clone(),
        title: story.title.clone(),
        first_day: story.first,
        last_day: story.last,
        body: wire::json(&wired),
        reports: story.reports.iter().map(|key| key.0 as i64).collect(),
    }
}

fn member(report: &StoredReport) -> Member {
    let row = &report.row;
    Member {
        id: row.name.clone(),
        original: model::Digest::from_bytes(row.digest).to_string(),
        published: row.published,
        outlet: row.outlet.clone(),
        title: row.title.clone(),
        wire: row.wire.clone(),
    }
}

fn wire_family(family: &corroborate::Family, readings: &Readings, links: &[CopyLink]) -> Family {
    let origin = match &family.origin {
        corroborate::FamilyOrigin::Member(key) => Some(readings.report(*key)),
        corroborate::FamilyOrigin::Agency(name) => Some(name.clone()),
        corroborate::FamilyOrigin::Unknown => None,
    };
    let within = |link: &&CopyLink| family.members.contains(&link.a) && family.members.contains(&link.b);
    Family {
        members: family.members.iter().map(|&key| readings.report(key)).collect(),
        origin,
        reason: family.reason.clone(),
        links: links.iter().filter(within).map(|link| Link::new(link, readings)).collect(),
    }
}
