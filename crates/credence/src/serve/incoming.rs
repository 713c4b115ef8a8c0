//! What is on its way into the record.

use std::path::{Path, PathBuf};

/// A folder of its own for what comes in, gone with this.
pub(crate) struct Incoming(PathBuf);

impl Incoming {
    /// Makes one inside the record, so that it is on the same disk and nobody else's.
    pub(crate) fn inside(record: &Path) -> std::io::Result<Incoming> {
        let mut random = [0_u8; 8];
        getrandom::fill(&mut random).map_err(std::io::Error::other)?;
        let name: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let folder = record.join("incoming").join(name);
        std::fs::create_dir_all(&folder)?;
        Ok(Incoming(folder))
    }

    /// Removes what a desk left there that was stopped by force: words of reports that nobody asked to keep.
    pub(crate) fn clear(record: &Path) -> std::io::Result<()> {
        match std::fs::remove_dir_all(record.join("incoming")) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Incoming {
    // What is kept is in the record; a rest of it here is of no use to anybody, nor is what broke off on its way.
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
