//! The nouns of Credence, and nothing that acts.
//!
//! A [`Text`] is the wording of one report, tied to the original it was read from. Only a text cuts a [`Span`],
//! so a span cannot point nowhere, and each span remembers its text, so it cannot quote another. A [`Report`] is
//! what was found around the article: dates, outlet, body, boilerplate. A [`Claim`] is one thing that somebody
//! says in it: a statement, a figure, an allegation or a determination, always at a span and always attributed,
//! if only to the outlet itself.
//!
//! ```
//! use model::{Digest, Text};
//!
//! let received = "At least 12 people were killed, the mayor said.";
//! let text = Text::verbatim(Digest::of(received.as_bytes()), received.to_owned());
//! let toll = text.span(0..18).unwrap();
//! assert_eq!(text.quote(toll), "At least 12 people");
//! ```
//!
//! There is no type for guilt. An allegation is what somebody says; a determination is what an authority recorded
//! that it decided. Nothing here touches a disk, a clock or a network, and nothing is serialisable: formats belong
//! to the crates that own a boundary.

mod claim;
mod digest;
mod kind;
mod place;
mod report;
mod text;
mod victims;
mod when;

pub use claim::{
    Act, Allegation, Caveat, Certainty, Claim, ClaimKind, Determination, Figure, Form, Measure, Mention,
    ObjectClass, Polarity, Resolution, Scope, Speaker, Standard, Statement,
};
pub use digest::{Digest, NotADigest};
pub use kind::Kind;
pub use place::{Located, Place, Precision};
pub use report::{Boilerplate, BoilerplateReason, Dateline, Metadata, Note, Paragraph, Report, Wire};
pub use text::{Piece, Span, Text};
pub use victims::{Sex, Victim, Victims};
pub use when::{Bound, Hours, NotADate, Period, TimeMention, When};
