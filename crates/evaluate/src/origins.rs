//! The origins of what reports say, labelled by reading the reports.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use corroborate::{ClaimRef, CopyLink, Matter, Read, ReportKey, Subject, compare, weigh};
use extract::{Reading, Source};
use jiff::civil::Date;
use model::{Digest, Kind, Metadata};
use serde::Deserialize;

use crate::counts::share;
use crate::points::Points;
use crate::reading::{Article, read};
use crate::rows::rows;
use crate::{Corpus, Error, Measured};

/// Measures how many independent origins are found behind what reports say, and which.
///
/// The labels are our own, `eval/origins.json`: matters chosen and judged by reading the texts before the program had
/// read them. They point at words by their place, for the corpora may not be quoted, and hold the sample reports too. The
/// reports of one labelled story are weighed together. Of the matters that come out, the one that holds most of the claims
/// pointed at is compared; a claim that is not read makes its matter wrong. `counts` is the share of matters of which the
/// numbers of independent origins, of reports that only relay one, and of unknown origins are all three right; `roots` that
/// of which the names of the origins are those labelled, each once. `read` is the share of which any claim was read.
/// `check` marks the third of the stories that no rule was made on. `whole` are the stories of the samples and of
/// claims-gold; in most texts of the others all commas are lost, so that speakers are seldom read.
///
/// `second` is a later list, `eval/origins-second.json`, of whole texts alone: their stories were put into two halves by
/// the digests of their names, `second.tuning`, which rules are made on, and `second.check`, which none is.
///
/// `third`, `eval/origins-third.json`, was labelled later still, each report alone, and halved in the same way.
///
/// A headline or lead in the reporter's voice is labelled as resting on whom the same report names for it; a group without
/// a name ("activists", "a source") is unknown.
pub(crate) const ORIGINS: Corpus =
    Corpus { name: "origins", file: "claims-gold.jsonl", measure: |corpora| Ok(measured(&judged(corpora)?)) };

const LABELS: &str = include_str!("../../../eval/origins.json");
const SECOND: &str = include_str!("../../../eval/origins-second.json");
const THIRD: &str = include_str!("../../../eval/origins-third.json");

#[derive(Deserialize)]
struct Labels {
    stories: Vec<LabelledStory>,
}

#[derive(Deserialize)]
struct LabelledStory {
    id: String,
    part: Part,
    reports: Vec<String>,
    matters: Vec<LabelledMatter>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    Tuning,
    Check,
}

#[derive(Deserialize)]
struct LabelledMatter {
    id: String,
    kind: String,
    /// The act, measure or standard. Only that of a figure has to agree: one deed is called by several acts.
    what: String,
    claims: Vec<Pointer>,
    independent: usize,
    dependent: usize,
    unknown: usize,
    origins: Vec<LabelledOrigin>,
}

/// Words of a report: by their place in code points, or by themselves where the text is our own.
#[derive(Deserialize)]
struct Pointer {
    report: String,
    chars: Option<(usize, usize)>,
    words: Option<String>,
}

/// Names that the origin may go by: of an institution, or words of a report that name it.
#[derive(Deserialize)]
struct LabelledOrigin {
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    at: Vec<Pointer>,
}

/// How one labelled matter was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The labelled story and the matter in it.
    pub id: String,
    /// Independent, dependent, unknown, as labelled.
    pub labelled: [usize; 3],
    /// The same as found; `None` if no claim was read.
    pub found: Option<[usize; 3]>,
    /// Whether the names of the origins are those labelled.
    pub roots: bool,
    /// Whether it is kept back: no rule is made on it, so its errors are not looked at.
    pub is_check: bool,
    is_whole: bool,
    list: List,
}

/// The list of labels that a matter stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    First,
    Second,
    Third,
}

impl Judged {
    /// Tells whether all three numbers are right.
    pub fn counts(&self) -> bool {
        self.found == Some(self.labelled)
    }
}

/// Judges the origins of each labelled matter whose reports are there.
///
/// # Errors
/// Returns an error if a file cannot be read, or a row is not what the corpus promises.
pub fn judged(corpora: &Path) -> Result<Vec<Judged>, Error> {
    let texts = texts(corpora)?;
    let mut judged = Vec::new();
    for (labels, list) in [(LABELS, List::First), (SECOND, List::Second), (THIRD, List::Third)] {
        let labels: Labels = serde_json::from_str(labels).expect("a test reads the labels");
        for story in &labels.stories {
            let readings: Option<Vec<Reading>> =
                story.reports.iter().map(|name| reading(name, &texts)).collect();
            // The part of a corpus that is kept back holds other reports.
            let matters = readings.into_iter().flat_map(|readings| judge(story, &Weighed::of(&readings)));
            judged.extend(matters.map(|matter| Judged { list, ..matter }));
        }
    }
    Ok(judged)
}

fn measured(judged: &[Judged]) -> Vec<Measured> {
    let of = |measure, belongs: fn(&Judged) -> bool, is: fn(&Judged) -> bool| {
        let part: Vec<&Judged> = judged.iter().filter(|one| belongs(one)).collect();
        let right = part.iter().filter(|one| is(one)).count();
        Measured { measure, value: share(right, part.len()), n: part.len() }
    };
    vec![
        of("counts", |one| one.list == List::First, Judged::counts),
        of("roots", |one| one.list == List::First, |one| one.roots),
        of("read", |one| one.list == List::First, |one| one.found.is_some()),
        of("tuning.counts", |one| one.list == List::First && !one.is_check, Judged::counts),
        of("tuning.roots", |one| one.list == List::First && !one.is_check, |one| one.roots),
        of("check.counts", |one| one.list == List::First && one.is_check, Judged::counts),
        of("check.roots", |one| one.list == List::First && one.is_check, |one| one.roots),
        of("whole.counts", |one| one.is_whole, Judged::counts),
        of("whole.roots", |one| one.is_whole, |one| one.roots),
        of("whole.read.counts", |one| one.is_whole && one.found.is_some(), Judged::counts),
        of("whole.check.counts", |one| one.is_whole && one.is_check, Judged::counts),
        of("whole.check.roots", |one| one.is_whole && one.is_check, |one| one.roots),
        of("second.tuning.counts", |one| one.list == List::Second && !one.is_check, Judged::counts),
        of("second.tuning.roots", |one| one.list == List::Second && !one.is_check, |one| one.roots),
        of("second.check.read", |one| one.list == List::Second && one.is_check, |one| one.found.is_some()),
        of("second.check.counts", |one| one.list == List::Second && one.is_check, Judged::counts),
        of("second.check.roots", |one| one.list == List::Second && one.is_check, |one| one.roots),
        of("third.tuning.counts", |one| one.list == List::Third && !one.is_check, Judged::counts),
        of("third.tuning.roots", |one| one.list == List::Third && !one.is_check, |one| one.roots),
        of("third.check.read", |one| one.list == List::Third && one.is_check, |one| one.found.is_some()),
        of("third.check.counts", |one| one.list == List::Third && one.is_check, Judged::counts),
        of("third.check.roots", |one| one.list == List::Third && one.is_check, |one| one.roots),
    ]
}

/// A report of a corpus.
#[derive(Deserialize)]
struct Row {
    id: String,
    text: Option<String>,
    outlet: Option<String>,
    title: Option<String>,
    published: Option<Date>,
    date: Option<Date>,
}

/// The other corpora that hold labelled reports, and what stands before their ids in the labels.
const BESIDE: [(&str, &str); 4] = [
    ("copies-gold-texts.jsonl", ""),
    ("ukraine-news-2022.jsonl", "ukraine:"),
    ("names-worldwide-newswire.jsonl", "newswire:"),
    ("entities-re3d.jsonl", "re3d:"),
];

fn texts(corpora: &Path) -> Result<BTreeMap<String, Row>, Error> {
    let mut texts = BTreeMap::new();
    for row in rows::<Row>(&corpora.join(ORIGINS.file))? {
        texts.insert(format!("gold:{}", row.id), row);
    }
    for (file, prefix) in BESIDE {
        let path = corpora.join(file);
        if path.exists() {
            texts.extend(rows::<Row>(&path)?.into_iter().map(|row| (format!("{prefix}{}", row.id), row)));
        }
    }
    texts.retain(|_, row| row.text.is_some());
    Ok(texts)
}

fn reading(name: &str, texts: &BTreeMap<String, Row>) -> Option<Reading> {
    if let Some(sample) = name.strip_prefix("sample:") {
        let (name, bytes) = SAMPLES.iter().find(|(other, _)| *other == sample)?;
        let kind = if name.ends_with(".html") { Kind::Page } else { Kind::DatedText };
        let metadata = Metadata { id: (*name).to_owned(), ..Metadata::default() };
        return Some(extract::read(&Source { bytes, digest: Digest::of(bytes), kind, metadata: &metadata }));
    }
    let row = texts.get(name)?;
    Some(read(&Article {
        text: row.text.as_deref()?,
        published: row.published.or(row.date),
        outlet: row.outlet.as_deref(),
        title: row.title.as_deref(),
    }))
}

macro_rules! samples {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_bytes!(concat!("../../../samples/reports/", $name)))),+]
    };
}

/// The sample reports, so that nothing but the corpora has to be beside the program.
const SAMPLES: &[(&str, &[u8])] = samples![
    "01-agency-halvorek.txt",
    "02-courier-agency-copy.txt",
    "03-lantern-agency-short.txt",
    "04-observer-rewrite.txt",
    "05-halvorek-witnesses.html",
    "06-ministry-denial.txt",
    "07-observer-correction.txt",
    "08-tesmin-market.txt",
    "09-toll-rises.txt",
    "10-ruvany-detained.txt",
    "11-brevania-assessment.txt",
    "12-court-inquiry.txt",
    "13-commission-findings.html",
    "14-sergeant-convicted.txt",
];

/// The reports of one story, weighed.
struct Weighed<'a> {
    readings: &'a [Reading],
    matters: Vec<Matter>,
}

impl<'a> Weighed<'a> {
    fn of(readings: &'a [Reading]) -> Weighed<'a> {
        let read = |(at, reading): (usize, &'a Reading)| Read {
            key: ReportKey(at as u64),
            report: &reading.report,
            claims: &reading.claims,
        };
        let reads: Vec<Read<'_>> = readings.iter().enumerate().map(read).collect();
        let mut links: Vec<CopyLink> = Vec::new();
        for (at, one) in reads.iter().enumerate() {
            links.extend(reads[at + 1..].iter().filter_map(|other| compare(one, other)));
        }
        Weighed { readings, matters: weigh(&reads, &links) }
    }

    /// How far a matter holds the words pointed at: the sum of the shares that its best claim has in each of them.
    fn holds(&self, matter: &Matter, pointed: &[(usize, Range<usize>)]) -> f64 {
        let best = |(report, range): &(usize, Range<usize>)| {
            let shares = matter.claims.iter().filter(|at| at.report.0 as usize == *report);
            shares.map(|&at| overlap(&self.bytes(at), range)).fold(0.0, f64::max)
        };
        pointed.iter().map(best).sum()
    }

    fn bytes(&self, at: ClaimRef) -> Range<usize> {
        self.readings[at.report.0 as usize].claims[at.claim].span.range()
    }
}

/// The shared part of two ranges in the shorter one.
fn overlap(one: &Range<usize>, other: &Range<usize>) -> f64 {
    let common = one.end.min(other.end).saturating_sub(one.start.max(other.start));
    common as f64 / one.len().min(other.len()).max(1) as f64
}

fn judge(story: &LabelledStory, weighed: &Weighed<'_>) -> Vec<Judged> {
    story.matters.iter().map(|matter| judge_matter(story, matter, weighed)).collect()
}

fn judge_matter(story: &LabelledStory, labelled: &LabelledMatter, weighed: &Weighed<'_>) -> Judged {
    let pointed: Vec<(usize, Range<usize>)> =
        labelled.claims.iter().filter_map(|pointer| placed(story, pointer, weighed)).collect();
    let alike = weighed.matters.iter().filter(|matter| is_kind(&matter.subject, labelled));
    let held = alike.map(|matter| (weighed.holds(matter, &pointed), matter)).filter(|(held, _)| *held > 0.0);
    // Of equal ones the first stands: they come in an order of their own.
    let found = held.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, matter)| matter);
    Judged {
        id: format!("{}/{}", story.id, labelled.id),
        labelled: [labelled.independent, labelled.dependent, labelled.unknown],
        found: found.map(|it| [it.independent.len(), it.dependent.len(), it.unknown.len()]),
        roots: found.is_some_and(|matter| roots_agree(story, (labelled, matter), weighed)),
        is_check: story.part == Part::Check,
        is_whole: story.reports.iter().all(|name| name.starts_with("sample:") || name.starts_with("gold:")),
        list: List::First,
    }
}

fn placed(story: &LabelledStory, pointer: &Pointer, weighed: &Weighed<'_>) -> Option<(usize, Range<usize>)> {
    let report = story.reports.iter().position(|name| *name == pointer.report)?;
    let text = weighed.readings[report].report.text.read();
    if let Some(words) = &pointer.words {
        let start = text.find(words.as_str())?;
        return Some((report, start..start + words.len()));
    }
    let (start, end) = pointer.chars?;
    Some((report, Points::of(text).to_bytes(start..end)?))
}

fn is_kind(subject: &Subject, labelled: &LabelledMatter) -> bool {
    match subject {
        Subject::Allegation { .. } => labelled.kind == "allegation",
        Subject::Figure { measure, .. } => labelled.kind == "figure" && measure.name() == labelled.what,
        Subject::Determination { .. } => labelled.kind == "determination",
    }
}

/// Tells whether each origin found is another one of those labelled, and none is left.
fn roots_agree(
    story: &LabelledStory,
    (labelled, matter): (&LabelledMatter, &Matter),
    weighed: &Weighed<'_>,
) -> bool {
    let mut open: Vec<Vec<BTreeSet<String>>> =
        labelled.origins.iter().map(|origin| called(story, origin, weighed)).collect();
    for origin in &matter.independent {
        let names: Vec<BTreeSet<String>> =
            origin.also.iter().chain([&origin.name]).map(|name| words(name)).collect();
        let is = |labels: &Vec<BTreeSet<String>>| {
            labels.iter().any(|label| names.iter().any(|name| one_name(label, name)))
        };
        let Some(at) = open.iter().position(is) else { return false };
        open.remove(at);
    }
    open.is_empty()
}

fn called(story: &LabelledStory, origin: &LabelledOrigin, weighed: &Weighed<'_>) -> Vec<BTreeSet<String>> {
    let pointed = origin.at.iter().filter_map(|pointer| {
        let (report, range) = placed(story, pointer, weighed)?;
        weighed.readings[report].report.text.read().get(range).map(words)
    });
    origin.names.iter().map(|name| words(name)).chain(pointed).collect()
}

/// Two names are one if all words of the shorter stand in the longer.
fn one_name(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    !one.is_empty() && !other.is_empty() && (one.is_subset(other) || other.is_subset(one))
}

fn words(name: &str) -> BTreeSet<String> {
    let words = name.split(|mark: char| !mark.is_alphanumeric()).map(str::to_lowercase);
    words.filter(|word| !matches!(word.as_str(), "" | "the" | "a" | "an" | "of" | "s")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_and_add_up() {
        let lists = [LABELS, SECOND, THIRD].map(|list| serde_json::from_str::<Labels>(list).unwrap());
        for story in lists.iter().flat_map(|labels| &labels.stories) {
            for matter in &story.matters {
                assert_eq!(matter.independent, matter.origins.len(), "{}/{}", story.id, matter.id);
                let inside = |pointer: &Pointer| story.reports.contains(&pointer.report);
                assert!(matter.claims.iter().all(inside), "{}/{}", story.id, matter.id);
                let own = |pointer: &Pointer| pointer.report.starts_with("sample:");
                assert!(matter.claims.iter().all(|pointer| own(pointer) == pointer.words.is_some()));
            }
        }
    }

    #[test]
    fn names_are_compared_by_their_words() {
        assert!(one_name(&words("the Ministry of Health"), &words("Health ministry")));
        assert!(one_name(&words("Orr"), &words("Ana Orr")));
        assert!(!one_name(&words("Ana Orr"), &words("Ila Orr")));
        assert!(!one_name(&words("the"), &words("Ana Orr")));
    }

    #[test]
    fn the_samples_can_be_judged_alone() {
        let labels: Labels = serde_json::from_str(LABELS).unwrap();
        let story = labels.stories.iter().find(|story| story.id == "tesmin").unwrap();
        let readings: Vec<Reading> =
            story.reports.iter().map(|name| reading(name, &BTreeMap::new()).unwrap()).collect();
        let judged = judge(story, &Weighed::of(&readings));
        assert!(judged.iter().all(|one| one.found.is_some()));
    }
}
