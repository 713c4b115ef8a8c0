use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use model::{Figure, Measure};

use super::lines::{grew, range};
use super::{Ledger, Line, Share};
use crate::ClaimRef;

/// What strikes the eye where two figures are laid beside each other. For people to judge: no figure is dropped for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// What it is.
    pub kind: RemarkKind,
    /// The figure that stands first.
    pub one: ClaimRef,
    /// The other.
    pub other: ClaimRef,
    /// Why, in a sentence.
    pub reason: String,
}

/// What two figures are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RemarkKind {
    /// No number fits both, and they are by different speakers for one day, or the later one is the lower of what can only
    /// grow.
    Contradiction,
    /// The same speaker gives fewer on a later day, of what can only grow, and does not say why.
    Drop,
    /// A report says that a figure was wrong, and gives another that is not higher.
    Correction,
    /// A part is larger than its whole.
    PartAboveWhole,
    /// What somebody gives as a part is told elsewhere as if it were all.
    PartForWhole,
    /// The same speaker gives more on a later day.
    Rise,
}

impl RemarkKind {
    /// All kinds, in order.
    pub const ALL: &'static [RemarkKind] = &[
        RemarkKind::Contradiction,
        RemarkKind::Drop,
        RemarkKind::Correction,
        RemarkKind::PartAboveWhole,
        RemarkKind::PartForWhole,
        RemarkKind::Rise,
    ];

    /// Returns the fixed name in formats.
    pub fn name(self) -> &'static str {
        match self {
            RemarkKind::Contradiction => "contradiction",
            RemarkKind::Drop => "drop",
            RemarkKind::Correction => "correction",
            RemarkKind::PartAboveWhole => "part_above_whole",
            RemarkKind::PartForWhole => "part_for_whole",
            RemarkKind::Rise => "rise",
        }
    }

    /// Tells whether both figures cannot stand as they are, and somebody has to look.
    pub fn is_conflict(self) -> bool {
        matches!(
            self,
            RemarkKind::Contradiction
                | RemarkKind::Drop
                | RemarkKind::PartAboveWhole
                | RemarkKind::PartForWhole
        )
    }
}

/// Figures before one that it is laid beside. Ledgers of a war have thousands.
const BESIDE: usize = 64;

/// Finds what strikes the eye in the ledgers of one incident or situation. Of two speakers who contradict each other
/// again and again, the last time is given.
pub fn remarks(ledgers: &[Ledger]) -> Vec<Remark> {
    let mut found = Vec::new();
    for ledger in ledgers {
        contradictions(ledger, &mut found);
        revisions(ledger, &mut found);
    }
    parts(ledgers, &mut found);
    found.sort_by_key(|remark| (remark.kind, remark.one, remark.other));
    found.dedup();
    found
}

/// How many times the lower of two figures the higher may be to be of one event, where nobody stands behind one of them.
const FARTHEST: u64 = 3;

fn contradictions(ledger: &Ledger, found: &mut Vec<Remark>) {
    let stands = |line: &&Line| line.share == Share::Whole && !line.withdrawn;
    let wholes: Vec<&Line> = ledger.lines.iter().filter(stands).collect();
    let mut last: BTreeMap<(usize, usize), Remark> = BTreeMap::new();
    for (at, later) in wholes.iter().enumerate() {
        let mut alone = false;
        for earlier in wholes[at.saturating_sub(BESIDE)..at].iter().rev() {
            let Some(reason) = contradict(ledger.measure, (earlier, later)) else { continue };
            let reason = format!("{}: {reason}", counted(ledger));
            let remark = remark(RemarkKind::Contradiction, (earlier, later), reason);
            match (earlier.voice, later.voice) {
                (Some(one), Some(other)) => {
                    let pair = (one.min(other), one.max(other));
                    if last.get(&pair).is_none_or(|known| known.other != remark.other) {
                        last.insert(pair, remark);
                    }
                }
                // Nobody by name is not one speaker: the nearest is enough.
                _ if !alone => {
                    alone = true;
                    found.push(remark);
                }
                _ => {}
            }
        }
    }
    found.extend(last.into_values());
}

/// Tells whether a count can only grow as time goes by: the dead are found, and do not come back.
fn only_grows(measure: Measure) -> bool {
    matches!(
        measure,
        Measure::Killed
            | Measure::Injured
            | Measure::KilledOrInjured
            | Measure::Attacks
            | Measure::ObjectHits
            | Measure::ObjectsDestroyed
    )
}

fn contradict(measure: Measure, (earlier, later): (&Line, &Line)) -> Option<String> {
    if earlier.voice == later.voice && earlier.voice.is_some() {
        return None;
    }
    let (one, other) = (range(&earlier.figure)?, range(&later.figure)?);
    let is_lower = other.1 < one.0;
    if !is_lower && one.1 >= other.0 {
        return None;
    }
    let named = earlier.voice.is_some() && later.voice.is_some();
    let (low, high) = if is_lower { (other.1, one.0) } else { (one.1, other.0) };
    if !named && high > low.saturating_mul(FARTHEST) {
        return None;
    }
    let together = share_report(earlier, later);
    let same_day = earlier.day.is_some() && earlier.day <= later.last && later.day <= earlier.last;
    let when = match () {
        () if same_day => format!("both for {}", day(later.day)),
        () if together => "both in one report".to_owned(),
        () if is_lower && only_grows(measure) && earlier.day.is_some() && later.day.is_some() => {
            format!("the later one, for {}, is the lower", day(later.day))
        }
        () => return None,
    };
    Some(format!("{}, and {}: no number fits both; {when}", said(earlier), said(later)))
}

fn share_report(one: &Line, other: &Line) -> bool {
    // Who is repeated by more has been compared with others already.
    let few =
        |line: &Line| line.claims.iter().take(BESIDE).map(|claim| claim.report).collect::<BTreeSet<_>>();
    !few(one).is_disjoint(&few(other))
}

fn day(day: Option<Date>) -> String {
    day.map_or("a day that is not said".to_owned(), |day| day.to_string())
}

/// Names what a ledger counts.
fn counted(ledger: &Ledger) -> String {
    format!("{} {}", ledger.measure.name().replace('_', " "), ledger.population)
}

/// Names a speaker and the number.
fn said(line: &Line) -> String {
    let named = line.speaker.as_deref().or(line.said_by.first().map(String::as_str));
    let who = named.unwrap_or("nobody by name");
    format!("{who} gives {}", number(&line.figure))
}

fn number(figure: &Figure) -> String {
    match (figure.lower, figure.upper, figure.stated) {
        (Some(lower), Some(upper), _) if lower == upper => lower.to_string(),
        (Some(lower), Some(upper), _) => format!("{lower} to {upper}"),
        (Some(lower), None, _) => format!("{lower} or more"),
        (None, Some(upper), _) => format!("{upper} or fewer"),
        (None, None, Some(about)) => format!("about {about}"),
        (None, None, None) => "no number".to_owned(),
    }
}

fn remark(kind: RemarkKind, (one, other): (&Line, &Line), reason: String) -> Remark {
    Remark { kind, one: one.claims[0], other: other.claims[0], reason }
}

/// Finds where one speaker goes on to another number.
fn revisions(ledger: &Ledger, found: &mut Vec<Remark>) {
    let mut last: BTreeMap<usize, &Line> = BTreeMap::new();
    for line in ledger.lines.iter().filter(|line| line.share == Share::Whole) {
        let corrected = |other: &&Line| other.claims.iter().any(|claim| line.supersedes.contains(claim));
        let earlier = ledger.lines.iter().filter(|_| !line.supersedes.is_empty()).find(corrected);
        if let Some(earlier) = earlier {
            found.extend(revised(ledger, (earlier, line), RemarkKind::Correction));
        }
        let Some(speaker) = line.voice else { continue };
        if let Some(before) = last.insert(speaker, line)
            && earlier.is_none()
            && before.day < line.day
        {
            found.extend(revised(ledger, (before, line), RemarkKind::Drop));
        }
    }
}

/// Compares an earlier number with a later one that takes its place; `otherwise` is what it is if it is not higher.
fn revised(ledger: &Ledger, (earlier, later): (&Line, &Line), otherwise: RemarkKind) -> Option<Remark> {
    let (one, other) = (range(&earlier.figure)?, range(&later.figure)?);
    let kind = if grew(&earlier.figure, &later.figure) { RemarkKind::Rise } else { otherwise };
    let dropped = other.1 < one.0 && only_grows(ledger.measure);
    let step = || format!("from {} to {}", number(&earlier.figure), number(&later.figure));
    let who = later.speaker.as_deref().unwrap_or("the report");
    let reason = match kind {
        RemarkKind::Rise => format!("{who} goes {}, for {}", step(), day(later.day)),
        RemarkKind::Drop if dropped => format!("{who} goes down {}, for {}", step(), day(later.day)),
        RemarkKind::Correction => format!("{who} corrects the number {}", step()),
        _ => return None,
    };
    Some(remark(kind, (earlier, later), format!("{}: {reason}", counted(ledger))))
}

/// Numbers up to this are equal by chance.
const BY_CHANCE: u64 = 9;

fn parts(ledgers: &[Ledger], found: &mut Vec<Remark>) {
    let lines = || ledgers.iter().flat_map(|ledger| ledger.lines.iter().map(move |line| (ledger, line)));
    let places: BTreeMap<ClaimRef, (&Ledger, &Line)> =
        lines().flat_map(|(ledger, line)| line.claims.iter().map(move |&at| (at, (ledger, line)))).collect();
    let mut wholes: BTreeMap<(Measure, &str, u64), Vec<&Line>> = BTreeMap::new();
    for (ledger, line) in lines().filter(|(_, line)| line.share == Share::Whole && !is_part(line)) {
        wholes
            .entry((ledger.measure, &ledger.population, line.figure.stated.unwrap_or(0)))
            .or_default()
            .push(line);
    }
    for (ledger, part) in lines() {
        let whole = part.figure.subset_of.map(|claim| ClaimRef { claim, ..part.claims[0] });
        let Some(&(of, whole)) = whole.and_then(|whole| places.get(&whole)) else { continue };
        if of.measure != ledger.measure {
            continue;
        }
        found.extend(above(part, (whole, &ledger.population)));
        let stated = part.figure.stated.filter(|&number| number > BY_CHANCE);
        let alike = stated.and_then(|number| wholes.get(&(of.measure, of.population.as_str(), number)));
        let taken = alike
            .into_iter()
            .flatten()
            .find(|line| (line.voice.is_none() || line.voice == part.voice) && !share_report(line, part));
        if let Some(line) = taken {
            let reason = format!(
                "{}: {} as all, and elsewhere it is the part of {} who are {}",
                of.measure,
                said(line),
                number(&whole.figure),
                ledger.population
            );
            found.push(remark(RemarkKind::PartForWhole, (part, line), reason));
        }
    }
}

fn is_part(line: &Line) -> bool {
    line.figure.subset_of.is_some()
}

fn above(part: &Line, (whole, population): (&Line, &str)) -> Option<Remark> {
    let (least, most) = (range(&part.figure)?.0, range(&whole.figure)?.1);
    let reason =
        || format!("{} {population} are given as a part of {}", number(&part.figure), number(&whole.figure));
    (least > most).then(|| remark(RemarkKind::PartAboveWhole, (whole, part), reason()))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::{Expect, expect};
    use extract::{Reading, Source};
    use model::{ClaimKind, Digest, Kind, Metadata};
    use proptest::prelude::*;

    use super::super::{Stated, ledgers};
    use super::*;
    use crate::{FamilyKey, ReportKey};

    /// A report of a day in March 2031, and the family that it is in.
    type Telling<'a> = (&'a str, &'a str, Option<u64>);

    fn read((day, words, _): Telling<'_>) -> Reading {
        let (bytes, metadata) = (
            words.as_bytes(),
            Metadata { published: format!("2031-03-{day}").parse().ok(), ..Metadata::default() },
        );
        extract::read(&Source {
            bytes,
            digest: Digest::of(bytes),
            kind: Kind::PlainText,
            metadata: &metadata,
        })
    }

    fn stated(tellings: &[Telling<'_>]) -> Vec<Stated> {
        let mut all = Vec::new();
        for (&telling, key) in tellings.iter().zip(0..) {
            let reading = read(telling);
            for (claim, said) in reading.claims.iter().enumerate() {
                let ClaimKind::Figure(figure) = &said.kind else { continue };
                let at = |claim| ClaimRef { report: ReportKey(key), claim };
                all.push(Stated {
                    at: at(claim),
                    figure: (**figure).clone(),
                    words: reading.report.text.quote(said.span).to_owned(),
                    known_as: None,
                    said_by: said.said_by.iter().map(|speaker| speaker.name.clone()).collect(),
                    day: reading.report.metadata.published,
                    family: telling.2.map(FamilyKey),
                    supersedes: said.supersedes.map(at),
                });
            }
        }
        all
    }

    fn printed(stated: &[Stated]) -> String {
        let ledgers = ledgers(stated);
        let mut text = String::new();
        for ledger in &ledgers {
            let ends =
                [ledger.least, ledger.most].map(|end| end.map_or("open".to_owned(), |end| end.to_string()));
            writeln!(text, "{} {}: {} to {}", ledger.measure, ledger.population, ends[0], ends[1]).unwrap();
            for line in &ledger.lines {
                let share = if line.share == Share::Whole { "" } else { line.share.name() };
                let (day, last) = (
                    day(line.day),
                    if line.last == line.day { String::new() } else { format!(" to {}", day(line.last)) },
                );
                let times = line.claims.len();
                writeln!(text, "  {day}{last}: {} {share} ×{times}", said(line)).unwrap();
            }
        }
        for remark in remarks(&ledgers) {
            writeln!(text, "{}: {}", remark.kind.name(), remark.reason).unwrap();
        }
        text
    }

    fn check(tellings: &[Telling<'_>], expected: Expect) {
        expected.assert_eq(&printed(&stated(tellings)));
    }

    #[test]
    fn a_toll_rises_and_whoever_repeats_it_adds_no_line() {
        check(
            &[
                ("12", "Nine people were killed in Lesk, Mayor Ila Brann said.", Some(1)),
                ("12", "Nine people were killed in Lesk, Mayor Ila Brann said. A siren was heard.", Some(1)),
                ("13", "Mayor Ila Brann said nine people were killed in Lesk.", None),
                ("14", "At least 14 people were killed in Lesk, Brann said.", None),
            ],
            expect![[r#"
                killed people: 9 to open
                  2031-03-12 to 2031-03-13: Ila Brann gives 9  ×3
                  2031-03-14: Brann gives 14 or more  ×1
                rise: killed people: Brann goes from 9 to 14 or more, for 2031-03-14
            "#]],
        );
    }

    #[test]
    fn two_speakers_for_one_day() {
        check(
            &[
                ("12", "Nine people were killed in Lesk, Mayor Ila Brann said.", None),
                ("12", "At least 20 people were killed in Lesk, the Kaldrian defence ministry said.", None),
                ("12", "At least eight people were killed in Lesk, the aid group Orbis said.", None),
            ],
            expect![[r#"
                killed people: 8 to open
                  2031-03-12: aid group Orbis gives 8 or more  ×1
                  2031-03-12: Ila Brann gives 9  ×1
                  2031-03-12: Kaldrian defence ministry gives 20 or more  ×1
                contradiction: killed people: Ila Brann gives 9, and Kaldrian defence ministry gives 20 or more: no number fits both; both for 2031-03-12
            "#]],
        );
    }

    #[test]
    fn a_toll_that_falls() {
        check(
            &[
                ("12", "At least 20 people were killed in Lesk, Mayor Ila Brann said.", None),
                ("14", "Mayor Ila Brann said 12 people were killed in Lesk.", None),
                ("15", "Eleven people were killed in Lesk, the Kaldrian defence ministry said.", None),
            ],
            expect![[r#"
                killed people: 11 to open
                  2031-03-12: Ila Brann gives 20 or more  ×1
                  2031-03-14: Ila Brann gives 12  ×1
                  2031-03-15: Kaldrian defence ministry gives 11  ×1
                contradiction: killed people: Ila Brann gives 12, and Kaldrian defence ministry gives 11: no number fits both; the later one, for 2031-03-15, is the lower
                drop: killed people: Ila Brann goes down from 20 or more to 12, for 2031-03-14
            "#]],
        );
    }

    #[test]
    fn a_figure_that_is_corrected() {
        check(
            &[(
                "14",
                "Mayor Ila Brann said 27 people were injured in Lesk.\n\nCorrection: An earlier version of this report said that 72 people had been injured. The mayor gave the number as 27.",
                None,
            )],
            expect![[r#"
                injured people: 27 to 27
                  2031-03-14: Ila Brann gives 27  ×1
                  2031-03-14: version of this report gives 72  ×1
                correction: injured people: Ila Brann corrects the number from 72 to 27
            "#]],
        );
    }

    #[test]
    fn a_part_told_as_all() {
        check(
            &[
                (
                    "12",
                    "At least 40 people, including 17 children, were killed in Lesk, the aid group Orbis said.",
                    None,
                ),
                ("13", "In Lesk 17 people were killed.", None),
                ("14", "Nine people, including twelve children, were killed in Tarn.", None),
            ],
            expect![[r#"
                killed children: 12 to 17
                  2031-03-12: aid group Orbis gives 17  ×1
                  2031-03-14: nobody by name gives 12  ×1
                killed people: 9 to open
                  2031-03-12: aid group Orbis gives 40 or more  ×1
                  2031-03-13: nobody by name gives 17  ×1
                  2031-03-14: nobody by name gives 9  ×1
                contradiction: killed people: aid group Orbis gives 40 or more, and nobody by name gives 17: no number fits both; the later one, for 2031-03-13, is the lower
                contradiction: killed children: aid group Orbis gives 17, and nobody by name gives 12: no number fits both; the later one, for 2031-03-14, is the lower
                contradiction: killed people: nobody by name gives 17, and nobody by name gives 9: no number fits both; the later one, for 2031-03-14, is the lower
                part_above_whole: 12 children are given as a part of 9
                part_for_whole: killed: nobody by name gives 17 as all, and elsewhere it is the part of 40 or more who are children
            "#]],
        );
    }

    #[test]
    fn a_part_and_an_addition_are_not_the_whole() {
        check(
            &[(
                "12",
                "Nine people were killed in Lesk. Another ten people were killed when a second rocket fell.",
                None,
            )],
            expect![[r#"
                killed people: 9 to 9
                  2031-03-12: nobody by name gives 9  ×1
                  2031-03-12: nobody by name gives 10 addition ×1
            "#]],
        );
    }

    proptest! {
        #[test]
        fn order_and_copies_change_no_line(
            tellings in proptest::collection::vec((10u32..14, 5u64..9, 0usize..4), 1..8),
            seed in 0usize..8,
            later in "1[4-9]",
        ) {
            let words: Vec<(String, String)> = tellings.iter().map(|&(day, number, by)| {
                let by = ["", ", Mayor Ila Brann said", ", the aid group Orbis said", ", officials said"][by];
                (day.to_string(), format!("{number} people were killed in Lesk{by}."))
            }).collect();
            let of = |at: usize| (words[at].0.as_str(), words[at].1.as_str(), Some(at as u64));
            let told: Vec<Telling<'_>> = (0..words.len()).map(of).collect();
            // Who gives which number, and what does not fit together; not how often, and up to which day it is repeated.
            let lines = |stated: &[Stated]| -> Vec<String> {
                let ledgers = ledgers(stated);
                let said = ledgers.iter().flat_map(|ledger| &ledger.lines).map(|line| format!("{} {}", day(line.day), said(line)));
                said.chain(remarks(&ledgers).iter().map(|remark| remark.reason.clone())).collect()
            };
            let all = stated(&told);
            let mut turned = all.clone();
            turned.rotate_left(seed % all.len().max(1));
            prop_assert_eq!(printed(&all), printed(&turned));
            let mut copied = told.clone();
            let (_, copy, family) = of(seed % words.len());
            copied.push((&later, copy, family));
            prop_assert_eq!(lines(&all), lines(&stated(&copied)));
        }
    }
}
