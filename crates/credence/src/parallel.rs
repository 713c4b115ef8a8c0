//! The same work on many things at once, with the results in the order of the things.

use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Returns how many jobs to run: as asked, else one for each processor.
pub(crate) fn jobs(asked: Option<NonZero<usize>>) -> usize {
    asked.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZero::get)
}

/// Does `work` on each of `things`, with at most `jobs` at a time.
pub(crate) fn map<T: Sync, R: Send>(things: &[T], jobs: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if jobs <= 1 || things.len() <= 1 {
        return things.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let results: Vec<Mutex<Option<R>>> = things.iter().map(|_| Mutex::new(None)).collect();
    std::thread::scope(|scope| {
        for _ in 0..jobs.min(things.len()) {
            scope.spawn(|| {
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    let Some(thing) = things.get(i) else { break };
                    let result = work(thing);
                    *results[i].lock().expect("no work panics while it holds this lock") = Some(result);
                }
            });
        }
    });
    let filled = "the scope ends when every thing has its result";
    results.into_iter().map(|result| result.into_inner().expect(filled).expect(filled)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order() {
        let numbers: Vec<u32> = (0..1000).collect();
        assert_eq!(
            map(&numbers, 4, |number| number * 2),
            numbers.iter().map(|number| number * 2).collect::<Vec<_>>()
        );
    }
}
