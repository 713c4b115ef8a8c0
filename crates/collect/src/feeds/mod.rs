//! Feeds: RSS 0.9 to 2.0, RDF Site Summary 1.0, Atom 0.3 and 1.0 (RFC 4287), CDF and JSON Feed 1.1, broken ones too.
//!
//! [`read`] takes bytes as they came and what the server said about them. It never fails: what can be read is read, and
//! what is wrong with the feed stands in [`Feed::faults`]. Markup is handed on as it was written, with its links as they
//! were: cleaning is for those who show it.
//!
//! ```
//! use collect::feeds::{Hints, read};
//!
//! let bytes = b"<rss><channel><title>Tesmin</title><item><link>/3</link>
//!     <pubDate>Wed, 12 Mar 2031 07:30:00 +0200</pubDate></item></channel></rss>";
//! let hints = Hints { address: Some("https://tesmin.example/feed"), ..Hints::default() };
//! let feed = read(bytes, &hints);
//! let entry = &feed.entries[0];
//! assert_eq!(entry.link(), Some("https://tesmin.example/3"));
//! assert_eq!(entry.published.as_ref().unwrap().at.unwrap().to_string(), "2031-03-12T05:30:00Z");
//! ```

mod date;
mod json;
mod links;
mod vocabulary;

use std::sync::Arc;

pub use date::Stamp;

use crate::encoding;
use crate::xml::{self, Around, Document};

/// What is known about a feed's bytes from the way they came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hints<'a> {
    /// The address that they were fetched from, after redirects.
    pub address: Option<&'a str>,
    /// `Content-Type`.
    pub content_type: Option<&'a str>,
    /// `Content-Location`: where it is given, relative links are resolved against it.
    pub content_location: Option<&'a str>,
    /// `Content-Language`.
    pub content_language: Option<&'a str>,
}

/// A feed, as far as it could be read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Feed {
    /// What kind it is; `None` if it is no feed at all.
    pub kind: Option<FeedKind>,
    /// The name of the encoding that it was read in.
    pub encoding: &'static str,
    /// Its address for itself, such as `urn:uuid:…`, if it has one.
    pub id: Option<String>,
    /// Its title.
    pub title: Option<Text>,
    /// What it says it is about.
    pub subtitle: Option<Text>,
    /// The language of the feed as a whole, as written.
    pub language: Option<String>,
    /// Who writes it.
    pub authors: Vec<Person>,
    /// Its links, the page that it belongs to among them.
    pub links: Vec<Link>,
    /// When it was published.
    pub published: Option<Stamp>,
    /// When it last changed.
    pub updated: Option<Stamp>,
    /// When it came into being.
    pub created: Option<Stamp>,
    /// Where it has moved, if it says so.
    pub moved_to: Option<String>,
    /// Its entries, in its own order.
    pub entries: Vec<Entry>,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
}

/// A family of feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedKind {
    /// RSS 0.91 to 2.0.
    Rss,
    /// RSS 0.90 and 1.0, which are RDF.
    Rdf,
    /// Atom 0.3 and 1.0.
    Atom,
    /// Channel Definition Format.
    Cdf,
    /// JSON Feed.
    Json,
}

/// One entry of a feed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    /// Its name for ever, if it has one: `guid`, `id`, or `rdf:about`.
    pub id: Option<String>,
    /// Its title.
    pub title: Option<Text>,
    /// Its language, its own or that of what is around it.
    pub language: Option<String>,
    /// Its links.
    pub links: Vec<Link>,
    /// When it was first published.
    pub published: Option<Stamp>,
    /// When it last changed.
    pub updated: Option<Stamp>,
    /// When it came into being.
    pub created: Option<Stamp>,
    /// What it is about, in short; in RSS often all there is.
    pub summary: Option<Text>,
    /// All of it, in one form or several.
    pub content: Vec<Text>,
    /// Who wrote it.
    pub authors: Vec<Person>,
    /// The feed that it was taken over from, if it says so.
    pub source: Option<Origin>,
}

/// The feed that an entry was taken over from (RFC 4287, 4.2.11; `source` of RSS).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Origin {
    /// Its address for itself.
    pub id: Option<String>,
    /// Its title.
    pub title: Option<Text>,
    /// Its subtitle.
    pub subtitle: Option<Text>,
    /// Its links.
    pub links: Vec<Link>,
    /// Who writes it.
    pub authors: Vec<Person>,
    /// When it last changed.
    pub updated: Option<Stamp>,
}

/// Words, and what they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The words, or the markup, as written.
    pub value: String,
    /// Which of the two.
    pub form: Form,
    /// Their language, if it is said for these words or what is around them.
    pub language: Option<Arc<str>>,
    /// What links in the markup are relative to.
    pub base: Option<Arc<str>>,
}

/// What the value of a [`Text`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Words.
    Plain,
    /// HTML.
    Html,
    /// XHTML.
    Xhtml,
}

/// A link.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    /// Where it leads, resolved.
    pub href: String,
    /// What for: `alternate` is the page itself, `enclosure` a file that belongs to it.
    pub rel: String,
    /// The media type that is to be expected there.
    pub media_type: Option<String>,
    /// What it is called.
    pub title: Option<String>,
}

/// Somebody who wrote something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The name as written.
    pub name: Option<String>,
    /// The address for mail.
    pub email: Option<String>,
    /// The address of a page.
    pub uri: Option<String>,
}

/// What is wrong with a feed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is neither XML nor JSON that is known for feeds.
    #[error("it is no feed")]
    NoFeed,
    /// The bytes are not what the server or the feed says.
    #[error("its encoding is not what it says; it was read as {0}")]
    Encoding(&'static str),
    /// The server does not call it XML or JSON.
    #[error("its server does not say that it is a feed")]
    ContentType,
    /// It is not well-formed.
    #[error("line {line}: {what}")]
    Form {
        /// The line where it is first wrong, from 1.
        line: usize,
        /// How.
        what: &'static str,
    },
    /// It is no JSON.
    #[error("it is no JSON: {0}")]
    Json(String),
    /// There is more in it than is taken over.
    #[error("it has more than {0} entries; the rest was left out")]
    TooMany(usize),
}

/// The most entries that are taken over: a thousand times what feeds hold.
const MAX_ENTRIES: usize = 100_000;

/// Reads a feed.
pub fn read(bytes: &[u8], hints: &Hints<'_>) -> Feed {
    let decoded = encoding::decode(bytes, hints.content_type);
    let mut feed = if decoded.text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']).starts_with('{') {
        json::read(&decoded.text, hints)
    } else {
        read_xml(&decoded.text, hints)
    };
    feed.encoding = decoded.encoding;
    if decoded.differs {
        feed.faults.push(Fault::Encoding(decoded.encoding));
    }
    if hints.content_type.is_some_and(|content_type| !is_for_feeds(content_type)) {
        feed.faults.push(Fault::ContentType);
    }
    if feed.language.is_none() {
        feed.language = hints.content_language.map(|language| language.trim().to_owned());
    }
    if feed.kind.is_none() && feed.faults.is_empty() {
        feed.faults.push(Fault::NoFeed);
    }
    feed
}

fn read_xml(text: &str, hints: &Hints<'_>) -> Feed {
    let base = links::base(hints);
    let document = Document::read(text, &Around { base: base.as_ref(), language: hints.content_language });
    let mut feed = vocabulary::read(&document);
    if let Some(xml::Fault { line, what }) = document.fault {
        feed.faults.insert(0, Fault::Form { line, what });
    }
    feed
}

fn is_for_feeds(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    ["xml", "json", "rss", "atom", "rdf"].iter().any(|known| media_type.contains(known))
}

impl Feed {
    /// Returns the address of the page that the feed belongs to.
    pub fn link(&self) -> Option<&str> {
        page(&self.links)
    }
}

impl Entry {
    /// Returns the address of the page that the entry is about: its link, or its name if that is one.
    pub fn link(&self) -> Option<&str> {
        page(&self.links)
    }
}

fn page(links: &[Link]) -> Option<&str> {
    links.iter().find(|link| link.rel == "alternate").map(|link| link.href.as_str())
}

impl Text {
    /// Returns the words in one line, without markup.
    pub fn plain(&self) -> String {
        match self.form {
            Form::Plain => self.value.split_whitespace().collect::<Vec<_>>().join(" "),
            _ => xml::plain(&self.value),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;

    fn check(bytes: impl AsRef<[u8]>, expected: Expect) {
        let hints = Hints { address: Some("https://tesmin.example/news/feed"), ..Hints::default() };
        expected.assert_eq(&list(&read(bytes.as_ref(), &hints)));
    }

    fn list(feed: &Feed) -> String {
        let text = |text: &Option<Text>| {
            text.as_ref().map_or("-".into(), |text| format!("{:?} {:?}", text.form, text.value))
        };
        let stamp = |stamp: &Option<Stamp>| match stamp {
            Some(Stamp { at: Some(at), .. }) => at.to_string(),
            Some(Stamp { day: Some(day), .. }) => day.to_string(),
            Some(Stamp { written, .. }) => format!("? {written}"),
            None => "-".into(),
        };
        let people = |people: &[Person]| {
            let names = people.iter().map(|p| {
                [&p.name, &p.email, &p.uri].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ")
            });
            names.collect::<Vec<_>>().join("; ")
        };
        let mut list = format!(
            "{:?} {} {} {} [{}] {}\n",
            feed.kind,
            feed.encoding,
            text(&feed.title),
            feed.link().unwrap_or("-"),
            people(&feed.authors),
            feed.language.as_deref().unwrap_or("-"),
        );
        for entry in &feed.entries {
            let Entry { id, title, summary, published, updated, authors, content, .. } = entry;
            let id = id.as_deref().unwrap_or("-");
            let page = entry.link().unwrap_or("-");
            let authors = people(authors);
            writeln!(
                list,
                "- {id} | {} | {page} | {} {} [{authors}]",
                text(title),
                stamp(published),
                stamp(updated)
            )
            .unwrap();
            for words in summary.iter().chain(content) {
                writeln!(list, "  {:?} {:?}", words.form, words.value).unwrap();
            }
        }
        for fault in &feed.faults {
            writeln!(list, "! {fault}").unwrap();
        }
        list
    }

    #[test]
    fn rss() {
        check(
            "<?xml version='1.0'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:content='http://purl.org/rss/1.0/modules/content/'>
            <channel><title>Вісті Тесміна</title><link>https://tesmin.example/</link><language>uk</language>
            <image><title>Logo</title><link>https://tesmin.example/logo</link></image>
            <item><title>Three hurt &amp;amp; one missing</title><guid isPermaLink='false'>3</guid><link>/3</link>
            <pubDate>Wed, 12 Mar 2031 07:30:00 +0200</pubDate><dc:creator>Olena Moroz</dc:creator>
            <description>&lt;p&gt;Three&lt;/p&gt;</description><content:encoded><![CDATA[<p>Three people</p>]]></content:encoded></item>
            <item><guid>https://tesmin.example/4</guid><author>desk@tesmin.example (The desk)</author></item></channel></rss>",
            expect![[r#"
                Some(Rss) UTF-8 Plain "Вісті Тесміна" https://tesmin.example/ [] uk
                - 3 | Html "Three hurt &amp; one missing" | https://tesmin.example/3 | 2031-03-12T05:30:00Z - [Olena Moroz]
                  Html "<p>Three</p>"
                  Html "<p>Three people</p>"
                - https://tesmin.example/4 | - | https://tesmin.example/4 | - - [The desk desk@tesmin.example]
            "#]],
        );
    }

    #[test]
    fn atom() {
        check(
            "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en_GB' xml:base='/a/'><title type='html'>Tesmin &lt;b&gt;news&lt;/b&gt;</title>
            <link rel='self' href='feed'/><link href='.'/><author><name>Olena</name><uri>~olena</uri></author>
            <entry xml:base='b/'><id>tag:tesmin.example,2031:3</id><title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>Three <b>hurt</b></div></title>
            <link rel='enclosure' href='3.mp4'/><link href='3'/><published>2031-03-12T07:30:00+02:00</published><updated>2031-03-13</updated>
            <summary>Three &amp; more</summary></entry></feed>",
            expect![[r#"
                Some(Atom) UTF-8 Html "Tesmin <b>news</b>" https://tesmin.example/a/ [Olena https://tesmin.example/a/~olena] en-GB
                - tag:tesmin.example,2031:3 | Xhtml "Three <b>hurt</b>" | https://tesmin.example/a/b/3 | 2031-03-12T05:30:00Z 2031-03-13 []
                  Plain "Three & more"
            "#]],
        );
    }

    #[test]
    fn rdf_and_cdf() {
        check(
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel><title>Tesmin</title></channel>
            <item rdf:about='https://tesmin.example/3'><title>Three</title><link>https://tesmin.example/3</link></item></rdf:RDF>",
            expect![[r#"
                Some(Rdf) UTF-8 Plain "Tesmin" - [] -
                - https://tesmin.example/3 | Plain "Three" | https://tesmin.example/3 | - - []
            "#]],
        );
        check(
            "<CHANNEL HREF='https://tesmin.example/'><TITLE>Tesmin</TITLE><ITEM HREF='/3' LASTMOD='2031-03-12T07:30Z'><ABSTRACT>Three</ABSTRACT></ITEM></CHANNEL>",
            expect![[r#"
                Some(Cdf) UTF-8 Plain "Tesmin" https://tesmin.example/ [] -
                - - | - | https://tesmin.example/3 | - 2031-03-12T07:30:00Z []
                  Plain "Three"
            "#]],
        );
    }

    #[test]
    fn json() {
        check(
            r#"{"version": "https://jsonfeed.org/version/1.1", "title": "Тесмін", "home_page_url": "/", "language": "uk",
            "items": [{"id": 3, "url": "/3", "content_html": "<p>Three", "date_published": "2031-03-12T07:30:00+02:00", "authors": [{"name": "Olena"}]}]}"#,
            expect![[r#"
                Some(Json) UTF-8 Plain "Тесмін" https://tesmin.example/ [] uk
                - 3 | - | https://tesmin.example/3 | 2031-03-12T05:30:00Z - [Olena]
                  Html "<p>Three"
            "#]],
        );
        check(
            "{\"version\": 1}",
            expect![[r#"
            None UTF-8 - - [] -
            ! it is no feed
        "#]],
        );
        check(
            "{\"version\": ",
            expect![[r#"
            None UTF-8 - - [] -
            ! it is no JSON: EOF while parsing a value at line 1 column 12
        "#]],
        );
    }

    #[test]
    fn broken_feeds_are_read_as_far_as_they_go() {
        check(
            b"<rss><channel><title>Caf\xe9 R&D</title><item><title>Three <b>hurt</title><media:title>x</media:title>
            <description>&nbsp;Three&hellip;</description></item><item><title>Fo",
            expect![[r#"
                Some(Rss) windows-1252 Plain "Café R&D" - [] -
                - - | Xhtml "Three <b>hurt</b>" | - | - - []
                  Plain "Three…"
                - - | Plain "Fo" | - | - - []
                ! line 1: an ampersand stands for nothing
                ! its encoding is not what it says; it was read as windows-1252
            "#]],
        );
    }

    #[test]
    fn what_is_no_feed_says_so() {
        check(
            "",
            expect![[r#"
            None UTF-8 - - [] -
            ! line 1: there is no element in it
        "#]],
        );
        check(
            "<html><body><p>Three people</p></body></html>",
            expect![[r#"
            None UTF-8 - - [] -
            ! it is no feed
        "#]],
        );
    }

    #[test]
    fn titles_in_words() {
        let feed = read(
            b"<rss><channel><title>&lt;b&gt;R&amp;amp;D&lt;/b&gt;\n in Tesmin</title></channel></rss>",
            &Hints::default(),
        );
        assert_eq!(feed.title.unwrap().plain(), "R&D in Tesmin");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            read(&bytes, &Hints::default());
        }

        #[test]
        fn no_elements_make_it_panic(text in "(<(rss|channel|item|feed|entry|title|link|author|source|content|dc:date)( href='/x'| type='xhtml'| mode='base64'| xml:base='b')?/?>|</(item|title|feed|content)>|Three|&lt;| |<!\\[CDATA\\[|2031|@){0,40}") {
            read(text.as_bytes(), &Hints { address: Some("https://tesmin.example/"), ..Hints::default() });
        }
    }
}
