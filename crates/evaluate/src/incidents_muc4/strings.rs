//! When the words of a response name the same as those of the key.

use super::slots::Credit;

/// Compares descriptions: right if the same head stands among the same words, or among some of them; half right if only
/// the head is the same.
///
/// The official scoring let a person decide, by guidelines that take missing or added modifiers as right and a bare or
/// differing description as half right (MUC-4, appendix C, 3.1). This is the same in a rule; Du et al. (2021) and
/// Chambers and Jurafsky (2011), who compare heads only, are more lenient.
pub(super) fn descriptions(key: &str, value: &str) -> Credit {
    let (key, value) = (bare(key), bare(value));
    if key.is_empty() || value.is_empty() {
        return Credit::None;
    }
    let (Some(head), Some(found)) = (head(&key), head(&value)) else { return Credit::None };
    match () {
        () if key == value => Credit::Full,
        () if head != found => Credit::None,
        () if within(&key, &value) || within(&value, &key) => Credit::Full,
        () => Credit::Partial,
    }
}

/// Compares names: right if one holds all words of the other and two at least, half right if it holds a lone name.
pub(super) fn names(key: &str, value: &str) -> Credit {
    let (key, value) = (bare(key), bare(value));
    let shared = key.len().min(value.len());
    match () {
        () if key.is_empty() || value.is_empty() => Credit::None,
        () if key == value => Credit::Full,
        () if !within(&key, &value) && !within(&value, &key) => Credit::None,
        () if shared >= 2 => Credit::Full,
        () => Credit::Partial,
    }
}

fn within(inner: &[String], outer: &[String]) -> bool {
    inner.iter().all(|word| outer.contains(word))
}

/// Returns the last word in front of a preposition or clause: the noun that the others describe.
fn head(words: &[String]) -> Option<&String> {
    let is = |list: &[&str], at: usize| words.get(at).is_some_and(|word| list.contains(&word.as_str()));
    let ends = |at: usize| is(&ENDS, at) || is(&PARTICIPLES, at) && is(&ENDS, at + 1);
    let end = (1..words.len()).find(|at| ends(*at));
    words[..end.unwrap_or(words.len())].last()
}

const ENDS: [&str; 19] = [
    "OF", "IN", "ON", "AT", "FROM", "WITH", "FOR", "TO", "BY", "NEAR", "WHO", "WHICH", "THAT", "WHERE",
    "WEARING", "CARRYING", "RIDING", "AND", "AGAINST",
];

/// Words that stand in front of a noun, or behind it with a preposition: "armed men", "men armed with".
const PARTICIPLES: [&str; 5] = ["ARMED", "BELONGING", "DRESSED", "LOADED", "LOCATED"];

/// Returns the words in capitals, without articles and numbers in front.
fn bare(words: &str) -> Vec<String> {
    let words = words.to_uppercase();
    let words = words.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty());
    let mut words: Vec<String> = words.map(str::to_owned).collect();
    let lead = words.iter().take_while(|word| LEADS.contains(&word.as_str()) || is_number(word)).count();
    // "THE SEVEN" alone is what there is to compare.
    if lead < words.len() {
        words.drain(..lead);
    }
    words
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

const LEADS: [&str; 23] = [
    "A", "AN", "THE", "HIS", "HER", "ITS", "THEIR", "SOME", "SEVERAL", "ONE", "TWO", "THREE", "FOUR", "FIVE",
    "SIX", "SEVEN", "EIGHT", "NINE", "TEN", "ELEVEN", "TWELVE", "ABOUT", "OTHER",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modifiers_may_be_left_out() {
        assert_eq!(descriptions("TWO HEAVILY ARMED MEN", "MEN"), Credit::Full);
        assert_eq!(descriptions("MEN ARMED WITH RIFLES", "MEN"), Credit::Full);
        assert_eq!(descriptions("TEACHERS FROM VARDEN", "the teachers"), Credit::Full);
        assert_eq!(descriptions("MILL OF ORO", "TEXTILE MILL"), Credit::Partial);
        assert_eq!(descriptions("VILLAGE TEACHER", "VILLAGE"), Credit::None);
    }

    #[test]
    fn a_lone_surname_is_half_right() {
        assert_eq!(names("MIRA ANA VEY", "Mira Vey"), Credit::Full);
        assert_eq!(names("MIRA ANA VEY", "VEY"), Credit::Partial);
        assert_eq!(names("MIRA VEY", "ANA VEY"), Credit::None);
        assert_eq!(names("MIRA VEY", ""), Credit::None);
    }
}
