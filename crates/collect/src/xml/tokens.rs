//! Tags and the text between them.

use std::borrow::Cow;

use super::references::{self, Declared};

pub(super) enum Token<'a> {
    Text(Cow<'a, str>),
    Open(Tag<'a>),
    /// An end tag, by its name.
    Close(&'a str),
}

pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    /// Names and values, references replaced.
    pub(super) attributes: Vec<(&'a str, Cow<'a, str>)>,
    /// Whether it ends with `/>`.
    pub(super) is_empty: bool,
}

/// Goes through a text in linear time: whatever is searched for and not there is never searched for again.
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    declared: Declared,
    fault: Option<(usize, &'static str)>,
    /// Ends that do not come any more.
    missing: [bool; 4],
    /// Whether a declaration of the document's type was found not to end.
    is_type_open: bool,
}

/// The ends of comments, sections, instructions and all else.
const ENDS: [&str; 4] = ["-->", "]]>", "?>", ">"];

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Tokens<'a> {
        Tokens {
            text,
            at: 0,
            declared: Declared::new(text.len()),
            fault: None,
            missing: [false; 4],
            is_type_open: false,
        }
    }

    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// Returns the first thing that is wrong, and where.
    pub(super) fn fault(&self) -> Option<(usize, &'static str)> {
        self.fault
    }

    fn wrong(&mut self, what: &'static str) {
        self.fault.get_or_insert((self.at, what));
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Returns where the `which` of the ends is, counted from here.
    fn end(&mut self, which: usize) -> Option<usize> {
        if self.missing[which] {
            return None;
        }
        let found = memchr::memmem::find(self.rest().as_bytes(), ENDS[which].as_bytes());
        self.missing[which] = found.is_none();
        found
    }

    /// Passes over a comment or an instruction. One that is not closed ends with the next `>`.
    fn pass(&mut self, opening: usize, which: usize) {
        self.at += opening;
        match self.end(which) {
            Some(end) => self.at += end + ENDS[which].len(),
            None => {
                self.wrong("a comment or an instruction is not closed");
                self.at += self.end(3).map_or(0, |end| end + 1);
            }
        }
    }

    fn section(&mut self) -> Token<'a> {
        self.at += "<![CDATA[".len();
        let text = match self.end(1) {
            Some(end) => {
                let text = &self.rest()[..end];
                self.at += end + ENDS[1].len();
                text
            }
            None => {
                self.wrong("a section is not closed");
                let rest = self.rest();
                self.at = self.text.len();
                rest
            }
        };
        Token::Text(text.into())
    }

    fn words(&mut self) -> Token<'a> {
        // The first byte may be a bracket that begins no tag.
        let rest = self.rest();
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let length = memchr::memchr(b'<', &rest.as_bytes()[first..]).map_or(rest.len(), |at| first + at);
        let (text, all_known) = references::decode(&rest[..length], &mut self.declared);
        if !all_known {
            self.wrong("an ampersand stands for nothing");
        }
        if text.contains(|c: char| c < ' ' && !c.is_ascii_whitespace()) {
            self.wrong("there is a control character");
        }
        self.at += length;
        Token::Text(mend(text))
    }

    fn end_tag(&mut self) -> Token<'a> {
        let rest = &self.rest()[2..];
        let name = &rest[..name_length(rest)];
        match memchr::memchr2(b'>', b'<', rest.as_bytes()) {
            Some(end) if rest.as_bytes()[end] == b'>' => {
                if !rest[name.len()..end].trim().is_empty() {
                    self.wrong("an end tag holds more than a name");
                }
                self.at += 2 + end + 1;
            }
            end => {
                self.wrong("a tag is not closed");
                self.at += 2 + end.unwrap_or(rest.len());
            }
        }
        Token::Close(name)
    }

    fn start_tag(&mut self) -> Token<'a> {
        self.at += 1;
        let name = &self.rest()[..name_length(self.rest())];
        self.at += name.len();
        let mut tag = Tag { name, attributes: Vec::new(), is_empty: false };
        loop {
            let blank = self.rest().len() - self.rest().trim_start().len();
            self.at += blank;
            match self.rest().as_bytes() {
                [b'>', ..] => {
                    self.at += 1;
                    return Token::Open(tag);
                }
                [b'/', b'>', ..] => {
                    self.at += 2;
                    tag.is_empty = true;
                    return Token::Open(tag);
                }
                [] | [b'<', ..] => {
                    self.wrong("a tag is not closed");
                    return Token::Open(tag);
                }
                _ if name_length(self.rest()) > 0 => {
                    if blank == 0 {
                        self.wrong("attributes are not apart");
                    }
                    let (name, value) = self.attribute();
                    if tag.attributes.len() < MAX_ATTRIBUTES {
                        tag.attributes.push((name, value));
                    }
                }
                _ => {
                    self.wrong("a tag holds what is no attribute");
                    self.at += self.rest().chars().next().map_or(0, char::len_utf8);
                }
            }
        }
    }

    fn attribute(&mut self) -> (&'a str, Cow<'a, str>) {
        let name = &self.rest()[..name_length(self.rest())];
        self.at += name.len();
        let Some(value) = self.rest().trim_start().strip_prefix('=') else {
            self.wrong("an attribute has no value");
            return (name, "".into());
        };
        let value = value.trim_start();
        self.at = self.text.len() - value.len();
        let raw = match value.as_bytes().first() {
            Some(quote @ (b'"' | b'\'')) => self.quoted(*quote, &value[1..]),
            _ => {
                self.wrong("the value of an attribute is not quoted");
                let ends = |c: char| c.is_whitespace() || matches!(c, '>' | '<');
                let length = value.find(ends).unwrap_or(value.len());
                self.at += length;
                &value[..length]
            }
        };
        let (value, all_known) = references::decode(raw, &mut self.declared);
        if !all_known {
            self.wrong("an ampersand stands for nothing");
        }
        (name, value)
    }

    /// Reads a value up to its quote. A bracket cannot stand in it, so that a missing quote does no harm beyond the tag.
    fn quoted(&mut self, quote: u8, value: &'a str) -> &'a str {
        let end = memchr::memchr2(quote, b'<', value.as_bytes()).unwrap_or(value.len());
        let closed = value.as_bytes().get(end) == Some(&quote);
        if !closed {
            self.wrong(if end == value.len() {
                "a tag is not closed"
            } else {
                "the value of an attribute is not closed"
            });
        }
        self.at += 1 + end + usize::from(closed);
        &value[..end]
    }

    /// Reads a declaration of the document's type, and what names it declares.
    fn document_type(&mut self) {
        match self.end_of_type() {
            Some(length) => self.at += length,
            None => {
                self.is_type_open = true;
                self.wrong("the declaration of the document's type is not closed");
                self.at += "<!DOCTYPE".len();
                self.at += self.end(3).map_or(0, |end| end + 1);
            }
        }
    }

    fn end_of_type(&mut self) -> Option<usize> {
        if self.is_type_open {
            return None;
        }
        let rest = self.rest();
        let mut scan = 0;
        let mut brackets = 0_usize;
        while let Some(found) = rest.as_bytes()[scan..].iter().position(|byte| b"[]<>\"'".contains(byte)) {
            let at = scan + found;
            scan = at + 1;
            match rest.as_bytes()[at] {
                b'[' => brackets += 1,
                b']' => brackets = brackets.saturating_sub(1),
                b'>' if brackets == 0 => return Some(scan),
                b'<' if rest[at..].starts_with("<!ENTITY") => scan = at + self.entity(&rest[at..]),
                b'<' if rest[at..].starts_with("<!--") => {
                    scan = at + 3 + memchr::memmem::find(&rest.as_bytes()[at..], b"-->")?;
                }
                // The root element has begun, so the declaration was never closed.
                b'<' if at > 0 && brackets == 0 => return None,
                quote @ (b'"' | b'\'') => {
                    scan += memchr::memchr(quote, &rest.as_bytes()[scan..]).map_or(0, |end| end + 1);
                }
                _ => {}
            }
        }
        None
    }

    /// Takes over `<!ENTITY name "value">`, and returns its length.
    fn entity(&mut self, declaration: &str) -> usize {
        let inside = &declaration["<!ENTITY".len()..];
        let opening = inside.bytes().take(LONGEST_NAME).position(|byte| b"\"'>".contains(&byte));
        let Some(quote_at) = opening.filter(|at| inside.as_bytes()[*at] != b'>') else {
            return "<!ENTITY".len();
        };
        let value = &inside[quote_at + 1..];
        let quote = inside.as_bytes()[quote_at];
        let Some(end) = memchr::memchr(quote, value.as_bytes()) else { return "<!ENTITY".len() };
        // `SYSTEM` and `PUBLIC` point elsewhere; nothing is fetched.
        if let [name] = inside[..quote_at].split_whitespace().collect::<Vec<_>>()[..] {
            self.declared.declare(name, &value[..end]);
        }
        "<!ENTITY".len() + quote_at + 1 + end + 1
    }
}

/// Replaces the control characters that come of taking UTF-8 or Windows-1252 for Latin-1. No text means them.
fn mend(text: Cow<'_, str>) -> Cow<'_, str> {
    let is_one = |c: char| matches!(c, '\u{80}'..='\u{9f}');
    if !text.contains(is_one) {
        return text;
    }
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    if let Some(twice) = bytes.and_then(|bytes| String::from_utf8(bytes).ok()) {
        return twice.into();
    }
    let mended = |c: char| if is_one(c) { references::windows_1252(c as u8) } else { c };
    text.chars().map(mended).collect()
}

/// The longest name that is looked for in a declaration, with the white space around it.
const LONGEST_NAME: usize = 512;

/// More attributes than this on one element are left out.
const MAX_ATTRIBUTES: usize = 256;

impl<'a> Iterator for Tokens<'a> {
    /// A token, and where it begins.
    type Item = (usize, Token<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (at, rest) = (self.at, self.rest());
            if rest.is_empty() {
                return None;
            }
            if rest.starts_with("<!--") {
                self.pass(4, 0);
            } else if rest.starts_with("<?") {
                if rest.starts_with("<?xml ") && at > 0 {
                    self.wrong("the declaration of XML is not at the beginning");
                }
                self.pass(2, 2);
            } else if rest.starts_with("<![CDATA[") {
                return Some((at, self.section()));
            } else if rest.as_bytes().get(..9).is_some_and(|head| head.eq_ignore_ascii_case(b"<!DOCTYPE")) {
                self.document_type();
            } else if rest.starts_with("</") && name_length(&rest[2..]) > 0 {
                return Some((at, self.end_tag()));
            } else if rest.starts_with('<') && name_length(&rest[1..]) > 0 {
                return Some((at, self.start_tag()));
            } else {
                if rest.starts_with('<') {
                    self.wrong("an angle bracket begins no tag");
                }
                return Some((at, self.words()));
            }
        }
    }
}

/// Returns the length of the name at the start of `text` (XML 1.0, production 5, a little wider).
fn name_length(text: &str) -> usize {
    let starts = |c: char| c.is_alphabetic() || matches!(c, '_' | ':');
    if !text.starts_with(starts) {
        return 0;
    }
    text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.'))).unwrap_or(text.len())
}
