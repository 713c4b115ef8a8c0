//! What the elements of RSS, Atom and CDF mean. Feeds mix them, so each is understood wherever it is met.

use super::links::Resolver;
use super::{Entry, Fault, Feed, FeedKind, Form, Link, MAX_ENTRIES, Origin, Person, Stamp, Text};
use crate::xml::{Document, Element, Id, Space};

pub(super) fn read(document: &Document) -> Feed {
    let mut reader =
        Reader { document, resolver: Resolver::new(), feed: Feed::default(), described: Fields::default() };
    reader.container(document.outside());
    reader.finish()
}

struct Reader<'a> {
    document: &'a Document,
    resolver: Resolver,
    feed: Feed,
    /// What is said about the feed as a whole.
    described: Fields,
}

/// What can be said about a feed, an entry or an entry's origin.
#[derive(Default)]
struct Fields {
    id: Option<String>,
    title: Ranked<Text>,
    links: Vec<Link>,
    published: Ranked<Stamp>,
    updated: Ranked<Stamp>,
    created: Ranked<Stamp>,
    summary: Ranked<Text>,
    content: Vec<Text>,
    authors: Vec<Person>,
    language: Option<String>,
    source: Option<Origin>,
    /// `guid`, if it may be taken for a link.
    permalink: Option<String>,
    moved_to: Option<String>,
}

/// The best value met so far: a name of the format itself beats one that was borrowed.
struct Ranked<T> {
    value: Option<T>,
    rank: u8,
}

impl<T> Default for Ranked<T> {
    fn default() -> Ranked<T> {
        Ranked { value: None, rank: 0 }
    }
}

impl<T> Ranked<T> {
    /// Takes a value that is ranked higher than what is there. Of equals the first stays.
    fn offer(&mut self, value: T, rank: u8) {
        if self.value.is_none() || rank > self.rank {
            *self = Ranked { value: Some(value), rank };
        }
    }
}

/// What a child of a feed or entry is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Id,
    Title,
    Link,
    Published,
    Updated,
    Created,
    Summary,
    Content,
    Author,
    Language,
    Source,
    Enclosure,
    MovedTo,
}

/// Names by vocabulary, what they mean, and how they rank among names for the same.
const NAMES: &[(Space, &str, Meaning, u8)] = &[
    (Space::Core, "id", Meaning::Id, 2),
    (Space::Core, "guid", Meaning::Id, 2),
    (Space::Dc, "identifier", Meaning::Id, 1),
    (Space::Core, "title", Meaning::Title, 2),
    (Space::Dc, "title", Meaning::Title, 1),
    (Space::Core, "link", Meaning::Link, 2),
    (Space::Core, "published", Meaning::Published, 2),
    (Space::Core, "pubdate", Meaning::Published, 2),
    (Space::Core, "issued", Meaning::Published, 2),
    (Space::Dc, "issued", Meaning::Published, 1),
    (Space::Core, "updated", Meaning::Updated, 2),
    (Space::Core, "modified", Meaning::Updated, 2),
    (Space::Core, "lastbuilddate", Meaning::Updated, 2),
    (Space::Core, "lastmod", Meaning::Updated, 2),
    (Space::Dc, "modified", Meaning::Updated, 1),
    (Space::Dc, "date", Meaning::Updated, 1),
    (Space::Core, "created", Meaning::Created, 2),
    (Space::Dc, "created", Meaning::Created, 1),
    (Space::Core, "description", Meaning::Summary, 3),
    (Space::Core, "summary", Meaning::Summary, 3),
    (Space::Core, "abstract", Meaning::Summary, 3),
    (Space::Core, "tagline", Meaning::Summary, 3),
    (Space::Core, "subtitle", Meaning::Summary, 3),
    (Space::Dc, "description", Meaning::Summary, 2),
    (Space::Core, "content", Meaning::Content, 1),
    (Space::Content, "encoded", Meaning::Content, 1),
    (Space::Core, "fullitem", Meaning::Content, 1),
    (Space::Xhtml, "body", Meaning::Content, 1),
    (Space::Core, "body", Meaning::Content, 1),
    (Space::Core, "author", Meaning::Author, 1),
    (Space::Dc, "creator", Meaning::Author, 1),
    (Space::Dc, "author", Meaning::Author, 1),
    (Space::Core, "managingeditor", Meaning::Author, 1),
    (Space::Core, "language", Meaning::Language, 2),
    (Space::Dc, "language", Meaning::Language, 1),
    (Space::Core, "source", Meaning::Source, 1),
    (Space::Core, "enclosure", Meaning::Enclosure, 1),
    (Space::Itunes, "author", Meaning::Author, 1),
    (Space::Itunes, "subtitle", Meaning::Summary, 1),
    (Space::Itunes, "summary", Meaning::Summary, 1),
    (Space::Media, "title", Meaning::Title, 1),
    (Space::Media, "description", Meaning::Summary, 1),
    (Space::Core, "newlocation", Meaning::MovedTo, 1),
];

fn meaning(element: &Element) -> Option<(Meaning, u8)> {
    let is_named =
        |(space, name, ..): &&(Space, &str, Meaning, u8)| *space == element.space && *name == element.name;
    NAMES.iter().find(is_named).map(|(.., meaning, rank)| (*meaning, *rank))
}

/// Elements of a feed that have titles and links of their own, which are not the feed's.
const APART: [&str; 4] = ["image", "textinput", "cloud", "contributor"];

impl<'a> Reader<'a> {
    /// Reads what holds entries: the outside, `rss`, `rdf:RDF`, `channel`, `feed`.
    fn container(&mut self, id: Id) {
        let document = self.document;
        for child in document.children(id) {
            let element = document.element(child);
            let name = element.name.as_str();
            match (element.space, name) {
                (Space::Core, "item" | "entry") => self.entry(child),
                (Space::Core | Space::Rdf, "rss" | "rdf" | "channel" | "feed" | "items" | "redirect") => {
                    self.enter(child);
                    self.container(child);
                }
                (Space::Core, name) if APART.contains(&name) => {}
                _ => {
                    let mut described = std::mem::take(&mut self.described);
                    self.field(child, &mut described);
                    self.described = described;
                }
            }
        }
    }

    /// Notes what the element that holds a feed says about it.
    fn enter(&mut self, id: Id) {
        let element = self.document.element(id);
        let kind = match element.name.as_str() {
            "rss" => Some(FeedKind::Rss),
            "rdf" => Some(FeedKind::Rdf),
            "feed" => Some(FeedKind::Atom),
            "channel" if element.attribute("href").is_some() || element.attribute("lastmod").is_some() => {
                Some(FeedKind::Cdf)
            }
            "channel" => Some(FeedKind::Rss),
            _ => None,
        };
        self.feed.kind = self.feed.kind.or(kind);
        if self.feed.language.is_none() {
            self.feed.language = element.language.as_deref().map(str::to_owned);
        }
        if element.name == "channel" {
            let mut described = std::mem::take(&mut self.described);
            self.attributes(element, &mut described);
            self.described = described;
        }
    }

    fn entry(&mut self, id: Id) {
        if self.feed.entries.len() >= MAX_ENTRIES {
            if self.feed.faults.is_empty() {
                self.feed.faults.push(Fault::TooMany(MAX_ENTRIES));
            }
            return;
        }
        let mut fields = Fields::default();
        self.fields(id, &mut fields);
        let about = self.document.element(id).attribute_in(Space::Rdf, "about").map(str::to_owned);
        let has_page = fields.links.iter().any(|link| link.rel == "alternate");
        if let Some(href) = fields.permalink.take().filter(|_| !has_page) {
            fields.links.push(Link { href, rel: "alternate".into(), ..Link::default() });
        }
        let own = self.document.element(id).language.as_deref().map(str::to_owned);
        self.feed.entries.push(Entry {
            id: fields.id.or(about),
            language: fields.language.or(own),
            title: fields.title.value,
            links: fields.links,
            published: fields.published.value,
            updated: fields.updated.value,
            created: fields.created.value,
            summary: fields.summary.value,
            content: fields.content,
            authors: fields.authors,
            source: fields.source,
        });
    }

    fn fields(&mut self, id: Id, fields: &mut Fields) {
        self.attributes(self.document.element(id), fields);
        for child in self.document.children(id) {
            self.field(child, fields);
        }
    }

    /// Reads what CDF writes as attributes.
    fn attributes(&mut self, element: &Element, fields: &mut Fields) {
        if let Some(href) = element.attribute("href") {
            let href = self.resolver.resolve(href, element.base.as_deref());
            fields.links.push(Link { href, rel: "alternate".into(), ..Link::default() });
        }
        if let Some(written) = element.attribute("lastmod") {
            fields.updated.offer(Stamp::read(written), 1);
        }
    }

    fn field(&mut self, id: Id, fields: &mut Fields) {
        let element = self.document.element(id);
        let Some((meaning, rank)) = meaning(element) else { return };
        match meaning {
            Meaning::Id => self.identify(id, fields, rank),
            Meaning::Title => self.offer_text(id, &mut fields.title, rank),
            Meaning::Link => fields.links.extend(self.link(id)),
            Meaning::Published => self.offer_stamp(id, &mut fields.published, rank),
            Meaning::Updated => self.offer_stamp(id, &mut fields.updated, rank),
            Meaning::Created => self.offer_stamp(id, &mut fields.created, rank),
            Meaning::Summary => self.summarize(id, fields, rank),
            Meaning::Content => fields.content.extend(self.text(id)),
            Meaning::Author => fields.authors.extend(self.person(id)),
            Meaning::Language => {
                let language = self.document.text(id);
                if !language.is_empty() {
                    fields.language.get_or_insert(language);
                }
            }
            Meaning::Source => fields.source = Some(self.origin(id)),
            Meaning::Enclosure => fields.links.extend(self.enclosure(element)),
            Meaning::MovedTo => fields.moved_to = Some(self.document.text(id)),
        }
    }

    fn identify(&mut self, id: Id, fields: &mut Fields, rank: u8) {
        let element = self.document.element(id);
        let written = self.document.text(id);
        if written.is_empty() {
            return;
        }
        let is_permalink = element.name == "guid"
            && !element.attribute("ispermalink").is_some_and(|is| is.eq_ignore_ascii_case("false"));
        if is_permalink {
            fields.permalink = Some(self.resolver.resolve(&written, element.base.as_deref()));
        }
        if fields.id.is_none() || rank > 1 {
            let is_address = element.name == "id";
            let base = element.base.as_deref().filter(|_| is_address);
            fields.id = Some(self.resolver.resolve(&written, base));
        }
    }

    fn offer_stamp(&mut self, id: Id, stamp: &mut Ranked<Stamp>, rank: u8) {
        let written = self.document.text(id);
        if !written.is_empty() {
            let read = Stamp::read(&written);
            // A date that can be read beats one that cannot.
            let rank = if read.day.is_some() { rank + 4 } else { rank };
            if rank >= stamp.rank {
                // Of several, the last was written last.
                *stamp = Ranked { value: Some(read), rank };
            }
        }
    }

    /// Takes a summary; a second one that says something else is not lost.
    fn summarize(&mut self, id: Id, fields: &mut Fields, rank: u8) {
        let Some(read) = self.text(id) else { return };
        let is_second =
            fields.summary.rank == rank && fields.summary.value.as_ref().is_some_and(|first| *first != read);
        if is_second { fields.content.push(read) } else { fields.summary.offer(read, rank) }
    }

    fn offer_text(&mut self, id: Id, text: &mut Ranked<Text>, rank: u8) {
        if let Some(read) = self.text(id) {
            text.offer(read, rank);
        }
    }

    /// Reads words or markup, by the rules of Atom 1.0 (RFC 4287, 3.1), Atom 0.3 (its `mode`) and RSS (HTML, escaped).
    fn text(&self, id: Id) -> Option<Text> {
        let element = self.document.element(id);
        let said = element.attribute("type").unwrap_or_default().to_ascii_lowercase();
        let mode = element.attribute("mode").unwrap_or_default().to_ascii_lowercase();
        let has_markup = self.document.has_markup(id);
        let form = match said.as_str() {
            "xhtml" | "application/xhtml+xml" => Form::Xhtml,
            "html" | "text/html" => Form::Html,
            "text" | "plain" | "text/plain" if !has_markup => Form::Plain,
            _ if has_markup => Form::Xhtml,
            _ => Form::Html,
        };
        let is_packed = said.contains('/') && !said.starts_with("text/") && !said.ends_with("xml");
        let value = if mode == "base64" || is_packed {
            decode_base64(&self.document.text(id))
        } else if has_markup {
            self.markup(id, form)
        } else if form == Form::Xhtml && mode != "escaped" {
            self.document.markup(id)
        } else {
            self.document.text(id)
        };
        let form = if form == Form::Html && said.is_empty() { guess(&value) } else { form };
        let (language, base) =
            (element.language.clone().filter(|l| !l.is_empty()), element.written_base.clone());
        (!value.is_empty()).then_some(Text { value, form, language, base })
    }

    /// Returns the markup in an element, without the `div` that Atom puts around it.
    fn markup(&self, id: Id, form: Form) -> String {
        let children: Vec<Id> = self.document.children(id).collect();
        match children[..] {
            // Escaped HTML in a `div` that should not be there.
            [div] if form == Form::Html && !self.document.has_markup(div) => self.document.text(div),
            [div]
                if form == Form::Xhtml
                    && self.document.element(div).name == "div"
                    && self.document.element(id).attribute("type") == Some("xhtml") =>
            {
                self.document.markup(div)
            }
            _ => self.document.markup(id),
        }
    }

    fn link(&mut self, id: Id) -> Option<Link> {
        let element = self.document.element(id);
        let written = match element.attribute("href") {
            Some(href) => href.to_owned(),
            None => self.document.text(id),
        };
        if written.is_empty() {
            return None;
        }
        let attribute = |name| element.attribute(name).filter(|value| !value.is_empty()).map(str::to_owned);
        Some(Link {
            href: self.resolver.resolve(&written, element.base.as_deref()),
            rel: attribute("rel").unwrap_or_else(|| "alternate".to_owned()),
            media_type: attribute("type"),
            title: attribute("title"),
        })
    }

    fn enclosure(&mut self, element: &Element) -> Option<Link> {
        let href = element.attribute("url").or(element.attribute("href")).filter(|href| !href.is_empty())?;
        Some(Link {
            href: self.resolver.resolve(href, element.base.as_deref()),
            rel: "enclosure".to_owned(),
            media_type: element.attribute("type").map(str::to_owned),
            title: None,
        })
    }

    /// Reads a person: in elements as Atom has it, or in words as RSS does.
    fn person(&mut self, id: Id) -> Option<Person> {
        let part = |name| {
            let child = self.document.child(id, name)?;
            Some(self.document.text(child)).filter(|text| !text.is_empty())
        };
        let uri = ["uri", "url", "homepage"].into_iter().find_map(part);
        let base = self.document.element(id).base.clone();
        let person = if self.document.has_markup(id) {
            Person { name: part("name"), email: part("email"), uri: None }
        } else {
            in_words(&self.document.text(id))
        };
        let uri = uri.map(|uri| self.resolver.resolve(&uri, base.as_deref()));
        let person = Person { uri, ..person };
        (person != Person::default()).then_some(person)
    }

    fn origin(&mut self, id: Id) -> Origin {
        let mut fields = Fields::default();
        let element = self.document.element(id);
        if let Some(url) = element.attribute("url") {
            let href = self.resolver.resolve(url, element.base.as_deref());
            fields.links.push(Link { href, rel: "alternate".into(), ..Link::default() });
        }
        for child in self.document.children(id) {
            // An origin has no origin of its own.
            if !self.document.element(child).is_core("source") {
                self.field(child, &mut fields);
            }
        }
        if !self.document.has_markup(id) {
            self.offer_text(id, &mut fields.title, 1);
        }
        Origin {
            id: fields.id,
            title: fields.title.value,
            subtitle: fields.summary.value,
            links: fields.links,
            authors: fields.authors,
            updated: fields.updated.value,
        }
    }

    fn finish(self) -> Feed {
        let Reader { feed, described, .. } = self;
        Feed {
            id: described.id,
            title: described.title.value,
            subtitle: described.summary.value,
            language: described.language.or(feed.language),
            authors: described.authors,
            links: described.links,
            published: described.published.value,
            updated: described.updated.value,
            created: described.created.value,
            moved_to: described.moved_to,
            ..feed
        }
    }
}

/// Tells HTML from words where nobody says: by a tag or a reference in it.
fn guess(value: &str) -> Form {
    let after = |opening: char| value.split(opening).skip(1);
    let is_tag = |rest: &str| {
        rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!')) && rest.contains('>')
    };
    let is_reference = |rest: &str| {
        rest.split_once(';').is_some_and(|(name, _)| {
            !name.is_empty()
                && name.len() < 12
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
        })
    };
    if after('<').any(is_tag) || after('&').any(is_reference) { Form::Html } else { Form::Plain }
}

fn decode_base64(text: &str) -> String {
    let packed: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    match data_encoding::BASE64.decode(&packed) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).trim().to_owned(),
        Err(_) => text.to_owned(),
    }
}

/// Reads `mail@tesmin.example (Name)`, `Name <mail@tesmin.example>`, an address or a name.
fn in_words(text: &str) -> Person {
    let is_around = |c: char| matches!(c, '(' | ')' | '<' | '>' | '[' | ']' | ',' | ';' | '"');
    let is_mail =
        |word: &&str| word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    let email = text.split_whitespace().map(|word| word.trim_matches(is_around)).find(is_mail);
    let Some(email) = email else { return Person { name: some(text), ..Person::default() } };
    let name = text.replacen(email, " ", 1);
    let name = name.trim_matches(|c: char| c.is_whitespace() || is_around(c));
    Person { name: some(name), email: some(email.trim_start_matches("mailto:")), uri: None }
}

fn some(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}
