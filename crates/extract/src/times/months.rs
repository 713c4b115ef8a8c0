//! Months and years.

use std::ops::Range;

use super::phrase::{Core, Edge, Lead, Words};
use super::recurring::{Recurring, Season};
use super::stretch::Stretch;

impl Words<'_, '_> {
    pub(super) fn month_or_year(&self, at: usize, lead: Lead<'_>) -> Option<Core> {
        if let Some((month, next)) = self.month(at) {
            if let (Some(year), end) = self.year_behind(next) {
                return Some(Core::new(Stretch::month(year, month)?, "month-full", end));
            }
            if self.is_alone()
                && let Some(period) = self.period_behind(next)
            {
                let found = Recurring::Month(month).within(period.time)?;
                return Some(Core::new(found, "month-full", period.end));
            }
            return self.bare_month(month, at..next, lead);
        }
        // "The summer of 2014" keeps the precision of its year.
        let (year, end) = self.year_number(at)?;
        if self.is_alone() {
            let (year, end) =
                match self.after(end, &[&["bc"], &["b.c."], &["b", ".", "c", "."], &["b.c", "."]]) {
                    Some(end) => (-year, end),
                    None => (year, end),
                };
            return Some(Core::new(Stretch::year(year)?, "year", end));
        }
        let dates = matches!(
            lead.word,
            "in" | "since" | "from" | "until" | "till" | "before" | "after" | "by" | "during"
        ) || (lead.edge != Edge::None)
            || (lead.word == "of"
                && matches!(
                    self.before(lead.from),
                    "summer" | "spring" | "autumn" | "winter" | "fall" | "end" | "start" | "beginning"
                ));
        let dates = dates || Season::named(self.before(at)).is_some();
        let counts = self.lower(end).ends_with('s') && self.lower(end).len() > 3 && !self.is_capital(end)
            || matches!(self.lower(end), "people" | "%" | "per" | "men" | "women" | "children");
        (dates && !counts).then_some(Core::new(Stretch::year(year)?, "year", end))
    }

    /// A month without a year: the latest one that has begun by the anchor, or the coming one.
    pub(super) fn bare_month(&self, month: i8, tokens: Range<usize>, lead: Lead<'_>) -> Option<Core> {
        let word = self.lower(tokens.start);
        let short = word.trim_end_matches('.').len() < 5 && !matches!(word, "may" | "june" | "july");
        let led = !lead.word.is_empty() && lead.word != "as" || lead.edge != Edge::None;
        if !self.is_alone() && (short || !led || self.is_name(tokens.end)) {
            return None;
        }
        let time = self.chosen(Recurring::Month(month), lead.from..tokens.end)?;
        let ahead = self.is_ahead(&(lead.from..tokens.end));
        Some(Core::new(time, if ahead { "month-future" } else { "month-past" }, tokens.end))
    }

    /// "By April Stone": a capital word behind a month makes it a person's name.
    fn is_name(&self, at: usize) -> bool {
        self.is_capital(at) && self.weekday_name(at).is_none()
    }
}
