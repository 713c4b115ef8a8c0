//! Incidents: what each report tells of single events, put together as reports come, and worked out whole for one.

mod laying;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use anyhow::Context as _;
use corroborate::{
    AccountName, Batch, ClaimRef, Key, Known, Mark, PastAccounts, Read, Reckoning, ReportKey, Sketch, Summary,
};
use preserve::Reader;
use store::{AccountRow, FoundRow, IncidentRow, ReckoningRow, Store, StoredReport, TakenReports};

use crate::decisions::{self, About};
use crate::ledger::{ClaimsOf, Stories, claims_of, ledgers};
use crate::output::Far;
use crate::parallel;
use crate::reading::Original;
use crate::record::{Record, original, sound};
use crate::wire::{self, Incident, IncidentLink, Matter, Names, Sheet, Told};

/// Reports that are put to incidents in one transaction. A run that is cut off goes on after the last whole batch.
const BATCH: usize = 256;

pub(crate) use laying::{account_named, overridden};

/// Tells whether there are reports whose accounts are not put to incidents yet, or decisions that are not in effect.
pub(crate) fn is_behind(store: &Store) -> Result<bool, store::Error> {
    let told = store.untold_reports(0, 1)?.is_empty();
    Ok(!told || !store.decisions_to_lay(About::Incident.name(), 1)?.is_empty())
}

/// Puts what new reports tell to incidents, and takes out what earlier versions of pages told.
pub(crate) fn catch_up(record: &mut Record) -> anyhow::Result<()> {
    let superseded = record.store().superseded()?;
    record.writer().withdraw_reports(&superseded)?;
    let (mut last, mut far) = (0, Far::new());
    loop {
        let reports = record.store().untold_reports(last, BATCH)?;
        let Some(&latest) = reports.last() else { return laying::lay_open(record) };
        last = latest;
        let taken = record.store().at_one_moment(|| taken(record, reports))?;
        record.writer().put_incidents(&taken)?;
        let left = || record.store().count_untold();
        far.say(|| Ok::<_, store::Error>(format!("putting reports to incidents: {} are left", left()?)))?;
        // If we stop here, the next run goes on with the reports that are not told yet.
        preserve::step::done("batch-told");
    }
}

fn taken(record: &Record, reports: Vec<i64>) -> anyhow::Result<TakenReports> {
    let (mut accounts, mut reckonings) = (Vec::new(), Vec::new());
    let mut unread = BTreeSet::new();
    let mut tell = |key: ReportKey, told: Told| {
        let (told, longer) = told.by(key);
        accounts.extend(told);
        reckonings.extend(longer.into_iter().map(|reckoning| reckoning_row(key, reckoning)));
    };
    let mut again = Vec::new();
    for &report in &reports {
        let key = ReportKey(report as u64);
        // Accounts that are there already lost their incident to one that was erased or read again.
        let kept = record.store().accounts_of(report)?;
        let told = record.store().told_by(report)?.and_then(|told| serde_json::from_str(&told).ok());
        match told {
            _ if !kept.is_empty() => again.extend(kept),
            Some(told) => tell(key, told),
            None => drop(unread.insert(key)),
        }
    }
    let shelf = Shelf { store: record.store(), reader: record.reader() };
    let held = Held::read_again(&shelf, &unread)?;
    for (&key, (_, reading)) in &held.0 {
        tell(key, Told::of(reading));
    }
    for body in again {
        accounts.push(account(&body)?);
    }
    let resolved = corroborate::resolve(&accounts, &Past(record.store()))?;
    let rows = account_rows(&accounts, &resolved);
    let mut all: BTreeMap<AccountName, corroborate::Account> =
        accounts.into_iter().map(|account| (account.name, account)).collect();
    let mut found = Vec::new();
    for gathered in resolved.incidents {
        for &name in &gathered.accounts {
            if !all.contains_key(&name) {
                let together = Past(record.store()).together_with(name)?;
                all.extend(together.into_iter().map(|account| (account.name, account)));
            }
        }
        let members: Vec<corroborate::Account> =
            gathered.accounts.iter().filter_map(|name| all.get(name).cloned()).collect();
        found.push(laying::Found { accounts: members, links: gathered.links });
    }
    let found_rows = found.iter().map(found_row).collect();
    let incidents = laying::rows(record.store(), laying::lay(record.store(), found)?)?;
    Ok(TakenReports {
        reports,
        accounts: rows,
        found: found_rows,
        incidents,
        reckonings,
        ..TakenReports::default()
    })
}

fn found_row(found: &laying::Found) -> FoundRow {
    let links: HashMap<AccountName, &corroborate::Link> =
        found.links.iter().map(|link| (link.account, link)).collect();
    let row = |account: &corroborate::Account| {
        let link = links.get(&account.name).map(|&link| wire::json(&wire::AccountLink::from(link)));
        ((account.name.report.0 as i64, account.name.number as u64), link)
    };
    FoundRow { id: id(&found.accounts), accounts: found.accounts.iter().map(row).collect() }
}

/// Returns what a report tells of single events.
pub(crate) fn accounts_told(store: &Store, report: i64) -> anyhow::Result<Vec<corroborate::Account>> {
    store.accounts_of(report)?.iter().map(|body| account(body)).collect()
}

pub(crate) fn account(body: &str) -> anyhow::Result<corroborate::Account> {
    let account: wire::Account = serde_json::from_str(body).map_err(|_| {
        anyhow::anyhow!(
            "what a report tells was stored by another version; `credence reindex` makes it again"
        )
    })?;
    Ok(account.into())
}

/// Returns all that was found to be of one event with an account, whatever people decided.
pub(crate) fn found_with(store: &Store, name: AccountName) -> anyhow::Result<Vec<corroborate::Account>> {
    Past(store).together_with(name)
}

fn account_rows(accounts: &[corroborate::Account], resolved: &corroborate::Resolved) -> Vec<AccountRow> {
    let mut keys: BTreeMap<AccountName, Vec<Key>> = resolved.keys.iter().cloned().collect();
    let row = |account: &corroborate::Account| AccountRow {
        report: account.name.report.0 as i64,
        number: account.name.number as u64,
        words: match resolved.repeats.contains(&account.name) {
            true => Vec::new(),
            false => account.words.keys().cloned().chain([EVERY.to_owned()]).collect(),
        },
        keys: keys
            .remove(&account.name)
            .unwrap_or_default()
            .iter()
            .map(|key| (mark(&key.mark), key.day))
            .collect(),
        id: id(std::slice::from_ref(account)),
        body: wire::json(&wire::Account::from(account)),
    };
    accounts.iter().map(row).collect()
}

fn mark(mark: &Mark) -> String {
    match mark {
        Mark::Town(town) => format!("town {town}"),
        Mark::Word(word) => format!("word {word}"),
        Mark::Object(class) => format!("object {class}"),
    }
}

fn reckoning_row(report: ReportKey, reckoning: Reckoning) -> ReckoningRow {
    ReckoningRow {
        report: report.0 as i64,
        claim: reckoning.claim as u64,
        place: reckoning.place,
        from_day: reckoning.from,
    }
}

fn incident_row(decided: &laying::Decided, names: &mut NamesOf<'_>) -> anyhow::Result<IncidentRow> {
    let members = &decided.accounts;
    let summary = corroborate::summary(members);
    let mut reports: Vec<String> = Vec::new();
    let mut claims = Vec::new();
    for member in members {
        let report = names.name(member.name.report)?;
        claims.extend(member.claims.iter().map(|&claim| wire::claim_id(&report, claim)));
        if !reports.contains(&report) {
            reports.push(report);
        }
    }
    let mut linked = Vec::new();
    for (link, confirmed) in &decided.links {
        let (report, to) = (names.name(link.account.report)?, names.name(link.to.report)?);
        let confirmed_by = confirmed.map(decisions::id);
        linked.push(IncidentLink { report, to, reasons: link.reasons.clone(), confirmed_by });
    }
    let mut incident = wired((id(members), summary), (reports, claims), linked);
    incident.decisions = decided.decisions.iter().copied().map(decisions::id).collect();
    Ok(IncidentRow {
        id: incident.id.clone(),
        first_day: incident.time.map(|time| time.first),
        last_day: incident.time.map(|time| time.last),
        place: incident.place.clone(),
        point: incident.point.as_ref().map(|point| (point.latitude, point.longitude)),
        claims: incident.claims.len() as u64,
        acts: incident.acts.iter().map(|act| format!(" {act} ")).collect(),
        body: wire::json(&incident),
        accounts: members
            .iter()
            .map(|member| (member.name.report.0 as i64, member.name.number as u64))
            .collect(),
    })
}

fn wired(
    (id, summary): (String, Summary),
    (reports, claims): (Vec<String>, Vec<String>),
    links: Vec<IncidentLink>,
) -> Incident {
    let precision = match (&summary.town, &summary.region) {
        (Some(_), _) => Some("settlement"),
        (None, Some(_)) => Some("region"),
        (None, None) => None,
    };
    Incident {
        id,
        title: summary.title,
        acts: summary.acts.iter().map(|act| act.name().to_owned()).collect(),
        object_class: summary.objects.iter().map(|class| class.name().to_owned()).collect(),
        place: summary.town.or(summary.region),
        place_precision: precision.map(str::to_owned),
        point: summary.point.map(Into::into),
        time: summary.days.map(Into::into),
        accused: summary.actors,
        reports,
        claims,
        links,
        decisions: Vec::new(),
    }
}

/// Names an incident after the smallest of its accounts: the order in which reports came changes nothing.
fn id(members: &[corroborate::Account]) -> String {
    let Some(first) = members.iter().min_by_key(|member| member.identity) else { return String::new() };
    let digits: String = first.identity[..6].iter().map(|byte| format!("{byte:02x}")).collect();
    match first.name.number {
        0 => format!("i-{digits}"),
        number => format!("i-{digits}.{number}"),
    }
}

/// The names of reports, each looked up once.
struct NamesOf<'s> {
    store: &'s Store,
    known: HashMap<ReportKey, String>,
}

impl<'s> NamesOf<'s> {
    fn new(store: &'s Store) -> NamesOf<'s> {
        NamesOf { store, known: HashMap::new() }
    }

    fn name(&mut self, key: ReportKey) -> Result<String, store::Error> {
        if let Some(name) = self.known.get(&key) {
            return Ok(name.clone());
        }
        let name = self.store.report(key.0 as i64)?.map(|report| report.row.name).unwrap_or_default();
        self.known.insert(key, name.clone());
        Ok(name)
    }
}

/// Counted as a word of every account that repeats no other.
const EVERY: &str = "";

/// The accounts in the rows.
struct Past<'s>(&'s Store);

/// Accounts that one key gives.
const LATEST: u32 = 48;

impl PastAccounts for Past<'_> {
    type Error = anyhow::Error;

    fn count(&self) -> anyhow::Result<usize> {
        Ok(self.0.accounts_holding(EVERY)? as usize)
    }

    fn holding(&self, word: &str) -> anyhow::Result<usize> {
        Ok(self.0.accounts_holding(word)? as usize)
    }

    fn found_by(&self, key: &Key) -> anyhow::Result<Vec<AccountName>> {
        let found = self.0.accounts_found_by((&mark(&key.mark), key.day), LATEST)?;
        let name =
            |(report, number)| AccountName { report: ReportKey(report as u64), number: number as usize };
        Ok(found.into_iter().map(name).collect())
    }

    fn together_with(&self, name: AccountName) -> anyhow::Result<Vec<corroborate::Account>> {
        let kept = self.0.accounts_found_with((name.report.0 as i64, name.number as u64))?;
        kept.iter().map(|kept| account(&kept.body)).collect()
    }
}

/// Where reports and their originals are taken from.
pub(crate) struct Shelf<'a> {
    pub(crate) store: &'a Store,
    pub(crate) reader: &'a Reader,
}

/// Some reports: their texts, taken from their originals, and their claims. Those whose originals are damaged are left out.
pub(crate) struct Held(BTreeMap<ReportKey, (StoredReport, extract::Reading)>);

/// Originals that are read between two looks at the clock.
const TOGETHER: usize = 32;

impl Held {
    /// Reads again all that reading finds.
    fn read_again(shelf: &Shelf<'_>, keys: &BTreeSet<ReportKey>) -> anyhow::Result<Held> {
        Held::of(shelf, keys, |(_, _, original)| Original::read(original))
    }

    /// Takes the texts from the originals and the claims from the rows.
    pub(crate) fn load(shelf: &Shelf<'_>, keys: &BTreeSet<ReportKey>) -> anyhow::Result<Held> {
        let mut bodies = HashMap::new();
        for &key in keys {
            bodies.insert(key, shelf.store.claim_bodies(key.0 as i64)?);
        }
        Held::of(shelf, keys, |(key, _, original)| {
            original.read_as_kept(bodies.get(key).map_or(&[], Vec::as_slice))
        })
    }

    fn of(
        shelf: &Shelf<'_>,
        keys: &BTreeSet<ReportKey>,
        read: impl Fn(&(ReportKey, StoredReport, Original)) -> extract::Reading + Sync,
    ) -> anyhow::Result<Held> {
        let mut originals = Vec::new();
        for &key in keys {
            shelf.store.in_time()?;
            let Some(report) = shelf.store.report(key.0 as i64)? else { continue };
            let Some(row) = shelf.store.original(&report.row.digest)? else { continue };
            // What is damaged is named by the command that finds it, and by `verify`.
            let original = sound(original(shelf.store, shelf.reader, &row), &mut BTreeSet::new())?;
            originals.extend(original.map(|original| (key, report, original)));
        }
        let jobs = parallel::jobs(None);
        let mut readings = Vec::new();
        for some in originals.chunks(TOGETHER) {
            shelf.store.in_time()?;
            readings.extend(parallel::map(some, jobs, &read));
        }
        let held = originals.into_iter().zip(readings);
        Ok(Held(held.map(|((key, report, _), reading)| (key, (report, reading))).collect()))
    }

    pub(crate) fn reads(&self) -> impl Iterator<Item = Read<'_>> {
        self.0.iter().map(|(&key, (_, reading))| Read {
            key,
            report: &reading.report,
            claims: &reading.claims,
        })
    }

    /// Returns the row of a report.
    pub(crate) fn row(&self, key: ReportKey) -> Option<&StoredReport> {
        self.0.get(&key).map(|(report, _)| report)
    }

    /// Finds which of the reports share text.
    pub(crate) fn links(&self) -> Vec<corroborate::CopyLink> {
        let sketch = |read: Read<'_>| (read.key, Arc::new(Sketch::of(read.report, read.claims)));
        let Ok(pairs) = corroborate::candidates(&Known::default(), &Batch::of(self.reads().map(sketch)));
        let linked =
            |pair: &corroborate::Candidate| corroborate::compare(&self.read(pair.a)?, &self.read(pair.b)?);
        pairs.iter().filter_map(linked).collect()
    }

    fn read(&self, key: ReportKey) -> Option<Read<'_>> {
        let (_, reading) = self.0.get(&key)?;
        Some(Read { key, report: &reading.report, claims: &reading.claims })
    }
}

impl Names for Held {
    fn report(&self, key: ReportKey) -> String {
        self.0.get(&key).map(|(report, _)| report.row.name.clone()).unwrap_or_default()
    }

    fn reading(&self, key: ReportKey) -> Option<&extract::Reading> {
        self.0.get(&key).map(|(_, reading)| reading)
    }
}

/// Reads the JSON of an incident back.
pub(crate) fn stored_incident(row: &IncidentRow) -> anyhow::Result<Incident> {
    serde_json::from_str(&row.body).with_context(|| {
        format!("incident {} was stored by another version; `credence reindex` makes it again", row.id)
    })
}

/// Draws up all that is said of one incident, from the texts of the originals and the claims in the rows.
pub(crate) fn sheet(shelf: &Shelf<'_>, row: &IncidentRow) -> anyhow::Result<Sheet> {
    let keys: BTreeSet<ReportKey> =
        row.accounts.iter().map(|(report, _)| ReportKey(*report as u64)).collect();
    let held = Held::load(shelf, &with_stories(shelf.store, &keys)?)?;
    let told = claims_of(shelf.store, row)?;
    let claims = pointed(&told);
    let reads: Vec<Read<'_>> = held.reads().collect();
    let matters = corroborate::weigh_incident(&reads, &held.links(), &claims);
    let incident = stored_incident(row)?;
    Ok(Sheet {
        incident,
        matters: matters.iter().map(|matter| Matter::new(matter, &held)).collect(),
        // What is denied stands beside the matters.
        figures: ledgers(&Stories::new(shelf.store), &told)?,
        decided: Vec::new(),
    })
}

/// Points at claims by their reports and positions.
pub(crate) fn pointed(told: &ClaimsOf) -> BTreeSet<ClaimRef> {
    let at = |report: i64, claim: u64| ClaimRef { report: ReportKey(report as u64), claim: claim as usize };
    told.iter().flat_map(|(&report, claims)| claims.iter().map(move |&claim| at(report, claim))).collect()
}

/// Reports of the same stories that are read for their denials.
const ANSWERS: usize = 256;

/// Adds the reports of the same stories that deny something: a denial seldom tells of the event itself.
pub(crate) fn with_stories(
    store: &Store,
    keys: &BTreeSet<ReportKey>,
) -> Result<BTreeSet<ReportKey>, store::Error> {
    let mut all = keys.clone();
    let mut seen = BTreeSet::new();
    for key in keys {
        let Some(story) = store.story_of(key.0 as i64)?.filter(|story| seen.insert(*story)) else { continue };
        let left = (keys.len() + ANSWERS).saturating_sub(all.len());
        all.extend(store.denying(story, left)?.into_iter().map(|report| ReportKey(report as u64)));
    }
    Ok(all)
}
