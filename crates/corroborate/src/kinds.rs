use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::Read;
use crate::basis::spaced;
use crate::speakers::{governs, side, tokens};

/// What somebody at the root of a claim is to the event: diversity of kind counts for more than numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OriginKind {
    /// A person who was there, or near.
    Witness,
    /// An official or body of the side that was harmed.
    HarmedSide,
    /// An official or body of the accused side, which speaks against its own interest.
    AgainstInterest,
    /// An official or body of the accused side, which gives its own version.
    AccusedSide,
    /// The United Nations, an inquiry, a charity or another who watches.
    Monitor,
    /// The outlet or agency by its own reporter.
    Outlet,
    /// A government of a third side.
    ThirdSide,
    /// Somebody with a name, of whom the reports do not say what they are to the event.
    Unplaced,
}

impl OriginKind {
    /// All kinds, in order.
    pub const ALL: &'static [OriginKind] = &[
        OriginKind::Witness,
        OriginKind::HarmedSide,
        OriginKind::AgainstInterest,
        OriginKind::AccusedSide,
        OriginKind::Monitor,
        OriginKind::Outlet,
        OriginKind::ThirdSide,
        OriginKind::Unplaced,
    ];

    /// Returns the fixed name in formats and filters.
    pub fn name(self) -> &'static str {
        match self {
            OriginKind::Witness => "witness",
            OriginKind::HarmedSide => "harmed_side",
            OriginKind::AgainstInterest => "against_interest",
            OriginKind::AccusedSide => "accused_side",
            OriginKind::Monitor => "monitor",
            OriginKind::Outlet => "outlet",
            OriginKind::ThirdSide => "third_side",
            OriginKind::Unplaced => "unplaced",
        }
    }

    /// Tells whether such an origin speaks from what it saw or looked into itself.
    pub(crate) fn is_close(self) -> bool {
        matches!(self, OriginKind::Witness | OriginKind::Monitor | OriginKind::Outlet)
    }
}

/// What the kind of an origin is told by.
pub(crate) struct Placing<'a> {
    pub(crate) reads: &'a [Read<'a>],
    /// The side that is accused.
    pub(crate) accused: Option<&'a str>,
    /// Whether the matter is the accused side's own version.
    pub(crate) is_counter: bool,
    /// The countries that the claims name as place or target.
    pub(crate) harmed: &'a BTreeSet<String>,
}

impl Placing<'_> {
    /// Tells the kind of an origin by its names, and by the words around them where the names do not say.
    pub(crate) fn kind(&self, names: &[&str]) -> OriginKind {
        let all: BTreeSet<String> = names.iter().flat_map(|name| tokens(name)).collect();
        let any = |list: &str| all.iter().any(|token| is(list, token));
        if any("own") || names.iter().any(|name| self.is_outlet(name)) {
            return OriginKind::Outlet;
        }
        if let Some(kind) = names.iter().find_map(|name| self.of_side(name)) {
            return kind;
        }
        match () {
            () if any("monitors") => OriginKind::Monitor,
            () if any("media") => OriginKind::Outlet,
            () if any("locals") => OriginKind::HarmedSide,
            () => self.by_description(names),
        }
    }

    fn is_outlet(&self, name: &str) -> bool {
        let own = |read: &Read<'_>| {
            let wire = read.report.wire.as_ref().map_or("", |wire| wire.agency.as_str());
            [read.outlet(), wire].iter().any(|outlet| !outlet.is_empty() && tokens(outlet) == tokens(name))
        };
        self.reads.iter().any(own)
    }

    fn of_side(&self, name: &str) -> Option<OriginKind> {
        let country = governs(name).filter(|country| !is("monitors", country));
        // Of another version, those who accuse are the ones who were accused.
        if self.is_counter && country.is_some() {
            return Some(OriginKind::AccusedSide);
        }
        let accused = self.accused.is_some() && side(name).as_deref() == self.accused;
        if accused && (country.is_some() || tokens(name).len() == 1) {
            return Some(OriginKind::AgainstInterest);
        }
        country.map(|country| match () {
            () if self.harmed.contains(&country) => OriginKind::HarmedSide,
            () if self.harmed.is_empty() => OriginKind::Unplaced,
            () => OriginKind::ThirdSide,
        })
    }

    /// What the reports say beside the name: "the mayor", "who survived".
    fn by_description(&self, names: &[&str]) -> OriginKind {
        let beside: String = names
            .iter()
            .flat_map(|name| self.reads.iter().map(|read| beside(read.report.text.read(), name)))
            .collect();
        let any = |list: &str| beside.split(' ').any(|word| is(list, word));
        match () {
            () if any("locals") => OriginKind::HarmedSide,
            () if any("monitoring") => OriginKind::Monitor,
            () if any("witnesses") => OriginKind::Witness,
            () => OriginKind::Unplaced,
        }
    }
}

/// Characters before and after a name that say who that is.
const BESIDE: usize = 60;
/// Mentions of one name in one report that are looked at.
const MENTIONS: usize = 4;

fn beside(text: &str, name: &str) -> String {
    if name.is_empty() {
        return String::new();
    }
    let mut words = String::new();
    for (at, _) in text.match_indices(name).take(MENTIONS) {
        let before = text[..at].char_indices().rev().nth(BESIDE).map_or(0, |(start, _)| start);
        let rest = &text[at + name.len()..];
        let after = rest.char_indices().nth(BESIDE).map_or(rest.len(), |(end, _)| end);
        // What stands in another sentence is said of somebody else.
        let own = text[before..at].rsplit(". ").next().unwrap_or("");
        words += &spaced(own);
        words += &spaced(rest[..after].split(". ").next().unwrap_or(""));
    }
    words
}

fn is(list: &str, word: &str) -> bool {
    LISTS.get(list).is_some_and(|words| words.contains(word))
}

static LISTS: LazyLock<BTreeMap<&'static str, BTreeSet<&'static str>>> = LazyLock::new(|| {
    let rows = include_str!("../lexicons/kinds.txt").lines().filter_map(|line| line.split_once(": "));
    rows.map(|(name, words)| (name, words.split_whitespace().collect())).collect()
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ReportKey;
    use crate::fixture::report;

    fn check(text: &str, name: &str) -> &'static str {
        let report = report("Quill Post", "2031-03-12", text);
        let reads = [Read { key: ReportKey(1), report: &report, claims: &[] }];
        let harmed = BTreeSet::from(["sorvenia".to_owned()]);
        let placing = Placing { reads: &reads, accused: Some("kaldria"), is_counter: false, harmed: &harmed };
        placing.kind(&[name]).name()
    }

    #[test]
    fn a_kind_is_told_by_the_name() {
        let text = "Nobody is described here.";
        for (name, kind) in [
            ("Sorvenian government", "harmed_side"),
            ("Kaldria’s defence ministry", "against_interest"),
            ("Brevanian government", "third_side"),
            ("United Nations", "monitor"),
            ("Commission on Harm to Civilians", "monitor"),
            ("Quill Post", "outlet"),
            ("Post reporter", "outlet"),
            ("council of Lesk", "harmed_side"),
            ("Mira Vey", "unplaced"),
        ] {
            assert_eq!(check(text, name), kind, "{name}");
        }
    }

    #[test]
    fn a_person_is_told_by_the_words_beside_the_name() {
        assert_eq!(check("The house fell in, said Mira Vey, a survivor of the raid.", "Mira Vey"), "witness");
        assert_eq!(check("The mayor of Lesk, Mira Vey, said so.", "Mira Vey"), "harmed_side");
        assert_eq!(check("A survivor wept. Mira Vey said nothing.", "Mira Vey"), "unplaced");
    }
}
