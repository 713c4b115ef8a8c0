//! Who says what: speakers, cues, contents, and the names behind "he" and "the ministry".
//!
//! Rules over tokens, in layers that know only those above them in this list: `lexicon` holds the words, `quotes`
//! pairs the marks, `words` gives each token its classes, `phrases` reads noun phrases from their edges, `cues`
//! finds verbs of saying, `readings` joins a cue with its speaker and content, `ends` cuts contents where the tree over the
//! sentence ends them, `resolution` finds the names,
//! `chains` puts speaker over speaker, and `days` dates the saying.

mod acts;
mod chains;
mod cues;
mod days;
mod ends;
mod lexicon;
mod phrases;
mod quotes;
mod readings;
pub(crate) mod relations;
mod resolution;
mod runs;
mod words;

#[cfg(test)]
mod tests;

use jiff::civil::Date;
use language::Doc;
use model::{Form, Report, Resolution, Span, Speaker, Standard, TimeMention};

pub(crate) use acts::FORMAL;

use crate::syntax::Syntax;
use words::Words;

/// All attributions of a report.
#[derive(Debug, Default)]
pub(crate) struct Attributions {
    /// In the order of their words; an attribution inside another's content follows it.
    pub(crate) all: Vec<Attribution>,
    /// Verdicts, charges and inquiries, in the order of their words.
    pub(crate) acts: Vec<FormalAct>,
    /// Every content with its attribution, by start; the third number is the largest end up to here.
    contents: Vec<(Span, usize, usize)>,
    /// The verbs after whose subject a clause follows at once, in order: "claims | the army struck".
    clausal: Vec<Span>,
}

/// Somebody says something.
#[derive(Debug, Clone)]
pub(crate) struct Attribution {
    /// The smallest hull of speaker, cue and content.
    pub(crate) span: Span,
    /// Who says it, nearest to the fact first, outermost speaker last. Empty for "is thought to", "reportedly".
    pub(crate) said_by: Vec<Speaker>,
    /// The verb or phrase of attribution.
    pub(crate) cue: Option<Span>,
    /// What is said.
    pub(crate) content: Vec<Span>,
    /// Whether it is quoted.
    pub(crate) form: Form,
    /// The class of the cue: what it does to the proposition it governs.
    pub(crate) stance: Stance,
    /// The day of saying.
    pub(crate) said_on: Option<Date>,
    /// The rule that found it.
    pub(crate) rule: &'static str,
    /// The speaker of the statement around it says it again of himself: "the council said it believes"; or nobody
    /// is named. It is no statement of its own.
    pub(crate) restates: bool,
}

/// Tokens between a time and the verb of a formal act that it is the time of.
const BESIDE: usize = 2;

impl Attribution {
    /// Tells whether words say who says it or where: "deputies who back the government in Varden", "told parliament in
    /// Varden".
    pub(crate) fn is_of_saying(&self, words: Span) -> bool {
        let behind = self.cue.is_some_and(|cue| cue.end() <= words.start());
        self.is_in_speaker(words) || behind && !self.content.iter().any(|content| content.overlaps(words))
    }

    /// Tells whether words stand in the name of one who says it.
    pub(crate) fn is_in_speaker(&self, words: Span) -> bool {
        self.said_by.iter().filter_map(|speaker| speaker.mention).any(|name| name.overlaps(words))
    }
}

/// A verdict, a charge or an inquiry.
#[derive(Debug, Clone)]
pub(crate) struct FormalAct {
    /// The clause.
    pub(crate) span: Span,
    /// Its verb.
    pub(crate) verb: Span,
    /// Who decided, if the clause says so.
    pub(crate) authority: Option<Speaker>,
    /// What kind of act it was.
    pub(crate) standard: Standard,
    /// The day of the act.
    pub(crate) said_on: Option<Date>,
    /// Whether the speaker of the quotation around it decides: "we have verified that".
    pub(crate) own_words: bool,
}

/// What a cue does to the proposition that it governs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stance {
    /// "Said", "announced".
    Neutral,
    /// "Claimed", "alleged": keeps its distance.
    Distancing,
    /// "Accused", "blamed".
    Accusing,
    /// "Denied", "rejected": negates what it governs.
    Denying,
    /// "Assessed", "concluded", "found".
    Determining,
    /// "Confirmed", "acknowledged", "admitted".
    Confirming,
    /// "Estimates", "is thought to", "believes".
    Estimating,
    /// "Warned", "vowed", "called for": asserts no fact.
    Directive,
}

impl Attributions {
    pub(crate) fn new(mut all: Vec<Attribution>) -> Attributions {
        all.sort_by_key(|attribution| (attribution.span.start(), std::cmp::Reverse(attribution.span.end())));
        let mut contents: Vec<_> = all
            .iter()
            .enumerate()
            .flat_map(|(at, attribution)| attribution.content.iter().map(move |&content| (content, at, 0)))
            .collect();
        contents.sort_by_key(|(content, ..)| (content.start(), std::cmp::Reverse(content.end())));
        let mut furthest = 0;
        for (content, _, end) in &mut contents {
            furthest = furthest.max(content.end());
            *end = furthest;
        }
        let is_next =
            |cue: Span, content: &Span| (1..=2).contains(&content.start().saturating_sub(cue.end()));
        let verbs = all.iter().filter(|said| said.rule == "statement-subject-verb");
        let clausal = verbs
            .filter_map(|said| said.cue.filter(|&cue| said.content.iter().any(|words| is_next(cue, words))));
        let mut clausal: Vec<Span> = clausal.collect();
        clausal.sort_by_key(Span::start);
        Attributions { all, acts: Vec::new(), contents, clausal }
    }

    /// Returns the verbs of saying between two bytes that a clause follows at once.
    pub(crate) fn clausal(&self, bytes: std::ops::Range<usize>) -> &[Span] {
        let first = self.clausal.partition_point(|cue| cue.start() < bytes.start);
        let after = self.clausal.partition_point(|cue| cue.start() < bytes.end);
        &self.clausal[first..after.max(first)]
    }

    /// Returns the innermost attribution whose content holds `span`.
    pub(crate) fn governing(&self, span: Span) -> Option<&Attribution> {
        let after = self.contents.partition_point(|(content, ..)| content.start() <= span.start());
        self.contents[..after]
            .iter()
            .rev()
            .take_while(|(.., furthest)| *furthest >= span.end())
            .filter(|(content, ..)| content.contains(span))
            .map(|&(_, at, _)| &self.all[at])
            .min_by_key(|attribution| attribution.content.iter().map(Span::len).sum::<usize>())
    }

    /// Tells whether a time is that of a verdict or a charge: "on Friday convicted him of murdering a farmer".
    pub(crate) fn dates_act(&self, doc: &Doc<'_>, time: Span) -> bool {
        let (first, last) = (doc.token_at(time.start()), doc.token_at(time.end().saturating_sub(1)));
        self.acts.iter().any(|act| {
            let verb = doc.token_at(act.verb.start());
            verb > last && verb - last <= BESIDE || verb < first && first - verb <= BESIDE
        })
    }
}

/// Finds who says what in the body.
pub(crate) fn find(
    report: &Report,
    doc: &Doc<'_>,
    syntax: &Syntax<'_>,
    times: &[TimeMention],
) -> Attributions {
    let words = Words::read(doc);
    let mut readings = readings::read(&words);
    ends::cut(&words, syntax, &mut readings);
    runs::go_on(&words, &mut readings);
    let said = chains::name(&words, &readings);
    let days = days::of(&days::Saying {
        words: &words,
        readings: &readings,
        said: &said,
        times,
        anchor: report.anchor(),
    });
    let built = readings.iter().zip(said).zip(days).filter_map(|((reading, said), day)| {
        let said = said?;
        build(report, &words, Said { reading, voices: said, said_on: day })
    });
    let mut acts: Vec<FormalAct> =
        words.formal_acts().into_iter().filter_map(|act| formal_act(report, &words, (act, times))).collect();
    name_courts(&mut acts, report, times);
    Attributions { acts, ..Attributions::new(built.collect()) }
}

/// Gives a verdict without a court to the court of the verdict before: a report that names a court once goes on
/// with "was also convicted".
fn name_courts(acts: &mut [FormalAct], report: &Report, times: &[TimeMention]) {
    let mut court: Option<Speaker> = None;
    let mut day = None;
    for act in acts {
        if !matches!(act.standard, Standard::Convicted | Standard::Acquitted) {
            continue;
        }
        let described =
            act.authority.as_ref().is_some_and(|authority| FORMAL.is_bench(&authority.name.to_lowercase()));
        match (&act.authority, &court) {
            (None, Some(court)) => {
                act.authority = Some(Speaker { resolution: Resolution::CarriedOn, ..court.clone() });
            }
            (Some(_), Some(court)) if described => {
                act.authority = Some(Speaker { resolution: Resolution::Description, ..court.clone() });
            }
            (Some(authority), _) => {
                court = Some(authority.clone());
                day = act.said_on;
                continue;
            }
            (None, None) => continue,
        }
        let first = times.partition_point(|time| time.span.start() < act.span.start());
        let dated = times.get(first).is_some_and(|time| time.span.end() <= act.span.end());
        if !dated && report.text.quote(act.span).len() < LONGEST_ACT {
            act.said_on = act.said_on.or(day);
        }
    }
}

/// The longest clause of a verdict, in bytes; a longer one was misread.
const LONGEST_ACT: usize = 2000;

fn formal_act(
    report: &Report,
    words: &Words<'_>,
    (act, times): (acts::Act, &[TimeMention]),
) -> Option<FormalAct> {
    let cut = |tokens: std::ops::Range<usize>| report.text.span(words.doc.bytes(tokens)?);
    let authority = act.authority.map(|tokens| Speaker {
        name: words.text(tokens.clone()).to_owned(),
        mention: cut(tokens),
        resolution: Resolution::Stated,
    });
    let said_on = words.doc.bytes(act.occasion).and_then(|bytes| days::in_bytes(times, &bytes));
    Some(FormalAct {
        span: cut(act.clause)?,
        verb: cut(act.verb)?,
        authority,
        standard: act.standard,
        said_on,
        own_words: act.own_words,
    })
}

/// A reading with its speakers and its day.
struct Said<'r> {
    reading: &'r readings::Reading,
    voices: chains::Voices,
    said_on: Option<Date>,
}

/// Cuts the spans of a reading; without content there is no attribution.
fn build(report: &Report, words: &Words<'_>, said: Said<'_>) -> Option<Attribution> {
    let cut = |tokens: std::ops::Range<usize>| report.text.span(words.doc.bytes(tokens)?);
    let content: Vec<Span> = said.reading.content.iter().filter_map(|tokens| cut(tokens.clone())).collect();
    let cue = cut(said.reading.cue.clone());
    let said_by: Vec<Speaker> = said
        .voices
        .all
        .into_iter()
        .map(|voice| Speaker {
            name: voice.name,
            mention: voice.mention.and_then(cut),
            resolution: voice.how,
        })
        .collect();
    let first = *content.first()?;
    let own = content.iter().copied().chain(cue).fold(first, Span::hull);
    // A speaker shared with an earlier verb may stand before more words of another statement than this one has.
    let near = |mention: &Span| {
        said.reading.rule != "statement-joined-verb" || mention.hull(own).len() <= 2 * own.len()
    };
    let mentions = said_by
        .first()
        .and_then(|speaker| speaker.mention)
        .filter(|_| !said.reading.speaks_before)
        .filter(near);
    let relay = said.reading.relay.as_ref().and_then(|relay| cut(relay.mention.clone()));
    let span = mentions.into_iter().chain(relay).fold(own, Span::hull);
    let form = runs::form(words, &said.reading.content);
    let (stance, rule, said_on) = (said.reading.stance, said.reading.rule, said.said_on);
    Some(Attribution {
        span,
        said_by,
        cue,
        content,
        form,
        stance,
        said_on,
        rule,
        restates: said.voices.restates,
    })
}
