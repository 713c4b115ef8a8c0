use std::borrow::Cow;
use std::collections::HashMap;

/// The vocabularies that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Space {
    /// RSS, Atom, CDF and sitemaps, and names without any namespace: their names do not collide.
    Core,
    /// Dublin Core, its elements and its terms.
    Dc,
    /// `content:encoded`.
    Content,
    /// HTML inside a feed.
    Xhtml,
    /// `xml:lang`, `xml:base`.
    Xml,
    /// RDF's own.
    Rdf,
    /// Apple's names for podcasts.
    Itunes,
    /// Media RSS.
    Media,
    /// Sitemaps' news.
    News,
    /// Anything else.
    Other,
    /// A prefix that was not declared, where a namespace is looked up.
    Undeclared,
}

/// Namespaces by their addresses, in lower case: feeds are careless about these too.
const SPACES: [(&str, Space); 33] = [
    ("", Space::Core),
    ("http://backend.userland.com/rss", Space::Core),
    ("http://backend.userland.com/rss2", Space::Core),
    ("http://blogs.law.harvard.edu/tech/rss", Space::Core),
    ("http://purl.org/rss/1.0/", Space::Core),
    ("http://my.netscape.com/rdf/simple/0.9/", Space::Core),
    ("http://channel.netscape.com/rdf/simple/0.9/", Space::Core),
    ("http://example.com/newformat#", Space::Core),
    ("http://example.com/necho", Space::Core),
    ("http://purl.org/echo/", Space::Core),
    ("uri/of/echo/namespace#", Space::Core),
    ("http://purl.org/pie/", Space::Core),
    ("http://purl.org/atom/ns#", Space::Core),
    ("http://www.w3.org/2005/atom", Space::Core),
    ("http://purl.org/rss/1.0/modules/rss091#", Space::Core),
    ("http://purl.org/rss/1.0/modules/email/", Space::Core),
    ("http://www.sitemaps.org/schemas/sitemap/0.9", Space::Core),
    ("http://www.google.com/schemas/sitemap/0.84", Space::Core),
    ("http://purl.org/dc/elements/1.0/", Space::Dc),
    ("http://purl.org/dc/elements/1.1/", Space::Dc),
    ("http://purl.org/dc/terms/", Space::Dc),
    ("http://purl.org/rss/1.0/modules/content/", Space::Content),
    ("http://www.w3.org/1999/xhtml", Space::Xhtml),
    ("http://www.w3.org/tr/rec-html40", Space::Xhtml),
    ("http://www.w3.org/xml/1998/namespace", Space::Xml),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", Space::Rdf),
    ("http://www.itunes.com/dtds/podcast-1.0.dtd", Space::Itunes),
    ("http://www.itunes.com/dtd/podcast-1.0.dtd", Space::Itunes),
    ("http://search.yahoo.com/mrss/", Space::Media),
    ("http://search.yahoo.com/mrss", Space::Media),
    ("http://www.google.com/schemas/sitemap-news/0.9", Space::News),
    ("http://www.w3.org/1999/xlink", Space::Other),
    ("http://www.w3.org/2000/xmlns/", Space::Other),
];

/// What prefixes mean by custom, where they are not declared.
const CUSTOM: [(&str, Space); 11] = [
    ("atom", Space::Core),
    ("rss", Space::Core),
    ("dc", Space::Dc),
    ("dcterms", Space::Dc),
    ("content", Space::Content),
    ("xhtml", Space::Xhtml),
    ("rdf", Space::Rdf),
    ("itunes", Space::Itunes),
    ("media", Space::Media),
    ("news", Space::News),
    ("xml", Space::Xml),
];

impl Space {
    pub(super) fn of(address: &str) -> Space {
        let address = address.trim().to_ascii_lowercase();
        SPACES.iter().find(|(known, _)| *known == address).map_or(Space::Other, |(_, space)| *space)
    }

    /// Returns what a name means by custom, if its prefix was not declared.
    pub(crate) fn known(self, name: &str) -> Space {
        if self != Space::Undeclared {
            return self;
        }
        let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix).to_ascii_lowercase();
        CUSTOM.iter().find(|(known, _)| *known == prefix).map_or(Space::Other, |(_, space)| *space)
    }
}

/// Which prefixes mean what, in the elements that are open.
#[derive(Default)]
pub(crate) struct Scopes {
    /// For each prefix what it means, the innermost meaning last.
    meanings: HashMap<String, Vec<Space>>,
    /// The prefixes that each open element declares.
    declared: Vec<Vec<String>>,
}

impl Scopes {
    pub(crate) fn enter(&mut self, attributes: &[(&str, Cow<'_, str>)]) {
        let mut declared = Vec::new();
        for (name, value) in attributes {
            let prefix = if *name == "xmlns" { Some("") } else { name.strip_prefix("xmlns:") };
            let Some(prefix) = prefix else { continue };
            let mut space = Space::of(value);
            // A feed in a default namespace of its own is still a feed.
            if prefix.is_empty() && space == Space::Other {
                space = Space::Core;
            }
            self.meanings.entry(prefix.to_owned()).or_default().push(space);
            declared.push(prefix.to_owned());
        }
        self.declared.push(declared);
    }

    pub(crate) fn leave(&mut self) {
        for prefix in self.declared.pop().unwrap_or_default() {
            if let Some(meanings) = self.meanings.get_mut(&prefix) {
                meanings.pop();
            }
        }
    }

    /// Returns the namespace of an element, and its name without the prefix.
    pub(crate) fn element<'a>(&self, name: &'a str) -> (Space, &'a str) {
        match name.split_once(':') {
            Some((prefix, local)) => (self.prefix(prefix), local),
            None => (self.meaning("").unwrap_or(Space::Core), name),
        }
    }

    /// Returns the namespace of an attribute: without a prefix it is of its element, not of the default namespace.
    pub(crate) fn attribute<'a>(&self, name: &'a str) -> (Space, &'a str) {
        match name.split_once(':') {
            Some(("xmlns", local)) => (Space::Other, local),
            Some((prefix, local)) => (self.prefix(prefix), local),
            None => (Space::Core, name),
        }
    }

    fn prefix(&self, prefix: &str) -> Space {
        if prefix == "xml" { Space::Xml } else { self.meaning(prefix).unwrap_or(Space::Undeclared) }
    }

    fn meaning(&self, prefix: &str) -> Option<Space> {
        self.meanings.get(prefix)?.last().copied()
    }
}
