use std::ops::Range;

/// Returns the shared part of two ranges in their union (Jaccard index); 0 for ranges that do not meet.
pub(crate) fn overlap(a: &Range<usize>, b: &Range<usize>) -> f64 {
    let shared = a.end.min(b.end).saturating_sub(a.start.max(b.start));
    let union = a.len() + b.len() - shared;
    crate::counts::share(shared, union)
}

/// Pairs labelled ranges with found ones, each at most once, best overlap first; a pair overlaps by more than one half.
///
/// Among pairs that overlap alike, `agree` decides: a range that holds several claims pairs those that agree most.
pub(crate) fn paired(
    labelled: &[Range<usize>],
    found: &[Range<usize>],
    agree: impl Fn(usize, usize) -> usize,
) -> Vec<(usize, usize)> {
    let mut candidates: Vec<(f64, usize, usize, usize)> = Vec::new();
    for (i, a) in labelled.iter().enumerate() {
        for (j, b) in found.iter().enumerate() {
            let overlap = overlap(a, b);
            if overlap > 0.5 {
                candidates.push((overlap, agree(i, j), i, j));
            }
        }
    }
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then((a.2, a.3).cmp(&(b.2, b.3))));
    let (mut used_labelled, mut used_found) = (vec![false; labelled.len()], vec![false; found.len()]);
    candidates.retain(|&(_, _, i, j)| {
        let free = !used_labelled[i] && !used_found[j];
        if free {
            (used_labelled[i], used_found[j]) = (true, true);
        }
        free
    });
    candidates.into_iter().map(|(_, _, i, j)| (i, j)).collect()
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;

    #[test]
    fn overlap_is_shared_in_union() {
        assert_eq!(overlap(&(0..10), &(5..10)), 0.5);
        assert_eq!(overlap(&(0..3), &(3..6)), 0.0);
        assert_eq!(overlap(&(2..2), &(2..2)), 0.0);
    }

    #[test]
    fn each_range_is_paired_once_with_its_best() {
        assert_eq!(paired(&[0..10, 1..10], from_ref(&(1..10)), |_, _| 0), [(1, 0)]);
    }

    #[test]
    fn half_is_not_enough() {
        assert_eq!(paired(from_ref(&(0..10)), from_ref(&(5..10)), |_, _| 0), []);
    }

    #[test]
    fn on_the_same_range_those_that_agree_are_paired() {
        let range = 0..10;
        let agree = |i: usize, j: usize| usize::from(i != j);
        assert_eq!(paired(&[range.clone(), range.clone()], &[range.clone(), range], agree), [(0, 1), (1, 0)]);
    }
}
