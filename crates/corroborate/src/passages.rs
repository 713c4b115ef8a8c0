use model::Span;

/// A stretch of words that stands in two reports, apart from small gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Where it stands in the first report.
    pub a: Span,
    /// Where it stands in the second.
    pub b: Span,
    /// How many words the two have in common.
    pub words: usize,
    /// Whether most of these words are inside quotation marks: then it is somebody's speech that is shared.
    pub quoted: bool,
}
