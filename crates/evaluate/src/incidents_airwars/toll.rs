//! How many people an incident of Airwars killed and injured.

use std::collections::BTreeMap;

use corroborate::{Bound, Counted, Envelope, Read, ReportKey, Told, Toll, tolls};
use extract::Reading;
use model::{ClaimKind, Measure};
use serde::Deserialize;

use crate::Measured;
use crate::counts::share;

/// What the record says of the toll. A range is given by its two ends, which are the same where it is exact.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Recorded {
    killed: Option<(u64, u64)>,
    #[serde(default)]
    killed_breakdown: BTreeMap<String, (u64, u64)>,
    injured: Option<(u64, u64)>,
}

/// Compares the toll of the narrative, as the product draws it up, with the record's, row by row.
///
/// No definition was published. A row whose record has no value for a measure is left out of it: "Unknown" is not
/// nought. A row for which nothing is read counts as wrong.
///
/// - `killed.range_exact`, `injured.range_exact`: both ends are right. `killed.min_exact`: the lower one is.
/// - `breakdown.exact`: of the rows whose record breaks the killed down, those in which men, women and children all
///   have both ends right, a population that is not named among them being nought to nought.
/// - `breakdown.group_exact`: the same by population: of all that the record or the reading names in such a row, those
///   with both ends right.
///
/// The record closes all ranges and puts numbers for words, which the reading does not. By its published methodology a
/// plural without a number is 2, and "dozens" are 12 to 24; an end that the words leave open is the greatest number
/// named. Its men are often those that remain of the killed; the reading does not compute what nobody said.
#[derive(Debug, Default)]
pub(crate) struct Tolls {
    killed: Shares,
    injured: Shares,
    breakdown: Share,
    groups: Share,
}

#[derive(Debug, Default)]
struct Shares {
    range: Share,
    least: Share,
}

#[derive(Debug, Default, Clone, Copy)]
struct Share {
    right: usize,
    of: usize,
}

impl Share {
    fn add(&mut self, is_right: bool) {
        self.right += usize::from(is_right);
        self.of += 1;
    }

    fn measured(self, measure: &'static str) -> Measured {
        Measured { measure, value: share(self.right, self.of), n: self.of }
    }
}

impl Shares {
    fn add(&mut self, record: Option<(u64, u64)>, read: Option<(u64, u64)>) {
        let Some(record) = record else { return };
        self.range.add(read == Some(record));
        self.least.add(read.map(|(least, _)| least) == Some(record.0));
    }
}

/// Theirs and ours.
const GROUPS: [(&str, &[&str]); 3] =
    [("man", &["men"]), ("woman", &["women"]), ("child", &["children", "boys", "girls"])];

impl Tolls {
    /// Adds one row.
    pub(crate) fn add(&mut self, record: &Recorded, reading: &Reading) {
        let read = Read { key: ReportKey(0), report: &reading.report, claims: &reading.claims };
        let tolls = tolls(&[Told { read, victims: &reading.victims }]);
        let of = |measure| tolls.iter().find(|toll| toll.measure == measure);
        let ranged = |toll: Option<&Toll>| toll.map(|toll| range(&toll.whole, reading));
        self.killed.add(record.killed, ranged(of(Measure::Killed)));
        self.injured.add(record.injured, ranged(of(Measure::Injured)));
        if !record.killed_breakdown.is_empty() {
            self.add_breakdown(
                record,
                &of(Measure::Killed).map(|toll| broken_down(toll, reading)).unwrap_or_default(),
            );
        }
    }

    fn add_breakdown(&mut self, record: &Recorded, read: &BTreeMap<&str, (u64, u64)>) {
        let mut all = true;
        for (name, _) in GROUPS {
            let (there, here) = (record.killed_breakdown.get(name), read.get(name));
            all &= there == here;
            if there.is_some() || here.is_some() {
                self.groups.add(there == here);
            }
        }
        self.breakdown.add(all);
    }

    pub(crate) fn measured(&self) -> Vec<Measured> {
        vec![
            self.killed.range.measured("killed.range_exact"),
            self.killed.least.measured("killed.min_exact"),
            self.injured.range.measured("injured.range_exact"),
            self.breakdown.measured("breakdown.exact"),
            self.groups.measured("breakdown.group_exact"),
        ]
    }
}

fn broken_down(toll: &Toll, reading: &Reading) -> BTreeMap<&'static str, (u64, u64)> {
    let mut found = BTreeMap::new();
    for (name, ours) in GROUPS {
        let groups = toll.groups.iter().filter(|group| ours.contains(&group.population.as_str()));
        let ranges: Vec<(u64, u64)> = groups.map(|group| range(&group.envelope, reading)).collect();
        // "Children" counts boys and girls; where it is not said, they add up.
        if let Some(&first) = ranges.first() {
            let all = toll.groups.iter().any(|group| group.population == "children");
            let sum = ranges.iter().fold((0, 0), |sum, range| (sum.0 + range.0, sum.1 + range.1));
            found.insert(name, if all || name != "child" { first } else { sum });
        }
    }
    found
}

/// Closes an envelope as the record would.
fn range(envelope: &Envelope, reading: &Reading) -> (u64, u64) {
    let most = closed(&envelope.most, reading).1;
    let least = envelope.least.map_or(most, |least| closed(&least, reading).0);
    (least, most)
}

/// "Dozens" are 12 to 24; other numbers are themselves.
fn closed(bound: &Bound, reading: &Reading) -> (u64, u64) {
    let number = bound.number;
    let Counted::Figure(figure) = bound.by else { return (number, number) };
    let is_dozens = match reading.claims.get(figure.claim).map(|claim| &claim.kind) {
        Some(ClaimKind::Figure(figure)) => figure.vague && figure.lower == Some(20),
        _ => false,
    };
    if is_dozens { (12, 24) } else { (number, number) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::{Article, read};

    fn measured(text: &str, record: &str) -> Vec<(&'static str, f64, usize)> {
        let mut tolls = Tolls::default();
        let record: Recorded = serde_json::from_str(record).unwrap();
        tolls.add(&record, &read(&Article { text, ..Article::default() }));
        tolls.measured().into_iter().map(|measured| (measured.measure, measured.value, measured.n)).collect()
    }

    #[test]
    fn a_right_range_and_breakdown() {
        let record = r#"{"killed": [6, 6], "killed_breakdown": {"man": [1, 1], "woman": [2, 2], "child": [3, 3]}, "injured": null}"#;
        let found = measured(
            "Six miners, including one man, two women and three children, were killed in Lesk.",
            record,
        );
        assert_eq!(
            found,
            [
                ("killed.range_exact", 1.0, 1),
                ("killed.min_exact", 1.0, 1),
                ("injured.range_exact", 0.0, 0),
                ("breakdown.exact", 1.0, 1),
                ("breakdown.group_exact", 1.0, 3),
            ]
        );
    }

    #[test]
    fn a_wrong_end_spoils_the_range_and_not_the_least() {
        let found =
            measured("At least six people were killed in Lesk.", r#"{"killed": [6, 9], "injured": [2, 2]}"#);
        assert_eq!(found[0], ("killed.range_exact", 0.0, 1));
        assert_eq!(found[1], ("killed.min_exact", 1.0, 1));
        assert_eq!(found[2], ("injured.range_exact", 0.0, 1));
        assert_eq!(found[3].2, 0);
    }

    #[test]
    fn words_for_numbers_are_closed_as_the_record_closes_them() {
        let record = r#"{"killed": [2, 2], "injured": [12, 24]}"#;
        let found = measured("Several people were killed and dozens wounded in Lesk.", record);
        assert_eq!((found[0].1, found[2].1), (1.0, 1.0));
    }
}
