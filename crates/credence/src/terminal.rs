//! How text looks: width, wrapping, colour, columns.

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr as _;

/// What a stretch of output means; the looks follow from it. Never the only sign of a difference.
pub(crate) const HEADING: Style = Style::new().bold();
pub(crate) const FAINT: Style = Style::new().dimmed();
pub(crate) const FIGURE: Style = AnsiColor::Cyan.on_default();
pub(crate) const STATEMENT: Style = AnsiColor::Green.on_default();
pub(crate) const ALLEGATION: Style = AnsiColor::Red.on_default();
pub(crate) const DETERMINATION: Style = AnsiColor::Magenta.on_default();
pub(crate) const MATCH: Style = AnsiColor::Yellow.on_default().bold();

/// Puts `words` into a style.
pub(crate) fn styled(style: Style, words: &str) -> String {
    format!("{style}{words}{style:#}")
}

/// Returns the columns to fill: what COLUMNS says, else the terminal's, or 100 in a pipe; from 30 to 140.
pub(crate) fn width() -> usize {
    let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal =
        || terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0));
    asked.or_else(terminal).unwrap_or(100).clamp(30, 140)
}

/// Wraps `words` to the width, each line behind `indent`. Words are never cut: a name of a file is to be copied.
pub(crate) fn wrapped(words: &str, indent: &str) -> String {
    let options = textwrap::Options::new(width())
        .initial_indent(indent)
        .subsequent_indent(indent)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .break_words(false);
    textwrap::fill(words, options)
}

/// Cuts `words` to one line of at most `columns`, with an ellipsis where something is left out. Control characters
/// of the text are shown as spaces: a report must not steer the reader's terminal.
pub(crate) fn one_line(words: &str, columns: usize) -> String {
    let plain = plain(words);
    if plain.width() <= columns {
        return plain;
    }
    let mut line = String::new();
    for word in plain.chars() {
        if line.width() + 2 > columns {
            break;
        }
        line.push(word);
    }
    line.trim_end().to_owned() + "…"
}

/// Joins white space, and puts a space for each mark that does something to a terminal instead of being seen.
pub(crate) fn plain(words: &str) -> String {
    visible(words).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Like [`plain`], but keeps a space at either end: for a stretch that others are put beside.
pub(crate) fn plain_piece(words: &str) -> String {
    let visible = visible(words);
    let joined = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let space = |is: bool| if is { " " } else { "" };
    let before = space(visible.starts_with(' ') || visible.starts_with(char::is_whitespace));
    let after = space(!joined.is_empty() && visible.ends_with(char::is_whitespace));
    format!("{before}{joined}{after}")
}

/// Puts a space for each mark that is unseen.
fn visible(words: &str) -> String {
    words.chars().map(|mark| if is_unseen(mark) { ' ' } else { mark }).collect()
}

/// Tells whether a mark does something to the words around it, or nothing, instead of being seen: control characters, breaks of
/// lines, marks that turn the writing direction, and spaces without width. Those that join letters are part of a word.
pub(crate) fn is_unseen(mark: char) -> bool {
    mark.is_control()
        || matches!(mark, '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}')
        || matches!(mark, '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// No column but the last is wider: one long name must not push all others away.
const WIDEST: usize = 48;

/// Lays out rows in aligned columns; the last column is cut to what is left of the width.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| narrowed_row(row, rows.iter().map(Vec::len).max().unwrap_or(0))).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|i| rows.iter().filter_map(|row| row.get(i)).map(|cell| cell.width()).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (i, cell) in row.iter().enumerate() {
            if i + 1 == columns {
                line += &one_line(cell, width().saturating_sub(line.width()).max(20));
            } else {
                line += cell;
                line += &" ".repeat(widths[i] - cell.width() + 2);
            }
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

fn narrowed_row(row: &[String], columns: usize) -> Vec<String> {
    let is_last = |i: usize| i + 1 == columns;
    row.iter().enumerate().map(|(i, cell)| if is_last(i) { cell.clone() } else { narrowed(cell) }).collect()
}

fn narrowed(cell: &str) -> String {
    let indent = cell.len() - cell.trim_start().len();
    if cell.width() <= WIDEST {
        cell.to_owned()
    } else {
        format!("{}{}", &cell[..indent], one_line(cell, WIDEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_cannot_steer_the_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\u{202e}c\n\nd"), "a [2Jb c d");
        assert_eq!(
            plain("a\u{200f}b\u{2028}c\u{feff} \u{645}\u{200c}\u{6cc}"),
            "a b c \u{645}\u{200c}\u{6cc}"
        );
        assert_eq!(one_line("Київ і Харків", 8), "Київ і…");
    }
}
