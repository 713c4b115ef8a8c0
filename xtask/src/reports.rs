//! Makes a stream of reports up, for measuring: events with their reports, copies, rewrites, rising tolls and denials.
//!
//! The same number and seed give the same stream. A thousand reports are some five days of it; how many reports an event
//! has, and how many outlets take an agency's report over, is spread as in news: most few, some very many. Which event a
//! row tells of, and which dispatch of an agency it was made from, stand in the row, for whoever counts what was found.

use std::collections::HashMap;
use std::io::Write;

use serde_json::json;

/// The lists that reports are put together from.
const LISTS: &str = include_str!("reports.txt");

/// Reports of one day.
const A_DAY: usize = 200;

/// Days over which an event is reported.
const DAYS: u64 = 8;

/// Outlets that take over one dispatch at most.
const BURST: f64 = 40.0;

/// Words of a long list that most sentences on one event are made with.
const OWN_WORDS: u64 = 40;

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
            let Report { outlet, title, text, event, dispatch } = report;
            let row = json!({
                "id": format!("r{written:07}"), "published": date(day), "outlet": outlet, "title": title, "text": text,
                "event": event, "dispatch": dispatch,
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
    event: u64,
    /// The day of the event whose dispatch it was made from.
    dispatch: Option<u64>,
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
    surnames: Vec<String>,
    outlets: Vec<String>,
    conflicts: Vec<Slots>,
    events: u64,
}

/// What stands for some of the slots of a pattern.
type Slots = HashMap<&'static str, String>;

/// A headline and the paragraphs below it.
type Told = (String, Vec<String>);

/// One event: what stands for the slots of its sentences.
struct Event {
    number: u64,
    slots: Slots,
    killed: u64,
    injured: u64,
    /// The agency's words of each day.
    dispatches: Vec<Told>,
}

impl World {
    fn new(seed: u64) -> World {
        let mut world = World {
            dice: Dice(seed),
            lists: lists(),
            towns: Vec::new(),
            surnames: Vec::new(),
            outlets: Vec::new(),
            conflicts: Vec::new(),
            events: 0,
        };
        world.towns = (0..3_000).map(|_| world.invented()).collect();
        world.surnames = (0..4_000).map(|_| world.invented()).collect();
        world.outlets = (0..700)
            .map(|_| {
                let pattern = world.one("outlets");
                world.filled(pattern, &Slots::new())
            })
            .collect();
        world.conflicts = (0..12).map(|_| world.conflict()).collect();
        world
    }

    /// Makes a name up out of two or three syllables.
    fn invented(&mut self) -> String {
        let parts = 2 + self.dice.below(2);
        let name: String = (0..parts).map(|_| self.one("syllables")).collect();
        capital(&name.to_lowercase())
    }

    /// Two sides, and what is said of their war in every report on it.
    fn conflict(&mut self) -> Slots {
        let accused = self.one("sides");
        let mut victim = self.one("sides");
        while victim == accused {
            victim = self.one("sides");
        }
        Slots::from([
            ("accused", accused.to_owned()),
            ("side", accused.to_owned()),
            ("victim", victim.to_owned()),
            ("capital", self.thrown("town", &Slots::new())),
            ("years", (3 + self.dice.below(9)).to_string()),
            ("displaced", format!("{},000", 100 + self.dice.below(800))),
        ])
    }

    fn one(&mut self, list: &str) -> &'static str {
        let list = &self.lists[list];
        list[self.dice.below(list.len() as u64) as usize]
    }

    /// Takes an entry of a list, of a long one mostly such as the event has for its own: reports of one event share words.
    fn worded(&mut self, slot: &str, slots: &Slots) -> &'static str {
        let list = if self.lists.contains_key(slot) { slot.to_owned() } else { format!("{slot}s") };
        let len = self.lists[&list[..]].len() as u64;
        match slots.get("event").and_then(|number| number.parse::<u64>().ok()) {
            Some(number) if len > 2 * OWN_WORDS && self.dice.below(4) > 0 => {
                let at = Dice(number).below(len) + self.dice.below(OWN_WORDS);
                self.lists[&list[..]][(at % len) as usize]
            }
            _ => self.one(&list),
        }
    }

    /// Throws a name, or takes an entry of a list and fills its slots.
    fn thrown(&mut self, slot: &str, slots: &Slots) -> String {
        let names = match slot {
            "town" | "place" => &self.towns,
            "surname" => &self.surnames,
            "outlet" => &self.outlets,
            "person" => return format!("{} {}", self.one("given"), self.thrown("surname", slots)),
            "age" => return (18 + self.dice.below(70)).to_string(),
            _ => {
                let pattern = self.worded(slot, slots);
                return self.spelled(pattern, slots);
            }
        };
        names[self.dice.below(names.len() as u64) as usize].clone()
    }

    /// Makes an event up, and all its reports with the days after its own.
    fn event(&mut self, day: u64) -> Vec<(u64, Report)> {
        let mut event = self.new_event(day);
        // Half of the events are told by one or two outlets in words of their own, one in a hundred by some hundred.
        let own = (1.0 / (self.dice.share() + 0.004)) as u64;
        let mut reports = Vec::new();
        for _ in 0..own {
            let later = self.later();
            let told = self.told(&event, later);
            reports.push((later, self.published(told, &event, None)));
        }
        // Of these, some have a correspondent of an agency, who sends a dispatch on some of the days.
        for later in 0..self.dice.below(1 + own.min(4)) {
            let burst = 1 + (1.0 / (self.dice.share() + 1.0 / BURST)) as u64;
            for _ in 0..burst {
                let taken_over = self.taken_over(&mut event, later);
                reports.push((later, self.published(taken_over, &event, Some(later))));
            }
        }
        reports
    }

    /// A day on which an event is told, more likely an early one.
    fn later(&mut self) -> u64 {
        self.dice.below(DAYS).min(self.dice.below(DAYS)).min(self.dice.below(DAYS))
    }

    fn new_event(&mut self, day: u64) -> Event {
        let conflict = self.dice.below(self.conflicts.len() as u64) as usize;
        let mut slots = self.conflicts[conflict].clone();
        for (slot, list) in [("weapon", "weapons"), ("object", "objects"), ("quarter", "quarters")] {
            slots.insert(slot, self.one(list).to_owned());
        }
        slots.insert("town", self.thrown("town", &Slots::new()));
        slots.insert("weekday", self.lists["weekdays"][(day % 7) as usize].to_owned());
        let official = self.one("officials");
        let official = self.spelled(official, &slots);
        slots.insert("official", official);
        self.events += 1;
        slots.insert("event", self.events.to_string());
        Event {
            number: self.events,
            slots,
            killed: 1 + self.dice.below(40),
            injured: 2 + self.dice.below(90),
            dispatches: Vec::new(),
        }
    }

    fn published(&mut self, (title, mut paragraphs): Told, event: &Event, dispatch: Option<u64>) -> Report {
        if self.dice.below(3) == 0 {
            paragraphs.push(self.one("frames").to_owned());
        }
        let outlet = self.thrown("outlet", &Slots::new());
        Report { outlet, title, text: paragraphs.join("\n\n"), event: event.number, dispatch }
    }

    /// Takes an agency's words of a day over: whole, cut, under a lead of one's own, or told again.
    fn taken_over(&mut self, event: &mut Event, later: u64) -> Told {
        while event.dispatches.len() <= later as usize {
            let dispatch = self.dispatch(event);
            event.dispatches.push(dispatch);
        }
        let (title, mut paragraphs) = event.dispatches[later as usize].clone();
        match self.dice.below(10) {
            0..=4 => (title, paragraphs),
            5 | 6 => {
                paragraphs.truncate(paragraphs.len().div_ceil(2).max(2));
                (title, paragraphs)
            }
            7 => {
                let (title, own) = self.told(event, later);
                paragraphs.splice(..1, own.into_iter().take(1));
                (title, paragraphs)
            }
            _ => {
                // Every other paragraph in words of one's own.
                let (title, own) = self.told(event, later);
                let again = own.into_iter().zip(paragraphs).enumerate();
                (title, again.map(|(at, (own, sent))| if at % 2 == 0 { own } else { sent }).collect())
            }
        }
    }

    /// The agency's words of a day: the toll has risen since the day before, and some paragraphs are those of that day.
    fn dispatch(&mut self, event: &mut Event) -> Told {
        let later = event.dispatches.len() as u64;
        event.killed += self.dice.below(5) * later.min(1);
        let (title, mut paragraphs) = self.told(event, later);
        if let Some((_, before)) = event.dispatches.last() {
            let kept: Vec<String> = before.iter().skip(2).step_by(3).cloned().collect();
            paragraphs.truncate(paragraphs.len().saturating_sub(kept.len()).max(2));
            paragraphs.extend(kept);
        }
        let agency = self.one("agencies");
        let town = event.slots["town"].to_uppercase();
        if let Some(first) = paragraphs.first_mut() {
            *first = format!("{town} ({agency}) - {first}");
        }
        (title, paragraphs)
    }

    /// Tells an event in words of one's own.
    fn told(&mut self, event: &Event, later: u64) -> Told {
        let mut slots = event.slots.clone();
        slots.insert("killed", event.killed.to_string());
        slots.insert("injured", event.injured.to_string());
        let [headlines, leads] = if later > 0 { ["rises", "followups"] } else { ["headlines", "leads"] };
        let (headline, lead) = (self.one(headlines), self.one(leads));
        let mut patterns = vec![lead];
        let paragraphs = match self.dice.below(10) {
            0 => 2,
            1..=8 => 8 + self.dice.below(7),
            _ => 20 + self.dice.below(15),
        };
        for _ in 0..paragraphs {
            patterns.push(self.one("details"));
        }
        if self.dice.below(2) == 0 {
            patterns.insert(2, self.one("denials"));
        }
        if self.dice.below(3) > 0 {
            patterns.push(self.one("background"));
        }
        let title = self.filled(headline, &slots);
        let paragraphs = patterns.into_iter().map(|pattern| match self.dice.below(2) {
            0 => self.filled(pattern, &slots),
            _ => {
                let further = self.one("details");
                format!("{} {}", self.filled(pattern, &slots), self.filled(further, &slots))
            }
        });
        (title, paragraphs.collect())
    }

    /// Fills the slots of a pattern and begins it with a capital.
    fn filled(&mut self, pattern: &str, slots: &Slots) -> String {
        capital(&self.spelled(pattern, slots))
    }

    fn spelled(&mut self, pattern: &str, slots: &Slots) -> String {
        let mut text = String::new();
        let mut rest = pattern;
        while let Some((before, behind)) = rest.split_once('{') {
            let (slot, after) = behind.split_once('}').unwrap_or((behind, ""));
            text += before;
            let name = slot.to_lowercase();
            let words = match slots.get(name.as_str()) {
                Some(words) => words.clone(),
                None => self.thrown(&name, slots),
            };
            text += &if slot.starts_with(char::is_uppercase) { capital(&words) } else { words };
            rest = after;
        }
        text + rest
    }
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn lists() -> HashMap<&'static str, Vec<&'static str>> {
    let mut lists: HashMap<&'static str, Vec<&'static str>> = HashMap::new();
    let mut mark = '|';
    let mut name = "";
    for line in LISTS.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(section) => {
                name = section.trim_end_matches('*');
                mark = if section.ends_with('*') { ' ' } else { '|' };
            }
            None => lists.entry(name).or_default().extend(line.split(mark)),
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
