//! Looks out for what other runs write to the record, and tells the pages.

use std::sync::Weak;
use std::time::Duration;

use store::Store;

use super::site::Site;
use crate::{corroborating, incidents};

/// How often it is looked: one number is read.
const EVERY: Duration = Duration::from_secs(1);

/// Looks out until the desk is gone.
pub(super) fn look_out(site: &Weak<Site>) {
    let mut known: Option<(Store, u64)> = None;
    loop {
        std::thread::sleep(EVERY);
        let Some(site) = site.upgrade() else { return };
        // A record that is not there yet, or is being moved, may be there the next time.
        known = look(&site, known).ok();
    }
}

fn look(site: &Site, known: Option<(Store, u64)>) -> Result<(Store, u64), store::Error> {
    let Some((store, before)) = known else {
        let store = Store::open(&site.folder)?;
        let version = store.version()?;
        return Ok((store, version));
    };
    let version = store.version()?;
    if version != before {
        site.tell_of_change();
        let is_behind = || Ok(corroborating::is_due(&store)? || incidents::is_behind(&store)?);
        if !store::is_being_written(&site.folder) && is_behind()? {
            // Nothing is handed over any more: the desk is being stopped.
            let _ = site.hand.catch_up();
        }
    }
    Ok((store, version))
}
