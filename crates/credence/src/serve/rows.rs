//! What lists say of a report, a story and an incident, and what is found by an id.

use jiff::civil::Date;
use serde::Serialize;
use store::{Store, StoredReport, StoryRow};
use utoipa::ToSchema;

use super::fault::{Code, Fault};
use crate::incidents::stored_incident;
use crate::ledger::{Stories, deniers};
use crate::wire::{Incident, IncidentTime, Point};

/// A report, in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReportLine {
    pub(crate) id: String,
    /// The digest of its original.
    pub(crate) original: String,
    pub(crate) published: Option<Date>,
    pub(crate) outlet: Option<String>,
    /// The agency credited.
    pub(crate) wire: Option<String>,
    /// The title, or how the text begins.
    pub(crate) headline: String,
    pub(crate) language: Option<String>,
    pub(crate) claims: u64,
}

impl From<&StoredReport> for ReportLine {
    fn from(report: &StoredReport) -> ReportLine {
        let row = &report.row;
        ReportLine {
            id: row.name.clone(),
            original: model::Digest::from_bytes(row.digest).to_string(),
            published: row.published,
            outlet: row.outlet.clone(),
            wire: row.wire.clone(),
            headline: crate::describe::title(report),
            language: row.language.clone(),
            claims: report.claim_count,
        }
    }
}

/// A story, in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StoryLine {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) first_day: Option<Date>,
    pub(crate) last_day: Option<Date>,
    pub(crate) reports: usize,
}

impl From<StoryRow> for StoryLine {
    fn from(row: StoryRow) -> StoryLine {
        let StoryRow { id, title, first_day, last_day, reports, .. } = row;
        StoryLine { id, title, first_day, last_day, reports: reports.len() }
    }
}

/// An incident, in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IncidentLine {
    pub(crate) id: String,
    pub(crate) title: String,
    /// What is alleged to have been done.
    pub(crate) acts: Vec<String>,
    pub(crate) object_class: Vec<String>,
    pub(crate) place: Option<String>,
    /// `settlement` or `region`; nothing where no place is named.
    pub(crate) place_precision: Option<String>,
    pub(crate) time: Option<IncidentTime>,
    pub(crate) reports: usize,
    pub(crate) decisions: usize,
    /// How many deny it or tell it otherwise in the stories of its reports; those who are not named count as one.
    pub(crate) denied_by: usize,
}

impl IncidentLine {
    /// Puts the row of an incident in brief; nothing if no claim was read of it: it alleges nothing by itself.
    pub(crate) fn of(
        stories: &Stories<'_>,
        row: &store::IncidentRow,
    ) -> anyhow::Result<Option<IncidentLine>> {
        let incident = stored_incident(row)?;
        if incident.claims.is_empty() {
            return Ok(None);
        }
        let denied_by = deniers(stories, row, &incident)?;
        Ok(Some(IncidentLine::new(incident, denied_by)))
    }

    fn new(incident: Incident, denied_by: usize) -> IncidentLine {
        let Incident { id, title, acts, object_class, place, place_precision, time, .. } = incident;
        let (reports, decisions) = (incident.reports.len(), incident.decisions.len());
        IncidentLine {
            id,
            title,
            acts,
            object_class,
            place,
            place_precision,
            time,
            reports,
            decisions,
            denied_by,
        }
    }
}

/// An incident, as far as a page about something else names it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct IncidentNamed {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) place: Option<String>,
    /// `settlement` or `region`; nothing where no place is named.
    pub(crate) place_precision: Option<String>,
    /// Where that is, if the gazetteer knows.
    pub(crate) point: Option<Point>,
    pub(crate) time: Option<IncidentTime>,
    pub(crate) reports: usize,
}

impl IncidentNamed {
    /// Names an incident; nothing if no claim was read of it: it alleges nothing by itself.
    pub(crate) fn of(row: &store::IncidentRow) -> anyhow::Result<Option<IncidentNamed>> {
        let incident = stored_incident(row)?;
        if incident.claims.is_empty() {
            return Ok(None);
        }
        let Incident { id, title, place, place_precision, point, time, reports, .. } = incident;
        Ok(Some(IncidentNamed { id, title, place, place_precision, point, time, reports: reports.len() }))
    }
}

/// Finds the one report of a name, or of the beginning of the digest of its original.
pub(crate) fn report(store: &Store, id: &str) -> Result<StoredReport, Fault> {
    let found = store.find_reports(id)?;
    let choice = |one: &StoredReport| {
        let ReportLine { original, published, outlet, headline, .. } = ReportLine::from(one);
        let day = published.map(|day| day.to_string());
        let about = [day, outlet, Some(headline)].into_iter().flatten().collect::<Vec<_>>();
        (original, about.join(" · "))
    };
    let choices = found.iter().map(choice).collect();
    one(found, ("report", id), choices)
}

/// Finds the report of a claim, and the position of the claim in it.
pub(crate) fn claim(store: &Store, id: &str) -> Result<(StoredReport, usize), Fault> {
    let number = crate::wire::claim_number(id).ok_or_else(|| Fault::not_found("claim", id))?;
    let name = id.rsplit_once('#').map_or(id, |(name, _)| name);
    let report = report(store, name).map_err(|fault| {
        let claim = |(report, words): (String, String)| (crate::wire::claim_id(&report, number), words);
        Fault { choices: fault.choices.into_iter().map(claim).collect(), ..fault }
    })?;
    match (number as u64) < report.claim_count {
        true => Ok((report, number)),
        false => Err(Fault::not_found("claim", id)),
    }
}

/// Finds the one story of an id, or of the beginning of one.
pub(crate) fn story(store: &Store, id: &str) -> Result<StoryRow, Fault> {
    let found = store.find_stories(id)?;
    let ids = found.iter().map(|row| (row.id.clone(), row.title.clone())).collect();
    one(found, ("story", id), ids)
}

/// Finds the one incident of an id, or of the beginning of one, or that which this became.
pub(crate) fn incident(store: &Store, id: &str) -> Result<store::IncidentRow, Fault> {
    let found = store.find_incidents(id)?;
    let title =
        |row: &store::IncidentRow| stored_incident(row).map_or(String::new(), |incident| incident.title);
    let ids = found.iter().map(|row| (row.id.clone(), title(row))).collect();
    one(found, ("incident", id), ids)
}

fn one<T>(mut found: Vec<T>, (kind, id): (&str, &str), choices: Vec<(String, String)>) -> Result<T, Fault> {
    match (found.pop(), found.is_empty()) {
        (Some(one), true) => Ok(one),
        (Some(_), false) => {
            let names: Vec<&str> = choices.iter().map(|(id, _)| id.as_str()).collect();
            let message = format!("{id:?} names {} of kind {kind}: {}", names.len(), names.join(", "));
            Err(Fault { choices, ..Fault::new(Code::Ambiguous, message) })
        }
        (None, _) => Err(Fault::not_found(kind, id)),
    }
}
