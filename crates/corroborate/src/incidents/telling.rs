use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use model::Span;

use crate::Read;

/// Words kept of an account.
const MOST: usize = 48;

/// Returns the words of some pieces of a report that tell its event from others, by their roots.
///
/// Words in square brackets are an editor's and left out, and so are those that stand in every report or speak of the
/// picture instead of what it shows, and those that `elsewhere` tells to be about something else.
pub(super) fn telling(
    read: &Read<'_>,
    pieces: &[Span],
    elsewhere: impl Fn(Span) -> bool,
) -> BTreeMap<String, String> {
    let text = read.report.text.read();
    let mut words = BTreeMap::new();
    for span in pieces {
        for (at, word) in Words::of(text.get(span.range()).unwrap_or_default(), span.start()) {
            if words.len() == MOST {
                return words;
            }
            let told = read.report.text.span(at..at + word.len()).is_some_and(|word| !elsewhere(word));
            words.extend(folded(word).filter(|_| told));
        }
    }
    words
}

/// Cuts a text into words with their places, without what stands in square brackets.
struct Words<'a> {
    rest: &'a str,
    at: usize,
}

impl<'a> Words<'a> {
    fn of(rest: &'a str, at: usize) -> Words<'a> {
        Words { rest, at }
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<(usize, &'a str)> {
        loop {
            let start = self.rest.find(|c: char| c == '[' || c.is_alphanumeric())?;
            self.rest = &self.rest[start..];
            self.at += start;
            if self.rest.starts_with('[') {
                // A bracket that nothing closes is no bracket.
                let end = self.rest.find(']').map_or(1, |end| end + 1);
                self.rest = &self.rest[end..];
                self.at += end;
                continue;
            }
            let inside = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’' | 'ʼ');
            let end = self.rest.find(|c| !inside(c)).unwrap_or(self.rest.len());
            let (word, rest) = self.rest.split_at(end);
            (self.rest, self.at) = (rest, self.at + end);
            return Some((self.at - end, word));
        }
    }
}

/// Returns the roots of the words of a name.
pub(super) fn roots(name: &str) -> Vec<String> {
    Words::of(name, 0).filter_map(|(_, word)| Some(folded(word)?.0)).collect()
}

/// Returns the root by which a word is compared and the word itself, unless it tells nothing. Days, years and small
/// numbers tell nothing that is not told elsewhere.
fn folded(word: &str) -> Option<(String, String)> {
    let word = word.strip_suffix("'s").or(word.strip_suffix("’s")).unwrap_or(word);
    let word: String = word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let number = word.chars().all(char::is_numeric) && word.chars().count() <= 4;
    let told = word.chars().count() > 2 && !number && !SILENT.contains(word.as_str());
    told.then(|| (root(&word).to_owned(), word))
}

/// Takes the endings off by which one verb or noun is bent: "struck by shells", "shelling", "shelled".
fn root(word: &str) -> &str {
    let bare = ["ings", "ing", "ed", "es", "s"]
        .into_iter()
        .find_map(|ending| word.strip_suffix(ending).filter(|rest| rest.chars().count() >= 4));
    let bare = bare.unwrap_or(word);
    bare.strip_suffix('e').filter(|rest| rest.chars().count() >= 4).unwrap_or(bare)
}

/// Words that tell no event from another.
static SILENT: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let lists = [include_str!("../../lexicons/common.txt"), include_str!("../../lexicons/captions.txt")];
    let lines = lists.into_iter().flat_map(str::lines).filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});
