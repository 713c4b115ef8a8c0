use super::{Desk, Outcome};
use crate::cli::Serve;
use crate::serve::{self, Setting};

/// Opens the desk until stopped.
pub(super) fn run(desk: &Desk, asked: &Serve) -> anyhow::Result<Outcome> {
    let address = (asked.address, asked.port).into();
    let tiles = asked.tiles.as_deref();
    serve::run(&Setting { folder: &desk.folder, address, watch: asked.watch, tiles })?;
    Ok(Outcome::Found)
}
