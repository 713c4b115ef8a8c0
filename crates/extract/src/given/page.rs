//! Pages.
use super::Given;
use super::decode::Decoded;
use crate::Source;

pub(super) fn take(source: &Source<'_>, decoded: Decoded) -> Given {
    super::plain(source, decoded)
}
