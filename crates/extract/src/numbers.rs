//! Numbers as news writes them: in digits, in words, in ranges, and as plurals without a number.
//!
//! The digits of ages, years, clock times, distances, sums of money, weapons and articles of law are no counts, and
//! neither are ordinals and percentages: [`read`] leaves them alone.

use std::ops::Range;
use std::sync::LazyLock;

use language::Doc;
use rustc_hash::FxHashMap as HashMap;
use serde::Deserialize;

/// A number that may count something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Number {
    /// Its tokens.
    pub(crate) tokens: Range<usize>,
    /// What it says.
    pub(crate) amount: Amount,
}

/// What a number says before any "at least" or "about" is weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Amount {
    /// One number: "1,200", "seventy-eight", "half a million".
    Exact(u64),
    /// From the first to the second: "300 to 400". The first is not above the second.
    Range(u64, u64),
    /// A plural of a scale, with the least it can mean: "dozens", "several hundred", "tens of thousands".
    Plural(u64),
    /// A quantity without any scale: "several", "a number of".
    Indefinite,
}

#[derive(Deserialize)]
struct Words {
    units: Vec<String>,
    tens: Vec<String>,
    scales: HashMap<String, u64>,
    short_scales: HashMap<String, u64>,
    plurals: HashMap<String, u64>,
    indefinite: Vec<String>,
    measured_in: Vec<String>,
    labels: Vec<String>,
    currencies: Vec<String>,
}

/// The lexicon, turned into tables for looking up one word.
struct Lexicon {
    small: HashMap<String, u64>,
    scales: HashMap<String, u64>,
    short_scales: HashMap<String, u64>,
    plurals: HashMap<String, u64>,
    /// Phrases by their first word, each as its words.
    indefinite: HashMap<String, Vec<Vec<String>>>,
    measured_in: HashMap<String, ()>,
    labels: HashMap<String, ()>,
    currencies: HashMap<String, ()>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let words: Words = serde_json::from_str(include_str!("../lexicons/numbers.json"))
        .expect("the lexicon is part of the program and a test parses it");
    let units = words.units.into_iter().zip(0..);
    let tens = words.tens.into_iter().zip((2..).map(|ten| ten * 10));
    let mut indefinite: HashMap<String, Vec<Vec<String>>> = HashMap::default();
    for phrase in &words.indefinite {
        let phrase: Vec<String> = phrase.split(' ').map(str::to_owned).collect();
        indefinite.entry(phrase[0].clone()).or_default().push(phrase);
    }
    // The longest phrase of a first word is tried first: "a handful of" before "a handful".
    indefinite.values_mut().for_each(|phrases| phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.len())));
    let set = |list: Vec<String>| list.into_iter().map(|word| (word, ())).collect();
    Lexicon {
        small: units.chain(tens).collect(),
        scales: words.scales,
        short_scales: words.short_scales,
        plurals: words.plurals,
        indefinite,
        measured_in: set(words.measured_in),
        labels: set(words.labels),
        currencies: set(words.currencies),
    }
});

/// Reads the number that begins with the token `at`, if it may be a count.
pub(crate) fn read(doc: &Doc<'_>, at: usize) -> Option<Number> {
    let first = doc.tokens().get(at)?;
    let words = In { doc, end: doc.sentences().get(first.sentence())?.end };
    let number = words.number(at)?;
    words.may_count(&number).then_some(number)
}

/// Returns the value of a number in words or plain digits at `at` that may also be no count, with the token after
/// it: "three" of "three days ago".
pub(crate) fn plain(doc: &Doc<'_>, at: usize) -> Option<(u64, usize)> {
    let first = doc.tokens().get(at)?;
    let words = In { doc, end: doc.sentences().get(first.sentence())?.end };
    let number = words.single(at)?;
    match number.amount {
        Amount::Exact(value) => Some((value, number.tokens.end)),
        _ => None,
    }
}

/// Returns the value of one small number word: "six", "forty".
pub(crate) fn of_word(word: &str) -> Option<u64> {
    LEXICON.small.get(word).copied()
}

/// The words of one sentence; past its end there are none.
struct In<'d, 't> {
    doc: &'d Doc<'t>,
    end: usize,
}

impl<'t> In<'_, 't> {
    fn lower(&self, at: usize) -> &str {
        if at < self.end { self.doc.lower(at) } else { "" }
    }

    /// Tells whether nothing stands between the token `at` and the one before it.
    fn is_joined(&self, at: usize) -> bool {
        at > 0 && at < self.end && self.doc.tokens()[at - 1].end() == self.doc.tokens()[at].start()
    }

    fn before(&self, at: usize) -> &str {
        let same = at > 0 && self.doc.tokens()[at - 1].sentence() == self.doc.tokens()[at].sentence();
        if same { self.doc.lower(at - 1) } else { "" }
    }

    /// Reads one number or a range.
    fn number(&self, at: usize) -> Option<Number> {
        let between = self.lower(at) == "between";
        let from = self.lower(at) == "from" && !is_change(self.before(at));
        let changed = self.before(at) == "from" && is_change(self.before(at - 1));
        let first = self.single(if between || from { at + 1 } else { at })?;
        let joint = first.tokens.end;
        let joins = match self.lower(joint) {
            "and" => between,
            // "Between 10 to 12" is written often enough.
            "to" => !changed,
            "-" | "–" | "—" | "or" => !between && !changed,
            _ => false,
        };
        let second = if joins { self.single(joint + 1) } else { None };
        match (first.amount, second) {
            (Amount::Exact(low), Some(Number { amount: Amount::Exact(high), tokens })) => {
                let low = self.scaled_like(low, &first, high, &tokens);
                let amount = Amount::Range(low.min(high), low.max(high));
                (low != high && self.is_range(joint, low, high))
                    .then_some(Number { tokens: at..tokens.end, amount })
                    .or(if between || from { None } else { Some(first) })
            }
            _ => (!between && !from).then_some(first),
        }
    }

    /// "Or" makes a range only of neighbours in size: "two or three", not "12 or 4000".
    fn is_range(&self, joint: usize, low: u64, high: u64) -> bool {
        low < high && (self.lower(joint) != "or" || high <= low.saturating_mul(3))
    }

    /// Returns `low` with the scale of the second number, which "10 to 20 thousand" states once.
    fn scaled_like(&self, low: u64, first: &Number, high: u64, second: &Range<usize>) -> u64 {
        let scale = LEXICON.scales.get(self.lower(second.end - 1)).copied().unwrap_or(1);
        let own = LEXICON.scales.contains_key(self.lower(first.tokens.end - 1));
        let scaled = low.saturating_mul(scale);
        if scale > 1 && !own && low < scale && scaled < high { scaled } else { low }
    }

    /// Reads one number that is no range.
    fn single(&self, at: usize) -> Option<Number> {
        if at >= self.end {
            return None;
        }
        if self.doc.word(at).starts_with(|c: char| c.is_ascii_digit()) {
            return self.digits(at);
        }
        self.plural(at).or_else(|| self.indefinite(at)).or_else(|| self.in_words(at))
    }

    /// Reads "dozens", "tens of thousands", "several hundred".
    fn plural(&self, at: usize) -> Option<Number> {
        if matches!(self.lower(at), "several" | "many" | "few") {
            let scale = self.scale(at + 1)?;
            return Some(Number { tokens: at..at + 2, amount: Amount::Plural(scale.checked_mul(2)?) });
        }
        let least = *LEXICON.plurals.get(self.lower(at))?;
        let larger = if self.lower(at + 1) == "of" { LEXICON.plurals.get(self.lower(at + 2)) } else { None };
        // "Hundreds of thousands" is a plural of a plural: its scale is half of the least it can mean.
        match larger.filter(|larger| **larger > least) {
            Some(larger) => {
                Some(Number { tokens: at..at + 3, amount: Amount::Plural(least.checked_mul(larger / 2)?) })
            }
            None => Some(Number { tokens: at..at + 1, amount: Amount::Plural(least) }),
        }
    }

    fn scale(&self, at: usize) -> Option<u64> {
        match self.lower(at) {
            "dozen" => Some(12),
            word => LEXICON.scales.get(word).copied(),
        }
    }

    /// Reads "several", "a number of".
    fn indefinite(&self, at: usize) -> Option<Number> {
        if self.lower(at) == "a"
            && self.lower(at + 1) == "few"
            && let Some(scale) = self.scale(at + 2)
        {
            return Some(Number { tokens: at..at + 3, amount: Amount::Plural(scale.checked_mul(2)?) });
        }
        // "As many as 100", "too many", "how many" state no quantity of their own.
        if self.lower(at) == "many" && matches!(self.before(at), "as" | "too" | "so" | "how" | "not") {
            return None;
        }
        let phrases = LEXICON.indefinite.get(self.lower(at))?;
        let fits =
            |phrase: &&Vec<String>| (0..).zip(phrase.iter()).all(|(i, word)| self.lower(at + i) == word);
        let length = phrases.iter().find(fits)?.len();
        // The "of" of "a number of" belongs to what is counted.
        let length = if self.lower(at + length - 1) == "of" { length - 1 } else { length };
        Some(Number { tokens: at..at + length, amount: Amount::Indefinite })
    }

    /// Reads a number in words.
    fn in_words(&self, at: usize) -> Option<Number> {
        let mut sum = Sum::default();
        let mut next = match (self.lower(at), self.lower(at + 1), self.lower(at + 2)) {
            ("half", "a", scale) if self.scale(at + 2).is_some() => {
                let value = if scale == "dozen" { 6 } else { self.scale(at + 2)? / 2 };
                return Some(Number { tokens: at..at + 3, amount: Amount::Exact(value) });
            }
            ("a" | "one", "dozen" | "score", _) => {
                let value = if self.lower(at + 1) == "score" { 20 } else { 12 };
                return Some(Number { tokens: at..at + 2, amount: Amount::Exact(value) });
            }
            ("a", "couple", of) if of != "days" => {
                return Some(Number { tokens: at..at + 2, amount: Amount::Exact(2) });
            }
            ("a" | "an", scale, _) if LEXICON.scales.contains_key(scale) => sum.add(1).then_some(at + 1)?,
            _ => at,
        };
        let started = next > at;
        let mut complete = at;
        while let Some(after) = self.step(&mut sum, next) {
            complete = after;
            next = after;
        }
        if complete == at || (started && complete == at + 1) {
            return None;
        }
        Some(Number { tokens: at..complete, amount: Amount::Exact(sum.total()?) })
    }

    /// Adds the word at `at`, with the "and" or hyphen in front of it, and returns the token after it.
    fn step(&self, sum: &mut Sum, at: usize) -> Option<usize> {
        let joint = match self.lower(at) {
            "-" if sum.has_open_tens() && self.is_joined(at) && self.is_joined(at + 1) => 1,
            "and" if sum.takes_and() => {
                if self.lower(at + 1) == "a" && self.lower(at + 2) == "half" {
                    let scale = *LEXICON.scales.get(self.lower(at + 3))?;
                    return sum.and_a_half(scale).then_some(at + 4);
                }
                1
            }
            _ => 0,
        };
        let word = self.lower(at + joint);
        let taken = if word == "dozen" && joint == 0 {
            sum.times_twelve()
        } else if let Some(&scale) = LEXICON.scales.get(word) {
            joint == 0 && sum.scale(scale)
        } else if let Some((tens, unit)) = word.split_once('-') {
            let both = LEXICON.small.get(tens).zip(LEXICON.small.get(unit));
            both.is_some_and(|(tens, unit)| *tens >= 20 && *unit < 10 && sum.add(tens + unit))
        } else {
            LEXICON.small.get(word).is_some_and(|value| sum.add(*value))
        };
        taken.then_some(at + joint + 1)
    }

    /// Reads a number in digits, with the marks that group them and a scale behind them.
    fn digits(&self, at: usize) -> Option<Number> {
        let text = self.doc.text();
        let start = self.doc.tokens()[at].start();
        if text[..start].chars().next_back().is_some_and(|c| c.is_alphanumeric()) {
            return None;
        }
        let literal = Literal::read(&text[start..])?;
        let mut end = self.doc.token_at(start + literal.length);
        // A literal that ends inside a token is part of something else: "24th", "12a".
        if self.doc.tokens().get(end).is_some_and(|token| token.start() < start + literal.length)
            || end > self.end
        {
            return None;
        }
        let mut scale = literal.scale;
        while let Some(&larger) = LEXICON.scales.get(self.lower(end)).filter(|_| literal.scale == 1) {
            scale = scale.checked_mul(larger)?;
            end += 1;
        }
        if self.lower(end) == "dozen" && scale == 1 {
            (scale, end) = (12, end + 1);
        }
        let value = literal.times(scale)?;
        Some(Number { tokens: at..end, amount: Amount::Exact(value) })
    }

    /// Tells whether `number` can be a count by the words beside it.
    fn may_count(&self, number: &Number) -> bool {
        let Range { start, end } = number.tokens;
        let next = self.lower(end);
        if LEXICON.measured_in.contains_key(next) || (self.is_joined(end) && matches!(next, "%" | "°")) {
            return false;
        }
        let in_digits = self.doc.word(start).starts_with(|c: char| c.is_ascii_digit());
        // "12-year-old", "nine-storey": a compound in front of a noun. "300-strong" counts, but of a force.
        if matches!(next, "-" | "–" | "‑") && self.is_joined(end) && self.is_joined(end + 1) {
            return false;
        }
        // "3 p.m.", where the full stops are tokens of their own.
        if matches!(next, "a" | "p") && self.lower(end + 1) == "." && self.is_joined(end + 1) {
            return false;
        }
        !in_digits
            || !(self.is_labelled(start)
                || self.is_age(number)
                || self.is_year(number)
                || self.is_split(number))
    }

    /// "Article 8", "$800 million", "T-72", "aged 12".
    fn is_labelled(&self, start: usize) -> bool {
        let before = self.before(start);
        let joined_mark =
            self.is_joined(start) && matches!(before, "-" | "–" | "/" | "#" | "." | ":" | "_" | "@");
        joined_mark || LEXICON.labels.contains_key(before) || LEXICON.currencies.contains_key(before)
    }

    /// "Mira Orlova, 28, said": an age between commas after a name.
    fn is_age(&self, number: &Number) -> bool {
        let Amount::Exact(value) = number.amount else { return false };
        let Range { start, end } = number.tokens;
        let after_name = start >= 2
            && self.before(start) == ","
            && self.doc.word(start - 2).starts_with(char::is_uppercase);
        value <= 120
            && after_name
            && matches!(self.lower(end), "," | "." | "" | ")" | ";" | "and" | "was" | "were")
    }

    /// Four plain digits from 1900 to 2099 without a plural noun behind them.
    fn is_year(&self, number: &Number) -> bool {
        let Amount::Exact(value) = number.amount else { return false };
        let plain = number.tokens.len() == 1 && self.doc.word(number.tokens.start).len() == 4;
        let counts =
            self.lower(number.tokens.end).ends_with('s') || self.lower(number.tokens.end) == "people";
        plain && (1900..2100).contains(&value) && !counts
    }

    /// "3:30", "24/7", "+380 44 123": digits that go on behind a mark.
    fn is_split(&self, number: &Number) -> bool {
        let Range { start, end } = number.tokens;
        let goes_on = self.is_joined(end)
            && matches!(self.lower(end), ":" | "/")
            && self.lower(end + 1).starts_with(|c: char| c.is_ascii_digit());
        goes_on || (self.before(start) == "+" && self.is_joined(start))
    }
}

/// Tells whether `word` says that something changed, so that "from 12 to 15" is a change and not a range.
fn is_change(word: &str) -> bool {
    matches!(
        word,
        "rose"
            | "rise"
            | "rises"
            | "risen"
            | "rising"
            | "increased"
            | "climbed"
            | "grew"
            | "grown"
            | "jumped"
            | "went"
            | "up"
            | "down"
            | "fell"
            | "dropped"
            | "revised"
            | "raised"
            | "lowered"
            | "updated"
    )
}

/// Digits at the start of a text.
struct Literal {
    digits: u64,
    /// How many of the digits stand behind the decimal mark.
    decimals: u32,
    /// A scale written behind the digits without a space: "1.5m".
    scale: u64,
    length: usize,
}

impl Literal {
    fn read(text: &str) -> Option<Literal> {
        let first = leading_digits(text);
        let mut digits = text[..first].to_owned();
        let mut length = first;
        let mut decimals = 0;
        if first <= 3 {
            while let Some(group) = group_of_three(&text[length..]) {
                digits.push_str(&text[length + group - 3..length + group]);
                length += group;
            }
        }
        let rest = &text[length..];
        let grouped = length > first;
        if let Some(mark) = rest.chars().next().filter(|mark| matches!(mark, '.' | ',')) {
            let behind = leading_digits(&rest[1..]);
            if behind > 0 && (mark == '.' || !grouped) {
                digits.push_str(&rest[1..1 + behind]);
                decimals = behind as u32;
                length += 1 + behind;
            }
        }
        let (digits, decimals) = as_thousands(&text[..length], digits, decimals, &text[length..]);
        let mut literal = Literal { digits: digits.parse().ok()?, decimals, scale: 1, length };
        literal.take_short_scale(text);
        Some(literal)
    }

    /// Takes the "m" of "1.5m" along, but not that of "3mm".
    fn take_short_scale(&mut self, text: &str) {
        let rest = &text[self.length..];
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let suffix = rest[..letters].to_ascii_lowercase();
        let ends = !rest[letters..].starts_with(|c: char| c.is_alphanumeric());
        if let Some(&scale) = LEXICON.short_scales.get(&suffix).filter(|_| ends) {
            self.scale = scale;
            self.length += letters;
        }
    }

    /// Returns the whole number at `scale`; `None` if a fraction is left or it is too large.
    fn times(&self, scale: u64) -> Option<u64> {
        let scaled = u128::from(self.digits) * u128::from(scale);
        let divisor = 10u128.checked_pow(self.decimals)?;
        (scaled % divisor == 0 || scale > 1).then(|| u64::try_from(scaled / divisor).ok()).flatten()
    }
}

/// Reads "1.500" as continental thousands, unless a scale follows, as in "1.500 million".
fn as_thousands(written: &str, digits: String, decimals: u32, rest: &str) -> (String, u32) {
    let scaled = rest.trim_start().split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let has_scale = LEXICON.scales.contains_key(scaled) || LEXICON.short_scales.contains_key(scaled);
    let once = written.bytes().filter(|byte| !byte.is_ascii_digit()).count() == 1;
    let is_group = decimals == 3 && once && !written.starts_with('0') && !has_scale;
    (digits, if is_group { 0 } else { decimals })
}

fn leading_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Returns the length of a mark of grouping and exactly three digits at the start of `text`.
fn group_of_three(text: &str) -> Option<usize> {
    let mark = text.chars().next().filter(|mark| {
        // Comma, no-break space, thin space, narrow no-break space.
        matches!(mark, ',' | '\u{a0}' | '\u{2009}' | '\u{202f}')
    })?;
    let rest = &text[mark.len_utf8()..];
    (leading_digits(rest) == 3).then_some(mark.len_utf8() + 3)
}

/// A number in words, as it is added up.
#[derive(Default)]
struct Sum {
    /// The parts that already have their scale: the two thousand of "two thousand and five".
    done: u64,
    /// The part that is still being read, below a thousand, and whether it has begun.
    open: u64,
    begun: bool,
    /// The scale last closed; the next must be smaller.
    last_scale: Option<u64>,
    overflowed: bool,
}

impl Sum {
    fn add(&mut self, value: u64) -> bool {
        let fits = !self.begun
            || (self.open >= 100 && self.open.is_multiple_of(100))
            || (self.has_open_tens() && value < 10);
        if !fits || (self.begun && value == 0) {
            return false;
        }
        self.open += value;
        self.begun = true;
        true
    }

    fn has_open_tens(&self) -> bool {
        self.begun && self.open % 100 >= 20 && self.open.is_multiple_of(10)
    }

    fn takes_and(&self) -> bool {
        (self.begun && self.open >= 100 && self.open.is_multiple_of(100))
            || (!self.begun && self.last_scale.is_some())
            || (self.begun && self.last_scale.is_none() && self.open < 100)
    }

    fn scale(&mut self, scale: u64) -> bool {
        if scale == 100 {
            let fits = self.begun && self.open > 0 && self.open < 100;
            if fits {
                self.open *= 100;
            }
            return fits;
        }
        if !self.begun || self.open == 0 || self.last_scale.is_some_and(|last| last <= scale) {
            return false;
        }
        match self.open.checked_mul(scale).and_then(|part| self.done.checked_add(part)) {
            Some(done) => self.done = done,
            None => self.overflowed = true,
        }
        (self.open, self.begun, self.last_scale) = (0, false, Some(scale));
        true
    }

    fn times_twelve(&mut self) -> bool {
        let fits = self.begun && self.open > 0 && self.open < 100 && self.done == 0;
        if fits {
            self.open *= 12;
        }
        fits
    }

    /// "One and a half million".
    fn and_a_half(&mut self, scale: u64) -> bool {
        let fits = self.begun && self.done == 0 && self.open < 100;
        if fits {
            (self.done, self.open, self.begun) = (self.open * scale + scale / 2, 0, false);
            self.last_scale = Some(100);
        }
        fits
    }

    fn total(&self) -> Option<u64> {
        if self.overflowed { None } else { self.done.checked_add(self.open) }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;

    fn all(text: &str) -> String {
        let doc = Doc::read(text, std::slice::from_ref(&(0..text.len())));
        let mut found = String::new();
        let mut at = 0;
        while at < doc.tokens().len() {
            let Some(number) = read(&doc, at) else {
                at += plain(&doc, at).map_or(1, |(_, after)| after - at).max(1);
                continue;
            };
            let words = &text[doc.bytes(number.tokens.clone()).unwrap()];
            writeln!(found, "{:?} <- {words:?}", number.amount).unwrap();
            at = number.tokens.end;
        }
        found
    }

    fn check(text: &str, expected: Expect) {
        expected.assert_eq(&all(text));
    }

    #[test]
    fn counts_in_digits_and_words() {
        let table = [
            ("1,200 people", Amount::Exact(1200)),
            ("1\u{a0}200 people", Amount::Exact(1200)),
            ("12\u{2009}345\u{2009}678 people", Amount::Exact(12_345_678)),
            ("1.500 people", Amount::Exact(1500)),
            ("3.5 million people", Amount::Exact(3_500_000)),
            ("1.500 million people", Amount::Exact(1_500_000)),
            ("1.5m people", Amount::Exact(1_500_000)),
            ("3k people", Amount::Exact(3000)),
            ("5 thousand people", Amount::Exact(5000)),
            ("half a million people", Amount::Exact(500_000)),
            ("one and a half million people", Amount::Exact(1_500_000)),
            ("seventy-eight people", Amount::Exact(78)),
            ("nine hundred and fifty-three people", Amount::Exact(953)),
            ("two hundred thousand people", Amount::Exact(200_000)),
            ("two thousand and five people", Amount::Exact(2005)),
            ("a hundred people", Amount::Exact(100)),
            ("two dozen people", Amount::Exact(24)),
            ("a dozen people", Amount::Exact(12)),
            ("half a dozen people", Amount::Exact(6)),
            ("a score of people", Amount::Exact(20)),
            ("a couple of people", Amount::Exact(2)),
            ("300 to 400 people", Amount::Range(300, 400)),
            ("300-400 people", Amount::Range(300, 400)),
            ("300–400 people", Amount::Range(300, 400)),
            ("between 300 and 400 people", Amount::Range(300, 400)),
            ("from 300 to 400 people", Amount::Range(300, 400)),
            ("10 to 20 thousand people", Amount::Range(10_000, 20_000)),
            ("two or three people", Amount::Range(2, 3)),
            ("dozens of people", Amount::Plural(20)),
            ("scores of people", Amount::Plural(40)),
            ("several hundred people", Amount::Plural(200)),
            ("a few thousand people", Amount::Plural(2000)),
            ("tens of thousands of people", Amount::Plural(20_000)),
            ("hundreds of thousands of people", Amount::Plural(200_000)),
            ("millions of people", Amount::Plural(2_000_000)),
            ("several people", Amount::Indefinite),
            ("a large number of people", Amount::Indefinite),
        ];
        for (text, amount) in table {
            let doc = Doc::read(text, std::slice::from_ref(&(0..text.len())));
            assert_eq!(read(&doc, 0).map(|number| number.amount), Some(amount), "{text}");
        }
    }

    #[test]
    fn numbers_that_count_nobody() {
        for text in [
            "a 12-year-old girl",
            "Mira Orlova, 28, said",
            "a boy aged 12",
            "It began in 2014.",
            "at 3 p.m. and 15:30",
            "the 24th day",
            "10 km away",
            "$800 million",
            "€5,000",
            "a T-72 and a Su-34",
            "Article 8",
            "School No. 36",
            "80% of homes",
            "80 per cent of homes",
            "two years later",
            "a nine-storey block",
            "99999999999999999999999 people",
        ] {
            assert_eq!(all(text), "", "{text}");
        }
    }

    #[test]
    fn several_in_a_row() {
        check(
            "The toll rose from 12 to 15; 40 were hurt.",
            expect![[r#"
                Exact(12) <- "12"
                Exact(15) <- "15"
                Exact(40) <- "40"
            "#]],
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(\\PC{0,6}|[0-9.,:-]{0,9}| (hundred|million|and|a|half|of|dozens|to|between) ){0,12}") {
            all(&text);
        }

        #[test]
        fn any_count_is_read_back(value in 1u64..2_000_000_000_000) {
            let digits = value.to_string();
            let mut grouped = String::new();
            for (i, digit) in digits.chars().enumerate() {
                if i > 0 && (digits.len() - i) % 3 == 0 {
                    grouped.push(',');
                }
                grouped.push(digit);
            }
            let text = format!("{grouped} people");
            let doc = Doc::read(&text, std::slice::from_ref(&(0..text.len())));
            prop_assert_eq!(read(&doc, 0).map(|number| number.amount), Some(Amount::Exact(value)));
        }
    }
}
