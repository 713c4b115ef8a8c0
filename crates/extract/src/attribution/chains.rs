//! Speaker over speaker: who is quoted by whom.

use std::ops::Range;

use model::Resolution;

use super::phrases::PhraseKind;
use super::readings::{Reading, Source};
use super::resolution::{Names, Resolved};
use super::words::Words;

/// One speaker of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Voice {
    pub(super) name: String,
    pub(super) mention: Option<Range<usize>>,
    pub(super) how: Resolution,
}

/// The speakers of one reading.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Voices {
    /// Nearest to the fact first.
    pub(super) all: Vec<Voice>,
    /// Whether this is no statement beside the one around it: a pronoun opens what its own speaker says, as in "the
    /// council said it believes", or nobody is named.
    pub(super) restates: bool,
}

/// Names the speakers of every reading, nearest to the fact first. `None` for a reading that repeats another.
pub(super) fn name(words: &Words<'_>, readings: &[Reading]) -> Vec<Option<Voices>> {
    let mut names = Names::collect(words);
    let mut own: Vec<Own> = Vec::new();
    for reading in readings {
        let found = own_voices(&mut names, reading, &own);
        own.push(found);
    }
    let outer = outer_readings(readings);
    (0..readings.len()).map(|at| chain(&Chain { readings, own: &own, outer: &outer }, at)).collect()
}

/// The speakers that a cue has of its own.
#[derive(Debug, Clone, Default)]
struct Own {
    voices: Vec<Voice>,
    resolved: Option<Resolved>,
}

fn own_voices(names: &mut Names<'_, '_>, reading: &Reading, before: &[Own]) -> Own {
    let (resolved, mention) = match &reading.source {
        Source::Nobody => return Own::default(),
        Source::Same(at) => {
            let Some(resolved) = before.get(*at).and_then(|own| own.resolved.clone()) else {
                return Own::default();
            };
            names.remember(&resolved);
            (resolved, before[*at].voices.first().and_then(|voice| voice.mention.clone()))
        }
        Source::Phrase(phrase) => (names.resolve(phrase), Some(phrase.mention.clone())),
    };
    let how = if reading.rule == "statement-carried-on" { Resolution::CarriedOn } else { resolved.how };
    let mut voices = vec![Voice { name: resolved.name.clone(), mention, how }];
    if let Some(relay) = &reading.relay {
        let relayed = names.resolve(relay);
        voices.push(Voice { name: relayed.name, mention: Some(relay.mention.clone()), how: relayed.how });
        names.remember(&resolved);
    }
    Own { voices, resolved: Some(resolved) }
}

/// For each reading, the innermost other reading whose content holds its cue.
fn outer_readings(readings: &[Reading]) -> Vec<Option<usize>> {
    let mut contents: Vec<(Range<usize>, usize)> = readings
        .iter()
        .enumerate()
        .flat_map(|(at, reading)| reading.content.iter().map(move |tokens| (tokens.clone(), at)))
        .collect();
    contents.sort_by_key(|(tokens, _)| (tokens.start, std::cmp::Reverse(tokens.end)));
    let mut open: Vec<(Range<usize>, usize)> = Vec::new();
    let mut next = 0;
    let mut order: Vec<usize> = (0..readings.len()).collect();
    order.sort_by_key(|&at| readings[at].cue.start);
    let mut outer = vec![None; readings.len()];
    for at in order {
        let cue = readings[at].cue.clone();
        while let Some(content) = contents.get(next).filter(|(tokens, _)| tokens.start <= cue.start) {
            open.push(content.clone());
            next += 1;
        }
        open.retain(|(tokens, _)| tokens.end > cue.start);
        outer[at] = open
            .iter()
            .filter(|(tokens, other)| *other != at && tokens.contains(&cue.start))
            .min_by_key(|(tokens, _)| tokens.len())
            .map(|(_, other)| *other);
    }
    outer
}

struct Chain<'c> {
    readings: &'c [Reading],
    own: &'c [Own],
    outer: &'c [Option<usize>],
}

/// The most speakers of one chain; a longer one is a misreading that runs in a circle.
const LONGEST: usize = 6;

/// Follows the readings outwards. A pronoun that opens what its own speaker says adds no reading of its own:
/// "the council said it believes" is one statement.
fn chain(chain: &Chain<'_>, at: usize) -> Option<Voices> {
    let reading = &chain.readings[at];
    let mut voices = chain.own[at].voices.clone();
    if voices.is_empty() && !matches!(reading.source, Source::Nobody) {
        return None;
    }
    let mut next = chain.outer[at];
    let mut restates = false;
    if let Some(outer) = next.filter(|_| opens_with_pronoun(reading)) {
        let same = chain.own[outer].voices.first().map(|voice| &voice.name)
            == voices.first().map(|voice| &voice.name);
        let opens =
            chain.readings[outer].content.iter().any(|tokens| Some(tokens.start) == reading_start(reading));
        if same && opens {
            restates = true;
        }
    }
    // Contents may cross where marks are broken, so the way outwards is bounded.
    for _ in 0..LONGEST {
        let Some(outer) = next else { break };
        for voice in &chain.own[outer].voices {
            if !voices.iter().any(|known| known.name == voice.name) {
                voices.push(voice.clone());
            }
        }
        next = chain.outer[outer];
    }
    // "Orlova said the town was reportedly shelled": the hearsay is hers, and no statement of its own.
    restates |= matches!(reading.source, Source::Nobody);
    Some(Voices { all: voices, restates })
}

fn opens_with_pronoun(reading: &Reading) -> bool {
    matches!(&reading.source, Source::Phrase(phrase) if phrase.kind == PhraseKind::Pronoun)
}

fn reading_start(reading: &Reading) -> Option<usize> {
    match &reading.source {
        Source::Phrase(phrase) => Some(phrase.all.start),
        _ => None,
    }
}
