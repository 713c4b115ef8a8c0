//! Quotations that go on without a cue of their own.

use std::ops::Range;

use model::Form;

use super::Stance;
use super::quotes::Quote;
use super::readings::{Reading, Source};
use super::words::Words;

/// Gives every quotation that no cue governs to the speaker who goes on: in the same paragraph as one more content,
/// in a paragraph of its own as a statement of its own.
pub(super) fn go_on(words: &Words<'_>, readings: &mut Vec<Reading>) {
    let mut taken = taken(words, readings);
    let free: Vec<usize> = (0..words.quotes.all.len())
        .filter(|&quote| words.quotes.all[quote].within.is_none() && !taken[quote])
        .collect();
    let mut by_paragraph = last_by_paragraph(words, readings);
    for quote in free {
        let span = words.quotes.all[quote];
        if !is_speech(words, span) {
            continue;
        }
        let paragraph = paragraph_of(words, span.open);
        let before =
            by_paragraph[paragraph].iter().rev().copied().find(|&at| readings[at].cue.start < span.open);
        match before {
            Some(at) if holds_quote_near(words, &readings[at], span) => {
                readings[at].content.push(span.open..span.end);
                taken[quote] = true;
            }
            _ if opens_and_fills(words, span) => {
                if let Some(at) = carry_on(words, readings, &by_paragraph, (paragraph, span)) {
                    by_paragraph[paragraph].push(at);
                }
            }
            _ => {}
        }
    }
}

/// Marks the quotations that some content covers.
fn taken(words: &Words<'_>, readings: &[Reading]) -> Vec<bool> {
    let mut taken = vec![false; words.quotes.all.len()];
    for tokens in readings
        .iter()
        .filter(|reading| !matches!(reading.source, Source::Nobody))
        .flat_map(|reading| &reading.content)
    {
        let first = words.quotes.all.partition_point(|quote| quote.open < tokens.start);
        for (at, quote) in words.quotes.all.iter().enumerate().skip(first) {
            if quote.open >= tokens.end {
                break;
            }
            taken[at] = true;
        }
    }
    taken
}

fn last_by_paragraph(words: &Words<'_>, readings: &[Reading]) -> Vec<Vec<usize>> {
    let mut found = vec![Vec::new(); words.doc.paragraphs().len() + 1];
    for (at, reading) in readings.iter().enumerate() {
        let outside = reading.line.level.is_none();
        if outside && !matches!(reading.source, Source::Nobody) {
            found[paragraph_of(words, reading.cue.start)].push(at);
        }
    }
    found
}

fn paragraph_of(words: &Words<'_>, token: usize) -> usize {
    let sentence = words.doc.tokens()[token].sentence();
    words.doc.paragraphs().partition_point(|sentences| sentences.end <= sentence)
}

/// Tells a quotation of speech from quoted words: it has the length of a clause, and begins or ends a sentence.
fn is_speech(words: &Words<'_>, quote: Quote) -> bool {
    let last = if quote.closed { quote.end.saturating_sub(2) } else { quote.end - 1 };
    let whole = quote.end - quote.open > 5 || last > quote.open && words.is_mark(last, ".!?…,");
    whole && begins_sentence(words, quote.open)
}

fn begins_sentence(words: &Words<'_>, token: usize) -> bool {
    let sentence = words.doc.tokens()[token].sentence();
    words.doc.sentences()[sentence].start == token
}

/// Tells whether the reading quotes before this quotation, with nothing but its own frame between them.
fn holds_quote_near(words: &Words<'_>, reading: &Reading, quote: Quote) -> bool {
    let last = reading.content.iter().map(|tokens| tokens.end).max().unwrap_or(0).max(reading.frame.end);
    let quoted =
        reading.content.iter().any(|tokens| words.is_quote(tokens.end - 1) || words.is_quote(tokens.start));
    let gap = last.min(quote.open)..quote.open;
    let sentences =
        words.doc.tokens()[quote.open].sentence() - words.doc.tokens()[last.min(quote.open)].sentence();
    (quoted || reading.awaits_quote) && gap.len() < 40 && sentences <= 1
}

/// Tells whether the quotation is all of its paragraph.
fn opens_and_fills(words: &Words<'_>, quote: Quote) -> bool {
    let paragraph = words.doc.paragraphs().get(paragraph_of(words, quote.open));
    let Some(sentences) = paragraph else { return false };
    let tokens = words.doc.sentences()[sentences.start].start..words.doc.sentences()[sentences.end - 1].end;
    quote.open == tokens.start && quote.end + 2 >= tokens.end
}

/// Gives a paragraph that is one quotation to the last speaker of the paragraph before, if that one quotes too.
fn carry_on(
    words: &Words<'_>,
    readings: &mut Vec<Reading>,
    by_paragraph: &[Vec<usize>],
    to: (usize, Quote),
) -> Option<usize> {
    let (paragraph, quote) = to;
    let &last = by_paragraph.get(paragraph.checked_sub(1)?)?.last()?;
    let content = quote.open..quote.end;
    let reading = &readings[last];
    if reading.awaits_quote || runs_over(words, reading) {
        readings[last].content.push(content);
        return Some(last);
    }
    let root = match reading.source {
        Source::Same(root) => root,
        _ => last,
    };
    readings.push(Reading {
        cue: content.start..content.start,
        line: words.line(content.start),
        stance: Stance::Neutral,
        rule: "statement-carried-on",
        source: Source::Same(root),
        relay: None,
        frame: content.start..content.start,
        content: vec![content],
        awaits_quote: false,
        speaks_before: true,
    });
    Some(readings.len() - 1)
}

/// Tells whether the last quotation of a reading was left open at the end of its paragraph.
fn runs_over(words: &Words<'_>, reading: &Reading) -> bool {
    let last = reading.content.last().and_then(|tokens| words.quotes.around(tokens.end - 1));
    last.is_some_and(|quote| !words.quotes.all[quote].closed)
}

/// Tells whether the contents are quoted: all, in part, or not.
pub(super) fn form(words: &Words<'_>, content: &[Range<usize>]) -> Form {
    let quoted = |tokens: &Range<usize>| {
        let quote = words.quotes.opening_at(tokens.start).map(|quote| words.quotes.all[quote]);
        quote.is_some_and(|quote| quote.end >= tokens.end)
    };
    let any = content.iter().any(|tokens| {
        let first = words.quotes.all.partition_point(|quote| quote.open < tokens.start);
        words.quotes.all.get(first).is_some_and(|quote| quote.open < tokens.end)
    });
    match (content.iter().all(quoted), any) {
        (true, _) => Form::Direct,
        (_, true) => Form::Mixed,
        _ => Form::Indirect,
    }
}
