use super::bounds;
use crate::terminal::{ALLEGATION, FAINT, HEADING, plain, styled, wrapped};
use crate::wire::{
    Change, Correction, Decision, NewDenial, PageChanged, SourceLost, Toll, TollFigure, Touched,
};

/// Describes changes, each kind under its heading.
pub(crate) fn described(changes: &[Change]) -> String {
    let mut text = String::new();
    let mut last = "";
    for change in changes {
        let (heading, line, hint) = line(change);
        if heading != last {
            text += &format!("{}\n", styled(HEADING, heading));
            last = heading;
        }
        text += &(wrapped(&line, "  ") + "\n");
        if let Some(hint) = hint {
            text += &(styled(FAINT, &wrapped(&hint, "    ")) + "\n");
        }
    }
    text
}

/// Says each change in one line: its heading, the words, and the id of what it is about.
pub(crate) fn lines(changes: &[Change]) -> Vec<(&'static str, String, String)> {
    changes.iter().map(|change| (heading_of(change), bare(change), about(change).to_owned())).collect()
}

fn heading_of(change: &Change) -> &'static str {
    line(change).0
}

/// Returns the words without the id that the line begins with, and without colour.
fn bare(change: &Change) -> String {
    match change {
        Change::NewIncident(it) | Change::NewReports(it) => {
            let reports = it.reports.len();
            let killed = most_killed(it);
            format!(
                "{}{}{killed}, {}",
                it.title,
                days(it),
                if reports == 1 { "1 new report".to_owned() } else { format!("{reports} new reports") }
            )
        }
        Change::Correction(it) => corrected(it),
        Change::Denial(it) => denied(it),
        _ => {
            let (_, said, _) = line(change);
            let id = plain(about(change));
            said.strip_prefix(&format!("{id} ")).map_or(said.clone(), str::to_owned)
        }
    }
}

/// Returns the id of what a change is about; nothing for a source.
fn about(change: &Change) -> &str {
    match change {
        Change::NewIncident(it) | Change::NewReports(it) => &it.incident,
        Change::Toll(it) => &it.incident,
        Change::Denial(it) => it.incident.as_deref().unwrap_or(&it.claim),
        Change::Correction(it) => it.claim.as_deref().unwrap_or(&it.report),
        Change::PageChanged(it) => &it.original,
        Change::Decided(it) => &it.id,
        Change::SourceLost(_) | Change::Removed(_) => "",
    }
}

/// Returns the heading, the words, and where to look further.
fn line(change: &Change) -> (&'static str, String, Option<String>) {
    match change {
        Change::NewIncident(new) => ("New incidents", touched(new), None),
        Change::Toll(toll) => (toll_heading(toll), moved(toll), None),
        Change::Denial(denial) => {
            ("Denials", format!("{} {}", plain(&denial.claim), denied(denial)), further(denial))
        }
        Change::NewReports(known) => ("More reports of known incidents", touched(known), None),
        Change::Correction(it) => ("Corrections", corrected(it), None),
        Change::PageChanged(page) => {
            ("Pages that changed", changed(page), Some(format!("credence versions {}", plain(&page.address))))
        }
        Change::Decided(decision) => ("Decided by people", decided(decision), None),
        Change::SourceLost(source) => ("Sources lost", lost(source), None),
        Change::Removed(removed) => {
            ("Removed by law", format!("{}: {}", removed.at, plain(&removed.reason)), None)
        }
    }
}

fn touched(touched: &Touched) -> String {
    let day = days(touched);
    let killed = most_killed(touched);
    let reports: Vec<String> = touched.reports.iter().take(REPORTS).map(|id| plain(id)).collect();
    let more = match touched.reports.len().saturating_sub(REPORTS) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let title = styled(ALLEGATION, &plain(&touched.title));
    let earlier = match touched.earlier {
        0 => String::new(),
        earlier => format!(" ({earlier} before)"),
    };
    format!("{} {title}{day}{killed}: {}{more}{earlier}", touched.incident, reports.join(", "))
}

/// Says the highest toll that anybody states: others may state lower ones.
fn most_killed(touched: &Touched) -> String {
    touched.killed.map_or(String::new(), |killed| {
        format!(", at least {} killed by the highest figure", super::grouped(killed))
    })
}

fn days(touched: &Touched) -> String {
    match (touched.first_day, touched.last_day) {
        (Some(first), Some(last)) if first != last => format!(", between {first} and {last}"),
        (Some(day), _) => format!(", {day}"),
        _ => ", undated".to_owned(),
    }
}

/// Reports that a line names; `--json` has all.
const REPORTS: usize = 5;

fn toll_heading(toll: &Toll) -> &'static str {
    match toll.direction {
        "rose" => "Tolls that rose",
        "fell" => "Tolls that fell",
        _ => "First figures of known incidents",
    }
}

fn moved(toll: &Toll) -> String {
    let what = super::counted(&toll.measure, &toll.population);
    let before = toll.before.as_ref().map_or(String::new(), |before| format!("from {} to ", figure(before)));
    format!("{} {}: {what}: {before}{}", toll.incident, plain(&toll.title), figure(&toll.after))
}

fn figure(figure: &TollFigure) -> String {
    let by = figure.speaker.as_deref().map_or("nobody named".to_owned(), plain);
    let number = bounds(figure.bounds.lower, figure.bounds.upper, figure.bounds.stated);
    format!("{number} ({by}, {})", plain(&figure.claim))
}

fn denied(denial: &NewDenial) -> String {
    let by = denial.speaker.as_deref().map_or("the outlet".to_owned(), plain);
    let how = if denial.polarity == "denied" { "denies" } else { "tells it otherwise" };
    format!("{by} {how}: “{}”", plain(&denial.words))
}

/// Says what a denial answers, and how often it is repeated.
fn further(denial: &NewDenial) -> Option<String> {
    let answers = denial.incident.as_deref().map(|incident| format!("answers {}", plain(incident)));
    let said: Vec<String> = answers.into_iter().chain(repeated(denial)).collect();
    (!said.is_empty()).then(|| said.join("; "))
}

fn repeated(denial: &NewDenial) -> Option<String> {
    match denial.repeated.len() {
        0 => None,
        1 => Some("in the same words in 1 report more".to_owned()),
        more => Some(format!("in the same words in {more} reports more")),
    }
}

fn corrected(correction: &Correction) -> String {
    let Correction { report, claim, corrects, words } = correction;
    match (claim, corrects) {
        (Some(claim), Some(corrects)) => {
            format!("{} corrects {}: “{}”", plain(claim), plain(corrects), plain(words))
        }
        _ => format!("{} calls itself a correction: “{}”", plain(report), plain(words)),
    }
}

fn changed(page: &PageChanged) -> String {
    let says = if page.correction { ", and says that it was corrected" } else { "" };
    let sentences =
        |count: usize| if count == 1 { "1 sentence".to_owned() } else { format!("{count} sentences") };
    format!(
        "{} at {}: {} new, {} gone{says}",
        plain(&page.address),
        page.seen,
        sentences(page.added),
        sentences(page.removed)
    )
}

fn decided(decision: &Decision) -> String {
    let Decision { id, act, about, by, reason, .. } = decision;
    format!("{id} {act} ({about}) by {}: {}", plain(by), plain(reason))
}

fn lost(source: &SourceLost) -> String {
    let fault = source.fault.as_deref().map_or("failed".to_owned(), plain);
    let next = if source.given_up { "given up" } else { "will be tried again" };
    format!("{}: {}: {fault} ({next})", plain(&source.source), plain(&source.address))
}
