use jiff::civil::Date;
use model::{Act, Claim, ClaimKind, Report, When};

use crate::bytes::{Bytes, Out};
use crate::identity::Identity;
use crate::terms::{Term, terms};
use crate::words::{Word, hash_of, hash_run, mix};
use crate::{Read, ReportKey, Worded};

/// What is kept of a report to find its copies and its story without its text.
///
/// Typically two kilobytes, at most 16: the fingerprints of long reports are thinned in a way that keeps the same
/// ones in every copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sketch {
    pub(crate) identity: Identity,
    pub(crate) published: Option<Date>,
    pub(crate) outlet: String,
    pub(crate) wire: Option<String>,
    pub(crate) headline: String,
    /// Fingerprints of the wording, in order: of quoted speech and of what is around it.
    pub(crate) prints: Vec<u32>,
    /// What the report is about, in order of hash.
    pub(crate) terms: Vec<Term>,
    /// Located places, as GeoNames numbers in order.
    pub(crate) places: Vec<u32>,
    /// Days of the events that are alleged, in order.
    pub(crate) days: Vec<Date>,
    /// Hashes of act and place of what is alleged, in order.
    pub(crate) alleged: Vec<u32>,
    /// Hash of the kind of formal act that is told of first: a charge, a conviction; none or one.
    pub(crate) decided: Vec<u32>,
}

/// The place of a report in time, and among those of its day.
pub(crate) type Order = (bool, Option<Date>, Identity);

/// The bytes are not a sketch of a version that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotASketch;

impl std::fmt::Display for NotASketch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not a sketch of a report, or one of another version: make it again from the report")
    }
}

impl std::error::Error for NotASketch {}

/// Changes with anything that changes a sketch, hashes included.
const VERSION: u8 = 4;
/// Words in a fingerprint.
const SHINGLE: usize = 4;
/// Of each so many shingles in a row the smallest is kept (winnowing: Schleimer, Wilkerson and Aiken, SIGMOD 2003).
const WINDOW: usize = 3;
/// Fingerprints kept of a report's own words and of its quoted words: 1,200 cover a report of 2,400 words.
const OWN_PRINTS: usize = 1_200;
const QUOTED_PRINTS: usize = 300;
/// Bytes of a headline or name; places, days and keys.
const TEXT: usize = 240;
const LIST: usize = 64;

impl Sketch {
    /// Sketches a report and its claims.
    pub fn of(report: &Report, claims: &[Claim]) -> Sketch {
        Sketch::of_worded(&Worded::of(Read { key: ReportKey(0), report, claims }))
    }

    pub(crate) fn of_worded(worded: &Worded<'_>) -> Sketch {
        let Read { report, claims, .. } = worded.read;
        let (mut places, mut days, mut alleged) = (Vec::new(), Vec::new(), Vec::new());
        let decided = claims.iter().find_map(|claim| match &claim.kind {
            ClaimKind::Determination(determination) => Some(hash_of(determination.standard.name()) as u32),
            _ => None,
        });
        for claim in claims {
            let ClaimKind::Allegation(allegation) = &claim.kind else { continue };
            if allegation.comparison {
                continue;
            }
            let place = allegation.place.as_ref();
            places
                .extend(place.and_then(|place| place.located.as_ref()).and_then(|located| located.geonames));
            days.extend(allegation.time.as_ref().and_then(|time| one_day(&time.when)));
            let named = place.map_or("", |place| report.text.quote(place.span));
            alleged.push(key(allegation.act, named));
        }
        Sketch {
            identity: worded.identity,
            published: report.metadata.published.or(report.anchor()),
            outlet: short(report.metadata.outlet.as_deref().unwrap_or("")),
            wire: report.wire.as_ref().map(|wire| short(&wire.agency)),
            headline: headline(report),
            prints: prints(&worded.words),
            terms: terms(report, &worded.words),
            places: listed(places),
            days: listed(days),
            alleged: listed(alleged),
            decided: decided.into_iter().collect(),
        }
    }

    /// Returns the day of publication, if it is known.
    pub fn published(&self) -> Option<Date> {
        self.published
    }

    /// Returns the outlet; empty if it is not known.
    pub fn outlet(&self) -> &str {
        &self.outlet
    }

    /// Returns the agency that is credited.
    pub fn wire(&self) -> Option<&str> {
        self.wire.as_deref()
    }

    /// Returns the title, or the first sentence where there is none.
    pub fn headline(&self) -> &str {
        &self.headline
    }

    /// Earlier reports come first; those without a day last.
    pub(crate) fn order(&self) -> Order {
        (self.published.is_none(), self.published, self.identity)
    }

    /// Writes the sketch in its own compact format, with a version in front.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Out(vec![VERSION]);
        out.raw(&self.identity.0);
        out.day(self.published);
        out.text(&self.outlet);
        out.text(self.wire.as_deref().unwrap_or(""));
        out.text(&self.headline);
        out.rising(&self.prints);
        out.rising(&self.terms.iter().map(|term| term.hash).collect::<Vec<_>>());
        out.raw(&self.terms.iter().map(|term| term.weight).collect::<Vec<_>>());
        out.rising(&self.places);
        out.number(self.days.len() as u32);
        self.days.iter().for_each(|&day| out.day(Some(day)));
        out.rising(&self.alleged);
        out.rising(&self.decided);
        out.0
    }

    /// Reads what [`to_bytes`](Sketch::to_bytes) wrote.
    ///
    /// # Errors
    /// Fails on any other bytes, and on those of another version: sketches are made again, never migrated.
    pub fn from_bytes(bytes: &[u8]) -> Result<Sketch, NotASketch> {
        let sketch = Sketch::read(bytes).ok_or(NotASketch)?;
        // What would be written otherwise was written by something else.
        if sketch.to_bytes() == bytes { Ok(sketch) } else { Err(NotASketch) }
    }

    fn read(bytes: &[u8]) -> Option<Sketch> {
        let mut bytes = Bytes(bytes.strip_prefix(&[VERSION])?);
        let identity = Identity(bytes.raw(16)?.try_into().ok()?);
        let published = bytes.day()?;
        let (outlet, wire, headline) = (bytes.text()?, bytes.text()?, bytes.text()?);
        let (prints, hashes) = (bytes.rising()?, bytes.rising()?);
        let weights = bytes.raw(hashes.len())?;
        let terms = hashes.iter().zip(weights).map(|(&hash, &weight)| Term { hash, weight }).collect();
        let places = bytes.rising()?;
        let days = (0..bytes.number()?).map(|_| bytes.day()?).collect::<Option<Vec<_>>>()?;
        let (alleged, decided) = (bytes.rising()?, bytes.rising()?);
        let wire = if wire.is_empty() { None } else { Some(wire) };
        Some(Sketch {
            identity,
            published,
            outlet,
            wire,
            headline,
            prints,
            terms,
            places,
            days,
            alleged,
            decided,
        })
    }
}

fn one_day(when: &When) -> Option<Date> {
    match when {
        When::Day(day) => Some(*day),
        _ => None,
    }
}

fn key(act: Act, place: &str) -> u32 {
    let name = place.to_lowercase();
    hash_run([hash_of(act.name()), hash_of(&name)].into_iter()) as u32
}

/// Puts a list in order, without repetitions and bounded.
fn listed<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort_unstable();
    list.dedup();
    list.truncate(LIST);
    list
}

fn short(text: &str) -> String {
    let mut end = text.len().min(TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].trim().to_owned()
}

fn headline(report: &Report) -> String {
    if let Some(title) = report.metadata.title.as_ref().filter(|title| !title.trim().is_empty()) {
        return short(title);
    }
    let Some(first) = report.body.first() else { return String::new() };
    let sentence = first.sentences.first().unwrap_or(&first.span).range();
    let start = report.dateline.as_ref().map_or(0, |line| line.span.end());
    let text = report.text.read();
    short(text.get(sentence.start.max(start)..sentence.end).or(text.get(sentence)).unwrap_or(""))
}

/// Returns the fingerprint of each run of words that are not quoted, with the position of its first word.
pub(crate) fn shingles(words: &[Word]) -> Vec<(usize, u32)> {
    let (places, hashes): (Vec<usize>, Vec<u64>) =
        words.iter().enumerate().filter(|(_, word)| !word.quoted).map(|(at, word)| (at, word.hash)).unzip();
    places.into_iter().zip(hashes.windows(SHINGLE).map(print)).collect()
}

/// Returns the fingerprints that are kept of an article, in order: of quoted speech and of what is around it, each by
/// itself.
fn prints(words: &[Word]) -> Vec<u32> {
    let (mut own, mut quoted) = (Vec::with_capacity(words.len()), Vec::new());
    for word in words {
        if word.quoted { quoted.push(word.hash) } else { own.push(word.hash) }
    }
    let mut all = winnowed(&own, OWN_PRINTS);
    all.extend(winnowed(&quoted, QUOTED_PRINTS));
    all.sort_unstable();
    all.dedup();
    all
}

fn print(run: &[u64]) -> u32 {
    mix(hash_run(run.iter().copied())) as u32
}

/// Winnows the shingles of some words, and keeps so many of them.
fn winnowed(hashes: &[u64], most: usize) -> Vec<u32> {
    let shingles: Vec<u32> = hashes.windows(SHINGLE).map(print).collect();
    let window = WINDOW.min(shingles.len().max(1));
    let mut kept: Vec<u32> = shingles.windows(window).filter_map(|near| near.iter().min().copied()).collect();
    // The smallest of one window is mostly that of the next.
    kept.dedup();
    kept.sort_unstable();
    kept.dedup();
    // The smallest hashes: the same ones in every copy.
    kept.truncate(most);
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fixture::report;

    #[test]
    fn written_and_read_back() {
        let report = report(
            "Post",
            "2031-03-12",
            "Rockets hit the mill in Zarvo. “We ran,” said Ila Brann, a baker of Zarvo.",
        );
        let sketch = Sketch::of(&report, &[]);
        assert_eq!(Sketch::from_bytes(&sketch.to_bytes()), Ok(sketch.clone()));
        assert_eq!(sketch.headline(), "Rockets hit the mill in Zarvo.");
    }

    #[test]
    fn a_long_report_stays_small() {
        let words: Vec<String> = (0..40_000).map(|n| format!("Word{n}")).collect();
        let sketch = Sketch::of(&report("Post", "2031-03-12", &words.join(" ")), &[]);
        assert!(sketch.to_bytes().len() <= 16_000, "{}", sketch.to_bytes().len());
    }

    proptest! {
        #[test]
        fn garbage_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(Sketch::from_bytes(&bytes).is_err());
        }

        #[test]
        fn damage_is_refused_or_harmless(at in 0usize..200, byte in any::<u8>()) {
            let mut bytes = Sketch::of(&report("Ж", "2031-03-12", "Снаряды попали в рынок города Тесмин утром."), &[]).to_bytes();
            let at = at % bytes.len();
            bytes[at] = byte;
            if let Ok(sketch) = Sketch::from_bytes(&bytes) {
                prop_assert_eq!(sketch.to_bytes(), bytes);
            }
        }

        #[test]
        fn any_text_is_sketched(text in "\\PC{0,200}") {
            let sketch = Sketch::of(&report("", "", &text), &[]);
            prop_assert_eq!(Sketch::from_bytes(&sketch.to_bytes()), Ok(sketch));
        }
    }
}
