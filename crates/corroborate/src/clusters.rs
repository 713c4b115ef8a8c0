use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use jiff::civil::Date;

use crate::Sketch;
use crate::families::Joined;
use crate::vectors::Vector;

/// What decides whether reports are of one story.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting {
    /// Average likeness of the reports of two groups, from which on they are one.
    pub(crate) alike: f64,
    /// Likeness across two larger groups, as a part of that within the less close one, from which on they are one.
    /// Reports of look-alike events share a subject, but each event has names that most of its own reports share.
    pub(crate) as_within: f64,
    /// Days in which likeness falls half way to [`LATE`].
    pub(crate) half_life: f64,
}

/// What likeness counts for between reports of other times. It never rules a late report out: those that are .4 alike in
/// wording are one story however far apart they appeared.
const LATE: f64 = 0.3;
/// Reports of a group from which on it is known how alike they are.
const LARGER: usize = 3;
/// Pairs of reports, just alike enough, that are thought to stand beside those of a group: the likeness within three
/// reports is little to go by.
const THOUGHT_OF: f64 = 2.0;
/// Likeness within a group above which it does not count: copies are more alike than reports that tell of one event in
/// their own words, and two agencies' reports of it are one story however often each is copied.
const CLOSE: f64 = 0.4;
/// What likeness counts for where the same act is alleged in the same place.
const SAME_ACT: f64 = 1.2;
/// What likeness counts for where events are alleged in other places, or on other days.
const ELSEWHERE: f64 = 0.7;
const ANOTHER_DAY: f64 = 0.7;
/// What likeness counts for where the reports tell first of formal acts of other kinds: a charge is one development, the
/// conviction another.
const ANOTHER_ACT: f64 = 0.8;

/// Reports taken together so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cluster {
    /// The positions of the units in it.
    members: Vec<usize>,
    /// How many reports the sum is of.
    count: usize,
    pub(crate) sum: Vector,
    /// Sum of the days of publication and their count, for the mean.
    days: (f64, usize),
    places: BTreeSet<u32>,
    event_days: BTreeSet<Date>,
    alleged: BTreeSet<u32>,
    decided: BTreeSet<u32>,
    near: BTreeSet<usize>,
    gone: bool,
}

/// A pair that may be joined: the most alike first, then the earliest.
type Pair = (u32, Reverse<(usize, usize)>);

/// Reports that are being taken together.
pub(crate) struct Clusters {
    all: Vec<Cluster>,
    queue: BinaryHeap<Pair>,
    setting: Setting,
}

impl Clusters {
    /// Joins copies, and looks at those pairs that are near.
    pub(crate) fn start(
        units: Vec<Cluster>,
        copies: &[(usize, usize)],
        near: &[(usize, usize)],
        setting: Setting,
    ) -> Clusters {
        let mut joined = Joined::new(units.len());
        copies.iter().for_each(|&(a, b)| joined.join(a, b));
        let mut home = vec![0; units.len()];
        let mut units: Vec<Option<Cluster>> = units.into_iter().map(Some).collect();
        let mut all: Vec<Cluster> = Vec::new();
        for (number, members) in joined.groups().into_iter().enumerate() {
            members.iter().for_each(|&at| home[at] = number);
            let parts = members.iter().filter_map(|&at| units[at].take());
            let group = parts.fold(Cluster::default(), Cluster::joined);
            all.push(Cluster { members, ..group });
        }
        let mut clusters = Clusters { all, queue: BinaryHeap::new(), setting };
        for &(a, b) in near {
            let (a, b) = (home[a], home[b]);
            if a != b && clusters.all[a].near.insert(b) {
                clusters.all[b].near.insert(a);
                clusters.offer(a, b);
            }
        }
        clusters
    }

    fn offer(&mut self, a: usize, b: usize) {
        let (one, other) = (&self.all[a], &self.all[b]);
        let likeness = one.likeness(other, self.setting);
        if likeness >= self.setting.alike && one.is_as_alike_as_within(other, self.setting) {
            // Whole steps of a millionth: a fixed order of pairs on every machine.
            self.queue.push(((likeness * 1e6) as u32, Reverse((a.min(b), a.max(b)))));
        }
    }

    /// Joins the most alike until no two are alike enough: average linkage over neighbours.
    pub(crate) fn merged(mut self) -> Vec<Vec<usize>> {
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
    /// Returns the cluster that is one report.
    pub(crate) fn of(sketch: &Sketch, vector: &Vector) -> Cluster {
        Cluster {
            count: 1,
            sum: vector.clone(),
            days: sketch.published.map_or((0.0, 0), |day| (day_number(day), 1)),
            places: sketch.places.iter().copied().collect(),
            event_days: sketch.days.iter().copied().collect(),
            alleged: sketch.alleged.iter().copied().collect(),
            decided: sketch.decided.iter().copied().collect(),
            ..Cluster::default()
        }
    }

    pub(crate) fn joined(mut self, other: Cluster) -> Cluster {
        self.members.extend(other.members);
        self.count += other.count;
        self.sum = self.sum.plus(&other.sum);
        self.days = (self.days.0 + other.days.0, self.days.1 + other.days.1);
        self.places.extend(other.places);
        self.event_days.extend(other.event_days);
        self.alleged.extend(other.alleged);
        self.decided.extend(other.decided);
        self.near.extend(other.near);
        self
    }

    pub(crate) fn likeness(&self, other: &Cluster, setting: Setting) -> f64 {
        let mut likeness = self.wording(other) * self.nearness(other, setting);
        if apart(&self.decided, &other.decided) {
            likeness *= ANOTHER_ACT;
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

    /// The average likeness in wording of a report of the one to a report of the other.
    fn wording(&self, other: &Cluster) -> f64 {
        self.sum.dot(&other.sum) / (self.count * other.count) as f64
    }

    /// What likeness counts for by time. Pairs of reports of which one has no day are held to be near: the days of a few
    /// say nothing of when the others appeared.
    fn nearness(&self, other: &Cluster, setting: Setting) -> f64 {
        let (Some(one), Some(two)) = (self.mean_day(), other.mean_day()) else { return 1.0 };
        let dated = (self.days.1 * other.days.1) as f64 / (self.count * other.count) as f64;
        let near = 0.5f64.powf((one - two).abs() / setting.half_life);
        1.0 - dated * (1.0 - LATE) * (1.0 - near)
    }

    /// Tells whether two groups are nearly as alike in wording as the reports within each; always if one is small.
    fn is_as_alike_as_within(&self, other: &Cluster, setting: Setting) -> bool {
        let within = self.within(setting).min(other.within(setting));
        self.count.min(other.count) < LARGER || self.wording(other) >= setting.as_within * within
    }

    /// The average likeness in wording of two reports of the group.
    fn within(&self, setting: Setting) -> f64 {
        let count = self.count as f64;
        let pairs = count * (count - 1.0) / 2.0;
        // Each report is wholly like itself, which does not count.
        let alike = (self.sum.dot(&self.sum) - count) / 2.0;
        ((alike + THOUGHT_OF * setting.alike) / (pairs + THOUGHT_OF)).min(CLOSE)
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
