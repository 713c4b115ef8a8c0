//! XML as it comes over the web, read as far as it goes.
//!
//! A feed or sitemap that is not well-formed (XML 1.0, 5th edition) is still read: what is wrong is noted, once, with
//! its line, and reading goes on behind it. Nothing is fetched, and what a document declares to expand is bounded.

mod namespaces;
mod references;
mod tokens;

use std::sync::Arc;

pub(crate) use namespaces::Space;
pub(crate) use references::plain;
use tokens::{Token, Tokens};
use url::Url;

/// A document, as a tree of elements. The first is its outside, which holds all others.
pub(crate) struct Document {
    elements: Vec<Element>,
    /// The first thing that is wrong with it.
    pub(crate) fault: Option<Fault>,
}

/// Where a document is not well-formed, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) line: usize,
    pub(crate) what: &'static str,
}

/// What holds for a document from outside.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Around<'a> {
    /// What its links are relative to.
    pub(crate) base: Option<&'a Url>,
    /// Its language, unless it says otherwise.
    pub(crate) language: Option<&'a str>,
}

/// The number of an element in its document.
pub(crate) type Id = usize;

pub(crate) struct Element {
    pub(crate) space: Space,
    /// The name without its prefix, in lower case: feeds are careless about case.
    pub(crate) name: String,
    /// The name as written.
    raw: String,
    attributes: Vec<Attribute>,
    children: Vec<Child>,
    /// `xml:lang`, its own or inherited.
    pub(crate) language: Option<Arc<str>>,
    /// `xml:base`, its own or inherited, resolved.
    pub(crate) base: Option<Arc<Url>>,
    /// The same as it was written, if it was written in full.
    pub(crate) written_base: Option<Arc<str>>,
}

pub(crate) struct Attribute {
    pub(crate) space: Space,
    pub(crate) name: String,
    raw: String,
    pub(crate) value: String,
}

enum Child {
    Text(String),
    Element(Id),
}

/// Deeper elements are left out: no feed is nested so, and readers of the tree go down by recursion.
const MAX_DEPTH: usize = 256;

/// The most elements that are read: the largest sitemap allowed, with news and forty pictures to a page. They take 500 MB.
const MAX_ELEMENTS: usize = 2_000_000;

/// The longest address that relative ones are resolved against, so that a small file cannot make large ones.
const MAX_BASE: usize = 2048;

/// The longest tag of a language that is taken over (RFC 5646, 4.4.1 asks for 35).
const MAX_LANGUAGE: usize = 64;

impl Document {
    /// Reads a document.
    pub(crate) fn read(text: &str, around: &Around<'_>) -> Document {
        let mut builder = Builder::new(around);
        let mut tokens = Tokens::new(text);
        for token in tokens.by_ref() {
            builder.take(token);
        }
        builder.finish(&tokens)
    }

    pub(crate) fn outside(&self) -> Id {
        0
    }

    pub(crate) fn element(&self, id: Id) -> &Element {
        &self.elements[id]
    }

    pub(crate) fn children(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        self.elements[id].children.iter().filter_map(|child| match child {
            Child::Element(id) => Some(*id),
            Child::Text(_) => None,
        })
    }

    /// Returns the child of that name in the core vocabulary.
    pub(crate) fn child(&self, id: Id, name: &str) -> Option<Id> {
        self.children(id).find(|id| self.elements[*id].is_core(name))
    }

    /// Returns all text in an element, without white space around it.
    pub(crate) fn text(&self, id: Id) -> String {
        let mut text = String::new();
        self.gather(id, &mut text);
        text.trim().to_owned()
    }

    fn gather(&self, id: Id, text: &mut String) {
        for child in &self.elements[id].children {
            match child {
                Child::Text(words) => text.push_str(words),
                Child::Element(id) => self.gather(*id, text),
            }
        }
    }

    /// Tells whether there are elements in an element.
    pub(crate) fn has_markup(&self, id: Id) -> bool {
        self.children(id).next().is_some()
    }

    /// Writes what is in an element as markup. Declarations of the namespaces of feeds and HTML are left out.
    pub(crate) fn markup(&self, id: Id) -> String {
        let mut markup = String::new();
        self.write_inside(id, &mut markup);
        markup.trim().to_owned()
    }

    fn write_inside(&self, id: Id, markup: &mut String) {
        for child in &self.elements[id].children {
            match child {
                Child::Text(words) => references::escape(words, markup),
                Child::Element(id) => self.write(*id, markup),
            }
        }
    }

    fn write(&self, id: Id, markup: &mut String) {
        let element = &self.elements[id];
        let name = if element.space == Space::Xhtml { &element.name } else { &element.raw };
        markup.push('<');
        markup.push_str(name);
        for attribute in element.attributes.iter().filter(|attribute| !attribute.declares_known()) {
            markup.push(' ');
            markup.push_str(&attribute.raw);
            markup.push_str("=\"");
            references::escape_attribute(&attribute.value, markup);
            markup.push('"');
        }
        if element.children.is_empty() && VOID.contains(&element.name.as_str()) {
            markup.push_str(" />");
            return;
        }
        markup.push('>');
        self.write_inside(id, markup);
        markup.push_str("</");
        markup.push_str(name);
        markup.push('>');
    }
}

/// Elements of HTML that never hold anything (HTML standard, 13.1.2).
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];

impl Element {
    /// Tells whether this is the element of that name in the core vocabulary of feeds and sitemaps.
    pub(crate) fn is_core(&self, name: &str) -> bool {
        self.space == Space::Core && self.name == name
    }

    /// Returns an attribute without a prefix.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attribute_in(Space::Core, name)
    }

    pub(crate) fn attribute_in(&self, space: Space, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|found| found.space == space && found.name == name)?;
        Some(found.value.trim())
    }

    fn outside(around: &Around<'_>) -> Element {
        let base = around.base.filter(|base| base.as_str().len() <= MAX_BASE);
        Element {
            space: Space::Other,
            name: String::new(),
            raw: String::new(),
            attributes: Vec::new(),
            children: Vec::new(),
            language: around.language.and_then(language),
            base: base.cloned().map(Arc::new),
            written_base: base.map(|base| base.as_str().into()),
        }
    }
}

impl Attribute {
    /// Tells whether it declares a namespace that is understood here, and so need not be written again.
    fn declares_known(&self) -> bool {
        (self.raw == "xmlns" || self.raw.starts_with("xmlns:")) && Space::of(&self.value) != Space::Other
    }
}

/// Puts tokens together to a tree.
struct Builder {
    elements: Vec<Element>,
    open: Vec<Id>,
    spaces: namespaces::Scopes,
    /// How many elements are open that are left out, since they are too deep.
    too_deep: usize,
    roots: usize,
    fault: Option<(usize, &'static str)>,
    at: usize,
}

impl Builder {
    fn new(around: &Around<'_>) -> Builder {
        Builder {
            elements: vec![Element::outside(around)],
            open: vec![0],
            spaces: namespaces::Scopes::default(),
            too_deep: 0,
            roots: 0,
            fault: None,
            at: 0,
        }
    }

    fn take(&mut self, (at, token): (usize, Token<'_>)) {
        self.at = at;
        match token {
            Token::Text(text) => self.text(text.into_owned()),
            Token::Open(tag) => self.open(tag),
            Token::Close(name) => self.close(name),
        }
    }

    fn wrong(&mut self, what: &'static str) {
        self.fault.get_or_insert((self.at, what));
    }

    fn innermost(&self) -> Id {
        *self.open.last().expect("the outside is never closed")
    }

    fn text(&mut self, text: String) {
        let id = self.innermost();
        if id == 0 {
            if !text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty() {
                self.wrong("there is text outside the root element");
            }
            return;
        }
        let children = &mut self.elements[id].children;
        match children.last_mut() {
            Some(Child::Text(before)) => before.push_str(&text),
            _ => children.push(Child::Text(text)),
        }
    }

    fn open(&mut self, tag: tokens::Tag<'_>) {
        if self.open.len() > MAX_DEPTH || self.elements.len() > MAX_ELEMENTS {
            self.wrong("there are more elements, or deeper ones, than any feed has; they were left out");
            self.too_deep += usize::from(!tag.is_empty);
            return;
        }
        let parent = self.innermost();
        if parent == 0 {
            self.roots += 1;
            if self.roots > 1 {
                self.wrong("there is more than one root element");
            }
        }
        self.spaces.enter(&tag.attributes);
        let element = self.element(&tag, parent);
        let id = self.elements.len();
        self.elements.push(element);
        self.elements[parent].children.push(Child::Element(id));
        if tag.is_empty {
            self.spaces.leave();
        } else {
            self.open.push(id);
        }
    }

    fn element(&mut self, tag: &tokens::Tag<'_>, parent: Id) -> Element {
        let (space, name) = self.spaces.element(tag.name);
        if space == Space::Undeclared {
            self.wrong("a prefix is used that is not declared");
        }
        let attributes: Vec<Attribute> = tag.attributes.iter().map(|raw| self.attribute(raw)).collect();
        let xml = |name: &str| attributes.iter().find(|a| a.space == Space::Xml && a.name == name);
        let outer = &self.elements[parent];
        let own = xml("lang").map(|lang| language(&lang.value));
        let language = own.unwrap_or_else(|| outer.language.clone());
        let base = xml("base").and_then(|base| resolve(&base.value, outer.base.as_deref()));
        let written_base = match (&base, xml("base")) {
            // Letters that are not ASCII are not to be seen any more in what is resolved.
            (Some(_), Some(written)) if !written.value.is_ascii() && Url::parse(&written.value).is_ok() => {
                Some(written.value.trim().into())
            }
            (Some(base), _) => Some(base.as_str().into()),
            (None, _) => outer.written_base.clone(),
        };
        Element {
            space: space.known(tag.name),
            name: name.to_lowercase(),
            raw: tag.name.to_owned(),
            language,
            base: base.map(Arc::new).or_else(|| outer.base.clone()),
            written_base,
            attributes,
            children: Vec::new(),
        }
    }

    fn attribute(&mut self, raw: &(&str, std::borrow::Cow<'_, str>)) -> Attribute {
        let (space, name) = self.spaces.attribute(raw.0);
        if space == Space::Undeclared {
            self.wrong("a prefix is used that is not declared");
        }
        let (name, value) = (name.to_lowercase(), raw.1.clone().into_owned());
        Attribute { space: space.known(raw.0), name, raw: raw.0.to_owned(), value }
    }

    fn close(&mut self, name: &str) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        let is_named = |id: &Id| *id != 0 && self.elements[*id].raw == name;
        let Some(depth) = self.open.iter().rposition(is_named) else {
            return self.wrong("an end tag closes nothing");
        };
        if depth + 1 < self.open.len() {
            self.wrong("an element is not closed before the one around it");
        }
        for _ in depth..self.open.len() {
            self.open.pop();
            self.spaces.leave();
        }
    }

    fn finish(mut self, tokens: &Tokens<'_>) -> Document {
        self.at = tokens.text().len();
        if self.open.len() > 1 {
            self.wrong("it ends before its root element does");
        }
        if self.roots == 0 {
            self.wrong("there is no element in it");
        }
        let first = [self.fault, tokens.fault()].into_iter().flatten().min_by_key(|(at, _)| *at);
        let line = |at| 1 + memchr::memchr_iter(b'\n', &tokens.text().as_bytes()[..at]).count();
        let fault = first.map(|(at, what)| Fault { line: line(at), what });
        Document { elements: self.elements, fault }
    }
}

/// Returns the tag of a language; `None` if it is empty or none at all.
fn language(tag: &str) -> Option<Arc<str>> {
    let tag = tag.trim();
    (!tag.is_empty() && tag.len() <= MAX_LANGUAGE).then(|| tag.replace('_', "-").into())
}

/// Resolves an address against a base; `None` if it is none, or is too long to resolve others against.
fn resolve(address: &str, base: Option<&Url>) -> Option<Url> {
    let address = address.trim();
    if address.len() > MAX_BASE {
        return None;
    }
    let resolved = match base {
        Some(base) => base.join(address),
        None => Url::parse(address),
    };
    resolved.ok().filter(|resolved| resolved.as_str().len() <= MAX_BASE)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: Expect) {
        let document = Document::read(text, &Around::default());
        let fault = document
            .fault
            .as_ref()
            .map_or(String::new(), |fault| format!("\n! line {}: {}", fault.line, fault.what));
        expected.assert_eq(&format!("{}{fault}", document.markup(0)));
    }

    #[test]
    fn well_formed() {
        check(
            "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY town 'Тесмін'>]><a b='1 &gt; 0'><!-- <c> --><d/>&town;<![CDATA[<&]]></a>\n",
            expect![[r#"<a b="1 &gt; 0"><d></d>Тесмін&lt;&amp;</a>"#]],
        );
    }

    #[test]
    fn unclosed_elements_end_with_the_one_around_them() {
        check(
            "<a><p>Three<br>people</a>",
            expect![[r#"
            <a><p>Three<br>people</br></p></a>
            ! line 1: an element is not closed before the one around it"#]],
        );
    }

    #[test]
    fn a_file_that_breaks_off() {
        check(
            "<a>\n<b>Тесмін</b>\n<c><![CDATA[Three",
            expect![[r#"
            <a>
            <b>Тесмін</b>
            <c>Three</c></a>
            ! line 3: a section is not closed"#]],
        );
        check(
            "<a>\n<b c='d",
            expect![[r#"
            <a>
            <b c="d"></b></a>
            ! line 2: a tag is not closed"#]],
        );
    }

    #[test]
    fn bare_ampersands_and_angles_are_text() {
        check(
            "<a>R&D, 1 < 2, &tesmin; &copy;</a>",
            expect![[r#"
            <a>R&amp;D, 1 &lt; 2, &amp;tesmin; ©</a>
            ! line 1: an ampersand stands for nothing"#]],
        );
    }

    #[test]
    fn prefixes_that_nobody_declared() {
        check(
            "<a><dc:date>x</dc:date></a>",
            expect![[r#"
            <a><dc:date>x</dc:date></a>
            ! line 1: a prefix is used that is not declared"#]],
        );
        let document = Document::read("<a><dc:date>x</dc:date></a>", &Around::default());
        assert_eq!(document.element(2).space, Space::Dc);
    }

    #[test]
    fn bases_and_languages_are_inherited() {
        let text = "<a xml:base='http://tesmin.example/a/' xml:lang='uk'><b xml:base='b/'><c/></b></a>";
        let document = Document::read(text, &Around::default());
        let innermost = document.element(3);
        assert_eq!(innermost.base.as_ref().unwrap().as_str(), "http://tesmin.example/a/b/");
        assert_eq!(innermost.language.as_deref(), Some("uk"));
    }

    #[test]
    fn entities_cannot_be_made_to_explode() {
        let bomb = format!(
            "<!DOCTYPE a [<!ENTITY b '{}'><!ENTITY c '&b;&b;&b;'>]><a>{}</a>",
            "x".repeat(200),
            "&b;&c;".repeat(100_000)
        );
        let document = Document::read(&bomb, &Around::default());
        assert!(document.text(0).len() < 4 * bomb.len());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(<|>|/|a|b:c|=|\"|'|&|;|#|x|lt|é| |\n|<!--|-->|<!\\[CDATA\\[|\\]\\]>|<\\?|\\?>|<!DOCTYPE|\\[|\\]|<!ENTITY|xmlns:b|xml:base|\\PC){0,60}") {
            let document = Document::read(&text, &Around::default());
            let _ = (document.markup(0), document.text(0));
        }
    }
}
