//! The slots of a MUC-4 template, and when a fill agrees with the key.

use jiff::ToSpan;
use jiff::civil::Date;

use super::key::KeyFill;
use super::strings;

/// One slot of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) name: &'static str,
    pub(crate) kind: SlotKind,
}

/// How the fills of a slot are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SlotKind {
    /// A day, or days from the first to the last; a leading dash leaves the first open.
    Date,
    /// A country and the places in it, from large to small.
    Location,
    /// A word of a closed set; some are more general than others.
    Set,
    /// Words of the text that describe.
    String,
    /// A person's name in the text.
    Name,
    /// A number, PLURAL, or a number with a sign for "about" and "at least".
    Number,
}

/// All slots that are scored. The identifiers of message and template are not (Chinchor 1992).
pub(crate) const SLOTS: [Slot; 23] = [
    Slot { name: "INCIDENT: DATE", kind: SlotKind::Date },
    Slot { name: "INCIDENT: LOCATION", kind: SlotKind::Location },
    Slot { name: "INCIDENT: TYPE", kind: SlotKind::Set },
    Slot { name: "INCIDENT: STAGE OF EXECUTION", kind: SlotKind::Set },
    Slot { name: "INCIDENT: INSTRUMENT ID", kind: SlotKind::String },
    Slot { name: "INCIDENT: INSTRUMENT TYPE", kind: SlotKind::Set },
    Slot { name: "PERP: INCIDENT CATEGORY", kind: SlotKind::Set },
    Slot { name: "PERP: INDIVIDUAL ID", kind: SlotKind::String },
    Slot { name: "PERP: ORGANIZATION ID", kind: SlotKind::String },
    Slot { name: "PERP: ORGANIZATION CONFIDENCE", kind: SlotKind::Set },
    Slot { name: "PHYS TGT: ID", kind: SlotKind::String },
    Slot { name: "PHYS TGT: TYPE", kind: SlotKind::Set },
    Slot { name: "PHYS TGT: NUMBER", kind: SlotKind::Number },
    Slot { name: "PHYS TGT: FOREIGN NATION", kind: SlotKind::Set },
    Slot { name: "PHYS TGT: EFFECT OF INCIDENT", kind: SlotKind::Set },
    Slot { name: "PHYS TGT: TOTAL NUMBER", kind: SlotKind::Number },
    Slot { name: "HUM TGT: NAME", kind: SlotKind::Name },
    Slot { name: "HUM TGT: DESCRIPTION", kind: SlotKind::String },
    Slot { name: "HUM TGT: TYPE", kind: SlotKind::Set },
    Slot { name: "HUM TGT: NUMBER", kind: SlotKind::Number },
    Slot { name: "HUM TGT: FOREIGN NATION", kind: SlotKind::Set },
    Slot { name: "HUM TGT: EFFECT OF INCIDENT", kind: SlotKind::Set },
    Slot { name: "HUM TGT: TOTAL NUMBER", kind: SlotKind::Number },
];

/// Returns the position of a slot in [`SLOTS`].
pub(crate) fn slot(name: &str) -> usize {
    SLOTS.iter().position(|slot| slot.name == name).expect("the name is one of the list")
}

/// One fill of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fill {
    pub(crate) value: String,
    /// The words of the thing that the fill is about.
    pub(crate) about: Option<String>,
}

/// How much a fill is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Credit {
    None,
    Partial,
    Full,
}

impl Slot {
    pub(crate) fn is_string(&self) -> bool {
        matches!(self.kind, SlotKind::String | SlotKind::Name)
    }

    /// Compares a fill with one of the key: the best of its alternatives counts.
    pub(crate) fn credit(&self, key: &KeyFill, fill: &Fill) -> Credit {
        let value = key.values.iter().map(|value| self.compare(value, &fill.value)).max();
        let value = value.unwrap_or(Credit::None);
        if value == Credit::Full && !refers_alike(key, fill) { Credit::Partial } else { value }
    }

    fn compare(&self, key: &str, value: &str) -> Credit {
        match self.kind {
            SlotKind::Date => dates(key, value),
            SlotKind::Location => locations(key, value),
            SlotKind::Set => in_set(key, value),
            SlotKind::String => strings::descriptions(key, value),
            SlotKind::Name => strings::names(key, value),
            SlotKind::Number => numbers(key, value),
        }
    }
}

/// A cross-reference is right if it names the same thing, however much of the name it gives.
fn refers_alike(key: &KeyFill, fill: &Fill) -> bool {
    let Some(about) = &fill.about else { return key.about.is_empty() };
    key.about.is_empty()
        || key
            .about
            .iter()
            .any(|words| strings::names(words, about).max(strings::descriptions(words, about)) > Credit::None)
}

/// What is more general than what, in the sets that are trees (MUC-4 slot definitions).
const MORE_GENERAL: [(&str, &[&str]); 10] = [
    ("ATTACK", &["BOMBING", "ARSON"]),
    ("GUN", &["MACHINE GUN", "MORTAR", "HANDGUN", "RIFLE"]),
    (
        "EXPLOSIVE",
        &[
            "BOMB",
            "VEHICLE BOMB",
            "LETTER BOMB",
            "DYNAMITE",
            "MINE",
            "GRENADE",
            "MOLOTOV COCKTAIL",
            "AERIAL BOMB",
        ],
    ),
    ("BOMB", &["VEHICLE BOMB", "LETTER BOMB"]),
    ("PROJECTILE", &["MISSILE", "ROCKET"]),
    ("SUSPECTED OR ACCUSED", &["SUSPECTED OR ACCUSED BY AUTHORITIES"]),
    ("NO INJURY", &["NO INJURY OR DEATH"]),
    ("NO DEATH", &["NO INJURY OR DEATH"]),
    ("SOME DAMAGE", &["DESTROYED"]),
    ("FIRE", &["MOLOTOV COCKTAIL"]),
];

/// A value more general than that of the key is half right.
fn in_set(key: &str, value: &str) -> Credit {
    let general = |(general, special): &(&str, &[&str])| *general == value && special.contains(&key);
    match () {
        () if key == value => Credit::Full,
        () if MORE_GENERAL.iter().any(general) => Credit::Partial,
        () => Credit::None,
    }
}

/// The same number with another sign is half right.
fn numbers(key: &str, value: &str) -> Credit {
    let bare = |number: &str| number.replace([' ', '~', '-'], "");
    let written = |number: &str| number.replace(' ', "");
    match () {
        () if written(key) == written(value) => Credit::Full,
        () if bare(key) == bare(value) => Credit::Partial,
        () => Credit::None,
    }
}

/// The smallest place decides: the same one in the same country is right; another, or none, in that country is half.
fn locations(key: &str, value: &str) -> Credit {
    let (key, value) = (places(key), places(value));
    if key.first() != value.first() || key.is_empty() {
        return Credit::None;
    }
    if key.last() == value.last() { Credit::Full } else { Credit::Partial }
}

/// Returns the names of "ESTMARK: NORTH (DEPARTMENT): VARDEN (CITY)" without their kinds.
fn places(written: &str) -> Vec<String> {
    let whole = written.trim();
    // A whole alternative may stand in brackets: "(ESTMARK: VARDEN (CITY))".
    let inner = whole.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(whole);
    let plain = |part: &str| part.split(" (").next().unwrap_or_default().trim().to_uppercase();
    inner.split(':').map(plain).filter(|name| !name.is_empty()).collect()
}

/// The same days are right; days that may be the same are half right.
fn dates(key: &str, value: &str) -> Credit {
    let (Some(key), Some(value)) = (days(key), days(value)) else { return Credit::None };
    match () {
        () if key == value => Credit::Full,
        () if key.0 <= value.1 && value.0 <= key.1 => Credit::Partial,
        () => Credit::None,
    }
}

/// How far back an open beginning reaches: reports of older events are out of scope (MUC-4 task, section 1).
const TWO_MONTHS: i32 = 61;

/// Reads "03 JAN 90", "- 03 JAN 90" and "03 JAN 90 - 05 JAN 90".
fn days(written: &str) -> Option<(Date, Date)> {
    let written = written.trim().trim_matches(['(', ')']);
    match written.split_once('-') {
        Some((from, to)) if from.trim().is_empty() => {
            let to = day(to)?;
            Some((to.checked_sub(TWO_MONTHS.days()).ok()?, to))
        }
        Some((from, to)) => Some((day(from)?, day(to)?)),
        None => day(written).map(|day| (day, day)),
    }
}

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

fn day(written: &str) -> Option<Date> {
    let parts: Vec<&str> = written.split_whitespace().collect();
    let [day, month, year] = parts[..] else { return None };
    let month = MONTHS.iter().position(|name| month.starts_with(name))? + 1;
    // All messages are of the twentieth century.
    let year: i16 = year.parse().ok().filter(|year| (0..100).contains(year))?;
    Date::new(1900 + year, i8::try_from(month).ok()?, day.parse().ok()?).ok()
}

/// Writes a day as the templates do.
pub(crate) fn written_day(day: Date) -> String {
    let month = MONTHS[usize::try_from(day.month() - 1).unwrap_or_default()];
    format!("{:02} {month} {:02}", day.day(), day.year().rem_euclid(100))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credit(name: &str, key: &str, value: &str) -> Credit {
        let key = KeyFill { optional: false, values: vec![key.to_owned()], about: Vec::new() };
        SLOTS[slot(name)].credit(&key, &Fill { value: value.to_owned(), about: None })
    }

    #[test]
    fn a_more_general_value_is_half_right() {
        assert_eq!(credit("INCIDENT: TYPE", "BOMBING", "ATTACK"), Credit::Partial);
        assert_eq!(credit("INCIDENT: TYPE", "ATTACK", "BOMBING"), Credit::None);
        assert_eq!(credit("INCIDENT: TYPE", "ARSON", "ARSON"), Credit::Full);
        assert_eq!(credit("INCIDENT: INSTRUMENT TYPE", "VEHICLE BOMB", "BOMB"), Credit::Partial);
    }

    #[test]
    fn days_that_may_be_the_same_are_half_right() {
        assert_eq!(credit("INCIDENT: DATE", "03 JAN 90", "03 JAN 90"), Credit::Full);
        assert_eq!(credit("INCIDENT: DATE", "- 03 JAN 90", "02 JAN 90"), Credit::Partial);
        assert_eq!(credit("INCIDENT: DATE", "03 JAN 90 - 05 JAN 90", "04 JAN 90"), Credit::Partial);
        assert_eq!(credit("INCIDENT: DATE", "03 JAN 90", "04 JAN 90"), Credit::None);
        assert_eq!(credit("INCIDENT: DATE", "- 03 JAN 90", "02 JAN 89"), Credit::None);
    }

    #[test]
    fn the_smallest_place_decides() {
        let key = "ESTMARK: NORTH (DEPARTMENT): VARDEN (CITY)";
        assert_eq!(credit("INCIDENT: LOCATION", key, "ESTMARK: VARDEN (TOWN)"), Credit::Full);
        assert_eq!(credit("INCIDENT: LOCATION", key, "ESTMARK"), Credit::Partial);
        assert_eq!(credit("INCIDENT: LOCATION", key, "RURITANIA: VARDEN (CITY)"), Credit::None);
        assert_eq!(
            credit("INCIDENT: LOCATION", "(ESTMARK: ORO (CITY))", "ESTMARK: ORO (CITY)"),
            Credit::Full
        );
    }

    #[test]
    fn numbers_with_another_sign_are_half_right() {
        assert_eq!(credit("HUM TGT: NUMBER", "~50", "50"), Credit::Partial);
        assert_eq!(credit("HUM TGT: NUMBER", "- 139", "-139"), Credit::Full);
        assert_eq!(credit("HUM TGT: NUMBER", "12", "PLURAL"), Credit::None);
    }

    #[test]
    fn a_right_value_about_another_thing_is_half_right() {
        let effects = SLOTS[slot("HUM TGT: EFFECT OF INCIDENT")];
        let key = KeyFill {
            optional: false,
            values: vec!["DEATH".into()],
            about: vec!["MIRA VEY".into(), "TEACHER".into()],
        };
        let fill = |about: &str| Fill { value: "DEATH".into(), about: Some(about.into()) };
        assert_eq!(effects.credit(&key, &fill("VEY")), Credit::Full);
        assert_eq!(effects.credit(&key, &fill("FARMERS")), Credit::Partial);
    }
}
