use std::collections::BTreeMap;

use corroborate::{AccountName, Read, ReportKey};
use jiff::civil::Date;
use model::{Act, ObjectClass, Precision};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Decision, Ledgers, Matter};

/// One alleged event in the world, as reports tell it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
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
    /// Where that is, if the gazetteer knows.
    #[serde(default)]
    pub(crate) point: Option<Point>,
    pub(crate) time: Option<Time>,
    /// Whom any report accuses.
    pub(crate) accused: Vec<String>,
    /// The reports, earliest first.
    pub(crate) reports: Vec<String>,
    /// The claims that are about it.
    pub(crate) claims: Vec<String>,
    /// Why reports were put together. Suggestions, for people to judge.
    pub(crate) links: Vec<IncidentLink>,
    /// The decisions of people that have to do with it, by their ids.
    #[serde(default)]
    pub(crate) decisions: Vec<String>,
}

/// A point on the ground, in degrees (WGS 84).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Point {
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
    /// `settlement`, `near`, `region`, `country` or `part-of-the-world`: the point is about the middle of it.
    pub(crate) precision: String,
}

/// The days on which something may have been.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = IncidentTime)]
pub(crate) struct Time {
    pub(crate) first: Date,
    pub(crate) last: Date,
    /// False where no report says when, and these are the days of the reports: it was not later.
    pub(crate) stated: bool,
}

/// Why the account of a report was put to an incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct IncidentLink {
    pub(crate) report: String,
    /// The report whose account is most like it.
    pub(crate) to: String,
    pub(crate) reasons: Vec<String>,
    /// The decision by which a person confirmed it.
    #[serde(default)]
    pub(crate) confirmed_by: Option<String>,
}

impl IncidentLink {
    /// Says with what the account was put together: a report may tell of one event in several accounts.
    pub(crate) fn with(&self) -> &str {
        if self.to == self.report { "another account in the same report" } else { &self.to }
    }
}

/// Why an account was found to be of one event with another, as it is kept in the rows.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AccountLink {
    to: (u64, usize),
    reasons: Vec<String>,
}

impl AccountLink {
    /// Reads a link; none if another version wrote it.
    pub(crate) fn read(body: &str) -> Option<AccountLink> {
        serde_json::from_str(body).ok()
    }

    /// Returns the link of an account.
    pub(crate) fn of(self, account: AccountName) -> corroborate::Link {
        let (report, number) = self.to;
        let to = AccountName { report: ReportKey(report), number };
        corroborate::Link { account, to, reasons: self.reasons }
    }
}

impl From<&corroborate::Link> for AccountLink {
    fn from(link: &corroborate::Link) -> AccountLink {
        AccountLink { to: (link.to.report.0, link.to.number), reasons: link.reasons.clone() }
    }
}

/// An incident with all that is said of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Sheet {
    #[serde(flatten)]
    pub(crate) incident: Incident,
    pub(crate) matters: Vec<Matter>,
    /// What people decided of its accounts, decisions taken back among it.
    pub(crate) decided: Vec<Decision>,
    #[serde(flatten)]
    pub(crate) figures: Ledgers,
}

/// An account of an event, as it is kept in the rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Account {
    report: u64,
    number: usize,
    identity: [u8; 16],
    begins: usize,
    claims: Vec<usize>,
    acts: Vec<String>,
    objects: Vec<String>,
    town: Option<String>,
    region: Option<String>,
    #[serde(default)]
    point: Option<Point>,
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
            begins: account.begins,
            claims: account.claims.clone(),
            acts: account.acts.iter().map(|act| act.name().to_owned()).collect(),
            objects: account.objects.iter().map(|class| class.name().to_owned()).collect(),
            town: account.town.clone(),
            region: account.region.clone(),
            point: account.point.map(Point::from),
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
            begins: account.begins,
            claims: account.claims,
            acts: account.acts.iter().filter_map(|name| Act::from_name(name)).collect(),
            objects: account.objects.iter().filter_map(|name| ObjectClass::from_name(name)).collect(),
            town: account.town,
            region: account.region,
            point: account.point.and_then(Point::read),
            days: account.days.map(days),
            actors: account.actors.into_iter().collect(),
            words: account.words,
        }
    }
}

/// Parts of a degree in which points are kept.
const PARTS: f64 = 10_000.0;

impl Point {
    fn read(self) -> Option<corroborate::Point> {
        let precision = Precision::from_name(&self.precision)?;
        let whole = |degrees: f64| (degrees * PARTS).round() as i32;
        Some(corroborate::Point { precision, north: whole(self.latitude), east: whole(self.longitude) })
    }
}

impl From<corroborate::Point> for Point {
    fn from(point: corroborate::Point) -> Point {
        let corroborate::Point { precision, north, east } = point;
        let degrees = |whole: i32| f64::from(whole) / PARTS;
        Point { latitude: degrees(north), longitude: degrees(east), precision: precision.name().to_owned() }
    }
}

impl From<corroborate::Days> for Time {
    fn from(days: corroborate::Days) -> Time {
        Time { first: days.first, last: days.last, stated: days.stated }
    }
}
