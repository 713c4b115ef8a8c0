//! JSON Feed 1.0 and 1.1 (jsonfeed.org).

use serde_json::Value;
use url::Url;

use super::links::{self, Resolver};
use super::{Entry, Fault, Feed, FeedKind, Form, Hints, Link, MAX_ENTRIES, Person, Stamp, Text};

pub(super) fn read(text: &str, hints: &Hints<'_>) -> Feed {
    let value: Value = match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
        Ok(value) => value,
        Err(error) => return Feed { faults: vec![Fault::Json(error.to_string())], ..Feed::default() },
    };
    let is_feed = string(&value, "version").is_some_and(|version| version.contains("jsonfeed.org/"));
    let mut reader = Reader { base: links::base(hints), resolver: Resolver::new() };
    let items = value["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !is_feed && items.is_empty() {
        return Feed { faults: vec![Fault::NoFeed], ..Feed::default() };
    }
    let mut feed = Feed {
        kind: Some(FeedKind::Json),
        title: plain(&value, "title"),
        subtitle: plain(&value, "description"),
        language: string(&value, "language"),
        authors: reader.authors(&value),
        links: reader.links(&value, [("home_page_url", "alternate"), ("feed_url", "self")]),
        ..Feed::default()
    };
    feed.entries = items.iter().take(MAX_ENTRIES).map(|item| reader.entry(item)).collect();
    if items.len() > MAX_ENTRIES {
        feed.faults.push(Fault::TooMany(MAX_ENTRIES));
    }
    feed
}

struct Reader {
    base: Option<Url>,
    resolver: Resolver,
}

impl Reader {
    fn entry(&mut self, item: &Value) -> Entry {
        let mut links = self.links(item, [("url", "alternate"), ("external_url", "related")]);
        for attachment in item["attachments"].as_array().into_iter().flatten() {
            let media_type = string(attachment, "mime_type");
            let enclosure = self.links(attachment, [("url", "enclosure")]).into_iter();
            links.extend(enclosure.map(|link| Link { media_type: media_type.clone(), ..link }));
        }
        let html = string(item, "content_html").map(|value| text(value, Form::Html));
        Entry {
            id: string(item, "id"),
            title: plain(item, "title"),
            links,
            published: stamp(item, "date_published"),
            updated: stamp(item, "date_modified"),
            summary: plain(item, "summary"),
            content: html.into_iter().chain(plain(item, "content_text")).collect(),
            authors: self.authors(item),
            ..Entry::default()
        }
    }

    fn links<const N: usize>(&mut self, value: &Value, keys: [(&str, &str); N]) -> Vec<Link> {
        keys.into_iter()
            .filter_map(|(key, rel)| {
                let href = self.resolver.resolve(&string(value, key)?, self.base.as_ref());
                Some(Link { href, rel: rel.to_owned(), ..Link::default() })
            })
            .collect()
    }

    /// Reads `authors`, or `author` of version 1.0.
    fn authors(&mut self, value: &Value) -> Vec<Person> {
        let listed = value["authors"].as_array().into_iter().flatten();
        listed
            .chain(Some(&value["author"]).filter(|author| author.is_object()))
            .map(|author| Person { name: string(author, "name"), uri: string(author, "url"), email: None })
            .collect()
    }
}

/// Returns a member that is a string, or a number where a string is asked for.
fn string(value: &Value, key: &str) -> Option<String> {
    match &value[key] {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn plain(value: &Value, key: &str) -> Option<Text> {
    string(value, key).map(|value| text(value, Form::Plain))
}

fn text(value: String, form: Form) -> Text {
    Text { value, form, language: None, base: None }
}

fn stamp(value: &Value, key: &str) -> Option<Stamp> {
    string(value, key).map(|written| Stamp::read(&written))
}
