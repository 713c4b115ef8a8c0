use std::collections::BTreeMap;

use super::{Ledger, Line, Share};
use crate::ReportKey;

/// How a toll moved when reports came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Somebody says more than anybody said before.
    Rose,
    /// Somebody says less than the same speaker said before.
    Fell,
    /// Nobody gave a figure before.
    First,
}

impl Direction {
    /// Returns the fixed name in formats.
    pub fn name(self) -> &'static str {
        match self {
            Direction::Rose => "rose",
            Direction::Fell => "fell",
            Direction::First => "first",
        }
    }
}

/// A figure that is other than what was said before it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved<'a> {
    /// How the toll moved.
    pub direction: Direction,
    /// The figure that it is compared with; `None` for a first one.
    pub before: Option<&'a Line>,
    /// The figure that came.
    pub after: &'a Line,
}

/// Compares the figures of a ledger that only reports state that came with those that were there.
///
/// It says what was said, not that anybody is right: a higher figure may count others, a lower one may be a correction.
pub fn moved(ledger: &Ledger, came: impl Fn(ReportKey) -> bool) -> Vec<Moved<'_>> {
    let is_new = |line: &&Line| line.claims.iter().all(|at| came(at.report));
    let wholes = ledger.lines.iter().filter(|line| line.share == Share::Whole && size(line).is_some());
    let (after, before): (Vec<&Line>, Vec<&Line>) = wholes.partition(is_new);
    let Some(most_after) = most(&after) else { return Vec::new() };
    let Some(most_before) = most(&before) else {
        return vec![Moved { direction: Direction::First, before: None, after: most_after }];
    };
    let mut found = Vec::new();
    if size(most_after) > size(most_before) {
        found.push(Moved { direction: Direction::Rose, before: Some(most_before), after: most_after });
    }
    // What nobody is named for is nobody's count, and cannot be told from another's.
    let mut last: BTreeMap<usize, &Line> = BTreeMap::new();
    after.iter().for_each(|line| last.extend(line.voice.map(|voice| (voice, *line))));
    for (voice, line) in last {
        let own = before.iter().rev().find(|other| other.voice == Some(voice));
        let fell = own.filter(|own| size(line) < size(own));
        found.extend(fell.map(|own| Moved { direction: Direction::Fell, before: Some(own), after: line }));
    }
    found
}

/// Returns the figure that says the most; of equal ones the first.
fn most<'a>(lines: &[&'a Line]) -> Option<&'a Line> {
    lines.iter().rev().max_by_key(|line| size(line)).copied()
}

/// Compares by the least that a figure allows, and what sets no least by the most.
fn size(line: &Line) -> Option<u64> {
    line.figure.lower.or(line.figure.upper)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use model::{Figure, Measure, Scope};

    use super::*;
    use crate::ClaimRef;

    /// `police 9` and so on; `-` for no speaker.
    fn lines(report: u64, figures: &str) -> Vec<Line> {
        let one = |(claim, words): (usize, &str)| {
            let (speaker, number) = words.trim().split_once(' ').unwrap();
            let number = number.parse().ok();
            Line {
                claims: vec![ClaimRef { report: ReportKey(report), claim }],
                speaker: (speaker != "-").then(|| speaker.to_owned()),
                voice: ["police", "mayor"].iter().position(|name| *name == speaker),
                said_by: Vec::new(),
                day: None,
                last: None,
                figure: Figure {
                    measure: Measure::Killed,
                    population: "people".into(),
                    lower: number,
                    upper: number,
                    stated: number,
                    approx: false,
                    vague: false,
                    scope: Scope::Incident,
                    subset_of: None,
                    place: None,
                    period: None,
                    caveats: Default::default(),
                },
                share: Share::Whole,
                supersedes: Vec::new(),
                withdrawn: false,
            }
        };
        figures.split(',').filter(|words| !words.is_empty()).enumerate().map(one).collect()
    }

    fn check(before: &str, after: &str, expected: Expect) {
        let ledger = Ledger {
            measure: Measure::Killed,
            population: "people".into(),
            least: None,
            most: None,
            lines: [lines(1, before), lines(2, after)].concat(),
        };
        let figure = |line: &Line| {
            format!("{} {}", line.speaker.as_deref().unwrap_or("-"), line.figure.lower.unwrap_or_default())
        };
        let moved: Vec<String> = moved(&ledger, |report| report.0 == 2)
            .iter()
            .map(|moved| {
                let before = moved.before.map_or("nothing".to_owned(), figure);
                format!("{}: {before} to {}", moved.direction.name(), figure(moved.after))
            })
            .collect();
        expected.assert_eq(&moved.join("; "));
    }

    #[test]
    fn tolls_that_moved() {
        check("police 9", "police 11", expect!["rose: police 9 to police 11"]);
        check("police 9,mayor 12", "police 11", expect![""]);
        check("police 9,mayor 12", "police 11,mayor 10", expect!["fell: mayor 12 to mayor 10"]);
        check(
            "police 9",
            "police 14,police 8",
            expect!["rose: police 9 to police 14; fell: police 9 to police 8"],
        );
        check("", "police 8,mayor 9", expect!["first: nothing to mayor 9"]);
        check("- 9", "- 8", expect![""]);
        check("police 9", "", expect![""]);
        check("police 9", "mayor 9", expect![""]);
    }
}
