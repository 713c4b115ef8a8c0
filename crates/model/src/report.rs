use jiff::civil::Date;

use crate::{Span, Text};

/// What was known of a report before its text was read: from a JSON row, a page's head, or the command line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Metadata {
    /// The identifier of the JSON row, or the name of the file.
    pub id: String,
    /// The day of publication.
    pub published: Option<Date>,
    /// Who published it.
    pub outlet: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// The address it was published at.
    pub url: Option<String>,
    /// The label of the encoding that the server named (RFC 9110, 8.3), as it wrote it.
    pub charset: Option<String>,
}

/// One article by one outlet, found inside an original.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The wording, tied to its original.
    pub text: Text,
    /// Identifier, publication day, outlet, title, address: as handed over, completed from the text itself.
    pub metadata: Metadata,
    /// The language, two letters after ISO 639-1; `und` for one that is not English and cannot be told; `None` for a
    /// text too short to tell.
    pub language: Option<String>,
    /// Where and when the copy says it was filed.
    pub dateline: Option<Dateline>,
    /// The agency that is credited.
    pub wire: Option<Wire>,
    /// The article, in paragraphs. Together with the boilerplate this covers all words of the text.
    pub body: Vec<Paragraph>,
    /// What is not the article. Kept, never deleted, and never read for claims.
    pub boilerplate: Vec<Boilerplate>,
    /// What could not be read, in words for the user.
    pub notes: Vec<Note>,
}

impl Report {
    /// Returns the day that "today" means in the report: that of the dateline, else that of publication.
    pub fn anchor(&self) -> Option<Date> {
        self.dateline.as_ref().and_then(|dateline| dateline.date).or(self.metadata.published)
    }

    /// Tells whether claims are looked for in it: in an English text, and in one too short to tell its language.
    pub fn is_in_english(&self) -> bool {
        self.language.as_deref().is_none_or(|language| language == "en")
    }
}

/// One paragraph of the article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// The whole paragraph, without the white space around it.
    pub span: Span,
    /// Its sentences, in order. A dateline stands before the first.
    pub sentences: Vec<Span>,
}

/// A stretch of the text that is not the article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boilerplate {
    /// Where it stands.
    pub span: Span,
    /// Why it was set aside.
    pub reason: BoilerplateReason,
}

/// Why a stretch of text is not the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BoilerplateReason {
    /// The `date YYYY-MM-DD` in front of a dated text, or another line that only dates the report.
    Date,
    /// The headline, repeated above the article.
    Title,
    /// Headlines of other reports.
    Teaser,
    /// "Sign up for our newsletter", "Subscribe".
    Subscription,
    /// "Share this", "Follow us".
    Share,
    /// Who wrote, edited or photographed it; also an agency's credit, which is evidence of origin.
    Credit,
    /// Menus, footers, cookie banners and other parts of a page.
    Navigation,
    /// "All rights reserved".
    Legal,
}

/// The line in front of an agency report: where and when the copy was filed, not where the event happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dateline {
    /// The whole dateline, up to and including its dash.
    pub span: Span,
    /// The city.
    pub place: Option<Span>,
    /// The day, if it names one.
    pub date: Option<Date>,
}

/// An agency credited for the text: evidence of where the words came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wire {
    /// The agency's usual name, such as "Reuters".
    pub agency: String,
    /// The words of the credit.
    pub span: Span,
}

/// Something about the input that a user should know: bytes that were no text, a date that cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note(pub String);

crate::claim::names! {
    BoilerplateReason {
        Date = "date", Title = "title", Teaser = "teaser", Subscription = "subscription", Share = "share",
        Credit = "credit", Navigation = "navigation", Legal = "legal",
    }
}
