//! Times of day in digits: "3 p.m.", "15:30", "9h30".

use jiff::civil::Time;

use super::stretch::Grain;

/// Which half of the day a time on a dial of twelve hours means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    /// Before noon.
    Morning,
    /// After noon.
    Afternoon,
    /// The words do not tell, and the hour may be either.
    Untold,
    /// The dial has 24 hours.
    Whole,
}

/// A time of day as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) time: Time,
    pub(super) half: Half,
    pub(super) grain: Grain,
    /// Whether the words can be nothing but a time: "3" may be anything, "3:15" a score or a verse.
    pub(super) sure: bool,
}

impl Clock {
    pub(super) fn new(hour: i8, minute: i8, grain: Grain) -> Option<Clock> {
        let half = if (1..=12).contains(&hour) { Half::Untold } else { Half::Whole };
        Some(Clock { time: Time::new(hour % 24, minute, 0, 0).ok()?, half, grain, sure: false })
    }

    /// Returns the time with the half of the day that it is told with, if the two agree.
    pub(super) fn in_half(self, half: Half) -> Option<Clock> {
        let hour = self.time.hour();
        let hour = match (self.half, half) {
            (Half::Untold | Half::Whole, Half::Morning) if hour == 12 && self.half == Half::Untold => 0,
            (Half::Untold, Half::Afternoon) if hour < 12 => hour + 12,
            (Half::Untold, _) => hour,
            // "15:30 in the afternoon" says it twice.
            (own, half)
                if own == half || (own == Half::Whole && (hour >= 12) == (half == Half::Afternoon)) =>
            {
                hour
            }
            _ => return None,
        };
        let time = Time::new(hour, self.time.minute(), self.time.second(), 0).ok()?;
        Some(Clock { time, half, sure: true, ..self })
    }

    /// Returns a time some minutes on, or back.
    pub(super) fn moved(self, minutes: i64) -> Option<Clock> {
        let time = self.time.wrapping_add(jiff::Span::new().try_minutes(minutes).ok()?);
        Some(Clock { time, grain: Grain::Minute, ..self })
    }
}

/// Reads the time in digits at the start of `text`, and its length.
pub(super) fn in_digits(text: &str) -> Option<(Clock, usize)> {
    let mut scan = Scan { text: text.as_bytes(), at: 0 };
    let (clock, needs_half) = scan.dial()?;
    let hour_only = clock.grain == Grain::Hour;
    if hour_only {
        scan.word("ish");
    }
    let told = scan.spaced(|scan| scan.any(&["o'clock", "o’clock", "oclock"]));
    let half = scan.half();
    let clock = match half {
        Some(half) => clock.in_half(half)?,
        None if needs_half => return None,
        None => Clock { sure: clock.sure || told, ..clock },
    };
    let goes_on = text.get(scan.at..)?.starts_with(|c: char| c.is_alphanumeric());
    (!goes_on).then_some((clock, scan.at))
}

struct Scan<'t> {
    text: &'t [u8],
    at: usize,
}

impl Scan<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).map_or(0, u8::to_ascii_lowercase)
    }

    fn digits(&self, ahead: usize) -> usize {
        self.text[(self.at + ahead).min(self.text.len())..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    }

    fn number(&mut self, digits: usize) -> Option<i8> {
        let end = self.at + digits;
        let number = std::str::from_utf8(self.text.get(self.at..end)?).ok()?.parse().ok()?;
        self.at = end;
        Some(number)
    }

    /// Reads hours, minutes and seconds; tells whether they are a time only with "a.m." or "p.m." behind them.
    fn dial(&mut self) -> Option<(Clock, bool)> {
        let digits = self.digits(0);
        if !(1..=4).contains(&digits) {
            return None;
        }
        let padded = self.peek(0) == b'0';
        let hour = self.number(if digits > 2 { digits - 2 } else { digits }).filter(|hour| *hour <= 24)?;
        if digits > 2 {
            let minute = self.number(2).filter(|minute| *minute < 60)?;
            return Some((Clock::new(hour, minute, Grain::Minute)?, true));
        }
        let mark = self.peek(0);
        if matches!(mark, b':' | b'.' | b'h') && self.digits(1) == 2 {
            self.at += 1;
            let minute = self.number(2).filter(|minute| *minute < 60)?;
            let clock = self.seconds(Clock::new(hour, minute, Grain::Minute)?)?;
            let whole = if padded || mark == b'h' || hour == 0 { Half::Whole } else { clock.half };
            return Some((
                Clock { half: whole, sure: mark == b'h' || whole == Half::Whole && mark == b':', ..clock },
                mark == b'.',
            ));
        }
        let mut clock = Clock::new(hour, 0, Grain::Hour)?;
        if mark == b'h' && !self.peek(1).is_ascii_alphanumeric() {
            self.at += 1;
            clock = Clock { half: Half::Whole, ..clock };
        }
        Some((clock, false))
    }

    fn seconds(&mut self, clock: Clock) -> Option<Clock> {
        if self.peek(0) != b':' || self.digits(1) != 2 {
            return Some(clock);
        }
        self.at += 1;
        let second = self.number(2).filter(|second| *second < 60)?;
        let time = Time::new(clock.time.hour(), clock.time.minute(), second, 0).ok()?;
        Some(Clock { time, grain: Grain::Second, half: Half::Whole, sure: true })
    }

    fn word(&mut self, word: &str) -> bool {
        let there = self.text.get(self.at..self.at + word.len());
        let fits = there.is_some_and(|there| there.eq_ignore_ascii_case(word.as_bytes()));
        self.at += if fits { word.len() } else { 0 };
        fits
    }

    fn any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.word(word))
    }

    /// Runs `read` behind white space; where it finds nothing, nothing is taken.
    fn spaced(&mut self, read: impl Fn(&mut Self) -> bool) -> bool {
        let before = self.at;
        while self.peek(0) == b' ' {
            self.at += 1;
        }
        let found = read(self);
        if !found {
            self.at = before;
        }
        found
    }

    /// Reads "a.m.", "pm", "p m", or a joined "p".
    fn half(&mut self) -> Option<Half> {
        let before = self.at;
        while self.peek(0) == b' ' {
            self.at += 1;
        }
        let half = match self.peek(0) {
            b'a' => Half::Morning,
            b'p' => Half::Afternoon,
            _ => {
                self.at = before;
                return None;
            }
        };
        let joined = self.at == before;
        self.at += 1;
        let stop = self.word(".");
        let letter = self.at;
        let spaced = self.peek(0) == b' ' && self.peek(1) == b'm';
        self.at += usize::from(spaced);
        if self.peek(0) == b'm' && !self.peek(1).is_ascii_alphanumeric() {
            self.at += 1;
            self.word(".");
            return Some(half);
        }
        self.at = letter;
        if joined && (stop || !self.peek(0).is_ascii_alphanumeric()) {
            return Some(half);
        }
        self.at = before;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits() {
        for (text, time, length) in [
            ("3pm", "15:00:00", 3),
            ("12 a.m. on", "00:00:00", 7),
            ("9h30 -", "09:30:00", 4),
            ("7:45 p m", "19:45:00", 8),
            ("08:05:09.", "08:05:09", 8),
            ("6 o’clock", "06:00:00", 11),
            ("4p.", "16:00:00", 3),
            ("915 a.m.", "09:15:00", 8),
            ("7 a day", "07:00:00", 1),
        ] {
            let (clock, end) = in_digits(text).unwrap();
            assert_eq!((clock.time.to_string().as_str(), end), (time, length), "{text}");
        }
    }

    #[test]
    fn what_is_no_time() {
        for text in ["25:00", "3.15", "915", "13:99", "3 million".get(2..).unwrap(), "", "é"] {
            assert!(in_digits(text).is_none(), "{text}");
        }
    }
}
