use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};

use jiff::civil::Date;

use crate::families::groups;
use crate::vectors::{Vector, vectors};
use crate::{CopyLink, ReportKey, Sketch};

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

/// Groups reports into stories. Every report is in one story, if only by itself, and copies are always together.
///
/// The latest story comes first.
pub fn stories(sketches: &[(ReportKey, Sketch)], links: &[CopyLink]) -> Vec<Story> {
    grouped(sketches, links, SETTING)
}

/// What decides whether reports are of one story.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting {
    /// Average likeness of the reports of two groups, from which on they are one.
    pub(crate) alike: f64,
    /// Days after which likeness counts for half.
    pub(crate) half_life: f64,
}

/// One setting for all sources, chosen on three labelled collections of reports.
pub(crate) const SETTING: Setting = Setting { alike: 0.17, half_life: 10.0 };

/// What likeness counts for where events are alleged in other places, or on other days.
const ELSEWHERE: f64 = 0.7;
const ANOTHER_DAY: f64 = 0.7;
/// And where the same act is alleged in the same place.
const SAME_ACT: f64 = 1.2;

pub(crate) fn grouped(sketches: &[(ReportKey, Sketch)], links: &[CopyLink], setting: Setting) -> Vec<Story> {
    let mut order: Vec<&(ReportKey, Sketch)> = sketches.iter().collect();
    order.sort_by_key(|(key, sketch)| (sketch.order(), *key));
    let sorted: Vec<&Sketch> = order.iter().map(|(_, sketch)| sketch).collect();
    let vectors = vectors(&sorted);
    let keys: Vec<ReportKey> = order.iter().map(|(key, _)| *key).collect();
    let copies = groups(&keys, links.iter().filter(|link| link.class.is_copy()).map(|link| (link.a, link.b)));
    let clusters = Clusters::start(&sorted, &vectors, copies, setting).merged();
    let mut stories: Vec<Story> = clusters.iter().map(|members| story(members, &order, &vectors)).collect();
    stories.reverse();
    stories.sort_by_key(|story| Reverse(story.last));
    stories
}

fn story(members: &[usize], order: &[&(ReportKey, Sketch)], vectors: &[Vector]) -> Story {
    let days = || members.iter().filter_map(|&at| order[at].1.published);
    Story {
        title: order[central(members, vectors)].1.headline.clone(),
        first: days().min(),
        last: days().max(),
        reports: members.iter().map(|&at| order[at].0).collect(),
    }
}

/// Finds the member most like all of them together; of equal ones the earliest.
fn central(members: &[usize], vectors: &[Vector]) -> usize {
    let sum = members.iter().fold(Vector::default(), |sum, &at| sum.plus(&vectors[at]));
    let best = members.iter().rev().max_by(|&&a, &&b| sum.dot(&vectors[a]).total_cmp(&sum.dot(&vectors[b])));
    best.copied().unwrap_or_default()
}

/// Reports taken together so far.
#[derive(Debug, Clone, Default)]
struct Cluster {
    members: Vec<usize>,
    sum: Vector,
    /// Sum of the days of publication and their count, for the mean.
    days: (f64, usize),
    places: BTreeSet<u32>,
    event_days: BTreeSet<Date>,
    alleged: BTreeSet<u32>,
    near: BTreeSet<usize>,
    gone: bool,
}

/// A pair that may be joined: the most alike first, then the earliest.
type Pair = (u32, Reverse<(usize, usize)>);

struct Clusters {
    all: Vec<Cluster>,
    queue: BinaryHeap<Pair>,
    setting: Setting,
}

impl Clusters {
    fn start(
        sketches: &[&Sketch],
        vectors: &[Vector],
        copies: Vec<Vec<usize>>,
        setting: Setting,
    ) -> Clusters {
        let mut home = vec![0; sketches.len()];
        let mut all: Vec<Cluster> = Vec::with_capacity(copies.len());
        for (number, members) in copies.into_iter().enumerate() {
            members.iter().for_each(|&at| home[at] = number);
            let parts = members.iter().map(|&at| Cluster::of(at, sketches[at], &vectors[at]));
            all.push(parts.fold(Cluster::default(), Cluster::joined));
        }
        let mut clusters = Clusters { all, queue: BinaryHeap::new(), setting };
        for (a, b) in neighbours(vectors) {
            let (a, b) = (home[a], home[b]);
            if a != b && clusters.all[a].near.insert(b) {
                clusters.all[b].near.insert(a);
                clusters.offer(a, b);
            }
        }
        clusters
    }

    fn offer(&mut self, a: usize, b: usize) {
        let likeness = self.all[a].likeness(&self.all[b], self.setting);
        if likeness >= self.setting.alike {
            // Whole steps of a millionth: a fixed order of pairs on every machine.
            self.queue.push(((likeness * 1e6) as u32, Reverse((a.min(b), a.max(b)))));
        }
    }

    /// Joins the most alike until no two are alike enough: average linkage over neighbours.
    fn merged(mut self) -> Vec<Vec<usize>> {
        while let Some((_, Reverse((a, b)))) = self.queue.pop() {
            if !self.all[a].gone && !self.all[b].gone {
                self.merge(a, b);
            }
        }
        let mut groups: Vec<Vec<usize>> =
            self.all.into_iter().filter(|cluster| !cluster.gone).map(|cluster| cluster.members).collect();
        groups.iter_mut().for_each(|members| members.sort_unstable());
        groups.sort_unstable();
        groups
    }

    fn merge(&mut self, a: usize, b: usize) {
        let (one, other) = (std::mem::take(&mut self.all[a]), std::mem::take(&mut self.all[b]));
        (self.all[a].gone, self.all[b].gone) = (true, true);
        let mut joined = one.joined(other);
        joined.near.retain(|&near| near != a && near != b);
        let number = self.all.len();
        let near = joined.near.clone();
        self.all.push(joined);
        for other in near {
            self.all[other].near.retain(|&near| near != a && near != b);
            self.all[other].near.insert(number);
            self.offer(other, number);
        }
    }
}

impl Cluster {
    fn of(at: usize, sketch: &Sketch, vector: &Vector) -> Cluster {
        Cluster {
            members: vec![at],
            sum: vector.clone(),
            days: sketch.published.map_or((0.0, 0), |day| (day_number(day), 1)),
            places: sketch.places.iter().copied().collect(),
            event_days: sketch.days.iter().copied().collect(),
            alleged: sketch.alleged.iter().copied().collect(),
            near: BTreeSet::new(),
            gone: false,
        }
    }

    fn joined(mut self, other: Cluster) -> Cluster {
        self.members.extend(other.members);
        self.sum = self.sum.plus(&other.sum);
        self.days = (self.days.0 + other.days.0, self.days.1 + other.days.1);
        self.places.extend(other.places);
        self.event_days.extend(other.event_days);
        self.alleged.extend(other.alleged);
        self.near.extend(other.near);
        self
    }

    fn likeness(&self, other: &Cluster, setting: Setting) -> f64 {
        let average = self.sum.dot(&other.sum) / (self.members.len() * other.members.len()) as f64;
        let mut likeness = average;
        if let (Some(one), Some(two)) = (self.mean_day(), other.mean_day()) {
            likeness *= 0.5f64.powf((one - two).abs() / setting.half_life);
        }
        if !self.alleged.is_disjoint(&other.alleged) {
            return (likeness * SAME_ACT).min(1.0);
        }
        if apart(&self.places, &other.places) {
            likeness *= ELSEWHERE;
        }
        if apart(&self.event_days, &other.event_days) {
            likeness *= ANOTHER_DAY;
        }
        likeness.min(1.0)
    }

    fn mean_day(&self) -> Option<f64> {
        (self.days.1 > 0).then(|| self.days.0 / self.days.1 as f64)
    }
}

fn apart<T: Ord>(one: &BTreeSet<T>, two: &BTreeSet<T>) -> bool {
    !one.is_empty() && !two.is_empty() && one.is_disjoint(two)
}

/// Days since the beginning of 1970, in the civil calendar.
fn day_number(day: Date) -> f64 {
    let epoch = Date::constant(1970, 1, 1);
    epoch.until(day).map_or(0.0, |span| f64::from(span.get_days()))
}

/// Telling terms of a report by which its neighbours are looked for, and how many before it are tried for each.
const TELLING: usize = 24;
const TRIED: usize = 64;
/// Neighbours kept of those before it.
const KEPT: usize = 32;

/// Finds for each report the earlier ones that share its most telling terms.
fn neighbours(vectors: &[Vector]) -> Vec<(usize, usize)> {
    let mut postings: HashMap<u32, Vec<usize>> = HashMap::new();
    let mut pairs = Vec::new();
    for (at, vector) in vectors.iter().enumerate() {
        let mut shared: HashMap<usize, f32> = HashMap::new();
        for (term, weight) in vector.heaviest(TELLING) {
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
