//! Reports for tests, put together by hand.

use model::{
    Act, Allegation, Certainty, Claim, ClaimKind, Digest, Figure, Measure, Mention, Metadata, Paragraph,
    Place, Polarity, Report, Resolution, Scope, Span, Speaker, Text,
};

/// Makes a report of `outlet` on `day` (empty: not dated), one paragraph a line and one sentence a full stop.
pub(crate) fn report(outlet: &str, day: &str, words: &str) -> Report {
    let text = Text::verbatim(Digest::of(words.as_bytes()), words.to_owned());
    let mut body = Vec::new();
    let mut at = 0;
    for line in words.split_inclusive('\n') {
        if let Some(span) = text.trimmed(at..at + line.len()) {
            body.push(Paragraph { span, sentences: sentences(&text, span.range()) });
        }
        at += line.len();
    }
    let named = |name: &str| if name.is_empty() { None } else { Some(name.to_owned()) };
    let metadata = Metadata { published: day.parse().ok(), outlet: named(outlet), ..Metadata::default() };
    let (dateline, wire, language) = (None, None, None);
    Report { text, metadata, language, dateline, wire, body, boilerplate: Vec::new(), notes: Vec::new() }
}

fn sentences(text: &Text, range: std::ops::Range<usize>) -> Vec<Span> {
    let mut at = range.start;
    let mut found = Vec::new();
    for piece in text.read()[range].split_inclusive(". ") {
        found.extend(text.trimmed(at..at + piece.len()));
        at += piece.len();
    }
    found
}

/// What stands in every claim of a test: where its words are and who says it.
pub(crate) struct Said<'a> {
    pub(crate) words: &'a str,
    /// Nearest to the fact first.
    pub(crate) by: &'a [&'a str],
    pub(crate) polarity: Polarity,
}

pub(crate) fn claim(report: &Report, said: &Said<'_>, kind: ClaimKind) -> Claim {
    let speaker =
        |name: &&str| Speaker { name: (*name).to_owned(), mention: None, resolution: Resolution::Stated };
    Claim {
        span: cut(report, said.words),
        said_by: said.by.iter().map(speaker).collect(),
        cue: None,
        polarity: said.polarity,
        denies: None,
        supersedes: None,
        rule: "test",
        evidence: Vec::new(),
        kind,
    }
}

/// Makes an allegation of an act by an actor (empty: nobody is named) in a place (the same).
pub(crate) fn allegation(report: &Report, act: Act, [actor, place]: [&str; 2]) -> ClaimKind {
    let named = |words: &str| (!words.is_empty()).then(|| cut(report, words));
    ClaimKind::Allegation(Box::new(Allegation {
        trigger: report.text.span(0..0).unwrap(),
        act,
        actor: named(actor).map(|span| Mention { span, name: actor.to_owned() }),
        target: None,
        object_class: Vec::new(),
        place: named(place).map(|span| Place { span, located: None }),
        time: None,
        weapon: None,
        certainty: Certainty::Certain,
        caveats: Vec::new(),
        comparison: false,
    }))
}

/// Makes a figure of people killed: the number, who they are, and where (empty: not said).
pub(crate) fn killed(report: &Report, number: u64, [population, place]: [&str; 2]) -> ClaimKind {
    ClaimKind::Figure(Box::new(Figure {
        measure: Measure::Killed,
        population: population.to_owned(),
        lower: Some(number),
        upper: Some(number),
        stated: Some(number),
        approx: false,
        vague: false,
        scope: Scope::Incident,
        subset_of: None,
        place: (!place.is_empty()).then(|| Place { span: cut(report, place), located: None }),
        period: None,
        caveats: Vec::new(),
    }))
}

fn cut(report: &Report, words: &str) -> Span {
    let start = report.text.read().find(words).unwrap_or_else(|| panic!("{words:?} stands in the report"));
    report.text.span(start..start + words.len()).unwrap()
}
