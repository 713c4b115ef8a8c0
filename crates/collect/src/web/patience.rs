use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

/// How long to wait before asking again after failures: twice as long each time, and not all at the same moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The wait after the first failure.
    pub first: Duration,
    /// The longest wait.
    pub most: Duration,
}

impl Default for Backoff {
    /// A minute, up to a day.
    fn default() -> Backoff {
        Backoff { first: Duration::from_secs(60), most: Duration::from_secs(24 * 60 * 60) }
    }
}

impl Backoff {
    /// Returns the wait after so many failures in a row, between half of the doubled time and all of it.
    ///
    /// The same seed gives the same wait; a seed for each source (of its address, say) keeps them apart.
    pub fn wait(&self, failures: u32, seed: u64) -> Duration {
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1)));
        let half = doubled.min(self.most) / 2;
        // 53 bits are what a float holds exactly.
        let share = (mix(seed ^ u64::from(failures)) >> 11) as f64 / (1_u64 << 53) as f64;
        half + half.mul_f64(share)
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): neighbouring numbers become unlike ones. It hides nothing.
fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Reads the wait that a server asks for: seconds or a date (RFC 9110, 10.2.3), at most 30 days.
pub fn read_retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    const LONGEST: Duration = Duration::from_secs(30 * 24 * 60 * 60);
    let value = value.trim();
    let wait = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are a very long time.
        Duration::from_secs(value.parse().unwrap_or(u64::MAX))
    } else {
        Duration::try_from(read_http_date(value)?.duration_since(now)).unwrap_or_default()
    };
    Some(wait.min(LONGEST))
}

/// Reads a date as HTTP has them (RFC 9110, 5.6.7). The two forms of the last century are not read: no server that
/// was met writes them.
pub fn read_http_date(value: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(value.trim()).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn waits_double_and_differ() {
        let backoff = Backoff { first: Duration::from_secs(60), most: Duration::from_secs(3600) };
        let waits: Vec<u64> = (1..=9).map(|failures| backoff.wait(failures, 7).as_secs()).collect();
        for (wait, doubled) in waits.iter().zip([60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]) {
            assert!((doubled / 2..=doubled).contains(wait), "{waits:?}");
        }
        assert_eq!(backoff.wait(3, 7), backoff.wait(3, 7));
        assert_ne!(backoff.wait(3, 7), backoff.wait(3, 8));
    }

    #[test]
    fn what_servers_ask_for() {
        let now: Timestamp = "2031-03-12T08:00:00Z".parse().unwrap();
        let check = |value: &str, seconds: Option<u64>| {
            assert_eq!(read_retry_after(value, now), seconds.map(Duration::from_secs), "{value}");
        };
        check("120", Some(120));
        check(" 0 ", Some(0));
        check("Wed, 12 Mar 2031 08:05:00 GMT", Some(300));
        check("Tue, 12 Mar 2031 08:05:00 GMT", Some(300));
        check("Wed, 12 Mar 2031 07:00:00 GMT", Some(0));
        check("99999999999999999999999", Some(2_592_000));
        check("-5", None);
        check("soon", None);
        check("", None);
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(first: u64, most: u64, failures: u32, seed: u64, value: String) {
            let backoff = Backoff { first: Duration::from_secs(first), most: Duration::from_secs(most) };
            prop_assert!(backoff.wait(failures, seed) <= backoff.most);
            let _ = read_retry_after(&value, Timestamp::UNIX_EPOCH);
        }
    }
}
