use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::civil::Date;

use crate::clusters::{Cluster, Clusters, Setting};
use crate::sketch::Order;
use crate::together::{Part, Together, groups_kept};
use crate::vectors::{Vector, rarity, weighed};
use crate::{Batch, CopyLink, FamilyKey, Members, Past, ReportKey, Sketch, StoryKey};

/// Reports of one news development.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// The headline or first sentence of the report that is most like the others.
    pub title: String,
    /// The first day on which a report of it appeared, if any is dated.
    pub first: Option<Date>,
    /// The last such day.
    pub last: Option<Date>,
    /// Its reports, earliest first.
    pub reports: Vec<ReportKey>,
}

impl Story {
    /// Describes the story that some reports are.
    pub fn of(reports: &[(ReportKey, Arc<Sketch>)]) -> Story {
        let mut reports: Vec<&(ReportKey, Arc<Sketch>)> = reports.iter().collect();
        reports.sort_by_key(|(key, sketch)| (sketch.order(), *key));
        // Without regard to other reports: the same ones have the same title whenever it is asked for.
        let vectors: Vec<Vector> =
            reports.iter().map(|(_, sketch)| weighed(sketch, |term| rarity(term, 0, 0))).collect();
        let days = || reports.iter().filter_map(|(_, sketch)| sketch.published);
        Story {
            title: central(&vectors).map(|at| reports[at].1.headline.clone()).unwrap_or_default(),
            first: days().min(),
            last: days().max(),
            reports: reports.iter().map(|(key, _)| *key).collect(),
        }
    }
}

/// Finds the one most like all of them together; of equal ones the first.
fn central(vectors: &[Vector]) -> Option<usize> {
    let sum = vectors.iter().fold(Vector::default(), |sum, vector| sum.plus(vector));
    // Whole steps: two of two are equal, whatever is lost in adding up.
    let likeness = |vector: &Vector| (sum.dot(vector) * 1e4) as u64;
    (0..vectors.len()).rev().max_by_key(|&at| likeness(&vectors[at]))
}

/// One setting for all sources, chosen on three labelled collections of reports. A half-life of days, not of weeks: one
/// war is told of every day in the same names, and what happens in it a week later is mostly another story.
pub(crate) const SETTING: Setting = Setting { alike: 0.12, as_within: 0.72, half_life: 2.0 };

/// Likeness of a new report to one of a story, as a part of what joins them, from which on the story is looked at again.
const WORTH_A_LOOK: f64 = 0.5;
/// Reports of a story that are taken apart again when one comes near. A larger one stands as a whole.
const TAKEN_APART: usize = 64;
/// Reports of a larger story that stand for it: those nearest in time.
const STANDING_FOR_IT: usize = 32;

/// Telling terms of a report by which its neighbours are looked for.
pub(crate) const TELLING: usize = 24;
/// Reports that are tried for each.
const TRIED: usize = 64;
/// Neighbours that are kept.
const KEPT: usize = 32;

/// What a batch changes in stories.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Regrouped {
    /// The stories that are new or hold other reports than before.
    pub stories: Vec<Together<StoryKey>>,
    /// The terms by which each report of the batch is found when others come, in the order of the batch.
    pub telling: Vec<Vec<u32>>,
}

/// Puts new reports into stories, and groups anew the reports of those stories that they come near.
///
/// Every report is in one story, if only by itself, and copies are always together. `disturbed` are stories that are
/// looked at again because they lost a report.
pub fn stories<P: Past>(
    past: &P,
    batch: &Batch,
    links: &[CopyLink],
    disturbed: &[StoryKey],
) -> Result<Regrouped, P::Error> {
    let mut weights = Weights::of(past, batch)?;
    let mut local = Local { past, units: Vec::new(), homes: HashMap::new(), stories: BTreeSet::new() };
    let mut edges = Vec::new();
    let mut telling = Vec::new();
    for (key, sketch) in &batch.reports {
        let vector = weights.vector(sketch)?;
        let terms = vector.heaviest(TELLING);
        telling.push(terms.iter().map(|(term, _)| *term).collect());
        let own = Cluster::of(sketch, &vector);
        for other in neighbours(past, &terms, sketch.published)? {
            let Some(near) = weights.earlier(other)? else { continue };
            if own.likeness(&near, SETTING) >= WORTH_A_LOOK * SETTING.alike {
                edges.push((*key, other));
                local.take(past.story(other)?, sketch.published, &mut weights)?;
            }
        }
        local.units.push(Unit::of((*key, sketch), None, &vector));
    }
    for link in links.iter().filter(|link| link.class.is_copy()) {
        let day = |key| batch.sketch(key).and_then(|sketch| sketch.published);
        for (one, other) in [(link.a, link.b), (link.b, link.a)] {
            if batch.sketch(one).is_none() {
                local.take(past.story(one)?, day(other), &mut weights)?;
            }
        }
    }
    for &story in disturbed {
        local.take(Some(story), None, &mut weights)?;
    }
    let stories = local.grouped(&edges, links)?;
    Ok(Regrouped { stories, telling })
}

/// Finds the earlier reports that share the most telling terms.
fn neighbours<P: Past>(
    past: &P,
    terms: &[(u32, f32)],
    day: Option<Date>,
) -> Result<Vec<ReportKey>, P::Error> {
    let mut shared: HashMap<ReportKey, f32> = HashMap::new();
    for &(term, weight) in terms {
        for other in past.told(term, day, TRIED)? {
            *shared.entry(other).or_default() += weight;
        }
    }
    let mut best: Vec<(ReportKey, f32)> = shared.into_iter().collect();
    best.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(b.0.cmp(&a.0)));
    Ok(best.into_iter().take(KEPT).map(|(other, _)| other).collect())
}

/// How telling terms are once the batch is counted in.
struct Weights<'a, P> {
    past: &'a P,
    batch: &'a Batch,
    all: u64,
    rarities: HashMap<u32, f64>,
    /// Reports that came before: those of one batch have neighbours in common.
    earlier: HashMap<ReportKey, Arc<Cluster>>,
}

impl<'a, P: Past> Weights<'a, P> {
    fn of(past: &'a P, batch: &'a Batch) -> Result<Weights<'a, P>, P::Error> {
        let all = past.reports()? + batch.reports.len() as u64;
        Ok(Weights { past, batch, all, rarities: HashMap::new(), earlier: HashMap::new() })
    }

    fn vector(&mut self, sketch: &Sketch) -> Result<Vector, P::Error> {
        for term in &sketch.terms {
            if !self.rarities.contains_key(&term.hash) {
                let holding = self.past.holding(term.hash)? + self.batch.holding(term.hash);
                self.rarities.insert(term.hash, rarity(term.hash, holding, self.all));
            }
        }
        Ok(weighed(sketch, |term| self.rarities[&term]))
    }

    fn earlier(&mut self, report: ReportKey) -> Result<Option<Arc<Cluster>>, P::Error> {
        if let Some(cluster) = self.earlier.get(&report) {
            return Ok(Some(Arc::clone(cluster)));
        }
        let Some(sketch) = self.past.sketch(report)? else { return Ok(None) };
        let cluster = Arc::new(Cluster::of(&sketch, &self.vector(&sketch)?));
        self.earlier.insert(report, Arc::clone(&cluster));
        Ok(Some(cluster))
    }
}

/// A report that came before, by its words alone: what tells events apart decides nothing between copies.
pub(crate) struct Standing(Vector);

impl Standing {
    pub(crate) fn of<P: Past>(past: &P, report: ReportKey) -> Result<Option<Standing>, P::Error> {
        let Some(sketch) = past.sketch(report)? else { return Ok(None) };
        Ok(Some(Standing(Weights::of(past, &Batch::default())?.vector(&sketch)?)))
    }

    pub(crate) fn likeness(&self, other: &Standing) -> f64 {
        self.0.dot(&other.0)
    }
}

/// What is not taken apart: one report, or a large story.
struct Unit {
    part: Part<StoryKey>,
    /// The story that it is in.
    old: Option<StoryKey>,
    order: Order,
    cluster: Cluster,
}

impl Unit {
    fn of((key, sketch): (ReportKey, &Sketch), old: Option<StoryKey>, vector: &Vector) -> Unit {
        Unit { part: Part::Report(key), old, order: sketch.order(), cluster: Cluster::of(sketch, vector) }
    }
}

/// The reports that are grouped anew.
struct Local<'a, P> {
    past: &'a P,
    units: Vec<Unit>,
    /// The units of reports and stories that came before; filled as they are taken.
    homes: HashMap<ReportKey, Part<StoryKey>>,
    stories: BTreeSet<StoryKey>,
}

impl<P: Past> Local<'_, P> {
    /// Takes a story in: its reports one by one, or as a whole if they are many.
    fn take(
        &mut self,
        story: Option<StoryKey>,
        near: Option<Date>,
        weights: &mut Weights<'_, P>,
    ) -> Result<(), P::Error> {
        let Some(story) = story.filter(|story| self.stories.insert(*story)) else { return Ok(()) };
        let Members { count, mut nearest } = self.past.members(story, near, TAKEN_APART)?;
        let whole = count > TAKEN_APART;
        if whole {
            nearest.truncate(STANDING_FOR_IT);
        }
        let mut units = Vec::new();
        for key in nearest {
            let Some(sketch) = self.past.sketch(key)? else { continue };
            units.push((key, Unit::of((key, &sketch), Some(story), &weights.vector(&sketch)?)));
        }
        if whole {
            let part = Part::Whole(story, count);
            self.homes.extend(units.iter().map(|(key, _)| (*key, part)));
            let joined = |one: Unit, other: Unit| Unit {
                order: one.order.min(other.order),
                cluster: one.cluster.joined(other.cluster),
                ..one
            };
            let whole = units.into_iter().map(|(_, unit)| unit).reduce(joined);
            self.units.extend(whole.map(|whole| Unit { part, ..whole }));
        } else {
            self.units.extend(units.into_iter().map(|(_, unit)| unit));
        }
        Ok(())
    }

    fn grouped(
        mut self,
        edges: &[(ReportKey, ReportKey)],
        links: &[CopyLink],
    ) -> Result<Vec<Together<StoryKey>>, P::Error> {
        self.units.sort_by_key(|unit| unit.order);
        let places: HashMap<Part<StoryKey>, usize> =
            self.units.iter().enumerate().map(|(at, unit)| (unit.part, at)).collect();
        let place = |key: ReportKey| -> Result<Option<usize>, P::Error> {
            if let Some(&at) = places.get(&self.homes.get(&key).copied().unwrap_or(Part::Report(key))) {
                return Ok(Some(at));
            }
            // A report of a large story that is none of those nearest.
            let Some(story) = self.past.story(key)? else { return Ok(None) };
            Ok(self
                .units
                .iter()
                .position(|unit| matches!(unit.part, Part::Whole(other, _) if other == story)))
        };
        let placed = |(a, b): (ReportKey, ReportKey)| -> Result<Option<(usize, usize)>, P::Error> {
            Ok(place(a)?.zip(place(b)?).filter(|(a, b)| a != b))
        };
        let mut copies = self.kin()?;
        for link in links.iter().filter(|link| link.class.is_copy()) {
            copies.extend(placed((link.a, link.b))?);
        }
        let mut near = Vec::new();
        for &edge in edges {
            near.extend(placed(edge)?);
        }
        let clusters: Vec<Cluster> = self.units.iter().map(|unit| unit.cluster.clone()).collect();
        near.extend(neighbours_among(&clusters));
        let found = Clusters::start(clusters, &copies, &near, SETTING).merged();
        Ok(groups_kept(
            found
                .iter()
                .map(|members| members.iter().map(|&at| (self.units[at].part, self.units[at].old)).collect()),
        ))
    }

    /// Pairs the units that hold copies of one text.
    fn kin(&self) -> Result<Vec<(usize, usize)>, P::Error> {
        let mut first: HashMap<FamilyKey, usize> = HashMap::new();
        let mut pairs = Vec::new();
        for (at, unit) in self.units.iter().enumerate() {
            let Part::Report(key) = unit.part else { continue };
            let Some(family) = self.past.family(key)? else { continue };
            let first = *first.entry(family).or_insert(at);
            if first != at {
                pairs.push((first, at));
            }
        }
        Ok(pairs)
    }
}

/// Finds for each unit the earlier ones that share its most telling terms.
fn neighbours_among(units: &[Cluster]) -> Vec<(usize, usize)> {
    let mut postings: HashMap<u32, Vec<usize>> = HashMap::new();
    let mut pairs = Vec::new();
    for (at, unit) in units.iter().enumerate() {
        let mut shared: HashMap<usize, f32> = HashMap::new();
        for (term, weight) in unit.sum.heaviest(TELLING) {
            let before = postings.entry(term).or_default();
            for &other in before.iter().rev().take(TRIED) {
                *shared.entry(other).or_default() += weight;
            }
            before.push(at);
        }
        let mut best: Vec<(usize, f32)> = shared.into_iter().collect();
        best.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(b.0.cmp(&a.0)));
        pairs.extend(best.into_iter().take(KEPT).map(|(other, _)| (other, at)));
    }
    pairs
}
