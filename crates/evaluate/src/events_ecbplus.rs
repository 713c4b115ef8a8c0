//! Mentions of events in many reports, found and put together by this program.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use corroborate::{Account, Read, Remembered, ReportKey, accounts};
use extract::Reading;
use model::{Act, ClaimKind};
use serde::Deserialize;

use crate::Measured;
use crate::coreference::{Partition, conll_f1, mention_f1};
use crate::points::Points;

/// A mention that annotators marked. `start` and `end` count code points.
#[derive(Deserialize)]
pub(crate) struct Mention {
    #[serde(default)]
    tag: String,
    start: usize,
    end: usize,
    #[serde(default)]
    sentence: usize,
    /// The event; a mention without one is the only one of its event.
    cluster: Option<String>,
    #[serde(default)]
    validated: bool,
}

/// The number of a report, and the code points of the words.
type Words = (usize, usize, usize);

/// Measures events end to end.
///
/// Labelled are the mentions of actions in the sentences whose annotation was checked, as in published work on this
/// corpus (Cybulska and Vossen 2015): each line of a text is a sentence, and one with a checked mention is a checked one.
/// What was found are the words of acts and of reporting verbs in those sentences, each the same as a labelled one if
/// it is the same stretch of text. Events are the acts of one kind in one incident; what is in no incident, and each
/// reporting, is an event by itself. Incidents are resolved over all reports at once, whose topics the reader is not
/// told.
pub(crate) fn measure(texts: &[(&str, &[Mention])], readings: &[Reading]) -> Vec<Measured> {
    let labelled = labelled(texts);
    let found = found(texts, readings);
    let n = texts.iter().flat_map(|(_, mentions)| mentions.iter()).filter(|mention| mention.counts()).count();
    vec![
        Measured { measure: "events.conll_f1", value: conll_f1(&labelled, &found), n },
        Measured { measure: "events.mention_f1", value: mention_f1(&labelled, &found), n },
    ]
}

impl Mention {
    fn counts(&self) -> bool {
        self.validated && (self.tag.starts_with("ACTION") || self.tag.starts_with("NEG_ACTION"))
    }
}

/// Names an event by its label, or by its only mention.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Event<Name> {
    Named(Name),
    Alone(Words),
}

fn labelled(texts: &[(&str, &[Mention])]) -> Partition<Words> {
    let of_text = |(at, (_, mentions)): (usize, &(&str, &[Mention]))| {
        let marked = mentions.iter().filter(|mention| mention.counts()).map(move |mention| {
            let words = (at, mention.start, mention.end);
            (words, mention.cluster.clone().map_or(Event::Alone(words), Event::Named))
        });
        marked.collect::<Vec<_>>()
    };
    Partition::of(texts.iter().enumerate().flat_map(of_text))
}

fn found(texts: &[(&str, &[Mention])], readings: &[Reading]) -> Partition<Words> {
    let incident_of = incidents(readings);
    let mut named: Vec<(Words, Event<(usize, Act)>)> = Vec::new();
    for (at, ((text, mentions), reading)) in texts.iter().zip(readings).enumerate() {
        let (points, checked) = (Points::of(text), checked(text, mentions));
        let words = |bytes: Range<usize>| {
            let points = points.of_bytes(bytes);
            let is_checked = checked.iter().any(|line| line.contains(&points.start));
            (is_checked && !points.is_empty()).then_some((at, points.start, points.end))
        };
        for (number, claim) in reading.claims.iter().enumerate() {
            if let ClaimKind::Allegation(allegation) = &claim.kind
                && let Some(words) = words(allegation.trigger.range())
            {
                let event = incident_of.get(&(at, number)).map(|&incident| (incident, allegation.act));
                named.push((words, event.map_or(Event::Alone(words), Event::Named)));
            }
            if let Some(words) = claim.cue.and_then(|cue| words(cue.range())) {
                named.push((words, Event::Alone(words)));
            }
        }
    }
    Partition::of(named)
}

/// Returns the lines of a text whose annotation was checked, in code points.
fn checked(text: &str, mentions: &[Mention]) -> Vec<Range<usize>> {
    let numbers: BTreeSet<usize> =
        mentions.iter().filter(|mention| mention.validated).map(|mention| mention.sentence).collect();
    let mut start = 0;
    let lines = text.split('\n').map(|line| {
        let from = start;
        start += line.chars().count() + 1;
        from..start
    });
    lines.enumerate().filter(|(number, _)| numbers.contains(number)).map(|(_, line)| line).collect()
}

/// Reports that arrive together.
const BATCH: usize = 256;

/// Returns the incident of each claim that is in one.
fn incidents(readings: &[Reading]) -> BTreeMap<(usize, usize), usize> {
    let mut order: Vec<usize> = (0..readings.len()).collect();
    order.sort_by_key(|&at| {
        let report = &readings[at].report;
        (report.anchor().is_none(), report.anchor(), *report.text.original().as_bytes())
    });
    let (mut remembered, mut claims) = (Remembered::default(), BTreeMap::new());
    for batch in order.chunks(BATCH) {
        let told: Vec<Account> = batch.iter().flat_map(|&at| told(at, &readings[at])).collect();
        claims.extend(told.iter().map(|account| (account.name, account.claims.clone())));
        remembered.take(&told);
    }
    let mut found = BTreeMap::new();
    for (number, incident) in remembered.incidents().into_iter().enumerate() {
        for name in incident {
            let of_account = claims.get(name).into_iter().flatten();
            found.extend(of_account.map(|&claim| ((name.report.0 as usize, claim), number)));
        }
    }
    found
}

fn told(at: usize, reading: &Reading) -> Vec<Account> {
    let read = Read { key: ReportKey(at as u64), report: &reading.report, claims: &reading.claims };
    accounts(&read, &reading.places).0
}
