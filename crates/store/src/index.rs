//! The search index: which words stand in which report. It can be rebuilt from what the rows name.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use tantivy::merge_policy::LogMergePolicy;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer,
};
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, Term};

use crate::{Error, ReportRow, Store};

/// One report as the index knows it.
///
/// It is named by the digest of its original: numbers of reports change when readings are cleared, and a hit must
/// never lead to another report.
pub(crate) struct Document {
    digest: [u8; 32],
    title: Option<String>,
    outlet: Option<String>,
    kind: String,
    published: Option<Date>,
    text: String,
}

impl Document {
    pub(crate) fn new(row: &ReportRow, kind: String, text: String) -> Document {
        Document {
            digest: row.digest,
            title: row.title.clone(),
            outlet: row.outlet.clone(),
            kind,
            published: row.published,
            text,
        }
    }
}

/// The fields of the index.
pub(crate) struct Fields {
    pub(crate) digest: Field,
    pub(crate) title: Field,
    pub(crate) text: Field,
    pub(crate) outlet: Field,
    pub(crate) kind: Field,
    /// Days since 1970.
    pub(crate) published: Field,
}

/// How words are told apart and made alike; the number changes with the rules, so that older indexes are rebuilt.
const PROSE: &str = "prose-1";

/// As `PROSE`, but names are not stemmed.
const NAME: &str = "name-1";

/// Longer runs of letters are no words; the index would keep each of them.
const LONGEST_WORD: usize = 200;

/// The name of the field of the day of publication, in days since 1970.
pub(crate) const PUBLISHED: &str = "published";

fn fields() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let words = |tokenizer| {
        let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer);
        TextOptions::default()
            .set_indexing_options(indexing.set_index_option(IndexRecordOption::WithFreqsAndPositions))
    };
    let fields = Fields {
        digest: schema.add_bytes_field("digest", INDEXED | STORED),
        title: schema.add_text_field("title", words(PROSE)),
        text: schema.add_text_field("text", words(PROSE).set_stored()),
        outlet: schema.add_text_field("outlet", words(NAME)),
        kind: schema.add_text_field("kind", STRING),
        published: schema.add_i64_field(PUBLISHED, INDEXED | FAST),
    };
    (schema.build(), fields)
}

fn add_tokenizers(index: &Index) {
    let words = || {
        TextAnalyzer::builder(SimpleTokenizer::default())
            .filter(RemoveLongFilter::limit(LONGEST_WORD))
            .filter(LowerCaser)
            .filter(AsciiFoldingFilter)
    };
    index.tokenizers().register(PROSE, words().filter(Stemmer::new(Language::English)).build());
    index.tokenizers().register(NAME, words().build());
}

/// Counts the days since 1970.
pub(crate) fn day_number(day: Date) -> i64 {
    let epoch = jiff::civil::date(1970, 1, 1);
    i64::from(epoch.until(day).map_or(0, |span| span.get_days()))
}

/// Returns the day that is so many days after the first of 1970; one that no calendar has is the nearest that it has.
pub(crate) fn day_of_number(number: i64) -> Date {
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.saturating_add(jiff::Span::new().days(number.clamp(-4_000_000, 4_000_000)))
}

/// Up to which reading of which set of readings an index goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Mark {
    pub(crate) readings: String,
    pub(crate) revision: i64,
}

impl Mark {
    fn payload(&self) -> String {
        format!("{} {}", self.readings, self.revision)
    }

    fn read(payload: &str) -> Option<Mark> {
        let (readings, revision) = payload.split_once(' ')?;
        Some(Mark { readings: readings.to_owned(), revision: revision.parse().ok()? })
    }
}

/// What an index says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IndexState {
    mark: Option<Mark>,
    documents: u64,
}

impl Store {
    /// Returns the last reading of the rows.
    pub(crate) fn mark(&self) -> Result<Mark, Error> {
        let readings = self.readings_name()?;
        let revision = self.rows(|connection| {
            let mut last = connection.prepare_cached("SELECT coalesce(max(revision), 0) FROM reports")?;
            last.query_row([], |row| row.get(0))
        })?;
        Ok(Mark { readings, revision })
    }

    /// Returns the last reading that an index in that state holds; `None` if it has to start afresh.
    pub(crate) fn last_indexed(&self, state: IndexState) -> Result<Option<i64>, Error> {
        let rows = self.mark()?;
        let Some(mark) = state.mark else { return Ok(None) };
        if mark.readings != rows.readings || mark.revision > rows.revision {
            return Ok(None);
        }
        // A report read again is in the index by its older reading, so it may hold more, but never fewer.
        let behind: u64 = self.count_reports("revision > ?1", mark.revision)?;
        let up_to: u64 = self.count_reports("revision <= ?1", mark.revision)?;
        let plausible = (up_to..=up_to + behind).contains(&state.documents);
        Ok(plausible.then_some(mark.revision))
    }

    /// Counts the readings that an index in that state does not hold.
    pub(crate) fn reports_missing_from(&self, state: IndexState) -> Result<u64, Error> {
        let last = self.last_indexed(state)?.unwrap_or(0);
        self.count_reports("revision > ?1", last)
    }

    fn count_reports(&self, condition: &str, revision: i64) -> Result<u64, Error> {
        self.rows(|connection| {
            let sql = format!("SELECT count(*) FROM reports WHERE {condition}");
            connection.query_row(&sql, [revision], |row| row.get(0))
        })
    }
}

/// The index for searching.
pub(crate) struct SearchIndex {
    pub(crate) path: PathBuf,
    pub(crate) index: Index,
    pub(crate) reader: IndexReader,
    pub(crate) fields: Fields,
}

impl SearchIndex {
    pub(crate) fn open(path: &Path) -> Result<SearchIndex, Error> {
        let open = || {
            let index = Index::open_in_dir(path)?;
            add_tokenizers(&index);
            let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
            Ok((index, reader))
        };
        let (index, reader) = open().map_err(Error::index(path))?;
        let (schema, fields) = fields();
        if index.schema() != schema {
            let what = "made by another version".to_owned();
            return Err(Error::IndexDamaged { path: path.to_owned(), what });
        }
        Ok(SearchIndex { path: path.to_owned(), index, reader, fields })
    }

    /// Returns what the index says of itself, as last committed.
    pub(crate) fn state(&self) -> Result<IndexState, Error> {
        let read = || {
            self.reader.reload()?;
            let payload = self.index.load_metas()?.payload;
            let mark = payload.as_deref().and_then(Mark::read);
            Ok(IndexState { mark, documents: self.reader.searcher().num_docs() })
        };
        read().map_err(Error::index(&self.path))
    }
}

/// The index for changing.
pub(crate) struct IndexChange {
    index: SearchIndex,
    /// Made by the first change: it takes memory and threads that many uses of a record do not need.
    writer: Option<IndexWriter>,
}

/// What new words may take in memory before they are written out. Tantivy takes no less than 15 MB.
const MEMORY: usize = 48 << 20;

/// A file of the index with so many reports is not joined with others any more: that reads and writes all of them at once, which
/// for 700,000 reports took 2.2 GB and twenty seconds.
const LARGE: usize = 50_000;

impl IndexChange {
    /// Ends the writing: when this returns, no thread joins files of the index any more.
    pub(crate) fn close(self) -> Result<(), Error> {
        let path = self.index.path.clone();
        self.writer.map_or(Ok(()), IndexWriter::wait_merging_threads).map_err(Error::index(&path))
    }

    /// Opens the index in that folder. One that cannot be used is given up for an empty one.
    pub(crate) fn create_or_open(path: &Path) -> Result<IndexChange, Error> {
        let index = match SearchIndex::open(path) {
            Err(Error::IndexDamaged { .. }) => {
                create_empty(path)?;
                SearchIndex::open(path)?
            }
            opened => opened?,
        };
        Ok(IndexChange { index, writer: None })
    }

    pub(crate) fn state(&self) -> Result<IndexState, Error> {
        self.index.state()
    }

    /// Adds a batch if the index held all before it; else it stays behind, without a hole that nobody would see.
    pub(crate) fn follow(
        &mut self,
        before: &Mark,
        after: Mark,
        documents: Vec<Document>,
    ) -> Result<(), Error> {
        let held = self.state()?.mark;
        let is_up_to_date = held.as_ref() == Some(before) || held.is_none() && before.revision == 0;
        if documents.is_empty() || !is_up_to_date {
            return Ok(());
        }
        self.commit(documents, &after)
    }

    /// Adds documents, each in place of an older one of the same original, and says how far the index goes now.
    pub(crate) fn commit(&mut self, documents: Vec<Document>, mark: &Mark) -> Result<(), Error> {
        self.change(mark, |writer, fields| {
            for document in documents {
                writer.delete_term(Term::from_field_bytes(fields.digest, &document.digest));
                writer.add_document(tantivy_document(fields, document))?;
            }
            Ok(())
        })
    }

    /// Removes all documents.
    pub(crate) fn restart(&mut self, mark: &Mark) -> Result<(), Error> {
        self.change(mark, |writer, _| writer.delete_all_documents().map(drop))
    }

    fn change(
        &mut self,
        mark: &Mark,
        change: impl FnOnce(&mut IndexWriter, &Fields) -> tantivy::Result<()>,
    ) -> Result<(), Error> {
        let IndexChange { index, writer } = self;
        let write = || {
            let writer = match writer {
                Some(writer) => writer,
                None => {
                    let made = index.index.writer_with_num_threads(1, MEMORY)?;
                    let mut joining = LogMergePolicy::default();
                    joining.set_max_docs_before_merge(LARGE);
                    made.set_merge_policy(Box::new(joining));
                    writer.insert(made)
                }
            };
            change(writer, &index.fields)?;
            let mut commit = writer.prepare_commit()?;
            commit.set_payload(&mark.payload());
            commit.commit().map(drop)
        };
        let written = write().map_err(Error::index(&index.path));
        if written.is_err() {
            // What was added but not committed must not come with the next commit.
            *writer = None;
        }
        written
    }
}

fn create_empty(path: &Path) -> Result<(), Error> {
    if path.exists() {
        fs::remove_dir_all(path).map_err(Error::io(path))?;
    }
    fs::create_dir_all(path).map_err(Error::io(path))?;
    Index::create_in_dir(path, fields().0).map(drop).map_err(Error::index(path))
}

fn tantivy_document(fields: &Fields, document: Document) -> TantivyDocument {
    let mut made = TantivyDocument::default();
    made.add_bytes(fields.digest, &document.digest);
    made.add_text(fields.text, &document.text);
    made.add_text(fields.kind, &document.kind);
    if let Some(title) = document.title {
        made.add_text(fields.title, &title);
    }
    if let Some(outlet) = document.outlet {
        made.add_text(fields.outlet, &outlet);
    }
    if let Some(day) = document.published {
        made.add_i64(fields.published, day_number(day));
    }
    made
}

/// Returns the digest and the text of a found document.
pub(crate) fn digest_and_text<'a>(
    fields: &Fields,
    found: &'a TantivyDocument,
) -> Option<([u8; 32], &'a str)> {
    let digest = found.get_first(fields.digest)?.as_bytes()?.try_into().ok()?;
    Some((digest, found.get_first(fields.text)?.as_str()?))
}
