use std::ops::Range;

use language::Doc;
use model::{Report, Span, Text, TimeMention};

use crate::attribution::Attributions;
use crate::places::PlaceMention;
use crate::syntax::Syntax;

/// All that the extractors share about one report.
pub(crate) struct Context<'r> {
    pub(crate) report: &'r Report,
    /// The tokens and sentences of the body; boilerplate has none.
    pub(crate) doc: &'r Doc<'r>,
    /// The same sentences with heads and names, read as they are asked for: a sentence takes ten times as long with them.
    pub(crate) syntax: &'r Syntax<'r>,
    /// The times that are named, in the order of their words.
    pub(crate) times: &'r [TimeMention],
    /// The places that are named, in the order of their words.
    pub(crate) places: &'r [PlaceMention],
    /// Who says what.
    pub(crate) attributions: &'r Attributions,
}

impl<'r> Context<'r> {
    /// Returns the text of the report.
    pub(crate) fn text(&self) -> &'r Text {
        &self.report.text
    }

    /// Cuts the span from the first to the last of `tokens`.
    pub(crate) fn span(&self, tokens: Range<usize>) -> Option<Span> {
        self.text().span(self.doc.bytes(tokens)?)
    }
}
