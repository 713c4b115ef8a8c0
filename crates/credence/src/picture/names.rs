use std::sync::LazyLock;

/// A name that a map bears whatever is told of.
pub(super) struct Name {
    pub(super) kind: NameKind,
    pub(super) words: &'static str,
    /// Degrees north and east.
    pub(super) at: (f64, f64),
    /// Of a country, the degrees that it is wide there; of a town, its thousands of inhabitants.
    pub(super) size: f64,
}

/// What a name is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameKind {
    /// A member or an observer of the United Nations.
    Country,
    /// A town that is the largest far and wide.
    Town,
}

/// The names as `tools/names.py` writes them: countries, then towns, the largest first. `assets/names.md` tells where they are
/// from.
pub(crate) const NAMES_TEXT: &str = include_str!("../../assets/names.tsv");

/// See [`NAMES_TEXT`].
pub(super) static NAMES: LazyLock<Vec<Name>> =
    LazyLock::new(|| NAMES_TEXT.lines().filter_map(name).collect());

fn name(line: &'static str) -> Option<Name> {
    let mut parts = line.split('\t');
    let kind = match parts.next()? {
        "c" => NameKind::Country,
        "t" => NameKind::Town,
        _ => return None,
    };
    let words = parts.next()?;
    let mut number = || parts.next()?.parse::<f64>().ok();
    let (east, north, size) = (number()? / 100.0, number()? / 100.0, number()?);
    let size = if kind == NameKind::Country { size / 100.0 } else { size };
    Some(Name { kind, words, at: (north, east), size })
}

/// The fewest thousands of inhabitants of a town that a map names, by the pixels that a degree has on it at least. Where it has
/// fewer, none is named.
pub(super) const LEAST: [(f64, f64); 4] = [(90.0, 0.0), (45.0, 400.0), (22.0, 1_500.0), (12.0, 5_000.0)];

/// See [`LEAST`].
pub(super) fn least_people(degree: f64) -> f64 {
    LEAST.iter().find(|(pixels, _)| degree >= *pixels).map_or(f64::INFINITY, |(_, least)| *least)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_line_is_a_name() {
        assert_eq!(NAMES.len(), NAMES_TEXT.lines().count());
        assert!(
            NAMES.iter().all(|name| name.at.0.abs() <= 90.0 && name.at.1.abs() <= 180.0 && name.size > 0.0)
        );
        assert!(NAMES_TEXT.len() < 60_000, "{}", NAMES_TEXT.len());
    }

    /// Members and observers of the United Nations are named, but for one without an outline, and no other ground is.
    #[test]
    fn no_name_takes_a_side() {
        let countries: BTreeSet<&str> =
            NAMES.iter().filter(|name| name.kind == NameKind::Country).map(|name| name.words).collect();
        assert_eq!(countries.len(), 193 + 2 - 1);
        for named in ["Ukraine", "State of Palestine", "Israel", "Cyprus", "Serbia", "Morocco", "China"] {
            assert!(countries.contains(named), "{named}");
        }
        for unnamed in
            ["Kosovo", "Taiwan", "Western Sahara", "W. Sahara", "Somaliland", "N. Cyprus", "Crimea"]
        {
            assert!(!countries.contains(unnamed), "{unnamed}");
        }
        let is_in_sahara =
            |name: &&Name| name.at.0 < 27.6 && name.at.0 > 21.4 && (-17.2..-8.7).contains(&name.at.1);
        let there: Vec<&str> = NAMES.iter().filter(is_in_sahara).map(|name| name.words).collect();
        assert!(there.iter().all(|name| *name != "Morocco"), "{there:?}");
    }

    #[test]
    fn closer_maps_name_smaller_towns() {
        let least: Vec<f64> = [1.0, 12.0, 30.0, 60.0, 100.0].map(least_people).to_vec();
        assert!(least.is_sorted_by(|one, other| one > other), "{least:?}");
    }
}
