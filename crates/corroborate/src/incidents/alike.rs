use std::collections::BTreeMap;

use model::ObjectClass;

use super::{Account, Days};

/// How rare words are among all accounts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rarity {
    pub(crate) accounts: usize,
    /// How many accounts hold a word.
    pub(crate) holding: BTreeMap<String, usize>,
}

/// Accounts that are thought to stand beside those given, so that a word in both of two is not taken for a word in all.
const BACKGROUND: f64 = 200.0;

impl Rarity {
    /// Returns the weight of a word: the logarithm of one in how many accounts holds it.
    pub(crate) fn weight(&self, word: &str) -> f64 {
        let holding = self.holding.get(word).copied().unwrap_or_default() as f64;
        ((self.accounts as f64 + BACKGROUND) / (holding + 0.5)).ln().max(0.0)
    }
}

/// How far two accounts speak for one event, with the reasons in words.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Likeness {
    pub(crate) weight: f64,
    pub(crate) reasons: Vec<String>,
}

/// From this weight on, two accounts are of one event.
pub(super) const ONE_EVENT: f64 = 0.3;

/// What a shared town, class of object and stated day add to the likeness of the words, and what differences take.
const TOWN: f64 = 0.15;
const OBJECT: f64 = 0.1;
const OTHER_OBJECT: f64 = 0.3;
const DAY: f64 = 0.1;
/// For each day between two stated days, and between the days of two reports that state none.
const OTHER_DAY: f64 = 0.15;

/// Days after which a report may still be the first on an event that it does not date.
pub(super) const LATE: i32 = 3;

/// Compares two accounts. `None` if they cannot be of one event: they name different towns, or days too far apart.
pub(super) fn alike(one: &Account, other: &Account, rarity: &Rarity) -> Option<Likeness> {
    let words = shared_words(one, other, rarity);
    let mut likeness = Likeness { weight: words.cosine, reasons: Vec::new() };
    place(one, other, &mut likeness)?;
    days(one, other, &words, &mut likeness)?;
    objects(one, other, &mut likeness);
    if !words.rarest.is_empty() {
        likeness.reasons.push(format!("words shared: {}", words.rarest.join(", ")));
    }
    Some(likeness)
}

struct Shared<'a> {
    /// Cosine of the two sets of words, weighted by how rare they are.
    cosine: f64,
    count: usize,
    /// The rarest, rarest first.
    rarest: Vec<&'a str>,
}

/// Words that a reason shows.
const SHOWN: usize = 5;
/// Telling words below which sameness says nothing.
const FEW: usize = 2;

fn shared_words<'a>(one: &'a Account, other: &Account, rarity: &Rarity) -> Shared<'a> {
    let square = |root: &String| rarity.weight(root).powi(2);
    let length = |account: &Account| account.words.keys().map(square).sum::<f64>().sqrt();
    let mut shared: Vec<(&str, f64)> = one
        .words
        .iter()
        .filter(|(root, _)| other.words.contains_key(*root))
        .map(|(root, word)| (word.as_str(), rarity.weight(root)))
        .collect();
    let lengths = length(one) * length(other);
    let few = one.words.len().min(other.words.len()) < FEW;
    let cosine = if few || lengths == 0.0 {
        0.0
    } else {
        shared.iter().map(|(_, weight)| weight * weight).sum::<f64>() / lengths
    };
    shared.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let count = shared.len();
    Shared { cosine, count, rarest: shared.into_iter().take(SHOWN).map(|(word, _)| word).collect() }
}

fn place(one: &Account, other: &Account, likeness: &mut Likeness) -> Option<()> {
    if let (Some(town), Some(others)) = (&one.town, &other.town) {
        if town != others {
            return None;
        }
        likeness.weight += TOWN;
        likeness.reasons.push(format!("same place: {town}"));
    }
    Some(())
}

/// Words shared from which on two texts are one, copied.
const COPIED_WORDS: usize = 12;
const COPIED: f64 = 0.8;

fn days(one: &Account, other: &Account, words: &Shared<'_>, likeness: &mut Likeness) -> Option<()> {
    let (Some(day), Some(others)) = (one.days, other.days) else {
        likeness.reasons.push("no day is known of one of them".to_owned());
        return Some(());
    };
    let apart = apart(day, others);
    let copied = words.count >= COPIED_WORDS && words.cosine >= COPIED;
    if apart > LATE && !copied {
        return None;
    }
    let reason = match (day.stated, others.stated) {
        (true, true) => both_stated(day, others, likeness)?,
        (false, false) if apart == 0 => "reported on one day".to_owned(),
        (false, false) if copied => format!("the same text, reported {}", many_days(apart, "apart")),
        (false, false) => {
            // Two reports of different days that date nothing: only the same place holds them together.
            one.town.as_ref().and(other.town.as_ref())?;
            likeness.weight -= OTHER_DAY * f64::from(apart);
            format!("reported {}", many_days(apart, "apart"))
        }
        _ if apart == 0 => "reported on the day".to_owned(),
        _ => {
            let (stated, reported) = if day.stated { (day, others) } else { (others, day) };
            (stated.last <= reported.first).then(|| format!("reported {}", many_days(apart, "after")))?
        }
    };
    likeness.reasons.push(reason);
    Some(())
}

fn both_stated(day: Days, others: Days, likeness: &mut Likeness) -> Option<String> {
    match apart(day, others) {
        0 if day == others && day.first == day.last => {
            likeness.weight += DAY;
            Some("same day".to_owned())
        }
        0 => Some("the days that are named allow it".to_owned()),
        // The evening in one place is the next day in another.
        1 => {
            likeness.weight -= OTHER_DAY;
            Some("a day apart".to_owned())
        }
        _ => None,
    }
}

fn many_days(count: i32, how: &str) -> String {
    if count == 1 { format!("a day {how}") } else { format!("{count} days {how}") }
}

/// Returns how many days lie between two stretches; 0 if they meet.
fn apart(one: Days, other: Days) -> i32 {
    if one.meet(other) {
        return 0;
    }
    let (early, late) = if one.last < other.first { (one, other) } else { (other, one) };
    early.last.until(late.first).map_or(i32::MAX, |span| span.get_days())
}

fn objects(one: &Account, other: &Account, likeness: &mut Likeness) {
    let same: Vec<&str> =
        closer(one).filter(|class| other.objects.contains(class)).map(ObjectClass::name).collect();
    if !same.is_empty() {
        likeness.weight += OBJECT;
        likeness.reasons.push(format!("same class of object: {}", same.join(", ")));
    } else if closer(one).next().is_some() && closer(other).next().is_some() {
        likeness.weight -= OTHER_OBJECT;
    }
}

/// The classes that tell objects apart.
fn closer(account: &Account) -> impl Iterator<Item = ObjectClass> {
    account.objects.iter().copied().filter(|class| *class != ObjectClass::Other)
}
