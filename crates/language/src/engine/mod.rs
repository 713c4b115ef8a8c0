//! Tags, heads, labels, sentences and names, as spaCy's `en_core_web_md` 3.8 finds them.
//!
//! An [`Engine`] holds the model and can be shared; a [`Reader`] holds what one thread remembers of the words it has
//! met, and turns a text into a [`Parse`]. Tokens, tags, heads and names are those of spaCy 3.8 on the same text,
//! but for roundings: the weights are kept at half precision.
//!
//! ```
//! use language::engine::Engine;
//!
//! let mut reader = Engine::shipped().reader();
//! let parse = reader.parse("The ministry denied the report.");
//! let denied = parse.token(2);
//! let subject = denied.dependents().find(|token| token.label() == "nsubj").unwrap();
//! assert_eq!(subject.text(), "ministry");
//! ```
//!
//! The model was trained on newswire and conversations up to 2013: names of people and places of other regions are
//! often given the wrong label. The labels of arcs are those of ClearNLP, not of Universal Dependencies.
//!
//! The algorithms follow spaCy and thinc (MIT); their notices stand in `model/ORIGIN.md`.

mod affixes;
mod asset;
mod characters;
mod kernels;
mod lexeme;
mod model;
mod ner;
mod parse;
mod parser;
mod reader;
mod special_cases;
mod strings;
mod tagger;
mod tok2vec;
mod tokenizer;
mod transitions;
mod tree;
mod web_address;

pub use asset::BadModel;
pub use model::Engine;
pub use parse::{Name, Parse, Token};
pub use reader::Reader;
