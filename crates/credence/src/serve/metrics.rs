use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How many requests were answered, how, and how long that took.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    /// By the first digit of the status.
    answered: [AtomicU64; 6],
    /// How many took no longer than each of [`BOUNDS`].
    within: [AtomicU64; BOUNDS.len()],
    micros: AtomicU64,
}

/// Upper bounds of durations in milliseconds.
const BOUNDS: [u64; 8] = [1, 5, 10, 50, 100, 500, 1_000, 5_000];

impl Metrics {
    pub(crate) fn count(&self, status: u16, took: Duration) {
        let class = usize::from(status / 100).min(self.answered.len() - 1);
        self.answered[class].fetch_add(1, Ordering::Relaxed);
        let reached =
            BOUNDS.iter().zip(&self.within).filter(|(bound, _)| took.as_millis() <= u128::from(**bound));
        for (_, count) in reached {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.micros.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Writes the counts in the text format of Prometheus, version 0.0.4.
    pub(crate) fn text(&self) -> String {
        let mut text = String::from("# TYPE credence_answers_total counter\n");
        let mut all = 0;
        for (class, count) in self.answered.iter().enumerate().skip(1) {
            let count = count.load(Ordering::Relaxed);
            all += count;
            let _ = writeln!(text, "credence_answers_total{{status=\"{class}xx\"}} {count}");
        }
        text += "# TYPE credence_answer_seconds histogram\n";
        for (bound, count) in BOUNDS.iter().zip(&self.within) {
            let (seconds, count) = (*bound as f64 / 1e3, count.load(Ordering::Relaxed));
            let _ = writeln!(text, "credence_answer_seconds_bucket{{le=\"{seconds}\"}} {count}");
        }
        let sum = self.micros.load(Ordering::Relaxed) as f64 / 1e6;
        let _ = writeln!(
            text,
            "credence_answer_seconds_bucket{{le=\"+Inf\"}} {all}\ncredence_answer_seconds_sum {sum}\ncredence_answer_seconds_count {all}"
        );
        text
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn written_for_prometheus() {
        let metrics = Metrics::default();
        metrics.count(200, Duration::from_millis(7));
        metrics.count(404, Duration::from_millis(700));
        expect![[r#"
            # TYPE credence_answers_total counter
            credence_answers_total{status="1xx"} 0
            credence_answers_total{status="2xx"} 1
            credence_answers_total{status="3xx"} 0
            credence_answers_total{status="4xx"} 1
            credence_answers_total{status="5xx"} 0
            # TYPE credence_answer_seconds histogram
            credence_answer_seconds_bucket{le="0.001"} 0
            credence_answer_seconds_bucket{le="0.005"} 0
            credence_answer_seconds_bucket{le="0.01"} 1
            credence_answer_seconds_bucket{le="0.05"} 1
            credence_answer_seconds_bucket{le="0.1"} 1
            credence_answer_seconds_bucket{le="0.5"} 1
            credence_answer_seconds_bucket{le="1"} 2
            credence_answer_seconds_bucket{le="5"} 2
            credence_answer_seconds_bucket{le="+Inf"} 2
            credence_answer_seconds_sum 0.707
            credence_answer_seconds_count 2
        "#]]
        .assert_eq(&metrics.text());
    }
}
