//! Looks out for what other runs write to the record, and tells the pages.

use std::sync::Weak;
use std::time::{Duration, Instant};

use store::Store;

use super::site::Site;
use crate::{corroborating, incidents};

/// How often it is looked: one number is read.
const EVERY: Duration = Duration::from_secs(1);

/// How long it is waited at most until what failed is tried again.
const LONGEST: Duration = Duration::from_secs(60);

/// What is known of the record.
struct Lookout {
    seen: Option<(Store, u64)>,
    /// Whether the record may be behind what was written to it.
    may_be_behind: bool,
    /// When that is looked at again, and how long it was waited for that.
    again: Instant,
    pause: Duration,
}

/// Looks out until the desk is gone.
pub(super) fn look_out(site: &Weak<Site>) {
    let mut lookout = Lookout { seen: None, may_be_behind: true, again: Instant::now(), pause: EVERY };
    loop {
        std::thread::sleep(EVERY);
        let Some(site) = site.upgrade() else { return };
        // A record that is not there yet, or is being moved, may be there the next time.
        if lookout.look(&site).is_err() {
            lookout = Lookout { seen: None, may_be_behind: true, ..lookout };
        }
    }
}

impl Lookout {
    fn look(&mut self, site: &Site) -> Result<(), store::Error> {
        let (store, before) = match self.seen.take() {
            Some((store, version)) => (store, Some(version)),
            None => (Store::open(&site.folder)?, None),
        };
        let version = store.version()?;
        if before.is_some_and(|before| before != version) {
            site.tell_of_change();
            (self.may_be_behind, self.again, self.pause) = (true, Instant::now(), EVERY);
        }
        // While another run writes, it is looked at again, until that has ended: no change is passed over.
        if self.may_be_behind && Instant::now() >= self.again && !store::is_being_written(&site.folder) {
            self.may_be_behind = corroborating::is_due(&store)? || incidents::is_behind(&store)?;
            if self.may_be_behind {
                // Nothing is handed over any more: the desk is being stopped.
                let _ = site.hand.catch_up();
                (self.again, self.pause) = (Instant::now() + self.pause, (self.pause * 2).min(LONGEST));
            }
        }
        self.seen = Some((store, version));
        Ok(())
    }
}
