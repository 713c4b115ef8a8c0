//! Figures beside each other: what was stated, by whom, for which day, and where two statements do not fit together.

mod lines;
mod moved;
mod remarks;

pub use lines::{Ledger, Line, Share, Stated, ledgers};
pub use moved::{Direction, Moved, moved};
pub use remarks::{Remark, RemarkKind, remarks};
