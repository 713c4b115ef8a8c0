use std::io::Write as _;

use anyhow::Context as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::{Desk, Outcome, incidents};
use crate::cli::Changes;
use crate::describe::changes::described;
use crate::{changes, clock, wire};

/// Tells what is other than it was at a moment.
pub(super) fn run(desk: &Desk, asked: &Changes) -> anyhow::Result<Outcome> {
    let since = moment(&asked.since, clock::now()?)?;
    incidents::bring_up_to_date(desk)?;
    let store = desk.store()?;
    let changes = changes::since(&store, since)?;
    let mut out = desk.out(asked.json);
    match asked.json {
        true => changes.iter().try_for_each(|change| writeln!(out, "{}", wire::json(change)))?,
        false => write!(out, "{}", described(&changes))?,
    }
    Ok(Outcome::of(!changes.is_empty()))
}

/// Reads a moment: a time, the beginning of a day, or so many days or hours ago.
fn moment(text: &str, now: Timestamp) -> anyhow::Result<Timestamp> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    if let Ok(day) = text.parse::<Date>() {
        return Ok(day.to_zoned(TimeZone::UTC)?.timestamp());
    }
    let ago = || {
        let hours: i64 = match text.strip_suffix('d') {
            Some(days) => days.parse::<i64>().ok()?.checked_mul(24)?,
            None => text.strip_suffix('h')?.parse().ok()?,
        };
        now.checked_sub(Span::new().try_hours(hours).ok().filter(|_| hours >= 0)?).ok()
    };
    ago().with_context(|| {
        format!("--since {text:?}: give a day (2031-03-12), a time (2031-03-12T08:00:00Z), or 7d, 12h")
    })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, expected: Expect) {
        let now = "2031-03-27T12:00:00Z".parse().unwrap();
        let read = moment(text, now).map_or_else(|error| error.to_string(), |time| time.to_string());
        expected.assert_eq(&read);
    }

    #[test]
    fn moments() {
        check("2031-03-12", expect!["2031-03-12T00:00:00Z"]);
        check("2031-03-12T08:30:00+02:00", expect!["2031-03-12T06:30:00Z"]);
        check("7d", expect!["2031-03-20T12:00:00Z"]);
        check("36h", expect!["2031-03-26T00:00:00Z"]);
        for text in [
            "",
            "d",
            "7",
            "yesterday",
            "99999999999999999999d",
            "9223372036854775807d",
            "9999999999h",
            "-7d",
            "-9223372036854775808h",
        ] {
            assert!(moment(text, Timestamp::UNIX_EPOCH).is_err(), "{text}");
        }
    }
}
