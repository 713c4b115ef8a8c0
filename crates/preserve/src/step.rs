/// Marks that a step is done whose effect may be on disk from now on.
///
/// In tests the process ends here, without any clearing up, if `CREDENCE_STOP_AT` names the step: as when the power
/// goes. Otherwise it does nothing.
#[cfg(any(test, feature = "testing"))]
pub(crate) fn done(step: &'static str) {
    if std::env::var("CREDENCE_STOP_AT").is_ok_and(|stop| stop == step) {
        std::process::abort();
    }
}

/// Marks that a step is done; only tests stop at one.
#[cfg(not(any(test, feature = "testing")))]
pub(crate) fn done(_step: &'static str) {}
