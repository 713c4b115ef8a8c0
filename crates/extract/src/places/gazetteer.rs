//! The names of the world's places, from GeoNames; see `gazetteer/ORIGIN.md`.

use std::io::Read as _;
use std::sync::LazyLock;

use model::Precision;
use rustc_hash::FxHashMap as HashMap;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization as _;

use super::words::{Part, WORDS};

pub(super) static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::read);

/// The places of the world, by their folded names.
pub(super) struct Gazetteer {
    text: String,
    /// Where the row of each entry begins in the text.
    entries: Vec<u32>,
    /// The head of each name, and where its row begins in the text; the names are sorted.
    names: Vec<(u64, u32)>,
    /// Names that the data lacks: adjectives, regions, seas, other spellings.
    added: HashMap<String, Vec<Candidate>>,
}

/// One of the places that a name may stand for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    /// The entry; `None` for a people without a country.
    pub(super) entry: Option<usize>,
    pub(super) meaning: Meaning,
}

/// What the name is to the entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Its main name.
    Main,
    /// Another name or spelling.
    Other,
    /// "Russian": the adjective, or the people, of the country or region.
    Demonym,
    /// The region around the city.
    Region,
}

/// One row of the gazetteer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'g> {
    pub(super) name: &'g str,
    /// The identifier in GeoNames.
    pub(super) geonames: Option<u32>,
    pub(super) country: &'g str,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    pub(super) kind: EntryKind,
    /// Thousands of inhabitants.
    pub(super) people: u32,
    pub(super) number: usize,
    /// The number of the first-level region in which it lies.
    pub(super) inside: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryKind {
    /// A continent, a sea or the like.
    PartOfTheWorld,
    Country,
    /// A first-level division of a country.
    Region,
    /// A second-level division.
    District,
    Capital,
    Settlement,
}

impl Entry<'_> {
    /// Returns the number of the first-level region that it is or lies in.
    pub(super) fn region(&self) -> Option<usize> {
        if self.kind == EntryKind::Region { Some(self.number) } else { self.inside }
    }

    pub(super) fn is_region(&self) -> bool {
        matches!(self.kind, EntryKind::Region | EntryKind::District)
    }

    pub(super) fn is_settlement(&self) -> bool {
        matches!(self.kind, EntryKind::Capital | EntryKind::Settlement)
    }
}

#[derive(Deserialize)]
struct News {
    place_variants: Vec<Variant>,
}

#[derive(Deserialize)]
struct Variant {
    uk: String,
    variants: Vec<String>,
}

impl Gazetteer {
    fn read() -> Gazetteer {
        let packed: &[u8] = include_bytes!("../../gazetteer/places.tsv.gz");
        let mut text = String::new();
        flate2::read::GzDecoder::new(packed).read_to_string(&mut text).expect("a test reads the gazetteer");
        let (mut entries, mut names, mut at, mut in_names) = (Vec::new(), Vec::new(), 0, false);
        for line in text.split('\n') {
            match line.is_empty() {
                true => in_names = true,
                false if in_names => names.push((head(line), at as u32)),
                false => entries.push(at as u32),
            }
            at += line.len() + 1;
        }
        let mut gazetteer = Gazetteer { text, entries, names, added: HashMap::default() };
        gazetteer.add_names();
        gazetteer
    }

    fn add_names(&mut self) {
        let countries: HashMap<String, usize> = (0..self.entries.len())
            .map_while(|at| {
                let entry = self.entry(at);
                (entry.kind == EntryKind::Country).then(|| (entry.country.to_owned(), at))
            })
            .collect();
        for (lists, meaning) in [(&WORDS.countries, Meaning::Main), (&WORDS.demonyms, Meaning::Demonym)] {
            for (country, names) in lists {
                let Some(&entry) = countries.get(country) else { continue };
                for name in names {
                    self.add(name, Candidate { entry: Some(entry), meaning });
                }
            }
        }
        for (number, part) in WORDS.parts_of_the_world.iter().enumerate() {
            let entry = Some(self.entries.len() + number);
            self.add(&part.name, Candidate { entry, meaning: Meaning::Main });
        }
        for region in &WORDS.regions {
            let entry = self.largest(&region.seat, &region.country);
            self.add(&region.name, Candidate { entry, meaning: Meaning::Region });
        }
        for (continent, names) in &WORDS.continents {
            let entry = self.find(&fold(continent)).first().and_then(|candidate| candidate.entry);
            names.iter().for_each(|name| self.add(name, Candidate { entry, meaning: Meaning::Other }));
        }
        for (region, names) in &WORDS.regional_demonyms {
            let entry = self.first_of_name(region);
            names.iter().for_each(|name| self.add(name, Candidate { entry, meaning: Meaning::Demonym }));
        }
        for name in &WORDS.unlocated_demonyms {
            self.add(name, Candidate { entry: None, meaning: Meaning::Demonym });
        }
        for (short, state) in &WORDS.state_abbreviations {
            let entry = self
                .find(&fold(state))
                .iter()
                .find_map(|candidate| candidate.entry.filter(|at| self.entry(*at).kind == EntryKind::Region));
            self.add(short, Candidate { entry, meaning: Meaning::Main });
        }
        let news: News = serde_json::from_str(include_str!("../../lexicons/news.json"))
            .expect("a test reads the gazetteer");
        for place in &news.place_variants {
            let Some(entry) = self.largest(&place.uk, "UA") else { continue };
            for name in &place.variants {
                let name = name.trim_end_matches(" (old)");
                if self.find(&fold(name)).is_empty() {
                    self.add(name, Candidate { entry: Some(entry), meaning: Meaning::Other });
                }
            }
        }
    }

    fn add(&mut self, name: &str, candidate: Candidate) {
        self.added.entry(fold(name)).or_default().push(candidate);
    }

    /// Returns the largest settlement of that name in a country.
    fn largest(&self, name: &str, country: &str) -> Option<usize> {
        let settlement = |at: &usize| {
            let entry = self.entry(*at);
            entry.country == country && entry.is_settlement()
        };
        self.find(&fold(name)).iter().filter_map(|c| c.entry).find(settlement)
    }

    /// Returns the entry of that name with the most people.
    fn first_of_name(&self, name: &str) -> Option<usize> {
        let entries = self.find(&fold(name)).into_iter().filter_map(|c| c.entry);
        entries.max_by_key(|at| self.entry(*at).people)
    }

    /// Returns the row that begins at `at`.
    fn row(&self, at: u32) -> &str {
        let rest = &self.text[at as usize..];
        &rest[..rest.find('\n').unwrap_or(rest.len())]
    }

    /// Returns an entry by its number.
    pub(super) fn entry(&self, number: usize) -> Entry<'_> {
        if let Some(part) = number.checked_sub(self.entries.len()) {
            return part_of_the_world(number, &WORDS.parts_of_the_world[part]);
        }
        let mut fields = self.row(self.entries[number]).split('\t');
        let mut next = || fields.next().unwrap_or_default();
        Entry {
            name: next(),
            geonames: next().parse().ok(),
            country: next(),
            latitude: next().parse().unwrap_or_default(),
            longitude: next().parse().unwrap_or_default(),
            kind: match next() {
                "a" => EntryKind::PartOfTheWorld,
                "c" => EntryKind::Country,
                "r" => EntryKind::Region,
                "d" => EntryKind::District,
                "k" => EntryKind::Capital,
                _ => EntryKind::Settlement,
            },
            people: next().parse().unwrap_or_default(),
            number,
            inside: next().parse().ok(),
        }
    }

    /// Returns what a folded name may stand for: countries and regions first, then settlements, the largest first.
    pub(super) fn find(&self, key: &str) -> Vec<Candidate> {
        let mut found = self.added.get(key).cloned().unwrap_or_default();
        // A part of the world is not one of the towns that share its name, and a people is none either.
        let alone = |candidate: &Candidate| {
            candidate.meaning == Meaning::Demonym
                || candidate.entry.is_some_and(|entry| entry >= self.entries.len())
        };
        if found.iter().any(alone) {
            return found;
        }
        let Some((_, numbers)) = self.named(key).and_then(|row| row.split_once('\t')) else { return found };
        for number in numbers.split(',') {
            let meaning = if number.starts_with('~') { Meaning::Other } else { Meaning::Main };
            let entry = number.trim_start_matches('~').parse().ok();
            if !found.iter().any(|known| known.entry == entry) {
                found.push(Candidate { entry, meaning });
            }
        }
        found
    }

    /// Finds the row of a name.
    fn named(&self, key: &str) -> Option<&str> {
        let head = head(key);
        let from = &self.names[self.names.partition_point(|(before, _)| *before < head)..];
        let alike = &from[..from.partition_point(|(same, _)| *same == head)];
        let found = alike.binary_search_by(|(_, at)| self.name(*at).cmp(key)).ok()?;
        Some(self.row(alike[found].1))
    }

    fn name(&self, at: u32) -> &str {
        // The numbers behind a name are many: its row is not looked through for its end.
        let rest = &self.text[at as usize..];
        &rest[..rest.find(['\t', '\n']).unwrap_or(rest.len())]
    }
}

impl Candidate {
    /// Returns the entry.
    pub(super) fn place(self) -> Option<Entry<'static>> {
        self.entry.map(|number| GAZETTEER.entry(number))
    }

    /// Returns how much ground the name covers.
    pub(super) fn precision(self) -> Precision {
        match (self.meaning, self.place().map(|entry| entry.kind)) {
            (_, Some(EntryKind::Country)) => Precision::Country,
            (_, Some(EntryKind::PartOfTheWorld)) => Precision::PartOfTheWorld,
            (Meaning::Region, _) | (_, Some(EntryKind::Region | EntryKind::District) | None) => {
                Precision::Region
            }
            _ => Precision::Settlement,
        }
    }
}

fn part_of_the_world(number: usize, part: &'static Part) -> Entry<'static> {
    Entry {
        name: &part.name,
        geonames: None,
        country: "",
        latitude: part.latitude,
        longitude: part.longitude,
        kind: EntryKind::PartOfTheWorld,
        people: 0,
        number,
        inside: None,
    }
}

/// Returns the first eight bytes of a name as a number that sorts as they do: most look-ups end with it, in one
/// small table.
fn head(row: &str) -> u64 {
    let mut head = [0; 8];
    for (byte, &read) in head.iter_mut().zip(row.as_bytes().iter().take_while(|&&byte| byte != b'\t')) {
        *byte = read;
    }
    u64::from_be_bytes(head)
}

/// Folds a name as the keys of the gazetteer are folded: small letters, without accents, apostrophes and full
/// stops, and with spaces for hyphens.
pub(super) fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            '\'' | '’' | '‘' | 'ʼ' | 'ʹ' | 'ʻ' | '`' | 'ʿ' | 'ʾ' | '.' | '´' => {}
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ł' => folded.push('l'),
            'ı' => folded.push('i'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ə' => folded.push('e'),
            'ħ' => folded.push('h'),
            '-' | '\u{2011}' => folded.push(' '),
            _ if c.is_whitespace() => folded.push(' '),
            _ if c.is_ascii() => folded.push(c),
            _ => folded.extend(c.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c))),
        }
    }
    folded.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_whatever_their_spelling() {
        let finds = |name: &str, meant: (&str, &str)| {
            let found = GAZETTEER.find(&fold(name));
            found.iter().filter_map(|c| c.place()).any(|entry| (entry.name, entry.country) == meant)
        };
        assert!(finds("Kiev", ("Kyiv", "UA")));
        assert!(finds("Donets'k", ("Donetsk", "UA")));
        assert!(finds("Donetsk", ("Donetsk Oblast", "UA")));
        assert!(finds("U.S.", ("United States", "US")));
        assert!(finds("Syrian", ("Syria", "SY")));
        assert!(finds("Київ", ("Kyiv", "UA")));
        assert!(finds("Black Sea", ("Black Sea", "")));
        assert!(GAZETTEER.find(&fold("Varden-upon-Nothing")).is_empty());
    }

    #[test]
    fn every_row_can_be_read() {
        assert!(GAZETTEER.names.is_sorted_by_key(|(_, at)| GAZETTEER.name(*at)));
        assert!((0..GAZETTEER.entries.len()).all(|number| GAZETTEER.entry(number).geonames.is_some()));
        for region in &WORDS.regions {
            assert!(GAZETTEER.largest(&region.seat, &region.country).is_some(), "{}", region.seat);
        }
    }
}
