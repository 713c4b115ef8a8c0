//! The words by which a rule fired.

use std::ops::Range;

use model::{Span, Speaker};

use crate::context::Context;

/// Returns the words at `tokens` in the order of the text, each stretch once.
pub(crate) fn at(context: &Context<'_>, tokens: impl IntoIterator<Item = Range<usize>>) -> Vec<Span> {
    in_order(tokens.into_iter().filter(|tokens| !tokens.is_empty()).filter_map(|tokens| context.span(tokens)))
}

/// Returns the spans in the order of the text, each once.
pub(crate) fn in_order(spans: impl IntoIterator<Item = Span>) -> Vec<Span> {
    let mut spans: Vec<Span> = spans.into_iter().collect();
    spans.sort_unstable();
    spans.dedup();
    spans
}

/// Returns the words that mention the speakers.
pub(crate) fn mentions(said_by: &[Speaker]) -> impl Iterator<Item = Span> + '_ {
    said_by.iter().filter_map(|speaker| speaker.mention)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::{Expect, expect};
    use model::{Digest, Kind, Metadata};
    use proptest::prelude::*;

    use crate::{Reading, Source, read};

    fn reading(text: &str) -> Reading {
        let (bytes, metadata) = (text.as_bytes(), Metadata::default());
        read(&Source { bytes, digest: Digest::of(bytes), kind: Kind::PlainText, metadata: &metadata })
    }

    /// Prints the rule of each claim beside the words by which it fired.
    fn check(text: &str, expected: Expect) {
        let reading = reading(text);
        let mut shown = String::new();
        for claim in &reading.claims {
            let words: Vec<&str> =
                claim.evidence.iter().map(|&words| reading.report.text.quote(words)).collect();
            writeln!(shown, "{} <- {words:?}", claim.rule).expect("a string takes every write");
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn every_claim_names_the_words_that_made_it() {
        check(
            "“More than 40 civilians were killed in Orsk”, Mirela Ånd said.",
            expect![[r#"
            statement-subject-verb <- ["“", "”", "Mirela Ånd", "said"]
            allegation-passive-verb <- ["More than 40 civilians", "killed"]
            figure-counted-people <- ["More than", "40", "civilians", "killed"]
        "#]],
        );
        check(
            "The toll in Orsk has risen to 13, including two children.",
            expect![[r#"
            figure-bare-number <- ["toll", "13"]
            figure-counted-people <- ["toll", "two", "children"]
        "#]],
        );
        check(
            "The Vardian army denied that its soldiers shelled a hospital in Orsk with rockets.",
            expect![[r#"
                statement-subject-verb <- ["Vardian army", "denied"]
                allegation-active-verb <- ["The Vardian army", "denied", "shelled", "a hospital", "rockets"]
            "#]],
        );
        check(
            "Rebels reportedly burned down a school in Älvsjö.",
            expect![[r#"
                allegation-active-verb <- ["Rebels", "reportedly", "burned down", "a school"]
            "#]],
        );
        check(
            "The district court in Orsk convicted two officers of torture.",
            expect![[r#"
                determination-act <- ["district court in Orsk", "convicted"]
                allegation-noun <- ["two officers", "torture"]
            "#]],
        );
        check(
            "The committee concluded that the strikes amounted to war crimes.",
            expect![[r#"
            statement-subject-verb <- ["committee", "concluded"]
            determination-judgement <- ["committee", "concluded"]
            allegation-noun <- ["war crimes"]
        "#]],
        );
    }

    proptest! {
        #[test]
        fn evidence_is_in_order_and_never_empty_words(text in "(at least 12 |civilians |were killed |in Orsk |, |said |“|”|\\. |denied |shelling |the army |a school |Жё |\n\n){0,40}") {
            for claim in reading(&text).claims {
                prop_assert!(!claim.evidence.is_empty());
                prop_assert!(claim.evidence.is_sorted());
                prop_assert!(claim.evidence.iter().all(|words| !words.is_empty()));
            }
        }
    }
}
