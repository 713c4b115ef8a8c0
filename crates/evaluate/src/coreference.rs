//! How mentions that were put together compare with those that belong together, as the CoNLL shared tasks score it.

use std::collections::{BTreeMap, BTreeSet};

/// Mentions in groups; each mention is in one.
#[derive(Debug, Default)]
pub(crate) struct Partition<M> {
    groups: Vec<BTreeSet<M>>,
    of: BTreeMap<M, usize>,
}

impl<M: Ord + Copy> Partition<M> {
    /// Puts mentions of one name into one group. Of a mention that is given twice the first name counts.
    pub(crate) fn of<N: Ord>(named: impl IntoIterator<Item = (M, N)>) -> Partition<M> {
        let mut partition = Partition { groups: Vec::new(), of: BTreeMap::new() };
        let mut numbers: BTreeMap<N, usize> = BTreeMap::new();
        for (mention, name) in named {
            if partition.of.contains_key(&mention) {
                continue;
            }
            let next = numbers.len();
            let number = *numbers.entry(name).or_insert(next);
            if number == partition.groups.len() {
                partition.groups.push(BTreeSet::new());
            }
            partition.groups[number].insert(mention);
            partition.of.insert(mention, number);
        }
        partition
    }

    /// Counts the mentions of a group in each group of another partition, and those that are in none.
    fn spread(&self, group: usize, over: &Partition<M>) -> (BTreeMap<usize, usize>, usize) {
        let (mut counts, mut nowhere) = (BTreeMap::new(), 0);
        for mention in &self.groups[group] {
            match over.of.get(mention) {
                Some(&other) => *counts.entry(other).or_insert(0) += 1,
                None => nowhere += 1,
            }
        }
        (counts, nowhere)
    }
}

/// Returns how many mentions of the labelled groups are in any group that was found, as F1.
pub(crate) fn mention_f1<M: Ord + Copy>(labelled: &Partition<M>, found: &Partition<M>) -> f64 {
    let both = found.of.keys().filter(|mention| labelled.of.contains_key(mention)).count() as f64;
    f1([both / labelled.of.len() as f64, both / found.of.len() as f64])
}

/// Returns the mean of three measures, by the definitions for mentions that the reader found itself (Pradhan et al.
/// 2014, Scoring Coreference Partitions of Predicted Mentions): [`muc`], [`b_cubed`] and [`ceaf_e`].
pub(crate) fn conll_f1<M: Ord + Copy>(labelled: &Partition<M>, found: &Partition<M>) -> f64 {
    (muc(labelled, found) + b_cubed(labelled, found) + ceaf_e(labelled, found)) / 3.0
}

/// Scores links (Vilain et al. 1995): a group of n mentions has n - 1, less one for each part into which the other
/// partition cuts it; a mention that is in no group of the other is a part by itself.
fn muc<M: Ord + Copy>(labelled: &Partition<M>, found: &Partition<M>) -> f64 {
    let kept = |one: &Partition<M>, other: &Partition<M>| {
        let (mut kept, mut all) = (0, 0);
        for (number, group) in one.groups.iter().enumerate() {
            let (counts, nowhere) = one.spread(number, other);
            kept += group.len() - counts.len() - nowhere;
            all += group.len() - 1;
        }
        kept as f64 / all as f64
    };
    f1([kept(labelled, found), kept(found, labelled)])
}

/// Scores mentions (Bagga and Baldwin 1998): for each, the share of its group that is with it in the other partition
/// too. One that is in no group of the other has nought.
fn b_cubed<M: Ord + Copy>(labelled: &Partition<M>, found: &Partition<M>) -> f64 {
    let shared = |one: &Partition<M>, other: &Partition<M>| {
        let of_group = |(number, group): (usize, &BTreeSet<M>)| {
            let (counts, _) = one.spread(number, other);
            counts.values().map(|count| (count * count) as f64).sum::<f64>() / group.len() as f64
        };
        one.groups.iter().enumerate().map(of_group).sum::<f64>() / one.of.len() as f64
    };
    f1([shared(labelled, found), shared(found, labelled)])
}

/// Scores groups (Luo 2005, with the likeness phi 4): each labelled group is held against one found group at most, such
/// that the sum of likenesses, 2 |A and B| / (|A| + |B|), is the largest; that sum by the number of groups on each side.
fn ceaf_e<M: Ord + Copy>(labelled: &Partition<M>, found: &Partition<M>) -> f64 {
    let best: f64 = touching(labelled, found).iter().map(|component| best_sum(&component.likeness())).sum();
    f1([best / labelled.groups.len() as f64, best / found.groups.len() as f64])
}

/// Groups of both partitions that hang together by shared mentions.
#[derive(Default)]
struct Component {
    labelled: Vec<usize>,
    found: Vec<usize>,
    likeness: BTreeMap<(usize, usize), f64>,
}

fn touching<M: Ord + Copy>(labelled: &Partition<M>, found: &Partition<M>) -> Vec<Component> {
    let (mut seen, mut seen_found) = (BTreeSet::new(), BTreeSet::new());
    let mut components = Vec::new();
    for start in 0..labelled.groups.len() {
        let mut component = Component::default();
        let mut open: Vec<usize> = seen.insert(start).then_some(start).into_iter().collect();
        while let Some(one) = open.pop() {
            component.labelled.push(one);
            for (other, shared) in labelled.spread(one, found).0 {
                let sizes = labelled.groups[one].len() + found.groups[other].len();
                component.likeness.insert((one, other), 2.0 * shared as f64 / sizes as f64);
                if seen_found.insert(other) {
                    component.found.push(other);
                    open.extend(
                        found.spread(other, labelled).0.into_keys().filter(|next| seen.insert(*next)),
                    );
                }
            }
        }
        components.push(component);
    }
    components.retain(|component| !component.found.is_empty());
    components
}

impl Component {
    /// Returns a table that has no more rows than columns.
    fn likeness(&self) -> Vec<Vec<f64>> {
        let cell = |one: usize, other: usize| self.likeness.get(&(one, other)).copied().unwrap_or(0.0);
        match self.labelled.len() <= self.found.len() {
            true => self
                .labelled
                .iter()
                .map(|&one| self.found.iter().map(|&other| cell(one, other)).collect())
                .collect(),
            false => self
                .found
                .iter()
                .map(|&other| self.labelled.iter().map(|&one| cell(one, other)).collect())
                .collect(),
        }
    }
}

/// Returns the largest sum of cells with one in each row and at most one in each column (Kuhn 1955, with potentials).
fn best_sum(table: &[Vec<f64>]) -> f64 {
    let columns = table.first().map_or(0, Vec::len);
    // Row and column 0 stand for "none yet".
    let (mut of_row, mut of_column) = (vec![0.0; table.len() + 1], vec![0.0; columns + 1]);
    let mut taken_by = vec![0; columns + 1];
    for row in 1..=table.len() {
        taken_by[0] = row;
        let mut column = 0;
        let (mut least, mut came_from) = (vec![f64::INFINITY; columns + 1], vec![0; columns + 1]);
        let mut used = vec![false; columns + 1];
        while taken_by[column] != 0 {
            used[column] = true;
            let (at, mut step, mut next) = (taken_by[column], f64::INFINITY, 0);
            for other in (1..=columns).filter(|&other| !used[other]) {
                let cost = -table[at - 1][other - 1] - of_row[at] - of_column[other];
                if cost < least[other] {
                    (least[other], came_from[other]) = (cost, column);
                }
                if least[other] < step {
                    (step, next) = (least[other], other);
                }
            }
            for other in 0..=columns {
                if used[other] {
                    of_row[taken_by[other]] += step;
                    of_column[other] -= step;
                } else {
                    least[other] -= step;
                }
            }
            column = next;
        }
        while column != 0 {
            taken_by[column] = taken_by[came_from[column]];
            column = came_from[column];
        }
    }
    (1..=columns)
        .filter(|&column| taken_by[column] > 0)
        .map(|column| table[taken_by[column] - 1][column - 1])
        .sum()
}

/// The harmonic mean of recall and precision; 0 where one of them has nothing to rest on.
fn f1([recall, precision]: [f64; 2]) -> f64 {
    let sum = recall + precision;
    if sum > 0.0 { 2.0 * recall * precision / sum } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partition(groups: &[&str]) -> Partition<char> {
        Partition::of(groups.iter().enumerate().flat_map(|(at, group)| group.chars().map(move |c| (c, at))))
    }

    fn near(one: f64, other: f64) {
        assert!((one - other).abs() < 1e-9, "{one} {other}");
    }

    #[test]
    fn the_example_of_the_definition() {
        // Pradhan et al. 2014, section 4: the reader misses e and finds h and i, which are not labelled.
        let (labelled, found) = (partition(&["abc", "defg"]), partition(&["ab", "cd", "fghi"]));
        near(muc(&labelled, &found), 0.4);
        near(b_cubed(&labelled, &found), f1([35.0 / 12.0 / 7.0, 0.5]));
        near(ceaf_e(&labelled, &found), f1([1.3 / 2.0, 1.3 / 3.0]));
        near(mention_f1(&labelled, &found), f1([6.0 / 7.0, 6.0 / 8.0]));
    }

    #[test]
    fn the_labelled_groups_are_perfect() {
        let labelled = partition(&["abc", "d", "ef"]);
        near(conll_f1(&labelled, &partition(&["d", "fe", "cab"])), 1.0);
    }

    #[test]
    fn nothing_found_is_nought() {
        near(conll_f1(&partition(&["abc", "d"]), &partition(&[])), 0.0);
    }

    #[test]
    fn the_best_sum_is_not_the_greedy_one() {
        near(best_sum(&[vec![0.9, 0.8, 0.0], vec![0.8, 0.0, 0.0]]), 1.6);
        near(best_sum(&[vec![0.5]]), 0.5);
    }

    #[test]
    fn a_mention_is_in_one_group() {
        let partition = Partition::of([('a', 1), ('b', 1), ('a', 2)]);
        assert_eq!(partition.groups.len(), 1);
    }
}
