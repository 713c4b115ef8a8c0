use model::{Claim, ClaimKind, Determination, Polarity, Span, Speaker, Standard};

use super::Extractor;
use crate::attribution::{Attribution, FORMAL, FormalAct, Stance};
use crate::context::Context;
use crate::evidence;

/// Finds formal acts of authorities on harm, law or responsibility.
///
/// It finds what a state, a court, a prosecutor or a body of inquiry assesses, finds, charges or rules, and inquiries
/// that are opened, called for or declined. It leaves alone what persons call each other: a minister's "war criminal"
/// is a statement. A claim says that the report tells of the act, not that the act was right.
pub(super) const DETERMINATIONS: Extractor =
    Extractor { name: "determinations", example: "The court convicted two officers of torture.", find };

fn find(context: &Context<'_>, found: &mut Vec<Claim>) {
    let judged = context.attributions.all.iter().filter_map(|attribution| judgement(context, attribution));
    let acts = context.attributions.acts.iter().filter_map(|act| formal(context, act));
    found.extend(judged.chain(acts));
}

/// Makes a claim of a formal act; what "we" decide in a quotation, its speaker decides.
fn formal(context: &Context<'_>, act: &FormalAct) -> Option<Claim> {
    let outer = context.attributions.governing(act.span).or_else(|| context.attributions.governing(act.verb));
    let speaker = outer.and_then(|outer| outer.said_by.first());
    let authority = if act.own_words { Some(speaker?.clone()) } else { act.authority.clone() };
    let own: Vec<Speaker> = authority.iter().filter(|_| !act.own_words).cloned().collect();
    let said_by = own.into_iter().chain(outer.into_iter().flat_map(|outer| outer.said_by.clone())).collect();
    let day = outer.filter(|_| act.own_words).and_then(|outer| outer.said_on);
    let evidence = evidence_of(authority.as_ref(), Some(act.verb));
    let determination = Determination {
        authority,
        finding: finding(context, act.span),
        standard: act.standard,
        basis: basis(context, act.span),
        said_on: act.said_on.or(day),
    };
    Some(Claim {
        span: act.span,
        said_by,
        cue: Some(act.verb),
        polarity: Polarity::Asserted,
        denies: None,
        supersedes: None,
        rule: "determination-act",
        evidence,
        kind: ClaimKind::Determination(Box::new(determination)),
    })
}

/// Reads a statement as a judgement, if an authority makes it in words of judgement, or a monitor publishes it.
fn judgement(context: &Context<'_>, attribution: &Attribution) -> Option<Claim> {
    let authority = attribution.said_by.first()?;
    let content = *attribution.content.first()?;
    let words = context.text().quote(content);
    let cue = attribution.cue.map_or("", |cue| context.text().quote(cue));
    let concluded = FORMAL.concluding(cue).filter(|_| FORMAL.is_authority(&authority.name));
    let published =
        FORMAL.is_monitor(&authority.name) && is_qualified(words) && attribution.stance == Stance::Neutral;
    let standard = concluded.or(published.then_some(Standard::Found))?;
    if !attribution.content.iter().any(|&content| FORMAL.is_grave(context.text().quote(content))) {
        return None;
    }
    let around = context.attributions.governing(attribution.span);
    let outer = around.filter(|_| attribution.restates);
    let span = outer.map_or(attribution.span, |outer| outer.span.hull(attribution.span));
    let determination = Determination {
        authority: Some(authority.clone()),
        finding: finding(context, content),
        standard,
        basis: basis(context, span),
        // What is told of on a day was determined by then; no other day is told.
        said_on: attribution.said_on.or_else(|| around.and_then(|around| around.said_on)),
    };
    Some(Claim {
        span,
        said_by: attribution.said_by.clone(),
        cue: attribution.cue,
        polarity: Polarity::Asserted,
        denies: None,
        supersedes: None,
        rule: "determination-judgement",
        evidence: evidence_of(Some(authority), attribution.cue),
        kind: ClaimKind::Determination(Box::new(determination)),
    })
}

/// Returns the words of the act and of the authority.
fn evidence_of(authority: Option<&Speaker>, act: Option<Span>) -> Vec<Span> {
    evidence::in_order(authority.and_then(|authority| authority.mention).into_iter().chain(act))
}

/// Tells whether the words weigh an act against the law: "may amount to war crimes".
fn is_qualified(words: &str) -> bool {
    let lower = words.to_lowercase();
    [
        "war crime",
        "crimes against humanity",
        "amount to",
        "violation",
        "laws of war",
        "genocide",
        "international law",
    ]
    .iter()
    .any(|phrase| lower.contains(phrase))
}

/// The longest finding, in characters: a line or two.
const LONGEST: usize = 200;

/// Takes the words of the report, cut short between two words.
fn finding(context: &Context<'_>, span: Span) -> String {
    let words =
        context.text().quote(span).trim_matches(|c: char| c.is_whitespace() || "\"“”‘’«»,.".contains(c));
    let Some((cut, _)) = words.char_indices().nth(LONGEST) else { return words.to_owned() };
    let end = words[..cut].rfind(char::is_whitespace).unwrap_or(cut);
    format!("{}…", &words[..end])
}

/// How far after a judgement its basis may be told, in bytes: the rest of a long sentence and the next one.
const REACH: usize = 600;

/// Finds what follows "based on", in the judgement or in the sentence after it.
fn basis(context: &Context<'_>, span: Span) -> Option<Span> {
    let text = context.text().read();
    let mut limit = (span.end() + REACH).min(text.len());
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    let after = &text[span.start()..limit];
    let at = after.match_indices("based on ").map(|(at, lead)| span.start() + at + lead.len()).last()?;
    let rest = &text[at..limit];
    let stop = rest.find(['.', '\n', ';']).unwrap_or(rest.len());
    let comma = rest[..stop].find(", ").unwrap_or(stop);
    let words = rest[..comma].trim_end_matches(['”', '"', '’', '\'', ',']);
    context.text().trimmed(at..at + words.len())
}
