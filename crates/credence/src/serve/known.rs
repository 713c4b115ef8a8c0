//! Answers that take long to work out, kept as long as the record is the same.

use std::any::Any;
use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use store::Store;
use tokio::sync::OnceCell;

use super::fault::{Code, Fault};
use super::site::{PATIENCE_ONCE, Site};

/// Answers that are kept at a time; the one that was asked for least lately goes first. The largest, a map of 5,000 points, has
/// some 2 MB; most have a few kilobytes.
const KEPT: usize = 1_024;

/// An answer of any kind, or a place for one that is being worked out.
type Place = Arc<OnceCell<Arc<dyn Any + Send + Sync>>>;

/// What was worked out of the record as it is.
#[derive(Default)]
pub(crate) struct Known {
    /// A connection of its own: the number of a version means something to one connection alone.
    looker: Mutex<Option<Store>>,
    shelf: Mutex<Shelf>,
}

#[derive(Default)]
struct Shelf {
    version: u64,
    places: VecDeque<(String, Place)>,
}

impl Known {
    /// Returns a number that is another one when the record has changed.
    fn version(&self, folder: &Path) -> Result<u64, store::Error> {
        let mut looker = self.looker.lock().unwrap_or_else(PoisonError::into_inner);
        let store = looker.take().map_or_else(|| Store::open(folder), Ok)?;
        let version = store.version()?;
        // One that met an error is opened anew the next time.
        *looker = Some(store);
        Ok(version)
    }

    /// Returns the place of an answer to a question of this version of the record.
    fn place(&self, question: &str, version: u64) -> Place {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if shelf.version != version {
            *shelf = Shelf { version, places: VecDeque::new() };
        }
        if let Some(at) = shelf.places.iter().position(|(known, _)| known == question)
            && let Some(known) = shelf.places.remove(at)
        {
            let place = Arc::clone(&known.1);
            shelf.places.push_back(known);
            return place;
        }
        if shelf.places.len() == KEPT {
            shelf.places.pop_front();
        }
        let place = Place::default();
        shelf.places.push_back((question.to_owned(), Arc::clone(&place)));
        place
    }
}

impl Site {
    /// Answers as [`Site::read`] does but with more patience, once for as long as the record is the same: whoever asks meanwhile waits for that
    /// answer. `question` names it, and no two kinds of answers have the same name. What fails is asked anew.
    pub(crate) async fn know<T: Send + Sync + 'static>(
        self: Arc<Self>,
        question: String,
        answer: impl FnOnce(&Store) -> Result<T, Fault> + Send + 'static,
    ) -> Result<Arc<T>, Fault> {
        let bug = || Fault::new(Code::Internal, "the question could not be answered");
        // On a task of its own: what was begun is of use to others where the one who asked has gone.
        let working = tokio::spawn(async move {
            let site = Arc::clone(&self);
            let version = tokio::task::spawn_blocking(move || site.known.version(&site.folder));
            let version = version.await.map_err(|_| bug())??;
            let place = self.known.place(&question, version);
            let answered = place.get_or_try_init(|| async {
                let answered: Arc<dyn Any + Send + Sync> =
                    Arc::new(self.read_within(PATIENCE_ONCE, answer).await?);
                Ok::<_, Fault>(answered)
            });
            let answered = Arc::clone(answered.await?);
            answered.downcast::<T>().map_err(|_| bug())
        });
        working.await.unwrap_or_else(|_| Err(bug()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_its_place_until_the_record_changes() {
        let known = Known::default();
        let first = known.place("a", 1);
        assert!(Arc::ptr_eq(&first, &known.place("a", 1)));
        assert!(!Arc::ptr_eq(&first, &known.place("b", 1)));
        assert!(!Arc::ptr_eq(&first, &known.place("a", 2)));
    }

    #[test]
    fn what_is_asked_for_again_and_again_stays() {
        let known = Known::default();
        let (first, often) = (known.place("first", 1), known.place("often", 1));
        for number in 0..KEPT {
            known.place(&number.to_string(), 1);
            assert!(Arc::ptr_eq(&often, &known.place("often", 1)));
        }
        assert_eq!(known.shelf.lock().unwrap().places.len(), KEPT);
        assert!(!Arc::ptr_eq(&first, &known.place("first", 1)));
    }
}
