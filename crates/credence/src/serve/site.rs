use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use store::Store;
use tokio::sync::{Semaphore, watch};

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
    turns: Arc<Semaphore>,
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

/// How long a question of the rows may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long one may take whose answer is kept: it is worked out once for all who ask.
pub(super) const PATIENCE_ONCE: Duration = Duration::from_secs(20);

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
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Answers from the rows, on a thread that may wait for the disk.
    pub(crate) async fn read<T: Send + 'static>(
        self: Arc<Self>,
        answer: impl FnOnce(&Store) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.read_within(PATIENCE, answer).await
    }

    pub(super) async fn read_within<T: Send + 'static>(
        self: Arc<Self>,
        patience: Duration,
        answer: impl FnOnce(&Store) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let site = Arc::clone(&self);
        let asked = tokio::task::spawn_blocking(move || {
            // Whoever asked may go away; the work does not, and has its turn to its end.
            let _turn = turn;
            let mut store = site.reader()?;
            store.answer_until(Instant::now() + patience)?;
            let answer = answer(&store);
            // One that met an error may be out of date, or its file gone.
            if answer.is_ok() {
                site.shelve(store);
            }
            answer
        });
        asked.await.unwrap_or_else(|_| Err(Fault::new(Code::Internal, "the question could not be answered")))
    }

    fn reader(&self) -> Result<Store, store::Error> {
        let shelved = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        shelved.map_or_else(|| Store::open(&self.folder), Ok)
    }

    fn shelve(&self, store: Store) {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < AT_ONCE {
            readers.push(store);
        }
    }

    /// Tells all who listen that the record has changed.
    pub(crate) fn tell_of_change(&self) {
        self.changed.send_modify(|count| *count += 1);
    }
}
