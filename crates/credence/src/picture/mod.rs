//! Pictures as SVG: they need no program but a browser, ask for nothing from outside, and are the same for the same input.

mod chart;
mod family;
mod svg;

pub(crate) use chart::chart;
pub(crate) use family::family;
