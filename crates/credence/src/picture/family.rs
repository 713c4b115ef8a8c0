use std::collections::BTreeMap;

use super::svg::{Heading, Svg};
use crate::terminal::{one_line, plain};
use crate::wire::{FamilySheet, Member};

/// Reports that are drawn; a picture of more is not read.
const DRAWN: usize = 120;

const BOX: (usize, usize) = (210, 52);
const GAP: (usize, usize) = (150, 22);
const MARGIN: usize = 28;
/// Where the boxes begin, below the name of the family and the days.
const TOP: usize = 96;
/// The height of the legend.
const LEGEND: usize = 76;

/// Draws a copy family: its reports in the order of days, and from each a line to where its text is from.
///
/// Lines differ by their dashes and carry the name of the class, so that nothing is told by colour alone. The same family
/// gives the same bytes.
pub(crate) fn family(sheet: &FamilySheet) -> String {
    let drawn = Drawn::of(sheet);
    let (width, height) = drawn.size();
    let title = format!("Copies of one text: {} reports", sheet.members.len());
    let mut svg = Svg::default();
    put(&mut svg, (MARGIN, 32), "head", &title);
    put(&mut svg, (MARGIN, 52), "faint", &one_line(&origin(sheet), (width / 7).max(30)));
    drawn.days(&mut svg);
    drawn.lines(&mut svg);
    drawn.boxes(&mut svg);
    legend(&mut svg, height - LEGEND + 20);
    svg.finished((width as f64, height as f64), &Heading { title: &title, description: &described(sheet) })
}

/// Where each report stands.
struct Drawn<'a> {
    sheet: &'a FamilySheet,
    /// The days from left to right; undated reports come last.
    days: Vec<String>,
    places: BTreeMap<&'a str, (usize, usize)>,
}

impl<'a> Drawn<'a> {
    fn of(sheet: &'a FamilySheet) -> Drawn<'a> {
        let mut days: Vec<String> = Vec::new();
        let mut rows: Vec<usize> = Vec::new();
        let mut places = BTreeMap::new();
        for member in sheet.members.iter().take(DRAWN) {
            let day = member.published.map_or("no day known".to_owned(), |day| day.to_string());
            let column = days.iter().position(|other| *other == day).unwrap_or_else(|| {
                days.push(day);
                rows.push(0);
                days.len() - 1
            });
            places.insert(member.id.as_str(), (column, rows[column]));
            rows[column] += 1;
        }
        Drawn { sheet, days, places }
    }

    fn size(&self) -> (usize, usize) {
        let rows = self.places.values().map(|(_, row)| row + 1).max().unwrap_or(1);
        // Copies of the last day are linked on its right.
        let width = MARGIN + self.days.len().max(1) * (BOX.0 + GAP.0);
        (width.max(MARGIN + 3 * 240), TOP + rows * (BOX.1 + GAP.1) + LEGEND)
    }

    fn corner(&self, id: &str) -> Option<(usize, usize)> {
        let &(column, row) = self.places.get(id)?;
        Some((MARGIN + column * (BOX.0 + GAP.0), TOP + row * (BOX.1 + GAP.1)))
    }

    fn days(&self, svg: &mut Svg) {
        for (column, day) in self.days.iter().enumerate() {
            put(svg, (MARGIN + column * (BOX.0 + GAP.0), TOP - 14), "faint", day);
        }
    }

    fn lines(&self, svg: &mut Svg) {
        for tie in &self.sheet.ties {
            if let (Some(from), Some(to)) = (self.corner(&tie.of), self.corner(&tie.report)) {
                line(svg, (from, to), class(&tie.link.kind));
            }
        }
    }

    fn boxes(&self, svg: &mut Svg) {
        for member in self.sheet.members.iter().take(DRAWN) {
            if let Some(corner) = self.corner(&member.id) {
                self.report(svg, member, corner);
            }
        }
    }

    fn report(&self, svg: &mut Svg, member: &Member, (x, y): (usize, usize)) {
        let is_origin = self.sheet.origin.as_deref() == Some(member.id.as_str());
        let look = if is_origin { "box first" } else { "box" };
        let outlet = member.outlet.as_deref().map_or("outlet not known".to_owned(), plain);
        let head = if is_origin { format!("{outlet} (origin)") } else { outlet };
        svg.element(
            "rect",
            &[("class", &look), ("x", &x), ("y", &y), ("width", &BOX.0), ("height", &BOX.1), ("rx", &4)],
        );
        put(svg, (x + 10, y + 21), "word", &one_line(&head, 27));
        put(svg, (x + 10, y + 40), "faint", &one_line(&member.id, 27));
    }
}

/// Returns the fixed word for a class of copy, so that nothing else can become an attribute.
fn class(kind: &str) -> &'static str {
    match kind {
        "identical" => "identical",
        "syndicated" => "syndicated",
        _ => "rewritten",
    }
}

/// Draws a line from one box to a later one, with the name of the class on it.
fn line(svg: &mut Svg, (from, to): ((usize, usize), (usize, usize)), class: &'static str) {
    let half = BOX.1 / 2;
    let (path, label) = if from.0 == to.0 {
        // Of one day: an arc along the right edge.
        let (x, y, end) = (from.0 + BOX.0, from.1 + half, to.1 + half);
        let out = x + GAP.0 / 3;
        (format!("M{x} {y} C{out} {y} {out} {end} {x} {end}"), (x + 8, to.1 + half - 4))
    } else {
        let (x, y, end_x, end) = (from.0 + BOX.0, from.1 + half, to.0, to.1 + half);
        let middle = x.midpoint(end_x);
        (format!("M{x} {y} C{middle} {y} {middle} {end} {end_x} {end}"), (end_x.saturating_sub(84), end - 4))
    };
    svg.element("path", &[("class", &format!("line {class}")), ("d", &path)]);
    put(svg, label, "faint", class);
}

fn legend(svg: &mut Svg, y: usize) {
    let kinds = [
        ("identical", "the same text"),
        ("syndicated", "cut, or with another lead"),
        ("rewritten", "partly in other words"),
    ];
    for (at, (class, meaning)) in kinds.into_iter().enumerate() {
        let x = MARGIN + at * 240;
        let path = format!("M{x} {y} L{} {y}", x + 40);
        svg.element("path", &[("class", &format!("line {class}")), ("d", &path)]);
        put(svg, (x + 48, y + 4), "word", class);
        put(svg, (x + 48, y + 22), "faint", meaning);
    }
}

fn put(svg: &mut Svg, (x, y): (usize, usize), class: &str, words: &str) {
    svg.text((x as f64, y as f64), (class, "start"), words);
}

fn origin(sheet: &FamilySheet) -> String {
    let origin = sheet
        .origin
        .as_deref()
        .map_or("Likely origin: unknown".to_owned(), |origin| format!("Likely origin: {}", plain(origin)));
    format!("{origin} ({})", plain(&sheet.reason))
}

/// Tells the picture in words.
fn described(sheet: &FamilySheet) -> String {
    let mut told = format!("{}. Time runs from left to right.", origin(sheet));
    for tie in sheet.ties.iter().take(DRAWN) {
        told += &format!(" {} is {} with {}.", plain(&tie.report), tie.link.kind, plain(&tie.of));
    }
    if sheet.members.len() > DRAWN {
        told += &format!(" {} more reports are not drawn.", sheet.members.len() - DRAWN);
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{FamilyTie, Link};

    fn member(id: &str, day: Option<&str>) -> Member {
        Member {
            id: id.to_owned(),
            original: String::new(),
            published: day.map(|day| day.parse().unwrap()),
            outlet: Some("Lesk <Post> & Sons".to_owned()),
            title: None,
            wire: None,
        }
    }

    fn sheet() -> FamilySheet {
        let link = Link {
            a: "a".to_owned(),
            b: "b".to_owned(),
            kind: "syndicated".to_owned(),
            containment: 0.5,
            passages: Vec::new(),
            reasons: Vec::new(),
        };
        FamilySheet {
            id: "f-1".to_owned(),
            members: vec![member("a", Some("2031-03-12")), member("b\u{1b}[2J", None)],
            origin: Some("a".to_owned()),
            reason: "only \"this\" one".to_owned(),
            ties: vec![FamilyTie {
                report: "b\u{1b}[2J".to_owned(),
                of: "a".to_owned(),
                link,
                words: Vec::new(),
            }],
            left_out: 0,
        }
    }

    #[test]
    fn nothing_of_a_report_is_markup() {
        let svg = family(&sheet());
        assert!(svg.contains("Lesk &lt;Post&gt; &amp; Sons"));
        assert!(!svg.contains('\u{1b}') && !svg.contains("<Post>"));
    }

    #[test]
    fn what_is_drawn_is_told_in_words_too() {
        let svg = family(&sheet());
        assert!(svg.contains("role=\"img\"") && svg.contains("b [2J is syndicated with a."));
        assert!(svg.contains("prefers-color-scheme"));
        assert_eq!(svg, family(&sheet()));
    }

    #[test]
    fn days_stand_from_left_to_right() {
        let sheet = sheet();
        let drawn = Drawn::of(&sheet);
        assert_eq!(drawn.days, ["2031-03-12", "no day known"]);
        assert!(drawn.corner("a").unwrap().0 < drawn.corner("b\u{1b}[2J").unwrap().0);
    }
}
