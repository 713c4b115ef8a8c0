//! Finds the article inside a text: its paragraphs, its boilerplate, its dateline, its agency.

use model::{Paragraph, Report};

use crate::given::Given;

/// Tells the article from what stands around it.
pub(crate) fn find(given: Given) -> Report {
    let body = given
        .blocks
        .iter()
        .filter(|block| block.aside.is_none())
        .filter_map(|block| given.text.trimmed(block.range.clone()))
        .map(|span| Paragraph { span, sentences: Vec::new() })
        .collect();
    Report {
        text: given.text,
        metadata: given.metadata,
        language: None,
        dateline: None,
        wire: None,
        body,
        boilerplate: Vec::new(),
        notes: given.notes,
    }
}
