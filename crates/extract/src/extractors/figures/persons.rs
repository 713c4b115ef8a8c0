//! Nouns and names for one person, and the ages beside them.

use std::sync::LazyLock;

use language::Doc;
use model::Sex;
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use serde::Deserialize;

/// Reads the age of the person whom the noun or name at `head` stands for, whose phrase begins at `start`: "(9)",
/// "six-year-old", "aged 40", "18 months old".
pub(super) fn age(doc: &Doc<'_>, start: usize, head: usize) -> Option<u64> {
    let end = doc.sentences().get(doc.tokens().get(head)?.sentence())?.end;
    let words = Words { doc, end };
    (start..head).find_map(|at| words.stated_age(at)).or_else(|| words.age_behind(head + 1))
}

/// The oldest that can be told from an age that is given.
const OLDEST: u64 = 120;

struct Words<'d, 't> {
    doc: &'d Doc<'t>,
    end: usize,
}

impl Words<'_, '_> {
    fn lower(&self, at: usize) -> &str {
        if at < self.end { self.doc.lower(at) } else { "" }
    }

    /// ", 9,", "(9)", ", aged 9", "(9 years old)".
    fn age_behind(&self, head_end: usize) -> Option<u64> {
        let mark = usize::from(matches!(self.lower(head_end), "," | "(" | "-" | "–"));
        let at = head_end + mark;
        let at = if self.lower(at) == "aged" { at + 1 } else { at };
        if at == head_end {
            return None;
        }
        self.stated_age(at).or_else(|| {
            let years: u64 = self.lower(at).parse().ok()?;
            let closes = matches!(self.lower(at + 1), "" | ")" | "," | "." | ";" | "and" | "was" | "were");
            (years <= OLDEST && closes).then_some(years)
        })
    }

    /// "Six-year-old", "9 years old", "three-month old".
    fn stated_age(&self, at: usize) -> Option<u64> {
        let (count, unit) = match self.lower(at).split_once('-') {
            Some(parts) => parts,
            None if self.lower(at + 1) == "-" => (self.lower(at), self.lower(at + 2)),
            None => (self.lower(at), self.lower(at + 1)),
        };
        let count = count.parse().ok().or_else(|| crate::numbers::of_word(count))?;
        let is_infant = ["month", "week", "day"].iter().any(|young| unit.starts_with(young));
        if is_infant { Some(0) } else { unit.starts_with("year").then_some(count) }
    }
}

/// Names the adults of one sex as a figure does.
pub(super) fn adults(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "women",
        Sex::Male => "men",
    }
}

/// What a noun for one person says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noun {
    Child,
    Adult(Sex),
    /// A son or a niece can be of any age.
    Kin(Sex),
    Person,
}

impl Noun {
    pub(super) fn sex(self) -> Option<Sex> {
        match self {
            Noun::Adult(sex) | Noun::Kin(sex) => Some(sex),
            Noun::Child | Noun::Person => None,
        }
    }
}

#[derive(Deserialize)]
struct Lists {
    children: Vec<String>,
    women: Vec<String>,
    men: Vec<String>,
    male: Vec<String>,
    female: Vec<String>,
    persons: Vec<String>,
    plurals: HashMap<String, Vec<String>>,
    roster: Roster,
}

#[derive(Deserialize)]
struct People {
    given_names: GivenNames,
    bodies: HashSet<String>,
}

#[derive(Deserialize)]
struct GivenNames {
    female: HashSet<String>,
    male: HashSet<String>,
}

/// Words by which a list of names is read.
#[derive(Deserialize)]
pub(super) struct Roster {
    pub(super) leads: HashSet<String>,
    pub(super) harms: HashSet<String>,
    /// Of whom these are said, they live.
    pub(super) spared: HashSet<String>,
    /// Small words inside a name.
    pub(super) particles: HashSet<String>,
    /// Words in front of a name that are no part of it.
    pub(super) titles: HashSet<String>,
    /// What a name tells apart from others of its kind: "the Vey family".
    pub(super) belongings: HashSet<String>,
    pub(super) told_by: HashSet<String>,
    pub(super) tells: HashSet<String>,
    /// What those named behind "of" have lost: "the deaths of".
    pub(super) lost: HashSet<String>,
}

pub(super) struct Nouns {
    pub(super) singular: HashMap<String, Noun>,
    /// Plurals, with the population they stand for.
    pub(super) plurals: HashMap<String, String>,
    /// Given names, each as [`folded`].
    given: HashMap<String, Sex>,
    pub(super) bodies: HashSet<String>,
    pub(super) roster: Roster,
}

impl Nouns {
    /// Tells who bears a given name, in whatever spelling. "e" stands for "a" or "i".
    pub(super) fn sex_of(&self, given: &str) -> Option<Sex> {
        let name = folded(given);
        if name.matches('e').count() > 3 {
            return None;
        }
        spelt(&name).iter().find_map(|spelling| self.given.get(spelling).copied())
    }
}

/// Brings the spellings of a name that was written in other letters to one: "Youssef", "Yusuf".
pub(super) fn folded(name: &str) -> String {
    let letters = name.to_lowercase().replace("ou", "u").replace("oo", "u").replace("ee", "i");
    let letters = letters.replace("ai", "i").replace("ay", "i").replace("ei", "i").replace("ey", "i");
    let mut folded = String::new();
    for letter in letters.chars().filter(|c| c.is_alphabetic()) {
        let letter = match letter {
            'o' => 'u',
            'y' => 'i',
            letter => letter,
        };
        if !folded.ends_with(letter) {
            folded.push(letter);
        }
    }
    folded.strip_suffix("ah").map_or(folded.clone(), |stem| format!("{stem}a"))
}

/// Returns a folded name with "a" and with "i" for each "e".
fn spelt(name: &str) -> Vec<String> {
    name.chars().fold(vec![String::new()], |spellings, letter| {
        let letters: &[char] = if letter == 'e' { &['a', 'i'] } else { &[letter] };
        let longer =
            |spelling: &String| letters.iter().map(|&c| format!("{spelling}{c}")).collect::<Vec<_>>();
        spellings.iter().flat_map(longer).collect()
    })
}

pub(super) static NOUNS: LazyLock<Nouns> = LazyLock::new(|| {
    let words: Lists = serde_json::from_str(include_str!("../../../lexicons/victims.json"))
        .expect("the lexicon is part of the program and a test parses it");
    let people: People = serde_json::from_str(include_str!("../../../lexicons/people.json"))
        .expect("the lexicon is part of the program and a test parses it");
    let lists = [
        (Noun::Child, words.children),
        (Noun::Adult(Sex::Female), words.women),
        (Noun::Adult(Sex::Male), words.men),
        (Noun::Kin(Sex::Male), words.male),
        (Noun::Kin(Sex::Female), words.female),
        (Noun::Person, words.persons),
    ];
    let singular =
        lists.into_iter().rev().flat_map(|(noun, list)| list.into_iter().map(move |word| (word, noun)));
    let plurals = words
        .plurals
        .into_iter()
        .flat_map(|(group, list)| list.into_iter().map(move |word| (word, group.clone())));
    let arabic: GivenNames = serde_json::from_str(include_str!("../../../lexicons/given-names.json"))
        .expect("the lexicon is part of the program and a test parses it");
    Nouns {
        singular: singular.collect(),
        plurals: plurals.collect(),
        given: given(&[people.given_names, arabic]),
        bodies: people.bodies,
        roster: words.roster,
    }
});

/// Leaves out what two names of both sexes fold to.
fn given(lists: &[GivenNames]) -> HashMap<String, Sex> {
    let of = |names: fn(&GivenNames) -> &HashSet<String>| -> HashSet<String> {
        lists.iter().flat_map(names).flat_map(|name| spelt(&folded(name))).collect()
    };
    let (female, male) = (of(|list| &list.female), of(|list| &list.male));
    let told = |sex: Sex, these: &HashSet<String>, others: &HashSet<String>| -> Vec<(String, Sex)> {
        these.difference(others).map(|name| (name.clone(), sex)).collect()
    };
    let mut given: HashMap<String, Sex> = told(Sex::Female, &female, &male).into_iter().collect();
    given.extend(told(Sex::Male, &male, &female));
    given
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aged(words: &str) -> Option<u64> {
        let doc = Doc::read(words, std::slice::from_ref(&(0..words.len())));
        let head = doc.token_at(words.find("Vey")?);
        age(&doc, 0, head)
    }

    #[test]
    fn ages_as_they_are_written() {
        let table = [
            ("six-year-old Vey died.", Some(6)),
            ("A 40 year old Vey died.", Some(40)),
            ("Vey (9) died.", Some(9)),
            ("Vey, 31, died.", Some(31)),
            ("Vey, aged seven years, died.", Some(7)),
            ("Vey (18 months old) died.", Some(0)),
            ("Vey, 300, died.", None),
            ("Vey died.", None),
        ];
        for (words, years) in table {
            assert_eq!(aged(words), years, "{words}");
        }
    }

    #[test]
    fn names_in_any_spelling() {
        let table = [
            ("Yousef", Some(Sex::Male)),
            ("Youssef", Some(Sex::Male)),
            ("Khaled", Some(Sex::Male)),
            ("Fatimah", Some(Sex::Female)),
            ("Maryam", Some(Sex::Female)),
            ("Eeeeeeeeee", None),
            ("Ødegård", None),
            ("", None),
        ];
        for (name, sex) in table {
            assert_eq!(NOUNS.sex_of(name), sex, "{name}");
        }
    }

    #[test]
    fn the_lexicon_parses() {
        assert_eq!(NOUNS.singular.get("boy"), Some(&Noun::Child));
    }
}
