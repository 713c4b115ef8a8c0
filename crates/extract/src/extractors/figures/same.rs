//! Which mentions of victims by name are of the same person.

use model::{Text, Victims};
use rustc_hash::FxHashMap as HashMap;

use super::persons::{NOUNS, folded};

/// Numbers the persons named in lists of victims, so that one who is named twice counts once.
///
/// Two names are of one person if they begin alike and end alike, or one is no more than the first word of the other:
/// sources leave out the names between.
pub(super) fn number(text: &Text, lists: &mut [Victims]) {
    let mut persons = Persons::default();
    let victims = lists.iter_mut().flat_map(|list| list.members.iter_mut().chain(&mut list.parts));
    for victim in victims.filter(|victim| victim.person.is_some()) {
        victim.person = Some(persons.number(&words(text.quote(victim.span))));
    }
}

/// Returns the words of a name, without what stands in front of it.
fn words(quote: &str) -> Vec<String> {
    let is_name =
        |word: &&str| word.starts_with(char::is_uppercase) || NOUNS.roster.particles.contains(*word);
    let words = quote.split(|c: char| c.is_whitespace() || c == '-').filter(is_name);
    words.map(folded).filter(|word| !NOUNS.roster.titles.contains(word) && !word.is_empty()).collect()
}

#[derive(Default)]
struct Persons {
    /// The first and the last word of each name, with its number, by its first word.
    named: HashMap<String, Vec<(Vec<String>, usize)>>,
    count: usize,
}

/// So many of one given name are compared, so that no list makes the work grow with its square.
const MOST_ALIKE: usize = 64;

impl Persons {
    fn number(&mut self, words: &[String]) -> usize {
        let first = words.first().cloned().unwrap_or_default();
        let alike = self.named.entry(first).or_default();
        let is_same = |other: &&(Vec<String>, usize)| {
            let (Some(own), Some(end)) = (words.last(), other.0.last()) else { return true };
            words.len() == 1 || other.0.len() == 1 || other.0.contains(own) || words.contains(end)
        };
        if let Some((_, number)) = alike.iter().take(MOST_ALIKE).find(is_same) {
            return *number;
        }
        self.count += 1;
        alike.push((words.to_vec(), self.count));
        self.count
    }
}
