/// What an original is, as far as reading it goes. Sniffed when it is collected; the user may say otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `date YYYY-MM-DD <text>`.
    DatedText,
    /// Text without a date of its own.
    PlainText,
    /// An HTML page.
    Page,
    /// One row of a JSON Lines file: an object with a `text`.
    Row,
}

crate::claim::names! {
    Kind { DatedText = "dated-text", PlainText = "text", Page = "page", Row = "row" }
}
