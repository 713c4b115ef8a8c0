use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use super::cutout::{Cutout, HEIGHT, WIDTH};
use super::names::{NAMES, Name, NameKind, least_people};
use super::svg::{Heading, Svg};
use super::world::{Kind, Line, WORLD};
use crate::describe::grouped;
use crate::terminal::{one_line, plain};

/// A place of which reports allege something.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    pub(crate) name: String,
    /// Degrees north and east.
    pub(crate) at: (f64, f64),
    /// Kilometres around the point that are meant.
    pub(crate) radius: f64,
    /// How many incidents are told to have been there.
    pub(crate) incidents: usize,
    /// How many of them somebody denies.
    pub(crate) denied: usize,
}

/// What stands for one place, or for several that would cover each other.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mark {
    pub(crate) x: f64,
    pub(crate) y: f64,
    /// Pixels.
    pub(crate) radius: f64,
    /// The places, by their positions; the first is the one that it stands at.
    pub(crate) places: Vec<usize>,
    pub(crate) incidents: usize,
    /// How many of them somebody denies.
    pub(crate) denied: usize,
    /// Whether it stands for regions or countries.
    pub(crate) is_broad: bool,
}

/// Whose view of borders a map draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Borders {
    /// That of the General Assembly of the United Nations.
    #[default]
    Assembly,
    /// Who holds the ground.
    Held,
}

/// Height of what stands below a map.
const FOOT: f64 = 134.0;
/// Height of a map with what stands below it.
pub(crate) const TALL: f64 = HEIGHT + FOOT;
/// Pixels between two marks, at least.
const APART: f64 = 22.0;
/// Names of marks that are written on a map, at most.
const NAMED: usize = 40;
/// Names of towns of which nothing is told that are written on a map, at most.
const TOWNS: usize = 40;
/// Parts of its name that a country is wide, at least, to bear it.
const BEARS: f64 = 0.7;
/// Pixels by which the name of a country gives way to what is there, and the most of its width that it may.
const ASIDES: [f64; 5] = [0.0, -16.0, 16.0, -32.0, 32.0];
/// See [`ASIDES`].
const MOVED: f64 = 0.2;
/// Pixels of a letter in the name of a country and in that of a town, about.
const LETTER: (f64, f64) = (8.4, 6.4);
/// Pixels between a mark and the ring around it.
const RING: f64 = 4.0;
/// Pixels around a map in which lines are still drawn, so that none ends in sight.
const MARGIN: f64 = 8.0;

/// Returns how many kilometres around a point are meant: gazetteers know the middle of a place, not its edges, and so
/// all places of one kind are as large as such places commonly are.
pub(crate) fn radius(precision: &str) -> f64 {
    match precision {
        "settlement" => 0.0,
        "near" => 15.0,
        "region" => 60.0,
        "country" => 300.0,
        _ => 800.0,
    }
}

/// Beyond this radius, a place is one where something was somewhere.
const BROAD: f64 = 30.0;

/// Puts places into marks that can be told apart, those with most incidents first.
pub(crate) fn marks(cutout: Cutout, places: &[Place]) -> Vec<Mark> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(places[at].incidents));
    let mut marks: Vec<Mark> = Vec::new();
    let mut cells: HashMap<(bool, i64, i64), Vec<usize>> = HashMap::new();
    for at in order {
        let place = &places[at];
        let (x, y) = cutout.point(place.at);
        if !(0.0..=WIDTH).contains(&x) || !(0.0..=HEIGHT).contains(&y) {
            continue;
        }
        let is_broad = place.radius > BROAD;
        let cell = |x: f64| (x / APART).floor() as i64;
        let (column, row) = (cell(x), cell(y));
        let around = (-1..=1).flat_map(|right| (-1..=1).map(move |down| (right, down)));
        let near = around
            .filter_map(|(right, down)| cells.get(&(is_broad, column + right, row + down)))
            .flatten()
            .find(|&&mark| (marks[mark].x - x).hypot(marks[mark].y - y) < APART)
            .copied();
        match near {
            Some(mark) => {
                marks[mark].places.push(at);
                marks[mark].incidents += place.incidents;
                marks[mark].denied += place.denied;
            }
            None => {
                cells.entry((is_broad, column, row)).or_default().push(marks.len());
                let (incidents, denied) = (place.incidents, place.denied);
                marks.push(Mark { x, y, radius: 0.0, places: vec![at], incidents, denied, is_broad });
            }
        }
    }
    for mark in &mut marks {
        mark.radius = match mark.incidents {
            0 | 1 => 6.0,
            many => (8.0 + 2.0 * (many as f64).log2()).min(22.0),
        };
    }
    marks
}

/// What is drawn.
pub(crate) struct Map<'a> {
    pub(crate) cutout: Cutout,
    pub(crate) places: &'a [Place],
    pub(crate) borders: Borders,
    /// What the map does not show, in words.
    pub(crate) lacks: &'a str,
}

impl Map<'_> {
    /// Draws a map of where reports allege that something was done.
    pub(crate) fn drawn(&self) -> String {
        let mut svg = Svg::default();
        svg.element("rect", &[("class", &"sea"), ("width", &WIDTH), ("height", &HEIGHT)]);
        self.base(&mut svg);
        self.net(&mut svg);
        let marks = marks(self.cutout, self.places);
        self.extents(&mut svg, &marks);
        for mark in marks.iter().rev() {
            draw_mark(&mut svg, mark);
        }
        let taken = self.names(&mut svg, &marks);
        self.ground_names(&mut svg, taken);
        self.foot(&mut svg);
        let description = self.described(&marks);
        let heading =
            Heading { title: "Where reports allege that something was done", description: &description };
        svg.finished((WIDTH, TALL), &heading)
    }

    fn base(&self, svg: &mut Svg) {
        let path_of = |kind: Kind| {
            let mut path = String::new();
            for line in WORLD.iter().filter(|line| line.kind == kind) {
                for turn in [-360.0, 0.0, 360.0] {
                    trace(&mut path, self.cutout, (line, turn));
                }
            }
            path
        };
        svg.element("path", &[("class", &"land"), ("d", &path_of(Kind::Land))]);
        svg.element("path", &[("class", &"border"), ("d", &path_of(Kind::Border))]);
        svg.element("path", &[("class", &"border disputed"), ("d", &path_of(Kind::Disputed))]);
        if self.borders == Borders::Held {
            svg.element("path", &[("class", &"border disputed"), ("d", &path_of(Kind::Held))]);
        }
    }

    /// Draws lines of equal longitude and latitude, with their degrees.
    fn net(&self, svg: &mut Svg) {
        let steps = [0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0];
        let step = steps.into_iter().find(|step| self.cutout.width() / step <= 9.0).unwrap_or(60.0);
        let bounds = self.cutout.bounds();
        let east = if bounds.east <= bounds.west { bounds.east + 360.0 } else { bounds.east };
        // Around the world, the last line is the first again.
        let all = multiples(step, (bounds.west, east));
        for longitude in all.filter(|longitude| longitude - bounds.west < 360.0) {
            let turned = (longitude + 180.0).rem_euclid(360.0) - 180.0;
            let (x, _) = self.cutout.point((0.0, turned));
            svg.element("path", &[("class", &"net"), ("d", &format!("M{x:.1} 0V{HEIGHT}"))]);
            svg.text((x + 3.0, 13.0), ("degree", "start"), &degrees(turned, ("E", "W")));
        }
        for latitude in multiples(step, (bounds.south, bounds.north)) {
            let (_, y) = self.cutout.point((latitude, 0.0));
            svg.element("path", &[("class", &"net"), ("d", &format!("M0 {y:.1}H{WIDTH}"))]);
            svg.text((4.0, y - 3.0), ("degree", "start"), &degrees(latitude, ("N", "S")));
        }
    }

    /// Draws how much ground is meant by each place that is more than a town.
    fn extents(&self, svg: &mut Svg, marks: &[Mark]) {
        let shown = marks.iter().flat_map(|mark| &mark.places).map(|&at| &self.places[at]);
        for place in shown.filter(|place| place.radius > 0.0) {
            let (x, y) = self.cutout.point(place.at);
            let (rx, ry) = self.cutout.axes(place.at.0, place.radius);
            let number = |it: f64| format!("{it:.1}");
            svg.element(
                "ellipse",
                &[
                    ("class", &"extent"),
                    ("cx", &number(x)),
                    ("cy", &number(y)),
                    ("rx", &number(rx)),
                    ("ry", &number(ry)),
                ],
            );
        }
    }

    /// Writes the names of the places with most incidents, where they cover nothing, and returns what is covered then.
    fn names(&self, svg: &mut Svg, marks: &[Mark]) -> Vec<[f64; 4]> {
        let mut taken: Vec<[f64; 4]> = marks
            .iter()
            .map(|mark| {
                let reach = mark.reach();
                [mark.x - reach, mark.y - reach, mark.x + reach, mark.y + reach]
            })
            .collect();
        for mark in marks.iter().take(NAMED) {
            let name = one_line(&plain(&self.places[mark.places[0]].name), 26);
            let long = name.chars().count() as f64 * 7.2;
            let (right, left) = (mark.x + mark.reach() + 4.0, mark.x - mark.reach() - 4.0);
            let sides = [(right, right, "start"), (left - long, left, "end")];
            let free = sides.into_iter().find(|(from, ..)| {
                let covers = [*from, mark.y - 9.0, from + long, mark.y + 7.0];
                *from > 0.0 && from + long < WIDTH && !taken.iter().any(|other| meet(other, &covers))
            });
            if let Some((from, at, anchor)) = free {
                taken.push([from, mark.y - 9.0, from + long, mark.y + 7.0]);
                svg.text((at, mark.y + 4.5), ("name", anchor), &name);
            }
        }
        taken
    }

    /// Writes the names of countries, and of towns of which nothing is told, where they cover nothing: the largest first.
    fn ground_names(&self, svg: &mut Svg, mut taken: Vec<[f64; 4]>) {
        // Where degrees are written.
        taken.extend([[0.0, 0.0, WIDTH, 16.0], [0.0, 0.0, 36.0, HEIGHT]]);
        let degree = WIDTH / self.cutout.width();
        let least = least_people(degree);
        let mut free = |covers: [f64; 4]| {
            let is_in = covers[0] > 0.0 && covers[2] < WIDTH && covers[1] > 0.0 && covers[3] < HEIGHT;
            let is_free = is_in && !taken.iter().any(|other| meet(other, &covers));
            if is_free {
                taken.push(covers);
            }
            is_free
        };
        let mut countries: HashSet<&str> = HashSet::new();
        let mut towns = 0;
        for Name { kind, words, at, size } in NAMES.iter() {
            let (x, y) = self.cutout.point(*at);
            let letters = words.chars().count() as f64;
            match kind {
                NameKind::Country => {
                    let long = letters * LETTER.0;
                    if size * degree <= long * BEARS || countries.contains(words) {
                        continue;
                    }
                    let mut asides = ASIDES.into_iter().filter(|aside| aside.abs() <= size * degree * MOVED);
                    let covers = |y: f64| [x - long / 2.0, y - 9.0, x + long / 2.0, y + 7.0];
                    if let Some(aside) = asides.find(|aside| free(covers(y + aside))) {
                        countries.insert(words);
                        svg.text((x, y + aside + 4.0), ("country", "middle"), words);
                    }
                }
                NameKind::Town => {
                    let covers = [x - 4.0, y - 8.0, x + 6.0 + letters * LETTER.1, y + 7.0];
                    if *size >= least && towns < TOWNS && free(covers) {
                        towns += 1;
                        let (cx, cy) = (format!("{x:.1}"), format!("{y:.1}"));
                        svg.element("circle", &[("class", &"town-dot"), ("cx", &cx), ("cy", &cy), ("r", &2)]);
                        svg.text((x + 5.0, y + 4.0), ("town", "start"), words);
                    }
                }
            }
        }
    }

    fn foot(&self, svg: &mut Svg) {
        svg.element("rect", &[("class", &"ground"), ("y", &HEIGHT), ("width", &WIDTH), ("height", &FOOT)]);
        svg.element("path", &[("class", &"net"), ("d", &format!("M0 {HEIGHT}H{WIDTH}"))]);
        let (key, words) = (HEIGHT + 20.0, HEIGHT + 25.0);
        svg.element("circle", &[("class", &"dot"), ("cx", &20.0), ("cy", &key), ("r", &6.0)]);
        svg.text((34.0, words), ("word", "start"), "a town or village is named");
        svg.element(
            "ellipse",
            &[("class", &"extent"), ("cx", &262.0), ("cy", &key), ("rx", &15.0), ("ry", &12.0)],
        );
        svg.element("path", &[("class", &"somewhere"), ("d", &diamond((262.0, key), 6.0))]);
        svg.text(
            (284.0, words),
            ("word", "start"),
            "only a region or country is named: somewhere there, not at its middle",
        );
        draw_mark(
            svg,
            &Mark {
                x: 792.0,
                y: key,
                radius: 11.0,
                places: Vec::new(),
                incidents: 7,
                denied: 0,
                is_broad: false,
            },
        );
        svg.text((810.0, words), ("word", "start"), "so many incidents at one mark");
        self.scale(svg, key);
        let (key, words) = (HEIGHT + 46.0, HEIGHT + 51.0);
        for (x, is_broad) in [(20.0, false), (48.0, true)] {
            let places = Vec::new();
            draw_mark(svg, &Mark { x, y: key, radius: 6.0, places, incidents: 1, denied: 1, is_broad });
        }
        svg.text(
            (68.0, words),
            ("word", "start"),
            "with a ring: somebody denies it or tells it otherwise; of several incidents, at least one",
        );
        let borders = match self.borders {
            Borders::Assembly => {
                "as the UN General Assembly has them: Crimea is part of Ukraine (resolution 68/262)"
            }
            Borders::Held => {
                "as the ground is held, which is no verdict: the line at Crimea is drawn as disputed"
            }
        };
        let borders = format!("Borders {borders}. Broken lines are disputed.");
        svg.text((14.0, HEIGHT + 78.0), ("faint", "start"), &borders);
        let names = "Outlines: Natural Earth, 1:50 million, true to a few kilometres. Names: members and observers of the United Nations; towns by GeoNames (CC BY 4.0).";
        svg.text((14.0, HEIGHT + 98.0), ("faint", "start"), names);
        let circles = "Circles have 60 km around the middle of a region and 300 km around that of a country, whatever its true shape.";
        svg.text((14.0, HEIGHT + 118.0), ("faint", "start"), &format!("{circles} {}", self.lacks));
    }

    fn scale(&self, svg: &mut Svg, y: f64) {
        let lengths = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0];
        let pixels = |length: f64| length / self.cutout.kilometres();
        let length = lengths.into_iter().rev().find(|&length| pixels(length) <= 130.0).unwrap_or(1.0);
        let (right, left) = (WIDTH - 20.0, WIDTH - 20.0 - pixels(length));
        let path = format!("M{left:.1} {y}V{0}H{right}V{y}", y + 6.0);
        svg.element("path", &[("class", &"axis"), ("d", &path)]);
        let about = if self.cutout.width() > 60.0 { "about " } else { "" };
        let words = format!("{about}{} km", grouped(length as u64));
        svg.text((right, y - 2.0), ("word", "end"), &words);
    }

    /// Tells the picture in words.
    fn described(&self, marks: &[Mark]) -> String {
        let mut told: Vec<String> = Vec::new();
        for mark in marks.iter().take(NAMED) {
            let name = plain(&self.places[mark.places[0]].name);
            let incidents = match mark.incidents {
                1 => "1 incident".to_owned(),
                many => format!("{many} incidents"),
            };
            let others = match mark.places.len() {
                1 => String::new(),
                many => format!(" and {} places near it", many - 1),
            };
            let place = if mark.is_broad { "somewhere in " } else { "" };
            told.push(format!(
                "{place}{name}{others}: {incidents}{}",
                denied_of(mark.denied, mark.incidents)
            ));
        }
        if marks.len() > NAMED {
            told.push(format!("{} more marks", marks.len() - NAMED));
        }
        if told.is_empty() {
            told.push("No incident lies in this part of the world".to_owned());
        }
        format!("{}. {}", told.join(". "), self.lacks)
    }
}

impl Mark {
    /// Returns how many pixels it takes to each side, with its ring.
    fn reach(&self) -> f64 {
        if self.denied > 0 { self.radius + RING + 1.0 } else { self.radius }
    }
}

/// Says how many of some incidents are denied, behind their number.
pub(crate) fn denied_of(denied: usize, incidents: usize) -> String {
    match (denied, incidents) {
        (0, _) => String::new(),
        (_, 1) => ", denied".to_owned(),
        (some, all) if some == all => ", all denied".to_owned(),
        (some, _) => format!(", {some} of them denied"),
    }
}

fn draw_mark(svg: &mut Svg, mark: &Mark) {
    let number = |it: f64| format!("{it:.1}");
    // Told apart by its shape: a ring says nothing of who is right.
    if mark.denied > 0 && mark.is_broad {
        let path = diamond((mark.x, mark.y), mark.radius + 1.0 + RING * 1.4);
        svg.element("path", &[("class", &"ringed"), ("d", &path)]);
    } else if mark.denied > 0 {
        let (x, y, radius) = (number(mark.x), number(mark.y), number(mark.radius + RING));
        svg.element("circle", &[("class", &"ringed"), ("cx", &x), ("cy", &y), ("r", &radius)]);
    }
    if mark.is_broad {
        let path = diamond((mark.x, mark.y), mark.radius + 1.0);
        svg.element("path", &[("class", &"somewhere"), ("d", &path)]);
    } else {
        svg.element(
            "circle",
            &[
                ("class", &"dot"),
                ("cx", &number(mark.x)),
                ("cy", &number(mark.y)),
                ("r", &number(mark.radius)),
            ],
        );
    }
    if mark.incidents > 1 {
        let class = if mark.is_broad { "count somewhere-count" } else { "count" };
        svg.text((mark.x, mark.y + 4.0), (class, "middle"), &mark.incidents.to_string());
    }
}

fn diamond((x, y): (f64, f64), reach: f64) -> String {
    format!(
        "M{:.1} {y:.1}L{x:.1} {:.1}L{:.1} {y:.1}L{x:.1} {:.1}Z",
        x - reach,
        y - reach,
        x + reach,
        y + reach
    )
}

fn meet(one: &[f64; 4], other: &[f64; 4]) -> bool {
    one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3]
}

fn multiples(step: f64, (from, to): (f64, f64)) -> impl Iterator<Item = f64> {
    let (first, last) = ((from / step).ceil() as i64, (to / step).floor() as i64);
    (first..=last).map(move |number| number as f64 * step)
}

fn degrees(of: f64, (positive, negative): (&str, &str)) -> String {
    let letter = match of {
        _ if of.abs() == 180.0 => "",
        _ if of > 0.0 => positive,
        _ if of < 0.0 => negative,
        _ => "",
    };
    format!("{}° {letter}", (of.abs() * 100.0).round() / 100.0).trim_end().to_owned()
}

/// Adds a line to a path as far as it is in sight, so many degrees further east.
fn trace(path: &mut String, cutout: Cutout, (line, turn): (&Line, f64)) {
    let [west, south, east, north] = line.bounds;
    let (left, top) = cutout.place((west + turn, north));
    let (right, bottom) = cutout.place((east + turn, south));
    if !meet(&[left, top, right, bottom], &[-MARGIN, -MARGIN, WIDTH + MARGIN, HEIGHT + MARGIN]) {
        return;
    }
    let points: Vec<(f64, f64)> =
        line.points.iter().map(|&(east, north)| cutout.place((east + turn, north))).collect();
    if line.kind == Kind::Land {
        // Of a large map, islands of a pixel are left out.
        if (right - left).max(bottom - top) > 1.4 {
            put(path, &thinned(&cut(points)), "Z");
        }
        return;
    }
    let mut run: Vec<(f64, f64)> = Vec::new();
    for pair in points.windows(2) {
        if is_in_sight(pair) {
            if run.is_empty() {
                run.push(pair[0]);
            }
            run.push(pair[1]);
        } else {
            put(path, &thinned(&run), "");
            run.clear();
        }
    }
    put(path, &thinned(&run), "");
}

fn is_in_sight(pair: &[(f64, f64)]) -> bool {
    let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
    ax.max(bx) >= -MARGIN
        && ax.min(bx) <= WIDTH + MARGIN
        && ay.max(by) >= -MARGIN
        && ay.min(by) <= HEIGHT + MARGIN
}

/// Cuts a closed line off at the edges, one after the other (after Sutherland and Hodgman).
fn cut(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let mut ring = points;
    for edge in [Edge::Left, Edge::Right, Edge::Top, Edge::Bottom] {
        let mut kept = Vec::with_capacity(ring.len());
        for (at, &point) in ring.iter().enumerate() {
            let before = ring[if at == 0 { ring.len() - 1 } else { at - 1 }];
            let (from, to) = (edge.inside(before), edge.inside(point));
            // One inside and one outside: where the way between them crosses.
            if (from > 0.0) != (to > 0.0) {
                let part = from / (from - to);
                kept.push((before.0 + (point.0 - before.0) * part, before.1 + (point.1 - before.1) * part));
            }
            if to > 0.0 {
                kept.push(point);
            }
        }
        ring = kept;
    }
    ring
}

#[derive(Clone, Copy)]
enum Edge {
    Left,
    Right,
    Top,
    Bottom,
}

impl Edge {
    /// Returns how far inside a point is.
    fn inside(self, (x, y): (f64, f64)) -> f64 {
        match self {
            Edge::Left => x + MARGIN,
            Edge::Right => WIDTH + MARGIN - x,
            Edge::Top => y + MARGIN,
            Edge::Bottom => HEIGHT + MARGIN - y,
        }
    }
}

/// Leaves out points that are nearly where the one before is.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for (at, &(x, y)) in points.iter().enumerate() {
        let is_far = kept.last().is_none_or(|last| (last.0 - x).hypot(last.1 - y) > 1.2);
        if is_far || at + 1 == points.len() {
            kept.push((x, y));
        }
    }
    kept
}

/// Writes a line, in tenths of a pixel from point to point.
fn put(path: &mut String, points: &[(f64, f64)], end: &str) {
    let tenths = |it: f64| (it * 10.0).round() as i64;
    let mut before: Option<(i64, i64)> = None;
    for &(x, y) in points.iter().filter(|_| points.len() > 1) {
        let (x, y) = (tenths(x), tenths(y));
        let (word, by) = match before {
            None => ("M", (x, y)),
            Some(last) => ("l", (x - last.0, y - last.1)),
        };
        let part = |it: i64| it as f64 / 10.0;
        let gap = if by.1 < 0 { "" } else { " " };
        write!(path, "{word}{}{gap}{}", part(by.0), part(by.1)).expect("a string takes all that is written");
        before = Some((x, y));
    }
    if before.is_some() {
        *path += end;
    }
}

#[cfg(test)]
mod tests {
    use super::super::names::LEAST;
    use super::*;

    fn place(name: &str, at: (f64, f64), (radius, incidents): (f64, usize)) -> Place {
        Place { name: name.to_owned(), at, radius, incidents, denied: 0 }
    }

    fn map(places: &[Place], cutout: Cutout) -> String {
        Map { cutout, places, borders: Borders::Assembly, lacks: "2 incidents have no place." }.drawn()
    }

    #[test]
    fn places_that_would_cover_each_other_are_one_mark() {
        let places = [
            place("Lesk", (50.0, 30.0), (0.0, 1)),
            place("Halvorek", (50.001, 30.001), (0.0, 3)),
            place("Far Lesk", (49.0, 33.0), (0.0, 1)),
            place("Lesk Region", (50.0, 30.0), (60.0, 2)),
            place("Elsewhere", (-50.0, 30.0), (0.0, 9)),
        ];
        let marks = marks(Cutout::around((50.0, 30.0), 12.0), &places);
        let found: Vec<(Vec<usize>, usize, bool)> =
            marks.iter().map(|mark| (mark.places.clone(), mark.incidents, mark.is_broad)).collect();
        assert_eq!(found, [(vec![1, 0], 4, false), (vec![3], 2, true), (vec![2], 1, false)]);
    }

    #[test]
    fn what_is_denied_bears_a_ring() {
        let mut places =
            [place("Lesk", (50.0, 30.0), (0.0, 3)), place("Lesk Region", (51.0, 31.0), (60.0, 1))];
        let cutout = Cutout::around((50.0, 30.0), 12.0);
        let rings = |svg: &str| svg.matches("class=\"ringed\"").count();
        // Those of the key.
        assert_eq!(rings(&map(&places, cutout)), 2);
        (places[0].denied, places[1].denied) = (2, 1);
        let svg = map(&places, cutout);
        assert_eq!(rings(&svg), 4);
        assert!(
            svg.contains(
                "Lesk: 3 incidents, 2 of them denied. somewhere in Lesk Region: 1 incident, denied."
            )
        );
    }

    #[test]
    fn names_of_countries_and_towns_cover_nothing() {
        let at = |cutout| map(&[place("Lesk", (49.31, 32.44), (0.0, 1))], cutout);
        let country = |svg: &str, name: &str| {
            svg.contains(&format!("class=\"country\" text-anchor=\"middle\">{name}<"))
        };
        let wide = at(Cutout::around((50.0, 30.0), 40.0));
        assert!(country(&wide, "Poland") && country(&wide, "Belarus") && !country(&wide, "Luxembourg"));
        // It gives way to the mark.
        assert!(country(&wide, "Ukraine"));
        assert!(wide.contains(">Kyiv<") && !wide.contains(">Simferopol<"));
        assert!(at(Cutout::around((45.2, 34.4), 4.0)).contains(">Simferopol<"));
        let world = at(Cutout::world());
        assert!(country(&world, "Brazil") && !world.contains("class=\"town\""));
        assert_eq!(world.matches(">Russia<").count(), 1);
    }

    #[test]
    fn the_map_that_moves_names_by_the_same_numbers() {
        let listed = |numbers: &[f64]| {
            format!("[{}]", numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(", "))
        };
        let least: Vec<String> = LEAST.iter().map(|(pixels, least)| listed(&[*pixels, *least])).collect();
        let script = include_str!("../../islands/src/names.ts");
        for line in [
            format!("const BEARS = {BEARS};"),
            format!("const LETTER = {{ country: {}, town: {} }};", LETTER.0, LETTER.1),
            format!("const TOWNS = {TOWNS};"),
            format!("const ASIDES = {};", listed(&ASIDES)),
            format!("const MOVED = {MOVED};"),
            format!("[] = [{}];", least.join(", ")),
        ] {
            assert!(script.contains(&line), "{line}");
        }
    }

    #[test]
    fn a_circle_is_as_large_as_the_ground_that_is_meant() {
        let cutout = Cutout::around((50.0, 30.0), 12.0);
        let (rx, ry) = cutout.axes(50.0, 60.0);
        assert!((rx - ry).abs() < 0.01, "{rx} {ry}");
        assert!((ry * cutout.kilometres() - 60.0).abs() < 0.01);
    }

    #[test]
    fn nothing_of_a_report_is_markup() {
        let places = [place("<b>Lesk\u{1b}[2J", (50.0, 30.0), (60.0, 2))];
        let svg = map(&places, Cutout::around((50.0, 30.0), 12.0));
        assert!(svg.contains("&lt;b&gt;Lesk [2J") && !svg.contains("<b>") && !svg.contains('\u{1b}'));
        assert!(svg.contains("somewhere in &lt;b&gt;Lesk [2J: 2 incidents. 2 incidents have no place."));
        assert_eq!(svg, map(&places, Cutout::around((50.0, 30.0), 12.0)));
    }

    #[test]
    fn the_choice_of_borders_is_stated_and_drawn() {
        let cutout = Cutout::around((46.0, 34.0), 10.0);
        let drawn = |borders| Map { cutout, places: &[], borders, lacks: "" }.drawn();
        let (assembly, held) = (drawn(Borders::Assembly), drawn(Borders::Held));
        assert!(assembly.contains("resolution 68/262") && assembly.contains("No incident lies in this part"));
        assert_eq!(assembly.matches("border disputed").count() + 1, held.matches("border disputed").count());
    }

    #[test]
    fn pictures_stay_small() {
        for cutout in
            [Cutout::world(), Cutout::around((60.0, 15.0), 60.0), Cutout::around((12.0, 122.0), 5.0)]
        {
            let bytes = map(&[], cutout).len();
            assert!(bytes < 220_000, "{bytes}");
        }
    }

    #[test]
    fn a_ring_is_cut_at_the_edges() {
        let around = vec![(-500.0, -500.0), (5_000.0, -500.0), (5_000.0, 5_000.0), (-500.0, 5_000.0)];
        let corners = cut(around);
        assert!(corners.iter().all(|&(x, y)| {
            (-MARGIN..=WIDTH + MARGIN).contains(&x) && (-MARGIN..=HEIGHT + MARGIN).contains(&y)
        }));
        assert_eq!(cut(vec![(-500.0, 0.0), (-400.0, 9.0), (-300.0, 0.0)]), []);
    }

    #[test]
    fn degrees_are_named() {
        assert_eq!(
            [degrees(30.0, ("E", "W")), degrees(-2.5, ("E", "W")), degrees(0.0, ("N", "S"))],
            ["30° E", "2.5° W", "0°"]
        );
    }
}
