//! Tokens, cut the way spaCy's English tokeniser cuts them.
//!
//! One pass from left to right; every rule looks at the token that it cuts and at a few characters beside it, so
//! the time grows with the text and with nothing else.

use std::ops::Range;

use crate::TokenKind;
use crate::abbreviations::{Abbreviation, abbreviation};

/// Splits a sentence into tokens.
pub(crate) fn split(sentence: &str) -> Vec<(Range<usize>, TokenKind)> {
    let mut scanner = Scanner { text: sentence, at: 0, tokens: Vec::new(), single_open: false };
    while let Some(first) = scanner.peek(0) {
        if first.is_whitespace() {
            scanner.at += first.len_utf8();
        } else {
            scanner.token(first);
        }
    }
    scanner.tokens
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<(Range<usize>, TokenKind)>,
    /// Whether a single quotation mark was opened and not closed again.
    single_open: bool,
}

impl Scanner<'_> {
    /// Returns the `n`-th character from here.
    fn peek(&self, n: usize) -> Option<char> {
        self.text[self.at..].chars().nth(n)
    }

    fn before(&self) -> Option<char> {
        self.text[..self.at].chars().next_back()
    }

    fn push(&mut self, end: usize, kind: TokenKind) {
        self.tokens.push((self.at..end, kind));
        self.at = end;
    }

    fn token(&mut self, first: char) {
        if let Some(end) = self.address() {
            self.push(end, TokenKind::Word);
        } else if first.is_numeric() {
            self.number();
        } else if is_letter(first) {
            self.word();
        } else if is_apostrophe(first) || first == '‘' {
            self.single_quote(first);
        } else {
            self.mark(first);
        }
    }

    /// Finds the end of a web or e-mail address, or of a name after `@`, that begins here.
    fn address(&self) -> Option<usize> {
        if self.before().is_some_and(|c| is_inner(c) || c == '.' || c == '@') {
            return None;
        }
        let rest = &self.text[self.at..];
        let is_web = ["http://", "https://", "www."].iter().any(|lead| starts_with(rest, lead));
        let is_handle = rest.starts_with('@') && self.peek(1).is_some_and(is_inner);
        let length = if is_web {
            rest.find(|c: char| c.is_whitespace() || "<>\"“”«»".contains(c)).unwrap_or(rest.len())
        } else if is_handle {
            1 + rest[1..].find(|c: char| !is_inner(c)).unwrap_or(rest.len() - 1)
        } else {
            mail(rest)?
        };
        let kept = rest[..length].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '’', '…']);
        (!kept.is_empty()).then_some(self.at + kept.len())
    }

    fn number(&mut self) {
        let rest = &self.text[self.at..];
        let digits = digits_end(rest);
        let letters = rest[digits..].find(|c: char| !is_inner(c)).unwrap_or(rest.len() - digits);
        let suffix = &rest[digits..digits + letters];
        let end = self.at + digits;
        if letters == 0 || is_unit(suffix) {
            self.push(end, TokenKind::Number);
        } else if is_number_suffix(suffix) {
            self.push(end + letters, TokenKind::Number);
        } else {
            self.word();
        }
    }

    /// Cuts a word and the clitics at its end: "do" and "n't", "Ruritania" and "’s".
    fn word(&mut self) {
        let end = self.word_end();
        let word = &self.text[self.at..end];
        let clitics = word.len() - clitic(word);
        if (1..word.len()).contains(&clitics) {
            self.push(self.at + clitics, TokenKind::Word);
        } else if word.eq_ignore_ascii_case("cannot") {
            self.push(self.at + 3, TokenKind::Word);
        }
        self.push(end, TokenKind::Word);
    }

    /// Finds the end of the word here: letters and digits, with apostrophes, ampersands and full stops that join
    /// them, and a hyphen before a digit ("T-72").
    fn word_end(&self) -> usize {
        let rest = &self.text[self.at..];
        let mut end = 0;
        let mut before = ' ';
        let mut chars = rest.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|(_, next)| *next);
            let belongs = is_inner(c) || joins(before, c, next) || (c == '.' && keeps_stop(rest, at));
            if !belongs {
                break;
            }
            end = at + c.len_utf8();
            before = c;
        }
        self.at + end
    }

    /// Tells a quotation mark from an apostrophe: "‘no’" and "the forces’ retreat".
    fn single_quote(&mut self, first: char) {
        let end = self.at + first.len_utf8();
        let follows_word = self.before().is_some_and(is_inner);
        if self.peek(1) == Some('\'') && first == '\'' {
            return self.push(end + 1, TokenKind::Quote);
        }
        if first != '‘' && !follows_word && self.is_short_year() {
            let digits = self.text[end..].find(|c: char| !is_inner(c)).unwrap_or(self.text.len() - end);
            return self.push(end + digits, TokenKind::Word);
        }
        if first != '‘' && clitic(&self.text[self.at..self.clitic_end()]) > 0 {
            return self.push(self.clitic_end(), TokenKind::Word);
        }
        let plural = self.before().is_some_and(|c| matches!(c, 's' | 'S' | 'x' | 'z'));
        if first != '‘' && follows_word && plural && !self.single_open {
            return self.push(end, TokenKind::Word);
        }
        self.single_open = first == '‘' || (!follows_word && self.peek(1).is_some_and(is_inner));
        self.push(end, TokenKind::Quote);
    }

    /// Tells whether here stands a year without its century: "’90s".
    fn is_short_year(&self) -> bool {
        let digit = |n| self.peek(n).is_some_and(|c| c.is_ascii_digit());
        let after = self.peek(3);
        digit(1) && digit(2) && after.is_none_or(|c| c == 's' || !is_inner(c)) && !self.single_open
    }

    /// Finds the end of what might be a clitic that stands apart from its word; none is longer than "’ve".
    fn clitic_end(&self) -> usize {
        let mut chars = self.text[self.at..].char_indices().skip(1);
        let end = chars.by_ref().take(3).find(|(_, c)| !is_letter(*c)).map(|(at, _)| at);
        let rest = self.text[self.at..].char_indices().nth(4).map(|(at, _)| at);
        self.at + end.or(rest).unwrap_or(self.text.len() - self.at)
    }

    fn mark(&mut self, first: char) {
        let end = self.at + first.len_utf8();
        match first {
            '`' if self.peek(1) == Some('`') => self.push(end + 1, TokenKind::Quote),
            '.' | '-' | '…' | '—' => self.push(self.run_end(first), TokenKind::Mark),
            _ if is_quote(first) => self.push(end, TokenKind::Quote),
            _ => self.push(end, TokenKind::Mark),
        }
    }

    /// Finds the end of a row of one mark: "...", "--".
    fn run_end(&self, mark: char) -> usize {
        let rest = &self.text[self.at..];
        self.at + rest.find(|c| c != mark).unwrap_or(rest.len())
    }
}

/// Finds the end of the digits at the start of `text`, with the marks that group them: "1,200", "3.5", "10:30",
/// "9/11", and the spaces between groups of three that SI 5.4.4 asks for.
fn digits_end(text: &str) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let digit_follows = chars.peek().is_some_and(|(_, next)| next.is_numeric());
        let groups = match c {
            ',' | '.' | ':' | '/' => digit_follows,
            '\u{a0}' | '\u{2009}' | '\u{202f}' => is_group_of_three(&text[at + c.len_utf8()..]),
            _ => c.is_numeric(),
        };
        if !groups {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

fn is_group_of_three(text: &str) -> bool {
    let mut chars = text.chars();
    chars.by_ref().take(3).filter(char::is_ascii_digit).count() == 3
        && chars.next().is_none_or(|c| !is_inner(c))
}

/// Tells whether letters straight after digits belong to the number: "24th", "1.5m", "3k", "1990s".
fn is_number_suffix(letters: &str) -> bool {
    const SUFFIXES: [&str; 12] = ["st", "nd", "rd", "th", "s", "k", "m", "mn", "b", "bn", "tn", "mln"];
    SUFFIXES.iter().any(|suffix| letters.eq_ignore_ascii_case(suffix))
}

/// Tells whether letters straight after digits are a word of their own, as in "155mm" and "7am".
fn is_unit(letters: &str) -> bool {
    const UNITS: [&str; 16] =
        ["am", "pm", "mm", "cm", "km", "kg", "g", "mg", "lb", "lbs", "ft", "in", "kph", "mph", "kt", "hrs"];
    UNITS.contains(&letters)
}

/// Returns the length of the clitic at the end of `word`, 0 if there is none.
fn clitic(word: &str) -> usize {
    // "n’t" is the longest, with an apostrophe of three bytes.
    let Some((at, apostrophe)) = word.char_indices().rev().take(3).find(|(_, c)| is_apostrophe(*c)) else {
        return 0;
    };
    let after = &word[at + apostrophe.len_utf8()..];
    let listed = ["s", "re", "ve", "ll", "d", "m"].iter().any(|form| after.eq_ignore_ascii_case(form));
    let negates = after.eq_ignore_ascii_case("t") && word[..at].ends_with(['n', 'N']);
    match (listed, negates) {
        (true, _) => word.len() - at,
        (_, true) => word.len() - at + 1,
        _ => 0,
    }
}

/// Tells whether `c` joins what stands before and after it into one word.
fn joins(before: char, c: char, next: Option<char>) -> bool {
    let next = next.unwrap_or(' ');
    match c {
        '&' => before.is_uppercase() && next.is_uppercase(),
        '-' | '\u{2011}' => is_letter(before) && next.is_numeric(),
        _ => is_apostrophe(c) && is_inner(before) && is_letter(next),
    }
}

/// Tells whether the full stop at `at` belongs to the word that starts `text`: "Gen.", "U.S.", "example.org".
fn keeps_stop(text: &str, at: usize) -> bool {
    let after = &text[at + 1..];
    let mut next = after.chars();
    let (next, second) = (next.next().unwrap_or(' '), next.next().unwrap_or(' '));
    let before = text[..at].chars().next_back().unwrap_or(' ');
    if is_letter(next) {
        // A capital after a small letter begins the next sentence: "left.She". "gov.ua" and "U.S" go on.
        return before.is_lowercase() == next.is_lowercase() || second == '.' || at == 1;
    }
    match abbreviation(&text[..at + 1]) {
        Some(Abbreviation::BeforeNumber) => {
            after.trim_start().starts_with(|c: char| c.is_numeric()) || is_month(text)
        }
        Some(_) => next != '.',
        None => false,
    }
}

/// Tells whether a capital with two small letters opens `text`, as in the short names of months and days.
fn is_month(text: &str) -> bool {
    const SHORT: [&str; 12] =
        ["Jan.", "Feb.", "Mar.", "Apr.", "Jun.", "Jul.", "Aug.", "Sep.", "Sept.", "Oct.", "Nov.", "Dec."];
    SHORT.iter().any(|month| text.starts_with(month))
}

/// Finds the end of an e-mail address at the start of `text`. No longer local part is looked for than the 64
/// bytes that RFC 5321, 4.5.3.1.1 allows.
fn mail(text: &str) -> Option<usize> {
    let local = text.bytes().take(65).position(|b| !(b.is_ascii_alphanumeric() || b"._%+-".contains(&b)))?;
    let domain = text[local..].strip_prefix('@').filter(|_| local > 0)?;
    let length =
        domain.bytes().take(255).take_while(|b| b.is_ascii_alphanumeric() || b".-".contains(b)).count();
    domain[..length].trim_end_matches('.').contains('.').then_some(local + 1 + length)
}

fn starts_with(text: &str, lead: &str) -> bool {
    text.get(..lead.len()).is_some_and(|start| start.eq_ignore_ascii_case(lead))
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

/// Tells whether `c` stands inside words: letters, digits, marks that combine with letters, and the invisible
/// hyphen and joiners.
fn is_inner(c: char) -> bool {
    c.is_alphanumeric()
        || c == '_'
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{fe0f}')
}

/// Tells whether `c` may be an apostrophe: typewriter, typographic, or the letter U+02BC.
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '＇')
}

/// Tells whether `c` is a quotation mark that cannot be an apostrophe.
pub(crate) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '‹' | '›' | '‚' | '「' | '」' | '『' | '』' | '＂')
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;

    fn check(sentence: &str, expected: Expect) {
        let mut line = String::new();
        for (range, kind) in split(sentence) {
            let sign = match kind {
                TokenKind::Word => "",
                TokenKind::Number => "#",
                TokenKind::Quote => "q",
                TokenKind::Mark => "_",
            };
            line.push_str(&format!("{}{sign}|", &sentence[range]));
        }
        expected.assert_eq(&line);
    }

    #[test]
    fn clitics_stand_apart() {
        check(
            "Ruritania's army doesn’t retreat; they'll stay, I’m sure.",
            expect!["Ruritania|'s|army|does|n’t|retreat|;_|they|'ll|stay|,_|I|’m|sure|._|"],
        );
        check("He can't, cannot and WON'T.", expect!["He|ca|n't|,_|can|not|and|WO|N'T|._|"]);
        check(
            "O'Brien's friend from Côte d’Ivoire met Mykola of Slov’yans’k.",
            expect!["O'Brien|'s|friend|from|Côte|d’Ivoire|met|Mykola|of|Slov’yans’k|._|"],
        );
        check("the word ’s end", expect!["the|word|’s|end|"]);
    }

    #[test]
    fn single_quotes_are_told_from_apostrophes() {
        check(
            "the forces’ retreat and the soldiers' wives",
            expect!["the|forces|’|retreat|and|the|soldiers|'|wives|"],
        );
        check(
            "They call it ‘liberators’ work’ and 'peace'.",
            expect!["They|call|it|‘q|liberators|’q|work|’q|and|'q|peace|'q|._|"],
        );
        check(
            "in the ’90s, a ''quoted'' and ``other'' word",
            expect!["in|the|’90s|,_|a|''q|quoted|''q|and|``q|other|''q|word|"],
        );
    }

    #[test]
    fn quotation_marks_of_all_shapes() {
        check(
            "“Yes,” „nein“, «нет», \"no\".",
            expect![[r#"“q|Yes|,_|”q|„q|nein|“q|,_|«q|нет|»q|,_|"q|no|"q|._|"#]],
        );
        check("\"“Nested ‘and unbalanced”", expect![[r#""q|“q|Nested|‘q|and|unbalanced|”q|"#]]);
    }

    #[test]
    fn hyphens_and_dashes() {
        check(
            "a war-torn, 15-year-old state—or part–time--in 1941-45",
            expect!["a|war|-_|torn|,_|15#|-_|year|-_|old|state|—_|or|part|–_|time|--_|in|1941#|-_|45#|"],
        );
        check("T-72 tanks, the Su-25 and Covid-19", expect!["T-72|tanks|,_|the|Su-25|and|Covid-19|"]);
        check("he/she and 24/7", expect!["he|/_|she|and|24/7#|"]);
    }

    #[test]
    fn abbreviations_keep_their_stop() {
        check(
            "Gen. J. R. Hartz of the U.S. spoke at 9 a.m. on Feb. 24.",
            expect!["Gen.|J.|R.|Hartz|of|the|U.S.|spoke|at|9#|a.m.|on|Feb.|24#|._|"],
        );
        check("No. 5 said no. He left.She stayed.", expect!["No.|5#|said|no|._|He|left|._|She|stayed|._|"]);
        check("Well... so… no.", expect!["Well|..._|so|…_|no|._|"]);
    }

    #[test]
    fn numbers() {
        check(
            "1,200 of 3.5 and 1\u{202f}200\u{a0}000 or 1.500, at 10:30.",
            expect!["1,200#|of|3.5#|and|1 200 000#|or|1.500#|,_|at|10:30#|._|"],
        );
        check(
            "1.5m people, 3k, the 10th, 155mm, 7am, 2S19, $5bn, 40%",
            expect!["1.5m#|people|,_|3k#|,_|the|10th#|,_|155#|mm|,_|7#|am|,_|2S19|,_|$_|5bn#|,_|40#|%_|"],
        );
    }

    #[test]
    fn addresses_stay_whole() {
        check(
            "See https://example.org/a?b=c, (www.example.com) or a.b@example.net.",
            expect!["See|https://example.org/a?b=c|,_|(_|www.example.com|)_|or|a.b@example.net|._|"],
        );
        check("@watcher wrote #now on example.org", expect!["@watcher|wrote|#_|now|on|example.org|"]);
    }

    #[test]
    fn other_scripts() {
        check("Війна́ триває. الحرب مستمرة؟", expect!["Війна́|триває|._|الحرب|مستمرة|؟_|"]);
    }

    proptest! {
        #[test]
        fn tokens_are_in_order_and_cover_the_text(text in "(\\PC|[ .'’\"0-9a-zA-Z@:/-]){0,60}") {
            let mut at = 0;
            for (range, _) in split(&text) {
                prop_assert!(text[at..range.start].chars().all(char::is_whitespace));
                prop_assert!(range.start < range.end);
                at = range.end;
            }
            prop_assert!(text[at..].chars().all(char::is_whitespace));
        }
    }

    #[test]
    fn time_grows_with_the_text_alone() {
        for piece in ["a", "a.", "'", "’s", "1,", "@", "a@", "-", "a-", ".", "http://", "``"] {
            let text = piece.repeat(200_000);
            assert_eq!(split(&text).last().map(|(range, _)| range.end), Some(text.len()));
        }
    }
}
