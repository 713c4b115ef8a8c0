use model::Claim;

use super::Extractor;
use crate::context::Context;

/// Finds formal acts of authorities on harm, law or responsibility.
pub(super) const DETERMINATIONS: Extractor =
    Extractor { name: "determinations", example: "The court convicted two officers of torture.", find };

fn find(_context: &Context<'_>, _found: &mut Vec<Claim>) {}
