use model::Claim;

use super::Extractor;
use crate::context::Context;

/// Finds quantities of people harmed, and of objects or attacks.
pub(super) const FIGURES: Extractor =
    Extractor { name: "figures", example: "More than 950 civilians have been killed.", find };

fn find(_context: &Context<'_>, _found: &mut Vec<Claim>) {}
