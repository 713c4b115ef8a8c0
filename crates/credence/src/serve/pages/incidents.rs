use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use corroborate::ReportKey;
use model::Act;
use store::Store;

use super::deciding::{Again, Deciding};
use super::doors::Doors;
use super::{Frame, Page, fault_page, next_page, words};
use crate::incidents::with_stories;
use crate::ledger::Outline;
use crate::picture::{self, Chart};
use crate::serve::api::{
    ContradictionsAsked, DecisionsAsked, IncidentsAsked, SituationsAsked, decided, known_conflicts,
    known_incident, known_incidents, known_near, known_outlines, known_situation, known_situations, read_on,
};
use crate::serve::asked::Asked;
use crate::serve::fault::Fault;
use crate::serve::listing::Listing;
use crate::serve::rows::{self, IncidentLine};
use crate::serve::site::Site;
use crate::wire::{Conflict, Decision, Denial, Denied, Incident, Ledgers, Matter, Sheet, Situation};

#[derive(Template)]
#[template(path = "incidents.html")]
pub(super) struct Incidents {
    frame: Frame,
    asked: IncidentsAsked,
    acts: Vec<&'static str>,
    list: Arc<Listing<IncidentLine>>,
    next: Option<String>,
}

pub(super) async fn list(
    State(site): State<Arc<Site>>,
    asked: Result<Asked<IncidentsAsked>, Fault>,
) -> Page<Incidents> {
    let page = async {
        let Asked(asked) = asked?;
        let question = asked.clone();
        let list = known_incidents(site, question).await?;
        let text = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
        let edge = |edge: Option<f64>| edge.map(|edge| edge.to_string());
        let given = [
            ("place", asked.place.clone()),
            ("act", asked.act.clone()),
            ("from", text(asked.from)),
            ("to", text(asked.to)),
            ("west", edge(asked.west)),
            ("south", edge(asked.south)),
            ("east", edge(asked.east)),
            ("north", edge(asked.north)),
        ];
        let next = list.next.as_deref().and_then(read_on);
        let next = next_page("/incidents", &given, next.as_deref());
        let acts = Act::ALL.iter().map(|act| act.name()).collect();
        Ok(Incidents { frame: Frame::new("Incidents", "/incidents"), asked, acts, list, next })
    };
    Page(page.await)
}

#[derive(Template)]
#[template(path = "incident.html")]
pub(super) struct IncidentPage {
    frame: Frame,
    sheet: Sheet,
    alleged: Vec<Matter>,
    figures: Ledgers,
    chart: Drawn,
    /// The reports, and why each was put here.
    linked: Vec<(String, Vec<String>)>,
    doors: Arc<Doors>,
    deciding: Deciding,
}

/// Shows an incident. Where it went into another, and where the id is the beginning of one, its page is gone to.
pub(super) async fn page(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Response {
    let asked = id.clone();
    let found = Arc::clone(&site).read(move |store| Ok(rows::incident(store, &asked)?.id)).await;
    match found {
        Ok(now) if now != id => Redirect::to(&words::incident(&now)).into_response(),
        Ok(_) => Page(drawn(site, id, None).await).into_response(),
        Err(fault) => fault_page(fault),
    }
}

/// Draws the page of an incident, with the form as it was sent if what it asked for could not be done.
pub(super) async fn drawn(site: Arc<Site>, id: String, again: Option<Again>) -> Result<IncidentPage, Fault> {
    let sheet = known_incident(Arc::clone(&site), id.clone()).await?;
    let near = known_near(Arc::clone(&site), id.clone()).await?;
    let doors = site.know(format!("doors of {id}"), move |store| {
        let accounts = rows::incident(store, &id)?.accounts;
        let keys = accounts.iter().map(|(report, _)| ReportKey(*report as u64)).collect();
        let keys = with_stories(store, &keys)?;
        Ok(Doors::of(store, keys.iter().map(|key| key.0 as i64))?)
    });
    let deciding = Deciding::on_incident(&sheet.incident.id, &near, again);
    Ok(of_sheet(Sheet::clone(&sheet), doors.await?, deciding))
}

/// Puts together what one denies in several claims in the same way.
fn said_once(denials: Vec<Denial>) -> Vec<Denial> {
    let mut once: Vec<Denial> = Vec::new();
    for denial in denials {
        let same = |known: &&mut Denial| {
            (&known.strength, &known.by, &known.reason) == (&denial.strength, &denial.by, &denial.reason)
        };
        match once.iter_mut().find(same) {
            Some(known) => {
                let more = denial.claims.into_iter().filter(|claim| !known.claims.contains(claim));
                let more: Vec<String> = more.collect();
                known.claims.extend(more);
            }
            None => once.push(denial),
        }
    }
    once
}

/// Says why a report is here to which no other led.
fn first_of(incident: &Incident, report: &str) -> String {
    if incident.reports.len() == 1 {
        return "the only account of this event so far".to_owned();
    }
    match incident.links.iter().any(|link| link.to == report) {
        true => "an account of this event that the others were put to".to_owned(),
        false if !incident.decisions.is_empty() => {
            format!("put here by people: {}", incident.decisions.join(", "))
        }
        false => "the first account of this event".to_owned(),
    }
}

fn of_sheet(mut sheet: Sheet, doors: Arc<Doors>, deciding: Deciding) -> IncidentPage {
    let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for link in &sheet.incident.links {
        let by = match &link.confirmed_by {
            Some(decision) => format!("confirmed by {decision}"),
            None => "suggested".to_owned(),
        };
        let reason = format!("{by}, with {}: {}", link.with(), link.reasons.join("; "));
        reasons.entry(link.report.as_str()).or_default().push(reason);
    }
    let linked = sheet.incident.reports.iter().map(|report| {
        let reasons = reasons.get(report.as_str()).cloned();
        (report.clone(), reasons.unwrap_or_else(|| vec![first_of(&sheet.incident, report)]))
    });
    let linked = linked.collect();
    for matter in &mut sheet.matters {
        matter.denials = said_once(std::mem::take(&mut matter.denials));
    }
    let (alleged, counted): (Vec<Matter>, Vec<Matter>) =
        std::mem::take(&mut sheet.matters).into_iter().partition(|matter| matter.kind != "figure");
    // What is denied of an allegation stands with it.
    let denied = counted.into_iter().filter(|matter| !matter.denials.is_empty());
    // What is denied of several in the same way is said once.
    let mut together: Vec<Denied> = Vec::new();
    for matter in denied {
        match together.iter_mut().find(|known| known.denials == matter.denials) {
            Some(known) => known.what += &format!("; {}", matter.title),
            None => together.push(Denied { what: matter.title, denials: matter.denials }),
        }
    }
    let Ledgers { ledger, remarks, .. } = std::mem::take(&mut sheet.figures);
    let figures = Ledgers { ledger, remarks, denied: together };
    IncidentPage {
        frame: Frame::new(sheet.incident.title.clone(), "/incidents").with_island("chart"),
        chart: Drawn::of((&sheet.incident.id, &sheet.incident.title), &figures, &doors),
        sheet,
        alleged,
        figures,
        linked,
        doors,
        deciding,
    }
}

/// A chart of figures, drawn into the page.
struct Drawn {
    /// SVG in which words of reports stand as text.
    svg: String,
    /// Where it is drawn of fewer days.
    source: String,
    /// The days for which there are figures, one for each figure, with spaces between them.
    days: String,
}

impl Drawn {
    fn of((id, title): (&str, &str), figures: &Ledgers, doors: &Doors) -> Drawn {
        let link = |claim: &str| doors.claim(claim);
        let how = Chart { link: Some(&link), ..Chart::default() };
        let days = figures.ledger.iter().flat_map(|ledger| &ledger.figures).filter_map(|line| line.day);
        Drawn {
            svg: picture::inline(&picture::chart(title, figures, how)),
            source: format!("/api/v1/incidents/{}/figures.svg", words::encoded(id)),
            days: days.map(|day| day.to_string()).collect::<Vec<_>>().join(" "),
        }
    }
}

#[derive(Template)]
#[template(path = "situations.html")]
pub(super) struct Situations {
    frame: Frame,
    list: Vec<(Situation, Drawn)>,
    next: Option<String>,
    /// Whether the list begins behind others.
    is_further: bool,
    doors: Arc<Doors>,
}

impl Situations {
    async fn of(
        site: Arc<Site>,
        title: String,
        (list, next): (&[Situation], Option<String>),
    ) -> Result<Situations, Fault> {
        let doors = doors_of_situations(site, list.iter().map(|situation| situation.id.clone())).await?;
        let drawn = |situation: &Situation| {
            let title = words::situation(situation);
            (situation.clone(), Drawn::of((&situation.id, &title), &situation.figures, &doors))
        };
        let frame = Frame::new(title, "/figures").with_island("chart");
        let list = list.iter().map(drawn).collect();
        Ok(Situations { frame, list, next, is_further: false, doors })
    }
}

/// Makes the doors of what situations name.
async fn doors_of_situations(
    site: Arc<Site>,
    ids: impl Iterator<Item = String>,
) -> Result<Arc<Doors>, Fault> {
    let all = known_outlines(Arc::clone(&site)).await?;
    let ids: BTreeSet<String> = ids.collect();
    let question = format!("doors of {ids:?}");
    let made = move |store: &Store| {
        let asked = all.iter().filter(|outline| ids.contains(&outline.id));
        Ok(Doors::of_shared(store, asked.flat_map(Outline::members))?)
    };
    site.know(question, made).await
}

pub(super) async fn situations(
    State(site): State<Arc<Site>>,
    asked: Result<Asked<SituationsAsked>, Fault>,
) -> Page<Situations> {
    let page = async {
        let Asked(asked) = asked?;
        let is_further = asked.after.is_some();
        let list = known_situations(Arc::clone(&site), asked).await?;
        let next = next_page("/situations", &[], list.next.as_deref());
        let page = Situations::of(site, "Situations".to_owned(), (&list.items, next)).await?;
        Ok(Situations { is_further, ..page })
    };
    Page(page.await)
}

/// Shows one situation, in the form of a list of one.
pub(super) async fn situation(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Page<Situations> {
    let page = async {
        let situation = known_situation(Arc::clone(&site), id).await?;
        let title = words::situation(&situation);
        let page = Situations::of(site, title, (std::slice::from_ref(&*situation), None)).await?;
        Ok(Situations { is_further: true, ..page })
    };
    Page(page.await)
}

#[derive(Template)]
#[template(path = "contradictions.html")]
pub(super) struct Contradictions {
    frame: Frame,
    list: Arc<Listing<Conflict>>,
    next: Option<String>,
    of_situations: bool,
    doors: Arc<Doors>,
}

/// Makes the doors of what the contradictions of incidents name, denials in their stories among it.
async fn doors_of_incidents(site: Arc<Site>, list: &Listing<Conflict>) -> Result<Arc<Doors>, Fault> {
    let ids: Vec<String> = list.items.iter().map(|conflict| conflict.id.clone()).collect();
    site.know(format!("doors of {ids:?}"), move |store| {
        let mut reports = BTreeSet::new();
        for id in &ids {
            let accounts = store.incident(id)?.map(|row| row.accounts).unwrap_or_default();
            reports.extend(accounts.iter().map(|(report, _)| ReportKey(*report as u64)));
        }
        let reports = with_stories(store, &reports)?;
        Ok(Doors::of_shared(store, reports.iter().map(|key| key.0 as i64))?)
    })
    .await
}

pub(super) async fn contradictions(
    State(site): State<Arc<Site>>,
    asked: Result<Asked<ContradictionsAsked>, Fault>,
) -> Page<Contradictions> {
    let page = async {
        let Asked(asked) = asked?;
        let kind = asked.kind.clone();
        let list = known_conflicts(Arc::clone(&site), asked).await?;
        let of_situations = kind.as_deref() == Some("situation");
        let next = list.next.clone().and_then(|next| if of_situations { Some(next) } else { read_on(&next) });
        let next = next_page("/contradictions", &[("kind", kind)], next.as_deref());
        let doors = match of_situations {
            true => doors_of_situations(site, list.items.iter().map(|conflict| conflict.id.clone())).await?,
            false => doors_of_incidents(site, &list).await?,
        };
        let frame = Frame::new("Contradictions", "/contradictions");
        Ok(Contradictions { frame, list, next, of_situations, doors })
    };
    Page(page.await)
}

#[derive(Template)]
#[template(path = "decisions.html")]
pub(super) struct Decisions {
    frame: Frame,
    list: Listing<Decision>,
    next: Option<String>,
}

pub(super) async fn decisions(
    State(site): State<Arc<Site>>,
    asked: Result<Asked<DecisionsAsked>, Fault>,
) -> Page<Decisions> {
    let page = async {
        let Asked(asked) = asked?;
        let list = site.read(move |store| decided(store, &asked)).await?;
        let next = next_page("/decisions", &[], list.next.as_deref());
        Ok(Decisions { frame: Frame::new("Decisions", "/decisions"), list, next })
    };
    Page(page.await)
}
