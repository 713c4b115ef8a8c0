use std::ops::{Bound, Range};

use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, EmptyQuery, Occur, Query, QueryParser, RangeQuery, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::snippet::SnippetGenerator;
use tantivy::{Searcher, TantivyDocument, Term};

use crate::index::{SearchIndex, day_number, digest_and_text};
use crate::{Days, Error, Store, StoredReport};

/// What to search for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search {
    /// The words. All of them have to occur; `"…"` asks for a phrase, `OR`, `NOT` and parentheses as usual.
    pub query: String,
    /// Words of the name of the outlet, all of them, in any case.
    pub outlet: Option<String>,
    /// The kind of the original.
    pub kind: Option<String>,
    /// Days of publication. If an end is given, undated reports are left out.
    pub published: Days,
    /// How many hits are passed over first.
    pub skip: usize,
    /// How many hits are returned at most; never more than a thousand.
    pub limit: usize,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The best hits, best first.
    pub hits: Vec<Hit>,
    /// How many reports match in all.
    pub total: u64,
    /// Parts of the query that were passed over, in words for the user.
    pub notes: Vec<String>,
    /// How many reports were not searched, because the index is behind the rows; see [`crate::Writer::catch_up`].
    pub missing: u64,
}

/// One report that matches.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The report.
    pub report: StoredReport,
    /// How well it matches. Only to be compared with others of the same search.
    pub score: f32,
    /// The words around the best match.
    pub snippet: Snippet,
}

/// A stretch of the text of a report, with the words that match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The stretch.
    pub text: String,
    /// Where it stands in the text that was put with the reading.
    pub at: Range<usize>,
    /// The words that match, in bytes of the stretch. Empty if only the title matches.
    pub matches: Vec<Range<usize>>,
}

/// A page that nobody reads further down than.
const MOST_HITS: usize = 1_000;

/// About two lines of a terminal.
const SNIPPET_CHARS: usize = 200;

/// The parser of queries calls itself for each parenthesis, and its time grows fast with their depth.
const DEEPEST: usize = 8;

/// Longer ones are pasted texts.
const LONGEST_QUERY: usize = 2_000;

/// A match in the title weighs as much as this many in the text.
const TITLE_WEIGHT: f32 = 2.0;

impl Store {
    /// Searches the titles and texts of all reports.
    pub fn search(&self, search: &Search) -> Result<Found, Error> {
        refuse_unbounded(&search.query)?;
        let index = self.search_index()?;
        let missing = self.reports_missing_from(index.state()?)?;
        let (words, notes) = parse(index, &search.query)?;
        let query = with_filters(index, search, words.box_clone());
        let searcher = index.reader.searcher();
        let page = TopDocs::with_limit(search.limit.clamp(1, MOST_HITS)).and_offset(search.skip);
        let (best, total) =
            searcher.search(&query, &(page.order_by_score(), Count)).map_err(Error::index(&index.path))?;
        let snippets = Snippets::new(index, &searcher, &*words)?;
        let mut hits = Vec::new();
        for (score, address) in best {
            let found: TantivyDocument = searcher.doc(address).map_err(Error::index(&index.path))?;
            let Some((digest, text)) = digest_and_text(&index.fields, &found) else { continue };
            // A report that is in the index alone is about to leave it.
            if let Some(report) = self.report_of(&digest)? {
                hits.push(Hit { report, score, snippet: snippets.of(text) });
            }
        }
        Ok(Found { hits, total: total as u64, notes, missing })
    }

    fn search_index(&self) -> Result<&SearchIndex, Error> {
        if self.index.get().is_none() {
            let opened = SearchIndex::open(&self.index_folder())?;
            return Ok(self.index.get_or_init(|| opened));
        }
        Ok(self.index.get().expect("it was found just above"))
    }
}

fn refuse_unbounded(query: &str) -> Result<(), Error> {
    let refuse = |problem: &str, hint| {
        let shown = query.chars().take(60).collect();
        Err(Error::Query { query: shown, problem: problem.to_owned(), hint })
    };
    let opening = query.chars().filter(|c| matches!(c, '(' | '[' | '{')).count();
    if query.trim().is_empty() {
        return refuse("it holds no words", "give at least one");
    }
    if query.len() > LONGEST_QUERY {
        return refuse("it is too long", "use its most telling words");
    }
    if opening > DEEPEST {
        return refuse("it holds too many parentheses", "ask in several searches");
    }
    Ok(())
}

/// Reads the query, passing over what cannot be read. The second value says what that was.
fn parse(index: &SearchIndex, query: &str) -> Result<(Box<dyn Query>, Vec<String>), Error> {
    let fields = &index.fields;
    let mut parser = QueryParser::for_index(&index.index, vec![fields.title, fields.text]);
    parser.set_conjunction_by_default();
    parser.set_field_boost(fields.title, TITLE_WEIGHT);
    let (parsed, problems) = parser.parse_query_lenient(query);
    let notes: Vec<String> = problems.iter().map(ToString::to_string).collect();
    if parsed.is::<EmptyQuery>() {
        let problem = if notes.is_empty() { "it holds no words".to_owned() } else { notes.join("; ") };
        let hint = "put words with signs in double quotes";
        return Err(Error::Query { query: query.to_owned(), problem, hint });
    }
    Ok((parsed, notes))
}

fn with_filters(index: &SearchIndex, search: &Search, words: Box<dyn Query>) -> BooleanQuery {
    let fields = &index.fields;
    let mut parts = vec![(Occur::Must, words)];
    let mut must = |term| {
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        parts.push((Occur::Must, Box::new(query) as Box<dyn Query>));
    };
    if let Some(kind) = &search.kind {
        must(Term::from_field_text(fields.kind, kind));
    }
    if let Some(outlet) = &search.outlet
        && let Ok(mut words) = index.index.tokenizer_for_field(fields.outlet)
    {
        words
            .token_stream(outlet)
            .process(&mut |word| must(Term::from_field_text(fields.outlet, &word.text)));
    }
    parts.extend(published_within(index, search.published).map(|within| (Occur::Must, within)));
    BooleanQuery::new(parts)
}

fn published_within(index: &SearchIndex, days: Days) -> Option<Box<dyn Query>> {
    if days == Days::default() {
        return None;
    }
    let bound = |day: Option<_>| match day {
        Some(day) => Bound::Included(Term::from_field_i64(index.fields.published, day_number(day))),
        None => Bound::Unbounded,
    };
    // A range without any bound does not know its field, which is why the default was sent away above.
    Some(Box::new(RangeQuery::new(bound(days.from), bound(days.to))))
}

struct Snippets(SnippetGenerator);

impl Snippets {
    fn new(index: &SearchIndex, searcher: &Searcher, words: &dyn Query) -> Result<Snippets, Error> {
        let made = SnippetGenerator::create(searcher, words, index.fields.text);
        let mut generator = made.map_err(Error::index(&index.path))?;
        generator.set_max_num_chars(SNIPPET_CHARS);
        Ok(Snippets(generator))
    }

    fn of(&self, text: &str) -> Snippet {
        let found = self.0.snippet(text);
        if found.is_empty() {
            let end = text.char_indices().nth(SNIPPET_CHARS).map_or(text.len(), |(at, _)| at);
            return Snippet { text: text[..end].to_owned(), at: 0..end, matches: Vec::new() };
        }
        Snippet {
            text: found.fragment().to_owned(),
            at: found.fragment_range(),
            matches: found.highlighted().to_vec(),
        }
    }
}
