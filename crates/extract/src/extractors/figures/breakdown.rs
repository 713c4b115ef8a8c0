//! Counts that are the parts of a whole before them, by their sum.

use super::counted::Counted;

/// "Six miners, four men and two women, were killed": a breakdown whose sum closes is part of its total (claims guide,
/// part 2).
pub(super) fn close(counted: &mut [Counted]) {
    for whole in 0..counted.len() {
        let Some(total) = counted[whole].bounds.lower.filter(|_| !counted[whole].is_part) else { continue };
        let Some(parts) = run(counted, whole, total) else { continue };
        counted[whole + 1..=whole + parts].iter_mut().for_each(|part| part.is_part = true);
    }
}

/// How many parts a whole is taken to have at most.
const MOST: usize = 12;

/// Returns how many of the counts behind `whole` come to `total` together, if two or more of them do.
fn run(counted: &[Counted], whole: usize, total: u64) -> Option<usize> {
    let mut sum: u64 = 0;
    for (at, part) in counted[whole + 1..].iter().take(MOST).enumerate() {
        if part.is_part || part.measure.is_none() || part.measure != counted[whole].measure {
            return None;
        }
        sum = sum.checked_add(part.bounds.lower?)?;
        if sum >= total {
            return (sum == total && at > 0).then_some(at + 1);
        }
    }
    None
}
