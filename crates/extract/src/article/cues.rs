//! Lines and sentences that give themselves away as boilerplate.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use model::BoilerplateReason;
use regex::Regex;
use serde::Deserialize;

use super::patterns;

/// The lexicon as it is written.
#[derive(Deserialize)]
struct Written {
    parts: BTreeMap<String, String>,
    always: BTreeMap<String, Vec<String>>,
    unmarked: BTreeMap<String, Vec<String>>,
    headers: Vec<String>,
    heads: BTreeMap<String, Vec<String>>,
    tails: BTreeMap<String, Vec<String>>,
    captions: BTreeMap<String, Vec<String>>,
    signatures: BTreeMap<String, Vec<String>>,
    below: String,
    stamps: BTreeMap<String, Vec<String>>,
    list_heads: HashSet<String>,
    openings: HashSet<String>,
    particles: HashSet<String>,
}

/// The lexicon as it is matched: one pattern for each reason, in the order in which they are tried.
struct Cues {
    always: Vec<(BoilerplateReason, Regex)>,
    unmarked: Vec<(BoilerplateReason, Regex)>,
    headers: Regex,
    heads: Vec<(BoilerplateReason, Regex)>,
    tails: Vec<(BoilerplateReason, Regex)>,
    captions: Vec<(BoilerplateReason, Regex)>,
    signatures: Vec<(BoilerplateReason, Regex)>,
    below: Regex,
    stamps: Vec<(BoilerplateReason, Regex)>,
    list_heads: HashSet<String>,
    openings: HashSet<String>,
    particles: HashSet<String>,
}

static CUES: LazyLock<Cues> = LazyLock::new(|| {
    let written: Written = serde_json::from_str(include_str!("../../lexicons/boilerplate.json"))
        .expect("the lexicon is a constant, and a test parses it");
    Cues {
        always: compiled(&written, &written.always, whole),
        unmarked: compiled(&written, &written.unmarked, whole),
        headers: pattern(&written, &whole(&written.headers.join("|"))),
        heads: compiled(&written, &written.heads, head),
        tails: compiled(&written, &written.tails, tail),
        captions: compiled(&written, &written.captions, caption),
        signatures: compiled(&written, &written.signatures, signature),
        below: patterns::exact(&format!("\\b(?:{})\\b", written.below)),
        stamps: compiled(&written, &written.stamps, stamp),
        list_heads: written.list_heads,
        openings: written.openings,
        particles: written.particles,
    }
});

/// The longest line or sentence, in bytes, that a cue can set aside. What is longer is told by something better.
const LONGEST: usize = 500;

fn whole(patterns: &str) -> String {
    format!("^(?:{patterns})$")
}

fn head(patterns: &str) -> String {
    format!("^(?P<cut>{patterns})(?:[ |:,–—-]+)(?-i:[\\p{{Lu}}\\d\"“'‘(])")
}

/// An agency stands right behind a dash as well: ".-AFP".
fn tail(patterns: &str) -> String {
    format!("[.!?…][\"”’')\\]]*(?P<cut>\\s+(?:{patterns})|\\s*[–—-]{{1,2}} ?(?:AGENCY))$")
}

/// A name ends "met Gen. Orlov" as well, so the word before the mark is longer than an abbreviation.
fn signature(patterns: &str) -> String {
    let end = r#"(?:[\p{L}\d]{5,}|(?-i:\b\p{Ll}{3,4})|[)"”’])"#;
    format!("{end} ?[.!?…][\"”’')\\]]*\\s+(?P<cut>{patterns})$")
}

fn caption(patterns: &str) -> String {
    format!("\\s(?P<cut>{patterns})$")
}

fn stamp(patterns: &str) -> String {
    format!("(?:^|\\s)(?P<cut>{patterns})\\s+(?-i:[\\p{{Lu}}\"“'‘(])")
}

fn compiled(
    written: &Written,
    patterns: &BTreeMap<String, Vec<String>>,
    anchored: fn(&str) -> String,
) -> Vec<(BoilerplateReason, Regex)> {
    let reason = |name: &String| BoilerplateReason::from_name(name).expect("a test reads the reasons");
    patterns
        .iter()
        .map(|(name, patterns)| (reason(name), pattern(written, &anchored(&patterns.join("|")))))
        .collect()
}

fn pattern(written: &Written, pattern: &str) -> Regex {
    let mut pattern = pattern.to_owned();
    // DAY goes first: it is made of the others.
    for name in ["DAY", "CLOCK", "WEEKDAY", "MONTH", "NAME", "SIGNER", "AGENCY"] {
        pattern = pattern.replace(name, &written.parts[name]);
    }
    patterns::folded(&pattern)
}

fn first(cues: &[(BoilerplateReason, Regex)], words: &str) -> Option<BoilerplateReason> {
    cues.iter().find(|(_, pattern)| pattern.is_match(words)).map(|(reason, _)| *reason)
}

/// Tells why a whole line, or a whole sentence, is not the article.
pub(super) fn reason(words: &str) -> Option<BoilerplateReason> {
    if words.len() > LONGEST || !words.contains(char::is_alphanumeric) {
        return None;
    }
    let unmarked = || if is_marked(words) { None } else { first(&CUES.unmarked, words) };
    let header = || is_header(words).then_some(BoilerplateReason::Teaser);
    header().or_else(|| first(&CUES.always, words)).or_else(unmarked)
}

/// Tells why a whole sentence in the middle of a line is not the article.
pub(super) fn reason_inside(words: &str) -> Option<BoilerplateReason> {
    // A longer one may have swallowed the sentence below it.
    const LONGEST_INSIDE: usize = 160;
    if words.len() > LONGEST_INSIDE || !words.contains(char::is_alphanumeric) {
        return None;
    }
    first(&CUES.always, words)
}

/// Finds the stamp of a page where a sentence begins: "Middle East 10:15 04.05.2031 Get short URL 12".
pub(super) fn stamp_of(words: &str) -> Option<(BoilerplateReason, Range<usize>)> {
    cut(&CUES.stamps, &words[..words.floor_char_boundary(LONGEST)])
}

/// Tells a word before a list of keywords: "Tags".
pub(super) fn is_list_head(word: &str) -> bool {
    CUES.list_heads.contains(word.trim_end_matches(':'))
}

/// Tells whether a word in lower case opens sentences and is no name.
pub(super) fn is_opening(word: &str) -> bool {
    CUES.openings.contains(word)
}

/// Tells whether a word stays in small letters in a headline with capitals.
pub(super) fn is_particle(word: &str) -> bool {
    CUES.particles.contains(word)
}

/// Tells whether a line announces other reports: "Related stories".
pub(super) fn is_header(words: &str) -> bool {
    words.len() <= LONGEST && CUES.headers.is_match(words)
}

/// Finds what stands before the first word of the article on its own line: "Thu May 29 2031".
pub(super) fn head_of(words: &str) -> Option<(BoilerplateReason, Range<usize>)> {
    let window = &words[..words.floor_char_boundary(LONGEST)];
    cut(&CUES.heads, window)
}

/// Finds what stands after the last full stop of the article on its own line: "(Source: …)", names, initials, counts.
pub(super) fn tail_of(words: &str) -> Option<(BoilerplateReason, Range<usize>)> {
    at_end(&CUES.signatures, words).or_else(|| at_end(&CUES.tails, words))
}

/// Finds the credit behind the words below a picture, or the link behind a sentence without an end mark. The words
/// themselves may name a place that nothing else names.
pub(super) fn caption_credit(words: &str) -> Option<(BoilerplateReason, Range<usize>)> {
    at_end(&CUES.captions, words)
}

/// Finds the first of the heads of what stands below an article: "Related News".
pub(super) fn head_below(words: &str) -> Option<usize> {
    CUES.below.find(words).map(|head| head.start())
}

fn at_end(cues: &[(BoilerplateReason, Regex)], words: &str) -> Option<(BoilerplateReason, Range<usize>)> {
    let from = words.ceil_char_boundary(words.len().saturating_sub(LONGEST));
    let (reason, range) = cut(cues, &words[from..])?;
    Some((reason, from + range.start..from + range.end))
}

fn cut(cues: &[(BoilerplateReason, Regex)], words: &str) -> Option<(BoilerplateReason, Range<usize>)> {
    cues.iter().find_map(|(reason, pattern)| Some((*reason, pattern.captures(words)?.name("cut")?.range())))
}

/// Tells whether a line ends as a sentence does, perhaps inside quotation marks or brackets.
pub(crate) fn is_marked(words: &str) -> bool {
    let words = words.trim_end_matches(|c: char| c.is_whitespace() || "\"”’»'“‘)]*".contains(c));
    words.ends_with(['.', '!', '?', '…', '。', '।', '؟', '။', '።', '។', '۔'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lexicon_is_read() {
        assert!(!CUES.always.is_empty() && !CUES.tails.is_empty());
    }

    #[test]
    fn lines_that_are_not_the_article() {
        use BoilerplateReason::*;
        for (line, expected) in [
            ("Sign up to Morning Post, our free daily newsletter – every weekday", Subscription),
            ("Get the day's top stories in your inbox", Subscription),
            ("Harvest fair | Live updates from Dobrove, Tarsk and Old Quay", Subscription),
            ("Dobrove Times now on Telegram - Click here to subscribe", Subscription),
            ("Read more: Old bridge reopens", Teaser),
            ("Related stories", Teaser),
            ("Facebook Twitter Email 12", Share),
            ("Share this article", Share),
            ("(Reporting by Ana Sorel; Editing by Tom Reed)", Credit),
            ("Photograph: Ana Sorel/Northwire", Credit),
            ("By Ana Sorel and Tom Reed", Credit),
            ("© 2031 Dobrove Times", Legal),
            ("All rights reserved.", Legal),
            ("Advertisement", Navigation),
            ("Published: 4 May 2031, 10:30 GMT", Date),
            ("Thursday 01 May 2031 20:22", Date),
            ("May 4, 2031", Date),
            ("Updated at 19.22 BST", Date),
            ("With Reuters and the Associated Press", Credit),
            ("This report is an edited translation of one in Veskan.", Credit),
        ] {
            assert_eq!(reason(line), Some(expected), "{line}");
        }
    }

    #[test]
    fn lines_of_the_article() {
        for line in [
            "The mayor asked residents to sign up for evacuation.",
            "By nightfall, 12 bodies had been found.",
            "“Read more,” she told them.",
            "Civilians were told to follow the road to Tarsk.",
            "Shelling resumes",
            "More than 40 people fled.",
            "Subscribers lost power.",
            "With Reuters offices closed, nobody reported",
            "12 people died",
            "More than 40 dead",
            "",
        ] {
            assert_eq!(reason(line), None, "{line}");
        }
    }
}
