//! The `WHERE` of a filter, put together from the parts that are given.

use jiff::civil::Date;
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;

use crate::days::day_text;

/// What a row must fulfil to be listed. Words of the user go into `values`, never into the SQL.
#[derive(Default)]
pub(crate) struct Conditions {
    sql: String,
    pub(crate) values: Vec<Value>,
}

impl Conditions {
    /// Requires a condition that holds no value.
    pub(crate) fn require(&mut self, condition: &str) {
        self.sql.push_str(if self.sql.is_empty() { " WHERE " } else { " AND " });
        self.sql.push_str(condition);
    }

    /// Requires that the column is just this, if given.
    pub(crate) fn equals(&mut self, column: &str, wanted: Option<impl Into<Value>>) {
        if let Some(wanted) = wanted {
            self.require(&format!("{column} = ?"));
            self.values.push(wanted.into());
        }
    }

    /// Requires that the column holds these words in any case, if given.
    pub(crate) fn holds(&mut self, column: &str, wanted: Option<&str>) {
        if let Some(wanted) = wanted {
            self.require(&format!("holds({column}, ?)"));
            self.values.push(folded(wanted).into());
        }
    }

    /// Requires that the column holds the name of a place, if given.
    pub(crate) fn names(&mut self, column: &str, wanted: Option<&PlaceNamed>) {
        if let Some(wanted) = wanted {
            self.require(&wanted.condition(column));
            self.values.extend(wanted.values());
        }
    }

    /// Requires that the days from `first` to `last` meet `days`, if it has any end. Undated rows do not.
    pub(crate) fn overlap(&mut self, (first, last): (&str, &str), days: Days) {
        if let Some(from) = days.from {
            self.require(&format!("coalesce({last}, {first}) >= ?"));
            self.values.push(day_text(Some(from)).into());
        }
        if let Some(to) = days.to {
            self.require(&format!("coalesce({first}, {last}) <= ?"));
            self.values.push(day_text(Some(to)).into());
        }
    }

    /// Requires that a row stands behind the one that ended the page before, in the order of the newest.
    ///
    /// Nothing is counted off: the hundredth page costs what the first does.
    pub(crate) fn behind(&mut self, newest: &Newest, last: Option<impl Into<Value>>) {
        if let Some(last) = last {
            self.behind_or(newest, last, ("?", 0));
        }
    }

    /// Requires that a row stands behind a place, whatever is there now.
    pub(crate) fn behind_key(&mut self, newest: &Newest, (last_day, last): (String, String)) {
        let Newest { day, name, .. } = newest;
        self.require(&format!("{day} <= ?"));
        self.require(&format!("({day} < ? OR {name} < ?)"));
        self.values.extend([last_day.clone(), last_day, last].map(Value::from));
    }

    /// Requires that a row stands behind the one of this name, or is part of it and fulfils a condition.
    pub(crate) fn behind_or(&mut self, newest: &Newest, last: impl Into<Value>, (part, value): (&str, i64)) {
        let Newest { day, name, day_of } = newest;
        // The database finds its way into an index of an expression by the first of these alone.
        self.require(&format!("{day} <= ({day_of})"));
        self.require(&format!("({day} < ({day_of}) OR {name} < ? OR {name} = ? AND {part})"));
        let last = last.into();
        self.values.extend([last.clone(), last.clone(), last.clone(), last, value.into()]);
    }

    /// Returns the statement that lists the rows of `list` that fulfil this.
    pub(crate) fn select(mut self, list: List, page: Page) -> Select {
        let sql = format!("{}{} ORDER BY {} LIMIT ? OFFSET ?", list.rows, self.sql, list.order);
        self.values.push(page.limit.map_or(i64::MAX, clamped).into());
        self.values.push(clamped(page.skip).into());
        Select { sql, values: self.values }
    }
}

/// What is listed, and in which order.
pub(crate) struct List {
    /// `SELECT … FROM …`.
    pub(crate) rows: &'static str,
    /// What stands after `ORDER BY`.
    pub(crate) order: String,
}

/// An order that begins with the newest, and has undated rows last.
pub(crate) struct Newest {
    /// The day of a row, or no text.
    pub(crate) day: &'static str,
    /// What a row is named by, and which goes first among those of one day.
    pub(crate) name: &'static str,
    /// Selects the day of the row of a name.
    pub(crate) day_of: &'static str,
}

impl Newest {
    /// Returns what stands after `ORDER BY`.
    pub(crate) fn order(&self) -> String {
        format!("{} DESC, {} DESC", self.day, self.name)
    }
}

/// A whole statement and the values that it asks for.
pub(crate) struct Select {
    pub(crate) sql: String,
    pub(crate) values: Vec<Value>,
}

fn clamped(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A stretch of days, both ends included; an open end has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Days {
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
}

/// A place that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlaceNamed {
    /// Words in its name, in any case.
    pub words: String,
    /// Names that will do as well where they stand as whole words: of what may be written in another way.
    pub names: Vec<String>,
}

impl From<&str> for PlaceNamed {
    fn from(words: &str) -> PlaceNamed {
        PlaceNamed { words: words.to_owned(), names: Vec::new() }
    }
}

impl PlaceNamed {
    /// Returns what a column must fulfil, with a question mark for each of the values.
    pub(crate) fn condition(&self, column: &str) -> String {
        let names = format!(" OR named({column}, ?)").repeat(self.names.len());
        format!("(holds({column}, ?){names})")
    }

    /// Returns the values that the condition asks for.
    pub(crate) fn values(&self) -> impl Iterator<Item = Value> + '_ {
        std::iter::once(&self.words).chain(&self.names).map(|words| folded(words).into())
    }
}

/// In which order rows are handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// By day, undated rows last.
    #[default]
    Oldest,
    /// The latest day first, undated rows last.
    Newest,
}

impl Order {
    pub(crate) fn of(self, oldest: &str, newest: &Newest) -> String {
        match self {
            Order::Oldest => oldest.to_owned(),
            Order::Newest => newest.order(),
        }
    }
}

/// Which of the rows that fulfil a filter are handed over. The default is all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Page {
    /// How many rows are passed over first.
    pub skip: u64,
    /// How many rows are handed over at most; all of them if `None`.
    pub limit: Option<u64>,
}

/// Returns the words in lower case, by which the filters compare.
pub(crate) fn folded(words: &str) -> String {
    words.to_lowercase()
}

/// Adds the SQL functions `holds(text, folded words)`, and `named(text, folded name)` for whole words.
///
/// `LIKE` knows no case outside ASCII, and `%` and `_` in the words would match anything.
pub(crate) fn add_holds(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    for (function, fits) in [("holds", holds as fn(&str, &str) -> bool), ("named", is_named)] {
        connection.create_scalar_function(function, 2, flags, move |call| {
            let text = call.get_raw(0).as_str_or_null().ok().flatten();
            let words = call.get_raw(1).as_str_or_null().ok().flatten().unwrap_or("");
            Ok(text.is_some_and(|text| fits(&folded(text), words)))
        })?;
    }
    Ok(())
}

fn holds(text: &str, words: &str) -> bool {
    text.contains(words)
}

/// Tells whether a name stands in a text as whole words: claims have a place as written and as the gazetteer has it.
fn is_named(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let (before, after) = (text[..at].chars().next_back(), text[at + name.len()..].chars().next());
        !before.into_iter().chain(after).any(char::is_alphanumeric)
    })
}
