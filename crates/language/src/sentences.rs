use std::ops::Range;

use crate::abbreviations::{Abbreviation, LONGEST, abbreviation, opens_sentences};
use crate::tokens::is_quote;

/// Splits a paragraph into sentences, as ranges of its bytes without the white space around them.
///
/// A sentence ends at a full stop, question or exclamation mark or ellipsis, with the closing quotation marks and
/// brackets after it, unless a small letter follows ("“Why?” he asked") or the stop belongs to an abbreviation.
/// It also ends at a blank line, and at a line break after a heading: a line that was broken although the next
/// word would have fitted. A quoted question before a name ("“Why?” Mara asked") is cut apart; to know better
/// takes a parser.
pub fn sentences(paragraph: &str) -> Vec<Range<usize>> {
    let widest = paragraph.lines().map(str::len).max().unwrap_or(0);
    let mut cutter =
        Cutter { text: paragraph, widest, start: run(paragraph, char::is_whitespace), found: Vec::new() };
    let mut at = 0;
    while let Some(length) = paragraph[at..].find(is_candidate) {
        at = cutter.candidate(at + length);
    }
    cutter.cut(paragraph.len());
    cutter.found
}

/// Tells whether a sentence may end at `c`.
fn is_candidate(c: char) -> bool {
    is_end_mark(c) || is_line_break(c)
}

fn is_end_mark(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '۔' | '।' | '‼' | '⁇' | '⁈' | '⁉')
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Tells whether `c` closes what stands before it. All straight marks do: what follows without a space is still
/// the same sentence.
fn is_closer(c: char) -> bool {
    is_quote(c) || matches!(c, '\'' | '’' | ')' | ']' | '}' | '）')
}

struct Cutter<'t> {
    text: &'t str,
    /// The bytes of the longest line, which tells where lines were broken for want of room.
    widest: usize,
    start: usize,
    found: Vec<Range<usize>>,
}

impl Cutter<'_> {
    /// Ends the sentence at `at` and begins the next one.
    fn cut(&mut self, at: usize) {
        let to = self.start + self.words_to(at).trim_end().len();
        if self.start < to {
            self.found.push(self.start..to);
        }
        self.start = at + run(&self.text[at..], char::is_whitespace);
    }

    /// Returns the words of the sentence up to `end`; there are none between a sentence and the next one.
    fn words_to(&self, end: usize) -> &str {
        self.text.get(self.start..end).unwrap_or_default()
    }

    /// Decides whether the mark or line break at `at` ends the sentence; returns from where to go on looking.
    fn candidate(&mut self, at: usize) -> usize {
        let marks = run(&self.text[at..], is_end_mark);
        let closed = at + marks + run(&self.text[at + marks..], is_closer);
        let gap = run(&self.text[closed..], char::is_whitespace);
        let stray = self.stray_closer(closed, gap);
        let next = closed + gap + stray;
        let edge = Edge { mark: at, marks_end: at + marks, end: closed, next };
        if next == self.text.len() || self.ends(&edge) {
            // A closing mark that stands alone, as in text that was split into tokens, goes with what it closes.
            self.cut(if stray > 0 { closed + gap + 1 } else { closed });
        }
        next
    }

    /// Returns the bytes of a straight quotation mark between spaces, and of the space behind it, if the sentence
    /// has a quotation for it to close.
    fn stray_closer(&self, closed: usize, gap: usize) -> usize {
        let rest = &self.text[closed + gap..];
        let alone = gap > 0 && rest.starts_with('"') && rest[1..].starts_with(' ');
        if alone { 1 + run(&rest[1..], char::is_whitespace) } else { 0 }
    }

    fn ends(&self, edge: &Edge) -> bool {
        let gap = &self.text[edge.end..edge.next];
        let breaks = gap.matches(is_line_break).count() - gap.matches("\r\n").count();
        if edge.mark == edge.marks_end {
            return breaks > 1 || self.ends_heading(edge);
        }
        if breaks > 1 {
            return true;
        }
        let next = Opening::read(&self.text[edge.next..]);
        if gap.is_empty() {
            return self.is_glued(edge, &next);
        }
        !next.goes_on && !self.is_ordinal(edge) && self.stop_ends(edge, &next)
    }

    /// Tells whether a full stop without a space after it ends a sentence all the same: "left.She", "来了。他".
    fn is_glued(&self, edge: &Edge, next: &Opening<'_>) -> bool {
        let marks = &self.text[edge.mark..edge.marks_end];
        let mut before = self.text[..edge.mark].chars().rev();
        let small =
            before.next().is_some_and(char::is_lowercase) && before.next().is_some_and(char::is_lowercase);
        let sentence = next.word.starts_with(char::is_uppercase) && next.word.chars().nth(2).is_some();
        let after = self.text[edge.next..].get(next.word.len()..).unwrap_or_default();
        let sentence = sentence && !after.starts_with(['.', '/', '@']);
        let full_width = marks.contains(['。', '！', '？']);
        full_width || (marks == "." && small && sentence && next.word.chars().skip(1).all(char::is_lowercase))
    }

    /// Tells whether all of the sentence is a number, so that its stop makes an item of a list: "1. The".
    fn is_ordinal(&self, edge: &Edge) -> bool {
        let words = self.words_to(edge.mark);
        words.len() <= 3 && !words.is_empty() && words.bytes().all(|b| b.is_ascii_digit())
    }

    /// Tells whether the stop ends a sentence although the word before it may be an abbreviation.
    fn stop_ends(&self, edge: &Edge, next: &Opening<'_>) -> bool {
        if &self.text[edge.mark..edge.marks_end] != "." {
            return true;
        }
        let word = self.word_before(edge.marks_end);
        if word == "I." {
            return true;
        }
        match abbreviation(word) {
            Some(Abbreviation::BeforeName) => edge.end > edge.marks_end,
            Some(Abbreviation::BeforeNumber) => !next.word.starts_with(char::is_numeric),
            Some(Abbreviation::Anywhere) => edge.end > edge.marks_end || opens_sentences(next.word),
            None => true,
        }
    }

    /// Returns the word that ends at `end`, or its last bytes if it is longer than any abbreviation.
    fn word_before(&self, end: usize) -> &str {
        let mut from = end;
        for (at, c) in self.words_to(end).char_indices().rev() {
            if !(c.is_alphanumeric() || c == '.') || end - from > LONGEST {
                break;
            }
            from = self.start + at;
        }
        &self.text[from..end]
    }

    /// Tells whether the line that ends here is a heading.
    fn ends_heading(&self, edge: &Edge) -> bool {
        // A heading of a few words is often narrower than any text column, which has 50 letters and more.
        const NARROW: usize = 50;
        let next = Opening::read(&self.text[edge.next..]);
        let line = self.words_to(edge.end).trim();
        let line = line.rsplit(is_line_break).next().unwrap_or(line);
        let last = line.rsplit(' ').next().unwrap_or(line);
        let unfinished = line.ends_with([',', ';', '-', '–', '—', '('])
            || (last.chars().count() <= 3 && last.chars().all(char::is_lowercase));
        let had_room = line.len() <= NARROW || line.len() + 1 + next.word.len() <= self.widest;
        !next.goes_on && !unfinished && had_room
    }
}

/// A place where a sentence may end, as byte offsets.
struct Edge {
    /// The first of the marks that may end it.
    mark: usize,
    /// The byte after these marks.
    marks_end: usize,
    /// The byte after the closing quotation marks and brackets.
    end: usize,
    /// The first byte of what follows.
    next: usize,
}

/// What follows a place where a sentence may end.
struct Opening<'t> {
    /// The first word, without quotation marks and brackets; at most 32 bytes of it are looked at.
    word: &'t str,
    /// Whether a small letter shows that the sentence goes on.
    goes_on: bool,
}

impl Opening<'_> {
    fn read(text: &str) -> Opening<'_> {
        let is_inner = |c: char| c.is_alphanumeric() || c == '\'' || c == '’';
        let skipped: usize =
            text.chars().take(8).take_while(|c| !is_inner(*c) || is_closer(*c)).map(char::len_utf8).sum();
        let text = &text[skipped..];
        let length: usize = text.chars().take(32).take_while(|c| is_inner(*c)).map(char::len_utf8).sum();
        let word = &text[..length];
        // "al-Hadar said": the particle of a name is small at the start of a sentence too.
        let particle = text[length..].starts_with('-')
            && length <= 3
            && text[length + 1..].starts_with(char::is_uppercase);
        Opening { word, goes_on: word.starts_with(char::is_lowercase) && !particle }
    }
}

/// Returns the bytes at the start of `text` whose characters all are of one sort.
fn run(text: &str, sort: impl Fn(char) -> bool) -> usize {
    text.find(|c| !sort(c)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;

    fn check(paragraph: &str, expected: Expect) {
        let lines: Vec<_> =
            sentences(paragraph).into_iter().map(|range| format!("{:?}\n", &paragraph[range])).collect();
        expected.assert_eq(&lines.concat());
    }

    #[test]
    fn abbreviations_and_initials_do_not_end_one() {
        check(
            "Gen. J. R. Hartz of the U.S. Army met Mr. Oro on Feb. 24. He left.",
            expect![[r#"
            "Gen. J. R. Hartz of the U.S. Army met Mr. Oro on Feb. 24."
            "He left."
        "#]],
        );
        check(
            "They live in the U.S. The others left at 9 a.m. Nobody came to see Lt. Col. Amadi.",
            expect![[r#"
                "They live in the U.S."
                "The others left at 9 a.m. Nobody came to see Lt. Col. Amadi."
            "#]],
        );
        check(
            "No. 5 was hit. He said no. It was so. Hartz Ltd. and I. He too.",
            expect![[r#"
            "No. 5 was hit."
            "He said no."
            "It was so."
            "Hartz Ltd. and I."
            "He too."
        "#]],
        );
    }

    #[test]
    fn quotation_marks_go_with_the_stop() {
        check(
            "“We left.” “They stayed.” He said: \"It is over.\" The end.",
            expect![[r#"
            "“We left.”"
            "“They stayed.”"
            "He said: \"It is over.\""
            "The end."
        "#]],
        );
        check(
            "“Who fired?” he asked. “Stop!” she said. (He fell.) 12 more fell.",
            expect![[r#"
            "“Who fired?” he asked."
            "“Stop!” she said."
            "(He fell.)"
            "12 more fell."
        "#]],
        );
        check(
            "He said , \" It is over . \" Then he left .",
            expect![[r#"
            "He said , \" It is over . \""
            "Then he left ."
        "#]],
        );
    }

    #[test]
    fn small_letters_go_on() {
        check(
            "It was … over. So... he left… Then (why? nobody knows) it ended.",
            expect![[r#"
            "It was … over."
            "So... he left…"
            "Then (why? nobody knows) it ended."
        "#]],
        );
        check(
            "It ended. al-Hadar fell. e-mail came.",
            expect![[r#"
            "It ended."
            "al-Hadar fell. e-mail came."
        "#]],
        );
    }

    #[test]
    fn digits_and_lists() {
        check(
            "He left at 10. 24 people stayed. 3.5 million fled.",
            expect![[r#"
            "He left at 10."
            "24 people stayed."
            "3.5 million fled."
        "#]],
        );
        check(
            "1. The town fell. 2. It burned.",
            expect![[r#"
            "1. The town fell."
            "2. It burned."
        "#]],
        );
        check(
            "He left.She stayed. See example.Org.uk now.",
            expect![[r#"
                "He left."
                "She stayed."
                "See example.Org.uk now."
            "#]],
        );
    }

    #[test]
    fn a_heading_without_a_mark_ends_at_its_line() {
        check(
            "Shelling resumes in Varden\nThe shelling went on through the night and into the morning.",
            expect![[r#"
                "Shelling resumes in Varden"
                "The shelling went on through the night and into the morning."
            "#]],
        );
        check(
            "The long line of the shelling in the province of\nVarden went on, as Colonel Ansgar Mirov, who\ncommands it, told Ruritanian Television today.",
            expect![[r#"
                "The long line of the shelling in the province of\nVarden went on, as Colonel Ansgar Mirov, who\ncommands it, told Ruritanian Television today."
            "#]],
        );
        check(
            "A heading\n\nand a text\r\n\r\nAnother",
            expect![[r#"
            "A heading"
            "and a text"
            "Another"
        "#]],
        );
    }

    #[test]
    fn other_scripts() {
        check(
            "Війна триває. Місто впало! الحرب مستمرة؟ نعم. 来了。走了。",
            expect![[r#"
            "Війна триває."
            "Місто впало!"
            "الحرب مستمرة؟"
            "نعم."
            "来了。"
            "走了。"
        "#]],
        );
    }

    proptest! {
        #[test]
        fn sentences_are_in_order_and_cover_the_text(text in "(\\PC|[ .?!'\"”)\n\r0-9a-zA-Z]){0,60}") {
            let mut at = 0;
            for range in sentences(&text) {
                prop_assert!(text[at..range.start].chars().all(char::is_whitespace));
                prop_assert!(range.start < range.end);
                prop_assert_eq!(text[range.clone()].trim(), &text[range.clone()]);
                at = range.end;
            }
            prop_assert!(text[at..].chars().all(char::is_whitespace));
        }
    }

    #[test]
    fn time_grows_with_the_text_alone() {
        for piece in ["a", ".", ". ", "\n", " \n", "a\n", ".\"", ". \" ", "(", ".(", "1. ", "U.S. "] {
            let text = piece.repeat(100_000);
            assert!(
                sentences(&text).last().is_some_and(|range| range.end <= text.len())
                    || piece.trim().is_empty()
            );
        }
    }
}
