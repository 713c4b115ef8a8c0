use super::{Desk, Outcome};
use crate::cli::Serve;
use crate::serve::{self, Setting};

/// Opens the desk until stopped.
pub(super) fn run(desk: &Desk, asked: &Serve) -> anyhow::Result<Outcome> {
    let address = (asked.address, asked.port).into();
    serve::run(&Setting { folder: &desk.folder, address, tiles: asked.tiles.as_deref() })?;
    Ok(Outcome::Found)
}
