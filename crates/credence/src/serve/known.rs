//! Answers that take long to work out, kept as long as the record is the same.

use std::any::Any;
use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use store::Store;
use tokio::sync::OnceCell;

use super::fault::{Code, Fault};
use super::site::Site;
use crate::clock;

/// Answers that are kept at a time; the one that was asked for least lately goes first.
const KEPT: usize = 1_024;

/// Bytes of memory that they take together at most, about: the largest, a map of 5,000 points, has some 2 MB; most have a few
/// kilobytes.
const KEPT_BYTES: usize = 64 << 20;

/// Bytes of memory that something takes for each byte of its JSON, about: names of fields are not held, but lengths and places
/// of words are.
const FOR_ONE: usize = 2;

/// How long somebody waits for what is worked out anew, before they are shown what was known before.
const PAUSE: Duration = Duration::from_millis(150);

/// Answers of which the last one is kept when the record changes.
const LATE: usize = 16;

#[derive(Clone)]
struct Answer {
    it: Arc<dyn Any + Send + Sync>,
    /// Bytes of memory that it takes, about.
    bytes: usize,
}

/// An answer of any kind, or a place for one that is being worked out.
type Place = Arc<OnceCell<Answer>>;

/// What was worked out of the record as it is.
#[derive(Default)]
pub(crate) struct Known {
    /// A connection of its own: the number of a version means something to one connection alone.
    looker: Mutex<Option<Store>>,
    shelf: Mutex<Shelf>,
    /// The last answers to some questions, whatever the version of the record.
    late: Mutex<VecDeque<(String, Late)>>,
}

#[derive(Clone)]
struct Late {
    it: Arc<dyn Any + Send + Sync>,
    /// When it was worked out.
    at: Timestamp,
}

/// An answer that may be of the record as it was before.
pub(crate) struct Lately<T> {
    pub(crate) answer: Arc<T>,
    /// When it was worked out, if the record has changed since: a newer one is being worked out.
    pub(crate) as_of: Option<Timestamp>,
}

#[derive(Default)]
struct Shelf {
    version: u64,
    places: VecDeque<(String, Place)>,
}

impl Shelf {
    /// Lets go of what was asked for least lately, until what is left is few enough and small enough.
    fn trim(&mut self, most: usize, bytes: usize) {
        let bytes_of = |place: &Place| place.get().map_or(0, |answer| answer.bytes);
        let mut held: usize = self.places.iter().map(|(_, place)| bytes_of(place)).sum();
        while held > bytes || self.places.len() > most {
            let Some((_, gone)) = self.places.pop_front() else { break };
            held -= bytes_of(&gone);
        }
    }
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
        let place = Place::default();
        shelf.places.push_back((question.to_owned(), Arc::clone(&place)));
        shelf.trim(KEPT, KEPT_BYTES);
        place
    }

    fn trim(&self) {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner).trim(KEPT, KEPT_BYTES);
    }

    fn late(&self, name: &str) -> Option<Late> {
        let late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        late.iter().find(|(known, _)| known == name).map(|(_, late)| late.clone())
    }

    fn keep_late(&self, name: String, it: Arc<dyn Any + Send + Sync>) {
        let mut late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        late.retain(|(known, _)| *known != name);
        late.push_back((name, Late { it, at: clock::or_now() }));
        if late.len() > LATE {
            late.pop_front();
        }
    }
}

/// Counts the bytes of the JSON of an answer.
fn bytes_of(answer: &impl Serialize) -> usize {
    struct Counted(usize);
    impl io::Write for Counted {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut counted = Counted(0);
    // What cannot be written as JSON is taken for as large as what of it could be.
    let _ = serde_json::to_writer(&mut counted, answer);
    counted.0 * FOR_ONE
}

fn bug() -> Fault {
    Fault::new(Code::Internal, "the question could not be answered")
}

impl Site {
    /// Answers as [`Site::read_long`] does, once for as long as the record is the same: whoever asks meanwhile waits for that
    /// answer. `question` names it, and no two kinds of answers have the same name. What fails is asked anew.
    pub(crate) async fn know<T: Serialize + Send + Sync + 'static>(
        self: Arc<Self>,
        question: String,
        answer: impl FnOnce(&Store) -> Result<T, Fault> + Send + 'static,
    ) -> Result<Arc<T>, Fault> {
        let sized = move |store: &Store| answer(store).map(|answer| (bytes_of(&answer), answer));
        self.know_sized(question, sized).await
    }

    /// See [`Site::know`]; for what says itself how many bytes it takes.
    pub(crate) async fn know_sized<T: Send + Sync + 'static>(
        self: Arc<Self>,
        question: String,
        answer: impl FnOnce(&Store) -> Result<(usize, T), Fault> + Send + 'static,
    ) -> Result<Arc<T>, Fault> {
        // On a task of its own: what was begun is of use to others where the one who asked has gone.
        let working = tokio::spawn(async move {
            let site = Arc::clone(&self);
            let version = tokio::task::spawn_blocking(move || site.known.version(&site.folder));
            let version = version.await.map_err(|_| bug())??;
            let place = self.known.place(&question, version);
            let answered = place.get_or_try_init(|| async {
                let (bytes, it) = Arc::clone(&self).read_long(answer).await?;
                Ok::<_, Fault>(Answer { it: Arc::new(it), bytes: bytes + question.len() })
            });
            let answered = Arc::clone(&answered.await?.it);
            self.known.trim();
            answered.downcast::<T>().map_err(|_| bug())
        });
        working.await.unwrap_or_else(|_| Err(bug()))
    }

    /// Answers as [`Site::know`] does, but keeps nobody waiting who can be shown an earlier answer: if the new one is not there
    /// within a moment, the last one to what is called `name` is given, with when it was worked out.
    pub(crate) async fn know_lately<T: Serialize + Send + Sync + 'static>(
        self: Arc<Self>,
        (name, question): (String, String),
        answer: impl FnOnce(&Store) -> Result<T, Fault> + Send + 'static,
    ) -> Result<Lately<T>, Fault> {
        let before = self.known.late(&name);
        let mut working = tokio::spawn(async move {
            let known = Arc::clone(&self).know(question, answer).await?;
            self.known.keep_late(name, Arc::clone(&known) as Arc<dyn Any + Send + Sync>);
            Ok::<_, Fault>(known)
        });
        if let Some(Late { it, at }) = before
            && let Ok(before) = it.downcast::<T>()
        {
            return match tokio::time::timeout(PAUSE, &mut working).await {
                Ok(answered) => answered.map_err(|_| bug())?.map(|answer| Lately { answer, as_of: None }),
                Err(_) => Ok(Lately { answer: before, as_of: Some(at) }),
            };
        }
        let answer = working.await.map_err(|_| bug())??;
        Ok(Lately { answer, as_of: None })
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

    #[test]
    fn large_answers_make_room() {
        let known = Known::default();
        for number in 0..3 {
            let it: Arc<dyn Any + Send + Sync> = Arc::new(number);
            let answer = Answer { it, bytes: KEPT_BYTES / 2 };
            assert!(known.place(&number.to_string(), 1).set(answer).is_ok());
            known.trim();
        }
        assert!(known.place("0", 1).get().is_none() && known.place("2", 1).get().is_some());
    }

    #[test]
    fn the_last_answers_outlive_a_change() {
        let known = Known::default();
        for number in 0..=LATE {
            known.keep_late(number.to_string(), Arc::new(number));
        }
        assert!(known.late("0").is_none());
        known.keep_late("1".to_owned(), Arc::new(7_usize));
        assert_eq!(known.late("1").unwrap().it.downcast_ref::<usize>(), Some(&7));
    }

    #[test]
    fn bytes_are_those_of_json() {
        assert_eq!(bytes_of(&["ab", "c"]), 10 * FOR_ONE);
    }
}
