use model::Claim;

use super::Extractor;
use crate::context::Context;

/// Finds allegations of harm that could breach the laws of war.
pub(super) const ALLEGATIONS: Extractor =
    Extractor { name: "allegations", example: "Troops shelled a hospital in Varden.", find };

fn find(_context: &Context<'_>, _found: &mut Vec<Claim>) {}
