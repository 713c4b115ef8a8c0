use std::collections::BTreeMap;

use corroborate::{AccountName, Read, ReportKey};
use jiff::civil::Date;
use model::{Act, ObjectClass};
use serde::{Deserialize, Serialize};

use super::{Matter, Said};

/// One alleged event in the world, as reports tell it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Incident {
    pub(crate) id: String,
    pub(crate) title: String,
    /// What is alleged to have been done.
    pub(crate) acts: Vec<String>,
    /// What is said to have been hit.
    pub(crate) object_class: Vec<String>,
    pub(crate) place: Option<String>,
    /// `settlement` or `region`; nothing where no place is named.
    pub(crate) place_precision: Option<String>,
    pub(crate) time: Option<Time>,
    /// Whom any report accuses.
    pub(crate) accused: Vec<String>,
    /// The reports, earliest first.
    pub(crate) reports: Vec<String>,
    /// The claims that are about it.
    pub(crate) claims: Vec<String>,
    /// Why reports were put together. Suggestions, for people to judge.
    pub(crate) links: Vec<IncidentLink>,
}

/// The days on which something may have been.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Time {
    pub(crate) first: Date,
    pub(crate) last: Date,
    /// False where no report says when, and these are the days of the reports: it was not later.
    pub(crate) stated: bool,
}

/// Why the account of a report was put to an incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct IncidentLink {
    pub(crate) report: String,
    /// The report whose account is most like it.
    pub(crate) to: String,
    pub(crate) reasons: Vec<String>,
}

/// An incident with all that is said of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Sheet {
    #[serde(flatten)]
    pub(crate) incident: Incident,
    pub(crate) matters: Vec<Matter>,
    pub(crate) ledger: Vec<Ledger>,
}

/// The figures of one measure and population, beside each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Ledger {
    pub(crate) measure: String,
    pub(crate) population: String,
    /// The least that any figure gives; nothing if none sets a least.
    pub(crate) least: Option<u64>,
    /// The most that any figure gives; nothing where a figure sets no upper bound, or is said to be too low.
    pub(crate) most: Option<u64>,
    pub(crate) figures: Vec<Entry>,
}

/// A figure of a ledger. Copies of one text are one figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Entry {
    #[serde(flatten)]
    pub(crate) said: Said,
    pub(crate) published: Option<Date>,
    /// Other claims that repeat it: the same words and bounds by the same speaker.
    pub(crate) repeated: Vec<String>,
    /// `addition` or `part` where it counts only some of those that another figure counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) counts: Option<&'static str>,
}

/// A situation: figures of a longer time, which belong to no incident.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Situation {
    pub(crate) place: Option<String>,
    pub(crate) from: Option<Date>,
    pub(crate) figures: Vec<Said>,
}

/// An account of an event, as it is kept in the rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Account {
    report: u64,
    number: usize,
    identity: [u8; 16],
    claims: Vec<usize>,
    acts: Vec<String>,
    objects: Vec<String>,
    town: Option<String>,
    region: Option<String>,
    days: Option<Time>,
    actors: Vec<String>,
    words: BTreeMap<String, String>,
}

/// What a report tells of events, kept with its reading until it is put to incidents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Told {
    accounts: Vec<Account>,
    reckonings: Vec<Reckoning>,
}

/// A figure of a longer time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Reckoning {
    place: Option<String>,
    from: Option<Date>,
    claim: usize,
}

impl Told {
    /// Finds what a reading tells.
    pub(crate) fn of(reading: &extract::Reading) -> Told {
        // The rows give the report its number later.
        let read = Read { key: ReportKey(0), report: &reading.report, claims: &reading.claims };
        let (accounts, reckonings) = corroborate::accounts(&read, &reading.places);
        let reckoning =
            |it: corroborate::Reckoning| Reckoning { place: it.place, from: it.from, claim: it.claim };
        Told {
            accounts: accounts.iter().map(Account::from).collect(),
            reckonings: reckonings.into_iter().map(reckoning).collect(),
        }
    }

    /// Returns it as that of the report of a number.
    pub(crate) fn by(self, report: ReportKey) -> (Vec<corroborate::Account>, Vec<corroborate::Reckoning>) {
        let account = |account: Account| {
            let mut account = corroborate::Account::from(account);
            account.name.report = report;
            account
        };
        let reckoning =
            |it: Reckoning| corroborate::Reckoning { place: it.place, from: it.from, claim: it.claim };
        (
            self.accounts.into_iter().map(account).collect(),
            self.reckonings.into_iter().map(reckoning).collect(),
        )
    }
}

impl From<&corroborate::Account> for Account {
    fn from(account: &corroborate::Account) -> Account {
        Account {
            report: account.name.report.0,
            number: account.name.number,
            identity: account.identity,
            claims: account.claims.clone(),
            acts: account.acts.iter().map(|act| act.name().to_owned()).collect(),
            objects: account.objects.iter().map(|class| class.name().to_owned()).collect(),
            town: account.town.clone(),
            region: account.region.clone(),
            days: account.days.map(Time::from),
            actors: account.actors.iter().cloned().collect(),
            words: account.words.clone(),
        }
    }
}

impl From<Account> for corroborate::Account {
    fn from(account: Account) -> corroborate::Account {
        let days = |time: Time| corroborate::Days { first: time.first, last: time.last, stated: time.stated };
        corroborate::Account {
            name: AccountName { report: ReportKey(account.report), number: account.number },
            identity: account.identity,
            claims: account.claims,
            acts: account.acts.iter().filter_map(|name| Act::from_name(name)).collect(),
            objects: account.objects.iter().filter_map(|name| ObjectClass::from_name(name)).collect(),
            town: account.town,
            region: account.region,
            days: account.days.map(days),
            actors: account.actors.into_iter().collect(),
            words: account.words,
        }
    }
}

impl From<corroborate::Days> for Time {
    fn from(days: corroborate::Days) -> Time {
        Time { first: days.first, last: days.last, stated: days.stated }
    }
}
