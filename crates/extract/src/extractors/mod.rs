//! The extractors, one file each, and the one list of them.

mod allegations;
mod determinations;
mod figures;
mod links;
mod statements;

use std::cmp::Reverse;
use std::ops::Range;

use language::Doc;
use model::{BoilerplateReason, Claim, ClaimKind, Place, Report, TimeMention, Victims};

use crate::attribution::relations::Attributed;
use crate::context::Context;
use crate::syntax::Syntax;
use crate::times::DurationMention;
use crate::{attribution, capitals, places, times};

/// One way to find claims.
pub struct Extractor {
    /// Its name, as in lists and settings.
    pub name: &'static str,
    /// A sentence in which it finds something.
    pub example: &'static str,
    /// Adds the claims that it finds. `Figure::subset_of` counts from the start of the list.
    pub(crate) find: fn(&Context<'_>, &mut Vec<Claim>),
}

/// All extractors, in the order in which they run.
pub const EXTRACTORS: &[Extractor] =
    &[statements::STATEMENTS, determinations::DETERMINATIONS, figures::FIGURES, allegations::ALLEGATIONS];

/// What stands in the body of a report, each list in the order of its words.
pub(crate) struct Found {
    pub(crate) claims: Vec<Claim>,
    pub(crate) victims: Vec<Victims>,
    pub(crate) times: Vec<TimeMention>,
    pub(crate) durations: Vec<DurationMention>,
    pub(crate) places: Vec<Place>,
}

/// Runs all extractors over the body of a report; their rules know English only.
pub(crate) fn run(report: &Report) -> Found {
    let paragraphs = paragraphs(report);
    let words = capitals::restored(report.text.read(), &paragraphs);
    let doc = Doc::read(&words, &paragraphs);
    let mut found = find(report, &doc, &Syntax::of(&doc));
    // What the extractors shared is no longer in memory: of a long text it takes as much as the claims.
    found.claims = in_order(found.claims);
    links::add(&doc, &mut found.claims);
    found
}

/// Finds what stands in the body, the claims in the order of the extractors.
fn find(report: &Report, doc: &Doc<'_>, syntax: &Syntax<'_>) -> Found {
    // "Mon" is French for "my": of another language only complete dates are read, which are those without an anchor.
    let anchor = report.anchor().filter(|_| report.is_in_english());
    let times = times::find(&report.text, doc, anchor);
    let places = places::find(report, doc, syntax);
    if !report.is_in_english() {
        return Found {
            claims: Vec::new(),
            victims: Vec::new(),
            times,
            durations: Vec::new(),
            places: places.named,
        };
    }
    let attributions = attribution::find(report, doc, syntax, &times);
    let context =
        Context { report, doc, syntax, times: &times, places: &places.mentions, attributions: &attributions };
    let mut claims = Vec::new();
    for extractor in EXTRACTORS {
        (extractor.find)(&context, &mut claims);
    }
    let victims = figures::victims(&context, &claims);
    let durations = times::durations(&report.text, doc);
    Found { claims, victims, times, durations, places: places.named }
}

/// Reads the attribution relations of a report and of its headline, which often says who says what.
pub(crate) fn attributions(report: &Report) -> Vec<Attributed> {
    let headlines = report.boilerplate.iter().filter(|part| part.reason == BoilerplateReason::Title);
    let mut ranges: Vec<Range<usize>> = headlines.map(|part| part.span.range()).collect();
    ranges.extend(paragraphs(report));
    ranges.sort_by_key(|range| range.start);
    let doc = Doc::read(report.text.read(), &ranges);
    attribution::relations::find(report, &doc, &Syntax::of(&doc))
}

/// Returns the paragraphs of the body, each from behind its dateline on: where a copy was filed is no part of a claim.
pub(crate) fn paragraphs(report: &Report) -> Vec<Range<usize>> {
    let behind = |range: Range<usize>| match &report.dateline {
        Some(dateline) if range.start <= dateline.span.start() && dateline.span.end() <= range.end => {
            dateline.span.end()..range.end
        }
        _ => range,
    };
    report.body.iter().map(|paragraph| behind(paragraph.span.range())).collect()
}

/// Sorts claims by their words, and leads each reference from a figure to its whole along.
fn in_order(mut claims: Vec<Claim>) -> Vec<Claim> {
    // Both sorts are stable: claims on the same words keep the order of the extractors.
    let words = |claim: &Claim| (claim.span.start(), Reverse(claim.span.end()));
    let mut order: Vec<usize> = (0..claims.len()).collect();
    order.sort_by_key(|&old| words(&claims[old]));
    let mut place_of = vec![0; claims.len()];
    for (new, &old) in order.iter().enumerate() {
        place_of[old] = new;
    }
    for claim in &mut claims {
        if let ClaimKind::Figure(figure) = &mut claim.kind {
            figure.subset_of = figure.subset_of.and_then(|old| place_of.get(old).copied());
        }
    }
    // In place: a claim is large, and a long text has many.
    claims.sort_by_cached_key(words);
    claims
}

#[cfg(test)]
mod tests {
    use model::{Digest, Kind, Metadata};

    use super::*;
    use crate::Source;

    /// Claims whose places, acts or speakers are decided by the grammar of a sentence, and sentences without any.
    const TEXT: &str = "Troops shelled a school near Varden on Tuesday, Mayor Ilya Orlov said. The weather was fine. \
        He denied that soldiers had fired rockets at the market in Kharkiv. At least nine people were killed, two of \
        them children. Nobody could confirm the reports. The bridge at Ostrin was destroyed in the raid.";

    #[test]
    fn reading_every_sentence_ahead_changes_nothing() {
        let metadata = Metadata { published: "2031-03-12".parse().ok(), ..Metadata::default() };
        let bytes = TEXT.as_bytes();
        let source = Source { bytes, digest: Digest::of(bytes), kind: Kind::PlainText, metadata: &metadata };
        let report = crate::article(&source);
        let doc = Doc::read(report.text.read(), &paragraphs(&report));
        let ahead = Syntax::of(&doc);
        for sentence in 0..doc.sentences().len() {
            ahead.sentence(sentence);
        }
        let (asked, ahead) = (find(&report, &doc, &Syntax::of(&doc)), find(&report, &doc, &ahead));
        assert!(asked.claims.len() > 4);
        assert_eq!(asked.claims, ahead.claims);
        assert_eq!(asked.places, ahead.places);
    }
}
