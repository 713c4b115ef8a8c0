//! The grammar of times: what may stand together, and what it stands for.

use std::ops::Range;

use jiff::civil::{Date, DateTime};
use language::Doc;
use model::{Bound, When};

use super::LEXICON;
use super::calendar;
use super::clock::{Clock, Half};
use super::recurring::Recurring;
use super::stretch::{Grain, Stretch, midnight};
use super::tense::{self, Tense};

/// The moment that words are read at, and how they are meant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Anchor {
    pub(super) now: DateTime,
    /// The country by the two letters of its code.
    pub(super) country: Option<[u8; 2]>,
    pub(super) manner: Manner,
}

/// How a time without a year or a verb is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// In running text, where the verb tells whether it lies ahead, and words have other meanings too.
    Prose,
    /// On its own, as a person types it: all words are about time, and what is not told lies ahead.
    Alone,
}

/// Words that name a time, resolved.
#[derive(Debug, Clone)]
pub(super) struct Phrase {
    pub(super) tokens: Range<usize>,
    pub(super) time: Stretch,
    pub(super) bound: Bound,
    pub(super) rule: &'static str,
}

/// Reads the time that begins with the token `at`, with the preposition in front of it.
pub(super) fn read(doc: &Doc<'_>, at: usize, anchor: Option<Anchor>) -> Option<Phrase> {
    let end = doc.sentences().get(doc.tokens().get(at)?.sentence())?.end;
    Words { doc, end, anchor }.phrase(at)
}

/// The words of one sentence; past its end there are none.
pub(super) struct Words<'d, 't> {
    pub(super) doc: &'d Doc<'t>,
    pub(super) end: usize,
    pub(super) anchor: Option<Anchor>,
}

/// Something that was read, and the token after it.
pub(super) type Read<T> = Option<(T, usize)>;

/// A time that was read, with the rule that resolved it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Core {
    pub(super) time: Stretch,
    pub(super) rule: &'static str,
    pub(super) end: usize,
}

impl Core {
    pub(super) fn new(time: Stretch, rule: &'static str, end: usize) -> Core {
        Core { time, rule, end }
    }

    pub(super) fn day(day: Date, rule: &'static str, end: usize) -> Option<Core> {
        Some(Core::new(Stretch::day(day)?, rule, end))
    }
}

/// What "early", "late" or "the night of" does to the day behind it.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Edge {
    None,
    Early,
    Mid,
    Late,
}

/// What stands in front of a time.
#[derive(Clone, Copy)]
pub(super) struct Lead<'w> {
    pub(super) edge: Edge,
    /// The preposition, or nothing.
    pub(super) word: &'w str,
    /// The first token of the whole phrase.
    pub(super) from: usize,
}

impl Words<'_, '_> {
    pub(super) fn lower(&self, at: usize) -> &str {
        if at < self.end { self.doc.lower(at) } else { "" }
    }

    /// Tells whether the words from `at` on are these, one a token.
    pub(super) fn are(&self, at: usize, words: &[&str]) -> bool {
        (at..).zip(words).all(|(at, word)| self.lower(at) == *word)
    }

    /// Returns the token after the first of `lists` of words that stands at `at`.
    pub(super) fn after(&self, at: usize, lists: &[&[&str]]) -> Option<usize> {
        lists.iter().find(|words| self.are(at, words)).map(|words| at + words.len())
    }

    /// Returns the token after one of `words`, or `at` if none stands there.
    pub(super) fn past(&self, at: usize, words: &[&str]) -> usize {
        if words.contains(&self.lower(at)) { at + 1 } else { at }
    }

    pub(super) fn is_capital(&self, at: usize) -> bool {
        at < self.end && (self.is_alone() || self.doc.word(at).starts_with(char::is_uppercase))
    }

    pub(super) fn before(&self, at: usize) -> &str {
        let tokens = self.doc.tokens();
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        let same = before
            .is_some_and(|before| tokens.get(at).is_some_and(|token| token.sentence() == before.sentence()));
        if same { self.doc.lower(at - 1) } else { "" }
    }

    pub(super) fn is_joined(&self, at: usize) -> bool {
        at > 0 && at < self.end && self.doc.tokens()[at - 1].end() == self.doc.tokens()[at].start()
    }

    pub(super) fn is_alone(&self) -> bool {
        self.anchor.is_some_and(|anchor| anchor.manner == Manner::Alone)
    }

    /// Tells whether the words are of a country that writes the month before the day, as far as is known.
    pub(super) fn is_month_first(&self) -> bool {
        let country = self.anchor.and_then(|anchor| anchor.country);
        country.is_none_or(|country| matches!(&country, b"US" | b"CA" | b"PH" | b"BZ"))
    }

    pub(super) fn now(&self) -> Option<DateTime> {
        Some(self.anchor?.now)
    }

    pub(super) fn today(&self) -> Option<Date> {
        Some(self.now()?.date())
    }

    /// Tells whether the words around a time speak of what is to come.
    pub(super) fn is_ahead(&self, tokens: &Range<usize>) -> bool {
        self.is_alone() || tense::around(self.doc, tokens) == Tense::Future
    }

    /// Chooses the one of something that comes again: the latest that has begun, or the coming one.
    pub(super) fn chosen(&self, recurring: Recurring, tokens: Range<usize>) -> Option<Stretch> {
        let today = midnight(self.today()?);
        if self.is_ahead(&tokens) { recurring.coming(today) } else { recurring.begun(today) }
    }

    /// "For 10 days from 18 December", "18 December for 10 days", where words stand alone.
    fn lasting(&self, at: usize, core: Core) -> Option<Core> {
        let length_at = self.after(core.end, &[&["for"]]).filter(|_| self.is_alone())?;
        let ((count, grain), end) = self.length(length_at)?;
        let time = Stretch::units(grain, core.time.from, count)?;
        let time = Stretch { grain: core.time.grain.min(Grain::Day), ..time };
        (at < core.end).then_some(Core::new(time, "lasting", end))
    }

    fn lasting_from(&self, at: usize) -> Option<Core> {
        let length_at = self.after(at, &[&["for"]]).filter(|_| self.is_alone())?;
        let ((count, grain), from) = self.length(length_at)?;
        let from = self.after(from, &[&["from"], &["starting"], &["beginning"]])?;
        let core = self.moment(from, Lead { edge: Edge::None, word: "from", from })?;
        let time = Stretch::units(grain, core.time.from, count)?;
        Some(Core::new(Stretch { grain: core.time.grain.min(Grain::Day), ..time }, "lasting", core.end))
    }

    fn phrase(&self, at: usize) -> Option<Phrase> {
        if let Some(core) = self.lasting_from(at) {
            return Some(Phrase {
                tokens: at..core.end,
                time: core.time,
                bound: Bound::Within,
                rule: core.rule,
            });
        }
        let (edge, word, core_at) = self.opening(at);
        let lead = Lead { edge, word, from: at };
        let core = self.range(core_at, word).or_else(|| self.moment(core_at, lead))?;
        let core = self.lasting(core_at, core).unwrap_or(core);
        let (time, rule) = self.with_edge(&core, edge)?;
        let bound = match word {
            "after" if core.rule == "part-of-day-after" => Bound::Within,
            "since" | "after" => Bound::After,
            // "The toll from Monday's strike" is no time that begins.
            "from" if matches!(self.lower(core.end), "'s" | "’s") => Bound::Within,
            "from" if !matches!(core.rule, "from-to" | "hours" | "lasting") => Bound::After,
            "until" | "till" | "before" | "by" => Bound::Before,
            _ => Bound::Within,
        };
        if word == "by" && self.is_alone() {
            let until = Stretch { from: self.now()?, to: time.to, grain: Grain::Second };
            return Some(Phrase { tokens: at..core.end, time: until, bound: Bound::Within, rule });
        }
        Some(Phrase { tokens: at..core.end, time, bound, rule })
    }

    /// Reads "since", "late on", "on the night of" in front of a time. A word that is no opening is none.
    fn opening(&self, at: usize) -> (Edge, &str, usize) {
        let mut next = at;
        let mut edge = Edge::None;
        let mut lead = "";
        loop {
            let word = self.lower(next);
            match word {
                "early" | "late" | "mid" if !(word == "mid" && self.lower(next + 1) == "day") => {
                    edge = match word {
                        "early" => Edge::Early,
                        "late" => Edge::Late,
                        _ => Edge::Mid,
                    };
                    next += if self.lower(next + 1) == "-" { 2 } else { 1 };
                }
                "anytime" | "sometime" if self.is_alone() => next += 1,
                "any" if self.is_alone() && self.lower(next + 1) == "time" => next += 2,
                "earlier" | "later" if matches!(self.lower(next + 1), "on" | "this" | "in") => next += 1,
                "the"
                    if matches!(self.lower(next + 1), "night" | "evening")
                        && self.lower(next + 2) == "of" =>
                {
                    edge = if self.lower(next + 1) == "night" { Edge::Late } else { edge };
                    next += 3;
                }
                _ if lead.is_empty() && LEXICON.leads.contains(word) => {
                    lead = word;
                    next += 1;
                }
                _ => return (edge, lead, next),
            }
            if next > at + 7 {
                return (edge, lead, next);
            }
        }
    }

    /// Widens a day to the two that "late on", "early on" and "the night of" may mean, and narrows a month or year
    /// that stands alone to a third or quarter of it.
    fn with_edge(&self, core: &Core, edge: Edge) -> Option<(Stretch, &'static str)> {
        let kept = Some((core.time, core.rule));
        if self.is_alone() {
            return if edge == Edge::None { kept } else { Some((self.part_of(core.time, edge)?, "part-of")) };
        }
        let When::Day(day) = core.time.when() else { return kept };
        let names_part = LEXICON.parts_of_day.contains_key(self.lower(core.end.saturating_sub(1)));
        let other = match edge {
            Edge::Early if !names_part => calendar::shifted(day, -1),
            Edge::Late => calendar::shifted(day, 1),
            _ => None,
        };
        match other {
            Some(other) => {
                let rule = if edge == Edge::Early { "early-on" } else { "late-on" };
                Some((Stretch::days(day.min(other), day.max(other))?, rule))
            }
            None => kept,
        }
    }

    /// Returns the early, middle or late part of a stretch: thirds of a month, quarters of a year, three days of a
    /// week, and of a night its last three hours.
    pub(super) fn part_of(&self, whole: Stretch, edge: Edge) -> Option<Stretch> {
        let (first, last) = (whole.first(), whole.last());
        let days = |from: Date, to: Date| Stretch::days(from, to);
        let of_month = |day: i8| Date::new(first.year(), first.month(), day).ok();
        match (whole.grain, edge) {
            (Grain::Month, Edge::Early) => days(first, of_month(10)?),
            (Grain::Month, Edge::Mid) => days(of_month(11)?, of_month(20)?),
            (Grain::Month, _) => days(of_month(21)?, last),
            (Grain::Week, Edge::Early) => days(first, calendar::shifted(first, 2)?),
            (Grain::Week, Edge::Late) => days(calendar::shifted(last, -2)?, last),
            (Grain::Year, Edge::Early) => Stretch::units(Grain::Month, whole.from, 3),
            (Grain::Year, Edge::Late) => {
                Stretch::units(Grain::Month, midnight(Date::new(first.year(), 9, 1).ok()?), 4)
            }
            (Grain::Hour, Edge::Late) => Some(Stretch { from: first.at(21, 0, 0, 0), ..whole }),
            (Grain::Hour, Edge::Early) => Some(Stretch { to: first.at(9, 0, 0, 0), ..whole }),
            _ => Some(whole),
        }
    }

    // Stretches from one time to another.

    /// Reads "3 and 5 March" after "between", "March 3 to March 5" after "from".
    fn range(&self, at: usize, lead: &str) -> Option<Core> {
        let between = self.lower(at) == "between";
        if !between && lead != "from" {
            return if self.is_alone() { self.alone_range(at, lead) } else { None };
        }
        let first_at = if between { at + 1 } else { at };
        self.hours_from_to(first_at, between).or_else(|| self.days_from_to(first_at, between))
    }

    fn is_joint(&self, at: usize, between: bool) -> bool {
        let word = self.lower(at);
        if between {
            word == "and"
        } else {
            matches!(word, "to" | "until" | "till" | "through" | "-" | "–")
        }
    }

    fn days_from_to(&self, first_at: usize, between: bool) -> Option<Core> {
        if let Some((day, next)) = self.day_number(self.past(first_at, &["the"]))
            && self.is_joint(next, between)
        {
            let second = self.date(self.past(next + 1, &["the"]))?;
            return self.days_of_one_month(day, second);
        }
        let lead = Lead { edge: Edge::None, word: "in", from: first_at };
        let first = self.moment(first_at, lead)?;
        self.up_to(first, between)
    }

    /// Reads the second half of a stretch behind the first.
    fn up_to(&self, first: Core, between: bool) -> Option<Core> {
        if !self.is_joint(first.end, between) {
            return None;
        }
        let day = self.day_number(first.end + 1).filter(|(_, end)| self.month(*end).is_none());
        if first.time.grain == Grain::Day
            && let Some((day, end)) = day
        {
            return self.up_to_day(&first, day, end);
        }
        let on = if LEXICON.leads.contains(self.lower(first.end + 1)) { 2 } else { 1 };
        let lead = Lead { edge: Edge::None, word: "in", from: first.end };
        let second = self.moment(first.end + on, lead)?;
        // "Monday to Friday" ends with the Friday behind that Monday.
        let weekly = self.is_alone() && second.rule == "weekday-future" && second.time.from < first.time.from;
        let second =
            Core { time: if weekly { second.time.moved(1, Grain::Week)? } else { second.time }, ..second };
        let ordered = first.time.from <= second.time.from;
        let (from, to) = if ordered { (first, second) } else { (second, first) };
        let grain = from.time.grain.min(to.time.grain);
        // The second day of "from Monday to Friday" is in it; "from 3 to 5 p.m." ends at five.
        let end = if grain < Grain::Day { to.time.from } else { to.time.to };
        let time = Stretch {
            from: from.time.from,
            to: end,
            grain: if grain < Grain::Day { grain } else { Grain::Day },
        };
        Some(Core::new(time, "from-to", second.end))
    }

    /// "March 3 to 5".
    fn up_to_day(&self, first: &Core, day: i8, end: usize) -> Option<Core> {
        let from = first.time.first();
        let to = Date::new(from.year(), from.month(), day).ok()?;
        (from < to).then_some(Core::new(Stretch::days(from, to)?, "from-to", end))
    }

    /// "3 and 5 March": the first day takes month and year of the second.
    fn days_of_one_month(&self, day: i8, second: Core) -> Option<Core> {
        let When::Day(to) = second.time.when() else { return None };
        let from = Date::new(to.year(), to.month(), day).ok()?;
        (from < to).then_some(Core::new(Stretch::days(from, to)?, "from-to", second.end))
    }

    /// "9:30 to 11", "3 and 6 p.m.", with the day on either side.
    fn hours_from_to(&self, at: usize, between: bool) -> Option<Core> {
        let (first, next) = self.clock(at)?;
        if !self.is_joint(next, between) {
            return None;
        }
        let (second, next) = self.clock(next + 1)?;
        let (day, end) = self.day_behind(next).map_or((None, next), |day| (Some(day.time.first()), day.end));
        self.hours(first, second, day, end)
    }

    /// Puts two times of a day together. The half of the day that is told once holds for both where that makes sense.
    pub(super) fn hours(&self, first: Clock, second: Clock, day: Option<Date>, end: usize) -> Option<Core> {
        let minutes = first.grain == Grain::Minute || second.grain == Grain::Minute;
        if !(first.sure || second.sure || self.is_alone() && minutes) {
            return None;
        }
        let (first, second) = agreed(first, second)?;
        let day = match day {
            Some(day) => day,
            None if self.is_alone() => self.today()?,
            None => return None,
        };
        let (from, to) = (day.to_datetime(first.time), day.to_datetime(second.time));
        let grain = first.grain.min(second.grain);
        let to = if to > from { to } else { midnight(day.tomorrow().ok()?).date().to_datetime(second.time) };
        Some(Core::new(Stretch { from, to, grain }, "hours", end))
    }

    /// A stretch that stands alone needs no "from": "Aug 8 - Aug 12", "3:30 to 6 PM".
    fn alone_range(&self, at: usize, lead: &str) -> Option<Core> {
        if let Some(end) = self.after(at, &[&["later", "than"], &["after"]])
            && let Some((first, next)) = self.clock(end)
            && let Some(next) = self.after(next, &[&["but", "before"], &["and", "before"]])
            && let Some((second, next)) = self.clock(next)
        {
            return self.hours(first, second, None, next);
        }
        if !lead.is_empty() {
            return None;
        }
        self.hours_from_to(at, false).or_else(|| self.days_from_to(at, false))
    }

    // A day with its time.

    /// Reads a day, a time of day, or both in either order.
    pub(super) fn moment(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        let counted = || self.counted_alone(at, lead).filter(|_| self.is_alone() && self.before(at) == "in");
        if let Some(core) = counted() {
            return Some(self.with_clock(core));
        }
        if let Some(core) = self.clock_first(at, lead) {
            return Some(core);
        }
        let core = self.core(at, lead)?;
        Some(self.with_clock(core))
    }

    /// Reads "3 p.m. on Monday", "9 tomorrow morning"; where words stand alone, "3 p.m."
    fn clock_first(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        let at = self.past(at, &["at", "@"]);
        let at = if self.is_alone() { self.past(at, &["about", "around"]) } else { at };
        let led = at > lead.from || !matches!(lead.word, "" | "in");
        let (clock, next) = self.clock(at)?;
        let next = self.past(next, &["approximately", "sharp"]);
        let (clock, next) = match self.half_behind(next) {
            Some((half, end)) => (clock.in_half(half)?, end),
            None => (clock, next),
        };
        if !clock.sure && !self.is_alone() {
            return None;
        }
        // A bare number is a time only beside "at" or a day.
        let plain = !clock.sure && clock.grain == Grain::Hour;
        if let Some(day) = self.day_behind(next) {
            return self.at_clock(&day, clock, day.end);
        }
        let told = self.is_alone() && (!plain || led);
        told.then(|| self.at_clock(&Core::day(self.today()?, "today", next)?, clock, next)).flatten()
    }

    /// Reads the day behind a time of day: "on Monday", ", 3 March", "tomorrow evening".
    fn day_behind(&self, at: usize) -> Option<Core> {
        let comma = self.past(at, &[","]);
        let on = self.past(comma, &["on", "of", "in"]);
        let lead = Lead { edge: Edge::None, word: if on > comma { "on" } else { "" }, from: at };
        let core = self.with_part(self.core(on, lead)?);
        let day = core.time.grain == Grain::Day && core.time.is_one();
        let part = core.time.grain == Grain::Hour && core.time.first() == core.time.last();
        let far =
            self.is_alone() && self.before(on) == "in" && core.time.grain > Grain::Day && core.time.is_one();
        (day || part || far).then_some(core)
    }

    /// Puts a time of day on a day, or into a part of it.
    fn at_clock(&self, day: &Core, clock: Clock, end: usize) -> Option<Core> {
        let date = day.time.first();
        let half = match day.time.clock().and_then(|hours| hours.to) {
            Some(_) if day.time.from.hour() >= 12 => Half::Afternoon,
            Some(_) => Half::Morning,
            None => Half::Untold,
        };
        let clock = if half == Half::Untold { clock } else { clock.in_half(half)? };
        let mut instant = date.to_datetime(clock.time);
        if clock.half == Half::Untold
            && Some(date) == self.today()
            && instant < self.now()?
            && clock.time.hour() < 12
        {
            instant = instant.checked_add(jiff::Span::new().hours(12)).ok()?;
        }
        let rule = if day.rule == "today" { "clock" } else { day.rule };
        Some(Core::new(Stretch::units(clock.grain, instant, 1)?, rule, end))
    }

    /// Reads the part of the day and the time of day behind a day: "Monday evening at 7", "tomorrow, in the morning".
    fn with_clock(&self, core: Core) -> Core {
        let core = self.with_part(core);
        let day = core.time.is_one()
            && core.time.grain >= Grain::Day
            && (core.time.grain == Grain::Day || self.is_alone());
        let counted = self.is_alone() && matches!(core.rule, "ago" | "in-units");
        let part = core.time.grain == Grain::Hour
            && core.time.first() == core.time.last()
            && (counted || !core.time.is_one());
        if !(day || part) {
            return core;
        }
        self.clock_behind(&core).unwrap_or(core)
    }

    fn with_part(&self, core: Core) -> Core {
        let day = core.time.grain == Grain::Day && core.time.is_one();
        let part = if day { self.part_behind(core.end, core.time.first()) } else { None };
        part.map_or(core, |(time, end)| Core { time, end, ..core })
    }

    fn clock_behind(&self, core: &Core) -> Option<Core> {
        let comma = self.past(core.end, &[","]);
        let at = self.past(comma, &["at", "@", "for", "around", "about", "from", "between"]);
        let at = self.past(at, &["around", "about"]);
        let led = at > comma;
        let (clock, next) = self.clock(at)?;
        if self.is_joint(next, self.lower(at.saturating_sub(1)) == "between")
            && let Some((second, next)) = self.clock(next + 1)
        {
            return self.hours(clock, second, Some(core.time.first()), next);
        }
        let (clock, next) = match self.half_behind(next) {
            Some((half, end)) => (clock.in_half(half)?, end),
            None => (clock, next),
        };
        // "On Monday, 12 people" is no time; "at 9" is one where words stand alone.
        let fits = clock.sure || self.is_alone() && (led || clock.grain == Grain::Minute);
        fits.then(|| self.at_clock(core, clock, next)).flatten()
    }

    // The words of one day or longer.

    pub(super) fn core(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        if at >= self.end {
            return None;
        }
        self.numeric(at)
            .or_else(|| self.within(at))
            .or_else(|| self.second_unit(at))
            .or_else(|| self.one_of(at, lead))
            .or_else(|| self.edge_of(at, lead))
            .or_else(|| self.week_of(at, lead))
            .or_else(|| self.nearest(at, lead))
            .or_else(|| self.counted(at, lead))
            .or_else(|| self.date(at))
            .or_else(|| self.holiday(at, lead))
            .or_else(|| self.weekday(at, lead))
            .or_else(|| self.relative(at, lead))
            .or_else(|| self.part_of_day(at, lead))
            .or_else(|| self.season_or_quarter(at, lead))
            .or_else(|| self.month_or_year(at, lead))
            .or_else(|| self.day_of_month(at, lead))
    }
}

/// Gives both times the half of the day that one of them is told with, so that the first is before the second.
fn agreed(first: Clock, second: Clock) -> Option<(Clock, Clock)> {
    match (first.half, second.half) {
        (Half::Untold, Half::Afternoon | Half::Morning) => {
            let shared = first.in_half(second.half).filter(|first| first.time < second.time);
            Some((shared.or_else(|| first.in_half(Half::Morning))?, second))
        }
        (Half::Whole, Half::Untold) | (Half::Untold, Half::Untold) if second.time <= first.time => {
            Some((first, second.in_half(Half::Afternoon)?))
        }
        _ => Some((first, second)),
    }
}
