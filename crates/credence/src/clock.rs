//! The clock: the only place that asks what time it is.

use anyhow::Context as _;
use jiff::Timestamp;

/// Returns the present time in whole seconds, which is what a WARC record keeps, or the one that `SOURCE_DATE_EPOCH` fixes, in seconds since 1970, so that a run can be
/// repeated to the byte (reproducible-builds.org, SOURCE_DATE_EPOCH).
pub(crate) fn now() -> anyhow::Result<Timestamp> {
    match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => {
            seconds.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok()).with_context(|| {
                format!("SOURCE_DATE_EPOCH is {seconds:?}; it has to be seconds since 1970, or unset")
            })
        }
        Err(_) => Ok(Timestamp::from_second(Timestamp::now().as_second())?),
    }
}

/// Returns what [`now`] does, and the time of the system where that fails: a run that cannot tell the time has ended
/// before anything is fetched.
pub(crate) fn or_now() -> Timestamp {
    now().unwrap_or_else(|_| Timestamp::now())
}
