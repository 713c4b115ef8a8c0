//! Pages: what a reader sees of them, and where the article stands in it.

mod choose;
mod hints;
mod meta;
mod references;
mod scan;
mod view;

use model::Text;

use super::Given;
use super::decode::Decoded;
use crate::Source;

/// Takes the words out of a page, with the parts that its markup speaks against.
pub(super) fn take(source: &Source<'_>, decoded: Decoded) -> Given {
    let Decoded { text: page, encoding, notes } = decoded;
    let mut head = meta::Head::default();
    let view = view::View::of(&page, &mut head);
    let blocks = choose::article(&view);
    let metadata = head.completed(source.metadata);
    let text = Text::viewed(source.digest, page, view.pieces);
    Given { text, encoding, metadata, language: head.language(), blocks, notes }
}
