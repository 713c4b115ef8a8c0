use std::sync::LazyLock;

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

/// What follows an abbreviation, and so whether its full stop can also end a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Abbreviation {
    /// A name follows: "Gen.", "Mr.".
    BeforeName,
    /// A number follows: "No.", "Feb.". Before anything else the same letters may be a word.
    BeforeNumber,
    /// Anything may follow, the next sentence too: "Inc.", "U.S.".
    Anywhere,
}

/// No entry of the list, and no row of initials that is looked at, is longer; so looking back costs a fixed time.
pub(crate) const LONGEST: usize = 24;

static LISTED: LazyLock<HashMap<String, Abbreviation>> = LazyLock::new(|| {
    let lists: HashMap<String, Vec<String>> =
        serde_json::from_str(include_str!("../lexicons/abbreviations.json")).expect("a test reads the list");
    let class = |name: &str| match name {
        "before-name" => Abbreviation::BeforeName,
        "before-number" => Abbreviation::BeforeNumber,
        _ => Abbreviation::Anywhere,
    };
    lists
        .into_iter()
        .flat_map(|(name, words)| words.into_iter().map(move |word| (word, class(&name))))
        .collect()
});

static STARTERS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../lexicons/sentence_starters.json")).expect("a test reads the list")
});

/// Tells what kind of abbreviation `word`, with its last full stop, is; `None` for other words.
pub(crate) fn abbreviation(word: &str) -> Option<Abbreviation> {
    if word.len() > LONGEST {
        return None;
    }
    LISTED.get(word).copied().or_else(|| initials(word))
}

/// Reads rows of single letters, each with its full stop: "J.", "U.N.", "a.m.".
fn initials(word: &str) -> Option<Abbreviation> {
    let mut letters = 0;
    for part in word.strip_suffix('.')?.split('.') {
        let mut chars = part.chars();
        chars.next().filter(|c| c.is_alphabetic())?;
        if chars.next().is_some() {
            return None;
        }
        letters += 1;
    }
    // A single letter is an initial only as a capital; "Vitamin c." is not one.
    (letters > 1 || word.chars().all(|c| c == '.' || c.is_uppercase())).then_some(Abbreviation::Anywhere)
}

/// Tells whether `word` commonly opens a sentence and is seldom part of a name.
pub(crate) fn opens_sentences(word: &str) -> bool {
    STARTERS.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_can_be_read() {
        assert!(LISTED.keys().all(|word| word.ends_with('.') && word.len() <= LONGEST));
        assert!(opens_sentences("The"));
    }

    #[test]
    fn letters_with_stops_are_initials() {
        assert_eq!(abbreviation("U.N."), Some(Abbreviation::Anywhere));
        assert_eq!(abbreviation("a.m."), Some(Abbreviation::Anywhere));
        assert_eq!(abbreviation("Ж."), Some(Abbreviation::Anywhere));
        assert_eq!(abbreviation("x."), None);
        assert_eq!(abbreviation("war."), None);
    }
}
