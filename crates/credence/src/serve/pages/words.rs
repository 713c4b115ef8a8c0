//! How things are worded and linked on the pages.

use std::borrow::Borrow;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::describe;
use crate::serve::rows::ReportLine;
use crate::wire::Claim;
use crate::wire::{Bounds, Conflict, Decision, Fields, IncidentTime, Ledger, Line, Matter, Said, Situation};

pub(super) use super::map::around;
pub(super) use crate::describe::decision::Part;
pub(super) use crate::describe::spaced;

/// Writes words so that they are one part of an address (RFC 3986, 2.3 and 3.3).
pub(super) fn encoded(words: &str) -> String {
    let mut address = String::new();
    for byte in words.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                address.push(char::from(byte))
            }
            _ => address += &format!("%{byte:02X}"),
        }
    }
    // A browser takes these for steps through folders, also where they are encoded.
    match address.as_str() {
        "." => "%2E".to_owned(),
        ".." => "%2E%2E".to_owned(),
        _ => address,
    }
}

pub(super) fn report(id: &str) -> String {
    format!("/reports/{}", encoded(id))
}

pub(super) fn claim(id: &str) -> String {
    format!("/claims/{}", encoded(id))
}

pub(super) fn origins(id: &str) -> String {
    format!("/origins/{}", encoded(id))
}

pub(super) fn story(id: &str) -> String {
    format!("/stories/{}", encoded(id))
}

pub(super) fn incident(id: &str) -> String {
    format!("/incidents/{}", encoded(id))
}

pub(super) fn situation_page(id: &str) -> String {
    format!("/situations/{}", encoded(id))
}

/// Returns the page of anything that has an id.
pub(super) fn of(id: &str) -> String {
    match id {
        _ if id.starts_with("i-") => incident(id),
        _ if id.starts_with("s-") => story(id),
        _ if id.starts_with("d-") => "/decisions".to_owned(),
        _ if id.contains('#') => claim(id),
        _ => report(id),
    }
}

/// Keeps a name apart from the words around it where there are no elements: marks of direction in it turn nothing else round
/// (Unicode, UAX 9, 2.4.2).
pub(super) fn apart(name: &str) -> String {
    format!("\u{2068}{name}\u{2069}")
}

pub(super) fn dated(day: &Option<Date>) -> String {
    day.map_or("undated".to_owned(), |day| day.to_string())
}

pub(super) fn day_or_nothing(day: &Option<Date>) -> String {
    day.map_or(String::new(), |day| day.to_string())
}

pub(super) fn moment(at: &Option<Timestamp>) -> String {
    at.map_or("never".to_owned(), |at| at.to_string())
}

pub(super) fn days(first: &Option<Date>, last: &Option<Date>) -> String {
    match (first, last) {
        (Some(first), Some(last)) if first == last => first.to_string(),
        (Some(first), Some(last)) => format!("{first} to {last}"),
        (Some(day), None) | (None, Some(day)) => day.to_string(),
        (None, None) => "undated".to_owned(),
    }
}

/// Returns what a report is called: its title or first words, or its name where there are none.
pub(super) fn headline(report: &ReportLine) -> &str {
    if report.headline.is_empty() { &report.id } else { &report.headline }
}

/// Says how known a report was before it came.
pub(super) fn known_as(came: &str) -> &'static str {
    match came {
        "seen_again" => "known, and more is known of it now",
        _ => "known already: the same bytes are kept once",
    }
}

/// Says why something is on no map.
pub(super) fn pointless(place: &Option<String>) -> String {
    match place {
        Some(place) => format!("the gazetteer does not know {place}"),
        None => "no place was read".to_owned(),
    }
}

/// Says when it was reported, of what no report dates.
pub(super) fn reported(first: &Option<Date>, last: &Option<Date>) -> String {
    match first.or(*last) {
        Some(_) => format!("reported {}", days(first, last)),
        None => days(first, last),
    }
}

pub(super) fn when(time: &Option<IncidentTime>) -> String {
    time.as_ref().map_or("undated".to_owned(), describe::decision::when)
}

pub(super) fn place(place: &Option<String>, precision: &Option<String>) -> String {
    match (place, precision.as_deref()) {
        (Some(place), Some("settlement")) => place.clone(),
        (Some(place), _) => format!("somewhere in {place}"),
        (None, _) => "place not said".to_owned(),
    }
}

pub(super) fn counted(count: impl Borrow<usize>, noun: &str) -> String {
    match *count.borrow() {
        1 => format!("1 {noun}"),
        count => format!("{} {noun}s", grouped(count as u64)),
    }
}

pub(super) fn grouped(count: impl Borrow<u64>) -> String {
    describe::grouped(*count.borrow())
}

pub(super) fn bounds(it: &Bounds) -> String {
    let caveats: String = it.caveats.iter().map(|caveat| format!(", {}", spaced(caveat))).collect();
    format!("{}{caveats}", describe::bounds(it.lower, it.upper, it.stated))
}

pub(super) fn by(said: &Said) -> String {
    said.said_by.first().cloned().unwrap_or_else(|| "the outlet itself".to_owned())
}

pub(super) fn passing_on(reports: usize) -> String {
    let only = if reports == 1 { "only passes it on" } else { "only pass it on" };
    format!("{} that {only}", counted(reports, "report"))
}

/// Says what a ledger counts.
pub(super) fn of_ledger(ledger: &Ledger) -> String {
    describe::counted(&ledger.measure, &ledger.population)
}

/// Says of how many things a number beside it speaks.
pub(super) fn noun(count: impl Borrow<u64>, one: &'static str, many: &'static str) -> &'static str {
    if *count.borrow() == 1 { one } else { many }
}

/// Says from how many origins a matter comes, and how many reports only pass it on.
pub(super) fn origins_counted(matter: &Matter) -> String {
    let mut parts = vec![counted(matter.independent.len(), "independent origin")];
    if !matter.dependent.is_empty() {
        parts.push(passing_on(matter.dependent.len()));
    }
    if !matter.unknown.is_empty() {
        parts.push(format!("{} unknown", matter.unknown.len()));
    }
    if !matter.denials.is_empty() {
        parts.push("denied".to_owned());
    }
    parts.join(", ")
}

/// Writes names that are kept in small letters as people write them.
pub(super) fn named(names: &[String]) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
    };
    let name = |name: &String| name.split(' ').map(capital).collect::<Vec<_>>().join(" ");
    names.iter().map(name).collect::<Vec<_>>().join(", ")
}

pub(super) fn kind_of_origin(kind: &str) -> &'static str {
    describe::kind_of_origin(kind)
}

pub(super) fn basis_of_origin(basis: &str) -> &'static str {
    describe::basis_of_origin(basis)
}

pub(super) fn strength(strength: &str) -> &'static str {
    match strength {
        "specific" => "Denied",
        "counter_version" => "Told otherwise",
        _ => "Denied in general",
    }
}

/// Says what lies between the least and the most that anybody says.
pub(super) fn envelope(ledger: &Ledger) -> String {
    match (ledger.least, ledger.most) {
        (None, None) => "no bound in common: they may be of different times".to_owned(),
        (Some(least), None) => match ledger.highest.filter(|highest| *highest > least) {
            Some(highest) => format!(
                "{} or more by the lowest figure, at least {} by the highest: no upper bound is said",
                grouped(least),
                grouped(highest)
            ),
            None => format!("{} or more: no upper bound is said", grouped(least)),
        },
        (least, most) => {
            format!("from the least to the most that is said: {}", describe::bounds(least, most, None))
        }
    }
}

pub(super) fn of_line(line: &Line) -> String {
    let mut notes = Vec::new();
    match line.counts {
        "whole" => {}
        "addition" => notes.push("in addition to others".to_owned()),
        _ => notes.push("a part of another figure".to_owned()),
    }
    if line.withdrawn {
        notes.push("withdrawn by its report".to_owned());
    }
    if !line.repeated.is_empty() {
        notes.push(format!("repeated in {}", counted(line.repeated.len(), "other claim")));
    }
    notes.iter().map(|note| format!(" · {note}")).collect()
}

pub(super) fn counts(claim: &Claim) -> String {
    match &claim.fields {
        Fields::Figure { measure, population, .. } => describe::counted(measure, population),
        _ => String::new(),
    }
}

pub(super) fn figure(claim: &Claim) -> String {
    match &claim.fields {
        Fields::Figure { lower, upper, stated, .. } => describe::bounds(*lower, *upper, *stated),
        _ => String::new(),
    }
}

/// Says what a figure is worth that is not simply said: " denied".
pub(super) fn polarity(claim: &Claim) -> String {
    match claim.polarity.as_str() {
        "asserted" => String::new(),
        other => format!(" {}", spaced(other)),
    }
}

pub(super) fn speaker(claim: &Claim) -> String {
    let nearest = claim.said_by.first().map(|speaker| speaker.name.clone());
    nearest.unwrap_or_else(|| "the outlet itself".to_owned())
}

/// Shortens a name to what stands beside a line of a picture.
pub(super) fn short(name: &str) -> String {
    const LONGEST: usize = 26;
    match name.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", name[..at].trim_end()),
        None => name.to_owned(),
    }
}

/// Incidents or stories that are named as those in which something is now.
pub(super) const NOW: usize = 5;

/// Says what was decided, by the names that people have for it.
pub(super) fn decided(decision: &Decision) -> Vec<Part> {
    describe::decision::sentence(decision)
}

pub(super) fn situation(situation: &Situation) -> String {
    describe::ledger::called(situation)
}

pub(super) fn conflict(conflict: &Conflict) -> String {
    let mut parts = Vec::new();
    if !conflict.remarks.is_empty() {
        parts.push(match conflict.remarks.len() {
            1 => "two figures against each other".to_owned(),
            many => format!("{many} pairs of figures against each other"),
        });
    }
    if !conflict.denials.is_empty() {
        parts.push("denied".to_owned());
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_id_is_one_part_of_an_address() {
        assert_eq!(claim("a/b c.txt#3"), "/claims/a%2Fb%20c.txt%233");
        assert_eq!(report("Тес"), "/reports/%D0%A2%D0%B5%D1%81");
        assert_eq!(report(".."), "/reports/%2E%2E");
    }
}
