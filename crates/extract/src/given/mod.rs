//! From bytes to a text: encodings, dated texts, JSON rows and pages.

use std::ops::Range;

use model::{BoilerplateReason, Metadata, Note, Text};

use crate::Source;

/// A text with what came along with it, before the article is looked for.
pub(crate) struct Given {
    pub(crate) text: Text,
    pub(crate) metadata: Metadata,
    /// The blocks of what is read, in order: lines of a text, block elements of a page.
    pub(crate) blocks: Vec<Block>,
    pub(crate) notes: Vec<Note>,
}

/// One block of what is read.
pub(crate) struct Block {
    /// Bytes of what is read, without the white space around them.
    pub(crate) range: Range<usize>,
    /// What the page's own markup, or the format, says against it.
    pub(crate) aside: Option<BoilerplateReason>,
}

/// Makes a text of the bytes of an original.
pub(crate) fn take(source: &Source<'_>) -> Given {
    let text = Text::verbatim(source.digest, String::from_utf8_lossy(source.bytes).into_owned());
    let blocks = vec![Block { range: 0..text.read().len(), aside: None }];
    Given { text, metadata: source.metadata.clone(), blocks, notes: Vec::new() }
}
