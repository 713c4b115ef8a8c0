//! Times reckoned from the anchor: "yesterday", "last week", "three days ago", "in two hours".

use jiff::civil::Weekday;
use model::When;

use super::LEXICON;
use super::calendar;
use super::phrase::{Core, Edge, Lead, Read, Words};
use super::recurring::Recurring;
use super::stretch::{Grain, Stretch, midnight, months_up_to};
use super::tense::{self, Tense};
use crate::numbers;

impl Words<'_, '_> {
    pub(super) fn relative(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        let anchor = self.today()?;
        let near = |days: i64, rule, end| Core::day(calendar::shifted(anchor, days)?, rule, end);
        let next = self.lower(at + 1);
        match self.lower(at) {
            "now" | "right" | "just" | "at" | "atm" | "immediately" if self.is_alone() => self.present(at),
            "tonight" if self.is_alone() => Some(Core::new(Stretch::hours(anchor, 18, 24)?, "today", at + 1)),
            "today" | "tonight" if !self.is_possessive(at + 1) => near(0, "today", at + 1),
            "yesterday" if !self.is_possessive(at + 1) => near(-1, "yesterday", at + 1),
            "tomorrow" | "tmrw" | "tomorrows" => near(1, "tomorrow", at + 1),
            "overnight" => self.overnight(at),
            "the" if next == "day" && self.lower(at + 2) == "before" && self.lower(at + 3) == "yesterday" => {
                near(-2, "yesterday", at + 4)
            }
            "the" if next == "day" && self.lower(at + 2) == "after" && self.lower(at + 3) == "tomorrow" => {
                near(2, "tomorrow", at + 4)
            }
            "day" if self.is_alone() && self.are(at + 1, &["before", "yesterday"]) => {
                near(-2, "yesterday", at + 3)
            }
            "day" if self.is_alone() && self.are(at + 1, &["after", "tomorrow"]) => {
                near(2, "tomorrow", at + 3)
            }
            "the"
                if next == "day"
                    && lead.word == "in"
                    && matches!(self.lower(lead.from), "earlier" | "later") =>
            {
                near(0, "today", at + 2)
            }
            "the" if next == "weekend" => Some(Core::new(self.weekend(at..at + 2, 0)?, "weekend", at + 2)),
            "the" if matches!(next, "past" | "last" | "previous" | "next" | "coming" | "following") => {
                let units = if self.is_alone() { self.unit(at + 1) } else { None };
                units.or_else(|| self.stretch(at + 1, lead))
            }
            "weekend" if self.is_alone() => {
                let end = self.weekend_word(at)?;
                match self.period_behind(end) {
                    Some(period) => {
                        Some(Core::new(Recurring::Weekend.within(period.time)?, "weekend", period.end))
                    }
                    None => Some(Core::new(self.weekend(at..end, 0)?, "weekend", end)),
                }
            }
            "all" | "rest" | "the" | "current" | "upcoming" | "following" if self.is_alone() => {
                self.this_unit(at).or_else(|| self.stretch(at, lead))
            }
            "last" | "past" | "previous" | "next" | "this" | "coming" => {
                self.unit(at).or_else(|| self.stretch(at, lead))
            }
            "late" if self.is_alone() && self.are(at + 1, &["last", "night"]) => self.unit(at + 1),
            _ => None,
        }
    }

    /// "Now", "right now", "at the moment".
    fn present(&self, at: usize) -> Option<Core> {
        let end = self.after(
            at,
            &[
                &["right", "now"],
                &["just", "now"],
                &["now"],
                &["immediately"],
                &["atm"],
                &["at", "the", "moment"],
                &["at", "this", "time"],
                &["at", "present"],
            ],
        )?;
        Some(Core::new(Stretch::units(Grain::Second, self.now()?, 1)?, "now", end))
    }

    /// "All week", "the rest of the week", "the week", "current week", where words stand alone.
    fn this_unit(&self, at: usize) -> Option<Core> {
        let now = self.now()?;
        let today = midnight(self.today()?);
        let whole = |words: &[&[&str]]| self.after(at, words);
        if let Some(unit_at) =
            whole(&[&["current"], &["all", "this"], &["all"], &["this", "current"], &["the", "current"]])
        {
            let (grain, end) = self.grain(unit_at)?;
            // What remains of the last day is not counted in "all week".
            return Some(Core::new(Stretch::of(grain, now)?, "this", end));
        }
        if let Some(unit_at) = whole(&[
            &["the", "rest", "of", "the"],
            &["rest", "of", "the"],
            &["the", "rest", "of", "this"],
            &["rest", "of", "this"],
        ]) {
            let (grain, end) = self.grain(unit_at)?;
            let to = Stretch::of(grain, now)?.to;
            return Some(Core::new(Stretch { from: today, to, grain: Grain::Day }, "rest-of", end));
        }
        let unit_at = whole(&[&["the"]])?;
        let (grain, end) = self.grain(unit_at)?;
        let unit = Stretch::of(grain, now)?;
        Some(Core::new(unit, "this", end))
    }

    /// "Overnight", "overnight into Tuesday": the night before the day, and the day.
    fn overnight(&self, at: usize) -> Option<Core> {
        let anchor = self.today()?;
        let joint = matches!(self.lower(at + 1), "on" | "into" | "to" | "from");
        let behind = if joint { self.weekday_name(at + 2) } else { None };
        let (day, end) = match behind {
            Some((weekday, end)) => (calendar::latest(weekday, anchor)?, end),
            None => (anchor, at + 1),
        };
        Some(Core::new(Stretch::days(calendar::shifted(day, -1)?, day)?, "overnight", end))
    }

    /// "Last week", "this month", "next year", "last March", "last night", "this morning".
    pub(super) fn unit(&self, at: usize) -> Option<Core> {
        let now = self.now()?;
        let anchor = now.date();
        let (by, unit_at) = self.step(at)?;
        let core = |time, rule, end| Some(Core::new(time, rule, end));
        if let Some(end) = self.weekend_word(unit_at) {
            return core(self.weekend(at..end, by)?, "weekend", end);
        }
        if self.is_alone()
            && let Some((grain, end)) = self.grain(unit_at)
        {
            return core(Stretch::of(grain, now)?.moved(by, grain)?.again(grain)?, "unit", end);
        }
        let end = unit_at + 1;
        let of = |grain: Grain| Stretch::of(grain, midnight(anchor))?.moved(by, grain);
        match self.lower(unit_at) {
            "week" => core(of(Grain::Week)?, "week", end),
            "month" => core(of(Grain::Month)?.again(Grain::Month)?, "month-relative", end),
            "quarter" => core(of(Grain::Quarter)?.again(Grain::Quarter)?, "quarter", end),
            "year" => core(of(Grain::Year)?.again(Grain::Year)?, "year-relative", end),
            "night" | "evening" if by < 0 && self.is_alone() => {
                core(Stretch::hours(calendar::shifted(anchor, -1)?, 18, 24)?, "last-night", end)
            }
            "night" | "evening" if by < 0 => {
                core(Stretch::days(calendar::shifted(anchor, -1)?, anchor)?, "last-night", end)
            }
            part if by == 0 && !self.is_alone() => {
                let &(from, to) = LEXICON.parts_of_day.get(part)?;
                core(
                    if to > from { Stretch::hours(anchor, from, to)? } else { Stretch::day(anchor)? },
                    "today",
                    end,
                )
            }
            _ => self.modified_month(unit_at, by),
        }
        .or_else(|| self.modified(unit_at, by))
    }

    /// Reads "last", "this past", "next": how many units away, and the unit after it.
    fn step(&self, at: usize) -> Read<i64> {
        match (self.lower(at), self.lower(at + 1)) {
            ("this", "past" | "last") if self.is_alone() => Some((-1, at + 2)),
            ("this", "coming" | "next") if self.is_alone() => Some((1, at + 2)),
            ("last" | "past" | "previous", _) => Some((-1, at + 1)),
            ("this", _) => Some((0, at + 1)),
            ("current", _) if self.is_alone() => Some((0, at + 1)),
            ("next" | "coming" | "upcoming" | "following", _) => Some((1, at + 1)),
            _ => None,
        }
    }

    /// "Last March" lies before the month of the anchor, "next March" after it.
    fn modified_month(&self, at: usize, by: i64) -> Option<Core> {
        let anchor = self.today()?;
        let (month, end) = self.month(at)?;
        let year = match by {
            -1 if month >= anchor.month() => anchor.year() - 1,
            1 if month <= anchor.month() => anchor.year() + 1,
            _ => anchor.year(),
        };
        Some(Core::new(Stretch::month(year, month)?, "month-relative", end))
    }

    /// "Last summer", "next Easter".
    fn modified(&self, at: usize, by: i64) -> Option<Core> {
        if !self.is_alone() {
            return None;
        }
        let today = midnight(self.today()?);
        let (recurring, end) = self.season(at).or_else(|| self.holiday_name(at))?;
        let time = match by {
            -1 => recurring.nth_before(today, 0)?,
            0 => recurring.holding(today).or_else(|| recurring.coming(today))?,
            _ => recurring.nth_from(today, 0)?,
        };
        let rule = if matches!(recurring, Recurring::Holiday(_)) { "holiday" } else { "season" };
        Some(Core::new(time, rule, end))
    }

    /// Reads a unit of time: "hours", "week", "quarter".
    pub(super) fn grain(&self, at: usize) -> Read<Grain> {
        Some(match self.lower(at) {
            "second" | "seconds" | "sec" | "secs" => Grain::Second,
            "minute" | "minutes" | "min" | "mins" | "'" => Grain::Minute,
            "hour" | "hours" | "hr" | "hrs" | "h" => Grain::Hour,
            "day" | "days" => Grain::Day,
            "week" | "weeks" => Grain::Week,
            "month" | "months" => Grain::Month,
            "quarter" | "quarters" | "qtr" | "qtrs" => Grain::Quarter,
            "year" | "years" | "yr" | "yrs" => Grain::Year,
            _ => return None,
        })
        .map(|grain| (grain, at + 1))
    }

    /// "The past three days", "the last five months", "the last 24 hours".
    fn stretch(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        let anchor = self.today()?;
        if self.is_alone() {
            return self.stretch_alone(at);
        }
        let back = matches!(self.lower(at), "last" | "past" | "previous");
        if !back || lead.word == "of" {
            return None;
        }
        let (count, unit_at) = numbers::plain(self.doc, at + 1)?;
        let count = i64::try_from(count).ok()?;
        let days = |days: i64| Stretch::days(calendar::shifted(anchor, -days)?, anchor);
        let time = match self.lower(unit_at) {
            "hours" => days(count.div_euclid(24) + i64::from(count % 24 > 0))?,
            "day" | "days" => days(count)?,
            "week" | "weeks" => days(count.checked_mul(7)?)?,
            "month" | "months" => months_up_to(anchor, count)?,
            "year" | "years" => months_up_to(anchor, count.checked_mul(12)?)?,
            _ => return None,
        };
        Some(Core::new(time, "stretch", unit_at + 1))
    }

    /// Whole units before or behind the one that is now: "the last two months", "next 3 hours".
    fn stretch_alone(&self, at: usize) -> Option<Core> {
        let (by, next) = self.step(at)?;
        let (count, unit_at) = self.count(next)?;
        let (grain, end) = self.grain(unit_at)?;
        let now = Stretch::of(grain, self.now()?)?;
        let time = match by {
            -1 => Stretch { from: now.moved(-count, grain)?.from, to: now.from, grain },
            1 => Stretch { from: now.to, to: now.moved(count, grain)?.to, grain },
            _ => return None,
        };
        // One hour is told in minutes, so that it stays a stretch and is no point.
        let grain = if time.is_one() { grain.finer().min(Grain::Hour) } else { grain };
        Some(Core::new(
            Stretch { grain: if time.is_one() && grain < Grain::Day { grain } else { time.grain }, ..time },
            "stretch",
            end,
        ))
    }

    /// Reads "three", "a", "a couple of", "a few".
    pub(super) fn count(&self, at: usize) -> Read<i64> {
        if self.is_alone() {
            let few = self.after(at, &[&["a", "few"], &["few"]]).map(|end| (3, end));
            let two = self.after(
                at,
                &[
                    &["a", "couple", "of"],
                    &["a", "couple"],
                    &["couple", "of"],
                    &["a", "pair", "of"],
                    &["pair", "of"],
                ],
            );
            if let Some(read) = few.or(two.map(|end| (2, end))) {
                return Some(read);
            }
        }
        match self.lower(at) {
            "a" | "an" => Some((1, at + 1)),
            _ => {
                let (count, end) = numbers::plain(self.doc, at)?;
                Some((i64::try_from(count).ok()?, end))
            }
        }
    }

    /// Reads a length of time: "three weeks", "a fortnight", "half an hour", "1/4 h".
    pub(super) fn length(&self, at: usize) -> Read<(i64, Grain)> {
        if self.is_alone() {
            let half = self.after(at, &[&["half", "an"], &["half", "a"], &["1/2"], &["half"]]);
            if let Some((grain, end)) = half.and_then(|unit_at| self.grain(unit_at)) {
                return Some((halved(grain)?, end));
            }
            let minutes = [
                (15, &["a", "quarter", "of", "an", "hour"][..]),
                (45, &["three", "-", "quarters", "of", "an", "hour"]),
                (45, &["three-quarters", "of", "an", "hour"]),
                (45, &["three", "quarters", "of", "an", "hour"]),
                (15, &["1/4", "hour"]),
                (15, &["1/4", "h"]),
                (45, &["3/4", "hour"]),
                (45, &["3/4", "h"]),
                (15, &["1/4h"]),
                (45, &["3/4h"]),
                (30, &["1/2h"]),
            ];
            if let Some((minutes, words)) = minutes.iter().find(|(_, words)| self.are(at, words)) {
                return Some(((*minutes, Grain::Minute), at + words.len()));
            }
        }
        if self.is_alone()
            && let Some(joined) = joined_length(self.lower(at))
        {
            return Some((joined, at + 1));
        }
        let at = if self.is_alone() { self.past(at, &["about", "around"]) } else { at };
        let (count, unit_at) = self.count(at)?;
        if self.is_alone()
            && let Some(unit_at) = self.after(unit_at, &[&["and", "a", "half"], &["and", "half"]])
        {
            let (grain, end) = self.grain(unit_at)?;
            let (halves, half) = halved(grain)?;
            return Some(((count.checked_mul(halves * 2)?.checked_add(halves)?, half), end));
        }
        let unit_at = if self.is_alone() { self.past(unit_at, &["more"]) } else { unit_at };
        if self.lower(unit_at) == "fortnight" {
            return Some(((count.checked_mul(2)?, Grain::Week), unit_at + 1));
        }
        let (grain, end) = self.grain(unit_at)?;
        let half = self.is_alone() && self.are(end, &["and", "a", "half"]);
        if half && grain == Grain::Hour {
            return Some(((count.checked_mul(60)?.checked_add(30)?, Grain::Minute), end + 3));
        }
        Some(((count, grain), end))
    }

    /// Reads a number of units that lie back from the anchor, or ahead of it. The unit tells how precise it is: "two
    /// years ago" is a year. Where words stand alone, it is told in the next finer unit.
    pub(super) fn counted(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        if self.is_alone() {
            return self.counted_alone(at, lead).or_else(|| self.weekdays_away(at));
        }
        let anchor = self.today()?;
        let ((count, grain), end) = self.length(at)?;
        let ago = self.lower(end) == "ago";
        let ahead = lead.word == "in" && !ago && tense::around(self.doc, &(lead.from..end)) == Tense::Future;
        let by = if ago {
            -count
        } else if ahead {
            count
        } else {
            return None;
        };
        let time = match grain {
            Grain::Hour => Stretch::day(calendar::shifted(anchor, by / 24)?)?,
            Grain::Day => Stretch::day(calendar::shifted(anchor, by)?)?,
            Grain::Week => Stretch::day(calendar::shifted(anchor, by.checked_mul(7)?)?)?,
            Grain::Month | Grain::Year => {
                Stretch::of(grain, midnight(anchor))?.moved(by, grain)?.again(grain)?
            }
            _ => return None,
        };
        Some(Core::new(time, if ago { "ago" } else { "in-units" }, if ago { end + 1 } else { end }))
    }

    pub(super) fn counted_alone(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        let now = self.now()?;
        let at = if lead.word.is_empty() { self.past(at, &["in"]) } else { at };
        let led = lead.word == "in" || at > 0 && self.before(at) == "in";
        if led
            && let Some((minutes, end)) = self.count(at).filter(|(_, end)| self.lower(*end).is_empty())
            && (5..60).contains(&minutes)
        {
            return Some(Core::new(
                Stretch::of(Grain::Second, super::stretch::moved(now, minutes, Grain::Minute)?)?,
                "in-units",
                end,
            ));
        }
        let ((count, grain), end) = self.length(at)?;
        let away = |by: i64, rule, end| {
            let instant = super::stretch::moved(now, by, grain)?;
            Some(Core::new(Stretch::of(grain.finer(), instant)?, rule, end))
        };
        if let Some(end) = self.after(end, &[&["ago"], &["back"]]) {
            return away(-count, "ago", end);
        }
        if let Some(end) = self.after(end, &[&["from", "now"], &["hence"], &["from", "right", "now"]]) {
            return away(count, "in-units", end);
        }
        if let Some(end) = self.after(end, &[&["from"], &["after"]]) {
            return self.away_from(end, count, grain);
        }
        if let Some(end) = self.after(end, &[&["before"], &["prior", "to"]]) {
            return self.away_from(end, -count, grain);
        }
        if led { away(count, "in-units", end) } else { None }
    }

    /// "Three days after Easter": of what comes again, the one whose day lies ahead.
    fn away_from(&self, at: usize, by: i64, grain: Grain) -> Option<Core> {
        let back = super::stretch::moved(midnight(self.today()?), -by, grain)?;
        let holiday = self.holiday_name(at).filter(|(_, end)| self.period_behind(*end).is_none());
        if let Some((recurring, end)) = holiday {
            return Some(Core::new(recurring.coming(back)?.moved(by, grain)?, "away-from", end));
        }
        let lead = Lead { edge: Edge::None, word: "on", from: at };
        let base = self.moment(at, lead)?;
        Some(Core::new(base.time.moved(by, grain)?, "away-from", base.end))
    }

    /// "Within two weeks", where words stand alone: from now on.
    pub(super) fn within(&self, at: usize) -> Option<Core> {
        if !self.is_alone() || self.lower(at) != "within" {
            return None;
        }
        let now = self.now()?;
        let the = self.past(at + 1, &["the"]);
        let (to, end) = match self.grain(the).filter(|_| the > at + 1) {
            Some((grain, end)) => (Stretch::of(grain, now)?.to, end),
            None => {
                let ((count, grain), end) = self.length(at + 1)?;
                (Stretch::of(grain.finer(), super::stretch::moved(now, count, grain)?)?.from, end)
            }
        };
        Some(Core::new(Stretch { from: now, to, grain: Grain::Second }, "within", end))
    }

    /// "The week after next", "the year before last".
    pub(super) fn second_unit(&self, at: usize) -> Option<Core> {
        let (grain, end) = self.grain(self.past(at, &["the"])).filter(|_| self.is_alone())?;
        let (by, end) = if self.are(end, &["after", "next"]) {
            (2, end + 2)
        } else if self.are(end, &["before", "last"]) {
            (-2, end + 2)
        } else {
            return None;
        };
        Some(Core::new(Stretch::of(grain, self.now()?)?.moved(by, grain)?.again(grain)?, "unit", end))
    }

    /// "Two Sundays from now", "3 Thursdays ago".
    fn weekdays_away(&self, at: usize) -> Option<Core> {
        let (count, name_at) = self.count(at)?;
        let name = self.lower(name_at).strip_suffix('s')?;
        let weekday: Weekday = *LEXICON.weekdays.get(name)?;
        let n = usize::try_from(count.checked_sub(1)?).ok()?;
        let today = self.today()?;
        let recurring = Recurring::Weekday(weekday);
        if let Some(end) = self.after(name_at + 1, &[&["from", "now"], &["hence"]]) {
            let tomorrow = midnight(today.tomorrow().ok()?);
            return Some(Core::new(recurring.nth_from(tomorrow, n)?, "weekdays-away", end));
        }
        let end = self.after(name_at + 1, &[&["ago"], &["back"]])?;
        Some(Core::new(recurring.nth_before(midnight(today), n)?, "weekdays-away", end))
    }

    /// Reads the period that a time which comes again is of: "2014", "of next year", "in 3 years", "3 months ago".
    pub(super) fn period_behind(&self, at: usize) -> Option<Core> {
        if !self.is_alone() {
            let (year, end) = self.year_behind(at);
            return Some(Core::new(Stretch::year(year?)?, "year", end));
        }
        let of = self.past(at, &[",", "of", "in", "from"]);
        if let Some((year, end)) = self.year_number(of) {
            return Some(Core::new(Stretch::year(year)?, "year", end));
        }
        let the = self.past(of, &["the"]);
        if let Some(core) =
            self.unit(the).filter(|core| matches!(core.time.when(), When::Year(_) | When::Month(..)))
        {
            return Some(core);
        }
        if let Some((month, next)) = self.month(of).filter(|_| of > at) {
            let (year, end) = self.year_behind(next);
            let time = match year {
                Some(year) => Stretch::month(year, month)?,
                None => self.chosen(Recurring::Month(month), at..next)?,
            };
            return Some(Core::new(time, "month-full", end));
        }
        let ((count, grain), end) =
            self.length(of).filter(|((_, grain), _)| matches!(grain, Grain::Month | Grain::Year))?;
        let by = match self.after(end, &[&["ago"], &["back"]]) {
            Some(_) => -count,
            None => count,
        };
        let end = self.after(end, &[&["ago"], &["back"], &["from", "now"], &["hence"]]).unwrap_or(end);
        Some(Core::new(Stretch::of(grain, self.now()?)?.moved(by, grain)?.again(grain)?, "in-units", end))
    }
}

/// Returns half of a unit in a finer one.
fn halved(grain: Grain) -> Option<(i64, Grain)> {
    match grain {
        Grain::Minute => Some((30, Grain::Second)),
        Grain::Hour => Some((30, Grain::Minute)),
        Grain::Day => Some((12, Grain::Hour)),
        Grain::Year => Some((6, Grain::Month)),
        _ => None,
    }
}

/// Reads "1h", "15min" and "2'" where no space stands between.
fn joined_length(word: &str) -> Option<(i64, Grain)> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let grain = match &word[digits..] {
        "h" | "hr" | "hrs" => Grain::Hour,
        "m" | "min" | "mins" | "'" | "’" => Grain::Minute,
        "s" | "sec" | "secs" => Grain::Second,
        _ => return None,
    };
    Some((word[..digits].parse().ok()?, grain))
}
