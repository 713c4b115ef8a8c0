//! Incidents: what each report tells of single events, put together as reports come, and worked out whole for one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use corroborate::{
    AccountName, Batch, ClaimRef, Key, Known, Link, Mark, PastAccounts, Read, Reckoning, ReportKey, Sketch,
    Summary,
};
use jiff::civil::Date;
use model::{Claim, ClaimKind, Figure};
use preserve::Reader;
use store::{AccountRow, IncidentRow, ReckoningRow, Store, StoredReport, TakenReports};

use crate::parallel;
use crate::reading::Original;
use crate::record::{Record, original, sound};
use crate::wire::{self, Entry, Incident, IncidentLink, Ledger, Matter, Names, Sheet, Situation, Told};

/// Reports that are put to incidents in one transaction. A run that is cut off goes on after the last whole batch.
const BATCH: usize = 256;

/// Tells whether there are reports whose accounts are not put to incidents yet.
pub(crate) fn is_behind(store: &Store) -> Result<bool, store::Error> {
    Ok(!store.untold_reports(0, 1)?.is_empty())
}

/// Puts what new reports tell to incidents, and takes out what earlier versions of pages told.
pub(crate) fn catch_up(record: &mut Record) -> anyhow::Result<()> {
    let superseded = record.store().superseded()?;
    record.writer().withdraw_reports(&superseded)?;
    let mut last = 0;
    loop {
        let reports = record.store().untold_reports(last, BATCH)?;
        let Some(&latest) = reports.last() else { return Ok(()) };
        last = latest;
        let taken = taken(record, reports)?;
        record.writer().put_incidents(&taken)?;
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
    let held = Held::load(&shelf, &unread)?;
    for (&key, (_, reading)) in &held.0 {
        tell(key, Told::of(reading));
    }
    for body in again {
        accounts.push(account(&body)?);
    }
    let resolved = corroborate::resolve(&accounts, &Past(record.store()))?;
    let rows = account_rows(&accounts, &resolved);
    let mut names = NamesOf { store: record.store(), known: HashMap::new() };
    let mut all: BTreeMap<AccountName, corroborate::Account> =
        accounts.into_iter().map(|account| (account.name, account)).collect();
    let mut incidents = Vec::new();
    for gathered in &resolved.incidents {
        for &name in &gathered.accounts {
            if !all.contains_key(&name) {
                let together = Past(record.store()).together_with(name)?;
                all.extend(together.into_iter().map(|account| (account.name, account)));
            }
        }
        let members: Vec<corroborate::Account> =
            gathered.accounts.iter().filter_map(|name| all.get(name).cloned()).collect();
        incidents.push(incident_row(&members, &gathered.links, &mut names)?);
    }
    Ok(TakenReports { reports, accounts: rows, incidents, reckonings })
}

fn account(body: &str) -> anyhow::Result<corroborate::Account> {
    let account: wire::Account = serde_json::from_str(body).map_err(|_| {
        anyhow::anyhow!(
            "what a report tells was stored by another version; `credence reindex` makes it again"
        )
    })?;
    Ok(account.into())
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

fn incident_row(
    members: &[corroborate::Account],
    links: &[Link],
    names: &mut NamesOf<'_>,
) -> anyhow::Result<IncidentRow> {
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
    for link in links {
        let (report, to) = (names.name(link.account.report)?, names.name(link.to.report)?);
        linked.push(IncidentLink { report, to, reasons: link.reasons.clone() });
    }
    let incident = wired((id(members), summary), (reports, claims), linked);
    Ok(IncidentRow {
        id: incident.id.clone(),
        first_day: incident.time.map(|time| time.first),
        last_day: incident.time.map(|time| time.last),
        place: incident.place.clone(),
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
        time: summary.days.map(Into::into),
        accused: summary.actors,
        reports,
        claims,
        links,
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

impl NamesOf<'_> {
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
        let bodies = self.0.accounts_together_with((name.report.0 as i64, name.number as u64))?;
        bodies.iter().map(|body| account(body)).collect()
    }
}

/// Where reports and their originals are taken from.
pub(crate) struct Shelf<'a> {
    pub(crate) store: &'a Store,
    pub(crate) reader: &'a Reader,
}

/// Some reports, read again from their originals. Those whose originals are damaged are left out.
struct Held(BTreeMap<ReportKey, (StoredReport, extract::Reading)>);

impl Held {
    fn load(shelf: &Shelf<'_>, keys: &BTreeSet<ReportKey>) -> anyhow::Result<Held> {
        let mut originals = Vec::new();
        for &key in keys {
            let Some(report) = shelf.store.report(key.0 as i64)? else { continue };
            let Some(row) = shelf.store.original(&report.row.digest)? else { continue };
            // What is damaged is named by the command that finds it, and by `verify`.
            let original = sound(original(shelf.store, shelf.reader, &row), &mut BTreeSet::new())?;
            originals.extend(original.map(|original| (key, report, original)));
        }
        let jobs = parallel::jobs(None);
        let readings = parallel::map(&originals, jobs, |(_, _, original)| Original::read(original));
        let held = originals.into_iter().zip(readings);
        Ok(Held(held.map(|((key, report, _), reading)| (key, (report, reading))).collect()))
    }

    fn reads(&self) -> impl Iterator<Item = Read<'_>> {
        self.0.iter().map(|(&key, (_, reading))| Read {
            key,
            report: &reading.report,
            claims: &reading.claims,
        })
    }

    fn claim(&self, at: ClaimRef) -> Option<&Claim> {
        self.0.get(&at.report)?.1.claims.get(at.claim)
    }

    fn published(&self, key: ReportKey) -> Option<Date> {
        self.0.get(&key)?.0.row.published
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

/// Draws up all that is said of one incident, from the originals.
pub(crate) fn sheet(shelf: &Shelf<'_>, row: &IncidentRow) -> anyhow::Result<Sheet> {
    let keys: BTreeSet<ReportKey> =
        row.accounts.iter().map(|(report, _)| ReportKey(*report as u64)).collect();
    let held = Held::load(shelf, &with_stories(shelf.store, &keys)?)?;
    let mut claims = BTreeSet::new();
    for &(report, number) in &row.accounts {
        for body in shelf.store.accounts_of(report)? {
            let account = account(&body)?;
            if account.name.number as u64 == number {
                let report = account.name.report;
                claims.extend(account.claims.iter().map(|&claim| ClaimRef { report, claim }));
            }
        }
    }
    let reads: Vec<Read<'_>> = held.reads().collect();
    let sketch = |read: &Read<'_>| (read.key, Arc::new(Sketch::of(read.report, read.claims)));
    let Ok(pairs) = corroborate::candidates(&Known::default(), &Batch::of(reads.iter().map(sketch)));
    let read = |key: ReportKey| reads.iter().find(|read| read.key == key);
    let links: Vec<corroborate::CopyLink> =
        pairs.iter().filter_map(|pair| corroborate::compare(read(pair.a)?, read(pair.b)?)).collect();
    let matters = corroborate::weigh_incident(&reads, &links, &claims);
    let incident: Incident = serde_json::from_str(&row.body)?;
    Ok(Sheet {
        incident,
        matters: matters.iter().map(|matter| Matter::new(matter, &held)).collect(),
        ledger: ledger(&held, &claims),
    })
}

/// Reports of the same stories that are looked at for denials.
const ANSWERS: usize = 256;

/// Adds the other reports of the stories: a denial seldom tells of the event itself.
fn with_stories(store: &Store, keys: &BTreeSet<ReportKey>) -> Result<BTreeSet<ReportKey>, store::Error> {
    let mut all = keys.clone();
    for key in keys {
        for story in store.stories_of(key.0 as i64)? {
            all.extend(story.reports.iter().take(ANSWERS).map(|&report| ReportKey(report as u64)));
        }
        if all.len() > keys.len() + ANSWERS {
            break;
        }
    }
    Ok(all)
}

/// Sets the figures of an incident beside each other, by measure and population. None is added to another.
fn ledger(held: &Held, claims: &BTreeSet<ClaimRef>) -> Vec<Ledger> {
    let mut figures: BTreeMap<(model::Measure, &str), Vec<(ClaimRef, &Figure)>> = BTreeMap::new();
    for &at in claims {
        if let Some(ClaimKind::Figure(figure)) = held.claim(at).map(|claim| &claim.kind) {
            figures.entry((figure.measure, &figure.population)).or_default().push((at, figure));
        }
    }
    let ledger = figures.into_iter().map(|((measure, population), mut figures)| {
        figures.sort_by_key(|(at, _)| (held.published(at.report), *at));
        let whole: Vec<&Figure> = figures
            .iter()
            .filter(|(at, figure)| !is_part(held, *at, figure))
            .map(|(_, figure)| *figure)
            .collect();
        let counted: Vec<&Figure> =
            if whole.is_empty() { figures.iter().map(|(_, figure)| *figure).collect() } else { whole };
        let open =
            |figure: &&Figure| figure.upper.is_none() || figure.caveats.contains(&model::Caveat::Undercount);
        Ledger {
            measure: measure.name().to_owned(),
            population: population.to_owned(),
            least: counted.iter().filter_map(|figure| figure.lower).min(),
            most: match counted.iter().any(open) {
                true => None,
                false => counted.iter().filter_map(|figure| figure.upper).max(),
            },
            figures: entries(held, &figures),
        }
    });
    ledger.collect()
}

/// Tells whether a figure counts only some of those that another figure of its report counts under the same name.
fn is_part(held: &Held, at: ClaimRef, figure: &Figure) -> bool {
    let whole = figure.subset_of.and_then(|claim| held.claim(ClaimRef { claim, ..at }));
    whole.is_some_and(|whole| match &whole.kind {
        ClaimKind::Figure(whole) => {
            (whole.measure, &whole.population) == (figure.measure, &figure.population)
        }
        _ => false,
    })
}

fn entries(held: &Held, figures: &[(ClaimRef, &Figure)]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for (at, figure) in figures {
        let Some(said) = wire::said(*at, held) else { continue };
        let same = |entry: &&mut Entry| {
            (&entry.said.said_by, &entry.said.words, &entry.said.bounds)
                == (&said.said_by, &said.words, &said.bounds)
        };
        match entries.iter_mut().find(same) {
            Some(entry) => entry.repeated.push(said.claim),
            None => entries.push(Entry {
                published: held.published(at.report),
                repeated: Vec::new(),
                counts: is_part(held, *at, figure).then_some("part"),
                said,
            }),
        }
    }
    entries
}

/// Returns the situations: figures of a longer time, by place and first day.
pub(crate) fn situations(shelf: &Shelf<'_>) -> anyhow::Result<Vec<Situation>> {
    let rows = shelf.store.reckonings()?;
    let keys = rows.iter().map(|row| ReportKey(row.report as u64)).collect();
    let held = Held::load(shelf, &keys)?;
    let mut situations: Vec<Situation> = Vec::new();
    for row in rows {
        let at = ClaimRef { report: ReportKey(row.report as u64), claim: row.claim as usize };
        let Some(said) = wire::said(at, &held) else { continue };
        match situations.last_mut().filter(|last| (&last.place, last.from) == (&row.place, row.from_day)) {
            Some(last) => last.figures.push(said),
            None => situations.push(Situation { place: row.place, from: row.from_day, figures: vec![said] }),
        }
    }
    Ok(situations)
}
