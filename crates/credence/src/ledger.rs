//! Ledgers of incidents and situations, from the rows: no original is read for them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use anyhow::Context as _;
use corroborate::{ClaimRef, FamilyKey, ReportKey, Stated};
use jiff::civil::Date;
use model::{Figure, Measure, Period, Scope};
use serde::Deserialize;
use store::{IncidentRow, ReckoningRow, Store, StoredClaim};

use crate::describe;
use crate::incidents::{account, stored_incident};
use crate::reading::stored_claim;
use crate::wire::{
    Bounds, Claim, Conflict, Denial, Denied, Incident, Ledger, Ledgers, Line, Remark, Situation, Toll,
    TollFigure, claim_number, kept_figure,
};

/// Claims by their reports and their positions in these.
pub(crate) type ClaimsOf = BTreeMap<i64, BTreeSet<u64>>;

/// Returns the claims that are about an incident.
pub(crate) fn claims_of(store: &Store, row: &IncidentRow) -> anyhow::Result<ClaimsOf> {
    let wanted: BTreeSet<(i64, u64)> = row.accounts.iter().copied().collect();
    let reports: BTreeSet<i64> = wanted.iter().map(|(report, _)| *report).collect();
    let mut claims = ClaimsOf::new();
    for report in reports {
        for body in store.accounts_of(report)? {
            let account = account(&body)?;
            if wanted.contains(&(report, account.name.number as u64)) {
                claims.entry(report).or_default().extend(account.claims.iter().map(|&claim| claim as u64));
            }
        }
    }
    Ok(claims)
}

/// Sets the figures of an incident beside each other, with what is denied of it.
pub(crate) fn incident_ledgers(
    stories: &Stories<'_>,
    (row, incident): (&IncidentRow, &Incident),
) -> anyhow::Result<Ledgers> {
    let mut figures = ledgers(stories, &claims_of(stories.store, row)?)?;
    figures.denied = denied(stories, (row, &incident.claims))?;
    Ok(figures)
}

/// Finds what the stories of an incident say against its claims.
fn denied(stories: &Stories<'_>, (row, claims): (&IncidentRow, &[String])) -> anyhow::Result<Vec<Denied>> {
    let claims: BTreeSet<&String> = claims.iter().collect();
    let held: BTreeSet<i64> = row.accounts.iter().map(|(report, _)| *report).collect();
    let mut denied: Vec<Denied> = Vec::new();
    let mut seen = BTreeSet::new();
    for (report, _) in &row.accounts {
        let Some((story, background)) = stories.of(*report)? else { continue };
        if !seen.insert(story) {
            continue;
        }
        for matter in &background.denied {
            for said in matter.claims.iter().filter(|said| claims.contains(&said.claim)) {
                let Some((report, _)) = said.claim.rsplit_once('#') else { continue };
                // Several reports can bear its name.
                if shown_in(stories.store.shown_named(report)?, story).iter().any(|it| held.contains(it)) {
                    let (what, denials) = (matter.title.clone(), matter.denials.clone());
                    denied.push(Denied { what, denials });
                    break;
                }
            }
        }
    }
    denied.dedup();
    Ok(denied)
}

/// Returns the reports of one name that are shown in a story. Where people put a report into another story, what the first one
/// said of it counts no more.
fn shown_in(named: Vec<(i64, Option<i64>)>, story: i64) -> Vec<i64> {
    named.into_iter().filter(|(_, shown)| *shown == Some(story)).map(|(report, _)| report).collect()
}

/// Counts who denies an incident or tells it otherwise, as the stories of its reports say; those who are not named are one.
pub(crate) fn deniers(
    stories: &Stories<'_>,
    row: &IncidentRow,
    incident: &Incident,
) -> anyhow::Result<usize> {
    let denied = denied(stories, (row, &incident.claims))?;
    let deniers = denied.iter().flat_map(|denied| &denied.denials).map(|denial| &denial.by);
    Ok(deniers.collect::<BTreeSet<_>>().len())
}

/// The claims that somebody denies or tells otherwise, in the stories that the reports of some incidents are shown in: of many
/// incidents, they tell which are denied, where [`deniers`] would gather the stories of each.
pub(crate) struct DeniedClaims {
    /// Each with the reports that hold it, where several bear the name of its report: then the name alone does not tell.
    ids: HashMap<String, Vec<i64>>,
}

impl DeniedClaims {
    /// Looks at the stories of the incidents of these names, and at no others: in a large record thousands deny something.
    pub(crate) fn about<'a>(
        store: &Store,
        incidents: impl IntoIterator<Item = &'a str>,
    ) -> anyhow::Result<DeniedClaims> {
        let mut stories = BTreeSet::new();
        for incident in incidents {
            stories.extend(store.stories_of_incident(incident)?);
        }
        let mut ids: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
        let mut single = BTreeSet::new();
        for story in stories {
            let Some(body) = store.denied_story(story)? else { continue };
            let mut shown: HashMap<String, Vec<i64>> = HashMap::new();
            for said in Background::of(&body)?.denied.into_iter().flat_map(|matter| matter.claims) {
                let Some((report, _)) = said.claim.rsplit_once('#') else { continue };
                let reports = match shown.get(report) {
                    Some(known) => known,
                    None => {
                        let named = store.shown_named(report)?;
                        if named.len() == 1 {
                            single.insert(report.to_owned());
                        }
                        shown.entry(report.to_owned()).or_insert(shown_in(named, story))
                    }
                };
                if !reports.is_empty() {
                    let reports = reports.clone();
                    ids.entry(said.claim).or_default().extend(reports);
                }
            }
        }
        let is_single =
            |claim: &str| claim.rsplit_once('#').is_some_and(|(report, _)| single.contains(report));
        let told = |(claim, reports): (String, BTreeSet<i64>)| {
            let reports = if is_single(&claim) { Vec::new() } else { reports.into_iter().collect() };
            (claim, reports)
        };
        Ok(DeniedClaims { ids: ids.into_iter().map(told).collect() })
    }

    /// Tells whether anything that is alleged of an incident is denied.
    pub(crate) fn any_of(&self, store: &Store, incident: &Incident) -> anyhow::Result<bool> {
        let mut held: Option<BTreeSet<i64>> = None;
        for reports in incident.claims.iter().filter_map(|claim| self.ids.get(claim)) {
            if reports.is_empty() {
                return Ok(true);
            }
            if held.is_none() {
                let row = store.incident(&incident.id)?;
                held = Some(row.into_iter().flat_map(|row| row.accounts).map(|(report, _)| report).collect());
            }
            if held.as_ref().is_some_and(|held| reports.iter().any(|report| held.contains(report))) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Sets the figures among some claims beside each other.
pub(crate) fn ledgers(stories: &Stories<'_>, claims: &ClaimsOf) -> anyhow::Result<Ledgers> {
    let (found, names) = found(stories, claims)?;
    Ok(Ledgers {
        remarks: corroborate::remarks(&found).iter().map(|remark| names.remark(remark)).collect(),
        ledger: found.iter().map(|ledger| names.ledger(ledger)).collect(),
        denied: Vec::new(),
    })
}

/// Returns the highest number of those that figures of the dead of an incident set as the least. Its ledger is drawn up only
/// where there are several: a part of another, or one that was withdrawn, counts for nothing there.
pub(crate) fn most_killed(stories: &Stories<'_>, row: &IncidentRow) -> anyhow::Result<Option<u64>> {
    let claims = claims_of(stories.store, row)?;
    let mut least = Vec::new();
    for (report, numbers) in &claims {
        let figures = stories.store.claims_of_kind(*report, "figure")?;
        let killed = figures.iter().filter(|stored| {
            numbers.contains(&stored.number)
                && stored.row.polarity == ASSERTED
                && stored.row.measure.as_deref() == Some(Measure::Killed.name())
        });
        least.extend(killed.map(|stored| stored.row.lower));
    }
    match least[..] {
        [] => Ok(None),
        [only] => Ok(only),
        _ => Ok(highest_killed(&found(stories, &claims)?.0)),
    }
}

/// Returns the highest number of those that whole figures of the dead set as the least.
fn highest_killed(ledgers: &[corroborate::Ledger]) -> Option<u64> {
    let killed = ledgers.iter().filter(|ledger| ledger.measure == Measure::Killed);
    killed.filter_map(corroborate::Ledger::highest).max()
}

/// Claims of a matter that are looked at for the incident that they tell of.
const LOOKED_AT: usize = 8;

/// Finds the incident that a claim answers: that of what it is held against in the story of its report, else the one that its
/// report puts it to.
pub(crate) fn answered(
    stories: &Stories<'_>,
    (report, number): (i64, u64),
    claim: &str,
) -> anyhow::Result<Option<String>> {
    let store = stories.store;
    if let Some((story, background)) = stories.of(report)? {
        let denies = |matter: &&DeniedMatter| {
            matter.denials.iter().any(|denial| denial.claims.iter().any(|denying| denying == claim))
        };
        let matters = background.denied.iter().filter(denies);
        for said in matters.flat_map(|matter| &matter.claims).take(LOOKED_AT) {
            let Some((name, number)) =
                said.claim.rsplit_once('#').map(|(name, _)| name).zip(claim_number(&said.claim))
            else {
                continue;
            };
            for found in store.find_reports(name)? {
                if store.shown_story_of(found.id)? == Some(story)
                    && let Some(incident) = incident_telling(store, (found.id, number as u64))?
                {
                    return Ok(Some(incident));
                }
            }
        }
    }
    incident_telling(store, (report, number))
}

/// Returns the incident that a claim is about.
fn incident_telling(store: &Store, (report, number): (i64, u64)) -> anyhow::Result<Option<String>> {
    for body in store.accounts_of(report)? {
        let account = account(&body)?;
        if account.claims.contains(&(number as usize)) {
            return Ok(store.incident_of((report, account.name.number as u64))?);
        }
    }
    Ok(None)
}

/// Tells how the tolls of an incident moved when reports came, and the highest number of those that its figures of the dead set
/// as the least.
pub(crate) fn tolls_moved(
    stories: &Stories<'_>,
    row: &IncidentRow,
    came: &BTreeSet<i64>,
) -> anyhow::Result<(Vec<Toll>, Option<u64>)> {
    let (found, names) = found(stories, &claims_of(stories.store, row)?)?;
    let killed = highest_killed(&found);
    let mut tolls = Vec::new();
    for ledger in &found {
        for moved in corroborate::moved(ledger, |report| came.contains(&(report.0 as i64))) {
            let Some(after) = names.toll(moved.after) else { continue };
            tolls.push(Toll {
                incident: row.id.clone(),
                title: String::new(),
                direction: moved.direction.name(),
                measure: ledger.measure.name().to_owned(),
                population: ledger.population.clone(),
                before: moved.before.and_then(|line| names.toll(line)),
                after,
            });
        }
    }
    Ok((tolls, killed))
}

fn found(stories: &Stories<'_>, claims: &ClaimsOf) -> anyhow::Result<(Vec<corroborate::Ledger>, Names)> {
    let mut stated = Vec::new();
    let mut ids = BTreeMap::new();
    for (&report, numbers) in claims {
        let family = stories.store.family_of(report)?.map(|family| FamilyKey(family as u64));
        let told = Told::of(stories.store, (report, numbers))?;
        if told.figures.is_empty() {
            continue;
        }
        let background = stories.of(report)?;
        for (stored, claim) in &told.figures {
            let figure = kept_figure(&claim.fields).with_context(|| {
                format!("claim {} was stored by another version; `credence reindex` reads it again", claim.id)
            })?;
            let mut stated_here = told.stated((stored, claim), figure, family);
            let first = stated_here.said_by.first();
            let known =
                first.zip(background.as_ref()).and_then(|(name, (_, story))| story.known_as.get(name));
            stated_here.known_as = known.cloned();
            ids.insert(stated_here.at, claim.id.clone());
            stated.push(stated_here);
        }
    }
    let words = stated.iter().map(|stated| (stated.at, stated.words.clone())).collect();
    let names = Names { ids, words };
    Ok((corroborate::ledgers(&stated), names))
}

/// What a ledger asks of a story.
#[derive(Default)]
struct Background {
    /// The fullest name of each speaker by each other name.
    known_as: BTreeMap<String, String>,
    /// The matters of which something is denied.
    denied: Vec<DeniedMatter>,
}

/// The same as it stands in the JSON of a story, of which most is passed over: that of a large one is a megabyte.
#[derive(Deserialize)]
struct BackgroundRead {
    #[serde(default)]
    speakers: Vec<Vec<String>>,
    matters: Vec<DeniedMatter>,
}

#[derive(Deserialize)]
struct DeniedMatter {
    title: String,
    claims: Vec<ClaimNamed>,
    denials: Vec<Denial>,
}

#[derive(Deserialize)]
struct ClaimNamed {
    claim: String,
}

impl Background {
    fn of(body: &str) -> anyhow::Result<Background> {
        let BackgroundRead { speakers, mut matters } = serde_json::from_str(body)
            .context("a story was stored by another version; `credence reindex` makes it again")?;
        let mut background = Background::default();
        for names in speakers {
            if let Some((fullest, others)) = names.split_first() {
                let known = others.iter().map(|name| (name.clone(), fullest.clone()));
                background.known_as.extend(known);
            }
        }
        matters.retain(|matter| !matter.denials.is_empty());
        background.denied = matters;
        Ok(background)
    }
}

/// The stories of reports, each read once however many ledgers are drawn up.
pub(crate) struct Stories<'s> {
    store: &'s Store,
    known: RefCell<HashMap<i64, Rc<Background>>>,
}

impl<'s> Stories<'s> {
    pub(crate) fn new(store: &'s Store) -> Stories<'s> {
        Stories { store, known: RefCell::default() }
    }

    /// Returns the record that they are of.
    pub(crate) fn store(&self) -> &'s Store {
        self.store
    }

    /// Returns the story that a report is shown in, and what ledgers ask of it.
    fn of(&self, report: i64) -> anyhow::Result<Option<(i64, Rc<Background>)>> {
        let Some(story) = self.store.shown_story_of(report)? else { return Ok(None) };
        if let Some(known) = self.known.borrow().get(&story) {
            return Ok(Some((story, Rc::clone(known))));
        }
        let body = self.store.story_body(story)?;
        let read = Rc::new(body.map_or(Ok(Background::default()), |body| Background::of(&body))?);
        self.known.borrow_mut().insert(story, Rc::clone(&read));
        Ok(Some((story, read)))
    }
}

/// The polarity of what is said to be so.
const ASSERTED: &str = "asserted";

/// The figures of one report that a ledger asks for.
struct Told {
    report: i64,
    figures: Vec<(StoredClaim, Claim)>,
    /// The statements whose day is known: where each begins and ends, in order.
    statements: Vec<(u64, u64, Date)>,
}

/// Statements before some words that may hold them: few begin between a statement and the words in it.
const AROUND: usize = 16;

impl Told {
    fn of(store: &Store, (report, numbers): (i64, &BTreeSet<u64>)) -> anyhow::Result<Told> {
        let mut told = Told { report, figures: Vec::new(), statements: Vec::new() };
        for stored in store.claims_of_kind(report, "figure")? {
            if numbers.contains(&stored.number) && stored.row.polarity == ASSERTED {
                let claim = stored_claim(&stored)?;
                told.figures.push((stored, claim));
            }
        }
        if told.figures.is_empty() {
            return Ok(told);
        }
        for stored in store.claims_of_kind(report, "statement")? {
            let day = said_on(&stored)?;
            told.statements.extend(day.map(|day| (stored.row.span_start, stored.row.span_end, day)));
        }
        told.statements.sort_unstable();
        Ok(told)
    }

    fn stated(
        &self,
        (stored, claim): (&StoredClaim, &Claim),
        figure: Figure,
        family: Option<FamilyKey>,
    ) -> Stated {
        // The time of a single event says nothing of when its dead were counted; "recovered by Wednesday" does.
        let counts_to = |period: &Period| figure.scope == Scope::Cumulative || period.from.is_none();
        let counted_to = figure.period.filter(counts_to).and_then(|period| period.to);
        Stated {
            at: self.at(stored.number as usize),
            figure,
            words: claim.span.words().to_owned(),
            known_as: None,
            said_by: claim.said_by.iter().map(|speaker| speaker.name.clone()).collect(),
            day: counted_to.or_else(|| self.said_on(stored)).or(stored.published),
            family,
            supersedes: claim.supersedes.as_deref().and_then(claim_number).map(|at| self.at(at)),
        }
    }

    fn at(&self, claim: usize) -> ClaimRef {
        ClaimRef { report: ReportKey(self.report as u64), claim }
    }

    /// Returns the day on which a statement that holds the words was made.
    fn said_on(&self, words: &StoredClaim) -> Option<Date> {
        let before = self.statements.partition_point(|(start, ..)| *start <= words.row.span_start);
        let near = self.statements[..before].iter().rev().take(AROUND);
        near.filter(|(_, end, _)| words.row.span_end <= *end).map(|(.., day)| *day).next()
    }
}

/// Reads on which day a statement was made; the rest of it is passed over.
fn said_on(statement: &StoredClaim) -> anyhow::Result<Option<Date>> {
    #[derive(Deserialize)]
    struct SaidOn {
        said_on: Option<Date>,
    }
    let read: SaidOn = serde_json::from_str(&statement.row.body).with_context(|| {
        format!(
            "claim {} of {} was stored by another version; `credence reindex` reads it again",
            statement.number + 1,
            statement.report_name
        )
    })?;
    Ok(read.said_on)
}

/// The ids and the words of claims.
struct Names {
    ids: BTreeMap<ClaimRef, String>,
    words: BTreeMap<ClaimRef, String>,
}

impl Names {
    fn id(&self, at: &ClaimRef) -> String {
        self.ids.get(at).cloned().unwrap_or_default()
    }

    fn remark(&self, remark: &corroborate::Remark) -> Remark {
        Remark {
            kind: remark.kind.name(),
            is_conflict: remark.kind.is_conflict(),
            one: self.id(&remark.one),
            other: self.id(&remark.other),
            reason: remark.reason.clone(),
        }
    }

    fn toll(&self, line: &corroborate::Line) -> Option<TollFigure> {
        let Line { claim, speaker, said_by, bounds, .. } = self.line(line)?;
        Some(TollFigure { claim, speaker: speaker.or_else(|| said_by.into_iter().next()), bounds })
    }

    fn ledger(&self, ledger: &corroborate::Ledger) -> Ledger {
        Ledger {
            measure: ledger.measure.name().to_owned(),
            population: ledger.population.clone(),
            least: ledger.least,
            most: ledger.most,
            highest: ledger.highest(),
            figures: ledger.lines.iter().filter_map(|line| self.line(line)).collect(),
        }
    }

    fn line(&self, line: &corroborate::Line) -> Option<Line> {
        let (first, repeated) = line.claims.split_first()?;
        let figure = &line.figure;
        Some(Line {
            claim: self.id(first),
            words: self.words.get(first).cloned().unwrap_or_default(),
            speaker: line.speaker.clone(),
            said_by: line.said_by.clone(),
            day: line.day,
            last_day: line.last,
            bounds: Bounds {
                lower: figure.lower,
                upper: figure.upper,
                stated: figure.stated,
                caveats: figure.caveats.iter().map(|caveat| caveat.name().to_owned()).collect(),
            },
            counts: line.share.name(),
            withdrawn: line.withdrawn,
            repeated: repeated.iter().map(|at| self.id(at)).collect(),
        })
    }
}

/// A situation before its ledger is drawn up: which figures it has.
#[derive(Debug, Clone)]
pub(crate) struct Outline {
    pub(crate) id: String,
    place: Option<String>,
    from: Option<Date>,
    claims: ClaimsOf,
}

impl Outline {
    /// Returns how many reports state a figure of it.
    pub(crate) fn reports(&self) -> usize {
        self.claims.len()
    }

    /// Returns the reports that state a figure of it.
    pub(crate) fn members(&self) -> impl Iterator<Item = i64> {
        self.claims.keys().copied()
    }

    /// Tells whether its figures count from one day on, so that the least and the most of them mean something.
    pub(crate) fn has_bounds(&self) -> bool {
        self.from.is_some()
    }

    /// Draws up its ledger.
    pub(crate) fn drawn(&self, stories: &Stories<'_>) -> anyhow::Result<Situation> {
        let mut figures = ledgers(stories, &self.claims)?;
        if !self.has_bounds() {
            // Figures of times that are not said are not of one situation: they are only kept together.
            figures.remarks.clear();
            figures.ledger.iter_mut().for_each(|ledger| (ledger.least, ledger.most) = (None, None));
        }
        Ok(Situation {
            id: self.id.clone(),
            place: self.place.clone(),
            from: self.from,
            reports: self.reports(),
            figures,
        })
    }
}

/// Returns all situations, figures of a longer time, by place and first day.
pub(crate) fn outlines(store: &Store) -> anyhow::Result<Vec<Outline>> {
    let rows = store.reckonings()?;
    let groups = rows.chunk_by(|a, b| (&a.place, a.from_day) == (&b.place, b.from_day));
    let outline = |rows: &[ReckoningRow]| {
        let ReckoningRow { place, from_day, .. } = &rows[0];
        let mut claims = ClaimsOf::new();
        for row in rows {
            claims.entry(row.report).or_default().insert(row.claim);
        }
        let id = situation_id(place.as_deref(), *from_day);
        Outline { id, place: place.clone(), from: *from_day, claims }
    };
    Ok(groups.map(outline).collect())
}

/// Hands over the situations whose id begins so, by place and first day.
pub(crate) fn situations(
    store: &Store,
    id: &str,
    mut each: impl FnMut(Situation) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let stories = Stories::new(store);
    for outline in outlines(store)?.iter().filter(|outline| outline.id.starts_with(id)) {
        each(outline.drawn(&stories)?)?;
    }
    Ok(())
}

/// Returns where the figures of an incident do not fit together, and what is denied of it.
pub(crate) fn conflict_of(stories: &Stories<'_>, row: &IncidentRow) -> anyhow::Result<Conflict> {
    let incident = stored_incident(row)?;
    let figures = incident_ledgers(stories, (row, &incident))?;
    Ok(Conflict {
        kind: "incident",
        remarks: conflicts(figures.remarks),
        denials: figures.denied,
        id: incident.id,
        title: incident.title,
    })
}

/// Returns where the figures of a situation do not fit together.
pub(crate) fn conflict_of_situation(situation: Situation) -> Conflict {
    let title = describe::ledger::called(&situation);
    let remarks = conflicts(situation.figures.remarks);
    Conflict { kind: "situation", id: situation.id, title, remarks, denials: Vec::new() }
}

fn conflicts(remarks: Vec<Remark>) -> Vec<Remark> {
    remarks.into_iter().filter(|remark| remark.is_conflict).collect()
}

/// Names a situation after its place and its first day.
fn situation_id(place: Option<&str>, from: Option<Date>) -> String {
    let lower = place.unwrap_or("place not said").to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let from = from.map_or("open".to_owned(), |day| day.to_string());
    format!("t-{}-{from}", words.join("-"))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn situations_are_named_after_place_and_day() {
        assert_eq!(situation_id(Some("Côte d’Ardan"), Some(date(2031, 2, 3))), "t-côte-d-ardan-2031-02-03");
        assert_eq!(situation_id(None, None), "t-place-not-said-open");
    }
}
