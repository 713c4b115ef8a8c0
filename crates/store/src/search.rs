use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::{Bound, Range};

use jiff::civil::Date;
use rusqlite::OptionalExtension as _;
use tantivy::collector::{Collector, Count, SegmentCollector, TopDocs};
use tantivy::columnar::Column;
use tantivy::query::{BooleanQuery, Occur, Query, RangeQuery, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::snippet::SnippetGenerator;
use tantivy::{DocId, Score, Searcher, SegmentOrdinal, SegmentReader, TantivyDocument, Term};

use crate::conditions::{Conditions, List};
use crate::index::{PUBLISHED, SearchIndex, day_number, day_of_number, digest_and_text};
use crate::query::{Asked, asked};
use crate::{Days, Error, MapBox, Page, PlaceNamed, Store, StoredReport};

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
    /// How many hits are returned at most, from one to a thousand.
    pub limit: usize,
}

impl Search {
    /// Returns the search for these words in all reports, ten hits at most.
    pub fn of(query: &str) -> Search {
        Search { query: query.to_owned(), limit: 10, ..Search::default() }
    }
}

/// What the reports have to say besides the words. The default is nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Saying {
    /// A claim of this kind.
    pub kind: Option<String>,
    /// A claim that alleges this act.
    pub act: Option<String>,
    /// A claim about this place.
    pub place: Option<PlaceNamed>,
    /// Something of an incident in this part of the map.
    pub within: Option<MapBox>,
}

/// What a search found, and what there is among it to narrow it by.
#[derive(Debug, Clone, PartialEq)]
pub struct Narrowed {
    /// The hits. Where what they say is asked for, `total` counts those among the best thousand.
    pub found: Found,
    /// How many hits the counts are of: the best two hundred at most, and the best thousand where what they say is asked for.
    pub counted: u64,
    /// What these hits have in common.
    pub facets: Vec<Facet>,
    /// Of each hit, what it is a copy of.
    pub folded: Vec<Folded>,
}

/// What a hit is a copy of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Folded {
    /// The number of the copy family that it is of.
    pub family: Option<i64>,
    /// The number of the best report of that family, if that is another one and among the best thousand.
    pub best: Option<i64>,
}

/// `outlet`, `month`, `kind`, `act` or `place`, and the values that most hits have, each with how many do.
pub type Facet = (&'static str, Vec<(String, u64)>);

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

/// What was found, by the day of publication.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PublishedDays {
    /// How many reports are of each day.
    pub days: BTreeMap<Date, u64>,
    /// How many are of no day.
    pub undated: u64,
}

/// Counts hits by the day of publication.
struct ByDay;

/// The hits of one segment by days since 1970.
struct SegmentDays {
    published: Column<i64>,
    days: BTreeMap<i64, u64>,
    undated: u64,
}

impl Collector for ByDay {
    type Fruit = PublishedDays;
    type Child = SegmentDays;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentDays> {
        let published = segment.fast_fields().i64(PUBLISHED)?;
        Ok(SegmentDays { published, days: BTreeMap::new(), undated: 0 })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<(BTreeMap<i64, u64>, u64)>) -> tantivy::Result<PublishedDays> {
        let mut all = PublishedDays::default();
        for (days, undated) in segments {
            all.undated += undated;
            for (number, count) in days {
                *all.days.entry(day_of_number(number)).or_default() += count;
            }
        }
        Ok(all)
    }
}

impl SegmentCollector for SegmentDays {
    type Fruit = (BTreeMap<i64, u64>, u64);

    fn collect(&mut self, doc: DocId, _: Score) {
        match self.published.first(doc) {
            Some(day) => *self.days.entry(day).or_default() += 1,
            None => self.undated += 1,
        }
    }

    fn harvest(self) -> Self::Fruit {
        (self.days, self.undated)
    }
}

/// A page that nobody reads further down than.
const MOST_HITS: usize = 1_000;

/// Hits whose claims are counted where nothing is narrowed yet: every search pays for them.
const COUNTED: usize = 200;

/// Values that are counted of each kind.
const VALUES: usize = 10;

/// About two lines of a terminal.
const SNIPPET_CHARS: usize = 200;

impl Store {
    /// Searches the titles and texts of all reports.
    pub fn search(&self, search: &Search) -> Result<Found, Error> {
        let index = self.search_index()?;
        let Asked { words, notes } = asked(index, &search.query)?;
        let missing = self.reports_missing_from(index.state()?)?;
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

    /// Counts what a search finds by the day of publication. How many hits it asks for is of no matter.
    pub fn published_days(&self, search: &Search) -> Result<PublishedDays, Error> {
        let index = self.search_index()?;
        let Asked { words, .. } = asked(index, &search.query)?;
        let query = with_filters(index, search, words);
        let searcher = index.reader.searcher();
        searcher.search(&query, &ByDay).map_err(Error::index(&index.path))
    }

    /// Searches as [`Store::search`] does, among reports that say something, and counts by what the hits can be narrowed.
    pub fn search_narrowed(&self, search: &Search, saying: &Saying) -> Result<Narrowed, Error> {
        let index = self.search_index()?;
        let Asked { words, notes } = asked(index, &search.query)?;
        let missing = self.reports_missing_from(index.state()?)?;
        let query = with_filters(index, search, words.box_clone());
        let searcher = index.reader.searcher();
        let is_narrowed = *saying != Saying::default();
        // Copies are known by those before them: of a page further down, more hits are looked at.
        let seen = search.skip.saturating_add(search.limit);
        let most = if is_narrowed { MOST_HITS } else { seen.clamp(COUNTED, MOST_HITS) };
        let best = TopDocs::with_limit(most).order_by_score();
        let (best, total) = searcher.search(&query, &(best, Count)).map_err(Error::index(&index.path))?;
        let mut met = Vec::new();
        for (score, address) in best {
            let found: TantivyDocument = searcher.doc(address).map_err(Error::index(&index.path))?;
            let Some((digest, text)) = digest_and_text(&index.fields, &found) else { continue };
            // A report that is in the index alone is about to leave it.
            if let Some(id) = self.id_of(&digest)? {
                met.push((id, score, text.to_owned()));
            }
        }
        let ids: Vec<i64> = met.iter().map(|(id, ..)| *id).collect();
        let saying_so = self.saying(&ids, saying)?;
        met.retain(|(id, ..)| saying_so.contains(id));
        let families = self.families_of(met.iter().map(|(id, ..)| *id))?;
        let mut best = HashMap::new();
        for (id, ..) in &met {
            best.extend(
                families.get(id).filter(|family| !best.contains_key(*family)).map(|family| (*family, *id)),
            );
        }
        let fold = |id: i64| {
            let family = families.get(&id).copied();
            Folded {
                family,
                best: family.and_then(|family| best.get(&family).copied()).filter(|best| *best != id),
            }
        };
        let most_counted = if is_narrowed { MOST_HITS } else { COUNTED };
        let counted: BTreeSet<i64> = met.iter().take(most_counted).map(|(id, ..)| *id).collect();
        let facets = self.facets(&counted)?;
        let counted = counted.len() as u64;
        let total = if is_narrowed { counted } else { total as u64 };
        if seen > met.len() && total > met.len() as u64 {
            // Further down nothing is known of what is before.
            let found = self.search(search)?;
            let of_page = self.families_of(found.hits.iter().map(|hit| hit.report.id))?;
            let folded = found.hits.iter().map(|hit| {
                let family = of_page.get(&hit.report.id).copied();
                Folded { family, best: family.and_then(|family| best.get(&family).copied()) }
            });
            return Ok(Narrowed { folded: folded.collect(), found, counted, facets });
        }
        let snippets = Snippets::new(index, &searcher, &*words)?;
        let (mut hits, mut folded) = (Vec::new(), Vec::new());
        for (id, score, text) in met.iter().skip(search.skip).take(search.limit) {
            let snippet = snippets.of(text);
            if let Some(report) = self.report(*id)? {
                hits.push(Hit { report, score: *score, snippet });
                folded.push(fold(*id));
            }
        }
        Ok(Narrowed { found: Found { hits, total, notes, missing }, counted, facets, folded })
    }

    /// Returns the copy families of some reports, of those that have one.
    fn families_of(&self, reports: impl Iterator<Item = i64>) -> Result<HashMap<i64, i64>, Error> {
        let ids = listed(reports);
        self.rows(|connection| {
            let sql =
                "SELECT report, family FROM family_members WHERE report IN (SELECT value FROM json_each(?1))";
            connection.prepare_cached(sql)?.query_map([ids], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        })
    }

    fn id_of(&self, digest: &[u8; 32]) -> Result<Option<i64>, Error> {
        self.rows(|connection| {
            let sql = "SELECT id FROM reports WHERE digest = ?1";
            connection.prepare_cached(sql)?.query_row([digest], |row| row.get(0)).optional()
        })
    }

    /// Returns those of some reports that say something.
    fn saying(&self, ids: &[i64], saying: &Saying) -> Result<BTreeSet<i64>, Error> {
        let mut conditions = Conditions::default();
        conditions.require("r.id IN (SELECT value FROM json_each(?))");
        conditions.values.push(listed(ids.iter().copied()).into());
        let mut claims = Vec::new();
        for (column, wanted) in [("kind = ?", &saying.kind), ("act = ?", &saying.act)] {
            claims.extend(wanted.as_ref().map(|wanted| (column, wanted.clone())));
        }
        let of_claims =
            |condition: &str| format!("EXISTS (SELECT 1 FROM claims WHERE report = r.id AND {condition})");
        for (condition, wanted) in claims {
            conditions.require(&of_claims(condition));
            conditions.values.push(wanted.into());
        }
        if let Some(place) = &saying.place {
            conditions.require(&of_claims(&place.condition("place")));
            conditions.values.extend(place.values());
        }
        if let Some(MapBox { west, south, east, north }) = saying.within {
            let meets = if west <= east { "AND" } else { "OR" };
            conditions.require(&format!(
                "EXISTS (SELECT 1 FROM accounts AS a JOIN incidents AS i ON i.id = a.incident WHERE a.report = r.id
                    AND i.latitude BETWEEN ? AND ? AND (i.longitude >= ? {meets} i.longitude <= ?))"
            ));
            conditions.values.extend([south, north, west, east].map(Into::into));
        }
        let list = List { rows: "SELECT r.id FROM reports AS r", order: "r.id".to_owned() };
        Ok(self.all(&conditions.select(list, Page::default()), |row| row.get(0))?.into_iter().collect())
    }

    fn facets(&self, reports: &BTreeSet<i64>) -> Result<Vec<Facet>, Error> {
        let ids = listed(reports.iter().copied());
        let of = |table: &str, column: &str| {
            let (table, id) = if table == "reports" { (table, "id") } else { (table, "report") };
            let sql = format!(
                "SELECT {column} AS value, count(DISTINCT {id}) AS reports FROM {table}
                 WHERE {id} IN (SELECT value FROM json_each(?1)) AND {column} IS NOT NULL
                 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {VALUES}"
            );
            self.rows(|connection| {
                let mut select = connection.prepare_cached(&sql)?;
                select.query_map([&ids], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
            })
        };
        Ok(vec![
            ("outlet", of("reports", "outlet")?),
            ("month", of("reports", "substr(published, 1, 7)")?),
            ("kind", of("claims", "kind")?),
            ("act", of("claims", "act")?),
            ("place", of("claims", "place")?),
        ])
    }

    fn search_index(&self) -> Result<&SearchIndex, Error> {
        if self.index.0.get().is_none() {
            let opened = SearchIndex::open(&self.index_folder())?;
            return Ok(self.index.0.get_or_init(|| opened));
        }
        Ok(self.index.0.get().expect("it was found just above"))
    }
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

/// Writes numbers as the JSON that SQLite takes for a list of any length.
fn listed(numbers: impl Iterator<Item = i64>) -> String {
    format!("[{}]", numbers.map(|number| number.to_string()).collect::<Vec<_>>().join(","))
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
        let at = with_closing_signs(text, found.fragment_range());
        Snippet { text: text[at.clone()].to_owned(), at, matches: found.highlighted().to_vec() }
    }
}

/// Tantivy ends a snippet with its last word; the full stop or closing quotation mark behind belongs to it.
fn with_closing_signs(text: &str, range: Range<usize>) -> Range<usize> {
    let behind = text[range.end..].chars().take_while(|c| !c.is_alphanumeric() && !c.is_whitespace());
    range.start..range.end + behind.take(4).map(char::len_utf8).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use jiff::civil::date;
    use proptest::prelude::*;
    use proptest::test_runner::TestRunner;

    use super::*;
    use crate::sample::{Record, original, report};
    use crate::{Reading, ReportRow};

    /// Each text is put as one report; a title stands before `|`.
    fn record(texts: &[&str]) -> Record {
        let mut record = Record::new();
        let put = record.writer.batch(|batch| {
            for (number, text) in (0..).zip(texts) {
                let (title, text) =
                    text.split_once('|').map_or((None, *text), |(title, text)| (Some(title), text));
                let report = ReportRow { title: title.map(str::to_owned), ..report(number) };
                batch.put_original(&original(number))?;
                batch.put_reading(Reading { report: &report, sketch: None, claims: &[], text })?;
            }
            Ok::<(), Error>(())
        });
        put.unwrap();
        record
    }

    #[test]
    fn hits_are_counted_by_day() {
        let record = record(&["A shell fell.", "A shell hit.", "Rain."]);
        let found = record.writer.store().published_days(&Search::of("shell")).unwrap();
        assert_eq!(found.days, BTreeMap::from([(date(2031, 5, 1), 1), (date(2031, 5, 2), 1)]));
        assert_eq!(found.undated, 0);
    }

    /// Prints each hit with its matches in brackets.
    fn check(texts: &[&str], query: &str, expected: Expect) {
        let record = record(texts);
        let shown = match record.writer.store().search(&Search::of(query)) {
            Ok(found) => {
                let mut lines: Vec<String> = found.hits.iter().map(|hit| marked(&hit.snippet)).collect();
                lines.sort();
                lines.extend(found.notes.iter().map(|note| format!("note: {note}")));
                lines.join("\n")
            }
            Err(error) => error.to_string(),
        };
        expected.assert_eq(&shown);
    }

    fn marked(snippet: &Snippet) -> String {
        let mut shown = snippet.text.clone();
        for range in snippet.matches.iter().rev() {
            shown.insert(range.end, ']');
            shown.insert(range.start, '[');
        }
        shown
    }

    #[test]
    fn words_in_other_forms() {
        let texts = ["The bridge was shelled.", "Shelling of bridges went on.", "A quiet day."];
        check(
            &texts,
            "bridge shelling",
            expect![[r#"
                The [bridge] was [shelled].
                [Shelling] of [bridges] went on."#]],
        );
    }

    #[test]
    fn accents_and_case() {
        check(&["In VELÉNICE, a café burned."], "velenice CAFÉ", expect!["In [VELÉNICE], a [café] burned."]);
    }

    #[test]
    fn phrases_and_boolean_words() {
        let texts = ["Port of Orsk hit", "Orsk: the port was spared", "Orsk station hit"];
        check(&texts, "\"port of orsk\"", expect!["[Port] [of] [Orsk] hit"]);
        check(&texts, "“port of orsk”", expect!["[Port] [of] [Orsk] hit"]);
        check(&texts, "orsk NOT port", expect!["[Orsk] station hit"]);
        check(&texts, "orsk AND NOT port", expect!["[Orsk] station hit"]);
        check(&texts, "orsk AND hit AND NOT (spared OR port)", expect!["[Orsk] station [hit]"]);
        check(
            &texts,
            "(orsk -port) OR spared",
            expect![[r#"
            [Orsk] station hit
            [Orsk]: the [port] was [spared]"#]],
        );
        check(
            &texts,
            "(spared OR station) orsk",
            expect![[r#"
            [Orsk] [station] hit
            [Orsk]: the port was [spared]"#]],
        );
        check(&texts, "outlet:evening", expect!["Orsk: the port was spared"]);
        check(&texts, "\"Orsk: the\"", expect!["[Orsk]: [the] port was spared"]);
        check(
            &texts,
            "Orsk: port",
            expect![[r#"
            [Orsk]: the [port] was spared
            [Port] of [Orsk] hit"#]],
        );
    }

    #[test]
    fn a_match_in_the_title_shows_the_beginning() {
        check(&["Strike on Orsk|Nobody was hurt."], "strike", expect!["Nobody was hurt."]);
    }

    #[test]
    fn what_cannot_be_read_is_passed_over_or_explained() {
        let texts = ["Orsk: the port was hit", "kind words"];
        check(
            &texts,
            "\"port was",
            expect![[r#"
                Orsk: the [port] [was] hit
                note: the query was read in part: missing delimiter " at position 9"#]],
        );
        check(&texts, "   ", expect![[r#"cannot search for "   ": it holds no words; give at least one"#]]);
        check(
            &texts,
            "?!",
            expect![[
                r#"cannot search for "?!": it holds no words that can be searched for; give words, a "phrase", and OR, NOT or parentheses between them"#
            ]],
        );
        check(&texts, "NOT port", expect!["kind words"]);
        check(
            &texts,
            "((((((((((port",
            expect![[
                r#"cannot search for "((((((((((port": it holds too many parentheses; ask in several searches"#
            ]],
        );
        check(
            &texts,
            "port published:[x TO y]",
            expect![
                "note: the query was read in part: Unsupported query: Range query need to target a specific field."
            ],
        );
        check(
            &texts,
            "title:",
            expect![[
                r#"cannot search for "title:": it holds no words that can be searched for; give words, a "phrase", and OR, NOT or parentheses between them"#
            ]],
        );
    }

    #[test]
    fn filters() {
        let mut record = Record::with(0..3);
        let put = record.writer.batch(|batch| {
            let undated = ReportRow { published: None, outlet: None, ..report(9) };
            batch.put_original(&original(9))?;
            batch.put_reading(Reading { report: &undated, sketch: None, claims: &[], text: "The harbour." })
        });
        put.unwrap();
        let names = |search: Search| {
            let found = record.writer.store().search(&search).unwrap();
            assert_eq!(found.total, found.hits.len() as u64);
            let mut names: Vec<String> = found.hits.into_iter().map(|hit| hit.report.row.name).collect();
            names.sort();
            names
        };
        let all = Search::of("harbour");
        assert_eq!(names(all.clone()), ["report 0", "report 1", "report 2", "report 9"]);
        let from_the_second = Days { from: Some(date(2031, 5, 2)), to: None };
        assert_eq!(names(Search { published: from_the_second, ..all.clone() }), ["report 1", "report 2"]);
        let second = Days { to: Some(date(2031, 5, 2)), ..from_the_second };
        assert_eq!(names(Search { published: second, ..all.clone() }), ["report 1"]);
        let outlet = |name: &str| Search { outlet: Some(name.into()), ..all.clone() };
        assert_eq!(names(outlet("ORSK POST")), ["report 0", "report 2"]);
        assert_eq!(names(outlet("évening")), ["report 1"]);
        assert_eq!(names(outlet("orsk \" *")), ["report 0", "report 2"]);
        assert_eq!(names(Search { kind: Some("page".into()), ..all.clone() }), [""; 0]);
        assert_eq!(names(Search { kind: Some("text".into()), ..all.clone() }).len(), 4);
    }

    #[test]
    fn hits_are_narrowed_by_what_their_reports_say() {
        let mut record = Record::with(0..4);
        let claims = [crate::sample::claim("allegation", 1)];
        let reading =
            Reading { report: &report(2), sketch: None, claims: &claims, text: "The harbour burned." };
        record.writer.batch(|batch| batch.put_reading(reading)).unwrap();
        let store = record.writer.store();
        let all = store.search_narrowed(&Search::of("harbour"), &Saying::default()).unwrap();
        assert_eq!((all.counted, all.found.total), (4, 4));
        assert_eq!(all.found, store.search(&Search::of("harbour")).unwrap());
        let count = |facet: &str| {
            let values = all.facets.iter().find(|(name, _)| *name == facet).unwrap();
            values.1.iter().map(|(_, count)| *count).collect::<Vec<u64>>()
        };
        assert_eq!(count("outlet").iter().sum::<u64>(), 4);
        let asked = Saying { kind: Some("allegation".into()), ..Saying::default() };
        let some = store.search_narrowed(&Search::of("harbour"), &asked).unwrap();
        assert_eq!(some.found.total, some.counted);
        assert!(some.found.hits.iter().any(|hit| hit.report.row.name == "report 2"));
        assert!(some.found.hits.iter().all(|hit| {
            store.claims_of(hit.report.id).unwrap().iter().any(|claim| claim.row.kind == "allegation")
        }));
        let nowhere = Saying {
            within: Some(MapBox { west: 0.0, south: 0.0, east: 1.0, north: 1.0 }),
            ..Saying::default()
        };
        assert_eq!(store.search_narrowed(&Search::of("harbour"), &nowhere).unwrap().found.total, 0);
    }

    #[test]
    fn a_copy_is_known_on_a_later_page() {
        let mut record = Record::with(0..4);
        let family = crate::Move { to: None, absorbed: &[], reports: &[1, 2, 3] };
        record.writer.batch(|batch| batch.move_to_family(&family)).unwrap();
        let page = |skip, limit| {
            let search = Search { skip, limit, ..Search::of("harbour") };
            record.writer.store().search_narrowed(&search, &Saying::default()).unwrap()
        };
        let all = page(0, 4);
        let of_family = all.folded.iter().filter(|it| it.family.is_some()).count();
        assert_eq!(of_family, 3);
        let best = all.found.hits.iter().zip(&all.folded).find(|(_, it)| it.family.is_some()).unwrap();
        assert_eq!(best.1.best, None);
        let later: Vec<Folded> = (0..4).map(|skip| page(skip, 1).folded[0]).collect();
        assert_eq!(later, all.folded);
        let told: Vec<i64> = later.iter().filter_map(|it| it.best).collect();
        assert_eq!(told, [best.0.report.id; 2]);
    }

    #[test]
    fn pages_of_hits() {
        let record = Record::with(0..5);
        let page =
            |skip| record.writer.store().search(&Search { skip, limit: 2, ..Search::of("harbour") }).unwrap();
        assert_eq!([0, 2, 4, 6].map(|skip| page(skip).hits.len()), [2, 2, 1, 0]);
        assert_eq!(page(4).total, 5);
    }

    #[test]
    fn the_snippet_of_a_long_text_knows_its_place() {
        let text = format!("{}né the harbour burned {}", "löng words ".repeat(50), "and on ".repeat(90));
        let record = record(&[&text]);
        let hit = record.writer.store().search(&Search::of("harbour")).unwrap().hits.remove(0);
        assert_eq!(text[hit.snippet.at.clone()], hit.snippet.text);
        let found: Vec<&str> =
            hit.snippet.matches.iter().map(|range| &hit.snippet.text[range.clone()]).collect();
        assert_eq!(found, ["harbour"]);
    }

    #[test]
    fn a_text_without_spaces_is_no_word() {
        let text = format!("{} harbour", "Ж".repeat(2_000_000));
        let record = record(&[&text]);
        let hit = record.writer.store().search(&Search::of("harbour")).unwrap().hits.remove(0);
        assert!(hit.snippet.text.len() < 1_000, "{}", hit.snippet.text.len());
    }

    #[test]
    fn any_query_gets_an_answer() {
        let record = Record::with(0..3);
        let queries = prop_oneof![
            any::<String>(),
            "[ a-c\"'()\\[\\]{}:^~*?+\\-!&|/\\\\<>=.,0-9éß]{0,40}",
            "(harbour|text|title|published|digest|OR|AND|NOT|IN|TO|[:\"(){}*~^\\[\\]+-]| ){0,12}",
        ];
        let answered = TestRunner::default().run(&queries, |query| {
            match record.writer.store().search(&Search::of(&query)) {
                Ok(_) | Err(Error::Query { .. }) => Ok(()),
                Err(other) => Err(TestCaseError::fail(format!("{query:?}: {other:?}"))),
            }
        });
        answered.unwrap();
    }
}
