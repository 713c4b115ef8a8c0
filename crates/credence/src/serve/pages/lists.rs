use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use model::Measure;

use super::{Frame, Page, next_page, words};
use crate::serve::api::{
    ClaimLine, ClaimsAsked, ReportsAsked, SourceLine, claim_list, report_list, source_list,
};
use crate::serve::asked::Asked;
use crate::serve::fault::Fault;
use crate::serve::listing::Listing;
use crate::serve::rows::ReportLine;
use crate::serve::site::Site;

#[derive(Template)]
#[template(path = "reports.html")]
pub(super) struct Reports {
    frame: Frame,
    asked: ReportsAsked,
    list: Listing<ReportLine>,
    next: Option<String>,
}

pub(super) async fn reports(
    State(site): State<Arc<Site>>,
    asked: Result<Asked<ReportsAsked>, Fault>,
) -> Page<Reports> {
    let page = async {
        let Asked(asked) = asked?;
        let question = asked.clone();
        let list = site.read(move |store| report_list(store, &question)).await?;
        let text = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
        let given = [
            ("outlet", asked.outlet.clone()),
            ("title", asked.title.clone()),
            ("from", text(asked.from)),
            ("to", text(asked.to)),
        ];
        let next = next_page("/reports", &given, list.next.as_deref());
        Ok(Reports { frame: Frame::new("Reports", "/reports"), asked, list, next })
    };
    Page(page.await)
}

#[derive(Template)]
#[template(path = "figures.html")]
pub(super) struct Figures {
    frame: Frame,
    asked: ClaimsAsked,
    measures: Vec<&'static str>,
    list: Listing<ClaimLine>,
    next: Option<String>,
}

pub(super) async fn figures(
    State(site): State<Arc<Site>>,
    asked: Result<Asked<ClaimsAsked>, Fault>,
) -> Page<Figures> {
    let page = async {
        let Asked(asked) = asked?;
        let asked = ClaimsAsked { kind: Some("figure".to_owned()), ..asked };
        let question = asked.clone();
        let list = site.read(move |store| claim_list(store, &question)).await?;
        let given = [
            ("measure", asked.measure.clone()),
            ("population", asked.population.clone()),
            ("speaker", asked.speaker.clone()),
            ("place", asked.place.clone()),
            ("act", asked.act.clone()),
            ("polarity", asked.polarity.clone()),
            ("text", asked.text.clone()),
            ("from", asked.from.map(|day| day.to_string())),
            ("to", asked.to.map(|day| day.to_string())),
            ("limit", asked.limit.map(|limit| limit.to_string())),
        ];
        let next = next_page("/figures", &given, list.next.as_deref());
        let measures = Measure::ALL.iter().map(|measure| measure.name()).collect();
        Ok(Figures { frame: Frame::new("Figures", "/figures"), asked, measures, list, next })
    };
    Page(page.await)
}

#[derive(Template)]
#[template(path = "sources.html")]
pub(super) struct Sources {
    frame: Frame,
    all: Vec<SourceLine>,
}

pub(super) async fn sources(State(site): State<Arc<Site>>) -> Page<Sources> {
    let all = site.read(source_list).await;
    Page(all.map(|all| Sources { frame: Frame::new("Sources", "/sources"), all }))
}
