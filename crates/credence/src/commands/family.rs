use std::io::Write as _;

use anyhow::Context as _;
use preserve::Reader;
use unicode_width::UnicodeWidthStr as _;

use super::{Desk, Outcome, show, stories};
use crate::cli::Family;
use crate::incidents::Shelf;
use crate::output::talk;
use crate::record::originals_folder;
use crate::terminal::{FAINT, HEADING, plain, styled, width, wrapped};
use crate::wire::{FamilySheet, FamilyTie};
use crate::{family, picture, wire};

/// Shows the copies of a report.
pub(super) fn run(desk: &Desk, asked: &Family) -> anyhow::Result<Outcome> {
    stories::bring_up_to_date(desk)?;
    let store = desk.store()?;
    let id =
        asked.id.strip_prefix("f-").filter(|digits| digits.chars().all(|digit| digit.is_ascii_hexdigit()));
    let report = show::one_report(&store, id.unwrap_or(&asked.id))?;
    let reader = Reader::new(originals_folder(&desk.folder));
    let Some(sheet) = family::sheet(&Shelf { store: &store, reader: &reader }, report.id)? else {
        talk(&format!(
            "{} is no copy of another report in the record, and none is one of it",
            report.row.name
        ));
        return Ok(Outcome::Nothing);
    };
    if let Some(file) = &asked.svg {
        std::fs::write(file, picture::family(&sheet)).with_context(|| format!("{}", file.display()))?;
    }
    let mut out = desk.out(asked.json);
    match asked.json {
        true => writeln!(out, "{}", wire::json(&sheet))?,
        false => write!(out, "{}", text(&sheet, asked.all))?,
    }
    Ok(Outcome::Found)
}

/// How many members and passages are shown before the rest is counted.
const SHOWN: usize = 8;

fn text(sheet: &FamilySheet, all: bool) -> String {
    let shown = |len: usize| if all { len } else { len.min(SHOWN) };
    let mut text = styled(HEADING, &format!("{} reports of one text", sheet.members.len())) + "\n";
    let origin = sheet.origin.as_deref().map_or("unknown".to_owned(), plain);
    text += &format!(
        "{}\n",
        wrapped(&format!("{} · likely origin: {origin}, for {}", sheet.id, plain(&sheet.reason)), "  ")
    );
    for member in &sheet.members[..shown(sheet.members.len())] {
        let day = member.published.map_or("no day    ".to_owned(), |day| day.to_string());
        let outlet = member.outlet.as_deref().map_or("outlet not known".to_owned(), plain);
        let wire = member.wire.as_deref().map_or(String::new(), |wire| format!(", credits {}", plain(wire)));
        text += &format!("{}\n", wrapped(&format!("{day}  {}  {outlet}{wire}", plain(&member.id)), "  "));
    }
    text += &rest(sheet.members.len() - shown(sheet.members.len()), "member");
    for tie in &sheet.ties[..shown(sheet.ties.len())] {
        text += &tied(tie, all);
    }
    text += &rest(sheet.ties.len() - shown(sheet.ties.len()), "link");
    if sheet.left_out > 0 {
        text += &format!("  {} members were not compared here: only the earliest are\n", sheet.left_out);
    }
    text
}

fn rest(count: usize, noun: &str) -> String {
    match count {
        0 => String::new(),
        1 => format!("  and 1 {noun} more (--all)\n"),
        many => format!("  and {many} {noun}s more (--all)\n"),
    }
}

/// How many passages of one link are shown.
const PASSAGES: usize = 2;

fn tied(tie: &FamilyTie, all: bool) -> String {
    let class = match tie.link.kind.as_str() {
        "identical" => "is the same text as",
        "syndicated" => "is the same text, cut or with another lead, as",
        _ => "tells in other words the text of",
    };
    let head = format!(
        "{} {class} {} ({:.0} of 100 of the shorter one's own words are in the other)",
        plain(&tie.report),
        plain(&tie.of),
        tie.link.containment * 100.0
    );
    let mut text = format!("\n{}\n", wrapped(&head, "  "));
    for reason in &tie.link.reasons {
        text += &styled(FAINT, &wrapped(&format!("because {}", plain(reason)), "    "));
        text.push('\n');
    }
    let shown = if all { tie.words.len() } else { tie.words.len().min(PASSAGES) };
    for (passage, words) in tie.link.passages.iter().zip(&tie.words).take(shown) {
        let quoted = if passage.quoted { ", speech that both quote" } else { "" };
        text += &format!("    {} words in common{quoted}:\n", passage.words);
        text += &beside(words, if all { usize::MAX } else { LINES });
    }
    text + &rest(tie.words.len() - shown, "passage").replace("  and", "    and")
}

/// How many lines of a passage are shown.
const LINES: usize = 6;

/// Sets two passages side by side, the first lines of them.
fn beside([a, b]: &[String; 2], most: usize) -> String {
    let column = (width().saturating_sub(11) / 2).max(12);
    let (left, right) = (lines(a, column), lines(b, column));
    let mut text = String::new();
    let count = left.len().max(right.len());
    for at in 0..count.min(most) {
        let (one, two) = (left.get(at).map_or("", String::as_str), right.get(at).map_or("", String::as_str));
        let pad = " ".repeat(column.saturating_sub(one.width()));
        text += format!("      {one}{pad} | {two}").trim_end();
        text.push('\n');
    }
    if count > most {
        text += "      … (--all)\n";
    }
    text
}

fn lines(words: &str, column: usize) -> Vec<String> {
    // Long words are cut here: a line that is too long would tear the columns apart.
    textwrap::wrap(&plain(words), column).into_iter().map(|line| line.into_owned()).collect()
}
