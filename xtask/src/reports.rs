//! Makes a stream of reports up, for measuring: events with their reports, copies, rewrites, rising tolls and denials.
//!
//! The same number and seed give the same stream. A thousand reports are some four days of it; how many reports an event
//! has, and how many outlets take an agency's report over, is spread as in news: most few, some very many.

use std::collections::HashMap;
use std::io::Write;

use serde_json::json;

/// The lists that reports are put together from.
const LISTS: &str = include_str!("reports.txt");

/// Reports of one day.
const A_DAY: usize = 250;

/// Days over which an event is reported.
const DAYS: u64 = 8;

/// Writes `count` reports as JSON Lines, by day.
pub(crate) fn write(count: usize, seed: u64, out: &mut dyn Write) -> std::io::Result<()> {
    let mut world = World::new(seed);
    let mut waiting: Vec<Vec<Report>> = Vec::new();
    let mut written = 0;
    let mut day = 0;
    while written < count {
        while waiting.first().is_none_or(|due| due.len() < A_DAY) {
            for (later, report) in world.event(day) {
                let later = later as usize;
                if waiting.len() <= later {
                    waiting.resize_with(later + 1, Vec::new);
                }
                waiting[later].push(report);
            }
        }
        for report in waiting.remove(0).into_iter().take(count - written) {
            written += 1;
            let Report { outlet, title, text } = report;
            let row = json!({
                "id": format!("r{written:07}"), "published": date(day), "outlet": outlet, "title": title, "text": text,
            });
            writeln!(out, "{row}")?;
        }
        day += 1;
    }
    out.flush()
}

struct Report {
    outlet: String,
    title: String,
    text: String,
}

/// A day of the stream, which begins in 2031 and has months of 28 days.
fn date(day: u64) -> String {
    format!("{}-{:02}-{:02}", 2031 + day / 336, day / 28 % 12 + 1, day % 28 + 1)
}

/// What is the same for all events.
struct World {
    dice: Dice,
    lists: HashMap<&'static str, Vec<&'static str>>,
    towns: Vec<String>,
    outlets: Vec<String>,
}

/// One event: what stands for the slots of its sentences.
struct Event {
    slots: HashMap<&'static str, String>,
    killed: u64,
    injured: u64,
    /// The agency's words of each day.
    dispatches: Vec<(String, Vec<String>)>,
}

impl World {
    fn new(seed: u64) -> World {
        let mut world = World { dice: Dice(seed), lists: lists(), towns: Vec::new(), outlets: Vec::new() };
        for _ in 0..900 {
            let parts = 2 + world.dice.below(2);
            let syllables: Vec<&str> = (0..parts).map(|_| world.one("syllables")).collect();
            let name = syllables.concat().to_lowercase();
            let first = name.chars().next().map(char::to_uppercase);
            world.towns.push(first.into_iter().flatten().chain(name.chars().skip(1)).collect());
        }
        for _ in 0..400 {
            let slots =
                HashMap::from([("town", world.town()), ("surname", world.one("surnames").to_owned())]);
            let pattern = world.one("outlets");
            let outlet = world.filled(pattern, &slots);
            world.outlets.push(outlet);
        }
        world
    }

    fn one(&mut self, list: &str) -> &'static str {
        let list = &self.lists[list];
        list[self.dice.below(list.len() as u64) as usize]
    }

    fn town(&mut self) -> String {
        let at = self.dice.below(self.towns.len() as u64) as usize;
        self.towns[at].clone()
    }

    fn outlet(&mut self) -> String {
        let at = self.dice.below(self.outlets.len() as u64) as usize;
        self.outlets[at].clone()
    }

    /// Makes an event up, and all its reports with the days after its own.
    fn event(&mut self, day: u64) -> Vec<(u64, Report)> {
        let mut event = self.new_event(day);
        // One event in fifty is told by hundreds of reports, half of them by fewer than five.
        let size = 1 + (2.0 / (self.dice.share() + 0.004)) as u64;
        let mut reports = Vec::new();
        for _ in 0..size {
            let later = self.dice.below(DAYS).min(self.dice.below(DAYS)).min(self.dice.below(DAYS));
            reports.push((later, self.report(&mut event, later)));
        }
        reports
    }

    fn new_event(&mut self, day: u64) -> Event {
        let mut slots: HashMap<&'static str, String> = HashMap::new();
        for (slot, list) in
            [("weapon", "weapons"), ("object", "objects"), ("quarter", "quarters"), ("capital", "syllables")]
        {
            slots.insert(slot, self.one(list).to_owned());
        }
        let (accused, victim) = (self.one("sides"), self.one("sides"));
        slots.insert("accused", accused.to_owned());
        slots.insert("side", accused.to_owned());
        slots.insert("victim", if victim == accused { "Averonia".to_owned() } else { victim.to_owned() });
        slots.insert("town", self.town());
        slots.insert("other", self.town());
        slots.insert("capital", self.town());
        slots.insert("street", self.one("surnames").to_owned());
        slots.insert("years", (3 + self.dice.below(9)).to_string());
        slots.insert("displaced", format!("{},000", 100 + self.dice.below(800)));
        let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        slots.insert("weekday", weekdays[(day % 7) as usize].to_owned());
        let official = self.one("officials");
        let official = self.filled(official, &slots);
        slots.insert("official", official);
        Event {
            slots,
            killed: 1 + self.dice.below(40),
            injured: 2 + self.dice.below(90),
            dispatches: Vec::new(),
        }
    }

    /// Tells an event on one of its days: anew, or as a copy or part of what an agency sent.
    fn report(&mut self, event: &mut Event, later: u64) -> Report {
        while event.dispatches.len() <= later as usize {
            let dispatch = self.dispatch(event);
            event.dispatches.push(dispatch);
        }
        let (title, paragraphs) = event.dispatches[later as usize].clone();
        let outlet = self.outlet();
        let (title, mut paragraphs) = match self.dice.below(10) {
            0..=2 => (title, paragraphs),
            3 => (title, paragraphs[..paragraphs.len().div_ceil(2)].to_vec()),
            4 => {
                let (title, mut own) = self.told(event);
                own.truncate(1);
                own.extend_from_slice(&paragraphs[1..]);
                (title, own)
            }
            _ => self.told(event),
        };
        if self.dice.below(3) == 0 {
            paragraphs.push(self.one("frames").to_owned());
        }
        Report { outlet, title, text: paragraphs.join("\n\n") }
    }

    /// The agency's words of a day; the toll has risen since the day before.
    fn dispatch(&mut self, event: &mut Event) -> (String, Vec<String>) {
        event.killed += self.dice.below(5) * event.dispatches.len().min(1) as u64;
        let (title, mut paragraphs) = self.told(event);
        let agency = self.one("agencies");
        let town = event.slots["town"].to_uppercase();
        if let Some(first) = paragraphs.first_mut() {
            *first = format!("{town} ({agency}) - {first}");
        }
        (title, paragraphs)
    }

    /// Tells an event in words of one's own.
    fn told(&mut self, event: &Event) -> (String, Vec<String>) {
        let mut slots = event.slots.clone();
        slots.insert("killed", event.killed.to_string());
        slots.insert("injured", event.injured.to_string());
        let risen = event.dispatches.len() > 1;
        let headline = self.one(if risen { "rises" } else { "headlines" });
        let lead = self.one(if risen { "followups" } else { "leads" });
        let mut patterns = vec![lead];
        for _ in 0..4 + self.dice.below(9) {
            patterns.push(self.one("details"));
        }
        if self.dice.below(2) == 0 {
            patterns.push(self.one("denials"));
        }
        patterns.push(self.one("background"));
        let paragraphs = patterns.into_iter().map(|pattern| {
            slots.extend(self.passing());
            self.filled(pattern, &slots)
        });
        let paragraphs = paragraphs.collect();
        (self.filled_title(headline, &event.slots, event.killed), paragraphs)
    }

    fn filled_title(&mut self, pattern: &str, slots: &HashMap<&'static str, String>, killed: u64) -> String {
        let mut slots = slots.clone();
        slots.insert("killed", killed.to_string());
        self.filled(pattern, &slots)
    }

    /// What differs from sentence to sentence.
    fn passing(&mut self) -> [(&'static str, String); 9] {
        let witness = format!("{} {}", self.one("given"), self.one("surnames"));
        let few = ["two", "three", "four", "five", "six", "seven", "eight"][self.dice.below(7) as usize];
        [
            ("witness", witness),
            ("few", few.to_owned()),
            ("trade", self.one("trades").to_owned()),
            ("sound", self.one("sounds").to_owned()),
            ("debris", self.one("debris").to_owned()),
            ("goods", self.one("goods").to_owned()),
            ("vehicle", self.one("vehicles").to_owned()),
            ("hour", ["dawn", "noon", "dusk", "midnight"][self.dice.below(4) as usize].to_owned()),
            ("children", (1 + self.dice.below(6)).to_string()),
        ]
    }

    /// Fills the slots of a pattern; one that nothing stands for is filled from the surnames or given names.
    fn filled(&mut self, pattern: &str, slots: &HashMap<&'static str, String>) -> String {
        let mut text = String::new();
        let mut rest = pattern;
        while let Some((before, behind)) = rest.split_once('{') {
            let (slot, after) = behind.split_once('}').unwrap_or((behind, ""));
            text += before;
            match slots.get(slot.to_lowercase().as_str()) {
                Some(words) if slot.starts_with(char::is_uppercase) => text += &capital(words),
                Some(words) => text += words,
                None => text += self.one(if slot == "given" { "given" } else { "surnames" }),
            }
            rest = after;
        }
        capital(&(text + rest))
    }
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn lists() -> HashMap<&'static str, Vec<&'static str>> {
    let mut lists: HashMap<&'static str, Vec<&'static str>> = HashMap::new();
    let mut name = "";
    for line in LISTS.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(section) => name = section,
            None if name == "syllables" || name == "surnames" || name == "given" || name == "sides" => {
                lists.entry(name).or_default().extend(line.split(' '));
            }
            None => lists.entry(name).or_default().extend(line.split('|')),
        }
    }
    lists
}

/// Numbers that look thrown (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// From 0 to 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(count: usize, seed: u64) -> String {
        let mut out = Vec::new();
        write(count, seed, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_same_seed_gives_the_same_stream() {
        let stream = |seed| stream(600, seed);
        assert_eq!(stream(1), stream(1));
        assert_ne!(stream(1), stream(2));
    }

    #[test]
    fn every_slot_is_filled() {
        let stream = stream(2_000, 3);
        assert_eq!(stream.lines().count(), 2_000);
        for line in stream.lines() {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            for field in ["outlet", "title", "text"] {
                let words = row[field].as_str().unwrap();
                assert!(!words.is_empty() && !words.contains(['{', '}', '|']), "{words}");
            }
        }
    }
}
