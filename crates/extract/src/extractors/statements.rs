use language::TokenKind;
use model::{Claim, ClaimKind, Polarity, Span, Statement};

use super::Extractor;
use crate::attribution::Attribution;
use crate::context::Context;
use crate::evidence;

/// Finds reported speech and belief: one claim for each attribution that has a speaker and a content.
///
/// It leaves alone hearsay without a speaker ("is thought to"), what was not said ("declined to say"), and what a
/// speaker says again of himself ("said it believes"). A denial is a statement like any other: that it denies is
/// told by the allegation that it denies.
pub(super) const STATEMENTS: Extractor =
    Extractor { name: "statements", example: "The shelling went on all night, the mayor said.", find };

fn find(context: &Context<'_>, found: &mut Vec<Claim>) {
    let marks = quotation_marks(context);
    for attribution in &context.attributions.all {
        if attribution.said_by.is_empty() || attribution.restates {
            continue;
        }
        found.push(Claim {
            span: attribution.span,
            said_by: attribution.said_by.clone(),
            cue: attribution.cue,
            polarity: Polarity::Asserted,
            denies: None,
            supersedes: None,
            rule: attribution.rule,
            evidence: evidence_of(attribution, &marks),
            kind: ClaimKind::Statement(Statement {
                form: attribution.form,
                content: attribution.content.clone(),
                said_on: attribution.said_on,
            }),
        });
    }
}

/// Returns the quotation marks of the body, in order.
fn quotation_marks(context: &Context<'_>) -> Vec<Span> {
    let tokens = context.doc.tokens().iter().filter(|token| token.kind == TokenKind::Quote);
    tokens.filter_map(|token| context.text().span(token.start()..token.end())).collect()
}

/// The most quotation marks of one content that are named: two for each of eight quotations. What is said can hold
/// what others say, so that naming all of them for each would take quadratic time.
const MOST_MARKS: usize = 16;

fn evidence_of(attribution: &Attribution, marks: &[Span]) -> Vec<Span> {
    let within = |content: &Span| {
        let first = marks.partition_point(|mark| mark.start() < content.start());
        let content = *content;
        marks[first..].iter().copied().take_while(move |mark| content.contains(*mark)).take(MOST_MARKS)
    };
    let quoted = attribution.content.iter().flat_map(within);
    evidence::in_order(evidence::mentions(&attribution.said_by).chain(attribution.cue).chain(quoted))
}
