//! Finds the article inside a text: its paragraphs, its boilerplate, its dateline, its agency.
//!
//! What is in doubt is article: a line that is wrongly kept costs a reader a glance, a paragraph that is wrongly
//! set aside costs claims.

mod agencies;
mod cues;
mod dateline;
mod edges;
mod layout;

use std::ops::Range;

use model::{Boilerplate, BoilerplateReason, Dateline, Paragraph, Report, Text, Wire};

use crate::given::Given;

/// Tells the article from what stands around it.
pub(crate) fn find(given: Given) -> Report {
    let Given { text, mut metadata, blocks, language, notes, .. } = given;
    let blocks = edges::cut(&text, layout::sort(&text, &mut metadata, blocks));
    let mut article = Article { text: &text, published: metadata.published, ..Article::new(&text) };
    for block in &blocks {
        match block.aside {
            Some(reason) => article.set_aside(block.range.clone(), reason),
            None => article.take_in(block.range.clone()),
        }
    }
    let Article { body, boilerplate, dateline, wire, .. } = article;
    let language = identified(&text, &body).or(language);
    Report { text, metadata, language, dateline, wire, body, boilerplate, notes }
}

/// The article as it is put together, block by block.
struct Article<'t> {
    text: &'t Text,
    published: Option<jiff::civil::Date>,
    body: Vec<Paragraph>,
    boilerplate: Vec<Boilerplate>,
    dateline: Option<Dateline>,
    wire: Option<Wire>,
}

/// How many paragraphs may precede the dateline: a headline, a summary and a byline.
const DATELINE_AMONG: usize = 4;

/// How far into a text on a single line its dateline is looked for, in bytes: behind a headline and a summary.
const DATELINE_WITHIN: usize = 500;

impl<'t> Article<'t> {
    fn new(text: &'t Text) -> Article<'t> {
        let (body, boilerplate) = (Vec::new(), Vec::new());
        Article { text, published: None, body, boilerplate, dateline: None, wire: None }
    }

    fn set_aside(&mut self, range: Range<usize>, reason: BoilerplateReason) {
        let Some(span) = self.text.trimmed(range) else { return };
        if self.wire.is_none()
            && let Some((agency, words)) = agencies::credited(self.text.quote(span))
        {
            let words = self.text.span(span.start() + words.start..span.start() + words.end);
            self.wire = words.map(|span| Wire { agency: agency.to_owned(), span });
        }
        self.boilerplate.push(Boilerplate { span, reason });
    }

    /// Takes a stretch of the article in as a paragraph, or as two with a dateline between them.
    fn take_in(&mut self, range: Range<usize>) {
        match self.filed_at(&range) {
            Some(found) if found.whole.start > range.start => {
                self.paragraph(range.start..found.whole.start, range.start);
                let first = found.whole.end;
                let range = found.whole.start..range.end;
                self.file(found);
                self.paragraph(range, first);
            }
            Some(found) => {
                let first = found.whole.end;
                self.file(found);
                self.paragraph(range, first);
            }
            None => self.paragraph(range.clone(), range.start),
        }
    }

    /// Adds a paragraph whose first sentence begins at the byte `first` or after it.
    fn paragraph(&mut self, range: Range<usize>, first: usize) {
        let Some(span) = self.text.trimmed(range) else { return };
        let first = first.min(span.end());
        let sentences = language::sentences(&self.text.read()[first..span.end()])
            .into_iter()
            .filter_map(|sentence| self.text.trimmed(first + sentence.start..first + sentence.end))
            .collect();
        self.body.push(Paragraph { span, sentences });
    }

    /// Finds the dateline of a paragraph near the top, with ranges that count from the start of the text.
    fn filed_at(&self, range: &Range<usize>) -> Option<dateline::Found> {
        if self.dateline.is_some() || self.body.len() >= DATELINE_AMONG {
            return None;
        }
        let words = &self.text.read()[range.clone()];
        let starts = std::iter::once(0).chain(sentence_starts(words));
        let (at, found) =
            starts.map(|at| (at, dateline::at_start(&words[at..]))).find(|(_, found)| found.is_some())?;
        found.map(|found| found.moved_by(range.start + at))
    }

    fn file(&mut self, found: dateline::Found) {
        let Some(span) = self.text.span(found.whole) else { return };
        let date = found.date.and_then(|filed| filed.on(self.published));
        let place = found.place.and_then(|place| self.text.trimmed(place));
        self.dateline = Some(Dateline { span, place, date });
        let Some(span) = found.agency.and_then(|agency| self.text.trimmed(agency)) else { return };
        let written = self.text.quote(span);
        let agency = agencies::usual_name(written).unwrap_or(written).to_owned();
        self.wire = Some(Wire { agency, span });
    }
}

/// Returns where a new sentence may begin within the first bytes of a long line.
fn sentence_starts(words: &str) -> impl Iterator<Item = usize> {
    let window = &words[..words.floor_char_boundary(DATELINE_WITHIN)];
    window.match_indices([' ', '\n']).filter_map(|(at, gap)| {
        let before = window[..at].trim_end();
        (before.ends_with(['.', '!', '?', '"', '”']) && before.len() > 20).then_some(at + gap.len())
    })
}

/// Tells the language by the first paragraphs of the article.
fn identified(text: &Text, body: &[Paragraph]) -> Option<String> {
    const ENOUGH: usize = 4096;
    let mut sample = String::new();
    for paragraph in body {
        let words = text.quote(paragraph.span);
        sample.push_str(&words[..words.floor_char_boundary(ENOUGH)]);
        sample.push('\n');
        if sample.len() >= ENOUGH {
            break;
        }
    }
    language::identify(&sample).map(str::to_owned)
}
