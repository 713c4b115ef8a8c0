use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;
use std::sync::Arc;

use jiff::civil::Date;

use crate::{
    Batch, Candidate, CopyLink, Family, FamilyKey, Members, Past, ReportKey, Sketch, Story, StoryKey,
    Together, candidates, families, stories,
};

/// A [`Past`] in memory, and what has come of it: for collections that are looked at once and not kept.
#[derive(Debug, Default)]
pub struct Known {
    sketches: BTreeMap<ReportKey, Arc<Sketch>>,
    terms: HashMap<u32, u64>,
    prints: HashMap<u32, Vec<ReportKey>>,
    told: BTreeSet<(u32, Option<Date>, ReportKey)>,
    story_of: BTreeMap<ReportKey, StoryKey>,
    family_of: BTreeMap<ReportKey, FamilyKey>,
    links: Vec<CopyLink>,
    last_key: u64,
}

/// What a batch tells of copies.
struct Copies {
    links: Vec<CopyLink>,
    families: Vec<Together<FamilyKey>>,
}

impl Known {
    /// Takes reports in that come together. `compare` reads two of them side by side, as
    /// [`compare_apart_from`](crate::compare_apart_from) does.
    pub fn take_in(
        &mut self,
        reports: impl IntoIterator<Item = (ReportKey, Sketch)>,
        compare: impl Fn(&Candidate) -> Option<CopyLink>,
    ) {
        let batch = Batch::of(reports.into_iter().map(|(key, sketch)| (key, Arc::new(sketch))));
        let copies = self.copies(&batch, compare);
        let Ok(regrouped) = stories(self, &batch, &copies.links, &[]);
        self.enter_terms(&batch, &regrouped.telling);
        self.enter_copies(&batch, copies);
        for group in regrouped.stories {
            let key = group.key.unwrap_or_else(|| StoryKey(self.next_key()));
            put(&mut self.story_of, key, group);
        }
    }

    /// Takes reports in as [`take_in`](Known::take_in) does, and looks for copies alone: they get into no story.
    pub fn take_in_copies(
        &mut self,
        reports: impl IntoIterator<Item = (ReportKey, Sketch)>,
        compare: impl Fn(&Candidate) -> Option<CopyLink>,
    ) {
        let batch = Batch::of(reports.into_iter().map(|(key, sketch)| (key, Arc::new(sketch))));
        let copies = self.copies(&batch, compare);
        self.enter_copies(&batch, copies);
    }

    fn copies(&self, batch: &Batch, compare: impl Fn(&Candidate) -> Option<CopyLink>) -> Copies {
        let Ok(pairs) = candidates(self, batch);
        let links: Vec<CopyLink> = pairs.iter().filter_map(compare).collect();
        let Ok(families) = families(self, batch, (&pairs, &links));
        Copies { links, families }
    }

    fn enter_copies(&mut self, batch: &Batch, copies: Copies) {
        for (key, sketch) in batch.reports() {
            sketch.looked_for().iter().for_each(|&print| self.prints.entry(print).or_default().push(*key));
            self.sketches.insert(*key, Arc::clone(sketch));
        }
        self.links.extend(copies.links);
        for group in copies.families {
            let key = group.key.unwrap_or_else(|| FamilyKey(self.next_key()));
            put(&mut self.family_of, key, group);
        }
    }

    fn next_key(&mut self) -> u64 {
        self.last_key += 1;
        self.last_key
    }

    fn enter_terms(&mut self, batch: &Batch, telling: &[Vec<u32>]) {
        for ((key, sketch), telling) in batch.reports().iter().zip(telling) {
            sketch.terms.iter().for_each(|term| *self.terms.entry(term.hash).or_default() += 1);
            self.told.extend(telling.iter().map(|&term| (term, sketch.published, *key)));
        }
    }

    /// Returns what was found of pairs of reports, in the order in which it was found.
    pub fn links(&self) -> &[CopyLink] {
        &self.links
    }

    /// Describes all stories, the latest first.
    pub fn stories(&self) -> Vec<Story> {
        let mut stories: Vec<Story> =
            self.described(&self.story_of).iter().map(|reports| Story::of(reports)).collect();
        stories.reverse();
        stories.sort_by_key(|story| std::cmp::Reverse(story.last));
        stories
    }

    /// Describes all families of copies, that of the earliest report first.
    pub fn families(&self) -> Vec<Family> {
        self.described(&self.family_of).iter().map(|reports| Family::of(reports)).collect()
    }

    /// Returns groups with their sketches, that of the earliest report first.
    fn described<Key: Ord + Copy>(
        &self,
        group_of: &BTreeMap<ReportKey, Key>,
    ) -> Vec<Vec<(ReportKey, Arc<Sketch>)>> {
        let mut groups: BTreeMap<Key, Vec<(ReportKey, Arc<Sketch>)>> = BTreeMap::new();
        for (report, group) in group_of {
            groups.entry(*group).or_default().push((*report, Arc::clone(&self.sketches[report])));
        }
        let mut groups: Vec<_> = groups.into_values().collect();
        let first = |group: &Vec<(ReportKey, Arc<Sketch>)>| {
            group.iter().map(|(key, sketch)| (sketch.order(), *key)).min()
        };
        groups.sort_by_cached_key(first);
        groups
    }
}

fn put<Key: Copy + Ord>(group_of: &mut BTreeMap<ReportKey, Key>, key: Key, group: Together<Key>) {
    for old in group_of.values_mut().filter(|old| group.absorbed.contains(old)) {
        *old = key;
    }
    group_of.extend(group.reports.into_iter().map(|report| (report, key)));
}

impl Past for Known {
    type Error = Infallible;

    fn reports(&self) -> Result<u64, Infallible> {
        Ok(self.sketches.len() as u64)
    }

    fn holding(&self, term: u32) -> Result<u64, Infallible> {
        Ok(self.terms.get(&term).copied().unwrap_or(0))
    }

    fn printed(&self, print: u32, most: usize) -> Result<Vec<ReportKey>, Infallible> {
        let all = self.prints.get(&print).map_or(&[][..], |all| all);
        Ok(all.iter().rev().take(most).copied().collect())
    }

    fn told(&self, term: u32, near: Option<Date>, most: usize) -> Result<Vec<ReportKey>, Infallible> {
        let first = ReportKey(0);
        let last = ReportKey(u64::MAX);
        let undated = self.told.range((term, None, first)..=(term, None, last));
        let up_to = near.unwrap_or(Date::MAX);
        let before = self.told.range((term, Some(Date::MIN), first)..=(term, Some(up_to), last));
        let after = near
            .and_then(|day| day.tomorrow().ok())
            .map(|day| self.told.range((term, Some(day), first)..=(term, Some(Date::MAX), last)).take(most));
        let found = before.rev().take(most).chain(after.into_iter().flatten());
        Ok(found.chain(undated.rev().take(most)).map(|(_, _, report)| *report).collect())
    }

    fn sketch(&self, report: ReportKey) -> Result<Option<Arc<Sketch>>, Infallible> {
        Ok(self.sketches.get(&report).map(Arc::clone))
    }

    fn story(&self, report: ReportKey) -> Result<Option<StoryKey>, Infallible> {
        Ok(self.story_of.get(&report).copied())
    }

    fn members(&self, story: StoryKey, near: Option<Date>, most: usize) -> Result<Members, Infallible> {
        let of_story = self.story_of.iter().filter(|(_, other)| **other == story);
        let mut nearest: Vec<ReportKey> = of_story.map(|(report, _)| *report).collect();
        let count = nearest.len();
        nearest.sort_by_cached_key(|report| {
            let sketch = &self.sketches[report];
            let away = near.zip(sketch.published).map(|(near, day)| days_between(near, day));
            (away.is_none(), away, std::cmp::Reverse(sketch.order()))
        });
        nearest.truncate(most);
        Ok(Members { count, nearest })
    }

    fn family(&self, report: ReportKey) -> Result<Option<FamilyKey>, Infallible> {
        Ok(self.family_of.get(&report).copied())
    }

    fn kin(&self, report: ReportKey, most: usize) -> Result<Vec<ReportKey>, Infallible> {
        let family = self.family_of.get(&report);
        let of_family = self.family_of.iter().filter(|(_, other)| family == Some(other));
        Ok(of_family.take(most).map(|(report, _)| *report).collect())
    }
}

fn days_between(one: Date, other: Date) -> u32 {
    one.until(other).map_or(u32::MAX, |span| span.get_days().unsigned_abs())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use jiff::ToSpan as _;
    use jiff::civil::date;
    use model::Report;
    use proptest::prelude::*;

    use super::*;
    use crate::fixture::report;
    use crate::{Read, Worded, compare_apart_from};

    const TOWNS: [&str; 6] = ["Zarvo", "Tesmin", "Halvorek", "Öst-Tarn", "Drosgar", "Млинів"];
    const EVENTS: [&str; 4] = [
        "Rockets struck the covered market, setting stalls alight. Bakers fled through smoke while firemen dug.",
        "Soldiers led villagers away from their cellars. Relatives waited at the checkpoint for buses that never came.",
        "An explosion destroyed the dam gates; water flooded orchards. Engineers had warned of cracks since autumn.",
        "Shelling damaged the maternity ward. Nurses carried newborns downstairs and lit candles in the corridor.",
    ];

    /// A report of an event, as the outlet of a number tells it.
    fn told(event: usize, outlet: usize, day: i8) -> Report {
        let (town, words) = (TOWNS[event % TOWNS.len()], EVENTS[event % EVENTS.len()]);
        let own: Vec<String> = (0..30).map(|at| format!("w{}x{at}", outlet * 31 + event)).collect();
        let text = format!("Violence in {town}, officials of {town} said. {words} {}.", own.join(" "));
        let day = date(2031, 3, 1).checked_add(i32::from(day).days()).unwrap();
        report(&format!("Outlet {outlet}"), &day.to_string(), &text)
    }

    /// Takes reports in, a few at a time, and returns the stories as the numbers of their reports.
    fn stories_of(reports: &[(u64, &Report)], together: usize) -> (Known, Vec<Vec<u64>>) {
        let by_key: BTreeMap<u64, &Report> = reports.iter().copied().collect();
        let read = |key: ReportKey| Worded::of(Read { key, report: by_key[&key.0], claims: &[] });
        let mut known = Known::default();
        for batch in reports.chunks(together) {
            let sketched = batch.iter().map(|(key, report)| (ReportKey(*key), Sketch::of(report, &[])));
            known
                .take_in(sketched, |pair| compare_apart_from(&pair.standing, (&read(pair.a), &read(pair.b))));
        }
        let numbers = |story: Story| {
            let mut numbers: Vec<u64> = story.reports.iter().map(|key| key.0).collect();
            numbers.sort_unstable();
            numbers
        };
        let mut stories: Vec<Vec<u64>> = known.stories().into_iter().map(numbers).collect();
        stories.sort();
        (known, stories)
    }

    fn numbered(reports: &[Report]) -> Vec<(u64, &Report)> {
        (1..).zip(reports).collect()
    }

    #[test]
    fn one_event_is_one_story_and_look_alikes_stay_apart() {
        let reports: Vec<Report> = (0..12).map(|at| told(at % 4, at, (at / 4) as i8)).collect();
        for together in [1, 5, 12] {
            let (_, stories) = stories_of(&numbered(&reports), together);
            assert_eq!(stories, [[1, 5, 9], [2, 6, 10], [3, 7, 11], [4, 8, 12]], "{together}");
        }
    }

    /// A report of one of two trials of the same kind, partly in words of the outlet's own.
    fn trial(event: usize, outlet: usize, later: i32) -> Report {
        let names = [
            ["Mira Vey", "Halvorek", "Tarn Mills", "Corvin"],
            ["Oskar Lindt", "Drosgar", "Pell Works", "Ashby"],
        ];
        let [who, town, firm, judge] = names[event];
        let ways = [
            format!("{who} was sentenced in {town} for theft from {firm}. Judge {judge} spoke of greed."),
            format!(
                "Guilty of theft: judge {judge} of {town} sends {who} to prison. {firm} gets its money back."
            ),
            format!(
                "{firm} lost millions to {who}, judge {judge} found in {town}. Prison follows such theft."
            ),
            format!(
                "In {town} the trial of {who} is over. Theft from {firm} brings prison, judge {judge} said."
            ),
        ];
        let own: Vec<String> = (0..4).map(|at| format!("v{}x{at}", outlet * 31 + event)).collect();
        let day = date(2031, 3, 1).checked_add(later.days()).unwrap();
        let text = format!("{} {}.", ways[outlet % ways.len()], own.join(" "));
        report(&format!("Outlet {outlet}"), &day.to_string(), &text)
    }

    #[test]
    fn undated_trials_of_one_kind_stay_apart() {
        let mut reports: Vec<Report> = (0..8).map(|at| trial(at % 2, at / 2, 0)).collect();
        reports.iter_mut().for_each(|report| report.metadata.published = None);
        for together in [1, 8] {
            let (_, stories) = stories_of(&numbered(&reports), together);
            assert_eq!(stories, [[1, 3, 5, 7], [2, 4, 6, 8]], "{together}");
        }
    }

    #[test]
    fn a_late_report_finds_its_story() {
        let reports: Vec<Report> = (0..4).map(|at| trial(0, at, if at == 3 { 90 } else { 0 })).collect();
        let (_, stories) = stories_of(&numbered(&reports), 2);
        assert_eq!(stories, [[1, 2, 3, 4]]);
    }

    #[test]
    fn two_accounts_that_are_copied_often_are_one_story() {
        let reports: Vec<Report> = (0..10)
            .map(|at| {
                let mut copy = trial(0, at % 2, 0);
                copy.metadata.outlet = Some(format!("Mirror {at}"));
                copy
            })
            .collect();
        for together in [1, 10] {
            let (known, stories) = stories_of(&numbered(&reports), together);
            assert_eq!((known.families().len(), stories.len()), (2, 1), "{together}");
        }
    }

    #[test]
    fn a_passage_is_found_in_a_long_report() {
        let own =
            |from: usize, to: usize| (from..to).map(|at| format!("w{at}")).collect::<Vec<_>>().join(" ");
        let words = "Firemen from three towns dug through the night beneath the fallen roof of the old grain hall, \
            while the mayor read out names by torchlight and neighbours answered for those who could no longer do so";
        let reports = [
            report("Post", "2031-03-01", &format!("{} {words} {}", own(0, 900), own(1_000, 1_900))),
            report("Star", "2031-03-02", &format!("{} {words} {}", own(4_000, 4_120), own(6_000, 6_120))),
        ];
        let (known, _) = stories_of(&numbered(&reports), 1);
        assert_eq!(known.links().len(), 1);
    }

    #[test]
    fn of_many_copies_each_is_compared_with_a_few() {
        let reports: Vec<Report> = (0..300).map(|at| told(1, 7, (at / 50) as i8)).collect();
        let compared = Cell::new(0);
        let mut known = Known::default();
        let read = |key: ReportKey| Worded::of(Read { key, report: &reports[key.0 as usize], claims: &[] });
        for batch in (0..300).collect::<Vec<u64>>().chunks(100) {
            let sketched = batch.iter().map(|&at| (ReportKey(at), Sketch::of(&reports[at as usize], &[])));
            known.take_in(sketched, |pair| {
                compared.set(compared.get() + 1);
                compare_apart_from(&pair.standing, (&read(pair.a), &read(pair.b)))
            });
        }
        assert!(compared.get() < 300 * 25, "{}", compared.get());
        assert_eq!((known.families().len(), known.stories().len()), (1, 1));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn a_copy_is_in_the_story_of_its_text(events in prop::collection::vec((0usize..4, 0i8..6), 1..10), copied in any::<prop::sample::Index>()) {
            let mut reports: Vec<Report> =
                events.iter().enumerate().map(|(at, &(event, day))| told(event, at, day)).collect();
            let copied = copied.index(reports.len());
            let (event, day) = events[copied];
            let mut copy = told(event, copied, day);
            copy.metadata.outlet = Some("Mirror".to_owned());
            reports.push(copy);
            let (known, stories) = stories_of(&numbered(&reports), 4);
            let (original, copy) = (copied as u64 + 1, reports.len() as u64);
            prop_assert!(stories.iter().any(|story| story.contains(&original) && story.contains(&copy)));
            prop_assert!(!known.families().is_empty());
        }

        #[test]
        fn order_within_a_day_and_numbers_change_nothing(
            events in prop::collection::vec(0usize..4, 2..12),
            shuffled in Just((0..12u64).collect::<Vec<_>>()).prop_shuffle(),
        ) {
            let reports: Vec<Report> = events.iter().enumerate().map(|(at, &event)| told(event, at, 3)).collect();
            let (_, one) = stories_of(&numbered(&reports), 12);
            let order = shuffled.iter().filter(|&&at| (at as usize) < reports.len());
            let numbered: Vec<(u64, &Report)> = order.map(|&at| (at + 1, &reports[at as usize])).collect();
            let (_, other) = stories_of(&numbered, 12);
            prop_assert_eq!(one, other);
        }
    }
}
