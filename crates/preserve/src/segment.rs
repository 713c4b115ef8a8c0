use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use jiff::civil::Date;

/// One file of originals: `YYYYMMDD-NNNNN`, in the order in which the files were begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Segment {
    /// The UTC day of its first record.
    pub day: Date,
    /// Counted from 1 within the day.
    pub number: u32,
}

/// Where one stored record lies: a whole gzip member of a segment.
///
/// Positions are in order of arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The file.
    pub segment: Segment,
    /// The first byte of the gzip member.
    pub offset: u64,
    /// The length of the gzip member.
    pub stored_length: u64,
}

/// The text given is not the name of a segment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a segment of originals: expected YYYYMMDD-NNNNN")]
pub struct NotASegment(pub String);

const EXTENSION: &str = ".warc.gz";

impl Segment {
    /// Returns the name of the file.
    pub fn file_name(&self) -> String {
        format!("{self}{EXTENSION}")
    }

    /// Reads the name of a file; `None` if it is not that of a segment.
    pub(crate) fn from_file_name(name: &str) -> Option<Segment> {
        name.strip_suffix(EXTENSION)?.parse().ok()
    }

    /// Returns the segment that follows this one, for records of `day`.
    ///
    /// A clock that was set back starts no earlier day: segments stay in the order of arrival.
    pub(crate) fn next(&self, day: Date) -> Segment {
        if day > self.day {
            Segment { day, number: 1 }
        } else {
            Segment { day: self.day, number: self.number + 1 }
        }
    }
}

impl Position {
    /// Returns the byte after the record.
    pub fn end(&self) -> u64 {
        self.offset.saturating_add(self.stored_length)
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Segment { day, number } = self;
        write!(f, "{:04}{:02}{:02}-{number:05}", day.year(), day.month(), day.day())
    }
}

impl FromStr for Segment {
    type Err = NotASegment;

    fn from_str(text: &str) -> Result<Segment, NotASegment> {
        parse(text).filter(|segment| segment.to_string() == text).ok_or_else(|| NotASegment(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Segment> {
    let (day, number) = text.split_once('-')?;
    let part = |range: Range<usize>| day.get(range)?.parse::<i16>().ok();
    let month_and_day = |range: Range<usize>| i8::try_from(part(range)?).ok();
    let day = Date::new(part(0..4)?, month_and_day(4..6)?, month_and_day(6..8)?).ok()?;
    Some(Segment { day, number: number.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn written_and_read_back() {
        let segment = Segment { day: date(2031, 3, 12), number: 7 };
        assert_eq!(segment.file_name(), "20310312-00007.warc.gz");
        assert_eq!(Segment::from_file_name("20310312-00007.warc.gz"), Some(segment));
    }

    #[test]
    fn other_names_are_no_segments() {
        for name in ["", "20310312", "20310312-7", "20310332-00001", "2031031-200001", "+2310312-00001"] {
            assert!(name.parse::<Segment>().is_err(), "{name}");
        }
    }

    #[test]
    fn a_clock_set_back_keeps_the_order() {
        let segment = Segment { day: date(2031, 3, 12), number: 7 };
        assert_eq!(segment.next(date(2031, 3, 13)).to_string(), "20310313-00001");
        assert_eq!(segment.next(date(2031, 3, 12)).to_string(), "20310312-00008");
        assert_eq!(segment.next(date(2031, 3, 11)).to_string(), "20310312-00008");
    }
}
