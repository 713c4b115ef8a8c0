//! What each outlet says of one thing, beside what the others say, and when each reported.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::doors::Doors;
use super::words;
use crate::wire::{Matter, Member, Said, Story};

/// One thing alleged or counted, as the outlets of a story tell it.
pub(super) struct Told {
    pub(super) title: String,
    pub(super) tellings: Vec<Telling>,
    /// The one outlet that says it, where others report on the story and do not.
    pub(super) alone: Option<String>,
}

/// What one outlet says.
pub(super) struct Telling {
    pub(super) outlet: String,
    pub(super) day: Option<Date>,
    pub(super) bounds: String,
    pub(super) words: String,
    pub(super) by: String,
    pub(super) path: String,
    /// `highest`, `lowest`, or nothing.
    pub(super) mark: &'static str,
}

/// The matters of a story beside the origins that stand behind each.
pub(super) struct Grid {
    pub(super) origins: Vec<String>,
    /// A title, and for each origin how many claims of the matter it stands behind; at last those of unknown origin.
    pub(super) rows: Vec<(String, Vec<usize>, usize)>,
    pub(super) left: usize,
}

/// Columns of a grid: more do not fit on a screen.
const ORIGINS: usize = 10;

/// Lays the matters of a story beside their origins, those first that stand behind most.
pub(super) fn grid(matters: &[Matter]) -> Grid {
    let mut behind: BTreeMap<&str, usize> = BTreeMap::new();
    for origin in matters.iter().flat_map(|matter| &matter.independent) {
        *behind.entry(&origin.name).or_default() += 1;
    }
    let mut origins: Vec<(&str, usize)> = behind.into_iter().collect();
    origins.sort_by_key(|(_, matters)| std::cmp::Reverse(*matters));
    let left = origins.len().saturating_sub(ORIGINS);
    origins.truncate(ORIGINS);
    let row = |matter: &Matter| {
        let claims = |name: &str| {
            let of_it = matter.independent.iter().filter(|origin| origin.name == name);
            of_it.map(|origin| origin.claims.len()).sum()
        };
        let counts = origins.iter().map(|(name, _)| claims(name)).collect();
        let unknown = matter.unknown.iter().map(|unknown| unknown.claims.len()).sum();
        (matter.title.clone(), counts, unknown)
    };
    Grid {
        rows: matters.iter().map(row).collect(),
        origins: origins.into_iter().map(|(name, _)| name.to_owned()).collect(),
        left,
    }
}

/// Sets the outlets of a story beside each other, matter by matter; matters that a single outlet could tell are left out.
pub(super) fn beside(story: &Story, matters: &[Matter], doors: &Doors) -> Vec<Told> {
    let members: BTreeMap<&str, &Member> =
        story.reports.iter().map(|member| (member.id.as_str(), member)).collect();
    let outlets: BTreeSet<String> = story.reports.iter().map(outlet).collect();
    if outlets.len() < 2 {
        return Vec::new();
    }
    matters
        .iter()
        .map(|matter| told(matter, (&members, doors)))
        .filter(|told| !told.tellings.is_empty())
        .collect()
}

fn outlet(member: &Member) -> String {
    member.outlet.clone().unwrap_or_else(|| member.id.clone())
}

fn told(matter: &Matter, (members, doors): (&BTreeMap<&str, &Member>, &Doors)) -> Told {
    let mut seen = BTreeSet::new();
    let mut said: Vec<(String, Option<Date>, &Said)> = Vec::new();
    for one in &matter.claims {
        let member = one.claim.rsplit_once('#').and_then(|(report, _)| members.get(report));
        let Some(member) = member else { continue };
        // What an outlet says again in the same words is shown once.
        if seen.insert((outlet(member), one.words.as_str())) {
            said.push((outlet(member), member.published, one));
        }
    }
    said.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    let least = |said: &Said| said.bounds.as_ref().and_then(|it| it.lower.or(it.stated).or(it.upper));
    let most = |said: &Said| said.bounds.as_ref().and_then(|it| it.upper.or(it.stated).or(it.lower));
    let lowest = said.iter().filter_map(|(.., one)| least(one)).min();
    let highest = said.iter().filter_map(|(.., one)| most(one)).max();
    let differ = lowest != highest;
    let mark = |one: &Said| match () {
        () if differ && most(one).is_some() && most(one) == highest => "highest",
        () if differ && least(one).is_some() && least(one) == lowest => "lowest",
        () => "",
    };
    let outlets: BTreeSet<&String> = said.iter().map(|(outlet, ..)| outlet).collect();
    let alone = (outlets.len() == 1).then(|| outlets.first().map(|outlet| String::clone(outlet))).flatten();
    let tellings = said.iter().map(|(outlet, day, one)| Telling {
        outlet: outlet.clone(),
        day: *day,
        bounds: one.bounds.as_ref().map(words::bounds).unwrap_or_default(),
        words: one.words.clone(),
        by: words::by(one),
        path: doors.claim(&one.claim),
        mark: mark(one),
    });
    Told { title: matter.title.clone(), tellings: tellings.collect(), alone }
}

/// The reports of a story over time: a line for each outlet, days from left to right.
pub(super) struct Timeline {
    pub(super) width: f64,
    pub(super) height: f64,
    /// Where the days begin, and where the lowest line is.
    pub(super) left: f64,
    pub(super) foot: f64,
    pub(super) lines: Vec<(f64, String)>,
    pub(super) days: Vec<(f64, Date)>,
    pub(super) dots: Vec<Dot>,
    pub(super) undated: usize,
}

/// A report.
pub(super) struct Dot {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) path: String,
    pub(super) name: String,
    /// Whether it credits an agency: drawn hollow.
    pub(super) is_relay: bool,
}

const WIDTH: f64 = 760.0;
const LEFT: f64 = 190.0;
const RIGHT: f64 = 20.0;
const LINE: f64 = 22.0;
/// Lines of a timeline; the outlets with fewer reports share the last.
const LINES: usize = 12;
/// Days that are named below.
const NAMED: i32 = 5;

/// Draws the reports of a story over time; nothing where no two days are known.
pub(super) fn timeline(story: &Story, doors: &Doors) -> Option<Timeline> {
    let dated: Vec<(&Member, Date)> =
        story.reports.iter().filter_map(|member| Some((member, member.published?))).collect();
    let first = dated.iter().map(|(_, day)| *day).min()?;
    let last = dated.iter().map(|(_, day)| *day).max().filter(|last| *last > first)?;
    let span = (last - first).get_days().max(1);
    let x = |day: Date| LEFT + f64::from((day - first).get_days()) / f64::from(span) * (WIDTH - LEFT - RIGHT);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (member, _) in &dated {
        *counts.entry(outlet(member)).or_default() += 1;
    }
    let mut outlets: Vec<(String, usize)> = counts.into_iter().collect();
    outlets.sort_by_key(|(_, reports)| std::cmp::Reverse(*reports));
    let has_rest = outlets.len() > LINES;
    outlets.truncate(if has_rest { LINES - 1 } else { LINES });
    let mut lines: Vec<String> = outlets.into_iter().map(|(outlet, _)| outlet).collect();
    let y = |line: usize| LINE * (line as f64 + 1.0);
    let mut met: BTreeMap<(Date, usize), usize> = BTreeMap::new();
    let mut dots = Vec::new();
    for (member, day) in dated.iter().copied() {
        let line = lines.iter().position(|outlet_of| *outlet_of == outlet(member)).unwrap_or(lines.len());
        // Several of one outlet on one day stand beside each other.
        let before = met.entry((day, line)).or_default();
        let beside = 5.0 * *before as f64;
        *before += 1;
        dots.push(Dot {
            x: (x(day) + beside).min(WIDTH - 5.0),
            y: y(line),
            path: words::report(&member.original),
            name: format!("{day}, {}: {}", words::apart(&outlet(member)), doors.headline(&member.id)),
            is_relay: member.wire.is_some(),
        });
    }
    if has_rest {
        lines.push("other outlets".to_owned());
    }
    let steps = span.min(NAMED);
    let named = (0..=steps).filter_map(|step| {
        let day = first.checked_add(jiff::Span::new().days(span * step / steps)).ok()?;
        Some((x(day), day))
    });
    let foot = y(lines.len());
    Some(Timeline {
        width: WIDTH,
        height: foot + 44.0,
        left: LEFT,
        foot,
        lines: lines.into_iter().enumerate().map(|(at, outlet)| (y(at), outlet)).collect(),
        days: named.collect(),
        undated: story.reports.len() - dots.len(),
        dots,
    })
}
