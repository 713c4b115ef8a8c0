//! Finds the tags of a page, after the tokenisation rules of the HTML standard (13.2.5), in one pass.
//!
//! It builds nothing and remembers nothing, so a page without end tags, or of ten million `<`, costs no more than
//! its length.

use std::ops::Range;

/// A stretch of a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'p> {
    /// What stands between tags, with its character references.
    Text(Range<usize>),
    Open(Tag<'p>),
    Close(Tag<'p>),
    /// What stands inside an element whose content is no markup, such as a script.
    Raw(Range<usize>),
}

/// A tag.
#[derive(Debug, PartialEq, Eq, Clone)]
pub(super) struct Tag<'p> {
    /// In lower case.
    pub(super) name: String,
    /// The source between the name and the `>`.
    attributes: &'p str,
}

/// Elements whose content is no markup (13.2.5.2 to 13.2.5.4).
const RAW: [&str; 8] = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

/// The tokens of a page, in order.
pub(super) struct Tokens<'p> {
    page: &'p str,
    at: usize,
    /// The element of raw content that the last tag opened.
    raw: Option<String>,
}

impl<'p> Tokens<'p> {
    pub(super) fn of(page: &'p str) -> Tokens<'p> {
        Tokens { page, at: 0, raw: None }
    }

    /// Takes everything up to `end` as one token.
    fn take(&mut self, end: usize) -> Range<usize> {
        let range = self.at..end;
        self.at = end;
        range
    }

    fn raw(&mut self, name: &str) -> Token<'p> {
        let rest = &self.page[self.at..];
        let closes = |at: &usize| {
            let after = &rest.as_bytes()[at + 2..];
            after.len() >= name.len() && after[..name.len()].eq_ignore_ascii_case(name.as_bytes())
        };
        let end = rest.match_indices("</").map(|(at, _)| at).find(closes).unwrap_or(rest.len());
        let range = self.take(self.at + end);
        Token::Raw(range)
    }

    /// Reads the tag, comment or declaration at a `<`; `None` if it is only a character.
    fn markup(&mut self) -> Option<Option<Token<'p>>> {
        let rest = &self.page[self.at..];
        let bytes = rest.as_bytes();
        let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
        if letter(1) || bytes.get(1) == Some(&b'/') && letter(2) {
            return Some(self.tag());
        }
        let end = if rest.starts_with("<!--") {
            // `<!-->` and `<!--->` are whole comments.
            let inside = &rest[2..];
            inside.find("-->").map_or(rest.len(), |end| 2 + end + 3)
        } else if rest.starts_with("<!") || rest.starts_with("<?") || rest.starts_with("</") {
            rest.find('>').map_or(rest.len(), |end| end + 1)
        } else {
            return None;
        };
        self.at += end;
        Some(None)
    }

    fn tag(&mut self) -> Option<Token<'p>> {
        let closing = self.page[self.at..].starts_with("</");
        let start = self.at + 1 + usize::from(closing);
        let rest = &self.page[start..];
        let named =
            rest.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').unwrap_or(rest.len());
        let end = tag_end(rest.as_bytes(), named);
        let name = rest[..named].to_ascii_lowercase();
        let tag = Tag { name, attributes: &rest[named..end] };
        self.at = (start + end + 1).min(self.page.len());
        // A tag that the page ends in is dropped (13.2.5, "eof-in-tag").
        if start + end >= self.page.len() {
            return None;
        }
        if !closing && RAW.contains(&tag.name.as_str()) {
            self.raw = Some(tag.name.clone());
        }
        Some(if closing { Token::Close(tag) } else { Token::Open(tag) })
    }
}

/// Returns the position of the `>` that ends a tag. One inside a quoted value does not.
fn tag_end(tag: &[u8], from: usize) -> usize {
    let mut at = from;
    let mut value = false;
    while let Some(&byte) = tag.get(at) {
        match byte {
            b'>' => return at,
            b'"' | b'\'' if value => {
                at += 1 + tag[at + 1..].iter().position(|&b| b == byte).unwrap_or(tag.len() - at - 1);
                value = false;
            }
            b'=' => value = true,
            _ if byte.is_ascii_whitespace() => {}
            _ => value = false,
        }
        at += 1;
    }
    tag.len()
}

impl<'p> Iterator for Tokens<'p> {
    type Item = Token<'p>;

    fn next(&mut self) -> Option<Token<'p>> {
        if let Some(name) = self.raw.take() {
            return Some(self.raw(&name));
        }
        while self.at < self.page.len() {
            let mut end = self.at;
            if self.page[self.at..].starts_with('<') {
                match self.markup() {
                    Some(Some(token)) => return Some(token),
                    Some(None) => continue,
                    None => end += 1,
                }
            }
            let end = self.page[end..].find('<').map_or(self.page.len(), |found| end + found);
            return Some(Token::Text(self.take(end)));
        }
        None
    }
}

impl<'p> Tag<'p> {
    /// Returns the attributes as they are written: names in any case, values with their character references.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&'p str, &'p str)> + use<'p> {
        let mut rest = self.attributes;
        std::iter::from_fn(move || {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if rest.is_empty() {
                return None;
            }
            let first = rest.chars().next().map_or(0, char::len_utf8);
            let ends = |c: char| c.is_ascii_whitespace() || "=/>".contains(c);
            let named = first + rest[first..].find(ends).unwrap_or(rest.len() - first);
            let (name, after) = rest.split_at(named);
            let (value, after) = value(after);
            rest = after;
            Some((name, value))
        })
    }

    /// Returns the value of an attribute, as it is written.
    pub(super) fn attribute(&self, name: &str) -> Option<&'p str> {
        self.attributes().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

fn value(after: &str) -> (&str, &str) {
    let Some(value) = after.trim_ascii_start().strip_prefix('=') else { return ("", after) };
    let value = value.trim_ascii_start();
    for quote in ['"', '\''] {
        if let Some(quoted) = value.strip_prefix(quote) {
            return quoted.split_once(quote).unwrap_or((quoted, ""));
        }
    }
    value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len()))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;

    fn check(page: &str, expected: Expect) {
        let shown: Vec<String> = Tokens::of(page)
            .map(|token| match token {
                Token::Text(range) => format!("{:?}", &page[range]),
                Token::Raw(range) => format!("raw {:?}", &page[range]),
                Token::Open(tag) => format!("<{} {:?}>", tag.name, tag.attributes().collect::<Vec<_>>()),
                Token::Close(tag) => format!("</{}>", tag.name),
            })
            .collect();
        expected.assert_eq(&shown.join(" "));
    }

    #[test]
    fn tags() {
        check(
            "<P CLASS=a id='b c' data-x=\"1>2\" hidden>Київ</p >",
            expect![[
                r#"<p [("CLASS", "a"), ("id", "b c"), ("data-x", "1>2"), ("hidden", "")]> "Київ" </p>"#
            ]],
        );
        check(
            "a < b <3 <- </> <!-- <p> --> <!doctype html><?php x ?>c",
            expect![[r#""a " "< b " "<3 " "<- " " " " " "c""#]],
        );
        check(
            "<script>if (a</b) '<p>'</SCRIPT><br/>x",
            expect![[r#"<script []> raw "if (a</b) '<p>'" </script> <br []> "x""#]],
        );
        check(
            "<a href=\"x\"title='y'>z<a href=\"no end",
            expect![[r#"<a [("href", "x"), ("title", "y")]> "z""#]],
        );
        check("<!-->x<!--->y<!--z", expect![[r#""x" "y""#]]);
    }

    proptest! {
        #[test]
        fn any_page_is_scanned(page in "[<>/!\\-=\"' a-cё\\n]{0,60}|\\PC{0,40}") {
            let mut at = 0;
            for token in Tokens::of(&page) {
                match token {
                    Token::Text(range) | Token::Raw(range) => {
                        prop_assert!(range.start >= at && page.get(range.clone()).is_some());
                        at = range.end;
                    }
                    Token::Open(tag) | Token::Close(tag) => { tag.attributes().count(); }
                }
            }
        }
    }
}
