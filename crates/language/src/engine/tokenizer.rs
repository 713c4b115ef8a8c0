//! Text to tokens, exactly as spaCy's English tokeniser cuts it.
//!
//! Text is cut at white space; what stands between is looked up among the special cases, then cut from both ends
//! until nothing fits, then in the middle. Single spaces are kept by the token before, other white space is a token.

use super::affixes::Affixes;
use super::characters::Class;
use super::special_cases::{Rule, SpecialCases};
use super::strings::Strings;
use super::web_address::is_web_address;

/// One token: its bytes, its word as a number, and what is known of it before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) orth: u64,
    /// The normal form that a special case gives it, or 0.
    pub(super) norm: u64,
    /// Whether a space follows.
    pub(super) spaced: bool,
}

/// Cuts text into tokens.
pub(super) struct Tokenizer {
    pub(super) strings: Strings,
    pub(super) affixes: Affixes,
    special: SpecialCases,
}

impl Tokenizer {
    pub(super) fn new(strings: Strings, affixes: Affixes, rules: Vec<(String, Rule)>) -> Tokenizer {
        let mut tokenizer = Tokenizer { strings, affixes, special: SpecialCases::default() };
        // Before there are special cases, the rules alone say what they would make of each.
        let sequences = rules.iter().filter(|(text, _)| tokenizer.is_cut(text));
        let sequences = sequences.map(|(text, _)| tokenizer.numbers(text)).collect();
        tokenizer.special = SpecialCases::new(rules, sequences);
        tokenizer
    }

    fn is_cut(&self, text: &str) -> bool {
        let mut is_cut = text.contains(' ') || self.affixes.prefix(text) > 0 || self.affixes.suffix(text) > 0;
        self.affixes.infixes(text, |_| is_cut = true);
        is_cut
    }

    fn numbers(&self, text: &str) -> Vec<u64> {
        let mut pieces = Vec::new();
        self.cut(text, &mut pieces);
        pieces.iter().map(|piece| piece.orth).collect()
    }

    /// Tells whether a token is white space.
    pub(super) fn is_space(&self, word: &str) -> bool {
        word.chars().all(|c| self.affixes.characters.is(c, Class::Space))
    }

    /// Appends the tokens of `text` to `pieces`, which is empty.
    pub(super) fn cut(&self, text: &str, pieces: &mut Vec<Piece>) {
        Cutter { tokenizer: self, text, pieces, suffixes: Vec::new() }.all();
        self.special.apply(text, pieces);
    }
}

struct Cutter<'a> {
    tokenizer: &'a Tokenizer,
    text: &'a str,
    pieces: &'a mut Vec<Piece>,
    suffixes: Vec<(usize, usize)>,
}

impl<'a> Cutter<'a> {
    fn is_space(&self, c: char) -> bool {
        self.tokenizer.affixes.characters.is(c, Class::Space)
    }

    fn all(&mut self) {
        let Some(first) = self.text.chars().next() else { return };
        let mut in_space = self.is_space(first);
        let mut start = 0;
        for (at, c) in self.text.char_indices() {
            if self.is_space(c) == in_space {
                continue;
            }
            if start < at {
                self.chunk(start, at);
            }
            start = at;
            if c == ' ' {
                if let Some(last) = self.pieces.last_mut() {
                    last.spaced = true;
                }
                start = at + 1;
            }
            in_space = !in_space;
        }
        if start < self.text.len() {
            self.chunk(start, self.text.len());
        }
    }

    /// Cuts one word, or one run of white space.
    fn chunk(&mut self, start: usize, end: usize) {
        if self.special_case(start, end) {
            return;
        }
        let (start, end) = self.ends(start, end);
        if start < end && !self.special_case(start, end) {
            self.middle(start, end);
        }
        while let Some((start, end)) = self.suffixes.pop() {
            self.push(start, end);
        }
    }

    fn rule(&self, start: usize, end: usize) -> Option<&'a Rule> {
        self.tokenizer.special.rule(&self.text[start..end])
    }

    fn special_case(&mut self, start: usize, end: usize) -> bool {
        let Some(rule) = self.rule(start, end) else { return false };
        rule.append(start, self.pieces);
        true
    }

    /// Cuts prefixes and suffixes, keeping the suffixes for later, and returns what is left.
    fn ends(&mut self, mut start: usize, mut end: usize) -> (usize, usize) {
        let affixes = &self.tokenizer.affixes;
        while start < end && self.rule(start, end).is_none() {
            let word = &self.text[start..end];
            let prefix = affixes.prefix(word);
            if prefix > 0 && prefix < word.len() && self.rule(start + prefix, end).is_some() {
                self.push(start, start + prefix);
                return (start + prefix, end);
            }
            let suffix = affixes.suffix(&word[prefix..]);
            if suffix > 0 && suffix < word.len() && self.rule(start, end - suffix).is_some() {
                self.suffixes.push((end - suffix, end));
                return (start, end - suffix);
            }
            if prefix + suffix == 0 {
                break;
            }
            if prefix > 0 {
                self.push(start, start + prefix);
            }
            if suffix > 0 {
                self.suffixes.push((end - suffix, end));
            }
            (start, end) = (start + prefix, end - suffix);
        }
        (start, end)
    }

    /// Cuts what neither end can be cut from: a web address stays whole, anything else is cut at its infixes.
    fn middle(&mut self, start: usize, end: usize) {
        let tokenizer = self.tokenizer;
        let word = &self.text[start..end];
        if is_web_address(word, &tokenizer.affixes.characters) {
            return self.push(start, end);
        }
        let mut done = start;
        tokenizer.affixes.infixes(word, |infix| {
            // An infix at the very start is left in place, as spaCy does.
            if infix.start > 0 {
                let (from, to) = (start + infix.start, start + infix.end);
                if done < from {
                    self.push(done, from);
                }
                self.push(from, to);
                done = to;
            }
        });
        if done < end {
            self.push(done, end);
        }
    }

    fn push(&mut self, start: usize, end: usize) {
        let orth = self.tokenizer.strings.number(&self.text[start..end]);
        self.pieces.push(Piece { start: start as u32, end: end as u32, orth, norm: 0, spaced: false });
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::model::Engine;

    fn cut(text: &str) -> Vec<(String, bool)> {
        let mut pieces = Vec::new();
        Engine::shipped().tokenizer.cut(text, &mut pieces);
        let word = |start, end| text[start as usize..end as usize].to_owned();
        pieces.iter().map(|piece| (word(piece.start, piece.end), piece.spaced)).collect()
    }

    fn check(text: &str, expected: Expect) {
        let visible =
            |word: String| word.replace('\n', "\\n").replace('\t', "\\t").replace('\u{a0}', "\\u{a0}");
        let words: Vec<String> = cut(text).into_iter().map(|(word, _)| visible(word)).collect();
        expected.assert_eq(&words.join(" | "));
    }

    #[test]
    fn marks_are_cut_from_both_ends() {
        check(r#"("No," she said…)"#, expect![[r#"( | " | No | , | " | she | said | … | )"#]]);
        check("“Ми не знали”, (¿sí?)", expect!["“ | Ми | не | знали | ” | , | ( | ¿ | sí | ? | )"]);
        check(
            "[see p. 7]: 'so-called' \"safe\"...",
            expect![[r#"[ | see | p. | 7 | ] | : | ' | so | - | called | ' | " | safe | " | ..."#]],
        );
    }

    #[test]
    fn special_cases_are_cut_by_the_list() {
        check(
            "They couldn't've known; he'd left at 10p.m. (Mr. Orlo).",
            expect![
                "They | could | n't | 've | known | ; | he | 'd | left | at | 10 | p.m. | ( | Mr. | Orlo | ) | ."
            ],
        );
        check("can’t gonna y'all :) o.O C++", expect!["ca | n’t | gon | na | y' | all | :) | o.O | C++"]);
    }

    #[test]
    fn a_special_case_that_the_rules_took_apart_is_put_together() {
        check("x(:", expect!["x | (:"]);
        check("( :", expect!["( | :"]);
        check("and/or", expect!["and/or"]);
    }

    #[test]
    fn figures_lose_their_units() {
        check(
            "45km $1.2bn 30+ 5% US$7 +7 -5°C. 3.5m€ km",
            expect!["45 | km | $ | 1.2bn | 30 | + | 5 | % | US$ | 7 | +7 | -5 | ° | C | . | 3.5m€ | km"],
        );
    }

    #[test]
    fn words_are_cut_inside_before_letters() {
        check(
            "Al-Qasr 12-year-old T-72 2014-15 1-2 a--b x/y end.Next U.S. e.g",
            expect![
                "Al | - | Qasr | 12 | - | year | - | old | T-72 | 2014 | - | 15 | 1 | - | 2 | a | -- | b | x | / | y | end | . | Next | U.S. | e.g"
            ],
        );
    }

    #[test]
    fn web_addresses_stay_whole() {
        check(
            "https://a-b.example.org/x-y?z=1#w, mail.me@example.org 8.8.8.8:80/a-b 10.0.0.1/a-b",
            expect![
                "https://a-b.example.org/x-y?z=1#w | , | mail.me@example.org | 8.8.8.8:80/a-b | 10.0.0.1 | / | a | - | b"
            ],
        );
    }

    #[test]
    fn white_space_beyond_one_space_is_a_token() {
        check(" a  b\n\nc\u{a0}d \te ", expect![[r#"  | a |   | b | \n\n | c | \u{a0} | d | \t | e"#]]);
        assert_eq!(cut("a b ")[1], ("b".to_owned(), true));
    }
}
