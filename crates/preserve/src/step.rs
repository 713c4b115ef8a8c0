//! Durable steps, at each of which tests stop the program.

/// Marks that a step is done whose effect may be on disk from now on.
///
/// In tests the process ends here, without any clearing up, if `CREDENCE_STOP_AT` names the step: as when it is killed.
/// `STEP:N` ends it when the step is done for the `N`th time. Otherwise nothing happens.
#[cfg(any(test, feature = "testing"))]
pub fn done(step: &'static str) {
    use std::sync::atomic::{AtomicU32, Ordering};
    static DONE: AtomicU32 = AtomicU32::new(0);
    let Ok(stop) = std::env::var("CREDENCE_STOP_AT") else { return };
    let (name, times) = stop.split_once(':').unwrap_or((&stop, "1"));
    if name == step && times.parse() == Ok(DONE.fetch_add(1, Ordering::Relaxed) + 1) {
        std::process::abort();
    }
}

/// Marks that a step is done; only tests stop at one.
#[cfg(not(any(test, feature = "testing")))]
pub fn done(_step: &'static str) {}
