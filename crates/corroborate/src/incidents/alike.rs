use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

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

/// An account with the weights of its words, for many comparisons.
pub(super) struct Weighed<'a> {
    pub(super) account: &'a Account,
    /// The number of the root of each word, in order, the word, and its weight.
    words: Vec<(usize, &'a str, f64)>,
    /// The length of the vector of the weights.
    length: f64,
}

/// Weighs the words of accounts that are to be compared with one another.
pub(super) fn weighed<'a>(accounts: &[&'a Account], rarity: &Rarity) -> Vec<Weighed<'a>> {
    let roots: BTreeSet<&String> = accounts.iter().flat_map(|account| account.words.keys()).collect();
    let roots: HashMap<&String, (usize, f64)> =
        roots.into_iter().enumerate().map(|(number, root)| (root, (number, rarity.weight(root)))).collect();
    let one = |account: &&'a Account| {
        let known = |(root, word): (&String, &'a String)| {
            roots.get(root).map(|&(number, weight)| (number, word.as_str(), weight))
        };
        let words: Vec<_> = account.words.iter().filter_map(known).collect();
        let length = words.iter().map(|(.., weight)| weight.powi(2)).sum::<f64>().sqrt();
        Weighed { account, words, length }
    };
    accounts.iter().map(one).collect()
}

/// How far two accounts speak for one event, with the reasons in words where these are asked for.
#[derive(Debug, Clone, PartialEq)]
struct Likeness {
    weight: f64,
    reasons: Option<Vec<String>>,
}

impl Likeness {
    fn because(&mut self, reason: impl FnOnce() -> String) {
        if let Some(reasons) = &mut self.reasons {
            reasons.push(reason());
        }
    }
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

/// Tells how far two accounts speak for one event. `None` if they cannot be of one: they name different towns, or days too
/// far apart.
pub(super) fn alike(one: &Weighed<'_>, other: &Weighed<'_>) -> Option<f64> {
    Some(likeness(one, other, None)?.weight)
}

/// Says as well what speaks for it, in words.
pub(super) fn alike_because(one: &Weighed<'_>, other: &Weighed<'_>) -> Option<(f64, Vec<String>)> {
    let Likeness { weight, reasons } = likeness(one, other, Some(Vec::new()))?;
    Some((weight, reasons.unwrap_or_default()))
}

fn likeness(one: &Weighed<'_>, other: &Weighed<'_>, reasons: Option<Vec<String>>) -> Option<Likeness> {
    let mut likeness = Likeness { weight: 0.0, reasons };
    place(one.account, other.account, &mut likeness)?;
    let words = Shared::of(one, other);
    likeness.weight += words.cosine;
    days(one.account, other.account, &words, &mut likeness)?;
    objects(one.account, other.account, &mut likeness);
    if !words.words.is_empty() {
        likeness.because(|| format!("words shared: {}", words.rarest().join(", ")));
    }
    Some(likeness)
}

struct Shared<'a> {
    /// Cosine of the two sets of words, weighted by how rare they are.
    cosine: f64,
    /// The words with their weights.
    words: Vec<(&'a str, f64)>,
}

/// Words that a reason shows.
const SHOWN: usize = 5;
/// Telling words below which sameness says nothing.
const FEW: usize = 2;

impl<'a> Shared<'a> {
    fn of(one: &Weighed<'a>, other: &Weighed<'_>) -> Shared<'a> {
        let mut theirs = other.words.iter().map(|(root, ..)| *root).peekable();
        let mut is_shared = |root: usize| {
            while theirs.next_if(|their| *their < root).is_some() {}
            theirs.peek() == Some(&root)
        };
        let words: Vec<(&str, f64)> = (one.words.iter().filter(|(root, ..)| is_shared(*root)))
            .map(|&(_, word, weight)| (word, weight))
            .collect();
        let lengths = one.length * other.length;
        let few = one.words.len().min(other.words.len()) < FEW;
        let cosine = if few || lengths == 0.0 {
            0.0
        } else {
            words.iter().map(|(_, weight)| weight * weight).sum::<f64>() / lengths
        };
        Shared { cosine, words }
    }

    /// The rarest, rarest first.
    fn rarest(mut self) -> Vec<&'a str> {
        self.words.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        self.words.into_iter().take(SHOWN).map(|(word, _)| word).collect()
    }
}

fn place(one: &Account, other: &Account, likeness: &mut Likeness) -> Option<()> {
    if let (Some(town), Some(others)) = (&one.town, &other.town) {
        if town != others {
            return None;
        }
        likeness.weight += TOWN;
        likeness.because(|| format!("same place: {town}"));
    }
    Some(())
}

/// Words shared from which on two texts are one, copied.
const COPIED_WORDS: usize = 12;
const COPIED: f64 = 0.8;

fn days(one: &Account, other: &Account, words: &Shared<'_>, likeness: &mut Likeness) -> Option<()> {
    let (Some(day), Some(others)) = (one.days, other.days) else {
        likeness.because(|| "no day is known of one of them".to_owned());
        return Some(());
    };
    let apart = apart(day, others);
    let copied = words.words.len() >= COPIED_WORDS && words.cosine >= COPIED;
    if apart > LATE && !copied {
        return None;
    }
    let reason: Cow<'static, str> = match (day.stated, others.stated) {
        (true, true) => both_stated(day, others, likeness)?,
        (false, false) if apart == 0 => "reported on one day".into(),
        (false, false) if copied => format!("the same text, reported {}", many_days(apart, "apart")).into(),
        (false, false) => {
            // Two reports of different days that date nothing: only the same place holds them together.
            one.town.as_ref().and(other.town.as_ref())?;
            likeness.weight -= OTHER_DAY * f64::from(apart);
            format!("reported {}", many_days(apart, "apart")).into()
        }
        _ if apart == 0 => "reported on the day".into(),
        _ => {
            let (stated, reported) = if day.stated { (day, others) } else { (others, day) };
            (stated.last <= reported.first)
                .then(|| format!("reported {}", many_days(apart, "after")).into())?
        }
    };
    likeness.because(|| reason.into_owned());
    Some(())
}

fn both_stated(day: Days, others: Days, likeness: &mut Likeness) -> Option<Cow<'static, str>> {
    match apart(day, others) {
        0 if day == others && day.first == day.last => {
            likeness.weight += DAY;
            Some("same day".into())
        }
        0 => Some("the days that are named allow it".into()),
        // The evening in one place is the next day in another.
        1 => {
            likeness.weight -= OTHER_DAY;
            Some("a day apart".into())
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
        likeness.because(|| format!("same class of object: {}", same.join(", ")));
    } else if closer(one).next().is_some() && closer(other).next().is_some() {
        likeness.weight -= OTHER_OBJECT;
    }
}

/// The classes that tell objects apart.
fn closer(account: &Account) -> impl Iterator<Item = ObjectClass> {
    account.objects.iter().copied().filter(|class| *class != ObjectClass::Other)
}
