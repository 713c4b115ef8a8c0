use corroborate::{Known, Read, ReportKey, Worded, compare_apart_from};
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
    let worded: Vec<Worded<'_>> = readings
        .iter()
        .enumerate()
        .map(|(at, Reading { report, claims, .. })| {
            Worded::of(Read { key: ReportKey(at as u64), report, claims })
        })
        .collect();
    let mut known = Known::default();
    for batch in order.chunks(BATCH) {
        known.take_in(batch.iter().map(|&at| (worded[at].key(), worded[at].sketch())), |pair| {
            let [a, b] = [pair.a, pair.b].map(|key| &worded[key.0 as usize]);
            compare_apart_from(&pair.standing, (a, b))
        });
    }
    known
}
