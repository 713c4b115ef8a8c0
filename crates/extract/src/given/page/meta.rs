//! What a page says of itself in its head, its structured data and its headline.

use std::ops::Range;

use model::Metadata;
use serde_json::Value;

use super::references::resolved;
use super::scan::{Tag, Token};
use crate::given::published;

/// What a page says of itself, the first of each kind that is not empty.
#[derive(Default)]
pub(super) struct Head {
    title: Named,
    published: Named,
    outlet: Named,
    url: Named,
    language: Option<String>,
    /// Whether a script of structured data is open.
    structured: bool,
    /// The text of the first `<h1>` while it is open.
    heading: Option<String>,
}

/// The best value so far, with the rank of where it was found; a lower rank is better.
#[derive(Default)]
struct Named(Option<(u8, String)>);

impl Named {
    fn offer(&mut self, rank: u8, value: &str) {
        const LONGEST: usize = 2000;
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        let better = self.0.as_ref().is_none_or(|(held, _)| rank < *held);
        if better && !value.is_empty() && value.len() <= LONGEST {
            self.0 = Some((rank, value));
        }
    }

    fn get(&self) -> Option<String> {
        self.0.as_ref().map(|(_, value)| value.clone())
    }
}

impl Head {
    /// Completes what was handed over with what the page says, which goes first.
    pub(super) fn completed(&self, handed: &Metadata) -> Metadata {
        Metadata {
            id: handed.id.clone(),
            published: self.published.get().and_then(|day| published::day(&day)).or(handed.published),
            outlet: self.outlet.get().or_else(|| handed.outlet.clone()),
            title: self.title.get().or_else(|| handed.title.clone()),
            url: self.url.get().or_else(|| handed.url.clone()),
            charset: handed.charset.clone(),
        }
    }

    /// Returns the language of the page, two letters.
    pub(super) fn language(&self) -> Option<String> {
        let tag = self.language.as_deref()?.split(['-', '_']).next()?.trim().to_ascii_lowercase();
        (tag.len() == 2 && tag.bytes().all(|byte| byte.is_ascii_lowercase())).then_some(tag)
    }

    pub(super) fn take_in(&mut self, token: &Token<'_>, page: &str) {
        match token {
            Token::Open(tag) => self.open(tag),
            Token::Raw(range) => self.raw(range, page),
            Token::Text(range) => {
                if let Some(heading) = &mut self.heading {
                    heading.push_str(&resolved(&page[range.clone()]));
                }
            }
            Token::Close(_) => {}
        }
    }

    fn open(&mut self, tag: &Tag<'_>) {
        self.structured = false;
        match tag.name.as_str() {
            "meta" => self.meta(tag),
            "html" => self.language = tag.attribute("lang").or(tag.attribute("xml:lang")).map(str::to_owned),
            "link" if tag.attribute("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                self.url.offer_address(0, &resolved(tag.attribute("href").unwrap_or_default()));
            }
            "time" => self.published.offer_day(4, tag.attribute("datetime").unwrap_or_default()),
            "h1" if self.heading.is_none() => self.heading = Some(String::new()),
            "script" => {
                let kind = tag.attribute("type").unwrap_or_default();
                self.structured = kind.eq_ignore_ascii_case("application/ld+json");
            }
            "title" => self.structured = false,
            _ => {}
        }
    }

    fn meta(&mut self, tag: &Tag<'_>) {
        let key = ["property", "name", "itemprop", "http-equiv"].iter().find_map(|key| tag.attribute(key));
        let key = key.unwrap_or_default().to_ascii_lowercase();
        let value = resolved(tag.attribute("content").unwrap_or_default());
        match key.as_str() {
            "og:title" => self.title.offer(0, &value),
            "twitter:title" | "dc.title" | "headline" => self.title.offer(1, &value),
            "article:published_time" | "og:article:published_time" => self.published.offer_day(0, &value),
            "datepublished" | "pubdate" | "publishdate" | "date" | "dc.date" | "dc.date.issued"
            | "dcterms.created" | "parsely-pub-date" | "sailthru.date" | "publish-date"
            | "article.published" => {
                self.published.offer_day(2, &value);
            }
            "og:site_name" => self.outlet.offer(0, &value),
            "application-name" | "dc.publisher" | "publisher" => self.outlet.offer(2, &value),
            "og:url" => self.url.offer_address(1, &value),
            "content-language" | "og:locale" => self.language = self.language.take().or(Some(value)),
            _ => {}
        }
    }

    /// Reads the `<title>` or a script of structured data (JSON-LD).
    fn raw(&mut self, range: &Range<usize>, page: &str) {
        let words = &page[range.clone()];
        let opened = page[..range.start].rfind('<').map_or("", |at| &page[at..range.start]);
        if opened.as_bytes().get(1..6).is_some_and(|name| name.eq_ignore_ascii_case(b"title")) {
            self.title.offer(3, &resolved(words));
        } else if std::mem::take(&mut self.structured)
            && let Ok(value) = serde_json::from_str::<Value>(words.trim())
        {
            self.structured(&value);
        }
    }

    /// Looks through structured data. Its depth is limited where it is parsed.
    fn structured(&mut self, value: &Value) {
        match value {
            Value::Array(values) => values.iter().for_each(|value| self.structured(value)),
            Value::Object(fields) => {
                let words = |name: &str| fields.get(name).and_then(Value::as_str);
                self.published.offer_day(1, words("datePublished").unwrap_or_default());
                self.title.offer(2, words("headline").unwrap_or_default());
                let publisher = fields.get("publisher").and_then(|publisher| publisher.get("name"));
                self.outlet.offer(1, publisher.and_then(Value::as_str).unwrap_or_default());
                if let Some(graph) = fields.get("@graph") {
                    self.structured(graph);
                }
            }
            _ => {}
        }
    }

    pub(super) fn end_heading(&mut self) {
        if let Some(heading) = self.heading.as_mut().map(std::mem::take) {
            self.title.offer(2, &heading);
        }
    }
}

impl Named {
    /// Offers a day that can be read.
    fn offer_day(&mut self, rank: u8, value: &str) {
        if published::day(value).is_some() {
            self.offer(rank, value);
        }
    }

    /// Offers an address that stands for itself: one without a host says nothing away from the page.
    fn offer_address(&mut self, rank: u8, value: &str) {
        if ["http://", "https://"].iter().any(|scheme| value.starts_with(scheme)) {
            self.offer(rank, value);
        }
    }
}
