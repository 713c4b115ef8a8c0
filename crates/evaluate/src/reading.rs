use extract::{Reading, Source};
use jiff::civil::Date;
use model::{Digest, Kind, Metadata};

/// A text of a corpus with what is known of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Article<'a> {
    pub(crate) text: &'a str,
    pub(crate) published: Option<Date>,
    pub(crate) outlet: Option<&'a str>,
    pub(crate) title: Option<&'a str>,
}

/// Reads a text as `credence` reads a JSON row that holds it: offsets are those of the text.
pub(crate) fn read(article: &Article<'_>) -> Reading {
    let mut row = serde_json::Map::new();
    let mut put = |name: &str, words: Option<String>| {
        row.extend(words.map(|words| (name.to_owned(), serde_json::Value::String(words))));
    };
    put("text", Some(article.text.to_owned()));
    put("published", article.published.map(|day| day.to_string()));
    put("outlet", article.outlet.map(str::to_owned));
    put("title", article.title.map(str::to_owned));
    let bytes = serde_json::Value::Object(row).to_string().into_bytes();
    let metadata = Metadata::default();
    extract::read(&Source { bytes: &bytes, digest: Digest::of(&bytes), kind: Kind::Row, metadata: &metadata })
}
