//! The query of a user, made one that the index can answer.

use tantivy::query::{EmptyQuery, Query, QueryParser, QueryParserError};

use crate::Error;
use crate::index::SearchIndex;

/// The parser of queries calls itself for each parenthesis, and its time grows fast with their depth.
const DEEPEST: usize = 8;

/// Longer ones are pasted texts.
const LONGEST_QUERY: usize = 2_000;

/// A match in the title weighs as much as this many in the text.
const TITLE_WEIGHT: f32 = 2.0;

/// The fields that a query may name: `title:bridge`. Any other word with a colon is taken as it stands.
const FIELDS: [&str; 4] = ["title", "text", "outlet", "kind"];

/// What a user asked for.
pub(crate) struct Asked {
    pub(crate) words: Box<dyn Query>,
    /// Parts that were passed over.
    pub(crate) notes: Vec<String>,
}

/// Reads the query, passing over what cannot be read.
pub(crate) fn asked(index: &SearchIndex, query: &str) -> Result<Asked, Error> {
    refuse_unbounded(query)?;
    let fields = &index.fields;
    let mut parser = QueryParser::for_index(&index.index, vec![fields.title, fields.text]);
    parser.set_conjunction_by_default();
    parser.set_field_boost(fields.title, TITLE_WEIGHT);
    let (words, problems) = parser.parse_query_lenient(&as_the_parser_reads_it(query));
    if words.is::<EmptyQuery>() {
        let problem = "it holds no words that can be searched for".to_owned();
        let hint = "give words, a \"phrase\", and OR, NOT or parentheses between them";
        return Err(Error::Query { query: query.to_owned(), problem, hint });
    }
    Ok(Asked { words, notes: problems.iter().filter_map(note).collect() })
}

/// Refuses what holds nothing to look for, and what would take the parser long.
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

/// Rewrites what the parser of the index takes otherwise than people mean it.
///
/// It finds nothing at all for `AND NOT`, but does for `AND -`; and it takes any word before a colon for a field.
/// What stands in double quotes stays; quotation marks of typesetting count as such.
fn as_the_parser_reads_it(query: &str) -> String {
    let query = query.replace(['“', '”', '„', '«', '»'], "\"");
    let parts = query.split('"').enumerate().map(|(number, part)| {
        let is_quoted = number % 2 == 1;
        if is_quoted {
            part.to_owned()
        } else {
            part.split_inclusive(char::is_whitespace).map(word).collect()
        }
    });
    parts.collect::<Vec<_>>().join("\"")
}

/// Rewrites one word, with the white space behind it.
fn word(word: &str) -> String {
    let bare = word.trim_start_matches(['(', '+', '-']);
    if bare.trim_end() == "NOT" {
        return word.replacen(bare, "-", 1);
    }
    let is_field = bare.split_once(':').is_some_and(|(field, _)| FIELDS.contains(&field));
    if is_field { word.to_owned() } else { word.replace(':', " ") }
}

/// Says what was passed over, if that is of use to the user.
fn note(problem: &QueryParserError) -> Option<String> {
    match problem {
        // The parser answers such a query all the same.
        QueryParserError::AllButQueryForbidden => None,
        QueryParserError::SyntaxError(what) => {
            Some(format!("the query was read in part: {}", what.replace('\\', "")))
        }
        other => Some(format!("the query was read in part: {other}")),
    }
}
