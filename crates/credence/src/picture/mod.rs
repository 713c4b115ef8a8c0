//! Pictures as SVG: they need no program but a browser, ask for nothing from outside, and are the same for the same input.

mod chart;
mod cutout;
mod family;
mod map;
mod names;
mod svg;
mod world;

pub(crate) use chart::{Chart, chart};
pub(crate) use cutout::{Cutout, Ground, WIDTH};
pub(crate) use family::family;
pub(crate) use map::{Borders, Map, Mark, Place, TALL, denied_of, marks, radius};
pub(crate) use names::NAMES_TEXT;
pub(crate) use svg::{at_night, inline, looks_within};
pub(crate) use world::outlines;
