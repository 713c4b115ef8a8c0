use corroborate::{Known, Read, ReportKey, Sketch, compare_apart_from};
use extract::Reading;

/// How many reports come together.
const BATCH: usize = 20;

/// Takes readings in as a stream, a few at a time in the order of their days; undated ones in that of their digests, so
/// that nothing of how a file is laid out is learnt. Reports are known by their positions.
pub(crate) fn stream(readings: &[Reading]) -> Known {
    let mut order: Vec<usize> = (0..readings.len()).collect();
    order.sort_by_key(|&at| {
        let report = &readings[at].report;
        let day = report.metadata.published.or(report.anchor());
        (day.is_none(), day, *report.text.original().as_bytes())
    });
    let read = |key: ReportKey| {
        let reading = &readings[key.0 as usize];
        Read { key, report: &reading.report, claims: &reading.claims }
    };
    let mut known = Known::default();
    for batch in order.chunks(BATCH) {
        let sketch = |&at: &usize| {
            let Reading { report, claims, .. } = &readings[at];
            (ReportKey(at as u64), Sketch::of(report, claims))
        };
        known.take_in(batch.iter().map(sketch), |pair| {
            compare_apart_from(&pair.standing, (&read(pair.a), &read(pair.b)))
        });
    }
    known
}
