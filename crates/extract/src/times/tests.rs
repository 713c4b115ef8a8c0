use std::fmt::Write as _;

use expect_test::{Expect, expect};
use model::Digest;
use proptest::prelude::*;

use super::*;

fn all(words: &str, anchor: &str) -> Vec<(String, String, &'static str)> {
    let text = Text::verbatim(Digest::of(words.as_bytes()), words.to_owned());
    let doc = Doc::read(words, std::slice::from_ref(&(0..words.len())));
    find(&text, &doc, anchor.parse().ok())
        .into_iter()
        .map(|time| (written(&time), text.quote(time.span).to_owned(), time.rule))
        .collect()
}

/// Writes the days, with the time of day where it is told.
fn written(time: &TimeMention) -> String {
    match time.hours {
        Some(hours) => format!("{} {hours}", time.when),
        None => time.when.to_string(),
    }
}

/// Reads a report of Thursday 24 March 2022.
fn check(words: &str, expected: Expect) {
    let mut found = String::new();
    for (when, quote, rule) in all(words, "2022-03-24") {
        writeln!(found, "{when} {rule} <- {quote:?}").unwrap();
    }
    expected.assert_eq(&found);
}

#[test]
fn weekdays_by_anchor_and_tense() {
    let names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    // Monday 21 March to Sunday 27 March 2022.
    for anchor in 21..=27i8 {
        for (i, name) in (0..).zip(names) {
            let named = 21 + i;
            let past = if named <= anchor { named } else { named - 7 };
            let future = if named > anchor { named } else { named + 7 };
            let last = if named < anchor { named } else { named - 7 };
            let day =
                |day: i8| calendar::shifted(Date::new(2022, 3, 1).unwrap(), i64::from(day) - 1).unwrap();
            let table = [
                (format!("Shells hit the town on {name}."), past),
                (format!("On {name} shells hit the town."), past),
                (format!("Talks will be held on {name}."), future),
                (format!("The convoy is expected to leave on {name}."), future),
                (format!("Talks were held last {name}."), last),
                (format!("Talks are to be held next {name}."), future),
            ];
            for (words, expected) in table {
                let found = all(&words, &format!("2022-03-{anchor}"));
                let expected = day(expected).to_string();
                assert_eq!(found.first().map(|time| &time.0), Some(&expected), "{words} on {anchor} March");
            }
        }
    }
}

#[test]
fn each_verb_dates_its_own_day() {
    check(
        "She said on Monday that the court will rule on Friday.",
        expect![[r#"
        2022-03-21 weekday-past <- "on Monday"
        2022-03-25 weekday-future <- "on Friday"
    "#]],
    );
}

#[test]
fn dates() {
    check(
        "It began on Feb. 24. On 24 February, 2014 and again on March 3, 2022, and on the 5th of March; \
         on Thursday, March 17; 2022-02-20; 20.02.2022.",
        expect![[r#"
            2022-02-24 date-past <- "on Feb. 24"
            2014-02-24 date-full <- "On 24 February, 2014"
            2022-03-03 date-full <- "on March 3, 2022"
            2022-03-05 date-past <- "on the 5th of March"
            2022-03-17 date-past <- "on Thursday, March 17"
            2022-02-20 date-in-digits <- "2022-02-20"
            2022-02-20 date-in-digits <- "20.02.2022"
        "#]],
    );
}

#[test]
fn dates_without_a_year() {
    check(
        "They met on April 2. They will meet again on April 2. He fled on 24 March. The leap year began on 29 February.",
        expect![[r#"
            2021-04-02 date-past <- "on April 2"
            2022-04-02 date-future <- "on April 2"
            2022-03-24 date-past <- "on 24 March"
            2020-02-29 date-past <- "on 29 February"
        "#]],
    );
}

#[test]
fn near_days() {
    check(
        "Yesterday and today it was calm. Tomorrow they will leave. It was hit last night, and overnight. \
         Late on Monday and early on Tuesday sirens wailed. They came early Tuesday morning and on the night of 12 March.",
        expect![[r#"
            2022-03-23 yesterday <- "Yesterday"
            2022-03-24 today <- "today"
            2022-03-25 tomorrow <- "Tomorrow"
            2022-03-23/2022-03-24 last-night <- "last night"
            2022-03-23/2022-03-24 overnight <- "overnight"
            2022-03-21/2022-03-22 late-on <- "Late on Monday"
            2022-03-21/2022-03-22 early-on <- "early on Tuesday"
            2022-03-22 00:00/12:00 weekday-past <- "early Tuesday morning"
            2022-03-12/2022-03-13 late-on <- "on the night of 12 March"
        "#]],
    );
}

#[test]
fn stretches() {
    check(
        "Last week, last month and last year. This week. Over the weekend. In the past three days. \
         Between 3 and 5 March, on March 3-5, from 3 to 5 March and from March 3 to March 5. Since 24 February.",
        expect![[r#"
            2022-03-14/2022-03-20 week <- "Last week"
            2022-02 month-relative <- "last month"
            2021 year-relative <- "last year"
            2022-03-21/2022-03-27 week <- "This week"
            2022-03-19/2022-03-20 weekend <- "Over the weekend"
            2022-03-21/2022-03-24 stretch <- "In the past three days"
            2022-03-03/2022-03-05 from-to <- "Between 3 and 5 March"
            2022-03-03/2022-03-05 from-to <- "on March 3-5"
            2022-03-03/2022-03-05 from-to <- "from 3 to 5 March"
            2022-03-03/2022-03-05 from-to <- "from March 3 to March 5"
            2022-02-24 date-past <- "Since 24 February"
        "#]],
    );
}

#[test]
fn back_from_the_anchor() {
    check(
        "Three days ago, a week ago, five months ago and two years ago. In March, in June and in 2014. Last June.",
        expect![[r#"
            2022-03-21 ago <- "Three days ago"
            2022-03-17 ago <- "a week ago"
            2021-10 ago <- "five months ago"
            2020 ago <- "two years ago"
            2022-03 month-past <- "In March"
            2021-06 month-past <- "in June"
            2014 year <- "in 2014"
            2021-06 month-relative <- "Last June"
        "#]],
    );
}

#[test]
fn longer_ago_than_time_itself() {
    check("It was past 999999 years ago, and in the past 99999999 months.", expect![[""]]);
}

#[test]
fn weekdays_that_a_month_or_a_date_fixes() {
    check(
        "It was hit on the first Monday of February, on the last Friday in March 2014 and on Wednesday of last week. \
         The vote is on Friday, April 1.",
        expect![[r#"
            2022-02-07 weekday-of-month <- "on the first Monday of February"
            2014-03-28 weekday-of-month <- "on the last Friday in March 2014"
            2022-03-16 weekday-of-week <- "on Wednesday of last week"
            2022-04-01 date-future <- "on Friday, April 1"
        "#]],
    );
}

#[test]
fn words_that_are_no_times() {
    check(
        "They may march on. A second shell fell at Mr. March's house. On 31 February, on 9999-99-99 and in 2014 cases. \
         Sun and sand. Two days later they sat. Today's army. April Stone spoke by May Hart.",
        expect![""],
    );
}

#[test]
fn without_an_anchor_only_complete_dates() {
    let found = all("On Monday, Feb. 24, yesterday, 24 February 2022, in March 2022, in 2014.", "");
    let whens: Vec<_> = found.iter().map(|time| time.0.as_str()).collect();
    assert_eq!(whens, ["2022-02-24", "2022-03", "2014"]);
}

#[test]
fn other_letters() {
    check(
        "«У Варден» прийшли — Mira O’Neil, on Monday, said “since Feb. 24”.",
        expect![[r#"
            2022-03-21 weekday-past <- "on Monday"
            2022-02-24 date-past <- "since Feb. 24"
        "#]],
    );
}

proptest! {
    #[test]
    fn any_text_is_read(
        words in "(\\PC{0,5}|[0-9./:h-]{0,10}| (on|since|late|early|the|night|of|last|next|between|from|to|and|Feb\\.|March|May|Monday|overnight|in|years|days|ago|31|99999999999999999|9999|at|p.m.|noon|quarter|second|week|end|Easter|Christmas|after|half|past|three|now|closest|a|few) ){0,14}",
        anchor in prop::option::of((-9999i16..=9999, 1i8..=12, 1i8..=28)),
    ) {
        let text = Text::verbatim(Digest::of(words.as_bytes()), words.clone());
        let doc = Doc::read(&words, std::slice::from_ref(&(0..words.len())));
        let anchor = anchor.and_then(|(year, month, day)| Date::new(year, month, day).ok());
        let found = find(&text, &doc, anchor);
        for pair in found.windows(2) {
            prop_assert!(pair[0].span.end() <= pair[1].span.start());
        }
        for time in found {
            prop_assert!(time.when.first() <= time.when.last());
        }
        let now = anchor.unwrap_or(Date::constant(2022, 3, 24)).at(9, 20, 0, 0);
        if let Some(time) = read_time(&words, &Setting { now, country: None }) {
            prop_assert!(time.when.first() <= time.when.last());
        }
    }
}

fn check_alone(phrases: &[&str], expected: Expect) {
    // Tuesday 10 May 2022, 09:20.
    let now = Date::new(2022, 5, 10).unwrap().at(9, 20, 0, 0);
    let mut found = String::new();
    for phrase in phrases {
        let read = read_time(phrase, &Setting { now, country: None }).map_or("nothing".to_owned(), |time| {
            let bound = if time.bound == model::Bound::Within { "" } else { time.bound.name() };
            format!("{} {bound}", written(&time)).trim_end().to_owned()
        });
        writeln!(found, "{phrase}: {read}").unwrap();
    }
    expected.assert_eq(&found);
}

#[test]
fn days_that_stand_alone() {
    check_alone(
        &[
            "thursday",
            "next Thursday",
            "saturday after next",
            "6 june",
            "the 9th",
            "sun, june 12",
            "first friday of july 2023",
            "last day of august",
            "second last week of 2023",
            "the week of June 15",
            "5 sundays ago",
            "in a fortnight",
            "two days after christmas",
            "end of may",
            "beginning of last year",
            "Q3 2021",
            "since 2019",
            "before friday",
            "4/17/22",
            "17/4/2022",
        ],
        expect![[r#"
            thursday: 2022-05-12
            next Thursday: 2022-05-19
            saturday after next: 2022-05-21
            6 june: 2022-06-06
            the 9th: 2022-06-09
            sun, june 12: 2022-06-12
            first friday of july 2023: 2023-07-07
            last day of august: 2022-08-31
            second last week of 2023: 2023-12-18/2023-12-24
            the week of June 15: 2022-06-13/2022-06-19
            5 sundays ago: 2022-04-10
            in a fortnight: 2022-05-24
            two days after christmas: 2022-12-27
            end of may: 2022-05-21/2022-05-31
            beginning of last year: 2021-01-01/2021-03-31
            Q3 2021: 2021-07-01/2021-09-30
            since 2019: 2019 after
            before friday: 2022-05-13 before
            4/17/22: 2022-04-17
            17/4/2022: 2022-04-17
        "#]],
    );
}

#[test]
fn hours_that_stand_alone() {
    check_alone(
        &[
            "at 7 pm",
            "8:40",
            "noon tomorrow",
            "ten to six",
            "half past eleven in the morning",
            "six forty five p m",
            "friday evening at 8",
            "10 - 11:30 am",
            "wednesday from 1 to 4 pm",
            "in 25 minutes",
            "last 3 hours",
            "tomorrow, early in the morning",
            "after 11pm",
            "yesterday's news",
        ],
        expect![[r#"
            at 7 pm: 2022-05-10 19:00
            8:40: 2022-05-10 20:40
            noon tomorrow: 2022-05-11 12:00
            ten to six: 2022-05-10 17:50
            half past eleven in the morning: 2022-05-10 11:30
            six forty five p m: 2022-05-10 18:45
            friday evening at 8: 2022-05-13 20:00
            10 - 11:30 am: 2022-05-10 10:00/11:30
            wednesday from 1 to 4 pm: 2022-05-11 13:00/16:00
            in 25 minutes: 2022-05-10 09:45
            last 3 hours: 2022-05-10 06:00/09:00
            tomorrow, early in the morning: 2022-05-11 00:00/09:00
            after 11pm: 2022-05-10 23:00 after
            yesterday's news: nothing
        "#]],
    );
}

#[test]
fn a_country_keeps_its_own_days() {
    let now = Date::new(2022, 5, 10).unwrap().at(9, 20, 0, 0);
    let read = |words, country| read_time(words, &Setting { now, country }).unwrap().when.to_string();
    assert_eq!(read("thanksgiving", None), "2022-11-24");
    assert_eq!(read("thanksgiving", Some("CA")), "2022-10-10");
    assert_eq!(read("3/4/2022", Some("GB")), "2022-04-03");
    assert_eq!(read("3/4/2022", None), "2022-03-04");
}

#[test]
fn hours_beside_a_day() {
    check(
        "At 3 p.m. on Monday shells fell; on Tuesday at about 5:40 a.m. again; at 21:15 on 20 March again; on Tuesday \
         between 9:30 and 11 a.m. sirens rang. They came on Wednesday, 12 of them, and left Monday evening.",
        expect![[r#"
            2022-03-21 15:00 weekday-past <- "At 3 p.m. on Monday"
            2022-03-22 05:40 weekday-past <- "on Tuesday at about 5:40 a.m."
            2022-03-20 21:15 date-past <- "at 21:15 on 20 March"
            2022-03-22 09:30/11:00 hours <- "on Tuesday between 9:30 and 11 a.m."
            2022-03-23 weekday-past <- "on Wednesday"
            2022-03-21 18:00/24:00 weekday-past <- "Monday evening"
        "#]],
    );
}

#[test]
fn feasts_and_quarters() {
    check(
        "It was shelled on Christmas Day and before Orthodox Easter. On Thanksgiving all was calm. Christmas shopping began. \
         Exports fell in the third quarter of 2021. It ended on the 19th, in the last week of February 2022.",
        expect![[r#"
            2021-12-25 holiday <- "on Christmas Day"
            2021-05-02 holiday <- "before Orthodox Easter"
            2021-07-01/2021-09-30 one-of <- "in the third quarter of 2021"
            2022-03-19 day-of-month <- "on the 19th"
            2022-02-22/2022-02-28 one-of <- "in the last week of February 2022"
        "#]],
    );
}

#[test]
fn words_of_months_and_numbers_are_no_times() {
    check(
        "They may march on the second. In the fall he had 3 to 5 men at 7 posts. The score was 3:15. He ran 10.30 miles. \
         She lost at least 12 to 15 people, the first of them at 40.",
        expect![[""]],
    );
}
