//! What an expectation of feedparser asks of a feed, in our names.

use std::collections::BTreeMap;

use collect::feeds::{Entry, Feed, Form, Link, Origin, Person, Stamp, Text};
use jiff::Timestamp;
use jiff::tz::Offset;

use super::expression::{self, Expression, Step};
use super::markup;

/// What came of one expectation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    Met,
    Missed,
    /// It concerns fields that are not used here.
    OtherFields,
    /// It concerns markup that was changed.
    Markup,
    /// It asks nothing that could be missed.
    NothingAsked,
}

/// A feed as it was read, and its bytes.
pub(crate) struct Found<'a> {
    pub(crate) feed: &'a Feed,
    pub(crate) bytes: &'a [u8],
}

pub(crate) fn outcome(file: &str, expectation: Option<&str>, found: &Found<'_>) -> Outcome {
    let Some(expectation) = expectation.filter(|text| !text.trim().is_empty()) else {
        return Outcome::NothingAsked;
    };
    if file.contains("/sanitize/") {
        return Outcome::Markup;
    }
    // Links in markup are compared with what they are made to.
    if (file.contains("/base/") || file.contains("/relative_uri")) && expectation.contains("<a href=") {
        return Outcome::Markup;
    }
    match expression::read(expectation) {
        None | Some(Expression::Number(_)) => Outcome::NothingAsked,
        Some(expression) => {
            let names = Names { values: names(found.feed), found };
            match names.holds(&expression) {
                Ok(true) => Outcome::Met,
                Ok(false) | Err(Stop::Missing) => Outcome::Missed,
                Err(Stop::NotOurs) => Outcome::OtherFields,
            }
        }
    }
}

/// A value that an expression can compare.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    None,
    Number(i64),
    Text(String),
    Markup(String),
    List(Vec<Value>),
    Map(BTreeMap<&'static str, Value>),
}

impl Value {
    /// Tells whether two values are the same: markup if it reads the same, a map if it holds what is asked for.
    fn is(&self, asked: &Value) -> bool {
        match (self, asked) {
            (Value::Markup(ours) | Value::Text(ours), Value::Markup(theirs))
            | (Value::Markup(ours), Value::Text(theirs)) => {
                ours == theirs || markup::parts(ours) == markup::parts(theirs)
            }
            (Value::Map(ours), Value::Map(asked)) => {
                asked.iter().all(|(key, asked)| ours.get(key).is_some_and(|ours| ours.is(asked)))
            }
            _ => self == asked,
        }
    }
}

/// Why an expression has no value.
enum Stop {
    /// A field of ours is not there.
    Missing,
    /// It asks for a field that is not ours.
    NotOurs,
}

struct Names<'a> {
    values: Value,
    found: &'a Found<'a>,
}

impl Names<'_> {
    fn holds(&self, expression: &Expression) -> Result<bool, Stop> {
        match expression {
            // All parts are looked at first, so that one that is not ours is seen before one that is missed.
            Expression::And(parts) => {
                let parts: Vec<bool> = self.each(parts)?;
                Ok(parts.into_iter().all(|part| part))
            }
            Expression::Or(parts) => Ok(self.each(parts)?.into_iter().any(|part| part)),
            Expression::Not(inside) => match self.holds(inside) {
                Err(Stop::Missing) => Ok(true),
                holds => holds.map(|holds| !holds),
            },
            Expression::Compare(first, others) => self.compare(first, others),
            other => Ok(match self.value(other)? {
                Value::None => false,
                Value::Number(number) => number != 0,
                Value::Text(text) | Value::Markup(text) => !text.is_empty(),
                Value::List(items) => !items.is_empty(),
                Value::Map(items) => !items.is_empty(),
            }),
        }
    }

    fn each(&self, parts: &[Expression]) -> Result<Vec<bool>, Stop> {
        let mut holds = Vec::new();
        for part in parts {
            match self.holds(part) {
                Err(Stop::NotOurs) => return Err(Stop::NotOurs),
                Err(Stop::Missing) => holds.push(false),
                Ok(part) => holds.push(part),
            }
        }
        Ok(holds)
    }

    fn compare(&self, first: &Expression, others: &[(bool, Expression)]) -> Result<bool, Stop> {
        if let (Expression::Path(name, _), [(true, Expression::Text(label))]) = (first, others)
            && name == "encoding"
        {
            return Ok(self.is_encoding(label));
        }
        let first = match self.value(first) {
            // What is there and empty counts as not there.
            Err(Stop::Missing) => Value::Text(String::new()),
            first => first?,
        };
        let mut all = true;
        for (is_equal, other) in others {
            all &= first.is(&self.value(other)?) == *is_equal;
        }
        Ok(all)
    }

    /// Tells whether an encoding gives the same text as the one that was found.
    fn is_encoding(&self, label: &str) -> bool {
        let named = |label: &str| encoding_rs::Encoding::for_label(label.as_bytes());
        let (Some(wanted), Some(read)) = (named(label), named(self.found.feed.encoding)) else {
            return false;
        };
        let mark = encoding_rs::Encoding::for_bom(self.found.bytes).map_or(0, |(_, length)| length);
        let bytes = &self.found.bytes[mark..];
        wanted == read
            || wanted.decode_without_bom_handling(bytes).0 == read.decode_without_bom_handling(bytes).0
    }

    fn value(&self, expression: &Expression) -> Result<Value, Stop> {
        Ok(match expression {
            Expression::Text(text) => Value::Text(text.clone()),
            Expression::Number(number) => Value::Number(*number),
            Expression::None => Value::None,
            Expression::List(items) => {
                Value::List(items.iter().map(|item| self.value(item)).collect::<Result<_, _>>()?)
            }
            Expression::Map(items) => {
                let mut map = BTreeMap::new();
                for (key, item) in items {
                    map.insert(ours(key).ok_or(Stop::NotOurs)?, self.value(item)?);
                }
                Value::Map(map)
            }
            Expression::Call(name, inside) => match (name.as_str(), self.value(inside)?) {
                ("len", Value::List(items)) => Value::Number(items.len() as i64),
                ("ord", Value::Text(text) | Value::Markup(text)) => {
                    Value::Number(text.chars().next().map_or(-1, |c| i64::from(u32::from(c))))
                }
                _ => return Err(Stop::Missing),
            },
            Expression::Path(name, steps) => self.path(name, steps)?,
            other => Value::Number(i64::from(self.holds(other)?)),
        })
    }

    fn path(&self, name: &str, steps: &[Step]) -> Result<Value, Stop> {
        // All names of the path are looked at first: what is not ours is so whether or not the entry was found.
        for step in steps {
            if let Step::Key(key) | Step::Has(key) = step {
                ours(key).ok_or(Stop::NotOurs)?;
            }
        }
        if !["bozo", "encoding", "feed", "entries"].contains(&name) {
            return Err(Stop::NotOurs);
        }
        // Entries have a summary here, and no subtitle beside it.
        if let ("entries", [_, Step::Key(key), ..]) = (name, steps)
            && key.starts_with("subtitle")
        {
            return Err(Stop::NotOurs);
        }
        let mut value = key(&self.values, name)?;
        for step in steps {
            value = match (step, value) {
                (Step::Key(name), value) => key(value, name)?,
                (Step::Index(index), Value::List(items)) => items.get(*index).ok_or(Stop::Missing)?,
                (Step::Has(name), Value::Map(items)) => {
                    return Ok(Value::Number(i64::from(items.contains_key(name.as_str()))));
                }
                _ => return Err(Stop::Missing),
            };
        }
        Ok(value.clone())
    }
}

fn key<'a>(value: &'a Value, name: &str) -> Result<&'a Value, Stop> {
    let name = ours(name).ok_or(Stop::NotOurs)?;
    let Value::Map(items) = value else { return Err(Stop::Missing) };
    items.get(name).ok_or(Stop::Missing)
}

/// feedparser's names that have a field here.
const OURS: [&str; 46] = [
    "bozo",
    "encoding",
    "feed",
    "entries",
    "title",
    "title_detail",
    "link",
    "links",
    "id",
    "guid",
    "language",
    "subtitle",
    "subtitle_detail",
    "tagline",
    "tagline_detail",
    "description",
    "description_detail",
    "summary",
    "summary_detail",
    "content",
    "author",
    "author_detail",
    "authors",
    "published",
    "published_parsed",
    "issued",
    "issued_parsed",
    "updated",
    "updated_parsed",
    "modified",
    "modified_parsed",
    "created",
    "created_parsed",
    "enclosures",
    "source",
    "newlocation",
    "value",
    "type",
    "base",
    "href",
    "rel",
    "name",
    "email",
    "url",
    "uri",
    "guidislink",
];

fn ours(name: &str) -> Option<&'static str> {
    OURS.into_iter().find(|ours| *ours == name)
}

type Map = BTreeMap<&'static str, Value>;

fn names(feed: &Feed) -> Value {
    let mut about = Map::new();
    put_texts(&mut about, &[("title", "title_detail")], feed.title.as_ref());
    let subtitle = [
        ("subtitle", "subtitle_detail"),
        ("tagline", "tagline_detail"),
        ("description", "description_detail"),
    ];
    put_texts(&mut about, &subtitle, feed.subtitle.as_ref());
    put_links(&mut about, &feed.links);
    put_text(&mut about, "id", feed.id.as_deref());
    put_text(&mut about, "guid", feed.id.as_deref());
    put_text(&mut about, "language", feed.language.as_deref());
    put_text(&mut about, "newlocation", feed.moved_to.as_deref());
    put_authors(&mut about, &feed.authors);
    put_stamps(&mut about, [feed.published.as_ref(), feed.updated.as_ref(), feed.created.as_ref()]);
    Value::Map(Map::from([
        ("bozo", Value::Number(i64::from(!feed.faults.is_empty()))),
        ("encoding", Value::Text(feed.encoding.to_owned())),
        ("feed", Value::Map(about)),
        ("entries", Value::List(feed.entries.iter().map(entry).collect())),
    ]))
}

fn entry(entry: &Entry) -> Value {
    let mut map = Map::new();
    put_texts(&mut map, &[("title", "title_detail")], entry.title.as_ref());
    // feedparser calls the content a summary where there is no other.
    let summary = entry.summary.as_ref().or(entry.content.first());
    put_texts(&mut map, &[("summary", "summary_detail"), ("description", "description_detail")], summary);
    if !entry.content.is_empty() {
        map.insert("content", Value::List(entry.content.iter().map(detail).collect()));
    }
    put_text(&mut map, "language", entry.language.as_deref());
    put_links(&mut map, &entry.links);
    let id = entry.id.as_deref();
    put_text(&mut map, "id", id);
    put_text(&mut map, "guid", id);
    map.insert("guidislink", Value::Number(i64::from(id.is_some() && id == entry.link())));
    put_authors(&mut map, &entry.authors);
    put_stamps(&mut map, [entry.published.as_ref(), entry.updated.as_ref(), entry.created.as_ref()]);
    if let Some(origin) = &entry.source {
        map.insert("source", source(origin));
    }
    Value::Map(map)
}

fn source(origin: &Origin) -> Value {
    let mut map = Map::new();
    put_texts(&mut map, &[("title", "title_detail")], origin.title.as_ref());
    put_texts(
        &mut map,
        &[("subtitle", "subtitle_detail"), ("tagline", "tagline_detail")],
        origin.subtitle.as_ref(),
    );
    put_links(&mut map, &origin.links);
    put_text(&mut map, "href", origin.links.first().map(|link| link.href.as_str()));
    put_text(&mut map, "id", origin.id.as_deref());
    put_text(&mut map, "guid", origin.id.as_deref());
    put_authors(&mut map, &origin.authors);
    put_stamps(&mut map, [None, origin.updated.as_ref(), None]);
    Value::Map(map)
}

fn put_text(map: &mut Map, name: &'static str, text: Option<&str>) {
    if let Some(text) = text {
        map.insert(name, Value::Text(text.to_owned()));
    }
}

fn put_texts(map: &mut Map, names: &[(&'static str, &'static str)], text: Option<&Text>) {
    let Some(text) = text else { return };
    for (plain, detailed) in names {
        map.insert(plain, words(text));
        map.insert(detailed, detail(text));
    }
}

fn words(text: &Text) -> Value {
    match text.form {
        Form::Html | Form::Xhtml => Value::Markup(text.value.clone()),
        Form::Plain => Value::Text(text.value.clone()),
    }
}

fn detail(text: &Text) -> Value {
    let form = match text.form {
        Form::Plain => "text/plain",
        Form::Html => "text/html",
        Form::Xhtml => "application/xhtml+xml",
    };
    let optional = |text: Option<&str>| text.map_or(Value::None, |text| Value::Text(text.to_owned()));
    Value::Map(Map::from([
        ("value", words(text)),
        ("type", Value::Text(form.to_owned())),
        ("language", optional(text.language.as_deref())),
        ("base", Value::Text(text.base.as_deref().unwrap_or_default().to_owned())),
    ]))
}

fn put_links(map: &mut Map, links: &[Link]) {
    let value = |link: &Link| {
        let mut map = Map::new();
        put_text(&mut map, "href", Some(&link.href));
        put_text(&mut map, "url", Some(&link.href));
        put_text(&mut map, "rel", Some(&link.rel));
        // What feedparser takes links to lead to unless told otherwise.
        let implied = match link.rel.as_str() {
            "alternate" => Some("text/html"),
            "self" => Some("application/atom+xml"),
            _ => None,
        };
        put_text(&mut map, "type", link.media_type.as_deref().or(implied));
        put_text(&mut map, "title", link.title.as_deref());
        Value::Map(map)
    };
    let page = links.iter().find(|link| link.rel == "alternate");
    put_text(map, "link", page.map(|link| link.href.as_str()));
    if !links.is_empty() {
        map.insert("links", Value::List(links.iter().map(value).collect()));
    }
    let enclosures: Vec<Value> = links.iter().filter(|link| link.rel == "enclosure").map(value).collect();
    if !enclosures.is_empty() {
        map.insert("enclosures", Value::List(enclosures));
    }
}

fn put_authors(map: &mut Map, authors: &[Person]) {
    let value = |person: &Person| {
        let mut map = Map::new();
        put_text(&mut map, "name", person.name.as_deref());
        put_text(&mut map, "email", person.email.as_deref());
        for name in ["href", "url", "uri"] {
            put_text(&mut map, name, person.uri.as_deref());
        }
        Value::Map(map)
    };
    // Of several authors, feedparser's `author` is the last.
    let Some(last) = authors.last() else { return };
    let whole = match (&last.name, &last.email) {
        (Some(name), Some(email)) => Some(format!("{name} ({email})")),
        (name, email) => name.clone().or_else(|| email.clone()),
    };
    put_text(map, "author", whole.as_deref());
    map.insert("author_detail", value(last));
    map.insert("authors", Value::List(authors.iter().map(value).collect()));
}

fn put_stamps(map: &mut Map, stamps: [Option<&Stamp>; 3]) {
    let names: [&[(&str, &str)]; 3] = [
        &[("published", "published_parsed"), ("issued", "issued_parsed")],
        &[("updated", "updated_parsed"), ("modified", "modified_parsed")],
        &[("created", "created_parsed")],
    ];
    for (stamp, names) in stamps.into_iter().zip(names) {
        let Some(stamp) = stamp else { continue };
        for (written, parsed) in names {
            put_text(map, written, Some(&stamp.written));
            if let Some(parts) = instant(stamp).map(parts) {
                map.insert(parsed, parts);
            }
        }
    }
}

fn instant(stamp: &Stamp) -> Option<Timestamp> {
    let midnight = stamp.day.and_then(|day| Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok());
    stamp.at.or(midnight)
}

/// Returns Python's `struct_time` in UTC: year, month, day, hour, minute, second, weekday from Monday, day of the year,
/// and no summer time.
fn parts(at: Timestamp) -> Value {
    let at = Offset::UTC.to_datetime(at);
    let weekday = at.weekday().to_monday_zero_offset();
    let parts = [
        i64::from(at.year()),
        i64::from(at.month()),
        i64::from(at.day()),
        i64::from(at.hour()),
        i64::from(at.minute()),
        i64::from(at.second()),
        i64::from(weekday),
        i64::from(at.day_of_year()),
        0,
    ];
    Value::List(parts.into_iter().map(Value::Number).collect())
}
