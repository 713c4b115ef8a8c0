use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Act;
use serde::Deserialize;

use super::{Frame, Page, fault_page, next_page, words};
use crate::deciding::{Because, Wanted};
use crate::picture::{self, Chart};
use crate::serve::api::{
    ContradictionsAsked, IncidentsAsked, conflict_list, decided, incident_list, incident_sheet,
    situation_list,
};
use crate::serve::asked::Asked;
use crate::serve::fault::{Code, Fault};
use crate::serve::listing::Listing;
use crate::serve::rows::IncidentLine;
use crate::serve::site::Site;
use crate::wire::{Conflict, Decision, Denied, Ledgers, Made, Matter, Sheet, Situation};

#[derive(Template)]
#[template(path = "incidents.html")]
pub(super) struct Incidents {
    frame: Frame,
    asked: IncidentsAsked,
    acts: Vec<&'static str>,
    list: Listing<IncidentLine>,
    next: Option<String>,
}

pub(super) async fn list(
    State(site): State<Arc<Site>>,
    asked: Result<Asked<IncidentsAsked>, Fault>,
) -> Page<Incidents> {
    let page = async {
        let Asked(asked) = asked?;
        let question = asked.clone();
        let list = site.read(move |store| incident_list(store, &question)).await?;
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
        let next = next_page("/incidents", &given, list.next.as_deref());
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
}

pub(super) async fn page(State(site): State<Arc<Site>>, Path(id): Path<String>) -> Page<IncidentPage> {
    Page(site.read(move |store| incident_sheet(store, &id)).await.map(of_sheet))
}

fn of_sheet(mut sheet: Sheet) -> IncidentPage {
    let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for link in &sheet.incident.links {
        let by = match &link.confirmed_by {
            Some(decision) => format!("confirmed by {decision}"),
            None => "suggested".to_owned(),
        };
        let reason = format!("{by}, with {}: {}", link.to, link.reasons.join("; "));
        reasons.entry(link.report.as_str()).or_default().push(reason);
    }
    let linked = sheet
        .incident
        .reports
        .iter()
        .map(|report| (report.clone(), reasons.get(report.as_str()).cloned().unwrap_or_default()));
    let linked = linked.collect();
    let (alleged, counted): (Vec<Matter>, Vec<Matter>) =
        std::mem::take(&mut sheet.matters).into_iter().partition(|matter| matter.kind != "figure");
    // What is denied of an allegation stands with it.
    let denied = counted.into_iter().filter(|matter| !matter.denials.is_empty());
    let denied = denied.map(|matter| Denied { what: matter.title, denials: matter.denials }).collect();
    let Ledgers { ledger, remarks, .. } = std::mem::take(&mut sheet.figures);
    let figures = Ledgers { ledger, remarks, denied };
    IncidentPage {
        frame: Frame::new(sheet.incident.title.clone(), "/incidents").with_island("chart"),
        chart: Drawn::of((&sheet.incident.id, &sheet.incident.title), &figures),
        sheet,
        alleged,
        figures,
        linked,
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
    fn of((id, title): (&str, &str), figures: &Ledgers) -> Drawn {
        let how = Chart { link: Some(words::claim), ..Chart::default() };
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
    all: Vec<(Situation, Drawn)>,
}

pub(super) async fn situations(State(site): State<Arc<Site>>) -> Page<Situations> {
    let all = site.read(situation_list).await;
    Page(all.map(|all| {
        let drawn = |situation: Situation| {
            let drawn = Drawn::of((&situation.id, &words::situation(&situation)), &situation.figures);
            (situation, drawn)
        };
        let frame = Frame::new("Situations", "/figures").with_island("chart");
        Situations { frame, all: all.into_iter().map(drawn).collect() }
    }))
}

#[derive(Template)]
#[template(path = "contradictions.html")]
pub(super) struct Contradictions {
    frame: Frame,
    list: Listing<Conflict>,
    next: Option<String>,
}

pub(super) async fn contradictions(
    State(site): State<Arc<Site>>,
    asked: Result<Asked<ContradictionsAsked>, Fault>,
) -> Page<Contradictions> {
    let page = async {
        let Asked(asked) = asked?;
        let list = site.read(move |store| conflict_list(store, &asked)).await?;
        let next = next_page("/contradictions", &[], list.next.as_deref());
        Ok(Contradictions { frame: Frame::new("Contradictions", "/contradictions"), list, next })
    };
    Page(page.await)
}

#[derive(Template)]
#[template(path = "decisions.html")]
pub(super) struct Decisions {
    frame: Frame,
    all: Vec<Decision>,
}

pub(super) async fn decisions(State(site): State<Arc<Site>>) -> Page<Decisions> {
    let all = site.read(decided).await;
    Page(all.map(|mut all| {
        all.reverse();
        Decisions { frame: Frame::new("Decisions", "/incidents"), all }
    }))
}

/// A decision as the form sends it.
#[derive(Deserialize)]
pub(super) struct Sent {
    act: String,
    /// The incident or story from which it was made.
    about: String,
    /// What else it is about.
    what: String,
    by: String,
    reason: String,
}

/// Decides what a form asks for, and shows where it led.
pub(super) async fn decide(State(site): State<Arc<Site>>, Form(sent): Form<Sent>) -> Response {
    let Sent { act, about, what, by, reason } = sent;
    let what = what.trim().to_owned();
    let wanted = match act.as_str() {
        "merge" => Wanted::Merge { ids: vec![about.clone(), what] },
        "link" => Wanted::Link { what, to: about.clone() },
        "unlink" => Wanted::Unlink { what, from: about.clone() },
        "split" => Wanted::Split { of: about.clone(), parts: vec![what] },
        "undo" => Wanted::Undo { decision: what },
        _ => return fault_page(Fault::new(Code::BadRequest, "there is no such decision")),
    };
    match site.hand.decide(wanted, Because { by, reason }).await {
        Ok(made) => Redirect::to(&led_to(&made, &about)).into_response(),
        Err(fault) => fault_page(fault),
    }
}

/// Returns the page of what a decision was about, as that is called now.
fn led_to(made: &Made, about: &str) -> String {
    let decision = &made.decision;
    let mut subjects = decision.to.iter().chain(&decision.from).chain(&decision.moved);
    let now = subjects.find_map(|subject| subject.now_in.as_deref());
    match now.or(Some(about).filter(|id| id.contains('-'))) {
        Some(id) if id.starts_with("s-") => words::story(id),
        Some(id) if id.starts_with("i-") => words::incident(id),
        _ => "/decisions".to_owned(),
    }
}
