//! What is right, half right, wrong, spurious and missing, and which template is compared with which.

use super::key::{KeyFill, KeyTemplate};
use super::slots::{Credit, Fill, SLOTS, Slot, slot};

/// One template of a response: the fills of each slot, in the order of [`SLOTS`].
pub(crate) type Template = Vec<Vec<Fill>>;

/// The tallies of Chinchor (1992).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) correct: usize,
    pub(crate) partial: usize,
    pub(crate) incorrect: usize,
    pub(crate) spurious: usize,
    pub(crate) missing: usize,
}

impl Tally {
    /// Counts fills in the key, with the optional ones that were found.
    pub(crate) fn possible(self) -> usize {
        self.correct + self.partial + self.incorrect + self.missing
    }

    /// Counts fills in the response.
    pub(crate) fn actual(self) -> usize {
        self.correct + self.partial + self.incorrect + self.spurious
    }

    /// Counts what is right in halves.
    fn halves(self) -> usize {
        2 * self.correct + self.partial
    }

    pub(crate) fn recall(self) -> f64 {
        crate::counts::share(self.halves(), 2 * self.possible())
    }

    pub(crate) fn precision(self) -> f64 {
        crate::counts::share(self.halves(), 2 * self.actual())
    }

    /// The F-measure with equal weights.
    pub(crate) fn f1(self) -> f64 {
        crate::counts::share(self.halves(), self.possible() + self.actual())
    }

    pub(crate) fn add(&mut self, other: Tally) {
        self.correct += other.correct;
        self.partial += other.partial;
        self.incorrect += other.incorrect;
        self.spurious += other.spurious;
        self.missing += other.missing;
    }
}

/// Compares the fills of one slot: the best pairs first, each fill once. What is left on both sides is wrong; what is
/// left in the response alone is spurious, in the key alone missing unless it is optional.
pub(crate) fn tally(slot: &Slot, key: &[KeyFill], response: &[Fill]) -> Tally {
    let mut pairs = Vec::new();
    for (i, key) in key.iter().enumerate() {
        for (j, fill) in response.iter().enumerate() {
            pairs.push((slot.credit(key, fill), !key.optional, i, j));
        }
    }
    pairs.retain(|pair| pair.0 > Credit::None);
    pairs.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then((a.2, a.3).cmp(&(b.2, b.3))));
    let (mut met, mut used) = (vec![false; key.len()], vec![false; response.len()]);
    let mut tally = Tally::default();
    for (credit, _, i, j) in pairs {
        if met[i] || used[j] {
            continue;
        }
        (met[i], used[j]) = (true, true);
        *if credit == Credit::Full { &mut tally.correct } else { &mut tally.partial } += 1;
    }
    let owed = key.iter().zip(&met).filter(|(key, met)| !key.optional && !**met).count();
    let left = used.iter().filter(|used| !**used).count();
    tally.incorrect = owed.min(left);
    tally.missing = owed - tally.incorrect;
    tally.spurious = left - tally.incorrect;
    tally
}

/// A template of the key beside the one of the response that was found for it.
pub(crate) struct Pairing {
    pub(crate) key: Option<usize>,
    pub(crate) response: Option<usize>,
}

/// Aligns templates, those first that earn most together, each once, as far as their content allows it.
pub(crate) fn align(key: &[KeyTemplate], response: &[Template]) -> Vec<Pairing> {
    let mut pairs = Vec::new();
    for (i, key) in key.iter().enumerate() {
        for (j, response) in response.iter().enumerate() {
            if may_be_the_same(key, response) {
                let all = slots(Some(key), Some(response)).fold(Tally::default(), |mut all, (_, tally)| {
                    all.add(tally);
                    all
                });
                pairs.push((all.halves(), !key.optional, i, j));
            }
        }
    }
    pairs.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then((a.2, a.3).cmp(&(b.2, b.3))));
    let (mut met, mut used) = (vec![false; key.len()], vec![false; response.len()]);
    let mut aligned = Vec::new();
    for (_, _, i, j) in pairs {
        if !met[i] && !used[j] {
            (met[i], used[j]) = (true, true);
            aligned.push(Pairing { key: Some(i), response: Some(j) });
        }
    }
    let missing = (0..key.len()).filter(|&i| !met[i] && !key[i].optional);
    aligned.extend(missing.map(|i| Pairing { key: Some(i), response: None }));
    let spurious = (0..response.len()).filter(|&j| !used[j]);
    aligned.extend(spurious.map(|j| Pairing { key: None, response: Some(j) }));
    aligned
}

/// Tallies slot after slot; a template without a partner is missing or spurious with all its fills.
pub(crate) fn slots<'t>(
    key: Option<&'t KeyTemplate>,
    response: Option<&'t Template>,
) -> impl Iterator<Item = (&'static Slot, Tally)> + 't {
    SLOTS.iter().enumerate().map(move |(at, slot)| {
        let key = key.map_or(&[][..], |key| &key.slots[at]);
        let response = response.map_or(&[][..], |response| &response[at]);
        (slot, tally(slot, key, response))
    })
}

/// The slots of which one must agree, in part at least, beside the type of incident.
const TELLING: [&str; 7] = [
    "PERP: INDIVIDUAL ID",
    "PERP: ORGANIZATION ID",
    "PHYS TGT: ID",
    "PHYS TGT: TYPE",
    "HUM TGT: NAME",
    "HUM TGT: DESCRIPTION",
    "HUM TGT: TYPE",
];

/// Tells whether two templates may be aligned by their content (MUC-4, appendix C, 3.2.1).
fn may_be_the_same(key: &KeyTemplate, response: &Template) -> bool {
    let agrees = |name: &str| {
        let at = slot(name);
        tally(&SLOTS[at], &key.slots[at], &response[at]).halves() > 0
    };
    agrees("INCIDENT: TYPE") && TELLING.iter().any(|name| agrees(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(optional: bool, fills: &[(&str, &str)]) -> KeyTemplate {
        let mut slots = vec![Vec::new(); SLOTS.len()];
        for (name, value) in fills {
            slots[slot(name)].push(KeyFill {
                optional: false,
                values: vec![(*value).to_owned()],
                about: Vec::new(),
            });
        }
        KeyTemplate { optional, slots }
    }

    fn response(fills: &[(&str, &str)]) -> Template {
        let mut slots = vec![Vec::new(); SLOTS.len()];
        for (name, value) in fills {
            slots[slot(name)].push(Fill { value: (*value).to_owned(), about: None });
        }
        slots
    }

    fn all(key: &[KeyTemplate], response: &[Template]) -> Tally {
        let mut all = Tally::default();
        for pairing in align(key, response) {
            let pair = (pairing.key.map(|i| &key[i]), pairing.response.map(|j| &response[j]));
            slots(pair.0, pair.1).for_each(|(_, tally)| all.add(tally));
        }
        all
    }

    const VICTIMS: &str = "HUM TGT: DESCRIPTION";
    const TYPE: &str = "INCIDENT: TYPE";

    #[test]
    fn what_is_left_on_both_sides_is_wrong() {
        let key =
            [key(false, &[(TYPE, "ATTACK"), (VICTIMS, "MINERS"), (VICTIMS, "NURSES"), (VICTIMS, "BAKERS")])];
        let response = [response(&[(TYPE, "ATTACK"), (VICTIMS, "MINERS"), (VICTIMS, "SAILORS")])];
        let expected = Tally { correct: 2, incorrect: 1, missing: 1, ..Tally::default() };
        assert_eq!(all(&key, &response), expected);
        assert_eq!(expected.f1(), 4.0 / 7.0);
    }

    #[test]
    fn templates_without_a_partner_count_in_full() {
        let key = [key(false, &[(TYPE, "ATTACK"), (VICTIMS, "MINERS")])];
        let response = [response(&[(TYPE, "ATTACK"), (VICTIMS, "SAILORS")])];
        assert_eq!(all(&key, &response), Tally { missing: 2, spurious: 2, ..Tally::default() });
    }

    #[test]
    fn another_type_is_never_aligned() {
        let key = [key(false, &[(TYPE, "KIDNAPPING"), (VICTIMS, "MINERS")])];
        let response = [response(&[(TYPE, "ATTACK"), (VICTIMS, "MINERS")])];
        assert_eq!(all(&key, &response).halves(), 0);
    }

    #[test]
    fn an_optional_template_may_be_found_and_may_be_left_out() {
        let key = [key(true, &[(TYPE, "ATTACK"), (VICTIMS, "MINERS")])];
        assert_eq!(all(&key, &[]), Tally::default());
        assert_eq!(
            all(&key, &[response(&[(TYPE, "ATTACK"), (VICTIMS, "MINERS")])]),
            Tally { correct: 2, ..Tally::default() }
        );
    }

    #[test]
    fn the_pair_that_earns_most_is_aligned() {
        let key = [
            key(false, &[(TYPE, "ATTACK"), (VICTIMS, "MINERS")]),
            key(false, &[(TYPE, "ATTACK"), (VICTIMS, "MINERS"), (VICTIMS, "NURSES")]),
        ];
        let response = [response(&[(TYPE, "ATTACK"), (VICTIMS, "NURSES"), (VICTIMS, "MINERS")])];
        assert_eq!(all(&key, &response), Tally { correct: 3, missing: 2, ..Tally::default() });
    }
}
