//! Sitemaps (sitemaps.org, protocol 0.9) with the news extension, indexes of them, and lists of addresses.
//!
//! [`read`] takes bytes as they came, packed with gzip or not. It never fails: what can be read is read, and what is wrong
//! stands in [`Sitemap::faults`].
//!
//! ```
//! use collect::sitemaps::{Kind, read};
//!
//! let sitemap = read(b"<urlset><url><loc>https://tesmin.example/3</loc><lastmod>2031-03-12</lastmod></url></urlset>", None);
//! assert_eq!(sitemap.kind, Some(Kind::Pages));
//! assert_eq!(sitemap.places[0].url, "https://tesmin.example/3");
//! ```

use std::io::Read;

use url::Url;

use crate::encoding;
use crate::feeds::Stamp;
use crate::xml::{self, Around, Document, Id, Space};

/// A sitemap, as far as it could be read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sitemap {
    /// What it lists; `None` if it is no sitemap at all.
    pub kind: Option<Kind>,
    /// What is listed, in its order.
    pub places: Vec<Place>,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
}

/// What a sitemap lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Pages.
    Pages,
    /// Other sitemaps.
    Sitemaps,
}

/// A page or a sitemap that is listed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Place {
    /// Its address.
    pub url: String,
    /// When it last changed.
    pub changed: Option<Stamp>,
    /// What the news extension says of it.
    pub news: Option<News>,
}

/// What the news extension says of a page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct News {
    /// Who published it.
    pub outlet: Option<String>,
    /// The language of the outlet, as written.
    pub language: Option<String>,
    /// When it was published.
    pub published: Option<Stamp>,
    /// The headline.
    pub title: Option<String>,
}

/// What is wrong with a sitemap.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Neither XML that is known for sitemaps nor a list of addresses.
    #[error("it is no sitemap")]
    NoSitemap,
    /// It is not well-formed.
    #[error("line {line}: {what}")]
    Form {
        /// The line where it is first wrong, from 1.
        line: usize,
        /// How.
        what: &'static str,
    },
    /// It cannot be unpacked, or not to the end.
    #[error("it cannot be unpacked to its end")]
    Packing,
    /// It is larger than is allowed.
    #[error("it is larger than {MAX_SIZE} bytes; the rest was left out")]
    TooLarge,
    /// There are lines or places that hold no address on the web.
    #[error("{0} of its places have no address that can be fetched")]
    NoAddress(usize),
    /// It lists more than is allowed.
    #[error("it lists more than {MAX_PLACES} places; the rest was left out")]
    TooMany,
}

/// What the protocol allows, unpacked: 50 MiB.
const MAX_SIZE: usize = 50 << 20;

/// The protocol allows 50,000; a few more do no harm.
const MAX_PLACES: usize = 100_000;

/// Reads a sitemap, whose own address is `address`.
pub fn read(bytes: &[u8], address: Option<&str>) -> Sitemap {
    let mut sitemap = Sitemap::default();
    let unpacked = unpack(bytes, &mut sitemap.faults);
    let text = encoding::decode(unpacked.as_deref().unwrap_or(bytes), None).text;
    let base = address.and_then(|address| Url::parse(address.trim()).ok());
    let mut places = Places { base, places: Vec::new(), wrong: 0, is_cut: false };
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        let document = Document::read(&text, &Around::default());
        sitemap.kind = places.read_xml(&document);
        if let Some(xml::Fault { line, what }) = document.fault {
            sitemap.faults.push(Fault::Form { line, what });
        }
    } else {
        places.read_lines(&text);
        sitemap.kind = (!places.places.is_empty()).then_some(Kind::Pages);
    }
    sitemap.places = places.places;
    sitemap.faults.extend((sitemap.kind.is_none()).then_some(Fault::NoSitemap));
    sitemap.faults.extend((places.wrong > 0).then_some(Fault::NoAddress(places.wrong)));
    sitemap.faults.extend(places.is_cut.then_some(Fault::TooMany));
    sitemap
}

/// Unpacks gzip; what came before damage is kept.
fn unpack(bytes: &[u8], faults: &mut Vec<Fault>) -> Option<Vec<u8>> {
    if !bytes.starts_with(b"\x1f\x8b") {
        if bytes.len() <= MAX_SIZE {
            return None;
        }
        faults.push(Fault::TooLarge);
        return Some(bytes[..MAX_SIZE].to_vec());
    }
    let mut unpacked = Vec::new();
    let read = flate2::read::MultiGzDecoder::new(bytes).take(MAX_SIZE as u64 + 1).read_to_end(&mut unpacked);
    if read.is_err() {
        faults.push(Fault::Packing);
    }
    if unpacked.len() > MAX_SIZE {
        unpacked.truncate(MAX_SIZE);
        faults.push(Fault::TooLarge);
    }
    Some(unpacked)
}

/// The places of a sitemap, as they are met.
struct Places {
    base: Option<Url>,
    places: Vec<Place>,
    /// How many had no address.
    wrong: usize,
    is_cut: bool,
}

impl Places {
    fn take(&mut self, place: Place) {
        if self.places.len() < MAX_PLACES { self.places.push(place) } else { self.is_cut = true }
    }

    /// Returns an address as a browser would go to it.
    fn address(&self, written: &str) -> Option<String> {
        let written = written.trim();
        let url = match &self.base {
            Some(base) => base.join(written),
            None => Url::parse(written),
        };
        let url = url.ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())?;
        Some(url.into())
    }

    fn read_xml(&mut self, document: &Document) -> Option<Kind> {
        let root = document.children(document.outside()).find_map(|root| {
            match document.element(root).name.as_str() {
                "urlset" => Some((root, Kind::Pages)),
                "sitemapindex" => Some((root, Kind::Sitemaps)),
                _ => None,
            }
        });
        let (root, kind) = root?;
        for child in document.children(root) {
            let element = document.element(child);
            if element.is_core("url") || element.is_core("sitemap") {
                self.read_place(document, child);
            }
        }
        Some(kind)
    }

    fn read_place(&mut self, document: &Document, id: Id) {
        let text = |id| Some(document.text(id)).filter(|text| !text.is_empty());
        let Some(url) = document.child(id, "loc").and_then(text).and_then(|written| self.address(&written))
        else {
            self.wrong += 1;
            return;
        };
        let changed = document.child(id, "lastmod").and_then(text).map(|written| Stamp::read(&written));
        self.take(Place { url, changed, news: news(document, id) });
    }

    /// Reads one address a line; lines that begin with `#` are notes.
    fn read_lines(&mut self, text: &str) {
        for line in text.trim_start_matches('\u{feff}').lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            // A list names whole addresses: any other word would be one below the list's own.
            let is_whole = line.get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case("http"));
            match self.address(line).filter(|_| is_whole) {
                Some(url) => self.take(Place { url, ..Place::default() }),
                None => self.wrong += 1,
            }
        }
    }
}

fn news(document: &Document, place: Id) -> Option<News> {
    let child = |id, name: &str| {
        document.children(id).find(|child| {
            let element = document.element(*child);
            element.space == Space::News && element.name == name
        })
    };
    let text = |id| Some(document.text(id)).filter(|text| !text.is_empty());
    let news = child(place, "news")?;
    let publication = child(news, "publication");
    Some(News {
        outlet: publication.and_then(|id| child(id, "name")).and_then(text),
        language: publication.and_then(|id| child(id, "language")).and_then(text),
        published: child(news, "publication_date").and_then(text).map(|written| Stamp::read(&written)),
        title: child(news, "title").and_then(text),
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;

    fn check(bytes: impl AsRef<[u8]>, expected: Expect) {
        let sitemap = read(bytes.as_ref(), Some("https://tesmin.example/sitemap.xml"));
        let mut list = format!("{:?}\n", sitemap.kind);
        for Place { url, changed, news } in &sitemap.places {
            let changed =
                changed.as_ref().and_then(Stamp::instant).map_or(String::new(), |at| format!(" {at}"));
            list += &format!("- {url}{changed}");
            if let Some(News { outlet, language, published, title }) = news {
                let published = published.as_ref().and_then(Stamp::instant);
                list += &format!(" {outlet:?} {language:?} {published:?} {title:?}");
            }
            list.push('\n');
        }
        for fault in &sitemap.faults {
            list += &format!("! {fault}\n");
        }
        expected.assert_eq(&list);
    }

    const NEWS: &str = "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' \
        xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc> https://tesmin.example/3?a=1&amp;b=2 </loc>\
        <lastmod>2031-03-12T07:30+02:00</lastmod><news:news><news:publication><news:name>Вісті Тесміна</news:name>\
        <news:language>uk</news:language></news:publication><news:publication_date>2031-03-12</news:publication_date>\
        <news:title>Троє поранених</news:title></news:news></url></urlset>";

    #[test]
    fn pages_with_news() {
        check(
            NEWS,
            expect![[r#"
            Some(Pages)
            - https://tesmin.example/3?a=1&b=2 2031-03-12T05:30:00Z Some("Вісті Тесміна") Some("uk") Some(2031-03-12T00:00:00Z) Some("Троє поранених")
        "#]],
        );
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(NEWS.as_bytes()).unwrap();
        let packed = encoder.finish().unwrap();
        assert_eq!(read(&packed, None), read(NEWS.as_bytes(), None));
        assert_eq!(read(&packed[..packed.len() - 9], None).faults[0], Fault::Packing);
    }

    #[test]
    fn an_index() {
        check(
            "<sitemapindex><sitemap><loc>/a.xml.gz</loc></sitemap><sitemap><loc>ftp://tesmin.example/b</loc></sitemap>\
             <sitemap/><sitemap><loc>https://tesmin.example/c",
            expect![[r#"
                Some(Sitemaps)
                - https://tesmin.example/a.xml.gz
                - https://tesmin.example/c
                ! line 1: it ends before its root element does
                ! 2 of its places have no address that can be fetched
            "#]],
        );
    }

    #[test]
    fn a_list_of_addresses() {
        check(
            "\u{feff}https://tesmin.example/3\r\n\n# notes\n HTTP://tesmin.example/Тесмін\nThree people\n",
            expect![[r#"
                Some(Pages)
                - https://tesmin.example/3
                - http://tesmin.example/%D0%A2%D0%B5%D1%81%D0%BC%D1%96%D0%BD
                ! 1 of its places have no address that can be fetched
            "#]],
        );
    }

    #[test]
    fn what_is_none() {
        check(
            "",
            expect![[r#"
            None
            ! it is no sitemap
        "#]],
        );
        check(
            "<html><body>Three</body></html>",
            expect![[r#"
            None
            ! it is no sitemap
        "#]],
        );
        check(
            "Three people were hurt.",
            expect![[r#"
            None
            ! it is no sitemap
            ! 1 of its places have no address that can be fetched
        "#]],
        );
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, text in "(<(urlset|sitemapindex|url|loc|news:news)/?>|</(url|loc)>|https://a.example/|/b|\n| ){0,30}") {
            read(&bytes, None);
            read(text.as_bytes(), Some("https://tesmin.example/"));
        }
    }
}
