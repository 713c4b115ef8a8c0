use std::collections::BTreeMap;

use jiff::civil::Date;
use store::Days;

use super::svg::{Heading, Svg};
use crate::describe::{bounds, grouped};
use crate::wire::{Denial, Denied, Ledger, Ledgers, Line};

const WIDTH: f64 = 960.0;
const LEFT: f64 = 90.0;
const RIGHT: f64 = 930.0;
/// Height of the part of a panel in which figures stand.
const PLOT: f64 = 240.0;
const LINE: f64 = 20.0;
/// Radius of the mark of a figure.
const MARK: f64 = 10.0;
/// Colours that are told apart by those who see few (after Okabe and Ito); the number in the mark says the same.
const COLOURS: [&str; 7] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#7a7a7a"];

const LEGEND: [&str; 2] = [
    "Each mark is a figure that somebody states; the number in it stands for the speaker. Nothing is added up.",
    "An arrow means “or more” or “or fewer”; a broken line “about”, or withdrawn; the band is from the least to the most that is said.",
];

/// How figures are drawn.
#[derive(Clone, Copy, Default)]
pub(crate) struct Chart<'a> {
    /// Where the page of a claim is, if marks are to lead there; only the desk has pages.
    pub(crate) link: Option<&'a dyn Fn(&str) -> String>,
    /// The days that are drawn; of a part of them, figures without a day are left out.
    pub(crate) days: Days,
}

/// Draws the figures of an incident or situation over time, a panel for each measure and population: who gives which
/// bounds for which day, and from the least to the most that is said. Ledgers without a number are left out, and those
/// that are one figure where others are more: a line of a table says as much.
pub(crate) fn chart(title: &str, figures: &Ledgers, how: Chart<'_>) -> String {
    let mut svg = Svg::default();
    let mut top = 30.0;
    svg.text((LEFT, top), ("head", "start"), title);
    top += LINE;
    for line in LEGEND {
        svg.text((LEFT, top), ("faint", "start"), line);
        top += LINE;
    }
    top += 0.5 * LINE;
    let ledgers = || figures.ledger.iter().filter(|ledger| !figures.moves() || ledger.moves());
    let shown: Vec<Panel<'_>> = ledgers().filter_map(|ledger| Panel::of(ledger, how)).collect();
    if how.days != Days::default() {
        svg.text((LEFT, top), ("head", "start"), &window(how.days, ledgers(), &shown));
        top += 1.5 * LINE;
    }
    for panel in &shown {
        top = panel.draw(&mut svg, top);
    }
    let conflicts = figures.remarks.iter().filter(|remark| remark.is_conflict);
    let conflicts: Vec<String> = conflicts.map(|remark| remark.reason.clone()).collect();
    let denials: Vec<String> = figures.denied.iter().flat_map(denied).collect();
    for (head, lines) in [("Do not fit together", &conflicts), ("Denied", &denials)] {
        if !lines.is_empty() {
            svg.text((LEFT, top), ("head", "start"), head);
            top += LINE;
        }
        for line in lines.iter().flat_map(|reason| textwrap::wrap(reason, 110)) {
            svg.text((LEFT, top), ("", "start"), &line);
            top += LINE;
        }
    }
    let described: Vec<String> = shown.iter().map(Panel::described).chain(conflicts).chain(denials).collect();
    svg.finished((WIDTH, top + LINE), &Heading { title, description: &described.join(". ") })
}

/// Says what days are drawn, and what is left out for that.
fn window<'l>(days: Days, ledgers: impl Iterator<Item = &'l Ledger>, shown: &[Panel<'_>]) -> String {
    let day = |day: Option<Date>, open: &str| day.map_or(open.to_owned(), |day| day.to_string());
    let all = ledgers.flat_map(|ledger| &ledger.figures).filter(|line| !numbers(line).is_empty()).count();
    let drawn: usize = shown.iter().map(|panel| panel.lines.len()).sum();
    let left = match all - drawn {
        0 => String::new(),
        left => format!("; {left} of {all} figures are of other days or none, and not drawn"),
    };
    format!("From {} to {}{left}.", day(days.from, "the first day"), day(days.to, "the last"))
}

fn denied(denied: &Denied) -> Vec<String> {
    let by = |denial: &Denial| denial.by.clone().unwrap_or_else(|| "somebody who is not named".to_owned());
    denied
        .denials
        .iter()
        .map(|denial| format!("{}: {} by {}", denied.what, denial.reason, by(denial)))
        .collect()
}

/// One ledger with what its scales are made from.
struct Panel<'a> {
    ledger: &'a Ledger,
    /// The lines that have a number.
    lines: Vec<&'a Line>,
    /// The speakers, in the order of their first figure.
    speakers: Vec<&'a str>,
    days: BTreeMap<Date, f64>,
    most: u64,
    is_wide: bool,
    how: Chart<'a>,
}

impl<'a> Panel<'a> {
    fn of(ledger: &'a Ledger, how: Chart<'a>) -> Option<Panel<'a>> {
        let is_drawn = |line: &&Line| !numbers(line).is_empty() && is_within(line, how.days);
        let lines: Vec<&Line> = ledger.figures.iter().filter(is_drawn).collect();
        let mut speakers: Vec<&str> = Vec::new();
        for line in &lines {
            if !speakers.contains(&line.by()) {
                speakers.push(line.by());
            }
        }
        let all = || lines.iter().flat_map(|line| numbers(line));
        let (least, most) = (all().min()?, all().max()?);
        let days = lines.iter().flat_map(|line| [line.day, line.last_day]).flatten();
        let days =
            days.chain([how.days.from, how.days.to].into_iter().flatten()).map(|day| (day, 0.0)).collect();
        let is_wide = most / least.max(1) > 50;
        let mut panel = Panel { ledger, lines, speakers, days, most, is_wide, how };
        panel.place_days();
        Some(panel)
    }

    /// Spreads the days over the width as they lie in time, with room for figures without a day at the end.
    fn place_days(&mut self) {
        let undated = self.lines.iter().any(|line| line.day.is_none());
        let (from, to) = (LEFT + 40.0, RIGHT - if undated { 110.0 } else { 40.0 });
        let Some((&first, &last)) = self
            .days
            .first_key_value()
            .map(|(day, _)| day)
            .zip(self.days.last_key_value().map(|(day, _)| day))
        else {
            return;
        };
        let (first, last) = (self.how.days.from.unwrap_or(first), self.how.days.to.unwrap_or(last));
        // A line that begins before the days that are drawn, or goes on after them, is cut off at their ends.
        let span = |day: Date| {
            f64::from(first.until(day.clamp(first, last.max(first))).map_or(0, |span| span.get_days()))
        };
        let whole = span(last).max(1.0);
        for (day, x) in &mut self.days {
            *x = from + (to - from) * span(*day) / whole;
        }
    }

    fn x(&self, day: Option<Date>) -> f64 {
        day.and_then(|day| self.days.get(&day).copied()).unwrap_or(RIGHT - 40.0)
    }

    /// The height of a number above the ground of the plot.
    fn height(&self, number: u64) -> f64 {
        let part = match self.is_wide {
            true => (number as f64 + 1.0).log10() / (self.most as f64 + 1.0).log10(),
            false => number as f64 / self.most.max(1) as f64,
        };
        part * (PLOT - 40.0)
    }

    fn title(&self) -> String {
        let scale = if self.is_wide { "; each step up is ten times as many" } else { "" };
        format!(
            "{}: {}{scale}",
            capital(&crate::describe::counted(&self.ledger.measure, &self.ledger.population)),
            self.envelope()
        )
    }

    fn envelope(&self) -> String {
        match (self.ledger.least, self.ledger.most) {
            (Some(least), None) => format!("from {} on, no upper bound", grouped(least)),
            (None, None) => "no bound is said".to_owned(),
            (least, most) => format!("{} is said", bounds(least, most, None)),
        }
    }

    fn described(&self) -> String {
        let stated = |line: &&Line| format!("{}: {} by {}", dated(line), number(line), line.by());
        format!("{}: {}", self.title(), self.lines.iter().map(stated).collect::<Vec<_>>().join("; "))
    }

    fn draw(&self, svg: &mut Svg, top: f64) -> f64 {
        svg.text((LEFT, top), ("head", "start"), &self.title());
        let ground = top + PLOT;
        self.draw_axes(svg, ground);
        self.draw_band(svg, ground);
        let mut taken = Vec::new();
        for line in &self.lines {
            let Some(&low) = numbers(line).first() else { continue };
            let (day, y) = (self.x(line.day), ground - self.height(low));
            let x = free((day, y), &mut taken);
            if x > day {
                svg.element("path", &[("class", &"axis"), ("d", &format!("M{day:.1} {y:.1}H{x:.1}"))]);
            }
            if let Some(path) = self.how.link {
                svg.open_link(&path(&line.claim), &said(line));
            }
            self.draw_line(svg, (x, ground), line);
            if self.how.link.is_some() {
                svg.close_link();
            }
        }
        self.draw_speakers(svg, ground + 2.6 * LINE)
    }

    fn draw_axes(&self, svg: &mut Svg, ground: f64) {
        svg.element(
            "path",
            &[("class", &"axis"), ("d", &format!("M{LEFT} {:.1}V{ground:.1}H{RIGHT}", ground - PLOT + 20.0))],
        );
        for tick in self.ticks() {
            let y = ground - self.height(tick);
            svg.element(
                "path",
                &[("class", &"axis"), ("opacity", &0.3), ("d", &format!("M{LEFT} {y:.1}H{RIGHT}"))],
            );
            svg.text((LEFT - 8.0, y + 4.0), ("faint", "end"), &grouped(tick));
        }
        svg.text((LEFT - 8.0, ground - PLOT + 24.0), ("faint", "end"), "number");
        svg.text((RIGHT, ground + 1.9 * LINE), ("faint", "end"), "day for which it is said");
        let mut free = f64::MIN;
        for (&day, &x) in &self.days {
            let Days { from, to } = self.how.days;
            let is_drawn = from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to);
            if x >= free && is_drawn {
                svg.text((x, ground + LINE), ("faint", "middle"), &day.to_string());
                free = x + 90.0;
            }
        }
        if self.lines.iter().any(|line| line.day.is_none()) {
            svg.text((RIGHT - 40.0, ground + LINE), ("faint", "middle"), "undated");
        }
    }

    /// Numbers beside the axis: 1, 2 or 5 times a power of ten apart, or powers of ten.
    fn ticks(&self) -> Vec<u64> {
        if self.is_wide {
            return (0..20)
                .map(|power| 10_u64.saturating_pow(power))
                .take_while(|&tick| tick <= self.most)
                .collect();
        }
        let mut step = 1_u64;
        for factor in [2, 5, 2].into_iter().cycle() {
            if self.most / step <= 6 {
                break;
            }
            step = if factor == 5 { step / 2 * 5 } else { step.saturating_mul(2) };
        }
        (0..=self.most / step).map(|times| times * step).collect()
    }

    /// From the least to the most that is said.
    fn draw_band(&self, svg: &mut Svg, ground: f64) {
        let bottom = self.height(self.ledger.least.unwrap_or(0));
        let top = self.ledger.most.map_or(PLOT - 20.0, |most| self.height(most));
        let (y, height) = (ground - top, (top - bottom).max(2.0));
        svg.element(
            "rect",
            &[
                ("class", &"band"),
                ("x", &LEFT),
                ("y", &format!("{y:.1}")),
                ("width", &(RIGHT - LEFT)),
                ("height", &format!("{height:.1}")),
            ],
        );
    }

    fn draw_line(&self, svg: &mut Svg, (x, ground): (f64, f64), line: &Line) {
        let Some(speaker) = self.speakers.iter().position(|speaker| *speaker == line.by()) else {
            return;
        };
        let colour = COLOURS[speaker % COLOURS.len()];
        let at = |number: u64| ground - self.height(number);
        let numbers = numbers(line);
        let (Some(&low), Some(&high)) = (numbers.first(), numbers.last()) else { return };
        let (up, down) = (
            line.bounds.upper.is_none() && line.bounds.lower.is_some(),
            line.bounds.lower.is_none() && line.bounds.upper.is_some(),
        );
        let mut bound = format!("M{x:.1} {:.1}V{:.1}", at(low), at(high));
        if up {
            bound += &format!("M{x:.1} {:.1}v-26m-5 7l5 -7l5 7", at(high));
        }
        if down {
            bound += &format!("M{x:.1} {:.1}v26m-5 -7l5 7l5 -7", at(low));
        }
        if let Some(last) = line.last_day.filter(|last| Some(*last) != line.day) {
            bound += &format!("M{x:.1} {:.1}H{:.1}", at(low), self.x(Some(last)));
        }
        let dashes =
            if line.withdrawn || line.bounds.lower.or(line.bounds.upper).is_none() { "3 3" } else { "none" };
        svg.element(
            "path",
            &[("class", &"bound"), ("stroke", &colour), ("stroke-dasharray", &dashes), ("d", &bound)],
        );
        for number in [low, high].iter().take(if low == high { 1 } else { 2 }) {
            let y = at(*number);
            svg.element(
                "circle",
                &[
                    ("class", &"mark"),
                    ("stroke", &colour),
                    ("stroke-dasharray", &dashes),
                    ("cx", &format!("{x:.1}")),
                    ("cy", &format!("{y:.1}")),
                    ("r", &MARK),
                ],
            );
            svg.text((x, y + 4.5), ("", "middle"), &(speaker + 1).to_string());
        }
    }

    /// Writes who the numbers in the marks are, with what each of them says.
    fn draw_speakers(&self, svg: &mut Svg, mut top: f64) -> f64 {
        for (at, speaker) in self.speakers.iter().enumerate() {
            let own = self.lines.iter().filter(|line| line.by() == *speaker);
            let said: Vec<String> = own.map(|line| number(line)).collect();
            let words = format!("{}  {}: {}", at + 1, speaker, said.join(", "));
            for line in textwrap::wrap(&words, 115) {
                svg.text((LEFT, top), ("", "start"), &line);
                top += LINE;
            }
        }
        top + LINE
    }
}

/// Marks of one day and number that are drawn beside each other; more lie on the last.
const BESIDE: usize = 8;

/// Moves a mark to the right until it lies on no other; a faint line leads back to its day.
fn free((mut x, y): (f64, f64), taken: &mut Vec<(f64, f64)>) -> f64 {
    let lies_on =
        |x: f64, other: &(f64, f64)| (x - other.0).abs() < 2.0 * MARK && (y - other.1).abs() < 2.0 * MARK;
    for _ in 0..BESIDE {
        if !taken.iter().any(|other| lies_on(x, other)) {
            break;
        }
        x += 2.0 * MARK + 2.0;
    }
    taken.push((x, y));
    x
}

/// Tells whether a figure is of these days.
fn is_within(line: &Line, days: Days) -> bool {
    let Some(first) = line.day else { return days == Days::default() };
    let last = line.last_day.unwrap_or(first);
    days.from.is_none_or(|from| last >= from) && days.to.is_none_or(|to| first <= to)
}

fn dated(line: &Line) -> String {
    line.day.map_or("undated".to_owned(), |day| day.to_string())
}

/// Says a figure in one line, with its words.
fn said(line: &Line) -> String {
    format!("{}: {} by {}, “{}”, {}", dated(line), number(line), line.by(), line.words, line.claim)
}

/// The numbers at which a figure is drawn, the lower first.
fn numbers(line: &Line) -> Vec<u64> {
    let ends: Vec<u64> = line.bounds.lower.into_iter().chain(line.bounds.upper).collect();
    if ends.is_empty() { line.bounds.stated.into_iter().collect() } else { ends }
}

fn number(line: &Line) -> String {
    let of = match line.counts {
        "whole" => String::new(),
        other => format!(" ({other})"),
    };
    let withdrawn = if line.withdrawn { " (withdrawn)" } else { "" };
    format!("{}{of}{withdrawn}", bounds(line.bounds.lower, line.bounds.upper, line.bounds.stated))
}

fn capital(words: &str) -> String {
    let mut marks = words.chars();
    marks.next().map_or(String::new(), |first| first.to_uppercase().chain(marks).collect())
}
