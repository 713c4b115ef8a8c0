//! Ledgers of figures in words.

use super::{bounds, spaced};
use crate::terminal::{FAINT, HEADING, plain, styled, wrapped};
use crate::wire::{Denied, Ledger, Ledgers, Line, Remark, Situation};

/// Describes figures that stand beside each other, and what strikes the eye between them.
pub(crate) fn ledgers(figures: &Ledgers) -> String {
    let mut text: String = figures.ledger.iter().map(ledger).collect();
    let (conflicts, others): (Vec<&Remark>, Vec<&Remark>) =
        figures.remarks.iter().partition(|remark| remark.is_conflict);
    for (heading, remarks) in [("do not fit together", conflicts), ("went on", others)] {
        if !remarks.is_empty() {
            text += &format!("    {}\n", styled(HEADING, heading));
            remarks.into_iter().for_each(|found| text += &remark(found));
        }
    }
    text + &denied(&figures.denied)
}

/// Describes what is denied, by whom and in which claims.
pub(crate) fn denied(denied: &[Denied]) -> String {
    let mut text = match denied {
        [] => return String::new(),
        _ => format!("    {}\n", styled(HEADING, "denied")),
    };
    for Denied { what, denials } in denied {
        text += &(wrapped(&plain(what), "      ") + "\n");
        for denial in denials {
            let by = denial.by.as_deref().map_or("somebody who is not named".to_owned(), plain);
            let claims: Vec<String> = denial.claims.iter().map(|claim| plain(claim)).collect();
            let line = format!("by {by}: {} ({})", plain(&denial.reason), claims.join(", "));
            text += &(wrapped(&line, "        ") + "\n");
        }
    }
    text
}

/// Describes what strikes the eye between two figures, with the claims that it is about.
pub(crate) fn remark(remark: &Remark) -> String {
    let line = wrapped(&plain(&remark.reason), "      ");
    let claims = format!("{}: {} and {}", spaced(remark.kind), plain(&remark.one), plain(&remark.other));
    format!("{line}\n{}\n", styled(FAINT, &wrapped(&claims, "        ")))
}

fn ledger(ledger: &Ledger) -> String {
    let ends = bounds(ledger.least, ledger.most, None);
    let said = match (ledger.least, ledger.most) {
        (None, None) => String::new(),
        (Some(_), None) => ends.replace("or more", "or more: no upper bound is said"),
        _ => ends,
    };
    let said =
        if said.is_empty() { said } else { format!(": from the least to the most that is said: {said}") };
    let head = format!("{}{said}", super::counted(&ledger.measure, &ledger.population));
    let lines: String = ledger.figures.iter().map(line).collect();
    wrapped(&head, "    ") + "\n" + &lines
}

fn line(line: &Line) -> String {
    let day = line.day.map_or("undated".to_owned(), |day| day.to_string());
    let until = line.last_day.filter(|last| Some(*last) != line.day).map(|last| format!(" to {last}"));
    let it = &line.bounds;
    let mut notes: Vec<String> = it.caveats.iter().map(|caveat| spaced(caveat)).collect();
    notes.extend(match line.counts {
        "whole" => None,
        "addition" => Some("in addition to others".to_owned()),
        _ => Some("a part of another figure".to_owned()),
    });
    notes.extend(line.withdrawn.then(|| "withdrawn by its report".to_owned()));
    notes.extend(match line.repeated.len() {
        0 => None,
        1 => Some("repeated once".to_owned()),
        times => Some(format!("repeated {times} times")),
    });
    let notes: String = notes.iter().map(|note| format!(", {note}")).collect();
    let by = plain(line.by());
    let said = format!(
        "{day}{}  {}{notes}: “{}” {by}, {}",
        until.unwrap_or_default(),
        bounds(it.lower, it.upper, it.stated),
        plain(&line.words),
        plain(&line.claim)
    );
    wrapped(&said, "      ") + "\n"
}

/// Describes a situation with its figures.
pub(crate) fn situation(situation: &Situation) -> String {
    let reports = match situation.reports {
        1 => "1 report".to_owned(),
        many => format!("{many} reports"),
    };
    let head = format!("{} · {reports}", plain(&situation.id));
    format!(
        "{}\n{}\n{}",
        styled(HEADING, &wrapped(&called(situation), "")),
        styled(FAINT, &wrapped(&head, "  ")),
        ledgers(&situation.figures)
    )
}

/// Returns what a situation is called: its place and how long it has lasted.
pub(crate) fn called(situation: &Situation) -> String {
    let place = situation.place.as_deref().map_or("place not said".to_owned(), plain);
    let from = situation
        .from
        .map_or("for a time whose beginning is not said".to_owned(), |day| format!("since {day}"));
    format!("{place}, {from}")
}
