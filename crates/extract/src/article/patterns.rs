//! Compiles the patterns of the lexicons.

use regex::{Regex, RegexBuilder};

/// The scripts that tell capitals from small letters. In the others no pattern with a capital fits, and their
/// many letters would make most of the time that the first report takes.
const CASED: &str = r"[\x00-\u{58F}\u{1E00}-\u{1FFF}]";

/// Compiles a pattern in which capitals count.
pub(super) fn exact(pattern: &str) -> Regex {
    Regex::new(&narrowed(pattern)).expect("a test compiles the patterns")
}

/// Compiles a pattern in which capitals do not count.
pub(super) fn folded(pattern: &str) -> Regex {
    let mut builder = RegexBuilder::new(&narrowed(pattern));
    builder.case_insensitive(true).build().expect("a test compiles the patterns")
}

/// Narrows the classes of Unicode to what the patterns mean by them. A word boundary beside ASCII letters is one
/// of ASCII, which alone the quick way of matching knows; see the notes on performance of the crate regex.
fn narrowed(pattern: &str) -> String {
    pattern
        .replace(r"\p{Lu}", &format!(r"[\p{{Lu}}&&{CASED}]"))
        .replace(r"\p{L}", &format!(r"[\p{{L}}&&{CASED}]"))
        .replace(r"\p{Ll}", &format!(r"[\p{{Ll}}&&{CASED}]"))
        .replace(r"\b", r"(?-u:\b)")
        .replace(r"\d", "[0-9]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_with_marks_are_letters_still() {
        let name = exact(r"^\p{Lu}[\p{L}\d]+(?: .*)?$");
        let names = ["Živa 1", "Ådal1", "Nguyễn", "Їжак a"];
        assert!(names.iter().all(|words| name.is_match(words)));
        assert!(!name.is_match("živa"));
        assert!(folded(r"^by\b").is_match("BY živa"));
    }
}
