use model::{Claim, ClaimKind, Figure, Measure, Polarity, Scope, Span, Victim, Victims};

use crate::named::Named;
use crate::{ClaimRef, Read, ReportKey};

/// A report with the victims it lists.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The report and its claims.
    pub read: Read<'a>,
    /// The victims it lists, in the order that [`Counted::List`] counts them.
    pub victims: &'a [Victims],
}

/// How many were harmed in one way, by all that is said.
#[derive(Debug, Clone, PartialEq)]
pub struct Toll {
    /// What happened to them.
    pub measure: Measure,
    /// All of them.
    pub whole: Envelope,
    /// Those of one population, in the order of their names. They are parts of the whole, and may share people.
    pub groups: Vec<Group>,
}

/// How many of one population are among those harmed.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// A lower-case plural noun as in a figure.
    pub population: String,
    /// How many.
    pub envelope: Envelope,
}

/// From the least to the most that is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Envelope {
    /// The least; `None` if the words set none: "up to 20".
    pub least: Option<Bound>,
    /// The greatest number that is named.
    pub most: Bound,
    /// Whether something that is said allows more than that number: "at least 20", "dozens".
    pub is_open: bool,
}

/// An end of an envelope, with what set it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// The number.
    pub number: u64,
    /// Whether it stands for a plural without a number: 2 for "several", 20 for "dozens".
    pub is_vague: bool,
    /// The words that set it.
    pub by: Counted,
}

/// What says how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counted {
    /// A figure.
    Figure(ClaimRef),
    /// A list of victims, whose people are counted one by one.
    List {
        /// The report.
        report: ReportKey,
        /// The list among those of the report.
        list: usize,
    },
}

/// Draws up the tolls of one incident from the reports of it, or that of one report.
///
/// Each report is read by how reports are built. Its opening, the paragraph that counts first, says what the report
/// as a whole holds to be so: the first total there is the least. Later paragraphs go back to what was said earlier
/// ("initially", "the toll rose to"), to single homes and families, and to other events. A total there can raise the
/// most, never lower the least, and is left out where it counts a stretch of time or is more than three times the
/// report's own. Over several reports, the least is the least of their least, the most is the most of their most.
///
/// A part ("including four children") counts for its population and never for the whole, and nothing is summed, with
/// one exception: the items of one list that one word of harm is said of ("killing two women and a child", "Mira Vey
/// and her son died") are a whole in so many words, and count as such where no total is stated (claims guide, part 2).
/// And those who are named are counted person by person over all lists, where no number is stated for men, women or
/// children; who is named without an age and not called a child is counted among the adults, as recorders of casualties
/// do.
/// A number that stands in several claims is set by the first of them, so that copies count once.
pub fn tolls(reports: &[Told<'_>]) -> Vec<Toll> {
    let mut tolls: Vec<Toll> = Vec::new();
    for told in reports {
        for measure in Measure::ALL {
            let Some(toll) = Account::of(told, *measure).toll(*measure) else { continue };
            match tolls.iter_mut().find(|other| other.measure == *measure) {
                Some(other) => other.join(toll),
                None => tolls.push(toll),
            }
        }
    }
    tolls.sort_by_key(|toll| toll.measure);
    tolls
}

impl Toll {
    fn join(&mut self, other: Toll) {
        self.whole.join(other.whole);
        for group in other.groups {
            match self.groups.iter_mut().find(|own| own.population == group.population) {
                Some(own) => own.envelope.join(group.envelope),
                None => self.groups.push(group),
            }
        }
        self.groups.sort_by(|a, b| a.population.cmp(&b.population));
    }
}

impl Envelope {
    fn join(&mut self, other: Envelope) {
        // A report without a least sets none for the others.
        self.least = match (self.least, other.least) {
            (Some(own), Some(other)) if other.number < own.number => Some(other),
            (own, other) => own.or(other),
        };
        if other.most.number > self.most.number {
            self.most = other.most;
        }
        self.is_open |= other.is_open;
    }
}

/// One count of a report.
#[derive(Debug, Clone)]
struct Entry {
    span: Span,
    paragraph: usize,
    lower: Option<u64>,
    /// The greatest number that the words name.
    named: Option<u64>,
    is_open: bool,
    is_vague: bool,
    /// Whether it counts a stretch of time.
    is_cumulative: bool,
    /// Whether it counts somebody's kin or lists names: seldom all that were harmed.
    is_partial: bool,
    population: String,
    /// The position of the claim that it is a part of.
    part_of: Option<usize>,
    by: Counted,
}

/// All that one report says of one kind of harm.
struct Account {
    wholes: Vec<Entry>,
    parts: Vec<Entry>,
    named: Named,
}

impl Account {
    fn of(told: &Told<'_>, measure: Measure) -> Account {
        let figures = figures(told, measure);
        let lists = lists(told, measure);
        let (mut parts, mut wholes): (Vec<_>, Vec<_>) =
            figures.into_iter().partition(|entry| entry.part_of.is_some());
        for list in &lists {
            // "One woman and three children": the list is the whole, and its numbers are parts of it.
            let covered = wholes.extract_if(.., |entry| list.is_long && list.entry.span.contains(entry.span));
            parts.extend(covered);
        }
        parts.extend(lists.iter().flat_map(|list| list.groups.clone()));
        let (said, announced): (Vec<List>, Vec<List>) = lists.into_iter().partition(|list| list.is_said);
        wholes.extend(said.into_iter().map(|list| list.entry));
        if wholes.is_empty() {
            wholes.extend(announced.into_iter().map(|list| list.entry));
        }
        wholes.sort_by_key(|entry| entry.span.start());
        Account { wholes, parts, named: Named::of(told, measure) }
    }

    fn toll(&self, measure: Measure) -> Option<Toll> {
        let whole = self.envelope()?;
        let mut populations: Vec<&str> =
            self.counted_groups().map(|entry| entry.population.as_str()).collect();
        populations.sort_unstable();
        populations.dedup();
        let groups =
            populations.into_iter().filter_map(|population| self.group(population, &whole)).collect();
        let groups = self.named.join(groups, &whole);
        Some(Toll { measure, whole, groups })
    }

    fn counted_groups(&self) -> impl Iterator<Item = &Entry> {
        self.parts.iter().chain(&self.wholes).filter(|entry| entry.population != "people")
    }

    fn group(&self, population: &str, whole: &Envelope) -> Option<Group> {
        let fits = |entry: &&Entry| {
            entry.population == population
                && entry.named.is_none_or(|named| named <= whole.most.number || whole.is_open)
        };
        let mut entries: Vec<&Entry> = self.counted_groups().filter(fits).collect();
        entries.sort_by_key(|entry| (entry.is_partial, entry.span.start()));
        let envelope = envelope(&entries)?;
        Some(Group { population: population.to_owned(), envelope })
    }

    fn envelope(&self) -> Option<Envelope> {
        let totals: Vec<&Entry> = self.wholes.iter().filter(|entry| !entry.is_partial).collect();
        let opening = self.wholes.first()?.paragraph;
        let in_opening = |entry: &&&Entry| entry.paragraph == opening;
        let opens = totals.iter().find(in_opening).is_some_and(|entry| !entry.is_vague);
        if totals.is_empty() || (!opens && !self.wholes[0].is_vague && self.wholes[0].is_partial) {
            let named: Vec<&Entry> = self.wholes.iter().filter(|entry| entry.paragraph == opening).collect();
            return envelope(&named);
        }
        let mut found = envelope(&totals)?;
        if totals[0].lower.is_none() {
            let least = [found.least, self.least_of_parts(totals[0])];
            found.least = least.into_iter().flatten().max_by_key(|bound| bound.number);
            found.most = found.least.filter(|least| least.number > found.most.number).unwrap_or(found.most);
        }
        Some(found)
    }

    /// "Up to 20 people, including at least 14 miners": the whole is no less than its part.
    fn least_of_parts(&self, whole: &Entry) -> Option<Bound> {
        let Counted::Figure(claim) = whole.by else { return None };
        let parts = self.parts.iter().filter(|part| part.part_of == Some(claim.claim));
        parts.filter_map(Entry::least).max_by_key(|bound| bound.number)
    }
}

/// How many times the report's own count a later one may be to be taken for a count of the same event.
const FARTHEST: u64 = 3;

/// Draws the envelope of counts of the same people, the one that opens the report first.
fn envelope(entries: &[&Entry]) -> Option<Envelope> {
    let first = entries.first()?;
    let ceiling = |entry: &&&Entry| first.lower.is_none() && entry.lower <= first.named;
    let greatest =
        || entries.iter().filter(ceiling).filter_map(|entry| entry.least()).max_by_key(|least| least.number);
    let exact = entries.iter().filter(|entry| !entry.is_vague).find_map(|entry| entry.least());
    let least = match first.lower {
        Some(_) if first.is_vague => exact.or_else(|| first.least()),
        Some(_) => first.least(),
        None => greatest(),
    };
    let own = least.map_or(first.named.unwrap_or(0), |least| least.number);
    let is_near = |entry: &&&Entry| {
        // A later list goes through families; only a total speaks of the whole.
        let is_total = matches!(entry.by, Counted::Figure(_)) && !entry.is_cumulative;
        let number = entry.named.unwrap_or(0);
        entry.paragraph == first.paragraph || (is_total && number <= own.saturating_mul(FARTHEST))
    };
    let near: Vec<&&Entry> = entries.iter().filter(is_near).collect();
    // Of equal numbers the first in the report is shown.
    let most = near
        .iter()
        .filter_map(|entry| entry.most())
        .reduce(|best, next| if next.number > best.number { next } else { best })?;
    let most = least.filter(|least| least.number > most.number).unwrap_or(most);
    Some(Envelope { least, most, is_open: near.iter().any(|entry| entry.is_open) })
}

impl Entry {
    fn least(&self) -> Option<Bound> {
        Some(Bound { number: self.lower?, is_vague: self.is_vague, by: self.by })
    }

    fn most(&self) -> Option<Bound> {
        Some(Bound { number: self.named?, is_vague: self.is_vague, by: self.by })
    }
}

/// The fewest that a plural without a number can mean.
const PLURAL: u64 = 2;

fn figures(told: &Told<'_>, measure: Measure) -> Vec<Entry> {
    let claims = told.read.claims.iter().enumerate();
    let asserted = claims.filter(|(_, claim)| claim.polarity == Polarity::Asserted);
    let mut found = Vec::new();
    for (at, claim) in asserted {
        let ClaimKind::Figure(figure) = &claim.kind else { continue };
        if counts(figure, measure) {
            found.push(figure_entry(told, at, (claim, figure)));
        }
    }
    found
}

/// "Several people were killed and wounded" counts some of both.
fn counts(figure: &Figure, measure: Measure) -> bool {
    let is_both = figure.measure == Measure::KilledOrInjured && figure.vague && figure.lower.is_none();
    figure.measure == measure || (is_both && matches!(measure, Measure::Killed | Measure::Injured))
}

fn figure_entry(told: &Told<'_>, at: usize, (claim, figure): (&Claim, &Figure)) -> Entry {
    let is_bare = figure.vague && figure.lower.is_none() && figure.upper.is_none();
    let lower = if is_bare { Some(PLURAL) } else { figure.lower };
    Entry {
        span: claim.span,
        paragraph: paragraph(told, claim.span),
        lower,
        named: figure.upper.or(lower).or(figure.stated),
        is_open: figure.upper.is_none(),
        is_vague: figure.vague,
        is_cumulative: figure.scope == Scope::Cumulative,
        is_partial: KIN.contains(&figure.population.as_str()),
        population: figure.population.clone(),
        part_of: figure.subset_of,
        by: Counted::Figure(ClaimRef { report: told.read.key, claim: at }),
    }
}

/// Those who are counted as somebody's: "four of her sons were killed" counts a family, not an event.
const KIN: [&str; 12] = [
    "brothers",
    "sisters",
    "sons",
    "daughters",
    "siblings",
    "parents",
    "cousins",
    "grandchildren",
    "nephews",
    "nieces",
    "grandsons",
    "granddaughters",
];

/// A list of victims as a count.
struct List {
    entry: Entry,
    /// Whether it lists more than one.
    is_long: bool,
    /// Whether a word of harm is said of those listed.
    is_said: bool,
    groups: Vec<Entry>,
}

fn lists(told: &Told<'_>, measure: Measure) -> Vec<List> {
    let lists = told.victims.iter().enumerate();
    let fits = |(_, list): &(usize, &Victims)| list.measure == measure && list.polarity == Polarity::Asserted;
    lists.filter(fits).filter_map(|(at, list)| list_entry(told, at, list)).collect()
}

fn list_entry(told: &Told<'_>, at: usize, list: &Victims) -> Option<List> {
    let is_figure = |member: &Victim| is_figure(told, member);
    let is_long = list.members.len() > 1;
    let counts_figure = list.members.iter().any(is_figure);
    if counts_figure && !is_long {
        // The figure says the same.
        return None;
    }
    let count = list.members.iter().try_fold(0u64, |sum, member| sum.checked_add(member.lower?))?;
    let whole = Entry {
        span: list.span,
        paragraph: paragraph(told, list.span),
        lower: Some(count),
        named: Some(count),
        is_open: list.members.iter().any(|member| member.upper.is_none()),
        is_vague: list.members.iter().any(|member| member.upper.is_none() && !is_figure(member)),
        is_cumulative: false,
        is_partial: !counts_figure,
        population: "people".to_owned(),
        part_of: None,
        by: Counted::List { report: told.read.key, list: at },
    };
    let singles = list.members.iter().chain(&list.parts).filter(|member| !is_figure(member));
    Some(List { groups: groups(&whole, singles), entry: whole, is_long, is_said: list.harm.is_some() })
}

fn is_figure(told: &Told<'_>, member: &Victim) -> bool {
    let same = |claim: &Claim| claim.span == member.span && matches!(claim.kind, ClaimKind::Figure(_));
    let first = told.read.claims.partition_point(|claim| claim.span.start() < member.span.start());
    told.read.claims[first..].iter().take_while(|claim| claim.span.start() == member.span.start()).any(same)
}

/// Counts the people of one list by population.
fn groups<'v>(whole: &Entry, singles: impl Iterator<Item = &'v Victim>) -> Vec<Entry> {
    let mut groups: Vec<Entry> = Vec::new();
    for member in singles.filter(|member| member.population != whole.population) {
        let number = member.lower.unwrap_or(0);
        match groups.iter_mut().find(|group| group.population == member.population) {
            Some(group) => {
                let sum = group.lower.unwrap_or(0).saturating_add(number);
                (group.lower, group.named) = (Some(sum), Some(sum));
            }
            None => groups.push(Entry {
                lower: Some(number),
                named: Some(number),
                is_partial: true,
                population: member.population.clone(),
                ..whole.clone()
            }),
        }
    }
    groups
}

/// Returns the paragraph of the article that a span stands in.
fn paragraph(told: &Told<'_>, span: Span) -> usize {
    told.read.report.body.partition_point(|paragraph| paragraph.span.end() <= span.start())
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::{Expect, expect};
    use extract::{Reading, Source};
    use model::{Digest, Kind, Metadata};
    use proptest::prelude::*;

    use super::*;

    fn read(words: &str) -> Reading {
        let (bytes, metadata) = (words.as_bytes(), Metadata::default());
        extract::read(&Source {
            bytes,
            digest: Digest::of(bytes),
            kind: Kind::PlainText,
            metadata: &metadata,
        })
    }

    fn drawn(readings: &[Reading]) -> Vec<Toll> {
        let told = readings.iter().zip(0..).map(|(reading, key)| Told {
            read: Read { key: ReportKey(key), report: &reading.report, claims: &reading.claims },
            victims: &reading.victims,
        });
        tolls(&told.collect::<Vec<_>>())
    }

    fn check(reports: &[&str], expected: Expect) {
        let readings: Vec<Reading> = reports.iter().map(|words| read(words)).collect();
        let words = |bound: &Bound| {
            let (report, span) = match bound.by {
                Counted::Figure(claim) => {
                    (claim.report, readings[claim.report.0 as usize].claims[claim.claim].span)
                }
                Counted::List { report, list } => (report, readings[report.0 as usize].victims[list].span),
            };
            format!(
                "{} by {:?} in {report}",
                bound.number,
                readings[report.0 as usize].report.text.quote(span)
            )
        };
        let line = |envelope: &Envelope| {
            let least = envelope.least.as_ref().map_or("?".to_owned(), words);
            let open = if envelope.is_open { " or more" } else { "" };
            format!("{least}, to {}{open}", words(&envelope.most))
        };
        let mut lines = String::new();
        for toll in drawn(&readings) {
            writeln!(lines, "{}: {}", toll.measure, line(&toll.whole)).unwrap();
            for group in &toll.groups {
                writeln!(lines, "  {}: {}", group.population, line(&group.envelope)).unwrap();
            }
        }
        expected.assert_eq(&lines);
    }

    #[test]
    fn the_opening_sets_the_least_and_later_totals_the_most() {
        check(
            &[
                "At least nine miners were killed in Lesk.\n\nThe agency Orbis first reported four deaths. The mayor said 11 people had died.",
            ],
            expect![[r#"
                killed: 9 by "At least nine miners" in 0, to 11 by "11 people" in 0 or more
                  miners: 9 by "At least nine miners" in 0, to 9 by "At least nine miners" in 0 or more
            "#]],
        );
    }

    #[test]
    fn parts_are_never_added_to_their_whole() {
        check(
            &["Nine people were killed, including four children and two women."],
            expect![[r#"
            killed: 9 by "Nine people" in 0, to 9 by "Nine people" in 0
              children: 4 by "four children" in 0, to 4 by "four children" in 0
              women: 2 by "two women" in 0, to 2 by "two women" in 0
        "#]],
        );
    }

    #[test]
    fn a_list_is_a_whole_where_no_total_is_stated() {
        check(
            &["Shelling killed two women and a child in Lesk."],
            expect![[r#"
            killed: 3 by "two women and a child" in 0, to 3 by "two women and a child" in 0
              children: 1 by "two women and a child" in 0, to 1 by "two women and a child" in 0
              women: 2 by "two women" in 0, to 2 by "two women" in 0
        "#]],
        );
        check(
            &["Mira Vey and her son Ilya, 9, were killed."],
            expect![[r#"
                killed: 2 by "Mira Vey and her son" in 0, to 2 by "Mira Vey and her son" in 0
                  children: 1 by "Ilya" in 0, to 1 by "Ilya" in 0
                  women: 1 by "Mira Vey and her son" in 0, to 1 by "Mira Vey and her son" in 0
            "#]],
        );
    }

    #[test]
    fn an_end_that_nobody_states_stays_open() {
        check(
            &["Up to 20 miners, including at least 14 women, were killed."],
            expect![[r#"
            killed: 14 by "at least 14 women" in 0, to 20 by "Up to 20 miners" in 0
              miners: ?, to 20 by "Up to 20 miners" in 0
              women: 14 by "at least 14 women" in 0, to 14 by "at least 14 women" in 0 or more
        "#]],
        );
        check(
            &["Dozens of people were killed and several wounded."],
            expect![[r#"
            killed: 20 by "Dozens of people" in 0, to 20 by "Dozens of people" in 0 or more
            injured: 2 by "several" in 0, to 2 by "several" in 0 or more
        "#]],
        );
    }

    #[test]
    fn copies_count_once_and_other_reports_widen() {
        check(
            &["Six miners were killed in Lesk."; 3],
            expect![[r#"
            killed: 6 by "Six miners" in 0, to 6 by "Six miners" in 0
              miners: 6 by "Six miners" in 0, to 6 by "Six miners" in 0
        "#]],
        );
        check(
            &["Six miners were killed in Lesk.", "At least eight miners were killed in Lesk."],
            expect![[r#"
                killed: 6 by "Six miners" in 0, to 8 by "At least eight miners" in 1 or more
                  miners: 6 by "Six miners" in 0, to 8 by "At least eight miners" in 1 or more
            "#]],
        );
    }

    #[test]
    fn those_named_are_counted_once() {
        check(
            &[
                "Four people were killed in Lesk.\n\nThe victims were named as Boris Vey (41), his wife Mira Vey (40) and their children Ilya, 9, and Ada Vey, 5. Neighbours mourned the deaths of Mira Vey (40) and Ada Vey (5).",
            ],
            expect![[r#"
                killed: 4 by "Four people" in 0, to 4 by "Four people" in 0
                  children: 2 by "Boris Vey (41), his wife Mira Vey (40) and their children Ilya, 9, and Ada Vey" in 0, to 2 by "Boris Vey (41), his wife Mira Vey (40) and their children Ilya, 9, and Ada Vey" in 0
                  men: 1 by "Boris Vey (41), his wife Mira Vey (40) and their children Ilya, 9, and Ada Vey" in 0, to 1 by "Boris Vey (41), his wife Mira Vey (40) and their children Ilya, 9, and Ada Vey" in 0
                  women: 1 by "Boris Vey (41), his wife Mira Vey (40) and their children Ilya, 9, and Ada Vey" in 0, to 1 by "Boris Vey (41), his wife Mira Vey (40) and their children Ilya, 9, and Ada Vey" in 0
            "#]],
        );
    }

    #[test]
    fn a_stated_number_goes_before_names() {
        check(
            &[
                "Nine people, including four women, were killed in Lesk.\n\nThe victims were named as Boris Vey (41), Mira Vey (40) and Ada Vey (5).",
            ],
            expect![[r#"
                killed: 9 by "Nine people" in 0, to 9 by "Nine people" in 0
                  children: 1 by "Boris Vey (41), Mira Vey (40) and Ada Vey" in 0, to 1 by "Boris Vey (41), Mira Vey (40) and Ada Vey" in 0
                  men: 1 by "Boris Vey (41), Mira Vey (40) and Ada Vey" in 0, to 1 by "Boris Vey (41), Mira Vey (40) and Ada Vey" in 0
                  women: 4 by "four women" in 0, to 4 by "four women" in 0
            "#]],
        );
    }

    #[test]
    fn larger_events_are_left_out() {
        check(
            &[
                "Two miners were killed in Lesk.\n\nMore than 900 people have been killed since the invasion began.",
            ],
            expect![[r#"
                killed: 2 by "Two miners" in 0, to 2 by "Two miners" in 0
                  miners: 2 by "Two miners" in 0, to 2 by "Two miners" in 0
            "#]],
        );
    }

    proptest! {
        #[test]
        fn the_least_is_never_above_the_most(
            words in "( killed| wounded| two women| a child| 12 people| up to 20 miners| including| and| were| died| dozens of| Mira Vey|,|\\.|\n\n){0,24}",
        ) {
            for toll in drawn(&[read(&words)]) {
                for envelope in toll.groups.iter().map(|group| &group.envelope).chain([&toll.whole]) {
                    prop_assert!(envelope.least.is_none_or(|least| least.number <= envelope.most.number));
                }
            }
        }
    }
}
