//! One of several within a longer stretch, and its edges: "the third Tuesday of May", "the end of March".

use super::holidays;
use super::phrase::{Core, Edge, Lead, Read, Words};
use super::recurring::{Recurring, Season};
use super::stretch::{Grain, Stretch};

/// What is counted within a longer stretch.
enum Counted {
    Recurring(Recurring),
    Unit(Grain),
}

impl Words<'_, '_> {
    /// "The first Monday of October", "the last Friday in March 2014", "the second week of May", "the fifth last day of
    /// the month".
    pub(super) fn one_of(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        let at = self.past(at, &["the"]);
        let (nth, next) = self.nth(at)?;
        let (counted, next) = self.counted_in(next)?;
        let of = self.past(next, &["of", "in"]);
        if self.is_alone() && self.lower(next) == "after" && nth > 0 {
            return self.nth_after(&counted, nth, next + 1);
        }
        if of == next && !matches!(counted, Counted::Unit(Grain::Quarter)) {
            return None;
        }
        let whole = match self.whole(of, lead) {
            Some(whole) => whole,
            // "The third quarter" is one of this year.
            None if of == next => return self.bare_quarter(nth, next, lead),
            None => return None,
        };
        let all = match counted {
            Counted::Recurring(recurring) => recurring.all_within(whole.time),
            Counted::Unit(Grain::Week) if !self.is_alone() => sevens(whole.time),
            Counted::Unit(grain) => units_in(whole.time, grain)?,
        };
        let index = usize::from(nth.unsigned_abs()).checked_sub(1)?;
        let found = if nth < 0 { all.iter().rev().nth(index) } else { all.get(index) };
        let rule = if matches!(counted, Counted::Recurring(Recurring::Weekday(_))) {
            "weekday-of-month"
        } else {
            "one-of"
        };
        Some(Core::new(*found?, rule, whole.end))
    }

    /// Reads "third", "last", "second last": negative counts from the end.
    fn nth(&self, at: usize) -> Read<i8> {
        if self.lower(at) == "last" {
            return Some((-1, at + 1));
        }
        let (nth, next) = self.ordinal(at)?;
        let last = self.past(next, &["-"]);
        match self.lower(last) {
            "last" | "to" if self.lower(last) == "last" => Some((-nth, last + 1)),
            _ => Some((nth, next)),
        }
    }

    fn counted_in(&self, at: usize) -> Read<Counted> {
        if let Some((weekday, next)) = self.weekday_name(at) {
            return Some((Counted::Recurring(Recurring::Weekday(weekday)), next));
        }
        if let Some(end) = self.weekend_word(at) {
            return Some((Counted::Recurring(Recurring::Weekend), end));
        }
        if let Some((grain, end)) = self.grain(at).filter(|(grain, _)| *grain >= Grain::Day) {
            return Some((Counted::Unit(grain), end));
        }
        let (holiday, end) = if self.is_alone() { self.holiday_name(at)? } else { return None };
        Some((Counted::Recurring(holiday), end))
    }

    /// "The third Tuesday after Christmas 2014".
    fn nth_after(&self, counted: &Counted, nth: i8, at: usize) -> Option<Core> {
        let lead = Lead { edge: Edge::None, word: "in", from: at };
        let base = self.core(at, lead)?;
        let index = usize::from(nth.unsigned_abs()).checked_sub(1)?;
        let time = match *counted {
            Counted::Recurring(recurring) => recurring.nth_from(base.time.to, index)?,
            Counted::Unit(grain) => Stretch::of(grain, base.time.to)?.moved(i64::from(nth), grain)?,
        };
        Some(Core::new(time, "nth-after", base.end))
    }

    /// Reads the stretch in which things are counted: a month, a year, a quarter.
    fn whole(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        if let Some((month, next)) = self.month(at) {
            let lead = Lead { word: "in", ..lead };
            let core = self.month_or_year(at, lead).filter(|core| core.end >= next);
            return core.or_else(|| self.bare_month(month, at..next, lead));
        }
        if let Some((year, end)) = self.year_number(at) {
            return Some(Core::new(Stretch::year(year)?, "year", end));
        }
        let the = self.past(at, &["the"]);
        if the > at
            && let Some((grain, end)) = self.grain(the).filter(|(grain, _)| *grain >= Grain::Week)
        {
            return Some(Core::new(Stretch::of(grain, self.now()?)?, "this", end));
        }
        self.unit(the).filter(|core| core.time.grain >= Grain::Week)
    }

    /// The first to fourth quarter, without its year.
    fn bare_quarter(&self, nth: i8, end: usize, lead: Lead<'_>) -> Option<Core> {
        let led = self.is_alone() || lead.word == "in";
        let quarter = Recurring::Quarter((1..=4).contains(&nth).then_some(nth).filter(|_| led)?);
        if self.is_alone() {
            let year = Stretch::of(Grain::Year, self.now()?)?;
            return Some(Core::new(quarter.within(year)?, "quarter", end));
        }
        Some(Core::new(self.chosen(quarter, lead.from..end)?, "quarter", end))
    }

    /// "The end of March", "the beginning of last week", "EOM".
    pub(super) fn edge_of(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        let start = if self.is_alone() { self.past(at, &["at"]) } else { at };
        let the = self.past(start, &["the"]);
        if self.is_alone()
            && let Some(&(edge, grain)) =
                SHORT.iter().find(|(word, ..)| *word == self.lower(the)).map(|(_, edge)| edge)
        {
            let whole = Stretch::of(grain, self.now()?)?;
            return Some(Core::new(self.edge_alone(whole, edge)?, "part-of", the + 1));
        }
        if let Some(half) = self.half_of(the, lead) {
            return Some(half);
        }
        let edge = match self.lower(the) {
            "end" => Edge::Late,
            "beginning" | "start" => Edge::Early,
            "middle" => Edge::Mid,
            _ => return None,
        };
        let of = self.past(the + 1, &["of"]);
        if of == the + 1 {
            return None;
        }
        let whole = self.whole_or_unit(of, lead)?;
        if !self.is_alone() {
            return Some(Core { rule: "edge-of", ..whole });
        }
        Some(Core::new(self.edge_alone(whole.time, edge)?, "part-of", whole.end))
    }

    /// "The first half of 2014", where words stand alone: six months of a year, fifteen days of a month.
    fn half_of(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        let (nth, half_at) = self.ordinal(at).filter(|(nth, _)| self.is_alone() && *nth <= 2)?;
        let of = self.after(half_at, &[&["half", "of"]])?;
        let whole = self.whole_or_unit(of, lead)?;
        let middle = match whole.time.grain {
            Grain::Year => super::stretch::moved(whole.time.from, 6, Grain::Month)?,
            Grain::Month => super::stretch::moved(whole.time.from, 15, Grain::Day)?,
            _ => return None,
        };
        let grain = if whole.time.grain == Grain::Year { Grain::Month } else { Grain::Day };
        let (from, to) = if nth == 1 { (whole.time.from, middle) } else { (middle, whole.time.to) };
        Some(Core::new(Stretch { from, to, grain }, "half-of", whole.end))
    }

    fn edge_alone(&self, whole: Stretch, edge: Edge) -> Option<Stretch> {
        match whole.grain {
            // By the end of the day one means its last hours.
            Grain::Day if edge == Edge::Late => Stretch::hours(whole.first(), 17, 24),
            _ => self.part_of(whole, edge),
        }
    }

    fn whole_or_unit(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        self.whole(at, lead).or_else(|| {
            let at = self.past(at, &["the"]);
            let (grain, end) = if self.is_alone() { self.grain(at)? } else { return None };
            Some(Core::new(Stretch::of(grain, self.now()?)?, "this", end))
        })
    }

    /// "The week of 6 October": the week, Monday to Sunday, that holds the day.
    pub(super) fn week_of(&self, at: usize, _: Lead<'_>) -> Option<Core> {
        let at = self.past(at, &["the"]);
        if !self.are(at, &["week", "of"]) {
            return None;
        }
        let day = self.date(at + 2).or_else(|| self.numeric(at + 2))?;
        // From a Sunday on, the week that begins with the next day is meant.
        let first = if self.is_alone() && day.time.first().weekday() == jiff::civil::Weekday::Sunday {
            day.time.to
        } else {
            day.time.from
        };
        Some(Core::new(Stretch::of(Grain::Week, first)?, "week-of", day.end))
    }

    /// "The closest Monday to 5 October", "the second closest ...", where words stand alone.
    pub(super) fn nearest(&self, at: usize, _: Lead<'_>) -> Option<Core> {
        if !self.is_alone() {
            return None;
        }
        let at = self.past(at, &["the"]);
        let (nth, next) = self.ordinal(at).unwrap_or((1, at));
        if !matches!(self.lower(next), "closest" | "nearest") {
            return None;
        }
        let (recurring, next) = self.recurring(next + 1)?;
        if self.lower(next) != "to" {
            return None;
        }
        let lead = Lead { edge: Edge::None, word: "in", from: at };
        let base = self.core(next + 1, lead)?;
        let n = usize::from(nth.unsigned_abs()).checked_sub(1)?;
        Some(Core::new(recurring.nearest(base.time, n)?, "nearest", base.end))
    }

    /// Reads the name of something that comes again.
    pub(super) fn recurring(&self, at: usize) -> Read<Recurring> {
        self.holiday_name(at)
            .or_else(|| self.weekend_word(at).map(|end| (Recurring::Weekend, end)))
            .or_else(|| self.weekday_name(at).map(|(weekday, end)| (Recurring::Weekday(weekday), end)))
            .or_else(|| self.season(at))
            .or_else(|| {
                self.month(at)
                    .filter(|(_, end)| self.day_number(*end).is_none())
                    .map(|(month, end)| (Recurring::Month(month), end))
            })
    }

    pub(super) fn season(&self, at: usize) -> Read<Recurring> {
        Some((Recurring::Season(Season::named(self.lower(at))?), at + 1))
    }

    pub(super) fn holiday_name(&self, at: usize) -> Read<Recurring> {
        let country = self.anchor.and_then(|anchor| anchor.country);
        let (holiday, end) = holidays::named(|at| self.lower(at), at, country)?;
        (end <= self.end && (self.is_alone() || holiday.is_sure()))
            .then_some((Recurring::Holiday(holiday), end))
    }

    /// Reads a holiday. In running text only those that are the same day everywhere, in capitals.
    pub(super) fn holiday(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        if !self.is_capital(at) {
            return None;
        }
        let (recurring, end) = self.holiday_name(at)?;
        if let Some(period) = self.period_behind(end) {
            return Some(Core::new(recurring.within(period.time)?, "holiday", period.end));
        }
        if self.is_alone()
            && let Some(next) = self.weekend_word(end)
        {
            let day = self.chosen(recurring, at..next)?;
            let friday = super::calendar::latest(jiff::civil::Weekday::Friday, day.first())?;
            let from = friday.at(18, 0, 0, 0);
            return Some(Core::new(Stretch { from, to: day.to, grain: Grain::Hour }, "holiday", next));
        }
        // "Christmas shopping" names no day.
        let led = matches!(lead.word, "on" | "since" | "until" | "before" | "after" | "by" | "from")
            || lead.edge != Edge::None;
        if !(led || self.is_alone()) || self.lower(end) == "-" && self.is_joined(end) {
            return None;
        }
        Some(Core::new(self.chosen(recurring, lead.from..end)?, "holiday", end))
    }

    /// Reads "this summer" and quarters such as "Q3 2018"; a season in running text is no more than its year.
    pub(super) fn season_or_quarter(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        if let Some((quarter, next)) = self.short_quarter(at) {
            let time = match self.period_behind(next) {
                Some(period) => return Some(Core::new(quarter.within(period.time)?, "quarter", period.end)),
                None if self.is_alone() => quarter.within(Stretch::of(Grain::Year, self.now()?)?)?,
                None => self.chosen(quarter, lead.from..next)?,
            };
            return Some(Core::new(time, "quarter", next));
        }
        if !self.is_alone() {
            return None;
        }
        let the = self.past(at, &["the"]);
        let (season, end) = self.season(the)?;
        if let Some(period) = self.period_behind(end) {
            return Some(Core::new(season.within(period.time)?, "season", period.end));
        }
        Some(Core::new(self.chosen(season, at..end)?, "season", end))
    }

    fn short_quarter(&self, at: usize) -> Read<Recurring> {
        let number =
            self.lower(at).strip_prefix('q')?.parse().ok().filter(|number| (1..=4).contains(number))?;
        self.is_capital(at).then_some((Recurring::Quarter(number), at + 1))
    }
}

/// Short names of the ends and beginnings of this day, month and year.
const SHORT: &[(&str, (Edge, Grain))] = &[
    ("eod", (Edge::Late, Grain::Day)),
    ("eom", (Edge::Late, Grain::Month)),
    ("bom", (Edge::Early, Grain::Month)),
    ("eoy", (Edge::Late, Grain::Year)),
    ("boy", (Edge::Early, Grain::Year)),
];

/// Returns the whole units within a stretch.
fn units_in(whole: Stretch, grain: Grain) -> Option<Vec<Stretch>> {
    let first = Stretch::of(grain, whole.from)?;
    let first = if first.from < whole.from { first.moved(1, grain)? } else { first };
    // A year has 366 days at most; what is longer is not counted in.
    let units = (0..366).map_while(|n| first.moved(n, grain)?.again(grain));
    Some(units.take_while(|unit| unit.to <= whole.to).collect())
}

/// Returns the first to fourth seven days of a stretch, and the seven with which it ends.
fn sevens(whole: Stretch) -> Vec<Stretch> {
    let days = |from, to| Stretch::days(from, to);
    let first = whole.first();
    let mut weeks: Vec<Stretch> = (0..4)
        .filter_map(|week| {
            let from = super::calendar::shifted(first, 7 * week)?;
            days(from, super::calendar::shifted(from, 6)?)
        })
        .filter(|week| week.to <= whole.to)
        .collect();
    let last = super::calendar::shifted(whole.last(), -6).and_then(|from| days(from, whole.last()));
    weeks.extend(last);
    weeks
}
