use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use store::{SharedIndex, Store};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::fault::{Code, Fault};
use super::guard::Secret;
use super::hand::Hand;
use super::known::Known;
use super::metrics::Metrics;

/// What every request shares.
pub(crate) struct Site {
    pub(crate) folder: PathBuf,
    pub(crate) port: u16,
    pub(crate) secret: Secret,
    pub(crate) hand: Hand,
    pub(crate) metrics: Metrics,
    pub(super) known: Known,
    /// Goes up when the record has changed.
    pub(crate) changed: watch::Sender<u64>,
    /// Changes when the desk is being stopped.
    pub(crate) stopped: watch::Receiver<bool>,
    /// The file of tiles under the map, if one was named.
    pub(crate) tiles: Option<PathBuf>,
    readers: Mutex<Vec<Store>>,
    index: Mutex<SharedIndex>,
    quick: Lane,
    long: Lane,
    /// Whole lists that may be read at the same time.
    lists: Arc<Semaphore>,
}

/// Questions of one kind: those that take long never keep the others waiting.
struct Lane {
    /// Those that may wait or be looked into.
    places: Arc<Semaphore>,
    /// Those that may be looked into.
    turns: Arc<Semaphore>,
}

impl Lane {
    fn new(at_once: usize, waiting: usize) -> Lane {
        let places = Arc::new(Semaphore::new(at_once + waiting));
        Lane { places, turns: Arc::new(Semaphore::new(at_once)) }
    }

    /// Waits for a turn, which lasts until both are dropped.
    ///
    /// # Errors
    /// [`Code::Busy`] where too many wait.
    async fn turn(&self) -> Result<(OwnedSemaphorePermit, OwnedSemaphorePermit), Fault> {
        let busy = |_| Fault::new(Code::Busy, "too many questions that take long are asked at once");
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(busy)?;
        let closed = |_| Fault::new(Code::Internal, "the question could not be answered");
        Ok((place, Arc::clone(&self.turns).acquire_owned().await.map_err(closed)?))
    }
}

/// Where a desk is.
pub(crate) struct Here<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) port: u16,
    /// Changes when the desk is being stopped.
    pub(crate) stopped: watch::Receiver<bool>,
    /// The file of tiles under the map, if one was named.
    pub(crate) tiles: Option<&'a Path>,
}

/// Questions that are looked into at the same time. Others wait: two processors answer no sooner if asked more at once.
const AT_ONCE: usize = 8;

/// The same of those that take long.
const LONG_AT_ONCE: usize = 2;

/// Questions that take long and may wait for their turn: fewer than there are connections. Beyond, the desk is busy.
const LONG_WAITING: usize = 30;

/// Whole lists that are handed out at the same time: each has a thread for as long as somebody reads it.
const LISTS: usize = 8;

/// KiB of pages that each reader holds. The system holds the rest.
const HELD: u32 = 4 << 10;

/// How long a question of the rows may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long one may take whose answer is kept: it is worked out once for all who ask.
const PATIENCE_ONCE: Duration = Duration::from_secs(20);

impl Site {
    pub(crate) fn new(here: &Here<'_>, secret: Secret, hand: Hand) -> Site {
        Site {
            folder: here.folder.to_owned(),
            port: here.port,
            secret,
            hand,
            metrics: Metrics::default(),
            known: Known::default(),
            changed: watch::Sender::new(0),
            stopped: here.stopped.clone(),
            tiles: here.tiles.map(Path::to_owned),
            readers: Mutex::new(Vec::new()),
            index: Mutex::default(),
            // There are no more connections than that.
            quick: Lane::new(AT_ONCE, Semaphore::MAX_PERMITS - AT_ONCE),
            long: Lane::new(LONG_AT_ONCE, LONG_WAITING),
            lists: Arc::new(Semaphore::new(LISTS)),
        }
    }

    /// Answers from the rows, on a thread that may wait for the disk.
    pub(crate) async fn read<T: Send + 'static>(
        self: Arc<Self>,
        answer: impl FnOnce(&Store) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let lane = (&self.quick, PATIENCE);
        Arc::clone(&self).read_in(lane, answer).await
    }

    /// Answers as [`Site::read`] does what takes long, a few at a time.
    ///
    /// # Errors
    /// [`Code::Busy`] where too many wait.
    pub(super) async fn read_long<T: Send + 'static>(
        self: Arc<Self>,
        answer: impl FnOnce(&Store) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let lane = (&self.long, PATIENCE_ONCE);
        Arc::clone(&self).read_in(lane, answer).await
    }

    async fn read_in<T: Send + 'static>(
        self: Arc<Self>,
        (lane, patience): (&Lane, Duration),
        answer: impl FnOnce(&Store) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let turn = lane.turn().await?;
        let site = Arc::clone(&self);
        let asked = tokio::task::spawn_blocking(move || {
            // Whoever asked may go away; the work does not, and has its turn to its end.
            let _turn = turn;
            let mut store = site.reader()?;
            store.answer_until(Instant::now() + patience)?;
            let answer = answer(&store);
            match &answer {
                // One that met an error may be out of date, or its file gone.
                Err(fault) if matches!(fault.code, Code::Damaged | Code::Internal) => site.open_anew(),
                _ => site.shelve(store),
            }
            answer
        });
        asked.await.unwrap_or_else(|_| Err(Fault::new(Code::Internal, "the question could not be answered")))
    }

    fn reader(&self) -> Result<Store, store::Error> {
        let shelved = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let index = self.index.lock().unwrap_or_else(PoisonError::into_inner).clone();
        shelved.map_or_else(|| Store::open_beside(&self.folder, &index, HELD), Ok)
    }

    /// Takes a place for a whole list.
    ///
    /// # Errors
    /// [`Code::Busy`] where too many are being read.
    pub(super) fn list(&self) -> Result<OwnedSemaphorePermit, Fault> {
        let busy = |_| Fault::new(Code::Busy, "too many whole lists are being read at once");
        Arc::clone(&self.lists).try_acquire_owned().map_err(busy)
    }

    /// Opens the rows for one whole list.
    pub(super) fn open_list(&self) -> Result<Store, store::Error> {
        Store::open_beside(&self.folder, &SharedIndex::default(), HELD)
    }

    fn shelve(&self, store: Store) {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < AT_ONCE + LONG_AT_ONCE {
            readers.push(store);
        }
    }

    fn open_anew(&self) {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        *self.index.lock().unwrap_or_else(PoisonError::into_inner) = SharedIndex::default();
    }

    /// Tells all who listen that the record has changed.
    pub(crate) fn tell_of_change(&self) {
        self.changed.send_modify(|count| *count += 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_those_that_wait_the_desk_is_busy() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let lane = Arc::new(Lane::new(1, 1));
            let first = lane.turn().await.unwrap();
            let other = Arc::clone(&lane);
            let second = tokio::spawn(async move { other.turn().await.is_ok() });
            tokio::task::yield_now().await;
            assert_eq!(lane.turn().await.unwrap_err().code, Code::Busy);
            drop(first);
            assert!(second.await.unwrap());
            assert!(lane.turn().await.is_ok());
        });
    }
}
