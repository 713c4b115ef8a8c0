//! Text to sentences, tokens and language.
//!
//! A [`Doc`] is a view of a text: its tokens and sentences, each a range of bytes. Nothing of the text is changed
//! or copied away, and any text can be read. Tags, heads and names are found by the [`engine`], which cuts its own
//! tokens.
//!
//! ```
//! let doc = language::Doc::read("He left. She stayed.", &[0..20]);
//! assert_eq!(doc.sentences().len(), 2);
//! assert_eq!(doc.word(0), "He");
//! assert_eq!(doc.lower(3), "she");
//! ```
//!
//! The crate knows nothing of wars, reports or files.

mod abbreviations;
mod doc;
pub mod engine;
mod identify;
mod sentences;
mod tokens;

pub use doc::{Doc, Token, TokenKind};
pub use identify::{identify, name};
pub use sentences::sentences;
