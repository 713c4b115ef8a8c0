//! The grammar of times: what may stand together, and what it stands for.

use std::ops::Range;

use jiff::civil::{Date, Weekday};
use language::Doc;
use model::When;

use super::LEXICON;
use super::calendar::{self, Yearless};
use super::tense::{self, Tense};
use crate::numbers;

/// Words that name a time, resolved.
#[derive(Debug, Clone)]
pub(super) struct Phrase {
    pub(super) tokens: Range<usize>,
    pub(super) when: When,
    pub(super) rule: &'static str,
}

/// Reads the time that begins with the token `at`, with the preposition in front of it.
pub(super) fn read(doc: &Doc<'_>, at: usize, anchor: Option<Date>) -> Option<Phrase> {
    let end = doc.sentences().get(doc.tokens().get(at)?.sentence)?.end;
    Words { doc, end, anchor }.phrase(at)
}

/// The words of one sentence; past its end there are none.
struct Words<'d, 't> {
    doc: &'d Doc<'t>,
    end: usize,
    anchor: Option<Date>,
}

/// Something that was read, and the token after it.
type Read<T> = Option<(T, usize)>;

/// A time that was read, with the rule that resolved it.
struct Core {
    when: When,
    rule: &'static str,
    end: usize,
}

impl Core {
    fn new(when: When, rule: &'static str, end: usize) -> Core {
        Core { when, rule, end }
    }
}

/// What "early", "late" or "the night of" does to the day behind it.
#[derive(Clone, Copy, PartialEq)]
enum Edge {
    None,
    Early,
    Late,
}

impl Words<'_, '_> {
    fn lower(&self, at: usize) -> &str {
        if at < self.end { self.doc.lower(at) } else { "" }
    }

    fn is_capital(&self, at: usize) -> bool {
        at < self.end && self.doc.word(at).starts_with(char::is_uppercase)
    }

    fn before(&self, at: usize) -> &str {
        let same = at > 0 && self.doc.tokens()[at - 1].sentence == self.doc.tokens()[at].sentence;
        if same { self.doc.lower(at - 1) } else { "" }
    }

    fn is_joined(&self, at: usize) -> bool {
        at > 0 && at < self.end && self.doc.tokens()[at - 1].end == self.doc.tokens()[at].start
    }

    fn phrase(&self, at: usize) -> Option<Phrase> {
        let (edge, lead, core_at) = self.opening(at);
        let core =
            self.range(core_at, lead).or_else(|| self.core(core_at, Lead { edge, word: lead, from: at }))?;
        let (when, rule) = self.with_edge(&core, edge);
        Some(Phrase { tokens: at..core.end, when, rule })
    }

    /// Reads "since", "late on", "on the night of" in front of a time. A word that is no opening is none.
    fn opening(&self, at: usize) -> (Edge, &str, usize) {
        let mut next = at;
        let mut edge = Edge::None;
        let mut lead = "";
        loop {
            let word = self.lower(next);
            match word {
                "early" | "late" | "mid" => {
                    edge = match word {
                        "early" => Edge::Early,
                        "late" => Edge::Late,
                        _ => edge,
                    };
                    next += if self.lower(next + 1) == "-" { 2 } else { 1 };
                }
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

    /// Widens a day to the two that "late on", "early on" and "the night of" may mean.
    fn with_edge(&self, core: &Core, edge: Edge) -> (When, &'static str) {
        let When::Day(day) = core.when else { return (core.when, core.rule) };
        let names_part = LEXICON.parts_of_day.contains(self.lower(core.end.saturating_sub(1)));
        let other = match edge {
            Edge::Early if !names_part => calendar::shifted(day, -1),
            Edge::Late => calendar::shifted(day, 1),
            _ => None,
        };
        match other {
            Some(other) => {
                (When::between(day, other), if edge == Edge::Early { "early-on" } else { "late-on" })
            }
            None => (core.when, core.rule),
        }
    }

    /// Reads "3 and 5 March" after "between", "March 3 to March 5" after "from".
    fn range(&self, at: usize, lead: &str) -> Option<Core> {
        let between = self.lower(at) == "between";
        if !between && lead != "from" {
            return None;
        }
        let first_at = if between { at + 1 } else { at };
        let joint =
            |word: &str| if between { word == "and" } else { matches!(word, "to" | "until" | "till") };
        if let Some((day, next)) = self.day_number(first_at)
            && joint(self.lower(next))
        {
            let second = self.date(next + 1)?;
            return self.days_of_one_month(day, second);
        }
        let lead = Lead { edge: Edge::None, word: "in", from: at };
        let first = self.core(first_at, lead)?;
        if !joint(self.lower(first.end)) {
            return None;
        }
        if let Some((day, end)) = self.day_number(first.end + 1).filter(|(_, end)| self.month(*end).is_none())
        {
            return self.up_to_day(&first, day, end);
        }
        let on = if LEXICON.leads.contains(self.lower(first.end + 1)) { 2 } else { 1 };
        let second = self.core(first.end + on, lead)?;
        let when = When::between(first.when.first(), second.when.last());
        Some(Core::new(when, "from-to", second.end))
    }

    /// "March 3 to 5".
    fn up_to_day(&self, first: &Core, day: i8, end: usize) -> Option<Core> {
        let When::Day(from) = first.when else { return None };
        let to = Date::new(from.year(), from.month(), day).ok()?;
        (from < to).then(|| Core::new(When::between(from, to), "from-to", end))
    }

    /// "3 and 5 March": the first day takes month and year of the second.
    fn days_of_one_month(&self, day: i8, second: Core) -> Option<Core> {
        let When::Day(to) = second.when else { return None };
        let from = Date::new(to.year(), to.month(), day).ok()?;
        (from < to).then(|| Core::new(When::between(from, to), "from-to", second.end))
    }

    fn core(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        if at >= self.end {
            return None;
        }
        self.numeric(at)
            .or_else(|| self.date(at))
            .or_else(|| self.weekday_of_month(at, lead))
            .or_else(|| self.weekday(at, lead))
            .or_else(|| self.relative(at, lead))
            .or_else(|| self.counted(at, lead))
            .or_else(|| self.month_or_year(at, lead))
    }

    // Dates in digits.

    /// Reads "2022-02-24", "24.02.2022", "24/02/2022".
    fn numeric(&self, at: usize) -> Option<Core> {
        let start = self.doc.tokens()[at].start;
        let text = self.doc.text();
        if text[..start]
            .chars()
            .next_back()
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '/' | '.'))
        {
            return None;
        }
        let (parts, length) = numeric_parts(&text[start..])?;
        let end = self.doc.token_at(start + length);
        if self.doc.tokens().get(end).is_some_and(|token| token.start < start + length) || end > self.end {
            return None;
        }
        Some(Core::new(When::Day(day_of_parts(parts)?), "date-in-digits", end))
    }

    // Dates in words.

    /// Reads a date with a day and a month, with its weekday and year if they are stated.
    fn date(&self, at: usize) -> Option<Core> {
        let (weekday, day_at) = match self.weekday_name(at) {
            Some((weekday, next)) if self.lower(next) == "," => (Some(weekday), next + 1),
            Some((weekday, next)) => (Some(weekday), next),
            None => (None, at),
        };
        let dated = self.day_and_month(day_at).or_else(|| self.month_and_day(day_at))?;
        let (year, end) = self.year_behind(dated.end);
        // "24-26 February" has its own second day.
        let resolve = |day: i8| self.resolve(Yearless { month: dated.month, day, weekday }, year, at..end);
        let (first, rule) = resolve(dated.day)?;
        let end = if year.is_none() { self.weekday_behind(end) } else { end };
        match dated.to {
            Some(to) => {
                let (last, _) = resolve(to)?;
                (first < last).then(|| Core::new(When::between(first, last), "from-to", end))
            }
            None => Some(Core::new(When::Day(first), rule, end)),
        }
    }

    fn resolve(
        &self,
        day: Yearless,
        year: Option<i16>,
        tokens: Range<usize>,
    ) -> Option<(Date, &'static str)> {
        if let Some(year) = year {
            return Some((Date::new(year, day.month, day.day).ok()?, "date-full"));
        }
        let anchor = self.anchor?;
        let past = (day.latest(anchor)?, "date-past");
        let future = (day.coming(anchor)?, "date-future");
        let (first, second) = match tense::around(self.doc, &tokens) {
            Tense::Past => (past, future),
            Tense::Future => (future, past),
        };
        // A stated weekday outweighs the tense where only one of the two years agrees with it.
        let agrees = |date: Date| day.weekday.is_none_or(|weekday| date.weekday() == weekday);
        Some(if !agrees(first.0) && agrees(second.0) { second } else { first })
    }

    /// "24 February", "the 24th of February", "3-5 March", "3 to 5 March".
    fn day_and_month(&self, at: usize) -> Option<Dated> {
        let at = if self.lower(at) == "the" { at + 1 } else { at };
        let (day, next) = self.day_number(at)?;
        let (to, next) = match self.second_day(next) {
            Some((to, next)) => (Some(to), next),
            None => (None, next),
        };
        let next = if self.lower(next) == "of" { next + 1 } else { next };
        let (month, end) = self.month(next)?;
        Some(Dated { day, to, month, end })
    }

    /// "February 24", "Feb. 24th", "March 3-5", "March 3 to 5".
    fn month_and_day(&self, at: usize) -> Option<Dated> {
        let (month, next) = self.month(at)?;
        let next = if self.lower(next) == "the" { next + 1 } else { next };
        let (day, end) = self.day_number(next)?;
        match self.second_day(end) {
            // "March 3 to April 5" is two dates.
            Some((to, after)) if to > day && self.month(after).is_none() => {
                Some(Dated { day, to: Some(to), month, end: after })
            }
            _ => Some(Dated { day, to: None, month, end }),
        }
    }

    fn second_day(&self, at: usize) -> Read<i8> {
        let joins = matches!(self.lower(at), "-" | "–" | "—" | "to");
        joins.then(|| self.day_number(at + 1)).flatten()
    }

    /// Reads 1 to 31, also as "24th" or "first".
    fn day_number(&self, at: usize) -> Read<i8> {
        let word = self.lower(at);
        if let Some(day) = LEXICON.ordinals.get(word) {
            return Some((*day, at + 1));
        }
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let behind = &word[digits..];
        let number: i8 = word[..digits].parse().ok().filter(|day| (1..=31).contains(day))?;
        matches!(behind, "" | "st" | "nd" | "rd" | "th").then_some((number, at + 1))
    }

    /// Reads the name of a month. "May", "March" and short forms must be capital; a full stop may follow.
    fn month(&self, at: usize) -> Read<i8> {
        let word = self.lower(at);
        let name = word.strip_suffix('.').unwrap_or(word);
        let is_plain = name.len() > 3 && !matches!(name, "march" | "sept");
        let month = *LEXICON.months.get(name).filter(|_| is_plain || self.is_capital(at))?;
        let stop =
            !word.ends_with('.') && name.len() < 5 && self.lower(at + 1) == "." && self.is_joined(at + 1);
        let next = if stop && at + 2 < self.end { at + 2 } else { at + 1 };
        Some((month, next))
    }

    fn weekday_name(&self, at: usize) -> Read<Weekday> {
        let word = self.lower(at);
        let name = word.strip_suffix('.').unwrap_or(word);
        let weekday = *LEXICON.weekdays.get(name).filter(|_| name.ends_with("day") || self.is_capital(at))?;
        // "Sun" and "Sat" are words of their own; without a full stop and a date they are no days.
        let short = !name.ends_with("day");
        if !short {
            return Some((weekday, at + 1));
        }
        let dotted = if self.lower(at + 1) == "." && self.is_joined(at + 1) { at + 2 } else { at + 1 };
        let comma = if self.lower(dotted) == "," { dotted + 1 } else { dotted };
        let dated = self.month(comma).is_some()
            || self.day_number(comma).is_some_and(|(_, next)| self.month(next).is_some());
        dated.then_some((weekday, dotted))
    }

    /// "24 February, a Thursday" is rare; "July 18, Friday" is not.
    fn weekday_behind(&self, at: usize) -> usize {
        match self.weekday_name(at + 1) {
            Some((_, next)) if self.lower(at) == "," && matches!(self.lower(next), "" | "," | ".") => next,
            _ => at,
        }
    }

    /// Reads ", 2022" or "2022" behind a day and a month.
    fn year_behind(&self, at: usize) -> (Option<i16>, usize) {
        let comma = if self.lower(at) == "," { at + 1 } else { at };
        let comma = if self.lower(comma) == "of" { comma + 1 } else { comma };
        match self.year_number(comma) {
            Some((year, next)) => (Some(year), next),
            None => (None, at),
        }
    }

    fn year_number(&self, at: usize) -> Read<i16> {
        let word = self.lower(at);
        let shaped = word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
        let year: i16 = if shaped { word.parse().ok()? } else { return None };
        (1800..2100).contains(&year).then_some((year, at + 1))
    }

    // Weekdays.

    fn weekday(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        let anchor = self.anchor?;
        let (modifier, name_at) = match self.lower(at) {
            word @ ("last" | "next" | "this" | "coming" | "past") => (word, at + 1),
            "the" if matches!(self.lower(at + 1), "coming" | "previous" | "following") => return None,
            _ => ("", at),
        };
        let (weekday, name_end) = self.weekday_name(name_at)?;
        let end = self.part_of_day(name_end);
        let (day, rule, end) = match modifier {
            "last" | "past" => (calendar::last(weekday, anchor)?, "weekday-last", end),
            "next" | "coming" => (calendar::coming(weekday, anchor)?, "weekday-next", end),
            _ => match self.week_behind(end) {
                Some((weeks, end)) => (self.weekday_of_week(weekday, weeks)?, "weekday-of-week", end),
                None => {
                    let (day, rule) = self.by_tense(weekday, lead.from..end)?;
                    (day, rule, end)
                }
            },
        };
        Some(Core::new(When::Day(day), rule, end))
    }

    /// "The first Monday of October", "the last Friday in March 2014".
    fn weekday_of_month(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        let at = if self.lower(at) == "the" { at + 1 } else { at };
        let nth = match self.lower(at) {
            "last" => -1,
            word => *LEXICON.ordinals.get(word).filter(|nth| **nth <= 5)?,
        };
        let (weekday, next) = self.weekday_name(at + 1)?;
        if !matches!(self.lower(next), "of" | "in") {
            return None;
        }
        let month_at = next + 1;
        let (first, end) = match self.month(month_at) {
            Some((month, next)) => {
                let lead = Lead { word: "in", ..lead };
                let core = self.month_or_year(month_at, lead).filter(|core| core.end >= next);
                let core = core.or_else(|| self.bare_month(month, month_at..next, lead))?;
                (core.when.first(), core.end)
            }
            None => {
                let core = self.unit(month_at).filter(|core| matches!(core.when, When::Month(..)))?;
                (core.when.first(), core.end)
            }
        };
        let day = first.nth_weekday_of_month(nth, weekday).ok()?;
        Some(Core::new(When::Day(day), "weekday-of-month", end))
    }

    fn by_tense(&self, weekday: Weekday, tokens: Range<usize>) -> Option<(Date, &'static str)> {
        let anchor = self.anchor?;
        match tense::around(self.doc, &tokens) {
            Tense::Past => Some((calendar::latest(weekday, anchor)?, "weekday-past")),
            // "Later on Wednesday" may still be today.
            Tense::Future if self.lower(tokens.start) == "later" => {
                Some((calendar::coming(weekday, calendar::shifted(anchor, -1)?)?, "weekday-future"))
            }
            Tense::Future => Some((calendar::coming(weekday, anchor)?, "weekday-future")),
        }
    }

    fn part_of_day(&self, at: usize) -> usize {
        if LEXICON.parts_of_day.contains(self.lower(at)) { at + 1 } else { at }
    }

    /// "Of last week", "next week" behind a weekday.
    fn week_behind(&self, at: usize) -> Read<i64> {
        let at = if self.lower(at) == "of" { at + 1 } else { at };
        let weeks = match self.lower(at) {
            "last" => -1,
            "this" => 0,
            "next" => 1,
            _ => return None,
        };
        (self.lower(at + 1) == "week").then_some((weeks, at + 2))
    }

    fn weekday_of_week(&self, weekday: Weekday, weeks: i64) -> Option<Date> {
        let monday = calendar::week(self.anchor?, weeks)?.first();
        calendar::shifted(monday, i64::from(Weekday::Monday.until(weekday)))
    }

    // "Yesterday", "last week".

    fn relative(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        let anchor = self.anchor?;
        let near =
            |days: i64, rule, end| Some(Core::new(When::Day(calendar::shifted(anchor, days)?), rule, end));
        let next = self.lower(at + 1);
        match self.lower(at) {
            "today" | "tonight" if !self.is_possessive(at + 1) => near(0, "today", at + 1),
            "yesterday" if !self.is_possessive(at + 1) => near(-1, "yesterday", self.part_of_day(at + 1)),
            "tomorrow" => near(1, "tomorrow", self.part_of_day(at + 1)),
            "overnight" => self.overnight(at),
            "the" if next == "day" && self.lower(at + 2) == "before" && self.lower(at + 3) == "yesterday" => {
                near(-2, "yesterday", at + 4)
            }
            "the"
                if next == "day"
                    && lead.word == "in"
                    && matches!(self.lower(lead.from), "earlier" | "later") =>
            {
                near(0, "today", at + 2)
            }
            "the" if next == "weekend" => Some(Core::new(self.weekend(at..at + 2)?, "weekend", at + 2)),
            "the" if matches!(next, "past" | "last" | "previous") => self.stretch(at + 1, lead),
            "last" | "past" | "previous" | "next" | "this" | "coming" => {
                self.unit(at).or_else(|| self.stretch(at, lead))
            }
            _ => None,
        }
    }

    fn is_possessive(&self, at: usize) -> bool {
        matches!(self.lower(at), "'s" | "’s")
    }

    /// "Overnight", "overnight into Tuesday": the night before the day, and the day.
    fn overnight(&self, at: usize) -> Option<Core> {
        let anchor = self.anchor?;
        let joint = matches!(self.lower(at + 1), "on" | "into" | "to" | "from");
        let behind = if joint { self.weekday_name(at + 2) } else { None };
        let (day, end) = match behind {
            Some((weekday, end)) => (calendar::latest(weekday, anchor)?, end),
            None => (anchor, at + 1),
        };
        Some(Core::new(When::between(calendar::shifted(day, -1)?, day), "overnight", end))
    }

    /// The latest Saturday and Sunday, or the coming ones if the words point ahead.
    fn weekend(&self, tokens: Range<usize>) -> Option<When> {
        let anchor = self.anchor?;
        let saturday = match tense::around(self.doc, &tokens) {
            Tense::Past => calendar::latest(Weekday::Saturday, anchor)?,
            Tense::Future => calendar::coming(Weekday::Saturday, anchor)?,
        };
        Some(When::between(saturday, calendar::shifted(saturday, 1)?))
    }

    /// "Last week", "this month", "next year", "last March", "last night", "this morning".
    fn unit(&self, at: usize) -> Option<Core> {
        let anchor = self.anchor?;
        let by = match self.lower(at) {
            "last" | "past" | "previous" => -1,
            "this" => 0,
            _ => 1,
        };
        let end = at + 2;
        let core = |when, rule| Some(Core::new(when, rule, end));
        match self.lower(at + 1) {
            "week" => core(calendar::week(anchor, by)?, "week"),
            "month" => core(calendar::month(anchor, by)?, "month-relative"),
            "year" => core(calendar::year(anchor, by)?, "year-relative"),
            "weekend" if by < 0 => {
                let saturday = calendar::last(Weekday::Saturday, calendar::shifted(anchor, -1)?)?;
                core(When::between(saturday, calendar::shifted(saturday, 1)?), "weekend")
            }
            "weekend" => core(self.weekend(at..end)?, "weekend"),
            "night" | "evening" if by < 0 => {
                core(When::between(calendar::shifted(anchor, -1)?, anchor), "last-night")
            }
            part if by == 0 && LEXICON.parts_of_day.contains(part) => core(When::Day(anchor), "today"),
            _ => self.modified_month(at, by),
        }
    }

    /// "Last March" lies before the month of the anchor, "next March" after it.
    fn modified_month(&self, at: usize, by: i64) -> Option<Core> {
        let anchor = self.anchor?;
        let (month, end) = self.month(at + 1)?;
        let year = match by {
            -1 if month >= anchor.month() => anchor.year() - 1,
            1 if month <= anchor.month() => anchor.year() + 1,
            _ => anchor.year(),
        };
        Some(Core::new(When::Month(year, month), "month-relative", end))
    }

    /// "The past three days", "the last five months", "the last 24 hours".
    fn stretch(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        let anchor = self.anchor?;
        let back = matches!(self.lower(at), "last" | "past" | "previous");
        if !back || lead.word == "of" {
            return None;
        }
        let (count, unit_at) = numbers::plain(self.doc, at + 1)?;
        let count = i64::try_from(count).ok()?;
        let when = match self.lower(unit_at) {
            "hours" => calendar::days_up_to(anchor, count.div_euclid(24) + i64::from(count % 24 > 0))?,
            "day" | "days" => calendar::days_up_to(anchor, count)?,
            "week" | "weeks" => calendar::days_up_to(anchor, count.checked_mul(7)?)?,
            "month" | "months" => calendar::months_up_to(anchor, count)?,
            "year" | "years" => calendar::months_up_to(anchor, count.checked_mul(12)?)?,
            _ => return None,
        };
        Some(Core::new(when, "stretch", unit_at + 1))
    }

    // "Three days ago", "a week ago".

    /// Reads a number of units that lie back from the anchor. The unit tells how precise it is.
    fn counted(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        let anchor = self.anchor?;
        let (count, unit_at) = match self.lower(at) {
            "a" | "an" => (1, at + 1),
            _ => numbers::plain(self.doc, at)?,
        };
        let ago = self.lower(unit_at + 1) == "ago";
        let ahead =
            lead.word == "in" && !ago && tense::around(self.doc, &(lead.from..unit_at + 1)) == Tense::Future;
        let by = match i64::try_from(count) {
            Ok(count) if ago => -count,
            Ok(count) if ahead => count,
            _ => return None,
        };
        let when = match self.lower(unit_at) {
            "hour" | "hours" => When::Day(calendar::shifted(anchor, by / 24)?),
            "day" | "days" => When::Day(calendar::shifted(anchor, by)?),
            "week" | "weeks" => When::Day(calendar::shifted(anchor, by.checked_mul(7)?)?),
            "month" | "months" => calendar::month(anchor, by)?,
            "year" | "years" => calendar::year(anchor, by)?,
            "decade" | "decades" => return None,
            _ => return None,
        };
        let end = if ago { unit_at + 2 } else { unit_at + 1 };
        Some(Core::new(when, if ago { "ago" } else { "in-units" }, end))
    }

    // Months and years.

    fn month_or_year(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        if let Some((month, next)) = self.month(at) {
            if let (Some(year), end) = self.year_behind(next) {
                return Some(Core::new(When::Month(year, month), "month-full", end));
            }
            return self.bare_month(month, at..next, lead);
        }
        // "The summer of 2014" keeps the precision of its year.
        let (year, end) = self.year_number(at)?;
        let dates = matches!(
            lead.word,
            "in" | "since" | "from" | "until" | "till" | "before" | "after" | "by" | "during"
        ) || (lead.edge != Edge::None)
            || (lead.word == "of"
                && matches!(
                    self.before(lead.from),
                    "summer" | "spring" | "autumn" | "winter" | "fall" | "end" | "start" | "beginning"
                ));
        let counts = self.lower(end).ends_with('s') && self.lower(end).len() > 3 && !self.is_capital(end)
            || matches!(self.lower(end), "people" | "%" | "per" | "men" | "women" | "children");
        (dates && !counts).then(|| Core::new(When::Year(year), "year", end))
    }

    /// A month without a year: the latest one that has begun by the anchor, or the coming one.
    fn bare_month(&self, month: i8, tokens: Range<usize>, lead: Lead<'_>) -> Option<Core> {
        let anchor = self.anchor?;
        let word = self.lower(tokens.start);
        let short = word.trim_end_matches('.').len() < 5 && !matches!(word, "may" | "june" | "july");
        let led = !lead.word.is_empty() && lead.word != "as" || lead.edge != Edge::None;
        if short || !led || self.is_name(tokens.end) {
            return None;
        }
        let ahead = tense::around(self.doc, &(lead.from..tokens.end)) == Tense::Future;
        let year = match (ahead, month.cmp(&anchor.month())) {
            (false, std::cmp::Ordering::Greater) => anchor.year() - 1,
            (true, std::cmp::Ordering::Less) => anchor.year() + 1,
            _ => anchor.year(),
        };
        Some(Core::new(
            When::Month(year, month),
            if ahead { "month-future" } else { "month-past" },
            tokens.end,
        ))
    }

    /// "By April Stone": a capital word behind a month makes it a person's name.
    fn is_name(&self, at: usize) -> bool {
        self.is_capital(at) && self.weekday_name(at).is_none()
    }
}

/// What stands in front of a time.
#[derive(Clone, Copy)]
struct Lead<'w> {
    edge: Edge,
    /// The preposition, or nothing.
    word: &'w str,
    /// The first token of the whole phrase.
    from: usize,
}

/// A day of a month, or two days of it.
struct Dated {
    day: i8,
    to: Option<i8>,
    month: i8,
    end: usize,
}

/// Reads three numbers with the same mark between them: their values and lengths, and the length of it all.
fn numeric_parts(text: &str) -> Option<([(u32, usize); 3], usize)> {
    let mut parts = [(0, 0); 3];
    let mut at = 0;
    let mut mark = None;
    for (i, part) in parts.iter_mut().enumerate() {
        let digits = text[at..].bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > 4 {
            return None;
        }
        *part = (text[at..at + digits].parse().ok()?, digits);
        at += digits;
        if i < 2 {
            let next = text[at..].chars().next().filter(|c| matches!(c, '-' | '.' | '/'))?;
            if *mark.get_or_insert(next) != next {
                return None;
            }
            at += 1;
        }
    }
    let goes_on = text[at..].starts_with(|c: char| c.is_alphanumeric());
    (!goes_on).then_some((parts, at))
}

/// Takes the parts in the one order that makes a date; `None` if day and month could be exchanged.
fn day_of_parts(parts: [(u32, usize); 3]) -> Option<Date> {
    let date = |year: u32, month: u32, day: u32| {
        Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    };
    match parts {
        [(year, 4), (month, 2), (day, 2)] => date(year, month, day),
        [(one, 1..=2), (other, 1..=2), (year, 4)] => {
            let day_first = date(year, other, one);
            let month_first = date(year, one, other);
            match (day_first, month_first) {
                (Some(one), Some(other)) => (one == other).then_some(one),
                (one, other) => one.or(other),
            }
        }
        _ => None,
    }
}
