//! Texts that begin with their day of publication: `date YYYY-MM-DD <text>`.

use std::sync::LazyLock;

use model::{BoilerplateReason, Note, Text};
use regex::Regex;

use super::decode::Decoded;
use super::{Block, Given, lines, published};
use crate::Source;

static PREFIX: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[\s\x{feff}]*(date\s+(\d{4}-\d{2}-\d{2}))(?:\s|$)").expect("the pattern is a constant")
});

/// Takes the day off the front. A day that cannot be is told in a note, and the text is read all the same.
pub(super) fn take(source: &Source<'_>, decoded: Decoded) -> Given {
    let Decoded { text, encoding, mut notes } = decoded;
    let mut metadata = source.metadata.clone();
    let mut blocks = Vec::new();
    let mut from = 0;
    if let Some((prefix, written)) = prefix(&text) {
        from = prefix.end;
        let day = published::day(written);
        if day.is_none() {
            notes.push(Note(format!(
                "{written} is no day of the calendar; the day of publication is unknown"
            )));
        }
        metadata.published = day.or(metadata.published);
        blocks.push(Block { range: prefix, aside: Some(BoilerplateReason::Date) });
    } else {
        notes.push(Note("no `date YYYY-MM-DD` in front of the text".to_owned()));
    }
    blocks.extend(lines(&text, from));
    let text = Text::verbatim(source.digest, text);
    Given { text, encoding, metadata, language: None, blocks, notes }
}

fn prefix(text: &str) -> Option<(std::ops::Range<usize>, &str)> {
    let found = PREFIX.captures(text)?;
    Some((found.get(1)?.range(), found.get(2)?.as_str()))
}
