use model::{Claim, ClaimKind, Polarity, Statement};

use super::Extractor;
use crate::context::Context;

/// Finds reported speech and belief: one claim for each attribution that has a speaker and a content.
///
/// It leaves alone hearsay without a speaker ("is thought to"), what was not said ("declined to say"), and what a
/// speaker says again of himself ("said it believes"). A denial is a statement like any other: that it denies is
/// told by the allegation that it denies.
pub(super) const STATEMENTS: Extractor =
    Extractor { name: "statements", example: "The shelling went on all night, the mayor said.", find };

fn find(context: &Context<'_>, found: &mut Vec<Claim>) {
    for attribution in &context.attributions.all {
        if attribution.said_by.is_empty() || attribution.restates {
            continue;
        }
        found.push(Claim {
            span: attribution.span,
            said_by: attribution.said_by.clone(),
            cue: attribution.cue,
            polarity: Polarity::Asserted,
            rule: attribution.rule,
            kind: ClaimKind::Statement(Statement {
                form: attribution.form,
                content: attribution.content.clone(),
                said_on: attribution.said_on,
            }),
        });
    }
}
