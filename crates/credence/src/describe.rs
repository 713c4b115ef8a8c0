//! Claims in words, for people.

pub(crate) mod changes;
pub(crate) mod decision;
pub(crate) mod ledger;

use anstyle::Style;
use store::StoredReport;

use crate::terminal::{ALLEGATION, DETERMINATION, FAINT, FIGURE, STATEMENT, plain, styled, wrapped};
use crate::wire::{Claim, Fields, Place, Report};

/// Returns the look of a kind of claim.
pub(crate) fn style(kind: &str) -> Style {
    match kind {
        "statement" => STATEMENT,
        "figure" => FIGURE,
        "allegation" => ALLEGATION,
        _ => DETERMINATION,
    }
}

/// Returns the title of a report, or the beginning of its text where there is none.
pub(crate) fn title(report: &StoredReport) -> String {
    if let Some(title) = &report.row.title {
        return clipped(title, LONGEST_TITLE);
    }
    let read: Option<Report> = serde_json::from_str(&report.row.body).ok();
    read.and_then(|read| Some(clipped(read.body.first()?.words(), LONGEST_TITLE))).unwrap_or_default()
}

/// Characters of a title, at most: a text without paragraphs begins with all of itself.
const LONGEST_TITLE: usize = 240;

fn clipped(words: &str, longest: usize) -> String {
    match words.char_indices().nth(longest) {
        Some((at, _)) => format!("{}…", words[..at].trim_end()),
        None => words.to_owned(),
    }
}

/// Describes a claim: its id and kind, its words, who says it and what is known of it.
pub(crate) fn claim(claim: &Claim) -> String {
    let kind = claim.fields.kind();
    let head = format!("{}  {}", plain(&claim.id), styled(style(kind), &headline(claim)));
    let words = wrapped(&format!("“{}”", plain(claim.span.words())), "    ");
    let about = wrapped(&about(claim), "    ");
    format!("{head}\n{words}\n{}\n", styled(FAINT, &about))
}

/// Describes a claim in one line: kind, what it is, polarity.
pub(crate) fn headline(claim: &Claim) -> String {
    let what = match &claim.fields {
        Fields::Statement { form, .. } => format!("statement, {form}"),
        Fields::Figure { measure, population, lower, upper, stated, approx, vague, .. } => {
            let bounds = bounds(*lower, *upper, *stated);
            let about = if *approx {
                " (about)"
            } else if *vague {
                " (vague)"
            } else {
                ""
            };
            format!("figure: {}: {bounds}{about}", counted(measure, population))
        }
        Fields::Allegation { act, object_class, comparison, .. } => {
            let classes = if object_class.is_empty() {
                String::new()
            } else {
                format!(" ({})", spaced(&object_class.join(", ")))
            };
            let comparison = if *comparison { ", as a comparison" } else { "" };
            format!("allegation: {}{classes}{comparison}", spaced(act))
        }
        Fields::Determination { standard, .. } => format!("determination: {}", spaced(standard)),
    };
    match claim.polarity.as_str() {
        "asserted" => what,
        other => format!("{what}, {}", spaced(other)),
    }
}

/// Says who says it, where, when, and by which rule it was found.
fn about(claim: &Claim) -> String {
    let mut parts = vec![said_by(claim)];
    match &claim.fields {
        Fields::Statement { said_on, .. } | Fields::Determination { said_on, .. } => {
            parts.extend(said_on.map(|day| format!("said on {day}")));
        }
        Fields::Figure { place, period, caveats, subset_of, scope, .. } => {
            parts.push(scope.clone());
            parts.extend(place.as_ref().map(described_place));
            parts.extend(period.as_ref().map(|period| match (period.from, period.to) {
                (Some(from), Some(to)) => format!("{from} to {to}"),
                (Some(from), None) => format!("since {from}"),
                (None, Some(to)) => format!("by {to}"),
                (None, None) => "period unknown".to_owned(),
            }));
            parts.extend(subset_of.as_ref().map(|whole| format!("part of {}", plain(whole))));
            parts.extend(caveats.iter().map(|caveat| format!("caveat: {caveat}")));
        }
        Fields::Allegation { actor, target, weapon, place, time, certainty, caveats, .. } => {
            parts.extend(actor.as_ref().map(|actor| format!("actor: {}", plain(&actor.name))));
            parts.extend(target.as_ref().map(|target| format!("target: {}", plain(&target.name))));
            parts.extend(weapon.as_ref().map(|weapon| format!("weapon: {}", plain(&weapon.name))));
            parts.extend(place.as_ref().map(described_place));
            parts.extend(time.as_ref().map(|time| format!("time: {}", time.iso)));
            if certainty != "certain" {
                parts.push(certainty.clone());
            }
            parts.extend(caveats.iter().map(|caveat| format!("caveat: {caveat}")));
        }
    }
    parts.extend(claim.denies.as_ref().map(|denied| format!("denies {}", plain(denied))));
    parts.extend(claim.supersedes.as_ref().map(|earlier| format!("supersedes {}", plain(earlier))));
    parts.push(format!("rule: {}", claim.rule));
    parts.join(" · ")
}

/// Names the chain of speakers, nearest to the fact first.
pub(crate) fn said_by(claim: &Claim) -> String {
    match claim.said_by.is_empty() {
        true => "unattributed".to_owned(),
        false => {
            let names: Vec<String> = claim.said_by.iter().map(|speaker| plain(&speaker.name)).collect();
            format!("said by {}", names.join(", through "))
        }
    }
}

fn described_place(place: &Place) -> String {
    let words = plain(place.span.words());
    match &place.located {
        Some(located) => {
            format!("place: {words} ({}, {:.2} {:.2})", located.country, located.latitude, located.longitude)
        }
        None => format!("place: {words}"),
    }
}

/// Writes bounds as people do: an open end stays open.
pub(crate) fn bounds(lower: Option<u64>, upper: Option<u64>, stated: Option<u64>) -> String {
    match (lower, upper) {
        (Some(lower), Some(upper)) if lower == upper => grouped(lower),
        (Some(lower), Some(upper)) => format!("{} to {}", grouped(lower), grouped(upper)),
        (Some(lower), None) => format!("{} or more", grouped(lower)),
        (None, Some(upper)) => format!("{} or fewer", grouped(upper)),
        (None, None) => stated.map_or("no bound".to_owned(), |stated| format!("about {}", grouped(stated))),
    }
}

/// Writes a number with commas between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Says in words what an origin is to the event.
pub(crate) fn kind_of_origin(name: &str) -> &'static str {
    match name {
        "witness" => "a person who was there",
        "harmed_side" => "the side that was harmed",
        "against_interest" => "the accused side, against its own interest",
        "accused_side" => "the accused side, in its own version",
        "monitor" => "a monitor, such as the UN, an inquiry or a charity",
        "outlet" => "an outlet or agency of its own knowledge",
        "third_side" => "a government of a third side",
        _ => "not said what it is to the event",
    }
}

/// Says in words what an origin says that it rests on, as the end of a line.
pub(crate) fn basis_of_origin(name: &str) -> &'static str {
    match name {
        "saw" => "; the words say that it saw this",
        "documents" => "; the words name documents or pictures",
        "intelligence" => "; the words name intelligence",
        "was_told" => "; the words say that it was told",
        _ => "",
    }
}

/// Writes a machine name in words.
pub(crate) fn spaced(name: &str) -> String {
    match name {
        "genocide_or_cah" => "genocide or crimes against humanity".to_owned(),
        "people_exposed" => "exposed".to_owned(),
        _ => name.replace('_', " "),
    }
}

/// Says what a figure counts and of whom, as people do: "killed people", "explosions".
pub(crate) fn counted(measure: &str, population: &str) -> String {
    let of = plain(&spaced(population));
    match measure {
        _ if measure == population => of,
        // Each of those counted is what happened.
        "attacks" | "other" => of,
        _ => format!("{} {of}", spaced(measure)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_said_in_words() {
        assert_eq!(counted("killed", "medical_personnel"), "killed medical personnel");
        assert_eq!(counted("attacks", "explosions"), "explosions");
        assert_eq!(counted("attacks", "attacks"), "attacks");
        assert_eq!(spaced("genocide_or_cah"), "genocide or crimes against humanity");
    }

    #[test]
    fn an_open_end_stays_open() {
        assert_eq!(bounds(Some(954), None, Some(953)), "954 or more");
        assert_eq!(bounds(Some(3_500_001), None, None), "3,500,001 or more");
        assert_eq!(bounds(None, Some(299), Some(300)), "299 or fewer");
        assert_eq!(bounds(None, None, Some(50)), "about 50");
        assert_eq!(bounds(Some(0), Some(0), Some(0)), "0");
    }
}
