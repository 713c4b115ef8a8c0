//! Ledgers of incidents and situations, from the rows: no original is read for them.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use corroborate::{ClaimRef, FamilyKey, ReportKey, Stated};
use jiff::civil::Date;
use model::{Figure, Measure, Scope};
use store::{ClaimFilter, IncidentRow, ReckoningRow, Store, StoredClaim};

use crate::describe;
use crate::incidents::{account, stored_incident};
use crate::reading::{stored_claim, stored_story};
use crate::wire::{
    Bounds, Claim, Conflict, Denied, Fields, Incident, Ledger, Ledgers, Line, Matter, Remark, Situation,
    Toll, TollFigure, claim_number, kept_figure,
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
    store: &Store,
    (row, incident): (&IncidentRow, &Incident),
) -> anyhow::Result<Ledgers> {
    let mut figures = ledgers(store, &claims_of(store, row)?)?;
    figures.denied = denied(store, (row, &incident.claims))?;
    Ok(figures)
}

/// Finds what the stories of an incident say against its claims.
fn denied(store: &Store, (row, claims): (&IncidentRow, &[String])) -> anyhow::Result<Vec<Denied>> {
    let claims: BTreeSet<&String> = claims.iter().collect();
    let mut denied: Vec<Denied> = Vec::new();
    let mut seen = BTreeSet::new();
    for (report, _) in &row.accounts {
        if !store.story_of(*report)?.is_some_and(|story| seen.insert(story)) {
            continue;
        }
        for row in store.stories_of(*report)? {
            let about = |matter: &Matter| {
                !matter.denials.is_empty() && matter.claims.iter().any(|said| claims.contains(&said.claim))
            };
            let matters = stored_story(&row)?.matters.into_iter().filter(about);
            denied.extend(matters.map(|matter| Denied { what: matter.title, denials: matter.denials }));
        }
    }
    denied.dedup();
    Ok(denied)
}

/// Sets the figures among some claims beside each other.
pub(crate) fn ledgers(store: &Store, claims: &ClaimsOf) -> anyhow::Result<Ledgers> {
    let (found, names) = found(store, claims)?;
    Ok(Ledgers {
        remarks: corroborate::remarks(&found).iter().map(|remark| names.remark(remark)).collect(),
        ledger: found.iter().map(|ledger| names.ledger(ledger)).collect(),
        denied: Vec::new(),
    })
}

/// Tells how the tolls of an incident moved when reports came, and the most that any of its figures of the dead sets as
/// the least.
pub(crate) fn tolls_moved(
    store: &Store,
    row: &IncidentRow,
    came: &BTreeSet<i64>,
) -> anyhow::Result<(Vec<Toll>, Option<u64>)> {
    let (found, names) = found(store, &claims_of(store, row)?)?;
    let killed = found.iter().filter(|ledger| ledger.measure == Measure::Killed);
    let killed = killed.flat_map(|ledger| &ledger.lines).filter_map(|line| line.figure.lower).max();
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

fn found(store: &Store, claims: &ClaimsOf) -> anyhow::Result<(Vec<corroborate::Ledger>, Names)> {
    let mut stated = Vec::new();
    let mut ids = BTreeMap::new();
    let mut stories = Stories { store, last: None };
    for (&report, numbers) in claims {
        let family = store.family_of(report)?.map(|family| FamilyKey(family as u64));
        let told = Told::of(store, report)?;
        let known_as = stories.of(report)?.map(|story| &story.known_as);
        for (stored, claim) in told.claims.iter().filter(|(stored, _)| numbers.contains(&stored.number)) {
            if claim.fields.kind() == "figure" && claim.polarity == ASSERTED {
                let figure = kept_figure(&claim.fields).with_context(|| {
                    format!(
                        "claim {} was stored by another version; `credence reindex` reads it again",
                        claim.id
                    )
                })?;
                let mut stated_here = told.stated((stored, claim), figure, family);
                let known = stated_here.said_by.first().and_then(|name| known_as?.get(name));
                stated_here.known_as = known.cloned();
                ids.insert(stated_here.at, claim.id.clone());
                stated.push(stated_here);
            }
        }
    }
    let words = stated.iter().map(|stated| (stated.at, stated.words.clone())).collect();
    let names = Names { ids, words };
    Ok((corroborate::ledgers(&stated), names))
}

/// What the story of a report says of its figures.
#[derive(Default)]
struct Background {
    /// The fullest name of each speaker by each other name.
    known_as: BTreeMap<String, String>,
}

impl Background {
    fn of(store: &Store, report: i64) -> anyhow::Result<Background> {
        let mut background = Background::default();
        for row in store.stories_of(report)? {
            for names in stored_story(&row)?.speakers {
                if let Some((fullest, others)) = names.split_first() {
                    let known = others.iter().map(|name| (name.clone(), fullest.clone()));
                    background.known_as.extend(known);
                }
            }
        }
        Ok(background)
    }
}

/// The stories of reports, the last one kept: the reports of an incident are mostly of one.
struct Stories<'s> {
    store: &'s Store,
    last: Option<(i64, Background)>,
}

impl Stories<'_> {
    fn of(&mut self, report: i64) -> anyhow::Result<Option<&Background>> {
        let Some(story) = self.store.story_of(report)? else { return Ok(None) };
        if self.last.as_ref().is_none_or(|(last, _)| *last != story) {
            self.last = Some((story, Background::of(self.store, report)?));
        }
        Ok(self.last.as_ref().map(|(_, background)| background))
    }
}

/// The polarity of what is said to be so.
const ASSERTED: &str = "asserted";

/// All claims of one report.
struct Told {
    report: i64,
    claims: Vec<(StoredClaim, Claim)>,
    /// The statements whose day is known: where each begins and ends, in order.
    statements: Vec<(u64, u64, Date)>,
}

/// Statements before some words that may hold them: few begin between a statement and the words in it.
const AROUND: usize = 16;

impl Told {
    fn of(store: &Store, report: i64) -> anyhow::Result<Told> {
        let mut claims = Vec::new();
        store.claims(&ClaimFilter { report: Some(report), ..ClaimFilter::default() }, |stored| {
            let claim = stored_claim(&stored)?;
            claims.push((stored, claim));
            Ok::<(), anyhow::Error>(())
        })?;
        let said = |(stored, claim): &(StoredClaim, Claim)| {
            Some((stored.row.span_start, stored.row.span_end, said_on(claim)?))
        };
        let mut statements: Vec<_> = claims.iter().filter_map(said).collect();
        statements.sort_unstable();
        Ok(Told { report, claims, statements })
    }

    fn stated(
        &self,
        (stored, claim): (&StoredClaim, &Claim),
        figure: Figure,
        family: Option<FamilyKey>,
    ) -> Stated {
        // The time of a single event says nothing of when its dead were counted.
        let counted_to =
            figure.period.filter(|_| figure.scope == Scope::Cumulative).and_then(|period| period.to);
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

fn said_on(claim: &Claim) -> Option<Date> {
    match &claim.fields {
        Fields::Statement { said_on, .. } => *said_on,
        _ => None,
    }
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

/// Hands over the situations whose id begins so: figures of a longer time, by place and first day.
pub(crate) fn situations(
    store: &Store,
    id: &str,
    mut each: impl FnMut(Situation) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let rows = store.reckonings()?;
    for rows in rows.chunk_by(|a, b| (&a.place, a.from_day) == (&b.place, b.from_day)) {
        let ReckoningRow { place, from_day, .. } = &rows[0];
        let own = situation_id(place.as_deref(), *from_day);
        if !own.starts_with(id) {
            continue;
        }
        let mut claims = ClaimsOf::new();
        for row in rows {
            claims.entry(row.report).or_default().insert(row.claim);
        }
        let mut figures = ledgers(store, &claims)?;
        if from_day.is_none() {
            // Figures of times that are not said are not of one situation: they are only kept together.
            figures.remarks.clear();
            figures.ledger.iter_mut().for_each(|ledger| (ledger.least, ledger.most) = (None, None));
        }
        each(Situation { id: own, place: place.clone(), from: *from_day, reports: claims.len(), figures })?;
    }
    Ok(())
}

/// Returns where the figures of an incident do not fit together, and what is denied of it.
pub(crate) fn conflict_of(store: &Store, row: &IncidentRow) -> anyhow::Result<Conflict> {
    let incident = stored_incident(row)?;
    let figures = incident_ledgers(store, (row, &incident))?;
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
